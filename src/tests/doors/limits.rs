//! How often the doors may be tried: per account, which survives a restart, and per address, which no header moves (RL-01 to
//! RL-04).

use crate::links::FILLED_IN;
use crate::support::browser::{Browser, ORIGIN, form};
use crate::support::databases::both;
use crate::support::people::PASSWORD;
use crate::support::site::{TestSite, config};
use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use tokio::task::JoinSet;
use usher::domain::id::InvitationId;
use usher::domain::timestamp::Duration;
use usher::server::app::App;
use usher::server::http;
use usher::server::secrets::Key;

/// A wrong sign-in with headers of all kinds, each of another account, so that only the place is counted.
fn request(method: Method, path: &str, number: usize, headers: &[(&str, &str)]) -> Request<Body> {
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
    let account = format!("nobody{number}@acme.by");
    request.body(Body::from(form(&[("username", &account), ("password", "wrong")]))).expect("a request")
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_wrong_passwords_close_an_account_to_an_address_also_after_a_restart_rl_03() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        site.add_with_password("Olga", "olga@acme.by", "dispatcher").await;
        site.add_with_password("Ivan", "ivan@acme.by", "dispatcher").await;
        let mut stranger = Browser::new(&site.app);
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
        let restarted = App::new(config(None), site.app.db.clone(), site.app.key.clone(), site.app.clock.clone());
        for app in [&site.app, &restarted] {
            let mut there = Browser::new(app);
            let refused = there.sign_in("olga@acme.by", PASSWORD).await;
            assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
            let wait: i64 = refused.headers[header::RETRY_AFTER].to_str().expect("text").parse().expect("seconds");
            assert!((1..=15 * 60).contains(&wait), "{wait}");
            assert!(!there.has_session());
            assert_eq!(there.sign_in("ivan@acme.by", PASSWORD).await.status, StatusCode::SEE_OTHER, "another account");
        }
        site.app.clock.advance(Duration::minutes(16));
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

/// Many strangers together close an account to strangers, never to its owner where they were before (RL-07).
#[tokio::test(flavor = "multi_thread")]
async fn strangers_cannot_lock_out_whoever_comes_from_where_they_were_before_rl_07() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        site.add_with_password("Olga", "olga@acme.by", "dispatcher").await;
        let mut at_home = Browser::new(&site.app).stranger(7_000);
        assert_eq!(at_home.sign_in("olga@acme.by", PASSWORD).await.status, StatusCode::SEE_OTHER);
        let mut refused = 0;
        for number in 0..60_u16 {
            let answer = at_home.stranger(number).sign_in("olga@acme.by", "wrong").await;
            refused += usize::from(answer.status == StatusCode::TOO_MANY_REQUESTS);
        }
        assert_eq!(refused, 10, "fifty tries from everywhere, and no more");
        let somewhere = at_home.stranger(9_000).sign_in("olga@acme.by", PASSWORD).await;
        assert_eq!(somewhere.status, StatusCode::TOO_MANY_REQUESTS, "also with the right password");
        let mut again = Browser::new(&site.app).stranger(7_000);
        assert_eq!(again.sign_in("olga@acme.by", PASSWORD).await.status, StatusCode::SEE_OTHER);
        // Which opens the account to everybody again.
        let somewhere = at_home.stranger(9_001).sign_in("olga@acme.by", PASSWORD).await;
        assert_eq!(somewhere.status, StatusCode::SEE_OTHER);
    })
    .await;
}

/// How many of fifty quick wrong tries are let in; `headers` differ from try to try.
async fn let_in(mut browser: Browser, headers: impl Fn(usize) -> Vec<(&'static str, String)>) -> usize {
    let mut through = 0;
    for number in 0..50 {
        let headers = headers(number);
        let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let answer = browser.send(request(Method::POST, "/sign-in", number, &headers)).await;
        match answer.status {
            StatusCode::TOO_MANY_REQUESTS => assert!(answer.headers.contains_key(header::RETRY_AFTER)),
            _ => through += 1,
        }
    }
    through
}

/// Thirty at once, and one more every two seconds, which a slow machine may live to see.
const FEW: std::ops::RangeInclusive<usize> = 30..=40;

#[tokio::test(flavor = "multi_thread")]
async fn one_address_is_one_bucket_whatever_its_headers_say_rl_01_rl_02() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        site.add_with_password("Olga", "olga@acme.by", "dispatcher").await;
        let fresh = || Browser::new(&site.app);
        assert!(FEW.contains(&let_in(fresh(), |_| Vec::new()).await), "without headers");
        for name in ["x-forwarded-for", "x-real-ip", "forwarded", "true-client-ip", "cf-connecting-ip", "x-client-ip"] {
            let rotating = let_in(fresh(), |number| {
                let address = format!("198.51.100.{number}");
                vec![(name, if name == "forwarded" { format!("for={address};proto=https") } else { address })]
            });
            assert!(FEW.contains(&rotating.await), "rotating {name}");
        }
        let garbage = ["", "unknown", "::::", "999.1.1.1", "1.1.1.1, ,", "\u{7f}x", "for=\"[\"", "127.0.0.1"];
        let garbled = let_in(fresh(), |number| {
            let value: String = garbage[number % garbage.len()].chars().filter(|c| !c.is_control()).collect();
            vec![("x-forwarded-for", value.clone()), ("forwarded", value.clone()), ("x-real-ip", value)]
        });
        assert!(FEW.contains(&garbled.await), "garbage");
        // A mark that we did not make is none, however often it changes.
        let marked = let_in(fresh(), |number| {
            vec![("cookie", format!("__Host-usher_mark={}.{}", "A".repeat(22), number.to_string().repeat(11)))]
        });
        assert!(FEW.contains(&marked.await), "forged marks");

        // Another address is another bucket, on the same server.
        let router = http::router(site.app.clone());
        assert!(FEW.contains(&let_in(Browser::on(router.clone()), |_| Vec::new()).await));
        let mut neighbour = Browser::on(router);
        neighbour.address = ([203, 0, 113, 8], 40_000).into();
        assert_eq!(neighbour.sign_in("olga@acme.by", PASSWORD).await.status, StatusCode::SEE_OTHER);
    })
    .await;
}

/// Behind a proxy of ours the last entry is its word; what stands before it, the visitor wrote.
#[tokio::test(flavor = "multi_thread")]
async fn behind_a_trusted_proxy_only_its_own_entry_counts_rl_01() {
    both(|db| async {
        let mut site = TestSite::furnish(db, None).await;
        site.change_config(|config| config.trusted_proxies = 1);
        let router = http::router(site.app.clone());
        let rotating = let_in(Browser::on(router.clone()), |number| {
            vec![("x-forwarded-for", format!("198.51.100.{number}, 203.0.113.50"))]
        });
        assert!(FEW.contains(&rotating.await));
        // The same address with a port that changes, in brackets or in quotes (H-12).
        let spelled = let_in(Browser::on(router.clone()), |number| {
            let spellings = ["203.0.113.51", "203.0.113.51:41", "\"203.0.113.51:4711\"", "[::ffff:203.0.113.51]:80"];
            vec![("x-forwarded-for", spellings[number % spellings.len()].to_string())]
        });
        assert!(FEW.contains(&spelled.await));
        let others = let_in(Browser::on(router), |number| {
            vec![("x-forwarded-for", format!("203.0.113.50, 198.51.100.{number}:4711"))]
        });
        assert_eq!(others.await, 50);
    })
    .await;
}

/// H-10: many at one moment pass no more than one after the other.
#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_wrong_tries_at_one_moment_pass_no_more_than_thirty_h_10() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let browser = Browser::new(&site.app);
        let mut tries = JoinSet::new();
        for number in 0..100 {
            let mut browser = browser.clone();
            tries.spawn(async move { browser.send(request(Method::POST, "/sign-in", number, &[])).await.status });
        }
        let answers = tries.join_all().await;
        let through = answers.iter().filter(|status| **status == StatusCode::UNPROCESSABLE_ENTITY).count();
        let refused = answers.iter().filter(|status| **status == StatusCode::TOO_MANY_REQUESTS).count();
        assert!(FEW.contains(&through) && through + refused == 100, "{through} through, {refused} refused");
    })
    .await;
}

/// H-11: a class in one room: sixty people open their links and register, all at one moment and behind one address.
#[tokio::test(flavor = "multi_thread")]
async fn sixty_people_in_one_room_register_within_a_minute_h_11() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let browser = Browser::new(&site.app);
        // Somebody in the room is up to no good.
        assert!(FEW.contains(&let_in(browser.clone(), |_| Vec::new()).await));
        let mut class = JoinSet::new();
        for number in 0..60 {
            let invited = site.invite("", &format!("pupil{number}@acme.by")).await;
            let page = site.page_of(&invited).await;
            let mut browser = browser.clone();
            class.spawn(async move {
                let opened = browser.post_form(&format!("{page}/opened"), &[]).await.status;
                let mistyped =
                    browser.post_form(&page, &[("name", ""), ("phone", ""), ("password", PASSWORD)]).await.status;
                (opened, mistyped, browser.register_at(&page).await.status)
            });
        }
        for (opened, mistyped, registered) in class.join_all().await {
            assert_eq!(opened, StatusCode::NO_CONTENT);
            assert_eq!(mistyped, StatusCode::UNPROCESSABLE_ENTITY);
            assert_eq!(registered, StatusCode::SEE_OTHER);
        }
    })
    .await;
}

/// H-11: sixty people come to work at one moment, behind one address, with the right passwords.
#[tokio::test(flavor = "multi_thread")]
async fn sixty_right_sign_ins_at_one_moment_are_all_let_in_h_11() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let browser = Browser::new(&site.app);
        for number in 0..60 {
            site.add_with_password("Olga", &format!("olga{number}@acme.by"), "dispatcher").await;
        }
        let mut shift = JoinSet::new();
        for number in 0..60 {
            let mut browser = browser.clone();
            shift.spawn(async move { browser.sign_in(&format!("olga{number}@acme.by"), PASSWORD).await.status });
        }
        let answers = shift.join_all().await;
        assert!(answers.iter().all(|status| *status == StatusCode::SEE_OTHER), "{answers:?}");
    })
    .await;
}

/// H-11: what a stranger tries at an address shuts out nobody who was there before, and none of the other doors.
#[tokio::test(flavor = "multi_thread")]
async fn wrong_tries_of_a_stranger_shut_out_no_colleague_behind_their_address_h_11() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let olga = site.add_with_password("Olga", "olga@acme.by", "dispatcher").await;
        site.add_with_password("Ivan", "ivan@acme.by", "dispatcher").await;
        site.reset(&olga).await;
        let reset = site.reset_page_of(&olga).await;
        let invited = site.invite("", "new@acme.by").await;
        let page = site.page_of(&invited).await;
        let stranger = Browser::new(&site.app);

        // Somebody who signed in elsewhere comes along with their own browser.
        let mut colleague = stranger.stranger(1);
        assert_eq!(colleague.sign_in("ivan@acme.by", PASSWORD).await.status, StatusCode::SEE_OTHER);
        colleague.post_form("/sign-out", &[]).await;
        assert!(!colleague.has_session());
        colleague.address = stranger.address;
        assert!(FEW.contains(&let_in(stranger.clone(), |_| Vec::new()).await));
        let refused = stranger.clone().sign_in("ivan@acme.by", PASSWORD).await;
        assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS, "who was never seen waits");
        for _ in 0..3 {
            assert_eq!(colleague.sign_in("ivan@acme.by", "wrong").await.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert_eq!(colleague.sign_in("ivan@acme.by", PASSWORD).await.status, StatusCode::SEE_OTHER);
        }
        // The other doors stand open, also to those who were never here.
        let mut new = stranger.clone();
        assert_eq!(new.get(&page).await.status, StatusCode::OK);
        assert_eq!(new.register_at(&page).await.status, StatusCode::SEE_OTHER);
        let mut forgetful = stranger.clone();
        assert_eq!(forgetful.post_form("/forgot", &[("email", "olga@acme.by")]).await.status, StatusCode::SEE_OTHER);
        let set = forgetful.post_form(&reset, &[("password", "quiet stone bridge")]).await;
        assert_ne!(set.status, StatusCode::TOO_MANY_REQUESTS);
        for path in ["/reset/x", "/i/x", "/i/x/renew", "/i/x/opened", "/i/x/strength", "/confirm/x"] {
            assert_ne!(forgetful.post_form(path, &[]).await.status, StatusCode::TOO_MANY_REQUESTS, "{path}");
        }

        // An address at which somebody signed in has room for the mistakes of many: it is an office.
        let mut visitor = stranger.clone();
        assert_eq!(visitor.sign_in("ivan@acme.by", PASSWORD).await.status, StatusCode::SEE_OTHER, "somebody new");
        for number in 100..150 {
            stranger.clone().send(request(Method::POST, "/sign-in", number, &[])).await;
        }
        let mut visitor = stranger.clone();
        assert_eq!(visitor.sign_in("olga@acme.by", PASSWORD).await.status, StatusCode::SEE_OTHER, "without any mark");
        for number in 200..300 {
            stranger.clone().send(request(Method::POST, "/sign-in", number, &[])).await;
        }
        let refused = stranger.clone().sign_in("ivan@acme.by", PASSWORD).await;
        assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS, "but not for any number of them");
        assert_eq!(
            colleague.sign_in("ivan@acme.by", PASSWORD).await.status,
            StatusCode::SEE_OTHER,
            "whose browser is known"
        );
    })
    .await;
}

/// H-11: whoever is led astray by another page, or whose form arrives in pieces, has tried nothing.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_but_a_wrong_try_counts_h_11() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        site.add_with_password("Olga", "olga@acme.by", "dispatcher").await;
        let browser = Browser::new(&site.app);
        let all = browser.clone();
        for _ in 0..40 {
            let mut visitor = all.clone();
            let foreign = [("origin", "https://evil.example"), ("sec-fetch-site", "cross-site")];
            for path in ["/sign-in", "/forgot", "/set-up", "/i/x", "/reset/x", "/confirm/x"] {
                let mut request = request(Method::POST, path, 0, &[]);
                for (name, value) in foreign {
                    request.headers_mut().insert(name, value.parse().expect("a header"));
                }
                assert_eq!(visitor.send(request).await.status, StatusCode::FORBIDDEN);
                let mut request = self::request(Method::POST, path, 0, &[]);
                request.headers_mut().insert(header::CONTENT_TYPE, "text/plain".parse().expect("a header"));
                assert_eq!(visitor.send(request).await.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
                let answer = visitor.post_form(path, &[("nonsense", "x")]).await;
                assert!(
                    answer.status.is_client_error() && answer.status != StatusCode::TOO_MANY_REQUESTS
                        || path == "/set-up"
                        || path == "/confirm/x"
                );
            }
            assert_eq!(
                visitor.post_form("/forgot", &[("email", "no address")]).await.status,
                StatusCode::UNPROCESSABLE_ENTITY
            );
            assert_eq!(visitor.sign_in("olga@acme.by", PASSWORD).await.status, StatusCode::SEE_OTHER);
            visitor.post_form("/language", &[("language", "xx"), ("back", "/")]).await;
            visitor.post_form("/sign-out", &[]).await;
        }
        // As if nothing had been tried, but that somebody signed in here.
        let mut through = 0;
        for number in 0..150 {
            let answer = browser.clone().send(request(Method::POST, "/sign-in", number, &[])).await;
            through += usize::from(answer.status == StatusCode::UNPROCESSABLE_ENTITY);
        }
        assert!((120..=140).contains(&through), "{through}");
    })
    .await;
}

/// H-07: no door is forgotten, whatever its link. Each has tries of its own.
#[tokio::test(flavor = "multi_thread")]
async fn every_door_lets_in_thirty_wrong_tries_and_no_more_h_07() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        site.add_with_password("Olga", "olga@acme.by", "dispatcher").await;
        let browser = Browser::new(&site.app);
        let nobodys = InvitationId::new(usher::server::random::id(site.app.clock.now()));
        let forged = Key::from_bytes([9; 32]).invitation_link(&nobodys, 1, "x");
        for link in ["x", &forged] {
            let doors = ["/confirm/{}", "/reset/{}", "/i/{}"].into_iter();
            let below = ["/i/{}/join", "/i/{}/renew", "/i/{}/opened", "/i/{}/strength", "/i/{}/x"];
            for path in doors.chain(below) {
                let path = path.replace("{}", link);
                let mut browser = browser.stranger(u16::try_from(path.len() + link.len() * 100).expect("few"));
                let mut through = 0;
                for _ in 0..50 {
                    let fields: &[(&str, &str)] = match path.split('/').collect::<Vec<_>>().as_slice() {
                        ["", "i", _] => &FILLED_IN,
                        ["", "reset", _] | ["", "i", _, "join"] => &[("password", PASSWORD)],
                        ["", "i", _, "strength"] => &[("name", "Ivan"), ("password", PASSWORD)],
                        _ => &[],
                    };
                    let status = browser.post_form(&path, fields).await.status;
                    assert!(
                        matches!(status, StatusCode::NOT_FOUND | StatusCode::TOO_MANY_REQUESTS),
                        "{path}: {status}"
                    );
                    through += usize::from(status == StatusCode::NOT_FOUND);
                }
                assert!(FEW.contains(&through), "{path}: {through}");
            }
        }
        // Asking for a letter counts whoever is asked for: the answer tells nothing, and neither does the limit.
        let mut through = 0;
        let mut asking = browser.stranger(9_000);
        for number in 0..50 {
            let email = if number % 2 == 0 { "olga@acme.by".to_string() } else { format!("nobody{number}@acme.by") };
            let status = asking.post_form("/forgot", &[("email", &email)]).await.status;
            through += usize::from(status == StatusCode::SEE_OTHER);
        }
        assert!(FEW.contains(&through), "{through}");
        // One's own password, too, which somebody at an open screen may guess.
        let mut olga = browser.stranger(9_001);
        assert_eq!(olga.sign_in("olga@acme.by", PASSWORD).await.status, StatusCode::SEE_OTHER);
        let mut through = 0;
        for number in 0..50 {
            let fields = [("current_password", "wrong"), ("new_password", "seven green umbrellas")];
            let answer = match number % 2 {
                0 => olga.call("/api/change-password", &fields).await,
                _ => olga.post_form("/api/change-password", &fields).await,
            };
            through += usize::from(answer.status != StatusCode::TOO_MANY_REQUESTS);
        }
        assert!(through <= 40, "{through}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_other_spelling_of_a_door_is_free_rl_04() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        site.add_with_password("Olga", "olga@acme.by", "dispatcher").await;
        let router = http::router(site.app.clone());
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
            let answer = browser.send(request(Method::POST, path, 0, &[])).await;
            // Functions are for those who are signed in, whatever they are called.
            let is_note = answer.location().starts_with("/sign-in?next=") && path.starts_with("/api/");
            let is_shut = matches!(
                answer.status,
                StatusCode::TOO_MANY_REQUESTS | StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED
            );
            assert!((is_shut || is_note) && !browser.has_session(), "{path}: {}", answer.status);
        }
        for method in [Method::PUT, Method::PATCH, Method::DELETE, Method::GET, Method::HEAD] {
            let answer =
                browser.send(request(method.clone(), "/sign-in", 0, &[("x-http-method-override", "POST")])).await;
            assert!(!browser.has_session(), "{method}: {}", answer.status);
        }
    })
    .await;
}
