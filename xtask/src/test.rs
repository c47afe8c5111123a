//! `cargo xtask test`: every check there is, those that fail fastest first.

use crate::browser;
use crate::guests::{self, cargo};
use crate::peers;
use crate::place::Place;
use crate::step::{self, Failure, step};

/// Prepares, builds and checks everything.
pub fn run(place: &Place) -> Result<(), Failure> {
    step("Check the formatting", || {
        step::run(cargo(place).args(["fmt", "--all", "--check"]))?;
        peers::format(place)
    })?;
    browser::prepare()?;
    guests::host(place)?;
    guests::build_all(place, "plugins")?;
    guests::build_all(place, "tests/plugins")?;
    step("Check the lints", || {
        let mut clippy = cargo(place);
        clippy.args(["clippy", "--workspace", "--all-targets", "--", "--deny", "warnings"]);
        step::run(&mut clippy)
    })?;
    step("Run the tests", || {
        step::run(cargo(place).env("DINH_PLUGINS", &place.plugins).args(["test", "--workspace"]))
    })?;
    peers::test(place)
}
