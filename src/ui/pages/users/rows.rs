//! The table: one row per person, a card on a phone, and the way through the pages.

use crate::domain::listing::{Cursor, HeldRole, Matching, Sort, SortKey, UserQuery};
use crate::domain::membership::Standing;
use crate::domain::table_layout::TableColumn;
use crate::domain::user::{Status, UserAction};
use crate::domain::vocabulary::Vocabulary;
use crate::server_fns::bulk::SelectPeople;
use crate::ui::components::{Avatar, EmptyState, Icon, Pager};
use crate::ui::pages::parts::{FIX_ADDRESS, StatusMark, offers_any, only_looks, why_not};
use crate::ui::session::{role_name_of, status_word, viewer, vocabulary, words};
use crate::view_models::{UserSummary, UsersPage};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::menu::DEEDS;
use super::selection::{Selection, remind_all};
use super::states;

/// The people of this page.
pub fn list(
    query: &UserQuery,
    found: UsersPage,
    is_alive: RwSignal<bool>,
    selection: Selection,
) -> impl IntoView + use<> {
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
    let columns = ShownColumns {
        address: found.layout.shows(TableColumn::Address),
        role: found.layout.shows(TableColumn::Role),
        status: found.layout.shows(TableColumn::Status),
        added: found.layout.shows(TableColumn::Added),
        // Where nobody has been seen there is no column of nothing, but for whoever sorts by it.
        last_seen: found.layout.shows(TableColumn::LastSeen)
            && (query.sort.key() == SortKey::Seen || found.rows.iter().any(|user| user.last_seen.is_some())),
        dots: !only_looks(),
    };
    let head = |is_shown: bool, label, class, first| is_shown.then(|| sorted(query, label, class, first, None));
    let page_box = columns.dots.then(|| selection.of_page(&found, is_alive).into_any());
    let heads = (
        sorted(query, words.column_name(), "", Sort::Name, page_box),
        head(columns.role, words.role(), "r", Sort::Role),
        head(columns.status, words.column_status(), "s", Sort::Status),
        head(columns.added, words.column_added(), "d", Sort::Added),
        head(columns.last_seen, words.column_last_seen(), "d", Sort::Seen),
    );
    let class = match (found.layout.is_compact, columns.dots) {
        (true, true) => "table people compact has-dots",
        (true, false) => "table people compact",
        (false, true) => "table people has-dots",
        (false, false) => "table people",
    };
    let above = columns.dots.then(|| selection.above(query, &found));
    let remind = remind_all(query, &found);
    let bar = columns.dots.then(|| selection.bar(query, &found, is_alive));
    let rows = found
        .rows
        .into_iter()
        .enumerate()
        .map(|(nth, user)| row(nth, &user, columns, is_alive, selection))
        .collect_view();
    view! {
        <p class="visually-hidden" role="status">{summary.clone()}</p>
        {remind}
        <form class="selection" method="post" action=SelectPeople::PATH data-kept="" on:change=move |event| selection.changed(&event)>
        {above}
        <table class=class aria-label=words.users()>
            <thead>
                <tr>
                    {heads}
                    {columns.dots.then(|| view! {
                        <th scope="col" id=DOTS_LABEL>{words.more_actions_for()}</th>
                    })}
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
        {bar}
        </form>
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
    class: &'static str,
    first: Sort,
    before: Option<AnyView>,
) -> impl IntoView + use<> {
    let is_by_this = query.sort.key() == first.key();
    let (direction, icon) = match (is_by_this, query.sort.is_down()) {
        (false, _) => (None, None),
        (true, false) => (Some("ascending"), Some("chevron-up")),
        (true, true) => (Some("descending"), Some("chevron-down")),
    };
    let sort = if is_by_this { query.sort.reversed() } else { first };
    let href = UserQuery { sort, ..query.from_start() }.address();
    view! {
        <th scope="col" class=class aria-sort=direction>
            {before}
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
    let has_several = viewer().with_value(|viewer| viewer.scopes.len() > 2);
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
    (has_several && !names.is_empty()).then(|| view! { <small>{names}</small> })
}

/// The id of what the dots of every row are called before the name.
const DOTS_LABEL: &str = "m";

/// Which columns stand there beside the name: those that were chosen, and of these the ones with anything in them.
#[derive(Clone, Copy)]
struct ShownColumns {
    address: bool,
    role: bool,
    status: bool,
    added: bool,
    last_seen: bool,
    dots: bool,
}

/// One person: as few elements as can be, for a page has fifty of them. The address stands below the name, and for a name that
/// is not known yet.
fn row(
    nth: usize,
    user: &UserSummary,
    columns: ShownColumns,
    is_alive: RwSignal<bool>,
    selection: Selection,
) -> impl IntoView + use<> {
    let (title, card) = (user.title().to_string(), format!("/users/{}", user.id));
    let name_id = nth.to_string();
    let tick = columns.dots.then(|| selection.of_row(&user.id, name_id.clone()));
    let is_below = columns.address && !user.name.is_empty() && !user.identifier().is_empty();
    let address = is_below.then(|| view! { <small>{user.identifier().to_string()}</small> });
    let dots = columns.dots.then(|| match offers_any(user, DEEDS) {
        true => {
            // Said in two parts, of which the second is the name: a page has fifty of them.
            let label = format!("{DOTS_LABEL} {name_id}");
            let role = move || is_alive.get().then_some("button");
            let popup = move || is_alive.get().then_some("menu");
            view! {
                <td>
                    <a class="dots" href=card.clone() role=role aria-haspopup=popup aria-labelledby=label></a>
                </td>
            }
            .into_any()
        }
        false => view! { <td></td> }.into_any(),
    });
    let day = |is_shown: bool, when: Option<&crate::view_models::FormattedTime>| {
        let short = when.map(|when| when.short.clone());
        is_shown.then(|| view! { <td class="d">{short}</td> })
    };
    let (added, seen) = (day(columns.added, user.added.as_ref()), day(columns.last_seen, user.last_seen.as_ref()));
    view! {
        <tr>
            <th scope="row">
                {tick}
                <a id=name_id href=card>
                    <Avatar name=user.name.clone() />
                    {title}
                </a>
                {address}
            </th>
            {columns.role.then(|| role(user))}
            {columns.status.then(|| view! { <td class="s">{status(user)}</td> })}
            {added}
            {seen}
            {dots}
        </tr>
    }
}

/// The role, and below it where it is held.
fn role(user: &UserSummary) -> AnyView {
    let role = role_name_of(user);
    match units_of(user) {
        Some(units) => view! { <td class="r">{role}{units}</td> }.into_any(),
        None => view! { <td class="r">{role}</td> }.into_any(),
    }
}

/// The chip, and in one line below it how long it stands so, or why nobody got the invitation and the way to mend that.
fn status(user: &UserSummary) -> impl IntoView + use<> {
    let is_failed = user.status == Status::Failed;
    let left = user.until.as_ref().filter(|_| !is_failed).map(|left| match user.status {
        Status::Archived => words().row_erased_on(&left.short),
        _ => left.short.clone(),
    });
    // Added with a login, and the temporary password was never used (rule 79).
    let is_by_login = user.login.is_some() && user.email.is_none();
    let waits = (is_by_login && user.status == Status::Active && user.last_seen.is_none())
        .then(|| words().row_never_came().into());
    let line = [left, waits, user.note.clone()].into_iter().flatten().collect::<Vec<_>>().join(" · ");
    let fix = (is_failed && why_not(UserAction::Resend, user).is_none()).then(|| {
        let words = words();
        let (href, label) = (format!("/users/{}?do={FIX_ADDRESS}", user.id), words.row_fix_of(user.title()));
        view! { <a class="fix" href=href aria-label=label>{words.row_fix()}</a> }
    });
    let below = match fix {
        // The way out first: where a line is too long, its end is cut.
        Some(fix) => {
            let whole = line.clone();
            Some(view! { <small title=whole>{fix} " · " {line}</small> }.into_any())
        }
        None => (!line.is_empty()).then(|| view! { <small>{line}</small> }.into_any()),
    };
    let mark = match may_cancel(user) {
        true => {
            let label = words().row_cancel_of(status_word(user.status), user.title());
            view! {
                <a class="cancel" href=format!("/users/{}?do=withdraw", user.id) title=label.clone() aria-label=label>
                    <StatusMark status=user.status />
                </a>
            }
            .into_any()
        }
        false => view! { <StatusMark status=user.status /> }.into_any(),
    };
    view! {
        {mark}
        {below}
    }
}

/// Whether the status is the way to cancel the invitation (rule 64): for those whose organisation knows it so.
fn may_cancel(user: &UserSummary) -> bool {
    vocabulary() == Vocabulary::Portal && user.status.is_pending() && why_not(UserAction::Withdraw, user).is_none()
}
