//! Charts as PNG and SVG: plotters lays them out, and what it draws becomes outlines, then pixels or paths.
#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "places on paper and counts of marks: numbers small enough for any type"
)]

mod annotate;
mod api;
mod artist;
mod axis;
mod canvas;
mod clip;
mod colour;
mod description;
mod designs;
mod doses;
mod draw;
mod element;
mod fitted;
mod font;
mod labels;
mod layer;
mod moments;
mod page;
mod panel;
mod people;
mod people_fits;
mod person;
mod pixels;
mod ranges;
mod save;
mod scale;
mod sheet;
mod smooth;
mod snap;
mod style;
mod svg;
mod text;
mod ticks;
#[cfg(test)]
mod tidy;

pub use colour::Colour;
pub use description::Chart;
pub use layer::Trace;
pub use sheet::Sheet;
