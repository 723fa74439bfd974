//! What one's own pages get, and what is known of whoever looks.

use super::{ConsentState, FormattedTime, UnitRef};
use crate::domain::authorization::SignsInBy;
use crate::domain::contact::Channel;
use crate::domain::endings::Endings;
use crate::domain::id::{RoleId, SessionId, TokenId, UserId};
use crate::domain::listing::HeldRole;
use crate::domain::password::PasswordPolicy;
use crate::domain::policy::Authority;
use crate::domain::registration::NameFields;
use crate::domain::role::Role;
use crate::domain::table_layout::TableLayout;
use crate::words::Language;
use serde::{Deserialize, Serialize};

/// Who looks at the page, and everything by which the page decides what to show them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Viewer {
    pub user_id: UserId,
    pub name: String,
    pub address: String,
    pub language: Language,
    pub authority: Authority,
    /// All roles of the installation, highest first; last those that were removed, which only name what is over.
    pub roles: Vec<Role>,
    /// The units to which this viewer can narrow the lists: the tops of their reach, and a few below these.
    pub scopes: Vec<UnitRef>,
    /// The installation's preset, by which kinds of units have their labels.
    pub preset: String,
    /// The administrators to whom those who may not change anything are sent.
    pub administrators: Vec<String>,
    pub organisation: String,
    /// No relay is configured: messages are read in the built-in mailbox.
    pub has_mailbox: bool,
    /// Everybody here is invented.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_demonstration: bool,
    /// There is a plan of shifts.
    pub plans_shifts: bool,
    /// How many days whoever is deleted can be brought back.
    #[serde(default)]
    pub bin_days: i64,
    #[serde(default)]
    pub archives_people: bool,
    /// Sent again, an invitation keeps its link.
    #[serde(default)]
    pub extends_links: bool,
    /// The channels whose messages wait there.
    pub waits_by: Vec<Channel>,
    /// How they look at the users table.
    #[serde(default)]
    pub table_layout: TableLayout,
}

impl Viewer {
    /// How people leave this organisation.
    pub fn endings(&self) -> Endings {
        Endings { archives: self.archives_people, has_bin: self.bin_days > 0 }
    }

    pub fn role(&self, id: &RoleId) -> Option<&Role> {
        self.roles.iter().find(|role| &role.id == id)
    }

    /// The roles that there are.
    pub fn standing_roles(&self) -> impl Iterator<Item = &Role> {
        self.roles.iter().filter(|role| !role.is_removed)
    }
}

/// A browser in which somebody is signed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionSummary {
    pub id: SessionId,
    pub device: String,
    pub is_this_one: bool,
    pub since: FormattedTime,
    pub last_seen: FormattedTime,
}

/// One's own tokens of the API.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnTokens {
    pub tokens: Vec<TokenSummary>,
    /// How long a new one may live; nothing for whoever may not make one.
    pub lives: Vec<TokenLife>,
}

/// A token, without its secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenSummary {
    pub id: TokenId,
    pub name: String,
    pub created: FormattedTime,
    pub last_used: Option<FormattedTime>,
    pub until: FormattedTime,
}

/// A choice of how long a token works, with the moment at which it would end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenLife {
    pub days: i64,
    pub until: FormattedTime,
}

/// One's own page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    pub name: String,
    pub email: Option<String>,
    /// One of which they have not shown yet that it is theirs.
    pub unconfirmed_email: Option<String>,
    pub phone: Option<String>,
    pub login: Option<String>,
    pub language: Language,
    pub version: i64,
    /// The roles that count, and at which units.
    pub places: Vec<HeldRole>,
    pub password_changed: Option<FormattedTime>,
    pub password: PasswordPolicy,
    /// There is a plan of shifts.
    pub plans_shifts: bool,
    /// How the name is asked for.
    pub name_fields: NameFields,
    /// A new password is typed twice.
    pub repeats_password: bool,
    pub sessions: Vec<SessionSummary>,
    /// Nothing for whoever has none and may not make one.
    pub tokens: Option<OwnTokens>,
    pub consents: Vec<ConsentState>,
}

/// What the sign-in and set-up pages need to know before anybody is signed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Welcome {
    pub organisation: String,
    pub language: Language,
    pub is_set_up: bool,
    pub repeats_password: bool,
    pub password: PasswordPolicy,
    #[serde(default)]
    pub signs_in_by: SignsInBy,
}
