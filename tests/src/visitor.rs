//! Somebody at the door: a person with cookies and forms, or a program with a token.

use std::time::Duration;

use serde_json::{Value, json};
use ureq::http::{HeaderMap, Response as HttpResponse};
use ureq::typestate::WithoutBody;
use ureq::{Agent, Body, RequestBuilder};

use crate::page;

/// A visitor of a server. Follows no redirect by itself, so that tests see each answer.
pub struct Visitor {
    agent: Agent,
    base: String,
    /// What a program shows instead of a cookie.
    token: Option<String>,
}

/// An answer.
#[derive(Debug)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: String,
}

impl Response {
    /// A header as text; empty when it is not there.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("a header in ASCII"))
    }

    /// Where a redirect leads.
    pub fn location(&self) -> &str {
        assert_eq!(self.status, 303, "a redirect after a submission: {self:?}");
        self.header("location")
    }

    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The same answer, which must have this status.
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{self:?}");
        self
    }
}

impl Visitor {
    /// Somebody who has not signed in, at `base` (`http://127.0.0.1:PORT`).
    pub fn new(base: &str) -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_global(Some(Duration::from_secs(60)))
            .build();
        Self { agent: config.into(), base: base.to_owned(), token: None }
    }

    /// A program at the same server, with this token.
    pub fn with_token(base: &str, token: &str) -> Self {
        Self { token: Some(token.to_owned()), ..Self::new(base) }
    }

    /// A page as a browser sees it.
    pub fn get(&self, path: &str) -> Response {
        self.ask(path, "text/html")
    }

    /// A page as a program sees it.
    pub fn get_json(&self, path: &str) -> Response {
        self.ask(path, "application/json")
    }

    /// The same, while there may be nobody who answers.
    pub fn try_get_json(&self, path: &str) -> Option<Response> {
        self.request(path, "application/json").call().ok().map(answer)
    }

    fn ask(&self, path: &str, accept: &str) -> Response {
        answer(self.request(path, accept).call().expect("the server answers"))
    }

    fn request(&self, path: &str, accept: &str) -> RequestBuilder<WithoutBody> {
        let request = self.agent.get(self.url(path)).header("accept", accept);
        match &self.token {
            Some(token) => request.header("authorization", format!("Bearer {token}")),
            None => request,
        }
    }

    /// Submits a form, as a browser does.
    pub fn post(&self, path: &str, fields: &[(&str, &str)]) -> Response {
        self.send(path, "text/html", "application/x-www-form-urlencoded", encoded(fields).as_bytes())
    }

    /// Submits a form and wants JSON back.
    pub fn post_json(&self, path: &str, body: &Value) -> Response {
        self.send(path, "application/json", "application/json", body.to_string().as_bytes())
    }

    /// Uploads `content` as the file `field`, with other fields before it.
    pub fn upload(
        &self,
        path: &str,
        fields: &[(&str, &str)],
        field: &str,
        name: &str,
        content: &[u8],
    ) -> Response {
        const BOUNDARY: &str = "----dinh-end-to-end";
        let mut body = Vec::new();
        for (field, value) in fields {
            body.extend(
                format!(
                    "--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"{field}\"\r\n\r\n{value}\r\n"
                )
                .into_bytes(),
            );
        }
        body.extend(
            format!(
                "--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\n\
                 content-type: application/octet-stream\r\n\r\n"
            )
            .into_bytes(),
        );
        body.extend(content);
        body.extend(format!("\r\n--{BOUNDARY}--\r\n").into_bytes());
        self.send(path, "text/html", &format!("multipart/form-data; boundary={BOUNDARY}"), &body)
    }

    /// Sends `body` as it is.
    pub fn send(&self, path: &str, accept: &str, kind: &str, body: &[u8]) -> Response {
        let mut request =
            self.agent.post(self.url(path)).header("accept", accept).header("content-type", kind);
        if let Some(token) = &self.token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        answer(request.send(body).expect("the server answers"))
    }

    /// Opens `path` and submits its form to `action`, as a browser does, with these fields filled in.
    pub fn submit(&self, path: &str, action: &str, fields: &[(&str, &str)]) -> Response {
        let shown = self.get(path).expect(200);
        let form = page::form(&shown.body, |form| form.action.split('?').next() == Some(action));
        let hidden = form.hidden.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let all: Vec<_> = hidden.chain(fields.iter().copied()).collect();
        self.post(&form.action, &all)
    }

    /// Opens `path` and uploads a file into its import block `block`.
    pub fn submit_file(&self, path: &str, block: &str, name: &str, content: &[u8]) -> Response {
        let shown = self.get(path).expect(200);
        let form = page::form(&shown.body, |form| form.value("form") == Some(block));
        let hidden: Vec<_> =
            form.hidden.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        self.upload(&form.action, &hidden, "file", name, content)
    }

    /// Fills in the sign-in page, as a person does; the answer to the form.
    pub fn try_sign_in(&self, account: &str, password: &str) -> Response {
        self.submit("/sign-in", "/sign-in", &[("account", account), ("password", password)])
    }

    /// Signs in on the page, which must succeed.
    pub fn sign_in(self, account: &str, password: &str) -> Self {
        assert_eq!(self.try_sign_in(account, password).location(), "/");
        self
    }

    /// Signs in as a program, at `POST /api/v1/session`.
    pub fn ask_for_token(&self, account: &str, password: &str) -> Response {
        self.post_json("/api/v1/session", &json!({ "account": account, "password": password }))
    }

    /// A program that has signed in.
    pub fn program(&self, account: &str, password: &str) -> Self {
        let answer = self.ask_for_token(account, password).expect(200).json();
        Self::with_token(&self.base, answer["token"].as_str().expect("a token"))
    }

    /// The whole address of a path.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }
}

fn answer(mut response: HttpResponse<Body>) -> Response {
    let body = response.body_mut().with_config().limit(64 << 20).read_to_vec().expect("a body");
    Response {
        status: response.status().as_u16(),
        headers: response.headers().clone(),
        // Of what is no text, such as a PDF, tests look at the beginning.
        body: String::from_utf8_lossy(&body).into_owned(),
    }
}

/// Fields as a browser writes them into a body or a query.
pub fn encoded(fields: &[(&str, &str)]) -> String {
    let pairs: Vec<String> =
        fields.iter().map(|(name, value)| format!("{}={}", percent(name), percent(value))).collect();
    pairs.join("&")
}

fn percent(text: &str) -> String {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._~".contains(byte);
    text.bytes()
        .map(|byte| if plain(&byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}
