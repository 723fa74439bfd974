//! The users table as the browser gets it: as small as a page of fifty can be, and every deed of a row done where it stands.

use super::caller;
use crate::support::browser::Browser;
use crate::support::crowd::{State, Wanted};
use crate::support::databases::both;
use crate::support::html::tags;
use crate::support::site::TestSite;
use usher::domain::listing::{PAGE, UserQuery};
use usher::server::use_cases::users;
use usher::view_models::{UserQuestion, UsersPage};

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
        let ways: Vec<_> = dots.iter().map(|dots| (dots.get("href").unwrap_or(""), dots.get("aria-label"))).collect();
        let expected = [(&ivan, "More actions for Ivan Ivanov"), (&nameless, "More actions for who@acme.by")];
        for (id, name) in expected {
            assert!(ways.contains(&(format!("/users/{id}").as_str(), Some(name))), "{name}: {ways:?}");
        }
        assert_eq!(ways.len(), 2, "nobody does anything to themselves");
        assert_eq!(page.matches(">who@acme.by<").count(), 1, "the address is the name until there is one");
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
