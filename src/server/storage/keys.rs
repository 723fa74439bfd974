//! The keys by which people and units sort and are found hang on rules that change with the program: its own table of letters,
//! Unicode's collation. Where a database was written by other rules, its keys are made anew here, and names that are kept in
//! another form than today's are composed. How a key is made is not said here.

use super::{Database, Result, Tx, roster, settings, units, users};
use crate::domain::contact::search_key;
use crate::domain::text::composed;
use crate::server::collation::sort_key;
use crate::values;
use std::ops::RangeInclusive;

/// How many rows one transaction writes; whoever else wants to write gets in between.
const BATCH: usize = 40;

/// Letters of every kind of which the rules say something; what they make of these says by which rules keys were made.
const SPECIMEN: [RangeInclusive<u32>; 12] = [
    0x20..=0x250,
    0x2b0..=0x2ff,
    0x370..=0x58f,
    0x5d0..=0x66f,
    0x900..=0x97f,
    0xe00..=0xe4f,
    0x10a0..=0x10ff,
    0x1e00..=0x1fff,
    0x3040..=0x30ff,
    0x4e00..=0x4e3f,
    0xac00..=0xac3f,
    0xfb00..=0xfb06,
];

/// What is gone through, in this order; each by a key that grows.
const PARTS: [&str; 4] = ["names", "shifts", "units", "people"];

/// How far the keys have been made by which rules.
struct Progress {
    rules: String,
    /// Which of the parts comes next, and behind which key; `None` when all are done.
    next: Option<(usize, String)>,
}

/// Makes all keys anew where the rules are others than those by which they were made, a hundred at a time. Broken off, it
/// goes on from there the next time; done, it costs one look.
///
/// # Errors
/// Those of the database; what is done by then stays done.
pub async fn renew(db: &Database) -> Result<()> {
    let rules = rules();
    while is_due(&mut db.read().await?, &rules).await? {
        // By another program's rules the same names have other keys: nobody did anything.
        let mut tx = db.maintain().await?;
        step(&mut tx, &rules).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// Whether everybody's keys have been made, by whatever rules: as long as not, an index of them has gaps.
///
/// # Errors
/// Those of the database.
pub async fn are_made(tx: &mut Tx) -> Result<bool> {
    Ok(progress(tx).await?.is_some_and(|progress| progress.next.is_none()))
}

/// Notes that every key was made by this version's rules, for whoever has just written everything.
///
/// # Errors
/// Those of the database.
pub async fn note_made(tx: &mut Tx) -> Result<()> {
    note(tx, &rules()).await
}

async fn note(tx: &mut Tx, value: &str) -> Result<()> {
    let sql = "insert into settings (name, value) values ('keys', $1) \
               on conflict (name) do update set value = excluded.value";
    tx.execute(sql, &values![value]).await?;
    Ok(())
}

/// A fingerprint of the rules: FNV-1a of what they make of the specimen.
fn rules() -> String {
    let letters: Vec<char> = SPECIMEN.into_iter().flatten().filter_map(char::from_u32).collect();
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for some in letters.chunks(16) {
        let text: String = some.iter().collect();
        for byte in sort_key(&text).bytes().chain(search_key(&[&text]).bytes()) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    format!("{hash:016x}")
}

async fn is_due(tx: &mut Tx, rules: &str) -> Result<bool> {
    Ok(progress(tx).await?.is_none_or(|progress| progress.rules != rules || progress.next.is_some()))
}

/// Written as `rules`, and while something is left `rules part key`.
async fn progress(tx: &mut Tx) -> Result<Option<Progress>> {
    let Some(row) = tx.maybe_row("select value from settings where name = 'keys'", &[]).await? else { return Ok(None) };
    let value = row.text("value")?;
    let mut words = value.splitn(3, ' ');
    let rules = words.next().unwrap_or_default().to_string();
    let next = words.next().map(|part| {
        let part = PARTS.iter().position(|known| *known == part).unwrap_or_default();
        (part, words.next().unwrap_or_default().to_string())
    });
    Ok(Some(Progress { rules, next }))
}

/// One batch, and how far it came.
async fn step(tx: &mut Tx, rules: &str) -> Result<()> {
    let known = progress(tx).await?.filter(|known| known.rules == rules);
    let (part, after) = match known {
        Some(Progress { next: None, .. }) => return Ok(()),
        Some(Progress { next: Some(next), .. }) => next,
        None => (0, String::new()),
    };
    let last = match part {
        0 => compose_names(tx).await?,
        1 => compose_titles(tx, &after).await?,
        2 => units::renew_keys(tx, &after, BATCH).await?,
        _ => people(tx, after.parse().unwrap_or_default()).await?,
    };
    let value = match last {
        Some(last) => format!("{rules} {} {last}", PARTS.get(part).copied().unwrap_or_default()),
        None => match PARTS.get(part + 1) {
            Some(next) => format!("{rules} {next} "),
            None => rules.to_string(),
        },
    };
    note(tx, value.trim_end()).await
}

/// The few names that have no key: the organisation's and those of roles.
async fn compose_names(tx: &mut Tx) -> Result<Option<String>> {
    if let Some(settings) = settings::load(tx).await? {
        let mut new = settings.clone();
        new.organisation = composed(&settings.organisation);
        new.support_contact = composed(&settings.support_contact);
        if new.organisation != settings.organisation || new.support_contact != settings.support_contact {
            settings::save(tx, &new).await?;
        }
    }
    for row in tx.rows("select id, name from roles", &[]).await? {
        let (id, name) = (row.text("id")?, row.text("name")?);
        let new = composed(&name);
        if new != name {
            tx.execute("update roles set name = $2 where id = $1", &values![id, new]).await?;
        }
    }
    Ok(None)
}

/// The titles of the next shifts behind an id; the last one's, or nothing at the end.
async fn compose_titles(tx: &mut Tx, after: &str) -> Result<Option<String>> {
    let sql = "select id, title from shifts where id > $1 order by id limit $2";
    let mut last = None;
    for row in tx.rows(sql, &values![after, BATCH]).await? {
        let (id, title) = (row.text("id")?, row.text("title")?);
        let new = composed(&title);
        if new != title {
            tx.execute("update shifts set title = $2 where id = $1", &values![&id, new]).await?;
        }
        last = Some(id);
    }
    Ok(last)
}

/// The next people behind a number; the last one's, or nothing at the end.
async fn people(tx: &mut Tx, after: i64) -> Result<Option<String>> {
    let mut people = users::behind(tx, after, BATCH).await?;
    for user in &mut people {
        let name = composed(&user.name);
        if name != user.name {
            tx.execute("update users set name = $2 where id = $1", &values![&user.id, &name]).await?;
            user.name = name;
        }
    }
    roster::renew_keys(tx, &people).await?;
    Ok(people.last().map(|last| last.number.to_string()))
}

#[cfg(test)]
mod tests {
    use super::rules;

    #[test]
    fn the_same_rules_have_one_fingerprint() {
        assert_eq!(rules(), rules());
        assert_eq!(rules().len(), 16);
    }
}
