//! What a house does when a component is not compiled. That the compiler keeps its limits is tested with the real program.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use dinh_runtime::compile::{LIMITS, Limits, Program};
use dinh_runtime::{CompileError, Compiler, InstallError};

use crate::house::{House, component};

/// A compiler that is a script of the shell, with little time.
fn script(script: &str) -> Compiler {
    let program = Program::new("/bin/sh".into(), vec!["-c".into(), script.into(), "sh".into()]);
    Compiler::Child { program, limits: Limits { wall: Duration::from_millis(200), ..LIMITS } }
}

/// A compiler that never comes to an end.
fn endless() -> Compiler {
    script("exec sleep 600")
}

fn native(house: &House) -> Vec<PathBuf> {
    let files = fs::read_dir(house.data.path().join("cache")).unwrap().map(|entry| entry.unwrap().path());
    files.filter(|path| path.extension().is_some_and(|extension| extension == "native")).collect()
}

#[test]
fn a_package_that_reaches_a_limit_of_the_compiler_leaves_evidence_and_nothing_else() {
    let house = House::compiled_by(endless());
    let refused = house.install(&component("forgetful")).err().unwrap();
    let InstallError::Compile(CompileError::Limit(trip)) = &refused else { panic!("{refused}") };
    assert_eq!((trip.what, trip.allowed), ("compile-wall-milliseconds", 200));
    assert!(refused.to_string().contains("of 200 milliseconds; make it smaller"), "{refused}");
    let (action, detail) = house.last();
    assert_eq!(action, "plugin.turned-away");
    let said = |name: &str| detail.iter().find(|(said, _)| said == name).map(|(_, value)| value.as_str());
    assert_eq!(said("step"), Some("compile"));
    assert_eq!(said("limit"), Some("compile-wall-milliseconds"));
    assert_eq!(said("used"), Some(trip.used.to_string().as_str()));
    assert_eq!(said("allowed"), Some("200"));
    assert_eq!(house.runtime.compilations(), [("compile-wall-milliseconds", 1)].into());
    assert!(house.runtime.plugins().is_empty() && native(&house).is_empty());
    assert_eq!(fs::read_dir(house.data.path().join("plugins")).unwrap().count(), 0);
}

#[test]
fn a_compiler_that_dies_says_nothing_about_the_package() {
    let house = House::compiled_by(script("kill -9 $$"));
    let before = house.evidence().len();
    let refused = house.install(&component("forgetful")).err().unwrap();
    assert!(matches!(&refused, InstallError::Compile(CompileError::Failed(_))), "{refused}");
    assert!(refused.to_string().contains("try again"), "{refused}");
    assert_eq!(house.evidence().len(), before);
    assert_eq!(house.runtime.compilations(), [("failed", 1)].into());
}

#[test]
fn at_the_start_what_does_not_compile_fails_alone_and_what_is_known_is_not_compiled() {
    let house = House::new();
    let forgetful = house.install(&component("forgetful")).unwrap();
    house.install(&component("leaky")).unwrap();
    let package = data_encoding::HEXLOWER.encode(forgetful.package().unwrap());
    let gone = native(&house).into_iter().find(|path| path.to_string_lossy().contains(&package)).unwrap();
    fs::remove_file(gone).unwrap();

    let house = house.restart_compiled_by("2026-03-02T02:00:00Z", endless());
    let failed = house.runtime.not_loaded();
    assert_eq!(failed.iter().map(|it| it.id.as_str()).collect::<Vec<_>>(), ["forgetful"]);
    assert!(failed[0].reason.contains("of 200 milliseconds"), "{}", failed[0].reason);
    assert_eq!(house.runtime.plugins().len(), 1);
    assert_eq!(house.runtime.compilations(), [("compile-wall-milliseconds", 1)].into());

    let house = house.restart("2026-03-02T03:00:00Z");
    assert_eq!(house.runtime.not_loaded(), []);
    assert_eq!(house.runtime.compilations(), [("done", 1)].into());
}

#[test]
fn what_is_refused_after_it_was_compiled_leaves_no_code_behind() {
    let house = House::new();
    house.install(&component("forgetful")).unwrap();
    let before = native(&house).len();
    let other = crate::house::altered("forgetful", &[("breadcrumbs", "breadcrumbz")]);
    house.install(&other).err().unwrap();
    let same = crate::house::altered("forgetful", &[("Never asks who may", "Still asks nobody,")]);
    house.install(&same).err().unwrap();
    assert_eq!(native(&house).len(), before);
}
