//! The rows.

use super::{Band, Kind};
use crate::vitamer::Basis;

/// Every band, kind by kind.
///
/// ```
/// use menaquinone::intake::BANDS;
/// let mut doses: Vec<f64> = BANDS.iter().filter(|band| band.name.starts_with("trial_")).map(|band| band.low).collect();
/// doses.dedup();
/// assert_eq!(doses, [45.0, 90.0, 180.0, 360.0, 720.0]);
/// ```
pub static BANDS: &[Band] = &[
    popular("popular_20_30", (20.0, 30.0))
        .known(
            "They call it enough for the average person. No requirement for MK-7 has been set; the figure equals what \
             Dutch women eat of all menaquinones (29.1 ± 12.8 µg a day).",
        )
        .by(Basis::Popular, "popular article; no primary source seen; intake: Gast 2009 (Prospect-EPIC), abstract"),
    popular("popular_50_100", (50.0, 100.0))
        .known(
            "They name it for those who feel below par or lose bone. 90 µg a day slowed the loss at the femoral neck of \
             women in one trial; 100 and 200 µg moved osteocalcin, and for 50 µg no result was seen.",
        )
        .by(
            Basis::Popular,
            "popular article; no primary source seen; trials: ChiCTR1800019240 (311 people), abstract; Inaba 2015 \
             J Nutr Sci Vitaminol 61:471, secondary",
        ),
    popular("popular_90_180", (90.0, 180.0))
        .known(
            "They name it for osteoporosis, or as the sweet spot. 180 µg a day for three years was a trial dose, which \
             no guideline has taken up; 360 µg a day for one year did nothing for bone density.",
        )
        .by(
            Basis::Popular,
            "popular articles; no primary source seen; trials: Knapen 2013 doi:10.1007/s00198-013-2325-6, Emaus 2010 \
             doi:10.1007/s00198-009-1126-4, abstracts",
        ),
    authority("efsa_k1", "K1", &["K1"], 70.0)
        .known(
            "It is EFSA's adequate intake for adults, 1 µg per kg of body weight, and for K1 alone: of menaquinones EFSA \
             found too little evidence.",
        )
        .by(Basis::Printed, "EFSA 2017 doi:10.2903/j.efsa.2017.4780, abstract"),
    authority("licensed_mk4", "MK-4", &["MK-4"], 45_000.0)
        .known("It is the licensed dose of MK-4 against osteoporosis in Japan, three times 15 mg after meals.")
        .by(Basis::Printed, "label of Glakay"),
    trial("trial_45", 45.0)
        .known(
            "Children had better carboxylated osteocalcin and unchanged bone markers; in people on dialysis dp-ucMGP \
             fell by 17.9 % in six weeks.",
        )
        .by(
            Basis::Printed,
            "van Summeren 2009 doi:10.1017/S0007114509382100 (bone markers: secondary); Westenfeld 2012 Am J Kidney \
             Dis 59:186, abstracts",
        ),
    trial("trial_90", 90.0)
        .known("It slowed the loss at the femoral neck of women; adding calcium and D3 brought nothing more.")
        .by(Basis::Printed, "ChiCTR1800019240 (311 people), abstract"),
    trial("trial_180", 180.0)
        .known(
            "180 µg a day for three years slowed the loss of bone in 244 women after the menopause at spine and femoral \
             neck, not at the total hip; 12 weeks lowered dp-ucMGP by 31 %.",
        )
        .by(
            Basis::Printed,
            "Knapen 2013 doi:10.1007/s00198-013-2325-6; Dalmeijer 2012 doi:10.1016/j.atherosclerosis.2012.09.019, \
             abstracts",
        ),
    trial("trial_360", 360.0)
        .known("12 weeks lowered dp-ucMGP by 46 %; a year did nothing for bone density.")
        .by(
            Basis::Printed,
            "Dalmeijer 2012 doi:10.1016/j.atherosclerosis.2012.09.019; Emaus 2010 doi:10.1007/s00198-009-1126-4, \
             abstracts",
        ),
    trial("trial_720", 720.0)
        .known("24 months of it with D3 neither slowed the calcification of the aortic valve nor did excess harm.")
        .by(Basis::Secondary, "AVADEC, Diederichsen 2022 doi:10.1161/CIRCULATIONAHA.121.057008, secondary page"),
    caution("caution_450", "MK-7", &["MK-7"], 450.0)
        .known(
            "Popular articles expect nausea and diarrhoea above it. No such threshold was found: 720 µg a day for 24 \
             months did no excess harm, and where 1080 µg was given three times a week people left over the smell of \
             the tablets.",
        )
        .by(
            Basis::Popular,
            "popular article; no primary source seen; AVADEC, Diederichsen 2022 \
             doi:10.1161/CIRCULATIONAHA.121.057008, secondary page; Caluwé 2014 doi:10.1093/ndt/gft464, abstract",
        ),
    caution("caution_1000", "MK-7", &["MK-7"], 1000.0)
        .known(
            "Popular articles fear for the liver above it. No such effect was found, and no upper level exists for any \
             form of vitamin K. The number resembles the British guidance level for supplements of K1; Norway's VKM \
             calls the evidence on K2 insufficient.",
        )
        .by(Basis::Popular, "popular article; no primary source seen; EVM 2003 and VKM as read in the opinion of VKM"),
    caution("evm_k1", "K1 in supplements", &["K1"], 1000.0)
        .known("Up to 1 mg a day is the British guidance level of 2003: not an upper level, for want of data.")
        .by(Basis::Printed, "EVM 2003 as read in the opinion of Norway's VKM"),
    eaten("habitual_k1_nl", "K1 (Dutch women of 49 to 70 years)", &["K1"], (111.4, 312.0))
        .known("Mean 211.7 ± 100.3 µg a day in 16,057 women.")
        .by(Basis::Printed, "Gast 2009 (Prospect-EPIC), abstract"),
    eaten("habitual_k1_rotterdam", "K1 (Rotterdam, from 55 years)", &["K1"], (244.3, 257.1))
        .known("Means of women and men, ± 131.9 and 116.1 µg a day.")
        .by(Basis::Printed, "table in EFSA 2017 doi:10.2903/j.efsa.2017.4780"),
    eaten("habitual_k1_uk", "K1 (British adults, 1982 to 1999)", &["K1"], (59.0, 81.0))
        .known("Means of women 59 to 81, of men 72 to 77 µg a day.")
        .by(Basis::Printed, "table in EFSA 2017 doi:10.2903/j.efsa.2017.4780"),
    eaten("habitual_k1_japan", "K1 (young women, eastern Japan)", &["K1"], (156.0, 156.0))
        .known("67.7 % of about 230 µg of all vitamin K.")
        .by(Basis::Derived, "0.677 × 230: Kamao 2007 doi:10.3177/jnsv.53.464, abstract"),
    eaten("habitual_mk4_japan", "MK-4 (young women, eastern Japan)", &["MK-4"], (16.8, 16.8))
        .known("7.3 % of about 230 µg of all vitamin K.")
        .by(Basis::Derived, "0.073 × 230: Kamao 2007 doi:10.3177/jnsv.53.464, abstract"),
    eaten("habitual_mk7_japan", "MK-7 (young women, eastern Japan)", &["MK-7"], (57.3, 57.3))
        .known("24.9 % of about 230 µg of all vitamin K, nearly all of it from natto.")
        .by(Basis::Derived, "0.249 × 230: Kamao 2007 doi:10.3177/jnsv.53.464, abstract"),
    eaten("habitual_k2_nl", "all menaquinones (Dutch women of 49 to 70 years)", &[], (16.3, 41.9))
        .known("Mean 29.1 ± 12.8 µg a day in 16,057 women, mostly the long ones of cheese.")
        .by(Basis::Printed, "Gast 2009 (Prospect-EPIC), abstract"),
];

const fn popular(name: &'static str, range: (f64, f64)) -> Band {
    Band::new(name, "MK-7", &["MK-7"], range, Kind::Popular)
}

const fn authority(
    name: &'static str,
    substance: &'static str,
    applies_to: &'static [&'static str],
    amount: f64,
) -> Band {
    Band::new(name, substance, applies_to, (amount, amount), Kind::Authority)
}

const fn trial(name: &'static str, amount: f64) -> Band {
    Band::new(name, "MK-7", &["MK-7"], (amount, amount), Kind::Trial)
}

const fn caution(name: &'static str, substance: &'static str, applies_to: &'static [&'static str], from: f64) -> Band {
    Band::new(name, substance, applies_to, (from, f64::INFINITY), Kind::Caution)
}

const fn eaten(
    name: &'static str,
    substance: &'static str,
    applies_to: &'static [&'static str],
    range: (f64, f64),
) -> Band {
    Band::new(name, substance, applies_to, range, Kind::Habitual)
}

impl Band {
    const fn new(
        name: &'static str,
        substance: &'static str,
        applies_to: &'static [&'static str],
        (low, high): (f64, f64),
        kind: Kind,
    ) -> Self {
        Self { name, substance, applies_to, low, high, kind, known: "", basis: Basis::Popular, source: "" }
    }

    const fn known(self, known: &'static str) -> Self {
        Self { known, ..self }
    }

    const fn by(self, basis: Basis, source: &'static str) -> Self {
        Self { basis, source, ..self }
    }
}
