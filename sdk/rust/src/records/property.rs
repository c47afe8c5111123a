//! Fields of records with their Rust types: what conditions, orders and form fields are made from.

use std::marker::PhantomData;

use super::{Comparison, FieldValue, Record, assign, host};
use crate::value::{FieldType, Value};

/// A field of a record, with its Rust type: what conditions, orders and form fields are made from.
#[derive(Debug)]
pub struct Property<R, T> {
    pub(super) name: &'static str,
    types: PhantomData<fn() -> (R, T)>,
}

impl<R, T> Clone for Property<R, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<R, T> Copy for Property<R, T> {}

impl<R: Record, T: FieldType> Property<R, T> {
    /// The field of this name. For the derive macro.
    pub const fn new(name: &'static str) -> Self {
        Self { name, types: PhantomData }
    }

    /// Its name, as the manifest has it.
    pub fn name(self) -> &'static str {
        self.name
    }

    fn compare(self, comparison: Comparison, value: Value) -> Condition<R> {
        Condition {
            inner: host::Condition { field: self.name.to_owned(), comparison, value },
            record: PhantomData,
        }
    }

    /// The field has this value.
    pub fn is(self, value: impl Into<T>) -> Condition<R> {
        self.compare(Comparison::Equal, value.into().into_value())
    }

    /// The field is less than this.
    pub fn below(self, value: impl Into<T>) -> Condition<R> {
        self.compare(Comparison::Less, value.into().into_value())
    }

    /// The field is this or less.
    pub fn at_most(self, value: impl Into<T>) -> Condition<R> {
        self.compare(Comparison::LessOrEqual, value.into().into_value())
    }

    /// The field is greater than this.
    pub fn above(self, value: impl Into<T>) -> Condition<R> {
        self.compare(Comparison::Greater, value.into().into_value())
    }

    /// The field is this or greater.
    pub fn at_least(self, value: impl Into<T>) -> Condition<R> {
        self.compare(Comparison::GreaterOrEqual, value.into().into_value())
    }

    /// The text begins with this, without regard to case or diacritics.
    pub fn starts_with(self, text: &str) -> Condition<R> {
        self.compare(Comparison::StartsWith, Value::Text(text.to_owned()))
    }

    /// Each word of this begins a word of the text, without regard to case or diacritics.
    pub fn matches(self, words: &str) -> Condition<R> {
        self.compare(Comparison::Matches, Value::Text(words.to_owned()))
    }

    /// The field is empty.
    pub fn is_empty(self) -> Condition<R> {
        self.compare(Comparison::IsEmpty, Value::Empty)
    }

    /// The field is filled in.
    pub fn is_filled(self) -> Condition<R> {
        self.compare(Comparison::IsFilled, Value::Empty)
    }

    /// Smallest first.
    pub fn ascending(self) -> Order<R> {
        self.order(false)
    }

    /// Largest first.
    pub fn descending(self) -> Order<R> {
        self.order(true)
    }

    fn order(self, descending: bool) -> Order<R> {
        Order { inner: host::Order { field: self.name.to_owned(), descending }, record: PhantomData }
    }

    /// A new value for this field alone, for [`update`].
    pub fn set(self, value: T) -> Assignment<R> {
        Assignment { inner: assign(self.name, value.into_value()), record: PhantomData }
    }
}

/// A condition on one field.
#[derive(Clone, Debug)]
pub struct Condition<R> {
    pub(super) inner: host::Condition,
    record: PhantomData<fn() -> R>,
}

/// One field of an order.
#[derive(Clone, Debug)]
pub struct Order<R> {
    pub(super) inner: host::Order,
    record: PhantomData<fn() -> R>,
}

/// A new value for one field.
#[derive(Clone, Debug)]
pub struct Assignment<R> {
    pub(super) inner: FieldValue,
    record: PhantomData<fn() -> R>,
}
