//! People who were selected for one action, and what became of each. They are kept by their numbers: when somebody is deleted,
//! nothing in here names them.

use super::{Database, Look, Result, Row, Rows, Statement, Tx};
use crate::domain::bulk::{BulkBefore, BulkOutcome, BulkState, asked_for, bulk_action};
use crate::domain::id::{BulkId, RoleId, UnitId, UserId};
use crate::domain::timestamp::Timestamp;
use crate::domain::user::{Status, UserAction};
use crate::values;

/// One action for those who were selected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BulkRun {
    pub id: BulkId,
    /// Whoever selected them.
    pub user_id: UserId,
    pub created_at: Timestamp,
    pub action: UserAction,
    pub state: BulkState,
    pub reason: String,
    pub role: Option<RoleId>,
    /// The unit into which they are brought, and whether they leave the one where they stand.
    pub unit: Option<UnitId>,
    pub leaves: bool,
    /// It gives back what each had before another run did this to them.
    pub takes_back: bool,
    /// The run whose people these are, where it is done to those of another one.
    pub of: Option<BulkId>,
    /// Where those stood who are meant; all of them where this is empty.
    pub meant: Vec<Status>,
    /// Until when it can be taken back whole.
    pub held_until: Option<Timestamp>,
}

impl BulkRun {
    /// What is asked of the policy.
    pub fn asks(&self) -> UserAction {
        asked_for(self.action, self.takes_back)
    }
}

/// Somebody who was selected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BulkRow {
    pub position: i64,
    /// The person's number.
    pub person: i64,
    /// Where they stood then.
    pub status: Status,
    pub outcome: BulkOutcome,
    /// Why it was not done, as `the one who asks` writes it.
    pub refusal: Option<String>,
    /// How they stood once it was done, where that can be taken back; of somebody of whom it is to be taken back, how they have to
    /// stand still.
    pub left_as: Option<String>,
    /// What they had before, where no other action gives it back.
    pub before: Option<BulkBefore>,
}

/// The same with whoever it is; nothing of somebody who was deleted.
#[derive(Clone, Debug)]
pub struct NamedRow {
    pub row: BulkRow,
    pub user_id: Option<UserId>,
}

/// How many came out like this.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BulkTally {
    pub outcome: BulkOutcome,
    pub status: Status,
    /// Why it was not done, as `the one who asks` writes it.
    pub refusal: Option<String>,
    pub people: i64,
}

const COLUMNS: &str = "id, user_id, created_at, action, state, reason, role_id, meant, held_until, unit_id, leaves, takes_back, of_run_id";

fn read_statuses(codes: &str) -> Option<Vec<Status>> {
    codes.split_ascii_whitespace().map(Status::from_code).collect()
}

fn codes(statuses: &[Status]) -> String {
    statuses.iter().map(|status| status.code()).collect::<Vec<_>>().join(" ")
}

fn read(row: &Row) -> Result<BulkRun> {
    row.of("bulk_runs", "id", |row| {
        Ok(BulkRun {
            id: BulkId::new(row.text("id")?),
            user_id: UserId::new(row.text("user_id")?),
            created_at: Timestamp(row.number("created_at")?),
            action: row.code("action", bulk_action)?,
            state: row.code("state", BulkState::from_code)?,
            reason: row.text("reason")?,
            role: row.maybe_text("role_id")?.map(RoleId::new),
            meant: row.code("meant", read_statuses)?,
            held_until: row.maybe_number("held_until")?.map(Timestamp),
            unit: row.maybe_text("unit_id")?.map(UnitId::new),
            leaves: row.truth("leaves")?,
            takes_back: row.truth("takes_back")?,
            of: row.maybe_text("of_run_id")?.map(BulkId::new),
        })
    })
}

fn read_refusal(text: &str) -> Option<String> {
    serde_json::from_str::<serde_json::Value>(text).is_ok().then(|| text.to_string())
}

fn read_before(text: &str) -> Option<BulkBefore> {
    serde_json::from_str(text).ok()
}

fn read_row(row: &Row) -> Result<BulkRow> {
    row.of("bulk_rows", "row_id", |row| {
        Ok(BulkRow {
            position: row.number("position")?,
            person: row.number("person")?,
            status: row.code("row_status", Status::from_code)?,
            outcome: row.code("outcome", BulkOutcome::from_code)?,
            refusal: row.maybe_code("refusal", read_refusal)?,
            left_as: row.maybe_text("left_as")?,
            before: row.maybe_code("had_before", read_before)?,
        })
    })
}

pub(super) fn looks() -> [Look; 2] {
    let runs = Look::at_table("bulk_runs", "id", |row| {
        read(row)?;
        row.of("bulk_runs", "id", |row| row.number("kept_until").map(drop))
    });
    let rows = Look::at_table("bulk_rows", "id", |row| {
        row.of("bulk_rows", "id", |row| {
            row.text("run_id")?;
            row.number("position")?;
            row.number("person")?;
            row.code("status", Status::from_code)?;
            row.code("outcome", BulkOutcome::from_code)?;
            row.maybe_text("left_as")?;
            row.maybe_code("had_before", read_before)?;
            row.maybe_code("refusal", read_refusal).map(drop)
        })
    });
    [runs, rows]
}

/// Keeps a run that is kept until then.
pub async fn insert(tx: &mut Tx, run: &BulkRun, kept_until: Timestamp) -> Result<()> {
    let sql = "insert into bulk_runs (id, user_id, created_at, kept_until, action, state, reason, role_id, meant, held_until, \
               takes_back, of_run_id) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    let values = values![
        &run.id,
        &run.user_id,
        run.created_at,
        kept_until,
        run.action.code(),
        run.state.code(),
        &run.reason,
        run.role.as_ref(),
        codes(&run.meant),
        run.held_until,
        run.takes_back,
        run.of.as_ref(),
    ];
    tx.execute(sql, &values).await?;
    Ok(())
}

fn written(before: Option<&BulkBefore>) -> Option<String> {
    before.and_then(|before| serde_json::to_string(before).ok())
}

/// Writes down who was selected; each comes with an id of its own.
pub async fn insert_rows(tx: &mut Tx, run: &BulkId, all: &[(String, BulkRow)]) -> Result<()> {
    let mut rows = Rows::new(
        "insert into bulk_rows (id, run_id, position, person, status, outcome, refusal, left_as, had_before)",
    );
    for (id, row) in all {
        rows.add(values![
            id,
            run,
            row.position,
            row.person,
            row.status.code(),
            row.outcome.code(),
            row.refusal.as_deref(),
            row.left_as.as_deref(),
            written(row.before.as_ref()),
        ]);
    }
    rows.write(tx).await
}

/// A run that is kept.
pub async fn find(tx: &mut Tx, id: &BulkId, now: Timestamp) -> Result<Option<BulkRun>> {
    let sql = format!("select {COLUMNS} from bulk_runs where id = $1 and kept_until > $2");
    tx.maybe_row(sqlx::AssertSqlSafe(sql), &values![id, now]).await?.as_ref().map(read).transpose()
}

/// The newest run that took back something of what this one did, or is at it.
pub async fn newest_of(tx: &mut Tx, id: &BulkId, now: Timestamp) -> Result<Option<BulkId>> {
    let sql = "select id from bulk_runs where of_run_id = $1 and kept_until > $2 and (state = 'under_way' or exists (select 1 \
               from bulk_rows r where r.run_id = bulk_runs.id and r.outcome = $3)) order by created_at desc, id desc limit 1";
    let row = tx.maybe_row(sql, &values![id, now, BulkOutcome::Done.code()]).await?;
    row.map(|row| row.text("id").map(BulkId::new)).transpose()
}

/// A run is as far as this now.
pub async fn set_state(
    tx: &mut Tx,
    id: &BulkId,
    state: BulkState,
    held_until: Option<Timestamp>,
    kept_until: Timestamp,
) -> Result<()> {
    let sql = "update bulk_runs set state = $2, held_until = $3, kept_until = $4 where id = $1";
    tx.execute(sql, &values![id, state.code(), held_until, kept_until]).await?;
    Ok(())
}

/// What goes with the action of a run, and who of those who were selected is meant.
pub async fn set_terms(tx: &mut Tx, run: &BulkRun) -> Result<()> {
    let sql = "update bulk_runs set reason = $2, role_id = $3, meant = $4, unit_id = $5, leaves = $6 where id = $1";
    let (role, unit) = (run.role.as_ref(), run.unit.as_ref());
    tx.execute(sql, &values![&run.id, &run.reason, role, codes(&run.meant), unit, run.leaves]).await?;
    Ok(())
}

/// How many came out in which way.
pub async fn tally(tx: &mut Tx, id: &BulkId) -> Result<Vec<BulkTally>> {
    let sql = "select outcome, status, refusal, count(*) as people from bulk_rows where run_id = $1 \
               group by outcome, status, refusal order by outcome, status, refusal";
    let rows = tx.rows(sql, &values![id]).await?;
    let read = |row: &Row| {
        row.of("bulk_rows", "outcome", |row| {
            Ok(BulkTally {
                outcome: row.code("outcome", BulkOutcome::from_code)?,
                status: row.code("status", Status::from_code)?,
                refusal: row.maybe_code("refusal", read_refusal)?,
                people: row.number("people")?,
            })
        })
    };
    rows.iter().map(read).collect()
}

/// The next of those to whom it is to be done, each with the person's id.
pub async fn ready(tx: &mut Tx, run: &BulkRun, most: usize) -> Result<Vec<(BulkRow, UserId)>> {
    let mut statement = Statement::new(
        "select r.id as row_id, r.position, r.person, r.status as row_status, r.outcome, r.refusal, r.left_as, r.had_before, u.id as user_id \
         from bulk_rows r join users u on u.number = r.person where r.run_id = ",
    );
    let (id, outcome) = (statement.bind(&run.id), statement.bind(BulkOutcome::Ready.code()));
    statement.push(&format!("{id} and r.outcome = {outcome}"));
    if !run.meant.is_empty() {
        let codes = statement.bind_all(run.meant.iter().map(|status| status.code()));
        statement.and(&format!("r.status in ({codes})"));
    }
    let most = statement.bind(most);
    statement.push(&format!(" order by r.position limit {most}"));
    let rows = statement.rows(tx).await?;
    rows.iter().map(|row| Ok((read_row(row)?, UserId::new(row.text("user_id")?)))).collect()
}

/// Writes down what became of somebody, as the row says it.
pub async fn settle(tx: &mut Tx, run: &BulkId, row: &BulkRow) -> Result<()> {
    let sql = "update bulk_rows set outcome = $3, refusal = $4, left_as = $6, had_before = $7 \
               where run_id = $1 and outcome = $5 and position = $2";
    let (outcome, ready) = (row.outcome.code(), BulkOutcome::Ready.code());
    let (refusal, left_as) = (row.refusal.as_deref(), row.left_as.as_deref());
    let values = values![run, row.position, outcome, refusal, ready, left_as, written(row.before.as_ref())];
    tx.execute(sql, &values).await?;
    Ok(())
}

const NAMED: &str = "select r.id as row_id, r.position, r.person, r.status as row_status, r.outcome, r.refusal, r.left_as, r.had_before, u.id as user_id \
    from bulk_rows r left join users u on u.number = r.person and u.deleted_at is null where r.run_id = $1 and r.outcome = $2";

async fn named(tx: &mut Tx, statement: Statement) -> Result<Vec<NamedRow>> {
    let rows = statement.rows(tx).await?;
    let read = |row: &Row| Ok(NamedRow { row: read_row(row)?, user_id: row.maybe_text("user_id")?.map(UserId::new) });
    rows.iter().map(read).collect()
}

/// The first of those who came out in this way and for this reason.
pub async fn first_of(
    tx: &mut Tx,
    id: &BulkId,
    outcome: BulkOutcome,
    refusal: Option<&str>,
    most: usize,
) -> Result<Vec<NamedRow>> {
    let mut statement = Statement::new(NAMED);
    statement.bind(id);
    statement.bind(outcome.code());
    if let Some(text) = refusal {
        let text = statement.bind(text);
        statement.and(&format!("r.refusal = {text}"));
    }
    let most = statement.bind(most);
    statement.push(&format!(" order by r.position limit {most}"));
    named(tx, statement).await
}

/// Those who came out in this way, behind a place of the list.
pub async fn behind(
    tx: &mut Tx,
    id: &BulkId,
    outcome: BulkOutcome,
    position: i64,
    most: usize,
) -> Result<Vec<NamedRow>> {
    let mut statement = Statement::new(NAMED);
    statement.bind(id);
    statement.bind(outcome.code());
    let (position, most) = (statement.bind(position), statement.bind(most));
    statement.push(&format!(" and r.position > {position} order by r.position limit {most}"));
    named(tx, statement).await
}

/// The runs of a person at which no job is, the newest first.
pub async fn of_user(tx: &mut Tx, user: &UserId) -> Result<Vec<BulkRun>> {
    let sql = format!(
        "select {COLUMNS} from bulk_runs where user_id = $1 and state <> 'under_way' order by created_at desc, id desc"
    );
    tx.rows(sqlx::AssertSqlSafe(sql), &values![user]).await?.iter().map(read).collect()
}

/// Forgets every run of a deleted person: from now on nobody finds it, and the next sweep takes the rows away.
pub async fn remove_of(tx: &mut Tx, user: &UserId) -> Result<()> {
    tx.execute("update bulk_runs set kept_until = 0, reason = '' where user_id = $1", &values![user]).await?;
    Ok(())
}

/// Forgets what a deleted person had before something was done to them among many.
pub async fn forget_before(tx: &mut Tx, number: i64) -> Result<()> {
    let sql = "update bulk_rows set had_before = null where person = $1 and had_before is not null";
    tx.execute(sql, &values![number]).await?;
    Ok(())
}

/// Forgets one run, its rows in small parts.
pub async fn remove(db: &Database, id: &BulkId) -> Result<()> {
    let rows = "delete from bulk_rows where id in (select id from bulk_rows where run_id = $1 limit 300)";
    db.touch_all(rows, &values![id]).await?;
    db.touch("delete from bulk_runs where id = $1", &values![id]).await?;
    Ok(())
}

/// Forgets the runs that are kept no longer, as long as no job is at them.
pub async fn sweep(db: &Database, now: Timestamp) -> Result<()> {
    for sql in [
        "delete from bulk_rows where id in (select r.id from bulk_runs b join bulk_rows r on r.run_id = b.id \
         where b.kept_until <= $1 and not exists (select 1 from jobs j where j.subject = b.id) limit 300)",
        "delete from bulk_runs where id in (select b.id from bulk_runs b where b.kept_until <= $1 \
         and not exists (select 1 from jobs j where j.subject = b.id) \
         and not exists (select 1 from bulk_rows r where r.run_id = b.id) limit 100)",
    ] {
        db.touch_all(sql, &values![now]).await?;
    }
    Ok(())
}
