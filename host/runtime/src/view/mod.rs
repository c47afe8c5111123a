//! Whether what a plugin returned is a page: looked at once, here, so that whoever draws it can rely on it.
//!
//! A page that passes has unique ids of the declared form, columns that are as long as their table, texts
//! that are UTF-8, numbers and days in range, links that lead nowhere but to pages, files and `https://`,
//! and a bounded size. One that does not is a failure of the plugin; the [`ViewProblem`] tells its vendor
//! the place and the rule.
//!
//! ```text
//! page ─ section ─ block ─┬─ table, grid, chart ─ data (columns, values)
//!                         ├─ form, filters, import ─ fields
//!                         └─ text, facts, actions ─ words (texts, names, targets)
//! ```

mod blocks;
mod data;
mod fields;
mod tables;
mod words;

use std::collections::HashSet;
use std::fmt;

pub(crate) use data::bytes;

use crate::bindings::{jobs, pages, types, views};

/// What is wrong with a page, for the plugin's vendor.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the page is not well formed at {place}: {problem}")]
pub struct ViewProblem {
    /// Where: `sections[0].blocks[2].table.columns[1].key`.
    pub place: String,
    /// What is wrong, and what would be right.
    pub problem: String,
}

/// Most sections of a page.
pub const SECTIONS: usize = 50;
/// Most blocks of a section.
pub const BLOCKS: usize = 100;
/// Most rows of a table or grid.
pub const ROWS: usize = 10_000;
/// Most rows of a sheet that is imported.
pub const SHEET_ROWS: u32 = 20_000;
/// Most columns of a table or grid.
pub const COLUMNS: usize = 250;
/// Most of any other list: fields, choices, facts, actions, events, links.
pub const ITEMS: usize = 5_000;
/// Most bytes of one text.
pub const TEXT: usize = 64 << 10;
/// Most bytes of a whole page, as it lies in memory.
pub const BYTES: u64 = 16 << 20;

/// Looks at a page. Returns about how many bytes it holds.
pub fn check(page: &views::Page) -> Result<u64, ViewProblem> {
    let mut checker = Checker::default();
    checker.page(page)?;
    Ok(checker.bytes)
}

/// Looks at where a submission leads and what is said there.
pub fn check_done(done: &pages::Done) -> Result<(), ViewProblem> {
    let mut checker = Checker::default();
    checker.at("target", |checker| checker.target(&done.target))?;
    match &done.notice {
        Some(notice) => checker.at("notice", |checker| checker.notice(notice)),
        None => Ok(()),
    }
}

/// Looks at what a step of a job gave. Returns how many bytes crossed.
pub fn check_progress(progress: &jobs::Progress) -> Result<u64, ViewProblem> {
    let mut checker = Checker::default();
    match &progress.next {
        jobs::Next::Cursor(cursor) => Ok(cursor.len() as u64),
        jobs::Next::Finished(finished) => {
            if let Some(notice) = &finished.notice {
                checker.at("notice", |checker| checker.notice(notice))?;
            }
            if let Some(path) = &finished.path {
                let target = views::Target::Page(path.clone());
                checker.at("path", |checker| checker.target(&target))?;
            }
            Ok(checker.bytes)
        }
    }
}

/// Looks at the problems of a submission; at most [`ITEMS`].
pub fn check_problems(problems: &[pages::InputProblem]) -> Result<(), ViewProblem> {
    let mut checker = Checker::default();
    checker.each("problems", problems, ITEMS, |checker, problem| {
        checker.filled("message", &problem.message)?;
        checker.optional("field", problem.field.as_deref())
    })
}

/// One step of the way to what is being looked at.
enum Step {
    Name(&'static str),
    Index(usize),
}

/// What has been seen of a page so far, and where in it we are.
#[derive(Default)]
struct Checker {
    way: Vec<Step>,
    bytes: u64,
    /// Ids of sections, forms, tables, grids, imports and charts.
    ids: HashSet<String>,
}

type Checked = Result<(), ViewProblem>;

impl fmt::Display for Checker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (depth, step) in self.way.iter().enumerate() {
            match step {
                Step::Name(name) if depth == 0 => write!(f, "{name}")?,
                Step::Name(name) => write!(f, ".{name}")?,
                Step::Index(index) => write!(f, "[{index}]")?,
            }
        }
        if self.way.is_empty() { f.write_str("the page") } else { Ok(()) }
    }
}

impl Checker {
    fn page(&mut self, page: &views::Page) -> Checked {
        self.filled("title", &page.title)?;
        self.optional("subtitle", page.subtitle.as_deref())?;
        self.each("breadcrumbs", &page.breadcrumbs, 20, Self::link)?;
        self.actions("actions", &page.actions)?;
        match page.label {
            types::Label::Ordinary | types::Label::Confidential => {}
            types::Label::Secret | types::Label::TopSecret => {
                return self.wrong("label: the platform may not hold Tối mật or Tuyệt mật");
            }
        }
        if let Some(instant) = page.as_of {
            self.at("as-of", |checker| checker.instant(instant))?;
        }
        self.each("sections", &page.sections, SECTIONS, |checker, section| {
            checker.id("id", &section.id)?;
            checker.optional("title", section.title.as_deref())?;
            if section.collapsed && section.title.is_none() {
                return checker.wrong("collapsed without a title: there would be nothing to open it by");
            }
            checker.each("blocks", &section.blocks, BLOCKS, Self::block)
        })
    }

    /// Looks at something one step further in.
    fn at(&mut self, name: &'static str, look: impl FnOnce(&mut Self) -> Checked) -> Checked {
        self.way.push(Step::Name(name));
        let checked = look(self);
        self.way.pop();
        checked
    }

    /// Looks at each of a list of at most `most`.
    fn each<T>(
        &mut self,
        name: &'static str,
        list: &[T],
        most: usize,
        mut look: impl FnMut(&mut Self, &T) -> Checked,
    ) -> Checked {
        self.way.push(Step::Name(name));
        if list.len() > most {
            return self.wrong(format!("{} of them; at most {most}", list.len()));
        }
        self.weigh(size_of_val(list))?;
        for (index, item) in list.iter().enumerate() {
            self.way.push(Step::Index(index));
            look(self, item)?;
            self.way.pop();
        }
        self.way.pop();
        Ok(())
    }

    fn weigh(&mut self, bytes: usize) -> Checked {
        self.bytes = self.bytes.saturating_add(bytes as u64);
        if self.bytes > BYTES {
            return self
                .wrong(format!("the page grows beyond {BYTES} bytes here; show less of it at a time"));
        }
        Ok(())
    }

    fn wrong(&self, problem: impl Into<String>) -> Checked {
        Err(ViewProblem { place: self.to_string(), problem: problem.into() })
    }
}

#[cfg(test)]
mod import_tests;
#[cfg(test)]
mod tests;
