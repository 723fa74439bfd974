//! Known domains by their slips of one keystroke: which of them was meant by a typed one, and how likely.
//! It must not know which domains there are, nor when to ask.

use std::cmp::Reverse;
use std::collections::HashMap;

use strsim::osa_distance;

/// Domains that can be found by any slip of one keystroke in them: a letter too many, too few, another one, two swapped.
pub struct SlipIndex<T> {
    domains: Vec<(T, &'static str)>,
    /// Each domain under itself and under what is left of it without one of its letters.
    by_remains: HashMap<String, Vec<u16>>,
}

impl<T: Copy> SlipIndex<T> {
    pub fn new(domains: impl Iterator<Item = (T, &'static str)>) -> Self {
        let domains: Vec<(T, &'static str)> = domains.collect();
        let mut by_remains: HashMap<String, Vec<u16>> = HashMap::new();
        for (at, (_, domain)) in domains.iter().enumerate() {
            let Ok(at) = u16::try_from(at) else { break };
            for remains in remains_of(domain) {
                by_remains.entry(remains).or_default().push(at);
            }
        }
        Self { domains, by_remains }
    }

    /// All that are one keystroke away from a typed one.
    pub fn near(&self, typed: &str) -> Vec<(T, &'static str)> {
        let mut found: Vec<u16> =
            remains_of(typed).iter().filter_map(|remains| self.by_remains.get(remains)).flatten().copied().collect();
        found.sort_unstable();
        found.dedup();
        let domains = found.into_iter().filter_map(|at| self.domains.get(usize::from(at)).copied());
        domains.filter(|(_, domain)| osa_distance(domain, typed) == 1).collect()
    }
}

/// The text itself, and without each of its letters.
fn remains_of(text: &str) -> Vec<String> {
    let without = |(at, letter): (usize, char)| {
        let (before, behind) =
            (text.get(..at).unwrap_or_default(), text.get(at + letter.len_utf8()..).unwrap_or_default());
        format!("{before}{behind}")
    };
    let mut remains: Vec<String> = text.char_indices().map(without).collect();
    remains.push(text.to_owned());
    remains.sort_unstable();
    remains.dedup();
    remains
}

/// How unlikely a slip is; the slip that is made most often first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SlipKind {
    /// Two letters swapped, or one doubled or not doubled.
    Rhythm,
    /// A letter left out, one too many, the key beside the right one, a sign that looks the same.
    Key,
    /// Any other letter.
    Other,
}

/// What made `typed` of `meant`, when it was one slip; and how late in the text it happened, as the first letter is seldom wrong.
pub fn slip(meant: &str, typed: &str) -> (SlipKind, Reverse<usize>) {
    let (meant, typed): (Vec<char>, Vec<char>) = (meant.chars().collect(), typed.chars().collect());
    let at = meant.iter().zip(&typed).take_while(|(one, other)| one == other).count();
    let letter = |text: &[char], at: usize| text.get(at).copied().unwrap_or(' ');
    let kind = match typed.len().cmp(&meant.len()) {
        std::cmp::Ordering::Equal
            if letter(&meant, at) == letter(&typed, at + 1) && letter(&meant, at + 1) == letter(&typed, at) =>
        {
            SlipKind::Rhythm
        }
        std::cmp::Ordering::Equal if are_beside(letter(&meant, at), letter(&typed, at)) => SlipKind::Key,
        std::cmp::Ordering::Equal => SlipKind::Other,
        // At a run of one letter the two differ only behind it.
        std::cmp::Ordering::Greater if at > 0 && letter(&typed, at) == letter(&typed, at - 1) => SlipKind::Rhythm,
        std::cmp::Ordering::Less if at > 0 && letter(&meant, at) == letter(&meant, at - 1) => SlipKind::Rhythm,
        _ => SlipKind::Key,
    };
    (kind, Reverse(at.min(1)))
}

/// Whether two signs lie beside each other on a keyboard, or look the same.
fn are_beside(one: char, other: char) -> bool {
    const ROWS: [&str; 4] = ["1234567890-", "qwertyuiop", "asdfghjkl", "zxcvbnm,."];
    const TWINS: [(char, char); 7] =
        [('0', 'o'), ('1', 'l'), ('1', 'i'), ('l', 'i'), ('5', 's'), ('u', 'v'), ('y', 'z')];
    let place = |sign: char| ROWS.iter().enumerate().find_map(|(row, keys)| Some((row, keys.find(sign)?)));
    let is_twin = TWINS.contains(&(one, other)) || TWINS.contains(&(other, one));
    let (Some((row, column)), Some((other_row, other_column))) = (place(one), place(other)) else { return is_twin };
    let (upper, lower) = if row < other_row { (column, other_column) } else { (other_column, column) };
    is_twin
        || (row == other_row && column.abs_diff(other_column) == 1)
        // Each row begins half a key further to the right than the one above it.
        || (row.abs_diff(other_row) == 1 && (upper == lower || upper == lower + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_domain_is_found_by_any_slip_and_by_nothing_else() {
        let index = SlipIndex::new([(1, "gmail.com"), (2, "mail.ru")].into_iter());
        for typed in ["gmial.com", "gmai.com", "gmaill.com", "gmaik.com", "gmail.con", "gmailcom", "gmail..com"] {
            assert_eq!(index.near(typed), [(1, "gmail.com")], "{typed}");
        }
        for typed in ["gmail.com", "gmal.con", "acme.by", "", "ь"] {
            assert!(index.near(typed).is_empty(), "{typed}");
        }
    }

    #[test]
    fn what_is_slipped_often_is_the_likeliest() {
        for (meant, typed, kind) in [
            ("gmail.com", "gmial.com", SlipKind::Rhythm),
            ("gmail.com", "gmaill.com", SlipKind::Rhythm),
            ("yahoo.com", "yaho.com", SlipKind::Rhythm),
            ("gmail.com", "gmai.com", SlipKind::Key),
            ("gmail.com", "hmail.com", SlipKind::Key),
            ("gmail.com", "gmai1.com", SlipKind::Key),
            ("mail.by", "mail.vy", SlipKind::Key),
            ("mail.ru", "mail.vu", SlipKind::Other),
        ] {
            assert_eq!(slip(meant, typed).0, kind, "{meant} {typed}");
        }
    }
}
