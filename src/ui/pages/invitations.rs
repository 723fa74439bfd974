//! The page of the invitations: in which state each is, what became of its message, and what can be done about it.

mod row;

use super::error::RefusedPage;
use crate::domain::listing::{InvitationSummary, InvitationsPage as Found, escape};
use crate::domain::permission::Permission;
use crate::domain::refusal::Refusal;
use crate::domain::user::Status;
use crate::server_fns::invitations::{CopyLink, Resend, Withdraw, list_invitations};
use crate::ui::components::{
    CopyField, EmptyState, ErrorSummary, Icon, PageHeader, Pager, Skeleton, StatusBar, Tab, Tabs,
};
use crate::ui::forms::{answer_of, is_done, refusal_of};
use crate::ui::session::{may_use, words};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use row::InvitationRow;

/// The views of the list, in the order in which work comes up; accepted invitations stand under `Active`.
const VIEWS: [Option<Status>; 7] = [
    None,
    Some(Status::Invited),
    Some(Status::Waiting),
    Some(Status::Failed),
    Some(Status::Expired),
    Some(Status::Withdrawn),
    Some(Status::Active),
];

/// What can be done with an invitation on this page.
#[derive(Clone, Copy)]
struct Deeds {
    resend: ServerAction<Resend>,
    withdraw: ServerAction<Withdraw>,
    copy: ServerAction<CopyLink>,
}

impl Deeds {
    fn new() -> Self {
        let deeds = Self { resend: ServerAction::new(), withdraw: ServerAction::new(), copy: ServerAction::new() };
        let Self { resend, withdraw, copy } = deeds;
        // What is said is about the last deed only.
        let (resends, withdraws, copies) = (resend.input(), withdraw.input(), copy.input());
        Effect::new(move || {
            let begun = (resends.with(Option::is_some), withdraws.with(Option::is_some), copies.with(Option::is_some));
            if begun.1 || begun.2 {
                resend.clear();
            }
            if begun.0 || begun.2 {
                withdraw.clear();
            }
            if begun.0 || begun.1 {
                copy.clear();
            }
        });
        deeds
    }

    /// Changes whenever one of them was done or refused.
    fn version(self) -> usize {
        self.resend.version().get() + self.withdraw.version().get() + self.copy.version().get()
    }
}

/// The address of a view, from a row on.
fn address(status: Option<Status>, side: &str, row: &str) -> String {
    let status = status.map(|status| format!("status={}", status.code()));
    let row = (!row.is_empty()).then(|| format!("{side}={}", escape(row)));
    let parts: Vec<String> = status.into_iter().chain(row).collect();
    if parts.is_empty() { "/invitations".into() } else { format!("/invitations?{}", parts.join("&")) }
}

/// The invitations page.
#[component]
pub fn InvitationsPage() -> impl IntoView {
    let words = words();
    let query = use_query_map();
    let asked = Memo::new(move |_| {
        query.with(|query| ["status", "after", "before"].map(|name| query.get(name).unwrap_or_default()))
    });
    let deeds = Deeds::new();
    let found = Resource::new(
        move || (asked.get(), deeds.version()),
        |([status, after, before], _)| list_invitations(status, after, before),
    );
    // Whose link was asked for last, so that the field can say so.
    let copied = RwSignal::new(None);
    let copies = deeds.copy.input();
    Effect::new(move || {
        if let Some(id) = copies.with(|copy| copy.as_ref().map(|copy| copy.id.clone())) {
            copied.set(Some(id));
        }
    });
    let link = answer_of(deeds.copy);
    view! {
        <Title text=words.invitations() />
        {may_use(Permission::SeeInvitations).then(header)}
        {said_no(refusal_of(deeds.resend))}
        {said_no(refusal_of(deeds.withdraw))}
        {said_no(refusal_of(deeds.copy))}
        <Transition fallback=move || view! { <Skeleton label=words.invitations() /> }>
            {move || {
                found
                    .get()
                    .map(|found| match found {
                        Ok(found) => {
                            let whose = copied.get().and_then(|id| title_of(&found.rows, id.as_str()));
                            view! {
                                // Made anew with every link, so that it takes the focus each time.
                                {move || link.get().map(|link| {
                                    let whose = whose.clone();
                                    move || handed_over(link.clone(), whose.as_deref())
                                })}
                                {list(found, &asked.get_untracked()[0], deeds)}
                            }
                                .into_any()
                        }
                        Err(refusal) => view! { <RefusedPage refusal=refusal /> }.into_any(),
                    })
            }}
        </Transition>
        {said_yes(deeds, asked)}
    }
}

fn header() -> impl IntoView {
    let words = words();
    let invite = may_use(Permission::Invite).then(|| {
        view! {
            <a class="button primary" href="/users/invite">
                <Icon name="plus" />
                {words.invite_people()}
            </a>
        }
    });
    view! { <PageHeader title=words.invitations()>{invite}</PageHeader> }
}

fn title_of(rows: &[InvitationSummary], user_id: &str) -> Option<String> {
    rows.iter().find(|row| row.user_id.as_str() == user_id).map(|row| row.title.clone())
}

fn said_no(refusal: Signal<Option<Refusal>>) -> impl IntoView {
    move || refusal.get().map(|refusal| view! { <ErrorSummary title=words().refusal(&refusal) /> })
}

/// The link to hand over, and a word of care.
fn handed_over(link: String, whose: Option<&str>) -> impl IntoView + use<> {
    let words = words();
    let label = whose.map_or_else(|| words.invitation_link().into(), |whose| words.invitation_link_of(whose));
    view! {
        <div class="card" tabindex="-1" data-focus="">
            <CopyField id="link" label=label value=link copy=words.copy() copied=words.copied() />
            <p class="hint">{words.invitation_link_hint()}</p>
        </div>
    }
}

/// What was just done; it stays until it is closed.
fn said_yes(deeds: Deeds, asked: Memo<[String; 3]>) -> impl IntoView {
    let words = words();
    let (resent, withdrawn) = (is_done(deeds.resend), is_done(deeds.withdraw));
    move || {
        let text = match (resent.get(), withdrawn.get()) {
            (true, _) => words.now_resent(),
            (_, true) => words.now_withdrawn(),
            _ => return None,
        };
        let here = address(Status::from_code(&asked.get()[0]), "", "");
        let close = move |_| {
            deeds.resend.clear();
            deeds.withdraw.clear();
        };
        Some(view! {
            <StatusBar text=text>
                <a class="button" href=here on:click=close>{words.close()}</a>
            </StatusBar>
        })
    }
}

/// The views with their counts, the rows of the one asked for, and the way to the next ones.
fn list(found: Found, status: &str, deeds: Deeds) -> impl IntoView + use<> {
    let words = words();
    let status = Status::from_code(status);
    let tabs = VIEWS.map(|view| Tab {
        href: address(view, "", ""),
        label: view.map_or_else(|| words.invitations_all(), |status| words.status(status)).into(),
        current: view == status,
        // Among the active ones are those whom nobody had to invite, so their number would not be that of invitations.
        count: view.filter(|status| *status != Status::Active).map(|status| people(&found, status)),
    });
    let shown = found.rows.len();
    let (previous, next) = (found.previous, found.next);
    let is_paged = previous.is_some() || next.is_some();
    let pager = is_paged.then(|| {
        view! {
            <Pager
                previous=previous.map(|row| address(status, "before", &row))
                next=next.map(|row| address(status, "after", &row))
                summary=words.invitations_shown(shown)
                previous_label=words.previous_page()
                next_label=words.next_page()
                label=words.invitations_pages()
            />
        }
    });
    let rows = if shown == 0 {
        empty(status).into_any()
    } else {
        let rows = found.rows.into_iter().map(|row| view! { <InvitationRow row=row deeds=deeds /> }).collect_view();
        view! { <ul class="stack tight">{rows}</ul> }.into_any()
    };
    view! {
        <Tabs label=words.invitations_by_status() items=tabs.to_vec() />
        {rows}
        {pager}
    }
}

fn people(found: &Found, status: Status) -> u64 {
    let people: i64 = found.counts.iter().filter(|count| count.status == status).map(|count| count.people).sum();
    u64::try_from(people).unwrap_or_default()
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
        assert_eq!(address(None, "", ""), "/invitations");
        assert_eq!(address(Some(Status::Failed), "", ""), "/invitations?status=error");
        assert_eq!(address(None, "after", "0190-x"), "/invitations?after=0190-x");
        assert_eq!(address(Some(Status::Invited), "before", "a b"), "/invitations?status=invited&before=a%20b");
    }
}
