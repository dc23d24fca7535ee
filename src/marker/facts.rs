//! The markers and their numbers, row by row.

use std::f64::consts::LN_2;

use super::{Marker, Osteocalcin, Turnover};
use crate::vitamer::{Basis, Row, find};

/// Every marker with a turnover of its own; osteocalcin, which has two forms, is [`OSTEOCALCIN`].
pub static MARKERS: [&Marker; 4] = [&DP_UCMGP, &DP_UCMGP_HD, &DP_CMGP, &T_UCMGP];

/// Desphospho-uncarboxylated matrix Gla protein in healthy adults.
pub static DP_UCMGP: Marker = Marker {
    symbol: "dp-ucMGP",
    name: "desphospho-uncarboxylated matrix Gla protein, healthy adults",
    unit: "pmol/L",
    contested: "One trial sets the dose-response (ED50 413 µg/d; single studies ask for 59 to 751), its half-life is \
                assumed, and 180 µg for three years lowered it by 50 %, where this predicts 30 %.",
    parameters: Turnover::of(HEALTHY),
    rows: HEALTHY,
};

/// Desphospho-uncarboxylated matrix Gla protein in haemodialysis.
pub static DP_UCMGP_HD: Marker = Marker {
    symbol: "dp-ucMGP (HD)",
    name: "desphospho-uncarboxylated matrix Gla protein, haemodialysis",
    unit: "pmol/L",
    contested: "One trial sets the dose-response (ED50 227 µg/d, against 365 and 608 in two others and 59 in a single \
                arm), its half-life is assumed, and the habitual level was not measured.",
    parameters: Turnover::of(DIALYSIS),
    rows: DIALYSIS,
};

/// Desphospho-carboxylated matrix Gla protein: a negative control that does not respond.
pub static DP_CMGP: Marker = Marker {
    symbol: "dp-cMGP",
    name: "desphospho-carboxylated matrix Gla protein, a negative control",
    unit: "% of baseline",
    contested: "It did not differ between 0, 180 and 360 µg a day (p = 0.42), so it is drawn flat, though what leaves \
                the uncarboxylated form should arrive somewhere.",
    parameters: Turnover::of(FLAT),
    rows: FLAT,
};

/// Total uncarboxylated matrix Gla protein: a negative control that does not respond.
pub static T_UCMGP: Marker = Marker {
    symbol: "t-ucMGP",
    name: "total uncarboxylated matrix Gla protein, a negative control",
    unit: "% of baseline",
    contested: "It did not differ between 0, 180 and 360 µg a day (p = 0.23), so it is drawn flat.",
    parameters: Turnover::of(FLAT),
    rows: FLAT,
};

/// Osteocalcin, uncarboxylated and carboxylated, in healthy adults.
pub static OSTEOCALCIN: Marker<Osteocalcin> = Marker {
    symbol: "ucOC/cOC",
    name: "osteocalcin, uncarboxylated and carboxylated, healthy adults",
    unit: "µg/L",
    contested: "One trial of 12 weeks sets the dose-response (ED50 122 µg/d); after a year of 360 µg the ratio was 56 % \
                lower than with placebo, where this predicts 73 %, and the half-life is assumed.",
    parameters: Osteocalcin::of(BONE),
    rows: BONE,
};

/// The fall of dp-ucMGP for 10 mL/min/1.73 m² more of kidney function, as a fraction.
pub static KIDNEY: Row = Row::kind("egfr_fall", "-", "fall of dp-ucMGP per 10 mL/min more eGFR, as a fraction", "")
    .at(0.14)
    .by(Basis::Printed, "14.0 % per 10 mL/min/1.73 m², 578 transplant recipients: Kremer 2021 doi:10.3390/nu13093069");

const M0: Row = Row::kind("baseline", "M0", "value at the habitual level", "pmol/L");
const C0: Row = Row::kind("c0", "C0", "habitual level of MK-7", "µg/L");
const ED50: Row = Row::kind("ed50", "ED50", "daily dose that takes away half", "µg/d");
const SLOPE: Row = Row::kind("per_dose", "-", "rise of the level per daily dose", "µg/L per µg/d");
const IC50: Row = Row::kind("ic50", "IC50", "level that takes away half", "µg/L");
const IMAX: Row = Row::kind("imax", "Imax", "part of the production that can be taken away", "");
const T_HALF: Row = Row::kind("t_half", "t½", "half-life of the marker", "h");

const WEST: Row = C0.at(0.28).by(Basis::Printed, "0.28 before 56 µg a day, n 60: Knapen 2015 doi:10.1017/jns.2015.25");
const KNAPEN: Row = SLOPE.at(0.0296).by(
    Basis::Derived,
    "(1.94 - 0.28) / 56, fasting level after 12 weeks: Knapen 2015 doi:10.1017/jns.2015.25; one study; replace it by \
     what your model gives",
);
const WHOLE: Row = IMAX.at(1.0).by(Basis::Assumed, "with it free the fits give 0.89 and 0.97, no better");
const MGP_HALF_LIFE: Row = T_HALF.at(168.0).range(24.0, 240.0).by(
    Basis::Assumed,
    "7 d; none was found in print; at most 9.9 d if the 86 % of Aoun 2017 doi:10.1186/s12882-017-0609-3 in 4 weeks are \
     the whole fall",
);

const HEALTHY: &[Row] = &[
    M0.at(376.0).cv(0.62).by(Basis::Printed, "376 ± 233, n 633, 55-65 y, the Netherlands: LASA, Maturitas 2018"),
    WEST,
    ED50.at(413.0).range(180.0, 751.0).cv(0.51).by(
        Basis::Fitted,
        "to -31 % at 180 and -46 % at 360 µg/d after 12 weeks: Dalmeijer 2012 doi:10.1016/j.atherosclerosis.2012.09.019; \
         range and CV (SD of ln): single studies without Aoun 2017",
    ),
    KNAPEN,
    IC50.at(12.2).by(Basis::Derived, "413 × 0.0296 = 12.22"),
    WHOLE,
    MGP_HALF_LIFE,
];

const DIALYSIS: &[Row] = &[
    M0.at(3179.15).range(1825.25, 4339.5).by(
        Basis::Printed,
        "median and quartiles, 50 people in Lebanon: Aoun 2017 doi:10.1186/s12882-017-0609-3; other centres are far \
         lower",
    ),
    C0.at(0.28).by(Basis::Assumed, "as in healthy people of the Netherlands; not measured"),
    ED50.at(227.0).range(59.0, 608.0).by(
        Basis::Fitted,
        "to -17.9, -36.7 and -61.1 % at 45, 135 and 360 µg/d after 6 weeks: Westenfeld 2012, Am J Kidney Dis 59:186, as \
         in a table of Roumeliotis 2020 PMC7193028; range: single studies",
    ),
    KNAPEN,
    IC50.at(6.7).by(Basis::Derived, "227 × 0.0296 = 6.72"),
    WHOLE,
    MGP_HALF_LIFE,
];

const FLAT: &[Row] = &[
    Row::kind("baseline", "M0", "value at the habitual level", "%")
        .at(100.0)
        .by(Basis::Convention, "no value was seen, so the marker is measured in per cent of itself"),
    WEST,
    IC50.at(12.2).by(Basis::Convention, "without meaning where imax is 0"),
    IMAX.at(0.0).by(
        Basis::Printed,
        "no difference between the arms after 12 weeks: Dalmeijer 2012 doi:10.1016/j.atherosclerosis.2012.09.019",
    ),
    MGP_HALF_LIFE,
];

const BONE: &[Row] = &[
    Row::kind("uc", "ucOC", "uncarboxylated form at the habitual level", "µg/L").at(3.9).range(1.5, 5.0).by(
        Basis::Secondary,
        "placebo arm after 12 months: Emaus 2010 doi:10.1007/s00198-009-1126-4 as quoted by medwirenews.com; range: \
         adults, Theuwissen 2014 doi:10.1039/c3fo60464k",
    ),
    Row::kind("c", "cOC", "carboxylated form at the habitual level", "µg/L").at(14.9).by(
        Basis::Secondary,
        "placebo arm after 12 months: Emaus 2010 doi:10.1007/s00198-009-1126-4 as quoted by medwirenews.com",
    ),
    WEST,
    ED50.at(122.0).by(
        Basis::Fitted,
        "to -60 % at 180 and -74 % at 360 µg/d of the ratio after 12 weeks: Dalmeijer 2012 \
         doi:10.1016/j.atherosclerosis.2012.09.019",
    ),
    KNAPEN,
    IC50.at(3.6).by(Basis::Derived, "122 × 0.0296 = 3.61; of the ratio ucOC/cOC"),
    T_HALF.at(12.0).range(0.1, 24.0).by(
        Basis::Assumed,
        "a day at most: a week is enough for each dose step in Nakamura 2014 doi:10.1186/1475-2891-13-85",
    ),
];

/// The ED50 of dp-ucMGP that each study alone would give, with `imax = 1`, µg a day: `dose (1 / fall - 1)`.
pub static ED50_STUDIES: &[Row] = &[
    study("aoun", "haemodialysis, 360 µg, 4 weeks").at(58.6).by(
        Basis::Derived,
        "360 × (1/0.86 - 1): Aoun 2017 doi:10.1186/s12882-017-0609-3; an outlier, left out of the distribution",
    ),
    study("knapen", "healthy women, 180 µg, 3 years")
        .at(180.0)
        .by(Basis::Derived, "180 × (1/0.50 - 1), against placebo: Knapen 2015 doi:10.1160/TH14-08-0675"),
    study("westenfeld", "haemodialysis, 45 to 360 µg, 6 weeks")
        .at(227.0)
        .by(Basis::Fitted, "to three doses: Westenfeld 2012, Am J Kidney Dis 59:186"),
    study("mansour", "kidney transplant, 360 µg, 8 weeks")
        .at(293.4)
        .by(Basis::Derived, "360 × (1/0.551 - 1): Mansour 2017 doi:10.1016/j.jash.2017.07.001"),
    study("pilot", "haemodialysis, 135 µg, 6 weeks")
        .at(365.0)
        .by(Basis::Derived, "135 × (1/0.27 - 1): pilot of 2011, reference 51 of Roumeliotis 2020 PMC7193028"),
    study("dalmeijer", "healthy adults, 180 and 360 µg, 12 weeks")
        .at(413.0)
        .by(Basis::Fitted, "to two doses: Dalmeijer 2012 doi:10.1016/j.atherosclerosis.2012.09.019"),
    study("caluwe", "haemodialysis, 360 to 1080 µg three times a week, 8 weeks")
        .at(608.0)
        .by(Basis::Fitted, "to three doses of 154, 309 and 463 µg/d on average: Caluwe 2014 doi:10.1093/ndt/gft464"),
    study("kurnatowska", "kidney disease of stage 4 and 5, 90 µg, 39 weeks")
        .at(751.1)
        .by(Basis::Derived, "90 × (1/0.107 - 1): Kurnatowska 2016, Kidney Blood Press Res 41:231"),
];

const fn study(symbol: &'static str, meaning: &'static str) -> Row {
    ED50.named(symbol, meaning)
}

/// What is known of other vitamers and these markers: the doses at which something was, or was not, seen.
///
/// None of it gives a potency beside MK-7, so the crate has none.
pub static OTHER_VITAMERS: &[Row] = &[
    dose("mk4_not_detected", "MK-4 at which plasma MK-4 was not detected at any time", "µg").at(420.0).by(
        Basis::Printed,
        "Sato 2012 doi:10.1186/1475-2891-11-93; the sets of MK-4 predict a peak of 1.0 (nominal) and 4.5 µg/L \
         (literature) there, so do not drive a marker with µg doses of MK-4",
    ),
    dose("mk4_ucoc", "lowest MK-4 that changed ucOC, one week a step of 0, 300, 600, 900, 1500", "µg/d")
        .at(600.0)
        .by(Basis::Printed, "15 young men: Nakamura 2014 doi:10.1186/1475-2891-13-85"),
    dose("k1_ucoc", "lowest K1 that lowered ucOC in people on acenocoumarol", "µg/d")
        .at(300.0)
        .by(Basis::Printed, "Schurgers 2004 doi:10.1182/blood-2004-04-1525; K1 does act on bone"),
];

const fn dose(symbol: &'static str, meaning: &'static str, unit: &'static str) -> Row {
    Row::kind(symbol, "dose", meaning, unit)
}

impl Turnover {
    pub(super) const fn of(rows: &[Row]) -> Self {
        Self {
            baseline: find(rows, "baseline").value,
            c0: find(rows, "c0").value,
            ic50: find(rows, "ic50").value,
            imax: find(rows, "imax").value,
            kout: LN_2 / find(rows, "t_half").value,
            elimination: 1.0,
        }
    }
}

impl Osteocalcin {
    pub(super) const fn of(rows: &[Row]) -> Self {
        Self {
            uc: find(rows, "uc").value,
            c: find(rows, "c").value,
            c0: find(rows, "c0").value,
            ic50: find(rows, "ic50").value,
            kout: LN_2 / find(rows, "t_half").value,
        }
    }
}
