//! A collection through a dataset: the same reads, with some of its fields and some of its rows.

use std::borrow::Cow;
use std::sync::Arc;

use dinh_model::key::after_prefix;
use dinh_model::{Dataset, Decimal, FieldType, Label, Permission, RecordId, RowError, Target, UnitId, Value};
use dinh_store::Direction;

use super::filter::Filter;
use super::place::{Place, trailing_id};
use super::projection::Projection;
use super::scan::Asked;
use super::selection::{Comparison, Condition, FoundRow, Page, Selection};
use super::sight::Sight;
use super::totals::Total;
use super::{MOST_ROWS, PluginData, RecordError, copies, noted, query, totals};
use crate::{Call, ServiceError};

/// A collection through a dataset.
pub(crate) struct View<'a> {
    collection: &'a str,
    /// The fields that may be returned, compared and ordered by.
    fields: &'a [String],
    /// What every row has.
    fixed: Vec<Condition>,
    sight: Arc<Sight>,
}

/// What a reader needs, and which rows they reach with it.
pub(crate) struct Reader<'a> {
    /// The permission, for each row in its unit and up to its label.
    pub(crate) permission: &'a Permission,
    /// The units, with all below them; every unit when empty.
    pub(crate) units: &'a [UnitId],
    /// The highest label.
    pub(crate) label: Label,
}

/// A page, and whether some of it is text.
pub(crate) struct Shown<T> {
    pub(crate) what: T,
    /// The records that are shown; left empty with a page of nothing but such.
    pub(crate) records: Vec<RecordId>,
    /// Rows that are shown, or took part.
    pub(crate) rows: u64,
    /// The highest label of what is shown.
    pub(crate) label: Label,
    /// Whether some of what is shown is text.
    pub(crate) texts: bool,
    /// What rows were chosen by.
    pub(crate) filters: Vec<String>,
}

impl<'a> View<'a> {
    /// What the actor of a call sees of some fields and rows of a collection; everybody's sight without `reader`.
    pub(crate) fn new(
        call: &Call,
        data: &PluginData,
        dataset: &'a Dataset,
        fields: &'a [String],
        reader: Option<Reader<'_>>,
    ) -> Result<Self, RecordError> {
        let place = Place::find(data, &dataset.collection)?;
        fields.iter().try_for_each(|name| place.field(name).map(|_| ()))?;
        let fixed = fixed(&dataset.rows, &dataset.filled);
        let sight = match reader {
            Some(Reader { permission, units, label }) => Sight::through(call, permission, units, label)?,
            None => Sight::of_everybody(call),
        };
        Ok(Self { collection: &dataset.collection, fields, fixed, sight: Arc::new(sight) })
    }

    /// One page.
    pub(crate) fn query(
        &self,
        call: &mut Call,
        data: &PluginData,
        selection: &Selection,
        after: Option<&str>,
        limit: u32,
    ) -> Result<Shown<Page>, RecordError> {
        let place = Place::find(data, self.collection)?;
        let admitted = self.admit(selection)?;
        let found = query::page(call, &place, Arc::clone(&self.sight), &admitted, after, limit)?;
        copies::cling_named(call, &place, &found.page.ids, &selection.fields)?;
        Ok(Shown {
            records: Vec::new(),
            rows: found.page.ids.len() as u64,
            label: found.shown,
            texts: has_text(&place, &selection.fields),
            filters: noted::filters(&selection.any_of),
            what: found.page,
        })
    }

    /// How many rows are meant.
    pub(crate) fn count(
        &self,
        call: &mut Call,
        data: &PluginData,
        selection: &Selection,
    ) -> Result<Shown<u64>, RecordError> {
        let place = Place::find(data, self.collection)?;
        let admitted = self.admit(selection)?;
        let total = totals::count_seen(call, &place, Arc::clone(&self.sight), &admitted)?;
        let rows = total.rows;
        Ok(counted(rows, total, selection))
    }

    /// The sum of a field.
    pub(crate) fn sum(
        &self,
        call: &mut Call,
        data: &PluginData,
        selection: &Selection,
        field: &str,
    ) -> Result<Shown<Decimal>, RecordError> {
        let place = Place::find(data, self.collection)?;
        self.admits(field)?;
        let admitted = self.admit(selection)?;
        let (sum, total) = totals::sum_seen(call, &place, Arc::clone(&self.sight), &admitted, field)?;
        Ok(counted(sum, total, selection))
    }

    /// One row; none when there is none that the actor may see through this.
    pub(crate) fn get(
        &self,
        call: &mut Call,
        data: &PluginData,
        id: RecordId,
        fields: &[String],
    ) -> Result<Option<Shown<FoundRow>>, RecordError> {
        let place = Place::find(data, self.collection)?;
        let fields = if fields.is_empty() { self.fields } else { fields };
        let wanted = fields.iter().map(|name| self.position(&place, name)).collect::<Result<Vec<_>, _>>()?;
        let fixed = Filter::compile(&place, std::slice::from_ref(&self.fixed))?;
        let asked =
            Asked::with(call, &place, &fixed, Arc::clone(&self.sight), Label::Ordinary, wanted.clone())?;
        let mut shown = None;
        asked.one(call, id, |found| {
            let mut label = found.target.label;
            let value = |at: &usize| match place.collection.fields.get(*at) {
                Some(field) if self.sight.sees_field(&found.target, field.label) => {
                    let value = found.row.value(*at, &field.kind)?;
                    if !value.is_empty() {
                        label = label.max(field.label);
                    }
                    Ok(value)
                }
                _ => Ok(Value::Empty),
            };
            let values = wanted.iter().map(value).collect::<Result<_, RecordError>>()?;
            shown = Some((FoundRow { id, version: found.version, values }, label));
            Ok(())
        })?;
        if shown.is_some() {
            copies::cling(call, &place, &[id], &wanted)?;
        }
        Ok(shown.map(|(what, label)| Shown {
            what,
            records: vec![id],
            rows: 1,
            label,
            texts: has_text(&place, fields),
            filters: Vec::new(),
        }))
    }

    /// Some fields of many records at once, in the order of `ids`: a record that is not there, or that the actor may not
    /// see through this, is a row of empty fields.
    pub(crate) fn resolve(
        &self,
        call: &mut Call,
        data: &PluginData,
        ids: &[RecordId],
        fields: &[String],
    ) -> Result<Shown<Page>, RecordError> {
        if ids.len() > MOST_ROWS as usize {
            return Err(RecordError::BadRequest(format!(
                "at most {MOST_ROWS} references are resolved at once, not {}",
                ids.len()
            )));
        }
        let place = Place::find(data, self.collection)?;
        fields.iter().try_for_each(|name| self.admits(name))?;
        let fixed = Filter::compile(&place, std::slice::from_ref(&self.fixed))?;
        let mut page = Projection::new(&place, fields, ids.len())?;
        let mut asked =
            Asked::with(call, &place, &fixed, Arc::clone(&self.sight), Label::Ordinary, page.fields())?;
        asked.list = true;
        let mut records = Vec::with_capacity(ids.len());
        for &id in ids {
            let shown = asked.one(call, id, |found| {
                page.push(&found.row, id, found.version, found.target.label, |label| {
                    self.sight.sees_field(&found.target, label)
                })
            })?;
            if shown {
                records.push(id);
            } else {
                page.push_nothing()?;
            }
        }
        let label = page.shown();
        copies::cling(call, &place, &records, &page.fields())?;
        Ok(Shown {
            rows: records.len() as u64,
            records,
            label,
            texts: has_text(&place, fields),
            filters: Vec::new(),
            what: page.finish(None),
        })
    }

    /// Which of some records are in view, each with its label.
    pub(crate) fn present(
        &self,
        call: &mut Call,
        data: &PluginData,
        ids: &[RecordId],
    ) -> Result<Vec<(RecordId, Label)>, RecordError> {
        let place = Place::find(data, self.collection)?;
        let filter = Filter::compile(&place, std::slice::from_ref(&self.fixed))?;
        let asked = Asked::with(call, &place, &filter, Arc::clone(&self.sight), Label::Ordinary, Vec::new())?;
        let mut present = Vec::new();
        for &id in ids {
            asked.one(call, id, |found| {
                present.push((id, found.target.label));
                Ok(())
            })?;
        }
        Ok(present)
    }

    /// The identifiers of at most `most` records after `after`, in their order; whether they are in view is not asked.
    /// Not relied on: what is written meanwhile is told by the feed.
    pub(crate) fn ids_after(
        &self,
        call: &Call,
        data: &PluginData,
        after: Option<RecordId>,
        most: usize,
    ) -> Result<Vec<RecordId>, RecordError> {
        let place = Place::find(data, self.collection)?;
        let end = after_prefix(place.rows());
        // The first key after that of the record.
        let start =
            after.map_or_else(|| place.rows().to_vec(), |id| [place.row(id).as_slice(), &[0]].concat());
        let rows = call.transaction.range_unchecked(&start, end.as_deref(), Direction::Forward);
        let ids = rows.take(most).map(|row| {
            let (key, _) = row.map_err(ServiceError::from)?;
            trailing_id(&key).ok_or(RowError::Damaged("a row that names no record").into())
        });
        ids.collect()
    }

    /// Whether a record that was this for the permission check was in the actor's sight.
    pub(crate) fn sees(&self, target: &Target) -> bool {
        self.sight.sees(target)
    }

    /// The highest label of which the actor sees anything through this.
    pub(crate) fn highest(&self) -> Label {
        self.sight.highest()
    }

    /// Whether the actor sees nothing at all, whatever the records are.
    pub(crate) fn is_blind(&self) -> bool {
        self.sight.is_blind()
    }

    /// The selection on the collection itself, if it asks for nothing that is not in the dataset: a field that may not be
    /// read may not be compared or ordered by either, or the answers would tell it.
    fn admit<'s>(&self, selection: &'s Selection) -> Result<Cow<'s, Selection>, RecordError> {
        let conditions = selection.any_of.iter().flatten().map(|condition| &condition.field);
        let orders = selection.order_by.iter().map(|order| &order.field);
        selection.fields.iter().chain(conditions).chain(orders).try_for_each(|field| self.admits(field))?;
        if self.fixed.is_empty() {
            return Ok(Cow::Borrowed(selection));
        }
        let with_fixed =
            |all: &Vec<Condition>| all.iter().chain(&self.fixed).cloned().collect::<Vec<Condition>>();
        let any_of = if selection.any_of.is_empty() {
            vec![self.fixed.clone()]
        } else {
            selection.any_of.iter().map(with_fixed).collect()
        };
        Ok(Cow::Owned(Selection { any_of, ..selection.clone() }))
    }

    fn admits(&self, field: &str) -> Result<(), RecordError> {
        if self.fields.iter().any(|known| known == field) {
            return Ok(());
        }
        Err(RecordError::BadRequest(format!(
            "{field:?} is not a field of the contract, so it is neither returned nor compared nor ordered by; the \
             contract names {}",
            self.fields.join(", ")
        )))
    }

    fn position(&self, place: &Place<'_>, field: &str) -> Result<usize, RecordError> {
        self.admits(field)?;
        Ok(place.field(field)?.0)
    }
}

/// Whether some of these fields are texts.
fn has_text(place: &Place<'_>, fields: &[String]) -> bool {
    let is_text = |kind: &FieldType| matches!(kind, FieldType::Text | FieldType::Texts);
    fields.iter().any(|name| place.field(name).is_ok_and(|(_, field)| is_text(&field.kind)))
}

/// What every row of a dataset has.
pub(super) fn fixed(rows: &[(String, Value)], filled: &[String]) -> Vec<Condition> {
    let equal = |(field, value): &(String, Value)| Condition {
        field: field.clone(),
        comparison: Comparison::Equal,
        value: value.clone(),
    };
    let filled = filled.iter().map(|field| Condition {
        field: field.clone(),
        comparison: Comparison::IsFilled,
        value: Value::Empty,
    });
    rows.iter().map(equal).chain(filled).collect()
}

fn counted<T>(what: T, total: Total, selection: &Selection) -> Shown<T> {
    Shown {
        what,
        rows: total.rows,
        label: total.label,
        records: Vec::new(),
        texts: false,
        filters: noted::filters(&selection.any_of),
    }
}
