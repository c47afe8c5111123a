//! `cargo xtask bench`: one table of ratios.

use crate::guests::{self, cargo};
use crate::place::Place;
use crate::step::{self, Failure, step};

/// Builds what is measured and measures it. Ratios hold for the one profile there is (`Cargo.toml`): an
/// optimised build in which the heavy dependencies are compiled once for tests, demo and benches.
pub fn run(place: &Place, filter: Option<&str>) -> Result<(), Failure> {
    guests::host(place)?;
    guests::build_all(place, "plugins")?;
    guests::build_all(place, "tests/plugins")?;
    step("Measure", || {
        let mut bench = cargo(place);
        bench.env("DINH_PLUGINS", &place.plugins);
        bench.args(["bench", "--profile", "dev", "--package", "dinh-benches"]);
        step::run(bench.args(filter.map(|filter| ["--", filter]).into_iter().flatten()))
    })
}
