//! What the pages of people get: the table, and the card of one of them.

use super::packed::PackedPage;
use super::{ConsentState, FormattedTime, HistoryLine, InvitationSummary, Person, ProposalSummary, UnitRef};
use crate::domain::id::{InvitationId, RoleId, UserId};
use crate::domain::job::OwnJob;
use crate::domain::listing::{Count, HeldRole, Matching};
use crate::domain::permission::Permission;
use crate::domain::policy::Place;
use crate::domain::revision::Revision;
use crate::domain::table_layout::TableLayout;
use crate::domain::user::{Status, identifier};
use crate::words::Language;
use serde::{Deserialize, Serialize};

/// A row of the users table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserSummary {
    pub id: UserId,
    /// Empty until the person, or whoever invited, has given one.
    pub name: String,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub login: Option<String>,
    /// What they hold or are offered within the viewer's reach.
    pub held: Vec<HeldRole>,
    /// What open invitations to the same address offer within the viewer's reach that were written by somebody who did not see
    /// this person. Each is dealt with as an invitation.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also_offered: Vec<HeldRole>,
    /// They stand somewhere else too, so what concerns them as a whole is not this viewer's to do (TE-05).
    pub elsewhere: bool,
    pub status: Status,
    /// Until when the invitation works.
    pub until: Option<FormattedTime>,
    /// Nothing where the table leaves its column out; so with what follows.
    pub added: Option<FormattedTime>,
    pub last_seen: Option<FormattedTime>,
    /// What the table says of an open invitation in one line: why nobody got it, or that it was sent again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl UserSummary {
    /// The places within the viewer's reach, as the policy wants them.
    pub fn places(&self) -> Vec<Place> {
        self.held.iter().map(|held| held.place.clone()).collect()
    }

    /// What to call the person: the name, else the address.
    pub fn title(&self) -> &str {
        if self.name.is_empty() { self.identifier() } else { &self.name }
    }

    /// What the person signs in with.
    pub fn identifier(&self) -> &str {
        identifier([&self.email, &self.login, &self.phone])
    }
}

/// One page of the users table. It travels packed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "PackedPage", into = "PackedPage")]
pub struct UsersPage {
    pub rows: Vec<UserSummary>,
    /// The row before which the previous page ends, and after which the next begins.
    pub previous: Option<UserId>,
    pub next: Option<UserId>,
    /// Everyone of the unit and below, by status and role.
    pub counts: Vec<Count>,
    /// Whose list this is.
    pub unit: UnitRef,
    /// How many match.
    pub matching: Matching,
    /// How many match among those who have left, where nobody else does.
    pub archived: Option<Matching>,
    /// How the viewer looks at the table.
    pub layout: TableLayout,
    /// Lists that have names: their names and addresses.
    pub views: Vec<(String, String)>,
    /// What goes on behind the pages for whoever looks.
    pub jobs: Vec<OwnJob>,
}

impl UsersPage {
    /// Everyone who has not left.
    pub fn total(&self) -> i64 {
        Count::people_here(&self.counts)
    }
}

/// Everything on the card of a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserCard {
    pub user: UserSummary,
    /// When they are erased, of somebody in the bin.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub erased: Option<FormattedTime>,
    /// Brought back out of the bin they are in the archive, where they were before.
    #[serde(default)]
    pub had_left_before: bool,
    /// Until when they could be brought back if they were deleted now; nothing where that is for good.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kept_until: Option<FormattedTime>,
    pub name_is_own: bool,
    /// Whether the settings let an administrator write it (rule 89).
    pub may_write_name: bool,
    /// The organisation's own record of this employee.
    pub record: Option<String>,
    pub language: Language,
    pub version: i64,
    pub created_by: Option<Person>,
    pub changed: FormattedTime,
    pub blocked_by: Option<Person>,
    pub block_reason: String,
    /// Those that are not over, newest first.
    pub invitations: Vec<InvitationSummary>,
    /// What waits for a second administrator beside them (rule 53).
    pub proposals: Vec<ProposalSummary>,
    /// What they can see and use, and why, at each unit within the viewer's reach.
    pub abilities: Vec<Abilities>,
    /// The shifts before them, from which a block, an archive, a deletion takes them (rules 92, 94).
    pub shifts_ahead: i64,
    /// Messages to the address have been seen to arrive.
    pub is_confirmed: bool,
    /// `User::is_unproven`: nothing more is given to the account, but offered by a letter.
    pub is_unproven: bool,
    /// An e-mail address that whoever invited gave of them, and of which nobody has shown that it is theirs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unconfirmed_email: Option<String>,
    /// They came in by a link to their number.
    #[serde(default)]
    pub is_phone_confirmed: bool,
    /// Of somebody with a login alone.
    pub handed: Option<HandedLogin>,
    /// What somebody who has registered agreed to.
    pub consents: Vec<ConsentState>,
    pub history: Vec<HistoryLine>,
    /// Of what is seen of this person's access.
    pub revision: Revision,
}

/// What is known of the access of somebody with a login, to whom a temporary password is handed over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandedLogin {
    /// Where they sign in.
    pub address: String,
    /// That address as a picture, while there is a password to hand over.
    pub picture: Option<String>,
    /// Until when their temporary password works, or did; nothing once they have set a lasting one.
    pub temporary_until: Option<FormattedTime>,
    pub is_over: bool,
}

impl UserCard {
    /// What is asked before something is done to this person.
    pub fn question(&self) -> UserQuestion {
        UserQuestion {
            user: self.user.clone(),
            kept_until: self.kept_until.clone(),
            had_left_before: self.had_left_before,
            shifts_ahead: self.shifts_ahead,
            is_unproven: self.is_unproven,
            offers: self.invitations.iter().map(InvitationSummary::offer).collect(),
            revision: self.revision.clone(),
        }
    }
}

/// What a question says of the person to whom something is about to be done, on their card or over the table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserQuestion {
    pub user: UserSummary,
    /// As [`UserCard::kept_until`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kept_until: Option<FormattedTime>,
    /// As [`UserCard::had_left_before`].
    #[serde(default)]
    pub had_left_before: bool,
    /// The shifts that it would free.
    pub shifts_ahead: i64,
    pub is_unproven: bool,
    /// The invitations that are not over, newest first.
    pub offers: Vec<OpenOffer>,
    pub revision: Revision,
}

/// An invitation that is not over, as far as it decides what can be done with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenOffer {
    pub id: InvitationId,
    pub user_id: UserId,
    pub address: String,
    /// The person signs in already, by an address that is theirs.
    pub has_account: bool,
    pub held: Vec<HeldRole>,
    /// It offers more than the viewer can see.
    pub elsewhere: bool,
    pub status: Status,
    /// Whether its link still has an end before it.
    pub has_end: bool,
    /// Who offered what waits for a second administrator, while it does (rule 53).
    pub proposed_by: Vec<Person>,
    pub revision: Revision,
}

/// What somebody can see and use at a unit, and by what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Abilities {
    pub unit: String,
    /// The permission, the role that gives it, the unit at which that is held, and whether it is an extra one.
    pub can: Vec<(Permission, RoleId, String, bool)>,
    /// The roles that the person may give there.
    pub gives: Vec<RoleId>,
}
