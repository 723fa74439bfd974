//! The history: who did what to whom, with what stood before and after. Written in the same transaction as the deed.

use serde::{Deserialize, Serialize};

macro_rules! deeds {
    ($($(#[$doc:meta])* $name:ident = $code:literal),* $(,)?) => {
        /// What was done.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
        pub enum Deed { $($(#[$doc])* $name,)* }

        impl Deed {
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// How the database writes it.
            pub fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            pub fn from_code(code: &str) -> Option<Self> {
                match code { $($code => Some(Self::$name),)* _ => None }
            }
        }
    };
}

deeds! {
    SetUp = "set_up",
    SignedIn = "signed_in",
    SignedOut = "signed_out",
    Invited = "invited",
    Resent = "resent",
    Withdrawn = "withdrawn",
    LinkCopied = "link_copied",
    Accepted = "accepted",
    /// Before and after are names.
    Renamed = "renamed",
    /// Before and after are phone numbers.
    PhoneChanged = "phone_changed",
    LanguageChanged = "language_changed",
    /// Before and after are ids of roles.
    RoleChanged = "role_changed",
    /// After is the reason given.
    Blocked = "blocked",
    Unblocked = "unblocked",
    Deleted = "deleted",
    /// The person asked for a reset link.
    ResetAsked = "reset_asked",
    /// An administrator sent the person a reset link.
    ResetSent = "reset_sent",
    PasswordChanged = "password_changed",
    SessionsEnded = "sessions_ended",
    /// Before and after are `name=value`.
    SettingChanged = "setting_changed",
    AdministratorMade = "administrator_made",
    TestSent = "test_sent",
}
