//! What the pages about invitations get: their list, the invite form, and the page that a link opens.

use super::{FormattedTime, HistoryLine, OpenOffer, Person, ProposalSummary, UnitChoices, UnitRef};
use crate::domain::consent::ConsentKind;
use crate::domain::contact::{CallingCode, Channel};
use crate::domain::id::{DraftId, InvitationId, RoleId, UnitId, UserId};
use crate::domain::invitation::DeadLink;
use crate::domain::listing::{Count, HeldRole, Matching};
use crate::domain::onboarding::{InvitationCarries, UsualInvitation};
use crate::domain::password::PasswordPolicy;
use crate::domain::registration::RegistrationFields;
use crate::domain::review::{Hold, InviteDraft};
use crate::domain::revision::Revision;
use crate::domain::role::Role;
use crate::domain::settings::{InvitesBy, UnitField};
use crate::domain::sms::SmsLength;
use crate::domain::timestamp::Duration;
use crate::domain::user::Status;
use crate::words::Language;
use serde::{Deserialize, Serialize};

/// An invitation on its page and on the user card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvitationSummary {
    pub id: InvitationId,
    pub user_id: UserId,
    pub title: String,
    pub address: String,
    /// The other address of the person, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub other: Option<String>,
    pub held: Vec<HeldRole>,
    /// It offers more than the viewer can see.
    pub elsewhere: bool,
    /// The person signs in already, by an address that is theirs.
    #[serde(default)]
    pub has_account: bool,
    pub status: Status,
    pub invited_by: Option<Person>,
    /// Who offered what waits for a second administrator, while it does (rule 53).
    pub proposed_by: Vec<Person>,
    pub created: FormattedTime,
    /// When its newest link was sent, where that is not the first.
    pub resent: Option<FormattedTime>,
    /// When the person was reminded of that link.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reminded: Option<FormattedTime>,
    pub until: Option<FormattedTime>,
    pub history: Vec<HistoryLine>,
    pub revision: Revision,
}

impl InvitationSummary {
    /// As far as it decides what can be done with it.
    pub fn offer(&self) -> OpenOffer {
        OpenOffer {
            id: self.id.clone(),
            user_id: self.user_id.clone(),
            address: self.address.clone(),
            has_account: self.has_account,
            held: self.held.clone(),
            elsewhere: self.elsewhere,
            status: self.status,
            has_end: self.until.is_some(),
            proposed_by: self.proposed_by.clone(),
            revision: self.revision.clone(),
        }
    }
}

/// One page of the invitations, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvitationsPage {
    /// Whose list this is.
    pub unit: UnitRef,
    pub rows: Vec<InvitationSummary>,
    pub previous: Option<String>,
    pub next: Option<String>,
    pub counts: Vec<Count>,
    /// How many wait for a second administrator, whether the person has come in elsewhere or not.
    pub to_approve: i64,
    /// How many of the people of this list are waited for, and can be written to about it in one pass.
    pub waited_for: Matching,
    /// What waits beside invitations, oldest first; where it is asked for.
    #[serde(default)]
    pub proposals: Vec<ProposalSummary>,
}

/// What the register page shows for a link.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum LinkView {
    Open(Box<OpenInvitation>),
    Dead {
        why: DeadLink,
        organisation: String,
        support_contact: String,
        /// Who invited, where that is no secret to the holder of the link.
        inviter: Option<String>,
        inviter_email: Option<String>,
        /// The address in its masked form, when a new link can be asked for.
        renew_to: Option<String>,
        ended: Option<FormattedTime>,
        /// Somebody handed the link over: no message of ours brought it.
        is_handed: bool,
    },
}

/// An invitation as its holder sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenInvitation {
    pub organisation: String,
    pub inviter: String,
    pub inviter_email: Option<String>,
    /// Whom people ask for help, as the organisation wrote it; may be empty.
    pub support_contact: String,
    /// The link was handed over, and nobody has shown that the address is theirs: a code goes there first (H-22), or whoever has
    /// an account says so.
    pub asks_code: bool,
    /// What is offered: a role at a unit, at least one.
    pub offers: Vec<(Role, String)>,
    /// The address belongs to somebody who has registered already: they sign in to join (rules 46, 50).
    pub has_account: bool,
    pub personal_text: String,
    pub address: String,
    /// By which way the invitation came.
    pub channel: Channel,
    pub name: String,
    pub phone: String,
    pub language: Language,
    pub until: FormattedTime,
    pub asks: RegistrationFields,
    /// What is to be agreed to, or may be, each with its version.
    pub consents: Vec<(ConsentKind, i64)>,
    pub password: PasswordPolicy,
    /// What its message carries: in the place of a one-time password they set one of their own (rule 24).
    pub carries: InvitationCarries,
    /// Somebody else is signed in on this device (IN-06).
    pub signed_in_as: Option<String>,
}

/// A choice of how long a link works, with the moment at which it would end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Validity {
    pub length: Duration,
    pub until: FormattedTime,
}

/// What the invite form offers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InviteOptions {
    pub validities: Vec<Validity>,
    /// What invitations are like where whoever invites says nothing and chooses no unit, without what a role says.
    pub usual: UsualInvitation,
    /// The same of the installation, and of those units to choose from where it differs from that.
    pub installation: UsualInvitation,
    pub units_usual: Vec<(UnitId, UsualInvitation)>,
    pub usual_role: Option<RoleId>,
    pub language: Language,
    /// The units to choose from.
    pub units: UnitChoices,
    /// The unit from whose page the form was opened (rules 56, 60).
    pub chosen: Option<UnitRef>,
    /// The unit that is meant where none is chosen; none where one must be.
    pub proposed: Option<UnitRef>,
    /// Whether units are asked for at all (rules 6, 60).
    pub unit_field: UnitField,
    /// By which ways people are invited.
    pub invites_by: InvitesBy,
    /// What is offered for a number without a country code.
    #[serde(default)]
    pub calling_code: CallingCode,
    /// Whether people may be added without inviting them (rule 20).
    #[serde(default)]
    pub adds_people: bool,
    /// Whether people without an address are added with a login, at one of these units at least.
    pub hands_over: bool,
    /// How long an SMS of ours would be, language by language; nothing where none leaves.
    pub sms_lengths: Vec<(Language, SmsLength)>,
    /// The roles to give that take two (rule 53).
    #[serde(default)]
    pub takes_two: Vec<RoleId>,
    /// Some of those who could agree.
    #[serde(default)]
    pub second: Vec<Person>,
}

/// The page on which people are invited: what its form offers, and what stands in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvitePageData {
    pub options: InviteOptions,
    pub left: Option<LeftInForm>,
    /// A round at which a job is, while another form is opened.
    pub under_way: Option<DraftId>,
}

/// What the last request left: what stands in the form, and whether it can still be taken back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftInForm {
    pub id: DraftId,
    pub draft: InviteDraft,
    pub hold: Option<Hold>,
}
