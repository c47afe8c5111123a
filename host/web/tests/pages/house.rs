//! A small province behind its pages: a platform over memory, a runtime, one plugin that shows every block,
//! and visitors who send requests to the very router that is served.

use std::io::Cursor;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Request, StatusCode, header};
use axum::response::Response;
use calamine::{Data, Ods, Range, Reader, Xlsx};
use dinh_access::{Grantee, Term};
use dinh_model::{AccountId, Actor, Label, Language, UnitId};
use dinh_runtime::{Compiler, Install, Runtime};
use dinh_services::accounts::{self, NewAccount, NewGrant, NewUnit, Password};
use dinh_services::{Clock, Platform, ServiceError};
use dinh_store::Store;
use dinh_store::memory::Memory;
use dinh_web::{App, Options, monitoring_router, router};
use http_body_util::BodyExt;
use parking_lot::Mutex;
use serde_json::Value;
use tempfile::TempDir;
use tower::ServiceExt;

pub const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
pub const ODS: &str = "application/vnd.oasis.opendocument.spreadsheet";

/// The password of everybody here.
pub const PASSWORD: &str = "một câu đủ dài";

/// A clock that tests move.
pub struct Hand(Mutex<dinh_model::Timestamp>);

impl Hand {
    pub fn advance(&self, minutes: i64) {
        let mut now = self.0.lock();
        *now += jiff::SignedDuration::from_mins(minutes);
    }
}

impl Clock for Hand {
    fn now(&self) -> dinh_model::Timestamp {
        *self.0.lock()
    }
}

pub struct House {
    _data: TempDir,
    pub clock: Arc<Hand>,
    pub platform: Arc<Platform>,
    pub runtime: Arc<Runtime>,
    pub router: Router,
    pub monitoring: Router,
    pub province: UnitId,
}

/// The component that `cargo xtask test` built from `tests/plugins/NAME`.
pub fn component(name: &str) -> Vec<u8> {
    let folder = std::env::var_os("DINH_PLUGINS").map(PathBuf::from).unwrap_or_else(|| {
        // TARGET/debug/deps/pages-… → TARGET/plugins
        std::env::current_exe().unwrap().ancestors().nth(3).unwrap().join("plugins")
    });
    let file = folder.join(format!("{name}.wasm"));
    std::fs::read(&file)
        .unwrap_or_else(|error| panic!("{}: {error}; `cargo xtask test` builds it", file.display()))
}

impl House {
    /// With `lan`, who may write notes; `hoa`, who may do nothing; `moi`, whose password was set by another.
    pub fn new() -> Self {
        Self::with(Options::default())
    }

    pub fn with(options: Options) -> Self {
        Self::with_both(options, dinh_services::Options::default())
    }

    pub fn with_both(options: Options, platform: dinh_services::Options) -> Self {
        let data = tempfile::tempdir().unwrap();
        let clock = Arc::new(Hand(Mutex::new("2026-07-01T01:00:00Z".parse().unwrap())));
        let signer = dinh_store::Signer::from_seed("tests", [7; 32]).unwrap();
        let store =
            Store::with_backend(Box::new(Memory::new()), signer, dinh_store::Options::default()).unwrap();
        let cheap = dinh_services::Options { hash_memory_kib: 64, hash_passes: 1, ..platform };
        let held: Arc<dyn Clock> = Arc::clone(&clock) as Arc<dyn Clock>;
        let platform = Platform::open_with(data.path(), store, held, cheap).unwrap();
        let operator = platform.origin(Actor::Public, Language::Vi).as_operator();
        let (province, planning) = platform
            .perform(&operator, |call| {
                dinh_services::catalog::ship(call)?;
                let unit = |code: &str, name: &str, parent| NewUnit {
                    code: code.to_owned(),
                    name: name.to_owned(),
                    kind: "so".to_owned(),
                    parent,
                    valid_from: jiff::civil::date(2000, 1, 1),
                };
                let province = accounts::create_unit(call, unit("tinh", "Tỉnh Lâm Đồng", None))?;
                let planning =
                    accounts::create_unit(call, unit("skhdt", "Sở Kế hoạch và Đầu tư", Some(province)))?;
                Ok((province, planning))
            })
            .unwrap();
        let runtime =
            Runtime::start(Arc::clone(&platform), dinh_runtime::Options::new(Compiler::Here)).unwrap();
        runtime.install(&component("gallery"), Install::at(province), &operator).unwrap();
        let app = App::new(Arc::clone(&platform), Arc::clone(&runtime), options);
        let (router, monitoring) = (router(app.clone()), monitoring_router(app));
        let house = Self { _data: data, clock, platform, runtime, router, monitoring, province };
        let lan = house.person("lan", "Nguyễn Thị Lan", planning, false);
        house.person("hoa", "Trần Thị Hoa", planning, false);
        house.person("moi", "Lê Văn Mới", planning, true);
        house.give(lan, "gallery.writer", province);
        house
    }

    pub fn perform<T>(&self, mut deed: impl FnMut(&mut dinh_services::Call) -> Result<T, ServiceError>) -> T {
        let operator = self.platform.origin(Actor::Public, Language::Vi).as_operator();
        self.platform.perform(&operator, |call| deed(call)).unwrap()
    }

    pub fn operator(&self) -> dinh_services::Origin {
        self.platform.origin(Actor::Public, Language::Vi).as_operator()
    }

    pub fn person(&self, login: &str, name: &str, unit: UnitId, must_change: bool) -> AccountId {
        self.perform(|call| {
            let new = NewAccount {
                login: login.to_owned(),
                full_name: name.to_owned(),
                unit,
                clearance: Label::Ordinary,
                password: Some(Password::new(PASSWORD)),
                must_change,
            };
            Ok(accounts::create_account(call, new)?.id)
        })
    }

    pub fn give(&self, to: AccountId, role: &str, unit: UnitId) {
        self.perform(|call| {
            let new = NewGrant {
                to: Grantee::Account(to),
                role: role.parse().unwrap(),
                unit,
                own: false,
                label: Label::Ordinary,
                term: Term::ALWAYS,
                reason: "test".to_owned(),
            };
            accounts::give(call, new)
        });
    }

    pub fn stranger(&self) -> Visitor {
        Visitor { router: self.router.clone(), cookies: Vec::new(), token: None, headers: Vec::new() }
    }

    /// What monitoring reads.
    pub async fn metrics(&self) -> String {
        let request = Request::get("/metrics").body(Body::empty()).unwrap();
        let answer = self.monitoring.clone().oneshot(request).await.unwrap();
        String::from_utf8(answer.into_body().collect().await.unwrap().to_bytes().into()).unwrap()
    }

    /// Somebody who has signed in with a browser.
    pub async fn browser(&self, login: &str) -> Visitor {
        let mut visitor = self.stranger();
        let answer = visitor.post("/sign-in", &[("account", login), ("password", PASSWORD)]).await;
        assert_eq!(answer.status, 303, "{}", answer.body);
        visitor
    }

    /// A program that has signed in.
    pub async fn program(&self, login: &str) -> Visitor {
        let mut visitor = self.stranger();
        let body = serde_json::json!({ "account": login, "password": PASSWORD });
        let answer = visitor.post_json("/api/v1/session", &body).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        visitor.token = Some(answer.json()["token"].as_str().unwrap().to_owned());
        visitor
    }
}

/// Somebody who sends requests.
#[derive(Clone)]
pub struct Visitor {
    router: Router,
    pub cookies: Vec<(String, String)>,
    pub token: Option<String>,
    /// Headers of every request.
    pub headers: Vec<(&'static str, String)>,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: axum::http::HeaderMap,
    pub body: String,
    /// The same, of what is no text.
    pub bytes: Vec<u8>,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The sheet of a workbook, which has one.
    #[track_caller]
    pub fn sheet(&self) -> Range<Data> {
        let file = Cursor::new(self.bytes.clone());
        let mut sheets = match self.header("content-type") {
            XLSX => Xlsx::new(file).unwrap().worksheets(),
            ODS => Ods::new(file).unwrap().worksheets(),
            other => panic!("{other}: {}", self.body),
        };
        assert_eq!(sheets.len(), 1);
        sheets.remove(0).1
    }

    pub fn location(&self) -> &str {
        self.header("location")
    }

    /// The value of a hidden field of the form that begins with `marker`.
    pub fn hidden(&self, marker: &str, name: &str) -> String {
        let form =
            &self.body[self.body.find(marker).unwrap_or_else(|| panic!("no {marker} in {}", self.body))..];
        let form = &form[..form.find("</form>").unwrap_or(form.len())];
        let field = form
            .split("<input")
            .find(|input| input.contains(&format!("name=\"{name}\"")))
            .unwrap_or_default();
        let value =
            field.split("value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default();
        value.replace("&quot;", "\"").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    }
}

impl Visitor {
    pub async fn get(&mut self, path: &str) -> Answer {
        self.send(Request::get(path).header(header::ACCEPT, "text/html").body(Body::empty()).unwrap()).await
    }

    pub async fn get_json(&mut self, path: &str) -> Answer {
        self.send(Request::get(path).header(header::ACCEPT, "application/json").body(Body::empty()).unwrap())
            .await
    }

    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body = encoded(fields);
        let request = Request::post(path)
            .header(header::ACCEPT, "text/html")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request.body(Body::from(body)).unwrap()).await
    }

    pub async fn post_json(&mut self, path: &str, body: &Value) -> Answer {
        let request = Request::post(path)
            .header(header::ACCEPT, "application/json")
            .header(header::CONTENT_TYPE, "application/json");
        self.send(request.body(Body::from(body.to_string())).unwrap()).await
    }

    /// Uploads a file as a program does.
    pub async fn upload(
        &mut self,
        path: &str,
        accept: &str,
        fields: &[(&str, &str)],
        name: &str,
        content: &[u8],
    ) -> Answer {
        let mut body = Vec::new();
        for (field, value) in fields {
            body.extend(
                format!("--b\r\ncontent-disposition: form-data; name=\"{field}\"\r\n\r\n{value}\r\n")
                    .into_bytes(),
            );
        }
        body.extend(
            format!("--b\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n")
                .into_bytes(),
        );
        body.extend(content);
        body.extend(b"\r\n--b--\r\n");
        let request = Request::post(path)
            .header(header::ACCEPT, accept)
            .header(header::CONTENT_TYPE, "multipart/form-data; boundary=b");
        self.send(request.body(Body::from(body)).unwrap()).await
    }

    pub async fn send(&mut self, request: Request<Body>) -> Answer {
        let (parts, body) = self.open(request).await.into_parts();
        // A transfer that breaks off ends what there is.
        let body = body.collect().await.map(|body| body.to_bytes()).unwrap_or_default();
        Answer {
            status: parts.status.as_u16(),
            headers: parts.headers,
            body: String::from_utf8_lossy(&body).into_owned(),
            bytes: body.to_vec(),
        }
    }

    /// The answer as it begins; nothing of its body was asked for.
    pub async fn open(&mut self, mut request: Request<Body>) -> Response {
        request.extensions_mut().insert(ConnectInfo(SocketAddr::from(([192, 0, 2, 1], 1))));
        let headers = request.headers_mut();
        if !self.cookies.is_empty() {
            let pairs: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            headers.insert(header::COOKIE, pairs.join("; ").parse().unwrap());
        }
        if let Some(token) = &self.token {
            headers.insert(header::AUTHORIZATION, format!("Bearer {token}").parse().unwrap());
        }
        for (name, value) in &self.headers {
            headers.insert(*name, value.parse().unwrap());
        }
        let response = self.router.clone().oneshot(request).await.unwrap();
        for cookie in response.headers().get_all(header::SET_COOKIE) {
            let (name, rest) = cookie.to_str().unwrap().split_once('=').unwrap();
            let value = rest.split(';').next().unwrap();
            self.cookies.retain(|(known, _)| known != name);
            if !rest.contains("Max-Age=0") {
                self.cookies.push((name.to_owned(), value.to_owned()));
            }
        }
        response
    }
}

pub fn encoded(fields: &[(&str, &str)]) -> String {
    let pairs: Vec<_> = fields
        .iter()
        .map(|(name, value)| format!("{}={}", dinh_web::place::encode(name), dinh_web::place::encode(value)))
        .collect();
    pairs.join("&")
}

/// Whether a status is what it should be; the body when it is not.
#[track_caller]
pub fn expect(answer: &Answer, status: StatusCode) {
    assert_eq!(answer.status, status.as_u16(), "{}", answer.body);
}
