//! Closed lists of words that no shared catalog has.

use dinh_sdk::prelude::*;

/// A word: its code, in Vietnamese, in English.
pub(crate) type Word = (&'static str, &'static str, &'static str);

/// What becomes of somebody.
pub(crate) const STATUSES: &[Word] = &[
    ("candidate", "Chờ tuyển dụng", "To be recruited"),
    ("working", "Đang công tác", "In service"),
    ("retired", "Đã nghỉ hưu", "Retired"),
    ("left", "Thôi công tác", "Left"),
];

/// Đối tượng.
pub(crate) const CATEGORIES: &[Word] = &[
    ("can-bo", "Cán bộ", "Elected cadre"),
    ("cong-chuc", "Công chức", "Civil servant"),
    ("vien-chuc", "Viên chức", "Public employee"),
    ("hop-dong", "Lao động hợp đồng", "Contract worker"),
];

/// Forms of discipline of officials.
pub(crate) const DISCIPLINE: &[Word] = &[
    ("khien-trach", "Khiển trách", "Reprimand"),
    ("canh-cao", "Cảnh cáo", "Warning"),
    ("ha-bac-luong", "Hạ bậc lương", "Lower step"),
    ("giang-chuc", "Giáng chức", "Demotion"),
    (REMOVED, "Cách chức", "Removal from office"),
    (DISMISSED, "Buộc thôi việc", "Dismissal"),
];

/// The form of discipline that ends an office.
pub(crate) const REMOVED: &str = "cach-chuc";

/// The form of discipline that ends the service.
pub(crate) const DISMISSED: &str = "buoc-thoi-viec";

/// Blood groups.
pub(crate) const BLOOD: &[Word] = &[("A", "A", "A"), ("B", "B", "B"), ("AB", "AB", "AB"), ("O", "O", "O")];

/// Whose relatives.
pub(crate) const SIDES: &[Word] =
    &[("ban-than", "Bản thân", "Own side"), ("vo-chong", "Bên vợ/chồng", "Spouse's side")];

/// Kinds of allowances, as [`crate::rules::allowances::KINDS`] has them: what the rate is stands with the name.
pub(crate) const ALLOWANCES: &[Word] = &[
    ("chuc-vu", "Chức vụ lãnh đạo (hệ số)", "Position (coefficient)"),
    ("tham-nien-nghe", "Thâm niên nghề (%)", "Seniority of a profession (%)"),
    ("trach-nhiem", "Trách nhiệm công việc (hệ số)", "Responsibility (coefficient)"),
    ("khu-vuc", "Khu vực (hệ số)", "Area (coefficient)"),
    ("luu-dong", "Lưu động (hệ số)", "Itinerant work (coefficient)"),
    ("doc-hai", "Độc hại, nguy hiểm (hệ số)", "Hazard (coefficient)"),
    ("kiem-nhiem", "Kiêm nhiệm chức danh lãnh đạo (%)", "Second office (%)"),
    ("dac-biet", "Đặc biệt (%)", "Special (%)"),
    ("thu-hut", "Thu hút (%)", "Attraction (%)"),
    ("uu-dai-nghe", "Ưu đãi theo nghề (%)", "Preference of a profession (%)"),
    ("cong-vu", "Công vụ (%)", "Public service (%)"),
    ("khac", "Phụ cấp khác (hệ số)", "Other (coefficient)"),
];

/// Papers of an officer's file (thành phần hồ sơ; Thông tư 11/2012/TT-BNV, to be checked against what is in force). Which of
/// them a file has to have is a parameter.
pub(crate) const PAPERS: &[Word] = &[
    ("ly-lich", "Quyển lý lịch cán bộ, công chức", "Curriculum vitae"),
    ("so-yeu", "Sơ yếu lý lịch (mẫu 2C)", "Record sheet, signed"),
    ("khai-sinh", "Bản sao giấy khai sinh", "Birth certificate"),
    ("van-bang", "Văn bằng, chứng chỉ", "Diplomas and certificates"),
    ("suc-khoe", "Giấy chứng nhận sức khoẻ", "Certificate of health"),
    ("tuyen-dung", "Quyết định tuyển dụng", "Decision of recruitment"),
    ("danh-gia", "Bản tự kiểm điểm, phiếu đánh giá", "Yearly assessment"),
    ("tai-san", "Bản kê khai tài sản, thu nhập", "Declaration of assets"),
    (OF_MEMBERS, "Lý lịch đảng viên", "Record of Party membership"),
    ("khac", "Giấy tờ khác", "Other"),
];

/// The paper that only members of the Party have.
pub(crate) const OF_MEMBERS: &str = "dang-vien";

/// The word of a code; the code itself where it is not in the list.
pub(crate) fn word<'a>(words: &[Word], code: &'a str, language: Language) -> &'a str {
    words.iter().find(|(known, ..)| *known == code).map_or(code, |(_, vi, en)| language.of(vi, en))
}

/// The list as the choices of a field.
pub(crate) fn choices(words: &[Word], language: Language) -> Vec<Choice> {
    words.iter().map(|(code, vi, en)| Choice::new(*code, language.of(*vi, *en))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::allowances::{KINDS, Measure};

    #[test]
    fn every_kind_of_allowance_has_a_name_that_says_what_its_rate_is() {
        let keys: Vec<&str> = ALLOWANCES.iter().map(|(key, ..)| *key).collect();
        assert_eq!(keys, KINDS.map(|kind| kind.key));
        for ((_, name, _), kind) in ALLOWANCES.iter().zip(KINDS) {
            assert_eq!(name.ends_with("(%)"), kind.measure == Measure::PerCent, "{name}");
        }
    }
}
