//! Domains that cannot receive e-mail: asked about before anything is sent, where the installation wants it; and what is not
//! looked up, not answered, or answered already.

use super::caller;
use crate::support::browser::Browser;
use crate::support::databases::both;
use crate::support::dns::{NameServer, Zone};
use crate::support::site::TestSite;
use crate::support::until;
use std::collections::BTreeSet;
use std::time::{Duration as StdDuration, Instant};
use usher::domain::error::UseCaseError;
use usher::domain::id::{DraftId, UserId};
use usher::domain::review::{InviteDraft, Verdict, WishedRow};
use usher::domain::settings::Settings;
use usher::domain::timestamp::Duration;
use usher::server::clock::Clock;
use usher::server::mail_domains::MailDomains;
use usher::server::storage::{Database, settings};
use usher::server::use_cases::held;
use usher::server::use_cases::invite::{self, InviteForm};

const ZONES: [(&str, Zone); 9] = [
    ("post.example", Zone::Mail),
    ("four.example", Zone::Four),
    ("six.example", Zone::Six),
    ("no-mail.example", Zone::NoMail),
    ("empty.example", Zone::Empty),
    ("failing.example", Zone::Failing),
    ("silent.example", Zone::Silent),
    ("still.example", Zone::Silent),
    ("xn--e1afmkfd.xn--80akhbyknj4f", Zone::Empty),
];

/// An installation with a name server of its own, which it asks if it is to.
async fn furnish(db: Database, checks_domains: bool) -> (TestSite, NameServer) {
    let server = NameServer::start(&ZONES).await;
    let mut site = TestSite::furnish(db, None).await;
    site.change_config(|config| config.dns = Some(server.address));
    let mut tx = site.app.db.maintain().await.expect("a transaction");
    let before = settings::load(&mut tx).await.expect("a look").expect("settings");
    settings::save(&mut tx, &Settings { checks_domains, ..before }).await.expect("settings");
    tx.commit().await.expect("a commit");
    (site, server)
}

fn wish(site: &TestSite, addresses: &str) -> InviteForm {
    InviteForm {
        addresses: addresses.into(),
        units: vec![site.company.id.to_string()],
        role: site.role("employee").id.to_string(),
        language: "en".into(),
        valid_for: "72h".into(),
        ..InviteForm::default()
    }
}

async fn draft(site: &TestSite, wish: &InviteForm) -> (DraftId, InviteDraft) {
    let by = caller(&site.anna);
    let id = invite::invite(&site.app, &by, wish).await.expect("looked at");
    let draft = held::draft(&site.app, &by, &id).await.expect("the draft");
    (id, draft)
}

/// What is thought of each of these addresses.
async fn verdicts(site: &TestSite, addresses: &str) -> Vec<Verdict> {
    let (_, draft) = draft(site, &InviteForm { only_check: true, ..wish(site, addresses) }).await;
    draft.rows.into_iter().map(|row| row.verdict).collect()
}

fn unreachable(domain: &str) -> Verdict {
    Verdict::NoMailServer { domain: domain.into() }
}

/// Rule 8.
#[tokio::test(flavor = "multi_thread")]
async fn only_a_domain_that_clearly_cannot_receive_is_asked_about() {
    both(|db| async {
        let (site, server) = furnish(db, true).await;
        let cases = [
            ("olga@post.example", Verdict::Ready),
            ("olga@four.example", Verdict::Ready),
            ("olga@six.example", Verdict::Ready),
            ("olga@failing.example", Verdict::Ready),
            ("olga@nowhere.example", unreachable("nowhere.example")),
            ("olga@no-mail.example", unreachable("no-mail.example")),
            ("olga@empty.example", unreachable("empty.example")),
            ("olga@пример.испытание", unreachable("пример.испытание")),
        ];
        let all = cases.each_ref().map(|(address, _)| *address).join("\n");
        assert_eq!(verdicts(&site, &all).await, cases.map(|(_, verdict)| verdict));
        // A provider that everybody knows needs no look, and a slip is asked about as such.
        let misspelt = Verdict::Misspelt { meant: "olga@gmail.com".into() };
        assert_eq!(verdicts(&site, "olga@gmail.com, olga@gmial.com").await, [Verdict::Ready, misspelt]);
        assert!(!server.was_asked_for("gmail.com") && !server.was_asked_for("gmial.com"), "{:?}", server.asked());
    })
    .await;
}

/// Rule 8, on an installation that asks nobody: an ending that no domain has is known by itself.
#[tokio::test(flavor = "multi_thread")]
async fn an_ending_that_does_not_exist_is_asked_about_even_where_no_name_server_is() {
    both(|db| async {
        let (site, server) = furnish(db, false).await;
        let cases = [
            ("olga@lyceum.minskk", unreachable("lyceum.minskk")),
            ("olga@школа.рфф", unreachable("школа.рфф")),
            ("olga@школа.рф", Verdict::Ready),
            ("olga@office.lan", Verdict::Ready),
            ("olga@acme.by", Verdict::Ready),
        ];
        let all = cases.each_ref().map(|(address, _)| *address).join("\n");
        assert_eq!(verdicts(&site, &all).await, cases.map(|(_, verdict)| verdict));
        assert_eq!(server.asked(), Vec::<String>::new());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_arrive_stays_until_somebody_insists_and_then_it_goes() {
    both(|db| async {
        let (site, server) = furnish(db, true).await;
        let (id, first) = draft(&site, &wish(&site, "ivan@post.example, olga@nowhere.example")).await;
        assert_eq!(first.sent.iter().map(|row| row.address.as_str()).collect::<Vec<_>>(), ["ivan@post.example"]);
        assert_eq!(first.rows.len(), 1);
        assert_eq!(first.rows[0].verdict, unreachable("nowhere.example"));

        let mut browser = Browser::signed_in(&site.app, &site.anna).await;
        let page = browser.get(&format!("/users/invite?draft={id}")).await.text();
        for part in ["“nowhere.example” cannot receive e-mail (no mail server).", "Send anyway", "rows[0][typed]"] {
            assert!(page.contains(part), "{part} in {page}");
        }

        let asked = server.asked().len();
        let row = WishedRow { typed: "olga@nowhere.example".into(), asked: Some("on".into()), ..WishedRow::default() };
        let (_, open) = draft(&site, &InviteForm { rows: vec![row.clone()], ..wish(&site, "") }).await;
        assert_eq!((open.sent.len(), &open.rows[0].verdict), (0, &unreachable("nowhere.example")), "no answer yet");
        let corrected = WishedRow { typed: "olga@post.example".into(), ..row.clone() };
        let (_, corrected) = draft(&site, &InviteForm { rows: vec![corrected], ..wish(&site, "") }).await;
        assert_eq!(corrected.sent.len(), 1, "corrected");
        let kept = WishedRow { address: Some("olga@nowhere.example".into()), ..row };
        let (_, kept) = draft(&site, &InviteForm { rows: vec![kept], ..wish(&site, "") }).await;
        assert_eq!((kept.sent.len(), kept.rows.len()), (1, 0), "kept");
        assert_eq!(server.asked().len(), asked, "all of it was known");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_silent_name_server_holds_nobody_up_for_long() {
    both(|db| async {
        let (site, server) = furnish(db, true).await;
        let begun = Instant::now();
        let addresses = "olga@silent.example, ivan@still.example, eva@nowhere.example";
        let found = verdicts(&site, addresses).await;
        assert_eq!(found, [Verdict::Ready, Verdict::Ready, unreachable("nowhere.example")]);
        // Two seconds for the whole form, and what everything else takes on a busy machine.
        assert!(begun.elapsed() < StdDuration::from_secs(4), "{:?}", begun.elapsed());
        let asked = server.asked().len();
        assert_eq!(verdicts(&site, addresses).await, found);
        assert_eq!(server.asked().len(), asked, "left alone for a minute");
        site.pass(Duration::minutes(2));
        verdicts(&site, addresses).await;
        let again = server.asked().split_off(asked);
        assert!(again.iter().any(|name| name == "silent.example"), "{again:?}");
        assert!(!again.iter().any(|name| name == "nowhere.example"), "{again:?}");
        let asked = server.asked().len();
        site.pass(Duration::hours(1));
        verdicts(&site, "eva@nowhere.example").await;
        assert!(server.asked().len() > asked, "an answer is good for an hour");
    })
    .await;
}

/// Whoever writes is not kept waiting by a network.
#[tokio::test(flavor = "multi_thread")]
async fn domains_are_looked_up_before_the_writer_is_taken() {
    both(|db| async {
        let (site, server) = furnish(db, true).await;
        let writer = site.app.db.maintain().await.expect("a transaction");
        let (app, by, wish) = (site.app.clone(), caller(&site.anna), wish(&site, "olga@nowhere.example"));
        let invited = tokio::spawn(async move { invite::invite(&app, &by, &wish).await });
        until("the domain is asked for", || async { server.was_asked_for("nowhere.example") }).await;
        drop(writer);
        invited.await.expect("ended").expect("looked at");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_asked_for_unless_the_installation_wants_it_and_the_inviter_may() {
    both(|db| async move {
        let (site, server) = furnish(db.clone(), false).await;
        assert_eq!(verdicts(&site, "olga@nowhere.example").await, [Verdict::Ready]);
        assert_eq!(server.asked(), Vec::<String>::new(), "it is off");

        let mut tx = db.maintain().await.expect("a transaction");
        let before = settings::load(&mut tx).await.expect("a look").expect("settings");
        settings::save(&mut tx, &Settings { checks_domains: true, ..before }).await.expect("settings");
        tx.commit().await.expect("a commit");
        let nick = site.add_active("Nick North", "nick@acme.by", "dispatcher").await;
        let refused = invite::invite(&site.app, &caller(&nick), &wish(&site, "olga@nowhere.example")).await;
        assert!(matches!(refused, Err(UseCaseError::Denied(_))), "{refused:?}");
        assert_eq!(server.asked(), Vec::<String>::new(), "they may not invite");
        assert_eq!(verdicts(&site, "olga@nowhere.example").await, [unreachable("nowhere.example")]);
        assert!(server.was_asked_for("nowhere.example"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_settings_page_switches_it_on_and_off() {
    both(|db| async {
        let (site, _) = furnish(db, false).await;
        let mut browser = Browser::signed_in(&site.app, &site.anna).await;
        for (typed, expected) in [("on", true), ("", false)] {
            assert!(browser.post_form("/api/change-settings", &[("checks_domains", typed)]).await.is_done());
            let mut tx = site.app.db.read().await.expect("a connection");
            let stored = settings::load(&mut tx).await.expect("a look").expect("settings");
            assert_eq!(stored.checks_domains, expected);
        }
        let history = browser.get("/audit").await.text();
        for change in ["No → Yes", "Yes → No"] {
            assert!(history.contains(&format!("can receive e-mail”: {change}")), "{change} in {history}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_has_any_number_of_domains_asked_for() {
    let server = NameServer::start(&[]).await;
    let domains = MailDomains::new(Some(server.address), Clock::default());
    let (greedy, other) = (UserId::new("greedy"), UserId::new("other"));
    for form in 0..4 {
        let many: BTreeSet<String> = (0..200).map(|n| format!("d{form}-{n}.example")).collect();
        domains.that_cannot_receive(&greedy, many).await;
    }
    // One every seven seconds is given back.
    let asked: BTreeSet<String> = server.asked().into_iter().collect();
    assert!((100..=505).contains(&asked.len()), "{}", asked.len());
    let more: BTreeSet<String> = (0..5).map(|n| format!("more{n}.example")).collect();
    assert!(domains.that_cannot_receive(&greedy, more.clone()).await.len() < 3);
    assert_eq!(domains.that_cannot_receive(&other, more.clone()).await, more);
}
