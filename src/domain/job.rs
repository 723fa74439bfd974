//! Work that goes on when the request that asked for it is answered: its kinds, and how long a worker has it.

use super::timestamp::Duration;

/// What is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JobKind {
    /// The people of a round are invited.
    InviteRound,
    /// One action is done to people who were selected.
    Bulk,
    /// What an imported list changes about people who are there.
    ImportChanges,
}

impl JobKind {
    pub const ALL: [Self; 3] = [Self::InviteRound, Self::Bulk, Self::ImportChanges];

    /// As the table keeps it.
    pub fn code(self) -> &'static str {
        match self {
            Self::InviteRound => "invite_round",
            Self::Bulk => "bulk",
            Self::ImportChanges => "import_changes",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// How long a worker may hold a job without a word; every part of the work prolongs it.
pub const LEASE: Duration = Duration::seconds(20);

/// How often a job is put off, one time after the other, before it is given up.
pub const MOST_ATTEMPTS: i64 = 8;

/// How long a job waits after it could not go on, for the first, second … time: from two seconds to some minutes.
pub fn wait_before_next(attempts: i64) -> Duration {
    Duration::seconds(2 << attempts.clamp(0, 7))
}

/// How long a worker goes on with one job while another one waits.
pub const TURN: Duration = Duration::seconds(1);
