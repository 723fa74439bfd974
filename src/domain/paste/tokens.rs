//! Cuts one pasted line into words, names in quotes, addresses in angle brackets, and separators.
//! It must not judge what it cuts, and every look ahead is bounded, so that no input makes it slow.

use std::ops::Range;

use crate::domain::{address_guard::is_real_ending, contact::is_unseen};

/// How far a closing quote or bracket is looked for: longer than any address or name that could be accepted.
const FURTHEST: usize = 400;

/// A piece of the line.
#[derive(Debug, Clone, PartialEq)]
pub struct LinePiece {
    /// What it says, without characters that nobody can see.
    pub text: String,
    /// Where it stands in the line, in bytes.
    pub range: Range<usize>,
    /// Was anything left out that the person may not have noticed (rule 7)?
    pub tidied: bool,
}

/// What a line is made of.
#[derive(Debug, Clone, PartialEq)]
pub enum Token {
    /// A word: part of a name, an address, a number.
    Word(LinePiece),
    /// Text in quotes or brackets without an `@`: a name or a comment.
    Quoted(LinePiece),
    /// What stands in `<…>`.
    Angle(LinePiece),
    /// A separator: `\t` between columns (`|` too), `,` or `;` between entries.
    Break(char),
}

/// Cuts a line into tokens.
pub fn tokens(line: &str) -> Vec<Token> {
    let mut cutter = Cutter { line, letters: line.char_indices().collect(), at: 0, tidied: false, closers: Vec::new() };
    let mut out = Vec::new();
    while let Some(letter) = cutter.peek(0) {
        cutter.step(letter, &mut out);
    }
    joined(out)
}

struct Cutter<'a> {
    line: &'a str,
    letters: Vec<(usize, char)>,
    at: usize,
    /// Something was left out just before: the next word carries the mark.
    tidied: bool,
    /// Where closing quotes stand whose opening ones were left out.
    closers: Vec<usize>,
}

impl Cutter<'_> {
    fn peek(&self, ahead: usize) -> Option<char> {
        self.letters.get(self.at + ahead).map(|(_, letter)| *letter)
    }

    /// The byte offset of the letter with this number, or the end of the line.
    fn offset(&self, index: usize) -> usize {
        self.letters.get(index).map_or(self.line.len(), |(offset, _)| *offset)
    }

    fn slice(&self, from: usize, to: usize) -> &str {
        self.line.get(self.offset(from)..self.offset(to)).unwrap_or("")
    }

    fn piece(&mut self, from: usize, to: usize) -> LinePiece {
        let raw = self.slice(from, to);
        let text: String = raw.chars().filter(|c| !is_hidden(*c)).map(as_ascii).collect();
        let tidied = self.tidied || text != raw;
        let range = self.offset(from)..self.offset(to);
        self.tidied = false;
        LinePiece { text, range, tidied }
    }

    /// The number of the closing letter, when it is near.
    fn find(&self, closer: char) -> Option<usize> {
        let from = self.at + 1;
        let ahead = self.letters.iter().skip(from).take(FURTHEST);
        ahead.enumerate().find(|(_, (_, letter))| *letter == closer).map(|(ahead, _)| from + ahead)
    }

    /// Takes what begins at the present letter.
    fn step(&mut self, letter: char, out: &mut Vec<Token>) {
        if self.closers.last() == Some(&self.at) {
            self.closers.pop();
            self.at += 1;
        } else if letter == '\t' || letter == '|' {
            self.at += 1;
            out.push(Token::Break('\t'));
        } else if letter.is_whitespace() || is_hidden(letter) {
            // A plain space separates; any other is a guest from a word processor. One after the word counts as well.
            if letter != ' ' {
                match out.last_mut() {
                    Some(Token::Word(piece) | Token::Angle(piece)) => piece.tidied = true,
                    _ => self.tidied = true,
                }
            }
            self.at += 1;
        } else if let Some(separator) = separator(letter) {
            self.at += 1;
            out.push(Token::Break(separator));
        } else if letter == '<' {
            self.angle(out);
        } else if let Some(closer) = closer_of(letter).filter(|_| self.digits_in_brackets(self.at).is_none()) {
            self.quoted(closer, out);
        } else if is_closer(letter) {
            // `1)` at the beginning of an entry is a number of the list, not of a telephone.
            if let Some(Token::Word(piece)) = out.last()
                && letter == ')'
                && piece.text.len() <= 3
                && piece.text.bytes().all(|byte| byte.is_ascii_digit())
            {
                out.pop();
            }
            self.at += 1;
        } else {
            self.word(out);
        }
    }

    fn angle(&mut self, out: &mut Vec<Token>) {
        let close = self.find('>');
        let inside = close.map(|close| self.slice(self.at + 1, close));
        match (close, inside) {
            (Some(close), Some(inside)) if !inside.trim().is_empty() && inside.matches('@').count() <= 1 => {
                let mut piece = self.piece(self.at + 1, close);
                piece.range = self.offset(self.at)..self.offset(close + 1);
                out.push(Token::Angle(piece));
                self.at = close + 1;
            }
            _ => {
                self.tidied = true;
                self.at += 1;
            }
        }
    }

    fn quoted(&mut self, closer: char, out: &mut Vec<Token>) {
        let close = self.find(closer);
        let inside = close.map(|close| self.slice(self.at + 1, close));
        match (close, inside) {
            (Some(close), Some(inside)) if inside.contains(is_at) || (is_number(inside) && !ends_in_number(out)) => {
                // The quotes stand around addresses: only they go.
                self.closers.push(close);
                self.closers.sort_unstable_by(|a, b| b.cmp(a));
                self.tidied = true;
                self.at += 1;
            }
            (Some(close), Some(inside)) => {
                if inside.chars().any(char::is_alphanumeric) {
                    let piece = self.piece(self.at + 1, close);
                    out.push(Token::Quoted(piece));
                }
                self.at = close + 1;
            }
            _ => {
                self.tidied = true;
                self.at += 1;
            }
        }
    }

    fn word(&mut self, out: &mut Vec<Token>) {
        let from = self.at;
        let mut seen_at = false;
        let mut splits = false;
        while let Some(letter) = self.peek(0) {
            if is_at(letter) {
                seen_at = true;
            } else if let Some(close) = self.digits_in_brackets(self.at) {
                self.at = close;
            } else if letter == '/' || letter == '\\' {
                if seen_at && self.at_follows() {
                    splits = true;
                    break;
                }
            } else if (letter == ',' || letter == ';') && seen_at && self.stands_for_a_dot(from) {
                // `anna@acme,com`: the comma belongs to the address and will be named as its fault.
            } else if matches!(letter, ':' | '=') && seen_at && has_real_ending(self.slice(from, self.at)) {
                // `anna@acme.by: Anna`
                break;
            } else if letter == ',' && self.is_in_a_shortened_number(from) {
                // `3,75291E+11`: what a spreadsheet made of a telephone number.
            } else if (letter.is_whitespace() || separator(letter).is_some() || letter == '|' || letter == '<')
                || (closer_of(letter).is_some() || is_closer(letter) || self.closers.last() == Some(&self.at))
            {
                break;
            }
            self.at += 1;
        }
        let piece = self.piece(from, self.at);
        if piece.text.is_empty() {
            self.tidied = true;
        } else {
            out.push(Token::Word(piece));
        }
        if splits {
            out.push(Token::Break(','));
            self.at += 1;
        }
    }

    /// Is this comma the decimal sign of a number with a power of ten?
    fn is_in_a_shortened_number(&self, from: usize) -> bool {
        let mut behind = self.letters.iter().skip(self.at + 1).take(16).map(|(_, letter)| *letter);
        let mut rest = behind.by_ref().skip_while(char::is_ascii_digit);
        self.at - from == 1
            && self.slice(from, self.at).bytes().all(|byte| byte.is_ascii_digit())
            && rest.next().is_some_and(|letter| matches!(letter, 'E' | 'e' | 'Е'))
            && rest.next() == Some('+')
    }

    /// `(029)`: digits in brackets are part of a number. Gives the number of the closing bracket.
    fn digits_in_brackets(&self, open: usize) -> Option<usize> {
        let mut ahead = self.letters.iter().enumerate().skip(open).map(|(index, (_, letter))| (index, *letter));
        ahead.next().filter(|(_, letter)| *letter == '(')?;
        let mut ahead = ahead.take(8).skip_while(|(_, letter)| letter.is_ascii_digit() || "+ ".contains(*letter));
        ahead.next().filter(|(index, letter)| *letter == ')' && *index > open + 1).map(|(index, _)| index)
    }

    /// Does another `@` come before the next white space or separator?
    fn at_follows(&self) -> bool {
        let rest = self.letters.iter().skip(self.at + 1).take(FURTHEST).map(|(_, letter)| *letter);
        rest.take_while(|c| !c.is_whitespace() && separator(*c).is_none()).any(is_at)
    }

    /// Is this comma a slip for a dot? It is when a known ending follows at once and none came before.
    fn stands_for_a_dot(&self, from: usize) -> bool {
        if self.at - from > FURTHEST {
            return false;
        }
        let before = self.slice(from, self.at);
        let Some((_, domain)) = before.rsplit_once(is_at) else { return false };
        if domain.is_empty() || has_real_ending(domain) {
            return false;
        }
        let rest = || self.letters.iter().skip(self.at + 1).take(32).map(|(_, letter)| *letter);
        let next: String = rest().take_while(|c| c.is_ascii_lowercase() || ".-".contains(*c)).collect();
        let next = next.trim_end_matches('.');
        let after = rest().nth(next.chars().count());
        let ends = after.is_none_or(|c| !c.is_alphanumeric() && !is_at(c) && !"_+-".contains(c));
        // At the end of all, any word may be an ending; nobody has a name in small letters glued to an address without one.
        let is_last = after.is_none() && !domain.contains('.') && next.len() >= 2;
        ends && (is_last || next.rsplit('.').next().is_some_and(is_real_ending))
    }
}

/// Puts together what spaces tore apart: `anna @ acme.com`, `anna@acme .com`.
fn joined(tokens: Vec<Token>) -> Vec<Token> {
    let mut out: Vec<Token> = Vec::with_capacity(tokens.len());
    for token in tokens {
        if let (Some(Token::Word(before)), Token::Word(next)) = (out.last_mut(), &token)
            && let Some(glue) = glue(&before.text, &next.text)
        {
            before.text = format!("{}{glue}{}", before.text, next.text);
            before.range.end = next.range.end;
            before.tidied = true;
            continue;
        }
        out.push(token);
    }
    out
}

/// What belongs between two words that are one address; `None` when they are two.
fn glue(before: &str, next: &str) -> Option<&'static str> {
    if before.len() > FURTHEST || next.len() > FURTHEST {
        return None;
    }
    match (before.matches('@').count(), next.matches('@').count()) {
        (1, 0) if before.ends_with('@') => Some(""),
        // `Anna Kim @anna_k` is called so elsewhere.
        (0, 1) if next.starts_with('@') && (next.contains('.') || !before.starts_with(char::is_uppercase)) => Some(""),
        (1, 0) if next.strip_prefix('.').is_some_and(|rest| rest.split('.').all(is_label)) => Some(""),
        // Where a sentence may have ended, the space stays, so that the address is shown as faulty and asked about.
        (1, 0) if before.ends_with('.') && !has_real_ending(before.trim_end_matches('.')) && is_real_ending(next) => {
            Some(" ")
        }
        _ => None,
    }
}

fn is_label(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// Does a domain (or an address) end as real ones do?
fn has_real_ending(domain: &str) -> bool {
    domain.rsplit_once('.').is_some_and(|(_, ending)| is_real_ending(&ending.to_ascii_lowercase()))
}

/// Whether what stands last is a number: one in brackets behind it is its owner's second one.
fn ends_in_number(tokens: &[Token]) -> bool {
    matches!(tokens.last(), Some(Token::Word(piece)) if piece.text.bytes().any(|byte| byte.is_ascii_digit()) && !piece.text.contains(char::is_alphabetic))
}

/// `(+7 701 555 10 20)`: a whole number in brackets.
fn is_number(text: &str) -> bool {
    let is_part = |letter: char| letter.is_ascii_digit() || "+-() \u{A0}".contains(letter);
    text.chars().all(is_part) && text.bytes().filter(u8::is_ascii_digit).count() >= 9
}

fn is_at(letter: char) -> bool {
    as_ascii(letter) == '@'
}

/// The signs that East Asian keyboards write in full width.
fn as_ascii(letter: char) -> char {
    match letter {
        '\u{FF20}' | '\u{FE6B}' => '@',
        '\u{FF0B}' => '+',
        '\u{FF0E}' | '\u{3002}' | '\u{FF61}' => '.',
        '\u{FF10}'..='\u{FF19}' => char::from_u32(u32::from(letter) - 0xFEE0).unwrap_or(letter),
        other => other,
    }
}

fn is_hidden(letter: char) -> bool {
    is_unseen(letter) || (letter.is_control() && letter != '\t')
}

fn separator(letter: char) -> Option<char> {
    match letter {
        ',' | '\u{FF0C}' | '\u{3001}' | '\u{060C}' => Some(','),
        ';' | '\u{FF1B}' => Some(';'),
        _ => None,
    }
}

fn closer_of(opener: char) -> Option<char> {
    Some(match opener {
        '"' => '"',
        '“' => '”',
        '„' => '“',
        '«' => '»',
        '(' => ')',
        '[' => ']',
        '{' => '}',
        _ => return None,
    })
}

fn is_closer(letter: char) -> bool {
    "\"”»)]}>".contains(letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The tokens in short: words as they are, `"…"` quoted, `<…>` in angles, separators alone.
    fn cut(line: &str) -> Vec<String> {
        let shown = |token: Token| match token {
            Token::Word(piece) => piece.text,
            Token::Quoted(piece) => format!("\"{}\"", piece.text),
            Token::Angle(piece) => format!("<{}>", piece.text),
            Token::Break(separator) => separator.to_string(),
        };
        tokens(line).into_iter().map(shown).collect()
    }

    #[test]
    fn a_line_falls_into_words_names_addresses_and_separators() {
        assert_eq!(cut("\"Petrova, Anna\" <a@b.by>; x"), ["\"Petrova, Anna\"", "<a@b.by>", ";", "x"]);
        assert_eq!(cut("Anna|a@b.by\tx"), ["Anna", "\t", "a@b.by", "\t", "x"]);
        assert_eq!(cut("8 (029) 1"), ["8", "(029)", "1"]);
    }

    #[test]
    fn a_comma_or_slash_inside_an_address_is_told_from_a_separator() {
        assert_eq!(cut("a@acme,com"), ["a@acme,com"]);
        assert_eq!(cut("a@acme.by,com"), ["a@acme.by", ",", "com"]);
        assert_eq!(cut("a@acme,b@acme.by"), ["a@acme", ",", "b@acme.by"]);
        assert_eq!(cut("a@acme.by/b@acme.by"), ["a@acme.by", ",", "b@acme.by"]);
        assert_eq!(cut("a/b@acme.by"), ["a/b@acme.by"]);
    }

    #[test]
    fn every_piece_knows_where_it_stands() {
        let line = "я\u{200B}@b.by «anna @ acme.by»";
        for token in tokens(line) {
            if let Token::Word(piece) = token {
                let raw = &line[piece.range];
                assert_eq!(raw.replace(['\u{200B}', ' '], ""), piece.text);
                assert!(piece.tidied);
            }
        }
    }
}
