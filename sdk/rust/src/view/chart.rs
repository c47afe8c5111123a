//! Charts. The host shows the data of each as a table too.

use super::{Axis, Chart, ChartKind, Format, Series};
use crate::column::Column;
use crate::value::{FieldType, Value};

impl Chart {
    /// A chart over these categories. The id names its data in exports: a–z, 0–9, `-`.
    pub fn new(
        kind: ChartKind,
        id: impl Into<String>,
        title: impl Into<String>,
        categories: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        Self {
            id: id.into(),
            kind,
            title: title.into(),
            categories: categories.into_iter().map(Into::into).collect(),
            series: Vec::new(),
            axis: Axis::new(),
            second_axis: None,
            format: Format::Plain,
            note: None,
        }
    }

    /// One more series.
    pub fn series(mut self, series: Series) -> Self {
        self.series.push(series);
        self
    }

    /// The value axis.
    pub fn axis(mut self, axis: Axis) -> Self {
        self.axis = axis;
        self
    }

    /// The axis of those series that are drawn against a second one.
    pub fn second_axis(mut self, axis: Axis) -> Self {
        self.second_axis = Some(axis);
        self
    }

    /// How its values are shown.
    pub fn format(mut self, format: Format) -> Self {
        self.format = format;
        self
    }

    /// Shown under it.
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = Some(note.into());
        self
    }
}

impl Series {
    /// One number for each category; none breaks a line.
    pub fn new<T: FieldType>(name: impl Into<String>, values: impl IntoIterator<Item = Option<T>>) -> Self {
        Self { name: name.into(), values: Column::of(values), emphasised: false, second_axis: false }
    }

    /// The series the page is about.
    pub fn emphasised(mut self) -> Self {
        self.emphasised = true;
        self
    }

    /// Drawn against the second axis.
    pub fn on_second_axis(mut self) -> Self {
        self.second_axis = true;
        self
    }
}

impl Axis {
    /// An axis whose ends the host chooses.
    pub fn new() -> Self {
        Self { title: None, minimum: Value::Empty, maximum: Value::Empty, reversed: false }
    }

    /// What it measures.
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.title = Some(title.into());
        self
    }

    /// Its ends.
    pub fn from_to(mut self, minimum: impl FieldType, maximum: impl FieldType) -> Self {
        self.minimum = minimum.into_value();
        self.maximum = maximum.into_value();
        self
    }

    /// Its lower end; the host chooses the upper one.
    pub fn starting_at(mut self, minimum: impl FieldType) -> Self {
        self.minimum = minimum.into_value();
        self
    }

    /// Smallest value on top, as ranks are drawn.
    pub fn reversed(mut self) -> Self {
        self.reversed = true;
        self
    }
}

impl Default for Axis {
    fn default() -> Self {
        Self::new()
    }
}
