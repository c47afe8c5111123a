//! Brings tables in through the plugins' pages, as a person would: sign in, upload, look at
//! the preview, confirm. The pages are the very router that `serve` serves, without a socket between.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::request::Builder;
use axum::http::{Request, StatusCode, header};
use dinh_model::{Timestamp, time};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tower::ServiceExt;

use super::DemoAccount;
use super::people::{CLERK, COLLECTOR, EDITOR, INSPECTOR, PROCEDURAL, STEWARD};
use crate::house::House;

/// A table: who brings it, into which plugin, on which page, into which import block, from which file.
struct Table {
    account: &'static str,
    plugin: &'static str,
    page: &'static str,
    block: &'static str,
    file: &'static str,
}

const fn table(
    (account, plugin): (&'static str, &'static str),
    page: &'static str,
    block: &'static str,
    file: &'static str,
) -> Table {
    Table { account, plugin, page, block, file }
}

const PCI: (&str, &str) = (EDITOR, "pci-index");
const RULES: (&str, &str) = (STEWARD, "personnel");
const OFFICERS: (&str, &str) = (CLERK, "personnel");
const DUES: (&str, &str) = (COLLECTOR, "party-finance");
const PROCEDURES: (&str, &str) = (PROCEDURAL, "inspection");
const CASES: (&str, &str) = (INSPECTOR, "inspection");

/// The tables. What others need comes first: editions before scores, pay scales before officers, officers before
/// their histories.
const TABLES: &[Table] = &[
    table(PCI, "editions", "components", "components.csv"),
    table(PCI, "editions", "groups", "groups.csv"),
    table(PCI, "import", "scores", "scores-2021.csv"),
    table(PCI, "import", "scores", "scores-thanh-hoa-phu-tho-2021-2024.csv"),
    table(PCI, "import", "scores", "scores-tien-giang-2007-2016.csv"),
    table(RULES, "settings", "parameters", "parameters.csv"),
    table(RULES, "settings", "grades", "grades.csv"),
    table(RULES, "headcount", "quotas", "quotas.csv"),
    table(DUES, "rates", "rates", "rates.csv"),
    table(OFFICERS, "import", "people", "people.csv"),
    table(OFFICERS, "import/careers", "careers", "careers.csv"),
    table(OFFICERS, "import/salary-steps", "salary-steps", "salary-steps.csv"),
    table(OFFICERS, "import/trainings", "trainings", "trainings.csv"),
    table(OFFICERS, "import/relatives", "relatives", "relatives.csv"),
    table(OFFICERS, "import/rewards", "rewards", "rewards.csv"),
    table(OFFICERS, "import/disciplines", "disciplines", "disciplines.csv"),
    table(PROCEDURES, "catalogs", "steps", "steps.csv"),
    table(PROCEDURES, "catalogs/papers", "papers", "papers.csv"),
    table(PROCEDURES, "catalogs/terms", "terms", "terms.csv"),
    table(PROCEDURES, "catalogs/settings", "settings", "settings.csv"),
    table(PROCEDURES, "catalogs/templates", "templates", "templates.csv"),
    table(CASES, "import", "dossiers", "dossiers.csv"),
];

/// The files this needs, in the folder of finished plugins.
pub fn files() -> impl Iterator<Item = String> {
    TABLES.iter().map(|table| format!("{}/{}", table.plugin, table.file))
}

/// Imports every table as whoever of `accounts` brings it.
pub fn import(house: &House, files: &Path, accounts: &[DemoAccount]) -> Result<()> {
    let app =
        dinh_web::App::new(Arc::clone(house.platform()), house.runtime()?, dinh_web::Options::default());
    let router = dinh_web::router(app);
    let threads =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().context("cannot start threads")?;
    threads.block_on(async {
        let mut signed_in: HashMap<&str, Pages> = HashMap::new();
        for Table { account, plugin, page, block, file } in TABLES {
            if !signed_in.contains_key(account) {
                let known = accounts.iter().find(|known| known.account == *account);
                let known = known.with_context(|| format!("the demo has no account {account}"))?;
                signed_in.insert(account, Pages::sign_in(router.clone(), known).await?);
            }
            let pages = signed_in.get(account).context("nobody is signed in")?;
            let path = files.join(plugin).join(file);
            let table =
                std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
            let table = dated(&table, house.platform().clock().now());
            pages
                .import(&format!("/apps/{plugin}/{page}"), block, file, table.as_bytes())
                .await
                .with_context(|| format!("{file} cannot be imported"))?;
        }
        let (clerk, officer) = (signed_in.get(CLERK), signed_in.get(EDITOR));
        under_way(clerk.context("no clerk")?, officer.context("no officer")?).await?;
        let now = house.platform().clock().now();
        disciplined(signed_in.get(INSPECTOR).context("no inspector")?, now).await
    })
}

/// A table with its days: `today-20` is twenty days before now, so that what is under way in the demo is whenever the
/// demo is made.
fn dated(table: &str, now: Timestamp) -> String {
    const TODAY: &str = "today-";
    let mut parts = table.split(TODAY);
    let mut dated = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (digits, rest) = part.split_at(part.bytes().take_while(u8::is_ascii_digit).count());
        let today = time::days(time::day_in_vietnam(now));
        let earlier = digits.parse().ok().and_then(|days: i32| time::from_days(today.checked_sub(days)?));
        match earlier {
            Some(day) => dated.push_str(&day.to_string()),
            None => dated.extend([TODAY, digits]),
        }
        dated.push_str(rest);
    }
    dated
}

/// How many raises wait for a signature.
const RAISES: usize = 3;

/// What is under way when the demo begins, so that inboxes are not empty: raises that wait for a signature, as many as
/// are due today, and a correction that an officer asks for.
async fn under_way(clerk: &Pages, officer: &Pages) -> Result<()> {
    const DUE: &str = "/apps/personnel/due/raise";
    let page = clerk.get(DUE).await?;
    let keys = page.pointer("/sections/0/blocks").and_then(Value::as_array).into_iter().flatten();
    let keys = keys.filter_map(|block| block.get("rows")?.as_array()).flatten();
    let keys: Vec<&str> = keys.filter_map(|row| row.get("key")?.as_str()).take(RAISES).collect();
    if !keys.is_empty() {
        clerk.submit(DUE, &json!({ "form": "draft", "selected": keys, "confirmed": "yes" })).await?;
    }
    let inputs = json!({
        "field": "residence",
        "after": "Số 12, đường Trần Phú, phường Hạc Thành, tỉnh Thanh Hóa",
        "reason": "Chuyển nơi ở; có xác nhận của Công an phường",
    });
    officer.submit("/apps/personnel/own", &json!({ "form": "correct", "inputs": inputs })).await
}

/// A case of discipline as far as its decision: the ballot that carried it, and the decision itself.
async fn disciplined(inspector: &Pages, now: Timestamp) -> Result<()> {
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
    inspector.submit(&page, &json!({ "form": "decide", "inputs": decision })).await
}

/// The pages, as somebody who is signed in sees them.
struct Pages {
    router: Router,
    token: String,
}

/// An answer.
struct Answer {
    status: StatusCode,
    location: String,
    body: String,
}

impl Pages {
    async fn sign_in(router: Router, account: &DemoAccount) -> Result<Self> {
        let mut pages = Self { router, token: String::new() };
        let body = json!({ "account": account.account, "password": account.password }).to_string();
        let answer = pages.post("/api/v1/session", "application/json", body.into_bytes()).await?;
        let said: Value = serde_json::from_str(&answer.body).unwrap_or_default();
        let token = said.get("token").and_then(Value::as_str).map(str::to_owned);
        pages.token = token.with_context(|| answer.refusal("sign-in"))?;
        Ok(pages)
    }

    /// Uploads a table into an import block and confirms all of it.
    async fn import(&self, page: &str, block: &str, file: &str, table: &[u8]) -> Result<()> {
        const BOUNDARY: &str = "----dinh-demo";
        let part = |head: &str| format!("--{BOUNDARY}\r\ncontent-disposition: form-data; {head}\r\n");
        let mut body = format!("{}\r\n{block}\r\n", part("name=\"form\"")).into_bytes();
        let head = part(&format!("name=\"file\"; filename=\"{file}\""));
        body.extend(format!("{head}content-type: text/csv\r\n\r\n").into_bytes());
        body.extend(table);
        body.extend(format!("\r\n--{BOUNDARY}--\r\n").into_bytes());
        let preview = self.post(page, &format!("multipart/form-data; boundary={BOUNDARY}"), body).await?;
        let sheet = preview.location.split(['?', '&']).find_map(|pair| pair.strip_prefix("sheet="));
        let sheet = sheet.with_context(|| preview.refusal("upload"))?;

        let confirmed = format!("form={block}&sheet={sheet}&rows=all");
        let done = self.post(page, "application/x-www-form-urlencoded", confirmed.into_bytes()).await?;
        if !done.status.is_redirection() {
            bail!(done.refusal("confirmation"));
        }
        Ok(())
    }

    /// Submits a form.
    async fn submit(&self, page: &str, form: &Value) -> Result<()> {
        let done = self.post(page, "application/json", form.to_string().into_bytes()).await?;
        if !done.status.is_redirection() {
            bail!(done.refusal(page));
        }
        Ok(())
    }

    /// A page, as programs see it.
    async fn get(&self, path: &str) -> Result<Value> {
        let answer = self.send(Request::get(path), Vec::new()).await?;
        serde_json::from_str(&answer.body).with_context(|| answer.refusal(path))
    }

    async fn post(&self, path: &str, kind: &str, body: Vec<u8>) -> Result<Answer> {
        let request =
            Request::post(path).header(header::CONTENT_TYPE, kind).header(header::CONTENT_LENGTH, body.len());
        self.send(request, body).await
    }

    async fn send(&self, request: Builder, body: Vec<u8>) -> Result<Answer> {
        let ourselves = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0);
        let mut request =
            request.header(header::ACCEPT, "application/json").extension(ConnectInfo(ourselves));
        if !self.token.is_empty() {
            request = request.header(header::AUTHORIZATION, format!("Bearer {}", self.token));
        }
        let response = self.router.clone().oneshot(request.body(Body::from(body))?).await?;
        let status = response.status();
        let location =
            response.headers().get(header::LOCATION).and_then(|to| to.to_str().ok()).unwrap_or_default();
        let location = location.to_owned();
        let body = response.into_body().collect().await?.to_bytes();
        Ok(Answer { status, location, body: String::from_utf8_lossy(&body).into_owned() })
    }
}

impl Answer {
    /// What the page said instead of doing it.
    fn refusal(&self, step: &str) -> String {
        format!(
            "{step} was answered with {}: {}",
            self.status,
            self.body.chars().take(2_000).collect::<String>()
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_of_a_table_are_counted_from_now_and_nothing_else_is_touched() {
        let now = "2026-03-02T01:00:00Z".parse().unwrap();
        let table = "title,from\nRà soát today,today-2\nx,\"today-30\"\ntoday-,today-99999999999";
        let expected = "title,from\nRà soát today,2026-02-28\nx,\"2026-01-31\"\ntoday-,today-99999999999";
        assert_eq!(dated(table, now), expected);
    }
}
