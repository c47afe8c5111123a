//! The dossiers that the reader may see: by kind, state, year, and by what the statistics count.

use dinh_sdk::prelude::*;
use dinh_sdk::{access, time};

use super::{dossiers, in_the_name, kinds};
use crate::model::catalog::list;
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
    let found = Dossier::all()
        .filter_some(asked.kind.clone().map(|kind| Dossier::KIND.is(kind)))
        .filter_some(asked.state.clone().map(|state| Dossier::STATE.is(state)))
        .filter_some(asked.year.map(|year| Dossier::YEAR.is(year)))
        .filter_some(asked.level.clone().map(|level| Dossier::LEVEL.is(level)))
        .filter_some(asked.content.clone().map(|content| Dossier::CONTENT.is(content)))
        .filter_some(asked.conclusion.clone().map(|conclusion| Dossier::CONCLUSION.is(Some(conclusion))))
        .filter_some(asked.subject.clone().map(|subject| Dossier::SUBJECT.is(subject)))
        .page(request.after(), limit)?;
    let table = dossiers(request, "dossiers", &found.rows, &catalog, today)
        .paged(request, found.next)
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
    Filters::new(vec![
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
