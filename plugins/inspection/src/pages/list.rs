//! The dossiers that the reader may see: by kind, state, year, and by what the statistics count.

use dinh_sdk::prelude::*;
use dinh_sdk::text::matches;
use dinh_sdk::{access, time};

use super::{dossiers, in_the_name, kinds};
use crate::model::catalog::list;
use crate::model::shared::MemberName;
use crate::model::{Catalog, Dossier};
use crate::permission;
use crate::rules::matrix::subject;
use crate::rules::procedure::state;

/// Rows of a page, and of an export.
const PAGE: u32 = 50;
const EXPORTED: u32 = 1000;

/// What the list is narrowed to.
#[derive(Query)]
struct Asked {
    q: Option<String>,
    kind: Option<String>,
    state: Option<String>,
    year: Option<i64>,
    level: Option<String>,
    content: Option<String>,
    conclusion: Option<String>,
    subject: Option<String>,
}

/// Draws the page.
pub(crate) fn draw(request: &Request) -> Result<Page> {
    let say = |vi, en| request.say(vi, en);
    let asked: Asked = request.query()?;
    let today = time::today();
    let catalog = Catalog::on(today)?;
    let limit = if request.export().is_some() { EXPORTED } else { PAGE };
    let selection = Dossier::all()
        .filter_some(asked.kind.clone().map(|kind| Dossier::KIND.is(kind)))
        .filter_some(asked.state.clone().map(|state| Dossier::STATE.is(state)))
        .filter_some(asked.year.map(|year| Dossier::YEAR.is(year)))
        .filter_some(asked.level.clone().map(|level| Dossier::LEVEL.is(level)))
        .filter_some(asked.content.clone().map(|content| Dossier::CONTENT.is(content)))
        .filter_some(asked.conclusion.clone().map(|conclusion| Dossier::CONCLUSION.is(Some(conclusion))))
        .filter_some(asked.subject.clone().map(|subject| Dossier::SUBJECT.is(subject)));
    let (rows, next) = match asked.q.as_deref().map(str::trim).filter(|words| !words.is_empty()) {
        Some(words) => page_of(request, sought(selection.list()?, words)?, limit),
        None => {
            let found = selection.page(request.after(), limit)?;
            (found.rows, found.next)
        }
    };
    let table = dossiers(request, "dossiers", &rows, &catalog, today)
        .paged(request, next)
        .empty(say("Không có hồ sơ nào.", "No dossiers."));
    let page = Page::new(say("Hồ sơ kiểm tra, giám sát, kỷ luật", "Dossiers"));
    let mut page = in_the_name(page, permission::READ);
    if access::may_somewhere(permission::OPEN) {
        page = page
            .action(Action::open(say("Lập hồ sơ", "Open a dossier"), "/new").primary())
            .action(Action::open(say("Nhập từ sổ giấy", "Bring in the paper book"), "/import"));
    }
    Ok(page.block(filters(request, &asked, &catalog)).block(table))
}

/// Those whose number, subject or member is called so, without regard to diacritics. What is Mật lies sealed and has no
/// index of its words: each is looked at. Names are personnel's; without a contract they are not looked in.
fn sought(mut rows: Vec<Stored<Dossier>>, words: &str) -> Result<Vec<Stored<Dossier>>> {
    let members: Vec<RecordId> = rows.iter().filter_map(|row| row.member).collect();
    let names = match MemberName::resolve(&members) {
        Err(Error::Denied(_)) => Vec::new(),
        names => names?,
    };
    let mut names = names.into_iter();
    rows.retain(|row| {
        let name = row.member.and_then(|_| names.next().flatten()).map(|name| name.full_name);
        matches(&format!("{} {} {}", row.sign(), row.title, name.unwrap_or_default()), words)
    });
    Ok(rows)
}

/// A page of rows that are at hand; its cursor is how many were before.
fn page_of<R>(request: &Request, rows: Vec<R>, limit: u32) -> (Vec<R>, Option<String>) {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let before = request.after().and_then(|after| after.parse::<usize>().ok()).unwrap_or_default();
    let end = before.saturating_add(limit);
    let next = (end < rows.len()).then(|| end.to_string());
    (rows.into_iter().skip(before).take(limit).collect(), next)
}

fn filters(request: &Request, asked: &Asked, catalog: &Catalog) -> Filters {
    let say = |vi, en| request.say(vi, en);
    let choice = |name: &str, label: &str, choices: Vec<Choice>, value: &Option<String>| {
        Field::choice(name, label, choices).value(value.clone()).width(3)
    };
    let named = |key: &str, words: &str| Choice::new(key, words);
    let states = [state::OPEN, state::SUSPENDED, state::CLOSED];
    let states = states.map(|key| named(key, super::state_name(request, key).0)).to_vec();
    let subjects = [subject::ORGANISATION, subject::MEMBER];
    let subjects = subjects.map(|key| named(key, super::subject_name(request, key))).to_vec();
    let words = Field::text("q", say("Từ khoá", "Words"))
        .help(say(
            "Số, trích yếu hoặc họ tên; không cần dấu",
            "Number, subject or name; no diacritics needed",
        ))
        .at_most(100);
    Filters::new(vec![
        words.value(asked.q.clone()).width(4),
        choice("kind", say("Loại hồ sơ", "Kind"), kinds(request), &asked.kind),
        choice("state", say("Trạng thái", "State"), states, &asked.state),
        Field::integer("year", say("Năm", "Year")).between(1990, 2100).value(asked.year).width(2),
        choice("subject", say("Đối tượng", "Subject"), subjects, &asked.subject),
        choice("level", say("Cấp", "Level"), catalog.choices(list::LEVEL), &asked.level),
        choice("content", say("Nội dung", "Content"), catalog.choices(list::CONTENT), &asked.content),
        choice(
            "conclusion",
            say("Kết luận", "Conclusion"),
            catalog.choices(list::CONCLUSION),
            &asked.conclusion,
        ),
    ])
}
