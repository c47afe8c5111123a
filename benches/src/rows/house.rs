//! A province with the plugin `measured` in it, records in its collection, and one person who may see them.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use dinh_access::{Grantee, Term};
use dinh_model::{AccountId, Actor, Date, Label, Language, PluginId, UnitId, Value};
use dinh_runtime::{Install, Options, Runtime};
use dinh_services::accounts::{self, NewAccount, NewGrant, NewUnit, Password};
use dinh_services::records::{self, FieldValue};
use dinh_services::{Call, Platform, ServiceError, SystemClock, catalog};
use dinh_store::{Signer, Store};
use tempfile::TempDir;

use crate::random::Random;

/// Records of one change.
pub const TOGETHER: usize = 100;
/// The person's sign-in name.
pub const LOGIN: &str = "do-luong";
/// And password.
pub const PASSWORD: &str = "con trâu gặm cỏ ngoài đê";

/// The province.
pub struct House {
    /// Its platform.
    pub platform: Arc<Platform>,
    /// Its plugins.
    pub runtime: Arc<Runtime>,
    /// The plugin that is measured.
    pub plugin: PluginId,
    /// Who may everything.
    pub person: AccountId,
    // Dropped last.
    data: TempDir,
}

impl House {
    /// Sets it up in a folder of its own, with so many records.
    pub fn new(options: Options, records: usize) -> Self {
        Self::over(dinh_store::Options::default(), options, records)
    }

    /// The same over a store with its own bounds.
    pub fn over(bounds: dinh_store::Options, options: Options, records: usize) -> Self {
        let data = tempfile::tempdir().unwrap();
        let signer = Signer::from_seed("bench", [7; 32]).unwrap();
        let store = Store::open(&data.path().join("store.redb"), signer, bounds).unwrap();
        let platform = Platform::open(data.path(), store, Arc::new(SystemClock)).unwrap();
        let operator = platform.origin(Actor::Public, Language::Vi).as_operator();
        let (province, person) = platform.perform(&operator, settle).unwrap();
        platform.perform(&operator, catalog::ship).unwrap();
        let runtime = Runtime::start(Arc::clone(&platform), options).unwrap();
        let administrator = platform.origin(Actor::person(person), Language::Vi);
        let measured = component("measured");
        let plugin = runtime.install(&measured, often(province), &administrator).unwrap().plugin;
        platform.perform(&operator, |call| give(call, person, "measured.everything", province)).unwrap();
        fill(&platform, &plugin, person, province, records);
        Self { platform, runtime, plugin: plugin.manifest.id.clone(), person, data }
    }

    /// Closes it; what is left is its data folder.
    pub fn close(self) -> TempDir {
        drop(self.runtime);
        self.platform.store().close().unwrap();
        self.data
    }

    /// Opens what a house has left.
    pub fn open(data: &Path) -> Arc<Platform> {
        let signer = Signer::from_seed("bench", [7; 32]).unwrap();
        let store = Store::open(&data.join("store.redb"), signer, dinh_store::Options::default()).unwrap();
        Platform::open(data, store, Arc::new(SystemClock)).unwrap()
    }

    /// Installs another plugin.
    pub fn install_package(&self, package: &[u8]) {
        let administrator = self.platform.origin(Actor::person(self.person), Language::Vi);
        self.runtime.install(package, often(UnitId(1)), &administrator).unwrap();
    }

    /// Installs another plugin, and gives the person its role.
    pub fn install(&self, name: &str, role: &str) {
        let province = UnitId(1);
        self.install_package(&component(name));
        let operator = self.platform.origin(Actor::Public, Language::Vi).as_operator();
        self.platform.perform(&operator, |call| give(call, self.person, role, province)).unwrap();
    }
}

/// For a unit, and called as often as a bench can.
fn often(home: UnitId) -> Install {
    Install { accept_limits: "calls-per-minute=6000000".parse().unwrap(), ..Install::at(home) }
}

/// Units 1 to 8 and one person who may everything.
fn settle(call: &mut Call) -> Result<(UnitId, AccountId), ServiceError> {
    let unit = |call: &mut Call, number: u32, parent| {
        let new = NewUnit {
            code: format!("unit-{number}"),
            name: format!("Đơn vị {number}"),
            kind: "so".to_owned(),
            parent,
            valid_from: "2020-01-01".parse().unwrap(),
        };
        accounts::create_unit(call, new)
    };
    let province = unit(call, 1, None)?;
    assert_eq!(province, UnitId(1), "the plugin asks about units 1 to 8");
    for number in 2..=8 {
        unit(call, number, Some(province))?;
    }
    let person = accounts::create_account(
        call,
        NewAccount {
            login: LOGIN.to_owned(),
            full_name: "Nguyễn Thị Đo Lường".to_owned(),
            unit: province,
            clearance: Label::Ordinary,
            password: Some(Password::new(PASSWORD)),
            must_change: false,
        },
    )?
    .id;
    give(call, person, "dinh.administrator", province)?;
    Ok((province, person))
}

/// A grant, in force at once.
pub fn give(call: &mut Call, person: AccountId, role: &str, unit: UnitId) -> Result<(), ServiceError> {
    let grant = NewGrant {
        to: Grantee::Account(person),
        role: role.parse().unwrap(),
        unit,
        own: false,
        label: Label::Ordinary,
        term: Term::ALWAYS,
        reason: "đo tốc độ".to_owned(),
    };
    accounts::give(call, grant).map(drop)
}

/// Fills the plugin's collection.
fn fill(
    platform: &Arc<Platform>,
    plugin: &dinh_runtime::Plugin,
    person: AccountId,
    unit: UnitId,
    records: usize,
) {
    let mut random = Random(7);
    for _ in 0..records / TOGETHER {
        let mut call = platform.begin(&platform.origin(Actor::person(person), Language::Vi)).unwrap();
        for _ in 0..TOGETHER {
            let mut values = vec![field("unit", Value::Unit(unit))];
            for n in 0..10 {
                values.push(field(&format!("i{n}"), Value::Integer(i64::from(random.below(1 << 30)))));
            }
            for n in 0..5 {
                let day = Date::new(2026, 1, 1 + random.below(28) as i8).unwrap();
                values.push(field(&format!("d{n}"), Value::Date(day)));
            }
            for n in 0..15 {
                let text = format!("Chi bộ số {} xã Tả Phìn", random.below(1_000));
                values.push(field(&format!("t{n}"), Value::Text(text)));
            }
            records::insert(&mut call, &plugin.data, "sheets", values).unwrap();
        }
        platform.commit(call).unwrap();
    }
}

fn field(name: &str, value: Value) -> FieldValue {
    FieldValue { field: name.to_owned(), value }
}

/// A plugin's component, as `cargo xtask bench` builds it.
pub fn component(name: &str) -> Vec<u8> {
    let folder = std::env::var_os("DINH_PLUGINS").map(PathBuf::from).unwrap_or_else(|| {
        // TARGET/debug/deps/table-… → TARGET/plugins
        std::env::current_exe().unwrap().ancestors().nth(3).unwrap().join("plugins")
    });
    let file = folder.join(format!("{name}.wasm"));
    std::fs::read(&file)
        .unwrap_or_else(|error| panic!("{}: {error}; `cargo xtask bench` builds it", file.display()))
}
