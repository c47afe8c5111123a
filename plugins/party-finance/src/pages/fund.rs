//! Quỹ đảng phí: what was retained and what was paid of it in a year, entry by entry, with the balance after each.

use std::collections::BTreeMap;

use dinh_sdk::prelude::*;
use dinh_sdk::{access, time};

use super::{Scope, money, money_field, unit_name};
use crate::model::spending::{FundEntry, Voucher, entry, first_day, last_day};
use crate::permission;
use crate::roll::{Key, key};
use crate::rules::fund;

struct Line<'a> {
    entry: &'a Stored<FundEntry>,
    /// What was paid or taken back.
    voucher: Option<&'a Stored<Voucher>>,
    balance: i64,
}

/// Draws the page.
pub(crate) fn draw(request: &Request) -> Result<Page> {
    let say = |vi, en| request.say(vi, en);
    let scope = Scope::read(request, permission::READ)?;
    let (first, last) = (first_day(scope.year()), last_day(scope.year()));
    let entries = FundEntry::of_unit(scope.unit)?;
    let movements = FundEntry::movements(&entries);
    let before = fund::balance(&movements, first.yesterday().unwrap_or(Date::MIN));
    let vouchers = Voucher::all().filter(Voucher::UNIT.is(scope.unit)).filter(Voucher::YEAR.is(scope.year()));
    let vouchers = vouchers.list()?;
    let vouchers: BTreeMap<Key, _> = vouchers.iter().map(|voucher| (key(voucher.id), voucher)).collect();
    let mut balance = before;
    let mut lines = Vec::new();
    for entry in entries.iter().filter(|entry| first <= entry.day && entry.day <= last) {
        balance = balance.saturating_add(entry.amount);
        let voucher = entry.voucher.and_then(|id| vouchers.get(&key(id)).copied());
        lines.push(Line { entry, voucher, balance });
    }
    let part = |adds: bool| {
        let amounts = lines.iter().map(|line| line.entry.amount).filter(|amount| (*amount > 0) == adds);
        amounts.fold(0_i64, i64::saturating_add)
    };
    let figure = |label: &str, value: i64| Metric::new(label, value).format(Format::Money);
    let tone = if balance < 0 { Tone::Bad } else { Tone::Neutral };
    let mut page = Page::new(say("Quỹ đảng phí được giữ lại", "Fund of retained dues"))
        .letterhead(scope.unit)
        .subtitle(format!("{} – {} {}", unit_name(scope.unit), say("năm", "year"), scope.year()))
        .block(scope.year_filters(request)?)
        .block(vec![
            figure(say("Số dư đầu năm", "Opening balance"), before).to(Address::new("/fund")
                .with("unit", scope.unit)
                .with("year", scope.year().saturating_sub(1))),
            figure(say("Thu vào quỹ", "In"), part(true)),
            figure(say("Đã chi", "Out"), part(false).saturating_neg()),
            figure(say("Số dư", "Balance"), balance).tone(tone),
        ])
        .block(table(request, &lines));
    if entries.is_empty() && access::may(permission::CLOSE, scope.unit) {
        let form = Form::new("open", say("Ghi số dư", "Record"))
            .help(say(
                "Ghi một lần, trước các bút toán khác: số dư quỹ khi bắt đầu dùng phần mềm.",
                "Once, before anything else: what the fund holds when the system is taken into use.",
            ))
            .field(Field::hidden("unit", scope.unit.0.to_string()))
            .field(Field::date("day", say("Ngày", "Day")).value(time::today()).required().width(3))
            .field(money_field("amount", say("Số dư", "Balance"), 1).required().width(3))
            .field(Field::text("reason", say("Căn cứ", "Source")).required().at_most(300).width(6));
        let title = say("Số dư ban đầu", "Opening balance");
        page = page.section(Section::new("opening", title).collapsed().block(form));
    }
    Ok(page)
}

fn table(request: &Request, lines: &[Line<'_>]) -> Table {
    let say = |vi, en| request.say(vi, en);
    Table::of("fund", lines)
        .column(Head::new("day", say("Ngày", "Day")).format(Format::Date), |line| line.entry.day)
        .column(Head::new("kind", say("Nội dung", "What")).wide(), |line| {
            let text = Cell::new(what(request, line));
            let to = |path: &str, id: RecordId| Address::new(path).segment(id);
            match (line.entry.period, line.entry.voucher) {
                (Some(period), _) => text.to(to("/periods", period)),
                (_, Some(voucher)) => text.to(to("/vouchers", voucher)),
                _ => text,
            }
        })
        .column(money("in", say("Thu", "In")), |line| Some(line.entry.amount).filter(|amount| *amount > 0))
        .column(money("out", say("Chi", "Out")), |line| {
            Some(line.entry.amount).filter(|amount| *amount < 0).map(i64::saturating_neg)
        })
        .column(money("balance", say("Số dư", "Balance")), |line| {
            Cell::new(line.balance).tone(if line.balance < 0 { Tone::Bad } else { Tone::Neutral })
        })
        .column(Head::new("reason", say("Lý do, ghi chú", "Reason, note")), |line| line.entry.reason.as_deref())
        .column(Head::new("by", say("Người ghi", "Recorded by")), |line| line.entry.recorded_by)
        .build()
        .caption(say("Sổ quỹ", "Entries of the fund"))
        .empty(say("Năm này chưa có bút toán quỹ nào.", "No entries in this year."))
        .note(say(
            "Số được trích giữ lại vào quỹ khi khoá kỳ đảng phí. Bút toán không sửa; sai sót được thu hồi bằng bút toán ngược dấu.",
            "What is retained goes into the fund when a period is closed. Entries are never changed; a mistake is undone by its opposite.",
        ))
}

/// The kind of an entry, and which voucher for what.
fn what(request: &Request, line: &Line<'_>) -> String {
    let kind = kind_name(request, &line.entry.kind);
    let Some(voucher) = line.voucher else { return kind.to_owned() };
    let number = voucher.number().unwrap_or_default();
    format!("{kind} {} {number}: {}", request.say("số", "no."), voucher.purpose)
}

fn kind_name(request: &Request, kind: &str) -> &'static str {
    let language = request.language();
    match kind {
        entry::OPENING => language.of("Số dư ban đầu", "Opening balance"),
        entry::RETAINED => language.of("Đảng phí được trích giữ lại", "Dues retained"),
        entry::SPENT => language.of("Chi theo phiếu chi", "Paid by voucher"),
        entry::REVERSED => language.of("Thu hồi khoản chi theo phiếu chi", "Taken back of voucher"),
        _ => language.of("Không rõ", "Unknown"),
    }
}
