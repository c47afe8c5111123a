//! The table as people read it.

use std::time::Duration;

use crate::measure::Measured;
use crate::{Goal, Row};

/// One printed row.
pub struct Line {
    cells: [String; 7],
    /// Whether the goal was missed.
    pub missed: bool,
}

const HEADS: [&str; 7] = ["what", "takes", "beside", "takes", "ratio", "goal", ""];

impl Line {
    /// For a row and what was found.
    pub fn new(row: &Row, found: &Measured) -> Self {
        let (goal, met) = match (row.goal, found.ratio) {
            (Goal::AtMost(most), Some(ratio)) => (format!("≤ {most}×"), Some(ratio <= most)),
            (Goal::AtLeast(least), Some(ratio)) => (format!("≥ {least}×"), Some(ratio >= least)),
            (Goal::Within(most), _) => {
                let most = most.as_secs_f64() * 1e9;
                (format!("≤ {}", time(most)), Some(found.subject <= most))
            }
            (Goal::Fits(most), _) => (format!("≤ {}", room(most as f64)), Some(found.subject <= most as f64)),
            _ => ("–".to_owned(), None),
        };
        let amount = if matches!(row.goal, Goal::Fits(_)) { room } else { time };
        let ratio = found.ratio.map(|ratio| format!("{ratio:.2}× ±{:.2}", found.spread / 2.0));
        let verdict = match met {
            Some(true) => "met",
            Some(false) => "MISSED",
            None => "",
        };
        Self {
            cells: [
                row.name.clone(),
                amount(found.subject),
                row.beside.as_ref().map(|side| side.name.clone()).unwrap_or_default(),
                found.beside.map(amount).unwrap_or_default(),
                ratio.unwrap_or_default(),
                goal,
                verdict.to_owned(),
            ],
            missed: met == Some(false),
        }
    }
}

/// The whole table in Markdown, its columns aligned.
pub fn draw(lines: &[Line]) -> String {
    let mut widths = HEADS.map(|head| head.chars().count());
    for line in lines {
        for (width, cell) in widths.iter_mut().zip(&line.cells) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let mut text = String::new();
    let mut push = |cells: Vec<String>| {
        text.push_str(&format!("| {} |\n", cells.join(" | ")));
    };
    let pad = |cell: &str, width: usize| format!("{cell}{}", " ".repeat(width - cell.chars().count()));
    push(HEADS.iter().zip(widths).map(|(head, width)| pad(head, width)).collect());
    push(widths.iter().map(|width| "-".repeat(*width)).collect());
    for line in lines {
        push(line.cells.iter().zip(widths).map(|(cell, width)| pad(cell, width)).collect());
    }
    text
}

/// Bytes in millions.
fn room(bytes: f64) -> String {
    format!("{:.0} MB", bytes / 1e6)
}

/// A time in the unit in which it has one to three digits before the point.
fn time(nanoseconds: f64) -> String {
    let (value, unit) = match Duration::from_secs_f64(nanoseconds / 1e9).as_nanos() {
        0..1_000 => (nanoseconds, "ns"),
        1_000..1_000_000 => (nanoseconds / 1e3, "µs"),
        1_000_000..1_000_000_000 => (nanoseconds / 1e6, "ms"),
        _ => (nanoseconds / 1e9, "s"),
    };
    if value < 10.0 { format!("{value:.2} {unit}") } else { format!("{value:.0} {unit}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Side;

    #[test]
    fn a_row_shows_the_ratio_beside_its_goal_and_says_when_it_is_missed() {
        let row = |goal| Row {
            name: "check".to_owned(),
            operations: 1,
            subject: Side::new("check", || ()),
            beside: Some(Side::new("floor", || ())),
            goal,
        };
        let found = Measured { subject: 1_500.0, beside: Some(7.5), ratio: Some(1.6), spread: 0.2 };
        let line = Line::new(&row(Goal::AtMost(1.5)), &found);
        assert!(line.missed);
        assert!(!Line::new(&row(Goal::AtLeast(1.5)), &found).missed);
        assert!(Line::new(&row(Goal::Within(Duration::from_micros(1))), &found).missed);
        assert!(Line::new(&row(Goal::Fits(1_000)), &found).missed);
        assert!(!Line::new(&row(Goal::Seen), &found).missed);
        let table = draw(&[line]);
        assert_eq!(
            table.lines().last().unwrap(),
            "| check | 1.50 µs | floor  | 7.50 ns | 1.60× ±0.10 | ≤ 1.5× | MISSED |"
        );
    }
}
