//! What is handed up and spent of the dues of one unit, so that each of those who deal with it finds something to do: a
//! remittance that was received and one that waits, an approved estimate, and a voucher at each stage.

use anyhow::{Context, Result};
use dinh_model::Date;
use jiff::ToSpan;
use serde_json::{Value, json};

use super::pages::Pages;

const LEDGER: &str = "/apps/party-finance";

/// The people of it.
pub struct Office {
    /// Records what is handed up.
    pub collector: Pages,
    /// Receives it above.
    pub receiver: Pages,
    /// Estimates, and asks for payments.
    pub accountant: Pages,
    /// Approves them.
    pub approver: Pages,
    /// Pays.
    pub cashier: Pages,
}

/// Items of the estimate with their amounts, in đồng.
const ESTIMATE: [(&str, u64); 3] = [("bao-chi", 600_000), ("hoat-dong", 400_000), ("tham-hoi", 300_000)];

/// What is paid, what waits to be paid, and what waits to be approved: item, amount, payee, purpose.
const VOUCHERS: [(&str, u64, &str, &str); 3] = [
    ("bao-chi", 60_000, "Bưu điện tỉnh", "Báo Nhân Dân quý này"),
    ("tham-hoi", 50_000, "Đảng viên chi bộ", "Thăm hỏi đảng viên ốm đau"),
    ("hoat-dong", 80_000, "Văn phòng phẩm Hạc Thành", "Tài liệu sinh hoạt chuyên đề"),
];

/// Does it for the unit of that number.
pub async fn spent(office: &Office, unit: &str, today: Date) -> Result<()> {
    handed_up(office, unit, today).await?;
    let year = json!(today.year().to_string());
    let of_year = |mut inputs: Value| {
        if let Some(inputs) = inputs.as_object_mut() {
            inputs.extend([("unit".to_owned(), json!(unit)), ("year".to_owned(), year.clone())]);
        }
        inputs
    };
    let form = |form: &str, inputs: Value| json!({ "form": form, "inputs": inputs });
    let Office { accountant, approver, cashier, .. } = office;

    let page = format!("{LEDGER}/estimates?unit={unit}&year={}", today.year());
    let estimate = accountant.submit(&page, &form("begin", of_year(json!({})))).await?;
    let cells: Vec<Value> = ESTIMATE
        .iter()
        .map(|(item, amount)| json!({ "row": item, "column": "amount", "value": amount }))
        .collect();
    accountant.submit(&estimate, &json!({ "form": "lines", "cells": cells })).await?;
    let reason = json!({ "reason": "Theo kế hoạch hoạt động năm của chi bộ" });
    accountant.submit(&estimate, &form("submit", reason)).await?;
    approver.submit(&estimate, &form("approve", json!({}))).await?;

    let page = format!("{LEDGER}/vouchers?unit={unit}&year={}", today.year());
    for (at, (item, amount, payee, purpose)) in VOUCHERS.iter().enumerate() {
        let asked = json!({ "item": item, "amount": amount, "payee": payee, "purpose": purpose });
        let voucher = accountant.submit(&page, &form("ask", of_year(asked))).await?;
        if at < 2 {
            approver.submit(&voucher, &form("approve", json!({}))).await?;
        }
        if at == 0 {
            cashier.submit(&voucher, &form("pay", json!({ "paid-on": today.to_string() }))).await?;
        }
    }
    Ok(())
}

/// Of the months before the last one, each half of what is due: the first is received above, the second waits.
async fn handed_up(office: &Office, unit: &str, today: Date) -> Result<()> {
    for (months_ago, received) in [(3, true), (2, false)] {
        let month = today.first_of_month().checked_sub(months_ago.months())?;
        let shown = format!("{:02}/{}", month.month(), month.year());
        let page = format!("{LEDGER}/remittances?unit={unit}&month={shown}");
        let half = left(&office.collector.get(&page).await?)? / 2;
        let inputs = json!({
            "unit": unit, "from": shown, "until": shown, "amount": half, "sent-on": today.to_string(),
            "note": "Uỷ nhiệm chi",
        });
        let remittance =
            office.collector.submit(&page, &json!({ "form": "remit", "inputs": inputs })).await?;
        if received {
            let confirm = json!({ "form": "confirm", "inputs": { "received-on": today.to_string() } });
            office.receiver.submit(&remittance, &confirm).await?;
        }
    }
    Ok(())
}

/// What is left to be handed up, as the page says.
fn left(page: &Value) -> Result<i64> {
    let blocks = page.pointer("/sections/0/blocks").and_then(Value::as_array).into_iter().flatten();
    let mut metrics = blocks.filter_map(|block| block.get("metrics")?.as_array()).flatten();
    let left = metrics.find(|metric| metric.get("label").is_some_and(|label| label == "Còn phải nộp"));
    left.and_then(|left| left.get("value")?.as_i64())
        .context("the page says nothing of what is left to remit")
}
