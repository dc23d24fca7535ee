//! What distances do to one depot and one pool: the table that the common case is performed from.

use multiversion::multiversion;

use super::block::BLOCK;
use super::flow::flows;

/// The rates of a depot and a pool, and the factor of what the first `scaled` distances give.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PairTable {
    pub(crate) rates: [f64; 2],
    pub(crate) scale: f64,
    pub(crate) scaled: usize,
}

/// A row each of what the pool gains from a unit in the depot, what it keeps of its own, and what waits in the depot.
pub(crate) struct PairRows<'a> {
    pub(crate) gained: &'a mut [f64],
    pub(crate) kept: &'a mut [f64],
    pub(crate) waiting: &'a mut [f64],
}

/// So many numbers are the least that is computed at a time: the distances and the rows of a table are a multiple of it.
pub(crate) const LANES: usize = 4;

/// Fills the rows for the distances `u`: `gained = a flow2(a, b, u)`, `kept = e^{-b u}`, `waiting = e^{-a u}`, the first two
/// times the scale where it counts. All are as long, a multiple of [`LANES`].
///
/// Samples and gaps stand in one row, so that they share the last block, which is no longer than it need be.
#[multiversion(targets("x86_64+avx512f+avx512dq+avx512vl", "x86_64+avx2"))]
pub(crate) fn pair_table(mut table: PairTable, u: &[f64], rows: PairRows<'_>) {
    let PairRows { mut gained, mut kept, mut waiting } = rows;
    let mut rest = u;
    while !rest.is_empty() {
        let n = match rest.len() {
            ..8 => block::<4>(table, rest, [gained, kept, waiting]),
            8..12 => block::<8>(table, rest, [gained, kept, waiting]),
            12..16 => block::<12>(table, rest, [gained, kept, waiting]),
            _ => block::<BLOCK>(table, rest, [gained, kept, waiting]),
        };
        (rest, table.scaled) = (&rest[n..], table.scaled.saturating_sub(n));
        (gained, kept, waiting) = (&mut gained[n..], &mut kept[n..], &mut waiting[n..]);
    }
}

/// The first `N` numbers of the rows, if there are as many; how many they are.
#[inline(always)]
fn block<const N: usize>(table: PairTable, u: &[f64], [gained, kept, waiting]: [&mut [f64]; 3]) -> usize {
    let PairTable { rates, scale, scaled } = table;
    let Some(u) = u.first_chunk::<N>() else { return u.len() };
    let mut flows = flows(rates, u);
    for i in 0..N {
        let factor = if i < scaled { scale } else { 1.0 };
        flows.flow[i] *= factor * rates[0];
        flows.decay[1][i] *= factor;
    }
    for (row, block) in [(gained, &flows.flow), (kept, &flows.decay[1]), (waiting, &flows.decay[0])] {
        if let Some(row) = row.first_chunk_mut::<N>() {
            *row = *block;
        }
    }
    N
}
