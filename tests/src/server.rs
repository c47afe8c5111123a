//! A running `dinh serve`.

use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Child, ExitStatus, Stdio};
use std::thread::JoinHandle;

use crate::programs::{self, Ran};
use crate::visitor::Visitor;

/// A server on free loopback ports; killed when dropped.
pub struct Server {
    child: Child,
    log: Option<JoinHandle<String>>,
    /// `http://127.0.0.1:PORT`: pages.
    pub pages: String,
    /// `http://127.0.0.1:PORT`: health and metrics.
    pub admin: String,
}

impl Server {
    /// Starts one on `data` and waits until it says where it listens.
    pub fn start(data: &Path) -> Self {
        Self::try_start(data).unwrap_or_else(|ran| panic!("{ran:?}"))
    }

    /// Starts one with a configuration file of these words.
    pub fn start_with(data: &Path, config: &str) -> Self {
        Self::try_start_with(data, config).unwrap_or_else(|ran| panic!("{ran:?}"))
    }

    /// The same; or what the server said when it refused to start.
    pub fn try_start(data: &Path) -> Result<Self, Ran> {
        Self::try_start_with(data, "")
    }

    /// The same with a configuration file.
    pub fn try_start_with(data: &Path, config: &str) -> Result<Self, Ran> {
        let mut file = tempfile::NamedTempFile::with_suffix(".toml").expect("a file");
        file.write_all(config.as_bytes()).expect("room for it");
        let mut child =
            programs::command(&["serve", "--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0"])
                .arg("--data")
                .arg(data)
                .arg("--config")
                .arg(file.path())
                .stdin(Stdio::null())
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()
                .expect("dinh starts");
        let mut log = child.stderr.take().expect("a pipe");
        let log = std::thread::spawn(move || {
            let mut text = String::new();
            let _ = log.read_to_string(&mut text);
            text
        });
        let mut said = BufReader::new(child.stdout.take().expect("a pipe")).lines();
        let mut address = |begin: &str| {
            let line = said.next()?.expect("UTF-8");
            Some(
                line.strip_prefix(begin)
                    .unwrap_or_else(|| panic!("{line:?} does not begin with {begin:?}"))
                    .to_owned(),
            )
        };
        let (Some(pages), Some(admin)) = (address("listening on "), address("admin on ")) else {
            let code = child.wait().expect("an end").code();
            return Err(Ran { code, out: String::new(), err: log.join().expect("a log") });
        };
        // What it says later must find an open pipe.
        std::thread::spawn(move || said.for_each(drop));
        Ok(Self { child, log: Some(log), pages, admin })
    }

    /// Somebody at its door who has not signed in.
    pub fn visitor(&self) -> Visitor {
        Visitor::new(&self.pages)
    }

    /// Its process.
    pub fn process(&self) -> u32 {
        self.child.id()
    }

    /// Asks it to stop, as an operator's service manager does, and waits for its end.
    pub fn stop(mut self) -> ExitStatus {
        self.signal(rustix::process::Signal::TERM);
        self.child.wait().expect("an end")
    }

    /// Kills it, as a power cut does.
    pub fn kill(mut self) {
        self.child.kill().expect("it runs");
        assert_eq!(self.child.wait().expect("an end").signal(), Some(9));
    }

    /// Sends it a signal.
    pub fn signal(&self, signal: rustix::process::Signal) {
        let process =
            i32::try_from(self.child.id()).ok().and_then(rustix::process::Pid::from_raw).expect("a process");
        rustix::process::kill_process(process, signal).expect("it runs");
    }

    /// Stops it and gives what it logged.
    pub fn into_log(mut self) -> String {
        self.signal(rustix::process::Signal::TERM);
        self.child.wait().expect("an end");
        self.log.take().expect("a log").join().expect("a log")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
