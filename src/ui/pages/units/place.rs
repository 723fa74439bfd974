//! Where a unit is moved to: first the place is chosen, then it is said whom that gives rights and from whom it takes them.

use super::picker;
use crate::domain::listing::Count;
use crate::server_fns::organisation::MoveUnit;
use crate::ui::components::{Icon, Notice, PageHeader, Tone};
use crate::ui::forms::plain::{Note, PlainAnswer, revision_field};
use crate::ui::pages::parts::move_reach;
use crate::ui::session::words;
use crate::view_models::{MoveMeans, MovePage};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

/// The page.
pub fn move_page(page: MovePage) -> AnyView {
    let words = words();
    let unit = &page.unit.unit;
    let here = format!("/units/{}/move", unit.id);
    let back = format!("/units/{}", unit.id);
    let note = Note::about(MoveUnit::PATH, |_| "");
    let people = Count::people_here(&page.unit.counts);
    let inside = match &page.to {
        Some(means) => confirm(&page, means).into_any(),
        None if page.choices.found.is_empty() && page.choices.search.is_empty() => {
            view! { <p>{words.move_nowhere()}</p> }.into_any()
        }
        None => view! {
            {picker::search(&here, &[], &page.choices)}
            <form class="stack form-width" method="get" action=here.clone()>
                {picker::one("to", words.move_where(), &page.choices, "")}
                <div class="actions">
                    <button class="button primary">{words.move_choose()}</button>
                    <a class="button" href=back.clone()>{words.cancel()}</a>
                </div>
            </form>
        }
        .into_any(),
    };
    view! {
        <a class="back" href=back>
            <Icon name="chevron-left" />
            {unit.name.clone()}
        </a>
        <PageHeader title=words.move_unit(&unit.name) lead=words.move_people(&words.figure(people)) />
        <PlainAnswer note=note done="" />
        {inside}
    }
    .into_any()
}

fn confirm(page: &MovePage, means: &MoveMeans) -> impl IntoView + use<> {
    let words = words();
    let unit = &page.unit.unit;
    let reach = move_reach(&means.reach);
    // What waits already is not kept beside it.
    let replaces = (means.replaces && means.takes_two && means.may.is_ok())
        .then(|| view! { <Notice tone=Tone::Warn>{words.move_replaces()}</Notice> });
    let second = (means.takes_two && means.may.is_ok())
        .then(|| view! { <Notice tone=Tone::Info>{words.move_takes_two()}</Notice> });
    let choose_again = format!("/units/{}/move", unit.id);
    let action = match &means.may {
        Err(refusal) => {
            let why = words.refusal(refusal);
            view! { <Notice tone=Tone::Warn>{why}</Notice> }.into_any()
        }
        Ok(()) => view! {
            <form method="post" action=MoveUnit::PATH>
                <input type="hidden" name="id" value=unit.id.to_string() />
                <input type="hidden" name="to" value=means.to.unit.id.to_string() />
                {revision_field(&page.unit.revision)}
                <button class="button primary">{words.do_move()}</button>
            </form>
        }
        .into_any(),
    };
    view! {
        <section class="card form-width" aria-labelledby="means">
            <h2 id="means">{words.move_here(&unit.name, &means.to.unit.name)}</h2>
            <ul>{reach}</ul>
            {second}
            {replaces}
            <div class="actions">
                {action}
                <a class="button" href=choose_again>{words.cancel()}</a>
            </div>
        </section>
    }
}
