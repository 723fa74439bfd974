//! The users page: everyone within reach, by status, role and words. All of it stands in the address.

mod filters;
mod rows;
mod states;

use crate::domain::listing::{From, UserQuery, UsersPage as Found};
use crate::domain::permission::Permission;
use crate::domain::refusal::Refusal;
use crate::domain::user::Status;
use crate::server_fns::users::{Delete, list_users};
use crate::ui::components::{Icon, Notice, PageHeader, Skeleton, Tab, Tabs, Tone};
use crate::ui::pages::parts::{ViewOnly, left_by};
use crate::ui::session::{may_use, words};
use filters::Filters;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

/// The users page.
#[component]
pub fn UsersPage() -> impl IntoView {
    let words = words();
    let address = use_query_map();
    let query = Memo::new(move |_| address.with(|address| UserQuery::read(|name| address.get(name))));
    let found = Resource::new(move || query.get(), ask);
    let deleted = left_by(&[Delete::PATH]).is_some_and(|note| note.refusal.is_none());
    view! {
        <Title text=words.users() />
        <Transition fallback=move || view! { <PageHeader title=words.users() /> }>
            {move || Suspend::new(async move {
                match found.await {
                    Ok(found) => head(&query.get_untracked(), &found).into_any(),
                    Err(_) => view! { <PageHeader title=words.users() /> }.into_any(),
                }
            })}
        </Transition>
        {deleted.then(|| view! { <Notice tone=Tone::Ok>{words.user_deleted()}</Notice> })}
        <Filters query=query />
        <Transition fallback=move || view! { <Skeleton rows=10 label=words.loading() /> }>
            {move || Suspend::new(async move {
                // An older answer is never kept, so this is the question that it answers.
                let (found, query) = (found.await, query.get_untracked());
                match found {
                    Ok(found) if found.rows.is_empty() => states::nobody(&query, &found).into_any(),
                    Ok(found) => rows::list(&query, found).into_any(),
                    Err(refusal) => states::not_loaded(&query, refusal).into_any(),
                }
            })}
        </Transition>
    }
}

/// Asks the server.
async fn ask(query: UserQuery) -> Result<Found, Refusal> {
    let status = query.status.map_or("", Status::code).to_string();
    let role = query.role.as_ref().map(ToString::to_string).unwrap_or_default();
    let (after, before) = match query.from {
        From::Start => (String::new(), String::new()),
        From::After(id) => (id, String::new()),
        From::Before(id) => (String::new(), id),
    };
    list_users(query.search, status, role, query.sort.code().into(), after, before).await
}

/// The way to the invite form, for whoever may invite.
fn invite_button() -> impl IntoView {
    may_use(Permission::Invite).then(|| {
        view! {
            <a class="button primary" href="/users/invite">
                <Icon name="plus" />
                {words().invite_people()}
            </a>
        }
    })
}

/// How many there are, and the views by status.
fn head(query: &UserQuery, found: &Found) -> impl IntoView + use<> {
    let words = words();
    let people = |status: Option<Status>| -> i64 {
        let counts = found.counts.iter().filter(|count| status.is_none_or(|status| count.status == status));
        counts
            .filter(|count| query.role.as_ref().is_none_or(|role| &count.role == role))
            .map(|count| count.people)
            .sum()
    };
    let tab = |status: Option<Status>| Tab {
        href: UserQuery { status, ..query.from_start() }.address(),
        label: status.map_or(words.everyone(), |status| words.status(status)).into(),
        current: query.status == status,
        count: u64::try_from(people(status)).ok().filter(|people| *people > 0),
    };
    let tabs: Vec<Tab> = std::iter::once(None).chain(Status::ALL.map(Some)).map(tab).collect();
    view! {
        <PageHeader title=words.users() count=found.total().to_string()>
            <ViewOnly />
            {invite_button()}
        </PageHeader>
        <Tabs items=tabs label=words.views() />
    }
}
