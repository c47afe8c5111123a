//! Records of which a part is sealed, beside the same records in the clear: what reading and writing them costs besides
//! the disk.

use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;

use dinh_model::schema::VerbPermissions;
use dinh_model::{
    Actor, Collection, Field, FieldType, Index, IndexKind, Label, Language, Localized, UnitId, Value,
};
use dinh_services::accounts::{self, NewUnit};
use dinh_services::records::{
    Comparison, Condition, FieldValue, PluginData, Selection, count, insert, query,
};
use dinh_services::{Call, Options, Origin, Platform, SystemClock};
use dinh_store::memory::Memory;
use dinh_store::{Signer, Store};

use crate::{Goal, Row, Side};

/// Records of one page.
const RECORDS: u32 = 1_000;
/// Records written in one run.
const WRITTEN: u32 = 100;
/// Every third field is a text, and of these all are personal in the sealed collection.
const FIELDS: usize = 10;

struct Setting {
    platform: Arc<Platform>,
    origin: Origin,
    data: PluginData,
}

fn collection(name: &str, personal: bool) -> Collection {
    let field = |at: usize| Field {
        name: format!("f{at}"),
        kind: if at % 3 == 2 { FieldType::Text } else { FieldType::Integer },
        required: false,
        meaning: None,
        label: Label::Ordinary,
        personal: personal && at % 3 == 2,
        drawn: false,
        title: Localized::new("Trường", "Field"),
    };
    let permission = || "staff.person.read".parse().unwrap();
    Collection {
        name: name.into(),
        title: Localized::new("Cán bộ", "Staff"),
        fields: (0..FIELDS).map(field).collect(),
        unit_field: None,
        owner_field: None,
        withheld_field: None,
        seen: None,
        label_field: None,
        label: Label::Ordinary,
        permissions: VerbPermissions {
            read: permission(),
            create: permission(),
            update: permission(),
            delete: permission(),
        },
        indexes: vec![Index { fields: vec![2], kind: IndexKind::Equal }],
    }
}

fn values(number: u32) -> Vec<FieldValue> {
    let value = |at: usize| match at % 3 {
        2 => Value::Text(format!("Trường thứ {at} của bản ghi {number}")),
        _ => Value::Integer(i64::from(number) * at as i64),
    };
    (0..FIELDS).map(|at| FieldValue { field: format!("f{at}"), value: value(at) }).collect()
}

fn select(collection: &str, fields: &[usize]) -> Selection {
    let fields = fields.iter().map(|at| format!("f{at}")).collect();
    Selection { collection: collection.into(), fields, ..Selection::default() }
}

impl Setting {
    fn new() -> Rc<Self> {
        let signer = Signer::from_seed("bench", [7; 32]).unwrap();
        let store =
            Store::with_backend(Box::new(Memory::new()), signer, dinh_store::Options::default()).unwrap();
        let platform =
            Platform::open_with(Path::new("/nowhere"), store, Arc::new(SystemClock), Options::cheap())
                .unwrap();
        let origin = platform.origin(Actor::Public, Language::Vi).as_operator();
        let unit = NewUnit {
            code: "tinh".into(),
            name: "Tỉnh".into(),
            kind: "tinh".into(),
            parent: None,
            valid_from: "2020-01-01".parse().unwrap(),
        };
        platform.perform(&origin, |call| accounts::create_unit(call, unit.clone())).unwrap();
        let data = PluginData {
            plugin: "staff".parse().unwrap(),
            number: 1,
            generation: 1,
            home_unit: UnitId(1),
            collections: vec![Arc::new(collection("clear", false)), Arc::new(collection("sealed", true))],
            sequences: Vec::new(),
        };
        let setting = Self { platform, origin, data };
        let mut call = setting.call();
        for name in ["clear", "sealed"] {
            setting.write(&mut call, name, RECORDS);
        }
        setting.platform.commit(call).unwrap();
        Rc::new(setting)
    }

    fn call(&self) -> Call {
        self.platform.begin(&self.origin).unwrap()
    }

    fn write(&self, call: &mut Call, name: &str, records: u32) {
        for number in 0..records {
            insert(call, &self.data, name, values(number)).unwrap();
        }
    }

    fn read(&self, name: &str, fields: &[usize]) -> usize {
        let mut call = self.platform.begin_reading(&self.origin).unwrap();
        let page = query(&mut call, &self.data, &select(name, fields), None, RECORDS).unwrap();
        assert_eq!(page.ids.len(), RECORDS as usize);
        page.columns.iter().map(|column| column.len()).sum()
    }

    fn find(&self, name: &str) -> u64 {
        let mut call = self.platform.begin_reading(&self.origin).unwrap();
        let value = Value::Text("Trường thứ 2 của bản ghi 500".into());
        let condition = Condition { field: "f2".into(), comparison: Comparison::Equal, value };
        let selection = Selection { any_of: vec![vec![condition]], ..select(name, &[0]) };
        let found = count(&mut call, &self.data, &selection).unwrap();
        assert_eq!(found, 1);
        found
    }
}

/// The rows of the table.
pub fn rows() -> Vec<Row> {
    let setting = Setting::new();
    let row = |name: String, operations: u32, goal, run: fn(&Setting, &'static str)| {
        let side = |name: &'static str| {
            let setting = Rc::clone(&setting);
            Side::new(name, move || run(&setting, name))
        };
        Row {
            name,
            operations: operations.into(),
            subject: side("sealed"),
            beside: Some(side("clear")),
            goal,
        }
    };
    vec![
        row(
            format!("read {RECORDS} records, 3 of {FIELDS} fields sealed"),
            RECORDS,
            Goal::Seen,
            |setting, name| {
                setting.read(name, &(0..FIELDS).collect::<Vec<_>>());
            },
        ),
        row(
            format!("read {RECORDS} such records, only what is clear"),
            RECORDS,
            Goal::AtMost(1.5),
            |setting, name| {
                setting.read(name, &[0, 1, 3, 4, 6, 7, 9]);
            },
        ),
        row("find one such record by a sealed field".into(), 1, Goal::Seen, |setting, name| {
            setting.find(name);
        }),
        row(format!("write {WRITTEN} such records"), WRITTEN, Goal::Seen, |setting, name| {
            setting.write(&mut setting.call(), name, WRITTEN);
        }),
    ]
}
