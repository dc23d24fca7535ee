//! Event tables of other programs, under the name of the program: each meaning is noted, and what cannot be said is refused.

use std::path::PathBuf;

use menaquinone::{
    Bolus, Model, OneCompartment, Result,
    records::{Dialect, Reader, Table},
};

fn open(name: &str, dialect: Dialect) -> Result<Table> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("data/dialects").join(name);
    Reader::new().named(name).dialect(dialect).open(path)
}

/// A bolus into 20 L that leaves with 0.025 1/h.
fn slow() -> Model {
    Model::new(Bolus, OneCompartment { cl: 0.5, v: 20.0 }).expect("a model")
}

#[track_caller]
fn assert_levels(table: &Table, right: &[(usize, f64)]) {
    let found = table.simulate(slow()).expect("levels");
    for (row, right) in right {
        let level = found.rows()[*row].conc;
        assert!((level - right).abs() <= 1e-13 * right, "row {row}: {level} and not {right}");
    }
}

#[track_caller]
fn assert_noted(table: &Table, notes: &[&str]) {
    for note in notes {
        assert!(table.notes().iter().any(|known| known.contains(note)), "{note} is not in {:?}", table.notes());
    }
}

#[track_caller]
fn assert_refused(dialect: Dialect, text: &str, sentence: &str) {
    let error = Reader::new().named("t").dialect(dialect).parse(text).expect_err(sentence).to_string();
    assert!(error.starts_with(&format!("t, line {sentence}")), "{error}\nin {text}");
}

/// What an infusion of 50 µg/h over 2 h leaves in 20 L, some hours after its beginning.
fn infused(time: f64) -> f64 {
    let end = time.min(2.0);
    100.0 * (1.0 - (-0.025 * end).exp()) * (-0.025 * (time - end)).exp()
}

#[test]
fn monolix() -> Result<()> {
    // ADM 2 is compartment 2, which a plain bolus does not have as its plasma: so it is asked of one here.
    let text = std::fs::read_to_string(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("data/dialects/monolix.csv"))
        .expect("a file");
    assert_eq!(open("monolix.csv", Dialect::Monolix)?.records()[0].cmt, 2);
    let table = Reader::new().dialect(Dialect::Monolix).parse(text.replace("100\t2\t2", "100\t1\t2"))?;
    assert_levels(&table, &[(1, infused(1.0)), (2, infused(2.0)), (3, infused(26.0) + infused(2.0))]);
    assert_noted(
        &table,
        &[
            "ADM is read as CMT, so that the number of an administration is that of its compartment",
            "Y is read as DV",
            "YTYPE is read as DVID",
            "TINF is read as the duration of an infusion",
            "`MDV 2` is read as MDV 1",
        ],
    );
    assert_eq!(
        (table.measured()[2].cens, table.measured()[2].limit, table.records()[2].dv),
        (Some(1), Some(0.0), Some(0.1))
    );
    assert_eq!((table.records()[3].mdv, table.covariates()), (Some(1), &[String::from("WT")][..]));

    let table = open("monolix_occasions.csv", Dialect::Monolix)?;
    assert_levels(&table, &[(1, 5.0 * (-0.1_f64).exp()), (2, 10.0), (3, 10.0 * (-0.1_f64).exp())]);
    assert_noted(
        &table,
        &["line 4: an occasion begins whose time goes back, so that its first dose is read as EVID 4"],
    );

    assert_refused(
        Dialect::Monolix,
        "ID,TIME,AMT,Y\n1,0,100,0",
        "2, column Y: found 0 with AMT 100, but this row is a dose and an observation too",
    );
    assert_refused(
        Dialect::Monolix,
        "ID,OCC,TIME,AMT,Y\n1,1,0,100,.\n1,1,4,.,4\n1,2,0,.,3",
        "4, column TIME: found 0 after 4, but an occasion whose time begins anew must begin with a dose",
    );
    assert_refused(
        Dialect::Monolix,
        "ID,TIME,AMT,SS,II\n1,0,100,0,0\n1,8,100,1,24",
        "3, column SS: found 1 after a dose, but Monolix gives a number of doses before a steady state",
    );
    Ok(())
}

#[test]
fn pmetrics() -> Result<()> {
    let table = open("pmetrics.csv", Dialect::Pmetrics)?;
    let e = |time: f64| (-0.025 * time).exp();
    let steady = 5.0 * e(4.0) / (1.0 - e(12.0));
    assert_levels(&table, &[(1, steady), (3, 2.5 * (e(17.0) + e(9.0) + e(1.0)))]);
    assert_eq!((table.records()[1].dv, &table.records()[1].covariates[..]), (None, &[None][..]));
    assert_eq!((table.covariates(), table.measured()[3].dvid), (&[String::from("WT")][..], Some(1)));
    assert_noted(
        &table,
        &[
            "line 1: this stands above the header and is left out: `POPDATA DEC_11`",
            "DOSE is read as AMT",
            "C0 is read as a coefficient of the error of the assay, and left out",
            "`-99` is read as missing",
            "`ADDL -1` is read as SS 1, the steady state of such doses",
        ],
    );
    let header = "#ID,EVID,TIME,DUR,DOSE,ADDL,II,INPUT,OUT,OUTEQ\n";
    let refused = |rows: &str, sentence: &str| assert_refused(Dialect::Pmetrics, &format!("{header}{rows}"), sentence);
    refused("1,1,0,0,100,.,.,2,.,.", "2, column INPUT: found `2`, but it must be 1");
    refused("1,1,0,0,100,-10,12,1,.,.", "2, column ADDL: found `-10`, but it must be a whole number, zero or above");
    refused(
        "1,.,0,0,100,.,.,1,.,.",
        "2, column EVID: found nothing, but Pmetrics tells doses from observations by EVID",
    );
    refused(
        "1,1,0,0,100,.,.,1,.,.\n1,1,4,2,100,.,.,1,.,.",
        "3, column DUR: found an infusion and a dose at once, but other doses are given at once",
    );
    // Infusions alone go where the first compartment is.
    let table = Reader::new()
        .dialect(Dialect::Pmetrics)
        .parse(format!("{header}1,1,0,2,100,.,.,1,.,.\n1,0,1,.,.,.,.,.,3,1"))?;
    assert_levels(&table, &[(1, infused(1.0))]);
    Ok(())
}

#[test]
fn rates_in_the_code_of_rxode() -> Result<()> {
    let table = open("rxode_infusion.csv", Dialect::Nonmem)?;
    assert_levels(&table, &[(1, infused(1.0)), (2, infused(2.0)), (4, infused(4.0) + 5.0 * (-0.025_f64).exp())]);
    assert_eq!((table.records()[0].amt, table.records()[0].rate, table.records()[2].evid), (100.0, 50.0, 2));
    assert_noted(&table, &["line 2: `10101` is read as a rate of AMT into the compartment of its hundreds"]);
    // Two at once, of which each is ended by its own rate; additional ones; and numbers of compartments above 99.
    let table: Table =
        "ID,TIME,EVID,AMT,II,ADDL\n1,0,10101,50,24,1\n1,0,10101,20,0,0\n1,2,10101,-50,24,1\n1,4,10101,-20,0,0\n1,26,0,0,0,0".parse()?;
    assert_eq!((table.records()[0].amt, table.records()[1].amt, table.records()[0].addl), (100.0, 80.0, 1));
    let modelled: Table = "TIME,EVID,AMT\n0,80201,90\n0,60201,90\n1,90101,90\n1,70101,90".parse()?;
    let codes: Vec<_> = modelled.records().iter().map(|record| (record.evid, record.rate, record.cmt)).collect();
    assert_eq!(codes, [(1, -2.0, 2), (2, 0.0, 2), (1, -1.0, 1), (2, 0.0, 1)]);
    let dialect = Dialect::Nonmem;
    assert_refused(
        dialect,
        "TIME,EVID,AMT\n0,10101,50\n4,0,0",
        "2, column EVID: found a rate of 50, but it begins an infusion",
    );
    assert_refused(
        dialect,
        "TIME,EVID,AMT\n0,10101,50\n4,10101,-40",
        "3, column EVID: found a rate of -40, but it ends an infusion",
    );
    assert_refused(
        dialect,
        "TIME,EVID,AMT\n0,10101,50\n4,10201,-50",
        "3, column EVID: found a rate of -50, but it ends an infusion",
    );
    assert_refused(dialect, "ID,TIME,EVID,AMT\n1,0,10101,50\n2,4,10101,-50", "3, column EVID: found a rate of -50");
    for other in ["40101", "50101", "130", "10140", "199"] {
        assert_refused(
            dialect,
            &format!("TIME,EVID,AMT\n0,{other},50"),
            &format!("2, column EVID: found `{other}`, but it must be 0"),
        );
    }
    Ok(())
}
