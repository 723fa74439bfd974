//! What travels with a copied text, in the fields of the doors and of people's own pages: it is read without, and no browser
//! refuses what the server would have read (rule 7, L-09).

use crate::support::browser::Browser;
use crate::support::databases::both;
use crate::support::html::{form_to, tags};
use crate::support::people::PASSWORD;
use crate::support::site::{TestSite, config};
use axum::http::StatusCode;
use usher::domain::timestamp::Duration;
use usher::server::app::App;
use usher::server::clock::Clock;
use usher::server::secrets::Key;

/// An address as it comes out of a message, a table, a chat, an eastern keyboard.
const DRESSES: [&str; 12] = [
    "olga@acme.by\u{A0}",
    "\u{FEFF}olga@acme.by",
    "\u{3000}Olga@Acme.by\u{200B}",
    "olga\u{200B}@acme\u{AD}.by",
    "mailto:olga@acme.by",
    "<olga@acme.by>",
    "Olga Petrova <olga@acme.by>,",
    "olga@acme.by.",
    "«olga@acme.by»;",
    "olga＠acme.by",
    "ｏｌｇａ＠ａｃｍｅ．ｂｙ",
    "\u{200E}olga@acme.by\u{200F}",
];

const NAME: &str = "\u{FEFF}Olga\u{3000}Pet\u{AD}rova\u{200B}\u{200E}";

#[tokio::test(flavor = "multi_thread")]
async fn a_forgotten_password_is_asked_for_with_whatever_was_pasted_l_09() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let olga = site.add_with_password("Olga", "olga@acme.by", "dispatcher").await;
        let visitor = Browser::new(&site.app);
        for (number, typed) in (1..).zip(DRESSES) {
            let before = site.messages_to(&olga).await;
            let answer = visitor.stranger(number).post_form("/forgot", &[("email", typed)]).await;
            assert_eq!(answer.location(), "/forgot/sent", "{typed:?}: {}", answer.text());
            assert_eq!(site.messages_to(&olga).await, before + 1, "{typed:?}");
            // A mailbox takes so many messages a day.
            site.pass(Duration::hours(25));
        }
        // What is no address is told so, in our words, and stands in the field.
        let refused = visitor.stranger(99).post_form("/forgot", &[("email", "olga acme.by\u{A0}")]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(form_to(&refused.text(), "/forgot").value("email"), Some("olga acme.by\u{A0}"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn people_sign_in_and_confirm_a_deletion_with_whatever_was_pasted_l_09() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        site.add_with_password("Olga", "olga@acme.by", "dispatcher").await;
        let visitor = Browser::new(&site.app);
        for (number, typed) in (1..).zip(DRESSES) {
            let answer = visitor.stranger(number).sign_in(typed, PASSWORD).await;
            assert_eq!(answer.status, StatusCode::SEE_OTHER, "{typed:?}");
        }
        // The password is what was typed, letter by letter.
        let wrong = visitor.stranger(99).sign_in("olga@acme.by", &format!("{PASSWORD}\u{A0}")).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        let mut anna = Browser::signed_in(&site.app, &site.anna).await;
        for typed in DRESSES {
            let gone = site.add_active("Olga", "other@acme.by", "employee").await;
            let typed = typed.replace("olga", "other").replace("Olga@", "Other@").replace("ｏｌｇａ", "ｏｔｈｅｒ");
            let done = anna.call("/api/delete", &[("id", gone.as_str()), ("typed", &typed)]).await;
            assert!(done.is_done(), "{typed:?}: {}", done.text());
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn names_and_numbers_are_kept_without_what_was_pasted_along_l_09() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let ivan = site.invite("", "ivan@acme.by").await;
        let page = site.page_of(&ivan).await;
        let mut own = Browser::new(&site.app);
        let form = form_to(&own.get(&page).await.text(), &page)
            .with("name", NAME)
            .with("phone", "tel:＋375\u{A0}29\u{200B}\u{3000}123‑45‑67.")
            .with("password", "quiet stone bridge");
        let done = own.post_form(&page, &form.pairs()).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text());
        let profile = form_to(&own.get("/me").await.text(), "/api/change-profile");
        assert_eq!((profile.value("name"), profile.value("phone")), (Some("Olga Petrova"), Some("+375291234567")));

        let profile = profile.with("name", "\u{2068}Ivan Petrov\u{2069}\u{A0}").with("phone", "\u{A0}\u{200B}\u{FEFF}");
        own.post_from("/me", "/api/change-profile", &profile.pairs()).await;
        let profile = form_to(&own.get("/me").await.text(), "/api/change-profile");
        assert_eq!((profile.value("name"), profile.value("phone")), (Some("Ivan Petrov"), Some("")));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_installation_is_set_up_with_whatever_was_pasted_l_09() {
    both(|db| async {
        let app = App::new(config(None), db, Key::from_bytes([7; 32]), Clock::default());
        let mut anna = Browser::new(&app);
        let form = form_to(&anna.get("/set-up").await.text(), "/set-up")
            .with("code", &format!("\u{A0}{}\u{200B}.", app.set_up_code.to_lowercase().replace('-', " – ")))
            .with("name", NAME)
            .with("email", "mailto:olga＠acme.by.")
            .with("password", PASSWORD)
            .with("organisation", "\u{FEFF}ACME\u{3000}School\u{A0}")
            .with("zone", "Europe/Minsk");
        let answer = anna.post_form("/set-up", &form.pairs()).await;
        assert_eq!(answer.location(), "/users", "{}", answer.text());
        let page = anna.get("/me").await.text();
        assert!(page.contains("olga@acme.by") && page.contains("ACME School"), "{page}");
        let profile = form_to(&page, "/api/change-profile");
        let names = ["first_name", "last_name"].map(|name| profile.value(name));
        assert_eq!(names, [Some("Olga"), Some("Petrova")], "{page}");
    })
    .await;
}

/// A browser's own check says no in words that we did not choose, or cuts off without any.
#[tokio::test(flavor = "multi_thread")]
async fn no_browser_is_stricter_than_the_server_l_09() {
    both(|db| async {
        let app = App::new(config(None), db.clone(), Key::from_bytes([7; 32]), Clock::default());
        let mut pages = vec![("/set-up".to_string(), Browser::new(&app).get("/set-up").await.text())];
        let site = TestSite::furnish(db, None).await;
        let ivan = site.invite("Ivan", "ivan@acme.by").await;
        let olga = site.add_with_password("Olga", "olga@acme.by", "employee").await;
        site.reset(&olga).await;
        let mut visitor = Browser::new(&site.app);
        for page in [
            "/sign-in".to_string(),
            "/forgot".into(),
            "/i".into(),
            "/reset".into(),
            "/confirm".into(),
            site.page_of(&ivan).await,
            format!("{}?account=1", site.page_of(&ivan).await),
            site.reset_page_of(&olga).await,
        ] {
            let text = visitor.get(&page).await.text();
            pages.push((page, text));
        }
        let mut anna = Browser::signed_in(&site.app, &site.anna).await;
        for page in
            ["/me".to_string(), format!("/users/{olga}/edit"), "/settings/roles/new".into(), "/users/invite".into()]
        {
            let text = anna.get(&page).await.text();
            pages.push((page, text));
        }
        for (page, text) in pages {
            let inputs: Vec<_> = tags(&text).into_iter().filter(|tag| tag.name == "input").collect();
            assert!(!inputs.is_empty(), "{page} has no field: {text}");
            for input in inputs {
                let kind = input.get("type").unwrap_or("text");
                assert!(!matches!(kind, "email" | "url") && input.get("pattern").is_none(), "{page}: {input:?}");
                let is_name = matches!(input.get("name"), Some("name" | "organisation" | "title" | "record" | "link"));
                assert!(!is_name || input.get("maxlength").is_none(), "{page}: {input:?}");
            }
        }
    })
    .await;
}
