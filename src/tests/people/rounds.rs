//! Rounds of many people, which a job invites: nobody is lost, nobody is invited twice, whatever happens meanwhile (W-14).

use super::caller;
use crate::support::browser::Browser;
use crate::support::databases::{both, both_of_version};
use crate::support::site::TestSite;
use crate::support::until_at_last;
use std::collections::BTreeSet;
use std::time::Duration as StdDuration;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use usher::domain::error::{Conflict, Invalid, UseCaseError};
use usher::domain::id::{DraftId, RoleId, UnitId};
use usher::domain::message::Rest;
use usher::domain::permission::{Permission, Permissions};
use usher::domain::review::{InviteDraft, MOST_AT_ONCE, MOST_IN_A_FORM, RoundStop, RowCounts, Verdict, WishedRow};
use usher::domain::settings::Settings;
use usher::domain::timestamp::{Duration, Timestamp};
use usher::server::clock::Clock;
use usher::server::jobs;
use usher::server::storage::{Database, terms};
use usher::server::use_cases::invite::{self, InviteForm};
use usher::server::use_cases::{deletion, held, users};
use usher::values;
use usher::words::Language;

const QUICK: StdDuration = StdDuration::from_millis(50);

/// A worker that does jobs.
pub struct Jobs {
    stop: CancellationToken,
    task: JoinHandle<()>,
}

impl Jobs {
    pub fn start(site: &TestSite) -> Self {
        let stop = CancellationToken::new();
        let task = tokio::spawn(jobs::run_every(site.app.clone(), stop.clone(), QUICK));
        Self { stop, task }
    }

    pub async fn end(self) {
        self.stop.cancel();
        self.task.await.expect("a worker that stops");
    }

    /// As when the process is gone: nothing is put down.
    pub async fn cut(self, site: &TestSite) {
        self.task.abort();
        let _ = self.task.await;
        // What it held is free when its lease has ended.
        site.app.clock.advance(Duration::seconds(25));
    }
}

async fn site_for_many(db: Database, hold: Duration, letters_a_day: i64) -> TestSite {
    let site = TestSite::furnish(db, None).await;
    let settings = Settings { hold, letters_a_day, ..site.settings().await };
    site.save_settings(&settings).await;
    site
}

fn wish(site: &TestSite, addresses: &[String]) -> InviteForm {
    InviteForm {
        addresses: addresses.join("\n"),
        units: vec![site.company.id.to_string()],
        role: site.role("employee").id.to_string(),
        language: "en".into(),
        valid_for: "72h".into(),
        ..InviteForm::default()
    }
}

fn people(n: usize) -> Vec<String> {
    (0..n).map(|n| format!("Person {n} <person{n}@guests.example>")).collect()
}

async fn send(site: &TestSite, wish: &InviteForm) -> DraftId {
    invite::invite(&site.app, &caller(&site.anna), wish).await.expect("a round")
}

async fn seen(site: &TestSite, id: &DraftId) -> InviteDraft {
    held::draft(&site.app, &caller(&site.anna), id).await.expect("the round")
}

async fn is_done(site: &TestSite, id: &DraftId) -> bool {
    seen(site, id).await.progress.is_none()
}

async fn number(site: &TestSite, sql: &'static str) -> usize {
    usize::try_from(site.number(sql).await).expect("a count")
}

/// How many were invited, and that nobody was invited twice.
async fn invited(site: &TestSite) -> usize {
    let all = number(site, "select count(*) as n from invitations").await;
    assert_eq!(number(site, "select count(distinct address) as n from invitations").await, all, "somebody came twice");
    assert_eq!(number(site, "select count(*) as n from messages").await, all, "a message for each");
    let listed = "select count(distinct person) as n from roster where status = 'waiting'";
    assert_eq!(number(site, listed).await, all, "and a line in the lists");
    all
}

/// W-14: a thousand pasted addresses just go, also when the inviter has signed out; what is doubtful stays, and says why.
#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_who_are_pasted_are_invited_by_a_job_and_nothing_is_thrown_away() {
    both(|db| async {
        let site = site_for_many(db, Duration(0), 10_000).await;
        let mut all = people(1_000);
        all[3] = "broken@".into();
        all[7] = "olga@gmial.com".into();
        all[990] = "anna@acme.by".into();
        let round = send(&site, &wish(&site, &all)).await;
        let before = seen(&site, &round).await;
        let progress = before.progress.expect("it is under way");
        assert_eq!((progress.done, progress.all, before.rows.len(), before.sent.len()), (0, 1_000, 0, 0));
        let mut browser = Browser::signed_in(&site.app, &site.anna).await;
        let page = browser.get(&format!("/users/invite?draft={round}")).await.text();
        assert!(page.contains("Inviting people: 0 of 1,000") && page.contains("<progress") && page.contains("how-far"));
        // The session by which it was sent ends.
        site.app.db.touch("delete from sessions", &[]).await.expect("signed out");
        site.app.db.meter().reset();
        let worker = Jobs::start(&site);
        until_at_last("nobody is left", || async { number(&site, "select count(*) as n from jobs").await == 0 }).await;
        worker.end().await;
        site.sign_in_again(&site.anna).await;
        let after = seen(&site, &round).await;
        assert_eq!((after.sent_in_all, after.sent.len(), after.stopped), (997, MOST_AT_ONCE, None));
        let [broken, slip, known] = &after.rows[..] else { panic!("{:?}", after.rows) };
        assert!(matches!(&broken.verdict, Verdict::Broken { .. }) && broken.typed == "broken@", "{broken:?}");
        assert_eq!(slip.verdict, Verdict::Misspelt { meant: "olga@gmail.com".into() });
        assert!(matches!(&known.verdict, Verdict::Known { user_id, .. } if user_id == &site.anna), "{known:?}");
        assert_eq!(invited(&site).await, 997);
        let mut browser = Browser::signed_in(&site.app, &site.anna).await;
        let page = browser.get(&format!("/users/invite?draft={round}")).await.text();
        assert!(page.contains("997 invitations are on their way") && page.contains("and 797 more"), "{page}");
    })
    .await;
}

/// W-14, CO-07: cut off between two parts or in the middle of one, a round goes on where it was.
#[tokio::test(flavor = "multi_thread")]
async fn a_round_that_is_cut_off_goes_on_and_invites_nobody_twice() {
    both(|db| async {
        let site = site_for_many(db, Duration(0), 10_000).await;
        let round = send(&site, &wish(&site, &people(600))).await;
        for cut in 1..=3 {
            let worker = Jobs::start(&site);
            until_at_last("some are invited", || async {
                number(&site, "select count(*) as n from invitations").await > cut * 100
            })
            .await;
            worker.cut(&site).await;
        }
        let worker = Jobs::start(&site);
        until_at_last("it is over", || is_done(&site, &round)).await;
        worker.end().await;
        let after = seen(&site, &round).await;
        assert_eq!((after.sent_in_all, after.rows.len()), (600, 0));
        assert_eq!(invited(&site).await, 600);
    })
    .await;
}

/// W-14: workers of several processes, and the same form sent twice.
#[tokio::test(flavor = "multi_thread")]
async fn two_workers_and_the_same_list_sent_twice_invite_nobody_twice() {
    both(|db| async {
        let site = site_for_many(db, Duration(0), 10_000).await;
        let wish = wish(&site, &people(300));
        let rounds = [send(&site, &wish).await, send(&site, &wish).await];
        let workers = [Jobs::start(&site), Jobs::start(&site), Jobs::start(&site)];
        for round in &rounds {
            until_at_last("it is over", || is_done(&site, round)).await;
        }
        for worker in workers {
            worker.end().await;
        }
        let [first, second] = [seen(&site, &rounds[0]).await, seen(&site, &rounds[1]).await];
        assert_eq!(first.sent_in_all + second.sent_in_all, 300);
        let here = |draft: &InviteDraft| draft.rows.iter().collect::<RowCounts>().here + draft.more.here;
        assert_eq!(here(&first) + here(&second), 300, "whoever was invited by the other is said to be here");
        assert_eq!(invited(&site).await, 300);
    })
    .await;
}

/// W-14: whoever is blocked invites nobody any more, from the next part on; who was not invited stays, and can be sent by nobody
/// but an inviter.
#[tokio::test(flavor = "multi_thread")]
async fn a_block_of_the_inviter_stops_the_rest_of_their_round_and_says_so() {
    both(|db| async {
        let site = site_for_many(db, Duration(0), 10_000).await;
        let viktor = site.add_active("Viktor", "viktor@acme.by", "company_administrator").await;
        let by = caller(&viktor);
        let round = invite::invite(&site.app, &by, &wish(&site, &people(600))).await.expect("a round");
        let worker = Jobs::start(&site);
        until_at_last("some are invited", || async {
            number(&site, "select count(*) as n from invitations").await > 100
        })
        .await;
        users::block(&site.app, &caller(&site.anna), &viktor, "left").await.expect("blocked");
        let then = number(&site, "select count(*) as n from invitations").await;
        until_at_last("it is over", || async { number(&site, "select count(*) as n from jobs").await == 0 }).await;
        worker.end().await;
        assert_eq!(invited(&site).await, then, "nobody is invited after the block");
        assert!(then < 600);
        users::unblock(&site.app, &caller(&site.anna), &viktor).await.expect("unblocked");
        site.sign_in_again(&viktor).await;
        let after = held::draft(&site.app, &by, &round).await.expect("the round");
        assert_eq!((after.stopped, after.sent_in_all), (Some(RoundStop::Rights), then));
        let left = after.rows.iter().collect::<RowCounts>().all() + after.more.all();
        assert_eq!(left, 600 - then, "nothing is thrown away");
        // Sent again, the rest goes.
        let again = InviteForm { addresses: String::new(), kept: Some(round.clone()), ..wish(&site, &[]) };
        let shown = after.rows.iter().map(|row| WishedRow {
            typed: row.typed.clone(),
            address: Some(row.typed.clone()),
            position: Some(row.position),
            ..WishedRow::default()
        });
        let again = InviteForm { rows: shown.collect(), ..again };
        let round = invite::invite(&site.app, &by, &again).await.expect("the rest");
        let worker = Jobs::start(&site);
        until_at_last("it is over", || async { number(&site, "select count(*) as n from jobs").await == 0 }).await;
        worker.end().await;
        let after = held::draft(&site.app, &by, &round).await.expect("the round");
        assert_eq!((after.sent_in_all, invited(&site).await), (600 - then, 600));
    })
    .await;
}

/// The same of a unit that is closed.
#[tokio::test(flavor = "multi_thread")]
async fn a_unit_that_is_closed_stops_the_rest_of_a_round() {
    both(|db| async {
        let site = site_for_many(db, Duration(0), 10_000).await;
        let branch = site.add_branch("North", &site.company).await;
        let round = send(&site, &InviteForm { units: vec![branch.id.to_string()], ..wish(&site, &people(300)) }).await;
        let closed = "update units set is_closed = $1 where id = $2";
        site.app.db.touch(closed, &values![true, &branch.id]).await.expect("closed");
        let worker = Jobs::start(&site);
        until_at_last("it is over", || is_done(&site, &round)).await;
        worker.end().await;
        let after = seen(&site, &round).await;
        assert_eq!((after.stopped, after.sent_in_all, after.more.ready), (Some(RoundStop::Place), 0, 300));
        let mut browser = Browser::signed_in(&site.app, &site.anna).await;
        let page = browser.get(&format!("/users/invite?draft={round}")).await.text();
        assert!(page.contains("The round was stopped") && page.contains("300 more people are ready"), "{page}");
    })
    .await;
}

/// H-09 and W-14: who is at the limit says so, and is sent later with one press.
#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_at_a_limit_stays_in_the_round_and_is_sent_the_next_day() {
    both(|db| async {
        let site = site_for_many(db, Duration(0), 250).await;
        let round = send(&site, &wish(&site, &people(600))).await;
        let worker = Jobs::start(&site);
        until_at_last("it is over", || is_done(&site, &round)).await;
        let after = seen(&site, &round).await;
        assert_eq!((after.sent_in_all, after.rows.len(), after.more.later), (250, MOST_AT_ONCE, 150));
        let rests =
            |row: &usher::domain::review::ReviewRow| matches!(row.verdict, Verdict::Rests(Rest::Inviter { .. }));
        assert!(after.rows.iter().all(rests));
        site.pass(Duration::hours(25));
        let mut browser = Browser::signed_in(&site.app, &site.anna).await;
        let page = format!("/users/invite?draft={round}");
        let form = crate::support::html::form_to(&browser.get(&page).await.text(), "/api/invite");
        let sent = browser.post_from(&page, &form.action, &form.pairs()).await;
        let next = sent.location().split_once("draft=").expect("a round").1.to_string();
        let next = DraftId::new(next);
        until_at_last("it is over", || is_done(&site, &next)).await;
        worker.end().await;
        let after = seen(&site, &next).await;
        assert_eq!((after.sent_in_all, after.rows.len() + after.more.all()), (250, 100));
        assert_eq!(number(&site, "select count(distinct address) as n from invitations").await, 500);
    })
    .await;
}

/// W-14: ten thousand fit; of more, nothing is taken, and what was typed is still there.
#[tokio::test(flavor = "multi_thread")]
async fn of_more_than_ten_thousand_none_is_taken_and_that_is_said() {
    both(|db| async {
        let site = site_for_many(db, Duration(0), 100_000).await;
        let all: Vec<String> = (0..=MOST_IN_A_FORM).map(|n| format!("person{n}@guests.example")).collect();
        let before = crate::support::tables::Dump::of(&site.app.db).await;
        for only_check in [true, false] {
            let wish = InviteForm { only_check, ..wish(&site, &all) };
            let refused = invite::invite(&site.app, &caller(&site.anna), &wish).await;
            assert_eq!(refused, Err(UseCaseError::Invalid(Invalid::TooManyToInvite { most: MOST_IN_A_FORM })));
        }
        before.assert_unchanged(&site.app.db, "a list that is too long").await;
        let mut browser = Browser::signed_in(&site.app, &site.anna).await;
        let (text, unit) = (all.join("\r\n"), site.company.id.to_string());
        let role = site.role("employee").id.to_string();
        let fields =
            [("addresses", text.as_str()), ("unit", &unit), ("role", &role), ("language", "en"), ("valid_for", "72h")];
        let page = browser.post_from("/users/invite", "/api/invite", &fields).await;
        let page = browser.get(page.location()).await.text();
        assert!(page.contains("At most 10,000 people fit into one form. Nobody was invited"), "what to do is not said");
        assert!(page.contains("person9999@guests.example") && page.contains("person10000@guests.example"));
        // One less goes.
        let wish = wish(&site, &all[1..]);
        let round = send(&site, &wish).await;
        assert_eq!(seen(&site, &round).await.progress.expect("under way").all, MOST_IN_A_FORM);
        held::take_back(&site.app, &caller(&site.anna), &round, "").await.expect_err("it is due");
    })
    .await;
}

/// A round that is held has not begun: taken back, everybody stands in the form again, and nothing was written of them.
#[tokio::test(flavor = "multi_thread")]
async fn a_round_that_is_held_is_taken_back_whole_or_sent_at_once() {
    both(|db| async {
        let site = site_for_many(db, Duration::seconds(30), 10_000).await;
        let (anna, worker) = (caller(&site.anna), Jobs::start(&site));
        let round = send(&site, &wish(&site, &people(300))).await;
        let page = Browser::signed_in(&site.app, &site.anna).await.get(&format!("/users/invite?draft={round}")).await;
        let page = page.text();
        assert!(page.contains("300 invitations leave in a moment") && page.contains("/api/take-back"), "{page}");
        tokio::time::sleep(QUICK * 3).await;
        for _ in 0..2 {
            held::take_back(&site.app, &anna, &round, "late@acme.by").await.expect("taken back");
        }
        site.pass(Duration::minutes(1));
        site.app.db.bells().jobs.notify_one();
        tokio::time::sleep(QUICK * 3).await;
        let form = seen(&site, &round).await;
        assert_eq!((form.sent_in_all, form.more.ready, form.rest.as_str()), (0, 300, "late@acme.by"));
        assert_eq!(number(&site, "select count(*) as n from invitations").await, 0);

        let again = InviteForm { kept: Some(round.clone()), ..wish(&site, &[]) };
        let round = send(&site, &again).await;
        held::send_now(&site.app, &anna, &round, "").await.expect("sent at once");
        until_at_last("it is over", || is_done(&site, &round)).await;
        worker.end().await;
        assert_eq!(
            held::take_back(&site.app, &anna, &round, "").await,
            Err(UseCaseError::Conflict(Conflict::AlreadyLeft))
        );
        assert_eq!(invited(&site).await, 300);
    })
    .await;
}

/// A look at many shows what asks, and keeps the others; all of them go, but for those that were taken out.
#[tokio::test(flavor = "multi_thread")]
async fn a_look_at_many_shows_what_asks_and_keeps_the_others() {
    both(|db| async {
        let site = site_for_many(db, Duration(0), 10_000).await;
        let mut all = people(500);
        all[3] = "broken@".into();
        all[7] = "olga@gmial.com".into();
        all[8] = "+375 29 123-45-67".into();
        let look = send(&site, &InviteForm { only_check: true, ..wish(&site, &all) }).await;
        let form = seen(&site, &look).await;
        assert_eq!(
            (form.rows.len(), form.more, form.sent_in_all),
            (3, RowCounts { ready: 497, ..RowCounts::default() }, 0)
        );
        let mut browser = Browser::signed_in(&site.app, &site.anna).await;
        let page = format!("/users/invite?draft={look}");
        let html = browser.get(&page).await.text();
        assert!(html.contains("Send 497 invitations") && html.contains("497 more people are ready"), "{html}");
        // The slip is answered, the number is taken out.
        let form = crate::support::html::form_to(&html, "/api/invite");
        let mut fields = form.pairs();
        fields.push(("rows[1][address]", "olga@gmail.com"));
        fields.push(("rows[2][dropped]", "on"));
        let sent = browser.post_from(&page, &form.action, &fields).await;
        let round = DraftId::new(sent.location().split_once("draft=").expect("a round").1);
        let worker = Jobs::start(&site);
        until_at_last("it is over", || is_done(&site, &round)).await;
        worker.end().await;
        let after = seen(&site, &round).await;
        assert_eq!((after.sent_in_all, after.rows.len(), after.more.all()), (498, 1, 0));
        assert_eq!(after.rows[0].typed, "broken@");
        assert!(number(&site, "select count(*) as n from invitations where address = 'olga@gmail.com'").await == 1);

        // A form that stood open for longer than it is kept says so, and sends nobody.
        let stale = InviteForm { kept: Some(DraftId::new("swept")), ..wish(&site, &["kim@acme.by".into()]) };
        let refused = invite::invite(&site.app, &caller(&site.anna), &stale).await;
        assert_eq!(refused, Err(UseCaseError::Conflict(Conflict::RowsForgotten)));
    })
    .await;
}

/// PR-01: whoever is deleted leaves the rounds that a job is at, too; and whoever sent one takes it along.
#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_deleted_leaves_rounds_by_rows_and_their_own_rounds_go() {
    both(|db| async {
        let site = site_for_many(db, Duration(0), 10_000).await;
        let anna = caller(&site.anna);
        let olga = site.add_active("Olga", "person5@guests.example", "employee").await;
        let round = send(&site, &wish(&site, &people(300))).await;
        deletion::delete(&site.app, &anna, &olga, "person5@guests.example").await.expect("deleted");
        assert_eq!(seen(&site, &round).await.progress.expect("under way").all, 299);
        let viktor = site.add_active("Viktor", "viktor@acme.by", "company_administrator").await;
        invite::invite(&site.app, &caller(&viktor), &wish(&site, &people(300))).await.expect("a round");
        deletion::delete(&site.app, &anna, &viktor, "viktor@acme.by").await.expect("deleted");
        let worker = Jobs::start(&site);
        until_at_last("it is over", || is_done(&site, &round)).await;
        worker.end().await;
        terms::sweep(&site.app.db, site.app.clock.now()).await.expect("swept");
        assert_eq!(number(&site, "select count(*) as n from invitation_terms").await, 1);
        assert_eq!(number(&site, "select count(*) as n from invitations").await, 299);
    })
    .await;
}

/// What was kept is forgotten when its time is over, and not while a job is at it.
#[tokio::test(flavor = "multi_thread")]
async fn forms_and_rounds_are_forgotten_in_their_time() {
    both(|db| async {
        let site = site_for_many(db, Duration(0), 10_000).await;
        let look = send(&site, &InviteForm { only_check: true, ..wish(&site, &people(2)) }).await;
        let small = send(&site, &wish(&site, &people(2))).await;
        let large = send(&site, &wish(&site, &people(300))).await;
        let anna = caller(&site.anna);
        let kept = async |id: &DraftId| held::draft(&site.app, &anna, id).await.is_ok();
        site.pass(Duration::days(2));
        terms::sweep(&site.app.db, site.app.clock.now()).await.expect("swept");
        assert_eq!((kept(&look).await, kept(&small).await, kept(&large).await), (false, true, true));
        site.pass(Duration::days(40));
        terms::sweep(&site.app.db, site.app.clock.now()).await.expect("swept");
        assert_eq!(number(&site, "select count(*) as n from invitation_terms").await, 1);
        assert_eq!(number(&site, "select count(*) as n from invitation_rows").await, 300, "a job is at it");
        site.app.db.touch("delete from jobs", &[]).await.expect("no job");
        terms::sweep(&site.app.db, site.app.clock.now()).await.expect("swept");
        assert_eq!(number(&site, "select count(*) as n from invitation_rows").await, 0);
    })
    .await;
}

/// A form that was kept before rounds had tables of their own: its people stand in the text field, and what cannot be read is left.
#[tokio::test(flavor = "multi_thread")]
async fn a_form_that_an_older_version_kept_stands_in_its_page_with_everything_that_was_typed() {
    both_of_version(18, |db| async move {
        let user = "insert into users (id, number, name, name_is_own, email, is_shadow, language, created_at, changed_at, version) \
                    values ('owner', 1000, 'Owner', false, 'owner@acme.by', false, 'en', 0, 0, 1)";
        db.touch(user, &[]).await.expect("whose forms these are");
        let now = Clock::default().now();
        let form = format!(
            r#"{{"rows":[{{"typed":"ivan@acme.by","name":"Иван","role":null,"verdict":"Ready"}},
                {{"typed":"broken@","name":"","role":null,"verdict":{{"Broken":{{"problem":{{"Email":"NoAt"}},"repair":null}}}}}}],
                "sent":[],"held_until":null,"units":["a-unit"],"proposed":null,"role":"a-role","extra":{},"language":"Russian",
                "personal_text":"Привет","valid_for_hours":8,"cleaned":0,"folded":0,"left_out":1,"rest":"kim@acme.by"}}"#,
            serde_json::to_string(&Permissions::from_iter([Permission::SeeAudit, Permission::Invite])).expect("a number"),
        );
        let only_sent = r#"{"rows":[],"sent":[],"units":[],"rest":""}"#;
        for (id, content) in [("good", form.as_str()), ("cut", "{\"rows\":"), ("odd", "[]"), ("sent", only_sent)] {
            let sql = "insert into drafts (id, user_id, content, created_at) values ($1, $2, $3, $4)";
            db.touch(sql, &values![id, "owner", content, now]).await.expect("kept");
        }
        db.migrate().await.expect("the newest version");
        let site = TestSite::furnish(db.clone(), None).await;
        db.touch("update invitation_terms set user_id = $1", &values![&site.anna]).await.expect("Anna's");
        let form = seen(&site, &DraftId::new("good")).await;
        assert_eq!(form.rest, "Иван <ivan@acme.by>\nbroken@\nkim@acme.by");
        assert_eq!((form.language, form.personal_text.as_str(), form.valid_for), (Language::Russian, "Привет", Some(Duration::hours(8))));
        assert_eq!((form.units, form.role), (vec![UnitId::new("a-unit")], Some(RoleId::new("a-role"))));
        assert_eq!(form.extra, Permissions::from_iter([Permission::SeeAudit, Permission::Invite]));
        assert_eq!(number(&site, "select count(*) as n from invitation_terms").await, 1);
        // And whoever is deleted leaves it.
        let kim = site.add_active("Kim", "kim@acme.by", "employee").await;
        deletion::delete(&site.app, &caller(&site.anna), &kim, "kim@acme.by").await.expect("deleted");
        assert_eq!(seen(&site, &DraftId::new("good")).await.rest, "Иван <ivan@acme.by>\nbroken@");
        let mut tx = db.read().await.expect("a connection");
        let found = terms::find(&mut tx, &DraftId::new("good"), &site.anna, Timestamp(now.0 + Duration::days(2).0)).await;
        assert_eq!(found.expect("a look"), None, "for a day");
        let kept: BTreeSet<_> = terms::typed_texts(&mut tx).await.expect("a look").into_iter().collect();
        assert_eq!(kept.len(), 1);
    })
    .await;
}
