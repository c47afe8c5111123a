//! The official words for what is stored, and what a reader makes of terms and states.

use dinh_access::Term;
use dinh_model::{Date, Label, Language, Localized, Timestamp, time};
use dinh_runtime::bindings::views::{Choice, Tone};
use dinh_services::ServiceError;
use dinh_services::accounts::{AccountState, StoredGrant, Unit};
use dinh_store::Outcome;

use super::fields::option;

/// How an account stands, and what that means.
pub fn state(state: AccountState, language: Language) -> (String, Tone) {
    let (vi, en, tone) = match state {
        AccountState::Requested => ("Chờ phê duyệt", "Waits for approval", Tone::Warning),
        AccountState::Refused => ("Không được duyệt", "Not approved", Tone::Neutral),
        AccountState::Active => ("Đang hoạt động", "Active", Tone::Good),
        AccountState::Suspended => ("Tạm khoá", "Suspended", Tone::Warning),
        AccountState::Closed => ("Đã đóng", "Closed", Tone::Neutral),
    };
    (Localized::new(vi, en).get(language).to_owned(), tone)
}

/// All states of an account.
const STATES: [AccountState; 5] = [
    AccountState::Requested,
    AccountState::Active,
    AccountState::Suspended,
    AccountState::Closed,
    AccountState::Refused,
];

/// How accounts can stand that the roll lists, as choices: those that were approved.
pub fn states(language: Language) -> Vec<Choice> {
    let listed = [AccountState::Active, AccountState::Suspended, AccountState::Closed];
    listed.into_iter().map(|known| option(known.as_str(), state(known, language).0)).collect()
}

/// The state that a query or a form spells so.
pub fn state_of(word: &str) -> Option<AccountState> {
    STATES.into_iter().find(|known| known.as_str() == word)
}

/// The labels, as choices.
pub fn labels(language: Language) -> Vec<Choice> {
    Label::ALL.into_iter().map(|label| option(label.as_str(), label.name(language))).collect()
}

/// Whether a grant is in force, and why not.
pub fn standing(grant: &StoredGrant, now: Timestamp, language: Language) -> (String, Tone) {
    let over = grant.term.until.is_some_and(|until| until <= now);
    let (vi, en, tone) = match () {
        () if grant.withdrawn.is_some() => ("Đã thu hồi", "Withdrawn", Tone::Neutral),
        () if over => ("Hết hạn", "Over", Tone::Neutral),
        () if now < grant.term.from => ("Chưa đến hạn", "Not begun", Tone::Info),
        () => ("Có hiệu lực", "In force", Tone::Good),
    };
    (Localized::new(vi, en).get(language).to_owned(), tone)
}

/// Whether a unit exists today.
pub fn validity(unit: &Unit, today: Date, language: Language) -> (String, Tone) {
    let (vi, en, tone) = match () {
        () if unit.is_valid_on(today) => ("Đang hoạt động", "In its term", Tone::Good),
        () if today < unit.valid_from => ("Chưa bắt đầu", "Not begun", Tone::Info),
        () => ("Đã kết thúc", "Ended", Tone::Neutral),
    };
    (Localized::new(vi, en).get(language).to_owned(), tone)
}

/// What a kind of units is called; the kind as it is stored when it is not known here.
pub fn unit_kind(kind: &str, language: Language) -> String {
    let (vi, en) = match kind {
        "tinh" => ("Tỉnh, thành phố", "Province"),
        "dang" => ("Cơ quan Đảng", "Party body"),
        "so" => ("Sở, ban, ngành", "Department"),
        "phong" => ("Phòng, đơn vị trực thuộc", "Division"),
        "phuong" => ("Phường", "Ward"),
        "xa" => ("Xã", "Commune"),
        "dac-khu" => ("Đặc khu", "Special zone"),
        "chi-bo" => ("Chi bộ", "Party cell"),
        other => return other.to_owned(),
    };
    Localized::new(vi, en).get(language).to_owned()
}

/// The last day of a unit's term; none when it has no end.
pub fn last_of(unit: &Unit) -> Option<Date> {
    unit.valid_until.map(|until| until.yesterday().unwrap_or(until))
}

/// How a deed ended.
pub fn outcome(outcome: Outcome, language: Language) -> (String, Tone) {
    let (vi, en, tone) = match outcome {
        Outcome::Done => ("Đã làm", "Done", Tone::Neutral),
        Outcome::Refused => ("Bị từ chối", "Refused", Tone::Warning),
        Outcome::Failed => ("Không thành", "Failed", Tone::Bad),
    };
    (Localized::new(vi, en).get(language).to_owned(), tone)
}

/// The last day on which a term holds; none while it has no end. Terms end with the first moment that is no
/// longer in them.
pub fn last_day(term: &Term) -> Option<Date> {
    let until = term.until?;
    let last = until.checked_sub(jiff::SignedDuration::from_micros(1)).unwrap_or(until);
    Some(time::day_in_vietnam(last))
}

/// The first day on which a term holds; none when it always did.
pub fn first_day(term: &Term) -> Option<Date> {
    (term.from > Term::ALWAYS.from).then(|| time::day_in_vietnam(term.from))
}

/// The years in which a term may begin or end.
const YEARS: std::ops::RangeInclusive<i16> = 1900..=2200;

/// The term from a day (today, when absent) to the end of another, in Vietnam.
pub fn term(from: Option<Date>, last: Option<Date>, now: Timestamp) -> Result<Term, ServiceError> {
    let start = |day: Date| {
        let within = YEARS.contains(&day.year()).then(|| time::start_in_vietnam(day)).flatten();
        within.ok_or_else(|| {
            let (first, last) = (YEARS.start(), YEARS.end());
            ServiceError::invalid(
                format!("Ngày {} ở ngoài các năm {first} đến {last}.", day.strftime("%d/%m/%Y")),
                format!("The day {day} is outside the years {first} to {last}."),
            )
        })
    };
    let today = time::day_in_vietnam(now);
    let from = from.filter(|day| *day != today).map_or(Ok(now), start)?;
    let until = last.map(|day| start(day.tomorrow().unwrap_or(day))).transpose()?;
    Ok(Term { from, until })
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn kinds_of_units_have_their_words_and_others_stay_as_they_are() {
        assert_eq!(unit_kind("xa", Language::Vi), "Xã");
        assert_eq!(unit_kind("xa", Language::En), "Commune");
        assert_eq!(unit_kind("truong-hoc", Language::Vi), "truong-hoc");
    }

    #[test]
    fn a_term_holds_to_the_end_of_its_last_day_in_vietnam() {
        let now: Timestamp = "2026-07-01T01:00:00Z".parse().unwrap();
        let given = term(None, Some(date(2026, 12, 31)), now).unwrap();
        assert_eq!(given.from, now);
        assert_eq!(given.until, Some("2026-12-31T17:00:00Z".parse().unwrap()));
        assert_eq!(last_day(&given), Some(date(2026, 12, 31)));
        let later = term(Some(date(2026, 9, 1)), None, now).unwrap();
        assert_eq!((later.from, later.until), ("2026-08-31T17:00:00Z".parse().unwrap(), None));
    }

    #[test]
    fn a_term_that_is_out_of_all_reason_is_refused_and_never_taken_for_one_without_end() {
        let now: Timestamp = "2026-07-01T01:00:00Z".parse().unwrap();
        for (from, last) in [
            (None, Some(date(9999, 12, 31))),
            (None, Some(date(2200, 12, 31))),
            (Some(date(1, 1, 1)), None),
            (Some(date(1899, 12, 31)), None),
        ] {
            let error = term(from, last, now).unwrap_err().to_string();
            assert!(error.contains("outside the years 1900 to 2200"), "{error}");
        }
        assert!(term(Some(date(1900, 1, 1)), Some(date(2200, 12, 30)), now).is_ok());
    }
}
