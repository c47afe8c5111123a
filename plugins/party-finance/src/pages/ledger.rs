//! Sổ thu đảng phí S01/ĐP, part I: a unit's members in a month.

use std::collections::BTreeMap;

use dinh_sdk::access;
use dinh_sdk::prelude::*;

use super::entries::{Figure, behind};
use super::{Scope, money, state_name, under_contract};
use crate::account::{self, Account, Totals};
use crate::model::{MemberFacts, MemberName, Period};
use crate::month::Month;
use crate::permission;
use crate::roll::{self, Names, key};
use crate::rules::standing::Row;

/// A line of the ledger.
pub(crate) struct Line {
    pub(crate) member: RecordId,
    pub(crate) name: Option<String>,
    /// Whether the month was assessed, with the income it rests on and whether nothing is owed.
    pub(crate) assessed: Option<(Option<i64>, bool)>,
    pub(crate) row: Row,
}

/// The lines of a period: everybody who has an account, and every member who should have one, by name.
pub(crate) fn lines(unit: UnitId, month: Month, accounts: &[Account]) -> Result<Vec<Line>> {
    let mut lines: BTreeMap<_, Line> = BTreeMap::new();
    for account in accounts {
        let assessed = account.assessed(month, month);
        let row = account.row(month);
        if assessed.is_none() && row == Row::default() {
            continue;
        }
        let assessed = assessed.map(|entry| (entry.income, entry.exempt == Some(true)));
        lines.insert(key(account.member), Line { member: account.member, name: None, assessed, row });
    }
    for member in roll::members(unit, month)? {
        let line = Line { member: member.id, name: None, assessed: None, row: Row::default() };
        lines.entry(key(member.id)).or_insert(line);
    }
    let mut lines: Vec<Line> = lines.into_values().collect();
    let names = Names::of(&lines.iter().map(|line| line.member).collect::<Vec<_>>())?;
    for line in &mut lines {
        line.name = names.get(line.member).map(str::to_owned);
    }
    lines.sort_by_cached_key(|line| names.place(line.member));
    Ok(lines)
}

/// Draws the page.
pub(crate) fn draw(request: &Request) -> Result<Page> {
    let title = request.say("Sổ thu đảng phí", "Ledger of dues");
    let scope = Scope::read(request, permission::READ)?;
    under_contract(request, title, || page(request, title, &scope))
}

fn page(request: &Request, title: &str, scope: &Scope) -> Result<Page> {
    let say = |vi, en| request.say(vi, en);
    let accounts = account::of_unit(scope.unit, Some(scope.month))?;
    let lines = lines(scope.unit, scope.month, &accounts)?;
    let totals = Totals::of(&accounts, scope.month);
    let waiting = lines.iter().filter(|line| line.assessed.is_none()).count();
    let period = Period::find(scope.unit, scope.month)?;
    let locked = Period::locking(scope.unit, scope.month)?.is_some();
    let (state, tone) = state_name(request, period.as_ref().map(|period| period.state.as_str()));
    let figure = |label: &str, value: i64| Metric::new(label, value).format(Format::Money);
    let mut page = Page::new(title)
        .letterhead(scope.unit)
        .subtitle(format!("{} – {} {}", super::unit_name(scope.unit), say("tháng", "month"), scope.month))
        .block(scope.filters(request)?)
        .block(vec![
            Metric::new(say("Đảng viên đã tính", "Members assessed"), totals.members)
                .format(Format::Integer)
                .note(state)
                .tone(tone),
            figure(say("Phải đóng", "Due"), totals.row.due()),
            figure(say("Đã thu", "Collected"), totals.row.collected),
            figure(say("Chưa đóng", "Unpaid"), totals.row.unpaid()),
        ]);
    let recorder = access::may(permission::RECORD, scope.unit) && !locked;
    if waiting > 0 {
        let text = say(
            "Chưa tính phải thu, hoặc chưa có căn cứ thu nhập: hãy tính phải thu; ai còn lại thì mở dòng của người đó để ghi căn cứ.",
            "Not assessed yet, or without a basis of income: assess; for who is left, open the row and record the basis.",
        );
        let head = format!("{}: {waiting}", say("Số đảng viên chưa tính", "Members not assessed"));
        page = page.block(Notice::new(Tone::Info, head, text));
    }
    let mut actions = Vec::new();
    if recorder && waiting > 0 {
        actions.push(scope.button(say("Tính phải thu", "Assess"), "assess").primary());
    }
    if recorder && totals.members > 0 {
        actions.push(Action::open(say("Thu đảng phí", "Collect"), scope.address("/collect")));
    }
    if access::may(permission::RECORD, scope.unit) && scope.units().len() > 1 {
        let text = say("Lập cho toàn đảng bộ", "Assess the whole tree");
        actions.push(Action::open(text, scope.address("/assessments")));
    }
    if !actions.is_empty() {
        page = page.block(actions);
    }
    page = page.block(table(request, scope, &lines, &totals));
    let member = Field::reference("member", say("Đảng viên", "Member"), MemberName::FULL_NAME);
    let find = Form::new("find", say("Mở sổ", "Open the account"))
        .field(member.beside(MemberFacts::UNIT).beside(MemberFacts::PARTY_ADMITTED_ON).required());
    let title = say("Mở sổ của một đảng viên", "Open a member's account");
    Ok(page.section(Section::new("find-member", title).collapsed().block(find)))
}

/// Opens the account of the member who was picked.
pub(crate) fn find(_: &Request, submission: &Submission) -> Result<Outcome> {
    let member: RecordId = submission.get("member")?;
    Ok(Outcome::done(Address::new("/members").segment(member)))
}

/// A line, or the sum of all.
enum Shown<'a> {
    Line(usize, &'a Line),
    Total(&'a Totals),
}

impl Shown<'_> {
    fn row(&self) -> Row {
        match self {
            Self::Line(_, line) => line.row,
            Self::Total(totals) => totals.row,
        }
    }

    fn line(&self) -> Option<&Line> {
        match self {
            Self::Line(_, line) => Some(line),
            Self::Total(_) => None,
        }
    }
}

fn table(request: &Request, scope: &Scope, lines: &[Line], totals: &Totals) -> Table {
    let say = |vi, en| request.say(vi, en);
    // A figure leads to the entries that it is the sum of.
    let to = |figure: Figure, row: &Shown<'_>| {
        behind(figure, scope.unit, scope.month, row.line().map(|line| line.member))
    };
    let leads = |value: i64, figure: Figure, row: &Shown<'_>| super::leads(value, Some(to(figure, row)));
    let mut rows: Vec<Shown<'_>> =
        lines.iter().enumerate().map(|(at, line)| Shown::Line(at + 1, line)).collect();
    if !lines.is_empty() {
        rows.push(Shown::Total(totals));
    }
    let due = say("Phải đóng", "Due");
    Table::of("s01-1", &rows)
        .column(Head::new("number", say("Stt", "No.")).narrow(), |row| match row {
            Shown::Line(number, _) => i64::try_from(*number).ok(),
            Shown::Total(_) => None,
        })
        .column(Head::new("name", say("Họ và tên", "Name")).wide(), |row| match row {
            Shown::Line(_, line) => Cell::new(line.name.clone())
                .or(say("(không còn trong danh sách)", "(no longer listed)"))
                .to(Address::new("/members").segment(line.member)),
            Shown::Total(_) => Cell::new(Some(say("Cộng", "Total").to_owned())),
        })
        .column(Head::new("exempt", say("Được miễn", "Exempt")).narrow().format(Format::Cross), |row| {
            row.line().is_some_and(|line| line.assessed.is_some_and(|(_, exempt)| exempt))
        })
        .column(Head::new("month", say("Tháng/năm", "Month")).format(Format::Month).narrow(), |row| {
            row.line().map(|_| scope.month)
        })
        .column(money("income", say("Thu nhập tính đóng đảng phí", "Income")), |row| match row.line() {
            Some(Line { assessed: None, .. }) => Cell::new(None)
                .or(say("chưa tính", "not assessed"))
                .tone(Tone::Warning),
            Some(line) => match line.assessed.and_then(|(income, _)| income) {
                Some(income) => Cell::new(Some(income)).to(to(Figure::ThisMonth, row)),
                None => Cell::new(None),
            },
            None => Cell::new(None),
        })
        .column(money("this-month", say("Tháng này", "This month")).under(due), |row| {
            leads(row.row().this_month, Figure::ThisMonth, row)
        })
        .column(money("earlier", say("Truy thu các tháng trước", "Earlier months")).under(due), |row| {
            leads(row.row().earlier, Figure::Earlier, row)
        })
        .column(money("due", say("Cộng", "Total")).under(due), |row| {
            leads(row.row().due(), Figure::Due, row)
        })
        .column(money("collected", say("Đã thu", "Collected")), |row| {
            leads(row.row().collected, Figure::Collected, row)
        })
        .column(money("unpaid", say("Chưa đóng đến cuối tháng", "Unpaid at the month's end")), |row| {
            let unpaid = row.row().unpaid();
            let tone = if unpaid > 0 { Tone::Warning } else { Tone::Neutral };
            leads(unpaid, Figure::Unpaid, row).tone(tone)
        })
        .row_kind(|row| matches!(row, Shown::Total(_)).then_some(RowKind::Total))
        .build()
        .caption(say("Sổ S01/ĐP, phần I", "Ledger S01/ĐP, part I"))
        .empty(say("Đơn vị không có đảng viên trong tháng này.", "The unit has no members in this month."))
        .note(say(
            "Tên do phần mềm nhân sự cung cấp theo thoả thuận chia sẻ, không lưu ở đây. Hệ số lương là hệ số hiện tại.",
            "Names come from personnel under contract and are not kept here. The coefficient is the present one.",
        ))
}
