//! What the pages show that lie together in one file of the browser's half, as data.

use crate::domain::error::UseCaseError;
use crate::view_models::Flash;
use crate::view_models::{PageData, Viewer};
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use serde::{Deserialize, Serialize};

/// A page's data, and what came with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageAnswer {
    pub page: PageData,
    /// What the last plain form left for this page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flash: Option<Flash>,
    /// Whoever looks, where something about them is not as the browser knows it, with the mark of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub viewer: Option<(Box<Viewer>, String)>,
}

/// What the page at an address (`/audit?after=…`) shows to whoever asks; `viewer` is the mark of what the browser knows of them.
#[server(prefix = "/api", endpoint = "page", input = GetUrl)]
pub async fn read_page(address: String, #[server(default)] viewer: String) -> Result<PageAnswer, UseCaseError> {
    use crate::server::http::{asked, page_data};
    let (app, caller) = asked::signed_in()?;
    asked::answer(page_data::read(&app, &caller, &address, &viewer).await)
}
