//! Which rows of the table are selected, and what can be done with them. A plain form with boxes; in the browser what is ticked is
//! known by people, so that a box never means somebody else when rows come and go.

use super::menu::closest;
use crate::domain::bulk::BULK_ACTIONS;
use crate::domain::id::UserId;
use crate::domain::listing::{Matching, UserQuery};
use crate::domain::permission::Permission;
use crate::domain::policy::needed_for;
use crate::domain::user::{Status, UserAction};
use crate::server_fns::bulk::SelectPeople;
use crate::ui::forms::in_place::InPlace;
use crate::ui::pages::parts::LETTERS;
use crate::ui::session::{endings, may_use, vocabulary, words};
use crate::view_models::UsersPage;
use leptos::ev::Event;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Element, HtmlInputElement};

/// Who is selected.
#[derive(Clone, Copy)]
pub struct Selection {
    who: RwSignal<Vec<String>>,
    /// Everybody whom the list shows, on all of its pages.
    all: RwSignal<bool>,
    /// But these.
    but: RwSignal<Vec<String>>,
}

impl Selection {
    /// Of the list that is asked for, on all its pages: another list, and what was done with them, leave nobody selected; what was
    /// refused leaves them as they were.
    pub fn of(query: Memo<UserQuery>) -> Self {
        // What was ticked before the page was alive.
        let (who, all) = match cfg!(target_arch = "wasm32") {
            true => {
                (boxes().filter(HtmlInputElement::checked).filter_map(|one| person_of(&one)).collect(), is_all_ticked())
            }
            false => (Vec::new(), false),
        };
        let this = Self { who: RwSignal::new(who), all: RwSignal::new(all), but: RwSignal::new(Vec::new()) };
        Effect::new(move |before: Option<(String, u32)>| {
            let now = (query.read().from_start().address(), InPlace::times_done());
            if before.is_some_and(|before| before != now) {
                this.clear();
            }
            now
        });
        this
    }

    fn clear(self) {
        self.choose_all(false);
    }

    /// Everybody, or nobody.
    fn choose_all(self, is_on: bool) {
        self.all.set(is_on);
        self.who.update(Vec::clear);
        self.but.update(Vec::clear);
    }

    fn has(self, id: &str) -> bool {
        let is_in = |some: RwSignal<Vec<String>>| some.with(|some| some.iter().any(|known| known == id));
        if self.all.get() { !is_in(self.but) } else { is_in(self.who) }
    }

    /// A box was ticked, or is not any more.
    pub fn changed(self, event: &Event) {
        let ticked = closest(event, "input[type=checkbox]").and_then(|found| found.dyn_into::<HtmlInputElement>().ok());
        let Some(ticked) = ticked else { return };
        let is_on = ticked.checked();
        match ticked.name().as_str() {
            "all" => self.choose_all(is_on),
            "" => {
                if self.all.get_untracked() {
                    self.choose_all(false);
                }
                self.tick(boxes().filter_map(|one| person_of(&one)).collect(), is_on);
            }
            _ => self.tick(person_of(&ticked).into_iter().collect(), is_on),
        }
    }

    /// These are selected, or not any more; whoever stands on another page stays as they are.
    fn tick(self, ids: Vec<String>, is_on: bool) {
        let is_all = self.all.get_untracked();
        let some = if is_all { self.but } else { self.who };
        some.update(|some| {
            some.retain(|known| !ids.contains(known));
            if is_on != is_all {
                some.extend(ids);
            }
        });
    }

    /// The box of a row, called as the link with this id is.
    pub fn of_row(self, id: &UserId, labelled_by: String) -> impl IntoView + use<> {
        let id = id.to_string();
        let name = row_field(&id);
        view! { <input type="checkbox" name=name aria-labelledby=labelled_by prop:checked=move || self.has(&id) /> }
    }

    /// The box for all rows of the page; it does nothing before the page is alive.
    pub fn of_page(self, found: &UsersPage, is_alive: RwSignal<bool>) -> impl IntoView + use<> {
        let label = words().bulk_select_page();
        let shown: Vec<String> = found.rows.iter().map(|row| row.id.to_string()).collect();
        let ticked = Memo::new(move |_| (shown.iter().filter(|id| self.has(id)).count(), shown.len()));
        let is_on = move || matches!(ticked.get(), (some, all) if some == all && all > 0);
        let is_partly_on = move || matches!(ticked.get(), (some, all) if some > 0 && some < all);
        move || {
            is_alive.get().then(|| {
                view! {
                    <input
                        type="checkbox"
                        aria-label=label
                        prop:checked=is_on
                        prop:indeterminate=is_partly_on
                    />
                }
            })
        }
    }

    /// What stands above the table: the list that is meant, the box for all of it, and where people are waited for, the way to remind
    /// all of them.
    pub fn above(self, query: &UserQuery, found: &UsersPage) -> impl IntoView + use<> {
        let words = words();
        let label = match found.matching {
            Matching::Exactly(n) => words.bulk_select_all(&words.figure(n)),
            Matching::MoreThan(_) => words.bulk_select_all_found().to_string(),
        };
        view! {
            <input type="hidden" name="list" value=query.from_start().address() />
            <label class="choose-all">
                <input type="checkbox" name="all" value="on" prop:checked=move || self.all.get() />
                {label}
            </label>
        }
    }

    /// What can be done with those who are selected; seen while somebody is.
    pub fn bar(self, query: &UserQuery, found: &UsersPage, is_alive: RwSignal<bool>) -> impl IntoView + use<> {
        let words = words();
        let matching = found.matching;
        let all_but = move |less: i64| match matching {
            Matching::Exactly(n) => words.figure(n.saturating_sub(less)),
            Matching::MoreThan(few) => format!("{}+", words.figure(few)),
        };
        let count = |some: RwSignal<Vec<String>>| i64::try_from(some.with(Vec::len)).unwrap_or_default();
        let said = move || match (is_alive.get(), self.all.get()) {
            (false, _) => words.bulk_for_selected().to_string(),
            (true, true) => words.bulk_selected(&all_but(count(self.but))),
            (true, false) => words.bulk_selected(&words.figure(count(self.who))),
        };
        // Whoever was ticked on another page goes along.
        let shown: Vec<UserId> = found.rows.iter().map(|row| row.id.clone()).collect();
        let elsewhere = move || {
            let who = self.who.get().into_iter().filter(|id| shown.iter().all(|shown| shown.as_str() != id));
            who.map(|id| view! { <input type="hidden" name=row_field(&id) value="on" /> }).collect_view()
        };
        let less = move || {
            let but = self.but.get().into_iter();
            but.map(|id| view! { <input type="hidden" name=format!("but[.{id}]") value="on" /> }).collect_view()
        };
        let buttons = BULK_ACTIONS.into_iter().filter(|action| is_offered(*action, query)).map(|action| {
            view! { <button name="action" value=action.code()>{words.bulk_action(vocabulary(), action)}</button> }
        });
        view! {
            <div class="bulk-bar">
                <span role="status">{said}</span>
                {elsewhere}
                {less}
                {buttons.collect_view()}
                {may_use(Permission::Invite).then(|| view! {
                    <button formaction=LETTERS formtarget="_blank">{words.letters_for_selected()}</button>
                })}
                <button formaction=EXPORT formtarget="_self">{words.bulk_export()}</button>
                <button type="reset" on:click=move |_| self.clear()>
                    {words.bulk_clear()}
                </button>
            </div>
        }
    }
}

/// Where the list is taken away.
const EXPORT: &str = "/users/export";

/// The way to take the list away, to be opened in a spreadsheet. Said to stay where it is: no page comes, so none is waited for.
pub fn export_button(query: &UserQuery) -> impl IntoView + use<> {
    let words = words();
    view! {
        <form method="post" action=EXPORT target="_self">
            <input type="hidden" name="list" value=query.from_start().address() />
            <button class="button">{words.bulk_export()}</button>
            <button class="button" name="as" value="xlsx">"XLSX"</button>
        </form>
    }
}

/// Whether the viewer has a part in an action, and those whom the list shows may be in a state for it.
fn is_offered(action: UserAction, query: &UserQuery) -> bool {
    let makes_sense = Status::ALL.into_iter().any(|status| query.takes(status) && action.suits(status).is_ok());
    makes_sense && may_use(needed_for(action)) && endings().why_not(action).is_none()
}

/// The way to remind everybody of a list in which people are waited for.
pub fn remind_all(query: &UserQuery, found: &UsersPage) -> Option<impl IntoView + use<>> {
    let words = words();
    let waits = matches!(query.status, Some(Status::Invited | Status::Failed | Status::Expired));
    let Matching::Exactly(n) = found.matching else { return None };
    // A link that works is sent once more; one that does not is made anew.
    let (action, label) = match query.status {
        Some(Status::Invited) => (UserAction::Remind, words.bulk_remind_all(&words.figure(n))),
        _ => (UserAction::Resend, words.bulk_resend_all(&words.figure(n))),
    };
    (waits && n > 0 && may_use(Permission::Invite)).then(|| {
        view! {
            <form method="post" action=SelectPeople::PATH>
                <input type="hidden" name="list" value=query.from_start().address() />
                <input type="hidden" name="all" value="on" />
                <button class="button" name="action" value=action.code()>{label}</button>
            </form>
        }
    })
}

/// The boxes of the rows, as they stand.
fn boxes() -> impl Iterator<Item = HtmlInputElement> {
    let first = document().query_selector(".people tbody tr").ok().flatten();
    let rows = std::iter::successors(first, Element::next_element_sibling);
    rows.filter_map(|row| row.query_selector("th input").ok().flatten()?.dyn_into().ok())
}

/// What the box of a row is called: the dot keeps an id from being read as a number.
fn row_field(id: &str) -> String {
    format!("who[.{id}]")
}

/// Whose row a box belongs to.
fn person_of(one: &HtmlInputElement) -> Option<String> {
    Some(one.name().strip_prefix("who[.")?.strip_suffix(']')?.to_string())
}

fn is_all_ticked() -> bool {
    document().query_selector(".choose-all :checked").is_ok_and(|found| found.is_some())
}
