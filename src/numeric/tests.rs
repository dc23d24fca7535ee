//! The elementary functions against high-precision values.

use super::flow::{add_decay, flow2};
use super::*;

const TABLE: &str = include_str!("../../tests/reference/exp.csv");

/// (x, value, ratio) of the rows of a function.
fn rows(function: &str) -> Vec<(f64, f64, Option<f64>)> {
    let rows = TABLE.lines().filter_map(|line| line.strip_prefix(function)?.strip_prefix(','));
    let number = |cell: &str| cell.parse::<f64>().expect("a number");
    let read = |row: &str| {
        let cells: Vec<&str> = row.split(',').collect();
        let ratio = Some(cells[2]).filter(|cell| !cell.is_empty()).map(number);
        (number(cells[0]), number(cells[1]), ratio)
    };
    rows.map(read).collect()
}

/// The distance in units in the last place of the right value, the smallest of which is that of the denormal numbers.
fn units_apart(found: f64, right: f64) -> u64 {
    found.to_bits().abs_diff(right.to_bits())
}

#[test]
fn exp_is_within_a_unit() {
    let rows = rows("exp");
    assert_eq!(rows.len(), 500);
    for (x, value, _) in rows.into_iter().filter(|(x, ..)| *x <= 709.0) {
        assert!(units_apart(exp(x), value) <= 1, "exp({x}) is {} instead of {value}", exp(x));
    }
}

#[test]
fn exprel_is_within_two_units() {
    for (x, _, ratio) in rows("exp").into_iter().filter(|(x, ..)| *x <= 709.0) {
        let ratio = ratio.expect("a ratio");
        assert!(units_apart(exprel(x), ratio) <= 2, "exprel({x}) is {} instead of {ratio}", exprel(x));
    }
}

/// Values: Python `decimal`, 80 digits.
#[test]
fn exprel2_is_within_eight_units() {
    let table = "0.0 0.5; \
                 -1e-300 0.5; \
                 -1e-09 0.4999999998333333; \
                 -0.001 0.4998333749916681; \
                 -0.1 0.4837418035959573; \
                 -0.3399999 0.4478401764080715; \
                 -0.3400001 0.447840148204554; \
                 -0.35 0.44643338545888517; \
                 -0.5 0.4261226388505337; \
                 -1.0 0.36787944117144233; \
                 -3.0 0.22775411870754045; \
                 -10.0 0.09000045399929762; \
                 -40.0 0.024375; \
                 -800.0 0.0012484375; \
                 -1000000.0 9.99999e-07";
    for row in table.split(';') {
        let cells: Vec<f64> = row.split_whitespace().map(|cell| cell.parse().expect("a number")).collect();
        let [x, value] = cells[..] else { panic!("two cells in {row}") };
        assert!(units_apart(exprel2(x), value) <= 8, "exprel2({x}) is {} instead of {value}", exprel2(x));
    }
}

#[test]
fn ln_1p_is_within_two_units() {
    let rows = rows("ln1p");
    assert_eq!(rows.len(), 225);
    for (y, value, _) in rows {
        assert!(units_apart(ln_1p(y), value) <= 2, "ln_1p({y}) is {} instead of {value}", ln_1p(y));
    }
}

/// Divided differences at three to eight points, apart, close and equal: mpmath, 80 digits, as the corner of the
/// exponential of a bidiagonal matrix (Opitz), those with distinct rates also as partial fractions.
#[test]
fn flow_agrees_with_eighty_digits() {
    let cases: [(&[f64], f64, f64); 11] = [
        (&[1.0, 0.5, 0.008], 24.0, 1.690_955_854_993_444_9),
        (&[1.0, 1.0, 1.0], 3.0, 0.224_041_807_655_387_74),
        (&[1.0, 1.000_000_1, 0.999_999_9], 10.0, 0.002_269_996_488_124_430_9),
        (&[2.0, 2.0, 2.0, 0.01], 12.0, 0.112_544_798_309_616_9),
        (&[0.4, 0.400_000_000_000_000_1, 0.008_664_339_756_999_316, 0.0], 24.0, 109.211_749_159_499_09),
        (&[3.0, 3.0, 3.0, 3.0, 3.0], 1.5, 0.002_343_303_957_285_486_5),
        (&[0.001, 1.0, 10.0, 100.0, 0.01], 7.0, 0.005_698_683_205_687_348_3),
        (&[1.5, 1.5, 1.5, 1.5, 1.5, 0.3, 0.0], 20.0, 0.435_636_960_109_912_86),
        (&[5.0, 5.0, 5.0, 5.0, 5.0, 5.0, 5.0, 0.008], 6.0, 1.233_763_094_819_484_1e-5),
        (&[1e-9, 2e-9, 3e-9, 4e-9], 1.0, 0.166_666_666_25),
        (&[0.1, 0.2, 0.300_000_000_000_000_04, 0.4, 5.0, 6.0, 7.0, 8.0], 2.0, 0.000_199_536_696_489_604_22),
    ];
    for (rates, u, right) in cases {
        let found = flow(rates, u);
        assert!((found / right - 1.0).abs() <= 1e-14, "flow({rates:?}, {u}) is {found} instead of {right}");
    }
}

/// The bulk forms give the values of the scalar ones, whatever the row's length; a product `rate u` is rounded before
/// its exponential is taken, which costs as many units as it is large.
#[test]
fn rows_agree_with_single_values() {
    let u: Vec<f64> = (0..21).map(|i| 0.7 * f64::from(i * i)).collect();
    for [a, b] in [[0.4, 0.009], [0.009, 0.4], [0.3, 0.3]] {
        let (mut flow, mut decay, mut alone) = ([0.0; 21], [0.0; 21], [0.0; 21]);
        pool_rows(2.0, [a, b], &u, [&mut flow, &mut decay]);
        add_decay(2.0, b, &u, &mut alone);
        for i in 0..u.len() {
            let tolerance = f64::EPSILON * (4.0 + a.max(b) * u[i]);
            assert!((flow[i] - 2.0 * a * flow2(a, b, u[i])).abs() <= tolerance * flow[i]);
            assert!((decay[i] - alone[i]).abs() <= tolerance * decay[i]);
        }
    }
}
