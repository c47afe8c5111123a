//! How long a large store takes to open: fills a file, has the process that writes to it killed, and opens it.
//!
//! ```sh
//! cargo run -p dinh-store --example big -- --gigabytes 10 --kill --file /var/tmp/big.redb
//! ```
//! Without `--kill` the file is closed in order first. The file is removed at the end.

// It prints what it measures, and ends when something fails.
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout, clippy::print_stderr)]

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use dinh_store::{Options, Signer, Store, Transaction};

/// Bytes of a value: a row of thirty fields.
const VALUE: usize = 564;
/// Rows of one change.
const ROWS: u64 = 20_000;

struct Wanted {
    gigabytes: u64,
    kill: bool,
    file: PathBuf,
    /// Set for the process that is killed.
    child: bool,
}

fn wanted() -> Wanted {
    let mut wanted = Wanted { gigabytes: 1, kill: false, file: "big.redb".into(), child: false };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        match word.as_str() {
            "--gigabytes" => wanted.gigabytes = words.next().unwrap().parse().unwrap(),
            "--file" => wanted.file = words.next().unwrap().into(),
            "--kill" => wanted.kill = true,
            "--child" => wanted.child = true,
            other => panic!("{other}: --gigabytes NUMBER, --kill, --file FILE"),
        }
    }
    wanted
}

fn open(file: &Path) -> Store {
    Store::open(file, Signer::from_seed("big", [1; 32]).unwrap(), Options::default()).unwrap()
}

/// One change of these rows.
fn write(store: &Store, rows: impl Iterator<Item = u64>) {
    let mut call = Transaction::new(store.snapshot().unwrap());
    for row in rows {
        let mut value = vec![0; VALUE];
        for (part, bytes) in value.chunks_mut(8).enumerate() {
            let word = (row + part as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15).to_le_bytes();
            bytes.copy_from_slice(word.get(..bytes.len()).unwrap());
        }
        call.put(row.to_be_bytes().to_vec(), value);
    }
    store.commit(call.into_change(0, false)).unwrap();
}

fn length(file: &Path) -> u64 {
    std::fs::metadata(file).unwrap().len()
}

/// Fills the file, says so, and writes on until it is killed, or closes it.
fn child(wanted: &Wanted) {
    let store = open(&wanted.file);
    let goal = wanted.gigabytes << 30;
    let mut next = 0;
    // What is live: the file itself grows by gigabytes.
    while next * (VALUE as u64 + 30) < goal {
        write(&store, next..next + ROWS);
        next += ROWS;
    }
    let full = || {
        println!("full");
        std::io::stdout().flush().unwrap();
    };
    if wanted.kill {
        // All over the file, as people do.
        for turn in 0u64.. {
            write(&store, (0..64).map(|row| (turn * 64 + row).wrapping_mul(7_919) % next));
            if turn == 500 {
                full();
            }
        }
    }
    full();
    store.close().unwrap();
}

fn main() {
    let wanted = wanted();
    if wanted.child {
        return child(&wanted);
    }
    assert!(!wanted.file.exists(), "{} is there already", wanted.file.display());
    let begun = Instant::now();
    let mut writing = Command::new(std::env::current_exe().unwrap())
        .arg("--child")
        .args(wanted.kill.then_some("--kill"))
        .args(["--gigabytes", &wanted.gigabytes.to_string(), "--file"])
        .arg(&wanted.file)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = String::new();
    BufReader::new(writing.stdout.take().unwrap()).read_line(&mut said).unwrap();
    assert_eq!(said, "full\n");
    println!("filled in {:.0} s", begun.elapsed().as_secs_f64());
    if wanted.kill {
        writing.kill().unwrap();
    }
    writing.wait().unwrap();
    println!("file: {:.1} GiB", length(&wanted.file) as f64 / (1u64 << 30) as f64);
    for turn in ["first", "second"] {
        let begun = Instant::now();
        let store = open(&wanted.file);
        let took = begun.elapsed();
        println!(
            "{turn} opening: {:.3} s, last commit {}",
            took.as_secs_f64(),
            store.snapshot().unwrap().seq().0
        );
        store.close().unwrap();
    }
    std::fs::remove_file(&wanted.file).unwrap();
}
