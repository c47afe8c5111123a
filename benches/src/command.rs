//! The command line of the one bench target.

use std::io::Write;
use std::panic::catch_unwind;

use criterion::Criterion;

use crate::measure::measure;
use crate::rows::GROUPS;
use crate::table::{Line, draw};
use crate::{Group, Row};

const USAGE: &str = "\
cargo xtask bench [FILTER] [--strict]   one table; only rows with FILTER in their or their group's name
                  --strict              fail when a goal is missed
                  --criterion           measure each side by itself with criterion instead: its statistics,
                                        and the change since its last run, for hunting a regression
";

struct Asked {
    filter: String,
    strict: bool,
    criterion: bool,
}

/// Runs what the arguments ask for; the exit code.
pub fn main(arguments: impl Iterator<Item = String>) -> u8 {
    let mut asked = Asked { filter: String::new(), strict: false, criterion: false };
    for argument in arguments {
        match argument.as_str() {
            // Cargo tells every bench that it is one.
            "--bench" => {}
            "--strict" => asked.strict = true,
            "--criterion" => asked.criterion = true,
            filter if !filter.starts_with('-') => asked.filter = filter.to_owned(),
            _ => {
                say(&mut std::io::stderr(), USAGE);
                return 2;
            }
        }
    }
    if asked.criterion {
        with_criterion(&asked.filter);
        return 0;
    }
    let mut lines = Vec::new();
    let mut failed = 0;
    for group in groups(&asked.filter) {
        // What was measured is shown whatever happens to the rest; the panic has said why.
        let measured = catch_unwind(|| {
            let line = |mut row: Row| {
                say(&mut std::io::stderr(), &format!("measuring {}\n", row.name));
                let found = measure(&mut row);
                Line::new(&row, &found)
            };
            rows(group, &asked.filter).into_iter().map(line).collect::<Vec<_>>()
        });
        match measured {
            Ok(measured) => lines.extend(measured),
            Err(_) => failed += 1,
        }
    }
    let missed = lines.iter().filter(|line| line.missed).count();
    say(&mut std::io::stdout(), &draw(&lines));
    u8::from(failed > 0 || asked.strict && missed > 0)
}

/// The groups that the filter names; all of them when it names none, since it may name a row.
fn groups(filter: &str) -> Vec<&'static Group> {
    let named: Vec<&Group> = GROUPS.iter().filter(|group| group.name.contains(filter)).collect();
    if named.is_empty() { GROUPS.iter().collect() } else { named }
}

/// The rows of a group that the filter leaves.
fn rows(group: &Group, filter: &str) -> Vec<Row> {
    let all = (group.rows)();
    if group.name.contains(filter) {
        return all;
    }
    all.into_iter().filter(|row| row.name.contains(filter)).collect()
}

fn with_criterion(filter: &str) {
    let mut criterion = Criterion::default().sample_size(20);
    for group in groups(filter) {
        for row in rows(group, filter) {
            let mut group = criterion.benchmark_group(row.name);
            for mut side in [Some(row.subject), row.beside].into_iter().flatten() {
                group.bench_function(side.name, |bencher| bencher.iter_custom(|times| (side.run)(times)));
            }
            group.finish();
        }
    }
    criterion.final_summary();
}

fn say(to: &mut dyn Write, text: &str) {
    // Nobody is left to tell when nobody listens.
    let _ = to.write_all(text.as_bytes()).and_then(|()| to.flush());
}
