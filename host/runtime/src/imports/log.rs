//! `log`: lines for the plugin's vendor, in the host's log.

use dinh_services::Resource;

use crate::bindings::log::{self, Level};
use crate::limits::LOG_LINE;
use crate::state::State;

impl log::Host for State {
    fn write(&mut self, level: Level, message: String) -> wasmtime::Result<()> {
        self.crossed(message.len())?;
        self.spend(Resource::LogLines, 1)?;
        let line = one_line(&message);
        let plugin = self.data.plugin.as_str();
        match level {
            Level::Debug => tracing::debug!(target: "dinh::plugin", plugin, "{line}"),
            Level::Info => tracing::info!(target: "dinh::plugin", plugin, "{line}"),
            Level::Warning => tracing::warn!(target: "dinh::plugin", plugin, "{line}"),
            Level::Error => tracing::error!(target: "dinh::plugin", plugin, "{line}"),
        }
        Ok(())
    }
}

/// The message as one line of bounded length, so that a plugin cannot write lines that look like the
/// host's, or like another plugin's.
fn one_line(message: &str) -> String {
    let mut line = String::with_capacity(message.len().min(LOG_LINE));
    for c in message.chars().map(|c| if c.is_control() { ' ' } else { c }) {
        if line.len() + c.len_utf8() > LOG_LINE {
            line.push('…');
            break;
        }
        line.push(c);
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_one_line_of_bounded_length() {
        assert_eq!(one_line("a\nERROR forged\u{1b}[31m"), "a ERROR forged [31m");
        let long = one_line(&"ế".repeat(LOG_LINE));
        assert!(long.len() <= LOG_LINE + 3 && long.ends_with('…'));
    }
}
