//! Imports: how many rows, and what they may ask for beside the file.

use super::tests::{column, field, numbers, page};
use super::*;
use crate::bindings::views::*;

const TEXT: FieldKind = FieldKind::Text(TextRange { minimum: 0, maximum: 100 });

/// An import with `rows` rows at hand.
fn import(rows: usize) -> SheetImport {
    SheetImport {
        id: "people".into(),
        title: "Danh sách".into(),
        help: None,
        columns: vec![SheetColumn {
            name: "full_name".into(),
            label: "Họ và tên".into(),
            aliases: Vec::new(),
            kind: TEXT,
            required: true,
            empty_words: Vec::new(),
            format: Format::Plain,
        }],
        maximum_rows: SHEET_ROWS,
        preview: Some(SheetPreview {
            problems: Vec::new(),
            computed: vec![column("number")],
            data: vec![numbers(&vec![0; rows])],
            summary: String::new(),
            fields: vec![field("reason", TEXT)],
        }),
    }
}

fn problem(import: SheetImport) -> String {
    check(&page(vec![Block::SheetImport(import)]))
        .map_or_else(|problem| problem.to_string(), |_| String::new())
}

#[test]
fn an_import_takes_twenty_thousand_rows_and_not_one_more() {
    assert_eq!(problem(import(20_000)), "");
    assert!(problem(import(20_001)).contains("at most 20000"), "{}", problem(import(20_001)));
    let more = SheetImport { maximum_rows: 20_001, ..import(1) };
    assert!(problem(more).contains("maximum-rows is 20001"));
}

#[test]
fn what_is_asked_beside_a_file_is_a_form_without_searches_and_uploads() {
    let asking = |fields: Vec<Field>| {
        let mut import = import(1);
        import.preview.as_mut().unwrap().fields = fields;
        problem(import)
    };
    let twice = vec![field("reason", TEXT), field("reason", TEXT)];
    assert!(asking(twice).contains("in the form already"));
    let when = ShowWhen { field: "other".into(), values: vec!["1".into()] };
    assert!(asking(vec![Field { show_when: Some(when), ..field("reason", TEXT) }]).contains("show-when"));
    let upload = Upload { extensions: Vec::new(), maximum_bytes: 1, maximum_files: 1 };
    for kind in [FieldKind::Account, FieldKind::Hidden, FieldKind::Attachment(upload)] {
        assert!(asking(vec![field("x", kind)]).contains("cannot be asked for beside a sheet"));
    }
    assert_eq!(asking(vec![field("unit", FieldKind::Unit), field("agreed", FieldKind::Boolean)]), "");
}
