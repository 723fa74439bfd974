//! The people of an invite form, each in a row: what was typed, and what came of it. Whoever is deleted leaves by rows (PR-01).

use super::clauses::awaits_approval;
use super::{Corrupt, Look, MOST_IN_A_LIST, Result, Row, Rows, Statement, Tx};
use crate::domain::contact::{Phone, PhoneProblem, in_letters};
use crate::domain::id::{DraftId, InvitationId, RoleId, UserId};
use crate::domain::message::Rest;
use crate::domain::paste::{PasteProblem, PastedKind, number_problem, read_paste};
use crate::domain::review::{RowCounts, RowKind, RowOutcome, RowSaid, SentRow, Verdict, stored};
use crate::domain::user::Status;
use crate::values;
use std::collections::BTreeSet;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InviteRow {
    pub id: String,
    pub position: i64,
    pub typed: String,
    pub name: String,
    /// Its own, if it has one.
    pub role: Option<RoleId>,
    /// What it asks has been answered.
    pub is_meant: bool,
    /// Whose row it is, as an address or a number is stored.
    pub contact: Option<String>,
    /// A number beside an address.
    pub phone: Option<String>,
    pub said: RowSaid,
    pub outcome: RowOutcome,
}

/// A verdict in columns.
#[derive(Default)]
struct Columns<'a> {
    code: Option<&'static str>,
    /// An address or a domain that the verdict names.
    other: Option<String>,
    person: Option<&'a UserId>,
    title: &'a str,
    status: Option<&'static str>,
    seconds: Option<i64>,
}

fn columns(verdict: &Verdict) -> Columns<'_> {
    let none = Columns::default();
    match verdict {
        Verdict::Ready => Columns { code: Some("ready"), ..none },
        Verdict::Misspelt { meant } => Columns { code: Some("misspelt"), other: Some(stored(meant)), ..none },
        Verdict::Similar { title, address } => {
            Columns { code: Some("similar"), other: Some(stored(address)), title, ..none }
        }
        Verdict::SameNumber { title, address } => {
            Columns { code: Some("same_number"), other: Some(stored(address)), title, ..none }
        }
        Verdict::OtherRole { text } => Columns { code: Some("other_role"), title: text, ..none },
        Verdict::OtherUnit { text } => Columns { code: Some("other_unit"), title: text, ..none },
        Verdict::NoMailServer { domain } => {
            Columns { code: Some("no_mail_server"), other: Some(domain.clone()), ..none }
        }
        Verdict::Known { user_id, title, status } => {
            Columns { code: Some("known"), person: Some(user_id), title, status: Some(status.code()), ..none }
        }
        Verdict::Joins { user_id, title, status } => {
            Columns { code: Some("joins"), person: Some(user_id), title, status: Some(status.code()), ..none }
        }
        // What is wrong with it is read again from what was typed; a number that was offered for it is not.
        Verdict::Broken { problem: PasteProblem::Phone(_), repair } => {
            Columns { code: Some("broken"), other: repair.clone(), ..none }
        }
        Verdict::Broken { .. } => Columns { code: Some("broken"), ..none },
        Verdict::Phone => Columns { code: Some("phone"), ..none },
        // The number is read again from what was typed.
        Verdict::DoubtfulPhone(problem) => {
            let doubt = problem.doubt().and_then(|doubt| serde_json::to_string(doubt).ok());
            Columns { code: Some("doubtful_phone"), other: doubt, ..none }
        }
        Verdict::Rests(rest) => {
            let code = match rest {
                Rest::Address { .. } => "address_rests",
                Rest::Inviter { .. } => "inviter_rests",
            };
            Columns { code: Some(code), seconds: Some(rest.seconds()), ..none }
        }
    }
}

fn read_verdict(code: &str, row: &Row) -> Result<Verdict> {
    let other = || -> Result<String> { Ok(row.maybe_text("other")?.ok_or_else(|| Corrupt::column("other"))?) };
    let known = || -> Result<(UserId, String, Status)> {
        let person = row.maybe_text("person_id")?.ok_or_else(|| Corrupt::column("person_id"))?;
        let status = row.maybe_text("status")?.as_deref().and_then(Status::from_code);
        Ok((UserId::new(person), row.text("title")?, status.ok_or_else(|| Corrupt::column("status"))?))
    };
    let seconds =
        || -> Result<i64> { Ok(row.maybe_number("rest_seconds")?.ok_or_else(|| Corrupt::column("rest_seconds"))?) };
    Ok(match code {
        "ready" => Verdict::Ready,
        "misspelt" => Verdict::Misspelt { meant: other()? },
        "similar" => Verdict::Similar { title: row.text("title")?, address: in_letters(&other()?) },
        "same_number" => Verdict::SameNumber { title: row.text("title")?, address: in_letters(&other()?) },
        "other_role" => Verdict::OtherRole { text: row.text("title")? },
        "other_unit" => Verdict::OtherUnit { text: row.text("title")? },
        "no_mail_server" => Verdict::NoMailServer { domain: other()? },
        "known" => {
            let (user_id, title, status) = known()?;
            Verdict::Known { user_id, title, status }
        }
        "joins" => {
            let (user_id, title, status) = known()?;
            Verdict::Joins { user_id, title, status }
        }
        "broken" => match read_paste(&row.text("typed")?).entries.into_iter().next().map(|pasted| pasted.kind) {
            Some(PastedKind::Broken { problem, repair }) => {
                Verdict::Broken { problem, repair: repair.or(row.maybe_text("other")?) }
            }
            // Or of the number beside it.
            _ => match row.maybe_text("phone")?.as_deref().and_then(number_problem) {
                Some((problem, repair)) => Verdict::Broken { problem, repair: repair.or(row.maybe_text("other")?) },
                None => Verdict::Ready,
            },
        },
        "phone" => Verdict::Phone,
        "doubtful_phone" => {
            let phone = match read_paste(&row.text("typed")?).entries.into_iter().next().map(|pasted| pasted.kind) {
                Some(PastedKind::Phone(phone)) => Some(phone),
                // It stands beside an address.
                _ => row.maybe_text("phone")?.and_then(|phone| Phone::parse(&phone).ok()),
            };
            match phone {
                Some(phone) => {
                    let doubt = serde_json::from_str(&other()?).map_err(|_| Corrupt::column("other"))?;
                    Verdict::DoubtfulPhone(PhoneProblem::Doubtful { phone, doubt })
                }
                None => Verdict::Ready,
            }
        }
        "address_rests" => Verdict::Rests(Rest::Address { seconds: seconds()? }),
        "inviter_rests" => Verdict::Rests(Rest::Inviter { seconds: seconds()? }),
        _ => return Err(Corrupt::column("verdict").into()),
    })
}

/// What a list said; nothing is an empty text.
fn read_said(text: &str) -> Result<RowSaid> {
    match text {
        "" => Ok(RowSaid::default()),
        text => Ok(serde_json::from_str(text).map_err(|_| Corrupt::column("said"))?),
    }
}

fn written(said: &RowSaid) -> String {
    if said.is_empty() { String::new() } else { serde_json::to_string(said).unwrap_or_default() }
}

fn read(row: &Row) -> Result<InviteRow> {
    row.of("invitation_rows", "id", |row| {
        let verdict = row.maybe_text("verdict")?.map(|code| read_verdict(&code, row)).transpose()?;
        let outcome = match (row.maybe_text("invitation_id")?, verdict) {
            (Some(invitation), _) => RowOutcome::Invited(InvitationId::new(invitation)),
            (None, Some(verdict)) => RowOutcome::Aside(verdict),
            (None, None) => RowOutcome::ToCome,
        };
        Ok(InviteRow {
            id: row.text("id")?,
            position: row.number("position")?,
            typed: row.text("typed")?,
            name: row.text("name")?,
            role: row.maybe_text("role_id")?.map(RoleId::new),
            is_meant: row.truth("is_meant")?,
            contact: row.maybe_text("contact")?,
            phone: row.maybe_text("phone")?,
            said: read_said(&row.text("said")?)?,
            outcome,
        })
    })
}

pub(super) fn look() -> Look {
    Look::at_table("invitation_rows", "id", |row| {
        read(row)?;
        row.of("invitation_rows", "id", |row| {
            for column in ["verdict", "other", "person_id", "status"] {
                row.maybe_text(column)?;
            }
            row.text("title")?;
            row.text("terms_id")?;
            row.maybe_number("rest_seconds").map(drop)
        })
    })
}

/// How large a row is, about, in bytes.
pub fn size(row: &InviteRow) -> usize {
    row.typed.len() + row.name.len() + written(&row.said).len() + 100
}

/// What came of a row, in columns.
fn outcome_of(row: &InviteRow) -> (Columns<'_>, Option<&InvitationId>) {
    match &row.outcome {
        RowOutcome::ToCome => (Columns::default(), None),
        RowOutcome::Aside(verdict) => (columns(verdict), None),
        RowOutcome::Invited(invitation) => (Columns::default(), Some(invitation)),
    }
}

/// Keeps rows of a form.
pub async fn insert_all<'a>(tx: &mut Tx, terms: &DraftId, all: impl IntoIterator<Item = &'a InviteRow>) -> Result<()> {
    let mut rows = Rows::new(
        "insert into invitation_rows (id, terms_id, position, typed, name, role_id, is_meant, contact, verdict, other, \
         person_id, title, status, rest_seconds, invitation_id, phone, said)",
    );
    for row in all {
        let (verdict, invitation) = outcome_of(row);
        rows.add(values![
            &row.id,
            terms,
            row.position,
            &row.typed,
            &row.name,
            row.role.as_ref(),
            row.is_meant,
            row.contact.as_deref(),
            verdict.code,
            verdict.other,
            verdict.person,
            verdict.title,
            verdict.status,
            verdict.seconds,
            invitation,
            row.phone.as_deref(),
            written(&row.said),
        ]);
    }
    rows.write(tx).await
}

/// Writes what came of rows that are kept.
pub async fn settle(tx: &mut Tx, all: &[InviteRow]) -> Result<()> {
    for some in all.chunks(MOST_IN_A_LIST) {
        let mut settled = Statement::new(
            "update invitation_rows set verdict = v.column2, other = v.column3, person_id = v.column4, title = v.column5, \
             status = v.column6, rest_seconds = v.column7, invitation_id = v.column8 from ",
        );
        settled.push_table(some.iter().map(|row| {
            let (verdict, invitation) = outcome_of(row);
            let Columns { code, other, person, title, status, seconds } = verdict;
            values![&row.id, code, other, person, title, status, seconds, invitation]
        }));
        settled.push(" v where invitation_rows.id = v.column1");
        settled.execute(tx).await?;
    }
    Ok(())
}

/// Writes rows anew, with what came of them.
pub async fn rewrite(tx: &mut Tx, terms: &DraftId, all: &[InviteRow]) -> Result<()> {
    let ids: Vec<&str> = all.iter().map(|row| row.id.as_str()).collect();
    for some in ids.chunks(MOST_IN_A_LIST) {
        let mut old = Statement::new("delete from invitation_rows where id in (");
        let places = old.bind_all(some.iter().copied());
        old.push(&format!("{places})"));
        old.execute(tx).await?;
    }
    insert_all(tx, terms, all).await
}

const SELECT: &str = "select id, position, typed, name, role_id, is_meant, contact, verdict, other, person_id, title, status, \
     rest_seconds, invitation_id, phone, said from invitation_rows";

async fn select(tx: &mut Tx, rest: &str, values: &[super::tx::Value]) -> Result<Vec<InviteRow>> {
    tx.rows(sqlx::AssertSqlSafe(format!("{SELECT} {rest}")), values).await?.iter().map(read).collect()
}

/// The next rows that nobody has judged yet.
pub async fn to_come(tx: &mut Tx, terms: &DraftId, most: usize) -> Result<Vec<InviteRow>> {
    let rest = "where terms_id = $1 and verdict is null and invitation_id is null order by position limit $2";
    select(tx, rest, &values![terms, most]).await
}

/// Those that were not invited.
pub async fn left(tx: &mut Tx, terms: &DraftId) -> Result<Vec<InviteRow>> {
    select(tx, "where terms_id = $1 and invitation_id is null order by position", &values![terms]).await
}

/// Of those that were not invited, the first that are not ready.
pub async fn left_and_not_ready(tx: &mut Tx, terms: &DraftId, most: usize) -> Result<Vec<InviteRow>> {
    let rest = "where terms_id = $1 and invitation_id is null and verdict not in ('ready', 'joins') order by position limit $2";
    select(tx, rest, &values![terms, most]).await
}

/// What the list said of its people and is not used, with their addresses as they were typed; of the first so many.
pub async fn unused(tx: &mut Tx, terms: &DraftId, most: usize) -> Result<Vec<(String, Vec<String>)>> {
    let sql = "select id, typed, said from invitation_rows where terms_id = $1 and said like '%unused%' order by position limit $2";
    let read = |row: &Row| {
        row.of("invitation_rows", "id", |row| Ok((row.text("typed")?, read_said(&row.text("said")?)?.unused)))
    };
    tx.rows(sql, &values![terms, most]).await?.iter().map(read).collect()
}

/// Those that were invited.
pub async fn invited(tx: &mut Tx, terms: &DraftId) -> Result<Vec<InviteRow>> {
    select(tx, "where terms_id = $1 and invitation_id is not null order by position", &values![terms]).await
}

/// Some of those, behind a position.
pub async fn invited_behind(tx: &mut Tx, terms: &DraftId, after: Option<i64>, most: usize) -> Result<Vec<InviteRow>> {
    let rest = "where terms_id = $1 and invitation_id is not null and position > $2 order by position limit $3";
    select(tx, rest, &values![terms, after.unwrap_or(i64::MIN), most]).await
}

/// The first of those that were invited, with their invitations as they are now.
pub async fn sent(tx: &mut Tx, terms: &DraftId, most: usize) -> Result<Vec<SentRow>> {
    let sql = concat!(
        "select i.id, i.user_id, i.address, i.other_address, ",
        awaits_approval!(),
        " as awaits_approval from invitation_rows r join invitations i on i.id = r.invitation_id where r.terms_id = $1 \
         order by r.position limit $2"
    );
    let read = |row: &Row| {
        Ok(SentRow {
            user_id: UserId::new(row.text("user_id")?),
            invitation: InvitationId::new(row.text("id")?),
            address: row.text("address")?,
            other: row.maybe_text("other_address")?,
            awaits_approval: row.truth("awaits_approval")?,
        })
    };
    tx.rows(sql, &values![terms, most]).await?.iter().map(read).collect()
}

/// How many rows a form has of each sort.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counted {
    pub to_come: usize,
    /// Judged and not invited.
    pub aside: RowCounts,
    pub invited: usize,
}

/// Counts the rows of a form.
pub async fn count(tx: &mut Tx, terms: &DraftId) -> Result<Counted> {
    let sql = "select verdict, invitation_id is not null as is_invited, count(*) as n from invitation_rows where terms_id = $1 \
               group by verdict, invitation_id is not null";
    let mut counted = Counted::default();
    for row in tx.rows(sql, &values![terms]).await? {
        let n = usize::try_from(row.number("n")?).unwrap_or_default();
        match (row.truth("is_invited")?, row.maybe_text("verdict")?) {
            (true, _) => counted.invited += n,
            (false, None) => counted.to_come += n,
            (false, Some(code)) => match kind_of(&code) {
                Some(kind) => counted.aside.add(kind, n),
                None => {
                    return Err(
                        Corrupt { table: "invitation_rows", column: "verdict".into(), id: terms.to_string() }.into()
                    );
                }
            },
        }
    }
    Ok(counted)
}

/// How a verdict of this code is counted.
fn kind_of(code: &str) -> Option<RowKind> {
    Some(match code {
        "ready" | "joins" => RowKind::Ready,
        "misspelt" | "similar" | "no_mail_server" | "doubtful_phone" | "same_number" | "other_role" | "other_unit" => {
            RowKind::ToCheck
        }
        "broken" | "phone" => RowKind::ToFix,
        "known" => RowKind::Here,
        "address_rests" | "inviter_rests" => RowKind::Later,
        _ => return None,
    })
}

/// Takes out the rows of people whose invitations never were.
pub async fn remove_invited(tx: &mut Tx, invitations: &[InvitationId]) -> Result<()> {
    Statement::for_each_of("delete from invitation_rows where invitation_id in", invitations, tx).await
}

/// Takes people out of everybody's rows: `names` are their ids, addresses, numbers and logins. A row in which they were only named
/// for comparison stays, and asks no more. The forms that rows were taken out of.
pub async fn erase(tx: &mut Tx, user: &UserId, names: &BTreeSet<String>) -> Result<BTreeSet<DraftId>> {
    let mut rows = Statement::new("delete from invitation_rows where contact in (");
    let places = rows.bind_all(names);
    rows.push(&format!(
        "{places}) or (other in ({places}) and verdict = 'misspelt') or person_id in ({places}) or invitation_id in \
         (select id from invitations where user_id = "
    ));
    let user = rows.bind(user);
    rows.push(&format!("{user}) returning terms_id"));
    let mut forms = BTreeSet::new();
    for row in rows.rows(tx).await? {
        forms.insert(DraftId::new(row.text("terms_id")?));
    }
    // A number that stands beside somebody else's address.
    let mut beside = Statement::new("update invitation_rows set phone = null where phone in (");
    let places = beside.bind_all(names);
    beside.push(&format!("{places})"));
    beside.execute(tx).await?;
    let mut alike = Statement::new(
        "update invitation_rows set verdict = 'ready', other = null, title = '' where verdict in ('similar', 'same_number') and other in (",
    );
    let places = alike.bind_all(names);
    alike.push(&format!("{places})"));
    alike.execute(tx).await?;
    Ok(forms)
}
