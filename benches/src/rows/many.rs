//! Many plugins: how soon a host with fifty of them is ready, and what room it takes, its native code at hand.
//!
//! A host is a process of its own: this very program, told to be one. It opens the store, the platform and the runtime
//! of a data folder, says how long that took and how much of its memory is resident, and ends.

use std::io::Write;
use std::path::Path;
use std::process::Command;
use std::rc::Rc;
use std::time::{Duration, Instant};

use dinh_runtime::{Compiler, Options, Runtime};
use tempfile::TempDir;

use super::house::{House, component};
use crate::{Goal, Row, Side};

/// What this program is told to be a host.
pub const CHILD: &str = "host-of-many";

/// Plugins that are installed.
const MANY: usize = 50;

/// Opens a data folder as a host does and says how that went.
pub fn child(data: &Path) {
    let start = Instant::now();
    let platform = House::open(data);
    let runtime = Runtime::start(platform, Options::new(Compiler::Here)).unwrap();
    let ready = start.elapsed().as_nanos();
    assert!(runtime.not_loaded().is_empty() && runtime.compilations().is_empty(), "all is at hand");
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    let kilobytes: u64 = resident.trim().trim_end_matches(" kB").parse().unwrap();
    let said = format!("{} {ready} {}\n", runtime.plugins().len(), kilobytes * 1024);
    std::io::stdout().write_all(said.as_bytes()).unwrap();
}

/// Packages that differ in who they are, and have the same size.
fn packages(number: usize) -> impl Iterator<Item = Vec<u8>> {
    let (name, bytes) = (b"measured", component("measured"));
    (0..number).map(move |number| {
        let mut bytes = bytes.clone();
        let places: Vec<usize> =
            (0..bytes.len() - name.len()).filter(|place| bytes[*place..].starts_with(name)).collect();
        for place in places {
            bytes[place..place + name.len()].copy_from_slice(format!("plug{number:04}").as_bytes());
        }
        bytes
    })
}

/// A data folder with so many plugins.
struct Folder {
    data: TempDir,
    plugins: usize,
}

impl Folder {
    fn new(more: usize) -> Self {
        let house = House::new(Options::new(Compiler::Here), 0);
        packages(more).for_each(|package| house.install_package(&package));
        Self { data: house.close(), plugins: 1 + more }
    }

    /// How long a host took to be ready, and how many bytes were resident then.
    fn host(&self) -> (Duration, u64) {
        let mut host = Command::new(std::env::current_exe().unwrap());
        let said = host.arg(CHILD).arg(self.data.path()).output().unwrap();
        assert!(said.status.success(), "{said:?}");
        let said = String::from_utf8(said.stdout).unwrap();
        let [plugins, ready, resident] = said.split_whitespace().collect::<Vec<_>>()[..] else {
            panic!("{said}")
        };
        assert_eq!(plugins, self.plugins.to_string());
        (Duration::from_nanos(ready.parse().unwrap()), resident.parse().unwrap())
    }
}

fn side(folder: &Rc<Folder>, what: fn((Duration, u64)) -> Duration) -> Side {
    let folder = Rc::clone(folder);
    let name =
        if folder.plugins == 1 { "one plugin".to_owned() } else { format!("{} plugins", folder.plugins) };
    Side::timed(&name, move |times| (0..times).map(|_| what(folder.host())).sum())
}

/// The rows.
pub fn rows() -> Vec<Row> {
    let (many, one) = (Rc::new(Folder::new(MANY - 1)), Rc::new(Folder::new(0)));
    let row = |name: &str, what, goal| Row {
        name: format!("{name} of a host with {MANY} plugins"),
        operations: 1,
        subject: side(&many, what),
        beside: Some(side(&one, what)),
        goal,
    };
    let ready = |(ready, _)| ready;
    let resident = |(_, resident)| Duration::from_nanos(resident);
    vec![
        row("start", ready, Goal::Within(Duration::from_millis(500))),
        row("resident memory", resident, Goal::Fits(200_000_000)),
    ]
}
