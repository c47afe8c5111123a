//! The pages.
//!
//! ```text
//! ledger         S01/ĐP part I of a unit and month; assessment
//! collect        the entry grid by which a whole cell is collected
//! member         one account: its entries, corrections, decisions
//! changes        changes of members to review
//! assessments    a month for an organisation and all below it: the job, and what it came to
//! arrears        who has not paid, and who is to be reported
//! periods        months submitted and closed; period: one of them, and who decides it
//! book           S01/ĐP part II: the months of a year with quarters
//! division       what was kept and is due, month by month, with the share it is by
//! remittances    what was handed up, and what came from below; remittance: one of them, and who confirms it
//! report         B01/ĐP of a quarter; breakdown: a figure by organisation; entries: what it is the sum of
//! estimates      a year by item: given, spent, left; estimate: one to fill in, submit, approve; budget: one item
//! vouchers       a year's; voucher: one, from asking to paying
//! fund           the fund, entry by entry
//! settlement     a year settled
//! rates          what changes by decree
//! organisations  the Party's organisations, and the shares they retain
//! items          items of expenses
//! ```
//!
//! Without a contract in force, a page that needs names says so, with what to do ([`under_contract`]).

pub(crate) mod arrears;
pub(crate) mod assessments;
pub(crate) mod book;
pub(crate) mod breakdown;
pub(crate) mod budget;
pub(crate) mod changes;
pub(crate) mod collect;
pub(crate) mod division;
pub(crate) mod entries;
pub(crate) mod estimate;
pub(crate) mod estimates;
pub(crate) mod fund;
pub(crate) mod items;
pub(crate) mod ledger;
pub(crate) mod member;
pub(crate) mod organisations;
pub(crate) mod period;
pub(crate) mod periods;
pub(crate) mod rates;
pub(crate) mod remittance;
pub(crate) mod remittances;
pub(crate) mod report;
pub(crate) mod settlement;
pub(crate) mod voucher;
pub(crate) mod vouchers;

use dinh_sdk::prelude::*;
use dinh_sdk::{access, accounts, time};

use crate::model::state;
use crate::month::Month;
use crate::{below, roll};

/// Which unit and month a page is about.
#[derive(Clone, Debug)]
pub(crate) struct Scope {
    pub(crate) unit: UnitId,
    pub(crate) month: Month,
    /// The units the reader may choose from.
    units: Vec<UnitId>,
}

impl Scope {
    /// From the query; by default the reader's own unit, or the first they may, and this month; of another year its last.
    pub(crate) fn read(request: &Request, permission: &str) -> Result<Self> {
        let units = access::units(permission);
        let own = accounts::person().map(|person| UnitId(person.unit)).filter(|unit| units.contains(unit));
        let asked: Option<UnitId> = request.optional("unit")?;
        if let Some(unit) = asked.filter(|unit| !units.contains(unit)) {
            let name = unit_name(unit);
            let vi = format!(
                "Bạn không được phân quyền xem sổ đảng phí của {name}; hãy mở lại từ danh mục chức năng."
            );
            let en = format!("The ledger of {name} is not granted to you: begin again from the menu.");
            return Err(Error::Denied(request.say(&vi, &en).to_owned()));
        }
        let unit = asked.or(own).or_else(|| units.first().copied());
        let nowhere = || {
            let text = request.say("Chưa được phân quyền cho đơn vị nào.", "No unit is granted to you.");
            Error::Denied(text.to_owned())
        };
        let today = Month::of(time::today());
        let month = match request.optional::<i16>("year")?.filter(|year| *year != today.year()) {
            // The last month of another year.
            Some(year) => Month::of_year(year).last().copied(),
            None => None,
        };
        let month = request.optional("month")?.or(month).unwrap_or(today);
        Ok(Self { unit: unit.ok_or_else(nowhere)?, month, units })
    }

    /// The units the reader may choose from.
    pub(crate) fn units(&self) -> &[UnitId] {
        &self.units
    }

    /// The filters that choose them.
    pub(crate) fn filters(&self, request: &Request) -> Result<Filters> {
        Ok(Filters::new(vec![self.unit_field(request)?, month_field(request, "month", Some(self.month))])
            .submit(request.say("Xem", "Show")))
    }

    /// The field that chooses the unit: in the order of the tree, each with the one it stands below.
    pub(crate) fn unit_field(&self, request: &Request) -> Result<Field> {
        let branches = below::tree(self.month, &self.units)?;
        let names = branches.iter().zip(below::names(&branches));
        let choices = names.map(|(branch, name)| Choice::new(branch.unit.0.to_string(), name));
        Ok(Field::choice("unit", request.say("Tổ chức đảng", "Unit"), choices.collect())
            .value(self.unit.0.to_string())
            .required()
            .width(6))
    }

    /// The field that chooses the year, and the filters with it.
    pub(crate) fn year_filters(&self, request: &Request) -> Result<Filters> {
        let year = Field::integer("year", request.say("Năm", "Year")).between(2000, 2200);
        let year = year.value(i64::from(self.month.year())).width(2);
        Ok(Filters::new(vec![self.unit_field(request)?, year]).submit(request.say("Xem", "Show")))
    }

    /// The year that the page is about.
    pub(crate) fn year(&self) -> i64 {
        i64::from(self.month.year())
    }

    /// A button that submits for this unit and year.
    pub(crate) fn year_button(&self, text: &str, form: &str) -> Action {
        Action::submit(text, form)
            .input("unit", self.unit.0.to_string())
            .input("year", self.year().to_string())
    }

    /// Another page about the same year.
    pub(crate) fn year_address(&self, path: &str) -> Address {
        Address::new(path).with("unit", self.unit).with("year", self.year())
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

/// A figure that leads to what it is made of, unless it is nothing.
pub(crate) fn leads(figure: i64, to: Option<Address>) -> Cell<i64> {
    link(Cell::new(figure), to.filter(|_| figure != 0))
}

/// The same of a figure that may not be known.
pub(crate) fn leads_some(figure: Option<i64>, to: Option<Address>) -> Cell<Option<i64>> {
    link(Cell::new(figure), to.filter(|_| figure.is_some_and(|figure| figure != 0)))
}

fn link<V: FieldType>(cell: Cell<V>, to: Option<Address>) -> Cell<V> {
    match to {
        Some(to) => cell.to(to),
        None => cell,
    }
}

/// The head of a column of money.
pub(crate) fn money(key: &str, head: &str) -> TableColumn {
    TableColumn::new(key, head).format(Format::Money)
}

/// The title of a table's row for a sum.
pub(crate) fn total_name(request: &Request) -> String {
    request.say("Cộng", "Total").to_owned()
}

/// How far what takes two people to approve is.
pub(crate) fn approval_name(request: &Request, state: &str) -> (&'static str, Tone) {
    let language = request.language();
    match state {
        state::DRAFT => (language.of("Đang lập", "Draft"), Tone::Neutral),
        state::SUBMITTED => (language.of("Chờ duyệt", "To be approved"), Tone::Info),
        state::RETURNED => (language.of("Trả lại", "Returned"), Tone::Warning),
        state::CLOSED => (language.of("Đã duyệt", "Approved"), Tone::Good),
        _ => (language.of("Không rõ", "Unknown"), Tone::Neutral),
    }
}

/// A form that asks for the reason of giving back, refusing, cancelling.
pub(crate) fn reason_form(form: &str, text: &str, label: &str, field: &str) -> Form {
    Form::new(form, text).field(Field::text(field, label).required().at_most(300))
}

/// The items of a year as choices.
pub(crate) fn item_choices(items: &[crate::model::spending::Item]) -> Vec<Choice> {
    items.iter().map(|item| Choice::new(item.key.clone(), item.title.clone())).collect()
}

/// A field for whole đồng.
pub(crate) fn money_field(name: &str, label: &str, least: i64) -> Field {
    let range = IntegerRange { minimum: Some(least), maximum: Some(1_000_000_000_000) };
    Field::new(name, label, FieldKind::Money(range))
}
