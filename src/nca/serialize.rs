//! Results written down: a number, or the sentence that says why there is none. What they rest on is not in them, so that they
//! are not read again.

use serde::ser::{SerializeMap, SerializeSeq, SerializeStruct};
use serde::{Serialize, Serializer};

use super::missing::Outcome;
use super::{Analysis, METRICS, Summary, Table};

/// A number or a sentence.
struct Written(Outcome);

impl Serialize for Written {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Ok(value) => serializer.serialize_f64(value),
            Err(missing) => serializer.collect_str(&missing),
        }
    }
}

/// Every metric by its symbol.
impl Serialize for Analysis {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(METRICS.len()))?;
        for (metric, value) in METRICS.iter().zip(self.values()) {
            map.serialize_entry(metric.symbol, &Written(value))?;
        }
        map.end()
    }
}

/// A subject of a table.
#[derive(Serialize)]
struct Row<'a> {
    id: &'a str,
    metrics: &'a Analysis,
}

/// The subjects in their order.
impl Serialize for Table {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut rows = serializer.serialize_seq(Some(self.iter().len()))?;
        for (id, metrics) in self {
            rows.serialize_element(&Row { id, metrics })?;
        }
        rows.end()
    }
}

impl Serialize for Summary {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("Summary", Self::HEADER.len())?;
        fields.serialize_field("symbol", self.metric.symbol)?;
        fields.serialize_field("unit", self.metric.unit)?;
        fields.serialize_field("n", &self.n)?;
        fields.serialize_field("missing", &self.missing)?;
        for (name, value) in Self::HEADER[4..].iter().zip(self.values()) {
            fields.serialize_field(name, &Written(value))?;
        }
        fields.end()
    }
}
