//! A good value with some of it changed: what stands at a numbered place gives way to another text, number, variant
//! or length of list.
//!
//! An input is a list of edits, each `place (2 bytes) · kind (1) · length (1) · bytes`; places are counted as the
//! value is read, so that the first edits do not move the later ones unless they change how much there is.

use std::collections::BTreeMap;

use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, EnumAccess, IntoDeserializer, MapAccess, SeqAccess,
    VariantAccess, Visitor,
};
use serde_json::{Value, json};

use crate::made::{Chosen, Maker, Wrong};

/// What is changed, by place.
pub struct Edits<'a> {
    edits: BTreeMap<u16, (u8, &'a [u8])>,
    words: &'static [&'static str],
    place: u16,
}

impl<'a> Edits<'a> {
    pub fn read(mut bytes: &'a [u8], words: &'static [&'static str]) -> Self {
        let mut edits = BTreeMap::new();
        while let [low, high, kind, length, rest @ ..] = bytes {
            let (with, after) = rest.split_at(usize::from(*length).min(rest.len()));
            edits.insert(u16::from_le_bytes([*low, *high]), (*kind, with));
            bytes = after;
        }
        Self { edits, words, place: 0 }
    }

    /// The value with its edits.
    pub fn apply<T: DeserializeOwned>(&mut self, value: &Value) -> Result<T, Wrong> {
        T::deserialize(Edit { value, edits: self })
    }

    /// The edit of this place, if there is one.
    fn next(&mut self) -> Option<(u8, Maker<'a>)> {
        let (kind, bytes) = *self.edits.get(&self.place)?;
        Some((kind, Maker::new(bytes, self.words)))
    }

    fn here(&mut self) -> Option<(u8, Maker<'a>)> {
        let edit = self.next();
        self.place = self.place.wrapping_add(1);
        edit
    }

    fn text(&mut self, text: &str) -> String {
        let Some((kind, mut maker)) = self.here() else { return text.to_owned() };
        match kind % 4 {
            0 | 1 => maker.text(),
            2 => text.to_owned() + &maker.text(),
            _ => text.repeat(1 + usize::from(maker.byte()) * 16),
        }
    }

    fn number<N: Copy>(&mut self, number: N, made: impl FnOnce(i64) -> N) -> N {
        self.here().map_or(number, |(_, mut maker)| made(maker.number()))
    }
}

struct Edit<'v, 'e, 'a> {
    value: &'v Value,
    edits: &'e mut Edits<'a>,
}

fn other(what: &str, value: &Value) -> Wrong {
    Wrong(format!("{value} where {what} is read"))
}

macro_rules! numbers {
    ($($method:ident $visit:ident $type:ty, $read:ident;)*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
            let number = self.value.$read().ok_or_else(|| other("a number", self.value))?;
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "any number will do")]
            visitor.$visit(self.edits.number(number as $type, |made| made as $type))
        })*
    };
}

impl<'de> Deserializer<'de> for Edit<'_, '_, '_> {
    type Error = Wrong;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Wrong> {
        Err(Wrong("a type that does not say what it is".to_owned()))
    }

    numbers! {
        deserialize_i8 visit_i8 i8, as_i64;
        deserialize_i16 visit_i16 i16, as_i64;
        deserialize_i32 visit_i32 i32, as_i64;
        deserialize_i64 visit_i64 i64, as_i64;
        deserialize_u8 visit_u8 u8, as_u64;
        deserialize_u16 visit_u16 u16, as_u64;
        deserialize_u32 visit_u32 u32, as_u64;
        deserialize_u64 visit_u64 u64, as_u64;
        deserialize_f32 visit_f32 f32, as_f64;
        deserialize_f64 visit_f64 f64, as_f64;
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        let yes = self.value.as_bool().ok_or_else(|| other("yes or no", self.value))?;
        visitor.visit_bool(self.edits.here().is_some() != yes)
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        self.deserialize_string(visitor)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        let text = self.value.as_str().ok_or_else(|| other("a text", self.value))?;
        visitor.visit_string(self.edits.text(text))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        match (self.edits.here(), self.value) {
            (None, Value::Null) | (Some(_), Value::Object(_) | Value::Array(_)) => visitor.visit_none(),
            (Some((_, mut maker)), _) => visitor.visit_some(&mut maker),
            (None, _) => visitor.visit_some(self),
        }
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        visitor.visit_unit()
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        visitor.visit_unit()
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        let list = self.value.as_array().ok_or_else(|| other("a list", self.value))?;
        let mut list: Vec<Option<&Value>> = list.iter().map(Some).collect();
        let mut made = None;
        if let Some((kind, mut maker)) = self.edits.here() {
            let at = usize::from(maker.byte()) % list.len().max(1);
            match kind % 5 {
                0 => drop(list.drain(at.min(list.len())..)),
                1 if !list.is_empty() => drop(list.remove(at)),
                2 if !list.is_empty() => {
                    let times = usize::from(maker.byte());
                    list.extend(vec![list[at]; times]);
                }
                3 => list.reverse(),
                _ => list.insert(at.min(list.len()), None),
            }
            made = Some(maker);
        }
        visitor.visit_seq(Each { list: list.into_iter(), made, edits: self.edits })
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Wrong> {
        let list = self.value.as_array().ok_or_else(|| other("a list", self.value))?;
        let list: Vec<Option<&Value>> = list.iter().map(Some).collect();
        visitor.visit_seq(Each { list: list.into_iter(), made: None, edits: self.edits })
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        length: usize,
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        self.deserialize_tuple(length, visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        if name == "TextColumn"
            && let Some((_, mut maker)) = self.edits.here()
        {
            let value = with_another_text(self.value, &mut maker);
            let mut none = Edits { edits: BTreeMap::new(), words: &[], place: 0 };
            return Edit { value: &value, edits: &mut none }.deserialize_struct("", fields, visitor);
        }
        let value = self.value.as_object().ok_or_else(|| other("a record", self.value))?;
        visitor.visit_map(Fields { value, fields, at: 0, edits: self.edits })
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        if let Some((kind, mut maker)) = self.edits.here() {
            let variant = variants[usize::from(kind) % variants.len()];
            return visitor.visit_enum(Chosen { maker: &mut maker, variant });
        }
        match self.value {
            Value::String(name) => visitor.visit_enum(name.as_str().into_deserializer()),
            Value::Object(map) => {
                let (name, value) = map.iter().next().ok_or_else(|| other("a variant", self.value))?;
                visitor.visit_enum(Variant { name, value, edits: self.edits })
            }
            other => Err(self::other("a variant", other)),
        }
    }

    serde::forward_to_deserialize_any! { char bytes byte_buf map identifier ignored_any i128 u128 }
}

/// One text of a column gives way to another.
fn with_another_text(column: &Value, maker: &mut Maker<'_>) -> Value {
    let numbers = |name: &str| -> Vec<usize> {
        let list = column[name].as_array().into_iter().flatten();
        list.filter_map(Value::as_u64).filter_map(|number| usize::try_from(number).ok()).collect()
    };
    let (data, ends) = (numbers("data"), numbers("ends"));
    let at = usize::from(maker.byte()) % ends.len().max(1);
    let text = maker.text();
    let (mut new, mut new_ends, mut start) = (Vec::new(), Vec::new(), 0);
    for (row, end) in ends.iter().enumerate() {
        if row == at {
            new.extend(text.bytes().map(usize::from));
        } else {
            new.extend(data.get(start..*end).unwrap_or_default());
        }
        new_ends.push(new.len());
        start = *end;
    }
    json!({ "data": new, "ends": new_ends })
}

struct Each<'v, 'e, 'a> {
    list: std::vec::IntoIter<Option<&'v Value>>,
    /// Makes the elements that the list did not have.
    made: Option<Maker<'a>>,
    edits: &'e mut Edits<'a>,
}

impl<'de> SeqAccess<'de> for Each<'_, '_, '_> {
    type Error = Wrong;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Wrong> {
        match (self.list.next(), &mut self.made) {
            (None, _) | (Some(None), None) => Ok(None),
            (Some(Some(value)), _) => seed.deserialize(Edit { value, edits: self.edits }).map(Some),
            (Some(None), Some(maker)) => seed.deserialize(maker).map(Some),
        }
    }
}

struct Fields<'v, 'e, 'a> {
    value: &'v serde_json::Map<String, Value>,
    fields: &'static [&'static str],
    at: usize,
    edits: &'e mut Edits<'a>,
}

impl<'de> MapAccess<'de> for Fields<'_, '_, '_> {
    type Error = Wrong;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Wrong> {
        let Some(field) = self.fields.get(self.at) else { return Ok(None) };
        self.at += 1;
        seed.deserialize((*field).into_deserializer()).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Wrong> {
        let field = self.fields.get(self.at.wrapping_sub(1)).copied().unwrap_or_default();
        let value = self.value.get(field).ok_or_else(|| Wrong(format!("no {field}")))?;
        if field == "marks" {
            return seed.deserialize(value.clone()).map_err(|error| Wrong(error.to_string()));
        }
        seed.deserialize(Edit { value, edits: self.edits })
    }
}

struct Variant<'v, 'e, 'a> {
    name: &'v str,
    value: &'v Value,
    edits: &'e mut Edits<'a>,
}

impl<'de> EnumAccess<'de> for Variant<'_, '_, '_> {
    type Error = Wrong;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), Wrong> {
        let name: serde::de::value::StrDeserializer<'_, Wrong> = self.name.into_deserializer();
        Ok((seed.deserialize(name)?, self))
    }
}

impl<'de> VariantAccess<'de> for Variant<'_, '_, '_> {
    type Error = Wrong;

    fn unit_variant(self) -> Result<(), Wrong> {
        Ok(())
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Wrong> {
        seed.deserialize(Edit { value: self.value, edits: self.edits })
    }

    fn tuple_variant<V: Visitor<'de>>(self, length: usize, visitor: V) -> Result<V::Value, Wrong> {
        Edit { value: self.value, edits: self.edits }.deserialize_tuple(length, visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        Edit { value: self.value, edits: self.edits }.deserialize_struct("", fields, visitor)
    }
}
