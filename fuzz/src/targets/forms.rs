//! Any body is a submission or refused, and what came back of a form is a typed submission of just its fields, or
//! problems of them; drawn again, it is as harmless as any page.
//!
//! `how · body`: the first bits choose urlencoded, JSON, multipart or JSON that is made up; the next the language.

use bytes::Bytes;
use dinh_model::Language;
use dinh_web::form::{Filled, Raw, effect, find, grid, parse};
use dinh_web::guard::Guard;
use dinh_web::place::{Place, local, parse_query};
use dinh_web::{Options, body};

use super::views::drawn;
use crate::village::Village;
use crate::{gallery, html};

const KINDS: [&str; 3] =
    ["application/x-www-form-urlencoded", "application/json", "multipart/form-data; boundary=b"];

pub fn run(bytes: &[u8]) {
    let Some((how, rest)) = bytes.split_first() else { return };
    let options = Options { form_fields: 2_000, ..Options::default() };
    let received = body::whole(KINDS[usize::from(how & 3) % 3], Bytes::copy_from_slice(rest), &options);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let Ok(raw) = runtime.block_on(received) else { return };
    assert!(raw.pairs().len() <= options.form_fields);
    let language = if how & 4 == 0 { Language::Vi } else { Language::En };
    read(&raw, language, how & 8 != 0);
    if let Some((form, inputs)) = raw.first("do").and_then(effect::parse) {
        let _offered = effect::find(&gallery::page(), &form, &inputs);
    }
    if let Some(next) = raw.first("next").and_then(local) {
        assert!(next.starts_with('/') && !next.starts_with("//"));
    }
}

fn read(raw: &Raw, language: Language, again: bool) {
    let reader = Village.reader(language);
    let guard = Guard::new([7; 32]);
    let page = gallery::page();
    let form = gallery::form();
    let parsed = parse::form(&reader, &form, raw, Some(&guard));
    let fields: usize = form.groups.iter().map(|group| group.fields.len()).sum();
    assert_eq!(parsed.submission.inputs.len(), fields, "each field once");
    assert!(parsed.submission.children.len() <= 1_000);
    for child in &parsed.submission.children {
        assert!(child.key.is_empty() || child.key == "k1", "a row that is not on the page: {:?}", child.key);
    }
    for problem in &parsed.problems {
        assert!(!problem.message.is_empty());
    }
    if again {
        let plugin = "pci-index".parse().unwrap();
        let query = parse_query("edition=2021&q=x");
        let place = Place { plugin: &plugin, path: "/gallery", query: &query };
        let id =
            raw.first("form").filter(|form| find::find(&page, form).is_some()).unwrap_or("edit").to_owned();
        let more = raw.first("more").map(str::to_owned);
        let (problems, found) = (parsed.problems, parsed.found);
        let filled = Filled { form: id, raw: raw.clone(), problems, stale: true, found, more };
        html::look(&drawn(&page, place, language, Some(&filled)), "pci-index");
    }
    let ledger = gallery::ledger();
    let parsed = grid::grid(&reader, &ledger, raw);
    for cell in &parsed.submission.cells {
        assert!(ledger.row_keys.contains(&cell.row_key) && cell.row_key != "m3", "m3 is locked");
        let column = ledger.columns.iter().find(|column| column.column.key == cell.column).unwrap();
        assert!(column.kind.is_some(), "{} is not open", cell.column);
    }
}
