//! Reads one pasted line in which several people stand: whose names the texts between the addresses are.
//! It must not drop anything: what is neither goes into `rest` or becomes an entry that says so.

use crate::domain::contact::{PersonName, is_cyrillic};

use super::{
    Beside, Pasted, PastedKind, PastedPhone,
    contacts::{Bit, FoundContact, PastedEntry, bits, has_at, no_address},
    lexicon::{self, TextKind},
    mend,
    tokens::{Token, tokens},
};

/// What stands between two separators.
enum Field {
    /// A text without any address.
    Text(String),
    /// One address or more, with the names beside them.
    Contacts(Vec<FoundContact>),
}

impl Field {
    fn is_one(&self) -> bool {
        matches!(self, Self::Contacts(all) if all.len() == 1)
    }
}

/// Reads a line with several people.
pub fn read_many(line: &str) -> Vec<PastedEntry> {
    let has_at = has_at(line);
    let mut fields: Vec<(char, Field)> = Vec::new();
    let mut separator = ' ';
    let mut current: Vec<Token> = Vec::new();
    let mut tokens = tokens(line).into_iter();
    loop {
        let token = tokens.next();
        match token {
            Some(Token::Break(_)) | None => {
                let (field, text) = divided(field(line, std::mem::take(&mut current), has_at));
                fields.extend(field.into_iter().chain(text).map(|field| (separator, field)));
                let Some(Token::Break(next)) = token else { break };
                separator = next;
            }
            Some(token) => current.push(token),
        }
    }
    let fields = join_surnames(fields);
    give_names(fields)
}

/// A field, and the end of a sentence in it that names whoever comes next: `Ben <ben@…> and our accountant Carla Ruiz`.
fn divided(field: Option<Field>) -> (Option<Field>, Option<Field>) {
    let Some(Field::Contacts(mut contacts)) = field else { return (field, None) };
    let behind = contacts.last_mut().filter(|last| last.in_angles).and_then(|last| {
        let texts = &mut last.entry.pasted.rest;
        texts.pop_if(|text| ends_with_a_name(text))
    });
    (Some(Field::Contacts(contacts)), behind.map(Field::Text))
}

/// Reads what stands between two separators; `None` when it says nothing.
fn field(line: &str, tokens: Vec<Token>, has_at: bool) -> Option<Field> {
    let bits = bits(line, tokens, has_at);
    if !bits.iter().any(|bit| matches!(bit, Bit::Contact(_))) {
        let text = bits.into_iter().filter_map(|bit| match bit {
            Bit::Text(text) | Bit::Note(text) => Some(text),
            Bit::Contact(_) => None,
        });
        let text = text.collect::<Vec<_>>().join(" ");
        return text.chars().any(char::is_alphanumeric).then_some(Field::Text(text));
    }
    let names_follow = matches!(bits.first(), Some(Bit::Contact(_)))
        && matches!(bits.last(), Some(Bit::Text(_)))
        && !bits.iter().any(|bit| matches!(bit, Bit::Contact(contact) if contact.in_angles));
    let mut contacts: Vec<FoundContact> = Vec::new();
    let mut pending: Vec<String> = Vec::new();
    let mut notes: Vec<String> = Vec::new();
    for bit in bits {
        match bit {
            Bit::Text(text) => pending.push(text),
            // Behind an address that has a name, or nothing of one: what is said of it; else of the next one.
            Bit::Note(text) => match contacts.last_mut().filter(|_| pending.is_empty()) {
                Some(owner) => say(&mut owner.entry.pasted, text),
                None => notes.push(text),
            },
            Bit::Contact(mut contact) => {
                let texts = std::mem::take(&mut pending);
                match contacts.last_mut().filter(|_| names_follow) {
                    Some(owner) => name_or_rest(&mut owner.entry.pasted, texts),
                    None => name_or_rest(&mut contact.entry.pasted, texts),
                }
                for note in notes.drain(..) {
                    say(&mut contact.entry.pasted, note);
                }
                contacts.push(*contact);
            }
        }
    }
    if let Some(last) = contacts.last_mut() {
        name_or_rest(&mut last.entry.pasted, pending);
        for note in notes {
            say(&mut last.entry.pasted, note);
        }
    }
    Some(Field::Contacts(joined_phones(contacts)))
}

/// A number beside the one address of a field is that person's.
fn joined_phones(mut contacts: Vec<FoundContact>) -> Vec<FoundContact> {
    if let [one, other] = contacts.as_mut_slice()
        && one.is_phone() != other.is_phone()
    {
        let (phone, person) = if one.is_phone() { (one, other) } else { (other, one) };
        let number = &mut phone.entry.pasted;
        person.entry.pasted.name = person.entry.pasted.name.take().or(number.name.take());
        let mut rest = std::mem::take(&mut number.rest);
        // What stood in brackets behind the number.
        rest.extend(number.beside.note.take());
        person.entry.pasted.rest.extend(rest);
        person.entry.pasted.beside.phone = PastedPhone::of(number);
        contacts.retain(|contact| !contact.is_phone());
        return contacts;
    }
    // Of several people, a number right behind an address: `anna@… +375 29 … und ivan@…`
    let mut out: Vec<FoundContact> = Vec::with_capacity(contacts.len());
    for contact in contacts {
        let number = &contact.entry.pasted;
        let is_bare =
            contact.is_phone() && number.name.is_none() && number.rest.is_empty() && number.beside == Beside::default();
        match out.last_mut().map(|owner| (owner.is_phone(), &mut owner.entry.pasted.beside.phone)) {
            Some((false, phone)) if is_bare && phone.is_none() => *phone = PastedPhone::of(number),
            _ => out.push(contact),
        }
    }
    out
}

/// What stands in brackets behind somebody: the name, where there is none; a role; else a note.
fn say(pasted: &mut Pasted, text: String) {
    let beside = &mut pasted.beside;
    match lexicon::kind_of(&text) {
        TextKind::Name(_) | TextKind::Small if pasted.name.is_none() => pasted.name = name_of(&[text]),
        TextKind::Role if beside.role.is_none() => beside.role = Some(text),
        TextKind::Nothing => {}
        _ if beside.note.is_none() => beside.note = Some(text),
        _ => pasted.rest.push(text),
    }
}

/// `Petrova, Anna <…>`: the comma inside a name separates nothing.
fn join_surnames(fields: Vec<(char, Field)>) -> Vec<Field> {
    let mut out: Vec<Field> = Vec::with_capacity(fields.len());
    for (separator, mut field) in fields {
        if let (Some(Field::Text(surname)), Field::Contacts(contacts)) = (out.last(), &mut field)
            && separator == ','
            && surname.split_whitespace().count() <= 4
            && matches!(lexicon::kind_of(surname), TextKind::Name(1..=2) | TextKind::Small)
            && let Some(first) = contacts.first_mut().filter(|first| first.in_angles)
            && let Some(name) = &first.entry.pasted.name
            && let Some(joined) =
                name_of(std::slice::from_ref(surname)).and_then(|surname| name_of(&[format!("{surname}, {name}")]))
        {
            first.entry.pasted.name = Some(in_order(&joined));
            out.pop();
        }
        out.push(field);
    }
    out
}

/// Gives the texts of a line to its addresses as names; where that would be a guess, they become entries.
fn give_names(fields: Vec<Field>) -> Vec<PastedEntry> {
    let one_each = fields.iter().all(|field| matches!(field, Field::Text(_)) || field.is_one());
    let texts_first = matches!(fields.first(), Some(Field::Text(_)));
    let alternates = fields.len() >= 4
        && fields.len().is_multiple_of(2)
        && one_each
        && fields
            .iter()
            .enumerate()
            .all(|(at, field)| matches!(field, Field::Text(_)) == (texts_first == (at % 2 == 0)));
    let mut out: Vec<PastedEntry> = Vec::new();
    let mut before: Vec<String> = Vec::new();
    let mut sentence: Vec<String> = Vec::new();
    let mut fields = fields.into_iter().peekable();
    while let Some(field) = fields.next() {
        match field {
            Field::Text(text) if alternates && !texts_first => {
                if let Some(owner) = out.last_mut() {
                    name_or_rest(&mut owner.pasted, vec![text]);
                }
            }
            Field::Text(text) if alternates => before.push(text),
            Field::Text(text) if names_next(&text, fields.peek()) => {
                let (name, said) = lexicon::name_within(&text);
                before.extend(name);
                sentence.extend(said.into_iter().filter(|said| says_something(said)));
            }
            // Who signs a line is not meant by it.
            Field::Text(text) if signs(&text, out.last()) => {
                if let Some(owner) = out.last_mut() {
                    owner.pasted.rest.push(text);
                }
            }
            Field::Text(text) => match (lexicon::kind_of(&text), out.last_mut()) {
                (TextKind::Name(_) | TextKind::Small | TextKind::Code, _) => out.push(no_address(&text)),
                // Part of a sentence.
                (_, Some(owner)) => owner.pasted.rest.extend(Some(text).filter(|text| says_something(text))),
                (_, None) => sentence.push(text),
            },
            // `anna@…, тел. 8 029 …`
            Field::Contacts(contacts)
                if !alternates && before.is_empty() && is_number_of(&contacts, out.last(), fields.peek()) =>
            {
                let number = contacts.first().and_then(|contact| PastedPhone::of(&contact.entry.pasted));
                if let Some(owner) = out.last_mut() {
                    owner.pasted.beside.phone = number;
                }
            }
            Field::Contacts(contacts) => {
                for mut contact in contacts {
                    if !before.is_empty() {
                        name_or_rest(&mut contact.entry.pasted, std::mem::take(&mut before));
                    }
                    contact.entry.pasted.rest.append(&mut sentence);
                    out.push(contact.entry);
                }
            }
        }
    }
    out.extend(sentence.iter().map(|text| no_address(text)));
    out
}

/// Whether a field is only the number of whoever stands before it, who has none: nobody else's name follows without an address.
fn is_number_of(contacts: &[FoundContact], last: Option<&PastedEntry>, next: Option<&Field>) -> bool {
    let ([contact], Some(owner)) = (contacts, last) else { return false };
    let number = &contact.entry.pasted;
    let is_bare =
        contact.is_phone() && number.name.is_none() && number.rest.is_empty() && number.beside == Beside::default();
    let waits = matches!(owner.pasted.kind, PastedKind::Email(_))
        && owner.pasted.name.is_some()
        && owner.pasted.beside.phone.is_none();
    let follows =
        next.is_none_or(|next| matches!(next, Field::Contacts(all) if all.iter().all(|contact| !contact.is_phone())));
    is_bare && waits && follows
}

/// Whether a sentence ends with the name of whose address follows: `… and our new accountant Carla Ruiz, carla@…`
fn names_next(text: &str, next: Option<&Field>) -> bool {
    let Some(Field::Contacts(contacts)) = next else { return false };
    let is_nameless = contacts.first().is_some_and(|first| !first.in_angles && first.entry.pasted.name.is_none());
    is_nameless && ends_with_a_name(text)
}

/// Whether the last words of a sentence are a whole name.
fn ends_with_a_name(text: &str) -> bool {
    let is_sentence = matches!(lexicon::kind_of(text), TextKind::Prose | TextKind::Role | TextKind::Aside);
    let name = lexicon::name_within(text).0.filter(|name| is_sentence && text.ends_with(name));
    name.is_some_and(|name| matches!(lexicon::kind_of(&name), TextKind::Name(2..)))
}

/// Whether a name only ends the letter: `…, anna@acme.by. Thanks, Joe`
fn signs(text: &str, last: Option<&PastedEntry>) -> bool {
    let has_ended = last.is_some_and(|last| last.pasted.rest.iter().any(|said| lexicon::ends_a_letter(said)));
    has_ended && matches!(lexicon::kind_of(text), TextKind::Name(_))
}

/// Makes the texts the person's name if they can be one and there is none yet; keeps them beside it otherwise.
fn name_or_rest(pasted: &mut Pasted, texts: Vec<String>) {
    if texts.iter().all(|text| mend::is_label(&format!("{text}:"))) {
        return;
    }
    if pasted.name.is_none()
        && let Some(name) = name_of(&texts)
    {
        let sentence = texts.join(" ");
        let rest = sentence.replacen(name.as_str(), "", 1);
        // Whatever of it is no name stands beside it, unless it only joins two people in a sentence.
        let is_whole = name == in_order(unquoted(&sentence));
        pasted.rest.extend(Some(rest.trim().to_owned()).filter(|rest| !is_whole && says_something(rest)));
        pasted.name = Some(name);
    } else {
        pasted.rest.extend(Some(texts.join(" ")).filter(|text| says_something(text)));
    }
}

fn says_something(text: &str) -> bool {
    let mut words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.any(|word| !JOINERS.contains(&word.to_lowercase().as_str()))
}

/// What joins two people in a sentence.
const JOINERS: [&str; 5] = ["and", "und", "и", "or", "или"];

/// Whether a word joins two people in a sentence.
pub fn is_joiner(word: &str) -> bool {
    JOINERS.contains(&word.to_lowercase().as_str())
}

/// The name that the words make, without bullets, places in a list, and what joins addresses in a sentence.
pub fn name_of(texts: &[String]) -> Option<String> {
    let joined = texts.join(" ");
    let is_sign = |c: char| "*•·:<>=,;-–—~".contains(c) || c.is_whitespace();
    let mut text = joined.trim_matches(is_sign);
    while let Some((first, rest)) = text.split_once(' ')
        && (JOINERS.contains(&first) || !first.chars().any(char::is_alphabetic))
    {
        text = rest.trim_start_matches(is_sign);
    }
    while let Some((rest, last)) = text.rsplit_once(' ')
        && JOINERS.contains(&last)
    {
        text = rest.trim_end_matches(is_sign);
    }
    let text = unquoted(text);
    let name = match lexicon::kind_of(text) {
        TextKind::Name(_) | TextKind::Small if !JOINERS.contains(&text.to_lowercase().as_str()) => {
            Some(text.to_owned())
        }
        TextKind::Prose | TextKind::Aside => lexicon::name_within(text).0,
        // `а также лаборанту Рябовой Инне`
        TextKind::Role => lexicon::name_within(text).0.filter(|name| text.len() > name.len() && ends_with_a_name(text)),
        _ => None,
    };
    PersonName::parse(&in_order(&name?)).ok().map(String::from)
}

/// What stands behind a name and a comma, and is no first name.
const SUFFIXES: [&str; 16] =
    ["jr", "sr", "ii", "iii", "iv", "phd", "md", "msc", "mba", "bsc", "ba", "ma", "esq", "dr", "prof", "ret"];

/// `Müller, Jürgen` as an address book means it: `Jürgen Müller`. In Cyrillic the surname stays first, as such lists have it.
/// What is not clear stays as it was written.
pub fn in_order(name: &str) -> String {
    let as_written = || name.to_owned();
    let Some((surname, first)) = name.split_once(',') else { return as_written() };
    let (surname, first) = (surname.trim(), first.trim());
    let is_suffix = |word: &str| {
        let bare: String = word.chars().filter(|letter| *letter != '.').flat_map(char::to_lowercase).collect();
        // `DiS.`, `CSc.`; one letter before a dot is an initial.
        let is_title = word.ends_with('.') && word.split('.').any(|part| part.chars().count() >= 2);
        SUFFIXES.contains(&bare.as_str()) || is_title
    };
    let is_clear = !first.contains(',')
        && !first.split_whitespace().any(is_suffix)
        && matches!(
            (lexicon::kind_of(surname), lexicon::kind_of(first)),
            (TextKind::Name(1), TextKind::Name(_)) | (TextKind::Name(_), TextKind::Name(1))
        )
        || (lexicon::begins_a_surname(surname) && matches!(lexicon::kind_of(first), TextKind::Name(_)));
    match is_clear {
        true if name.chars().any(is_cyrillic) => format!("{surname} {first}"),
        true => format!("{first} {surname}"),
        false => as_written(),
    }
}

/// The text without the quotes around it.
pub fn unquoted(text: &str) -> &str {
    let text = text.trim();
    let inside = |opener: char, closer: char| text.strip_prefix(opener)?.strip_suffix(closer).map(str::trim);
    [('"', '"'), ('\'', '\''), ('«', '»'), ('“', '”'), ('„', '“'), ('’', '’')]
        .into_iter()
        .find_map(|(opener, closer)| inside(opener, closer))
        .unwrap_or(text)
}
