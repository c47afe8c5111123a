//! Plugins: installed while the server runs, refused when they are not what they should be, held in bounds.

use dinh_tests::folder::Folder;
use dinh_tests::programs::{plugin, run_on};
use dinh_tests::server::Server;
use dinh_tests::visitor::Visitor;

fn install(folder: &Folder, file: &std::path::Path) -> dinh_tests::programs::Ran {
    run_on(
        folder.path(),
        &["plugin", "install", file.to_str().unwrap(), "--home-unit", "skhdt", "--as-operator", "--json"],
    )
}

#[test]
fn a_plugin_that_is_installed_while_the_server_runs_is_served_at_once_and_after_a_restart() {
    let folder = Folder::demo();
    let server = Server::start(folder.path());
    let officer = folder.with_role("pci-index.editor");
    let program = server.visitor().program(&officer.account, &officer.password);
    program.get_json("/apps/forgetful").expect(404);
    assert_eq!(install(&folder, &plugin("forgetful")).json()["id"], "forgetful");
    // There, and shut: nobody holds its roles yet.
    program.get_json("/apps/forgetful").expect(403);
    let give = [
        "grant",
        "give",
        "--to",
        &officer.account,
        "--role",
        "forgetful.visitor",
        "--unit",
        "tinh",
        "--as-operator",
    ];
    assert_eq!(run_on(folder.path(), &give).code, Some(0));
    program.get_json("/apps/forgetful").expect(200);
    assert!(server.stop().success());

    let server = Server::start(folder.path());
    server.visitor().program(&officer.account, &officer.password).get_json("/apps/forgetful").expect(200);
    let list = run_on(folder.path(), &["plugin", "list", "--as-operator", "--json"]).json();
    let ids: Vec<_> = list.as_array().unwrap().iter().map(|plugin| plugin["id"].as_str().unwrap()).collect();
    assert!(ids.contains(&"forgetful") && ids.contains(&"pci-index"), "{list}");
}

#[test]
fn a_file_that_is_no_whole_plugin_is_refused_and_what_was_installed_serves_on() {
    let folder = Folder::demo();
    let installed = || std::fs::read_dir(folder.path().join("plugins")).unwrap().count();
    let before = installed();
    let server = Server::start(folder.path());
    let whole = std::fs::read(plugin("pci-index")).unwrap();
    let file = tempfile::NamedTempFile::with_suffix(".wasm").unwrap();
    for (what, content) in [
        ("cut off", &whole[..whole.len() / 2]),
        ("cut off", &whole[..1_000]),
        ("not a WebAssembly file", &[]),
        ("not a WebAssembly file", b"PK\x03\x04 something else"),
        ("not a component", b"\0asm\x01\0\0\0"),
    ] {
        std::fs::write(file.path(), content).unwrap();
        let refused = install(&folder, file.path());
        assert!(refused.refusal().contains(what), "{what}: {refused:?}");
    }
    // Nor is the same version twice, and nothing of what was refused stays.
    std::fs::write(file.path(), replaced(&whole, "\nlicence = ", "\nlicence=  ")).unwrap();
    let refused = install(&folder, file.path());
    assert!(refused.refusal().contains("raise `version`"), "{refused:?}");
    assert_eq!(installed(), before);
    let officer = folder.with_role("pci-index.editor");
    server.visitor().program(&officer.account, &officer.password).get_json("/apps/pci-index").expect(200);
}

#[test]
fn a_plugin_that_cannot_be_loaded_fails_alone_and_monitoring_names_it() {
    let folder = Folder::demo();
    for part in ["plugins", "cache"] {
        for entry in std::fs::read_dir(folder.path().join(part)).unwrap() {
            std::fs::write(entry.unwrap().path(), "gone").unwrap();
        }
    }
    let server = Server::start(folder.path());
    let ready = Visitor::new(&server.admin).get("/readyz").expect(200).body;
    assert!(
        ready.starts_with("ready\n")
            && ready.contains("not loaded: inspection, party-finance, pci-index, personnel"),
        "{ready}"
    );
    let list = run_on(folder.path(), &["plugin", "list", "--as-operator", "--json"]).json();
    assert!(list[0]["not_loaded"].as_str().unwrap().contains("install the plugin again"), "{list}");
}

#[test]
fn a_plugin_made_for_something_else_is_refused_with_what_it_asks_for() {
    let folder = Folder::demo();
    let server = Server::start(folder.path());
    let whole = std::fs::read(plugin("forgetful")).unwrap();
    let file = tempfile::NamedTempFile::with_suffix(".wasm").unwrap();
    // Of the same length, so that the component stays well-formed.
    for (from, to, named) in [
        ("dinh:platform/log@0.1.0", "wasi:logging/logs@0.2.0", "wasi:logging/logs@0.2.0"),
        ("dinh:platform/records@0.1.0", "dinh:platform/records@0.9.0", "dinh:platform/records@0.9.0"),
        ("\nlicence = ", "\nlicense = ", "plugin.toml:"),
    ] {
        std::fs::write(file.path(), replaced(&whole, from, to)).unwrap();
        let refused = install(&folder, file.path());
        assert!(refused.refusal().contains(named), "{refused:?}");
        // One line, its parts told apart.
        assert!(!refused.refusal().contains("  "), "{refused:?}");
    }
    let list = run_on(folder.path(), &["plugin", "list", "--as-operator", "--json"]).json();
    let there = list.as_array().unwrap().iter().any(|known| known["id"] == "forgetful");
    assert!(!there, "{list}");
    drop(server);
}

/// `whole` with every `from` replaced by `to`, which is as long.
fn replaced(whole: &[u8], from: &str, to: &str) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let mut replaced = whole.to_vec();
    let places: Vec<_> = (0..whole.len()).filter(|at| whole[*at..].starts_with(from.as_bytes())).collect();
    assert!(!places.is_empty(), "{from} is not in it");
    for at in places {
        replaced[at..at + to.len()].copy_from_slice(to.as_bytes());
    }
    replaced
}

#[test]
fn only_who_manages_plugins_installs_one() {
    let folder = Folder::demo();
    let officer = folder.with_role("pci-index.editor").account;
    let file = plugin("forgetful");
    let words = ["plugin", "install", file.to_str().unwrap(), "--home-unit", "skhdt", "--as", &officer];
    assert!(run_on(folder.path(), &words).refusal().contains("Manage plugins"));
}
