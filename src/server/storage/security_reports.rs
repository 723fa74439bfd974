//! What a security report is made of, for many people at once: how often they came in, what is open, of what kind the password is;
//! and about whom a report is that goes by mail. Nothing secret leaves this file.

use super::{Look, Result, Row, Statement, Tx};
use crate::domain::audit::AuditAction;
use crate::domain::id::{MessageId, UnitId, UserId};
use crate::domain::security_report::{PasswordFact, ReportSubject};
use crate::domain::timestamp::Timestamp;
use crate::domain::unit::UnitPath;
use crate::values;
use std::collections::{HashMap, HashSet};

/// How often something happened to somebody, and when last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Times {
    pub count: i64,
    pub last: Option<Timestamp>,
}

/// Keeps about whom a queued message is.
pub async fn insert(tx: &mut Tx, message: &MessageId, about: &ReportSubject) -> Result<()> {
    let (user, unit) = match about {
        ReportSubject::Person(id) => (Some(id), None),
        ReportSubject::Unit(id) => (None, Some(id)),
    };
    let sql = "insert into security_reports (message_id, about_user, about_unit) values ($1, $2, $3)";
    tx.execute(sql, &values![message, user, unit]).await?;
    Ok(())
}

/// About whom a message is; nothing where nobody knows.
pub async fn find(tx: &mut Tx, message: &MessageId) -> Result<Option<ReportSubject>> {
    let sql = "select message_id, about_user, about_unit from security_reports where message_id = $1";
    let row = tx.maybe_row(sql, &values![message]).await?;
    Ok(row.as_ref().map(read).transpose()?.flatten())
}

fn read(row: &Row) -> Result<Option<ReportSubject>> {
    row.of("security_reports", "message_id", |row| {
        let (user, unit) = (row.maybe_text("about_user")?, row.maybe_text("about_unit")?);
        let person = user.map(|id| ReportSubject::Person(UserId::new(id)));
        Ok(person.or(unit.map(|id| ReportSubject::Unit(UnitId::new(id)))))
    })
}

pub(super) fn look() -> Look {
    Look::at_table("security_reports", "message_id", |row| read(row).map(drop))
}

/// Runs a statement that counts for some hundred people at a time: `begin` ends where their ids are listed, `end` follows them.
async fn count_for(
    tx: &mut Tx,
    people: &[UserId],
    begin: &Statement,
    end: &str,
    mut take: impl FnMut(&Row) -> Result<()>,
) -> Result<()> {
    for some in people.chunks(super::MOST_IN_A_LIST) {
        let mut statement = begin.clone();
        let ids = statement.bind_all(some);
        statement.push(&format!("{ids}){end}"));
        for row in statement.rows(tx).await? {
            take(&row)?;
        }
    }
    Ok(())
}

/// How many sessions of these people go on.
pub async fn sessions(tx: &mut Tx, people: &[UserId], now: Timestamp) -> Result<HashMap<UserId, i64>> {
    open_of(tx, people, "select user_id, count(*) as n from sessions where expires_at > ", now).await
}

/// How many tokens of theirs work.
pub async fn tokens(tx: &mut Tx, people: &[UserId], now: Timestamp) -> Result<HashMap<UserId, i64>> {
    open_of(tx, people, "select user_id, count(*) as n from api_tokens where expires_at > ", now).await
}

async fn open_of(tx: &mut Tx, people: &[UserId], sql: &str, now: Timestamp) -> Result<HashMap<UserId, i64>> {
    let mut begin = Statement::new(sql);
    let moment = begin.bind(now);
    begin.push(&format!("{moment} and user_id in ("));
    let mut found = HashMap::new();
    count_for(tx, people, &begin, " group by user_id", |row| {
        found.insert(UserId::new(row.text("user_id")?), row.number("n")?);
        Ok(())
    })
    .await?;
    Ok(found)
}

/// What these people sign in with.
pub async fn passwords(tx: &mut Tx, people: &[UserId]) -> Result<HashMap<UserId, PasswordFact>> {
    let begin = Statement::new(
        "select id, password_hash is not null as has_one, password_changed_at, temporary_until from users where id in (",
    );
    let mut found = HashMap::new();
    count_for(tx, people, &begin, "", |row| {
        let fact = match row.maybe_number("temporary_until")? {
            _ if !row.truth("has_one")? => PasswordFact::None,
            Some(until) => PasswordFact::Temporary { until: Timestamp(until) },
            None => PasswordFact::Own { since: row.maybe_number("password_changed_at")?.map(Timestamp) },
        };
        found.insert(UserId::new(row.text("id")?), fact);
        Ok(())
    })
    .await?;
    Ok(found)
}

/// How often each of these people is the subject of such lines of the history since a moment, as far as somebody sees them who
/// reaches these units.
pub async fn times(
    tx: &mut Tx,
    people: &[UserId],
    actions: &[AuditAction],
    reach: &[&UnitPath],
    since: Timestamp,
) -> Result<HashMap<UserId, Times>> {
    let mut begin = Statement::new(
        "select e.subject_id, count(*) as n, max(e.at) as newest from audit_events e \
         left join units n on n.id = e.unit_id where e.id >= ",
    );
    let (first, codes) = (begin.bind(first_id_at(since)), actions.iter().map(|action| action.code()));
    begin.push(&first);
    let codes = begin.bind_all(codes);
    begin.and(&format!("e.action in ({codes}) and (e.unit_id is null"));
    for path in reach {
        let (low, high) = (begin.bind(path.as_str()), begin.bind(path.end()));
        begin.push(&format!(" or (n.path >= {low} and n.path < {high})"));
    }
    begin.push(") and e.subject_id in (");
    let mut found = HashMap::new();
    count_for(tx, people, &begin, " group by e.subject_id", |row| {
        let times = Times { count: row.number("n")?, last: row.maybe_number("newest")?.map(Timestamp) };
        found.insert(UserId::new(row.text("subject_id")?), times);
        Ok(())
    })
    .await?;
    Ok(found)
}

/// With what browsers somebody came in since a moment, the newest first; each once.
pub async fn devices(tx: &mut Tx, person: &UserId, since: Timestamp, most: usize) -> Result<Vec<String>> {
    let sql = "select after from audit_events where subject_id = $1 and action = 'signed_in' and id >= $2 and after <> '' \
               order by id desc limit 500";
    let mut known = HashSet::new();
    let rows = tx.rows(sql, &values![person, first_id_at(since)]).await?;
    let names = rows.iter().map(|row| row.text("after")).collect::<Result<Vec<_>>>()?;
    Ok(names.into_iter().filter(|name| known.insert(name.clone())).take(most).collect())
}

/// When somebody last came in with a password.
pub async fn last_sign_in(tx: &mut Tx, person: &UserId) -> Result<Option<Timestamp>> {
    let sql = "select at from audit_events where subject_id = $1 and action = 'signed_in' order by id desc limit 1";
    let row = tx.maybe_row(sql, &values![person]).await?;
    row.map(|row| row.number("at").map(Timestamp)).transpose()
}

/// Wrong passwords under these names that no right one followed, and since when they are counted.
pub async fn failures(tx: &mut Tx, names: &[String], now: Timestamp) -> Result<HashMap<String, (i64, Timestamp)>> {
    let mut found = HashMap::new();
    for some in names.chunks(super::MOST_IN_A_LIST) {
        let mut statement = Statement::new("select subject, tries, ends_at from attempts where ends_at > ");
        let moment = statement.bind(now);
        let names = statement.bind_all(some);
        statement.push(&format!("{moment} and subject in ({names})"));
        for row in statement.rows(tx).await? {
            found.insert(row.text("subject")?, (row.number("tries")?, Timestamp(row.number("ends_at")?)));
        }
    }
    Ok(found)
}

/// What every id is behind that was made at this moment or later: ids begin with their millisecond (UUIDv7), and so the index by
/// person and id is read from there on.
pub(super) fn first_id_at(moment: Timestamp) -> String {
    let millis = moment.0.max(0);
    format!("{:08x}-{:04x}", millis >> 16, millis & 0xffff)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_made_at_a_moment_stand_behind_what_begins_there() {
        let (made, id) = (Timestamp(0x0189_0a5d_ac96), "01890a5d-ac96-774b-bcce-b302099a8057");
        assert_eq!(first_id_at(made), "01890a5d-ac96");
        assert!(*id >= *first_id_at(made) && *id < *first_id_at(Timestamp(made.0 + 1)));
        assert_eq!(first_id_at(Timestamp(-5)), "00000000-0000");
    }
}
