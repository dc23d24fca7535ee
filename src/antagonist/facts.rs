//! The numbers of the cycle, row by row.

use super::Cycle;
use crate::error::{self, Result};
use crate::model::Parameters;
use crate::vitamer::{Basis, Row, find};

/// The cycle on the habitual diet: a research illustration, not for clinical use.
pub static CYCLE: Cycle = Cycle {
    ic50: value("ic50"),
    imax: value("imax"),
    kel: value("kel"),
    k12: value("k12"),
    k21: value("k21"),
    a: value("a"),
    b: value("b"),
    diet: 1.0,
    mk7: value("mk7"),
    saturation: value("saturation"),
    kd: [value("kd_ii"), value("kd_vii"), value("kd_ix"), value("kd_x"), value("kd_pc"), value("kd_ps")],
    power: value("power"),
};

/// The kinetics of the antagonist: racemic warfarin by mouth. A research illustration, not for clinical use.
///
/// ```
/// use menaquinone::antagonist::WARFARIN;
/// assert!((WARFARIN.model()?.half_life() - 34.7).abs() < 0.1);
/// # Ok::<(), menaquinone::Error>(())
/// ```
pub static WARFARIN: Parameters =
    Parameters { cl: value("warfarin_cl"), v: value("warfarin_v"), ka: value("warfarin_ka"), tlag: 0.0, f: 1.0 };

const fn value(symbol: &str) -> f64 {
    find(ALL, symbol).value
}

const WAJIMA: &str = "Wajima 2009 Clin Pharmacol Ther 86:290, as in two independent copies that agree (BioModels curation, \
                      DavAug/mipd-warfarin)";

const RATE: Row = Row::kind("rate", "k", "rate constant", "1/h");

const fn rate(symbol: &'static str, meaning: &'static str) -> Row {
    RATE.named(symbol, meaning)
}

const K1_HABIT: Row = Row::kind("k1_habit", "-", "habitual intake of K1", "µg/d").at(211.7).cv(0.47).by(
    Basis::Printed,
    "211.7 ± 100.3, 16,057 women of 49-70 y in the Netherlands: Gast 2009, abstract; 59-81 in Britain (EFSA 2017)",
);

const MK7_PER_DOSE: Row = Row::kind("mk7_per_dose", "-", "habitual K1 that 1 µg/d of MK-7 is worth", "d/µg")
    .at(0.0536)
    .by(
        Basis::Fitted,
        "so that the third of three steps of two weeks, 10, 20 and 45 µg/d, ends with an index 40 % below a stable 2.0: \
         Theuwissen 2013 doi:10.1111/jth.12203 (acenocoumarol, 15 people; the length of a step is inferred)",
    );

/// Cycles scaled by one of the rows.
impl Cycle {
    /// This cycle with more K1 in the diet, in µg a day beyond the habitual 212.
    ///
    /// # Errors
    /// An intake that is negative or not finite.
    pub fn with_k1(self, extra: f64) -> Result<Self> {
        let extra = error::non_negative("the extra K1", extra, "µg a day")?;
        Ok(Self { diet: self.diet + extra / K1_HABIT.value, ..self })
    }

    /// This cycle for a model of MK-7 in which a daily dose raises the level by `per_dose` (µg/L per µg a day): the effect of
    /// the dose is the anchor.
    ///
    /// # Errors
    /// A `per_dose` that is not positive.
    pub fn anchored(self, per_dose: f64) -> Result<Self> {
        let per_dose = error::positive("the level per dose", per_dose, "µg/L per µg a day")?;
        Ok(Self { mk7: MK7_PER_DOSE.value / per_dose, ..self })
    }
}

/// Every number of the cycle, the antagonist and the index.
pub static ROWS: &[Row] = ALL;

const ALL: &[Row] = &[
    rate("kel", "vitamin K1 out of the cycle").at(0.2052).by(Basis::Secondary, WAJIMA),
    rate("k12", "vitamin K1 into its peripheral store").at(0.0587).by(Basis::Secondary, WAJIMA),
    rate("k21", "vitamin K1 out of its peripheral store").at(0.0122).by(
        Basis::Secondary,
        "Wajima 2009 Clin Pharmacol Ther 86:290, as in the BioModels curation; the other copy takes a store of 1 L; in \
         relative terms the volume drops out",
    ),
    rate("a", "reduction of the quinone").at(0.0228).by(Basis::Secondary, WAJIMA),
    rate("b", "turnover of hydroquinone and epoxide").at(0.228).by(Basis::Secondary, WAJIMA),
    rate("kd_ii", "elimination of factor II").at(0.010).by(Basis::Secondary, WAJIMA),
    rate("kd_vii", "elimination of factor VII").at(0.120).by(Basis::Secondary, WAJIMA),
    rate("kd_ix", "elimination of factor IX").at(0.029).by(Basis::Secondary, WAJIMA),
    rate("kd_x", "elimination of factor X").at(0.018).by(Basis::Secondary, WAJIMA),
    rate("kd_pc", "elimination of protein C").at(0.050).by(Basis::Secondary, WAJIMA),
    rate("kd_ps", "elimination of protein S").at(0.0165).by(Basis::Secondary, WAJIMA),
    Row::kind("ic50", "IC50", "level of the antagonist that inhibits half", "µg/L")
        .at(340.0)
        .range(135.0, 340.0)
        .by(Basis::Secondary, "0.34 mg/L: Wajima 2009, as in two copies; 0.135 mg/L in the parameters of Hartmann"),
    Row::kind("imax", "Imax", "largest share that is inhibited", "").at(1.0).by(Basis::Secondary, WAJIMA),
    Row::kind("warfarin_ka", "ka", "absorption of the antagonist", "1/h").at(1.0).by(Basis::Secondary, WAJIMA),
    Row::kind("warfarin_v", "V", "volume of the antagonist", "L")
        .at(10.0)
        .range(10.0, 28.6)
        .by(Basis::Secondary, "Wajima 2009, as in two copies; 28.6 L in the parameters of Hartmann"),
    Row::kind("warfarin_cl", "CL", "clearance of the antagonist", "L/h").at(0.2).by(Basis::Secondary, WAJIMA),
    Row::kind("saturation", "K", "share of the hydroquinone at which carboxylation would be half of its largest", "")
        .at(3.0)
        .range(1.0, 10.0)
        .by(
            Basis::Assumed,
            "a guess that keeps most of Wajima's effect of the antagonist; that no more than all is carboxylated is what \
             makes vitamin K alone change nothing",
        ),
    Row::kind("power", "-", "steepness of the index", "").at(0.488).by(
        Basis::Derived,
        "ln(2.16 / 1.02) over the mean of ln(132/25), ln(125/47) and ln(108/15): medians of INR and factors II, VII and X \
         in 35 healthy people and 95 on acenocoumarol, table 3 of Watala 2003 doi:10.1186/1477-9560-1-7; a power of the \
         factors is the shape that Vlad 2009 doi:10.1073/pnas.0809855106 gives that relation in its abstract; their own \
         exponents were not seen, and one for all three is ours",
    ),
    K1_HABIT,
    MK7_PER_DOSE,
    Row::kind("mk7", "-", "habitual K1 that 1 µg/L of MK-7 is worth", "L/µg")
        .at(1.634)
        .by(Basis::Derived, "mk7_per_dose × 1.27 L/h × 24 h, the nominal set of MK-7"),
];
