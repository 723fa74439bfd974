//! Passwords at the doors: which are taken, and what checking them may cost (AU-01 to AU-03, DS-02).

use crate::support::browser::Browser;
use crate::support::databases::both;
use crate::support::html::form_to;
use crate::support::people::PASSWORD;
use crate::support::site::TestSite;
use axum::http::{StatusCode, header};
use std::time::{Duration, Instant};

#[tokio::test(flavor = "multi_thread")]
async fn a_new_password_is_long_enough_on_no_list_and_not_ones_own_name_au_01_au_02() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let ivan = site.invite("Ivan", "ivan.petrovich@acme.by").await;
        let page = site.page_of(&ivan).await;
        let browser = Browser::new(&site.app);
        for (number, (password, why)) in (1..).zip([
            ("", "12 or more"),
            ("vkw-9Q2!xz7", "12 or more"),
            ("пять семь 9", "12 or more"),
            ("passwordpassword", "guess"),
            ("qwertyuiopasdf", "guess"),
            ("123456789012", "guess"),
            ("aaaaaaaaaaaaaaaaaaaa", "guess"),
            ("iloveyou1234", "guess"),
            ("ivan.petrovich@acme.by", "guess"),
            ("Ivan Petrovich", "guess"),
            ("ACME School 1", "guess"),
        ]) {
            let mut browser = browser.stranger(number);
            let fields = [("name", "Ivan Petrovich"), ("phone", ""), ("password", password)];
            let answer = browser.post_form(&page, &fields).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{password:?}");
            let said = answer.text();
            assert!(said.contains(why), "{password:?} is not refused because of {why:?}: {said}");
            let form = form_to(&said, &page);
            assert_eq!(form.value("password"), Some(""), "the password came back");
            assert_eq!(form.value("name"), Some("Ivan Petrovich"), "what was typed is lost");
        }
        // Twelve characters are enough, whatever they are; every byte counts, blanks at the ends too (AU-03).
        let twelve = " vkw 9qxz7 р";
        assert_eq!(twelve.chars().count(), 12);
        let mut browser = browser.stranger(100);
        let fields = [("name", "Ivan Petrovich"), ("phone", ""), ("password", twelve)];
        assert_eq!(browser.post_form(&page, &fields).await.status, StatusCode::SEE_OTHER);
        for wrong in [twelve.trim(), " vkw 9qxz7 p", " VKW 9qxz7 р"] {
            let answer = browser.stranger(101).sign_in("ivan.petrovich@acme.by", wrong).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong:?}");
        }
        let answer = browser.stranger(102).sign_in("ivan.petrovich@acme.by", twelve).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
    })
    .await;
}

/// Answers to many sign-ins at the same moment, each from an address and for an account of its own.
async fn storm(browser: &Browser, many: u16, password: String) -> Vec<StatusCode> {
    let tries: Vec<_> = (0..many)
        .map(|number| {
            let (mut browser, password) = (browser.stranger(number), password.clone());
            tokio::spawn(async move {
                let answer = browser.sign_in(&format!("storm{number}@acme.by"), &password).await;
                assert_eq!(
                    answer.status == StatusCode::SERVICE_UNAVAILABLE,
                    answer.headers.contains_key(header::RETRY_AFTER)
                );
                answer.status
            })
        })
        .collect();
    let mut answers = Vec::new();
    for one in tries {
        answers.push(one.await.expect("an answer"));
    }
    answers
}

#[tokio::test(flavor = "multi_thread")]
async fn more_sign_ins_than_can_be_checked_are_told_to_come_back_ds_02() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        site.add_with_password("Olga", "olga@acme.by", "dispatcher").await;
        let browser = Browser::new(&site.app);
        let answers = storm(&browser, 300, "wrong".into()).await;
        let busy = answers.iter().filter(|status| **status == StatusCode::SERVICE_UNAVAILABLE).count();
        let checked = answers.iter().filter(|status| **status == StatusCode::UNPROCESSABLE_ENTITY).count();
        assert_eq!(busy + checked, 300, "{answers:?}");
        assert!(busy > 0 && checked >= 64, "{checked} checked, {busy} put off");
        // When the storm is over, the door is open.
        let mut olga = browser.stranger(1_000);
        assert_eq!(olga.sign_in("olga@acme.by", PASSWORD).await.status, StatusCode::SEE_OTHER);
    })
    .await;
}

/// LD-02: whoever is in is answered meanwhile, soon, and as themselves.
#[tokio::test(flavor = "multi_thread")]
async fn a_storm_at_the_door_slows_down_nobody_who_is_in_and_mixes_up_nobody_ld_02() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let browser = Browser::new(&site.app);
        let mut inside = Vec::new();
        for (name, email) in [("Olga", "olga@acme.by"), ("Ivan", "ivan@acme.by")] {
            let user = site.add_active(name, email, "dispatcher").await;
            let mut own = browser.stranger(2_000 + inside.len() as u16);
            own.sign_in_as(&site.app, &user).await;
            inside.push((name, own));
        }
        let at_the_door = browser.clone();
        let storm = tokio::spawn(async move { storm(&at_the_door, 300, "wrong".into()).await });
        let (mut asked, mut slowest) = (0, Duration::ZERO);
        while !storm.is_finished() || asked == 0 {
            for (name, own) in &mut inside {
                let begin = Instant::now();
                assert_eq!(own.profile().await.name, *name);
                slowest = slowest.max(begin.elapsed());
                asked += 1;
            }
        }
        let answers = storm.await.expect("answers");
        assert!(answers.contains(&StatusCode::SERVICE_UNAVAILABLE), "it was no storm: {answers:?}");
        assert!(slowest < Duration::from_secs(2), "one of {asked} pages took {slowest:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_beyond_measure_is_refused_before_it_is_hashed_ds_02() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let browser = Browser::new(&site.app);
        // Nothing waits for a place at the hashing, so nobody is put off.
        let answers = storm(&browser, 300, "x".repeat(1_025)).await;
        assert!(answers.iter().all(|status| *status == StatusCode::UNPROCESSABLE_ENTITY), "{answers:?}");
        let megabyte = "x".repeat(1_000_000);
        let answers = storm(&browser.stranger(1), 50, megabyte.clone()).await;
        assert!(answers.iter().all(|status| *status == StatusCode::PAYLOAD_TOO_LARGE), "{answers:?}");

        let ivan = site.invite("Ivan", "ivan@acme.by").await;
        let page = site.page_of(&ivan).await;
        let letters: String = (0..30).map(|_| usher::server::random::secret()).collect();
        for (password, status) in [
            (letters[..1_025].to_string(), StatusCode::UNPROCESSABLE_ENTITY),
            (megabyte, StatusCode::PAYLOAD_TOO_LARGE),
            (letters[..1_024].to_string(), StatusCode::SEE_OTHER),
        ] {
            let fields = [("name", "Ivan"), ("phone", ""), ("password", password.as_str())];
            let answer = browser.stranger(2).post_form(&page, &fields).await;
            assert_eq!(answer.status, status, "{} bytes", password.len());
        }
    })
    .await;
}
