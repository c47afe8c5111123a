//! A page in the making: the fields asked for, straight from stored rows into columns.
//!
//! This is what reading costs, so each value is looked at once: its slot is read, matched with the kind of
//! its column, and copied to where it crosses from. What is true of all values of a page is settled before:
//! how many rows there may be, and whether a label has to be asked about at all.

use dinh_model::row::{bits, split_texts};
use dinh_model::{AccountId, Label, RecordId, Row, RowError, UnitId};

use super::RecordError;
use super::columns::{Column, ColumnValues, TextColumn};
use super::place::Place;
use super::selection::Page;
use super::validity::Validity;

/// Room is made for texts as long as the first one, but not for a page of long ones.
const LONG_TEXT: usize = 64;

const SHORT: RowError = RowError::Damaged("a row that says more is filled in than it has");
const NOT_OF_TYPE: RowError = RowError::Damaged("a value that is not of its field's type");

/// A page in the making.
pub(super) struct Projection {
    fields: Vec<Projected>,
    /// A bit for each of them.
    wanted: Vec<u8>,
    /// The highest label of the fields: a row that bears it shows all of them.
    label: Label,
    /// Most rows of the page.
    limit: usize,
    ids: Vec<RecordId>,
    versions: Vec<u64>,
    bytes: usize,
    /// The highest label of what is shown.
    shown: Label,
    /// The records of which something labelled is shown.
    labelled: Vec<RecordId>,
}

struct Projected {
    field: usize,
    label: Label,
    values: ColumnValues,
    validity: Validity,
}

impl Projection {
    /// An empty page of at most `limit` rows.
    pub(super) fn new(place: &Place<'_>, fields: &[String], limit: usize) -> Result<Self, RecordError> {
        let mut label = Label::Ordinary;
        let fields = fields
            .iter()
            .map(|name| {
                let (field, about) = place.field(name)?;
                label = label.max(about.label);
                let values = ColumnValues::of(&about.kind);
                Ok(Projected { field, label: about.label, values, validity: Validity::default() })
            })
            .collect::<Result<Vec<Projected>, RecordError>>()?;
        Ok(Self {
            wanted: bits(fields.iter().map(|projected| projected.field)),
            fields,
            label,
            limit,
            ids: Vec::new(),
            versions: Vec::new(),
            bytes: 0,
            shown: Label::Ordinary,
            labelled: Vec::new(),
        })
    }

    /// Adds a row that bears the label `of_row`; a field with a higher one stays empty where `sees` refuses
    /// it.
    pub(super) fn push(
        &mut self,
        row: &Row<'_>,
        id: RecordId,
        version: u64,
        of_row: Label,
        sees: impl Fn(Label) -> bool,
    ) -> Result<(), RecordError> {
        if self.ids.is_empty() {
            self.make_room();
        }
        let number = self.ids.len();
        let mut shown = of_row;
        let mut bytes = RecordId::SIZE + 8;
        let all_seen = self.label <= of_row;
        if all_seen && row.has_all(&self.wanted) {
            // As most rows are: nothing is asked field by field.
            for projected in &mut self.fields {
                let slot = row.filled_number(projected.field).ok_or(SHORT)?;
                bytes += fill(&mut projected.values, row, slot, self.limit).ok_or(NOT_OF_TYPE)?;
                projected.validity.push(number, true);
            }
        } else {
            for projected in &mut self.fields {
                let slot = row.number(projected.field).filter(|_| all_seen || sees(projected.label));
                let taken = match slot {
                    Some(slot) => fill(&mut projected.values, row, slot, self.limit),
                    None => leave_empty(&mut projected.values),
                };
                bytes += taken.ok_or(NOT_OF_TYPE)?;
                projected.validity.push(number, slot.is_some());
                if slot.is_some() {
                    shown = shown.max(projected.label);
                }
            }
        }
        if shown > Label::Ordinary {
            self.shown = self.shown.max(shown);
            self.labelled.push(id);
        }
        self.ids.push(id);
        self.versions.push(version);
        self.bytes += bytes;
        Ok(())
    }

    /// Adds a row of which nothing is shown.
    pub(super) fn push_nothing(&mut self) -> Result<(), RecordError> {
        if self.ids.is_empty() {
            self.make_room();
        }
        let number = self.ids.len();
        for projected in &mut self.fields {
            let bytes = leave_empty(&mut projected.values);
            self.bytes += bytes.ok_or(RowError::TooLarge)?;
            projected.validity.push(number, false);
        }
        self.ids.push(RecordId([0; RecordId::SIZE]));
        self.versions.push(0);
        Ok(())
    }

    /// Once there is a row: most queries that find one find a page of them.
    fn make_room(&mut self) {
        self.ids.reserve_exact(self.limit);
        self.versions.reserve_exact(self.limit);
        for projected in &mut self.fields {
            match &mut projected.values {
                ColumnValues::Integers(values)
                | ColumnValues::Instants(values)
                | ColumnValues::Decimals { unscaled: values, .. } => values.reserve_exact(self.limit),
                ColumnValues::Dates(values) => values.reserve_exact(self.limit),
                ColumnValues::Booleans(values) => values.reserve_exact(self.limit),
                ColumnValues::Units(values) => values.reserve_exact(self.limit),
                ColumnValues::Accounts(values) => values.reserve_exact(self.limit),
                ColumnValues::References(values) | ColumnValues::Attachments(values) => {
                    values.reserve_exact(self.limit);
                }
                ColumnValues::Texts(TextColumn { ends, .. }) | ColumnValues::TextLists { ends, .. } => {
                    ends.reserve_exact(self.limit);
                }
            }
        }
    }

    /// Which fields they are.
    pub(super) fn fields(&self) -> Vec<usize> {
        self.fields.iter().map(|projected| projected.field).collect()
    }

    pub(super) fn len(&self) -> usize {
        self.ids.len()
    }

    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    /// The records that are shown.
    pub(super) fn ids(&self) -> &[RecordId] {
        &self.ids
    }

    /// The highest label of what is shown.
    pub(super) fn shown(&self) -> Label {
        self.shown
    }

    /// The records of which something labelled is shown.
    pub(super) fn labelled(&self) -> &[RecordId] {
        &self.labelled
    }

    /// The last record.
    pub(super) fn last(&self) -> Option<RecordId> {
        self.ids.last().copied()
    }

    pub(super) fn finish(self, next: Option<String>) -> Page {
        let column =
            |projected: Projected| Column { values: projected.values, validity: projected.validity.0 };
        Page {
            ids: self.ids,
            versions: self.versions,
            columns: self.fields.into_iter().map(column).collect(),
            next,
        }
    }
}

/// Adds what a slot holds or refers to. How many bytes that took; none when it does not fit the column.
// Ten thousand values a page: the call itself would cost as much as the work.
#[inline(always)]
fn fill(values: &mut ColumnValues, row: &Row<'_>, slot: i64, limit: usize) -> Option<usize> {
    Some(match values {
        ColumnValues::Integers(values)
        | ColumnValues::Instants(values)
        | ColumnValues::Decimals { unscaled: values, .. } => {
            values.push(slot);
            8
        }
        ColumnValues::Texts(texts) => {
            let text = row.heap_at(slot)?;
            if texts.data.capacity() == 0 {
                // A little more: growing copies all of them.
                texts.data.reserve_exact((text.len() + text.len() / 8 + 1).min(LONG_TEXT) * limit);
            }
            texts.push(text).ok()?;
            text.len() + 4
        }
        ColumnValues::Dates(values) => {
            values.push(i32::try_from(slot).ok()?);
            4
        }
        ColumnValues::Booleans(values) => {
            values.push(slot != 0);
            1
        }
        ColumnValues::Units(values) => {
            values.push(UnitId(u32::try_from(slot).ok()?));
            4
        }
        ColumnValues::Accounts(values) => {
            values.push(AccountId(u32::try_from(slot).ok()?));
            4
        }
        ColumnValues::References(values) | ColumnValues::Attachments(values) => {
            values.push(RecordId(row.heap_at(slot)?.try_into().ok()?));
            RecordId::SIZE
        }
        ColumnValues::TextLists { texts, ends } => {
            let bytes = row.heap_at(slot)?;
            split_texts(bytes).ok()?.into_iter().try_for_each(|text| texts.push(text)).ok()?;
            ends.push(u32::try_from(texts.ends.len()).ok()?);
            bytes.len() + 4
        }
    })
}

/// Adds an empty row: a zero or an empty text. How many bytes that took.
fn leave_empty(values: &mut ColumnValues) -> Option<usize> {
    Some(match values {
        ColumnValues::Integers(values)
        | ColumnValues::Instants(values)
        | ColumnValues::Decimals { unscaled: values, .. } => {
            values.push(0);
            8
        }
        ColumnValues::Texts(texts) => {
            texts.push(&[]).ok()?;
            4
        }
        ColumnValues::Dates(values) => {
            values.push(0);
            4
        }
        ColumnValues::Booleans(values) => {
            values.push(false);
            1
        }
        ColumnValues::Units(values) => {
            values.push(UnitId(0));
            4
        }
        ColumnValues::Accounts(values) => {
            values.push(AccountId(0));
            4
        }
        ColumnValues::References(values) | ColumnValues::Attachments(values) => {
            values.push(RecordId([0; RecordId::SIZE]));
            RecordId::SIZE
        }
        ColumnValues::TextLists { texts, ends } => {
            ends.push(u32::try_from(texts.ends.len()).ok()?);
            4
        }
    })
}
