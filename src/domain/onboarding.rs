//! What an invitation carries (rule 24): a link, or a user name and a one-time password. The second is the weaker way, since
//! whoever reads the message can come in by it, and messages are kept; so its password ends long before most links do.

use super::coded::coded;
use super::role::Role;
use super::settings::Settings;
use super::timestamp::{Duration, Timestamp};
use super::validity::LONGEST;
use serde::{Deserialize, Serialize};

/// How long the one-time password of an invitation works after it was sent, if the invitation does not end before.
pub const CREDENTIALS_FOR: Duration = Duration::hours(72);

coded! {
    /// What the message of an invitation carries.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
    pub enum InvitationCarries {
        #[default]
        Link = "link",
        /// The user name and a one-time password, which is changed at the first sign-in.
        Credentials = "credentials",
    }
}

impl InvitationCarries {
    /// How long an invitation works at most that carries this: no longer than what it carries.
    pub fn longest(self) -> Duration {
        match self {
            Self::Link => LONGEST,
            Self::Credentials => CREDENTIALS_FOR,
        }
    }
}

/// What a field holds of what a role says for itself; empty is as usual.
pub fn own_code(carries: Option<InvitationCarries>) -> &'static str {
    carries.map(InvitationCarries::code).unwrap_or_default()
}

/// Reads that; `None` for what is no such code.
pub fn read_own(code: &str) -> Option<Option<InvitationCarries>> {
    if code.is_empty() { Some(None) } else { InvitationCarries::from_code(code).map(Some) }
}

/// What invitations are like where whoever invites says nothing: by the units to which they lead, and by the role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UsualInvitation {
    /// How long one works, if what it carries lets it.
    pub valid_for: Duration,
    pub carries: InvitationCarries,
}

impl UsualInvitation {
    /// With a role of which nothing is said. The settings are those that hold at the units (`settings::UnitSettings`).
    pub fn of(settings: &Settings) -> Self {
        Self { valid_for: settings.invitation_valid_for, carries: settings.carries }
    }

    /// With a role: what is said of whoever holds it counts everywhere.
    #[must_use]
    pub fn with(self, role: &Role) -> Self {
        Self { valid_for: role.valid_for.unwrap_or(self.valid_for), carries: role.carries.unwrap_or(self.carries) }
    }

    /// With several roles, or none, of one invitation.
    #[must_use]
    pub fn with_all<'a>(self, roles: impl IntoIterator<Item = &'a Role>) -> Self {
        roles.into_iter().map(|role| self.with(role)).reduce(Self::joined).unwrap_or(self)
    }

    /// The more careful of two: the shorter time, and a link rather than a password.
    #[must_use]
    pub fn joined(self, other: Self) -> Self {
        let carries = if self.carries == other.carries { self.carries } else { InvitationCarries::Link };
        Self { valid_for: self.valid_for.min(other.valid_for), carries }
    }

    /// How long one works.
    pub fn length(self) -> Duration {
        self.length_or(None)
    }

    /// How long one works of which whoever invites may have said it.
    pub fn length_or(self, said: Option<Duration>) -> Duration {
        said.unwrap_or(self.valid_for).min(self.carries.longest())
    }
}

/// Until when the one-time password of an invitation works that was sent last at `renewed_at` and ends at `expires_at`; nothing
/// of one that has no end, and so opens nothing.
pub fn credentials_end(renewed_at: Timestamp, expires_at: Option<Timestamp>) -> Option<Timestamp> {
    expires_at.map(|end| end.min(renewed_at + CREDENTIALS_FOR))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_says_more_than_a_unit_and_a_password_ends_sooner_than_any_link() {
        use InvitationCarries::{Credentials, Link};
        let roles = crate::domain::preset::DISPATCH.roles_with(|key| crate::domain::id::RoleId::new(key));
        let role = |valid_for, carries| Role { valid_for, carries, ..roles[0].clone() };
        let (short, long) = (Duration::minutes(10), Duration::days(21));
        let usual = UsualInvitation { valid_for: long, carries: Link };
        assert_eq!(usual.with(&role(None, None)), usual);
        assert_eq!(usual.with(&role(Some(short), None)).length(), short);
        assert_eq!(usual.with(&role(None, Some(Credentials))).length(), CREDENTIALS_FOR);
        let length = |said, role: &Role| usual.with(role).length_or(said);
        assert_eq!(length(Some(long), &role(Some(short), None)), long, "whoever invites has the last word");
        assert_eq!(length(Some(long), &role(None, Some(Credentials))), CREDENTIALS_FOR);
        let mixed = usual.with_all([&role(Some(short), Some(Credentials)), &role(None, None)]);
        assert_eq!((mixed.valid_for, mixed.carries), (short, Link), "one of them wants a link");
        assert_eq!(usual.with_all([]), usual);
    }

    #[test]
    fn a_one_time_password_ends_after_three_days_or_with_its_invitation() {
        let sent = Timestamp(1_000);
        let end = |hours: i64| credentials_end(sent, Some(sent + Duration::hours(hours)));
        assert_eq!(end(8), Some(sent + Duration::hours(8)));
        assert_eq!(end(72), Some(sent + CREDENTIALS_FOR));
        assert_eq!(end(168), Some(sent + CREDENTIALS_FOR));
        assert_eq!(credentials_end(sent, None), None);
    }
}
