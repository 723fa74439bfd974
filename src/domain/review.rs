//! The review list of the invite form: one row per person with its verdict, and the rules by which a row may be sent.
//! Warnings never block; they ask once. What cannot be sent stays, and nothing typed is lost.

use super::contact::Email;
use super::id::{DraftId, InvitationId, RoleId, UnitId, UserId};
use super::message::Rest;
use super::moment::Moment;
use super::paste::{PasteProblem, Pasted, PastedKind};
use super::permission::Permissions;
use super::user::Status;
use crate::words::Language;
use serde::{Deserialize, Serialize};

/// The most people of one invite form.
pub const MOST_AT_ONCE: usize = 200;

/// What is thought of a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Verdict {
    Ready,
    /// Probably a slip: `meant` is the address that was probably meant.
    Misspelt {
        meant: String,
    },
    /// Very close to somebody known: `title` and `address` say to whom.
    Similar {
        title: String,
        address: String,
    },
    /// The domain cannot receive e-mail, as the domain name system says.
    NoMailServer {
        domain: String,
    },
    /// In the unit already: something else is to be done about this person.
    Known {
        user_id: UserId,
        title: String,
        status: Status,
    },
    /// Within the inviter's reach, and not in the unit yet: the invitation asks the person to join.
    Joins {
        user_id: UserId,
        title: String,
        status: Status,
    },
    /// Not an address; `repair` is what was probably meant.
    Broken {
        problem: PasteProblem,
        repair: Option<String>,
    },
    /// A phone number: invitations go by e-mail.
    Phone,
    /// Nothing stands against the row but that it has to wait; sending the form again tries it again.
    Rests(Rest),
}

impl Verdict {
    /// That the domain of an address cannot receive e-mail, written as people read it.
    pub fn no_mail_server(email: &Email) -> Self {
        Self::NoMailServer { domain: idna::domain_to_unicode(email.domain()).0 }
    }

    /// Whether the row goes as it is.
    pub fn is_ready(&self) -> bool {
        matches!(self, Self::Ready | Self::Joins { .. })
    }

    /// Whether the person at the form has to choose, and may insist.
    pub fn asks(&self) -> bool {
        matches!(self, Self::Misspelt { .. } | Self::Similar { .. } | Self::NoMailServer { .. })
    }
}

/// A row as it comes from the form.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WishedRow {
    /// What was typed at first.
    #[serde(default)]
    pub typed: String,
    /// What was chosen or typed since; missing while a choice is open.
    #[serde(default)]
    pub address: Option<String>,
    #[serde(default)]
    pub name: String,
    /// A role of its own; empty: that of the whole form.
    #[serde(default)]
    pub role: String,
    /// The warning was shown with this row, so a chosen address is meant.
    #[serde(default)]
    pub asked: Option<String>,
    /// The row was taken out.
    #[serde(default)]
    pub dropped: Option<String>,
}

/// A row with its verdict.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReviewRow {
    pub typed: String,
    pub name: String,
    pub role: Option<RoleId>,
    pub verdict: Verdict,
}

/// Somebody to whom an invitation was made just now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentRow {
    pub user_id: UserId,
    pub invitation: InvitationId,
    pub address: String,
    /// It waits for a second administrator (rule 53).
    #[serde(default)]
    pub awaits_approval: bool,
}

/// What stands in an invite form between two requests.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InviteDraft {
    pub rows: Vec<ReviewRow>,
    pub sent: Vec<SentRow>,
    /// Until when what was sent can be taken back; nothing leaves before.
    pub held_until: Option<Moment>,
    pub units: Vec<UnitId>,
    pub role: Option<RoleId>,
    /// Extra permissions on top of the role (rule 59).
    #[serde(default)]
    pub extra: Permissions,
    pub language: Language,
    pub personal_text: String,
    pub valid_for_hours: i64,
    /// Entries that were tidied up without changing their meaning.
    pub cleaned: usize,
    /// Entries that repeated another one.
    pub folded: usize,
    /// Entries beyond [`MOST_AT_ONCE`], which were not taken; they stand in the text field again.
    pub left_out: usize,
    pub rest: String,
}

impl InviteDraft {
    /// Keeps what stands in the text field, where what was left out stood at first.
    pub fn keep_typed(&mut self, typed: &str) {
        if !typed.is_empty() {
            self.rest = typed.into();
        }
    }
}

/// A draft whose invitations have not left yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hold {
    pub draft: DraftId,
    /// How many seconds are left to take them back.
    pub seconds: i64,
}

/// What is known of a pasted entry before anybody looked into the database.
pub fn first_verdict(pasted: &Pasted, own_domains: &[String]) -> (Option<Email>, Verdict) {
    match &pasted.kind {
        PastedKind::Phone(_) => (None, Verdict::Phone),
        PastedKind::Broken { problem, repair } => {
            (None, Verdict::Broken { problem: problem.clone(), repair: repair.clone() })
        }
        PastedKind::Email(email) => match super::address_guard::suggest(email.domain(), own_domains) {
            Some(suggestion) => {
                let meant = format!("{}@{}", email.local(), suggestion.domain);
                (Some(email.clone()), Verdict::Misspelt { meant })
            }
            None => (Some(email.clone()), Verdict::Ready),
        },
    }
}
