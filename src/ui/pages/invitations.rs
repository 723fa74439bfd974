//! The page of the invitations: in which state each is, what became of its message, and what can be done about it.
//! Its forms load the page anew.

mod row;

use crate::domain::listing::{Cursor, InvitationQuery, Matching, OLDER_THAN};
use crate::domain::permission::Permission;
use crate::domain::user::{Status, UserAction};
use crate::server_fns::bulk::SelectPeople;
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

/// Its inside: the views with their counts, the ages by which they are narrowed, the rows of what is asked for, and the way to the
/// next ones.
pub fn page(found: Found, query: &InvitationQuery) -> AnyView {
    let words = words();
    let (unit, status, start) = (&query.unit, query.status, query.from_start());
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
        href: InvitationQuery { status: view, ..start.clone() }.address(),
        label: view.map_or_else(|| words.invitations_all(), |status| status_word(status)).into(),
        current: view == status,
        // Among the active ones are those whom nobody had to invite, so their number would not be that of invitations; and they are
        // counted whatever their age.
        count: view
            .filter(|status| *status != Status::Active && query.older.is_none())
            .map(|status| words.figure(people(&found, status))),
    });
    let tabs: Vec<Tab> = tabs.collect();
    let shown = found.rows.len();
    let from = |from| InvitationQuery { from, ..start.clone() }.address();
    let is_paged = found.previous.is_some() || found.next.is_some();
    let pager = is_paged.then(|| {
        view! {
            <Pager
                previous=found.previous.clone().map(|row| from(Cursor::Before(row)))
                next=found.next.clone().map(|row| from(Cursor::After(row)))
                summary=words.invitations_shown(shown)
                previous_label=words.previous_page()
                next_label=words.next_page()
                label=words.invitations_pages()
            />
        }
    });
    let older = (shown > 0 || query.older.is_some()).then(|| ages(&start));
    let remind = remind_all(&found, &start);
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
        if query.from == Cursor::Start { empty(&start).into_any() } else { past_the_end(start.address()).into_any() }
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
        <PageHeader title=title>{remind} {invite}</PageHeader>
        {answer}
        <Tabs label=words.invitations_by_status() items=tabs />
        {proposals}
        {older}
        {rows}
        {pager}
    }
    .into_any()
}

/// The ages by which the list can be narrowed; what stands in the address is offered, too.
fn ages(start: &InvitationQuery) -> impl IntoView + use<> {
    let words = words();
    let mut days: Vec<i64> = OLDER_THAN.into_iter().chain(start.older).collect();
    days.sort_unstable();
    days.dedup();
    let all = std::iter::once(None).chain(days.into_iter().map(Some));
    let links = all.map(|older| {
        let href = InvitationQuery { older, ..start.clone() }.address();
        let label = older.map_or_else(|| words.invitations_any_age().to_string(), |days| words.days(days));
        let is_current = (older == start.older).then_some("true");
        view! { " " <a class="button small" href=href aria-current=is_current>{label}</a> }
    });
    view! { <p class="older muted">{words.invitations_older()} {links.collect_view()}</p> }
}

/// The way to write to everybody of the list who is waited for: a reminder, or a new link where theirs has ended or never arrived.
fn remind_all(found: &Found, start: &InvitationQuery) -> Option<impl IntoView + use<>> {
    let words = words();
    let is_new_link = matches!(start.status, Some(Status::Failed | Status::Expired));
    let action = if is_new_link { UserAction::Resend } else { UserAction::Remind };
    let label = match found.waited_for {
        Matching::Exactly(0) => return None,
        Matching::Exactly(n) if is_new_link => words.bulk_resend_all(&words.figure(n)),
        Matching::Exactly(n) => words.bulk_remind_all(&words.figure(n)),
        Matching::MoreThan(_) if is_new_link => words.bulk_resend_found().into(),
        Matching::MoreThan(_) => words.bulk_remind_found().into(),
    };
    (may_use(Permission::Invite) && may_use(Permission::SeeUsers)).then(|| {
        view! {
            <form method="post" action=SelectPeople::PATH>
                <input type="hidden" name="list" value=start.address() />
                <input type="hidden" name="all" value="on" />
                <button class="button" name="action" value=action.code()>{label}</button>
            </form>
        }
    })
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
        SelectPeople::PATH,
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
fn empty(start: &InvitationQuery) -> impl IntoView + use<> {
    let words = words();
    let status = start.status;
    if let Some(days) = start.older {
        let href = InvitationQuery { older: None, ..start.clone() }.address();
        return view! {
            <EmptyState title=words.invitations_none_older(&words.days(days)) icon="inbox">
                <a class="button" href=href>{words.invitations_any_age()}</a>
            </EmptyState>
        }
        .into_any();
    }
    let (text, icon) = match status {
        None => (words.invitations_none_text(), "mail"),
        Some(Status::Failed) => (words.invitations_none_failed_text(), "check"),
        Some(_) => ("", "inbox"),
    };
    let next = if status.is_some() {
        let all = InvitationQuery { status: None, ..start.clone() }.address();
        Some(view! { <a class="button" href=all>{words.invitations_all()}</a> }.into_any())
    } else {
        may_use(Permission::Invite)
            .then(|| view! { <a class="button primary" href="/users/invite">{words.invite_people()}</a> }.into_any())
    };
    view! { <EmptyState title=words.no_invitations(status) text=text icon=icon>{next}</EmptyState> }.into_any()
}
