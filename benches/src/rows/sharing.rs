//! A shared read: what the contract, the reader's right and the label add to the owner's own read of the same rows, and
//! what its durable evidence costs.

use std::rc::Rc;
use std::sync::Arc;

use dinh_model::{Actor, Keep, Language};
use dinh_runtime::Options;
use dinh_services::records::{self, PluginData, Selection};
use dinh_services::sharing::{self, Consumer, NewContract, Source, Terms};
use dinh_services::{Call, Origin, Platform};

use super::house::{House, RECORDS, give};
use crate::{Goal, Row, Side};

/// What is read: ten of thirty fields.
const FIELDS: [&str; 10] = ["i0", "i3", "i6", "i9", "d0", "t0", "t3", "t6", "t9", "t12"];

/// The rows.
pub fn rows() -> Vec<Row> {
    let reader = Rc::new(Reader::new());
    assert_eq!(reader.shared(&mut reader.call()) as u64, RECORDS);
    assert_eq!(reader.own(&mut reader.call()) as u64, RECORDS);
    vec![added(&reader), evidenced(&reader)]
}

/// A thousand rows under a contract, each call opening it anew, beside the owner's own page of them.
fn added(reader: &Rc<Reader>) -> Row {
    let (shared, own) = (reader.clone(), reader.clone());
    Row {
        name: "shared read of 1,000 rows × 10 of 30 fields".to_owned(),
        operations: 1,
        subject: Side::new("under a contract", move || shared.shared(&mut shared.call())),
        beside: Some(Side::new("the owner's own read", move || own.own(&mut own.call()))),
        goal: Goal::AtMost(1.05),
    }
}

/// The same with its evidence made durable, as before the first byte of the answer.
fn evidenced(reader: &Rc<Reader>) -> Row {
    let reader = reader.clone();
    Row {
        name: "the same, its evidence durable".to_owned(),
        operations: 1,
        subject: Side::new("read and witness", move || {
            let mut call = reader.call();
            reader.shared(&mut call);
            reader.platform.witness(call.take_witnessed()).unwrap();
        }),
        beside: None,
        goal: Goal::Seen,
    }
}

struct Reader {
    platform: Arc<Platform>,
    data: Arc<PluginData>,
    origin: Origin,
    consumer: Consumer,
    selection: Selection,
    _house: House,
}

impl Reader {
    fn new() -> Self {
        let house = House::new(Options::default());
        let platform = Arc::clone(&house.platform);
        let (plugin, person) = (house.plugin.clone(), house.person);
        let data = Arc::clone(&house.runtime.plugin(&plugin).unwrap().data);
        let operator = platform.origin(Actor::Public, Language::Vi).as_operator();
        let contract = platform.perform(&operator, |call| {
            give(call, person, "dinh.data-reader", data.home_unit)?;
            let new = NewContract {
                provider: plugin.clone(),
                dataset: "sheets".to_owned(),
                fields: FIELDS.map(str::to_owned).to_vec(),
                purpose: "measuring".to_owned(),
                legal_basis: "đo tốc độ".to_owned(),
                keep: Keep::Nothing,
            };
            sharing::request_for_account(call, person, new)
        });
        let contract = contract.unwrap();
        let agreed = platform.perform(&operator, |call| {
            let terms = Terms::asked(&sharing::get_contract(call, contract)?);
            sharing::approve(call, contract, terms)
        });
        agreed.unwrap();
        let selection = Selection {
            collection: "sheets".to_owned(),
            fields: FIELDS.map(str::to_owned).to_vec(),
            ..Selection::default()
        };
        let origin = platform.origin(Actor::person(person), Language::Vi);
        Self { platform, data, origin, consumer: Consumer::Account(person), selection, _house: house }
    }

    fn call(&self) -> Call {
        self.platform.begin_reading(&self.origin).unwrap()
    }

    fn shared(&self, call: &mut Call) -> usize {
        let plugin = &self.data.plugin;
        let source = Source::open_dataset(call, &self.consumer, plugin, "sheets").unwrap();
        sharing::query(call, &source, &self.data, &self.selection, None, 1_000).unwrap().ids.len()
    }

    fn own(&self, call: &mut Call) -> usize {
        records::query(call, &self.data, &self.selection, None, 1_000).unwrap().ids.len()
    }
}
