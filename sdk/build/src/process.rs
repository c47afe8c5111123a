//! Running other programs: within a time, with their output passed on.

use std::io::{BufRead, BufReader, Read};
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// What a program said and how it ended.
pub(crate) struct Ended {
    /// Did it succeed?
    pub(crate) success: bool,
    /// Its standard output.
    pub(crate) output: String,
    /// The end of its standard error.
    pub(crate) errors: String,
}

/// Most lines of standard error that are kept for a message.
const KEPT_LINES: usize = 200;

/// Runs a program to its end; each line of standard error goes to `progress` as it comes.
pub(crate) fn run(command: &mut Command, progress: &mut dyn FnMut(&str)) -> std::io::Result<Ended> {
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    let mut output = child.stdout.take();
    let reader = std::thread::spawn(move || {
        let mut text = Vec::new();
        if let Some(output) = &mut output {
            let _ = output.read_to_end(&mut text);
        }
        String::from_utf8_lossy(&text).into_owned()
    });
    let mut kept = std::collections::VecDeque::new();
    if let Some(errors) = child.stderr.take() {
        for line in BufReader::new(errors).split(b'\n') {
            let line = String::from_utf8_lossy(&line?).trim_end().to_owned();
            if !line.trim().is_empty() {
                progress(&line);
            }
            if kept.len() == KEPT_LINES {
                kept.pop_front();
            }
            kept.push_back(line);
        }
    }
    let status = child.wait()?;
    let output = reader.join().unwrap_or_default();
    Ok(Ended { success: status.success(), output, errors: Vec::from(kept).join("\n") })
}

/// Runs a program for its standard output; none when it is missing or fails.
pub(crate) fn ask(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Runs a program for at most `limit`, then ends it. None when it ran out of time.
pub(crate) fn run_within(command: &mut Command, limit: Duration) -> std::io::Result<Option<ExitStatus>> {
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
    let started = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if started.elapsed() >= limit {
            let _ = child.kill();
            child.wait()?;
            return Ok(None);
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_that_takes_too_long_is_ended() {
        let ended = run_within(Command::new("sleep").arg("600"), Duration::ZERO).unwrap();
        assert!(ended.is_none());
    }

    #[test]
    fn output_is_kept_and_errors_are_passed_on() {
        let mut lines = Vec::new();
        let ended = run(
            Command::new("sh").args(["-c", "echo out; echo one >&2; echo two >&2; exit 3"]),
            &mut |line| lines.push(line.to_owned()),
        )
        .unwrap();
        assert!(!ended.success);
        assert_eq!(ended.output, "out\n");
        assert_eq!(ended.errors, "one\ntwo");
        assert_eq!(lines, ["one", "two"]);
    }
}
