//! The terms of the series of a row of compartments, where its rates are near.

/// The terms `h_q n! / (q + n)!` of the powers of the time, for which `h_q` is the complete symmetric polynomial of degree
/// `q` in the distances of the rates from the first: `h_q(z_1..z_l) = h_q(z_1..z_{l-1}) + z_l h_{q-1}(z_1..z_l)`.
///
/// Distances are parts of the largest, and times are parts of that up to which the series serves. So no power can overflow,
/// and the same number of terms is good for all times.
pub(super) struct Terms<'a> {
    /// Those between 0 and 1, and their `h_q`.
    pub(super) distances: &'a [f64],
    pub(super) symmetric: &'a mut [f64],
    pub(super) edge: f64,
    /// `q + n` and `edge^q n! / (q + n)!`.
    pub(super) order: f64,
    pub(super) factor: f64,
    /// `h_q` of all distances, of which the last is 1.
    pub(super) all: f64,
}

impl Terms<'_> {
    #[inline(always)]
    fn next(&mut self) -> f64 {
        self.order += 1.0;
        self.factor *= self.edge / self.order;
        let mut h = 0.0;
        for (distance, symmetric) in self.distances.iter().zip(&mut *self.symmetric) {
            h += distance * *symmetric;
            *symmetric = h;
        }
        self.all += h;
        self.factor * self.all
    }

    /// The sum at times between 0 and 1, with as many terms as matter at 1.
    #[inline(always)]
    pub(super) fn sum<const N: usize>(mut self, time: &[f64; N]) -> [f64; N] {
        let (mut sum, mut power, mut most) = ([1.0; N], [1.0; N], 1.0);
        loop {
            let term = self.next();
            for l in 0..N {
                power[l] *= time[l];
            }
            for l in 0..N {
                sum[l] += term * power[l];
            }
            most += term;
            let matters = term > most * (f64::EPSILON / 4.0);
            if !matters {
                return sum;
            }
        }
    }
}
