//! The pages as somebody who is signed in meets them: the very router that `serve` serves, without a socket between.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use anyhow::{Context, Result, bail};
use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::request::Builder;
use axum::http::{Request, StatusCode, header};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tower::ServiceExt;

use super::DemoAccount;

/// The pages, as somebody who is signed in sees them.
#[derive(Clone)]
pub struct Pages {
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
    /// Somebody who signs in.
    pub async fn sign_in(router: Router, account: &DemoAccount) -> Result<Self> {
        let mut pages = Self { router, token: String::new() };
        let body = json!({ "account": account.account, "password": account.password }).to_string();
        let answer = pages.post("/api/v1/session", "application/json", body.into_bytes()).await?;
        let said: Value = serde_json::from_str(&answer.body).unwrap_or_default();
        let token = said.get("token").and_then(Value::as_str).map(str::to_owned);
        pages.token = token.with_context(|| answer.refusal("sign-in"))?;
        Ok(pages)
    }

    /// Uploads a table into an import block and confirms all of it.
    pub async fn import(&self, page: &str, block: &str, file: &str, table: &[u8]) -> Result<()> {
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
            let page = self.get(&preview.location).await?;
            bail!("{}; of its lines: {}", done.refusal("confirmation"), wrong(&page));
        }
        Ok(())
    }

    /// Submits a form; where it leads.
    pub async fn submit(&self, page: &str, form: &Value) -> Result<String> {
        let done = self.post(page, "application/json", form.to_string().into_bytes()).await?;
        if !done.status.is_redirection() {
            bail!(done.refusal(page));
        }
        Ok(done.location)
    }

    /// A page, as programs see it.
    pub async fn get(&self, path: &str) -> Result<Value> {
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

/// What a preview says of the first lines that are wrong: the platform, then the plugin.
fn wrong(page: &Value) -> String {
    let list = |of: &Value, name: &str| of.get(name).and_then(Value::as_array).cloned().unwrap_or_default();
    let blocks = list(page, "sections").into_iter().flat_map(|section| list(&section, "blocks"));
    let previews = blocks.filter_map(|block| block.get("preview").cloned());
    let said = page.get("sheet").cloned().into_iter().chain(previews);
    let problems: Vec<_> = said.flat_map(|said| list(&said, "problems")).take(5).collect();
    Value::Array(problems).to_string()
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
