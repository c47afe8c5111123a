//! What a page may be made of, read as a browser reads it.
//!
//! Every element and attribute is one that the platform draws; elements end in the order in which they began; an
//! address leads to one of our own pages, or out by `https://`; nothing else has a place for a script or a style.

use html5gum::emitters::default::DefaultEmitter;
use html5gum::{Error, StartTag, Token, Tokenizer};

const ELEMENTS: &[&str] = &[
    "a",
    "b",
    "br",
    "button",
    "caption",
    "circle",
    "code",
    "col",
    "colgroup",
    "dd",
    "details",
    "div",
    "dl",
    "dt",
    "em",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "g",
    "h1",
    "h2",
    "h3",
    "h4",
    "input",
    "label",
    "legend",
    "li",
    "line",
    "nav",
    "ol",
    "optgroup",
    "option",
    "p",
    "path",
    "polygon",
    "polyline",
    "rect",
    "section",
    "select",
    "span",
    "strong",
    "summary",
    "svg",
    "table",
    "tbody",
    "td",
    "text",
    "textarea",
    "tfoot",
    "th",
    "thead",
    "time",
    "title",
    "tr",
    "ul",
    "blockquote",
    "header",
    "small",
    "abbr",
    "output",
    "progress",
    "datalist",
    "template",
    "aside",
    "article",
    "tspan",
    "use",
];
const EMPTY: &[&str] = &["br", "col", "input"];
const ATTRIBUTES: &[&str] = &[
    "accept",
    "action",
    "alt",
    "autocomplete",
    "checked",
    "class",
    "cols",
    "colspan",
    "cx",
    "cy",
    "d",
    "datetime",
    "disabled",
    "dominant-baseline",
    "enctype",
    "fill",
    "for",
    "form",
    "formaction",
    "formmethod",
    "formnovalidate",
    "formenctype",
    "headers",
    "height",
    "hidden",
    "href",
    "id",
    "inputmode",
    "lang",
    "list",
    "max",
    "maxlength",
    "method",
    "min",
    "minlength",
    "multiple",
    "name",
    "novalidate",
    "open",
    "pattern",
    "placeholder",
    "points",
    "r",
    "readonly",
    "rel",
    "required",
    "role",
    "rows",
    "rowspan",
    "scope",
    "selected",
    "size",
    "step",
    "tabindex",
    "text-anchor",
    "title",
    "transform",
    "type",
    "value",
    "viewbox",
    "width",
    "x",
    "x1",
    "x2",
    "y",
    "y1",
    "y2",
    "stroke",
    "stroke-width",
    "spellcheck",
    "start",
    "preserveaspectratio",
    "focusable",
    "dx",
    "dy",
    "rx",
    "ry",
    "download",
    "stroke-dasharray",
    "autofocus",
];
const ADDRESSES: &[&str] = &["href", "action", "formaction"];

/// Looks at a page of `plugin`; panics where it is not what it may be.
pub fn look(html: &str, plugin: &str) {
    let mut emitter = DefaultEmitter::default();
    emitter.naively_switch_states(true);
    let mut open: Vec<String> = Vec::new();
    for Ok(token) in Tokenizer::new_with_emitter(html, emitter) {
        match token {
            Token::StartTag(tag) => {
                let name = text(&tag.name);
                assert!(ELEMENTS.contains(&name.as_str()), "an element <{name}>");
                attributes(&tag, plugin);
                if !EMPTY.contains(&name.as_str()) {
                    open.push(name);
                }
            }
            Token::EndTag(tag) => {
                let name = text(&tag.name);
                assert_eq!(open.pop().as_ref(), Some(&name), "elements end in the order in which they began");
            }
            Token::Comment(comment) => panic!("a comment: {}", text(&comment.value)),
            Token::Doctype(_) => panic!("a doctype"),
            Token::Error(error) => assert!(is_of_characters(error.value), "{:?}", error.value),
            Token::String(_) => {}
        }
    }
    assert_eq!(open, Vec::<String>::new(), "what was begun and not ended");
}

/// Characters that no text should have, and which are no more than that.
fn is_of_characters(error: Error) -> bool {
    matches!(
        error,
        Error::UnexpectedNullCharacter
            | Error::ControlCharacterInInputStream
            | Error::NoncharacterInInputStream
            | Error::SurrogateInInputStream
    )
}

fn attributes(tag: &StartTag<()>, plugin: &str) {
    for (name, value) in &tag.attributes {
        let (name, value) = (text(name), text(&value.value));
        let known =
            ATTRIBUTES.contains(&name.as_str()) || name.starts_with("aria-") || name.starts_with("data-");
        assert!(known, "an attribute {name}={value:?}");
        if ADDRESSES.contains(&name.as_str()) {
            address(&value, plugin);
        }
    }
}

/// Looks at an address: of a page of `plugin` or of another, or of another server by `https://`.
pub fn address(address: &str, plugin: &str) {
    assert!(
        !address.chars().any(|c| c.is_control() || c == ' ' || "\"<>\\`".contains(c)),
        "characters that no address has: {address:?}"
    );
    if let Some(rest) = address.strip_prefix("https://") {
        let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
        assert!(!host.is_empty() && !host.contains('@'), "{address:?}");
        return;
    }
    let ours = ['#', '?'].iter().any(|first| address.starts_with(*first)) || address.starts_with("/assets/");
    if ours || address.is_empty() {
        return;
    }
    let path = address.split(['?', '#']).next().unwrap_or_default();
    let rest = path.strip_prefix("/apps/").unwrap_or_else(|| panic!("{address:?} is no page of a plugin"));
    let mut depth = 0_i32;
    // A browser takes `%2e` for a dot.
    for segment in rest.to_ascii_lowercase().replace("%2e", ".").split('/').skip(1) {
        match segment {
            "." => {}
            ".." => depth -= 1,
            _ => depth += 1,
        }
        assert!(depth >= 0, "{address:?} leads out of {plugin}");
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
