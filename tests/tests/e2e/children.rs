//! Children of the real program: what they may not do, and the one that compiles, given components made to harm it.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use dinh_runtime::compile::{LIMITS, Limits, Program};
use dinh_runtime::{CompileError, Compiler, engine};
use dinh_tests::folder::Folder;
use dinh_tests::patience;
use dinh_tests::programs::{Ran, dinh, plugin, run_on};
use dinh_tests::server::Server;
use rustix::process::{Pid, Signal, kill_process};
use sha2::{Digest, Sha256};
use wasm_encoder::{
    BlockType, CodeSection, Component, ComponentExportKind, ComponentExportSection, ComponentImportSection,
    ComponentTypeRef, ComponentTypeSection, CustomSection, Function, FunctionSection, InstanceType, Module,
    ModuleSection, TypeSection, ValType,
};

const MANIFEST: &str = include_str!("../../../host/runtime/tests/manifests/good.toml");

/// A package whose core module has these functions.
fn package(functions: &[Function]) -> Vec<u8> {
    let mut types = TypeSection::new();
    types.ty().function([], []);
    let (mut declared, mut code) = (FunctionSection::new(), CodeSection::new());
    for function in functions {
        declared.function(0);
        code.function(function);
    }
    let mut module = Module::new();
    module.section(&types).section(&declared).section(&code);
    let mut interface = ComponentTypeSection::new();
    interface.instance(&InstanceType::new());
    let mut imports = ComponentImportSection::new();
    imports.import("dinh:platform/log@0.1.0", ComponentTypeRef::Instance(0));
    let mut exports = ComponentExportSection::new();
    exports.export("dinh:platform/pages@0.1.0", ComponentExportKind::Instance, 0, None);
    let mut made = Component::new();
    made.section(&interface).section(&imports).section(&ModuleSection(&module)).section(&exports);
    made.section(&CustomSection { name: "dinh:manifest".into(), data: MANIFEST.as_bytes().into() });
    made.finish()
}

/// A function that keeps so many values alive through so many loops: each loop costs the compiler all of them. Of 2,000
/// and 2,000 (50 kB) it takes six seconds and half a gigabyte; of 10,000 and 5,000 (190 kB) minutes.
fn alive(values: u32, loops: u32) -> Function {
    let mut function = Function::new([(values, ValType::I32)]);
    let mut code = function.instructions();
    for value in 1..values {
        code.local_get(0).i32_const(value as i32).i32_add().local_set(value);
    }
    for _ in 0..loops {
        code.loop_(BlockType::Empty);
        code.local_get(1).i32_const(1).i32_add().local_set(1);
        code.local_get(0).br_if(0).end();
    }
    code.local_get(0);
    for value in 1..values {
        code.local_get(value).i32_add();
    }
    code.local_set(0).loop_(BlockType::Empty).local_get(0).br_if(0).end().end();
    function
}

fn empty() -> Function {
    let mut function = Function::new([]);
    function.instructions().end();
    function
}

/// What comes of a component within limits.
fn compiled(component: Vec<u8>, limits: Limits) -> Result<usize, CompileError> {
    let program = Program::new(dinh(), vec!["compile-component".into()]);
    let hash = Sha256::digest(&component).into();
    let compiler = Compiler::Child { program, limits };
    compiler.compile(&engine::start(1).unwrap(), &hash, component).map(|code| code.len())
}

#[test]
fn the_child_compiles_a_plugin_and_says_what_is_wrong_with_what_is_none() {
    let whole = std::fs::read(plugin("forgetful")).unwrap();
    assert!(compiled(whole.clone(), LIMITS).unwrap() > 100_000);
    let Err(CompileError::Invalid(why)) = compiled(whole[..whole.len() / 2].to_vec(), LIMITS) else {
        panic!("half a component is none")
    };
    assert!(!why.is_empty());
    assert!(matches!(compiled(b"PK\x03\x04".to_vec(), LIMITS), Err(CompileError::Invalid(_))));
}

#[test]
fn each_limit_of_the_compiler_ends_in_a_reason_that_names_it() {
    let slow = || package(&[alive(2_000, 2_000)]);
    let many = || package(&vec![empty(); 10_000]);
    for (what, allowed, component, limits) in [
        ("compile-memory-bytes", 400 << 20, slow(), Limits { memory: 400 << 20, ..LIMITS }),
        ("compile-cpu-milliseconds", 1_000, slow(), Limits { cpu: Duration::from_secs(1), ..LIMITS }),
        ("compile-wall-milliseconds", 500, slow(), Limits { wall: Duration::from_millis(500), ..LIMITS }),
        ("native-code-bytes", 1 << 20, many(), Limits { bytes: 1 << 20, ..LIMITS }),
    ] {
        let refused = compiled(component, limits).unwrap_err();
        let CompileError::Limit(trip) = &refused else { panic!("{what}: {refused}") };
        assert_eq!((trip.what, trip.allowed), (what, allowed), "{refused}");
        assert!(trip.used >= allowed, "{refused}");
    }
}

#[test]
fn a_compiler_for_another_engine_makes_no_code() {
    let mut child = started(&["compile-component", "4294967296", "7", "1000000", "another"]);
    drop(child.stdin.take());
    let ended = child.wait_with_output().unwrap();
    assert_eq!(ended.status.code(), Some(1));
    assert!(ended.stdout.len() < 10, "no code: {:?}", ended.stdout);
}

fn started(words: &[&str]) -> Child {
    Command::new(dinh()).args(words).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap()
}

/// Whether a line of a process's limits says this.
fn limited(process: u32, name: &str, [soft, hard]: [&str; 2]) -> bool {
    let table = std::fs::read_to_string(format!("/proc/{process}/limits")).unwrap_or_default();
    let line = table.lines().find(|line| line.starts_with(name)).unwrap_or_default();
    line[name.len().min(line.len())..].split_whitespace().take(2).eq([soft, hard])
}

#[test]
fn children_can_open_nothing_and_take_no_more_than_they_are_given() {
    for words in [
        &["print-form", "1073741824", "7", "1000"][..],
        &["compile-component", "1073741824", "7", "1000", "x"],
    ] {
        let mut child = started(words);
        for (name, most) in [
            ("Max open files", ["3", "3"]),
            ("Max file size", ["0", "0"]),
            ("Max core file size", ["0", "0"]),
            ("Max address space", ["1073741824", "1073741824"]),
            ("Max cpu time", ["7", "8"]),
        ] {
            assert!(patience::until(|| limited(child.id(), name, most)), "{words:?}: {name}");
        }
        child.kill().unwrap();
        child.wait().unwrap();
    }
}

#[test]
fn a_child_ends_with_whoever_has_started_it() {
    use std::os::unix::process::ExitStatusExt;
    let start = || {
        let child = started(&["compile-component", "1073741824", "7", "1000", "x"]);
        assert!(patience::until(|| limited(child.id(), "Max open files", ["3", "3"])));
        child
    };
    let mut child = thread::spawn(start).join().unwrap();
    assert_eq!(child.wait().unwrap().signal(), Some(9));
}

/// The processes that compile for a server.
fn compilers(server: u32) -> Vec<u32> {
    let processes = std::fs::read_dir("/proc")
        .unwrap()
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse::<u32>().ok());
    let of = |process: &u32| {
        let read =
            |name: &str| std::fs::read_to_string(format!("/proc/{process}/{name}")).unwrap_or_default();
        let parent = read("status").lines().any(|line| line == format!("PPid:\t{server}"));
        parent && read("cmdline").contains("compile-component")
    };
    processes.filter(of).collect()
}

fn install(data: &Path, file: &Path) -> Ran {
    run_on(
        data,
        &["plugin", "install", file.to_str().unwrap(), "--home-unit", "skhdt", "--as-operator", "--json"],
    )
}

fn files(data: &Path) -> Vec<PathBuf> {
    let folders = ["plugins", "cache"].map(|name| std::fs::read_dir(data.join(name)).unwrap());
    let mut files: Vec<_> = folders.into_iter().flatten().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

#[test]
fn while_a_component_made_for_it_holds_a_compiler_the_server_serves_and_installs_and_then_goes_on() {
    let folder = Folder::demo();
    let server = Server::start(folder.path());
    assert_eq!(install(folder.path(), &plugin("leaky")).code, Some(0));
    let hostile = tempfile::NamedTempFile::with_suffix(".wasm").unwrap();
    std::fs::write(hostile.path(), package(&[alive(10_000, 5_000)])).unwrap();
    let begin = || {
        let (data, file) = (folder.path().to_owned(), hostile.path().to_owned());
        let installing = thread::spawn(move || install(&data, &file));
        assert!(patience::until(|| !compilers(server.process()).is_empty()), "a child compiles");
        installing
    };

    let before = files(folder.path());
    let installing = begin();
    let child = compilers(server.process())[0];
    let officer = folder.with_role("pci-index.editor");
    let program = server.visitor().program(&officer.account, &officer.password);
    program.get_json("/apps/pci-index").expect(200);
    assert_eq!(install(folder.path(), &plugin("forgetful")).json()["id"], "forgetful");
    assert!(compilers(server.process()).contains(&child), "it is still being compiled");
    let meanwhile: Vec<_> = files(folder.path()).into_iter().filter(|file| !before.contains(file)).collect();
    assert_eq!(meanwhile.len(), 2, "forgetful and its code: {meanwhile:?}");

    let process = i32::try_from(child).ok().and_then(Pid::from_raw).unwrap();
    kill_process(process, Signal::KILL).unwrap();
    let refused = installing.join().unwrap();
    assert!(refused.refusal().contains("killed by another hand"), "{}", refused.refusal());
    assert_eq!(files(folder.path()).len(), before.len() + 2, "nothing is left behind");
    assert!(compilers(server.process()).is_empty());
    program.get_json("/apps/pci-index").expect(200);

    // A server that is killed takes its children along.
    let installing = begin();
    let child = compilers(server.process())[0];
    server.kill();
    assert_eq!(installing.join().unwrap().code, Some(1));
    let gone = || !std::fs::read_to_string(format!("/proc/{child}/cmdline")).is_ok_and(|it| !it.is_empty());
    assert!(patience::until(gone), "the child is gone");
}
