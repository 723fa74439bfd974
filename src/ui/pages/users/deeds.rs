//! What is done to people without leaving the table: one menu for all rows, opened for the one that asks; one question over the
//! table, the same that the card asks at an address of its own; and a bar that says what was done and takes it back. Without
//! script a row's dots lead to the card, where all of it can be found.

use crate::domain::error::UseCaseError;
use crate::domain::id::UserId;
use crate::domain::listing::query_value;
use crate::domain::policy::Place;
use crate::domain::proposal::ProposalOutcome;
use crate::domain::user::UserAction;
use crate::server_fns::users::user_question;
use crate::ui::components::{CopyField, Dialog, ErrorSummary, Icon, MenuLink, StatusBar};
use crate::ui::forms::in_place::{encoded, fields_of, send};
use crate::ui::pages::parts::{actions_for, menu_items};
use crate::ui::pages::user::{QuestionContext, ask, form_of};
use crate::ui::session::words;
use crate::view_models::{UserQuestion, UserSummary, UsersPage};
use leptos::ev::{Event, KeyboardEvent, MouseEvent, SubmitEvent};
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
    UserAction::CopyLink,
    UserAction::Withdraw,
    UserAction::ResetPassword,
    UserAction::Block,
    UserAction::Unblock,
    UserAction::Archive,
    UserAction::BringBack,
    UserAction::Delete,
];

const MENU: &str = "row-menu";

/// The page of the list, as it was answered last.
pub type Answered = Resource<Result<UsersPage, UseCaseError>>;

/// What was done, or why it was not, and the way back.
#[derive(Clone)]
struct Told {
    text: String,
    is_refused: bool,
    back: Option<Back>,
}

/// What takes a deed back.
#[derive(Clone)]
struct Back {
    action: UserAction,
    user: UserSummary,
    fields: Vec<(String, String)>,
}

/// What is open over the table.
#[derive(Clone, Copy)]
pub struct RowDeeds {
    found: Answered,
    menu_of: RwSignal<Option<UserSummary>>,
    question: RwSignal<Option<(UserAction, UserQuestion)>>,
    refused: RwSignal<Option<UseCaseError>>,
    /// The link that was asked for, in the place of its question.
    link: RwSignal<Option<String>>,
    told: RwSignal<Option<Told>>,
    is_busy: StoredValue<bool>,
    /// Which question was asked for last: what comes later than it is not shown.
    newest: StoredValue<u32>,
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
            menu_of: RwSignal::new(None),
            question: RwSignal::new(None),
            refused: RwSignal::new(None),
            link: RwSignal::new(None),
            told: RwSignal::new(None),
            is_busy: StoredValue::new(false),
            newest: StoredValue::new(0),
            pressed: StoredValue::new(false),
            is_alive,
        }
    }

    /// Whether the dots open a menu: not before the page is alive.
    pub fn is_alive(self) -> RwSignal<bool> {
        self.is_alive
    }

    fn row(self, dots: &Element) -> Option<UserSummary> {
        let id = dots.get_attribute("href")?.strip_prefix("/users/").map(UserId::new)?;
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

    /// Asks a question about somebody over the table.
    fn ask(self, action: UserAction, id: UserId) {
        let number = self.newest.get_value() + 1;
        self.newest.set_value(number);
        spawn_local(async move {
            let facts = user_question(id).await;
            // Whoever has left the page, or asks something newer, is not interrupted.
            if self.newest.try_get_value() != Some(number) {
                return;
            }
            self.refused.set(None);
            self.link.set(None);
            match facts {
                Ok(facts) => self.question.set(Some((action, facts))),
                Err(refusal) => self.refuse(&refusal),
            }
        });
    }

    fn refuse(self, refusal: &UseCaseError) {
        let text = words().refusal(refusal);
        self.told.set(Some(Told { text, is_refused: true, back: None }));
    }

    fn close(self) {
        self.newest.update_value(|newest| *newest += 1);
        self.question.set(None);
        self.link.set(None);
    }

    /// Sends the question's form. A refusal is said in the dialog, where everything stays as it was typed.
    fn submit(self, event: &SubmitEvent) {
        event.prevent_default();
        let form = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let path = form.and_then(|form| form.get_attribute("action"));
        let Some((action, facts)) = self.question.get_untracked() else { return };
        let (Some(path), Some(fields), false) = (path, fields_of(event), self.is_busy.get_value()) else { return };
        self.is_busy.set_value(true);
        let back = back_from(action, &facts, &fields);
        spawn_local(async move {
            let answer = send(&path, fields).await;
            if self.is_busy.try_set_value(false).is_some() {
                return;
            }
            match answer {
                Err(refusal) => {
                    // Said anew even where it is the same again.
                    self.refused.set(None);
                    self.refused.set(Some(refusal));
                }
                Ok(reply) if action == UserAction::CopyLink => match reply.read::<String>() {
                    Some(link) => self.link.set(Some(link)),
                    None => self.refused.set(Some(UseCaseError::Busy)),
                },
                Ok(reply) => {
                    let is_proposed = action == UserAction::ChangeRole
                        && reply.read::<ProposalOutcome>() == Some(ProposalOutcome::Proposed);
                    self.question.set(None);
                    let text = match is_proposed {
                        true => words().access_proposed().to_string(),
                        false => done(action, &facts.user),
                    };
                    self.told.set(Some(Told { text, is_refused: false, back: back.filter(|_| !is_proposed) }));
                    self.found.refetch();
                }
            }
        });
    }

    /// Takes the last deed back, as the person stands now.
    fn take_back(self, back: Back) {
        let Some(path) = form_of(back.action).filter(|_| !self.is_busy.get_value()) else { return };
        self.is_busy.set_value(true);
        spawn_local(async move {
            let answer = match user_question(back.user.id.clone()).await {
                Ok(facts) => {
                    let mut fields = back.fields.clone();
                    fields.push(("id".into(), back.user.id.to_string()));
                    fields.push(("revision".into(), facts.revision.as_str().into()));
                    send(path, encoded(&fields)).await.map(|_| ())
                }
                Err(refusal) => Err(refusal),
            };
            if self.is_busy.try_set_value(false).is_some() {
                return;
            }
            match answer {
                Ok(()) => {
                    let text = done(back.action, &back.user);
                    self.told.set(Some(Told { text, is_refused: false, back: None }));
                    self.found.refetch();
                }
                Err(refusal) => self.refuse(&refusal),
            }
        });
    }

    /// The menu of all rows.
    pub fn menu(self) -> impl IntoView {
        let label = move || self.menu_of.with(|user| user.as_ref().map(|user| words().more_actions(user.title())));
        let items = move || {
            self.menu_of.get().map(|user| {
                let card = format!("/users/{}", user.id);
                view! {
                    <MenuLink href=card icon="eye">{words().open()}</MenuLink>
                    {menu_items(actions_for(&user, DEEDS), Some(0))}
                }
            })
        };
        let chosen = move |event: MouseEvent| {
            let href = closest(&event, "a").and_then(|item| item.get_attribute("href")).unwrap_or_default();
            let action = query_value(href.split_once('?').map_or("", |(_, query)| query), "do");
            let action = action.and_then(|code| UserAction::from_code(&code)).filter(|_| is_plain(&event));
            if let (Some(action), Some(user)) = (action, self.menu_of.get_untracked()) {
                event.prevent_default();
                self.ask(action, user.id);
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

    /// The question that is open, and the bar that says what was done.
    pub fn over_the_table(self) -> impl IntoView {
        let question = move || {
            let (action, facts) = self.question.get()?;
            if let Some(link) = self.link.get() {
                return Some(self.shown_link(&facts, link));
            }
            let context = QuestionContext { refused: Some(self.refused), ..QuestionContext::default() };
            ask(action, &facts, context)
        };
        let clicked = move |event: MouseEvent| {
            let Some(link) = closest(&event, "a").filter(|_| is_plain(&event)) else { return };
            if link.has_attribute("data-cancel") {
                event.prevent_default();
                return self.close();
            }
            let href = link.get_attribute("href").unwrap_or_default();
            let action = query_value(href.split_once('?').map_or("", |(_, query)| query), "do");
            let action = action.and_then(|code| UserAction::from_code(&code));
            let id = self.question.with_untracked(|open| open.as_ref().map(|(_, facts)| facts.user.id.clone()));
            if let (Some(action), Some(id)) = (action, id) {
                event.prevent_default();
                self.ask(action, id);
            }
        };
        let told = move || {
            self.told.get().map(|told| {
                let words = words();
                let close = move |_| self.told.set(None);
                if told.is_refused {
                    return view! { <ErrorSummary title=told.text /> }.into_any();
                }
                let has_back = told.back.is_some();
                let undo = told.back.map(|back| {
                    view! {
                        <button
                            type="button"
                            class="button"
                            data-focus=""
                            on:click=move |_| self.take_back(back.clone())
                        >
                            <Icon name="undo" />
                            {words.undo()}
                        </button>
                    }
                });
                view! {
                    <StatusBar text=told.text>
                        {undo}
                        <button type="button" class="button" data-focus=(!has_back).then_some("") on:click=close>
                            {words.close()}
                        </button>
                    </StatusBar>
                }
                .into_any()
            })
        };
        view! {
            <div on:click=clicked on:submit=move |event| self.submit(&event)>
                {question}
            </div>
            {told}
        }
    }

    /// The link in the place of the question that asked for it.
    fn shown_link(self, facts: &UserQuestion, link: String) -> AnyView {
        let words = words();
        let label = words.link_for(facts.user.title());
        view! {
            <Dialog id="question" title=label.clone()>
                <CopyField
                    id="link"
                    label=label
                    value=link
                    copy=words.copy()
                    copied=words.copied()
                />
                <div class="actions">
                    <a class="button" href="/users" data-cancel="" autofocus=true>{words.close()}</a>
                </div>
            </Dialog>
        }
        .into_any()
    }
}

/// What is said of a deed that was done.
fn done(action: UserAction, user: &UserSummary) -> String {
    let words = words();
    match action {
        UserAction::Block => words.now_blocked(user.title()),
        UserAction::Unblock => words.now_unblocked().into(),
        UserAction::ChangeRole => words.role_changed().into(),
        UserAction::ResetPassword => words.reset_sent().into(),
        UserAction::Resend => words.now_resent().into(),
        UserAction::Withdraw => words.now_withdrawn().into(),
        UserAction::Archive => words.now_archived().into(),
        UserAction::BringBack => words.now_back().into(),
        UserAction::Delete => words.user_deleted().into(),
        _ => words.saved().into(),
    }
}

/// What takes this deed back, where something does.
fn back_from(action: UserAction, facts: &UserQuestion, fields: &str) -> Option<Back> {
    let (action, fields) = match action {
        UserAction::Block => (UserAction::Unblock, Vec::new()),
        UserAction::Unblock => (UserAction::Block, Vec::new()),
        UserAction::Archive => (UserAction::BringBack, Vec::new()),
        UserAction::BringBack => (UserAction::Archive, Vec::new()),
        UserAction::ChangeRole => {
            let unit = query_value(fields, "unit")?;
            let before = facts.user.held.iter().find(|held| held.place.unit.id().as_str() == unit)?;
            (UserAction::ChangeRole, role_fields(&before.place))
        }
        _ => return None,
    };
    Some(Back { action, user: facts.user.clone(), fields })
}

/// The fields by which a place gets the role and the extra permissions that it had.
fn role_fields(place: &Place) -> Vec<(String, String)> {
    let mut fields = vec![
        ("unit".to_string(), place.unit.id().to_string()),
        ("role".to_string(), place.role.to_string()),
        ("extras".to_string(), "on".to_string()),
    ];
    fields.extend(place.extra.iter().map(|extra| ("extra[]".to_string(), extra.code().to_string())));
    fields
}

fn menu() -> Option<HtmlElement> {
    document().get_element_by_id(MENU).and_then(|menu| menu.dyn_into().ok())
}

fn is_shown(menu: &Element) -> bool {
    // A browser that knows no popover shows none.
    menu.matches(":popover-open").unwrap_or(false)
}

/// Whether it is a plain press: with a key held the browser does what it always does with a link.
fn is_plain(event: &MouseEvent) -> bool {
    !(event.default_prevented() || event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key())
}

/// What of this kind was pressed, or something in it.
fn closest(event: &Event, what: &str) -> Option<Element> {
    event.target()?.dyn_into::<Element>().ok()?.closest(what).ok().flatten()
}

fn dots_of(event: &Event) -> Option<HtmlElement> {
    closest(event, ".dots").and_then(|dots| dots.dyn_into().ok())
}

/// A method that not every browser has.
fn method(of: &JsValue, name: &str) -> Option<Function> {
    Reflect::get(of, &name.into()).ok()?.dyn_into().ok()
}
