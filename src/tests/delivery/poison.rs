//! Rows that no use case would write, and texts that want to be headers or markup (ML-02, ML-03, ML-04, FT-06).

use super::Running;
use crate::support::databases::both;
use crate::support::site::TestSite;
use crate::support::smtp::Sink;
use crate::support::until;
use usher::domain::message::outcome::DeliveryReason;
use usher::server::storage::messages::MessageEvent;
use usher::values;

/// FT-06, ML-03: the bad rows stand first, and the others leave all the same.
#[tokio::test(flavor = "multi_thread")]
async fn one_poisoned_row_never_stops_the_others() {
    both(|db| async {
        let sink = Sink::start().await;
        let site = TestSite::furnish(db, Some(&sink.url())).await;
        let injected = site.invite("Ivan", "ivan@acme.by\r\nRCPT TO:<evil@example.com>").await;
        let listed = site.invite("Ivan", "ivan@acme.by, evil@example.com").await;
        let nobody = site.invite("Ivan", "").await;
        let crooked = site.invite("Ivan", "crooked@acme.by").await;
        let orphan = site.invite("Ivan", "orphan@acme.by").await;
        let mut tx = site.app.db.maintain().await.expect("a transaction");
        let header = "<x@users.acme.by>\r\nBcc: evil@example.com";
        tx.execute("update messages set header_id = $2 where id = $1", &values![&crooked.message, header])
            .await
            .expect("done");
        tx.execute("delete from memberships where user_id = $1", &values![&orphan.user]).await.expect("done");
        tx.commit().await.expect("a commit");
        let mut sound = Vec::new();
        for number in 0..6 {
            sound.push(site.invite("Olga", &format!("olga{number}@acme.by")).await);
        }
        let worker = Running::start(&site);
        for olga in &sound {
            until("the others are invited", || async { site.status(&olga.user).await == "invited" }).await;
        }
        for (bad, reason, words) in [
            (&injected, DeliveryReason::BadAddress, ""),
            (&listed, DeliveryReason::BadAddress, ""),
            (&nobody, DeliveryReason::BadAddress, ""),
            (&crooked, DeliveryReason::Broken, "the Message-ID cannot stand in a header"),
        ] {
            until("it has failed", || async { site.history(&bad.invitation).await.len() == 2 }).await;
            assert_eq!(site.history(&bad.invitation).await[1], (MessageEvent::Failed, words.into()));
            assert_eq!(site.reason(&bad.invitation).await, Some(reason));
            assert_eq!(site.status(&bad.user).await, "error");
        }
        until("it is put aside", || async { site.history(&orphan.invitation).await.len() == 2 }).await;
        worker.end().await;
        assert_eq!(sink.received().len(), sound.len());
        assert!(sink.commands().iter().all(|command| !command.contains("evil")));
    })
    .await;
}

/// ML-02, ML-03: whatever stands in the fields, there is one recipient, one of each header, and the talk is the usual one.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_people_write_becomes_a_command_or_a_header() {
    const TRICKS: [&str; 6] = [
        "Ivan\r\nBcc: evil@example.com",
        "Ivan\r\n\r\n.\r\nMAIL FROM:<evil@example.com>",
        "\"Ivan\" <evil@example.com>, x",
        "=?utf-8?q?=0D=0ABcc:_evil@example.com?=",
        "Иван\u{0}\u{1b}[2J\u{202e}nasty\u{2028}Bcc: evil@example.com",
        "<script>alert(1)</script>",
    ];
    both(|db| async {
        let sink = Sink::start().await;
        let site = TestSite::furnish(db, Some(&sink.url())).await;
        let worker = Running::start(&site);
        for (number, trick) in TRICKS.into_iter().enumerate() {
            // Postgres stores no NUL; what cannot be stored cannot be sent.
            let trick = trick.replace('\u{0}', "");
            let inviter = site.add_active(&trick, &format!("inviter{number}@acme.by"), "company_administrator").await;
            let mut tx = site.app.db.maintain().await.expect("a transaction");
            let sql = "update units set name = $2 where id = $1";
            tx.execute(sql, &values![&site.company.id, &trick]).await.expect("done");
            tx.commit().await.expect("a commit");
            let (ivan, before) = (format!("ivan{number}@acme.by"), sink.commands().len());
            site.invite_with(&trick, &ivan, |new| {
                new.personal_text = trick.clone();
                new.created_by = Some(inviter.clone());
            })
            .await;
            until("it has left", || async { sink.taken().len() == number + 1 }).await;
            let commands: Vec<String> = sink.commands()[before..]
                .iter()
                .filter_map(|command| command.split_once(' ').map(|(_, command)| command.to_string()))
                .filter(|command| !command.starts_with("EHLO") && !command.starts_with("RSET"))
                .collect();
            let recipient = format!("RCPT TO:<{ivan}>");
            assert_eq!(commands, ["MAIL FROM:<people@acme.by>", recipient.as_str(), "DATA"], "{trick:?}");
            let mail = sink.taken().pop().expect("a mail");
            assert_eq!(mail.to.join(","), ivan);
            for name in ["From", "To", "Reply-To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type"] {
                assert_eq!(mail.headers(name).len(), 1, "{name} in {}", mail.raw);
            }
            assert!(mail.headers("Bcc").is_empty() && mail.headers("Cc").is_empty(), "{}", mail.raw);
            assert!(mail.header("To").ends_with(&format!("<{ivan}>")), "{}", mail.header("To"));
            assert!(!mail.html().contains("<script"), "{}", mail.html());
        }
        worker.end().await;
    })
    .await;
}
