//! A scene as SVG: the same outlines as the PNG, so that it looks the same wherever it is opened.

use std::fmt::Write;

use tiny_skia::{Path, PathSegment};

use super::canvas::{Paint, Pen, Scene, Shape};
use super::colour::{Ink, WHITE};
use super::snap::snapped;
use super::style::HALO;

/// The scene as an SVG document, in logical pixels.
pub(super) fn svg(scene: &Scene) -> String {
    let (width, height) = scene.size;
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {width} {height}\" role=\"img\">\n"
    );
    line(&mut out, format_args!("<title>{}</title>", escaped(&scene.title)));
    line(&mut out, format_args!("<desc>{}</desc>", escaped(&scene.description)));
    line(&mut out, format_args!("<rect width=\"{width}\" height=\"{height}\" fill=\"#fff\"/>"));
    for shape in &scene.shapes {
        write_shape(&mut out, shape);
    }
    out.push_str("</svg>\n");
    out
}

fn line(out: &mut String, text: std::fmt::Arguments) {
    writeln!(out, "{text}").expect("a string takes whatever is written");
}

fn write_shape(out: &mut String, shape: &Shape) {
    let path = &shape.path;
    match &shape.paint {
        Paint::Fill(ink) => line(out, format_args!("<path{} d=\"{}\"/>", colour("fill", *ink), data(path))),
        Paint::Stroke(pen) => {
            let path = snapped(path, pen.width, 1.0);
            line(out, format_args!("<path fill=\"none\"{} d=\"{}\"/>", stroke(*pen), data(&path)));
        }
        Paint::Text { ink, halo, text } => {
            // Two paths, because older readers do not know paint-order and would lay the halo over the letters.
            if *halo {
                let halo = stroke(Pen::solid(WHITE, 2.0 * HALO));
                line(out, format_args!("<path fill=\"none\"{halo} d=\"{}\"/>", data(path)));
            }
            let label = escaped(text);
            line(out, format_args!("<path aria-label=\"{label}\"{} d=\"{}\"/>", colour("fill", *ink), data(path)));
        }
    }
}

fn stroke(pen: Pen) -> String {
    let cap = if pen.dash.is_some() { "butt" } else { "round" };
    let dash = pen.dash.map(|(dash, gap)| format!(" stroke-dasharray=\"{dash} {gap}\""));
    format!(
        "{} stroke-width=\"{}\" stroke-linecap=\"{cap}\" stroke-linejoin=\"round\"{}",
        colour("stroke", pen.ink),
        pen.width,
        dash.unwrap_or_default()
    )
}

fn colour(attribute: &str, ink: Ink) -> String {
    let opacity = if ink.3 < 1.0 { format!(" {attribute}-opacity=\"{}\"", ink.3) } else { String::new() };
    format!(" {attribute}=\"#{:02x}{:02x}{:02x}\"{opacity}", ink.0, ink.1, ink.2)
}

/// The path in SVG's own language, to a hundredth of a pixel.
fn data(path: &Path) -> String {
    let mut out = String::new();
    for segment in path.segments() {
        match segment {
            PathSegment::MoveTo(p) => command(&mut out, 'M', &[p.x, p.y]),
            PathSegment::LineTo(p) => command(&mut out, 'L', &[p.x, p.y]),
            PathSegment::QuadTo(a, p) => command(&mut out, 'Q', &[a.x, a.y, p.x, p.y]),
            PathSegment::CubicTo(a, b, p) => command(&mut out, 'C', &[a.x, a.y, b.x, b.y, p.x, p.y]),
            PathSegment::Close => out.push('Z'),
        }
    }
    out
}

fn command(out: &mut String, letter: char, numbers: &[f32]) {
    out.push(letter);
    for (i, number) in numbers.iter().enumerate() {
        if i > 0 {
            out.push(' ');
        }
        let hundredths = (f64::from(*number) * 100.0).round() / 100.0;
        write!(out, "{hundredths}").expect("a string takes whatever is written");
    }
}

/// Text as XML may hold it: markup escaped, and control characters, which XML forbids, left out.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\u{fffe}' | '\u{ffff}' => {}
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_escaped_and_control_characters_are_not_passed_on() {
        assert_eq!(escaped("a < b & \"c\" > d\u{0}\n"), "a &lt; b &amp; &quot;c&quot; &gt; d  ");
    }

    #[test]
    fn paths_are_written_to_a_hundredth() {
        let path =
            tiny_skia::PathBuilder::from_rect(tiny_skia::Rect::from_xywh(0.125, 1.0, 2.0, 3.0).expect("a rectangle"));
        assert_eq!(data(&path), "M0.13 1L2.13 1L2.13 4L0.13 4Z");
    }
}
