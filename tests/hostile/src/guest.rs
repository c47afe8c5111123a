//! Guests in the text format: a core module with the platform's exports, made a component and a package.

use std::path::PathBuf;
use std::sync::OnceLock;

use wasm_encoder::{ComponentSection, CustomSection, Encode, InstanceSection, ModuleArg};
use wasmparser::{Parser, Payload};
use wit_component::{ComponentEncoder, StringEncoding};
use wit_parser::{Resolve, WorldId};

/// What its calls may use: little, so that limits are reached soon.
pub const CPU_MILLISECONDS: u64 = 40;
pub const MEMORY: u64 = 2 << 20;
pub const ROWS_READ: u64 = 200;
pub const RECORDS_WRITTEN: u64 = 20;
pub const HOST_BYTES: u64 = 200_000;
pub const LOG_LINES: u64 = 10;

const PAGES: &str = "dinh:platform/pages@0.1.0";
/// The least a component of the world needs beside what a guest brings itself.
const INNOCENT: &str = "(call $page)";

/// A guest, by what is special in it.
#[derive(Clone)]
pub struct Guest {
    imports: String,
    memory: &'static str,
    items: String,
    realloc: &'static str,
    render: &'static str,
    submit: Option<&'static str>,
    after: Option<&'static str>,
    beside: Option<(&'static str, u32)>,
}

impl Guest {
    /// One whose harm is done while a page is drawn.
    pub fn page(render: &'static str) -> Self {
        Self {
            imports: String::new(),
            memory: "2",
            items: String::new(),
            realloc: "(call $allocate (local.get 2) (local.get 3))",
            render,
            submit: None,
            after: None,
            beside: None,
        }
    }

    /// One whose harm is done when something is submitted.
    pub fn form(submit: &'static str) -> Self {
        Self { submit: Some(submit), ..Self::page(INNOCENT) }
    }

    /// One that draws a page like any other; the harm is elsewhere.
    pub fn innocent() -> Self {
        Self::page(INNOCENT)
    }

    /// Imports a function of the platform, with its type as it is in core WebAssembly.
    pub fn import(mut self, interface: &str, function: &str, signature: &str) -> Self {
        self.imports += &format!(
            "(import \"dinh:platform/{interface}@0.1.0\" \"{function}\" (func ${function} {signature}))\n"
        );
        self
    }

    /// Further functions, globals, tables, data.
    pub fn with(mut self, items: &str) -> Self {
        self.items += items;
        self
    }

    /// The limits of its memory, in pages of 64 KiB.
    pub fn memory(self, memory: &'static str) -> Self {
        Self { memory, ..self }
    }

    /// What `cabi_realloc` does.
    pub fn realloc(self, realloc: &'static str) -> Self {
        Self { realloc, ..self }
    }

    /// What follows after the host has taken the page (`cabi_post_…`).
    pub fn after(self, after: &'static str) -> Self {
        Self { after: Some(after), ..self }
    }

    /// So many further modules in the same component.
    pub fn beside(self, module: &'static str, count: u32) -> Self {
        Self { beside: Some((module, count)), ..self }
    }

    /// Whether it is to be called with a submission.
    pub fn is_form(&self) -> bool {
        self.submit.is_some()
    }

    /// The package, under an id.
    pub fn package(&self, id: &str) -> Vec<u8> {
        let module = wat::parse_str(self.module()).unwrap_or_else(|error| panic!("{id}: {error}"));
        let mut component = componentise(id, module);
        if let Some((module, count)) = self.beside {
            add_modules(&mut component, &wat::parse_str(module).unwrap(), count);
        }
        let manifest = manifest(id);
        CustomSection { name: "dinh:manifest".into(), data: manifest.as_bytes().into() }
            .append_to_component(&mut component);
        component
    }

    /// What all have in common: a page in memory, a way to say a number on it, an allocator that only goes on.
    fn module(&self) -> String {
        let Self { imports, memory, items, realloc, render, .. } = self;
        let submit = self.submit.unwrap_or("(unreachable)");
        let after = self.after.map_or(String::new(), |after| {
            format!("(func (export \"cabi_post_{PAGES}#render\") (param i32) {after})")
        });
        format!(
            r#"(module
{imports}
(memory (export "memory") {memory})
(global $free (mut i32) (i32.const 16384))
(data (i32.const 512) "ok")
{items}
(func $allocate (param $align i32) (param $size i32) (result i32) (local $at i32)
  (local.set $at (i32.and
    (i32.add (global.get $free) (i32.sub (local.get $align) (i32.const 1)))
    (i32.sub (i32.const 0) (local.get $align))))
  (global.set $free (i32.add (local.get $at) (local.get $size)))
  (local.get $at))
;; A page titled `ok`, and nothing on it.
(func $page (result i32)
  (i32.store (i32.const 1032) (i32.const 512))
  (i32.store (i32.const 1036) (i32.const 2))
  (i32.const 1024))
;; A page titled with a number of one digit; `many` when it has more.
(func $say (param $number i64) (result i32)
  (i32.store8 (i32.const 512) (i32.add (i32.const 48) (i32.wrap_i64 (local.get $number))))
  (i32.store8 (i32.const 513) (i32.const 0))
  (drop (call $page))
  (i32.store (i32.const 1036) (i32.const 1))
  (if (i64.gt_u (local.get $number) (i64.const 9)) (then
    (i32.store (i32.const 512) (i32.const 0x796e616d))
    (i32.store (i32.const 1036) (i32.const 4))))
  (i32.const 1024))
(func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) {realloc})
(func (export "{PAGES}#render") (param i32 i32 i32 i32 i32 i32 i32 i32) (result i32)
  (local $i i32) (local $n i64) {render})
(func (export "{PAGES}#submit") (param i32) (result i32) (local $i i32) (local $n i64) {submit})
{after}
)"#
        )
    }
}

fn world() -> &'static (Resolve, WorldId) {
    static WORLD: OnceLock<(Resolve, WorldId)> = OnceLock::new();
    WORLD.get_or_init(|| {
        let mut resolve = Resolve::default();
        // Where cargo runs the test, two folders below the checkout as all packages are: one target folder may serve
        // several checkouts, and what was compiled in another would find the contract of that.
        let wit = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap()).join("../../wit");
        let (package, _) = resolve.push_dir(wit).unwrap();
        let world = resolve.select_world(&[package], Some("plugin")).unwrap();
        (resolve, world)
    })
}

fn componentise(id: &str, mut module: Vec<u8>) -> Vec<u8> {
    let (resolve, world) = world();
    wit_component::embed_component_metadata(&mut module, resolve, *world, StringEncoding::UTF8).unwrap();
    let encoder = ComponentEncoder::default().module(&module);
    encoder.and_then(|mut encoder| encoder.encode()).unwrap_or_else(|error| panic!("{id}: {error:#}"))
}

/// Puts a module into a component, and makes so many instances of it.
fn add_modules(component: &mut Vec<u8>, module: &[u8], count: u32) {
    let mut depth = 0_u32;
    let mut modules = 0;
    for payload in Parser::new(0).parse_all(component) {
        match payload.unwrap() {
            Payload::ModuleSection { .. } => {
                modules += u32::from(depth == 0);
                depth += 1;
            }
            Payload::ComponentSection { .. } => depth += 1,
            Payload::End(_) => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    // Section 1 of a component is a core module.
    component.push(1);
    module.encode(component);
    let mut instances = InstanceSection::new();
    for _ in 0..count {
        instances.instantiate(modules, std::iter::empty::<(&str, ModuleArg)>());
    }
    instances.append_to_component(component);
}

fn manifest(id: &str) -> String {
    format!(
        r#"id = "{id}"
version = "0.1.0"
platform = "0.1.0"
name = {{ vi = "Phá phách", en = "Hostile" }}
summary = {{ vi = "Phá phách", en = "Does harm" }}
publisher = "Đình"
licence = "Apache-2.0"

[[permissions]]
name = "harm.do"
title = {{ vi = "Phá", en = "Do harm" }}

[[roles]]
name = "vandal"
title = {{ vi = "Kẻ phá", en = "Vandal" }}
permissions = ["harm.do"]

[[collections]]
name = "papers"
title = {{ vi = "Giấy tờ", en = "Papers" }}
unit = "unit"
label = "secrecy"
permissions = {{ read = "harm.do", create = "harm.do", update = "harm.do", delete = "harm.do" }}

[[collections.fields]]
name = "unit"
type = "unit"
required = true
title = {{ vi = "Đơn vị", en = "Unit" }}

[[collections.fields]]
name = "secrecy"
type = "text"
title = {{ vi = "Độ mật", en = "Label" }}

[[collections]]
name = "nothing"
title = {{ vi = "Không có gì", en = "Nothing" }}
permissions = {{ read = "harm.do", create = "harm.do", update = "harm.do", delete = "harm.do" }}

[[collections.fields]]
name = "name"
type = "text"
required = true
title = {{ vi = "Tên", en = "Name" }}

[[sequences]]
name = "register"
title = {{ vi = "Sổ", en = "Register" }}

[[routes]]
path = "/"
permission = "harm.do"

[[menu]]
path = "/"
title = {{ vi = "Phá", en = "Harm" }}
permission = "harm.do"

[limits]
cpu-milliseconds = {CPU_MILLISECONDS}
wall-milliseconds = 9000
memory-mebibytes = {}
rows-read = {ROWS_READ}
records-written = {RECORDS_WRITTEN}
host-bytes = {HOST_BYTES}
log-lines = {LOG_LINES}
"#,
        MEMORY >> 20
    )
}
