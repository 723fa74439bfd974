//! Takes the lines of cards and lists that run downwards: a label and what it says, a name, an address, a role, one below the other.
//! It must not read tables.

use super::{
    contacts::{find_contacts, no_address},
    heads::PasteColumn,
    layout::{OpenPerson, TextReader},
    lexicon::{self, TextKind},
    made_of::is_made_of,
    many::name_of,
    mend,
    names::is_name_of,
    person::PersonDraft,
    read_line::ReadLine,
    segments::{Segment, place_before, segments_between},
};

/// Whether somebody has a whole name, and something was said of them below it: what follows is said of them, too.
fn is_within_card(open: &OpenPerson) -> bool {
    let draft = &open.draft;
    !open.is_row && is_whole(open) && (draft.beside.role.is_some() || !draft.rest.is_empty())
}

/// Takes what somebody does, and where: `Receptionist, Leith`.
fn take_role(draft: &mut PersonDraft, text: &str) {
    let (role, place) = text.split_once(", ").unwrap_or((text, ""));
    let is_place = matches!(lexicon::kind_of(place), TextKind::Unit | TextKind::Name(1));
    if lexicon::kind_of(role) == TextKind::Role && is_place && draft.beside.unit.is_none() {
        draft.beside.role = Some(role.to_owned());
        draft.beside.unit = Some(place.trim().to_owned());
    } else {
        draft.beside.role = Some(text.to_owned());
    }
}

/// A line without the signs around it; the dot of an initial stays.
fn without_end(text: &str) -> &str {
    let bare = text.trim_end_matches([':', ' ', ';', ',']).trim_matches(['*', '#', '=', ' ']);
    let last = bare.trim_end_matches('.').rsplit([' ', '.']).next().unwrap_or_default();
    if last.chars().count() > 2 { bare.trim_end_matches(['.', ' ']) } else { bare }
}

/// Whether somebody has a whole name.
fn is_whole(open: &OpenPerson) -> bool {
    open.draft.names.iter().any(|(_, name)| matches!(lexicon::kind_of(name), TextKind::Name(2..)))
}

/// Whether the last thing that was said of somebody with a whole name is their role.
fn waits_for_place(open: &OpenPerson, text: &str) -> bool {
    let (draft, beside) = (&open.draft, &open.draft.beside);
    let is_titled = text.starts_with(char::is_uppercase);
    is_titled && is_within_card(open) && beside.role.is_some() && beside.unit.is_none() && draft.rest.is_empty()
}

/// A whole name and, behind a sign, what they are: in one line, above the address.
fn name_with_place(text: &str) -> Option<(String, Vec<Segment>)> {
    let mut said = segments_between(text, &[]);
    // `Shauna McBride | HR Partner`
    let is_titled = |text: &str| {
        let is_capitals = |word: &str| word.chars().count() <= 3 && word.chars().all(char::is_uppercase);
        !matches!(lexicon::kind_of(text), TextKind::Name(2..)) || text.split_whitespace().any(is_capitals)
    };
    if let [name, title] = said.as_slice()
        && text.contains(" | ")
        && matches!(lexicon::kind_of(&name.text), TextKind::Name(2..))
        && is_titled(&title.text)
    {
        let title = Segment::of(title.text.clone(), Some(PasteColumn::Role));
        return Some((said.swap_remove(0).text, vec![title]));
    }
    let kinds: Vec<TextKind> = said.iter().map(|segment| lexicon::kind_of(&segment.text)).collect();
    let is_name = |kind: &&TextKind| matches!(kind, TextKind::Name(2..));
    let is_place = |kind: &TextKind| matches!(kind, TextKind::Role | TextKind::Unit);
    let is_said = kinds.iter().any(is_place) || said.iter().skip(1).all(|segment| segment.is_note);
    let is_both = kinds.len() > 1 && kinds.iter().filter(is_name).count() == 1 && is_said;
    let at = kinds.iter().position(|kind| is_name(&kind)).filter(|_| is_both)?;
    // `Teachers - Key Stage 2`
    if said.get(at)?.text.contains(|letter: char| letter.is_ascii_digit()) {
        return None;
    }
    Some((said.remove(at).text, said))
}

/// Whether the next address is made of the name of somebody of whom only that is known, and not of the text below it.
fn is_theirs_below(open: &OpenPerson, address: Option<&str>, text: &str) -> bool {
    let draft = &open.draft;
    let is_made =
        |address: &str| draft.names.iter().any(|(_, name)| is_made_of(address, name)) && !is_made_of(address, text);
    let is_bare = !open.is_row && !draft.has_contact() && draft.beside.role.is_none() && draft.rest.is_empty();
    is_whole(open) && is_bare && address.is_some_and(is_made)
}

/// How many lines of a card may stand between an empty one and the address.
const LINES_OF_CARD: usize = 8;

impl TextReader {
    /// Whether a card goes on behind an empty line, as below a letter: the next address is made of the name, and nobody else is
    /// named before it.
    pub fn goes_on(&self, below: &[String]) -> bool {
        let waits = |open: &&OpenPerson| !open.is_row && !open.draft.has_contact();
        let Some(open) = self.open.as_ref().filter(waits) else { return false };
        let Some(at) = below.iter().take(LINES_OF_CARD).position(|line| line.contains('@')) else { return false };
        let is_somebody = |line: &String| {
            matches!(lexicon::kind_of(line), TextKind::Name(2..)) || name_with_place(without_end(line)).is_some()
        };
        let is_theirs = |line: &String| {
            // No more than a label stands before it.
            let address = line.split_whitespace().take(2).find(|word| word.contains('@'));
            let is_made = |address: &str| open.draft.names.iter().any(|(_, name)| is_made_of(address, name));
            address.is_some_and(is_made)
        };
        !below.iter().take(at).any(is_somebody) && below.get(at).is_some_and(is_theirs)
    }

    /// Takes a line with a label before it: part of a card.
    pub fn take_label(&mut self, column: PasteColumn, value: &str, text: &str) {
        let conflicts = self.open.as_ref().is_some_and(|open| {
            let (draft, beside) = (&open.draft, &open.draft.beside);
            let again = match column {
                PasteColumn::Email => !draft.emails.is_empty() || draft.no_email.is_some(),
                PasteColumn::Phone => !draft.phones.is_empty() && draft.emails.is_empty() && !draft.has_name(),
                PasteColumn::Role => beside.role.is_some(),
                PasteColumn::Unit => beside.unit.is_some(),
                PasteColumn::Login => beside.login.is_some(),
                PasteColumn::Record => beside.record.is_some(),
                PasteColumn::Note | PasteColumn::Place | PasteColumn::Other => false,
                name => draft.names.iter().any(|(known, _)| known.is_none_or(|known| known == name)),
            };
            // `Tel: +375…` below a line with name and address.
            let is_theirs = column == PasteColumn::Phone && draft.emails.len() == 1 && draft.phones.is_empty();
            (open.is_row && !is_theirs) || again
        });
        if conflicts && self.in_card && column == PasteColumn::Email {
            // A card for address books is one person's, whatever addresses they have.
            if let Some(open) = &mut self.open {
                open.draft.rest.push(value.trim().to_owned());
            }
            return;
        }
        if conflicts {
            self.close();
        }
        if matches!(column, PasteColumn::Place | PasteColumn::Other) && self.open.is_none() {
            self.put_aside(text);
            return;
        }
        // `ORG:Mosaic;`
        let value = if self.in_card { value.trim_end_matches(';') } else { value };
        let open = self.open.get_or_insert_default();
        open.is_quiet = false;
        if !open.draft.typed.is_empty() {
            open.draft.typed.push_str(", ");
        }
        open.draft.typed.push_str(value.trim());
        open.draft.take_labelled(column, value.trim());
    }

    /// Takes a line with nothing but an address or a number.
    pub fn take_bare(&mut self, line: ReadLine) {
        let joins = self.open.as_ref().is_some_and(|open| {
            let draft = &open.draft;
            let is_somebody = draft.has_name() || (!open.is_row && draft.beside.role.is_some());
            // Whoever stood in one line with name and address is whole: a number below it is somebody else's.
            let is_whole = open.is_row && !draft.emails.is_empty();
            let takes_email = line.emails == 0 || (draft.emails.is_empty() && draft.no_email.is_none());
            let takes_phone = line.phones == 0 || draft.phones.is_empty();
            is_somebody && !is_whole && takes_email && takes_phone
        });
        if !joins {
            self.close();
        }
        let open = self.open.get_or_insert_default();
        open.is_quiet = false;
        if open.draft.typed.is_empty() {
            line.text.trim().clone_into(&mut open.draft.typed);
        }
        let pages = segments_between(line.text, &line.contacts);
        open.draft.take_contacts(line.contacts);
        open.draft.rest.extend(pages.into_iter().map(|page| page.text));
    }

    /// Takes the number, and what somebody does, that stand indented below a line with their name and address.
    pub fn take_more(&mut self, line: &ReadLine) -> bool {
        let segments = segments_between(line.text, &line.contacts);
        let is_name =
            |segment: &Segment| matches!(lexicon::kind_of(&segment.text), TextKind::Name(_) | TextKind::Small);
        let waits =
            |open: &&mut OpenPerson| open.is_row && open.draft.emails.len() == 1 && open.draft.phones.is_empty();
        if line.emails > 0 || line.phones != 1 || segments.iter().any(is_name) {
            return false;
        }
        let Some(open) = self.open.as_mut().filter(waits) else { return false };
        open.draft.take_contacts(find_contacts(line.text));
        open.draft.take_segments(segments);
        true
    }

    /// Takes a line without any address.
    pub fn take_text(&mut self, text: &str) {
        let bare = without_end(text);
        if self.take_whole_line(text, bare) {
            return;
        }
        let kind = lexicon::kind_of(bare);
        let is_heading = text.trim_end().ends_with(':');
        let in_group = self.role.is_some() || self.unit.is_some();
        let can_take = |open: &OpenPerson| {
            let waits = !open.is_row && !open.draft.has_contact();
            open.draft.has_name() && !is_heading && (waits || !in_group)
        };
        match (kind, self.open.as_mut().filter(|open| can_take(open))) {
            (TextKind::Role, Some(open)) if open.draft.beside.role.is_none() => take_role(&mut open.draft, bare),
            (TextKind::Unit, Some(open)) if open.draft.beside.unit.is_none() && !open.is_row => {
                open.draft.beside.unit = Some(bare.to_owned());
            }
            (TextKind::Role | TextKind::Unit, _) => self.take_heading(bare, text),
            // What stands below a role says where.
            (TextKind::Name(1) | TextKind::Small, Some(open)) if waits_for_place(open, bare) && !is_heading => {
                open.draft.beside.unit = Some(bare.to_owned());
            }
            // `Colourist`, between a name and the address that is made of it.
            (TextKind::Name(1) | TextKind::Small, Some(open))
                if !is_heading && is_theirs_below(open, self.next_address.as_deref(), bare) =>
            {
                open.draft.beside.role = Some(bare.to_owned());
            }
            // A town or a house below a whole name is nobody.
            (TextKind::Name(1) | TextKind::Small, Some(open)) if is_within_card(open) && !is_heading => {
                open.draft.rest.push(text.trim().to_owned());
            }
            (TextKind::Name(_) | TextKind::Small, _) if !is_heading => self.take_name(bare, text),
            (TextKind::Prose | TextKind::Code, Some(open)) if !open.is_row => {
                open.draft.rest.push(text.trim().to_owned())
            }
            _ => self.put_aside(text),
        }
    }

    /// Takes a line that says more than one thing: a faulty address with a name, a name with what they are.
    fn take_whole_line(&mut self, text: &str, bare: &str) -> bool {
        if mend::is_meant_as_address(bare) {
            self.close();
            let mut entry = no_address(bare);
            let names = lexicon::name_within(bare.split(['(', '[']).next().unwrap_or_default()).0;
            entry.pasted.name = names.and_then(|name| name_of(&[name]));
            self.push(entry);
            return true;
        }
        // `Teacher: Anna Petrova`, above the address.
        if let Some((place, label, name)) = place_before(bare)
            && matches!(lexicon::kind_of(name), TextKind::Name(_))
        {
            self.take_name(name.trim(), text);
            if let Some(open) = &mut self.open {
                open.draft.take_known(place, label.to_owned());
            }
            return true;
        }
        // `Tom Barber` above `tom.barber@…`
        let is_theirs = self.next_address.as_ref().is_some_and(|address| is_name_of(address, bare));
        if is_theirs && !matches!(lexicon::kind_of(bare), TextKind::Name(_)) {
            self.close();
            let mut draft = PersonDraft { typed: text.trim().to_owned(), ..PersonDraft::default() };
            draft.names.push((None, bare.to_owned()));
            self.open = Some(OpenPerson { draft, is_row: false, is_quiet: self.is_signed });
            return true;
        }
        // `Anna Petrova (teacher)`, `Anna Petrova | Inhaberin`
        let Some((name, said)) = name_with_place(bare) else { return false };
        // `Program Manager, Riverbend Youth` below who it is.
        let waits =
            |open: &&mut OpenPerson| !open.is_row && !open.draft.has_contact() && open.draft.beside.role.is_none();
        let is_house = !bare.starts_with(&name) && self.open.as_ref().is_some_and(is_whole);
        if let Some(open) = self.open.as_mut().filter(waits).filter(|_| is_house) {
            open.draft.take_segments(said);
            open.draft.rest.push(name);
            return true;
        }
        self.take_name(&name, text);
        if let Some(open) = &mut self.open {
            open.draft.take_segments(said);
        }
        true
    }

    pub fn take_name(&mut self, name: &str, text: &str) {
        let Some(name) = name_of(&[name.to_owned()]) else { return self.put_aside(text) };
        let takes = |open: &OpenPerson| !open.is_row && open.draft.has_contact() && !open.draft.has_name();
        if let Some(open) = self.open.as_mut().filter(|open| takes(open) && !self.names_first) {
            open.draft.names.push((None, name));
            return;
        }
        self.close();
        let is_first = self.entries.is_empty() || self.names_first;
        self.names_first |= is_first;
        let mut draft = PersonDraft { typed: text.trim().to_owned(), ..PersonDraft::default() };
        draft.names.push((None, name));
        self.open = Some(OpenPerson { draft, is_row: false, is_quiet: self.is_signed });
    }
}
