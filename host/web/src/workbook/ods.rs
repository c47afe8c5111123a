//! The sheet of an ODS workbook (OpenDocument 1.3, ISO/IEC 26300).

use super::cell::Cell;
use super::layout::{Layout, Slot};
use super::look::{Emphasis, Look, style};
use super::xml::Xml;
use super::{Dialect, Part, ods_styles};

/// What tells programs what the file is.
pub const MEDIA: &str = "application/vnd.oasis.opendocument.spreadsheet";
/// What the names of its vocabularies begin with.
pub const URN: &str = "urn:oasis:names:tc:opendocument:xmlns";

/// An ODS workbook.
pub struct Ods {
    sheet: String,
    widths: Vec<usize>,
    frozen: usize,
    above: u32,
}

impl Ods {
    /// With `above` rows over the first of the table.
    pub fn new(layout: &Layout<'_>, above: u32) -> Self {
        Self { sheet: layout.sheet.clone(), widths: layout.widths(), frozen: layout.frozen(), above }
    }

    /// What stays in view; programs keep that apart from the sheet.
    fn settings(&self) -> Xml {
        let mut xml = Xml::part();
        let config = format!("{URN}:config:1.0");
        let office = format!("{URN}:office:1.0");
        // The name of the settings is one of a vocabulary: without it, programs pass over them.
        let [of, named, own] = [
            ("xmlns:office", office.as_str()),
            ("xmlns:config", config.as_str()),
            ("xmlns:ooo", "http://openoffice.org/2004/office"),
        ];
        xml.open("office:document-settings", &[of, named, own, ("office:version", "1.3")]);
        xml.open("office:settings", &[]);
        xml.open("config:config-item-set", &[("config:name", "ooo:view-settings")]);
        xml.open("config:config-item-map-indexed", &[("config:name", "Views")]);
        xml.open("config:config-item-map-entry", &[]);
        let item = |xml: &mut Xml, name: &str, kind: &str, value: &str| {
            xml.leaf("config:config-item", &[("config:name", name), ("config:type", kind)], value);
        };
        item(&mut xml, "ActiveTable", "string", &self.sheet);
        xml.open("config:config-item-map-named", &[("config:name", "Tables")]);
        xml.open("config:config-item-map-entry", &[("config:name", &self.sheet)]);
        let (right, down) = (self.frozen.to_string(), self.above.to_string());
        for (name, kind, value) in [
            ("HorizontalSplitMode", "short", if self.frozen > 0 { "2" } else { "0" }),
            ("VerticalSplitMode", "short", "2"),
            ("HorizontalSplitPosition", "int", &right),
            ("VerticalSplitPosition", "int", &down),
            ("ActiveSplitRange", "short", if self.frozen > 0 { "3" } else { "2" }),
            ("PositionLeft", "int", "0"),
            ("PositionRight", "int", &right),
            ("PositionTop", "int", "0"),
            ("PositionBottom", "int", &down),
        ] {
            item(&mut xml, name, kind, value);
        }
        xml.close("config:config-item-map-entry").close("config:config-item-map-named");
        xml.close("config:config-item-map-entry").close("config:config-item-map-indexed");
        xml.close("config:config-item-set").close("office:settings").close("office:document-settings");
        xml
    }
}

fn manifest() -> Xml {
    let mut xml = Xml::part();
    let space = format!("{URN}:manifest:1.0");
    xml.open("manifest:manifest", &[("xmlns:manifest", &space), ("manifest:version", "1.3")]);
    let entry = |xml: &mut Xml, path: &str, kind: &str| {
        xml.empty("manifest:file-entry", &[("manifest:full-path", path), ("manifest:media-type", kind)]);
    };
    entry(&mut xml, "/", MEDIA);
    for path in ["content.xml", "settings.xml", "styles.xml"] {
        entry(&mut xml, path, "text/xml");
    }
    xml.close("manifest:manifest");
    xml
}

/// A text as paragraphs: OpenDocument reads several spaces as one, and has elements for what they were.
fn paragraphs(xml: &mut Xml, text: &str) {
    for line in text.split('\n') {
        xml.open("text:p", &[]);
        let (mut spaces, mut begun) = (0_usize, false);
        for (place, piece) in line.split(' ').enumerate() {
            spaces += usize::from(place > 0);
            if !piece.is_empty() {
                spaced(xml, std::mem::take(&mut spaces), begun);
                begun = true;
                for (place, words) in piece.split('\t').enumerate() {
                    if place > 0 {
                        xml.empty("text:tab", &[]);
                    }
                    xml.text(words);
                }
            }
        }
        spaced(xml, spaces, false);
        xml.close("text:p");
    }
}

/// So many spaces; one between words stays what it is.
fn spaced(xml: &mut Xml, many: usize, between: bool) {
    match many {
        0 => {}
        1 if between => drop(xml.text(" ")),
        many => drop(xml.empty("text:s", &[("text:c", &many.to_string())])),
    }
}

impl Dialect for Ods {
    fn parts(&self) -> Vec<Part> {
        let part = |name, mut xml: Xml| Part { name, content: xml.take(), packed: true };
        vec![
            Part { name: "mimetype", content: MEDIA.to_owned(), packed: false },
            part("META-INF/manifest.xml", manifest()),
            part("settings.xml", self.settings()),
            part("styles.xml", ods_styles::pages()),
        ]
    }

    fn sheet(&self) -> &'static str {
        "content.xml"
    }

    fn begin(&mut self, xml: &mut Xml) {
        *xml = Xml::part();
        let spaces = ods_styles::spaces();
        let spaces: Vec<_> = spaces.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        xml.open("office:document-content", &spaces);
        ods_styles::write(xml, &self.widths);
        xml.open("office:body", &[]).open("office:spreadsheet", &[]);
        xml.open("table:table", &[("table:name", &self.sheet), ("table:style-name", "t")]);
        for width in &self.widths {
            xml.empty("table:table-column", &[("table:style-name", &ods_styles::column(*width))]);
        }
    }

    fn row(&mut self, xml: &mut Xml, _: u32, slots: &[Slot], emphasis: Emphasis) {
        xml.open("table:table-row", &[("table:style-name", "r")]);
        if slots.is_empty() {
            xml.empty("table:table-cell", &[]);
        }
        for slot in slots {
            match slot {
                Slot::Covered => drop(xml.empty("table:covered-table-cell", &[])),
                Slot::Cell { cell, look, columns, rows } => {
                    one(xml, cell, (*look, emphasis), (*columns, *rows));
                }
            }
        }
        xml.close("table:table-row");
    }

    fn end(&mut self, xml: &mut Xml) {
        xml.close("table:table").close("office:spreadsheet").close("office:body");
        xml.close("office:document-content");
    }
}

fn one(xml: &mut Xml, cell: &Cell, (look, emphasis): (Look, Emphasis), (columns, rows): (usize, usize)) {
    let style = ods_styles::cell(style(look, emphasis));
    let spans = [columns, rows].map(|span| span.to_string());
    let mut of = vec![("table:style-name", style.as_str())];
    if columns > 1 || rows > 1 {
        of.push(("table:number-columns-spanned", &spans[0]));
        of.push(("table:number-rows-spanned", &spans[1]));
    }
    let (kind, name, value) = match cell {
        Cell::Empty => {
            xml.empty("table:table-cell", &of);
            return;
        }
        Cell::Text(text) => {
            of.push(("office:value-type", "string"));
            xml.open("table:table-cell", &of);
            paragraphs(xml, text);
            xml.close("table:table-cell");
            return;
        }
        Cell::Number(number) => ("float", "office:value", number.to_string()),
        Cell::Day(day) => ("date", "office:date-value", day.to_string()),
        Cell::Moment(moment) => ("date", "office:date-value", moment.to_string()),
        Cell::Boolean(yes) => ("boolean", "office:boolean-value", yes.to_string()),
    };
    of.extend([("office:value-type", kind), (name, value.as_str())]);
    xml.empty("table:table-cell", &of);
}
