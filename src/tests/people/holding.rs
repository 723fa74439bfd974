//! New invitations are held for a moment: until then they can be taken back as if nothing had happened, or hurried; after
//! it they have left.

use super::caller;
use crate::support::browser::Browser;
use crate::support::claim;
use crate::support::crowd::State;
use crate::support::databases::both;
use crate::support::html::form_to;
use crate::support::site::TestSite;
use usher::domain::error::{Conflict, UseCaseError};
use usher::domain::id::DraftId;
use usher::domain::listing::UserQuery;
use usher::domain::permission::{Permission, Permissions};
use usher::domain::review::Verdict;
use usher::domain::settings::Settings;
use usher::domain::timestamp::Duration;
use usher::server::storage::{Database, memberships, settings, users as stored};
use usher::server::use_cases::invite::{self, InviteForm};
use usher::server::use_cases::{held, users};
use usher::values;

const HOLD: Duration = Duration::seconds(10);

async fn holding_site(db: Database) -> TestSite {
    let site = TestSite::furnish(db, None).await;
    let mut tx = site.app.db.maintain().await.expect("a transaction");
    let before = settings::load(&mut tx).await.expect("a look").expect("settings");
    settings::save(&mut tx, &Settings { hold: HOLD, ..before }).await.expect("settings");
    tx.commit().await.expect("a commit");
    site
}

async fn send(site: &TestSite, addresses: &str) -> DraftId {
    send_after(site, addresses, None).await
}

async fn send_after(site: &TestSite, addresses: &str, after: Option<&DraftId>) -> DraftId {
    let wish = InviteForm {
        after: after.cloned(),
        extra: Permissions::from_iter([Permission::SeeAudit]),
        addresses: addresses.into(),
        units: vec![site.company.id.to_string()],
        role: site.role("employee").id.to_string(),
        language: "en".into(),
        valid_for: "72h".into(),
        ..InviteForm::default()
    };
    invite::invite(&site.app, &caller(&site.anna), &wish).await.expect("invited")
}

/// Whether any message may leave now.
async fn leaves(site: &TestSite) -> bool {
    claim(&site.app.db, site.app.clock.now()).await.is_some()
}

async fn names(site: &TestSite) -> Vec<String> {
    let page = users::list(&site.app, &caller(&site.anna), &UserQuery::default()).await.expect("the list");
    page.rows.into_iter().filter_map(|row| row.email).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_taken_back_in_time_never_was() {
    both(|db| async {
        let site = holding_site(db).await;
        let branch = site.add_branch("North", &site.root).await;
        let olga = site.add("Olga", "olga@acme.by", "employee", &branch, State::Active).await;
        let before = names(&site).await;
        let draft = send(&site, "Ivan <ivan@acme.by>, olga@acme.by, broken@").await;
        assert_eq!(names(&site).await.len(), before.len() + 1);
        let seen = held::draft(&site.app, &caller(&site.anna), &draft).await.expect("the draft");
        assert_eq!((seen.sent.len(), seen.rows.len()), (2, 1));
        assert_eq!(held::hold(&site.app, &draft, &seen).expect("a hold").seconds, 10);
        assert!(!leaves(&site).await, "it leaves at once");

        site.pass(Duration::seconds(9));
        let anna = caller(&site.anna);
        // Pressed twice, it is done once.
        for _ in 0..2 {
            held::take_back(&site.app, &anna, &draft, "late@acme.by").await.expect("taken");
        }
        let form = held::draft(&site.app, &anna, &draft).await.expect("the draft");
        let rows: Vec<(&str, &str)> = form.rows.iter().map(|row| (row.typed.as_str(), row.name.as_str())).collect();
        assert_eq!(rows, [("ivan@acme.by", "Ivan"), ("olga@acme.by", "Olga"), ("broken@", "")]);
        assert!(form.rows.iter().all(|row| row.role.is_none()), "the form's own role stands for them");
        assert_eq!(form.rows.iter().filter(|row| row.verdict == Verdict::Ready).count(), 2);
        assert_eq!((form.sent.len(), form.held_until, form.rest.as_str()), (0, None, "late@acme.by"));
        site.pass(Duration::hours(1));
        assert!(!leaves(&site).await, "it left all the same");
        assert_eq!(names(&site).await, before);
        let mut tx = site.app.db.read().await.expect("a connection");
        assert!(stored::with_addresses(&mut tx, &["ivan@acme.by"]).await.expect("a look").is_empty());
        assert_eq!(memberships::of_user(&mut tx, &olga).await.expect("memberships").len(), 1);
        drop(tx);

        // The same again, as if for the first time.
        let again = send(&site, "ivan@acme.by, olga@acme.by").await;
        let again = held::draft(&site.app, &caller(&site.anna), &again).await.expect("the draft");
        assert_eq!((again.sent.len(), again.rows.len()), (2, 0));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_has_left_or_was_hurried_is_not_taken_back() {
    both(|db| async {
        let site = holding_site(db).await;
        let anna = caller(&site.anna);
        let refused = Err(UseCaseError::Conflict(Conflict::AlreadyLeft));
        let draft = send(&site, "ivan@acme.by").await;
        site.pass(HOLD);
        assert!(leaves(&site).await);
        assert_eq!(held::take_back(&site.app, &anna, &draft, "").await, refused);

        let draft = send(&site, "olga@acme.by").await;
        assert!(!leaves(&site).await);
        held::send_now(&site.app, &anna, &draft, "late@acme.by").await.expect("hurried");
        let seen = held::draft(&site.app, &anna, &draft).await.expect("the draft");
        assert_eq!((held::hold(&site.app, &draft, &seen), seen.rest.as_str()), (None, "late@acme.by"));
        assert!(leaves(&site).await);
        assert_eq!(held::take_back(&site.app, &anna, &draft, "").await, refused);
        assert_eq!(names(&site).await.len(), 3);
    })
    .await;
}

async fn send_many(site: &TestSite, how_many: usize) -> DraftId {
    let addresses: Vec<String> = (0..how_many).map(|n| format!("Person {n} <many{n:03}@acme.by>")).collect();
    send(site, &addresses.join(", ")).await
}

/// How many invitations of a round are still open.
async fn open_ones(db: &Database) -> i64 {
    let mut tx = db.maintain().await.expect("a transaction");
    let sql = "select count(*) as n from invitation_rows where invitation_id is not null";
    tx.row(sql, &[]).await.expect("a count").number("n").expect("a number")
}

/// H-06: whoever wants to write does not wait for all of a round, and what was in one part does not stand in another.
#[tokio::test(flavor = "multi_thread")]
async fn a_large_round_is_taken_back_in_parts_and_whole() {
    for how_many in [25, 26, 60] {
        both(move |db| async move {
            let site = holding_site(db).await;
            let anna = caller(&site.anna);
            let before = names(&site).await;
            let draft = send_many(&site, how_many).await;
            let all = open_ones(&site.app.db).await;
            assert_eq!(usize::try_from(all), Ok(how_many));
            let taking = held::take_back(&site.app, &anna, &draft, "");
            let watching = async {
                let mut seen = Vec::new();
                while seen.last() != Some(&0) {
                    seen.push(open_ones(&site.app.db).await);
                }
                seen
            };
            let (taken, seen) = tokio::join!(taking, watching);
            taken.expect("taken back");
            let in_between = seen.iter().any(|open| (1..all).contains(open));
            assert_eq!(in_between, how_many > 25, "{how_many}: {seen:?}");
            let form = held::draft(&site.app, &anna, &draft).await.expect("the draft");
            let typed: Vec<String> = form.rows.iter().map(|row| row.typed.clone()).collect();
            let sent: Vec<String> = (0..how_many).map(|n| format!("many{n:03}@acme.by")).collect();
            assert_eq!((typed, form.sent.len(), form.held_until), (sent, 0, None));
            assert_eq!(names(&site).await, before, "the lists are written with each part");
            site.pass(Duration::hours(1));
            assert!(!leaves(&site).await, "it left all the same");
        })
        .await;
    }
}

/// A part of which nothing can be taken back any more keeps the others from nothing; and what comes to its time while the parts
/// are gone through was held when it was asked for.
#[tokio::test(flavor = "multi_thread")]
async fn what_left_of_a_large_round_stays_and_the_rest_is_taken_back() {
    both(|db| async {
        let site = holding_site(db).await;
        let anna = caller(&site.anna);
        let draft = send_many(&site, 60).await;
        // The first part, and one of the last.
        let sql = "update messages set attempts = 1 where invitation_id in (select invitation_id from invitation_rows \
                   where position < $1 or position = $2)";
        site.tamper(sql, &values![25_i64, 59_i64]).await;
        held::take_back(&site.app, &anna, &draft, "late@acme.by").await.expect("taken back");
        let form = held::draft(&site.app, &anna, &draft).await.expect("the draft");
        assert_eq!((form.sent.len(), form.rows.len(), form.held_until), (26, 34, None));
        assert_eq!(form.rest, "late@acme.by");
        let refused = Err(UseCaseError::Conflict(Conflict::AlreadyLeft));
        assert_eq!(held::take_back(&site.app, &anna, &draft, "").await, refused, "nothing is left to take back");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_takes_back_what_somebody_else_sent() {
    both(|db| async {
        let site = holding_site(db).await;
        let boss = site.add_active("Nina", "nina@acme.by", "company_administrator").await;
        let draft = send(&site, "ivan@acme.by").await;
        for result in [
            held::take_back(&site.app, &caller(&boss), &draft, "").await,
            held::send_now(&site.app, &caller(&boss), &draft, "").await,
        ] {
            assert_eq!(result, Err(UseCaseError::NotFound));
        }
        assert!(!leaves(&site).await);
        site.pass(HOLD);
        assert!(leaves(&site).await);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_somebody_blocked_meanwhile_stays_blocked_and_the_rest_is_taken_back() {
    both(|db| async {
        let site = holding_site(db).await;
        let anna = caller(&site.anna);
        let first = send(&site, "ivan@acme.by").await;
        let draft = send_after(&site, "olga@acme.by", Some(&first)).await;
        let seen = held::draft(&site.app, &anna, &draft).await.expect("the draft");
        assert_eq!(seen.sent.len(), 2, "both batches can be taken back together");
        users::block(&site.app, &anna, &seen.sent[0].user_id, "left the school").await.expect("blocked");
        held::take_back(&site.app, &anna, &draft, "").await.expect("taken");
        let form = held::draft(&site.app, &anna, &draft).await.expect("the draft");
        assert_eq!((form.sent.len(), form.rows.len()), (1, 1));
        assert_eq!(form.rows[0].typed, "olga@acme.by");
        assert!(form.extra.has(Permission::SeeAudit), "what was ticked is ticked again");
        assert_eq!(site.status(&seen.sent[0].user_id).await, "blocked");
        assert_eq!(site.status(&seen.sent[1].user_id).await, "nobody");
    })
    .await;
}

/// What waits for a second administrator has no message; it can be taken back all the same, until the time is over.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_sent_once_is_never_taken_back_by_way_of_an_approval() {
    both(|db| async {
        let site = holding_site(db).await;
        let anna = caller(&site.anna);
        site.tamper("update roles set needs_approval = $1 where key = 'employee'", &values![true]).await;
        let draft = send(&site, "ivan@acme.by").await;
        let seen = held::draft(&site.app, &anna, &draft).await.expect("the draft");
        assert!(seen.sent[0].awaits_approval);
        site.pass(HOLD);
        let refused = Err(UseCaseError::Conflict(Conflict::AlreadyLeft));
        assert_eq!(held::take_back(&site.app, &anna, &draft, "").await, refused);
        let draft = send(&site, "olga@acme.by").await;
        held::take_back(&site.app, &anna, &draft, "").await.expect("taken");
        assert!(!names(&site).await.contains(&"olga@acme.by".to_string()));
    })
    .await;
}

/// A page may stand open for longer than its draft is kept.
#[tokio::test(flavor = "multi_thread")]
async fn a_form_that_is_older_than_its_draft_still_sends() {
    both(|db| async {
        let site = holding_site(db).await;
        let draft = send_after(&site, "ivan@acme.by", Some(&DraftId::new("swept"))).await;
        let seen = held::draft(&site.app, &caller(&site.anna), &draft).await.expect("the draft");
        assert_eq!(seen.sent.len(), 1);
    })
    .await;
}

/// The form stays where it is between two sendings: the second goes to whoever was added since, and to nobody of the first.
#[tokio::test(flavor = "multi_thread")]
async fn the_next_sending_of_the_same_form_carries_nobody_of_the_one_before() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let mut anna = Browser::signed_in(&site.app, &site.anna).await;
        let mut page = "/users/invite".to_string();
        for (addresses, sent, stay) in [
            ("vera@acme.by\nolga@acme", vec!["vera@acme.by"], vec!["olga@acme"]),
            ("ivan@acme.by\nlev@acme.by", vec!["ivan@acme.by", "lev@acme.by"], vec!["olga@acme"]),
        ] {
            let form = form_to(&anna.get(&page).await.text(), "/api/invite").with("addresses", addresses);
            let answer = anna.post_form("/api/invite", &form.pairs()).await;
            page = answer.location().to_string();
            let id = page.split_once("draft=").unwrap_or_else(|| panic!("{answer:?}")).1;
            let draft = anna.draft(id.split('&').next().expect("an id")).await;
            let mut went: Vec<&str> = draft.sent.iter().map(|row| row.address.as_str()).collect();
            went.sort_unstable();
            let left: Vec<&str> = draft.rows.iter().map(|row| row.typed.as_str()).collect();
            assert_eq!((went, left), (sent, stay), "{addresses}");
        }
        let mut to: Vec<String> = anna.mails().await.into_iter().map(|mail| mail.summary.to).collect();
        to.sort();
        assert_eq!(to, ["ivan@acme.by", "lev@acme.by", "vera@acme.by"], "one letter to each");
    })
    .await;
}
