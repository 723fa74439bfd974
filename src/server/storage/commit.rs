//! What a write transaction remembers, and what its commit does about it: whose rows of the lists are to be written, whom to
//! ring, and whether the deed has a line in the history. What is written marks it by itself, so that no caller has to think of
//! it. Statements are run in `tx`; what the lists show is said in `roster`.

use super::error::{Error, Result};
use super::statement::Statement;
use super::tx::{Tx, Value};
use super::{roster, unfinished};
use crate::domain::id::UserId;
use crate::domain::timestamp::Timestamp;
use sqlx::SqlSafeStr;
use std::collections::BTreeSet;
use tokio::sync::Notify;

/// Of how many people the lists are written before a commit: as many as one part of an invitation round has at most, so that
/// nobody holds the writer for long (H-06). The lines of more are left to upkeep, in small parts.
const MOST_AT_ONCE: usize = 50;

/// The tables that change without a line in the history, each with the reason.
const WITHOUT_A_LINE: [(&str, &str); 25] = [
    ("attempts", "counts of tries"),
    ("letters", "counts of messages"),
    ("messages", "a message has a history of its own"),
    ("message_events", "that is this history"),
    ("audit_events", "lines themselves: they are erased with those whom they name"),
    ("notes", "texts that somebody keeps for themselves while they type"),
    ("invitation_terms", "a form that is kept: nobody is invited yet"),
    ("invitation_rows", "the rows of that form"),
    ("invitation_rounds", "how far that form was sent"),
    ("bulk_runs", "what is asked of many: what is done to each has its line"),
    ("bulk_rows", "those who were selected for it"),
    ("imports", "a list that is looked at: nobody of it is taken by that"),
    ("import_changes", "what it changes: each change has its line when it is done"),
    ("jobs", "work to come: it leaves lines as it goes"),
    ("unfinished", "what is left of a change that has its line"),
    ("to_tell", "what it tells of has a line"),
    ("security_reports", "about whom a message is that has a line"),
    ("heartbeat", "shows that writing works"),
    ("saved_views", "to which lists somebody likes to come back"),
    ("table_layouts", "how somebody likes to look at a list"),
    ("roster", "the lists follow from the facts"),
    ("roster_counts", "the lists follow from the facts"),
    ("user_search", "the lists follow from the facts"),
    ("user_search_by_name", "the lists follow from the facts"),
    ("user_search_place", "the lists follow from the facts"),
];

/// Rung after a commit, for whoever goes on with what it left to do; who is not rung looks from time to time.
#[derive(Debug, Default)]
pub struct Bells {
    /// A message was queued, or may leave sooner.
    pub outbox: Notify,
    /// There is a job to be done, or it may begin sooner.
    pub jobs: Notify,
    /// Lines of the lists were left to be written.
    pub lists: Notify,
}

/// What a transaction remembers until its commit.
#[derive(Debug, Default)]
pub(super) struct Remembered {
    /// It was begun for upkeep, which is no deed and has no line.
    is_upkeep: bool,
    /// The people of whom the lists show something else now.
    touched: BTreeSet<UserId>,
    /// The moment of the newest change.
    at: Option<Timestamp>,
    /// A table whose rows changed and that asks for a line.
    changed: Option<String>,
    has_line: bool,
    rings_outbox: bool,
    rings_jobs: bool,
    rings_lists: bool,
}

impl Remembered {
    pub(super) fn of_upkeep() -> Self {
        Self { is_upkeep: true, ..Self::default() }
    }

    /// The table that a statement is about to change, where that asks for a line.
    pub(super) fn asked_by(&self, sql: &str) -> Option<String> {
        if self.is_upkeep || self.has_line {
            return None;
        }
        let table = changed_by(sql)?;
        WITHOUT_A_LINE.iter().all(|(free, _)| *free != table).then(|| table.to_string())
    }

    /// Rows of this table changed.
    pub(super) fn changed(&mut self, table: Option<String>) {
        self.changed = table.or(self.changed.take());
    }

    /// What the lists show of these people was just written.
    pub(super) fn are_fresh(&mut self, people: &[UserId]) {
        self.touched.retain(|touched| !people.contains(touched));
    }
}

/// The table whose rows a statement changes; `None` of one that only reads.
pub(super) fn changed_by(sql: &str) -> Option<&str> {
    let mut words = sql.split_ascii_whitespace();
    let table = match words.next()? {
        "insert" | "delete" => words.nth(1)?,
        "update" => words.next()?,
        _ => return None,
    };
    Some(table.split('(').next().unwrap_or(table).trim_matches('"'))
}

impl Tx {
    /// What the users list shows of this person changed at this moment: their rows are written with the commit.
    pub fn touch(&mut self, person: &UserId, now: Timestamp) {
        self.remembered.touched.insert(person.clone());
        self.remembered.at = self.remembered.at.max(Some(now));
    }

    /// The same of several.
    pub(super) fn touch_all(&mut self, people: &[UserId], now: Timestamp) {
        people.iter().for_each(|person| self.touch(person, now));
    }

    /// Runs a statement that ends in `returning user_id`, and touches those whose rows it changed; how many rows.
    pub(super) async fn execute_touching(
        &mut self,
        sql: impl SqlSafeStr,
        values: &[Value],
        now: Timestamp,
    ) -> Result<usize> {
        let rows = self.rows(sql, values).await?;
        for row in &rows {
            if let Some(person) = row.maybe_text("user_id")? {
                self.touch(&UserId::new(person), now);
            }
        }
        Ok(rows.len())
    }

    /// The lists stay as they are, for whoever would rather have the rest written without them than nothing: the next change
    /// of the same people puts them right.
    pub fn leave_the_lists(&mut self) {
        self.remembered.touched.clear();
    }

    /// A message was queued, or may leave sooner than before.
    pub(super) fn queued(&mut self) {
        self.remembered.rings_outbox = true;
    }

    /// There is a job, or it may begin sooner than before.
    pub(super) fn has_job(&mut self) {
        self.remembered.rings_jobs = true;
    }

    /// Lines of the lists were left to be written.
    pub(super) fn left_lists(&mut self) {
        self.remembered.rings_lists = true;
    }

    /// The deed has a line in the history.
    pub(super) fn has_line(&mut self) {
        self.remembered.has_line = true;
    }

    /// Makes everything that was written in here true, at once, with what the lists show of everybody whom it touched. Then
    /// whoever has more to do is rung.
    ///
    /// # Errors
    /// `Unrecorded` when a deed has no line in the history, and `Unsure` when nobody can say whether it was kept. After any
    /// other, nothing was.
    pub async fn commit(mut self) -> Result<()> {
        if !self.is_open_for_writing() {
            return Ok(());
        }
        if let (false, Some(table)) = (self.remembered.has_line, self.remembered.changed.take()) {
            return Err(Error::Unrecorded(table));
        }
        self.write_lists().await?;
        let Remembered { rings_outbox, rings_jobs, rings_lists, .. } = std::mem::take(&mut self.remembered);
        let db = self.database().clone();
        self.end().await?;
        let bells = db.bells();
        for (is_rung, bell) in [(rings_outbox, &bells.outbox), (rings_jobs, &bells.jobs), (rings_lists, &bells.lists)] {
            if is_rung {
                bell.notify_one();
            }
        }
        Ok(())
    }

    /// Writes what the lists show of those who were touched, or leaves it to upkeep where they are many.
    async fn write_lists(&mut self) -> Result<()> {
        let touched: Vec<UserId> = std::mem::take(&mut self.remembered.touched).into_iter().collect();
        match self.remembered.at {
            Some(now) if touched.len() <= MOST_AT_ONCE => roster::refresh(self, &touched, now).await,
            _ => unfinished::begin_with_people(self, &touched).await,
        }
    }
}

impl Statement {
    /// As [`Statement::for_each_of_with`], of rows that belong to people: these are touched.
    pub(super) async fn touch_each_of_with<'a, T>(
        sql: &str,
        first: &[Value],
        all: &'a [T],
        now: Timestamp,
        tx: &mut Tx,
    ) -> Result<()>
    where
        &'a T: Into<Value>,
    {
        for some in all.chunks(super::MOST_IN_A_LIST) {
            let mut statement = Self { sql: sql.into(), values: first.to_vec() };
            let places = statement.bind_all(some);
            statement.push(&format!(" ({places}) returning user_id"));
            tx.execute_touching(sqlx::AssertSqlSafe(statement.sql), &statement.values, now).await?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::changed_by;

    #[test]
    fn a_statement_says_which_table_it_changes() {
        for (sql, table) in [
            ("insert into users (id) values ($1)", Some("users")),
            ("insert into units(id) values ($1)", Some("units")),
            ("update memberships set extra = $1", Some("memberships")),
            ("\n  delete from memberships as m where m.id = $1", Some("memberships")),
            ("delete from \"roles\"", Some("roles")),
            ("select id from users for update", None),
            ("with asked (low) as (values ($1)) select id from users", None),
            ("analyze", None),
            ("", None),
        ] {
            assert_eq!(changed_by(sql), table, "{sql}");
        }
    }
}
