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
