//! An invitation that works: who invites, as what, and the form that makes the account. Made for a phone first.

use super::{FormOutcome, minlength};
use crate::domain::error::UseCaseError;
use crate::domain::role::Role;
use crate::ui::components::{Field, PasswordField};
use crate::view_models::OpenInvitation;
use crate::words::Language;
use leptos::prelude::*;

/// What was typed, so that a refusal loses nothing; never the password.
#[derive(Clone, Debug)]
pub struct Typed {
    pub name: String,
    pub phone: String,
}

/// Who invites, as what, where, and in whose words: the head of every page of an invitation that works.
pub fn offered(words: Language, open: &OpenInvitation) -> (String, AnyView, Option<AnyView>) {
    let first = open.offers.first().map(|(role, _)| words.role_name(role)).unwrap_or_default();
    let title = match open.inviter.as_str() {
        "" => words.invited_as_alone(&first),
        inviter => words.invited_as(inviter, &first),
    };
    let place = match &open.offers[..] {
        [(role, unit)] => {
            let here = if *unit == open.organisation { unit.clone() } else { format!("{}, {unit}", open.organisation) };
            let place = match words.role_sentence(role) {
                meaning if meaning.is_empty() => here,
                meaning => words.role_here(&here, &meaning),
            };
            view! { <p class="muted">{place}</p> }.into_any()
        }
        many => {
            let row = |(role, unit): &(Role, String)| view! { <li>{words.role_at(&words.role_name(role), unit)}</li> };
            view! {
                <p class="muted">{open.organisation.clone()}</p>
                <ul>{many.iter().map(row).collect_view()}</ul>
            }
            .into_any()
        }
    };
    // Somebody else's words, marked as such: plain text, nothing in it can be pressed (ML-04).
    let text = (!open.personal_text.is_empty())
        .then(|| view! { <blockquote class="pre-line">{words.quoted(&open.personal_text)}</blockquote> }.into_any());
    (title, place, text)
}

/// Whom to tell that the address of the invitation is not one's own.
pub fn wrong_address(words: Language, open: &OpenInvitation) -> Option<AnyView> {
    let said = (!open.inviter.is_empty()).then(|| words.wrong_address(&open.inviter))?;
    Some(match &open.inviter_email {
        Some(email) => view! { <p class="meta"><a href=format!("mailto:{email}")>{said}</a></p> }.into_any(),
        None => view! { <p class="meta">{said}</p> }.into_any(),
    })
}

/// The register page. `typed` is what the form was sent with, if it was.
#[component]
pub fn RegisterPage(outcome: FormOutcome, link: String, open: OpenInvitation, typed: Option<Typed>) -> impl IntoView {
    let words = outcome.language;
    let (title, place, text) = offered(words, &open);
    let wrong = wrong_address(words, &open);
    let OpenInvitation { address, name, phone, .. } = open;
    let meant = outcome.refusal.as_ref().map(UseCaseError::phone_asked_about).unwrap_or_default();
    let Typed { name, phone } = typed.unwrap_or(Typed { name, phone });
    view! {
        <form class="card" method="post" action=format!("/i/{link}") data-opened=format!("/i/{link}/opened")>
            <div class="stack tight">
                <h1>{title}</h1>
                {place}
                {text}
            </div>
            {outcome.summary()}
            <Field
                label=words.your_sign_in()
                name="username"
                kind="email"
                value=address
                autocomplete="username"
                readonly=true
            />
            {wrong}
            <Field
                label=words.your_name()
                name="name"
                value=name
                error=outcome.at("name")
                autocomplete="name"
                required=true
            />
            <Field
                label=words.your_phone()
                name="phone"
                kind="tel"
                value=phone
                hint=words.your_phone_hint()
                error=outcome.at("phone")
                autocomplete="tel"
            />
            <input type="hidden" name="phone_meant" value=meant />
            <PasswordField
                label=words.password_label()
                name="password"
                autocomplete="new-password"
                show=words.show_password()
                hide=words.hide_password()
                hint=words.password_rule(open.password)
                error=outcome.at("password")
                minlength=minlength(open.password)
            />
            <p class="meta">{words.this_link_works_until(&open.until.exact)}</p>
            <div class="actions sticky">
                <button class="button primary">{words.create_account()}</button>
            </div>
        </form>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::contact::PhoneProblem;
    use crate::domain::id::RoleId;
    use crate::domain::password::PasswordPolicy;
    use crate::domain::permission::Permissions;
    use crate::domain::timestamp::Timestamp;
    use crate::view_models::FormattedTime;

    fn role() -> Role {
        Role {
            id: RoleId::new("r"),
            key: "dispatcher".into(),
            name: String::new(),
            rank: 1,
            permissions: Permissions::default(),
            may_assign: Vec::new(),
            gave: Vec::new(),
            is_removed: false,
            is_top: false,
            needs_approval: false,
            losing_takes_two: false,
        }
    }

    fn open() -> OpenInvitation {
        OpenInvitation {
            organisation: "ACME School".into(),
            inviter: "Anna Petrova".into(),
            inviter_email: Some("anna@acme.by".into()),
            asks_code: false,
            offers: vec![(role(), "ACME North".into())],
            has_account: false,
            personal_text: "See you!\n<script>alert(1)</script> https://evil.example".into(),
            address: "ivan@acme.by".into(),
            name: "Ivan Petrov".into(),
            phone: String::new(),
            language: Language::English,
            until: FormattedTime {
                at: Timestamp(0),
                short: String::new(),
                exact: "Fri 20 Nov 2026, 10:02 (Europe/Minsk)".into(),
            },
            password: PasswordPolicy::default(),
            signed_in_as: None,
        }
    }

    fn html(refusal: Option<UseCaseError>, typed: Option<Typed>) -> String {
        let owner = Owner::new();
        owner.set();
        let outcome = FormOutcome { language: Language::English, refusal };
        view! { <RegisterPage outcome=outcome link="abc".to_string() open=open() typed=typed /> }.to_html()
    }

    #[test]
    fn the_page_says_who_invites_and_serves_password_managers() {
        let html = html(None, None);
        for expected in [
            "Anna Petrova invites you as Dispatcher",
            "autocomplete=\"username\"",
            "autocomplete=\"name\"",
            "autocomplete=\"tel\"",
            "autocomplete=\"new-password\"",
            "value=\"ivan@acme.by\"",
            "minlength=\"12\"",
            "action=\"/i/abc\"",
            "href=\"mailto:anna@acme.by\"",
        ] {
            assert!(html.contains(expected), "{expected} in {html}");
        }
    }

    #[test]
    fn several_offers_stand_below_each_other() {
        let mut open = open();
        open.offers.push((role(), "ACME South".into()));
        let (_, place, _) = offered(Language::English, &open);
        let html = place.to_html();
        assert!(html.contains("Dispatcher, ACME North") && html.contains("Dispatcher, ACME South"), "{html}");
    }

    #[test]
    fn a_personal_text_stays_text_and_none_of_its_addresses_can_be_pressed() {
        let html = html(None, None);
        assert!(html.contains("&lt;script&gt;") && !html.contains("<script"), "{html}");
        assert!(!html.contains("href=\"https://evil"), "{html}");
    }

    #[test]
    fn a_refusal_keeps_what_was_typed_but_never_the_password() {
        let typed = Typed { name: "Ivan \"the\" Petrov".into(), phone: "29 123".into() };
        let refusal = PhoneProblem::CountryCodeMissing { digits: "29123".into() }.into();
        let html = html(Some(refusal), Some(typed));
        assert!(html.contains("value=\"29 123\"") && html.contains("Ivan &quot;the&quot; Petrov"), "{html}");
        assert!(html.contains("href=\"#phone\"") && html.contains("data-focus"), "{html}");
        let password = html.split("name=\"password\"").nth(1).and_then(|rest| rest.split('>').next());
        assert!(password.is_some_and(|rest| !rest.contains("value=")), "{html}");
    }
}
