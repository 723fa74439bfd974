//! Lines that no word marks as headings, and that head the people below them nevertheless: `Harbour`, `Old town`. They say where
//! those are. Titles and captions, too, which say nothing of anybody. It must not read the people themselves.

use super::{
    contacts::may_hold_contact,
    heads::heads,
    lexicon::{TextKind, kind_of},
    lines::without_bullet,
    read_line::ReadLine,
    relations::relation_of,
    segments::{Segment, segments_between},
    table::cells,
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
fn is_somebody(line: &str) -> bool {
    let line = ReadLine::of(without_bullet(line));
    let is_name = |text: &str| matches!(kind_of(text), TextKind::Name(_));
    line.emails == 1 && segments_between(line.text, &line.contacts).iter().any(|segment| is_name(&segment.text))
}

/// How many lines below a title the heads of its table may stand.
const LINES_BELOW_TITLE: usize = 4;

/// `Linden House→→→` or `→→Contact→` above the heads of a table: a row of which only one cell is filled.
pub fn is_title(raw: &str, below: &[String]) -> bool {
    let has_two = |delimiter: &char| raw.matches(*delimiter).count() >= 2;
    let Some(delimiter) = ['\t', ';'].into_iter().find(has_two) else { return false };
    let is_filled = |cell: &String| cell.contains(char::is_alphanumeric);
    let row = cells(raw, delimiter);
    let is_only = row.iter().filter(|cell| is_filled(cell)).count() == 1;
    let is_head = |line: &String| {
        let cells = cells(line, delimiter);
        cells.len() > 1 && heads(&cells.iter().map(String::as_str).collect::<Vec<_>>()).is_some()
    };
    is_only && !may_hold_contact(raw) && below.iter().take(LINES_BELOW_TITLE).any(is_head)
}

/// `Sign-up sheet` above a table or a list: no name, as a word of it is written small.
pub fn is_caption(text: &str, below: Option<&String>) -> bool {
    let is_small = |word: &str| word.chars().next().is_some_and(char::is_lowercase);
    let is_titled = text.starts_with(char::is_uppercase) && text.split_whitespace().any(is_small);
    let is_listed = |line: &String| {
        is_somebody(line) || heads(&cells(line, '\t').iter().map(String::as_str).collect::<Vec<_>>()).is_some()
    };
    is_titled && kind_of(text) == TextKind::Small && below.is_some_and(is_listed)
}

/// `Зульфия:` above an address, where nothing else follows.
pub fn names_the_next(text: &str, below: &[String]) -> bool {
    let is_name = text.trim_end().ends_with(':') && matches!(kind_of(said_by(text)), TextKind::Name(_));
    let (Some(next), behind) = (below.first(), below.get(1)) else { return false };
    is_name && behind.is_none_or(|line| !line.contains('@')) && {
        let line = ReadLine::of(next);
        let is_name = |segment: &Segment| matches!(kind_of(&segment.text), TextKind::Name(_));
        line.emails == 1 && line.is_of_one() && !segments_between(next, &line.contacts).iter().any(is_name)
    }
}

/// `Mother: Alice Pemberton, alice@…`, below the child.
pub fn is_of_parent(line: &str) -> bool {
    let label = line.split([':', '-', '–', '—']).next().unwrap_or_default();
    may_hold_contact(line) && label.split_whitespace().count() <= 2 && relation_of(label).is_some()
}

/// The address that stands next, a few lines below and before an empty one.
pub fn address_below(below: &[String]) -> Option<String> {
    let near = below.iter().take(LINES_BELOW_TITLE).take_while(|line| line.contains(char::is_alphanumeric));
    near.flat_map(|line| line.split_whitespace()).find(|word| word.contains('@')).map(str::to_owned)
}
