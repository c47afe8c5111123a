//! Why a form was not printed.

use serde::{Deserialize, Serialize};

/// Why a form was not printed; also what a child tells its host, as JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "error", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum PrintError {
    /// The template is wrong.
    #[error("{file}:{line}:{column}: {message}{}", remedy(.hints))]
    Template {
        /// The file of the package, or `/dinh.typ`.
        file: String,
        /// The line, from 1; 0 when no place is known.
        line: usize,
        /// The character of the line, from 1; 0 when no place is known.
        column: usize,
        /// What is wrong.
        message: String,
        /// What may be done about it.
        hints: Vec<String>,
    },
    /// A bound was reached.
    #[error("printing needs more than {allowed} {what}")]
    Limit {
        /// Of what, in English: `pages`, `bytes`, `MiB of memory` …
        what: String,
        /// How much of it is allowed.
        allowed: u64,
    },
    /// What is to be printed cannot be read, or is more than is taken in.
    #[error("what is to be printed cannot be used: {what}")]
    Input {
        /// Why.
        what: String,
    },
    /// The child could not be started, or ended as it never should.
    #[error("printing failed: {what}")]
    Failed {
        /// What is known of it.
        what: String,
    },
}

impl PrintError {
    pub(crate) fn limit(what: &str, allowed: u64) -> Self {
        Self::Limit { what: what.to_owned(), allowed }
    }

    pub(crate) fn input(what: impl ToString) -> Self {
        Self::Input { what: what.to_string() }
    }

    pub(crate) fn failed(what: impl ToString) -> Self {
        Self::Failed { what: what.to_string() }
    }
}

fn remedy(hints: &[String]) -> String {
    hints.iter().map(|hint| format!("; {hint}")).collect()
}
