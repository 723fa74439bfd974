//! The texts beside the addresses of a line: cut at separators, dashes and brackets, without labels and bullets.
//! It must not say what they are.

use super::{
    contacts::FoundContact,
    heads::{PasteColumn, column_of, label_of},
    lexicon::{self, TextKind},
    many::unquoted,
    mend,
    relations::relation_of,
};
use crate::domain::contact::{is_cyrillic, is_unseen};

/// A text of a row, and what is known of it by its head or label.
#[derive(Debug, Clone)]
pub struct Segment {
    pub text: String,
    pub column: Option<PasteColumn>,
    /// It stood in brackets.
    pub is_note: bool,
    /// It stands before every address and number of its line.
    pub is_first: bool,
}

impl Segment {
    /// A text that stands nowhere in particular.
    pub fn of(text: String, column: Option<PasteColumn>) -> Self {
        Self { text, column, is_note: false, is_first: false }
    }
}

/// The texts of a line between its addresses and numbers, cut at separators, dashes and brackets.
pub fn segments_between(line: &str, contacts: &[FoundContact]) -> Vec<Segment> {
    let mut segments = Vec::new();
    let mut from = 0;
    let mut first = 0;
    for (nth, range) in contacts.iter().map(|contact| &contact.range).enumerate() {
        cut(line.get(from..range.start).unwrap_or_default(), &mut segments);
        from = range.end.max(from);
        if nth == 0 {
            first = segments.len();
        }
    }
    cut(line.get(from..).unwrap_or_default(), &mut segments);
    for segment in segments.iter_mut().take(first) {
        segment.is_first = true;
    }
    let is_name =
        |segment: &&Segment| segment.column.is_none() && matches!(lexicon::kind_of(&segment.text), TextKind::Name(_));
    let is_only_name = segments.iter().filter(is_name).count() == 1;
    // `Full name - Kim Lee`: a head alone says what the next text is.
    let mut known = None;
    // What stands before `<…>` names somebody, though it be a head's word: `Employee <…>`.
    let title = contacts.first().filter(|contact| contact.in_angles).and(first.checked_sub(1));
    let mut at = 0;
    segments.retain_mut(|segment: &mut Segment| {
        let is_title = title == Some(at) && matches!(lexicon::kind_of(&segment.text), TextKind::Role | TextKind::Unit);
        at += 1;
        if is_title {
            return true;
        }
        // `Teacher` is the head of a column, and beside somebody it is what they are.
        if segment.column.is_none() && lexicon::kind_of(&segment.text) == TextKind::Role {
            known = None;
            if column_of(&segment.text).is_some() {
                segment.column = Some(PasteColumn::Role);
            }
            return true;
        }
        // `Склад - Коля`, and nobody else in the line.
        if segment.column.is_none()
            && is_only_name
            && lexicon::kind_of(&segment.text) == TextKind::Unit
            && column_of(&segment.text) == Some(PasteColumn::Unit)
        {
            segment.column = Some(PasteColumn::Unit);
            return true;
        }
        if segment.column.is_none() && column_of(&segment.text).is_some() && !segment.is_note {
            known = column_of(&segment.text);
            return matches!(known, Some(PasteColumn::Place | PasteColumn::Other));
        }
        if segment.column.is_none() {
            segment.column = known.take().filter(|column| !matches!(column, PasteColumn::Email | PasteColumn::Phone));
        }
        true
    });
    segments
}

fn cut(text: &str, segments: &mut Vec<Segment>) {
    let letters: Vec<char> = text.chars().filter(|letter| !is_unseen(*letter)).collect();
    let mut current = String::new();
    let mut quote: Option<char> = None;
    let mut end = |current: &mut String, is_note: bool| {
        let raw = std::mem::take(current);
        push(&raw, is_note, segments);
    };
    let mut in_note = false;
    for (at, letter) in letters.iter().copied().enumerate() {
        let next = letters.get(at + 1).copied();
        let before = at.checked_sub(1).and_then(|before| letters.get(before)).copied();
        let is_space = |letter: Option<char>| letter.is_none_or(char::is_whitespace);
        match letter {
            _ if quote == Some(letter) => quote = None,
            '"' | '“' | '„' | '«' if quote.is_none() && is_space(before) => {
                let closer = match letter {
                    '"' => '"',
                    '“' => '”',
                    '„' => '“',
                    _ => '»',
                };
                if letters.iter().skip(at + 1).take(400).any(|letter| *letter == closer) {
                    quote = Some(closer);
                }
            }
            '(' if ends_quote(quote, letters.get(at..).unwrap_or_default()) => {
                end(&mut current, in_note);
                in_note = true;
            }
            ')' if in_note && quote.is_some() && next == quote => {
                end(&mut current, in_note);
                in_note = false;
            }
            '(' | '[' | '{' if quote.is_none() => {
                end(&mut current, in_note);
                in_note = true;
            }
            ')' | ']' | '}' if quote.is_none() => {
                end(&mut current, in_note);
                in_note = false;
            }
            ',' | ';' | '|' | '\t' | '\n' | '；' | '，' | '、' | '<' | '>' if quote.is_none() => {
                end(&mut current, in_note)
            }
            '-' | '–' | '—' | '/' | '=' if quote.is_none() && is_space(before) && is_space(next) => {
                end(&mut current, in_note)
            }
            letter => current.push(if letter.is_whitespace() { ' ' } else { letter }),
        }
    }
    end(&mut current, in_note);
}

/// Whether brackets are the last within the quotes: `"Doe, Jane (Year 4)"`.
fn ends_quote(quote: Option<char>, from: &[char]) -> bool {
    let mut behind = from.iter().take(80).copied().skip_while(|letter| *letter != ')');
    quote.is_some() && behind.next().is_some() && behind.next() == quote
}

/// A role or a unit, a colon, and what stands behind it.
pub fn place_before(text: &str) -> Option<(PasteColumn, &str, &str)> {
    let (label, behind) = text.split_once(':')?;
    // `Mother: Sian Rees`, `Mama von Leo: Katja Brandt`
    if relation_of(label).is_some() && label.split_whitespace().count() <= 4 && behind.contains(char::is_alphanumeric) {
        return Some((PasteColumn::Note, label.trim(), behind));
    }
    let column = match lexicon::kind_of(label) {
        TextKind::Role => PasteColumn::Role,
        // `Deputy: …`
        _ if lexicon::is_rank(label) && label_of(label).is_none() => PasteColumn::Role,
        TextKind::Unit if label_of(label).is_none() => PasteColumn::Unit,
        _ => return None,
    };
    behind.contains(char::is_alphanumeric).then_some((column, label.trim(), behind))
}

/// `мама Седых Анна`: whose parent somebody is, and their name.
pub fn parent_named(text: &str) -> Option<(&str, &str)> {
    let (relation, name) = text.trim().split_once(' ')?;
    let is_relation = relation_of(relation).is_some()
        && (relation.starts_with(char::is_lowercase) || relation.starts_with(is_cyrillic));
    (is_relation && matches!(lexicon::kind_of(name), TextKind::Name(_))).then_some((relation, name.trim()))
}

/// Whether a label that nobody knows stands before a whole name.
pub fn is_before_a_name(label: &str, behind: &str) -> bool {
    let is_short = label.split_whitespace().count() <= 3 && label.contains(char::is_alphanumeric);
    is_short && label_of(label).is_none() && matches!(lexicon::kind_of(behind), TextKind::Name(2..))
}

/// Where a second label begins, behind the first text.
fn next_label(text: &str) -> Option<usize> {
    let colons = text.match_indices(':').skip(1).take(8).map(|(at, _)| at);
    let mut starts = colons.filter_map(|at| {
        let before = text.get(..at)?;
        let start = before.rfind(' ')? + 1;
        column_of(before.get(start..)?).map(|_| start)
    });
    starts.next()
}

/// Adds a text, without its label, bullets and the signs around it.
fn push(raw: &str, is_note: bool, segments: &mut Vec<Segment>) {
    let is_sign = |c: char| c.is_whitespace() || "*•·▪◦●=–—#".contains(c);
    let text = raw.trim_matches(is_sign);
    // `Administrator: Anna Petrova`
    if let Some((column, label, behind)) = place_before(text) {
        segments.push(Segment::of(label.to_owned(), Some(column)));
        let name = unquoted(behind.trim());
        if relation_of(label).is_some() && matches!(lexicon::kind_of(name), TextKind::Name(2..)) {
            return segments.push(Segment::of(name.to_owned(), Some(PasteColumn::Name)));
        }
        return push(behind, is_note, segments);
    }
    // `Name: Anna Surname: Petrova`
    if let Some(at) = next_label(text) {
        let (before, behind) = text.split_at(at);
        push(before, is_note, segments);
        return push(behind, is_note, segments);
    }
    // `2 Peter Dorn`: which place somebody has in a list says nothing of them.
    if let Some((place, name)) = text.split_once(' ')
        && place.len() <= 3
        && place.bytes().all(|byte| byte.is_ascii_digit())
        && matches!(lexicon::kind_of(name), TextKind::Name(2..) | TextKind::Role)
        && lexicon::has_the_form_of_a_name(name)
    {
        return push(name, is_note, segments);
    }
    if let Some((relation, name)) = parent_named(text).filter(|_| !is_note) {
        segments.push(Segment { is_note, ..Segment::of(relation.to_owned(), Some(PasteColumn::Other)) });
        segments.push(Segment { is_note, ..Segment::of(name.to_owned(), Some(PasteColumn::Name)) });
        return;
    }
    // `Monday: Harriet Bloom`: whatever it says, it is no part of the name.
    if let Some((label, behind)) = text.split_once(": ").filter(|(label, behind)| is_before_a_name(label, behind)) {
        let column = if lexicon::is_work(label) { PasteColumn::Role } else { PasteColumn::Other };
        segments.push(Segment { is_note, ..Segment::of(label.trim().to_owned(), Some(column)) });
        return push(behind, is_note, segments);
    }
    let (column, text) = match text.split_once(':') {
        Some((label, value)) if label_of(label).is_some() => (label_of(label), value.trim()),
        _ => (None, text.trim_matches([':', ' '])),
    };
    let text = text
        .strip_suffix('.')
        .filter(|bare| !bare.contains('.') && bare.chars().rev().take_while(|c| c.is_alphabetic()).count() > 3)
        .unwrap_or(text);
    // `T +44 … | M +44 …`
    let is_letter = text.chars().count() == 1
        && (raw.contains(':') || matches!(label_of(text), Some(PasteColumn::Email | PasteColumn::Phone)));
    let is_contact_label = is_letter
        || matches!(column, Some(PasteColumn::Email | PasteColumn::Phone))
        || matches!(column_of(text), Some(PasteColumn::Email | PasteColumn::Phone));
    // `=HYPERLINK("mailto:…")` is a formula.
    let is_formula = raw.trim_start().starts_with('=') && matches!(text, "HYPERLINK" | "ГИПЕРССЫЛКА");
    if is_formula
        || !text.chars().any(char::is_alphanumeric)
        || mend::is_label(&format!("{text}:"))
        || (is_contact_label && (is_letter || column_of(text).is_some()))
    {
        return;
    }
    let column = column.filter(|column| !matches!(column, PasteColumn::Email | PasteColumn::Phone));
    let text = unquoted(text).split_whitespace().collect::<Vec<_>>().join(" ");
    segments.push(Segment { is_note, ..Segment::of(text, column) });
}
