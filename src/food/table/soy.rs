//! Soya and ferments of plants.

use super::sources::{KAMAO, NIH, SCHURGERS, STRAINS, TSUKAMOTO, USDA};
use crate::food::{Food, Form, Group};

pub(super) const FOODS: &[Food] = &[
    Food::new("natto", Group::Soy)
        .also(&["nattō", "natto, fermented soybeans"])
        .fat(11.0)
        .holding(&[
            Form::MK7.at(939.0).range(775.0, 1750.0).by(KAMAO).note("the range is that of all these rows"),
            Form::MK7.at(775.0).by(TSUKAMOTO),
            Form::MK7.at(1750.0).by(STRAINS).note("the richest of the bacterial strains that were tried"),
            Form::MK7.at(1000.0).by(NIH).note("printed 850 per 3 oz"),
            Form::MK7.at(1000.0).by(SCHURGERS).note("printed about 1000"),
            Form::MK8.at(84.0).by(SCHURGERS),
            Form::MK4.at(0.0).by(SCHURGERS).note("printed: no MK-4"),
            Form::K1.at(23.1).by(USDA),
        ])
        .note("the only food here with much MK-7; the popular 100-200 µg in 100 g is 5 to 10 times too low"),
    Food::new("miso", Group::Soy).fat(6.01).holding(&[Form::K1.at(29.3).by(USDA)]).note("no measured MK-7 was seen"),
    Food::new("sauerkraut, canned", Group::Soy)
        .also(&["sauerkraut", "sauerkraut, canned, solids and liquids"])
        .fat(0.14)
        .holding(&[Form::K1.at(13.0).by(USDA)])
        .note("no measured MK-7 was seen"),
];
