//! Forms and filters.

use super::{
    ChildRow, ChildRows, Choice, ChoiceStyle, Choices, CodePicker, DateRange, DecimalRange, Field,
    FieldGroup, FieldKind, Filters, Form, IntegerRange, RecordPicker, ShowWhen, ShownVersion, Target,
    TextRange, Upload,
};
use crate::records::{Property, Record, Stored};
use crate::time::{self, Date};
use crate::value::{FieldType, Kind, Value};
use rust_decimal::Decimal;

/// Most characters of a line of text, where the plugin says nothing else.
const LINE: u32 = 300;

/// Most characters of a text of several lines, where the plugin says nothing else.
const TEXT: u32 = 10_000;

/// A file as large, and of any type, as the deployment and the manifest take.
const ONE_FILE: Upload = Upload { extensions: Vec::new(), maximum_bytes: u64::MAX, maximum_files: 1 };

impl Field {
    /// A field of this kind.
    pub fn new(name: impl Into<String>, label: impl Into<String>, kind: FieldKind) -> Self {
        Self {
            name: name.into(),
            label: label.into(),
            help: None,
            kind,
            value: Value::Empty,
            required: false,
            read_only: false,
            show_when: None,
            unit_of_measure: None,
            width: 0,
        }
    }

    /// A field for a property of a record: its name, its kind, and whether it is required follow from the
    /// property. A reference and a list of texts need their kind said (`kind`).
    pub fn of<R: Record, T: FieldType>(property: Property<R, T>, label: impl Into<String>) -> Self {
        let kind = match T::KIND {
            Kind::Integer => FieldKind::Integer(IntegerRange { minimum: None, maximum: None }),
            Kind::Decimal => FieldKind::Decimal(DecimalRange { scale: 18, minimum: None, maximum: None }),
            Kind::Text => FieldKind::Text(TextRange { minimum: 0, maximum: LINE }),
            Kind::Date => FieldKind::Date(DateRange { earliest: None, latest: None }),
            Kind::Instant => FieldKind::Instant,
            Kind::Boolean => FieldKind::Boolean,
            Kind::Unit => FieldKind::Unit,
            Kind::Account => FieldKind::Account,
            Kind::Attachment => FieldKind::Attachment(ONE_FILE),
            Kind::Reference | Kind::Texts => FieldKind::Hidden,
        };
        // An unticked box is an answer.
        let required = !T::OPTIONAL && T::KIND != Kind::Boolean;
        Self { required, ..Self::new(property.name(), label, kind) }
    }

    /// A line of text.
    pub fn text(name: impl Into<String>, label: impl Into<String>) -> Self {
        Self::new(name, label, FieldKind::Text(TextRange { minimum: 0, maximum: LINE }))
    }

    /// Several lines of text.
    pub fn long_text(name: impl Into<String>, label: impl Into<String>) -> Self {
        Self::new(name, label, FieldKind::LongText(TextRange { minimum: 0, maximum: TEXT }))
    }

    /// A whole number.
    pub fn integer(name: impl Into<String>, label: impl Into<String>) -> Self {
        Self::new(name, label, FieldKind::Integer(IntegerRange { minimum: None, maximum: None }))
    }

    /// A decimal number with at most so many places.
    pub fn decimal(name: impl Into<String>, label: impl Into<String>, scale: u8) -> Self {
        Self::new(name, label, FieldKind::Decimal(DecimalRange { scale, minimum: None, maximum: None }))
    }

    /// A day.
    pub fn date(name: impl Into<String>, label: impl Into<String>) -> Self {
        Self::new(name, label, FieldKind::Date(DateRange { earliest: None, latest: None }))
    }

    /// A box to tick.
    pub fn boolean(name: impl Into<String>, label: impl Into<String>) -> Self {
        Self::new(name, label, FieldKind::Boolean)
    }

    /// One of these.
    pub fn choice(name: impl Into<String>, label: impl Into<String>, choices: Vec<Choice>) -> Self {
        Self::new(name, label, FieldKind::Choice(Choices { choices, style: ChoiceStyle::Automatic }))
    }

    /// Several of these.
    pub fn choice_list(name: impl Into<String>, label: impl Into<String>, choices: Vec<Choice>) -> Self {
        Self::new(name, label, FieldKind::ChoiceList(Choices { choices, style: ChoiceStyle::Automatic }))
    }

    /// A code of a catalog, of those valid on a day (today when none is given).
    pub fn code(
        name: impl Into<String>,
        label: impl Into<String>,
        catalog: impl Into<String>,
        as_of: Option<Date>,
    ) -> Self {
        let picker = CodePicker { catalog: catalog.into(), as_of: as_of.map(time::days) };
        Self::new(name, label, FieldKind::Code(picker))
    }

    /// A record, picked by the words of `title`: of a collection, or of a wanted dataset, which the host searches under the
    /// contract. The plugin gets the identifier of what was picked, and none of the words that were shown.
    ///
    /// ```
    /// use dinh_sdk::prelude::*;
    ///
    /// #[derive(Clone, Record)]
    /// #[record(wanted = "members")]
    /// struct Member {
    ///     full_name: String,
    ///     unit: UnitId,
    /// }
    /// let member = Field::reference("member", "Đảng viên", Member::FULL_NAME).beside(Member::UNIT);
    /// # let _ = member;
    /// ```
    pub fn reference<R: Record, T: FieldType>(
        name: impl Into<String>,
        label: impl Into<String>,
        title: Property<R, T>,
    ) -> Self {
        let source = if R::SHARED { format!("wanted:{}", R::COLLECTION) } else { R::COLLECTION.to_owned() };
        let (title_field, detail_fields) = (title.name().to_owned(), Vec::new());
        Self::new(name, label, FieldKind::Reference(RecordPicker { source, title_field, detail_fields }))
    }

    /// A file.
    pub fn file(name: impl Into<String>, label: impl Into<String>) -> Self {
        Self::new(name, label, FieldKind::Attachment(ONE_FILE))
    }

    /// So many files at most: they come back as [`Submission::files`](crate::Submission::files).
    pub fn files(mut self, most: u32) -> Self {
        if let FieldKind::Attachment(upload) = &mut self.kind {
            upload.maximum_files = most.max(1);
        }
        self
    }

    /// Files of these extensions only, such as `.pdf`.
    pub fn extensions(mut self, extensions: &[&str]) -> Self {
        if let FieldKind::Attachment(upload) = &mut self.kind {
            upload.extensions = extensions.iter().map(|extension| (*extension).to_owned()).collect();
        }
        self
    }

    /// Sent along, not shown.
    pub fn hidden(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self::new(name, "", FieldKind::Hidden).value(value.into())
    }

    /// What is asked for.
    pub fn kind(mut self, kind: FieldKind) -> Self {
        self.kind = kind;
        self
    }

    /// Bounds: of a whole number, of money.
    pub fn between(mut self, least: i64, most: i64) -> Self {
        match &mut self.kind {
            FieldKind::Integer(range) | FieldKind::Money(range) => {
                *range = IntegerRange { minimum: Some(least), maximum: Some(most) };
            }
            FieldKind::Decimal(range) => {
                range.minimum = Some(Decimal::from(least).into_value());
                range.maximum = Some(Decimal::from(most).into_value());
            }
            _ => {}
        }
        self
    }

    /// Most characters of a text.
    pub fn at_most(mut self, characters: u32) -> Self {
        if let FieldKind::Text(range) | FieldKind::LongText(range) = &mut self.kind {
            range.maximum = characters;
        }
        self
    }

    /// What is shown beside the title of a record, to tell apart those of one name.
    pub fn beside<R: Record, T: FieldType>(mut self, property: Property<R, T>) -> Self {
        if let FieldKind::Reference(picker) = &mut self.kind {
            picker.detail_fields.push(property.name().to_owned());
        }
        self
    }

    /// What it is filled in with.
    pub fn value(mut self, value: impl FieldType) -> Self {
        self.value = value.into_value();
        self
    }

    /// Has to be filled in.
    pub fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// Shown, but cannot be changed.
    pub fn read_only(mut self) -> Self {
        self.read_only = true;
        self
    }

    /// A line of help.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// What the number counts: `điểm`, `tháng`.
    pub fn unit(mut self, unit: impl Into<String>) -> Self {
        self.unit_of_measure = Some(unit.into());
        self
    }

    /// How wide it is in a grid of twelve columns.
    pub fn width(mut self, width: u8) -> Self {
        self.width = width;
        self
    }

    /// Shown only when another field has one of these values.
    pub fn when(mut self, field: impl Into<String>, values: &[&str]) -> Self {
        let values = values.iter().map(|value| (*value).to_owned()).collect();
        self.show_when = Some(ShowWhen { field: field.into(), values });
        self
    }
}

impl Choice {
    /// One choice.
    pub fn new(value: impl Into<String>, text: impl Into<String>) -> Self {
        Self { value: value.into(), text: text.into(), help: None }
    }
}

impl Form {
    /// A form. The id comes back with the submission; `submit` is the text of its button (the host's
    /// language has one when it is empty).
    pub fn new(id: impl Into<String>, submit: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            title: None,
            help: None,
            groups: Vec::new(),
            children: Vec::new(),
            submit: submit.into(),
            buttons: Vec::new(),
            cancel: None,
            shown: Vec::new(),
        }
    }

    /// A title above it.
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.title = Some(title.into());
        self
    }

    /// A paragraph of help.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// One more field, in the group added last.
    pub fn field(mut self, field: Field) -> Self {
        if self.groups.is_empty() {
            self.groups.push(FieldGroup { title: None, help: None, fields: Vec::new() });
        }
        if let Some(group) = self.groups.last_mut() {
            group.fields.push(field);
        }
        self
    }

    /// Begins a group of fields that belong together.
    pub fn group(mut self, title: impl Into<String>) -> Self {
        self.groups.push(FieldGroup { title: Some(title.into()), help: None, fields: Vec::new() });
        self
    }

    /// Child records edited together with their parent.
    pub fn children(mut self, children: ChildRows) -> Self {
        self.children.push(children);
        self
    }

    /// A further button that submits: comes back as `button`.
    pub fn button(mut self, value: impl Into<String>, text: impl Into<String>) -> Self {
        self.buttons.push((value.into(), text.into()));
        self
    }

    /// Where "cancel" leads.
    pub fn cancel(mut self, target: impl Into<Target>) -> Self {
        self.cancel = Some(target.into());
        self
    }

    /// The record that is shown: if somebody changes it meanwhile, the host shows both instead of
    /// overwriting.
    pub fn showing<R: Record>(mut self, record: &Stored<R>) -> Self {
        self.shown.push(ShownVersion::of(record));
        self
    }
}

impl ChildRows {
    /// Child records with these fields, any number of them up to 1,000.
    pub fn new(name: impl Into<String>, title: impl Into<String>, fields: Vec<Field>) -> Self {
        Self { name: name.into(), title: title.into(), fields, rows: Vec::new(), minimum: 0, maximum: 1000 }
    }

    /// One more row: its key and one value for each field.
    pub fn row(mut self, key: impl Into<String>, values: Vec<Value>) -> Self {
        self.rows.push(ChildRow { key: key.into(), values });
        self
    }
}

impl Filters {
    /// Fields that narrow what the page shows; they come back in the query.
    pub fn new(fields: Vec<Field>) -> Self {
        Self { fields, submit: String::new() }
    }

    /// Text of the button.
    pub fn submit(mut self, text: impl Into<String>) -> Self {
        self.submit = text.into();
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Record;

    #[derive(Record)]
    #[record(collection = "notes")]
    struct Note {
        title: String,
        pages: Option<i64>,
        open: bool,
    }

    #[test]
    fn a_field_of_a_property_has_its_name_kind_and_need() {
        let title = Field::of(Note::TITLE, "Tiêu đề");
        assert_eq!((title.name.as_str(), title.required), ("title", true));
        assert!(matches!(title.kind, FieldKind::Text(_)));
        let pages = Field::of(Note::PAGES, "Số trang").between(1, 9);
        assert!(!pages.required);
        assert_eq!(pages.kind, FieldKind::Integer(IntegerRange { minimum: Some(1), maximum: Some(9) }));
        assert!(!Field::of(Note::OPEN, "Mở").required);
    }

    #[test]
    fn a_record_comes_back_from_its_form() {
        let submission = crate::Submission::test(
            "edit",
            [("title", Value::Text("Báo cáo".into())), ("open", Value::Boolean(true))],
        );
        let note: Note = submission.record().unwrap();
        assert_eq!((note.title.as_str(), note.pages, note.open), ("Báo cáo", None, true));
        let error = crate::Submission::test("edit", []).record::<Note>().err();
        assert!(
            matches!(error, Some(crate::Error::Invalid(problems)) if problems[0].field.as_deref() == Some("title"))
        );
    }
}
