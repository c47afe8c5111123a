//! The statistics matrix: inspected organisations and members, by level, by content and by conclusion.

use std::collections::BTreeMap;

/// What the subject of a dossier is.
pub mod subject {
    /// Đảng viên.
    pub const MEMBER: &str = "member";
    /// Tổ chức đảng.
    pub const ORGANISATION: &str = "organisation";
}

/// A dossier as the matrix counts it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted {
    /// One of [`subject`].
    pub subject: String,
    /// Code of the level.
    pub level: String,
    /// Code of the content.
    pub content: String,
    /// Code of the conclusion; none while there is none.
    pub conclusion: Option<String>,
}

/// How many organisations and members.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pair {
    /// Tổ chức đảng.
    pub organisations: i64,
    /// Đảng viên.
    pub members: i64,
}

impl Pair {
    fn add(&mut self, subject: &str) {
        match subject {
            subject::MEMBER => self.members = self.members.saturating_add(1),
            _ => self.organisations = self.organisations.saturating_add(1),
        }
    }
}

/// By what a matrix is divided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// Cấp.
    Level,
    /// Nội dung.
    Content,
    /// Kết luận.
    Conclusion,
}

impl By {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Level, Self::Content, Self::Conclusion];

    /// The list of the catalog, which is also the name of the filter.
    pub fn list(self) -> &'static str {
        match self {
            Self::Level => "level",
            Self::Content => "content",
            Self::Conclusion => "conclusion",
        }
    }

    fn of(self, counted: &Counted) -> Option<&str> {
        match self {
            Self::Level => Some(&counted.level),
            Self::Content => Some(&counted.content),
            Self::Conclusion => counted.conclusion.as_deref(),
        }
    }
}

/// How many of each code, and in all: what has no code counts only in all.
pub fn divide(counted: &[Counted], by: By) -> (BTreeMap<String, Pair>, Pair) {
    let (mut parts, mut all) = (BTreeMap::<String, Pair>::new(), Pair::default());
    for one in counted {
        all.add(&one.subject);
        if let Some(code) = by.of(one) {
            parts.entry(code.to_owned()).or_default().add(&one.subject);
        }
    }
    (parts, all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn counted(subject: &str, level: &str, conclusion: Option<&str>) -> Counted {
        Counted {
            subject: subject.into(),
            level: level.into(),
            content: "law".into(),
            conclusion: conclusion.map(Into::into),
        }
    }

    #[test]
    fn organisations_and_members_are_counted_apart() {
        let all = [
            counted(subject::MEMBER, "cell", Some("good")),
            counted(subject::MEMBER, "cell", None),
            counted(subject::ORGANISATION, "province", Some("good")),
        ];
        let (parts, total) = divide(&all, By::Level);
        assert_eq!(parts["cell"], Pair { organisations: 0, members: 2 });
        assert_eq!(total, Pair { organisations: 1, members: 2 });
        let (parts, total) = divide(&all, By::Conclusion);
        assert_eq!(parts["good"], Pair { organisations: 1, members: 1 });
        assert_eq!(total.members, 2, "what is not concluded counts in all");
    }

    proptest! {
        #[test]
        fn levels_add_up_to_the_whole(dossiers in proptest::collection::vec((any::<bool>(), 0_u8..4, proptest::option::of(0_u8..5)), 0..40)) {
            let all: Vec<Counted> = dossiers.iter().map(|(member, level, conclusion)| {
                let subject = if *member { subject::MEMBER } else { subject::ORGANISATION };
                counted(subject, &level.to_string(), conclusion.map(|code| code.to_string()).as_deref())
            }).collect();
            let sum = |by| divide(&all, by).0.values().fold(0, |sum, pair| sum + pair.organisations + pair.members);
            let (_, total) = divide(&all, By::Level);
            prop_assert_eq!(sum(By::Level), total.organisations + total.members);
            prop_assert_eq!(sum(By::Content), all.len() as i64);
            prop_assert_eq!(sum(By::Conclusion), all.iter().filter(|one| one.conclusion.is_some()).count() as i64);
        }
    }
}
