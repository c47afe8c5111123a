//! The styles of an XLSX workbook: every look in every emphasis, by the numbers that [`look`](super::look) gives them.

use super::look::{Emphasis, Look, styles};
use super::xml::Xml;

/// Numbers of formats below this are the standard's own.
const OWN: usize = 164;

/// `xl/styles.xml`
pub fn part() -> Xml {
    let mut xml = Xml::part();
    xml.open("styleSheet", &[("xmlns", "http://schemas.openxmlformats.org/spreadsheetml/2006/main")]);
    let looks: Vec<Look> = Look::all().collect();
    xml.open("numFmts", &[("count", &looks.len().to_string())]);
    for (place, look) in looks.iter().enumerate() {
        xml.empty("numFmt", &[("numFmtId", &(OWN + place).to_string()), ("formatCode", &code(*look))]);
    }
    xml.close("numFmts");

    // 0 ordinary, 1 bold, 2 struck through, 3 title
    xml.open("fonts", &[("count", "4")]);
    for (mark, size) in [(None, "11"), (Some("b"), "11"), (Some("strike"), "11"), (Some("b"), "14")] {
        xml.open("font", &[]);
        if let Some(mark) = mark {
            xml.empty(mark, &[]);
        }
        xml.empty("sz", &[("val", size)]).empty("name", &[("val", "Times New Roman")]).close("font");
    }
    xml.close("fonts");

    // 0 and 1 are the standard's own, 2 heads, 3 highlight
    xml.open("fills", &[("count", "4")]);
    for pattern in ["none", "gray125"] {
        xml.open("fill", &[]).empty("patternFill", &[("patternType", pattern)]).close("fill");
    }
    for colour in [HEAD, HIGHLIGHT] {
        xml.open("fill", &[]).open("patternFill", &[("patternType", "solid")]);
        xml.empty("fgColor", &[("rgb", &format!("FF{colour}"))]).close("patternFill").close("fill");
    }
    xml.close("fills");

    // 0 none, 1 a frame
    xml.open("borders", &[("count", "2")]);
    for framed in [false, true] {
        xml.open("border", &[]);
        for side in ["left", "right", "top", "bottom"] {
            if framed {
                xml.open(side, &[("style", "thin")]).empty("color", &[("rgb", "FF999999")]).close(side);
            } else {
                xml.empty(side, &[]);
            }
        }
        xml.empty("diagonal", &[]).close("border");
    }
    xml.close("borders");

    let plain = [("numFmtId", "0"), ("fontId", "0"), ("fillId", "0"), ("borderId", "0")];
    xml.open("cellStyleXfs", &[("count", "1")]).empty("xf", &plain).close("cellStyleXfs");
    let all: Vec<_> = styles().collect();
    xml.open("cellXfs", &[("count", &all.len().to_string())]);
    for (place, (look, emphasis)) in all.iter().enumerate() {
        cell_style(&mut xml, OWN + place % Look::COUNT, *look, *emphasis);
    }
    xml.close("cellXfs");
    let normal = [("name", "Normal"), ("xfId", "0"), ("builtinId", "0")];
    xml.open("cellStyles", &[("count", "1")]).empty("cellStyle", &normal).close("cellStyles");
    xml.close("styleSheet");
    xml
}

/// The ground of heads.
pub const HEAD: &str = "E8EDF2";
/// The ground of rows that stand out.
pub const HIGHLIGHT: &str = "FFF4CC";

fn cell_style(xml: &mut Xml, format: usize, look: Look, emphasis: Emphasis) {
    let font = match (look, emphasis) {
        (Look::Title, _) => "3",
        (Look::Head, _) | (_, Emphasis::Strong) => "1",
        (_, Emphasis::Cancelled) => "2",
        _ => "0",
    };
    let fill = match (look, emphasis) {
        (Look::Head, _) => "2",
        (_, Emphasis::Highlight) => "3",
        _ => "0",
    };
    let border = if look.is_framed() { "1" } else { "0" };
    let format = format.to_string();
    let mut of =
        vec![("numFmtId", format.as_str()), ("fontId", font), ("fillId", fill), ("borderId", border)];
    of.extend([("xfId", "0"), ("applyNumberFormat", "1"), ("applyFont", "1"), ("applyFill", "1")]);
    of.extend([("applyBorder", "1"), ("applyAlignment", "1")]);
    if look == Look::Marked {
        of.push(("quotePrefix", "1"));
    }
    xml.open("xf", &of);
    let depth = if let Look::Text(depth) = look { depth.to_string() } else { String::new() };
    let mut stands = vec![("vertical", if look == Look::Head { "center" } else { "top" })];
    match look {
        Look::Head | Look::Sign => stands.push(("horizontal", "center")),
        Look::Text(1..) => stands.extend([("horizontal", "left"), ("indent", depth.as_str())]),
        _ => {}
    }
    if look.wraps() {
        stands.push(("wrapText", "1"));
    }
    xml.empty("alignment", &stands).close("xf");
}

/// How a number is shown; marks that a language would change are fixed.
fn code(look: Look) -> String {
    let places = |places: u8| {
        let point = if places > 0 { "." } else { "" };
        format!("#,##0{point}{}", "0".repeat(usize::from(places)))
    };
    match look {
        Look::Title | Look::Line | Look::Head | Look::Text(_) | Look::Marked | Look::Sign => "@".to_owned(),
        Look::Boolean => "General".to_owned(),
        Look::Day => "dd\\/mm\\/yyyy".to_owned(),
        Look::Month => "mm\\/yyyy".to_owned(),
        Look::Year => "yyyy".to_owned(),
        Look::Moment => "dd\\/mm\\/yyyy\\ hh:mm".to_owned(),
        Look::Bare => "0".to_owned(),
        Look::Number(of) => places(of),
        // In quotation marks: the value is in hundredths already.
        Look::Percent(of) => format!("{}\"\u{a0}%\"", places(of)),
        Look::Change(of) => format!("+{0};-{0};{0}", places(of)),
    }
}
