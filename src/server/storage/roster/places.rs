//! The search index in the order of names (SQLite): everybody who is found has a place there, and places grow as names do. A
//! place is a number with room on both sides; where the room is used up, the people around it move apart. Which words find
//! somebody, and what makes the key of a name, is not said here. Postgres' index has no order and no places: there the key
//! stands beside the words.

use super::refresh::SearchTerms;
use crate::server::storage::tx::DatabaseKind;
use crate::server::storage::{Result, Row, Rows, Statement, Tx};
use crate::values;
use std::collections::BTreeMap;

/// The room between two people when they are placed at an end of the order, or all anew. The index keeps the distances: twice as
/// much room makes it larger, not slower.
const STEP: i64 = 1 << 14;

/// The least room that moving apart has to give, so that it is not soon needed again.
const ROOM: i64 = 1 << 8;

/// How many people move apart at first, on either side; eight times as many where that gives too little room.
const AROUND: usize = 64;

/// A key and a person: in this order people stand.
type Name = (String, i64);

/// Somebody who has a place.
struct Placed {
    place: i64,
    name: Name,
}

impl Placed {
    fn read(row: &Row) -> Result<Self> {
        Ok(Self { place: row.number("place")?, name: (row.text("name_key")?, row.number("person")?) })
    }
}

/// Gives those of `people` who are found the places of their names, and the index their words; takes the others away.
/// `other_words` are those whose words are others than before.
pub(super) async fn write(
    tx: &mut Tx,
    people: &[i64],
    found: &BTreeMap<i64, SearchTerms>,
    other_words: &[i64],
) -> Result<()> {
    let mut known = Statement::new("select place, person, name_key from user_search_place where person in (");
    let numbers = known.bind_all(people.iter().copied());
    known.push(&format!("{numbers})"));
    let mut before = BTreeMap::new();
    for row in known.rows(tx).await? {
        let placed = Placed::read(&row)?;
        before.insert(placed.name.1, placed);
    }
    let stays = |placed: &&Placed| found.get(&placed.name.1).is_some_and(|now| now.name_key == placed.name.0);
    let leaving: Vec<i64> = before.values().filter(|placed| !stays(placed)).map(|placed| placed.place).collect();
    let mut rewritten: Vec<&Placed> =
        before.values().filter(stays).filter(|placed| other_words.contains(&placed.name.1)).collect();
    // In their order: the index begins a part of its own wherever a place lies below the one before, and merges them afterwards.
    rewritten.sort_by_key(|placed| placed.place);
    let mut gone = leaving.clone();
    gone.extend(rewritten.iter().map(|placed| placed.place));
    gone.sort_unstable();
    Statement::for_each_of("delete from user_search_by_name where rowid in", &gone, tx).await?;
    Statement::for_each_of("delete from user_search_place where place in", &leaving, tx).await?;

    let is_new = |person: &i64| before.get(person).is_none_or(|placed| !stays(&placed));
    let mut coming: Vec<Name> = found
        .iter()
        .filter(|(person, _)| is_new(person))
        .map(|(person, now)| (now.name_key.clone(), *person))
        .collect();
    coming.sort();
    let rewritten = rewritten.iter().map(|placed| (placed.place, placed.name.1)).collect::<Vec<_>>();
    index(tx, &rewritten, found).await?;
    place(tx, &coming, found).await
}

/// Writes the words of people at their places.
async fn index(tx: &mut Tx, placed: &[(i64, i64)], found: &BTreeMap<i64, SearchTerms>) -> Result<()> {
    let mut words = Rows::new("insert into user_search_by_name (rowid, haystack)");
    for (place, person) in placed {
        if let Some(now) = found.get(person) {
            words.add(values![*place, &now.haystack]);
        }
    }
    words.write(tx).await
}

/// Places people who have no place, given in the order of their names; those who fall between the same two share the room. All who
/// find room are written at once; then some move apart for the first of the others, which may give room to more of these.
async fn place(tx: &mut Tx, coming: &[Name], found: &BTreeMap<i64, SearchTerms>) -> Result<()> {
    let mut rest: Vec<&Name> = coming.iter().collect();
    while !rest.is_empty() {
        let coming = beside(tx, &rest).await?;
        let (mut with_room, mut without) = (Vec::with_capacity(coming.len()), Vec::new());
        for some in coming.chunk_by(|(_, one), (_, other)| one == other) {
            let (before, behind) = some.first().map(|(_, beside)| *beside).unwrap_or_default();
            match between(before, behind, some.len()) {
                (low, step) if step > 0 => with_room.extend(spread(some, low, step)),
                _ => without.push(some),
            }
        }
        put(tx, &with_room, found).await?;
        if let Some((some @ [(first, _), ..], _)) = without.split_first() {
            let (low, step) = move_apart(tx, first, some.len()).await?;
            put(tx, &spread(some, low, step).collect::<Vec<_>>(), found).await?;
        }
        rest = without.iter().skip(1).flat_map(|some| some.iter().map(|(name, _)| *name)).collect();
    }
    Ok(())
}

/// The places before and behind somebody who has none yet.
type Sides = (Option<i64>, Option<i64>);

/// Between which places people fall who are given in the order of their names.
async fn beside<'a>(tx: &mut Tx, coming: &[&'a Name]) -> Result<Vec<(&'a Name, Sides)>> {
    let mut sides = Statement::new(
        "select (select place from user_search_place where (name_key, person) < (new.column1, new.column2) \
         order by name_key desc, person desc limit 1) as before, \
         (select place from user_search_place where (name_key, person) > (new.column1, new.column2) \
         order by name_key, person limit 1) as behind from ",
    );
    sides.push_pairs(coming.iter().map(|(key, person)| (key, *person)));
    sides.push(" new order by new.column1, new.column2");
    let rows = sides.rows(tx).await?;
    let read = |(name, row): (&&'a Name, &Row)| Ok((*name, (row.maybe_number("before")?, row.maybe_number("behind")?)));
    coming.iter().zip(&rows).map(read).collect()
}

/// The places of some who share the room above a place.
fn spread<'a>(some: &[(&'a Name, Sides)], low: i64, step: i64) -> impl Iterator<Item = (i64, &'a Name)> {
    (1..).zip(some).map(move |(nth, (name, _))| (low + step * nth, *name))
}

/// Writes people and their words at places, given in their order.
async fn put(tx: &mut Tx, placed: &[(i64, &Name)], found: &BTreeMap<i64, SearchTerms>) -> Result<()> {
    let mut rows = Rows::new("insert into user_search_place (place, person, name_key)");
    for (place, (key, person)) in placed {
        rows.add(values![*place, *person, key]);
    }
    rows.write(tx).await?;
    index(tx, &placed.iter().map(|(place, (_, person))| (*place, *person)).collect::<Vec<_>>(), found).await
}

/// How so many share the room between two places or at an end: the place below them, and the step from each to the next; no
/// step where there is no room.
fn between(low: Option<i64>, high: Option<i64>, count: usize) -> (i64, i64) {
    let steps = i64::try_from(count).unwrap_or(i64::MAX).saturating_add(1);
    match (low, high) {
        (Some(low), Some(high)) => (low, high.saturating_sub(low) / steps),
        (Some(low), None) => (low, STEP),
        (None, Some(high)) => (high.saturating_sub(STEP.saturating_mul(steps)), STEP),
        (None, None) => (0, STEP),
    }
}

/// The nearest who stand before a name or behind it, the nearest one first.
async fn nearest(tx: &mut Tx, name: &Name, is_before: bool, most: usize) -> Result<Vec<Placed>> {
    let sql = match is_before {
        true => {
            "select place, person, name_key from user_search_place where (name_key, person) < ($1, $2) \
             order by name_key desc, person desc limit $3"
        }
        false => {
            "select place, person, name_key from user_search_place where (name_key, person) > ($1, $2) \
             order by name_key, person limit $3"
        }
    };
    tx.rows(sql, &values![&name.0, name.1, most]).await?.iter().map(Placed::read).collect()
}

/// Moves those around a name apart, so that so many find room there; as [`between`] says it.
async fn move_apart(tx: &mut Tx, name: &Name, count: usize) -> Result<(i64, i64)> {
    let mut around = AROUND.max(count);
    loop {
        let mut lower = nearest(tx, name, true, around + 1).await?;
        let mut upper = nearest(tx, name, false, around + 1).await?;
        // Whoever stands at the edge stays; at an end of the order there is no edge, and all the room there is.
        let edge = |side: &mut Vec<Placed>| if side.len() > around { side.pop() } else { None };
        let (low, high) = (edge(&mut lower), edge(&mut upper));
        let is_all = low.is_none() && high.is_none();
        let (start, step) =
            between(low.map(|one| one.place), high.map(|one| one.place), lower.len() + count + upper.len());
        if step < ROOM && !is_all {
            around = around.saturating_mul(8);
            continue;
        }
        lower.reverse();
        let below = i64::try_from(lower.len()).unwrap_or_default();
        let here = i64::try_from(count).unwrap_or_default();
        let moved: Vec<(i64, Placed)> = (1..).zip(lower).chain((below + here + 1..).zip(upper)).collect();
        let old: Vec<i64> = moved.iter().map(|(_, placed)| placed.place).collect();
        Statement::for_each_of("delete from user_search_by_name where rowid in", &old, tx).await?;
        Statement::for_each_of("delete from user_search_place where place in", &old, tx).await?;
        let mut rows = Rows::new("insert into user_search_place (place, person, name_key)");
        let mut new = Vec::with_capacity(moved.len());
        for (nth, Placed { name: (key, person), .. }) in moved {
            let place = start + step * nth;
            rows.add(values![place, person, key]);
            new.push(place);
        }
        rows.write(tx).await?;
        let words = "insert into user_search_by_name (rowid, haystack) select o.place, w.haystack from user_search_place o \
                     cross join search_words w on w.person = o.person where o.place in";
        Statement::for_each_of(words, &new, tx).await?;
        return Ok((start + step * below, step));
    }
}

/// Gives everybody a place (Postgres: a key) anew, from the lists and the words as they stand: after so much was written past
/// them.
pub async fn place_all(tx: &mut Tx) -> Result<()> {
    if tx.kind() == DatabaseKind::Postgres {
        let sql = "update user_search set name_key = names.name_key \
                   from (select person, min(name_key) as name_key from roster group by person) names \
                   where names.person = user_search.rowid and user_search.name_key <> names.name_key";
        tx.execute(sql, &[]).await?;
        return Ok(());
    }
    for sql in
        ["delete from user_search_place", "insert into user_search_by_name (user_search_by_name) values ('delete-all')"]
    {
        tx.execute(sql, &[]).await?;
    }
    let places = "insert into user_search_place (place, person, name_key) \
                  select row_number() over (order by name_key, person) * $1, person, name_key \
                  from (select r.person, min(r.name_key) as name_key from search_words w \
                  join roster r on r.person = w.person group by r.person) names";
    tx.execute(places, &values![STEP]).await?;
    let words = "insert into user_search_by_name (rowid, haystack) select o.place, w.haystack from user_search_place o \
                 cross join search_words w on w.person = o.person order by o.place";
    tx.execute(words, &[]).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{STEP, between};

    #[test]
    fn those_between_two_share_the_room_and_an_end_has_enough() {
        assert_eq!(between(Some(0), Some(40), 3), (0, 10));
        assert_eq!(between(Some(0), Some(3), 3), (0, 0));
        assert_eq!(between(Some(7), None, 3), (7, STEP));
        assert_eq!(between(None, Some(7), 1), (7 - 2 * STEP, STEP));
        assert_eq!(between(None, None, 5), (0, STEP));
    }
}
