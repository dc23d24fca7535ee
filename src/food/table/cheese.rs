//! Cheese. That of the United States and that of Europe differ 4 to 6 times, so they are different foods here.

use super::sources::{FASEB, FU, HOJO, HOJO_NORWAY, JENSEN, SCHURGERS, SPICE, SUPPLIER, USDA, VERMEER, WALTHER};
use super::sources::{sem, unstated};
use crate::food::{Content, Food, Form, Group};

/// Bacteria of cheese make MK-8 and MK-9 rather than MK-7.
const fn cheese(name: &'static str, aliases: &'static [&'static str]) -> Food {
    Food::new(name, Group::Cheese).also(aliases)
}

const TOTAL: Form = Form::TOTAL_K1_MK4_13;

/// What Fu 2017 and the abstract beside it have in common.
const fn us(content: Content) -> Content {
    content.note("mostly MK-9, MK-10 and MK-11; little MK-5 to MK-7")
}

pub(super) const FOODS: &[Food] = &[
    cheese("cheese (Europe)", &["cheese", "cheese, all analysed"])
        .holding(&[Form::TOTAL_K2.between(0.3, 80.2).by(VERMEER).note("the richest was a Munster")]),
    cheese("cheese (Switzerland)", &["cheese", "swiss cheese", "cheese, Swiss production"])
        .holding(&[Form::TOTAL_MK4_10.between(2.3, 131.2).by(WALTHER)]),
    cheese("cheese (Denmark)", &["cheese", "danish cheese"]).holding(&[Form::TOTAL_K1_MK4_10
        .between(0.5, 32.0)
        .by(JENSEN)
        .note("the lowest is printed as below 0.5; in a tube 6.4-80 % could be absorbed")]),
    cheese("hard cheese (Netherlands)", &["hard cheese"])
        .holding(&[
            Form::MK4.at(5.0).by(SCHURGERS).note("printed about 5"),
            Form::MK8_9.at(70.0).by(SCHURGERS).note("printed about 70"),
        ])
        .note("soft cheese has about 30 % less"),
    cheese("munster (France)", &["munster"])
        .holding(&[Form::TOTAL_K2.at(80.0).by(VERMEER).note("arithmetic: 180-360 µg a day needs 225-445 g")]),
    cheese("jarlsberg", &["cheese, jarlsberg"]).holding(&[Form::MK9_4H
        .between(20.0, 65.0)
        .by(HOJO_NORWAY)
        .note("one range for Jarlsberg and Emmental; Jarlsberg is the richest")]),
    cheese("emmental", &["cheese, emmental", "emmentaler"])
        .holding(&[Form::MK9_4H.between(20.0, 65.0).by(HOJO).note("one range for Jarlsberg and Emmental")]),
    cheese("appenzeller", &["cheese, appenzeller"])
        .holding(&[Form::MK9_4H.at(0.0).by(HOJO).note("printed extremely low or undetected")]),
    cheese("gruyere", &["gruyère", "cheese, gruyere"])
        .holding(&[Form::MK9_4H.at(0.0).by(HOJO).note("printed extremely low or undetected")]),
    cheese("curd cheese", &["quark"]).holding(&[Form::TOTAL_K2.between(30.0, 60.0).by(SUPPLIER)]),
    cheese("cheese, gouda", &["gouda"])
        .fat(27.44)
        .holding(&[Form::K1.at(2.3).by(USDA), Form::TOTAL_K2.at(75.0).by(SPICE).note("printed as mostly MK-8")])
        .note("a supplier's 50 µg MK-7 in 100 g contradicts Fu 2017 and is left out"),
    cheese("cheese, edam", &["edam"]).fat(28.57).holding(&[Form::K1.at(2.3).by(USDA)]),
    cheese("cheese, swiss", &["swiss cheese"])
        .fat(31.0)
        .holding(&[Form::K1.at(1.4).by(USDA), Form::MK4.at(6.3).by(USDA)]),
    cheese("cheese, cheddar", &["cheddar"])
        .fat(34.0)
        .holding(&[Form::K1.at(2.4).by(USDA), Form::MK4.at(9.3).by(USDA)])
        .note("a printed total of 28.2 ± 41.3 is most likely a misprint of 282 and is left out"),
    cheese("cheese, cheddar, sharp, sliced", &["sharp cheddar"])
        .fat(33.82)
        .holding(&[Form::K1.at(2.4).by(USDA), Form::MK4.at(8.6).by(USDA)]),
    cheese("cheese, parmesan, grated", &["parmesan"])
        .fat(28.0)
        .holding(&[Form::K1.at(1.7).by(USDA), Form::MK4.at(7.1).by(USDA)]),
    cheese("cheese, mozzarella, low moisture, part-skim", &["mozzarella"])
        .fat(20.4)
        .holding(&[Form::K1.at(1.3).by(USDA), Form::MK4.at(5.4).range(4.1, 5.4).by(USDA)]),
    cheese("cheese, feta, whole milk, crumbled", &["feta"])
        .fat(19.08)
        .holding(&[Form::K1.at(1.2).range(0.9, 1.2).by(USDA), Form::MK4.at(4.8).range(4.5, 4.8).by(USDA)]),
    cheese("cheese, brie", &["brie"]).fat(27.68).holding(&[Form::K1.at(2.3).by(USDA)]),
    cheese("cheese, camembert", &["camembert"]).fat(24.26).holding(&[Form::K1.at(2.0).by(USDA)]),
    cheese("cheese, muenster", &["muenster (US)"]).fat(30.04).holding(&[Form::K1.at(2.5).by(USDA)]),
    cheese("cheese, cream", &["cream cheese"])
        .fat(34.44)
        .holding(&[Form::K1.at(2.1).by(USDA), Form::MK4.at(8.7).by(USDA)]),
    cheese("cheese, ricotta, whole milk", &["ricotta"])
        .fat(11.0)
        .holding(&[Form::K1.at(0.6).range(0.6, 1.1).by(USDA), Form::MK4.at(3.1).by(USDA)]),
    cheese("cheese, neufchatel", &["neufchatel", "neufchâtel"])
        .fat(22.78)
        .holding(&[Form::K1.at(1.7).by(USDA), Form::MK4.at(9.3).by(USDA)]),
    cheese("soft cheese (US)", &["soft cheese"]).holding(&[us(TOTAL.at(506.0).spread(sem(63.0)).by(FU))]),
    cheese("soft-ripened cheese (US)", &["soft-ripened cheese"])
        .holding(&[TOTAL.at(495.0).spread(unstated(214.0)).by(FASEB)]),
    cheese("blue cheese (US)", &["blue cheese"])
        .holding(&[us(TOTAL.at(440.0).spread(sem(41.0)).by(FU)), TOTAL.at(439.0).spread(unstated(129.0)).by(FASEB)]),
    cheese("semi-soft cheese (US)", &["semi-soft cheese"])
        .holding(&[us(TOTAL.at(289.0).spread(sem(38.0)).by(FU)), TOTAL.at(310.0).spread(unstated(126.0)).by(FASEB)]),
    cheese("fresh cheese (US)", &["fresh cheese"]).holding(&[TOTAL.at(309.0).spread(unstated(204.0)).by(FASEB)]),
    cheese("hard cheese (US)", &["hard cheese"]).holding(&[us(TOTAL.at(282.0).spread(sem(5.0)).by(FU))]),
    cheese("processed cheese (US)", &["processed cheese"])
        .holding(&[us(TOTAL.at(98.0).spread(sem(11.0)).by(FU)), TOTAL.at(90.9).spread(unstated(37.9)).by(FASEB)]),
    cheese("cottage cheese, full fat (US)", &["cottage cheese", "cottage cheese, full fat"])
        .holding(&[TOTAL.at(54.2).spread(unstated(8.3)).by(FASEB)]),
];
