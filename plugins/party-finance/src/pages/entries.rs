//! The entries that a figure is the sum of: what a unit collected in a span of months, or what stands behind a figure
//! of S01/ĐP part I, of one member or of all.

use dinh_sdk::prelude::*;
use dinh_sdk::records::Selection;
use dinh_sdk::rust_decimal::prelude::ToPrimitive;

use super::{Scope, member, money, under_contract, unit_name};
use crate::model::{Entry, MemberName, kind};
use crate::month::Month;
use crate::permission;

/// A figure of S01/ĐP part I; [`crate::rules::standing::row`] says how they are added up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Figure {
    /// Phải đóng tháng này.
    ThisMonth,
    /// Truy thu các tháng trước: what was assessed before or late, less what was collected before.
    Earlier,
    /// Phải đóng, cộng.
    Due,
    /// Đã thu.
    Collected,
    /// Chưa đóng đến cuối tháng.
    Unpaid,
}

impl Figure {
    const ALL: [Self; 5] = [Self::ThisMonth, Self::Earlier, Self::Due, Self::Collected, Self::Unpaid];

    /// As addresses have it.
    fn key(self) -> &'static str {
        match self {
            Self::ThisMonth => "this-month",
            Self::Earlier => "earlier",
            Self::Due => "due",
            Self::Collected => "collected",
            Self::Unpaid => "unpaid",
        }
    }

    fn title(self, request: &Request) -> &'static str {
        match self {
            Self::ThisMonth => request.say("Phải đóng tháng này", "Due this month"),
            Self::Earlier => request.say("Truy thu các tháng trước", "Due of earlier months"),
            Self::Due => request.say("Phải đóng, cộng", "Due in all"),
            Self::Collected => request.say("Cộng đã thu", "Collected"),
            Self::Unpaid => request.say("Chưa đóng đến cuối tháng", "Unpaid at the month's end"),
        }
    }

    /// Whether what was collected is taken off.
    fn is_balance(self) -> bool {
        self != Self::Collected
    }

    /// The entries of a unit that make it up. Only what was collected has a span; the others are as of `until`.
    fn selection(self, unit: UnitId, from: Month, until: Month) -> Selection<Entry> {
        let entries = Entry::all().filter(Entry::UNIT.is(unit)).filter(Entry::PERIOD.at_most(until));
        let assessed = || Entry::KIND.is(kind::ASSESSED.to_owned());
        let collected = || Entry::KIND.is(kind::COLLECTED.to_owned());
        let collected_before =
            |entries: Selection<Entry>| entries.filter_any([assessed(), Entry::PERIOD.below(until)]);
        match self {
            Self::ThisMonth => {
                entries.filter(assessed()).filter(Entry::PERIOD.is(until)).filter(Entry::MONTH.is(until))
            }
            Self::Earlier => collected_before(entries).filter_any([
                Entry::PERIOD.below(until),
                Entry::MONTH.below(until),
                Entry::MONTH.above(until),
            ]),
            Self::Due => collected_before(entries),
            Self::Collected => entries.filter(collected()).filter(Entry::PERIOD.at_least(from)),
            Self::Unpaid => entries,
        }
    }
}

/// The entries collected by a unit in these months.
pub(crate) fn address(unit: UnitId, from: Month, until: Month) -> Address {
    Address::new("/entries").with("unit", unit).with("from", from).with("until", until)
}

/// The entries behind a figure of a unit's ledger of a month: of a member, or of all.
pub(crate) fn behind(figure: Figure, unit: UnitId, month: Month, member: Option<RecordId>) -> Address {
    let address = address(unit, month, month).with("figure", figure.key());
    match member {
        Some(member) => address.with("member", member),
        None => address,
    }
}

/// Draws the page.
pub(crate) fn draw(request: &Request) -> Result<Page> {
    let figure = match request.optional::<String>("figure")? {
        None => Figure::Collected,
        Some(key) => Figure::ALL.into_iter().find(|figure| figure.key() == key).or_not_found(key)?,
    };
    let title = match figure {
        Figure::Collected => request.say("Bút toán đã thu", "Entries collected"),
        _ => request.say("Bút toán của một số liệu", "Entries behind a figure"),
    };
    let scope = Scope::read(request, permission::READ)?;
    under_contract(request, title, || page(request, title, &scope, figure))
}

fn page(request: &Request, title: &str, scope: &Scope, figure: Figure) -> Result<Page> {
    let say = |vi, en| request.say(vi, en);
    let from: Month = request.optional("from")?.unwrap_or(scope.month);
    let until: Month = request.optional("until")?.unwrap_or(from);
    let of_member: Option<RecordId> = request.optional("member")?;
    let selection = figure
        .selection(scope.unit, from, until)
        .filter_some(of_member.map(|member| Entry::MEMBER.is(member)));
    let sum = sum(&selection, figure)?;
    let count = selection.count()?;
    let entries = selection.order_by(Entry::PERIOD.ascending()).page(request.after(), 200)?;
    let months = if from == until { from.to_string() } else { format!("{from} – {until}") };
    let page =
        Page::new(title).letterhead(scope.unit).subtitle(format!("{} – {months}", unit_name(scope.unit)));
    // A figure of a month comes from the ledger of that month.
    let page = if request.optional::<String>("figure")?.is_some() {
        let ledger = Address::new("/").with("unit", scope.unit).with("month", until);
        page.breadcrumb(say("Sổ thu đảng phí", "Ledger of dues"), ledger)
    } else {
        page.breadcrumb(say("Sổ tổng hợp", "Book"), scope.address("/book"))
    };
    let table = table(request, figure, &entries.rows).paged(request, entries.next).total(count);
    Ok(page
        .block(vec![
            Metric::new(figure.title(request), sum).format(Format::Money),
            Metric::new(say("Số bút toán", "Entries"), i64::try_from(count).unwrap_or(i64::MAX))
                .format(Format::Integer),
        ])
        .block(table))
}

/// What the entries come to: the figure.
fn sum(selection: &Selection<Entry>, figure: Figure) -> Result<i64> {
    let of = |kind: &str| {
        let sum = selection.clone().filter(Entry::KIND.is(kind.to_owned())).sum(Entry::AMOUNT)?;
        sum.to_i64().or_failed("a sum out of range")
    };
    let collected = of(kind::COLLECTED)?;
    if figure.is_balance() { Ok(of(kind::ASSESSED)?.saturating_sub(collected)) } else { Ok(collected) }
}

/// What an entry adds to the figure.
fn part(figure: Figure, entry: &Entry) -> i64 {
    if figure.is_balance() && entry.kind == kind::COLLECTED {
        entry.amount.saturating_neg()
    } else {
        entry.amount
    }
}

fn table(request: &Request, figure: Figure, entries: &[Stored<Entry>]) -> Table {
    let say = |vi, en| request.say(vi, en);
    let name = say("Đảng viên", "Member");
    let mut table = Table::of("entries", entries)
        .column(Head::new("period", say("Kỳ ghi sổ", "Period")).format(Format::Month), |entry| {
            entry.period
        })
        .column(Head::new("member", name).wide().showing(MemberName::FULL_NAME), |entry| {
            Cell::new(entry.member).to(Address::new("/members").segment(entry.member))
        });
    if figure.is_balance() {
        table = table
            .column(Head::new("kind", say("Loại", "Kind")), |entry| member::kind_name(request, entry))
            .column(Head::new("month", say("Tháng đóng", "Month")).format(Format::Month), |entry| {
                entry.month
            })
            .column(money("income", say("Thu nhập tính đóng", "Income")), |entry| entry.income);
    }
    table
        .column(money("amount", say("Số tiền", "Amount")), |entry| part(figure, entry))
        .column(Head::new("reason", say("Lý do, ghi chú", "Reason, note")).wide(), |entry| {
            entry.reason.clone()
        })
        .column(Head::new("at", say("Ghi lúc", "Recorded at")).format(Format::Instant), |entry| {
            entry.recorded_at
        })
        .column(Head::new("by", say("Người ghi", "Recorded by")), |entry| entry.recorded_by)
        .row_kind(|entry| (entry.corrects.is_some() && entry.amount < 0).then_some(RowKind::Cancelled))
        .build()
        .empty(say("Không có bút toán nào.", "No entries."))
}
