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

/// What a plugin exports that is told of events: optional, so that it is a world of its own.
pub mod events {
    wit_bindgen::generate!({
        world: "event-handler",
        path: "../../wit",
        pub_export_macro: true,
        export_macro_name: "export",
        default_bindings_module: "dinh_sdk::bindings::events",
        additional_derives: [PartialEq],
        with: { "dinh:platform/types@0.1.0": crate::bindings::dinh::platform::types },
    });
}

/// What a plugin exports that does long work in steps: optional as well.
pub mod jobs {
    wit_bindgen::generate!({
        world: "job-worker",
        path: "../../wit",
        pub_export_macro: true,
        export_macro_name: "export",
        default_bindings_module: "dinh_sdk::bindings::jobs",
        additional_derives: [PartialEq],
        with: {
            "dinh:platform/types@0.1.0": crate::bindings::dinh::platform::types,
            "dinh:platform/views@0.1.0": crate::bindings::dinh::platform::views,
        },
    });
}
