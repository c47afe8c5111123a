//! Cursors: where a page ended, as an opaque text.
//!
//! A cursor holds the position of the last record of a page and a hash of the query it belongs to. It is
//! not a secret and not a right: whatever it says, each row still passes the filter and the permission
//! check, so a forged one shows nothing that the query would not. Where the position is made of what may lie sealed,
//! it is sealed in the cursor as well: cursors are part of addresses, which proxies log.

use std::sync::Arc;

use data_encoding::BASE64URL_NOPAD;
use dinh_model::RecordId;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::RecordError;
use super::order::{Ordering, Position};
use super::place::Place;
use super::selection::Selection;
use crate::call::FolderMark;
use crate::secrets::DataKey;
use crate::{Call, ServiceError};

/// Format of cursors; others are refused.
const FORMAT: u8 = 2;
/// Longest cursor that is looked at: eight texts of 1,000 characters and more.
const LONGEST: usize = 64 << 10;

/// Binds a cursor to a query.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct QueryHash([u8; 8]);

#[derive(Serialize, Deserialize)]
struct Cursor {
    format: u8,
    query: QueryHash,
    keys: Keys,
    id: [u8; RecordId::SIZE],
}

#[derive(Serialize, Deserialize)]
enum Keys {
    Clear(Vec<Vec<u8>>),
    Sealed(Vec<u8>),
}

/// The key for cursors of an order; none when nothing of it may be sealed.
pub(super) fn key(
    call: &Call,
    place: &Place<'_>,
    order: &Ordering,
) -> Result<Option<Arc<DataKey>>, RecordError> {
    let seals =
        |field: usize| place.collection.labels().iter().any(|label| place.collection.seals(field, *label));
    if !order.fields.iter().any(|order| seals(order.field)) {
        return Ok(None);
    }
    match call.data_key(place.owner()) {
        // Then no position is made of it, either.
        Err(ServiceError::Sealed(_)) => Ok(None),
        known => Ok(known?),
    }
}

fn about(query: &QueryHash) -> [&[u8]; 2] {
    [b"cursor", &query.0]
}

impl QueryHash {
    /// Of what decides which records are meant and in which order, and in which data folder. Which fields are returned
    /// does not.
    pub(super) fn of(
        place: &Place<'_>,
        selection: &Selection,
        folder: FolderMark,
    ) -> Result<Self, RecordError> {
        let meant = (
            folder,
            place.data.number,
            place.data.generation,
            &place.collection.name,
            &selection.any_of,
            &selection.order_by,
        );
        let bytes = postcard::to_stdvec(&meant)
            .map_err(|_| RecordError::BadRequest("the query cannot be written down".into()))?;
        let hash = Sha256::digest(&bytes);
        Ok(Self(hash.first_chunk().copied().unwrap_or_default()))
    }
}

/// The cursor of the page that ends at `position`.
pub(super) fn write(
    query: QueryHash,
    position: Position,
    key: Option<&DataKey>,
) -> Result<String, RecordError> {
    let unwritten = |_| RecordError::BadRequest("the cursor cannot be written down".into());
    let keys = match key {
        Some(key) => {
            let keys = postcard::to_stdvec(&position.keys).map_err(unwritten)?;
            Keys::Sealed(key.seal(&about(&query), &keys)?)
        }
        None => Keys::Clear(position.keys),
    };
    let cursor = Cursor { format: FORMAT, query, keys, id: position.id.0 };
    let bytes = postcard::to_stdvec(&cursor).map_err(unwritten)?;
    Ok(BASE64URL_NOPAD.encode(&bytes))
}

/// The position that a cursor names.
pub(super) fn read(
    text: &str,
    query: QueryHash,
    order: &Ordering,
    key: Option<&DataKey>,
) -> Result<Position, RecordError> {
    let parse = || {
        let bytes =
            (text.len() <= LONGEST).then(|| BASE64URL_NOPAD.decode(text.as_bytes()).ok()).flatten()?;
        let (cursor, rest): (Cursor, _) = postcard::take_from_bytes(&bytes).ok()?;
        (cursor.format == FORMAT && rest.is_empty()).then_some(cursor)
    };
    let bad = |why: &str| RecordError::BadRequest(format!("the cursor {why}; begin without one"));
    let strange = || bad("is not one that a query returned");
    let cursor = parse().ok_or_else(strange)?;
    if cursor.query != query {
        return Err(bad("belongs to another query"));
    }
    let keys: Vec<Vec<u8>> = match cursor.keys {
        Keys::Clear(keys) => keys,
        Keys::Sealed(sealed) => {
            let opened =
                key.and_then(|key| key.open(&about(&query), &sealed, "").ok()).ok_or_else(strange)?;
            postcard::from_bytes(&opened).map_err(|_| strange())?
        }
    };
    if keys.len() != order.fields.len() {
        return Err(bad("belongs to another query"));
    }
    Ok(Position { keys, id: RecordId(cursor.id) })
}
