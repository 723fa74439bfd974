//! The history: who did what to whom, with what stood before and after. Written in the same transaction as the action.

use super::coded::coded;
use serde::{Deserialize, Serialize};

coded! {
    /// What was done. Its code is how the database writes it.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
    pub enum AuditAction {
        SetUp = "set_up",
        SignedIn = "signed_in",
        SignedOut = "signed_out",
        /// Known from now on, and not invited yet (rule 20).
        Added = "added",
        Invited = "invited",
        Resent = "resent",
        Withdrawn = "withdrawn",
        /// The withdrawal was undone: the invitation is as it was.
        Reopened = "reopened",
        /// The e-mail to the subject did not arrive; after is the number to which the invitation went instead.
        SentInstead = "sent_instead",
        /// The subject was reminded of the invitation.
        Reminded = "reminded",
        /// The subject said that the invitation is not for them.
        Declined = "declined",
        LinkCopied = "link_copied",
        /// Like [`Self::LinkCopied`]; after is the way.
        LinkHanded = "link_handed",
        Accepted = "accepted",
        /// Somebody answered a message to their address.
        AddressConfirmed = "address_confirmed",
        /// Before and after are names.
        Renamed = "renamed",
        /// Before and after are phone numbers.
        PhoneChanged = "phone_changed",
        /// Before and after are records of an employee.
        RecordChanged = "record_changed",
        LanguageChanged = "language_changed",
        /// Before and after are ids of roles; the unit of the line says where.
        RoleChanged = "role_changed",
        /// Before and after are codes of extra permissions.
        ExtrasChanged = "extras_changed",
        /// After is the id of the role.
        PlaceAdded = "place_added",
        /// Before is the id of the role.
        PlaceRemoved = "place_removed",
        Approved = "approved",
        /// An existing person accepted an invitation.
        Joined = "joined",
        Archived = "archived",
        BroughtBack = "brought_back",
        /// After is how many shifts.
        Released = "released",
        /// After is the reason given.
        Blocked = "blocked",
        Unblocked = "unblocked",
        /// Deleted, and kept in the bin for a while.
        Binned = "binned",
        /// Erased for good.
        Deleted = "deleted",
        /// The person asked for a reset link.
        ResetAsked = "reset_asked",
        /// An administrator sent the person a reset link.
        ResetSent = "reset_sent",
        /// Somebody was added who signs in with a login; after is the login.
        LoginAdded = "login_added",
        /// An administrator was shown a temporary password of the person, to hand it over.
        PasswordHanded = "password_handed",
        PasswordChanged = "password_changed",
        SessionsEnded = "sessions_ended",
        /// After is the name.
        TokenMade = "token_made",
        /// Before is the name.
        TokenRevoked = "token_revoked",
        /// The subject agreed; after is the kind, the version and the language, as `user-agreement 2 en`.
        ConsentGiven = "consent_given",
        /// Like [`Self::ConsentGiven`], of what the subject does not want.
        ConsentRefused = "consent_refused",
        /// The subject takes back what they agreed to; before is like the after of [`Self::ConsentGiven`].
        ConsentWithdrawn = "consent_withdrawn",
        /// A version of a text can be read by everybody; after is the kind and the version, as `user-agreement 2`.
        ConsentPublished = "consent_published",
        /// People are asked to agree to it from now on, or not any more; after is like that of [`Self::ConsentPublished`].
        ConsentAsked = "consent_asked",
        ConsentNotAsked = "consent_not_asked",
        /// Before and after are `name=value`.
        SettingChanged = "setting_changed",
        AdministratorMade = "administrator_made",
        /// After is the name.
        UnitMade = "unit_made",
        /// Before and after are names.
        UnitRenamed = "unit_renamed",
        /// Before and after are `name=value`, as of an installation's settings; without a value it is as above the unit.
        UnitSettingChanged = "unit_setting_changed",
        /// How lines of old say it of the length of links; before and after are as `domain::validity` writes them.
        UnitValidityChanged = "unit_validity_changed",
        /// After is the name; before and after of the paths are not kept.
        UnitMoved = "unit_moved",
        UnitArchived = "unit_archived",
        UnitBroughtBack = "unit_brought_back",
        /// After is the name.
        RoleMade = "role_made",
        /// Before and after are what the role may and whom it gives, as `name=value`.
        RoleEdited = "role_edited",
        RoleRemoved = "role_removed",
        /// Like [`Self::RoleEdited`]: it waits for a second administrator (rule 53).
        RoleProposed = "role_proposed",
        /// Before is the id of the role.
        RoleRemovalProposed = "role_removal_proposed",
        /// Like [`Self::RoleChanged`], [`Self::ExtrasChanged`] and [`Self::PlaceAdded`]: it waits for a second administrator.
        RoleChangeProposed = "role_change_proposed",
        ExtrasProposed = "extras_proposed",
        PlaceProposed = "place_proposed",
        /// Like [`Self::PlaceRemoved`].
        PlaceRemovalProposed = "place_removal_proposed",
        /// Like [`Self::UnitMoved`].
        UnitMoveProposed = "unit_move_proposed",
        /// A second administrator agreed to what the subject proposed.
        Agreed = "agreed",
        /// What the subject proposed does not happen.
        ProposalDropped = "proposal_dropped",
        /// It took two, and there was only one; after is the id of the role, or the name of one that is gone. At a unit: to move it.
        DecidedAlone = "decided_alone",
        /// After is the title.
        ShiftMade = "shift_made",
        ShiftEdited = "shift_edited",
        ShiftRemoved = "shift_removed",
        /// Before is nothing or the title of the shift; the subject joined or left it.
        ShiftJoined = "shift_joined",
        ShiftLeft = "shift_left",
        /// A call without the right to it (AZ-09); after is the function.
        Refused = "refused",
        TestSent = "test_sent",
        /// The list of the unit's people was taken away.
        Exported = "exported",
        /// A security report was sent to whoever asked for it, about the subject, or about everybody in the unit.
        ReportAsked = "report_asked",
    }
}
