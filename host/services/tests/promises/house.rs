//! A small province to test in: three units, an administrator, an officer.

use std::net::IpAddr;
use std::path::Path;
use std::sync::Arc;

use dinh_access::{Grantee, Term};
use dinh_model::{AccountId, Actor, Label, Language, Permission, RequestId, Target, UnitId};
use dinh_services::accounts::{
    self, NewAccount, NewGrant, NewUnit, Password, SessionKind, SignIn, SignInError, SignedIn,
};
use dinh_services::{Call, FixedClock, Options, Origin, Platform, ServiceError, permissions};
use dinh_store::memory::Memory;
use dinh_store::{Recorded, Store};

pub const MORNING: &str = "2026-03-02T01:00:00Z";
pub const GOOD: &str = "bốn mùa xuân hạ";

pub struct House {
    pub platform: Arc<Platform>,
    pub clock: Arc<FixedClock>,
    pub memory: Memory,
    /// The province, with planning (skhdt) and finance (stc) below it.
    pub province: UnitId,
    pub planning: UnitId,
    pub finance: UnitId,
    /// Administrator of the whole house.
    pub admin: AccountId,
    /// An officer of planning, without any right.
    pub officer: AccountId,
}

impl House {
    pub fn new() -> Self {
        Self::with(Options::cheap())
    }

    pub fn with(options: Options) -> Self {
        let memory = Memory::new();
        let clock = Arc::new(FixedClock::new(MORNING.parse().unwrap()));
        let platform = open(&memory, &clock, options);
        let operator = platform.origin(Actor::Public, Language::Vi).as_operator();
        let built = platform
            .perform(&operator, |call| {
                let province = unit(call, "tinh", "Tỉnh Lào Cai", None);
                let planning = unit(call, "skhdt", "Sở Kế hoạch và Đầu tư", Some(province));
                let finance = unit(call, "stc", "Sở Tài chính", Some(province));
                let admin = account(call, "quantri", "Trần Thị Quản Trị", province)?;
                let officer = account(call, "an-skhdt", "Nguyễn Văn An", planning)?;
                give(call, admin, permissions::ADMINISTRATOR.as_str(), province)?;
                Ok((province, planning, finance, admin, officer))
            })
            .unwrap();
        let (province, planning, finance, admin, officer) = built;
        Self { platform, clock, memory, province, planning, finance, admin, officer }
    }

    /// Opens the same store again, as after a restart.
    pub fn reopen(&mut self, options: Options) {
        // The old handle goes first, as a process would.
        self.platform = open(&Memory::new(), &self.clock, Options::cheap());
        self.platform = open(&self.memory, &self.clock, options);
    }

    pub fn origin(&self, account: AccountId) -> Origin {
        self.platform.origin(Actor::person(account), Language::Vi)
    }

    /// Does something as a person.
    pub fn as_person<T>(
        &self,
        account: AccountId,
        deed: impl FnMut(&mut Call) -> Result<T, ServiceError>,
    ) -> Result<T, ServiceError> {
        self.platform.perform(&self.origin(account), deed)
    }

    /// Does something as the administrator, which succeeds.
    pub fn admin<T>(&self, deed: impl FnMut(&mut Call) -> Result<T, ServiceError>) -> T {
        self.as_person(self.admin, deed).unwrap()
    }

    /// Reads something; nothing is asked for.
    pub fn read<T>(&self, look: impl FnOnce(&mut Call) -> T) -> T {
        let mut call = self.platform.begin_reading(&self.origin(self.officer)).unwrap();
        look(&mut call)
    }

    pub fn may(&self, account: AccountId, permission: &Permission, unit: UnitId) -> bool {
        let call = self.platform.begin(&self.origin(account)).unwrap();
        call.check(permission, &Target::unit(unit))
    }

    pub fn sign_in(&self, login: &str, password: &str) -> Result<SignedIn, SignInError> {
        self.sign_in_from(login, password, "10.0.0.1")
    }

    pub fn sign_in_from(&self, login: &str, password: &str, address: &str) -> Result<SignedIn, SignInError> {
        let address: IpAddr = address.parse().unwrap();
        self.platform.sign_in(&SignIn {
            login: login.to_owned(),
            password: Password::new(password),
            address,
            kind: SessionKind::Page,
            otp: None,
        })
    }

    /// Another root, in which nobody has any right: what came with it was withdrawn.
    pub fn another_root(&self, code: &str, name: &str) -> UnitId {
        let operator = self.origin(self.admin).as_operator();
        let made = self.platform.perform(&operator, |call| {
            accounts::create_root(call, new_unit(code, name, None), "")?;
            Ok(accounts::find_unit(call, code)?.unwrap().id)
        });
        let root = made.unwrap();
        let withdrawn = self.platform.perform(&operator, |call| {
            let grants = accounts::list_grants(call)?.into_iter();
            grants
                .filter(|grant| grant.scope.unit == root)
                .try_for_each(|grant| accounts::withdraw(call, grant.id, ""))
        });
        withdrawn.unwrap();
        root
    }

    /// The evidence, oldest first.
    pub fn evidence(&self) -> Vec<Recorded> {
        self.platform.store().snapshot().unwrap().evidence(0, 100_000).unwrap()
    }

    /// The last entry of the evidence.
    pub fn last(&self) -> Recorded {
        self.evidence().pop().unwrap()
    }

    pub fn actions(&self) -> Vec<String> {
        self.evidence().into_iter().map(|recorded| recorded.entry.action).collect()
    }

    /// The number of the last commit.
    pub fn seq(&self) -> u64 {
        self.platform.store().snapshot().unwrap().seq().0
    }
}

fn open(memory: &Memory, clock: &Arc<FixedClock>, options: Options) -> Arc<Platform> {
    let signer = dinh_store::Signer::from_seed("tests", [7; 32]).unwrap();
    let store =
        Store::with_backend(Box::new(memory.clone()), signer, dinh_store::Options::default()).unwrap();
    Platform::open_with(Path::new("/nowhere"), store, Arc::clone(clock) as _, options).unwrap()
}

pub fn unit(call: &mut Call, code: &str, name: &str, parent: Option<UnitId>) -> UnitId {
    accounts::create_unit(call, new_unit(code, name, parent)).unwrap()
}

pub fn new_unit(code: &str, name: &str, parent: Option<UnitId>) -> NewUnit {
    NewUnit {
        code: code.to_owned(),
        name: name.to_owned(),
        kind: "so".to_owned(),
        parent,
        valid_from: "2020-01-01".parse().unwrap(),
    }
}

/// Does something beside the rules that take a second person: for setting up what a test is not about.
pub fn at_once<T>(
    call: &mut Call,
    deed: impl FnOnce(&mut Call) -> Result<T, ServiceError>,
) -> Result<T, ServiceError> {
    let before = std::mem::replace(&mut call.origin.operator, true);
    let done = deed(call);
    call.origin.operator = before;
    done
}

/// An account, active at once.
pub fn account(call: &mut Call, login: &str, name: &str, unit: UnitId) -> Result<AccountId, ServiceError> {
    at_once(call, |call| Ok(accounts::create_account(call, new_account(login, name, unit))?.id))
}

pub fn new_account(login: &str, name: &str, unit: UnitId) -> NewAccount {
    NewAccount {
        login: login.to_owned(),
        full_name: name.to_owned(),
        unit,
        clearance: Label::Ordinary,
        password: Some(Password::new(GOOD)),
        must_change: false,
    }
}

pub fn new_grant(to: AccountId, role: &str, unit: UnitId) -> NewGrant {
    NewGrant {
        to: Grantee::Account(to),
        role: role.parse().unwrap(),
        unit,
        own: false,
        label: Label::Ordinary,
        term: Term::ALWAYS,
        reason: String::new(),
    }
}

/// A grant, in force at once.
pub fn give(
    call: &mut Call,
    to: AccountId,
    role: &str,
    unit: UnitId,
) -> Result<dinh_model::GrantId, ServiceError> {
    give_this(call, new_grant(to, role, unit))
}

/// A grant that waits for a second person.
pub fn ask(call: &mut Call, to: AccountId, role: &str, unit: UnitId) -> Result<RequestId, ServiceError> {
    let grant = NewGrant { reason: "theo Quyết định 12".into(), ..new_grant(to, role, unit) };
    Ok(accounts::give(call, grant)?.request.unwrap())
}

/// A grant in force at once, with everything said.
pub fn give_this(call: &mut Call, grant: NewGrant) -> Result<dinh_model::GrantId, ServiceError> {
    at_once(call, |call| Ok(accounts::give(call, grant)?.id))
}

/// The text of a refusal to do what is not right.
pub fn invalid<T: std::fmt::Debug>(result: Result<T, ServiceError>) -> String {
    match result {
        Err(ServiceError::Invalid(text)) => text.en,
        other => panic!("not refused as invalid: {other:?}"),
    }
}

/// The text of a refusal by a rule, which is evidence.
pub fn ruled<T: std::fmt::Debug>(result: Result<T, ServiceError>) -> String {
    match result {
        Err(ServiceError::Refused(refusal)) => refusal.text.en,
        other => panic!("not refused by a rule: {other:?}"),
    }
}

/// The rule by which something was refused.
pub fn refused<T: std::fmt::Debug>(result: Result<T, ServiceError>) -> &'static str {
    match result {
        Err(ServiceError::Refused(refusal)) => refusal.rule,
        other => panic!("not refused by a rule: {other:?}"),
    }
}

/// The text of a refusal for want of a right.
pub fn denied<T: std::fmt::Debug>(result: Result<T, ServiceError>) -> String {
    match result {
        Err(ServiceError::Denied(denial)) => denial.text,
        other => panic!("not denied: {other:?}"),
    }
}
