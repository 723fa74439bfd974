//! How a token comes into the world, what it opens, and everything that ends it.

use super::{Program, UNAUTHORIZED, is, problem};
use crate::people::caller;
use crate::support::browser::Browser;
use crate::support::crowd::State;
use crate::support::databases::both;
use crate::support::html::{form_to, tags};
use crate::support::people::PASSWORD;
use crate::support::site::TestSite;
use crate::support::tables::Dump;
use axum::body::Body;
use axum::http::{Method, Request, header};
use usher::domain::audit::AuditAction;
use usher::domain::error::{Conflict, Invalid, UseCaseError};
use usher::domain::id::{TokenId, UserId};
use usher::domain::listing::Cursor;
use usher::domain::policy::Denied;
use usher::domain::timestamp::Duration;
use usher::domain::token::MOST_TOKENS;
use usher::server::secrets;
use usher::server::use_cases::{
    Actor, Via, Visitor, audit, deletion, passwords, places, profile, sessions, tokens, units, users,
};
use usher::view_models::Happening;

const EVERY_PATH: [&str; 6] =
    ["/api/v1", "/api/v1/", "/api/v1/users", "/api/v1/users/x", "/api/v1/openapi.json", "/api/v1/nothing/at/all"];

async fn make(site: &TestSite, of: &UserId) -> String {
    tokens::make(&site.app, &caller(of), "Payroll", "30").await.expect("a token").secret
}

#[tokio::test(flavor = "multi_thread")]
async fn while_nobody_has_a_token_there_is_no_api() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let mut browser = Browser::signed_in(&site.app, &site.anna).await;
        let is_there = async |browser: &mut Browser| {
            let mut statuses = Vec::new();
            for path in EVERY_PATH {
                for (method, accept) in
                    [("GET", "*/*"), ("GET", "text/html"), ("HEAD", "*/*"), ("POST", "*/*"), ("DELETE", "text/html")]
                {
                    for authorization in [None, Some("Bearer usher_wrong")] {
                        let mut request = Request::builder().method(method).uri(path).header(header::ACCEPT, accept);
                        if let Some(authorization) = authorization {
                            request = request.header(header::AUTHORIZATION, authorization);
                        }
                        let answer = browser.send(request.body(Body::empty()).expect("a request")).await;
                        let is_problem = answer
                            .headers
                            .get(header::CONTENT_TYPE)
                            .is_some_and(|kind| kind == "application/problem+json");
                        assert_eq!(is_problem, answer.status != 404, "{method} {path}");
                        statuses.push(answer.status.as_u16());
                    }
                }
            }
            statuses.sort_unstable();
            statuses.dedup();
            statuses
        };
        assert_eq!(is_there(&mut browser).await, [404]);
        let secret = make(&site, &site.anna).await;
        // Signed in, and yet a cookie opens nothing.
        assert_eq!(is_there(&mut browser).await, [401, 405]);
        let id = tokens::all(&site.app).await.expect("the tokens").remove(0).token.id;
        tokens::revoke(&site.app, &caller(&site.anna), &id).await.expect("revoked");
        assert_eq!(is_there(&mut browser).await, [404]);
        make(&site, &site.anna).await;
        site.pass(Duration::days(30));
        assert_eq!(is_there(&mut browser).await, [404], "one that has ended is none");
        assert!(secret.starts_with("usher_") && secret.len() == 49, "{secret}");
    })
    .await;
}

/// Whatever is the matter with it, the answer is the same.
#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_does_not_work_opens_nothing() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        make(&site, &site.anna).await;
        let olga = site.add_active("Olga", "olga@acme.by", "dispatcher").await;
        let secret = make(&site, &olga).await;
        let id = own(&site, &olga).await;
        let mut browser = Browser::new(&site.app);
        let ask = async |browser: &mut Browser, headers: &[&str], path: &str| {
            let mut request = Request::builder().uri(path);
            for value in headers {
                request = request.header(header::AUTHORIZATION, *value);
            }
            browser.send(request.body(Body::empty()).expect("a request")).await
        };
        let right = format!("Bearer {secret}");
        for spelt in [right.clone(), format!("bearer {secret}"), format!("BEARER  {secret} ")] {
            assert_eq!(ask(&mut browser, &[&spelt], "/api/v1/users").await.status.as_u16(), 200, "{spelt}");
        }
        let hash = secrets::hash(&secret);
        let changed = format!("{}{}", &secret[..48], if secret.ends_with('A') { 'B' } else { 'A' });
        for wrong in [
            "usher_",
            &secret[..48],
            &secret[6..],
            &changed,
            &secret.to_uppercase(),
            &format!("{secret} {secret}"),
            &format!("{secret},"),
            &hash,
            id.as_str(),
            "' or 1=1 --",
        ] {
            let answer = ask(&mut browser, &[&format!("Bearer {wrong}")], "/api/v1/users").await;
            is(problem(&answer), UNAUTHORIZED, wrong);
            assert!(answer.text().contains("This token does not work"), "{}", answer.text());
        }
        for headers in [
            &[][..],
            &[""],
            &["Bearer"],
            &["Bearer "],
            &[&secret],
            &["Basic b2xnYTp4"],
            &[&format!("Basic {secret}")],
            &[&format!("Bearer:{secret}")],
            &[&right, &right],
        ] {
            is(problem(&ask(&mut browser, headers, "/api/v1/users").await), UNAUTHORIZED, &format!("{headers:?}"));
        }
        // Not in the address, not in a cookie, not in the session's.
        for name in ["access_token", "token", "authorization", "bearer"] {
            let path = format!("/api/v1/users?{name}={secret}");
            is(problem(&ask(&mut browser, &[], &path).await), UNAUTHORIZED, name);
            assert_eq!(super::named(&ask(&mut browser, &[&right], &path).await), name);
        }
        for name in ["token", "authorization", "__Host-usher_session"] {
            browser.cookies.insert(name.into(), secret.clone());
            is(problem(&ask(&mut browser, &[], "/api/v1/users").await), UNAUTHORIZED, name);
        }
        assert!(!browser.get("/users").await.status.is_success(), "a token is no session");
        let mut signed_in = Browser::signed_in(&site.app, &olga).await;
        let session = signed_in.cookies["__Host-usher_session"].clone();
        is(problem(&ask(&mut signed_in, &[], "/api/v1/users").await), UNAUTHORIZED, "a cookie alone");
        let answer = ask(&mut browser, &[&format!("Bearer {session}")], "/api/v1/users").await;
        is(problem(&answer), UNAUTHORIZED, "a session is no token");
    })
    .await;
}

/// The id of somebody's only token.
async fn own(site: &TestSite, user: &UserId) -> TokenId {
    let all = tokens::all(&site.app).await.expect("the tokens");
    all.into_iter().find(|one| &one.token.user_id == user).expect("a token").token.id
}

/// SE-02, SE-04: like sessions, at the very next request, and for good.
#[tokio::test(flavor = "multi_thread")]
async fn whatever_ends_all_sessions_of_somebody_ends_their_tokens() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let (app, anna) = (&site.app, caller(&site.anna));
        let first = make(&site, &site.anna).await;
        let other = site.add_company("ACME South").await;
        let browser = Browser::new(app);
        let endings = [
            "block", "archive", "delete", "out", "unit", "reset", "password", "others", "revoke", "operator", "expiry",
        ];
        for ending in endings {
            let address = format!("{ending}@acme.by");
            let unit = if ending == "unit" { &other } else { &site.company };
            let olga = site.add("Olga", &address, "dispatcher", unit, State::Active).await;
            site.give_password(&olga).await;
            let mut program = Program::new(&browser, &make(&site, &olga).await);
            program.read("/api/v1/users").await;
            match ending {
                "block" => users::block(app, &anna, &olga, "").await.expect("blocked"),
                "archive" => users::archive(app, &anna, &olga).await.expect("archived"),
                "delete" => deletion::delete(app, &anna, &olga, &address).await.map(drop).expect("deleted"),
                "out" => {
                    let second = site.add_company("ACME West").await;
                    let role = &site.role("employee").id;
                    places::add(app, &anna, &olga, &second.id, role, Default::default()).await.expect("added");
                    places::remove(app, &anna, &olga, &site.company.id).await.expect("out");
                    // They hold something else, by which nobody is seen.
                    is(problem(&program.get("/api/v1/users").await), (403, "forbidden"), ending);
                    is(problem(&program.get(&format!("/api/v1/users/{olga}")).await), (403, "forbidden"), ending);
                    program.read("/api/v1/openapi.json").await;
                    continue;
                }
                "unit" => units::archive(app, &anna, &other.id, true).await.expect("closed"),
                "reset" => {
                    site.reset(&olga).await;
                    let page = site.reset_page_of(&olga).await;
                    let new = "quiet stone bridge".to_string().into();
                    let link = page.trim_start_matches("/reset/");
                    passwords::reset(app, link, &new, &Visitor::default()).await.expect("reset");
                }
                "password" => {
                    let (old, new) = (PASSWORD.to_string().into(), "quiet stone bridge".to_string().into());
                    passwords::change_own(app, &caller(&olga), &old, &new, &new, &Visitor::default())
                        .await
                        .expect("changed");
                }
                "others" => sessions::end_other_sessions(app, &caller(&olga)).await.expect("ended"),
                "revoke" => tokens::revoke(app, &caller(&olga), &own(&site, &olga).await).await.expect("revoked"),
                "operator" => drop(tokens::revoke_any(app, &own(&site, &olga).await).await.expect("revoked")),
                _ => {
                    site.pass(Duration::days(30));
                    make(&site, &site.anna).await;
                }
            }
            is(problem(&program.get("/api/v1/users").await), UNAUTHORIZED, ending);
            match ending {
                "block" => users::unblock(app, &anna, &olga).await.expect("unblocked"),
                "archive" => users::bring_back(app, &anna, &olga).await.expect("back"),
                _ => {}
            }
            is(problem(&program.get("/api/v1/users").await), UNAUTHORIZED, &format!("{ending}, and back"));
        }
        is(problem(&Program::new(&browser, &first).get("/api/v1/users").await), UNAUTHORIZED, "it ran out meanwhile");
        // Signing out of one browser ends nothing else.
        let still = make(&site, &site.anna).await;
        sessions::sign_out(app, &anna).await.expect("signed out");
        Program::new(&browser, &still).read("/api/v1/users").await;
    })
    .await;
}

/// A token reads: whatever else a program could call, it is not signed in there.
#[tokio::test(flavor = "multi_thread")]
async fn a_token_changes_nothing() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let app = &site.app;
        let secret = make(&site, &site.anna).await;
        let olga = site.add_active("Olga", "olga@acme.by", "dispatcher").await;
        let id = own(&site, &site.anna).await;
        let token = Actor { user_id: site.anna.clone(), via: Via::Token(id.clone()) };
        let before = Dump::of(&app.db).await;
        let gone = Some(UseCaseError::SignInFirst);
        assert_eq!(users::block(app, &token, &olga, "").await.err(), gone);
        assert_eq!(deletion::delete(app, &token, &olga, "olga@acme.by").await.err(), gone);
        assert_eq!(passwords::send_reset(app, &token, &olga).await.err(), gone);
        assert_eq!(tokens::make(app, &token, "Another", "30").await.err(), gone);
        assert_eq!(tokens::revoke(app, &token, &id).await.err(), gone);
        assert_eq!(sessions::sign_out(app, &token).await.err(), None, "there is no session");
        assert_eq!(sessions::end_other_sessions(app, &token).await.err(), gone);
        assert_eq!(profile::view(app, &token).await.err(), gone, "devices are a browser's");
        // Somebody else's name on it makes it nobody's.
        let borrowed = Actor { user_id: olga.clone(), ..token.clone() };
        assert_eq!(users::list(app, &borrowed, &Default::default()).await.err(), gone);
        assert!(users::list(app, &token, &Default::default()).await.is_ok());
        let mut program = Program::new(&Browser::new(app), &secret);
        for method in [Method::POST, Method::PUT, Method::PATCH, Method::DELETE, Method::OPTIONS] {
            for path in EVERY_PATH {
                let answer = program.send(method.clone(), path).await;
                is(problem(&answer), (405, "method_not_allowed"), path);
                assert_eq!(answer.headers[header::ALLOW], "GET, HEAD");
            }
        }
        for path in ["/api/users", "/api/page?address=/me", "/api/user-question?id=x"] {
            assert_eq!(program.get(path).await.status.as_u16(), 401, "{path}");
        }
        before.assert_unchanged(&app.db, "a token").await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_may_see_people_makes_a_few_tokens_that_end() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let app = &site.app;
        let olga = site.add_active("Olga", "olga@acme.by", "dispatcher").await;
        let ivan = site.add_active("Ivan", "ivan@acme.by", "employee").await;
        let refused = tokens::make(app, &caller(&ivan), "Payroll", "30").await.err();
        assert_eq!(refused, Some(Denied::NotInRole.into()));
        for (name, days, why) in [
            ("", "30", Invalid::TokenName),
            ("a\u{202e}b", "30", Invalid::TokenName),
            ("Payroll", "0", Invalid::TokenLife),
            ("Payroll", "366", Invalid::TokenLife),
            ("Payroll", "", Invalid::TokenLife),
        ] {
            assert_eq!(tokens::make(app, &caller(&olga), name, days).await.err(), Some(why.into()), "{name} {days}");
        }
        for _ in 0..MOST_TOKENS {
            make(&site, &olga).await;
        }
        let one_more = tokens::make(app, &caller(&olga), "Payroll", "30").await.err();
        assert_eq!(one_more, Some(Conflict::TooManyTokens.into()));
        let anna = make(&site, &site.anna).await;
        // Nobody ends another's, or learns that there is one.
        let foreign = own(&site, &site.anna).await;
        for id in [foreign, TokenId::new("nowhere")] {
            assert_eq!(tokens::revoke(app, &caller(&olga), &id).await.err(), Some(UseCaseError::NotFound));
        }
        Program::new(&Browser::new(app), &anna).read("/api/v1/users").await;
        // The operator makes one for somebody, within what they may see themselves.
        let made = tokens::make_for(app, "ANNA@acme.by", "Nightly export", "7").await.expect("a token");
        Program::new(&Browser::new(app), &made.secret).read("/api/v1/users").await;
        for (owner, why) in [
            ("nobody@acme.by", UseCaseError::NotFound),
            ("ivan@acme.by", Denied::NotInRole.into()),
            ("olga@acme.by", Conflict::TooManyTokens.into()),
        ] {
            assert_eq!(tokens::make_for(app, owner, "Export", "7").await.err(), Some(why), "{owner}");
        }
        users::block(app, &caller(&site.anna), &ivan, "").await.expect("blocked");
        let blocked = tokens::make_for(app, "ivan@acme.by", "Export", "7").await.err();
        assert_eq!(blocked, Some(UseCaseError::AccessBlocked));
    })
    .await;
}

/// DI-02, PR-01, PR-03: the history says who made and revoked which; the database cannot open anything; a deletion leaves
/// nothing.
#[tokio::test(flavor = "multi_thread")]
async fn the_history_names_tokens_and_the_database_opens_none() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let (app, anna) = (&site.app, caller(&site.anna));
        let olga = site.add_active("Olga", "olga@acme.by", "dispatcher").await;
        let secret = tokens::make(app, &caller(&olga), "Canary export", "30").await.expect("a token").secret;
        let by_operator = tokens::make_for(app, "olga@acme.by", "Canary report", "30").await.expect("a token");
        Program::new(&Browser::new(app), &secret).read("/api/v1/users").await;
        let full = Dump::of(&app.db).await;
        assert!(full.holds("Canary export") && full.holds(&secrets::hash(&secret)), "planted");
        assert!(!full.holds(&secret) && !full.holds(&secret[6..]) && !full.holds(&by_operator.secret[6..]));
        tokens::revoke(app, &caller(&olga), &by_operator.token.id).await.expect("revoked");
        tokens::revoke_any(app, &own(&site, &olga).await).await.expect("revoked");
        let page = audit::list(app, &anna, None, &Cursor::Start).await.expect("the history");
        let of_tokens: Vec<_> = page
            .rows
            .iter()
            .filter_map(|line| match line.happening {
                Happening::AuditAction(action @ (AuditAction::TokenMade | AuditAction::TokenRevoked)) => {
                    let by = line.actor.as_ref().map(|who| who.title.as_str());
                    Some((action, by, line.subject.as_ref()?.title.as_str(), &*line.before, &*line.after))
                }
                _ => None,
            })
            .collect();
        let (made, revoked) = (AuditAction::TokenMade, AuditAction::TokenRevoked);
        assert_eq!(
            of_tokens,
            [
                (revoked, None, "Olga", "Canary export", ""),
                (revoked, Some("Olga"), "Olga", "Canary report", ""),
                (made, None, "Olga", "", "Canary report"),
                (made, Some("Olga"), "Olga", "", "Canary export"),
            ]
        );
        let mut browser = Browser::signed_in(app, &site.anna).await;
        let shown = browser.get("/audit").await.text();
        for sentence in ["created the API token", "revoked the API token"] {
            assert!(shown.contains(sentence), "{sentence}");
        }
        make(&site, &olga).await;
        deletion::delete(app, &anna, &olga, "olga@acme.by").await.expect("deleted");
        let left = Dump::of(&app.db).await;
        assert!(!left.holds("Canary"), "{:?}", full.changes_to(&left));
        assert_eq!(tokens::all(app).await.expect("the tokens").len(), 0);
    })
    .await;
}

/// The form of *My profile*, as a browser without script sends it.
#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_made_on_ones_own_page_without_script_and_shown_once() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let olga = site.add_active("Olga", "olga@acme.by", "dispatcher").await;
        let mut browser = Browser::signed_in(&site.app, &olga).await;
        let page = browser.get("/me").await.text();
        assert!(page.contains("API tokens") && page.contains("/api/v1/users"), "{page}");
        let form = form_to(&page, "/api/make-token");
        assert_eq!(form.value("days"), Some("30"));
        let refused = form.clone().with("name", "");
        let answer = browser.post_from("/me", "/api/make-token", &refused.pairs()).await;
        assert_eq!((answer.status.as_u16(), answer.location()), (303, "/me"));
        let page = browser.get("/me").await.text();
        assert!(page.contains("Give the token a name") && page.contains("href=\"#token-name\""), "{page}");
        let form = form_to(&page, "/api/make-token").with("name", "Payroll <export>").with("days", "90");
        let answer = browser.post_from("/me", "/api/make-token", &form.pairs()).await;
        assert_eq!((answer.status.as_u16(), answer.location()), (303, "/me"));
        let page = browser.get("/me").await.text();
        let secret = |page: &str| {
            let fields = tags(page).into_iter().filter(|tag| tag.get("id") == Some("token"));
            fields.filter_map(|tag| tag.get("value").map(String::from)).collect::<Vec<_>>()
        };
        let shown = secret(&page);
        assert!(shown.len() == 1 && page.contains("it is not shown again"), "{page}");
        assert!(page.contains("Payroll &lt;export>") || page.contains("Payroll &lt;export&gt;"), "{page}");
        let mut program = Program::new(&Browser::new(&site.app), &shown[0]);
        program.read("/api/v1/users").await;
        let again = browser.get("/me").await.text();
        assert!(secret(&again).is_empty() && !again.contains(&shown[0]) && again.contains("last used"), "{again}");
        let form = form_to(&again, "/api/revoke-token");
        let answer = browser.post_from("/me", "/api/revoke-token", &form.pairs()).await;
        assert_eq!((answer.status.as_u16(), answer.location()), (303, "/me"));
        let page = browser.get("/me").await.text();
        assert!(page.contains("The token is revoked") && !page.contains("Payroll"), "{page}");
        site.tamper("update users set language = 'ru' where id = $1", &usher::values![&olga]).await;
        let page = browser.get("/me").await.text();
        assert!(page.contains("Токены API") && page.contains("Создать токен"), "{page}");
        let ivan = site.add_active("Ivan", "ivan@acme.by", "employee").await;
        let page = Browser::signed_in(&site.app, &ivan).await.get("/me").await.text();
        assert!(!page.contains("API tokens") && !page.contains("make-token"), "who sees nobody makes none");
    })
    .await;
}
