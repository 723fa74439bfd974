//! The page of the invitations: in which state each is, what became of its message, and what can be done about it.
//! Its forms load the page anew.

mod row;

use crate::domain::id::UnitId;
use crate::domain::listing::escape;
use crate::domain::permission::Permission;
use crate::domain::user::Status;
use crate::server_fns::invitations::{Approve, CopyLink, FixAddress, Remind, Resend, Withdraw};
use crate::server_fns::organisation::{Agree, DropProposal};
use crate::ui::components::{CopyField, EmptyState, ErrorSummary, Icon, Notice, PageHeader, Pager, Tab, Tabs, Tone};
use crate::ui::pages::parts::{ProposalRow, left_by};
use crate::ui::session::{may_use, now_resent, status_word, words};
use crate::view_models::InvitationsPage as Found;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use row::InvitationRow;

/// The views of the list, in the order in which work comes up; accepted invitations stand under `Active`.
const VIEWS: [Option<Status>; 8] = [
    None,
    Some(Status::AwaitingApproval),
    Some(Status::Invited),
    Some(Status::Waiting),
    Some(Status::Failed),
    Some(Status::Expired),
    Some(Status::Withdrawn),
    Some(Status::Active),
];

/// Its inside: the views with their counts, the rows of the one asked for, and the way to the next ones. `is_start`: nothing
/// stands before these rows.
pub fn page(found: Found, unit: Option<UnitId>, status: Option<Status>, is_start: bool) -> AnyView {
    let words = words();
    let address = |status, side: &str, row: &str| address(unit.as_ref(), status, side, row);
    let form = unit.as_ref().map_or_else(|| "/users/invite".into(), |unit| format!("/users/invite?unit={unit}"));
    let invite = may_use(Permission::Invite).then(|| {
        view! {
            <a class="button primary" href=form>
                <Icon name="plus" />
                {words.invite_people()}
            </a>
        }
    });
    // Where nobody waits for a second word, nothing is said of one.
    let is_shown = |view: &Option<Status>| {
        *view != Some(Status::AwaitingApproval) || *view == status || people(&found, Status::AwaitingApproval) > 0
    };
    let tabs = VIEWS.into_iter().filter(is_shown).map(|view| Tab {
        href: address(view, "", ""),
        label: view.map_or_else(|| words.invitations_all(), |status| status_word(status)).into(),
        current: view == status,
        // Among the active ones are those whom nobody had to invite, so their number would not be that of invitations.
        count: view.filter(|status| *status != Status::Active).map(|status| words.figure(people(&found, status))),
    });
    let tabs: Vec<Tab> = tabs.collect();
    let shown = found.rows.len();
    let is_paged = found.previous.is_some() || found.next.is_some();
    let pager = is_paged.then(|| {
        view! {
            <Pager
                previous=found.previous.as_deref().map(|row| address(status, "before", row))
                next=found.next.as_deref().map(|row| address(status, "after", row))
                summary=words.invitations_shown(shown)
                previous_label=words.previous_page()
                next_label=words.next_page()
                label=words.invitations_pages()
            />
        }
    });
    // Of those that were accepted or withdrawn nobody asks how long they have waited.
    let waits = matches!(status, None | Some(Status::Invited | Status::Waiting | Status::Failed | Status::Expired));
    let older = (waits && shown > 0).then(|| {
        let links = found.older.iter().map(|(days, row)| {
            view! { " " <a class="button small" href=address(status, "after", row)>{words.days(*days)}</a> }
        });
        view! { <p class="older muted">{words.invitations_older()} {links.collect_view()}</p> }
    });
    let title = match &unit {
        Some(_) => format!("{} · {}", words.invitations(), found.unit.name),
        None => words.invitations().to_string(),
    };
    let answer = answer(&found);
    let proposals: Vec<_> = found.proposals.into_iter().map(|row| view! { <ProposalRow row=row /> }).collect();
    let proposals = (!proposals.is_empty()).then(|| view! { <ul class="stack tight">{proposals}</ul> });
    let rows = if shown == 0 && proposals.is_some() {
        ().into_any()
    } else if shown == 0 {
        if is_start { empty(status).into_any() } else { past_the_end(address(status, "", "")).into_any() }
    } else {
        let rows = found.rows.into_iter().map(|row| view! { <InvitationRow row=row /> }).collect_view();
        view! {
            <table class="table invitations">
                <caption class="visually-hidden">{title.clone()}</caption>
                <thead>
                    <tr>
                        <th scope="col">{words.invitation_to()}</th>
                        <th scope="col">{words.role()}</th>
                        <th scope="col">{words.column_status()}</th>
                        <th scope="col">{words.invitation_from()}</th>
                        <th scope="col">{words.actions()}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        }
        .into_any()
    };
    view! {
        <PageHeader title=title>{invite}</PageHeader>
        {answer}
        <Tabs label=words.invitations_by_status() items=tabs />
        {proposals}
        {older}
        {rows}
        {pager}
    }
    .into_any()
}

/// The address of a view, from a row on.
fn address(unit: Option<&UnitId>, status: Option<Status>, side: &str, row: &str) -> String {
    let unit = unit.map(|unit| format!("unit={unit}"));
    let status = status.map(|status| format!("status={}", status.code()));
    let row = (!row.is_empty()).then(|| format!("{side}={}", escape(row)));
    let parts: Vec<String> = unit.into_iter().chain(status).chain(row).collect();
    if parts.is_empty() { "/invitations".into() } else { format!("/invitations?{}", parts.join("&")) }
}

fn people(found: &Found, status: Status) -> i64 {
    if status == Status::AwaitingApproval {
        return found.to_approve;
    }
    found.counts.iter().filter(|count| count.status == status).map(|count| count.people).sum()
}

/// What became of the last form: why not, that it was done, or the link to hand over.
fn answer(found: &Found) -> Option<AnyView> {
    let words = words();
    let note = left_by(&[
        Approve::PATH,
        Resend::PATH,
        Remind::PATH,
        FixAddress::PATH,
        Withdraw::PATH,
        CopyLink::PATH,
        Agree::PATH,
        DropProposal::PATH,
    ])?;
    if let Some(refusal) = &note.refusal {
        return Some(view! { <ErrorSummary title=words.refusal(refusal) /> }.into_any());
    }
    let done = match note.form.as_str() {
        Approve::PATH => words.now_approved(),
        Resend::PATH => now_resent(),
        Remind::PATH => words.now_reminded(),
        Withdraw::PATH => words.now_withdrawn(),
        Agree::PATH => words.now_agreed(),
        DropProposal::PATH => words.now_dropped(),
        _ => {
            let whose = found.rows.iter().find(|row| note.is_about("id", row.id.as_str()));
            let label = whose.map_or_else(
                || words.invitation_link().into(),
                |invitation| words.invitation_link_of(&invitation.title),
            );
            return Some(handed_over(label, note.answer?));
        }
    };
    Some(view! { <Notice tone=Tone::Ok>{done}</Notice> }.into_any())
}

/// The link to hand over, and a word of care.
fn handed_over(label: String, link: String) -> AnyView {
    let words = words();
    view! {
        <div class="card" tabindex="-1" data-focus="copy">
            <CopyField id="link" label=label value=link copy=words.copy() copied=words.copied() />
            <p class="hint">{words.invitation_link_hint()}</p>
        </div>
    }
    .into_any()
}

/// Behind the last page of a list that is not empty, or was not a moment ago.
fn past_the_end(first: String) -> impl IntoView + use<> {
    let words = words();
    view! {
        <EmptyState title=words.page_is_empty() icon="inbox">
            <a class="button" href=first>{words.first_page()}</a>
        </EmptyState>
    }
}

/// That there is nothing, which is good news in some views.
fn empty(status: Option<Status>) -> impl IntoView {
    let words = words();
    let (text, icon) = match status {
        None => (words.invitations_none_text(), "mail"),
        Some(Status::Failed) => (words.invitations_none_failed_text(), "check"),
        Some(_) => ("", "inbox"),
    };
    let next = if status.is_some() {
        Some(view! { <a class="button" href="/invitations">{words.invitations_all()}</a> }.into_any())
    } else {
        may_use(Permission::Invite)
            .then(|| view! { <a class="button primary" href="/users/invite">{words.invite_people()}</a> }.into_any())
    };
    view! { <EmptyState title=words.no_invitations(status) text=text icon=icon>{next}</EmptyState> }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_view_has_an_address_of_its_own() {
        assert_eq!(address(None, None, "", ""), "/invitations");
        assert_eq!(address(None, Some(Status::Failed), "", ""), "/invitations?status=error");
        assert_eq!(address(Some(&UnitId::new("u")), None, "after", "0190-x"), "/invitations?unit=u&after=0190-x");
        assert_eq!(address(None, Some(Status::Invited), "before", "a b"), "/invitations?status=invited&before=a%20b");
    }
}
