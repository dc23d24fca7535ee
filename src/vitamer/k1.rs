//! Phylloquinone.

use super::formulation::kind::{F_REL, SAME_F, SAME_KA, SAME_TLAG, TLAG_MORE, TMAX, UNKNOWN_KA, UNKNOWN_TLAG};
use super::row::kind::{
    APPARENT, BASELINE, CL, CL_F, F, KA, Q, RESIDUAL_CV, T_HALF, T_HALF_ALPHA, T_HALF_BETA, TLAG, V_F, V1, V2,
};
use super::row::{Basis, Row};
use super::set::ParameterSet;
use super::supposition::FAT_ADDS_40_PERCENT;
use super::{Formulation, Vitamer};

/// Phylloquinone, vitamin K1, C31H46O2, 450.71 g/mol: here for comparison.
///
/// ```
/// use menaquinone::{Dose, units::*, vitamer::K1};
/// // Garber 1999, a tablet of 500 µg: 27.55 nmol h/L to 9 h.
/// let auc = K1.set("literature_1cpt")?.model().auc(Dose::of(500.0 * UG), 0.0..=9.0 * HOUR)?;
/// assert!((K1.nmol_from_ug(auc) - 27.6).abs() < 0.1);
/// # Ok::<(), menaquinone::Error>(())
/// ```
///
/// `literature_2cpt` alone holds true, not apparent, values, so that a dose into a vein has a meaning:
///
/// ```
/// use menaquinone::{Dose, units::*, vitamer::K1};
/// let model = K1.set("literature_2cpt")?.model();
/// let start = model.profile(Dose::iv(10.0 * MG), &[0.0])?.conc()[0];
/// assert!((start - 10_000.0 / 5.0).abs() < 1e-9);
/// # Ok::<(), menaquinone::Error>(())
/// ```
pub static K1: Vitamer = Vitamer {
    symbol: "K1",
    name: "phylloquinone",
    aliases: &["phytomenadione", "phytonadione"],
    formula: "C31H46O2",
    molar_mass: 450.71,
    rows: FACTS,
    baselines: BASELINES,
    meal_tables: &[FAT_ADDS_40_PERCENT],
    formulations: FORMULATIONS,
    sets: &[
        ParameterSet {
            name: "nominal",
            aliases: &["nominal_2h"],
            title: "nominal set, t½ 1.5 h",
            contested: "The 1-2 h quoted for K1 was seen in secondary sources only; slower phases of 2.7 to 27.6 h are \
                        printed, so one compartment gives the envelope of a day and no more.",
            ..ParameterSet::of(NOMINAL)
        },
        ParameterSet {
            name: "literature_1cpt",
            aliases: &["best_1cpt"],
            title: "literature set, one compartment, t½ 2.7 h",
            contested: "2.7 h is the slow phase of one tracer study; others print 8.8, 14 and 27.6 h, and CL/F comes \
                        from an area that was cut off at 9 h.",
            ..ParameterSet::of(LITERATURE_1CPT)
        },
        ParameterSet {
            name: "literature_2cpt",
            aliases: &["best_2cpt_iv"],
            title: "literature set, two compartments, t½ 0.6 and 14 h",
            contested: "Clearance comes from an area after 10 mg into the muscle, seen in a copy only, and V1 is a \
                        guess; Olson's 27.6 h does not fit these two, and the absorption is borrowed from the \
                        one-compartment set.",
            ..ParameterSet::of(LITERATURE_2CPT)
        },
    ],
};

const NOMINAL: &[Row] = &[
    T_HALF.at(1.5).range(1.0, 3.0).cv(0.50).by(
        Basis::Popular,
        "1-2 h, about 1.5 h in a secondary quotation of Schurgers 2007 doi:10.1182/blood-2006-08-040709; full text not \
         seen",
    ),
    CL_F.at(35.4).range(10.5, 40.0).cv(0.45).by(
        Basis::Derived,
        "gives AUC0-9 of 12.4 µg h/L after a tablet of 500 µg, printed 27.55 nmol h/L: Garber 1999 J Nutr 129:1201, \
         8 people",
    ),
    V_F.at(77.0).range(25.0, 120.0).cv(0.50).by(Basis::Derived, "35.4 L/h × 1.5 h / ln 2, rounded"),
    KA.at(0.6).range(0.3, 1.0).cv(0.50).by(
        Basis::Assumed,
        "gives tmax 3.9 h with the lag of 2 h; printed 4 h in Schurgers 2007 doi:10.1182/blood-2006-08-040709",
    ),
    LAG,
    APPARENT,
];

const LITERATURE_1CPT: &[Row] = &[
    T_HALF.at(2.7).range(1.5, 10.0).cv(0.50).by(
        Basis::Printed,
        "slow half-time after a tracer into a vein, 10 people: Jones 2007 thesis, oro.open.ac.uk/64332",
    ),
    CL_F.at(29.9).range(10.5, 40.0).cv(0.45).by(
        Basis::Derived,
        "gives AUC0-9 of 12.4 µg h/L after a tablet of 500 µg, printed 27.55 nmol h/L: Garber 1999 J Nutr 129:1201, \
         8 people; low end 5.25 / 0.5 for mixed micelles",
    ),
    V_F.at(116.0).range(40.0, 185.0).cv(0.50).by(Basis::Derived, "29.9 L/h × 2.7 h / ln 2, rounded"),
    KA_ORAL.by(
        Basis::Assumed,
        "gives tmax 4.3 h with the lag of 2 h; printed 4 h in Schurgers 2007 doi:10.1182/blood-2006-08-040709, 4.7 ± \
         0.8 h in Jones 2007 as copied from DrugBank",
    ),
    LAG,
    APPARENT,
];

const LITERATURE_2CPT: &[Row] = &[
    T_HALF_ALPHA.at(0.6).by(Basis::Derived, "from cl, v1, q and v2; Jones 2007 prints 0.2 h, Olson 2002 1.0 h"),
    T_HALF_BETA.at(14.0).range(2.7, 27.6).cv(0.43).by(
        Basis::Printed,
        "14 ± 6 h into a vein: Swiss label of Konakion MM, ch.oddb.org reg 48112; low end Jones 2007, high end Olson \
         2002 Br J Nutr 87:543",
    ),
    CL.at(5.25).range(3.5, 7.5).cv(0.30).by(
        Basis::Derived,
        "10,000 µg × 0.892 / 1700 µg h/L, if the area after an injection into the muscle is complete: DrugBank DB01022 \
         as copied by badic.blogg.se",
    ),
    V1.at(5.0).range(3.0, 8.0).cv(0.40).by(Basis::Assumed, "taken as about the volume of the plasma"),
    Q.at(0.5)
        .range(0.2, 9.0)
        .by(Basis::Derived, "solves the half-lives of 0.6 and 14 h; the 0.2 and 2.7 h of Jones 2007 ask for 9.1 L/h"),
    V2.at(9.3).range(9.0, 11.0).by(Basis::Derived, "solves the half-lives of 0.6 and 14 h"),
    KA_ORAL.by(Basis::Assumed, "borrowed from literature_1cpt, so that a swallowed dose works as well"),
    TLAG.at(2.0).range(1.0, 3.0).cv(0.30).by(Basis::Assumed, "borrowed from literature_1cpt"),
    F_ABSOLUTE,
];

const KA_ORAL: Row = KA.at(0.7).range(0.3, 1.0).cv(0.50);

const LAG: Row = TLAG.at(2.0).range(1.0, 3.0).cv(0.30).by(Basis::Assumed, "places tmax at about 4 h together with ka");

const F_ABSOLUTE: Row = F.at(0.13).range(0.04, 0.5).cv(0.69).by(
    Basis::Printed,
    "13 % of 4 µg in a capsule, 10 people: Jones 2007 thesis, oro.open.ac.uk/64332; about 50 % for mixed micelles \
     (Swiss label of Konakion MM), 4.7 % for kale (Novotny 2010 doi:10.1017/S0007114510001182)",
);

const FACTS: &[Row] = &[
    F_ABSOLUTE.named("f_abs", "fraction of a swallowed dose that reaches the blood"),
    RESIDUAL_CV
        .at(0.15)
        .range(0.10, 0.20)
        .by(Basis::Assumed, "inter-assay CV 7.4-12.8 %: Dunovska 2019 doi:10.7717/peerj.7695"),
    Row::kind("fat_in_spinach", "butter ratio", "level from spinach with butter against spinach without", "").at(3.24).by(
        Basis::Derived,
        "24.3 / 7.5, each against 1 mg of Konakion, fasted overnight, 5 people: Gijsbers 1996 Br J Nutr 76:223; it is of a \
         leaf, where fat also frees the vitamin, so no meal table rests on it; 30 or 45 % of energy as fat made no \
         difference in Garber 1999 J Nutr 129:1201",
    ),
];

const FORMULATIONS: &[Formulation] = &[
    Formulation {
        name: "tablet",
        title: "tablet, the form of the oral sets",
        ..Formulation::of(&[
            SAME_KA,
            SAME_TLAG,
            SAME_F,
            TMAX.at(4.0).by(Basis::Printed, "4 h, form not stated: Schurgers 2007 doi:10.1182/blood-2006-08-040709"),
        ])
    },
    Formulation {
        name: "mixed_micelles",
        title: "solubilised (Konakion MM)",
        ..Formulation::of(&[
            UNKNOWN_KA,
            UNKNOWN_TLAG,
            F_REL.at(3.85).range(1.0, 7.5).by(
                Basis::Derived,
                "about 0.50 (Swiss label of Konakion MM) / 0.13 (Jones 2007 thesis, a capsule of 4 µg); high end: 7.5 times \
                 the level of spinach with butter, Gijsbers 1996 Br J Nutr 76:223",
            ),
            TMAX.at(4.0).by(Basis::Printed, "4 h, detergent-solubilised, 6 people: Schurgers 2000 doi:10.1159/000054147"),
        ])
    },
    Formulation {
        name: "food",
        title: "in leaves (spinach)",
        ..Formulation::of(&[
            UNKNOWN_KA,
            TLAG_MORE.at(2.0).by(
                Basis::Derived,
                "6 h in food against 4 h for the pure substance: Schurgers 2000 doi:10.1159/000054147; 6-10 h for kale, \
                 Novotny 2010 doi:10.1017/S0007114510001182",
            ),
            F_REL.at(0.176).range(0.04, 0.25).by(
                Basis::Derived,
                "(4.79 / 495) / (27.55 / 500), AUC0-9 of raw spinach against a tablet, 3 and 8 people: Garber 1999 J Nutr \
                 129:1201; low end 1 / 24.3, spinach without fat against Konakion, Gijsbers 1996 Br J Nutr 76:223",
            ),
            TMAX.at(6.0).by(Basis::Printed, "6 h, 400 g spinach, 6 people: Schurgers 2000 doi:10.1159/000054147"),
        ])
    },
];

const BASELINES: &[Row] = &[
    BASELINE.at(0.42).range(0.04, 3.9).cv(1.0).named("uk", "habitual level, British adults").by(
        Basis::Printed,
        "0.94 nmol/L, the geometric mean of 1154 British adults, 95 % of values 0.10-8.72: UK NDNS, Br J Nutr",
    ),
    BASELINE.at(0.49).range(0.43, 0.49).cv(0.81).named("czech", "habitual level, Czech women after menopause").by(
        Basis::Printed,
        "0.493 ± 0.399 without and 0.433 ± 0.394 with osteoporosis, 350 samples in all: Klapkova 2018 PMC6816853",
    ),
    BASELINE
        .at(1.22)
        .cv(0.47)
        .named("japan", "habitual level, healthy Japanese")
        .by(Basis::Printed, "1.22 ± 0.57, 20 people: Suhara 2005, abstract"),
    BASELINE
        .at(1.33)
        .named("japan_cardiac_risk", "habitual level, Japanese at cardiac risk, median")
        .by(Basis::Printed, "median, 103 people, spread not seen: Torii 2016, abstract"),
    BASELINE
        .at(1.94)
        .cv(0.71)
        .named("japan_cardiac", "habitual level, Japanese heart patients")
        .by(Basis::Printed, "1.94 ± 1.38, 26 people: Ikari 2016 doi:10.1186/s12937-016-0175-8"),
];
