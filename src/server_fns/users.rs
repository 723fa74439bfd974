//! Looking at people and changing them.
#![expect(clippy::too_many_arguments, reason = "each is a part of an address")]

use crate::domain::error::UseCaseError;
use crate::domain::id::{RoleId, UnitId, UserId};
use crate::domain::proposal::ProposalOutcome;
use crate::view_models::{UserQuestion, UsersPage};
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;

/// A page of the users table; the parameters are those of the page's address.
#[server(prefix = "/api", endpoint = "users", input = GetUrl)]
pub async fn list_users(
    q: String,
    status: String,
    role: String,
    sort: String,
    after: String,
    before: String,
    #[server(default)] unit: String,
    #[server(default)] older: String,
    #[server(default)] name: String,
    #[server(default)] email: String,
    #[server(default)] phone: String,
    #[server(default)] login: String,
) -> Result<UsersPage, UseCaseError> {
    use crate::domain::listing::UserQuery;
    use crate::server::{http::asked, use_cases::users};
    let (app, caller) = asked::signed_in()?;
    let query = UserQuery::read(|part| match part {
        "q" => Some(q.clone()),
        "status" => Some(status.clone()),
        "role" => Some(role.clone()),
        "sort" => Some(sort.clone()),
        "after" => Some(after.clone()),
        "before" => Some(before.clone()),
        "unit" => Some(unit.clone()),
        "older" => Some(older.clone()),
        "name" => Some(name.clone()),
        "email" => Some(email.clone()),
        "phone" => Some(phone.clone()),
        "login" => Some(login.clone()),
        _ => None,
    });
    asked::answer(users::list(&app, &caller, &query).await)
}

/// What is asked before something is done to a person.
#[server(name = ReadUserQuestion, prefix = "/api", endpoint = "user-question", input = GetUrl)]
pub async fn user_question(id: UserId) -> Result<UserQuestion, UseCaseError> {
    use crate::server::{http::asked, use_cases::users};
    let (app, caller) = asked::signed_in()?;
    asked::answer(users::question(&app, &caller, &id).await)
}

/// Changes name and phone. The name counts when `names` says that the form had a field for it, emptied or not.
#[server(prefix = "/api", endpoint = "edit-user")]
pub async fn edit_user(
    id: UserId,
    #[server(default)] names: Option<String>,
    #[server(default)] name: String,
    phone: String,
    #[server(default)] phone_meant: String,
    #[server(default)] records: Option<String>,
    #[server(default)] record: String,
    version: i64,
) -> Result<(), UseCaseError> {
    use crate::server::{http::asked, use_cases::users};
    let (app, caller) = asked::signed_in()?;
    let name = (names.is_some() || !name.is_empty()).then_some(name);
    let record = (records.is_some() || !record.is_empty()).then_some(record);
    let edit = users::Edit { name, phone, phone_meant, record, version };
    asked::answer_and_go(users::edit(&app, &caller, &id, &edit).await, &format!("/users/{id}"))
}

/// Gives a person another role at one unit (without one: at the only one), and other extra permissions when `extras` says
/// that the form had fields for them.
#[server(prefix = "/api", endpoint = "change-role")]
pub async fn change_role(
    id: UserId,
    #[server(default)] unit: String,
    role: RoleId,
    #[server(default)] extras: Option<String>,
    #[server(default)] extra: Vec<String>,
    #[server(default)] revision: String,
) -> Result<ProposalOutcome, UseCaseError> {
    use crate::domain::{id::UnitId, permission::Permissions};
    use crate::server::{http::asked, use_cases::places};
    let (app, caller) = asked::signed_in_on(&revision)?;
    let unit = UnitId::given(unit);
    let extra = extras.map(|_| Permissions::from_codes(&extra.join(" ")));
    let done = places::change(&app, &caller, &id, unit.as_ref(), &role, extra).await;
    asked::answer_and_go(done, &format!("/users/{id}"))
}

/// Puts a person into a further unit.
#[server(prefix = "/api", endpoint = "add-place")]
pub async fn add_place(
    id: UserId,
    unit: UnitId,
    role: RoleId,
    #[server(default)] extra: Vec<String>,
    #[server(default)] revision: String,
) -> Result<ProposalOutcome, UseCaseError> {
    use crate::domain::permission::Permissions;
    use crate::server::{http::asked, use_cases::places};
    let (app, caller) = asked::signed_in_on(&revision)?;
    let extra = Permissions::from_codes(&extra.join(" "));
    asked::answer_and_go(places::add(&app, &caller, &id, &unit, &role, extra).await, &format!("/users/{id}"))
}

/// Takes a person out of a unit.
#[server(prefix = "/api", endpoint = "remove-place")]
pub async fn remove_place(
    id: UserId,
    unit: UnitId,
    #[server(default)] revision: String,
) -> Result<ProposalOutcome, UseCaseError> {
    use crate::server::{http::asked, use_cases::places};
    let (app, caller) = asked::signed_in_on(&revision)?;
    let done = places::remove(&app, &caller, &id, &unit).await;
    // Whoever is not out yet stands on their card, with what waits.
    let next = if done == Ok(ProposalOutcome::Proposed) { format!("/users/{id}") } else { "/users".into() };
    asked::answer_and_go(done, &next)
}

/// Archives a person.
#[server(prefix = "/api", endpoint = "archive")]
pub async fn archive(id: UserId, #[server(default)] revision: String) -> Result<(), UseCaseError> {
    use crate::server::{http::asked, use_cases::users};
    let (app, caller) = asked::signed_in_on(&revision)?;
    asked::answer_and_go(users::archive(&app, &caller, &id).await, &format!("/users/{id}"))
}

/// Brings an archived person back.
#[server(prefix = "/api", endpoint = "bring-back")]
pub async fn bring_back(id: UserId, #[server(default)] revision: String) -> Result<(), UseCaseError> {
    use crate::server::{http::asked, use_cases::users};
    let (app, caller) = asked::signed_in_on(&revision)?;
    asked::answer_and_go(users::bring_back(&app, &caller, &id).await, &format!("/users/{id}"))
}

/// Blocks a person.
#[server(prefix = "/api", endpoint = "block")]
pub async fn block(
    id: UserId,
    #[server(default)] reason: String,
    #[server(default)] revision: String,
) -> Result<(), UseCaseError> {
    use crate::server::{http::asked, use_cases::users};
    let (app, caller) = asked::signed_in_on(&revision)?;
    asked::answer_and_go(users::block(&app, &caller, &id, &reason).await, &format!("/users/{id}"))
}

/// Takes a block away.
#[server(prefix = "/api", endpoint = "unblock")]
pub async fn unblock(id: UserId, #[server(default)] revision: String) -> Result<(), UseCaseError> {
    use crate::server::{http::asked, use_cases::users};
    let (app, caller) = asked::signed_in_on(&revision)?;
    asked::answer_and_go(users::unblock(&app, &caller, &id).await, &format!("/users/{id}"))
}

/// Deletes a person: into the bin, where there is one, and else for good.
#[server(prefix = "/api", endpoint = "delete")]
pub async fn delete(
    id: UserId,
    #[server(default)] typed: String,
    #[server(default)] revision: String,
) -> Result<(), UseCaseError> {
    use crate::domain::deletion::Deletion;
    use crate::server::{http::asked, use_cases::deletion};
    let (app, caller) = asked::signed_in_on(&revision)?;
    let deletion = deletion::delete(&app, &caller, &id, &typed).await;
    let next = match &deletion {
        Ok(Deletion::IntoTheBin(_)) => format!("/users/{id}"),
        _ => "/users".into(),
    };
    asked::answer_and_go(deletion.map(drop), &next)
}

/// Sends a person a link to set a new password; of somebody with a login, answers a temporary password to hand over.
#[server(prefix = "/api", endpoint = "reset-password")]
pub async fn reset_password(id: UserId) -> Result<Option<String>, UseCaseError> {
    use crate::server::{http::asked, use_cases::passwords};
    let (app, caller) = asked::signed_in()?;
    asked::answer_and_go(passwords::reset_for(&app, &caller, &id).await, &format!("/users/{id}"))
}

/// Adds somebody who has a login and no address; the temporary password, to be shown once.
#[server(prefix = "/api", endpoint = "add-login")]
pub async fn add_login(
    #[server(default)] last_name: String,
    #[server(default)] first_name: String,
    #[server(default)] login: String,
    #[server(default)] phone: String,
    #[server(default)] phone_meant: String,
    #[server(default)] unit: String,
    #[server(default)] proposed: String,
    #[server(default)] role: String,
    #[server(default)] language: String,
) -> Result<String, UseCaseError> {
    use crate::server::{http::asked, use_cases::logins};
    let (app, caller) = asked::signed_in()?;
    let form = logins::LoginForm { last_name, first_name, login, phone, phone_meant, unit, proposed, role, language };
    match logins::add(&app, &caller, &form).await {
        Ok(added) => asked::answer_and_go(Ok(added.password), &format!("/users/{}", added.id)),
        Err(refusal) => asked::answer(Err(refusal)),
    }
}

/// Keeps how one looks at the users table: its columns beside the name, and the height of its rows (`compact`, or any other word).
#[server(prefix = "/api", endpoint = "choose-table-layout")]
pub async fn choose_table_layout(
    #[server(default)] columns: Vec<String>,
    #[server(default)] density: String,
) -> Result<(), UseCaseError> {
    use crate::server::{http::asked, use_cases::table_layout};
    let (app, caller) = asked::signed_in()?;
    asked::answer(table_layout::choose(&app, &caller, &columns, density == "compact").await)
}
