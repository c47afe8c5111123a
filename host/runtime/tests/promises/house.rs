//! A small province with a runtime in it.

use std::future::Future;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use dinh_access::{Grantee, Term};
use dinh_model::{AccountId, Actor, Label, Language, UnitId};
use dinh_runtime::bindings::pages::{Input, Request, Submission};
use dinh_runtime::bindings::types::{self, Value};
use dinh_runtime::bindings::views::{Block, Page};
use dinh_runtime::{Asked, CallError, Compiler, Install, InstallError, Options, Plugin, Runtime, Submitted};
use dinh_services::accounts::{self, NewAccount, NewGrant, NewUnit};
use dinh_services::{Call, FixedClock, Origin, Platform, ServiceError};
use dinh_store::memory::Memory;
use dinh_store::{Recorded, Store};
use tempfile::TempDir;

pub struct House {
    pub data: TempDir,
    pub memory: Memory,
    pub clock: Arc<FixedClock>,
    pub platform: Arc<Platform>,
    pub runtime: Arc<Runtime>,
    /// The province, with planning and finance below it.
    pub province: UnitId,
    pub planning: UnitId,
    pub finance: UnitId,
    /// Administrator of the whole house.
    pub admin: AccountId,
    /// An officer of planning, without any right.
    pub officer: AccountId,
}

/// The native code of the test plugins as they are, compiled once for all tests.
fn warm() -> &'static TempDir {
    static WARM: OnceLock<TempDir> = OnceLock::new();
    WARM.get_or_init(|| {
        let house = House::build("2026-01-01T00:00:00Z", None, Compiler::Here);
        for plugin in ["forgetful", "hostile", "leaky", "members", "party-finance", "punctual", "worker"] {
            house.install(&component(plugin)).unwrap();
        }
        house.data
    })
}

/// The component that `cargo xtask test` built from `tests/plugins/NAME`.
pub fn component(name: &str) -> Vec<u8> {
    let folder = std::env::var_os("DINH_PLUGINS").map(PathBuf::from).unwrap_or_else(|| {
        // TARGET/debug/deps/promises-… → TARGET/plugins
        std::env::current_exe().unwrap().ancestors().nth(3).unwrap().join("plugins")
    });
    let file = folder.join(format!("{name}.wasm"));
    std::fs::read(&file)
        .unwrap_or_else(|error| panic!("{}: {error}; `cargo xtask test` builds it", file.display()))
}

/// A component with some bytes replaced by as many others: another manifest, another import.
pub fn altered(name: &str, replace: &[(&str, &str)]) -> Vec<u8> {
    let mut bytes = component(name);
    for (old, new) in replace {
        assert_eq!(old.len(), new.len(), "{old:?} and {new:?} have the same length");
        let places: Vec<usize> = (0..bytes.len() - old.len())
            .filter(|place| bytes[*place..].starts_with(old.as_bytes()))
            .collect();
        assert!(!places.is_empty(), "{old:?} is in {name}");
        places.into_iter().for_each(|place| {
            bytes[place..place + old.len()].copy_from_slice(new.as_bytes());
        });
    }
    bytes
}

impl House {
    /// A house that stands still at a moment; tests that listen to the log tell each other apart by it.
    pub fn at(moment: &str) -> Self {
        Self::build(moment, Some(&warm().path().join("cache")), Compiler::Here)
    }

    /// A house in which nothing is compiled yet, and whose components this compiles.
    pub fn compiled_by(compiler: Compiler) -> Self {
        Self::build("2026-03-02T01:00:00Z", None, compiler)
    }

    fn build(moment: &str, cache: Option<&Path>, compiler: Compiler) -> Self {
        let data = tempfile::tempdir().unwrap();
        let own = data.path().join("cache");
        if let Some(cache) = cache {
            std::fs::create_dir(&own).unwrap();
            std::fs::copy(cache.join("key"), own.join("key")).unwrap();
        }
        let memory = Memory::new();
        let (platform, clock) = open(&data, &memory, moment);
        let operator = platform.origin(Actor::Public, Language::Vi).as_operator();
        let (province, planning, finance, admin, officer) = platform
            .perform(&operator, |call| {
                let province = unit(call, "tinh", "Tỉnh Lào Cai", None)?;
                let planning = unit(call, "skhdt", "Sở Kế hoạch và Đầu tư", Some(province))?;
                let finance = unit(call, "stc", "Sở Tài chính", Some(province))?;
                let admin = account(call, "quantri", "Trần Thị Quản Trị", province)?;
                let officer = account(call, "an-skhdt", "Nguyễn Văn An", planning)?;
                accounts::give(call, grant(admin, "dinh.administrator", province))?;
                Ok((province, planning, finance, admin, officer))
            })
            .unwrap();
        let runtime = Runtime::start(Arc::clone(&platform), Options::new(compiler)).unwrap();
        for entry in cache.into_iter().flat_map(|cache| std::fs::read_dir(cache).unwrap()) {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|extension| extension == "native") {
                std::fs::copy(&path, own.join(path.file_name().unwrap())).unwrap();
            }
        }
        Self { data, memory, clock, platform, runtime, province, planning, finance, admin, officer }
    }

    pub fn new() -> Self {
        Self::at("2026-03-02T01:00:00Z")
    }

    /// Stops, and starts again over the same data.
    pub fn restart(self, moment: &str) -> Self {
        self.restart_compiled_by(moment, Compiler::Here)
    }

    /// The same, with another compiler.
    pub fn restart_compiled_by(self, moment: &str, compiler: Compiler) -> Self {
        let Self { data, memory, province, planning, finance, admin, officer, .. } = self;
        let (platform, clock) = open(&data, &memory, moment);
        let runtime = Runtime::start(Arc::clone(&platform), Options::new(compiler)).unwrap();
        Self { data, memory, clock, platform, runtime, province, planning, finance, admin, officer }
    }

    pub fn operator(&self) -> Origin {
        self.platform.origin(Actor::Public, Language::Vi).as_operator()
    }

    pub fn administrator(&self) -> Origin {
        self.platform.origin(Actor::person(self.admin), Language::Vi)
    }

    pub fn install(&self, wasm: &[u8]) -> Result<Arc<Plugin>, InstallError> {
        let install = Install::at(self.province);
        self.runtime.install(wasm, install, &self.administrator()).map(|done| done.plugin)
    }

    pub fn person(&self, login: &str, unit: UnitId) -> AccountId {
        self.platform.perform(&self.operator(), |call| account(call, login, login, unit)).unwrap()
    }

    pub fn give(&self, account: AccountId, role: &str, unit: UnitId) {
        self.give_to(account, role, unit, false, Label::Ordinary);
    }

    pub fn give_to(&self, account: AccountId, role: &str, unit: UnitId, own: bool, label: Label) {
        let grant = NewGrant { own, label, ..grant(account, role, unit) };
        self.platform.perform(&self.operator(), |call| accounts::give(call, grant.clone())).unwrap();
    }

    pub fn draw(&self, account: AccountId, plugin: &str, address: &str) -> Result<Page, CallError> {
        let plugin = plugin.parse().unwrap();
        wait(self.runtime.render(&plugin, asked(Actor::person(account), address)))
    }

    /// Draws a page to be printed.
    pub fn print(&self, account: AccountId, plugin: &str, address: &str) -> Result<Page, CallError> {
        let plugin = plugin.parse().unwrap();
        wait(self.runtime.render(&plugin, Asked { leaves: true, ..asked(Actor::person(account), address) }))
    }

    /// Draws a page for the export of one of its tables.
    pub fn export(
        &self,
        account: AccountId,
        plugin: &str,
        address: &str,
        table: &str,
    ) -> Result<Page, CallError> {
        let plugin = plugin.parse().unwrap();
        let mut asked = asked(Actor::person(account), address);
        asked.request.export_table = Some(table.to_owned());
        wait(self.runtime.render(&plugin, asked))
    }

    pub fn submit(
        &self,
        account: AccountId,
        plugin: &str,
        form: &str,
        inputs: &[(&str, Value)],
    ) -> Result<Submitted, CallError> {
        self.submit_once(account, plugin, form, inputs, None)
    }

    pub fn submit_once(
        &self,
        account: AccountId,
        plugin: &str,
        form: &str,
        inputs: &[(&str, Value)],
        once: Option<[u8; 32]>,
    ) -> Result<Submitted, CallError> {
        let plugin = plugin.parse().unwrap();
        let asked = asked(Actor::person(account), "/");
        wait(self.runtime.submit(&plugin, asked, submission(form, inputs), once))
    }

    /// Hands something in at an address.
    pub fn hand_in(
        &self,
        account: AccountId,
        plugin: &str,
        address: &str,
        submission: Submission,
    ) -> Result<Submitted, CallError> {
        let plugin = plugin.parse().unwrap();
        let asked = asked(Actor::person(account), address);
        wait(self.runtime.submit(&plugin, asked, submission, None))
    }

    pub fn evidence(&self) -> Vec<Recorded> {
        self.platform.store().snapshot().unwrap().evidence(0, 100_000).unwrap()
    }

    /// The last entry of the evidence, as `action {limit=…}`.
    pub fn last(&self) -> (String, Vec<(String, String)>) {
        let entry = self.evidence().pop().unwrap().entry;
        (entry.action, entry.detail.into_iter().collect())
    }

    /// The number of the last commit.
    pub fn seq(&self) -> u64 {
        self.platform.store().snapshot().unwrap().seq().0
    }
}

pub fn asked(actor: Actor, address: &str) -> Asked {
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    let query = query.split('&').filter_map(|pair| pair.split_once('='));
    Asked {
        actor,
        scope: None,
        language: Language::Vi,
        request: Request {
            path: path.to_owned(),
            query: query.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
            language: types::Language::Vi,
            export_table: None,
        },
        sheet: None,
        leaves: false,
    }
}

pub fn submission(form: &str, inputs: &[(&str, Value)]) -> Submission {
    let inputs = inputs.iter().map(|(name, value)| Input { name: (*name).to_owned(), value: value.clone() });
    Submission {
        form: form.to_owned(),
        button: String::new(),
        inputs: inputs.collect(),
        children: Vec::new(),
        cells: Vec::new(),
        selected: Vec::new(),
    }
}

/// What a page's facts say.
pub fn fact(page: &Page, label: &str) -> Value {
    let facts = page.sections.iter().flat_map(|section| &section.blocks).find_map(|block| match block {
        Block::Facts(facts) => Some(&facts.facts),
        _ => None,
    });
    facts.unwrap().iter().find(|fact| fact.label == label).unwrap().value.clone()
}

/// The value of a figure that stands for a whole.
pub fn metric(page: &Page, label: &str) -> Value {
    let metrics = page.sections.iter().flat_map(|section| &section.blocks).find_map(|block| match block {
        Block::Metrics(metrics) => Some(metrics),
        _ => None,
    });
    metrics.unwrap().iter().find(|metric| metric.label == label).unwrap().value.clone()
}

pub fn wait<F: Future>(future: F) -> F::Output {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
}

fn open(data: &TempDir, memory: &Memory, moment: &str) -> (Arc<Platform>, Arc<FixedClock>) {
    let signer = dinh_store::Signer::from_seed("tests", [7; 32]).unwrap();
    let store =
        Store::with_backend(Box::new(memory.clone()), signer, dinh_store::Options::default()).unwrap();
    let clock = Arc::new(FixedClock::new(moment.parse().unwrap()));
    let options = dinh_services::Options::cheap();
    (Platform::open_with(data.path(), store, Arc::clone(&clock) as _, options).unwrap(), clock)
}

fn unit(call: &mut Call, code: &str, name: &str, parent: Option<UnitId>) -> Result<UnitId, ServiceError> {
    accounts::create_unit(
        call,
        NewUnit {
            code: code.to_owned(),
            name: name.to_owned(),
            kind: "so".to_owned(),
            parent,
            valid_from: "2020-01-01".parse().unwrap(),
        },
    )
}

fn grant(account: AccountId, role: &str, unit: UnitId) -> NewGrant {
    NewGrant {
        to: Grantee::Account(account),
        role: role.parse().unwrap(),
        unit,
        own: false,
        label: Label::Ordinary,
        term: Term::ALWAYS,
        reason: "thử".to_owned(),
    }
}

fn account(call: &mut Call, login: &str, name: &str, unit: UnitId) -> Result<AccountId, ServiceError> {
    let new = NewAccount {
        login: login.to_owned(),
        full_name: name.to_owned(),
        unit,
        clearance: Label::Confidential,
        password: None,
        must_change: false,
    };
    Ok(accounts::create_account(call, new)?.id)
}
