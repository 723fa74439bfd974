//! The palette: pages, people and actions by a few letters of their names. It asks for people as the table does, so that everybody
//! finds whom they may see.

use super::components::Dialog;
use super::keys::OpenOverlay;
use super::session::{may_use, words};
use super::ways::{self, NavItem};
use crate::domain::permission::Permission;
use crate::server_fns::users::list_users;
use crate::words::Language;
use leptos::ev::KeyboardEvent;
use leptos::html::Input;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use std::time::Duration;

/// How long is waited for the next letter before people are asked for.
const PAUSE: Duration = Duration::from_millis(150);

/// How many people are shown.
const PEOPLE: usize = 6;

/// Something that can be opened.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Entry {
    label: String,
    kind: &'static str,
    href: String,
}

/// The pages and actions of the viewer.
fn fixed(words: Language) -> Vec<Entry> {
    let kind = |way: &NavItem| if way.is_action { words.palette_action() } else { words.palette_page() };
    let ways = ways::pages().into_iter().chain(ways::actions());
    ways.map(|way| Entry { kind: kind(&way), label: way.label.into(), href: way.href.into() }).collect()
}

async fn people(words: Language, typed: String) -> Vec<Entry> {
    let empty = String::new;
    let found = list_users(
        typed,
        empty(),
        empty(),
        empty(),
        empty(),
        empty(),
        empty(),
        empty(),
        empty(),
        empty(),
        empty(),
        empty(),
    )
    .await;
    let rows = found.map(|found| found.rows).unwrap_or_default();
    rows.into_iter()
        .take(PEOPLE)
        .map(|user| Entry {
            label: user.title().into(),
            kind: words.palette_person(),
            href: format!("/users/{}", user.id),
        })
        .collect()
}

/// The palette, open.
#[component]
pub fn Palette(open: OpenOverlay) -> impl IntoView {
    let words = words();
    let fixed = StoredValue::new(fixed(words));
    let (typed, found, chosen) =
        (RwSignal::new(String::new()), RwSignal::new(Vec::<Entry>::new()), RwSignal::new(0_usize));
    let entries = Memo::new(move |_| {
        let typed = typed.get().trim().to_lowercase();
        let own = fixed.with_value(|fixed| {
            let fits = |entry: &&Entry| entry.label.to_lowercase().contains(&typed);
            fixed.iter().filter(fits).cloned().collect::<Vec<_>>()
        });
        own.into_iter().chain(found.get()).collect::<Vec<_>>()
    });
    let latest = StoredValue::new(0);
    Effect::new(move |_| {
        let typed = typed.get().trim().to_string();
        latest.update_value(|latest| *latest += 1);
        let number = latest.get_value();
        chosen.set(0);
        if typed.is_empty() || !may_use(Permission::SeeUsers) {
            found.set(Vec::new());
            return;
        }
        // An older answer never takes the place of a newer one.
        let is_newest = move || latest.try_get_value() == Some(number);
        let ask = move || {
            if is_newest() {
                spawn_local(async move {
                    let people = people(words, typed).await;
                    if is_newest() {
                        found.set(people);
                    }
                });
            }
        };
        set_timeout(ask, PAUSE);
    });
    let field = NodeRef::<Input>::new();
    Effect::new(move |_| {
        if let Some(field) = field.get() {
            // Once it is a window, which it becomes when the page is settled.
            set_timeout(move || drop(field.focus()), Duration::ZERO);
        }
    });
    let close = move || open.0.set(None);
    let navigate = use_navigate();
    let go = move |href: &str| {
        close();
        navigate(href, NavigateOptions::default());
    };
    let go_by_key = go.clone();
    let pressed = move |event: KeyboardEvent| {
        let many = entries.with(Vec::len);
        let step = match event.key().as_str() {
            "ArrowDown" => 1,
            "ArrowUp" => many.saturating_sub(1),
            "Enter" => {
                event.prevent_default();
                if let Some(entry) = entries.with(|entries| entries.get(chosen.get_untracked()).cloned()) {
                    go_by_key(&entry.href);
                }
                return;
            }
            // In a field of this kind the browser would only empty it.
            "Escape" => {
                event.prevent_default();
                close();
                return;
            }
            _ => return,
        };
        event.prevent_default();
        if many > 0 {
            chosen.update(|chosen| *chosen = (*chosen + step) % many);
        }
    };
    let row = move |(at, entry): (usize, Entry)| {
        let go = go.clone();
        let href = entry.href.clone();
        let pick = move |_| go(&href);
        view! {
            <li id=format!("palette-{at}") role="option" aria-selected=move || (chosen.get() == at).to_string() on:click=pick>
                <span>{entry.label}</span>
                <small class="muted">{entry.kind}</small>
            </li>
        }
    };
    let rows = move || entries.get().into_iter().enumerate().map(row.clone()).collect_view();
    view! {
        <Dialog id="palette" title=words.palette() on:cancel=move |_: leptos::ev::Event| close()>
            <input
                class="input"
                type="search"
                role="combobox"
                aria-expanded="true"
                aria-controls="palette-list"
                aria-activedescendant=move || format!("palette-{}", chosen.get())
                aria-label=words.palette_hint()
                placeholder=words.palette_hint()
                autocomplete="off"
                node_ref=field
                on:input:target=move |event| typed.set(event.target().value())
                on:keydown=pressed
            />
            <ul class="palette-list" id="palette-list" role="listbox" aria-label=words.palette()>{rows}</ul>
            <p class="muted" role="status">
                {move || entries.with(Vec::is_empty).then(|| words.palette_nothing())}
            </p>
            <div class="actions">
                <button type="button" class="button" on:click=move |_| close()>{words.close()}</button>
            </div>
        </Dialog>
    }
}
