//! Eggs, meat, liver, fish. Animals make MK-4 of other forms; how much depends on their feed.

use super::sources::{GOOSE, KOIVU, NIH, SCHURGERS, SPICE, SUPPLIER, USDA};
use crate::food::{Food, Form, Group};

const fn animal(name: &'static str, aliases: &'static [&'static str]) -> Food {
    Food::new(name, Group::EggMeatFish).also(aliases)
}

pub(super) const FOODS: &[Food] = &[
    animal("egg yolk", &["yolk", "egg, yolk, raw, fresh"])
        .fat(26.54)
        .holding(&[Form::MK4.at(31.0).by(SCHURGERS).note("about 6 yolks in 100 g"), Form::K1.at(0.7).by(USDA)])
        .note("depends strongly on feed and country: scrambled egg of the United States has 0.2 µg MK-4 in 100 g"),
    animal("egg, whole, raw", &["egg", "egg, whole, raw, fresh"]).fat(9.51).holding(&[Form::K1.at(0.3).by(USDA)]),
    animal("egg, whole, scrambled", &["scrambled egg", "egg", "egg, whole, cooked, scrambled"])
        .fat(10.98)
        .holding(&[Form::K1.at(4.0).by(USDA), Form::MK4.at(0.2).by(USDA)]),
    animal("goose liver pate", &["goose liver", "goose liver pâté", "foie gras"])
        .holding(&[Form::MK4.at(369.0).by(GOOSE)]),
    animal("chicken liver", &["chicken liver, braised", "chicken, liver, all classes, raw"])
        .fat(4.83)
        .holding(&[
            Form::MK4
                .at(7.1)
                .range(7.1, 14.0)
                .by(NIH)
                .note("braised, printed 6 per 3 oz; the range is that of both rows"),
            Form::MK4.at(14.0).by(SPICE),
            Form::K1.at(0.0).by(USDA).note("raw"),
        ])
        .note("fat of the raw liver"),
    animal("chicken", &["chicken meat"]).holding(&[
        Form::MK4.at(8.0).by(SCHURGERS).note("printed about 8"),
        Form::TOTAL_K.at(60.0).by(KOIVU).note("the highest of the animal products analysed"),
    ]),
    animal("chicken breast, rotisserie", &["rotisserie chicken"])
        .holding(&[Form::MK4.at(15.3).by(NIH).note("printed 13 per 3 oz")]),
    animal("kfc, crispy chicken strips", &["crispy chicken strips"])
        .fat(15.42)
        .holding(&[Form::K1.at(9.4).by(USDA), Form::MK4.at(10.3).by(USDA)]),
    animal("kfc, popcorn chicken", &["popcorn chicken"])
        .fat(21.74)
        .holding(&[Form::K1.at(17.4).by(USDA), Form::MK4.at(7.1).by(USDA)]),
    animal("beef", &[]).holding(&[Form::MK4.at(1.0).by(SCHURGERS).note("printed about 1")]),
    animal("beef, ground, broiled", &["ground beef", "minced beef"])
        .holding(&[Form::MK4.at(7.1).by(NIH).note("printed 6 per 3 oz")]),
    animal("ham, roasted or pan broiled", &["ham"]).holding(&[Form::MK4.at(4.7).by(NIH).note("printed 4 per 3 oz")]),
    animal("ham, smoked, extra lean, low sodium", &["ham", "smoked ham"])
        .fat(2.71)
        .holding(&[Form::K1.at(0.0).by(USDA), Form::MK4.at(2.2).by(USDA)]),
    animal("pepperoni, beef and pork, sliced", &["pepperoni"])
        .fat(46.28)
        .holding(&[Form::K1.at(5.8).by(USDA), Form::MK4.at(41.7).by(USDA)]),
    animal("salami, cooked, beef and pork", &["salami"])
        .fat(25.9)
        .holding(&[Form::K1.at(3.2).by(USDA), Form::MK4.at(28.0).by(USDA)]),
    animal("bologna, beef", &["bologna"]).fat(26.13).holding(&[Form::K1.at(2.4).by(USDA), Form::MK4.at(6.3).by(USDA)]),
    animal("sausage, turkey, breakfast links, mild, raw", &["turkey sausage"])
        .fat(10.4)
        .holding(&[Form::K1.at(0.4).by(USDA), Form::MK4.at(36.6).by(USDA)]),
    animal("frankfurter, turkey", &["frankfurter", "turkey frankfurter"])
        .fat(17.29)
        .holding(&[Form::K1.at(0.0).by(USDA), Form::MK4.at(31.2).by(USDA)]),
    animal("frankfurter, chicken", &["frankfurter", "chicken frankfurter"])
        .fat(16.19)
        .holding(&[Form::K1.at(0.0).by(USDA), Form::MK4.at(25.1).by(USDA)]),
    animal("fish, salmon, sockeye, raw", &["salmon"])
        .fat(4.69)
        .holding(&[Form::K1.at(0.1).by(USDA), Form::MK4.at(0.3).by(USDA)]),
    animal("mollusks, oyster, eastern, wild, raw", &["oyster"])
        .fat(1.71)
        .holding(&[Form::K1.at(1.0).by(USDA), Form::MK4.at(2.5).by(USDA)]),
    animal("eel", &[]).holding(&[Form::TOTAL_K2.between(30.0, 60.0).by(SUPPLIER)]),
    animal("flatfish", &["plaice", "sole"]).holding(&[Form::TOTAL_K2.between(30.0, 60.0).by(SUPPLIER)]),
    animal("animal products, generic", &[])
        .holding(&[Form::TOTAL_K.between(1.0, 10.0).by(KOIVU).note("the means of most products analysed")]),
];
