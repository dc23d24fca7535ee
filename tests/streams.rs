//! The streams of random numbers: nobody's numbers come twice, and neighbours have nothing to do with each other.
//!
//! A subject has eight numbers in a block, with its neighbours' blocks before and behind, and what it needs beyond that from
//! another stream. So the tests look across both borders. All are fixed by the seed: they pass always or never.
#![expect(clippy::cast_precision_loss, reason = "counts far below 2^52")]

use menaquinone::{
    Parameters, Population,
    random::{Draw, Purpose, Stream},
};

const PEOPLE: u64 = 40_000;
/// Numbers of a subject: the eight of its block, and four further.
const EACH: usize = 12;

fn numbers(seed: u64, subject: u64, purpose: Purpose) -> [f64; EACH] {
    let mut draw = Stream { seed, subject, purpose }.draw();
    std::array::from_fn(|_| draw.uniform())
}

fn everybody(seed: u64, purpose: Purpose) -> Vec<[f64; EACH]> {
    (0..PEOPLE).map(|subject| numbers(seed, subject, purpose)).collect()
}

/// The correlation of uniform numbers in units of its standard error.
fn correlation(pairs: impl Iterator<Item = (f64, f64)>) -> f64 {
    let (mut sum, mut n) = (0.0, 0.0_f64);
    for (a, b) in pairs {
        sum += (a - 0.5) * (b - 0.5);
        n += 1.0;
    }
    12.0 * sum / n.sqrt()
}

/// However many numbers a person uses up, the next has the same.
#[test]
fn who_needs_many_numbers_takes_them_from_nobody() {
    let uses = |id: u64| usize::try_from(7 * id % 23).expect("few");
    let mut seen = Vec::new();
    let person = |draw: &mut Draw| {
        seen.push((0..uses(draw.id())).map(|_| draw.uniform()).collect::<Vec<_>>());
        Parameters { cl: 1.27, v: 154.0, ka: 1.0, tlag: 0.0, f: 1.0 }.model()
    };
    Population::sample_range(5..205, 42, person).expect("people");
    for (id, seen) in (5..).zip(seen) {
        let mut alone = Stream { seed: 42, subject: id, purpose: Purpose::Person }.draw();
        assert_eq!(seen, (0..uses(id)).map(|_| alone.uniform()).collect::<Vec<_>>(), "person {id}");
    }
}

/// A number has 52 bits, so that among 1.4 million of them an equal pair by chance is one run in five thousand.
#[test]
fn no_number_comes_twice() {
    let purposes = [Purpose::Person, Purpose::Occasion(1), Purpose::Residual];
    let of = |purpose| everybody(42, purpose).into_iter().flatten();
    let mut all: Vec<u64> = purposes.into_iter().flat_map(of).map(f64::to_bits).collect();
    let count = all.len();
    all.sort_unstable();
    all.dedup();
    assert_eq!(all.len(), count);
}

/// Each of 2,442 pairs of places within a subject and in the next, the fourth and the eighth after it: none is correlated by 4.5
/// standard errors, which chance does in one run of 60.
#[test]
fn neighbours_are_independent() {
    let all = everybody(42, Purpose::Person);
    for i in 0..EACH {
        for j in 0..i {
            let within = correlation(all.iter().map(|one| (one[i], one[j])));
            assert!(within.abs() < 4.5, "numbers {i} and {j}: {within}");
        }
        for j in 0..EACH {
            for lag in [1, 2, 3, 4, 8] {
                let between = correlation(all.iter().zip(&all[lag..]).map(|(one, later)| (one[i], later[j])));
                assert!(between.abs() < 4.5, "number {i} and number {j} of the person {lag} later: {between}");
            }
        }
    }
}

#[test]
fn seeds_and_purposes_are_independent() {
    let all = everybody(42, Purpose::Person);
    let others = [
        everybody(43, Purpose::Person),
        everybody(42 + (1 << 63), Purpose::Person),
        everybody(42, Purpose::Adherence),
        everybody(42, Purpose::Occasion(0)),
        everybody(42, Purpose::Other(0)),
    ];
    for (which, other) in others.iter().enumerate() {
        for i in 0..EACH {
            let found = correlation(all.iter().zip(other).map(|(a, b)| (a[i], b[i])));
            assert!(found.abs() < 4.5, "number {i}, other {which}: {found}");
        }
    }
}

/// How far counts are from all alike: about normal with deviation 1 where there are many cells (Wilson and Hilferty, PNAS
/// 1931;17:684).
fn chi_square(counts: &[u32]) -> f64 {
    let mean = f64::from(counts.iter().sum::<u32>()) / counts.len() as f64;
    let square: f64 = counts.iter().map(|count| (f64::from(*count) - mean).powi(2) / mean).sum();
    let k = (counts.len() - 1) as f64;
    ((square / k).cbrt() - (1.0 - 2.0 / (9.0 * k))) / (2.0 / (9.0 * k)).sqrt()
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a cell")]
fn cell(uniform: f64, cells: usize) -> usize {
    (uniform * cells as f64) as usize
}

/// Each place, in 256 cells; and in 16 by 16 cells the pairs over the borders: the last of a block and the first of the next
/// subject's, the last of a block and the first further one.
#[test]
fn numbers_fill_the_line_and_the_square() {
    let all = everybody(42, Purpose::Person);
    for i in 0..EACH {
        let mut counts = [0; 256];
        for one in &all {
            counts[cell(one[i], 256)] += 1;
        }
        assert!(chi_square(&counts).abs() < 4.0, "number {i}: {}", chi_square(&counts));
    }
    let pairs: [(&str, Vec<(f64, f64)>); 2] = [
        ("next subject", all.windows(2).map(|two| (two[0][7], two[1][0])).collect()),
        ("further", all.iter().map(|one| (one[7], one[8])).collect()),
    ];
    for (name, pairs) in pairs {
        let mut counts = [0; 256];
        for (a, b) in pairs {
            counts[16 * cell(a, 16) + cell(b, 16)] += 1;
        }
        assert!(chi_square(&counts).abs() < 4.0, "{name}: {}", chi_square(&counts));
    }
}
