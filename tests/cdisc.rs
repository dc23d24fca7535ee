//! Concentrations as CDISC has them, read as they are.

use std::path::PathBuf;

use menaquinone::{
    Result,
    nca::{Columns, Rules, Subject, Subjects},
};

fn open(folder: &str, name: &str) -> Result<Subjects> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("data").join(folder).join(name);
    Subjects::open(path, &Columns::default())
}

fn ids(subjects: &Subjects) -> Vec<&str> {
    subjects.iter().map(|subject| subject.id.as_str()).collect()
}

fn first(subjects: &Subjects) -> &Subject {
    subjects.iter().next().expect("a subject")
}

#[track_caller]
fn assert_noted(subjects: &Subjects, notes: &[&str]) {
    for note in notes {
        assert!(subjects.notes().iter().any(|known| known.contains(note)), "{note} is not in {:?}", subjects.notes());
    }
}

fn sentence(text: &str) -> String {
    text.parse::<Subjects>().expect_err(text).to_string()
}

#[test]
fn adnca_with_two_profiles() -> Result<()> {
    let subjects = open("found", "adnca_two_profiles.csv")?;
    assert_eq!(ids(&subjects), ["S1, DOSE 1", "S1, DOSE 2"]);
    assert_eq!((first(&subjects).times[0], first(&subjects).conc[2], first(&subjects).amount), (-0.083, 3_600.0, None));
    assert_noted(
        &subjects,
        &[
            "USUBJID is read as id",
            "AVAL is read as conc, in the unit of AVALU",
            "ARRLT is read as time in hours",
            "ATPTREF is read as what tells one profile from another",
            "DOSEA has no unit in a column DOSEU and is not read: name it with Columns::dose",
        ],
    );
    Ok(())
}

#[test]
fn adpc_of_two_analytes_with_doses() -> Result<()> {
    let subjects = open("cdisc", "adpc.csv")?;
    assert_eq!(ids(&subjects), ["S-1, MK4, 1", "S-1, MK7, 1", "S-1, MK7, 2"]);
    let found: Vec<_> =
        subjects.iter().map(|subject| (&subject.times[..], &subject.conc[..], subject.amount)).collect();
    assert_eq!(found[0], (&[0.0, 1.5, 3.0][..], &[0.0, 2.0, 1.0][..], Some(500.0)));
    assert_eq!(found[1], (&[0.0, 1.5, 3.0, 4.5, 6.0][..], &[0.0, 8.0, 4.0, 2.0, 1.0][..], Some(500.0)));
    assert_eq!(found[2].1, [0.5, 4.0]);
    let table = subjects.analyse(&Rules::default())?;
    // From 8 at 1.5 h to 1 at 6 h half of it goes every 1.5 h.
    assert!((table.analysis("S-1, MK7, 1")?.half_life()? - 1.5).abs() < 1e-12);
    assert_noted(
        &subjects,
        &["ARRLT is read as time, in the unit of RRLTU", "DOSEA is read as the dose, in the unit of DOSEU"],
    );
    Ok(())
}

#[test]
fn pc_with_durations_and_text() -> Result<()> {
    let subjects = open("cdisc", "pc.csv")?;
    assert_eq!(ids(&subjects), ["S-1, PLASMA", "S-1, SERUM"]);
    assert_eq!(first(&subjects).times, [-0.25, 0.5, 1.5, 24.0]);
    assert_eq!(first(&subjects).conc, [0.0, 1.5, 1.0, 0.0]);
    assert_noted(&subjects, &["PCSTRESN is read as conc, in the unit of PCSTRESU", "PCELTM is read as time in hours"]);
    Ok(())
}

#[test]
fn pc_with_times_as_numbers_and_other_units() -> Result<()> {
    let subjects = open("cdisc", "pc_numbers.csv")?;
    assert_eq!(ids(&subjects), ["7"]);
    assert_eq!(
        (&first(&subjects).times[..], &first(&subjects).conc[..]),
        (&[0.0, 1.0, 2.0][..], &[0.5, 1.5, 2_000.0][..])
    );
    assert_noted(&subjects, &["PCTPTNUM is read as time in hours"]);
    Ok(())
}

#[test]
fn pc_with_dates() -> Result<()> {
    let header = "USUBJID,PCTESTCD,PCSTRESN,PCSTRESU,PCDTC";
    let text = format!(
        "{header},PCRFTDTC\n\
         S-1,MK7,0.5,ng/mL,2026-01-31T07:45,2026-01-31T08:00\nS-1,MK7,2,ng/mL,2026-01-31T09:30,2026-01-31T08:00\n\
         S-1,MK7,,ng/mL,,2026-01-31T08:00\nS-1,MK7,1,ng/mL,2026-02-01T08:00:36,2026-01-31T08:00\n"
    );
    let subjects: Subjects = text.parse()?;
    assert_eq!(first(&subjects).times, [-0.25, 1.5, 24.01]);
    assert_noted(&subjects, &["PCDTC is read as time in hours after PCRFTDTC"]);
    // Without a reference each profile counts from its first row, and so does each person.
    let rows = "S-1,MK7,1,ng/mL,2026-01-31T23:30\nS-1,MK7,2,ng/mL,2026-02-01T00:30\nS-2,MK7,1,ng/mL,2026-03-01T08:00Z\nS-2,MK7,2,ng/mL,2026-03-01T12:00+02:00\n";
    let subjects: Subjects = format!("{header}\n{rows}").parse()?;
    assert_eq!(subjects.iter().map(|subject| &subject.times[..]).collect::<Vec<_>>(), [[0.0, 1.0], [0.0, 2.0]]);
    assert_noted(&subjects, &["PCDTC is read as time in hours after the first row of each profile"]);

    let row = |date: &str| sentence(&format!("{header},RFXSTDTC\nS-1,MK7,1,ng/mL,{date},2026-01-31T08:00\n"));
    assert!(
        row("2026-01-31")
            .contains("line 2, column PCDTC: found `2026-01-31`, but it must be a date with a time of day")
    );
    assert!(row("02/03/2026 08:00").contains("day and month may be read in two orders"));
    assert!(row("2026-01-31T09:00Z").contains("one of the two dates names its zone"));
    assert!(row("").contains("column PCDTC: found nothing, but it must be a date with a time of day"));
    Ok(())
}

/// Numbers of planned times are hours in some files and the order of the samples in others.
#[test]
fn numbers_of_times_that_may_be_an_order() -> Result<()> {
    let table = |rows: &[(&str, &str)]| {
        let rows: Vec<String> = rows.iter().map(|(number, text)| format!("1,5,{number},{text}\n")).collect();
        format!("USUBJID,PCSTRESN,PCTPTNUM,PCTPT\n{}", rows.concat())
    };
    let said: Subjects = table(&[("0", "PREDOSE"), ("1", "1 H POST-DOSE"), ("2", "2 HOURS"), ("24", "24h")]).parse()?;
    assert!(said.notes().iter().any(|note| note.ends_with("PCTPTNUM is read as time in hours")), "{:?}", said.notes());
    let open: Subjects = table(&[("0", ""), ("1", ""), ("2", ""), ("4", "")]).parse()?;
    assert_noted(
        &open,
        &["PCTPTNUM is read as time in hours; if its numbers are those of samples and not hours, name another column"],
    );
    let parts: Subjects = table(&[("0", ""), ("0.5", ""), ("1", "")]).parse()?;
    assert!(parts.notes().iter().any(|note| note.ends_with("PCTPTNUM is read as time in hours")));

    let contradicted = sentence(&table(&[("1", "PRE"), ("2", "0.5 H"), ("3", "1 H")]));
    assert!(
        contradicted
            .contains("line 3, column PCTPTNUM: found 2 beside `0.5 H`, but it reads as the number of a sample"),
        "{contradicted}"
    );
    let counted = sentence(&table(&[("1", ""), ("2", ""), ("3", ""), ("4", "")]));
    assert!(
        counted.contains("line 1: PCTPTNUM counts 1, 2, 3 and so on: it reads as the number of a sample"),
        "{counted}"
    );
    let with_unit = "USUBJID,AVAL,ATPTN,ATPTU\n1,5,1,h\n1,4,2,h\n1,3,3,h\n1,2,4,h\n".parse::<Subjects>()?;
    assert_eq!(first(&with_unit).times, [1.0, 2.0, 3.0, 4.0]);
    Ok(())
}

#[test]
fn what_cannot_be_known_is_refused() {
    let header = "USUBJID,ARRLT,AVAL,AVALU\n";
    let unknown = sentence(&format!("{header}1,0,5,nmol/L\n"));
    assert!(
        unknown.starts_with("the table, line 2, column AVALU: found `nmol/L`, but it must be a unit such as ng/mL"),
        "{unknown}"
    );
    let nothing = sentence(&format!("{header}1,0,5,\n"));
    assert!(nothing.contains("column AVALU: found nothing, but it must be a unit"), "{nothing}");
    let dose = sentence("USUBJID,ARRLT,AVAL,DOSEA,DOSEU\n1,0,5,2,mg/kg\n");
    assert!(dose.contains("column DOSEU: found `mg/kg`, but it must be a unit such as ug, mg or g"), "{dose}");
    let none = sentence("USUBJID,AVAL\n1,5\n");
    assert!(none.contains("there is no column `time`; it has USUBJID, AVAL"), "{none}");
    let days = sentence("USUBJID,AVISIT,ARRLT,AVAL\n1,Day 1,0,5\n1,Day 8,0,5\n");
    assert!(days.contains("column ARRLT: found 0 h after 0 h, but the times of a subject must ascend"), "{days}");
}

/// The terms of PPTEST are those of CDISC, and USUBJID is the person alone.
#[test]
fn parameters_have_the_terms_of_cdisc() -> Result<()> {
    let table = open("cdisc", "adpc.csv")?.analyse(&Rules::default())?.cdisc();
    assert!(table.starts_with("USUBJID,PPGRPID,PPTESTCD,PPTEST,PPORRES,PPORRESU\n"), "{table}");
    for row in [
        "S-1,\"MK7, 1\",CMAX,Max Conc,8,ug/L",
        "S-1,\"MK7, 1\",TMAX,Time of CMAX,1.5,h",
        "S-1,\"MK7, 1\",LAMZHL,Half-Life Lambda z,",
        "S-1,\"MK4, 1\",AUCLST,AUC to Last Nonzero Conc,",
    ] {
        assert!(table.contains(&format!("\n{row}")), "{row} is not in {table}");
    }
    let one: Subjects = "id,time,conc\na,0,0\na,1,8\na,2,4\na,4,1".parse()?;
    assert!(
        one.analyse(&Rules::default())?
            .cdisc()
            .starts_with("USUBJID,PPTESTCD,PPTEST,PPORRES,PPORRESU\na,CMAX,Max Conc,8,ug/L\n")
    );
    // Every code has a term, but for those whose terms we have not seen.
    let open = ["FLUCP", "ARAUC", "ARCTROUG"];
    let codes = menaquinone::nca::METRICS.iter().flat_map(|metric| metric.codes).filter(|code| !code.is_empty());
    assert!(codes.filter(|code| open.contains(code)).count() == open.len());
    Ok(())
}
