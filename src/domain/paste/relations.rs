//! Lists of children with whoever answers for them: the address is a parent's, and so is the name that goes with it. Which columns of
//! a table are whose is said by their heads; nothing is looked at below them.

use super::heads::{PasteColumn, column_of, speaks_of};

/// The words by which parents are called, in small letters, and which of them they mean.
const RELATIONS: [(&str, &str); 4] = [
    ("mother", "mother mothers mum mums mom moms mutter mama мать матери мама мамы маці"),
    ("father", "father fathers dad dads vater papa отец отца папа папы бацька"),
    (
        "parent",
        "parent parents guardian guardians carer carers eltern elternteil erziehungsberechtigte erziehungsberechtigter \
         erziehungsberechtigten родитель родителя родители родителей опекун опекуна бацькі",
    ),
    ("representative", "representative представитель представителя"),
];

/// Whose parent a head or a label means, so that those of one person can be told from those of another: `Parent 2 e-mail`.
pub fn relation_of(head: &str) -> Option<(&'static str, char)> {
    if head.len() > 80 {
        return None;
    }
    let small = head.to_lowercase();
    let mut words = small.split(|letter: char| !letter.is_alphabetic()).filter(|word| !word.is_empty());
    let of_word =
        |word: &str| RELATIONS.iter().find(|(_, words)| words.split_ascii_whitespace().any(|one| one == word));
    let (relation, _) = words.find_map(of_word)?;
    Some((relation, small.chars().find(char::is_ascii_digit).unwrap_or('1')))
}

/// What a head speaks of, whatever number it has: `E-Mail 1`.
fn reached_by(head: &str) -> Option<PasteColumn> {
    let bare: String = head.chars().filter(|letter| !letter.is_ascii_digit()).collect();
    speaks_of(head).or_else(|| column_of(&bare))
}

/// Whose each column is. An address without a word for it is the parent's with the same number, else of several the one's before it.
fn whose(cells: &[&str], plain: &[Option<PasteColumn>]) -> Vec<Option<(&'static str, char)>> {
    let mut relations: Vec<_> = cells.iter().map(|cell| relation_of(cell)).collect();
    let known: Vec<(&'static str, char)> = relations.iter().flatten().copied().collect();
    let is_way = |at: usize| matches!(plain.get(at), Some(Some(PasteColumn::Email | PasteColumn::Phone)));
    let own = |at: &usize| is_way(*at) && relations.get(*at) == Some(&None);
    let open: Vec<usize> = (0..cells.len()).filter(own).collect();
    let emails = open.iter().filter(|at| plain.get(**at) == Some(&Some(PasteColumn::Email))).count();
    for at in open {
        let number = cells.get(at).and_then(|cell| cell.chars().find(char::is_ascii_digit));
        let of_number = number.and_then(|number| known.iter().find(|(_, of)| *of == number).copied());
        let before = || relations.iter().take(at).rev().flatten().next().copied();
        let found = of_number.or_else(|| if emails > 1 { before() } else { None });
        if let Some(relation) = relations.get_mut(at) {
            *relation = found;
        }
    }
    relations
}

/// The columns of one parent in a line of heads, and which cells of a row are another parent's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParentColumns {
    pub columns: Vec<Option<PasteColumn>>,
    pub are_of_another: Vec<bool>,
}

/// The parents that a line of heads has addresses of, each with their columns. None where the list is about those whose names it has:
/// there is no parent in it, or there is an address that is nobody's parent's beside one that is.
pub fn parents_in(cells: &[&str]) -> Vec<ParentColumns> {
    let plain: Vec<_> = cells.iter().map(|cell| column_of(cell).or_else(|| reached_by(cell))).collect();
    let relations = whose(cells, &plain);
    let is_reached = |column: &Option<PasteColumn>| matches!(column, Some(PasteColumn::Email | PasteColumn::Phone));
    let mut parents: Vec<(&'static str, char)> = Vec::new();
    for relation in relations.iter().flatten() {
        if !parents.contains(relation) {
            parents.push(*relation);
        }
    }
    let holds = |of: Option<(&'static str, char)>, is: &dyn Fn(&Option<PasteColumn>) -> bool| {
        relations.iter().zip(&plain).any(|(relation, column)| *relation == of && is(column))
    };
    let has_own_email = holds(None, &|column| *column == Some(PasteColumn::Email));
    parents.retain(|parent| {
        let has_name = holds(Some(*parent), &|column| !is_reached(column));
        let has_way = holds(Some(*parent), &|column| is_reached(column));
        // Where nothing says how anybody is reached, it stands beside the names.
        has_name && (has_way || has_own_email || !plain.iter().any(is_reached))
    });
    let with_ways = parents.iter().filter(|parent| holds(Some(**parent), &|column| is_reached(column))).count();
    // One address beside several parents: it is not known whose it is.
    if parents.is_empty() || (has_own_email && with_ways == 0 && parents.len() > 1) {
        return Vec::new();
    }
    // Where parents have addresses of their own, the other one is that of whoever the list is about.
    let own = (has_own_email && with_ways > 0).then(|| ParentColumns {
        columns: relations.iter().zip(&plain).map(|(relation, column)| column.filter(|_| relation.is_none())).collect(),
        are_of_another: relations.iter().map(Option::is_some).collect(),
    });
    let of_one = |parent: &(&'static str, char)| {
        let is_of_another = |relation: &Option<(&'static str, char)>| relation.is_some_and(|other| other != *parent);
        let is_own_way = |at: usize, relation: &Option<(&'static str, char)>| {
            own.is_some() && relation.is_none() && plain.get(at).is_some_and(is_reached)
        };
        let columns = relations.iter().zip(&plain).map(|(relation, column)| match (relation, column) {
            (relation, _) if is_of_another(relation) => None,
            (Some(_), column) if is_reached(column) => *column,
            (Some(_), _) => Some(PasteColumn::Name),
            // Whose parent they are.
            (None, Some(column)) if column.is_name() => Some(PasteColumn::Note),
            (None, column) => *column,
        });
        let are_of_another =
            relations.iter().enumerate().map(|(at, relation)| is_of_another(relation) || is_own_way(at, relation));
        ParentColumns { columns: columns.collect(), are_of_another: are_of_another.collect() }
    };
    let parents: Vec<ParentColumns> = parents.iter().map(of_one).collect();
    own.into_iter().chain(parents).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use PasteColumn::{Email, Name, Note, Phone, Unit};

    #[test]
    fn the_address_in_a_list_of_children_is_a_parents() {
        let of = |heads: &str| -> Vec<Vec<Option<PasteColumn>>> {
            parents_in(&heads.split(';').collect::<Vec<_>>()).into_iter().map(|parent| parent.columns).collect()
        };
        assert_eq!(of("Pupil;Parent;E-mail"), [[Some(Note), Some(Name), Some(Email)]]);
        assert_eq!(of("Ученик;Родитель;Почта;Телефон"), [[Some(Note), Some(Name), Some(Email), Some(Phone)]]);
        assert_eq!(
            of("Класс;ФИО ученика;ФИО родителя;E-mail родителя"),
            [[Some(Unit), Some(Note), Some(Name), Some(Email)]]
        );
        let two = of("Pupil;Mother;Mother e-mail;Father;Father e-mail");
        assert_eq!(two[0], [Some(Note), Some(Name), Some(Email), None, None]);
        assert_eq!(two[1], [Some(Note), None, None, Some(Name), Some(Email)]);
        let numbered = of("Name;Parent 1;Parent 1 phone;Parent 2;Parent 2 phone");
        assert_eq!((numbered.len(), numbered[1][3]), (2, Some(Name)));
        let three = parents_in(&["Student", "E-mail", "Parent", "Parent e-mail"]);
        assert_eq!(three[0].columns, [Some(Name), Some(Email), None, None], "the pupil has an address, too");
        assert_eq!(three[1].columns, [Some(Note), Some(Email), Some(Name), Some(Email)]);
        assert_eq!(three[1].are_of_another, [false, true, false, false]);
        for heads in [
            "Name;Email;Phone",
            // Nobody's parent is named.
            "Name;Mother email;Father email",
            "Pupil;Mother;Father;E-mail",
        ] {
            assert_eq!(of(heads), Vec::<Vec<Option<PasteColumn>>>::new(), "{heads}");
        }
    }

    #[test]
    fn parents_are_known_by_whole_words() {
        for (text, relation) in [
            ("Mother", Some(("mother", '1'))),
            ("Mama von Leo", Some(("mother", '1'))),
            ("Parent 2 e-mail", Some(("parent", '2'))),
            ("Телефон родителя", Some(("parent", '1'))),
            ("Apparent", None),
            ("Dadson", None),
            ("", None),
        ] {
            assert_eq!(relation_of(text), relation, "{text}");
        }
    }
}
