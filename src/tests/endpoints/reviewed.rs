//! The reviewed list of everything that answers: each server function with what it does and what it needs, each route
//! with its methods. Whoever adds one adds its row here, or the tests of `endpoints` fail (AZ-08).

use crate::support::site::TestSite;
use usher::domain::id::{DraftId, InvitationId, MessageId, SessionId, ShiftId, UnitId, UserId};
use usher::domain::permission::Permission;
use usher::domain::user::UserAction;

/// What a caller needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    /// To be signed in: it concerns only whoever asks.
    SignedIn,
    /// The right to a section or a function.
    Right(Permission),
    /// The right to do this to the person whom `id` names.
    AuditAction(UserAction),
}

use Needs::{AuditAction, Right, SignedIn};

/// A server function: method, path, what it needs, the names of its fields.
pub struct Function {
    pub method: &'static str,
    pub path: &'static str,
    pub needs: Needs,
    pub fields: &'static [&'static str],
}

const fn row(method: &'static str, path: &'static str, needs: Needs, fields: &'static [&'static str]) -> Function {
    Function { method, path, needs, fields }
}

/// Every server function.
pub const FUNCTIONS: [Function; 73] = [
    row("GET", "/api/users", Right(Permission::SeeUsers), &["q", "status", "role", "sort", "after", "before"]),
    row("GET", "/api/user-question", AuditAction(UserAction::See), &["id"]),
    row(
        "POST",
        "/api/edit-user",
        AuditAction(UserAction::Edit),
        &["id", "names", "name", "phone", "records", "record", "version"],
    ),
    row("POST", "/api/change-role", AuditAction(UserAction::ChangeRole), &["id", "role"]),
    row("POST", "/api/add-place", AuditAction(UserAction::AddPlace), &["id", "unit", "role"]),
    row("POST", "/api/remove-place", AuditAction(UserAction::RemovePlace), &["id", "unit"]),
    row("POST", "/api/archive", AuditAction(UserAction::Archive), &["id"]),
    row("POST", "/api/bring-back", AuditAction(UserAction::BringBack), &["id"]),
    row("POST", "/api/block", AuditAction(UserAction::Block), &["id", "reason"]),
    row("POST", "/api/unblock", AuditAction(UserAction::Unblock), &["id"]),
    row("POST", "/api/delete", AuditAction(UserAction::Delete), &["id", "typed"]),
    row("POST", "/api/select-people", Right(Permission::BlockUsers), &["bulk_action", "who", "list"]),
    row("POST", "/api/start-bulk", Right(Permission::SeeUsers), &["bulk", "number", "reason", "list"]),
    row("POST", "/api/stop-bulk", Right(Permission::SeeUsers), &["bulk", "list"]),
    row("POST", "/api/hurry-bulk", Right(Permission::SeeUsers), &["bulk", "list"]),
    row("POST", "/api/reset-password", AuditAction(UserAction::ResetPassword), &["id"]),
    row("POST", "/api/request-report", AuditAction(UserAction::Report), &["id"]),
    row("POST", "/api/request-unit-report", Right(Permission::SeeAudit), &["unit"]),
    row(
        "POST",
        "/api/add-login",
        Right(Permission::Invite),
        &["last_name", "first_name", "login", "unit", "role", "language"],
    ),
    row("POST", "/api/invite", Right(Permission::Invite), &["addresses", "unit", "role", "language", "valid_for"]),
    row("POST", "/api/import-list", Right(Permission::Invite), &["import", "role", "language", "valid_for"]),
    row("POST", "/api/import-row", Right(Permission::Invite), &["import", "answer"]),
    row("POST", "/api/import-group", Right(Permission::Invite), &["import", "answer"]),
    row("POST", "/api/import-run", Right(Permission::Invite), &["import"]),
    row("POST", "/api/import-undo", Right(Permission::Invite), &["import"]),
    row("POST", "/api/import-stop", Right(Permission::Invite), &["import"]),
    row("POST", "/api/import-forget", Right(Permission::Invite), &["import"]),
    row("POST", "/api/take-back", Right(Permission::Invite), &["draft"]),
    row("POST", "/api/send-now", Right(Permission::Invite), &["draft"]),
    row("POST", "/api/approve", AuditAction(UserAction::Approve), &["invitation"]),
    row("POST", "/api/resend", AuditAction(UserAction::Resend), &["invitation"]),
    row("POST", "/api/remind", AuditAction(UserAction::Remind), &["invitation"]),
    row("POST", "/api/fix-address", AuditAction(UserAction::Resend), &["invitation", "right_address"]),
    row("POST", "/api/withdraw", AuditAction(UserAction::Withdraw), &["invitation"]),
    row("POST", "/api/copy-link", AuditAction(UserAction::CopyLink), &["invitation"]),
    row("POST", "/api/hand-over", AuditAction(UserAction::CopyLink), &["invitation", "way"]),
    row("POST", "/api/create-unit", Right(Permission::ManageUnits), &["below", "kind", "unit_name"]),
    row("POST", "/api/edit-unit", Right(Permission::ManageUnits), &["unit_id", "unit_name"]),
    row("POST", "/api/move-unit", Right(Permission::ManageUnits), &["unit_id", "to"]),
    row("POST", "/api/archive-unit", Right(Permission::ManageUnits), &["unit_id"]),
    row("POST", "/api/bring-back-unit", Right(Permission::ManageUnits), &["unit_id"]),
    row("POST", "/api/save-role", Right(Permission::EditRoles), &["role_id", "unit_name", "rank"]),
    row("POST", "/api/remove-role", Right(Permission::EditRoles), &["role_id"]),
    row("POST", "/api/agree", Right(Permission::SeeInvitations), &["proposal"]),
    row("POST", "/api/drop-proposal", Right(Permission::SeeInvitations), &["proposal"]),
    row("POST", "/api/create-shift", Right(Permission::EditShifts), &["unit", "title", "starts", "ends"]),
    row("POST", "/api/change-shift", Right(Permission::EditShifts), &["shift", "title", "starts", "ends", "version"]),
    row("POST", "/api/remove-shift", Right(Permission::EditShifts), &["shift"]),
    row("POST", "/api/join-shift", Right(Permission::EditShifts), &["shift", "user"]),
    row("POST", "/api/leave-shift", Right(Permission::EditShifts), &["shift", "user"]),
    row("POST", "/api/change-profile", SignedIn, &["name", "phone", "language", "version"]),
    row("POST", "/api/choose-language", SignedIn, &["language"]),
    row("POST", "/api/stay-signed-in", SignedIn, &[]),
    row("GET", "/api/session-end", SignedIn, &[]),
    row("POST", "/api/save-view", Right(Permission::SeeUsers), &["view_name", "list"]),
    row("POST", "/api/forget-view", Right(Permission::SeeUsers), &["view"]),
    row("POST", "/api/choose-table-layout", SignedIn, &["columns", "density"]),
    row("POST", "/api/change-password", SignedIn, &["current_password", "new_password"]),
    row("POST", "/api/end-session", SignedIn, &["session"]),
    row("POST", "/api/end-other-sessions", SignedIn, &[]),
    row("POST", "/api/withdraw-agreement", SignedIn, &["agreement"]),
    row("POST", "/api/choose-messages", SignedIn, &["wanted"]),
    row("POST", "/api/make-token", Right(Permission::SeeUsers), &["token_name", "days"]),
    row("POST", "/api/revoke-token", SignedIn, &["token"]),
    row("POST", "/api/change-settings", Right(Permission::ChangeSettings), &SETTINGS),
    row("POST", "/api/change-preset", Right(Permission::ChangeSettings), &["preset"]),
    row(
        "POST",
        "/api/change-texts",
        Right(Permission::ChangeSettings),
        &["language", "subject", "lead", "button", "sms"],
    ),
    row("POST", "/api/restore-texts", Right(Permission::ChangeSettings), &["language"]),
    row(
        "POST",
        "/api/publish-agreement",
        Right(Permission::ChangeSettings),
        &["agreement", "text_en", "text_ru", "is_asked"],
    ),
    row("POST", "/api/send-test", Right(Permission::ChangeSettings), &[]),
    // Needs what the page of the address needs, which a test of its own compares.
    row("GET", "/api/page", SignedIn, &["address", "viewer"]),
    row("GET", "/api/invite-page", SignedIn, &["address", "viewer"]),
    row("POST", "/api/judge-rows", Right(Permission::Invite), &["proposed"]),
];

const SETTINGS: [&str; 8] =
    ["organisation", "language", "zone", "valid_for", "hold_seconds", "letters_a_day", "min_length", "name_policy"];

/// Every route of the router beside the server functions and the app's pages: its path as the table writes it, its
/// methods, and why it may answer people who are not signed in (or does not).
pub const ROUTES: [(&str, &str, &str); 67] = [
    ("/health/live", "GET", "for the operator's watch; says one word"),
    ("/health/ready", "GET", "for the operator's watch; says one sentence"),
    ("/health/proxies", "GET", "for the operator's own machine; says one word and two numbers"),
    ("/api/{*function}", "GET POST", "the server functions, each with its own row"),
    ("/api/v1/users", "GET", "needs a token whose owner may see people"),
    ("/api/v1/users/{id}", "GET", "needs a token whose owner may see that person"),
    ("/api/v1/openapi.json", "GET", "needs a token; says what the API is"),
    ("/api/v1/sessions", "POST", "the door for an app of one's own"),
    ("/api/v1/sessions/end", "POST", "needs the token of a session; ends it"),
    ("/api/v1/me", "GET", "needs the token of a session; shows its person"),
    ("/api/v1/me/shifts", "GET", "needs the token of a session; shows its person's shifts"),
    ("/api/v1", "GET", "needs a token; there is nothing"),
    ("/api/v1/", "GET", "needs a token; there is nothing"),
    ("/api/v1/{*rest}", "GET", "needs a token; there is nothing"),
    ("/set-up", "GET POST", "before anybody is there; needs the code of the log"),
    ("/sign-in", "GET POST", "the door"),
    ("/sign-out", "POST", "ends one's own session"),
    ("/forgot", "GET POST", "the same answer for everybody"),
    ("/forgot/sent", "GET", "says the same to everybody"),
    ("/reset", "GET", "asks for a link"),
    ("/reset/{*link}", "GET POST", "needs a link that we made"),
    ("/s", "GET", "asks for a link"),
    ("/s/{*link}", "GET", "needs a link that we made, and counts tries"),
    ("/sms/callback", "POST", "needs the signature or the secret of the SMS gateway, and counts tries"),
    ("/own-password/{*link}", "GET POST", "needs a link that we made for whoever gave a temporary password"),
    ("/m", "GET", "leads to the door of the mobile surface"),
    ("/m/sign-in", "GET POST", "the door of the mobile surface"),
    ("/m/sign-out", "POST", "ends one's own session"),
    ("/m/me", "GET POST", "needs a session of the mobile surface"),
    ("/m/me/agreements", "POST", "needs a session of the mobile surface; changes what its person agreed to"),
    ("/m/password", "GET POST", "needs a session of the mobile surface, and the password that one has"),
    ("/confirm", "GET", "asks for a link"),
    ("/confirm/{*link}", "GET POST", "needs a link that we made"),
    ("/i", "GET", "asks for a link"),
    ("/i/{link}", "GET POST", "needs a link that we made"),
    (
        "/i/{link}/join",
        "GET POST",
        "looking leads to the link; needs a link that we made, and a password or the session of its person",
    ),
    (
        "/i/{link}/send-code",
        "GET POST",
        "looking leads to the link; needs a link that we made; writes to the stored address only",
    ),
    (
        "/i/{link}/code",
        "GET POST",
        "looking leads to the link; needs a link that was handed over, and the code that was sent to its address",
    ),
    (
        "/i/{link}/renew",
        "GET POST",
        "looking leads to the link; needs a link that we made; writes to the stored address only",
    ),
    ("/i/{link}/decline", "GET POST", "needs a link that we made and that went to the address; asks, and ends it"),
    ("/i/{link}/opened", "GET POST", "looking leads to the link; needs a link that we made"),
    (
        "/i/{link}/strength",
        "GET POST",
        "looking leads to the link; needs a link that we made; says what is wrong with the password that was sent",
    ),
    ("/i/{link}/{*rest}", "GET POST", "never a link of ours"),
    ("/demonstration", "GET POST", "only where everybody is invented: moves the clock, and says how to sign in"),
    ("/agreements", "GET POST", "needs a session; keeps what its person agrees to"),
    ("/m/agreements", "GET POST", "needs a session of the mobile surface; keeps what its person agrees to"),
    ("/agreements/{kind}", "GET", "what people agree to is for everybody to read"),
    ("/agreements/{kind}/{version}", "GET", "what people agree to, or did, is for everybody to read"),
    ("/language", "POST", "a cookie of one's own"),
    ("/theme", "POST", "a cookie of one's own"),
    ("/.well-known/change-password", "GET", "a redirect to one's own page"),
    ("/mailbox/{id}/html", "GET", "needs the right to the mailbox"),
    ("/users/changes", "GET", "needs the right to users; says that something may have changed, and not what"),
    ("/users/export", "POST", "needs the right to users; hands out whom one sees, and writes that down"),
    ("/users/letters", "POST", "needs the right to hand the invitations over; prints them, and writes that down"),
    ("/users/many/{id}/report.csv", "GET", "needs to be whoever asked for it, and the right to users"),
    ("/import/file", "POST", "needs the right to invite; keeps a list for whoever sent it"),
    ("/import/rejected", "GET", "needs the right to invite; of one's own list"),
    ("/users/invite/letter", "POST", "needs the right to invite so; shows the letter and writes nothing"),
    ("/settings/texts/letter", "POST", "needs the right to change settings; writes to oneself only"),
    ("/pkg/{mark}/{name}", "GET", "the site's files"),
    ("/usher.js", "GET", "the site's files"),
    ("/door.js", "GET", "the site's files"),
    ("/icons.svg", "GET", "the site's files"),
    ("/favicon.svg", "GET", "the site's files"),
    ("/site.webmanifest", "GET", "the site's files"),
    ("/mobile.webmanifest", "GET", "the site's files"),
];

/// Every page of the app, as `ui::pages::table` names it, and what it needs.
pub const PAGES: [(&str, Needs); 29] = [
    ("/", SignedIn),
    ("/users", Right(Permission::SeeUsers)),
    ("/users/invite", Right(Permission::Invite)),
    ("/users/add-login", Right(Permission::Invite)),
    ("/users/views", Right(Permission::SeeUsers)),
    ("/users/many/:id", Right(Permission::SeeUsers)),
    ("/import", Right(Permission::Invite)),
    ("/users/:id", AuditAction(UserAction::See)),
    ("/users/:id/edit", AuditAction(UserAction::Edit)),
    ("/users/:id/report", AuditAction(UserAction::Report)),
    ("/units", Right(Permission::SeeUnits)),
    ("/units/:id", Right(Permission::SeeUnits)),
    ("/units/:id/move", Right(Permission::ManageUnits)),
    ("/invitations", Right(Permission::SeeInvitations)),
    // Everybody sees their own shifts there.
    ("/shifts", SignedIn),
    ("/shifts/new", Right(Permission::EditShifts)),
    ("/shifts/:id", Right(Permission::SeeShifts)),
    ("/audit", Right(Permission::SeeAudit)),
    ("/audit/report", Right(Permission::SeeAudit)),
    ("/mailbox", Right(Permission::SeeMailbox)),
    ("/mailbox/:id", Right(Permission::SeeMailbox)),
    ("/settings", Right(Permission::SeeSettings)),
    ("/settings/roles", Right(Permission::SeeSettings)),
    ("/settings/roles/new", Right(Permission::EditRoles)),
    ("/settings/roles/:id", Right(Permission::SeeSettings)),
    ("/settings/texts", Right(Permission::ChangeSettings)),
    ("/settings/agreements", Right(Permission::ChangeSettings)),
    ("/settings/who", Right(Permission::SeeSettings)),
    ("/me", SignedIn),
];

/// What stands in the fields of a call.
#[derive(Clone, Debug)]
pub struct Sample {
    pub person: UserId,
    pub email: String,
    pub unit: UnitId,
    pub draft: DraftId,
    pub session: SessionId,
    pub message: MessageId,
    pub invitation: InvitationId,
    pub shift: ShiftId,
    /// Offered, or given.
    pub role: String,
    /// To be changed.
    pub role_id: String,
}

impl Sample {
    /// Ids that nothing has.
    pub fn of_nothing(site: &TestSite) -> Self {
        let now = site.app.clock.now();
        let id = || usher::server::random::id(now);
        Self {
            person: UserId::new(id()),
            email: "nobody@acme.by".into(),
            unit: UnitId::new(id()),
            draft: DraftId::new(id()),
            session: SessionId::new(id()),
            message: MessageId::new(id()),
            invitation: InvitationId::new(id()),
            shift: ShiftId::new(id()),
            role: site.role("employee").id.to_string(),
            role_id: id(),
        }
    }
}

impl Function {
    /// Whether a call names something by its id.
    pub fn has_ids(&self) -> bool {
        let ids = [
            "id",
            "draft",
            "import",
            "session",
            "message",
            "unit",
            "invitation",
            "shift",
            "role_id",
            "unit_id",
            "below",
            "proposal",
            "token",
            "who",
            "bulk",
            "view",
        ];
        self.fields.iter().any(|field| ids.contains(field))
    }

    /// The fields with values that could be meant.
    pub fn filled(&self, sample: &Sample) -> Vec<(&'static str, String)> {
        let value = |field: &'static str| match field {
            "id" => ("id", sample.person.to_string()),
            "draft" => ("id", sample.draft.to_string()),
            "import" => ("id", sample.draft.to_string()),
            "answer" if self.path == "/api/import-group" => ("answer", "misspelt-drop".into()),
            "answer" if self.path == "/api/import-row" => ("answer", "1-drop".into()),
            "session" => ("id", sample.session.to_string()),
            "message" => ("id", sample.message.to_string()),
            "role" if self.path == "/api/users" => ("role", String::new()),
            "role" => ("role", sample.role.clone()),
            "invitation" => ("id", sample.invitation.to_string()),
            "shift" => ("id", sample.shift.to_string()),
            "proposal" => ("id", "no-such-proposal".into()),
            "token" => ("id", "no-such-token".into()),
            "bulk" => ("id", "no-such-run".into()),
            "view" => ("id", "no-such-view".into()),
            "view_name" => ("name", "Spring".into()),
            "bulk_action" => ("action", "block".into()),
            "way" => ("way", "qr".into()),
            "who" => ("who[.0190-somebody]", "on".into()),
            "agreement" => ("kind", "user-agreement".into()),
            "text_en" | "text_ru" => (field, "What is agreed to.".into()),
            "is_asked" | "wanted" => (field, "on".into()),
            "right_address" => ("email", "right@acme.by".into()),
            "token_name" => ("name", "Payroll".into()),
            "days" => ("days", "30".into()),
            "role_id" => ("id", sample.role_id.clone()),
            "unit_id" => ("id", sample.unit.to_string()),
            "below" | "to" => (field, sample.unit.to_string()),
            "user" => ("user", sample.person.to_string()),
            "unit_name" => ("name", "Another Name".into()),
            "kind" => ("kind", "team".into()),
            "rank" => ("rank", "5".into()),
            "title" => ("title", "Front desk".into()),
            "starts" => ("starts", "2030-01-07T09:00".into()),
            "ends" => ("ends", "2030-01-07T17:00".into()),
            "unit" => ("unit", sample.unit.to_string()),
            "typed" => ("typed", sample.email.clone()),
            "version" | "reason" | "names" => (field, "1".into()),
            "name" => ("name", "Another Name".into()),
            "last_name" => ("last_name", "Lis".into()),
            "first_name" => ("first_name", "Pavel".into()),
            "login" => ("login", "pavel.lis".into()),
            "address" => ("address", "/me".into()),
            "addresses" => ("addresses", "somebody-new@acme.by".into()),
            "language" => ("language", "en".into()),
            "organisation" => ("organisation", "ACME College".into()),
            "zone" => ("zone", "UTC".into()),
            "valid_for" => ("valid_for", "8h".into()),
            "hold_seconds" => ("hold_seconds", "10".into()),
            "letters_a_day" => ("letters_a_day", "2000".into()),
            "min_length" => ("min_length", "12".into()),
            "name_policy" => ("name_policy", "user-wins".into()),
            "current_password" => (field, crate::support::people::PASSWORD.into()),
            "new_password" => (field, "seven green umbrellas".into()),
            other => (other, String::new()),
        };
        self.fields.iter().map(|field| value(field)).collect()
    }
}
