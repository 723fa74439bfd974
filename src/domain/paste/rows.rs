//! Reads one pasted line: which of its tokens are addresses and numbers, and whose names the rest are.
//! It must not drop anything: what is neither goes into `rest` or becomes an entry that says so.

use crate::domain::contact::{Email, EmailProblem, PersonName, Phone, PhoneProblem};

use super::{
    PasteProblem, Pasted, PastedKind, mend,
    tokens::{LinePiece, Token, tokens},
};

/// An entry, and whether something was left out of it silently.
pub struct PastedEntry {
    /// The entry.
    pub pasted: Pasted,
    /// Were spaces, quotes, `mailto:` and the like removed (rule 7)?
    pub tidied: bool,
}

/// What stands between two separators.
enum Field {
    /// A text without any address.
    Text(String),
    /// One address or more, with the names beside them.
    Contacts(Vec<Contact>),
}

struct Contact {
    found: PastedEntry,
    in_angles: bool,
}

/// A part of a field.
enum Bit {
    Text(String),
    Contact(Contact),
}

/// Reads one line.
pub fn read_line(line: &str) -> Vec<PastedEntry> {
    let has_at = line.contains(['@', '\u{FF20}', '\u{FE6B}']);
    let mut fields: Vec<(char, Field)> = Vec::new();
    let mut separator = ' ';
    let mut current: Vec<Token> = Vec::new();
    let mut has_columns = false;
    let mut tokens = tokens(line).into_iter();
    loop {
        let token = tokens.next();
        match token {
            Some(Token::Break(_)) | None => {
                fields.extend(field(line, std::mem::take(&mut current), has_at).map(|field| (separator, field)));
                let Some(Token::Break(next)) = token else { break };
                has_columns |= next == '\t';
                separator = next;
            }
            Some(token) => current.push(token),
        }
    }
    let fields = join_surnames(fields);
    if !fields.iter().any(|field| matches!(field, Field::Contacts(_))) && has_columns {
        // A row of a table without an address, such as its head: one entry, not one for each cell.
        return if fields.is_empty() { Vec::new() } else { vec![no_address(line.trim())] };
    }
    give_names(fields, has_columns)
}

/// Reads what stands between two separators; `None` when it says nothing.
fn field(line: &str, tokens: Vec<Token>, has_at: bool) -> Option<Field> {
    let bits = bits(line, tokens, has_at);
    if !bits.iter().any(|bit| matches!(bit, Bit::Contact(_))) {
        let text = bits.into_iter().filter_map(|bit| if let Bit::Text(text) = bit { Some(text) } else { None });
        let text = text.collect::<Vec<_>>().join(" ");
        return text.chars().any(char::is_alphanumeric).then_some(Field::Text(text));
    }
    let names_follow = matches!(bits.first(), Some(Bit::Contact(_)))
        && matches!(bits.last(), Some(Bit::Text(_)))
        && !bits.iter().any(|bit| matches!(bit, Bit::Contact(contact) if contact.in_angles));
    let mut contacts: Vec<Contact> = Vec::new();
    let mut pending: Vec<String> = Vec::new();
    for bit in bits {
        match bit {
            Bit::Text(text) => pending.push(text),
            Bit::Contact(mut contact) => {
                let texts = std::mem::take(&mut pending);
                match contacts.last_mut().filter(|_| names_follow) {
                    Some(owner) => name_or_rest(&mut owner.found.pasted, texts),
                    None => name_or_rest(&mut contact.found.pasted, texts),
                }
                // Address and number of one person: the name belongs to both.
                if let Some(before) = contacts.last().filter(|_| contact.found.pasted.name.is_none() && !names_follow)
                    && is_phone(&before.found.pasted) != is_phone(&contact.found.pasted)
                {
                    contact.found.pasted.name = before.found.pasted.name.clone();
                }
                contacts.push(contact);
            }
        }
    }
    if let Some(last) = contacts.last_mut() {
        name_or_rest(&mut last.found.pasted, pending);
    }
    Some(Field::Contacts(contacts))
}

/// Finds the addresses and numbers among the tokens of a field.
fn bits(line: &str, tokens: Vec<Token>, has_at: bool) -> Vec<Bit> {
    let mut bits: Vec<Bit> = Vec::new();
    let mut number: Vec<LinePiece> = Vec::new();
    for token in tokens {
        if let Token::Word(piece) = &token
            && is_numeric(&piece.text)
        {
            if begins_anew(&number, piece) {
                flush_number(line, &mut number, has_at, &mut bits);
            }
            number.push(piece.clone());
            continue;
        }
        flush_number(line, &mut number, has_at, &mut bits);
        match token {
            Token::Word(piece) if piece.text.contains('@') => bits.push(email(line, &piece, false)),
            Token::Word(piece) if begins_like_a_number(&piece.text) => bits.push(phone(line, &piece, false)),
            Token::Word(piece) if !mend::is_label(&piece.text) => bits.push(Bit::Text(piece.text)),
            Token::Quoted(piece) => bits.push(Bit::Text(piece.text)),
            Token::Angle(piece) => {
                let is_number = !piece.text.contains('@') && piece.text.split_whitespace().all(is_numeric);
                let bit = if is_number { phone(line, &piece, true) } else { email(line, &piece, true) };
                // `anna@acme.com <mailto:anna@acme.com>` is one address that a mail program wrote twice.
                if let (Some(Bit::Contact(before)), Bit::Contact(again)) = (bits.last_mut(), &bit)
                    && before.found.pasted.kind == again.found.pasted.kind
                    && !matches!(again.found.pasted.kind, PastedKind::Broken { .. })
                {
                    before.found.tidied = true;
                } else {
                    bits.push(bit);
                }
            }
            Token::Word(_) | Token::Break(_) => {}
        }
    }
    flush_number(line, &mut number, has_at, &mut bits);
    bits
}

fn email(line: &str, piece: &LinePiece, in_angles: bool) -> Bit {
    let mut text = mend::tidy(&piece.text).to_owned();
    if in_angles && text.contains('@') {
        text.retain(|letter| !letter.is_whitespace());
    }
    let kind = match Email::parse(&text) {
        Ok(email) => PastedKind::Email(email),
        Err(problem) => PastedKind::Broken { problem: PasteProblem::Email(problem), repair: mend::repair_email(&text) },
    };
    contact(line, piece, in_angles, kind, text != piece.text)
}

fn phone(line: &str, piece: &LinePiece, in_angles: bool) -> Bit {
    let text = mend::tidy(&piece.text);
    let kind = match Phone::parse(text) {
        Ok(phone) => PastedKind::Phone(phone),
        Err(problem) => {
            let offer = match &problem {
                PhoneProblem::CountryCodeMissing { digits } => Phone::offer_for_national(digits),
                _ => None,
            };
            PastedKind::Broken { problem: PasteProblem::Phone(problem), repair: offer.map(String::from) }
        }
    };
    contact(line, piece, in_angles, kind, text != piece.text)
}

fn contact(line: &str, piece: &LinePiece, in_angles: bool, kind: PastedKind, tidied: bool) -> Bit {
    let typed = line.get(piece.range.clone()).unwrap_or(&piece.text).trim().to_owned();
    let pasted = Pasted { typed, name: None, rest: Vec::new(), kind };
    Bit::Contact(Contact { found: PastedEntry { pasted, tidied: tidied || piece.tidied }, in_angles })
}

/// A text in the place of an address.
fn no_address(text: &str) -> PastedEntry {
    let problem = Email::parse(text).err().unwrap_or(EmailProblem::NoAt);
    let kind = PastedKind::Broken { problem: PasteProblem::Email(problem), repair: None };
    PastedEntry { pasted: Pasted { typed: text.to_owned(), name: None, rest: Vec::new(), kind }, tidied: false }
}

/// Can the word be part of a number: digits, and what people put between them?
fn is_numeric(word: &str) -> bool {
    let word = mend::tidy(word);
    let is_part =
        |c: char| c.is_ascii_digit() || "+-().".contains(c) || matches!(c, '\u{2010}'..='\u{2015}' | '\u{2212}');
    (word.chars().all(is_part) && word.chars().any(|c| c.is_ascii_digit())) || word == "+"
}

/// `+37529abc`: meant as a number, and not one.
fn begins_like_a_number(word: &str) -> bool {
    mend::tidy(word).strip_prefix('+').is_some_and(|rest| rest.bytes().take(3).filter(u8::is_ascii_digit).count() == 3)
}

fn digits(text: &str) -> usize {
    text.bytes().filter(u8::is_ascii_digit).count()
}

/// Does a new number begin with this word, rather than go on?
fn begins_anew(number: &[LinePiece], word: &LinePiece) -> bool {
    let text = mend::tidy(&word.text);
    let Some(last) = number.last() else { return false };
    (text.starts_with('+') && last.text != "+")
        || text.starts_with("00")
        || (digits(text) >= 10 && number.iter().map(|piece| digits(&piece.text)).sum::<usize>() >= 10)
        // `1.` before a number is its place in a list.
        || (number.len() == 1 && digits(&last.text) <= 3 && last.text.ends_with('.'))
}

/// Ends a run of numeric words: a telephone number if it looks like one, else words.
fn flush_number(line: &str, number: &mut Vec<LinePiece>, has_at: bool, bits: &mut Vec<Bit>) {
    let pieces = std::mem::take(number);
    let (Some(first), Some(last)) = (pieces.first(), pieces.last()) else { return };
    let texts: Vec<&str> = pieces.iter().map(|piece| piece.text.as_str()).collect();
    let text = texts.join(" ");
    let bare = mend::tidy(&text);
    let count = digits(bare);
    let is_number = if bare.starts_with('+') || bare.starts_with("00") {
        count >= 3
    } else {
        // Dates and version numbers have dots; places in a list and staff numbers are short.
        !bare.contains('.') && (count >= 9 || (count >= 7 && !has_at))
    };
    if is_number {
        let tidied = pieces.iter().any(|piece| piece.tidied);
        let piece = LinePiece { range: first.range.start..last.range.end, text, tidied };
        bits.push(phone(line, &piece, false));
    } else {
        bits.extend(pieces.into_iter().map(|piece| Bit::Text(piece.text)));
    }
}

/// `Petrova, Anna <…>`: the comma inside a name separates nothing.
fn join_surnames(fields: Vec<(char, Field)>) -> Vec<Field> {
    let mut out: Vec<Field> = Vec::with_capacity(fields.len());
    for (separator, mut field) in fields {
        if let (Some(Field::Text(surname)), Field::Contacts(contacts)) = (out.last(), &mut field)
            && separator == ','
            && surname.split_whitespace().count() <= 2
            && let Some(first) = contacts.first_mut().filter(|first| first.in_angles)
            && let Some(name) = &first.found.pasted.name
            && let Some(joined) =
                name_of(std::slice::from_ref(surname)).and_then(|surname| name_of(&[format!("{surname}, {name}")]))
        {
            first.found.pasted.name = Some(joined);
            out.pop();
        }
        out.push(field);
    }
    out
}

/// Gives the texts of a line to its addresses as names; where that would be a guess, they become entries.
fn give_names(fields: Vec<Field>, has_columns: bool) -> Vec<PastedEntry> {
    let all = || fields.iter().filter_map(|field| if let Field::Contacts(all) = field { Some(all) } else { None });
    let phones = all().flatten().filter(|contact| is_phone(&contact.found.pasted)).count();
    let others = all().flatten().count() - phones;
    let one_each = all().all(|contacts| contacts.len() == 1) && (phones == 0 || others == 0);
    let texts_first = matches!(fields.first(), Some(Field::Text(_)));
    let alternates = fields.len() >= 4
        && fields.len().is_multiple_of(2)
        && one_each
        && fields
            .iter()
            .enumerate()
            .all(|(at, field)| matches!(field, Field::Text(_)) == (texts_first == (at % 2 == 0)));
    let is_one_person = phones + others > 0 && (has_columns || (phones <= 1 && others <= 1));
    let mut out: Vec<PastedEntry> = Vec::new();
    let mut before: Vec<String> = Vec::new();
    let mut after: Vec<String> = Vec::new();
    for field in fields {
        match field {
            Field::Text(text) if alternates && !texts_first => {
                if let Some(owner) = out.last_mut() {
                    name_or_rest(&mut owner.pasted, vec![text]);
                }
            }
            Field::Text(text) if alternates || (is_one_person && out.is_empty()) => before.push(text),
            Field::Text(text) if is_one_person => after.push(text),
            Field::Text(text) => out.push(no_address(&text)),
            Field::Contacts(contacts) => {
                for mut contact in contacts {
                    if alternates {
                        name_or_rest(&mut contact.found.pasted, std::mem::take(&mut before));
                    }
                    out.push(contact.found);
                }
            }
        }
    }
    if is_one_person
        && !alternates
        && let Some((first, others)) = out.split_first_mut()
    {
        // Columns: the name before the address, else the first text after it; a role or team stays in `rest`.
        let (named, numbers): (Vec<_>, Vec<_>) =
            before.into_iter().partition(|text| name_of(std::slice::from_ref(text)).is_some());
        name_or_rest(&mut first.pasted, named);
        for text in after {
            name_or_rest(&mut first.pasted, vec![text]);
        }
        first.pasted.rest.extend(numbers);
        for other in others.iter_mut().filter(|other| other.pasted.name.is_none()) {
            other.pasted.name = first.pasted.name.clone();
        }
    }
    out
}

fn is_phone(pasted: &Pasted) -> bool {
    matches!(pasted.kind, PastedKind::Phone(_) | PastedKind::Broken { problem: PasteProblem::Phone(_), .. })
}

/// Makes the texts the person's name if they can be one and there is none yet; keeps them beside it otherwise.
fn name_or_rest(pasted: &mut Pasted, texts: Vec<String>) {
    if pasted.name.is_none()
        && let Some(name) = name_of(&texts)
    {
        pasted.name = Some(name);
    } else {
        pasted.rest.extend(texts.into_iter().filter(|text| text.chars().any(char::is_alphanumeric)));
    }
}

/// The name that the words make, without bullets, places in a list, and what joins addresses in a sentence.
fn name_of(texts: &[String]) -> Option<String> {
    let words = texts.iter().flat_map(|text| text.split_whitespace());
    let words: Vec<&str> = words
        .map(|word| word.trim_matches(|c: char| "'\"*•·:<>=".contains(c)))
        .filter(|word| word.chars().any(char::is_alphabetic))
        .filter(|word| !["and", "und", "и", "or", "или"].contains(&word.to_lowercase().as_str()))
        .collect();
    let name = words.join(" ");
    PersonName::parse(name.trim_matches([',', '-', '–', '—', ' '])).ok().map(String::from)
}
