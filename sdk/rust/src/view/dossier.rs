//! What a dossier is made of: what happened, the steps of its procedure, its documents.

use super::{Action, Document, DocumentState, Event, Step, StepState, Target, Tone};
use crate::value::{AccountId, FieldType, FileId, Value};

impl Event {
    /// Something that happened, on a day or at a moment.
    pub fn new(at: impl FieldType, title: impl Into<String>) -> Self {
        Self {
            at: at.into_value(),
            title: title.into(),
            text: None,
            by: None,
            tone: Tone::Neutral,
            target: None,
        }
    }

    /// More about it.
    pub fn text(mut self, text: impl Into<String>) -> Self {
        self.text = Some(text.into());
        self
    }

    /// Who did it.
    pub fn by(mut self, account: AccountId) -> Self {
        self.by = Some(account.0);
        self
    }

    /// What it means for the reader.
    pub fn tone(mut self, tone: Tone) -> Self {
        self.tone = tone;
        self
    }

    /// Where it leads.
    pub fn to(mut self, target: impl Into<Target>) -> Self {
        self.target = Some(target.into());
        self
    }
}

impl Step {
    /// A step of a procedure.
    pub fn new(title: impl Into<String>, state: StepState) -> Self {
        Self { title: title.into(), state, due: Value::Empty, note: None, target: None }
    }

    /// The day by which it is due.
    pub fn due(mut self, day: crate::time::Date) -> Self {
        self.due = day.into_value();
        self
    }

    /// A line under it.
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = Some(note.into());
        self
    }

    /// Where it leads.
    pub fn to(mut self, target: impl Into<Target>) -> Self {
        self.target = Some(target.into());
        self
    }
}

impl Document {
    /// A document of a dossier.
    pub fn new(title: impl Into<String>, state: DocumentState) -> Self {
        Self {
            title: title.into(),
            number: None,
            date: Value::Empty,
            required: false,
            state,
            file: None,
            target: None,
            actions: Vec::new(),
        }
    }

    /// Its number and sign, such as `12-TB/UBKTTU`, and its day.
    pub fn numbered(self, number: impl Into<String>, day: crate::time::Date) -> Self {
        Self { number: Some(number.into()), ..self.dated(day) }
    }

    /// Its day, where it has no number.
    pub fn dated(mut self, day: crate::time::Date) -> Self {
        self.date = day.into_value();
        self
    }

    /// The dossier is not complete without it.
    pub fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// The attachment that it is.
    pub fn file(mut self, file: FileId) -> Self {
        self.file = Some(file.0);
        self
    }

    /// Where it leads.
    pub fn to(mut self, target: impl Into<Target>) -> Self {
        self.target = Some(target.into());
        self
    }

    /// What can be done with it.
    pub fn action(mut self, action: Action) -> Self {
        self.actions.push(action);
        self
    }
}
