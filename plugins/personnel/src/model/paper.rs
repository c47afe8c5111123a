//! Papers of an officer's file (thành phần hồ sơ).

use std::collections::HashMap;

use dinh_sdk::prelude::*;

/// A paper of an officer's file, with its scan or without.
#[derive(Clone, Debug, PartialEq, Record)]
#[record(collection = "papers")]
pub(crate) struct Paper {
    pub(crate) person: RecordId,
    pub(crate) unit: UnitId,
    pub(crate) account: Option<AccountId>,
    /// One of [`crate::sheet::words::PAPERS`].
    pub(crate) kind: String,
    pub(crate) title: Option<String>,
    pub(crate) dated: Option<Date>,
    pub(crate) file: Option<FileId>,
    pub(crate) recorded_by: AccountId,
    pub(crate) recorded_at: Timestamp,
}

impl Paper {
    /// The papers of an officer.
    pub(crate) fn of(person: RecordId) -> Result<Vec<Stored<Self>>> {
        Self::all().filter(Self::PERSON.is(person)).order_by(Self::KIND.ascending()).list()
    }
}

/// Which paper there is, and whose.
#[derive(Clone, Debug, PartialEq, Record)]
#[record(collection = "papers")]
struct There {
    person: RecordId,
    kind: String,
}

/// The kinds of papers that there are, by officer.
pub(crate) fn kinds() -> Result<HashMap<(u64, u64), Vec<String>>> {
    let mut kinds: HashMap<_, Vec<String>> = HashMap::new();
    for row in There::all().list()? {
        kinds.entry((row.person.high, row.person.low)).or_default().push(row.record.kind);
    }
    Ok(kinds)
}
