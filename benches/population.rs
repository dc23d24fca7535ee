#![allow(missing_docs)]
use menaquinone::*;
use std::time::Instant;
fn random() -> impl FnMut() -> f64 {
    let mut state = 1_u64;
    move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        f64::from((state >> 32) as u32) / 4_294_967_296.0
    }
}
fn main() {
    {
        let mut r = random();
        let n = 128;
        let models: Vec<Model> = (0..n)
            .map(|_| {
                Parameters {
                    cl: 1.27 * (0.5 * (r() + r() - 1.0)).exp(),
                    v: 154.0 * (0.5 * (r() + r() - 1.0)).exp(),
                    ka: 0.4 * (r() - 0.5).exp(),
                    tlag: 0.0,
                    f: 0.9,
                }
                .model()
                .unwrap()
            })
            .collect();
        let people = Population::of(models);
        let reg: Regimen = Dose::of(180.0).every(24.0).times(28);
        for times in [grid(0.0..=672.0, 1.0), grid(0.0..=672.0, 2.0), grid(0.0..=672.0, 24.0 / 64.0)] {
            let mut buf = vec![0.0; n * times.len()];
            for _ in 0..3 {
                let t = Instant::now();
                for _ in 0..100 {
                    people.simulate_into(&reg, &times, &mut buf).unwrap();
                }
                println!(
                    "in cache {} points: {:.1} ns/person",
                    times.len(),
                    t.elapsed().as_secs_f64() * 1e9 / 100.0 / n as f64
                );
            }
        }
    }
    let mut r = random();
    for n in [10_000, 100_000] {
        let models: Vec<Model> = (0..n)
            .map(|_| {
                Parameters {
                    cl: 1.27 * (0.5 * (r() + r() - 1.0)).exp(),
                    v: 154.0 * (0.5 * (r() + r() - 1.0)).exp(),
                    ka: 0.4 * (r() - 0.5).exp(),
                    tlag: 0.0,
                    f: 0.9,
                }
                .model()
                .unwrap()
            })
            .collect();
        let people = Population::of(models);
        let times = grid(0.0..=672.0, 1.0);
        let reg: Regimen = Dose::of(180.0).every(24.0).times(28);
        let mut buf = vec![0.0; n * times.len()];
        for k in 0..6 {
            let t = Instant::now();
            {
                use rayon::prelude::*;
                buf.par_chunks_mut(128 * 673).for_each(|c| c.fill(1.0 + k as f64));
            }
            let fill = t.elapsed();
            let t = Instant::now();
            people.simulate_into(&reg, &times, &mut buf).unwrap();
            let d = t.elapsed();
            println!(
                "{n} fill {:?} sim {:?} ratio {:.2} ns/sample {:.3}",
                fill,
                d,
                d.as_secs_f64() / fill.as_secs_f64(),
                d.as_secs_f64() * 1e9 / buf.len() as f64
            );
        }
        for _ in 0..3 {
            let t = Instant::now();
            let b = people.bands(&reg, &times, &[0.05, 0.25, 0.5, 0.75, 0.95]).unwrap();
            println!("bands {:?} {}", t.elapsed(), b.curve(0.5).unwrap().conc()[600]);
        }
        let alone = people.models()[n - 1].concentrations(&reg, &times).unwrap();
        assert_eq!(alone, buf[(n - 1) * 673..]);
    }
}
#[allow(dead_code)]
pub fn x() {}
