//! A year of dues before the demo begins: assessed and collected month by month; the units that are written down by hand
//! have their months closed by two people. A few members owe the last three months.

use std::collections::HashMap;

use anyhow::{Context, Result};
use dinh_model::Date;
use jiff::ToSpan;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use super::pages::Pages;
use super::units::{BY_HAND, UNITS};

const LEDGER: &str = "/apps/party-finance";

/// Who is left out: two have no members of their own, and one is late with everything.
const WITHOUT: [&str; 3] = ["tinh", "tinhuy", "sxd"];

/// Months of a year.
const MONTHS: i32 = 12;

/// How many months are owed by those who are to be reported.
const QUARTER: usize = 3;

/// One unit of so many has somebody who owes.
const OWING: usize = 7;

/// How many units are worked on side by side.
const AT_ONCE: usize = 3;

/// What is done with the last month of the units that are closed, in their order; those after are yet to be submitted.
const LAST: [Last; 3] = [Last::Returned, Last::Submitted, Last::Submitted];

/// How far a last month is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Last {
    Submitted,
    Returned,
}

/// What happens in a unit.
#[derive(Clone)]
struct Task {
    /// The unit's number, as the ledger's choice has it.
    unit: String,
    owing: bool,
    /// Whether its months are closed.
    closed: bool,
    last: Option<Last>,
}

/// Does all of it, for the months before that of `today`.
pub async fn a_year(collector: &Pages, treasurer: &Pages, today: Date) -> Result<()> {
    let mut left = tasks(collector).await?.into_iter();
    let months = months(today);
    let mut working = JoinSet::new();
    loop {
        while working.len() < AT_ONCE {
            let Some(task) = left.next() else { break };
            let (collector, treasurer, months) = (collector.clone(), treasurer.clone(), months.clone());
            working.spawn(async move { unit(&collector, &treasurer, &task, &months).await });
        }
        match working.join_next().await {
            Some(done) => done.context("a year of dues was cut short")??,
            None => return Ok(()),
        }
    }
}

/// The number of a unit, as the ledger's choice has it.
pub async fn number(collector: &Pages, code: &str) -> Result<String> {
    let name = UNITS.iter().find(|unit| unit.code == code).map(|unit| unit.name);
    let numbers = numbers(&collector.get(LEDGER).await?);
    name.and_then(|name| numbers.get(name).cloned()).with_context(|| format!("no ledger of {code}"))
}

/// The units of the ledger's choice by their names, without that of the unit above.
fn numbers(page: &Value) -> HashMap<String, String> {
    let blocks = page.pointer("/sections/0/blocks").and_then(Value::as_array).into_iter().flatten();
    let fields = blocks.filter_map(|block| block.get("fields")?.as_array()).flatten();
    let choices = fields.filter_map(|field| field.get("choices")?.as_array()).flatten();
    choices
        .filter_map(|choice| {
            let name = choice.get("text")?.as_str()?.rsplit(" › ").next()?;
            Some((name.to_owned(), choice.get("value")?.as_str()?.to_owned()))
        })
        .collect()
}

async fn tasks(collector: &Pages) -> Result<Vec<Task>> {
    let numbers = numbers(&collector.get(LEDGER).await?);
    let mut last = LAST.into_iter();
    let known = UNITS.iter().enumerate().filter(|(_, unit)| !WITHOUT.contains(&unit.code));
    known
        .map(|(at, unit)| {
            let number = numbers.get(unit.name).with_context(|| format!("no ledger of {}", unit.code))?;
            let closed = at < BY_HAND;
            Ok(Task {
                unit: number.clone(),
                owing: !closed && at % OWING == 0,
                closed,
                last: if closed { last.next() } else { None },
            })
        })
        .collect()
}

/// The months before that of a day, the earliest first, such as `03/2026`.
fn months(today: Date) -> Vec<String> {
    let month = |back: i32| {
        let first = today.first_of_month();
        first.checked_sub(back.months()).map(|day| format!("{:02}/{}", day.month(), day.year())).ok()
    };
    (1..=MONTHS).rev().filter_map(month).collect()
}

async fn unit(collector: &Pages, treasurer: &Pages, task: &Task, months: &[String]) -> Result<()> {
    let quarter = months.len().saturating_sub(QUARTER);
    for (at, month) in months.iter().enumerate() {
        let unit = &task.unit;
        let place = |page: &str| format!("{LEDGER}{page}?unit={unit}&month={month}");
        let button = |form: &str| json!({ "form": form, "inputs": { "month": month, "unit": unit } });
        collector.submit(&place(""), &button("assess")).await?;
        if task.owing && at >= quarter {
            all_but_one_pay(collector, &place("/collect")).await?;
        } else {
            collector.submit(&place("/collect"), &button("collect-all")).await?;
        }
        let is_last = at + 1 == months.len();
        if !task.closed || (is_last && task.last.is_none()) {
            continue;
        }
        let period = collector.submit(&place("/periods"), &button("prepare")).await?;
        if !is_last {
            treasurer.submit(&period, &json!({ "form": "close", "inputs": {} })).await?;
        } else if task.last == Some(Last::Returned) {
            let note = json!({ "note": "Đối chiếu lại số thu với phiếu thu của thủ quỹ" });
            treasurer.submit(&period, &json!({ "form": "return", "inputs": note })).await?;
        }
    }
    Ok(())
}

/// Fills in the entry grid for everybody but the first.
async fn all_but_one_pay(collector: &Pages, place: &str) -> Result<()> {
    let page = collector.get(place).await?;
    let blocks = page.pointer("/sections/0/blocks").and_then(Value::as_array).into_iter().flatten();
    let grid = blocks.filter(|block| block.get("kind").is_some_and(|kind| kind == "entry-grid"));
    let rows = grid.filter_map(|grid| grid.get("rows")?.as_array()).flatten().skip(1);
    let cells = rows.filter_map(|row| {
        let unpaid = row.pointer("/cells/unpaid")?.as_i64().filter(|unpaid| *unpaid > 0)?;
        Some(json!({ "row": row.get("key")?, "column": "received", "value": unpaid }))
    });
    let cells: Vec<Value> = cells.collect();
    collector.submit(place, &json!({ "form": "collect", "cells": cells })).await.map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_year_is_the_twelve_months_before_that_of_today() {
        let months = months(jiff::civil::date(2026, 11, 22));
        assert_eq!((months.len(), months[0].as_str(), months[11].as_str()), (12, "11/2025", "10/2026"));
    }
}
