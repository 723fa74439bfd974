//! What the browser adds to the form: it sends it without leaving the page and puts the new result in the place of the old
//! one, so that the fields below keep their values, the focus and what is being typed. All of it works without this, too.

use super::form::summary;
use crate::domain::error::UseCaseError;
use crate::domain::invitation::PERSONAL_TEXT_LIMIT;
use crate::domain::listing::{escape, query_value};
use crate::server_fns::invitations::Invite;
use crate::server_fns::written::written_page;
use crate::ui::components::Skeleton;
use crate::ui::pages::error::RefusedPage;
use crate::ui::session::words;
use leptos::ev::{Event, FocusEvent, KeyboardEvent, SubmitEvent};
use leptos::form::form_data_from_event;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos::server_fn::client::Client;
use leptos::server_fn::error::FromServerFnError;
use leptos::server_fn::request::ClientReq;
use leptos::server_fn::response::ClientRes;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Element, HtmlElement, HtmlTextAreaElement, InputEvent, UrlSearchParams};
use leptos_meta::Title;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate};
use std::time::Duration;

const ADDRESS: &str = "/users/invite";

/// The rows that go if the form is sent as it stands.
const GOES: &str = r#":has([name$="[address]"]:is([type=hidden],:checked)):not(:has([name$="[dropped]"]:checked))"#;

/// The frame of the page: what the server wrote, and whoever listens to it.
pub fn page() -> impl IntoView {
    let words = words();
    let location = use_location();
    let here = Memo::new(move |last: Option<&String>| match last {
        // Leaving the page changes the address too, but there is nothing to ask for then.
        Some(last) if location.pathname.with(|path| path != ADDRESS) => last.clone(),
        _ => location.search.with(|search| address(search)),
    });
    // The form in the page. One that came with an answer stands there already; one from the history is asked for.
    let known = StoredValue::new(here.get_untracked());
    let asked = RwSignal::new((0, here.get_untracked()));
    Effect::new(move || {
        let here = here.get();
        if known.get_value() != here {
            known.set_value(here.clone());
            asked.update(|asked| *asked = (asked.0 + 1, here));
        }
    });
    let html = Resource::new(move || asked.get(), |(_, address)| written_page(address));
    Effect::new(move || {
        let again =
            html.with(|page| page.as_ref().and_then(|page| page.as_ref().ok()).and_then(|page| seconds(&page.html)));
        if let Some(seconds) = again {
            set_timeout(move || look_again(asked), Duration::from_secs(seconds));
        }
    });
    let refused = RwSignal::new(None::<UseCaseError>);
    // Beside the form as it stands: whatever was typed, however much, is still in it.
    let why_not = move || {
        refused.get().map(|refusal| {
            // Whoever pressed a button far below comes to where it is said.
            set_timeout(to_the_refusal, Duration::ZERO);
            view! { <div id="why-not">{summary(&refusal)}</div> }
        })
    };
    let submit = submit(known, refused);
    let pointer = StoredValue::new(Pointer::Up);
    view! {
        <Title text=words.invite_title() />
        <div
            class="stack"
            on:submit=submit
            on:input=typed
            on:keydown=pressed
            on:change=answered
            on:focusout=move |event| left(&event, pointer)
            on:pointerdown=move |_| pointer.set_value(Pointer::Down)
            on:pointerup=move |_| lifted(pointer)
            on:pointercancel=move |_| lifted(pointer)
        >
            {why_not}
            <Transition fallback=move || view! { <Skeleton rows=6 label=words.invite_title() /> }>
                {move || Suspend::new(async move {
                    match html.await {
                        // Made anew even from the same HTML: what was ticked belongs to rows that may have gone.
                        Ok(page) => {
                            (move || view! { <div class="stack" inner_html=page.html.clone()></div> }).into_any()
                        }
                        Err(refusal) => view! { <RefusedPage refusal=refusal /> }.into_any(),
                    }
                })}
            </Transition>
        </div>
    }
}

/// The address of the form: its draft, the unit that it begins with, and what is looked for among the units.
fn address(search: &str) -> String {
    let part = |name| query_value(search, name).map(|value| format!("{name}={}", escape(&value)));
    let parts: Vec<String> = ["draft", "unit", "find"].into_iter().filter_map(part).collect();
    if parts.is_empty() { ADDRESS.into() } else { format!("{ADDRESS}?{}", parts.join("&")) }
}

/// Sends the form by script.
fn submit(known: StoredValue<String>, refused: RwSignal<Option<UseCaseError>>) -> impl Fn(SubmitEvent) {
    let navigate = use_navigate();
    let latest = StoredValue::new(0);
    move |event: SubmitEvent| {
        // What is taken back or hurried is a form of its own: its buttons name where it goes.
        let goes_elsewhere = event.submitter().is_some_and(|button| button.has_attribute("formaction"));
        let Some(body) = body_of(&event).filter(|_| !goes_elsewhere) else { return };
        event.prevent_default();
        let number = latest.get_value() + 1;
        latest.set_value(number);
        let button = event.submitter();
        let is_check =
            button.as_ref().is_some_and(|button| button.get_attribute("name").as_deref() == Some("only_check"));
        let given = element::<HtmlTextAreaElement>("addresses").map(|field| field.value()).unwrap_or_default();
        let hold = move |is_held| {
            if let Some(send) = element::<HtmlElement>("send").filter(|_| !is_check) {
                let _ = send.toggle_attribute_with_force("disabled", is_held);
            }
        };
        hold(true);
        let navigate = navigate.clone();
        spawn_local(async move {
            let answer = send(body).await;
            hold(false);
            // Something newer is on its way, and knows of all that this one did.
            if latest.get_value() != number {
                return;
            }
            refused.set(answer.as_ref().err().cloned());
            let Ok(address) = answer else { return };
            match written_page(address.clone()).await {
                // The whole page is another one: it is asked for when the address has changed.
                Ok(page) if seconds(&page.html).is_some() => navigate(&address, NavigateOptions::default()),
                Ok(page) => {
                    show(&page.html, &given);
                    known.set_value(address.clone());
                    navigate(&address, NavigateOptions { scroll: false, ..NavigateOptions::default() });
                }
                Err(_) => {
                    let _ = window().location().set_href(&address);
                }
            }
        });
    }
}

/// The fields as the browser would send them, with the button that was pressed.
fn body_of(event: &SubmitEvent) -> Option<String> {
    let fields = form_data_from_event(event).ok()?;
    UrlSearchParams::new_with_str_sequence_sequence(&fields).ok()?.to_string().as_string()
}

/// The address of the answer, or why there is none.
async fn send(body: String) -> Result<String, UseCaseError> {
    type Browser = <Invite as ServerFn>::Client;
    type Request = <Browser as Client<UseCaseError>>::Request;
    let form = "application/x-www-form-urlencoded";
    let request: Result<Request, UseCaseError> = Request::try_new_post(Invite::PATH, form, "application/json", body);
    let answer = <Browser as Client<UseCaseError>>::send(request?).await?;
    if ClientRes::<UseCaseError>::has_redirect(&answer) {
        return Ok(ClientRes::<UseCaseError>::location(&answer));
    }
    Err(UseCaseError::de(ClientRes::<UseCaseError>::try_into_bytes(answer).await?))
}

/// A page that the server wrote, to take parts of it; nothing of it is shown by that.
fn parsed(html: &str) -> Option<Element> {
    let page = document().create_element("div").ok()?;
    page.set_inner_html(html);
    Some(page)
}

/// Puts the new result in the place of the old one, and takes out of the text field what has become rows.
fn show(html: &str, given: &str) {
    let Some(page) = parsed(html) else { return };
    if let (Some(old), Ok(Some(new))) = (element::<Element>("result"), page.query_selector("#result")) {
        let _ = old.replace_with_with_node_1(&new);
    }
    if let (Some(old), Ok(Some(new))) = (element::<Element>("news"), page.query_selector("#news")) {
        old.set_text_content(new.text_content().as_deref());
    }
    recount();
    if let Some(field) = element::<HtmlTextAreaElement>("addresses") {
        let text = field.value();
        field.set_value(text.strip_prefix(given).unwrap_or(&text));
    }
    // Whoever has gone on to another field stays there; everybody else sees the rows.
    let is_elsewhere =
        document().active_element().is_some_and(|field| matches(&field, "#role input,select,#personal_text"));
    if !is_elsewhere {
        window().scroll_to_with_x_and_y(0.0, 0.0);
    }
}

/// After how many seconds a page wants to be looked at again, while a job is at what it shows.
fn seconds(html: &str) -> Option<u64> {
    let (_, behind) = html.split_once("data-again=\"")?;
    behind.split_once('"')?.0.parse().ok()
}

/// Looks how far the job is. As long as it is at it, only that is written anew, so that nobody loses their place in the page.
fn look_again(asked: RwSignal<(i32, String)>) {
    let Some((_, address)) = asked.try_get_untracked() else { return };
    spawn_local(async move {
        let page = written_page(address.clone()).await;
        // Whoever has gone on to another page wants to know nothing more of this one.
        if asked.try_get_untracked().is_none_or(|(_, now)| now != address) || element::<Element>("result").is_some() {
            return;
        }
        let again = match &page {
            Ok(page) => seconds(&page.html).filter(|_| element::<Element>("progress").is_some()),
            // Not reached: it goes on all the same.
            Err(UseCaseError::Offline) => Some(5),
            Err(_) => None,
        };
        match again {
            Some(seconds) => {
                if let Ok(page) = page {
                    show_progress(&page.html);
                }
                set_timeout(move || look_again(asked), Duration::from_secs(seconds));
            }
            None => {
                asked.try_update(|asked| asked.0 += 1);
            }
        }
    });
}

fn show_progress(html: &str) {
    let Some(page) = parsed(html) else { return };
    if let (Some(old), Ok(Some(new))) = (element::<Element>("progress"), page.query_selector("#progress")) {
        for name in ["value", "max", "aria-label"] {
            let _ = old.set_attribute(name, &new.get_attribute(name).unwrap_or_default());
        }
    }
    if let (Some(old), Ok(Some(new))) = (element::<Element>("how-far"), page.query_selector("#how-far")) {
        old.set_text_content(new.text_content().as_deref());
    }
}

/// Counts on the main button who would go now.
fn recount() {
    let words = words();
    let list = document().query_selector("ul.review").ok().flatten();
    let rows =
        std::iter::successors(list.as_ref().and_then(Element::first_element_child), Element::next_element_sibling);
    // Those that are kept and not shown go, or stay, with these.
    let more = |name| list.as_ref().and_then(|list| list.get_attribute(name)?.parse().ok()).unwrap_or(0);
    let (mut ready, mut stay) = (more("data-ready"), more("data-stay"));
    for row in rows {
        *if matches(&row, GOES) { &mut ready } else { &mut stay } += 1;
    }
    write("send-label", &words.invite_send(ready));
    write("stay", &if stay == 0 { String::new() } else { words.invite_stay(stay) });
}

fn answered(event: Event) {
    if matches(&event_target(&event), ".review *") {
        recount();
    }
}

fn typed(event: Event) {
    let field: HtmlElement = event_target(&event);
    if field.id() == "personal_text" {
        let length = event_target_value(&event).chars().count();
        write("text-length", &words().invite_text_length(length, PERSONAL_TEXT_LIMIT));
    }
    // What was pasted is looked at without being asked.
    let is_pasted = event.dyn_ref::<InputEvent>().is_some_and(|event| event.input_type() == "insertFromPaste");
    if field.id() == "addresses" && is_pasted {
        press_check();
    }
}

/// Where the pointer is: rows that appear while it is down would push away what is being pressed.
#[derive(Clone, Copy, PartialEq)]
enum Pointer {
    Up,
    Down,
    /// Down, and there is something to look at when it comes up.
    Awaited,
}

fn lifted(pointer: StoredValue<Pointer>) {
    if pointer.get_value() == Pointer::Awaited {
        // Behind the click that comes of it.
        set_timeout(press_check, Duration::ZERO);
    }
    pointer.set_value(Pointer::Up);
}

/// What was typed is looked at when its field is left for another one; on the way to a button, that button says what happens.
fn left(event: &FocusEvent, pointer: StoredValue<Pointer>) {
    let field: Element = event_target(event);
    let next = event.related_target().and_then(|next| next.dyn_into::<Element>().ok());
    let is_field = next.is_some_and(|next| matches(&next, "form :is(input,select,textarea)"));
    if field.id() != "addresses" || !is_field || event_target_value(event).trim().is_empty() {
        return;
    }
    match pointer.get_value() {
        Pointer::Up => press_check(),
        Pointer::Down | Pointer::Awaited => pointer.set_value(Pointer::Awaited),
    }
}

fn to_the_refusal() {
    if let Ok(Some(notice)) = document().query_selector("#why-not [tabindex]")
        && let Ok(notice) = notice.dyn_into::<HtmlElement>()
    {
        let _ = notice.focus();
    }
}

/// Enter behind one address sends it (rule 5), as do Ctrl and Enter behind whatever stands there; a line of its own is begun
/// with Shift. Where several lines are typed, Enter goes on to the next one.
fn pressed(event: KeyboardEvent) {
    let field: Element = event_target(&event);
    if event.key() != "Enter" || event.shift_key() || event.is_composing() || field.id() != "addresses" {
        return;
    }
    let text = event_target_value(&event);
    let is_one = !text.trim().is_empty() && !text.trim_end().contains('\n');
    if (is_one || event.ctrl_key() || event.meta_key())
        && let Some(button) = element::<HtmlElement>("send")
    {
        event.prevent_default();
        button.click();
    }
}

fn press_check() {
    if let Some(button) = element::<HtmlElement>("check") {
        button.click();
    }
}

fn element<T: JsCast>(id: &str) -> Option<T> {
    document().get_element_by_id(id)?.dyn_into().ok()
}

fn matches(element: &Element, which: &str) -> bool {
    element.matches(which).unwrap_or(false)
}

fn write(id: &str, text: &str) {
    if let Some(element) = element::<Element>(id) {
        element.set_text_content(Some(text));
    }
}
