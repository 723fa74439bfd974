//! One invitation and many hands: one account (CO-01), and one history when it is withdrawn or sent again meanwhile (CO-03).

use crate::organisation::Chain;
use crate::people::{caller, register, sessions};
use crate::support::browser::Browser;
use crate::support::databases::both;
use crate::support::people::PASSWORD;
use crate::support::site::{Invited, TestSite};
use crate::support::tables::number;
use tokio::task::JoinSet;
use usher::domain::error::{Conflict, UseCaseError};
use usher::domain::invitation::DeadLink;
use usher::server::http;
use usher::server::use_cases::{invitations, users};
use usher::values;

const HANDS: usize = 64;

async fn one_account(site: &TestSite, invited: &Invited) {
    let sql = "select count(*) as n from audit_events where subject_id = $1 and action = 'accepted'";
    assert_eq!(number(&site.app.db, sql, &values![&invited.user]).await, 1, "one line of history");
    let sql = "select count(*) as n from memberships where user_id = $1 and active_at is not null";
    assert_eq!(number(&site.app.db, sql, &values![&invited.user]).await, 1, "one membership");
    assert_eq!(sessions(site, &invited.user).await, 1, "one session");
}

#[tokio::test(flavor = "multi_thread")]
async fn sixty_four_hands_on_one_invitation_make_one_account() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        for round in 0..3 {
            let invited = site.invite("Ivan", &format!("ivan{round}@acme.by")).await;
            let link = site.link_of(&invited.invitation).await;
            let mut racing = JoinSet::new();
            for n in 0..HANDS {
                let (site, link) = (site.clone(), link.clone());
                racing.spawn(async move { (n, register(&site, &link, &format!("Hand {n}")).await) });
            }
            let done = racing.join_all().await;
            let won: Vec<usize> = done.iter().filter(|(_, result)| result.is_ok()).map(|(n, _)| *n).collect();
            let used = done.iter().filter(|(_, result)| *result == Err(UseCaseError::DeadLink(DeadLink::Used))).count();
            assert_eq!((won.len(), used), (1, HANDS - 1), "{done:?}");
            one_account(&site, &invited).await;
            let card = users::card(&site.app, &caller(&site.anna), &invited.user).await.expect("a card");
            assert_eq!(card.user.name, format!("Hand {}", won[0]), "what the winner wrote stands");
        }
        let everybody = number(&site.app.db, "select count(*) as n from users", &[]).await;
        assert_eq!(everybody, 1 + 3);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sixty_four_posts_of_one_register_page_make_one_account() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let invited = site.invite("Ivan", "ivan@acme.by").await;
        let page = site.page_of(&invited).await;
        let router = http::router(site.app.clone());
        let mut racing = JoinSet::new();
        for n in 0..HANDS {
            let mut browser = Browser::on(router.clone());
            browser.address = ([203, 0, 113, u8::try_from(n).expect("few")], 40_000).into();
            let page = page.clone();
            racing.spawn(async move {
                let fields = [("name", "Ivan Petrov"), ("phone", ""), ("password", PASSWORD)];
                let answer = browser.post_form(&page, &fields).await;
                let is_in = browser.ask_shown("/me").await.status.as_u16() == 200;
                (answer.status.as_u16(), is_in)
            });
        }
        let done = racing.join_all().await;
        assert_eq!(done.iter().filter(|answer| **answer == (303, true)).count(), 1, "{done:?}");
        assert_eq!(done.iter().filter(|answer| **answer == (410, false)).count(), HANDS - 1, "{done:?}");
        one_account(&site, &invited).await;
    })
    .await;
}

/// H-21: two invitations of one address, made by two who see nothing of each other, or standing on one row: whoever comes in by
/// both at once has one account, and the other offer stays as it was until it is accepted itself.
#[tokio::test(flavor = "multi_thread")]
async fn two_invitations_of_one_address_accepted_at_once_make_one_account() {
    both(|db| async {
        let chain = Chain::found(db).await;
        let site = &chain.site;
        for round in 0..8 {
            let address = format!("ivan{round}@acme.by");
            let second = if round % 2 == 0 { chain.admins[1].clone() } else { site.anna.clone() };
            let mut offers = Vec::new();
            for (by, unit) in [(&chain.admins[0], &chain.north), (&second, &chain.south)] {
                let draft = chain.invite(by, &address, &[unit], "employee").await.expect("sent");
                offers.push(draft.sent[0].clone());
            }
            assert_eq!(offers[0].user_id == offers[1].user_id, round % 2 == 1);
            let mut racing = JoinSet::new();
            for (n, offer) in offers.iter().enumerate() {
                let (site, link) = (site.clone(), site.link_of(&offer.invitation).await);
                racing.spawn(async move { (n, register(&site, &link, &format!("Hand {n}")).await) });
            }
            let done = racing.join_all().await;
            let won: Vec<usize> = done.iter().filter(|(_, result)| result.is_ok()).map(|(n, _)| *n).collect();
            let told = done.iter().filter(|(_, result)| *result == Err(Conflict::HasAccount.into())).count();
            assert_eq!((won.len(), told), (1, 1), "{done:?}");
            let people = "select count(*) as n from users where email = $1 and not is_placeholder";
            assert_eq!(number(&site.app.db, people, &values![&address]).await, 1);
            let rows = "select count(*) as n from users where email = $1";
            assert_eq!(
                number(&site.app.db, rows, &values![&address]).await,
                2,
                "the person, and what the other inviter knows"
            );
            let held = "select count(*) as n from memberships m join users u on u.id = m.user_id where u.email = $1 \
                        and m.active_at is not null";
            assert_eq!(number(&site.app.db, held, &values![&address]).await, 1);

            let (_, person) = done.into_iter().find(|(_, result)| result.is_ok()).expect("one of them");
            let mut browser = Browser::signed_in(&site.app, &person.expect("a person")).await;
            let link = site.link_of(&offers[1 - won[0]].invitation).await;
            assert!(browser.post_form(&format!("/i/{link}/join"), &[]).await.is_done());
            assert_eq!(number(&site.app.db, rows, &values![&address]).await, 1);
            assert_eq!(number(&site.app.db, held, &values![&address]).await, 2);
        }
    })
    .await;
}

/// CO-03: whatever came first, the rest follows from it.
#[tokio::test(flavor = "multi_thread")]
async fn accepting_while_it_is_withdrawn_or_sent_again_has_one_outcome() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let anna = caller(&site.anna);
        let (mut accepted, mut refused) = (0, 0);
        for round in 0..16 {
            let invited = site.invite("Ivan", &format!("ivan{round}@acme.by")).await;
            let link = site.link_of(&invited.invitation).await;
            let other = {
                let (app, anna, offer) = (site.app.clone(), anna.clone(), invited.invitation.clone());
                // The password takes a while, so the other one waits about as long in half of the rounds.
                let wait = std::time::Duration::from_millis(if round % 4 < 2 { 0 } else { 30 });
                tokio::spawn(async move {
                    tokio::time::sleep(wait).await;
                    match round % 2 {
                        0 => invitations::withdraw(&app, &anna, &offer).await,
                        _ => invitations::resend(&app, &anna, &offer).await,
                    }
                })
            };
            let registered = register(&site, &link, "Ivan").await;
            let other = other.await.expect("no panic");
            let status = super::super::people::listed(&site, &invited.user).await;
            match (&registered, &other) {
                (Ok(_), Err(refusal)) => {
                    assert_eq!(*refusal, UseCaseError::Conflict(Conflict::AlreadyRegistered));
                    assert_eq!(status.as_deref(), Some("active"));
                    one_account(&site, &invited).await;
                    accepted += 1;
                }
                (Err(UseCaseError::DeadLink(why)), Ok(_)) => {
                    let (dead, left) =
                        [(DeadLink::Withdrawn, "withdrawn"), (DeadLink::Superseded, "waiting")][round % 2];
                    assert_eq!((*why, status.as_deref()), (dead, Some(left)));
                    refused += 1;
                }
                other => panic!("no order of things explains {other:?}"),
            }
        }
        assert!(accepted + refused == 16 && refused > 0, "{accepted} accepted, {refused} refused");
    })
    .await;
}
