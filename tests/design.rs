//! What samples tell, against other programs, simulated data and differences.

use menaquinone::assay::ResidualError;
use menaquinone::design::{Approximation, Arm, Design, Information};
use menaquinone::fit::{Theory, Unknown, free};
use menaquinone::{Bolus, Dose, FirstOrder, OneCompartment, Regimen, Result};

/// The coefficient of variation of a log-normal deviation of this variance.
fn cv(omega2: f64) -> f64 {
    omega2.exp_m1().sqrt()
}

/// Rows of a file of reference values, each as (column, text).
fn rows(text: &str) -> Vec<Vec<(String, String)>> {
    let mut lines = text.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    let head: Vec<String> = lines.next().expect("a head").split(',').map(String::from).collect();
    lines.map(|line| head.iter().cloned().zip(line.split(',').map(String::from)).collect()).collect()
}

fn text<'a>(row: &'a [(String, String)], column: &str) -> &'a str {
    row.iter().find(|(own, _)| own == column).map(|(_, value)| value.trim()).expect("a column")
}

fn number(row: &[(String, String)], column: &str) -> f64 {
    text(row, column).parse().expect("a number")
}

fn warfarin(error: ResidualError<Unknown>) -> Result<Design> {
    let body = OneCompartment { cl: free(0.15).varying(cv(0.07)), v: free(8.0).varying(cv(0.02)) };
    let theory = Theory::new(FirstOrder { ka: free(1.0).varying(cv(0.6)) }, body)?.with_error(error)?;
    let arm = Arm::of(Dose::of(70.0)).people(32.0).at(&[0.5, 1.0, 2.0, 6.0, 24.0, 36.0, 72.0, 120.0]);
    Design::of(&theory, arm)
}

fn rse(information: &Information, name: &str) -> f64 {
    100.0 * information.rse().expect("all is told")[information.place(name).expect("a name")]
}

/// The common benchmark of design programs: determinants and relative standard errors.
#[test]
fn warfarin_is_as_in_the_benchmark() -> Result<()> {
    for row in rows(include_str!("data/fit/design_warfarin.csv")) {
        let error = match text(&row, "error") {
            "prop .01" => ResidualError::Proportional { cv: free(0.1) },
            _ => ResidualError::Combined { cv: free(0.1), sd: free(0.5) },
        };
        let full = text(&row, "fim") == "full";
        let form = if full { Approximation::Full } else { Approximation::Reduced };
        let information = warfarin(error)?.by(form)?.information()?.with_error_variances();
        let own = number(&row, "det_own");
        assert!((information.determinant() / own - 1.0).abs() < 1e-7, "{} and {own}", information.determinant());
        if let Ok(poped) = text(&row, "det_poped").parse::<f64>() {
            assert!((information.determinant() / poped - 1.0).abs() < 2e-6);
        }
        let columns = [
            ("rse_cl", "cl"),
            ("rse_v", "v"),
            ("rse_ka", "ka"),
            ("rse_om_cl", "omega2(cl)"),
            ("rse_om_v", "omega2(v)"),
            ("rse_om_ka", "omega2(ka)"),
            ("rse_sigma2_prop", "cv2"),
            ("rse_sigma2_add", "sd2"),
        ];
        for (column, name) in columns.into_iter().filter(|(column, _)| !text(&row, column).is_empty()) {
            let (found, expected) = (rse(&information, name), number(&row, column));
            assert!((found - expected).abs() < 1.1e-6, "{column}: {found} and {expected}");
        }
    }
    Ok(())
}

/// A design of two infusions that PFIM prints, to every digit.
#[test]
fn remdesivir_is_as_pfim_prints_it() -> Result<()> {
    let body = OneCompartment { cl: free(5.0).varying(cv(0.34)), v: free(50.0).varying(cv(0.26)) };
    let theory =
        Theory::new(Bolus, body)?.with_error(ResidualError::CombinedSd { cv: free(0.15_f64.sqrt()), sd: free(0.5) })?;
    let first: Regimen = Dose::iv(400.0).over(1.0).at(0.0);
    let regimen = (1..=4).fold(first, |all, day| all.and(Dose::iv(200.0).over(1.0).at(24.0 * f64::from(day))));
    for row in rows(include_str!("data/fit/design_remdesivir.csv")) {
        let times: Vec<f64> = text(&row, "samples").split(' ').map(|time| time.parse().expect("a time")).collect();
        let information = Design::of(&theory, Arm::of(regimen.clone()).people(150.0).at(&times))?.information()?;
        let printed = |column: &str, found: f64| {
            let text = text(&row, column);
            let digits = text.split('.').nth(1).map_or(0, str::len);
            let least = 0.51 * 10.0_f64.powi(-i32::try_from(digits).expect("few digits"));
            let expected: f64 = text.parse().expect("a number");
            assert!((found - expected).abs() <= least, "{column}: {found} and {expected}");
        };
        // By mpmath in 40 digits; the slopes of PFIM are differences, which show in fifteen printed digits.
        let exact = if times.len() == 6 { 380_849_659_442.310_596 } else { 41_386_277_547.838_677_8 };
        assert!((information.determinant() / exact - 1.0).abs() < 1e-13, "{}", information.determinant());
        assert!((information.determinant() / number(&row, "determinant") - 1.0).abs() < 1e-10);
        assert!((information.d_criterion() / number(&row, "d_criterion") - 1.0).abs() < 1e-11);
        let se = information.se()?;
        let columns = [
            ("se_v", "v"),
            ("se_cl", "cl"),
            ("se_om_v", "omega2(v)"),
            ("se_om_cl", "omega2(cl)"),
            ("se_add", "sd"),
            ("se_prop", "cv"),
        ];
        for (column, name) in columns {
            printed(column, se[information.place(name)?]);
        }
    }
    Ok(())
}
