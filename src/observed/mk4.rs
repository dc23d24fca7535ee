//! What was measured after menaquinone-4.

use super::{Measure, Observation};
use crate::vitamer::{Basis, MK4};

pub(super) static ROWS: &[Observation] = &[
    SYRUP.saw("mk4_syrup_cmax", Measure::Cmax, 325.0).made(LITERATURE, &[]),
    SYRUP.saw("mk4_syrup_tmax", Measure::Tmax, 3.7).made(LITERATURE, NOMINAL),
    SYRUP.saw("mk4_syrup_auc", Measure::AucInf, 1463.0).made(LITERATURE, &[]),
    FAT.given("15 mg with 8.8 g fat", "capsule").saw("mk4_fat_8_8g", Measure::Auc(24.0), 371.0).give_or_take(194.0),
    FAT.given("15 mg with 20 g fat", "capsule").saw("mk4_fat_20g", Measure::Auc(24.0), 485.0).give_or_take(150.0),
    FAT.given("15 mg with 34.9 g fat", "capsule").saw("mk4_fat_35g", Measure::Auc(24.0), 1024.0).give_or_take(341.0),
    FAT.given("15 mg with 34.9 g fat", "capsule, the 12 of the 18 men who had both high-fat meals")
        .people(12)
        .saw("mk4_fat_35g_subset", Measure::Auc(24.0), 991.0)
        .give_or_take(392.0),
    FAT.given("15 mg with 53.8 g fat", "capsule, the 12 of the 18 men who had both high-fat meals")
        .people(12)
        .saw("mk4_fat_54g", Measure::Auc(24.0), 1027.0)
        .give_or_take(389.0),
    Observation::study("Ishii 1995", &MK4)
        .given("15 mg with 20 g fat", "capsule within 30 min of a breakfast, its fat not printed and taken as 20 g")
        .people(3)
        .by(
            Basis::Secondary,
            "fed against fasted 6.8 to 1: Ishii 1995 as quoted by summary.fc2.com 100148585; that fasting lowers the \
             area is also in Eisai FAQ 1942",
        )
        .saw("mk4_fed_over_fasted", Measure::AucRatio("15 mg fasted"), 6.8)
        .made(BOTH, &[]),
    THREE_A_DAY.saw("mk4_tid_cavg", Measure::Cavg, 87.3).give_or_take(23.4).made(NOMINAL, &[]),
    THREE_A_DAY.saw("mk4_tid_fluctuation", Measure::Fluctuation, 1.1).give_or_take(0.5),
    Observation::study("Sato 2012", &MK4)
        .given("420 ug", "supplement after a standard breakfast")
        .people(5)
        .by(
            Basis::Derived,
            "not detected in anybody from 2 to 72 h: doi:10.1186/1475-2891-11-93; the limit of that assay was not seen, \
             so the 0.04 µg/L at which Klapkova 2018 PMC6816853 could still measure stands for it",
        )
        .saw("mk4_420ug", Measure::Cmax, 0.04)
        .not_above("not detected; limit of another assay"),
];

const NOMINAL: &[&str] = &["nominal"];
const LITERATURE: &[&str] = &["literature_1cpt"];
const BOTH: &[&str] = &["nominal", "literature_1cpt"];

const SYRUP: Observation = Observation::study("Morishita 1981", &MK4)
    .given("30 mg", "syrup, meal not printed")
    .people(6)
    .by(Basis::Printed, "label of Kaytwo syrup, section 16.1 (Eisai FAQ 2977), healthy men");

/// The meal scales the dose by a table that was made from these areas against the one after 34.9 g: their pattern is
/// no test, their scale is.
const FAT: Observation = Observation::study("Uematsu 1996", &MK4)
    .people(18)
    .by(
        Basis::Printed,
        "J Pharm Sci 85:1012 (PMID 8877895), abstract; men, crossover; lunch 5 h after the dose brings a second peak",
    )
    .made(&[], BOTH);

const THREE_A_DAY: Observation = Observation::study("Chinese soft-capsule study", &MK4)
    .given("15 mg q8h", "soft capsule, 6 days, meals not printed")
    .people(12)
    .by(
        Basis::Printed,
        "abstract at 218.28.6.71:81 id 37836866, LC-APCI-MS, authors not shown; two groups of 12, n of this arm assumed",
    );
