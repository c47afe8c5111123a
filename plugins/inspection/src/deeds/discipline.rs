//! Ballots as counts, decisions within their limitation, decisions undone.

use dinh_sdk::prelude::*;
use dinh_sdk::time;

use super::{dossier, not_to_come, shown_at};
use crate::model::catalog::{key, list};
use crate::model::outcome::{purpose, standing};
use crate::model::{Ballot, Catalog, Dossier, Measure};
use crate::rules::discipline::{self, Miscount, effective_until, last_day};
use crate::rules::kind::Kind;
use crate::rules::matrix::subject;

fn place(dossier: &Stored<Dossier>) -> Address {
    shown_at(dossier.id).segment("discipline")
}

/// The list of forms for the subject of a dossier.
pub(crate) fn forms(dossier: &Dossier) -> &'static str {
    if dossier.subject == subject::MEMBER { list::FORM_MEMBER } else { list::FORM_ORGANISATION }
}

fn of_discipline(request: &Request) -> Result<Stored<Dossier>> {
    let dossier = dossier(request)?;
    if dossier.kind()? == Kind::Discipline {
        super::is_open(request, &dossier)?;
        return Ok(dossier);
    }
    Err(Error::form(request.say("Đây không phải hồ sơ thi hành kỷ luật.", "This is no case of discipline.")))
}

/// Whether a dossier has come to what its kind ends with: of discipline, to a decision, or to a vote for none.
pub(crate) fn is_settled(dossier: &Stored<Dossier>) -> Result<bool> {
    if dossier.kind()? != Kind::Discipline {
        return Ok(true);
    }
    let percent =
        Catalog::on(time::today())?.number(key::MAJORITY).or_failed("no majority in the settings")?;
    let ballots = Ballot::of(dossier.id)?;
    let votes =
        ballots.iter().filter(|ballot| ballot.purpose == purpose::DECIDE).map(|ballot| ballot.counts());
    Ok(discipline::is_settled(decided(dossier.id)?, votes, percent))
}

/// Whether a decision of the dossier stands.
fn decided(dossier: RecordId) -> Result<bool> {
    Ok(Measure::of(dossier)?.iter().any(|measure| measure.state == standing::IN_FORCE))
}

/// What contradicts a conclusion of a dossier: that of discipline says whether it was decided.
pub(crate) fn contradiction(
    request: &Request,
    dossier: &Stored<Dossier>,
    conclusion: &str,
) -> Result<Option<String>> {
    if dossier.kind()? != Kind::Discipline {
        return Ok(None);
    }
    let catalog = Catalog::on(time::today())?;
    let Some(term) = catalog.term(list::CONCLUSION, list::DISCIPLINED) else { return Ok(None) };
    let name = &term.title;
    Ok(match (decided(dossier.id)?, conclusion == list::DISCIPLINED) {
        (true, false) => {
            Some(request.say(
                &format!("Hồ sơ đã có quyết định kỷ luật; kết luận là “{name}”."),
                &format!("There is a decision of discipline: the conclusion is “{name}”."),
            ).to_owned())
        }
        (false, true) => Some(request.say(
            "Hồ sơ chưa có quyết định kỷ luật; hãy ghi quyết định ở trang Biểu quyết, quyết định kỷ luật trước.",
            "There is no decision of discipline: record it first, on the page of ballots and decisions.",
        ).to_owned()),
        _ => None,
    })
}

/// Records the counts of a secret ballot.
pub(crate) fn ballot(request: &Request, submission: &Submission) -> Result<Outcome> {
    let dossier = of_discipline(request)?;
    let ballot = Ballot {
        unit: dossier.unit,
        dossier: dossier.id,
        purpose: submission.get("purpose")?,
        form: submission.get("form")?,
        held_on: submission.get("held-on")?,
        eligible: submission.get("eligible")?,
        cast: submission.get("cast")?,
        in_favour: submission.get("in-favour")?,
        against: submission.get("against")?,
        invalid: submission.get("invalid")?,
    };
    let mut problems = Problems::default();
    not_to_come(request, "held-on", ballot.held_on, &mut problems);
    match ballot.counts().check() {
        Ok(()) => {}
        Err(Miscount::Absurd) => problems.field(
            "eligible",
            request.say("Số phiếu không được âm; phải có người được biểu quyết.", "Counts are not negative."),
        ),
        Err(Miscount::TooMany) => problems.field(
            "cast",
            request.say("Số phiếu thu về nhiều hơn số người được biểu quyết.", "More papers than voters."),
        ),
        Err(Miscount::Sum) => problems.field(
            "in-favour",
            request.say(
                "Đồng ý, không đồng ý và không hợp lệ phải cộng lại bằng số phiếu thu về.",
                "In favour, against and invalid have to add up to the papers cast.",
            ),
        ),
    }
    problems.check()?;
    ballot.insert()?;
    Ok(Outcome::done(place(&dossier)).saying(request.say("Đã ghi kết quả kiểm phiếu", "Ballot recorded")))
}

/// Records a decision: within its limitation, and carried by the ballot.
pub(crate) fn decide(request: &Request, submission: &Submission) -> Result<Outcome> {
    let dossier = of_discipline(request)?;
    let (form, decided_on): (String, Date) = (submission.get("form")?, submission.get("decided-on")?);
    let violated_on: Date = submission.get("violated-on")?;
    let catalog = Catalog::on(decided_on)?;
    let Some(term) = catalog.term(forms(&dossier), &form) else {
        return Err(Error::field(
            "form",
            request.say(
                "Hình thức này không áp dụng vào ngày quyết định.",
                "There is no such form on that day.",
            ),
        ));
    };
    let mut problems = Problems::default();
    not_to_come(request, "decided-on", decided_on, &mut problems);
    if violated_on > decided_on {
        problems.field("violated-on", request.say("Sau ngày quyết định.", "After the decision."));
    }
    if let Some(last) = last_day(violated_on, term.limitation_years).filter(|last| decided_on > *last) {
        let last = last.strftime("%d/%m/%Y");
        problems.field(
            "decided-on",
            request.say(
                &format!("Đã hết thời hiệu kỷ luật đối với hình thức này (đến hết ngày {last})."),
                &format!("The limitation of this form ended with {last}."),
            ),
        );
    }
    let percent = catalog.number(key::MAJORITY).or_failed("no majority in the settings")?;
    let carried = Ballot::of(dossier.id)?.into_iter().any(|ballot| {
        ballot.purpose == purpose::DECIDE && ballot.form == form && ballot.counts().carries(percent)
    });
    if !carried {
        problems.form(request.say(
            "Chưa có biểu quyết thi hành hình thức này đạt đa số theo quy định; hãy ghi kết quả kiểm phiếu trước.",
            "No ballot has carried this form: record the ballot first.",
        ));
    }
    problems.check()?;
    Measure {
        unit: dossier.unit,
        dossier: dossier.id,
        subject: dossier.subject.clone(),
        member: dossier.member,
        organisation: dossier.organisation,
        form_title: term.title.clone(),
        effective_until: effective_until(decided_on, term.effect_months),
        form,
        number: submission.get("number")?,
        violated_on,
        decided_on,
        level: submission.get("level")?,
        state: standing::IN_FORCE.to_owned(),
        note: None,
    }
    .insert()?;
    Ok(Outcome::done(place(&dossier)).saying(request.say("Đã ghi quyết định kỷ luật", "Decision recorded")))
}

/// A decision that a complaint changed, or did away with, no longer stands.
pub(crate) fn revoke(request: &Request, submission: &Submission) -> Result<Outcome> {
    let mut measure = Measure::get(request.parameter("id")?)?;
    if measure.state != standing::IN_FORCE {
        return Err(Error::form(request.say("Quyết định này không còn giá trị.", "It no longer stands.")));
    }
    measure.state = standing::REVOKED.to_owned();
    measure.note = Some(submission.get("reason")?);
    measure.save()?;
    Ok(Outcome::done("/discipline").saying(request.say("Đã ghi", "Recorded")))
}
