//! A plugin's package: one `.wasm` file, looked at before anything is compiled or run.
//!
//! [`Package::read`] answers, from the file alone, whether this host could run it: a whole component that
//! carries a good manifest, imports nothing but this platform's interfaces and exports pages. Whether the
//! types of those interfaces fit is decided when it is linked; whether the code is valid, when it is
//! compiled.

use dinh_model::{FormFileError, FormFiles, PluginId};
use sha2::{Digest, Sha256};
use wasmparser::{Chunk, Encoding, Parser, Payload};

use crate::manifest::{Manifest, ManifestError, PLATFORM_VERSION};

/// Name of the custom section that holds `plugin.toml`.
pub const MANIFEST_SECTION: &str = "dinh:manifest";

/// Custom sections whose names begin so hold the files of printed forms, each under its path.
pub const FILE_SECTION: &str = "dinh:file:";

/// Most bytes of a package: a JavaScript or Python guest carries its interpreter (12 to 18 MB).
pub const LARGEST: usize = 64 << 20;

/// Most imports and exports looked at; the platform has a dozen interfaces.
const MOST_NAMES: u32 = 1_000;

/// The interfaces a component may import begin so.
const PLATFORM: &str = "dinh:platform/";

/// SHA-256 of a package.
pub type Hash = [u8; 32];

/// A package that this host could run.
#[derive(Debug)]
pub struct Package {
    /// What it says it is.
    pub manifest: Manifest,
    /// The manifest as it was written.
    pub manifest_text: String,
    /// The files of its printed forms.
    pub forms: FormFiles,
    /// SHA-256 of the whole file.
    pub hash: Hash,
}

/// Why a file is not a package that this host could run.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PackageError {
    /// Not WebAssembly at all.
    #[error("this is not a WebAssembly file; install the `.wasm` that `dinh plugin build` writes")]
    NotWasm,
    /// A core module.
    #[error(
        "this is a core WebAssembly module, not a component; build it with `dinh plugin build DIR`, \
         which also makes it a component"
    )]
    CoreModule,
    /// The file ends too early.
    #[error("the file is cut off after {bytes} bytes; copy or download it again")]
    Truncated {
        /// Its length.
        bytes: usize,
    },
    /// The file is too long.
    #[error("the file has {bytes} bytes, at most {LARGEST} are accepted; leave out what is not needed")]
    TooLarge {
        /// Its length.
        bytes: usize,
    },
    /// The bytes contradict themselves.
    #[error("the file is damaged at byte {offset}: {what}; build or copy it again")]
    Damaged {
        /// Where.
        offset: u64,
        /// What was found there.
        what: String,
    },
    /// No manifest inside.
    #[error(
        "there is no manifest in this component (custom section `{MANIFEST_SECTION}`): it was cut off, or not built \
         with `dinh plugin build DIR`, which embeds `plugin.toml`; copy it again, or build it so"
    )]
    NoManifest,
    /// Two manifests inside.
    #[error("there are two manifests in this component; build it anew with `dinh plugin build DIR`")]
    TwoManifests,
    /// The manifest is wrong.
    #[error(transparent)]
    Manifest(#[from] ManifestError),
    /// A file of a printed form that cannot be one.
    #[error(transparent)]
    Form(#[from] FormFileError),
    /// A printed form without its template.
    #[error(
        "the printed form `{print}` names the template `{template}`, which is not in this component; put it in the \
         folder `prints` beside plugin.toml and build again"
    )]
    NoTemplate {
        /// The form.
        print: String,
        /// The file.
        template: String,
    },
    /// The component asks for WASI.
    #[error(
        "this component imports `{import}`; plugins get no WASI (no files, no network, no clock of \
         their own): build for wasm32-unknown-unknown and use what dinh-sdk offers"
    )]
    Wasi {
        /// The interface.
        import: String,
    },
    /// The component was built for another version of the platform.
    #[error(
        "this component was built for another platform: it needs `{interface}`, this is \
         dinh:platform@{PLATFORM_VERSION}; build it with the SDK of this version"
    )]
    OtherPlatform {
        /// The interface as it asks for it.
        interface: String,
    },
    /// The component asks for something nobody has.
    #[error(
        "this component imports `{import}`, which is not part of dinh:platform@{PLATFORM_VERSION}; \
         use only what dinh-sdk offers"
    )]
    ForeignImport {
        /// What it asks for.
        import: String,
    },
    /// The component has no pages.
    #[error(
        "this component does not export `dinh:platform/pages@{PLATFORM_VERSION}`; a plugin shows pages: \
         implement them with dinh-sdk"
    )]
    NoPages,
}

impl Package {
    /// Looks at a file.
    pub fn read(bytes: &[u8]) -> Result<Self, PackageError> {
        if bytes.len() > LARGEST {
            return Err(PackageError::TooLarge { bytes: bytes.len() });
        }
        let outline = Outline::of(bytes)?;
        // Exports and the manifest stand at the end of every component: with neither of them it was cut off, if
        // exactly between two sections.
        if !outline.exports && outline.manifest.is_none() {
            return Err(truncated(bytes));
        }
        outline.check_imports()?;
        let manifest_text = outline.manifest.ok_or(PackageError::NoManifest)?;
        let manifest = Manifest::parse(&manifest_text)?;
        if !outline.pages {
            return Err(outline
                .other_pages
                .map_or(PackageError::NoPages, |interface| PackageError::OtherPlatform { interface }));
        }
        for print in &manifest.prints {
            if outline.forms.get(&print.template).is_none() {
                let (print, template) = (print.name.clone(), print.template.clone());
                return Err(PackageError::NoTemplate { print, template });
            }
        }
        Ok(Self { manifest, manifest_text, forms: outline.forms, hash: Sha256::digest(bytes).into() })
    }

    /// Which plugin it is.
    pub fn id(&self) -> &PluginId {
        &self.manifest.id
    }
}

/// What the outermost component says of itself.
#[derive(Default)]
struct Outline {
    manifest: Option<String>,
    forms: FormFiles,
    imports: Vec<String>,
    import_count: u32,
    export_count: u32,
    /// It exports anything at all.
    exports: bool,
    pages: bool,
    /// `pages` of another version of the platform.
    other_pages: Option<String>,
}

impl Outline {
    fn of(bytes: &[u8]) -> Result<Self, PackageError> {
        if !bytes.starts_with(b"\0asm") {
            let beginning = !bytes.is_empty() && b"\0asm".starts_with(bytes);
            return Err(if beginning { truncated(bytes) } else { PackageError::NotWasm });
        }
        let mut outline = Self::default();
        let mut parser = Parser::new(0);
        let mut rest = bytes;
        loop {
            let chunk = parser.parse(rest, false).map_err(|error| damaged(&error))?;
            let Chunk::Parsed { consumed, payload } = chunk else {
                // Between two sections more could follow, so that the parser would wait for it; inside one,
                // something is missing.
                return if rest.is_empty() { Ok(outline) } else { Err(truncated(bytes)) };
            };
            rest = rest.get(consumed..).unwrap_or_default();
            let inner = outline.see(&payload)?;
            if inner > 0 {
                // What lies inside is judged when it is compiled; the parser goes on after it.
                rest = usize::try_from(inner)
                    .ok()
                    .and_then(|inner| rest.get(inner..))
                    .ok_or_else(|| truncated(bytes))?;
            }
        }
    }

    /// Notes what a part says; how many bytes of an inner module or component follow it.
    fn see(&mut self, payload: &Payload<'_>) -> Result<u64, PackageError> {
        match payload {
            Payload::Version { encoding: Encoding::Module, .. } => Err(PackageError::CoreModule),
            Payload::ModuleSection { unchecked_range, .. }
            | Payload::ComponentSection { unchecked_range, .. } => {
                Ok((unchecked_range.end - unchecked_range.start) as u64)
            }
            Payload::ComponentImportSection(imports) => {
                // A component may have any number of such sections.
                self.import_count = self.import_count.saturating_add(imports.count());
                if self.import_count > MOST_NAMES {
                    return Err(too_many(imports.original_position(), "imports"));
                }
                for import in imports.clone() {
                    self.imports.push(import.map_err(|error| damaged(&error))?.name.name.to_owned());
                }
                Ok(0)
            }
            Payload::ComponentExportSection(exports) => {
                self.export_count = self.export_count.saturating_add(exports.count());
                if self.export_count > MOST_NAMES {
                    return Err(too_many(exports.original_position(), "exports"));
                }
                for export in exports.clone() {
                    self.exports = true;
                    self.see_export(export.map_err(|error| damaged(&error))?.name.name);
                }
                Ok(0)
            }
            Payload::CustomSection(section) if section.name() == MANIFEST_SECTION => {
                let text = std::str::from_utf8(section.data()).map_err(|error| PackageError::Damaged {
                    offset: section.data_offset() as u64 + error.valid_up_to() as u64,
                    what: "the manifest is not UTF-8".to_owned(),
                })?;
                match self.manifest.replace(text.to_owned()) {
                    Some(_) => Err(PackageError::TwoManifests),
                    None => Ok(0),
                }
            }
            Payload::CustomSection(section) if section.name().starts_with(FILE_SECTION) => {
                let path = section.name().trim_start_matches(FILE_SECTION);
                self.forms.add(path, section.data().to_vec())?;
                Ok(0)
            }
            Payload::UnknownSection { range, .. } => Err(PackageError::Damaged {
                offset: range.start as u64,
                what: "a section that no component has".to_owned(),
            }),
            _ => Ok(0),
        }
    }

    fn see_export(&mut self, name: &str) {
        match name.strip_prefix(PLATFORM).and_then(|interface| interface.split_once('@')) {
            Some(("pages", PLATFORM_VERSION)) => self.pages = true,
            Some(("pages", _)) => self.other_pages = Some(name.to_owned()),
            _ => {}
        }
    }

    fn check_imports(&self) -> Result<(), PackageError> {
        let own = |name: &str| {
            name.strip_prefix(PLATFORM).and_then(|interface| interface.split_once('@')).is_some()
        };
        for import in &self.imports {
            let version = import.rsplit_once('@').map(|(_, version)| version);
            if own(import) && version == Some(PLATFORM_VERSION) {
                continue;
            }
            let import = import.clone();
            return Err(if own(&import) {
                PackageError::OtherPlatform { interface: import }
            } else if import.starts_with("wasi") {
                PackageError::Wasi { import }
            } else {
                PackageError::ForeignImport { import }
            });
        }
        Ok(())
    }
}

fn truncated(bytes: &[u8]) -> PackageError {
    PackageError::Truncated { bytes: bytes.len() }
}

fn damaged(error: &wasmparser::BinaryReaderError) -> PackageError {
    PackageError::Damaged { offset: error.offset() as u64, what: error.message().to_owned() }
}

fn too_many(offset: usize, what: &str) -> PackageError {
    PackageError::Damaged { offset: offset as u64, what: format!("more than {MOST_NAMES} {what}") }
}
