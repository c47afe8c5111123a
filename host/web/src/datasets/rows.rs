//! Rows of a dataset: one page, or all of them one page after the other.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use bytes::Bytes;
use dinh_model::PluginId;
use dinh_runtime::Plugin;
use dinh_services::records::{Page, RecordError};
use dinh_services::sharing::{self, Consumer, Source};
use dinh_services::{Call, ServiceError};
use sha2::{Digest, Sha256};
use tokio::sync::mpsc;

use super::selection::{self, Asked, Shape};
use super::written::Rows;
use crate::app::App;
use crate::lookup::Lookup;
use crate::pages::call::blocking;
use crate::parts::{BrokenOff, Parts};
use crate::problem::{Kind, Problem};
use crate::table_file::refused;
use crate::visitor::Visitor;
use crate::workbook::Refused;

/// Rows of one call, where all are asked for.
const EACH: u32 = 1_000;

/// `GET /api/v1/datasets/PLUGIN/NAME`
pub async fn rows(
    State(app): State<App>,
    visitor: Visitor,
    Path((plugin, name)): Path<(String, String)>,
    Query(query): Query<Vec<(String, String)>>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let plugin: PluginId = plugin.parse().map_err(|_| Kind::NotFound)?;
    let provider =
        app.runtime.plugin(&plugin).filter(|plugin| !plugin.is_built_in()).ok_or(Kind::NotFound)?;
    // One page is soon over.
    let is_one_page = query.iter().any(|(name, _)| name == "limit");
    let place = if is_one_page { None } else { Some(visitor.transfer(&app)?) };
    let reader = Reader { app: app.clone(), visitor: visitor.clone(), provider, name };
    let (first, mut asked) = reader.begin(query).await?;
    let last = asked.limit.is_some() || first.next.is_none();
    let mut next = first.next.clone();
    let (mut file, bytes) = reader.write(None, first, &asked, last).await?;
    if asked.limit.is_some() {
        return Ok(one_page(&visitor, &headers, bytes, next.as_deref(), &asked));
    }
    let shape = asked.shape;
    let (send, receive) = mpsc::channel(2);
    tokio::spawn(async move {
        let _place = place;
        let mut bytes = bytes;
        loop {
            if send.send(Ok(Bytes::from(bytes))).await.is_err() {
                return;
            }
            let Some(cursor) = next else { return };
            asked.after = Some(cursor);
            match reader.go_on(file, &asked).await {
                Ok(part) => (file, bytes, next) = part,
                Err(problem) => {
                    tracing::warn!(dataset = reader.name, kind = problem.kind.slug(), "a read broke off");
                    let _ = send.send(Err(BrokenOff)).await;
                    return;
                }
            }
        }
    });
    let mut response = Response::new(Body::new(Parts { receive }));
    typed(&mut response, shape);
    Ok(response)
}

/// One page, with a mark of what it holds and the way to the next.
fn one_page(
    visitor: &Visitor,
    headers: &HeaderMap,
    bytes: Vec<u8>,
    next: Option<&str>,
    asked: &Asked,
) -> Response {
    let hash = Sha256::new().chain_update(&bytes).chain_update(next.unwrap_or_default()).finalize();
    let hash: String = data_encoding::HEXLOWER.encode(&hash).chars().take(32).collect();
    let mark = format!("\"{hash}\"");
    let known = headers.get_all(header::IF_NONE_MATCH).into_iter().filter_map(|value| value.to_str().ok());
    let known =
        known.flat_map(|value| value.split(',')).any(|value| value.trim().trim_start_matches("W/") == mark);
    let mut response = if known {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        response
    } else {
        Response::new(Body::from(bytes))
    };
    typed(&mut response, asked.shape);
    if let Ok(mark) = HeaderValue::from_str(&mark) {
        response.headers_mut().insert(header::ETAG, mark);
    }
    if let Some(next) = next
        && let Ok(link) =
            HeaderValue::from_str(&format!("<{}>; rel=\"next\"", with_after(&visitor.here, next)))
    {
        response.headers_mut().insert(header::LINK, link);
    }
    response
}

/// The address of the page that begins after a cursor.
fn with_after(here: &str, next: &str) -> String {
    let (path, query) = here.split_once('?').unwrap_or((here, ""));
    let kept = query.split('&').filter(|pair| !pair.is_empty() && !pair.starts_with("after="));
    let query: Vec<&str> = kept.collect();
    // Cursors are made of letters, digits, `-` and `_`.
    format!("{path}?{}{}after={next}", query.join("&"), if query.is_empty() { "" } else { "&" })
}

fn typed(response: &mut Response, shape: Shape) {
    let kind = match shape {
        Shape::Json => "application/x-ndjson",
        Shape::Table(format) => format.media(),
    };
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
}

/// Who reads what.
#[derive(Clone)]
struct Reader {
    app: App,
    visitor: Visitor,
    provider: Arc<Plugin>,
    name: String,
}

impl Reader {
    /// Opens the dataset, reads the query by its fields, and reads the first page.
    async fn begin(&self, query: Vec<(String, String)>) -> Result<(Page, Asked), Problem> {
        let data = Arc::clone(&self.provider.data);
        let asked = self
            .look(move |_, source| {
                let collection = data.collection(&source.offer().dataset.collection);
                Ok(collection.map(|collection| selection::read(&query, source.fields(), collection)))
            })
            .await?
            .ok_or(Kind::NotFound)??;
        Ok((self.page(&asked).await?, asked))
    }

    /// One page, in a call of its own.
    async fn page(&self, asked: &Asked) -> Result<Page, Problem> {
        let (data, asked) = (Arc::clone(&self.provider.data), asked.clone());
        let limit = asked.limit.unwrap_or(EACH);
        let read = self
            .look(move |call, source| {
                let after = asked.after.as_deref();
                match sharing::query(call, source, &data, &asked.selection, after, limit) {
                    Err(RecordError::BadRequest(wrong)) => Ok(Err(wrong)),
                    read => read.map(Ok).map_err(ServiceError::from),
                }
            })
            .await?;
        read.map_err(|wrong| Problem::with(Kind::BadRequest, wrong))
    }

    /// Looks something up in the dataset; what was read is durable evidence before this returns.
    async fn look<T: Send + 'static>(
        &self,
        look: impl Fn(&mut Call, &Source) -> Result<T, ServiceError> + Send + 'static,
    ) -> Result<T, Problem> {
        let (platform, origin) = (Arc::clone(&self.app.platform), self.visitor.origin(&self.app));
        let (plugin, name) = (self.provider.manifest.id.clone(), self.name.clone());
        let account = self.visitor.account();
        let found = blocking(move || {
            platform.look(&origin, |call| {
                let source = match Source::open_public(call, &plugin, &name)? {
                    Some(source) => source,
                    None => {
                        let Some(account) = account else { return Ok(None) };
                        Source::open_dataset(call, &Consumer::Account(account), &plugin, &name)?
                    }
                };
                look(call, &source).map(Some)
            })
        })
        .await?;
        let found = found.map_err(|error| Problem::service(&error, self.visitor.language))?;
        // Whether there is such a dataset is for those who are signed in.
        found.ok_or_else(|| Kind::SignIn.into())
    }

    /// The page that follows, written behind the others.
    async fn go_on(&self, file: Rows, asked: &Asked) -> Result<(Rows, Vec<u8>, Option<String>), Problem> {
        self.visitor.still(&self.app)?;
        let page = self.page(asked).await?;
        let next = page.next.clone();
        let (file, bytes) = self.write(Some(file), page, asked, next.is_none()).await?;
        Ok((file, bytes, next))
    }

    /// Writes a page, to what was begun or to something new; also the bytes that are ready.
    async fn write(
        &self,
        file: Option<Rows>,
        page: Page,
        asked: &Asked,
        last: bool,
    ) -> Result<(Rows, Vec<u8>), Problem> {
        let (reader, shape, fields) = (self.clone(), asked.shape, asked.selection.fields.clone());
        let written = move || {
            let mut file = match file {
                Some(file) => file,
                None => Rows::begin(shape, &reader.name, &fields)?,
            };
            let lookup = Lookup::new(&reader.app, &reader.visitor, None);
            file.put(&lookup, reader.visitor.formats(), &page, &fields)?;
            if last {
                file.end()?;
            }
            let bytes = file.take();
            Ok((file, bytes))
        };
        let written: Result<_, Refused> = blocking(written).await?;
        written.map_err(|what| refused(what, self.visitor.texts()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_page_is_asked_for_with_everything_else_as_it_was() {
        let here = "/api/v1/datasets/personnel/members?limit=2&after=abc&where=name%3Ais-filled";
        assert_eq!(
            with_after(here, "def"),
            "/api/v1/datasets/personnel/members?limit=2&where=name%3Ais-filled&after=def"
        );
        assert_eq!(with_after("/api/v1/datasets/a/b", "x"), "/api/v1/datasets/a/b?after=x");
    }
}
