//! What pages show, as it travels to the browser: made by the server for one reader, with times already in words. Both halves know
//! it; the domain does not, and nothing is decided here.

mod account;
mod bulk;
mod consents;
mod demonstration;
mod flash;
mod formatted_time;
mod handing;
mod history;
mod import;
mod invitations;
mod mail;
mod organisation;
mod packed;
mod page;
mod people;
mod proposals;
mod registration;
mod security_report;
mod settings;
mod start;
mod views;

pub use account::{OwnTokens, Profile, SessionSummary, TokenLife, TokenSummary, Viewer, Welcome};
pub use bulk::{BulkGroup, BulkPage};
pub use consents::{AgreementsPage, ConsentAnswer, ConsentState, ConsentVersion, OwedConsents, PublishedText};
pub use demonstration::{DemonstrationAccount, DemonstrationView};
pub use flash::{FORM_ANSWER, Flash, FormAnswer, JOINED, KEEP_AS_BEFORE, TYPE_PASSWORD};
pub use formatted_time::FormattedTime;
pub use handing::PrintedLetter;
pub use history::{AuditPage, Happening, HistoryLine, Person};
pub use import::{
    AskedText, GonePeople, ImportColumn, ImportPage, ImportRowView, ImportState, ImportSummary, ImportView, KindCount,
};
pub use invitations::{
    InvitationSummary, InvitationsPage, InviteOptions, InvitePageData, LeftInForm, LinkView, OpenInvitation, Validity,
};
pub use mail::{Mail, MailPreview, MailSummary, TextVersionView, TextsPage};
pub use organisation::{
    MoveMeans, MovePage, MoveReach, RoleHolder, RolePage, RolesPage, ShiftPage, ShiftRow, ShiftsPage, SomeHolders,
    UnitChoice, UnitChoices, UnitPage, UnitRef, UnitRow, WhoMay,
};
pub use page::{CardPage, CardQuery, PageData};
pub use people::{Abilities, HandedLogin, OpenOffer, UserCard, UserQuestion, UserSummary, UsersPage};
pub use proposals::ProposalSummary;
pub use registration::{
    InEachLanguage, InvitationWords, KnownPage, NewPasswordView, PUBLIC_ANSWER, PublicAnswer, RegistrationView,
    SpokenRefusal,
};
pub use security_report::{ReportPage, ReportSection, ReportedPerson, SecurityReport};
pub use settings::{PresetChange, SettingsView};
pub use start::StartPage;
pub use views::ViewsPage;
