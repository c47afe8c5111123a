//! A file on its way out.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use dinh_model::text::fold;
use dinh_model::{AccountId, FileId};
use dinh_services::files::{self, FileInfo, FileReader};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use tokio::sync::mpsc;

use crate::app::App;
use crate::pages::call;
use crate::parts::{BrokenOff, Parts};
use crate::places::Place;
use crate::plugin::address::Address;
use crate::problem::{Kind, Problem};
use crate::respond::Sandboxed;
use crate::visitor::Visitor;

/// `GET /apps/PLUGIN/files/ID`
pub async fn download(
    State(app): State<App>,
    visitor: Visitor,
    Path((_, id)): Path<(String, String)>,
    request: Request,
) -> Result<Response, Problem> {
    let account = visitor.signed_in()?.account.id;
    let id: FileId = id.parse().map_err(|_| Kind::NotFound)?;
    let address = Address::of(&app, &visitor, request.uri())?;
    let data = Arc::clone(&address.plugin.data);
    let Some(place) = app.downloads.take(account) else {
        return Err(Problem::busy());
    };
    // That it is taken out is durable evidence when this returns.
    let (info, reader) = call::perform(&app, &visitor, move |call| files::open(call, &data, id)).await?;
    let tag = format!("\"{}\"", data_encoding::HEXLOWER.encode(&info.sha256));
    let mut response = match is_known(request.headers(), &tag) {
        true => StatusCode::NOT_MODIFIED.into_response(),
        false => Body::new(leaving(app, visitor, &info, reader, place)).into_response(),
    };
    heads(&mut response, &info, &tag);
    Ok(response)
}

/// Whether the reader says that they have it.
fn is_known(headers: &HeaderMap, tag: &str) -> bool {
    let known = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok()).unwrap_or_default();
    known.split(',').any(|known| known.trim().trim_start_matches("W/") == tag)
}

/// The pieces, each opened when the reader has taken those before it, and while their session is open.
fn leaving(
    app: App,
    visitor: Visitor,
    info: &FileInfo,
    reader: FileReader,
    place: Place<AccountId>,
) -> Parts {
    let (send, receive) = mpsc::channel(1);
    let id = info.id;
    tokio::spawn(async move {
        let _place = place;
        let reader = Arc::new(reader);
        for number in 0..reader.pieces() {
            let part = piece(&app, &visitor, &reader, number).await.map(Bytes::from).map_err(|problem| {
                tracing::warn!(file = %id, number, kind = problem.kind.slug(), "a download broke off");
                BrokenOff
            });
            let broke = part.is_err();
            if send.send(part).await.is_err() || broke {
                return;
            }
        }
    });
    Parts { receive }
}

/// One piece, in turn with those of other downloads.
async fn piece(
    app: &App,
    visitor: &Visitor,
    reader: &Arc<FileReader>,
    number: u32,
) -> Result<Vec<u8>, Problem> {
    visitor.still(app)?;
    let turn = Arc::clone(&app.pieces).acquire_owned().await.map_err(|closed| Problem::internal(&closed))?;
    let (reader, platform) = (Arc::clone(reader), Arc::clone(&app.platform));
    let opened = call::blocking(move || {
        // Whether or not anybody waits for the piece any more.
        let _turn = turn;
        reader.piece(&platform, number)
    });
    opened.await?.map_err(|error| Problem::service(&error, visitor.language))
}

fn heads(response: &mut Response, info: &FileInfo, tag: &str) {
    let is_body = response.status() == StatusCode::OK;
    response.extensions_mut().insert(Sandboxed);
    let headers = response.headers_mut();
    // Kept by the reader's own browser, and asked about each time: who sees it is for us to say.
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    if let Ok(tag) = HeaderValue::from_str(tag) {
        headers.insert(header::ETAG, tag);
    }
    if is_body {
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(info.media.as_str()));
        headers.insert(header::CONTENT_LENGTH, HeaderValue::from(info.size));
        headers.insert(header::CONTENT_DISPOSITION, attachment(&info.name));
    }
}

/// What a value of RFC 8187 may hold as it is.
const ATTR: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'!')
    .remove(b'#')
    .remove(b'$')
    .remove(b'&')
    .remove(b'+')
    .remove(b'-')
    .remove(b'.')
    .remove(b'^')
    .remove(b'_')
    .remove(b'`')
    .remove(b'|')
    .remove(b'~');

/// To be saved under its name (RFC 6266): for those who read RFC 8187 to the letter, for others in ASCII.
fn attachment(name: &str) -> HeaderValue {
    let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
    let folded = |text: &str| -> String {
        let dashed = fold(text).replace(' ', "-");
        dashed.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect()
    };
    let plain = format!("{}.{}", folded(stem), folded(extension));
    let encoded = utf8_percent_encode(name, ATTR);
    HeaderValue::from_str(&format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}"))
        .unwrap_or(HeaderValue::from_static("attachment"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_break_out_of_its_head() {
        for (name, head) in [
            (
                "Tờ trình (bản 2).pdf",
                "attachment; filename=\"to-trinh-ban-2.pdf\"; filename*=UTF-8''T%E1%BB%9D%20tr%C3%ACnh%20%28b%E1%BA%A3n%202%29.pdf",
            ),
            (
                "a\"; filename=evil.exe; x=\".pdf",
                "attachment; filename=\"a-filename-evil-exe-x.pdf\"; filename*=UTF-8''a%22%3B%20filename%3Devil.exe%3B%20x%3D%22.pdf",
            ),
            ("a\r\nb.pdf", "attachment; filename=\"a-b.pdf\"; filename*=UTF-8''a%0D%0Ab.pdf"),
        ] {
            assert_eq!(attachment(name), head);
        }
    }

    #[test]
    fn what_the_reader_has_is_known_by_its_tag() {
        let headers = |value: &'static str| {
            HeaderMap::from_iter([(header::IF_NONE_MATCH, HeaderValue::from_static(value))])
        };
        assert!(is_known(&headers("\"x\", W/\"ab\""), "\"ab\""));
        assert!(!is_known(&headers("\"x\""), "\"ab\"") && !is_known(&HeaderMap::new(), "\"ab\""));
    }
}
