//! Charts as a caller meets them: files, messages, and pictures that hold up under any data.

use std::path::{Path, PathBuf};

use menaquinone::{
    Dose, ErrorKind, Profile, Regimen,
    chart::{Chart, Colour, Sheet, Trace},
    units::*,
};

fn rise() -> Profile {
    Profile::new((0..=100).map(f64::from).collect(), (0..=100).map(|t| f64::from(t).sqrt()).collect())
        .expect("a profile")
}

fn chart() -> Chart {
    Chart::new("A rise & a <fall>").curve("MK-7", &rise()).size(500, 300).density(1.0)
}

fn message(chart: &Chart) -> String {
    chart.to_png().expect_err("this chart cannot be drawn").to_string()
}

/// The SVG of a chart that can be drawn: well formed, and without a number that is none.
fn drawn(chart: &Chart) -> String {
    let svg = chart.to_svg().expect("a document");
    assert_balanced(&svg);
    let mut words = svg.split(|c: char| !c.is_ascii_alphanumeric());
    assert!(!words.any(|word| ["NaN", "inf", "infinity"].contains(&word)), "{svg}");
    svg
}

/// Width, height and pixels (RGB) of a PNG.
fn decoded(bytes: &[u8]) -> (u32, u32, Vec<u8>) {
    let mut reader = png::Decoder::new(std::io::Cursor::new(bytes)).read_info().expect("a PNG");
    let mut pixels = vec![0; reader.output_buffer_size().expect("a size")];
    let info = reader.next_frame(&mut pixels).expect("a picture");
    (info.width, info.height, pixels)
}

/// An empty folder of this test's own.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("a folder");
    folder
}

#[test]
fn a_png_has_two_pixels_to_the_logical_pixel_and_says_how_large_they_are() {
    let bytes = Chart::new("Rise").curve("MK-7", &rise()).to_png().expect("a picture");
    assert!(bytes.starts_with(b"\x89PNG\r\n\x1a\n"));
    let reader = png::Decoder::new(std::io::Cursor::new(&bytes)).read_info().expect("a PNG");
    let size = reader.info().pixel_dims.expect("pHYs");
    assert_eq!((reader.info().width, reader.info().height, size.xppu), (2000, 1200, 7559));
    let (width, height, _) = decoded(&chart().size(400, 300).density(1.0).to_png().expect("a picture"));
    assert_eq!((width, height), (400, 300));
}

#[test]
fn the_same_chart_gives_the_same_bytes() {
    assert_eq!(chart().to_png(), chart().to_png());
    assert_eq!(chart().to_svg(), chart().to_svg());
}

#[test]
fn curves_are_smooth() {
    let (.., pixels) = decoded(&chart().colour(Colour::Blue).to_png().expect("a picture"));
    let between = |pixel: &&[u8]| pixel[0] > 40 && pixel[0] < 220 && pixel[2] > pixel[0].saturating_add(20);
    let blended = pixels.chunks_exact(3).filter(between).count();
    assert!(blended > 200, "only {blended} pixels lie between the curve's blue and white");
}

#[test]
fn an_svg_is_well_formed_and_names_what_it_shows() {
    let svg = chart().subtitle("to 100 h").level("\"five\"", 5.0).to_svg().expect("a document");
    assert!(svg.contains("<title>A rise &amp; a &lt;fall&gt;</title>"));
    assert!(svg.contains("<desc>to 100 h. MK-7; &quot;five&quot;</desc>"));
    assert!(svg.contains("aria-label=\"MK-7\""));
    assert_balanced(&svg);
}

/// Every tag is closed, and every attribute has a value in quotes.
fn assert_balanced(svg: &str) {
    let mut open: Vec<&str> = Vec::new();
    for tag in svg.split('<').skip(1).map(|part| part.split('>').next().unwrap_or_default()) {
        let name = tag.trim_start_matches('/').split([' ', '/']).next().unwrap_or_default();
        assert_eq!(tag.matches('"').count() % 2, 0, "{tag}");
        if tag.starts_with('/') {
            assert_eq!(open.pop(), Some(name));
        } else if !tag.ends_with('/') {
            open.push(name);
        }
    }
    assert!(open.is_empty(), "{open:?} stay open");
}

#[test]
fn a_chart_without_data_is_refused() {
    let expected = "the chart \"Empty\" has nothing to draw: add a curve, points or a band";
    assert_eq!(message(&Chart::new("Empty")), expected);
    assert_eq!(message(&Chart::new("Empty").level("one", 1.0).doses(Dose::of(1.0))), expected);
}

#[test]
fn numbers_that_have_no_place_on_paper_are_refused() {
    assert_eq!(
        message(&Chart::xy("").curve("up", [(0.0, 1.0), (1.0, f64::NAN)])),
        "the curve \"up\" holds the point (1, NaN), but only finite numbers can be drawn: leave the point out"
    );
    assert_eq!(
        message(&Chart::xy("").points("", [(f64::INFINITY, 1.0)])),
        "the set of points holds the point (inf, 1), but only finite numbers can be drawn: leave the point out"
    );
    assert_eq!(
        message(&Chart::xy("").curve("none", Vec::new())),
        "the curve \"none\" has no points to draw: give it at least one"
    );
    assert_eq!(message(&chart().level("top", f64::NAN)), "the level \"top\" is NaN, but it must be a finite number");
    assert_eq!(
        message(&chart().moment("late", f64::INFINITY)),
        "the moment \"late\" is inf, but it must be a finite number"
    );
    assert_eq!(
        message(&chart().note("here", (1.0, f64::NAN))),
        "the point of the note \"here\" is NaN, but it must be a finite number"
    );
    assert_eq!(
        message(&Chart::xy("").whiskers([(0.0, 1.0)], [(0.0, 2.0), (1.0, 2.0)])),
        "the set of whiskers has 1 low ends and 2 high ends: give as many of one as of the other"
    );
    assert_eq!(
        message(&chart().doses(Dose::of(-1.0))),
        "the amount of a dose is -1 µg, but it must be a positive, finite number"
    );
}

#[test]
fn ranges_and_sizes_that_cannot_be_are_refused() {
    let backwards = chart().x_range(5.0..=3.0);
    assert_eq!(message(&backwards), "x_range is 5..=3, but it must run from a finite number to a greater one");
    assert_eq!(
        message(&chart().y_range(0.0..=f64::INFINITY)),
        "y_range is 0..=inf, but it must run from a finite number to a greater one"
    );
    assert_eq!(
        message(&chart().size(40, 30)),
        "the size of the chart is 40 × 30 logical pixels, but both must lie between 100 and 10000"
    );
    assert_eq!(message(&chart().density(0.0)), "the density of the chart is 0, but it must lie between 0.5 and 8");
    let huge = chart().size(10_000, 10_000).density(8.0);
    assert_eq!(
        message(&huge),
        "the chart would have 6400 million pixels, but at most 200 million are drawn: choose a smaller size or density"
    );
    assert_eq!(
        message(&chart().size(120, 100)),
        "the chart \"A rise & a <fall>\" has no room: 0 × 0 logical pixels are left for the plot, and it takes at least 60 × 40; choose a larger size or shorter texts"
    );
}

#[test]
fn a_logarithmic_x_axis_has_decades_and_needs_something_above_zero() {
    let cost = || Chart::xy("Cost").curve("ours", [(10.0, 0.02), (1_000.0, 0.7), (1e5, 79.0)]);
    let log = cost().log_x_scale().to_svg().expect("all above zero");
    assert_ne!(log, cost().to_svg().expect("a chart"));
    assert_eq!(log, cost().log_x_scale().x_range(10.0..=1e5).to_svg().expect("the range of the data"));
    // A point at zero has no place, and what follows is drawn as it would be without it.
    let from_zero = Chart::xy("Cost").curve("ours", [(0.0, 0.0), (10.0, 0.02), (1_000.0, 0.7), (1e5, 79.0)]);
    assert_eq!(from_zero.log_x_scale().to_svg().expect("a chart"), log);
    assert!(drawn(&Chart::xy("One").points("point", [(5.0, 1.0)]).log_x_scale()).contains("aria-label=\"point\""));
    drawn(&Chart::xy("Far").curve("", [(1e-308, 1.0), (1e308, 2.0)]).log_x_scale().log_scale());
    assert_eq!(
        message(&Chart::xy("Nothing").curve("", [(-1.0, 0.0), (0.0, 1.0)]).log_x_scale()),
        "the chart \"Nothing\" has a logarithmic x axis but no x above zero to show on it: leave out log_x_scale()"
    );
    assert_eq!(
        message(&cost().log_x_scale().x_range(0.0..=1.0)),
        "x_range begins at 0, but a logarithmic axis can only begin above zero: give a positive number or leave out log_x_scale()"
    );
}

#[test]
fn a_logarithmic_axis_needs_something_above_zero() {
    let zeros = Chart::xy("Nothing").curve("", [(0.0, 0.0), (1.0, 0.0)]).log_scale();
    assert_eq!(
        message(&zeros),
        "the chart \"Nothing\" has a logarithmic axis but no value above zero to show on it: leave out log_scale()"
    );
    assert_eq!(
        message(&chart().log_scale().y_range(0.0..=1.0)),
        "y_range begins at 0, but a logarithmic axis can only begin above zero: give a positive number or leave out log_scale()"
    );
    // The zero at the start is left out, and what follows is drawn as it would be without it.
    let from_zero = Chart::new("Rise").curve("MK-7", &rise()).x_range(0.0..=100.0).log_scale();
    let after: Vec<(f64, f64)> = rise().iter().skip(1).collect();
    let without = Chart::new("Rise").curve("MK-7", after).x_range(0.0..=100.0).log_scale();
    assert_eq!(drawn(&from_zero), drawn(&without));
}

#[test]
fn a_sheet_refuses_empty_rows_and_odd_heights() {
    let message = |sheet: Sheet| sheet.to_svg().expect_err("this sheet cannot be drawn").to_string();
    assert_eq!(
        message(Sheet::new("S")),
        "the sheet \"S\" has no charts or a row without any: give every row at least one chart"
    );
    assert_eq!(
        message(Sheet::new("S").row([chart()]).relative_height(-1.0)),
        "a row of the sheet \"S\" has the relative height -1, but it must be a positive, finite number"
    );
}

#[test]
fn the_extension_decides_and_an_unknown_one_is_refused() {
    let folder = folder("extensions");
    chart().save(folder.join("a.png")).expect("a PNG");
    chart().save(folder.join("a.SVG")).expect("an SVG");
    assert!(std::fs::read(folder.join("a.png")).expect("a file").starts_with(b"\x89PNG"));
    assert!(std::fs::read_to_string(folder.join("a.SVG")).expect("a file").starts_with("<svg"));
    let error = chart().save("a.pdf").expect_err("not a format");
    assert_eq!(error.kind(), ErrorKind::File);
    assert_eq!(
        error.to_string(),
        "the chart cannot be saved as a.pdf: the name ends in .pdf, and a chart is a .png or a .svg, so end it in one of these"
    );
    let error = chart().save("chart").expect_err("no extension").to_string();
    assert_eq!(
        error,
        "the chart cannot be saved as chart: the name has no extension, and a chart is a .png or a .svg, so end it in one of these"
    );
}

#[test]
fn a_file_that_cannot_be_written_leaves_nothing_behind() {
    let folder = folder("unwritable");
    let error = chart().save(folder.join("missing/missing/a.png")).expect_err("no such folder");
    assert_eq!(error.kind(), ErrorKind::File);
    let expected = format!(
        "cannot write {0}/missing/missing/a.png: No such file or directory (os error 2): create the folder {0}/missing/missing first",
        folder.display()
    );
    assert_eq!(error.to_string(), expected);

    // One folder that is not there is made.
    chart().save(folder.join("charts/a.png")).expect("a chart");
    std::fs::remove_dir_all(folder.join("charts")).expect("a folder");

    std::fs::write(folder.join("plain"), "a file").expect("a file");
    let error = chart().save(folder.join("plain/a.png")).expect_err("not a folder").to_string();
    assert!(error.ends_with("plain is not a folder, so choose another place"), "{error}");

    std::fs::create_dir(folder.join("taken.png")).expect("a folder");
    let error = chart().save(folder.join("taken.png")).expect_err("a folder is there").to_string();
    assert!(error.ends_with("a folder has that name already, so choose another name"), "{error}");

    let mut left: Vec<_> =
        std::fs::read_dir(&folder).expect("a folder").map(|entry| entry.expect("an entry").file_name()).collect();
    left.sort();
    assert_eq!(left, ["plain", "taken.png"]);
}

#[test]
fn a_chart_that_cannot_be_drawn_leaves_the_old_file_alone() {
    let file = folder("kept").join("a.png");
    std::fs::write(&file, "old").expect("a file");
    let error = Chart::new("Empty").save(&file).expect_err("nothing to draw").to_string();
    assert_eq!(error, "the chart \"Empty\" has nothing to draw: add a curve, points or a band");
    assert_eq!(std::fs::read_to_string(&file).expect("a file"), "old");
    chart().save(&file).expect("a picture");
    assert!(std::fs::read(&file).expect("a file").starts_with(b"\x89PNG"));
}

/// Traces no one would draw by intention.
fn odd_traces() -> Vec<Trace> {
    vec![
        [(0.0, 0.0)].into(),
        [(5.0, 5.0)].into(),
        [(0.0, 0.0), (1.0, 0.0)].into(),
        [(1.0, 3.0), (1.0, 3.0)].into(),
        [(2.0, 7.0), (9.0, 7.0)].into(),
        [(0.0, 1e300), (1.0, -1e300)].into(),
        [(-1e308, -1e308), (1e308, 1e308)].into(),
        [(0.0, 1e-300), (1e-300, 2e-300)].into(),
        [(0.0, 5e-324), (5e-324, 0.0)].into(),
        [(1e300, 1.0), (1e300 * (1.0 + f64::EPSILON), 2.0)].into(),
        [(0.0, 1e15), (1.0, 1e15 + 0.25)].into(),
        [(-3.0, -2.0), (4.0, -1.0)].into(),
        [(9.0, 1.0), (3.0, 2.0), (5.0, 0.5)].into(),
        [(0.0, 1e-300), (1.0, 1e300)].into(),
    ]
}

#[test]
fn no_data_brings_a_chart_down() {
    for trace in odd_traces() {
        for chart in [Chart::new("time"), Chart::xy("any")] {
            let full = chart
                .curve("curve", trace.clone())
                .dashed("dashed", trace.clone())
                .points("points", trace.clone())
                .band("band", trace.clone(), trace.clone())
                .whiskers(trace.clone(), trace.clone())
                .level("level", 1.0)
                .moment("moment", 0.5)
                .note("note", (0.5, 0.5))
                .size(300, 240)
                .density(1.0);
            let (width, height, _) = decoded(&full.to_png().expect("a picture"));
            assert_eq!((width, height), (300, 240), "{trace:?}");
            drawn(&full);
            drawn(&full.clone().log_scale()); // there is a level above zero
            drawn(&full.clone().x_range(0.2..=0.4).y_range(0.1..=0.2));
            drawn(&full.log_scale().y_range(0.1..=0.2));
        }
    }
}

#[test]
fn any_text_can_be_set() {
    let long = "a very long label that goes on and on ".repeat(8);
    let texts = ["", " ", "\n\t\u{0}", "漢字 😀", "word-without-any-break-".repeat(9).leak(), long.leak()];
    for text in texts {
        let chart = Chart::new(text)
            .subtitle(text)
            .caption(text)
            .x_label(text)
            .y_label(text)
            .curve(text, &rise())
            .level(text, 5.0)
            .moment(text, 50.0)
            .note(text, (20.0, 5.0))
            .size(900, 1200);
        assert_balanced(&chart.to_svg().expect("a document"));
    }
}

#[test]
fn thousands_of_doses_and_dozens_of_curves_are_drawn() {
    let times = vec![0.0, 3_000.0 * DAY];
    let long = Profile::new(times, vec![1.0, 2.0]).expect("a profile");
    let svg = Chart::new("Years").curve("", &long).doses(Dose::of(1.0).every(DAY)).to_svg().expect("a document");
    assert!(svg.contains("Dose (1 in "));
    assert!(svg.len() < 200_000, "{} bytes", svg.len());
    let crowd = (0..60).fold(Chart::new("Crowd"), |chart, i| chart.curve(format!("curve {i}"), &rise()));
    assert!(crowd.to_svg().expect("a document").contains("more\""));
    // Without a dose there are the mark and the word of the legend alone.
    let in_green = |regimen: Regimen| drawn(&chart().doses(regimen)).matches("fill=\"#007562\"").count();
    assert_eq!((in_green(Regimen::default()), in_green(Dose::of(1.0).at(9.0))), (2, 3));
}

#[test]
fn the_axis_says_hours_up_to_three_days_and_days_beyond() {
    let over = |hours: f64| {
        let profile = Profile::new(vec![0.0, hours], vec![0.0, 1.0]).expect("a profile");
        Chart::new("").curve("", &profile)
    };
    assert!(over(72.0).to_svg().expect("a document").contains("Time (h)"));
    assert!(over(73.0).to_svg().expect("a document").contains("Time (days)"));
    let named = over(240.0).x_label("Time after dose (h)").to_svg().expect("a document");
    assert!(named.contains("Time after dose (h)") && named.contains("\"240\""));
}

#[test]
fn a_zone_is_drawn_behind_and_refused_where_it_cannot_be() {
    let chart = |low: f64, high: f64| {
        Chart::xy("Dose").zone("popular", low..=high).curve("level", [(0.0, 0.0), (360.0, 10.0)]).to_svg()
    };
    let plain = Chart::xy("Dose").curve("level", [(0.0, 0.0), (360.0, 10.0)]).to_svg().unwrap();
    assert!(chart(90.0, 180.0).unwrap().contains("popular") && chart(90.0, 180.0).unwrap().len() > plain.len());
    // Without an end it reaches to the end of the axis; beyond the axis there is nothing to see.
    let to_the_end = Chart::xy("Dose").x_range(0.0..=360.0).curve("level", [(0.0, 0.0), (360.0, 10.0)]);
    let (open, closed) =
        (to_the_end.clone().zone("popular", 90.0..=f64::INFINITY), to_the_end.zone("popular", 90.0..=360.0));
    assert_eq!(drawn(&open), drawn(&closed));
    let beyond = chart(500.0, 600.0).unwrap().replacen("<desc>popular; level</desc>", "<desc>level</desc>", 1);
    assert_eq!(beyond, plain);
    assert_eq!(
        chart(180.0, 90.0).unwrap_err().to_string(),
        "the zone \"popular\" reaches from 180 to 90, but it must begin at a finite number and end beyond it"
    );
    for (low, high) in [(f64::NAN, 90.0), (90.0, f64::NAN)] {
        assert_eq!(
            chart(low, high).unwrap_err().to_string(),
            format!(
                "the zone \"popular\" reaches from {low} to {high}, but it must begin at a finite number and end beyond it"
            )
        );
    }
}
