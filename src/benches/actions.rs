//! What changes something: inviting, accepting, signing in, sending; each against the floor of the same minute.

use super::browser::Browser;
use super::lists::wanted;
use super::measure::{Figure, line, ms, note, place_in, rounds};
use super::site::TestSite;
use super::{PASSWORD, sink};
use axum::Router;
use axum::http::StatusCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tokio_util::sync::CancellationToken;
use usher::domain::id::{InvitationId, UserId};
use usher::domain::registration::TypedName;
use usher::server::config::Relay;
use usher::server::delivery::worker;
use usher::server::http;
use usher::server::use_cases::accept::{self, Registration};
use usher::server::use_cases::{Visitor, invite};
use usher::values;
use usher::words::Language;

/// How long something is done over and over again.
const LONG: Duration = Duration::from_secs(5);

async fn invite_one(site: &TestSite, address: &str) {
    let caller = super::site::caller(&site.anna);
    let wish = invite::InviteForm {
        addresses: address.into(),
        units: vec![site.company.id.to_string()],
        role: site.role("employee").id.to_string(),
        language: "en".into(),
        valid_for: "8h".into(),
        ..invite::InviteForm::default()
    };
    invite::invite(&site.app, &caller, &wish).await.expect("an invitation");
}

/// One person is invited; one accepts.
pub async fn invite_and_accept(site: &TestSite, commit: Figure) {
    let figure = rounds(100, async |round| invite_one(site, &format!("new.person{round}@guests.example")).await).await;
    line("one invitation (P8: one commit + 2 ms)", figure);
    note("  beyond the commit, p50", &format!("{} ms", ms(figure.p50.saturating_sub(commit.p50))));

    let mut tx = site.app.db.read().await.expect("a connection");
    let sql =
        "select id, address from invitations where address like 'new.person%' and accepted_at is null order by id";
    let mut links = Vec::new();
    for row in tx.rows(sql, &[]).await.expect("rows") {
        let (id, address) = (row.text("id").expect("text"), row.text("address").expect("text"));
        links.push(site.app.key.invitation_link(&InvitationId::new(id), 1, &address));
    }
    drop(tx);
    let (mut accepting, mut hashing) = (Vec::new(), Vec::new());
    for (n, link) in links.iter().take(40).enumerate() {
        let begin = Instant::now();
        let form = Registration {
            password_again: String::new().into(),
            name: TypedName { whole: format!("New Person {n}"), ..TypedName::default() },
            phone: String::new(),
            phone_meant: String::new(),
            password: PASSWORD.to_string().into(),
            language: Language::English,
            ticks: Vec::new(),
        };
        accept::register(&site.app, link, None, &form, &Visitor::default()).await.expect("an account");
        accepting.push(begin.elapsed());
        let begin = Instant::now();
        site.app.passwords.hash(&PASSWORD.to_string().into()).await.expect("a hash");
        hashing.push(begin.elapsed());
    }
    let (accepting, hashing) = (line("accept and register", Figure::of(accepting)), Figure::of(hashing));
    line("  a hash between two of them", hashing);
    let beyond = accepting.p50.saturating_sub(hashing.p50);
    note("  beyond the hash, p50 (P10: a commit + 3 ms of processor)", &format!("{} ms", ms(beyond)));
}

/// How many passwords a second this machine hashes, two at a time.
async fn hashes_a_second(site: &TestSite) -> f64 {
    let (begin, done) = (Instant::now(), Arc::new(AtomicUsize::new(0)));
    let mut all = Vec::new();
    for _ in 0..std::thread::available_parallelism().map_or(2, usize::from) {
        let (app, done) = (site.app.clone(), done.clone());
        all.push(tokio::spawn(async move {
            while begin.elapsed() < LONG {
                app.passwords.hash(&PASSWORD.to_string().into()).await.expect("a hash");
                done.fetch_add(1, Ordering::Relaxed);
            }
        }));
    }
    for one in all {
        one.await.expect("a hasher");
    }
    done.load(Ordering::Relaxed) as f64 / begin.elapsed().as_secs_f64()
}

async fn sign_in_for_ever(router: Router, emails: Arc<Vec<String>>, next: Arc<AtomicUsize>, until: Instant) -> usize {
    let mut done = 0;
    while Instant::now() < until {
        let n = next.fetch_add(1, Ordering::Relaxed);
        let mut browser = Browser::on(router.clone());
        // Everybody comes from an address of their own, so that no limit stands in the way.
        browser.address = ([10, (n >> 16) as u8, (n >> 8) as u8, n as u8], 40_000).into();
        let email = &emails[n % emails.len()];
        let fields = [("username", email.as_str()), ("password", PASSWORD), ("next", "/users")];
        let answer = browser.post_form("/sign-in", &fields).await;
        assert!(answer.status.is_redirection(), "{}: {}", answer.status, answer.text());
        done += 1;
    }
    done
}

/// The addresses of some hundreds of people who may sign in.
pub async fn who_may_sign_in(site: &TestSite) -> Vec<String> {
    let mut tx = site.app.db.read().await.expect("a connection");
    let sql =
        "select email from users where password_hash is not null and name_is_own = $1 and number % 97 = 0 limit 500";
    let rows = tx.rows(sql, &values![true]).await.expect("rows");
    let mut emails = Vec::new();
    for row in &rows {
        emails.push(row.text("email").expect("text"));
    }
    let sql = "select u.email from users u join memberships m on m.user_id = u.id where m.blocked_at is not null";
    for row in tx.rows(sql, &[]).await.expect("rows") {
        let blocked = row.text("email").expect("text");
        emails.retain(|email| email != &blocked);
    }
    emails
}

/// RL-06: how well the time of a refused sign-in, or of a forgotten password, tells known addresses from unknown ones.
pub async fn tell_apart(site: &TestSite) {
    let router = http::router(site.app.clone());
    let emails = who_may_sign_in(site).await;
    for (what, path, most) in [("a refused sign-in", "/sign-in", 500), ("a forgotten password", "/forgot", 300)] {
        let mut times = [Vec::new(), Vec::new()];
        for (n, email) in emails.iter().take(most).enumerate() {
            // Turn and turn about, so that neither of them always comes first.
            for is_known in [n % 2 == 0, n % 2 != 0] {
                let mut browser = Browser::on(router.clone());
                browser.address = ([10, 9, (n >> 8) as u8, n as u8], 40_000).into();
                let email = if is_known { email.clone() } else { format!("x{email}") };
                let fields: &[(&str, &str)] = match path {
                    "/sign-in" => &[("username", &email), ("password", "wrong horse battery"), ("next", "/users")],
                    _ => &[("email", &email)],
                };
                let begin = Instant::now();
                let answer = browser.post_form(path, fields).await;
                assert_ne!(answer.status, StatusCode::TOO_MANY_REQUESTS, "{path}");
                times[usize::from(is_known)].push(begin.elapsed());
            }
        }
        let [unknown, known] = times;
        let later: f64 = known.iter().map(|one| place_in(&unknown, one)).sum();
        let chance = later / known.len() as f64;
        note(&format!("{what}: known later than unknown (RL-06: 0.45 to 0.55)"), &format!("{chance:.3}"));
    }
}

/// How near signing in comes to hashing alone, and how the users page fares meanwhile.
pub async fn sign_in(site: &TestSite, user: &UserId) {
    let router = http::router(site.app.clone());
    let emails = Arc::new(who_may_sign_in(site).await);

    let mut reader = Browser::on(router.clone());
    reader.sign_in_as(&site.app, user).await;
    let idle = rounds(200, async |_| drop(reader.send(wanted("/users")).await)).await;
    line("the users page while nothing else happens", idle);
    let before = hashes_a_second(site).await;
    let (next, begin) = (Arc::new(AtomicUsize::new(0)), Instant::now());
    let mut all = Vec::new();
    for _ in 0..8 {
        all.push(tokio::spawn(sign_in_for_ever(router.clone(), emails.clone(), next.clone(), begin + LONG)));
    }
    let mut done = 0;
    for one in all {
        done += one.await.expect("a visitor");
    }
    let rate = done as f64 / begin.elapsed().as_secs_f64();
    let limit = (before + hashes_a_second(site).await) / 2.0;
    note("hashes a second, as wide as there are cores", &format!("{limit:.1}"));
    note("sign-ins a second (P5: at least 95 % of it)", &format!("{rate:.1} ({:.0} %)", rate / limit * 100.0));

    let begin = Instant::now();
    let mut all = Vec::new();
    for _ in 0..8 {
        all.push(tokio::spawn(sign_in_for_ever(router.clone(), emails.clone(), next.clone(), begin + LONG)));
    }
    let mut times = Vec::new();
    while begin.elapsed() < LONG {
        let asked = Instant::now();
        drop(reader.send(wanted("/users")).await);
        times.push(asked.elapsed());
    }
    for one in all {
        one.await.expect("a visitor");
    }
    let meanwhile = line("the users page while eight sign in for ever", Figure::of(times));
    let factor = meanwhile.p99.as_secs_f64() / idle.p99.as_secs_f64();
    note("  its p99 against the idle one (P5: at most 5)", &format!("{factor:.1}"));
}

/// How fast what waits in the outbox leaves for a relay on this machine.
pub async fn send(site: &TestSite) {
    let relay = sink::start().await;
    let mut site = site.clone();
    site.change_config(|config| config.relay = Some(Relay::parse(&relay.into()).expect("a relay")));
    let now = site.app.clock.now();
    let due = "update messages set next_try_at = $1 where next_try_at is not null";
    site.app.db.touch(due, &values![now]).await.expect("due messages");
    let waiting = "select count(*) as n from messages where next_try_at is not null";
    let left = async || {
        let mut tx = site.app.db.read().await.expect("a connection");
        tx.row(waiting, &[]).await.expect("a row").number("n").expect("a number")
    };
    let (at_first, begin, stop) = (left().await, Instant::now(), CancellationToken::new());
    let sending = tokio::spawn(worker::run(site.app.clone(), stop.clone()));
    let mut now_left = at_first;
    while now_left > 0 && begin.elapsed() < 4 * LONG {
        tokio::time::sleep(Duration::from_millis(100)).await;
        now_left = left().await;
    }
    let rate = (at_first - now_left) as f64 / begin.elapsed().as_secs_f64();
    stop.cancel();
    sending.await.expect("the worker");
    note(&format!("mails a second out of an outbox of {at_first}"), &format!("{rate:.0}"));
}
