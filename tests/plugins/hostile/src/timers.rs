//! Harm by timers.

use dinh_sdk::jiff::SignedDuration;
use dinh_sdk::prelude::*;
use dinh_sdk::schedule::{Days, Fired, Timer};
use dinh_sdk::time;

/// Sets timers for ever.
pub fn flood(_: &Request, _: &Submission) -> Result<Outcome> {
    let mut number = 0_u64;
    loop {
        number += 1;
        Timer::at("tick", time::now()).keyed(number).set()?;
    }
}

/// Sets what is no timer: whatever is accepted of it breaks the call off; then for ever.
pub fn nonsense(request: &Request, submission: &Submission) -> Result<Outcome> {
    let (now, today) = (time::now(), time::today());
    let at = || Timer::at("tick", now);
    let end = Date::constant(9999, 12, 31);
    let nonsense = [
        at().with("x".repeat(4_097)),
        at().keyed("x".repeat(101)),
        at().keyed("Nguyễn Văn A"),
        at().keyed("a\0b"),
        at().keyed("a b\n"),
        Timer::at("tock", now),
        Timer::at("", now),
        Timer::at("tick\0", now),
        Timer::at("tick", Timestamp::MAX),
        Timer::at("tick", now + SignedDuration::from_hours(24 * 10_002)),
        Timer::on("tick", end, 0),
        Timer::on("tick", Date::MAX, 23),
        Timer::on("tick", today, 24),
        Timer::on("tick", today, 255),
        Timer::days_after("tick", end, 1, 0),
        Timer::days_after("tick", today, u32::MAX, 0),
        Timer::working_days_after("tick", today, 10_001, 0),
        Timer::working_days_after("tick", end, 10_000, 0),
        Timer::every("tick", Days::Weekly(0), 7),
        Timer::every("tick", Days::Monthly(32), 7),
        Timer::every("tick", Days::Quarterly((4, 1)), 7),
        Timer::every("tick", Days::Yearly((13, 1)), 7),
        Timer::every("tick", Days::Yearly((0, 0)), 7),
        Timer::every("tick", Days::Daily, 24),
    ];
    for timer in nonsense {
        let said = format!("{timer:?}");
        assert!(matches!(timer.set(), Err(Error::Invalid(_))), "accepted: {}", said.len());
    }
    flood(request, submission)
}

/// Fires, and does nothing.
pub fn fired(_: &Fired) -> Result<()> {
    Ok(())
}
