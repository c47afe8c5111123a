//! The browser of the smoke test: Chromium and its driver, from the system's packages.

use std::process::Command;

use crate::step::{Failure, on_path, run, step};

const PROGRAMS: [&str; 2] = ["chromium", "chromedriver"];
const INSTALL: &str = "apt-get install --yes --no-install-recommends chromium chromium-driver";

/// Installs Chromium when it is missing and we may; else says which command to run.
pub fn prepare() -> Result<(), Failure> {
    let missing: Vec<&str> = PROGRAMS.into_iter().filter(|program| !on_path(program)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    step("Install Chromium for the browser test", || {
        if !on_path("apt-get") {
            return Err(Failure::new(format!(
                "{} must be on the path; install Chromium and its WebDriver with your system's packages",
                missing.join(" and ")
            )));
        }
        if !is_root() {
            return Err(Failure::new(format!(
                "{} must be installed; run: sudo {INSTALL}",
                missing.join(" and ")
            )));
        }
        run(&mut apt(&["update"]))?;
        run(&mut apt(&INSTALL.split(' ').skip(1).collect::<Vec<_>>()))
    })
}

fn apt(arguments: &[&str]) -> Command {
    let mut command = Command::new("apt-get");
    command.env("DEBIAN_FRONTEND", "noninteractive").args(arguments);
    command
}

/// Whether we may install packages.
fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt;
    // The owner of our own entry in /proc is our effective user.
    std::fs::metadata("/proc/self").is_ok_and(|it| it.uid() == 0)
}
