//! Plain forms, sent without leaving the page: the server's answer says which page comes next and what the form left for it. A page
//! needs to know nothing of it; without script its forms do the same by themselves.

use super::call::{fields_of, post};
use crate::domain::error::UseCaseError;
use crate::ui::pages::table::{PageGroup, page_at};
use crate::view_models::{FORM_ANSWER, Flash, FormAnswer};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::server_fn::Decodes;
use leptos::server_fn::codec::JsonEncoding;
use leptos::server_fn::error::FromServerFnError;
use leptos::server_fn::response::ClientRes;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{HtmlElement, HtmlFormElement};
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate};
use std::time::Duration;

/// A form on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentForm {
    action: String,
    body: String,
}

/// What waits until its person has signed in again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Interrupted {
    /// Nothing, where somebody only wants to sign in again.
    pub form: Option<SentForm>,
    /// They are signed in, but for too long to do this.
    pub is_in: bool,
}

/// What forms that are sent in place have to say to the rest of the app.
#[derive(Clone, Copy, Debug)]
pub struct InPlace {
    /// Goes up when the page of the address is to be asked for anew.
    version: RwSignal<u32>,
    /// Goes up when a form was done whose page is the one that stands here.
    done: RwSignal<u32>,
    /// What the last form left, until its page has come.
    flash: StoredValue<Option<Flash>>,
    /// Why the last form did not reach its page at all.
    pub problem: RwSignal<Option<UseCaseError>>,
    /// What waits until its person has signed in again.
    pub waiting: RwSignal<Option<Interrupted>>,
    /// Of which address the document is, until its page has come alive. Only of pages with a file of their own: the others do at once.
    served: StoredValue<Option<String>>,
}

impl InPlace {
    /// For the whole app.
    pub fn provide() -> Self {
        let made = Self {
            version: RwSignal::new(0),
            done: RwSignal::new(0),
            flash: StoredValue::new(None),
            problem: RwSignal::new(None),
            waiting: RwSignal::new(None),
            served: StoredValue::new(None),
        };
        provide_context(made);
        made
    }

    /// Remembers of which address the document is. Called once, where the router is known, before anything can be pressed.
    pub fn remember_served(self) {
        self.served.set_value(Some(here()).filter(|address| !is_of_main(address)));
    }

    /// Whether something was pressed between the document and its page, whose file came later: then what the document says is no
    /// longer what stands at the address. Asked once, by the page as it comes alive.
    pub fn was_passed_by() -> bool {
        let Some(in_place) = use_context::<Self>() else { return false };
        let served = in_place.served.try_update_value(Option::take).flatten();
        served.is_some_and(|served| served != here() || in_place.version.get_untracked() > 0)
    }

    /// Asks to sign in again, although no form waits.
    pub fn ask_to_sign_in(self) {
        self.waiting.set(Some(Interrupted { form: None, is_in: false }));
    }

    /// How often the page of an address has been asked for anew; whoever reads it asks again when it changes.
    pub fn version() -> u32 {
        use_context::<Self>().map(|in_place| in_place.version.get()).unwrap_or_default()
    }

    /// How often something was done here; what was refused was not.
    pub fn times_done() -> u32 {
        use_context::<Self>().map(|in_place| in_place.done.get()).unwrap_or_default()
    }

    /// Asks for the page anew that stands here, if somebody still looks at it.
    pub fn ask_again(self) {
        self.version.try_update(|version| *version += 1);
    }

    /// What a form left for the page of an address, to be taken once.
    pub fn take_flash(page: &str) -> Option<Flash> {
        let flash = use_context::<Self>()?.flash;
        flash.try_update_value(|flash| flash.take_if(|flash| flash.page == page)).flatten()
    }

    /// What becomes of a form's answer. Made where the router is known.
    pub fn finish(self) -> impl Fn(Result<FormAnswer, UseCaseError>, &SentForm) + Clone {
        let navigate = use_navigate();
        let left = use_context::<StoredValue<Option<Flash>>>();
        move |answer, sent| match answer {
            Ok(FormAnswer { to, flash }) => {
                self.problem.set(None);
                self.waiting.set(None);
                let is_done = flash.refusal.is_none();
                match (left, is_of_main(&to)) {
                    (Some(left), true) => left.set_value(Some(flash)),
                    _ => self.flash.set_value(Some(flash)),
                }
                self.go(&navigate, &to, is_done);
            }
            Err(refusal @ (UseCaseError::SignInFirst | UseCaseError::PasswordFirst)) => {
                let is_in = refusal == UseCaseError::PasswordFirst;
                self.waiting.set(Some(Interrupted { form: Some(sent.clone()), is_in }));
            }
            Err(refusal) => self.problem.set(Some(refusal)),
        }
    }

    fn go(self, navigate: &impl Fn(&str, NavigateOptions), to: &str, is_done: bool) {
        let here = window().location();
        let (path, query) = (here.pathname().unwrap_or_default(), here.search().unwrap_or_default());
        let next = to.split('?').next().unwrap_or_default();
        if to == format!("{path}{query}") {
            self.version.update(|version| *version += 1);
            self.done.update(|times| *times += u32::from(is_done));
        } else if page_at(next).is_some() {
            // Where a question was, its answer is: Back does not ask it again. From a list Back leads to the list.
            let replace = next == path || query.split(['?', '&']).any(|field| field.starts_with("do="));
            navigate(to, NavigateOptions { replace, scroll: next != path, ..NavigateOptions::default() });
        } else {
            let _ = here.set_href(to);
        }
    }

    /// Takes over what a form of the app sends, unless something else did, or its button names another place for it.
    pub fn submit(self) -> impl Fn(SubmitEvent) {
        let navigate = use_navigate();
        let finish = self.finish();
        move |event: SubmitEvent| {
            let button = event.submitter();
            let of_button = |name: &str| button.as_ref().and_then(|button| button.get_attribute(name));
            let Some(form) = event.target().and_then(|form| form.dyn_into::<HtmlFormElement>().ok()) else { return };
            let goes_elsewhere = form.has_attribute("target") || of_button("formtarget").is_some();
            if event.default_prevented() || goes_elsewhere {
                return;
            }
            let here = window().location().pathname().unwrap_or_default();
            let action = of_button("formaction").or_else(|| form.get_attribute("action")).unwrap_or(here);
            let is_write = form.get_attribute("method").is_some_and(|method| method.eq_ignore_ascii_case("post"));
            let Some(body) = fields_of(&event) else { return };
            if !is_write {
                if page_at(&action).is_some() {
                    event.prevent_default();
                    let address = if body.is_empty() { action } else { format!("{action}?{body}") };
                    navigate(&address, NavigateOptions { scroll: false, ..NavigateOptions::default() });
                }
                return;
            }
            if !action.starts_with("/api/") {
                return;
            }
            event.prevent_default();
            if form.has_attribute("data-sent") {
                return;
            }
            hold(&form, button);
            let (finish, sent) = (finish.clone(), SentForm { action, body });
            spawn_local(async move {
                let answer = send(&sent).await;
                release(&form);
                let is_done = answer.as_ref().is_ok_and(|answer| answer.flash.refusal.is_none());
                // What keeps its own fields empties them itself.
                if is_done && !form.has_attribute("data-kept") {
                    let _ = form.set_attribute(DONE, "");
                }
                finish(answer, &sent);
            });
        }
    }
}

/// Stands on a form that was done until the page has come that tells so.
const DONE: &str = "data-was-done";

/// Takes what was typed out of forms that were done, once the page has come that tells so. Elements stay where a page comes in place of
/// itself or of its like, and keep what was typed into them: here they show what the page says, as they do where it is loaded.
pub fn clear_done() {
    let clear = || {
        let done = || document().query_selector(&format!("form[{DONE}]")).ok().flatten();
        while let Some(form) = done() {
            let _ = form.remove_attribute(DONE);
            if let Ok(form) = form.dyn_into::<HtmlFormElement>() {
                form.reset();
            }
        }
    };
    Effect::new(move || set_timeout(clear, Duration::ZERO));
}

/// The address at which the app stands.
fn here() -> String {
    let location = use_location();
    let (path, query) = (location.pathname.get_untracked(), location.search.get_untracked());
    if query.is_empty() { path } else { format!("{path}?{query}") }
}

/// Whether the page of an address reads by itself what was left for it; to the others it comes with their data.
fn is_of_main(address: &str) -> bool {
    let path = address.split('?').next().unwrap_or_default();
    page_at(path).is_some_and(|(page, _)| page.group == PageGroup::Main)
}

/// Until it is answered, a form is not sent again; what takes longer shows that it goes on.
fn hold(form: &HtmlFormElement, button: Option<HtmlElement>) {
    let _ = form.set_attribute("data-sent", "");
    let form = form.clone();
    let show = move || {
        if let Some(button) = button.filter(|_| form.has_attribute("data-sent")) {
            let _ = button.set_attribute("aria-busy", "true");
        }
    };
    set_timeout(show, Duration::from_millis(300));
}

fn release(form: &HtmlFormElement) {
    let _ = form.remove_attribute("data-sent");
    if let Ok(Some(button)) = form.query_selector("[aria-busy]") {
        let _ = button.remove_attribute("aria-busy");
    }
}

/// Sends a form to a server function.
///
/// # Errors
/// [`UseCaseError::SignInFirst`] when the session has ended, [`UseCaseError::PasswordFirst`] when it began too long ago, [`UseCaseError::Offline`] when nothing was reached, and whatever else
/// stands in front of the function. What the function itself refuses is part of the answer.
pub async fn send(form: &SentForm) -> Result<FormAnswer, UseCaseError> {
    let answer = post(&form.action, FORM_ANSWER, form.body.clone()).await?;
    let bytes = ClientRes::<UseCaseError>::try_into_bytes(answer).await?;
    let read: Result<FormAnswer, _> = JsonEncoding::decode(bytes.clone());
    read.map_err(|_| UseCaseError::de(bytes))
}

/// Signs in at the door with the fields of its form, without leaving the page.
///
/// # Errors
/// [`UseCaseError::WrongCredentials`] when the door stays shut, whatever the reason, [`UseCaseError::TooMany`] when it rests.
pub async fn sign_in(body: String) -> Result<(), UseCaseError> {
    let answer = post("/sign-in", "text/html", body).await?;
    match ClientRes::<UseCaseError>::status(&answer) {
        200..400 => Ok(()),
        429 => Err(UseCaseError::TooMany { seconds: 60 }),
        _ => Err(UseCaseError::WrongCredentials),
    }
}
