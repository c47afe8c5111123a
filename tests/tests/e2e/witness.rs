//! Heads of the evidence, handed to a file that somebody else keeps.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use dinh_tests::folder::Folder;
use dinh_tests::patience::until;
use dinh_tests::server::Server;
use dinh_tests::visitor::Visitor;

use crate::audit::{act, audit, beside, findings, text};

#[test]
fn a_server_hands_its_head_to_the_witness_when_it_starts_and_when_it_stops() {
    let folder = Folder::demo();
    let file = beside(&folder, "heads.txt");
    let config = format!("[witness]\nfile = {:?}\nevery = \"1m\"\n", text(&file));
    let heads = || fs::read_to_string(&file).unwrap_or_default().matches("\n— ").count();
    let server = Server::start_with(folder.path(), &config);
    assert!(until(|| heads() == 1));
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o644);
    act(&folder, "z");
    assert!(server.stop().success());
    assert_eq!(heads(), 2);
    assert_eq!(findings(&folder, &file), Vec::<String>::new());

    // Another deployment's file.
    let other = Folder::bare();
    let kept = fs::read_to_string(&file).unwrap();
    let server = Server::start_with(other.path(), &config);
    let alarm = || {
        let list = audit(&other, &["list", "--json"]).json();
        list.as_array().unwrap().iter().any(|line| line["entry"]["action"] == "witness.contradicted")
    };
    assert!(until(alarm));
    let counted = || {
        let figures = Visitor::new(&server.admin).get("/metrics").expect(200).body;
        figures.contains("dinh_witness_heads_total{outcome=\"contradicted\"} 1")
    };
    assert!(until(counted));
    let log = server.into_log();
    assert!(log.contains("the log is not a continuation of what the witness file says"), "{log}");
    assert_eq!(fs::read_to_string(&file).unwrap(), kept, "nothing was appended");

    let inside = format!("[witness]\nfile = {:?}\n", text(&folder.path().join("heads.txt")));
    for (config, words) in [
        (inside.as_str(), "is in the data folder"),
        ("[witness]\nfile = \"heads.txt\"\n", "begin it with `/`"),
    ] {
        let Err(refused) = Server::try_start_with(folder.path(), config) else { panic!("{words}") };
        assert!(refused.refusal().contains(words), "{refused:?}");
    }
}
