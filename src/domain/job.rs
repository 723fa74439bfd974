//! Work that goes on when the request that asked for it is answered: its kinds, and how long a worker has it.

use super::coded::coded;
use super::timestamp::Duration;
use serde::{Deserialize, Serialize};

coded! {
    /// What is done.
    /// Its code is what the table keeps.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
    pub enum JobKind {
        /// The people of a round are invited.
        InviteRound = "invite_round",
        /// One action is done to people who were selected.
        Bulk = "bulk",
        /// What an imported list changes about people who are there.
        ImportChanges = "import_changes",
        /// An imported list is taken back.
        ImportUndo = "import_undo",
    }
}

/// A job of somebody's own that goes on, by its kind and what it is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnJob {
    pub kind: JobKind,
    pub subject: String,
}

impl OwnJob {
    /// The page that shows how far it is, and stops it.
    pub fn address(&self) -> String {
        match self.kind {
            JobKind::InviteRound => format!("/users/invite?draft={}", self.subject),
            JobKind::Bulk => format!("/users/many/{}", self.subject),
            JobKind::ImportChanges | JobKind::ImportUndo => format!("/import?id={}", self.subject),
        }
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
