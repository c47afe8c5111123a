//! Ballots and decisions of a case of discipline.

use dinh_sdk::prelude::*;
use dinh_sdk::time;

use super::may;
use crate::deeds::discipline::forms;
use crate::model::catalog::{key, list};
use crate::model::outcome::purpose;
use crate::model::{Ballot, Catalog, Dossier, Measure};
use crate::permission;
use crate::rules::kind::Kind;

/// Draws the page.
pub(crate) fn draw(request: &Request) -> Result<Page> {
    let say = |vi, en| request.say(vi, en);
    let dossier = Dossier::get(request.parameter("id")?)?;
    if dossier.kind()? != Kind::Discipline {
        return Err(Error::NotFound(request.path().to_owned()));
    }
    let catalog = Catalog::on(time::today())?;
    let ballots = Ballot::of(dossier.id)?;
    let mut page = Page::new(say("Biểu quyết, quyết định kỷ luật", "Ballots and decision"))
        .letterhead(dossier.unit)
        .subtitle(dossier.title.clone())
        .breadcrumb(say("Hồ sơ", "Dossiers"), "/")
        .breadcrumb(dossier.sign(), crate::deeds::shown_at(dossier.id))
        .label(Label::Confidential)
        .section(
            Section::new("ballots", say("Kết quả kiểm phiếu (bỏ phiếu kín)", "Secret ballots"))
                .block(counts(request, &dossier, &ballots, &catalog)),
        );
    // Who may not see decisions is not told whether there is one.
    if let Ok(measures) = Measure::of(dossier.id) {
        page = page.section(
            Section::new("decisions", say("Quyết định kỷ luật", "Decisions"))
                .block(super::discipline::table(request, "decisions-of", &measures)),
        );
    }
    if dossier.is_open() && may(permission::DECIDE, dossier.unit) {
        let choices = catalog.choices(forms(&dossier));
        page = page
            .section(
                Section::new("new-ballot", say("Ghi kết quả kiểm phiếu", "Record a ballot"))
                    .collapsed()
                    .block(ballot(request, choices.clone())),
            )
            .section(
                Section::new("new-decision", say("Ghi quyết định kỷ luật", "Record a decision"))
                    .collapsed()
                    .block(decision(request, choices, &catalog)),
            );
    }
    Ok(page)
}

fn purpose_name(request: &Request, key: &str) -> &'static str {
    let language = request.language();
    match key {
        purpose::PROPOSE => language.of("Đề nghị thi hành kỷ luật", "Proposal"),
        _ => language.of("Thi hành kỷ luật", "Decision"),
    }
}

fn counts(request: &Request, dossier: &Dossier, ballots: &[Stored<Ballot>], catalog: &Catalog) -> Table {
    let say = |vi, en| request.say(vi, en);
    let number = |key: &str, head: &str| Head::new(key, head).format(Format::Integer);
    let percent = catalog.number(key::MAJORITY);
    Table::of("ballot-list", ballots)
        .column(Head::new("held-on", say("Ngày", "Day")).format(Format::Date), |row| row.held_on)
        .column(Head::new("purpose", say("Biểu quyết về", "On")), |row| {
            purpose_name(request, &row.purpose)
        })
        .column(Head::new("form", say("Hình thức", "Form")), |row| {
            catalog.title(forms(dossier), &row.form)
        })
        .column(number("eligible", say("Được biểu quyết", "Eligible")), |row| row.eligible)
        .column(number("cast", say("Thu về", "Cast")), |row| row.cast)
        .column(number("in-favour", say("Đồng ý", "In favour")), |row| row.in_favour)
        .column(number("against", say("Không đồng ý", "Against")), |row| row.against)
        .column(number("invalid", say("Không hợp lệ", "Invalid")), |row| row.invalid)
        .column(Head::new("carries", say("Kết quả", "Result")).format(Format::Badge), |row| match percent
            .map(|percent| row.counts().carries(percent))
        {
            Some(true) => Cell::new(say("Đạt đa số", "Carried")).tone(Tone::Good),
            Some(false) => Cell::new(say("Không đạt", "Not carried")).tone(Tone::Warning),
            None => Cell::new(say("Chưa rõ", "Unknown")),
        })
        .build()
        .empty(say("Chưa có biểu quyết.", "No ballots yet."))
        .note(say(
            "Chỉ ghi số phiếu; không ghi ai bỏ phiếu thế nào.",
            "Counts alone: who voted what is recorded nowhere.",
        ))
}

fn ballot(request: &Request, forms: Vec<Choice>) -> Form {
    let say = |vi, en| request.say(vi, en);
    let purposes =
        [purpose::PROPOSE, purpose::DECIDE].map(|key| Choice::new(key, purpose_name(request, key)));
    let count = |field: Field| field.between(0, 10_000).width(3);
    Form::new("ballot", say("Ghi", "Record"))
        .field(Field::choice("purpose", say("Biểu quyết về", "On"), purposes.to_vec()).required().width(6))
        .field(Field::choice("form", say("Hình thức kỷ luật", "Form"), forms).required().width(6))
        .field(Field::of(Ballot::HELD_ON, say("Ngày", "Day")).value(time::today()).width(3))
        .field(count(Field::of(Ballot::ELIGIBLE, say("Tổng số được biểu quyết", "Eligible"))))
        .field(count(Field::of(Ballot::CAST, say("Số phiếu thu về", "Cast"))))
        .field(count(Field::of(Ballot::IN_FAVOUR, say("Đồng ý", "In favour"))))
        .field(count(Field::of(Ballot::AGAINST, say("Không đồng ý", "Against"))))
        .field(count(Field::of(Ballot::INVALID, say("Không hợp lệ", "Invalid"))))
}

fn decision(request: &Request, forms: Vec<Choice>, catalog: &Catalog) -> Form {
    let say = |vi, en| request.say(vi, en);
    let levels = catalog.choices(list::LEVEL);
    Form::new("decide", say("Ghi quyết định", "Record"))
        .field(Field::choice("form", say("Hình thức kỷ luật", "Form"), forms).required().width(6))
        .field(Field::choice("level", say("Cấp quyết định", "Decided at"), levels).required().width(6))
        .field(Field::of(Measure::NUMBER, say("Số quyết định", "Number")).at_most(60).width(6))
        .field(
            Field::of(Measure::VIOLATED_ON, say("Ngày có hành vi vi phạm", "Day of the violation"))
                .help(say("Nếu kéo dài: ngày chấm dứt.", "Of a lasting one: its end."))
                .width(3),
        )
        .field(
            Field::of(Measure::DECIDED_ON, say("Ngày quyết định", "Decided on"))
                .value(time::today())
                .width(3),
        )
}
