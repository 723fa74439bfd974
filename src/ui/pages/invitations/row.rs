//! One invitation of the list: to whom, as what, by whom; its state, what can be done about it, and its story.

use crate::domain::handing::HandWay;
use crate::domain::listing::HeldRole;
use crate::domain::user::UserAction;
use crate::server_fns::invitations::{Approve, CopyLink, Remind, Resend};
use crate::ui::components::{Icon, Timeline};
use crate::ui::forms::plain::revision_field;
use crate::ui::pages::parts::{StatusChip, fix_address, history_entries, person_name, waits_for_second, why_not_with};
use crate::ui::session::{viewer, words};
use crate::view_models::InvitationSummary;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

/// An invitation in a row with its buttons; only those are there that the policy allows and that make sense now.
#[component]
pub fn InvitationRow(row: InvitationSummary) -> impl IntoView {
    let words = words();
    let actions =
        [UserAction::Approve, UserAction::Resend, UserAction::Remind, UserAction::CopyLink, UserAction::Withdraw];
    let allowed: Vec<UserAction> =
        actions.into_iter().filter(|action| why_not_with(*action, &row.offer()).is_none()).collect();
    let fix = fix_address(&row);
    let InvitationSummary {
        id,
        user_id,
        title,
        address,
        other,
        held,
        status,
        invited_by,
        proposed_by,
        created,
        reminded,
        until,
        history,
        revision,
        ..
    } = row;
    let may = |action| allowed.contains(&action);
    let action = |action, path: &'static str, icon, word: &'static str| {
        may(action).then(|| {
            view! {
                <form method="post" action=path>
                    <input type="hidden" name="id" value=id.as_str().to_string() />
                    {revision_field(&revision)}
                    <button class="button small">
                        <Icon name=icon />
                        <span>{word} <span class="visually-hidden">" " {title.clone()}</span></span>
                    </button>
                </form>
            }
        })
    };
    let approve = action(UserAction::Approve, Approve::PATH, "check", words.approve());
    let resend = action(UserAction::Resend, Resend::PATH, "send", words.resend());
    let remind = action(UserAction::Remind, Remind::PATH, "clock", words.remind());
    let copy = action(UserAction::CopyLink, CopyLink::PATH, "link", words.copy_link());
    // Asked first: the link in somebody's hands dies.
    let withdraw = may(UserAction::Withdraw).then(|| {
        let href = format!("/users/{user_id}?do={}&invitation={}", UserAction::Withdraw.code(), id);
        view! {
            <a class="button small" href=href>
                <Icon name="undo" />
                <span>{words.withdraw()} <span class="visually-hidden">" " {title.clone()}</span></span>
            </a>
        }
    });
    // In its ways beside the copy, folded: asked for on the card, where there is room for a picture.
    let hand = may(UserAction::CopyLink).then(|| {
        let ways = HandWay::ALL
            .map(|way| {
                let href = format!("/users/{user_id}?do={}", way.code());
                view! {
                    <a class="button small" href=href>
                        {words.hand_way(way)}
                        <span class="visually-hidden">" " {title.clone()}</span>
                    </a>
                }
            })
            .collect_view();
        view! {
            <details class="hand">
                <summary>{words.hand_over()} <span class="visually-hidden">" " {title.clone()}</span></summary>
                <div class="cluster">{ways}</div>
            </details>
        }
    });
    let several = viewer().with_value(|viewer| viewer.scopes.len() > 2);
    let roles: Vec<String> = viewer().with_value(|viewer| {
        let name = |held: &HeldRole| {
            let role = viewer.role(&held.place.role).map(|role| words.role_name(role)).unwrap_or_default();
            if several { words.role_at(&role, &held.unit) } else { role }
        };
        held.iter().map(name).collect()
    });
    let proposed = waits_for_second(&proposed_by);
    let made = match &invited_by {
        Some(person) => words.invitation_by(&person_name(person), &created.short),
        None => words.invitation_made(&created.short),
    };
    let reminded = reminded.map(|at| view! { " " <span title=at.exact>{words.card_reminded(&at.short)}</span> });
    let name = (title != address).then(|| view! { <span class="name">{title.clone()}</span> });
    let other = other.map(|other| view! { <span class="mono">{other}</span> });
    let story_of = words.invitation_story_of(&title);
    view! {
        <tr>
            <th scope="row">
                <a class="mono" href=format!("/users/{user_id}")>{address}</a>
                {other}
                {name}
                {fix}
                <details>
                    <summary aria-label=story_of>{words.invitation_story()}</summary>
                    <Timeline entries=history_entries(&history) />
                </details>
            </th>
            <td data-label=words.role()><span>{roles.join("; ")}</span></td>
            <td data-label=words.column_status()><StatusChip status=status until=until /></td>
            <td class="muted" data-label=words.invitation_from()>
                <span title=created.exact>{made}</span>
                {reminded}
                {proposed}
            </td>
            <td class="deeds"><div class="cluster">{approve} {resend} {remind} {copy} {withdraw} {hand}</div></td>
        </tr>
    }
}
