//! The page where people are invited. One form serves from the first address to the last: what is typed becomes rows with
//! verdicts on the server, the good rows go, the others stay with their reason until they are put right or taken out.
//! Written by the server, and whole without script; in the browser `live` keeps the form while its result comes and goes.

mod form;
mod live;
mod read_back;
mod result;
mod review;

use crate::domain::id::DraftId;
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

/// What the last request left: what stands in the form, and whether it can still be taken back.
pub struct LeftInForm {
    pub id: DraftId,
    pub draft: InviteDraft,
    pub hold: Option<Hold>,
}

/// Its inside, with the rows that a draft left in it, and with what can still be taken back; while a job invites them, how far
/// it is. `under_way` is a round at which a job is while another form is opened.
pub fn written(options: InviteOptions, left: Option<LeftInForm>, under_way: Option<DraftId>) -> AnyView {
    let words = words();
    let (id, draft, hold) = match left {
        Some(LeftInForm { id, draft, hold }) => (Some(id), Some(draft), hold),
        None => (None, None, None),
    };
    let progress = draft.as_ref().and_then(|draft| draft.progress).zip(id.as_ref());
    if let Some((progress, id)) = progress {
        let far = result::under_way(progress, &format!("/users/invite?draft={id}"), hold);
        // What is taken back is a form of its own.
        return view! {
            <a class="back" href="/users">
                <Icon name="chevron-left" />
                {words.users()}
            </a>
            <PageHeader title=words.invite_title() />
            <form class="stack wide" method="post" autocomplete="off">
                {far}
            </form>
        }
        .into_any();
    }
    view! {
        <a class="back" href="/users">
            <Icon name="chevron-left" />
            {words.users()}
        </a>
        <PageHeader title=words.invite_title() lead=words.invite_lead() />
        {under_way
            .map(|id| {
                let address = format!("/users/invite?draft={id}");
                view! {
                    <p>
                        <a href=address rel="external">
                            {words.invite_under_way_link()}
                        </a>
                    </p>
                }
            })}
        {picker::search_if_many("/users/invite", &options)}
        {form::form(&options, id.as_ref(), draft, hold)}
    }
    .into_any()
}
