//! The users table: as the server function answers it and as a page, from its first row to its last, filtered and searched.

use super::browser::{Answer, Browser};
use super::measure::{Figure, line, note, rounds};
use super::people::RARE;
use axum::body::Body;
use axum::http::{Request, header};
use std::time::{Duration, Instant};
use usher::domain::authorization::Surface;
use usher::domain::id::{UnitId, UserId};
use usher::domain::listing::{Matching, Sort, UserQuery};
use usher::server::app::App;
use usher::server::storage::roster::{self, List};
use usher::server::storage::tx::DatabaseKind;
use usher::server::use_cases::{sessions, users};
use usher::values;
use usher::view_models::UsersPage;

/// How often each reading is repeated.
const ROUNDS: usize = 400;

/// Who looks, and at which list.
pub struct Reader {
    pub browser: Browser,
    pub unit: UnitId,
    pub app: App,
}

/// A request as a browser sends it.
pub fn wanted(path: &str) -> Request<Body> {
    Request::builder()
        .uri(path)
        .header(header::ACCEPT, if path.starts_with("/api/") { "application/json" } else { "text/html,*/*;q=0.8" })
        .header(header::ACCEPT_ENCODING, "gzip, deflate, br")
        .body(Body::empty())
        .expect("a request")
}

impl Reader {
    pub async fn new(app: &App, user: &UserId, unit: &UnitId) -> Self {
        let browser = Browser::signed_in(app, user).await;
        Self { browser, unit: unit.clone(), app: app.clone() }
    }

    async fn get(&mut self, path: &str) -> Answer {
        let answer = self.browser.send(wanted(path)).await;
        assert!(answer.status.is_success(), "{path}: {}", answer.status);
        answer
    }

    /// The server function's answer to the query of a page.
    pub async fn answer(&mut self, query: &str) -> Answer {
        self.get(&merged(&format!("/api/users?q=&status=&role=&sort=&after=&before=&{query}"))).await
    }

    /// The server function's answer to the address of a page, over the whole router.
    pub async fn json(&mut self, what: &str, query: &str) -> Figure {
        let path = format!("/api/users?q=&status=&role=&sort=&after=&before=&{query}");
        self.timed(what, &merged(&path)).await
    }

    async fn timed(&mut self, what: &str, path: &str) -> Figure {
        line(what, rounds(ROUNDS, async |_| drop(self.get(path).await)).await)
    }

    pub async fn page(&mut self, what: &str, query: &str) -> Figure {
        let path = format!("/users?{query}");
        line(what, rounds(ROUNDS, async |_| drop(self.get(&path).await)).await)
    }

    /// The person at a place of the list, counted from its start.
    pub async fn at(&self, order: &str, place: i64) -> UserId {
        let mut tx = self.app.db.read().await.expect("a connection");
        let sql = format!(
            "select u.id from (select person from roster where unit = (select number from units where id = $1) \
             order by {order} limit 1 offset $2) r join users u on u.number = r.person"
        );
        let row = tx.row(sqlx::AssertSqlSafe(sql), &values![&self.unit, place]).await.expect("a row");
        UserId::new(row.text("id").expect("text"))
    }
}

/// An address whose last mention of a parameter counts.
fn merged(path: &str) -> String {
    let (base, query) = path.split_once('?').expect("a query");
    let mut pairs: Vec<(&str, &str)> = Vec::new();
    for pair in query.split('&').filter_map(|pair| pair.split_once('=')) {
        pairs.retain(|(name, _)| *name != pair.0);
        pairs.push(pair);
    }
    let query: Vec<String> = pairs.iter().map(|(name, value)| format!("{name}={value}")).collect();
    format!("{base}?{}", query.join("&"))
}

/// The needles, from one letter on.
pub fn needles() -> Vec<(&'static str, String)> {
    let rare = RARE.split(' ').next_back().expect("a name");
    vec![
        ("1 letter", "a".into()),
        ("1 letter, Cyrillic, rare", "щ".into()),
        ("2 letters", "iv".into()),
        ("2 letters, rare", "qu".into()),
        ("3 letters, common", "iva".into()),
        ("3 letters, rare", "quu".into()),
        ("a common first name", "anna".into()),
        ("a common first name, late in the order", "Юлия".into()),
        ("5 letters, common", "ivano".into()),
        ("5 letters, half common", "müll".into()),
        ("9 letters, one hit", rare.into()),
        ("no hit", "xqzwvk".into()),
        ("Cyrillic, common", "Иванов".into()),
        ("Cyrillic, some", "Щукина".into()),
        ("everybody", "company".into()),
        ("two words, some", "anna petr".into()),
        ("two common words, no hit", "ivanova xqz".into()),
        ("a whole address", "ivan.petrov1@company01.example".into()),
        ("part of a telephone number", "+375 29 000".into()),
    ]
}

/// All figures of one reader.
pub async fn measure(reader: &mut Reader, count: i64) {
    let app = reader.app.clone();
    let session = &reader.browser.cookies["__Host-usher_session"];
    let caller =
        sessions::recognise(&app, session, Surface::Panel, true).await.expect("a look").expect("a session").caller;
    let query = UserQuery::default();
    let figure = rounds(ROUNDS, async |_| drop(users::list(&app, &caller, &query).await.expect("a page"))).await;
    line("the list alone, no HTTP", figure);
    let figure = rounds(ROUNDS, async |_| drop(users::viewer(&app, &caller).await.expect("a viewer"))).await;
    line("the viewer alone, no HTTP", figure);
    let first = reader.json("first page, JSON", "").await;
    reader.page("first page, HTML", "").await;
    let answer = reader.get("/users").await;
    note("  bytes of the page as sent", &answer.body.len().to_string());
    let me = rounds(ROUNDS, async |_| drop(reader.get("/me").await)).await;
    line("one's own page, HTML (what a page without a list costs)", me);

    let after = |id: &UserId| format!("after={id}");
    let second = reader.at("name_key, person", 49).await;
    let next = reader.json("next page", &after(&second)).await;
    note("  next page / first page (P2: at most 1.2)", &ratio(next, first));
    let middle = reader.at("name_key, person", count / 2).await;
    reader.json("page in the middle", &after(&middle)).await;
    let late = reader.at("name_key, person", count * 9 / 10).await;
    reader.json("page at 90 %", &after(&late)).await;
    reader.json("page before the one at 90 %", &format!("before={late}")).await;
    reader.json("last page, by the other order", "sort=-name").await;
    reader.json("newest first", "sort=-added").await;
    let middle = reader.at("person", count / 2).await;
    reader.json("newest first, in the middle", &format!("sort=-added&after={middle}")).await;
    reader.json("oldest first", "sort=added").await;

    for status in ["active", "invited", "waiting", "error", "expired", "withdrawn", "blocked", "not_invited"] {
        reader.json(&format!("filter: {status}"), &format!("status={status}")).await;
    }
    reader.json("filter: blocked, newest first", "status=blocked&sort=-added").await;
    let roles =
        usher::server::storage::roles::all(&mut app.db.read().await.expect("a connection")).await.expect("roles");
    for role in &roles {
        reader.json(&format!("filter: {}", role.key), &format!("role={}", role.id)).await;
    }
    let (top, last) = (&roles[1].id, &roles[roles.len() - 1].id);
    reader.json("filter: rare role, rare status", &format!("role={top}&status=waiting")).await;
    reader.json("filter: common role, rare status", &format!("role={last}&status=blocked")).await;
    reader
        .json("filter: rare role, common status, newest first", &format!("role={top}&status=active&sort=-added"))
        .await;

    reader.timed("the invitations, HTML", "/invitations").await;
    reader.timed("the invitations with an error, HTML", "/invitations?status=error").await;
}

/// The figures that differ for somebody who sees one company only.
pub async fn measure_some(reader: &mut Reader) {
    reader.json("first page, JSON", "").await;
    reader.page("first page, HTML", "").await;
    reader.json("filter: blocked, newest first", "status=blocked&sort=-added").await;
    measure_search(reader).await;
}

/// A few figures that must not grow with the number of people.
pub async fn measure_growth(reader: &mut Reader) -> Vec<(String, Figure)> {
    let mut all = Vec::new();
    let q = usher::domain::listing::escape(RARE);
    let asked = [("first page", ""), ("filter: blocked", "status=blocked"), ("search: one hit", &format!("q={q}"))];
    for (what, query) in asked {
        let figure = reader.json(&format!("{what}, JSON"), query).await;
        all.push((what.to_string(), figure));
    }
    all
}

/// Searches by needles of every kind.
pub async fn measure_search(reader: &mut Reader) {
    for (what, needle) in needles() {
        let q = usher::domain::listing::escape(&needle);
        let hits = hits(reader, &format!("q={q}")).await;
        reader.json(&format!("search: {what} ({needle}), {hits} hits"), &format!("q={q}")).await;
        reader.json("  the same, newest first", &format!("q={q}&sort=-added")).await;
        reader.json("  the same, only blocked", &format!("q={q}&status=blocked")).await;
    }
}

/// The first page of searches that find many, by name, in each way in which it may be read; and the plan of the best.
pub async fn measure_ways(reader: &Reader) {
    const WAYS: [&str; 3] = ["walked", "found, looked up and sorted", "found by name"];
    let mut tx = reader.app.db.read().await.expect("a connection");
    let counts = roster::counts(&mut tx, &reader.unit).await.expect("the counts");
    for needle in ["Anna", "Иванов", "ova", "company07"] {
        let query = UserQuery { search: needle.into(), sort: Sort::Name, ..UserQuery::default() };
        for (way, statement) in WAYS.iter().zip(List::new(tx.kind(), &reader.unit, &query, &counts).pages()) {
            let figure = rounds(10, async |_| drop(statement.clone().rows(&mut tx).await.expect("a page"))).await;
            line(&format!("a page of {needle}, {way}"), figure);
            if needle == "Anna" && *way == WAYS[2] {
                let (word, column) = match tx.kind() {
                    DatabaseKind::Sqlite => ("explain query plan", "detail"),
                    DatabaseKind::Postgres => ("explain", "QUERY PLAN"),
                };
                let sql = sqlx::AssertSqlSafe(format!("{word} {}", statement.sql));
                for step in tx.rows(sql, &statement.values).await.expect("a plan") {
                    println!("    {}", step.text(column).expect("text"));
                }
            }
        }
    }
}

/// How many the query of a page finds, as the page says it.
pub async fn hits(reader: &mut Reader, query: &str) -> String {
    let path = merged(&format!("/api/users?q=&status=&role=&sort=&after=&before=&{query}"));
    let request = Request::builder().uri(&path).body(Body::empty()).expect("a request");
    let answer = reader.browser.send(request).await;
    let page: UsersPage =
        serde_json::from_slice(&answer.body).unwrap_or_else(|error| panic!("{error}: {}", answer.text()));
    match page.matching {
        Matching::Exactly(hits) => hits.to_string(),
        Matching::MoreThan(hits) => format!("more than {hits}"),
    }
}

pub fn ratio(one: Figure, other: Figure) -> String {
    format!("{:.2}", one.p50.as_secs_f64() / other.p50.as_secs_f64())
}

/// The users page with several clients at once: pages a second.
pub async fn throughput(reader: &Reader, clients: usize, path: &'static str) {
    const LONG: Duration = Duration::from_secs(3);
    let begin = Instant::now();
    let mut all = Vec::new();
    for _ in 0..clients {
        let mut browser = reader.browser.clone();
        all.push(tokio::spawn(async move {
            let mut pages = 0_u32;
            while begin.elapsed() < LONG {
                assert!(browser.send(wanted(path)).await.status.is_success());
                pages += 1;
            }
            pages
        }));
    }
    let mut pages = 0;
    for one in all {
        pages += one.await.expect("a client");
    }
    note(
        &format!("{path} with {clients} clients, a second"),
        &format!("{:.0}", f64::from(pages) / begin.elapsed().as_secs_f64()),
    );
}
