//! The styles of an ODS workbook: every look in every emphasis, by the numbers that [`look`](super::look) gives them.

use super::look::{Emphasis, Look, styles};
use super::ods::URN;
use super::xlsx_styles::{HEAD, HIGHLIGHT};
use super::xml::Xml;

/// The name of a style of cells.
pub fn cell(number: usize) -> String {
    format!("c{number}")
}

/// The name of the style of a column that is so many characters wide.
pub fn column(width: usize) -> String {
    format!("w{width}")
}

/// The vocabularies of a part, and its version.
pub fn spaces() -> Vec<(String, String)> {
    let own = ["office", "style", "text", "table"].map(|name| (name, name));
    let others = [("number", "datastyle"), ("fo", "xsl-fo-compatible")];
    let spaces = own.into_iter().chain(others);
    spaces
        .map(|(name, vocabulary)| (format!("xmlns:{name}"), format!("{URN}:{vocabulary}:1.0")))
        .chain([("office:version".to_owned(), "1.3".to_owned())])
        .collect()
}

/// `styles.xml`: on paper, as wide as a lying page, as long as need be.
pub fn pages() -> Xml {
    let mut xml = Xml::part();
    let spaces = spaces();
    let spaces: Vec<_> = spaces.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    xml.open("office:document-styles", &spaces);
    xml.open("office:automatic-styles", &[]).open("style:page-layout", &[("style:name", "p")]);
    let paper = [("fo:page-width", "297mm"), ("fo:page-height", "210mm"), ("fo:margin", "15mm")];
    let [wide, high, margin] = paper;
    let fits = [("style:scale-to-X", "1"), ("style:scale-to-Y", "0")];
    let [across, down] = fits;
    let lying = ("style:print-orientation", "landscape");
    xml.empty("style:page-layout-properties", &[wide, high, margin, lying, across, down]);
    xml.close("style:page-layout").close("office:automatic-styles").open("office:master-styles", &[]);
    let named = [("style:name", "Default"), ("style:page-layout-name", "p")];
    xml.open("style:master-page", &named);
    // Without them programs print lines of their own.
    xml.empty("style:header", &[("style:display", "false")]);
    xml.empty("style:footer", &[("style:display", "false")]);
    xml.close("style:master-page").close("office:master-styles").close("office:document-styles");
    xml
}

/// `office:automatic-styles`
pub fn write(xml: &mut Xml, widths: &[usize]) {
    xml.open("office:font-face-decls", &[]).close("office:font-face-decls");
    xml.open("office:automatic-styles", &[]);
    for (place, look) in Look::all().enumerate() {
        data(xml, &format!("n{place}"), look);
    }
    let table = [("style:name", "t"), ("style:family", "table"), ("style:master-page-name", "Default")];
    xml.empty("style:style", &table);
    xml.open("style:style", &[("style:name", "r"), ("style:family", "table-row")]);
    xml.empty("style:table-row-properties", &[("style:use-optimal-row-height", "true")]);
    xml.close("style:style");
    for width in widths.iter().collect::<std::collections::BTreeSet<_>>() {
        // A character of the usual face is about two millimetres wide.
        let length = format!("{}mm", width * 2 + 1);
        xml.open("style:style", &[("style:name", &column(*width)), ("style:family", "table-column")]);
        xml.empty("style:table-column-properties", &[("style:column-width", &length)]);
        xml.close("style:style");
    }
    for (place, (look, emphasis)) in styles().enumerate() {
        cell_style(xml, place, look, emphasis);
    }
    xml.close("office:automatic-styles");
}

fn cell_style(xml: &mut Xml, place: usize, look: Look, emphasis: Emphasis) {
    let shown = format!("n{}", place % Look::COUNT);
    let name = cell(place);
    let family = [("style:name", name.as_str()), ("style:family", "table-cell")];
    xml.open("style:style", &[family[0], family[1], ("style:data-style-name", &shown)]);
    let ground = match (look, emphasis) {
        (Look::Head, _) => Some(format!("#{HEAD}")),
        (_, Emphasis::Highlight) => Some(format!("#{HIGHLIGHT}")),
        _ => None,
    };
    let mut of = vec![("style:vertical-align", if look == Look::Head { "middle" } else { "top" })];
    if look.is_framed() {
        of.push(("fo:border", "0.5pt solid #999999"));
    }
    if look.wraps() {
        of.push(("fo:wrap-option", "wrap"));
    }
    if let Some(ground) = &ground {
        of.push(("fo:background-color", ground));
    }
    if matches!(look, Look::Head | Look::Sign | Look::Text(1..)) {
        of.push(("style:text-align-source", "fix"));
    }
    xml.empty("style:table-cell-properties", &of);
    let margin =
        if let Look::Text(depth) = look { format!("{}mm", u32::from(depth) * 4) } else { String::new() };
    match look {
        Look::Head | Look::Sign => {
            xml.empty("style:paragraph-properties", &[("fo:text-align", "center")]);
        }
        Look::Text(1..) => {
            let of = [("fo:text-align", "start"), ("fo:margin-left", margin.as_str())];
            xml.empty("style:paragraph-properties", &of);
        }
        _ => {}
    }
    let size = if look == Look::Title { "14pt" } else { "11pt" };
    let mut of = vec![("fo:font-family", "Times New Roman"), ("fo:font-size", size)];
    match (look, emphasis) {
        (Look::Title | Look::Head, _) | (_, Emphasis::Strong) => of.push(("fo:font-weight", "bold")),
        (_, Emphasis::Cancelled) => of.push(("style:text-line-through-style", "solid")),
        _ => {}
    }
    xml.empty("style:text-properties", &of).close("style:style");
}

/// How a number or a day is shown.
fn data(xml: &mut Xml, name: &str, look: Look) {
    let named = [("style:name", name)];
    match look {
        Look::Title | Look::Line | Look::Head | Look::Text(_) | Look::Marked | Look::Sign => {
            xml.open("number:text-style", &named).empty("number:text-content", &[]);
            xml.close("number:text-style");
        }
        Look::Boolean => {
            xml.open("number:boolean-style", &named).empty("number:boolean", &[]);
            xml.close("number:boolean-style");
        }
        Look::Day => days(xml, name, &["day", "month", "year"], false),
        Look::Month => days(xml, name, &["month", "year"], false),
        Look::Year => days(xml, name, &["year"], false),
        Look::Moment => days(xml, name, &["day", "month", "year"], true),
        Look::Bare => number(xml, name, "", 0, false, ""),
        Look::Number(places) => number(xml, name, "", places, true, ""),
        Look::Percent(places) => number(xml, name, "", places, true, "\u{a0}%"),
        Look::Change(places) => {
            let above = format!("{name}p");
            number(xml, &above, "+", places, true, "");
            xml.open("number:number-style", &named);
            digits(xml, places, true);
            xml.empty("style:map", &[("style:condition", "value()>0"), ("style:apply-style-name", &above)]);
            xml.close("number:number-style");
        }
    }
}

fn number(xml: &mut Xml, name: &str, before: &str, places: u8, grouped: bool, behind: &str) {
    xml.open("number:number-style", &[("style:name", name)]);
    if !before.is_empty() {
        xml.leaf("number:text", &[], before);
    }
    digits(xml, places, grouped);
    if !behind.is_empty() {
        xml.leaf("number:text", &[], behind);
    }
    xml.close("number:number-style");
}

fn digits(xml: &mut Xml, places: u8, grouped: bool) {
    let places = places.to_string();
    let grouped = grouped.to_string();
    let of = [("number:decimal-places", places.as_str()), ("number:min-decimal-places", places.as_str())];
    let whole = [("number:min-integer-digits", "1"), ("number:grouping", grouped.as_str())];
    xml.empty("number:number", &[of[0], of[1], whole[0], whole[1]]);
}

fn days(xml: &mut Xml, name: &str, parts: &[&str], clock: bool) {
    xml.open("number:date-style", &[("style:name", name)]);
    for (place, part) in parts.iter().enumerate() {
        if place > 0 {
            xml.leaf("number:text", &[], "/");
        }
        xml.empty(&format!("number:{part}"), &[("number:style", "long")]);
    }
    if clock {
        xml.leaf("number:text", &[], " ").empty("number:hours", &[("number:style", "long")]);
        xml.leaf("number:text", &[], ":").empty("number:minutes", &[("number:style", "long")]);
    }
    xml.close("number:date-style");
}
