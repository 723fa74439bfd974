//! A telephone number belongs to whoever signs in with it, and nobody else learns that it does (H-29, H-22): whoever names a
//! number that is taken gets the very same answers as whoever names a free one.

use super::answers::said;
use crate::links::without_nonce;
use crate::people::caller;
use crate::support::browser::{Answer, Browser};
use crate::support::crowd::State;
use crate::support::databases::both;
use crate::support::people::PASSWORD;
use crate::support::site::{TestSite, person};
use axum::http::{StatusCode, header};
use std::collections::BTreeSet;
use usher::domain::error::{Conflict, UseCaseError};
use usher::domain::id::UserId;
use usher::domain::timestamp::Duration;
use usher::domain::user::{PHONE_CHANGES_AN_HOUR, User};
use usher::server::storage::users as stored;
use usher::server::use_cases::users;
use usher::values;
use usher::words::Language;

/// Sixty numbers; every second one is somebody's.
const NUMBERS: std::ops::Range<usize> = 0..60;

fn number(n: usize) -> String {
    format!("+37529111{n:04}")
}

fn is_taken(n: usize) -> bool {
    n.is_multiple_of(2)
}

/// Somebody for each taken number.
async fn hold(site: &TestSite) {
    let now = site.app.clock.now();
    let mut tx = site.app.db.maintain().await.expect("a transaction");
    for n in NUMBERS.filter(|n| is_taken(*n)) {
        let holder = person("Holder", &format!("holder{n}@acme.by"), Language::English, now);
        let holder = User { phone: Some(number(n)), registered_at: Some(now), ..holder };
        stored::insert(&mut tx, &holder, None).await.expect("a holder");
    }
    tx.commit().await.expect("a commit");
}

async fn version(site: &TestSite, user: &UserId) -> String {
    let mut tx = site.app.db.read().await.expect("a connection");
    stored::find(&mut tx, user).await.expect("a look").expect("the person").version.to_string()
}

async fn signs_in(site: &TestSite, who: &str) -> StatusCode {
    // On a router of its own, as somebody new.
    Browser::new(&site.app).sign_in(who, PASSWORD).await.status
}

fn all_the_same(answers: &[(usize, String)]) {
    for (n, answer) in answers {
        assert_eq!(answer, &answers[0].1, "{} is answered otherwise than {}", number(*n), number(answers[0].0));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn my_profile_answers_alike_whether_a_number_is_taken_or_free_h_29() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        hold(&site).await;
        let olga = site.add_with_password("Olga", "olga@acme.by", "dispatcher").await;
        let mut browser = Browser::signed_in(&site.app, &olga).await;
        let (mut called, mut posted) = (Vec::new(), Vec::new());
        for n in NUMBERS {
            site.app.clock.advance(Duration::minutes(30));
            browser.sign_in_as(&site.app, &olga).await;
            let (number, before) = (number(n), version(&site, &olga).await);
            let fields = [("name", "Olga"), ("phone", &number), ("language", "en"), ("version", &before)];
            let answer = match n < NUMBERS.end / 2 {
                true => browser.call("/api/change-profile", &fields).await,
                false => browser.post_form("/api/change-profile", &fields).await,
            };
            assert!(answer.is_done(), "{number}: {}", answer.text());
            let page = browser.get("/me").await;
            assert!(page.text().contains(&number), "{number} is not shown");
            let after = version(&site, &olga).await;
            let said = format!("{}\n{}", without_cookies(&answer, &number), said(&page, &number));
            let said = said.replace(&format!("value=\"{after}\""), "VERSION");
            if n < NUMBERS.end / 2 { &mut called } else { &mut posted }.push((n, until_sessions(&said)));
            assert_eq!(signs_in(&site, &number).await.is_redirection(), !is_taken(n), "{number}");
        }
        all_the_same(&called);
        all_the_same(&posted);
    })
    .await;
}

/// The list of one's sessions has moments in it, and grows.
fn until_sessions(page: &str) -> String {
    page.split("id=\"sessions\"").next().unwrap_or_default().to_string()
}

/// An answer whose cookies are what they are by chance.
fn without_cookies(answer: &Answer, typed: &str) -> String {
    let cookies = answer.headers.get_all(header::SET_COOKIE).iter().filter_map(|cookie| cookie.to_str().ok());
    // In no order; a note is named after its person, and these are several.
    let names = cookies.filter_map(|cookie| cookie.split(['=', '.']).next());
    let names: BTreeSet<&str> = names.collect();
    let location = answer.location();
    format!("{} {location} {names:?}\n{}", answer.status, without_nonce(answer).replace(typed, "TYPED"))
}

#[tokio::test(flavor = "multi_thread")]
async fn registering_answers_alike_whether_a_number_is_taken_or_free_h_22() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        hold(&site).await;
        let mut answers = Vec::new();
        for n in NUMBERS {
            let (number, address) = (number(n), format!("new{n}@acme.by"));
            let page = site.page_of(&site.invite("New", &address).await).await;
            let mut browser = Browser::new(&site.app);
            let fields = [("name", "New"), ("phone", number.as_str()), ("password", PASSWORD)];
            let answer = browser.post_form(&page, &fields).await;
            assert_eq!(answer.status, StatusCode::SEE_OTHER, "{number}: {}", answer.text());
            answers.push((n, without_cookies(&answer, &number)));
            assert!(browser.get("/me").await.text().contains(&number), "{number} is not kept");
            assert_eq!(signs_in(&site, &number).await.is_redirection(), !is_taken(n), "{number}");
            assert!(signs_in(&site, &address).await.is_redirection());
        }
        all_the_same(&answers);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_becomes_ones_own_once_it_is_free_and_saved_again() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let olga = site.add_with_password("Olga", "olga@acme.by", "dispatcher").await;
        let ivan = site.add_with_password("Ivan", "ivan@acme.by", "dispatcher").await;
        let save = async |who: &UserId, name: &str, phone: &str| {
            let mut browser = Browser::signed_in(&site.app, who).await;
            let version = version(&site, who).await;
            let fields = [("name", name), ("phone", phone), ("language", "en"), ("version", version.as_str())];
            assert!(browser.call("/api/change-profile", &fields).await.is_done());
        };
        let whose = async || {
            let mut tx = site.app.db.read().await.expect("a connection");
            stored::find_by_identifier(&mut tx, &number(1)).await.expect("a look").map(|user| user.id)
        };
        save(&olga, "Olga", &number(1)).await;
        save(&ivan, "Ivan", &number(1)).await;
        assert_eq!(whose().await.as_ref(), Some(&olga));
        // The holder stays the holder, whatever else is saved.
        save(&olga, "Olga Lis", &number(1)).await;
        assert_eq!(whose().await.as_ref(), Some(&olga));
        save(&olga, "Olga Lis", &number(3)).await;
        assert_eq!(whose().await, None, "it waits for nobody");
        save(&ivan, "Ivan Petrov", &number(1)).await;
        assert_eq!(whose().await.as_ref(), Some(&ivan));
        // Who is deleted holds nothing.
        let mut anna = Browser::signed_in(&site.app, &site.anna).await;
        let fields = [("id", ivan.as_str()), ("typed", "ivan@acme.by")];
        assert!(anna.call("/api/delete", &fields).await.is_done());
        assert_eq!(whose().await, None);
        save(&olga, "Olga", &number(1)).await;
        assert_eq!(whose().await.as_ref(), Some(&olga));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_number_after_another_is_tried_five_times_an_hour_h_29() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let olga = site.add_with_password("Olga", "olga@acme.by", "dispatcher").await;
        let mut browser = Browser::signed_in(&site.app, &olga).await;
        let change = async |browser: &mut Browser, phone: &str| {
            let version = version(&site, &olga).await;
            let fields = [("name", "Olga"), ("phone", phone), ("language", "en"), ("version", version.as_str())];
            browser.call("/api/change-profile", &fields).await
        };
        for round in 0..2 {
            for n in 0..5 {
                assert!(change(&mut browser, &number(10 * round + n)).await.is_done());
                assert!(change(&mut browser, &number(10 * round + n)).await.is_done(), "the same is no change");
            }
            let refused = change(&mut browser, &number(10 * round + 5)).await;
            assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
            assert!(matches!(refused.refusal(), Some(UseCaseError::PhoneChangedTooOften { seconds: 1..=3_600 })));
            assert!(refused.headers.contains_key(header::RETRY_AFTER));
            let version = version(&site, &olga).await;
            let six = number(10 * round + 5);
            let fields = [("name", "Olga"), ("phone", six.as_str()), ("language", "en"), ("version", version.as_str())];
            browser.post_from("/me", "/api/change-profile", &fields).await;
            let page = browser.get("/me").await.text();
            assert!(page.contains("can be changed 5 times an hour") && page.contains(&six), "{page}");
            assert!(change(&mut browser, &number(10 * round + 4)).await.is_done(), "everything else can be saved");
            assert!(change(&mut browser, "").await.is_done(), "and the number taken away");
            site.app.clock.advance(Duration::minutes(61));
            browser.sign_in_as(&site.app, &olga).await;
        }
        assert_eq!(PHONE_CHANGES_AN_HOUR, 5);
        // At one moment, too: whoever is first changes the version for all others, and who reads it anew is counted.
        let all: Vec<_> = (20..50)
            .map(|n| {
                let (site, mut browser, olga) = (site.clone(), browser.clone(), olga.clone());
                tokio::spawn(async move {
                    let (version, number) = (version(&site, &olga).await, number(n));
                    let fields =
                        [("name", "Olga"), ("phone", &number), ("language", "en"), ("version", version.as_str())];
                    browser.call("/api/change-profile", &fields).await.status.as_u16()
                })
            })
            .collect();
        let mut done = 0;
        for one in all {
            done += usize::from(one.await.expect("an answer") == 200);
        }
        assert!((1..=5).contains(&done), "{done}");
    })
    .await;
}

/// Rule 90: an administrator is told of people whom they can see, and of nobody else; whoever is invited as of whoever is there.
#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_is_told_of_a_taken_number_only_when_the_holder_is_theirs_h_29() {
    both(|db| async {
        let chain = crate::organisation::Chain::found(db).await;
        let (site, nina) = (&chain.site, &chain.admins[0]);
        let hold = "update users set phone = $2, phone_signs_in = true where id = $1";
        let employee = site.add("Employee", "employee@acme.by", "employee", &chain.north, State::Active).await;
        let stranger = site.add("Stranger", "stranger@acme.by", "employee", &chain.south, State::Active).await;
        site.tamper(hold, &values![&employee, number(0)]).await;
        site.tamper(hold, &values![&stranger, number(2)]).await;
        site.tamper(hold, &values![nina, number(4)]).await;
        let colleague = site.add("Colleague", "colleague@acme.by", "employee", &chain.north, State::Active).await;
        let draft = chain.invite(nina, "invited@acme.by", &[&chain.north], "employee").await.expect("sent");
        let placeholder = chain.invite(nina, "stranger@acme.by", &[&chain.north], "employee").await.expect("sent");
        for whom in [&colleague, &draft.sent[0].user_id, &placeholder.sent[0].user_id] {
            let edit = async |phone: String, name: &str| {
                let version = version(site, whom).await.parse().expect("a number");
                let edit = users::Edit { phone, version, name: Some(name.into()), ..Default::default() };
                users::edit(&site.app, &caller(nina), whom, &edit).await
            };
            for seen in [0, 4] {
                assert_eq!(edit(number(seen), "Somebody").await, Err(Conflict::PhoneTaken.into()), "{seen}");
            }
            assert_eq!(edit(number(1), "Somebody").await, Ok(()), "a free one");
            assert_eq!(edit(number(2), "Somebody").await, Ok(()), "one of somebody whom Nina cannot see");
            let card = users::card(&site.app, &caller(nina), whom).await.expect("a card");
            assert_eq!(card.user.phone, Some(number(2)));
            // It stays where it is while something else is changed, and its holder keeps it.
            assert_eq!(edit(number(2), "Somebody Else").await, Ok(()));
            let mut tx = site.app.db.read().await.expect("a connection");
            let holder = stored::find_by_identifier(&mut tx, &number(2)).await.expect("a look").map(|user| user.id);
            assert_eq!(holder.as_ref(), Some(&stranger));
        }
    })
    .await;
}

/// Who has no account yet, and is known under another name to others, comes to a free number as anybody does.
#[tokio::test(flavor = "multi_thread")]
async fn who_comes_out_of_a_placeholder_signs_in_with_a_free_number() {
    both(|db| async {
        let chain = crate::organisation::Chain::found(db).await;
        let (site, nina) = (&chain.site, &chain.admins[0]);
        // Two inviters, neither of whom sees what the other knows; the first one's person is deleted before coming in.
        let first = site.add("First", "ivan@acme.by", "employee", &chain.south, State::Invited).await;
        let draft = chain.invite(nina, "ivan@acme.by", &[&chain.north], "employee").await.expect("sent");
        let placeholder = draft.sent[0].user_id.clone();
        let mut anna = Browser::signed_in(&site.app, &site.anna).await;
        let fields = [("id", first.as_str()), ("typed", "ivan@acme.by")];
        assert!(anna.call("/api/delete", &fields).await.is_done());
        let page = format!("/i/{}", site.link_of(&site.invitation_of(&placeholder).await).await);
        let fields = [("name", "Ivan"), ("phone", "+375291110001"), ("password", PASSWORD)];
        let mut browser = Browser::new(&site.app);
        assert_eq!(browser.post_form(&page, &fields).await.status, StatusCode::SEE_OTHER);
        assert_eq!(signs_in(site, "+375 29 111 00 01").await, StatusCode::SEE_OTHER);
    })
    .await;
}

/// What the schema said before: every number is its person's, and is so after the change.
#[tokio::test(flavor = "multi_thread")]
async fn numbers_that_were_there_before_are_signed_in_with_as_before() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let olga = site.add_with_password("Olga", "olga@acme.by", "dispatcher").await;
        for sql in [
            "drop index users_placeholders",
            "alter table users rename column is_placeholder to is_shadow",
            "create index users_shadows on users (email) where is_shadow",
            "drop index users_phone",
            "alter table users drop column phone_signs_in",
            "create unique index users_phone on users (phone) where not is_shadow",
            "update users set phone = '+375291110001' where email = 'olga@acme.by'",
            "delete from _sqlx_migrations where version in (4, 21)",
        ] {
            let mut tx = site.app.db.maintain().await.expect("a transaction");
            tx.execute(sql, &[]).await.expect(sql);
            tx.commit().await.expect("a commit");
        }
        site.app.db.migrate().await.expect("the schema");
        assert_eq!(signs_in(&site, "+375 29 111-00-01").await, StatusCode::SEE_OTHER);
        let mut tx = site.app.db.read().await.expect("a connection");
        let found = stored::find_by_identifier(&mut tx, &number(1)).await.expect("a look");
        assert_eq!(found.map(|user| user.id), Some(olga));
    })
    .await;
}

/// H-29: nor does whoever edits others find out by their doors which numbers are taken elsewhere.
#[tokio::test(flavor = "multi_thread")]
async fn one_number_after_another_is_written_for_somebody_five_times_an_hour_h_29() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let olga = site.add_with_password("Olga", "olga@acme.by", "dispatcher").await;
        let petr = site.add_with_password("Petr", "petr@acme.by", "dispatcher").await;
        let mut anna = Browser::signed_in(&site.app, &site.anna).await;
        let edit = async |anna: &mut Browser, id: &UserId, name: &str, phone: &str| {
            let version = version(&site, id).await;
            anna.call("/api/edit-user", &[("id", id.as_str()), ("name", name), ("phone", phone), ("version", &version)])
                .await
        };
        for n in 0..5 {
            assert!(edit(&mut anna, &olga, "Olga", &number(n)).await.is_done());
        }
        let refused = edit(&mut anna, &olga, "Olga", &number(5)).await;
        assert!(
            matches!(refused.refusal(), Some(UseCaseError::PhoneChangedTooOften { seconds: 1..=3_600 })),
            "{refused:?}"
        );
        assert!(edit(&mut anna, &olga, "Olga Lis", &number(4)).await.is_done(), "everything else can be saved");
        assert!(edit(&mut anna, &petr, "Petr", &number(5)).await.is_done(), "and others' numbers");
        site.app.clock.advance(usher::domain::timestamp::Duration::minutes(61));
        assert!(edit(&mut anna, &olga, "Olga Lis", &number(6)).await.is_done());
    })
    .await;
}
