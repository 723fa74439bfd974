//! The page where people are invited. One form serves from the first address to the last: what is typed becomes rows with
//! verdicts on the server, the good rows go, the others stay with their reason until they are put right or taken out.

mod form;
mod read_back;
mod result;
mod review;

use super::error::RefusedPage;
use crate::domain::id::DraftId;
use crate::domain::listing::InviteOptions;
use crate::domain::permission::Permission;
use crate::domain::refusal::Refusal;
use crate::domain::review::InviteDraft;
use crate::server_fns::invitations::{Invite, invite_draft, invite_options};
use crate::ui::components::{Icon, PageHeader, Skeleton};
use crate::ui::session::{may_use, words};
use form::InviteForm;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

/// What the form offers, and what stands in it already.
async fn read(draft: String) -> Result<(InviteOptions, Option<InviteDraft>), Refusal> {
    let options = invite_options().await?;
    let draft = if draft.is_empty() { None } else { Some(invite_draft(DraftId::new(draft)).await?) };
    Ok((options, draft))
}

/// The invite page; `?draft=` names what the last request left.
#[component]
pub fn InvitePage() -> impl IntoView {
    let words = words();
    let query = use_query_map();
    let draft = Memo::new(move |_| query.with(|query| query.get("draft").unwrap_or_default()));
    let found = Resource::new(move || draft.get(), read);
    let invite = ServerAction::<Invite>::new();
    form::empty_after_success(invite);
    form::keep_in_sight(found);
    let header = may_use(Permission::Invite)
        .then(|| view! { <PageHeader title=words.invite_title() lead=words.invite_lead() /> });
    view! {
        <Title text=words.invite_title() />
        <a class="back" href="/users">
            <Icon name="chevron-left" />
            {words.users()}
        </a>
        {header}
        <Transition fallback=move || view! { <Skeleton rows=6 label=words.invite_title() /> }>
            {move || {
                found
                    .get()
                    .map(|found| match found {
                        Ok((options, draft)) => {
                            view! { <InviteForm invite=invite options=options draft=draft /> }.into_any()
                        }
                        Err(refusal) => view! { <RefusedPage refusal=refusal /> }.into_any(),
                    })
            }}
        </Transition>
    }
}
