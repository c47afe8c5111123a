//! A form that came back.

use crate::bindings::dinh::platform::views::{Notice, Target, Tone};
use crate::bindings::exports::dinh::platform::pages::{self, CellInput, Done, Outcome};
use crate::error::{Error, Result};
use crate::records::{Property, Record};
use crate::value::{FieldType, FileId, Mismatch, Value};

/// A form that came back. The host has found every input to be of the declared kind and within its bounds.
#[derive(Clone, Debug)]
pub struct Submission {
    inner: pages::Submission,
}

/// One row of child records that came back.
#[derive(Clone, Copy, Debug)]
pub struct Child<'a>(&'a pages::ChildInput);

impl Submission {
    pub(crate) fn new(inner: pages::Submission) -> Self {
        Self { inner }
    }

    /// A submission as the host would make it, for tests of handlers.
    pub fn test<const N: usize>(form: &str, inputs: [(&str, Value); N]) -> Self {
        let inputs = inputs.into_iter().map(|(name, value)| pages::Input { name: name.to_owned(), value });
        Self::new(pages::Submission {
            form: form.to_owned(),
            button: String::new(),
            inputs: inputs.collect(),
            children: Vec::new(),
            cells: Vec::new(),
            selected: Vec::new(),
        })
    }

    /// Id of the form, entry grid or import.
    pub fn form(&self) -> &str {
        &self.inner.form
    }

    /// The button pressed, of the form's further ones; empty for the main one.
    pub fn button(&self) -> &str {
        &self.inner.button
    }

    /// The input of a field by its name. A field that was not shown is empty.
    pub fn get<T: FieldType>(&self, name: &str) -> Result<T> {
        read(&self.inner.inputs, name)
    }

    /// The input of the field that is bound to a property of a record ([`Field::of`](crate::view::Field::of)).
    pub fn field<R: Record, T: FieldType>(&self, property: Property<R, T>) -> Result<T> {
        self.get(property.name())
    }

    /// The files of a field, however many it takes.
    pub fn files(&self, name: &str) -> Result<Vec<FileId>> {
        match value(&self.inner.inputs, name) {
            Value::Empty => Ok(Vec::new()),
            Value::Attachment(id) => Ok(vec![FileId(id)]),
            Value::Texts(ids) => {
                let id = |id: &String| {
                    id.parse()
                        .map(FileId)
                        .map_err(|_| Error::Failed(format!("field {name}: {id:?} is no file")))
                };
                ids.iter().map(id).collect()
            }
            other => Err(Error::Failed(format!("field {name}: {other:?} is no file"))),
        }
    }

    /// A record from the inputs that bear the names of its fields; fields without an input are empty.
    pub fn record<R: Record>(&self) -> Result<R> {
        record(&self.inner.inputs)
    }

    /// The rows of child records that came back under this name.
    pub fn children<'a>(&'a self, name: &'a str) -> impl Iterator<Item = Child<'a>> {
        self.inner.children.iter().filter(move |child| child.name == name).map(Child)
    }

    /// The cells of an entry grid that were changed.
    pub fn cells(&self) -> &[CellInput] {
        &self.inner.cells
    }

    /// Keys of the rows selected, for bulk actions.
    pub fn selected(&self) -> &[String] {
        &self.inner.selected
    }
}

impl Child<'_> {
    /// Identifies the row; empty for a new one.
    pub fn key(&self) -> &str {
        &self.0.key
    }

    /// The input of a field by its name.
    pub fn get<T: FieldType>(&self, name: &str) -> Result<T> {
        read(&self.0.inputs, name)
    }

    /// A record from the inputs that bear the names of its fields.
    pub fn record<R: Record>(&self) -> Result<R> {
        record(&self.0.inputs)
    }
}

fn value(inputs: &[pages::Input], name: &str) -> Value {
    inputs.iter().find(|input| input.name == name).map_or(Value::Empty, |input| input.value.clone())
}

fn read<T: FieldType>(inputs: &[pages::Input], name: &str) -> Result<T> {
    T::from_value(value(inputs, name)).map_err(|mismatch| wrong(name, &mismatch))
}

fn record<R: Record>(inputs: &[pages::Input]) -> Result<R> {
    let mut names = R::FIELDS.iter();
    let mut last = "";
    R::from_values(&mut || {
        last = names.next().copied().unwrap_or_default();
        value(inputs, last)
    })
    .map_err(|mismatch| wrong(last, &mismatch))
}

/// The host has checked kinds, so a mismatch is the plugin's: except an empty field that the form did not
/// require.
fn wrong(name: &str, mismatch: &Mismatch) -> Error {
    if mismatch.empty {
        Error::field(name, "Hãy điền mục này. (Fill in this field.)")
    } else {
        Error::Failed(format!("field {name}: {mismatch}"))
    }
}

impl Outcome {
    /// Done; go there.
    pub fn done(target: impl Into<Target>) -> Self {
        Self::Done(Done { target: target.into(), notice: None })
    }

    /// And say this when there.
    pub fn saying(self, title: impl Into<String>) -> Self {
        self.with_notice(Notice { tone: Tone::Good, title: title.into(), text: String::new() })
    }

    /// And say this below it.
    pub fn saying_more(self, text: impl Into<String>) -> Self {
        match self {
            Self::Done(Done { target, notice: Some(notice) }) => {
                Self::Done(Done { target, notice: Some(Notice { text: text.into(), ..notice }) })
            }
            other => other,
        }
    }

    /// And say this when there.
    pub fn with_notice(self, notice: Notice) -> Self {
        match self {
            Self::Done(done) => Self::Done(Done { notice: Some(notice), ..done }),
            Self::Invalid(problems) => Self::Invalid(problems),
        }
    }
}
