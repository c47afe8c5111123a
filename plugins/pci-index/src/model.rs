//! What is stored; the manifest declares the same collections.

use dinh_sdk::prelude::*;

/// Most components of an edition: the fields `component-1` … `component-20` of a result.
pub(crate) const SLOTS: usize = 20;

/// Years an edition may have: the first PCI is of 2005.
pub(crate) const YEARS: std::ops::RangeInclusive<i64> = 2005..=2999;

/// An edition (kỳ) of the index.
#[derive(Clone, Debug, PartialEq, Record)]
#[record(collection = "editions")]
pub(crate) struct Edition {
    pub(crate) year: i64,
    /// The day as of which names of provinces are resolved.
    pub(crate) provinces_as_of: Date,
    pub(crate) note: Option<String>,
}

/// A component index (chỉ số thành phần) of an edition.
#[derive(Clone, Debug, PartialEq, Record)]
#[record(collection = "components")]
pub(crate) struct Component {
    pub(crate) year: i64,
    /// What it is called in files, the same in every edition that has it.
    pub(crate) key: String,
    /// Which of the scores of a result is its own in this edition, counted from 1.
    pub(crate) slot: i64,
    /// Place in the order in which the edition lists its components.
    pub(crate) position: i64,
    pub(crate) name_vi: String,
    pub(crate) name_en: String,
    /// In per cent; none where it is not known.
    pub(crate) weight: Option<Decimal>,
}

impl Component {
    /// Its name in a language.
    pub(crate) fn name(&self, language: Language) -> &str {
        language.of(&self.name_vi, &self.name_en)
    }

    /// Its score in a result; none for N/A.
    pub(crate) fn score(&self, result: &Score) -> Option<Decimal> {
        let index = usize::try_from(self.slot).ok()?.checked_sub(1)?;
        result.component.get(index).copied().flatten()
    }
}

/// A group (nhóm) of an edition, best first.
#[derive(Clone, Debug, PartialEq, Record)]
#[record(collection = "groups")]
pub(crate) struct Group {
    pub(crate) year: i64,
    pub(crate) position: i64,
    pub(crate) name_vi: String,
    pub(crate) name_en: String,
    /// The lowest total of the group; none where it is not known.
    pub(crate) from: Option<Decimal>,
}

/// What was published about one province in one edition.
#[derive(Clone, Debug, PartialEq, Record)]
#[record(collection = "results")]
pub(crate) struct Score {
    pub(crate) year: i64,
    pub(crate) province: Code,
    /// The total as it was published.
    pub(crate) total: Option<Decimal>,
    pub(crate) rank: Option<i64>,
    /// The group as it was published.
    pub(crate) group: Option<String>,
    /// Scores of the components, each in the slot its edition gives it; none for N/A.
    pub(crate) component: [Option<Decimal>; 20],
}

/// A result has a score for each slot, beside its year, province, total, rank and group.
const _: () = assert!(Score::FIELDS.len() == SLOTS + 5);
