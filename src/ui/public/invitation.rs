//! An invitation that does not open its door, or not for whoever is signed in here: why, and what to do next.

use super::paste::PasteForm;
use crate::domain::contact::Email;
use crate::domain::invitation::DeadLink;
use crate::domain::link::LinkKind;
use crate::ui::components::{Fact, Facts};
use crate::words::Language;
use leptos::prelude::*;

/// What is known of a link that does not work.
#[derive(Clone, Debug)]
pub struct DeadInvitation {
    pub why: DeadLink,
    pub link: String,
    pub inviter: Option<String>,
    /// Where to write to the inviter.
    pub inviter_email: Option<String>,
    pub support_contact: String,
    /// The address in its masked form, when a new link can be asked for.
    pub renew_to: Option<String>,
    /// When it expired, in a few words.
    pub ended: Option<String>,
    pub is_signed_in: bool,
    /// Somebody handed the link over: its holder got no message.
    pub is_handed: bool,
}

/// Why the link does not work, whom to ask, and the next step.
#[component]
pub fn DeadInvitationPage(language: Language, dead: DeadInvitation) -> impl IntoView {
    let words = language;
    let title = match (&dead.ended, dead.why) {
        (Some(ended), DeadLink::Expired) => words.expired_title_at(ended),
        _ => words.dead_invitation(dead.why).to_string(),
    };
    let next = match dead.why {
        DeadLink::Damaged => words.damaged_next().into(),
        DeadLink::Superseded if dead.is_handed => words.superseded_handed_next().into(),
        DeadLink::Superseded => words.superseded_next().into(),
        DeadLink::Used if dead.is_signed_in => words.used_signed_in_next().into(),
        DeadLink::Used => words.used_next().into(),
        DeadLink::Withdrawn => words.withdrawn_next().into(),
        DeadLink::Declined => words.declined_next().into(),
        DeadLink::Expired => match &dead.renew_to {
            Some(masked) => words.expired_next(masked),
            None => words.expired_next_alone().into(),
        },
        DeadLink::Blocked => words.blocked_next().into(),
        DeadLink::Deleted => words.deleted_next().into(),
        DeadLink::InviterLost => words.inviter_lost_next().into(),
        DeadLink::AwaitsApproval if dead.is_handed => words.awaits_approval_handed_next().into(),
        DeadLink::AwaitsApproval => words.awaits_approval_next().into(),
    };
    let step = match dead.why {
        DeadLink::Damaged => Some(view! { <PasteForm language=words kind=LinkKind::Invitation /> }.into_any()),
        DeadLink::Expired if dead.renew_to.is_some() => {
            let action = format!("/i/{}/renew", dead.link);
            let form = view! {
                <form class="actions" method="post" action=action>
                    <button class="button primary">{words.send_me_new_link()}</button>
                </form>
            };
            Some(form.into_any())
        }
        DeadLink::Used if dead.is_signed_in => Some(step("/", words.back_to_start())),
        DeadLink::Used => Some(step("/sign-in", words.sign_in())),
        // Somebody has to do something: the next step is to write to the inviter.
        _ => dead.inviter_email.as_ref().map(|email| {
            let name = dead.inviter.clone().filter(|name| !name.is_empty()).unwrap_or_else(|| email.clone());
            view! {
                <div class="actions">
                    <a class="button primary" href=format!("mailto:{email}")>{words.write_to(&name)}</a>
                    <a class="button" href="/sign-in">{words.sign_in()}</a>
                </div>
            }
            .into_any()
        }),
    };
    view! {
        <div class="card">
            <h1>{title}</h1>
            <p>{next}</p>
            {step}
            <Contacts language=words inviter=dead.inviter support=dead.support_contact />
        </div>
    }
}

fn step(href: &'static str, word: &'static str) -> AnyView {
    view! {
        <div class="actions">
            <a class="button primary" href=href>{word}</a>
        </div>
    }
    .into_any()
}

/// Whom to ask.
#[component]
pub fn Contacts(language: Language, inviter: Option<String>, support: String) -> impl IntoView {
    let inviter = inviter.filter(|inviter| !inviter.is_empty());
    let support = (!support.trim().is_empty()).then_some(support);
    (inviter.is_some() || support.is_some()).then(|| {
        let help = support.map(|support| {
            let shown = match Email::parse(&support) {
                Ok(email) => view! { <a href=format!("mailto:{}", email.as_str())>{support}</a> }.into_any(),
                Err(_) => support.into_any(),
            };
            view! { <Fact label=language.help_from()>{shown}</Fact> }
        });
        view! {
            <Facts>
                <Fact label=language.who_invites() value=inviter />
                {help}
            </Facts>
        }
    })
}

/// Whoever was invited says that it is not for them: what that does, before it is done.
#[component]
pub fn DeclinePage(
    language: Language,
    link: String,
    inviter: String,
    /// Where to write to the inviter instead.
    inviter_email: Option<String>,
) -> impl IntoView {
    let explained = match inviter.as_str() {
        "" => language.decline_explained_alone().to_string(),
        inviter => language.decline_explained(inviter),
    };
    let write = inviter_email.map(|email| {
        let name = if inviter.is_empty() { email.clone() } else { inviter.clone() };
        view! { <p class="meta"><a href=format!("mailto:{email}")>{language.write_to(&name)}</a></p> }
    });
    view! {
        <form class="card" method="post" action=format!("/i/{link}/decline")>
            <h1>{language.not_for_me()}</h1>
            <p>{explained}</p>
            <div class="actions">
                <button class="button danger">{language.end_invitation()}</button>
                <a class="button" href=format!("/i/{link}")>{language.back_to_invitation()}</a>
            </div>
            {write}
        </form>
    }
}

/// They said so.
#[component]
pub fn DeclinedPage(language: Language) -> impl IntoView {
    view! {
        <div class="card">
            <h1 role="status">{language.declined_thanks()}</h1>
        </div>
    }
}

/// Somebody else is signed in on this device: they choose, nothing happens by itself (IN-06).
#[component]
pub fn OtherAccountPage(language: Language, link: String, invited: String, signed_in: String) -> impl IntoView {
    view! {
        <div class="card">
            <h1>{language.choose_account()}</h1>
            <p>{language.invited_is_another(&invited, &signed_in)}</p>
            <form class="actions" method="post" action="/sign-out">
                <input type="hidden" name="back" value=format!("/i/{link}") />
                <button class="button primary">{language.sign_out_and_go_on()}</button>
                <a class="button" href="/">{language.stay_signed_in()}</a>
            </form>
        </div>
    }
}

/// A new link went to the address of an expired one.
#[component]
pub fn RenewedPage(language: Language, masked: String) -> impl IntoView {
    view! {
        <div class="card">
            <h1>{language.new_link_on_its_way()}</h1>
            <p role="status">{language.new_link_sent_to(&masked)}</p>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [DeadLink; 10] = [
        DeadLink::Damaged,
        DeadLink::Superseded,
        DeadLink::Used,
        DeadLink::Withdrawn,
        DeadLink::Declined,
        DeadLink::Expired,
        DeadLink::Blocked,
        DeadLink::Deleted,
        DeadLink::InviterLost,
        DeadLink::AwaitsApproval,
    ];

    fn page(why: DeadLink, language: Language) -> String {
        let owner = Owner::new();
        owner.set();
        let dead = DeadInvitation {
            is_handed: false,
            why,
            link: "abc".into(),
            inviter: Some("Anna Petrova".into()),
            inviter_email: Some("anna@acme.by".into()),
            support_contact: "help@acme.by".into(),
            renew_to: Some("i…v@acme.by".into()),
            ended: None,
            is_signed_in: false,
        };
        view! { <DeadInvitationPage language=language dead=dead /> }.to_html()
    }

    /// Rule 19.
    #[test]
    fn every_dead_link_has_its_own_page_and_says_whom_to_ask() {
        for language in Language::ALL {
            let pages = ALL.map(|why| page(why, language));
            for (at, one) in pages.iter().enumerate() {
                assert!(one.contains("Anna Petrova") && one.contains("mailto:help@acme.by"), "{one}");
                assert!(!pages[at + 1..].contains(one), "{one}");
            }
        }
    }

    #[test]
    fn the_next_step_fits_the_reason() {
        let page = |why| page(why, Language::English);
        assert!(page(DeadLink::Damaged).contains("name=\"link\""));
        assert!(page(DeadLink::Used).contains("href=\"/sign-in\""));
        for why in [DeadLink::Withdrawn, DeadLink::Superseded, DeadLink::Blocked, DeadLink::InviterLost] {
            assert!(page(why).contains("href=\"mailto:anna@acme.by\""), "{why:?}");
        }
        let expired = page(DeadLink::Expired);
        assert!(expired.contains("action=\"/i/abc/renew\"") && expired.contains("i…v@acme.by"), "{expired}");
    }
}
