//! What a cell paid: the cells of the entry grid that were filled in, or everything that is unpaid.

use std::collections::{BTreeMap, BTreeSet};

use dinh_sdk::prelude::*;
use dinh_sdk::time;

use super::{actor, open, sent, status};
use crate::account;
use crate::dong::Dong;
use crate::model::{Entry, kind};
use crate::month::Month;
use crate::pages::Scope;
use crate::permission;
use crate::roll::{Key, key};

/// What one member paid.
#[derive(Default)]
struct Paid {
    amount: Option<i64>,
    note: Option<String>,
}

/// Books what was filled in.
pub(crate) fn submit(request: &Request, submission: &Submission) -> Result<Outcome> {
    let scope = Scope::read(request, permission::RECORD)?;
    let mut paid: BTreeMap<Key, Paid> = BTreeMap::new();
    for cell in submission.cells() {
        let member: RecordId = cell.row_key.parse().or_not_found(cell.row_key.clone())?;
        let paid = paid.entry(key(member)).or_default();
        match cell.column.as_str() {
            "received" => paid.amount = FieldType::from_value(cell.value.clone())?,
            _ => paid.note = FieldType::from_value(cell.value.clone())?,
        }
    }
    book(request, scope.unit, scope.month, |member, unpaid, problems| {
        let Paid { amount, note } = paid.remove(&key(member))?;
        let Some(amount) = amount.filter(|amount| *amount > 0) else {
            if note.is_some() {
                problems.form(request.say(
                    "Có ghi chú mà chưa có số tiền; hãy nhập số thu của dòng đó.",
                    "A note without an amount: enter what was received.",
                ));
            }
            return None;
        };
        if amount > unpaid {
            problems.form(request.say(
                &format!(
                    "Số thu {} vượt số còn phải đóng {}; hãy nhập lại dòng đó.",
                    Dong(amount),
                    Dong(unpaid)
                ),
                &format!(
                    "{:#} is more than the {:#} that are unpaid: correct that row.",
                    Dong(amount),
                    Dong(unpaid)
                ),
            ));
        }
        Some((amount, note))
    })
}

/// Books all that is unpaid as received.
pub(crate) fn all(request: &Request, submission: &Submission) -> Result<Outcome> {
    let (unit, month) = (sent(submission, "unit")?, sent(submission, "month")?);
    book(request, unit, month, |_, unpaid, _| (unpaid > 0).then_some((unpaid, None)))
}

/// One entry for each member of whom `paid` says what was received, given what is unpaid.
fn book(
    request: &Request,
    unit: UnitId,
    month: Month,
    mut paid: impl FnMut(RecordId, i64, &mut Problems) -> Option<(i64, Option<String>)>,
) -> Result<Outcome> {
    open(request, unit, month)?;
    let (by, at) = (actor(request)?, time::now());
    let mut problems = Problems::default();
    let (mut entries, mut members, mut total) = (Vec::new(), BTreeSet::new(), 0_i64);
    for account in account::of_unit(unit, Some(month))? {
        let unpaid = account.row(month).unpaid();
        let Some((amount, reason)) = paid(account.member, unpaid, &mut problems) else { continue };
        members.insert(key(account.member));
        total = total.saturating_add(amount);
        entries.push(Entry {
            member: account.member,
            unit,
            kind: kind::COLLECTED.to_owned(),
            month,
            period: month,
            amount,
            income: None,
            exempt: None,
            corrects: None,
            reason,
            recorded_at: at,
            recorded_by: by,
        });
    }
    problems.check()?;
    if entries.is_empty() {
        return Err(Error::form(request.say("Chưa nhập số thu nào.", "Nothing was entered.")));
    }
    let count = entries.len();
    Entry::insert_many(entries)?;
    status::refresh(unit, &members)?;
    let text = request
        .say(
            &format!("{count} đảng viên, cộng {}.", Dong(total)),
            &format!("{count} members, {:#} in all.", Dong(total)),
        )
        .to_owned();
    let back = Address::new("/collect").with("unit", unit).with("month", month);
    Ok(Outcome::done(back).saying(request.say("Đã ghi thu", "Recorded")).saying_more(text))
}
