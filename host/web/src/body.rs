//! Bodies: read within bounds of bytes, fields and time, whatever the sender announces.

use std::error::Error;
use std::time::Duration;

use axum::body::Body;
use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::{HeaderMap, StatusCode, header};
use bytes::{Bytes, BytesMut};
use dinh_model::AccountId;
use http_body_util::{BodyExt, LengthLimitError, Limited};

use crate::app::{App, Options};
use crate::files::Taker;
use crate::form::raw::RawFile;
use crate::form::{self, Raw, attached};
use crate::place::parse_query;
use crate::problem::{Kind, Problem};

/// A whole body of at most `most` bytes that arrives within `time`.
pub async fn read(body: Body, most: usize, time: Duration) -> Result<Bytes, Problem> {
    let limited = Limited::new(body, most);
    match tokio::time::timeout(time, limited.collect()).await {
        Err(_) => Err(Kind::Slow.into()),
        Ok(Ok(collected)) => Ok(collected.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(Problem::too_large(most)),
        // The sender went away.
        Ok(Err(_)) => Err(Kind::BadRequest.into()),
    }
}

/// The kind of a body, without parameters, in lower case.
pub fn kind(headers: &HeaderMap) -> String {
    let value = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// A submission of `sender`, whichever way it is written. What is attached to it is taken as it comes.
pub async fn submission(
    app: &App,
    sender: AccountId,
    taker: Taker<'_>,
    request: Request,
) -> Result<Raw, Problem> {
    let options = &app.options;
    match kind(request.headers()).as_str() {
        "multipart/form-data" => {
            // Files that are not attached are held in memory, so only so many at a time.
            let Some(_place) = app.receiving.take(sender) else {
                return Err(Problem::busy());
            };
            match tokio::time::timeout(
                options.upload_time,
                parts(request, options, app.body_bytes(), Some(taker)),
            )
            .await
            {
                Ok(raw) => raw,
                Err(_) => Err(Kind::Slow.into()),
            }
        }
        _ => plain(request, options).await,
    }
}

/// A submission that has come whole, of that content type, without anybody who takes what is attached to it.
pub async fn whole(content_type: &str, bytes: Bytes, options: &Options) -> Result<Raw, Problem> {
    let request = Request::builder().header(header::CONTENT_TYPE, content_type).body(Body::from(bytes));
    let request = request.map_err(|_| Kind::BadRequest)?;
    match kind(request.headers()).as_str() {
        "multipart/form-data" => {
            parts(request, options, options.upload_bytes + options.form_bytes, None).await
        }
        _ => plain(request, options).await,
    }
}

/// A submission that is not made of parts.
async fn plain(request: Request, options: &Options) -> Result<Raw, Problem> {
    let kind = kind(request.headers());
    if !matches!(kind.as_str(), "application/x-www-form-urlencoded" | "application/json") {
        return Err(Kind::Media.into());
    }
    let bytes = read(request.into_body(), options.form_bytes, options.form_time).await?;
    match kind.as_str() {
        "application/json" => exact(&bytes, options),
        _ => Ok(Raw::typed(fields(&bytes, options)?, Vec::new())),
    }
}

/// A JSON body.
fn exact(bytes: &[u8], options: &Options) -> Result<Raw, Problem> {
    let bad = |error: &dyn Error| Problem::with(Kind::BadRequest, error.to_string());
    let value = serde_json::from_slice(bytes).map_err(|error| bad(&error))?;
    let raw = Raw::from_json(&value).map_err(|error| bad(&error))?;
    if raw.pairs().len() > options.form_fields {
        return Err(Problem::too_many(options.form_fields));
    }
    Ok(raw)
}

/// The fields of a urlencoded body.
pub fn fields(bytes: &[u8], options: &Options) -> Result<Vec<(String, String)>, Problem> {
    let text = std::str::from_utf8(bytes).map_err(|_| Kind::BadRequest)?;
    if text.split('&').count() > options.form_fields {
        return Err(Problem::too_many(options.form_fields));
    }
    Ok(parse_query(text))
}

/// The same request with a body of at most `most` bytes.
pub fn limited(request: Request, most: usize) -> Request {
    let (head, body) = request.into_parts();
    Request::from_parts(head, Body::new(Limited::new(body, most)))
}

/// Why a body of parts that may have `most` bytes broke off.
pub fn broken(error: &MultipartError, most: usize) -> Problem {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE || is_limit(error) {
        Problem::too_large(most)
    } else {
        Kind::BadRequest.into()
    }
}

/// Reads a body of parts of at most `most` bytes. Attached files go where they are taken, and come out as their
/// identifiers; others are held.
async fn parts(
    request: Request,
    options: &Options,
    most: usize,
    taker: Option<Taker<'_>>,
) -> Result<Raw, Problem> {
    let mut multipart =
        Multipart::from_request(limited(request, most), &()).await.map_err(|_| Kind::BadRequest)?;
    let broken = |error: MultipartError| broken(&error, most);
    let (mut pairs, mut files, mut refused) = (Vec::<(String, String)>::new(), Vec::new(), Vec::new());
    let (mut text_bytes, mut file_bytes, mut count) = (0, 0, 0);
    while let Some(mut field) = multipart.next_field().await.map_err(broken)? {
        count += 1;
        if count > options.form_fields {
            return Err(Problem::too_many(options.form_fields));
        }
        let name = field.name().unwrap_or_default().to_owned();
        match (field.file_name().map(str::to_owned), taker) {
            // Browsers send an empty file of no name where none was chosen.
            (Some(file_name), Some(_)) if file_name.is_empty() && attached::is_name(&name) => {}
            (Some(file_name), Some(taker)) if attached::is_name(&name) => {
                // Forms send it first.
                let csrf = pairs.iter().find(|(known, _)| known == "csrf").map(|(_, token)| token.as_str());
                match taker.take(csrf, file_name, &mut field, broken).await? {
                    Ok(info) => pairs.push((name, info.id.to_string())),
                    Err(message) => refused.push(form::Problem { name: Some(name), message }),
                }
            }
            (Some(file_name), _) => {
                let left = options.upload_bytes - file_bytes;
                let bytes = collected(&mut field, left, options.upload_bytes, broken).await?;
                file_bytes += bytes.len();
                files.push(RawFile { name, file_name, bytes });
            }
            (None, _) => {
                let left = options.form_bytes - text_bytes;
                let bytes = collected(&mut field, left, options.form_bytes, broken).await?;
                text_bytes += bytes.len();
                pairs.push((name, String::from_utf8_lossy(&bytes).into_owned()));
            }
        }
    }
    Ok(Raw::typed(pairs, files).refusing(refused))
}

/// A part of at most `left` bytes: what is left of `most`.
async fn collected(
    field: &mut Field<'_>,
    left: usize,
    most: usize,
    broken: impl Fn(MultipartError) -> Problem,
) -> Result<Bytes, Problem> {
    let mut bytes = BytesMut::new();
    while let Some(chunk) = field.chunk().await.map_err(&broken)? {
        if bytes.len() + chunk.len() > left {
            return Err(Problem::too_large(most));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes.freeze())
}

/// Whether the bound of the body is what broke the reading of its parts.
fn is_limit(error: &(dyn Error + 'static)) -> bool {
    std::iter::successors(Some(error), |error: &&(dyn Error + 'static)| (*error).source())
        .any(|error| error.is::<LengthLimitError>())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOON: Duration = Duration::from_secs(60);

    #[tokio::test]
    async fn a_body_larger_than_announced_is_refused_all_the_same() {
        let problem = read(Body::from(vec![0; 11]), 10, SOON).await.unwrap_err();
        assert_eq!(problem.kind, Kind::TooLarge);
        assert_eq!(read(Body::from(vec![0; 10]), 10, SOON).await.unwrap().len(), 10);
    }

    /// A body of which nothing arrives.
    struct Never;

    impl hyper::body::Body for Never {
        type Data = Bytes;
        type Error = std::convert::Infallible;

        fn poll_frame(
            self: std::pin::Pin<&mut Self>,
            _: &mut std::task::Context<'_>,
        ) -> std::task::Poll<Option<Result<hyper::body::Frame<Bytes>, Self::Error>>> {
            std::task::Poll::Pending
        }
    }

    #[tokio::test]
    async fn a_body_that_does_not_arrive_is_given_up() {
        let problem = read(Body::new(Never), 10, Duration::ZERO).await.unwrap_err();
        assert_eq!(problem.kind, Kind::Slow);
    }

    #[test]
    fn too_many_fields_are_refused_before_they_are_decoded() {
        let options = Options { form_fields: 3, ..Options::default() };
        assert_eq!(fields(b"a=1&b=2&c=3", &options).unwrap().len(), 3);
        assert_eq!(fields(b"a=1&b=2&c=3&d=4", &options).unwrap_err().kind, Kind::TooMany);
    }

    async fn multipart(options: &Options, body: &str) -> Result<Raw, Problem> {
        whole("multipart/form-data; boundary=b", Bytes::from(body.to_owned()), options).await
    }

    #[tokio::test]
    async fn a_file_within_the_bound_is_read_and_one_beyond_is_not() {
        let body = "--b\r\ncontent-disposition: form-data; name=\"form\"\r\n\r\nscores\r\n--b\r\n\
                    content-disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\nx,y\r\n--b--\r\n";
        let raw = multipart(&Options::default(), body).await.unwrap();
        assert_eq!(raw.first("form"), Some("scores"));
        assert_eq!(raw.file("file").unwrap().bytes, "x,y");
        let small = Options { upload_bytes: 2, ..Options::default() };
        assert_eq!(multipart(&small, body).await.unwrap_err().kind, Kind::TooLarge);
        let exact = Options { upload_bytes: 3, ..Options::default() };
        assert!(multipart(&exact, body).await.is_ok(), "what is sent along does not count");
        let short = Options { upload_bytes: 3, form_bytes: 50, ..Options::default() };
        assert_eq!(
            multipart(&short, body).await.unwrap_err().kind,
            Kind::TooLarge,
            "and has a bound of its own"
        );
        let few = Options { form_fields: 1, ..Options::default() };
        assert_eq!(multipart(&few, body).await.unwrap_err().kind, Kind::TooMany);
        assert_eq!(multipart(&Options::default(), "--b\r\nbroken").await.unwrap_err().kind, Kind::BadRequest);
    }
}
