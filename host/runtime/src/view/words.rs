//! Texts, names, and where links lead.

use dinh_model::PluginId;

use super::{Checked, Checker, ITEMS, TEXT};
use crate::bindings::views::{self, Effect, Target};

/// Whether a text has no control characters but line feeds and tabs. Looks at all bytes without stopping, many at a time:
/// U+0000–001F and U+007F are one byte, U+0080–009F are `C2` and one below `A0`.
pub(super) fn is_plain(text: &str) -> bool {
    let bytes = text.as_bytes();
    let one = |byte: u8| (byte < 0x20) & (byte != b'\n') & (byte != b'\t') | (byte == 0x7f);
    let two = |(first, second): (&u8, &u8)| (*first == 0xc2) & (*second < 0xa0);
    let ones = bytes.iter().fold(false, |found, byte| found | one(*byte));
    let twos = bytes.iter().zip(bytes.iter().skip(1)).fold(false, |found, pair| found | two(pair));
    !(ones | twos)
}

impl Checker {
    /// A text that may be empty.
    pub(super) fn text(&mut self, name: &'static str, text: &str) -> Checked {
        self.weigh(text.len())?;
        if text.len() > TEXT {
            return self.at(name, |checker| checker.wrong(format!("{} bytes; at most {TEXT}", text.len())));
        }
        if !is_plain(text) {
            return self.at(name, |checker| checker.wrong("a control character; texts are plain"));
        }
        Ok(())
    }

    pub(super) fn filled(&mut self, name: &'static str, text: &str) -> Checked {
        if text.trim().is_empty() {
            return self.at(name, |checker| checker.wrong("empty; people read this"));
        }
        self.text(name, text)
    }

    pub(super) fn optional(&mut self, name: &'static str, text: Option<&str>) -> Checked {
        text.map_or(Ok(()), |text| self.text(name, text))
    }

    /// A name that is unique on the page.
    pub(super) fn id(&mut self, name: &'static str, id: &str) -> Checked {
        self.key(name, id)?;
        if self.ids.insert(id.to_owned()) {
            Ok(())
        } else {
            self.at(name, |checker| checker.wrong(format!("{id:?} is on the page twice")))
        }
    }

    /// `a`–`z`, `0`–`9`, `-`.
    pub(super) fn key(&mut self, name: &'static str, key: &str) -> Checked {
        self.spelled(name, key, "-")
    }

    /// `a`–`z`, `0`–`9`, `-`, `_`.
    pub(super) fn field_name(&mut self, name: &'static str, key: &str) -> Checked {
        self.spelled(name, key, "-_")
    }

    fn spelled(&mut self, name: &'static str, key: &str, besides: &str) -> Checked {
        let good = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || besides.contains(c);
        self.weigh(key.len())?;
        if (1..=64).contains(&key.len()) && key.chars().all(good) {
            return Ok(());
        }
        self.at(name, |checker| {
            checker.wrong(format!("{:?} is not 1 to 64 of a–z, 0–9 and {besides:?}", cut(key)))
        })
    }

    /// What a plugin gave to recognise something by when it comes back.
    pub(super) fn token(&mut self, name: &'static str, token: &str) -> Checked {
        self.weigh(token.len())?;
        if token.len() <= 256 && !token.chars().any(char::is_control) {
            return Ok(());
        }
        self.at(name, |checker| checker.wrong("more than 256 bytes, or a control character"))
    }

    /// Something of a small range.
    pub(super) fn up_to(&mut self, name: &'static str, number: u8, most: u8) -> Checked {
        if number <= most {
            return Ok(());
        }
        self.at(name, |checker| checker.wrong(format!("{number}; at most {most}")))
    }

    pub(super) fn link(&mut self, link: &views::Link) -> Checked {
        self.filled("text", &link.text)?;
        self.at("target", |checker| checker.target(&link.target))
    }

    pub(super) fn maybe_target(&mut self, target: Option<&Target>) -> Checked {
        target.map_or(Ok(()), |target| self.at("target", |checker| checker.target(target)))
    }

    pub(super) fn target(&mut self, target: &Target) -> Checked {
        match target {
            Target::Page(path) => self.path(path),
            Target::Plugin(page) => {
                if page.plugin.parse::<PluginId>().is_err() {
                    return self.wrong(format!("{:?} is not the id of a plugin", cut(&page.plugin)));
                }
                self.path(&page.path)
            }
            Target::File(_) => Ok(()),
            Target::External(address) => self.address(address),
        }
    }

    /// A path below a plugin's own, with its query if any. It becomes part of an address of ours, so that
    /// nothing in it may lead elsewhere.
    fn path(&mut self, path: &str) -> Checked {
        self.weigh(path.len())?;
        let (segments, _query) = path.split_once('?').unwrap_or((path, ""));
        let good = path.starts_with('/')
            && !path.starts_with("//")
            && path.len() <= 4096
            && !path.contains(['\\', '#'])
            && !path.chars().any(|c| c.is_control() || c.is_whitespace())
            && !segments.split('/').any(is_dots);
        if good {
            return Ok(());
        }
        self.wrong(format!(
            "{:?} is not a path: one `/` first, no `..`, no blanks, no `\\`, no `#`, at most 4,096 bytes",
            cut(path)
        ))
    }

    fn address(&mut self, address: &str) -> Checked {
        self.weigh(address.len())?;
        let host = address.strip_prefix("https://").and_then(|rest| rest.split(['/', '?', '#']).next());
        let good = host.is_some_and(|host| {
            !host.is_empty()
                && host.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '.' | ':' | '[' | ']'))
        }) && address.len() <= 4096
            && !address.chars().any(|c| c.is_control() || c.is_whitespace() || "\"'<>\\`".contains(c));
        if good {
            return Ok(());
        }
        self.wrong(format!("{:?} is not an `https://` address", cut(address)))
    }

    pub(super) fn actions(&mut self, name: &'static str, actions: &[views::Action]) -> Checked {
        self.each(name, actions, 50, Self::action)
    }

    fn action(&mut self, action: &views::Action) -> Checked {
        self.filled("text", &action.text)?;
        self.optional("disabled", action.disabled.as_deref())?;
        match &action.effect {
            Effect::Open(target) => self.at("effect", |checker| checker.target(target)),
            Effect::Submit(submit) => self.at("effect", |checker| {
                checker.key("form", &submit.form)?;
                checker.optional("confirm", submit.confirm.as_deref())?;
                checker.each("inputs", &submit.inputs, ITEMS, |checker, (name, value)| {
                    checker.field_name("name", name)?;
                    checker.text("value", value)
                })
            }),
            Effect::ExportTable(table) => self.at("effect", |checker| checker.key("export-table", table)),
        }
    }

    pub(super) fn notice(&mut self, notice: &views::Notice) -> Checked {
        self.filled("title", &notice.title)?;
        self.text("text", &notice.text)
    }
}

/// Whether a browser takes this segment of a path for `.` or `..`: it reads `%2e` as a dot there.
fn is_dots(segment: &str) -> bool {
    // The longest is `%2e%2e`.
    segment.len() <= 6 && matches!(segment.to_ascii_lowercase().replace("%2e", ".").as_str(), "." | "..")
}

/// As much of a text as a message needs.
pub(super) fn cut(text: &str) -> String {
    text.chars().take(100).collect()
}

#[cfg(test)]
mod tests {
    use super::is_plain;

    #[test]
    fn a_text_is_plain_if_each_of_its_characters_is() {
        for c in '\0'..=char::MAX {
            let plain = !c.is_control() || c == '\n' || c == '\t';
            assert_eq!(is_plain(&format!("Â{c}ạ")), plain, "{c:?}");
        }
        assert!(is_plain(""));
        assert!(!is_plain("\u{85}") && !is_plain("xã\u{7f}"));
    }
}
