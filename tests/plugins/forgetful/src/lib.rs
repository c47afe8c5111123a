//! A plugin that never asks who may see what: it lists everything it can get, in every way there is. The
//! host's tests prove that nobody sees a record through it that they may not see.

use dinh_sdk::prelude::*;
use dinh_sdk::records;

/// A note of a unit.
#[derive(Clone, Record)]
#[record(collection = "notes")]
pub struct Note {
    /// What it says.
    pub title: String,
    /// Something to be summed.
    pub weight: i64,
    /// Whose it is.
    pub unit: UnitId,
    /// Who wrote it.
    pub author: Option<AccountId>,
    /// How confidential it is.
    pub secrecy: Option<String>,
    /// Its number in the register.
    pub number: Option<dinh_sdk::RegisterNumber>,
}

fn titles(notes: impl IntoIterator<Item = Stored<Note>>) -> String {
    let mut titles: Vec<String> = notes.into_iter().map(|note| note.title.clone()).collect();
    titles.sort();
    titles.join(", ")
}

/// Everything there is, by every way of asking.
fn everything(request: &Request) -> Result<Page> {
    let found: Option<String> = request.optional("id")?;
    let got = match found.map(|id| id.parse::<RecordId>()) {
        Some(Ok(id)) => Note::get(id).map(|note| note.title.clone()).unwrap_or_default(),
        Some(Err(_)) | None => String::new(),
    };
    let notes = Note::all().list()?;
    let facts = vec![
        Fact::new("list", titles(notes)),
        Fact::new("ordered", titles(Note::all().order_by(Note::WEIGHT.descending()).list()?)),
        Fact::new("search", titles(Note::all().filter(Note::TITLE.matches("ghi")).list()?)),
        Fact::new("range", titles(Note::all().filter(Note::WEIGHT.at_least(0)).list()?)),
        Fact::new("count", i64::try_from(Note::all().count()?).unwrap_or_default()),
        Fact::new("sum", Note::all().sum(Note::WEIGHT)?),
        Fact::new("get", got),
    ];
    Ok(Page::new("Everything").block(Facts::new(facts)))
}

fn add(_: &Request, submission: &Submission) -> Result<Outcome> {
    let mut note: Note = submission.record()?;
    note.number = Some(records::draw("register", "")?);
    let id = note.insert()?;
    Ok(Outcome::done("/").saying(id.to_string()))
}

fn change(_: &Request, submission: &Submission) -> Result<Outcome> {
    records::update::<Note>(submission.get("id")?, None, [Note::TITLE.set(submission.get("title")?)])?;
    Ok(Outcome::done("/"))
}

fn remove(_: &Request, submission: &Submission) -> Result<Outcome> {
    Note::get(submission.get("id")?)?.delete()?;
    Ok(Outcome::done("/"))
}

fn routes() -> Router {
    Router::new().page("/", everything).form("add", add).form("change", change).form("remove", remove)
}

dinh_sdk::plugin!(routes);
