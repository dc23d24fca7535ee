//! Samples that block one another at their least distance, and move as one.

use std::ops::Range;

/// Samples that are taken at one time: their places among all, the time, and between which ends it may lie.
#[derive(Debug, Clone)]
pub(super) struct Mover {
    pub(super) slots: Vec<(usize, usize)>,
    pub(super) at: f64,
    pub(super) ends: (f64, f64),
    /// How far it must lie from the mover before it; none for the first of an arm, and where there is no least distance.
    pub(super) behind: Option<f64>,
}

/// Movers next to each other that move together, between which ends they may go, and whether they stay.
#[derive(Debug, Clone)]
pub(super) struct Block {
    pub(super) movers: Range<usize>,
    pub(super) ends: (f64, f64),
    pub(super) held: bool,
    /// The mean of their slopes.
    slope: f64,
}

/// How near its end or its neighbour a mover is at it, h.
const TOUCHES: f64 = 1e-8;

/// The blocks where each mover is drawn by its slope.
///
/// Of two that touch, the first drawn further than the second, neither can go alone: they are drawn by the mean of both, and so on along a chain (the
/// slopes nearest to their own that never decrease along it). Who pushes against an end stays, and so does who pushes against one that stays.
pub(super) fn blocks(movers: &[Mover], slopes: &[f64]) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    for (i, slope) in slopes.iter().enumerate() {
        blocks.push(Block { movers: i..i + 1, ends: movers[i].ends, held: false, slope: *slope });
        while let [.., before, last] = &blocks[..] {
            if !touches(movers, last.movers.start) || before.slope <= last.slope {
                break;
            }
            let both = joined(movers, before, last);
            blocks.truncate(blocks.len() - 2);
            blocks.push(both);
        }
    }
    let is_low = |block: &Block| block.movers.clone().any(|i| movers[i].at - movers[i].ends.0 <= TOUCHES);
    let is_high = |block: &Block| block.movers.clone().any(|i| movers[i].ends.1 - movers[i].at <= TOUCHES);
    for k in 0..blocks.len() {
        let blocked = k > 0 && blocks[k - 1].held && touches(movers, blocks[k].movers.start);
        blocks[k].held = blocks[k].slope <= 0.0 && (blocked || is_low(&blocks[k]));
    }
    for k in (0..blocks.len()).rev() {
        let next = blocks.get(k + 1).filter(|next| touches(movers, next.movers.start));
        let blocked = next.is_some_and(|next| next.held && next.slope >= 0.0);
        let held = blocks[k].slope >= 0.0 && (blocked || is_high(&blocks[k]));
        let length = blocks[k].ends.1 - blocks[k].ends.0;
        blocks[k].held |= held || length <= 0.0;
    }
    blocks
}

/// Whether a mover lies at its least distance from the one before it.
fn touches(movers: &[Mover], i: usize) -> bool {
    i > 0 && movers[i].behind.is_some_and(|apart| movers[i].at - movers[i - 1].at <= apart + TOUCHES)
}

#[expect(clippy::cast_precision_loss, reason = "counts of samples")]
fn joined(movers: &[Mover], one: &Block, other: &Block) -> Block {
    let all = one.movers.start..other.movers.end;
    let (a, b) = (one.movers.len() as f64, other.movers.len() as f64);
    let room = |i: usize| (movers[i].ends.0 - movers[i].at, movers[i].ends.1 - movers[i].at);
    let low = all.clone().map(|i| room(i).0).fold(f64::NEG_INFINITY, f64::max);
    let high = all.clone().map(|i| room(i).1).fold(f64::INFINITY, f64::min);
    Block { ends: (low, high), movers: all, held: false, slope: (a * one.slope + b * other.slope) / (a + b) }
}
