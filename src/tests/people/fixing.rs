//! A mistyped address of an open invitation is put right: the old link dies, the same goes to the right address, and there is one
//! row.

use super::{caller, register};
use crate::support::crowd::State;
use crate::support::databases::both;
use crate::support::site::TestSite;
use crate::support::tables::Dump;
use usher::domain::audit::AuditAction;
use usher::domain::error::{AddressQuestion, Invalid, UseCaseError};
use usher::domain::listing::UserQuery;
use usher::server::use_cases::{invite, users};
use usher::view_models::Happening;
use usher::words::Language;

async fn listed(site: &TestSite) -> Vec<String> {
    let page = users::list(&site.app, &caller(&site.anna), &UserQuery::default()).await.expect("the list");
    let mut all: Vec<String> = page.rows.into_iter().filter_map(|row| row.email).collect();
    all.sort();
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn the_right_address_gets_a_new_link_and_the_old_one_is_dead_w_08() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let wrong = site.invite("Olga", "olga@gmial.com").await;
        let old = site.page_of(&wrong).await;
        let fixed =
            invite::fix_address(&site.app, &caller(&site.anna), &wrong.invitation, " Olga@gmail.com. ", "").await;
        let olga = fixed.expect("put right");
        assert_eq!(olga, wrong.user, "they are the same person, in the same row");
        let all = listed(&site).await;
        assert!(all.contains(&"olga@gmail.com".to_string()) && !all.contains(&"olga@gmial.com".to_string()), "{all:?}");
        let card = users::card(&site.app, &caller(&site.anna), &olga).await.expect("a card");
        assert_eq!((card.user.title(), card.invitations.len()), ("Olga", 1));
        let new = format!("/i/{}", site.link_of(&card.invitations[0].id).await);
        let mut browser = crate::support::browser::Browser::new(&site.app);
        assert_eq!(browser.get(&new).await.status.as_u16(), 200);
        assert_eq!(browser.get(&old).await.status.as_u16(), 410, "the old link opens nothing");
        // Again, by a page that does not know of it.
        let again = invite::fix_address(&site.app, &caller(&site.anna), &wrong.invitation, "olga@mail.ru", "").await;
        assert!(again.is_err(), "{again:?}");
        // Wrong once more, and put right: whoever comes in by it is the person who was there all along.
        let second = &card.invitations[0].id;
        let right = "o.kim@acme.by";
        let fixed = invite::fix_address(&site.app, &caller(&site.anna), second, right, right).await;
        assert_eq!(fixed, Ok(olga.clone()));
        let card = users::card(&site.app, &caller(&site.anna), &olga).await.expect("a card");
        let link = site.link_of(&card.invitations[0].id).await;
        assert_eq!(register(&site, &link, "Olga Kim").await, Ok(olga.clone()));
        let card = users::card(&site.app, &caller(&site.anna), &olga).await.expect("the same card");
        assert_eq!(card.user.email.as_deref(), Some(right));
        let invited = card.history.iter().filter(|line| line.happening == Happening::AuditAction(AuditAction::Invited));
        assert_eq!(invited.count(), 2, "one for each that was put right");
    })
    .await;
}

/// Of those who share an address one stands in a list for all: once it turns out to be none of theirs, the other one does.
#[tokio::test(flavor = "multi_thread")]
async fn whoever_shared_the_wrong_address_comes_back_into_the_list() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let south = site.add_company("South").await;
        for company in [&site.company, &south] {
            site.add("", "both@gmial.com", "employee", company, State::Invited).await;
        }
        let page = users::list(&site.app, &caller(&site.anna), &UserQuery::default()).await.expect("the list");
        let shown: Vec<_> =
            page.rows.into_iter().filter(|row| row.email.as_deref() == Some("both@gmial.com")).collect();
        let [shown] = shown.as_slice() else { panic!("{shown:?}") };
        let card = users::card(&site.app, &caller(&site.anna), &shown.id).await.expect("a card");
        let (right, wrong) = ("right@acme.by", &card.invitations[0].id);
        let fixed = invite::fix_address(&site.app, &caller(&site.anna), wrong, right, right).await;
        assert_eq!(fixed.as_ref(), Ok(&shown.id));
        let all = listed(&site).await;
        assert!(all.contains(&right.to_string()) && all.contains(&"both@gmial.com".to_string()), "{all:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_here_already_or_has_an_account_is_not_written_over_w_08() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        site.add_active("Ivan", "ivan@acme.by", "employee").await;
        let wrong = site.invite("Olga", "olga@gmial.com").await;
        let before = Dump::of(&site.app.db).await;
        for (typed, refusal) in
            [("olga@gmail", UseCaseError::Invalid(Invalid::Email(usher::domain::contact::EmailProblem::NoDotInDomain)))]
        {
            let fixed = invite::fix_address(&site.app, &caller(&site.anna), &wrong.invitation, typed, "").await;
            assert_eq!(fixed, Err(refusal), "{typed}");
        }
        // Somebody's whom the inviter sees is theirs, whatever was meant.
        for meant in ["", "ivan@acme.by"] {
            let fixed =
                invite::fix_address(&site.app, &caller(&site.anna), &wrong.invitation, "ivan@acme.by", meant).await;
            let Err(UseCaseError::Invalid(Invalid::AddressAsked { question, .. })) = &fixed else {
                panic!("{fixed:?}")
            };
            assert_eq!(**question, AddressQuestion::Theirs { whom: "Ivan".into() });
        }
        before.assert_unchanged(&site.app.db, "a refusal").await;
    })
    .await;
}

/// Rules 8 to 10: the right address is asked about as any other that is typed, once.
#[tokio::test(flavor = "multi_thread")]
async fn a_slip_in_the_right_address_is_asked_about_once() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        site.add_active("Vera", "vera_kot@acme.by", "employee").await;
        let wrong = site.invite("Olga", "olga@gmial.com").await;
        for (typed, asks) in [
            ("Some.Body@gmial.com", "some.body@gmail.com"),
            ("olga@mail.ry", "olga@mail.ru"),
            ("olga@yandex.ru.ru", "olga@yandex.ru"),
            ("vera-kot@acme.by", "vera_kot@acme.by"),
        ] {
            let fixed = invite::fix_address(&site.app, &caller(&site.anna), &wrong.invitation, typed, "").await;
            let refusal = fixed.expect_err(typed);
            assert_eq!(refusal.address_asked_about(), typed.to_lowercase());
            let said = Language::English.refusal(&refusal);
            assert!(said.contains(asks) && said.contains("press the button again"), "{said}");
        }
        let another =
            invite::fix_address(&site.app, &caller(&site.anna), &wrong.invitation, "o@gmial.com", "p@gmial.com").await;
        assert!(another.is_err(), "what was asked about was another address");
        let meant = "vera-kot@acme.by";
        let fixed = invite::fix_address(&site.app, &caller(&site.anna), &wrong.invitation, meant, meant).await;
        fixed.expect("meant");
        assert!(listed(&site).await.contains(&meant.to_string()));
    })
    .await;
}
