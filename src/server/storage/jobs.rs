//! Work that goes on when the request that asked for it is answered: taken by one worker at a time, for a short time, which each
//! part of the work prolongs; whoever comes later holds a higher number, and the one before writes nothing any more (CO-07).

use super::{Database, Look, Result, Row, Tx};
use crate::domain::id::{JobId, UserId};
use crate::domain::job::{JobKind, LEASE, OwnJob};
use crate::domain::timestamp::Timestamp;
use crate::values;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimedJob {
    pub id: JobId,
    pub kind: JobKind,
    /// What it is about.
    pub subject: String,
    /// For whom it acts.
    pub user_id: UserId,
    /// How often it was put off.
    pub attempts: i64,
    /// The fencing number.
    pub lease_number: i64,
}

fn read(row: &Row) -> Result<ClaimedJob> {
    row.of("jobs", "id", |row| {
        Ok(ClaimedJob {
            id: JobId::new(row.text("id")?),
            kind: row.code("kind", JobKind::from_code)?,
            subject: row.text("subject")?,
            user_id: UserId::new(row.text("user_id")?),
            attempts: row.number("attempts")?,
            lease_number: row.number("lease_number")?,
        })
    })
}

pub(super) fn look() -> Look {
    Look::at_table("jobs", "id", |row| {
        read(row)?;
        row.of("jobs", "id", |row| {
            row.number("created_at")?;
            row.number("next_try_at")?;
            row.text("place")?;
            row.maybe_number("lease_until").map(drop)
        })
    })
}

/// A job to be done, not before `due_at`.
pub async fn insert(
    tx: &mut Tx,
    id: &JobId,
    kind: JobKind,
    subject: &str,
    user: &UserId,
    due_at: Timestamp,
    now: Timestamp,
) -> Result<()> {
    let sql = "insert into jobs (id, kind, subject, user_id, created_at, next_try_at, attempts, lease_number) \
               values ($1, $2, $3, $4, $5, $6, 0, 0)";
    tx.execute(sql, &values![id, kind.code(), subject, user, now, due_at]).await?;
    tx.has_job();
    Ok(())
}

/// A job that is begun at once by whoever asks for it; nobody else takes it before the lease ends.
pub async fn insert_held(
    tx: &mut Tx,
    id: &JobId,
    kind: JobKind,
    subject: &str,
    user: &UserId,
    now: Timestamp,
) -> Result<ClaimedJob> {
    let sql = "insert into jobs (id, kind, subject, user_id, created_at, next_try_at, attempts, lease_until, lease_number) \
               values ($1, $2, $3, $4, $5, $5, 0, $6, 1)";
    tx.execute(sql, &values![id, kind.code(), subject, user, now, now + LEASE]).await?;
    Ok(ClaimedJob {
        id: id.clone(),
        kind,
        subject: subject.into(),
        user_id: user.clone(),
        attempts: 0,
        lease_number: 1,
    })
}

/// What is due and held by nobody at `$1`.
const DUE: &str = "select id from jobs where next_try_at <= $1 and (lease_until is null or lease_until <= $1) \
    order by next_try_at, id limit 1";

/// Takes the job that is next, for [`LEASE`]. The outer condition repeats the inner one, since under Postgres two workers can
/// select the same row before either updates it.
pub async fn claim(db: &Database, now: Timestamp) -> Result<Option<ClaimedJob>> {
    // Looking costs no write lock; most looks find nothing.
    if db.read().await?.maybe_row(DUE, &values![now]).await?.is_none() {
        return Ok(None);
    }
    let sql = format!(
        "update jobs set lease_until = $2, lease_number = lease_number + 1 where id = ({DUE}) \
         and next_try_at <= $1 and (lease_until is null or lease_until <= $1) \
         returning id, kind, subject, user_id, attempts, lease_number"
    );
    let mut tx = db.write().await?;
    let row = tx.maybe_row(sqlx::AssertSqlSafe(sql), &values![now, now + LEASE]).await?;
    let job = row.as_ref().map(read).transpose()?;
    tx.commit().await?;
    Ok(job)
}

/// When the next job is due that nobody holds; `None` when there is none.
pub async fn next_due(tx: &mut Tx) -> Result<Option<Timestamp>> {
    let sql = "select min(case when lease_until is null or lease_until < next_try_at then next_try_at else lease_until end) \
               as due from jobs";
    Ok(tx.row(sql, &[]).await?.maybe_number("due")?.map(Timestamp))
}

/// Holds a job on, in the transaction of a part of its work; `false` when somebody else has it, or it was taken back: then nothing
/// may be written.
pub async fn hold_on(tx: &mut Tx, job: &ClaimedJob, now: Timestamp) -> Result<bool> {
    let sql = "update jobs set lease_until = $3, attempts = 0 where id = $1 and lease_number = $2";
    Ok(tx.execute(sql, &values![&job.id, job.lease_number, now + LEASE]).await? == 1)
}

/// How far a job is, as whoever does it wrote it.
pub async fn place(tx: &mut Tx, job: &ClaimedJob) -> Result<String> {
    let row = tx.maybe_row("select place from jobs where id = $1", &values![&job.id]).await?;
    row.map_or(Ok(String::new()), |row| row.text("place"))
}

/// Writes down how far a job is.
pub async fn note_place(tx: &mut Tx, id: &JobId, place: &str) -> Result<()> {
    tx.execute("update jobs set place = $2 where id = $1", &values![id, place]).await?;
    Ok(())
}

/// A job is over; `false` when somebody else has it.
pub async fn finish(tx: &mut Tx, job: &ClaimedJob) -> Result<bool> {
    let sql = "delete from jobs where id = $1 and lease_number = $2";
    Ok(tx.execute(sql, &values![&job.id, job.lease_number]).await? == 1)
}

/// Puts a job off that could not go on.
pub async fn put_off(tx: &mut Tx, job: &ClaimedJob, until: Timestamp) -> Result<()> {
    let sql = "update jobs set next_try_at = $3, lease_until = null, attempts = attempts + 1 where id = $1 and lease_number = $2";
    tx.execute(sql, &values![&job.id, job.lease_number, until]).await?;
    Ok(())
}

/// Gives a job back, for whoever comes next.
pub async fn release(tx: &mut Tx, job: &ClaimedJob) -> Result<()> {
    tx.execute(
        "update jobs set lease_until = null where id = $1 and lease_number = $2",
        &values![&job.id, job.lease_number],
    )
    .await?;
    Ok(())
}

/// Puts a job behind those that wait, where another one does; whether it did.
pub async fn give_way(tx: &mut Tx, job: &ClaimedJob, now: Timestamp) -> Result<bool> {
    let sql = "update jobs set next_try_at = $3, lease_until = null where id = $1 and lease_number = $2 and exists \
               (select 1 from jobs o where o.id <> $1 and o.next_try_at <= $3 and (o.lease_until is null or o.lease_until <= $3))";
    Ok(tx.execute(sql, &values![&job.id, job.lease_number, now]).await? == 1)
}

/// Ends a job, whoever is at it: what they are doing at this moment is not kept.
pub async fn end(tx: &mut Tx, kind: JobKind, subject: &str) -> Result<()> {
    tx.execute("delete from jobs where kind = $1 and subject = $2", &values![kind.code(), subject]).await?;
    Ok(())
}

/// Whether there is a job about something.
pub async fn is_any_about(tx: &mut Tx, kind: JobKind, subject: &str) -> Result<bool> {
    let sql = "select id from jobs where kind = $1 and subject = $2";
    Ok(tx.maybe_row(sql, &values![kind.code(), subject]).await?.is_some())
}

/// What goes on for somebody, the oldest first; a few of it.
pub async fn of_user(tx: &mut Tx, user: &UserId, most: usize) -> Result<Vec<OwnJob>> {
    let sql = "select id, kind, subject from jobs where user_id = $1 order by created_at, id limit $2";
    let read = |row: &Row| {
        row.of("jobs", "id", |row| {
            Ok(OwnJob { kind: row.code("kind", JobKind::from_code)?, subject: row.text("subject")? })
        })
    };
    tx.rows(sql, &values![user, most]).await?.iter().map(read).collect()
}

/// Takes a job back that is not due yet; whether there was one.
pub async fn take_back(tx: &mut Tx, kind: JobKind, subject: &str, now: Timestamp) -> Result<bool> {
    let sql = "delete from jobs where kind = $1 and subject = $2 and next_try_at > $3 and lease_number = 0";
    Ok(tx.execute(sql, &values![kind.code(), subject, now]).await? == 1)
}

/// Lets a job begin at once.
pub async fn hurry(tx: &mut Tx, kind: JobKind, subject: &str, now: Timestamp) -> Result<()> {
    let sql = "update jobs set next_try_at = $3 where kind = $1 and subject = $2 and next_try_at > $3";
    tx.execute(sql, &values![kind.code(), subject, now]).await?;
    tx.has_job();
    Ok(())
}
