//! Where on the platform a page is, and the addresses of what it links to.

use dinh_model::{FileId, PluginId};
use dinh_runtime::bindings::views::Target;
use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, utf8_percent_encode};

/// Names in the query that are the host's own and are not passed to plugins. (`after`, `sort` and
/// `descending` are the host's too, and are passed.)
pub const RESERVED: [&str; 9] =
    ["sheet", "export", "format", "notice", "pick", "words", "template", "more", "print"];

/// What a path or query given by a plugin may not contain as it is.
const UNSAFE: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'<')
    .add(b'>')
    .add(b'`')
    .add(b'{')
    .add(b'}')
    .add(b'\\')
    .add(b'^')
    .add(b'|');

/// Everything in a query's names and values but unreserved characters.
const COMPONENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The address of a page of a plugin.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// The plugin.
    pub plugin: &'a PluginId,
    /// Path below the plugin's own, decoded, beginning with `/`.
    pub path: &'a str,
    /// The query without the host's names.
    pub query: &'a [(String, String)],
}

/// Where a link leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// The address.
    pub href: String,
    /// It leads out of the platform.
    pub leaves: bool,
}

impl Place<'_> {
    /// The address of the page itself.
    pub fn here(&self) -> String {
        self.with(&[])
    }

    /// The address of the page with some names of its query set (or left out: none).
    pub fn with(&self, changes: &[(&str, Option<&str>)]) -> String {
        let kept = self.query.iter().filter(|(name, _)| !changes.iter().any(|(changed, _)| changed == name));
        let pairs = kept
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .chain(changes.iter().filter_map(|(name, value)| value.map(|value| (*name, value))));
        format!("{}{}", self.below(self.path), query(pairs))
    }

    /// The address of a page of the same plugin without a query.
    pub fn bare(&self) -> String {
        self.below(self.path)
    }

    fn below(&self, path: &str) -> String {
        plugin_path(self.plugin.as_str(), &encode_path(path))
    }

    /// The address of a target of a view.
    pub fn address(&self, target: &Target) -> Address {
        let inside = |href| Address { href, leaves: false };
        match target {
            Target::Page(path) => inside(plugin_path(self.plugin.as_str(), &given(path))),
            Target::Plugin(page) => inside(plugin_path(&encode(&page.plugin), &given(&page.path))),
            Target::File(id) => inside(self.file(crate::datum::record(*id))),
            Target::External(address) => Address { href: given(address), leaves: true },
        }
    }

    /// The address at which a file of the plugin is downloaded.
    pub fn file(&self, id: FileId) -> String {
        plugin_path(self.plugin.as_str(), &format!("/files/{id}"))
    }

    /// Whether a target is the page itself: the same path, and every name of its query has the same value here.
    pub fn is_here(&self, target: &Target) -> bool {
        let Target::Page(address) = target else { return false };
        let (path, wanted) = address.split_once('?').unwrap_or((address, ""));
        let decoded = percent_encoding::percent_decode_str(path).decode_utf8_lossy();
        decoded == self.path && parse_query(wanted).iter().all(|pair| self.query.contains(pair))
    }
}

fn plugin_path(plugin: &str, path: &str) -> String {
    let path =
        if path == "/" { "" } else { path.strip_prefix("/?").map_or(path, |_| path.trim_start_matches('/')) };
    format!("/apps/{plugin}{path}")
}

/// A path and query for a header, where only ASCII may stand.
pub fn ascii(path: &str) -> String {
    given(path)
}

/// Text of a plugin as part of an address: what is not allowed there is encoded, what is encoded stays.
fn given(text: &str) -> String {
    utf8_percent_encode(text, UNSAFE).to_string()
}

/// A decoded path as part of an address.
fn encode_path(path: &str) -> String {
    path.split('/').map(encode).collect::<Vec<_>>().join("/")
}

/// One component of an address.
pub fn encode(text: &str) -> String {
    utf8_percent_encode(text, COMPONENT).to_string()
}

/// `?name=value&…`, or nothing.
pub fn query<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let mut text = String::new();
    for (name, value) in pairs {
        text.push(if text.is_empty() { '?' } else { '&' });
        text.push_str(&encode(name));
        text.push('=');
        text.push_str(&encode(value));
    }
    text
}

/// The names and values of a query or a urlencoded body, decoded, in order.
pub fn parse_query(text: &str) -> Vec<(String, String)> {
    let decode = |part: &str| {
        let spaced = part.replace('+', " ");
        percent_encoding::percent_decode_str(&spaced).decode_utf8_lossy().into_owned()
    };
    text.split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decode(name), decode(value))
        })
        .collect()
}

/// A path to come back to, if `text` is one of this platform: begins with one `/`, without backslash or
/// control characters, so that no other site can be meant.
pub fn local(text: &str) -> Option<&str> {
    let inside = text.starts_with('/')
        && !text.starts_with("//")
        && !text.contains('\\')
        && !text.chars().any(char::is_control);
    (inside && text.len() <= 2_000).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at<'a>(plugin: &'a PluginId, query: &'a [(String, String)]) -> Place<'a> {
        Place { plugin, path: "/provinces/Thanh Hóa", query }
    }

    #[test]
    fn addresses_keep_the_query_and_change_what_is_asked() {
        let plugin: PluginId = "pci-index".parse().unwrap();
        let query = parse_query("edition=2021&sort=score&q=H%C3%A0+N%E1%BB%99i");
        assert_eq!(query[2], ("q".to_owned(), "Hà Nội".to_owned()));
        let place = at(&plugin, &query);
        assert_eq!(
            place.with(&[("sort", Some("rank")), ("q", None), ("descending", Some("true"))]),
            "/apps/pci-index/provinces/Thanh%20H%C3%B3a?edition=2021&sort=rank&descending=true"
        );
        let root = Place { path: "/", ..place };
        assert_eq!(root.with(&[("q", None)]), "/apps/pci-index?edition=2021&sort=score");
    }

    #[test]
    fn targets_stay_below_their_plugin_and_lose_what_could_break_out_of_markup() {
        let plugin: PluginId = "pci-index".parse().unwrap();
        let place = at(&plugin, &[]);
        let href = |path: &str| place.address(&Target::Page(path.to_owned())).href;
        assert_eq!(href("/"), "/apps/pci-index");
        assert_eq!(href("/?a=1"), "/apps/pci-index?a=1");
        assert_eq!(href("//evil.example"), "/apps/pci-index//evil.example");
        assert_eq!(
            href("/a\"><b>\n?q=Hà Nội&x=%20"),
            "/apps/pci-index/a%22%3E%3Cb%3E%0A?q=H%C3%A0%20N%E1%BB%99i&x=%20"
        );
        assert!(place.address(&Target::External("https://vcci.com.vn".into())).leaves);
    }

    #[test]
    fn a_tab_is_marked_when_path_and_query_are_those_of_the_page() {
        let plugin: PluginId = "pci-index".parse().unwrap();
        let query = parse_query("edition=2021&view=map");
        let place = at(&plugin, &query);
        let here = |path: &str| place.is_here(&Target::Page(path.to_owned()));
        assert!(here("/provinces/Thanh%20H%C3%B3a?edition=2021"));
        assert!(here("/provinces/Thanh Hóa"));
        assert!(!here("/provinces/Thanh Hóa?edition=2022"));
        assert!(!here("/provinces"));
    }

    #[test]
    fn only_paths_of_this_platform_are_places_to_come_back_to() {
        assert_eq!(local("/apps/pci-index?x=1"), Some("/apps/pci-index?x=1"));
        for bad in ["", "https://evil.example", "//evil.example", "/\\evil.example", "apps", "/a\nb"] {
            assert_eq!(local(bad), None, "{bad}");
        }
    }
}
