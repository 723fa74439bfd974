//! Several names in one cell: `Sales, North branch`. A name may have a comma in it, too, so what is known decides where one ends.

/// With what programs and people separate names in a cell.
const BETWEEN: [char; 3] = [',', ';', '\n'];

/// How many names of one cell are told apart.
const MOST_NAMES: usize = 40;

/// The names in a cell, each of them known and once; nothing where something in it is not. The longest name that is known counts.
pub fn names_in(cell: &str, is_known: impl Fn(&str) -> bool) -> Option<Vec<&str>> {
    let cell = cell.trim();
    let ends: Vec<usize> = cell.match_indices(BETWEEN).map(|(at, _)| at).chain([cell.len()]).collect();
    if cell.is_empty() || ends.len() > MOST_NAMES {
        return None;
    }
    let (mut names, mut from) = (Vec::new(), 0);
    while from < cell.len() {
        let ahead = ends.iter().rev().filter(|end| **end >= from);
        let name = |end: &usize| cell.get(from..*end).map(|name| (name.trim(), *end));
        let (name, end) = ahead.filter_map(name).find(|(name, _)| name.is_empty() || is_known(name))?;
        if !name.is_empty() && !names.contains(&name) {
            names.push(name);
        }
        from = end + 1;
    }
    Some(names).filter(|names| !names.is_empty())
}

/// The first of the names in a cell that is not known, where another one is: it alone is asked about.
pub fn unknown_in(cell: &str, is_known: impl Fn(&str) -> bool) -> &str {
    let names = || cell.split(BETWEEN).map(str::trim).filter(|name| !name.is_empty());
    match names().find(|name| !is_known(name)) {
        Some(unknown) if names().any(&is_known) => unknown,
        _ => cell.trim(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn is_known(name: &str) -> bool {
        ["Sales", "North branch", "Sales, EMEA", "R&D", "Отдел продаж"].contains(&name)
    }

    #[test]
    fn a_cell_may_name_several_and_a_name_may_have_a_comma() {
        for (cell, names) in [
            ("Sales", Some(vec!["Sales"])),
            ("Sales, North branch", Some(vec!["Sales", "North branch"])),
            ("Sales;North branch;", Some(vec!["Sales", "North branch"])),
            ("North branch\nОтдел продаж", Some(vec!["North branch", "Отдел продаж"])),
            ("Sales, EMEA", Some(vec!["Sales, EMEA"])),
            ("R&D, Sales, EMEA, Sales", Some(vec!["R&D", "Sales, EMEA", "Sales"])),
            ("Sales, Sales", Some(vec!["Sales"])),
            ("Sales, Moon", None),
            (" , ;", None),
            ("", None),
        ] {
            assert_eq!(names_in(cell, is_known), names, "{cell}");
        }
    }

    #[test]
    fn what_is_not_known_is_asked_about_alone() {
        assert_eq!(unknown_in("Sales, Moon", is_known), "Moon");
        assert_eq!(unknown_in("Moon, Sales", is_known), "Moon");
        assert_eq!(unknown_in(" Moon, Mars ", is_known), "Moon, Mars");
        assert_eq!(unknown_in("Sales, EMEA, Moon", is_known), "EMEA");
    }

    proptest! {
        #[test]
        fn any_cell_is_read(cell in "[SM,; \n]{0,60}|.{0,40}") {
            let names = names_in(&cell, |name| name.contains('S'));
            prop_assert!(names.is_none_or(|names| names.iter().all(|name| cell.contains(name) && name.contains('S'))));
            prop_assert!(cell.contains(unknown_in(&cell, is_known)));
        }
    }
}
