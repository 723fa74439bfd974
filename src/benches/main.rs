//! Figures: what pages and actions cost with many people, on SQLite and Postgres, each beside the floor of the same run.
//!
//! `cargo bench --features ssr` measures with 100,000 people (or `USHER_BENCH_PEOPLE`, or a number as an argument). Words
//! after `--` leave out what they do not name: databases (`sqlite`, `postgres`) and parts (`main`, `search`, `kinds`, `company`,
//! `branch`, `actions`, `holds`, `rounds`, `program`).
//! `cargo bench --features ssr -- make sqlite:data/many.db 100000` only makes such a database and prints how to use it;
//! `… look sqlite:data/many.db kinds` measures the searches of every kind in it, and so with the other parts.

mod actions;
#[path = "../tests/support/browser.rs"]
#[expect(dead_code, reason = "the tests use more of it")]
mod browser;
#[path = "../tests/support/databases.rs"]
#[expect(dead_code, reason = "the tests use more of it")]
mod databases;
mod holds;
mod kinds;
mod lists;
mod measure;
mod people;
mod program;
mod rounds;
mod sink;
#[path = "../tests/support/site.rs"]
#[expect(dead_code, reason = "the tests use more of it")]
mod site;

use databases::Scratch;
use measure::{Figure, heading, line, note};
use site::TestSite;
use std::time::Instant;
use usher::domain::id::{UnitId, UserId};
use usher::server::storage::Database;
use usher::server::storage::tx::DatabaseKind;
use usher::values;

/// The password of everybody whom the generator makes.
const PASSWORD: &str = "copper lamp river";

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    if let ["make", url, count] = words[..] {
        return make(url, count.parse().expect("a number of people")).await;
    }
    if let ["look", url, parts @ ..] = &words[..] {
        return look(url, &Wanted(parts.to_vec())).await;
    }
    let named = words.iter().find_map(|word| word.parse().ok());
    let count = named.or_else(|| std::env::var("USHER_BENCH_PEOPLE").ok()?.parse().ok()).unwrap_or(100_000);
    let wanted = Wanted(words);
    if wanted.has(&DATABASES, "sqlite") {
        run("SQLite", [Scratch::sqlite().await, Scratch::sqlite().await], count, &wanted).await;
    }
    if wanted.has(&DATABASES, "postgres")
        && let Some(one) = Scratch::postgres().await
    {
        run("Postgres", [one, Scratch::of(DatabaseKind::Postgres).await], count, &wanted).await;
    }
}

const DATABASES: [&str; 2] = ["sqlite", "postgres"];
const PARTS: [&str; 9] = ["main", "search", "kinds", "company", "branch", "actions", "holds", "rounds", "program"];

/// The words by which somebody asks for less than everything.
struct Wanted<'a>(Vec<&'a str>);

impl Wanted<'_> {
    /// Whether this one of a kind is asked for: by its name, or because none of its kind is named.
    fn has(&self, kind: &[&str], name: &str) -> bool {
        self.0.contains(&name) || !self.0.iter().any(|word| kind.contains(word))
    }
}

/// Measures the named parts in a database that was made to look at.
async fn look(url: &str, wanted: &Wanted<'_>) {
    let db = Database::open(url).await.expect("a database");
    db.migrate().await.expect("the schema");
    let mut tx = db.read().await.expect("a connection");
    let row = tx.row("select max(number) as n from users", &[]).await.expect("a row");
    let count = usize::try_from(row.number("n").expect("a number")).expect("people");
    drop(tx);
    let site = TestSite::furnish_again(db, "smtp://127.0.0.1:9").await;
    measure_parts("made before", &site, url, count, &[], wanted).await;
}

/// Makes a database to look at.
async fn make(url: &str, count: usize) {
    let db = Database::open(url).await.expect("a database");
    db.migrate().await.expect("the schema");
    furnish(db.clone(), count).await;
    db.close().await;
    println!("USHER_DATABASE_URL={url} target/release/usher serve");
    println!("sign in as anna@acme.by with: {PASSWORD}");
}

/// A site with many people in it.
async fn furnish(db: Database, count: usize) -> TestSite {
    let site = TestSite::furnish(db, None).await;
    let password_hash = site.app.passwords.hash(&PASSWORD.to_string().into()).await.expect("a hash");
    let mut tx = site.app.db.maintain().await.expect("a transaction");
    let sql = "update users set password_hash = $1 where id = $2";
    tx.execute(sql, &values![&password_hash, &site.anna]).await.expect("a password");
    tx.commit().await.expect("a commit");
    let plan = people::Plan {
        app: &site.app,
        root: &site.root,
        roles: &site.roles,
        inviter: &site.anna,
        password_hash: &password_hash,
    };
    let begin = Instant::now();
    people::add(&plan, count).await;
    println!("{count} people generated in {:.1} s", begin.elapsed().as_secs_f64());
    people::verify(&site.app, count).await;
    site
}

async fn run(name: &str, [small, scratch]: [Scratch; 2], count: usize, wanted: &Wanted<'_>) {
    let before = match wanted.has(&PARTS, "main") {
        true => growth_of(name, &small, count / 10).await,
        false => Vec::new(),
    };
    small.remove().await;

    println!("\n=== {name}, {count} people");
    let site = furnish(scratch.db.clone(), count).await;
    measure_parts(name, &site, &scratch.url, count, &before, wanted).await;
    scratch.remove().await;
}

/// What is asked for, in a furnished site; `before` are the figures of another with a tenth of its people.
async fn measure_parts(
    name: &str,
    site: &TestSite,
    url: &str,
    count: usize,
    before: &[(String, Figure)],
    wanted: &Wanted<'_>,
) {
    heading(&format!("{name}, {count}: the floor"));
    let commit = floor(site).await;

    if wanted.has(&PARTS, "main") {
        let mut reader = lists::Reader::new(&site.app, &site.anna, &site.root.id).await;
        heading(&format!("{name}, {count}: the main administrator's list"));
        let after = lists::measure_growth(&mut reader).await;
        for ((what, before), (_, after)) in before.iter().zip(&after) {
            note(&format!("  {what}: growth over ten times as many people (P1: 1.3)"), &lists::ratio(*after, *before));
        }
        lists::measure(&mut reader, count as i64).await;
        for clients in [1, 8] {
            lists::throughput(&reader, clients, "/users").await;
        }
    }
    if wanted.has(&PARTS, "search") {
        let mut reader = lists::Reader::new(&site.app, &site.anna, &site.root.id).await;
        heading(&format!("{name}, {count}: the main administrator's searches"));
        lists::measure_ways(&reader).await;
        lists::measure_search(&mut reader).await;
    }
    if wanted.has(&PARTS, "kinds") {
        let mut reader = lists::Reader::new(&site.app, &site.anna, &site.root.id).await;
        heading(&format!("{name}, {count}: searches of every kind"));
        kinds::measure(&mut reader).await;
    }
    for kind in ["company", "branch"].into_iter().filter(|kind| wanted.has(&PARTS, kind)) {
        let (administrator, unit) = administrator_of(site, kind).await;
        let mut reader = lists::Reader::new(&site.app, &administrator, &unit).await;
        heading(&format!("{name}, {count}: a {kind} administrator's list"));
        lists::measure_some(&mut reader).await;
    }

    if wanted.has(&PARTS, "actions") {
        heading(&format!("{name}, {count}: actions"));
        actions::invite_and_accept(site, commit).await;
        actions::tell_apart(site).await;
        actions::sign_in(site, &site.anna).await;
        actions::send(site).await;
    }
    if wanted.has(&PARTS, "holds") {
        heading(&format!("{name}, {count}: the longest hold of the writer"));
        holds::tell_apart(site).await;
        holds::measure(site).await;
    }
    if wanted.has(&PARTS, "rounds") {
        heading(&format!("{name}, {count}: rounds"));
        rounds::measure(site).await;
    }
    if wanted.has(&PARTS, "program") {
        heading(&format!("{name}, {count}: the program"));
        let emails = actions::who_may_sign_in(site).await;
        program::measure(url, &emails).await;
    }
}

/// The figures that must not grow, with few people.
async fn growth_of(name: &str, small: &Scratch, count: usize) -> Vec<(String, Figure)> {
    println!("\n=== {name}, {count} people, to see what grows");
    let site = furnish(small.db.clone(), count).await;
    let mut reader = lists::Reader::new(&site.app, &site.anna, &site.root.id).await;
    heading(&format!("{name}, {count}"));
    lists::measure_growth(&mut reader).await
}

/// An active administrator of a unit of this kind, and their unit.
async fn administrator_of(site: &TestSite, kind: &str) -> (UserId, UnitId) {
    let mut tx = site.app.db.read().await.expect("a connection");
    let sql = "select m.user_id, m.unit_id from memberships m join units n on n.id = m.unit_id \
               where m.role_id = $1 and n.kind = $2 and m.active_at is not null and m.blocked_at is null \
               and not exists (select 1 from memberships o where o.user_id = m.user_id and o.id <> m.id) \
               order by m.id limit 1";
    let row = tx.row(sql, &values![&site.role("company_administrator").id, kind]).await.expect("somebody");
    (UserId::new(row.text("user_id").expect("text")), UnitId::new(row.text("unit_id").expect("text")))
}

/// What the database does without a product, through the same driver and pool.
async fn floor(site: &TestSite) -> Figure {
    let db = &site.app.db;
    let figure = measure::rounds(1_000, async |_| {
        let mut tx = db.read().await.expect("a connection");
        tx.row("select id, name from users where email = $1 and not is_placeholder", &values!["anna@acme.by"])
            .await
            .expect("a row");
    });
    line("one person by e-mail", figure.await);
    let mut tx = db.read().await.expect("a connection");
    let figure = measure::rounds(1_000, async |_| {
        tx.row("select id, name from users where email = $1 and not is_placeholder", &values!["anna@acme.by"])
            .await
            .expect("a row");
    });
    line("one person by e-mail, connection in hand", figure.await);
    let figure = measure::rounds(1_000, async |_| {
        let sql = "select u.id, u.name, u.email, u.phone, u.created_at from roster r join users u on u.number = r.person \
                   where r.unit = (select number from units where id = $1) and r.is_archived = $2 \
                   order by r.name_key, r.person limit 50";
        assert!(!tx.rows(sql, &values![&site.root.id, false]).await.expect("rows").is_empty());
    });
    line("the first 50 by name, connection in hand", figure.await);
    drop(tx);
    let figure = measure::rounds(100, async |round| {
        let mut tx = db.maintain().await.expect("a transaction");
        let sql = "insert into attempts (subject, tries, ends_at) values ($1, 0, 0) on conflict do nothing";
        tx.execute(sql, &values![format!("floor {round}")]).await.expect("a row");
        tx.commit().await.expect("a commit");
    });
    let commit = line("a transaction with one insert", figure.await);
    let passwords = &site.app.passwords;
    let figure = measure::rounds(20, async |_| drop(passwords.hash(&PASSWORD.to_string().into()).await));
    let one = line("one password hash", figure.await);
    note("  hashes a second on one core", &format!("{:.1}", 1.0 / one.p50.as_secs_f64()));
    commit
}
