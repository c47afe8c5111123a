//! Data folders that cannot be used, and what an interruption leaves.

use std::fs;

use dinh_tests::folder::Folder;
use dinh_tests::patience::until;
use dinh_tests::programs::{command, run_on, run_on_with};
use dinh_tests::server::Server;

#[test]
fn a_command_on_no_folder_says_how_to_make_one() {
    let folder = Folder::nowhere();
    for words in [&["unit", "list", "--as-operator"][..], &["serve", "--listen", "127.0.0.1:0"]] {
        let ran = run_on(folder.path(), words);
        assert!(ran.refusal().contains("dinh init"), "{ran:?}");
    }
}

#[test]
fn init_makes_a_folder_for_its_owner_alone_and_never_twice() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::bare();
    for path in [folder.path().to_owned(), folder.path().join("dinh.redb")] {
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o077, 0, "{}", path.display());
    }
    // Also when the demo's files are nowhere: what stands against it is said first.
    for words in [&["init"][..], &["init", "--demo", "--demo-files", "/nowhere"]] {
        assert!(run_on(folder.path(), words).refusal().contains("already"));
    }
}

#[test]
fn what_init_says_to_type_can_be_typed_as_it_stands() {
    let folder = Folder::nowhere();
    let said = run_on(folder.path(), &["init"]).out;
    let commands: Vec<_> = said.lines().filter_map(|line| line.strip_prefix("  dinh ")).collect();
    let [command] = commands.as_slice() else { panic!("{said}") };
    let ran = std::process::Command::new("sh")
        .args([
            "-c",
            &format!("printf 'một câu đủ dài\\nmột câu khác hẳn\\n' | \"$0\" {command} --passwords-stdin"),
        ])
        .arg(dinh_tests::programs::dinh())
        .output()
        .unwrap();
    assert!(ran.status.success(), "{command}: {ran:?}");
    let list = run_on(folder.path(), &["account", "list", "--as", "giamdoc", "--json"]).json();
    assert_eq!(list["accounts"].as_array().unwrap().len(), 2, "{list}");
}

#[test]
fn init_begins_with_two_people_and_names_both_in_the_evidence() {
    let folder = Folder::nowhere();
    let words = [
        "init",
        "--unit",
        "tinh",
        "--unit-name",
        "Tỉnh Thanh Hóa",
        "--since",
        "1997-01-01",
        "--first",
        "leminhtuan",
        "--first-name",
        "Lê Minh Tuấn",
        "--second",
        "hoangthimai",
        "--second-name",
        "Hoàng Thị Mai",
        "--passwords-stdin",
    ];
    let same = run_on_with(folder.path(), &words, "một câu đủ dài\nmột câu đủ dài\n");
    assert!(same.refusal().contains("different passwords"), "{same:?}");
    // What did not begin can be begun again.
    let ran = run_on_with(folder.path(), &words, "một câu đủ dài\nmột câu khác hẳn\n");
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert!(ran.out.contains("leminhtuan and hoangthimai"), "{ran:?}");
    let evidence = run_on(folder.path(), &["audit", "list", "--as", "hoangthimai", "--json"]).json();
    let begun = |entry: &&serde_json::Value| entry["entry"]["action"] == "house.begun";
    let begun = evidence.as_array().unwrap().iter().find(begun).expect("the ceremony is in the evidence");
    assert_eq!(
        (&begun["entry"]["detail"]["first"], &begun["entry"]["detail"]["second"]),
        (&"1".into(), &"2".into())
    );
    let mut half = words.to_vec();
    half.truncate(5);
    assert_eq!(run_on(folder.path(), &half).code, Some(2), "who begins is said whole or not at all");
}

#[test]
fn a_folder_of_another_user_is_refused_before_anything_in_it_is_touched() {
    use std::os::unix::fs::{MetadataExt, chown};
    let folder = Folder::demo();
    let nobody = 65534;
    let paths = || {
        let mut paths: Vec<_> = vec![folder.path().to_owned()];
        paths.extend(fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path()));
        paths
    };
    // Only root can give files away; elsewhere the unit tests of the folder hold this.
    if chown(folder.path(), Some(nobody), None).is_err() {
        return;
    }
    let state = || paths().into_iter().map(|path| (fs::metadata(&path).unwrap().ctime_nsec(), path));
    let before: Vec<_> = state().collect();
    let file = dinh_tests::programs::plugin("forgetful");
    for words in [
        &["unit", "list", "--as-operator"][..],
        &["plugin", "install", file.to_str().unwrap(), "--home-unit", "skhdt", "--as-operator"],
        &["serve", "--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0"],
    ] {
        let ran = run_on(folder.path(), words);
        assert!(ran.refusal().contains("sudo -u nobody dinh"), "{ran:?}");
    }
    assert_eq!(state().collect::<Vec<_>>(), before);
}

#[test]
fn a_folder_that_others_can_look_into_is_refused_until_it_is_shut() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::bare();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let list = ["unit", "list", "--as-operator"];
    let refused = run_on(folder.path(), &list);
    let remedy = format!("chmod -R go= {}", folder.path().display());
    assert!(refused.refusal().contains(&remedy), "{refused:?}");
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o700)).unwrap();
    assert_eq!(run_on(folder.path(), &list).code, Some(0));
}

#[test]
fn a_folder_deep_in_the_tree_is_served_and_commanded_all_the_same() {
    let folder = Folder::nowhere();
    let deep = folder.path().join("sâu".repeat(60)).join("data");
    fs::create_dir_all(&deep).unwrap();
    assert_eq!(run_on(&deep, &["init"]).code, Some(0));
    let server = Server::start(&deep);
    let create = ["unit", "create", "tinh", "--name", "Tỉnh", "--kind", "tinh", "--as-operator"];
    assert_eq!(run_on(&deep, &create).code, Some(0));
    assert!(server.stop().success());
}

#[test]
fn a_damaged_format_is_not_taken_for_a_newer_one() {
    let folder = Folder::bare();
    for content in ["", "một"] {
        fs::write(folder.path().join("format"), content).unwrap();
        let ran = run_on(folder.path(), &["unit", "list", "--as-operator"]);
        assert!(ran.refusal().contains("restore the folder from a backup"), "{ran:?}");
    }
}

#[test]
fn init_leaves_the_files_of_others_alone() {
    let folder = Folder::nowhere();
    fs::create_dir(folder.path()).unwrap();
    fs::write(folder.path().join("luận-án.odt"), "years of work").unwrap();
    assert!(run_on(folder.path(), &["init"]).refusal().contains("is not a data folder"));
    assert_eq!(fs::read_to_string(folder.path().join("luận-án.odt")).unwrap(), "years of work");
}

#[test]
fn a_folder_of_a_newer_version_is_refused_and_left_untouched() {
    let folder = Folder::bare();
    fs::write(folder.path().join("format"), "2\n").unwrap();
    let before = fs::read(folder.path().join("dinh.redb")).unwrap();
    for words in [&["unit", "list", "--as-operator"][..], &["serve", "--listen", "127.0.0.1:0"]] {
        let ran = run_on(folder.path(), words);
        assert!(ran.refusal().contains("format 2"), "{ran:?}");
    }
    assert_eq!(fs::read(folder.path().join("dinh.redb")).unwrap(), before);
}

#[test]
fn a_folder_that_a_server_has_open_is_served_by_no_other() {
    let folder = Folder::bare();
    let _server = Server::start(folder.path());
    let second = Server::try_start(folder.path()).err().expect("only one server");
    assert!(second.refusal().contains("open in another process"), "{second:?}");
}

#[test]
fn an_init_that_was_killed_says_so_and_can_be_begun_again() {
    let folder = Folder::nowhere();
    let plugins = dinh_tests::programs::plugins();
    let mut init = command(&["init", "--demo", "--demo-files", plugins.to_str().unwrap()])
        .arg("--data")
        .arg(folder.path())
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    // It has begun when the store is there; it finishes with `format`.
    while !folder.path().join("dinh.redb").exists() {
        assert!(init.try_wait().unwrap().is_none(), "init ended before it could be killed");
        std::thread::yield_now();
    }
    init.kill().unwrap();
    init.wait().unwrap();
    let ran = run_on(folder.path(), &["unit", "list", "--as-operator"]);
    assert!(ran.refusal().contains("begun and not finished"), "{ran:?}");

    assert_eq!(run_on(folder.path(), &["init"]).code, Some(0));
    assert_eq!(
        run_on(folder.path(), &["unit", "list", "--as-operator", "--json"]).json(),
        serde_json::json!([])
    );
}

#[test]
fn what_an_upload_left_half_written_is_swept_away_while_the_server_runs() {
    let folder = Folder::demo();
    let uploads = folder.path().join("uploads");
    fs::create_dir_all(&uploads).unwrap();
    let (old, new) = (uploads.join("old.part"), uploads.join("new.part"));
    let days = std::time::Duration::from_secs(3 * 24 * 60 * 60);
    let then = std::time::SystemTime::now() - days;
    fs::File::create(&old).unwrap().set_modified(then).unwrap();
    fs::write(&new, "being written").unwrap();
    let server = Server::start(folder.path());
    assert!(until(|| !old.exists()), "it is still there");
    assert!(new.exists());
    drop(server);
}

#[test]
fn a_configuration_that_cannot_be_right_stops_the_server_before_it_starts() {
    let folder = Folder::demo();
    for (config, words) in [
        ("listen = \"127.0.0.1:0\"\nsesion = 5\n", ":2:1: unknown key `sesion`; remove it, or use"),
        ("[session]\nidle = \"2 moons\"\n", ":2:8: `2 moons` is no span of time"),
    ] {
        let refused = Server::try_start_with(folder.path(), config).err().unwrap();
        assert!(refused.refusal().contains(words), "{refused:?}");
    }
    let missing = ["serve", "--config", "/nowhere/dinh.toml"];
    assert!(run_on(folder.path(), &missing).refusal().contains("/nowhere/dinh.toml"));
}

#[test]
fn a_store_that_is_gone_or_empty_never_becomes_a_new_platform() {
    let folder = Folder::demo();
    let file = folder.path().join("dinh.redb");
    let commands: [&[&str]; 3] = [&["unit", "list", "--as-operator"], &["doctor"], &["doctor", "--check"]];
    let refusals = |word: &str| {
        for command in commands {
            let refused = run_on(folder.path(), command);
            assert!(refused.refusal().contains(word), "{refused:?}");
            assert!(refused.refusal().contains("restore it from the backup"), "{refused:?}");
        }
        let refused = Server::try_start(folder.path()).err().unwrap();
        assert!(refused.refusal().contains(word), "{refused:?}");
    };
    let whole = fs::read(&file).unwrap();
    fs::write(&file, "").unwrap();
    refusals("is empty");
    assert_eq!(fs::metadata(&file).unwrap().len(), 0, "left as it was");
    fs::remove_file(&file).unwrap();
    refusals("is missing");
    assert!(!file.exists());
    fs::write(&file, whole).unwrap();
    fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    assert!(Server::start(folder.path()).stop().success());
}
