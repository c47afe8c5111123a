//! A small province, a plugin with a ledger, and people with different rights.

use std::path::Path;
use std::sync::Arc;

use dinh_access::{Grantee, Term};
use dinh_model::schema::VerbPermissions;
use dinh_model::{
    AccountId, Actor, CodeTerm, Collection, Field, FieldType, Index, IndexKind, Label, Language, Localized,
    Permission, RecordId, RoleId, Sequence, UnitId, Value,
};
use dinh_store::memory::Memory;
use dinh_store::{Committed, Recorded, Store};

use super::super::{
    Column, Comparison, Condition, FieldValue, Order, PluginData, RecordError, Selection, insert, query,
};
use crate::accounts::{self, NewAccount, NewGrant, NewUnit};
use crate::{Call, FixedClock, Options, Origin, Platform, ServiceError};

pub(super) struct House {
    pub(super) platform: Arc<Platform>,
    pub(super) province: UnitId,
    pub(super) planning: UnitId,
    pub(super) finance: UnitId,
    /// May do everything, everywhere, up to Mật.
    pub(super) clerk: AccountId,
    /// Sees what is ordinary in planning.
    pub(super) planner: AccountId,
    /// Sees up to Mật in finance.
    pub(super) treasurer: AccountId,
    /// Sees and changes what they own, in the whole province.
    pub(super) owner: AccountId,
    /// Sees nothing.
    pub(super) stranger: AccountId,
    /// Sees what is ordinary in the whole province.
    pub(super) officer: AccountId,
}

impl House {
    pub(super) fn new() -> Self {
        Self::with(Options::cheap())
    }

    pub(super) fn with(options: Options) -> Self {
        Self::signed_by(7, options)
    }

    /// A data folder of its own: each has another key for its evidence.
    pub(super) fn signed_by(seed: u8, options: Options) -> Self {
        let signer = dinh_store::Signer::from_seed("tests", [seed; 32]).unwrap();
        let store = Store::with_backend(Box::new(Memory::new()), signer, dinh_store::Options::default());
        Self::over(store.unwrap(), options)
    }

    pub(super) fn over(store: Store, options: Options) -> Self {
        Self::at(Arc::new(FixedClock::new("2026-03-02T01:00:00Z".parse().unwrap())), store, options)
    }

    /// By a clock that the test moves.
    pub(super) fn at(clock: Arc<FixedClock>, store: Store, options: Options) -> Self {
        let platform = Platform::open_with(Path::new("/nowhere"), store, clock, options).unwrap();
        let operator = platform.origin(Actor::Public, Language::Vi).as_operator();
        let mut built = None;
        platform
            .perform(&operator, |call| {
                built = Some(build(call)?);
                Ok(())
            })
            .unwrap();
        let ([province, planning, finance], [clerk, planner, treasurer, owner, stranger, officer]) =
            built.unwrap();
        platform
            .perform(&operator, |call| {
                crate::catalog::ship(call)?;
                Ok(())
            })
            .unwrap();
        Self { platform, province, planning, finance, clerk, planner, treasurer, owner, stranger, officer }
    }

    pub(super) fn everybody(&self) -> [AccountId; 6] {
        [self.clerk, self.planner, self.treasurer, self.owner, self.stranger, self.officer]
    }

    pub(super) fn origin(&self, account: AccountId) -> Origin {
        self.platform.origin(Actor::person(account), Language::Vi)
    }

    /// A call of a person, to be committed or not.
    pub(super) fn call(&self, account: AccountId) -> Call {
        self.platform.begin(&self.origin(account)).unwrap()
    }

    pub(super) fn commit(&self, call: Call) -> Result<Committed, ServiceError> {
        self.platform.commit(call)
    }

    /// Does something as the clerk, which succeeds.
    pub(super) fn clerk<T>(&self, deed: impl FnOnce(&mut Call) -> Result<T, RecordError>) -> T {
        let mut call = self.call(self.clerk);
        let done = deed(&mut call).unwrap();
        self.commit(call).unwrap();
        done
    }

    pub(super) fn evidence(&self) -> Vec<Recorded> {
        self.platform.store().snapshot().unwrap().evidence(0, 10_000).unwrap()
    }

    /// The plugin of most tests: a ledger of papers, with departments that papers refer to.
    pub(super) fn data(&self) -> PluginData {
        data(1, self.province, vec![papers(), departments()])
    }
}

type Built = ([UnitId; 3], [AccountId; 6]);

fn build(call: &mut Call) -> Result<Built, ServiceError> {
    let mut unit = |code: &str, parent| {
        let new = NewUnit {
            code: code.into(),
            name: format!("Đơn vị {code}"),
            kind: "so".into(),
            parent,
            valid_from: "2020-01-01".parse().unwrap(),
        };
        accounts::create_unit(call, new)
    };
    let province = unit("tinh", None)?;
    let planning = unit("skhdt", Some(province))?;
    let finance = unit("stc", Some(province))?;
    let title = Localized::new("Quyền", "Right");
    for verb in ["read", "create", "update", "delete"] {
        accounts::declare_permission(call, &permission(verb), &title)?;
    }
    let reader: RoleId = "papers.reader".parse().unwrap();
    accounts::define_role(call, &reader, &title, &[permission("read")])?;
    let writer: RoleId = "papers.writer".parse().unwrap();
    let all = ["read", "create", "update", "delete"].map(permission);
    accounts::define_role(call, &writer, &title, &all)?;
    let mut person = |login: &str, role: Option<(&RoleId, UnitId, bool)>, label: Label| {
        let new = NewAccount {
            login: login.into(),
            full_name: format!("Người {login}"),
            unit: province,
            clearance: label,
            password: None,
            must_change: false,
        };
        let account = accounts::create_account(call, new)?.id;
        if let Some((role, unit, own)) = role {
            let to = Grantee::Account(account);
            let reason = "thử".into();
            let grant = NewGrant { to, role: role.clone(), unit, own, label, term: Term::ALWAYS, reason };
            accounts::give(call, grant)?;
        }
        Ok::<_, ServiceError>(account)
    };
    let people = [
        person("vanthu", Some((&writer, province, false)), Label::Confidential)?,
        person("kehoach", Some((&reader, planning, false)), Label::Ordinary)?,
        person("taichinh", Some((&reader, finance, false)), Label::Confidential)?,
        person("chuso", Some((&writer, province, true)), Label::Ordinary)?,
        person("nguoila", None, Label::Confidential)?,
        person("vanphong", Some((&reader, province, false)), Label::Ordinary)?,
    ];
    Ok(([province, planning, finance], people))
}

pub(super) fn permission(verb: &str) -> Permission {
    format!("papers.paper.{verb}").parse().unwrap()
}

pub(super) fn data(number: u32, home_unit: UnitId, collections: Vec<Collection>) -> PluginData {
    let sequence = Sequence { name: "register".into(), title: Localized::new("Sổ", "Register") };
    PluginData {
        plugin: "papers".parse().unwrap(),
        number,
        generation: 1,
        home_unit,
        collections: collections.into_iter().map(Arc::new).collect(),
        sequences: vec![sequence],
    }
}

pub(super) fn field(name: &str, kind: FieldType) -> Field {
    Field {
        name: name.into(),
        kind,
        required: false,
        meaning: None,
        label: Label::Ordinary,
        personal: false,
        drawn: false,
        title: Localized::new(name, name),
    }
}

/// A collection of those fields, with the usual permissions and nothing else.
pub(super) fn collection(name: &str, fields: Vec<Field>) -> Collection {
    Collection {
        name: name.into(),
        title: Localized::new("Sổ văn bản", "Papers"),
        fields,
        unit_field: None,
        owner_field: None,
        withheld_field: None,
        seen: None,
        label_field: None,
        label: Label::Ordinary,
        permissions: VerbPermissions {
            read: permission("read"),
            create: permission("create"),
            update: permission("update"),
            delete: permission("delete"),
        },
        indexes: Vec::new(),
    }
}

pub(super) fn index(kind: IndexKind, fields: &[usize]) -> Index {
    Index { fields: fields.to_vec(), kind }
}

/// Number, title, day, amount, department, province, unit, owner, label, and a remark that is Mật.
pub(super) fn papers() -> Collection {
    let fields = vec![
        field("number", FieldType::Integer),
        Field { required: true, ..field("title", FieldType::Text) },
        field("day", FieldType::Date),
        field("amount", FieldType::Decimal { scale: 2 }),
        field("department", FieldType::Reference { collection: "departments".into() }),
        field("province", FieldType::Code { catalog: "provinces".into(), valid: CodeTerm::Any }),
        field("unit", FieldType::Unit),
        field("owner", FieldType::Account),
        field("label", FieldType::Text),
        Field { label: Label::Confidential, ..field("remark", FieldType::Text) },
        field("tags", FieldType::Texts),
    ];
    Collection {
        unit_field: Some(6),
        owner_field: Some(7),
        label_field: Some(8),
        indexes: vec![
            index(IndexKind::Unique, &[0]),
            index(IndexKind::Ordered, &[2, 1]),
            index(IndexKind::Ordered, &[3]),
            index(IndexKind::Search, &[1]),
        ],
        ..collection("papers", fields)
    }
}

pub(super) fn departments() -> Collection {
    collection("departments", vec![field("name", FieldType::Text)])
}

pub(super) fn text(text: &str) -> Value {
    Value::Text(text.into())
}

pub(super) fn decimal(text: &str) -> Value {
    Value::Decimal(text.parse().unwrap())
}

/// Fields with their values.
pub(super) fn values(values: &[(&str, Value)]) -> Vec<FieldValue> {
    values.iter().map(|(field, value)| FieldValue { field: (*field).into(), value: value.clone() }).collect()
}

pub(super) fn paper(
    call: &mut Call,
    data: &PluginData,
    some: &[(&str, Value)],
) -> Result<RecordId, RecordError> {
    insert(call, data, "papers", values(some))
}

pub(super) fn condition(field: &str, comparison: Comparison, value: Value) -> Condition {
    Condition { field: field.into(), comparison, value }
}

pub(super) fn select(fields: &[&str], all_of: &[Condition], order: &[(&str, bool)]) -> Selection {
    Selection {
        collection: "papers".into(),
        fields: fields.iter().map(|field| (*field).into()).collect(),
        any_of: if all_of.is_empty() { Vec::new() } else { vec![all_of.to_vec()] },
        order_by: order
            .iter()
            .map(|(field, descending)| Order { field: (*field).into(), descending: *descending })
            .collect(),
    }
}

/// The whole answer, page by page: identifiers and values.
pub(super) fn all(
    call: &mut Call,
    data: &PluginData,
    selection: &Selection,
    limit: u32,
) -> Result<Vec<(RecordId, Vec<Value>)>, RecordError> {
    let (mut rows, mut after) = (Vec::new(), None);
    loop {
        let page = query(call, data, selection, after.as_deref(), limit)?;
        assert!(page.ids.len() <= limit as usize);
        for (row, id) in page.ids.iter().enumerate() {
            rows.push((*id, page.columns.iter().map(|column| column.value(row).unwrap()).collect()));
        }
        match page.next {
            Some(next) => {
                assert_eq!(page.ids.len(), limit as usize, "only the last page is short");
                after = Some(next);
            }
            None => return Ok(rows),
        }
    }
}

/// One field of the whole answer.
pub(super) fn texts(call: &mut Call, data: &PluginData, selection: &Selection) -> Vec<String> {
    let rows = all(call, data, selection, 2).unwrap();
    rows.into_iter()
        .map(|(_, values)| match &values[0] {
            Value::Text(text) => text.clone(),
            value => format!("{value:?}"),
        })
        .collect()
}

pub(super) fn text_column(texts: &[&str]) -> Column {
    let mut column = super::super::TextColumn::default();
    texts.iter().for_each(|text| column.push(text.as_bytes()).unwrap());
    Column { values: super::super::ColumnValues::Texts(column), validity: None }
}
