//! From data to parameters, many people: what varies between them, and how much.

mod bins;
mod data;
mod evaluate;
mod first_order;
mod fitted;
mod gradient;
mod hermite;
mod inner;
mod layout;
mod marginal;
mod method;
mod npde;
mod objective;
mod omega;
mod outer;
mod report;
mod residual_table;
mod residuals;
mod simulated;
mod term;
mod vpc;
mod vpc_bands;

pub use bins::Bins;
pub use data::People;
pub use fitted::{PeopleEstimate, PeopleFit};
pub use method::Method;
pub use npde::{Npde, NpdeRow};
pub use objective::{Objective, PersonAt};
pub use residuals::{Drawn, ResidualRow, Residuals};
pub use vpc::Vpc;
pub use vpc_bands::{VpcBands, VpcBin, VpcPercentile, VpcStratum};
