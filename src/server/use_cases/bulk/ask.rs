//! Who is selected: those whose rows were ticked, everybody whom a list shows, or those to whom another run did something. Each is
//! written down with what stands against the action, so that it is said before anything is done.

use super::{QUESTION_AGE, refusal_text, stands};
use crate::domain::bulk::{
    BulkOutcome, BulkState, ListedPerson, MOST_NAMED, MOST_SELECTED, asked_for, is_kept_of_each, why_not_in_bulk,
};
use crate::domain::contact::Channel;
use crate::domain::error::{Conflict, Invalid};
use crate::domain::id::{BulkId, UserId};
use crate::domain::listing::{Cursor, InvitationQuery, PageSize, UserQuery};
use crate::domain::permission::Permission;
use crate::domain::policy::{Authority, Request, needed_for};
use crate::domain::role::Role;
use crate::domain::settings::InvitesBy;
use crate::domain::timestamp::Timestamp;
use crate::domain::user::UserAction;
use crate::server::app::App;
use crate::server::random;
use crate::server::storage::bulk::{BulkRow, BulkRun};
use crate::server::storage::{Tx, bulk, invitations, roles, roster};
use crate::server::use_cases::directory::DirectoryEntry;
use crate::server::use_cases::invitations::made_before;
use crate::server::use_cases::{self, Actor, UseCaseError, require, scope, seen, views};
use std::collections::BTreeSet;

/// How many rows are written in one transaction.
const WRITTEN_AT_ONCE: usize = 1_000;

/// How many unanswered questions of one person are kept.
const MOST_QUESTIONS: usize = 5;

/// How many runs of one person are kept at all.
const MOST_RUNS: usize = 50;

/// What is to be done to whom.
#[derive(Clone, Debug)]
pub struct BulkWish {
    pub action: UserAction,
    /// Those whose rows were ticked.
    pub who: Vec<String>,
    /// Everybody whom this list shows instead.
    pub all: Option<UserQuery>,
    /// Those instead who are waited for of a list of invitations.
    pub waited_for: Option<InvitationQuery>,
    /// But these.
    pub but: BTreeSet<UserId>,
    /// Those instead to whom this run did something.
    pub of: Option<BulkId>,
}

/// Whoever selects, and by what each who is selected is judged.
struct Selector<'a> {
    authority: &'a Authority,
    roles: &'a [Role],
    action: UserAction,
    /// It is to give back what each had before another run did it to them.
    takes_back: bool,
    invites_by: InvitesBy,
    rows: Vec<BulkRow>,
    known: BTreeSet<i64>,
}

impl Selector<'_> {
    /// `done` is what another run wrote down of them, where that is to be taken back, and whether they were changed since.
    fn take(&mut self, number: i64, person: &ListedPerson<'_>, done: Option<(BulkRow, bool)>) {
        if person.held.is_empty() || !self.known.insert(number) {
            return;
        }
        let refusal = match &done {
            Some((_, true)) => Some(Conflict::AccessChanged.into()),
            _ => why_not_in_bulk((self.action, self.takes_back), self.authority, self.roles, person),
        };
        let done = done.map(|(row, _)| row).filter(|_| refusal.is_none());
        let refusal = refusal.and_then(refusal_text);
        self.rows.push(BulkRow {
            position: i64::try_from(self.rows.len()).unwrap_or(i64::MAX),
            person: number,
            status: person.status,
            outcome: if refusal.is_some() { BulkOutcome::PassedOver } else { BulkOutcome::Ready },
            refusal,
            left_as: done.as_ref().and_then(|row| row.left_as.clone()),
            before: done.and_then(|row| row.before).filter(|_| self.takes_back),
        });
    }

    /// Those of these who are seen; the others are as if they were not there. What another run did is taken back of those alone who
    /// stand as it left them.
    async fn take_named(
        &mut self,
        tx: &mut Tx,
        who: Vec<(UserId, Option<BulkRow>)>,
        now: Timestamp,
    ) -> Result<(), UseCaseError> {
        for (id, done) in who {
            let person = match seen(tx, self.authority, UserAction::See, &id, now).await {
                Err(UseCaseError::NotFound) => continue,
                person => person?,
            };
            let (held, number) = (views::held(&person.seen), person.user.number);
            let done = match done {
                Some(row) => {
                    let stands = stands(tx, self.action, &id).await?;
                    let is_the_same = row.left_as.as_deref().is_none_or(|left_as| left_as == stands.as_str());
                    let was_changed = !is_the_same || (self.takes_back && row.before.is_none());
                    Some((row, was_changed))
                }
                None => None,
            };
            self.take(
                number,
                &ListedPerson {
                    id: &id,
                    held: &held,
                    elsewhere: person.seen.len() < person.all.len(),
                    status: person.status,
                    can_be_written_to: person.user.address().is_some(),
                    can_be_invited: self.invites_by.includes(Channel::Sms) || person.user.email.is_some(),
                },
                done,
            );
        }
        Ok(())
    }

    /// Those of a list of invitations who are waited for.
    async fn take_waited_for(
        &mut self,
        tx: &mut Tx,
        query: &InvitationQuery,
        but: &BTreeSet<UserId>,
        now: Timestamp,
    ) -> Result<(), UseCaseError> {
        let unit = scope(tx, self.authority, Permission::SeeInvitations, query.unit.as_ref()).await?;
        let made_before = query.older.map(|days| made_before(days, now));
        for status in query.waited_for() {
            let of_status = UserQuery { unit: Some(unit.id.clone()), ..UserQuery::default() }.with_status(Some(status));
            self.take_all(tx, &of_status, made_before.as_deref(), but, now).await?;
        }
        Ok(())
    }

    /// Everybody whom a list shows, but these; where it is said, only who was invited before the first id of a moment.
    async fn take_all(
        &mut self,
        tx: &mut Tx,
        query: &UserQuery,
        invited_before: Option<&str>,
        but: &BTreeSet<UserId>,
        now: Timestamp,
    ) -> Result<(), UseCaseError> {
        let unit = scope(tx, self.authority, Permission::SeeUsers, query.unit.as_ref()).await?;
        let counts = roster::counts(tx, &unit.id).await?;
        let mut query = UserQuery { size: PageSize::of_a_walk(), ..query.from_start() };
        loop {
            let page = roster::page(tx, &unit.id, &query, &counts, now).await?;
            let invited = match invited_before {
                Some(before) => {
                    let people: Vec<UserId> = page.lines.iter().map(|line| line.id.clone()).collect();
                    Some(invitations::invited_before(tx, &unit.path, &people, before).await?)
                }
                None => None,
            };
            for line in page.lines {
                if invited.as_ref().is_some_and(|invited| !invited.contains(&line.id)) {
                    continue;
                }
                let (number, can_be_written_to) = (line.number, line.address().is_some());
                let can_be_invited = self.invites_by.includes(Channel::Sms) || line.email.is_some();
                let entry = DirectoryEntry::of_line(line, self.authority, now);
                if but.contains(&entry.id) {
                    continue;
                }
                self.take(
                    number,
                    &ListedPerson {
                        id: &entry.id,
                        held: &entry.held,
                        elsewhere: entry.elsewhere,
                        status: entry.status,
                        can_be_written_to,
                        can_be_invited,
                    },
                    None,
                );
            }
            if self.rows.len() > MOST_SELECTED {
                return Err(Invalid::TooManyAtOnce { most: MOST_SELECTED }.into());
            }
            match page.next {
                Some(last) => query.from = Cursor::After(last.to_string()),
                None => return Ok(()),
            }
        }
    }
}

/// Writes down who is selected. Nothing is done to anybody yet.
///
/// # Errors
/// `NotFound` when nobody of those who are named is seen.
pub async fn ask(app: &App, caller: &Actor, wish: &BulkWish) -> Result<BulkId, UseCaseError> {
    let now = app.clock.now();
    let (mut tx, authority) = use_cases::read_as(app, caller).await?;
    require(&authority, Request::Use(Permission::SeeUsers))?;
    let is_list = wish.all.is_some() || wish.waited_for.is_some();
    let of = match (is_list, &wish.of) {
        (false, Some(of)) => Some(super::own(&mut tx, &authority, caller, of, now).await?),
        _ => None,
    };
    let is_this = |of: &BulkRun| of.action == wish.action && !of.takes_back;
    let takes_back = is_kept_of_each(wish.action) && of.as_ref().is_some_and(is_this);
    require(&authority, Request::Use(needed_for(asked_for(wish.action, takes_back))))?;
    let roles = roles::known(&mut tx).await?;
    let mut selector = Selector {
        authority: &authority,
        roles: &roles,
        action: wish.action,
        takes_back,
        invites_by: use_cases::settings_of(&mut tx).await?.invites_by,
        rows: Vec::new(),
        known: BTreeSet::new(),
    };
    let of_run = of.as_ref().map(|of| of.id.clone());
    match (&wish.all, of) {
        _ if let Some(query) = &wish.waited_for => selector.take_waited_for(&mut tx, query, &wish.but, now).await?,
        (Some(query), _) => selector.take_all(&mut tx, query, None, &wish.but, now).await?,
        (None, Some(of)) => {
            let done = bulk::behind(&mut tx, &of.id, BulkOutcome::Done, -1, MOST_SELECTED).await?;
            let done = done.into_iter().filter_map(|named| Some((named.user_id?, Some(named.row)))).collect();
            selector.take_named(&mut tx, done, now).await?;
        }
        (None, None) if wish.who.is_empty() => return Err(Invalid::NobodySelected.into()),
        (None, None) if wish.who.len() > MOST_NAMED => {
            return Err(Invalid::TooManyAtOnce { most: MOST_NAMED }.into());
        }
        (None, None) => {
            let who = wish.who.iter().map(|id| (UserId::new(id), None)).collect();
            selector.take_named(&mut tx, who, now).await?;
        }
    }
    let rows = std::mem::take(&mut selector.rows);
    forget_the_oldest(app, &mut tx, caller).await?;
    drop(tx);
    match (rows.is_empty(), is_list) {
        (true, true) => return Err(Invalid::NobodySelected.into()),
        (true, false) => return Err(UseCaseError::NotFound),
        (false, _) => {}
    }
    keep(app, caller, (wish.action, takes_back, of_run), &rows, now).await
}

/// Keeps them; the question can be answered when all are kept.
async fn keep(
    app: &App,
    caller: &Actor,
    (action, takes_back, of): (UserAction, bool, Option<BulkId>),
    rows: &[BulkRow],
    now: Timestamp,
) -> Result<BulkId, UseCaseError> {
    let id = BulkId::new(random::id(now));
    let run = BulkRun {
        id: id.clone(),
        user_id: caller.user_id.clone(),
        created_at: now,
        action,
        state: BulkState::Collecting,
        reason: String::new(),
        role: None,
        unit: None,
        leaves: false,
        takes_back,
        of,
        meant: Vec::new(),
        held_until: None,
    };
    let parts: Vec<&[BulkRow]> = rows.chunks(WRITTEN_AT_ONCE).collect();
    for (nth, part) in parts.iter().enumerate() {
        let (mut tx, _) = use_cases::write_as(app, caller).await?;
        if nth == 0 {
            bulk::insert(&mut tx, &run, now + QUESTION_AGE).await?;
        }
        let part: Vec<(String, BulkRow)> = part.iter().map(|row| (random::id(now), row.clone())).collect();
        bulk::insert_rows(&mut tx, &id, &part).await?;
        if nth + 1 == parts.len() {
            bulk::set_state(&mut tx, &id, BulkState::Asked, None, now + QUESTION_AGE).await?;
        }
        tx.commit().await?;
    }
    Ok(id)
}

/// Of what one person asked for, the oldest goes.
async fn forget_the_oldest(app: &App, tx: &mut Tx, caller: &Actor) -> Result<(), UseCaseError> {
    let (mut questions, mut runs) = (0, 0);
    for run in bulk::of_user(tx, &caller.user_id).await? {
        let is_question = matches!(run.state, BulkState::Asked | BulkState::Collecting);
        questions += usize::from(is_question);
        runs += 1;
        if runs >= MOST_RUNS || is_question && questions >= MOST_QUESTIONS {
            bulk::remove(&app.db, &run.id).await?;
        }
    }
    Ok(())
}
