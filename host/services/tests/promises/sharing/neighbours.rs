//! Two plugins: personnel, of planning, offers its members; finance collects dues and wants them.

use std::sync::Arc;

use dinh_model::schema::VerbPermissions;
use dinh_model::{
    AccountId, Actor, Collection, ContractId, Dataset, Date, Field, FieldType, Frequency, Index, IndexKind,
    Keep, Label, Language, Localized, Permission, PluginId, Purpose, RecordId, UnitId, Value, Wanted,
};
use dinh_services::accounts::{NewGrant, Role, declare_plugin};
use dinh_services::records::{FieldValue, PluginData, RecordError, Selection, insert};
use dinh_services::secrets::MemoryKeys;
use dinh_services::sharing::{self, Consumer, Source, Terms};
use dinh_services::{Call, Options, Origin, ServiceError};

use crate::house::{House, account, give, give_this, new_grant};

pub struct Neighbours {
    pub house: House,
    /// What seals their records; kept over a restart.
    pub keys: MemoryKeys,
    /// Asks, for finance.
    pub asker: AccountId,
    /// Decides, for planning.
    pub steward: AccountId,
    /// Collects dues in the whole province, up to Mật.
    pub collector: AccountId,
    /// Collects dues in finance only, and sees what is ordinary.
    pub cashier: AccountId,
    pub personnel: PluginData,
    pub dues: PluginData,
    /// Members: Bình of planning, An of finance, Chi of finance (her record is Mật), Dũng (no longer active).
    pub members: [RecordId; 4],
}

pub fn id(text: &str) -> PluginId {
    text.parse().unwrap()
}

fn title() -> Localized {
    Localized::new("Tên", "Title")
}

pub fn field(name: &str, kind: FieldType, label: Label) -> Field {
    Field {
        name: name.into(),
        kind,
        required: false,
        meaning: None,
        label,
        personal: false,
        drawn: false,
        title: title(),
    }
}

fn permissions(plugin: &str) -> VerbPermissions {
    let permission = |verb: &str| format!("{plugin}.record.{verb}").parse().unwrap();
    VerbPermissions {
        read: permission("read"),
        create: permission("write"),
        update: permission("write"),
        delete: permission("write"),
    }
}

fn people() -> Collection {
    let ordinary = Label::Ordinary;
    Collection {
        name: "people".into(),
        title: title(),
        fields: vec![
            field("full-name", FieldType::Text, ordinary),
            field("unit", FieldType::Unit, ordinary),
            field("secrecy", FieldType::Text, ordinary),
            field("joined", FieldType::Date, ordinary),
            field("salary", FieldType::Money, ordinary),
            field("active", FieldType::Boolean, ordinary),
            field("health", FieldType::Text, Label::Confidential),
        ],
        unit_field: Some(1),
        owner_field: None,
        withheld_field: None,
        seen: None,
        label_field: Some(2),
        label: ordinary,
        permissions: permissions("personnel"),
        indexes: vec![Index { fields: vec![0], kind: IndexKind::Ordered }],
    }
}

pub fn payments() -> Collection {
    let ordinary = Label::Ordinary;
    Collection {
        name: "payments".into(),
        title: title(),
        fields: vec![
            field("member", FieldType::Integer, ordinary),
            field("note", FieldType::Text, ordinary),
            field("secrecy", FieldType::Text, ordinary),
            field("amount", FieldType::Money, ordinary),
            field("remark", FieldType::Text, Label::Confidential),
        ],
        unit_field: None,
        owner_field: None,
        withheld_field: None,
        seen: None,
        label_field: Some(2),
        label: ordinary,
        permissions: permissions("dues"),
        indexes: Vec::new(),
    }
}

pub fn members() -> Dataset {
    let purpose = |name: &str| Purpose { name: name.into(), title: title() };
    Dataset {
        name: "members".into(),
        title: title(),
        summary: title(),
        collection: "people".into(),
        fields: ["full-name", "unit", "joined", "salary", "health"].map(str::to_owned).to_vec(),
        rows: vec![("active".into(), Value::Boolean(true))],
        filled: vec!["salary".into()],
        label: Label::Confidential,
        purposes: vec![purpose("dues"), purpose("statistics")],
        consumers: Vec::new(),
        updated: Frequency::Daily,
        public: false,
    }
}

pub fn wanted(keep: Keep) -> Wanted {
    Wanted {
        name: "members".into(),
        plugin: id("personnel"),
        dataset: "members".into(),
        fields: ["full-name", "unit", "salary", "health"].map(str::to_owned).to_vec(),
        purpose: "dues".into(),
        legal_basis: "Quy định 01-QĐ/TW".into(),
        permission: "dues.record.read".parse().unwrap(),
        keep,
        changes: false,
    }
}

fn data(number: u32, plugin: &str, home_unit: UnitId, collection: Collection) -> PluginData {
    PluginData {
        plugin: id(plugin),
        number,
        generation: 1,
        home_unit,
        collections: vec![Arc::new(collection)],
        sequences: Vec::new(),
    }
}

/// Cheap, with these keys.
pub fn with_keys(keys: &MemoryKeys) -> Options {
    Options { keys: Some(Arc::new(keys.clone())), ..Options::cheap() }
}

impl Neighbours {
    pub fn new() -> Self {
        Self::keeping(Keep::References)
    }

    /// Finance wants to keep that.
    pub fn keeping(keep: Keep) -> Self {
        let keys = MemoryKeys::default();
        let house = House::with(with_keys(&keys));
        let personnel = data(1, "personnel", house.planning, people());
        let dues = data(2, "dues", house.finance, payments());
        house.admin(|call| {
            for plugin in [&personnel, &dues] {
                let name = &plugin.plugin;
                let verb = |verb: &str| -> Permission { format!("{name}.record.{verb}").parse().unwrap() };
                let all: Vec<_> = ["read", "write"].map(|it| (verb(it), title())).to_vec();
                let clerk = Role {
                    id: format!("{name}.clerk").parse().unwrap(),
                    title: title(),
                    permissions: vec![verb("read"), verb("write")],
                };
                declare_plugin(call, name, plugin.home_unit, &all, &[clerk])?;
            }
            Ok(())
        });
        let (planning, finance, province) = (house.planning, house.finance, house.province);
        let [asker, steward, collector, cashier] = house.admin(|call| {
            let asker = account(call, "binh-stc", "Lê Thị Bình", finance)?;
            let steward = account(call, "chi-skhdt", "Phạm Thị Chi", planning)?;
            let collector = account(call, "dung-tinh", "Vũ Văn Dũng", province)?;
            let cashier = account(call, "em-stc", "Đỗ Thị Em", finance)?;
            give(call, asker, "dinh.sharing-administrator", finance)?;
            let up_to_mat =
                |to, role: &str, unit| NewGrant { label: Label::Confidential, ..new_grant(to, role, unit) };
            for person in [steward, collector] {
                crate::house::at_once(call, |call| {
                    let change = dinh_services::accounts::AccountChange {
                        clearance: Some(Label::Confidential),
                        ..Default::default()
                    };
                    dinh_services::accounts::update_account(call, person, change)
                })?;
            }
            give_this(call, up_to_mat(steward, "dinh.steward", planning))?;
            give_this(call, up_to_mat(steward, "personnel.clerk", province))?;
            give_this(call, up_to_mat(collector, "dues.clerk", province))?;
            give(call, cashier, "dues.clerk", finance)?;
            Ok([asker, steward, collector, cashier])
        });
        let this = Self {
            house,
            keys,
            asker,
            steward,
            collector,
            cashier,
            personnel,
            dues,
            members: [RecordId([0; 16]); 4],
        };
        this.offer(&[members()]).unwrap();
        this.want(&[wanted(keep)]);
        let member = |name: &str, unit: UnitId, label: &str, salary: i64, active: bool| {
            let values = [
                ("full-name", Value::Text(name.into())),
                ("unit", Value::Unit(unit)),
                ("secrecy", Value::Text(label.into())),
                ("salary", Value::Integer(salary)),
                ("active", Value::Boolean(active)),
                ("health", Value::Text("tốt".into())),
            ];
            values.map(|(field, value)| FieldValue { field: field.into(), value }).to_vec()
        };
        let new = [
            member("Trần Thanh Bình", planning, "ordinary", 9_000_000, true),
            member("Nguyễn Văn An", finance, "ordinary", 8_000_000, true),
            member("Lý Thị Chi", finance, "confidential", 12_000_000, true),
            member("Hồ Văn Dũng", finance, "ordinary", 7_000_000, false),
        ];
        let members = this.house.as_person(steward, |call| {
            let mut ids = Vec::new();
            for values in &new {
                ids.push(insert(call, &this.personnel, "people", values.clone())?);
            }
            Ok(ids)
        });
        Self { members: members.unwrap().try_into().unwrap(), ..this }
    }

    /// Personnel offers these.
    pub fn offer(&self, datasets: &[Dataset]) -> Result<(), ServiceError> {
        let data = &self.personnel;
        self.house.as_person(self.house.admin, |call| {
            sharing::declare(call, &data.plugin, data.home_unit, &data.collections, datasets, &[])
        })
    }

    /// Finance wants these.
    pub fn want(&self, wanted: &[Wanted]) {
        let data = &self.dues;
        self.house.admin(|call| {
            sharing::declare(call, &data.plugin, data.home_unit, &data.collections, &[], wanted)
        });
    }

    pub fn ask(&self) -> ContractId {
        self.house.as_person(self.asker, |call| sharing::request(call, &id("dues"), "members")).unwrap()
    }

    pub fn agree(&self, contract: ContractId, narrow: impl Fn(&mut Terms)) -> Result<(), ServiceError> {
        self.house.as_person(self.steward, |call| {
            let mut terms = Terms::asked(&sharing::get_contract(call, contract)?);
            narrow(&mut terms);
            sharing::approve(call, contract, terms)
        })
    }

    /// A contract in force.
    pub fn agreed(&self, narrow: impl Fn(&mut Terms)) -> ContractId {
        let contract = self.ask();
        self.agree(contract, narrow).unwrap();
        contract
    }

    /// A call of finance's plugin for a person.
    pub fn call(&self, account: AccountId) -> Call {
        let origin: Origin = self.house.platform.origin(Actor::person(account), Language::En);
        let mut call = self.house.platform.begin(&origin).unwrap();
        call.plugin = Some(id("dues"));
        call
    }

    /// Reads members in a call.
    pub fn read(&self, call: &mut Call, selection: &Selection) -> Result<Vec<String>, RecordError> {
        let source = Source::open(call, &consumer())?;
        let page = sharing::query(call, &source, &self.personnel, selection, None, 100)?;
        let names = page.columns.first().unwrap();
        Ok((0..page.ids.len())
            .map(|row| match names.value(row).unwrap() {
                Value::Text(name) => name,
                other => format!("{other:?}"),
            })
            .collect())
    }

    /// The names that a person reads.
    pub fn names(&self, account: AccountId) -> Result<Vec<String>, RecordError> {
        self.read(&mut self.call(account), &all(&["full-name"]))
    }

    pub fn today(&self) -> Date {
        "2026-03-02".parse().unwrap()
    }
}

pub fn consumer() -> Consumer {
    Consumer::Plugin { plugin: id("dues"), wanted: "members".into() }
}

/// All rows, some fields, by name.
pub fn all(fields: &[&str]) -> Selection {
    Selection { fields: fields.iter().map(|field| (*field).to_owned()).collect(), ..Selection::default() }
}
