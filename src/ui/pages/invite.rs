//! The page where people are invited. One form serves from the first address to the last: what is typed becomes rows with
//! verdicts, the good rows go, the others stay with their reason until they are put right or taken out. Whole without script; in
//! the browser rows are signals, and sending happens in place.

mod everyone;
mod form;
mod judging;
mod read_back;
mod result;
mod review;
mod row;
mod rows;
mod wire;

use crate::domain::id::DraftId;
use crate::domain::listing::{escape, query_value};
use crate::server_fns::answered::answered;
use crate::server_fns::invitations::invite_page;
use crate::ui::components::{Icon, PageHeader, Skeleton};
use crate::ui::forms::in_place::InPlace;
use crate::ui::pages::error::RefusedPage;
use crate::ui::pages::parts::method_choice;
use crate::ui::pages::units::picker;
use crate::ui::pages::users::desk::InvitePlace;
use crate::ui::session::{page_came, viewer_mark, words};
use crate::view_models::{InvitePageData, LeftInForm};
use form::InviteForm;
use leptos::prelude::*;
use leptos::web_sys::HtmlDialogElement;
use leptos_meta::Title;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate};
use std::sync::Arc;

const ADDRESS: &str = "/users/invite";

/// How the router is told to go elsewhere.
type Navigate = Arc<dyn Fn(&str, NavigateOptions) + Send + Sync>;

/// The page as it is being visited: by which address, and how it changes without a new page.
#[derive(Clone)]
struct InviteVisit {
    /// The address whose form stands here.
    known: StoredValue<String>,
    /// What was asked of the server last, and how often.
    asked: RwSignal<(i32, String)>,
    /// The draft that the address names.
    draft: RwSignal<Option<String>>,
    navigate: Navigate,
    place: Option<InvitePlace>,
}

impl InviteVisit {
    fn draft_now(&self) -> Option<String> {
        self.draft.try_get_untracked().flatten()
    }

    /// The form stands at another address now; what is in it stays.
    fn stand_at(&self, address: &str) {
        self.known.set_value(address.to_string());
        self.draft.set(wire::draft_in(address));
        let options = NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() };
        (self.navigate)(address, options);
    }

    /// The page at an address is another one: it is asked for.
    fn go_again(&self, address: &str) {
        self.stand_at(address);
        self.asked.update(|asked| *asked = (asked.0 + 1, address.to_string()));
    }

    fn leave(&self) {
        match self.place {
            Some(place) => place.close.run(()),
            None => (self.navigate)("/users", NavigateOptions::default()),
        }
    }

    fn is_over_list(&self) -> bool {
        self.place.is_some_and(|place| place.is_dialog.get_untracked())
    }

    fn place_changed(&self) {
        if let Some(place) = self.place {
            place.changed.run(());
        }
    }
}

/// The invite page; `?draft=` names what the last request left.
#[component]
pub fn InvitePage() -> impl IntoView {
    let words = words();
    let location = use_location();
    let here = Memo::new(move |last: Option<&String>| match last {
        // Leaving the page changes the address too, but there is nothing to ask for then.
        Some(last) if location.pathname.with(|path| path.trim_end_matches('/') != ADDRESS) => last.clone(),
        _ => location.search.with(|search| address(search)),
    });
    let known = StoredValue::new(here.get_untracked());
    let asked = RwSignal::new((0, here.get_untracked()));
    let draft = RwSignal::new(wire::draft_in(&here.get_untracked()));
    if InPlace::was_passed_by() {
        Effect::new(move || asked.update(|asked| asked.0 += 1));
    }
    Effect::new(move || {
        let here = here.get();
        if known.get_value() != here {
            known.set_value(here.clone());
            draft.set(wire::draft_in(&here));
            asked.update(|asked| *asked = (asked.0 + 1, here));
        }
    });
    let place = use_context::<InvitePlace>();
    provide_context(InviteVisit { known, asked, draft, navigate: Arc::new(use_navigate()), place });
    let page = answered(move || asked.get(), |(_, address)| invite_page(address, viewer_mark()));
    // As it was opened it stays, whatever lies below it later.
    let is_dialog = place.is_some_and(|place| place.is_dialog.get_untracked());
    let inside = view! {
        <Title text=words.invite_title() />
        <Transition fallback=move || view! { <Skeleton rows=6 label=words.invite_title() /> }>
            {move || Suspend::new(async move {
                match page.await {
                    Ok(answer) => {
                        page_came(answer.viewer, answer.flash);
                        inside(answer.page, is_dialog).into_any()
                    }
                    Err(refusal) => view! { <RefusedPage refusal=refusal /> }.into_any(),
                }
            })}
        </Transition>
    };
    match is_dialog {
        true => view! {
            <dialog
                open=true
                data-modal=""
                class="sheet"
                id="invite-dialog"
                aria-label=words.invite_title()
                on:close=move |event| {
                    // Some browsers close it without asking when Escape is pressed again.
                    let is_shut = !event_target::<HtmlDialogElement>(&event).open();
                    if let Some(place) = place.filter(|_| is_shut) {
                        place.close.run(());
                    }
                }
            >
                {inside}
            </dialog>
        }
        .into_any(),
        false => view! { <div class="stack">{inside}</div> }.into_any(),
    }
}

/// The address of the form: its draft, the unit that it begins with, and what is looked for among the units.
fn address(search: &str) -> String {
    let part = |name| query_value(search, name).map(|value| format!("{name}={}", escape(&value)));
    let parts: Vec<String> = ["draft", "unit", "find"].into_iter().filter_map(part).collect();
    if parts.is_empty() { ADDRESS.into() } else { format!("{ADDRESS}?{}", parts.join("&")) }
}

/// What stands on the page: the form, or how far the job is that invites the people of one.
fn inside(page: InvitePageData, is_dialog: bool) -> AnyView {
    let words = words();
    let back = (!is_dialog).then(|| {
        view! {
            <a class="back" href="/users">
                <Icon name="chevron-left" />
                {words.users()}
            </a>
        }
    });
    if let Some(LeftInForm { id, draft, hold }) = &page.left
        && let Some(progress) = draft.progress
    {
        let only_adds = draft.only_adds;
        let far = result::UnderWay(result::UnderWayProps { id: id.clone(), progress, hold: hold.clone(), only_adds });
        return view! {
            {back}
            <PageHeader title=words.invite_title() />
            {far}
        }
        .into_any();
    }
    let under_way = page.under_way.clone().map(|id: DraftId| {
        view! {
            <p>
                <a href=format!("{ADDRESS}?draft={id}")>{words.invite_under_way_link()}</a>
            </p>
        }
    });
    let methods = page.options.hands_over.then(|| method_choice(false));
    let search = picker::search_if_many(ADDRESS, &page.options);
    view! {
        {back}
        <PageHeader title=words.invite_title() lead=words.invite_lead() />
        {methods}
        {under_way}
        {search}
        <InviteForm page=page />
    }
    .into_any()
}
