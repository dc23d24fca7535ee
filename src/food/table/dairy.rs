//! Milk, cream, yogurt, butter.

use super::sources::{FASEB, FU, USDA, sem, unstated};
use crate::food::{Food, Form, Group};

const fn dairy(name: &'static str, aliases: &'static [&'static str]) -> Food {
    Food::new(name, Group::Dairy).also(aliases)
}

const TOTAL: Form = Form::TOTAL_K1_MK4_13;

pub(super) const FOODS: &[Food] = &[
    dairy("milk, 4% fat (US)", &["milk", "milk, 4% fat", "whole milk"])
        .fat(4.0)
        .holding(&[TOTAL.at(38.1).spread(sem(8.6)).by(FU)])
        .note("fat by its name"),
    dairy("milk, 2% fat (US)", &["milk", "milk, 2% fat"])
        .fat(2.0)
        .holding(&[TOTAL.at(19.4).spread(sem(7.7)).by(FU)])
        .note("fat by its name"),
    dairy("milk, 1% fat (US)", &["milk", "milk, 1% fat"])
        .fat(1.0)
        .holding(&[TOTAL.at(12.9).spread(sem(2.0)).by(FU)])
        .note("fat by its name"),
    dairy("milk, nonfat (US)", &["milk", "milk, nonfat", "skimmed milk"])
        .fat(0.0)
        .holding(&[TOTAL.at(7.7).spread(sem(2.9)).by(FU)])
        .note("fat by its name"),
    dairy("yogurt, full fat (US)", &["yogurt", "yogurt, full fat"])
        .holding(&[TOTAL.at(28.1).spread(unstated(18.9)).by(FASEB)]),
    dairy("Greek yogurt, full fat (US)", &["greek yogurt", "greek yogurt, full fat"])
        .holding(&[TOTAL.at(30.1).spread(unstated(6.5)).by(FASEB)]),
    dairy("yogurt, plain, whole milk", &["yogurt", "plain yogurt"])
        .fat(4.484)
        .holding(&[Form::K1.at(0.2).by(USDA), Form::MK4.at(0.9).by(USDA)]),
    dairy("yogurt, Greek, plain, whole milk", &["greek yogurt", "plain greek yogurt"])
        .fat(4.394)
        .holding(&[Form::K1.at(0.2).range(0.0, 0.2).by(USDA), Form::MK4.at(1.0).by(USDA)]),
    dairy("buttermilk, low fat", &["buttermilk"])
        .fat(1.081)
        .holding(&[Form::K1.at(0.0).by(USDA), Form::MK4.at(0.3).by(USDA)]),
    dairy("cream, heavy", &["heavy cream"])
        .fat(35.56)
        .holding(&[Form::K1.at(2.4).by(USDA), Form::MK4.at(8.9).by(USDA)]),
    dairy("cream, sour, full fat", &["sour cream"])
        .fat(17.99)
        .holding(&[Form::K1.at(1.2).by(USDA), Form::MK4.at(5.2).by(USDA)]),
    dairy("butter, whipped, with salt", &["butter", "whipped butter"])
        .fat(78.3)
        .holding(&[Form::K1.at(4.6).by(USDA), Form::MK4.at(20.9).by(USDA)]),
    dairy("butter, salted", &["butter", "salted butter"]).fat(81.11).holding(&[Form::K1.at(7.0).by(USDA)]),
];
