//! What was measured after menaquinone-7.

use super::{Measure, Observation};
use crate::vitamer::{Basis, MK7};

pub(super) static ROWS: &[Observation] = &[
    NATTO.saw("mk7_natto_c8", Measure::LevelRatio(8.0, 5.0), 0.428).within(0.26, 0.60, LOOSE),
    NATTO
        .saw("mk7_natto_c24", Measure::LevelRatio(24.0, 5.0), 0.403)
        .within(0.25, 0.55, "chosen: 0.25 to 0.55, corrected and not")
        .made(TWO, ONE_FROM_TAIL),
    NATTO
        .saw("mk7_natto_c48", Measure::LevelRatio(48.0, 5.0), 0.277)
        .within(0.17, 0.39, LOOSE)
        .made(TWO, ONE_FROM_TAIL),
    NATTO
        .saw("mk7_natto_tail", Measure::LevelRatio(48.0, 24.0), 0.687)
        .within(0.55, 0.80, "chosen: 0.55 to 0.80, corrected and not")
        .made(&["literature_1cpt", "literature_2cpt"], &[]),
    BOILED.saw("mk7_boiled_c8", Measure::LevelRatio(8.0, 5.0), 0.768).within(0.46, 1.08, LOOSE),
    BOILED.saw("mk7_boiled_c24", Measure::LevelRatio(24.0, 5.0), 1.083).within(0.65, 1.52, LOOSE),
    BOILED.saw("mk7_boiled_c48", Measure::LevelRatio(48.0, 5.0), 0.481).within(0.29, 0.67, LOOSE),
    Observation::study("Sumi 1999", &MK7)
        .given("1 mg", "natto 100 g, taken as 1 mg; other papers have 775 to 1750 µg in it")
        .by(
            Basis::Derived,
            "highest level after 5 to 100 g, kind of ± and n not printed, level before not taken off: J Home Econ Jpn \
             1999;50:309, abstract, authors from memory; the dose is assumed",
        )
        .saw("mk7_natto_peak", Measure::Cmax, 57.1)
        .give_or_take(7.7),
    Observation::study("Knapen 2015", &MK7)
        .given("28 ug q12h x168", "yogurt drink twice a day, fasting sample assumed")
        .by(
            Basis::Derived,
            "1.94 - 0.28 after 12 weeks: doi:10.1017/jns.2015.25, abstract; 60 people in both arms together",
        )
        .saw("mk7_yogurt_rise", Measure::Rise(2016.0), 1.66)
        .within(0.996, 2.324, "± 40 %, assumed")
        .made(ALL, &[]),
    ORAL.given("1 mg", "amount and form not seen; Tmax is the same for any")
        .by(Basis::Printed, "about 4 h, K1 too: doi:10.1182/blood-2006-08-040709, abstract")
        .saw("mk7_tmax_single", Measure::Tmax, 4.0)
        .made(TWO, ONE_COMPARTMENT),
    Observation::study("Knapen 2014", &MK7)
        .given("100 ug", "capsule with oil; amount not seen")
        .by(Basis::Printed, "2-4 h, of which the middle: doi:10.4172/2167-0870.1000160, abstract")
        .saw("mk7_tmax_capsule", Measure::Tmax, 3.0)
        .within(2.0, 4.0, "the printed range")
        .made(&[], ALL),
    Observation::study("Knapen 2014", &MK7)
        .given("100 ug", "tablet of powder, without its formulation, which was made from this; amount not seen")
        .by(Basis::Printed, "doi:10.4172/2167-0870.1000160, abstract")
        .saw("mk7_tmax_tablet", Measure::Tmax, 6.0)
        .made(&[], ONE_COMPARTMENT),
    Observation::study("Sato 2012", &MK7)
        .given("420 ug", "supplement after a standard breakfast")
        .people(5)
        .by(Basis::Printed, "doi:10.1186/1475-2891-11-93, abstract; levels are in a figure that was not read")
        .saw("mk7_tmax_breakfast", Measure::Tmax, 6.0)
        .made(&[], ONE_COMPARTMENT),
    Observation::study("Schurgers 2000", &MK7)
        .given("2012 ug", "natto 200 g, 3.1 µmol")
        .people(6)
        .by(Basis::Printed, "doi:10.1159/000054147, abstract")
        .saw("mk7_tmax_natto", Measure::Tmax, 6.0),
    ORAL.by(Basis::Secondary, "doi:10.1182/blood-2006-08-040709 as quoted by the aging_wiki; full text not seen")
        .saw("mk7_half_life", Measure::HalfLife, 68.0)
        .within(44.0, 91.0, "the slopes of the natto curve")
        .made(&["literature_1cpt"], &["literature_2cpt"]),
    Observation::study("NOW Foods", &MK7)
        .given("100 ug", "capsule; vitamin K of all kinds was measured")
        .people(3)
        .by(
            Basis::Assumed,
            "page of the manufacturer: +41 % at 6 h and `near baseline` at 24 h, which is read here as at most a tenth \
             of the rise at 6 h",
        )
        .saw("mk7_capsule_c24", Measure::LevelRatio(24.0, 6.0), 0.1)
        .not_above("`near baseline`, read as a tenth"),
];

const TWO: &[&str] = &["literature_2cpt"];
const ONE_FROM_TAIL: &[&str] = &["literature_1cpt"];
const ONE_COMPARTMENT: &[&str] = &["nominal", "half_life_72h", "half_life_96h", "literature_1cpt"];
const ALL: &[&str] = &["nominal", "half_life_72h", "half_life_96h", "literature_1cpt", "literature_2cpt"];
const LOOSE: &str = "± 40 %, assumed from the printed ± of the levels";

const ORAL: Observation = Observation::study("Schurgers 2007", &MK7).given("", "after a dose, amount not seen");

const NATTO: Observation = Observation::study("Homma 2006", &MK7)
    .given("1 mg", "natto; amount not seen, and the ratio is the same for any")
    .by(
        Basis::Derived,
        "1.86, 14.54, 7.29, 6.97 and 5.37 µg/L at 0, 5, 8, 24 and 48 h, the first taken off the others: abstract as \
         shown by scite (authors and journal from memory), amount and n not seen",
    )
    .made(TWO, &[]);

const BOILED: Observation = Observation::study("Homma 2006", &MK7)
    .given("1 mg", "boiled natto; amount not seen, and the ratio is the same for any")
    .by(
        Basis::Derived,
        "1.61, 4.02, 3.46, 4.22 and 2.77 µg/L at 0, 5, 8, 24 and 48 h, the first taken off the others: abstract as \
         shown by scite (authors and journal from memory), amount and n not seen",
    );
