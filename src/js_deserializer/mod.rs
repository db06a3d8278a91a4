//! Deserializer from JavaScript values, for the engine's messages and the stored model.
//!
//! `serde_wasm_bindgen` does the same at three times the size: it accepts the fields of a struct in any order, and has
//! an error message for each possible mismatch. Page and worker are built together, so this one reads the fields by
//! name in the order in which the type declares them, and has a single error.

use std::fmt;

use js_sys::{Array, BigInt, Object, Reflect, Uint8Array};
use serde::de::{
    self, DeserializeOwned, DeserializeSeed, Deserializer, EnumAccess, IntoDeserializer, SeqAccess, VariantAccess,
    Visitor,
};
use wasm_bindgen::{JsCast, JsValue};

/// Error of a value that does not match the type: another version wrote it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeserializeError;

impl fmt::Display for DeserializeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "The page and its engine do not understand each other: one of them is out of date. Reload the page.",
        )
    }
}

impl std::error::Error for DeserializeError {}

impl de::Error for DeserializeError {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }
}

/// Deserializes a value.
///
/// # Errors
/// If it is not what `T` serializes to.
pub fn decode<T: DeserializeOwned>(value: JsValue) -> Result<T, DeserializeError> {
    T::deserialize(Value(value))
}

/// JavaScript value as a deserializer.
struct Value(JsValue);

impl Value {
    /// Unsigned integer; one of more than 53 bits is a `BigInt`.
    fn unsigned(&self) -> Result<u64, DeserializeError> {
        match self.0.as_f64() {
            Some(number) => Ok(number as u64),
            None => {
                self.0.dyn_ref::<BigInt>().and_then(|number| u64::try_from(number.clone()).ok()).ok_or(DeserializeError)
            }
        }
    }
}

macro_rules! unsigned_integers {
    ($($method:ident)*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DeserializeError> {
            visitor.visit_u64(self.unsigned()?)
        })*
    };
}

macro_rules! unsupported {
    ($($method:ident($($argument:ty),*))*) => {
        $(fn $method<V: Visitor<'de>>(self, $(_: $argument,)* _: V) -> Result<V::Value, DeserializeError> {
            Err(DeserializeError)
        })*
    };
}

impl<'de> Deserializer<'de> for Value {
    type Error = DeserializeError;

    unsigned_integers! { deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 }
    unsupported! {
        deserialize_any() deserialize_i8() deserialize_i16() deserialize_i32() deserialize_i64() deserialize_char()
        deserialize_unit() deserialize_unit_struct(&'static str) deserialize_tuple(usize)
        deserialize_tuple_struct(&'static str, usize) deserialize_map() deserialize_ignored_any()
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DeserializeError> {
        visitor.visit_bool(self.0.as_bool().ok_or(DeserializeError)?)
    }

    fn deserialize_f32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DeserializeError> {
        self.deserialize_f64(visitor)
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DeserializeError> {
        visitor.visit_f64(self.0.as_f64().ok_or(DeserializeError)?)
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DeserializeError> {
        visitor.visit_string(self.0.as_string().ok_or(DeserializeError)?)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DeserializeError> {
        self.deserialize_str(visitor)
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DeserializeError> {
        self.deserialize_str(visitor)
    }

    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DeserializeError> {
        self.deserialize_byte_buf(visitor)
    }

    fn deserialize_byte_buf<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DeserializeError> {
        visitor.visit_byte_buf(self.0.dyn_ref::<Uint8Array>().ok_or(DeserializeError)?.to_vec())
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DeserializeError> {
        if self.0.is_undefined() || self.0.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, DeserializeError> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DeserializeError> {
        let list: Array = self.0.dyn_into().map_err(|_| DeserializeError)?;
        visitor.visit_seq(Elements { list, next: 0 })
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, DeserializeError> {
        visitor.visit_seq(Fields { object: self.0, names: fields.iter() })
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, DeserializeError> {
        // A unit variant is its name; any other an object whose only key is the name.
        let variant = if let Some(name) = self.0.as_string() {
            Variant { name, content: JsValue::UNDEFINED }
        } else {
            let object: Object = self.0.dyn_into().map_err(|_| DeserializeError)?;
            let entry: Array = Object::entries(&object).get(0).dyn_into().map_err(|_| DeserializeError)?;
            Variant { name: entry.get(0).as_string().ok_or(DeserializeError)?, content: entry.get(1) }
        };
        visitor.visit_enum(variant)
    }
}

/// Elements of an array.
struct Elements {
    list: Array,
    next: u32,
}

impl<'de> SeqAccess<'de> for Elements {
    type Error = DeserializeError;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, DeserializeError> {
        if self.next >= self.list.length() {
            return Ok(None);
        }
        self.next += 1;
        seed.deserialize(Value(self.list.get(self.next - 1))).map(Some)
    }
}

/// Values of an object, in the order in which the type declares its fields.
struct Fields {
    object: JsValue,
    names: std::slice::Iter<'static, &'static str>,
}

impl<'de> SeqAccess<'de> for Fields {
    type Error = DeserializeError;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, DeserializeError> {
        let Some(name) = self.names.next() else { return Ok(None) };
        let value = Reflect::get(&self.object, &(*name).into()).map_err(|_| DeserializeError)?;
        seed.deserialize(Value(value)).map(Some)
    }
}

/// Variant of an enum: its name and its content.
struct Variant {
    name: String,
    content: JsValue,
}

impl<'de> EnumAccess<'de> for Variant {
    type Error = DeserializeError;
    type Variant = Value;

    fn variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<(T::Value, Value), DeserializeError> {
        let name: de::value::StringDeserializer<DeserializeError> = self.name.into_deserializer();
        Ok((seed.deserialize(name)?, Value(self.content)))
    }
}

impl<'de> VariantAccess<'de> for Value {
    type Error = DeserializeError;

    fn unit_variant(self) -> Result<(), DeserializeError> {
        Ok(())
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, DeserializeError> {
        seed.deserialize(self)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, _: V) -> Result<V::Value, DeserializeError> {
        Err(DeserializeError)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, DeserializeError> {
        visitor.visit_seq(Fields { object: self.0, names: fields.iter() })
    }
}

#[cfg(all(test, target_arch = "wasm32"))]
mod tests;
