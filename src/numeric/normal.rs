//! The quantile of the normal distribution.

use super::{horner, ln};

/// The number below which a standard normal variable lies with probability `p`, for `p` within (0, 1).
///
/// Wichura, Algorithm AS 241 (PPND16), Appl Stat 1988;37:477: relative error about 1e-16. One uniform number gives one normal
/// number, by additions, multiplications and square roots alone, so the same draw has the same bits everywhere.
#[inline]
pub(crate) fn normal_quantile(p: f64) -> f64 {
    let q = p - 0.5;
    if q.abs() <= CENTRAL { central(q) } else { tail(p) }
}

/// The same for several at once: the middle, where 85 % of them lie, side by side and without a branch.
#[inline]
pub(crate) fn normal_quantiles<const N: usize>(p: &[f64; N]) -> [f64; N] {
    let mut z = [0.0; N];
    for i in 0..N {
        z[i] = central(p[i] - 0.5);
    }
    for i in 0..N {
        if (p[i] - 0.5).abs() > CENTRAL {
            z[i] = tail(p[i]);
        }
    }
    z
}

const CENTRAL: f64 = 0.425;

#[inline(always)]
fn central(q: f64) -> f64 {
    let r = 0.180_625 - q * q;
    q * horner(r, &A) / horner(r, &B)
}

#[inline(never)]
fn tail(p: f64) -> f64 {
    let r = (-ln(if p < 0.5 { p } else { 1.0 - p })).sqrt();
    let z =
        if r <= 5.0 { horner(r - 1.6, &C) / horner(r - 1.6, &D) } else { horner(r - 5.0, &E) / horner(r - 5.0, &F) };
    z.copysign(p - 0.5)
}

const A: [f64; 8] = [
    3.387_132_872_796_366_608_0,
    1.331_416_678_917_843_774_5e2,
    1.971_590_950_306_551_442_7e3,
    1.373_169_376_550_946_112_5e4,
    4.592_195_393_154_987_145_7e4,
    6.726_577_092_700_870_085_3e4,
    3.343_057_558_358_812_810_5e4,
    2.509_080_928_730_122_672_7e3,
];
const B: [f64; 8] = [
    1.0,
    4.231_333_070_160_091_125_2e1,
    6.871_870_074_920_579_083_0e2,
    5.394_196_021_424_751_107_7e3,
    2.121_379_430_158_659_586_7e4,
    3.930_789_580_009_271_061_0e4,
    2.872_908_573_572_194_267_4e4,
    5.226_495_278_852_854_561_0e3,
];
const C: [f64; 8] = [
    1.423_437_110_749_683_577_34,
    4.630_337_846_156_545_295_90,
    5.769_497_221_460_691_405_50,
    3.647_848_324_763_204_605_04,
    1.270_458_252_452_368_382_58,
    2.417_807_251_774_506_117_70e-1,
    2.272_384_498_926_918_458_33e-2,
    7.745_450_142_783_414_076_40e-4,
];
const D: [f64; 8] = [
    1.0,
    2.053_191_626_637_758_821_87,
    1.676_384_830_183_803_849_40,
    6.897_673_349_851_000_045_50e-1,
    1.481_039_764_274_800_745_90e-1,
    1.519_866_656_361_645_719_66e-2,
    5.475_938_084_995_344_946_00e-4,
    1.050_750_071_644_416_843_24e-9,
];
const E: [f64; 8] = [
    6.657_904_643_501_103_777_20,
    5.463_784_911_164_114_369_90,
    1.784_826_539_917_291_335_80,
    2.965_605_718_285_048_912_30e-1,
    2.653_218_952_657_612_309_30e-2,
    1.242_660_947_388_078_438_60e-3,
    2.711_555_568_743_487_578_15e-5,
    2.010_334_399_292_288_132_65e-7,
];
const F: [f64; 8] = [
    1.0,
    5.998_322_065_558_879_376_90e-1,
    1.369_298_809_227_358_053_10e-1,
    1.487_536_129_085_061_485_25e-2,
    7.868_691_311_456_132_591_00e-4,
    1.846_318_317_510_054_681_80e-5,
    1.421_511_758_316_445_888_70e-7,
    2.044_263_103_389_939_785_64e-15,
];

#[cfg(test)]
mod tests {
    use super::*;

    /// By mpmath in 40 digits: `sqrt(2) erfinv(2 p - 1)`.
    #[test]
    fn quantiles_of_the_normal_distribution() {
        for (p, expected) in NORMAL {
            let found = normal_quantile(p);
            assert!((found - expected).abs() <= 4e-16 * expected.abs(), "{p}: {found:e} against {expected:e}");
        }
        assert_eq!(normal_quantile(0.5), 0.0);
    }

    const NORMAL: [(f64, f64); 13] = [
        (1.1102230246251565e-16, -8.2095361516013868556),
        (1e-12, -7.0344838253011319326),
        (1e-05, -4.2648907939228246102),
        (0.001, -3.0902323061678135354),
        (0.02425, -1.9729610513118848376),
        (0.07, -1.4757910281791706856),
        (0.0751, -1.4388253927525399824),
        (0.25, -0.6744897501960817432),
        (0.4999, -0.00025066283008800749239),
        (0.6, 0.25334710313579974132),
        (0.9, 1.2815515655446005935),
        (0.975, 1.9599639845400538556),
        (0.999999, 4.7534243088170877657),
    ];
}
