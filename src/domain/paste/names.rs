//! Which of the texts beside an address is the name of whose it is. It must not touch what a head or a label explains.

use crate::domain::contact::PersonName;

use super::{
    heads::PasteColumn,
    lexicon::{self, TextKind},
    made_of::is_made_of_all,
    many::{name_of, unquoted},
    person::{PersonDraft, says_more},
    segments::Segment,
};

/// A text that names somebody, and the name that it makes, if it makes one.
type FoundName = Option<Option<String>>;

/// The texts of which nothing is known, with what each may be.
struct Texts<'a> {
    open: &'a mut Vec<Segment>,
    kinds: Vec<TextKind>,
}

impl<'a> Texts<'a> {
    fn of(open: &'a mut Vec<Segment>) -> Self {
        let kinds = open.iter().map(|segment| lexicon::kind_of(&segment.text)).collect();
        Self { open, kinds }
    }

    fn text(&self, at: usize) -> &str {
        self.open.get(at).map(|segment| segment.text.as_str()).unwrap_or_default()
    }

    fn kind(&self, at: usize) -> Option<TextKind> {
        self.kinds.get(at).copied()
    }

    fn is_note(&self, at: usize) -> bool {
        self.open.get(at).is_some_and(|segment| segment.is_note)
    }

    /// Whether it stands before every address, and in no brackets.
    fn is_first(&self, at: usize) -> bool {
        self.open.get(at).is_some_and(|segment| segment.is_first && !segment.is_note)
    }

    fn is_name(&self, at: usize) -> bool {
        matches!(self.kind(at), Some(TextKind::Name(_)))
    }

    fn is_whole_name(&self, at: usize) -> bool {
        matches!(self.kind(at), Some(TextKind::Name(2..)))
    }

    fn find(&self, wanted: impl Fn(usize) -> bool) -> Option<usize> {
        (0..self.kinds.len()).find(|at| wanted(*at))
    }

    fn take(&mut self, at: usize) -> String {
        self.kinds.remove(at);
        self.open.remove(at).text
    }

    fn take_name(&mut self, at: usize) -> Option<String> {
        name_of(&[self.take(at)])
    }
}

/// Whether a text is written as a name is, and the address is made of all of it.
pub fn is_name_of(address: &str, text: &str) -> bool {
    text.split_whitespace().count() == 2 && lexicon::has_the_form_of_a_name(text) && is_made_of_all(address, text)
}

impl PersonDraft {
    /// The name among texts of which nothing is known: a whole one, else the pieces of one side by side, else what stands in
    /// brackets, else words in small letters, else the end of a sentence.
    pub fn find_name(&mut self, open: &mut Vec<Segment>) -> Option<String> {
        let mut texts = Texts::of(open);
        let named = self.owner_in_angles(&mut texts);
        let named = named.or_else(|| self.whole_name(&mut texts));
        let named = named.or_else(|| self.pieces_of_name(&mut texts));
        let named = named.or_else(|| self.end_of_sentence(&mut texts));
        named.or_else(|| self.any_name(&mut texts)).flatten()
    }

    /// What a mail program writes before an address names its owner, the surname first where there is a comma.
    fn owner_in_angles(&self, texts: &mut Texts) -> FoundName {
        if !self.in_angles {
            return None;
        }
        if let Some(name) = surname_first(texts.open, &texts.kinds, &self.typed) {
            return Some(name_of(&[name]));
        }
        let is_owner = |at: &usize| texts.is_first(*at) && texts.is_name(*at);
        let mut owners = (0..texts.kinds.len()).rev().filter(is_owner);
        let nearest = owners.next()?;
        let is_clear = owners.next().is_none() || texts.is_whole_name(nearest);
        is_clear.then(|| texts.take_name(nearest))
    }

    fn whole_name(&mut self, texts: &mut Texts) -> FoundName {
        // `Tom Barber tom.barber@…`, whatever else the words mean.
        let address = self.emails.first().map(|email| email.entry.pasted.typed.clone()).unwrap_or_default();
        let is_theirs = |at: usize| !texts.is_note(at) && is_name_of(&address, texts.text(at));
        if let Some(at) = texts.find(|at| !texts.is_whole_name(at) && is_theirs(at)) {
            return Some(PersonName::parse(unquoted(&texts.take(at))).ok().map(String::from));
        }
        if let Some(whole) = texts.find(|at| !texts.is_note(at) && texts.is_whole_name(at)) {
            // `Cook = Amir Zand`, `Anna Kim, chef`
            let may_be_work = |at: usize| matches!(texts.kind(at), Some(TextKind::Name(_) | TextKind::Small));
            let is_work =
                |at: usize| !texts.is_note(at) && at != whole && may_be_work(at) && lexicon::is_work(texts.text(at));
            let Some(work) = texts.find(is_work).filter(|_| self.beside.role.is_none()) else {
                return Some(texts.take_name(whole));
            };
            self.beside.role = Some(texts.take(work));
            return Some(texts.take_name(whole - usize::from(work < whole)));
        }
        let named = texts.open.iter().enumerate().find_map(|(at, segment)| {
            let (name, role) = lexicon::name_and_role(&segment.text).filter(|_| !segment.is_note)?;
            Some((name, role, at))
        });
        if let Some((name, role, at)) = named {
            texts.take(at);
            self.take_known(PasteColumn::Role, role);
            return Some(name_of(&[name]));
        }
        // What a mail program writes before the address is a name, also where a word in it is a role or a place: `Tom Teacher`.
        let is_titled = |at: usize| !texts.is_note(at) && lexicon::has_the_form_of_a_name(texts.text(at));
        let title = texts.find(|at| self.in_angles && is_titled(at))?;
        Some(PersonName::parse(unquoted(&texts.take(title))).ok().map(String::from))
    }

    fn pieces_of_name(&self, texts: &mut Texts) -> FoundName {
        let is_numbered = |at: usize| texts.text(at).contains(|letter: char| letter.is_ascii_digit());
        let is_piece =
            |at: usize| texts.kind(at) == Some(TextKind::Name(1)) && (!is_numbered(at) || texts.kinds.len() == 1);
        if let Some(first) = texts.find(|at| !texts.is_note(at) && is_piece(at)) {
            // Brackets between two parts of a name explain it: `Petrov (senior) Ivan`.
            let all = (first..texts.kinds.len()).filter(|at| !texts.is_note(*at));
            let pieces: Vec<usize> = all.take_while(|at| is_piece(*at)).take(3).collect();
            let mut name: Vec<String> = pieces.into_iter().rev().map(|at| texts.take(at)).collect();
            name.reverse();
            // `Böttcher, Anke      0361 550121`
            let listed = name.join(", ");
            let is_listed = name.len() == 2 && self.typed.contains(&listed) && self.typed.contains("  ");
            return Some(name_of(&[if is_listed { listed } else { name.join(" ") }]));
        }
        let is_short = |at: usize| matches!(texts.kind(at), Some(TextKind::Name(_) | TextKind::Small));
        let note = texts.find(|at| texts.is_note(at) && is_short(at))?;
        Some(texts.take_name(note))
    }

    /// `… ist Frau Nadine Vogel (nadine@…) erreichbar`
    fn end_of_sentence(&mut self, texts: &mut Texts) -> FoundName {
        let ends_with_a_name = |text: &str| {
            let name = lexicon::name_within(text).0.filter(|name| text.ends_with(name.as_str()));
            name.is_some_and(|name| matches!(lexicon::kind_of(&name), TextKind::Name(2..)))
        };
        // Whoever is greeted is another one.
        let is_sentence = |at: usize| match texts.kind(at) {
            Some(TextKind::Prose) => true,
            Some(TextKind::Aside) => texts.text(at).split_whitespace().count() > 4,
            _ => false,
        };
        let at = texts.find(|at| texts.is_first(at) && is_sentence(at) && ends_with_a_name(texts.text(at)))?;
        let (name, rest) = lexicon::name_within(&texts.take(at));
        self.rest.extend(rest.into_iter().filter(|rest| says_more(rest)));
        Some(name.and_then(|name| name_of(&[name])))
    }

    fn any_name(&mut self, texts: &mut Texts) -> FoundName {
        if let Some(small) = texts.find(|at| texts.kind(at) == Some(TextKind::Small)) {
            return Some(texts.take_name(small));
        }
        let title = self.in_angles.then(|| only_title(texts.open, &texts.kinds, &self.typed)).flatten();
        if let Some(title) = title {
            return Some(PersonName::parse(unquoted(&texts.take(title))).ok().map(String::from));
        }
        let is_sentence = |at: usize| matches!(texts.kind(at), Some(TextKind::Prose | TextKind::Aside));
        let name_at = |at: usize| lexicon::name_within(texts.text(at)).0.and_then(|name| name_of(&[name]));
        let at = texts.find(|at| is_sentence(at) && !texts.is_note(at) && name_at(at).is_some())?;
        let name = name_at(at);
        let (_, rest) = lexicon::name_within(&texts.take(at));
        self.rest.extend(rest.into_iter().filter(|rest| says_more(rest)));
        Some(name)
    }
}

/// `Smith-Jones, Mary Ann <…>`, `van der Berg, Jan <…>`: the two texts before the address, taken out and joined by their comma.
fn surname_first(open: &mut Vec<Segment>, kinds: &[TextKind], typed: &str) -> Option<String> {
    let is_text = |at: &usize| open.get(*at).is_some_and(|segment| segment.is_first && !segment.is_note);
    let texts: Vec<usize> = (0..kinds.len()).filter(is_text).collect();
    let [surname, name] = texts.as_slice() else { return None };
    // Brackets between them are no comma.
    let begins_a_surname = || open.get(*surname).is_some_and(|segment| lexicon::begins_a_surname(&segment.text));
    // `Physio - Ewa Gil <…>`
    let has_comma = || open.get(*surname).is_none_or(|segment| !typed.contains(&format!("{} - ", segment.text)));
    let is_name = *name == surname + 1
        && has_comma()
        && (begins_a_surname() && matches!(kinds.get(*name), Some(TextKind::Name(_)))
            || matches!(
                (kinds.get(*surname), kinds.get(*name)),
                (Some(TextKind::Name(1)), Some(TextKind::Name(_))) | (Some(TextKind::Name(_)), Some(TextKind::Name(1)))
            ));
    if !is_name {
        return None;
    }
    let name = open.remove(*name).text;
    let surname = open.remove(*surname).text;
    Some(format!("{surname}, {name}"))
}

/// Which text is all that stands before an address in `<…>`: a name, whatever else its words mean.
fn only_title(open: &[Segment], kinds: &[TextKind], typed: &str) -> Option<usize> {
    let is_text = |at: &usize| open.get(*at).is_some_and(|segment| segment.is_first && !segment.is_note);
    let mut texts = (0..kinds.len()).filter(is_text);
    let at = texts.next().filter(|_| texts.next().is_none())?;
    let segment = open.get(at)?;
    let is_title = match kinds.get(at)? {
        TextKind::Role | TextKind::Unit => true,
        // `"Kit / Laundry" <…>`
        TextKind::Prose if typed.trim_start().starts_with('"') && segment.text.contains('/') => true,
        // A sentence has the name somewhere in it.
        TextKind::Prose => lexicon::name_within(&segment.text).0.is_none(),
        _ => false,
    };
    (is_title && segment.text.split_whitespace().count() <= 5).then_some(at)
}
