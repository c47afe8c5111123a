//! `cargo xtask bench`: one table of ratios.

use crate::guests::{self, cargo};
use crate::peers;
use crate::place::Place;
use crate::step::{self, Failure, step};

/// Builds what is measured and measures it; `words` are for the benches themselves. Ratios hold for the one
/// profile there is (`Cargo.toml`): optimised, and compiled once for tests, demo and benches.
pub fn run(place: &Place, words: &[&str]) -> Result<(), Failure> {
    guests::host(place)?;
    guests::build_all(place, "plugins")?;
    guests::build_all(place, "tests/plugins")?;
    peers::build(place)?;
    step("Measure", || {
        let mut bench = cargo(place);
        bench.env("DINH_PLUGINS", &place.plugins);
        bench.args(["bench", "--profile", "dev", "--workspace", "--bench", "table", "--"]).args(words);
        step::run(&mut bench)
    })
}
