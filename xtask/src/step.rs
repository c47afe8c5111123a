//! Steps: what is being done, how long it took, and which one failed.

use std::fmt;
use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

/// Why a command of ours ended: one sentence for the person who started it.
#[derive(Debug)]
pub struct Failure {
    sentence: String,
    usage: bool,
}

impl Failure {
    /// Something went wrong; `sentence` names it and what to do about it.
    pub fn new(sentence: String) -> Self {
        Self { sentence, usage: false }
    }

    /// The command was written wrong.
    pub fn usage(sentence: String) -> Self {
        Self { sentence, usage: true }
    }

    /// 2 for a command written wrong, else 1.
    pub fn exit_code(&self) -> ExitCode {
        ExitCode::from(if self.usage { 2 } else { 1 })
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentence)
    }
}

/// Runs `work` as the step `what`: its name before, how long it took after, its name on the failure.
pub fn step<T>(what: &str, work: impl FnOnce() -> Result<T, Failure>) -> Result<T, Failure> {
    println!("▸ {what}");
    let begun = Instant::now();
    let result = work().map_err(|failure| Failure { sentence: format!("{what}: {failure}"), ..failure })?;
    println!("  done ({})", spoken(begun.elapsed()));
    Ok(result)
}

/// Runs a program to its end with our own terminal, so that its progress is seen.
pub fn run(command: &mut Command) -> Result<(), Failure> {
    let shown = shown(command);
    let status = command.status().map_err(|e| Failure::new(format!("`{shown}` does not start: {e}")))?;
    if status.success() {
        return Ok(());
    }
    Err(Failure::new(format!("`{shown}` failed ({status}); its own words are above")))
}

/// Whether a program of this name is on the path.
pub fn on_path(program: &str) -> bool {
    std::env::var_os("PATH")
        .is_some_and(|path| std::env::split_paths(&path).any(|folder| is_program(&folder.join(program))))
}

fn is_program(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    path.metadata().is_ok_and(|file| file.is_file() && file.permissions().mode() & 0o111 != 0)
}

/// The command as one would type it.
fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or(command.get_program());
    std::iter::once(program)
        .chain(command.get_args())
        .map(|word| word.to_string_lossy())
        .collect::<Vec<_>>()
        .join(" ")
}

fn spoken(time: Duration) -> String {
    match time.as_secs() {
        0 => format!("{} ms", time.as_millis()),
        seconds @ 1..60 => format!("{seconds} s"),
        seconds => format!("{} min {} s", seconds / 60, seconds % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_step_says_its_name_and_the_command() {
        let failed = step("Build", || run(Command::new("sh").args(["-c", "exit 3"]))).unwrap_err();
        assert_eq!(
            failed.to_string(),
            "Build: `sh -c exit 3` failed (exit status: 3); its own words are above"
        );
    }

    #[test]
    fn a_missing_program_is_named() {
        let failed = run(&mut Command::new("/nowhere/no-such-program")).unwrap_err().to_string();
        assert!(failed.starts_with("`no-such-program` does not start"), "{failed}");
        assert!(!on_path("no-such-program") && on_path("sh"));
    }

    #[test]
    fn durations_are_told_in_the_unit_that_fits() {
        assert_eq!(spoken(Duration::from_millis(12)), "12 ms");
        assert_eq!(spoken(Duration::from_secs(59)), "59 s");
        assert_eq!(spoken(Duration::from_secs(301)), "5 min 1 s");
    }
}
