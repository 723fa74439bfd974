//! Where somebody stands and as what, what they can do there and why, and what can be changed about it.

use crate::domain::listing::HeldRole;
use crate::domain::membership::Standing;
use crate::domain::user::UserAction;
use crate::ui::components::{Chip, Icon, Tone};
use crate::ui::pages::parts::{why_not, why_not_at};
use crate::ui::session::{viewer, vocabulary, words};
use crate::view_models::{Abilities, UserCard};
use leptos::prelude::*;

/// `Dispatcher, ACME North`
pub fn place_name(held: &HeldRole) -> String {
    viewer().with_value(|viewer| {
        let role = viewer.role(&held.place.role).map(|role| viewer.language.role_name(role)).unwrap_or_default();
        viewer.language.role_at(&role, &held.unit)
    })
}

/// What an invitation offers, in a line.
pub fn offered(held: &[HeldRole]) -> String {
    held.iter().map(place_name).collect::<Vec<_>>().join("; ")
}

/// The section of the card.
pub fn section(card: &UserCard) -> impl IntoView + use<> {
    let words = words();
    let rows = card.user.held.iter().map(|held| row(card, held)).collect_view();
    let add = why_not(UserAction::AddPlace, &card.user).is_none().then(|| {
        view! {
            <div class="toolbar">
                <a class="button" href=format!("/users/{}?do=place", card.user.id) data-noscroll="">
                    <Icon name="plus" />
                    {words.add_place()}
                </a>
            </div>
        }
    });
    let abilities = (!card.abilities.is_empty()).then(|| {
        let parts = card.abilities.iter().map(abilities).collect_view();
        view! {
            <details>
                <summary>{words.what_can_person_do(card.user.title())}</summary>
                {parts}
            </details>
        }
    });
    view! {
        <section class="card" aria-labelledby="access">
            <h2 id="access">{words.access()}</h2>
            <ul class="stack tight">{rows}</ul>
            {add}
            {abilities}
        </section>
    }
}

fn row(card: &UserCard, held: &HeldRole) -> impl IntoView + use<> {
    let words = words();
    let link = |action: UserAction, icon: &'static str| {
        let may = why_not_at(action, &card.user, held).is_none();
        may.then(|| {
            let href = format!("/users/{}?do={}&unit={}", card.user.id, action.code(), held.place.unit.id());
            view! {
                <a class="button small" href=href data-noscroll="">
                    <Icon name=icon />
                    <span>{words.action(action)} <span class="visually-hidden">" " {held.unit.clone()}</span></span>
                </a>
            }
        })
    };
    let tone = if held.standing == Standing::Offered { Tone::Info } else { Tone::Neutral };
    let word = words.standing(vocabulary(), held.standing);
    let standing = (!word.is_empty()).then(|| view! { <Chip tone=tone>{word}</Chip> });
    let extra: Vec<&str> = held.place.extra.iter().map(|one| words.permission_in(vocabulary(), one)).collect();
    let extra =
        (!extra.is_empty()).then(|| view! { <p class="meta">{words.extra_permissions()} ": " {extra.join(", ")}</p> });
    view! {
        <li class="section-head">
            <div>
                <p class="cluster">{place_name(held)} {standing}</p>
                {extra}
            </div>
            {link(UserAction::ChangeRole, "shield")}
            {link(UserAction::RemovePlace, "x")}
        </li>
    }
}

/// What somebody can do at one unit, each with its reason.
fn abilities(at: &Abilities) -> impl IntoView + use<> {
    let words = words();
    let role_name =
        |id| viewer().with_value(|viewer| viewer.role(id).map(|role| words.role_name(role)).unwrap_or_default());
    let rows = at
        .can
        .iter()
        .map(|(permission, role, unit, is_extra)| {
            let why = if *is_extra { words.because_extra(unit) } else { words.because_role(&role_name(role), unit) };
            view! { <li>{words.permission_in(vocabulary(), *permission)} <small class="muted">" — " {why}</small></li> }
        })
        .collect_view();
    let nothing = at.can.is_empty().then(|| view! { <p class="muted">{words.can_nothing_here()}</p> });
    let gives: Vec<String> = at.gives.iter().map(role_name).filter(|name| !name.is_empty()).collect();
    let gives = (!gives.is_empty()).then(|| view! { <p>{words.may_give_roles(&gives.join(", "))}</p> });
    view! {
        <h3>{at.unit.clone()}</h3>
        {nothing}
        <ul>{rows}</ul>
        {gives}
    }
}
