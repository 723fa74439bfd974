//! The users page: everyone within reach, by status, role and words. All of it stands in the address.

mod deeds;
pub mod desk;
mod filters;
mod layout;
mod live;
mod menu;
mod rows;
mod states;

use crate::domain::error::UseCaseError;
use crate::domain::id::UnitId;
use crate::domain::listing::{Cursor, UserQuery, query_value};
use crate::domain::permission::Permission;
use crate::domain::user::Status;
use crate::server_fns::users::{Delete, RemovePlace, list_users};
use crate::ui::components::{Icon, Notice, PageHeader, Skeleton, Tab, Tabs, Tone};
use crate::ui::forms::in_place::InPlace;
use crate::ui::pages::error::RefusedPage;
use crate::ui::pages::parts::{ViewOnly, left_by, only_looks};
use crate::ui::session::{may_use, refused_at_first, words};
use crate::view_models::{Flash, UsersPage as Found};
use desk::InvitedOver;

use filters::Filters;
use leptos::ev::Event;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_meta::Title;
use leptos_router::hooks::use_location;
use live::Following;
use menu::RowDeeds;

/// The users page.
#[component]
pub fn UsersPage() -> impl IntoView {
    let words = words();
    let location = use_location();
    let query = Memo::new(move |last: Option<&UserQuery>| match last {
        // What opens over the list, or follows it, has an address of its own that says nothing of the list.
        Some(last) if location.pathname.with(|path| path.trim_end_matches('/') != "/users") => last.clone(),
        _ => location.search.with(|search| UserQuery::read(|name| query_value(search, name))),
    });
    let invited = use_context::<InvitedOver>().map(|times| times.0);
    // Whoever was invited over the list, or what its own form has changed, is asked for anew.
    let times = move || (invited.map(|times| times.get()), InPlace::version());
    let found = Resource::new(move || (query.get(), times()), |(query, _)| ask(query));
    let deeds = RowDeeds::over(found);
    let following = Following::of(query, found);
    // Nobody hears of it before the page is alive.
    let changes = move || deeds.is_alive().get().then_some("/users/changes");
    // Left for this list, and not for a page that was shown before it.
    let is_ours = |note: &Flash| note.refusal.is_none() && note.page.split('?').next() == Some("/users");
    let note = left_by(&[Delete::PATH, RemovePlace::PATH]).filter(is_ours);
    let done = note.map(|note| if note.form == Delete::PATH { words.user_deleted() } else { words.now_removed() });
    let refused = RwSignal::new(refused_at_first());
    Effect::new(move || {
        // What another try may mend is said beside the filters.
        let answer = found.with(|found| found.as_ref().map(|found| found.as_ref().err().cloned()));
        let Some(why) = answer else { return };
        let why = why.filter(|refusal| !refusal.passes());
        if refused.with_untracked(|refused| *refused != why) {
            refused.set(why);
        }
    });
    let page = move || {
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
            {done.map(|done| view! { <Notice tone=Tone::Ok>{done}</Notice> })}
            <div class="list-tools">
                <Filters query=query />
                {layout::chooser()}
            </div>
            {following.bar()}
            <div
                class="stack"
                data-changes=changes
                on:listchanged=move |_: Event| following.look()
                on:click=move |event| deeds.clicked(&event)
                on:keydown=move |event| deeds.keyed(&event)
                on:pointerdown=move |event| deeds.pointed(&event)
            >
                <Transition fallback=move || view! { <Skeleton rows=10 label=words.loading() /> }>
                    {move || Suspend::new(async move {
                        // An older answer is never kept, so this is the question that it answers.
                        let (found, query) = (found.await, query.get_untracked());
                        match found {
                            Ok(found) if found.rows.is_empty() => states::nobody(&query, &found).into_any(),
                            Ok(found) => rows::list(&query, found, deeds.is_alive()).into_any(),
                            Err(refusal) => states::not_loaded(&query, refusal).into_any(),
                        }
                    })}
                </Transition>
            </div>
            {(!only_looks()).then(|| (deeds.menu(), deeds.over_the_table()))}
        }
    };
    // Who may not look at this list is shown nothing of its page, neither what can be looked for nor the roles (W-06).
    move || match refused.get() {
        Some(refusal) => view! { <RefusedPage refusal=refusal /> }.into_any(),
        None => page().into_any(),
    }
}

/// Asks the server.
async fn ask(query: UserQuery) -> Result<Found, UseCaseError> {
    let status = query.status.map_or("", Status::code).to_string();
    let role = query.role.as_ref().map(ToString::to_string).unwrap_or_default();
    let (after, before) = match query.from {
        Cursor::Start => (String::new(), String::new()),
        Cursor::After(id) => (id, String::new()),
        Cursor::Before(id) => (String::new(), id),
    };
    let unit = query.unit.as_ref().map(ToString::to_string).unwrap_or_default();
    let older = query.older.map(|days| days.to_string()).unwrap_or_default();
    list_users(query.search, status, role, query.sort.code().into(), after, before, unit, older).await
}

/// The way to the invite form, for whoever may invite.
fn invite_button(unit: Option<&UnitId>) -> impl IntoView + use<> {
    let href = unit.map_or_else(|| "/users/invite".to_string(), |unit| format!("/users/invite?unit={unit}"));
    may_use(Permission::Invite).then(|| {
        view! {
            <a class="button primary" id="invite-people" href=href>
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
            // Who has left stands under *Archived* only (rule 1).
            .filter(|count| status.is_some() || count.status != Status::Archived)
            .map(|count| count.people)
            .sum()
    };
    let tab = |status: Option<Status>| Tab {
        href: query.from_start().with_status(status).address(),
        label: status.map_or(words.everyone(), |status| words.status(status)).into(),
        current: query.status == status,
        count: Some(people(status)).filter(|people| *people > 0).map(|people| words.figure(people)),
    };
    // What nobody is in needs no view of its own, but for the one that is looked at.
    let is_worth_a_tab = |tab: &Tab| tab.current || tab.count.is_some();
    let tabs: Vec<Tab> = std::iter::once(None).chain(Status::ALL.map(Some)).map(tab).filter(is_worth_a_tab).collect();
    let title = match query.unit {
        Some(_) => format!("{} · {}", words.users(), found.unit.name),
        None => words.users().into(),
    };
    let (total, invite) = (words.figure(found.total()), invite_button(query.unit.as_ref()));
    view! {
        <PageHeader title=title count=total>
            <ViewOnly />
            {invite}
        </PageHeader>
        <Tabs items=tabs label=words.views() />
    }
}
