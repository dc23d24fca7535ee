//! Diaries: both forms say the same, mistakes are answered with their place, and nothing is half read.

mod common;

use std::fmt::Write;
use std::time::Instant;

use common::folder::Folder;
use menaquinone::food::{self, Estimate, Form, Product, Shelf};
use menaquinone::vitamer::{K1, MK4, MK7};
use menaquinone::{ErrorKind, Meal, diary::Diary, units::*};
use proptest::prelude::*;

const TEXT: &str = "\
# A week, not in order.
2026-03-03 19:30  cheese, gouda 40 g, milk, 2% fat 200 g
2026-03-02 08:00  natto 50 g, egg yolk 34 g   # with breakfast
           20:15  MK-7 capsule 180 \u{b5}g
2026-03-08
  8:00  natto 1.5 oz
  8:00  vitamin K1 drops 0.1 mg, fasted
";

const TABLE: &str = "\
food,amount,date,time,note
\"cheese, gouda\",40 g,2026-03-03,19:30,
# a comment

\"milk, 2% fat\",200 g,2026-03-03,19:30,
natto,50 g,2026-03-02,08:00,
egg yolk,34 g,2026-03-02,08:00,\"two
of them\"
MK-7 capsule,180 mcg,2026-03-02,20:15,
natto,1.5 oz,2026-03-08,08:00,
vitamin K1 drops,0.1 mg,2026-03-08,08:00,
fasted,,2026-03-08,08:00,
";

fn read(text: &str) -> Diary {
    text.parse().unwrap_or_else(|error| panic!("{error}"))
}

fn sentence(text: &str) -> String {
    let error = text.parse::<Diary>().expect_err("a mistake");
    assert_eq!(error.kind(), ErrorKind::Text);
    error.to_string().strip_prefix("cannot read the diary: ").expect("a beginning").to_owned()
}

fn sentence_of_table(text: &str) -> String {
    let error = Diary::read(text.as_bytes()).expect_err("a mistake");
    error.to_string().strip_prefix("cannot read the diary: ").expect("a beginning").to_owned()
}

#[test]
fn both_forms_give_the_same_diary() {
    let (text, table) = (read(TEXT), Diary::read(TABLE.as_bytes()).unwrap());
    assert_eq!(text, table);
    for vitamer in [&MK4, &MK7, &K1] {
        assert_eq!(text.regimen(vitamer), table.regimen(vitamer));
    }
    let times: Vec<f64> = text.plates().iter().map(|(time, _)| *time).collect();
    assert_eq!(times, [8.0, 20.25, 43.5, 152.0]);
}

#[test]
fn semicolons_tabs_units_and_a_mark_of_order_are_read() {
    let expected = read("Mon 08:00 natto 50 g");
    for table in [
        "day;time;food;amount\nMon;08:00;natto;50 g",
        "day\ttime\tfood\tamount\nMon\t08:00\tnatto\t50 g\n",
        "\u{feff}Day, Time, Item, Amount, Unit\r\nmonday, 8:00, Natto, 50, g\r\n",
        "day,time,food,product,amount\nMon,08:00,natto,,50 g",
    ] {
        assert_eq!(Diary::read(table.as_bytes()).unwrap(), expected, "{table}");
    }
    assert_eq!(read("\u{feff}Mon: 08:00 NATTO 50g\r\n"), expected);
    assert_eq!(read("Mon 08:00 natto 0.05 kg"), expected);
}

#[test]
fn a_diary_is_written_as_it_is_read() {
    let diary = read(TEXT);
    assert_eq!(read(&diary.to_string()), diary);
    assert!(diary.to_string().starts_with(
        "2026-03-02 08:00 natto 50 g, egg yolk 34 g\n\
         2026-03-02 20:15 MK-7 capsule 180 ug\n\
         2026-03-03 19:30 cheese, gouda 40 g, milk, 2% fat (US) 200 g\n"
    ));
}

#[test]
fn days_are_dates_weekdays_or_numbers() {
    let times = |text: &str| read(text).plates().iter().map(|(time, _)| *time).collect::<Vec<_>>();
    // 2028 has a 29th of February.
    assert_eq!(times("2028-02-28 00:00 natto 1 g\n2028-03-01 00:00 natto 1 g"), [0.0, 48.0]);
    assert_eq!(times("2027-12-31 23:59 natto 1 g\n2028-01-01 00:00 natto 1 g"), [23.0 + 59.0 / 60.0, 24.0]);
    assert_eq!(times("Sun 08:00 natto 1 g\nwednesday 08:00 natto 1 g"), [56.0, 152.0], "from Monday, 0:00");
    assert_eq!(times("day 3 08:00 natto 1 g"), [56.0], "from day 1");
    assert_eq!(Diary::read(&b"day,time,food,amount\n3,08:00,natto,1 g"[..]).unwrap().plates()[0].0, 56.0);
    assert_eq!(times("# nothing\n\n"), [0.0; 0]);
}

#[test]
fn what_is_taken_at_once_is_one_meal() {
    let diary = read("Mon 08:00 MK-4 capsule 15 mg\nMon 08:00 butter, salted 10 g");
    assert_eq!(diary.plates().len(), 1);
    let doses = diary.regimen(&MK4).doses(WEEK);
    assert_eq!((doses.len(), doses[0].1.amount), (1, 15.0 * MG));
    assert_eq!(
        doses[0].1.meal,
        Some(Meal::with_fat(food::find("salted butter").unwrap().serving(10.0 * GRAM).unwrap().fat().unwrap()))
    );
    // Jarlsberg has no fat in the table, and a capsule says nothing of its meal.
    assert_eq!(read("Mon 08:00 MK-4 15 mg, jarlsberg 30 g").regimen(&MK4).doses(WEEK)[0].1.meal, None);
    assert_eq!(read("Mon 08:00 MK-4 15 mg").regimen(&MK4).doses(WEEK)[0].1.meal, None);
}

#[test]
fn only_what_has_kinetics_and_a_row_makes_doses() {
    let diary = read("Mon 08:00 natto 100 g, gouda 40 g\nTue 08:00 gouda 40 g, kale 100 g");
    let amounts = |vitamer| diary.regimen(vitamer).doses(WEEK).iter().map(|(_, dose)| dose.amount).collect::<Vec<_>>();
    assert_eq!(amounts(&MK7), [939.0]);
    assert_eq!(amounts(&MK4), [0.0; 0], "natto and kale hold none");
    let ends = [Estimate::Low, Estimate::High].map(|end| diary.regimen_at(&MK7, end).doses(WEEK)[0].1.amount);
    assert_eq!(ends, [775.0, 1750.0]);
    assert_eq!(diary.intake().without(&MK7), ["cheese, gouda", "kale, raw"]);
}

#[test]
fn the_intake_of_a_week_is_that_of_its_days() {
    let intake = read(TEXT).intake();
    let names: Vec<_> = intake.days().map(|(name, _)| name.to_owned()).collect();
    assert_eq!(names, ["2026-03-02", "2026-03-03", "2026-03-08"]);
    let monday = intake.day("2026-03-02").unwrap().amount(&MK7).unwrap();
    assert_eq!((monday.typical, monday.low, monday.high), (649.5, Some(567.5), Some(1055.0)));
    let total: f64 = intake.days().filter_map(|(_, day)| Some(day.amount(&MK7).ok()?.typical)).sum();
    assert_eq!(intake.total().amount(&MK7).unwrap().typical, total);
    assert_eq!(intake.to_csv().lines().count(), 1 + intake.days().map(|(_, day)| day.iter().len()).sum::<usize>());
    assert!(intake.day("2026-03-04").unwrap_err().to_string().contains("nothing of `2026-03-04`"));
    assert_eq!(
        read("Mon 08:00 natto 50 g, MK-7 90 ug\nTue 12:00 gouda 40 g").intake().to_string(),
        "day  K1, µg  MK-4, µg  MK-7, µg       MK-8, µg  total K2, µg\n\
         Mon  11.6    0         560 (478-965)  42        -\n\
         Tue  0.92    -         -              -         30\n\
         A number alone has no known range, and one with * is in part such a number. - is not known.\n\
         The table has no MK-4 for: cheese, gouda\n\
         The table has no MK-7 for: cheese, gouda\n"
    );
}

#[test]
fn mistakes_are_answered_with_line_and_column() {
    let cases = [
        ("Mon 08:00 nato 50 g", "line 1, column 11: `nato` is not a food of the table: did you mean `natto`?"),
        (
            "\n\nMon 08:00 natto 50 g, egg yolk",
            "line 3, column 23: `egg yolk` has no amount: write it last, such as `natto 50 g`",
        ),
        (
            "Mon 08:00 natto, egg yolk 17 g",
            "line 1, column 11: `natto` has no amount: write it last, such as `natto 50 g`",
        ),
        ("Mon 08:00 50 g natto", "line 1, column 11: `50 g natto` has no amount: write it last, such as `natto 50 g`"),
        ("Mon 08:00 natto -50 g", "line 1, column 17: `-50 g` is not an amount: write a finite number, zero or above"),
        (
            "Mon 08:00 natto 1e999 g",
            "line 1, column 17: `1e999 g` is not an amount: write a finite number, zero or above",
        ),
        (
            "Mon 08:00 natto 50",
            "line 1, column 17: `50` has no unit: write g, kg or oz for a food, and ug, mcg or mg for a vitamer",
        ),
        (
            "Mon 08:00 natto 50 lb",
            "line 1, column 20: `lb` is not a unit: write g, kg or oz for a food, and ug, mcg or mg for a vitamer",
        ),
        ("Mon 08:00 natto 50 ug", "line 1, column 11: `natto` is a food, so its amount is in g, kg or oz"),
        (
            "Mon 08:00 MK-7 capsule 2 g",
            "line 1, column 11: `MK-7 capsule` names a vitamer, so its amount is in ug, mcg or mg, such as `MK-7 180 ug`",
        ),
        (
            "Mon 08:00 capsule 180 ug",
            "line 1, column 11: `capsule` names no vitamer: write MK-4, MK-7 or K1, such as `MK-7 capsule 180 ug`",
        ),
        (
            "Mon 08:00 50 g",
            "line 1, column 11: the amount stands alone: write what was taken before it, such as `natto 50 g`",
        ),
        ("Mon 08:00", "line 1, column 5: `08:00` is followed by nothing: write what was taken, such as `natto 50 g`"),
        (
            "Mon 24:00 natto 50 g",
            "line 1, column 5: `24:00` is not a time of day: write hours and minutes from 00:00 to 23:59, such as 08:00",
        ),
        (
            "Mon natto 50 g",
            "line 1, column 5: `natto` is not a time of day: write hours and minutes from 00:00 to 23:59, such as 08:00",
        ),
        (
            "08:00 natto 50 g",
            "line 1, column 1: no day is named for this line: write a date such as 2026-03-02, a weekday such as Mon, or `day 1`",
        ),
        (
            "2026-02-30 08:00 natto 50 g",
            "line 1, column 1: `2026-02-30` is not a day of the calendar: write year, month and day, such as 2026-03-02",
        ),
        (
            "day 0 08:00 natto 50 g",
            "line 1, column 5: `0` is not the number of a day: write 1 or above, such as `day 3`",
        ),
        (
            "Mon 08:00 natto 50 g\n  day 3 08:00 natto 50 g",
            "line 2, column 3: `day` is the number of a day, but the diary began with a weekday: name all days in one way",
        ),
        (
            "Mon 08:00 nattō 50 g, çheese 40 g",
            "line 1, column 23: `çheese` is not a food of the table: did you mean `cheese (Europe)`, `cheese (Switzerland)` or `cheese (Denmark)`?",
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(sentence(text), expected, "{text}");
    }
}

#[test]
fn mistakes_in_a_table_are_answered_with_line_and_column() {
    let row = |row: &str| sentence_of_table(&format!("date,time,food,amount\n# comment\n\n{row}\n"));
    assert_eq!(
        row("2026-03-02,08:00,nato,50 g"),
        "line 4, column `food`: `nato` is not a food of the table: did you mean `natto`?"
    );
    assert_eq!(
        row("2026-03-02,08:00,natto,"),
        "line 4, column `amount`: an empty cell is not an amount: write a number and a unit, such as 50 g of a food or 180 ug of MK-7"
    );
    assert!(row("2026-03-02,8,natto,50 g").starts_with("line 4, column `time`: `8` is not a time of day: "));
    assert!(row("02.03.2026,08:00,natto,50 g").starts_with("line 4, column `date`: `02.03.2026` is not a day: "));
    assert_eq!(
        row("2026-03-02,08:00,cheese, gouda,50 g"),
        "line 4: found 5 cells, but the header names 4 columns: give each column its cell; a text with the mark that parts the cells stands in quotes"
    );
    assert_eq!(
        sentence_of_table("# mine\n\ndate,food,amount\n"),
        "line 3: there is no column `time`: the columns are date (or day), time, food (or product), amount, and where you \
         like unit and note"
    );
    assert!(
        sentence_of_table("date,time,fod,amount\n").starts_with("line 1: there is no column `food`: the columns are")
    );
    assert!(sentence_of_table("date,day,time,food,amount\n").contains("another column says the same"));
    assert_eq!(sentence_of_table(""), "line 1: there is no header: the first line must name the columns");
    assert_eq!(
        sentence_of_table("day,time,food,amount\nMon,08:00,natto,50 g\n3,08:00,natto,50 g\n"),
        "line 3, column `day`: `3` is the number of a day, but the diary began with a weekday: name all days in one way"
    );
}

#[test]
fn a_file_is_read_by_its_name_and_named_in_the_sentence() {
    let folder = Folder::new("names");
    let write = |name: &str, text: &[u8]| folder.write(name, text);
    assert_eq!(
        Diary::open(write("week.txt", TEXT.as_bytes())).unwrap(),
        Diary::open(write("week.CSV", TABLE.as_bytes())).unwrap()
    );
    let bad = write("bad.txt", b"Mon 08:00 natto 50 g\nMon 09:00 nato 50 g\n");
    let error = Diary::open(&bad).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Text);
    assert!(error.to_string().starts_with(&format!("cannot read {}: line 2, column 11: ", bad.display())), "{error}");
    let bytes = Diary::open(write("bytes.txt", b"Mon 08:00 natto 50 g\n\xff\xff")).unwrap_err();
    assert!(
        bytes.to_string().ends_with("line 2, column 1: it must be text in UTF-8: save the file as UTF-8"),
        "{bytes}"
    );
}

#[test]
fn an_empty_diary_is_one() {
    let empty = read("\n# nothing\n");
    assert_eq!(empty.intake().to_string(), "The diary is empty.\n");
    assert_eq!(empty.regimen(&MK7).to_string(), "nothing");
    let error = menaquinone::intake::check(&MK7, empty.regimen(&MK7)).unwrap_err();
    assert_eq!(error.to_string(), "the regimen has no doses, so there is no daily amount: add one");
}

#[test]
fn what_code_puts_in_reads_back() {
    let product = Product::new("forte\n10", &MK7, 5.0).unwrap();
    let diary = Diary::new([(0.0, product)]).unwrap();
    assert_eq!(diary.to_string(), "day 1 00:00 MK-7 \"forte 10\" 5 ug\n");
    assert_eq!(read(&diary.to_string()), diary);
    // A comma ends an item, `#` begins a comment, and a quote ends a name; in quotes a second vitamer is part of the name.
    let product = Product::new(" forte,  10 ug # MK-4 \" vitamin K1", &MK7, 1500.0).unwrap();
    let diary = Diary::new([(0.0, product)]).unwrap();
    assert_eq!(diary.to_string(), "day 1 00:00 MK-7 \"forte 10 ug MK-4 ' vitamin K1\" 1.5 mg\n");
    assert_eq!(read(&diary.to_string()), diary);
    let table =
        Diary::read(&b"day,time,food,amount\n1,0:00,\"MK-7 \"\"forte, 10 ug # MK-4 ' vitamin K1\"\"\",1.5 mg"[..])
            .unwrap();
    assert_eq!(table, diary);
    // A mass that no number of grams gives to the last bit.
    for text in ["natto 0.0191 kg", "natto 1.93 oz", "natto 1.3 g", "natto 6.85 oz", "natto 19.3 oz", "natto 5e-324 g"]
    {
        let diary = read(&format!("Mon 08:00 {text}"));
        assert_eq!(read(&diary.to_string()), diary, "{diary}");
    }
    let natto = food::find("natto").unwrap().serving(50.0 * GRAM).unwrap();
    assert_eq!(
        Diary::new([(1e300, natto)]).unwrap_err().to_string(),
        format!("a time in a diary is {} h, but no diary goes beyond 4000000000 days: times are in h", 1e300)
    );
}

#[test]
fn a_shelf_brings_its_own_foods_and_factors() {
    let half = food::find("natto").unwrap().with_f(0.5);
    let shelf = Shelf::default().and(half).unwrap();
    let diary = shelf.diary("Mon 08:00 natto 100 g").unwrap();
    assert_eq!(diary.regimen(&MK7).doses(WEEK)[0].1.amount, 469.5);
    assert_eq!(diary.intake().total().amount(Form::MK7).unwrap().typical, 939.0, "eaten is eaten");
    assert_eq!(shelf.read_diary(&b"day,time,food,amount\nMon,08:00,natto,100 g"[..]).unwrap(), diary);
}

/// So many lines on as many days, in both forms.
fn long(lines: u32) -> (String, String) {
    let (mut text, mut table) = (String::new(), String::from("day,time,food,amount\n"));
    for i in 0..lines {
        writeln!(text, "day {} 08:{:02} cheese, gouda 40 g, natto 50 g", 1 + i / 20, i % 60).unwrap();
        writeln!(table, "{},08:{:02},gouda cheese,40 g", 1 + i / 20, i % 60).unwrap();
    }
    (text, table)
}

/// A hundred thousand lines take ten times as long as ten thousand, give or take; a square would take a hundred times.
#[test]
fn a_gigantic_diary_is_read_in_linear_time() {
    let time = |lines: u32| {
        let (text, table) = long(lines);
        let start = Instant::now();
        let (of_text, of_table) = (read(&text), Diary::read(table.as_bytes()).unwrap());
        let doses = of_text.regimen(&MK7).doses(f64::INFINITY).len();
        assert_eq!(doses, of_text.plates().len());
        assert_eq!(of_text.plates().len(), of_table.plates().len());
        assert_eq!(of_text.intake().days().len(), (lines / 20) as usize);
        start.elapsed().as_secs_f64()
    };
    time(1_000);
    let (some, many) = (time(10_000).max(1e-3), time(100_000));
    println!("{some:.3} s for 10,000 lines and {many:.3} s for 100,000, in both forms");
    assert!(many < 40.0 * some, "{some} s for 10,000 lines and {many} s for 100,000");
}

fn lines_like_a_diary() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        Just("Mon"),
        Just("day"),
        Just("3"),
        Just("2026-03-02"),
        Just("08:00"),
        Just("natto"),
        Just("50"),
        Just("g"),
        Just("ug"),
        Just(","),
        Just("MK-7"),
        Just("cheese, gouda"),
        Just("fasted"),
        Just("#"),
        Just("\n"),
        Just("\""),
        Just("µg"),
        Just("-1"),
        Just("date,time,food,amount\n"),
        Just("fat"),
        Just("1e308"),
        Just(";"),
        Just("é"),
    ];
    prop::collection::vec(word, 0..30).prop_map(|words| words.join(" "))
}

proptest! {
    #[test]
    fn no_text_brings_it_down(text in prop_oneof![any::<String>(), lines_like_a_diary()]) {
        for read in [text.parse::<Diary>(), Diary::read(text.as_bytes())] {
            match read {
                Ok(diary) => {
                    let _ = (diary.to_string(), diary.intake().to_string(), diary.regimen(&MK7).check(WEEK));
                }
                Err(error) => prop_assert!(error.to_string().starts_with("cannot read the diary: ")),
            }
        }
    }

    #[test]
    fn the_order_of_lines_does_not_matter(lines in prop::collection::vec((1..9_u32, 0..24_u32, 1..500_u32), 1..20)) {
        let line = |(day, hour, grams): &(u32, u32, u32)| format!("day {day} {hour:02}:00 natto {grams} g\n");
        let forth: String = lines.iter().map(line).collect();
        let back: String = lines.iter().rev().map(line).collect();
        let total = |text: &str| read(text).intake().total().amount(&MK7).unwrap().typical;
        prop_assert!((total(&forth) - total(&back)).abs() <= 1e-13 * total(&forth));
        let times = |text: &str| read(text).plates().iter().map(|(time, _)| *time).collect::<Vec<_>>();
        prop_assert_eq!(times(&forth), times(&back));
    }
}

#[test]
fn lines_as_people_write_them() {
    let read = |text: &str| text.parse::<Diary>().unwrap_or_else(|error| panic!("{error}")).to_string();
    for (written, meaning) in [
        ("Mon 8am natto 50 g", "Mon 08:00 natto 50 g\n"),
        ("Mon 8 pm natto 50 g", "Mon 20:00 natto 50 g\n"),
        ("Mon 8:15 PM natto 50 g", "Mon 20:15 natto 50 g\n"),
        ("Mon 8:15 a.m. natto 50 g", "Mon 08:15 natto 50 g\n"),
        ("day 2\n12 am natto 50 g", "day 2 00:00 natto 50 g\n"),
    ] {
        assert_eq!(read(written), meaning, "{written}");
    }
    let sentence = |text: &str| text.parse::<Diary>().expect_err(text).to_string();
    let after = "stands after an amount, which ends what was taken: part two things with a comma";
    for (text, place) in [
        ("Mon 08:00 natto 50 g; gouda 30 g", "column 23: `gouda 30 g`"),
        ("Mon 08:00 natto 50 g and gouda 30 g", "column 22: `and gouda 30 g`"),
        ("Mon 08:00 natto 50 g + rice", "column 24: `rice`"),
        ("Mon 08:00 MK-7 90 ug not taken", "column 22: `not taken`"),
        ("Mon 08:00 MK-7 90 ug with breakfast", "column 22: `with breakfast`"),
        ("Mon 08:00 MK-7 90 ug x2", "column 22: `x2`"),
        ("Mon 08:00 MK-4 15 mg MK-7 90 ug", "column 22: `MK-7 90 ug`"),
        ("Mon 08:00 broccoli 100 g steamed", "column 26: `steamed`"),
    ] {
        let found = sentence(text);
        assert!(found.contains(&format!("line 1, {place} {after}")), "{found}");
    }
    for (text, why) in [
        ("Mon 08:00 MK-7 1,000 ug", "`1,000` has a decimal comma, and commas part what was taken: write 1.000 or 1000"),
        ("Mo 08:00 natto 50 g", "`Mo` is no day and no time of day: write a date such as 2026-03-02"),
        ("today 08:00 natto 50 g", "`today` is no day and no time of day"),
        ("Tue 2 March 2026 08:00 natto 50 g", "`Tue` is not the day of the week of 2026-03-02"),
        ("Mon noon natto 50 g", "`noon` is not a time of day"),
    ] {
        assert!(sentence(text).contains(why), "{}", sentence(text));
    }
}

#[test]
fn tables_as_people_keep_them() {
    let right = "2026-03-02 20:00 natto 50 g\n";
    for text in [
        "date,time,food,amount\n2026-03-02,8 pm,natto,50 g\n",
        "Date,Time,Food,Amount (g)\n2026-03-02,20:00,natto,50\n",
        "Date,Time,Food,Amount g\n2026-03-02,20:00,natto,0.05 kg\n",
        "date|time|food|amount|count\n2026-03-02|20:00|natto|50 g|1\n",
        "date,time,food,amount,taken,missed\n2026-03-02,20:00,natto,50 g,yes,\n",
    ] {
        assert_eq!(Diary::read(text.as_bytes()).unwrap_or_else(|error| panic!("{error}")).to_string(), right, "{text}");
    }
    let product = "date,time,product,dose (ug)\n2026-03-02,08:00,MK-7,90\n";
    let product = Diary::read(product.as_bytes()).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(product.to_string(), "2026-03-02 08:00 MK-7 90 ug\n");
    for (column, cell, why) in [
        ("count", "2", "the amount may be that of one or of all: write the amount of all"),
        ("Quantity", "3", "the amount may be that of one or of all"),
        ("taken", "no", "a row is what was taken: leave out what was not"),
        ("status", "forgotten", "a row is what was taken"),
        ("missed", "x", "a row is what was taken"),
    ] {
        let text = format!("date,time,product,{column},amount\n2026-03-02,08:00,MK-7,{cell},90 ug\n");
        let error = Diary::read(text.as_bytes()).expect_err(column).to_string();
        assert!(error.contains(&format!("line 2, column `{column}`: found `{cell}`, but {why}")), "{error}");
    }
}

#[test]
fn dates_have_the_order_that_another_one_shows() {
    let table = |dates: &[&str]| {
        let rows: Vec<String> = dates.iter().map(|date| format!("{date},08:00,natto,50 g")).collect();
        Diary::read(format!("date,time,food,amount\n{}", rows.join("\n")).as_bytes())
    };
    let text = |dates: &[&str]| {
        let lines: Vec<String> = dates.iter().map(|date| format!("{date} 08:00 natto 50 g")).collect();
        lines.join("\n").parse::<Diary>()
    };
    for (dates, first, note) in [
        (["03.02.2026", "13.02.2026"], "2026-02-03", "the day stands first in `03.02.2026`, as `13.02.2026` on line "),
        (
            ["03/02/2026", "02/14/2026"],
            "2026-02-14",
            "the month stands first in `03/02/2026`, as `02/14/2026` on line ",
        ),
        (["28-01-2026", "01-02-2026"], "2026-01-28", "the day stands first in `01-02-2026`, as `28-01-2026` on line "),
        (["03022026", "13022026"], "2026-02-03", "the day stands first in `03022026`, as `13022026` on line "),
    ] {
        for diary in [table(&dates), text(&dates)] {
            let diary = diary.unwrap_or_else(|error| panic!("{error}"));
            assert_eq!(diary.plates().len(), 2);
            assert!(diary.to_string().starts_with(first), "{diary}");
            assert!(matches!(diary.notes(), [one] if one.contains(note)), "{:?}", diary.notes());
        }
    }
    for dates in [vec!["03.02.2026"], vec!["03.02.2026", "13.02.2026", "02.14.2026"], vec!["03.02.2026", "2026-02-13"]]
    {
        for diary in [table(&dates), text(&dates)] {
            let error = diary.expect_err("an open date").to_string();
            assert!(error.contains("`03.02.2026` is not a day: it may be 2026-03-02 or 2026-02-03"), "{error}");
        }
    }
    assert_eq!(table(&["13.02.2026"]).unwrap().notes(), [""; 0]);
    assert_eq!(text(&["Fri 13.02.2026", "Tue, 03.02.2026"]).unwrap().plates().len(), 2);
}

#[test]
fn a_row_has_one_thing_and_one_amount() {
    let refused = |header: &str, row: &str| sentence_of_table(&format!("date,time,{header}\n2026-03-02,08:00,{row}\n"));
    for (header, at) in
        [("food,Food,amount", "Food"), ("product,product,amount", "product"), ("food,item,food,amount", "food")]
    {
        let row = "natto,".repeat(header.split(',').count() - 1) + "50 g";
        assert_eq!(
            refused(header, &row),
            format!("line 1, column `{at}`: another column says the same: leave one of them out")
        );
    }
    for header in ["food,product,amount", "item,product,amount", "food,food or product,amount"] {
        let (first, second) = (header.split(',').next().unwrap(), header.split(',').nth(1).unwrap());
        assert_eq!(
            refused(header, "natto,MK-7,50 g"),
            format!(
                "line 2, column `{second}`: found `MK-7` beside `natto` under `{first}`, and there is one amount: write each in a row of its own"
            )
        );
    }
    let both = "date,time,food,product,amount\n2026-03-02,08:00,natto,,50 g\n2026-03-02,08:00,,MK-7,90 ug\n";
    assert_eq!(Diary::read(both.as_bytes()).unwrap().to_string(), "2026-03-02 08:00 natto 50 g, MK-7 90 ug\n");
}

#[test]
fn columns_that_say_how_many_or_whether_it_was_taken() {
    const COUNT: &str = "the amount may be that of one or of all";
    const TAKEN: &str = "a row is what was taken";
    let with = |column: &str, cell: &str| {
        Diary::read(format!("date,time,product,amount,{column}\n2026-03-02,08:00,MK-7,90 ug,{cell}\n").as_bytes())
    };
    for (column, cell, allowed, why) in [
        ("number of capsules", "2", "1", COUNT),
        ("pills", "2", "1", COUNT),
        ("units", "2", "1", COUNT),
        ("No. of tablets", "3", "1", COUNT),
        ("# pill", "2", "1", COUNT),
        ("eaten", "no", "yes", TAKEN),
        ("compliance", "50%", "100%", TAKEN),
        ("Consumed", "0", "1", TAKEN),
        ("not taken", "x", "no", TAKEN),
    ] {
        let error = with(column, cell).expect_err(column).to_string();
        assert!(error.contains(&format!("line 2, column `{column}`: found `{cell}`, but {why}")), "{error}");
        let read = with(column, allowed).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!((read.to_string().as_str(), read.notes().len()), ("2026-03-02 08:00 MK-7 90 ug\n", 0), "{column}");
    }
    let units = Diary::read(&b"date,time,product,amount,units\n2026-03-02,08:00,MK-7,90,ug\n"[..]).unwrap();
    assert_eq!(units.to_string(), "2026-03-02 08:00 MK-7 90 ug\n");
    assert_eq!(with("mood", "fine").unwrap().notes().len(), 1);
}

#[test]
fn a_weekday_that_comes_round_again_is_refused() {
    let why = "was named before another day, and a weekday is one day of one week";
    for days in [["Mon", "Sun", "Mon"], ["Tue", "wed", "Tuesday"], ["Sun", "Mon", "Sun"]] {
        let text = days.map(|day| format!("{day} 08:00 natto 50 g")).join("\n");
        assert!(sentence(&text).starts_with(&format!("line 3, column 1: `{}` {why}", days[2])), "{}", sentence(&text));
        let rows = days.map(|day| format!("{day},08:00,natto,50 g")).join("\n");
        let error = sentence_of_table(&format!("day,time,food,amount\n{rows}"));
        assert!(error.starts_with(&format!("line 4, column `day`: `{}` {why}", days[2])), "{error}");
    }
    assert!(sentence("Mon\n08:00 natto 50 g\nTue\nMon\n09:00 natto 50 g").contains(why));
    assert_eq!(read("Mon 08:00 natto 50 g\nMon 20:00 natto 50 g\nSun 08:00 natto 50 g").plates().len(), 3);
    assert_eq!(read("day 1 08:00 natto 50 g\nday 7 08:00 natto 50 g\nday 1 20:00 natto 50 g").plates().len(), 3);
}

#[test]
fn bytes_that_are_no_text_have_their_line_and_column() {
    let folder = Folder::new("latin1");
    for (bytes, place) in [
        (&b"Mon 08:00 natto 50 g # na\xefve\n"[..], "line 1, column 26"),
        (b"Mon 08:00 natto 50 g\r\nTue 08:00 caf\xe9 50 g\n", "line 2, column 14"),
        (b"\xef\xbb\xbfMon\n\xe4", "line 2, column 1"),
        (b"Mon 08:00 natt\xc3\xb6 50 \xb5g", "line 1, column 20"),
    ] {
        let error = Diary::open(folder.write("week.txt", bytes)).expect_err(place).to_string();
        assert!(error.ends_with(&format!(", {place}: it must be text in UTF-8: save the file as UTF-8")), "{error}");
    }
}
