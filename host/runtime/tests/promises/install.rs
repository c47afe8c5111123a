//! From a file to a plugin that is served; and what an installation leaves alone when it fails.

use std::fs;
use std::sync::Arc;

use dinh_access::Grantee;
use dinh_model::{Actor, Label};
use dinh_runtime::{CallError, Install, InstallError, NotLoaded, RightsChange};
use dinh_services::{ServiceError, accounts};

use crate::house::{House, altered, component};

/// The forgetful plugin with another version: manifests are compared by number.
fn newer(version: &str, more: &[(&str, &str)]) -> Vec<u8> {
    let version = format!("version = \"{version}\"");
    let mut replace = vec![("\nversion = \"0.1.0\"", "")];
    let with_line = format!("\n{version}");
    replace[0].1 = &with_line;
    replace.extend_from_slice(more);
    altered("forgetful", &replace)
}

#[test]
fn an_installed_plugin_brings_its_permissions_and_roles_and_survives_a_restart() {
    let house = House::new();
    let plugin = house.install(&component("forgetful")).unwrap();
    assert_eq!((plugin.data.number, plugin.data.home_unit), (1, house.province));
    let call = house.platform.begin(&house.operator()).unwrap();
    let permissions = accounts::list_permissions(&call).unwrap();
    let title = &permissions.iter().find(|(name, _)| name.as_str() == "forgetful.note.read").unwrap().1;
    assert_eq!(title.vi, "Xem ghi chép");
    let role = accounts::find_role(&call, &"forgetful.reader".parse().unwrap()).unwrap().unwrap();
    assert_eq!(role.permissions.len(), 2);
    let (action, detail) = house.last();
    assert_eq!(action, "plugin.installed");
    assert!(detail.contains(&("version".into(), "0.1.0".into())));

    house.give(house.officer, "forgetful.visitor", house.province);
    let house = house.restart("2026-03-02T02:00:00Z");
    assert!(house.draw(house.officer, "forgetful", "/").is_ok());
    assert_eq!(house.runtime.not_loaded(), []);
}

#[test]
fn only_who_may_manage_plugins_installs_them() {
    let house = House::new();
    let origin = house.platform.origin(Actor::person(house.officer), Default::default());
    let install = Install::at(house.province);
    let refused = house.runtime.install(&component("forgetful"), install, &origin).err().unwrap();
    assert!(matches!(refused, InstallError::Service(ServiceError::Denied(_))), "{refused}");
    // Refused before the file was looked at.
    let refused = house.runtime.install(b"no component", install, &origin).err().unwrap();
    assert!(matches!(refused, InstallError::Service(ServiceError::Denied(_))), "{refused}");
    assert_eq!(house.last().0, "access.refused");
    assert!(house.runtime.plugins().is_empty());

    house.give(house.officer, "dinh.administrator", house.province);
    assert!(house.runtime.install(&component("forgetful"), install, &origin).is_ok());
}

#[test]
fn what_is_refused_leaves_no_file_behind() {
    let house = House::new();
    house.install(&component("forgetful")).unwrap();
    let files = || fs::read_dir(house.data.path().join("plugins")).unwrap().count();
    assert_eq!(files(), 1);
    house.install(&newer("0.0.9", &[])).err().unwrap();
    house.install(&altered("forgetful", &[("Never asks who may", "Still asks nobody,")])).err().unwrap();
    assert_eq!(files(), 1);
    // What is installed keeps its file, also when it is refused for another unit.
    let elsewhere = Install::at(house.planning);
    house.runtime.install(&component("forgetful"), elsewhere, &house.administrator()).err().unwrap();
    assert_eq!(files(), 1);
}

#[test]
fn breaking_the_glass_to_install_is_in_the_evidence_once() {
    let house = House::new();
    let glass = || house.evidence().iter().filter(|it| it.entry.action == "operator.break-glass").count();
    let before = glass();
    let operator = house.administrator().as_operator();
    house.runtime.install(&component("forgetful"), Install::at(house.province), &operator).unwrap();
    assert_eq!(glass(), before + 1);
}

#[test]
fn who_manages_plugins_of_a_whole_tree_installs_one_there_whatever_other_roots_there_are() {
    let house = House::new();
    let operator = house.administrator().as_operator();
    let other = house.platform.perform(&operator, |call| {
        accounts::create_root(
            call,
            accounts::NewUnit {
                code: "khac".into(),
                name: "Tỉnh khác".into(),
                kind: "tinh".into(),
                parent: None,
                valid_from: "2020-01-01".parse().unwrap(),
            },
            "thử",
        )?;
        Ok(accounts::find_unit(call, "khac")?.unwrap().id)
    });
    let other = other.unwrap();
    // Who has a role for all roots has it for a new one; taken away, the one for the old root is left.
    let taken = house.platform.perform(&operator, |call| {
        let held = accounts::grants_to(call, Grantee::Account(house.admin))?;
        let there = held.iter().filter(|grant| grant.scope.unit == other);
        there
            .map(|grant| grant.id)
            .collect::<Vec<_>>()
            .into_iter()
            .try_for_each(|id| accounts::withdraw(call, id, "thử"))
    });
    taken.unwrap();
    let other = Install::at(other);
    let refused = house.runtime.install(&component("forgetful"), other, &house.administrator());
    assert!(matches!(refused, Err(InstallError::Service(ServiceError::Denied(_)))));
    house.install(&component("forgetful")).unwrap();
}

#[test]
fn installing_the_same_file_again_changes_nothing() {
    let house = House::new();
    let first = house.install(&component("forgetful")).unwrap();
    let seq = house.seq();
    let again = house.install(&component("forgetful")).unwrap();
    assert!(Arc::ptr_eq(&first, &again));
    assert_eq!(house.seq(), seq);
}

#[test]
fn a_newer_version_takes_over_with_the_records_of_the_older() {
    let house = House::new();
    house.install(&component("forgetful")).unwrap();
    house.give_to(house.officer, "forgetful.writer", house.province, false, Label::Ordinary);
    let value = dinh_runtime::bindings::types::Value::Integer(3);
    let text = dinh_runtime::bindings::types::Value::Text("ghi".into());
    let unit = dinh_runtime::bindings::types::Value::Unit(house.planning.0);
    house
        .submit(house.officer, "forgetful", "add", &[("title", text), ("weight", value), ("unit", unit)])
        .unwrap();

    let plugin = house.install(&newer("0.2.0", &[("\"Never asks who may", "\"Still asks nobody,")])).unwrap();
    assert_eq!((plugin.manifest.version.to_string().as_str(), plugin.data.number), ("0.2.0", 1));
    let page = house.draw(house.officer, "forgetful", "/").unwrap();
    assert_eq!(crate::house::fact(&page, "count"), dinh_runtime::bindings::types::Value::Integer(1));
}

#[test]
fn what_does_not_continue_the_installed_version_is_refused_and_the_old_one_serves_on() {
    let house = House::new();
    house.install(&component("forgetful")).unwrap();
    house.give(house.officer, "forgetful.visitor", house.province);
    let seq = house.seq();
    let refused = |wasm: &[u8]| house.install(wasm).err().unwrap();

    let same = refused(&altered("forgetful", &[("Never asks who may", "Still asks nobody,")]));
    assert!(matches!(same, InstallError::NotNewer { .. }), "{same}");
    assert!(same.to_string().contains("raise `version`"), "{same}");
    let older = refused(&newer("0.0.9", &[]));
    assert!(matches!(older, InstallError::NotNewer { .. }), "{older}");
    let other = refused(&newer(
        "0.2.0",
        &[
            ("name = \"weight\"", "name = \"height\""),
            ("[\"weight\"]", "[\"height\"]"),
            ("\"weight\", \"unit\"]", "\"height\", \"unit\"]"),
            ("\"title\", \"weight\"]", "\"title\", \"height\"]"),
        ],
    ));
    assert!(matches!(&other, InstallError::Schema(wrong) if wrong.contains("was `weight` and is `height`")));

    let elsewhere = Install::at(house.planning);
    let moved = house.runtime.install(&newer("0.2.0", &[]), elsewhere, &house.administrator()).err().unwrap();
    assert!(matches!(moved, InstallError::OtherHome { .. }), "{moved}");
    assert!(moved.to_string().contains("to the unit skhdt"), "{moved}");

    assert_eq!(house.seq(), seq);
    let plugin = house.runtime.plugin(&"forgetful".parse().unwrap()).unwrap();
    assert_eq!(plugin.manifest.version.to_string(), "0.1.0");
    assert!(house.draw(house.officer, "forgetful", "/").is_ok());
}

#[test]
fn a_component_with_the_right_names_and_other_types_is_refused() {
    let house = House::new();
    let broken = altered("forgetful", &[("\u{4}draw", "\u{4}drax")]);
    let refused = house.install(&broken).err().unwrap();
    assert!(matches!(refused, InstallError::Link(_) | InstallError::Compile(_)), "{refused}");
    assert!(house.runtime.plugins().is_empty());
}

#[test]
fn a_component_whose_pages_have_other_fields_is_refused_before_any_call() {
    let house = House::new();
    let other = altered("forgetful", &[("breadcrumbs", "breadcrumbz")]);
    let refused = house.install(&other).err().unwrap();
    assert!(matches!(&refused, InstallError::Link(why) if why.contains("`render`")), "{refused}");
    assert!(house.runtime.plugins().is_empty());
}

#[test]
fn a_component_that_needs_more_than_its_limits_is_not_installed() {
    let house = House::new();
    let mut greedy = altered("hostile", &[("memory-mebibytes = 8", "memory-mebibytes = 1")]);
    let memory = wasmparser::Parser::new(0).parse_all(&greedy).find_map(|payload| match payload.unwrap() {
        wasmparser::Payload::MemorySection(section) => Some(section.range().start),
        _ => None,
    });
    // One memory, without a maximum, of so few pages that their number is one byte: now it is 127, 8 MiB.
    let section = &mut greedy[memory.unwrap()..][..3];
    assert!(section.starts_with(&[1, 0]) && section[2] < 128, "{section:?}");
    section[2] = 127;
    let refused = house.install(&greedy).err().unwrap();
    assert!(matches!(&refused, InstallError::Start(why) if why.contains("memory-bytes")), "{refused}");
    assert!(house.runtime.plugins().is_empty());
}

#[test]
fn a_plugin_that_cannot_be_loaded_fails_alone() {
    let house = House::new();
    let forgetful = house.install(&component("forgetful")).unwrap();
    house.install(&component("hostile")).unwrap();
    house.give(house.officer, "hostile.vandal", house.province);
    let package = data_encoding::HEXLOWER.encode(forgetful.package().unwrap());
    let file = house.data.path().join("plugins").join(format!("{package}.wasm"));
    fs::write(&file, b"gone").unwrap();
    for entry in fs::read_dir(house.data.path().join("cache")).unwrap() {
        let path = entry.unwrap().path();
        if path.file_name().unwrap().to_string_lossy().starts_with(&package) {
            fs::remove_file(path).unwrap();
        }
    }

    let house = house.restart("2026-03-02T02:00:00Z");
    let failed: Vec<NotLoaded> = house.runtime.not_loaded();
    assert_eq!(failed.len(), 1);
    assert_eq!(failed[0].id, "forgetful");
    assert!(failed[0].reason.contains("install the plugin again"), "{}", failed[0].reason);
    assert!(matches!(house.draw(house.officer, "forgetful", "/"), Err(CallError::NoSuchPlugin)));
    assert!(house.draw(house.officer, "hostile", "/").is_ok());

    // Installed again, it is back.
    house.install(&component("forgetful")).unwrap();
    assert_eq!(house.runtime.not_loaded(), []);
    house.give(house.officer, "forgetful.visitor", house.province);
    assert!(house.draw(house.officer, "forgetful", "/").is_ok());
}

/// The reader's role with other permissions, as long as before.
fn reader(version: &str, permissions: &str) -> Vec<u8> {
    newer(version, &[("[\"page.open\", \"note.read\"]", permissions)])
}

#[test]
fn a_role_that_people_hold_gives_them_more_only_when_that_is_accepted() {
    let house = House::new();
    house.install(&component("forgetful")).unwrap();
    let lan = house.person("lan", house.planning);
    for account in [house.officer, lan] {
        house.give(account, "forgetful.reader", house.planning);
    }
    let (seq, other) = (house.seq(), reader("0.2.0", "[\"note.write\",\"note.read\"]"));
    let refused = house.install(&other).err().unwrap();
    let InstallError::Service(ServiceError::Refused(refusal)) = &refused else { panic!("{refused}") };
    assert_eq!(refusal.rule, "role-gives-rights");
    for told in ["gain rights: 2", "lose some: 2", "--accept-rights"] {
        assert!(refusal.text.en.contains(told), "{}", refusal.text.en);
    }
    let role = "forgetful.reader +forgetful.note.write −forgetful.page.open";
    assert!(refusal.text.en.contains(role) && refusal.text.vi.contains(role), "{}", refusal.text.vi);
    // Nothing but the refusal.
    assert_eq!((house.seq(), house.last().0.as_str()), (seq + 1, "rule.refused"));
    let serving = house.runtime.plugin(&"forgetful".parse().unwrap()).unwrap();
    assert_eq!(serving.manifest.version.to_string(), "0.1.0");
    assert_eq!(fs::read_dir(house.data.path().join("plugins")).unwrap().count(), 1);

    let accepted = Install { accept_rights: true, ..Install::at(house.province) };
    let done = house.runtime.install(&other, accepted, &house.administrator()).unwrap();
    assert_eq!((done.rights.gain, done.rights.lose), (2, 2));
    let [change] = done.rights.roles.as_slice() else { panic!("{:?}", done.rights) };
    assert_eq!((change.role.as_str(), change.before.len(), change.after.len()), ("forgetful.reader", 2, 2));
    let (action, detail) = house.last();
    assert_eq!(action, "plugin.installed");
    for (name, value) in [("roles-redefined", "forgetful.reader"), ("people-gain", "2"), ("people-lose", "2")]
    {
        assert!(detail.contains(&(name.into(), value.into())), "{name}: {detail:?}");
    }
}

#[test]
fn a_role_that_nobody_holds_or_that_gives_less_needs_no_word() {
    let house = House::new();
    house.install(&component("forgetful")).unwrap();
    let more = reader("0.2.0", "[\"note.write\",\"note.read\"]");
    let done = house.runtime.install(&more, Install::at(house.province), &house.administrator()).unwrap();
    assert_eq!((done.rights.gain, done.rights.lose, done.rights.roles.len()), (0, 0, 1), "nobody holds it");
    house.give(house.officer, "forgetful.reader", house.planning);
    let less = reader("0.3.0", "[\"note.read\"             ]");
    let done = house.runtime.install(&less, Install::at(house.province), &house.administrator()).unwrap();
    assert_eq!((done.rights.gain, done.rights.lose), (0, 1));
    let same = reader("0.4.0", "[\"note.read\"             ]");
    let done = house.runtime.install(&same, Install::at(house.province), &house.administrator()).unwrap();
    assert_eq!(done.rights, RightsChange::default());
}
