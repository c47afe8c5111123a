//! The promises of accounts, sign-in, catalogs and calls, each as a sentence that a test tries to break.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests may fail loudly")]

mod access;
mod account_imports;
mod accounts;
mod calls;
mod catalogs;
mod ceremony;
mod council;
mod delegations;
mod grants;
mod heads;
mod history;
mod house;
mod imports;
mod inbox;
mod leaving;
mod lineage;
mod lists;
mod moves;
mod one_person;
mod own_password;
mod own_sessions;
mod passwords;
mod positions;
mod rank;
mod requests;
mod resets;
mod revocation;
mod rights;
mod rolls;
mod roots;
mod second_factor;
mod second_person;
mod sessions;
mod set_back;
mod sharing;
mod sign_in;
mod temporary;
mod tokens;
mod transfers;
mod two_people;
mod unit_ends;
mod units;
