//! The numbers of the curve inside a step, for each method.
//!
//! Rows and further stages are those of the continuous output that Hairer, Nørsett and Wanner give with their methods
//! (Solving Ordinary Differential Equations I, section II.6, and the programs `dop853.f` and `dopri5.f`, in which the
//! digits are public). The corrections are ours: `curve.rs` says what they are for.

#![expect(clippy::unreadable_literal, clippy::excessive_precision, reason = "the digits as they are published")]

use super::tolerance::Solver;

/// Rows of a curve: those that the ends of the step give, and those that its stages give.
pub(super) const ROWS: usize = 9;
/// The first row that the stages give.
pub(super) const FIRST_INNER: usize = 4;
/// The most slopes of a curve.
pub(super) const SLOPES: usize = 16;

/// What makes a curve from the slopes of a step.
pub(super) struct Scheme<const FURTHER: usize, const INNER: usize> {
    /// Where the slope at the end of the step stands among the slopes.
    pub(super) end: usize,
    /// The stages that only a curve needs, in the order in which they follow the end.
    pub(super) further: [Stage; FURTHER],
    /// What each slope adds to the inner rows.
    pub(super) inner: [(usize, [f64; 4]); INNER],
    pub(super) corrections: [Correction; 2],
}

/// A point of the step, as a fraction of it, and the slopes that lead there.
pub(super) struct Stage {
    pub(super) c: f64,
    pub(super) a: [(usize, f64); 8],
}

/// A shape, by its inner rows, the slope of which is 1 at `at`, and what each row counts for there.
pub(super) struct Correction {
    pub(super) at: f64,
    pub(super) shape: [f64; ROWS - FIRST_INNER],
    pub(super) value: [f64; ROWS],
    pub(super) slope: [f64; ROWS],
}

impl Correction {
    const fn new(at: f64, shape: [f64; ROWS - FIRST_INNER]) -> Self {
        let (value, slope) = weights(at);
        Self { at, shape, value, slope }
    }
}

/// What each row counts for at a place in the step, in the value and in the slope.
pub(super) const fn weights(place: f64) -> ([f64; ROWS], [f64; ROWS]) {
    let (mut value, mut slope) = ([1.0; ROWS], [0.0; ROWS]);
    let mut row = 1;
    while row < ROWS {
        let (factor, change) = if row % 2 == 1 { (place, 1.0) } else { (1.0 - place, -1.0) };
        value[row] = value[row - 1] * factor;
        slope[row] = slope[row - 1] * factor + value[row - 1] * change;
        row += 1;
    }
    (value, slope)
}

impl Solver {
    /// The stages of a step, the last of which is followed by the second of the next attempt.
    pub(super) fn stages(self) -> isize {
        match self {
            Self::Dop853 => 12,
            Self::Dopri5 => 7,
        }
    }

    /// How much of the longest step of a system the method takes: it damps what falls by the rate `k` in steps of up to 6.1/k
    /// (DOP853) or 3.3/k (DOPRI5), and a system says the first.
    pub(super) fn reach(self) -> f64 {
        match self {
            Self::Dop853 => 1.0,
            Self::Dopri5 => 0.6,
        }
    }

    /// Where the slope at the end of a step stands among the slopes.
    pub(super) fn end(self) -> usize {
        match self {
            Self::Dop853 => DOP853.end,
            Self::Dopri5 => DOPRI5.end,
        }
    }
}

pub(super) static DOP853: Scheme<3, 12> = Scheme {
    end: 12,
    further: [
        Stage {
            c: 0.1,
            a: [
                (0, 5.61675022830479523392909219681e-2),
                (6, 2.53500210216624811088794765333e-1),
                (7, -2.46239037470802489917441475441e-1),
                (8, -1.24191423263816360469010140626e-1),
                (9, 1.5329179827876569731206322685e-1),
                (10, 8.20105229563468988491666602057e-3),
                (11, 7.56789766054569976138603589584e-3),
                (12, -8.298e-3),
            ],
        },
        Stage {
            c: 0.2,
            a: [
                (0, 3.18346481635021405060768473261e-2),
                (5, 2.83009096723667755288322961402e-2),
                (6, 5.35419883074385676223797384372e-2),
                (7, -5.49237485713909884646569340306e-2),
                (10, -1.08347328697249322858509316994e-4),
                (11, 3.82571090835658412954920192323e-4),
                (12, -3.40465008687404560802977114492e-4),
                (13, 1.41312443674632500278074618366e-1),
            ],
        },
        Stage {
            c: 0.777777777777777777777777777778,
            a: [
                (0, -4.28896301583791923408573538692e-1),
                (5, -4.69762141536116384314449447206e0),
                (6, 7.68342119606259904184240953878e0),
                (7, 4.06898981839711007970213554331e0),
                (8, 3.56727187455281109270669543021e-1),
                (12, -1.39902416515901462129418009734e-3),
                (13, 2.9475147891527723389556272149e0),
                (14, -9.15095847217987001081870187138e0),
            ],
        },
    ],
    #[rustfmt::skip]
    inner: [
        (0, [-8.4289382761090128651353491142, 10.427508642579134603413151009, 19.985053242002433820987653617, -25.693933462703749003312586129]),
        (5, [0.56671495351937776962531783590, 242.28349177525818288430175319, -387.03730874935176555105901742, -154.18974869023643374053993627]),
        (6, [-3.0689499459498916912797304727, 165.20045171727028198505394887, -189.17813819516756882830838328, -231.52937917604549567536039109]),
        (7, [2.3846676565120698287728149680, -374.54675472269020279518312152, 527.80815920542364900561016686, 357.63911791061412378285349910]),
        (8, [2.1170345824450282767155149946, -22.113666853125306036270938578, -11.573902539959630126141871134, 93.405324183624310003907691704]),
        (9, [-0.87139158377797299206789907490, 7.7334326684722638389603898808, 6.8812326946963000169666922661, -37.458323136451633156875139351]),
        (10, [2.2404374302607882758541771650, -30.674084731089398182061213626, -1.0006050966910838403183860980, 104.09964950896230045147246184]),
        (11, [0.63157877876946881815570249290, -9.3321305264302278729567221706, 0.77771377980534432092869265740, 29.840293426660503123344363579]),
        (12, [-0.088990336451333310820698117400, 15.697238121770843886131091075, -2.7782057523535084065932004339, -43.533456590011143754432175058]),
        (13, [18.148505520854727256656404962, -31.139403219565177677282850411, -60.196695231264120758267380846, 96.324553959188282948394950600]),
        (14, [-9.1946323924783554000451984436, -9.3529243588444783865713862664, 84.320405506677161018159903784, -39.177261675615439165231486172]),
        (15, [-4.4360363875948939664310572000, 35.816841486394083752465898540, 11.992291136182789328035130030, -149.72683625798562581422125276]),
    ],
    #[rustfmt::skip]
    corrections: [
        Correction::new(0.68, [-2.1933471486839563, 22.177596065895492, 3.9146487389269943, -90.158370710841905, 2.4956523447474779]),
        Correction::new(0.89, [-10.333989649637123, -23.991115912299515, 144.02146143416053, 86.856103708049708, -434.81978193111123]),
    ],
};

pub(super) static DOPRI5: Scheme<0, 6> = Scheme {
    end: 6,
    further: [],
    inner: [
        (0, [-12_715_105_075.0 / 11_282_082_432.0, 0.0, 0.0, 0.0]),
        (2, [87_487_479_700.0 / 32_700_410_799.0, 0.0, 0.0, 0.0]),
        (3, [-10_690_763_975.0 / 1_880_347_072.0, 0.0, 0.0, 0.0]),
        (4, [701_980_252_875.0 / 199_316_789_632.0, 0.0, 0.0, 0.0]),
        (5, [-1_453_857_185.0 / 822_651_844.0, 0.0, 0.0, 0.0]),
        (6, [69_997_945.0 / 29_380_423.0, 0.0, 0.0, 0.0]),
    ],
    corrections: [
        Correction::new(0.275, [10.627544972552490, -10.179841105691790, 0.0, 0.0, 0.0]),
        Correction::new(0.65, [-16.117216117216117, 32.459847844463229, 0.0, 0.0, 0.0]),
    ],
};
