//! What is done to people without leaving the table: the question that the card asks at an address of its own, over the table, and
//! a bar that says what was done and takes it back. It lies where the card lies, in a file that is fetched when it is needed.

use super::menu::{RowDeeds, RowQuestion, asked_by, closest, is_plain, method};
use crate::domain::error::UseCaseError;
use crate::domain::handing::HandedLink;
use crate::domain::id::UserId;
use crate::domain::listing::query_value;
use crate::domain::policy::Place;
use crate::domain::proposal::ProposalOutcome;
use crate::domain::user::{Status, UserAction};
use crate::server_fns::invitations::CopyLink;
use crate::server_fns::users::user_question;
use crate::ui::components::{CopyField, Dialog, ErrorSummary, Icon, StatusBar};
use crate::ui::forms::call::{call, encoded, fields_of};
use crate::ui::pages::lazy::NotLoaded;
use crate::ui::pages::parts::{ask_hand, handed, why_not_with};
use crate::ui::pages::user::{QuestionContext, ask, ask_address, form_of, is_handed};
use crate::ui::session::{endings, now_resent, vocabulary, words};
use crate::view_models::{OpenOffer, UserQuestion, UserSummary};
use crate::words::Language;
use leptos::ev::{MouseEvent, SubmitEvent};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::closure::Closure;
use leptos::wasm_bindgen::{JsCast, JsValue};
use leptos::wasm_split::wasm_split;
use leptos::web_sys::Element;
use leptos::web_sys::js_sys::{Promise, Reflect};

/// Asks before a deed, as soon as the file has come.
#[wasm_split(rest, wasm_split_path = ::leptos::wasm_split, fallible, preload(load_questions))]
pub fn ask_about(deeds: RowDeeds, question: RowQuestion, id: UserId) -> Result<(), NotLoaded> {
    fetch(deeds, question, id);
    Ok(())
}

/// What takes a deed back.
#[derive(Clone)]
struct Back {
    action: UserAction,
    user: UserSummary,
    fields: Vec<(String, String)>,
}

fn fetch(deeds: RowDeeds, question: RowQuestion, id: UserId) {
    let number = deeds.newest.get_value() + 1;
    deeds.newest.set_value(number);
    spawn_local(async move {
        let facts = user_question(id).await;
        // Whoever has left the page, or asks something newer, is not interrupted.
        if deeds.newest.try_get_value() != Some(number) {
            return;
        }
        match facts {
            // What is shown once is shown on the card.
            Ok(facts) if question == RowQuestion::Of(UserAction::ResetPassword) && is_handed(&facts.user) => {
                let card = format!("/users/{}?do={}", facts.user.id, UserAction::ResetPassword.code());
                let _ = window().location().set_href(&card);
            }
            Ok(facts) => match link_offer(question, &facts) {
                Some(offer) => copy_link(deeds, offer.clone(), facts),
                None => open(deeds, question, facts),
            },
            Err(refusal) => refuse(deeds, &refusal),
        }
    });
}

/// Shows a question; its words, fields and buttons are those of the card.
fn open(deeds: RowDeeds, question: RowQuestion, facts: UserQuestion) {
    let RowDeeds { refused, link, .. } = deeds;
    refused.set(None);
    link.set(None);
    let view = move || {
        let (shown, asked, sent) = (facts.clone(), facts.clone(), facts.clone());
        let inside = move || match link.get() {
            Some(link) => Some(shown_link(&shown, link)),
            None => match question {
                RowQuestion::Of(action) => {
                    ask(action, &asked, QuestionContext { refused: Some(refused), ..QuestionContext::default() })
                }
                RowQuestion::Address => ask_address(&asked, Some(refused)),
                RowQuestion::Hand(way) => ask_hand(&asked, way),
            },
        };
        let id = facts.user.id.clone();
        let clicked = move |event: MouseEvent| {
            let Some(link) = closest(&event, "a").filter(|_| is_plain(&event)) else { return };
            if link.has_attribute("data-cancel") {
                event.prevent_default();
                close(deeds);
            } else if let Some(question) = asked_by(&link) {
                event.prevent_default();
                fetch(deeds, question, id.clone());
            }
        };
        let submitted = move |event: SubmitEvent| submit(deeds, question, &sent, &event);
        view! {
            <div on:click=clicked on:submit=submitted>
                {inside}
            </div>
        }
        .into_any()
    };
    deeds.dialog.set(Some(view.into()));
}

/// The invitation whose link is asked for, where it can be had: that is done at once.
fn link_offer(question: RowQuestion, facts: &UserQuestion) -> Option<&OpenOffer> {
    let offer = facts.offers.first().filter(|_| question == RowQuestion::Of(UserAction::CopyLink))?;
    why_not_with(UserAction::CopyLink, offer).is_none().then_some(offer)
}

/// Copies a link, and says so; where the browser lets nothing be copied, it shows the link in a box.
fn copy_link(deeds: RowDeeds, offer: OpenOffer, facts: UserQuestion) {
    if deeds.is_busy.get_value() {
        return;
    }
    deeds.is_busy.set_value(true);
    spawn_local(async move {
        let fields = [("id".into(), offer.id.to_string()), ("revision".into(), offer.revision.as_str().into())];
        let answer = call(CopyLink::PATH, encoded(&fields)).await;
        if deeds.is_busy.try_set_value(false).is_some() {
            return;
        }
        match answer.map(|answer| answer.read::<String>()) {
            Ok(Some(link)) => {
                let (text, shown) = (deeds.words.link_copied(facts.user.title()), link.clone());
                into_clipboard(
                    &link,
                    Callback::new(move |is_copied: bool| match is_copied {
                        true => tell(deeds, text.clone(), None),
                        false => {
                            open(deeds, RowQuestion::Of(UserAction::CopyLink), facts.clone());
                            deeds.link.set(Some(shown.clone()));
                        }
                    }),
                );
            }
            Ok(None) => refuse(deeds, &UseCaseError::Busy),
            Err(refusal) => refuse(deeds, &refusal),
        }
    });
}

/// Puts a text into the clipboard, and says whether that was let happen.
fn into_clipboard(text: &str, done: Callback<bool>) {
    let part = |of: &JsValue, name: &str| Reflect::get(of, &name.into()).unwrap_or_default();
    let clipboard = part(&part(&window(), "navigator"), "clipboard");
    let write = method(&clipboard, "writeText").and_then(|write| write.call1(&clipboard, &text.into()).ok());
    let Some(promise) = write.and_then(|written| written.dyn_into::<Promise>().ok()) else {
        done.run(false);
        return;
    };
    // Whoever has left the page meanwhile hears nothing.
    let is = move |is_copied: bool| {
        Closure::once(move |_: JsValue| {
            done.try_run(is_copied);
        })
    };
    let (copied, refused) = (is(true), is(false));
    let _ = promise.then2(&copied, &refused);
    copied.forget();
    refused.forget();
}

fn close(deeds: RowDeeds) {
    deeds.newest.update_value(|newest| *newest += 1);
    deeds.dialog.set(None);
}

/// Sends the question's form. A refusal is said in the dialog, where everything stays as it was typed.
fn submit(deeds: RowDeeds, question: RowQuestion, facts: &UserQuestion, event: &SubmitEvent) {
    let RowDeeds { refused, words, .. } = deeds;
    let form = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    // A letter is a page of its own: the browser opens it.
    if form.as_ref().is_some_and(|form| form.has_attribute("target")) {
        return close(deeds);
    }
    event.prevent_default();
    let path = form.and_then(|form| form.get_attribute("action"));
    let (Some(path), Some(fields), false) = (path, fields_of(event), deeds.is_busy.get_value()) else { return };
    deeds.is_busy.set_value(true);
    let (back, user) = (back_from(question, facts, &fields), facts.user.clone());
    let is_kept = facts.kept_until.is_some();
    spawn_local(async move {
        let answer = call(&path, fields).await;
        if deeds.is_busy.try_set_value(false).is_some() {
            return;
        }
        match answer {
            Err(refusal) => {
                // Said anew even where it is the same again.
                refused.set(None);
                refused.set(Some(refusal));
            }
            // What was asked for takes the place of its question.
            Ok(answer) if matches!(question, RowQuestion::Hand(_)) => deeds.link.set(answer.read::<String>()),
            Ok(answer) => {
                let is_proposed = question == RowQuestion::Of(UserAction::ChangeRole)
                    && answer.read::<ProposalOutcome>() == Some(ProposalOutcome::Proposed);
                let text = match is_proposed {
                    true => words.access_proposed().to_string(),
                    false if is_kept && question == RowQuestion::Of(UserAction::Delete) => {
                        words.now_binned(user.title())
                    }
                    false => done(words, question, &user),
                };
                close(deeds);
                tell(deeds, text, back.filter(|_| !is_proposed));
                deeds.found.refetch();
            }
        }
    });
}

/// Takes the last deed back, as the person stands now.
fn take_back(deeds: RowDeeds, back: Back) {
    let Some(path) = form_of(back.action).filter(|_| !deeds.is_busy.get_value()) else { return };
    deeds.is_busy.set_value(true);
    spawn_local(async move {
        let answer = match user_question(back.user.id.clone()).await {
            Ok(facts) => {
                let mut fields = back.fields.clone();
                fields.push(("id".into(), back.user.id.to_string()));
                fields.push(("revision".into(), facts.revision.as_str().into()));
                call(path, encoded(&fields)).await.map(|_| ())
            }
            Err(refusal) => Err(refusal),
        };
        if deeds.is_busy.try_set_value(false).is_some() {
            return;
        }
        match answer {
            Ok(()) => {
                tell(deeds, done(deeds.words, RowQuestion::Of(back.action), &back.user), None);
                deeds.found.refetch();
            }
            Err(refusal) => refuse(deeds, &refusal),
        }
    });
}

fn refuse(deeds: RowDeeds, refusal: &UseCaseError) {
    let text = deeds.words.refusal(refusal);
    deeds.told.set(Some((move || view! { <ErrorSummary title=text.clone() /> }.into_any()).into()));
}

/// Says what was done, with the way back where there is one.
fn tell(deeds: RowDeeds, text: String, back: Option<Back>) {
    let view = move || {
        let words = deeds.words;
        let undo = back.clone().map(|back| {
            view! {
                <button type="button" class="button" data-focus="" on:click=move |_| take_back(deeds, back.clone())>
                    <Icon name="undo" />
                    {words.undo()}
                </button>
            }
        });
        let focus = back.is_none().then_some("");
        view! {
            <StatusBar text=text.clone()>
                {undo}
                <button type="button" class="button" data-focus=focus on:click=move |_| deeds.told.set(None)>
                    {words.close()}
                </button>
            </StatusBar>
        }
        .into_any()
    };
    deeds.told.set(Some(view.into()));
}

/// The link in the place of the question that asked for it.
fn shown_link(facts: &UserQuestion, link: String) -> AnyView {
    let words = words();
    let label = words.link_for(facts.user.title());
    let name = facts.user.title();
    let (title, inside) = match HandedLink::read(&link) {
        Some(read) => (words.hand_way(read.way).to_string(), handed(read, name)),
        None => {
            let inside = view! {
                <CopyField id="link" label=label.clone() value=link copy=words.copy() copied=words.copied() />
            };
            (label, inside.into_any())
        }
    };
    view! {
        <Dialog id="question" title=title>
            {inside}
            <div class="actions">
                <a class="button" href="/users" data-cancel="" autofocus=true>
                    {words.close()}
                </a>
            </div>
        </Dialog>
    }
    .into_any()
}

/// What is said of a deed that was done.
fn done(words: Language, question: RowQuestion, user: &UserSummary) -> String {
    let RowQuestion::Of(action) = question else { return words.address_fixed().into() };
    match action {
        UserAction::Block => words.now_blocked(vocabulary(), user.title()),
        UserAction::Unblock => words.now_unblocked(vocabulary()).into(),
        UserAction::ChangeRole => words.role_changed().into(),
        UserAction::ResetPassword => words.reset_sent().into(),
        UserAction::Report => words.report_on_its_way().into(),
        UserAction::Resend if user.status == Status::NotInvited => words.now_invited().into(),
        UserAction::Resend => now_resent().into(),
        UserAction::Remind => words.now_reminded().into(),
        UserAction::Withdraw => words.now_withdrawn().into(),
        UserAction::Archive => words.now_archived().into(),
        UserAction::BringBack => words.now_back().into(),
        UserAction::Delete => words.user_deleted().into(),
        _ => words.saved().into(),
    }
}

/// What takes this deed back, where something does.
fn back_from(question: RowQuestion, facts: &UserQuestion, fields: &str) -> Option<Back> {
    let RowQuestion::Of(action) = question else { return None };
    let (action, fields) = match action {
        UserAction::ChangeRole => {
            let unit = query_value(fields, "unit")?;
            let before = facts.user.held.iter().find(|held| held.place.unit.id().as_str() == unit)?;
            (UserAction::ChangeRole, role_fields(&before.place))
        }
        // Whoever was only invited is not kept.
        UserAction::Delete if facts.kept_until.is_none() => return None,
        _ => (endings().taken_back_by(action)?, Vec::new()),
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
