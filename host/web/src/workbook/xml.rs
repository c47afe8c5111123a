//! XML as text: whatever is put in comes out as what it was, and never as markup.

use std::fmt::Write;

/// XML in the making. Names are the writer's own; values and texts are escaped here, and nowhere else.
#[derive(Default)]
pub struct Xml {
    text: String,
}

/// The line that every part begins with.
const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";

impl Xml {
    /// A part of its own, with its declaration.
    pub fn part() -> Self {
        Self { text: DECLARATION.to_owned() }
    }

    /// `<name a="b">`
    pub fn open(&mut self, name: &str, attributes: &[(&str, &str)]) -> &mut Self {
        self.begin(name, attributes);
        self.text.push('>');
        self
    }

    /// `</name>`
    pub fn close(&mut self, name: &str) -> &mut Self {
        // Writing to a text does not fail.
        let _ = write!(self.text, "</{name}>");
        self
    }

    /// `<name a="b"/>`
    pub fn empty(&mut self, name: &str, attributes: &[(&str, &str)]) -> &mut Self {
        self.begin(name, attributes);
        self.text.push_str("/>");
        self
    }

    /// Text.
    pub fn text(&mut self, text: &str) -> &mut Self {
        self.escaped(text);
        self
    }

    /// `<name a="b">text</name>`
    pub fn leaf(&mut self, name: &str, attributes: &[(&str, &str)], text: &str) -> &mut Self {
        self.open(name, attributes).text(text).close(name)
    }

    /// What there is so far; what comes next goes on behind it.
    pub fn take(&mut self) -> String {
        std::mem::take(&mut self.text)
    }

    fn begin(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.text.push('<');
        self.text.push_str(name);
        for (name, value) in attributes {
            let _ = write!(self.text, " {name}=\"");
            self.escaped(value);
            self.text.push('"');
        }
    }

    fn escaped(&mut self, text: &str) {
        for c in text.chars() {
            match c {
                '&' => self.text.push_str("&amp;"),
                '<' => self.text.push_str("&lt;"),
                '>' => self.text.push_str("&gt;"),
                '"' => self.text.push_str("&quot;"),
                '\t' => self.text.push_str("&#9;"),
                '\n' => self.text.push_str("&#10;"),
                c => self.text.push(if is_held(c) { c } else { char::REPLACEMENT_CHARACTER }),
            }
        }
    }
}

/// Whether XML 1.0 can hold a character at all (production 2, `Char`); a return it would read as a line feed.
fn is_held(c: char) -> bool {
    !matches!(c, '\0'..='\u{8}' | '\u{b}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}')
}

/// A text as its lines are told apart in workbooks: by line feeds alone.
pub fn unix(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_is_put_in_becomes_markup_and_what_xml_cannot_hold_is_seen_to_be_missing() {
        let mut xml = Xml::default();
        xml.leaf("a", &[("b", "\"<&>'\n")], "</a>&amp;\u{0}\u{1f}\u{fffe}\t😀");
        assert_eq!(
            xml.take(),
            "<a b=\"&quot;&lt;&amp;&gt;'&#10;\">&lt;/a&gt;&amp;amp;\u{fffd}\u{fffd}\u{fffd}&#9;😀</a>"
        );
        assert_eq!(unix("a\r\nb\rc\nd"), "a\nb\nc\nd");
    }
}
