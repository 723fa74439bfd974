//! Guessing the password of an account: many guesses at one moment, by any of its names, at the door and behind it, are no more
//! than guesses one after another (H-10); and who guesses right, or is not looked at, has not guessed.

use crate::support::browser::Browser;
use crate::support::databases::both;
use crate::support::people::PASSWORD;
use crate::support::site::TestSite;
use axum::http::StatusCode;
use std::collections::BTreeMap;
use usher::domain::timestamp::Duration;
use usher::values;

const WRONG: &str = "quiet stone bridge";

/// Browsers that share an account's limit and no other: each on a router of its own, all at one address.
fn at_one_address(site: &TestSite) -> impl Fn() -> Browser {
    let app = site.app.clone();
    move || Browser::new(&app)
}

/// Answers to sign-ins at one moment, by how many there are of each status.
async fn at_once(tries: Vec<(Browser, String)>, password: &'static str) -> BTreeMap<u16, usize> {
    let all: Vec<_> = tries
        .into_iter()
        .map(|(mut browser, who)| tokio::spawn(async move { browser.sign_in(&who, password).await.status.as_u16() }))
        .collect();
    let mut answers = BTreeMap::new();
    for one in all {
        *answers.entry(one.await.expect("an answer")).or_default() += 1;
    }
    answers
}

/// Olga, who signs in with an address, a number and a login.
async fn olga(site: &TestSite) -> usher::domain::id::UserId {
    let olga = site.add_with_password("Olga", "olga@acme.by", "dispatcher").await;
    let sql = "update users set phone = '+375291112233', phone_signs_in = true, login = 'olga.lis' where id = $1";
    site.tamper(sql, &values![&olga]).await;
    olga
}

#[tokio::test(flavor = "multi_thread")]
async fn of_thirty_wrong_passwords_at_one_moment_ten_are_looked_at_h_10() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        olga(&site).await;
        let browser = at_one_address(&site);
        for who in ["olga@acme.by", "nobody@acme.by", "+375 29 999 99 99", "no.such.login"] {
            let tries = (0..30).map(|_| (browser(), who.to_string())).collect();
            assert_eq!(at_once(tries, WRONG).await, BTreeMap::from([(422, 10), (429, 20)]), "{who}");
            assert_eq!(browser().sign_in(who, PASSWORD).await.status, StatusCode::TOO_MANY_REQUESTS, "{who}");
        }
        // Who comes from elsewhere is not concerned, and after a while nobody is.
        let mut elsewhere = browser().stranger(1);
        assert_eq!(elsewhere.sign_in("olga@acme.by", PASSWORD).await.status, StatusCode::SEE_OTHER);
        site.app.clock.advance(Duration::minutes(16));
        let tries = (0..30).map(|_| (browser(), "olga@acme.by".to_string())).collect();
        assert_eq!(at_once(tries, WRONG).await, BTreeMap::from([(422, 10), (429, 20)]), "the next window");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_sixty_strangers_at_one_moment_fifty_are_looked_at_h_10_rl_07() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        olga(&site).await;
        let browser = at_one_address(&site);
        let mut at_home = browser().stranger(9_000);
        assert_eq!(at_home.sign_in("olga@acme.by", PASSWORD).await.status, StatusCode::SEE_OTHER);
        for who in ["olga@acme.by", "nobody@acme.by"] {
            let tries = (0..60).map(|number| (browser().stranger(number), who.to_string())).collect();
            assert_eq!(at_once(tries, WRONG).await, BTreeMap::from([(422, 50), (429, 10)]), "{who}");
        }
        // Those who were refused have not used up what is theirs.
        let mut stranger = browser().stranger(600);
        for _ in 0..3 {
            assert_eq!(stranger.sign_in("olga@acme.by", PASSWORD).await.status, StatusCode::TOO_MANY_REQUESTS);
        }
        assert_eq!(
            at_home.sign_in("olga@acme.by", PASSWORD).await.status,
            StatusCode::SEE_OTHER,
            "Olga was here before"
        );
        let mut counted = BTreeMap::new();
        for _ in 0..11 {
            *counted.entry(stranger.sign_in("olga@acme.by", WRONG).await.status.as_u16()).or_insert(0) += 1;
        }
        assert_eq!(counted, BTreeMap::from([(422, 10), (429, 1)]));
    })
    .await;
}

/// RL-07: somebody is at home where they came in, however they did, and in the browser with which they did, wherever that is.
#[tokio::test(flavor = "multi_thread")]
async fn strangers_lock_nobody_out_who_came_in_here_by_a_link_or_with_this_browser_rl_07() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let browser = at_one_address(&site);
        let locked = async |who: &'static str, from: u16| {
            let tries = (from..from + 60).map(|number| (browser().stranger(number), who.to_string())).collect();
            assert_eq!(at_once(tries, WRONG).await, BTreeMap::from([(422, 50), (429, 10)]), "{who}");
            let elsewhere = browser().stranger(from + 99).sign_in(who, PASSWORD).await.status;
            assert_eq!(elsewhere, StatusCode::TOO_MANY_REQUESTS, "{who}");
        };
        // By an invitation; their browser goes with them.
        let ivan = site.invite("Ivan", "ivan@acme.by").await;
        let page = site.page_of(&ivan).await;
        let mut ivans = browser().stranger(9_001);
        let fields = [("name", "Ivan"), ("phone", ""), ("password", PASSWORD)];
        assert_eq!(ivans.post_form(&page, &fields).await.status, StatusCode::SEE_OTHER);
        locked("ivan@acme.by", 0).await;
        let mut at_home = browser().stranger(9_001);
        assert_eq!(at_home.sign_in("ivan@acme.by", PASSWORD).await.status, StatusCode::SEE_OTHER);
        // That was right, and so the wrong ones are forgotten.
        locked("ivan@acme.by", 100).await;
        let carried_to = |number| {
            let mut browser = browser().stranger(number);
            browser.cookies.clone_from(&ivans.cookies);
            browser
        };
        let mut on_the_way = carried_to(9_002);
        assert_eq!(on_the_way.sign_in("ivan@acme.by", PASSWORD).await.status, StatusCode::SEE_OTHER);
        // A mark opens the door to ten guesses from wherever it is carried, and to no account but its own.
        let mut carried = Vec::new();
        for number in 200..230 {
            carried.push((carried_to(number), "ivan@acme.by".to_string()));
        }
        assert_eq!(at_once(carried, WRONG).await, BTreeMap::from([(422, 10), (429, 20)]));
        olga(&site).await;
        locked("olga@acme.by", 300).await;
        let with_ivans = carried_to(9_001).sign_in("olga@acme.by", PASSWORD).await.status;
        assert_eq!(with_ivans, StatusCode::TOO_MANY_REQUESTS);
        // By a link for a new password.
        let petr = site.add_active("Petr", "petr@acme.by", "dispatcher").await;
        site.reset(&petr).await;
        let page = site.reset_page_of(&petr).await;
        locked("petr@acme.by", 400).await;
        let mut at_home = browser().stranger(9_003);
        assert_eq!(at_home.post_form(&page, &[("password", PASSWORD)]).await.status, StatusCode::SEE_OTHER);
        assert_eq!(at_home.sign_in("petr@acme.by", PASSWORD).await.status, StatusCode::SEE_OTHER);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn address_number_and_login_of_one_account_are_counted_as_one_h_10() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        olga(&site).await;
        let browser = at_one_address(&site);
        let names = ["olga@acme.by", "+375 29 111-22-33", "Olga.Lis", "OLGA@acme.by", "375291112233"];
        for name in names.iter().cycle().take(10) {
            assert_eq!(browser().sign_in(name, WRONG).await.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
        }
        for name in names {
            assert_eq!(browser().sign_in(name, PASSWORD).await.status, StatusCode::TOO_MANY_REQUESTS, "{name}");
        }
        // Names of nobody have nothing in common.
        for name in ["nobody@acme.by", "+375299999999", "no.body"] {
            assert_eq!(browser().sign_in(name, WRONG).await.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
        }
        site.app.clock.advance(Duration::minutes(16));
        let tries = names.iter().cycle().take(30).map(|name| (browser(), name.to_string())).collect();
        assert_eq!(at_once(tries, WRONG).await, BTreeMap::from([(422, 10), (429, 20)]), "at one moment");
    })
    .await;
}

/// Whoever finds an open session may guess the password there no more often than at the door, nor after that at the door.
#[tokio::test(flavor = "multi_thread")]
async fn the_current_password_behind_the_door_is_guessed_at_no_more_often_than_before_it_h_10() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let olga = olga(&site).await;
        let signed_in = Browser::signed_in(&site.app, &olga).await;
        let guess = |current: &'static str| {
            let mut browser = at_one_address(&site)();
            browser.cookies = signed_in.cookies.clone();
            let fields = [("current_password", current), ("new_password", "amber window seven")];
            async move { browser.call("/api/change-password", &fields).await.status.as_u16() }
        };
        let mut answers = BTreeMap::new();
        let all: Vec<_> = (0..60).map(|_| tokio::spawn(guess(WRONG))).collect();
        for one in all {
            *answers.entry(one.await.expect("an answer")).or_insert(0) += 1;
        }
        assert_eq!(answers, BTreeMap::from([(422, 10), (429, 50)]));
        assert_eq!(guess(PASSWORD).await, 429);
        let mut at_the_door = at_one_address(&site)();
        assert_eq!(at_the_door.sign_in("olga@acme.by", PASSWORD).await.status, StatusCode::TOO_MANY_REQUESTS);
        // The other way round, and the right one forgets the wrong ones.
        site.app.clock.advance(Duration::minutes(16));
        for _ in 0..9 {
            assert_eq!(at_the_door.sign_in("olga@acme.by", WRONG).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        }
        assert_eq!(guess(PASSWORD).await, 200);
        for _ in 0..10 {
            assert_eq!(at_the_door.sign_in("olga@acme.by", WRONG).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        }
        assert_eq!(at_the_door.sign_in("olga@acme.by", WRONG).await.status, StatusCode::TOO_MANY_REQUESTS);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_right_password_that_opens_nothing_is_no_wrong_one() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let blocked = olga(&site).await;
        let mut anna = Browser::signed_in(&site.app, &site.anna).await;
        assert!(anna.call("/api/block", &[("id", blocked.as_str())]).await.is_done());
        let browser = at_one_address(&site);
        for _ in 0..15 {
            assert_eq!(browser().sign_in("olga@acme.by", PASSWORD).await.status, StatusCode::FORBIDDEN);
        }
        assert!(anna.call("/api/unblock", &[("id", blocked.as_str())]).await.is_done());
        assert_eq!(browser().sign_in("olga@acme.by", PASSWORD).await.status, StatusCode::SEE_OTHER);

        // Nor is that of somebody who is sent on to another surface (rule 79).
        let agent = site.add_with_password("Agent", "agent@acme.by", "employee").await;
        site.tamper("update users set email = null, login = 'agent' where id = $1", &values![&agent]).await;
        for _ in 0..15 {
            assert_eq!(browser().sign_in("agent", PASSWORD).await.status, StatusCode::FORBIDDEN);
        }
        for _ in 0..10 {
            assert_eq!(browser().sign_in("agent", WRONG).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        }
        assert_eq!(browser().sign_in("agent", PASSWORD).await.status, StatusCode::TOO_MANY_REQUESTS);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guess_that_nobody_had_time_to_look_at_is_none() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        olga(&site).await;
        let browser = at_one_address(&site);
        // Others keep all lanes busy, and more wait than may; meanwhile Olga tries again and again.
        let mut storm = tokio::task::JoinSet::new();
        for number in 0..120 {
            let mut stranger = browser().stranger(number);
            storm.spawn(async move {
                for round in 0.. {
                    stranger.sign_in(&format!("storm{number}.{round}@acme.by"), WRONG).await;
                }
            });
        }
        let (mut put_off, mut wrong) = (0, 0);
        while put_off < 12 && wrong < 9 {
            match browser().sign_in("olga@acme.by", WRONG).await.status {
                StatusCode::SERVICE_UNAVAILABLE => put_off += 1,
                StatusCode::UNPROCESSABLE_ENTITY => wrong += 1,
                other => panic!("{other}"),
            }
        }
        storm.shutdown().await;
        assert!(put_off + wrong > 10, "{put_off} put off, {wrong} wrong");
        assert_eq!(browser().sign_in("olga@acme.by", PASSWORD).await.status, StatusCode::SEE_OTHER);
    })
    .await;
}
