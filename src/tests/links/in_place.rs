//! The registration page that stays where it is: what its script is told when it sends the form, and while a password is typed.

use super::FILLED_IN;
use crate::support::browser::{Answer, Browser, ORIGIN, form};
use crate::support::databases::both;
use crate::support::people::PASSWORD;
use crate::support::site::TestSite;
use crate::support::tables::Dump;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use usher::domain::password::PasswordProblem;
use usher::view_models::{KnownPage, PUBLIC_ANSWER, PublicAnswer};
use usher::words::Language;

/// Sends a form as the page's script does.
async fn tell(browser: &mut Browser, path: &str, fields: &[(&str, &str)]) -> Answer {
    let request = Request::builder()
        .method(Method::POST)
        .uri(path)
        .header(header::ACCEPT, PUBLIC_ANSWER)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::ORIGIN, ORIGIN)
        .header("sec-fetch-site", "same-origin");
    browser.send(request.body(Body::from(form(fields))).expect("a request")).await
}

fn told(answer: &Answer) -> PublicAnswer {
    serde_json::from_slice(&answer.body).unwrap_or_else(|_| panic!("{} {}", answer.status, answer.text()))
}

fn filled_in(field: &'static str, value: &'static str) -> [(&'static str, &'static str); 3] {
    FILLED_IN.map(|(name, usual)| (name, if name == field { value } else { usual }))
}

/// A refusal is told in place, in the words of both languages, so that nothing has to be typed again.
#[tokio::test(flavor = "multi_thread")]
async fn a_refused_registration_is_told_in_place_and_makes_nothing_w_07() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let ivan = site.invite("Ivan", "ivan@acme.by").await;
        let page = site.page_of(&ivan).await;
        let mut visitor = Browser::new(&site.app);
        visitor.get(&page).await;
        let before = Dump::of(&site.app.db).await;
        for (field, value) in [
            ("name", "\u{200b}"),
            ("phone", "29 123 45 67"),
            ("phone", "+375 29 1"),
            ("password", "short"),
            ("password", "ivan@acme.by"),
        ] {
            let answer = tell(&mut visitor, &page, &filled_in(field, value)).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{field} {value}");
            assert_eq!(answer.headers[header::CACHE_CONTROL], "no-store");
            let PublicAnswer::Refused(refusal) = told(&answer) else { panic!("{}", answer.text()) };
            assert_eq!(refusal.field.as_deref(), Some(field), "{value}");
            let [english, russian] = [Language::English, Language::Russian].map(|language| refusal.said.get(language));
            assert!(english.is_ascii() || english.contains('“'), "{english}");
            assert!(russian.chars().any(|letter| ('а'..='я').contains(&letter)), "{russian}");
        }
        before.assert_unchanged(&site.app.db, "a refused form").await;
        assert!(!visitor.has_session());

        // A number that is only doubtful is asked about once, as on the plain page.
        let doubtful = tell(&mut visitor, &page, &filled_in("phone", "+375 29 123 45 6")).await;
        let PublicAnswer::Refused(refusal) = told(&doubtful) else { panic!("{}", doubtful.text()) };
        assert_eq!(refusal.phone_meant, "+37529123456");

        let answer = tell(&mut visitor, &page, &FILLED_IN).await;
        assert_eq!(answer.status, StatusCode::OK);
        assert!(
            matches!(told(&answer), PublicAnswer::GoOn(to) if to.starts_with('/') && to != page),
            "{}",
            answer.text()
        );
        assert!(visitor.has_session());
        // Used up, and its page says so.
        let again = tell(&mut Browser::new(&site.app), &page, &FILLED_IN).await;
        assert_eq!((again.status, told(&again)), (StatusCode::OK, PublicAnswer::GoOn(page)));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_language_is_remembered_without_leaving_the_page() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let page = site.page_of(&site.invite("Ivan", "ivan@acme.by").await).await;
        let mut visitor = Browser::new(&site.app);
        let answer = tell(&mut visitor, "/language", &[("language", "ru"), ("back", &page)]).await;
        assert_eq!(told(&answer), PublicAnswer::GoOn(page.clone()));
        assert!(visitor.get(&page).await.text().contains("<html lang=\"ru\""));
        let foreign = tell(&mut visitor, "/language", &[("language", "xx"), ("back", "//evil.example")]).await;
        assert!(matches!(told(&foreign), PublicAnswer::Refused(_)), "{}", foreign.text());
    })
    .await;
}

/// The strength of a password is told while it is typed: to whoever holds the link, so often and no oftener, and nothing
/// is kept of it.
#[tokio::test(flavor = "multi_thread")]
async fn a_password_is_estimated_for_the_holder_of_a_link_alone_w_07() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let ivan = site.invite("Ivan", "ivan@acme.by").await;
        let late = site.invite_with("Late", "late@acme.by", |new| new.expires_at = Some(new.created_at)).await;
        let page = site.page_of(&ivan).await;
        let mut visitor = Browser::new(&site.app);
        let before = Dump::of(&site.app.db).await;
        for (password, problem) in [
            (PASSWORD, None),
            ("short", Some(PasswordProblem::TooShort { min: 12 })),
            ("passwordpassword", Some(PasswordProblem::Guessable)),
            ("ivan@acme.byivan", Some(PasswordProblem::Guessable)),
            (&"x".repeat(2_000), Some(PasswordProblem::TooLong)),
        ] {
            let fields = [("name", "Ivan Ivanov"), ("password", password)];
            let answer = tell(&mut visitor, &format!("{page}/strength"), &fields).await;
            assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
            let said: Option<PasswordProblem> = serde_json::from_slice(&answer.body).expect("a problem or none");
            assert_eq!(said, problem, "{password}");
            assert!(!answer.text().contains(password), "{password}");
        }
        before.assert_unchanged(&site.app.db, "an estimate").await;

        // Who has no link that works learns nothing.
        let fields = [("name", "Ivan"), ("password", PASSWORD)];
        for (page, status) in [("/i/x".to_string(), 404), (site.page_of(&late).await, 410)] {
            let answer = visitor.post_form(&format!("{page}/strength"), &fields).await;
            assert_eq!(answer.status.as_u16(), status, "{}", answer.text());
        }
        let odd = visitor.post_form(&format!("{page}/strength"), &[("password", PASSWORD)]).await;
        assert_eq!(odd.status, StatusCode::UNPROCESSABLE_ENTITY);

        // However much is typed, the form itself stays open.
        let mut refused = 0;
        for _ in 0..150 {
            let short = [("name", "Ivan"), ("password", "short")];
            let status = tell(&mut visitor, &format!("{page}/strength"), &short).await.status;
            refused += usize::from(status == StatusCode::TOO_MANY_REQUESTS);
        }
        assert!((20..40).contains(&refused), "{refused}");
        assert_eq!(visitor.register_at(&page).await.status, StatusCode::SEE_OTHER);
    })
    .await;
}

/// A page that comes alive takes along what it shows, and no text in it can end the element that holds it.
#[tokio::test(flavor = "multi_thread")]
async fn what_the_page_takes_along_stays_inside_its_element() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let hostile = "</script><script>alert(1)</script><!-- ";
        let ivan = site.invite_with(hostile, "ivan@acme.by", |new| new.personal_text = hostile.into()).await;
        let page = Browser::new(&site.app).get(&site.page_of(&ivan).await).await.text();
        let data = page.split("id=\"page-data\"").nth(1).and_then(|rest| rest.split_once('>')).expect("data").1;
        let (data, _) = data.split_once("</script>").expect("an end");
        assert!(!data.contains('<') && data.contains("alert(1)"), "{data}");
        let KnownPage::Registration(view) = serde_json::from_str(data).expect("readable") else { panic!("{data}") };
        assert_eq!(view.personal_text, hostile);
        assert!(page.len() < 25_000, "{} bytes before anything else comes", page.len());
    })
    .await;
}
