//! What is thought of a row of a file, and what a row says otherwise of somebody who is there.

use crate::domain::coded::coded;
use crate::domain::error::UseCaseError;
use crate::domain::id::{RoleId, UnitId, UserId};
use crate::domain::paste::{PasteColumn, PasteProblem};
use crate::domain::permission::Permissions;
use crate::domain::review::{RowKind, Verdict};
use serde::{Deserialize, Serialize};

/// Something about somebody who is there that a list says otherwise. It says what it was, so that it can be taken back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PersonChange {
    Name {
        before: String,
        after: String,
    },
    /// Another role where they stand.
    Role {
        unit: UnitId,
        before: RoleId,
        after: RoleId,
    },
    /// Out of one unit into another, each with the role that they have there; the names are those of the units. What they may do
    /// beside their role goes along.
    Unit {
        before: UnitId,
        before_name: String,
        after: UnitId,
        after_name: String,
        role_before: RoleId,
        role: RoleId,
        #[serde(default)]
        extra: Permissions,
    },
    /// They do not stand in a list that names everybody.
    Gone,
}

impl PersonChange {
    /// The role that it takes away.
    pub fn role_before(&self) -> Option<&RoleId> {
        match self {
            Self::Role { before, .. } => Some(before),
            Self::Unit { role_before, .. } => Some(role_before),
            Self::Name { .. } | Self::Gone => None,
        }
    }
}

/// Whether so many who are gone are asked about once more: more than a fifth is hardly ever what was meant.
pub fn asks_about_gone(gone: usize, of: usize) -> bool {
    gone * 5 > of
}

/// What is thought of a row of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RowFinding {
    /// What an invite form would say of the same address.
    Judged(Verdict),
    /// Neither an address nor a number (rule 29).
    ContactMissing,
    /// Several addresses in one row: whose the name is, nobody knows.
    SeveralContacts,
    /// The address, or only the number beside it, stands in an earlier row, too; in which line of the file.
    Repeated {
        line: usize,
        #[serde(default)]
        is_number: bool,
    },
    /// The number beside an address is none; what was probably meant.
    WrongPhone { problem: PasteProblem, repair: Option<String> },
    /// A role that nobody here knows by this name.
    UnknownRole { text: String },
    /// The same of a unit.
    UnknownUnit { text: String },
    /// The row names no unit, and nobody has said to which one those go.
    UnitMissing,
    /// A role that whoever imports may not give there.
    RoleNotYours,
    /// The import was stopped before it came to this row.
    NotReached,
    /// Somebody who is there, and of whom the row says something else.
    Differs { user_id: UserId, title: String, changes: Vec<PersonChange> },
    /// The same, and why it cannot be done.
    NotChangeable { user_id: UserId, title: String, refusal: UseCaseError },
}

coded! {
    /// The kinds by which findings are grouped: what is mended in the same way stands together.
    /// Its code is how forms and addresses write it.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
    pub enum FindingKind {
        Ready = "ready",
        ContactMissing = "contact_missing",
        SeveralContacts = "several",
        Repeated = "repeated",
        BrokenEmail = "email",
        BrokenPhone = "phone",
        Spreadsheet = "spreadsheet",
        WrongPhone = "wrong_phone",
        OnlyPhone = "only_phone",
        UnknownRole = "role",
        UnknownUnit = "unit",
        UnitMissing = "no_unit",
        RoleNotYours = "role_not_yours",
        Misspelt = "misspelt",
        Similar = "similar",
        NoMailServer = "no_mail_server",
        DoubtfulPhone = "doubtful_phone",
        AlreadyHere = "here",
        Later = "later",
        Differs = "differs",
        NotChangeable = "not_changeable",
        Joins = "joins",
    }
    all [
        Ready, Joins, Differs, NotChangeable, ContactMissing, SeveralContacts, Repeated, BrokenEmail, BrokenPhone,
        Spreadsheet, WrongPhone, OnlyPhone, UnknownRole, UnknownUnit, UnitMissing, RoleNotYours, Misspelt, Similar,
        NoMailServer, DoubtfulPhone, AlreadyHere, Later
    ]
}

impl FindingKind {
    /// How a row of it is counted.
    pub fn row_kind(self) -> RowKind {
        match self {
            Self::Ready | Self::Joins | Self::Differs => RowKind::Ready,
            Self::Misspelt | Self::Similar | Self::NoMailServer | Self::DoubtfulPhone => RowKind::ToCheck,
            Self::AlreadyHere => RowKind::Here,
            Self::Later => RowKind::Later,
            _ => RowKind::ToFix,
        }
    }
}

impl RowFinding {
    pub fn kind(&self) -> FindingKind {
        match self {
            Self::ContactMissing => FindingKind::ContactMissing,
            Self::SeveralContacts => FindingKind::SeveralContacts,
            Self::Repeated { .. } => FindingKind::Repeated,
            Self::WrongPhone { .. } => FindingKind::WrongPhone,
            Self::UnknownRole { .. } => FindingKind::UnknownRole,
            Self::UnknownUnit { .. } => FindingKind::UnknownUnit,
            Self::UnitMissing => FindingKind::UnitMissing,
            Self::RoleNotYours => FindingKind::RoleNotYours,
            Self::NotReached => FindingKind::Later,
            Self::Differs { .. } => FindingKind::Differs,
            Self::NotChangeable { .. } => FindingKind::NotChangeable,
            Self::Judged(verdict) => match verdict {
                Verdict::Ready => FindingKind::Ready,
                Verdict::Joins { .. } => FindingKind::Joins,
                Verdict::Misspelt { .. } => FindingKind::Misspelt,
                Verdict::Similar { .. } | Verdict::SameNumber { .. } => FindingKind::Similar,
                Verdict::OtherRole { .. } => FindingKind::UnknownRole,
                Verdict::OtherUnit { .. } => FindingKind::UnknownUnit,
                Verdict::NoMailServer { .. } => FindingKind::NoMailServer,
                Verdict::Known { .. } => FindingKind::AlreadyHere,
                Verdict::Phone => FindingKind::OnlyPhone,
                Verdict::DoubtfulPhone(_) => FindingKind::DoubtfulPhone,
                Verdict::Rests(_) => FindingKind::Later,
                Verdict::Broken { problem: PasteProblem::Email(_), .. } => FindingKind::BrokenEmail,
                Verdict::Broken { problem: PasteProblem::Phone(_), .. } => FindingKind::BrokenPhone,
                Verdict::Broken { problem: PasteProblem::Spreadsheet(_), .. } => FindingKind::Spreadsheet,
            },
        }
    }

    /// What was probably meant, and in which column it belongs.
    pub fn offer(&self) -> Option<(&str, PasteColumn)> {
        match self {
            Self::WrongPhone { repair, .. } => repair.as_deref().map(|repair| (repair, PasteColumn::Phone)),
            Self::Judged(Verdict::Misspelt { meant }) => Some((meant, PasteColumn::Email)),
            Self::Judged(Verdict::Broken { problem: PasteProblem::Phone(_), repair }) => {
                repair.as_deref().map(|repair| (repair, PasteColumn::Phone))
            }
            Self::Judged(Verdict::Broken { repair, .. }) => {
                repair.as_deref().map(|repair| (repair, PasteColumn::Email))
            }
            _ => None,
        }
    }

    /// Whether whoever imports may insist.
    pub fn asks(&self) -> bool {
        matches!(self, Self::Judged(verdict) if verdict.asks())
    }

    /// Whether the same becomes of a row by this as by another finding: how it is said may differ, and whose name stands in it.
    pub fn does_the_same_as(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Differs { .. }, _) | (_, Self::Differs { .. }) => self == other,
            (Self::Judged(Verdict::Joins { user_id: one, .. }), Self::Judged(Verdict::Joins { user_id: two, .. })) => {
                one == two
            }
            (Self::Judged(Verdict::Joins { .. }), _) | (_, Self::Judged(Verdict::Joins { .. })) => false,
            _ => self.kind() == other.kind(),
        }
    }
}
