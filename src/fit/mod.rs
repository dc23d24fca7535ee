//! From data to parameters: a model with unknowns fitted to what was measured.

mod bands;
mod bootstrap;
mod dense;
mod derived;
mod deviations;
mod dose;
mod dosing;
mod effect;
mod fitted;
mod given;
mod kinds;
mod known;
mod left;
mod levels;
mod name;
mod named;
mod next_dose;
mod objective;
mod outlook;
mod parts;
mod people;
mod plain;
mod plan;
mod posterior;
mod prepared;
#[cfg(test)]
mod prepared_tests;
mod prior;
mod profile;
mod quantity;
mod rates;
mod reach;
mod report;
mod residual;
mod rest;
mod rows;
mod samples;
mod scatter;
mod search;
mod several;
mod start;
mod stretches;
mod summary;
mod sure;
mod tabled;
mod tables;
mod target;
mod theory;
mod twins;
mod unknown;
mod untold;
mod values;
mod written;

pub use bands::Predicted;
pub use bootstrap::{Bootstrap, Resample};
pub use dose::{DoseFound, whole_pieces};
pub use effect::Effect;
pub use fitted::{Estimate, Fit};
pub use name::{Basis, Dependence, Label, Name};
pub use next_dose::NextDose;
pub(crate) use outlook::{Curve, Law, Outlook, Somebody, somebody};
pub use parts::Part;
pub use people::{
    Bins, Direction, Drawn, EffectAt, Estimation, History, Method, Npde, NpdeRow, Objective, People, PeopleEstimate,
    PeopleFit, PersonAt, Predictive, Progress, Recovered, Recovery, Replicate, Resampled, ResidualRow, Residuals,
    Round, Saem, Stepwise, StepwiseFound, Trial, Vpc, VpcBands, VpcBin, VpcPercentile, VpcStratum,
};
pub use posterior::Posterior;
pub use profile::Interval;
pub use rates::{Rates, TwoRates};
pub(crate) use report::{percent, rounded};
pub use samples::{Report, Sampled, Samples};
pub use several::Spread;
pub use summary::{Figure, Summary};
pub use sure::Comparison;
pub use target::{Aim, Target};
pub use theory::{Theory, Weights};
pub use unknown::{Deviation, Unknown, fixed, free};
pub use untold::Untold;
