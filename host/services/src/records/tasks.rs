//! Tasks (việc cần xử lý): records in a state in which they wait for somebody, as a manifest says once. The platform
//! finds them by the same permissions and the same sight as every page does; no code of the plugin runs.

use std::ops::ControlFlow;

use dinh_model::{AccountId, Actor, Localized, Permission, RecordId, Row, Target, UnitId, Value};

use super::filter::Filter;
use super::order::Ordering;
use super::place::Place;
use super::planner;
use super::scan::{Asked, Found};
use super::selection::{Comparison, Condition};
use super::sight::{Sight, lookers};
use super::{PluginData, RecordError};
use crate::{Call, Resource};

/// Rows read for one rule at most; behind them there may be more.
const LOOKED_AT: u64 = 5_000;

/// Which records of a collection wait for whom.
#[derive(Clone, Debug, PartialEq)]
pub struct TaskRule {
    /// Its name; unique among the plugin's.
    pub name: String,
    /// What is to be done, for people.
    pub title: Localized,
    /// The collection.
    pub collection: String,
    /// Fields and the values they have while a record waits. An index begins with them, and with `assignee`.
    pub when: Vec<(String, Value)>,
    /// A field that names the one account whom it waits for; without it, it waits for all who may.
    pub assignee: Option<String>,
    /// Fields that name accounts whom it does not wait for, since they did an earlier step: what takes two people.
    pub except: Vec<String>,
    /// The permission that doing it needs; for each record, in its unit, up to its label.
    pub permission: Permission,
    /// A field that names the unit in which the permission is needed, such as the one a record was sent to; without it,
    /// and where it is empty, the record's own.
    pub unit: Option<String>,
    /// The text field that tells one task from another.
    pub subject: String,
    /// The page of a record is at this path and `/` and its identifier.
    pub path: String,
}

/// A record that waits for the actor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaitingRecord {
    /// Which.
    pub id: RecordId,
    /// Its subject; none when the field is empty, or more confidential than the actor may see.
    pub subject: Option<String>,
    /// Where it belongs.
    pub target: Target,
}

/// What waits.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WaitingRecords {
    /// At most as many as were asked for.
    pub records: Vec<WaitingRecord>,
    /// There are more, or may be: no more than 5,000 rows were looked at.
    pub more: bool,
}

/// The records that wait for the actor by a rule, at most `limit`: those that they may read and do it to. With rights
/// lent, what waits for the lender.
pub fn waiting(
    call: &mut Call,
    data: &PluginData,
    rule: &TaskRule,
    limit: usize,
) -> Result<WaitingRecords, RecordError> {
    let mut waiting = WaitingRecords::default();
    let place = Place::find(data, &rule.collection)?;
    let equal = |field: &str, value: Value| Condition {
        field: field.to_owned(),
        comparison: Comparison::Equal,
        value,
    };
    let mut conditions: Vec<_> = rule.when.iter().map(|(field, value)| equal(field, value.clone())).collect();
    if let Some(field) = &rule.assignee {
        let Actor::Person { account, on_behalf_of } = *call.actor() else { return Ok(waiting) };
        conditions.push(equal(field, Value::Account(on_behalf_of.unwrap_or(account))));
    }
    let (subject, field) = place.field(&rule.subject)?;
    let subject_label = field.label;
    let filter = Filter::compile(&place, &[conditions])?;
    let order = Ordering::compile(&place, &[])?;
    let parts = Parts::of(call.actor(), &place, rule)?;
    let shows = parts.fields().chain([subject]).collect();
    let asked = Asked::new(call, &place, &filter, filter.label, shows)?;
    let accesses = planner::plan(&place, &asked.findable, &filter, &order, None)?.accesses();
    let may = Sight::of(call, data, &rule.permission)?;
    if may.is_blind() {
        return Ok(waiting);
    }
    let mut see = |found: Found<'_>| {
        if parts.has_had(&found.row) || !may.sees(&parts.target(&found)) {
            return Ok(ControlFlow::Continue(()));
        }
        if waiting.records.len() >= limit {
            waiting.more = true;
            return Ok(ControlFlow::Break(()));
        }
        let shown = asked.sight.sees_field(&found.target, subject_label);
        let text = if shown { found.row.heap(subject)? } else { None };
        let subject = text.map(|text| String::from_utf8_lossy(text).into_owned());
        waiting.records.push(WaitingRecord { id: found.id, subject, target: found.target });
        Ok(ControlFlow::Continue(()))
    };
    let looked = within(call, |call| {
        for access in &accesses {
            if asked.walk(call, access, false, &mut see)?.is_break() {
                break;
            }
        }
        Ok(())
    })?;
    waiting.more |= looked.is_none();
    Ok(waiting)
}

/// Where a record says who did an earlier step, and in which unit the next one is done.
struct Parts {
    except: Vec<usize>,
    unit: Option<usize>,
    /// Whoever acts, and for whom.
    doers: [Option<AccountId>; 2],
}

impl Parts {
    fn of(actor: &Actor, place: &Place<'_>, rule: &TaskRule) -> Result<Self, RecordError> {
        let at = |field: &String| place.field(field).map(|(at, _)| at);
        let except = rule.except.iter().map(at).collect::<Result<_, _>>()?;
        Ok(Self { except, unit: rule.unit.as_ref().map(at).transpose()?, doers: lookers(actor) })
    }

    fn fields(&self) -> impl Iterator<Item = usize> {
        self.except.iter().copied().chain(self.unit)
    }

    /// Whether an earlier step was theirs.
    fn has_had(&self, row: &Row<'_>) -> bool {
        let accounts = self.except.iter().filter_map(|field| number(row, *field)).map(AccountId);
        accounts.into_iter().any(|account| self.doers.contains(&Some(account)))
    }

    /// What the permission is asked about.
    fn target(&self, found: &Found<'_>) -> Target {
        let unit = self.unit.and_then(|field| number(&found.row, field)).map(UnitId);
        Target { unit: unit.unwrap_or(found.target.unit), ..found.target }
    }
}

fn number(row: &Row<'_>, field: usize) -> Option<u32> {
    row.number(field).and_then(|number| u32::try_from(number).ok())
}

/// Does something for which a bounded number of rows is read; none when that was not enough.
fn within<T>(
    call: &mut Call,
    read: impl FnOnce(&mut Call) -> Result<T, RecordError>,
) -> Result<Option<T>, RecordError> {
    let limits = call.limits;
    let last = call.usage.rows_read.saturating_add(LOOKED_AT);
    call.limits.rows_read = limits.rows_read.min(last);
    let read = read(call);
    call.limits = limits;
    match read {
        Ok(read) => Ok(Some(read)),
        Err(RecordError::Limit(trip))
            if trip.what == Resource::RowsRead.as_str() && last < limits.rows_read =>
        {
            Ok(None)
        }
        Err(error) => Err(error),
    }
}
