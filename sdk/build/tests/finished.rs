//! A finished plugin, as the builder left it among the finished plugins: one file with everything in it.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests may fail loudly")]

use std::path::PathBuf;

use dinh_plugin_build::manifest_of;
use wasmparser::{Parser, Payload};

/// The plugin that comes with the platform, built by `cargo xtask test` before the tests run.
fn pci_index() -> Vec<u8> {
    let folder = std::env::var_os("DINH_PLUGINS").map(PathBuf::from).unwrap_or_else(|| {
        // TARGET/debug/deps/finished-… → TARGET/plugins
        std::env::current_exe().unwrap().ancestors().nth(3).unwrap().join("plugins")
    });
    let file = folder.join("pci-index.wasm");
    std::fs::read(&file)
        .unwrap_or_else(|error| panic!("{}: {error}; `cargo xtask test` builds it", file.display()))
}

/// Names of the imports and exports of a component as a whole.
fn doors(component: &[u8]) -> (Vec<String>, Vec<String>) {
    let (mut imports, mut exports, mut depth) = (Vec::new(), Vec::new(), 0);
    for payload in Parser::new(0).parse_all(component) {
        match payload.unwrap() {
            Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => depth += 1,
            Payload::End(_) if depth > 0 => depth -= 1,
            Payload::ComponentImportSection(section) if depth == 0 => {
                imports.extend(section.into_iter().map(|import| import.unwrap().name.name.to_owned()));
            }
            Payload::ComponentExportSection(section) if depth == 0 => {
                exports.extend(section.into_iter().map(|export| export.unwrap().name.name.to_owned()));
            }
            _ => {}
        }
    }
    (imports, exports)
}

#[test]
fn a_finished_plugin_imports_the_platform_alone_and_exports_its_pages() {
    let (imports, exports) = doors(&pci_index());
    assert!(imports.contains(&"dinh:platform/records@0.1.0".to_owned()), "{imports:?}");
    assert!(imports.iter().all(|name| name.starts_with("dinh:platform/")), "{imports:?}");
    assert_eq!(exports, ["dinh:platform/pages@0.1.0"]);
}

#[test]
fn a_finished_plugin_carries_its_manifest_word_for_word() {
    let manifest = include_str!("../../../plugins/pci-index/plugin.toml");
    assert_eq!(manifest_of(&pci_index()).as_deref(), Some(manifest));
}
