//! One menu for all rows of the table, opened for the one that asks. Without script a row's dots lead to the card, where all of
//! it can be found. What is asked before a deed lies in another file of the browser's half, which is fetched when a menu opens.

use super::deeds::{ask_about, load_questions};
use crate::domain::error::UseCaseError;
use crate::domain::handing::HandWay;
use crate::domain::id::UserId;
use crate::domain::listing::query_value;
use crate::domain::user::UserAction;
use crate::server_fns::answered::AsSent;
use crate::ui::components::MenuLink;
use crate::ui::pages::parts::{FIX_ADDRESS, actions_for, hand_items, menu_items};
use crate::ui::session::words;
use crate::view_models::{UserSummary, UsersPage};
use crate::words::Language;
use leptos::ev::{Event, KeyboardEvent, MouseEvent};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::{JsCast, JsValue};
use leptos::web_sys::js_sys::{Function, Object, Reflect};
use leptos::web_sys::{Element, HtmlElement};

/// What the menu of a row offers.
pub const DEEDS: &[UserAction] = &[
    UserAction::Edit,
    UserAction::ChangeRole,
    UserAction::Resend,
    UserAction::Remind,
    UserAction::CopyLink,
    UserAction::Withdraw,
    UserAction::ResetPassword,
    UserAction::Report,
    UserAction::Block,
    UserAction::Unblock,
    UserAction::Archive,
    UserAction::BringBack,
    UserAction::Delete,
];

const MENU: &str = "row-menu";

/// The page of the list, as it was answered last.
pub type Answered = Resource<Result<UsersPage, UseCaseError>, AsSent>;

/// What is asked over the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowQuestion {
    Of(UserAction),
    /// Which address was meant, of an invitation that nobody got.
    Address,
    /// How its link is handed over.
    Hand(HandWay),
}

impl RowQuestion {
    /// How the card's address asks it.
    pub fn code(self) -> &'static str {
        match self {
            Self::Of(action) => action.code(),
            Self::Address => FIX_ADDRESS,
            Self::Hand(way) => way.code(),
        }
    }
}

/// What is open over the table.
#[derive(Clone, Copy)]
pub struct RowDeeds {
    pub found: Answered,
    /// The question that is open.
    pub dialog: RwSignal<Option<ViewFn>>,
    /// What was done, or why it was not.
    pub told: RwSignal<Option<ViewFn>>,
    /// Why the open question's deed was refused.
    pub refused: RwSignal<Option<UseCaseError>>,
    /// The link that was asked for, in the place of its question.
    pub link: RwSignal<Option<String>>,
    pub is_busy: StoredValue<bool>,
    /// What is said when an answer comes is said in the page's language: nobody can be asked for it then.
    pub words: Language,
    /// Which question was asked for last: what comes later than it is not shown.
    pub newest: StoredValue<u32>,
    menu_of: RwSignal<Option<UserSummary>>,
    /// The button under which the menu was open when the pointer came down on it: that press closes it.
    pressed: StoredValue<bool>,
    is_alive: RwSignal<bool>,
}

impl RowDeeds {
    pub fn over(found: Answered) -> Self {
        let is_alive = RwSignal::new(false);
        Effect::new(move || is_alive.set(true));
        Self {
            found,
            dialog: RwSignal::new(None),
            told: RwSignal::new(None),
            refused: RwSignal::new(None),
            link: RwSignal::new(None),
            is_busy: StoredValue::new(false),
            words: words(),
            newest: StoredValue::new(0),
            menu_of: RwSignal::new(None),
            pressed: StoredValue::new(false),
            is_alive,
        }
    }

    /// Whether the dots open a menu: not before the page is alive.
    pub fn is_alive(self) -> RwSignal<bool> {
        self.is_alive
    }

    fn row(self, dots: &Element) -> Option<UserSummary> {
        let id = person_of(dots)?;
        self.found.with_untracked(|found| {
            let rows = &found.as_ref()?.as_ref().ok()?.rows;
            rows.iter().find(|row| row.id == id).cloned()
        })
    }

    /// Opens the menu of a row; says whether it did.
    fn open(self, dots: &HtmlElement) -> bool {
        let (Some(menu), Some(user)) = (menu(), self.row(dots)) else { return false };
        let Some(show) = method(&menu, "showPopover") else { return false };
        self.menu_of.set(Some(user));
        spawn_local(async {
            // Whether it came is asked when it is needed.
            let _ = load_questions().await;
        });
        let _ = dots.focus();
        let _ = dots.set_attribute("aria-expanded", "true");
        let options = Object::new();
        let _ = Reflect::set(&options, &"source".into(), dots);
        show.call1(&menu, &options).is_ok()
    }

    pub fn pointed(self, event: &Event) {
        let is_of_this = dots_of(event).is_some_and(|dots| dots.get_attribute("aria-expanded").is_some());
        self.pressed.set_value(is_of_this && menu().is_some_and(|menu| is_shown(&menu)));
    }

    pub fn clicked(self, event: &MouseEvent) {
        if let Some(fix) = closest(event, ".fix").filter(|_| is_plain(event)) {
            let Some(id) = person_of(&fix) else { return };
            event.prevent_default();
            return self.ask(RowQuestion::Address, id);
        }
        if let Some(cancel) = closest(event, ".cancel").filter(|_| is_plain(event)) {
            let Some(id) = person_of(&cancel) else { return };
            event.prevent_default();
            return self.ask(RowQuestion::Of(UserAction::Withdraw), id);
        }
        let Some(dots) = dots_of(event).filter(|_| is_plain(event)) else { return };
        let was_open = self.pressed.get_value();
        self.pressed.set_value(false);
        if was_open || self.open(&dots) {
            event.prevent_default();
        }
    }

    pub fn keyed(self, event: &KeyboardEvent) {
        if !matches!(event.key().as_str(), " " | "ArrowDown") {
            return;
        }
        if let Some(dots) = dots_of(event)
            && self.open(&dots)
        {
            event.prevent_default();
        }
    }

    /// Asks before a deed, over the table; where that cannot be shown, on the card.
    pub fn ask(self, question: RowQuestion, id: UserId) {
        spawn_local(async move {
            if ask_about(self, question, id.clone()).await.is_err() {
                let _ = window().location().set_href(&format!("/users/{id}?do={}", question.code()));
            }
        });
    }

    /// The menu of all rows.
    pub fn menu(self) -> impl IntoView {
        let label = move || self.menu_of.with(|user| user.as_ref().map(|user| self.words.more_actions(user.title())));
        let items = move || {
            self.menu_of.get().map(|user| {
                let card = format!("/users/{}", user.id);
                let mut first = actions_for(&user, DEEDS);
                // The other ways of a link stand beside it, before what takes something away.
                let at = first.iter().position(|offered| offered.action == UserAction::CopyLink);
                let rest = first.split_off(at.map_or(first.len(), |at| at + 1));
                let group = first.last().map(|offered| offered.group);
                view! {
                    <MenuLink href=card icon="eye">{self.words.open()}</MenuLink>
                    {menu_items(first, Some(0))}
                    {hand_items(&user)}
                    {menu_items(rest, group)}
                }
            })
        };
        let chosen = move |event: MouseEvent| {
            let action = closest(&event, "a").and_then(|item| asked_by(&item)).filter(|_| is_plain(&event));
            if let (Some(question), Some(user)) = (action, self.menu_of.get_untracked()) {
                event.prevent_default();
                self.ask(question, user.id);
            }
        };
        let toggled = move |_| {
            if menu().is_some_and(|menu| !is_shown(&menu))
                && let Ok(Some(dots)) = document().query_selector(".dots[aria-expanded]")
            {
                let _ = dots.remove_attribute("aria-expanded");
            }
        };
        view! {
            <div
                class="menu"
                id=MENU
                popover="auto"
                role="menu"
                aria-label=label
                on:click=chosen
                on:toggle=toggled
            >
                {items}
            </div>
        }
    }

    /// The question that is open, and what is said of the last deed.
    pub fn over_the_table(self) -> impl IntoView {
        let view = |open: RwSignal<Option<ViewFn>>| move || open.get().map(|view| view.run());
        view! {
            {view(self.dialog)}
            {view(self.told)}
        }
    }
}

/// The question to which a link leads, where it leads to its question.
pub fn asked_by(link: &Element) -> Option<RowQuestion> {
    let href = link.get_attribute("href")?;
    let (_, query) = href.split_once('?')?;
    let code = query_value(query, "do")?;
    let action = UserAction::from_code(&code).map(RowQuestion::Of);
    action.or_else(|| HandWay::from_code(&code).map(RowQuestion::Hand))
}

/// Whose card a link leads to.
fn person_of(link: &Element) -> Option<UserId> {
    let href = link.get_attribute("href")?;
    href.strip_prefix("/users/")?.split('?').next().map(UserId::new)
}

fn menu() -> Option<HtmlElement> {
    document().get_element_by_id(MENU).and_then(|menu| menu.dyn_into().ok())
}

fn is_shown(menu: &Element) -> bool {
    // A browser that knows no popover shows none.
    menu.matches(":popover-open").unwrap_or(false)
}

/// Whether it is a plain press: with a key held the browser does what it always does with a link.
pub fn is_plain(event: &MouseEvent) -> bool {
    !(event.default_prevented() || event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key())
}

/// What of this kind was pressed, or something in it.
pub fn closest(event: &Event, what: &str) -> Option<Element> {
    event.target()?.dyn_into::<Element>().ok()?.closest(what).ok().flatten()
}

fn dots_of(event: &Event) -> Option<HtmlElement> {
    closest(event, ".dots").and_then(|dots| dots.dyn_into().ok())
}

/// A method that not every browser has.
pub fn method(of: &JsValue, name: &str) -> Option<Function> {
    Reflect::get(of, &name.into()).ok()?.dyn_into().ok()
}
