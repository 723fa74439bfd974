//! What stands behind a password: one form of it whatever keyboard it was typed on (L-03), older hashes that are made anew when
//! they fit (AU-04), and work that holds up nothing else (H-02).

use crate::support::browser::Browser;
use crate::support::databases::both;
use crate::support::people::PASSWORD;
use crate::support::site::TestSite;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, Version};
use axum::http::StatusCode;
use std::time::{Duration, Instant};
use usher::domain::id::UserId;
use usher::server::use_cases::set_up;
use usher::values;

/// One password, as three keyboards type it: composed, with the marks apart, and with spaces of their own.
const TYPED: [&str; 3] =
    ["caf\u{e9} ёлка \u{439}од", "cafe\u{301} \u{435}\u{308}лка \u{438}\u{306}од", "caf\u{e9}\u{a0}ёлка\u{3000}йод"];

/// Others, which look or end otherwise.
const OTHERS: [&str; 5] =
    ["cafe ёлка йод", "caf\u{e9} ёлка йод ", "caf\u{e9} елка йод", "caf\u{e9}  ёлка йод", "caf\u{e9} ёлка йод\0"];

async fn only_this_one_fits(site: &TestSite, who: &str, at: u16) {
    let browser = Browser::new(&site.app).stranger(at);
    for typed in TYPED {
        assert_eq!(browser.clone().sign_in(who, typed).await.status, StatusCode::SEE_OTHER, "{who}: {typed:?}");
    }
    for typed in OTHERS {
        let answer = browser.clone().sign_in(who, typed).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{who}: {typed:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_is_the_same_at_every_door_however_it_was_typed_l_03() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let [composed, apart, spaced] = TYPED;
        // Registering.
        let ivan = site.invite("Ivan", "ivan@acme.by").await;
        let page = site.page_of(&ivan).await;
        let fields = [("name", "Ivan"), ("phone", ""), ("password", apart)];
        let mut browser = Browser::new(&site.app);
        assert_eq!(browser.post_form(&page, &fields).await.status, StatusCode::SEE_OTHER);
        only_this_one_fits(&site, "ivan@acme.by", 1).await;
        // Changing: both the current one and the new one.
        let change = |current, new| [("current_password", current), ("new_password", new)];
        assert!(browser.call("/api/change-password", &change(composed, PASSWORD)).await.is_done());
        assert!(browser.call("/api/change-password", &change(PASSWORD, spaced)).await.is_done());
        only_this_one_fits(&site, "ivan@acme.by", 2).await;
        assert!(browser.call("/api/change-password", &change(apart, PASSWORD)).await.is_done());
        // Resetting.
        site.reset(&ivan.user).await;
        let page = site.reset_page_of(&ivan.user).await;
        assert_eq!(browser.post_form(&page, &[("password", apart)]).await.status, StatusCode::SEE_OTHER);
        only_this_one_fits(&site, "ivan@acme.by", 3).await;
        // From the command line, as at the first visit.
        set_up::create_administrator(&site.app, "Petr", "petr@acme.by", &spaced.to_string().into(), None)
            .await
            .expect("an administrator");
        only_this_one_fits(&site, "petr@acme.by", 4).await;
        // A rule about the one is a rule about the other: twelve characters typed, and six meant.
        let password = "e\u{301}".repeat(6).into();
        let refused = set_up::create_administrator(&site.app, "Anna", "a@acme.by", &password, None).await;
        let short = usher::domain::password::PasswordProblem::TooShort { min: 12 };
        assert_eq!(refused, Err(short.into()));
    })
    .await;
}

/// A hash as an older program made it: of what was typed, with these parameters.
fn old_hash(typed: &str, memory: u32, passes: u32) -> String {
    let params = Params::new(memory, passes, 1, None).expect("parameters");
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    argon2.hash_password_with_salt(typed.as_bytes(), &[7; 16]).expect("a hash").to_string()
}

async fn stored(site: &TestSite, user: &UserId) -> (String, Option<i64>, i64) {
    let mut tx = site.app.db.read().await.expect("a connection");
    let sql = "select password_hash, password_changed_at, version from users where id = $1";
    let row = tx.row(sql, &values![user]).await.expect("a row");
    let changed_at = row.maybe_number("password_changed_at").expect("a moment");
    (row.text("password_hash").expect("a hash"), changed_at, row.number("version").expect("a version"))
}

/// AU-04: less work than today, or another form of the password.
#[tokio::test(flavor = "multi_thread")]
async fn an_old_hash_is_made_anew_at_the_next_sign_in_and_not_before_au_04() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let olga = site.add_with_password("Olga", "olga@acme.by", "dispatcher").await;
        let apart = TYPED[1];
        let browser = Browser::new(&site.app);
        for (number, (typed, hash)) in (1..).zip([
            (PASSWORD, old_hash(PASSWORD, 4_096, 1)),
            (PASSWORD, old_hash(PASSWORD, 19_456, 1)),
            (apart, old_hash(apart, 19_456, 2)),
            (apart, old_hash(apart, 4_096, 1)),
        ]) {
            site.tamper("update users set password_hash = $2 where id = $1", &values![&olga, &hash]).await;
            let before = stored(&site, &olga).await;
            let at = || browser.stranger(number);
            for wrong in ["wrong", "", OTHERS[0]] {
                assert_eq!(at().sign_in("olga@acme.by", wrong).await.status, StatusCode::UNPROCESSABLE_ENTITY);
            }
            // A right one that opens nothing leaves it, too.
            site.tamper("update memberships set blocked_at = 1 where user_id = $1", &values![&olga]).await;
            assert_eq!(at().sign_in("olga@acme.by", typed).await.status, StatusCode::FORBIDDEN);
            site.tamper("update memberships set blocked_at = null where user_id = $1", &values![&olga]).await;
            assert_eq!(stored(&site, &olga).await, before);

            // Many at one moment are all let in.
            let all: Vec<_> = (0..8)
                .map(|device| {
                    let (mut browser, typed) = (browser.stranger(100 * number + device), typed.to_string());
                    tokio::spawn(async move { browser.sign_in("olga@acme.by", &typed).await.status })
                })
                .collect();
            for one in all {
                assert_eq!(one.await.expect("an answer"), StatusCode::SEE_OTHER);
            }
            let (now, changed_at, version) = stored(&site, &olga).await;
            assert!(now != hash && now.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{now}");
            assert_eq!((changed_at, version), (before.1, before.2), "the password is the same");
            // And is good from now on, and stays.
            assert_eq!(at().sign_in("olga@acme.by", typed).await.status, StatusCode::SEE_OTHER);
            assert_eq!(at().sign_in("olga@acme.by", OTHERS[1]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert_eq!(stored(&site, &olga).await.0, now);
        }
        // By a form that was never typed before, once it has been made anew.
        assert_eq!(browser.stranger(9).sign_in("olga@acme.by", TYPED[2]).await.status, StatusCode::SEE_OTHER);
    })
    .await;
}

/// H-02: all on one thread, on which everything that is computed would hold up everything else.
#[tokio::test]
async fn judging_long_passwords_holds_nothing_up_h_02() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let olga = site.add_with_password("Olga", "olga@acme.by", "dispatcher").await;
        let ivan = site.invite("Ivan", "ivan@acme.by").await;
        let page = site.page_of(&ivan).await;
        let signed_in = Browser::signed_in(&site.app, &olga).await;
        let nasty: String = "ппa1!|7$54@({[<69+%02380".chars().cycle().take(800).collect();
        let mut all = tokio::task::JoinSet::new();
        for number in 0..10 {
            let (mut browser, new) = (signed_in.clone(), format!("{number}{nasty}"));
            let (mut stranger, page) = (signed_in.stranger(number), page.clone());
            all.spawn(async move {
                let fields = [("current_password", "wrong"), ("new_password", new.as_str())];
                browser.call("/api/change-password", &fields).await;
                stranger.post_form(&page, &[("name", "Ivan"), ("phone", ""), ("password", new.as_str())]).await;
            });
        }
        let (mut watch, mut times) = (signed_in.stranger(99), Vec::new());
        while !all.is_empty() {
            let begin = Instant::now();
            assert_eq!(watch.get("/health/live").await.status, StatusCode::OK);
            times.push(begin.elapsed());
            let _ = tokio::time::timeout(Duration::from_millis(2), all.join_next()).await;
        }
        times.sort();
        let most = times[times.len() * 9 / 10];
        assert!(most < Duration::from_millis(100), "{most:?} of {}", times.len());
    })
    .await;
}
