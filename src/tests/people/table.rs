//! The users table as the browser gets it: as small as a page of fifty can be, and every deed of a row done where it stands.

use super::caller;
use crate::support::browser::Browser;
use crate::support::crowd::{State, Wanted};
use crate::support::databases::both;
use crate::support::html::form_to;
use crate::support::html::tags;
use crate::support::site::TestSite;
use usher::domain::id::RoleId;
use usher::domain::listing::{PAGE, PageSize, Sort, UserQuery};
use usher::domain::user::Status;
use usher::server::storage::roster;
use usher::server::use_cases::users;
use usher::view_models::{UserQuestion, UserSummary, UsersPage};

/// The most that a page of fifty rows weighs before it is compressed, and holds.
const MOST_BYTES: usize = 60_000;
const MOST_ELEMENTS: usize = 1_000;

/// People as they are: in every state, some without a name, in two alphabets, one of them in two places.
async fn crowd(site: &TestSite) {
    let branch = site.add_branch("North branch", &site.company).await;
    let names = ["Anna-Maria Petrova", "Ольга Васильевна Ковалевская", "Ivan Ivanov", ""];
    let wanted: Vec<Wanted> = (0..70)
        .map(|n| {
            let unit = if n % 3 == 0 { &branch } else { &site.company };
            let state = State::ALL[n % State::ALL.len()];
            let (name, email) = (names[n % names.len()], format!("somebody.{n:03}@users.acme.by"));
            Wanted::new(name, &email, ["employee", "dispatcher"][n % 2], unit, state)
        })
        .collect();
    site.add_all(&wanted).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_fifty_people_is_light() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        crowd(&site).await;
        let mut anna = Browser::signed_in(&site.app, &site.anna).await;
        for address in ["/users", "/users?sort=-added", "/users?q=somebody"] {
            let page = anna.get(address).await.text();
            assert_eq!(page.matches("<th scope=\"row\">").count(), PAGE, "{address}");
            let elements = tags(&page).iter().filter(|tag| !tag.name.starts_with('/')).count();
            println!("{address}: {} bytes, {elements} elements", page.len());
            assert!(page.len() <= MOST_BYTES, "{address}: {} bytes", page.len());
            assert!(elements <= MOST_ELEMENTS, "{address}: {elements} elements");
        }
    })
    .await;
}

/// Without script the dots lead to where everything can be done; a row that offers nothing has none.
#[tokio::test(flavor = "multi_thread")]
async fn a_row_has_one_way_to_its_deeds_which_leads_to_the_card() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let ivan = site.add("Ivan Ivanov", "ivan@acme.by", "employee", &site.company, State::Active).await;
        let nameless = site.add("", "who@acme.by", "employee", &site.company, State::Invited).await;
        let page = Browser::signed_in(&site.app, &site.anna).await.get("/users").await.text();
        let dots: Vec<_> =
            tags(&page).into_iter().filter(|tag| tag.get("class").is_some_and(|class| class == "dots")).collect();
        let ways: Vec<_> = dots.iter().map(|dots| dots.get("href").unwrap_or("")).collect();
        let head = tags(&page).into_iter().find(|tag| tag.get("id") == Some("m")).expect("a head");
        assert!(page[head.end..].starts_with("More actions for<"), "the first part of what all of them are called");
        for id in [&ivan, &nameless] {
            let card = format!("/users/{id}");
            assert!(ways.contains(&card.as_str()), "{ways:?}");
            // The second part is the person's name.
            let all = tags(&page);
            let link = all.iter().find(|tag| tag.get("href") == Some(card.as_str()) && tag.get("id").is_some());
            let called = format!("m {}", link.and_then(|link| link.get("id")).expect("an id"));
            assert!(dots.iter().any(|dots| dots.get("aria-labelledby") == Some(called.as_str())), "{called}");
        }
        assert_eq!(ways.len(), 2, "nobody does anything to themselves");
        assert_eq!(page.matches(">who@acme.by<").count(), 1, "the address is the name until there is one");
    })
    .await;
}

/// What a page of the list says of its heads: the sorted one, which way, and where each leads.
fn heads(page: &str) -> (Vec<(String, String)>, Vec<String>) {
    let all = tags(page);
    let sorted =
        all.iter().filter_map(|tag| tag.get("aria-sort").map(String::from)).zip(std::iter::repeat(String::new()));
    let leads = all.iter().filter(|tag| tag.get("data-noscroll").is_some()).filter_map(|tag| tag.get("href"));
    (
        sorted.collect(),
        leads.filter(|href| href.starts_with("/users") && !href.contains("after=")).map(String::from).collect(),
    )
}

/// Every column sorts, both ways, by a link that keeps what the list was narrowed to; the one that sorts says so.
#[tokio::test(flavor = "multi_thread")]
async fn every_column_sorts_by_its_head_and_says_which_one_does() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        crowd(&site).await;
        let mut anna = Browser::signed_in(&site.app, &site.anna).await;
        let mut tx = site.app.db.maintain().await.expect("a transaction");
        roster::note_day(&mut tx, &site.anna, 20_000).await.expect("a day");
        tx.commit().await.expect("a commit");
        let (sorted, leads) = heads(&anna.get("/users").await.text());
        assert_eq!(sorted.len(), 1);
        assert_eq!(sorted[0].0, "ascending");
        let expected = ["-name", "role", "status", "-added", "-last_seen"];
        let wanted: Vec<String> = expected.iter().map(|sort| format!("/users?sort={sort}")).collect();
        assert_eq!(leads, wanted);
        for sort in Sort::ALL {
            let page = anna.get(&format!("/users?role=x&sort={}", sort.code())).await.text();
            assert!(!page.contains("aria-sort"), "nobody is there");
            let page = anna.get(&format!("/users?q=somebody&sort={}", sort.code())).await.text();
            let (sorted, leads) = heads(&page);
            let direction = if sort.is_down() { "descending" } else { "ascending" };
            assert_eq!(sorted.iter().map(|(way, _)| way.as_str()).collect::<Vec<_>>(), [direction], "{sort:?}");
            let other = UserQuery { search: "somebody".into(), sort: sort.reversed(), ..UserQuery::default() };
            assert!(leads.contains(&other.address()), "{sort:?}: {leads:?}");
        }
    })
    .await;
}

/// By role stands the highest first, by status as the views stand, by last seen whoever was here last; each with names within.
#[tokio::test(flavor = "multi_thread")]
async fn people_stand_in_the_order_of_what_the_column_shows() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        crowd(&site).await;
        let query = UserQuery { size: PageSize::new(200).expect("a size"), ..UserQuery::default() };
        let list = async |sort| {
            let page = users::list(&site.app, &caller(&site.anna), &UserQuery { sort, ..query.clone() }).await;
            page.expect("a page").rows
        };
        let place = |role: &RoleId| site.roles.iter().position(|one| &one.id == role).expect("a role");
        let highest = |row: &UserSummary| row.held.iter().map(|held| place(&held.place.role)).min().unwrap_or(99);
        let status = |row: &UserSummary| Status::ALL.iter().position(|status| *status == row.status).expect("a status");
        let names: Vec<_> = list(Sort::Name).await.iter().map(|row| row.id.clone()).collect();
        let by_name = |row: &UserSummary| names.iter().position(|id| *id == row.id).expect("somebody");
        let by_role = list(Sort::Role).await;
        assert!(by_role.is_sorted_by_key(|row| (highest(row), by_name(row))));
        let by_status = list(Sort::Status).await;
        assert!(by_status.is_sorted_by_key(|row| (status(row), by_name(row))));
        assert_eq!((by_role.len(), by_status.len()), (names.len(), names.len()));
        let mut tx = site.app.db.maintain().await.expect("a transaction");
        for (at, row) in by_role.iter().enumerate().take(9) {
            roster::note_day(&mut tx, &row.id, 20_000 + at as i64 % 3).await.expect("a day");
        }
        tx.commit().await.expect("a commit");
        let days: Vec<_> =
            list(Sort::Seen).await.iter().map(|row| row.last_seen.as_ref().map(|seen| seen.at)).collect();
        assert!(days.is_sorted_by(|a, b| a >= b), "{days:?}");
        assert_eq!(days.iter().flatten().count(), 9);
    })
    .await;
}

/// The day on which somebody is here is kept once: a hundred requests of that day write nothing into the lists, and a refresh of
/// the lists leaves it.
#[tokio::test(flavor = "multi_thread")]
async fn a_day_is_noted_once() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let mut tx = site.app.db.maintain().await.expect("a transaction");
        for _ in 0..2 {
            roster::note_day(&mut tx, &site.anna, 20_001).await.expect("a day");
        }
        roster::refresh(&mut tx, std::slice::from_ref(&site.anna), site.app.clock.now()).await.expect("the lists");
        let sql = "select distinct r.seen_day from roster r join users u on u.number = r.person where u.id = $1";
        let days = tx.rows(sql, &usher::values![&site.anna]).await.expect("days");
        assert_eq!(days.iter().map(|row| row.number("seen_day").expect("a day")).collect::<Vec<_>>(), [20_001]);
    })
    .await;
}

/// What somebody leaves out is not sent; it follows them into another browser, concerns nobody else, and works without script.
#[tokio::test(flavor = "multi_thread")]
async fn columns_and_height_are_kept_for_the_person_and_what_is_hidden_is_not_sent() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        crowd(&site).await;
        let mut anna = Browser::signed_in(&site.app, &site.anna).await;
        let before = anna.get("/users").await.text();
        assert!(before.contains("somebody.000@users.acme.by") && before.contains(">Added"), "all of it at first");
        let fields = [("columns[]", "role"), ("columns[]", "status"), ("density", "compact")];
        let answer = anna.post_from("/users?q=somebody&sort=-role", "/api/choose-table-layout", &fields).await;
        assert_eq!(answer.status.as_u16(), 303);
        assert_eq!(answer.location(), "/users?q=somebody&sort=-role", "back to the list as it was");
        let mut elsewhere = Browser::signed_in(&site.app, &site.anna).await;
        let page = elsewhere.get("/users").await.text();
        assert!(page.contains("table people compact"));
        assert!(!page.contains("sort=-added") && !page.contains("<td class=\"d\">"), "no column of days");
        assert_eq!(page.matches("<th scope=\"row\">").count(), PAGE);
        let sent = users::list(&site.app, &caller(&site.anna), &UserQuery::default()).await.expect("a page");
        assert!(sent.rows.iter().all(|row| row.added.is_none() && row.last_seen.is_none()));
        let form = form_to(&page, "/api/choose-table-layout");
        assert_eq!(form.pairs(), fields, "the form shows what was chosen");
        // Not a column.
        let refused = anna.call("/api/choose-table-layout", &[("columns[]", "password")]).await;
        assert_eq!(refused.status, 400, "{}", refused.text());
        let olga = site.add("Olga", "olga@acme.by", "company_administrator", &site.company, State::Active).await;
        let others = Browser::signed_in(&site.app, &olga).await.get("/users").await.text();
        assert!(!others.contains("table people compact"));
        // Deleted people leave none behind.
        let sql = "select count(*) as n from table_layouts";
        let count =
            async || site.app.db.read().await.expect("tx").row(sql, &[]).await.expect("n").number("n").expect("n");
        assert_eq!(count().await, 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_table_arrives_as_it_was_sent() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        crowd(&site).await;
        let query = UserQuery::default();
        let sent = users::list(&site.app, &caller(&site.anna), &query).await.expect("a page");
        let text = serde_json::to_string(&sent).expect("a text");
        let arrived: UsersPage = serde_json::from_str(&text).expect("a page");
        assert_eq!(arrived, sent);
        let torn = text.replacen("\"roles\":[\"", "\"roles\":[],\"was\":[\"", 1);
        assert_ne!(torn, text);
        assert!(serde_json::from_str::<UsersPage>(&torn).is_err(), "no row gets a role that it does not hold");
    })
    .await;
}

/// What the table asks before a deed is what the deed goes by.
#[tokio::test(flavor = "multi_thread")]
async fn a_deed_over_the_table_goes_by_what_was_asked() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let ivan = site.add("Ivan Ivanov", "ivan@acme.by", "employee", &site.company, State::Active).await;
        let mut anna = Browser::signed_in(&site.app, &site.anna).await;
        let ask = async |anna: &mut Browser| -> UserQuestion {
            let answer = anna.ask("/api/user-question", &[("id", ivan.as_str())]).await;
            serde_json::from_slice(&answer.body).unwrap_or_else(|_| panic!("{}", answer.text()))
        };
        let seen = ask(&mut anna).await;
        let fields = [("id", ivan.as_str()), ("reason", ""), ("revision", seen.revision.as_str())];
        assert!(anna.call("/api/block", &fields).await.is_done());
        assert_eq!(site.status(&ivan).await, "blocked");
        // What was asked before is not what stands there now; what is asked now is.
        let late = anna.call("/api/unblock", &[("id", ivan.as_str()), ("revision", seen.revision.as_str())]).await;
        assert_eq!(late.status, 409, "{}", late.text());
        let now = ask(&mut anna).await;
        let back = anna.call("/api/unblock", &[("id", ivan.as_str()), ("revision", now.revision.as_str())]).await;
        assert!(back.is_done(), "{}", back.text());
        assert_eq!(site.status(&ivan).await, "active");
    })
    .await;
}
