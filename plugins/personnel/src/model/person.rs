//! One officer: the record sheet, as it is today.

use dinh_sdk::prelude::*;

use crate::rules::levels::Ladders;
use crate::told::{Summary, Told};

/// What becomes of somebody, as `status` has it.
pub(crate) mod status {
    /// Registered, not recruited yet.
    pub(crate) const CANDIDATE: &str = "candidate";
    /// In service.
    pub(crate) const WORKING: &str = "working";
    /// Retired.
    pub(crate) const RETIRED: &str = "retired";
    /// Left otherwise.
    pub(crate) const LEFT: &str = "left";
}

/// One officer (cán bộ, công chức, viên chức).
#[derive(Clone, Debug, PartialEq, Record)]
#[record(collection = "people")]
pub(crate) struct Person {
    /// Officer number.
    pub(crate) code: String,
    /// Full name.
    pub(crate) full_name: String,
    /// Other name.
    pub(crate) other_name: Option<String>,
    /// Date of birth.
    pub(crate) birth_date: Date,
    /// Sex.
    pub(crate) sex: String,
    /// Place of birth.
    pub(crate) birth_place: Option<String>,
    /// Home town.
    pub(crate) home_town: Option<String>,
    /// Ethnic group.
    pub(crate) ethnic_group: Option<String>,
    /// Religion.
    pub(crate) religion: Option<String>,
    /// Permanent residence.
    pub(crate) permanent_address: Option<String>,
    /// Present residence.
    pub(crate) residence: Option<String>,
    /// Citizen identity number.
    pub(crate) citizen_id: Option<String>,
    /// Social insurance number.
    pub(crate) social_insurance: Option<String>,
    /// Status.
    pub(crate) status: String,
    /// Unit.
    pub(crate) unit: UnitId,
    /// Account.
    pub(crate) account: Option<AccountId>,
    /// Category.
    pub(crate) category: Option<String>,
    /// Recruited on.
    pub(crate) recruited_on: Option<Date>,
    /// Recruiting agency.
    pub(crate) recruited_by: Option<String>,
    /// Position.
    pub(crate) position: Option<String>,
    /// Appointed on.
    pub(crate) appointed_on: Option<Date>,
    /// Appointed until.
    pub(crate) appointed_until: Option<Date>,
    /// Main work.
    pub(crate) main_work: Option<String>,
    /// Grade.
    pub(crate) grade: Option<String>,
    /// Step.
    pub(crate) step: Option<i64>,
    /// Coefficient.
    pub(crate) coefficient: Option<Decimal>,
    /// Seniority beyond the frame (%).
    pub(crate) over_frame: Option<i64>,
    /// Step since.
    pub(crate) step_since: Option<Date>,
    /// Position allowance.
    pub(crate) position_allowance: Option<Decimal>,
    /// Other allowances, on which no social insurance is paid.
    pub(crate) other_allowance: Option<Decimal>,
    /// Insured coefficient.
    pub(crate) insured_coefficient: Option<Decimal>,
    /// Left on.
    pub(crate) left_on: Option<Date>,
    /// Reason of leaving.
    pub(crate) left_reason: Option<String>,
    /// General education.
    pub(crate) general_education: Option<String>,
    /// Highest education.
    pub(crate) education_level: Option<String>,
    /// Specialty.
    pub(crate) specialty: Option<String>,
    /// Political theory.
    pub(crate) political_theory: Option<String>,
    /// State management.
    pub(crate) state_management: Option<String>,
    /// Foreign language.
    pub(crate) foreign_language: Option<String>,
    /// Computing.
    pub(crate) computing: Option<String>,
    /// Admitted to the Party on.
    pub(crate) party_admitted_on: Option<Date>,
    /// Full member since.
    pub(crate) party_official_on: Option<Date>,
    /// Left the Party on.
    pub(crate) party_left_on: Option<Date>,
    /// Party post.
    pub(crate) party_post: Option<String>,
    /// Joined the Youth Union on.
    pub(crate) youth_union_on: Option<Date>,
    /// Enlisted on.
    pub(crate) enlisted_on: Option<Date>,
    /// Discharged on.
    pub(crate) discharged_on: Option<Date>,
    /// Highest military rank.
    pub(crate) military_rank: Option<String>,
    /// Honours.
    pub(crate) honours: Option<String>,
    /// Forte.
    pub(crate) forte: Option<String>,
    /// Health.
    pub(crate) health: Option<String>,
    /// Height (cm).
    pub(crate) height: Option<i64>,
    /// Weight (kg).
    pub(crate) weight: Option<i64>,
    /// Blood group.
    pub(crate) blood_group: Option<String>,
    /// Class of war invalid.
    pub(crate) invalid_class: Option<String>,
    /// Policy family.
    pub(crate) policy_family: Option<String>,
    /// Name for sorting.
    pub(crate) sort_name: String,
    /// Words for search.
    pub(crate) search: Option<String>,
}

impl Person {
    /// Brings what follows from other fields and from the histories up to date; before every write.
    pub(crate) fn settle(mut self, told: &Told, ladders: &Ladders, today: Date) -> Self {
        self.sort_name = given_name_first(&self.full_name);
        // Not the identity number: it lies sealed, and is found whole.
        let words = [Some(&self.full_name), Some(&self.code), self.other_name.as_ref()];
        let words: Vec<&str> = words.into_iter().flatten().map(String::as_str).collect();
        self.search = Some(words.join(" "));
        told.summary(Summary::of(&self), ladders, today).put_on(&mut self);
        self
    }
}

/// “Lan Nguyễn Thị” for “Nguyễn Thị Lan”: lists are sorted by given name, then by family name.
pub(crate) fn given_name_first(full_name: &str) -> String {
    match full_name.trim().rsplit_once(char::is_whitespace) {
        Some((rest, given)) => format!("{given} {}", rest.trim_end()),
        None => full_name.trim().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_sorted_by_given_name_then_family_name() {
        assert_eq!(given_name_first("Nguyễn Thị Lan"), "Lan Nguyễn Thị");
        assert_eq!(given_name_first(" Lan "), "Lan");
    }
}
