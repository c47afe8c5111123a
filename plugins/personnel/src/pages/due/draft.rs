//! Decisions drafted from a due list, for all who were selected.

use dinh_sdk::prelude::*;
use dinh_sdk::{access, time};

use super::{disciplines, list};
use crate::deeds::{fits, propose};
use crate::model::common::{Grades, parameters};
use crate::model::decision::{Kind, state};
use crate::model::{Decision, Person};
use crate::pages::{actor, not_own, target};
use crate::permission;

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
    let disciplines = disciplines()?;
    let mut problems = Problems::default();
    let mut drafts = Vec::new();
    for id in selected {
        let person = Person::get(id.parse().map_err(|_| Error::NotFound(id.clone()))?)?;
        access::require(permission::DRAFT, target(person.unit, None))?;
        not_own(request, &person)?;
        let mut decision = Decision::draft(kind, &person, time::today(), by, time::now());
        let none = Vec::new();
        let measures = disciplines.get(&(person.id.high, person.id.low)).unwrap_or(&none);
        propose::fill(&mut decision, kind, &person, &grades, &parameters, measures);
        propose::complete(&mut decision, kind, &grades, &parameters);
        decision.state = state::SUBMITTED.to_owned();
        decision.submitted_at = Some(time::now());
        for (_, message) in fits::problems(request, &decision, kind, &person, &grades) {
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
