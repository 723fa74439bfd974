//! The table: one row per person, a card on a phone, and the way through the pages.

use crate::domain::listing::{Cursor, HeldRole, Matching, Sort, UserQuery};
use crate::domain::membership::Standing;
use crate::ui::components::{Avatar, EmptyState, Icon, Pager};
use crate::ui::pages::parts::{StatusChip, offers_any, only_looks};
use crate::ui::session::{role_name_of, viewer, words};
use crate::view_models::{UserSummary, UsersPage};
use leptos::prelude::*;

use super::menu::DEEDS;
use super::states;

/// The people of this page.
pub fn list(query: &UserQuery, found: UsersPage, is_alive: RwSignal<bool>) -> impl IntoView + use<> {
    let words = words();
    let step = |id: Option<&crate::domain::id::UserId>, from: fn(String) -> Cursor| {
        id.map(|id| UserQuery { from: from(id.to_string()), ..query.clone() }.address())
    };
    let (previous, next) = (step(found.previous.as_ref(), Cursor::Before), step(found.next.as_ref(), Cursor::After));
    let shown = i64::try_from(found.rows.len()).unwrap_or(i64::MAX);
    let summary = match found.matching {
        Matching::Exactly(matching) => words.some_of(&words.figure(shown), &words.figure(matching)),
        Matching::MoreThan(few) => words.more_than_match(&words.figure(few)),
    };
    // Whoever has just been made administrator is alone here.
    let is_alone = found.total() <= 1;
    let names = sorted(query, words.column_name(), None, (Sort::Name, Sort::NameDown, Sort::Name));
    let added = sorted(query, words.column_added(), Some("d"), (Sort::AddedUp, Sort::Added, Sort::Added));
    let columns = ShownColumns {
        identifier: found.rows.iter().any(|user| !beside_name(user).is_empty()),
        last_seen: found.rows.iter().any(|user| user.last_seen.is_some()),
        dots: !only_looks(),
    };
    let rows = found.rows.into_iter().map(|user| row(&user, columns, is_alive)).collect_view();
    view! {
        <p class="visually-hidden" role="status">{summary.clone()}</p>
        <table class="table people">
            <caption class="visually-hidden">{words.users()}</caption>
            <thead>
                <tr>
                    {names}
                    {columns.identifier.then(|| view! { <th scope="col">{words.column_identifier()}</th> })}
                    <th scope="col">{words.role()}</th>
                    <th scope="col">{words.column_status()}</th>
                    {added}
                    {columns.last_seen.then(|| view! { <th scope="col" class="d">{words.column_last_seen()}</th> })}
                    {columns.dots.then(|| view! { <th scope="col"><span class="visually-hidden">{words.actions()}</span></th> })}
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
        <Pager
            previous=previous
            next=next
            summary=summary
            previous_label=words.previous_page()
            next_label=words.next_page()
            label=words.pages_of_list()
        />
        {is_alone.then(|| view! { <EmptyState title=words.nobody_else_yet() text=states::first_step() icon="users" /> })}
    }
}

/// A heading that sorts: a link to the same list the other way round, from its beginning.
fn sorted(
    query: &UserQuery,
    label: &'static str,
    class: Option<&'static str>,
    (up, down, first): (Sort, Sort, Sort),
) -> impl IntoView + use<> {
    let (direction, icon, other) = match query.sort {
        sort if sort == up => (Some("ascending"), Some("chevron-up"), down),
        sort if sort == down => (Some("descending"), Some("chevron-down"), up),
        _ => (None, None, first),
    };
    let href = UserQuery { sort: other, ..query.from_start() }.address();
    view! {
        <th scope="col" class=class aria-sort=direction>
            <a href=href data-noscroll="">
                {label}
                {icon.map(|icon| view! { <Icon name=icon /> })}
            </a>
        </th>
    }
}

/// Where somebody stands, for whoever sees more than one unit. Beside what counts, what is only offered says so.
fn units_of(user: &UserSummary) -> Option<impl IntoView + use<>> {
    let words = words();
    let has_several = viewer().with_value(|viewer| viewer.desks.len() > 2);
    let is_offer = |held: &&HeldRole| held.standing == Standing::Offered;
    let is_mixed = user.held.iter().any(|held| !is_offer(&held));
    let of_held = user
        .held
        .iter()
        .filter(|held| !held.place.unit.is_root())
        .map(|held| if is_mixed && is_offer(&held) { words.invited_to(&held.unit) } else { held.unit.clone() });
    let mut names: Vec<String> =
        of_held.chain(user.also_offered.iter().map(|held| words.invited_to(&held.unit))).collect();
    names.dedup();
    let names = names.join(", ");
    (has_several && !names.is_empty()).then(|| view! { " "<small>{names}</small> })
}

/// Which columns have anything in them; the others are folded.
#[derive(Clone, Copy)]
struct ShownColumns {
    identifier: bool,
    last_seen: bool,
    dots: bool,
}

/// What stands beside the name. The address that stands in its place is not said twice.
fn beside_name(user: &UserSummary) -> &str {
    if user.name.is_empty() { "" } else { user.identifier() }
}

/// One person: as few elements as can be, for a page has fifty of them. The address stands for a name that is not known yet.
fn row(user: &UserSummary, columns: ShownColumns, is_alive: RwSignal<bool>) -> impl IntoView + use<> {
    let words = words();
    let (title, card) = (user.title().to_string(), format!("/users/{}", user.id));
    let beside_name = beside_name(user).to_string();
    let dots = columns.dots.then(|| match offers_any(user, DEEDS) {
        true => {
            let label = words.more_actions(user.title());
            let role = move || is_alive.get().then_some("button");
            let popup = move || is_alive.get().then_some("menu");
            view! {
                <td>
                    <a class="dots" href=card.clone() role=role aria-haspopup=popup aria-label=label></a>
                </td>
            }
            .into_any()
        }
        false => view! { <td class="none"></td> }.into_any(),
    });
    let seen = columns.last_seen.then(|| {
        let seen = user.last_seen.clone().map(|when| when.short);
        view! { <td class="d">{seen}</td> }
    });
    view! {
        <tr>
            <th scope="row">
                <a href=card>
                    <Avatar name=user.name.clone() />
                    {title}
                </a>
            </th>
            {columns.identifier.then(|| view! { <td class="mono">{beside_name}</td> })}
            <td>{role_name_of(user)} {units_of(user)}</td>
            <td>
                <StatusChip status=user.status until=user.until.clone() />
            </td>
            <td class="d">{user.added.short.clone()}</td>
            {seen}
            {dots}
        </tr>
    }
}
