//! The first page: who somebody is here, and what they can do now. Whoever has just joined is greeted.

use super::parts::places::OwnPlaces;
use crate::ui::components::{Icon, Notice, PageHeader, Tone};
use crate::ui::forms::plain::Note;
use crate::ui::session::{viewer, words};
use crate::ui::ways::{NavItem, actions, pages};
use crate::view_models::{JOINED, StartPage};
use leptos::prelude::*;

/// What stands at the head of it.
pub fn title() -> String {
    let words = words();
    viewer().with_value(|viewer| match viewer.name.as_str() {
        "" => words.start_hello_nameless().to_string(),
        name => words.start_hello(name),
    })
}

/// Its inside.
pub fn page(page: StartPage) -> AnyView {
    let words = words();
    let StartPage { places, to_approve, asks_samples } = page;
    let waits = (to_approve > 0).then(|| {
        view! {
            <Notice tone=Tone::Info title=words.start_to_approve(to_approve)>
                <a class="button" href="/invitations?status=awaiting_approval">{words.start_look_at_them()}</a>
            </Notice>
        }
    });
    let samples = asks_samples.then(|| {
        view! {
            <Notice tone=Tone::Warn title=words.start_asks_samples()>
                <a class="button" href="/settings/agreements">{words.start_write_them()}</a>
            </Notice>
        }
    });
    let organisation = viewer().with_value(|viewer| viewer.organisation.clone());
    let has_joined = Note::about(JOINED, |_| "").is_done();
    let greeting = words.start_joined(&organisation);
    let joined = has_joined.then(|| view! { <Notice tone=Tone::Ok>{greeting}</Notice> });
    let (begin, look): (Vec<_>, Vec<_>) = (actions(), pages());
    // Whoever begins nothing here comes for what there is to see.
    let ways = match begin.is_empty() {
        true => part("can", words.start_can(), "ways", look).into_any(),
        false => view! {
            {part("can", words.start_can(), "ways", begin)}
            {part("look", words.start_look(), "ways quiet", look)}
        }
        .into_any(),
    };
    view! {
        <PageHeader title=title() lead=organisation />
        {joined}
        {waits}
        {samples}
        <section class="stack" aria-labelledby="places">
            <h2 id="places">{words.start_places()}</h2>
            <OwnPlaces places=places />
        </section>
        {ways}
    }
    .into_any()
}

fn part(id: &'static str, title: &'static str, class: &'static str, ways: Vec<NavItem>) -> impl IntoView {
    view! {
        <section class="stack" aria-labelledby=id>
            <h2 id=id>{title}</h2>
            <ul class=class>{ways.into_iter().map(way).collect_view()}</ul>
        </section>
    }
}

fn way(way: NavItem) -> impl IntoView {
    let words = words();
    let NavItem { label, meaning, href, icon, is_action, functions } = way;
    let functions = (!functions.is_empty()).then(|| {
        let functions = functions.join(", ").to_lowercase();
        view! { <p class="meta">{words.start_functions(&functions)}</p> }
    });
    view! {
        <li class:is-action=is_action>
            <Icon name=icon />
            <div>
                <a href=href>{label}</a>
                <p>{meaning}</p>
                {functions}
            </div>
        </li>
    }
}
