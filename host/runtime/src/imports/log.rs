//! `log`: lines for the plugin's vendor, in the host's log.

use dinh_model::{Localized, PluginId};
use dinh_services::{Refusal, Resource, ServiceError};

use crate::bindings::log::{self, Level};
use crate::limits::LOG_LINE;
use crate::state::State;

impl log::Host for State {
    fn write(&mut self, level: Level, message: String) -> wasmtime::Result<()> {
        self.crossed(message.len())?;
        self.spend(Resource::LogLines, 1)?;
        // The log is nobody's in particular: what clings to the call may not get there.
        let line = if self.call.confinement.is_free() {
            one_line(&message)
        } else {
            self.call.refused(&withheld(&self.data.plugin));
            WITHHELD.to_owned()
        };
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

/// What stands in the log for a line that may not.
pub(crate) const WITHHELD: &str =
    "(a line is withheld: the call has read what is confidential, or under a contract; log before reading)";

fn withheld(plugin: &PluginId) -> ServiceError {
    ServiceError::Refused(Refusal {
        rule: "confined-log",
        subject: format!("plugin:{plugin}"),
        text: Localized::new(
            "Không ghi nhật ký kỹ thuật sau khi đọc dữ liệu Mật hoặc dữ liệu chia sẻ.",
            WITHHELD,
        ),
    })
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
