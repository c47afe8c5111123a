//! A plugin that reads what another shares and tries every way out for it: written lower, copied as text, logged, said
//! in a notice, offered again, and asked for by yes and no. The host's tests prove that each is refused.

use dinh_sdk::bindings::dinh::platform::{records, sharing as host};
use dinh_sdk::events::Event;
use dinh_sdk::log;
use dinh_sdk::prelude::*;

/// A note of the other plugin.
#[derive(Clone, Record)]
#[record(wanted = "notes")]
pub struct Note {
    /// What it says.
    pub title: String,
    /// A number.
    pub weight: i64,
}

/// What is kept of it.
#[derive(Clone, Default, Record)]
#[record(collection = "copies")]
pub struct Copy {
    /// A text.
    pub text: Option<String>,
    /// A number.
    pub number: Option<i64>,
    /// What it was made from.
    pub note: Option<String>,
    /// Its label.
    pub secrecy: Option<String>,
}

/// What is shown: that is what sharing is for.
fn show(request: &Request) -> Result<Page> {
    let Some(terms) = sharing::agreed("notes")? else { return Ok(Page::new("no contract")) };
    let notes = Note::all().order_by(Note::WEIGHT.ascending()).page(request.after(), 100)?;
    let titles: Vec<_> = notes.rows.iter().map(|note| note.title.clone()).collect();
    let table = Table::of("notes", &notes.rows)
        .column(Head::new("title", "Ghi chép"), |note| note.title.as_str())
        .build();
    let facts = vec![
        Fact::new("contract", i64::from(terms.contract)),
        Fact::new("fields", terms.fields.join(" ")),
        Fact::new("titles", titles.join(", ")),
        Fact::new("count", i64::try_from(Note::all().count()?).unwrap_or_default()),
        Fact::new("sum", Note::all().sum(Note::WEIGHT)?),
    ];
    Ok(Page::new("Notes").block(Facts::new(facts)).block(table))
}

/// References whose titles the host shows: this code never reads one.
fn references(request: &Request) -> Result<Page> {
    let ids: String = request.optional("ids")?.unwrap_or_default();
    let ids: Vec<RecordId> = ids.split(',').filter_map(|id| id.parse().ok()).collect();
    let table = Table::of("references", &ids)
        .column(Head::new("title", "Ghi chép").showing(Note::TITLE), |id| *id)
        .column(Head::new("weight", "Trọng số").showing(Note::WEIGHT), |id| *id)
        .build();
    Ok(Page::new("References").block(table))
}

/// A form that picks a note of the other plugin.
fn pick(_: &Request) -> Result<Page> {
    let note = Field::reference("note", "Ghi chép", Note::TITLE).beside(Note::WEIGHT).required();
    Ok(Page::new("Pick").block(Form::new("pick", "Lưu").field(note)))
}

/// Keeps what was picked: the identifier is all that comes here.
fn picked(_: &Request, submission: &Submission) -> Result<Outcome> {
    let picked: RecordId = submission.get("note")?;
    Copy { note: Some(picked.to_string()), ..Copy::default() }.insert()?;
    Ok(Outcome::done("/pick").saying(format!("picked {picked}")))
}

/// One way out.
fn leak(_: &Request, submission: &Submission) -> Result<Outcome> {
    let way: String = submission.get("way")?;
    let said: Option<String> = submission.get("said")?;
    let notes = Note::all().order_by(Note::WEIGHT.ascending()).list()?;
    let last = notes.last().or_not_found("no note")?;
    let kept = match way.as_str() {
        "text" => Copy { text: Some(last.title.clone()), ..Copy::default() },
        "submitted" => Copy { text: said, ..Copy::default() },
        "number" => Copy { number: Some(last.weight), ..Copy::default() },
        "number-as-high" => {
            Copy { number: Some(last.weight), secrecy: Some("confidential".into()), ..Copy::default() }
        }
        "log" => {
            log::info(&last.title);
            return Ok(Outcome::done("/"));
        }
        "notice" => return Ok(Outcome::done("/").saying(last.title.clone())),
        "other-field" => {
            let condition = records::Condition {
                field: "author".into(),
                comparison: records::Comparison::IsFilled,
                value: Value::Empty,
            };
            let selection = host::Selection {
                wanted: "notes".into(),
                fields: Vec::new(),
                any_of: vec![vec![condition]],
                order_by: Vec::new(),
            };
            return match host::count(&selection) {
                Ok(count) => Ok(Outcome::done("/").saying(count.to_string())),
                Err(error) => Err(Error::form(format!("{error:?}"))),
            };
        }
        _ => return Err(Error::form("no such way")),
    };
    kept.insert()?;
    Ok(Outcome::done("/"))
}

/// Keeps what it is told; a note of weight 13 it cannot digest, one of 14 makes it break off, and one of 15 to 19 do harm.
fn told(event: &Event) -> Result<()> {
    let keep = |text: String, number| Copy { note: Some(text), number, ..Copy::default() }.insert().map(drop);
    match event {
        Event::Begun => keep("begun".into(), None),
        Event::Ended => keep("ended".into(), None),
        Event::Changed(changes) => changes.iter().try_for_each(|change| {
            let weight = if change.present { weight(change.id)? } else { None };
            if weight == Some(13) {
                return Err(Error::Failed("thirteen".into()));
            }
            assert_ne!(weight, Some(14));
            harm(weight)?;
            let standing = if change.present { "present" } else { "left" };
            keep(format!("{standing} {}", change.id), weight)
        }),
    }
}

/// What a subscriber can do to the host that tells it something.
fn harm(weight: Option<i64>) -> Result<()> {
    match weight {
        Some(15) => loop {
            std::hint::black_box(());
        },
        Some(16) => log::info(&deep(1).to_string()),
        Some(17) => {
            let mut kept = Vec::new();
            loop {
                kept.push(std::hint::black_box(vec![1_u8; 1 << 20]));
            }
        }
        Some(18) => loop {
            log::info("x");
        },
        Some(19) => loop {
            Copy::default().insert()?;
        },
        _ => {}
    }
    Ok(())
}

#[expect(unconditional_recursion, reason = "that is the harm")]
fn deep(depth: u64) -> u64 {
    std::hint::black_box(deep(std::hint::black_box(depth + 1))) + 1
}

/// The weight of a note, where the contract names it.
fn weight(note: RecordId) -> Result<Option<i64>> {
    let agreed = sharing::agreed("notes")?.is_some_and(|terms| terms.fields.iter().any(|it| it == "weight"));
    if !agreed {
        return Ok(None);
    }
    let columns = host::resolve("notes", &[note], &["weight".into()])?;
    Ok(columns.first().and_then(|column| column.get::<i64>(0).ok()))
}

fn events() -> Events {
    Events::new().on("notes", told)
}

fn routes() -> Router {
    Router::new()
        .page("/", show)
        .form("leak", leak)
        .page("/references", references)
        .page("/pick", pick)
        .form("pick", picked)
}

dinh_sdk::plugin!(routes, events);
