//! The pages. All that shows a case is Mật; the host raises each page to what it has read.
//!
//! ```text
//! list, due      dossiers, and those that are late or soon will be
//! new, import    a dossier opened, dossiers from the paper book
//! dossier        one: facts, steps, documents; act: what may be done; events: what happened
//! team           who takes part; the question whether somebody is related
//! decide         ballots and decisions of a case of discipline
//! document       one document of a case, and its file
//! template       a document filled in with the dossier's data
//! denouncer      who denounced, for who may
//! discipline     decisions, and how each stands
//! statistics     the matrix, down to the dossiers
//! catalogs       what changes by decree
//! ```

mod act;
pub(crate) mod catalogs;
pub(crate) mod decide;
pub(crate) mod denouncer;
pub(crate) mod discipline;
pub(crate) mod document;
pub(crate) mod dossier;
pub(crate) mod due;
pub(crate) mod events;
pub(crate) mod import;
pub(crate) mod list;
pub(crate) mod new;
pub(crate) mod statistics;
pub(crate) mod team;
pub(crate) mod template;

use dinh_sdk::access::{self, Target};
use dinh_sdk::accounts;
use dinh_sdk::prelude::*;

use crate::model::shared::MemberName;
use crate::model::{Catalog, Dossier};
use crate::rules::deadline::{self, Standing};
use crate::rules::kind::{Kind, stage};
use crate::rules::matrix::subject;
use crate::rules::procedure::state;

/// Whether the actor may do this to what is Mật in a unit: what a button is offered by.
pub(crate) fn may(permission: &str, unit: UnitId) -> bool {
    let target = Target { unit: unit.0, label: Label::Confidential, owner: None };
    access::explain(permission, target).is_some_and(|explanation| explanation.allowed)
}

/// A page of many dossiers bears the name of the committee whose they are: of the unit above all in which the reader may
/// see them. Where that is more than one, of the reader's own unit.
pub(crate) fn in_the_name(page: Page, permission: &str) -> Page {
    let units = access::units(permission);
    let parent = |unit: UnitId| accounts::unit(unit).and_then(|unit| unit.parent);
    let mut above =
        units.iter().filter(|unit| !parent(**unit).is_some_and(|over| units.contains(&UnitId(over))));
    match (above.next(), above.next()) {
        (Some(one), None) => page.letterhead(*one),
        _ => page,
    }
}

/// The name of a unit.
pub(crate) fn unit_name(unit: UnitId) -> String {
    accounts::unit(unit).map_or_else(|| unit.0.to_string(), |unit| unit.name)
}

/// The name of a kind.
pub(crate) fn kind_name(request: &Request, key: &str) -> String {
    Kind::of_key(key).map_or(key, |kind| kind.name().in_language(request.language())).to_owned()
}

/// The kinds, to choose from.
pub(crate) fn kinds(request: &Request) -> Vec<Choice> {
    let choice = |kind: Kind| Choice::new(kind.key(), kind.name().in_language(request.language()));
    Kind::ALL.into_iter().map(choice).collect()
}

/// What a subject is called.
pub(crate) fn subject_name(request: &Request, key: &str) -> &'static str {
    let language = request.language();
    match key {
        subject::MEMBER => language.of("Đảng viên", "Member"),
        _ => language.of("Tổ chức đảng", "Party organisation"),
    }
}

/// How far a dossier is, with what that means for the reader.
pub(crate) fn state_name(request: &Request, state: &str) -> (&'static str, Tone) {
    let language = request.language();
    match state {
        state::OPEN => (language.of("Đang giải quyết", "Open"), Tone::Info),
        state::SUSPENDED => (language.of("Tạm đình chỉ", "Suspended"), Tone::Warning),
        _ => (language.of("Đã kết thúc", "Closed"), Tone::Good),
    }
}

/// What a stage is called.
pub(crate) fn stage_name(request: &Request, stage: &str) -> &'static str {
    let language = request.language();
    match stage {
        stage::PREPARE => language.of("Chuẩn bị", "Preparation"),
        stage::CONDUCT => language.of("Tiến hành", "Conduct"),
        _ => language.of("Kết thúc", "Conclusion"),
    }
}

/// How the next deadline of a dossier stands.
pub(crate) fn standing(dossier: &Dossier, catalog: &Catalog, today: Date) -> Standing {
    let suspended = dossier.state == state::SUSPENDED;
    deadline::standing(dossier.next_due(), suspended, today, catalog.soon())
}

/// The same for people.
pub(crate) fn standing_name(request: &Request, standing: Standing) -> (String, Tone) {
    let say = |vi: String, en: String| request.say(&vi, &en).to_owned();
    match standing {
        Standing::Overdue(days) => {
            (say(format!("Quá hạn {days} ngày"), format!("{days} days overdue")), Tone::Bad)
        }
        Standing::Soon(0) => (say("Đến hạn hôm nay".into(), "Due today".into()), Tone::Warning),
        Standing::Soon(days) => (say(format!("Còn {days} ngày"), format!("{days} days left")), Tone::Warning),
        Standing::InTime(days) => {
            (say(format!("Còn {days} ngày"), format!("{days} days left")), Tone::Neutral)
        }
        Standing::Suspended => (say("Tạm dừng tính hạn".into(), "The clock stands".into()), Tone::Neutral),
        Standing::None => (say("Không có hạn".into(), "No deadline".into()), Tone::Neutral),
    }
}

/// A table of dossiers.
pub(crate) fn dossiers(
    request: &Request,
    id: &str,
    rows: &[Stored<Dossier>],
    catalog: &Catalog,
    today: Date,
) -> Table {
    let say = |vi, en| request.say(vi, en);
    Table::of(id, rows)
        .column(Head::new("number", say("Số", "No.")).narrow(), |row| row.sign())
        .column(Head::new("kind", say("Loại hồ sơ", "Kind")), |row| kind_name(request, &row.kind))
        .column(Head::new("title", say("Trích yếu", "Subject")).wide(), |row| row.title.as_str())
        .column(Head::new("member", say("Đảng viên", "Member")).showing(MemberName::FULL_NAME), |row| {
            row.member
        })
        .column(Head::new("organisation", say("Tổ chức đảng", "Organisation")), |row| row.organisation)
        .column(Head::new("step", say("Bước đang thực hiện", "Step")), |row| row.step.as_deref())
        .column(Head::new("due", say("Hạn", "Due")).format(Format::Date), |row| row.next_due())
        .column(Head::new("standing", say("Tiến độ", "Progress")).format(Format::Badge), |row| {
            if !row.is_open() {
                let (name, tone) = state_name(request, &row.state);
                return Cell::new(name.to_owned()).tone(tone);
            }
            let (name, tone) = standing_name(request, standing(row, catalog, today));
            Cell::new(name).tone(tone)
        })
        .column(Head::new("lead", say("Người phụ trách", "Lead")), |row| row.lead)
        .row_target(|row| Some(crate::deeds::shown_at(row.id)))
        .build()
}
