//! The program itself, killed again and again while it sends two hundred invitations: none is lost, and one that comes
//! twice is recognisable (FT-01, FT-02); nor does the log tell anything (PR-02).

use super::{fill_in, listed};
use crate::support::browser::Browser;
use crate::support::databases::{Scratch, there};
use crate::support::people::PASSWORD;
use crate::support::smtp::{Answer, Sink, Stage};
use crate::support::{until, until_at_last, wire};
use axum::http::StatusCode;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use usher::server::random;
use usher::values;

/// How many are invited while their form waits.
const PEOPLE: usize = 200;
const CUTS: usize = 6;

/// The program, running; gone with the test.
struct Program {
    child: Child,
    address: String,
    folder: PathBuf,
}

impl Program {
    async fn start(database: &str, folder: &Path, relay: &str) -> Self {
        let port =
            std::net::TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a port").port();
        let address = format!("127.0.0.1:{port}");
        let child = Command::new(env!("CARGO_BIN_EXE_usher"))
            .arg("serve")
            .current_dir(folder)
            .env_clear()
            .env("USHER_LISTEN", &address)
            .env("USHER_PUBLIC_URL", "https://users.acme.by")
            .env("USHER_DATABASE_URL", database)
            .env("USHER_DATA_DIR", folder)
            .env("USHER_SMTP_URL", relay)
            // One that was not optimised needs more room.
            .envs(std::env::var_os("RUST_MIN_STACK").map(|size| ("RUST_MIN_STACK", size)))
            .stdin(Stdio::null())
            .stdout(File::create(folder.join("said")).expect("a file"))
            .stderr(File::options().create(true).append(true).open(folder.join("log")).expect("a file"))
            .spawn()
            .expect("started");
        let program = Self { child, address, folder: folder.into() };
        let waiting = Browser::on(wire::to(&program.address));
        until("the program is ready", || {
            let mut browser = waiting.clone();
            async move { browser.get("/health/ready").await.status == StatusCode::OK }
        })
        .await;
        program
    }

    /// No signal that it could answer: as when the power fails.
    fn cut(&mut self) {
        self.child.kill().expect("a kill");
        self.child.wait().expect("an end");
    }

    fn set_up_code(&self) -> String {
        let said = std::fs::read_to_string(self.folder.join("said")).expect("a text");
        said.lines().find_map(|line| line.strip_prefix("set-up code: ")).expect("a code").to_string()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A folder that is gone after the test.
struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Anna, who has set the program up.
async fn set_up(program: &mut Program) -> Browser {
    let mut anna = Browser::on(wire::to(&program.address));
    let code = program.set_up_code();
    let answers = [
        ("code", code.as_str()),
        ("name", "Anna Petrova"),
        ("email", "anna@acme.by"),
        ("password", PASSWORD),
        ("organisation", "ACME School"),
    ];
    assert_eq!(fill_in(&mut anna, "/set-up", "/set-up", &answers).await.status, StatusCode::SEE_OTHER);
    anna
}

async fn two_hundred_survive(scratch: &Scratch) {
    let folder = Folder(std::env::temp_dir().join(format!("usher-cut-{}", random::secret())));
    std::fs::create_dir_all(&folder.0).expect("a folder");
    // A relay that takes its time, so that there is always something under way.
    let sink = Sink::scripted(|now| match now.stage {
        Stage::Recipient | Stage::End => Answer::Late(Duration::from_millis(10)),
        _ => Answer::Usual,
    })
    .await;
    let relay = sink.url();
    let mut program = Program::start(&scratch.url, &folder.0, &relay).await;
    let mut anna = set_up(&mut program).await;
    let people: BTreeSet<String> = (0..PEOPLE).map(|number| format!("person{number:03}@acme.by")).collect();
    let typed = people.iter().cloned().collect::<Vec<_>>().join("\n");
    let sent = fill_in(&mut anna, "/users/invite", "/api/invite", &[("addresses", &typed)]).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text());
    super::send_now(&mut anna, sent.location()).await;

    // Cut at moments that nobody chose, each after some more mails than the one before.
    let step = PEOPLE * 9 / 10 / CUTS;
    for cut in 0..CUTS {
        let [chance, pause] = random::bytes::<2>();
        let moment = cut * step + usize::from(chance) % step;
        until("some more have left", || async { sink.taken().len() >= moment }).await;
        tokio::time::sleep(Duration::from_millis(u64::from(pause) / 8)).await;
        program.cut();
        // What was under way is held for a minute and a half; that time passes while the program is down.
        let mut tx = scratch.db.maintain().await.expect("a transaction");
        let sql = "update messages set lease_until = lease_until - $1 where lease_until is not null";
        let held = tx.execute(sql, &values![90_000_i64]).await.expect("the leases");
        tx.commit().await.expect("a commit");
        assert!(held <= 3, "{held} messages were under way at once");
        program = Program::start(&scratch.url, &folder.0, &relay).await;
    }

    let cookies = std::mem::take(&mut anna.cookies);
    let mut anna = Browser::on(wire::to(&program.address));
    anna.cookies = cookies;
    until("nothing waits any more", || async {
        let mut tx = scratch.db.read().await.expect("a connection");
        let sql = "select count(*) as waiting from messages where next_try_at is not null";
        tx.row(sql, &[]).await.expect("a count").number("waiting").expect("a number") == 0
    })
    .await;

    // Nobody is left out, and whatever came twice is the same mail with the same link.
    let mut mails: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
    for mail in sink.received() {
        let [to] = mail.to.as_slice() else { panic!("one mail to {:?}", mail.to) };
        mails.entry(to.clone()).or_default().push((mail.message_id(), super::link_in(&mail.text())));
    }
    assert_eq!(mails.keys().cloned().collect::<BTreeSet<_>>(), people, "lost, or sent without a row");
    for (person, copies) in &mails {
        assert!(copies.iter().all(|copy| copy == &copies[0]), "{person} got different mails: {copies:?}");
    }
    let taken: BTreeSet<String> = sink.taken().iter().map(|mail| mail.to[0].clone()).collect();
    assert_eq!(taken, people);
    let ids: BTreeSet<&String> = mails.values().map(|copies| &copies[0].0).collect();
    assert_eq!(ids.len(), PEOPLE, "each has a Message-ID of its own");
    let twice = sink.received().len() - PEOPLE;
    assert!(twice <= CUTS * 3, "{twice} came twice");

    // Every row has come to its end, and the program that is left says so.
    let mut tx = scratch.db.read().await.expect("a connection");
    let sql = "select count(distinct person) as invited from roster where status = 'invited'";
    let invited = tx.row(sql, &[]).await.expect("a count").number("invited").expect("a number");
    assert_eq!(invited, 200);
    let sql =
        "select count(*) as n from messages where sent_at is null or failed_at is not null or lease_until is not null";
    assert_eq!(tx.row(sql, &[]).await.expect("a count").number("n").expect("a number"), 0);
    drop(tx);
    assert!(listed(&mut anna, "invited", "person000@acme.by").await);
    program.cut();

    // What the operator keeps tells neither addresses nor anything that opens something.
    let log = std::fs::read_to_string(folder.0.join("log")).expect("a text");
    assert!(log.lines().count() > CUTS, "{log}");
    let cookie = anna.cookies.values().max_by_key(|value| value.len()).expect("a session");
    for secret in ["person000@acme.by", "@acme.by", PASSWORD, cookie.as_str(), &mails["person000@acme.by"][0].1] {
        assert!(!log.contains(secret), "the log tells {secret}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_hundred_invitations_none_is_lost_however_often_the_power_fails_ft_01() {
    for kind in there() {
        let scratch = Scratch::of(kind).await;
        two_hundred_survive(&scratch).await;
        scratch.remove().await;
    }
}

/// How many go by a job.
const ROUND: usize = 1_000;

/// W-14: a thousand pasted, and the program killed again and again while its job invites them.
async fn a_thousand_survive(scratch: &Scratch) {
    let folder = Folder(std::env::temp_dir().join(format!("usher-round-{}", random::secret())));
    std::fs::create_dir_all(&folder.0).expect("a folder");
    let sink = Sink::start().await;
    let relay = sink.url();
    let mut program = Program::start(&scratch.url, &folder.0, &relay).await;
    let mut anna = set_up(&mut program).await;
    let number = async |sql: &'static str| {
        let mut tx = scratch.db.read().await.expect("a connection");
        let n = tx.row(sql, &[]).await.expect("a count").number("n").expect("a number");
        usize::try_from(n).expect("a count")
    };
    let people: Vec<String> = (0..ROUND).map(|number| format!("person{number:04}@acme.by")).collect();
    let sent = fill_in(&mut anna, "/users/invite", "/api/invite", &[("addresses", &people.join("\n"))]).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text());
    let page = anna.get(sent.location()).await.text();
    assert!(page.contains("1,000 invitations leave in a moment"), "{page}");
    let round = sent.location().split_once("draft=").expect("a round").1;
    let hurried = anna.post_form("/api/send-now", &[("id", round)]).await;
    assert_eq!(hurried.status, StatusCode::SEE_OTHER, "{}", hurried.text());
    for cut in 1..=3 {
        until_at_last("some more are invited", || async {
            number("select count(*) as n from invitations").await > cut * 150
        })
        .await;
        program.cut();
        // The job is held for twenty seconds; they pass while the program is down.
        let sql = "update jobs set lease_until = lease_until - $1 where lease_until is not null";
        scratch.db.touch(sql, &values![20_000_i64]).await.expect("the lease");
        program = Program::start(&scratch.url, &folder.0, &relay).await;
    }
    until_at_last("nobody is left", || async { number("select count(*) as n from jobs").await == 0 }).await;
    assert_eq!(number("select count(*) as n from invitations").await, ROUND, "lost, or twice");
    assert_eq!(number("select count(distinct address) as n from invitations").await, ROUND);
    assert_eq!(number("select count(*) as n from messages").await, ROUND);
    let cookies = std::mem::take(&mut anna.cookies);
    let mut anna = Browser::on(wire::to(&program.address));
    anna.cookies = cookies;
    let page = anna.get(sent.location()).await.text();
    assert!(page.contains("1,000 invitations are on their way"), "{page}");
    program.cut();
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_round_of_a_thousand_nobody_is_lost_or_invited_twice_however_often_the_power_fails() {
    for kind in there() {
        let scratch = Scratch::of(kind).await;
        a_thousand_survive(&scratch).await;
        scratch.remove().await;
    }
}
