//! Reads a text line by line: tables with and without heads, cards, groups under a heading, chats, letters, lists; and says which
//! lines are about nobody. It must not read a single address itself.

use super::{
    beside_one_another::{numbered, side_by_side},
    contacts::{PastedEntry, find_contacts, no_address},
    further::{FurtherAddress, without_further},
    headings::{address_below, heads_people, is_caption, is_of_parent, is_title, names_the_next, said_by},
    heads::{PasteColumn, column_of, heads},
    lexicon::{self, TextKind},
    lines::{chat, chat_head, letter_head, logical_lines, quote_head, without_bullet, without_fax},
    marks::{is_beside_numbers, is_of_card, is_sender, says_part, spelled_parts},
    person::PersonDraft,
    read_line::{ReadLine, card, each_with_a_name, unresolved},
    relations::parents_in,
    rows::TableHead,
    segments::segments_between,
    table::cells,
};

/// What a text came to: the people, and the lines that are about nobody.
pub fn read_text(text: &str) -> (Vec<PastedEntry>, Vec<String>) {
    let lines = logical_lines(text);
    let mut reader = TextReader::default();
    let mut at = 0;
    while at < lines.len() {
        at = reader.read(&lines, at);
    }
    reader.close();
    reader.aside.extend(reader.further.drain(..).map(|further| further.text));
    // Where nobody else is, `@anna_k` is meant, and asked about.
    if reader.entries.is_empty() && reader.aside.iter().any(|line| line.contains('@')) {
        let (meant, aside) = reader.aside.drain(..).partition::<Vec<String>, _>(|line| line.contains('@'));
        return (meant.iter().map(|line| no_address(line)).collect(), aside);
    }
    // Whoever typed one line only meant somebody by it.
    if reader.entries.is_empty()
        && let [line] = reader.aside.as_slice()
        && matches!(lexicon::kind_of(line), TextKind::Code | TextKind::Prose)
        && !line.ends_with(':')
    {
        return (vec![no_address(line)], Vec::new());
    }
    (reader.entries, reader.aside)
}

/// What was read so far, and what holds for the lines to come.
#[derive(Default)]
pub struct TextReader {
    pub entries: Vec<PastedEntry>,
    pub aside: Vec<String>,
    pub head: Option<TableHead>,
    /// What the heading above says of those below.
    pub role: Option<String>,
    pub unit: Option<String>,
    /// Somebody of whom more may follow.
    pub open: Option<OpenPerson>,
    /// In these lines the names come before the addresses.
    pub names_first: bool,
    /// The next address below, before an empty line.
    pub next_address: Option<String>,
    /// A letter ended here: who signed it is not meant to be invited, unless there is an address.
    pub is_signed: bool,
    /// Between the frames of a card for address books: all of it is of one person.
    pub in_card: bool,
    /// Further addresses of those who are not there yet.
    further: Vec<FurtherAddress>,
}

/// Somebody of whom more may follow.
#[derive(Default)]
pub struct OpenPerson {
    pub draft: PersonDraft,
    /// They stood in one line, with name and address.
    pub is_row: bool,
    /// Only what they wrote makes them somebody: without an address they are nobody.
    pub is_quiet: bool,
}

impl TextReader {
    /// Reads the line, and whatever belongs to it; the number of the next one.
    fn read(&mut self, lines: &[String], at: usize) -> usize {
        let Some(raw) = lines.get(at) else { return at + 1 };
        // `||Name||Mail||`, as wikis write heads.
        let wiki = raw.trim().strip_prefix("||").and_then(|inside| inside.strip_suffix("||"));
        let wiki = wiki.map(|inside| format!("|{}|", inside.replace("||", "|")));
        let raw = wiki.as_ref().unwrap_or(raw);
        let text = without_bullet(raw).trim_end();
        let below = lines.get(at + 1..).unwrap_or_default();
        if !text.contains(|letter: char| letter.is_alphanumeric() || letter == '@' || letter == '#') {
            if !self.goes_on(below) {
                self.close();
                self.names_first = false;
            }
            return at + 1;
        }
        if let Some(left) = self.take_what_is_beside(raw, text, below) {
            return if left.trim().is_empty() { at + 1 } else { self.read(&[left], 0) + at };
        }
        if self.take_letter(text) || self.take_spelled(text) {
            return at + 1;
        }
        let line = ReadLine::of(text);
        if self.take_card_or_row(raw, &line) {
            return at + 1;
        }
        if line.contacts.is_empty() {
            self.take_words(lines, at, text);
            return at + 1;
        }
        // `T: +44 … | M: +44 …` below a name.
        let are_theirs = || {
            let has_name = self.open.as_ref().is_some_and(|open| !open.is_row && open.draft.has_name());
            line.emails == 0 && (2..=3).contains(&line.phones) && has_name
        };
        if segments_between(text, &line.contacts).iter().all(is_beside_numbers) && (line.is_of_one() || are_theirs()) {
            self.take_bare(line);
            return at + 1;
        }
        if raw.starts_with([' ', '\t']) && self.take_more(&line) {
            return at + 1;
        }
        if line.is_of_one()
            && let Some(sender) = self.take_sender()
        {
            self.read_message(text, Some(&sender), text);
            return at + 1;
        }
        if let Some(delimiter) =
            line.row_of().filter(|_| unresolved(&line).is_none() && each_with_a_name(&line).is_none())
        {
            return self.read_rows(lines, at, delimiter);
        }
        self.close();
        self.read_free(&line);
        at + 1
    }

    /// Takes what stands beside people and is none: titles, lines of cards, further addresses, faxes. What is left of the line.
    fn take_what_is_beside(&mut self, raw: &str, text: &str, below: &[String]) -> Option<String> {
        if self.head.is_none() && is_title(raw, below) {
            self.put_aside(text);
            return Some(String::new());
        }
        // The address of a house, a picture, a key on a card for address books.
        if self.in_card && is_of_card(text) {
            self.aside.push(text.trim().to_owned());
            return Some(String::new());
        }
        if let Some((left, further)) = without_further(raw, self.head.is_some()) {
            self.further.extend(further);
            return Some(left);
        }
        // Under heads, a cell is what its column says.
        let (left, fax) = without_fax(text).filter(|_| self.head.is_none())?;
        self.aside.push(fax.to_owned());
        Some(left)
    }

    /// Takes the heads of letters, and messages of a chat.
    fn take_letter(&mut self, text: &str) -> bool {
        if let Some((when, owner)) = quote_head(text) {
            self.put_aside(when);
            self.read_free(&ReadLine::of(owner));
            return true;
        }
        if let Some(sender) = chat_head(text) {
            self.close();
            let mut draft = PersonDraft { typed: text.to_owned(), ..PersonDraft::default() };
            draft.names.push((None, sender.to_owned()));
            self.open = Some(OpenPerson { draft, is_row: false, is_quiet: true });
            return true;
        }
        if let Some((sender, message)) = chat(text) {
            self.close();
            self.read_message(text, sender, message);
            return true;
        }
        let Some((names_people, value)) = letter_head(text) else { return false };
        match (names_people, find_contacts(value).is_empty()) {
            (false, true) => self.put_aside(text),
            (true, true) if value.contains('@') => return false,
            // Who sent a letter is not meant, without an address; to whom it went is.
            (true, true) if is_sender(text) => self.put_aside(text),
            (true, true) => {
                self.close();
                self.read_names(value, text);
            }
            (true, false) => {
                self.close();
                self.read_free(&ReadLine::of(value));
            }
            (false, false) => return false,
        }
        true
    }

    /// Takes addresses whose signs are spelled out, and what calendars write below a name.
    fn take_spelled(&mut self, text: &str) -> bool {
        if let Some(parts) = spelled_parts(text) {
            self.close();
            for part in parts {
                match part.contains('@') {
                    true => self.read_free(&ReadLine::of(part)),
                    false => self.take_text(part),
                }
            }
            return true;
        }
        let says_part = says_part(text);
        if says_part {
            match self.open.as_mut().filter(|open| !open.is_row) {
                Some(open) => open.draft.rest.push(text.trim().to_owned()),
                None => self.put_aside(text),
            }
        }
        says_part
    }

    /// Takes lines of cards, the heads of tables and the rows below them.
    fn take_card_or_row(&mut self, raw: &str, line: &ReadLine) -> bool {
        let text = line.text;
        // `TEL;CELL;PREF:…` has no heads of a table.
        let is_kind = || text.split(':').next().is_some_and(|label| label.contains(';'));
        let of_card = card(line);
        if let Some((column, value)) = of_card.filter(|_| self.in_card && is_kind()) {
            self.take_label(column, value, text);
            return true;
        }
        if line.contacts.is_empty() && self.take_frame(line) {
            return true;
        }
        if let Some((column, value)) = of_card {
            self.take_label(column, value, text);
            return true;
        }
        let delimiter = line.delimiter.filter(|delimiter| self.has_head(*delimiter) && !line.is_torn_by(*delimiter));
        let Some(delimiter) = delimiter.filter(|_| line.emails <= 2 && line.phones <= 3) else { return false };
        self.read_row_under_head(raw, text, delimiter);
        true
    }

    /// Takes a line without an address or a number, by what stands below it.
    fn take_words(&mut self, lines: &[String], at: usize, text: &str) {
        let below = lines.get(at + 1..).unwrap_or_default();
        if below.first().is_some_and(|below| is_of_parent(below)) {
            return self.put_aside(text);
        }
        let heads_people = heads_people(lines, at);
        if !heads_people && self.open.is_none() && is_caption(text, below.first()) {
            return self.put_aside(text);
        }
        if names_the_next(text, below) {
            self.take_name(text.trim().trim_end_matches(':'), text);
            self.names_first = false;
            return;
        }
        self.next_address = address_below(below);
        match heads_people {
            true => {
                self.put_aside(text);
                self.unit = Some(said_by(text).to_owned());
            }
            false => self.take_text(text),
        }
    }

    pub fn put_aside(&mut self, text: &str) {
        self.close();
        self.aside.push(text.trim().to_owned());
    }

    /// Takes what only frames the people: heads of tables, frames of cards, greetings, totals.
    fn take_frame(&mut self, line: &ReadLine) -> bool {
        let lower = line.text.to_lowercase();
        if ["begin:", "end:", "version:", "prodid:", "rev:", "uid:", "n:", "sep="]
            .iter()
            .any(|frame| lower.starts_with(frame))
        {
            let is_end = lower.starts_with("begin:") || lower.starts_with("end:");
            if is_end {
                self.in_card = lower.starts_with("begin:");
            }
            // Within a card they part nobody from what is said of them.
            match self.in_card && !is_end {
                true => self.aside.push(line.text.trim().to_owned()),
                false => self.put_aside(line.text),
            }
            return true;
        }
        // `Nr Name Funktion E-Mail`: heads whose columns nobody can tell apart.
        let mut words = line.text.split_whitespace();
        if line.delimiter.is_none() && words.clone().count() >= 3 && words.all(|word| column_of(word).is_some()) {
            self.put_aside(line.text);
            return true;
        }
        let delimiter = line.delimiter.unwrap_or('\t');
        let found = cells(line.text, delimiter);
        let found: Vec<&str> = found.iter().map(String::as_str).collect();
        let is_role = columns_are_one_role(&found);
        let parents = parents_in(&found);
        let of_parent = parents.first().map(|parent| parent.columns.clone());
        let numbered = numbered(&found);
        let parents = if parents.is_empty() { numbered } else { parents };
        let of_parent = of_parent.or_else(|| parents.first().map(|person| person.columns.clone()));
        if let Some(columns) = of_parent.or_else(|| heads(&found)).filter(|_| !is_role) {
            // `Email` on a line of its own, below a name.
            let is_label = matches!(columns[..], [Some(PasteColumn::Email | PasteColumn::Phone)]);
            let waits = |open: &OpenPerson| !open.is_row && open.draft.has_name();
            if is_label && self.open.as_ref().is_some_and(waits) {
                return true;
            }
            self.put_aside(line.text);
            if columns.len() > 1 {
                let parents = [parents, side_by_side(&columns, &found)].into_iter().find(|people| !people.is_empty());
                let parents = parents.unwrap_or_default();
                self.head = Some(TableHead { delimiter, columns, parents, first: None });
            }
            return true;
        }
        if lexicon::is_aside(line.text) && card(line).is_none() {
            self.put_aside(line.text);
            self.is_signed = true;
            return true;
        }
        false
    }

    /// Takes a heading: what it says holds for those below.
    pub fn take_heading(&mut self, text: &str, line: &str) {
        self.put_aside(line);
        let heading = text.trim_end_matches([':', ' ', '.']).trim_matches(['*', '#', '=', ' ', '-']).to_owned();
        match lexicon::kind_of(&heading) {
            TextKind::Role => self.role = Some(heading),
            TextKind::Unit => self.unit = Some(heading),
            _ => {}
        }
    }

    /// Nothing more follows of the one who is open.
    pub fn close(&mut self) {
        let Some(open) = self.open.take() else { return };
        let draft = open.draft;
        if draft.has_contact() || (draft.has_name() && !open.is_quiet) {
            self.is_signed = false;
            self.finish(draft);
        } else {
            // A role or a unit alone holds for those below.
            self.role = draft.beside.role.or(self.role.take());
            self.unit = draft.beside.unit.or(self.unit.take());
            self.aside.push(draft.typed);
            self.aside.extend(draft.rest);
        }
    }

    pub fn finish(&mut self, draft: PersonDraft) {
        for entry in draft.finish() {
            self.push(entry);
        }
    }

    pub fn push(&mut self, mut entry: PastedEntry) {
        let beside = &mut entry.pasted.beside;
        beside.role = beside.role.take().or_else(|| self.role.clone());
        beside.unit = beside.unit.take().or_else(|| self.unit.clone());
        let theirs = self.further.extract_if(.., |further| further.of == entry.pasted.typed);
        entry.pasted.rest.extend(theirs.map(|further| further.text));
        self.entries.push(entry);
    }
}

/// `Teacher`, alone in a line, is no head of a column.
fn columns_are_one_role(cells: &[&str]) -> bool {
    matches!(cells, [only] if lexicon::kind_of(only) == TextKind::Role)
}
