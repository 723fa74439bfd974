//! A person known to the installation, the one word that lists show about where they stand, and what can be done to
//! them in which state. How the word comes from the facts is `membership`'s to say; nothing stores a state that could
//! disagree.

use super::coded::coded;
use super::contact::{Address, Channel};
use super::error::Conflict;
use super::id::UserId;
use super::invitation::is_unprintable;
use super::membership::Standing;
use super::text::one_line;
use super::timestamp::Timestamp;
use crate::words::Language;
use serde::{Deserialize, Serialize};

coded! {
    /// Where a person stands, in the one word of the chip ("One state machine, five vocabularies").
    /// Its code is how addresses of pages and the database write it.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
    pub enum Status {
        /// Known, but nothing was ever sent (rule 20).
        NotInvited = "not_invited",
        /// The message is in the outbox; no relay has taken it yet.
        Waiting = "waiting",
        /// A relay took the message; the person has not registered.
        Invited = "invited",
        /// The message could not be delivered.
        Failed = "error",
        Expired = "expired",
        Withdrawn = "withdrawn",
        Active = "active",
        Blocked = "blocked",
        /// The invitation waits for a second administrator (rule 53).
        AwaitingApproval = "awaiting_approval",
        /// Left; the data is kept (rule 1).
        Archived = "archived",
    }
    all [Active, Invited, Waiting, AwaitingApproval, Failed, Expired, Withdrawn, NotInvited, Blocked, Archived]
}

impl Status {
    /// Whether an invitation of this person is open: its link works, or would if the message had arrived.
    pub fn is_pending(self) -> bool {
        matches!(self, Self::Waiting | Self::Invited | Self::Failed)
    }

    /// Of those in a list who share an address, the one with the lowest of these stands there for all (W-11): who came in, else
    /// who is invited, else who was, and last who has left.
    pub fn before_others(self, has_come_in: bool) -> u8 {
        match self {
            Self::Active => 0,
            Self::Blocked if has_come_in => 0,
            Self::Waiting | Self::Invited | Self::Failed | Self::AwaitingApproval => 1,
            Self::NotInvited | Self::Expired | Self::Withdrawn | Self::Blocked => 2,
            Self::Archived => 3,
        }
    }
}

coded! {
    /// What can be done to a person; `policy` says by whom, [`UserAction::suits`] says in which state.
    /// Its code is how addresses of pages write it.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
    pub enum UserAction {
        See = "see",
        Edit = "edit",
        /// Another role or other extra permissions at one unit.
        ChangeRole = "role",
        /// A further unit for somebody who stands within reach as a whole.
        AddPlace = "place",
        /// Out of one unit; the person stays (rule 54).
        RemovePlace = "remove",
        Block = "block",
        Unblock = "unblock",
        /// Rule 1.
        Archive = "archive",
        BringBack = "back",
        Delete = "delete",
        ResetPassword = "reset",
        /// Lets an invitation go that waits for a second administrator (rule 53).
        Approve = "approve",
        Resend = "resend",
        /// The same link once more (rule 17).
        Remind = "remind",
        Withdraw = "withdraw",
        CopyLink = "copy",
        /// A security report about them, to look at and by mail (rule 67).
        Report = "report",
    }
}

impl UserAction {
    /// Whether it is done to an invitation of the person.
    pub fn is_about_an_invitation(self) -> bool {
        matches!(self, Self::Approve | Self::Resend | Self::Remind | Self::Withdraw | Self::CopyLink)
    }

    /// Whether the action concerns the person, or the invitation, as a whole, wherever it leads; the others concern one place,
    /// or those within the reach of whoever acts (`policy`, sentence 5). Whoever holds a link gets everything that it
    /// offers, so nobody touches an invitation that offers more than they could.
    pub fn is_about_everything(self) -> bool {
        matches!(self, Self::Edit | Self::AddPlace | Self::Delete | Self::ResetPassword | Self::Report)
            || self.is_about_an_invitation()
    }

    /// Whether the action shuts places or opens them again. It is judged by each of them: where two administrators reach parts
    /// of one person, one may have shut what the other is to open.
    pub fn is_about_access(self) -> bool {
        matches!(self, Self::Block | Self::Unblock | Self::Archive | Self::BringBack)
    }

    /// Whether an action about access makes sense for a place that stands like this, else what stands against it.
    pub fn suits_place(self, standing: Standing) -> Result<(), Conflict> {
        use Standing::{Active, Archived, Blocked, Offered};
        let stands_against = match (self, standing) {
            (Self::BringBack, Archived) => None,
            (Self::BringBack, _) => Some(Conflict::NotArchived),
            (Self::Archive, Archived) => Some(Conflict::AlreadyArchived),
            (Self::Archive, Offered) => Some(Conflict::WithdrawInstead),
            (Self::Archive, Active | Blocked) => None,
            // Everything else begins with bringing back.
            (_, Archived) => Some(Conflict::Archived),
            (Self::Block, Blocked) => Some(Conflict::AlreadyBlocked),
            (Self::Unblock, Active | Offered) => Some(Conflict::NotBlocked),
            _ => None,
        };
        stands_against.map_or(Ok(()), Err)
    }

    /// Whether an action about access makes sense for one of these places at least, for a person in this state, else what
    /// stands against it.
    pub fn suits_some(self, status: Status, standings: impl IntoIterator<Item = Standing>) -> Result<(), Conflict> {
        // There is no invitation to withdraw instead.
        if self == Self::Archive && status == Status::NotInvited {
            return Ok(());
        }
        let mut answer = Err(Conflict::Archived);
        for standing in standings {
            match self.suits_place(standing) {
                Ok(()) => return Ok(()),
                // What can be undone says more than what has ended.
                Err(conflict) if standing != Standing::Archived || answer == Err(Conflict::Archived) => {
                    answer = Err(conflict);
                }
                Err(_) => {}
            }
        }
        answer
    }

    /// Whether the action makes sense for a person in this state, else what stands against it.
    pub fn suits(self, status: Status) -> Result<(), Conflict> {
        use Status::{Active, Archived, AwaitingApproval, Blocked, Failed, Invited, NotInvited, Waiting, Withdrawn};
        if self.is_about_access() {
            return self.suits_some(
                status,
                [match status {
                    Active => Standing::Active,
                    Blocked => Standing::Blocked,
                    Archived => Standing::Archived,
                    _ => Standing::Offered,
                }],
            );
        }
        let stands_against = match (self, status) {
            (Self::See | Self::Delete | Self::Report, _) => None,
            (_, Archived) => Some(Conflict::Archived),
            (Self::AddPlace, Blocked) => Some(Conflict::Blocked),
            (Self::Edit | Self::ChangeRole | Self::AddPlace | Self::RemovePlace, _) => None,
            (Self::ResetPassword, Active) => None,
            (Self::ResetPassword, Blocked) => Some(Conflict::Blocked),
            (Self::ResetPassword, _) => Some(Conflict::NotRegistered),
            (Self::Approve, AwaitingApproval) => None,
            (Self::Approve, _) => Some(Conflict::NothingToApprove),
            (Self::Resend | Self::Remind | Self::Withdraw | Self::CopyLink, Active) => {
                Some(Conflict::AlreadyRegistered)
            }
            (Self::Resend | Self::Remind | Self::Withdraw | Self::CopyLink, Blocked) => Some(Conflict::Blocked),
            (Self::Resend | Self::Remind | Self::CopyLink, AwaitingApproval) => Some(Conflict::AwaitsApproval),
            (Self::Resend, _) => None,
            (Self::Withdraw, Withdrawn) => Some(Conflict::AlreadyWithdrawn),
            (Self::Withdraw, NotInvited) => Some(Conflict::NotInvited),
            (Self::Withdraw, _) => None,
            (Self::Remind | Self::CopyLink, NotInvited) => Some(Conflict::NotInvited),
            (Self::Remind, Invited) => None,
            (Self::Remind, Waiting | Failed) => Some(Conflict::NothingArrived),
            (Self::Remind, _) => Some(Conflict::LinkEnded),
            (Self::CopyLink, status) if status.is_pending() => None,
            (Self::CopyLink, _) => Some(Conflict::LinkEnded),
            (Self::Block | Self::Unblock | Self::Archive | Self::BringBack, _) => None,
        };
        stands_against.map_or(Ok(()), Err)
    }
}

/// A person's row, without the password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    pub id: UserId,
    /// Counted from 1; what the history calls a person who was deleted.
    pub number: i64,
    /// Empty until somebody gave one.
    pub name: String,
    /// The person entered the name: an administrator cannot overwrite it (rule 89).
    pub name_is_own: bool,
    pub email: Option<String>,
    /// Where the person is reached; whoever signs in with a number has it alone.
    pub phone: Option<String>,
    pub login: Option<String>,
    /// What an inviter knows of somebody who has not accepted yet: the address, and what they typed themselves (rule 40).
    /// Nobody signs in by it, and others may have one of the same address.
    pub is_placeholder: bool,
    /// The e-mail address that an inviter gave of somebody who came in by a link to their number, while nobody has shown that it
    /// is theirs: nobody signs in with it, nothing but the question whether it is theirs goes there, and others may have it.
    pub unconfirmed_email: Option<String>,
    /// When the person showed that messages to the address arrive; a link that was handed over does not show it.
    pub confirmed_at: Option<Timestamp>,
    /// When they came in by a link that had gone to the number.
    pub phone_confirmed_at: Option<Timestamp>,
    pub language: Language,
    pub registered_at: Option<Timestamp>,
    pub password_changed_at: Option<Timestamp>,
    pub last_seen_at: Option<Timestamp>,
    /// The day of it where the installation is, counted from 1970; 0 before the first visit.
    pub seen_day: i64,
    pub created_at: Timestamp,
    pub created_by: Option<UserId>,
    pub changed_at: Timestamp,
    /// Grows with every change, so that two edits at once are noticed (CO-06).
    pub version: i64,
}

/// Of an e-mail address, a login and a number, what somebody is known by.
pub fn identifier([email, login, phone]: [&Option<String>; 3]) -> &str {
    [email, login, phone].into_iter().flatten().next().map_or("", String::as_str)
}

impl User {
    /// Somebody who is known from a moment on, with nothing known of them: they have not come in, and have nothing to sign in with.
    pub fn new(id: UserId, language: Language, now: Timestamp) -> Self {
        Self {
            id,
            number: 0,
            name: String::new(),
            name_is_own: false,
            email: None,
            phone: None,
            login: None,
            is_placeholder: false,
            unconfirmed_email: None,
            confirmed_at: None,
            phone_confirmed_at: None,
            language,
            registered_at: None,
            password_changed_at: None,
            last_seen_at: None,
            seen_day: 0,
            created_at: now,
            created_by: None,
            changed_at: now,
            version: 1,
        }
    }

    /// What the person signs in with.
    pub fn identifier(&self) -> &str {
        identifier([&self.email, &self.login, &self.phone])
    }

    /// By what the person is one with whoever else has it: the e-mail address, else the number that they were invited by.
    pub fn own_address(&self) -> Option<&str> {
        let is_own = self.is_placeholder || self.phone_confirmed_at.is_some();
        self.email.as_deref().or_else(|| self.phone.as_deref().filter(|_| is_own && self.login.is_none()))
    }

    /// Whether the number is all that they sign in with, so that nobody writes another in its place.
    pub fn has_only_a_number(&self) -> bool {
        self.email.is_none() && self.login.is_none() && self.phone_confirmed_at.is_some()
    }

    /// Where messages to the person go; nothing where they have no such address.
    pub fn address(&self) -> Option<Address> {
        // Nothing goes to a number that nobody has shown to be theirs.
        Address::of_user(self.email.as_deref(), self.phone.as_deref().filter(|_| self.phone_confirmed_at.is_some()))
    }

    /// The address at which messages reach the person, once it is known to be theirs.
    pub fn proven_address(&self) -> Option<Address> {
        self.address().filter(|_| !self.is_unproven())
    }

    /// All addresses at which messages reach the person.
    pub fn addresses(&self) -> Vec<Address> {
        let phone = self.phone.as_deref().filter(|_| self.phone_confirmed_at.is_some());
        let by_mail = Address::of_user(self.email.as_deref(), None);
        by_mail.into_iter().chain(Address::of_user(None, phone)).collect()
    }

    /// The address for letters that is theirs, or of which somebody said so.
    pub fn letters_to(&self) -> Option<Address> {
        Address::of_user(self.email.as_deref().or(self.unconfirmed_email.as_deref()), None)
    }

    /// The same while nobody has shown that it is theirs.
    pub fn to_confirm(&self) -> Option<Address> {
        let is_open = self.email.is_none() || self.confirmed_at.is_none();
        self.letters_to().filter(|_| is_open)
    }

    /// Whether an address is one of theirs, confirmed or not.
    pub fn has_address(&self, address: &Address) -> bool {
        let own = match address.channel() {
            Channel::Sms => [&self.phone, &None],
            _ => [&self.email, &self.unconfirmed_email],
        };
        own.into_iter().flatten().any(|own| own == address.as_str())
    }

    /// Whether they came in although nobody has shown that the address is theirs: by a link that was handed over, when such
    /// links asked for no code yet. To such an account nothing is given; it is offered by a letter to the address (H-24).
    /// Whoever set the installation up was let in by nobody, and handed nothing.
    pub fn is_unproven(&self) -> bool {
        let has_been_let_in = self.registered_at.is_some() && self.created_by.is_some();
        has_been_let_in && self.email.is_some() && self.confirmed_at.is_none()
    }

    /// What to call the person: the name, else the address.
    pub fn title(&self) -> &str {
        if self.name.is_empty() { self.identifier() } else { &self.name }
    }
}

/// How often in an hour somebody may give another telephone number as their own.
pub const PHONE_CHANGES_AN_HOUR: i64 = 5;

/// The longest [`User::record`], in characters.
pub const RECORD_LIMIT: usize = 200;

/// A record as typed, in one line; nothing when it is empty, no answer when it is too long.
pub fn read_record(typed: &str) -> Option<Option<String>> {
    let shown: String = typed.chars().map(|c| if is_unprintable(c) { ' ' } else { c }).collect();
    let record = one_line(&shown);
    match record.chars().count() {
        0 => Some(None),
        1..=RECORD_LIMIT => Some(Some(record)),
        _ => None,
    }
}

/// Whether a record is the address of a page, and not a number.
pub fn is_web_address(record: &str) -> bool {
    ["https://", "http://"].iter().any(|scheme| record.starts_with(scheme)) && !record.contains(char::is_whitespace)
}

coded! {
    /// Who may write a person's name (rule 89).
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
    pub enum NamePolicy {
        #[default]
        UserWins = "user-wins",
        Administrator = "admin",
        UserOnly = "user-only",
    }
}

impl NamePolicy {
    /// Whether an administrator may overwrite a name.
    pub fn lets_an_administrator_write(self, name_is_own: bool) -> bool {
        match self {
            Self::Administrator => true,
            Self::UserWins => !name_is_own,
            Self::UserOnly => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_deed_suits_some_state_and_archived_people_are_brought_back_first() {
        for action in UserAction::ALL {
            assert!(Status::ALL.into_iter().any(|status| action.suits(status).is_ok()), "{action:?}");
            let is_fine = action.suits(Status::Archived).is_ok();
            let may_be =
                matches!(action, UserAction::See | UserAction::Report | UserAction::BringBack | UserAction::Delete);
            assert_eq!(is_fine, may_be, "{action:?}");
        }
    }

    #[test]
    fn access_is_judged_by_each_place_and_one_that_suits_is_enough() {
        use Standing::{Active, Archived, Blocked, Offered};
        assert_eq!(UserAction::Unblock.suits_some(Status::Active, [Active, Blocked]), Ok(()));
        assert_eq!(UserAction::Block.suits_some(Status::Active, [Active, Blocked]), Ok(()));
        assert_eq!(UserAction::BringBack.suits_some(Status::Active, [Active, Archived]), Ok(()));
        assert_eq!(UserAction::Unblock.suits_some(Status::Active, [Archived, Active]), Err(Conflict::NotBlocked));
        assert_eq!(UserAction::Block.suits_some(Status::Active, [Blocked, Archived]), Err(Conflict::AlreadyBlocked));
        assert_eq!(UserAction::Block.suits_some(Status::Active, [Archived]), Err(Conflict::Archived));
        assert_eq!(UserAction::Archive.suits_some(Status::Active, [Offered, Archived]), Err(Conflict::WithdrawInstead));
        assert_eq!(UserAction::Archive.suits_some(Status::Active, [Archived]), Err(Conflict::AlreadyArchived));
        // Rule 20: of somebody who was only added nothing can be withdrawn.
        assert_eq!(UserAction::Archive.suits(Status::NotInvited), Ok(()));
        assert_eq!(UserAction::Block.suits(Status::NotInvited), Ok(()));
        assert_eq!(UserAction::Withdraw.suits(Status::NotInvited), Err(Conflict::NotInvited));
        assert_eq!(UserAction::CopyLink.suits(Status::NotInvited), Err(Conflict::NotInvited));
    }

    #[test]
    fn a_record_is_one_line_and_only_the_address_of_a_page_is_a_link() {
        assert_eq!(read_record(" AB\n 12\u{202e} "), Some(Some("AB 12".into())));
        assert_eq!(read_record("Cafe\u{301} 7"), Some(Some("Café 7".into())));
        assert_eq!(read_record(" \t"), Some(None));
        assert_eq!(read_record(&"я".repeat(RECORD_LIMIT)).flatten().map(|record| record.chars().count()), Some(200));
        assert_eq!(read_record(&"я".repeat(RECORD_LIMIT + 1)), None);
        assert!(is_web_address("https://hr.acme.by/people/12") && !is_web_address("12"));
        assert!(!is_web_address("javascript:alert(1)") && !is_web_address("https://x y"));
    }

    #[test]
    fn what_a_user_entered_no_administrator_overwrites() {
        assert!(NamePolicy::UserWins.lets_an_administrator_write(false));
        assert!(!NamePolicy::UserWins.lets_an_administrator_write(true));
        assert!(!NamePolicy::UserOnly.lets_an_administrator_write(false));
        assert!(NamePolicy::Administrator.lets_an_administrator_write(true));
    }
}
