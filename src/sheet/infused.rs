//! Names of columns that say how fast or how long a dose is infused.

use super::page::plain;

/// Names of durations, as [`plain`] writes them.
const DURATIONS: [&str; 15] = [
    "DUR",
    "DURATION",
    "TINF",
    "TINFDUR",
    "INFDUR",
    "INFUSIONDURATION",
    "DURATIONOFINFUSION",
    "DINF",
    "INFTIME",
    "INFUSIONTIME",
    "INFLEN",
    "INFLENGTH",
    "INFUSIONLENGTH",
    "LENGTHOFINFUSION",
    "ADOSEDUR",
];

/// Names of rates, in the unit of the amount by h where they have none.
const RATES: [&str; 6] = ["RATE", "INFRATE", "RATEINF", "INFUSIONRATE", "RATEOFINFUSION", "EXINFRAT"];

/// Whether a name is that of the durations of infusions.
pub(crate) fn is_duration(name: &str) -> bool {
    DURATIONS.contains(&&*plain(name))
}

/// Whether a name is that of the rates of infusions.
pub(crate) fn is_rate(name: &str) -> bool {
    RATES.contains(&&*plain(name))
}
