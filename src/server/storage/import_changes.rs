//! What an imported list changes about people who are there: each person once, with what becomes what, and what came of it. It goes with
//! the list, and with the person.

use super::{Corrupt, Look, Result, Row, Statement, Tx};
use crate::domain::bulk::BulkOutcome;
use crate::domain::id::{ImportId, UserId};
use crate::domain::import::PersonChange;
use crate::values;

/// What is changed about one person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportChange {
    pub position: i64,
    pub user_id: UserId,
    pub changes: Vec<PersonChange>,
    /// How all their places stood once it was done.
    pub left_as: Option<String>,
}

const COLUMNS: &str = "id, position, user_id, changes, left_as";

/// How many rows one statement writes.
const AT_ONCE: usize = 500;

fn read(row: &Row) -> Result<ImportChange> {
    row.of("import_changes", "id", |row| {
        let changes = serde_json::from_str(&row.text("changes")?).map_err(|_| Corrupt::column("changes"))?;
        Ok(ImportChange {
            position: row.number("position")?,
            user_id: UserId::new(row.text("user_id")?),
            changes,
            left_as: row.maybe_text("left_as")?,
        })
    })
}

pub(super) fn look() -> Look {
    Look::at_table("import_changes", "id", |row| {
        read(row)?;
        row.of("import_changes", "id", |row| {
            row.text("import_id")?;
            row.maybe_text("refusal")?;
            row.code("outcome", BulkOutcome::from_code).map(drop)
        })
    })
}

/// Writes down what is to be done.
pub async fn insert_all(tx: &mut Tx, import: &ImportId, all: &[ImportChange]) -> Result<()> {
    for some in all.chunks(AT_ONCE) {
        let mut rows =
            Statement::new("insert into import_changes (id, import_id, position, user_id, changes, outcome) values ");
        for (at, one) in some.iter().enumerate() {
            let changes = serde_json::to_string(&one.changes).unwrap_or_default();
            let values = rows.bind_all(values![
                format!("{import}-{}", one.position),
                import,
                one.position,
                &one.user_id,
                changes,
                BulkOutcome::Ready.code()
            ]);
            rows.push(&format!("{}({values})", if at == 0 { "" } else { ", " }));
        }
        rows.execute(tx).await?;
    }
    Ok(())
}

/// The next that is to be done.
pub async fn next(tx: &mut Tx, import: &ImportId) -> Result<Option<ImportChange>> {
    let sql =
        format!("select {COLUMNS} from import_changes where import_id = $1 and outcome = $2 order by position limit 1");
    let row = tx.maybe_row(sqlx::AssertSqlSafe(sql), &values![import, BulkOutcome::Ready.code()]).await?;
    row.as_ref().map(read).transpose()
}

/// What came of one.
pub async fn settle(
    tx: &mut Tx,
    import: &ImportId,
    position: i64,
    outcome: BulkOutcome,
    refusal: Option<&str>,
    left_as: Option<&str>,
) -> Result<()> {
    let sql =
        "update import_changes set outcome = $3, refusal = $4, left_as = $5 where import_id = $1 and position = $2";
    tx.execute(sql, &values![import, position, outcome.code(), refusal, left_as]).await?;
    Ok(())
}

/// What is still to be done is not done.
pub async fn pass_over_the_rest(tx: &mut Tx, import: &ImportId) -> Result<()> {
    let sql = "update import_changes set outcome = $3 where import_id = $1 and outcome = $2";
    tx.execute(sql, &values![import, BulkOutcome::Ready.code(), BulkOutcome::PassedOver.code()]).await?;
    Ok(())
}

/// The first that was done and not taken back.
pub async fn first_done(tx: &mut Tx, import: &ImportId) -> Result<Option<ImportChange>> {
    let sql =
        format!("select {COLUMNS} from import_changes where import_id = $1 and outcome = $2 order by position limit 1");
    let row = tx.maybe_row(sqlx::AssertSqlSafe(sql), &values![import, BulkOutcome::Done.code()]).await?;
    row.as_ref().map(read).transpose()
}

/// Forgets one that was taken back.
pub async fn remove(tx: &mut Tx, import: &ImportId, position: i64) -> Result<()> {
    let sql = "delete from import_changes where import_id = $1 and position = $2";
    tx.execute(sql, &values![import, position]).await?;
    Ok(())
}

/// How many came out in which way.
pub async fn tally(tx: &mut Tx, import: &ImportId) -> Result<Vec<(BulkOutcome, i64)>> {
    let sql = "select min(id) as id, outcome, count(*) as people from import_changes where import_id = $1 \
               group by outcome";
    let rows = tx.rows(sql, &values![import]).await?;
    let read = |row: &Row| {
        row.of("import_changes", "id", |row| Ok((row.code("outcome", BulkOutcome::from_code)?, row.number("people")?)))
    };
    rows.iter().map(read).collect()
}

/// Those of whom it could not be done, with why, the first ones.
pub async fn failed(tx: &mut Tx, import: &ImportId, most: usize) -> Result<Vec<(UserId, Option<String>)>> {
    let sql =
        "select user_id, refusal from import_changes where import_id = $1 and outcome = $2 order by position limit $3";
    let rows = tx.rows(sql, &values![import, BulkOutcome::Failed.code(), most]).await?;
    rows.iter().map(|row| Ok((UserId::new(row.text("user_id")?), row.maybe_text("refusal")?))).collect()
}

/// Forgets a deleted person (PR-01).
pub async fn erase(tx: &mut Tx, user: &UserId) -> Result<()> {
    tx.execute("delete from import_changes where user_id = $1", &values![user]).await?;
    Ok(())
}
