//! Several people in one row of a table: the parents of a child, a deputy, those whom numbers tell apart. Which columns are whose is
//! said by the heads. It must not read a row that is one person's.

use super::{
    heads::{PasteColumn, column_of, speaks_of},
    person::PersonDraft,
    relations::ParentColumns,
};

/// One of the parents in a row; nothing where nothing stands in the row of them.
pub fn draft_of_parent(text: &str, row: &[&str], parent: &ParentColumns) -> Option<PersonDraft> {
    let is_of_another = |at: usize| parent.are_of_another.get(at).copied().unwrap_or_default();
    let own = |(at, cell): (usize, &&'_ str)| if is_of_another(at) { String::new() } else { (*cell).to_owned() };
    let cells: Vec<String> = row.iter().enumerate().map(own).collect();
    let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
    let draft = PersonDraft::of_cells(text, &cells, &parent.columns);
    (draft.has_contact() || draft.has_name()).then_some(draft)
}

/// Two tables beside one another, or two people in a row: the same heads come again, or the same address under another name.
pub fn side_by_side(columns: &[Option<PasteColumn>], found: &[&str]) -> Vec<ParentColumns> {
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
pub fn numbered(found: &[&str]) -> Vec<ParentColumns> {
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
