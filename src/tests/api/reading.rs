//! What is read through a token: the people within its reach, page by page, and the problems when something cannot be.

use super::{Program, is, named, problem};
use crate::people::caller;
use crate::support::browser::Browser;
use crate::support::crowd::{State, Wanted};
use crate::support::databases::both;
use crate::support::site::TestSite;
use axum::body::Body;
use axum::http::{Method, Request, header};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use usher::domain::id::UserId;
use usher::domain::user::Status;
use usher::server::http;
use usher::server::use_cases::{deletion, users};

fn ids(page: &Value) -> Vec<String> {
    let users = page["users"].as_array().expect("people").iter();
    users.map(|user| user["id"].as_str().expect("an id").into()).collect()
}

/// Everybody of a list, page by page.
async fn walk(program: &mut Program, query: &str) -> Vec<String> {
    let (mut met, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = program.read(&format!("/api/v1/users?{query}{cursor}")).await;
        met.extend(ids(&page));
        match page["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return met,
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_is_told_as_facts_and_codes() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let branch = site.add_branch("ACME Branch", &site.company).await;
        let mut program = Program::new(&Browser::new(&site.app), &site.give_token(&site.anna).await);
        let olga = site.add("Olga", "olga@acme.by", "dispatcher", &branch, State::Active).await;
        site.tamper("update users set phone = '+375291234567' where id = $1", &usher::values![&olga]).await;
        let invited = site.invite("", "ivan@acme.by").await;
        let user = program.read(&format!("/api/v1/users/{olga}")).await;
        let role = site.role("dispatcher");
        let time = |value: &Value| {
            let text = value.as_str().expect("a time");
            assert!(text.ends_with('Z') && text.as_bytes()[10] == b'T' && text.len() >= 20, "{text}");
        };
        assert_eq!(user["id"], olga.as_str());
        assert_eq!(
            (&user["name"], &user["email"], &user["phone"]),
            (&json!("Olga"), &json!("olga@acme.by"), &json!("+375291234567"))
        );
        assert_eq!(
            (&user["login"], &user["status"], &user["invited_until"]),
            (&Value::Null, &json!("active"), &Value::Null)
        );
        time(&user["added_at"]);
        let membership = &user["memberships"][0];
        assert_eq!(membership["unit"], json!({ "id": branch.id.as_str(), "name": "ACME Branch" }));
        assert_eq!(membership["role"], json!({ "id": role.id.as_str(), "key": "dispatcher", "name": null }));
        assert_eq!((&membership["status"], &membership["extra_permissions"]), (&json!("active"), &json!([])));
        time(&membership["since"]);
        assert_eq!((&user["other_offers"], &user["has_hidden_memberships"]), (&json!([]), &json!(false)));
        let user = program.read(&format!("/api/v1/users/{}", invited.user)).await;
        assert_eq!((&user["name"], &user["memberships"][0]["status"]), (&json!(""), &json!("offered")));
        time(&user["invited_until"]);
        // The list says the same of each.
        let page = program.read("/api/v1/users?limit=200").await;
        assert_eq!(page["unit"], json!({ "id": site.root.id.as_str(), "name": "ACME School" }));
        let listed = page["users"].as_array().expect("people");
        assert_eq!(listed.len(), 3);
        for user in listed {
            let path = format!("/api/v1/users/{}", user["id"].as_str().expect("an id"));
            assert_eq!(&program.read(&path).await, user);
        }
        // Without its content, too, and never kept by anything in between.
        for path in ["/api/v1/users", "/api/v1/openapi.json", &format!("/api/v1/users/{olga}")] {
            let (whole, head) = (program.get(path).await, program.send(Method::HEAD, path).await);
            assert_eq!((head.status.as_u16(), head.body.len()), (200, 0));
            for answer in [whole, head] {
                assert_eq!(answer.headers[header::CACHE_CONTROL], "no-store");
                assert_eq!(answer.headers[header::CONTENT_TYPE], "application/json");
                assert!(!answer.headers.contains_key(header::SET_COOKIE));
            }
        }
    })
    .await;
}

/// TE-01, rule 40: a token reaches what its owner reaches, and what is elsewhere is told like what is nowhere.
#[tokio::test(flavor = "multi_thread")]
async fn the_token_of_a_branch_sees_its_branch_and_nothing_else() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let app = &site.app;
        let (north, south) =
            (site.add_branch("North", &site.company).await, site.add_branch("South", &site.company).await);
        let chief = site.add("Chief", "chief@acme.by", "company_administrator", &north, State::Active).await;
        let mut here = vec![chief.to_string()];
        for (at, state) in State::ALL.into_iter().enumerate() {
            let person = site.add("Here", &format!("here{at}@acme.by"), "employee", &north, state).await;
            if state != State::Archived {
                here.push(person.to_string());
            }
        }
        let there = site.add("There", "there@acme.by", "employee", &south, State::Active).await;
        let both_units = Wanted {
            name: "Both".into(),
            email: "both@acme.by".into(),
            role: "employee".into(),
            units: vec![north.id.clone(), south.id.clone()],
            state: State::Active,
        };
        let shared = site.add_all(&[both_units]).await.remove(0);
        here.push(shared.to_string());
        let mut program = Program::new(&Browser::new(app), &site.give_token(&chief).await);
        let seen: BTreeSet<String> = walk(&mut program, "limit=3").await.into_iter().collect();
        assert_eq!(seen, here.iter().cloned().collect());
        let user = program.read(&format!("/api/v1/users/{shared}")).await;
        assert_eq!(
            (user["memberships"].as_array().expect("one").len(), &user["has_hidden_memberships"]),
            (1, &json!(true))
        );
        assert!(!user.to_string().contains("South"));
        let nowhere = problem(&program.get("/api/v1/users/nowhere").await);
        is(nowhere, (404, "not_found"), "nowhere");
        let expected = program.get("/api/v1/users/nowhere").await.text();
        for hidden in [there.as_str(), site.anna.as_str(), "x%2Fy", "%00", "'"] {
            let answer = program.get(&format!("/api/v1/users/{hidden}")).await;
            assert_eq!((answer.status.as_u16(), answer.text()), (404, expected.clone()), "{hidden}");
        }
        for unit in [south.id.as_str(), site.company.id.as_str(), site.root.id.as_str(), "nowhere"] {
            let answer = program.get(&format!("/api/v1/users?unit={unit}")).await;
            assert_eq!((answer.status.as_u16(), answer.text()), (404, expected.clone()), "{unit}");
        }
        // The owner sees more from now on, and so does the token; and less.
        let anna = caller(&site.anna);
        let role = &site.role("company_administrator").id;
        usher::server::use_cases::places::add(app, &anna, &chief, &south.id, role, Default::default())
            .await
            .expect("added");
        assert_eq!(program.read(&format!("/api/v1/users/{there}")).await["name"], "There");
        let page = program.read(&format!("/api/v1/users?unit={}", south.id)).await;
        assert!(ids(&page).contains(&there.to_string()));
        usher::server::use_cases::places::remove(app, &anna, &chief, &south.id).await.expect("removed");
        assert_eq!(program.get(&format!("/api/v1/users/{there}")).await.status.as_u16(), 404);
    })
    .await;
}

/// LD-01: whoever comes, goes or changes their name meanwhile.
#[tokio::test(flavor = "multi_thread")]
async fn a_walk_through_all_pages_meets_everybody_once_while_others_are_added() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let wanted: Vec<Wanted> = (0..120)
            .map(|n| {
                Wanted::new(
                    ["Same", "", "Яна"][n % 3],
                    &format!("p{n:03}@acme.by"),
                    "employee",
                    &site.company,
                    State::Active,
                )
            })
            .collect();
        let before = site.add_all(&wanted).await;
        let mut all: BTreeSet<String> = before.iter().map(ToString::to_string).collect();
        let mut program = Program::new(&Browser::new(&site.app), &site.give_token(&site.anna).await);
        let (mut met, mut cursor, mut pages) = (Vec::new(), String::new(), 0);
        loop {
            let page = program.read(&format!("/api/v1/users?limit=7{cursor}")).await;
            met.extend(ids(&page));
            pages += 1;
            let Some(next) = page["next"].as_str() else { break };
            cursor = format!("&cursor={next}");
            if pages <= 12 {
                let name = ["Aaa", "Zzz"][pages % 2];
                all.insert(site.add_active(name, &format!("new{pages}@acme.by"), "employee").await.to_string());
                // The one at whose place the next page begins is called otherwise now, or is gone.
                let last = UserId::new(met.last().expect("somebody"));
                let anna = caller(&site.anna);
                if pages % 3 == 0 && last != site.anna {
                    let mut tx = site.app.db.read().await.expect("a connection");
                    let user =
                        usher::server::storage::users::find(&mut tx, &last).await.expect("a look").expect("them");
                    drop(tx);
                    deletion::delete(&site.app, &anna, &last, &user.email.unwrap_or_default()).await.expect("deleted");
                } else if last != site.anna {
                    let edit = users::Edit { name: Some("Aab".into()), version: 1, ..Default::default() };
                    users::edit(&site.app, &anna, &last, &edit).await.expect("edited");
                }
            }
        }
        let once: BTreeSet<String> = met.iter().cloned().collect();
        assert_eq!(once.len(), met.len(), "nobody twice");
        assert!(once.contains(site.anna.as_str()) && all.is_subset(&once), "everybody");
        assert_eq!(once.len(), 120 + 12 + 1);
        // Any size of a page gives the same people in the same order.
        let whole = walk(&mut program, "limit=200").await;
        for query in ["", "limit=1", "limit=50", "limit=199"] {
            assert_eq!(walk(&mut program, query).await, whole, "{query}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_list_is_narrowed_as_the_page_of_users_is() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let branch = site.add_branch("ACME Branch", &site.company).await;
        for (at, state) in State::ALL.into_iter().enumerate() {
            for role in ["dispatcher", "employee"] {
                let unit = if at % 2 == 0 { &branch } else { &site.company };
                site.add("Olga Ёлкина", &format!("{role}{at}@acme.by").replace('_', ""), role, unit, state).await;
            }
        }
        let mut program = Program::new(&Browser::new(&site.app), &site.give_token(&site.anna).await);
        let role = &site.role("dispatcher").id;
        for status in std::iter::once(None).chain(Status::ALL.map(Some)) {
            for (search, role, unit) in [
                ("", None, None),
                ("", Some(role), None),
                ("", None, Some(&branch.id)),
                ("елкина", None, None),
                ("dispatcher", Some(role), Some(&branch.id)),
                ("100%", None, None),
            ] {
                let query = usher::domain::listing::UserQuery {
                    search: search.into(),
                    status,
                    role: role.cloned(),
                    unit: unit.cloned(),
                    ..Default::default()
                };
                let page = users::list(&site.app, &caller(&site.anna), &query).await.expect("a page");
                let expected: BTreeSet<String> = page.rows.iter().map(|row| row.id.to_string()).collect();
                let (status, role, unit) = (
                    status.map_or("", Status::code),
                    role.map_or("", |role| role.as_str()),
                    unit.map_or("", |unit| unit.as_str()),
                );
                let search = usher::domain::listing::escape(search);
                let query = format!("q={search}&status={status}&role={role}&unit={unit}&limit=2");
                let found = walk(&mut program, &query).await;
                assert_eq!(found.iter().cloned().collect::<BTreeSet<_>>(), expected, "{query}");
                assert_eq!(found.len(), expected.len(), "{query}");
            }
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_read_is_a_problem_that_names_it() {
    both(|db| async move {
        let site = TestSite::furnish(db.clone(), None).await;
        let mut program = Program::new(&Browser::new(&site.app), &site.give_token(&site.anna).await);
        for (query, name) in [
            ("limit=0", "limit"),
            ("limit=201", "limit"),
            ("limit=ten", "limit"),
            ("status=Active", "status"),
            ("cursor=abc", "cursor"),
            (&format!("cursor={}", site.anna), "cursor"),
            ("page=2", "page"),
            ("sort=name", "sort"),
            ("q=a&q=b", "q"),
            ("%3Cscript%3E=1", "<script>"),
        ] {
            assert_eq!(named(&program.get(&format!("/api/v1/users?{query}")).await), name, "{query}");
        }
        for path in ["/api/v1/openapi.json".to_string(), format!("/api/v1/users/{}", site.anna)] {
            assert_eq!(named(&program.get(&format!("{path}?fields=all")).await), "fields");
        }
        for path in ["/api/v1", "/api/v1/", "/api/v1/units", "/api/v1/users/", "/api/v1/users/x/y", "/api/v1//users"] {
            is(problem(&program.get(path).await), (404, "not_found"), path);
        }
        // Whatever stands before the API says no in the same form, also to whoever would rather have a page.
        for accept in ["*/*", "text/html", "application/json"] {
            let request = Request::builder()
                .uri("/api/v1/users")
                .header(header::ACCEPT, accept)
                .header(header::HOST, "elsewhere.example")
                .header(header::AUTHORIZATION, format!("Bearer {}", program.token.clone().expect("a token")));
            let answer = program.browser.send(request.body(Body::empty()).expect("a request")).await;
            is(problem(&answer), (421, "misdirected_request"), accept);
        }
        site.tamper("update memberships set extra = 'nonsense' where user_id = $1", &usher::values![&site.anna]).await;
        is(problem(&program.get("/api/v1/users").await), (500, "internal_error"), "a row that cannot be read");
        db.close().await;
        assert_eq!(program.get("/api/v1/users").await.status.as_u16(), 503, "whether there is an API is not known");
    })
    .await;
}

/// RL-04: wrong tokens are counted by the place they come from, requests by their token.
#[tokio::test(flavor = "multi_thread")]
async fn wrong_tokens_and_too_many_requests_are_slowed_down() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let (one, other) = (site.give_token(&site.anna).await, site.give_token(&site.anna).await);
        let mut browser = Browser::on(http::router(site.app.clone()));
        browser.address = ([203, 0, 113, 77], 40_000).into();
        let mut guessing = Program::new(&browser, "usher_guess");
        let mut refused = 0;
        for _ in 0..40 {
            let answer = guessing.get("/api/v1/users").await;
            if answer.status.as_u16() == 429 {
                is(problem(&answer), (429, "too_many_requests"), "guessing");
                assert!(answer.headers.contains_key(header::RETRY_AFTER));
                refused += 1;
            }
        }
        assert!((8..=10).contains(&refused), "{refused}");
        // A right one from the same place is not held up.
        Program::new(&browser, &other).read("/api/v1/users").await;
        browser.address = ([203, 0, 113, 78], 40_000).into();
        let mut busy = Program::new(&browser, &one);
        // Right ones are no tries; no token at all is none either.
        let mut nothing = Program { browser: browser.clone(), token: None };
        for _ in 0..40 {
            assert_eq!(busy.get("/api/v1/openapi.json").await.status.as_u16(), 200);
            assert_eq!(nothing.get("/api/v1/users").await.status.as_u16(), 401);
        }
        let mut last = 200;
        for _ in 0..2_000 {
            let answer = busy.get("/api/v1/openapi.json").await;
            last = answer.status.as_u16();
            if last != 200 {
                is(problem(&answer), (429, "too_many_requests"), "busy");
                assert!(answer.headers.contains_key(header::RETRY_AFTER));
                break;
            }
        }
        assert_eq!(last, 429, "six hundred at once, and no more");
        Program::new(&browser, &other).read("/api/v1/users").await;
    })
    .await;
}
