//! Something that waits for a second administrator and is no invitation: what it would change, and the two answers.

use super::{history_entries, person_name, waits_for_second};
use crate::domain::id::RoleId;
use crate::server_fns::organisation::{Agree, DropProposal};
use crate::ui::components::Icon;
use crate::ui::session::{viewer, words};
use crate::view_models::{MoveReach, ProposalSummary, SomeHolders};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

/// Whom a move gives rights, and from whom it takes them: a line each.
pub fn move_reach(reach: &MoveReach) -> AnyView {
    let words = words();
    let line = |holders: &SomeHolders, say: &dyn Fn(&str) -> String| {
        let text = say(&words.some_names(&holders.some.iter().map(holder).collect::<Vec<_>>(), holders.all));
        (holders.all > 0).then(|| view! { <li>{text}</li> })
    };
    let gain = line(&reach.gain, &|names| words.move_gain(names));
    let may_gain = line(&reach.may_gain, &|names| words.move_may_gain(names));
    let lose = line(&reach.lose, &|names| words.move_lose(names));
    let nobody = (reach == &MoveReach::default()).then(|| view! { <li>{words.move_changes_nobody()}</li> });
    view! { {gain} {may_gain} {lose} {nobody} }.into_any()
}

/// Somebody with the roles by which they reach a unit.
fn holder((name, roles): &(String, Vec<RoleId>)) -> String {
    let words = words();
    let named = viewer().with_value(|viewer| {
        let named = roles.iter().filter_map(|id| viewer.role(id)).map(|role| words.role_name(role));
        named.collect::<Vec<_>>().join(", ")
    });
    if named.is_empty() { name.clone() } else { words.name_with_role(name, &named) }
}

/// A proposal with its buttons; where the viewer cannot agree, why not.
#[component]
pub fn ProposalRow(row: ProposalSummary) -> impl IntoView {
    let words = words();
    let lines: Vec<String> = history_entries(&row.lines).into_iter().map(|entry| entry.text).collect();
    let reach = row.reach.as_ref().map(move_reach);
    let title = words.proposal_of(&person_name(&row.by));
    let button = |path: &'static str, icon: &'static str, word: &'static str| {
        view! {
            <form method="post" action=path>
                <input type="hidden" name="id" value=row.id.as_str().to_string() />
                <button class="button small">
                    <Icon name=icon />
                    <span>{word} <span class="visually-hidden">" " {title.clone()}</span></span>
                </button>
            </form>
        }
    };
    let agree = row.may_agree.is_ok().then(|| button(Agree::PATH, "check", words.agree()));
    let why_not = row.may_agree.as_ref().err().map(|refusal| view! { <p class="meta">{words.refusal(refusal)}</p> });
    view! {
        <li class="card">
            <ul class="stack tight">
                {lines.into_iter().map(|line| view! { <li>{line}</li> }).collect_view()} {reach}
            </ul>
            <p class="muted"><span title=row.since.exact.clone()>{row.since.short.clone()}</span></p>
            {waits_for_second(std::slice::from_ref(&row.by))}
            {why_not}
            <div class="cluster">{agree} {button(DropProposal::PATH, "x", words.drop_proposal())}</div>
        </li>
    }
}
