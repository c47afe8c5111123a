//! What is stored; the manifest declares the same collections.
//!
//! ```text
//! person      the record sheet as it is today
//! history     training, career, family, salary, allowances, rewards, discipline: rows of a sheet
//! decision    what happens to an officer, drafted and signed by two people
//! paper       papers of an officer's file
//! correction  what an officer asks to have corrected
//! notice      what an officer is told of their own record
//! common      parameters, pay scales, quotas
//! ```

pub(crate) mod common;
pub(crate) mod correction;
pub(crate) mod decision;
pub(crate) mod history;
pub(crate) mod notice;
pub(crate) mod paper;
pub(crate) mod person;

pub(crate) use common::{Grade, ParameterRow, Quota};
pub(crate) use correction::Correction;
pub(crate) use decision::Decision;
pub(crate) use history::{Allowance, Career, Discipline, History, Relative, Reward, SalaryStep, Training};
pub(crate) use notice::OfficerNotice;
pub(crate) use paper::Paper;
pub(crate) use person::{Person, status};
