//! What is no package of ours is told apart by looking, before anything is compiled: each with its remedy.

use dinh_runtime::{Package, PackageError};
use wasm_encoder::{
    Component, ComponentExportKind, ComponentExportSection, ComponentImportSection, ComponentSection,
    ComponentTypeRef, ComponentTypeSection, CustomSection, InstanceType, Module,
};

use crate::house::{altered, component};

const MANIFEST: &str = include_str!("../manifests/good.toml");

/// A component that imports an empty interface of that name, exports it as another, and has manifests.
fn made(import: &str, export: &str, manifests: &[&str]) -> Vec<u8> {
    let mut types = ComponentTypeSection::new();
    types.instance(&InstanceType::new());
    let mut imports = ComponentImportSection::new();
    imports.import(import, ComponentTypeRef::Instance(0));
    let mut exports = ComponentExportSection::new();
    exports.export(export, ComponentExportKind::Instance, 0, None);
    let mut made = Component::new();
    made.section(&types).section(&imports).section(&exports);
    for manifest in manifests {
        made.section(&CustomSection { name: "dinh:manifest".into(), data: manifest.as_bytes().into() });
    }
    made.finish()
}

const OURS: &str = "dinh:platform/log@0.1.0";
const PAGES: &str = "dinh:platform/pages@0.1.0";

fn refused(bytes: &[u8]) -> PackageError {
    Package::read(bytes).unwrap_err()
}

#[test]
fn a_component_of_the_sdk_is_a_package() {
    let package = Package::read(&component("forgetful")).unwrap();
    assert_eq!(package.id().as_str(), "forgetful");
    assert!(package.manifest_text.contains("Hay quên"));
    assert!(Package::read(&made(OURS, PAGES, &[MANIFEST])).is_ok());
}

#[test]
fn what_is_no_webassembly_or_no_component_is_named() {
    assert!(matches!(refused(b"PK\x03\x04"), PackageError::NotWasm));
    assert!(matches!(refused(b""), PackageError::NotWasm));
    let module = refused(&Module::new().finish());
    assert!(matches!(module, PackageError::CoreModule));
    assert!(module.to_string().contains("dinh plugin build"), "{module}");
}

#[test]
fn a_file_cut_off_anywhere_is_never_a_package() {
    let whole = component("forgetful");
    let mut truncated = 0;
    for length in (1..whole.len()).step_by(997).chain(whole.len() - 40..whole.len()) {
        match refused(&whole[..length]) {
            PackageError::Truncated { bytes } => {
                assert_eq!(bytes, length);
                truncated += 1;
            }
            // Cut off exactly between two sections: what was to follow is missing.
            PackageError::NoManifest => {}
            other => panic!("{length} bytes: {other}"),
        }
    }
    assert!(truncated > 200, "{truncated}");
    // At the beginning there are many small sections; between them, too, it is said what happened.
    for length in 8..2_000 {
        let refused = refused(&whole[..length]);
        assert!(matches!(refused, PackageError::Truncated { .. }), "{length} bytes: {refused}");
    }
}

#[test]
fn a_file_that_is_too_large_is_refused_by_its_length() {
    let large = vec![0; (64 << 20) + 1];
    assert!(matches!(refused(&large), PackageError::TooLarge { bytes } if bytes == (64 << 20) + 1));
}

#[test]
fn a_damaged_file_is_never_a_package_and_never_a_panic() {
    let whole = component("forgetful");
    for place in (0..whole.len()).step_by(101) {
        let mut damaged = whole.clone();
        damaged[place] ^= 0xff;
        // Inside code, damage is found when it is compiled.
        let _ = Package::read(&damaged);
    }
    let mut damaged = made(OURS, PAGES, &[MANIFEST]);
    damaged[8] = 0x7f;
    assert!(matches!(refused(&damaged), PackageError::Damaged { offset: 8.., .. }));
}

#[test]
fn a_component_without_a_manifest_or_with_two_is_refused() {
    assert!(matches!(refused(&made(OURS, PAGES, &[])), PackageError::NoManifest));
    assert!(matches!(refused(&made(OURS, PAGES, &[MANIFEST, MANIFEST])), PackageError::TwoManifests));
    let wrong = refused(&made(OURS, PAGES, &["id = 1"]));
    assert!(matches!(wrong, PackageError::Manifest(_)));
    assert!(wrong.to_string().starts_with("plugin.toml:1:"), "{wrong}");
}

const PRINTED: &str = "\n[[prints]]\nname = \"sheet\"\ntitle = { vi = \"Phiếu\", en = \"Sheet\" }\npath = \"/people/{id}\"\n\
                       template = \"prints/sheet.typ\"\n";

/// A component with a printed form in its manifest, and files.
fn printed(files: &[(&str, &[u8])]) -> Vec<u8> {
    let manifest = MANIFEST.to_owned() + PRINTED;
    let mut made = made(OURS, PAGES, &[]);
    for (path, bytes) in files {
        let section = CustomSection { name: format!("dinh:file:{path}").into(), data: (*bytes).into() };
        section.append_to_component(&mut made);
    }
    let section = CustomSection { name: "dinh:manifest".into(), data: manifest.as_bytes().into() };
    section.append_to_component(&mut made);
    made
}

#[test]
fn a_printed_form_comes_with_its_files() {
    let package =
        Package::read(&printed(&[("prints/sheet.typ", b"= Sheet"), ("prints/a.svg", b"<svg/>")])).unwrap();
    assert_eq!(package.forms.get("prints/sheet.typ"), Some(b"= Sheet".as_slice()));
    assert_eq!(package.forms.iter().count(), 2);
    assert_eq!(package.manifest.prints_of("/people/7").count(), 1);
}

#[test]
fn a_printed_form_without_its_template_or_with_foreign_files_is_refused() {
    let without = refused(&printed(&[("prints/other.typ", b"")]));
    assert!(matches!(&without, PackageError::NoTemplate { print, .. } if print == "sheet"), "{without}");
    for bad in ["prints/../a.typ", "plugin.toml", "prints/a.wasm"] {
        let foreign = refused(&printed(&[("prints/sheet.typ", b""), (bad, b"")]));
        assert!(matches!(foreign, PackageError::Form(_)), "{foreign}");
    }
    let twice = refused(&printed(&[("prints/sheet.typ", b""), ("prints/sheet.typ", b"")]));
    assert!(twice.to_string().contains("twice"), "{twice}");
}

#[test]
fn an_import_of_wasi_is_named() {
    let wasi = refused(&made("wasi:cli/environment@0.2.3", PAGES, &[MANIFEST]));
    assert!(matches!(&wasi, PackageError::Wasi { import } if import == "wasi:cli/environment@0.2.3"));
    assert!(wasi.to_string().contains("wasm32-unknown-unknown"), "{wasi}");
}

#[test]
fn an_import_of_something_else_is_named() {
    let foreign = refused(&made("acme:secrets/vault@1.0.0", PAGES, &[MANIFEST]));
    assert!(
        matches!(&foreign, PackageError::ForeignImport { import } if import == "acme:secrets/vault@1.0.0")
    );
}

#[test]
fn a_component_for_another_version_of_the_platform_is_refused() {
    let import = refused(&made("dinh:platform/log@0.2.0", PAGES, &[MANIFEST]));
    assert!(
        matches!(&import, PackageError::OtherPlatform { interface } if interface == "dinh:platform/log@0.2.0")
    );
    let export = refused(&made(OURS, "dinh:platform/pages@9.0.0", &[MANIFEST]));
    assert!(matches!(export, PackageError::OtherPlatform { .. }), "{export}");
    let real = altered("forgetful", &[("dinh:platform/records@0.1.0", "dinh:platform/records@0.9.0")]);
    assert!(matches!(refused(&real), PackageError::OtherPlatform { .. }));
    let manifest = MANIFEST.replace("platform = \"0.1.0\"", "platform = \"0.9.0\"");
    let manifest = refused(&made(OURS, PAGES, &[&manifest]));
    assert!(manifest.to_string().contains("made for platform 0.9.0"), "{manifest}");
}

#[test]
fn a_component_without_pages_is_refused() {
    let none = refused(&made(OURS, "dinh:platform/jobs@0.1.0", &[MANIFEST]));
    assert!(matches!(none, PackageError::NoPages), "{none}");
}

#[test]
fn imports_are_counted_over_all_sections() {
    let mut types = ComponentTypeSection::new();
    types.instance(&InstanceType::new());
    let mut made = Component::new();
    made.section(&types);
    for number in 0..1_001 {
        let mut imports = ComponentImportSection::new();
        imports.import(format!("dinh:platform/log{number}@0.1.0"), ComponentTypeRef::Instance(0));
        made.section(&imports);
    }
    let many = refused(&made.finish());
    assert!(many.to_string().contains("more than 1000 imports"), "{many}");
}
