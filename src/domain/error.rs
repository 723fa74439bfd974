//! Every way in which the product says no. The words catalogue turns each into a sentence that says how to go on;
//! `http` turns each into a status code. Nothing secret travels in a refusal, and nothing
//! personal but what its reader typed or sees.

use super::consent::ConsentKind;
use super::contact::{EmailProblem, LoginProblem, PersonNameProblem, PhoneProblem};
use super::invitation::DeadLink;
use super::mail_text::{TextPart, TextProblem};
use super::message::Rest;
use super::password::PasswordProblem;
use super::policy::{Decision, Denied};
use super::role::RoleRefused;
use crate::words::Language;
use serde::{Deserialize, Serialize};

/// Why something was not done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum UseCaseError {
    /// Nobody is signed in, or no longer.
    SignInFirst,
    /// Somebody signed in too long ago for a deed that asks who is at the keyboard ([`PASSWORD_LASTS`](super::policy::PASSWORD_LASTS)).
    PasswordFirst,
    /// The name, the password or both are not right (same answer for all of it, RL-05).
    WrongCredentials,
    /// The password was right, but there is no active membership left.
    AccessBlocked,
    /// The password was right, but a login alone does not open the panel (rule 79).
    MobileOnly,
    /// The password was right, but it was a temporary one, and its time is over.
    TemporaryPasswordEnded,
    /// It does not exist for you.
    NotFound,
    /// The person was deleted: when, in a few words, and by whom.
    PersonGone {
        when: String,
        by: Option<String>,
    },
    Denied(Denied),
    Conflict(Conflict),
    /// A role cannot be as it was wished; what stands in the way, by name.
    Role(Box<RoleRefused>),
    DeadLink(DeadLink),
    /// Something typed cannot be taken as it is.
    Invalid(Invalid),
    /// Too many tries; again in so many seconds.
    TooMany {
        seconds: i64,
    },
    /// A message does not go now: its address, or whoever sends it, has had enough for the moment.
    Rests(Rest),
    /// Another telephone number was given too often; again in so many seconds.
    PhoneChangedTooOften {
        seconds: i64,
    },
    /// More work than the machine can take at this moment.
    Busy,
    /// The database does not answer.
    DatabaseAway,
    /// There is no room on the disk.
    NoRoom,
    /// What lies below the database cannot be read or written.
    StorageFails,
    /// The same while a change was being kept: it may have been.
    Unsure,
    /// The set-up code is not the one in the log.
    WrongSetUpCode,
    /// The code is not the one that was sent to the address of an invitation.
    WrongMailCode,
    /// It was, some time ago.
    MailCodeExpired,
    AlreadySetUp,
    /// The request came from another site (WB-01).
    CrossSite,
    /// The request was made of another name than ours; the address under which the installation is reached.
    OtherName {
        address: String,
    },
    /// The request could not be read.
    Unreadable,
    /// The request has more bytes than are taken; how many, where that was said.
    TooLarge {
        size: Option<u64>,
        most: u64,
    },
    /// Something broke on our side; the log knows it by this name.
    Broken {
        incident: String,
    },
    /// The relay did not take a message that somebody waits for; why, in the language of that person.
    NotSent {
        reason: String,
    },
    /// Another unit beside it, or another role, has a name that looks the same.
    NameTaken {
        name: String,
    },
    /// The server could not be reached.
    Offline,
}

impl UseCaseError {
    /// Why not, where the policy did not allow it.
    pub fn of(decision: Decision) -> Option<Self> {
        match decision {
            Decision::Allowed => None,
            Decision::Hidden => Some(Self::NotFound),
            Decision::Refused(denied) => Some(Self::Denied(denied)),
        }
    }

    /// Whether somebody tried a secret that was not right, or at a door that is shut for that.
    pub fn is_wrong_try(&self) -> bool {
        matches!(
            self,
            Self::WrongCredentials
                | Self::WrongSetUpCode
                | Self::WrongMailCode
                | Self::TooMany { .. }
                | Self::DeadLink(DeadLink::Damaged)
                | Self::Invalid(Invalid::CurrentPasswordWrong)
        )
    }

    /// Whether the same may succeed a moment later, unchanged.
    pub fn passes(&self) -> bool {
        matches!(
            self,
            Self::Broken { .. }
                | Self::TooMany { .. }
                | Self::Busy
                | Self::DatabaseAway
                | Self::NoRoom
                | Self::StorageFails
                | Self::Unsure
                | Self::Offline
        )
    }

    /// After how many seconds another try makes sense.
    pub fn retry_after(&self) -> Option<i64> {
        match self {
            Self::TooMany { seconds } | Self::PhoneChangedTooOften { seconds } => Some(*seconds),
            Self::Rests(rest) => Some(rest.seconds()),
            Self::Busy | Self::DatabaseAway | Self::Unsure => Some(2),
            Self::NoRoom | Self::StorageFails => Some(30),
            _ => None,
        }
    }
}

/// The state of things stands against it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Conflict {
    AlreadyBlocked,
    NotBlocked,
    Blocked,
    AlreadyArchived,
    NotArchived,
    Archived,
    /// Who has not come in yet is not archived: the invitation is withdrawn.
    WithdrawInstead,
    /// The invitation waits for a second administrator (rule 53).
    AwaitsApproval,
    NothingToApprove,
    /// Whoever proposed it could no longer do it.
    ProposerLost,
    /// The person is in this unit already.
    AlreadyThere,
    /// They have this role there, and nothing else would change.
    AlreadyInRole,
    /// Two take away a role that is held: that comes first (rule 53).
    TwoTakeItAway,
    /// What was done is not undone by one administrator (rule 53).
    TakesTwo,
    /// Of several places nobody said which is meant.
    SeveralPlaces,
    /// What is offered has no other unit: withdraw the invitation instead.
    LastPlace,
    AlreadyRegistered,
    NotRegistered,
    AlreadyWithdrawn,
    /// The invitations left before they were taken back.
    AlreadyLeft,
    /// The rows of a form that were kept and not shown are not kept any more.
    RowsForgotten,
    NotInvited,
    /// Here people are known by their invitations only (rule 20).
    OnlyByInvitation,
    /// A list of people that is being imported, or was.
    ImportStarted,
    /// Somebody in the list cannot be taken, and it is to be taken whole or not at all (rule 32).
    ImportHasErrors,
    /// Whoever is missing from a list is archived only where every row of it is right.
    ArchivingHasErrors,
    /// The organisation has no archive: it takes access away, or deletes.
    NobodyIsArchived,
    /// With what was chosen on its page, something else would become of the list than the page showed.
    ImportLooksOtherwise,
    /// As many lists have names as one person may save.
    TooManyViews,
    /// Of a list that was imported nothing is left to undo.
    NothingToUndo,
    LinkEnded,
    /// Nobody is reminded of a message that has not arrived.
    NothingArrived,
    /// The person was reminded within a day.
    RemindedToday,
    /// The last active main administrator cannot be blocked, demoted or deleted (CO-02).
    LastMainAdministrator,
    /// Somebody else changed it in between (CO-06).
    ChangedMeanwhile,
    /// The same of an invitation, or of what it offers: what was decided was decided about another state of it.
    InvitationChanged,
    /// The same of what a person holds.
    AccessChanged,
    /// The person entered the name: nobody else writes over it (rule 89).
    NameIsOwn,
    EmailTaken,
    /// Said to an administrator only, of somebody whom they can see (rule 90).
    PhoneTaken,
    /// The number is all that the person signs in with.
    OnlyANumber,
    LoginTaken,
    /// Another login differs from it by signs that are mixed up.
    LoginLooksTaken,
    /// The settings let nobody be added with a login.
    NobodyIsHanded,
    /// What two give together is not given with a login that one hands over (rule 53).
    TwoGiveIt,
    /// They have not agreed to something without which nobody goes on (rule 48).
    AgreeFirst,
    /// There is nothing of this kind that they agreed to.
    NothingAgreed,
    /// The text typed to confirm a deletion is not the address.
    NotConfirmed,
    /// The number typed to confirm what is done to many is not theirs.
    NumberNotConfirmed,
    /// The person has no e-mail address to write to.
    NoEmail,
    /// Nobody has shown that the account's address is theirs, so nothing more is given to it (H-24).
    AddressNotConfirmed,
    /// Whoever asks has no e-mail address of their own that was seen to work.
    OwnAddressNotConfirmed,
    /// The unit is archived, or one above it.
    UnitClosed,
    UnitNotClosed,
    /// A unit cannot be moved into itself or below itself.
    UnitIntoItself,
    /// The tree of units has no further level for it.
    UnitTooDeep,
    /// Somebody holds this role, or is offered it.
    RoleInUse,
    /// What was offered cannot be offered again: there is no such role any more.
    RoleRemoved,
    TooManyRoles,
    /// One person has so many tokens already.
    TooManyTokens,
    /// Who registered already signs in to join.
    HasAccount,
    /// A link that was handed over opens nothing before the code from the mailbox was typed (H-22).
    CodeFirst,
}

/// Why no rows could be read from a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FileProblem {
    /// No file was chosen, and nothing was pasted.
    Missing,
    Empty,
    TooLarge,
    /// The old format of Excel.
    OldFormat,
    /// A page of the web, whatever its name says.
    WebPage,
    /// A document that is printed, and no table.
    Pdf,
    Unreadable,
}

/// What stands behind an address that is asked about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum AddressQuestion {
    /// Probably a slip for this one.
    Meant(String),
    /// Very close to somebody's.
    Like(String),
    /// A number that somebody has.
    SameNumber(String),
    /// Its domain cannot receive e-mail.
    NoMail(String),
    Phone(PhoneProblem),
    /// It is this person's, who is here: nothing is asked, it cannot be.
    Theirs {
        whom: String,
    },
}

/// One field that cannot be taken as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Invalid {
    Email(EmailProblem),
    /// Something is to be asked about an address, or speaks against it; sent once more as meant, what only asks is passed over.
    AddressAsked {
        address: String,
        question: Box<AddressQuestion>,
    },
    Phone(PhoneProblem),
    Login(LoginProblem),
    Name(PersonNameProblem),
    Password(PasswordProblem),
    /// The second password is not the first.
    PasswordsDiffer,
    LastName(PersonNameProblem),
    FirstName(PersonNameProblem),
    /// The lasting password is another one than the temporary.
    PasswordIsTemporary,
    PersonalTextTooLong {
        characters: usize,
    },
    Validity,
    Hold,
    LettersADay,
    BinDays,
    /// People are invited to parts of a company, and not to this one itself.
    UnitTooHigh {
        name: String,
    },
    /// More units than one invitation may go to.
    TooManyUnits {
        most: usize,
    },
    UnitsAtMost,
    /// What was typed as the country code of numbers without one.
    CallingCode,
    Language,
    Zone,
    Role,
    Unit,
    /// Two of the chosen units, of which one is a part of the other: what is meant is not known.
    UnitInside {
        inner: String,
        outer: String,
    },
    UnitName,
    RoleName,
    /// An employee's record is too long.
    Record,
    ShiftTitle,
    /// A shift ends after it begins, and not weeks later.
    ShiftTimes,
    /// The clocks go forward over this time.
    TimeSkipped,
    Preset,
    OrganisationName,
    NobodyToInvite,
    /// Nobody in a list of people is ready.
    NobodyToImport,
    /// A list of people has no rows below its heads.
    EmptyList,
    /// More than one imported list may have.
    TooManyToImport {
        most: usize,
    },
    /// Nobody of a list was selected.
    NobodySelected,
    /// A list has no name, or too long a one.
    ViewName,
    /// A file from which no rows could be read.
    File(FileProblem),
    TooManyAtOnce {
        most: usize,
    },
    /// More than fit into one invite form.
    TooManyToInvite {
        most: usize,
    },
    CurrentPasswordWrong,
    TokenName,
    /// A token lives for a day at least and for a year at most.
    TokenLife,
    MinimumLength,
    /// What an invitation is to say in the organisation's own words.
    MailText {
        part: TextPart,
        problem: TextProblem,
    },
    /// What people are to agree to has no words in any language.
    ConsentText,
    ConsentTextTooLong {
        language: Language,
    },
    /// A box is not ticked without which nobody goes on (rule 48).
    NotAgreed(ConsentKind),
}

impl UseCaseError {
    /// The same of an address, for the hidden field `meant`.
    pub fn address_asked_about(&self) -> String {
        match self {
            Self::Invalid(Invalid::AddressAsked { address, question })
                if !matches!(**question, AddressQuestion::Theirs { .. }) =>
            {
                address.clone()
            }
            _ => String::new(),
        }
    }

    /// The number about which a form asks, as its hidden field `phone_meant` carries it; empty where nothing is asked.
    pub fn phone_asked_about(&self) -> String {
        match self {
            Self::Invalid(Invalid::Phone(problem)) => problem.asks_about().map(ToString::to_string).unwrap_or_default(),
            _ => String::new(),
        }
    }
}

impl From<Denied> for UseCaseError {
    fn from(denied: Denied) -> Self {
        Self::Denied(denied)
    }
}

impl From<Conflict> for UseCaseError {
    fn from(conflict: Conflict) -> Self {
        Self::Conflict(conflict)
    }
}

impl From<Invalid> for UseCaseError {
    fn from(invalid: Invalid) -> Self {
        Self::Invalid(invalid)
    }
}

macro_rules! invalid_from {
    ($($problem:ident => $variant:ident),*) => {$(
        impl From<$problem> for UseCaseError {
            fn from(problem: $problem) -> Self {
                Self::Invalid(Invalid::$variant(problem))
            }
        }
    )*};
}
invalid_from!(EmailProblem => Email, PhoneProblem => Phone, LoginProblem => Login, PersonNameProblem => Name, PasswordProblem => Password);
