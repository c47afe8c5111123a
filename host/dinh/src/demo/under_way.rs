//! What is under way when the demo begins, so that inboxes are not empty.

use anyhow::{Context, Result};
use dinh_model::Timestamp;
use serde_json::{Value, json};

use super::fill::dated;
use super::pages::Pages;

/// How many raises wait for a signature.
const RAISES: usize = 3;

/// Raises that wait for a signature, as many as are due today, a correction that an officer asked for and was told of, one
/// that waits, and an entry of a shared catalog that the clerk proposes to the administrator.
pub async fn under_way(clerk: &Pages, head: &Pages, officer: &Pages, now: Timestamp) -> Result<()> {
    const DUE: &str = "/apps/personnel/due/raise";
    let page = clerk.get(DUE).await?;
    let keys = page.pointer("/sections/0/blocks").and_then(Value::as_array).into_iter().flatten();
    let keys = keys.filter_map(|block| block.get("rows")?.as_array()).flatten();
    let keys: Vec<&str> = keys.filter_map(|row| row.get("key")?.as_str()).take(RAISES).collect();
    if !keys.is_empty() {
        clerk.submit(DUE, &json!({ "form": "draft", "selected": keys, "confirmed": "yes" })).await?;
    }
    answered(clerk, head, officer).await?;
    let inputs = json!({
        "field": "residence",
        "after": "Số 12, đường Trần Phú, phường Hạc Thành, tỉnh Thanh Hóa",
        "reason": "Chuyển nơi ở; có xác nhận của Công an phường",
    });
    officer.submit("/apps/personnel/own", &json!({ "form": "correct", "inputs": inputs })).await?;
    let entry = json!({
        "code": "phieu-trinh", "vi": "Phiếu trình", "en": "Submission slip", "from": dated("today-0", now),
        "reason": "Mẫu phiếu trình giải quyết công việc của Uỷ ban nhân dân tỉnh",
    });
    let propose = json!({ "form": "propose", "inputs": entry });
    clerk.submit("/apps/dinh/catalogs/document-types/propose", &propose).await?;
    Ok(())
}

/// A correction that an officer asked for, checked by the clerk, approved by the head, and told to the officer.
async fn answered(clerk: &Pages, head: &Pages, officer: &Pages) -> Result<()> {
    const REQUESTS: &str = "/apps/personnel/corrections";
    let inputs = json!({
        "field": "forte",
        "after": "Phân tích số liệu, xây dựng báo cáo",
        "reason": "Bổ sung theo phiếu đánh giá, xếp loại năm trước",
    });
    officer.submit("/apps/personnel/own", &json!({ "form": "correct", "inputs": inputs })).await?;
    let page = clerk.get(REQUESTS).await?;
    let blocks = page.pointer("/sections/0/blocks").and_then(Value::as_array).into_iter().flatten();
    let mut rows = blocks.filter_map(|block| block.get("rows")?.as_array()).flatten();
    let request = rows.find_map(|row| row.get("href")?.as_str()).context("no request for correction")?;
    let deal = |note: &str| json!({ "form": "deal", "inputs": { "note": note } });
    clerk.submit(request, &deal("Khớp với phiếu đánh giá, xếp loại lưu trong hồ sơ")).await?;
    head.submit(request, &deal("Đồng ý")).await?;
    Ok(())
}

/// A case of discipline as far as its decision: the ballot that carried it, and the decision itself.
pub async fn disciplined(inspector: &Pages, now: Timestamp) -> Result<()> {
    let page = inspector.get("/apps/inspection?kind=discipline").await?;
    let blocks = page.pointer("/sections/0/blocks").and_then(Value::as_array).into_iter().flatten();
    let rows = blocks.filter_map(|block| block.get("rows")?.as_array()).flatten();
    let case = rows.filter_map(|row| row.get("href")?.as_str()).next().context("no case of discipline")?;
    let (page, day) = (format!("{case}/discipline"), |earlier: &str| dated(earlier, now));
    let ballot = json!({
        "purpose": "decide", "form": "warning", "held-on": day("today-6"), "eligible": "11", "cast": "11",
        "in-favour": "9", "against": "1", "invalid": "1",
    });
    inspector.submit(&page, &json!({ "form": "ballot", "inputs": ballot })).await?;
    let decision = json!({
        "form": "warning", "level": "province", "number": "12-QĐ/UBKTTU", "violated-on": day("today-700"),
        "decided-on": day("today-5"),
    });
    inspector.submit(&page, &json!({ "form": "decide", "inputs": decision })).await?;
    Ok(())
}
