//! Harm by calling the host.

use dinh_sdk::bindings::dinh::platform::{access, clock};
use dinh_sdk::prelude::*;
use dinh_sdk::{catalog, log};

use crate::count::Counter;

/// Logs for ever.
pub fn lines(_: &Request) -> Result<Page> {
    loop {
        log::info("a line");
    }
}

/// Logs what looks like other lines.
pub fn forged_log(_: &Request) -> Result<Page> {
    log::info("harmless\n1970-01-01T00:00:00Z ERROR dinh: the host is on fire");
    Ok(Page::new("logged"))
}

/// Hands texts over for ever.
pub fn bytes(_: &Request) -> Result<Page> {
    let long = "x".repeat(50_000);
    loop {
        let _ = catalog::lookup("provinces", &long, dinh_sdk::time::today());
    }
}

/// Reads for ever.
pub fn rows(_: &Request) -> Result<Page> {
    loop {
        Counter::all().count()?;
        Counter::all().list()?;
    }
}

/// Asks the time for ever: costs the host nothing but time.
pub fn calls(_: &Request) -> Result<Page> {
    let mut last = clock::now();
    loop {
        last = last.max(clock::now());
    }
}

/// Asks about more targets at once than there may be.
pub fn targets(_: &Request) -> Result<Page> {
    let handle = access::resolve("hostile.harm.do").unwrap_or_default();
    let target = access::Target { unit: 1, label: Label::Ordinary, owner: None };
    let answers = access::check_many(handle, &vec![target; 10_001]);
    Ok(Page::new(format!("{} answers", answers.len())))
}

/// Writes where only reading is allowed.
pub fn write(_: &Request) -> Result<Page> {
    let title = match Counter::named("sly").insert() {
        Ok(_) => "written".to_owned(),
        Err(error) => format!("{error:?}"),
    };
    Ok(Page::new(title))
}

/// Adds records for ever.
pub fn records(_: &Request, _: &Submission) -> Result<Outcome> {
    let mut number = 0_u64;
    loop {
        Counter::insert_many((0..10).map(|_| {
            number += 1;
            Counter::named(&format!("flood {number}"))
        }))?;
    }
}
