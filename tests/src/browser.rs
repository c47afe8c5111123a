//! A headless Chromium, driven through its WebDriver (W3C).

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};
use ureq::Agent;

/// The key under which WebDriver gives an element's reference.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// A browser with a profile of its own; closed when dropped.
pub struct Browser {
    driver: Child,
    agent: Agent,
    session: String,
    _profile: tempfile::TempDir,
}

impl Browser {
    /// Starts one.
    pub fn start() -> Self {
        let profile = tempfile::tempdir().expect("a temporary folder");
        let mut driver = Command::new("chromedriver")
            .arg("--port=0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver is missing: run `cargo xtask test`, which installs it");
        let mut said = BufReader::new(driver.stdout.take().expect("a pipe")).lines();
        let port = said
            .by_ref()
            .map_while(Result::ok)
            .find_map(|line| {
                line.split_once("successfully on port ")
                    .map(|(_, port)| port.trim_end_matches('.').to_owned())
            })
            .expect("chromedriver says its port");
        std::thread::spawn(move || said.for_each(drop));
        let agent: Agent = Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_secs(120)))
            .build()
            .into();
        let mut browser =
            Self { driver, agent, session: format!("http://127.0.0.1:{port}/session"), _profile: profile };
        let arguments = [
            "--headless",
            // Chromium's own sandbox cannot start as root, which test machines often are.
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--disable-dev-shm-usage",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--lang=vi",
            "--window-size=1280,900",
            &format!("--user-data-dir={}", browser._profile.path().display()),
        ];
        let created = browser.post(
            "",
            json!({ "capabilities": { "alwaysMatch": {
                "browserName": "chrome",
                "goog:chromeOptions": { "args": arguments },
                "goog:loggingPrefs": { "browser": "ALL" },
            } } }),
        );
        let id = created["sessionId"].as_str().unwrap_or_else(|| panic!("no session: {created}"));
        browser.session = format!("{}/{id}", browser.session);
        browser
    }

    /// Opens an address.
    pub fn open(&self, url: &str) {
        self.post("/url", json!({ "url": url }));
    }

    /// The address of the page.
    pub fn address(&self) -> String {
        self.get("/url").as_str().expect("an address").to_owned()
    }

    /// Types into the field that `css` selects.
    pub fn fill(&self, css: &str, text: &str) {
        self.post(&format!("/element/{}/value", self.element(css)), json!({ "text": text }));
    }

    /// Gives a file to the field that `css` selects.
    pub fn attach(&self, css: &str, file: &Path) {
        self.fill(css, file.to_str().expect("a path in UTF-8"));
    }

    /// Clicks what `css` selects.
    pub fn click(&self, css: &str) {
        self.post(&format!("/element/{}/click", self.element(css)), json!({}));
    }

    /// Clicks the first link whose text contains `text`.
    pub fn follow(&self, text: &str) {
        let link = self.wait(&format!("a link {text:?}"), || self.find("partial link text", text));
        self.post(&format!("/element/{link}/click"), json!({}));
    }

    /// Waits until the page shows `text`.
    pub fn wait_for(&self, text: &str) {
        self.wait(&format!("the text {text:?}"), || self.text().contains(text).then_some(()));
    }

    /// Makes the page so many pixels wide, as a phone or a magnified screen has it.
    pub fn resize(&self, width: u32) {
        let metrics = json!({ "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false });
        let command = json!({ "cmd": "Emulation.setDeviceMetricsOverride", "params": metrics });
        self.post("/goog/cdp/execute", command);
    }

    /// What a reader sees of the page.
    pub fn text(&self) -> String {
        let seen = self.run("return document.body ? document.body.innerText : ''");
        seen.as_str().unwrap_or_default().to_owned()
    }

    /// Runs a script in the page and gives what it returns.
    pub fn run(&self, script: &str) -> Value {
        self.post("/execute/sync", json!({ "script": script, "args": [] }))
    }

    /// A picture of the page, as PNG.
    pub fn picture(&self) -> Vec<u8> {
        let picture = self.get("/screenshot");
        data_encoding::BASE64.decode(picture.as_str().expect("a picture").as_bytes()).expect("base64")
    }

    /// What the console has said since last asked: errors of scripts, blocked requests, violations of the
    /// content security policy.
    pub fn console(&self) -> Vec<String> {
        let entries = self.post("/se/log", json!({ "type": "browser" }));
        let entries = entries.as_array().expect("a list of messages");
        entries.iter().map(|entry| format!("{}: {}", entry["level"], entry["message"])).collect()
    }

    fn element(&self, css: &str) -> String {
        self.wait(&format!("an element {css}"), || self.find("css selector", css))
    }

    fn find(&self, using: &str, value: &str) -> Option<String> {
        let found = self.post("/elements", json!({ "using": using, "value": value }));
        found.as_array()?.first()?[ELEMENT].as_str().map(str::to_owned)
    }

    /// Looks for something until it is there; fails with the page when it never is.
    fn wait<T>(&self, what: &str, look: impl Fn() -> Option<T>) -> T {
        crate::patience::look(look)
            .unwrap_or_else(|| panic!("no {what} at {}:\n{}", self.address(), self.text()))
    }

    fn get(&self, path: &str) -> Value {
        let response = self.agent.get(format!("{}{path}", self.session)).call();
        value(path, response)
    }

    fn post(&self, path: &str, body: Value) -> Value {
        let response = self.agent.post(format!("{}{path}", self.session)).send_json(body);
        value(path, response)
    }
}

fn value(path: &str, response: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> Value {
    let mut response = response.expect("the driver answers");
    let mut answer: Value = response.body_mut().with_config().limit(64 << 20).read_json().expect("JSON");
    let value = answer["value"].take();
    assert!(value["error"].is_null() || path.is_empty(), "{path}: {value}");
    value
}

impl Drop for Browser {
    fn drop(&mut self) {
        // Asked to, the driver closes the browser; killed, it would leave it behind.
        let _ = self.agent.delete(&self.session).call();
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}
