//! The peers of the permission check (`benches/peers`): a workspace of its own, since cargo unifies features over a
//! workspace, and one of the peers changes what the platform's libraries do.

use std::process::Command;

use crate::guests::cargo;
use crate::place::Place;
use crate::step::{Failure, run, step};

/// Checks its formatting.
pub fn format(place: &Place) -> Result<(), Failure> {
    run(&mut of_peers(place, &["fmt"], &["--check"]))
}

/// Builds the program that the benches start.
pub fn build(place: &Place) -> Result<(), Failure> {
    step("Build the peers (the first time this takes some minutes)", || {
        run(&mut of_peers(place, &["build"], &[]))
    })
}

/// Checks its lints and asks for the second opinion.
pub fn test(place: &Place) -> Result<(), Failure> {
    step("Ask Cedar for a second opinion (the first time this takes some minutes)", || {
        run(&mut of_peers(place, &["clippy", "--all-targets"], &["--", "--deny", "warnings"]))?;
        run(&mut of_peers(place, &["test"], &[]))
    })
}

fn of_peers(place: &Place, command: &[&str], options: &[&str]) -> Command {
    let mut cargo = cargo(place);
    cargo.args(command).args(["--manifest-path", "benches/peers/Cargo.toml"]).args(options);
    cargo
}
