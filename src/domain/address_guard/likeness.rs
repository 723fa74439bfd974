//! Whether two addresses look so alike that they may be one person's, or one of them a slip (rules 9, 10). It must not say which
//! of them is right, nor look anybody up: it says only where such addresses may stand.

use std::collections::BTreeSet;

use strsim::osa_distance;

use super::{is_public_provider, is_slip_in_a_name};
use crate::domain::contact::Email;

/// From how many letters on a name is so telling that the same one at another provider is the same person.
const TELLING: usize = 7;

/// Mailboxes that every organisation has: they are looked for at one domain only.
const EVERYWHERE: [&str; 18] = [
    "info", "office", "admin", "mail", "email", "contact", "kontakt", "support", "sales", "hello", "help", "post",
    "service", "team", "shop", "buero", "school", "noreply",
];

/// From how many letters on a letter left out is likelier than another name.
const LONG: usize = 10;

/// What stays of an address without the parts that people mix up (rule 10): the part before the `@` without `.`, `_`,
/// `-` and `+tag`. Two addresses with one skeleton may be one person; it is asked, never assumed.
pub fn skeleton(email: &Email) -> String {
    format!("{}@{}", skeleton_name(email), email.domain())
}

fn skeleton_name(email: &Email) -> String {
    let local = email.local();
    let name = without_tag(local).replace(SEPARATORS, "");
    // `_@acme.by` and `+x@acme.by` have nothing but such parts; they must not all become one person.
    if name.is_empty() { local.to_owned() } else { name }
}

const SEPARATORS: [char; 3] = ['.', '_', '-'];

fn without_tag(local: &str) -> &str {
    local.split('+').next().unwrap_or(local)
}

/// What is read as one: signs that look the same, letters that one name is spelled with in Latin.
fn spelled(name: &str) -> String {
    let plain = name.replace("rn", "m").replace("vv", "w").replace("ks", "x");
    let letter = |sign: char| match sign {
        '0' => 'o',
        '1' | 'l' | 'i' | 'j' | 'y' => 'i',
        '5' => 's',
        letter => letter,
    };
    plain.chars().map(letter).collect()
}

/// The same, and letters doubled as one: `Anna` and `Ana`. Numbers stay whole.
fn folded(name: &str) -> String {
    let mut single = String::with_capacity(name.len());
    for letter in name.chars() {
        if letter.is_ascii_digit() || !single.ends_with(letter) {
            single.push(letter);
        }
    }
    let mut out = String::with_capacity(single.len());
    for (letter, sign) in
        spelled(&single).chars().zip(single.replace("rn", "m").replace("vv", "w").replace("ks", "x").chars())
    {
        if sign.is_ascii_digit() || !out.ends_with(letter) {
            out.push(letter);
        }
    }
    out
}

fn sorted(name: &str) -> String {
    let mut letters: Vec<char> = name.chars().collect();
    letters.sort_unstable();
    letters.into_iter().collect()
}

/// The parts of a name, as its separators show them.
fn tokens(email: &Email) -> Vec<&str> {
    without_tag(email.local()).split(SEPARATORS).filter(|token| !token.is_empty()).collect()
}

/// Whether two addresses look alike: by separators, by letters and digits that look the same, by one letter doubled or swapped
/// with the next, by first and last name swapped, or by the provider alone. One address is not like itself; what differs as
/// names of two people do (`ivanov`, `ivanova`; `anna1`, `anna2`; `a.kim`, `o.kim`) is not alike.
pub fn look_alike(one: &Email, other: &Email) -> bool {
    if one == other || are_of_a_series(one, other) {
        return false;
    }
    let (name, other_name) = (skeleton_name(one), skeleton_name(other));
    if one.domain() != other.domain() {
        return are_alike_domains(one.domain(), other.domain(), name.chars().count()) && name == other_name;
    }
    name == other_name
        || are_spelled_alike(&name, &other_name)
        || is_swapped(one, other)
        || has_two_swapped(&name, &other_name)
        || lacks_one(one, other)
}

/// Whether they differ only in a number, wherever it stands: `st.2024.010` and `st.2024.001`, `q1000x1` and `q1000x11`. Whoever counts
/// people makes no slip.
fn are_of_a_series(one: &Email, other: &Email) -> bool {
    let differ_in_numbers = |one: &str, other: &str| one != other && with_any_number(one) == with_any_number(other);
    one.domain() == other.domain()
        && (differ_in_numbers(without_tag(one.local()), without_tag(other.local()))
            || differ_in_numbers(&skeleton_name(one), &skeleton_name(other)))
}

/// The text with one sign for each number in it.
fn with_any_number(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '0'..='9' if out.ends_with('#') => {}
            '0'..='9' => out.push('#'),
            letter => out.push(letter),
        }
    }
    out
}

/// Signs that look the same; but numbers tell accounts apart.
fn are_spelled_alike(one: &str, other: &str) -> bool {
    let letters = |name: &str| name.chars().filter(|letter| letter.is_alphabetic()).count();
    let is_spelled_alike = folded(one) == folded(other) || spelled(one) == spelled(other);
    is_spelled_alike && letters(one).max(letters(other)) >= 2 && !differ_by_number(one, other)
}

/// Whether they differ only by the number behind one name: `class10`, `class1`.
fn differ_by_number(one: &str, other: &str) -> bool {
    let bare = |name: &str| name.trim_end_matches(|c: char| c.is_ascii_digit()).to_owned();
    bare(one) == bare(other)
}

/// `ivan.petrov` and `petrov.ivan`, `petrovivan`.
fn is_swapped(one: &Email, other: &Email) -> bool {
    let (parts, other_parts) = (tokens(one), tokens(other));
    let turned = |parts: &[&str]| match parts {
        [first, last] if first.len() >= 2 || last.len() >= 2 => Some(format!("{last}{first}")),
        _ => None,
    };
    turned(&parts).is_some_and(|turned| turned == other_parts.concat())
        || turned(&other_parts).is_some_and(|turned| turned == parts.concat())
}

/// Two letters side by side.
fn has_two_swapped(one: &str, other: &str) -> bool {
    let (letters, others): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    if letters.len() != others.len() || letters.len() < 4 {
        return false;
    }
    let differing: Vec<usize> =
        letters.iter().zip(&others).enumerate().filter(|(_, (one, other))| one != other).map(|(at, _)| at).collect();
    let [at, next] = differing.as_slice() else { return false };
    let both = |at: usize| (letters.get(at).copied(), others.get(at).copied());
    let ((a, b), (c, d)) = (both(*at), both(*next));
    *next == at + 1 && a == d && b == c
}

/// A letter left out within a long name: not at the end of one of its parts, where it tells a woman's name from a man's, nor at
/// the beginning.
fn lacks_one(one: &Email, other: &Email) -> bool {
    let (parts, others) = (tokens(one), tokens(other));
    let length = |parts: &[&str]| parts.iter().map(|part| part.len()).sum::<usize>();
    if parts.len() != others.len() || length(&parts).min(length(&others)) < LONG {
        return false;
    }
    let mut differing = parts.iter().zip(&others).filter(|(one, other)| one != other);
    let (Some((one, other)), None) = (differing.next(), differing.next()) else { return false };
    let (short, long) = if one.len() < other.len() { (one, other) } else { (other, one) };
    if long.len() != short.len() + 1 {
        return false;
    }
    let at = short.bytes().zip(long.bytes()).take_while(|(one, other)| one == other).count();
    let is_digit = long.as_bytes().get(at).is_some_and(u8::is_ascii_digit);
    at > 0 && at < short.len() && !is_digit && short.get(at..) == long.get(at + 1..)
}

/// Whether the same name may be meant at two domains: at two providers, where anybody may have a mailbox; or where the domains
/// themselves look alike.
fn are_alike_domains(one: &str, other: &str, name: usize) -> bool {
    if is_public_provider(one) && is_public_provider(other) {
        return name >= TELLING;
    }
    let before = |domain: &str| domain.rsplit_once('.').map(|(before, _)| before.to_owned());
    let length = one.chars().count().min(other.chars().count());
    // Numbers tell domains apart, as they do accounts: `school1.by`, `school2.by`.
    let digits = |domain: &str| domain.bytes().filter(u8::is_ascii_digit).collect::<Vec<u8>>();
    let is_slip = length >= 7
        && digits(one) == digits(other)
        && osa_distance(one, other) == 1
        && (is_slip_in_a_name(one, other) || is_slip_in_a_name(other, one));
    let is_other_ending = before(one) == before(other) && before(one).is_some_and(|before| before.len() >= 4);
    let is_other_spelling = folded(&one.replace(['-', '.'], "")) == folded(&other.replace(['-', '.'], ""));
    name >= 3 && (is_slip || is_other_ending || is_other_spelling)
}

/// By what addresses that look alike are found among many: two of them have one key at least. Others may share it too.
pub fn likeness_keys(email: &Email) -> Vec<String> {
    let (name, domain) = (skeleton_name(email), email.domain());
    let fold = folded(&name);
    let mut keys = vec![
        format!("f{fold}@{domain}"),
        format!("s{}@{domain}", spelled(&name)),
        format!("l{}@{domain}", sorted(&name)),
        format!("n{name}"),
    ];
    if name.len() >= LONG {
        keys.extend(without_one(&name).into_iter().map(|shorter| format!("d{shorter}@{domain}")));
        keys.push(format!("d{name}@{domain}"));
    }
    keys
}

fn without_one(name: &str) -> Vec<String> {
    let without =
        |(at, letter): (usize, char)| Some(format!("{}{}", name.get(..at)?, name.get(at + letter.len_utf8()..)?));
    name.char_indices().filter_map(without).collect()
}

/// The addresses that may be this person's as well, by where their skeletons stand in the order of bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Likeness {
    email: Email,
    name: String,
}

impl Likeness {
    pub fn of(email: &Email) -> Self {
        Self { email: email.clone(), name: skeleton_name(email) }
    }

    /// Between which texts the skeletons of most such addresses stand, both included: those that differ by separators, and those
    /// of the same name elsewhere. Others stand there too.
    pub fn range(&self) -> (String, String) {
        if self.name.chars().count() >= 3 && !EVERYWHERE.contains(&self.name.as_str()) {
            // A domain has no `~`.
            return (format!("{}@", self.name), format!("{}@~", self.name));
        }
        let skeleton = skeleton(&self.email);
        (skeleton.clone(), skeleton)
    }

    /// The skeletons of those that differ by a letter, some sixty.
    pub fn slips(&self) -> BTreeSet<String> {
        let domain = self.email.domain();
        let names = self.other_names().into_iter().filter(|name| *name != self.name);
        names.map(|name| format!("{name}@{domain}")).collect()
    }

    /// The names that one slip makes of this one, or of which one slip made it.
    fn other_names(&self) -> BTreeSet<String> {
        const TWINS: [(&str, &str); 13] = [
            ("0", "o"),
            ("1", "l"),
            ("1", "i"),
            ("i", "l"),
            ("m", "rn"),
            ("w", "vv"),
            ("y", "i"),
            ("j", "i"),
            ("j", "y"),
            ("5", "s"),
            ("x", "ks"),
            ("iy", "i"),
            ("ij", "i"),
        ];
        let name = self.name.as_str();
        let mut names = BTreeSet::new();
        let letters: Vec<(usize, char)> = name.char_indices().take(64).collect();
        for (at, letter) in &letters {
            let (before, behind) = (name.get(..*at).unwrap_or_default(), name.get(*at..).unwrap_or_default());
            for (one, other) in TWINS.into_iter().flat_map(|(one, other)| [(one, other), (other, one)]) {
                if let Some(rest) = behind.strip_prefix(one) {
                    names.insert(format!("{before}{other}{rest}"));
                }
            }
            let rest = behind.get(letter.len_utf8()..).unwrap_or_default();
            if letter.is_alphabetic() {
                names.insert(format!("{before}{letter}{letter}{rest}"));
            }
            if name.len() > LONG || rest.starts_with(*letter) {
                names.insert(format!("{before}{rest}"));
            }
            if let Some(next) = rest.chars().next() {
                names.insert(format!("{before}{next}{letter}{}", rest.get(next.len_utf8()..).unwrap_or_default()));
            }
        }
        if let [first, last] = tokens(&self.email).as_slice() {
            names.insert(format!("{last}{first}"));
        }
        // Every place where two names may meet: `petrovivan`.
        for at in 2..name.len().saturating_sub(1) {
            if let (Some(first), Some(last)) = (name.get(..at), name.get(at..)) {
                names.insert(format!("{last}{first}"));
            }
        }
        names
    }

    /// Whether an address looks like this one.
    pub fn covers(&self, other: &Email) -> bool {
        look_alike(&self.email, other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn email(typed: &str) -> Email {
        Email::parse(typed).unwrap()
    }

    #[test]
    fn addresses_that_people_mix_up_share_a_skeleton() {
        let of = |typed: &str| skeleton(&email(typed));
        assert_eq!(of("ivan-petrov@acme.by"), of("Ivan_Petrov+work@acme.by"));
        assert_eq!(of("ivan.petrov@acme.by"), "ivanpetrov@acme.by");
        assert_ne!(of("ivan.petrov@acme.by"), of("ivan.petrov@acme.com"));
        assert_ne!(of("_@acme.by"), of("+a@acme.by"));
    }

    #[test]
    fn a_long_name_at_two_providers_is_a_twin() {
        let twin = |one: &str, other: &str| {
            let (one, other) = (email(one), email(other));
            skeleton(&other) != skeleton(&one) && look_alike(&one, &other)
        };
        assert!(twin("ivan.petrov@mail.ru", "ivan.petrov@gmail.com"));
        assert!(twin("ivan.petrov@mail.ru", "ivan_petrov@yandex.by"));
        assert!(!twin("ivan.petrov@mail.ru", "ivan.petrov@mail.ru"));
        assert!(!twin("ivan@mail.ru", "ivan@gmail.com"));
        assert!(!twin("ivan.petrov@mail.ru", "ivan.petrov@acme.by"));
        assert!(!twin("ivan.petrov@mail.ru", "ivan.sidorov@gmail.com"));
        assert!(twin("ivan.petrov@mail.ru", "ivan.petrov@riseup.net"));
    }

    /// A hundred pairs that look alike, and a hundred of two people.
    const ALIKE: &str = include_str!("alike.txt");
    const ORDINARY: &str = include_str!("ordinary.txt");

    fn pairs(list: &str) -> Vec<(Email, Email)> {
        let lines = list.lines().filter(|line| !line.starts_with('#'));
        lines.map(|line| line.split_once(' ').unwrap()).map(|(one, other)| (email(one), email(other))).collect()
    }

    #[test]
    fn nearly_all_pairs_that_look_alike_are_known_for_it_and_no_others() {
        let missed: Vec<_> = pairs(ALIKE).into_iter().filter(|(one, other)| !look_alike(one, other)).collect();
        let false_ones: Vec<_> = pairs(ORDINARY).into_iter().filter(|(one, other)| look_alike(one, other)).collect();
        println!("missed {missed:?}\nfalse {false_ones:?}");
        assert!(pairs(ALIKE).len() >= 100 && pairs(ORDINARY).len() >= 100);
        assert!(missed.len() * 100 <= 10 * pairs(ALIKE).len(), "{missed:?}");
        assert!(false_ones.len() * 100 <= 2 * pairs(ORDINARY).len(), "{false_ones:?}");
    }

    /// Whoever looks alike is found: in memory by a key, in storage by a range.
    #[test]
    fn whoever_looks_alike_is_found_by_a_key_and_in_a_range() {
        let mut unfound = 0;
        for (one, other) in pairs(ALIKE).into_iter().filter(|(one, other)| look_alike(one, other)) {
            let keys = likeness_keys(&one);
            assert!(likeness_keys(&other).iter().any(|key| keys.contains(key)), "{one} {other}");
            let skeleton = skeleton(&other);
            let (likeness, (low, high)) = (Likeness::of(&one), Likeness::of(&one).range());
            let is_there = (low..=high).contains(&skeleton) || likeness.slips().contains(&skeleton);
            unfound += usize::from(!is_there);
        }
        assert!(unfound <= 5, "{unfound} stand in no range");
    }

    #[test]
    fn numbered_people_are_no_slips_of_one_another() {
        let series: [fn(usize) -> String; 10] = [
            |n| format!("st.2024.{n:03}"),
            |n| format!("u2026-{n}"),
            |n| format!("q1000x{n}"),
            |n| format!("s21000{n:04}"),
            |n| format!("room1b{n}"),
            |n| format!("{n}.kassa"),
            |n| format!("k{n}l{}", 200 - n),
            |n| format!("{n:04}_student"),
            |n| format!("gr-{}-{}", n % 12, n / 12),
            |n| format!("8029{:07}", 1_234_567 + n),
        ];
        for make in series {
            let all: Vec<Email> = (1..=120).map(|n| email(&format!("{}@acme.by", make(n)))).collect();
            for (at, one) in all.iter().enumerate() {
                for other in &all[at + 1..] {
                    assert!(!look_alike(one, other), "{one} {other}");
                }
            }
        }
        for (one, other) in [
            ("st.2024.001", "ts.2024.001"),
            ("st.2024.001", "st_2024_001"),
            ("petrov.2024", "pertov.2024"),
            ("room10", "room1o"),
            ("pau1", "paul"),
            ("b0ris.7", "boris.7"),
            ("q1000x1", "q1000xl"),
            ("st2024001", "st.2024.001"),
            ("annna.2024", "anna.2024"),
        ] {
            assert!(
                look_alike(&email(&format!("{one}@acme.by")), &email(&format!("{other}@acme.by"))),
                "{one} {other}"
            );
        }
    }

    #[test]
    fn short_names_of_houses_are_neighbours() {
        let alike =
            |one: &str, other: &str| look_alike(&email(&format!("ivan@{one}")), &email(&format!("ivan@{other}")));
        for (one, other) in [("bsmu.by", "bspu.by"), ("grsu.by", "brsu.by"), ("bsuir.by", "bsut.by")] {
            assert!(!alike(one, other), "{one} {other}");
        }
        for (one, other) in [("acme-school.by", "acme-scool.by"), ("acme.by", "amce.by"), ("acmee.by", "acme.by")] {
            assert!(alike(one, other), "{one} {other}");
        }
    }

    proptest! {
        #[test]
        fn likeness_is_mutual(one in "[ail1o0m.rn-]{1,8}@(acme|gmail)\\.(by|com)", other in "[ail1o0m.rn-]{1,8}@(acme|gmail)\\.(by|com)") {
            if let (Ok(one), Ok(other)) = (Email::parse(&one), Email::parse(&other)) {
                prop_assert_eq!(look_alike(&one, &other), look_alike(&other, &one));
                let _ = (Likeness::of(&one).slips(), likeness_keys(&one));
            }
        }
    }
}
