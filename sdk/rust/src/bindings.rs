//! The contract as Rust types and functions, generated from `wit/`.
//!
//! Everything here is also reachable under a friendlier name elsewhere in this crate; a plugin that needs
//! something the builders do not offer finds it here.

wit_bindgen::generate!({
    world: "plugin",
    path: "../../wit",
    pub_export_macro: true,
    export_macro_name: "export",
    default_bindings_module: "dinh_sdk::bindings",
    additional_derives: [PartialEq],
    generate_all,
});
