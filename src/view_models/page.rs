//! What the pages show that lie together in one file of the browser's half: one kind of data for each.

use super::{
    AgreementsPage, AuditPage, BulkPage, ImportPage, InvitationsPage, InviteOptions, Mail, MailSummary, MovePage,
    Profile, ReportPage, RolePage, RolesPage, SettingsView, ShiftPage, ShiftsPage, StartPage, TextsPage, UnitChoices,
    UnitPage, UserCard, ViewsPage, WhoMay,
};
use crate::domain::id::UnitId;
use crate::domain::listing::InvitationQuery;
use serde::{Deserialize, Serialize};

/// What one of them shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PageData {
    /// What whoever looks holds, and where.
    Start(StartPage),
    AddLogin(Box<InviteOptions>),
    User(Box<CardPage>),
    EditUser(Box<UserCard>),
    Report(Box<ReportPage>),
    Bulk(Box<BulkPage>),
    /// All units, or one of them, and what is asked there.
    Units {
        page: Box<UnitPage>,
        question: String,
    },
    MoveUnit(Box<MovePage>),
    Import(Box<ImportPage>),
    Views(ViewsPage),
    Invitations {
        page: InvitationsPage,
        query: InvitationQuery,
    },
    Shifts(ShiftsPage),
    Shift {
        page: Box<ShiftPage>,
        question: String,
    },
    Audit {
        page: AuditPage,
        unit: Option<UnitId>,
        is_start: bool,
    },
    Mailbox(Vec<MailSummary>),
    Mail {
        mail: Box<Mail>,
        shows_text: bool,
    },
    Settings(Box<SettingsView>),
    Roles(RolesPage),
    Role {
        page: Box<RolePage>,
        question: String,
    },
    Texts(Box<TextsPage>),
    Agreements(Box<AgreementsPage>),
    WhoMay(WhoMay),
    Profile {
        profile: Box<Profile>,
        /// The one that was chosen in this browser.
        theme: Option<String>,
    },
}

/// A person's card, and what is asked on it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CardPage {
    pub card: UserCard,
    pub query: CardQuery,
    /// Those to choose from, where one is chosen.
    pub units: Option<UnitChoices>,
}

/// What the address of a card asks for beside the person.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CardQuery {
    /// The code of an action, or nothing.
    pub question: String,
    /// Which place of the person is meant.
    pub unit: Option<UnitId>,
    /// Which of their invitations.
    pub invitation: String,
    /// What was looked for among the units.
    pub find: String,
}
