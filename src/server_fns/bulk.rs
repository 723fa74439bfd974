//! One action for many people.

use crate::domain::error::UseCaseError;
use crate::domain::id::BulkId;
use leptos::prelude::*;

/// Selects people for an action, and goes to the page that asks whether it is meant: those whose ids `who[…]` names; with `all`
/// everybody whom the list shows that the other fields name, or who is waited for where that is one of invitations, but those of
/// `but[…]`; with `of` those to whom another run did something.
#[server(prefix = "/api", endpoint = "select-people")]
pub async fn select_people(
    action: String,
    #[server(default)] who: std::collections::BTreeMap<String, String>,
    #[server(default)] all: Option<String>,
    #[server(default)] but: std::collections::BTreeMap<String, String>,
    #[server(default)] of: String,
    #[server(default)] list: String,
) -> Result<(), UseCaseError> {
    use crate::domain::bulk::{bulk_action, run_address, ticked_people, ticked_rows};
    use crate::domain::listing::{InvitationQuery, UserQuery};
    use crate::server::{http::asked, use_cases::bulk};
    let (app, caller) = asked::signed_in()?;
    let Some(action) = bulk_action(&action) else { return asked::answer(Err(UseCaseError::Unreadable)) };
    let waited_for = InvitationQuery::of_address(&list).filter(|_| all.is_some());
    let query = UserQuery::of_address(&list);
    let wish = bulk::BulkWish {
        action,
        who: ticked_rows(who.into_keys()),
        all: all.filter(|_| waited_for.is_none()).map(|_| query),
        waited_for,
        but: ticked_people(but),
        of: BulkId::given(of),
    };
    let asked = bulk::ask(&app, &caller, &wish).await;
    asked::answer(asked.map(|id| leptos_axum::redirect(&run_address(&id, &list))))
}

/// Does what was asked. `number` is how many people it is done to, as it was typed where that is asked for; `meant[]` are those
/// among whom it is done, by where they stand.
#[server(prefix = "/api", endpoint = "start-bulk")]
pub async fn start_bulk(
    id: BulkId,
    #[server(default)] number: String,
    #[server(default)] reason: String,
    #[server(default)] role: String,
    #[server(default)] unit: String,
    #[server(default)] leaves: Option<String>,
    #[server(default)] groups: Option<String>,
    #[server(default)] meant: Vec<String>,
    #[server(default)] list: String,
) -> Result<(), UseCaseError> {
    use crate::domain::bulk::run_address;
    use crate::server::{http::asked, use_cases::bulk};
    let (app, caller) = asked::signed_in()?;
    // A form without boxes means everybody; one in which no box is ticked means nobody.
    let meant = groups.map(|_| meant.iter().flat_map(|codes| codes.split(' ')).map(String::from).collect());
    let terms = bulk::BulkTerms { number, reason, role, unit, leaves: leaves.is_some(), meant };
    let started = bulk::start(&app, &caller, &id, &terms).await;
    asked::answer(started.map(|()| leptos_axum::redirect(&run_address(&id, &list))))
}

/// Takes back what has not begun, and ends what has.
#[server(prefix = "/api", endpoint = "stop-bulk")]
pub async fn stop_bulk(id: BulkId, #[server(default)] list: String) -> Result<(), UseCaseError> {
    use crate::domain::bulk::run_address;
    use crate::server::{http::asked, use_cases::bulk};
    let (app, caller) = asked::signed_in()?;
    let stopped = bulk::stop(&app, &caller, &id).await;
    asked::answer(stopped.map(|()| leptos_axum::redirect(&run_address(&id, &list))))
}

/// Lets what is held begin at once.
#[server(prefix = "/api", endpoint = "hurry-bulk")]
pub async fn hurry_bulk(id: BulkId, #[server(default)] list: String) -> Result<(), UseCaseError> {
    use crate::domain::bulk::run_address;
    use crate::server::{http::asked, use_cases::bulk};
    let (app, caller) = asked::signed_in()?;
    let hurried = bulk::hurry(&app, &caller, &id).await;
    asked::answer(hurried.map(|()| leptos_axum::redirect(&run_address(&id, &list))))
}
