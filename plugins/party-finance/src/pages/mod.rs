//! The pages.
//!
//! ```text
//! ledger    S01/ĐP part I of a unit and month; assessment
//! collect   the entry grid by which a whole cell is collected
//! member    one account: its entries, corrections, decisions
//! changes   changes of members to review
//! arrears   who has not paid, and who is to be reported
//! periods   months submitted and closed; period: one of them, and who decides it
//! book      S01/ĐP part II: the months of a year with quarters
//! rates     what changes by decree
//! ```
//!
//! Without a contract in force, a page that needs names says so, with what to do ([`under_contract`]).

pub(crate) mod arrears;
pub(crate) mod book;
pub(crate) mod changes;
pub(crate) mod collect;
pub(crate) mod ledger;
pub(crate) mod member;
pub(crate) mod period;
pub(crate) mod periods;
pub(crate) mod rates;

use dinh_sdk::prelude::*;
use dinh_sdk::{access, accounts, time};

use crate::model::state;
use crate::month::Month;
use crate::roll;

/// Which unit and month a page is about.
#[derive(Clone, Debug)]
pub(crate) struct Scope {
    pub(crate) unit: UnitId,
    pub(crate) month: Month,
    /// The units the reader may choose from.
    units: Vec<UnitId>,
}

impl Scope {
    /// From the query; by default the reader's own unit, or the first they may, and this month.
    pub(crate) fn read(request: &Request, permission: &str) -> Result<Self> {
        let units = access::units(permission);
        let own = accounts::person().map(|person| UnitId(person.unit)).filter(|unit| units.contains(unit));
        let unit = request.optional("unit")?.or(own).or_else(|| units.first().copied());
        let nowhere = || {
            let text = request.say("Chưa được phân quyền cho đơn vị nào.", "No unit is granted to you.");
            Error::Denied(text.to_owned())
        };
        let month = request.optional("month")?.unwrap_or_else(|| Month::of(time::today()));
        Ok(Self { unit: unit.ok_or_else(nowhere)?, month, units })
    }

    /// The filters that choose them.
    pub(crate) fn filters(&self, request: &Request) -> Filters {
        Filters::new(vec![self.unit_field(request), month_field(request, "month", Some(self.month))])
            .submit(request.say("Xem", "Show"))
    }

    /// The field that chooses the unit.
    pub(crate) fn unit_field(&self, request: &Request) -> Field {
        let choices = self.units.iter().map(|unit| Choice::new(unit.0.to_string(), unit_name(*unit)));
        Field::choice("unit", request.say("Tổ chức đảng", "Unit"), choices.collect())
            .value(self.unit.0.to_string())
            .width(6)
    }

    /// Another page about the same.
    pub(crate) fn address(&self, path: &str) -> Address {
        Address::new(path).with("unit", self.unit).with("month", self.month)
    }

    /// A button that submits for this unit and month: by name in order, as programs that send JSON have them.
    pub(crate) fn button(&self, text: &str, form: &str) -> Action {
        let (unit, month) = (self.unit.0.to_string(), dinh_sdk::Parameter::to_text(&self.month));
        Action::submit(text, form).input("month", month).input("unit", unit)
    }
}

/// The name of a unit.
pub(crate) fn unit_name(unit: UnitId) -> String {
    accounts::unit(unit).map_or_else(|| unit.0.to_string(), |unit| unit.name)
}

/// A field for a month.
pub(crate) fn month_field(request: &Request, name: &str, value: Option<Month>) -> Field {
    let kind = FieldKind::Month(DateRange { earliest: None, latest: None });
    Field::new(name, request.say("Tháng", "Month"), kind).value(value).width(3)
}

/// The page; where the members cannot be read, one that says why and what to do.
pub(crate) fn under_contract(
    request: &Request,
    title: &str,
    page: impl FnOnce() -> Result<Page>,
) -> Result<Page> {
    match roll::suffices(request).and_then(|()| page()) {
        Err(Error::Denied(reason)) => {
            let head = request.say("Chưa đọc được danh sách đảng viên", "The members cannot be read");
            Ok(Page::new(title).block(Notice::new(Tone::Warning, head, reason)))
        }
        other => other,
    }
}

/// How far a period is, with what that means for the reader.
pub(crate) fn state_name(request: &Request, state: Option<&str>) -> (&'static str, Tone) {
    let language = request.language();
    match state {
        None => (language.of("Đang mở", "Open"), Tone::Neutral),
        Some(state::SUBMITTED) => (language.of("Chờ khoá", "To be closed"), Tone::Info),
        Some(state::RETURNED) => (language.of("Trả lại", "Returned"), Tone::Warning),
        Some(state::CLOSED) => (language.of("Đã khoá", "Closed"), Tone::Good),
        Some(_) => (language.of("Không rõ", "Unknown"), Tone::Neutral),
    }
}

/// The head of a column of money.
pub(crate) fn money(key: &str, head: &str) -> TableColumn {
    TableColumn::new(key, head).format(Format::Money)
}
