//! Handing an invitation over beside copying its link: the buttons, what is asked first, and what is handed then. Works as plain forms.

use crate::domain::handing::{HandWay, HandedLink};
use crate::domain::listing::escape;
use crate::domain::revision::Revision;
use crate::domain::user::UserAction;
use crate::server_fns::invitations::HandOver;
use crate::ui::components::{CopyButton, CopyField, Dialog, DialogActions, Icon, MenuLink};
use crate::ui::forms::plain::revision_field;
use crate::ui::pages::parts::{why_not, why_not_with};
use crate::ui::session::words;
use crate::view_models::{UserQuestion, UserSummary};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

/// Where letters are printed: a page of its own, for one invitation or for those who are selected.
pub const LETTERS: &str = "/users/letters";

fn icon(way: HandWay) -> &'static str {
    match way {
        HandWay::Qr => "phone",
        HandWay::Share => "upload",
        HandWay::Letter => "mail",
    }
}

/// The ways as items of a row's menu, where its link can be handed over.
pub fn hand_items(user: &UserSummary) -> impl IntoView + use<> {
    let card = format!("/users/{}", user.id);
    why_not(UserAction::CopyLink, user).is_none().then(|| {
        let item = |way: HandWay| {
            let href = format!("{card}?do={}", way.code());
            view! { <MenuLink href=href icon=icon(way)>{words().hand_way(way)}</MenuLink> }
        };
        HandWay::ALL.map(item).collect_view()
    })
}

/// The ways as buttons beside *Copy link*.
pub fn hand_buttons(invitation: &str, revision: &Revision) -> impl IntoView + use<> {
    let button = |way: HandWay| {
        let (path, target) = where_to(way);
        view! {
            <form method="post" action=path target=target>
                {fields(invitation, revision, way)}
                <button class="button">
                    <Icon name=icon(way) />
                    {words().hand_way(way)}
                </button>
            </form>
        }
    };
    HandWay::ALL.map(button).collect_view()
}

/// A letter is a page of its own, which stays open beside this one.
fn where_to(way: HandWay) -> (&'static str, Option<&'static str>) {
    match way {
        HandWay::Letter => (LETTERS, Some("_blank")),
        HandWay::Qr | HandWay::Share => (HandOver::PATH, None),
    }
}

fn fields(invitation: &str, revision: &Revision, way: HandWay) -> impl IntoView + use<> {
    view! {
        <input type="hidden" name="id" value=invitation.to_string() />
        <input type="hidden" name="way" value=way.code() />
        {revision_field(revision)}
    }
}

/// What is asked first, of the newest open invitation; nothing where none can be handed over.
pub fn ask_hand(facts: &UserQuestion, way: HandWay) -> Option<AnyView> {
    let words = words();
    let offer = facts.offers.iter().find(|offer| why_not_with(UserAction::CopyLink, offer).is_none())?;
    let (path, target) = where_to(way);
    let (name, back) = (facts.user.title(), format!("/users/{}", facts.user.id));
    let hidden = fields(offer.id.as_str(), &offer.revision, way);
    Some(
        view! {
            <Dialog id="question" title=words.ask_hand(way, name) text=words.tell_handing(name)>
                <form method="post" action=path target=target>
                    {hidden}
                    <DialogActions cancel_href=back cancel=words.cancel()>
                        <button class="button primary">{words.hand_way(way)}</button>
                    </DialogActions>
                </form>
            </Dialog>
        }
        .into_any(),
    )
}

/// What is handed over, to be shown, sent or read out.
pub fn handed(handed: HandedLink, name: &str) -> AnyView {
    let words = words();
    let HandedLink { way, link, text, picture } = handed;
    if way == HandWay::Qr {
        return view! {
            <figure class="qr">
                <figcaption>{words.qr_for(name)}</figcaption>
                <img src=picture alt=words.qr_label() width="240" height="240" />
                <p class="hint">{words.qr_hint()}</p>
            </figure>
            <CopyField id="handed-link" label=words.link_for(name) value=link copy=words.copy() copied=words.copied() />
        }
        .into_any();
    }
    let encoded = escape(&text);
    let ways = [
        ("WhatsApp", format!("https://wa.me/?text={encoded}")),
        (
            "Telegram",
            format!("https://t.me/share/url?url={}&text={}", escape(&link), escape(text.replace(&link, "").trim())),
        ),
        ("Viber", format!("viber://forward?text={encoded}")),
        (words.by_sms(), format!("sms:?&body={encoded}")),
    ];
    let by = |(app, href): (&'static str, String)| {
        view! { <li><a class="button" href=href rel="external noopener noreferrer" target="_blank">{app}</a></li> }
    };
    view! {
        <div class="field">
            <label for="share-text">{words.share_for(name)}</label>
            <textarea class="input" id="share-text" rows="4" readonly=true>{text}</textarea>
        </div>
        <div class="toolbar">
            <button type="button" class="button primary by-script" hidden=true data-share="share-text">
                {words.share_now()}
            </button>
            <CopyButton of="share-text" copy=words.copy() copied=words.copied() />
        </div>
        <p class="hint" id="share-ways">{words.share_ways()}</p>
        <ul class="cluster" aria-labelledby="share-ways">{ways.map(by).collect_view()}</ul>
    }
    .into_any()
}
