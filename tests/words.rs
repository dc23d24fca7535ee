//! The words of labels, prescriptions and protocols: what each means in the canonical form, and what is refused with which advice.

use menaquinone::{ErrorKind, Regimen, units::WEEK};
use proptest::prelude::*;

const WORDS: &str = include_str!("data/words.csv");
const FOUND: &str = include_str!("data/regimens.csv");

fn rows() -> impl Iterator<Item = (&'static str, &'static str)> {
    WORDS.lines().skip(1).map(|line| line.split_once(';').unwrap_or_else(|| panic!("{line}")))
}

fn read(text: &str) -> Regimen {
    text.parse().unwrap_or_else(|error| panic!("{error}"))
}

fn sentence(text: &str) -> String {
    let error = text.parse::<Regimen>().expect_err(text);
    assert_eq!(error.kind(), ErrorKind::Text);
    error.to_string()
}

/// What is wrong with a text, without the text.
fn reason(text: &str) -> String {
    let sentence = sentence(text);
    let start = format!("cannot read `{text}`: ");
    sentence.strip_prefix(&start).unwrap_or_else(|| panic!("{sentence}")).to_owned()
}

/// Written back it is the canonical form, which reads back to the same doses.
fn means(written: &str, meaning: &str) {
    let regimen = read(written);
    assert_eq!(regimen.to_string(), meaning, "{written}");
    assert_eq!(read(meaning), regimen, "{written}");
    assert_eq!(regimen.doses(2000.0), read(meaning).doses(2000.0), "{written}");
}

#[test]
fn every_row_of_words_means_its_canonical_form() {
    for (written, meaning) in rows() {
        means(written, meaning);
        means(&written.to_uppercase(), meaning);
        means(&written.to_lowercase(), meaning);
        means(&format!("  {}  ", written.replace(' ', "   ")), meaning);
    }
    assert!(rows().count() > 200);
}

#[test]
fn every_regimen_that_was_found_means_what_is_written_beside_it() {
    let mut reader = csv::ReaderBuilder::new().comment(Some(b'#')).from_reader(FOUND.as_bytes());
    let mut read_rows = 0;
    for row in reader.records() {
        let row = row.unwrap();
        let (written, meaning) = (&row[0], &row[1]);
        let Some((meaning, _)) = meaning.split_once(", with the question") else {
            assert_eq!(read(written), read(meaning), "{written}");
            means(written, &read(meaning).to_string());
            read_rows += 1;
            continue;
        };
        // The question how much fat is kept in the text, and asked by the notes of a model.
        assert_eq!(read(written).to_string(), meaning.replace(" q8h", " with food q8h"));
        read_rows += 1;
    }
    assert_eq!(read_rows, 26);
}

#[test]
fn the_page_of_words_has_every_row() {
    let page = include_str!("../docs/REGIMENS.md");
    let listed: Vec<&str> = page.lines().filter(|line| line.starts_with("| `")).collect();
    let expected: Vec<String> = rows().map(|(written, meaning)| format!("| `{written}` | `{meaning}` |")).collect();
    assert_eq!(listed, expected);
}

#[test]
fn what_is_not_clear_is_refused_with_what_to_write() {
    let cases = [
        ("180 ug twice a week", "`twice a week` (column 8)", "`on Mon,Thu`"),
        ("180 ug three times weekly", "`three times weekly`", "leaves the days open"),
        ("180 ug 2x/month", "`2x/month`", "leaves the days open"),
        ("180 ug biweekly", "`biweekly`", "`q2w`"),
        ("180 ug bimonthly", "`bimonthly`", "twice a month or every two months"),
        ("180 ug TIW", "`TIW`", "`on Mon,Wed,Fri` or `q56h`"),
        ("180 ug prn", "`prn`", "taken when needed"),
        ("180 ug daily as needed", "`as needed`", "taken when needed"),
        ("5 mg/kg/day", "`/kg/day`", "by weight needs the weight"),
        ("180 IU daily", "`180 IU`", "write ug or mg"),
        ("180 \u{b5} daily", "`180 \u{b5}`", "did you mean `ug`?"),
        ("MK-7 180 ug daily", "`MK-7`", "names no substance"),
        ("180 ug vitamin K2 daily", "`vitamin`", "names no substance"),
        ("1,000 ug daily", "`1,000`", "write 1000, or 1.000 with a point"),
        ("180-360 ug daily", "`180-360`", "a dose is one amount"),
        ("1-2 capsules daily", "`1-2`", "a dose is one amount"),
        ("up to 180 ug daily", "`up to`", "a dose is one amount"),
        ("about 90 ug daily", "`about`", "a dose is one amount"),
        ("half a tablet daily", "`half`", "a dose is one amount"),
        ("1 capsule daily", "`1 capsule daily`", "`1 capsule (180 ug)`"),
        ("2 capsules (180 ug) daily", "`2 capsules (180 ug)`", "`2 x 90 ug`"),
        ("2 capsules 90 ug daily", "`2 capsules 90 ug`", "`2 x 90 ug`"),
        ("180 ug (2 capsules) daily", "`180 ug (2 capsules)`", "`2 x 90 ug`"),
        ("90 mg per day in 3 divided doses", "`in 3 divided`", "`30 mg 3x daily`"),
        ("180 ug q24", "`q24`", "did you mean `q24h`?"),
        ("180 ug 24h", "`24h`", "did you mean `q24h`?"),
        ("180 ug every 12", "`every 12`", "did you mean `q12h`?"),
        ("180 ug q.8h", "`q.8h`", "such as q24h"),
        ("180 ug daily 8 weeks", "`8 weeks`", "did you mean `for 8 weeks` or `q8weeks`?"),
        ("180 ug at 8", "`at 8`", "did you mean `at 8h` or `at 8:00`?"),
        ("180 ug for 8 weeks", "`for`", "`daily for 8w`"),
        ("180 ug x3", "`x3`", "`daily x3`, or `3x daily`"),
        ("180 ug x3 daily", "`x3`", "`daily x3`, or `3x daily`"),
        ("180 ug dialy", "`dialy`", "did you mean `daily`?"),
        ("180 ug twice dialy", "`dialy`", "did you mean `daily`?"),
        ("180 ug evry day", "`evry`", "did you mean `every`?"),
        ("180 micorgrams daily", "`180 micorgrams`", "did you mean `micrograms`?"),
        ("180 ug daily excpet Sunday", "`excpet`", "did you mean `except`?"),
        ("180 ug before meals", "`before meals`", "`fasted`, `with food`"),
        ("180 ug with a high-fat meal", "`with a high-fat`", "how much fat"),
        ("180 ug with meals", "`with meals`", "how often"),
        ("15 mg with each meal", "`with each meal`", "how often"),
        ("10 mg iv daily over 2h", "`over`", "before the interval"),
        ("180 ug im daily", "`im`", "`oral` and `iv`"),
        ("180 ug/h", "`/h`", "a rate"),
        ("360 ug on day 1, then 180 ug daily", "`on day`", "day 1 begins at 0h"),
        ("180 ug daily until Friday", "`until`", "how long"),
        ("180 ug daily for 1 year", "`for 1 year`", "365 or 366 days"),
        ("180 ug daily or weekly", "`or`", "one dosing or the other"),
        ("90 ug in the morning and 45 ug in the evening", "`in the morning`", "`daily at 8:00 and 20:00`"),
        (
            "90 ug and 45 ug daily",
            "`90 ug` (column 1)",
            "`90 ug daily and 45 ug daily`, or `90 ug once and 45 ug daily`",
        ),
        ("90 ug with food & 45 ug twice a day", "`90 ug with food` (column 1)", "beside a dose that says so"),
        ("45 ug q12h and 90 ug and 180 ug weekly", "`90 ug` (column 16)", "beside a dose that says so"),
        ("90 ug every morning and 45 ug at 8h", "`every morning`", "without a clock"),
        ("90 ug every morning at 20:00", "`every morning`", "without a clock"),
        ("15 mg morning, noon and evening", "`, noon`", "`at 8:00`"),
        ("15 mg 3x daily at 8:00 and 20:00", "`at`", "times of day"),
        ("180 ug daily at 25:00", "`at 25:00`", "from 0:00 to 23:59"),
        ("180 ug daily at 8:60", "`at 8:60`", "from 0:00 to 23:59"),
        ("180 ug daily at 13 pm", "`at 13 pm`", "from 0:00 to 23:59"),
        ("180 ug daily except Sunday x30", "`except`", "`daily except Sun for 4w`"),
        ("180 ug daily skip Sunday", "`skip Sunday`", "`except Sun`"),
        ("180 ug q24h, 45 ug q12h", "`, 45", "`then`"),
        ("180 ug alternating with 90 ug", "`alternating`", "as a cycle"),
        ("90 ug plus 45 ug daily", "`90 ug` (column 1)", "beside a dose that says so"),
        ("90 ug daily and 45 ug", "`45 ug` (column 17)", "`90 ug once and 45 ug daily`"),
        ("90 ug daily x7 then 45 ug q12h and 60 ug", "`60 ug` (column 36)", "beside a dose that says so"),
        ("90 ug Mon-Fri, 180 ug Sat-Sun", "`, 180", "`and` for one beside it"),
        ("90 daily", "`90 daily`", "did you mean `90 ug daily`?"),
        ("90 ug 3 times a week on Mon and Thu", "`3 times a week on Mon and Thu`", "leaves the days open"),
        ("180 ug indefinitely", "`indefinitely`", "after a dose come"),
        ("180 ug x1 daily", "`x1`", "`3x daily`"),
        ("90 ug 2/day", "`2/day`", "did you mean `2x daily`?"),
        ("90 ug every 6 to 8 hours", "`every 6 to`", "an interval is one number"),
        ("90 ug at 0800 daily", "`at 0800 daily`", "did you mean `at 08:00`?"),
        ("90 ug 5 days a week", "`5 days a week`", "leaves the days open"),
        ("90 ug 5 days on 2 days off", "`5 days on`", "leaves the days open"),
        ("day 1: 360 ug", "`day", "day 1 begins at 0h"),
        ("do not take 180 ug daily", "`do`", "write a finite number"),
    ];
    check(&cases);
}

/// Each text with what is found there and what is advised, in a sentence of two lines of a terminal.
fn check(cases: &[(&str, &str, &str)]) {
    for &(text, found, advised) in cases {
        let reason = reason(text);
        assert!(reason.starts_with(found) && reason.contains(advised), "{text}\n  {reason}\n  {found} ... {advised}");
        // Two lines of a terminal.
        assert!(sentence(text).chars().count() <= 240, "{}", sentence(text));
    }
}

#[test]
fn words_of_labels_that_are_not_clear_are_refused_with_what_to_write() {
    check(&[
        ("90 ug M-F", "`M-F` (column 7)", "did you mean `Mon-Fri`?"),
        ("90 ug m/w", "`m/w` (column 7)", "did you mean `Mon/Wed`?"),
        ("90 ug on Tu,Th", "`Tu,Th` (column 10)", "did you mean `Tue,Thu`?"),
        ("90 ug daily Sa-Su", "`Sa-Su` (column 13)", "did you mean `Sat-Sun`?"),
        ("90 ug on T/Th", "`T/Th` (column 10)", "a letter begins two days"),
        ("90 ug daily with plenty of cold water", "`with plenty of cold water`", "`with food` or `with 20 g fat`"),
        ("90 ug daily with orange juice", "`with orange juice`", "leave out a drink"),
        ("90 ug with a cup of black coffee", "`with a cup of black coffee`", "leave out a drink"),
        ("90 ug daily with plenty of love", "`with plenty`", "how much fat"),
        ("90 ug daily with brekfast", "`with brekfast`", "did you mean `breakfast`?"),
        ("90 ug 6 days a week", "`6 days a week`", "`daily except Sunday`"),
        ("90 ug six days/week", "`six days/week`", "`daily except Sunday`"),
        ("90 ug 6 times a week", "`6 times a week`", "`daily except Sunday`"),
        ("90 ug 5 days per week", "`5 days per week`", "`on Mon-Fri`"),
        ("90 ug 7 days a week", "`7 days a week`", "did you mean `daily`?"),
        ("90 ug daily for 4 weeks on, 1 week off", "`on` (column 25)", "`daily for 4w then 90 ug daily for 4w at 1w`"),
        ("90 ug daily for 21 days, off for 7 days", "`off`", "with the pause as the start of the next"),
        ("90 ug q12h for 3 weeks on 1 week off", "`on`", "with the pause as the start of the next"),
        ("90 ug 3 weeks on, 1 week off", "`3 weeks on`", "with the pause as the start of the next"),
        ("two (3) capsules of 90 ug daily", "`two (3`", "write a finite number"),
        ("10 mg iv/2h", "`/2h` (column 9)", "`over 2h` for how long"),
        ("10 mg/8h iv", "`/8h`", "`q8h` for how often"),
        ("10 mg/min", "`/min`", "a rate"),
        ("180 ug foo", "`foo`", "or `daily`, days (on Mon,Fri)"),
        ("90 ug on Mondy", "`Mondy`", "did you mean `Monday`?"),
        ("-180 ug daily", "`-180 ug`", "a finite number above zero"),
        ("(90 ug) and 45 ug daily", "`(90 ug)` (column 1)", "`90 ug once and 45 ug daily`"),
        ("90 ug and 45 ug once and 60 ug daily", "`90 ug` (column 1)", "beside a dose that says so"),
        (
            "180 ug once daily at 8:00 and 20:00",
            "`once daily` (column 8)",
            "`daily at 8:00 and 20:00` for a dose at each",
        ),
        ("180 ug once daily, morning and evening", "`once daily` (column 8)", "or one time"),
        ("Once daily: 180 ug at 8:00 and 20:00", "`Once daily:` (column 1)", "or one time"),
        ("180 ug 1x/day at 8 am, 8 pm", "`1x/day` (column 8)", "or one time"),
    ]);
}

/// A dose that leaves open how often, beside or after one that says it: where it stands, and the two readings.
#[test]
fn what_has_two_readings_is_refused_with_both() {
    let each_and_once = "`45 ug q24h at 8h and 90 ug q24h at 20h`, or `45 ug at 8h and 90 ug q24h at 20h`";
    let cases = [
        ("45 ug at 8:00 and 90 ug at 20:00 daily", "`45 ug at 8:00` (column 1)", each_and_once),
        ("45 ug at 8am and 90 ug at 8pm every day", "`45 ug at 8am` (column 1)", each_and_once),
        ("45 ug at 8h and 90 ug at 20h daily", "`45 ug at 8h` (column 1)", each_and_once),
        (
            "45 ug at 8:00 and 90 ug at 20:00 daily for 30 days",
            "`45 ug at 8:00` (column 1)",
            "`45 ug q24h x30 at 8h and 90 ug q24h x30 at 20h`, or `45 ug at 8h and 90 ug q24h x30 at 20h`",
        ),
        (
            "90 ug daily at 8:00 and 45 ug at 20:00",
            "`45 ug at 20:00` (column 25)",
            "`90 ug q24h at 8h and 45 ug q24h at 20h`, or `90 ug q24h at 8h and 45 ug at 20h`",
        ),
        (
            "45 ug at noon and 90 ug Tue,Fri at 20:00",
            "`45 ug at noon` (column 1)",
            "`45 ug on Tue,Fri at 12h and 90 ug on Tue,Fri at 20h`, or `45 ug at 12h and 90 ug on Tue,Fri at 20h`",
        ),
        ("180 ug daily for 7 days then 90 ug", "`90 ug` (column 30)", "`then 90 ug q24h`, or `then 90 ug once`"),
        (
            "180 ug daily for 4 weeks, followed by 45 ug",
            "`45 ug` (column 39)",
            "`then 45 ug q24h`, or `then 45 ug once`",
        ),
        ("180 ug BID for 3 months, then 90 ug", "`90 ug` (column 31)", "`then 90 ug q12h`, or `then 90 ug once`"),
        ("180 ug q24h x10 then (90 ug)", "`(90 ug)` (column 22)", "`then 90 ug q24h`, or `then 90 ug once`"),
        (
            "180 ug Mon,Fri for 4w then 90 ug with food",
            "`90 ug with food` (column 28)",
            "`then 90 ug with food on Mon,Fri`, or `then 90 ug with food once`",
        ),
        (
            "180 ug daily for 7 days then 90 ug at 8:00",
            "`90 ug at 8:00` (column 30)",
            "`180 ug q24h x7 and 90 ug q24h at 176h`, or `180 ug q24h x7 and 90 ug at 176h`",
        ),
        (
            "(90 ug at 8:00 and 45 ug at 20:00) and 60 ug daily at 12:00",
            "`(90 ug at 8:00 and 45 ug at 20:00)` (column 1)",
            "`(90 ug at 0h and 45 ug at 12h) q24h at 8h and 60 ug q24h at 12h`, or \
             `(90 ug at 8h and 45 ug at 20h) and 60 ug q24h at 12h`",
        ),
        (
            "180 ug daily for 7 days then (90 ug and 45 ug)",
            "`(90 ug and 45 ug)` (column 30)",
            "`180 ug q24h x7 then (90 ug at 0h and 45 ug at 0h) q24h`, or `180 ug q24h x7 and (90 ug at 168h and 45 ug at 168h)`",
        ),
        (
            "180 ug daily for 7 days then (90 ug at 8:00 and 45 ug at 20:00)",
            "`(90 ug at 8:00 and 45 ug at 20:00)` (column 30)",
            "`180 ug q24h x7 and (90 ug at 0h and 45 ug at 12h) q24h at 176h`, or \
             `180 ug q24h x7 and (90 ug at 176h and 45 ug at 188h)`",
        ),
    ];
    for (text, found, readings) in cases {
        let reason = reason(text);
        assert!(reason.starts_with(found) && reason.ends_with(&format!(": write {readings}")), "{text}\n  {reason}");
        let readings = readings.split('`').skip(1).step_by(2);
        let before = &text[..text.find(" then").or(text.find(", ")).unwrap_or(0)];
        let whole =
            |reading: &str| if reading.starts_with("then") { format!("{before} {reading}") } else { reading.into() };
        let regimens = readings.map(|reading| read(&whole(reading)));
        let [often, once] = regimens.collect::<Vec<_>>().try_into().unwrap();
        assert!(often.doses(WEEK * 20.0).len() > once.doses(WEEK * 20.0).len(), "{text}");
    }
}

#[test]
fn a_time_of_day_after_then_is_one_of_the_day_that_was_due() {
    for (written, meaning) in [
        ("180 ug daily at 8:00 for 7 days then 90 ug daily at 8:00", "180 ug q24h x7 at 8h then 90 ug q24h"),
        ("180 ug daily at 20:00 for 7 days then 90 ug daily at 8:00", "180 ug q24h x7 at 20h and 90 ug q24h at 176h"),
        ("180 ug daily for 7 days then 90 ug daily at 8 pm", "180 ug q24h x7 and 90 ug q24h at 188h"),
        ("180 ug q12h x3 at 8:00 then 90 ug daily at 8:00", "180 ug q12h x3 at 8h and 90 ug q24h at 56h"),
        ("180 ug Mon at 8:00 for 2w then 90 ug Mon at 8:00", "180 ug q168h x2 at 8h then 90 ug q168h"),
        (
            "180 ug daily at 8:00 for 7 days then (90 ug at 8:00 and 45 ug at 20:00) daily",
            "180 ug q24h x7 at 8h then (90 ug at 0h and 45 ug at 12h) q24h",
        ),
        ("180 ug daily at 8h x7 then 90 ug daily at 8h", "180 ug q24h x7 at 8h and 90 ug q24h at 184h"),
    ] {
        assert_eq!(read(written), read(meaning), "{written}: {}", read(written));
    }
}

fn amount() -> BoxedStrategy<String> {
    let forms =
        ["180 ug", "2 x 90 ug", "1 capsule (180 mcg)", "0,18 mg", "1.5mg", "3 tablets of 15 mg", "10 mg iv over 2h"];
    prop::sample::select(forms.map(String::from).to_vec()).boxed()
}

/// Clauses in any order: most texts are read, and some say a thing twice.
fn course() -> BoxedStrategy<String> {
    let clauses = [
        "daily",
        "BID",
        "t.i.d.",
        "3x/day",
        "every other day",
        "q36h",
        "once weekly",
        "Mon/Wed/Fri",
        "weekdays",
        "Mon-Sat",
        "twice daily on weekdays",
        "except Sunday",
        "except Sat and Sun",
        "x 30 days",
        "x7",
        "for 4 weeks",
        "for a month",
        "at 8:00",
        "at 8 pm",
        "at 8:00 and 20:00",
        "in the morning",
        "morning and evening",
        "qhs",
        "po",
        "by mouth",
        "with meals",
        "with a meal of 20 g of fat",
        "fasted",
        "on an empty stomach",
        "with or without food",
        "once",
    ];
    let clause = prop::sample::select(clauses.to_vec());
    let clauses = prop::collection::vec((clause, prop::sample::select(vec![" ", ", "])), 0..5);
    (amount(), clauses)
        .prop_map(|(amount, clauses)| clauses.iter().fold(amount, |text, (clause, comma)| text + comma + clause))
        .boxed()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    #[test]
    fn what_is_read_in_any_words_is_written_and_read_again(
        first in course(),
        more in prop::collection::vec((prop::sample::select(vec![" then ", " followed by ", " and ", ", then "]), course()), 0..3),
    ) {
        let text = more.iter().fold(first, |text, (word, course)| text + word + course);
        if let Ok(regimen) = text.parse::<Regimen>() {
            let written = regimen.to_string();
            let again = written.parse::<Regimen>();
            prop_assert_eq!(again.as_ref(), Ok(&regimen), "{} -> {}", text, written);
            prop_assert_eq!(again.unwrap().to_string(), written);
        }
    }
}
