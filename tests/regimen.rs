//! Regimens: what the operations mean, what the text form reads and writes, and what each mistake is answered with.
#![allow(clippy::cast_precision_loss, reason = "counts of doses are small")]

use menaquinone::Weekday::{Fri, Mon, Sun, Thu, Wed};
use menaquinone::{Dose, Error, ErrorKind, Meal, Regimen, Repeating, Route, Weekday, units::*};
use proptest::prelude::*;

fn ug(amount: f64) -> Dose {
    Dose::of(amount)
}

fn read(text: &str) -> Regimen {
    text.parse().unwrap_or_else(|error| panic!("{error}"))
}

fn times(regimen: &Regimen, until: f64) -> Vec<f64> {
    regimen.doses(until).iter().map(|(time, _)| *time).collect()
}

fn problem(regimen: &Regimen) -> String {
    let error = regimen.check(1000.0).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Value);
    assert_eq!(regimen.doses(1000.0), []);
    error.to_string()
}

// ---------------------------------------------------------------- operations

#[test]
fn then_starts_when_the_next_dose_would_have_been_due() {
    let regimen = ug(360.0).every(DAY).times(7).then(ug(90.0).every(12.0).times(2)).then(ug(45.0));
    let late = regimen.doses(1e6).split_off(6);
    assert_eq!(late, [(144.0, ug(360.0)), (168.0, ug(90.0)), (180.0, ug(90.0)), (192.0, ug(45.0))]);
}

#[test]
fn then_waits_for_the_longest_of_several_courses() {
    let both = ug(90.0).every(DAY).times(7).and(ug(15.0).every(8.0).times(3).at(160.0));
    assert_eq!(times(&both.then(ug(1.0)), 1e6).last(), Some(&184.0));
}

#[test]
fn then_shifts_what_follows_with_its_own_start() {
    let regimen = ug(90.0).every(DAY).times(2).then(ug(45.0).at(8.0));
    assert_eq!(times(&regimen, 1e6), [0.0, 24.0, 56.0]);
}

#[test]
fn and_keeps_the_clock_and_the_order_of_ties() {
    let regimen = ug(1.0).every(DAY).and(ug(2.0).every(12.0)).and(ug(3.0).at(24.0));
    let doses = regimen.doses(24.0);
    assert_eq!(
        doses,
        [(0.0, ug(1.0)), (0.0, ug(2.0)), (12.0, ug(2.0)), (24.0, ug(1.0)), (24.0, ug(2.0)), (24.0, ug(3.0))]
    );
}

#[test]
fn the_last_instant_is_included_and_nothing_after_it() {
    let daily = Regimen::from(ug(1.0).every(DAY));
    assert_eq!(times(&daily, 48.0), [0.0, 24.0, 48.0]);
    assert_eq!(times(&daily, 48.0_f64.next_down()), [0.0, 24.0]);
    assert_eq!(times(&daily, -1.0), [0.0; 0]);
    assert_eq!(times(&daily, f64::NEG_INFINITY), [0.0; 0]);
    let week = Regimen::from(ug(1.0).on([Mon, Wed]));
    assert_eq!(times(&week, 168.0), [0.0, 48.0, 168.0]);
}

#[test]
fn dose_times_are_products_and_do_not_drift() {
    let third = Regimen::from(ug(1.0).every(0.1));
    let doses = times(&third, 1000.0);
    assert_eq!(doses.len(), 10_001);
    assert!(doses.iter().enumerate().all(|(i, time)| time.to_bits() == (i as f64 * 0.1).to_bits()));
}

#[test]
fn days_come_in_any_order_and_once() {
    let dosing = ug(90.0).on([Fri, Mon, Fri, Wed]);
    assert_eq!(dosing, ug(90.0).on([Mon, Wed, Fri]));
    assert_eq!((dosing.start(), dosing.tau()), (0.0, WEEK));
    let late = ug(90.0).on([Sun, Thu]).at(8.0);
    assert_eq!(late.start(), 80.0);
    assert_eq!(late.doses(), [(0.0, ug(90.0)), (72.0, ug(90.0))]);
    let nowhere: [Weekday; 0] = [];
    assert_eq!(
        problem(&ug(90.0).on(nowhere).into()),
        "a cycle without a dose repeats nothing: name at least one dose or one weekday"
    );
}

#[test]
fn skip_counts_from_one_over_the_whole_regimen() {
    let regimen = ug(1.0).every(DAY).times(3).then(ug(2.0).every(DAY).times(3)).skip([2, 5]);
    assert_eq!(times(&regimen, 1e6), [0.0, 48.0, 72.0, 120.0]);
    let mixed = ug(1.0).every(DAY).and(ug(2.0).every(8.0)).skip([2, 3]);
    assert_eq!(mixed.doses(16.0), [(0.0, ug(1.0)), (16.0, ug(2.0))]);
}

#[test]
fn a_missed_dose_keeps_its_number() {
    let regimen = ug(1.0).every(DAY).times(9);
    assert_eq!(regimen.clone().skip([5]).skip([5]), regimen.clone().skip([5]));
    assert_eq!(regimen.clone().skip([6, 5]).skip(7..=8), regimen.clone().skip([8, 7, 5, 6, 6]));
    assert_eq!(regimen.clone().skip([]), regimen);
}

#[test]
fn skip_says_what_it_cannot_skip() {
    let thirty = || ug(1.0).every(DAY).times(30);
    assert_eq!(problem(&thirty().skip([0, 5])), "there is no dose 0 to skip: doses are counted from 1");
    assert_eq!(problem(&thirty().skip([31])), "there is no dose 31 to skip: the regimen has 30 doses");
    assert_eq!(problem(&ug(1.0).at(0.0).skip([2])), "there is no dose 2 to skip: the regimen has 1 dose");
    assert!(problem(&thirty().skip(1..)).starts_with("at most 10000000 doses can be skipped"));
    let two = ug(1.0).every(DAY).and(ug(1.0).every(DAY));
    assert!(problem(&two.skip([u64::MAX])).contains("too far to be found among several courses"));
    let far = ug(1.0).every(DAY).skip([u64::MAX]);
    assert_eq!(read(&far.to_string()), far);
}

#[test]
fn nothing_follows_a_dose_without_interval_or_dosing_without_end() {
    assert_eq!(
        problem(&Regimen::from(ug(500.0)).then(ug(90.0).every(DAY))),
        "nothing can follow `500 ug`, which has no interval: give it one (q24h x1), or give what follows a time (`and ... at 24h`)"
    );
    assert_eq!(
        problem(&Regimen::from(ug(45.0).every(12.0)).then(ug(90.0))),
        "nothing can follow `45 ug q12h`, which never ends: say how many times, for instance x60"
    );
}

#[test]
fn the_first_problem_is_the_one_reported() {
    let regimen = Regimen::from(ug(45.0).every(12.0)).then(ug(90.0)).skip([0]);
    assert!(problem(&regimen).starts_with("nothing can follow"));
    let inner = ug(1.0).every(DAY).times(1).skip([9]);
    assert!(problem(&ug(1.0).every(DAY).and(inner).skip([0])).starts_with("there is no dose 9"));
}

#[test]
fn a_diary_is_one_compact_course_with_the_times_it_was_given() {
    let entries: Vec<(f64, Dose)> =
        (0..10_000).rev().map(|i| (f64::from(i) * 23.7 + 0.1, ug(f64::from(i + 1)))).collect();
    let diary: Regimen = entries.iter().copied().collect();
    let mut sorted = entries;
    sorted.reverse();
    assert_eq!(diary.doses(f64::INFINITY), sorted);
    assert!(format!("{diary:?}").matches("Course").count() == 1);
    assert_eq!(read(&diary.to_string()), diary);
    assert_eq!(Regimen::from_iter([]), Regimen::default());
    assert_eq!(Regimen::from_iter([(8.0, ug(1.0))]), ug(1.0).at(8.0));
}

#[test]
fn whole_durations_are_counted() {
    assert_eq!(ug(1.0).every(20.0 * MINUTE).lasting(DAY), ug(1.0).every(20.0 * MINUTE).times(72));
    assert_eq!(
        problem(&ug(1.0).every(DAY).lasting(36.0)),
        "a duration of 36 h is not a whole number of cycles of 24 h: give a multiple of the cycle"
    );
    for duration in [0.0, -24.0, f64::NAN, f64::INFINITY, 1e-12] {
        assert!(problem(&ug(1.0).every(DAY).lasting(duration)).contains("whole number"), "{duration}");
    }
}

#[test]
fn a_regimen_knows_whether_it_ends() {
    assert!(read("90 ug q24h x7 then 45 ug q24h").is_endless());
    assert!(!read("90 ug q24h x7 then 45 ug once").is_endless());
}

#[test]
fn days_of_the_week_are_left_out_by_the_clock() {
    let daily = ug(90.0).every(DAY);
    assert_eq!(daily.clone().except([Sun]), read("90 ug on Mon-Sat"));
    assert_eq!(daily.clone().at(8.0).except([Sun]), read("90 ug on Mon-Sat at 8h"));
    // From Wednesday, 8:00; the first Monday is left out.
    assert_eq!(times(&daily.clone().at(56.0).except([Mon]), 152.0), [56.0, 80.0, 104.0, 128.0, 152.0]);
    assert_eq!(times(&ug(1.0).every(48.0).except([Wed]), 360.0), [0.0, 96.0, 144.0, 192.0, 240.0, 288.0, 336.0]);
    assert_eq!(ug(1.0).times_a_day(2).except([Weekday::Sat, Sun]).doses(167.0).len(), 10);
    assert_eq!(daily.clone().except([]), Regimen::from(daily.clone()));
    let both = daily.clone().times(7).then(ug(45.0).every(DAY)).except([Mon]);
    assert_eq!(both.to_string(), "90 ug q24h x7 skip 1 and 45 ug on Tue,Wed,Thu,Fri,Sat,Sun at 168h");
    assert_eq!(ug(1.0).at(30.0).except([Weekday::Tue]).doses(100.0), []);
    let all = [Mon, Weekday::Tue, Wed, Thu, Fri, Weekday::Sat, Sun];
    assert!(problem(&daily.clone().except(all)).starts_with("nothing is left of `90 ug q24h` without these days"));
    assert!(problem(&ug(1.0).every(7.123_456_7).except([Sun])).starts_with("no number of weeks up to 1000"));
    assert!(problem(&daily.skip([2]).except([Sun])).contains("leave the days out first"));
}

#[test]
fn so_many_times_a_day_is_an_even_interval() {
    assert_eq!(ug(15.0).times_a_day(3), ug(15.0).every(8.0));
    assert_eq!(read("15 ug 5 times a day"), ug(15.0).times_a_day(5).into());
    assert!(problem(&ug(15.0).times_a_day(0).into()).starts_with("the dosing interval tau is inf h"));
    assert_eq!(ug(15.0).fed().meal, Some(Meal::fed()));
    assert_eq!(ug(15.0).fasted().meal, Some(Meal::FASTED));
}

// ---------------------------------------------------------------- validity

#[test]
fn impossible_numbers_are_refused_with_a_sentence() {
    let cases: [(Regimen, &str); 14] = [
        (ug(0.0).into(), "the amount of a dose is 0 µg, but it must be a positive, finite number"),
        (ug(-1.0).every(DAY).into(), "the amount of a dose is -1 µg, but it must be a positive, finite number"),
        (ug(f64::NAN).at(1.0), "the amount of a dose is NaN µg, but it must be a positive, finite number"),
        (ug(f64::INFINITY).into(), "the amount of a dose is inf µg, but it must be a positive, finite number"),
        (ug(1.0).over(-2.0).into(), "the duration of a dose is -2 h, but it must be a finite number, zero or above"),
        (ug(1.0).at(f64::NAN), "the time of a dose is NaN h, but it must be a finite number"),
        (ug(1.0).every(0.0).into(), "the dosing interval tau is 0 h, but it must be a positive, finite number"),
        (ug(1.0).every(-24.0).times(3), "the dosing interval tau is -24 h, but it must be a positive, finite number"),
        (
            ug(1.0).every(f64::INFINITY).into(),
            "the dosing interval tau is inf h, but it must be a positive, finite number",
        ),
        (
            ug(1.0).every(f64::INFINITY).at(5.0).times(1),
            "the dosing interval tau is inf h, but it must be a positive, finite number",
        ),
        (ug(1.0).every(DAY).at(f64::INFINITY).into(), "the start of a dosing is inf h, but it must be a finite number"),
        (ug(1.0).every(DAY).times(0), "a course taken 0 times has no doses: take it at least once, or leave it out"),
        (
            Repeating::new(DAY, [(0.0, ug(1.0)), (24.0, ug(1.0))]).into(),
            "the doses of a cycle lie 24 h apart, but they must fit into its length of 24 h: move them closer or lengthen the cycle",
        ),
        (
            ug(1.0).every(1.0).at(-1e17).into(),
            "a dosing interval of 1 h vanishes beside a start at -100000000000000000 h: start nearer to time 0",
        ),
    ];
    for (regimen, sentence) in &cases {
        assert_eq!(problem(regimen), *sentence);
    }
}

#[test]
fn more_doses_than_a_memory_holds_are_refused() {
    let flood = Regimen::from(ug(1.0).every(1e-6));
    assert!(flood.check(1.0).is_ok());
    assert_eq!(
        flood.check(100.0).unwrap_err().to_string(),
        "the regimen holds about 100000001 doses up to 100 h, and at most 10000000 can be simulated: check the interval and the times"
    );
    for until in [f64::INFINITY, f64::NAN] {
        assert!(flood.check(until).is_err());
        assert_eq!(flood.doses(until), []);
    }
}

// ---------------------------------------------------------------- steady state

#[test]
fn only_endless_courses_matter_in_the_long_run() {
    let daily = ug(90.0).every(DAY);
    let loaded = ug(360.0).every(DAY).times(7).then(daily.clone());
    assert_eq!(Repeating::try_from(&loaded).unwrap(), daily.clone().at(168.0));
    assert_eq!(Repeating::try_from(daily.clone().skip([3, 4])).unwrap(), daily);
}

#[test]
fn courses_side_by_side_share_a_cycle() {
    let mixed = Repeating::try_from(ug(15.0).every(8.0).at(2.0).and(ug(180.0).every(DAY).at(100.0))).unwrap();
    assert_eq!((mixed.start(), mixed.tau()), (2.0, 24.0));
    assert_eq!(mixed.doses(), [(0.0, ug(15.0)), (2.0, ug(180.0)), (8.0, ug(15.0)), (16.0, ug(15.0))]);
    let week = Repeating::try_from(read("45 ug q24h and 90 ug on Mon,Fri at 8h")).unwrap();
    assert_eq!((week.tau(), week.doses().len()), (WEEK, 9));
    let seven = Repeating::try_from(read("45 ug q7h and 90 ug q24h")).unwrap();
    assert_eq!((seven.tau(), seven.doses().len()), (WEEK, 31));
    let minutes = Repeating::try_from(read("1 ug q20min and 90 ug q24h")).unwrap();
    assert_eq!((minutes.tau(), minutes.doses().len()), (DAY, 73));
}

#[test]
fn a_dose_that_rounding_puts_at_the_end_of_the_cycle_is_at_its_beginning() {
    // 0.3 - (0.1 + 0.2) is a rounding below zero, and 2.4 / 0.1 a rounding below 24.
    let both = ug(1.0).every(0.1).at(0.1 + 0.2).and(ug(2.0).every(2.4).at(0.3));
    let cycle = Repeating::try_from(both).unwrap();
    assert_eq!(cycle.doses().len(), 25);
    assert!(cycle.doses().iter().all(|(offset, _)| (0.0..2.4 - 0.05).contains(offset)));
}

#[test]
fn the_common_cycle_gives_the_same_doses() {
    let both = read("15 mg q8h at 3h and 180 ug q18h at 30h and (10 ug at 1h and 20 ug at 5h) q6h");
    let cycle: Regimen = Repeating::try_from(&both).unwrap().into();
    let late =
        |regimen: &Regimen| -> Vec<_> { regimen.doses(400.0).into_iter().filter(|(time, _)| *time > 40.0).collect() };
    assert_eq!(late(&cycle), late(&both));
}

#[test]
fn dosing_that_ends_has_no_steady_state() {
    let cases = [
        (
            "180 ug q24h x60",
            "`180 ug q24h x60` ends after 60 doses, and a steady state needs dosing without an end: leave out `x60`",
        ),
        (
            "(1 ug at 0h and 2 ug at 3h) q24h x1",
            "`(1 ug at 0h and 2 ug at 3h) q24h x1` ends after 2 doses, and a steady state needs dosing without an end: leave out `x1`",
        ),
        (
            "180 ug",
            "`180 ug` does not repeat, and a steady state needs dosing without an end: give an interval, such as q24h",
        ),
        ("nothing", "a regimen without doses has no steady state: give a dose and an interval, such as `90 ug q24h`"),
        (
            "1 ug q24h and 1 ug q3.14159265h",
            "`1 ug q24h` and `1 ug q3.14159265h` have no common cycle within 1000 of the longest interval, and a steady state needs one: choose intervals in a ratio of small whole numbers, such as q8h and q24h",
        ),
    ];
    for (text, sentence) in cases {
        let error = text.parse::<Repeating>().unwrap_err();
        assert_eq!((error.kind(), error.to_string().as_str()), (ErrorKind::NotRepeating, sentence));
    }
    let broken = Regimen::from(ug(1.0).every(0.0));
    assert_eq!(Repeating::try_from(broken).unwrap_err().kind(), ErrorKind::Value);
}

#[test]
fn a_cycle_scales() {
    let scaled = "(90 ug at 8h and 45 ug at 20h) q24h".parse::<Repeating>().unwrap().scaled(2.0);
    assert_eq!(scaled.to_string(), "(180 ug at 0h and 90 ug at 12h) q24h at 8h");
}

// ---------------------------------------------------------------- the text form

#[test]
fn canonical_texts_are_written_as_they_are_read() {
    let texts = [
        "180 ug q24h x60 then 45 ug q12h",
        "360 ug q24h x7 then 90 ug q24h x49",
        "15 mg q8h",
        "90 ug on Mon,Wed,Fri x4",
        "90 ug on Mon,Wed,Fri at 8h",
        "90 ug on Wed",
        "90 ug q168h",
        "10 mg iv over 2h q24h x5",
        "180 ug",
        "180 ug at 36h",
        "180 ug at -36.5h",
        "90 ug q24h x30 skip 5,6,10-14",
        "90 ug q24h skip 5",
        "(90 ug at 0h and 45 ug at 12h) q24h x30",
        "(90 ug at 8h and 45 ug at 20.5h)",
        "(90 ug at 8h and 45 ug at 20.5h) skip 2",
        "90 ug at 8h and 45 ug at 20.5h",
        "90 ug q24h x7 then 15 mg once",
        "90 ug once and 45 ug q24h",
        "45 ug q24h and 90 ug once and 180 ug q168h",
        "90 ug q24h x7 at 8h then 15 mg once and 1 mg at 5h",
        "90 ug q24h x7 skip 2 then (45 ug q12h x10 skip 3)",
        "90 ug q24h x10 then 45 ug on Mon,Fri",
        "(45 ug at 0h and 45 ug at 96h) q168h at 72h",
        "999 ug",
        "0.5 ug q0.5h x18446744073709551615",
        "1e-7 ug q1e-6h at 1e-9h",
        "1e300 mg",
        "nothing",
        "15 mg with 20 g fat q8h",
        "15 mg fasted q24h",
        "15 mg over 2h with 8.8 g fat q24h x5",
        "15 mg with 500 mg fat at 8h",
        "15 mg fasted on Mon,Thu and 15 mg with 34.9 g fat on Tue,Wed",
        "(15 mg fasted at 0h and 15 mg with 20 g fat at 5h) q24h",
    ];
    for text in texts {
        assert_eq!(read(text).to_string(), text);
    }
}

#[test]
fn other_spellings_mean_the_same() {
    let same = [
        ("1.5 mg q1d", "1.5 mg q24h"),
        ("180ug daily", "180 ug q24h"),
        ("180 \u{b5}g q 24 h", "180 ug q24h"),
        ("180 \u{3bc}g every 24 hours", "180 ug q24h"),
        ("180 mcg Q24H X 60", "180 ug q24h x60"),
        ("  0.18MG\tq24h\n", "180 ug q24h"),
        ("0.015 g q480min", "15 mg q8h"),
        ("90 ug weekly", "90 ug q168h"),
        ("90 ug q1w for 4 weeks", "90 ug q168h x4"),
        ("90 ug q24h for 8 weeks", "90 ug q24h x56"),
        ("90 ug q8h for 60d", "90 ug q8h x180"),
        ("90 ug q20min for 1 day", "90 ug q0.3333333333333333h x72"),
        ("90 ug once at 36h", "90 ug at 36h"),
        ("90 ug oral", "90 ug"),
        ("90 ug on friday , MON,Wednesday", "90 ug on Mon,Wed,Fri"),
        ("90 ug on Mon for 4w at 8h", "90 ug on Mon x4 at 8h"),
        ("(90 ug) q24h", "90 ug q24h"),
        ("((90 ug q24h x3)) at 8h", "90 ug q24h x3 at 8h"),
        ("(90 ug at 8h and 45 ug at 20h) q24h", "(90 ug at 0h and 45 ug at 12h) q24h at 8h"),
        ("(45 ug at 20h and 90 ug at 8h)", "(90 ug at 8h and 45 ug at 20h)"),
        ("(90 ug at 8h and 45 ug at 20h) at 2d", "(90 ug at 56h and 45 ug at 68h)"),
        ("90 ug q24h x3 then 45 ug q24h x3 skip 2,5", "90 ug q24h x3 skip 2 then (45 ug q24h x3 skip 2)"),
        ("90 ug q24h x3 and 45 ug q24h at 72h", "90 ug q24h x3 then 45 ug q24h"),
        ("90 ug q24h x3 then 45 ug q24h at 12h", "90 ug q24h x3 and 45 ug q24h at 84h"),
        ("90 ug q24h x9 skip 1-3, 5", "90 ug q24h x9 skip 1-3,5"),
        ("180 ug over 0h", "180 ug"),
        ("15mg WITH 20g Fat daily", "15 mg with 20 g fat q24h"),
        ("15 mg oral with 20000 mg fat", "15 mg with 20 g fat"),
        ("15 mg with 0 g fat", "15 mg fasted"),
        ("Nothing", "nothing"),
        ("nothing then 90 ug q24h", "90 ug q24h"),
    ];
    for (text, canonical) in same {
        assert_eq!(read(text).to_string(), canonical, "{text}");
        assert_eq!(read(text), read(canonical), "{text}");
    }
}

#[test]
fn text_reads_as_the_methods_chain() {
    let chained = ug(360.0)
        .every(DAY)
        .times(7)
        .skip([2])
        .then(ug(90.0).on([Mon, Thu]).at(8.0).times(4))
        .and(Dose::iv(10.0 * MG).over(2.0).at(5.0));
    assert_eq!(read("360 ug q24h x7 skip 2 then 90 ug on Mon,Thu x4 at 8h and 10 mg iv over 2h at 5h"), chained);
}

#[test]
fn milligrams_are_written_only_where_they_are_exact() {
    for amount in [1000.0, 1234.567, 1_000.000_000_000_1, 4_503.7, 1e15 + 0.3, f64::MAX, 1e-300, 0.1 + 0.2] {
        assert_eq!(ug(amount).to_string().parse::<Dose>().unwrap(), ug(amount), "{amount}");
    }
    assert_eq!(ug(1500.0).to_string(), "1.5 mg");
}

fn sentence<T: std::str::FromStr<Err = Error> + std::fmt::Debug>(text: &str) -> String {
    let error = text.parse::<T>().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Text, "{error}");
    error.to_string()
}

/// What was wrong with a text, without the text.
fn reason(text: &str) -> String {
    let sentence = sentence::<Regimen>(text);
    let start = format!("cannot read `{text}`: ");
    sentence.strip_prefix(&start).unwrap_or_else(|| panic!("{sentence}")).to_string()
}

#[test]
fn a_mistake_is_pointed_at() {
    let cases = [
        (
            "180 ug q24x",
            "`q24x` (column 8) is not an interval: write a number and a unit (min, h, d or w) such as q24h, q12h or q1d",
        ),
        ("180 kg q24h", "`180 kg` (column 1) is not an amount"),
        ("180 q24h", "`180 q24h` (column 1) is not an amount"),
        ("ug q24h", "`ug` (column 1) is not an amount"),
        ("180", "`180` (column 1) is not an amount"),
        ("-5 ug", "`-5 ug` (column 1) is not an amount"),
        ("0 ug", "`0 ug` (column 1) is not an amount"),
        ("NaN ug", "`NaN` (column 1) is not an amount"),
        ("inf ug", "`inf` (column 1) is not an amount"),
        ("1e400 ug", "`1e400 ug` (column 1) is not an amount"),
        ("1,000 ug", "`1,000` (column 1) is not an amount"),
        ("1.2.3 ug", "`1.2.3` (column 1) is not an amount"),
        ("180 ug q", "`q` (column 8) is not an interval"),
        ("180 ug q0h", "`q0h` (column 8) is not an interval"),
        ("180 ug q-4h", "`q-4h` (column 8) is not an interval"),
        ("180 ug q1e999h", "`q1e999h` (column 8) is not an interval"),
        ("180 ug at NaN h", "`at NaN` (column 8) is not a time"),
        ("180 ug at 5 ug", "`at 5 ug` (column 8) is not a time"),
        ("180 ug over -2h", "`over -2h` (column 8) is not a duration"),
        ("180 ug q24h x0", "`x0` (column 13) is not a count"),
        ("180 ug q24h x6.5", "`x6.5` (column 13) is not a count"),
        ("180 ug q24h x99999999999999999999", "`x99999999999999999999` (column 13) is not a count"),
        ("180 ug q24h x", "`x` (column 13) is not a count"),
        ("180 ug q24h for ever", "`for ever` (column 13) is not a duration"),
        ("180 ug q24h skip", "`skip` (column 13) is not a list of doses"),
        ("180 ug q24h skip 5,", "`skip 5,` (column 13) is not a list of doses"),
        ("180 ug q24h skip 14-10", "`skip 14-10` (column 13) is not a list of doses"),
        ("180 ug on Mon,Foo", "`Foo` (column 15) is not a weekday"),
        ("180 ug on", "`on` (column 8) is not a weekday"),
        ("180 ug x3", "`x3` (column 8) is not allowed here: write how often first, such as `daily x3`, or `3x daily`"),
        (
            "15 mg with 20 g",
            "it ends where the word `fat` should stand: a meal is known by its fat, such as `with 20 g fat`",
        ),
        ("15 mg with 20 g q8h", "`q8h` (column 17) is not the word `fat`"),
        ("15 mg with -20 g fat", "`with -20 g` (column 7) is not a meal: write how much fat it has"),
        ("15 mg with NaN g fat", "`with NaN` (column 7) is not a meal"),
        ("15 mg with 1e309 g fat", "`with 1e309 g` (column 7) is not a meal"),
        ("15 mg with natto", "`with natto` (column 7) is not a meal"),
        ("15 mg with fat", "`with fat` (column 7) is not a meal"),
        ("15 mg with", "`with` (column 7) is not a meal"),
        ("15 mg with 20 g fat q8h with 20 g fat", "`with` (column 25) is not allowed here"),
        ("15 mg fasted fasted", "`fasted` (column 14) is not allowed here"),
        ("10 mg iv with 20 g fat", "`with` (column 10) is not allowed after `iv`: a meal acts on what is swallowed"),
        ("10 mg iv over 2h fasted", "`fasted` (column 18) is not allowed after `iv`"),
        ("180 ug q24h 60", "`60` (column 13) is not allowed here"),
        (
            "180 ug foo",
            "`foo` (column 8) is not allowed here: after a dose come a meal (with 20 g fat), an interval (q24h)",
        ),
        ("180 ug q24h at 8h q12h", "`q12h` (column 19) is not allowed here"),
        ("180 ug q24h)", "`)` (column 12) is not allowed here"),
        ("(90 ug q24h x3) q24h", "`q24h` (column 17) is not allowed here: an interval repeats one dose"),
        ("(90 ug and 90 ug at 3h) on Mon", "`on Mon` (column 25) is not allowed here: an interval repeats one dose"),
        ("180 ug then", "it ends where an amount should stand: write a finite number"),
        ("180 ug q24h x3 and", "it ends where an amount should stand"),
        ("(180 ug", "it ends where a closing parenthesis should stand: write `)`"),
        ("(180 ug foo)", "`foo` (column 9) is not allowed here"),
        ("µg κ", "`µg` (column 1) is not an amount"),
        ("180 µg qκ24h", "`qκ24h` (column 8) is not allowed here"),
        ("180 ug q24h \u{1f48a}", "`\u{1f48a}` (column 13) is not allowed here"),
        ("", "it is empty: write a dose such as `180 ug`, or a dosing such as `90 ug q24h x60`"),
    ];
    for (text, start) in cases {
        let reason = reason(text);
        assert!(reason.starts_with(start), "{text}\n  {reason}\n  {start}");
    }
    assert!(reason("  ").starts_with("it is empty"));
    assert!(reason(&"(".repeat(60)).contains("(column 21) is not allowed so deep"));
}

#[test]
fn a_text_that_means_nothing_possible_is_refused_too() {
    let cases = [
        ("180 ug then 90 ug", "nothing can follow `180 ug`, which has no interval"),
        ("45 ug q12h then 90 ug", "nothing can follow `45 ug q12h`, which never ends"),
        ("45 ug q12h x30 skip 31", "there is no dose 31 to skip: the regimen has 30 doses"),
        ("45 ug q12h x30 skip 0", "there is no dose 0 to skip"),
        ("45 ug q12h skip 1-18446744073709551615", "at most 10000000 doses can be skipped"),
        ("45 ug q24h for 36h", "a duration of 36 h is not a whole number of cycles of 24 h"),
        ("(1 ug at 0h and 2 ug at 26h) q24h", "the doses of a cycle lie 26 h apart"),
        ("nothing q24h", "a cycle without a dose repeats nothing"),
    ];
    for (text, start) in cases {
        assert!(reason(text).starts_with(start), "{}", reason(text));
    }
}

#[test]
fn a_long_text_is_quoted_in_part_and_on_one_line() {
    let sentence = sentence::<Regimen>(&format!("{}\n and µ{}", "90 ug and ".repeat(500), "x".repeat(500)));
    assert!(sentence.chars().count() < 400 && !sentence.contains('\n'), "{sentence}");
}

#[test]
fn a_dose_is_text_too() {
    assert_eq!("10 mg iv over 2h".parse::<Dose>().unwrap(), Dose::iv(10.0 * MG).over(2.0));
    assert_eq!(
        sentence::<Dose>("10 mg q24h"),
        "cannot read `10 mg q24h`: `q24h` (column 7) is not part of a dose: \
         write an amount, then `iv`, `over 2h` and a meal (`with 20 g fat`, `fasted`) where they apply"
    );
}

#[test]
fn a_meal_is_text_too() {
    assert_eq!("20 g fat".parse::<Meal>(), Ok(Meal::with_fat(20.0 * GRAM)));
    assert_eq!("with 8.8 g fat".parse::<Meal>(), Ok(Meal::with_fat(8.8 * GRAM)));
    assert_eq!(sentence::<Meal>("20 g fat q8h").split(": ").nth(1), Some("`q8h` (column 10) is not a meal"));
    assert_eq!(
        serde_json::to_string(&[Meal::FASTED, Meal::with_fat(20.0 * GRAM)]).unwrap(),
        r#"["fasted","20 g fat"]"#
    );
}

#[test]
fn a_meal_that_cannot_be_is_refused_with_a_sentence() {
    for bad in [f64::NAN, f64::INFINITY, -1.0] {
        let dose = Dose::of(15.0 * MG).with(Meal::with_fat(bad * GRAM));
        let sentence = format!("the fat in a meal is {bad} g, but it must be a finite number, zero or above");
        assert_eq!(problem(&dose.at(8.0)), sentence);
        assert_eq!(problem(&dose.every(DAY).into()), sentence);
        assert!(serde_json::to_string(&dose).unwrap_err().to_string().contains(&sentence));
    }
    let fed = Dose::iv(10.0 * MG).with(Meal::with_fat(20.0 * GRAM));
    assert_eq!(
        problem(&fed.every(DAY).into()),
        "the dose `10 mg iv with 20 g fat` goes into a vein and names a meal, which acts on what is swallowed: \
         leave the meal out"
    );
}

#[test]
fn a_weekday_is_text_too() {
    assert_eq!("SUNDAY".parse(), Ok(Sun));
    assert_eq!(sentence::<Weekday>("Foo"), "`Foo` is not a weekday: write Mon, Tue, Wed, Thu, Fri, Sat or Sun");
}

// ---------------------------------------------------------------- serde

#[test]
fn serde_goes_through_the_text() {
    let regimen = read("180 ug q24h x60 then 45 ug q12h");
    let json = serde_json::to_string(&regimen).unwrap();
    assert_eq!(json, r#""180 ug q24h x60 then 45 ug q12h""#);
    assert_eq!(serde_json::from_str::<Regimen>(&json).unwrap(), regimen);
    assert_eq!(serde_json::from_str::<Repeating>(r#""90 ug daily""#).unwrap(), ug(90.0).every(DAY));
    assert_eq!(serde_json::to_string(&ug(90.0).every(DAY)).unwrap(), r#""90 ug q24h""#);
    assert_eq!(serde_json::from_str::<Dose>(r#""10 mg iv""#).unwrap(), Dose::iv(10.0 * MG));
    assert_eq!(serde_json::to_string(&(Route::Oral, Route::Intravenous, Fri)).unwrap(), r#"["oral","iv","Fri"]"#);
}

#[test]
fn serde_keeps_the_sentence() {
    let error = serde_json::from_str::<Regimen>(r#""180 ug q24x""#).unwrap_err().to_string();
    assert!(error.contains("`q24x` (column 8) is not an interval"), "{error}");
    let error = serde_json::to_string(&Regimen::from(ug(f64::NAN))).unwrap_err().to_string();
    assert!(error.contains("the amount of a dose is NaN"), "{error}");
    let endless = Regimen::from(ug(1.0).every(DAY)).then(ug(1.0));
    assert!(serde_json::to_string(&endless).is_err());
}

// ---------------------------------------------------------------- properties

/// Numbers a person writes, and any others.
fn number() -> BoxedStrategy<f64> {
    prop_oneof![
        (1_u32..400).prop_map(f64::from),
        (1_u32..4000).prop_map(|n| f64::from(n) / 10.0),
        prop::num::f64::POSITIVE.prop_map(|x| 1e-3 + x % 1e6),
        0.001_f64..1e7,
    ]
    .boxed()
}

fn time() -> BoxedStrategy<f64> {
    prop_oneof![
        Just(0.0),
        Just(-0.0),
        number(),
        number().prop_map(|x| -x % 1000.0),
        (0_i32..400).prop_map(|n| f64::from(n) * 24.0)
    ]
    .boxed()
}

fn dose() -> BoxedStrategy<Dose> {
    (number(), any::<bool>(), prop_oneof![Just(0.0), number()], meal())
        .prop_map(|(amount, iv, duration, meal)| {
            let dose = if iv { Dose::iv(amount) } else { Dose { meal, ..Dose::of(amount) } };
            dose.over(duration)
        })
        .boxed()
}

/// Not stated, fasted, fed, and fat in whole grams or in any number of µg.
fn meal() -> BoxedStrategy<Option<Meal>> {
    let fat = prop_oneof![Just(0.0), number().prop_map(|grams| grams * GRAM), number()];
    prop::option::of(prop_oneof![9 => fat.prop_map(Meal::with_fat), 1 => Just(Meal::fed())]).boxed()
}

/// Not so short that a test counts millions of doses.
fn tau() -> BoxedStrategy<f64> {
    prop_oneof![Just(24.0), Just(12.0), Just(168.0), number().prop_map(|x| x.max(0.5))].boxed()
}

fn cycle() -> BoxedStrategy<Repeating> {
    let days = prop::collection::vec(0_usize..7, 1..5).prop_map(|days| {
        let all = [Mon, Weekday::Tue, Wed, Thu, Fri, Weekday::Sat, Sun];
        days.into_iter().map(move |day| all[day]).collect::<Vec<_>>()
    });
    prop_oneof![
        (dose(), tau()).prop_map(|(dose, tau)| dose.every(tau)),
        (dose(), days).prop_map(|(dose, days)| dose.on(days)),
        (tau(), prop::collection::vec((0.0_f64..0.999, dose()), 1..4))
            .prop_map(|(tau, doses)| { Repeating::new(tau, doses.into_iter().map(|(part, dose)| (part * tau, dose))) }),
    ]
    .boxed()
}

/// Cycles of whole hours, whose weeks can be counted.
fn cycle_of_hours() -> BoxedStrategy<Repeating> {
    (prop::sample::select(vec![4.0, 6.0, 8.0, 12.0, 24.0, 36.0, 48.0, 168.0]), dose())
        .prop_map(|(tau, dose)| dose.every(tau))
        .boxed()
}

fn leaf() -> BoxedStrategy<Regimen> {
    prop_oneof![
        (cycle(), time(), 1_u64..40).prop_map(|(cycle, time, count)| cycle.at(time).times(count)),
        (cycle(), 1_u64..40).prop_map(|(cycle, count)| cycle.times(count)),
        (cycle(), time()).prop_map(|(cycle, time)| cycle.at(time).into()),
        (dose(), time()).prop_map(|(dose, time)| dose.at(time)),
        prop::collection::vec((time(), dose()), 0..5).prop_map(Regimen::from_iter),
    ]
    .boxed()
}

/// Any regimen whatever, a few of them impossible.
fn any_regimen() -> BoxedStrategy<Regimen> {
    leaf()
        .prop_recursive(4, 12, 2, |inner| {
            prop_oneof![
                (inner.clone(), inner.clone()).prop_map(|(a, b)| a.then(b)),
                (inner.clone(), inner.clone()).prop_map(|(a, b)| a.and(b)),
                (inner.clone(), prop::collection::vec(1_u64..30, 0..4)).prop_map(|(a, numbers)| a.skip(numbers)),
                (inner, time()).prop_map(|(a, time)| a.at(time)),
            ]
        })
        .boxed()
}

fn regimen() -> BoxedStrategy<Regimen> {
    any_regimen().prop_filter("possible", |regimen| regimen.check(0.0).is_ok()).boxed()
}

fn token() -> BoxedStrategy<String> {
    let words = [
        "180",
        "ug",
        "mg",
        "g",
        "\u{b5}g",
        "q",
        "q24h",
        "24",
        "h",
        "x",
        "x60",
        "for",
        "8",
        "weeks",
        "d",
        "then",
        "and",
        "at",
        "skip",
        "5",
        "5,6",
        "10-14",
        "-",
        ",",
        "(",
        ")",
        "on",
        "Mon",
        "Mon,Wed",
        "iv",
        "over",
        "2h",
        "daily",
        "weekly",
        "once",
        "nothing",
        "every",
        "1e400",
        "0",
        "18446744073709551615",
        ".",
        "e",
        "1e",
        "\u{3bc}",
        "\u{1f48a}",
        "x0",
        "180 ug",
        "90 ug q24h",
        "x7",
        "with",
        "20 g",
        "fat",
        "with 20 g fat",
        "fasted",
    ];
    prop_oneof![8 => prop::sample::select(words.to_vec()).prop_map(String::from), 1 => any::<char>().prop_map(String::from)]
    .boxed()
}

/// Every number of a dose and its time; of a meal whether there is one, and its fat.
type Bits = (u64, u64, u64, Route, Option<Option<u64>>);

fn bits(doses: &[(f64, Dose)]) -> Vec<Bits> {
    doses
        .iter()
        .map(|(time, dose)| {
            let fat = dose.meal.map(|meal| meal.fat.map(f64::to_bits));
            (time.to_bits(), dose.amount.to_bits(), dose.duration.to_bits(), dose.route, fat)
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn what_is_written_is_read_back_bit_for_bit(regimen in regimen()) {
        let text = regimen.to_string();
        let again = text.parse::<Regimen>();
        prop_assert_eq!(again.as_ref(), Ok(&regimen), "{}", text);
        prop_assert_eq!(bits(&again.unwrap().doses(500.0)), bits(&regimen.doses(500.0)));
        prop_assert_eq!(text.parse::<Regimen>().unwrap().to_string(), text);
    }

    #[test]
    fn a_repeating_is_read_back_bit_for_bit(cycle in cycle(), time in time()) {
        let cycle = cycle.at(time);
        prop_assert_eq!(cycle.to_string().parse::<Repeating>(), Ok(cycle));
    }

    #[test]
    fn any_dose_is_read_back_bit_for_bit(amount in prop::num::f64::POSITIVE, duration in prop::num::f64::POSITIVE) {
        let dose = Dose::iv(amount).over(duration);
        prop_assert_eq!(dose.to_string().parse::<Dose>(), Ok(dose));
    }

    #[test]
    fn any_meal_is_read_back_bit_for_bit(fat in prop::num::f64::POSITIVE) {
        let meal = Meal::with_fat(fat);
        prop_assert_eq!(meal.to_string().parse::<Meal>(), Ok(meal));
        let dose = Dose::of(15.0).with(meal);
        prop_assert_eq!(dose.to_string().parse::<Dose>(), Ok(dose));
    }

    #[test]
    fn doses_are_in_order_and_stop_at_the_end(regimen in regimen(), until in -100.0_f64..1000.0) {
        let (doses, longer) = (regimen.doses(until), regimen.doses(2000.0));
        prop_assert!(doses.is_sorted_by(|a, b| a.0 <= b.0));
        let before = longer.iter().take_while(|(time, _)| *time <= until).count();
        prop_assert_eq!(bits(&doses), bits(&longer[..before]));
    }

    #[test]
    fn doses_equal_a_naive_expansion(
        courses in prop::collection::vec((cycle(), time(), 1_u64..20), 1..4),
        skipped in prop::collection::vec(1_u64..20, 0..5),
        until in -100.0_f64..1000.0,
    ) {
        let mut naive = Vec::new();
        let mut regimen = Regimen::default();
        for (cycle, time, count) in courses {
            let cycle = cycle.at(time);
            for i in 0..count {
                let begin = cycle.start() + i as f64 * cycle.tau();
                naive.extend(cycle.doses().iter().map(|(offset, dose)| (begin + offset, *dose)));
            }
            regimen = regimen.and(cycle.times(count));
        }
        naive.sort_by(|a, b| a.0.total_cmp(&b.0));
        let total = naive.len() as u64;
        let skipped: Vec<u64> = skipped.into_iter().filter(|number| *number <= total).collect();
        let mut number = 0;
        naive.retain(|(time, _)| { number += 1; !skipped.contains(&number) && *time <= until });
        prop_assert_eq!(regimen.skip(skipped).doses(until), naive);
    }

    #[test]
    fn what_is_left_without_days_is_what_falls_on_others(
        cycle in cycle_of_hours(), start in 0_u32..400, count in prop::option::of(1_u64..40), days in prop::collection::vec(0_usize..7, 1..4),
    ) {
        let days: Vec<Weekday> = days.into_iter().map(|day| [Mon, Weekday::Tue, Wed, Thu, Fri, Weekday::Sat, Sun][day]).collect();
        let cycle = cycle.at(f64::from(start));
        let all: Regimen = count.map_or(cycle.clone().into(), |count| cycle.times(count));
        let left = all.clone().except(days.clone());
        let on = |time: f64| [Mon, Weekday::Tue, Wed, Thu, Fri, Weekday::Sat, Sun][(0..7_usize).find(|day| ((time / 24.0).floor() - *day as f64).rem_euclid(7.0) == 0.0).unwrap_or(0)];
        let expected: Vec<_> = all.doses(1500.0).into_iter().filter(|(time, _)| !days.contains(&on(*time))).collect();
        if left.check(0.0).is_ok() {
            prop_assert_eq!(left.doses(1500.0), expected);
            prop_assert_eq!(left.to_string().parse::<Regimen>(), Ok(left));
        } else {
            prop_assert!(expected.is_empty());
        }
    }

    #[test]
    fn then_is_and_at_the_time_that_was_due(cycle in cycle(), start in time(), count in 1_u64..40, next in regimen()) {
        let first = cycle.at(start).times(count);
        let (start, tau) = { let again = Repeating::try_from(&read(&first.to_string().replace(&format!(" x{count}"), ""))).unwrap(); (again.start(), again.tau()) };
        let due = start + count as f64 * tau;
        prop_assert_eq!(first.clone().then(next.clone()), first.and(next.at(due)));
    }

    #[test]
    fn no_text_makes_the_reader_panic(text in ".{0,60}") {
        let _ = text.parse::<Regimen>();
        let _ = text.parse::<Dose>();
    }

    #[test]
    fn no_heap_of_words_makes_the_reader_panic(words in prop::collection::vec(token(), 0..25), tight in any::<bool>()) {
        let text = words.join(if tight { "" } else { " " });
        match text.parse::<Regimen>() {
            Ok(regimen) => prop_assert_eq!(regimen.to_string().parse::<Regimen>(), Ok(regimen), "{}", text),
            Err(error) => prop_assert!(error.kind() == ErrorKind::Text && error.to_string().starts_with("cannot read `")),
        }
    }

    #[test]
    fn a_common_cycle_gives_the_doses_of_the_long_run(a in 1_u32..13, b in 1_u32..13, shift in 0_u32..60) {
        let both = ug(1.0).every(f64::from(a)).and(ug(2.0).every(f64::from(b)).at(f64::from(shift)));
        let cycle: Regimen = Repeating::try_from(&both).unwrap().into();
        let late = |regimen: &Regimen| {
            let mut doses: Vec<_> = regimen.doses(300.0).into_iter().filter(|(time, _)| *time >= 60.0).collect();
            doses.sort_by(|x, y| (x.0, x.1.amount).partial_cmp(&(y.0, y.1.amount)).unwrap());
            doses
        };
        prop_assert_eq!(late(&cycle), late(&both));
    }
}
