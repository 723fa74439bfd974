//! The learning platform: learners, the words of its five filters, rows with their errors, and sending again.

use super::journey::Way;
use super::office::{Office, SECRET, answer, card, carried, is_listed_as, list, page_in};
use super::walls::{Gives, Walls};
use crate::support::browser::Browser;
use crate::support::crowd::{State, Wanted};
use crate::support::databases::both;
use crate::support::gateway::SmsSink;
use crate::support::html::form_to;
use crate::support::html::unescape;
use crate::support::site::TestSite;
use crate::support::smtp::{Answer, Stage};
use axum::http::StatusCode;
use usher::domain::preset::LEARNING;
use usher::domain::review::Verdict;
use usher::domain::user::Status;
use usher::domain::vocabulary::Vocabulary;
use usher::words::Language;

const WAY: Way = Way {
    unit: "Spring course",
    administrator: "learning_administrator",
    usual: "learning_learner",
    hours: 72,
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

        // Each stands behind its word beside the list, and nobody else does.
        for (code, user) in [("any-waiting", &queued), ("any-error", &lost)] {
            let rows = list(&mut anna, "", code).await.rows;
            assert_eq!(rows.iter().map(|row| &row.id).collect::<Vec<_>>(), [user], "{code}");
        }
        let invited = list(&mut anna, "", "any-invited").await.rows;
        assert_eq!(invited.len(), 2, "Anna is in, and one invitation came: {invited:?}");
        assert!(invited.iter().any(|row| row.id == came));

        let words = [["Waiting", "Invited", "Error"], ["В очереди", "Приглашение получено", "Ошибка"]];
        let states = [
            ("waiting", Status::Waiting, &queued),
            ("invited", Status::Invited, &came),
            ("error", Status::Failed, &lost),
        ];
        for (at, (code, status, user)) in states.into_iter().enumerate() {
            let rows = list(&mut anna, "", code).await.rows;
            assert_eq!(rows.iter().map(|row| (&row.id, row.status)).collect::<Vec<_>>(), [(user, status)], "{code}");
            for (language, words) in Language::ALL.into_iter().zip(words) {
                assert_eq!(language.status(Vocabulary::Learning, status), words[at]);
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

/// What stands beside the list: the words, how many people each has, where it leads, and which one is shown.
fn beside(page: &str) -> Vec<(String, String, String, bool)> {
    let Some((_, rest)) = page.split_once("<div class=\"facets\">") else { return Vec::new() };
    let (panel, _) = rest.split_once("</nav>").expect("the end of the panel");
    let links = panel.split("<a ").skip(1).map(|link| {
        let (tag, inside) = link.split_once('>').expect("a link");
        let (word, count) = inside.split_once("<span class=\"count\">").unwrap_or((inside, "0<"));
        let href = tag.split("href=\"").nth(1).and_then(|href| href.split('"').next()).expect("an address");
        let text = |html: &str| html.split('<').next().unwrap_or_default().trim().to_string();
        (text(word), text(count), unescape(href), tag.contains("aria-current"))
    });
    links.collect()
}

/// Rules 33 and 34: exactly five filters stand beside the list, in these words, with what each counts, and they hold together with
/// whatever else the list is narrowed to. A blocked or archived person stands in none but *All*, and keeps a view of their own.
#[tokio::test(flavor = "multi_thread")]
async fn five_filters_stand_beside_the_list_and_narrow_it_together_with_all_else() {
    both(|db| async {
        let site = TestSite::furnish_as(&LEARNING, db, None).await;
        let of_state = |state: State| {
            let name = format!("{state:?}");
            Wanted::new(&name, &format!("{}@acme.by", name.to_lowercase()), "learning_learner", &site.company, state)
        };
        let wanted: Vec<Wanted> = State::ALL.into_iter().map(of_state).collect();
        site.add_all(&wanted).await;
        let mut anna = Browser::signed_in(&site.app, &site.anna).await;
        let english = [("All", "7"), ("Invited", "3"), ("Not invited", "2"), ("Waiting", "1"), ("Error", "0")];
        let russian = ["Все", "Приглашение получено", "Без приглашения", "В очереди", "Ошибка"];
        let codes = ["", "any-invited", "any-not-invited", "any-waiting", "any-error"];
        for (code, shown) in codes.iter().zip(english) {
            let page = anna.get(&format!("/users?status={code}")).await.text();
            let panel = beside(&page);
            let said: Vec<_> = panel.iter().map(|(word, count, _, _)| (word.as_str(), count.as_str())).collect();
            assert_eq!(said, english, "{code}");
            let current: Vec<_> = panel.iter().filter(|link| link.3).map(|link| link.0.as_str()).collect();
            assert_eq!(current, [shown.0]);
            let rows = page.matches("<th scope=\"row\">").count();
            assert_eq!(rows.to_string(), shown.1, "{code}");
            assert!(page.contains("/users?status=blocked") && page.contains("/users?status=archived"), "{code}");
        }
        let names = |page: &str| {
            let all = ["Active", "Invited", "Expired", "Withdrawn", "Blocked", "Archived", "Proposed"];
            all.into_iter()
                .filter(|name| page.contains(&format!("{}@acme.by", name.to_lowercase())))
                .collect::<Vec<_>>()
        };
        for (address, who) in [
            ("/users?status=any-invited", vec!["Active", "Invited"]),
            ("/users?status=any-not-invited", vec!["Expired", "Withdrawn"]),
            ("/users?status=any-waiting", vec!["Proposed"]),
            ("/users?status=any-error", vec![]),
            ("/users?status=any-invited&q=invit", vec!["Invited"]),
            ("/users?status=any-not-invited&sort=-added&email=with", vec!["Withdrawn"]),
            ("/users?status=any-invited&sort=status", vec!["Active", "Invited"]),
            ("/users?status=any-nothing", vec!["Active", "Invited", "Expired", "Withdrawn", "Blocked", "Proposed"]),
        ] {
            let page = anna.get(address).await.text();
            assert_eq!(names(&page), who, "{address}");
            let with_search = beside(&page).iter().all(|link| !address.contains("q=") || link.2.contains("q=invit"));
            assert!(with_search, "{address}: a filter keeps the search");
        }
        // Without script the form above the list keeps what stands beside it.
        let page = anna.get("/users?status=any-invited").await.text();
        assert!(page.contains("name=\"status\" value=\"any-invited\""), "{page}");
        assert!(anna.call("/api/choose-language", &[("language", "ru")]).await.is_done());
        let page = anna.get("/users").await.text();
        assert_eq!(beside(&page).iter().map(|link| link.0.as_str()).collect::<Vec<_>>(), russian);
    })
    .await;
}

/// Rule 34: the mark is on the card of whoever got the invitation, and on no other.
#[tokio::test(flavor = "multi_thread")]
async fn the_card_of_whoever_got_the_invitation_has_its_mark() {
    both(|db| async {
        let site = TestSite::furnish_as(&LEARNING, db, None).await;
        let mut anna = Browser::signed_in(&site.app, &site.anna).await;
        for state in State::ALL {
            let address = format!("{state:?}@acme.by").to_lowercase();
            let id = site.add("Lea", &address, "learning_learner", &site.company, state).await;
            let has = anna.get(&format!("/users/{id}")).await.text().contains("User invited");
            assert_eq!(has, matches!(state, State::Active | State::Invited), "{state:?}");
        }
    })
    .await;
}

/// Rule 33 is the learning platform's: everybody else keeps the views above the list.
#[tokio::test(flavor = "multi_thread")]
async fn other_organisations_keep_their_views_above_the_list() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        site.add("Lea", "lea@acme.by", "employee", &site.company, State::Invited).await;
        let page = Browser::signed_in(&site.app, &site.anna).await.get("/users").await.text();
        assert!(beside(&page).is_empty());
        assert!(page.contains("/users?status=invited"), "{page}");
    })
    .await;
}

/// Rule 23: the invitation goes to the e-mail address and to the number of the profile; rule 24: each message carries a user name
/// and a one-time password, for the address to which it went. One invitation: whoever comes in by one of them has used up the other.
#[tokio::test(flavor = "multi_thread")]
async fn whoever_has_an_address_and_a_number_gets_a_letter_and_an_sms_and_comes_in_once() {
    both(|db| async {
        let gateway = SmsSink::start().await;
        let office = Office::open_with(db, &LEARNING, Some(&gateway)).await;
        let (company, mut anna) = (office.company(), office.anna.clone());
        let pasted = "Lena Lis <lena@acme.by> +375 29 123-45-67\nMila <mila@acme.by> +375 29 765-43-21";
        let draft = office.invite(&mut anna, &company, pasted, |form| form).await;
        assert!(draft.rows.is_empty() && draft.sent.len() == 2, "{draft:?}");
        let [lena, mila] = [0, 1].map(|at| draft.sent[at].user_id.clone());

        // By the SMS: the number is the user name.
        let text = office.text(&gateway, "+375291234567", 1).await;
        let letter = office.letter("lena@acme.by", 1).await;
        let (name, of_letter) = carried(&letter).expect("both");
        let of_text = text.split_whitespace().find(|word| word.matches('-').count() == 4).expect("a password");
        assert!(name == "lena@acme.by" && of_text != of_letter && text.contains("+375291234567"), "{text}");
        let mut phone = Browser::new(&office.site.app);
        let page = phone.sign_in("+375 29 123-45-67", of_text).await.location().to_string();
        let shown = phone.get(&page).await.text();
        let form = form_to(&shown, &page).with("name", "Lena Lis").with("password", SECRET);
        assert_eq!(phone.post_form(&page, &form.pairs()).await.status, StatusCode::SEE_OTHER);
        assert!(is_listed_as(&mut anna, &lena, Status::Active).await);
        // The letter is over, and says so.
        let mut late = Browser::new(&office.site.app);
        let over = late.sign_in("lena@acme.by", &of_letter).await.location().to_string();
        let over = late.get(&over).await;
        assert!(over.status == StatusCode::GONE && over.text().contains("already"), "{}", over.text());
        // The number is theirs, the address is not yet: nobody signs in with it.
        let shown = card(&mut anna, &lena).await;
        assert_eq!((shown.user.phone.as_deref(), shown.is_phone_confirmed), (Some("+375291234567"), true));
        assert_eq!((shown.user.email, shown.unconfirmed_email.as_deref()), (None, Some("lena@acme.by")));
        assert!(anna.get(&format!("/users/{lena}")).await.text().contains("Address not confirmed"));
        assert!(office.knock("lena@acme.by").await.1.status.is_client_error());
        office.sign_in("+375291234567").await;
        let ask = page_in(&office.letter("lena@acme.by", 2).await);
        assert!(ask.starts_with("/confirm/"), "{ask}");
        assert_eq!(late.post_form(&ask, &[]).await.status, StatusCode::OK);
        office.sign_in("lena@acme.by").await;
        let shown = card(&mut anna, &lena).await;
        assert_eq!((shown.user.email.as_deref(), shown.unconfirmed_email), (Some("lena@acme.by"), None));

        // By the letter: the address is theirs, the number is not.
        let letter = office.letter("mila@acme.by", 1).await;
        office.register(&letter, "Mila").await;
        let text = office.text(&gateway, "+375297654321", 1).await;
        let password = text.split_whitespace().find(|word| word.matches('-').count() == 4).expect("a password");
        let over = late.sign_in("+375297654321", password).await.location().to_string();
        assert_eq!(late.get(&over).await.status, StatusCode::GONE);
        let shown = card(&mut anna, &mila).await;
        assert!(shown.is_confirmed && !shown.is_phone_confirmed, "{shown:?}");
        assert_eq!(shown.user.phone.as_deref(), Some("+375297654321"));
        assert!(anna.get(&format!("/users/{mila}")).await.text().contains("not confirmed"));
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
        // What is kept is looked at a second time: what was offered is offered still.
        let offer = Some("+79051111111".to_string());
        assert!(
            matches!(why("9051111111"), Some(Verdict::Broken { repair, .. }) if repair == offer),
            "{:?}",
            draft.rows
        );
        assert!(matches!(why("broken@"), Some(Verdict::Broken { .. })), "{:?}", draft.rows);
        assert_eq!(list(&mut anna, "", "").await.rows.len(), 3, "Anna and two more");
        office.close().await;
    })
    .await;
}
