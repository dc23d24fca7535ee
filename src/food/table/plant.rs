//! Vegetables and oils, and fat without its food.

use super::sources::{KAMAO, USDA};
use crate::food::{Food, Form, Group};

const fn plant(name: &'static str, aliases: &'static [&'static str]) -> Food {
    Food::new(name, Group::Plant).also(aliases)
}

pub(super) const FOODS: &[Food] = &[
    plant("kale, raw", &["kale"])
        .fat(1.49)
        .holding(&[Form::K1.at(390.0).range(389.6, 390.0).by(USDA), Form::MK4.at(0.0).by(USDA)]),
    plant("spinach, raw", &["spinach"]).fat(0.39).holding(&[
        Form::K1.at(482.9).range(482.9, 498.0).by(USDA).note("the range is that of both rows"),
        Form::K1.at(498.0).by(KAMAO),
    ]),
    plant("broccoli, raw", &["broccoli"])
        .fat(0.34)
        .holding(&[
            Form::K1.at(102.0).range(101.6, 307.0).by(USDA).note("the range is that of both rows"),
            Form::K1.at(307.0).by(KAMAO),
        ])
        .note("that of Japan has 3 times as much as that of the United States"),
    plant("lettuce, romaine, green, raw", &["lettuce", "romaine"])
        .fat(0.07125)
        .holding(&[Form::K1.at(83.4).range(71.4, 83.4).by(USDA), Form::MK4.at(0.0).by(USDA)]),
    plant("parsley, fresh", &["parsley"]).fat(0.79).holding(&[Form::K1.at(1640.0).by(USDA)]),
    plant("oil, soybean", &["soybean oil", "oil, soybean, salad or cooking"])
        .fat(100.0)
        .holding(&[Form::K1.at(183.9).by(USDA), Form::MK4.at(0.0).by(USDA)]),
    plant("oil, canola", &["canola oil", "rapeseed oil"])
        .fat(100.0)
        .holding(&[Form::K1.at(71.3).by(USDA), Form::MK4.at(0.0).by(USDA)]),
    plant("oil, olive", &["olive oil", "oil, olive, salad or cooking"])
        .fat(100.0)
        .holding(&[Form::K1.at(60.2).by(USDA)]),
    plant("fat", &["fat of the meal", "other fat"])
        .fat(100.0)
        .note("no food: it stands for what else is in a meal, so that its fat can be counted"),
];
