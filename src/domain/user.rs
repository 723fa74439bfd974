//! A person known to the installation, and the one word that lists show about where he stands.
//! States are derived here from facts and the present; nothing stores a state that could disagree with its facts.

use super::id::UserId;
use super::invitation::{Delivery, InvitationFacts};
use super::moment::Moment;
use super::refusal::Conflict;
use crate::words::Language;
use serde::{Deserialize, Serialize};

/// Where a person stands, in the one word of the chip ("One state machine, five vocabularies").
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Status {
    /// Known, but nothing was ever sent.
    NotInvited,
    /// The message is in the outbox; no relay has taken it yet.
    Waiting,
    /// A relay took the message; the person has not registered.
    Invited,
    /// The message could not be delivered.
    Failed,
    Expired,
    Withdrawn,
    Active,
    Blocked,
}

impl Status {
    pub const ALL: [Self; 8] = [
        Self::Active,
        Self::Invited,
        Self::Waiting,
        Self::Failed,
        Self::Expired,
        Self::Withdrawn,
        Self::NotInvited,
        Self::Blocked,
    ];

    /// How addresses of pages and the database write it.
    pub fn code(self) -> &'static str {
        match self {
            Self::NotInvited => "not_invited",
            Self::Waiting => "waiting",
            Self::Invited => "invited",
            Self::Failed => "error",
            Self::Expired => "expired",
            Self::Withdrawn => "withdrawn",
            Self::Active => "active",
            Self::Blocked => "blocked",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.code() == code)
    }

    /// Whether an invitation of this person is open: its link works, or would if the message had arrived.
    pub fn is_pending(self) -> bool {
        matches!(self, Self::Waiting | Self::Invited | Self::Failed)
    }
}

/// What is known of a person, as far as it decides the status.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    pub registered_at: Option<Moment>,
    /// No membership is left that is not blocked.
    pub is_blocked: bool,
    /// The newest invitation.
    pub invitation: Option<InvitationFacts>,
}

impl Facts {
    /// The status at `now`.
    pub fn status(&self, now: Moment) -> Status {
        if self.is_blocked {
            return Status::Blocked;
        }
        if self.registered_at.is_some() {
            return Status::Active;
        }
        match &self.invitation {
            None => Status::NotInvited,
            Some(invitation) if invitation.withdrawn_at.is_some() => Status::Withdrawn,
            Some(invitation) if invitation.has_expired(now) => Status::Expired,
            Some(invitation) => match invitation.delivery {
                Delivery::Queued => Status::Waiting,
                Delivery::HandedOver => Status::Invited,
                Delivery::Failed => Status::Failed,
            },
        }
    }

    /// Until when the status holds by itself; at that moment it turns to *Expired*.
    pub fn holds_until(&self, now: Moment) -> Option<Moment> {
        if !self.status(now).is_pending() {
            return None;
        }
        self.invitation.as_ref().and_then(|invitation| invitation.expires_at)
    }
}

/// What can be done to a person; `policy` says by whom, [`Verb::suits`] says in which state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Verb {
    See,
    Edit,
    ChangeRole,
    Block,
    Unblock,
    Delete,
    ResetPassword,
    Resend,
    Withdraw,
    CopyLink,
}

impl Verb {
    pub const ALL: [Self; 10] = [
        Self::See,
        Self::Edit,
        Self::ChangeRole,
        Self::Block,
        Self::Unblock,
        Self::Delete,
        Self::ResetPassword,
        Self::Resend,
        Self::Withdraw,
        Self::CopyLink,
    ];

    /// Whether the deed makes sense for a person in this state, else what stands against it.
    pub fn suits(self, status: Status) -> Result<(), Conflict> {
        match self {
            Self::See | Self::Edit | Self::ChangeRole | Self::Delete => Ok(()),
            Self::Block if status == Status::Blocked => Err(Conflict::AlreadyBlocked),
            Self::Block => Ok(()),
            Self::Unblock if status != Status::Blocked => Err(Conflict::NotBlocked),
            Self::Unblock => Ok(()),
            Self::ResetPassword if status == Status::Active => Ok(()),
            Self::ResetPassword if status == Status::Blocked => Err(Conflict::Blocked),
            Self::ResetPassword => Err(Conflict::NotRegistered),
            Self::Resend | Self::Withdraw | Self::CopyLink if status == Status::Active => {
                Err(Conflict::AlreadyRegistered)
            }
            Self::Resend | Self::Withdraw | Self::CopyLink if status == Status::Blocked => Err(Conflict::Blocked),
            Self::Resend => Ok(()),
            Self::Withdraw if status == Status::Withdrawn => Err(Conflict::AlreadyWithdrawn),
            Self::Withdraw if status == Status::NotInvited => Err(Conflict::NotInvited),
            Self::Withdraw => Ok(()),
            Self::CopyLink if status.is_pending() => Ok(()),
            Self::CopyLink => Err(Conflict::LinkEnded),
        }
    }
}

/// A person's row, without the password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    pub id: UserId,
    /// Counted from 1; what the history calls a person who was deleted.
    pub number: i64,
    /// Empty until somebody gave one.
    pub name: String,
    /// The person entered the name himself: an administrator cannot overwrite it (rule 89).
    pub name_is_own: bool,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub login: Option<String>,
    pub language: Language,
    pub registered_at: Option<Moment>,
    pub password_changed_at: Option<Moment>,
    pub last_seen_at: Option<Moment>,
    pub created_at: Moment,
    pub created_by: Option<UserId>,
    pub changed_at: Moment,
    /// Grows with every change, so that two edits at once are noticed (CO-06).
    pub version: i64,
}

impl User {
    /// What the person signs in with.
    pub fn identifier(&self) -> &str {
        [&self.email, &self.login, &self.phone].into_iter().flatten().next().map_or("", String::as_str)
    }

    /// What to call the person: the name, else the address.
    pub fn title(&self) -> &str {
        if self.name.is_empty() { self.identifier() } else { &self.name }
    }
}

/// Who may write a person's name (rule 89, C7).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum NamePolicy {
    Administrator,
    #[default]
    UserWins,
    UserOnly,
}

impl NamePolicy {
    pub const ALL: [Self; 3] = [Self::UserWins, Self::Administrator, Self::UserOnly];

    pub fn code(self) -> &'static str {
        match self {
            Self::Administrator => "admin",
            Self::UserWins => "user-wins",
            Self::UserOnly => "user-only",
        }
    }

    /// The policy of a code; an unknown one is the default.
    pub fn from_code(code: &str) -> Self {
        Self::ALL.into_iter().find(|policy| policy.code() == code).unwrap_or_default()
    }

    /// Whether an administrator may overwrite a name.
    pub fn lets_an_administrator_write(self, name_is_own: bool) -> bool {
        match self {
            Self::Administrator => true,
            Self::UserWins => !name_is_own,
            Self::UserOnly => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::moment::Span;

    const NOW: Moment = Moment(1_000_000);

    fn invited(delivery: Delivery) -> Facts {
        let invitation =
            InvitationFacts { expires_at: Some(NOW + Span::hours(1)), withdrawn_at: None, accepted_at: None, delivery };
        Facts { registered_at: None, is_blocked: false, invitation: Some(invitation) }
    }

    #[test]
    fn invited_is_said_only_after_a_relay_took_the_message() {
        assert_eq!(invited(Delivery::Queued).status(NOW), Status::Waiting);
        assert_eq!(invited(Delivery::HandedOver).status(NOW), Status::Invited);
        assert_eq!(invited(Delivery::Failed).status(NOW), Status::Failed);
    }

    #[test]
    fn an_invitation_ends_at_its_moment_not_a_millisecond_later() {
        let facts = invited(Delivery::HandedOver);
        assert_eq!(facts.status(Moment(NOW.0 + 3_599_999)), Status::Invited);
        assert_eq!(facts.status(NOW + Span::hours(1)), Status::Expired);
        assert_eq!(facts.holds_until(NOW), Some(NOW + Span::hours(1)));
    }

    #[test]
    fn an_invitation_without_an_end_has_ended() {
        let mut facts = invited(Delivery::HandedOver);
        facts.invitation.as_mut().expect("an invitation").expires_at = None;
        assert_eq!(facts.status(NOW), Status::Expired);
    }

    #[test]
    fn blocked_stands_above_everything_and_unblocking_gives_back_what_was() {
        let mut facts = invited(Delivery::HandedOver);
        facts.is_blocked = true;
        assert_eq!(facts.status(NOW), Status::Blocked);
        facts.is_blocked = false;
        assert_eq!(facts.status(NOW), Status::Invited);
    }

    #[test]
    fn what_a_user_entered_himself_an_administrator_cannot_overwrite() {
        assert!(NamePolicy::UserWins.lets_an_administrator_write(false));
        assert!(!NamePolicy::UserWins.lets_an_administrator_write(true));
        assert!(!NamePolicy::UserOnly.lets_an_administrator_write(false));
        assert!(NamePolicy::Administrator.lets_an_administrator_write(true));
    }
}
