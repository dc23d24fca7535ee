//! What a comma in a number means.

/// How a number is written that has a comma or a point in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// `4,5` or `1.000,5`: the comma is the decimal mark.
    Comma,
    /// `4.5` or `1,000.5`: the point is the decimal mark.
    Point,
    /// `1,000`: either a thousand or one.
    CommaOrThousand,
    /// `1.000`: one, or a thousand where the comma is the decimal mark.
    PointOrThousand,
}

/// The decimal marks that a sheet shows.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Style {
    comma: bool,
    point: bool,
    either: bool,
}

const EITHER: &str = "this is one or a thousand times one, and no other number of the table shows what its comma means: write a decimal point, and nothing between thousands";
const BOTH: &str = "its decimal comma stands in one table with numbers such as 1.000, which may be one or a thousand: write decimal points, and nothing between thousands";

impl Style {
    /// The style with what another cell shows.
    pub(super) fn with(self, cell: &[u8]) -> Self {
        match shape(cell) {
            Some(Shape::Comma) => Self { comma: true, ..self },
            Some(Shape::Point) => Self { point: true, ..self },
            Some(Shape::PointOrThousand) => Self { either: true, ..self },
            _ => self,
        }
    }

    /// A number with its commas and points as a program writes it.
    pub(super) fn plain(self, cell: &str, shape: Shape) -> Result<String, &'static str> {
        let is_comma = match shape {
            Shape::Comma if self.either && !self.point => return Err(BOTH),
            Shape::Comma => true,
            Shape::Point | Shape::PointOrThousand => false,
            Shape::CommaOrThousand if self.comma == self.point => return Err(EITHER),
            Shape::CommaOrThousand if self.comma && self.either => return Err(BOTH),
            Shape::CommaOrThousand => self.comma,
        };
        Ok(if is_comma { cell.replace('.', "").replace(',', ".") } else { cell.replace(',', "") })
    }
}

/// How a number is written; nothing where it is none, or has neither comma nor point.
pub(super) fn shape(cell: &[u8]) -> Option<Shape> {
    let cell = cell.trim_ascii();
    let number = cell.strip_prefix(b"-").or_else(|| cell.strip_prefix(b"+")).unwrap_or(cell);
    let number = number.iter().position(|byte| matches!(byte, b'e' | b'E')).map_or(number, |end| &number[..end]);
    let is_number = number.iter().all(|byte| byte.is_ascii_digit() || matches!(byte, b',' | b'.'));
    let last = number.iter().rposition(|byte| !byte.is_ascii_digit()).filter(|_| is_number && number.len() > 1)?;
    let (whole, mark, fraction) = (&number[..last], number[last], &number[last + 1..]);
    let other = if mark == b',' { b'.' } else { b',' };
    let (by_comma, by_point) = if mark == b',' { (Shape::Comma, Shape::Point) } else { (Shape::Point, Shape::Comma) };
    if whole.contains(&mark) {
        // `1,000,000`: of two, none is a decimal mark.
        return (are_thousands(number, mark)).then_some(by_point);
    }
    if whole.contains(&other) {
        return are_thousands(whole, other).then_some(by_comma);
    }
    let may_be_thousand = are_thousands(number, mark) && cell.len() <= number.len() + 1;
    let doubtful = if mark == b',' { Shape::CommaOrThousand } else { Shape::PointOrThousand };
    let is_there = !(whole.is_empty() && fraction.is_empty());
    is_there.then_some(if may_be_thousand { doubtful } else { by_comma })
}

/// Whether digits stand in threes, but for the first.
fn are_thousands(number: &[u8], mark: u8) -> bool {
    let mut parts = number.split(|byte| *byte == mark);
    let first = parts.next().unwrap_or_default();
    let is_first = (1..=3).contains(&first.len()) && first[0] != b'0';
    is_first && parts.all(|part| part.len() == 3 && part.iter().all(u8::is_ascii_digit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes() {
        for (cell, right) in [
            ("4,5", Some(Shape::Comma)),
            ("-,5", Some(Shape::Comma)),
            ("0,125", Some(Shape::Comma)),
            ("1,2500", Some(Shape::Comma)),
            ("1.000,5", Some(Shape::Comma)),
            ("1.000.000", Some(Shape::Comma)),
            ("4,5E+02", Some(Shape::Comma)),
            ("4.5", Some(Shape::Point)),
            ("1,000.5", Some(Shape::Point)),
            ("12,000,000", Some(Shape::Point)),
            ("1,000", Some(Shape::CommaOrThousand)),
            ("-100,250", Some(Shape::CommaOrThousand)),
            ("1.234", Some(Shape::PointOrThousand)),
            ("1,0,5", None),
            ("1.0.5", None),
            ("1,00.5", None),
            (",", None),
            ("12", None),
            ("a,5", None),
            ("", None),
        ] {
            assert_eq!(shape(cell.as_bytes()), right, "{cell}");
        }
    }

    #[test]
    fn a_comma_means_what_other_numbers_show() {
        let read = |cells: &[&str], cell: &str| {
            let style = cells.iter().fold(Style::default(), |style, cell| style.with(cell.as_bytes()));
            style.plain(cell, shape(cell.as_bytes()).expect("a shape"))
        };
        assert_eq!(read(&[], "4,5").as_deref(), Ok("4.5"));
        assert_eq!(read(&[], "1,000.5").as_deref(), Ok("1000.5"));
        assert_eq!(read(&["2,5"], "1,000").as_deref(), Ok("1.000"));
        assert_eq!(read(&["2.5"], "1,000").as_deref(), Ok("1000"));
        assert_eq!(read(&[], "1,000"), Err(EITHER));
        assert_eq!(read(&["2.5", "2,5"], "1,000"), Err(EITHER));
        assert_eq!(read(&["1.234"], "2,5"), Err(BOTH));
        assert_eq!(read(&["1.234", "2,5"], "1,000"), Err(BOTH));
    }
}
