//! From the compiler's core module to the finished component.

use wasm_encoder::{ComponentSection, CustomSection};
use wasmparser::{Parser, Payload};
use wit_component::ComponentEncoder;

use crate::BuildError;

/// The custom section of a component that holds its `plugin.toml`.
pub const MANIFEST_SECTION: &str = "dinh:manifest";

/// The WIT package a plugin may import from.
const PLATFORM: &str = "dinh:platform/";

/// The interface that every plugin exports, in any version: the host decides which versions it takes.
const PAGES: &str = "dinh:platform/pages@";

/// Turns a core module built with `dinh-sdk` into a component, and makes sure that it imports the platform
/// and nothing else.
pub fn componentise(module: &[u8]) -> Result<Vec<u8>, BuildError> {
    refuse_foreign_imports(module)?;
    let wrong = |error| BuildError::Component(format!("{error:#}"));
    let component =
        ComponentEncoder::default().validate(true).module(module).map_err(wrong)?.encode().map_err(wrong)?;
    refuse_foreign_imports(&component)?;
    if exports_pages(&component) { Ok(component) } else { Err(BuildError::NoPages) }
}

/// Custom sections whose names begin so hold the files of printed forms, each under its path.
pub const FILE_SECTION: &str = "dinh:file:";

/// The component with the files of its printed forms embedded. Before the manifest: a component that was cut off has
/// then none. Examples of data stay outside: they serve the build alone.
pub fn embed_files(component: &[u8], files: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut packaged = component.to_vec();
    for (path, bytes) in files.iter().filter(|(path, _)| !path.ends_with(".json")) {
        CustomSection { name: format!("{FILE_SECTION}{path}").into(), data: bytes.into() }
            .append_to_component(&mut packaged);
    }
    packaged
}

/// The component with its manifest embedded.
pub fn embed_manifest(component: &[u8], manifest: &str) -> Vec<u8> {
    let mut packaged = component.to_vec();
    CustomSection { name: MANIFEST_SECTION.into(), data: manifest.as_bytes().into() }
        .append_to_component(&mut packaged);
    packaged
}

/// The manifest that was embedded in a component; none when there is none, or the bytes are no component.
pub fn manifest_of(component: &[u8]) -> Option<String> {
    let mut manifest = None;
    let mut depth = 0_usize;
    for payload in Parser::new(0).parse_all(component) {
        match payload.ok()? {
            Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => depth += 1,
            Payload::End(_) => depth = depth.saturating_sub(1),
            // Only the outermost component's own section counts, not one of a module within.
            Payload::CustomSection(section) if depth == 0 && section.name() == MANIFEST_SECTION => {
                manifest = Some(String::from_utf8(section.data().to_vec()).ok()?);
            }
            _ => {}
        }
    }
    manifest
}

/// Checks the imports of a core module, or of a component as a whole: what is inside a component imports
/// from the component.
fn refuse_foreign_imports(bytes: &[u8]) -> Result<(), BuildError> {
    let wrong = |error: wasmparser::BinaryReaderError| BuildError::Component(error.to_string());
    let mut depth = 0_usize;
    for payload in Parser::new(0).parse_all(bytes) {
        match payload.map_err(wrong)? {
            Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => depth += 1,
            Payload::End(_) => depth = depth.saturating_sub(1),
            Payload::ImportSection(imports) if depth == 0 => {
                for import in imports.into_imports() {
                    let import = import.map_err(wrong)?;
                    refuse_foreign(import.module, &format!("`{}.{}`", import.module, import.name))?;
                }
            }
            Payload::ComponentImportSection(imports) if depth == 0 => {
                for import in imports {
                    let name = import.map_err(wrong)?.name.name;
                    refuse_foreign(name, &format!("`{name}`"))?;
                }
            }
            _ => {}
        }
    }
    Ok(())
}

/// Whether a component, as a whole, exports pages.
fn exports_pages(component: &[u8]) -> bool {
    let mut depth = 0_usize;
    let mut pages = false;
    for payload in Parser::new(0).parse_all(component).flatten() {
        match payload {
            Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => depth += 1,
            Payload::End(_) => depth = depth.saturating_sub(1),
            Payload::ComponentExportSection(exports) if depth == 0 => {
                pages |= exports.into_iter().flatten().any(|export| export.name.name.starts_with(PAGES));
            }
            _ => {}
        }
    }
    pages
}

fn refuse_foreign(module: &str, what: &str) -> Result<(), BuildError> {
    if module.starts_with(PLATFORM) {
        return Ok(());
    }
    let remedy = if module.starts_with("wasi") {
        "build for wasm32-unknown-unknown, without WASI; what a plugin may use is in dinh-sdk"
    } else if module.starts_with("__wbindgen") {
        "a dependency was built for browsers (wasm-bindgen): switch off its `js` or `wasm-bindgen` feature"
    } else if module == "env" {
        "a dependency expects a C library or a system: find it with `cargo tree` and replace it"
    } else {
        "use only what dinh-sdk offers"
    };
    Err(BuildError::ForeignImport { what: what.to_owned(), remedy })
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_encoder::{Component, EntityType, ImportSection, Module, TypeSection};

    fn module_importing(module: &str, name: &str) -> Vec<u8> {
        let mut types = TypeSection::new();
        types.ty().function([], []);
        let mut imports = ImportSection::new();
        imports.import(module, name, EntityType::Function(0));
        Module::new().section(&types).section(&imports).clone().finish()
    }

    fn refusal(module: &str, name: &str) -> String {
        componentise(&module_importing(module, name)).unwrap_err().to_string()
    }

    #[test]
    fn an_import_from_wasi_is_refused_by_name() {
        let message = refusal("wasi_snapshot_preview1", "fd_write");
        assert!(message.contains("wasi_snapshot_preview1.fd_write"), "{message}");
        assert!(message.contains("without WASI"), "{message}");
        assert!(refusal("wasi:cli/environment@0.2.0", "get-environment").contains("without WASI"));
    }

    #[test]
    fn an_import_of_a_browser_or_a_c_library_says_where_it_comes_from() {
        assert!(refusal("__wbindgen_placeholder__", "describe").contains("wasm-bindgen"));
        assert!(refusal("env", "malloc").contains("cargo tree"));
    }

    #[test]
    fn a_module_without_pages_is_refused() {
        let error = componentise(&Module::new().finish()).unwrap_err();
        assert!(matches!(error, BuildError::NoPages), "{error}");
    }

    #[test]
    fn bytes_that_are_no_module_are_refused() {
        assert!(matches!(componentise(b"\x7fELF").unwrap_err(), BuildError::Component(_)));
        let whole = module_importing("env", "f");
        assert!(componentise(whole.get(..whole.len() - 3).unwrap()).is_err());
    }

    #[test]
    fn a_manifest_embedded_is_read_back_word_for_word() {
        let component = embed_manifest(&Component::new().finish(), "name = { vi = \"Chỉ số PCI\" }");
        assert_eq!(manifest_of(&component).as_deref(), Some("name = { vi = \"Chỉ số PCI\" }"));
    }

    #[test]
    fn a_manifest_inside_an_inner_module_does_not_count() {
        let mut inner = Module::new();
        inner.section(&CustomSection { name: MANIFEST_SECTION.into(), data: b"id = \"x\"".into() });
        let mut outer = Component::new();
        outer.section(&wasm_encoder::ModuleSection(&inner));
        assert_eq!(manifest_of(&outer.finish()), None);
        assert_eq!(manifest_of(b"no component"), None);
    }
}
