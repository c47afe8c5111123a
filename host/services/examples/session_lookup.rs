//! What it costs to look up a session by its token, in a house of 20,000 signed-in people; beside it, SHA-256 of
//! the token and the reading of the clock, and what it costs to read all of them anew after a change of people.
//!
//! ```text
//! cargo run -p dinh-services --example session_lookup
//! ```

#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "it prints figures")]

use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use dinh_model::{Actor, Label, Language};
use dinh_services::accounts::{
    NewAccount, NewUnit, Password, SessionKind, SignIn, create_account, create_unit, end_sessions,
};
use dinh_services::{Clock, Options, Platform, SystemClock};
use dinh_store::memory::Memory;
use dinh_store::{Signer, Store};
use sha2::{Digest, Sha256};

const PEOPLE: usize = 20_000;

fn main() {
    let signer = Signer::from_seed("example", [7; 32]).unwrap();
    let store = Store::with_backend(Box::new(Memory::new()), signer, dinh_store::Options::default()).unwrap();
    let options = Options { address_failures: u32::MAX, ..Options::cheap() };
    let platform = Platform::open_with(Path::new("data"), store, Arc::new(SystemClock), options).unwrap();
    let operator = platform.origin(Actor::Public, Language::Vi).as_operator();
    let accounts = platform
        .perform(&operator, |call| {
            let new = NewUnit {
                code: "tinh".into(),
                name: "Tỉnh Lào Cai".into(),
                kind: "tinh".into(),
                parent: None,
                valid_from: call.today(),
            };
            let unit = create_unit(call, new)?;
            let account = |number: usize| NewAccount {
                login: format!("nguoi-{number}"),
                full_name: format!("Người Thứ {number}"),
                unit,
                clearance: Label::Ordinary,
                password: (number < 20).then(|| Password::new("bốn mùa xuân hạ")),
                must_change: false,
            };
            (0..20).map(|number| Ok(create_account(call, account(number))?.id)).collect::<Result<Vec<_>, _>>()
        })
        .unwrap();
    // As many sessions as people; that a few people have them all changes nothing for the look-up.
    let sign_in = |login: usize| SignIn {
        login: format!("nguoi-{login}"),
        password: Password::new("bốn mùa xuân hạ"),
        address: [10, 0, 0, 1].into(),
        kind: SessionKind::Page,
        otp: None,
    };
    let began = Instant::now();
    let most = platform.options().sessions_per_account;
    let tokens: Vec<String> =
        (0..20 * most).map(|number| platform.sign_in(&sign_in(number % 20)).unwrap().token).collect();
    println!("{} sign-ins in {:?}", tokens.len(), began.elapsed());
    for token in &tokens {
        platform.session(token).unwrap();
    }
    let each = |name: &str, mut act: Box<dyn FnMut(&str) + '_>| {
        let rounds = 1_000_000 / tokens.len();
        let mut best = f64::MAX;
        for _ in 0..5 {
            let began = Instant::now();
            for _ in 0..rounds {
                tokens.iter().for_each(|token| act(token));
            }
            best = best.min(began.elapsed().as_nanos() as f64 / (rounds * tokens.len()) as f64);
        }
        println!("{name:<40}{best:>8.1} ns");
    };
    each("look-up of a session", Box::new(|token| drop(black_box(platform.session(token)))));
    each(
        "of it: the clock",
        Box::new(|_| {
            black_box(SystemClock.about());
        }),
    );
    each(
        "beside it: the exact moment",
        Box::new(|_| {
            black_box(SystemClock.now());
        }),
    );
    each(
        "beside it: SHA-256 of the token",
        Box::new(|token| {
            black_box(Sha256::digest(token));
        }),
    );
    let began = Instant::now();
    platform
        .perform(&operator, |call| accounts.first().map_or(Ok(()), |first| end_sessions(call, *first, None)))
        .unwrap();
    println!("all sessions of a person ended in {:?}, commit included (in memory)", began.elapsed());
    let began = Instant::now();
    let open = tokens.iter().filter(|token| platform.session(token).is_ok()).count();
    let anew = began.elapsed() / u32::try_from(tokens.len()).unwrap();
    println!(
        "read anew after a change of people: {anew:?} each, {:?} for {PEOPLE}; {open} still open",
        anew * 20_000
    );
}
