//! Inviting people. The action itself is `write::invite_some`; how a row is judged before stands in `judge`, both together in
//! `part`. The form is a caller: `options` is what it offers, `reading` what comes of what was typed, `desk` who may invite
//! where, `said` what a list says of roles and units, `look` and `send` what its buttons do; a job is another one, `rounds`. How
//! long new invitations are held, how they are taken back, and what of a form is kept, stands in `held`.

mod desk;
mod fix;
mod judge;
mod look;
mod options;
mod part;
mod reading;
mod rounds;
mod said;
mod send;
mod write;

pub(super) use desk::{may_invite_to, places};
pub use fix::fix_address;
pub use look::judge_rows;
pub(super) use look::{BREATH, give_way, judge_list};
pub use options::{options, page};
pub use reading::InviteForm;
pub(super) use reading::{FormRow, Terms, first_invited, terms};
pub use rounds::{give_up, go_on};
pub(super) use rounds::{start_list, stop_round};

use super::{Actor, AuditEntry, UseCaseError, broken, held, require};
use crate::domain::contact::Channel;
use crate::domain::error::{Conflict, Invalid};
use crate::domain::id::{DraftId, RoleId, UnitId};
use crate::domain::message::Lane;
use crate::domain::permission::Permissions;
use crate::domain::policy::Authority;
use crate::domain::review::MOST_AT_ONCE;
use crate::domain::role::Role;
use crate::domain::settings::Settings;
use crate::domain::timestamp::{Duration, Timestamp};
use crate::domain::unit::Unit;
use crate::domain::user::User;
use crate::server::app::App;
use crate::server::storage::invite_rows::InviteRow;
use crate::server::storage::terms::FormTerms;
use crate::server::storage::{Tx, invite_rows, roles, units};
use desk::Desk;
use reading::Read;
use std::collections::BTreeSet;
use write::{InvitationTerms, Invitee, invite_one};

/// How long a form is kept that was not sent.
const FORM_AGE: Duration = Duration::days(1);

/// How long a round is kept that was sent: until everybody who had to wait may be written to, and some days.
const ROUND_AGE: Duration = Duration::days(7);

/// How many rows are kept in one transaction.
const ROWS_AT_ONCE: usize = 300;

/// Looks at every row, and unless it is only to be looked at, invites those that are ready, or has a job invite them where they are
/// many. What was sent and what stays is kept, so that the page can show both with and without script.
pub async fn invite(app: &App, caller: &Actor, wish: &InviteForm) -> Result<DraftId, UseCaseError> {
    let form = Form { wish, role: RoleId::new(&wish.role), terms: terms(wish)? };
    let kept = form.rows_not_shown(app, caller).await?;
    let mut read = reading::read_rows(wish, kept)?;
    if read.rows.is_empty() {
        return Err(Invalid::NobodyToInvite.into());
    }
    said::settle(app, caller, wish, &mut read.rows).await?;
    if !wish.only_check && read.rows.len() > MOST_AT_ONCE {
        return rounds::start(app, caller, &form, read).await;
    }
    let unreachable = look::unreachable_of_form(app, caller, &read.rows).await?;
    match wish.only_check {
        true => look::look(app, caller, &form, read, &unreachable).await,
        false => send::send(app, caller, &form, read, &unreachable).await,
    }
}

/// The first unit to which somebody may invite.
pub(super) async fn first_place(tx: &mut Tx, authority: &Authority) -> Result<Option<UnitId>, UseCaseError> {
    Ok(desk::first_unit(tx, authority).await?.map(|first| first.id))
}

/// A form that is looked at or sent.
struct Form<'a> {
    wish: &'a InviteForm,
    /// What everybody gets whose row has no role of its own.
    role: RoleId,
    terms: Terms,
}

impl Form<'_> {
    /// What it says for everybody, as it is kept.
    fn terms(
        &self,
        id: &DraftId,
        caller: &Actor,
        desk: &Desk,
        read: &Read,
        now: Timestamp,
        kept_until: Timestamp,
    ) -> FormTerms {
        let chosen = self.wish.chosen();
        let places: Vec<_> = desk.places.iter().map(|unit| unit.id.clone()).collect();
        FormTerms {
            id: id.clone(),
            user_id: caller.user_id.clone(),
            created_at: now,
            kept_until,
            channel: Channel::Email,
            language: self.terms.language,
            personal_text: self.terms.personal_text.clone(),
            valid_for: self.terms.valid_for,
            role: self.role.clone(),
            extra: self.wish.extra,
            units: places.iter().filter(|id| chosen.contains(id)).cloned().collect(),
            places,
            proposed: self.wish.proposed(),
            cleaned: read.cleaned,
            folded: read.folded,
            typed: read.aside.clone(),
            only_adds: self.wish.only_add,
        }
    }

    /// The rows of the form that are kept and were not shown: they go with those that were.
    ///
    /// # Errors
    /// `RowsForgotten` when they are not kept any more.
    async fn rows_not_shown(&self, app: &App, caller: &Actor) -> Result<Vec<FormRow>, UseCaseError> {
        let Some(kept) = &self.wish.kept else { return Ok(Vec::new()) };
        let (mut tx, authority) = super::read_as(app, caller).await?;
        let now = app.clock.now();
        match held::own_terms(&mut tx, &authority, caller, kept, now).await {
            Ok(_) => {}
            Err(UseCaseError::NotFound) => return Err(Conflict::RowsForgotten.into()),
            Err(refusal) => return Err(refusal),
        }
        let shown: BTreeSet<i64> = self.wish.rows.iter().filter_map(|row| row.position).collect();
        let left = invite_rows::left(&mut tx, kept).await?;
        Ok(left.iter().filter(|row| !shown.contains(&row.position)).map(FormRow::from).collect())
    }

    /// What was sent a moment ago and is still held can be taken back together with this.
    async fn carry_on(
        &self,
        tx: &mut Tx,
        authority: &Authority,
        caller: &Actor,
        id: &DraftId,
        now: Timestamp,
    ) -> Result<(), UseCaseError> {
        let Some(before) = &self.wish.after else { return Ok(()) };
        match held::own_terms(tx, authority, caller, before, now).await {
            Ok(_) => held::carry_on(tx, before, id, now).await,
            // A page that stood open for longer than forms are kept.
            Err(UseCaseError::NotFound) => Ok(()),
            Err(refusal) => Err(refusal),
        }
    }
}

/// Keeps the rows of a form whose terms are kept in this transaction; many in several transactions, so that whoever wants to
/// write meanwhile gets in between. Of the forms before it, the oldest go (`domain::quota`).
async fn keep_rows(app: &App, tx: Tx, caller: &Actor, id: &DraftId, rows: &[InviteRow]) -> Result<(), UseCaseError> {
    let mut open = Some(tx);
    for some in rows.chunks(ROWS_AT_ONCE) {
        let mut tx = match open.take() {
            Some(tx) => tx,
            None => app.db.write().await?,
        };
        invite_rows::insert_all(&mut tx, id, some).await?;
        tx.commit().await?;
    }
    // What is kept is kept, whatever becomes of this.
    if let Err(refusal) = held::forget_the_oldest(app, caller).await {
        tracing::warn!(?refusal, "older forms could not be forgotten");
    }
    Ok(())
}

/// Offers somebody who has an account a role at one unit, by a letter to their address.
pub(super) async fn offer_by_letter(
    app: &App,
    tx: &mut Tx,
    caller: &Actor,
    user: &User,
    unit: &Unit,
    role: &Role,
    extra: Permissions,
    now: Timestamp,
) -> Result<(), UseCaseError> {
    let roles = roles::all(tx).await?;
    let settings = super::settings_of(tx).await?;
    let settings = settings_at(tx, &settings, std::slice::from_ref(unit)).await?;
    let to = user.addresses();
    let picked = settings.invites_by.picks(&to);
    if picked.is_empty() {
        return Err(Conflict::NoEmail.into());
    }
    let postage = super::outbox::postage_for(app, tx, &picked, Some(&caller.user_id), now).await?;
    let terms = InvitationTerms {
        settings: &settings,
        units: std::slice::from_ref(unit),
        roles: &roles,
        language: user.language,
        personal_text: "",
        valid_for: None,
        extra,
        due_at: now,
        lane: Lane::of_invitations(1),
    };
    let invitee =
        Invitee { to, name: String::new(), role, whom: judge::Whom::Seen(user.id.clone()), postage: Some(postage) };
    invite_one(app, tx, &caller.user_id, &terms, invitee, now).await.map(drop)
}

/// The settings of the installation as they hold for an invitation to these units.
pub(super) async fn settings_at(tx: &mut Tx, settings: &Settings, places: &[Unit]) -> Result<Settings, UseCaseError> {
    Ok(units::settings_at(tx, settings, places.iter().map(|unit| &unit.path)).await?)
}
