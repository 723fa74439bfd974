//! Lists of people that somebody has given a name.

use crate::domain::error::UseCaseError;
use crate::domain::id::ViewId;
use leptos::prelude::*;

/// Saves a list under a name, and goes to it.
#[server(prefix = "/api", endpoint = "save-view")]
pub async fn save_view(
    name: String,
    #[server(default)] list: String,
    #[server(default)] shared: Option<String>,
) -> Result<(), UseCaseError> {
    use crate::domain::saved_view::read_address;
    use crate::server::{http::asked, use_cases::saved_views};
    let (app, caller) = asked::signed_in()?;
    let saved = saved_views::save(&app, &caller, &name, &list, shared.is_some()).await;
    asked::answer_and_go(saved, &read_address(&list))
}

/// Forgets a list of one's own by its name.
#[server(prefix = "/api", endpoint = "forget-view")]
pub async fn forget_view(id: ViewId) -> Result<(), UseCaseError> {
    use crate::server::{http::asked, use_cases::saved_views};
    let (app, caller) = asked::signed_in()?;
    asked::answer(saved_views::forget(&app, &caller, &id).await)
}
