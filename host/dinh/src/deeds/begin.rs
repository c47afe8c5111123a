//! How a house begins: two people, a root unit (`dinh account begin`, `dinh init`).

use anyhow::{Context, Result};
use clap::Args;
use dinh_services::accounts::{Ceremony, FirstPerson, NewUnit, Password, begin_house};
use dinh_services::{Call, Platform, ServiceError};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::Authority;
use super::input::{Input, Wanted};
use crate::day::Day;
use crate::reply::Reply;

/// Two people and the unit they begin. `init` does without: so no argument is required by itself, and each requires
/// the others.
#[derive(Args, Debug, Serialize, Deserialize)]
pub struct Beginning {
    /// Code of the root unit, such as `tinh`
    #[arg(
        long,
        value_name = "CODE",
        required = false,
        requires_all = ["unit_name", "first", "first_name", "second", "second_name"]
    )]
    pub unit: String,
    /// Its full official name
    #[arg(long, value_name = "NAME", required = false, requires = "unit")]
    pub unit_name: String,
    /// What it is
    #[arg(long, value_name = "KIND", default_value = "tinh", requires = "unit")]
    pub unit_kind: String,
    /// First day of its term, on which it really began [default: today]
    #[arg(long, value_name = "DATE", requires = "unit")]
    pub since: Option<Day>,
    /// Sign-in name of the first person, who is the unit's head administrator, too
    #[arg(long, value_name = "LOGIN", required = false, requires = "unit")]
    pub first: String,
    /// The first person's full name
    #[arg(long, value_name = "NAME", required = false, requires = "unit")]
    pub first_name: String,
    /// Sign-in name of the second person
    #[arg(long, value_name = "LOGIN", required = false, requires = "unit")]
    pub second: String,
    /// The second person's full name
    #[arg(long, value_name = "NAME", required = false, requires = "unit")]
    pub second_name: String,
    /// Read the two passwords from standard input, a line each, the first person's first
    #[arg(long, requires = "unit")]
    pub passwords_stdin: bool,
}

impl Beginning {
    /// Both passwords.
    pub fn wanted(&self) -> Wanted {
        Wanted::Passwords { stdin: self.passwords_stdin, of: [self.first.clone(), self.second.clone()] }
    }

    /// Begins the house, with both passwords.
    pub fn begin(&self, call: &mut Call, [first, second]: &[Password; 2]) -> Result<(), ServiceError> {
        let person = |login: &str, full_name: &str, password: &Password| FirstPerson {
            login: login.to_owned(),
            full_name: full_name.to_owned(),
            password: password.clone(),
        };
        let ceremony = Ceremony {
            unit: NewUnit {
                code: self.unit.clone(),
                name: self.unit_name.clone(),
                kind: self.unit_kind.clone(),
                parent: None,
                valid_from: self.since.map_or_else(|| call.today(), Day::date),
            },
            people: [
                person(&self.first, &self.first_name, first),
                person(&self.second, &self.second_name, second),
            ],
        };
        begin_house(call, ceremony).map(drop)
    }

    /// What was done, in a sentence.
    pub fn sentence(&self) -> String {
        format!(
            "{} and {} are administrators and directors of {}: each approves what the other asks for",
            self.first, self.second, self.unit
        )
    }
}

/// Both passwords, as they were gathered.
pub fn passwords(input: Input) -> Result<[Password; 2]> {
    let both = input.passwords.context("the command came without the two passwords")?;
    Ok(both.map(|password| Password::new(&password.0)))
}

/// Begins the house.
pub(super) fn perform(
    platform: &Platform,
    authority: &Authority,
    beginning: &Beginning,
    input: Input,
) -> Result<Reply> {
    let passwords = passwords(input)?;
    authority.perform(platform, "account begin", |call| beginning.begin(call, &passwords))?;
    let value = json!({ "unit": beginning.unit, "accounts": [beginning.first, beginning.second] });
    Ok(Reply::done(value, beginning.sentence()))
}
