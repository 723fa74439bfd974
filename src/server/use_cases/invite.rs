//! Inviting people. The action itself is `write::invite_some`; how a row is judged before stands in `judge`. The form is a caller of
//! both: `options` is what it offers, `reading` what comes of what was typed, `desk` who may invite where, `look` and `send` what
//! its buttons do. How long new invitations are held, and how they are taken back, stands in `held`.

mod desk;
mod judge;
mod look;
mod options;
mod reading;
mod send;
mod write;

pub(super) use desk::places;
pub use options::options;
pub use reading::InviteForm;
pub(super) use reading::{Terms, first_invited, terms};

use super::{Actor, AuditEntry, UseCaseError, broken, held, require};
use crate::domain::contact::Email;
use crate::domain::error::{Conflict, Invalid};
use crate::domain::id::{DraftId, RoleId};
use crate::domain::message::Lane;
use crate::domain::permission::Permissions;
use crate::domain::review::InviteDraft;
use crate::domain::role::Role;
use crate::domain::timestamp::Timestamp;
use crate::domain::unit::Unit;
use crate::domain::user::User;
use crate::server::app::App;
use crate::server::storage::{Tx, roles};
use desk::Desk;
use reading::Read;
use write::{InvitationTerms, Invitee, invite_one};

/// Looks at every row, and unless it is only to be looked at, invites those that are ready; the draft holds what was sent and
/// what stays, so that the page can show both with and without script.
pub async fn invite(app: &App, caller: &Actor, wish: &InviteForm) -> Result<DraftId, UseCaseError> {
    let form = Form { wish, role: RoleId::new(&wish.role), terms: terms(wish)? };
    let read = reading::read_rows(wish);
    if read.rows.is_empty() {
        return Err(Invalid::NobodyToInvite.into());
    }
    let unreachable = look::unreachable_domains(app, caller, &read.rows).await?;
    match wish.only_check {
        true => look::look(app, caller, &form, read, &unreachable).await,
        false => send::send(app, caller, &form, read, &unreachable).await,
    }
}

/// A form that is looked at or sent.
struct Form<'a> {
    wish: &'a InviteForm,
    /// What everybody gets whose row has no role of its own.
    role: RoleId,
    terms: Terms,
}

impl Form<'_> {
    /// The draft of it, with no row yet.
    fn draft(&self, desk: &Desk, read: &Read) -> InviteDraft {
        InviteDraft {
            rows: Vec::new(),
            sent: Vec::new(),
            held_until: None,
            units: desk
                .places
                .iter()
                .map(|unit| &unit.id)
                .filter(|id| self.wish.chosen().contains(id))
                .cloned()
                .collect(),
            proposed: self.wish.proposed(),
            role: Some(self.role.clone()),
            extra: self.wish.extra,
            language: self.terms.language,
            personal_text: self.terms.personal_text.clone(),
            valid_for_hours: self.wish.valid_for_hours,
            cleaned: read.cleaned,
            folded: read.folded,
            left_out: read.left_out,
            rest: read.rest.clone(),
        }
    }

    /// What was sent a moment ago and is still held: it can be taken back together with this.
    async fn earlier(
        &self,
        app: &App,
        tx: &mut Tx,
        caller: &Actor,
        desk: &Desk,
    ) -> Result<Option<InviteDraft>, UseCaseError> {
        let Some(before) = &self.wish.after else { return Ok(None) };
        match held::own_draft(tx, &desk.authority, caller, before).await {
            Ok(earlier) => Ok(held::hold(app, before, &earlier).is_some().then_some(earlier)),
            // A page that stood open for longer than drafts are kept.
            Err(UseCaseError::NotFound) => Ok(None),
            Err(refusal) => Err(refusal),
        }
    }
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
    let email = Email::parse(user.email.as_deref().ok_or(Conflict::NoEmail)?)?;
    let postage = super::outbox::postage(app, tx, email.as_str(), Some(&caller.user_id), now).await?;
    let roles = roles::all(tx).await?;
    let terms = InvitationTerms {
        units: std::slice::from_ref(unit),
        roles: &roles,
        language: user.language,
        personal_text: "",
        valid_for: super::settings_of(tx).await?.invitation_valid_for,
        extra,
        due_at: now,
        lane: Lane::of_invitations(1),
    };
    let invitee = Invitee { email, name: String::new(), role, whom: judge::Whom::Seen(user.id.clone()), postage };
    invite_one(app, tx, &caller.user_id, &terms, invitee, now).await.map(drop)
}
