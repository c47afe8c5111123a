//! The rule: when a plugin is out, for how long, and who is let in first.

use std::collections::VecDeque;

use dinh_model::AccountId;

use super::Quarantine;

/// So many failures in a row take a plugin out.
const IN_A_ROW: usize = 10;
/// Of so many calls…
const LAST: usize = 40;
/// …so many failures take it out as well.
const OF_THE_LAST: usize = 20;
/// Calls before that are no longer looked at: microseconds.
const WINDOW: i64 = 10 * 60 * 1_000_000;
/// How long it is out the first time: microseconds. Each time after that twice as long.
const FIRST: i64 = 30 * 1_000_000;
/// The longest that it is out at once: microseconds.
const LONGEST: i64 = 30 * 60 * 1_000_000;
/// Seconds after which to come again while the first call is on its way.
const SOON: u32 = 5;

/// What came of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It was answered, if only with a refusal.
    Answered,
    /// It failed: `trapped`, `failed`, or the limit that was reached.
    Failed(&'static str),
}

/// What may enter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Entry {
    /// As always.
    Free,
    /// The one call that shows whether it works again.
    Trial,
    /// Nothing, for so many seconds.
    Out(u32),
}

/// What a call changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Turn {
    /// It is out from now on.
    Out(Quarantine),
    /// It is back, after so many times in a row that it was out.
    Back(u32),
}

/// Who asked: an account, or nobody who is known by one.
pub(crate) type Asker = Option<AccountId>;

/// A call that ended.
#[derive(Clone, Copy, Debug)]
struct Ended {
    at: i64,
    failed: bool,
    asker: Asker,
}

/// How a plugin does.
#[derive(Debug, Default)]
pub(crate) struct Health {
    /// The last calls.
    last: VecDeque<Ended>,
    /// Who was answered last, and when; and who else before.
    answered: [Option<(Asker, i64)>; 2],
    out: Option<Quarantine>,
    /// Whether the one call is on its way.
    trying: bool,
    /// How often in a row it was out, and when it came back.
    times: u32,
    back_at: i64,
    /// When people last let it back.
    released: Option<i64>,
}

impl Health {
    /// Since when it is out, and until when.
    pub(crate) fn quarantine(&self) -> Option<&Quarantine> {
        self.out.as_ref()
    }

    /// Whether a call may come in at this moment. Of a plugin whose time is over, the first is the trial; it ends with
    /// [`ended`](Self::ended) or [`gone`](Self::gone).
    pub(crate) fn enter(&mut self, now: i64) -> Entry {
        let Some(out) = &self.out else { return Entry::Free };
        let left = out.until.saturating_sub(now);
        if left > 0 {
            return Entry::Out(u32::try_from(left / 1_000_000).unwrap_or(u32::MAX).saturating_add(1));
        }
        if std::mem::replace(&mut self.trying, true) {
            return Entry::Out(SOON);
        }
        Entry::Trial
    }

    /// The same without coming in.
    pub(crate) fn would_enter(&self, now: i64) -> bool {
        self.out.as_ref().is_none_or(|out| out.until <= now && !self.trying)
    }

    /// The trial went away without an answer of the plugin: the next call is the trial.
    pub(crate) fn gone(&mut self) {
        self.trying = false;
    }

    /// A call has ended. `asker`: who asked for it, if it counts; of a trial, all do. `spread`, any number, sets plugins
    /// apart that went out together.
    pub(crate) fn ended(
        &mut self,
        outcome: Outcome,
        asker: Option<Asker>,
        now: i64,
        spread: u64,
    ) -> Option<Turn> {
        if self.out.is_some() {
            // What had begun before it was taken out says nothing new.
            if !std::mem::take(&mut self.trying) {
                return None;
            }
            return match outcome {
                Outcome::Answered => Some(self.back(now)),
                Outcome::Failed(why) => Some(self.take_out(why, 1, 1, now, spread)),
            };
        }
        let asker = asker?;
        let failed = outcome != Outcome::Answered;
        if !failed {
            self.answers(asker, now);
        }
        if self.last.len() == LAST {
            self.last.pop_front();
        }
        self.last.push_back(Ended { at: now, failed, asker });
        let Outcome::Failed(why) = outcome else { return None };
        while self.last.front().is_some_and(|ended| ended.at < now.saturating_sub(WINDOW)) {
            self.last.pop_front();
        }
        if self.fails_for_one_alone(asker, now) {
            return None;
        }
        let row = self.last.iter().rev().take_while(|ended| ended.failed).count();
        let failures = self.last.iter().filter(|ended| ended.failed).count();
        if row >= IN_A_ROW {
            return Some(self.take_out(why, row, row, now, spread));
        }
        let of = self.last.len();
        (failures >= OF_THE_LAST).then(|| self.take_out(why, failures, of, now, spread))
    }

    /// Somebody was answered.
    fn answers(&mut self, asker: Asker, now: i64) {
        let [last, _] = self.answered;
        if last.is_some_and(|(known, _)| known != asker) {
            self.answered[1] = last;
        }
        self.answered[0] = Some((asker, now));
    }

    /// Whether all that failed was asked for by one account while others were answered: what one alone brings about takes
    /// the plugin from nobody else.
    fn fails_for_one_alone(&self, asker: Asker, now: i64) -> bool {
        let of_others = |known: Asker| known != asker;
        let failed_others = self.last.iter().any(|ended| ended.failed && of_others(ended.asker));
        let since = now.saturating_sub(WINDOW);
        let answered = self.answered.iter().flatten();
        !failed_others && answered.into_iter().any(|(known, at)| of_others(*known) && *at >= since)
    }

    /// People let it back at this moment: at once, as if nothing had been. What they decided once lets it back once.
    pub(crate) fn released(&mut self, at: i64) {
        if self.released.is_none_or(|before| before < at) {
            *self = Self { released: Some(at), ..Self::default() };
        }
    }

    fn back(&mut self, now: i64) -> Turn {
        self.out = None;
        self.last.clear();
        self.back_at = now;
        Turn::Back(self.times)
    }

    fn take_out(&mut self, why: &'static str, failures: usize, of: usize, now: i64, spread: u64) -> Turn {
        let trial = self.out.is_some();
        let long = self.length();
        // Whoever served longer than they were out begins anew.
        if !trial && now.saturating_sub(self.back_at) > long.max(WINDOW) {
            self.times = 0;
        }
        self.times = self.times.saturating_add(1);
        let long = self.length();
        let spread = i64::try_from(spread % 1_000).unwrap_or(0) * (long / 10_000);
        let since = self.out.as_ref().map_or(now, |out| out.since);
        let until = now.saturating_add(long).saturating_add(spread);
        let out = Quarantine { since, until, times: self.times, failures, of, why };
        self.last.clear();
        self.out = Some(out.clone());
        Turn::Out(out)
    }

    /// How long it is out the time it is.
    fn length(&self) -> i64 {
        let doubled = self.times.saturating_sub(1).min(20);
        FIRST.saturating_mul(1 << doubled).min(LONGEST)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: i64 = 1_000_000;
    const LAN: Option<Asker> = Some(Some(AccountId(7)));
    const HOA: Option<Asker> = Some(Some(AccountId(8)));
    const FAILED: Outcome = Outcome::Failed("trapped");

    /// Fails until it is out; how many seconds that is, and after how many failures.
    fn fail(health: &mut Health, now: i64) -> (i64, usize) {
        for count in 1..=100 {
            match health.ended(FAILED, LAN, now, 0) {
                Some(Turn::Out(out)) => return ((out.until - now) / SECOND, count),
                Some(turn) => panic!("{turn:?}"),
                None => assert_eq!(health.enter(now), Entry::Free),
            }
        }
        panic!("a hundred failures took nothing out");
    }

    #[test]
    fn ten_failures_in_a_row_take_it_out_and_nine_do_not() {
        let mut health = Health::default();
        for _ in 0..5 {
            (0..9).for_each(|_| assert_eq!(health.ended(FAILED, LAN, 0, 0), None));
            (0..40).for_each(|_| assert_eq!(health.ended(Outcome::Answered, LAN, 0, 0), None));
        }
        assert_eq!(fail(&mut health, 0), (30, 10));
        assert_eq!(health.enter(0), Entry::Out(31));
        assert_eq!(health.enter(29 * SECOND), Entry::Out(2));
    }

    #[test]
    fn every_second_call_that_fails_takes_it_out_too() {
        let mut health = Health::default();
        for round in 1..=20 {
            let turn = health.ended(FAILED, LAN, 0, 0);
            assert_eq!(turn.is_some(), round == 20, "{round}: {turn:?}");
            if round == 20 {
                let Some(Turn::Out(out)) = turn else { panic!() };
                assert_eq!((out.failures, out.of), (20, 39));
                return;
            }
            health.ended(Outcome::Answered, LAN, 0, 0);
        }
    }

    #[test]
    fn what_one_account_alone_brings_about_takes_nothing_from_others_who_are_answered() {
        let mut health = Health::default();
        assert_eq!(health.ended(Outcome::Answered, HOA, 0, 0), None);
        (0..1_000).for_each(|_| assert_eq!(health.ended(FAILED, LAN, SECOND, 0), None));
        // Answers to that account say nothing of others.
        assert_eq!(health.ended(Outcome::Answered, LAN, SECOND, 0), None);
        (0..100).for_each(|_| assert_eq!(health.ended(FAILED, LAN, SECOND, 0), None));
        // It fails for somebody else as well.
        assert!(matches!(health.ended(FAILED, HOA, SECOND, 0), Some(Turn::Out(_))));
        // Nobody else was answered for ten minutes: it may fail for everybody.
        let mut health = Health::default();
        health.ended(Outcome::Answered, HOA, 0, 0);
        assert_eq!(fail(&mut health, WINDOW + SECOND), (30, 10));
    }

    #[test]
    fn failures_that_lie_far_apart_do_not_count_together() {
        let mut health = Health::default();
        for minute in 0..200 {
            // Nine within ten minutes.
            assert_eq!(health.ended(FAILED, LAN, minute * 70 * SECOND, 0), None, "{minute}");
        }
    }

    #[test]
    fn what_nobody_asked_for_does_not_count() {
        let mut health = Health::default();
        (0..100).for_each(|_| assert_eq!(health.ended(FAILED, None, 0, 0), None));
    }

    #[test]
    fn one_call_is_let_in_when_the_time_is_over_and_brings_it_back_or_doubles_it() {
        let mut health = Health::default();
        let mut now = 0;
        fail(&mut health, now);
        for seconds in [60, 120, 240, 480, 960, 1800, 1800] {
            now = health.quarantine().unwrap().until;
            assert_eq!(health.enter(now), Entry::Trial);
            assert_eq!(health.enter(now), Entry::Out(SOON), "only one");
            assert!(!health.would_enter(now));
            // It goes away without having asked anything: the next one is it.
            health.gone();
            assert_eq!(health.enter(now), Entry::Trial);
            let Some(Turn::Out(out)) = health.ended(FAILED, None, now, 0) else { panic!() };
            assert_eq!((out.until - now, out.since), (seconds * SECOND, 0));
        }
        now = health.quarantine().unwrap().until;
        assert_eq!(health.enter(now), Entry::Trial);
        assert_eq!(health.ended(Outcome::Answered, None, now, 0), Some(Turn::Back(8)));
        assert_eq!(health.enter(now), Entry::Free);
        // Soon after, it is out as long as it was; after a good while, it begins anew.
        assert_eq!(fail(&mut health, now), (1800, 10));
        now = health.quarantine().unwrap().until;
        assert_eq!(health.enter(now), Entry::Trial);
        health.ended(Outcome::Answered, LAN, now, 0);
        assert_eq!(fail(&mut health, now + LONGEST + SECOND), (30, 10));
    }

    #[test]
    fn what_began_before_and_ends_later_changes_nothing() {
        let mut health = Health::default();
        fail(&mut health, 0);
        assert_eq!(health.ended(Outcome::Answered, LAN, SECOND, 0), None);
        assert_eq!(health.ended(FAILED, LAN, SECOND, 0), None);
        assert_eq!(health.enter(SECOND), Entry::Out(30));
    }

    #[test]
    fn the_seed_spreads_the_return_over_a_tenth_of_the_time() {
        let until = |spread| {
            let mut health = Health::default();
            (0..9).for_each(|_| assert_eq!(health.ended(FAILED, LAN, 0, spread), None));
            health.ended(FAILED, LAN, 0, spread);
            health.quarantine().unwrap().until
        };
        assert_eq!((until(0), until(999)), (30 * SECOND, 30 * SECOND + 999 * 3_000));
        assert_eq!(until(500), until(1_500));
    }

    #[test]
    fn it_can_be_let_back_at_once() {
        let mut health = Health::default();
        fail(&mut health, 0);
        health.released(0);
        assert_eq!(health.enter(0), Entry::Free);
        assert_eq!(fail(&mut health, 0), (30, 10));
        health.released(0);
        assert_eq!(health.enter(0), Entry::Out(31), "that was about the time before");
    }
}
