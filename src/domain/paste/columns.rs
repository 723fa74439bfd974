//! The columns of a file: which of them says what, by its head or by what stands in it, and the person in a row once that is known.
//! The same reader as a paste has; here somebody may say otherwise, column by column.

use super::contacts::{find_contacts, has_at, may_hold_contact};
use super::heads::{PasteColumn, column_of, heads, speaks_of};
use super::lexicon::{TextKind, kind_of};
use super::person::PersonDraft;
use super::relations::parents_in;
use super::table::vote;
use super::{Pasted, PastedKind};
use crate::domain::contact::is_cyrillic;

/// Above which row the heads are looked for: a title, a date, an empty line may stand before them.
const ROWS_ABOVE: usize = 10;

/// How many rows are looked at to find out what stands in their columns.
const ROWS_ASKED: usize = 200;

/// What was found out of the columns of some rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SheetColumns {
    /// Which row has the heads.
    pub head: Option<usize>,
    /// What each column holds; nothing where nobody knows.
    pub columns: Vec<Option<PasteColumn>>,
}

/// What the columns hold: by their heads, and where there are none, or one says nothing, by what stands in them.
pub fn columns_of(rows: &[Vec<String>]) -> SheetColumns {
    columns_with(rows, None)
}

/// The same, where somebody says whether the first line has the heads.
pub fn columns_with(rows: &[Vec<String>], has_heads: Option<bool>) -> SheetColumns {
    let cells = |row: &Vec<String>| -> Vec<String> { row.iter().map(|cell| cell.trim().to_owned()).collect() };
    let rows: Vec<Vec<String>> = rows.iter().take(ROWS_ASKED + ROWS_ABOVE).map(cells).collect();
    let of_head = |row: &Vec<String>| {
        let row: Vec<&str> = row.iter().map(String::as_str).collect();
        parents_in(&row).into_iter().next().map(|parent| parent.columns).or_else(|| heads(&row))
    };
    // A title may be a head's word, too: the row that knows most of its cells has the heads, and of several the first.
    let known = |row: &Vec<String>| of_head(row).map_or(0, |columns| columns.iter().flatten().count());
    let most = rows.iter().take(ROWS_ABOVE).map(known).max().unwrap_or_default();
    let head = rows.iter().take(ROWS_ABOVE).position(|row| most > 0 && known(row) == most);
    let first = || rows.iter().position(|row| row.iter().any(|cell| !cell.is_empty()));
    let head = match has_heads {
        None => head.or_else(|| head_above(&rows)),
        Some(true) => head.or_else(|| head_above(&rows)).or_else(first),
        Some(false) => None,
    };
    let each = |row: &Vec<String>| row.iter().map(|cell| column_of(cell)).collect();
    let mut columns: Vec<Option<PasteColumn>> =
        head.and_then(|at| rows.get(at)).map(|row| of_head(row).unwrap_or_else(|| each(row))).unwrap_or_default();
    let below = rows.get(head.map_or(0, |at| at + 1)..).unwrap_or_default();
    let width = rows.iter().map(Vec::len).max().unwrap_or_default();
    columns.resize(width, None);
    for wanted in [PasteColumn::Email, PasteColumn::Phone] {
        if !columns.contains(&Some(wanted))
            && let Some(at) = (0..width).find(|at| columns.get(*at) == Some(&None) && holds(below, *at, wanted))
            && let Some(column) = columns.get_mut(at)
        {
            *column = Some(wanted);
        }
    }
    // A head that nobody knows says that nothing else of it is known.
    if head.is_none() {
        let found = vote(below);
        for (column, found) in columns.iter_mut().zip(found) {
            *column = column.or(found);
        }
        name_parts(&mut columns, below);
    }
    SheetColumns { head, columns }
}

/// Parts of a name side by side are told apart, so that the whole of it is read as it is written: in Cyrillic letters the surname stands
/// first, in others last.
fn name_parts(columns: &mut [Option<PasteColumn>], rows: &[Vec<String>]) {
    let names: Vec<usize> =
        (0..columns.len()).filter(|at| columns.get(*at) == Some(&Some(PasteColumn::Name))).collect();
    let (Some(first), 2..) = (names.first(), names.len()) else { return };
    let is_cyrillic = rows.iter().filter_map(|row| row.get(*first)).any(|cell| cell.chars().any(is_cyrillic));
    let parts = match is_cyrillic {
        true => [PasteColumn::LastName, PasteColumn::FirstName, PasteColumn::Patronymic],
        false => [PasteColumn::FirstName, PasteColumn::LastName, PasteColumn::Patronymic],
    };
    for (at, part) in names.into_iter().zip(parts) {
        if let Some(column) = columns.get_mut(at) {
            *column = Some(part);
        }
    }
}

/// The line of heads of which few are known: it has no address and no number itself, and speaks of some that stand below it.
fn head_above(rows: &[Vec<String>]) -> Option<usize> {
    rows.iter().take(ROWS_ABOVE).enumerate().position(|(at, row)| {
        let below = rows.get(at + 1..).unwrap_or_default();
        let is_above = |(column, cell): (usize, &String)| speaks_of(cell).is_some_and(|of| holds(below, column, of));
        !row.iter().any(|cell| may_hold_contact(cell)) && row.iter().enumerate().any(is_above)
    })
}

/// Whether most of what stands in a column is an address, or a number.
fn holds(rows: &[Vec<String>], at: usize, wanted: PasteColumn) -> bool {
    let filled: Vec<&str> =
        rows.iter().filter_map(|row| row.get(at)).map(String::as_str).filter(|cell| !cell.is_empty()).collect();
    let is = |cell: &&&str| match wanted {
        PasteColumn::Email => has_at(cell),
        _ => !has_at(cell) && find_contacts(cell).iter().any(|contact| contact.is_phone()),
    };
    let found = filled.iter().filter(is).count();
    found > 0 && found * 2 >= filled.len()
}

/// Who stands in a row: one entry for each address in it. Cells whose columns hold nothing are not read.
pub fn read_cells(cells: &[String], columns: &[Option<PasteColumn>]) -> Vec<Pasted> {
    let text = |(at, cell): (usize, &String)| match columns.get(at).copied().flatten() {
        Some(column) if is_read(column) => unescaped(cell).to_owned(),
        _ => String::new(),
    };
    let read: Vec<String> = cells.iter().enumerate().map(text).collect();
    let read: Vec<&str> = read.iter().map(String::as_str).collect();
    PersonDraft::of_cells(&read.join("\t"), &read, columns)
        .finish()
        .into_iter()
        .map(|entry| entry.pasted)
        .filter(|pasted| !pasted.typed.trim().is_empty() || !matches!(pasted.kind, PastedKind::Broken { .. }))
        .collect()
}

/// Whether a row is about nobody: a total, a heading, a greeting, without an address or a number.
pub fn is_about_nobody(cells: &[String]) -> bool {
    let first = cells.iter().find(|cell| cell.contains(char::is_alphanumeric));
    first.is_some_and(|cell| kind_of(cell) == TextKind::Aside)
        && !cells.iter().any(|cell| !find_contacts(cell).is_empty())
}

/// Whether a column says something of its person that is used.
fn is_read(column: PasteColumn) -> bool {
    !matches!(column, PasteColumn::Place | PasteColumn::Other)
}

/// A cell without the mark by which a spreadsheet takes it for a text: what we hand out carries it, too.
fn unescaped(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest)
            if rest
                .starts_with(['=', '+', '-', '@', '\t', '\r', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}', ' ']) =>
        {
            rest
        }
        _ => cell,
    }
}

impl PasteColumn {
    /// What somebody may say that a column holds.
    pub const CHOICES: [Self; 8] = [
        Self::Name,
        Self::LastName,
        Self::FirstName,
        Self::Patronymic,
        Self::Email,
        Self::Phone,
        Self::Role,
        Self::Unit,
    ];

    /// How a form writes it.
    pub fn code(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::FirstName => "first_name",
            Self::LastName => "last_name",
            Self::Patronymic => "patronymic",
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Role => "role",
            Self::Unit => "unit",
            Self::Login => "login",
            Self::Record => "record",
            Self::Note => "note",
            Self::Place => "place",
            Self::Other => "other",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::CHOICES.into_iter().find(|column| column.code() == code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use PasteColumn::{Email, FirstName, LastName, Name, Note, Patronymic, Phone, Role, Unit};

    fn rows(text: &str) -> Vec<Vec<String>> {
        text.lines().map(|line| line.split(';').map(String::from).collect()).collect()
    }

    #[test]
    fn heads_of_which_few_are_known_are_heads_nevertheless() {
        for (text, expected) in [
            (
                "First Name;Last Name;Organization Name;Labels;E-mail 1 - Label;E-mail 1 - Value;Phone 1 - Value\n\
                 Anna;Kim;Acme;;* Work;anna@x.by;+375291234567",
                vec![Some(FirstName), Some(LastName), None, None, None, Some(Email), Some(Phone)],
            ),
            (
                "Класс;ФИО ученика;ФИО родителя;E-mail родителя;Телефон родителя\n5А;Юн Тимур;Юн Ольга;olga@x.by;+375291234567",
                vec![Some(Unit), Some(Note), Some(Name), Some(Email), Some(Phone)],
            ),
            (
                "Class;Pupil;Parent name;Parent e-mail\n5A;Tim Yun;Olga Yun;olga@x.by",
                vec![Some(Unit), Some(Note), Some(Name), Some(Email)],
            ),
            ("Name;Mother email;Father email\nTim;o@x.by;p@x.by", vec![Some(Name), Some(Email), None]),
            ("Whom to ask;Their mobile, if any\nTim;+375291234567", vec![None, Some(Phone)]),
        ] {
            assert_eq!(columns_of(&rows(text)), SheetColumns { head: Some(0), columns: expected }, "{text}");
        }
        // Somebody without an address is no head.
        for text in
            ["Anna Kim;no mail\nBob Ray;bob@x.by", "Анна, учитель;\nBob;bob@x.by", "Anna;mail them\nBob;+375291234567"]
        {
            assert_eq!(columns_of(&rows(text)).head, None, "{text}");
        }
    }

    #[test]
    fn whoever_does_the_work_is_named_and_what_stands_behind_a_role_says_where() {
        for (text, head, expected) in [
            ("Branch;Manager;Contacts\nEast;Anna Kim;anna@x.by", Some(0), vec![Some(Unit), Some(Name), Some(Email)]),
            ("Name;Manager;Email\nAnna Kim;Bob Ray;anna@x.by", Some(0), vec![Some(Name), Some(Note), Some(Email)]),
            ("Email;Admin\nanna@x.by;yes", Some(0), vec![Some(Email), None]),
            ("anna@x.by;Teacher;Harbour\nbob@x.by;Driver;Old town", None, vec![Some(Email), Some(Role), Some(Unit)]),
            ("anna@x.by;Teacher;Anna\nbob@x.by;Driver;Bob", None, vec![Some(Email), Some(Role), Some(Name)]),
        ] {
            let found = columns_of(&rows(text));
            assert_eq!((found.head, found.columns), (head, expected), "{text}");
        }
    }

    #[test]
    fn columns_are_known_by_their_heads_in_three_languages() {
        for (text, expected) in [
            ("Name;Email;Phone\nA B;a@x.by;1", vec![Some(Name), Some(Email), Some(Phone)]),
            (
                "Фамилия;Имя;Отчество;Эл. почта;Должность;Отдел\nX;Y;Z;a@x.by;Учитель;Север",
                vec![Some(LastName), Some(FirstName), Some(Patronymic), Some(Email), Some(Role), Some(Unit)],
            ),
            (
                "Vorname;Nachname;E-Mail;Handy\nA;B;a@x.de;1",
                vec![Some(FirstName), Some(LastName), Some(Email), Some(Phone)],
            ),
        ] {
            assert_eq!(columns_of(&rows(text)), SheetColumns { head: Some(0), columns: expected }, "{text}");
        }
    }

    #[test]
    fn a_title_may_stand_above_the_heads_and_without_heads_the_contents_decide() {
        let titled = columns_of(&rows("Список сотрудников на 1 сентября\n;;\nФИО;Почта\nА Б;a@x.by"));
        assert_eq!((titled.head, titled.columns.get(1)), (Some(2), Some(&Some(Email))));
        let bare = columns_of(&rows("Anna Petrova;anna@x.by;+375291234567\nIvan Ivanov;ivan@x.by;+375291234568"));
        assert_eq!(bare, SheetColumns { head: None, columns: vec![Some(Name), Some(Email), Some(Phone)] });
        let parts = columns_of(&rows("Rossi;Paolo;paolo@x.by\nGallo;Chiara;chiara@x.by"));
        assert_eq!(parts.columns, [Some(FirstName), Some(LastName), Some(Email)]);
        let parts = columns_of(&rows("Ким;Анна;a@x.by\nЛис;Вера;v@x.by"));
        assert_eq!(parts.columns, [Some(LastName), Some(FirstName), Some(Email)]);
    }

    #[test]
    fn a_row_is_read_by_what_somebody_said_of_its_columns() {
        let cells: Vec<String> =
            ["Петрова", "Анна", "anna@x.by", "'+375291234567", "olga@x.by"].map(String::from).into();
        let columns = [Some(LastName), Some(FirstName), Some(Email), Some(Phone), None];
        let read = read_cells(&cells, &columns);
        assert_eq!(read.len(), 1, "{read:?}");
        assert_eq!(read[0].typed, "anna@x.by");
        assert_eq!(read[0].name.as_deref(), Some("Петрова Анна"));
        let phone = read[0].beside.phone.as_ref().and_then(|phone| phone.number.as_ref().ok());
        assert_eq!(phone.map(|phone| phone.as_str().to_string()).as_deref(), Some("+375291234567"));
    }
}
