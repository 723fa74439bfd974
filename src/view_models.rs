//! What pages show, as it travels to the browser: made by the server for one reader, with times already in words. Both halves know
//! it; the domain does not, and nothing is decided here.

mod account;
mod flash;
mod formatted_time;
mod history;
mod invitations;
mod mail;
mod organisation;
mod page;
mod people;
mod proposals;
mod settings;

pub use account::{OwnTokens, Profile, SessionSummary, TokenLife, TokenSummary, Viewer, Welcome};
pub use flash::Flash;
pub use formatted_time::FormattedTime;
pub use history::{AuditPage, Happening, HistoryLine, Person};
pub use invitations::{
    InvitationSummary, InvitationsPage, InviteOptions, InvitePageData, LeftInForm, LinkView, OpenInvitation, Validity,
};
pub use mail::{Mail, MailPreview, MailSummary, TextsPage};
pub use organisation::{
    MoveMeans, MovePage, RoleHolder, RolePage, RolesPage, ShiftPage, ShiftRow, ShiftsPage, UnitChoice, UnitChoices,
    UnitPage, UnitRef, UnitRow, WhoMay,
};
pub use page::{CardPage, CardQuery, PageData};
pub use people::{Abilities, UserCard, UserSummary, UsersPage};
pub use proposals::ProposalSummary;
pub use settings::SettingsView;
