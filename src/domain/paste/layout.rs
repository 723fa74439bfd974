//! Reads a text line by line: tables with and without heads, cards, groups under a heading, chats, letters, lists; and says which
//! lines are about nobody. It must not read a single address itself.

use super::{
    Beside,
    contacts::{FoundContact, PastedEntry, find_contacts, may_hold_contact, no_address},
    further::{FurtherAddress, without_further},
    headings::{heads_people, is_somebody, said_by},
    heads::{PasteColumn, column_of, heads, speaks_of},
    lexicon::{self, TextKind},
    lines::{chat, chat_head, letter_head, logical_lines, quote_head, without_bullet, without_fax},
    many::{in_order, is_joiner, name_of, read_many, unquoted},
    mend,
    person::PersonDraft,
    read_line::{ReadLine, card, chunks, unresolved, with_whole_brackets},
    relations::{ParentColumns, parents_in, relation_of},
    segments::{Segment, segments_between},
    table::{GAP, cells, vote},
};

/// The most rows whose columns are looked at together.
const MOST_ROWS_OF_VOTE: usize = 200;

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
    aside: Vec<String>,
    head: Option<TableHead>,
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

/// One of the parents in a row; nothing where nothing stands in the row of them.
fn draft_of_parent(text: &str, row: &[&str], parent: &ParentColumns) -> Option<PersonDraft> {
    let is_of_another = |at: usize| parent.are_of_another.get(at).copied().unwrap_or_default();
    let own = |(at, cell): (usize, &&'_ str)| if is_of_another(at) { String::new() } else { (*cell).to_owned() };
    let cells: Vec<String> = row.iter().enumerate().map(own).collect();
    let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
    let draft = PersonDraft::of_cells(text, &cells, &parent.columns);
    (draft.has_contact() || draft.has_name()).then_some(draft)
}

/// The people of a line, each in a part of it. Whoever is named at the end of the part before stands before their address:
/// `Anna Kim (anna@…) and our new trainer – Ben Ray, his address is ben@…`
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

/// A line of a card for address books that says nothing of who is meant.
fn is_of_card(text: &str) -> bool {
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
fn is_beside_numbers(segment: &Segment) -> bool {
    let text = segment.text.to_lowercase();
    let extension = ["ext", "x", "доб", "вн", "dw", "durchwahl"].iter().find_map(|word| text.strip_prefix(word));
    let is_extension = |rest: &str| {
        let rest = rest.trim_start_matches(['.', ' ', ':']);
        (1..=6).contains(&rest.len()) && rest.bytes().all(|byte| byte.is_ascii_digit())
    };
    text.starts_with("www.") || text.contains("://") || extension.is_some_and(is_extension)
}

/// `Sign-up sheet` above a table or a list: no name, as a word of it is written small.
fn is_caption(text: &str, below: Option<&String>) -> bool {
    let is_small = |word: &str| word.chars().next().is_some_and(char::is_lowercase);
    let is_titled = text.starts_with(char::is_uppercase) && text.split_whitespace().any(is_small);
    let is_listed = |line: &String| {
        is_somebody(line) || heads(&cells(line, '\t').iter().map(String::as_str).collect::<Vec<_>>()).is_some()
    };
    is_titled && lexicon::kind_of(text) == TextKind::Small && below.is_some_and(is_listed)
}

/// `Зульфия:` above her address, where nothing else follows.
fn names_the_next(text: &str, below: &[String]) -> bool {
    let is_name = text.trim_end().ends_with(':') && matches!(lexicon::kind_of(said_by(text)), TextKind::Name(_));
    let (Some(next), behind) = (below.first(), below.get(1)) else { return false };
    is_name && behind.is_none_or(|line| !line.contains('@')) && {
        let line = ReadLine::of(next);
        let is_name = |segment: &Segment| matches!(lexicon::kind_of(&segment.text), TextKind::Name(_));
        line.emails == 1 && line.is_of_one() && !segments_between(next, &line.contacts).iter().any(is_name)
    }
}

/// The address that stands next, a few lines below and before an empty one.
fn address_below(below: &[String]) -> Option<String> {
    let near = below.iter().take(LINES_BELOW_TITLE).take_while(|line| line.contains(char::is_alphanumeric));
    near.flat_map(|line| line.split_whitespace()).find(|word| word.contains('@')).map(str::to_owned)
}

/// `Mother: Alice Pemberton, alice@…`, below the child.
fn is_of_parent(line: &str) -> bool {
    let label = line.split([':', '-', '–', '—']).next().unwrap_or_default();
    may_hold_contact(line) && label.split_whitespace().count() <= 2 && relation_of(label).is_some()
}

/// How many lines below a title the heads of its table may stand.
const LINES_BELOW_TITLE: usize = 4;

/// `Linden House→→→` or `→→Contact→` above the heads of a table: a row of which only one cell is filled.
fn is_title(raw: &str, below: &[String]) -> bool {
    let has_two = |delimiter: &char| raw.matches(*delimiter).count() >= 2;
    let Some(delimiter) = ['\t', ';'].into_iter().find(has_two) else { return false };
    let is_filled = |cell: &String| cell.contains(char::is_alphanumeric);
    let row = cells(raw, delimiter);
    let is_only = row.iter().filter(|cell| is_filled(cell)).count() == 1;
    let is_head = |line: &String| {
        let cells = cells(line, delimiter);
        cells.len() > 1 && heads(&cells.iter().map(String::as_str).collect::<Vec<_>>()).is_some()
    };
    is_only && !may_hold_contact(raw) && below.iter().take(LINES_BELOW_TITLE).any(is_head)
}

/// Two tables beside one another, or two people in a row: the same heads come again, or the same address under another name.
fn side_by_side(columns: &[Option<PasteColumn>], found: &[&str]) -> Vec<ParentColumns> {
    let places = |wanted: PasteColumn| (0..columns.len()).filter(move |at| columns.get(*at) == Some(&Some(wanted)));
    let (names, emails): (Vec<usize>, Vec<usize>) =
        (places(PasteColumn::Name).collect(), places(PasteColumn::Email).collect());
    let [first, second] = emails.as_slice() else { return Vec::new() };
    let again = match names.as_slice() {
        [name, again] if (*name..*again).contains(first) => Some(*again),
        // `Klasse;Lehrkraft;Mail;Stellvertretung;Mail`
        _ if found.get(*first) == found.get(*second) => (first + 1..*second).find(|at| columns.get(*at) == Some(&None)),
        _ => None,
    };
    let Some(again) = again else { return Vec::new() };
    let name = names.first().copied().filter(|name| name < first).or_else(|| first.checked_sub(1)).unwrap_or_default();
    let half = |is_first: bool| {
        let is_of_another = |at: usize| at >= name && (at < again) != is_first;
        let column = |at: usize| match columns.get(at).copied().flatten() {
            _ if is_of_another(at) => None,
            _ if at == again || at == name => Some(PasteColumn::Name),
            column => column,
        };
        ParentColumns {
            columns: (0..columns.len()).map(column).collect(),
            are_of_another: (0..columns.len()).map(is_of_another).collect(),
        }
    };
    vec![half(true), half(false)]
}

/// Several people in a row, told apart by numbers: `Группа;Воспитатель 1;Почта 1;Воспитатель 2;Почта 2`.
fn numbered(found: &[&str]) -> Vec<ParentColumns> {
    let parts = |cell: &str| {
        let bare = cell.trim_end_matches(|letter: char| letter.is_ascii_digit());
        let number = cell.get(bare.len()..).filter(|number| number.len() == 1)?;
        Some((bare.trim().to_owned(), number.to_owned()))
    };
    let parts: Vec<Option<(String, String)>> = found.iter().map(|cell| parts(cell.trim())).collect();
    let column = |at: usize| {
        let (bare, _) = parts.get(at)?.as_ref()?;
        Some(match column_of(bare).or_else(|| speaks_of(bare)) {
            Some(PasteColumn::Email) => PasteColumn::Email,
            Some(PasteColumn::Phone) => PasteColumn::Phone,
            Some(column) if !column.is_name() => column,
            _ => PasteColumn::Name,
        })
    };
    let of = |number: &str| {
        let number_at = |at: usize| parts.get(at).and_then(Option::as_ref).map(|(_, number)| number.as_str());
        let is_of_another = |at: usize| number_at(at).is_some_and(|other| other != number);
        let own = |at: usize| match number_at(at) {
            Some(other) if other == number => column(at),
            Some(_) => None,
            None => found.get(at).and_then(|cell| column_of(cell)),
        };
        ParentColumns {
            columns: (0..found.len()).map(own).collect(),
            are_of_another: (0..found.len()).map(is_of_another).collect(),
        }
    };
    let is_whole = |person: &ParentColumns| {
        let has = |wanted: PasteColumn| person.columns.contains(&Some(wanted));
        has(PasteColumn::Name) && has(PasteColumn::Email)
    };
    let own_name = |person: &ParentColumns| {
        person.columns.iter().zip(&parts).any(|(column, part)| *column == Some(PasteColumn::Name) && part.is_some())
    };
    let people: Vec<ParentColumns> =
        ["1", "2", "3", "4"].into_iter().map(of).filter(|person| is_whole(person) && own_name(person)).collect();
    if people.len() > 1 { people } else { Vec::new() }
}

/// How somebody takes part in a meeting, as calendars write it below the name.
fn says_part(text: &str) -> bool {
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

/// Somebody who is named, and of whom no address is known.
fn named(text: &str) -> PastedEntry {
    let mut entry = no_address(unquoted(text.trim()));
    entry.pasted.name = name_of(&[unquoted(text).to_owned()]);
    entry
}

/// Whether a line of a letter's head says who sent it.
fn is_sender(line: &str) -> bool {
    const SENDERS: [&str; 9] = ["from", "sender", "reply-to", "от", "от кого", "von", "absender", "ад", "отправитель"];
    line.split_once(':')
        .is_some_and(|(label, _)| SENDERS.contains(&label.trim().trim_matches('*').to_lowercase().as_str()))
}

struct TableHead {
    delimiter: char,
    columns: Vec<Option<PasteColumn>>,
    /// In a list of children, whose columns are whose.
    parents: Vec<ParentColumns>,
    /// What stood last in the first column: merged cells say it once.
    first: Option<String>,
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
        if !text.contains(|letter: char| letter.is_alphanumeric() || letter == '@' || letter == '#') {
            if !self.goes_on(lines.get(at + 1..).unwrap_or_default()) {
                self.close();
                self.names_first = false;
            }
            return at + 1;
        }
        if self.head.is_none() && is_title(raw, lines.get(at + 1..).unwrap_or_default()) {
            self.put_aside(text);
            return at + 1;
        }
        // The address of a house, a picture, a key on a card for address books.
        if self.in_card && is_of_card(text) {
            self.aside.push(text.trim().to_owned());
            return at + 1;
        }
        if let Some((left, further)) = without_further(raw, self.head.is_some()) {
            self.further.extend(further);
            return self.read(&[left], 0) + at;
        }
        // Under heads, a cell is what its column says.
        if self.head.is_none()
            && let Some((left, fax)) = without_fax(text)
        {
            self.aside.push(fax.to_owned());
            return if left.trim().is_empty() { at + 1 } else { self.read(&[left], 0) + at };
        }
        if let Some((when, owner)) = quote_head(text) {
            self.put_aside(when);
            self.read_free(&ReadLine::of(owner));
            return at + 1;
        }
        if let Some(sender) = chat_head(text) {
            self.close();
            let mut draft = PersonDraft { typed: text.to_owned(), ..PersonDraft::default() };
            draft.names.push((None, sender.to_owned()));
            self.open = Some(OpenPerson { draft, is_row: false, is_quiet: true });
            return at + 1;
        }
        if let Some((sender, message)) = chat(text) {
            self.close();
            self.read_message(text, sender, message);
            return at + 1;
        }
        match letter_head(text) {
            Some((false, value)) if find_contacts(value).is_empty() => {
                self.put_aside(text);
                return at + 1;
            }
            // Who sent a letter is not meant, without an address; to whom it went is.
            Some((true, value)) if find_contacts(value).is_empty() && !value.contains('@') => {
                self.close();
                match is_sender(text) {
                    true => self.put_aside(text),
                    false => self.read_names(value, text),
                }
                return at + 1;
            }
            Some((true, value)) if !find_contacts(value).is_empty() => {
                self.close();
                self.read_free(&ReadLine::of(value));
                return at + 1;
            }
            _ => {}
        }
        if let Some(parts) = spelled_parts(text) {
            self.close();
            for part in parts {
                match part.contains('@') {
                    true => self.read_free(&ReadLine::of(part)),
                    false => self.take_text(part),
                }
            }
            return at + 1;
        }
        if says_part(text) {
            match self.open.as_mut().filter(|open| !open.is_row) {
                Some(open) => open.draft.rest.push(text.trim().to_owned()),
                None => self.put_aside(text),
            }
            return at + 1;
        }
        let line = ReadLine::of(text);
        // `TEL;CELL;PREF:…` has no heads of a table.
        if let Some((column, value)) =
            card(&line).filter(|_| self.in_card && text.split(':').next().is_some_and(|label| label.contains(';')))
        {
            self.take_label(column, value, text);
            return at + 1;
        }
        if line.contacts.is_empty() && self.take_frame(&line) {
            return at + 1;
        }
        if let Some((column, value)) = card(&line) {
            self.take_label(column, value, text);
            return at + 1;
        }
        if let Some(delimiter) = line.delimiter.filter(|delimiter| self.has_head(*delimiter))
            && line.emails <= 2
            && line.phones <= 3
            && !line.is_torn_by(delimiter)
        {
            self.read_row_under_head(raw, text, delimiter);
            return at + 1;
        }
        if line.contacts.is_empty() && lines.get(at + 1).is_some_and(|below| is_of_parent(below)) {
            self.put_aside(text);
            return at + 1;
        }
        if line.contacts.is_empty()
            && self.open.is_none()
            && is_caption(text, lines.get(at + 1))
            && !heads_people(lines, at)
        {
            self.put_aside(text);
            return at + 1;
        }
        if line.contacts.is_empty() && names_the_next(text, lines.get(at + 1..).unwrap_or_default()) {
            self.take_name(text.trim().trim_end_matches(':'), text);
            self.names_first = false;
            return at + 1;
        }
        if line.contacts.is_empty() {
            self.next_address = address_below(lines.get(at + 1..).unwrap_or_default());
            match heads_people(lines, at) {
                true => {
                    self.put_aside(text);
                    self.unit = Some(said_by(text).to_owned());
                }
                false => self.take_text(text),
            }
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
        if line.is_of_one()
            && let Some(sender) = self.take_sender()
        {
            self.read_message(text, Some(&sender), text);
            return at + 1;
        }
        if let Some(delimiter) = line.row_of().filter(|_| unresolved(&line).is_none()) {
            return self.read_rows(lines, at, delimiter);
        }
        self.close();
        self.read_free(&line);
        at + 1
    }

    /// Whoever wrote what follows, as the line above it says; they are known by nothing else so far.
    fn take_sender(&mut self) -> Option<String> {
        let is_sender = |open: &OpenPerson| {
            let draft = &open.draft;
            open.is_quiet && !draft.has_contact() && draft.names.len() == 1 && draft.beside == Beside::default()
        };
        let open = self.open.take_if(|open| is_sender(open))?;
        open.draft.names.into_iter().next().map(|(_, name)| name)
    }

    /// Reads the people of a line of a letter's head, none of whom has an address.
    fn read_names(&mut self, value: &str, text: &str) {
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

    fn has_head(&self, delimiter: char) -> bool {
        self.head.as_ref().is_some_and(|head| head.delimiter == delimiter)
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

    fn read_message(&mut self, text: &str, sender: Option<&str>, message: &str) {
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
    fn read_free(&mut self, line: &ReadLine) {
        if let Some(people) = unresolved(line) {
            for text in people {
                match text.contains('<') {
                    true => self.finish(PersonDraft::of_line(text)),
                    false => self.push(named(text)),
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

    /// Reads rows without a head that stand together.
    fn read_rows(&mut self, lines: &[String], at: usize, delimiter: char) -> usize {
        self.close();
        let mut rows: Vec<(&str, bool, Vec<String>)> = Vec::new();
        let mut next = at;
        let mut width = 0;
        while let Some(raw) = lines.get(next).filter(|_| rows.len() < MOST_ROWS_OF_VOTE) {
            let text = without_bullet(raw).trim_end();
            let line = ReadLine::of(text);
            let found = || cells(text.trim_end_matches([';', ',', ' ']), delimiter);
            let is_row = line.row_of() == Some(delimiter)
                && (next == at || (card(&line).is_none() && chat(text).is_none() && letter_head(text).is_none()));
            // Somebody whose address is missing, between others.
            let is_gap = next > at
                && line.contacts.is_empty()
                && !",|".contains(delimiter)
                && delimiter != GAP
                && line.delimiter == Some(delimiter)
                && found().len() == width
                && !lexicon::is_aside(text);
            if !is_row && !is_gap {
                break;
            }
            let row = if line.delimiter == Some('\t') { cells(raw.trim_end(), delimiter) } else { found() };
            width = row.len();
            rows.push((text, line.is_torn_by(delimiter), row));
            next += 1;
        }
        let grid: Vec<Vec<String>> =
            rows.iter().filter(|(_, is_torn, _)| !is_torn).map(|(_, _, cells)| cells.clone()).collect();
        let columns = vote(&grid);
        for (text, is_torn, row) in rows {
            let row: Vec<&str> = row.iter().map(String::as_str).collect();
            self.close();
            let draft = if is_torn || (delimiter == GAP && row.len() != columns.len()) {
                PersonDraft::of_line(text)
            } else {
                PersonDraft::of_cells(text, &row, &columns)
            };
            if draft.has_contact() || draft.has_name() {
                self.open = Some(OpenPerson { draft, is_row: true, is_quiet: false });
            } else {
                self.put_aside(text);
            }
        }
        next.max(at + 1)
    }

    fn read_row_under_head(&mut self, raw: &str, text: &str, delimiter: char) {
        self.close();
        let Some(head) = &mut self.head else { return };
        // Leading tabs are empty cells, not white space.
        let line = if delimiter == '\t' { raw.trim_end_matches(['\r', ' ']) } else { text };
        let mut row = cells(line, delimiter);
        let filled = row.iter().filter(|cell| !cell.is_empty()).count();
        let first_column = head.columns.first().copied().flatten();
        if matches!(first_column, Some(PasteColumn::Role | PasteColumn::Unit))
            && let Some(cell) = row.first_mut()
        {
            if cell.is_empty() {
                *cell = head.first.clone().unwrap_or_default();
            } else {
                head.first = Some(cell.clone());
                if filled == 1 {
                    return;
                }
            }
        }
        let fits = delimiter != GAP || row.len() == head.columns.len();
        let columns = if fits { head.columns.as_slice() } else { &[] };
        let found: Vec<&str> = row.iter().map(String::as_str).collect();
        if filled == 1
            && let Some(only) = row.iter().find(|cell| !cell.is_empty()).filter(|only| find_contacts(only).is_empty())
            && matches!(lexicon::kind_of(only), TextKind::Role | TextKind::Unit | TextKind::Prose)
        {
            let only = only.clone();
            self.take_heading(&only, text);
            return;
        }
        if fits && head.parents.len() > 1 {
            let drafts: Vec<PersonDraft> =
                head.parents.iter().filter_map(|parent| draft_of_parent(text, &found, parent)).collect();
            // Whoever has no address stands beside those who have one for them.
            let notes: Vec<String> = drafts.iter().filter_map(|draft| draft.beside.note.clone()).collect();
            let is_said = |draft: &PersonDraft| draft.names.iter().all(|(_, name)| notes.contains(name));
            for draft in drafts {
                if draft.has_contact() || !is_said(&draft) {
                    self.finish(draft);
                }
            }
            return;
        }
        // A number under a head that nobody knows is no telephone, least of all beside one.
        let has_phone = columns.contains(&Some(PasteColumn::Phone));
        // Nor is anybody called as such a column says, where there is one for names.
        let has_names = columns.iter().flatten().any(|column| column.is_name());
        let known: Vec<Option<PasteColumn>> = columns
            .iter()
            .zip(&found)
            .map(|(column, cell)| {
                let contacts = if column.is_none() && has_phone { find_contacts(cell) } else { Vec::new() };
                let is_number = !contacts.is_empty() && contacts.iter().all(FoundContact::is_phone);
                let is_like_a_name = || matches!(lexicon::kind_of(cell), TextKind::Name(_) | TextKind::Small);
                let is_other = is_number || (column.is_none() && has_names && is_like_a_name());
                column.or(is_other.then_some(PasteColumn::Other))
            })
            .collect();
        let draft = PersonDraft::of_cells(text, &found, &known);
        let is_total =
            found.iter().find(|cell| !cell.is_empty()).is_some_and(|cell| lexicon::kind_of(cell) == TextKind::Aside);
        let has_address = !draft.emails.is_empty() || !draft.phones.is_empty();
        if has_address || (!is_total && (draft.has_contact() || draft.has_name())) {
            self.open = Some(OpenPerson { draft, is_row: true, is_quiet: false });
        } else {
            self.put_aside(text);
        }
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

    fn finish(&mut self, draft: PersonDraft) {
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

/// `ivan(at)school.by, olga [at] school.by`: the parts of a line, where several are meant as addresses, or one beside others.
fn spelled_parts(text: &str) -> Option<Vec<&str>> {
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

/// `Teacher`, alone in a line, is no head of a column.
fn columns_are_one_role(cells: &[&str]) -> bool {
    matches!(cells, [only] if lexicon::kind_of(only) == TextKind::Role)
}
