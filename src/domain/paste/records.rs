//! Records that programs write as JSON or XML, as cards: a line for each thing that is said, an empty one between two records.
//! It must not judge what they say; any other text stays as it is.

use serde_json::{Map, Value};

/// How deep records may lie within one another.
const DEEPEST: usize = 8;

/// The cards of the records of a text, or of each of its lines; nothing where it is none.
pub fn cards_of(text: &str) -> Option<String> {
    let text = text.trim();
    if text.starts_with('<') {
        return cards_of_elements(text);
    }
    if !text.starts_with(['{', '[']) || !text.ends_with(['}', ']']) {
        return None;
    }
    // From bytes, as everything else that the browser reads: it has one reader.
    let read = |text: &str| serde_json::from_slice(text.as_bytes()).ok();
    let whole = || read(text).map(|value| vec![value]);
    let lines = || text.lines().map(|line| read(line.trim_end_matches([',', ' ']))).collect();
    let values: Vec<Value> = whole().or_else(lines)?;
    let mut cards = Vec::new();
    values.iter().for_each(|value| take_records(value, &mut cards, 0));
    Some(cards.into_iter().map(|card| card.join("\n")).collect::<Vec<_>>().join("\n\n"))
        .filter(|cards| !cards.is_empty())
}

fn take_records(value: &Value, cards: &mut Vec<Vec<String>>, depth: usize) {
    match value {
        Value::Array(all) if depth < DEEPEST => all.iter().for_each(|value| take_records(value, cards, depth + 1)),
        Value::Object(fields) => {
            let mut card = Vec::new();
            take_fields(fields, &mut card, cards, depth + 1);
            if !card.is_empty() {
                cards.push(card);
            }
        }
        other => cards.extend(plain(other).map(|text| vec![text])),
    }
}

/// What a record says, and what a record within it says of the same person.
fn take_fields(fields: &Map<String, Value>, card: &mut Vec<String>, cards: &mut Vec<Vec<String>>, depth: usize) {
    for (name, value) in fields {
        match value {
            Value::Object(inner) if depth < DEEPEST => take_fields(inner, card, cards, depth + 1),
            Value::Array(all) if all.iter().any(|value| value.is_object() || value.is_array()) => {
                take_records(value, cards, depth + 1);
            }
            Value::Array(all) if !all.is_empty() => {
                let all: Vec<String> = all.iter().filter_map(plain).collect();
                card.push(format!("{name}: {}", all.join(", ")));
            }
            value => card.extend(plain(value).map(|text| format!("{name}: {text}"))),
        }
    }
}

/// A text, a number, or yes and no; in one line.
fn plain(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.split(char::is_control).collect::<Vec<_>>().join(" "),
        Value::Null => return None,
        other => other.to_string(),
    };
    Some(text).filter(|text| !text.trim().is_empty())
}

/// The records of an XML text: what stands in an element, or in an attribute, is said of whoever the element around it is.
fn cards_of_elements(text: &str) -> Option<String> {
    // Pages are read elsewhere.
    const KNOWN: [&str; 3] = ["name", "email", "mail"];
    let small = text.to_lowercase();
    let is_record = |known: &&str| small.contains(&format!("<{known}>")) || small.contains(&format!(" {known}=\""));
    if !text.ends_with('>') || !KNOWN.iter().any(is_record) || small.contains("<td") || small.contains("<a ") {
        return None;
    }
    let mut out = String::new();
    let mut rest = text;
    let mut opened: Option<&str> = None;
    while let Some((before, behind)) = rest.split_once('<') {
        let (tag, after) = behind.split_once('>')?;
        let said = before.trim();
        match opened.take().filter(|_| tag.starts_with('/')) {
            Some(name) if !said.is_empty() => out.push_str(&format!("{name}: {said}\n")),
            Some(_) => {}
            None if !said.is_empty() => out.push_str(&format!("{said}\n")),
            // Whoever it was, is whole.
            None if tag.starts_with('/') => out.push('\n'),
            None => {}
        }
        if !tag.starts_with(['/', '?', '!']) {
            let (name, attributes) = tag.split_once(char::is_whitespace).unwrap_or((tag, ""));
            out.push_str(&attributes_of(attributes));
            match tag.ends_with('/') {
                true => out.push('\n'),
                false => opened = Some(name),
            }
        }
        rest = after;
    }
    Some(out).filter(|_| rest.trim().is_empty())
}

/// `name="Anna" mail="anna@acme.by"`: each in a line.
fn attributes_of(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((name, behind)) = rest.split_once("=\"") {
        let Some((value, after)) = behind.split_once('"') else { break };
        if !value.trim().is_empty() {
            out.push_str(&format!("{}: {}\n", name.trim(), value.trim()));
        }
        rest = after;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_become_cards_and_nothing_else_does() {
        for (text, expected) in [
            (
                r#"[{"name":"Anna","mail":"a@x.by","age":null},{"name":"Bo"}]"#,
                Some("mail: a@x.by\nname: Anna\n\nname: Bo"),
            ),
            (r#"{"users":[{"profile":{"name":"Anna"},"mail":"a@x.by"}]}"#, Some("mail: a@x.by\nname: Anna")),
            ("{\"name\":\"Anna\"},\n{\"name\":\"Bo\"}", Some("name: Anna\n\nname: Bo")),
            (r#"["a@x.by", "b@x.by"]"#, Some("a@x.by\n\nb@x.by")),
            (
                "<users><user><name>Anna</name><mail>a@x.by</mail></user></users>",
                Some("name: Anna\nmail: a@x.by\n\n\n"),
            ),
            ("<p name=\"Anna\" mail=\"a@x.by\"/>", Some("name: Anna\nmail: a@x.by\n\n")),
            ("<a@x.by>", None),
            ("[Anna] a@x.by", None),
            ("{anna@x.by}", None),
            ("anna@x.by", None),
        ] {
            assert_eq!(cards_of(text).as_deref(), expected, "{text}");
        }
    }
}
