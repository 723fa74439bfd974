//! Reads what people wrote to one another: messages of a chat, the head of a letter, a line with several people.
//! It must not read tables and cards.

use super::{
    Beside,
    contacts::{FoundContact, PastedEntry, find_contacts, may_hold_contact, no_address},
    heads::PasteColumn,
    layout::{OpenPerson, TextReader},
    lexicon::{self, TextKind},
    many::{in_order, is_joiner, name_of, read_many, unquoted},
    person::PersonDraft,
    read_line::{ReadLine, chunks, each_with_a_name, unresolved, with_whole_brackets},
};

/// Somebody who is named, and of whom no address is known.
fn named(text: &str) -> PastedEntry {
    let mut entry = no_address(unquoted(text.trim()));
    entry.pasted.name = name_of(&[unquoted(text).to_owned()]);
    entry
}

/// The people of a line, each in a part of it. Whoever is named at the end of the part before stands before their address:
/// `Anna Kim (anna@…) and our new trainer – Ben Ray, at ben@…`
fn named_before(chunks: Vec<&str>) -> Vec<PersonDraft> {
    let mut drafts: Vec<PersonDraft> = chunks.into_iter().map(PersonDraft::of_line).collect();
    for at in 1..drafts.len() {
        let (before, behind) = drafts.split_at_mut(at);
        let (Some(before), Some(this)) = (before.last_mut(), behind.first_mut()) else { continue };
        let is_named = |text: &mut String| matches!(lexicon::kind_of(text), TextKind::Name(2..));
        if this.has_name() || !before.has_name() {
            continue;
        }
        if let Some(name) = before.rest.pop_if(is_named) {
            this.names.push((None, name));
            let joins = |role: &mut String| role.split(' ').next().is_some_and(is_joiner);
            let role = before.beside.role.take_if(joins);
            let role = role.and_then(|role| role.split_once(' ').map(|(_, role)| role.to_owned()));
            this.beside.role = this.beside.role.take().or(role);
        }
    }
    drafts
}

impl TextReader {
    /// Whoever wrote what follows, as the line above it says; they are known by nothing else so far.
    pub fn take_sender(&mut self) -> Option<String> {
        let is_sender = |open: &OpenPerson| {
            let draft = &open.draft;
            open.is_quiet && !draft.has_contact() && draft.names.len() == 1 && draft.beside == Beside::default()
        };
        let open = self.open.take_if(|open| is_sender(open))?;
        open.draft.names.into_iter().next().map(|(_, name)| name)
    }

    /// Reads the people of a line of a letter's head, none of whom has an address.
    pub fn read_names(&mut self, value: &str, text: &str) {
        let parts = || value.split(';').map(str::trim).filter(|part| !part.is_empty());
        let is_name = |part: &str| match part.contains(',') {
            true => in_order(part) != part,
            false => matches!(lexicon::kind_of(part), TextKind::Name(_)),
        };
        if parts().next().is_none() || !parts().all(is_name) {
            return self.put_aside(text);
        }
        for part in parts() {
            self.push(named(part));
        }
    }

    pub fn read_message(&mut self, text: &str, sender: Option<&str>, message: &str) {
        let line = ReadLine::of(message);
        match sender {
            Some(sender) if line.is_of_one() => {
                let mut draft = PersonDraft::of_line(message);
                // `Steffi (Filiale Süd)`, as somebody's address book has them.
                let explained = sender.strip_suffix(')').and_then(|sender| sender.split_once(" ("));
                if let Some((_, note)) = explained {
                    draft.take_known(PasteColumn::Note, note.to_owned());
                }
                let sender = explained.map_or(sender, |(sender, _)| sender);
                // Whom nobody here knows, a messenger names by their number.
                let own = find_contacts(sender);
                if own.iter().any(FoundContact::is_phone) {
                    draft.take_contacts(own);
                    return self.finish(draft);
                }
                let is_named =
                    draft.names.iter().any(|(_, name)| matches!(lexicon::kind_of(name), TextKind::Name(2..)));
                if is_named {
                    draft.rest.push(sender.to_owned());
                } else {
                    let names = std::mem::take(&mut draft.names);
                    draft.rest.extend(names.into_iter().map(|(_, name)| name).filter(|name| name != sender));
                    draft.names.push((None, sender.to_owned()));
                }
                self.finish(draft);
            }
            _ if line.contacts.is_empty() => self.put_aside(text),
            _ => self.read_free(&line),
        }
    }

    /// Reads a line that is no row: of one person, or of several.
    pub fn read_free(&mut self, line: &ReadLine) {
        if let Some(people) = unresolved(line) {
            for text in people {
                match text.contains('<') {
                    true => self.finish(PersonDraft::of_line(text)),
                    false => self.push(named(text)),
                }
            }
            return;
        }
        if let Some(people) = each_with_a_name(line) {
            for text in people {
                match ReadLine::of(text).contacts.is_empty() {
                    true => self.put_aside(text.trim()),
                    false => self.finish(PersonDraft::of_line(text)),
                }
            }
            return;
        }
        if line.is_of_one() {
            let draft = PersonDraft::of_line(line.text);
            self.open = Some(OpenPerson { draft, is_row: true, is_quiet: false });
            return;
        }
        let before = (self.role.clone(), self.unit.clone());
        // `Dispatchers: anna@…, ivan@…`
        let mut text = line.text;
        if let Some((label, behind)) =
            text.split_once(':').filter(|(label, _)| label.len() <= 60 && !may_hold_contact(label))
        {
            match lexicon::kind_of(label) {
                TextKind::Role => (self.role, text) = (Some(label.trim().to_owned()), behind),
                TextKind::Unit => (self.unit, text) = (Some(label.trim().to_owned()), behind),
                _ => {}
            }
        }
        let whole = with_whole_brackets(text);
        let text = whole.as_str();
        let entries = match chunks(text) {
            Some(chunks) => named_before(chunks).into_iter().flat_map(PersonDraft::finish).collect(),
            None => read_many(text),
        };
        for entry in entries {
            self.push(entry);
        }
        (self.role, self.unit) = before;
    }
}
