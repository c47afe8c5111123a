//! The log: one line per event on stderr, for journald or whatever keeps it.

use anyhow::{Context, Result};
use tracing_subscriber::EnvFilter;

/// Names the variable that says what is logged, such as `debug` or `warn,dinh_runtime=debug`.
const VARIABLE: &str = "DINH_LOG";

/// Logs from here on; `otherwise` holds when the variable is not set.
pub fn start(otherwise: &str) -> Result<()> {
    quieten();
    let wanted = std::env::var(VARIABLE).unwrap_or_else(|_| otherwise.to_owned());
    let filter =
        EnvFilter::try_new(&wanted).with_context(|| format!("{VARIABLE}={wanted:?} is not a log filter"))?;
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr()))
        .try_init()
        .map_err(|error| anyhow::anyhow!("cannot log: {error}"))
}

/// A damaged page makes the engine panic where it is caught: what was found is said once, as an error.
fn quieten() {
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if !dinh_store::backend::panics_are_caught() {
            before(panic);
        }
    }));
}
