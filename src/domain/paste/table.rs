//! Rows of a table: how a line falls into cells, and what the columns of a table without heads hold.
//! It must not make people of them.

use std::collections::BTreeSet;

use super::{
    contacts::{find_contacts, has_at, may_hold_contact},
    heads::PasteColumn,
    lexicon::{TextKind, is_prose_word, is_role_word, kind_of},
    made_of::is_made_of,
    many::in_order,
    names::is_name_of,
};

/// Two spaces or more between columns, as copied from a document.
pub const GAP: char = ' ';

/// What stands between the cells of a line; nothing where it has one cell.
pub fn delimiter_of(line: &str) -> Option<char> {
    let line = line.trim_matches([' ', ',', ';']);
    if line.contains("  ") && !line.contains(['\t', '|', ';']) && has_names_with_commas(line) {
        return Some(GAP);
    }
    ['\t', '|', ';', ',']
        .into_iter()
        .find(|delimiter| line.contains(*delimiter))
        .or_else(|| line.trim().contains("  ").then_some(GAP))
}

/// Whether every comma of a line stands within the name of a cell: `Böttcher, Anke      0361 550121`.
fn has_names_with_commas(line: &str) -> bool {
    let mut parts = line.split("  ").map(str::trim).filter(|part| part.contains(',')).peekable();
    parts.peek().is_some()
        && parts.all(|part| in_order(part).replace(',', "") == in_order(part) && !part.ends_with(','))
}

/// The cells of a line. A cell in quotes may hold the delimiter, and quotes doubled.
pub fn cells(line: &str, delimiter: char) -> Vec<String> {
    if delimiter == GAP {
        return line.split("  ").map(str::trim).filter(|cell| !cell.is_empty()).map(str::to_owned).collect();
    }
    let line = if delimiter == '|' { line.trim().trim_start_matches('|').trim_end_matches('|') } else { line };
    let mut out = Vec::new();
    let mut rest = line;
    loop {
        let bare = rest.trim_start_matches(' ');
        if let Some(inside) = bare.strip_prefix('"').or_else(|| bare.strip_prefix("=\""))
            && let Some((cell, behind)) = quoted(inside, delimiter)
        {
            out.push(cell);
            match behind {
                Some(behind) => rest = behind,
                None => return out,
            }
        } else if let Some((cell, behind)) = split_outside(rest, delimiter) {
            out.push(cell.trim().to_owned());
            rest = behind;
        } else {
            out.push(rest.trim().to_owned());
            return out;
        }
    }
}

/// Divides at the next delimiter; a comma or semicolon in brackets is none.
fn split_outside(line: &str, delimiter: char) -> Option<(&str, &str)> {
    let (cell, behind) = line.split_once(delimiter)?;
    if !matches!(delimiter, ',' | ';') || !cell.contains('(') || cell.contains(')') {
        return Some((cell, behind));
    }
    // No remark is longer.
    let limit = behind.floor_char_boundary(200.min(behind.len()));
    let close = behind.get(..limit)?.find(')').map(|at| cell.len() + delimiter.len_utf8() + at);
    let Some(close) = close else { return Some((cell, behind)) };
    let rest = line.get(close..)?;
    let at = close + rest.find(delimiter)?;
    Some((line.get(..at)?, line.get(at + delimiter.len_utf8()..)?))
}

/// The cell up to its closing quote, and what stands behind the delimiter after it.
fn quoted(inside: &str, delimiter: char) -> Option<(String, Option<&str>)> {
    let mut from = 0;
    // Longer cells are no names or addresses; and no line is looked through again and again.
    while let Some(at) = inside.get(from..)?.find('"').map(|at| at + from).filter(|at| *at < 2_000) {
        let behind = inside.get(at + 1..)?;
        if behind.starts_with('"') {
            from = at + 2;
            continue;
        }
        let after = behind.trim_start_matches(' ');
        let cell = || inside.get(..at).unwrap_or_default().replace("\"\"", "\"").trim().to_owned();
        if after.is_empty() {
            return Some((cell(), None));
        }
        return after.strip_prefix(delimiter).map(|rest| (cell(), Some(rest)));
    }
    None
}

/// What is in a column.
#[derive(Default)]
struct Contents<'a> {
    texts: Vec<&'a str>,
    whole_names: usize,
    single_names: usize,
    roles: usize,
    units: usize,
    contacts: usize,
    damaged: usize,
    role_words: usize,
}

impl Contents<'_> {
    fn distinct(&self) -> usize {
        self.texts.iter().collect::<BTreeSet<_>>().len()
    }
}

/// Whether a column behind that of the roles says where people are, not who: short texts in title case of which no address is
/// made.
fn says_where(rows: &[Vec<String>], columns: &[Contents<'_>], role: usize, at: usize) -> bool {
    let Some(column) = columns.get(at).filter(|_| at > role) else { return false };
    let is_short = |text: &&str| {
        text.split_whitespace().count() <= 3 && text.starts_with(char::is_uppercase) && !is_prose_word(text)
    };
    let is_name = |row: &Vec<String>| {
        let cell = row.get(at).map(String::as_str).unwrap_or_default();
        row.iter().any(|other| has_at(other) && is_made_of(other, cell))
    };
    // Without an address to compare, it may be who where nothing else is.
    let is_named = |(other, column): (usize, &Contents<'_>)| {
        ![role, at].contains(&other) && column.whole_names + column.single_names > 0
    };
    let is_known = rows.iter().flatten().any(|cell| has_at(cell)) || columns.iter().enumerate().any(is_named);
    let are_names = column.whole_names * 2 > column.texts.len() || column.whole_names == column.texts.len();
    is_known && !are_names && column.texts.iter().all(is_short) && !rows.iter().any(is_name)
}

/// What the columns of some rows hold, by what stands in most of their cells.
pub fn vote(rows: &[Vec<String>]) -> Vec<Option<PasteColumn>> {
    let width = rows.iter().map(Vec::len).max().unwrap_or(0);
    let mut columns: Vec<Contents> = (0..width).map(|_| Contents::default()).collect();
    for row in rows {
        for (cell, column) in row.iter().zip(columns.iter_mut()) {
            if may_hold_contact(cell) && (has_at(cell) || !find_contacts(cell).is_empty()) {
                column.contacts += 1;
                continue;
            }
            // `Tom Barber` beside `tom.barber@…`
            let is_theirs = || row.iter().any(|other| has_at(other) && is_name_of(other, cell));
            match kind_of(cell) {
                TextKind::Role | TextKind::Unit if is_theirs() => column.whole_names += 1,
                TextKind::Nothing => {
                    column.damaged += usize::from(cell.starts_with("##"));
                    continue;
                }
                TextKind::Name(1) => column.single_names += 1,
                TextKind::Name(_) => column.whole_names += 1,
                TextKind::Role => column.roles += 1,
                TextKind::Unit => column.units += 1,
                _ => {}
            }
            column.role_words += usize::from(cell.split_whitespace().any(is_role_word));
            column.texts.push(cell);
        }
    }
    let mut found: Vec<Option<PasteColumn>> = vec![None; width];
    for (column, found) in columns.iter().zip(&mut found) {
        if column.contacts > 0 && column.texts.is_empty() && column.damaged > 0 {
            *found = Some(PasteColumn::Phone);
        }
    }
    let is_text =
        |at: usize| columns.get(at).is_some_and(|column| !column.texts.is_empty() && column.contacts * 2 <= rows.len());
    let most = |count: &dyn Fn(&Contents) -> usize, share: usize| {
        let all = (0..width).filter(|at| is_text(*at));
        all.filter(|at| {
            columns.get(*at).is_some_and(|column| count(column) > 0 && count(column) * share >= column.texts.len())
        })
        .max_by_key(|at| (columns.get(*at).map(count), usize::MAX - at))
    };
    let role = most(&|column| column.roles, 3);
    let set = |found: &mut Vec<Option<PasteColumn>>, at: usize, column| {
        if let Some(place) = found.get_mut(at) {
            *place = Some(column);
        }
    };
    if let Some(role) = role {
        set(&mut found, role, PasteColumn::Role);
    }
    let says_where = |at: usize| role.is_some_and(|role| is_text(at) && says_where(rows, &columns, role, at));
    let whole = (0..width).find(|at| {
        Some(*at) != role
            && is_text(*at)
            && !says_where(*at)
            && columns
                .get(*at)
                .is_some_and(|column| column.whole_names * 2 >= column.texts.len() && column.whole_names > 0)
    });
    let is_single = |at: usize| {
        Some(at) != role
            && is_text(at)
            && !says_where(at)
            && columns.get(at).is_some_and(|column| {
                let repeats = column.texts.len() >= 3 && column.distinct() * 2 <= column.texts.len();
                column.single_names * 2 >= column.texts.len() && column.single_names > 0 && !repeats
            })
    };
    match whole {
        Some(whole) => set(&mut found, whole, PasteColumn::Name),
        None => {
            if let Some(first) = (0..width).find(|at| is_single(*at)) {
                for at in (first..width).take_while(|at| is_single(*at)).take(3) {
                    set(&mut found, at, PasteColumn::Name);
                }
            }
        }
    }
    for at in 0..width {
        let Some(column) = columns.get(at).filter(|_| found.get(at).is_some_and(Option::is_none) && is_text(at)) else {
            continue;
        };
        let repeats = column.texts.len() >= 2 && column.distinct() < column.texts.len();
        let short = column
            .texts
            .iter()
            .all(|text| text.split_whitespace().count() <= 3 && text.chars().any(char::is_alphabetic));
        let has_unit = found.contains(&Some(PasteColumn::Unit));
        let is_unit = column.units * 2 >= column.texts.len().max(1) || (repeats && short) || says_where(at);
        if !has_unit && is_unit {
            set(&mut found, at, PasteColumn::Unit);
        }
    }
    found
}
