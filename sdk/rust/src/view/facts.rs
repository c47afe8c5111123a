//! Single figures and labelled values.

use super::{Fact, Facts, Format, Metric, Target, Tone};
use crate::value::{FieldType, Value};

impl Facts {
    /// Labelled values.
    pub fn new(facts: Vec<Fact>) -> Self {
        Self { title: None, facts }
    }

    /// With a title.
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.title = Some(title.into());
        self
    }
}

impl Fact {
    /// One labelled value.
    pub fn new(label: impl Into<String>, value: impl FieldType) -> Self {
        Self {
            label: label.into(),
            value: value.into_value(),
            format: Format::Plain,
            tone: Tone::Neutral,
            target: None,
            help: None,
            width: 0,
        }
    }

    /// How it is shown.
    pub fn format(mut self, format: Format) -> Self {
        self.format = format;
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

    /// A short explanation.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// How wide it is in a grid of twelve columns.
    pub fn width(mut self, width: u8) -> Self {
        self.width = width;
        self
    }
}

impl Metric {
    /// A figure that stands for a whole.
    pub fn new(label: impl Into<String>, value: impl FieldType) -> Self {
        Self {
            label: label.into(),
            value: value.into_value(),
            format: Format::Plain,
            unit_of_measure: None,
            change: Value::Empty,
            change_format: Format::Plain,
            tone: Tone::Neutral,
            note: None,
            target: None,
        }
    }

    /// How it is shown.
    pub fn format(mut self, format: Format) -> Self {
        self.format = format;
        self
    }

    /// Beside the figure: `điểm`, `/63`.
    pub fn unit(mut self, unit: impl Into<String>) -> Self {
        self.unit_of_measure = Some(unit.into());
        self
    }

    /// Against the time before: `Format::ChangeUp` or `Format::ChangeDown`.
    pub fn change(mut self, change: impl FieldType, format: Format) -> Self {
        self.change = change.into_value();
        self.change_format = format;
        self
    }

    /// What it means for the reader.
    pub fn tone(mut self, tone: Tone) -> Self {
        self.tone = tone;
        self
    }

    /// A line under the figure.
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
