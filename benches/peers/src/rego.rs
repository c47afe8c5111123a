//! Rego, by regorus: the policy is a rule over a data document whose objects are looked up by name, so that only what
//! the person holds is gone through. It is compiled for regorus' virtual machine, of which one answers all questions,
//! as its own benchmark has it.

use std::collections::BTreeMap;

use regorus::languages::rego::compiler::Compiler;
use regorus::rvm::vm::RegoVM;
use regorus::{Engine, Value};
use serde_json::json;

use crate::Peer;
use crate::held::{above, holders, roles};
use crate::setting::{Question, Setting};

const POLICY: &str = "
package access

default allow := false

allow if {
    some held in data.holders[input.principal]
    data.roles[input.permission][held.role]
    data.above[input.unit][held.unit]
    input.label <= held.label
    input.reached[held.reach]
}
";

/// What is asked.
const RULE: &str = "data.access.allow";

/// Rego, ready to be asked.
pub fn peer(setting: &Setting) -> Peer {
    let mut engine = Engine::new();
    engine.add_policy("access.rego".to_owned(), POLICY.to_owned()).unwrap();
    let policy = engine.compile_with_entrypoint(&RULE.into()).unwrap();
    let mut machine = RegoVM::new();
    machine.load_program(Compiler::compile_from_policy(&policy, &[RULE]).unwrap());
    machine.set_data(Value::from_json_str(&data(setting)).unwrap()).unwrap();
    let input = |question: &Question| {
        let input = json!({
            "principal": question.principal().name(),
            "permission": question.permission(&setting.facts),
            "unit": question.unit.to_string(),
            "label": question.label as u8,
            "reached": { "all": true, "own": question.own() },
        });
        Value::from_json_str(&input.to_string()).unwrap()
    };
    let inputs: Vec<Value> = setting.questions.iter().map(input).collect();
    Box::new(move |question| {
        machine.set_input(inputs[question].clone());
        machine.execute().unwrap() == Value::Bool(true)
    })
}

fn data(setting: &Setting) -> String {
    fn set<T: ToString>(items: impl IntoIterator<Item = T>) -> BTreeMap<String, bool> {
        items.into_iter().map(|item| (item.to_string(), true)).collect()
    }
    let facts = &setting.facts;
    let permissions = facts.permissions.iter().map(ToString::to_string);
    let roles: BTreeMap<String, _> = permissions.zip(roles(facts).into_iter().map(set)).collect();
    let above: BTreeMap<String, _> =
        above(facts).into_iter().map(|(unit, above)| (unit.to_string(), set(above))).collect();
    let holders: BTreeMap<String, Vec<_>> = holders(setting)
        .into_iter()
        .map(|(principal, held)| {
            let held = held.into_iter().map(|held| {
                let (unit, label) = (held.unit.to_string(), held.label as u8);
                let reach = if held.own { "own" } else { "all" };
                json!({ "role": held.role, "unit": unit, "label": label, "reach": reach })
            });
            (principal.name(), held.collect())
        })
        .collect();
    json!({ "roles": roles, "above": above, "holders": holders }).to_string()
}
