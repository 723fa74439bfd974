//! A text as a picture that the camera of a phone reads. The squares are the library's, the picture is ours: one path, black on
//! white in either theme, with the quiet zone around it that readers need.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use fast_qr::{ECL, QRBuilder};
use std::fmt::Write;

/// The quiet zone, in squares.
const QUIET: usize = 4;

/// The address of the picture, which holds all of it, so that a page shows it like any other; nothing for a text that is too long
/// for one.
pub fn address(text: &str) -> Option<String> {
    Some(format!("data:image/svg+xml;base64,{}", STANDARD.encode(svg(text)?)))
}

fn svg(text: &str) -> Option<String> {
    let code = QRBuilder::new(text).ecl(ECL::M).build().ok()?;
    let whole = code.size + 2 * QUIET;
    let mut path = String::new();
    for row in 0..code.size {
        let mut column = 0;
        while column < code.size {
            let is_dark = |at: &usize| code[row][*at].value();
            let width = (column..code.size).take_while(is_dark).count();
            if width > 0 {
                write!(path, "M{} {}h{width}v1h-{width}z", column + QUIET, row + QUIET).ok()?;
            }
            column += width.max(1);
        }
    }
    Some(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {whole} {whole}\" \
         shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 0h{whole}v{whole}H0z\"/><path fill=\"#000\" d=\"{path}\"/></svg>"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The three corners by which a reader finds it, and nothing in the quiet zone.
    #[test]
    fn a_link_becomes_a_picture_with_its_corners_and_room_around_it() {
        let picture = svg("https://users.acme.by/i/AaIDBa2rcAeS7Uq-8tdcqQABXVNpQ8Fy8wI5M2fKPl_XsQ").expect("a picture");
        let side: usize =
            picture.split_once("0 0 ").and_then(|(_, rest)| rest.split(' ').next()?.parse().ok()).expect("a side");
        let right = side - QUIET - 7;
        for corner in
            [format!("M{QUIET} {QUIET}h7v1"), format!("M{right} {QUIET}h7v1"), format!("M{QUIET} {right}h7v1")]
        {
            assert!(picture.contains(&corner), "{corner}: {picture}");
        }
        for inside in ["M0 ", "M1 ", "M2 ", "M3 "] {
            assert_eq!(picture.matches(inside).count(), usize::from(inside == "M0 "), "{picture}");
        }
        assert!(picture.len() < 12_000, "{}", picture.len());
    }

    #[test]
    fn what_is_too_long_has_no_picture() {
        assert_eq!(address(&"x".repeat(4_000)), None);
    }
}
