//! The elementary functions against high-precision values.

use super::chain::ChainRows;
use super::flow::{add_decay, flow2, pair_at, pair_tables};
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

const FLOWS: &str = include_str!("../../tests/reference/flow.csv");

/// (rates, time, value) of a table in which `a*3` stands for `a a a`.
fn flows_of_many_rates() -> Vec<(Vec<f64>, f64, f64)> {
    let number = |cell: &str| cell.parse::<f64>().expect("a number");
    let run = |run: &str| match run.split_once('*') {
        Some((rate, times)) => vec![number(rate); times.parse().expect("a count")],
        None => vec![number(run)],
    };
    let read = |row: &str| {
        let cells: Vec<&str> = row.split(',').collect();
        (cells[1].split(' ').flat_map(run).collect(), number(cells[2]), number(cells[3]))
    };
    FLOWS.lines().filter(|line| !line.starts_with('#')).skip(1).map(read).collect()
}

/// How far a flow may be from the right value: a few units, more where there are dozens of rates, and as many as the
/// slowest rate times `u`, since the rounding of that product is an error of the exponent.
fn tolerance(rates: &[f64], u: f64) -> f64 {
    let slowest = rates.iter().copied().fold(f64::INFINITY, f64::min);
    let units = if rates.len() > 10 { 128.0 } else { 8.0 };
    f64::EPSILON * (units + slowest * u)
}

/// Three to 55 rates, equal, near one another and far apart. Where the slowest has not faded by e^-30, the worst error is
/// 2.0e-15 up to six rates, 2.9e-15 for ten and 1.3e-14 for more.
#[test]
fn flow_of_many_rates_agrees_with_sixty_digits() {
    let cases = flows_of_many_rates();
    assert_eq!(cases.len(), 988);
    for (rates, u, right) in cases {
        let (found, tolerance) = (flow(&rates, u), tolerance(&rates, u));
        assert!((found / right - 1.0).abs() <= tolerance, "flow({rates:?}, {u}) is {found} instead of {right}");
    }
}

/// A number does not depend on its neighbours in the row, nor on the vectors it is worked in.
#[test]
fn rows_of_many_rates_have_the_bits_of_single_values() {
    let u: Vec<f64> = (0..37_u32).map(|i| if i.is_multiple_of(3) { 0.01 } else { 1.7 } * f64::from(i)).collect();
    for (rates, ..) in flows_of_many_rates() {
        let (mut row, mut alone) = (vec![0.0; u.len()], vec![0.0; u.len()]);
        add_flow(0.7, &rates, &u, &mut row);
        alone.iter_mut().zip(&u).for_each(|(alone, u)| *alone += 0.7 * flow(&rates, *u));
        assert!(row.iter().map(|x| x.to_bits()).eq(alone.iter().map(|x| x.to_bits())), "{rates:?}");
    }
}

/// Every order of three pools behind the rates of the table, some of which descend and some of which do not.
#[test]
fn flows_along_a_chain_are_those_of_its_parts() {
    let u = [0.0, 1e-4, 0.3, 1.0, 2.5, 7.0, 24.0, 60.0, 0.02, 3.0, 5.0, 11.0, 13.0, 17.0, 19.0, 23.0, 29.0, 100.0];
    let pools = [0.008, 0.5, 3.0];
    let mut chain = ChainRows::default();
    let mut lists: Vec<Vec<f64>> = flows_of_many_rates().into_iter().map(|(rates, ..)| rates).collect();
    lists.dedup();
    lists.push(Vec::new());
    for rates in lists.iter().filter(|rates| rates.len() < 11) {
        let descending = rates.iter().copied().fold(Vec::new(), |mut sorted: Vec<f64>, rate| {
            sorted.insert(sorted.partition_point(|other| *other > rate), rate);
            sorted
        });
        for rates in [rates, &descending] {
            chain.fill(rates, &pools, &u);
            check_chain(&chain, (rates, &pools), &u);
        }
    }
}

fn check_chain(chain: &ChainRows, (compartments, pools): (&[f64], &[f64]), u: &[f64]) {
    let n = compartments.len();
    let all = [compartments, pools].concat();
    for (from, to) in (0..all.len()).flat_map(|from| (0..all.len()).map(move |to| (from, to))) {
        let along: Vec<f64> = match (from.cmp(&to), to < n) {
            (std::cmp::Ordering::Equal, _) => vec![all[from]],
            (std::cmp::Ordering::Less, true) => all[from..=to].to_vec(),
            (std::cmp::Ordering::Less, false) if from < n => [&compartments[from..], &all[to..=to]].concat(),
            _ => {
                assert!(chain.row(from, to).is_none());
                continue;
            }
        };
        for (found, u) in chain.row(from, to).expect("a row").iter().zip(u) {
            let right = flow(&along, *u);
            let fastest = along.iter().copied().fold(0.0, f64::max);
            let tolerance = tolerance(&along, *u).max(f64::EPSILON * fastest.min(30.0) * u);
            assert!((found - right).abs() <= 2.0 * tolerance * right + 1e-300, "{along:?} at {u}: {found} {right}");
        }
    }
}

/// Offsets and gaps in one go have the bits of each alone, also where rows have room for whole blocks, and so has one time.
#[test]
fn tables_of_a_pair_have_the_bits_of_its_rows() {
    let u: Vec<f64> = (0..41).map(|i| 0.9 * f64::from(i % 29)).collect();
    for (rates, offsets, room) in
        [([0.4, 0.009], 24, 41), ([0.009, 0.4], 33, 48), ([0.3, 0.3], 0, 41), ([1.0, 2.0], 41, 48)]
    {
        let (mut flow, mut decay, mut waiting) = (vec![0.0; room], vec![0.0; room], vec![0.0; room]);
        pair_tables((0.37, offsets), rates, &u, [&mut flow, &mut decay, &mut waiting]);
        let mut alone = [vec![0.0; offsets], vec![0.0; offsets]];
        pool_rows(0.37, rates, &u[..offsets], alone.each_mut().map(|row| &mut row[..]));
        assert_eq!([&flow[..offsets], &decay[..offsets]], [&alone[0][..], &alone[1][..]]);
        for i in 0..u.len() {
            let [flow_at, decay_at, waiting_at] = pair_at(rates, u[i]);
            assert_eq!(waiting[i], waiting_at);
            assert!(i < offsets || [flow[i], decay[i]] == [flow_at, decay_at]);
        }
    }
}

/// Whole blocks step by step have the bits of single numbers.
#[test]
fn blocks_have_the_bits_of_single_values() {
    let values: Vec<f64> = rows("exp").into_iter().map(|(x, ..)| x).filter(|x| *x <= 709.0).collect();
    for x in values.as_chunks::<4>().0 {
        assert_eq!(exp_of_each(x), x.map(exp));
        assert_eq!(exp_and_expm1_of_each(x), [x.map(|x| exp_and_expm1(x).0), x.map(|x| exp_and_expm1(x).1)]);
        let positive = x.map(|x| 1e-300 - x);
        assert_eq!(ln_of_each(&positive), positive.map(ln));
    }
}
