//! Makes one person of what stands in a row, a line or a card: who they are, how they are reached, what they are to do.
//! It must not drop anything: what it does not understand stays beside the person.

use super::{
    Beside, PastedKind, PastedPhone,
    contacts::{FoundContact, PastedEntry, email_kind, find_contacts, no_address, phone_kind},
    heads::{PasteColumn, column_of, label_of},
    lexicon::{self, TextKind},
    many::{in_order, unquoted},
    segments::{Segment, is_before_a_name, parent_named, place_before, segments_between},
};
use crate::domain::contact::PersonName;

/// What was read of one person so far.
#[derive(Debug, Default)]
pub struct PersonDraft {
    pub emails: Vec<FoundContact>,
    pub phones: Vec<FoundContact>,
    /// Where the address had to stand, and something else does.
    pub no_email: Option<String>,
    pub names: Vec<(Option<PasteColumn>, String)>,
    pub beside: Beside,
    pub rest: Vec<String>,
    /// The text as it stood there.
    pub typed: String,
    /// Whether the address stood in `<…>`, as mail programs write it.
    pub in_angles: bool,
}

impl PersonDraft {
    /// Reads a line of one person.
    pub fn of_line(line: &str) -> Self {
        let mut draft = Self { typed: line.trim().to_owned(), ..Self::default() };
        let contacts = find_contacts(line);
        let segments = segments_between(line, &contacts);
        draft.take_contacts(contacts);
        draft.take_segments(segments);
        draft
    }

    /// Reads a row of a table, each cell by what its column holds.
    pub fn of_cells(line: &str, cells: &[&str], columns: &[Option<PasteColumn>]) -> Self {
        let mut draft = Self { typed: line.trim().to_owned(), ..Self::default() };
        let mut segments = Vec::new();
        let column_at = |at: usize| columns.get(at).copied().flatten();
        let is_note = |at: usize| column_at(at) == Some(PasteColumn::Note);
        let has_email = (0..cells.len()).any(|at| !is_note(at) && cells.get(at).is_some_and(|cell| cell.contains('@')));
        let is_nameless = !columns.iter().flatten().any(|column| column.is_name());
        let is_plain = |word: &&str| !word.contains(|letter: char| letter.is_ascii_digit() || "@+<".contains(letter));
        let words = |cell: &str| cell.split_whitespace().take_while(is_plain).collect::<Vec<_>>().join(" ");
        let parent = cells.iter().position(|cell| parent_named(&words(cell)).is_some());
        // `Вика Седых, 12.04.2021, мама Седых Анна`: it is the parent's.
        let column_at = |at: usize| match column_at(at) {
            Some(column) if column.is_name() && parent.is_some_and(|parent| parent != at) => Some(PasteColumn::Note),
            column => column,
        };
        for (at, cell) in cells.iter().enumerate() {
            if let Some((name, role)) = lexicon::name_and_role(cell)
                .filter(|_| is_nameless && !cell.contains(':') && find_contacts(cell).is_empty())
            {
                segments.push(Segment::of(name, Some(PasteColumn::Name)));
                segments.push(Segment::of(role, Some(PasteColumn::Role)));
                continue;
            }
            if let Some((relation, name)) = parent_named(cell).filter(|_| find_contacts(cell).is_empty()) {
                segments.push(Segment::of(relation.to_owned(), Some(PasteColumn::Other)));
                segments.push(Segment::of(name.to_owned(), Some(PasteColumn::Name)));
                continue;
            }
            match is_note(at) && has_email && cell.contains('@') {
                // Whoever is named in a note is not meant by the row.
                true => segments.push(Segment::of(cell_text(cell), Some(PasteColumn::Note))),
                false => draft.take_cell(cell, column_at(at), &mut segments),
            }
        }
        draft.take_segments(segments);
        draft
    }

    fn take_cell(&mut self, cell: &str, column: Option<PasteColumn>, segments: &mut Vec<Segment>) {
        // A label in the cell itself knows better than its column.
        let labelled = cell
            .split_once(':')
            .filter(|(label, _)| lexicon::kind_of(label) != TextKind::Role)
            .and_then(|(label, value)| Some((column_of(label)?, value.trim())));
        let (column, cell) = labelled.map_or((column, cell), |(column, value)| (Some(column), value));
        let mut contacts = if column == Some(PasteColumn::Record) { Vec::new() } else { find_contacts(cell) };
        // A fax, a date, a house: no number at which anybody is reached.
        if column == Some(PasteColumn::Other) {
            contacts.retain(|contact| !contact.is_phone());
        }
        let label = cell.split_once(": ").filter(|(label, behind)| {
            contacts.is_empty() && place_before(cell).is_none() && is_before_a_name(label, behind)
        });
        if let Some((label, name)) = label {
            let place = if lexicon::is_work(label) { PasteColumn::Role } else { PasteColumn::Other };
            segments.push(Segment::of(cell_text(name), Some(PasteColumn::Name)));
            segments.push(Segment::of(label.to_owned(), Some(place)));
            return;
        }
        if let (true, Some((place, label, behind))) = (contacts.is_empty(), place_before(cell)) {
            segments.push(Segment::of(cell_text(behind), None));
            segments.push(Segment::of(label.to_owned(), Some(place)));
            return;
        }
        if contacts.is_empty() {
            let text = cell_text(cell);
            match column {
                _ if lexicon::kind_of(&text) == TextKind::Nothing && column != Some(PasteColumn::Phone) => {
                    self.rest.extend(Some(text).filter(|text| text.chars().any(char::is_alphanumeric)));
                }
                Some(PasteColumn::Email) => self.no_email = Some(text),
                Some(PasteColumn::Phone) if digits(&text) >= 4 || text.contains("##") => {
                    self.take_phone_text(&text);
                }
                Some(PasteColumn::Phone) => {
                    self.rest.extend(Some(text).filter(|text| text.chars().any(char::is_alphanumeric)))
                }
                column => match explained(&text) {
                    Some((name, note)) if column.is_none_or(PasteColumn::is_name) => {
                        segments.push(Segment::of(name.to_owned(), Some(column.unwrap_or(PasteColumn::Name))));
                        segments.push(Segment { is_note: true, ..Segment::of(note.to_owned(), None) });
                    }
                    _ => segments.push(Segment::of(text, column)),
                },
            }
            return;
        }
        let column = column.filter(|column| !matches!(column, PasteColumn::Email | PasteColumn::Phone));
        segments.extend(
            segments_between(cell, &contacts)
                .into_iter()
                .map(|segment| Segment { column: segment.column.or(column), ..segment }),
        );
        self.take_contacts(contacts);
    }

    fn take_phone_text(&mut self, text: &str) {
        let mut entry = no_address(text);
        entry.pasted.kind = phone_kind(text);
        self.phones.push(FoundContact { entry, in_angles: false, range: 0..text.len() });
    }

    /// Takes what a label names.
    pub fn take_labelled(&mut self, column: PasteColumn, value: &str) {
        let mut segments = Vec::new();
        self.take_cell(value, Some(column), &mut segments);
        self.take_segments(segments);
    }

    pub fn take_contacts(&mut self, contacts: Vec<FoundContact>) {
        for contact in contacts {
            self.in_angles |= contact.in_angles;
            if contact.is_phone() { self.phones.push(contact) } else { self.emails.push(contact) }
        }
    }

    pub fn has_name(&self) -> bool {
        !self.names.is_empty()
    }

    pub fn has_contact(&self) -> bool {
        !self.emails.is_empty() || !self.phones.is_empty() || self.no_email.is_some()
    }

    /// Gives every text its place.
    pub fn take_segments(&mut self, segments: Vec<Segment>) {
        let mut open: Vec<Segment> = Vec::new();
        for segment in segments {
            match segment.column {
                Some(column) => self.take_known(column, segment.text),
                None => open.push(segment),
            }
        }
        // Who signs a line is not meant by it: `…, anna@acme.by. Thanks, Joe`
        let end = open.iter().position(|segment| !segment.is_first && lexicon::ends_a_letter(&segment.text));
        let signed = end.map(|end| open.split_off(end)).unwrap_or_default();
        let named = if self.has_name() { None } else { self.find_name(&mut open) };
        // `Anna's: anna@…`; what a mail program writes is the name.
        let bare = |name: String| match name.strip_suffix("'s").or_else(|| name.strip_suffix("’s")) {
            Some(bare) if !self.in_angles => bare.to_owned(),
            _ => name,
        };
        self.names.extend(named.map(|name| (None, bare(name))));
        for segment in open.into_iter().chain(signed) {
            self.take_open(segment);
        }
    }

    /// Takes a text of which it is known what it says.
    pub fn take_known(&mut self, column: PasteColumn, text: String) {
        let text = unquoted(&text).to_owned();
        if lexicon::kind_of(&text) == TextKind::Nothing {
            self.rest.extend(Some(text).filter(|text| text.chars().any(char::is_alphanumeric)));
            return;
        }
        if column.is_name() {
            let is_name = !matches!(lexicon::kind_of(&text), TextKind::Code) && !text.starts_with('#');
            if is_name {
                self.names.push((Some(column), text))
            } else {
                self.rest.push(text)
            }
            return;
        }
        // `Teacher, 5A`
        if column == PasteColumn::Role
            && self.beside.unit.is_none()
            && let Some((role, unit)) = text.split_once(',')
            && lexicon::kind_of(role) == TextKind::Role
            && lexicon::kind_of(unit) == TextKind::Unit
        {
            self.beside.unit = Some(unit.trim().to_owned());
            return self.take_known(column, role.trim().to_owned());
        }
        let place = match column {
            // Which place somebody has in a list says nothing of them.
            PasteColumn::Place if text.bytes().all(|byte| byte.is_ascii_digit()) => return,
            PasteColumn::Role => &mut self.beside.role,
            PasteColumn::Unit => &mut self.beside.unit,
            PasteColumn::Login => &mut self.beside.login,
            PasteColumn::Record => &mut self.beside.record,
            PasteColumn::Note => &mut self.beside.note,
            _ => {
                self.rest.push(text);
                return;
            }
        };
        if place.is_none() { *place = Some(text) } else { self.rest.push(text) }
    }

    fn take_open(&mut self, segment: Segment) {
        let beside = &mut self.beside;
        let text = segment.text;
        match lexicon::kind_of(&text) {
            TextKind::Role if beside.role.is_none() => beside.role = Some(text),
            // `Lena Fuchs (Coordinator, South)`: in brackets it says where only beside a role.
            TextKind::Unit if beside.unit.is_none() && (!segment.is_note || beside.role.is_some()) => {
                beside.unit = Some(text)
            }
            TextKind::Nothing => self.rest.extend(Some(text).filter(|text| text.chars().any(char::is_alphanumeric))),
            _ if segment.is_note && beside.note.is_none() => beside.note = Some(text),
            _ => self.rest.extend(Some(text).filter(|text| says_more(text))),
        }
    }

    /// The name, its parts in the order of the row, or the first name first where the heads are Latin.
    fn name(&mut self) -> Option<String> {
        let mut names = std::mem::take(&mut self.names);
        // Beside its parts, the whole of a name says nothing more.
        let has = |wanted: PasteColumn| names.iter().any(|(column, _)| *column == Some(wanted));
        if has(PasteColumn::FirstName) && has(PasteColumn::LastName) {
            names.retain(|(column, _)| column.is_some_and(|column| column != PasteColumn::Name));
        }
        let is_latin = names.iter().all(|(_, name)| !name.chars().any(crate::domain::contact::is_cyrillic));
        if is_latin {
            names.sort_by_key(|(column, _)| *column == Some(PasteColumn::LastName));
        }
        let parts: Vec<String> = names.into_iter().map(|(_, name)| name).collect();
        PersonName::parse(&in_order(&parts.join(" "))).ok().map(String::from)
    }

    /// The entries: one for the person, another for each further address.
    pub fn finish(mut self) -> Vec<PastedEntry> {
        if let Some((words, joined)) = self.torn_address() {
            let is_other = |text: &str| text != words && text != words.trim_matches(['.', '_', '-']);
            self.names.retain(|(_, name)| is_other(name));
            for (_, name) in &mut self.names {
                if let Some(before) = name.strip_suffix(words.trim_matches(['.', '_', '-'])) {
                    *name = before.trim_end().to_owned();
                }
            }
            self.rest.retain(|text| is_other(text));
            self.emails = vec![FoundContact { entry: joined, in_angles: false, range: 0..0 }];
        }
        let name = self.name();
        let mut phones = std::mem::take(&mut self.phones).into_iter();
        let mut entries: Vec<PastedEntry> =
            std::mem::take(&mut self.emails).into_iter().map(|contact| contact.entry).collect();
        if let Some(text) = self.no_email.take() {
            // Rather the number than what is no address.
            if entries.is_empty() && phones.len() == 0 || looks_meant(&text) {
                let mut entry = no_address(&text);
                entry.pasted.kind = email_kind(&text);
                entries.push(entry);
            } else {
                self.rest.push(text);
            }
        }
        if entries.is_empty() {
            entries.extend(phones.next().map(|contact| contact.entry));
        }
        if entries.is_empty() {
            entries.push(no_address(&self.typed));
        }
        let phone = phones.next().map(|phone| phone.entry);
        let is_tidied =
            phone.as_ref().is_some_and(|phone| phone.tidied && matches!(phone.pasted.kind, PastedKind::Broken { .. }));
        self.beside.phone = phone.and_then(|phone| PastedPhone::of(&phone.pasted));
        self.rest.extend(phones.map(|phone| phone.entry.pasted.typed));
        let rest = std::mem::take(&mut self.rest);
        for entry in &mut entries {
            entry.pasted.name.clone_from(&name);
            entry.pasted.beside = self.beside.clone();
        }
        if let Some(first) = entries.first_mut() {
            first.tidied |= is_tidied;
            first.pasted.rest = rest;
        }
        entries
    }

    /// `guseva m@acme.by`: a blank inside an address; the words before it, and the whole. Asked about, as half an address would be
    /// somebody else's.
    fn torn_address(&self) -> Option<(String, PastedEntry)> {
        let [contact] = self.emails.as_slice() else { return None };
        if contact.in_angles || !matches!(contact.entry.pasted.kind, PastedKind::Email(_)) {
            return None;
        }
        let (before, after) = self.typed.split_once(contact.entry.pasted.typed.as_str())?;
        let typed = &contact.entry.pasted.typed;
        let (local, _) = typed.split_once('@')?;
        let is_plain = |word: &str| {
            word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"._-".contains(&b))
                && word.bytes().any(|byte| byte.is_ascii_lowercase())
                && match word.len() {
                    // Word processors write a bullet so.
                    1 => !"ox".contains(word),
                    _ => label_of(word).is_none() && !lexicon::is_prose_word(word) && !lexicon::says_which(word),
                }
        };
        // Whatever blank it is.
        let before = before.rsplit(|letter| is_between(letter) || letter == ':').next()?.strip_suffix(is_blank)?;
        let words: Vec<&str> = before.split_whitespace().collect();
        let is_torn = match words.as_slice() {
            [] => false,
            // `Maria Lopez maria.fernandez- lopez@…`: where a line was broken.
            [.., last] if words.len() > 1 && is_plain(last) && is_joining(last, local) => {
                return Some(torn(last, typed));
            }
            // `petrov @acme.by`: where one blank is a slip, the one before may be one, too.
            words if typed.contains(is_blank) => words.len() <= 3 && words.iter().all(|word| is_plain(word)),
            [word] => is_plain(word) && (is_joining(word, local) || !is_named_after(word, local)),
            _ => false,
        };
        let behind = after.split(is_between).next().unwrap_or_default();
        (is_torn && !behind.contains(char::is_alphabetic)).then(|| torn(&words.join(" "), typed))
    }
}

/// An address that is torn, with the words before it: these, and the whole.
fn torn(words: &str, typed: &str) -> (String, PastedEntry) {
    let whole = format!("{words} {typed}").replace(char::is_whitespace, " ");
    let mut entry = no_address(&whole);
    entry.pasted.kind = email_kind(&whole);
    (words.to_owned(), entry)
}

fn digits(text: &str) -> usize {
    text.bytes().filter(u8::is_ascii_digit).count()
}

fn is_blank(letter: char) -> bool {
    letter.is_whitespace() && letter != '\t'
}

/// Whether it stands between two cells.
fn is_between(letter: char) -> bool {
    matches!(letter, '\t' | ';' | ',' | '|')
}

/// `ivan. petrov@…`: a sign that goes on stands at the blank.
fn is_joining(word: &str, local: &str) -> bool {
    word.ends_with(['.', '_', '-']) || local.starts_with(['.', '_', '-'])
}

/// `ivan ivan.petrov@…`, `petr p.ivanov@…`: a name that was typed in haste before an address that is made of it.
fn is_named_after(word: &str, local: &str) -> bool {
    let initial = word.get(..1).and_then(|initial| local.strip_prefix(initial));
    word.len() >= 2
        && (local.contains(word)
            || (local.len() >= 3 && word.contains(local))
            || initial.is_some_and(|behind| behind.starts_with(['.', '_', '-'])))
}

/// `Agata Nowak (Host)`: a name, and what brackets behind it say.
fn explained(text: &str) -> Option<(&str, &str)> {
    let (name, note) = text.strip_suffix(')')?.split_once(" (")?;
    matches!(lexicon::kind_of(name), TextKind::Name(_)).then_some((name, note))
}

/// Whether a text in the place of an address was meant as one.
fn looks_meant(text: &str) -> bool {
    !text.contains(char::is_whitespace) && text.contains(['@', '.'])
}

/// Whether it is more than what joins two parts of a sentence.
pub fn says_more(text: &str) -> bool {
    text.chars().any(char::is_alphanumeric) && column_of(text).is_none()
}

/// The text of a cell: without quotes around it, doubled quotes as one.
fn cell_text(cell: &str) -> String {
    let seen: String = cell.chars().filter(|letter| !crate::domain::contact::is_unseen(*letter)).collect();
    seen.trim_matches(['{', '}']).split_whitespace().collect::<Vec<_>>().join(" ")
}
