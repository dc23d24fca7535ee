//! The information of one person from rows: of samples that hang together by what varies, or of samples that each stand alone.

use smallvec::SmallVec;

use super::row::{MEAN, Row, Shape};

/// How rows become information: the order of the numbers is that of the person, of the error, of the covariance.
#[derive(Debug, Clone)]
pub(super) struct Frame {
    pub(super) shape: Shape,
    /// The covariance of the deviations, row by row.
    pub(super) omega: Vec<f64>,
    /// The elements of the covariance that are sought, each with its places: one, or that of each occasion.
    pub(super) pairs: Vec<Places>,
    /// Whether the variance tells of the typical numbers too.
    pub(super) full: bool,
}

/// Where an element of the covariance stands.
pub(super) type Places = SmallVec<[(usize, usize); 1]>;

/// Room that is used again from person to person.
#[derive(Debug, Default)]
pub(super) struct Room {
    slopes: Vec<f64>,
    wide: Vec<f64>,
    root: Vec<f64>,
    over: Vec<f64>,
    bends: Vec<f64>,
    means: Vec<f64>,
    turned: Vec<f64>,
    grams: Vec<f64>,
}

impl Frame {
    /// How many numbers there are.
    pub(super) fn len(&self) -> usize {
        self.shape.by.len() + self.shape.errors + self.pairs.len()
    }

    /// Whether each sample adds its own information, whatever the others are.
    pub(super) fn is_additive(&self) -> bool {
        self.shape.eta.is_empty()
    }

    /// Adds `scale` times the information of a person with these samples to a matrix, row by row.
    pub(super) fn add(&self, rows: &[&Row], scale: f64, room: &mut Room, sum: &mut [f64]) {
        if self.is_additive() {
            for row in rows {
                self.add_alone(&row.numbers, scale, sum);
            }
        } else {
            self.add_together(rows, scale, room, sum);
        }
    }

    /// What a sample adds by itself: `mm f f' + mr (f r' + r f') + rr r r'`.
    fn add_alone(&self, own: &[f64], scale: f64, sum: &mut [f64]) {
        let (n, p) = (self.len(), self.shape.by.len());
        let (mean, variance) = (&own[MEAN..][..p], &own[self.shape.variance()..][..n]);
        let mean = |i: usize| if i < p { mean[i] } else { 0.0 };
        for i in 0..n {
            let by_mean = scale * (own[0] * mean(i) + own[1] * variance[i]);
            let by_variance = scale * (own[1] * mean(i) + own[2] * variance[i]);
            for j in 0..n {
                sum[i * n + j] += by_mean * mean(j) + by_variance * variance[j];
            }
        }
    }

    /// `F' V^-1 F` and `tr(V^-1 V_a V^-1 V_b)/2`, with `V = A Omega A' + R`, by the root of `V`.
    fn add_together(&self, rows: &[&Row], scale: f64, room: &mut Room, sum: &mut [f64]) {
        let (n, q, p, e) = (rows.len(), self.shape.eta.len(), self.shape.by.len(), self.shape.errors);
        if !self.whiten(rows, room) {
            return;
        }
        let all = self.len();
        room.means.clear();
        room.means.resize(n * p, 0.0);
        for (j, row) in rows.iter().enumerate() {
            let mean = &row.numbers[MEAN..][..p];
            for i in j..n {
                let share = room.over[i * n + j];
                (0..p).for_each(|k| room.means[k * n + i] += share * mean[k]);
            }
        }
        // Each slope of the variance as a symmetric matrix beside the root.
        let begin = if self.full { 0 } else { p };
        room.grams.clear();
        room.grams.resize((all - begin) * n * n, 0.0);
        for k in begin..p + e {
            self.add_noise(rows, k, room, (k - begin) * n * n);
            if k < p {
                self.add_bend(rows, k, room, (k - begin) * n * n);
            }
        }
        for (k, places) in self.pairs.iter().enumerate() {
            let gram = &mut room.grams[(p + e + k - begin) * n * n..][..n * n];
            for (a, b) in places {
                let half = if a == b { 0.5 } else { 1.0 };
                for i in 0..n {
                    for j in 0..n {
                        let (one, other) = (&room.turned[i * q..], &room.turned[j * q..]);
                        gram[i * n + j] += half * (one[*a] * other[*b] + one[*b] * other[*a]);
                    }
                }
            }
        }
        let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
        for a in 0..all {
            for b in 0..=a {
                let mut found = 0.0;
                if a < p {
                    found += dot(&room.means[a * n..][..n], &room.means[b * n..][..n]);
                }
                if b >= begin {
                    let gram = |k: usize| &room.grams[(k - begin) * n * n..][..n * n];
                    found += 0.5 * dot(gram(a), gram(b));
                }
                sum[a * all + b] += scale * found;
                if a != b {
                    sum[b * all + a] += scale * found;
                }
            }
        }
    }

    /// Finds the root of the variance of the samples, its inverse, and the slopes by the deviations beside it. False where there is none.
    fn whiten(&self, rows: &[&Row], room: &mut Room) -> bool {
        let (n, q) = (rows.len(), self.shape.eta.len());
        let Room { slopes, wide, root, over, turned, .. } = room;
        for buffer in [&mut *slopes, &mut *wide, &mut *turned] {
            buffer.clear();
            buffer.resize(n * q, 0.0);
        }
        for (i, row) in rows.iter().enumerate() {
            let own = &row.numbers[self.shape.deviations()..][..q];
            slopes[i * q..][..q].copy_from_slice(own);
            for k in 0..q {
                wide[i * q + k] = (0..q).map(|l| self.omega[k * q + l] * own[l]).sum();
            }
        }
        root.clear();
        root.resize(n * n, 0.0);
        over.clear();
        over.resize(n * n, 0.0);
        for i in 0..n {
            for j in 0..=i {
                let mut rest: f64 = (0..q).map(|k| slopes[i * q + k] * wide[j * q + k]).sum();
                if i == j {
                    rest += 1.0 / rows[i].numbers[0];
                }
                rest -= (0..j).map(|k| root[i * n + k] * root[j * n + k]).sum::<f64>();
                if i > j {
                    root[i * n + j] = rest / root[j * n + j];
                } else if rest > 0.0 && rest.is_finite() {
                    root[i * n + i] = rest.sqrt();
                } else {
                    return false;
                }
            }
        }
        for j in 0..n {
            over[j * n + j] = 1.0 / root[j * n + j];
            for i in j + 1..n {
                let sum: f64 = (j..i).map(|k| root[i * n + k] * over[k * n + j]).sum();
                over[i * n + j] = -sum / root[i * n + i];
            }
        }
        beside(over, slopes, n, q, turned);
        true
    }

    /// Adds `W diag(r) W'` with the slopes of the variances of the samples by a number.
    fn add_noise(&self, rows: &[&Row], k: usize, room: &mut Room, at: usize) {
        let n = rows.len();
        for (j, row) in rows.iter().enumerate() {
            // A sample that may lie below a limit tells of its variance as one with another variance does.
            let own = &row.numbers;
            let slope = own[self.shape.variance() + k] * (2.0 * own[2]).sqrt() / own[0];
            for a in j..n {
                let share = slope * room.over[a * n + j];
                for b in j..n {
                    room.grams[at + a * n + b] += share * room.over[b * n + j];
                }
            }
        }
    }

    /// Adds `W (A_k Omega A' + A Omega A_k') W'`.
    fn add_bend(&self, rows: &[&Row], k: usize, room: &mut Room, at: usize) {
        let (n, q) = (rows.len(), self.shape.eta.len());
        let Room { bends, wide, over, turned, grams, slopes, .. } = room;
        bends.clear();
        for row in rows {
            bends.extend_from_slice(&row.numbers[self.shape.bend() + k * q..][..q]);
        }
        // The slopes are used up: their place holds the bends beside the root.
        slopes.fill(0.0);
        beside(over, bends, n, q, slopes);
        for i in 0..n {
            for l in 0..q {
                wide[i * q + l] = (0..q).map(|m| turned[i * q + m] * self.omega[m * q + l]).sum();
            }
        }
        for a in 0..n {
            for b in 0..n {
                let one: f64 = (0..q).map(|l| slopes[a * q + l] * wide[b * q + l]).sum();
                grams[at + a * n + b] += one;
                grams[at + b * n + a] += one;
            }
        }
    }
}

/// `W X` with a lower `W`.
fn beside(over: &[f64], x: &[f64], n: usize, q: usize, out: &mut [f64]) {
    for i in 0..n {
        for j in 0..=i {
            for k in 0..q {
                out[i * q + k] += over[i * n + j] * x[j * q + k];
            }
        }
    }
}
