//! What changes by decree: dated rows that the department keeps.

use dinh_sdk::prelude::*;

use crate::rules::dated::{self, Dated};
use crate::rules::days::Period;

/// A step of a procedure.
#[derive(Clone, Debug, PartialEq, Record)]
#[record(collection = "steps")]
pub(crate) struct Step {
    /// A key of [`crate::rules::kind::Kind`].
    pub(crate) kind: String,
    pub(crate) code: String,
    pub(crate) order: i64,
    /// One of [`crate::rules::kind::stage`].
    pub(crate) stage: String,
    pub(crate) title: String,
    pub(crate) responsible: String,
    pub(crate) days: Option<i64>,
    pub(crate) working: bool,
    pub(crate) from: Date,
    pub(crate) until: Option<Date>,
    pub(crate) source: Option<String>,
}

/// A document that a step asks for.
#[derive(Clone, Debug, PartialEq, Record)]
#[record(collection = "papers")]
pub(crate) struct Paper {
    pub(crate) kind: String,
    pub(crate) step: String,
    pub(crate) code: String,
    pub(crate) order: i64,
    pub(crate) title: String,
    pub(crate) required: bool,
    pub(crate) from: Date,
    pub(crate) until: Option<Date>,
    pub(crate) source: Option<String>,
}

/// A level, a content, a conclusion or a form of discipline.
#[derive(Clone, Debug, PartialEq, Record)]
#[record(collection = "terms")]
pub(crate) struct Term {
    /// One of [`list`].
    pub(crate) list: String,
    pub(crate) code: String,
    pub(crate) order: i64,
    pub(crate) title: String,
    /// Of a form of discipline: within how many years; none without limitation.
    pub(crate) limitation_years: Option<i64>,
    /// Of a form of discipline: for how many months; none without a term.
    pub(crate) effect_months: Option<i64>,
    pub(crate) from: Date,
    pub(crate) until: Option<Date>,
    pub(crate) source: Option<String>,
}

/// The lists of terms.
pub(crate) mod list {
    /// Cấp của đối tượng.
    pub(crate) const LEVEL: &str = "level";
    /// Nội dung.
    pub(crate) const CONTENT: &str = "content";
    /// Kết luận.
    pub(crate) const CONCLUSION: &str = "conclusion";
    /// The conclusion that discipline was decided (đã thi hành kỷ luật).
    pub(crate) const DISCIPLINED: &str = "disciplined";
    /// Hình thức kỷ luật đảng viên.
    pub(crate) const FORM_MEMBER: &str = "form-member";
    /// Hình thức kỷ luật tổ chức đảng.
    pub(crate) const FORM_ORGANISATION: &str = "form-organisation";
    /// All.
    pub(crate) const ALL: [&str; 5] = [LEVEL, CONTENT, CONCLUSION, FORM_MEMBER, FORM_ORGANISATION];
}

/// A limit.
#[derive(Clone, Debug, PartialEq, Record)]
#[record(collection = "settings")]
pub(crate) struct Setting {
    /// One of [`key`].
    pub(crate) key: String,
    pub(crate) value: i64,
    /// Of days: only working days count.
    pub(crate) working: bool,
    pub(crate) from: Date,
    pub(crate) until: Option<Date>,
    pub(crate) source: Option<String>,
}

/// Keys of settings.
pub(crate) mod key {
    /// Days within which a complaint is lodged.
    pub(crate) const LODGE: &str = "complaint.lodge";
    /// Days within which it is answered, from the province down.
    pub(crate) const ANSWER: &str = "complaint.answer";
    /// The same, of the centre.
    pub(crate) const ANSWER_CENTRE: &str = "complaint.answer-centre";
    /// Calendar days ahead that count as soon.
    pub(crate) const SOON: &str = "due-soon";
    /// Days ahead that the lead and the head are reminded in their inbox.
    pub(crate) const REMIND: &str = "due-remind";
    /// Per cent of those who may vote that a ballot has to exceed.
    pub(crate) const MAJORITY: &str = "ballot.majority";
    /// All.
    pub(crate) const ALL: [&str; 6] = [LODGE, ANSWER, ANSWER_CENTRE, SOON, REMIND, MAJORITY];
}

/// What a generated document says.
#[derive(Clone, Debug, PartialEq, Record)]
#[record(collection = "templates")]
pub(crate) struct Template {
    pub(crate) code: String,
    /// The kind it is for; none for all.
    pub(crate) kind: Option<String>,
    pub(crate) title: String,
    /// Paragraphs set apart by `|`, with words in braces.
    pub(crate) body: String,
    pub(crate) from: Date,
    pub(crate) until: Option<Date>,
    pub(crate) source: Option<String>,
}

macro_rules! dated {
    ($($row:ident: $this:ident => $key:expr;)*) => {$(
        impl Dated for $row {
            fn key(&self) -> String {
                let $this = self;
                $key
            }

            fn from(&self) -> Date {
                self.from
            }

            fn until(&self) -> Option<Date> {
                self.until
            }

            fn end(&mut self, day: Date) {
                self.until = Some(day);
            }
        }
    )*};
}
dated! {
    Step: row => format!("{}/{}", row.kind, row.code);
    Paper: row => format!("{}/{}", row.kind, row.code);
    Term: row => format!("{}/{}", row.list, row.code);
    Setting: row => row.key.clone();
    Template: row => row.code.clone();
}

/// Rows that hold on a day.
fn on<R: Record + Dated>(rows: Vec<Stored<R>>, day: Date) -> Vec<R> {
    dated::on(rows.into_iter().map(|row| row.record).collect(), day)
}

impl Step {
    /// The steps of a kind on a day, in order.
    pub(crate) fn of(kind: &str, day: Date) -> Result<Vec<Self>> {
        let mut steps = on(Self::all().filter(Self::KIND.is(kind)).list()?, day);
        steps.sort_by_key(|step| step.order);
        Ok(steps)
    }
}

impl Paper {
    /// The documents of a kind on a day, in order.
    pub(crate) fn of(kind: &str, day: Date) -> Result<Vec<Self>> {
        let mut papers = on(Self::all().filter(Self::KIND.is(kind)).list()?, day);
        papers.sort_by_key(|paper| paper.order);
        Ok(papers)
    }
}

impl Template {
    /// The templates for a kind on a day.
    pub(crate) fn of(kind: &str, day: Date) -> Result<Vec<Self>> {
        let mut templates = on(Self::all().list()?, day);
        templates.retain(|template| template.kind.as_deref().is_none_or(|of| of == kind));
        Ok(templates)
    }
}

/// Terms and settings as of a day.
#[derive(Clone, Debug)]
pub(crate) struct Catalog {
    terms: Vec<Term>,
    settings: Vec<Setting>,
}

impl Catalog {
    /// As of a day.
    pub(crate) fn on(day: Date) -> Result<Self> {
        let mut terms = on(Term::all().list()?, day);
        terms.sort_by_key(|term| term.order);
        Ok(Self { terms, settings: on(Setting::all().list()?, day) })
    }

    /// The terms of a list, in order.
    pub(crate) fn list<'a>(&'a self, list: &'a str) -> impl Iterator<Item = &'a Term> {
        self.terms.iter().filter(move |term| term.list == list)
    }

    /// A term.
    pub(crate) fn term(&self, list: &str, code: &str) -> Option<&Term> {
        self.terms.iter().find(|term| term.list == list && term.code == code)
    }

    /// The name of a term; its code where the catalog has none today.
    pub(crate) fn title(&self, list: &str, code: &str) -> String {
        self.term(list, code).map_or_else(|| code.to_owned(), |term| term.title.clone())
    }

    /// The terms of a list, to choose from.
    pub(crate) fn choices(&self, list: &str) -> Vec<Choice> {
        self.list(list).map(|term| Choice::new(term.code.clone(), term.title.clone())).collect()
    }

    fn setting(&self, key: &str) -> Option<&Setting> {
        self.settings.iter().find(|setting| setting.key == key)
    }

    /// A number.
    pub(crate) fn number(&self, key: &str) -> Option<i64> {
        self.setting(key).map(|setting| setting.value)
    }

    /// A number of days.
    pub(crate) fn period(&self, key: &str) -> Option<Period> {
        self.setting(key).map(|setting| Period { days: setting.value, working: setting.working })
    }

    /// How many days ahead people are reminded in their inbox: three working days where nobody said.
    pub(crate) fn remind(&self) -> Period {
        self.period(key::REMIND).unwrap_or(Period { days: 3, working: true })
    }

    /// How many days ahead a list shows as soon; none where nobody said.
    pub(crate) fn soon(&self) -> i64 {
        self.number(key::SOON).unwrap_or_default()
    }
}
