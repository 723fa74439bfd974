//! The users page: everyone within reach, by status, role and words. All of it stands in the address.

mod deeds;
pub mod desk;
mod filters;
mod layout;
mod live;
mod menu;
mod rows;
mod selection;
mod states;

pub(in crate::ui::pages) use menu::closest;

use crate::domain::error::UseCaseError;
use crate::domain::facet::InvitationFacet;
use crate::domain::job::OwnJob;
use crate::domain::listing::{ColumnSearch, Cursor, UserQuery, query_value};
use crate::domain::permission::Permission;
use crate::domain::user::Status;
use crate::domain::vocabulary::Vocabulary;
use crate::server_fns::answered::answered;
use crate::server_fns::bulk::SelectPeople;
use crate::server_fns::users::{Delete, RemovePlace, list_users};
use crate::ui::components::{Icon, Notice, PageHeader, Skeleton, Tab, Tabs, Tone};
use crate::ui::forms::in_place::InPlace;
use crate::ui::pages::error::RefusedPage;
use crate::ui::pages::parts::{ViewOnly, left_by, only_looks};
use crate::ui::session::{may_use, refused_at_first, status_word, vocabulary, words};
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
use selection::{Selection, export_button};

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
    let found = answered(move || (query.get(), times()), |(query, _)| ask(query));
    let deeds = RowDeeds::over(found);
    let selection = Selection::of(query);
    let following = Following::of(query, found);
    // Nobody hears of it before the page is alive.
    let changes = move || deeds.is_alive().get().then_some("/users/changes");
    // Left for this list, and not for a page that was shown before it.
    let is_ours = |note: &Flash| note.refusal.is_none() && note.page.split('?').next() == Some("/users");
    let note = left_by(&[Delete::PATH, RemovePlace::PATH]).filter(is_ours);
    let no_selection = move || left_by(&[SelectPeople::PATH])?.refusal.map(|refusal| words.refusal(&refusal));
    let why_not = RwSignal::new(no_selection());
    Effect::new(move || {
        // Sent in place, the form leaves it for this very page.
        InPlace::version();
        why_not.set(no_selection());
    });
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
            {move || why_not.get().map(|why| view! { <Notice tone=Tone::Error alert=true>{why}</Notice> })}
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
                            Ok(found) => rows::list(&query, found, deeds.is_alive(), selection).into_any(),
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
    let status = query.status_code().to_string();
    let role = query.role.as_ref().map(ToString::to_string).unwrap_or_default();
    let (after, before) = match query.from {
        Cursor::Start => (String::new(), String::new()),
        Cursor::After(id) => (id, String::new()),
        Cursor::Before(id) => (String::new(), id),
    };
    let unit = query.unit.as_ref().map(ToString::to_string).unwrap_or_default();
    let older = query.older.map(|days| days.to_string()).unwrap_or_default();
    let ColumnSearch { name, email, phone, login } = query.columns;
    let sort = query.sort.code().into();
    list_users(query.search, status, role, sort, after, before, unit, older, name, email, phone, login).await
}

/// The ways in for others, for whoever may invite, and the way out for the list.
fn list_buttons(query: &UserQuery) -> impl IntoView + use<> {
    let words = words();
    let export = export_button(query);
    if !may_use(Permission::Invite) {
        return export.into_any();
    }
    let href = query.unit.as_ref().map_or_else(|| "/users/invite".into(), |unit| format!("/users/invite?unit={unit}"));
    view! {
        <a class="button" href="/import">{words.import_title()}</a>
        {export}
        <a class="button primary" id="invite-people" href=href>
            <Icon name="plus" />
            {words.invite_people()}
        </a>
    }
    .into_any()
}

/// How many there are, and the views by status.
fn head(query: &UserQuery, found: &Found) -> impl IntoView + use<> {
    let words = words();
    let tab = |view: UserQuery, word: Option<Status>| {
        let counts = found.counts.iter().filter(|count| view.takes(count.status));
        let people: i64 = counts
            .filter(|count| query.role.as_ref().is_none_or(|role| &count.role == role))
            .map(|count| count.people)
            .sum();
        Tab {
            href: view.address(),
            label: word.map_or(words.everyone(), |status| status_word(status)).into(),
            current: query.status_code() == view.status_code(),
            count: Some(people).filter(|people| *people > 0).map(|people| words.figure(people)),
        }
    };
    let of_status = |status: Option<Status>| tab(query.from_start().with_status(status), status);
    // What nobody is in needs no view of its own, but for the one that is looked at.
    let is_worth_a_tab = |tab: &Tab| tab.current || tab.count.is_some();
    // Rules 33 and 34: where people are known before they are invited, the state of the invitation stands beside the list.
    let facets = (vocabulary() == Vocabulary::Learning).then(|| {
        let of_facet = |facet: InvitationFacet| tab(query.from_start().with_facet(facet), Some(facet.word()));
        let items = std::iter::once(of_status(None)).chain(InvitationFacet::ALL.map(of_facet)).collect();
        view! {
            <div class="facets">
                <h2>{words.invitation_status()}</h2>
                <Tabs items=items label=words.invitation_status() />
            </div>
        }
    });
    let is_beside = facets.is_some();
    let statuses = std::iter::once(None).chain(Status::ALL.map(Some));
    // Who is shut out stands in none of those beside the list.
    let is_above = |status: &Option<Status>| !is_beside || matches!(status, Some(Status::Blocked | Status::Archived));
    let here = query.from_start().address();
    let saved = found.views.iter().map(|(name, address)| Tab {
        href: address.clone(),
        label: name.clone(),
        current: *address == here && here != "/users",
        count: None,
    });
    let save =
        Tab { href: here.replacen("/users", "/users/views", 1), label: words.saved_views().into(), ..Tab::default() };
    let tabs: Vec<Tab> =
        statuses.filter(is_above).map(of_status).filter(is_worth_a_tab).chain(saved).chain([save]).collect();
    let title = match query.unit {
        Some(_) => format!("{} · {}", words.users(), found.unit.name),
        None => words.users().into(),
    };
    let (total, buttons) = (words.figure(found.total()), list_buttons(query));
    view! {
        <PageHeader title=title count=total>
            <ViewOnly />
            {buttons}
        </PageHeader>
        {jobs(&found.jobs)}
        {facets}
        <Tabs items=tabs label=words.views() />
    }
}

/// What goes on for whoever looks, each with the page that shows how far it is: whoever left that page finds it again.
fn jobs(jobs: &[OwnJob]) -> Option<impl IntoView + use<>> {
    let words = words();
    let links = jobs.iter().map(|job| view! { " " <a href=job.address()>{words.job(job.kind)}</a> }).collect_view();
    (!jobs.is_empty()).then(|| {
        view! {
            <Notice tone=Tone::Info icon="clock">
                <p id="under-way">{words.jobs_under_way()} {links}</p>
            </Notice>
        }
    })
}
