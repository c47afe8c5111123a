//! Any text is a manifest or refused with a message of bounded length that names the place.

use dinh_runtime::Manifest;

pub fn run(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    match Manifest::parse(text) {
        Ok(manifest) => {
            assert!(!manifest.id.as_str().is_empty());
            // What is said once is said the same way twice.
            assert_eq!(format!("{manifest:?}"), format!("{:?}", Manifest::parse(text).unwrap()));
        }
        Err(error) => {
            let said = error.to_string();
            assert!(!said.is_empty() && said.len() <= 2 * text.len() + 4_096, "{} bytes", said.len());
        }
    }
}
