//! The stylesheet, the script and the emblem: part of the binary, cached for good under a name that changes
//! with their content.

use std::sync::LazyLock;

use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

/// A static file.
struct Asset {
    name: &'static str,
    kind: &'static str,
    content: &'static str,
}

const ASSETS: [Asset; 3] = [
    Asset {
        name: "style.css",
        kind: "text/css; charset=utf-8",
        content: include_str!("../assets/style.css"),
    },
    Asset {
        name: "script.js",
        kind: "text/javascript; charset=utf-8",
        content: include_str!("../assets/script.js"),
    },
    Asset { name: "emblem.svg", kind: "image/svg+xml", content: include_str!("../assets/emblem.svg") },
];

/// What changes when any of them does.
static VERSION: LazyLock<String> = LazyLock::new(|| {
    let mut hash = Sha256::new();
    for asset in &ASSETS {
        hash.update(asset.content.as_bytes());
    }
    hash.finalize().iter().take(6).map(|byte| format!("{byte:02x}")).collect()
});

/// The address of a static file.
pub fn address(name: &str) -> String {
    format!("/assets/{}/{name}", *VERSION)
}

/// Serves `/assets/VERSION/NAME`. A version that is not the current one is served too, but not kept: a page
/// drawn before an update still finds its looks.
pub async fn serve(Path((version, name)): Path<(String, String)>) -> Response {
    let Some(asset) = ASSETS.iter().find(|asset| asset.name == name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let kept = if version == *VERSION { "public, max-age=31536000, immutable" } else { "no-cache" };
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(asset.kind));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(kept));
    (headers, asset.content).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_them_needs_another_place() {
        for asset in &ASSETS {
            let foreign = asset.content.replace("http://www.w3.org/2000/svg", "");
            assert!(!foreign.contains("http://") && !foreign.contains("https://"), "{}", asset.name);
            assert!(!asset.content.contains("@import") && !asset.content.contains("eval("), "{}", asset.name);
        }
    }

    #[tokio::test]
    async fn they_are_kept_for_good_under_the_name_of_their_version() {
        let path = |version: &str, name: &str| Path((version.to_owned(), name.to_owned()));
        let current = serve(path(&VERSION, "style.css")).await;
        assert_eq!(current.headers()[header::CACHE_CONTROL], "public, max-age=31536000, immutable");
        assert_eq!(serve(path("old", "style.css")).await.headers()[header::CACHE_CONTROL], "no-cache");
        assert_eq!(serve(path(&VERSION, "../lib.rs")).await.status(), StatusCode::NOT_FOUND);
    }
}
