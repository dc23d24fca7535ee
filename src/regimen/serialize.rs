//! Serde through the text form.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser};

use super::{Dose, Meal, Regimen, Repeating};

/// Text that could not be read again is not written.
macro_rules! as_text {
    ($type:ty, $check:ident) => {
        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                self.$check().map_err(ser::Error::custom)?;
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
            }
        }
    };
}

as_text!(Meal, check);
as_text!(Dose, check);
as_text!(Repeating, check);
as_text!(Regimen, validate);
