//! Bodies: read within bounds of bytes, fields and time, whatever the sender announces.

use std::error::Error;
use std::time::Duration;

use axum::body::Body;
use axum::extract::multipart::MultipartError;
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::{HeaderMap, StatusCode, header};
use bytes::Bytes;
use dinh_model::AccountId;
use http_body_util::{BodyExt, LengthLimitError, Limited};

use crate::app::{App, Options};
use crate::form::Raw;
use crate::form::raw::RawFile;
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

/// A submission of `sender`, whichever way it is written.
pub async fn submission(app: &App, sender: AccountId, request: Request) -> Result<Raw, Problem> {
    let options = &app.options;
    match kind(request.headers()).as_str() {
        "application/x-www-form-urlencoded" => {
            let bytes = read(request.into_body(), options.form_bytes, options.form_time).await?;
            Ok(Raw::typed(fields(&bytes, options)?, Vec::new()))
        }
        "application/json" => {
            let bytes = read(request.into_body(), options.form_bytes, options.form_time).await?;
            let bad = |error: &dyn Error| Problem::with(Kind::BadRequest, error.to_string());
            let value = serde_json::from_slice(&bytes).map_err(|error| bad(&error))?;
            let raw = Raw::from_json(&value).map_err(|error| bad(&error))?;
            if raw.pairs().len() > options.form_fields {
                return Err(Problem::too_large(options.form_bytes));
            }
            Ok(raw)
        }
        "multipart/form-data" => {
            // Bodies with files are held in memory, so only so many at a time.
            let Some(_place) = app.receiving.take(sender) else {
                return Err(Problem { retry_after: Some(5), ..Kind::Busy.into() });
            };
            match tokio::time::timeout(options.upload_time, parts(request, options)).await {
                Ok(raw) => raw,
                Err(_) => Err(Kind::Slow.into()),
            }
        }
        _ => Err(Kind::Media.into()),
    }
}

/// The fields of a urlencoded body.
pub fn fields(bytes: &[u8], options: &Options) -> Result<Vec<(String, String)>, Problem> {
    let text = std::str::from_utf8(bytes).map_err(|_| Kind::BadRequest)?;
    if text.split('&').count() > options.form_fields {
        return Err(Problem::too_large(options.form_bytes));
    }
    Ok(parse_query(text))
}

async fn parts(request: Request, options: &Options) -> Result<Raw, Problem> {
    let (head, body) = request.into_parts();
    let most = options.upload_bytes;
    let limited = Request::from_parts(head, Body::new(Limited::new(body, options.body_bytes())));
    let mut multipart = Multipart::from_request(limited, &()).await.map_err(|_| Kind::BadRequest)?;
    let broken = |error: MultipartError| {
        if error.status() == StatusCode::PAYLOAD_TOO_LARGE || is_limit(&error) {
            Problem::too_large(most)
        } else {
            Kind::BadRequest.into()
        }
    };
    let (mut pairs, mut files) = (Vec::new(), Vec::new());
    let mut text_bytes = 0;
    while let Some(field) = multipart.next_field().await.map_err(broken)? {
        let name = field.name().unwrap_or_default().to_owned();
        let file_name = field.file_name().map(str::to_owned);
        let bytes = field.bytes().await.map_err(broken)?;
        match file_name {
            Some(_) if bytes.len() > most => return Err(Problem::too_large(most)),
            Some(file_name) => files.push(RawFile { name, file_name, bytes }),
            None => {
                text_bytes += bytes.len();
                pairs.push((name, String::from_utf8_lossy(&bytes).into_owned()));
            }
        }
        if pairs.len() + files.len() > options.form_fields || text_bytes > options.form_bytes {
            return Err(Problem::too_large(options.form_bytes));
        }
    }
    Ok(Raw::typed(pairs, files))
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
        assert_eq!(fields(b"a=1&b=2&c=3&d=4", &options).unwrap_err().kind, Kind::TooLarge);
    }

    async fn multipart(options: &Options, body: &str) -> Result<Raw, Problem> {
        let request = axum::http::Request::post("/")
            .header(header::CONTENT_TYPE, "multipart/form-data; boundary=b")
            .body(Body::from(body.to_owned()))
            .unwrap();
        parts(request, options).await
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
        assert_eq!(multipart(&few, body).await.unwrap_err().kind, Kind::TooLarge);
        assert_eq!(multipart(&Options::default(), "--b\r\nbroken").await.unwrap_err().kind, Kind::BadRequest);
    }
}
