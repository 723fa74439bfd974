//! Writes the inside of the page on which people are invited.

use super::{asked, notes};
use crate::domain::error::UseCaseError;
use crate::domain::id::{DraftId, UnitId};
use crate::domain::listing::query_value;
use crate::server::app::App;
use crate::server::use_cases::{Actor, held, invite, users};
use crate::ui::pages;
use crate::ui::session::words;
use crate::view_models::WrittenPage;
use leptos::prelude::*;

/// The inside of the page at an address (`/audit?after=…`), in the language of the reader and within their reach.
pub async fn write(app: &App, caller: &Actor, address: &str) -> Result<WrittenPage, UseCaseError> {
    let request = asked::request().ok_or(UseCaseError::Unreadable)?;
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    let get = |wanted: &str| query_value(query, wanted).unwrap_or_default();
    let unit = Some(get("unit")).filter(|unit| !unit.is_empty()).map(UnitId::new);
    let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
    let write: Box<dyn FnOnce() -> (String, AnyView) + Send> = match parts.as_slice() {
        ["users", "invite"] => {
            let mut under_way = None;
            let left = match get("draft") {
                none if none.is_empty() => {
                    under_way = held::under_way(app, caller).await?;
                    None
                }
                id => {
                    let id = DraftId::new(id);
                    let draft = held::draft(app, caller, &id).await?;
                    let hold = held::hold(app, &id, &draft);
                    Some(pages::invite::LeftInForm { id, draft, hold })
                }
            };
            // A draft knows from whose page its form was opened.
            let unit = unit.or_else(|| left.as_ref().and_then(|left| left.draft.proposed.clone()));
            let options = invite::options(app, caller, unit.as_ref(), &get("find")).await?;
            Box::new(move || (words().invite_title().into(), pages::invite::written(options, left, under_way)))
        }
        _ => return Err(UseCaseError::NotFound),
    };
    let viewer = users::viewer(app, caller).await?;
    let flash = notes::for_inside(&request, address).await;
    let owner = Owner::new();
    let page = owner.with(|| {
        provide_context(StoredValue::new(viewer));
        provide_context(StoredValue::new(flash));
        let (title, view) = write();
        WrittenPage { title, html: view.to_html() }
    });
    owner.cleanup();
    Ok(page)
}
