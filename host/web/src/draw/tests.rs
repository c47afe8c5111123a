//! Every block as it is drawn, for review: a change of looks shows in the diff.

use dinh_model::{Label, Language};
use dinh_runtime::bindings::views::{Block, Format, RowStyle, Table};

use super::value::{self, Stand};
use super::{Canvas, page};
use crate::datum::Datum;
use crate::form::{Filled, Problem, samples};
use crate::format::Formats;
use crate::gallery;
use crate::guard::Guard;
use crate::place::Place;
use crate::village::Village;

fn draw<T>(language: Language, filled: Option<&Filled>, of: impl FnOnce(&Canvas<'_>) -> T) -> T {
    let plugin = "pci-index".parse().unwrap();
    let reader = Village.reader(language);
    let guard = Guard::new([7; 32]);
    let canvas = Canvas {
        texts: reader.texts,
        formats: Formats::of(language),
        place: Place { plugin: &plugin, path: "/gallery", query: &[] },
        directory: &Village,
        guard: Some(&guard),
        whose: None,
        filled,
        sheet: None,
        unreadable: None,
        label: Label::Confidential,
        today: reader.today,
        prints: None,
        largest_file: 20 << 20,
    };
    of(&canvas)
}

fn whole(language: Language, filled: Option<&Filled>) -> String {
    draw(language, filled, |canvas| page(canvas, &gallery::page())).into_string()
}

/// A page as it is drawn.
pub(super) fn whole_page(view: &dinh_runtime::bindings::views::Page) -> String {
    draw(Language::Vi, None, |canvas| page(canvas, view)).into_string()
}

/// One tag a line, without what is different each time.
fn readable(html: &str) -> String {
    let mut text = html.replace("><", ">\n<");
    for name in ["once", "csrf", "seal"] {
        let marker = format!("name=\"{name}\" value=\"");
        let parts: Vec<_> = text.split(&marker).collect();
        let rest = parts.iter().skip(1).map(|part| format!("{marker}…{}", &part[part.find('"').unwrap()..]));
        text = parts[0].to_owned() + &rest.collect::<String>();
    }
    text
}

fn kind(block: &Block) -> &'static str {
    match block {
        Block::Text(_) => "text",
        Block::Notice(_) => "notice",
        Block::Facts(_) => "facts",
        Block::Table(_) => "table",
        Block::Filters(_) => "filters",
        Block::Form(_) => "form",
        Block::EntryGrid(_) => "entry-grid",
        Block::SheetImport(_) => "sheet-import",
        Block::Metrics(_) => "metrics",
        Block::Chart(_) => "chart",
        Block::Timeline(_) => "timeline",
        Block::Steps(_) => "steps",
        Block::Documents(_) => "documents",
        Block::Actions(_) => "actions",
        Block::Tabs(_) => "tabs",
        Block::Progress(_) => "progress",
    }
}

#[test]
fn the_gallery_is_a_page_as_the_runtime_wants_it() {
    dinh_runtime::view::check(&gallery::page()).unwrap();
}

#[test]
fn every_block_is_drawn_as_reviewed() {
    let view = gallery::page();
    let blocks = view.sections.iter().flat_map(|section| &section.blocks);
    for (number, block) in blocks.enumerate() {
        let html = draw(Language::Vi, None, |canvas| page::block(canvas, block)).into_string();
        insta::assert_snapshot!(format!("{number:02}-{}", kind(block)), readable(&html));
    }
}

#[test]
fn an_empty_table_offers_no_export() {
    let exports = |table: &Table| {
        let html = draw(Language::Vi, None, |canvas| super::table::table(canvas, table)).into_string();
        html.matches("export=").count()
    };
    let mut view = gallery::page();
    let mut tables = view.sections.iter_mut().flat_map(|section| &mut section.blocks);
    let table = tables.find_map(|block| if let Block::Table(table) = block { Some(table) } else { None });
    let table = table.unwrap();
    assert!(exports(table) > 0);
    table.data.clear();
    assert!(table.exportable && exports(table) == 0);
}

#[test]
fn the_first_cell_of_an_entry_grids_row_is_indented_by_its_depth() {
    let mut view = gallery::page();
    let mut blocks = view.sections.iter_mut().flat_map(|section| &mut section.blocks);
    let grid = blocks.find_map(|block| if let Block::EntryGrid(grid) = block { Some(grid) } else { None });
    let grid = grid.unwrap();
    grid.row_styles = vec![RowStyle { row: 1, kind: None, depth: 2 }];
    let html = draw(Language::Vi, None, |canvas| super::grid::grid(canvas, grid)).into_string();
    let body = html.split_once("<tbody").unwrap().1;
    let rows: Vec<&str> = body.split("<tr").skip(1).collect();
    let indented = |row: &str| row.matches("depth-").count();
    assert_eq!((indented(rows[0]), indented(rows[1]), html.matches("depth-2").count()), (0, 1, 1));
    assert!(rows[1].split("</td>").next().unwrap().contains("depth-2"), "{}", rows[1]);
}

#[test]
fn tags_are_closed_in_the_order_they_were_opened() {
    for language in [Language::Vi, Language::En] {
        let html = whole(language, None);
        let mut open: Vec<&str> = Vec::new();
        for tag in html.split('<').skip(1) {
            let name = tag.split(|c: char| !c.is_ascii_alphanumeric() && c != '/').next().unwrap();
            match name.strip_prefix('/') {
                Some(closed) => assert_eq!(open.pop(), Some(closed)),
                None if matches!(name, "input" | "br" | "meta" | "link") => {}
                None => open.push(name),
            }
        }
        assert_eq!(open, Vec::<&str>::new());
    }
}

#[test]
fn identifiers_are_unique_and_labels_lead_to_their_controls() {
    let html = whole(Language::Vi, None);
    let values = |attribute: &str| -> Vec<String> {
        let marker = format!(" {attribute}=\"");
        html.split(&marker).skip(1).map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
    };
    let ids = values("id");
    let mut sorted = ids.clone();
    sorted.sort();
    sorted.dedup();
    assert_eq!(sorted.len(), ids.len());
    for named in values("for").into_iter().chain(values("aria-labelledby")) {
        assert!(ids.contains(&named), "{named}");
    }
    for described in values("aria-describedby") {
        assert!(described.split(' ').all(|id| ids.iter().any(|known| known == id)), "{described}");
    }
}

#[test]
fn every_control_has_a_name_that_can_be_heard() {
    let html = whole(Language::Vi, None);
    let controls = ["input ", "select ", "textarea "];
    for control in html.split('<').filter(|tag| controls.iter().any(|control| tag.starts_with(control))) {
        let tag = control.split('>').next().unwrap();
        let hidden = tag.contains("type=\"hidden\"");
        let id = tag.split(" id=\"").nth(1).and_then(|rest| rest.split('"').next());
        let labelled =
            tag.contains("aria-label=\"") || id.is_some_and(|id| html.contains(&format!("for=\"{id}\"")));
        // A tick or choice stands inside its label.
        let inside = tag.contains("type=\"checkbox\"") || tag.contains("type=\"radio\"");
        assert!(hidden || labelled || inside, "{tag}");
    }
}

#[test]
fn a_form_that_comes_back_keeps_what_was_typed_and_shows_what_is_wrong_and_what_is_stored() {
    let mut raw = samples::filled_in();
    raw.set("f.children", "hai".to_owned());
    raw.set("f.name", "Nguyễn Thị \"Lan\"".to_owned());
    let problems =
        vec![Problem { name: Some("f.children".to_owned()), message: "phải là số".to_owned() }];
    let filled = Filled { form: "edit".to_owned(), raw, problems, stale: true, ..Filled::default() };
    let html = whole(Language::Vi, Some(&filled));
    for text in [
        "<a href=\"#edit-f.children\">phải là số</a>",
        "value=\"hai\"",
        "value=\"Nguyễn Thị &quot;Lan&quot;\"",
        "Đang lưu: <strong>Nguyễn Thị Lan</strong>",
        "aria-invalid=\"true\"",
    ] {
        assert!(html.contains(text), "{text}");
    }
}

#[test]
fn numbers_and_words_are_those_of_the_language() {
    let (vi, en) = (whole(Language::Vi, None), whole(Language::En, None));
    assert!(vi.contains("73,02") && vi.contains("11.652.000\u{a0}đ") && vi.contains("Xuất dữ liệu"));
    assert!(en.contains("73.02") && en.contains("11,652,000\u{a0}đ") && en.contains("Export"));
}

/// A chart of scores and ranks over these years.
fn scores_and_ranks(years: &[&str], scores: &[Option<i64>], ranks: &[Option<i64>]) -> String {
    use dinh_runtime::bindings::types::{Column, ColumnValues, Value};
    use dinh_runtime::bindings::views::{Axis, Chart, ChartKind, Format, Series};
    let column = |values: &[Option<i64>]| Column {
        values: ColumnValues::Integers(values.iter().map(|value| value.unwrap_or(0)).collect()),
        validity: Some(vec![
            values.iter().rev().fold(0, |bits, value| bits << 1 | u8::from(value.is_some())),
        ]),
    };
    let series = |name: &str, values: &[Option<i64>], second_axis: bool| Series {
        name: name.to_owned(),
        values: column(values),
        emphasised: !second_axis,
        second_axis,
    };
    let axis = |title: &str, reversed| Axis {
        title: Some(title.to_owned()),
        minimum: Value::Empty,
        maximum: Value::Empty,
        reversed,
    };
    let chart = Chart {
        id: "trend".to_owned(),
        kind: ChartKind::Line,
        title: "Điểm và hạng".to_owned(),
        categories: years.iter().map(|year| (*year).to_owned()).collect(),
        series: vec![series("Điểm", scores, false), series("Hạng", ranks, true)],
        axis: axis("Thang điểm", false),
        second_axis: Some(axis("Thứ hạng", true)),
        format: Format::Plain,
        note: None,
    };
    draw(Language::Vi, None, |canvas| super::chart::chart(canvas, &chart)).into_string()
}

#[test]
fn one_year_is_a_point_against_each_axis() {
    let html = scores_and_ranks(&["2021"], &[Some(73)], &[Some(1)]);
    assert!(!html.contains("<rect"), "a rank is no height: {html}");
    for text in ["Thang điểm", "Thứ hạng", "(trục bên phải)"] {
        assert!(html.contains(text), "{text}: {html}");
    }
}

#[test]
fn a_series_without_a_value_brings_neither_axis_nor_legend() {
    let html = scores_and_ranks(&["2015", "2016"], &[Some(57), Some(57)], &[None, None]);
    assert!(html.contains("Thang điểm") && !html.contains("Hạng") && !html.contains("Thứ hạng"), "{html}");
    let ranks = scores_and_ranks(&["2015", "2016"], &[None, None], &[Some(3), Some(5)]);
    assert!(ranks.contains("Thứ hạng") && !ranks.contains("trục bên phải") && !ranks.contains("Thang điểm"));
    assert!(!ranks.contains("0,5") && !ranks.contains("3,5"), "nobody is third and a half: {ranks}");
}

#[test]
fn a_decimal_of_a_column_shows_its_own_places_and_not_those_of_its_neighbours() {
    let shown = |number: &str, stand| {
        let datum = Datum::Decimal(number.parse().unwrap());
        draw(Language::Vi, None, |canvas| value::text(canvas, &datum, &Format::Plain, stand))
    };
    for (number, said) in [("5310000.0", "5.310.000"), ("0.50", "0,5"), ("50.0", "50"), ("4.98", "4,98")] {
        assert_eq!(shown(number, Stand::Cell), said);
    }
    assert_eq!(shown("2.50", Stand::Alone), "2,50", "alone it has the places that it was given");
}
