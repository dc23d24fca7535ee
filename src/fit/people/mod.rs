//! From data to parameters, many people: what varies between them, and how much.

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
mod objective;
mod omega;
mod outer;
mod report;
mod residual_table;
mod residuals;
mod term;

pub use data::People;
pub use fitted::{PeopleEstimate, PeopleFit};
pub use method::Method;
pub use objective::{Objective, PersonAt};
pub use residuals::{Drawn, ResidualRow, Residuals};
