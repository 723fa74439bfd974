//! People, as programs read them: what is known, in codes that do not change, and no word of any language.

use super::parameters;
use super::problem::Problem;
use crate::domain::authorization::AuthorizationMethod;
use crate::domain::contact::in_letters;
use crate::domain::id::{RoleId, UnitId, UserId};
use crate::domain::listing::HeldRole;
use crate::domain::membership::Standing;
use crate::domain::permission::Permission;
use crate::domain::role::Role;
use crate::domain::user::Status;
use crate::server::app::App;
use crate::server::dates;
use crate::server::use_cases::Actor;
use crate::server::use_cases::directory::{self, DirectoryEntry};
use axum::extract::{Path, RawQuery, State};
use axum::{Extension, Json};
use serde::Serialize;
use utoipa::ToSchema;

/// A page of people, in the order in which they were added.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = UserPage)]
pub struct PageBody {
    unit: UnitBody,
    users: Vec<UserBody>,
    /// The `cursor` of the next page; null on the last one.
    next: Option<String>,
}

/// Somebody who is known to the organisation.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = User)]
pub struct UserBody {
    id: String,
    /// Empty until the person, or whoever invited them, has given one.
    name: String,
    email: Option<String>,
    /// In the international form, for example +375291234567.
    phone: Option<String>,
    login: Option<String>,
    /// `email`, `phone` or `login`; with a login alone, only the mobile surface opens.
    authorization_method: &'static str,
    status: UserStatusCode,
    /// Until when the invitation works, while it is open.
    #[schema(value_type = Option<String>, format = DateTime)]
    invited_until: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    added_at: String,
    /// To five minutes.
    #[schema(value_type = Option<String>, format = DateTime)]
    last_seen_at: Option<String>,
    /// What they hold or are offered within the reach of the token.
    memberships: Vec<MembershipBody>,
    /// What other invitations to the same address offer within the reach of the token.
    other_offers: Vec<MembershipBody>,
    /// They hold or are offered something that the token does not reach.
    has_hidden_memberships: bool,
}

/// A role that somebody holds, or is offered, at a unit.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Membership)]
pub struct MembershipBody {
    unit: UnitBody,
    role: RoleBody,
    /// Permissions beside those of the role.
    extra_permissions: Vec<&'static str>,
    status: MembershipStatusCode,
    /// When it was offered or given.
    #[schema(value_type = String, format = DateTime)]
    since: String,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Unit)]
pub struct UnitBody {
    id: String,
    name: String,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Role)]
pub struct RoleBody {
    id: String,
    /// The code of a role that came with the preset; null for one that the organisation made.
    key: Option<String>,
    /// The name that the organisation gave it; null while it has the preset's, which is another word in each language.
    name: Option<String>,
}

/// Where somebody stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = UserStatus)]
pub enum UserStatusCode {
    Active,
    Invited,
    /// The message has not left yet.
    Waiting,
    AwaitingApproval,
    /// The message could not be delivered.
    Error,
    Expired,
    Withdrawn,
    NotInvited,
    Blocked,
    Archived,
}

impl From<Status> for UserStatusCode {
    fn from(status: Status) -> Self {
        match status {
            Status::Active => Self::Active,
            Status::Invited => Self::Invited,
            Status::Waiting => Self::Waiting,
            Status::AwaitingApproval => Self::AwaitingApproval,
            Status::Failed => Self::Error,
            Status::Expired => Self::Expired,
            Status::Withdrawn => Self::Withdrawn,
            Status::NotInvited => Self::NotInvited,
            Status::Blocked => Self::Blocked,
            Status::Archived => Self::Archived,
        }
    }
}

/// What has become of a membership.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = MembershipStatus)]
pub enum MembershipStatusCode {
    Offered,
    Active,
    Blocked,
    Archived,
}

impl From<Standing> for MembershipStatusCode {
    fn from(standing: Standing) -> Self {
        match standing {
            Standing::Offered => Self::Offered,
            Standing::Active => Self::Active,
            Standing::Blocked => Self::Blocked,
            Standing::Archived => Self::Archived,
        }
    }
}

impl UserBody {
    fn new(entry: DirectoryEntry, roles: &[Role]) -> Self {
        let memberships = |all: Vec<HeldRole>| all.into_iter().map(|held| MembershipBody::new(held, roles)).collect();
        let method = AuthorizationMethod::of(entry.email.as_deref(), entry.login.as_deref());
        Self {
            authorization_method: method.code(),
            id: entry.id.to_string(),
            name: entry.name,
            email: entry.email.as_deref().map(in_letters),
            phone: entry.phone,
            login: entry.login,
            status: entry.status.into(),
            invited_until: entry.until.map(dates::rfc3339),
            added_at: dates::rfc3339(entry.added_at),
            last_seen_at: entry.last_seen_at.map(dates::rfc3339),
            memberships: memberships(entry.held),
            other_offers: memberships(entry.also_offered),
            has_hidden_memberships: entry.elsewhere,
        }
    }
}

impl MembershipBody {
    fn new(held: HeldRole, roles: &[Role]) -> Self {
        let id = held.place.unit.id();
        Self {
            unit: UnitBody::new(&id, held.unit),
            role: RoleBody::new(&held.place.role, roles),
            extra_permissions: held.place.extra.iter().map(Permission::code).collect(),
            status: held.standing.into(),
            since: dates::rfc3339(held.since),
        }
    }
}

impl UnitBody {
    fn new(id: &UnitId, name: String) -> Self {
        Self { id: id.to_string(), name }
    }
}

impl RoleBody {
    fn new(id: &RoleId, roles: &[Role]) -> Self {
        let role = roles.iter().find(|role| &role.id == id);
        let given = |text: &String| (!text.is_empty()).then(|| text.clone());
        Self {
            id: id.to_string(),
            key: role.and_then(|role| given(&role.key)),
            name: role.and_then(|role| given(&role.name)),
        }
    }
}

/// The people of a unit and below.
#[utoipa::path(
    get,
    path = "/api/v1/users",
    operation_id = "list_users",
    params(
        ("q" = Option<String>, Query, description = "Part of a name, an address, a phone number or a login"),
        ("status" = Option<UserStatusCode>, Query, description = "Only these; without it everybody who is not archived"),
        ("role" = Option<String>, Query, description = "The id of a role: only those who hold it, or are offered it, first"),
        ("unit" = Option<String>, Query, description = "The id of a unit: only its people and those below; without it those of the first unit that the token reaches"),
        ("cursor" = Option<String>, Query, description = "The `next` of the page before, unchanged, with the same parameters"),
        ("limit" = Option<usize>, Query, minimum = 1, maximum = 200, description = "How many on a page; 50 without it"),
    ),
    responses(
        (status = 200, description = "A page", body = PageBody),
        (status = 400, description = "A parameter cannot be taken", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "No token, or one that does not work", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "The owner of the token may not see people", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such unit within the reach of the token", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "Too many requests", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "Try again in a moment", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn list(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    RawQuery(query): RawQuery,
) -> Result<Json<PageBody>, Problem> {
    let wanted = parameters::read(query.as_deref(), &app.key)?;
    let page = directory::list(&app, &actor, &wanted).await.map_err(|refusal| Problem::from(&refusal))?;
    Ok(Json(PageBody {
        unit: UnitBody::new(&page.unit.id, page.unit.name),
        users: page.entries.into_iter().map(|entry| UserBody::new(entry, &page.roles)).collect(),
        next: page.next.map(|last| app.key.cursor(&last)),
    }))
}

/// One person.
#[utoipa::path(
    get,
    path = "/api/v1/users/{id}",
    operation_id = "find_user",
    params(("id" = String, Path, description = "The id of the person")),
    responses(
        (status = 200, description = "The person", body = UserBody),
        (status = 400, description = "There are no parameters", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "No token, or one that does not work", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "The owner of the token may not see people", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such person within the reach of the token", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "Too many requests", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "Try again in a moment", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn find(
    State(app): State<App>,
    Extension(actor): Extension<Actor>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Json<UserBody>, Problem> {
    parameters::none(query.as_deref())?;
    let found = directory::find(&app, &actor, &UserId::new(id)).await;
    let (entry, roles) = found.map_err(|refusal| Problem::from(&refusal))?;
    Ok(Json(UserBody::new(entry, &roles)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_is_written_as_it_is_asked_for() {
        for status in Status::ALL {
            let written = serde_json::to_value(UserStatusCode::from(status)).expect("a code");
            assert_eq!(written, status.code());
        }
    }
}
