//! What is sent to the pages of one's own account: a form of a few fields, or the same as JSON.

use axum::extract::Request;
use serde_json::Value;

use crate::app::App;
use crate::body;
use crate::problem::{Kind, Problem};
use crate::visitor::Visitor;

/// Most bytes.
const BYTES: usize = 16 << 10;

/// The fields, in the order in which they were sent.
pub struct Sent {
    /// They came as JSON, from a program.
    pub json: bool,
    pairs: Vec<(String, String)>,
}

impl Sent {
    /// Reads what was sent, if it was sent by the visitor for this purpose.
    pub async fn read(
        app: &App,
        visitor: &Visitor,
        purpose: &str,
        request: Request,
    ) -> Result<Self, Problem> {
        let json = body::kind(request.headers()) == "application/json";
        let bytes = body::read(request.into_body(), BYTES, app.options.form_time).await?;
        let pairs = if json { parsed(&bytes)? } else { body::fields(&bytes, &app.options)? };
        let sent = Self { json, pairs };
        visitor.require_token(purpose, Some(sent.value("csrf")))?;
        Ok(sent)
    }

    /// The first value of a field, empty when there is none.
    pub fn value(&self, name: &str) -> &str {
        self.all(name).next().unwrap_or_default()
    }

    /// All values of a field.
    pub fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.pairs.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// Texts, truths, and lists of texts.
fn parsed(bytes: &[u8]) -> Result<Vec<(String, String)>, Problem> {
    let fields: serde_json::Map<String, Value> =
        serde_json::from_slice(bytes).map_err(|_| Kind::BadRequest)?;
    let mut pairs = Vec::new();
    for (name, value) in fields {
        match value {
            Value::String(text) => pairs.push((name, text)),
            Value::Bool(truth) => pairs.push((name, truth.to_string())),
            Value::Array(list) => {
                for one in list {
                    let Value::String(text) = one else { return Err(Kind::BadRequest.into()) };
                    pairs.push((name.clone(), text));
                }
            }
            _ => return Err(Kind::BadRequest.into()),
        }
    }
    Ok(pairs)
}
