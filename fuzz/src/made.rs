//! Values of any type, made of bytes: the type says what is asked for, the bytes say which.
//!
//! A deserializer that never fails for want of input: when the bytes are used up, lists are empty, numbers 0 and the
//! first variant is taken. Texts are mostly words that the target knows, so that an input gets beyond its front door.

use std::fmt;

use arbitrary::Unstructured;
use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, IntoDeserializer, MapAccess, SeqAccess, VariantAccess, Visitor,
};

/// What is not a value after all: flags that have no such name, numbers out of range.
#[derive(Debug)]
pub struct Wrong(pub String);

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Wrong {}

impl serde::de::Error for Wrong {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self(message.to_string())
    }
}

/// Makes values of bytes.
pub struct Maker<'a> {
    pub bytes: Unstructured<'a>,
    /// Texts that get an input further.
    pub words: &'static [&'static str],
}

/// Most elements of a list that is made up.
const MOST: u8 = 8;

impl<'a> Maker<'a> {
    pub fn new(bytes: &'a [u8], words: &'static [&'static str]) -> Self {
        Self { bytes: Unstructured::new(bytes), words }
    }

    /// A value of any type.
    pub fn make<T: serde::de::DeserializeOwned>(&mut self) -> Result<T, Wrong> {
        T::deserialize(self)
    }

    pub fn byte(&mut self) -> u8 {
        self.bytes.arbitrary().unwrap_or_default()
    }

    /// Small numbers, large ones, and those at the edges.
    pub fn number(&mut self) -> i64 {
        const EDGES: [i64; 8] =
            [i64::MIN, i64::MAX, -1, 1_000_000_000_000_000_000, 1 << 53, 1 << 32, 1 << 31, 719_468];
        match self.byte() {
            small @ ..200 => i64::from(small >> 1) - i64::from(small & 1) * 8,
            edge @ 200..230 => EDGES[usize::from(edge) % EDGES.len()],
            _ => self.bytes.arbitrary().unwrap_or_default(),
        }
    }

    pub fn text(&mut self) -> String {
        match self.byte() {
            word @ ..160 if !self.words.is_empty() => self.words[usize::from(word) % self.words.len()].into(),
            long @ 250.. => "ễ ".repeat(usize::from(long - 249) * 3_000),
            length => {
                let bytes = self.bytes.bytes(usize::from(length % 40).min(self.bytes.len()));
                String::from_utf8_lossy(bytes.unwrap_or_default()).into_owned()
            }
        }
    }
}

macro_rules! numbers {
    ($($method:ident $visit:ident $type:ty;)*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "any number will do")]
            visitor.$visit(self.number() as $type)
        })*
    };
}

impl<'de> Deserializer<'de> for &mut Maker<'_> {
    type Error = Wrong;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Wrong> {
        Err(Wrong("a type that does not say what it is".to_owned()))
    }

    numbers! {
        deserialize_i8 visit_i8 i8;
        deserialize_i16 visit_i16 i16;
        deserialize_i32 visit_i32 i32;
        deserialize_i64 visit_i64 i64;
        deserialize_u8 visit_u8 u8;
        deserialize_u16 visit_u16 u16;
        deserialize_u32 visit_u32 u32;
        deserialize_u64 visit_u64 u64;
        deserialize_f32 visit_f32 f32;
        deserialize_f64 visit_f64 f64;
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        visitor.visit_bool(self.byte() & 1 == 1)
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        visitor.visit_string(self.text())
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        visitor.visit_string(self.text())
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        if self.byte() & 1 == 1 { visitor.visit_some(self) } else { visitor.visit_none() }
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
        let left = self.byte() % (MOST + 1);
        visitor.visit_seq(Each { maker: self, left: left.into() })
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, left: usize, visitor: V) -> Result<V::Value, Wrong> {
        visitor.visit_seq(Each { maker: self, left })
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        left: usize,
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        visitor.visit_seq(Each { maker: self, left })
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        visitor.visit_map(Fields { maker: self, fields, at: 0 })
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        let variant = usize::from(self.byte()) % variants.len().max(1);
        visitor.visit_enum(Chosen { maker: self, variant: variants[variant] })
    }

    serde::forward_to_deserialize_any! { char bytes byte_buf map identifier ignored_any i128 u128 }
}

struct Each<'m, 'a> {
    maker: &'m mut Maker<'a>,
    left: usize,
}

impl<'de> SeqAccess<'de> for Each<'_, '_> {
    type Error = Wrong;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Wrong> {
        if self.left == 0 {
            return Ok(None);
        }
        self.left -= 1;
        seed.deserialize(&mut *self.maker).map(Some)
    }
}

struct Fields<'m, 'a> {
    maker: &'m mut Maker<'a>,
    fields: &'static [&'static str],
    at: usize,
}

impl<'de> MapAccess<'de> for Fields<'_, '_> {
    type Error = Wrong;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Wrong> {
        let Some(field) = self.fields.get(self.at) else { return Ok(None) };
        self.at += 1;
        seed.deserialize((*field).into_deserializer()).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Wrong> {
        if self.fields.get(self.at.wrapping_sub(1)) == Some(&"marks") {
            // Flags, as the names of those that are set.
            let set = ["strong", "emphasis", "code"].into_iter().take(usize::from(self.maker.byte() % 4));
            return seed.deserialize(set.collect::<Vec<_>>().into_deserializer());
        }
        seed.deserialize(&mut *self.maker)
    }
}

pub(crate) struct Chosen<'m, 'a> {
    pub maker: &'m mut Maker<'a>,
    pub variant: &'static str,
}

impl<'de> EnumAccess<'de> for Chosen<'_, '_> {
    type Error = Wrong;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), Wrong> {
        let deserializer: serde::de::value::StrDeserializer<'_, Wrong> = self.variant.into_deserializer();
        Ok((seed.deserialize(deserializer)?, self))
    }
}

impl<'de> VariantAccess<'de> for Chosen<'_, '_> {
    type Error = Wrong;

    fn unit_variant(self) -> Result<(), Wrong> {
        Ok(())
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Wrong> {
        seed.deserialize(self.maker)
    }

    fn tuple_variant<V: Visitor<'de>>(self, left: usize, visitor: V) -> Result<V::Value, Wrong> {
        visitor.visit_seq(Each { maker: self.maker, left })
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        visitor.visit_map(Fields { maker: self.maker, fields, at: 0 })
    }
}
