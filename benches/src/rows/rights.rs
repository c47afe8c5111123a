//! Changes of rights and sessions through the services, in a house of 20,000 accounts with three grants each that is
//! kept in memory: what they cost besides the disk.

use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use dinh_access::{Grantee, Term};
use dinh_model::{AccountId, Actor, Label, Language, UnitId};
use dinh_services::accounts::{
    self, NewAccount, NewGrant, NewUnit, Password, SessionKind, SignIn, activate, suspend, withdraw,
};
use dinh_services::{Call, Options, Origin, Platform, ServiceError, SystemClock, permissions};
use dinh_store::memory::Memory;
use dinh_store::{Signer, Store};

use crate::{Goal, Row, Side};

const ACCOUNTS: u32 = 20_000;
/// Accounts made in one change.
const STEP: u32 = 200;
const UNITS: u32 = 100;
/// Sessions of the person whose sessions are ended, besides the one that is looked up: as many as one may have.
const SESSIONS: usize = 19;
/// People besides, each with as many sessions as one may have: 20,000 are open.
const SIGNED_IN: u32 = 1_000;
/// Sessions of a page.
const ON_A_PAGE: usize = 50;
const PASSWORD: &str = "con trâu gặm cỏ ngoài đê";

struct Setting {
    platform: Arc<Platform>,
    origin: Origin,
    /// The accounts' numbers follow one another.
    first: AccountId,
    unit: UnitId,
}

impl Setting {
    fn new() -> Self {
        let signer = Signer::from_seed("bench", [7; 32]).unwrap();
        let store =
            Store::with_backend(Box::new(Memory::new()), signer, dinh_store::Options::default()).unwrap();
        let platform =
            Platform::open_with(Path::new("/nowhere"), store, Arc::new(SystemClock), Options::cheap())
                .unwrap();
        let origin = platform.origin(Actor::Public, Language::Vi).as_operator();
        let units = platform.perform(&origin, units).unwrap();
        let mut first = None;
        for from in (0..ACCOUNTS).step_by(STEP as usize) {
            let made = platform
                .perform(&origin, |call| {
                    (from..from + STEP).map(|n| somebody(call, n, &units)).collect::<Result<Vec<_>, _>>()
                })
                .unwrap();
            first = first.or(made.first().copied());
        }
        Self { platform, origin, first: first.unwrap(), unit: units[1] }
    }

    fn perform<T>(&self, deed: impl FnMut(&mut Call) -> Result<T, ServiceError>) -> T {
        self.platform.perform(&self.origin, deed).unwrap()
    }
}

fn units(call: &mut Call) -> Result<Vec<UnitId>, ServiceError> {
    let mut made: Vec<UnitId> = Vec::new();
    for n in 0..UNITS {
        let parent = (n > 0).then(|| made[(n as usize - 1) / 9]);
        let (code, name) = (format!("unit-{n}"), format!("Đơn vị {n}"));
        let valid_from = "2020-01-01".parse().unwrap();
        made.push(accounts::create_unit(
            call,
            NewUnit { code, name, kind: "so".into(), parent, valid_from },
        )?);
    }
    Ok(made)
}

/// A person with three grants; the first thousand and one have a password.
fn somebody(call: &mut Call, n: u32, units: &[UnitId]) -> Result<AccountId, ServiceError> {
    let unit =
        |k: u32| units[(n.wrapping_mul(2_654_435_761).wrapping_add(k * 31) >> 8) as usize % units.len()];
    let account = accounts::create_account(
        call,
        NewAccount {
            login: format!("can-bo-{n}"),
            full_name: "Nguyễn Văn Cán Bộ".into(),
            unit: unit(0),
            clearance: Label::Ordinary,
            password: (n <= SIGNED_IN).then(|| Password::new(PASSWORD)),
            must_change: false,
        },
    )?
    .id;
    for k in 0..3 {
        accounts::give(call, grant(account, unit(k)))?;
    }
    Ok(account)
}

fn grant(to: AccountId, unit: UnitId) -> NewGrant {
    NewGrant {
        to: Grantee::Account(to),
        role: permissions::ADMINISTRATOR.clone(),
        unit,
        own: true,
        label: Label::Ordinary,
        term: Term::ALWAYS,
        reason: String::new(),
    }
}

/// The rows.
pub fn rows() -> Vec<Row> {
    let setting = Rc::new(Setting::new());
    vec![session(&setting), given(&setting), ended(&setting), listed(&setting)]
}

fn sign_in(setting: &Setting, n: u32) -> String {
    let asked = SignIn {
        login: format!("can-bo-{n}"),
        password: Password::new(PASSWORD),
        address: [127, 0, 0, 1].into(),
        kind: SessionKind::Page,
        otp: None,
    };
    setting.platform.sign_in(&asked).unwrap().token
}

fn session(setting: &Rc<Setting>) -> Row {
    let (setting, token) = (setting.clone(), sign_in(setting, 0));
    Row {
        name: "session look-up".to_owned(),
        operations: 1,
        subject: Side::new("session", move || setting.platform.session(&token).unwrap()),
        beside: None,
        goal: Goal::Within(Duration::from_nanos(100)),
    }
}

/// One grant given and withdrawn, beside as many changes that are no rights.
fn given(setting: &Rc<Setting>) -> Row {
    let (subject, beside) = (setting.clone(), setting.clone());
    let (mut n, mut name) = (0, 0);
    Row {
        name: "grant given or withdrawn, in memory".to_owned(),
        operations: 2,
        subject: Side::new("give, withdraw", move || {
            n = (n + 7_919) % ACCOUNTS;
            let to = AccountId(subject.first.0 + n);
            let given = subject.perform(|call| accounts::give(call, grant(to, subject.unit))).id;
            subject.perform(|call| withdraw(call, given, ""));
        }),
        beside: Some(Side::new("two changes of a name", move || {
            for _ in 0..2 {
                name += 1;
                let name = format!("Đơn vị {name}");
                beside.perform(|call| accounts::rename_unit(call, beside.unit, &name));
            }
        })),
        goal: Goal::Within(Duration::from_millis(1)),
    }
}

/// All sessions of a person ended, which suspending does; activating is the other half.
fn ended(setting: &Rc<Setting>) -> Row {
    for _ in 0..SESSIONS {
        sign_in(setting, 0);
    }
    let setting = setting.clone();
    Row {
        name: "all sessions of a person ended, in memory".to_owned(),
        operations: 2,
        subject: Side::new("suspend, activate", move || {
            setting.perform(|call| suspend(call, setting.first, ""));
            setting.perform(|call| activate(call, setting.first));
        }),
        beside: None,
        goal: Goal::Within(Duration::from_millis(1)),
    }
}

/// The first page of the 20,000 sessions that are open, as its page asks for it.
fn listed(setting: &Rc<Setting>) -> Row {
    for n in 1..=SIGNED_IN {
        for _ in 0..=SESSIONS {
            sign_in(setting, n);
        }
    }
    let setting = setting.clone();
    Row {
        name: "first page of 20,000 open sessions".to_owned(),
        operations: 1,
        subject: Side::new("50 sessions", move || {
            let mut call = setting.platform.begin_reading(&setting.origin).unwrap();
            let page = accounts::list_sessions(&setting.platform, &mut call, None, None, ON_A_PAGE).unwrap();
            assert!(page.sessions.len() == ON_A_PAGE && page.next.is_some());
            page
        }),
        beside: None,
        goal: Goal::Within(Duration::from_millis(1)),
    }
}
