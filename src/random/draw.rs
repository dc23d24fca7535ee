//! Random numbers that depend on who they are for and what they are for, and on nothing else.

use rand::rngs::ChaCha8Rng;
use rand::{Rng, SeedableRng};

use super::covariance::Covariance;
use super::distribution::Distribution;
use crate::numeric::{exp, normal_quantile, normal_quantiles};

/// What random numbers are for. Each purpose has streams of its own, so that asking for more of one changes no other.
///
/// ```
/// use menaquinone::{random::{Purpose, Stream}};
/// let uniform = |purpose| Stream { seed: 1, subject: 7, purpose }.draw().uniform();
/// assert_ne!(uniform(Purpose::Person), uniform(Purpose::Residual));
/// assert_ne!(uniform(Purpose::Occasion(1)), uniform(Purpose::Occasion(2)));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Purpose {
    /// What a person is: parameters and covariates.
    #[default]
    Person,
    /// What differs between the occasions of one person, by the number of the occasion.
    Occasion(u32),
    /// Which doses are missed, and when the others are taken.
    Adherence,
    /// The error of a measurement.
    Residual,
    /// The typical person of one replicate: the uncertainty of the parameters.
    Typical,
    /// Anything of your own.
    Other(u32),
}

impl Purpose {
    /// The kind and the number, as they stand in the key. These numbers must never change.
    fn tag(self) -> [u32; 2] {
        match self {
            Self::Person => [0, 0],
            Self::Occasion(number) => [1, number],
            Self::Adherence => [2, 0],
            Self::Residual => [3, 0],
            Self::Typical => [4, 0],
            Self::Other(number) => [5, number],
        }
    }
}

/// The name of a stream of random numbers: whose it is and what it is for.
///
/// The numbers of a stream follow from its name alone, by counting and not by taking turns: `ChaCha8` with a key of the seed and the
/// purpose. Its block of the subject's number is the first eight numbers of the subject; further numbers are those of the
/// subject's own stream under a second key. So a person has the same numbers alone, in a slice, and in a million, whatever thread
/// asks and in whatever order. They are the same on every machine.
///
/// ```
/// use menaquinone::{random::{Purpose, Stream}};
/// let stream = Stream { seed: 42, subject: 7, purpose: Purpose::Person };
/// let (mut once, mut again) = (stream.draw(), stream.draw());
/// assert_eq!(once.uniform(), again.uniform());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Stream {
    /// The number that the caller chose for the whole run.
    pub seed: u64,
    /// The person, or the replicate for [`Purpose::Typical`].
    pub subject: u64,
    /// What the numbers are for.
    pub purpose: Purpose,
}

/// The keys of the first numbers and of those after them.
const FIRST: &[u8; 16] = b"menaquinone draw";
const FURTHER: &[u8; 16] = b"menaquinone more";
/// How many numbers a subject has in its block.
const IN_BLOCK: u8 = 8;

impl Stream {
    /// The beginning of this stream.
    pub fn draw(self) -> Draw {
        let mut first = self.generator(FIRST);
        first.set_word_pos(self.word());
        Draw { stream: self, first, used: 0, further: None, notes: Vec::new() }
    }

    /// Where the block of the subject begins, in words of 32 bits.
    fn word(self) -> u128 {
        u128::from(self.subject) * 2 * u128::from(IN_BLOCK)
    }

    fn generator(self, key_of: &[u8; 16]) -> ChaCha8Rng {
        let mut key = [0; 32];
        key[..8].copy_from_slice(&self.seed.to_le_bytes());
        let [kind, number] = self.purpose.tag();
        key[8..12].copy_from_slice(&kind.to_le_bytes());
        key[12..16].copy_from_slice(&number.to_le_bytes());
        key[16..].copy_from_slice(key_of);
        ChaCha8Rng::from_seed(key)
    }
}

/// The random numbers of one stream, one after another.
///
/// ```
/// use menaquinone::{random::{LogNormal, Stream}};
/// let cl = LogNormal::of_cv(1.27, 0.35)?.distribution()?;
/// let mut draw = Stream { seed: 42, ..Stream::default() }.draw();
/// let value = draw.value(&cl);
/// assert!(value > 0.3 && value < 5.0);
/// # Ok::<(), menaquinone::Error>(())
/// ```
#[derive(Debug)]
pub struct Draw {
    stream: Stream,
    /// At the block of the subject, of whose numbers so many are used up. The generator makes four blocks at a time, so that
    /// neighbours, who are likely to be next, share the work.
    first: ChaCha8Rng,
    used: u8,
    further: Option<ChaCha8Rng>,
    notes: Vec<(&'static str, f64)>,
}

impl Draw {
    /// The number of the person (or replicate) in the whole, from 0.
    ///
    /// ```
    /// use menaquinone::random::Stream;
    /// assert_eq!(Stream { seed: 1, subject: 7, ..Stream::default() }.draw().id(), 7);
    /// ```
    pub fn id(&self) -> u64 {
        self.stream.subject
    }

    /// A number between 0 and 1, both excluded, in steps of 2^-52.
    ///
    /// ```
    /// # use menaquinone::random::Stream;
    /// let u = Stream::default().draw().uniform();
    /// assert!(u > 0.0 && u < 1.0);
    /// ```
    #[inline]
    pub fn uniform(&mut self) -> f64 {
        const STEP: f64 = 1.0 / 4_503_599_627_370_496.0; // 2^-52
        #[expect(clippy::cast_precision_loss, reason = "52 bits are exact")]
        let bits = (self.number() >> 12) as f64;
        (bits + 0.5) * STEP
    }

    /// A standard normal number, by inversion: it uses up one uniform number.
    ///
    /// ```
    /// # use menaquinone::random::Stream;
    /// assert!(Stream::default().draw().normal().abs() < 8.3);
    /// ```
    #[inline]
    pub fn normal(&mut self) -> f64 {
        normal_quantile(self.uniform())
    }

    /// Whether something of this probability happens; never for 0, always for 1.
    ///
    /// ```
    /// # use menaquinone::random::Stream;
    /// assert!(Stream::default().draw().chance(1.0));
    /// ```
    #[inline]
    pub fn chance(&mut self, probability: f64) -> bool {
        self.uniform() < probability
    }

    /// A value of a distribution.
    ///
    /// ```
    /// use menaquinone::{random::{Stream, Uniform}};
    /// let age = Uniform { low: 50.0, high: 65.0 }.distribution()?;
    /// assert!((50.0..65.0).contains(&Stream::default().draw().value(&age)));
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    #[inline]
    pub fn value(&mut self, distribution: &Distribution) -> f64 {
        distribution.at(self.uniform())
    }

    /// Correlated normal numbers with mean 0: the deviations of one person from the typical one, on the scale of the logarithm.
    ///
    /// ```
    /// use menaquinone::{random::{Covariance, Stream}};
    /// let omega = Covariance::of_cvs([0.35, 0.35], &[(0, 1, 0.5)])?;
    /// let [cl, v] = Stream::default().draw().etas(&omega);
    /// assert!(cl.abs() < 4.0 && v.abs() < 4.0);
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    #[inline]
    pub fn etas<const N: usize>(&mut self, covariance: &Covariance<N>) -> [f64; N] {
        let uniform = std::array::from_fn(|_| self.uniform());
        covariance.times(&normal_quantiles(&uniform))
    }

    /// `e^eta` of correlated deviations: the factors by which a person's parameters differ from the typical ones.
    ///
    /// ```
    /// use menaquinone::{Parameters, random::{Covariance, Stream}};
    /// let typical = Parameters { cl: 1.27, v: 154.0, ka: 1.0, tlag: 0.0, f: 1.0 };
    /// let omega = Covariance::of_cvs([0.35, 0.35, 0.4], &[(0, 1, 0.5)])?;
    /// let [cl, v, ka] = Stream::default().draw().factors(&omega);
    /// let person = Parameters { cl: typical.cl * cl, v: typical.v * v, ka: typical.ka * ka, ..typical }.model()?;
    /// # assert!(person.half_life() > 0.0);
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    #[inline]
    pub fn factors<const N: usize>(&mut self, covariance: &Covariance<N>) -> [f64; N] {
        let mut factors = self.etas(covariance);
        for i in 0..N {
            factors[i] = exp(factors[i].clamp(-700.0, 700.0));
        }
        factors
    }

    /// Keeps a covariate of this person, such as a weight; [`Population::covariate`](crate::Population::covariate) has it then for
    /// everybody. The value comes back, so that a draw can be noted where it is made. The same names must be noted of everybody,
    /// each once and finite, or there is no population.
    ///
    /// ```
    /// use menaquinone::{Parameters, Population, random::Normal};
    /// let weight = Normal { mean: 70.0, sd: 10.0 }.distribution()?;
    /// let people = Population::sample(3, 42, |draw| {
    ///     let kilograms = draw.value(&weight);
    ///     let cl = 1.27 * draw.note("weight", kilograms) / 70.0;
    ///     Parameters { cl, v: 154.0, ka: 1.0, tlag: 0.0, f: 1.0 }.model()
    /// })?;
    /// assert_eq!(people.covariate("weight")?.len(), 3);
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    pub fn note(&mut self, name: &'static str, value: f64) -> f64 {
        self.notes.push((name, value));
        value
    }

    pub(crate) fn notes(&self) -> &[(&'static str, f64)] {
        &self.notes
    }

    /// To the beginning of another person's stream, of the same seed and purpose.
    #[inline]
    pub(crate) fn move_to(&mut self, subject: u64) {
        if self.stream.subject.checked_add(1) == Some(subject) {
            (self.used..IN_BLOCK).for_each(|_| _ = self.first.next_u64());
            self.stream.subject = subject;
        } else {
            self.stream.subject = subject;
            self.first.set_word_pos(self.stream.word());
        }
        (self.used, self.further) = (0, None);
        self.notes.clear();
    }

    #[inline]
    fn number(&mut self) -> u64 {
        if self.used == IN_BLOCK {
            return self.further();
        }
        self.used += 1;
        self.first.next_u64()
    }

    #[inline(never)]
    fn further(&mut self) -> u64 {
        let stream = self.stream;
        let further = self.further.get_or_insert_with(|| {
            let mut further = stream.generator(FURTHER);
            further.set_stream(stream.subject);
            further
        });
        further.next_u64()
    }
}
