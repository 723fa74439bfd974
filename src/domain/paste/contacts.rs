//! Finds the addresses and numbers in a line or a cell. It must not say whose they are.

use std::ops::Range;

use crate::domain::contact::{Email, EmailProblem, Phone, PhoneProblem};

use super::{
    Beside, PasteProblem, Pasted, PastedKind, SheetDamage, mend,
    tokens::{LinePiece, Token, tokens},
};

/// An entry, and whether something was left out of it silently.
#[derive(Debug, Clone)]
pub struct PastedEntry {
    /// The entry.
    pub pasted: Pasted,
    /// Were spaces, quotes, `mailto:` and the like removed (rule 7)?
    pub tidied: bool,
}

/// An address or number in its line.
#[derive(Debug, Clone)]
pub struct FoundContact {
    pub entry: PastedEntry,
    pub in_angles: bool,
    /// Where it stands, in bytes.
    pub range: Range<usize>,
}

impl FoundContact {
    pub fn is_phone(&self) -> bool {
        is_phone(&self.entry.pasted)
    }
}

/// A part of a field.
#[derive(Debug)]
pub enum Bit {
    Text(String),
    /// Text in brackets.
    Note(String),
    Contact(Box<FoundContact>),
}

/// Whether an entry is a number, or was meant as one.
pub fn is_phone(pasted: &Pasted) -> bool {
    matches!(
        pasted.kind,
        PastedKind::Phone(_)
            | PastedKind::Broken { problem: PasteProblem::Phone(_) | PasteProblem::Spreadsheet(_), .. }
    )
}

/// All addresses and numbers of a line, in their order.
pub fn find_contacts(line: &str) -> Vec<FoundContact> {
    if !may_hold_contact(line) {
        return Vec::new();
    }
    let has_at = has_at(line);
    let mut found = Vec::new();
    let mut current: Vec<Token> = Vec::new();
    let mut tokens = tokens(line).into_iter();
    loop {
        let token = tokens.next();
        match token {
            Some(Token::Break(_)) | None => {
                let bits = bits(line, std::mem::take(&mut current), has_at);
                found.extend(bits.into_iter().filter_map(|bit| match bit {
                    Bit::Contact(contact) => Some(*contact),
                    Bit::Text(_) | Bit::Note(_) => None,
                }));
                if token.is_none() {
                    return found;
                }
            }
            Some(token) => current.push(token),
        }
    }
}

/// Whether an address or a number may be in it: a quick look, which most cells of a table do not pass.
pub fn may_hold_contact(line: &str) -> bool {
    let mut digits = 0;
    line.chars().any(|letter| {
        digits += usize::from(letter.is_numeric());
        digits >= 7 || matches!(letter, '@' | '\u{FF20}' | '\u{FE6B}' | '<' | '#' | '+')
    })
}

/// Whether an address may be in it.
pub fn has_at(line: &str) -> bool {
    line.contains(['@', '\u{FF20}', '\u{FE6B}'])
}

/// Finds the addresses and numbers among the tokens of a field.
pub fn bits(line: &str, tokens: Vec<Token>, has_at: bool) -> Vec<Bit> {
    let mut bits: Vec<Bit> = Vec::new();
    let mut number: Vec<LinePiece> = Vec::new();
    let is_alone = tokens.len() == 1;
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
            Token::Word(piece) if is_handle(&piece.text) => bits.push(Bit::Text(piece.text)),
            Token::Word(piece) if piece.text.contains('@') => {
                let bit = email(line, &piece, false);
                bits.push(bit);
            }
            Token::Word(piece) if SheetDamage::of_number(&piece.text, is_alone).is_some() => {
                bits.push(phone(line, &piece, false));
            }
            Token::Word(piece) if begins_like_a_number(&piece.text) => bits.push(phone(line, &piece, false)),
            Token::Word(piece) if !mend::is_label(&piece.text) => bits.push(Bit::Text(piece.text)),
            Token::Quoted(piece) => {
                let before = line.get(..piece.range.start).unwrap_or_default();
                let is_note = before.ends_with(['(', '[', '{']);
                bits.push(if is_note { Bit::Note(piece.text) } else { Bit::Text(piece.text) });
            }
            Token::Angle(piece) if is_remark(&piece.text) => bits.push(Bit::Text(piece.text)),
            Token::Angle(piece) => {
                let is_number = !piece.text.contains('@') && piece.text.split_whitespace().all(is_numeric);
                let bit = if is_number { phone(line, &piece, true) } else { email(line, &piece, true) };
                // `anna@acme.com <mailto:anna@acme.com>` is one address that a mail program wrote twice.
                if let (Some(Bit::Contact(before)), Bit::Contact(again)) = (bits.last_mut(), &bit)
                    && before.entry.pasted.kind == again.entry.pasted.kind
                    && !matches!(again.entry.pasted.kind, PastedKind::Broken { .. })
                {
                    before.entry.tidied = true;
                    before.range.end = again.range.end;
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

/// `@anna_k`: how somebody is called in a messenger.
fn is_handle(text: &str) -> bool {
    let is_letter = |letter: char| letter.is_alphanumeric() || letter == '_';
    text.strip_prefix('@').is_some_and(|name| name.chars().count() >= 3 && name.chars().all(is_letter))
}

/// `<Media omitted>`: several words and no address.
fn is_remark(text: &str) -> bool {
    !text.contains('@') && !text.chars().any(|c| c.is_ascii_digit()) && text.split_whitespace().count() > 1
}

fn email(line: &str, piece: &LinePiece, in_angles: bool) -> Bit {
    let mut text = mend::tidy(&piece.text).to_owned();
    // A blank at a sign says nothing; one between two letters may stand for any other, or for none.
    if in_angles && text.contains('@') && mend::has_blanks_at_signs_only(&text) {
        text.retain(|letter| !letter.is_whitespace());
    }
    let kind = match mend::half_quoted(&piece.text, &text) {
        Some((quote, bare)) => PastedKind::Broken {
            problem: PasteProblem::Email(EmailProblem::ForbiddenCharacter(quote)),
            repair: mend::repair_email(&bare),
        },
        None => email_kind(&text),
    };
    contact(line, piece, in_angles, kind, text != piece.text)
}

/// What a text is that was taken for an address.
pub fn email_kind(text: &str) -> PastedKind {
    match Email::parse(text) {
        Ok(email) => PastedKind::Email(email),
        Err(problem) => {
            let repair = mend::repair_email(text).or_else(|| mend::repair_without_at(text));
            PastedKind::Broken { problem: PasteProblem::Email(problem), repair }
        }
    }
}

/// What a text is that was taken for a number.
pub fn phone_kind(text: &str) -> PastedKind {
    if let Some(damage) = SheetDamage::of_number(text, true) {
        return PastedKind::Broken { problem: PasteProblem::Spreadsheet(damage), repair: None };
    }
    match Phone::parse(whole_number(text)) {
        Ok(phone) => PastedKind::Phone(phone),
        Err(problem) => {
            let offer = match &problem {
                PhoneProblem::CountryCodeMissing { digits } => Phone::offer_for_national(digits),
                _ => None,
            };
            PastedKind::Broken { problem: PasteProblem::Phone(problem), repair: offer.map(String::from) }
        }
    }
}

/// `375291234567.0`: programs write a number so that they took for an amount.
fn whole_number(text: &str) -> &str {
    let whole = text.strip_suffix(".0").or_else(|| text.strip_suffix(",0"));
    whole.filter(|digits| digits.len() >= 9 && digits.bytes().all(|byte| byte.is_ascii_digit())).unwrap_or(text)
}

/// What is wrong with a text in the place of a number, and what was probably meant; nothing where it is one.
pub fn number_problem(text: &str) -> Option<(PasteProblem, Option<String>)> {
    match phone_kind(mend::tidy(text)) {
        PastedKind::Broken { problem, repair } => Some((problem, repair)),
        PastedKind::Email(_) | PastedKind::Phone(_) => None,
    }
}

fn phone(line: &str, piece: &LinePiece, in_angles: bool) -> Bit {
    let text = mend::tidy(&piece.text);
    contact(line, piece, in_angles, phone_kind(text), text != piece.text)
}

fn contact(line: &str, piece: &LinePiece, in_angles: bool, kind: PastedKind, tidied: bool) -> Bit {
    let typed = line.get(piece.range.clone()).unwrap_or(&piece.text).trim().to_owned();
    let pasted = Pasted { typed, name: None, rest: Vec::new(), kind, beside: Beside::default() };
    let entry = PastedEntry { pasted, tidied: tidied || piece.tidied };
    Bit::Contact(Box::new(FoundContact { entry, in_angles, range: piece.range.clone() }))
}

/// A text in the place of an address.
pub fn no_address(text: &str) -> PastedEntry {
    let problem = Email::parse(text).err().unwrap_or(EmailProblem::NoAt);
    let kind = PastedKind::Broken { problem: PasteProblem::Email(problem), repair: mend::repair_without_at(text) };
    let pasted = Pasted { typed: text.to_owned(), name: None, rest: Vec::new(), kind, beside: Beside::default() };
    PastedEntry { pasted, tidied: false }
}

/// Can the word be part of a number: digits, and what people put between them?
fn is_numeric(word: &str) -> bool {
    let word = mend::tidy(word);
    let is_part =
        |c: char| c.is_ascii_digit() || "+-().".contains(c) || matches!(c, '\u{2010}'..='\u{2015}' | '\u{2212}');
    (word.chars().all(is_part) && word.chars().any(|c| c.is_ascii_digit())) || word == "+"
}

/// `2024-05-10`, `10-05-2024`.
fn is_date(text: &str) -> bool {
    let lengths: Vec<usize> = text.split('-').map(str::len).collect();
    matches!(lengths.as_slice(), [4, 1..=2, 1..=2] | [1..=2, 1..=2, 4])
}

/// `555-0171`, `123-45-67`: the number of somebody in the same town.
fn is_local(text: &str) -> bool {
    let lengths: Vec<usize> = text.split('-').map(str::len).collect();
    matches!(lengths.as_slice(), [3, 4] | [3, 2, 2]) && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-')
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
    let before = || number.iter().map(|piece| digits(&piece.text)).sum::<usize>();
    (text.starts_with('+') && last.text != "+")
        // `00 11` may be the end of a number; a number that begins so is long, or stands behind a whole one.
        || (text.starts_with("00") && (digits(text) >= 9 || before() >= 11))
        || (digits(text) >= 10 && before() >= 10)
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
        !bare.contains('.') && !is_date(bare) && (count >= 9 || (count >= 7 && (!has_at || is_local(bare))))
    };
    if is_number {
        let tidied = pieces.iter().any(|piece| piece.tidied);
        let piece = LinePiece { range: first.range.start..last.range.end, text, tidied };
        bits.push(phone(line, &piece, false));
    } else {
        bits.extend(pieces.into_iter().map(|piece| Bit::Text(piece.text)));
    }
}
