//! Decisions drafted from a due list, for all who were selected.

use dinh_sdk::prelude::*;
use dinh_sdk::{access, time};

use super::{KEY, list, official_measures};
use crate::deeds::{fits, propose};
use crate::model::common::{Grades, parameters};
use crate::model::decision::{Kind, state};
use crate::model::{Decision, Person};
use crate::pages::{actor, not_own, target};
use crate::permission;
use crate::rules::raise::Measures;
use crate::told::Told;

/// Most officers for whom drafts are made at once.
const MOST_DRAFTS: usize = 200;

/// Drafts decisions for those selected, and submits them for signature.
pub(crate) fn submit(request: &Request, submission: &Submission) -> Result<Outcome> {
    let kind = list(request)?.decision().or_failed("a list without a decision")?;
    let selected = submission.selected();
    if selected.len() > MOST_DRAFTS {
        let text = request.say("Mỗi lần lập nhiều nhất 200 quyết định.", "At most 200 decisions at a time.");
        return Err(Error::form(text));
    }
    let (grades, parameters, by) = (Grades::load()?, parameters()?, actor(request)?);
    let measures = official_measures()?;
    let mut problems = Problems::default();
    let mut drafts = Vec::new();
    for key in selected {
        let (id, day) = key.split_once(KEY).or_not_found(key.clone())?;
        let person = Person::get(id.parse().or_not_found(key.clone())?)?;
        access::require(permission::DRAFT, target(person.unit, None))?;
        not_own(request, &person)?;
        let mut decision = Decision::draft(kind, &person, time::today(), by, time::now());
        let none = Measures::default();
        let measures = measures.get(&(person.id.high, person.id.low)).unwrap_or(&none);
        let told = Told::of(person.id)?;
        propose::fill(&mut decision, kind, &person, &told, (&grades, &parameters), measures);
        // Discipline by the Party put it off on the page; here it is not read, since what is written is no secret.
        if let (Kind::Raise, Ok(day)) = (kind, day.parse::<Date>()) {
            decision.effective_on = decision.effective_on.max(day);
        }
        propose::complete(&mut decision, kind, &grades, &parameters);
        decision.state = state::SUBMITTED.to_owned();
        decision.submitted_at = Some(time::now());
        for (_, message) in fits::problems(request, &decision, kind, &person, &told, &grades) {
            problems.form(format!("{}: {message}", person.full_name));
        }
        if pending(person.id, kind)? {
            let text =
                request.say("đã có quyết định cùng loại đang làm.", "such a decision is under way already.");
            problems.form(format!("{}: {text}", person.full_name));
        }
        drafts.push(decision);
    }
    problems.check()?;
    let made = drafts.len();
    Decision::insert_many(drafts)?;
    let said = format!("{} {made}", request.say("Số quyết định đã trình ký:", "Decisions submitted:"));
    Ok(Outcome::done("/decisions?state=submitted").saying(said))
}

/// Whether a decision of the kind is under way for an officer.
fn pending(person: RecordId, kind: Kind) -> Result<bool> {
    let decisions = Decision::all().filter(Decision::PERSON.is(person)).list()?;
    Ok(decisions.iter().any(|decision| decision.kind == kind.key() && decision.state != state::SIGNED))
}
