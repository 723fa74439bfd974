//! Figures: what pages and deeds cost with many people, on SQLite and Postgres, each beside the floor of the same run.
//!
//! `cargo bench --features ssr` measures with 100,000 people (or `USHER_BENCH_PEOPLE`, or a number as an argument);
//! `cargo bench --features ssr -- make sqlite:data/many.db 100000` only makes such a database and prints how to use it.

#[path = "../tests/support/browser.rs"]
#[allow(dead_code)]
mod browser;
#[path = "../tests/support/databases.rs"]
#[allow(dead_code)]
mod databases;
#[path = "../tests/support/house.rs"]
#[allow(dead_code)]
mod house;
mod lists;
mod measure;
mod people;

use databases::Scratch;
use house::House;
use measure::{heading, line, ms, note, rounds};
use std::time::Instant;
use usher::server::storage::Database;
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
    let named = words.iter().find_map(|word| word.parse().ok());
    let count = named.or_else(|| std::env::var("USHER_BENCH_PEOPLE").ok()?.parse().ok()).unwrap_or(100_000);
    let is_wanted = |name: &str| words.iter().all(|word| word.parse::<usize>().is_ok() || *word == name);
    if is_wanted("sqlite") {
        run("SQLite", Scratch::sqlite().await, count).await;
    }
    if is_wanted("postgres") {
        run("Postgres", Scratch::postgres().await, count).await;
    }
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

/// A house with many people in it.
async fn furnish(db: Database, count: usize) -> House {
    let house = House::furnish(db, None).await;
    let password_hash = house.app.passwords.hash(&PASSWORD.to_string().into()).await.expect("a hash");
    let mut tx = house.app.db.write().await.expect("a transaction");
    let sql = "update users set password_hash = $1 where id = $2";
    tx.execute(sql, &values![&password_hash, &house.anna]).await.expect("a password");
    tx.commit().await.expect("a commit");
    let plan = people::Plan {
        app: &house.app,
        root: &house.root,
        roles: &house.roles,
        inviter: &house.anna,
        password_hash: &password_hash,
    };
    let begin = Instant::now();
    people::add(&plan, count).await;
    println!("{count} people generated in {:.1} s", begin.elapsed().as_secs_f64());
    people::verify(&house.app, count).await;
    house
}

async fn run(name: &str, scratch: Scratch, count: usize) {
    println!("\n=== {name}, {count} people");
    let house = furnish(scratch.db.clone(), count).await;
    heading(&format!("{name}, {count}: the floor"));
    floor(&house).await;

    let mut reader = lists::Reader::new(&house.app, &house.anna, &house.root.id).await;
    heading(&format!("{name}, {count}: the main administrator's list"));
    lists::measure(&mut reader, count as i64).await;
    for clients in [1, 8] {
        lists::throughput(&reader, clients, "/users").await;
    }
    scratch.remove().await;
}

/// What the database does without a product, through the same driver and pool.
async fn floor(house: &House) {
    let db = &house.app.db;
    let figure = rounds(1_000, async |_| {
        let mut tx = db.read().await.expect("a connection");
        tx.row("select id, name from users where email = $1", &values!["anna@acme.by"]).await.expect("a row");
    });
    line("one person by e-mail", figure.await);
    let mut tx = db.read().await.expect("a connection");
    let figure = rounds(1_000, async |_| {
        tx.row("select id, name from users where email = $1", &values!["anna@acme.by"]).await.expect("a row");
    });
    line("one person by e-mail, connection in hand", figure.await);
    let figure = rounds(1_000, async |_| {
        let sql = "select u.id, u.name, u.email, u.phone, u.created_at from roster r join users u on u.id = r.user_id \
                   where r.unit_id = $1 order by r.name_key, r.user_id limit 50";
        assert!(!tx.rows(sql, &values![&house.root.id]).await.expect("rows").is_empty());
    });
    line("the first 50 by name, connection in hand", figure.await);
    drop(tx);
    let figure = rounds(100, async |round| {
        let mut tx = db.write().await.expect("a transaction");
        let sql = "insert into attempts (subject, tries, ends_at) values ($1, 0, 0)";
        tx.execute(sql, &values![format!("floor {round}")]).await.expect("a row");
        tx.commit().await.expect("a commit");
    });
    line("a transaction with one insert", figure.await);
    let passwords = &house.app.passwords;
    let figure = rounds(20, async |_| drop(passwords.hash(&PASSWORD.to_string().into()).await));
    let one = line("one password hash", figure.await);
    note("  hashes a second on one core", &format!("{:.1} ({} ms)", 1.0 / one.p50.as_secs_f64(), ms(one.p50)));
}
