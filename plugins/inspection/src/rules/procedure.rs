//! A dossier as a state machine: steps in order, one of them current; a step closes with its documents, or with the
//! reason of somebody entitled.
//!
//! ```text
//! waiting ─ start ▶ current ─ close (documents there, or waived) ▶ done ─ the next is started
//! dossier: open ◀─ suspend, resume ─▶ suspended;  open ─ last step done, concluded ▶ closed
//! ```

/// How far a step is.
pub mod step {
    /// Not begun.
    pub const WAITING: &str = "waiting";
    /// Being done.
    pub const CURRENT: &str = "current";
    /// Closed.
    pub const DONE: &str = "done";
}

/// How far a dossier is.
pub mod state {
    /// Under way.
    pub const OPEN: &str = "open";
    /// Tạm đình chỉ: its clocks stand still.
    pub const SUSPENDED: &str = "suspended";
    /// Finished.
    pub const CLOSED: &str = "closed";
}

/// What a step asks for, and whether it is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paper {
    /// Its code in the catalog.
    pub code: String,
    /// Its name.
    pub title: String,
    /// The step does not close without it.
    pub required: bool,
    /// It was recorded.
    pub present: bool,
}

/// Why a step does not close.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// The dossier is suspended.
    Suspended,
    /// It is not the current step.
    NotCurrent,
    /// Documents are missing, by name, and nobody entitled said why.
    Missing(Vec<String>),
    /// It is the last step, and the dossier has no conclusion.
    NoConclusion,
    /// It is the last step, the dossier has not come to what its kind ends with, and nobody entitled said why.
    NoOutcome,
}

/// What is asked when somebody closes a step.
#[derive(Clone, Copy, Debug)]
pub struct Closing<'a> {
    /// The state of the dossier.
    pub dossier: &'a str,
    /// The state of the step.
    pub step: &'a str,
    /// The documents of the step.
    pub papers: &'a [Paper],
    /// Somebody entitled gave a reason.
    pub waived: bool,
    /// No step follows.
    pub last: bool,
    /// The dossier has a conclusion.
    pub concluded: bool,
    /// It has come to what its kind ends with: of discipline, [`super::discipline::is_settled`]; of other kinds, always.
    pub settled: bool,
}

/// What keeps a step from being closed; none when it may be.
pub fn obstacle(closing: &Closing<'_>) -> Option<Obstacle> {
    if closing.dossier == state::SUSPENDED {
        return Some(Obstacle::Suspended);
    }
    if closing.dossier != state::OPEN || closing.step != step::CURRENT {
        return Some(Obstacle::NotCurrent);
    }
    let missing = missing(closing.papers);
    if !missing.is_empty() && !closing.waived {
        return Some(Obstacle::Missing(missing));
    }
    if !closing.last {
        return None;
    }
    if !closing.concluded {
        return Some(Obstacle::NoConclusion);
    }
    (!closing.settled && !closing.waived).then_some(Obstacle::NoOutcome)
}

/// Names of the required documents that are not there.
pub fn missing(papers: &[Paper]) -> Vec<String> {
    let lacks = |paper: &&Paper| paper.required && !paper.present;
    papers.iter().filter(lacks).map(|paper| paper.title.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn paper(title: &str, required: bool, present: bool) -> Paper {
        Paper { code: title.to_lowercase(), title: title.to_owned(), required, present }
    }

    fn closing(papers: &[Paper]) -> Closing<'_> {
        Closing {
            dossier: state::OPEN,
            step: step::CURRENT,
            papers,
            waived: false,
            last: false,
            concluded: false,
            settled: true,
        }
    }

    #[test]
    fn a_step_closes_when_every_required_document_is_there() {
        let papers = [paper("Kế hoạch", true, true), paper("Tờ trình", false, false)];
        assert_eq!(obstacle(&closing(&papers)), None);
        let lacking = [paper("Kế hoạch", true, false), paper("Lịch làm việc", true, false)];
        assert_eq!(
            obstacle(&closing(&lacking)),
            Some(Obstacle::Missing(vec!["Kế hoạch".into(), "Lịch làm việc".into()]))
        );
    }

    #[test]
    fn somebody_entitled_lets_a_document_lack_but_not_a_conclusion() {
        let papers = [paper("Mục lục hồ sơ", true, false)];
        let waived = Closing { waived: true, ..closing(&papers) };
        assert_eq!(obstacle(&waived), None);
        assert_eq!(obstacle(&Closing { last: true, ..waived }), Some(Obstacle::NoConclusion));
        assert_eq!(obstacle(&Closing { last: true, concluded: true, ..waived }), None);
    }

    #[test]
    fn the_last_step_asks_for_what_the_kind_ends_with() {
        let last = Closing { last: true, concluded: true, settled: false, ..closing(&[]) };
        assert_eq!(obstacle(&last), Some(Obstacle::NoOutcome));
        assert_eq!(obstacle(&Closing { waived: true, ..last }), None);
        assert_eq!(obstacle(&Closing { settled: true, ..last }), None);
        assert_eq!(obstacle(&Closing { last: false, ..last }), None);
    }

    proptest! {
        #[test]
        fn nothing_closes_while_a_dossier_is_not_open_or_a_step_not_current(
            dossier in prop_oneof![Just(state::OPEN), Just(state::SUSPENDED), Just(state::CLOSED)],
            step in prop_oneof![Just(step::WAITING), Just(step::CURRENT), Just(step::DONE)],
            present: bool, waived: bool, last: bool, concluded: bool, settled: bool,
        ) {
            let papers = [paper("Kế hoạch", true, present)];
            let found =
                obstacle(&Closing { dossier, step, papers: &papers, waived, last, concluded, settled });
            let may = dossier == state::OPEN && step == step::CURRENT
                && (present || waived) && (!last || (concluded && (settled || waived)));
            prop_assert_eq!(found.is_none(), may);
        }
    }
}
