//! The table of foods, a file for each group. A food is one entry of a list, and a content is one row of it.

mod cheese;
mod dairy;
mod egg_meat_fish;
mod plant;
mod sources;
mod soy;

use super::Food;

/// The groups in the order of [`Group::ALL`](super::Group::ALL).
pub(super) static TABLE: [&[Food]; 5] = [soy::FOODS, cheese::FOODS, dairy::FOODS, egg_meat_fish::FOODS, plant::FOODS];
