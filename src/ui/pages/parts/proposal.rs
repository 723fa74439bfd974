//! Something that waits for a second administrator and is no invitation: what it would change, and the two answers.

use super::{history_entries, person_name, waits_for_second};
use crate::server_fns::organisation::{Agree, DropProposal};
use crate::ui::components::Icon;
use crate::ui::session::words;
use crate::view_models::ProposalSummary;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

/// A proposal with its buttons; where the viewer cannot agree, why not.
#[component]
pub fn ProposalRow(row: ProposalSummary) -> impl IntoView {
    let words = words();
    let lines: Vec<String> = history_entries(&row.lines).into_iter().map(|entry| entry.text).collect();
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
            <ul class="stack tight">{lines.into_iter().map(|line| view! { <li>{line}</li> }).collect_view()}</ul>
            <p class="muted"><span title=row.since.exact.clone()>{row.since.short.clone()}</span></p>
            {waits_for_second(std::slice::from_ref(&row.by))}
            {why_not}
            <div class="cluster">{agree} {button(DropProposal::PATH, "x", words.drop_proposal())}</div>
        </li>
    }
}
