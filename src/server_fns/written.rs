//! The page on which people are invited, which the server writes whole.

use crate::domain::error::UseCaseError;
use crate::view_models::WrittenPage;
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;

/// The title and the inside of such a page, as HTML, for whoever asks; the address is that of the page.
#[server(name = ReadWrittenPage, prefix = "/api", endpoint = "written-page", input = GetUrl)]
pub async fn written_page(address: String) -> Result<WrittenPage, UseCaseError> {
    use crate::server::http::{asked, written};
    let (app, caller) = asked::signed_in()?;
    asked::answer(written::write(&app, &caller, &address).await)
}
