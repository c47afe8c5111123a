//! The host's side: starts a child, feeds it, and ends it when it takes too long.

use std::ffi::OsString;
use std::io::{Read, Write};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use crate::child::STACK;
use crate::{Bound, ChildError, Limits};

/// Most bytes kept of what a child says on stderr.
const WORDS: u64 = 4 << 10;

/// The exit code of a child that says on stdout why it did not do what was asked.
const REFUSED: i32 = 1;

/// What a child answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// What was asked for: the exit code is 0.
    Done(Vec<u8>),
    /// Why not, in its own words: the exit code is 1.
    Refused(Vec<u8>),
}

/// A program that is started as a child.
#[derive(Clone, Debug)]
pub struct Program {
    path: PathBuf,
    arguments: Vec<OsString>,
}

impl Program {
    /// The program at `path`. It gets `arguments`, then the limits, then what a call adds.
    pub fn new(path: PathBuf, arguments: Vec<OsString>) -> Self {
        Self { path, arguments }
    }

    /// Starts it, gives it `input` one part after the other, and returns when it has ended or a limit has ended it. Call
    /// it from a thread that may wait: the child ends with the thread.
    pub fn run(&self, limits: &Limits, more: &[String], input: Vec<Vec<u8>>) -> Result<Answer, ChildError> {
        Running(self.start(limits, more)?).answer(input, limits)
    }

    fn start(&self, limits: &Limits, more: &[String]) -> Result<Child, ChildError> {
        let mut command = Command::new(&self.path);
        command
            .args(&self.arguments)
            .args(limits.arguments())
            .args(more)
            // Nothing of the host's surroundings; one thread, so that CPU time is about wall time.
            .env_clear()
            .env("RAYON_NUM_THREADS", "1")
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command.spawn().map_err(|error| ChildError::Failed(format!("could not be started: {error}")))
    }
}

/// A child; ended when it is dropped, whatever became of it.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Running {
    fn answer(&mut self, input: Vec<Vec<u8>>, limits: &Limits) -> Result<Answer, ChildError> {
        let start = Instant::now();
        let late = || {
            let milliseconds = |time: Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
            let (used, allowed) = (milliseconds(start.elapsed()), milliseconds(limits.wall));
            ChildError::Limit { bound: Bound::Wall, used, allowed }
        };
        let (Some(mut stdin), Some(stdout), Some(stderr)) =
            (self.0.stdin.take(), self.0.stdout.take(), self.0.stderr.take())
        else {
            return Err(ChildError::Failed("has no pipes".to_owned()));
        };
        // A child that ends before it has read everything says why on stdout.
        thread::spawn(move || input.iter().try_for_each(|part| stdin.write_all(part)));
        let bytes = reading(stdout, limits.bytes as u64 + 1);
        let words = reading(stderr, WORDS);
        let bytes = match bytes.recv_timeout(limits.wall) {
            Ok(bytes) => bytes,
            Err(RecvTimeoutError::Timeout) => return Err(late()),
            Err(RecvTimeoutError::Disconnected) => Vec::new(),
        };
        if bytes.len() > limits.bytes {
            let (used, allowed) = (bytes.len() as u64, limits.bytes as u64);
            return Err(ChildError::Limit { bound: Bound::Answer, used, allowed });
        }
        // Its stdout is closed, so it has ended or is about to; one that stays is ended.
        let status = loop {
            let ended = self.0.try_wait();
            match ended.map_err(|error| ChildError::Failed(format!("could not be waited for: {error}")))? {
                Some(status) => break status,
                None if start.elapsed() >= limits.wall => return Err(late()),
                None => thread::sleep(Duration::from_millis(1)),
            }
        };
        match status.code() {
            Some(0) => Ok(Answer::Done(bytes)),
            Some(REFUSED) if !bytes.is_empty() => Ok(Answer::Refused(bytes)),
            _ => {
                let words = words.recv_timeout(Duration::from_secs(1)).unwrap_or_default();
                Err(ending(status, &String::from_utf8_lossy(&words), limits))
            }
        }
    }
}

/// Reads up to `most` bytes in a thread of its own.
fn reading(from: impl Read + Send + 'static, most: u64) -> mpsc::Receiver<Vec<u8>> {
    let (send, receive) = mpsc::channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        let mut from = from.take(most);
        // What came before an error is judged like any other answer.
        let _ = from.read_to_end(&mut bytes);
        send.send(bytes)
    });
    receive
}

/// Why a child ended that said nothing: which of the system's limits it ran into.
fn ending(status: ExitStatus, words: &str, limits: &Limits) -> ChildError {
    use std::os::unix::process::ExitStatusExt;
    const SIGABRT: i32 = 6;
    const SIGKILL: i32 = 9;
    const SIGXCPU: i32 = 24;
    // A panic and an assertion say what they are; only whoever has no memory left to say it with says nothing.
    let speechless = status.signal() == Some(SIGABRT) && words.trim().is_empty();
    let says = |some: &[&str]| some.iter().any(|some| words.contains(some));
    match status.signal() {
        Some(SIGXCPU) => {
            let most = u64::try_from(limits.cpu.as_millis()).unwrap_or(u64::MAX);
            ChildError::all(Bound::Cpu, most)
        }
        Some(SIGKILL) => ChildError::Failed(
            "was killed by another hand, or by the system because the machine has no memory left".to_owned(),
        ),
        _ if speechless
            || says(&["memory allocation of", "cannot allocate memory", "Cannot allocate memory"]) =>
        {
            ChildError::all(Bound::Memory, limits.memory as u64)
        }
        _ if says(&["overflowed its stack"]) => ChildError::all(Bound::Stack, STACK as u64),
        _ => ChildError::Failed(format!("ended with {status}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: Limits =
        Limits { memory: 1 << 30, cpu: Duration::from_secs(2), wall: Duration::from_secs(60), bytes: 1_000 };

    /// What comes of a script of the shell.
    fn run(script: &str, limits: Limits) -> Result<Answer, ChildError> {
        let program = Program::new("/bin/sh".into(), vec!["-c".into(), script.into(), "sh".into()]);
        program.run(&limits, &["more".to_owned()], vec![b"in".to_vec(), b"put".to_vec()])
    }

    #[test]
    fn a_child_gets_its_limits_and_its_input_and_nothing_of_the_hosts_environment() {
        assert_eq!(
            run("cat; echo \" $@\"", LIMITS),
            Ok(Answer::Done(b"input 1073741824 2 1000 more\n".into()))
        );
        let Ok(Answer::Done(environment)) = run("/usr/bin/env", LIMITS) else { panic!("env runs") };
        let environment = String::from_utf8(environment).unwrap();
        let names: Vec<&str> = environment.lines().filter_map(|line| line.split('=').next()).collect();
        // The shell sets two by itself.
        assert!(names.iter().all(|name| ["RAYON_NUM_THREADS", "PWD", "_", "SHLVL", "OLDPWD"].contains(name)));
    }

    #[test]
    fn what_a_child_says_when_it_refuses_is_told_apart_from_an_answer() {
        assert_eq!(run("echo why; exit 1", LIMITS), Ok(Answer::Refused(b"why\n".into())));
        assert!(matches!(run("exit 1", LIMITS), Err(ChildError::Failed(_))));
        assert!(matches!(run("echo half; exit 3", LIMITS), Err(ChildError::Failed(_))));
    }

    #[test]
    fn a_child_that_is_killed_by_another_hand_has_reached_no_limit() {
        let killed = run("kill -9 $$", LIMITS).unwrap_err();
        assert!(matches!(&killed, ChildError::Failed(why) if why.contains("killed")), "{killed}");
    }

    #[test]
    fn a_child_that_waits_or_goes_on_after_its_answer_is_ended() {
        let limits = Limits { wall: Duration::from_millis(200), ..LIMITS };
        for script in ["exec sleep 600", "echo done; exec >&-; exec sleep 600"] {
            let late = run(script, limits).unwrap_err();
            let ChildError::Limit { bound: Bound::Wall, used, allowed: 200 } = late else { panic!("{late}") };
            assert!(used >= 200, "{used}");
        }
    }

    #[test]
    fn an_endless_answer_is_cut_off() {
        let endless = run("exec yes", LIMITS);
        assert_eq!(endless, Err(ChildError::Limit { bound: Bound::Answer, used: 1_001, allowed: 1_000 }));
    }

    #[test]
    fn what_cannot_be_started_says_so() {
        let nothing = Program::new("/nowhere/at/all".into(), Vec::new());
        let error = nothing.run(&LIMITS, &[], Vec::new()).unwrap_err();
        assert!(error.to_string().contains("could not be started"), "{error}");
    }
}
