//! How long does a picture take, and how large is its file? A chart and a sheet of four, as PNG and, for the drawing without
//! pixels, as SVG.
#![allow(missing_docs)]

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use menaquinone::{
    Dose,
    chart::{Chart, Sheet},
    grid,
    units::*,
    vitamer::MK7,
};

/// 90 days of a daily dose, hour by hour, with everything a chart usually has.
fn chart(title: &str, amount: f64) -> Chart {
    let daily = Dose::of(amount).every(DAY);
    let profile = MK7.model().profile(&daily, &grid(0.0..=90.0 * DAY, 1.0 * HOUR)).expect("a profile");
    let average = MK7.model().steady_state(daily.clone()).expect("a steady state").cavg();
    Chart::new(title)
        .subtitle("Plasma concentration above the level without any dose")
        .curve("MK-7", &profile)
        .level(format!("average at steady state {average:.1} µg/L"), average)
        .doses(daily.times(90))
}

fn sheet() -> Sheet {
    let part = |amount: f64| chart(&format!("{amount} µg a day"), amount * UG);
    Sheet::new("MK-7 from the first dose on").row([45.0, 90.0].map(part)).row([180.0, 360.0].map(part)).shared_y()
}

fn pictures(c: &mut Criterion) {
    let (chart, sheet) = (chart("180 µg a day", 180.0 * UG), sheet());
    let files = [chart.to_png(), sheet.to_png()].map(|png| png.expect("a picture"));
    assert!(files.iter().all(|file| file.starts_with(b"\x89PNG")));
    println!("a chart is a PNG of {} bytes, a sheet of four one of {}", files[0].len(), files[1].len());

    let mut group = c.benchmark_group("chart");
    // 2000 × 1200 and 2400 × 1800 pixels.
    group.throughput(Throughput::Elements(2000 * 1200));
    group.bench_function("png/one", |b| b.iter(|| chart.to_png().expect("a picture")));
    group.throughput(Throughput::Elements(2400 * 1800));
    group.bench_function("png/sheet of four", |b| b.iter(|| sheet.to_png().expect("a picture")));
    group.finish();
    c.bench_function("chart/svg/one", |b| b.iter(|| chart.to_svg().expect("a document")));
}

criterion_group!(benches, pictures);
criterion_main!(benches);
