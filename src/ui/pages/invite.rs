//! The page where people are invited. One form serves from the first address to the last: what is typed becomes rows with
//! verdicts on the server, the good rows go, the others stay with their reason until they are put right or taken out.
//! Written by the server, and whole without script; in the browser `live` keeps the form while its result comes and goes.

mod form;
mod live;
mod read_back;
mod result;
mod review;

use crate::domain::review::{Hold, InviteDraft};
use crate::ui::components::{Icon, PageHeader};
use crate::ui::pages::units::picker;
use crate::ui::session::words;
use crate::view_models::InviteOptions;
use leptos::prelude::*;

/// The invite page; `?draft=` names what the last request left.
#[component]
pub fn InvitePage() -> impl IntoView {
    live::page()
}

/// Its inside, with the rows that a draft left in it, and with what can still be taken back.
pub fn written(options: InviteOptions, draft: Option<InviteDraft>, hold: Option<Hold>) -> AnyView {
    let words = words();
    view! {
        <a class="back" href="/users">
            <Icon name="chevron-left" />
            {words.users()}
        </a>
        <PageHeader title=words.invite_title() lead=words.invite_lead() />
        {picker::search_if_many("/users/invite", &options)}
        {form::form(&options, draft, hold)}
    }
    .into_any()
}
