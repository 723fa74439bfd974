//! What the operator and the main administrator see of sending: the built-in mailbox, the check, the test message.

use super::Running;
use crate::support::databases::both;
use crate::support::site::{TestSite, caller};
use crate::support::smtp::{Answer, Sink, Stage};
use std::time::Duration;
use usher::domain::contact::Address;
use usher::domain::error::UseCaseError;
use usher::domain::policy::Denied;
use usher::server::delivery::{OPERATOR_LANGUAGE, check_relay, preview, send_test, waiting_mails};
use usher::server::storage::invitations;
use usher::server::use_cases::settings;
use usher::words::Language;

/// Without a relay nothing leaves and nothing is lost: the mails wait, and are read as they would arrive.
#[tokio::test(flavor = "multi_thread")]
async fn without_a_relay_mails_wait_in_the_mailbox() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let ivan = site.invite("Ivan", "ivan@acme.by").await;
        let olga = site.invite_with("Ольга", "olga@acme.by", |new| new.language = Language::Russian).await;
        let gone = site.invite("Gone", "gone@acme.by").await;
        let mut tx = site.app.db.maintain().await.expect("a transaction");
        invitations::withdraw(&mut tx, &gone.invitation, site.app.clock.now()).await.expect("done");
        tx.commit().await.expect("a commit");
        let worker = Running::start(&site);
        tokio::time::sleep(Duration::from_millis(300)).await;
        worker.end().await;
        assert_eq!(site.status(&ivan.user).await, "waiting");
        let mut tx = site.app.db.read().await.expect("a connection");
        let mails = waiting_mails(&site.app, &mut tx, Language::English).await.expect("the mailbox");
        let shown: Vec<(&str, &str)> = mails.iter().map(|mail| (mail.to.as_str(), mail.subject.as_str())).collect();
        assert_eq!(
            shown,
            [
                ("Ольга <olga@acme.by>", "Anna Petrova приглашает вас в «ACME North»"),
                ("Ivan <ivan@acme.by>", "Anna Petrova invites you to ACME North"),
            ]
        );
        let mail =
            preview(&site.app, &mut tx, &olga.message, Language::English).await.expect("a look").expect("a mail");
        assert_eq!((mail.from.as_str(), &mail.summary), ("ACME School via Usher <people@acme.by>", &mails[0]));
        assert!(mail.text.contains("https://users.acme.by/i/") && mail.html.contains("Принять приглашение"));
        assert!(preview(&site.app, &mut tx, &gone.message, Language::English).await.expect("a look").is_none());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_check_signs_in_and_sends_nothing() {
    both(|db| async {
        let sink = Sink::start().await;
        sink.offer(&["AUTH PLAIN LOGIN"]);
        let relay = format!("smtp://user:secret@127.0.0.1:{}", sink.port());
        let site = TestSite::furnish(db, Some(&relay)).await;
        let answer = check_relay(&site.app.config).await;
        let name = format!("127.0.0.1:{}", sink.port());
        assert_eq!(answer, Ok(format!("{name} answers and takes our messages; the connection is not encrypted.")));
        let actions: Vec<String> =
            sink.commands().iter().filter_map(|line| line.split(' ').nth(1)).map(str::to_string).collect();
        assert_eq!(actions, ["EHLO", "AUTH", "QUIT"]);
        sink.follow(|now| match now.stage {
            Stage::SignIn => Answer::Say("535 5.7.8 Bad credentials"),
            _ => Answer::Usual,
        });
        let problem = check_relay(&site.app.config).await.expect_err("a problem");
        assert!(problem.ends_with("(535 5.7.8 Bad credentials [AUTH])") && !problem.contains("secret"), "{problem}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_test_message_goes_out_at_once_and_brings_the_relays_words() {
    both(|db| async {
        let sink = Sink::start().await;
        let site = TestSite::furnish(db, Some(&sink.url())).await;
        let olga = Address::parse("olga@acme.by").expect("an address");
        assert_eq!(send_test(&site.app, &olga, OPERATOR_LANGUAGE).await.as_deref(), Ok("250 2.0.0 Ok: queued as SINK"));
        let mail = sink.taken().pop().expect("a mail");
        assert_eq!(mail.header("Subject"), "Test message from ACME School");
        assert!(mail.text().contains("You are reading it, so messages arrive."));
        sink.follow(|now| match now.stage {
            Stage::Recipient => Answer::Say("550 5.1.1 No such user"),
            _ => Answer::Usual,
        });
        let problem = send_test(&site.app, &olga, OPERATOR_LANGUAGE).await.expect_err("a problem");
        assert_eq!(problem, "This mailbox does not exist. Check the address. (550 5.1.1 No such user)");
    })
    .await;
}

/// Rule 13: the main administrator tries the way to their own mailbox, and hears in their own language what stands
/// against it.
#[tokio::test(flavor = "multi_thread")]
async fn a_test_message_goes_to_whoever_asks_for_it() {
    both(|db| async {
        let sink = Sink::start().await;
        let site = TestSite::furnish(db, Some(&sink.url())).await;
        assert_eq!(settings::send_test(&site.app, &caller(&site.anna)).await.as_deref(), Ok("anna@acme.by"));
        let mail = sink.taken().pop().expect("a mail");
        assert_eq!(mail.to, ["anna@acme.by"]);
        let mut tx = site.app.db.read().await.expect("a connection");
        let told = "select count(*) as n from audit_events where action = 'test_sent'";
        assert_eq!(tx.row(told, &[]).await.expect("a count").number("n").expect("a number"), 1);
        drop(tx);
        sink.follow(|now| match now.stage {
            Stage::Recipient => Answer::Say("550 5.1.1 No such user"),
            _ => Answer::Usual,
        });
        let refused = settings::send_test(&site.app, &caller(&site.anna)).await.expect_err("a problem");
        assert!(matches!(&refused, UseCaseError::NotSent { reason } if reason.contains("550 5.1.1")), "{refused:?}");
        let boss = site.add_active("Boss", "boss@acme.by", "company_administrator").await;
        assert_eq!(settings::send_test(&site.app, &caller(&boss)).await, Err(Denied::NotInRole.into()));
    })
    .await;
}
