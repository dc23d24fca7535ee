//! Menaquinone-4.

use super::formulation::kind::{SAME_F, SAME_KA, SAME_TLAG, TLAG_MORE, TMAX, UNKNOWN_F, UNKNOWN_KA};
use super::row::kind::{APPARENT, BASELINE, CL_F, KA, RESIDUAL_CV, T_HALF, TLAG, V_F};
use super::row::{Basis, Row};
use super::set::ParameterSet;
use super::supposition::REL;
use super::{Formulation, MealTable, Vitamer};
use crate::regimen::Meal;
use crate::units::GRAM;

/// Menaquinone-4 (menatetrenone), C31H40O2, 444.66 g/mol.
///
/// The nominal set has the popular half-life of 12 h, which the one printed curve contradicts:
///
/// ```
/// use menaquinone::{Dose, grid, units::*, vitamer::MK4};
/// let highest = |set: &str| -> menaquinone::Result<f64> {
///     let profile = MK4.set(set)?.model().profile(Dose::of(30.0 * MG), &grid(0.0..=DAY, 0.05 * HOUR))?;
///     Ok(profile.conc().iter().copied().fold(0.0, f64::max))
/// };
/// // Morishita 1981, the 30 mg syrup: 325 µg/L.
/// assert!((highest("nominal")? - 69.0).abs() < 1.0);
/// assert!((highest("literature_1cpt")? - 321.0).abs() < 1.0);
/// # Ok::<(), menaquinone::Error>(())
/// ```
pub static MK4: Vitamer = Vitamer {
    symbol: "MK-4",
    name: "menaquinone-4",
    aliases: &["menatetrenone", "K2 (MK-4)"],
    formula: "C31H40O2",
    molar_mass: 444.66,
    rows: FACTS,
    baselines: BASELINES,
    meal_tables: &[MEALS],
    formulations: FORMULATIONS,
    sets: &[
        ParameterSet {
            name: "nominal",
            aliases: &["nominal_12h", "half_life_12h"],
            title: "nominal set, t½ 12 h",
            contested: "The half-life of 12 h is a popular figure without source, and data contradict it: syrup \
                        gives 1.2-2.6 h. The area fits, the peak 4.7 times too low. Stating 20 g fat makes 41 of \
                        87 µg/L at 15 mg three times a day; at least 61 was measured.",
            meals: Some(&MEALS),
            ..ParameterSet::of(NOMINAL)
        },
        ParameterSet {
            name: "literature_1cpt",
            aliases: &["best_1cpt_fed"],
            title: "literature set, t½ 2.1 h after a lag of 2.5 h",
            contested: "It rests on one mean curve of 30 mg syrup (six men, meal not printed) and fails at µg \
                        doses: at 420 µg it predicts 4.5 µg/L where none was seen. Stating 20 g fat makes 43 of 91 \
                        µg/L at 15 mg three times a day; at least 61 was measured.",
            meals: Some(&MEALS),
            ..ParameterSet::of(LITERATURE_1CPT)
        },
    ],
};

const NOMINAL: &[Row] = &[
    T_HALF.at(12.0).range(8.0, 12.0).cv(0.30).by(
        Basis::Popular,
        "popular articles; no primary source seen; other pages print about 1, 1.5-6 or 6-8 h; Cmax/AUC of Morishita \
         1981 asks for 1.2-2.6 h",
    ),
    CL_F.at(21.5).range(14.0, 41.0).cv(0.35).by(
        Basis::Derived,
        "45,000 µg / 24 h / 87.3 µg/L, the average level at 15 mg three times a day: Chinese soft-capsule study by \
         LC-APCI-MS, abstract, authors not shown",
    ),
    V_F.at(372.0).range(240.0, 700.0).cv(0.40).by(Basis::Derived, "21.5 L/h × 12 h / ln 2, so as doubtful as the 12 h"),
    KA.at(1.2).range(0.7, 2.5).cv(0.60).by(
        Basis::Assumed,
        "gives tmax 2.7 h, where Morishita 1981 prints 3.7 h; no ka gives the printed Cmax as well",
    ),
    TLAG.at(0.0).range(0.0, 1.0).by(Basis::Assumed, "the popular figures name no lag"),
    APPARENT,
];

const LITERATURE_1CPT: &[Row] = &[
    T_HALF.at(2.1).range(1.2, 3.5).cv(0.40).by(
        Basis::Derived,
        "Cmax/AUC = 325 / 1463 = 0.222 1/h and tmax 3.7 h with a lag of 2.5 h give ke 0.330 1/h: Morishita 1981 on the \
         label of Kaytwo syrup (Eisai FAQ 2977), 30 mg, 6 men; the fluctuation of 1.1 at 15 mg every 8 h asks for \
         about 3 h",
    ),
    CL_F.at(20.5).range(14.6, 40.4).cv(0.35).by(
        Basis::Derived,
        "30,000 µg / 1463 µg h/L, AUC0-inf of Morishita 1981; range 15,000 / 1024 to 15,000 / 371 after 34.9 to 8.8 g \
         fat, Uematsu 1996 J Pharm Sci 85:1012 (PMID 8877895)",
    ),
    V_F.at(62.0).range(43.0, 105.0).cv(0.40).by(Basis::Derived, "20.5 L/h × 2.1 h / ln 2"),
    KA.at(1.6)
        .range(0.8, 4.2)
        .cv(0.60)
        .by(Basis::Derived, "solves tmax 3.7 h of Morishita 1981 with the lag of 2.5 h (1.69 1/h), rounded"),
    TLAG.at(2.5).range(2.04, 3.0).cv(0.40).by(
        Basis::Derived,
        "at least 2.04 h, since first-order absorption allows no more than Cmax/AUC = 1 / (e (tmax - tlag)) and \
         Morishita 1981 prints 0.222 1/h; 2.5 h is about the middle of what fits",
    ),
    APPARENT,
];

const FACTS: &[Row] = &[
    Row::kind("second_peak", "second peak", "time from a dose to the lunch that brings a second peak", "h").at(5.0).by(
        Basis::Printed,
        "lunch 5 h after 15 mg brings a second peak and no lunch brings none: Uematsu 1996 J Pharm Sci 85:1012 \
         (PMID 8877895), abstract; it takes two absorption paths to draw it",
    ),
    RESIDUAL_CV
        .at(0.15)
        .range(0.10, 0.20)
        .by(Basis::Assumed, "inter-assay CV 8.7-15.2 %: Dunovska 2019 doi:10.7717/peerj.7695"),
];

const MEALS: MealTable = MealTable {
    name: "printed",
    title: "areas by the fat of the breakfast (Uematsu 1996); fasted derived",
    contested: "The factors are relative to 34.9 g of fat, and so is a dose that states no meal, since the studies behind the \
                sets print none: after a stated meal the areas to 24 h are 0.5 (nominal) or 0.7 (literature) of those \
                measured. Ratios of mean areas of 18 men, with nothing between 20.0 and 34.9 g. Fasted is one quotation (6.8 times \
                less, 3 people) against a breakfast of unstated fat: 0.07 if that had 20 g, 0.15 if it had 35 g or more.",
    ..MealTable::of(&[
        (
            Meal::FASTED,
            REL.at(0.07).range(0.07, 0.15).cv(0.35).named("frel_fasted", "F fasted against F after 35 g fat").by(
                Basis::Derived,
                "0.47 / 6.8, fed against fasted, 15 mg, 3 people: Ishii 1995 as quoted by summary.fc2.com, if that \
                 breakfast had the 20 g of fat of Uematsu's middle meal; 1 / 6.8 = 0.15 if it had 35 g or more",
            ),
        ),
        (
            Meal::with_fat(8.8 * GRAM),
            REL.at(0.36)
                .cv(0.35)
                .named("frel_fat_8_8g", "F after 8.8 g fat against F after 35 g fat")
                .by(Basis::Derived, "371 / 1024, AUC0-24 of 15 mg: Uematsu 1996 J Pharm Sci 85:1012 (PMID 8877895), abstract"),
        ),
        (
            Meal::with_fat(20.0 * GRAM),
            REL.at(0.47)
                .cv(0.35)
                .named("frel_fat_20g", "F after 20.0 g fat against F after 35 g fat")
                .by(Basis::Derived, "485 / 1024, AUC0-24 of 15 mg: Uematsu 1996 J Pharm Sci 85:1012 (PMID 8877895), abstract"),
        ),
        (
            Meal::with_fat(34.9 * GRAM),
            REL.at(1.0).cv(0.35).named("frel_fat_34_9g", "F after 34.9 g fat or more, the reference").by(
                Basis::Derived,
                "1024 / 1024; 53.8 g gives no more: 1027 and 991 in 12 men, a ratio of 0.96 or 1.04, as the notes on the \
                 abstract differ on which is which: Uematsu 1996 J Pharm Sci 85:1012 (PMID 8877895)",
            ),
        ),
    ])
};

const FORMULATIONS: &[Formulation] = &[
    Formulation {
        name: "syrup",
        title: "syrup, the form of the literature set",
        ..Formulation::of(&[
            SAME_KA,
            SAME_TLAG,
            SAME_F,
            TMAX.at(3.7)
                .by(Basis::Printed, "30 mg, 6 men: Morishita 1981 on the label of Kaytwo syrup (Eisai FAQ 2977)"),
        ])
    },
    Formulation {
        name: "oil_capsule",
        title: "soft capsule with oil",
        ..Formulation::of(&[
            UNKNOWN_KA,
            TLAG_MORE
                .at(1.0)
                .range(0.0, 2.5)
                .by(Basis::Memory, "from the tmax of the Glakay label, which is from memory: 1 h later than the syrup"),
            UNKNOWN_F,
            TMAX.at(4.7)
                .range(3.2, 6.2)
                .by(Basis::Memory, "4.72 ± 1.52 h, 15 mg after breakfast: Glakay label, from memory, not looked up"),
        ])
    },
];

const BASELINES: &[Row] = &[
    BASELINE
        .at(0.4)
        .range(0.0, 0.9)
        .cv(1.0)
        .named("general", "habitual level, several populations")
        .by(Basis::Derived, "about the middle of the rows below, from a median of 0 to 0.89"),
    BASELINE
        .at(0.39)
        .cv(1.18)
        .named("japan", "habitual level, healthy Japanese")
        .by(Basis::Printed, "0.39 ± 0.46, 20 people: Suhara 2005, abstract"),
    BASELINE
        .at(0.4)
        .cv(5.0)
        .named("japan_cardiac", "habitual level, Japanese heart patients")
        .by(Basis::Printed, "0.4 ± 2.0, 26 people: Ikari 2016 doi:10.1186/s12937-016-0175-8"),
    BASELINE
        .at(0.0)
        .named("japan_cardiac_risk", "habitual level, Japanese at cardiac risk: below detection")
        .by(Basis::Printed, "median 0, 103 people: Torii 2016, abstract"),
    BASELINE.at(0.825).range(0.825, 0.89).cv(0.32).named("czech", "habitual level, Czech women after menopause").by(
        Basis::Printed,
        "0.825 ± 0.266 without and 0.89 ± 0.291 with osteoporosis, 350 samples in all: Klapkova 2018 PMC6816853",
    ),
];
