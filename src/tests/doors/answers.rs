//! What the doors say to strangers: the same to everybody, known or not (RL-05).

use crate::links::without_nonce;
use crate::support::browser::{Answer, Browser};
use crate::support::databases::both;
use crate::support::people::PASSWORD;
use crate::support::site::TestSite;
use axum::http::StatusCode;
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// Somebody in each state, by address; the last one is nobody.
async fn everybody(site: &TestSite) -> [&'static str; 6] {
    site.add_with_password("Olga", "active@acme.by", "dispatcher").await;
    let blocked = site.add_with_password("Boris", "blocked@acme.by", "dispatcher").await;
    site.invite("Ivan", "invited@acme.by").await;
    let deleted = site.add_with_password("Dora", "deleted@acme.by", "dispatcher").await;
    site.invite_with("Late", "expired@acme.by", |new| new.expires_at = Some(new.created_at)).await;
    let mut anna = Browser::signed_in(&site.app, &site.anna).await;
    assert!(anna.call("/api/block", &[("id", blocked.as_str())]).await.is_done());
    let fields = [("id", deleted.as_str()), ("typed", "deleted@acme.by")];
    assert!(anna.call("/api/delete", &fields).await.is_done());
    ["active@acme.by", "blocked@acme.by", "invited@acme.by", "deleted@acme.by", "expired@acme.by", "nobody@acme.by"]
}

/// An answer without what differs by chance or echoes what was typed.
pub fn said(answer: &Answer, typed: &str) -> String {
    let mut headers: BTreeMap<String, String> = BTreeMap::new();
    for (name, value) in &answer.headers {
        if !["x-request-id", "content-length"].contains(&name.as_str()) {
            headers.insert(name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned());
        }
    }
    let policy = headers.get("content-security-policy").cloned().unwrap_or_default();
    let nonce = policy.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next()).unwrap_or("no nonce");
    let headers = format!("{headers:?}").replace(nonce, "NONCE");
    format!("{} {headers}\n{}", answer.status, without_nonce(answer).replace(typed, "TYPED"))
}

fn all_the_same(answers: &[(String, String)]) {
    let (_, first) = &answers[0];
    for (who, answer) in answers {
        assert_eq!(answer, first, "{who} is answered otherwise than {}", answers[0].0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_gets_the_same_answer_for_everybody_rl_05() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let everybody = everybody(&site).await;
        let mut stranger = Browser::new(&site.app);
        let mut answers = Vec::new();
        for who in everybody {
            let answer = stranger.sign_in(who, "quiet stone bridge").await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{who}");
            answers.push((who.to_string(), said(&answer, who)));
        }
        all_the_same(&answers);
        // Also when tries run out.
        let mut limited = Vec::new();
        for (number, who) in (1..).zip(everybody) {
            let mut stranger = stranger.stranger(number);
            for _ in 0..10 {
                assert_eq!(stranger.sign_in(who, "quiet stone bridge").await.status, StatusCode::UNPROCESSABLE_ENTITY);
            }
            let answer = stranger.sign_in(who, PASSWORD).await;
            assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS, "{who}");
            // How long to wait is counted from the first try, a little earlier for one than for the other.
            let mut answer = answer;
            answer.headers.remove("retry-after");
            limited.push((who.to_string(), said(&answer, who)));
        }
        all_the_same(&limited);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_right_password_learns_that_an_access_is_blocked() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        everybody(&site).await;
        let mut stranger = Browser::new(&site.app);
        let blocked = stranger.sign_in("blocked@acme.by", PASSWORD).await;
        assert_eq!(blocked.status, StatusCode::FORBIDDEN);
        assert!(!stranger.has_session());
        for gone in ["deleted@acme.by", "invited@acme.by"] {
            assert_eq!(stranger.sign_in(gone, PASSWORD).await.status, StatusCode::UNPROCESSABLE_ENTITY, "{gone}");
        }
        assert_eq!(stranger.sign_in("active@acme.by", PASSWORD).await.status, StatusCode::SEE_OTHER);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forgotten_password_gets_the_same_answer_for_everybody_rl_05() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let everybody = everybody(&site).await;
        let mut stranger = Browser::new(&site.app);
        let mut answers = Vec::new();
        for who in everybody {
            let sent = stranger.post_form("/forgot", &[("email", who)]).await;
            let page = stranger.get(sent.location()).await;
            assert_eq!((sent.status, page.status), (StatusCode::SEE_OTHER, StatusCode::OK), "{who}");
            answers.push((who.to_string(), format!("{}\n{}", said(&sent, who), said(&page, who))));
        }
        all_the_same(&answers);
    })
    .await;
}

/// The middle one of how long each took.
fn median(mut times: Vec<Duration>) -> f64 {
    times.sort();
    times[times.len() / 2].as_secs_f64()
}

/// RL-06, roughly: a hash that is not made, or a letter that is waited for, shows. The benchmark measures it finely.
#[tokio::test(flavor = "multi_thread")]
async fn known_and_unknown_addresses_take_the_same_time_rl_06() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        const MANY: u16 = 24;
        for number in 0..MANY {
            let user = site.add_active("Olga", &format!("known{number}@acme.by"), "dispatcher").await;
            site.give_password(&user).await;
        }
        let router = Browser::new(&site.app);
        for path in ["/sign-in", "/forgot"] {
            let mut times = [Vec::new(), Vec::new()];
            for number in 0..MANY {
                // Turn and turn about, so that neither of them always comes first.
                for is_known in [number % 2 == 0, number % 2 != 0] {
                    let mut browser = router.stranger(number * 2 + u16::from(is_known));
                    let email = format!("{}known{number}@acme.by", if is_known { "" } else { "un" });
                    let fields = match path {
                        "/sign-in" => vec![("username", email.as_str()), ("password", "not this one")],
                        _ => vec![("email", email.as_str())],
                    };
                    let begin = Instant::now();
                    let answer = browser.post_form(path, &fields).await;
                    times[usize::from(is_known)].push(begin.elapsed());
                    assert_ne!(answer.status, StatusCode::TOO_MANY_REQUESTS, "{path}");
                }
            }
            let [unknown, known] = times.map(median);
            assert!((0.6..1.7).contains(&(known / unknown)), "{path}: {known} s known, {unknown} s unknown");
        }
        assert_eq!(site.number("select count(*) as n from messages").await, i64::from(MANY), "letters to those known");
    })
    .await;
}
