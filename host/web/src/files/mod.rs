//! Attached files: brought with a form or by themselves, downloaded as nothing that a browser would run.
//!
//! ```text
//! POST /apps/PLUGIN/… ── part f.NAME ── receive ── its identifier, as if the form had sent that
//! POST /apps/PLUGIN/files ── body ── receive ── 201 {id, name, …}
//! GET  /apps/PLUGIN/files/ID ── open (who sees it; evidence, durable) ── piece after piece
//! ```
//!
//! Nothing of a file is held but the piece that comes or goes.

mod download;
mod receive;
mod upload;

use dinh_services::files::FileInfo;
use serde_json::{Value, json};

use crate::place::Place;

pub use download::download;
pub use receive::{Receiving, Taker};
pub use upload::upload;

/// A file as programs are told of it.
pub fn told(place: Place<'_>, info: &FileInfo) -> Value {
    json!({
        "id": info.id.to_string(),
        "name": info.name,
        "media_type": info.media.as_str(),
        "size": info.size,
        "sha256": data_encoding::HEXLOWER.encode(&info.sha256),
        "label": info.label.as_str(),
        "brought": info.brought.to_string(),
        "href": place.file(info.id),
    })
}
