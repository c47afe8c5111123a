//! Whatever a guest says of its records is done or refused: what is stored reads back as the fields hold it, a page
//! holds as many values as rows, and a count is the number of rows that a query walks through.

use dinh_model::{RecordId, Value};
use dinh_runtime::bindings::records::{FieldValue, Selection};
use dinh_runtime::bindings::types;
use dinh_runtime::boundary;
use dinh_services::Call;
use dinh_services::records::{self, RecordError};
use serde::Deserialize;

use crate::house::{House, house};
use crate::made::Maker;
use crate::words;

/// One host call. Records are meant by their number among those that were written so far.
#[derive(Deserialize)]
enum Deed {
    Insert(String, Vec<FieldValue>),
    InsertPaper(Vec<FieldValue>),
    InsertMany(String, Vec<(String, types::Column)>),
    Update(u8, Option<u64>, Vec<FieldValue>),
    Delete(u8),
    Query(Selection, Option<String>, u32),
    QueryPapers(Selection, u32),
    Sum(Selection, String),
    Get(u8, Vec<String>),
    Draw(String, String),
}

pub fn run(bytes: &[u8]) {
    let mut maker = Maker::new(bytes, words::RECORDS);
    let house = house();
    let mut call = house.call();
    let mut written = Vec::new();
    for _ in 0..16 {
        if maker.bytes.is_empty() {
            break;
        }
        let Ok(deed) = maker.make::<Deed>() else { break };
        if let Err(RecordError::Service(error)) = done(house, &mut call, deed, &mut written) {
            panic!("the host itself failed: {error}");
        }
    }
}

/// What a guest cannot mean goes back to it.
fn bad(wrong: String) -> RecordError {
    RecordError::BadRequest(wrong)
}

fn done(house: &House, call: &mut Call, deed: Deed, written: &mut Vec<RecordId>) -> Result<(), RecordError> {
    let data = &house.data;
    let of = |written: &[RecordId], number: u8| {
        written.get(usize::from(number) % written.len().max(1)).copied().unwrap_or(RecordId([number; 16]))
    };
    match deed {
        Deed::Insert(collection, values) => {
            let values = fields(values)?;
            let id = records::insert(call, data, &collection, values.clone())?;
            holds(house, call, &collection, id, &values);
            written.push(id);
        }
        Deed::InsertPaper(values) => {
            let mut values = fields(values)?;
            values
                .push(records::FieldValue { field: "title".into(), value: Value::Text("Công văn".into()) });
            let id = records::insert(call, data, "papers", values.clone())?;
            holds(house, call, "papers", id, &values);
            written.push(id);
        }
        Deed::InsertMany(collection, columns) => {
            let (names, columns): (Vec<_>, Vec<_>) = columns.into_iter().unzip();
            let columns: Result<Vec<_>, _> = columns.into_iter().map(boundary::column).collect();
            let columns = columns.map_err(bad)?;
            let ids = records::insert_many(call, data, &collection, &names, &columns)?;
            assert_eq!(ids.len(), columns.first().map_or(0, records::Column::len));
            written.extend(ids);
        }
        Deed::Update(number, version, values) => {
            let (id, values) = (of(written, number), fields(values)?);
            records::update(call, data, "papers", id, version, values.clone())?;
            holds(house, call, "papers", id, &values);
        }
        Deed::Delete(number) => {
            let id = of(written, number);
            records::delete(call, data, "papers", id, None)?;
            let gone = records::get(call, data, "papers", id, &[])?;
            assert!(gone.is_none(), "a record is there after it was deleted");
        }
        Deed::Query(selection, after, limit) => {
            let selection = boundary::selection(selection).map_err(bad)?;
            let page = records::query(call, data, &selection, after.as_deref(), limit)?;
            whole(&page, &selection);
        }
        Deed::QueryPapers(selection, limit) => {
            let selection = Selection { collection: "papers".into(), ..selection };
            walk(house, call, &boundary::selection(selection).map_err(bad)?, limit)?;
        }
        Deed::Sum(selection, field) => {
            let selection = boundary::selection(selection).map_err(bad)?;
            records::sum(call, data, &selection, &field)?;
        }
        Deed::Get(number, fields) => {
            let row = records::get(call, data, "papers", of(written, number), &fields)?;
            if let Some(row) = row {
                let all = data.collections.first().map_or(0, |papers| papers.fields.len());
                assert_eq!(row.values.len(), if fields.is_empty() { all } else { fields.len() });
            }
        }
        Deed::Draw(sequence, period) => drop(records::draw(call, data, &sequence, &period)?),
    }
    Ok(())
}

fn fields(values: Vec<FieldValue>) -> Result<Vec<records::FieldValue>, RecordError> {
    let field = |it: FieldValue| {
        let value = boundary::value(it.value.clone())?;
        // What crosses into the host crosses back.
        assert_eq!(boundary::to_value(value.clone()), it.value);
        Ok(records::FieldValue { field: it.field, value })
    };
    values.into_iter().map(field).collect::<Result<_, _>>().map_err(bad)
}

/// What was written reads back, as the field holds it.
fn holds(house: &House, call: &mut Call, collection: &str, id: RecordId, values: &[records::FieldValue]) {
    let schema = house.data.collection(collection).unwrap();
    for it in values {
        let (_, field) = schema.field(&it.field).unwrap();
        let names = [it.field.clone()];
        let row =
            records::get(call, &house.data, collection, id, &names).unwrap().expect("the writer sees it");
        let expected = it.value.clone().fit(&field.kind).expect("it was taken");
        assert_eq!(row.values, [expected], "{}", it.field);
    }
}

fn whole(page: &records::Page, selection: &records::Selection) {
    assert_eq!(page.ids.len(), page.versions.len());
    assert_eq!(page.columns.len(), selection.fields.len());
    for column in &page.columns {
        assert_eq!(column.len(), page.ids.len());
        for row in 0..page.ids.len() {
            column.value(row).expect("the host's own columns are well formed");
        }
    }
}

/// Page after page; as many rows as are counted, none of them twice.
fn walk(
    house: &House,
    call: &mut Call,
    selection: &records::Selection,
    limit: u32,
) -> Result<(), RecordError> {
    let limit = limit.clamp(1, 1_000);
    let (mut ids, mut after) = (Vec::new(), None);
    for _ in 0..64 {
        let page = records::query(call, &house.data, selection, after.as_deref(), limit)?;
        whole(&page, selection);
        ids.extend(page.ids);
        after = page.next;
        if after.is_none() {
            let counted = records::count(call, &house.data, selection)?;
            assert_eq!(counted, ids.len() as u64, "{selection:?}");
            let walked = ids.len();
            ids.sort_unstable();
            ids.dedup();
            assert_eq!(walked, ids.len(), "a row comes twice");
            break;
        }
    }
    Ok(())
}
