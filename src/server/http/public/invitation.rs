//! The pages of an invitation link. Looking changes nothing, however often and whoever looks (IN-09); the form makes the
//! account.

use super::super::asked::RequestContext;
use super::super::{forms, no_store};
use super::agreements;
use super::mended;
use super::page::{self, Frame};
use super::visit::{LinkParam, Posted, Visit, asked_for, enter_first};
use crate::domain::error::{Conflict, UseCaseError};
use crate::domain::invitation::DeadLink;
use crate::domain::link::LinkKind;
use crate::domain::registration::TypedName;
use crate::server::secrets::ShortLink;
use crate::server::use_cases::accept::{self, Registration};
use crate::ui::public::{
    DeadInvitation, DeadInvitationPage, DeclinePage, DeclinedPage, FormOutcome, JoinPage, LetterCodePage,
    OtherAccountPage, RenewedPage, Typed, registration, spoken,
};
use crate::view_models::{LinkView, OpenInvitation};
use crate::words::Language;
use axum::extract::RawQuery;
use axum::http::{Method, StatusCode, Uri};
use axum::response::{IntoResponse, Redirect, Response};
use axum::{Extension, Json};
use leptos::prelude::*;
use serde::Deserialize;
use serde::de::IgnoredAny;

/// Which page of a link that was handed over its holder wants; a genuine link decides by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum HandedPage {
    First,
    /// They say that they have an account.
    Account,
    /// A code was sent.
    Code,
}

/// The page of a link; `?account=` where its holder says that they have one, `?code=` once a code was sent.
pub async fn show(visit: Visit, LinkParam(link): LinkParam, uri: Uri) -> Response {
    if let Some(way) = mended::way(LinkKind::Invitation, &uri) {
        return way;
    }
    let has = |name| asked_for(uri.query(), name).is_some();
    let part = match (has("code"), has("account")) {
        (true, _) => HandedPage::Code,
        (_, true) => HandedPage::Account,
        _ => HandedPage::First,
    };
    shown(&visit, &link, part, None, None).await
}

/// Nothing that we made has this shape. Where a link can be found in it, its page is the one that is meant.
pub async fn damaged(visit: Visit, method: Method, uri: Uri) -> Response {
    let way = mended::way(LinkKind::Invitation, &uri).filter(|_| method != Method::POST);
    match way {
        Some(way) => way,
        None => shown(&visit, "", HandedPage::First, None, None).await,
    }
}

/// Takes a link as it was pasted; whoever comes by the address on a letter is asked for its code.
pub async fn paste(visit: Visit, RawQuery(query): RawQuery) -> Response {
    let typed = asked_for(query.as_deref(), "link");
    if typed.is_none() {
        let language = visit.language();
        return page::render(&frame(&visit, language, language.letter_code_title(), "/i"), None, || {
            view! { <LetterCodePage language=language /> }.into_any()
        });
    }
    // The code of a letter on paper; the door behind it looks whether it is one.
    if let Some(code) = typed.filter(|typed| ShortLink::is_typed_code(typed)) {
        let code: String = code.split_whitespace().collect();
        return Redirect::to(&format!("/s/{code}")).into_response();
    }
    match mended::pasted(LinkKind::Invitation, query.as_deref()) {
        Some(way) => way,
        None => shown(&visit, "", HandedPage::First, None, None).await,
    }
}

/// The fields of the register page. Address, role and organisation are the invitation's own (IN-05).
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegisterForm {
    #[serde(default)]
    name: String,
    /// In its parts, where it is asked for so.
    #[serde(default)]
    first_name: String,
    #[serde(default)]
    last_name: String,
    phone: String,
    /// The number about which the page has asked.
    #[serde(default)]
    phone_meant: String,
    password: String,
    /// Where it is asked for twice.
    #[serde(default)]
    password_again: String,
    /// The boxes that were ticked, each with its version.
    #[serde(default, rename = "user-agreement")]
    user_agreement: Option<String>,
    #[serde(default, rename = "personal-data")]
    personal_data: Option<String>,
    #[serde(default)]
    messages: Option<String>,
    /// The address, which browsers send along for their password managers; nobody reads it.
    #[serde(default, rename = "username")]
    _username: Option<IgnoredAny>,
}

/// Makes the account, signs in, and opens the first page.
pub async fn register(visit: Visit, LinkParam(link): LinkParam, Posted(form): Posted<RegisterForm>) -> Response {
    let language = match accept::look(visit.app(), &link, visit.caller(), visit.chosen).await {
        // Whatever was typed, and whoever has the address: one answer (H-22).
        Ok(LinkView::Open(open)) if open.asks_code => return super::handed::send_code(visit, LinkParam(link)).await,
        Ok(LinkView::Open(open)) => open.language,
        Ok(LinkView::Dead { .. }) => return shown(&visit, &link, HandedPage::First, None, None).await,
        Err(refusal) => return visit.refused(&refusal),
    };
    let ticks = agreements::ticks(&form.user_agreement, &form.personal_data, &form.messages);
    let ticked = ticks.iter().map(|(kind, _)| *kind).collect();
    let name = TypedName { whole: form.name, first: form.first_name, last: form.last_name };
    let typed = Typed { name: name.clone(), phone: form.phone.clone(), ticked };
    let registration = Registration {
        name,
        phone: form.phone,
        phone_meant: form.phone_meant,
        password: form.password.into(),
        password_again: form.password_again.into(),
        language,
        ticks,
    };
    match accept::register(visit.app(), &link, visit.caller(), &registration, &visit.asked.visitor).await {
        Ok(signed_in) => enter_first(&visit, Some(signed_in)).await,
        Err(refusal) => shown(&visit, &link, HandedPage::First, Some(typed), Some(refusal)).await,
    }
}

/// The fields of the page of somebody who has an account; the password is missing where they are signed in.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JoinForm {
    #[serde(default)]
    password: Option<String>,
    #[serde(default, rename = "username")]
    _username: Option<IgnoredAny>,
}

/// Joins with the account that belongs to the address, and opens the first page.
pub async fn join(visit: Visit, LinkParam(link): LinkParam, Posted(form): Posted<JoinForm>) -> Response {
    let password = form.password.map(Into::into);
    let joined = accept::join(visit.app(), &link, visit.caller(), password.as_ref(), &visit.asked.visitor).await;
    match joined {
        Ok(signed_in) => enter_first(&visit, signed_in).await,
        Err(refusal) => {
            let part = if refusal == UseCaseError::Conflict(Conflict::CodeFirst) {
                HandedPage::First
            } else {
                HandedPage::Account
            };
            shown(&visit, &link, part, None, Some(refusal)).await
        }
    }
}

/// Sends a new link to the address of an expired one.
pub async fn renew(visit: Visit, LinkParam(link): LinkParam) -> Response {
    match accept::renew(visit.app(), &link).await {
        Ok(masked) => {
            let language = visit.language();
            visit.page(language.new_link_on_its_way(), &format!("/i/{link}"), None, || {
                view! { <RenewedPage language=language masked=masked /> }.into_any()
            })
        }
        // It still works, or it is dead for another reason: its page says which.
        Err(UseCaseError::DeadLink(_) | UseCaseError::Conflict(_)) => {
            shown(&visit, &link, HandedPage::First, None, None).await
        }
        Err(refusal) => visit.refused(&refusal),
    }
}

/// Asks whoever says that an invitation is not for them.
pub async fn ask_to_decline(visit: Visit, LinkParam(link): LinkParam) -> Response {
    match accept::look(visit.app(), &link, visit.caller(), visit.chosen).await {
        // The holder of a link that was handed over shows first that the address is theirs.
        Ok(LinkView::Open(open)) if open.asks_code => shown(&visit, &link, HandedPage::First, None, None).await,
        Ok(LinkView::Open(open)) => {
            let (language, here) = (open.language, format!("/i/{link}/decline"));
            page::render(&frame(&visit, language, language.not_for_me(), &here), None, || {
                view! {
                    <DeclinePage
                        language=language
                        link=link.clone()
                        inviter=open.inviter
                        inviter_email=open.inviter_email
                    />
                }
                .into_any()
            })
        }
        Ok(LinkView::Dead { why, .. }) => dead_page(&visit, &link, why).await,
        Err(refusal) => visit.refused(&refusal),
    }
}

/// Ends the invitation by the word of whoever got it.
pub async fn decline(visit: Visit, LinkParam(link): LinkParam) -> Response {
    match accept::decline(visit.app(), &link).await {
        Ok(()) => {
            let language = visit.language();
            visit.page(language.declined_thanks(), &format!("/i/{link}"), None, || {
                view! { <DeclinedPage language=language /> }.into_any()
            })
        }
        Err(UseCaseError::DeadLink(_) | UseCaseError::Conflict(_)) => {
            shown(&visit, &link, HandedPage::First, None, None).await
        }
        Err(refusal) => visit.refused(&refusal),
    }
}

/// Notes that a person has begun to fill in the form.
pub async fn opened(Extension(asked): Extension<RequestContext>, LinkParam(link): LinkParam) -> Response {
    match accept::note_opened(&asked.app, &link).await {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(refusal) => forms::refused(&refusal),
    }
}

/// The page that fits the link as things stand.
pub(super) async fn shown(
    visit: &Visit,
    link: &str,
    part: HandedPage,
    typed: Option<Typed>,
    refusal: Option<UseCaseError>,
) -> Response {
    match accept::look(visit.app(), link, visit.caller(), visit.chosen).await {
        Ok(LinkView::Open(open)) => match &open.signed_in_as {
            None if open.asks_code && part == HandedPage::Account => join_page(visit, link, *open, refusal),
            who if open.asks_code && who.as_ref().is_none_or(|who| *who == open.address) => {
                super::handed::page(visit, link, *open, part == HandedPage::Code, refusal)
            }
            _ if open.has_account && open.signed_in_as.as_ref().is_none_or(|who| *who == open.address) => {
                join_page(visit, link, *open, refusal)
            }
            Some(signed_in) if *signed_in == open.address => Redirect::to("/").into_response(),
            Some(signed_in) => other_account(visit, link, &open, signed_in.clone(), refusal.as_ref()),
            None => open_page(visit, link, *open, typed, refusal).await,
        },
        Ok(LinkView::Dead { why, .. }) => dead_page(visit, link, why).await,
        Err(refusal) => visit.refused(&refusal),
    }
}

pub(super) fn frame<'a>(visit: &'a Visit, language: Language, title: &'a str, here: &'a str) -> Frame<'a> {
    Frame { language, ..visit.frame(title, here) }
}

async fn open_page(
    visit: &Visit,
    link: &str,
    open: OpenInvitation,
    typed: Option<Typed>,
    refusal: Option<UseCaseError>,
) -> Response {
    // The invitation's language, unless the visitor chose another.
    let language = open.language;
    let here = format!("/i/{link}");
    let frame = frame(visit, language, language.create_account(), &here);
    // The page changes its language by itself, so it knows the end of the link in each.
    let until = match accept::ends(visit.app(), link).await {
        Ok(until) => until,
        Err(refusal) => return visit.refused(&refusal),
    };
    let said = refusal.as_ref().map(spoken);
    let view = registration(page::organisation_of(&frame), link, open, &until, typed, said);
    page::render_registration(&frame, refusal.as_ref(), view)
}

/// What the form asks while a password is typed.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StrengthForm {
    name: String,
    password: String,
}

/// Says what is wrong with a password, if anything; nothing of it is kept.
pub async fn strength(
    Extension(asked): Extension<RequestContext>,
    LinkParam(link): LinkParam,
    Posted(form): Posted<StrengthForm>,
) -> Response {
    match accept::estimate(&asked.app, &link, &form.name, &form.password.into()).await {
        Ok(problem) => no_store(Json(problem).into_response()),
        Err(refusal) => forms::refused(&refusal),
    }
}

/// The page of somebody who has an account already: they sign in, or say so where they are signed in (rules 46, 50).
fn join_page(visit: &Visit, link: &str, open: OpenInvitation, refusal: Option<UseCaseError>) -> Response {
    let language = open.language;
    let here = format!("/i/{link}");
    let outcome = FormOutcome { language, refusal: refusal.clone(), more: Vec::new() };
    let title = language.join_title(&open.organisation);
    page::render(&frame(visit, language, &title, &here), refusal.as_ref(), || {
        view! { <JoinPage outcome=outcome link=link.to_string() open=open /> }.into_any()
    })
}

fn other_account(
    visit: &Visit,
    link: &str,
    open: &OpenInvitation,
    signed_in: String,
    refusal: Option<&UseCaseError>,
) -> Response {
    let language = open.language;
    let here = format!("/i/{link}");
    let refusal = refusal.map(|_| UseCaseError::Conflict(Conflict::AlreadyRegistered));
    page::render(&frame(visit, language, language.choose_account(), &here), refusal.as_ref(), || {
        let invited = open.address.clone();
        view! {
            <OtherAccountPage language=language link=link.to_string() invited=invited signed_in=signed_in />
        }
        .into_any()
    })
}

pub(super) async fn dead_page(visit: &Visit, link: &str, why: DeadLink) -> Response {
    let language = visit.language();
    // Once more, for the words of the moment in the language of this page.
    let view = accept::look(visit.app(), link, visit.caller(), Some(language)).await;
    let mut dead = DeadInvitation {
        why,
        link: link.to_string(),
        inviter: None,
        inviter_email: None,
        support_contact: String::new(),
        renew_to: None,
        ended: None,
        is_signed_in: visit.caller().is_some(),
        is_handed: false,
    };
    if let Ok(LinkView::Dead { inviter, inviter_email, support_contact, renew_to, ended, is_handed, .. }) = view {
        let ended = ended.map(|when| when.short);
        dead = DeadInvitation { inviter, inviter_email, support_contact, renew_to, ended, is_handed, ..dead };
    }
    // A link that is none of ours leaves no trace in its page, and learns nothing from it (IN-01).
    let mut here = format!("/i/{link}");
    if why == DeadLink::Damaged {
        here = "/i".into();
        (dead.inviter, dead.inviter_email) = (None, None);
    }
    let refusal = UseCaseError::DeadLink(why);
    page::render(&frame(visit, language, language.dead_invitation(why), &here), Some(&refusal), || {
        view! { <DeadInvitationPage language=language dead=dead /> }.into_any()
    })
}
