//! The feed of changes: what a plugin that follows a dataset is told.

use std::collections::BTreeMap;
use std::rc::Rc;

use dinh_access::ServiceGrant;
use dinh_model::{Actor, ContractId, Keep, Label, Language, RecordId, Value, Wanted};
use dinh_services::Call;
use dinh_services::accounts::admit_service;
use dinh_services::records::{FieldValue, insert, update};
use dinh_services::sharing::Terms;
use dinh_services::sharing::feed::{self, Batch, Failed, Look, Subscription, Waits, What};
use dinh_store::Direction;

use super::neighbours::{Neighbours, id, wanted};

mod parked;
mod told;

/// What the keys of entries begin with.
const FEED: u8 = 0x6c;

/// What a subscriber was told, with its own memory of what is in view.
#[derive(Default)]
struct Subscriber {
    heard: Vec<String>,
    view: BTreeMap<RecordId, bool>,
}

/// What one look came to.
#[derive(Debug, PartialEq)]
enum Came {
    Nothing,
    Waits(Waits),
    Over,
    Told,
    Failed(Failed),
}

#[derive(Clone)]
struct Following {
    it: Rc<Neighbours>,
    contract: ContractId,
}

impl Following {
    fn new(narrow: impl Fn(&Neighbours, &mut Terms)) -> Self {
        let this = Self::agreed(narrow);
        grant(&this.it, Label::Confidential);
        this
    }

    /// With a plugin that may nothing by itself.
    fn ungranted() -> Self {
        Self::agreed(|_, _| ())
    }

    fn agreed(narrow: impl Fn(&Neighbours, &mut Terms)) -> Self {
        let it = Neighbours::new();
        it.want(&[Wanted { changes: true, ..wanted(Keep::References) }]);
        let contract = it.agreed(|terms| narrow(&it, terms));
        Self { it: Rc::new(it), contract }
    }

    /// The same neighbours under another contract.
    fn of(&self, contract: ContractId) -> Self {
        Self { it: Rc::clone(&self.it), contract }
    }

    /// Entries in the feed.
    fn entries(&self) -> usize {
        let snapshot = self.it.house.platform.store().snapshot().unwrap();
        let feed = [FEED];
        snapshot.range(&feed, Some(&[FEED + 1]), Direction::Forward).count()
    }

    fn service(&self) -> Call {
        let origin = self.it.house.platform.origin(Actor::Service(id("dues")), Language::Vi);
        let mut call = self.it.house.platform.begin(&origin).unwrap();
        call.plugin = Some(id("dues"));
        call
    }

    fn subscription(&self) -> Option<Subscription> {
        feed::find_subscription(&self.service(), self.contract).unwrap()
    }

    fn look(&self, call: &mut Call, most: usize) -> Look {
        let subscription = feed::find_subscription(call, self.contract).unwrap();
        let Some(subscription) = subscription else { return Look::Nothing };
        feed::look(call, &subscription, Some(&self.it.personnel), most).unwrap()
    }

    /// One call of the subscriber, which cannot digest some.
    fn hear(&self, by: &mut Subscriber, most: usize, indigestible: &[RecordId]) -> Came {
        let mut call = self.service();
        let batch = match self.look(&mut call, most) {
            Look::Nothing => return Came::Nothing,
            Look::Waits(why) => return Came::Waits(why),
            Look::Over => return Came::Over,
            Look::Batch(batch) => batch,
        };
        if batch.told().iter().any(|told| told.present && indigestible.contains(&told.id)) {
            drop(call);
            return Came::Failed(self.fail(&batch));
        }
        let subscription = self.subscription().unwrap();
        feed::moved(&mut call, &subscription, &batch).unwrap();
        self.it.house.platform.commit(call).unwrap();
        match &batch.what {
            What::Begun => by.heard.push("begun".into()),
            What::Ended => by.heard.push("ended".into()),
            What::Changed(told) => {
                for told in told {
                    by.heard.push(format!("{}{}", if told.present { '+' } else { '-' }, self.name(told.id)));
                    by.view.insert(told.id, told.present);
                }
            }
        }
        Came::Told
    }

    fn fail(&self, batch: &Batch) -> Failed {
        let failed = |call: &mut Call| feed::failed(call, self.contract, batch, "failed");
        self.it.house.platform.perform(&self.it.house.origin(self.it.house.admin), failed).unwrap()
    }

    /// Everything there is.
    fn hear_all(&self, by: &mut Subscriber) {
        while self.hear(by, 200, &[]) == Came::Told {}
    }

    /// What is heard until there is nothing more.
    fn heard(&self, by: &mut Subscriber) -> Vec<String> {
        self.hear_all(by);
        std::mem::take(&mut by.heard)
    }

    fn name(&self, record: RecordId) -> String {
        let mut known = self.it.members.iter().zip(["Bình", "An", "Chi", "Dũng"]);
        known.find(|(member, _)| **member == record).map_or("new", |(_, name)| name).to_owned()
    }

    fn change(&self, member: usize, field: &str, value: Value) {
        self.write(*self.it.members.get(member).unwrap(), 0, &[(field, value)]);
    }

    /// A change by whoever it is, so many answers after the deed of a person.
    fn write(&self, record: RecordId, hops: u8, fields: &[(&str, Value)]) {
        let it = &self.it;
        let written = it.house.as_person(it.steward, |call| {
            call.hops = hops;
            Ok(update(call, &it.personnel, "people", record, None, values(fields))?)
        });
        written.unwrap();
    }

    /// A new member of finance.
    fn insert(&self, name: &str) -> RecordId {
        let it = &self.it;
        let fields = [
            ("full-name", Value::Text(name.into())),
            ("unit", Value::Unit(it.house.finance)),
            ("secrecy", Value::Text("ordinary".into())),
            ("salary", Value::Integer(5_000_000)),
            ("active", Value::Boolean(true)),
        ];
        let inserted = it
            .house
            .as_person(it.steward, |call| Ok(insert(call, &it.personnel, "people", values(&fields))?));
        inserted.unwrap()
    }
}

fn values(fields: &[(&str, Value)]) -> Vec<FieldValue> {
    fields.iter().map(|(field, value)| FieldValue { field: (*field).into(), value: value.clone() }).collect()
}

fn salary(value: i64) -> [(&'static str, Value); 1] {
    [("salary", Value::Integer(value))]
}

/// What finance's plugin may by itself.
fn grant(it: &Neighbours, label: Label) {
    it.house.admin(|call| {
        let permission = "dues.record.read".parse().unwrap();
        admit_service(call, &ServiceGrant { plugin: id("dues"), permission, unit: it.house.province, label })
    });
}
