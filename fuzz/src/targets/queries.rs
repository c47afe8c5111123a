//! Any query at the door of datasets asks for rows or is refused, and so does any cursor.

use dinh_services::records::{self, RecordError};
use dinh_web::datasets::selection::read;
use dinh_web::place::parse_query;

use crate::house::house;

pub fn run(bytes: &[u8]) {
    let pairs = parse_query(&String::from_utf8_lossy(bytes));
    let house = house();
    let papers = house.data.collection("papers").unwrap();
    let fields: Vec<String> = papers.fields.iter().map(|field| field.name.clone()).collect();
    let Ok(mut asked) = read(&pairs, &fields, papers) else { return };
    asked.selection.collection = "papers".into();
    let mut call = house.call();
    let limit = asked.limit.unwrap_or(1_000).min(1_000);
    let found = records::query(&mut call, &house.data, &asked.selection, asked.after.as_deref(), limit);
    match found {
        Ok(page) => {
            assert!(page.ids.len() <= limit as usize && page.columns.len() == asked.selection.fields.len());
            if let Some(next) = &page.next {
                // A cursor that we gave leads on.
                records::query(&mut call, &house.data, &asked.selection, Some(next), limit).unwrap();
            }
        }
        Err(RecordError::Service(error)) => panic!("the host itself failed: {error}"),
        Err(_) => {}
    }
}
