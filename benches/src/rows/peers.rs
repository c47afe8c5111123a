//! The permission check beside other engines on the same questions: `benches/peers`, a program for each.
//!
//! A peer answers every question before anything is measured, and nothing is unless all its answers are the engine's.
//! Both sides go through the same questions; what a peer's side takes, its program says.

use std::hint::black_box;
use std::io::{BufRead, BufReader, Lines, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::rc::Rc;
use std::time::Duration;

use dinh_access::{PermissionIndex, Policy};
use dinh_model::Timestamp;

use crate::organisation::{Question, now, province, questions};
use crate::random::Random;
use crate::{Goal, Row, Side};

/// Questions, of which each peer has a request ready.
const QUESTIONS: usize = 20_000;

/// The peers, by their names in the package registry.
const PEERS: [&str; 4] = ["cedar-policy", "casbin", "biscuit-auth", "regorus"];

/// The rows of the table.
pub fn rows() -> Vec<Row> {
    let mut random = Random(2026);
    let facts = province(&mut random);
    let questions = questions(&facts, QUESTIONS, &mut random);
    // What the peers' `setting.rs` reads.
    let asked = |Question { actor, permission, target }: &Question| {
        (actor.clone(), *permission, target.unit, target.label, target.owner)
    };
    let asked: Vec<_> = questions.iter().map(asked).collect();
    let folder = tempfile::tempdir().unwrap();
    let setting = folder.path().join("setting");
    std::fs::write(&setting, postcard::to_allocvec(&(&facts, now(), asked)).unwrap()).unwrap();
    let policy = Policy::compile(&facts, 1).unwrap();
    let permissions = facts.permissions.iter().map(|name| policy.permission(name).unwrap()).collect();
    let ours = Rc::new(Ours { policy, permissions, questions, now: now() });
    let answers: String =
        (0..QUESTIONS).map(|question| if ours.check(question) { '1' } else { '0' }).collect();
    let allowed = answers.matches('1').count();
    assert!((QUESTIONS / 10..QUESTIONS / 2).contains(&allowed), "{allowed} of {QUESTIONS} allowed");
    PEERS
        .map(|name| {
            let mut peer = Peer::start(name, &setting);
            assert!(peer.line() == answers, "{name} decides the same");
            row(&ours, peer)
        })
        .into()
}

fn row(ours: &Rc<Ours>, mut peer: Peer) -> Row {
    let ours = ours.clone();
    let mut next = (0..QUESTIONS).cycle();
    Row {
        name: format!("permission check beside {}", peer.name),
        operations: 1,
        subject: Side::new("check", move || ours.check(black_box(next.next().unwrap()))),
        beside: Some(Side::timed(peer.name, move |times| peer.run(times))),
        goal: Goal::AtLeast(500.0),
    }
}

/// The engine and the questions.
struct Ours {
    policy: Policy,
    permissions: Vec<PermissionIndex>,
    questions: Vec<Question>,
    now: Timestamp,
}

impl Ours {
    fn check(&self, question: usize) -> bool {
        let Question { actor, permission, target } = &self.questions[question];
        self.policy.check(actor, self.permissions[usize::from(*permission)], target, self.now)
    }
}

/// A peer in its program.
struct Peer {
    name: &'static str,
    program: Child,
    asks: Option<ChildStdin>,
    says: Lines<BufReader<ChildStdout>>,
}

impl Peer {
    fn start(name: &'static str, setting: &std::path::Path) -> Self {
        let file = program();
        let mut program = Command::new(&file)
            .arg(name)
            .arg(setting)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("{}: {error}; `cargo xtask bench` builds it", file.display()));
        let says = BufReader::new(program.stdout.take().unwrap()).lines();
        Self { name, asks: program.stdin.take(), program, says }
    }

    fn line(&mut self) -> String {
        let line = self.says.next().unwrap_or_else(|| panic!("{} ended; its own words are above", self.name));
        line.unwrap()
    }

    /// Decides so many questions.
    fn run(&mut self, times: u64) -> Duration {
        writeln!(self.asks.as_mut().unwrap(), "{times}").unwrap();
        Duration::from_nanos(self.line().parse().unwrap())
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        // It ends when nothing is asked any more.
        drop(self.asks.take());
        let _ = self.program.wait();
    }
}

/// Where `cargo xtask bench` lays the program.
fn program() -> PathBuf {
    // TARGET/debug/deps/table-… → TARGET/debug/dinh-peers
    std::env::current_exe().unwrap().ancestors().nth(2).unwrap().join("dinh-peers")
}
