//! Lines that no word marks as headings, and that head the people below them nevertheless: `Harbour`, `Old town`. They say where
//! those are. It must not read the people themselves.

use super::{
    lexicon::{TextKind, kind_of},
    lines::without_bullet,
    read_line::ReadLine,
    segments::segments_between,
};

/// How far another one is looked for.
const LINES_ASKED: usize = 300;

/// Whether the line with this number heads the people below it: it does where there is another one like it.
pub fn heads_people(lines: &[String], at: usize) -> bool {
    let near = at.saturating_sub(LINES_ASKED)..lines.len().min(at + LINES_ASKED);
    stands_above(lines, at) && near.into_iter().any(|other| other != at && stands_above(lines, other))
}

/// What a heading says, without the signs around it.
pub fn said_by(line: &str) -> &str {
    line.trim_matches([':', ' ', '*', '#', '=', '.'])
}

/// Whether a short text stands at the beginning of a part, right above somebody with name and address.
fn stands_above(lines: &[String], at: usize) -> bool {
    let Some(line) = lines.get(at).filter(|line| !line.contains(['@', '\t', ';', ','])) else { return false };
    let is_empty = |line: &String| !line.contains(char::is_alphanumeric);
    let begins = at.checked_sub(1).and_then(|before| lines.get(before)).is_none_or(is_empty);
    // `* Harbour`, and below it `  - Anna …`
    let begins = begins || lines.get(at + 1).is_some_and(|below| bullet(line) != bullet(below));
    let text = said_by(without_bullet(line));
    let is_short = text.starts_with(char::is_uppercase)
        && text.split_whitespace().count() <= 3
        && matches!(kind_of(text), TextKind::Name(1) | TextKind::Small | TextKind::Unit);
    begins && is_short && lines.get(at + 1).is_some_and(|below| is_somebody(below))
}

/// What stands before the text of a line.
fn bullet(line: &str) -> &str {
    line.strip_suffix(without_bullet(line)).unwrap_or_default()
}

/// Whether somebody with name and address stands in the line.
pub fn is_somebody(line: &str) -> bool {
    let line = ReadLine::of(without_bullet(line));
    let is_name = |text: &str| matches!(kind_of(text), TextKind::Name(_));
    line.emails == 1 && segments_between(line.text, &line.contacts).iter().any(|segment| is_name(&segment.text))
}
