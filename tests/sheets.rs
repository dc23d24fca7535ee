//! Tables as people have them: read as they are meant, or refused with a sentence that says what to write. The files of
//! `tests/data/found` came from public reports, the others are of the same kinds.

use std::path::PathBuf;

use menaquinone::{
    Absorb, Bolus, Dose, Model, OneCompartment, Result,
    diary::Diary,
    nca::{Column, Columns, Rules, Subjects},
    population::CovariateTable,
    records::{Reader, Record, Table},
};

fn found(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("data/found").join(name)
}

fn text_of(name: &str) -> String {
    std::fs::read_to_string(found(name)).expect("a file")
}

fn open(name: &str) -> Result<Table> {
    Reader::new().named(name).open(found(name))
}

/// A bolus into 20 L that leaves with 0.025 1/h.
fn slow() -> Model {
    Model::new(Bolus, OneCompartment { cl: 0.5, v: 20.0 }).expect("a model")
}

#[track_caller]
fn assert_levels(table: &Table, right: &[f64]) {
    let levels: Vec<f64> = table.simulate(slow()).expect("levels").rows().iter().map(|row| row.conc).collect();
    assert_eq!(levels.len(), right.len());
    assert!(levels.iter().zip(right).all(|(level, right)| (level - right).abs() <= 1e-14 * right), "{levels:?}");
}

fn hours(table: &Table) -> Vec<f64> {
    table.records().iter().map(|record| record.time).collect()
}

fn times(text: &str) -> Vec<f64> {
    let table: Table = text.parse().unwrap_or_else(|error| panic!("{error} in {text:?}"));
    table.records().iter().map(|record| record.time).collect()
}

fn ids(table: &Table) -> Vec<&str> {
    table.subjects().map(|rows| table.records()[rows.start].id.as_str()).collect()
}

#[track_caller]
fn assert_noted(table: &Table, note: &str) {
    assert!(table.notes().iter().any(|known| known.contains(note)), "{note} is not in {:?}", table.notes());
}

#[track_caller]
fn refused_at(text: impl AsRef<[u8]>, sentence: &str) {
    let text = text.as_ref();
    let error = Reader::new().named("t").parse(text).expect_err(sentence).to_string();
    assert!(error.starts_with(&format!("t, line {sentence}")), "{error}\nin {:?}", String::from_utf8_lossy(text));
}

/// One dose of 100 and a record 4 h later, in which a text may write the header and rows as it likes.
fn plain() -> Table {
    "ID,TIME,AMT\n1,0,100\n1,4,0".parse().expect("a table")
}

// --------------------------------------------------------------------------------------------------------- dates

#[test]
fn dates_are_of_the_calendar() -> Result<()> {
    assert_levels(&open("date_yyyymmdd.csv")?, &[5.0, 2.744_058_180_470_132]);
    for [first, second] in [
        ["2026-1-31", "2026-2-1"],
        ["31/01/2026", "01/02/2026"],
        ["01/31/2026", "02/01/2026"],
        ["31.01.2026", "1.2.2026"],
        ["31012026", "01022026"],
        ["31-Jan-2026", "01-Feb-2026"],
        ["31JAN2026", "01FEB2026"],
        ["\"Jan 31, 2026\"", "\"February 1, 2026\""],
        ["2026/01/31", "2026-02-01 00:00:00"],
        ["46053", "46054"],
        ["1", "2"],
    ] {
        assert_eq!(times(&format!("DATE,TIME,AMT\n{first},8:00,100\n{second},8:00,0")), [0.0, 24.0], "{first}");
    }
    Ok(())
}

#[test]
fn dates_and_times_of_day_in_one_cell() {
    for column in ["TIME", "DATE", "DATETIME"] {
        for [first, second] in [
            ["2026-01-31T08:30", "2026-02-01T20:30"],
            ["2026-01-31 8:30:00", "2026-02-01 20:30:00.0"],
            ["31JAN2026:08:30:00", "01FEB2026:20:30:00"],
            ["01/02/2026 8:30 AM", "02/02/2026 8:30 PM"],
            ["31/01/2026 8:30 AM", "01/02/2026 8:30 PM"],
        ] {
            if !first.starts_with("01/02") {
                assert_eq!(times(&format!("{column},AMT\n{first},100\n{second},0")), [0.0, 36.0], "{first}");
            }
        }
    }
    assert_eq!(times("TIME,AMT\n8:00,100\n25:30,0"), [0.0, 17.5]);
}

#[test]
fn zones_and_dates_of_spreadsheets() {
    let zones = "2026-01-31T23:30+02:00,100\n2026-01-31T22:00Z,0\n2026-02-01T00:30-01:00,0";
    assert_eq!(times(&format!("TIME,AMT\n{zones}")), [0.0, 0.5, 4.0]);
    assert_eq!(times(&format!("DATE,AMT\n{zones}")), [0.0, 0.5, 4.0]);
    refused_at(
        "TIME,AMT\n2026-01-31T08:30Z,100\n2026-01-31T09:30,0",
        "3, column TIME: found `2026-01-31T09:30`, but some dates name their zone",
    );
    // 8:30 of one day and 20:45 of the next.
    assert_eq!(times("DATE,AMT\n46053.3541666667,100\n46054.8645833333,0"), [0.0, 36.25]);
}

#[test]
fn a_date_that_may_be_read_in_two_ways_is_refused_with_both() {
    refused_at(
        "DATE,TIME,AMT\n02/03/2026,8:00,100\n",
        "2, column DATE: found `02/03/2026`, but it may be 2026-03-02 or 2026-02-03, and no other date of the table shows which: write year, month and day",
    );
    refused_at(
        "TIME,AMT\n02.03.2026 8:00,100",
        "2, column TIME: found `02.03.2026 8:00`, but it may be 2026-03-02 or 2026-02-03",
    );
    refused_at("DATE,TIME\n02032026,8", "2, column DATE: found `02032026`, but it may be 2026-03-02 or 2026-02-03");
    // Two dates that show opposite orders show nothing of a third.
    refused_at(
        "DATE,TIME\n31/01/2026,8\n02/03/2026,8\n12/31/2026,8",
        "3, column DATE: found `02/03/2026`, but it may be",
    );
    refused_at(
        "DATE,TIME,AMT\n13/01/2026,8:00,100\n01/31/2026,8:00,.\n02/03/2026,8:00,.",
        "4, column DATE: found `02/03/2026`, but it may be read in two ways, and other dates contradict one another: the day stands first in `13/01/2026` on line 2 and the month in `01/31/2026` on line 3: write year, month and day",
    );
    let table: Table = "DATE,TIME,AMT\n02/03/2026,8:00,100\n13/03/2026,8:00,0".parse().expect("a table");
    assert_noted(&table, "line 2: the day stands first in `02/03/2026`, as `13/03/2026` on line 3 shows");
    for (cell, why) in [
        ("31/01/26", "its year must have four digits"),
        ("260131", "it has too many digits for the number of a day"),
        ("20260231", "there is no such day in the calendar"),
        ("2026031", "it has too many digits"),
    ] {
        refused_at(format!("DATE,TIME\n{cell},8"), &format!("2, column DATE: found `{cell}`, but {why}"));
    }
    refused_at("DATE,TIME\n46053,8\n2026-02-01,8", "3, column DATE: found `2026-02-01`, but other rows have dates");
    refused_at(
        "TIME\n2026-02-01 8:00\n4",
        "3, column TIME: found 4, but a date and time of day must stand in the TIME",
    );
    refused_at("DATE,TIME\n2026-02-01 9:30,8:00", "2, column DATE: found `2026-02-01 9:30`, but it has a time of day");
    refused_at(
        "DATE,TIME\n2026-02-01,30:00",
        "2, column TIME: found `30:00`, but beside a date of the calendar it is a time of day",
    );
}

// ------------------------------------------------------------------------------------------- names of other programs

#[test]
fn durations_of_infusions() -> Result<()> {
    let table = open("dur_column.csv")?;
    assert_levels(&table, &[0.0, 2.469_008_797_166_738_5, 4.877_057_549_928_598]);
    assert_noted(&table, "line 1: DUR is read as the duration of an infusion");
    for text in [
        "TIME;TINF;AMT\n0;2;100\n1;.;0\n2;;0",
        "TIME,AMT,Duration,RATE\n0,100,2,50\n1,0,2,0\n2,0,NA,0",
        "TIME,AMT,DUR,RATE\n0,100,2,-2\n1,0,0,0\n2,0,0,0",
    ] {
        let table: Table = text.parse()?;
        assert_levels(&table, &[0.0, 2.469_008_797_166_738_5, 4.877_057_549_928_598]);
        // A rate that is given keeps, and a duration that is given too.
        let found = (table.records()[0].rate, table.records()[0].dur);
        assert_eq!(found, if text.contains(",50") { (50.0, 0.0) } else { (-2.0, 2.0) }, "{text}");
    }
    assert_eq!("TIME,AMT,DUR\n0,100,0".parse::<Table>()?.records()[0].rate, 0.0);
    refused_at(
        "TIME,AMT,DUR,RATE\n0,100,2,10",
        "2, column DUR: found 2 with RATE 10 and AMT 100, but RATE and AMT give another duration",
    );
    refused_at("TIME,AMT,DUR\n0,100,-2", "2, column DUR: found -2, but it must be a finite number of hours");
    assert_eq!(Reader::new().using("dur").parse("TIME,AMT,DUR\n0,100,2")?.covariates(), ["DUR"]);
    Ok(())
}

#[test]
fn amounts_under_other_names() -> Result<()> {
    let table = open("dose_column.csv")?;
    assert_levels(&table, &[30.0, 30.0 * (-0.025_f64).exp()]);
    assert_noted(&table, "DOSE is read as AMT");
    assert_noted(&table, "OUT is read as DV, in which -99 is missing");
    let table = open("evid_without_amt.csv")?;
    assert_eq!((table.records()[0].amt, table.records()[0].addl), (600.0, 10));
    let table: Table = "#ID,EVID,TIME,DUR,DOSE,INPUT,OUT,OUTEQ\n1,1,0,0,100,1,.,.\n1,0,4,.,.,.,-99,1".parse()?;
    assert_eq!((table.records()[0].amt, table.records()[1].dv), (100.0, None));
    refused_at("TIME,DOSE,INPUT\n0,100,2", "2, column INPUT: found `2`, but it must be 1");
    // A dose in every row is that of the person.
    refused_at("TIME,DOSE\n0,100\n4,100", "3, column DOSE: found 100, but this may be the dose of the person");
    refused_at(
        "TIME,DOSE,DV\n0,100,.\n4,100,3\n5,0,1",
        "3, column DOSE: found 100, but this may be the dose of the person",
    );
    let table: Table = "TIME,AMT,DOSE\n0,100,100\n4,0,100".parse()?;
    assert_eq!((table.covariates().len(), table.records()[1].amt), (1, 0.0));
    for name in ["F1", "lag", "ALAG1", "D1"] {
        let text = format!("TIME,AMT,{name}\n0,100,0.5");
        refused_at(&text, &format!("1: {name} says "));
        assert_eq!(Reader::new().using(name).parse(&text)?.covariates(), [name]);
        assert!(Reader::new().ignoring(name).parse(&text)?.covariates().is_empty());
    }
    Ok(())
}

#[test]
fn codes_and_names_of_other_programs() -> Result<()> {
    let table: Table =
        "ID,TIME,EVID,AMT\n1,0,101,100\n1,1,201,50\n1,2,0,0\n1,3,110,5".replace("110,5", "0,0").parse()?;
    let doses: Vec<_> = table.records().iter().map(|record| (record.evid, record.cmt, record.ss)).collect();
    assert_eq!(doses[..3], [(1, 1, 0), (1, 2, 0), (0, 0, 0)]);
    assert_noted(&table, "line 2: `101` is read as a dose into the compartment of its hundreds, as in RxODE");
    let steady: Table = "TIME,EVID,AMT,II,CMT,SS\n0,210,100,24,1,0".parse()?;
    assert_eq!((steady.records()[0].cmt, steady.records()[0].ss), (2, 1));
    refused_at(
        "TIME,EVID,AMT\n0,10101,50",
        "2, column EVID: found a rate of 50, but it begins an infusion in the code of RxODE",
    );
    refused_at("TIME,EVID,AMT\n0,105,50", "2, column EVID: found `105`, but it must be 0 (observation), 1 (dose)");
    let named: Table = "TIME,AMT,CMT\n0,100,depot\n1,50,Central\n2,0,central".parse()?;
    assert_eq!(named.records().iter().map(|record| record.cmt).collect::<Vec<_>>(), [1, 2, 2]);
    assert_noted(&named, "line 3: `Central` is read as 2, as where the absorption is before the plasma");
    refused_at("TIME,CMT\n0,brain", "2, column CMT: found `brain`, but it must be the number of a compartment");
    for interval in ["24", "24:00", "PT24H", "P1D"] {
        let table: Table = format!("TIME,AMT,II,ADDL\n0,100,{interval},3").parse()?;
        assert_eq!(table.records()[0].ii, 24.0, "{interval}");
    }
    refused_at(
        "ID,Time (s),AMT\n1,0,1",
        "1: Time (s) would be TIME, and `s` is no unit of it that is known here: bring its numbers to h, min or days",
    );
    refused_at(
        "ID,Timepoint,AMT\n1,0,1",
        "1: there is no column TIME: every record needs its time, so add one; if it is `Timepoint`",
    );
    refused_at(
        "DATE,TIME,AMT\n2026-01-31,830,1",
        "2, column TIME: found 830, but beside a date of the calendar it is a time of day",
    );
    Ok(())
}

/// What a table writes reads back, whatever its covariates are called.
#[test]
fn covariates_with_names_of_other_programs_read_back() -> Result<()> {
    let names = ["F1", "DUR", "SUBJID", "DOSE", "OUT", "INPUT", "YTYPE", "DAT1", "DATETIME"];
    let values = (0..names.len()).map(|i| Some(f64::from(u8::try_from(i).expect("a few")) + 0.5)).collect();
    let record = Record { amt: 90.0, covariates: values, ..Record::DOSE };
    let table = Table::with_covariates(names, [record])?;
    assert_eq!(table.to_csv().parse::<Table>()?, table);
    let named = |id: &str| Table::new([Record { id: id.into(), ..Record::DOSE }]);
    for id in ["TABLE NO. 1", "#1", "#N/A 1", "ID"] {
        let table = named(id)?;
        assert_eq!(table.to_csv().parse::<Table>()?, table, "{id}");
    }
    assert!(["NA", "nan", "NULL", "."].iter().all(|id| named(id).is_err()));
    Ok(())
}

/// Below its names Phoenix writes the units.
#[test]
fn a_row_of_units_below_the_header() -> Result<()> {
    let table: Table = "Subject,TIME,AMT,DV,WT\n,min,mg,ng/mL,kg\n1,0,0.1,.,70\n1,60,.,2.5,70\n".parse()?;
    assert_eq!((hours(&table), table.records()[0].amt), (vec![0.0, 1.0], 100.0));
    assert_eq!((table.records()[1].dv, table.covariates()), (Some(2.5), &["WT".to_owned()][..]));
    assert_noted(&table, "line 2: this is a row of units and no data: TIME in min, AMT in mg, DV in ng/mL, WT in kg");
    let table: Table = "ID\tTIME\tDOSE\tEVID\n\t(h)\t(ug)\t\n1\t0\t100\t1\n1\t4\t.\t0".parse()?;
    assert_eq!((hours(&table), table.records()[0].amt), (vec![0.0, 4.0], 100.0));
    let samples: Subjects = "Subject;Time;Conc\n;[min];[ug/mL]\na;0;1\na;90;2,5\n".parse()?;
    let a = samples.iter().next().expect("a subject");
    assert_eq!((&a.times[..], &a.conc[..]), (&[0.0, 1.5][..], &[1_000.0, 2_500.0][..]));
    let dose = Some(Column { name: "dose", unit: 1.0 });
    let columns = Columns { dose, ..Columns::default() };
    let samples = Subjects::read(&b"id,time,conc,dose\n.,h,ng/mL,mg\na,0,1,2\na,1,2,2\n"[..], &columns)?;
    assert_eq!(samples.iter().next().expect("a subject").amount, Some(2_000.0));

    refused_at(
        "ID,TIME,AMT\n,h,mg/kg\n1,0,2",
        "1: AMT would be AMT, and `mg/kg` is no unit of it that is known here: bring its numbers to ug, mg or g, which needs the weight of each person",
    );
    let refused = |text: &str| text.parse::<Subjects>().expect_err(text).to_string();
    assert!(
        refused("id,time,conc\n,h,nmol/L\na,0,1")
            .contains("line 1: conc is in `nmol/L`, and this unit is not known here")
    );
    let columns = Columns { conc: Column { name: "conc", unit: 1_000.0 }, ..Columns::default() };
    let other = Subjects::read(&b"id,time,conc\n,h,ng/mL\na,0,1"[..], &columns).expect_err("two units").to_string();
    assert!(other.contains("conc is in `ng/mL`, and another unit was asked for"), "{other}");
    // Words that are no units are data, and refused as such.
    refused_at("ID,TIME,AMT\nsubject,hours,amount\n1,0,2", "2, column TIME: found `hours`");
    Ok(())
}

#[test]
fn a_unit_behind_a_name_is_read() -> Result<()> {
    for header in [
        "TIME_min,AMT_mg,DV_ug_mL",
        "TIME min,AMT mg,DV ug/mL",
        "TIME..min.,AMT..mg.,DV..ug.mL.",
        "Time {min},Dose [mg],Conc_ug_per_mL",
    ] {
        let table: Table = format!("ID,{header},EVID\n1,0,0.1,.,1\n1,60,.,0.0025,0\n").parse()?;
        assert_eq!((hours(&table), table.records()[0].amt), (vec![0.0, 1.0], 100.0), "{header}");
        assert_eq!((table.records()[1].dv, table.covariates().len()), (Some(2.5), 0), "{header}");
    }
    let samples: Subjects = "ID,time_min,conc_mg_L\na,0,1\na,90,2\n".parse()?;
    let a = samples.iter().next().expect("a subject");
    assert_eq!((&a.times[..], &a.conc[..]), (&[0.0, 1.5][..], &[1_000.0, 2_000.0][..]));
    Ok(())
}

/// It would be a covariate, and nobody would be dosed.
#[test]
fn a_unit_that_is_not_known_is_refused() -> Result<()> {
    for (header, name, usual) in [
        ("ID,TIME,AMT (mg/kg)", "AMT (mg/kg)", "AMT"),
        ("ID,TIME,Dose [IU]", "Dose [IU]", "AMT"),
        ("ID,TIME,AMT,DV (nmol/L)", "DV (nmol/L)", "DV"),
        ("ID,TIME,AMT,RATE (mL/h)", "RATE (mL/h)", "RATE"),
        ("ID,TIME,AMT,II (x)", "II (x)", "II"),
    ] {
        let row = vec!["1"; header.split(',').count()].join(",");
        refused_at(format!("{header}\n{row}"), &format!("1: {name} would be {usual}, and `"));
    }
    // Where the column is there already, another of its kind is a covariate.
    let table: Table = "ID,TIME,AMT,AMT (mg/kg),WT (kg)\n1,0,100,2,50\n1,4,0,2,50".parse()?;
    assert_eq!(table.covariates(), ["AMT (mg/kg)", "WT (kg)"]);
    let table = Reader::new().using("AMT (mg/kg)").parse("ID,TIME,AMT (mg/kg)\n1,0,2\n1,4,2")?;
    assert_eq!(table.covariates(), ["AMT (mg/kg)"]);
    Ok(())
}

/// A concentration under the name C would leave its row out.
#[test]
fn marks_that_leave_rows_out_are_letters_and_noted() -> Result<()> {
    let table: Table = "C,ID,TIME,AMT\nC,1,0,500\n.,1,0,100\nx,1,2,0\n,1,4,0".parse()?;
    assert_levels(&table, &[5.0, 4.524_187_090_179_797]);
    assert_noted(&table, "line 2: this row has a mark in C and is left out, as are 1 more");
    refused_at(
        "ID,TIME,AMT,C\n1,0,100,.\n1,4,.,1.2",
        "3, column C: found `1.2`, but a mark in C leaves its row out and is a letter",
    );
    refused_at("ID,TIME,AMT,C (ng/mL)\n1,0,100,.", "1: C (ng/mL) is no mark that leaves a row out, as C is");
    Ok(())
}

/// A duration keeps where F is not 1, which lowers the rate; with a RATE the rate keeps, and F shortens the infusion.
#[test]
fn a_duration_beside_f() -> Result<()> {
    let half = Model::new(Bolus.with_f(0.5), OneCompartment { cl: 0.5, v: 20.0 })?;
    let levels = |table: &Table| -> Result<Vec<f64>> {
        Ok(table.simulate(half.clone())?.rows().iter().map(|row| row.conc).collect())
    };
    let near =
        |found: &[f64], right: [f64; 3]| found.iter().zip(right).all(|(found, right)| (found - right).abs() < 1e-13);
    let table: Table = "ID,TIME,AMT,DUR,WT\n1,0,100,2,70\n1,1,.,.,70\n1,4,.,.,70".parse()?;
    assert_noted(
        &table,
        "DUR is read as the duration of an infusion in hours, which keeps where F is not 1, as with RATE -2",
    );
    // 25 ug/h for two hours.
    let over = |hours: f64| 50.0 * (1.0 - (-0.025 * hours).exp());
    assert!(near(&levels(&table)?, [0.0, over(1.0), over(2.0) * (-0.05_f64).exp()]), "{:?}", levels(&table)?);
    // 50 ug/h for one hour.
    let rated: Table = "ID,TIME,AMT,RATE\n1,0,100,50\n1,1,.,.\n1,4,.,.".parse()?;
    let first = 100.0 * (1.0 - (-0.025_f64).exp());
    assert!(near(&levels(&rated)?, [0.0, first, first * (-0.075_f64).exp()]), "{:?}", levels(&rated)?);
    // It is written, read back and made a regimen.
    assert!(table.to_csv().starts_with("ID,TIME,AMT,RATE,DUR,II,ADDL,SS,EVID,CMT,MDV,DV,WT\n1,0,100,-2,2,0,"));
    assert_eq!(table.to_csv().parse::<Table>()?, table);
    assert_eq!(table.regimen(&half)?.to_string(), "100 ug over 2h");
    let covariate = Reader::new().using("DUR").parse("TIME,AMT,DUR\n0,100,2")?;
    assert_eq!(covariate.to_csv().parse::<Table>()?, covariate);
    let record = Record { amt: 100.0, dur: 2.0, ..Record::DOSE };
    let error = Table::new([record]).expect_err("no RATE").to_string();
    assert!(error.contains("column DUR: found 2 with RATE 0, but a duration is a finite number of hours"), "{error}");
    Ok(())
}

#[test]
fn numbers_as_word_processors_and_spreadsheets_write_them() -> Result<()> {
    for text in [
        "ID,TIME,AMT\n1,0,100\u{a0}\n1,\u{a0}4,0",
        "ID;TIME;AMT\n1;0;1\u{a0}000\n1;4;0",
        "ID;TIME;AMT\n1;0;1\u{202f}000,00\n1;4;0",
        "ID;TIME;AMT\n1;0;1 000\n1;4;0",
        "ID|TIME|AMT\n1|0|100\n1|4|0",
        "ID,TIME,AMT\n1,0,100,\n1,4,0,,\n",
        "ID TIME AMT\n1 0.0D+00 1.0D+02\n1 4.0D+00 0",
        "ID\tTIME\tAMT\n1\t0\t100\t\n1\t4\tmissing\t",
        "ID;TIME;AMT\n1;0;100;\n1;4;None;",
    ] {
        let table: Table = text.parse().unwrap_or_else(|error| panic!("{error} in {text}"));
        let thousand = if text.contains("000") && !text.contains("D+") { 10.0 } else { 1.0 };
        assert_levels(&table, &[5.0 * thousand, 4.524_187_090_179_797 * thousand]);
    }
    assert_eq!(times("TIME,AMT\n\u{2212}1,100\n4,0"), [-1.0, 4.0]);
    refused_at("TIME;AMT\n0;10 00", "2, column AMT: found `10 00`, but it must be a finite number");
    refused_at("TIME,AMT\n0,1,5", "2: found 3 cells, but the header names 2 columns");
    // Rows of data behind a mark of notes are left out with a word about it, and notes are not.
    let table: Table = "# by hand\nID,TIME,AMT\n1,0,100\n#1,2,50\n# a note\n#1,3,50\n1,4,0".parse()?;
    assert_levels(&table, &[5.0, 4.524_187_090_179_797]);
    assert_eq!(table.notes(), ["the table, line 4: this row begins with `#` and is left out, as are 1 more"]);
    let error = Reader::new().named("t.csv").parse("ID,TIME,AMT\n").expect_err("no rows").to_string();
    assert!(error.starts_with("t.csv has no records"), "{error}");
    refused_at(b"ID,TIME,AMT,Gr\xf6\xdfe\n1,0,100,180", "1: column 4: its name is not text in UTF-8");
    Ok(())
}

#[test]
fn days_of_a_study_beside_times_of_day() -> Result<()> {
    for [day, first, second] in
        [["DAY", "1", "2"], ["Study Day", "1", "2"], ["DATE", "Day 1", "Day 2"], ["DATE", "D1", "D2"]]
    {
        assert_eq!(
            times(&format!("ID,{day},TIME,AMT\n1,{first},8:00,100\n1,{second},8:30,0")),
            [0.0, 24.5],
            "{day} {first}"
        );
    }
    let table: Table = "ID,DAY,TIME,AMT\n1,1,8:00,100\n1,2,8:00,0".parse()?;
    assert_noted(&table, "line 1: DAY is read as DATE, since there are times of day beside it");
    // Hours go on from the first day, and the day stays what it is.
    let table: Table = "ID,DAY,TIME,AMT\n1,1,0,100\n1,2,24,0".parse()?;
    assert_eq!((hours(&table), table.covariates()), (vec![0.0, 24.0], &[String::from("DAY")][..]));
    Ok(())
}

#[test]
fn times_of_day_as_people_write_them() {
    for [first, second] in [
        ["8:30 a.m.", "8:30 p.m."],
        ["8:30am", "8:30PM"],
        ["8 am", "8 pm"],
        ["8h30", "20h30"],
        ["PT0H", "PT12H"],
        ["0:00", "12:00"],
    ] {
        assert_eq!(times(&format!("TIME,AMT\n{first},100\n{second},0")), [0.0, 12.0], "{first}");
    }
    for name in ["DATETIME", "Date/Time", "\"Date, Time\"", "date_time", "DTM", "EXSTDTC"] {
        let rows = "31JAN26:08:30:00,100\n2026-01-31 8 PM,0\n1 Feb 2026 8:30 a.m.,0";
        assert_eq!(times(&format!("{name},AMT\n{rows}")), [0.0, 11.5, 24.0], "{name}");
    }
    assert_eq!(times("DATE,CLOCK,AMT\n2026-01-31,8:30,100\n2026-02-01,8:30,0"), [0.0, 24.0]);
    assert_eq!(times("DATETIME,AMT\n01OCT26:08:00,100\n01OCT26:09:00,0"), [0.0, 1.0]);
    refused_at("TIME,AMT\nnoon,100", "2, column TIME: found `noon`, but it must be a number of hours");
    refused_at("TIME,AMT\n8 pm 30,100", "2, column TIME: found `8 pm 30`, but");
    refused_at(
        "HOUR,AMT\n0,100",
        "1: there is no column TIME: every record needs its time, so add one; if it is `HOUR`",
    );
}

/// What a spreadsheet makes of dates and times where nobody looks.
#[test]
fn times_that_are_dates_or_parts_of_a_day() {
    refused_at(
        "DATE,TIME,AMT\n46053,0,100\n46053,0.354166667,0",
        "3, column TIME: found 0.354166667, but all times beside these dates lie below 1",
    );
    refused_at(
        "DATE,TIME,AMT\n2026-01-31,0.25,100\n2026-02-01,0.75,0",
        "2, column TIME: found 0.25, but all times beside these dates lie below 1, and may be hours or the parts of a day",
    );
    refused_at(
        "TIME,AMT\n46053.25,100\n46054.25,0",
        "2, column TIME: found 46053.25, but it may be a date of a spreadsheet",
    );
    refused_at(
        "TIME,AMT\n1769846400,100\n1769932800,0",
        "2, column TIME: found 1769846400, but it may be the seconds of a clock",
    );
    // Small numbers of days, hours of the clock and far hours are what they say.
    assert_eq!(times("DATE,TIME,AMT\n1,0,100\n1,0.25,0\n1,0.5,0"), [0.0, 0.25, 0.5]);
    assert_eq!(times("DATE,TIME,AMT\n2026-01-31,0:00,100\n2026-01-31,0:15,0"), [0.0, 0.25]);
    assert_eq!(times("TIME,AMT\n26000,100\n26004,0"), [26_000.0, 26_004.0]);
    let table: Table = "DATE,TIME,AMT\n2026-01-31,8.30,100\n2026-01-31,10,0".parse().expect("a table");
    assert_noted(&table, "line 2: TIME 8.3 is read as hours with their decimals");
    let table: Table = "DATE,TIME,AMT\n2026-01-31,8.3,100\n2026-01-31,10.75,0".parse().expect("a table");
    assert!(table.notes().iter().all(|note| !note.contains("decimals")), "{:?}", table.notes());
    refused_at(
        "DATE,TIME,AMT\n20260131,0830,100",
        "2, column TIME: found 830, but beside a date of the calendar it is a time of day, up to 24:00: write half past eight as 8:30",
    );
}

#[test]
fn more_names_of_other_programs() -> Result<()> {
    for name in ["Subject No.", "Patient #", "PAT", "CID", "Volunteer", "rat", "Mouse ID", "Participant"] {
        let table: Table = format!("{name},TIME,AMT\n1,0,100\n1,4,0\n2,0,100\n2,4,0").parse()?;
        assert_eq!(ids(&table), ["1", "2"], "{name}");
        assert_noted(&table, &format!("line 1: {name} is read as ID"));
    }
    for name in ["TAU", "Dosing interval", "INTERDOSE INTERVAL"] {
        let table: Table = format!("TIME,AMT,{name},ADDL\n0,100,24,5\n100,0,.,.").parse()?;
        assert_eq!(table.records()[0].ii, 24.0, "{name}");
        assert_noted(&table, &format!("line 1: {name} is read as II"));
    }
    // Beside II they are what they are.
    assert_eq!("TIME,AMT,II,ADDL,TAU,NDOSE\n0,100,24,5,24,6".parse::<Table>()?.covariates(), ["TAU", "NDOSE"]);
    for (name, cell, what) in [
        ("NDOSE", "5", "how many doses there are"),
        ("INTERVAL", "24", "how often a dose is given"),
        ("EXDOSFRQ", "QD", "how often a dose is given"),
        ("FBIO", "0.5", "which part of a dose gets in"),
    ] {
        let text = format!("TIME,AMT,{name}\n0,100,{cell}");
        refused_at(&text, &format!("1: {name} says {what}"));
        Reader::new().ignoring(name).parse(&text)?;
    }
    for name in ["Y", "OBS", "CP", "Plasma conc"] {
        let table: Table = format!("TIME,AMT,{name}\n0,100,.\n4,.,3").parse()?;
        assert_eq!(table.records()[1].dv, Some(3.0), "{name}");
    }
    for name in ["BLQ", "LLOQ", "F", "LNDV"] {
        let table: Table = format!("TIME,AMT,DV,{name}\n0,100,.,1\n4,.,3,1").parse()?;
        assert_eq!(table.covariates(), [name]);
        assert_noted(&table, &format!("line 1: {name} is read as a covariate; elsewhere it means "));
    }
    refused_at("TIME,AMT,ADMINISTRATION\n0,100,2", "2, column ADMINISTRATION: found `2`, but it must be 1");
    Ok(())
}

/// Kin of the columns of doses are read where they mean the same, and refused where that is not sure.
#[test]
fn kin_of_the_columns_of_doses() -> Result<()> {
    for name in ["INFUSION_TIME", "INFTIME", "Infusion time (h)", "Infusion length", "Length of infusion", "DINF"] {
        let table: Table = format!("TIME,AMT,{name}\n0,100,2\n1,.,.").parse()?;
        assert_eq!(table.records()[0].dur, 2.0, "{name}");
        assert_noted(&table, &format!("line 1: {name} is read as the duration of an infusion"));
    }
    assert_eq!("TIME,AMT,Infusion time (min)\n0,100,30".parse::<Table>()?.records()[0].dur, 0.5);
    for name in ["INFRATE", "Infusion rate", "EXINFRAT", "Rate of infusion"] {
        let table: Table = format!("TIME,AMT,{name}\n0,100,50\n1,.,.").parse()?;
        assert_eq!(table.records()[0].rate, 50.0, "{name}");
        assert_noted(&table, &format!("line 1: {name} is read as RATE"));
    }
    for name in ["COMPARTMENT", "CMTN", "DOSECMT", "Compartment No."] {
        let table: Table = format!("TIME,AMT,{name}\n0,100,2\n1,.,.").parse()?;
        assert_eq!(table.records()[0].cmt, 2, "{name}");
    }
    for (ss, ii) in [("STEADY STATE", "DOSINT"), ("SSFLAG", "Dose interval"), ("SSFL", "DOSING_INT")] {
        let table: Table = format!("TIME,AMT,{ss},{ii}\n0,100,1,24\n1,.,.,.").parse()?;
        assert_eq!((table.records()[0].ss, table.records()[0].ii), (1, 24.0), "{ss}, {ii}");
    }
    assert_eq!("TIME,DV,CENSORING\n0,3,1".parse::<Table>()?.measured()[0].cens, Some(1));
    for (name, what) in [
        ("INF", "may say how fast or how long a dose is infused: call it RATE or DUR if it does"),
        ("DOSERATE", "may say the rate of an infusion: call it RATE if it does"),
        ("ENDTIME", "may say when an infusion ends"),
        ("COMP", "may say where a dose goes: call it CMT if it does"),
        ("EVENT", "may say which rows are doses: call it EVID if it does"),
        ("EVTYPE", "may say which rows are doses"),
        ("RESET", "may say where nothing is left of earlier doses"),
        ("CENSORED", "may say which observations are censored: call it CENS if it does"),
        ("UNITS", "may say the unit of a dose: call it AMTU if it does"),
        ("INTVL", "says how often a dose is given"),
        ("TLAG1", "says how long a dose waits"),
        ("Lag time (h)", "says how long a dose waits"),
        ("FABS", "says which part of a dose gets in"),
        ("D3", "says how long an infusion takes"),
    ] {
        let text = format!("TIME,AMT,{name}\n0,100,1");
        refused_at(&text, &format!("1: {name} {what}"));
        assert_eq!(Reader::new().using(name).parse(&text)?.covariates(), [name]);
        assert!(Reader::new().ignoring(name).parse(&text)?.covariates().is_empty(), "{name}");
    }
    // What only looks alike stays a covariate, and so does what stands beside the column itself.
    for name in ["COMPLIANCE", "INFLAMMATION", "EVENTFREE", "INFANTS", "RESETS", "CENSUS"] {
        let table: Table = format!("TIME,AMT,{name}\n0,100,1").parse()?;
        assert_eq!(table.covariates(), [name]);
    }
    assert_eq!("TIME,AMT,EVID,EVENT\n0,100,1,1".parse::<Table>()?.covariates(), ["EVENT"]);
    assert_eq!("TIME,AMT,DUR,INF\n0,100,1,1".parse::<Table>()?.covariates(), ["INF"]);
    Ok(())
}

#[test]
fn the_end_of_an_infusion() -> Result<()> {
    let cdisc = |name: &str| Reader::new().named(name).open(found(&format!("../cdisc/{name}")));
    let table = cdisc("ex_infusion.csv")?;
    assert_eq!((table.records()[0].dur, table.records()[1].time), (2.0, 4.0));
    assert_noted(&table, "line 2: `its end 2 h after the beginning` is read as that of an infusion");
    let header = "EXSTDTC,EXENDTC,EXDOSE,EXROUTE,EVID\n";
    let dur = |text: &str| text.parse::<Table>().map(|table| table.records()[0].dur);
    let row = |row: &str| dur(&format!("{header}{row}\n"));
    assert_eq!(row("2026-01-31T23:30,2026-02-01T00:15,100,INTRAVENOUS DRIP,1")?, 0.75);
    assert_eq!(row("2026-01-31T08:30Z,2026-01-31T11:30+02:00,100,iv,1")?, 1.0);
    // An end at the beginning, on the same day or without a word is none of an infusion.
    for end in ["2026-01-31T08:30", "2026-01-31", ""] {
        assert_eq!(row(&format!("2026-01-31T08:30,{end},100,ORAL,1"))?, 0.0, "{end}");
    }
    assert_eq!(dur("TIME,INFUSION END,AMT,CMT\n1,3,100,2")?, 2.0);
    assert_eq!(dur("DATE,TIME,INFEND,AMT,CMT\n2026-01-31,8:00,9:30,100,2")?, 1.5);
    for (end, route, why) in [
        (
            "2026-01-31T10:30",
            "ORAL",
            "an end 2 h after the beginning, but this may be the end of an infusion or of many doses",
        ),
        ("2026-02-05T08:30", "INTRAVENOUS", "an end 120 h after the beginning, but this may be the end"),
        ("2026-02-05", "INTRAVENOUS", "an end"),
        ("2026-01-31T07:30", "INTRAVENOUS", "an end -1 h after the beginning, but a dose cannot end before it begins"),
        ("2", "INTRAVENOUS", "an end, but its TIME is written in another way"),
        ("soon", "INTRAVENOUS", "`soon`, but it must be a date and a time of day"),
    ] {
        refused_at(format!("{header}2026-01-31T08:30,{end},100,{route},1"), &format!("2, column EXENDTC: found {why}"));
    }
    Ok(())
}

#[test]
fn units_in_columns_of_their_own() -> Result<()> {
    let table = Reader::new().open(found("../cdisc/ex_mg.csv"))?;
    assert_eq!(table.records()[0].amt, 100.0);
    assert_noted(&table, "EXDOSU is read as the unit of AMT");
    for (text, right) in [
        ("TIME,AMT,AMTU,DV,DVU\n0,0.1,mg,.,\n4,.,.,4,ng/mL", [100.0, 4.0]),
        ("TIME,DOSE,DOSEU,CONC,CONC UNIT\n0,100,mcg,.,\n4,.,.,4,mg/L", [100.0, 4_000.0]),
        ("TIME,TIMEU,AMT,AMT_UNITS,DV\n0,h,2,g,.\n4,h,.,mg,4", [2e6, 4.0]),
    ] {
        let table: Table = text.parse()?;
        assert_eq!([table.records()[0].amt, table.records()[1].dv.unwrap_or_default()], right, "{text}");
    }
    let table: Table = "TIME,TIMEU,AMT,RATE,RATEU,AMTU\n0,min,1,2,mg/h,mg\n90,min,.,.,.,.".parse()?;
    assert_eq!((table.records()[0].amt, table.records()[0].rate, table.records()[1].time), (1_000.0, 2_000.0, 1.5));
    refused_at("TIME,AMT,AMTU\n0,1,mg/kg", "2, column AMTU: found `mg/kg`, but it must be a unit such as ug, mg or g");
    refused_at("TIME,AMT,AMTU\n0,1,", "2, column AMTU: found nothing, but it must be a unit such as ug, mg or g");
    refused_at("TIME,DV,DVU\n0,1,nmol/L", "2, column DVU: found `nmol/L`, but it must be a unit such as ug/L");
    refused_at("TIME,AMT,AMTU,RATE\n0,1,mg,2", "2, column RATE: found 2, but AMT has a unit in a column of its own");
    // A unit in the name counts before a column.
    assert_eq!("TIME,AMT (mg),AMTU\n0,1,mg".parse::<Table>()?.records()[0].amt, 1_000.0);
    Ok(())
}

/// `central` is the plasma, whether something is absorbed before it or not.
#[test]
fn compartments_by_name_are_those_of_the_model() -> Result<()> {
    let oral = menaquinone::Parameters { cl: 0.5, v: 20.0, ka: 1.0, tlag: 0.0, f: 1.0 }.model()?;
    for text in [
        "ID,TIME,AMT,CMT\n1,0,100,central\n1,4,.,central",
        "TIME,AMT,EVID,CMT\n0,100,1,Plasma\n4,0,0,(obs)",
        "TIME,AMT,RATE,CMT\n0,100,0,cent\n4,.,.,.",
    ] {
        let table: Table = text.parse()?;
        assert_levels(&table, &[5.0, 5.0 * (-0.1_f64).exp()]);
        assert_eq!(table.simulate(&oral)?.rows()[0].conc, 5.0, "{text}");
        assert_eq!(table.to_csv().parse::<Table>()?, table);
        assert!(table.to_csv().contains("central"));
    }
    // Of a swallowed dose the model decides, and what it has not is named as the file names it.
    let table: Table = "TIME,AMT,CMT\n0,100,depot\n4,.,(default)".parse()?;
    assert_levels(&table, &[5.0, 5.0 * (-0.1_f64).exp()]);
    assert_noted(&table, "line 3: `(default)` is read as the usual compartment, as in RxODE");
    let table: Table = "TIME,AMT,CMT\n0,100,central\n4,.,periph".parse()?;
    let refused = table.simulate(slow()).expect_err("no such compartment").to_string();
    assert!(
        refused.ends_with("line 3: CMT `peripheral` is not in the model, whose compartments are 1 the plasma"),
        "{refused}"
    );
    Ok(())
}

/// A refusal names the program with whose dialect the table is read as it stands.
#[test]
fn tables_that_another_dialect_reads_are_refused_with_its_name() -> Result<()> {
    use menaquinone::records::Dialect::{Monolix, Pmetrics};
    for (text, dialect, name) in [
        ("ID,TIME,AMOUNT,ADMINISTRATION ID,Y\n1,0,100,2,.\n1,1,.,.,3", Monolix, "Dialect::Monolix"),
        ("ID,TIME,AMT,ADM,Y\n1,0,100,2,.\n1,1,.,.,3", Monolix, "Dialect::Monolix"),
        ("ID,TIME,AMT,MDV,Y\n1,0,100,1,.\n1,1,.,2,3", Monolix, "Dialect::Monolix"),
        (
            "id,evid,time,dur,dose,addl,ii,input,out\n1,1,0,1,60,-1,24,1,.\n1,0,1,.,.,.,.,.,4",
            Pmetrics,
            "Dialect::Pmetrics",
        ),
    ] {
        let refused = text.parse::<Table>().expect_err(name).to_string();
        assert!(refused.contains(&format!("with Reader::dialect({name})")), "{refused}");
        Reader::new().dialect(dialect).parse(text)?;
    }
    Ok(())
}

#[test]
fn routes_are_one_or_said_by_the_compartment() -> Result<()> {
    let table: Table = "TIME,AMT,ROUTE\n0,100,Oral\n4,.,.\n24,100,oral".parse()?;
    assert_noted(&table, "line 1: ROUTE is read as the one way in which all doses are given");
    refused_at(
        "TIME,AMT,ROUTE\n0,100,oral\n24,100,iv",
        "3, column ROUTE: found `iv`, but other rows have another route, and an event table says by CMT where a dose goes",
    );
    refused_at(
        "TIME,AMT,EXROUTE\n0,100,1\n24,100,2",
        "3, column EXROUTE: found `2`, but other rows have another route",
    );
    let table: Table = "TIME,AMT,CMT,ROUTE\n0,100,1,1\n24,100,2,2".parse()?;
    assert_eq!((table.records()[1].cmt, table.covariates()), (2, &[String::from("ROUTE")][..]));
    assert!(Reader::new().ignoring("ROUTE").parse("TIME,AMT,ROUTE\n0,100,oral\n24,100,iv").is_ok());
    Ok(())
}

#[test]
fn numbers_that_are_seldom_meant_are_noted() -> Result<()> {
    let table: Table = "ID,TIME,AMT,DV,WT\n1,0,100,.,-99\n1,4,0,-99,70\n1,5,0,3,-99".parse()?;
    assert_noted(&table, "line 3: DV -99 is read as a number: write `.` or nothing where there is none");
    assert_noted(
        &table,
        "line 2: WT -99 is read as a number: write `.` or nothing where there is none; there are 1 more such records",
    );
    let table: Table = "ID,TIME,AMT,DV\n1,0,100,.\n1,4,50,2.5\n1,8,0,3".parse()?;
    assert_noted(&table, "line 3: `DV 2.5 beside AMT 50` is read as no observation, since its row is a dose");
    for quiet in ["ID,TIME,AMT,DV,EVID\n1,0,100,2,1", "ID,TIME,AMT,DV\n1,0,100,0", "ID,TIME,AMT,DV,MDV\n1,0,100,2,1"] {
        assert_eq!(quiet.parse::<Table>()?.notes(), [""; 0], "{quiet}");
    }
    Ok(())
}

#[test]
fn units_in_headers() -> Result<()> {
    let table: Table =
        "ID;TIME (min);Dose (mg);DUR (h);Conc;DV [ug/mL]\n1;0;0,1;2;.;.\n1;60;.;.;.;0,0025\n1;120;.;.;.;.".parse()?;
    assert_levels(&table, &[0.0, 2.469_008_797_166_738_5, 4.877_057_549_928_598]);
    assert_eq!((table.records()[0].amt, table.records()[0].dur, table.records()[1].dv), (100.0, 2.0, Some(2.5)));
    assert_noted(&table, "line 1: TIME (min) is read as TIME, in min");
    assert_noted(&table, "Dose (mg) is read as AMT, in mg");
    refused_at("TIME,AMT (mg),RATE\n0,1,5", "1: AMT has a unit and RATE has none");
    refused_at("TIME (min),AMT\n8:00,5", "1: TIME has a unit and times of day");
    let table: Table = "TIME,AMT (mg),RATE (mg/h)\n0,1,0.5\n4,0,0".parse()?;
    assert_eq!((table.records()[0].amt, table.records()[0].rate), (1_000.0, 500.0));
    let subjects: Subjects = "ID,Time (min),CONC [mg/L]\na,0,1\na,90,2\n".parse()?;
    let first = subjects.iter().next().expect("a subject");
    assert_eq!((&first.times[..], &first.conc[..]), (&[0.0, 1.5][..], &[1_000.0, 2_000.0][..]));
    assert_eq!(subjects.notes()[1], "the table, line 1: Time (min) is read as time");
    Ok(())
}

#[test]
fn what_gives_nothing_is_noted() -> Result<()> {
    let table: Table = "ID,TIME,EVID,AMT\n1,0,1,.\n1,4,0,.\n2,0,1,NA".parse()?;
    assert_noted(
        &table,
        "line 2: this dose has no amount and gives nothing: write its AMT; there are 1 more such records",
    );
    assert_noted(&table, "nothing is dosed: a dose is a record with an AMT above 0");
    let table: Table = "ID,TIME,DV\n1,0,1\n1,4,2".parse()?;
    assert_noted(&table, "nothing is dosed");
    assert!(plain().notes().is_empty());
    Ok(())
}

#[test]
fn whose_the_rows_are() -> Result<()> {
    let table = open("subjid.csv")?;
    assert_levels(&table, &[5.0, 4.524_187_090_179_797, 5.0, 4.524_187_090_179_797]);
    assert_noted(&table, "SUBJID is read as ID");
    assert_eq!(ids(&open("subjid_hours.csv")?), ["1", "2"]);
    for name in ["USUBJID", "Subject ID", "subject", "PATIENT_ID", "PTID", "NEWID", "CaseID", "Rat No.", "SUBJN", "MRN"]
    {
        assert_eq!(ids(&format!("{name},TIME,AMT\nA,0,1\nB,0,1").parse()?), ["A", "B"], "{name}");
    }
    // The name of this format comes first, and then that which is the same in all studies.
    let table: Table = "SUBJID,USUBJID,TIME,AMT\n1,A-1,0,1\n1,B-1,0,1".parse()?;
    assert_eq!((ids(&table), table.covariates()), (vec!["A-1", "B-1"], &[String::from("SUBJID")][..]));
    let table: Table = "ID,USUBJID,TIME,AMT\n7,A-1,0,1".parse()?;
    assert_eq!(ids(&table), ["7"]);
    assert_noted(&table, "USUBJID is a column of text and is left out");
    assert_noted(&"TIME,AMT\n0,1".parse()?, "there is no column ID, so all records are of one subject");
    refused_at(
        "WHO,TIME,AMT\n1,0,1\n1,4,0\n2,0,1",
        "4, column TIME: found 0 after 4, but without a column ID all records are of one subject",
    );
    for name in ["record_id", "CASE", "Donor", "RANDNO"] {
        let text = format!("{name},TIME,AMT\n1,0,1\n2,0,1");
        refused_at(
            &text,
            &format!("1: {name} may say whose a row is, and no other column does: call it ID if it does"),
        );
        assert_eq!(Reader::new().using(name).parse(&text)?.covariates(), [name]);
        assert_eq!(format!("ID,{name},TIME,AMT\n1,2,0,1").parse::<Table>()?.covariates(), [name]);
        let refused = text.replace("AMT", "CONC").parse::<Subjects>().expect_err(name).to_string();
        assert!(refused.contains(&format!("line 1: {name} may say whose a row is")), "{refused}");
    }
    let table = open("interleaved.csv")?;
    assert_eq!(ids(&table), ["1", "2", "1", "2"]);
    assert_noted(&table, "line 4: the ID 1 comes again after another");
    Ok(())
}

// ------------------------------------------------------------------------------------------------- headers and cells

#[test]
fn headers_of_every_kind() -> Result<()> {
    let table = open("hash_header.txt")?;
    assert_eq!((table.records().len(), table.records()[1].amt, table.records()[0].addl), (3, 200.0, 3));
    let table = open("nonmem_table.txt")?;
    assert_eq!((table.records()[0].amt, table.records()[1].dv), (100.0, Some(4.1)));
    for text in [
        "#ID,TIME,AMT\n1,0,100\n1,4,0",
        "# ID TIME AMT\n1 0 100\n1 4 0",
        "\"#ID\",TIME,AMT\n1,0,100\n1,4,0",
        "Study 12, levels after one dose\n\nID,TIME,AMT\n1,0,100\n1,4,0",
        "sep=;\r\nID;TIME;AMT\r\n1;0;100\r\n1;4;0\r\n",
        "TABLE NO.  1\n ID TIME AMT\n 1.0000E+00 0 1.0000E+02\nTABLE NO.  1\n ID TIME AMT\n 1.0000E+00 4 0\n",
        "ID,TIME,AMT\n1,0,100\nID,TIME,AMT\n1,4,0",
        "ID TIME AMT(ug,oral)\n1 0 100\n1 4 0",
        "\"\",\"ID\",\"TIME\",\"AMT\"\n\"1\",1,0,100\n\"2\",1,4,NA\n",
        "\"ID\" \"TIME\" \"AMT\"\n\"1\" 1 0 100\n\"2\" 1 4 NA\n",
        "ID TIME AMT\n1 1 0 100\n2 1 4 0\n",
        ";ID;TIME;AMT\n0;1;0;100\n1;1;4;0\n",
        "ID,TIME,AMT,,\n1,0,100,,\n1,4,0,,\n",
        "ID\tTIME\tAMT\n1\t0\t100\n\t\t\n1\t4\t.\n",
        "ID;TIME;AMT\n1;0;1,0E+02\n1;4;0,0\n",
        "ID,TIME,AMT\r\n1,0,100\r\n1,4,0\r\n,,\r\n , , \r\n",
        "ID\tTIME\tAMT\n1\t0\t1.0D+02\n1\t4\tnull\n",
        "\u{feff}id,Time,aMt\r\n1,0,100\r\n1,4,#N/A\r\n",
    ] {
        let table: Table = text.parse().unwrap_or_else(|error| panic!("{error} in {text}"));
        let has_amount = table.records()[0].amt == 100.0;
        assert!(table.records().len() == 2 && has_amount && table.records()[1].time == 4.0, "{table:?} of {text}");
    }
    let table = open("r_write_csv.csv")?;
    assert_eq!((table.covariates().len(), table.records()[0].dv, table.records()[1].dv), (0, None, Some(4.1)));
    let table = open("excel_tail.csv")?;
    assert_eq!(table, plain());
    assert_noted(
        &"Study 12\nID,TIME,AMT\n1,0,1".parse()?,
        "line 1: this stands above the header and is left out: `Study 12`",
    );
    refused_at("ID,TIME,AMT,Time\n1,0,100,0", "1: there are two columns Time: name each once");
    refused_at("ID,,TIME\n1,5,0\n", "2: found `5` under no name: give column 2 a name");
    refused_at(",TIME\n1,0\n1,4\n", "3: found `1` under no name: give column 1 a name");
    Ok(())
}

#[test]
fn other_encodings() -> Result<()> {
    let text = "ID,TIME,AMT\n1,0,100\n1,4,0";
    let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    for bytes in
        [[b"\xff\xfe".to_vec(), little.clone()].concat(), [b"\xfe\xff".to_vec(), big.clone()].concat(), little, big]
    {
        assert_eq!(Reader::new().parse(bytes)?, plain());
    }
    refused_at(
        b"ID,TIME\nM\xfcller,0",
        "2, column ID: found `M\u{fffd}ller`, but it must be text in UTF-8: save the file as UTF-8",
    );
    refused_at(b"ID,TIME,\xb5g\n1,0,1", "1: column 3: its name is not text in UTF-8: save the file as UTF-8");
    refused_at(
        b"PK\x03\x04\x14\0",
        "1: this is a workbook of a spreadsheet or an archive and no text: save the table as CSV in UTF-8",
    );
    let subjects = Subjects::open(found("samples_latin1.csv"), &Columns::default())?;
    assert_eq!(subjects.iter().next().expect("a subject").conc, [0.0, 8.0, 4.0, 1.0]);
    Ok(())
}

#[test]
fn decimal_commas() -> Result<()> {
    let table = open("decimal_comma_table.csv")?;
    assert_eq!((table.records()[0].amt, table.records()[1].time), (100.5, 4.5));
    let amount = |text: &str| text.parse::<Table>().map(|table| table.records()[0].amt);
    assert_eq!(amount("TIME\tAMT\n0\t100,5")?, 100.5);
    assert_eq!(amount("TIME AMT\n0 100,5")?, 100.5);
    assert_eq!(amount("TIME,AMT\n0,\"100,5\"")?, 100.5);
    assert_eq!(amount("TIME,AMT\n0,\"1,000.5\"")?, 1_000.5);
    assert_eq!(amount("TIME;AMT\n0;1.000,5")?, 1_000.5);
    assert_eq!(amount("TIME;AMT;WT\n0;1,000;70,5")?, 1.0);
    assert_eq!(amount("TIME;AMT;WT\n0;1,000;70.5")?, 1_000.0);
    refused_at("TIME;AMT\n0;1,000", "2, column AMT: found `1,000`, but this is one or a thousand times one");
    refused_at(
        "TIME;AMT;WT\n0;1,5;1.234",
        "2, column AMT: found `1,5`, but its decimal comma stands in one table with numbers such as 1.000",
    );
    let advice = "if a number such as 4,5 has a decimal comma, write a point, or part the cells with semicolons";
    refused_at(
        "ID,TIME,AMT\n1,0,100,5",
        &format!("2: found 4 cells, but the header names 3 columns: give each column its cell; {advice}"),
    );
    Ok(())
}

#[test]
fn what_spreadsheets_do_to_cells() -> Result<()> {
    let failed = "but a formula of a spreadsheet has failed: mend it there, or write `.`";
    for cell in ["#DIV/0!", "#VALUE!", "#REF!", "#name?"] {
        refused_at(format!("TIME,AMT\n0,{cell}"), &format!("2, column AMT: found `{cell}`, {failed}"));
        refused_at(format!("AMT,TIME\n{cell},0"), &format!("2, column AMT: found `{cell}`, {failed}"));
    }
    for cell in ["1900-01-05", "05.01.1900", "3-Apr", "Jan-05", "4:30"] {
        refused_at(
            format!("TIME;AMT\n0;{cell}"),
            &format!("2, column AMT: found `{cell}`, but a number must stand here and this looks like a date"),
        );
    }
    refused_at(
        "ID,TIME,AMT\n1,0,100\n,4,0",
        "3, column ID: found nothing, but every record must say whose it is: if the cell was merged",
    );
    for missing in ["NA", "NaN", "nan", "NULL", "N/A", "#N/A", ".", "", " "] {
        let table: Table = format!("ID,TIME,AMT,DV,WT\n1,0,{missing},{missing},{missing}").parse()?;
        let record = &table.records()[0];
        assert_eq!((record.amt, record.dv, &record.covariates[..]), (0.0, None, &[None][..]), "{missing}");
    }
    refused_at("ID,TIME\nNA,0", "2, column ID: found `NA`, but every record must say whose it is");
    Ok(())
}

#[test]
fn cells_that_were_harmed_say_by_what() {
    const UTF8: &str = "but it must be text in UTF-8: save the file as UTF-8";
    for (cell, why) in [
        (
            "3-Jan",
            "`3-Jan`, but it looks like a date without a year, into which a spreadsheet may have turned a number",
        ),
        ("Apr-26", "`Apr-26`, but it looks like a date without a year"),
        ("#######", "`#######`, but this is what a spreadsheet shows of a number or date in too narrow a column"),
        ("NA", "`NA`, but every record needs its time"),
        ("#N/A", "`#N/A`, but every record needs its time"),
        ("", "nothing, but every record needs its time"),
        ("1'000", "`1'000`, but it must be a number of hours"),
    ] {
        refused_at(format!("ID,TIME,AMT\n1,{cell},1"), &format!("2, column TIME: found {why}"));
    }
    for cell in [">50", "> 50", ">ULOQ"] {
        refused_at(
            format!("TIME,DV\n1,{cell}"),
            &format!(
                "2, column DV: found `{cell}`, but a value above a limit is written as that limit in DV with CENS -1"
            ),
        );
    }
    for column in ["TIME", "AMT", "DV", "CMT", "II"] {
        let names = ["TIME", "AMT", "DV", "CMT", "II"];
        let cells = names.map(|name| if name == column { &b"3\xb5"[..] } else { b"0" });
        let text = [names.join(",").as_bytes(), b"\n", &cells.join(&b","[..])].concat();
        refused_at(text, &format!("2, column {column}: found `3\u{fffd}`, {UTF8}"));
    }
    let samples = |text: &[u8]| Subjects::read(text, &Columns::default()).expect_err("Latin-1").to_string();
    assert_eq!(
        samples(b"id,time,conc\n1,0,3\xb5"),
        format!("the table, line 2, column conc: found `3\u{fffd}`, {UTF8}")
    );
    for header in [&b"id,time,conc (\xb5g/L)"[..], b"id,time,Konz\xe9", b"id,\xfcber time,conc"] {
        let refused = samples(&[header, b"\n1,0,3"].concat());
        assert!(refused.ends_with("its name is not text in UTF-8: save the file as UTF-8"), "{refused}");
        assert!(refused.starts_with("the table, line 1: column "), "{refused}");
    }
}

#[test]
fn columns_of_text_are_left_out_and_noted() -> Result<()> {
    let table: Table = "ID,TIME,AMT,SEX,WT,ARM,NOTE\n1,0,100,F,70,tablet,.\n1,4,0,F,NA,tablet,5\n1,5,0,F,71,tablet,a\n1,6,0,F,71,tablet,b".parse()?;
    assert_eq!(table.covariates(), ["WT"]);
    assert_eq!(table.records()[2].covariates, [Some(71.0)]);
    let notes = ["SEX", "ARM", "NOTE"].map(|name| format!("the table: {name} is a column of text and is left out"));
    assert_eq!(table.notes(), notes);
    // A slip among numbers is one.
    refused_at("TIME,AMT,WT\n0,100,70\n1,0,7O\n2,0,71", "3, column WT: found `7O`, but it must be a finite number");
    let unknown = simulate_with_weight(&"TIME,AMT,WT\n0,100,heavy".parse()?).expect_err("no weight").to_string();
    assert!(unknown.contains("WT is a column of text and is left out"), "{unknown}");
    Ok(())
}

fn simulate_with_weight(table: &Table) -> Result<menaquinone::records::Simulation> {
    table.simulate_with(menaquinone::records::Between::Backward, |now| now.get("WT").map(|_| slow()))
}

#[test]
fn observations_below_the_limit() -> Result<()> {
    let table: Table = "ID,TIME,AMT,DV\n1,0,100,.\n1,4,0,2\n1,5,0,<0.5\n1,6,0,BLQ".parse()?;
    assert_eq!((table.records()[2].dv, table.measured()[2].cens, table.measured()[1].cens), (Some(0.5), Some(1), None));
    assert_eq!((table.records()[3].dv, table.measured().len()), (None, 4));
    assert_noted(&table, "line 5: `BLQ` does not name its limit, so DV is missing");
    assert_eq!(table.to_csv().parse::<Table>()?, table);
    Ok(())
}

// ----------------------------------------------------------------------------------------------------------- samples

fn samples(name: &str) -> Result<Subjects> {
    Subjects::open(found(name), &Columns::default())
}

#[test]
fn samples_are_read_as_event_tables_are() -> Result<()> {
    let of = |subjects: &Subjects| {
        let first = subjects.iter().next().expect("a subject").clone();
        (first.times, first.conc)
    };
    let right = (vec![0.0, 0.5, 1.0, 2.0, 4.0], vec![0.0, 2.5, 4.0, 3.0, 1.5]);
    assert_eq!(of(&samples("decimal_comma_samples.csv")?), right);
    for text in [
        text_of("decimal_comma_samples.csv").replace(';', "\t"),
        text_of("decimal_comma_samples.csv").replace(';', " "),
        text_of("decimal_comma_samples.csv").replace(',', ".").replace(';', ","),
        text_of("decimal_comma_samples.csv").replace("id;", "#id;").replace('\n', "\r\n"),
        format!("Run 5\n{};;\n;;\n", text_of("decimal_comma_samples.csv")),
        text_of("decimal_comma_samples.csv").replace("id", "Subject_ID").replace("conc", "DV"),
    ] {
        assert_eq!(of(&text.parse()?), right, "{text}");
    }
    let bql = of(&samples("samples_bql.csv")?);
    assert_eq!(bql.1, [0.0, 8.0, 4.0, 1.0, 0.25, 0.0]);
    for word in ["BLQ", "bql", "BLOQ", "LLOQ", "<LLOQ", "NQ", "ND", "<0.5", "< 0.5", "BLQ(<0.5)"] {
        let subjects: Subjects = format!("id,time,conc\na,0,{word}\na,1,8\na,2,NA\na,3,null").parse()?;
        assert_eq!(of(&subjects).1, [0.0, 8.0], "{word}");
    }
    let twice = samples("samples_two_conc.csv").expect_err("two columns").to_string();
    assert!(twice.ends_with("samples_two_conc.csv, line 1: there are two columns conc: name each once"), "{twice}");
    let subjects: Subjects = "time,conc\n0,1\n1,2".parse()?;
    assert_eq!(
        subjects.notes(),
        ["the table: there is no column id, so all rows are of one subject, which is called 1"]
    );
    let tail: Subjects = "id,time,conc\na,0,1\n,,\n".parse()?;
    assert_eq!(of(&tail).0, [0.0]);
    let iso: Subjects = "id,time,conc\na,-PT5M,0\na,PT1H30M,1\na,P1D,2".parse()?;
    assert_eq!(of(&iso).0, [-5.0 / 60.0, 1.5, 24.0]);
    Ok(())
}

#[test]
fn samples_that_are_not_there_or_too_low_in_words() -> Result<()> {
    for word in ["Below LLOQ", "below limit of quantification", "not detected", "BLQ (<0.5 ng/mL)", "<LLOQ (0.5)"] {
        let subjects: Subjects = format!("id,time,conc\na,0,{word}\na,1,8").parse()?;
        assert_eq!(subjects.iter().next().expect("a subject").conc, [0.0, 8.0], "{word}");
    }
    let subjects: Subjects = "id,time,conc\na,0,0\na,1,NS\na,2,8\na,3,sample lost".parse()?;
    assert_eq!(subjects.iter().next().expect("a subject").times, [0.0, 2.0]);
    assert_eq!(subjects.notes(), ["the table, line 3: `NS` is read as no sample, as are 1 more such words"]);
    let sentence = |text: &str| text.parse::<Subjects>().expect_err(text).to_string();
    for (text, why) in [
        (
            "ID,TIME,Conc (nmol/L)\n1,0,1",
            "line 1: Conc (nmol/L) would be conc, and `nmol/L` is no unit of it that is known here: bring its numbers to ug/L",
        ),
        (
            "ID,Time (s),conc\n1,0,1",
            "line 1: Time (s) would be time, and `s` is no unit of it that is known here: bring its numbers to h, min or days",
        ),
        (
            "id,time,conc\na,predose,0",
            "line 2, column time: found `predose`, but a time must be a finite number of hours; a sample before the dose is at 0 or below, such as -0.25",
        ),
        ("id,time,conc\na,0,>10", "line 2, column conc: found `>10`, but a concentration must be a number"),
        ("id,time,conc\na,0,8*", "line 2, column conc: found `8*`, but a concentration must be a number"),
    ] {
        assert!(sentence(text).contains(why), "{}", sentence(text));
    }
    Ok(())
}

#[test]
fn marks_of_samples_that_are_not_to_be_used_are_noted() -> Result<()> {
    for (name, mark) in [("NCAXFL", "Y"), ("Exclude", "1"), ("PCSTAT", "NOT DONE")] {
        let marked = |mark: &str| format!("id,time,conc,{name}\na,0,0,\na,1,80,{mark}\na,2,4,\n");
        let text = marked(mark);
        let subjects: Subjects = text.parse()?;
        let note = format!("the table, line 3: {name} is `{mark}` and may say that a sample is not to be used");
        assert!(subjects.notes().iter().any(|known| known.starts_with(&note)), "{:?}", subjects.notes());
        let only = Columns { only: &[(name, "")], ..Columns::default() };
        assert_eq!(Subjects::read(text.as_bytes(), &only)?.iter().next().expect("a subject").conc, [0.0, 4.0]);
        let quiet: Subjects = marked("N").parse()?;
        assert!(quiet.notes().iter().all(|note| !note.contains("not to be used")), "{:?}", quiet.notes());
    }
    Ok(())
}

#[test]
fn samples_at_dates_count_from_the_first_of_their_profile() -> Result<()> {
    let subjects: Subjects =
        "id,time,CP\na,2026-01-31 23:00,0\na,2026-02-01 01:30,8\nb,1 Feb 2026 8:00,0\nb,2026-02-01 9:00,1".parse()?;
    let found: Vec<_> = subjects.iter().map(|subject| subject.times.clone()).collect();
    assert_eq!(found, [[0.0, 2.5], [0.0, 1.0]]);
    assert!(
        subjects
            .notes()
            .iter()
            .any(|note| note.ends_with("time is read as time in hours after the first row of each profile"))
    );
    let open = "id,time,conc\na,02/03/2026 8:00,0".parse::<Subjects>().expect_err("an open date").to_string();
    assert!(open.contains("day and month may be read in two orders"), "{open}");
    Ok(())
}

/// RATE or DUR beside a dose make it an infusion, for all that counts its duration.
#[test]
fn infusions_among_samples() -> Result<()> {
    let rows = "1,1,4,.,.,0\n1,2,8,.,.,0\n1,4,4,.,.,0\n1,6,2,.,.,0\n1,8,1,.,.,0\n";
    let dosed = Columns { dose: Some(Column { name: "AMT", unit: 1.0 }), ..Columns::default() };
    let read = |text: &str| Subjects::read(text.as_bytes(), &dosed);
    for header in ["RATE,EVID\n1,0,.,100,50,1", "DUR,EVID\n1,0,.,100,2,1", "Infusion time (min),EVID\n1,0,.,100,120,1"]
    {
        let subjects = read(&format!("ID,TIME,DV,AMT,{header}\n{rows}"))?;
        let analysis = subjects.analyse(&Rules::default())?;
        let dose = analysis.analysis("1")?;
        let oral = subjects
            .iter()
            .next()
            .map(|subject| Subjects::from_iter([menaquinone::nca::Subject { duration: None, ..subject.clone() }]));
        let oral = oral.expect("a subject").analyse(&Rules::default())?;
        let apart = oral.analysis("1")?.mrt_obs()? - dose.mrt_obs()?;
        assert!((apart - 1.0).abs() < 1e-12 && dose.vss_obs().is_ok(), "{header}: {apart}");
        assert!(subjects.notes().iter().any(|note| note.contains("makes this dose an intravenous infusion over 2 h")));
    }
    let at_once = read(&format!("ID,TIME,DV,AMT,RATE,EVID\n1,0,.,100,0,1\n{rows}"))?;
    assert_eq!(at_once.iter().next().and_then(|subject| subject.duration), Some(0.0));
    // Rows without EVID are told by AMT.
    let by_amount = read("ID,TIME,DV,AMT,RATE\n1,0,.,100,50\n1,1,4,.,.\n1,2,2,0,0\n")?;
    assert_eq!(by_amount.iter().next().and_then(|subject| subject.duration), Some(2.0));
    let refused = |rows: &str| read(&format!("ID,TIME,DV,AMT,RATE,EVID\n{rows}")).expect_err(rows).to_string();
    assert!(
        refused("1,0,.,100,-2,1\n").contains("column RATE: found `-2`, but its rate or duration is that of a model")
    );
    assert!(
        refused("1,0,.,.,50,1\n")
            .contains("column RATE: found `50`, but the duration of an infusion follows from its amount")
    );
    assert!(
        refused("1,0,.,100,50,1\n1,1,4,.,.,0\n1,2,.,100,20,1\n")
            .contains("an earlier dose of the subject has another duration")
    );
    let infused = read(&format!("ID,TIME,DV,AMT,RATE,EVID\n1,0,.,100,50,1\n{rows}"))?;
    for dose in [Dose::of(1.0), Dose::iv(1.0).over(3.0)] {
        let error =
            infused.analyse(&Rules { dose: Some(dose), ..Rules::default() }).expect_err("another dose").to_string();
        assert!(error.starts_with("subject 1: the dose of the table is an intravenous infusion over 2 h"), "{error}");
    }
    infused.analyse(&Rules { dose: Some(Dose::iv(1.0)), ..Rules::default() })?;
    Ok(())
}

#[test]
fn samples_with_a_column_of_days() -> Result<()> {
    let times = |text: &str| {
        text.parse::<Subjects>()
            .map(|subjects| subjects.iter().flat_map(|subject| subject.times.clone()).collect::<Vec<_>>())
    };
    let right = [0.0, 1.0, 24.0];
    assert_eq!(times("ID,DATE,TIME,CONC\n1,2026-01-31,08:00,0\n1,2026-01-31,09:00,4\n1,2026-02-01,8:00,1")?, right);
    assert_eq!(times("ID,Date,Time,Conc\n1,31/01/2026,8 am,0\n1,31/01/2026,9:00,4\n1,2026-02-01,8:00,1")?, right);
    assert_eq!(times("ID,TIME,DATE,CONC\n1,8:00,31JAN2026,0\n1,9:00,31JAN2026,4\n1,8:00,01FEB2026,1")?, right);
    let refused =
        "ID,DATE,TIME,CONC\n1,2026-01-31,08:00,0\n1,,09:00,4".parse::<Subjects>().expect_err("no day").to_string();
    assert!(refused.contains("line 3, column TIME: found `09:00`"), "{refused}");
    Ok(())
}

#[test]
fn doses_among_samples_are_left_out() -> Result<()> {
    let dose = Some(Column { name: "AMT", unit: 1.0 });
    let conc = Column { name: "DV", unit: 1.0 };
    let columns = Columns { conc, dose, ..Columns::default() };
    let subjects = Subjects::open(found("samples_with_dose_rows.csv"), &columns)?;
    let first = subjects.iter().next().expect("a subject");
    assert_eq!((&first.conc[..], first.amount), (&[0.5, 8.0, 4.0, 1.0][..], Some(320.0)));
    assert_eq!(samples("samples_with_dose_rows.csv")?.iter().next().expect("a subject").conc.len(), 4);
    for text in [
        "ID,TIME,DV,AMT\n1,0,.,320\n1,0,0.5,0\n1,1,8,.",
        "ID,TIME,DV,AMT,MDV\n1,0,0,320,1\n1,0,0.5,0,0\n1,1,8,0,0",
        "ID,TIME,DV,AMT,EVID,MDV\n1,0,0,320,4,1\n1,0,0.5,.,0,0\n1,1,8,.,0,0\n1,1,.,.,2,1",
    ] {
        let subjects = Subjects::read(text.as_bytes(), &columns)?;
        let first = subjects.iter().next().expect("a subject");
        assert_eq!((&first.conc[..], first.amount), (&[0.5, 8.0][..], Some(320.0)), "{text}");
    }
    // A dose in the code of RxODE; doses without EVID, beside which 0 is no concentration; amounts in every row tell nothing.
    for text in
        ["ID,TIME,DV,AMT,EVID\n1,0,0,320,101\n1,0,0.5,0,0\n1,1,8,0,0", "ID,TIME,DV,AMT\n1,0,0,320\n1,0,0.5,0\n1,1,8,0"]
    {
        let subjects = Subjects::read(text.as_bytes(), &columns)?;
        let first = subjects.iter().next().expect("a subject");
        assert_eq!((&first.conc[..], first.amount), (&[0.5, 8.0][..], Some(320.0)), "{text}");
    }
    let every = Subjects::read("ID,TIME,DV,AMT\n1,0,0,320\n1,1,8,320".as_bytes(), &columns)?;
    assert_eq!(every.iter().next().expect("a subject").conc, [0.0, 8.0]);
    // Of one kind of observation the doses count, whatever kind they say.
    let kinds = "ID,TIME,DV,AMT,EVID,DVID,WT\n1,0,.,320,1,0,70\n1,0,60,0,0,2,70\n1,1,8,0,0,1,70\n1,1,50,0,0,2,70";
    let subjects = Subjects::read(kinds.as_bytes(), &Columns { only: &[("dvid", "1")], ..columns })?;
    let first = subjects.iter().next().expect("a subject");
    assert_eq!((&first.conc[..], first.amount), (&[8.0][..], Some(320.0)));
    assert_eq!(subjects.notes()[0], "the table: not read: WT");
    Ok(())
}

#[test]
fn several_profiles_of_a_person() -> Result<()> {
    let columns = Columns {
        id: "USUBJID",
        time: Column { name: "ARRLT", unit: 1.0 },
        conc: Column { name: "AVAL", unit: 1e3 },
        dose: Some(Column { name: "DOSEA", unit: 1e3 }),
        profile: &["ATPTREF"],
        only: &[("PARAM", "DrugA")],
    };
    let subjects = Subjects::open(found("adnca_two_profiles.csv"), &columns)?;
    let read: Vec<_> =
        subjects.iter().map(|subject| (subject.id.as_str(), subject.conc.len(), subject.amount)).collect();
    assert_eq!(read, [("S1, DOSE 1", 5, Some(5_000.0)), ("S1, DOSE 2", 5, Some(5_000.0))]);
    let table = subjects.analyse(&Rules::default())?;
    assert_eq!((table.analysis("S1, DOSE 1")?.cmax()?, table.analysis("S1, DOSE 2")?.cmax()?), (3_600.0, 3_900.0));
    let other = Columns { only: &[("PARAM", "DrugB")], ..columns };
    let error = Subjects::open(found("adnca_two_profiles.csv"), &other).expect_err("no such rows").to_string();
    assert!(error.ends_with("has no samples that are what Columns::only asks for"), "{error}");
    let error = Subjects::open(found("adnca_two_profiles.csv"), &Columns { profile: &[], ..columns })
        .expect_err("twice")
        .to_string();
    assert!(
        error.contains("found -0.083 h after 7.5 h, but the times of a subject must ascend")
            && error.contains("Columns::profile"),
        "{error}"
    );
    // Concentrations of SDTM as they are.
    let pc = "USUBJID,PCTESTCD,PCSPEC,PCTPTNUM,PCELTM,PCSTRESC,PCSTRESN\n\
        S1,MK7,PLASMA,0,-PT15M,BLQ,\nS1,MK7,PLASMA,1,PT30M,1.5,1.5\nS1,MK7,SERUM,0,PT0H,<0.1,\nS1,MK7,PLASMA,2,PT1H30M,1,1\n";
    let columns_of_pc = Columns {
        id: "USUBJID",
        time: Column { name: "PCELTM", unit: 1.0 },
        conc: Column { name: "PCSTRESC", unit: 1.0 },
        profile: &["PCTESTCD", "PCSPEC"],
        ..Columns::default()
    };
    let subjects = Subjects::read(pc.as_bytes(), &columns_of_pc)?;
    let read: Vec<_> =
        subjects.iter().map(|subject| (subject.id.as_str(), subject.times.clone(), subject.conc.clone())).collect();
    assert_eq!(read[0], ("S1, MK7, PLASMA", vec![-0.25, 0.5, 1.5], vec![0.0, 1.5, 1.0]));
    assert_eq!(read[1], ("S1, MK7, SERUM", vec![0.0], vec![0.0]));
    let two = Columns { profile: &["analyte", "period"], ..Columns::default() };
    let text = "id,analyte,period,time,conc\na,MK-7,1,0,1\na,MK-4,1,0,2\na,MK-7,1,1,3\na,MK-7,2,0,4\n";
    let ids: Vec<_> = Subjects::read(text.as_bytes(), &two)?.iter().map(|subject| subject.id.clone()).collect();
    assert_eq!(ids, ["a, MK-7, 1", "a, MK-4, 1", "a, MK-7, 2"]);
    Ok(())
}

#[test]
fn a_placebo_has_the_metrics_that_need_no_dose() -> Result<()> {
    let columns = Columns { dose: Some(Column { name: "dose", unit: 1.0 }), ..Columns::default() };
    let table = Subjects::open(found("samples_placebo.csv"), &columns)?.analyse(&Rules::default())?;
    assert_eq!((table.analysis("A")?.cmax()?, table.iter().len()), (5.0, 2));
    assert!(table.analysis("P")?.cl_obs().is_err());
    // A small level of what the body makes itself, and rules that name a dose for all.
    let text = "id,time,conc,dose\nP,0,1,0\nP,1,2,0\nP,2,1,0\nP,3,0.5,0\nP,4,0.25,0\n";
    let rules = Rules { dose: Some(Dose::of(100.0)), ..Rules::default() };
    let table = Subjects::read(text.as_bytes(), &columns)?.analyse(&rules)?;
    assert!(table.analysis("P")?.half_life().is_ok() && table.analysis("P")?.cl_obs().is_err());
    let error =
        Subjects::read("id,time,conc,dose\nP,0,1,-5".as_bytes(), &columns).expect_err("a negative dose").to_string();
    assert!(error.contains("found `-5`, but a dose must be a finite number, zero or above"), "{error}");
    Ok(())
}

// --------------------------------------------------------------------------------------------------- people and diaries

#[test]
fn people_are_read_as_event_tables_are() -> Result<()> {
    let people = CovariateTable::open(found("semicolon_people.csv"))?;
    assert_eq!(people.numbers("weight")?, [58.5, 71.0]);
    assert_eq!(people.words("SEX")?, ["f", "m"]);
    for text in [
        "id\tweight\tsex\n1\t58,5\tf\n2\t71\tm\n",
        "id weight sex\n1 58.5 f\n2 71 m\n",
        "# of the second study\nid,weight,sex\n1,58.5,f\n# added later\n2,71,m\n,,\n",
        "#id,weight,sex\n1,58.5,f\n2,71,m\n",
        "People of the second study\n\nid,weight,sex\n1,58.5,f\n2,71,m\n",
        "\"\",\"id\",\"weight\",\"sex\"\n\"1\",1,58.5,\"f\"\n\"2\",2,71,\"m\"\n",
        "\"id\" \"weight\" \"sex\"\n\"1\" 1 58.5 \"f\"\n\"2\" 2 71 \"m\"\n",
        "sep=;\r\nid;weight;sex\r\n1;58,5;f\r\n2;71;m\r\n",
    ] {
        let people: CovariateTable = text.parse()?;
        let found = (people.columns().len(), people.numbers("Weight")?, people.words("sex")?);
        assert_eq!(found, (3, vec![58.5, 71.0], vec!["f", "m"]), "{text}");
    }
    let sentence = |text: &str| {
        let weights = text.parse::<CovariateTable>().and_then(|people| people.numbers("weight"));
        weights.expect_err(text).to_string()
    };
    let wide = sentence("id,weight\n1,58,5\n");
    assert!(
        wide.contains("line 2: found 3 cells, but the header names 2 columns") && wide.contains("decimal comma"),
        "{wide}"
    );
    assert!(
        sentence("id;weight\n1;1,234\n")
            .contains("column weight: found `1,234`, but this is one or a thousand times one")
    );
    assert!(
        sentence("id;weight\n1;#REF!\n")
            .contains("column weight: found `#REF!`, but a formula of a spreadsheet has failed")
    );
    Ok(())
}

fn diary(text: &str) -> Diary {
    Diary::read(text.as_bytes()).unwrap_or_else(|error| panic!("{error} in {text}"))
}

#[test]
fn diaries_are_read_as_event_tables_are() {
    let right = diary("date,time,food,amount\n2026-03-02,08:00,natto,50 g\n2026-03-02,20:15,MK-7 capsule,0.18 mg\n");
    for text in [
        "date;time;food;amount;unit\n2026-03-02;08:00;natto;50;g\n2026-03-02;20:15;MK-7 capsule;0,18;mg\n;;;;\n",
        "#Date,Time,Food,Amount\n20260302,8:00,natto,50 g\n20260302,20:15:00,MK-7 capsule,0.18 mg\n",
        "My week\n\ndate,time,food,amount,mood\n2/3/2026,8:00 AM,natto,50 g,fine\n13/3/2026,8:15 PM,natto,0 g,.\n",
        "\"\",\"date\",\"time\",\"food\",\"amount\",\"unit\"\n\"1\",\"2 March 2026\",\"08:00\",\"natto\",50,\"g\"\n\"2\",\"2-Mar-26\",\"20:15\",\"MK-7 capsule\",180,\"ug\"\n",
        "date\ttime\tfood\tamount\n2026-03-02 00:00:00\t08:00\tnatto\t50 g\n2026-03-02\t20:15\tMK-7 capsule\t0,18 mg\n",
        "date time food amount unit\n2026/3/2 08:00 natto 50 g\n2026.03.02 20:15 \"MK-7 capsule\" 180 ug\n",
    ] {
        if text.starts_with("My week") {
            let (read, other) = (diary(text), text.replace("2/3/2026", "2026-03-02").replace("13/3/2026", "13.3.2026"));
            assert_eq!(read, diary(&other));
            let notes =
                ["My week", "mood", "line 4: the day stands first in `2/3/2026`, as `13/3/2026` on line 5 shows"];
            assert!(read.notes().iter().zip(notes).all(|(note, word)| note.contains(word)), "{:?}", read.notes());
            assert_eq!(read.notes().len(), 3);
            assert_eq!(diary(&other).notes().len(), 2);
        } else {
            assert_eq!(diary(text), right, "{text}");
        }
    }
    let dates =
        std::fs::read_to_string(found("diary_dates.txt")).expect("a file").parse::<Diary>().expect_err("an open date");
    assert_eq!(
        dates.to_string(),
        "cannot read the diary: line 1, column 1: `03/02/2026` is not a day: it may be 2026-03-02 or 2026-02-03: write the one that is meant"
    );
    for [date, right] in [
        ["13/02/2026", "2026-02-13"],
        ["02/13/2026", "2026-02-13"],
        ["20260213", "2026-02-13"],
        ["13.2.2026", "2026-02-13"],
    ] {
        let [read, right] =
            [date, right].map(|date| format!("{date} 08:00 natto 50 g").parse::<Diary>().expect("a diary"));
        assert_eq!(read, right, "{date}");
    }
    let sentence = |text: &str| Diary::read(text.as_bytes()).expect_err(text).to_string();
    let wide = sentence("date,time,food,amount,unit\n2026-03-02,8:00,natto,0,5,kg\n");
    assert!(
        wide.contains("line 2: found 6 cells, but the header names 5 columns") && wide.contains("decimal comma"),
        "{wide}"
    );
    assert!(
        sentence("date;time;food;amount\n31/01/26;8:00;natto;50 g\n")
            .contains("column `date`: `31/01/26` is not a day of the calendar: write the year in four digits")
    );
    assert!(
        sentence("date;time;food;amount;unit\n2026-03-02;8:00;natto;1,000;g\n")
            .contains("column `amount`: `1,000` is no number: this is one or a thousand times one")
    );
    let comma = "Mon 08:00 natto 0,5 kg".parse::<Diary>().expect_err("a decimal comma").to_string();
    assert!(
        comma.contains("column 17: `0,5` has a decimal comma, and commas part what was taken: write 0.5"),
        "{comma}"
    );
}
