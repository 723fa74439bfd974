//! The list of invitations: whichever way it is read, with few people or with many, it is the same one; each row carries
//! its own timeline and nobody else's.

use super::caller;
use crate::support::browser::Browser;
use crate::support::crowd::{State, Wanted};
use crate::support::databases::both;
use crate::support::html::form_to;
use crate::support::site::TestSite;
use std::collections::BTreeSet;
use usher::domain::audit::AuditAction;
use usher::domain::id::{InvitationId, UserId};
use usher::domain::listing::{Cursor, InvitationQuery, Matching, PAGE};
use usher::domain::timestamp::{Duration, Timestamp};
use usher::domain::unit::Unit;
use usher::domain::user::Status;
use usher::server::random;
use usher::server::storage::{Row, invitations as stored, roster};
use usher::server::use_cases::invitations;
use usher::values;
use usher::view_models::{Happening, InvitationsPage};
/// More than the people of whom a list is put together by sorting them.
const MANY: i64 = 100_000;

async fn page(site: &TestSite, unit: &Unit, status: Option<Status>, from: &Cursor) -> InvitationsPage {
    let query = InvitationQuery { unit: Some(unit.id.clone()), status, older: None, from: from.clone() };
    invitations::list(&site.app, &caller(&site.anna), &query).await.expect("a page")
}

/// Somebody of two companies among them, people in every state, and more than a page.
async fn crowded(site: &TestSite) -> Unit {
    let other = site.add_company("Beta").await;
    let mut wanted = Vec::new();
    for n in 0..80 {
        let unit = if n % 4 == 0 { &other } else { &site.company };
        let email = format!("p{n:02}@acme.by");
        wanted.push(Wanted::new("", &email, "employee", unit, State::ALL[n % State::ALL.len()]));
    }
    let both = vec![site.company.id.clone(), other.id.clone()];
    wanted.push(Wanted { units: both, ..Wanted::new("", "both@acme.by", "employee", &other, State::Invited) });
    site.add_all(&wanted).await;
    other
}

#[tokio::test(flavor = "multi_thread")]
async fn few_and_many_people_are_read_in_other_ways_and_give_the_same_pages() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let other = crowded(&site).await;
        for unit in [&site.root, &site.company, &other] {
            for status in [None, Some(Status::Invited), Some(Status::Expired), Some(Status::Active)] {
                let first = page(&site, unit, status, &Cursor::Start).await;
                assert!(!first.rows.is_empty(), "{} {status:?}", unit.name);
                assert!(first.rows.windows(2).all(|two| two[0].id > two[1].id), "newest first");
                let middle = first.rows[first.rows.len() / 2].id.as_str().to_string();
                for from in [Cursor::Start, Cursor::After(middle.clone()), Cursor::Before(middle)] {
                    let mut tx = site.app.db.read().await.expect("a connection");
                    let mut ways: Vec<Vec<InvitationId>> = Vec::new();
                    for people in [1, MANY] {
                        let found =
                            stored::page(&mut tx, &unit.path, status, people, None, &from).await.expect("a page");
                        ways.push(found.into_iter().map(|invitation| invitation.id).collect());
                    }
                    assert_eq!(ways[0], ways[1], "{} {status:?} {from:?}", unit.name);
                }
            }
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_pages_join_up_and_every_row_tells_its_own_story() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        crowded(&site).await;
        let first = page(&site, &site.root, None, &Cursor::Start).await;
        assert_eq!(first.rows.len(), PAGE);
        let second = page(&site, &site.root, None, &Cursor::After(first.next.clone().expect("a next page"))).await;
        assert_eq!(first.rows.len() + second.rows.len(), 81);
        assert_eq!(second.next, None);
        let back = page(&site, &site.root, None, &Cursor::Before(second.previous.clone().expect("a way back"))).await;
        assert_eq!(back.rows, first.rows);

        let of_both = first.rows.iter().find(|row| row.address == "both@acme.by").expect("the row");
        assert_eq!(of_both.held.len(), 2);
        let [invited, plain] = [of_both, &first.rows[1]].map(|row| row.id.clone());
        invitations::withdraw(&site.app, &caller(&site.anna), &invited).await.expect("withdrawn");
        let now = page(&site, &site.root, None, &Cursor::Start).await;
        let story = |id: &InvitationId| {
            let row = now.rows.iter().find(|row| row.id == *id).expect("the row");
            row.history.iter().map(|line| line.happening.clone()).collect::<Vec<_>>()
        };
        assert!(story(&invited).contains(&Happening::AuditAction(AuditAction::Withdrawn)), "{:?}", story(&invited));
        assert!(!story(&plain).contains(&Happening::AuditAction(AuditAction::Withdrawn)), "{:?}", story(&plain));
        let row = now.rows.iter().find(|row| row.id == invited).expect("the row");
        assert_eq!(row.status, Status::Withdrawn);
        assert_eq!(row.invited_by.as_ref().map(|person| &person.id), Some(&site.anna));
    })
    .await;
}

/// Whoever has not come in for days is found, whatever else is asked of the list, and all of them are written to in one pass.
#[tokio::test(flavor = "multi_thread")]
async fn the_list_is_narrowed_to_an_age() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        // Made by hand: beside tests that let years pass, ids are made as if it were later.
        let made = |id: &mut InvitationId, ago: Duration| {
            *id = InvitationId::new(random::first_id_at(Timestamp(site.app.clock.now().0 - ago.0)));
        };
        let old = site.invite_with("Ivan", "ivan@acme.by", |new| made(&mut new.id, Duration::days(5))).await;
        let new = site.invite_with("Olga", "olga@acme.by", |new| made(&mut new.id, Duration(0))).await;
        let over = site.invite_with("Vera", "vera@acme.by", |one| {
            made(&mut one.id, Duration::days(6));
            one.expires_at = Some(Timestamp(one.created_at.0 + 1));
        });
        let over = over.await;
        let mut tx = site.app.db.maintain().await.expect("the writer");
        let sent = "update messages set sent_at = $1, next_try_at = null where sent_at is null";
        tx.execute(sent, &values![site.app.clock.now()]).await.expect("handed over");
        let people = [old.user.clone(), new.user.clone(), over.user.clone()];
        site.pass(Duration::minutes(1));
        roster::refresh(&mut tx, &people, site.app.clock.now()).await.expect("the lists");
        tx.commit().await.expect("kept");

        let mut anna = Browser::signed_in(&site.app, &site.anna).await;
        let rows = async |anna: &mut Browser, address: &str| {
            let found = anna.invitations(address).await;
            (found.rows.into_iter().map(|row| row.user_id).collect::<Vec<_>>(), found.waited_for)
        };
        for (address, people, waited_for) in [
            ("/invitations", vec![&new.user, &old.user, &over.user], 3),
            ("/invitations?older=3", vec![&old.user, &over.user], 2),
            ("/invitations?older=7", vec![], 0),
            ("/invitations?status=invited&older=3", vec![&old.user], 1),
            ("/invitations?status=expired&older=3", vec![&over.user], 1),
            ("/invitations?status=withdrawn&older=3", vec![], 0),
        ] {
            let (found, all) = rows(&mut anna, address).await;
            assert_eq!((found.iter().collect(), all), (people, Matching::Exactly(waited_for)), "{address}");
        }
        // Every tab keeps the age, and every age the tab.
        let shown = anna.get("/invitations?status=invited&older=3").await.text();
        for link in ["/invitations?older=3", "/invitations?status=expired&amp;older=3", "/invitations?status=invited\""]
        {
            assert!(shown.contains(link), "{link}: {shown}");
        }
        let shown = anna.get("/invitations?status=error&older=7").await.text();
        assert!(shown.contains("No invitation is older than 7 days"), "{shown}");

        // All that match, without script: whoever has a link is reminded of it, whose link has ended gets a new one.
        let shown = anna.get("/invitations?older=3").await.text();
        assert!(shown.contains("Remind all 2"), "{shown}");
        let form = form_to(&shown, "/api/select-people").pressed("action");
        let answer = anna.post_form("/api/select-people", &form.pairs()).await;
        let question = answer.location().to_string();
        let shown = anna.get(&question).await.text();
        assert!(shown.contains("Remind 2 people?") && shown.contains("/invitations?older=3"), "{shown}");
        let id = question.trim_start_matches("/users/many/").split('?').next().expect("an id").to_string();
        anna.post_form("/api/start-bulk", &[("id", &id), ("list", "/invitations?older=3")]).await;
        let shown = anna.get(&question).await.text();
        assert!(shown.contains("Reminders sent: 2"), "{shown}");
        let mut tx = site.app.db.read().await.expect("a connection");
        let sql = "select user_id, kind from messages where next_try_at is not null";
        let rows = tx.rows(sql, &[]).await.expect("the queue");
        let text = |row: &Row, column| row.text(column).expect("a text");
        let queued: BTreeSet<_> = rows.iter().map(|row| (text(row, "user_id"), text(row, "kind"))).collect();
        let expected = [(&old.user, "reminder"), (&over.user, "invitation")];
        assert_eq!(queued, expected.map(|(user, kind)| (user.to_string(), kind.to_string())).into());
    })
    .await;
}

/// People are counted and found once, by what the list of the unit shows, wherever an age cuts it.
#[tokio::test(flavor = "multi_thread")]
async fn all_that_match_an_age_are_those_whom_the_list_shows() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let other = crowded(&site).await;
        let mut tx = site.app.db.read().await.expect("a connection");
        let whole = stored::page(&mut tx, &site.root.path, None, 1, None, &Cursor::Start).await.expect("a page");
        let everybody: Vec<UserId> = whole.iter().map(|one| one.user_id.clone()).collect();
        for unit in [&site.root, &site.company, &other] {
            for cut in [&whole[0], &whole[7], &whole[whole.len() - 1]] {
                let before = Some(cut.id.as_str());
                for status in [Status::Invited, Status::Expired, Status::Withdrawn] {
                    let mut shown = BTreeSet::new();
                    for people in [1, MANY] {
                        let from = Cursor::Start;
                        let page = stored::page(&mut tx, &unit.path, Some(status), people, before, &from).await;
                        let page = page.expect("a page");
                        assert!(page.iter().all(|one| one.id < cut.id));
                        shown.extend(page.into_iter().map(|one| one.user_id));
                    }
                    let n = stored::count_invited_before(&mut tx, &unit.path, &[status], cut.id.as_str(), 1_000).await;
                    assert_eq!(
                        n.expect("a count"),
                        i64::try_from(shown.len()).expect("few"),
                        "{} {status:?}",
                        unit.name
                    );
                    let found = stored::invited_before(&mut tx, &unit.path, &everybody, cut.id.as_str()).await;
                    let found = found.expect("a look");
                    assert!(shown.iter().filter(|user| everybody.contains(user)).all(|user| found.contains(user)));
                }
            }
        }
    })
    .await;
}

/// L-13: behind the last page of a view stands that the page is empty, and the way to the first; never that there are none.
#[tokio::test(flavor = "multi_thread")]
async fn a_page_past_the_end_leads_to_the_first_one() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        site.invite("Ivan", "ivan@acme.by").await;
        let mut anna = crate::support::browser::Browser::signed_in(&site.app, &site.anna).await;
        let (oldest, newest) = ("0000", "ffff");
        for page in [
            format!("/invitations?status=waiting&after={oldest}"),
            format!("/invitations?after={oldest}"),
            format!("/invitations?status=waiting&before={newest}"),
            format!("/users?after={oldest}"),
            format!("/users?status=waiting&q=ivan&after={newest}"),
            format!("/audit?after={oldest}"),
        ] {
            let text = anna.get(&page).await.text();
            let says = text.contains("This page of the list is empty")
                || text.contains("No more events here")
                || text.contains("Ivan");
            assert!(says, "{page}: {text}");
            assert!(!text.contains("No invitations") && !text.contains("No users yet"), "{page}");
        }
    })
    .await;
}
