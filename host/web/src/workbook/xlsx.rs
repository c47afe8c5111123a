//! The sheet of an XLSX workbook (SpreadsheetML, ECMA-376 Part 1, clause 18).

use dinh_model::time;
use jiff::civil::DateTime;

use super::cell::Cell;
use super::height::height;
use super::layout::{Layout, Slot};
use super::look::{Emphasis, Look, style};
use super::xml::Xml;
use super::{Dialect, Part, xlsx_styles};

const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";
/// Days from 1899-12-30, with which counting begins, to 1970-01-01.
const EPOCH: i32 = 25_569;

/// An XLSX workbook.
pub struct Xlsx {
    sheet: String,
    widths: Vec<usize>,
    frozen: usize,
    above: u32,
    /// Of the heads.
    merged: Vec<String>,
    letters: Vec<String>,
}

impl Xlsx {
    /// With `above` rows over the first of the table.
    pub fn new(layout: &Layout<'_>, above: u32) -> Self {
        Self {
            sheet: layout.sheet.clone(),
            widths: layout.widths(),
            frozen: layout.frozen(),
            above,
            merged: Vec::new(),
            letters: (0..layout.columns.len().max(1)).map(letters).collect(),
        }
    }

    fn letters(&self, column: usize) -> &str {
        self.letters.get(column).map_or("A", String::as_str)
    }

    fn cell(&self, xml: &mut Xml, at: &str, style: &str, cell: &Cell) {
        let typed = |kind| [("r", at), ("s", style), ("t", kind)];
        match cell {
            Cell::Empty => {
                xml.empty("c", &[("r", at), ("s", style)]);
            }
            Cell::Text(text) => {
                xml.open("c", &typed("inlineStr")).open("is", &[]);
                xml.leaf("t", &[("xml:space", "preserve")], &escaped(text)).close("is").close("c");
            }
            Cell::Boolean(yes) => {
                let value = if *yes { "1" } else { "0" };
                xml.open("c", &typed("b")).leaf("v", &[], value).close("c");
            }
            Cell::Number(number) => counted(xml, at, style, &number.to_string()),
            Cell::Day(day) => counted(xml, at, style, &(time::days(*day) + EPOCH).to_string()),
            Cell::Moment(moment) => counted(xml, at, style, &serial(*moment).to_string()),
        }
    }
}

fn counted(xml: &mut Xml, at: &str, style: &str, value: &str) {
    xml.open("c", &[("r", at), ("s", style)]).leaf("v", &[], value).close("c");
}

/// A moment as spreadsheets count: days with their fraction. (No amount depends on it.)
fn serial(moment: DateTime) -> f64 {
    let time = moment.time();
    let seconds =
        f64::from(time.hour()) * 3_600.0 + f64::from(time.minute()) * 60.0 + f64::from(time.second());
    let seconds = seconds + f64::from(time.subsec_nanosecond()) / 1e9;
    f64::from(time::days(moment.date()) + EPOCH) + seconds / 86_400.0
}

/// A text in which nothing is taken for the escape of a character (`_x000D_`; ECMA-376 Part 1, 22.9.2.19).
fn escaped(text: &str) -> String {
    text.replace("_x", "_x005F_x")
}

/// The letters of a column.
fn letters(column: usize) -> String {
    let mut letters = Vec::new();
    let mut rest = column + 1;
    while rest > 0 {
        rest -= 1;
        letters.push(char::from(b'A' + u8::try_from(rest % 26).unwrap_or(0)));
        rest /= 26;
    }
    letters.iter().rev().collect()
}

impl Dialect for Xlsx {
    fn parts(&self) -> Vec<Part> {
        let part = |name, mut xml: Xml| Part { name, content: xml.take(), packed: true };
        let mut types = Xml::part();
        let kind =
            |part: &str| format!("application/vnd.openxmlformats-officedocument.spreadsheetml.{part}+xml");
        types.open("Types", &[("xmlns", &format!("{PACKAGE}/content-types"))]);
        let rels = "application/vnd.openxmlformats-package.relationships+xml";
        types.empty("Default", &[("Extension", "rels"), ("ContentType", rels)]);
        types.empty("Default", &[("Extension", "xml"), ("ContentType", "application/xml")]);
        let parts = [
            ("/xl/workbook.xml", "sheet.main"),
            ("/xl/worksheets/sheet1.xml", "worksheet"),
            ("/xl/styles.xml", "styles"),
        ];
        for (name, what) in parts {
            types.empty("Override", &[("PartName", name), ("ContentType", &kind(what))]);
        }
        types.close("Types");

        let related = |targets: &[(&str, &str, &str)]| {
            let mut xml = Xml::part();
            xml.open("Relationships", &[("xmlns", &format!("{PACKAGE}/relationships"))]);
            for (id, what, target) in targets {
                let kind = format!("{OFFICE}/{what}");
                xml.empty("Relationship", &[("Id", id), ("Type", &kind), ("Target", target)]);
            }
            xml.close("Relationships");
            xml
        };
        let mut book = Xml::part();
        book.open("workbook", &[("xmlns", MAIN), ("xmlns:r", OFFICE)]);
        book.open("bookViews", &[]).empty("workbookView", &[]).close("bookViews");
        book.open("sheets", &[]);
        book.empty("sheet", &[("name", &escaped(&self.sheet)), ("sheetId", "1"), ("r:id", "rId1")]);
        book.close("sheets").close("workbook");
        vec![
            part("[Content_Types].xml", types),
            part("_rels/.rels", related(&[("rId1", "officeDocument", "xl/workbook.xml")])),
            part("xl/workbook.xml", book),
            part(
                "xl/_rels/workbook.xml.rels",
                related(&[("rId1", "worksheet", "worksheets/sheet1.xml"), ("rId2", "styles", "styles.xml")]),
            ),
            part("xl/styles.xml", xlsx_styles::part()),
        ]
    }

    fn sheet(&self) -> &'static str {
        "xl/worksheets/sheet1.xml"
    }

    fn begin(&mut self, xml: &mut Xml) {
        *xml = Xml::part();
        xml.open("worksheet", &[("xmlns", MAIN)]);
        // On paper: as wide as a page, as long as need be.
        xml.open("sheetPr", &[]).empty("pageSetUpPr", &[("fitToPage", "1")]).close("sheetPr");
        xml.open("sheetViews", &[]).open("sheetView", &[("workbookViewId", "0")]);
        let corner = format!("{}{}", letters(self.frozen), self.above + 1);
        let (right, down) = (self.frozen.to_string(), self.above.to_string());
        let pane = if self.frozen > 0 { "bottomRight" } else { "bottomLeft" };
        let mut held = vec![("ySplit", down.as_str())];
        if self.frozen > 0 {
            held.insert(0, ("xSplit", right.as_str()));
        }
        held.extend([("topLeftCell", corner.as_str()), ("activePane", pane), ("state", "frozen")]);
        xml.empty("pane", &held).empty("selection", &[("pane", pane)]);
        xml.close("sheetView").close("sheetViews");
        xml.empty("sheetFormatPr", &[("defaultRowHeight", "15")]);
        if !self.widths.is_empty() {
            xml.open("cols", &[]);
            for (column, width) in self.widths.iter().enumerate() {
                let (number, width) = ((column + 1).to_string(), width.to_string());
                let place = [("min", number.as_str()), ("max", number.as_str())];
                xml.empty("col", &[place[0], place[1], ("width", &width), ("customWidth", "1")]);
            }
            xml.close("cols");
        }
        xml.open("sheetData", &[]);
    }

    fn row(&mut self, xml: &mut Xml, number: u32, slots: &[Slot], emphasis: Emphasis) {
        let (place, height) =
            (number.to_string(), height(slots, &self.widths).map(|points| points.to_string()));
        let tall = height.as_ref().map(|height| ("ht", height.as_str()));
        let of: Vec<_> = std::iter::once(("r", place.as_str())).chain(tall).collect();
        xml.open("row", &of);
        let head = style(Look::Head, Emphasis::Ordinary).to_string();
        for (column, slot) in slots.iter().enumerate() {
            let at = format!("{}{number}", self.letters(column));
            match slot {
                Slot::Covered => self.cell(xml, &at, &head, &Cell::Empty),
                Slot::Cell { cell, look, columns, rows } => {
                    self.cell(xml, &at, &style(*look, emphasis).to_string(), cell);
                    if *columns > 1 || *rows > 1 {
                        let last = u32::try_from(rows.saturating_sub(1)).unwrap_or(0);
                        let corner = self.letters(column + columns.saturating_sub(1)).to_owned();
                        self.merged.push(format!("{at}:{corner}{}", number + last));
                    }
                }
            }
        }
        xml.close("row");
    }

    fn end(&mut self, xml: &mut Xml) {
        xml.close("sheetData");
        if !self.merged.is_empty() {
            xml.open("mergeCells", &[("count", &self.merged.len().to_string())]);
            for area in &self.merged {
                xml.empty("mergeCell", &[("ref", area)]);
            }
            xml.close("mergeCells");
        }
        let paper = [("paperSize", "9"), ("fitToHeight", "0"), ("orientation", "landscape")];
        xml.empty("pageSetup", &paper);
        xml.close("worksheet");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_have_letters_and_days_their_numbers() {
        assert_eq!([0, 25, 26, 701, 702, 16_383].map(letters), ["A", "Z", "AA", "ZZ", "AAA", "XFD"]);
        assert_eq!(serial(jiff::civil::date(2026, 7, 1).at(18, 0, 0, 0)), 46_204.75);
        assert_eq!(escaped("_x000D_ và _xin"), "_x005F_x000D_ và _x005F_xin");
    }
}
