//! Picking one of tens of thousands: an identifier, or words that the host searches.

use dinh_model::text::fold;
use dinh_model::{AccountId, RecordId};
use dinh_runtime::bindings::types::{self, Value};
use dinh_runtime::bindings::views::FieldKind;

use super::kind::{Read, Wrong};
use super::{Raw, Reader};
use crate::directory::Candidate;

/// Most candidates that a search for a picker's words offers.
pub const CANDIDATES: usize = 20;

impl Reader<'_> {
    /// A picker: the candidate marked in a list, else the one picked before if its name still stands in the
    /// words, else the only one the words find.
    pub(super) fn picked(&self, raw: &Raw, name: &str, label: &str, kind: &FieldKind) -> Read {
        let words = raw.first(&format!("{name}.words")).map(str::trim);
        let marked = raw.first(&format!("{name}.pick")).filter(|text| !text.is_empty());
        let before = raw.first(name).map(str::trim).filter(|text| !text.is_empty());
        if let Some(id) = marked {
            return self
                .identified(id, kind)
                .map_or_else(|| Err(self.wrong("input-choice", label, &[])), |(value, _)| Ok(value));
        }
        match (before.and_then(|id| self.identified(id, kind)), words) {
            (Some((value, _)), None) => Ok(value),
            (Some((value, candidate)), Some(words)) if fold(words) == fold(&candidate.text) => Ok(value),
            (None, None) if before.is_some() => Err(self.wrong("input-choice", label, &[])),
            (_, None | Some("")) => Ok(Value::Empty),
            (_, Some(words)) => self.search(words, label, kind),
        }
    }

    fn search(&self, words: &str, label: &str, kind: &FieldKind) -> Read {
        let found = match kind {
            FieldKind::Reference(picker) => self.directory.search_records(picker, words, CANDIDATES),
            _ => self.directory.search_people(words, CANDIDATES),
        };
        if let [candidate] = found.candidates.as_slice()
            && !found.more
            && let Some(value) = stands_for(&candidate.value, kind)
        {
            return Ok(value);
        }
        let mut wrong = match &found.why {
            Some(why) => Wrong { message: why.clone(), found: None },
            None if found.candidates.is_empty() => self.wrong("input-nobody", label, &[("words", words)]),
            None => self.wrong("input-several", label, &[("words", words)]),
        };
        wrong.found = Some(found);
        Err(wrong)
    }

    /// The value an identifier stands for, when there is such a thing and the visitor may see it.
    fn identified(&self, id: &str, kind: &FieldKind) -> Option<(Value, Candidate)> {
        let value = stands_for(id, kind)?;
        let candidate = match kind {
            FieldKind::Reference(picker) => self.directory.record(picker, id.parse().ok()?)?,
            _ => self.directory.person(id.parse().ok()?)?,
        };
        Some((value, candidate))
    }
}

/// The value of an identifier as it stands in forms.
fn stands_for(id: &str, kind: &FieldKind) -> Option<Value> {
    match kind {
        FieldKind::Reference(_) => {
            let (high, low) = id.parse::<RecordId>().ok()?.halves();
            Some(Value::Reference(types::RecordId { high, low }))
        }
        _ => Some(Value::Account(id.parse::<AccountId>().ok()?.0)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::village::Village;
    use dinh_model::Language;

    fn raw(pairs: &[(&str, &str)]) -> Raw {
        Raw::typed(pairs.iter().map(|(n, t)| ((*n).to_owned(), (*t).to_owned())).collect(), vec![])
    }

    #[test]
    fn a_picker_takes_the_only_person_found_and_asks_when_there_are_several() {
        let reader = Village.reader(Language::Vi);
        let read = |pairs: &[(&str, &str)]| {
            reader.value(&raw(pairs), "f.by", "Người ký", &FieldKind::Account, false)
        };
        assert_eq!(read(&[("f.by.words", "tran van binh")]), Ok(Value::Account(2)));
        let several = read(&[("f.by.words", "nguyen")]).unwrap_err();
        assert_eq!(several.found.unwrap().candidates.len(), 2);
        assert_eq!(read(&[("f.by.words", "nguyen"), ("f.by.pick", "3")]), Ok(Value::Account(3)));
        assert_eq!(read(&[("f.by", "2"), ("f.by.words", "Trần Văn Bình")]), Ok(Value::Account(2)));
        assert_eq!(read(&[("f.by", "2"), ("f.by.words", "")]), Ok(Value::Empty));
        assert!(read(&[("f.by.words", "khong co ai")]).unwrap_err().found.unwrap().candidates.is_empty());
        assert!(read(&[("f.by", "99")]).is_err());
    }
}
