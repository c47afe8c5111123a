//! What is stored; the manifest declares the same collections.
//!
//! ```text
//! catalog   what changes by decree: steps, papers, terms, settings, templates, each as of a day
//! dossier   a case with its steps, documents, team, events
//! outcome   ballots, decisions; who denounced
//! shared    what other plugins offer, under contract
//! ```

pub(crate) mod catalog;
pub(crate) mod dossier;
pub(crate) mod outcome;
pub(crate) mod shared;

pub(crate) use catalog::{Catalog, Paper, Setting, Step, Template, Term};
pub(crate) use dossier::{Document, Dossier, Event, Member, Progress, Reminded};
pub(crate) use outcome::{Ballot, Denouncer, Measure};
