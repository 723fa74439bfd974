//! What stands where the table would: nobody yet, nobody who matches, or why it could not be loaded.

use crate::domain::error::UseCaseError;
use crate::domain::facet::InvitationFacet;
use crate::domain::listing::{Matching, UserQuery};
use crate::domain::permission::Permission;
use crate::domain::user::Status;
use crate::ui::components::{EmptyState, Notice, Tone};
use crate::ui::pages::error::RefusedPage;
use crate::ui::session::{may_use, status_word, viewer, words};
use crate::view_models::UsersPage;
use leptos::prelude::*;

/// The next step of an empty list, for whoever may take it.
pub fn first_step() -> &'static str {
    if may_use(Permission::Invite) { words().invite_the_first() } else { "" }
}

/// Nobody to show: nobody is there, nobody matches, or the page's last row is gone.
pub fn nobody(query: &UserQuery, found: &UsersPage) -> impl IntoView + use<> {
    let words = words();
    if found.total() == 0 {
        return view! {
            <EmptyState title=words.no_users_yet() text=first_step() icon="users" />
        }
        .into_any();
    }
    if let Some(archived) = found.archived {
        return only_archived(query, archived).into_any();
    }
    let (title, href, next) = match query.narrows() && found.matching == Matching::Exactly(0) {
        true => {
            let all = UserQuery { unit: query.unit.clone(), ..UserQuery::default() };
            (words.nobody_matches(&criteria(query)), all.address(), words.clear_filters())
        }
        false => (words.page_is_empty().into(), query.from_start().address(), words.first_page()),
    };
    view! {
        <p class="visually-hidden" role="status">{title.clone()}</p>
        <EmptyState title=title icon="search">
            <a class="button" href=href>{next}</a>
        </EmptyState>
    }
    .into_any()
}

/// Those who match have left: how many they are, and the way to them, where each can be brought back.
fn only_archived(query: &UserQuery, archived: Matching) -> impl IntoView + use<> {
    let words = words();
    let title = match archived {
        Matching::Exactly(n) => words.archived_matches(&words.figure(n), n == 1),
        Matching::MoreThan(few) => words.more_than_match(&words.figure(few)),
    };
    let text = words.nobody_matches(&criteria(query));
    let href = query.from_start().with_status(Some(Status::Archived)).address();
    view! {
        <p class="visually-hidden" role="status">{title.clone()}</p>
        <EmptyState title=title text=text icon="archive">
            <a class="button" href=href>{words.show_archived()}</a>
        </EmptyState>
    }
}

/// What was looked for, in words: `“ptrov”, status Blocked`.
fn criteria(query: &UserQuery) -> String {
    let words = words();
    let search = query.search.trim();
    let role = query.role.as_ref().and_then(|role| {
        viewer().with_value(|viewer| viewer.role(role).map(|role| words.with_role(&words.role_name(role))))
    });
    let in_column =
        |label: &str, text: &str| (!text.is_empty()).then(|| format!("{label} {}", words.quoted_search(text)));
    let [name, email, phone, login] = query.columns.texts();
    let parts = [
        in_column(words.column_name(), name),
        in_column(words.email(), email),
        in_column(words.phone(), phone),
        in_column(words.login(), login),
        (!search.is_empty()).then(|| words.quoted_search(search)),
        query.status.or(query.facet.map(InvitationFacet::word)).map(|status| words.with_status(status_word(status))),
        role,
        query.older.map(|days| words.with_age(&words.days(days))),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// Why the list could not be loaded. What another try may mend stays beside the filters.
pub fn not_loaded(query: &UserQuery, refusal: UseCaseError) -> impl IntoView + use<> {
    let words = words();
    if !refusal.passes() {
        return view! { <RefusedPage refusal=refusal /> }.into_any();
    }
    let again = query.address();
    view! {
        <Notice tone=Tone::Error title=words.users_not_loaded() alert=true>
            <p>{words.refusal(&refusal)} " " {words.filters_kept()}</p>
            <div class="cluster">
                <a class="button small" href=again rel="external">{words.try_again()}</a>
            </div>
        </Notice>
    }
    .into_any()
}
