//! A line with what was found in it: whose it may be, whether it is a row of a table, a line of a card, or several people's.
//! It must not make people of it.

use super::{
    contacts::{FoundContact, find_contacts, may_hold_contact},
    heads::{PasteColumn, column_of, label_of},
    lexicon::{TextKind, ends_a_letter, kind_of, says_which_number},
    many::{in_order, unquoted},
    segments::segments_between,
    table::{GAP, delimiter_of},
};

/// The longest text in quotes, in letters: whoever quotes more has forgotten the end.
const LONGEST_QUOTE: usize = 400;

/// A line, and what is in it.
pub struct ReadLine<'a> {
    pub text: &'a str,
    pub contacts: Vec<FoundContact>,
    pub emails: usize,
    pub phones: usize,
    pub delimiter: Option<char>,
}

impl<'a> ReadLine<'a> {
    pub fn of(text: &'a str) -> Self {
        let contacts = find_contacts(text);
        let phones = contacts.iter().filter(|contact| contact.is_phone()).count();
        let emails = contacts.len() - phones;
        let delimiter = delimiter_of(text).filter(|delimiter| !is_inside(*delimiter, text, &contacts));
        Self { text, emails, phones, delimiter, contacts }
    }

    /// Whether all that is in it is one person's.
    pub fn is_of_one(&self) -> bool {
        self.emails == 1 && self.phones <= 3 || self.emails == 0 && self.phones == 1
    }

    /// Whether an address in it holds the delimiter: its cells would tear it.
    pub fn is_torn_by(&self, delimiter: char) -> bool {
        let tears = |typed: &str| if delimiter == GAP { typed.contains("  ") } else { typed.contains(delimiter) };
        self.contacts.iter().any(|contact| tears(&contact.entry.pasted.typed))
    }

    /// Whether it ends as letters do: `please add anna@acme.by. Thanks, Joe`.
    fn is_letter(&self) -> bool {
        let segments = segments_between(self.text, &self.contacts);
        segments.iter().any(|segment| !segment.is_first && ends_a_letter(&segment.text))
    }

    /// Whether it may be the row of a table.
    pub fn row_of(&self) -> Option<char> {
        let delimiter = self.delimiter?;
        let as_mail = delimiter == ',' && self.contacts.iter().any(|contact| contact.in_angles);
        (self.is_of_one() && !as_mail && !(delimiter == ',' && self.is_letter())).then_some(delimiter)
    }
}

/// Whether a delimiter stands nowhere but in addresses, where it is a slip: `anna@acme,com`.
fn is_inside(delimiter: char, text: &str, contacts: &[FoundContact]) -> bool {
    let within = contacts.iter().filter_map(|contact| text.get(contact.range.clone()));
    let inside: usize = within.map(|typed| typed.matches(delimiter).count()).sum();
    delimiter == ',' && inside > 0 && inside == text.trim_end_matches(delimiter).matches(delimiter).count()
}

/// The parts of a line between `;` or `,`, or both, where each has one person's address.
pub fn chunks(line: &str) -> Option<Vec<&str>> {
    [&[';'][..], &[','], &[';', ',']].into_iter().find_map(|separators| {
        let says_something = |chunk: &&str| chunk.contains(|letter: char| letter.is_alphanumeric() || letter == '@');
        let chunks: Vec<&str> = outside_quotes(line, separators).into_iter().filter(says_something).collect();
        let is_of_one = |chunk: &&str| {
            let line = ReadLine::of(chunk);
            line.is_of_one() && line.phones <= 1
        };
        (chunks.len() >= 2 && chunks.iter().all(is_of_one)).then_some(chunks)
    })
}

/// The parts of a line of which one is somebody with an address, and the others are people whom a mail program could not resolve:
/// `Petra Busch; Olaf Franke <olaf@…>; Ines Kron`. They have no address of their own, and are not called as the one beside them.
pub fn unresolved<'a>(line: &ReadLine<'a>) -> Option<Vec<&'a str>> {
    let [contact] = line.contacts.as_slice() else { return None };
    if !contact.in_angles || !line.is_of_one() {
        return None;
    }
    let is_somebody = |text: &str| match text.split_once(',') {
        Some((surname, first)) => in_order(text) != text && !surname.is_empty() && !first.is_empty(),
        None => matches!(kind_of(text.trim()), TextKind::Name(2..)),
    };
    [';', ','].into_iter().find_map(|separator| {
        let says_something = |chunk: &&str| chunk.contains(char::is_alphanumeric);
        let chunks: Vec<&str> = outside_quotes(line.text, &[separator]).into_iter().filter(says_something).collect();
        let is_person = |chunk: &&str| match chunk.split_once('<') {
            Some((name, _)) => is_somebody(unquoted(name)),
            None => is_somebody(unquoted(chunk)),
        };
        (chunks.len() >= 2 && chunks.iter().all(is_person)).then_some(chunks)
    })
}

/// The parts of a line between `;` of which one is somebody as mail programs write them, and another a number with a name of its own:
/// `Ivan Petrov <ivan@…>; +375 29 … Olga`. That number is not of the one before it.
pub fn each_with_a_name<'a>(line: &ReadLine<'a>) -> Option<Vec<&'a str>> {
    if line.phones == 0 || !line.contacts.iter().any(|contact| contact.in_angles) {
        return None;
    }
    let says_something = |chunk: &&str| chunk.contains(char::is_alphanumeric);
    let chunks: Vec<&str> = outside_quotes(line.text, &[';']).into_iter().filter(says_something).collect();
    let is_named_number = |chunk: &&str| {
        let read = ReadLine::of(chunk);
        let [contact] = read.contacts.as_slice() else { return false };
        let (before, behind) = (chunk.get(..contact.range.start), chunk.get(contact.range.end..));
        let beside = format!("{} {}", before.unwrap_or_default(), behind.unwrap_or_default());
        let beside = beside.trim();
        contact.is_phone()
            && matches!(kind_of(beside), TextKind::Name(_))
            && !says_which_number(beside)
            && label_of(beside).is_none()
    };
    // Several in one part are read otherwise.
    let is_of_one_at_most = |chunk: &&str| {
        let read = ReadLine::of(chunk);
        read.contacts.is_empty() || read.is_of_one()
    };
    let is_so = chunks.len() >= 2 && chunks.iter().any(is_named_number) && chunks.iter().all(is_of_one_at_most);
    is_so.then_some(chunks)
}

/// The line with what stands in brackets about one person kept together: `Anna (anna@acme.by, +375 29 …), Ivan (ivan@acme.by, …)`.
pub fn with_whole_brackets(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut rest = line;
    while let Some((before, behind)) = rest.split_once('(') {
        out.push_str(before);
        out.push('(');
        rest = behind;
        // No longer than what anybody says of one person: the line is not looked through again and again.
        let near = behind.get(..behind.floor_char_boundary(LONGEST_QUOTE)).unwrap_or(behind);
        let inside = near.split_once(')').map(|(inside, _)| inside);
        if let Some(inside) = inside.filter(|inside| inside.matches('@').count() == 1 && !inside.contains('(')) {
            out.push_str(&inside.replace([',', ';'], " "));
            rest = behind.get(inside.len()..).unwrap_or_default();
        }
    }
    out.push_str(rest);
    out
}

/// The parts of a line between separators, of which none in quotes counts: `"Lee, Kim" <kim@acme.com>, …` A quote begins a part,
/// and is one only where it ends.
fn outside_quotes<'a>(line: &'a str, separators: &[char]) -> Vec<&'a str> {
    let (mut parts, mut from, mut closer, mut has_begun) = (Vec::new(), 0, None, false);
    for (at, letter) in line.char_indices() {
        match letter {
            _ if closer == Some(letter) => closer = None,
            _ if closer.is_some() => {}
            _ if separators.contains(&letter) => {
                parts.push(line.get(from..at).unwrap_or_default());
                (from, has_begun) = (at + letter.len_utf8(), false);
            }
            '"' | '“' | '„' | '«' if !has_begun => {
                let end = match letter {
                    '“' => '”',
                    '„' => '“',
                    '«' => '»',
                    plain => plain,
                };
                let behind = line.get(at + letter.len_utf8()..).unwrap_or_default();
                closer = Some(end).filter(|end| behind.chars().take(LONGEST_QUOTE).any(|letter| letter == *end));
                has_begun = true;
            }
            // Whichever separator is meant, a quote may begin behind any.
            ';' | ',' => has_begun = false,
            _ => has_begun |= !letter.is_whitespace(),
        }
    }
    parts.push(line.get(from..).unwrap_or_default());
    parts
}

/// A line with a label before it: what it is, and what it says.
pub fn card<'a>(line: &ReadLine<'a>) -> Option<(PasteColumn, &'a str)> {
    let text = line.text;
    if line.emails + line.phones > 1 {
        return None;
    }
    // `Employee: Kim Lee, kim@…` says what they are.
    let says_role = |label: &str| !line.contacts.is_empty() && kind_of(label) == TextKind::Role;
    let colon = text.split_once(':');
    let colon = colon.filter(|(label, _)| label.len() <= 60 && !may_hold_contact(label) && !says_role(label));
    let found = match colon.and_then(|(label, value)| Some((label_of(label)?, value))) {
        Some(found) => Some(found),
        None => {
            let parts = match line.delimiter {
                Some('\t') if text.trim().matches('\t').count() == 1 => text.split_once('\t'),
                None => [" - ", " – ", " — ", " = "].iter().find_map(|dash| text.split_once(dash)),
                _ => None,
            };
            parts.and_then(|(label, value)| {
                // `Склад - Коля 8 029 …`
                let says_where = !line.contacts.is_empty() && kind_of(label) == TextKind::Unit;
                let column = column_of(label).filter(|_| !may_hold_contact(label) && !says_role(label) && !says_where);
                column.map(|column| (column, value))
            })
        }
    };
    let (column, value) = found.or_else(|| number_behind_word(line))?;
    let has_other = value
        .split([',', ';', '|'])
        .skip(1)
        .any(|part| part.split_once(':').is_some_and(|(label, _)| label_of(label).is_some()));
    (!has_other && value.contains(char::is_alphanumeric)).then_some((column, value))
}

/// `Work +353 1 555 0101`, `Mobile: +353 87 …`: a number behind a word that says which one it is.
fn number_behind_word<'a>(line: &ReadLine<'a>) -> Option<(PasteColumn, &'a str)> {
    let [contact] = line.contacts.as_slice() else { return None };
    let (before, number) = line.text.split_at_checked(contact.range.start)?;
    // Behind it there may be an extension, `x 12`, and nobody.
    let behind = line.text.get(contact.range.end..)?;
    if behind.chars().filter(|letter| letter.is_alphabetic()).count() > 3 || behind.contains(char::is_uppercase) {
        return None;
    }
    let label = before.trim_matches([' ', ':', '.', '\u{A0}']);
    // `e m.moe@acme.by`
    let column = if label.chars().count() <= 2 { label_of(label) } else { column_of(label) };
    if !contact.is_phone() {
        return (label.chars().count() == 1 && column == Some(PasteColumn::Email))
            .then_some((PasteColumn::Email, number));
    }
    (says_which_number(label) || column == Some(PasteColumn::Phone)).then_some((PasteColumn::Phone, number))
}
