//! What a row of the users table says of an invitation in one line, and how a search finds whoever has left.

use crate::support::browser::Browser;
use crate::support::crowd::State;
use crate::support::databases::both;
use crate::support::html::{form_to, tags};
use crate::support::site::TestSite;
use usher::domain::contact::Channel;
use usher::domain::id::UserId;
use usher::domain::message::outcome::DeliveryReason;
use usher::server::random;
use usher::server::storage::roster;
use usher::values;

/// The newest message to somebody did not arrive.
async fn fail(site: &TestSite, user: &UserId, reason: DeliveryReason) {
    let now = site.app.clock.now();
    let mut tx = site.app.db.maintain().await.expect("a transaction");
    let sql = "select id from messages where user_id = $1 order by id desc limit 1";
    let message = tx.row(sql, &values![user]).await.expect("a message").text("id").expect("an id");
    let sql = "update messages set failed_at = $2, sent_at = null, next_try_at = null where id = $1";
    tx.execute(sql, &values![&message, now]).await.expect("a failure");
    let sql =
        "insert into message_events (id, message_id, at, kind, detail, reason) values ($1, $2, $3, 'failed', '', $4)";
    tx.execute(sql, &values![random::id(now), &message, now, reason.code()]).await.expect("a line");
    roster::refresh(&mut tx, std::slice::from_ref(user), now).await.expect("the lists");
    tx.commit().await.expect("a commit");
}

/// The row of somebody, as it is written.
fn row_of(page: &str, user: &UserId) -> String {
    let at = page.find(&format!("href=\"/users/{user}\"")).unwrap_or_else(|| panic!("no row of {user}: {page}"));
    let row = &page[at..];
    row.split("</tr>").next().expect("a row").to_string()
}

/// A bounce says in its row why, in a few words, and how it is mended; the question asks for the address and sends again. Which
/// words stand there is the catalogue's to say for every reason; no reason leaves the row without any.
#[tokio::test(flavor = "multi_thread")]
async fn a_row_says_why_an_invitation_did_not_arrive_and_offers_to_mend_it() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let mut anna = Browser::signed_in(&site.app, &site.anna).await;
        let mut people = Vec::new();
        for (at, reason) in DeliveryReason::ALL.into_iter().enumerate() {
            let address = format!("p{at:02}@acme.by");
            let user = site.add("", &address, "employee", &site.company, State::Invited).await;
            fail(&site, &user, reason).await;
            people.push((user, reason));
        }
        let page = anna.get("/users?status=error").await.text();
        for (user, reason) in &people {
            let row = row_of(&page, user);
            let words = usher::words::Language::English.failed_shortly(Some(Channel::Email), Some(*reason));
            assert!(row.contains(words), "{reason:?}: {row}");
            assert!(row.contains(&format!("/users/{user}?do=fix")) && row.contains("Fix address"), "{row}");
            assert!(!row.contains("left"), "one line: {row}");
        }
        let (user, _) = &people[0];
        assert!(row_of(&page, user).contains("No such mailbox"));
        let asked = anna.get(&format!("/users/{user}?do=fix")).await.text();
        assert!(tags(&asked).iter().any(|tag| tag.name == "dialog"), "{asked}");
        let form = form_to(&asked, "/api/fix-address").with("email", "right@acme.by");
        let sent = anna.post_from(&format!("/users/{user}?do=fix"), "/api/fix-address", &form.pairs()).await;
        assert!(sent.is_done(), "{}", sent.text());
        let page = anna.get("/users?q=right").await.text();
        assert!(page.contains("right@acme.by") && !page.contains("No such mailbox"), "{page}");
    })
    .await;
}

/// Whoever was sent an invitation again is marked in the list; whoever was not, is not.
#[tokio::test(flavor = "multi_thread")]
async fn a_row_says_that_an_invitation_was_sent_again() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let mut anna = Browser::signed_in(&site.app, &site.anna).await;
        let once = site.add("", "once@acme.by", "employee", &site.company, State::Invited).await;
        let again = site.add("", "again@acme.by", "employee", &site.company, State::Invited).await;
        let over = site.add("", "over@acme.by", "employee", &site.company, State::Expired).await;
        let now = site.app.clock.now();
        let mut tx = site.app.db.maintain().await.expect("a transaction");
        for (user, days) in [(&again, 2), (&over, 9)] {
            let renewed = now.0 - days * 86_400_000;
            let sql = "update invitations set generation = 2, renewed_at = $2 where user_id = $1";
            tx.execute(sql, &values![user, renewed]).await.expect("a newer link");
        }
        tx.commit().await.expect("a commit");
        let page = anna.get("/users").await.text();
        assert!(!row_of(&page, &once).contains("sent again"), "{}", row_of(&page, &once));
        assert!(row_of(&page, &again).contains("sent again 2 days ago"), "{}", row_of(&page, &again));
        assert!(row_of(&page, &over).contains("sent again 9 days ago"), "{}", row_of(&page, &over));
    })
    .await;
}

/// What an administrator of one company did about somebody is not told to one of another, in the row either.
#[tokio::test(flavor = "multi_thread")]
async fn a_row_tells_nothing_of_an_invitation_into_another_company() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let south = site.add_company("South").await;
        let here = site.add("", "both@acme.by", "employee", &site.company, State::Invited).await;
        let there = site.add("", "both@acme.by", "employee", &south, State::Invited).await;
        fail(&site, &there, DeliveryReason::NoSuchRecipient).await;
        let olga = site.add("Olga", "olga@acme.by", "company_administrator", &site.company, State::Active).await;
        let page = Browser::signed_in(&site.app, &olga).await.get("/users").await.text();
        assert!(!page.contains("No such mailbox"), "{}", row_of(&page, &here));
    })
    .await;
}

/// A search in *All* that finds nobody but people who have left says how many, and leads to them with what was asked; what finds
/// anybody else, or nobody at all, says nothing of it. Each of them is brought back where they stand.
#[tokio::test(flavor = "multi_thread")]
async fn a_search_that_finds_only_the_archived_says_so() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let mut anna = Browser::signed_in(&site.app, &site.anna).await;
        for (name, state) in
            [("Old Timer", State::Archived), ("Old Friend", State::Archived), ("New Friend", State::Active)]
        {
            let address = format!("{}@acme.by", name.replace(' ', "."));
            site.add(name, &address.to_lowercase(), "employee", &site.company, state).await;
        }
        let one = anna.get("/users?q=timer").await.text();
        assert!(one.contains("1 archived match"), "{one}");
        assert!(one.contains("href=\"/users?q=timer&amp;status=archived\""), "{one}");
        assert!(anna.get("/users?q=old&role=x").await.text().contains("Nobody matches"), "of no role is nobody");
        assert!(anna.get("/users?q=old").await.text().contains("2 archived matches"));
        assert!(!anna.get("/users?q=friend").await.text().contains("archived match"), "somebody is here");
        assert!(!anna.get("/users?q=nobody-at-all").await.text().contains("archived match"));
        assert!(!anna.get("/users?q=timer&status=active").await.text().contains("archived match"), "not asked for all");
        let found = anna.get("/users?q=timer&status=archived").await.text();
        assert!(found.contains("Old Timer") && found.contains("aria-haspopup"), "{found}");
    })
    .await;
}

/// Who has not accepted for so many days is found, in every order, and counted; who was added later is not.
#[tokio::test(flavor = "multi_thread")]
async fn the_list_is_narrowed_to_those_who_have_waited_for_days() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let mut anna = Browser::signed_in(&site.app, &site.anna).await;
        let now = site.app.clock.now();
        for (at, days) in [40, 9, 8, 6, 0].into_iter().enumerate() {
            let address = format!("w{at}@acme.by");
            let user = site.add("", &address, "employee", &site.company, State::Invited).await;
            let mut tx = site.app.db.maintain().await.expect("a transaction");
            let created = now.0 - days * 86_400_000 - 1;
            tx.execute("update users set created_at = $2 where id = $1", &values![&user, created])
                .await
                .expect("a day");
            tx.commit().await.expect("a commit");
        }
        for sort in usher::domain::listing::Sort::ALL {
            for (days, found) in [(3, 4), (6, 4), (7, 3), (8, 3), (9, 2), (30, 1), (41, 0)] {
                for search in ["", "&q=acme"] {
                    let address = format!("/users?status=invited&older={days}&sort={}{search}", sort.code());
                    let page = anna.get(&address).await.text();
                    assert_eq!(page.matches("<th scope=\"row\">").count(), found, "{address}");
                    let said = if found == 0 { "Nobody matches".into() } else { format!("{found} of {found}") };
                    assert!(page.contains(&said), "{address}: {said}");
                }
            }
        }
        let page = anna.get("/users?status=invited&older=5").await.text();
        assert_eq!(form_to(&page, "/users").value("older"), Some("5"), "what is asked stays in the form");
        assert!(!anna.get("/users?older=5").await.text().contains("name=\"older\""), "nobody waits among all");
    })
    .await;
}
