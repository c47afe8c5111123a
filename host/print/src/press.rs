//! The host's side: starts a child for each form, feeds it, and ends it when it takes too long.

use std::ffi::OsString;
use std::io::{Read, Write};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use crate::{Job, PrintError};

/// Most bytes kept of what a child says on stderr.
const WORDS: u64 = 4 << 10;

/// What printing one form may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Address space of the child, in bytes: code, faces of the fonts, the data and the layout.
    pub memory: usize,
    /// CPU time, in whole seconds.
    pub cpu: Duration,
    /// Time from start to end.
    pub wall: Duration,
    /// Most bytes of the PDF.
    pub bytes: usize,
}

impl Limits {
    /// Enough for a table of 10,000 rows (see the decision for what that takes).
    pub const DEFAULT: Self = Self {
        memory: 2560 << 20,
        cpu: Duration::from_secs(30),
        wall: Duration::from_secs(60),
        bytes: 64 << 20,
    };

    /// As the arguments of a child.
    fn arguments(&self) -> [String; 3] {
        [self.memory.to_string(), self.cpu.as_secs().to_string(), self.bytes.to_string()]
    }

    /// From the arguments of a child. It need not know how long it may take: it is ended from outside.
    pub(crate) fn parse(arguments: &[String]) -> Option<Self> {
        let [memory, cpu, bytes] = arguments else { return None };
        let cpu = Duration::from_secs(cpu.parse().ok()?);
        Some(Self { memory: memory.parse().ok()?, cpu, wall: cpu, bytes: bytes.parse().ok()? })
    }
}

/// Prints forms, each in a child process of its own.
#[derive(Debug)]
pub struct Press {
    program: PathBuf,
    arguments: Vec<OsString>,
    limits: Limits,
}

impl Press {
    /// Prints with a program that does what [`child`](crate::child) does when it gets `arguments` and the limits
    /// after them.
    pub fn new(program: PathBuf, arguments: Vec<OsString>, limits: Limits) -> Self {
        Self { program, arguments, limits }
    }

    /// Prints a form; returns when it is done or a limit has ended it. Call it from a thread that may wait.
    pub fn print(&self, job: &Job, data: Vec<u8>) -> Result<Vec<u8>, PrintError> {
        let mut head = serde_json::to_vec(job).map_err(PrintError::input)?;
        head.push(b'\n');
        Running::start(self)?.run(head, data, &self.limits)
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
    fn start(press: &Press) -> Result<Self, PrintError> {
        let mut command = Command::new(&press.program);
        command
            .args(&press.arguments)
            .args(press.limits.arguments())
            // Nothing of the host's surroundings; one thread, so that CPU time is about wall time.
            .env_clear()
            .env("RAYON_NUM_THREADS", "1")
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
            .spawn()
            .map(Self)
            .map_err(|error| PrintError::failed(format!("no child could be started: {error}")))
    }

    fn run(&mut self, head: Vec<u8>, data: Vec<u8>, limits: &Limits) -> Result<Vec<u8>, PrintError> {
        let (Some(mut stdin), Some(stdout), Some(stderr)) =
            (self.0.stdin.take(), self.0.stdout.take(), self.0.stderr.take())
        else {
            return Err(PrintError::failed("a child without its pipes"));
        };
        let until = Instant::now() + limits.wall;
        // A child that ends before it has read everything says why on stdout.
        thread::spawn(move || stdin.write_all(&head).and_then(|()| stdin.write_all(&data)));
        let answer = reading(stdout, limits.bytes as u64 + 1);
        let words = reading(stderr, WORDS);
        let answer = match answer.recv_timeout(until.saturating_duration_since(Instant::now())) {
            Ok(answer) => answer,
            Err(RecvTimeoutError::Timeout) => {
                return Err(PrintError::limit("seconds", limits.wall.as_secs()));
            }
            Err(RecvTimeoutError::Disconnected) => Vec::new(),
        };
        if answer.len() > limits.bytes {
            return Err(PrintError::limit("bytes", limits.bytes as u64));
        }
        // Its stdout is closed, so it has ended or is about to; one that stays is ended.
        let status = loop {
            match self.0.try_wait().map_err(PrintError::failed)? {
                Some(status) => break status,
                None if Instant::now() >= until => {
                    return Err(PrintError::limit("seconds", limits.wall.as_secs()));
                }
                None => thread::sleep(Duration::from_millis(1)),
            }
        };
        if status.success() && answer.starts_with(b"%PDF-") {
            return Ok(answer);
        }
        if let Ok(told) = serde_json::from_slice::<PrintError>(&answer) {
            return Err(told);
        }
        let words = words.recv_timeout(Duration::from_secs(1)).unwrap_or_default();
        Err(ending(status, &String::from_utf8_lossy(&words), limits))
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
fn ending(status: ExitStatus, words: &str, limits: &Limits) -> PrintError {
    use std::os::unix::process::ExitStatusExt;
    const SIGKILL: i32 = 9;
    const SIGXCPU: i32 = 24;
    let memory = || PrintError::limit("MiB of memory", (limits.memory >> 20) as u64);
    match status.signal() {
        Some(SIGXCPU | SIGKILL) => PrintError::limit("seconds of CPU time", limits.cpu.as_secs()),
        _ if words.contains("memory allocation of") || words.contains("cannot allocate memory") => memory(),
        _ if words.contains("overflowed its stack") => PrintError::limit("nesting, in MiB of stack", 64),
        _ => PrintError::failed(format!("the child ended with {status}")),
    }
}
