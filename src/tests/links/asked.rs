//! What the page of an invitation asks of somebody new, as the settings have it (rules 14, 47, 57), also of forged forms.

use crate::support::browser::Browser;
use crate::support::databases::both;
use crate::support::html::form_to;
use crate::support::site::TestSite;
use axum::http::StatusCode;
use usher::domain::error::Invalid;
use usher::domain::registration::{NameFields, PhoneField, RegistrationFields};
use usher::domain::settings::Settings;
use usher::words::Language;

const PASSWORD: &str = "copper lamp river";

async fn asks(site: &TestSite, registration: RegistrationFields) {
    let settings = site.settings().await;
    site.save_settings(&Settings { registration, ..settings }).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_that_is_typed_twice_is_the_same_twice_rule_14() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        asks(&site, RegistrationFields { repeats_password: true, ..RegistrationFields::default() }).await;
        let ivan = site.invite("Ivan", "ivan@acme.by").await;
        let page = site.page_of(&ivan).await;
        let mut holder = Browser::new(&site.app);
        assert!(holder.get(&page).await.text().contains("name=\"password_again\""));
        for again in [None, Some(""), Some("copper lamp rivers"), Some(" copper lamp river")] {
            let mut form = vec![("name", "Ivan Ivanov"), ("phone", ""), ("password", PASSWORD)];
            form.extend(again.map(|again| ("password_again", again)));
            let answer = holder.post_form(&page, &form).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{again:?}");
            let text = answer.text();
            assert!(text.contains(Language::English.passwords_differ()) && text.contains("Ivan Ivanov"), "{text}");
        }
        let form = [("name", "Ivan Ivanov"), ("phone", ""), ("password", PASSWORD), ("password_again", PASSWORD)];
        assert_eq!(holder.post_form(&page, &form).await.status, StatusCode::SEE_OTHER);

        // A new password by a link is asked for in the same way.
        site.reset(&ivan.user).await;
        let reset = site.reset_page_of(&ivan.user).await;
        assert!(holder.get(&reset).await.text().contains("name=\"password_again\""));
        let new = "nine yellow kettles";
        let differ = holder.post_form(&reset, &[("password", new), ("password_again", PASSWORD)]).await;
        assert_eq!(differ.status, StatusCode::UNPROCESSABLE_ENTITY);
        let same = holder.post_form(&reset, &[("password", new), ("password_again", new)]).await;
        assert_eq!(same.status, StatusCode::SEE_OTHER);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_is_asked_for_or_not_as_it_is_set_rule_47() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let form = |phone| [("name", "Ivan Ivanov"), ("phone", phone), ("password", PASSWORD)];
        asks(&site, RegistrationFields { phone: PhoneField::Required, ..RegistrationFields::default() }).await;
        let ivan = site.invite("Ivan", "ivan@acme.by").await;
        let page = site.page_of(&ivan).await;
        let mut holder = Browser::new(&site.app);
        let missing = holder.post_form(&page, &form("")).await;
        assert_eq!(missing.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", missing.text());
        assert_eq!(holder.post_form(&page, &form("+375291234567")).await.status, StatusCode::SEE_OTHER);

        asks(&site, RegistrationFields { phone: PhoneField::Off, ..RegistrationFields::default() }).await;
        let olga = site.invite("Olga", "olga@acme.by").await;
        let page = site.page_of(&olga).await;
        let mut holder = Browser::new(&site.app);
        assert!(!holder.get(&page).await.text().contains("autocomplete=\"tel\""));
        assert_eq!(holder.post_form(&page, &form("+375291234568")).await.status, StatusCode::SEE_OTHER);
        let mut anna = Browser::signed_in(&site.app, &site.anna).await;
        assert_eq!(anna.card(&olga.user).await.user.phone, None, "what is not asked for is not taken");
    })
    .await;
}

/// Rule 77: first and last name are asked for apart, as far as known filled in, both needed; what is kept is one name, also from a
/// forged form, and one's own profile asks in the same way.
#[tokio::test(flavor = "multi_thread")]
async fn first_and_last_name_are_asked_for_apart() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        asks(&site, RegistrationFields { name: NameFields::FirstAndLast, ..RegistrationFields::default() }).await;
        let ivan = site.invite("Ivan Sergeevich Petrov", "ivan@acme.by").await;
        let page = site.page_of(&ivan).await;
        let mut holder = Browser::new(&site.app);
        let form = form_to(&holder.get(&page).await.text(), &page);
        assert_eq!((form.value("first_name"), form.value("last_name")), (Some("Ivan Sergeevich"), Some("Petrov")));
        assert_eq!(form.value("name"), None);
        let rest = [("phone", ""), ("password", PASSWORD)];
        for (typed, field) in [
            (vec![("name", "Ivan Petrov")], "first_name"),
            (vec![("name", "Ivan Petrov"), ("first_name", " "), ("last_name", "Petrov")], "first_name"),
            (vec![("first_name", "Ivan"), ("last_name", "")], "last_name"),
            (vec![("first_name", "Ivan"), ("last_name", "\u{202e} ")], "last_name"),
        ] {
            let answer = holder.post_form(&page, &[typed.clone(), rest.to_vec()].concat()).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{typed:?}");
            assert!(answer.text().contains(&format!("href=\"#{field}\"")), "{typed:?}: {}", answer.text());
        }
        let form = form.with("first_name", " Ivan ").with("last_name", "de la Cruz").with("password", PASSWORD);
        assert_eq!(holder.post_form(&page, &form.pairs()).await.status, StatusCode::SEE_OTHER);
        assert_eq!(holder.profile().await.name, "Ivan de la Cruz");

        let own = form_to(&holder.get("/me").await.text(), "/api/change-profile");
        assert_eq!((own.value("first_name"), own.value("last_name")), (Some("Ivan de la"), Some("Cruz")));
        let same = holder.call("/api/change-profile", &own.pairs()).await;
        assert!(same.is_done(), "{}", same.text());
        assert_eq!(holder.profile().await.name, "Ivan de la Cruz", "joined again, it is what it was");
        let own = form_to(&holder.get("/me").await.text(), "/api/change-profile").with("last_name", "");
        let refused = holder.call("/api/change-profile", &own.pairs()).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text());
    })
    .await;
}

/// Rule 14: whoever changes their password by themselves types it twice, too.
#[tokio::test(flavor = "multi_thread")]
async fn a_password_that_somebody_changes_is_typed_twice_rule_14() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        asks(&site, RegistrationFields { repeats_password: true, ..RegistrationFields::default() }).await;
        let olga = site.add_with_password("Olga", "olga@acme.by", "dispatcher").await;
        let mut browser = Browser::signed_in(&site.app, &olga).await;
        assert!(browser.get("/me").await.text().contains("name=\"password_again\""));
        let new = "nine yellow kettles";
        for again in ["", PASSWORD, "nine yellow kettles "] {
            let fields = [("current_password", PASSWORD), ("new_password", new), ("password_again", again)];
            let answer = browser.call("/api/change-password", &fields).await;
            assert_eq!(answer.refusal(), Some(Invalid::PasswordsDiffer.into()), "{again:?}");
        }
        let fields = [("current_password", PASSWORD), ("new_password", new), ("password_again", new)];
        assert!(browser.call("/api/change-password", &fields).await.is_done());
    })
    .await;
}
