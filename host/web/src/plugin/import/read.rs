//! An upload, read by the columns of its block.

use std::sync::Arc;

use dinh_model::{AccountId, time};
use dinh_runtime::AskedSheet;
use dinh_runtime::bindings::views::{FieldKind, Page};
use dinh_services::sheets::{self, CellKind, Choice, Sheet, SheetColumn, StagingError, UploadId, Wanted};

use super::imports;
use crate::app::App;
use crate::datum::Datum;
use crate::directory::Directory;
use crate::draw::Unreadable;
use crate::form::kind::{CODES, days_within};
use crate::lookup::Lookup;
use crate::places::Place;
use crate::plugin::address::Address;
use crate::problem::Problem;
use crate::visitor::Visitor;

/// A sheet that was read, and what reads it.
pub(super) struct AtHand {
    pub(super) id: UploadId,
    pub(super) block: String,
    pub(super) sheet: Arc<Sheet>,
    columns: Arc<[SheetColumn]>,
}

impl AtHand {
    pub(super) fn asked(&self, sheet: &Arc<Sheet>) -> AskedSheet {
        AskedSheet { block: self.block.clone(), sheet: Arc::clone(sheet), columns: Arc::clone(&self.columns) }
    }
}

/// Why an upload is not there, for the person.
pub(super) fn staging(visitor: &Visitor, error: &StagingError) -> String {
    let texts = visitor.texts();
    match error {
        StagingError::TooLarge { most } => {
            texts.with("import-too-large", &[("most", &(most >> 20).to_string())])
        }
        StagingError::Full => texts.say("import-full"),
        StagingError::Unknown => texts.say("import-gone"),
        StagingError::Sealing(error) => {
            tracing::error!(%error, "uploads cannot be sealed or opened");
            error.text(visitor.language)
        }
        StagingError::Io { .. } => {
            tracing::error!(%error, "an upload could not be kept or read");
            texts.say("problem-internal-text")
        }
    }
}

/// Reads an upload by the columns of its block, which is looked for on the page, as soon as it has its turn.
pub(super) async fn read(
    app: &App,
    visitor: &Visitor,
    address: &Address,
    page: &Page,
    id: &str,
) -> Result<Result<AtHand, Unreadable>, Problem> {
    let owner = visitor.signed_in()?.account.id;
    // Before the file is held in memory.
    let turn = app.sheets.turn(owner, app.options.turn_wait).await.ok_or_else(Problem::busy)?;
    Ok(read_by(app, visitor, address, page, (id, owner), turn).await)
}

async fn read_by(
    app: &App,
    visitor: &Visitor,
    address: &Address,
    page: &Page,
    (id, owner): (&str, AccountId),
    turn: Place<AccountId>,
) -> Result<AtHand, Unreadable> {
    let unreadable = |block: &str, text: String| Unreadable { block: block.to_owned(), text };
    let first = imports(page).next().map_or("", |import| import.id.as_str());
    let gone = || unreadable(first, visitor.texts().say("import-gone"));
    let id = id.parse::<UploadId>().map_err(|_| gone())?;
    let staged = app.upload_key().and_then(|key| {
        let now = app.platform.clock().now();
        app.uploads()?.staged(id, owner, &address.plugin.manifest.id, now, &key)
    });
    let (staged, bytes) = staged.map_err(|error| unreadable(first, staging(visitor, &error)))?;
    let block = staged.upload.block;
    let import = imports(page).find(|import| import.id == block).ok_or_else(gone)?;
    let lookup = Lookup::new(app, visitor, Some(address.plugin.clone()));
    let columns: Arc<[SheetColumn]> =
        import.columns.iter().map(|column| self::column(&lookup, column)).collect();
    drop(lookup);
    let (wanted, most_rows, language) = (Arc::clone(&columns), import.maximum_rows, visitor.language);
    let file_name = staged.upload.file_name;
    // Reading ten thousand rows takes a moment: not on a thread that answers requests.
    let read = tokio::task::spawn_blocking(move || {
        // Whether or not anybody waits for it any more.
        let _turn = turn;
        sheets::read(&file_name, &bytes, Wanted { columns: &wanted, most_rows, language })
    });
    match read.await {
        Ok(Ok(sheet)) => Ok(AtHand { id, block, sheet: Arc::new(sheet), columns }),
        Ok(Err(error)) => Err(unreadable(&block, error.text(visitor.language))),
        Err(error) => {
            tracing::error!(%error, "reading a sheet broke off");
            Err(unreadable(&block, visitor.texts().say("problem-internal-text")))
        }
    }
}

/// A declared column as the sheets service has it. A code is a choice among the entries of its catalog.
fn column(lookup: &Lookup<'_>, column: &dinh_runtime::bindings::views::SheetColumn) -> SheetColumn {
    let kind = match &column.kind {
        FieldKind::Integer(range) => CellKind::Integer { minimum: range.minimum, maximum: range.maximum },
        FieldKind::Money(range) => CellKind::Money { minimum: range.minimum, maximum: range.maximum },
        FieldKind::Decimal(range) => {
            let bound = |value: &Option<_>| value.as_ref().and_then(|value| Datum::of(value).number());
            CellKind::Decimal {
                scale: range.scale,
                minimum: bound(&range.minimum),
                maximum: bound(&range.maximum),
            }
        }
        FieldKind::Date(range) => {
            let (earliest, latest) = days_within(*range);
            CellKind::Date { earliest: Some(earliest), latest: Some(latest) }
        }
        FieldKind::Boolean => CellKind::Boolean,
        FieldKind::Choice(choices) => {
            let choices = choices.choices.iter();
            CellKind::Choice(
                choices.map(|one| Choice { value: one.value.clone(), text: one.text.clone() }).collect(),
            )
        }
        FieldKind::Code(picker) => {
            let as_of = picker.as_of.and_then(time::from_days).unwrap_or_else(|| lookup.today());
            let codes =
                lookup.codes(&picker.catalog, as_of, CODES).unwrap_or_default().candidates.into_iter();
            CellKind::Choice(codes.map(|code| Choice { value: code.value, text: code.text }).collect())
        }
        FieldKind::Text(range) | FieldKind::LongText(range) => {
            CellKind::Text { minimum: range.minimum, maximum: range.maximum }
        }
        // The runtime has refused pages whose imports take other kinds.
        _ => CellKind::Text { minimum: 0, maximum: 1_000 },
    };
    SheetColumn {
        name: column.name.clone(),
        label: column.label.clone(),
        aliases: column.aliases.clone(),
        kind,
        required: column.required,
        empty_words: column.empty_words.clone(),
    }
}
