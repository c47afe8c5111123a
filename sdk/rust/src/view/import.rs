//! Import of spreadsheets: the columns a file may have, and the preview of what would be imported.

use super::{
    Choice, ChoiceStyle, Choices, CodePicker, DateRange, DecimalRange, Field, FieldKind, Format,
    IntegerRange, SheetColumn, SheetImport, SheetPreview, SheetProblem, TableColumn, TextRange,
};
use crate::column::Column;
use crate::value::FieldType;
use rust_decimal::Decimal;

impl SheetColumn {
    /// A column of this kind; its name is one of the heads that it may have.
    pub fn new(name: impl Into<String>, label: impl Into<String>, kind: FieldKind) -> Self {
        Self {
            name: name.into(),
            label: label.into(),
            aliases: Vec::new(),
            kind,
            required: false,
            empty_words: Vec::new(),
            format: Format::Plain,
        }
    }

    /// A column of texts.
    pub fn text(name: impl Into<String>, label: impl Into<String>) -> Self {
        Self::new(name, label, FieldKind::Text(TextRange { minimum: 0, maximum: 300 }))
    }

    /// A column of whole numbers within these bounds.
    pub fn integer(name: impl Into<String>, label: impl Into<String>, least: i64, most: i64) -> Self {
        let range = IntegerRange { minimum: Some(least), maximum: Some(most) };
        Self::new(name, label, FieldKind::Integer(range))
    }

    /// A column of decimal numbers with at most so many places, within these bounds.
    pub fn decimal(
        name: impl Into<String>,
        label: impl Into<String>,
        scale: u8,
        least: impl Into<Decimal>,
        most: impl Into<Decimal>,
    ) -> Self {
        let minimum = Some(least.into().into_value());
        let maximum = Some(most.into().into_value());
        Self::new(name, label, FieldKind::Decimal(DecimalRange { scale, minimum, maximum }))
    }

    /// A column of days.
    pub fn date(name: impl Into<String>, label: impl Into<String>) -> Self {
        Self::new(name, label, FieldKind::Date(DateRange { earliest: None, latest: None }))
    }

    /// A column of codes of a catalog valid today.
    pub fn code(name: impl Into<String>, label: impl Into<String>, catalog: impl Into<String>) -> Self {
        Self::new(name, label, FieldKind::Code(CodePicker { catalog: catalog.into(), as_of: None }))
    }

    /// A column of choices.
    pub fn choice(name: impl Into<String>, label: impl Into<String>, choices: Vec<Choice>) -> Self {
        Self::new(name, label, FieldKind::Choice(Choices { choices, style: ChoiceStyle::Automatic }))
    }

    /// A further head that a file may have for it.
    pub fn alias(mut self, head: impl Into<String>) -> Self {
        self.aliases.push(head.into());
        self
    }

    /// The column has to be in the file, and every cell filled in.
    pub fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// A text that means "no value", such as `N/A`.
    pub fn empty_word(mut self, word: impl Into<String>) -> Self {
        self.empty_words.push(word.into());
        self
    }

    /// How the preview shows a value; by its type, unless this says otherwise.
    pub fn format(mut self, format: Format) -> Self {
        self.format = format;
        self
    }
}

impl SheetImport {
    /// An import of at most 10,000 rows.
    pub fn new(id: impl Into<String>, title: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            title: title.into(),
            help: None,
            columns: Vec::new(),
            maximum_rows: 10_000,
            preview: None,
        }
    }

    /// What the file should look like.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// One more column that the file may have.
    pub fn column(mut self, column: SheetColumn) -> Self {
        self.columns.push(column);
        self
    }

    /// Most rows of data, 1 to 20,000.
    pub fn at_most(mut self, rows: u32) -> Self {
        self.maximum_rows = rows;
        self
    }

    /// What would be imported, when a sheet for this block is at hand.
    pub fn preview(mut self, preview: Option<SheetPreview>) -> Self {
        self.preview = preview;
        self
    }
}

impl SheetPreview {
    /// Nothing wrong so far; a sentence on what will happen.
    pub fn new(summary: impl Into<String>) -> Self {
        Self {
            problems: Vec::new(),
            computed: Vec::new(),
            data: Vec::new(),
            summary: summary.into(),
            fields: Vec::new(),
        }
    }

    /// A column that the plugin computed, shown beside those of the file: one value for each row.
    pub fn computed(mut self, head: TableColumn, data: Column) -> Self {
        self.computed.push(head);
        self.data.push(data);
        self
    }

    /// Something that is asked for before rows are imported; it comes back as an input of the submission.
    pub fn ask(mut self, field: Field) -> Self {
        self.fields.push(field);
        self
    }
}

impl SheetProblem {
    /// Something wrong with a row (0-based), and what to do about it. The row is not imported.
    pub fn new(row: u32, message: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { row, column: None, message: message.into(), remedy: remedy.into(), warning: false }
    }

    /// It concerns this column.
    pub fn in_column(mut self, column: impl Into<String>) -> Self {
        self.column = Some(column.into());
        self
    }

    /// The row may be imported all the same.
    pub fn warning(mut self) -> Self {
        self.warning = true;
        self
    }
}
