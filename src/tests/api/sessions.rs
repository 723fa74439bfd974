//! An app of somebody's own: it signs in with name and password, reads what is theirs, and its token ends at the next request after
//! a block, another password, a sign-out.

use super::problem;
use crate::support::browser::{Answer, Browser};
use crate::support::databases::both;
use crate::support::people::PASSWORD;
use crate::support::site::TestSite;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use serde_json::{Value, json};
use usher::domain::settings::Settings;

/// What a native app sends: no cookie, no origin, JSON.
async fn send(browser: &mut Browser, method: Method, path: &str, token: Option<&str>, body: Option<Value>) -> Answer {
    let mut request = Request::builder().method(method).uri(path);
    if let Some(token) = token {
        request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
    }
    let body = match body {
        Some(body) => {
            request = request.header(header::CONTENT_TYPE, "application/json");
            Body::from(body.to_string())
        }
        None => Body::empty(),
    };
    browser.send(request.body(body).expect("a request")).await
}

fn json_of(answer: &Answer) -> Value {
    serde_json::from_slice(&answer.body).unwrap_or_else(|error| panic!("{error}: {}", answer.text()))
}

async fn sign_in(browser: &mut Browser, name: &str, password: &str) -> Answer {
    let body = json!({ "username": name, "password": password, "device": "Pavel's phone" });
    send(browser, Method::POST, "/api/v1/sessions", None, Some(body)).await
}

async fn token_of(browser: &mut Browser, name: &str, password: &str) -> String {
    let answer = sign_in(browser, name, password).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
    assert!(answer.headers.get(header::SET_COOKIE).is_none(), "an app has no cookies");
    json_of(&answer)["token"].as_str().expect("a token").to_string()
}

async fn me(browser: &mut Browser, token: &str) -> Answer {
    send(browser, Method::GET, "/api/v1/me", Some(token), None).await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_signs_in_and_its_token_is_dead_on_the_next_request_after_whatever_ends_it() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let olga = site.add_with_password("Olga", "olga@acme.by", "dispatcher").await;
        let mut app = Browser::new(&site.app);
        let token = token_of(&mut app, " Olga@ACME.by ", PASSWORD).await;
        let own = me(&mut app, &token).await;
        assert_eq!(own.status, StatusCode::OK, "{}", own.text());
        let own = json_of(&own);
        assert_eq!((&own["email"], &own["authorization_method"]), (&json!("olga@acme.by"), &json!("email")));
        let shifts = send(&mut app, Method::GET, "/api/v1/me/shifts", Some(&token), None).await;
        assert!(json_of(&shifts)["shifts"].is_array(), "{}", shifts.text());

        // It opens nothing of the panel, nor of the API for programs.
        assert_ne!(send(&mut app, Method::GET, "/api/v1/users", Some(&token), None).await.status, StatusCode::OK);
        let mut browser = Browser::new(&site.app);
        browser.cookies.insert("__Host-usher_session".into(), token.clone());
        assert!(browser.get("/users").await.location().starts_with("/sign-in"));

        // Signed out; blocked; another password; and whatever was never one.
        assert_eq!(send(&mut app, Method::POST, "/api/v1/sessions/end", Some(&token), None).await.status.as_u16(), 204);
        assert_eq!(me(&mut app, &token).await.status, StatusCode::UNAUTHORIZED);
        let mut anna = Browser::signed_in(&site.app, &site.anna).await;
        let blocked = token_of(&mut app, "olga@acme.by", PASSWORD).await;
        assert!(anna.call("/api/block", &[("id", olga.as_str())]).await.is_done());
        assert_eq!(me(&mut app, &blocked).await.status, StatusCode::UNAUTHORIZED);
        assert_eq!(json_of(&sign_in(&mut app, "olga@acme.by", PASSWORD).await)["code"], "access_blocked");
        assert!(anna.call("/api/unblock", &[("id", olga.as_str())]).await.is_done());
        assert_eq!(me(&mut app, &blocked).await.status, StatusCode::UNAUTHORIZED, "it does not come back");
        let changed = token_of(&mut app, "olga@acme.by", PASSWORD).await;
        let mut olgas = Browser::signed_in(&site.app, &olga).await;
        let fields = [("current_password", PASSWORD), ("new_password", "seven green umbrellas")];
        assert!(olgas.call("/api/change-password", &fields).await.is_done());
        assert_eq!(me(&mut app, &changed).await.status, StatusCode::UNAUTHORIZED);
        for none in ["", "x", &token] {
            let answer = me(&mut app, none).await;
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{none}");
            assert_eq!(answer.headers[header::CONTENT_TYPE], "application/problem+json");
        }
    })
    .await;
}

/// Rule 80: a temporary password gets no token; its answer says where to go.
#[tokio::test(flavor = "multi_thread")]
async fn an_app_with_a_temporary_password_is_sent_to_the_page_for_a_lasting_one() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let before = site.settings().await;
        site.save_settings(&Settings { hands_over: true, ..before }).await;
        let mut anna = Browser::signed_in(&site.app, &site.anna).await;
        let (unit, role) = (site.company.id.to_string(), site.role("employee").id.to_string());
        let fields = [
            ("last_name", "Lis"),
            ("first_name", "Pavel"),
            ("login", "pavel.lis"),
            ("unit", unit.as_str()),
            ("role", role.as_str()),
            ("language", "en"),
        ];
        let temporary: String =
            serde_json::from_slice(&anna.call("/api/add-login", &fields).await.body).expect("a password");
        let mut app = Browser::new(&site.app);
        let answer = sign_in(&mut app, "pavel.lis", &temporary).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
        let said = json_of(&answer);
        assert_eq!(said["code"], "password_change_required");
        let page = said["continue_at"].as_str().expect("a page").replace("https://users.acme.by", "");
        let chosen = Browser::new(&site.app).post_form(&page, &[("password", "seven green umbrellas")]).await;
        assert_eq!(chosen.location(), "/m");
        let token = token_of(&mut app, "pavel.lis", "seven green umbrellas").await;
        assert_eq!(json_of(&me(&mut app, &token).await)["authorization_method"], "login");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn guesses_of_an_app_are_counted_as_at_the_door_and_what_cannot_be_read_says_so() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        site.add_with_password("Olga", "olga@acme.by", "dispatcher").await;
        for body in
            [json!({}), json!([]), json!({ "username": "a" }), json!({ "username": "a", "password": "b", "x": 1 })]
        {
            let answer = send(&mut Browser::new(&site.app), Method::POST, "/api/v1/sessions", None, Some(body)).await;
            assert_eq!((answer.status, &json_of(&answer)["code"]), (StatusCode::BAD_REQUEST, &json!("invalid_body")));
        }
        let form = Browser::new(&site.app).call("/api/v1/sessions", &[("username", "a"), ("password", "b")]).await;
        assert_eq!(form.status, StatusCode::BAD_REQUEST, "no form of any page");
        for name in ["olga@acme.by", "nobody@acme.by"] {
            for _ in 0..10 {
                let answer = sign_in(&mut Browser::new(&site.app), name, "not this one").await;
                assert_eq!(
                    (answer.status, &json_of(&answer)["code"]),
                    (StatusCode::UNAUTHORIZED, &json!("wrong_credentials"))
                );
            }
            let answer = sign_in(&mut Browser::new(&site.app), name, PASSWORD).await;
            assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS, "{name}");
            assert!(answer.headers.contains_key(header::RETRY_AFTER));
        }
        let door = Browser::new(&site.app).sign_in("olga@acme.by", PASSWORD).await;
        assert_eq!(door.status, StatusCode::TOO_MANY_REQUESTS, "it is one count");
    })
    .await;
}

/// A device is called by one line that can be read, whatever a program sends.
#[tokio::test(flavor = "multi_thread")]
async fn the_name_of_a_device_is_one_line_of_what_can_be_seen() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let olga = site.add_with_password("Olga", "olga@acme.by", "dispatcher").await;
        let mut app = Browser::new(&site.app);
        for (sent, kept) in [
            ("Pavel's\u{202e} phone", "Pavel's phone"),
            ("one\r\ntwo\u{2028}three", "one two three"),
            ("\0phone\u{7}\u{1b}[31m", "phone[31m"),
            (" \u{feff}Галактика\u{200b}  S\t9 ", "Галактика S 9"),
            ("\u{2066}\u{200f}", ""),
        ] {
            let body = json!({ "username": "olga@acme.by", "password": PASSWORD, "device": sent });
            let answer = send(&mut app, Method::POST, "/api/v1/sessions", None, Some(body)).await;
            assert_eq!(answer.status, StatusCode::CREATED, "{sent:?}: {}", answer.text());
            let mut tx = site.app.db.read().await.expect("a connection");
            let sql = "select device from sessions where user_id = $1 order by id desc limit 1";
            let device = tx.row(sql, &usher::values![&olga]).await.expect("a session").text("device").expect("a text");
            assert_eq!(device, kept, "{sent:?}");
        }
    })
    .await;
}

/// L-24: what stands before the API says no in the API's shape.
#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_is_too_large_is_a_problem_like_any_other() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let mut app = Browser::new(&site.app);
        for path in ["/api/v1/sessions", "/api/v1/sessions/end"] {
            let body = json!({ "username": "olga@acme.by", "password": "x".repeat(1_000_000) });
            let answer = send(&mut app, Method::POST, path, None, Some(body)).await;
            assert_eq!(problem(&answer), (413, "too_large".into()), "{path}");
        }
    })
    .await;
}
