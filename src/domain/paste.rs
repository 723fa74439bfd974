//! Reads whatever a person pastes into the invitation form: one entry per address, nothing lost (rules 7, 42).
//! It must not look anything up nor apply a repair; it only reads, and says what it could not read.

mod beside_one_another;
mod columns;
mod contacts;
#[cfg(test)]
mod corpus;
mod further;
mod headings;
mod heads;
mod layout;
mod lexicon;
mod lines;
mod made_of;
mod many;
mod marks;
mod mend;
mod messages;
mod names;
mod person;
mod plain;
mod quoted;
mod read_line;
mod records;
mod relations;
mod rows;
mod segments;
mod sheet;
mod table;
mod titles;
mod tokens;
mod vertical;

pub use columns::{SheetColumns, columns_of, columns_with, is_about_nobody, read_cells};
pub use contacts::number_problem;
pub use heads::PasteColumn;
pub use mend::tidy;
pub use sheet::SheetDamage;
pub use titles::titled;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::contact::{Email, EmailProblem, Phone, PhoneProblem};

/// The most entries of one paste.
pub const MOST_ENTRIES: usize = 10_000;
/// The most bytes of a paste that are read.
pub const MOST_BYTES: usize = 1024 * 1024;

/// What a paste gave.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Paste {
    /// The entries in the order of the text, at most [`MOST_ENTRIES`].
    pub entries: Vec<Pasted>,
    /// In how many entries spaces, quotes, `mailto:` and the like were removed silently: shown once (rule 7).
    pub cleaned: usize,
    /// How many entries repeated another one and were folded into it.
    pub folded: usize,
    /// How many entries were read but did not fit.
    pub left_out: usize,
    /// How many bytes at the end were not read at all.
    pub unread_bytes: usize,
    /// The lines that are about nobody: heads, headings, greetings, totals. Whole, in the order of the text.
    pub aside: Vec<String>,
}

/// One entry of a paste.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pasted {
    /// The address or number exactly as it was typed; for a text without one, the text.
    pub typed: String,
    /// The name that stood beside it.
    pub name: Option<String>,
    /// Further texts that stood beside it, and of which nothing is understood.
    pub rest: Vec<String>,
    /// What it is.
    pub kind: PastedKind,
    /// What else was said of the person.
    pub beside: Beside,
}

/// What a row says of its person besides name and address. Nothing of it is applied unasked.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Beside {
    /// A number beside an address.
    pub phone: Option<PastedPhone>,
    /// The text of a role, from its column, its label, or the heading above.
    pub role: Option<String>,
    /// The text of a unit; [`SheetDamage::of_text`] says whether a spreadsheet made a date of it.
    pub unit: Option<String>,
    pub login: Option<String>,
    /// A number by which another system knows the person.
    pub record: Option<String>,
    pub note: Option<String>,
}

/// A number beside an address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PastedPhone {
    /// As it was typed.
    pub typed: String,
    /// The number, or what is wrong with it.
    pub number: Result<Phone, PasteProblem>,
}

impl PastedPhone {
    fn of(pasted: &Pasted) -> Option<Self> {
        let number = match &pasted.kind {
            PastedKind::Phone(phone) => Ok(phone.clone()),
            PastedKind::Broken { problem, .. } => Err(problem.clone()),
            PastedKind::Email(_) => return None,
        };
        Some(Self { typed: pasted.typed.clone(), number })
    }
}

/// What an entry is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum PastedKind {
    /// An e-mail address.
    Email(Email),
    /// A telephone number.
    Phone(Phone),
    /// Neither; shown and not sent to.
    Broken {
        /// What is wrong.
        problem: PasteProblem,
        /// What was probably meant, in canonical form: offered, never applied unasked (rule 9).
        repair: Option<String>,
    },
}

/// What is wrong with an entry, by what it was taken for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum PasteProblem {
    /// It was taken for an e-mail address.
    Email(EmailProblem),
    /// It was taken for a telephone number.
    Phone(PhoneProblem),
    /// A spreadsheet spoilt it.
    Spreadsheet(SheetDamage),
}

/// Reads a pasted text. Never fails: what cannot be read becomes a [`PastedKind::Broken`] entry, and what is about nobody is set
/// aside.
///
/// Tables are read by their heads, or by what stands in their columns; cards by their labels; lists by what separates their
/// entries. Who has an address and a number is one entry; of several addresses of one person the first. Entries with one
/// canonical form are folded into the first; what is missing there is taken over, another name is kept in `rest`.
pub fn read_paste(text: &str) -> Paste {
    let (text, unread_bytes) = within_limit(text);
    let mut paste = Paste { unread_bytes, ..Paste::default() };
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let (entries, aside) = layout::read_text(&plain::plain_text(text));
    paste.aside = aside;
    for found in entries {
        let key = match &found.pasted.kind {
            PastedKind::Email(email) => email.as_str().to_owned(),
            PastedKind::Phone(phone) => phone.as_str().to_owned(),
            // No canonical form ends in a space, so that this one can equal none.
            PastedKind::Broken { .. } => format!("{} ", found.pasted.typed.to_lowercase()),
        };
        if let Some(first) = seen.get(&key).and_then(|at| paste.entries.get_mut(*at)) {
            paste.folded += 1;
            first.fold(found.pasted);
        } else if paste.entries.len() >= MOST_ENTRIES {
            paste.left_out += 1;
        } else {
            seen.insert(key, paste.entries.len());
            paste.cleaned += usize::from(found.tidied);
            paste.entries.push(found.pasted);
        }
    }
    paste
}

impl Pasted {
    /// Takes over what another entry of the same person says, and keeps what says otherwise, for the person at the form to see.
    fn fold(&mut self, other: Self) {
        let mut differs = Vec::new();
        let mut take = |mine: &mut Option<String>, theirs: Option<String>| match mine {
            None => *mine = theirs,
            Some(mine) => differs.extend(theirs.filter(|theirs| theirs != mine)),
        };
        take(&mut self.name, other.name);
        let (mine, theirs) = (&mut self.beside, other.beside);
        take(&mut mine.role, theirs.role);
        take(&mut mine.unit, theirs.unit);
        take(&mut mine.login, theirs.login);
        take(&mut mine.record, theirs.record);
        take(&mut mine.note, theirs.note);
        match &mine.phone {
            None => mine.phone = theirs.phone,
            Some(mine) => {
                differs.extend(theirs.phone.filter(|theirs| theirs.number != mine.number).map(|phone| phone.typed))
            }
        }
        self.rest.extend(differs);
        self.rest.extend(other.rest);
    }
}

/// The part of the text that is read, and how many bytes are not. It is cut after a separator where there is one,
/// so that half an address is never taken for a whole one.
fn within_limit(text: &str) -> (&str, usize) {
    if text.len() <= MOST_BYTES {
        return (text, 0);
    }
    let most = text.get(..text.floor_char_boundary(MOST_BYTES)).unwrap_or("");
    let read = match most.rfind(lines::is_line_break).or_else(|| most.rfind([';', ',', '\t', ' '])) {
        Some(at) => most.get(..at).unwrap_or(most),
        None => most,
    };
    (read, text.len() - read.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The addresses and numbers, `name=address` where there is a name; `!typed` for what is flagged, with `→repair`.
    fn read(text: &str) -> Vec<String> {
        let shown = |pasted: &Pasted| {
            let name = pasted.name.as_ref().map(|name| format!("{name}=")).unwrap_or_default();
            match &pasted.kind {
                PastedKind::Email(email) => {
                    let phone = pasted.beside.phone.as_ref().and_then(|phone| phone.number.as_ref().ok());
                    format!("{name}{email}{}", phone.map(Phone::as_str).unwrap_or_default())
                }
                PastedKind::Phone(phone) => format!("{name}{phone}"),
                PastedKind::Broken { repair: Some(repair), .. } => format!("!{name}{}→{repair}", pasted.typed),
                PastedKind::Broken { repair: None, .. } => format!("!{name}{}", pasted.typed),
            }
        };
        read_paste(text).entries.iter().map(shown).collect()
    }

    #[test]
    fn the_eighteen_vectors_of_the_design_pass() {
        let vectors: [(&str, &[&str]); 18] = [
            (
                "Anna Petrova <anna@acme.com>; Ivan Ivanov <ivan@acme.com>",
                &["Anna Petrova=anna@acme.com", "Ivan Ivanov=ivan@acme.com"],
            ),
            (
                "\"Petrova, Anna\" <anna@acme.com>; \"Ivanov, Ivan\" <ivan@acme.com>",
                &["Anna Petrova=anna@acme.com", "Ivan Ivanov=ivan@acme.com"],
            ),
            (
                "Petrova, Anna <anna@acme.com>; Ivanov, Ivan <ivan@acme.com>",
                &["Anna Petrova=anna@acme.com", "Ivan Ivanov=ivan@acme.com"],
            ),
            ("anna@acme.com\nivan@acme.com\nolga@acme", &["anna@acme.com", "ivan@acme.com", "!olga@acme"]),
            (
                "Anna\tanna@acme.com\tDispatcher\nIvan\tivan@acme.com\tEmployee",
                &["Anna=anna@acme.com", "Ivan=ivan@acme.com"],
            ),
            ("anna@acme.com , +375 29 123-45-67", &["anna@acme.com+375291234567"]),
            ("anna@acme.com\u{A0},\u{200B}ivan@acme.com", &["anna@acme.com", "ivan@acme.com"]),
            ("mailto:anna@acme.com", &["anna@acme.com"]),
            ("anna@acme.com.", &["anna@acme.com"]),
            ("\u{430}nna@acme.com", &["!\u{430}nna@acme.com→anna@acme.com"]),
            ("Anna@acme.com, anna@acme.com", &["anna@acme.com"]),
            ("anna@acme,com", &["!anna@acme,com→anna@acme.com"]),
            ("(anna@acme.com), «ivan@acme.com»", &["anna@acme.com", "ivan@acme.com"]),
            ("anna@acme.com/ivan@acme.com", &["anna@acme.com", "ivan@acme.com"]),
            ("anna @ acme.com", &["anna@acme.com"]),
            ("anna@acme_school.by", &["!anna@acme_school.by→anna@acme-school.by"]),
            ("8 (029) 123-45-67", &["!8 (029) 123-45-67→+375291234567"]),
            ("o'brien+crm@acme.co.uk", &["o'brien+crm@acme.co.uk"]),
        ];
        for (number, (text, expected)) in vectors.iter().enumerate() {
            assert_eq!(read(text), *expected, "vector {}", number + 1);
        }
    }

    #[test]
    fn further_pastes_from_life_are_read() {
        let vectors: &[(&str, &[&str])] = &[
            ("", &[]),
            (" \n\t;, --- ", &[]),
            ("anna@acme.com ivan@acme.com", &["anna@acme.com", "ivan@acme.com"]),
            ("Anna Petrova anna@acme.com", &["Anna Petrova=anna@acme.com"]),
            ("anna@acme.com - Anna Petrova", &["Anna Petrova=anna@acme.com"]),
            ("anna@acme.com (Anna Petrova)", &["Anna Petrova=anna@acme.com"]),
            ("Anna <anna@acme.com> Ivan <ivan@acme.com>", &["Anna=anna@acme.com", "Ivan=ivan@acme.com"]),
            ("Anna <anna@acme.com>, ivan@acme.com", &["Anna=anna@acme.com", "ivan@acme.com"]),
            ("'anna@acme.com' <anna@acme.com>", &["anna@acme.com"]),
            ("anna@acme.com<mailto:anna@acme.com>", &["anna@acme.com"]),
            ("<anna@acme.com>;", &["anna@acme.com"]),
            ("\"anna@acme.com\", \"ivan@acme.com\"", &["anna@acme.com", "ivan@acme.com"]),
            ("\"anna@acme.com, ivan@acme.com\"", &["anna@acme.com", "ivan@acme.com"]),
            ("<anna@acme.com, ivan@acme.com>", &["anna@acme.com", "ivan@acme.com"]),
            ("To: anna@acme.com; Cc: ivan@acme.com", &["anna@acme.com", "ivan@acme.com"]),
            ("E-mail: anna@acme.com, тел.: +375 29 1234567", &["anna@acme.com+375291234567"]),
            (
                "1. anna@acme.com\r\n2) Ivan ivan@acme.com\r\n• olga@acme.com",
                &["anna@acme.com", "Ivan=ivan@acme.com", "olga@acme.com"],
            ),
            ("Anna;anna@acme.com;Dispatcher", &["Anna=anna@acme.com"]),
            ("anna@acme.com,Anna Petrova,Dispatcher", &["Anna Petrova=anna@acme.com"]),
            ("1\tPetrova\tAnna\tanna@acme.com\t+375291234567", &["Petrova Anna=anna@acme.com+375291234567"]),
            ("Anna | anna@acme.com | Dispatcher", &["Anna=anna@acme.com"]),
            ("Anna|anna@acme.com|Dispatcher", &["Anna=anna@acme.com"]),
            ("Anna, anna@acme.com, Ivan, ivan@acme.com", &["Anna=anna@acme.com", "Ivan=ivan@acme.com"]),
            ("anna@acme.com, Anna, ivan@acme.com, Ivan", &["Anna=anna@acme.com", "Ivan=ivan@acme.com"]),
            ("anna@acme.com, olga, ivan@acme.com", &["anna@acme.com", "!olga", "ivan@acme.com"]),
            ("anna@acme.com and ivan@acme.com", &["anna@acme.com", "ivan@acme.com"]),
            ("Name\tE-mail\tRole\nAnna\tanna@acme.com\tDispatcher", &["Anna=anna@acme.com"]),
            ("Anna <olga>", &["!Anna=<olga>"]),
            ("Anna +375 29 123-45-67 anna@acme.com", &["Anna=anna@acme.com+375291234567"]),
            ("+375291234567 +375297654321", &["+375291234567", "+375297654321"]),
            ("79051111111 79052222222", &["+79051111111", "+79052222222"]),
            ("9051111111", &["!9051111111"]),
            ("+37529abc4567", &["!+37529abc4567"]),
            ("Anna\tanna@acme.com\t12.12.2024\t12345", &["Anna=anna@acme.com"]),
            ("anna＠acme.com；ivan@acme.com", &["anna@acme.com", "ivan@acme.com"]),
            ("anna@acme.com,ivan@acme.com", &["anna@acme.com", "ivan@acme.com"]),
            ("olga@acme,ivan@acme.com", &["!olga@acme", "ivan@acme.com"]),
            ("anna@acme;com", &["!anna@acme;com→anna@acme.com"]),
            ("anna@ acme.com ivan @acme.com", &["anna@acme.com", "ivan@acme.com"]),
            ("anna@acme .com", &["anna@acme.com"]),
            ("anna@acme. com", &["!anna@acme. com→anna@acme.com"]),
            ("anna@acme.comivan@acme.com", &["!anna@acme.comivan@acme.com"]),
            ("anna@acme.com, ANNA@ACME.COM; аnna@acme.com", &["anna@acme.com", "!аnna@acme.com→anna@acme.com"]),
            ("a/b@acme.com", &["a/b@acme.com"]),
            ("info@почта.рф", &["info@xn--80a1acny.xn--p1ai"]),
            ("\u{202E}anna@acme.com\u{202C}", &["anna@acme.com"]),
            ("=HYPERLINK(\"mailto:anna@acme.com\")", &["anna@acme.com"]),
        ];
        for (text, expected) in vectors {
            assert_eq!(read(text), *expected, "{text:?}");
        }
    }

    /// The name, and all that stands beside it and is not used.
    fn beside(text: &str) -> Vec<String> {
        let shown = |pasted: &Pasted| {
            let name = pasted.name.as_deref().unwrap_or("-");
            [&[name][..], &pasted.leftovers()[..]].concat().join("|")
        };
        read_paste(text).entries.iter().map(shown).collect()
    }

    #[test]
    fn a_number_with_a_name_of_its_own_is_not_of_whoever_stands_before_it() {
        let ivan = "Ivan Petrov=ivan@chain.example";
        for (text, expected) in [
            ("Ivan Petrov <ivan@chain.example>; +375 29 123-45-67 Olga; rubbish", &[ivan, "Olga=+375291234567"][..]),
            ("Ivan Petrov <ivan@chain.example>; Olga Lis +375291234567", &[ivan, "Olga Lis=+375291234567"]),
            // What says which of their numbers it is, or nothing, is theirs.
            ("Ivan Petrov <ivan@chain.example>; +375291234567", &["Ivan Petrov=ivan@chain.example+375291234567"]),
            (
                "Ivan Petrov <ivan@chain.example>; mobile +375291234567",
                &["Ivan Petrov=ivan@chain.example+375291234567"],
            ),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }

    #[test]
    fn a_number_alone_below_a_line_with_name_and_address_is_somebody_elses() {
        for (text, expected) in [
            (
                "Oleg <oleg7@linden.example>\n+375291112299\nVera <vera7@linden.example>",
                &["Oleg=oleg7@linden.example", "+375291112299", "Vera=vera7@linden.example"][..],
            ),
            ("\"Smith, John\" <john@acme.example>\n+375295554433", &["John Smith=john@acme.example", "+375295554433"]),
            ("Oleg Lis oleg@acme.by\n8 029 111-22-99", &["Oleg Lis=oleg@acme.by", "!8 029 111-22-99→+375291112299"]),
            ("Oleg;oleg@acme.by\n+375291112299", &["Oleg=oleg@acme.by", "+375291112299"]),
            ("oleg@acme.by\n+375291112299\nvera@acme.by", &["oleg@acme.by", "+375291112299", "vera@acme.by"]),
            // What a label says, and what stands in the lines of a card, is theirs.
            (
                "Oleg <oleg@acme.by>\nTel: +375291112299\n\nVera <vera@acme.by>",
                &["Oleg=oleg@acme.by+375291112299", "Vera=vera@acme.by"],
            ),
            ("Oleg Lis\noleg@acme.by\n+375291112299", &["Oleg Lis=oleg@acme.by+375291112299"]),
            ("Name: Oleg\nE-mail: oleg@acme.by\nPhone: +375291112299", &["Oleg=oleg@acme.by+375291112299"]),
            ("Kim Lee   +375 29 111-22-33\nkim@acme.by", &["Kim Lee=kim@acme.by+375291112233"]),
        ] {
            assert_eq!(read(text), expected, "{text:?}");
        }
    }

    #[test]
    fn half_an_address_is_asked_about_whatever_the_blank() {
        for blank in [' ', '\u{A0}', '\u{2009}', '\u{3000}', '\u{202F}', '\u{2003}'] {
            for (text, offer) in [
                ("guseva_m@acme.example", "gusevam@acme.example"),
                ("m_guseva@acme.example", "mguseva@acme.example"),
                ("petr_ivanov@acme.example", "petrivanov@acme.example"),
                ("ivan_petrov_@acme.example", "ivanpetrov@acme.example"),
                ("ivan_petrov@_acme.example", "ivanpetrov@acme.example"),
                ("ivan._petrov@acme.example", "ivan.petrov@acme.example"),
            ] {
                let (text, shown) = (text.replace('_', &blank.to_string()), text.replace('_', " "));
                assert_eq!(read(&text), [format!("!{shown}→{offer}")], "{text:?}");
                // In a cell, and beside others.
                let more = format!("{text};Dispatcher\nanna@acme.by;Driver");
                assert_eq!(read(&more), [format!("!{shown}→{offer}"), "anna@acme.by".into()], "{more:?}");
            }
        }
        for (text, expected) in [
            ("<guseva m@acme.by>", "!<guseva m@acme.by>→gusevam@acme.by"),
            ("Anna <anna@depart\u{A0}ment.by>", "!Anna=<anna@depart\u{A0}ment.by>→anna@department.by"),
            ("'quote'@acme.example", "!'quote'@acme.example→quote@acme.example"),
            ("‘quote’@acme.example", "!‘quote’@acme.example→quote@acme.example"),
            ("`quote`@acme.example", "!`quote`@acme.example→quote@acme.example"),
            ("kate14@school.by/", "!kate14@school.by/→kate14@school.by"),
            ("kate14@school.by/team", "!kate14@school.by/team→kate14@school.by"),
            ("kate.o’neil@school.by", "!kate.o’neil@school.by→kate.o'neil@school.by"),
            // No half of anything.
            ("'anna@acme.by'", "anna@acme.by"),
            ("o'brien@acme.by", "o'brien@acme.by"),
            ("ivan ivan.petrov@acme.by", "ivan=ivan.petrov@acme.by"),
            ("petr p.ivanov@acme.by", "petr=p.ivanov@acme.by"),
            ("anna @ acme.com", "anna@acme.com"),
            ("Anna anna @ acme.com", "Anna=anna@acme.com"),
            ("<anna @ acme. com>", "anna@acme.com"),
            ("mail anna@acme.by", "anna@acme.by"),
            ("o anna@acme.by", "o=anna@acme.by"),
        ] {
            assert_eq!(read(text), [expected], "{text:?}");
        }
        for (text, expected) in [
            (
                "ivan(at)school.by, olga [at] school.by",
                ["!ivan(at)school.by→ivan@school.by", "!olga [at] school.by→olga@school.by"],
            ),
            (
                "ivan(at)school.by olga(at)school.by",
                ["!ivan(at)school.by→ivan@school.by", "!olga(at)school.by→olga@school.by"],
            ),
            ("ivan@school.by; olga (собака) school.by", ["ivan@school.by", "!olga (собака) school.by→olga@school.by"]),
            ("kim at acme.com;\nlee at acme.com", ["!kim at acme.com→kim@acme.com", "!lee at acme.com→lee@acme.com"]),
        ] {
            assert_eq!(read(text), expected, "{text:?}");
        }
    }

    #[test]
    fn what_was_wrapped_is_read_as_it_was_before() {
        for (text, expected) in [
            (
                "Natalia Long <natalia.very-long-surname@depart\nment.example>; Ivan Short\n<ivan.short@department.example>;\nOleg\n<oleg@department.example>",
                &[
                    "!Natalia Long=<natalia.very-long-surname@depart ment.example>→natalia.very-long-surname@department.example",
                    "Ivan Short=ivan.short@department.example",
                    "Oleg=oleg@department.example",
                ][..],
            ),
            ("Anna Petrova\n<anna@acme.by>\nIvan\n<ivan@acme.by>", &["Anna Petrova=anna@acme.by", "Ivan=ivan@acme.by"]),
            ("anna=\n.kim@acme.example", &["anna.kim@acme.example"]),
            ("anna.kim@ac=\nme.example", &["anna.kim@acme.example"]),
            ("anna.kim=\n@acme.example", &["anna.kim@acme.example"]),
            ("anna@acme.by;\n<ivan@acme.by>", &["anna@acme.by", "ivan@acme.by"]),
        ] {
            assert_eq!(read(text), expected, "{text:?}");
        }
    }

    #[test]
    fn the_whole_name_is_taken_and_what_is_not_used_is_said() {
        for (text, expected) in [
            ("van der Berg, Jan <jan@acme.by>", "Jan van der Berg"),
            ("von Trapp, Maria Augusta <maria@acme.by>", "Maria Augusta von Trapp"),
            ("Smith-Jones, Mary Ann <mary@acme.by>", "Mary Ann Smith-Jones"),
            ("\"Smith-Jones, Mary Ann\" <mary@acme.by>", "Mary Ann Smith-Jones"),
            ("Berg, Jan <jan@acme.by>", "Jan Berg"),
            ("\"Müller, Jürgen\" <j@acme.by>", "Jürgen Müller"),
            ("Schmidt, Anna-Lena <al@acme.by>", "Anna-Lena Schmidt"),
            ("\"Петрова, Анна Сергеевна\" <al@acme.by>", "Петрова Анна Сергеевна"),
            ("\"King, Martin Jr.\" <al@acme.by>", "King, Martin Jr."),
            ("Петров (старший) Иван ip@acme.by", "Петров Иван|старший"),
            ("Petrov (senior) Ivan <ip@acme.by>", "Petrov Ivan|senior"),
            ("Иван Петров2 ip2@acme.by", "Иван Петров2"),
            ("Имя \"в кавычках\" <x1@acme.by>", "Имя в кавычках"),
            ("Агент <agent@acme.by>", "Агент"),
            ("Employee <employee@acme.by>", "Employee"),
            ("Офис <office@acme.by>", "Офис"),
            ("Anna <anna@acme.by>, Ivan Ivanov", "Anna|Ivan Ivanov"),
            ("n3@acme.example (новый бухгалтер)", "-|новый бухгалтер"),
            ("please add: n4@acme.example", "-|please add"),
            ("Anna <n5@acme.by>\nOlga <n5@acme.by>", "Anna|Olga"),
            ("ann@acme.by, +375291234567 доб. 12", "-|+375291234567|доб. 12"),
            ("name;e-mail\nEmployee;e@acme.by", "Employee"),
        ] {
            assert_eq!(beside(text), [expected], "{text:?}");
        }
    }

    #[test]
    fn chats_signatures_and_replies_are_read() {
        for (text, expected) in [
            ("[12.03.26, 10:11] +44 7400 123456: cathy@acme.by", &["cathy@acme.by+447400123456"][..]),
            ("12.03.2026, 10:11 - +44 7400 123456: cathy@acme.by", &["cathy@acme.by+447400123456"]),
            (
                "Dr. Jane Smith\nTel: +1 (415) 555-2671 | Fax: +1 (415) 555-2672\njane.smith@acme.example",
                &["Dr. Jane Smith=jane.smith@acme.example+14155552671"],
            ),
            (
                "Dr. Jane Smith / Tel: +1 (415) 555-2671 | Fax: +1 (415) 555-2672 / jane.smith@acme.example",
                &["Dr. Jane Smith=jane.smith@acme.example+14155552671"],
            ),
            ("Anna Kim anna@acme.by, факс 8 (017) 123-45-67", &["Anna Kim=anna@acme.by"]),
            ("Name;E-mail;Phone;Fax\nAnna;anna@acme.by;;+375171234567", &["Anna=anna@acme.by"]),
            ("anna@acme.by Tel/Fax: +375171234567", &["anna@acme.by+375171234567"]),
            ("On Mon, 3 Mar 2026 at 10:11, Tom Hale <tom.hale@acme.by> wrote:", &["Tom Hale=tom.hale@acme.by"]),
            ("Am Mo., 3. März 2026 um 10:11 Uhr schrieb Tom Hale <tom.hale@acme.by>:", &["Tom Hale=tom.hale@acme.by"]),
            ("пн, 3 мар. 2026 г. в 10:11, Tom Hale <tom.hale@acme.by>:", &["Tom Hale=tom.hale@acme.by"]),
            ("> On 3 Mar 2026, at 10:11 AM, Hale, Tom <tom.hale@acme.by> wrote:", &["Tom Hale=tom.hale@acme.by"]),
            ("https://wa.me/375291234571", &["+375291234571"]),
            ("Anna wa.me/375291234571", &["Anna=+375291234571"]),
            ("https://api.whatsapp.com/send?phone=%2B375291234571&text=hi", &["+375291234571"]),
            (
                "Sales\nAnn Lee ann@acme.by\nMarketing\nBob Roy bob@acme.by",
                &["Ann Lee=ann@acme.by", "Bob Roy=bob@acme.by"],
            ),
            ("Продажи\nАнна Ли ann@acme.by", &["Анна Ли=ann@acme.by"]),
        ] {
            assert_eq!(read(text), expected, "{text:?}");
        }
        let aside = read_paste("Jane Smith\nFax: +1 (415) 555-2672\njane@acme.by").aside;
        assert_eq!(aside, ["Fax: +1 (415) 555-2672"]);
    }

    /// Rule 7.
    #[test]
    fn what_was_cleaned_and_folded_is_counted() {
        for (text, cleaned, folded) in [
            ("Anna Petrova <anna@acme.com>; ivan@acme.com", 0, 0),
            ("anna@acme.com\u{A0},\u{200B}ivan@acme.com, olga@acme.com", 2, 0),
            ("mailto:anna@acme.com, «ivan@acme.com», olga @ acme.com, +375 29 123-45-67", 3, 0),
            ("Anna@acme.com, anna@acme.com", 0, 1),
            ("79051111111, +7 905 111-11-11", 0, 1),
            ("olga@acme, OLGA@acme", 0, 1),
        ] {
            let paste = read_paste(text);
            assert_eq!((paste.cleaned, paste.folded), (cleaned, folded), "{text:?}");
        }
    }

    #[test]
    fn a_second_entry_gives_its_name_to_the_first() {
        assert_eq!(read("anna@acme.com; Anna <anna@acme.com>"), ["Anna=anna@acme.com"]);
    }

    #[test]
    fn other_columns_are_kept_beside_the_entry() {
        let paste = read_paste("7\tAnna\tanna@acme.com\tDispatcher");
        assert_eq!(paste.entries[0].rest, ["7"]);
        assert_eq!(paste.entries[0].beside.role.as_deref(), Some("Dispatcher"));
    }

    #[test]
    fn every_fault_is_named() {
        let problem = |text: &str| match read_paste(text).entries.remove(0).kind {
            PastedKind::Broken { problem, .. } => problem,
            other => panic!("{other:?}"),
        };
        assert_eq!(problem("olga@acme"), PasteProblem::Email(EmailProblem::NoDotInDomain));
        assert_eq!(problem("anna@acme,com"), PasteProblem::Email(EmailProblem::ForbiddenCharacter(',')));
        assert_eq!(problem("olga"), PasteProblem::Email(EmailProblem::NoAt));
        let digits = "9051111111".to_owned();
        assert_eq!(problem("905 111-11-11"), PasteProblem::Phone(PhoneProblem::CountryCodeMissing { digits }));
        assert_eq!(problem(&"1".repeat(40)), PasteProblem::Phone(PhoneProblem::TooLong));
    }

    #[test]
    fn too_much_is_reported_and_never_cut_in_the_middle() {
        let many: String = (0..10_200).map(|number| format!("user{number}@acme.com\n")).collect();
        let paste = read_paste(&many);
        assert_eq!((paste.entries.len(), paste.left_out, paste.unread_bytes), (10_000, 200, 0));
        let long = format!("{}anna@acme.com\nivan@acme.com", " ".repeat(MOST_BYTES - 10));
        let paste = read_paste(&long);
        assert_eq!(paste.entries, []);
        assert_eq!(paste.unread_bytes, "anna@acme.com\nivan@acme.com".len() + 1);
        assert_eq!(read_paste(&"я".repeat(MOST_BYTES)).unread_bytes, MOST_BYTES);
    }

    /// W-14: a list in one line is read whole, wherever it is divided.
    #[test]
    fn a_list_in_one_line_is_read_whole() {
        for separator in [", ", ";", "; ", ",", " "] {
            let all: Vec<String> = (0..9_000).map(|number| format!("user{number}@acme.com")).collect();
            let paste = read_paste(&all.join(separator));
            let read: Vec<&str> = paste.entries.iter().map(|pasted| pasted.typed.as_str()).collect();
            assert!(read == all, "{separator:?}: {} of {}", read.len(), all.len());
        }
    }

    #[test]
    fn no_text_makes_reading_slow() {
        let started = std::time::Instant::now();
        for unit in [
            "\"", "<", "(", "«a", "a@", "@", "a@b,c", "a@b,", "/a@", "1 ", "+1 ", "(1", "a@b .c", ". ", "a@b. it ",
            "\u{200B}",
        ] {
            // Parts of this size are read one after the other.
            read_paste(&unit.repeat(lines::MOST_BYTES_OF_LINE / unit.len()));
        }
        assert!(started.elapsed().as_secs() < 90, "{:?}", started.elapsed());
    }

    proptest! {
        #[test]
        fn any_text_is_read(text in any::<String>()) {
            let paste = read_paste(&text);
            prop_assert_eq!(text.contains('@') && paste.entries.is_empty(), false);
        }

        #[test]
        fn no_address_is_lost(
            text in "([a-c]{1,3}@[a-c]{1,2}\\.(by|c)|[a-d@.+'-]{1,4}|[,;/|<>()\"« »\n\t ]|, |Anna|mailto:|\\+7 9){0,14}"
        ) {
            let paste = read_paste(&text);
            for token in text.split(|c: char| !c.is_ascii_lowercase() && c != '@' && c != '.') {
                let token = token.trim_matches('.');
                let is_kept = |pasted: &Pasted| {
                    pasted.typed.contains(token) || pasted.leftovers().iter().any(|text| text.contains(token))
                };
                let is_aside = paste.aside.iter().any(|line| line.contains(token));
                prop_assert!(!token.contains('@') || is_aside || paste.entries.iter().any(is_kept), "{} in {:?}", token, paste);
            }
        }

        #[test]
        fn no_word_is_lost(text in "([a-d]{1,3}@ab\\.by|[e-h]{2,5}|[12]{1,4}|[,;\n\t ]|<|>|\"){0,12}") {
            let paste = read_paste(&text);
            for word in text.split(|c: char| !c.is_alphanumeric() && !"@.".contains(c)) {
                let is_kept = |pasted: &Pasted| {
                    pasted.typed.contains(word)
                        || pasted.name.as_ref().is_some_and(|name| name.contains(word))
                        || pasted.rest.iter().chain(&pasted.beside.note).chain(&pasted.beside.unit).any(|rest| rest.contains(word))
                };
                let is_aside = paste.aside.iter().any(|line| line.contains(word));
                let is_word = word.chars().any(char::is_alphabetic);
                prop_assert!(!is_word || is_aside || paste.entries.iter().any(is_kept), "{} in {:?}", word, paste);
            }
        }
    }
}
