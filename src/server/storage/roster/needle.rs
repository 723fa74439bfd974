//! What the search index is asked for. It reads everybody who has a piece of three letters, so a piece that nearly everybody has
//! costs most and says least: of each word the rarest part is asked for, and the words of whoever it finds are looked at.
//! Which people stand in a list is not asked here.

use crate::domain::contact::search_patterns;
use crate::server::storage::tx::DatabaseKind;
use crate::server::storage::{Result, Statement, Tx};

/// How many people with a piece are looked at to guess how many there are (SQLite).
const SAMPLE: i64 = 200;

/// How many of the newest people are looked at to guess how many have a piece, and the needle (Postgres: its index gives nobody
/// before it has found everybody).
const NEWEST: i64 = 1_000;

/// A piece that more than one in so many have is not asked for.
const COMMON: i64 = 5;

/// Of how many pieces of all words it is guessed how many have them; the words behind are looked at, not asked for.
const MOST_PIECES: usize = 48;

/// How many pieces of a word side by side, and of how many words, the index is asked for. More would hardly leave fewer people.
const LONGEST: usize = 10;
const WORDS: usize = 3;

/// What somebody is searched by.
pub(super) struct Needle {
    /// What a person's words must hold, all of it.
    pub(super) words: Vec<String>,
    /// What the index is asked for, all of it.
    pub(super) asked: Vec<String>,
    /// The words of which the index was not asked for everything.
    pub(super) rest: Vec<String>,
    /// About how many people will be found, as far as that was guessed, and of how many.
    pub(super) about: Option<i64>,
    pub(super) everybody: i64,
}

impl Needle {
    pub(super) fn of(search: &str) -> Self {
        let words: Vec<String> =
            search_patterns(search).iter().map(|pattern| pattern.trim_matches('%').to_string()).collect();
        Self { asked: words.clone(), words, rest: Vec::new(), about: None, everybody: 0 }
    }

    /// Chooses what to ask the index for.
    pub(super) async fn choose(&mut self, tx: &mut Tx) -> Result<()> {
        let (kind, pieces) = (tx.kind(), self.pieces());
        let row = self.sample(kind).row(tx).await?;
        let everybody = row.number("newest")?;
        let looked_at = if kind == DatabaseKind::Postgres { row.number("looked_at")?.max(1) } else { 1 };
        let mut people = Vec::with_capacity(pieces.len());
        for (nth, piece) in pieces.into_iter().enumerate() {
            let seen = row.number(&format!("piece_{nth}"))?;
            let about = match kind {
                DatabaseKind::Postgres => seen.saturating_mul(everybody) / looked_at,
                // So many, or how far one had to go to find as many as are looked at.
                DatabaseKind::Sqlite if seen <= 0 => -seen,
                DatabaseKind::Sqlite => SAMPLE.saturating_mul(everybody) / seen,
            };
            people.push((piece, about));
        }
        let known = |piece: &str| people.iter().find(|(known, _)| known == piece).map(|(_, about)| *about);
        self.ask(everybody, known);
        self.everybody = everybody;
        if kind == DatabaseKind::Postgres {
            self.about = Some(row.number("hits")?.saturating_mul(everybody) / looked_at);
        }
        Ok(())
    }

    /// Chooses by how many people there are and about how many of them have a piece, where that is known.
    fn ask(&mut self, everybody: i64, people: impl Fn(&str) -> Option<i64>) {
        let is_common = |about: i64| about.saturating_mul(COMMON) > everybody;
        let mut parts: Vec<RarePart> =
            self.words.iter().filter_map(|word| rare_part(word, is_common, &people)).collect();
        parts.sort_by(|one, other| one.about.cmp(&other.about).then_with(|| other.text.len().cmp(&one.text.len())));
        let Some(first) = parts.first() else { return };
        self.about = Some(first.about);
        // Beside a rare word a common one is not asked for.
        let asked = parts.iter().enumerate();
        let asked = asked.filter(|(nth, part)| *nth == 0 || *nth < WORDS && !is_common(part.about));
        let asked: Vec<&RarePart> = asked.map(|(_, part)| part).collect();
        let is_all = |word: &String| asked.iter().any(|part| part.text == *word);
        self.rest = self.words.iter().filter(|word| !is_all(word)).cloned().collect();
        self.asked = asked.iter().map(|part| part.text.clone()).collect();
    }

    /// The pieces of all words, each once.
    fn pieces(&self) -> Vec<String> {
        let mut all: Vec<String> = Vec::new();
        for piece in self.words.iter().flat_map(|word| pieces_of(word)) {
            if all.len() < MOST_PIECES && !all.contains(&piece) {
                all.push(piece);
            }
        }
        all
    }

    /// How many people have each piece, as far as a few of them say, and how many people there are.
    pub(super) fn sample(&self, kind: DatabaseKind) -> Statement {
        match kind {
            DatabaseKind::Sqlite => self.first_of_each(),
            DatabaseKind::Postgres => self.among_the_newest(),
        }
    }

    fn among_the_newest(&self) -> Statement {
        let sql = "select (select coalesce(max(number), 0) from users) as newest, count(*) as looked_at";
        let mut statement = Statement::new(sql);
        for (nth, piece) in self.pieces().iter().enumerate() {
            let piece = statement.bind(piece);
            statement.push(&format!(", count(*) filter (where strpos(found.haystack, {piece}) > 0) as piece_{nth}"));
        }
        statement.push(", count(*) filter (where true");
        for word in &self.words {
            let word = statement.bind(word);
            statement.and(&format!("strpos(found.haystack, {word}) > 0"));
        }
        let most = statement.bind(NEWEST);
        statement.push(&format!(
            ") as hits from (select s.haystack from user_search s order by s.rowid desc limit {most}) found"
        ));
        statement
    }

    fn first_of_each(&self) -> Statement {
        let mut statement = Statement::new("select (select coalesce(max(number), 0) from users) as newest");
        let most = statement.bind(SAMPLE);
        for (nth, piece) in self.pieces().iter().enumerate() {
            let piece = statement.bind(phrase(piece));
            statement.push(&format!(
                ", (select case when count(*) < {most} then -count(*) else max(found.person) end from \
                 (select s.rowid as person from user_search s where s.user_search match {piece} limit {most}) found) \
                 as piece_{nth}"
            ));
        }
        statement
    }

    /// Whether one of so many people, or more of them, are found.
    pub(super) fn is_about(&self, one_of: i64) -> bool {
        self.about.is_some_and(|about| about > 0 && about.saturating_mul(one_of) >= self.everybody)
    }

    /// What is asked, in the words of SQLite's index.
    pub(super) fn question(&self) -> String {
        self.asked.iter().map(|asked| phrase(asked)).collect::<Vec<_>>().join(" AND ")
    }
}

fn phrase(text: &str) -> String {
    format!("\"{text}\"")
}

/// What the index is asked for of a word.
struct RarePart {
    text: String,
    /// About how many people have it, at the most.
    about: i64,
}

/// Of a word the part around its rarest piece that has no common one, or all of it where every piece is common; nothing where
/// of none it was guessed how many have it.
fn rare_part(word: &str, is_common: impl Fn(i64) -> bool, people: impl Fn(&str) -> Option<i64>) -> Option<RarePart> {
    let all: Vec<Option<i64>> = pieces_of(word).iter().map(|piece| people(piece)).collect();
    let known = all.iter().enumerate().filter_map(|(nth, about)| Some(((*about)?, nth)));
    let (about, rarest) = known.min()?;
    if is_common(about) {
        return Some(RarePart { text: word.into(), about });
    }
    let is_rare = |about: &&Option<i64>| about.is_some_and(|about| !is_common(about));
    let before = all.iter().take(rarest).rev().take_while(is_rare).count().min(LONGEST / 2);
    let behind = all.iter().skip(rarest).take_while(is_rare).count().min(LONGEST / 2);
    let text = word.chars().skip(rarest - before).take(before + behind + 2).collect();
    Some(RarePart { text, about })
}

/// All pieces of three letters.
fn pieces_of(word: &str) -> Vec<String> {
    let letters: Vec<char> = word.chars().collect();
    letters.windows(3).map(|piece| piece.iter().collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::Needle;

    fn asked(search: &str, people: &[(&str, i64)]) -> (String, Vec<String>, Option<i64>) {
        let mut needle = Needle::of(search);
        needle.ask(1_000, |piece| {
            Some(people.iter().find(|(known, _)| *known == piece).map_or(1_000, |(_, about)| *about))
        });
        (needle.question(), needle.rest, needle.about)
    }

    #[test]
    fn of_each_word_the_rarest_pieces_are_asked_for_and_the_rest_is_looked_at() {
        let rest = |words: &[&str]| words.iter().map(|word| word.to_string()).collect::<Vec<_>>();
        // What few have is asked for as it is.
        assert_eq!(asked("anna", &[("ann", 30), ("nna", 20)]), ("\"anna\"".into(), rest(&[]), Some(20)));
        assert_eq!(asked("a", &[("^^a", 30)]), ("\"^^a\"".into(), rest(&[]), Some(30)));
        // Of the name of a company only what tells it from the others.
        assert_eq!(asked("company07", &[("y07", 50)]), ("\"y07\"".into(), rest(&["company07"]), Some(50)));
        // Where everybody has every piece, the word is the question.
        assert_eq!(asked("company", &[]), ("\"company\"".into(), rest(&[]), Some(1_000)));
        // The rarer word first; a common one is not asked for beside it.
        let both = asked("company ivan", &[("iva", 90), ("van", 80)]);
        assert_eq!(both, ("\"ivan\"".into(), rest(&["company"]), Some(80)));
        let both = asked("anna petr", &[("ann", 30), ("nna", 20), ("pet", 9), ("etr", 8)]);
        assert_eq!(both, ("\"petr\" AND \"anna\"".into(), rest(&[]), Some(8)));
        // The pieces side by side around the rarest one, and not too many of them.
        let long = asked("quuxin", &[("quu", 3), ("uux", 1), ("uxi", 2), ("xin", 4)]);
        assert_eq!(long, ("\"quuxin\"".into(), rest(&[]), Some(1)));
        let house = asked("mycompany07ex", &[("myc", 3), ("y07", 2), ("07e", 4)]);
        assert_eq!(house, ("\"y07e\"".into(), rest(&["mycompany07ex"]), Some(2)));
        let all = "abcdefghijklmnopqrstuvwxyz";
        let mut needle = Needle::of(all);
        needle.ask(1_000, |piece| Some(if piece == "klm" { 1 } else { 2 }));
        assert_eq!((needle.asked, needle.rest), (vec!["fghijklmnopq".to_string()], rest(&[all])));
    }

    #[test]
    fn words_behind_the_last_piece_that_is_guessed_are_looked_at() {
        let search = (0..5).map(|n| format!("{n}{}", "abcdefghijklmnopqrstuvwxyz".repeat(2))).collect::<Vec<_>>();
        let mut needle = Needle::of(&search.join(" "));
        let pieces = needle.pieces();
        needle.ask(1_000, |piece| pieces.contains(&piece.to_string()).then_some(1));
        assert!(!needle.asked.is_empty() && needle.asked.len() <= 3, "{:?}", needle.asked);
        assert_eq!(needle.rest.len(), 5);
    }
}
