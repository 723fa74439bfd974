//! How often the doors may be tried: per account, which survives a restart, and per address, which no header moves (RL-01 to
//! RL-04).

use crate::support::browser::{Browser, ORIGIN, form};
use crate::support::databases::both;
use crate::support::house::{House, config};
use crate::support::people::PASSWORD;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use usher::domain::moment::Span;
use usher::server::app::App;
use usher::server::http;

/// A sign-in with headers of all kinds.
fn request(method: Method, path: &str, headers: &[(&str, &str)]) -> Request<Body> {
    let mut request = Request::builder()
        .method(method)
        .uri(path)
        .header(header::ACCEPT, "text/html")
        .header(header::ORIGIN, ORIGIN)
        .header("sec-fetch-site", "same-origin")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(Body::from(form(&[("username", "olga@acme.by"), ("password", PASSWORD)]))).expect("a request")
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_wrong_passwords_close_an_account_to_an_address_also_after_a_restart_rl_03() {
    both(|db| async {
        let house = House::furnish(db, None).await;
        house.add_with_password("Olga", "olga@acme.by", "dispatcher").await;
        house.add_with_password("Ivan", "ivan@acme.by", "dispatcher").await;
        let mut stranger = Browser::new(&house.app);
        // Every spelling of the address is the same account.
        for typed in ["olga@acme.by", "OLGA@acme.by", " olga@ACME.by "].iter().cycle().take(10) {
            assert_eq!(stranger.sign_in(typed, "wrong").await.status, StatusCode::UNPROCESSABLE_ENTITY);
        }
        // Others come and go; nobody is forgotten for it.
        for number in 0..200_u16 {
            let mut other = stranger.stranger(number);
            assert_eq!(
                other.sign_in(&format!("x{number}@acme.by"), "wrong").await.status,
                StatusCode::UNPROCESSABLE_ENTITY
            );
        }
        let restarted = App::new(config(None), house.app.db.clone(), house.app.key.clone(), house.app.clock.clone());
        for app in [&house.app, &restarted] {
            let mut there = Browser::new(app);
            let refused = there.sign_in("olga@acme.by", PASSWORD).await;
            assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
            let wait: i64 = refused.headers[header::RETRY_AFTER].to_str().expect("text").parse().expect("seconds");
            assert!((1..=15 * 60).contains(&wait), "{wait}");
            assert!(!there.has_session());
            assert_eq!(there.sign_in("ivan@acme.by", PASSWORD).await.status, StatusCode::SEE_OTHER, "another account");
        }
        house.app.clock.advance(Span::minutes(16));
        let mut olga = stranger.stranger(1_000);
        assert_eq!(olga.sign_in("olga@acme.by", PASSWORD).await.status, StatusCode::SEE_OTHER);
        // The right password forgets the wrong ones.
        for _ in 0..9 {
            olga.sign_in("olga@acme.by", "wrong").await;
        }
        assert_eq!(olga.sign_in("olga@acme.by", PASSWORD).await.status, StatusCode::SEE_OTHER);
        assert_eq!(olga.sign_in("olga@acme.by", "wrong").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    })
    .await;
}

/// Many strangers together close an account to strangers, never to its owner where he was before (RL-07).
#[tokio::test(flavor = "multi_thread")]
async fn strangers_cannot_lock_out_whoever_comes_from_where_he_was_before_rl_07() {
    both(|db| async {
        let house = House::furnish(db, None).await;
        house.add_with_password("Olga", "olga@acme.by", "dispatcher").await;
        let mut at_home = Browser::new(&house.app).stranger(7_000);
        assert_eq!(at_home.sign_in("olga@acme.by", PASSWORD).await.status, StatusCode::SEE_OTHER);
        let mut refused = 0;
        for number in 0..60_u16 {
            let answer = at_home.stranger(number).sign_in("olga@acme.by", "wrong").await;
            refused += usize::from(answer.status == StatusCode::TOO_MANY_REQUESTS);
        }
        assert_eq!(refused, 10, "fifty tries from everywhere, and no more");
        let somewhere = at_home.stranger(9_000).sign_in("olga@acme.by", PASSWORD).await;
        assert_eq!(somewhere.status, StatusCode::TOO_MANY_REQUESTS, "also with the right password");
        let mut again = Browser::new(&house.app).stranger(7_000);
        assert_eq!(again.sign_in("olga@acme.by", PASSWORD).await.status, StatusCode::SEE_OTHER);
        // Which opens the account to everybody again.
        let somewhere = at_home.stranger(9_001).sign_in("olga@acme.by", PASSWORD).await;
        assert_eq!(somewhere.status, StatusCode::SEE_OTHER);
    })
    .await;
}

/// How many of fifty quick tries are let in; `headers` differ from try to try.
async fn let_in(mut browser: Browser, headers: impl Fn(usize) -> Vec<(&'static str, String)>) -> usize {
    let mut through = 0;
    for number in 0..50 {
        let headers = headers(number);
        let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let answer = browser.send(request(Method::POST, "/sign-in", &headers)).await;
        match answer.status {
            StatusCode::TOO_MANY_REQUESTS => assert!(answer.headers.contains_key(header::RETRY_AFTER)),
            _ => through += 1,
        }
    }
    through
}

#[tokio::test(flavor = "multi_thread")]
async fn one_address_is_one_bucket_whatever_its_headers_say_rl_01_rl_02() {
    both(|db| async {
        let house = House::furnish(db, None).await;
        house.add_with_password("Olga", "olga@acme.by", "dispatcher").await;
        let fresh = || Browser::new(&house.app);
        // Thirty at once, and one more every two seconds, which a slow machine may live to see.
        let few = 30..=36;
        assert!(few.contains(&let_in(fresh(), |_| Vec::new()).await), "without headers");
        for name in ["x-forwarded-for", "x-real-ip", "forwarded", "true-client-ip", "cf-connecting-ip", "x-client-ip"] {
            let rotating = let_in(fresh(), |number| {
                let address = format!("198.51.100.{number}");
                vec![(name, if name == "forwarded" { format!("for={address};proto=https") } else { address })]
            });
            assert!(few.contains(&rotating.await), "rotating {name}");
        }
        let garbage = ["", "unknown", "::::", "999.1.1.1", "1.1.1.1, ,", "\u{7f}x", "for=\"[\"", "127.0.0.1"];
        let garbled = let_in(fresh(), |number| {
            let value: String = garbage[number % garbage.len()].chars().filter(|c| !c.is_control()).collect();
            vec![("x-forwarded-for", value.clone()), ("forwarded", value.clone()), ("x-real-ip", value)]
        });
        assert!(few.contains(&garbled.await), "garbage");

        // Another address is another bucket, on the same server.
        let router = http::router(house.app.clone());
        assert!(few.contains(&let_in(Browser::on(router.clone()), |_| Vec::new()).await));
        let mut neighbour = Browser::on(router);
        neighbour.address = ([203, 0, 113, 8], 40_000).into();
        assert_eq!(neighbour.sign_in("olga@acme.by", PASSWORD).await.status, StatusCode::SEE_OTHER);
    })
    .await;
}

/// Behind a proxy of ours the last entry is its word; what stands before it, the visitor wrote himself.
#[tokio::test(flavor = "multi_thread")]
async fn behind_a_trusted_proxy_only_its_own_entry_counts_rl_01() {
    both(|db| async {
        let mut house = House::furnish(db, None).await;
        house.change_config(|config| config.trusted_proxies = 1);
        house.add_with_password("Olga", "olga@acme.by", "dispatcher").await;
        let router = http::router(house.app.clone());
        let rotating = let_in(Browser::on(router.clone()), |number| {
            vec![("x-forwarded-for", format!("198.51.100.{number}, 203.0.113.50"))]
        });
        assert!((30..=36).contains(&rotating.await));
        let others = let_in(Browser::on(router), |number| {
            vec![("x-forwarded-for", format!("203.0.113.50, 198.51.100.{number}"))]
        });
        assert_eq!(others.await, 50);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_other_spelling_of_a_door_is_free_rl_04() {
    both(|db| async {
        let house = House::furnish(db, None).await;
        house.add_with_password("Olga", "olga@acme.by", "dispatcher").await;
        let router = http::router(house.app.clone());
        assert!(let_in(Browser::on(router.clone()), |_| Vec::new()).await >= 30);
        let mut browser = Browser::on(router);
        for path in [
            "/sign-in",
            "/sign-in?",
            "/sign-in?x=1",
            "/sign-in/",
            "//sign-in",
            "/./sign-in",
            "/x/../sign-in",
            "/Sign-In",
            "/SIGN-IN",
            "/sign%2Din",
            "/sign%2din/",
            "/%73ign-in",
            "/sign-in;x=1",
            "/sign-in%00",
            "/sign-in%20",
            "/sign-in/.",
            "https://users.acme.by/sign-in",
            "/api/sign-in",
            "/api/sign_in",
        ] {
            let answer = browser.send(request(Method::POST, path, &[])).await;
            // Functions are for those who are signed in, whatever they are called.
            let is_note = answer.location().starts_with("/sign-in?next=") && path.starts_with("/api/");
            let is_shut = matches!(
                answer.status,
                StatusCode::TOO_MANY_REQUESTS | StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED
            );
            assert!((is_shut || is_note) && !browser.has_session(), "{path}: {}", answer.status);
        }
        for method in [Method::PUT, Method::PATCH, Method::DELETE, Method::GET, Method::HEAD] {
            let answer = browser.send(request(method.clone(), "/sign-in", &[("x-http-method-override", "POST")])).await;
            assert!(!browser.has_session(), "{method}: {}", answer.status);
        }
        // The other doors share the bucket.
        for path in ["/forgot", "/set-up", "/reset/x", "/i/x", "/i/x/renew", "/i/x/opened", "/api/change-password"] {
            let answer = browser.send(request(Method::POST, path, &[])).await;
            assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS, "{path}");
        }
    })
    .await;
}
