//! The names of things: one opaque type per kind of row, so that a unit's id never stands where a user's belongs.
//! Ids are made by `server::random` (UUIDv7, in creation order); here they are only told apart.

use serde::{Deserialize, Serialize};

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            pub fn new(text: impl Into<String>) -> Self {
                Self(text.into())
            }

            /// As a form or an address says it: an empty text is none.
            pub fn given(text: impl Into<String>) -> Option<Self> {
                let text = text.into();
                (!text.is_empty()).then_some(Self(text))
            }

            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    )*};
}

ids! {
    /// A person known to the installation.
    UserId;
    /// A node of the tree of organisational units.
    UnitId;
    /// A role: data, not code.
    RoleId;
    /// A role that a user holds, or is offered, at a unit.
    MembershipId;
    /// An offer of a membership to an address.
    InvitationId;
    /// One e-mail (later: SMS) in the outbox.
    MessageId;
    /// A password-reset link that was asked for.
    ResetId;
    /// One signed-in browser, as people see it; never the secret in its cookie.
    SessionId;
    /// A token of the API, as people see it; never its secret.
    TokenId;
    /// One line of the history.
    EventId;
    /// A stretch of work for some people at a unit.
    ShiftId;
    /// What stands in an invite form, and the round that was sent of it: the name of its terms.
    DraftId;
    /// A list of people that is being imported.
    ImportId;
    /// Work that goes on when its request is answered.
    JobId;
    /// What a refused form had typed.
    NoteId;
    /// People who were selected for one action, and what became of each.
    BulkId;
    /// A list that somebody has given a name.
    ViewId;
    /// A version of a text that people agree to.
    ConsentTextId;
    /// What somebody answered to one.
    ConsentId;
    /// A version of what messages say in the organisation's own words.
    TextId;
    /// What waits for a second administrator and no invitation carries.
    ProposalId;
}
