//! A dossier is opened: it takes the steps of its kind as they are on that day, and keeps them.

use dinh_sdk::prelude::*;
use dinh_sdk::{records, time};

use super::{actor, is_holiday, not_to_come, shown_at};
use crate::model::catalog::key;
use crate::model::outcome::standing;
use crate::model::shared::MemberFacts;
use crate::model::{Catalog, Dossier, Measure, Progress, Step};
use crate::rules::complaint::{self, Clocks};
use crate::rules::days::{Period, after};
use crate::rules::kind::Kind;
use crate::rules::matrix::subject;
use crate::rules::procedure::{state, step};

/// Opens a dossier of the kind that the address names.
pub(crate) fn submit(request: &Request, submission: &Submission) -> Result<Outcome> {
    let name: String = request.parameter("kind")?;
    let kind = Kind::of_key(&name).or_not_found(name)?;
    let opened_on: Date = submission.get("opened-on")?;
    let mut problems = Problems::default();
    not_to_come(request, "opened-on", opened_on, &mut problems);
    problems.check()?;
    let steps = Step::of(kind.key(), opened_on)?;
    if steps.is_empty() {
        return Err(Error::form(request.say(
            "Chưa có quy trình cho loại hồ sơ này vào ngày lập; hãy bổ sung ở trang Quy trình, danh mục.",
            "There is no procedure for this kind on that day: add it to the catalogs.",
        )));
    }
    let about = match kind {
        Kind::Complaint => complained(request, submission)?,
        _ => About::asked(request, submission)?,
    };
    let dossier = Dossier {
        unit: submission.get("unit")?,
        number: Some(records::draw("dossier-number", &opened_on.year().to_string())?),
        year: i64::from(opened_on.year()),
        kind: kind.key().to_owned(),
        title: submission.get("title")?,
        level: submission.get("level")?,
        content: submission.get("content")?,
        subject: about.subject,
        member: about.member,
        organisation: about.organisation,
        state: state::OPEN.to_owned(),
        step: steps.first().map(|step| step.title.clone()),
        due: steps.first().and_then(|step| due(step, opened_on)),
        lead: submission.get("lead")?,
        opened_on,
        opened_by: actor(request)?,
        suspended_on: None,
        conclusion: None,
        findings: None,
        concluded_on: None,
        closed_on: None,
        measure: about.measure,
        lodged_on: about.lodged_on,
        answer_due: about.answer_due,
        subject_account: about.account,
    };
    let id = dossier.clone().insert()?;
    Progress::insert_many(steps.iter().enumerate().map(|(at, step)| {
        let (state, started) = if at == 0 { (step::CURRENT, Some(opened_on)) } else { (step::WAITING, None) };
        progress(&dossier, id, step, state, started)
    }))?;
    let next = match kind {
        Kind::Denunciation => super::denounce::known_at(id),
        _ => shown_at(id),
    };
    Ok(Outcome::done(next).saying(request.say("Đã lập hồ sơ", "Dossier opened")))
}

/// A step of a dossier, as the catalog has it.
pub(crate) fn progress(
    dossier: &Dossier,
    id: RecordId,
    step: &Step,
    state: &str,
    started_on: Option<Date>,
) -> Progress {
    Progress {
        unit: dossier.unit,
        dossier: id,
        code: step.code.clone(),
        order: step.order,
        stage: step.stage.clone(),
        title: step.title.clone(),
        responsible: step.responsible.clone(),
        days: step.days,
        working: step.working,
        state: state.to_owned(),
        started_on,
        due: started_on.and_then(|day| due(step, day)),
        closed_on: None,
        closed_by: None,
        waiver: None,
    }
}

/// The day by which a step that starts on a day is due; none for one without a limit.
pub(crate) fn due(step: &Step, started: Date) -> Option<Date> {
    step.days.map(|days| after(started, Period { days, working: step.working }, &is_holiday))
}

/// Whom and what a dossier is about.
pub(crate) struct About {
    pub(crate) subject: String,
    pub(crate) member: Option<RecordId>,
    pub(crate) organisation: UnitId,
    pub(crate) account: Option<AccountId>,
    measure: Option<RecordId>,
    lodged_on: Option<Date>,
    answer_due: Option<Date>,
}

impl About {
    /// A member.
    pub(crate) fn member(member: RecordId) -> Result<Option<Self>> {
        let facts = MemberFacts::resolve(&[member])?.into_iter().next().flatten();
        Ok(facts.map(|facts| Self {
            subject: subject::MEMBER.to_owned(),
            member: Some(member),
            account: facts.account,
            ..Self::organisation(facts.unit)
        }))
    }

    /// An organisation.
    pub(crate) fn organisation(unit: UnitId) -> Self {
        Self {
            subject: subject::ORGANISATION.to_owned(),
            member: None,
            organisation: unit,
            account: None,
            measure: None,
            lodged_on: None,
            answer_due: None,
        }
    }

    /// What the form says.
    fn asked(request: &Request, submission: &Submission) -> Result<Self> {
        if submission.get::<String>("subject")? == subject::ORGANISATION {
            let unit: Option<UnitId> = submission.get("organisation")?;
            return unit.map(Self::organisation).ok_or_else(|| {
                Error::field(
                    "organisation",
                    request.say("Hãy chọn tổ chức đảng.", "Choose the organisation."),
                )
            });
        }
        let refused = |vi, en| Error::field(Dossier::MEMBER.name(), request.say(vi, en));
        let member: Option<RecordId> = submission.field(Dossier::MEMBER)?;
        let member = member.ok_or_else(|| refused("Hãy chọn đảng viên.", "Choose the member."))?;
        Self::member(member)?.ok_or_else(|| {
            refused(
                "Đảng viên này không còn trong danh sách được chia sẻ.",
                "The member is no longer in the list that is shared.",
            )
        })
    }
}

/// A complaint is about the one whom the decision disciplined; both clocks run.
fn complained(request: &Request, submission: &Submission) -> Result<About> {
    let number: String = submission.get("decision")?;
    let lodged_on: Date = submission.get("lodged-on")?;
    let measure = Measure::all().filter(Measure::NUMBER.is(number.trim().to_owned())).first()?;
    let measure = measure.filter(|measure| measure.state == standing::IN_FORCE).ok_or_else(|| {
        Error::field(
            "decision",
            request.say(
                "Không có quyết định kỷ luật đang có giá trị mang số này.",
                "No decision of this number stands.",
            ),
        )
    })?;
    let catalog = Catalog::on(lodged_on)?;
    let answer = if measure.level == CENTRE { key::ANSWER_CENTRE } else { key::ANSWER };
    let (Some(lodge), Some(answer)) = (catalog.period(key::LODGE), catalog.period(answer)) else {
        return Err(Error::form(request.say(
            "Chưa có thời hạn khiếu nại ở trang Quy trình, danh mục › Tham số.",
            "The limits of complaints are not in the settings.",
        )));
    };
    let Clocks { lodge_until, answer_until } =
        complaint::clocks(measure.decided_on, lodged_on, lodge, answer, &is_holiday);
    let mut problems = Problems::default();
    not_to_come(request, "lodged-on", lodged_on, &mut problems);
    if lodged_on < measure.decided_on || lodged_on > lodge_until {
        let last = lodge_until.strftime("%d/%m/%Y");
        problems.field(
            "lodged-on",
            request.say(
                &format!("Ngoài thời hạn khiếu nại quyết định này (đến hết ngày {last})."),
                &format!("Outside the time to complain, which ends with {last}."),
            ),
        );
    }
    problems.check()?;
    let about = match measure.member {
        Some(member) => About::member(member)?,
        None => Some(About::organisation(measure.organisation)),
    };
    let about = about.unwrap_or(About {
        subject: measure.subject.clone(),
        member: measure.member,
        ..About::organisation(measure.organisation)
    });
    Ok(About {
        measure: Some(measure.id),
        lodged_on: Some(lodged_on),
        answer_due: Some(answer_until),
        ..about
    })
}

/// Code of the level of the Central Committee, whose complaints have a longer clock.
const CENTRE: &str = "centre";

/// Today, which a form begins with.
pub(crate) fn today() -> Date {
    time::today()
}
