//! Each rule of a page is broken once; the message names the place.

use proptest::prelude::*;

use super::*;
use crate::bindings::types::{Column, ColumnValues, TextColumn, Value};
use crate::bindings::views::*;

fn texts(texts: &[&str]) -> Column {
    let mut column = TextColumn { data: Vec::new(), ends: Vec::new() };
    for text in texts {
        column.data.extend_from_slice(text.as_bytes());
        column.ends.push(u32::try_from(column.data.len()).unwrap());
    }
    Column { values: ColumnValues::Texts(column), validity: None }
}

pub(super) fn numbers(numbers: &[i64]) -> Column {
    Column { values: ColumnValues::Integers(numbers.to_vec()), validity: None }
}

pub(super) fn column(key: &str) -> TableColumn {
    TableColumn {
        key: key.into(),
        heads: vec!["Điểm".into()],
        number: None,
        format: Format::Plain,
        width: Width::Normal,
        frozen: false,
        sortable: true,
        help: None,
        shared: None,
    }
}

fn table() -> Table {
    Table {
        id: "ranking".into(),
        caption: None,
        columns: vec![column("province"), column("score")],
        data: vec![texts(&["Thanh Hóa", "Huế"]), numbers(&[1, 2])],
        row_styles: vec![RowStyle { row: 1, kind: Some(RowKind::Highlight), depth: 0 }],
        cell_styles: Vec::new(),
        row_targets: Vec::new(),
        row_keys: Vec::new(),
        bulk_actions: Vec::new(),
        sorting: Some(Sorting { column: "score".into(), descending: true }),
        paging: None,
        empty_text: "Chưa có điểm".into(),
        exportable: true,
        note: None,
    }
}

pub(super) fn field(name: &str, kind: FieldKind) -> Field {
    Field {
        name: name.into(),
        label: "Năm".into(),
        help: None,
        kind,
        value: Value::Empty,
        required: true,
        read_only: false,
        show_when: None,
        unit_of_measure: None,
        width: 0,
    }
}

fn form() -> Form {
    Form {
        id: "edition".into(),
        title: None,
        help: None,
        groups: vec![FieldGroup {
            title: None,
            help: None,
            fields: vec![field("year", FieldKind::Boolean), field("name", FieldKind::Instant)],
        }],
        children: Vec::new(),
        submit: "Lưu".into(),
        buttons: Vec::new(),
        cancel: None,
        shown: Vec::new(),
    }
}

pub(super) fn page(blocks: Vec<Block>) -> Page {
    Page {
        title: "Xếp hạng".into(),
        subtitle: None,
        breadcrumbs: Vec::new(),
        actions: Vec::new(),
        sections: vec![Section {
            id: "main".into(),
            title: None,
            layout: Layout::Stacked,
            collapsed: false,
            blocks,
        }],
        label: types::Label::Ordinary,
        as_of: None,
        letterhead: None,
    }
}

fn tables(change: impl Fn(&mut Table)) -> Page {
    let mut table = table();
    change(&mut table);
    page(vec![Block::Table(table)])
}

fn forms(change: impl Fn(&mut Form)) -> Page {
    let mut form = form();
    change(&mut form);
    page(vec![Block::Form(form)])
}

fn upload() -> Upload {
    Upload { extensions: Vec::new(), maximum_bytes: 1, maximum_files: 1 }
}

fn linked(target: Target) -> Page {
    page(vec![Block::Tabs(vec![Link { text: "Đi".into(), target }])])
}

fn pages(change: impl Fn(&mut Page)) -> Page {
    let mut page = page(vec![Block::Table(table()), Block::Form(form())]);
    change(&mut page);
    page
}

#[test]
fn a_well_formed_page_passes_and_is_weighed() {
    let bytes = check(&pages(|_| ())).unwrap();
    assert!((500..20_000).contains(&bytes), "{bytes}");
    assert!(check(&page(Vec::new())).is_ok());
}

#[test]
fn every_broken_rule_names_its_place() {
    let broken: Vec<(&str, Page)> = vec![
        ("no title", pages(|page| page.title = " ".into())),
        ("a label the platform may not hold", pages(|page| page.label = types::Label::TopSecret)),
        ("a day out of range", pages(|page| page.as_of = Some(i64::MAX))),
        ("sections of one id", pages(|page| page.sections.push(page.sections[0].clone()))),
        ("an id with a capital", pages(|page| page.sections[0].id = "Main".into())),
        ("collapsed without a title", pages(|page| page.sections[0].collapsed = true)),
        ("too many sections", pages(|page| page.sections = vec![page.sections[0].clone(); 51])),
        (
            "a table and a form of one id",
            pages(|page| {
                page.sections[0].blocks[1] = Block::Form(Form { id: "ranking".into(), ..form() });
            }),
        ),
        ("a column without data", tables(|table| table.columns.push(column("year")))),
        ("columns of two lengths", tables(|table| table.data[1] = numbers(&[1, 2, 3]))),
        ("a key twice", tables(|table| table.columns[1].key = "province".into())),
        ("a column without heads", tables(|table| table.columns[0].heads.clear())),
        ("a frozen column after another", tables(|table| table.columns[1].frozen = true)),
        ("places beyond eighteen", tables(|table| table.columns[1].format = Format::Decimal(19))),
        ("a short validity list", tables(|table| table.data[0].validity = Some(Vec::new()))),
        (
            "texts that are not UTF-8",
            tables(|table| {
                table.data[0].values =
                    ColumnValues::Texts(TextColumn { data: vec![0xff, 0xff], ends: vec![1, 2] });
            }),
        ),
        (
            "a text cut inside a character",
            tables(|table| {
                table.data[0].values =
                    ColumnValues::Texts(TextColumn { data: "ế".into(), ends: vec![1, 3] });
            }),
        ),
        (
            "ends that go back",
            tables(|table| {
                table.data[0].values =
                    ColumnValues::Texts(TextColumn { data: b"ab".into(), ends: vec![2, 1] });
            }),
        ),
        (
            "ends beyond the texts",
            tables(|table| {
                table.data[0].values =
                    ColumnValues::Texts(TextColumn { data: b"ab".into(), ends: vec![1, 9] });
            }),
        ),
        ("a control character", tables(|table| table.data[0] = texts(&["a\u{0}", "b"]))),
        (
            "a reserved kind of column",
            tables(|table| {
                table.data[1].values = ColumnValues::Floats(vec![1.0, 2.0]);
            }),
        ),
        (
            "a decimal of 19 digits",
            tables(|table| {
                table.data[1].values = ColumnValues::Decimals(types::DecimalColumn {
                    scale: 2,
                    unscaled: vec![1, 1_000_000_000_000_000_000],
                });
            }),
        ),
        ("a style of no row", tables(|table| table.row_styles[0].row = 2)),
        ("a row too deep", tables(|table| table.row_styles[0].depth = 6)),
        (
            "an ordinary row too deep",
            tables(|table| table.row_styles[0] = RowStyle { row: 1, kind: None, depth: 6 }),
        ),
        ("targets for some rows", tables(|table| table.row_targets = vec![None])),
        ("keys for some rows", tables(|table| table.row_keys = vec!["a".into()])),
        ("a key of two rows", tables(|table| table.row_keys = vec!["a".into(), "a".into()])),
        (
            "sorted by no column",
            tables(|table| {
                table.sorting = Some(Sorting { column: "name".into(), descending: false });
            }),
        ),
        (
            "too many rows",
            tables(|table| {
                table.data = vec![numbers(&[0; ROWS + 1]), numbers(&[0; ROWS + 1])];
            }),
        ),
        ("a field twice", forms(|form| form.groups[0].fields[1].name = "year".into())),
        ("a field with a blank", forms(|form| form.groups[0].fields[1].name = "full name".into())),
        ("a field too wide", forms(|form| form.groups[0].fields[1].width = 13)),
        (
            "shown when another, that is not there, is",
            forms(|form| {
                form.groups[0].fields[0].show_when =
                    Some(ShowWhen { field: "month".into(), values: vec!["1".into()] });
            }),
        ),
        (
            "bounds the wrong way round",
            forms(|form| {
                form.groups[0].fields[0].kind =
                    FieldKind::Integer(IntegerRange { minimum: Some(2), maximum: Some(1) });
            }),
        ),
        ("a drawn number shown", forms(|form| form.groups[0].fields[0].value = Value::Drawn(0))),
        (
            "an upload of no file",
            forms(|form| {
                form.groups[0].fields[0].kind = FieldKind::Attachment(Upload {
                    extensions: vec![".pdf".into()],
                    maximum_bytes: 1,
                    maximum_files: 0,
                });
            }),
        ),
        (
            "an upload among filters",
            page(vec![Block::Filters(Filters {
                fields: vec![Field {
                    kind: FieldKind::Attachment(upload()),
                    ..form().groups[0].fields[0].clone()
                }],
                submit: "Lọc".into(),
            })]),
        ),
        (
            "an upload into a cell",
            page(vec![Block::EntryGrid(EntryGrid {
                id: "grid".into(),
                caption: None,
                columns: vec![GridColumn {
                    column: table().columns[0].clone(),
                    kind: Some(FieldKind::Attachment(upload())),
                    required: false,
                }],
                data: vec![numbers(&[1])],
                row_keys: vec!["a".into()],
                locked_rows: Vec::new(),
                row_styles: Vec::new(),
                cell_styles: Vec::new(),
                shown: Vec::new(),
                submit: "Lưu".into(),
            })]),
        ),
        (
            "a choice twice",
            forms(|form| {
                let choice = Choice { value: "1".into(), text: "Một".into(), help: None };
                form.groups[0].fields[0].kind = FieldKind::Choice(Choices {
                    choices: vec![choice.clone(), choice],
                    style: ChoiceStyle::Automatic,
                });
            }),
        ),
        (
            "an axis of text",
            page(vec![Block::Chart(Chart {
                id: "trend".into(),
                kind: ChartKind::Line,
                title: "Xu hướng".into(),
                categories: vec!["2020".into()],
                series: Vec::new(),
                axis: Axis {
                    title: None,
                    minimum: Value::Text("0".into()),
                    maximum: Value::Empty,
                    reversed: false,
                },
                second_axis: None,
                format: Format::Plain,
                note: None,
            })]),
        ),
        (
            "an event at no time",
            page(vec![Block::Timeline(vec![Event {
                at: Value::Integer(2021),
                title: "Công bố".into(),
                text: None,
                by: None,
                tone: Tone::Neutral,
                target: None,
            }])]),
        ),
    ];
    let mut messages = String::new();
    for (rule, page) in broken {
        let problem = check(&page).expect_err(rule);
        messages.push_str(&format!("{rule}\n    {problem}\n"));
    }
    insta::assert_snapshot!(messages);
}

#[test]
fn links_lead_to_pages_files_and_https_only() {
    let page = |path: &str| linked(Target::Page(path.into()));
    let external = |address: &str| linked(Target::External(address.into()));
    for good in ["/", "/ranking?edition=2021", "/a/b-c/%20x", "/tỉnh/38"] {
        assert!(check(&page(good)).is_ok(), "{good}");
    }
    for bad in [
        "",
        "ranking",
        "//evil.example",
        "/../x",
        "/a/..",
        "/%2e%2e/pci-index",
        "/a/.%2E?b=c",
        "/%2E",
        "/\\evil",
        "/a b",
        "/a\n",
        "javascript:alert(1)",
        "/a#b",
    ] {
        assert!(check(&page(bad)).is_err(), "{bad}");
    }
    for good in ["https://pcivietnam.vn/", "https://a.example:8443/b?c=d#e", "https://[::1]/"] {
        assert!(check(&external(good)).is_ok(), "{good}");
    }
    for bad in [
        "http://a.example/",
        "javascript:alert(1)",
        "https://",
        "https://a@b.example/",
        "https://a.example/\"onclick",
        "https://a.example/ b",
        "data:text/html,x",
        "HTTPS://a.example/",
    ] {
        assert!(check(&external(bad)).is_err(), "{bad}");
    }
    let plugin =
        |plugin: &str| linked(Target::Plugin(PluginPage { plugin: plugin.into(), path: "/".into() }));
    assert!(check(&plugin("party-finance")).is_ok());
    assert!(check(&plugin("../admin")).is_err());
}

#[test]
fn a_page_that_would_fill_the_memory_is_refused_by_its_weight() {
    let long = "a".repeat(TEXT);
    let paragraph = Paragraph {
        kind: ParagraphKind::Paragraph,
        spans: vec![Span { text: long, marks: Marks::empty(), link: None }],
    };
    let heavy = page(vec![Block::Text(vec![paragraph; 300])]);
    let problem = check(&heavy).unwrap_err();
    assert!(problem.problem.contains("grows beyond 16777216 bytes"), "{problem}");
}

#[test]
fn what_a_submission_says_is_looked_at_too() {
    let done = |path: &str, title: &str| pages::Done {
        target: Target::Page(path.into()),
        notice: Some(Notice { tone: Tone::Good, title: title.into(), text: String::new() }),
    };
    assert!(check_done(&done("/", "Đã lưu")).is_ok());
    assert_eq!(check_done(&done("x", "Đã lưu")).unwrap_err().place, "target");
    assert_eq!(check_done(&done("/", "")).unwrap_err().place, "notice.title");
    let problem = pages::InputProblem { field: None, message: String::new() };
    assert_eq!(check_problems(&[problem]).unwrap_err().place, "problems[0].message");
}

proptest! {
    /// Whoever draws a column that passed may cut its texts where it says.
    #[test]
    fn a_text_column_that_passes_can_be_cut_as_it_says(data: Vec<u8>, ends: Vec<u8>) {
        let column = TextColumn { data, ends: ends.into_iter().map(u32::from).collect() };
        let rows = column.ends.len();
        let columns = vec![Column { values: ColumnValues::Texts(column.clone()), validity: None }];
        let page = tables(|table| {
            table.columns.truncate(1);
            table.sorting = None;
            table.row_styles.clear();
            table.data = columns.clone();
        });
        if check(&page).is_ok() {
            let mut start = 0;
            for end in column.ends {
                prop_assert!(std::str::from_utf8(&column.data[start..end as usize]).is_ok());
                start = end as usize;
            }
            prop_assert!(rows <= ROWS);
        }
    }
}
