//! Lines and texts that a word or a sign of theirs explains: what cards and calendars add, who sent a letter, spelled out addresses.
//! It must not say whose they are.

use super::{mend, segments::Segment};

/// A line of a card for address books that says nothing of who is meant.
pub fn is_of_card(text: &str) -> bool {
    const LABELS: [&str; 14] = [
        "adr",
        "label",
        "photo",
        "key",
        "geo",
        "tz",
        "bday",
        "url",
        "impp",
        "logo",
        "sound",
        "categories",
        "class",
        "lang",
    ];
    let label = text.split([':', ';']).next().unwrap_or_default().to_lowercase();
    let label = label.split_once('.').map_or(label.as_str(), |(_, label)| label);
    LABELS.contains(&label) || label.starts_with("x-")
}

/// The address of a page, or an extension: neither says who is reached there.
pub fn is_beside_numbers(segment: &Segment) -> bool {
    let text = segment.text.to_lowercase();
    let extension = ["ext", "x", "доб", "вн", "dw", "durchwahl"].iter().find_map(|word| text.strip_prefix(word));
    let is_extension = |rest: &str| {
        let rest = rest.trim_start_matches(['.', ' ', ':']);
        (1..=6).contains(&rest.len()) && rest.bytes().all(|byte| byte.is_ascii_digit())
    };
    text.starts_with("www.") || text.contains("://") || extension.is_some_and(is_extension)
}

/// How somebody takes part in a meeting, as calendars write it below the name.
pub fn says_part(text: &str) -> bool {
    const PARTS: [&str; 21] = [
        "akzeptiert",
        "abgelehnt",
        "mit vorbehalt",
        "keine antwort",
        "принято",
        "отклонено",
        "под вопросом",
        "organiser",
        "organizer",
        "optional",
        "required",
        "accepted",
        "declined",
        "tentative",
        "awaiting",
        "organisator",
        "erforderlich",
        "zugesagt",
        "организатор",
        "обязательный участник",
        "необязательный участник",
    ];
    PARTS.contains(&text.trim().trim_matches(['(', ')']).to_lowercase().as_str())
}

/// Whether a line of a letter's head says who sent it.
pub fn is_sender(line: &str) -> bool {
    const SENDERS: [&str; 9] = ["from", "sender", "reply-to", "от", "от кого", "von", "absender", "ад", "отправитель"];
    line.split_once(':')
        .is_some_and(|(label, _)| SENDERS.contains(&label.trim().trim_matches('*').to_lowercase().as_str()))
}

/// `ivan(at)school.by, olga [at] school.by`: the parts of a line, where several are meant as addresses, or one beside others.
pub fn spelled_parts(text: &str) -> Option<Vec<&str>> {
    if !mend::has_spelled_at(text) {
        return None;
    }
    let is_filled = |part: &&str| part.contains(char::is_alphanumeric);
    let are_addresses = |parts: &Vec<&str>| {
        parts.len() > 1 && parts.iter().all(|part| part.contains('@') || mend::is_meant_as_address(part))
    };
    let listed: Vec<&str> = text.split([',', ';']).map(str::trim).filter(is_filled).collect();
    let words = || text.split_whitespace().filter(is_filled).collect::<Vec<&str>>();
    Some(listed).filter(are_addresses).or_else(|| Some(words()).filter(are_addresses))
}
