//! The steps of a procedure.

use dinh_runtime::bindings::views::{Step, StepState};
use maud::{Markup, html};

use super::{Canvas, value};
use crate::datum::Datum;

/// Steps below each other, each with its state in words.
pub fn steps(canvas: &Canvas<'_>, steps: &[Step]) -> Markup {
    html! {
        ol class="steps" { @for (index, step) in steps.iter().enumerate() { (self::step(canvas, index + 1, step)) } }
    }
}

fn step(canvas: &Canvas<'_>, number: usize, step: &Step) -> Markup {
    let (class, state) = match step.state {
        StepState::Done => ("done", "step-done"),
        StepState::Current => ("current", "step-current"),
        StepState::Waiting => ("waiting", "step-waiting"),
        StepState::Skipped => ("skipped", "step-skipped"),
        StepState::Overdue => ("overdue", "step-overdue"),
    };
    let mark = match step.state {
        StepState::Done => "✓".to_owned(),
        StepState::Skipped => "–".to_owned(),
        StepState::Overdue => "!".to_owned(),
        StepState::Current | StepState::Waiting => number.to_string(),
    };
    let due = Datum::of(&step.due);
    html! {
        li class=(class) aria-current=[(step.state == StepState::Current).then_some("step")] {
            span class="mark" aria-hidden="true" { (mark) }
            div class="what" {
                b { (canvas.linked(step.target.as_ref(), &step.title)) }
                p {
                    (canvas.texts.say(state))
                    @if !due.is_empty() { " · " (canvas.texts.with("step-due", &[("day", &value::plain(canvas, &due))])) }
                }
                @if let Some(note) = &step.note { p { (note) } }
            }
        }
    }
}
