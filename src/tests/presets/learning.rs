//! The learning platform: learners, the words of its five filters, rows with their errors, and sending again.

use super::journey::Way;
use super::office::{Office, answer, is_listed_as, list};
use super::walls::{Gives, Walls};
use crate::support::databases::both;
use crate::support::smtp::{Answer, Stage};
use usher::domain::preset::LEARNING;
use usher::domain::review::Verdict;
use usher::domain::user::Status;
use usher::words::Language;

const WAY: Way = Way {
    unit: "Spring course",
    administrator: "learning_administrator",
    usual: "learning_learner",
    hours: 168,
    start: "/me",
};

#[tokio::test(flavor = "multi_thread")]
async fn a_learner_comes_into_a_team_of_the_platform() {
    both(|db| async {
        let mut office = Office::open(db, &LEARNING).await;
        WAY.walk(&mut office).await;
        office.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn tutors_and_learners_write_nothing_about_people() {
    let gives: Gives = &[
        ("learning_super_administrator", &["learning_administrator", "learning_tutor", "learning_learner"]),
        ("learning_administrator", &["learning_tutor", "learning_learner"]),
    ];
    let walls = Walls {
        preset: &LEARNING,
        only_look: &["learning_tutor"],
        without_users: &["learning_learner"],
        invites: gives,
        changes: gives,
    };
    walls.stand().await;
}

/// Rule 34: in the queue, received, not sent for whatever reason: each has its filter, with its word in both languages.
/// Rule 27: whom a message did not reach is invited again.
#[tokio::test(flavor = "multi_thread")]
async fn waiting_invited_and_error_are_told_apart_and_an_error_is_sent_again() {
    both(|db| async {
        let office = Office::open(db, &LEARNING).await;
        let (company, mut anna) = (office.company(), office.anna.clone());
        office.sink.follow(|now| match now.stage {
            Stage::Recipient if now.to.contains("lost") => Answer::Say("550 5.1.1 No such user"),
            _ => Answer::Usual,
        });
        let lost = office.invite_as(&mut anna, &company, "lost@acme.by", "learning_learner").await;
        let came = office.invite_as(&mut anna, &company, "came@acme.by", "learning_learner").await;
        office.letter("came@acme.by", 1).await;
        office.until_status(&came, "invited").await;
        office.until_status(&lost, "error").await;
        let queued = office.invite_as(&mut anna, &company, "queued@acme.by", "learning_learner").await;

        let words = [["Waiting", "Invited", "Error"], ["В очереди", "Отправлено", "Ошибка"]];
        let states = [
            ("waiting", Status::Waiting, &queued),
            ("invited", Status::Invited, &came),
            ("error", Status::Failed, &lost),
        ];
        for (at, (code, status, user)) in states.into_iter().enumerate() {
            let rows = list(&mut anna, "", code).await.rows;
            assert_eq!(rows.iter().map(|row| (&row.id, row.status)).collect::<Vec<_>>(), [(user, status)], "{code}");
            for (language, words) in Language::ALL.into_iter().zip(words) {
                assert_eq!(language.status(status), words[at]);
            }
            let page = anna.get(&format!("/users?status={code}")).await.text();
            let address = rows[0].identifier();
            assert!(page.contains(words[0][at]) && page.contains(address), "{code}: {page}");
            for other in ["lost@acme.by", "came@acme.by", "queued@acme.by"] {
                assert_eq!(page.contains(other), other == address, "{other} under {code}");
            }
        }

        office.sink.follow(|_| Answer::Usual);
        answer(&mut anna, &format!("/users/{lost}?do=resend"), "/api/resend", &[]).await;
        let letter = office.letter("lost@acme.by", 1).await;
        office.register(&letter, "Found Again").await;
        assert!(is_listed_as(&mut anna, &lost, Status::Active).await);
        office.close().await;
    })
    .await;
}

/// Rules 29–32: each row that cannot go stays with its own reason, and the others go.
#[tokio::test(flavor = "multi_thread")]
async fn rows_that_cannot_go_say_why_and_hold_up_no_other() {
    both(|db| async {
        let office = Office::open(db, &LEARNING).await;
        let (company, mut anna) = (office.company(), office.anna.clone());
        let pasted = "lena@acme.by\n9051111111\nbroken@\nmila@acme.by";
        let draft = office.invite(&mut anna, &company, pasted, |form| form).await;
        let sent: Vec<_> = draft.sent.iter().map(|row| row.address.as_str()).collect();
        assert_eq!(sent, ["lena@acme.by", "mila@acme.by"]);
        assert_eq!(draft.rows.len(), 2, "{:?}", draft.rows);
        let why = |typed: &str| draft.rows.iter().find(|row| row.typed == typed).map(|row| row.verdict.clone());
        assert!(!why("9051111111").expect("the row").is_ready());
        assert!(matches!(why("broken@"), Some(Verdict::Broken { .. })), "{:?}", draft.rows);
        assert_eq!(list(&mut anna, "", "").await.rows.len(), 3, "Anna and two more");
        office.close().await;
    })
    .await;
}
