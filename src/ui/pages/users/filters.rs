//! What to look for. Without script a plain GET form; with it the list follows the typing. The fields are left alone:
//! what stands in them is the person's, unless the address was changed elsewhere (Back, Clear, a tab).

use crate::domain::id::RoleId;
use crate::domain::listing::{ColumnSearch, UserQuery};
use crate::ui::components::{Choice, Icon, SearchField, SelectField};
use crate::ui::session::{viewer, words};
use leptos::ev::SubmitEvent;
use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::HtmlInputElement;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use std::time::Duration;

/// How long typing has to pause before the list follows.
const PAUSE: Duration = Duration::from_millis(150);

/// Since how many days, as it is offered.
const AGES: [i64; 4] = [3, 7, 14, 30];

/// The fields above the list.
#[component]
pub fn Filters(query: Memo<UserQuery>) -> impl IntoView {
    let words = words();
    let go = use_navigate();
    let typing = StoredValue::new(None::<TimeoutHandle>);
    let stop = move || typing.try_update_value(|typing| typing.take().map(|handle| handle.clear()));
    on_cleanup(move || {
        stop();
    });
    // Each letter replaces the last address: Back leads out of the search, not through it.
    let look_for = {
        let go = go.clone();
        move |typed: &str| {
            let search = tidy(typed);
            let now = query.get_untracked();
            if search != now.search {
                let options = NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() };
                go(&UserQuery { search, ..now.from_start() }.address(), options);
            }
        }
    };
    let typed = {
        let look_for = look_for.clone();
        move |event| {
            let (typed, look_for) = (event_target_value(&event), look_for.clone());
            stop();
            let later = move || {
                typing.set_value(None);
                look_for(&typed);
            };
            typing.set_value(set_timeout_with_handle(later, PAUSE).ok());
        }
    };
    let asked = move |event: SubmitEvent| {
        event.prevent_default();
        stop();
        let value = |id: &str| control(id).map(|control| control.value()).unwrap_or_default();
        let role = Some(value("role")).filter(|role| !role.is_empty()).map(RoleId::new);
        let older = value("older").parse().ok();
        let [name, email, phone, login] = ColumnSearch::NAMES.map(|name| tidy(&value(&column_id(name))));
        let columns = ColumnSearch { name, email, phone, login };
        let wished =
            UserQuery { search: tidy(&value("q")), columns, role, older, ..query.get_untracked().from_start() };
        go(&wished.address(), NavigateOptions { scroll: false, ..NavigateOptions::default() });
    };
    Effect::new(move |before: Option<()>| {
        let now = query.get();
        let Some(search) = control("q") else { return };
        if before.is_none() {
            // Typed before the page was alive.
            return look_for(&search.value());
        }
        if typing.with_value(Option::is_none) && tidy(&search.value()) != now.search {
            search.set_value(&now.search);
        }
        for (name, text) in ColumnSearch::NAMES.into_iter().zip(now.columns.texts()) {
            if let Some(field) = control(&column_id(name)) {
                field.set_value(text);
            }
        }
        if let Some(role) = control("role") {
            role.set_value(now.role.as_ref().map_or("", RoleId::as_str));
        }
        if let Some(older) = control("older") {
            older.set_value(&now.older.map(|days| days.to_string()).unwrap_or_default());
        }
    });
    let start = query.get_untracked();
    let roles = viewer().with_value(|viewer| {
        let any = Choice::new("", words.any_role());
        let roles = viewer.standing_roles().map(|role| Choice::new(role.id.as_str(), words.role_name(role)));
        std::iter::once(any).chain(roles).collect::<Vec<_>>()
    });
    let has_age = Memo::new(move |_| query.read().status.is_some_and(UserQuery::has_age));
    let age = move || {
        let chosen = query.get_untracked().older;
        has_age.get().then(|| age_field(chosen))
    };
    let columns = column_fields(&start.columns);
    let status = move || query.read().status_code();
    let sort = move || query.read().sort.code();
    let unit = move || query.read().unit.as_ref().map(ToString::to_string);
    let clear = move || {
        let query = query.read();
        query.narrows().then(|| {
            let href = UserQuery { sort: query.sort, unit: query.unit.clone(), ..UserQuery::default() }.address();
            view! {
                <a class="button quiet" href=href>
                    <Icon name="x" />
                    {words.clear_filters()}
                </a>
            }
        })
    };
    view! {
        <form class="filters" role="search" method="get" action="/users" data-live="" on:submit=asked>
            <SearchField
                label=words.search()
                name="q"
                value=start.search
                placeholder=words.search_people()
                on:input=typed
            />
            <SelectField
                label=words.role()
                label_hidden=true
                name="role"
                choices=roles
                selected=start.role.map(|role| role.to_string()).unwrap_or_default()
            />
            {age}
            {columns}
            <input type="hidden" name="status" value=status />
            <input type="hidden" name="sort" value=sort />
            <input type="hidden" name="unit" value=unit />
            <button class="button needs-no-script">{words.apply()}</button>
            {clear}
        </form>
    }
}

/// The id of the field of a column.
fn column_id(name: &str) -> String {
    format!("in-{name}")
}

/// A field for each column, behind a button (rule 22).
fn column_fields(looked_for: &ColumnSearch) -> impl IntoView + use<> {
    const FIELDS: &str = "in-columns";
    let words = words();
    let labels = [words.column_name(), words.email(), words.phone(), words.login()];
    let field = |((name, label), text): ((&'static str, &'static str), &str)| {
        let id = column_id(name);
        view! {
            <label>
                {label}
                <input class="input" id=id name=name value=text.to_string() />
            </label>
        }
    };
    let fields = ColumnSearch::NAMES.into_iter().zip(labels).zip(looked_for.texts()).map(field).collect_view();
    view! {
        <button type="button" class="button quiet" popovertarget=FIELDS>
            {words.search_by_column()}
        </button>
        <div class="menu layout-form" id=FIELDS popover="auto">
            {fields}
            <button class="button primary">{words.search()}</button>
        </div>
    }
}

/// Since how many days somebody has waited, at least: what stands in the address is offered, too.
fn age_field(chosen: Option<i64>) -> impl IntoView + use<> {
    let words = words();
    let mut days: Vec<i64> = AGES.into_iter().chain(chosen).collect();
    days.sort_unstable();
    days.dedup();
    let offered = days.into_iter().map(|days| Choice::new(days.to_string(), words.with_age(&words.days(days))));
    let choices = std::iter::once(Choice::new("", words.any_age())).chain(offered).collect();
    let selected = chosen.map(|days| days.to_string()).unwrap_or_default();
    view! { <SelectField label=words.age() label_hidden=true name="older" choices=choices selected=selected /> }
}

/// As the address reads it.
fn tidy(typed: &str) -> String {
    if typed.trim().is_empty() { String::new() } else { typed.chars().take(200).collect() }
}

/// A field by its id. A select has a value as an input has, so one type serves both.
fn control(id: &str) -> Option<HtmlInputElement> {
    document().get_element_by_id(id).map(JsCast::unchecked_into)
}
