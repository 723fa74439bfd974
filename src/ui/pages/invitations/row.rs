//! One invitation of the list: to whom, as what, by whom; its state, what can be done about it, and its story.

use crate::domain::listing::InvitationSummary;
use crate::domain::user::Verb;
use crate::server_fns::invitations::{CopyLink, Resend, Withdraw};
use crate::ui::components::{Icon, Timeline};
use crate::ui::pages::parts::{StatusChip, history_entries, person_name};
use crate::ui::session::{may_do, viewer, words};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

/// An invitation with its buttons; only those are there that the policy allows and that make sense now.
#[component]
pub fn InvitationRow(row: InvitationSummary) -> impl IntoView {
    let words = words();
    let InvitationSummary { user_id, title, address, places, status, invited_by, created, until, history, .. } = row;
    let may = |verb| may_do(verb, &user_id, &places, status);
    let deed = |verb, path: &'static str, icon, word: &'static str| {
        may(verb).then(|| {
            view! {
                <form method="post" action=path>
                    <input type="hidden" name="id" value=user_id.as_str().to_string() />
                    <button class="button small">
                        <Icon name=icon />
                        <span>{word} <span class="visually-hidden">" " {title.clone()}</span></span>
                    </button>
                </form>
            }
        })
    };
    let resend = deed(Verb::Resend, Resend::PATH, "send", words.resend());
    let copy = deed(Verb::CopyLink, CopyLink::PATH, "link", words.copy_link());
    let withdraw = deed(Verb::Withdraw, Withdraw::PATH, "undo", words.withdraw());
    let roles: Vec<String> = viewer().with_value(|viewer| {
        places.iter().filter_map(|place| viewer.role(&place.role)).map(|role| words.role_name(role)).collect()
    });
    let made = match &invited_by {
        Some(person) => words.invitation_by(&person_name(person), &created.short),
        None => words.invitation_made(&created.short),
    };
    let name = (title != address).then(|| view! { <span>{title.clone()}</span> });
    let story_of = words.invitation_story_of(&title);
    view! {
        <li class="card">
            <div class="section-head">
                <div class="cluster">
                    <a class="mono" href=format!("/users/{user_id}")>{address}</a>
                    {name}
                </div>
                <StatusChip status=status until=until />
            </div>
            <p class="muted">{roles.join(", ")} " · " <span title=created.exact>{made}</span></p>
            <div class="cluster">{resend} {copy} {withdraw}</div>
            <details>
                <summary aria-label=story_of>{words.invitation_story()}</summary>
                <Timeline entries=history_entries(&history) />
            </details>
        </li>
    }
}
