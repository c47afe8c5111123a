//! A small province with a ledger in it: what records are tried against. Nothing is ever committed after it stands.

use std::path::Path;
use std::sync::{Arc, OnceLock};

use dinh_access::{Grantee, Term};
use dinh_model::schema::VerbPermissions;
use dinh_model::{
    AccountId, Actor, CodeTerm, Collection, Field, FieldType, Index, IndexKind, Label, Language, Localized,
    Permission, Sequence, UnitId, Value,
};
use dinh_services::accounts::{self, NewAccount, NewGrant, NewUnit};
use dinh_services::records::{FieldValue, PluginData, insert};
use dinh_services::{Call, FixedClock, Options, Platform, ServiceError};
use dinh_store::{Signer, Store, memory::Memory};

pub struct House {
    pub platform: Arc<Platform>,
    pub data: PluginData,
    clerk: AccountId,
}

/// The one house of this process.
pub fn house() -> &'static House {
    static HOUSE: OnceLock<House> = OnceLock::new();
    HOUSE.get_or_init(|| House::build().unwrap())
}

impl House {
    /// A call of the clerk, who may do everything up to Mật.
    pub fn call(&self) -> Call {
        self.platform.begin(&self.platform.origin(Actor::person(self.clerk), Language::Vi)).unwrap()
    }

    /// A call of the operator.
    pub fn operator(&self) -> Call {
        self.platform.begin(&self.platform.origin(Actor::Public, Language::Vi).as_operator()).unwrap()
    }

    fn build() -> Result<Self, ServiceError> {
        let signer = Signer::from_seed("fuzz", [7; 32]).unwrap();
        let store = Store::with_backend(Box::new(Memory::new()), signer, dinh_store::Options::default());
        let clock = Arc::new(FixedClock::new("2026-03-02T01:00:00Z".parse().unwrap()));
        let platform = Platform::open_with(Path::new("/nowhere"), store.unwrap(), clock, Options::cheap())?;
        let operator = platform.origin(Actor::Public, Language::Vi).as_operator();
        let (province, clerk) = platform.perform(&operator, people)?;
        platform.perform(&operator, |call| dinh_services::catalog::ship(call).map(drop))?;
        let data = data(province);
        data.check().unwrap();
        let house = Self { platform, data, clerk };
        let origin = house.platform.origin(Actor::person(clerk), Language::Vi);
        house.platform.perform(&origin, |call| {
            for number in 1..=20_i64 {
                let values = [
                    ("number", Value::Integer(number)),
                    ("title", Value::Text(format!("Công văn số {number}"))),
                    ("amount", Value::Decimal((number * 100).into())),
                    ("province", Value::Text("38".into())),
                    ("label", Value::Text(if number % 3 == 0 { "confidential" } else { "ordinary" }.into())),
                    ("tags", Value::Texts(vec!["a".into(), "ễ".into()])),
                ];
                let values = values.map(|(field, value)| FieldValue { field: field.into(), value });
                insert(call, &house.data, "papers", values.to_vec())?;
            }
            Ok(())
        })?;
        Ok(house)
    }
}

fn permission(verb: &str) -> Permission {
    format!("papers.paper.{verb}").parse().unwrap()
}

fn people(call: &mut Call) -> Result<(UnitId, AccountId), ServiceError> {
    let unit = NewUnit {
        code: "tinh".into(),
        name: "Tỉnh Lào Cai".into(),
        kind: "tinh".into(),
        parent: None,
        valid_from: "2020-01-01".parse().unwrap(),
    };
    let province = accounts::create_unit(call, unit)?;
    let title = Localized::new("Quyền", "Right");
    let all = ["read", "create", "update", "delete"].map(permission);
    for permission in &all {
        accounts::declare_permission(call, permission, &title)?;
    }
    let role = "papers.writer".parse().unwrap();
    accounts::define_role(call, &role, &title, &all)?;
    let account = NewAccount {
        login: "vanthu".into(),
        full_name: "Nguyễn Văn Thư".into(),
        unit: province,
        clearance: Label::Confidential,
        password: None,
        must_change: false,
    };
    let clerk = accounts::create_account(call, account)?.id;
    let grant = NewGrant {
        to: Grantee::Account(clerk),
        role,
        unit: province,
        own: false,
        label: Label::Confidential,
        term: Term::ALWAYS,
        reason: "thử".into(),
    };
    accounts::give(call, grant)?;
    Ok((province, clerk))
}

fn field(name: &str, kind: FieldType) -> Field {
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

/// Papers with a field of every type, and departments that they refer to.
fn data(province: UnitId) -> PluginData {
    let collection = |name: &str, fields| Collection {
        name: name.into(),
        title: Localized::new("Sổ", "Book"),
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
    };
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
        Field { personal: true, ..field("person", FieldType::Text) },
        field("at", FieldType::Instant),
        field("yes", FieldType::Boolean),
        field("money", FieldType::Money),
    ];
    let index = |kind, fields: &[usize]| Index { fields: fields.to_vec(), kind };
    let papers = Collection {
        unit_field: Some(6),
        owner_field: Some(7),
        label_field: Some(8),
        indexes: vec![
            index(IndexKind::Unique, &[0]),
            index(IndexKind::Ordered, &[2, 1]),
            index(IndexKind::Ordered, &[3]),
            index(IndexKind::Search, &[1]),
            index(IndexKind::Equal, &[11]),
        ],
        ..collection("papers", fields)
    };
    let departments = collection("departments", vec![field("name", FieldType::Text)]);
    PluginData {
        plugin: "papers".parse().unwrap(),
        number: 1,
        generation: 1,
        home_unit: province,
        collections: vec![Arc::new(papers), Arc::new(departments)],
        sequences: vec![Sequence { name: "register".into(), title: Localized::new("Sổ", "Register") }],
    }
}
