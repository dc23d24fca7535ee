//! What was measured after phylloquinone.

use super::{Measure, Observation};
use crate::vitamer::{Basis, K1};

pub(super) static ROWS: &[Observation] = &[
    GARBER
        .given("500 ug", "tablet with a meal of 402 kcal, 27 % from fat")
        .people(8)
        .by(Basis::Printed, "27.55 ± 10.08 nmol h/L (printed nmol/(L h)), × 0.45071: J Nutr 129:1201, abstract")
        .saw("k1_tablet_auc", Measure::Auc(9.0), 12.42)
        .give_or_take(4.54)
        .made(ORAL_SETS, &[]),
    GARBER
        .given("495 ug", "raw spinach 150 g with the same meal")
        .people(3)
        .by(Basis::Printed, "4.79 ± 1.11 nmol h/L, × 0.45071: J Nutr 129:1201, abstract")
        .saw("k1_spinach_auc", Measure::Auc(9.0), 2.16)
        .give_or_take(0.50),
    Observation::study("Novotny 2010", &K1)
        .given("70.3 ug", "kale 400 g with 30 g oil; the amount is about 20 times below what kale holds")
        .people(6)
        .by(Basis::Printed, "2.1 nmol/L between 6 and 10 h, × 0.45071: doi:10.1017/S0007114510001182, abstract")
        .saw("k1_kale_cmax", Measure::Cmax, 0.946),
    Observation::study("Schurgers 2007", &K1)
        .given("1 mg", "amount and form not seen; Tmax is the same for any")
        .by(Basis::Printed, "about 4 h: doi:10.1182/blood-2006-08-040709, abstract")
        .saw("k1_tmax_single", Measure::Tmax, 4.0)
        .made(ORAL_SETS, &["literature_2cpt"]),
    Observation::study("Schurgers 2000", &K1)
        .given("1577 ug", "solubilised by a detergent, 3.5 µmol")
        .people(6)
        .by(Basis::Printed, "doi:10.1159/000054147, abstract")
        .saw("k1_tmax_detergent", Measure::Tmax, 4.0),
    Observation::study("Schurgers 2000", &K1)
        .given("1577 ug", "spinach 400 g, 3.5 µmol")
        .people(6)
        .by(Basis::Printed, "doi:10.1159/000054147, abstract")
        .saw("k1_tmax_spinach", Measure::Tmax, 6.0),
    Observation::study("Lamon-Fava 1998", &K1)
        .given("100 ug", "1.43 or 50 µg/kg with 1 g/kg fat, taken as 70 kg; Tmax is the same for any")
        .people(26)
        .by(Basis::Printed, "doi:10.1093/ajcn/67.6.1226, abstract")
        .saw("k1_tmax_fat", Measure::Tmax, 6.0),
    Observation::study("Jones 2007", &K1)
        .given("4 ug", "capsule")
        .people(10)
        .by(Basis::Secondary, "thesis oro.open.ac.uk/64332; this number as copied from DrugBank by badic.blogg.se")
        .saw("k1_tmax_capsule", Measure::Tmax, 4.7)
        .give_or_take(0.8)
        .made(&[], &["literature_1cpt", "literature_2cpt"]),
    Observation::study("Schurgers 2007", &K1)
        .given("", "after a dose, amount not seen")
        .by(Basis::Secondary, "doi:10.1182/blood-2006-08-040709 as quoted by the aging_wiki; full text not seen")
        .saw("k1_half_life_quoted", Measure::HalfLife, 1.5)
        .made(&["nominal"], &[]),
    TRACER.people(10).saw("k1_half_life_jones", Measure::HalfLife, 2.7).made(&["literature_1cpt"], &[]),
    TRACER.people(10).saw("k1_fast_jones", Measure::FastHalfLife, 0.2),
    OLSON.saw("k1_half_life_olson", Measure::HalfLife, 27.6).within(
        15.2,
        40.0,
        "± 12.4, as which the printed 124 is read",
    ),
    OLSON.saw("k1_fast_olson", Measure::FastHalfLife, 1.0).give_or_take(0.47),
    LABEL
        .given("", "mixed micelles into a vein")
        .saw("k1_half_life_label_iv", Measure::HalfLife, 14.0)
        .give_or_take(6.0)
        .made(&["literature_2cpt"], &[]),
    LABEL
        .given("", "mixed micelles, swallowed")
        .saw("k1_half_life_label_oral", Measure::HalfLife, 10.0)
        .give_or_take(6.0),
    Observation::study("Novotny 2010", &K1)
        .given("", "kale; of the plasma, where the tissue had 215 h")
        .people(6)
        .by(Basis::Printed, "doi:10.1017/S0007114510001182, abstract")
        .saw("k1_half_life_kale", Measure::HalfLife, 8.8),
];

const ORAL_SETS: &[&str] = &["nominal", "literature_1cpt"];

const GARBER: Observation = Observation::study("Garber 1999", &K1);

const TRACER: Observation = Observation::study("Jones 2007", &K1)
    .given("", "tracer into a vein")
    .by(Basis::Printed, "thesis oro.open.ac.uk/64332, abstract");

const OLSON: Observation = Observation::study("Olson 2002", &K1)
    .given("", "0.3 µg of a tracer into a vein, control diet")
    .people(7)
    .by(Basis::Printed, "Br J Nutr 87:543, abstract");

const LABEL: Observation =
    Observation::study("Label of Konakion MM", &K1).by(Basis::Printed, "Swiss label, ch.oddb.org reg 48112");
