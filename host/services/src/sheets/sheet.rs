//! A sheet: what a block asks for, and what a file turned out to hold.

use dinh_model::{Date, Decimal, Value};
use serde::{Deserialize, Serialize};

use super::Problem;

/// One choice of a closed set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// What the plugin gets.
    pub value: String,
    /// What people read and write.
    pub text: String,
}

/// What the cells of a column are. A code of a catalog is a choice among its entries.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum CellKind {
    /// Text, with bounds in characters.
    Text {
        /// Fewest characters of a filled-in cell.
        minimum: u32,
        /// Most characters.
        maximum: u32,
    },
    /// A whole number.
    Integer {
        /// Lowest.
        minimum: Option<i64>,
        /// Highest.
        maximum: Option<i64>,
    },
    /// A decimal number.
    Decimal {
        /// Most places after the comma, 0 to 18.
        scale: u8,
        /// Lowest.
        minimum: Option<Decimal>,
        /// Highest.
        maximum: Option<Decimal>,
    },
    /// Whole đồng.
    Money {
        /// Lowest.
        minimum: Option<i64>,
        /// Highest.
        maximum: Option<i64>,
    },
    /// A day.
    Date {
        /// Earliest.
        earliest: Option<Date>,
        /// Latest.
        latest: Option<Date>,
    },
    /// Yes or no.
    Boolean,
    /// One of a closed set; its value or its text, without regard to case and diacritics.
    Choice(Vec<Choice>),
}

/// A column that an import takes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SheetColumn {
    /// Its name, unique in the block.
    pub name: String,
    /// Its head as people read it.
    pub label: String,
    /// Other heads that a file may have for it; compared without regard to case, diacritics and punctuation.
    pub aliases: Vec<String>,
    /// What its cells are.
    pub kind: CellKind,
    /// The column has to be in the file, and every cell filled in.
    pub required: bool,
    /// Texts that mean "no value", such as `N/A`.
    pub empty_words: Vec<String>,
}

/// One column of a sheet that was read.
#[derive(Clone, Debug, PartialEq)]
pub struct SheetColumnData {
    /// Name of the declared column.
    pub name: String,
    /// One value for each row; empty where the cell is empty or wrong.
    pub values: Vec<Value>,
    /// Whether each cell has been reported as wrong.
    pub wrong: Vec<bool>,
}

/// A file, read by the columns of a block.
#[derive(Clone, Debug, PartialEq)]
pub struct Sheet {
    /// Name of the uploaded file, without folders.
    pub file_name: String,
    /// The line of the file each row begins on; the head is on line 1.
    pub lines: Vec<u32>,
    /// The declared columns that the file has, in the order declared.
    pub columns: Vec<SheetColumnData>,
    /// Cells and rows that are wrong, in the order of the file; at most 10,000.
    pub problems: Vec<Problem>,
    /// Problems beyond those; their cells are marked wrong all the same.
    pub unlisted_problems: u32,
    /// Heads of the file that no declared column has; their cells are ignored.
    pub unknown_heads: Vec<String>,
}

impl SheetColumnData {
    /// Which cells are wrong, one bit each, least significant bit of byte 0 first; empty when none is.
    pub fn wrong_bits(&self) -> Vec<u8> {
        if !self.wrong.contains(&true) {
            return Vec::new();
        }
        let byte = |cells: &[bool]| {
            cells.iter().enumerate().fold(0_u8, |byte, (bit, wrong)| byte | u8::from(*wrong) << bit)
        };
        self.wrong.chunks(8).map(byte).collect()
    }
}

impl Sheet {
    /// Rows of data.
    pub fn rows(&self) -> usize {
        self.lines.len()
    }

    /// The column of that name, if the file has it.
    pub fn column(&self, name: &str) -> Option<&SheetColumnData> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// For each row, whether nothing in it is wrong.
    pub fn good_rows(&self) -> Vec<bool> {
        let mut good = vec![true; self.rows()];
        for column in &self.columns {
            for (good, wrong) in good.iter_mut().zip(&column.wrong) {
                *good &= !wrong;
            }
        }
        good
    }

    /// The sheet of the rows for which `keep` holds, as it is given to the plugin for import; rows that
    /// `keep` does not reach are left out. Problems of the other rows are dropped.
    pub fn keep(&self, keep: &[bool]) -> Self {
        fn kept<T: Clone>(all: &[T], keep: &[bool]) -> Vec<T> {
            all.iter().zip(keep).filter(|(_, keep)| **keep).map(|(one, _)| one.clone()).collect()
        }
        let mut next = 0_u32;
        let places: Vec<Option<u32>> = keep
            .iter()
            .map(|keep| {
                let place = keep.then_some(next);
                next += u32::from(*keep);
                place
            })
            .collect();
        let moved = |problem: &Problem| {
            let row = places.get(problem.row as usize).copied().flatten()?;
            Some(Problem { row, ..problem.clone() })
        };
        Self {
            file_name: self.file_name.clone(),
            lines: kept(&self.lines, keep),
            columns: self
                .columns
                .iter()
                .map(|column| SheetColumnData {
                    name: column.name.clone(),
                    values: kept(&column.values, keep),
                    wrong: kept(&column.wrong, keep),
                })
                .collect(),
            problems: self.problems.iter().filter_map(moved).collect(),
            unlisted_problems: 0,
            unknown_heads: self.unknown_heads.clone(),
        }
    }
}
