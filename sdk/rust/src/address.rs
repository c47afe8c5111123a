//! Addresses of a plugin's own pages, put together without spelling mistakes.

use crate::bindings::dinh::platform::views::Target;
use crate::request::Parameter;
use crate::value::FileId;

/// The address of a page of this plugin: path and query.
///
/// ```
/// use dinh_sdk::Address;
/// let profile = Address::new("/provinces").segment("22").with("edition", 2021);
/// assert_eq!(profile.to_string(), "/provinces/22?edition=2021");
/// assert_eq!(Address::new("/").with("q", "Thanh Hóa & Huế").to_string(), "/?q=Thanh%20H%C3%B3a%20%26%20Hu%E1%BA%BF");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    path: String,
    query: String,
}

impl Address {
    /// A path that begins with `/`.
    pub fn new(path: impl Into<String>) -> Self {
        Self { path: path.into(), query: String::new() }
    }

    /// One more segment of the path.
    pub fn segment(mut self, segment: impl Parameter) -> Self {
        if !self.path.ends_with('/') {
            self.path.push('/');
        }
        encode(&segment.to_text(), &mut self.path);
        self
    }

    /// One more parameter of the query.
    pub fn with(mut self, name: &str, value: impl Parameter) -> Self {
        if !self.query.is_empty() {
            self.query.push('&');
        }
        encode(name, &mut self.query);
        self.query.push('=');
        encode(&value.to_text(), &mut self.query);
        self
    }

    /// One more parameter, where there is a value.
    pub fn with_some(self, name: &str, value: Option<impl Parameter>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    /// One more parameter for each value.
    pub fn with_all<T: Parameter>(self, name: &str, values: impl IntoIterator<Item = T>) -> Self {
        values.into_iter().fold(self, |address, value| address.with(name, value))
    }
}

/// Percent-encodes all but what RFC 3986 calls unreserved.
fn encode(text: &str, into: &mut String) {
    const DIGITS: [char; 16] =
        ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F'];
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            into.push(char::from(byte));
        } else {
            into.push('%');
            into.extend(DIGITS.get(usize::from(byte >> 4)));
            into.extend(DIGITS.get(usize::from(byte & 15)));
        }
    }
}

impl std::fmt::Display for Address {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.path)?;
        if !self.query.is_empty() {
            write!(formatter, "?{}", self.query)?;
        }
        Ok(())
    }
}

impl From<Address> for Target {
    fn from(address: Address) -> Self {
        Self::Page(address.to_string())
    }
}

/// A path that begins with `/`, with its query if any.
impl From<&str> for Target {
    fn from(path: &str) -> Self {
        Self::Page(path.to_owned())
    }
}

/// An attachment: downloads it.
impl From<FileId> for Target {
    fn from(file: FileId) -> Self {
        Self::File(file.0)
    }
}

impl From<String> for Target {
    fn from(path: String) -> Self {
        Self::Page(path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_segment_cannot_leave_its_place_in_the_path() {
        assert_eq!(Address::new("/notes").segment("a/b?c").to_string(), "/notes/a%2Fb%3Fc");
    }

    #[test]
    fn absent_values_leave_no_parameter_and_many_repeat_it() {
        let address =
            Address::new("/compare").with_some("edition", None::<i64>).with_all("province", ["22", "31"]);
        assert_eq!(address.to_string(), "/compare?province=22&province=31");
    }
}
