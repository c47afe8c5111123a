//! How many bytes cross: what guest and host copy for each other, near enough for a limit.

use crate::bindings::types::{Column, Value};
use crate::view;

/// Something that crosses.
pub(super) trait Size {
    /// Its bytes, those it points to included.
    fn size(&self) -> usize;
}

impl Size for str {
    fn size(&self) -> usize {
        self.len() + 8
    }
}

impl Size for String {
    fn size(&self) -> usize {
        self.as_str().size()
    }
}

impl<T: Size> Size for [T] {
    fn size(&self) -> usize {
        8 + self.iter().map(Size::size).sum::<usize>()
    }
}

impl<T: Size> Size for Vec<T> {
    fn size(&self) -> usize {
        self.as_slice().size()
    }
}

impl<T: Size> Size for Option<T> {
    fn size(&self) -> usize {
        self.as_ref().map_or(1, Size::size)
    }
}

impl Size for Value {
    fn size(&self) -> usize {
        match self {
            Self::Text(text) => text.size(),
            Self::Texts(texts) => texts.size(),
            _ => 16,
        }
    }
}

impl Size for Column {
    fn size(&self) -> usize {
        view::bytes(&self.values) + self.validity.as_ref().map_or(1, Vec::len)
    }
}
