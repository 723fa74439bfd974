//! References as people write them: `rule 53`, `rules 7–10, 31 and 39`, `AU-04`, `SE-04 to SE-07`. Whether there is such a rule
//! or check is not asked here.

use std::collections::BTreeSet;

/// All that a text refers to: `53` is a rule, `AU-04` a check, `H-39` a fault.
pub fn of(text: &str) -> BTreeSet<String> {
    // A reference may go on behind a line's end, where a comment begins anew.
    let words: Vec<&str> =
        text.split_whitespace().filter(|word| !["//", "///", "//!", "--", "#"].contains(word)).collect();
    let mut found = BTreeSet::new();
    for (at, word) in words.iter().enumerate() {
        let after = &words[at + 1..];
        match word.trim_start_matches(|c: char| !c.is_alphanumeric()) {
            "rule" | "rules" | "Rule" | "Rules" => found.extend(numbers(after)),
            _ => found
                .extend(word.split(|c: char| !(c.is_alphanumeric() || c == '-')).flat_map(|name| names(name, after))),
        }
    }
    found
}

/// What a test's name says at its end: `no_door_opens_in_08_az_02`.
pub fn of_name(name: &str) -> BTreeSet<String> {
    let mut parts = name.rsplit('_');
    let mut found = BTreeSet::new();
    while let (Some(number), Some(letters)) = (parts.next(), parts.next()) {
        let name = format!("{}-{number}", letters.to_uppercase());
        if !is_name(&name) {
            break;
        }
        found.insert(name);
    }
    found
}

/// The numbers that follow the word.
fn numbers(words: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for word in words.iter().filter(|word| **word != "and") {
        let bare = word.trim_end_matches(|c: char| !c.is_ascii_digit());
        let (first, last) = bare.split_once('–').unwrap_or((bare, bare));
        let (Ok(first), Ok(last)) = (first.parse::<u32>(), last.parse::<u32>()) else { break };
        found.extend((first..=last).map(|number| number.to_string()));
        if !["", ","].contains(&&word[bare.len()..]) {
            break;
        }
    }
    found
}

/// The name, and where `to` follows, those up to the one behind it.
fn names(name: &str, after: &[&str]) -> Vec<String> {
    let number = |name: &str| name.split_once('-').and_then(|(_, number)| number.parse::<u32>().ok());
    let (true, Some((letters, _)), Some(first)) = (is_name(name), name.split_once('-'), number(name)) else {
        return Vec::new();
    };
    let last = match after {
        ["to", last, ..] => number(last.trim_end_matches(|c: char| !c.is_ascii_digit())).unwrap_or(first),
        _ => first,
    };
    (first..=last).map(|number| format!("{letters}-{number:02}")).collect()
}

/// One or two capital letters, a hyphen and two digits.
fn is_name(name: &str) -> bool {
    let Some((letters, number)) = name.split_once('-') else { return false };
    let is_all = |part: &str, of: fn(&char) -> bool| part.chars().all(|c| of(&c));
    (1..=2).contains(&letters.len())
        && number.len() == 2
        && is_all(letters, char::is_ascii_uppercase)
        && is_all(number, char::is_ascii_digit)
}

#[test]
fn references_are_read_as_people_write_them() {
    let read = |text: &str| of(text).into_iter().collect::<Vec<_>>().join(" ");
    assert_eq!(read("/// Rule 8."), "8");
    assert_eq!(read("(rules 7–10, 31 and 39; VA-05) 12"), "10 31 39 7 8 9 VA-05");
    assert_eq!(read("// rules 82,\n    // 83, too: H-20 and (rule 53, IN-04)"), "53 82 83 H-20 IN-04");
    assert_eq!(read("//! gone (SE-01,\n//! SE-02, SE-04 to\n//! SE-06)."), "SE-01 SE-02 SE-04 SE-05 SE-06");
    assert_eq!(read("a rule of two, UTF-16, 2026-W-10, x-AU-04, H-1"), "");
    let named = |name: &str| of_name(name).into_iter().collect::<Vec<_>>().join(" ");
    assert_eq!(named("no_door_opens_in_08_az_02"), "AZ-02 IN-08");
    assert_eq!(named("it_leaves_in_10_minutes"), "");
}
