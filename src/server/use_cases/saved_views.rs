//! Lists with names: whoever sees people saves some, for themselves or for everybody who sees people. What a list shows is asked anew by
//! whoever opens it; a name opens nothing.

use super::{Actor, UseCaseError, require};
use crate::domain::error::Conflict;
use crate::domain::id::ViewId;
use crate::domain::permission::Permission;
use crate::domain::policy::Request;
use crate::domain::saved_view::{MOST_VIEWS, SavedView, read_address, read_name};
use crate::server::app::App;
use crate::server::random;
use crate::server::storage::saved_views;
use crate::view_models::ViewsPage;

/// The page of them; `list` is the one that could be saved.
///
/// # Errors
/// When the caller sees nobody.
pub async fn page(app: &App, caller: &Actor, list: &str) -> Result<ViewsPage, UseCaseError> {
    let (mut tx, authority) = super::read_as(app, caller).await?;
    require(&authority, Request::Use(Permission::SeeUsers))?;
    let views = saved_views::of_user(&mut tx, &caller.user_id).await?;
    Ok(ViewsPage { views, list: read_address(list) })
}

/// Saves a list.
///
/// # Errors
/// When the name cannot be taken, or there are as many as one person may have.
pub async fn save(app: &App, caller: &Actor, name: &str, list: &str, is_shared: bool) -> Result<(), UseCaseError> {
    let now = app.clock.now();
    let (mut tx, authority) = super::write_as(app, caller).await?;
    require(&authority, Request::Use(Permission::SeeUsers))?;
    let name = read_name(name)?;
    let own = saved_views::of_user(&mut tx, &caller.user_id).await?.into_iter().filter(|view| view.is_own);
    if own.count() >= MOST_VIEWS {
        return Err(Conflict::TooManyViews.into());
    }
    let id = ViewId::new(random::id(now));
    let view = SavedView { id, name, address: read_address(list), is_shared, is_own: true };
    saved_views::insert(&mut tx, &caller.user_id, &view, now).await?;
    Ok(tx.commit().await?)
}

/// Forgets one of the caller's own.
///
/// # Errors
/// `NotFound` when there is none.
pub async fn forget(app: &App, caller: &Actor, id: &ViewId) -> Result<(), UseCaseError> {
    let (mut tx, authority) = super::write_as(app, caller).await?;
    require(&authority, Request::Use(Permission::SeeUsers))?;
    if !saved_views::remove(&mut tx, &caller.user_id, id).await? {
        return Err(UseCaseError::NotFound);
    }
    Ok(tx.commit().await?)
}
