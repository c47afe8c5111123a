//! The seven kinds of dossiers (Quy định 296-QĐ/TW).

use dinh_sdk::Words;

/// What a dossier is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Kiểm tra chấp hành.
    Compliance,
    /// Kiểm tra chuyên đề.
    Thematic,
    /// Kiểm tra khi có dấu hiệu vi phạm.
    Signs,
    /// Giám sát.
    Supervision,
    /// Giải quyết tố cáo.
    Denunciation,
    /// Giải quyết khiếu nại kỷ luật.
    Complaint,
    /// Thi hành kỷ luật.
    Discipline,
}

impl Kind {
    /// All of them, in the order of the regulation.
    pub const ALL: [Self; 7] = [
        Self::Compliance,
        Self::Thematic,
        Self::Signs,
        Self::Supervision,
        Self::Denunciation,
        Self::Complaint,
        Self::Discipline,
    ];

    /// Its key, as records have it.
    pub fn key(self) -> &'static str {
        match self {
            Self::Compliance => "compliance",
            Self::Thematic => "thematic",
            Self::Signs => "signs",
            Self::Supervision => "supervision",
            Self::Denunciation => "denunciation",
            Self::Complaint => "complaint",
            Self::Discipline => "discipline",
        }
    }

    /// The kind of that key.
    pub fn of_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.key() == key)
    }

    /// Its official name.
    pub fn name(self) -> Words {
        match self {
            Self::Compliance => Words::new("Kiểm tra chấp hành", "Inspection of compliance"),
            Self::Thematic => Words::new("Kiểm tra chuyên đề", "Thematic inspection"),
            Self::Signs => Words::new("Kiểm tra khi có dấu hiệu vi phạm", "Inspection on signs of violation"),
            Self::Supervision => Words::new("Giám sát", "Supervision"),
            Self::Denunciation => Words::new("Giải quyết tố cáo", "Denunciation"),
            Self::Complaint => Words::new("Giải quyết khiếu nại kỷ luật", "Complaint against discipline"),
            Self::Discipline => Words::new("Thi hành kỷ luật", "Discipline"),
        }
    }
}

/// Where in the procedure a step stands.
pub mod stage {
    /// Chuẩn bị.
    pub const PREPARE: &str = "prepare";
    /// Tiến hành.
    pub const CONDUCT: &str = "conduct";
    /// Kết thúc.
    pub const CONCLUDE: &str = "conclude";
    /// All, in order.
    pub const ALL: [&str; 3] = [PREPARE, CONDUCT, CONCLUDE];
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_is_found_by_its_key() {
        for kind in Kind::ALL {
            assert_eq!(Kind::of_key(kind.key()), Some(kind));
        }
        assert_eq!(Kind::of_key("audit"), None);
    }
}
