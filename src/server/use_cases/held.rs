//! What is kept of invite forms: what the page of one shows, for how long what was sent is held, how it is hurried, how it is taken
//! back as if nothing had been, and how a deleted person leaves them. Whom to invite is decided in `invite`; nothing here makes an
//! invitation.

use super::{Acting, Actor, AuditEntry, UseCaseError, record_all, require};
use crate::domain::audit::AuditAction;
use crate::domain::contact::in_letters;
use crate::domain::error::Conflict;
use crate::domain::id::{DraftId, InvitationId, RoleId, UserId};
use crate::domain::job::JobKind;
use crate::domain::membership::Standing;
use crate::domain::permission::Permission;
use crate::domain::policy::{Authority, Request, decide};
use crate::domain::quota::{DRAFTS, ROUNDS};
use crate::domain::review::{
    Hold, InviteDraft, MOST_AT_ONCE, ReviewRow, RoundProgress, RowCounts, RowKind, RowOutcome, Verdict, text_without,
};
use crate::domain::timestamp::{Duration, Timestamp};
use crate::domain::user::{User, UserAction};
use crate::server::app::App;
use crate::server::random;
use crate::server::storage::invite_rows::{self, InviteRow};
use crate::server::storage::memberships::Membership;
use crate::server::storage::terms::{self, FormTerms};
use crate::server::storage::{Tx, import_changes, imports, invitations, jobs, memberships, messages, rounds, users};
use std::collections::{BTreeSet, HashMap};

/// What stands in a form of the caller's own.
pub async fn draft(app: &App, caller: &Actor, id: &DraftId) -> Result<InviteDraft, UseCaseError> {
    let now = app.clock.now();
    let (mut tx, authority) = super::read_as(app, caller).await?;
    let terms = own_terms(&mut tx, &authority, caller, id, now).await?;
    let round = rounds::find(&mut tx, id).await?;
    let counted = invite_rows::count(&mut tx, id).await?;
    let done = counted.invited + counted.aside.all();
    let is_under_way = round.is_some() && jobs::is_any_about(&mut tx, JobKind::InviteRound, id.as_str()).await?;
    let progress = is_under_way.then_some(RoundProgress { done, all: done + counted.to_come });
    // What a job is at stands in no form.
    let rows = match () {
        () if is_under_way => Vec::new(),
        () if counted.aside.all() + counted.to_come <= MOST_AT_ONCE => invite_rows::left(&mut tx, id).await?,
        () => invite_rows::left_and_not_ready(&mut tx, id, MOST_AT_ONCE).await?,
    };
    let rows: Vec<ReviewRow> = rows.into_iter().filter_map(reviewed).collect();
    let mut more = RowCounts::default();
    if !is_under_way {
        more = counted.aside;
        more.add(RowKind::Ready, counted.to_come);
        more = more.without(rows.iter().collect());
    }
    let mut sent = invite_rows::sent(&mut tx, id, MOST_AT_ONCE).await?;
    for row in &mut sent {
        row.address = in_letters(&row.address);
    }
    let unused = invite_rows::unused(&mut tx, id, MOST_AT_ONCE).await?;
    let unused = unused
        .into_iter()
        .map(|(typed, texts)| format!("{}: {}", typed.trim_matches(['<', '>']), texts.join(" · ")))
        .collect();
    Ok(InviteDraft {
        rows,
        more,
        sent,
        sent_in_all: counted.invited,
        held_until: round.as_ref().and_then(|round| round.held_until),
        progress,
        stopped: round.and_then(|round| round.stopped),
        units: terms.units,
        proposed: terms.proposed,
        role: Some(terms.role).filter(|role| !role.as_str().is_empty()),
        extra: terms.extra,
        language: terms.language,
        personal_text: terms.personal_text,
        valid_for: terms.valid_for,
        cleaned: terms.cleaned,
        folded: terms.folded,
        rest: terms.typed,
        unused,
        only_adds: terms.only_adds,
    })
}

/// The newest round of the caller's own at which a job is.
pub async fn under_way(app: &App, caller: &Actor) -> Result<Option<DraftId>, UseCaseError> {
    let (mut tx, authority) = super::read_as(app, caller).await?;
    require(&authority, Request::Use(Permission::Invite))?;
    Ok(rounds::under_way(&mut tx, &caller.user_id).await?)
}

/// A row that was not invited, as a page shows it: what nobody has judged goes like what is ready.
fn reviewed(row: InviteRow) -> Option<ReviewRow> {
    let verdict = match row.outcome {
        RowOutcome::ToCome => Verdict::Ready,
        RowOutcome::Aside(verdict) => verdict,
        RowOutcome::Invited(_) => return None,
    };
    Some(ReviewRow {
        position: row.position,
        typed: row.typed,
        name: row.name,
        phone: row.phone,
        role: row.role,
        said: row.said,
        verdict,
    })
}

/// The terms of a form of the caller's own, for somebody who may still invite.
pub(super) async fn own_terms(
    tx: &mut Tx,
    authority: &Authority,
    caller: &Actor,
    id: &DraftId,
    now: Timestamp,
) -> Result<FormTerms, UseCaseError> {
    require(authority, Request::Use(Permission::Invite))?;
    terms::find(tx, id, &caller.user_id, now).await?.ok_or(UseCaseError::NotFound)
}

/// Of the forms that are kept for somebody, those go for which there is no room (`domain::quota`). What a job is at stays.
pub(super) async fn forget_the_oldest(app: &App, caller: &Actor) -> Result<(), UseCaseError> {
    let mut tx = app.db.read().await?;
    let [kept, sent] = terms::sizes(&mut tx, &caller.user_id).await?;
    drop(tx);
    let beyond = DRAFTS.beyond(kept).into_iter().chain(ROUNDS.beyond(sent));
    for id in beyond {
        terms::remove(&app.db, &id).await?;
    }
    Ok(())
}

/// What a round sent and still holds is taken back together with a newer one.
pub(super) async fn carry_on(tx: &mut Tx, before: &DraftId, id: &DraftId, now: Timestamp) -> Result<(), UseCaseError> {
    let held_until = rounds::find(tx, before).await?.and_then(|round| round.held_until);
    let Some(held_until) = held_until.filter(|until| *until > now) else { return Ok(()) };
    let mut sent = invite_rows::invited(tx, before).await?;
    if sent.is_empty() {
        return Ok(());
    }
    // Before the newer ones.
    let mut position = 0;
    for row in sent.iter_mut().rev() {
        position -= 1;
        (row.position, row.id) = (position, random::id(now));
    }
    rounds::begin(tx, id, Some(held_until)).await?;
    Ok(invite_rows::insert_all(tx, id, &sent).await?)
}

/// Takes a deleted person out of everybody's forms; what is about others stays (PR-01).
pub(super) async fn forget(tx: &mut Tx, user: &User) -> Result<(), UseCaseError> {
    let id = Some(user.id.to_string());
    let names: BTreeSet<String> =
        [id, user.email.clone(), user.unconfirmed_email.clone(), user.phone.clone(), user.login.clone()]
            .into_iter()
            .flatten()
            .collect();
    terms::remove_of(tx, &user.id).await?;
    imports::erase(tx, user).await?;
    import_changes::erase(tx, &user.id).await?;
    let mut changed = invite_rows::erase(tx, &user.id, &names).await?;
    for (id, typed) in terms::typed_texts(tx).await? {
        let left = text_without(&typed, &names);
        if left != typed {
            terms::set_typed(tx, &id, &left).await?;
            changed.insert(id);
        }
    }
    Ok(terms::remove_empty(tx, &changed).await?)
}

/// How long what a draft sent is still held.
pub fn hold(app: &App, id: &DraftId, draft: &InviteDraft) -> Option<Hold> {
    let left = draft.held_until? - app.clock.now();
    (left > Duration(0)).then(|| Hold { draft: id.clone(), seconds: left.as_seconds_up() })
}

/// Lets what a draft sent leave without waiting any longer. `typed` is what stands in the text field.
pub async fn send_now(app: &App, caller: &Actor, id: &DraftId, typed: &str) -> Result<(), UseCaseError> {
    let now = app.clock.now();
    let (mut tx, authority) = super::write_as(app, caller).await?;
    own_terms(&mut tx, &authority, caller, id, now).await?;
    let sent: Vec<InvitationId> = invitations_of(&invite_rows::invited(&mut tx, id).await?);
    messages::hurry(&mut tx, &sent, now).await?;
    jobs::hurry(&mut tx, JobKind::InviteRound, id.as_str(), now).await?;
    rounds::release(&mut tx, id).await?;
    keep_typed(&mut tx, id, typed).await?;
    tx.commit().await?;
    Ok(())
}

fn invitations_of(rows: &[InviteRow]) -> Vec<InvitationId> {
    let invitation = |row: &InviteRow| match &row.outcome {
        RowOutcome::Invited(invitation) => Some(invitation.clone()),
        _ => None,
    };
    rows.iter().filter_map(invitation).collect()
}

/// Keeps what stands in the text field.
async fn keep_typed(tx: &mut Tx, id: &DraftId, typed: &str) -> Result<(), UseCaseError> {
    if !typed.is_empty() {
        terms::set_typed(tx, id, typed).await?;
    }
    Ok(())
}

/// Takes back what a draft sent, as long as it is held: nothing leaves, and nobody is left of whom nothing else is known. The
/// rows stand in the form again; some at a time, each of them whole, so that whoever wants to write meanwhile gets in between.
/// Once more does nothing more.
///
/// # Errors
/// `Conflict::AlreadyLeft` when there is nothing left to take back.
pub async fn take_back(app: &App, caller: &Actor, id: &DraftId, typed: &str) -> Result<(), UseCaseError> {
    let now = app.clock.now();
    // Where the next part begins; and whether anything was taken back, once there was something.
    let (mut after, mut is_any) = (None, None);
    loop {
        let (mut tx, authority) = super::write_as(app, caller).await?;
        let terms = own_terms(&mut tx, &authority, caller, id, now).await?;
        if after.is_none() && jobs::is_any_about(&mut tx, JobKind::InviteRound, id.as_str()).await? {
            if !jobs::take_back(&mut tx, JobKind::InviteRound, id.as_str(), now).await? {
                return Err(Conflict::AlreadyLeft.into());
            }
            rounds::release(&mut tx, id).await?;
            keep_typed(&mut tx, id, typed).await?;
            return Ok(tx.commit().await?);
        }
        let kept = invite_rows::invited_behind(&mut tx, id, after, MOST_TAKEN_BACK).await?;
        let is_last = kept.len() < MOST_TAKEN_BACK;
        if let Some(last) = kept.last().map(|row| row.position) {
            let round = rounds::find(&mut tx, id).await?;
            // What was held when it was asked for is held on: each message says whether it has left.
            if after.is_none() && round.and_then(|round| round.held_until).is_none_or(|until| until <= now) {
                return Err(Conflict::AlreadyLeft.into());
            }
            let acting = Acting { app, caller, authority: &authority, now };
            let is_taken = take_rows_back(&mut tx, acting, &terms, kept).await?;
            (after, is_any) = (Some(last), Some(is_any == Some(true) || is_taken));
        }
        match is_any {
            _ if !is_last => {}
            None => return Ok(()),
            Some(false) => return Err(Conflict::AlreadyLeft.into()),
            Some(true) => {
                rounds::release(&mut tx, id).await?;
                keep_typed(&mut tx, id, typed).await?;
            }
        }
        tx.commit().await?;
        if is_last {
            return Ok(());
        }
    }
}

/// Of how many people an invitation is taken back in one transaction: some twenty milliseconds (H-06).
const MOST_TAKEN_BACK: usize = 25;

/// Takes back what these rows of a form sent; whether it was anything.
async fn take_rows_back(
    tx: &mut Tx,
    acting: Acting<'_>,
    terms: &FormTerms,
    kept: Vec<InviteRow>,
) -> Result<bool, UseCaseError> {
    let Recalled { rows, people } = recall(tx, acting, &invitations_of(&kept)).await?;
    if rows.is_empty() {
        return Ok(false);
    }
    let ended: Vec<InvitationId> = rows.keys().cloned().collect();
    let mut taken = Vec::new();
    for mut row in kept {
        let RowOutcome::Invited(invitation) = &row.outcome else { continue };
        let Some(recalled) = rows.get(invitation) else { continue };
        (row.typed, row.name) = (recalled.address.clone(), recalled.name.clone());
        // A row that has the role of the form follows the form.
        row.role = Some(recalled.role.clone()).filter(|role| role != &terms.role);
        (row.contact, row.outcome) = (Some(recalled.address.clone()), RowOutcome::Aside(Verdict::Ready));
        taken.push(row);
    }
    invite_rows::rewrite(tx, &terms.id, &taken).await?;
    // Another form that they were carried on from.
    invite_rows::remove_invited(tx, &ended).await?;
    forget_unknown(acting.app, tx, &people, acting.now).await?;
    Ok(true)
}

/// What became of the invitations of a form that were to be taken back.
#[derive(Default)]
struct Recalled {
    /// Those that ended, as they are to be sent again.
    rows: HashMap<InvitationId, RecalledRow>,
    /// The people whose they were.
    people: Vec<User>,
}

struct RecalledRow {
    address: String,
    name: String,
    role: RoleId,
}

/// Ends those of these invitations that have not left and that the caller may still end; what they offered goes with them. A
/// few statements for all of them.
async fn recall(
    tx: &mut Tx,
    Acting { caller, authority, now, .. }: Acting<'_>,
    ids: &[InvitationId],
) -> Result<Recalled, UseCaseError> {
    let mut sent = invitations::find_all(tx, ids).await?;
    sent.retain(|one| one.withdrawn_at.is_none());
    let people: Vec<UserId> = sent.iter().map(|one| one.user_id.clone()).collect();
    let mut known: HashMap<UserId, User> =
        users::find_all(tx, &people).await?.into_iter().map(|user| (user.id.clone(), user)).collect();
    let offered = memberships::of_invitations(tx, ids).await?;
    // The first of what each of them offers, if all of it may be ended.
    let mut to_end: HashMap<InvitationId, Membership> = HashMap::new();
    for one in sent.iter().filter(|one| known.contains_key(&one.user_id)) {
        let is_of_this = |held: &&Membership| held.is_offered_by(&one.id) && held.user_id == one.user_id;
        let all: Vec<Membership> = offered.iter().filter(is_of_this).cloned().collect();
        let ask =
            Request::Do { action: UserAction::Withdraw, user_id: &one.user_id, places: &memberships::places(&all) };
        // What somebody blocked in between is not undone by the way.
        let is_open = all.iter().all(|held| held.standing() == Standing::Offered);
        if let Some(first) = all.first().filter(|_| is_open && decide(authority, ask).is_allowed()) {
            to_end.insert(one.id.clone(), first.clone());
        }
    }
    let ids: Vec<InvitationId> = to_end.keys().cloned().collect();
    let queued: Vec<InvitationId> = invitations::which_were_sent(tx, &ids).await?.into_iter().collect();
    let taken = messages::take_back(tx, &queued, now).await?;
    for left in queued.iter().filter(|id| !taken.contains(id)) {
        to_end.remove(left);
    }

    let mut recalled = Recalled::default();
    let (mut ended, mut lines) = (Vec::new(), Vec::new());
    for one in sent {
        let (Some(first), Some(user)) = (to_end.get(&one.id), known.get(&one.user_id)) else { continue };
        ended.push(one.id.clone());
        // A row holds the address, with the number beside it.
        let address = one.letters_to().unwrap_or(&one.address).as_str().to_string();
        lines.push((one.user_id, first.unit.id()));
        let again = RecalledRow { address, name: user.name.clone(), role: first.role.clone() };
        recalled.rows.insert(one.id, again);
    }
    let lines: Vec<AuditEntry<'_>> = lines
        .iter()
        .map(|(user, unit)| AuditEntry {
            actor: Some(&caller.user_id),
            subject: Some(user),
            unit: Some(unit.clone()),
            ..AuditEntry::default()
        })
        .collect();
    record_all(tx, AuditAction::Withdrawn, &lines, now).await?;
    invitations::withdraw_all(tx, &ended, now).await?;
    memberships::remove_offered_by(tx, &ended, now).await?;
    recalled.people = lines.iter().filter_map(|line| known.remove(line.subject?)).collect();
    Ok(recalled)
}

/// Ends those of these invitations that are as they were made: nobody came in by them, nobody sent them again or invited whom they had
/// only added, nobody changed the person. What they offered goes with them, and whoever is known by nothing else; how many.
pub(super) async fn undo_unchanged(
    tx: &mut Tx,
    Acting { app, caller, authority, now }: Acting<'_>,
    ids: &[InvitationId],
    only_added: bool,
) -> Result<usize, UseCaseError> {
    let mut made = invitations::find_all(tx, ids).await?;
    made.retain(|one| one.is_open() && !one.was_sent_again() && one.is_unsent == only_added);
    let people: Vec<UserId> = made.iter().map(|one| one.user_id.clone()).collect();
    let known: HashMap<UserId, User> =
        users::find_all(tx, &people).await?.into_iter().map(|user| (user.id.clone(), user)).collect();
    let offered = memberships::of_invitations(tx, ids).await?;
    let (mut ended, mut lines, mut gone) = (Vec::new(), Vec::new(), Vec::new());
    for one in &made {
        let Some(user) = known.get(&one.user_id).filter(|user| !user.is_placeholder || user.version == 1) else {
            continue;
        };
        let all: Vec<Membership> = offered.iter().filter(|held| held.is_offered_by(&one.id)).cloned().collect();
        let places = memberships::places(&all);
        let ask = Request::Do { action: UserAction::Withdraw, user_id: &one.user_id, places: &places };
        let is_open = !all.is_empty() && all.iter().all(|held| held.standing() == Standing::Offered);
        if is_open && decide(authority, ask).is_allowed() {
            ended.push(one.id.clone());
            gone.push(user.clone());
            lines.push((one.user_id.clone(), all.first().map(|held| held.unit.id())));
        }
    }
    for id in &ended {
        messages::cancel_of_invitation(tx, id, now).await?;
    }
    let entries: Vec<AuditEntry<'_>> = lines
        .iter()
        .map(|(user, unit)| AuditEntry {
            actor: Some(&caller.user_id),
            subject: Some(user),
            unit: unit.clone(),
            ..AuditEntry::default()
        })
        .collect();
    record_all(tx, AuditAction::Withdrawn, &entries, now).await?;
    invitations::withdraw_all(tx, &ended, now).await?;
    memberships::remove_offered_by(tx, &ended, now).await?;
    invite_rows::remove_invited(tx, &ended).await?;
    forget_unknown(app, tx, &gone, now).await?;
    Ok(ended.len())
}

/// Forgets those of whom nothing is left but that they were to be invited: no word of it reached them. Whoever shared an address
/// with them comes back.
pub(super) async fn forget_unknown(
    app: &App,
    tx: &mut Tx,
    people: &[User],
    now: Timestamp,
) -> Result<(), UseCaseError> {
    let unknown: Vec<UserId> =
        people.iter().filter(|user| user.registered_at.is_none()).map(|user| user.id.clone()).collect();
    let held = memberships::of_users(tx, &unknown).await?;
    let nothing_left: Vec<UserId> =
        unknown.into_iter().filter(|id| held.iter().all(|held| &held.user_id != id)).collect();
    super::deletion::erase(app, tx, &nothing_left, now).await
}
