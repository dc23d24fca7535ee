//! What trials printed, to be set beside what the markers predict.

use serde::Serialize;

use crate::vitamer::Basis;

/// What a printed change is to a marker of this crate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Use {
    /// The marker is fitted to the row, so agreement proves nothing.
    Fit,
    /// The row took no part in any fit.
    Check,
    /// Nothing should happen, and nothing did.
    Control,
}

/// One printed change of a marker after a time of MK-7 by mouth.
///
/// ```
/// use menaquinone::marker::{TRIALS, Use};
/// let fitted = TRIALS.iter().filter(|trial| trial.role == Use::Fit).count();
/// let checks: Vec<_> = TRIALS.iter().filter(|trial| trial.role == Use::Check).collect();
/// assert_eq!((fitted, checks.len()), (7, 11));
/// assert!(checks.iter().any(|trial| trial.study == "Knapen 2015" && trial.change == -50.0));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Trial {
    /// Authors and year.
    pub study: &'static str,
    /// Who took part.
    pub people: &'static str,
    /// The symbol of the marker of this crate that it belongs to.
    pub marker: &'static str,
    /// The dosing, as [`Regimen`](crate::Regimen) reads it; empty where nothing was taken.
    pub dosing: &'static str,
    /// The average dose, µg a day.
    pub dose: f64,
    /// How long, weeks.
    pub weeks: f64,
    /// The change of the marker, %: from its own baseline, or against placebo where the source says so.
    pub change: f64,
    /// What it is to the marker.
    pub role: Use,
    /// What the number rests on.
    pub basis: Basis,
    /// Where it is printed.
    pub source: &'static str,
}

/// Every printed change with a number that was seen, the fitted ones first.
pub static TRIALS: &[Trial] = &[
    DALMEIJER.of("dp-ucMGP").daily("180 ug q24h", 180.0).change(-31.0, Use::Fit),
    DALMEIJER.of("dp-ucMGP").daily("360 ug q24h", 360.0).change(-46.0, Use::Fit),
    DALMEIJER.of("ucOC/cOC").daily("180 ug q24h", 180.0).change(-60.0, Use::Fit),
    DALMEIJER.of("ucOC/cOC").daily("360 ug q24h", 360.0).change(-74.0, Use::Fit),
    WESTENFELD.daily("45 ug q24h", 45.0).change(-17.9, Use::Fit),
    WESTENFELD.daily("135 ug q24h", 135.0).change(-36.7, Use::Fit),
    WESTENFELD.daily("360 ug q24h", 360.0).change(-61.1, Use::Fit),
    Trial {
        study: "Knapen 2015",
        people: "postmenopausal women",
        weeks: 156.0,
        source: "doi:10.1160/TH14-08-0675, abstract; against placebo",
        ..DALMEIJER
    }
    .of("dp-ucMGP")
    .daily("180 ug q24h", 180.0)
    .change(-50.0, Use::Check),
    Trial {
        study: "Emaus 2010",
        people: "early postmenopausal women",
        weeks: 52.0,
        basis: Basis::Derived,
        source: "doi:10.1007/s00198-009-1126-4 as quoted by medwirenews.com; ratios 0.115 and, with placebo, 0.262",
        ..DALMEIJER
    }
    .of("ucOC/cOC")
    .daily("360 ug q24h", 360.0)
    .change(-56.0, Use::Check),
    Trial {
        study: "Mansour 2017",
        people: "kidney transplant recipients",
        weeks: 8.0,
        source: "doi:10.1016/j.jash.2017.07.001, abstract; one arm",
        ..DALMEIJER
    }
    .of("dp-ucMGP")
    .daily("360 ug q24h", 360.0)
    .change(-55.1, Use::Check),
    Trial {
        study: "Kurnatowska 2016",
        people: "kidney disease of stage 4 and 5",
        weeks: 38.6,
        source: "Kidney Blood Press Res 41:231, abstract; with 10 µg vitamin D3",
        ..DALMEIJER
    }
    .of("dp-ucMGP")
    .daily("90 ug q24h", 90.0)
    .change(-10.7, Use::Check),
    Trial {
        study: "pilot 2011",
        basis: Basis::Secondary,
        source: "reference 51 of Roumeliotis 2020 PMC7193028, its table",
        ..WESTENFELD
    }
    .daily("135 ug q24h", 135.0)
    .change(-27.0, Use::Check),
    CALUWE.daily("360 ug on Mon,Wed,Fri", 360.0 * 3.0 / 7.0).change(-17.0, Use::Check),
    CALUWE.daily("720 ug on Mon,Wed,Fri", 720.0 * 3.0 / 7.0).change(-33.0, Use::Check),
    CALUWE.daily("1080 ug on Mon,Wed,Fri", 1080.0 * 3.0 / 7.0).change(-46.0, Use::Check),
    Trial {
        study: "Aoun 2017",
        weeks: 4.0,
        basis: Basis::Printed,
        source: "doi:10.1186/s12882-017-0609-3, abstract; one arm, an outlier",
        ..WESTENFELD
    }
    .daily("360 ug q24h", 360.0)
    .change(-86.0, Use::Check),
    OIKONOMAKI.change(0.0, Use::Check),
    Trial { weeks: 52.0, ..OIKONOMAKI }.change(-47.0, Use::Check),
    DALMEIJER.of("dp-ucMGP").change(0.0, Use::Control),
    DALMEIJER.of("dp-cMGP").daily("360 ug q24h", 360.0).change(0.0, Use::Control),
    DALMEIJER.of("t-ucMGP").daily("360 ug q24h", 360.0).change(0.0, Use::Control),
];

const DALMEIJER: Trial = Trial {
    study: "Dalmeijer 2012",
    people: "healthy adults",
    marker: "",
    dosing: "",
    dose: 0.0,
    weeks: 12.0,
    change: 0.0,
    role: Use::Check,
    basis: Basis::Printed,
    source: "doi:10.1016/j.atherosclerosis.2012.09.019, abstract",
};

const WESTENFELD: Trial = Trial {
    study: "Westenfeld 2012",
    people: "haemodialysis",
    marker: "dp-ucMGP (HD)",
    weeks: 6.0,
    basis: Basis::Secondary,
    source: "Am J Kidney Dis 59:186 as in a table of Roumeliotis 2020 PMC7193028",
    ..DALMEIJER
};

const CALUWE: Trial = Trial {
    study: "Caluwe 2014",
    weeks: 8.0,
    basis: Basis::Printed,
    source: "doi:10.1093/ndt/gft464, abstract; three times a week",
    ..WESTENFELD
};

const OIKONOMAKI: Trial = Trial {
    study: "Oikonomaki 2019",
    weeks: 13.0,
    basis: Basis::Printed,
    source: "doi:10.1007/s11255-019-02275-2, abstract; another assay (uc-MGP)",
    ..WESTENFELD
}
.daily("200 ug q24h", 200.0);

/// Trials are written as `STUDY.of(marker).daily(dosing, dose).change(percent, role)`.
impl Trial {
    const fn of(self, marker: &'static str) -> Self {
        Self { marker, ..self }
    }

    const fn daily(self, dosing: &'static str, dose: f64) -> Self {
        Self { dosing, dose, ..self }
    }

    const fn change(self, change: f64, role: Use) -> Self {
        Self { change, role, ..self }
    }
}
