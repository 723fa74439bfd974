//! What an invitation carries (rule 24): a link, or a user name and a one-time password. The second is the weaker way, since
//! whoever reads the message can come in by it, and messages are kept; so its password ends long before most links do.

use super::timestamp::{Duration, Timestamp};
use super::validity::LONGEST;
use serde::{Deserialize, Serialize};

/// How long the one-time password of an invitation works after it was sent, if the invitation does not end before.
pub const CREDENTIALS_FOR: Duration = Duration::hours(72);

/// What the message of an invitation carries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum InvitationCarries {
    #[default]
    Link,
    /// The user name and a one-time password, which is changed at the first sign-in.
    Credentials,
}

impl InvitationCarries {
    pub const ALL: [Self; 2] = [Self::Link, Self::Credentials];

    pub fn code(self) -> &'static str {
        match self {
            Self::Link => "link",
            Self::Credentials => "credentials",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|carries| carries.code() == code)
    }

    /// How long an invitation works at most that carries this: no longer than what it carries.
    pub fn longest(self) -> Duration {
        match self {
            Self::Link => LONGEST,
            Self::Credentials => CREDENTIALS_FOR,
        }
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
    fn a_one_time_password_ends_after_three_days_or_with_its_invitation() {
        let sent = Timestamp(1_000);
        let end = |hours: i64| credentials_end(sent, Some(sent + Duration::hours(hours)));
        assert_eq!(end(8), Some(sent + Duration::hours(8)));
        assert_eq!(end(72), Some(sent + CREDENTIALS_FOR));
        assert_eq!(end(168), Some(sent + CREDENTIALS_FOR));
        assert_eq!(credentials_end(sent, None), None);
    }
}
