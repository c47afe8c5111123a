//! What one lends and borrows now or may yet, on the page of one's own account; the rest is at the delegations.

use dinh_model::{AccountId, time};
use dinh_services::accounts::{self, Directory};
use dinh_services::{Call, ServiceError};
use maud::{Markup, html};
use serde_json::{Value, json};

use crate::format;
use crate::messages::Texts;
use crate::shell::DELEGATIONS;

/// A delegation, in the words of the page.
pub struct Loan {
    number: u32,
    lender: String,
    borrower: String,
    /// The last day on which it holds.
    until: Option<String>,
}

impl Loan {
    /// Its JSON twin.
    pub fn json(&self) -> Value {
        json!({ "number": self.number, "lender": self.lender, "borrower": self.borrower, "until": self.until })
    }
}

/// What an account lends and borrows, but what is over.
pub fn of(call: &mut Call, account: AccountId) -> Result<Vec<Loan>, ServiceError> {
    let (now, mut found) = (call.now(), Vec::new());
    for one in accounts::delegations_of(call, account)? {
        if one.ended.is_some() || one.term.until.is_some_and(|until| until <= now) {
            continue;
        }
        let directory = Directory::new(call.transaction.snapshot());
        let name =
            |id| directory.account(id).map(|found| found.map(|found| found.full_name).unwrap_or_default());
        found.push(Loan {
            number: one.id.0,
            lender: name(one.lender)?,
            borrower: name(one.borrower)?,
            until: one.term.until.map(|until| {
                let last = until.checked_sub(jiff::SignedDuration::from_micros(1)).unwrap_or(until);
                format::date(time::day_in_vietnam(last))
            }),
        });
    }
    Ok(found)
}

/// Them as a list, with the way to all of them.
pub fn list(texts: Texts, loans: &[Loan]) -> Markup {
    html! {
        section class="section" {
            h2 { (texts.say("shell-delegations")) }
            @if !loans.is_empty() {
                ul {
                    @for one in loans {
                        li {
                            a href={ (DELEGATIONS) "/" (one.number) } { (one.lender) " → " (one.borrower) }
                            @if let Some(until) = &one.until { " (" (texts.say("account-until")) " " (until) ")" }
                        }
                    }
                }
            }
            p { a class="btn secondary" href=(DELEGATIONS) { (texts.say("account-delegations")) } }
        }
    }
}
