//! The histories of a record sheet: rows that belong to an officer.

use dinh_sdk::prelude::*;
use dinh_sdk::records::Property;

use super::Person;
use crate::rules::standing::Lasting;

/// A kind of row of a record sheet. Its first fields are the officer and, for the permission check, the
/// officer's unit and account; then, where decisions write such rows, the decision; then what is shown.
pub(crate) trait History: Record + Clone {
    /// How many fields come before those that are shown.
    const FIXED: usize;

    /// The day or the word by which rows of a sheet are sorted.
    const SORTED_BY: &'static str;

    /// To whom it belongs.
    fn whose(&mut self) -> Whose<'_>;

    /// The decision that wrote it, or ended it: such a row is not edited by hand.
    fn decision(&self) -> Option<RecordId> {
        None
    }

    /// The rows of an officer, in their order.
    fn of(person: RecordId) -> Result<Vec<Stored<Self>>> {
        let whose = Property::<Self, RecordId>::new("person");
        let sorted = Property::<Self, String>::new(Self::SORTED_BY);
        Self::all().filter(whose.is(person)).order_by(sorted.ascending()).list()
    }

    /// Has the rows follow their officer to another unit, or another account.
    fn follow(person: &Stored<Person>) -> Result<()> {
        for mut row in Self::of(person.id)? {
            let whose = row.record.whose();
            *whose.unit = person.unit;
            *whose.account = person.account;
            row.save()?;
        }
        Ok(())
    }
}

/// To whom a row belongs.
pub(crate) struct Whose<'a> {
    pub(crate) unit: &'a mut UnitId,
    pub(crate) account: &'a mut Option<AccountId>,
}

macro_rules! histories {
    ($($row:ident sorted by $sorted:literal, $fixed:literal fixed $(, $decision:ident $(or $ended:ident)?)?;)*) => {$(
        impl History for $row {
            const FIXED: usize = $fixed;
            const SORTED_BY: &'static str = $sorted;

            fn whose(&mut self) -> Whose<'_> {
                Whose { unit: &mut self.unit, account: &mut self.account }
            }

            $(fn decision(&self) -> Option<RecordId> {
                self.$decision$(.or(self.$ended))?
            })?
        }
    )*};
}
histories! {
    Training sorted by "from", 4 fixed, decision;
    Career sorted by "from", 4 fixed, decision;
    Relative sorted by "side", 3 fixed;
    SalaryStep sorted by "from", 4 fixed, decision;
    Allowance sorted by "from", 5 fixed, decision or ended_by;
    Reward sorted by "decided-on", 4 fixed, decision;
    Discipline sorted by "decided-on", 4 fixed, decision;
}

/// All histories of an officer follow the officer.
pub(crate) fn follow_all(person: &Stored<Person>) -> Result<()> {
    Training::follow(person)?;
    Career::follow(person)?;
    Relative::follow(person)?;
    SalaryStep::follow(person)?;
    Allowance::follow(person)?;
    Reward::follow(person)?;
    Discipline::follow(person)
}

/// Training (đào tạo, bồi dưỡng), with the levels that it attests from its last day on.
#[derive(Clone, Debug, PartialEq, Record)]
#[record(collection = "trainings")]
pub(crate) struct Training {
    pub(crate) person: RecordId,
    pub(crate) unit: UnitId,
    pub(crate) account: Option<AccountId>,
    pub(crate) decision: Option<RecordId>,
    pub(crate) school: String,
    pub(crate) specialty: Option<String>,
    pub(crate) from: Date,
    pub(crate) until: Option<Date>,
    pub(crate) mode: Option<String>,
    pub(crate) degree: Option<String>,
    pub(crate) education_level: Option<String>,
    pub(crate) political_theory: Option<String>,
    pub(crate) state_management: Option<String>,
    pub(crate) foreign_language: Option<String>,
    pub(crate) computing: Option<String>,
}

/// A part of a career (quá trình công tác).
#[derive(Clone, Debug, PartialEq, Record)]
#[record(collection = "careers")]
pub(crate) struct Career {
    pub(crate) person: RecordId,
    pub(crate) unit: UnitId,
    pub(crate) account: Option<AccountId>,
    pub(crate) decision: Option<RecordId>,
    pub(crate) from: Date,
    pub(crate) until: Option<Date>,
    pub(crate) agency: String,
    pub(crate) position: Option<String>,
    /// The agency, where it is a unit of the organisation tree.
    pub(crate) served_unit: Option<UnitId>,
    pub(crate) basis: Option<String>,
}

/// A relative (quan hệ gia đình), of the officer's own side or the spouse's.
#[derive(Clone, Debug, PartialEq, Record)]
#[record(collection = "relatives")]
pub(crate) struct Relative {
    pub(crate) person: RecordId,
    pub(crate) unit: UnitId,
    pub(crate) account: Option<AccountId>,
    pub(crate) side: String,
    pub(crate) relation: String,
    pub(crate) name: String,
    pub(crate) birth_year: Option<i64>,
    pub(crate) details: Option<String>,
}

/// A step of the salary history (diễn biến lương).
#[derive(Clone, Debug, PartialEq, Record)]
#[record(collection = "salary-steps")]
pub(crate) struct SalaryStep {
    pub(crate) person: RecordId,
    pub(crate) unit: UnitId,
    pub(crate) account: Option<AccountId>,
    pub(crate) decision: Option<RecordId>,
    pub(crate) from: Date,
    pub(crate) grade: String,
    pub(crate) step: i64,
    pub(crate) coefficient: Decimal,
    pub(crate) over_frame: Option<i64>,
    pub(crate) basis: Option<String>,
}

/// An allowance (phụ cấp), from its first to its last day.
#[derive(Clone, Debug, PartialEq, Record)]
#[record(collection = "allowances")]
pub(crate) struct Allowance {
    pub(crate) person: RecordId,
    pub(crate) unit: UnitId,
    pub(crate) account: Option<AccountId>,
    /// The decision that granted it.
    pub(crate) decision: Option<RecordId>,
    /// The decision that ended it.
    pub(crate) ended_by: Option<RecordId>,
    /// One of [`crate::rules::allowances::KINDS`].
    pub(crate) kind: String,
    pub(crate) rate: Decimal,
    pub(crate) from: Date,
    pub(crate) until: Option<Date>,
    pub(crate) basis: Option<String>,
}

/// A reward (khen thưởng).
#[derive(Clone, Debug, PartialEq, Record)]
#[record(collection = "rewards")]
pub(crate) struct Reward {
    pub(crate) person: RecordId,
    pub(crate) unit: UnitId,
    pub(crate) account: Option<AccountId>,
    pub(crate) decision: Option<RecordId>,
    pub(crate) decided_on: Date,
    pub(crate) form: String,
    pub(crate) authority: Option<String>,
    pub(crate) content: Option<String>,
    pub(crate) basis: Option<String>,
}

/// A disciplinary measure (kỷ luật).
#[derive(Clone, Debug, PartialEq, Record)]
#[record(collection = "disciplines")]
pub(crate) struct Discipline {
    pub(crate) person: RecordId,
    pub(crate) unit: UnitId,
    pub(crate) account: Option<AccountId>,
    pub(crate) decision: Option<RecordId>,
    pub(crate) decided_on: Date,
    pub(crate) form: String,
    pub(crate) authority: Option<String>,
    pub(crate) content: Option<String>,
    pub(crate) until: Option<Date>,
    /// By how many months it puts off the next raise.
    pub(crate) delay_months: Option<i64>,
    pub(crate) basis: Option<String>,
}

impl Lasting for Career {
    fn from(&self) -> Date {
        self.from
    }

    fn until(&self) -> Option<Date> {
        self.until
    }
}

impl Lasting for Allowance {
    fn from(&self) -> Date {
        self.from
    }

    fn until(&self) -> Option<Date> {
        self.until
    }
}

/// A step lasts until the next one, which begins later.
impl Lasting for SalaryStep {
    fn from(&self) -> Date {
        self.from
    }

    fn until(&self) -> Option<Date> {
        None
    }
}
