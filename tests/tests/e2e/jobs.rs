//! Long work in steps, on the real server: killed again and again it does each step once, and commands look after it.

use std::collections::BTreeSet;

use dinh_tests::folder::Folder;
use dinh_tests::page;
use dinh_tests::patience::until;
use dinh_tests::programs::{plugin, run_on};
use dinh_tests::server::Server;
use serde_json::{Value, json};

/// Steps of the job: more than the server takes until it is killed first.
const STEPS: u64 = 400;

#[test]
fn a_job_of_a_server_that_is_killed_does_each_step_once() {
    let folder = Folder::demo();
    let on = |words: &[&str]| run_on(folder.path(), words);
    let worker = plugin("worker");
    let file = worker.to_str().unwrap();
    on(&["plugin", "install", file, "--home-unit", "skhdt", "--as-operator", "--json"]).json();
    let officer = folder.with_role("pci-index.editor");
    let give = ["grant", "give", "--to", &officer.account, "--role", "worker.counter", "--unit", "skhdt"];
    assert_eq!(on(&[&give[..], &["--as-operator"]].concat()).code, Some(0));
    let units = on(&["unit", "list", "--as-operator", "--json"]).json();
    let unit = units.as_array().unwrap().iter().find(|unit| unit["code"] == "skhdt").unwrap()["id"].clone();

    let mut server = Server::start(folder.path());
    let program = server.visitor().program(&officer.account, &officer.password);
    let inputs = json!({ "name": "count", "key": "2026", "to": STEPS, "unit": unit });
    let started = program.post_json("/apps/worker/", &json!({ "form": "start", "inputs": inputs }));
    let job = started.location().rsplit('/').next().unwrap().to_owned();

    let shown = || on(&["job", "show", &job, "--as", &officer.account, "--json"]).json();
    let done = |shown: &Value| shown["done"].as_u64().unwrap();
    for kill in 0..3 {
        let before = done(&shown());
        if before == STEPS {
            assert!(kill > 0, "it was killed at work at least once");
            break;
        }
        assert!(until(|| done(&shown()) > before), "it goes on");
        server.kill();
        assert!(done(&shown()) >= before, "what was done stays");
        server = Server::start(folder.path());
    }
    assert!(until(|| shown()["standing"] == "finished"), "{}", shown());
    assert_eq!((shown()["steps"].as_u64(), shown()["records"].as_u64()), (Some(STEPS), Some(STEPS)));
    let program = server.visitor().program(&officer.account, &officer.password);
    let tallies =
        page::table(&program.get_json("/apps/worker/").expect(200).json(), "tallies")["rows"].clone();
    let steps: BTreeSet<String> = tallies
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["cells"]["what"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!((steps.len(), tallies.as_array().unwrap().len()), (STEPS as usize, STEPS as usize));
    let over = on(&["job", "cancel", &job, "--as", &officer.account, "--json"]).json();
    assert_eq!(over["cancelled"], false);
    let listed = on(&["job", "list", "--running", "--as", &officer.account, "--json"]).json();
    assert_eq!(listed["jobs"], json!([]));
}
