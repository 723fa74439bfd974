//! What pages ask for and what they get: the query that stands in a page's address, and the views that travel to the
//! browser. Moments come with their text, since the browser carries no calendar.

mod organisation;

use super::audit::AuditAction;
use super::id::{InvitationId, MessageId, RoleId, SessionId, UnitId, UserId};
use super::invitation::DeadLink;
use super::mail_text::MailText;
use super::membership::Standing;
use super::password::PasswordPolicy;
use super::permission::Permission;
use super::policy::{Authority, Place};
use super::proposal::ProposalSummary;
use super::revision::Revision;
use super::role::Role;
use super::settings::{Settings, UnitField};
use super::timestamp::Timestamp;
use super::user::Status;
use crate::words::Language;
pub use organisation::{
    MoveMeans, MovePage, RoleHolder, RolePage, RolesPage, ShiftPage, ShiftRow, ShiftsPage, UnitChoice, UnitChoices,
    UnitPage, UnitRef, UnitRow, WhoMay,
};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use serde::{Deserialize, Serialize};

/// How many rows a page of a list holds.
pub const PAGE: usize = 50;

/// A search never counts further than this; beyond it says "1000+".
pub const COUNTED: i64 = 1_000;

/// By what the users table is sorted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Sort {
    #[default]
    Name,
    NameDown,
    /// Newest first.
    Added,
    AddedUp,
}

impl Sort {
    pub const ALL: [Self; 4] = [Self::Name, Self::NameDown, Self::Added, Self::AddedUp];

    pub fn code(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::NameDown => "-name",
            Self::Added => "-added",
            Self::AddedUp => "added",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|sort| sort.code() == code)
    }
}

/// Where a page of a keyset list begins. A row's id, so that no personal data stands in an address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Cursor {
    #[default]
    Start,
    After(String),
    Before(String),
}

impl Cursor {
    /// Reads the two parameters of an address; empty ones mean the start.
    pub fn read(after: &str, before: &str) -> Self {
        match (after.trim(), before.trim()) {
            ("", "") => Self::Start,
            ("", before) => Self::Before(before.into()),
            (after, _) => Self::After(after.into()),
        }
    }
}

/// What the users page was asked for; the address of the page is the one place where it is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserQuery {
    pub search: String,
    pub status: Option<Status>,
    pub role: Option<RoleId>,
    /// Only this unit and what is below it; else everything within reach.
    pub unit: Option<UnitId>,
    pub sort: Sort,
    pub from: Cursor,
}

impl UserQuery {
    /// Reads the parameters of an address; what makes no sense is dropped.
    pub fn read(get: impl Fn(&str) -> Option<String>) -> Self {
        let full = |name: &str| get(name).filter(|value| !value.trim().is_empty());
        Self {
            search: full("q").map(|q| q.chars().take(200).collect()).unwrap_or_default(),
            status: full("status").and_then(|code| Status::from_code(&code)),
            role: full("role").map(RoleId::new),
            unit: full("unit").map(UnitId::new),
            sort: full("sort").and_then(|code| Sort::from_code(&code)).unwrap_or_default(),
            from: Cursor::read(&full("after").unwrap_or_default(), &full("before").unwrap_or_default()),
        }
    }

    /// The address of the users page that shows this.
    pub fn address(&self) -> String {
        let mut parts = Vec::new();
        let mut add = |name: &str, value: &str| {
            if !value.is_empty() {
                parts.push(format!("{name}={}", escape(value)));
            }
        };
        add("unit", self.unit.as_ref().map_or("", UnitId::as_str));
        add("q", &self.search);
        add("status", self.status.map_or("", Status::code));
        add("role", self.role.as_ref().map_or("", RoleId::as_str));
        add("sort", if self.sort == Sort::default() { "" } else { self.sort.code() });
        match &self.from {
            Cursor::Start => {}
            Cursor::After(id) => add("after", id),
            Cursor::Before(id) => add("before", id),
        }
        if parts.is_empty() { "/users".into() } else { format!("/users?{}", parts.join("&")) }
    }

    /// The same list from its beginning.
    pub fn from_start(&self) -> Self {
        Self { from: Cursor::Start, ..self.clone() }
    }

    /// Whether anything narrows the list.
    pub fn narrows(&self) -> bool {
        !self.search.trim().is_empty() || self.status.is_some() || self.role.is_some()
    }
}

/// What stands in an address as it is.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// Percent-encodes what has a meaning in an address.
pub fn escape(text: &str) -> String {
    utf8_percent_encode(text, PLAIN).to_string()
}

/// The names and values of a query, each decoded exactly once; the one reader of every query.
pub fn query_pairs(query: &str) -> Vec<(String, String)> {
    let decode = |text: &str| {
        let spaced = text.replace('+', " ");
        percent_decode_str(&spaced).decode_utf8_lossy().into_owned()
    };
    let pairs = query.trim_start_matches('?').split('&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (decode(name), decode(value)))
        .collect()
}

/// The first value of this name in a query.
pub fn query_value(query: &str, name: &str) -> Option<String> {
    query_pairs(query).into_iter().find(|(known, _)| known == name).map(|(_, value)| value)
}

/// A moment with its words, in the reader's language and the installation's zone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormattedTime {
    pub at: Timestamp,
    /// `20 Nov, 10:02`.
    pub short: String,
    /// `Fri 20 Nov 2026, 10:02 (Europe/Minsk)`.
    pub exact: String,
}

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
    pub desks: Vec<UnitRef>,
    /// The installation's preset, by which kinds of units have their labels.
    pub preset: String,
    /// The administrators to whom those who may not change anything are sent.
    pub administrators: Vec<String>,
    pub organisation: String,
    /// No relay is configured: messages are read in the built-in mailbox.
    pub has_mailbox: bool,
}

impl Viewer {
    pub fn role(&self, id: &RoleId) -> Option<&Role> {
        self.roles.iter().find(|role| &role.id == id)
    }

    /// The roles that there are.
    pub fn standing_roles(&self) -> impl Iterator<Item = &Role> {
        self.roles.iter().filter(|role| !role.is_removed)
    }
}

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
    pub added: FormattedTime,
    pub last_seen: Option<FormattedTime>,
}

/// A role that somebody holds, or is offered, at a unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldRole {
    pub place: Place,
    /// The unit's name.
    pub unit: String,
    pub standing: Standing,
    /// When it was offered.
    pub since: Timestamp,
    /// The unit, or one above it, is archived: nobody is brought back there.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_closed: bool,
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
        [&self.email, &self.login, &self.phone].into_iter().flatten().next().map_or("", String::as_str)
    }
}

/// How many people there are of a status and a role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Count {
    pub status: Status,
    pub role: RoleId,
    pub people: i64,
}

/// One page of the users table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UsersPage {
    pub rows: Vec<UserSummary>,
    /// The row before which the previous page ends, and after which the next begins.
    pub previous: Option<UserId>,
    pub next: Option<UserId>,
    /// Everyone of the unit and below, by status and role.
    pub counts: Vec<Count>,
    /// Whose list this is.
    pub unit: UnitRef,
    /// How many match; `None` when they are more than [`COUNTED`].
    pub matching: Option<i64>,
}

impl UsersPage {
    /// Everyone who has not left.
    pub fn total(&self) -> i64 {
        self.counts.iter().filter(|count| count.status != Status::Archived).map(|count| count.people).sum()
    }
}

/// What happened to an invitation or to its messages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Happening {
    AuditAction(AuditAction),
    Queued,
    /// The relay put it off; its words are in the detail, the next try in the line.
    PutOff,
    HandedOver,
    Failed,
    /// The link ended before the message could leave.
    TooLate,
    Opened,
}

/// One line of a timeline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryLine {
    pub when: FormattedTime,
    /// Who did it; `None` is the system.
    pub actor: Option<Person>,
    pub happening: Happening,
    pub subject: Option<Person>,
    /// Where, if it happened at a unit.
    pub unit: Option<String>,
    pub before: String,
    pub after: String,
}

/// Somebody named in a line; a deleted person has a number instead of a name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    pub id: UserId,
    pub title: String,
    /// Set when the person was deleted.
    pub gone: Option<i64>,
}

/// An invitation on its page and on the user card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvitationSummary {
    pub id: InvitationId,
    pub user_id: UserId,
    pub title: String,
    pub address: String,
    pub held: Vec<HeldRole>,
    /// It offers more than the viewer can see.
    pub elsewhere: bool,
    pub status: Status,
    pub invited_by: Option<Person>,
    /// Who offered what waits for a second administrator, while it does (rule 53).
    pub proposed_by: Vec<Person>,
    pub created: FormattedTime,
    /// When its newest link was sent, where that is not the first.
    pub resent: Option<FormattedTime>,
    pub until: Option<FormattedTime>,
    pub history: Vec<HistoryLine>,
    pub revision: Revision,
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
    /// What waits beside invitations, oldest first; where it is asked for.
    #[serde(default)]
    pub proposals: Vec<ProposalSummary>,
}

/// Everything on the card of a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserCard {
    pub user: UserSummary,
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
    pub history: Vec<HistoryLine>,
    /// Of what is seen of this person's access.
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

/// One page of the history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditPage {
    pub rows: Vec<HistoryLine>,
    pub previous: Option<String>,
    pub next: Option<String>,
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
    },
}

/// An invitation as its holder sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenInvitation {
    pub organisation: String,
    pub inviter: String,
    pub inviter_email: Option<String>,
    /// The link was handed over, and nobody has shown that the address is theirs: a code goes there first (H-22), or whoever has
    /// an account says so.
    pub asks_code: bool,
    /// What is offered: a role at a unit, at least one.
    pub offers: Vec<(Role, String)>,
    /// The address belongs to somebody who has registered already: they sign in to join (rules 46, 50).
    pub has_account: bool,
    pub personal_text: String,
    pub address: String,
    pub name: String,
    pub phone: String,
    pub language: Language,
    pub until: FormattedTime,
    pub password: PasswordPolicy,
    /// Somebody else is signed in on this device (IN-06).
    pub signed_in_as: Option<String>,
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

/// One's own page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    pub name: String,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub login: Option<String>,
    pub language: Language,
    pub version: i64,
    pub password_changed: Option<FormattedTime>,
    pub password: PasswordPolicy,
    pub sessions: Vec<SessionSummary>,
}

/// A message in the built-in mailbox, as it would arrive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailSummary {
    pub id: MessageId,
    pub to: String,
    pub subject: String,
    pub when: FormattedTime,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mail {
    pub summary: MailSummary,
    pub from: String,
    pub text: String,
    pub html: String,
}

/// An invitation that is only looked at, or sent to whoever wants to see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailPreview {
    pub from: String,
    pub to: String,
    pub reply_to: Option<String>,
    pub subject: String,
    pub text: String,
    pub html: String,
    pub is_sent: bool,
}

/// The words of the invitation letter in one language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextsPage {
    pub language: Language,
    /// What the letter says now, with the variables in it.
    pub stands: MailText,
    /// Whether anything of it is the organisation's own.
    pub is_own: bool,
    pub revision: Revision,
    pub can_send: bool,
}

/// The settings page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettingsView {
    pub settings: Settings,
    pub revision: Revision,
    /// Host and port of the relay, without user and password; `None` is the mailbox.
    pub relay: Option<String>,
    pub sender: String,
    pub public_url: String,
    pub changed: Option<HistoryLine>,
}

/// A choice of how long a link works, with the moment at which it would end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Validity {
    pub hours: i64,
    pub until: FormattedTime,
}

/// What the invite form offers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InviteOptions {
    pub validities: Vec<Validity>,
    pub usual_hours: i64,
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
    /// The roles to give that take two (rule 53).
    #[serde(default)]
    pub takes_two: Vec<RoleId>,
    /// Some of those who could agree.
    #[serde(default)]
    pub second: Vec<Person>,
}

/// A page that the server wrote whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WrittenPage {
    pub title: String,
    /// The inside of the page.
    pub html: String,
}

/// What the sign-in and set-up pages need to know before anybody is signed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Welcome {
    pub organisation: String,
    pub language: Language,
    pub is_set_up: bool,
    pub password: PasswordPolicy,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_survives_its_own_address() {
        let query = UserQuery {
            search: "Петров & co_-.".into(),
            status: Some(Status::Failed),
            role: Some(RoleId::new("r-1")),
            unit: Some(UnitId::new("u-1")),
            sort: Sort::Added,
            from: Cursor::After("u/1".into()),
        };
        let address = query.address();
        let pairs = query_pairs(address.split_once('?').map_or("", |(_, query)| query));
        let read = UserQuery::read(|name| pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone()));
        assert_eq!(read, query);
        assert_eq!(UserQuery::default().address(), "/users");
    }

    #[test]
    fn a_query_is_decoded_exactly_once_l_05() {
        let pairs = query_pairs("?q=%2525&&plus=a+b%2Bc&bare&half=%4&cyrillic=%D0%9C%d0%b8&=x&q=two");
        let expected = [
            ("q", "%25"),
            ("plus", "a b+c"),
            ("bare", ""),
            ("half", "%4"),
            ("cyrillic", "Ми"),
            ("", "x"),
            ("q", "two"),
        ];
        assert_eq!(pairs, expected.map(|(name, value)| (name.to_string(), value.to_string())));
    }

    proptest::proptest! {
        #[test]
        fn whatever_is_escaped_is_read_as_it_was(text in ".{0,40}") {
            let pairs = query_pairs(&format!("a={}", escape(&text)));
            proptest::prop_assert_eq!(pairs, [("a".to_string(), text)]);
        }
    }

    #[test]
    fn what_makes_no_sense_in_an_address_is_dropped() {
        let read = UserQuery::read(|name| (name != "after" && name != "before").then(|| "nonsense".into()));
        assert_eq!((read.status, read.sort), (None, Sort::Name));
    }
}
