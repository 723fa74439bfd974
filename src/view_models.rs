//! What pages show, as it travels to the browser: made by the server for one reader, with times already in words. Both halves know
//! it; the domain does not, and nothing is decided here.

mod account;
mod flash;
mod formatted_time;
mod history;
mod invitations;
mod mail;
mod organisation;
mod packed;
mod page;
mod people;
mod proposals;
mod registration;
mod settings;

pub use account::{OwnTokens, Profile, SessionSummary, TokenLife, TokenSummary, Viewer, Welcome};
pub use flash::{FORM_ANSWER, Flash, FormAnswer, JOINED};
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
pub use people::{Abilities, OpenOffer, UserCard, UserQuestion, UserSummary, UsersPage};
pub use proposals::ProposalSummary;
pub use registration::{
    InEachLanguage, InvitationWords, KnownPage, NewPasswordView, PUBLIC_ANSWER, PublicAnswer, RegistrationView,
    SpokenRefusal,
};
pub use settings::SettingsView;
