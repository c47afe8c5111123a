//! A random year of a small province: ledgers, the book, reports, the fund and its settlement agree to the đồng.

use std::collections::BTreeMap;

use dinh_sdk::jiff::civil::date;
use dinh_sdk::{Decimal, UnitId};
use proptest::prelude::*;

use super::activity::{self, Booked};
use super::book::{self, Activity, Line};
use super::budget::{self, Fact};
use super::fund::{self, Movement};
use super::organisations::{Kind, Level, Organisations, Placement};
use super::report::{Figures, Part, ROWS, contribution, figure};
use super::retention::{Basis, Divided, Share, behind};
use super::standing::{self, Posting};
use crate::month::Month;

/// Two cells of a commune, a cell of an enterprise, the committees above them, the province. Each remits to the next.
const UNITS: [(Kind, Level, Option<usize>); 7] = [
    (Kind::Commune, Level::Cell, Some(3)),
    (Kind::Commune, Level::Cell, Some(3)),
    (Kind::Enterprise, Level::Cell, Some(4)),
    (Kind::Commune, Level::Grassroots, Some(5)),
    (Kind::Enterprise, Level::Grassroots, Some(5)),
    (Kind::Other, Level::Superior, Some(6)),
    (Kind::Other, Level::Province, None),
];

/// One thing that happens to a member of a unit: assessed, collected or corrected, booked in a month.
type Event = (usize, usize, i8, i8, i64, bool);

#[derive(Clone, Debug)]
struct Year {
    events: Vec<Event>,
    /// Per cent that each unit keeps, and whether of all dues; the second from July on.
    shares: Vec<[(i64, bool); 2]>,
    /// Per cent of what is outstanding that each unit remits in each month.
    remits: Vec<[i64; 12]>,
    /// How many months are closed, after which the first shares are edited.
    closed: i8,
    /// What somebody tries to spend: unit, month, item, amount.
    spends: Vec<(usize, i8, usize, i64)>,
}

fn year() -> impl Strategy<Value = Year> {
    let event = (0..UNITS.len(), 0..3_usize, 1..=12_i8, 1..=12_i8, -50_000_i64..200_000, any::<bool>());
    let share = [(0..=100_i64, any::<bool>()), (0..=100_i64, any::<bool>())];
    (
        proptest::collection::vec(event, 0..120),
        proptest::collection::vec(share, UNITS.len()),
        proptest::collection::vec(proptest::array::uniform12(0..=100_i64), UNITS.len()),
        0..=12_i8,
        proptest::collection::vec((0..UNITS.len(), 1..=12_i8, 0..3_usize, 0..300_000_i64), 0..30),
    )
        .prop_map(|(events, shares, remits, closed, spends)| Year {
            events,
            shares,
            remits,
            closed,
            spends,
        })
}

fn month(number: i8) -> Month {
    Month::of(date(2026, number, 1))
}

type Months = BTreeMap<Month, Activity>;

impl Year {
    fn share(&self, unit: usize, at: Month) -> Option<Share> {
        let (kind, level, upper) = UNITS[unit];
        let (percent, total) = self.shares[unit][usize::from(at.number() > 6)];
        let percent = if upper.is_none() { 100 } else { percent };
        let basis = if total { Basis::Total } else { Basis::Received };
        let from = date(2026, if at.number() > 6 { 7 } else { 1 }, 1);
        Some(Share { kind, level, from, percent: Decimal::from(percent), basis })
    }

    /// The postings of each member of a unit.
    fn members(&self, unit: usize) -> [Vec<Posting>; 3] {
        let mut members = [const { Vec::new() }; 3];
        for (_, member, of, booked, amount, collects) in self.events.iter().filter(|event| event.0 == unit) {
            let booked = month(*booked);
            members[*member].push(if *collects {
                Posting::Collected(booked, *amount)
            } else {
                Posting::Assessed(month(*of).min(booked), booked, *amount)
            });
        }
        members
    }

    /// What was booked for a unit's members.
    fn booked(&self, unit: usize) -> Vec<Booked> {
        let events = self.events.iter().filter(|event| event.0 == unit);
        events
            .map(|(_, member, of, booked, amount, collects)| {
                let (period, member) = (month(*booked), (0, *member as u64));
                if *collects {
                    return Booked::Collected(period, *amount);
                }
                let (month, exempt) = (month(*of).min(period), *amount == 0);
                Booked::Assessed { member, month, period, amount: *amount, exempt }
            })
            .collect()
    }

    /// The months of all units: members pay, each remits a part of what it owes to the one above, some months are closed.
    fn lived(&self) -> Vec<Months> {
        let mut booked: Vec<Vec<Booked>> = (0..UNITS.len()).map(|unit| self.booked(unit)).collect();
        let mut stood = vec![0_i64; UNITS.len()];
        let mut closed: Vec<Months> = vec![Months::new(); UNITS.len()];
        for at in (1..=12).map(month) {
            for (unit, (_, _, upper)) in UNITS.iter().enumerate() {
                let mut so_far = activity::months(&closed[unit], &booked[unit]);
                so_far.retain(|month, _| *month <= at);
                let book = book::lines(&so_far, |at| self.share(unit, at));
                let sum = book::sum(book.values());
                let owed = sum.outstanding.unwrap_or_default().max(0);
                let amount = owed * self.remits[unit][usize::try_from(at.number()).unwrap() - 1] / 100;
                if let Some(upper) = upper.filter(|_| amount > 0) {
                    let (total, due) = (sum.activity.turnover.total(), sum.divided.unwrap().due);
                    let remitted = sum.activity.turnover.remitted + amount;
                    let base = behind(total, due, remitted, stood[unit]);
                    stood[unit] += base;
                    booked[unit].push(Booked::Remitted(at, amount));
                    booked[upper].push(Booked::Received(at, amount, base));
                }
                // Whoever is below has handed in by now: the month can be closed, with what this unit itself has remitted.
                let months = activity::months(&closed[unit], &booked[unit]);
                if let Some(activity) = months.get(&at).filter(|_| at.number() <= self.closed) {
                    let line = book::lines(&months, |at| self.share(unit, at))[&at];
                    closed[unit].insert(at, Activity { closed: line.divided, ..*activity });
                }
            }
        }
        (0..UNITS.len()).map(|unit| activity::months(&closed[unit], &booked[unit])).collect()
    }
}

fn part(unit: usize, book: &BTreeMap<Month, Line>, quarter: i8, top: usize) -> Part {
    let (kind, level, _) = UNITS[unit];
    let figures = |lines: &mut dyn Iterator<Item = &Line>| {
        let sum = book::sum(lines);
        let turnover = sum.activity.turnover;
        let retained = sum.divided.unwrap_or_default().retained;
        Figures { collected: turnover.collected, retained, remitted: turnover.remitted }
    };
    let of_quarter = |at: &Month| at.quarter() == quarter;
    Part {
        kind,
        level,
        outermost: unit == top,
        members: book::sum(book.iter().filter(|(at, _)| of_quarter(at)).map(|(_, line)| line))
            .activity
            .members,
        quarter: figures(&mut book.iter().filter(|(at, _)| of_quarter(at)).map(|(_, line)| line)),
        year: figures(&mut book.iter().filter(|(at, _)| at.quarter() <= quarter).map(|(_, line)| line)),
    }
}

proptest! {
    #[test]
    fn ledgers_the_book_reports_and_balances_agree_to_the_dong(year in year()) {
        let months = year.lived();
        // The department edits the shares of the first half: what is closed stays as it was.
        let mut edited = year.clone();
        edited.shares.iter_mut().for_each(|shares| shares[0].0 = 100 - shares[0].0);
        let books: Vec<BTreeMap<Month, Line>> = months
            .iter()
            .enumerate()
            .map(|(unit, months)| book::lines(months, |at| edited.share(unit, at)))
            .collect();
        for (unit, book) in books.iter().enumerate() {
            for (at, line) in book {
                let divided = line.divided.unwrap();
                prop_assert_eq!(divided.retained + divided.due, line.activity.turnover.income());
                if at.number() <= year.closed {
                    prop_assert_eq!(Some(divided), months[unit][at].closed);
                }
            }
            // The ledger, member by member, is the book; the quarters are the year.
            let members = year.members(unit);
            let rows = |at| members.iter().map(move |postings| standing::row(postings, at));
            let collected: i64 = (1..=12).map(month).flat_map(rows).map(|row| row.collected).sum();
            let all = book::sum(book.values());
            prop_assert_eq!(all.activity.turnover.collected, collected);
            let assessed = members.iter().flatten().map(|posting| match *posting {
                Posting::Assessed(_, _, amount) => amount,
                Posting::Collected(_, amount) => -amount,
            });
            prop_assert_eq!(all.activity.unpaid, assessed.sum::<i64>());
            let quarters: Vec<Line> = (1..=4)
                .filter_map(|quarter| {
                    let of = book.iter().filter(|(at, _)| at.quarter() == quarter).map(|(_, line)| line);
                    let of: Vec<&Line> = of.collect();
                    (!of.is_empty()).then(|| book::sum(of.into_iter()))
                })
                .collect();
            prop_assert_eq!(book::sum(quarters.iter()), all);
            let divided = all.divided.unwrap();
            prop_assert_eq!(all.outstanding.unwrap(), divided.due - all.activity.turnover.remitted);
        }
        // Every đồng that was collected is kept somewhere, or still to be handed up.
        let over = |of: &dyn Fn(&Line) -> i64| books.iter().map(|book| of(&book::sum(book.values()))).sum::<i64>();
        let collected = over(&|line| line.activity.turnover.collected);
        let kept = over(&|line| line.divided.unwrap_or_default().retained);
        prop_assert_eq!(collected, kept + over(&|line| line.outstanding.unwrap()));
        prop_assert_eq!(
            over(&|line| line.activity.turnover.received),
            over(&|line| line.activity.turnover.remitted),
            "the province hands nothing up"
        );
    }

    #[test]
    fn a_report_of_a_committee_is_its_own_figures_and_those_of_all_below_it(year in year()) {
        let months = year.lived();
        let books: Vec<_> =
            months.iter().enumerate().map(|(unit, months)| book::lines(months, |at| year.share(unit, at))).collect();
        let from = date(2026, 1, 1);
        let number = |unit: usize| UnitId(u32::try_from(unit).unwrap());
        let placed = UNITS.iter().enumerate().map(|(unit, (kind, level, upper))| Placement {
            unit: number(unit), kind: *kind, level: *level, upper: upper.map(number), from,
        });
        let organisations = Organisations::new(placed.collect());
        for quarter in 1..=4 {
            let parts = |top: usize| -> Vec<Part> {
                let within = organisations.within(number(top), from);
                within.into_iter().map(|row| row.unit.0 as usize).map(|unit| part(unit, &books[unit], quarter, top)).collect()
            };
            let (superior, commune, enterprise) = (parts(5), parts(3), parts(4));
            for row in &ROWS {
                let whole = figure(&superior, row.code, None);
                prop_assert_eq!(whole, Kind::ALL.iter().map(|kind| figure(&superior, row.code, Some(*kind))).sum::<i64>());
                prop_assert_eq!(whole, superior.iter().map(|part| contribution(part, row.code)).sum::<i64>());
                if !matches!(row.code, "12" | "13") {
                    let own = part(5, &books[5], quarter, 5);
                    let below = figure(&commune, row.code, None) + figure(&enterprise, row.code, None);
                    prop_assert_eq!(whole, below + contribution(&own, row.code), "consolidated: {}", row.code);
                }
            }
            let at = |code| figure(&superior, code, None);
            prop_assert_eq!(at("04"), at("05") + at("06") + at("07"));
            prop_assert_eq!(at("08"), at("09") + at("10") + at("11"));
            let left = |unit: &usize| {
                let until = books[*unit].range(..=month(quarter * 3)).next_back();
                until.map_or(0, |(_, line)| line.outstanding.unwrap())
            };
            let outstanding: i64 = [0, 1, 2, 3, 4, 5].iter().map(left).sum();
            prop_assert_eq!(at("03"), at("08") + at("13") + outstanding, "collected: kept, handed up, or still owed");
            // Seen from the province nothing left; what it received it kept, in a row of its own.
            let all = parts(6);
            let whole = |code| figure(&all, code, None);
            prop_assert_eq!((whole("12"), whole("13")), (0, 0));
            prop_assert_eq!(whole("08"), whole("09") + whole("10") + whole("11") + whole("08d"));
            prop_assert_eq!(whole("04"), whole("05") + whole("06") + whole("07") + whole("04d"));
            let own = book::sum(books[6].iter().filter(|(at, _)| at.quarter() <= quarter).map(|(_, line)| line));
            prop_assert_eq!(whole("08d"), own.divided.unwrap_or_default().retained);
            prop_assert_eq!(whole("03"), whole("08") + outstanding + left(&6));
        }
    }

    #[test]
    fn the_fund_holds_what_was_retained_less_what_was_spent_and_never_less_than_nothing(year in year()) {
        let months = year.lived();
        for (unit, months) in months.iter().enumerate() {
            let divided = months.iter().filter_map(|(at, activity)| Some((*at, activity.closed?)));
            // A month of more corrections than dues is closed only where the fund can bear it.
            let mut movements: Vec<Movement> = Vec::new();
            for (at, Divided { retained, .. }) in divided {
                if fund::shortfall(&movements, (at.last_day(), retained)) == 0 {
                    movements.push((at.last_day(), retained));
                }
            }
            let retained: i64 = movements.iter().map(|(_, amount)| amount).sum();
            let items = ["press", "congress", "other"];
            let mut facts: Vec<(&str, Fact)> = items.map(|item| (item, Fact::Estimate(400_000))).to_vec();
            for (_, at, item, amount) in year.spends.iter().filter(|spend| spend.0 == unit) {
                let (day, item) = (month(*at).last_day(), items[*item]);
                let lines = budget::lines(facts.iter().copied());
                if *amount <= lines[item].free() && *amount <= fund::least_from(&movements, day) {
                    movements.push((day, -amount));
                    facts.push((item, Fact::Spent(*amount)));
                }
            }
            let lines = budget::lines(facts.iter().copied());
            let total = budget::total(lines.values());
            let december = month(12).last_day();
            prop_assert_eq!(fund::balance(&movements, december), retained - total.spent);
            prop_assert_eq!(total.difference(), 1_200_000 - total.spent);
            prop_assert!(lines.values().all(|line| line.spent <= line.estimate));
            for (day, _) in &movements {
                prop_assert!(fund::balance(&movements, *day) >= 0);
            }
        }
    }
}
