//! A security report (rule 67): what is known of how somebody comes in and of what they may do, and what of it calls for a look. Pure;
//! the facts are found elsewhere, and put into words elsewhere.

use super::audit::AuditAction;
use super::id::{UnitId, UserId};
use super::permission::{Permission, Permissions};
use super::timestamp::{Duration, Timestamp};
use serde::{Deserialize, Serialize};

/// How far back sign-ins are counted, and changes of rights.
pub const SIGN_INS_WITHIN: Duration = Duration::days(30);
pub const CHANGES_WITHIN: Duration = Duration::days(90);

/// How long wrong passwords are counted that no right one followed.
pub const FAILURES_WITHIN: Duration = Duration::days(90);

/// Of how many people one report tells at most.
pub const MOST_PEOPLE: usize = 1_000;

/// How many people, changes and sessions it names; of the others it says how many there are.
pub const MOST_NAMED: usize = 50;
pub const MOST_CHANGES: usize = 30;
pub const MOST_SESSIONS: usize = 10;

/// From so many days on somebody has not been here for long, so many wrong passwords are no slip, and so many open sessions are more
/// than anybody has devices.
const LONG_AWAY: i64 = 90;
const MANY_FAILURES: i64 = 3;
const MANY_SESSIONS: i64 = 10;

/// The lines of the history by which somebody's rights changed, or their way in.
pub const CHANGES: [AuditAction; 17] = [
    AuditAction::RoleChanged,
    AuditAction::ExtrasChanged,
    AuditAction::PlaceAdded,
    AuditAction::PlaceRemoved,
    AuditAction::Accepted,
    AuditAction::Joined,
    AuditAction::Blocked,
    AuditAction::Unblocked,
    AuditAction::Archived,
    AuditAction::Binned,
    AuditAction::BroughtBack,
    AuditAction::AdministratorMade,
    AuditAction::ResetSent,
    AuditAction::PasswordHanded,
    AuditAction::PasswordChanged,
    AuditAction::TokenMade,
    AuditAction::TokenRevoked,
];

/// About whom a report is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ReportSubject {
    Person(UserId),
    /// Everybody in it and below.
    Unit(UnitId),
}

/// What somebody signs in with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PasswordFact {
    #[default]
    None,
    /// Handed over, and to be changed by then.
    Temporary {
        until: Timestamp,
    },
    Own {
        since: Option<Timestamp>,
    },
}

/// What is known of somebody.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SecurityFacts {
    pub came_in_at: Option<Timestamp>,
    pub last_seen_at: Option<Timestamp>,
    pub sign_ins: i64,
    pub sessions: i64,
    pub failures: i64,
    pub password: PasswordFact,
    pub tokens: i64,
    /// They came in, and nobody has shown that the address is theirs.
    pub is_unconfirmed: bool,
    /// Everything that they may do at this moment, anywhere.
    pub rights: Permissions,
    pub changes: i64,
}

/// The most of what somebody may do to others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Influence {
    ChangeSettings,
    GiveRoles,
    Invite,
}

/// Something that calls for a look; the gravest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Concern {
    /// Wrong passwords, and no right one since.
    Failures(i64),
    /// Of a temporary password; `is_over` once it opens nothing any more.
    NeverChanged {
        is_over: bool,
    },
    /// Not here for so many days, and may still do this.
    Away {
        days: i64,
        power: Option<Influence>,
    },
    /// The same of somebody whose programs may still come in.
    AwayWithToken {
        days: i64,
    },
    ManySessions(i64),
    Unconfirmed,
}

impl SecurityFacts {
    fn power(&self) -> Option<Influence> {
        let any = |wanted: &[Permission]| wanted.iter().any(|one| self.rights.has(*one));
        match () {
            () if any(&[Permission::ChangeSettings, Permission::EditRoles]) => Some(Influence::ChangeSettings),
            () if any(&[Permission::ChangeRoles]) => Some(Influence::GiveRoles),
            () if any(&[Permission::Invite]) => Some(Influence::Invite),
            () => None,
        }
    }

    /// What of it calls for a look at this moment.
    pub fn findings(&self, now: Timestamp) -> Vec<Concern> {
        let mut found = Vec::new();
        if self.failures >= MANY_FAILURES {
            found.push(Concern::Failures(self.failures));
        }
        if let PasswordFact::Temporary { until } = self.password {
            found.push(Concern::NeverChanged { is_over: now >= until });
        }
        let here = self.last_seen_at.max(self.came_in_at);
        let days = here.map(|here| days_between(here, now)).filter(|days| *days >= LONG_AWAY);
        // Whoever holds nothing any more cannot come in.
        if let Some(days) = days.filter(|_| !self.rights.is_empty()) {
            found.push(Concern::Away { days, power: self.power() });
        }
        if let Some(days) = days.filter(|_| self.tokens > 0) {
            found.push(Concern::AwayWithToken { days });
        }
        if self.sessions >= MANY_SESSIONS {
            found.push(Concern::ManySessions(self.sessions));
        }
        if self.is_unconfirmed {
            found.push(Concern::Unconfirmed);
        }
        found.sort_unstable();
        found
    }
}

/// Whole days from one moment to a later one.
pub fn days_between(from: Timestamp, to: Timestamp) -> i64 {
    ((to - from).0 / Duration::days(1).0).max(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_800_000_000_000);

    fn ago(days: i64) -> Option<Timestamp> {
        Some(Timestamp(NOW.0 - Duration::days(days).0))
    }

    fn may(rights: &[Permission]) -> Permissions {
        rights.iter().copied().collect()
    }

    #[test]
    fn whoever_is_here_and_signs_in_as_usual_calls_for_no_look() {
        let facts = SecurityFacts {
            came_in_at: ago(400),
            last_seen_at: ago(1),
            sign_ins: 12,
            sessions: 2,
            failures: 2,
            password: PasswordFact::Own { since: ago(400) },
            tokens: 1,
            rights: may(&[Permission::SeeUsers, Permission::Invite]),
            changes: 4,
            is_unconfirmed: false,
        };
        assert_eq!(facts.findings(NOW), []);
        // Somebody who has not come in has done nothing.
        assert_eq!(SecurityFacts::default().findings(NOW), []);
    }

    #[test]
    fn what_calls_for_a_look_stands_in_the_order_of_its_weight() {
        let facts = SecurityFacts {
            came_in_at: ago(300),
            last_seen_at: ago(214),
            sessions: 10,
            failures: 3,
            password: PasswordFact::Temporary { until: Timestamp(NOW.0 - 1) },
            tokens: 1,
            is_unconfirmed: true,
            rights: may(&[Permission::Invite]),
            ..SecurityFacts::default()
        };
        let expected = [
            Concern::Failures(3),
            Concern::NeverChanged { is_over: true },
            Concern::Away { days: 214, power: Some(Influence::Invite) },
            Concern::AwayWithToken { days: 214 },
            Concern::ManySessions(10),
            Concern::Unconfirmed,
        ];
        assert_eq!(facts.findings(NOW), expected);
        let more = SecurityFacts { rights: may(&[Permission::Invite, Permission::ChangeRoles]), ..facts.clone() };
        assert!(more.findings(NOW).contains(&Concern::Away { days: 214, power: Some(Influence::GiveRoles) }));
        // Whoever holds nothing comes in nowhere.
        let blocked = SecurityFacts { rights: Permissions::NONE, tokens: 0, ..facts };
        assert!(
            blocked
                .findings(NOW)
                .iter()
                .all(|one| !matches!(one, Concern::Away { .. } | Concern::AwayWithToken { .. }))
        );
    }

    #[test]
    fn days_are_whole_and_never_before_nothing() {
        assert_eq!(days_between(NOW, NOW + Duration::hours(47)), 1);
        assert_eq!(days_between(NOW, Timestamp(0)), 0);
    }
}
