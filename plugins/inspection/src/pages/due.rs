//! What is late, and what soon will be.

use dinh_sdk::prelude::*;
use dinh_sdk::time;

use super::{dossiers, in_the_name, standing};
use crate::model::{Catalog, Dossier};
use crate::permission;
use crate::rules::deadline::Standing;
use crate::rules::procedure::state;

/// Draws the page.
pub(crate) fn draw(request: &Request) -> Result<Page> {
    let say = |vi, en| request.say(vi, en);
    let today = time::today();
    let catalog = Catalog::on(today)?;
    let mut open = Dossier::all().filter(Dossier::STATE.is(state::OPEN)).list()?;
    open.sort_by_key(|dossier| dossier.next_due());
    let (mut late, mut soon) = (Vec::new(), Vec::new());
    for dossier in open {
        match standing(&dossier, &catalog, today) {
            Standing::Overdue(_) => late.push(dossier),
            Standing::Soon(_) => soon.push(dossier),
            _ => {}
        }
    }
    let days = catalog.soon();
    let count = |dossiers: &[Stored<Dossier>]| i64::try_from(dossiers.len()).unwrap_or(i64::MAX);
    let figures = vec![
        Metric::new(say("Quá hạn", "Overdue"), count(&late)).tone(if late.is_empty() {
            Tone::Good
        } else {
            Tone::Bad
        }),
        Metric::new(say("Sắp đến hạn", "Due soon"), count(&soon))
            .tone(if soon.is_empty() { Tone::Neutral } else { Tone::Warning })
            .note(request.say(&format!("trong {days} ngày tới"), &format!("within {days} days"))),
    ];
    let table = |id: &str, rows: &[Stored<Dossier>], empty: &str| {
        dossiers(request, id, rows, &catalog, today).empty(empty)
    };
    let page = Page::new(say("Hồ sơ đến hạn, quá hạn", "Due and overdue"));
    Ok(in_the_name(page, permission::READ)
        .block(figures)
        .section(Section::new("late", say("Quá hạn", "Overdue")).block(table(
            "overdue",
            &late,
            say("Không có hồ sơ quá hạn.", "Nothing is overdue."),
        )))
        .section(Section::new("soon", say("Sắp đến hạn", "Due soon")).block(table(
            "due-soon",
            &soon,
            say("Không có hồ sơ sắp đến hạn.", "Nothing is due soon."),
        ))))
}
