//! Which role or unit a pasted text means, among those there are. It must not choose where two could be meant.

use super::{PasteProblem, Pasted, PastedKind};
use crate::domain::contact::appearance;
use crate::domain::typed;

/// The one of some titles that a text means: the same to the eye, else the same word in another number or case. Nothing where
/// none is, or more than one.
pub fn titled<'a, T: PartialEq + Copy>(text: &str, titles: impl Iterator<Item = (T, &'a str)> + Clone) -> Option<T> {
    let looks = appearance(text);
    let the_one = |is_meant: &dyn Fn(&str) -> bool| {
        let mut found = titles.clone().filter(|(_, title)| is_meant(title)).map(|(key, _)| key);
        let first = found.next()?;
        found.all(|key| key == first).then_some(first)
    };
    the_one(&|title| appearance(title) == looks).or_else(|| the_one(&|title| is_inflected(text, title)))
}

/// `Dispatchers` and `Dispatcher`, `Водители` and `водитель`: word by word one stem, and endings of three letters at most.
fn is_inflected(one: &str, other: &str) -> bool {
    let (one, other) = (one.to_lowercase(), other.to_lowercase());
    let (one, other): (Vec<&str>, Vec<&str>) = (one.split_whitespace().collect(), other.split_whitespace().collect());
    let is_near = |(one, other): (&&str, &&str)| {
        let stem = one.chars().zip(other.chars()).take_while(|(one, other)| one == other).count();
        let (length, other_length) = (one.chars().count(), other.chars().count());
        stem >= 4 && length - stem <= 2 && other_length - stem <= 2 || one == other
    };
    !one.is_empty() && one.len() == other.len() && one.iter().zip(&other).all(is_near)
}

impl Pasted {
    /// Whether a number may stand beside it: it is an address, or was meant as one.
    pub fn takes_number(&self) -> bool {
        matches!(self.kind, PastedKind::Email(_) | PastedKind::Broken { problem: PasteProblem::Email(_), .. })
    }

    /// The number beside it; what is none as it was typed.
    pub fn number_beside(&self) -> Option<String> {
        let phone = self.beside.phone.as_ref().filter(|_| self.takes_number())?;
        let kept = || typed::phone(&phone.typed).map_or_else(|_| phone.typed.clone(), String::from);
        Some(phone.number.as_ref().map_or_else(|_| kept(), |number| number.as_str().to_owned()))
    }

    /// What stood beside it and has no place in a form: neither its number, nor its role, nor its unit.
    pub fn unused(&self) -> Vec<String> {
        let beside = &self.beside;
        let phone = beside.phone.iter().filter(|_| !self.takes_number()).map(|phone| &phone.typed);
        let texts = [&beside.login, &beside.record, &beside.note];
        phone.chain(texts.into_iter().flatten()).chain(&self.rest).cloned().collect()
    }

    /// All that stood beside it.
    #[cfg(test)]
    pub fn leftovers(&self) -> Vec<&str> {
        let beside = &self.beside;
        let phone = beside.phone.iter().map(|phone| phone.typed.as_str());
        let texts = [&beside.role, &beside.unit, &beside.login, &beside.record, &beside.note];
        phone.chain(texts.into_iter().flatten().chain(&self.rest).map(String::as_str)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_means_the_one_title_that_is_like_it() {
        let titles = [
            (1, "Dispatcher"),
            (1, "Диспетчер"),
            (2, "Driver"),
            (2, "Водитель"),
            (3, "Teacher"),
            (4, "Company administrator"),
        ];
        for (text, meant) in [
            ("dispatcher", Some(1)),
            ("ДИСПЕТЧЕР", Some(1)),
            ("Dispatchers", Some(1)),
            ("Диспетчеры", Some(1)),
            ("водители", Some(2)),
            ("Teachers", Some(3)),
            ("company administrators", Some(4)),
            ("administrator", None),
            ("стажёр", None),
            ("", None),
        ] {
            assert_eq!(titled(text, titles.into_iter()), meant, "{text}");
        }
        let alike = [(1, "Teacher A"), (2, "Teacher a")];
        assert_eq!(titled("teacher a", alike.into_iter()), None, "nobody guesses between two");
    }
}
