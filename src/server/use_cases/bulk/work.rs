//! Doing it: a few people at a time, each of them in a transaction that asks anew whether whoever asked for it still may, and in
//! which what became of them is written down. So it goes on where it was, whatever ends it in between, and does nothing twice.

use super::{QUESTION_AGE, REPORT_AGE, give_back, own, refusal_text, stands};
use crate::domain::bulk::{
    BulkBefore, BulkOutcome, BulkState, SOON, asks_for_number, in_round, is_about_one, is_kept_of_each, read_number,
};
use crate::domain::error::{Conflict, Invalid};
use crate::domain::id::{BulkId, JobId, RoleId, UnitId, UserId};
use crate::domain::job::JobKind;
use crate::domain::message::Lane;
use crate::domain::permission::{Permission, Permissions};
use crate::domain::policy::{Authority, Request, needed_for};
use crate::domain::proposal::ProposalOutcome;
use crate::domain::quota::UNFINISHED_AGE;
use crate::domain::timestamp::{Duration, Timestamp};
use crate::domain::user::{Status, UserAction};
use crate::server::app::App;
use crate::server::random;
use crate::server::storage::bulk::{BulkRow, BulkRun};
use crate::server::storage::jobs::{self, ClaimedJob};
use crate::server::storage::memberships::Membership;
use crate::server::storage::{Tx, bulk, roles, units};
use crate::server::use_cases::{
    self, Acting, Actor, JobStep, UseCaseError, deletion, directory, invitations, places, reminders, require, seen,
    users, welcome,
};

/// How many people are dealt with in one transaction: it holds the writer for some dozen milliseconds.
const PART: usize = 10;

/// What the answer to the question carries.
#[derive(Clone, Debug, Default)]
pub struct BulkTerms {
    /// The number of people, as it was typed.
    pub number: String,
    pub reason: String,
    pub role: String,
    /// The unit into which they are brought, and whether they leave the one where they stand.
    pub unit: String,
    pub leaves: bool,
    /// Where those stand who are meant, by the codes of their statuses; nobody has to be said where all are.
    pub meant: Option<Vec<String>>,
}

/// Does what was asked: at once where few are meant, else by a job. Once more does nothing more.
pub async fn start(app: &App, caller: &Actor, id: &BulkId, terms: &BulkTerms) -> Result<(), UseCaseError> {
    let now = app.clock.now();
    let (mut tx, authority) = use_cases::write_as(app, caller).await?;
    let mut run = own(&mut tx, &authority, caller, id, now).await?;
    require(&authority, Request::Use(needed_for(run.asks())))?;
    if let Some(conflict) = use_cases::settings_of(&mut tx).await?.endings().why_not(run.action) {
        return Err(conflict.into());
    }
    if run.action == UserAction::Delete {
        use_cases::signed_in_lately(&mut tx, caller, now).await?;
    }
    match run.state {
        BulkState::Asked | BulkState::Stopped => {}
        BulkState::Collecting => return Err(UseCaseError::NotFound),
        BulkState::UnderWay | BulkState::Over => return Ok(()),
    }
    if let Some(codes) = &terms.meant {
        let meant: Option<Vec<Status>> = codes.iter().map(|code| Status::from_code(code)).collect();
        run.meant = meant.filter(|meant| !meant.is_empty()).ok_or(Invalid::NobodySelected)?;
    }
    let is_meant = |status| run.meant.is_empty() || run.meant.contains(&status);
    let tallies = bulk::tally(&mut tx, id).await?;
    let ready = tallies.iter().filter(|tally| tally.outcome == BulkOutcome::Ready && is_meant(tally.status));
    let people: i64 = ready.map(|tally| tally.people).sum();
    if people == 0 {
        return Err(Invalid::NobodySelected.into());
    }
    if asks_for_number(run.action, run.takes_back, people) && read_number(&terms.number) != Some(people) {
        return Err(Conflict::NumberNotConfirmed.into());
    }
    run.reason = if run.action == UserAction::Block { users::block_reason(&terms.reason)? } else { String::new() };
    run.role = None;
    if run.action == UserAction::ChangeRole && !run.takes_back {
        let role = RoleId::new(terms.role.trim());
        let is_there = roles::all(&mut tx).await?.iter().any(|known| known.id == role);
        run.role = Some(Some(role).filter(|_| is_there).ok_or(Invalid::Role)?);
    }
    (run.unit, run.leaves) = (None, false);
    if run.action == UserAction::AddPlace && !run.takes_back {
        let unit = units::find(&mut tx, &UnitId::new(terms.unit.trim())).await?;
        // One that is not seen is as if it were not there.
        let unit = unit.filter(|unit| authority.reaches(Permission::SeeUsers, &unit.path)).ok_or(Invalid::Unit)?;
        (run.unit, run.leaves) = (Some(unit.id), terms.leaves);
    }
    bulk::set_terms(&mut tx, &run).await?;
    // What leaves can be taken back for a moment; what is done can be undone.
    let hold = match run.action {
        UserAction::Resend | UserAction::Remind => use_cases::settings_of(&mut tx).await?.hold,
        _ => Duration(0),
    };
    let due_at = now + hold;
    let held_until = (due_at > now).then_some(due_at);
    bulk::set_state(&mut tx, id, BulkState::UnderWay, held_until, now + UNFINISHED_AGE).await?;
    let job = JobId::new(random::id(now));
    if held_until.is_some() || people > SOON {
        jobs::insert(&mut tx, &job, JobKind::Bulk, id.as_str(), &caller.user_id, due_at, now).await?;
        return Ok(tx.commit().await?);
    }
    let job = jobs::insert_held(&mut tx, &job, JobKind::Bulk, id.as_str(), &caller.user_id, now).await?;
    tx.commit().await?;
    while let Ok(JobStep::GoesOn) = go_on(app, &job).await {}
    // Where something stood in the way that passes, the job goes on when its lease has ended.
    Ok(())
}

/// Takes back what has not begun, and ends what has: who has not been dealt with is left as they are.
pub async fn stop(app: &App, caller: &Actor, id: &BulkId) -> Result<(), UseCaseError> {
    let now = app.clock.now();
    let (mut tx, authority) = use_cases::write_as(app, caller).await?;
    let run = own(&mut tx, &authority, caller, id, now).await?;
    if run.state != BulkState::UnderWay {
        return Ok(());
    }
    match jobs::take_back(&mut tx, JobKind::Bulk, id.as_str(), now).await? {
        true => bulk::set_state(&mut tx, id, BulkState::Asked, None, now + QUESTION_AGE).await?,
        false => {
            jobs::end(&mut tx, JobKind::Bulk, id.as_str()).await?;
            bulk::set_state(&mut tx, id, BulkState::Stopped, None, now + REPORT_AGE).await?;
        }
    }
    Ok(tx.commit().await?)
}

/// Lets what is held begin at once.
pub async fn hurry(app: &App, caller: &Actor, id: &BulkId) -> Result<(), UseCaseError> {
    let now = app.clock.now();
    let (mut tx, authority) = use_cases::write_as(app, caller).await?;
    let run = own(&mut tx, &authority, caller, id, now).await?;
    if run.state == BulkState::UnderWay {
        jobs::hurry(&mut tx, JobKind::Bulk, id.as_str(), now).await?;
        bulk::set_state(&mut tx, id, BulkState::UnderWay, None, now + UNFINISHED_AGE).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// What became of a part.
enum PartEnd {
    Step(JobStep),
    /// It cannot be done to somebody of it after all: nothing of the part was kept.
    Refused,
}

/// Does the next part.
///
/// # Errors
/// Whatever may pass: nothing was written, and the job is to be tried again later.
pub async fn go_on(app: &App, job: &ClaimedJob) -> Result<JobStep, UseCaseError> {
    if let PartEnd::Step(step) = part(app, job, PART).await? {
        return Ok(step);
    }
    // Each alone, so that one of them stops nobody else.
    for _ in 0..PART {
        if let PartEnd::Step(JobStep::Over) = part(app, job, 1).await? {
            return Ok(JobStep::Over);
        }
    }
    Ok(JobStep::GoesOn)
}

async fn part(app: &App, job: &ClaimedJob, most: usize) -> Result<PartEnd, UseCaseError> {
    let (id, now) = (BulkId::new(&job.subject), app.clock.now());
    let mut tx = app.db.write().await?;
    if !jobs::hold_on(&mut tx, job, now).await? {
        return Ok(PartEnd::Step(JobStep::Over));
    }
    let Some(run) = bulk::find(&mut tx, &id, now).await? else { return end(tx, job, BulkState::Stopped, now).await };
    let actor = Actor::by_job(job.user_id.clone());
    let authority = match use_cases::authority(app, &mut tx, &actor).await {
        Ok(authority) => authority,
        Err(UseCaseError::SignInFirst) => return end(tx, job, BulkState::Stopped, now).await,
        Err(other) => return Err(other),
    };
    if require(&authority, Request::Use(needed_for(run.asks()))).is_err() {
        return end(tx, job, BulkState::Stopped, now).await;
    }
    let next = bulk::ready(&mut tx, &run, most).await?;
    if next.is_empty() {
        return end(tx, job, BulkState::Over, now).await;
    }
    for (row, user) in &next {
        let acting = Acting { app, caller: &actor, authority: &authority, now };
        match do_to(&mut tx, acting, &run, (row, user)).await {
            Ok(DoneToOne { outcome, before }) => {
                let can_be_taken_back = run.action.is_about_access()
                    || run.action == UserAction::Delete
                    || is_kept_of_each(run.action) && !run.takes_back;
                let left_as = match can_be_taken_back {
                    true => Some(stands(&mut tx, run.action, user).await?.as_str().to_string()),
                    false => None,
                };
                let before = before.filter(|_| outcome == BulkOutcome::Done);
                let settled = BulkRow { outcome, refusal: None, left_as, before, ..row.clone() };
                bulk::settle(&mut tx, &id, &settled).await?;
            }
            Err(refusal) if !is_about_one(&refusal) => return Err(refusal),
            Err(_) if next.len() > 1 => return Ok(PartEnd::Refused),
            Err(refusal) => {
                // What was begun with them is not kept.
                drop(tx);
                return fail(app, job, &id, row, refusal, now).await;
            }
        }
    }
    tx.commit().await?;
    Ok(PartEnd::Step(JobStep::GoesOn))
}

/// Writes down why it was not done to somebody.
async fn fail(
    app: &App,
    job: &ClaimedJob,
    id: &BulkId,
    row: &BulkRow,
    refusal: UseCaseError,
    now: Timestamp,
) -> Result<PartEnd, UseCaseError> {
    let mut tx = app.db.write().await?;
    if !jobs::hold_on(&mut tx, job, now).await? {
        return Ok(PartEnd::Step(JobStep::Over));
    }
    // Who has it already is not somebody with whom it went wrong.
    let is_so_already = refusal == Conflict::AlreadyInRole.into();
    let outcome = if is_so_already { BulkOutcome::PassedOver } else { BulkOutcome::Failed };
    let refusal = refusal_text(refusal);
    let settled = BulkRow { outcome, refusal, left_as: None, before: None, ..row.clone() };
    bulk::settle(&mut tx, id, &settled).await?;
    tx.commit().await?;
    Ok(PartEnd::Step(JobStep::GoesOn))
}

async fn end(mut tx: Tx, job: &ClaimedJob, state: BulkState, now: Timestamp) -> Result<PartEnd, UseCaseError> {
    let id = BulkId::new(&job.subject);
    if jobs::finish(&mut tx, job).await? {
        bulk::set_state(&mut tx, &id, state, None, now + REPORT_AGE).await?;
        tx.commit().await?;
    }
    Ok(PartEnd::Step(JobStep::Over))
}

/// Gives a job up that broke again and again: the rest is left as it is.
///
/// # Errors
/// As long as not even that can be written.
pub async fn give_up(app: &App, job: &ClaimedJob) -> Result<JobStep, UseCaseError> {
    let tx = app.db.write().await?;
    end(tx, job, BulkState::Stopped, app.clock.now()).await?;
    Ok(JobStep::Over)
}

/// What became of one person, and what they had before, where no other action gives it back.
struct DoneToOne {
    outcome: BulkOutcome,
    before: Option<BulkBefore>,
}

impl DoneToOne {
    fn by(outcome: ProposalOutcome, before: BulkBefore) -> Self {
        let outcome = match outcome {
            ProposalOutcome::Done | ProposalOutcome::DecidedAlone => BulkOutcome::Done,
            ProposalOutcome::Proposed => BulkOutcome::Proposed,
        };
        Self { outcome, before: Some(before) }
    }
}

/// Does it to one person, or takes it back of them; of whoever was changed since, nothing is taken back.
async fn do_to(
    tx: &mut Tx,
    acting: Acting<'_>,
    run: &BulkRun,
    (row, user): (&BulkRow, &UserId),
) -> Result<DoneToOne, UseCaseError> {
    give_back::keep_what_changed(tx, acting, user, (run.action, row)).await?;
    if !run.takes_back {
        return act(tx, acting, run, user).await;
    }
    give_back::give_back(tx, acting, user, row).await?;
    Ok(DoneToOne { outcome: BulkOutcome::Done, before: None })
}

/// Does it to one person. After a refusal the transaction is not to be committed.
async fn act(tx: &mut Tx, acting: Acting<'_>, run: &BulkRun, user: &UserId) -> Result<DoneToOne, UseCaseError> {
    let Acting { app, caller: actor, authority, now } = acting;
    let mut before = None;
    match run.action {
        UserAction::Block => users::block_in(tx, acting, user, &run.reason).await?,
        UserAction::Unblock => users::unblock_in(tx, acting, user).await?,
        UserAction::Archive => users::archive_in(tx, acting, user).await?,
        UserAction::BringBack => {
            let left_at = users::bring_back_in(tx, acting, user).await?;
            welcome::back(app, tx, (&actor.user_id, user), left_at, Lane::Round, now).await?;
        }
        UserAction::Delete => deletion::delete_in(tx, acting, user, None).await.map(drop)?,
        UserAction::ChangeRole => return change_role(tx, acting, run, user).await,
        UserAction::AddPlace => return bring_in(tx, acting, run, user).await,
        UserAction::Resend => {
            let person = seen(tx, authority, UserAction::See, user, now).await?;
            let open = directory::open_invitations(tx, &person).await?;
            let newest = open.first().ok_or(Conflict::NotInvited)?;
            invitations::resend_in(tx, acting, &newest.id, Lane::Round).await?;
        }
        UserAction::Remind => {
            let person = seen(tx, authority, UserAction::See, user, now).await?;
            let open = directory::open_invitations(tx, &person).await?;
            let newest = open.first().ok_or(Conflict::NotInvited)?;
            match in_round(run.action, person.status) {
                UserAction::Resend => invitations::resend_in(tx, acting, &newest.id, Lane::Round).await?,
                _ => reminders::remind_in(tx, acting, &newest.id, Lane::Round).await?,
            };
        }
        UserAction::Withdraw => {
            let person = seen(tx, authority, UserAction::See, user, now).await?;
            let mut open = directory::open_invitations(tx, &person).await?;
            open.retain(|invitation| invitation.withdrawn_at.is_none());
            if open.is_empty() {
                return Err(Conflict::AlreadyWithdrawn.into());
            }
            before = Some(give_back::of_invitations(&open, now));
            for invitation in open {
                invitations::withdraw_in(tx, acting, &invitation.id).await?;
            }
        }
        other => return Err(use_cases::broken(&format!("{} is done to nobody among many", other.code()))),
    }
    Ok(DoneToOne { outcome: BulkOutcome::Done, before })
}

async fn change_role(tx: &mut Tx, acting: Acting<'_>, run: &BulkRun, user: &UserId) -> Result<DoneToOne, UseCaseError> {
    let role = run.role.as_ref().ok_or(Invalid::Role)?;
    let place = only_place(tx, acting.authority, user, acting.now).await?;
    if &place.role == role {
        return Err(Conflict::AlreadyInRole.into());
    }
    let outcome = places::change_in(tx, acting, (user, Some(&place.unit.id())), (role, None)).await?;
    Ok(DoneToOne::by(outcome, give_back::of_role(&place)))
}

/// The one place where somebody stands.
async fn only_place(
    tx: &mut Tx,
    authority: &Authority,
    user: &UserId,
    now: Timestamp,
) -> Result<Membership, UseCaseError> {
    let person = seen(tx, authority, UserAction::See, user, now).await?;
    let mut places = person.seen.iter().filter(|held| held.archived_at.is_none());
    match (places.next(), places.next()) {
        (Some(place), None) => Ok(place.clone()),
        _ => Err(Conflict::SeveralPlaces.into()),
    }
}

/// Into a further unit, with the role that they have; out of the other, where that is meant.
async fn bring_in(tx: &mut Tx, acting: Acting<'_>, run: &BulkRun, user: &UserId) -> Result<DoneToOne, UseCaseError> {
    let unit = run.unit.as_ref().ok_or(Invalid::Unit)?;
    let place = only_place(tx, acting.authority, user, acting.now).await?;
    let with = (&place.role, Permissions::NONE);
    let outcome = match run.leaves {
        true => places::move_in(tx, acting, (user, &place.unit.id(), unit), with).await?,
        false => places::add_in(tx, acting, (user, unit), with).await?,
    };
    Ok(DoneToOne::by(outcome, give_back::of_place(&place, unit, run.leaves)))
}
