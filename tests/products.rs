//! Products and dates of a diary: one vitamer and one amount, no word passed over, and a date that has one reading.

use menaquinone::vitamer::{K1, MK4, MK7, Vitamer};
use menaquinone::{ErrorKind, diary::Diary, units::*};

fn read(text: &str) -> Diary {
    text.parse().unwrap_or_else(|error| panic!("{error}"))
}

/// What is wrong with a line, from its column on.
fn reason(line: &str) -> String {
    let error = line.parse::<Diary>().expect_err(line);
    assert_eq!(error.kind(), ErrorKind::Text);
    let sentence = error.to_string();
    assert!(sentence.chars().count() <= 240, "{sentence}");
    sentence.strip_prefix("cannot read the diary: line 1, ").unwrap_or_else(|| panic!("{sentence}")).to_owned()
}

fn amount(line: &str, vitamer: &Vitamer) -> f64 {
    let diary = read(line);
    assert_eq!(read(&diary.to_string()), diary, "{line}");
    diary.regimen(vitamer).doses(f64::INFINITY).iter().map(|(_, dose)| dose.amount).sum()
}

#[test]
fn what_was_found_is_refused_with_the_place() {
    let found = [
        (
            include_str!("data/diary_two_capsules.txt"),
            "column 11: `2` leaves open whether the amount is of one or of all",
        ),
        (include_str!("data/diary_two_vitamers.txt"), "column 16: `and` joins two things, and there is one amount"),
        (
            include_str!("data/diary_dates.txt"),
            "column 1: `03/02/2026` is not a day: it may be 2026-03-02 or 2026-02-03",
        ),
    ];
    for (text, start) in found {
        assert!(reason(text.trim_end()).starts_with(start), "{}", reason(text.trim_end()));
    }
}

#[test]
fn a_product_is_one_vitamer_in_plain_words() {
    for name in [
        "MK-7",
        "MK-7 capsule",
        "capsule MK-7",
        "mk7 softgel",
        "Vitamin K2 (MK-7) capsule",
        "vitamin K2 as MK-7",
        "menaquinone-7 drops",
        "MK-7 all-trans oil drops",
        "a MK-7 tablet",
        "1 MK-7 capsule",
        "one capsule of MK-7",
        "MK-7 \"my brand, forte 10 ug\"",
        "MK-7 capsule \"half empty\"",
        "\"K1 and more\" MK-7",
    ] {
        assert_eq!(amount(&format!("Mon 08:00 {name} 90 ug"), &MK7), 90.0, "{name}");
    }
    assert_eq!(amount("Mon 08:00 vitamin K1 drops 50 ug", &K1), 50.0);
    assert_eq!(amount("Mon 08:00 menatetrenone capsule 15 mg", &MK4), 15.0 * MG);
}

#[test]
fn a_count_multiplies_where_it_says_of_what() {
    for name in ["2 x MK-7 capsule", "2x MK-7 capsules", "two x MK-7", "MK-7 capsules 2 x", "2 \u{d7} MK-7 tablet"] {
        assert_eq!(amount(&format!("Mon 08:00 {name} 90 ug"), &MK7), 180.0, "{name}");
    }
    assert_eq!(amount("Mon 08:00 2 MK-7 capsules 90 ug each", &MK7), 180.0);
    assert_eq!(amount("Mon 08:00 three MK-7 capsules 90ug EACH, natto 50 g", &MK7), 270.0 + 469.5);
    let table = "day,time,food,amount\nMon,08:00,2 x MK-7 capsule,90 ug\nTue,08:00,3 MK-7 capsules,90 ug each\n";
    let doses = Diary::read(table.as_bytes()).unwrap().regimen(&MK7).doses(WEEK);
    assert_eq!(doses.iter().map(|(_, dose)| dose.amount).collect::<Vec<_>>(), [180.0, 270.0]);
    for (line, found) in [
        ("Mon 08:00 2 MK-7 capsules 90 ug", "column 11: `2` leaves open"),
        ("Mon 08:00 two capsules MK-7 90 ug", "column 11: `two` leaves open"),
        ("Mon 08:00 MK-7 3 capsules 90 ug", "column 16: `3` leaves open"),
        ("Mon 08:00 2 x 3 MK-7 90 ug", "column 15: `3` is a second count"),
        ("Mon 08:00 MK-7 90 ug each", "column 11: `each` has no count"),
        ("Mon 08:00 2.5 MK-7 capsules 90 ug", "column 11: `2.5` is not a word of a product"),
        ("Mon 08:00 1/2 MK-7 capsule 90 ug", "column 13: `2` is a second count"),
        ("Mon 08:00 natto 50 g each", "column 11: `natto` is a food, and its amount is of all"),
    ] {
        assert!(reason(line).starts_with(found), "{line}\n  {}", reason(line));
    }
}

#[test]
fn a_word_that_changes_the_meaning_is_not_passed_over() {
    for (line, word) in [
        ("Mon 08:00 no MK-7 capsule 90 ug", "no"),
        ("Mon 08:00 forgot MK-7 90 ug", "forgot"),
        ("Mon 08:00 MK-7 90 ug skipped 90 ug", "skipped 90 ug"),
        ("Mon 08:00 half MK-7 capsule 90 ug", "half"),
        ("Mon 08:00 MK-7 capsule vomited 90 ug", "vomited"),
        ("Mon 08:00 MK-7 spray 90 ug", "spray"),
        ("Mon 08:00 MK-7 daily 90 ug", "daily"),
        ("Mon 08:00 MK-7 injection 90 ug", "injection"),
        ("Mon 08:00 D3 MK-7 capsule 90 ug", "D3"),
        ("Mon 08:00 MK-7 forte 90 ug", "forte"),
        ("Mon 08:00 less than MK-7 90 ug", "less"),
    ] {
        let reason = reason(line);
        assert!(reason.contains(&format!("`{word}")), "{line}\n  {reason}");
    }
    assert_eq!(
        reason("Mon 08:00 MK-7 forte 90 ug"),
        "column 16: `forte` is not a word of a product: put a name in quotes, such as `MK-7 \"my brand\" 90 ug`, and leave out \
         what was not taken"
    );
}

#[test]
fn two_vitamers_with_one_amount_are_refused() {
    for (line, found) in [
        ("Mon 08:00 MK-4 MK-7 capsule 90 ug", "column 16: `MK-7` is a second vitamer beside MK-4"),
        ("Mon 08:00 MK-4/MK-7 capsule 90 ug", "column 16: `MK-7` is a second vitamer beside MK-4"),
        ("Mon 08:00 K1+MK-7 90 ug", "column 14: `MK-7` is a second vitamer beside K1"),
        ("Mon 08:00 MK-7 with vitamin K1 90 ug", "column 16: `with` joins two things"),
        ("Mon 08:00 K1 K2 capsule 90 ug", "column 11: `K1 K2 capsule` names K1 and K2"),
        ("Mon 08:00 MK-7 & MK-4 90 ug", "column 18: `MK-4` is a second vitamer beside MK-7"),
    ] {
        assert!(reason(line).starts_with(found), "{line}\n  {}", reason(line));
    }
    assert_eq!(amount("Mon 08:00 MK-7 90 ug, MK-4 1 mg", &MK4), 1000.0);
}

#[test]
fn a_name_in_quotes_is_closed_and_one() {
    assert!(reason("Mon 08:00 MK-7 \"forte 90 ug").contains("has no amount"));
    assert!(reason("Mon 08:00 MK-7 \"a\" \"b\" 90 ug").contains("is a second name in quotes"));
    assert!(reason("Mon 08:00 \"MK-7\" 90 ug").contains("names no vitamer"));
}

#[test]
fn a_date_with_one_reading_is_read() {
    for date in [
        "2026-03-23",
        "2026/03/23",
        "2026/3/23",
        "2026.03.23",
        "20260323",
        "23/03/2026",
        "03/23/2026",
        "23.03.2026",
        "23-03-2026",
        "23 March 2026",
        "23. March 2026",
        "23rd March 2026",
        "March 23, 2026",
        "Mar 23 2026",
        "23-Mar-2026",
        "Mon 2026-03-23",
        "Monday, 23 March 2026",
    ] {
        let diary = read(&format!("{date} 08:00 natto 50 g\n2026-03-24 08:00 natto 50 g"));
        assert!(diary.to_string().starts_with("2026-03-23 08:00 natto 50 g\n2026-03-24 "), "{date}: {diary}");
        let table = format!("day;time;food;amount\n{date};08:00;natto;50 g\n2026-03-24;08:00;natto;50 g\n");
        assert_eq!(Diary::read(table.as_bytes()), Ok(diary), "{date}");
    }
    let one = read("2026-03-23T08:00 natto 50 g");
    assert_eq!(one, read("2026-03-23 08:00 natto 50 g"));
    assert_eq!(
        one,
        read("03/03/2026 08:00 natto 50 g\n").to_string().replace("2026-03-03", "2026-03-23").parse().unwrap()
    );
}

#[test]
fn a_date_with_two_readings_or_none_is_refused() {
    for (line, found) in [
        ("02/03/2026 08:00 natto 50 g", "`02/03/2026` is not a day: it may be 2026-02-03 or 2026-03-02"),
        ("2.3.2026 08:00 natto 50 g", "`2.3.2026` is not a day: it may be 2026-02-03 or 2026-03-02"),
        ("11-12-2026 08:00 natto 50 g", "`11-12-2026` is not a day: it may be 2026-11-12 or 2026-12-11"),
        ("02/03/26 08:00 natto 50 g", "`02/03/26` is not a day of the calendar: write the year in four digits"),
        ("3/2 08:00 natto 50 g", "`3/2` is a date without a year"),
        ("31/02/2026 08:00 natto 50 g", "`31/02/2026` is not a day of the calendar"),
        ("30 Feb 2026 08:00 natto 50 g", "`30 Feb 2026` is not a day of the calendar"),
        ("20261301 08:00 natto 50 g", "`20261301` is not a day of the calendar"),
        ("13/13/2026 08:00 natto 50 g", "`13/13/2026` is not a day of the calendar"),
        ("Tue 2026-03-23 08:00 natto 50 g", "`Tue` is not the day of the week of 2026-03-23"),
    ] {
        let reason = reason(line);
        assert!(reason.starts_with(&format!("column 1: {found}")), "{line}\n  {reason}");
    }
}
