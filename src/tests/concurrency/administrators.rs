//! Main administrators who get rid of one another at the same moment: there is always one left (CO-02). And whoever loses
//! a right while using it has lost it (CO-04).

use crate::people::caller;
use crate::support::databases::both;
use crate::support::site::TestSite;
use crate::support::tables::number;
use std::sync::Arc;
use tokio::sync::Barrier;
use tokio::task::JoinSet;
use usher::domain::error::UseCaseError;
use usher::domain::id::UserId;
use usher::server::storage::memberships;
use usher::server::use_cases::{deletion, places, users};
use usher::values;

/// How somebody is got rid of.
#[derive(Clone, Copy, Debug)]
enum Blow {
    Block,
    Demote,
    Delete,
}

const BLOWS: [Blow; 3] = [Blow::Block, Blow::Demote, Blow::Delete];

async fn strike(site: &TestSite, blow: Blow, by: &UserId, at: &(UserId, String)) -> Result<(), UseCaseError> {
    let (app, by) = (&site.app, caller(by));
    match blow {
        Blow::Block => users::block(app, &by, &at.0, "").await,
        Blow::Demote => places::change(app, &by, &at.0, None, &site.role("employee").id, None).await.map(drop),
        Blow::Delete => deletion::delete(app, &by, &at.0, &at.1).await.map(drop),
    }
}

async fn active_main_administrators(site: &TestSite) -> i64 {
    let sql = "select count(*) as n from memberships m join users u on u.id = m.user_id where m.role_id = $1 \
               and m.unit_id = $2 and m.active_at is not null and m.blocked_at is null and u.deleted_at is null";
    number(&site.app.db, sql, &values![&site.role("main_administrator").id, &site.root.id]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn two_main_administrators_who_get_rid_of_each_other_always_leave_one() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let mut last = (site.anna.clone(), "anna@acme.by".to_string());
        let mut first_won = 0;
        for round in 0..100 {
            let email = format!("main{round}@acme.by");
            let next = (site.add_active("Main", &email, "main_administrator").await, email);
            assert_eq!(active_main_administrators(&site).await, 2);
            let pair = [last.clone(), next.clone()];
            let blows = [(0, BLOWS[round % 3]), (1, BLOWS[round / 3 % 3])];
            let done = match round {
                0 => one_after_another(&site, &pair, blows).await,
                1 => one_after_another(&site, &pair, [blows[1], blows[0]]).await,
                _ => at_once(&site, &pair, blows).await,
            };
            let winners: Vec<usize> = done.iter().filter(|(.., result)| result.is_ok()).map(|(me, ..)| *me).collect();
            assert_eq!(active_main_administrators(&site).await, 1, "round {round}: {done:?}");
            assert_eq!(winners.len(), 1, "round {round}: {done:?}");
            first_won += usize::from(winners[0] == 0);
            last = pair[winners[0]].clone();
        }
        assert!(first_won > 0 && first_won < 100, "either came first at times: {first_won}");
    })
    .await;
}

/// Who struck, how, and what came of it.
type Struck = (usize, Blow, Result<(), UseCaseError>);

async fn one_after_another(site: &TestSite, pair: &[(UserId, String); 2], blows: [(usize, Blow); 2]) -> Vec<Struck> {
    let mut done = Vec::new();
    for (me, blow) in blows {
        done.push((me, blow, strike(site, blow, &pair[me].0, &pair[1 - me]).await));
    }
    done
}

async fn at_once(site: &TestSite, pair: &[(UserId, String); 2], blows: [(usize, Blow); 2]) -> Vec<Struck> {
    let start = Arc::new(Barrier::new(2));
    let mut racing = JoinSet::new();
    for (me, blow) in blows {
        let (site, start, pair) = (site.clone(), start.clone(), pair.clone());
        racing.spawn(async move {
            start.wait().await;
            (me, blow, strike(&site, blow, &pair[me].0, &pair[1 - me]).await)
        });
    }
    racing.join_all().await
}

/// Everybody strikes at everybody, as often as there is anybody to strike at.
#[tokio::test(flavor = "multi_thread")]
async fn of_many_main_administrators_who_strike_at_random_one_stays() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let mut people = vec![(site.anna.clone(), "anna@acme.by".to_string())];
        for round in 0..6_usize {
            while people.len() < 6 {
                let email = format!("m{round}x{}@acme.by", people.len());
                people.push((site.add_active("Main", &email, "main_administrator").await, email));
            }
            let mut racing = JoinSet::new();
            for me in 0..people.len() {
                let (site, people) = (site.clone(), people.clone());
                racing.spawn(async move {
                    for step in 1..people.len() {
                        let at = &people[(me + step) % people.len()];
                        let struck = strike(&site, BLOWS[(me + step + round) % 3], &people[me].0, at).await;
                        assert!(!matches!(struck, Err(UseCaseError::Broken { .. } | UseCaseError::Busy)), "{struck:?}");
                    }
                });
            }
            racing.join_all().await;
            let mut left = Vec::new();
            for person in people {
                if is_active_main_administrator(&site, &person.0).await {
                    left.push(person);
                }
            }
            assert!(!left.is_empty(), "round {round}: nobody is left");
            assert!(left.len() < 6, "round {round}: somebody was struck");
            people = left;
        }
    })
    .await;
}

async fn is_active_main_administrator(site: &TestSite, user: &UserId) -> bool {
    let mut tx = site.app.db.read().await.expect("a connection");
    let authority = memberships::authority(&mut tx, user).await.expect("a look");
    authority.is_some_and(|authority| authority.holdings.iter().any(|holding| holding.role.is_top))
}

/// CO-04: the right is asked for under the lock, so that nothing is done by whoever had lost it before.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_done_by_somebody_after_they_were_demoted_or_blocked() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let (mut before, mut after) = (0, 0);
        for round in 0..40 {
            let actor = site.add_active("Actor", &format!("actor{round}@acme.by"), "company_administrator").await;
            let victim = site.add_active("Victim", &format!("victim{round}@acme.by"), "employee").await;
            let start = Arc::new(Barrier::new(2));
            let act = {
                let (site, start, actor, victim) = (site.clone(), start.clone(), actor.clone(), victim.clone());
                tokio::spawn(async move {
                    // The first round in this order, the second in the other, then as it comes.
                    if round > 0 {
                        start.wait().await;
                    }
                    users::block(&site.app, &caller(&actor), &victim, "").await
                })
            };
            let at = (actor.clone(), format!("actor{round}@acme.by"));
            let acted = match round {
                0 => {
                    let acted = act.await.expect("no panic");
                    strike(&site, BLOWS[0], &site.anna, &at).await.expect("done");
                    acted
                }
                1 => {
                    strike(&site, BLOWS[1], &site.anna, &at).await.expect("done");
                    start.wait().await;
                    act.await.expect("no panic")
                }
                _ => {
                    start.wait().await;
                    strike(&site, BLOWS[round % 3], &site.anna, &at).await.expect("done");
                    act.await.expect("no panic")
                }
            };
            let sql = "select count(*) as n from audit_events where actor_id = $1 and id > \
                       (select id from audit_events where subject_id = $1 and action in ('blocked', 'role_changed', 'deleted'))";
            assert_eq!(number(&site.app.db, sql, &values![&actor]).await, 0, "round {round}: done after the right was lost");
            let status = crate::people::listed(&site, &victim).await;
            match acted {
                Ok(()) => {
                    assert_eq!(status.as_deref(), Some("blocked"));
                    before += 1;
                }
                Err(refusal) => {
                    assert!(matches!(refusal, UseCaseError::SignInFirst | UseCaseError::Denied(_)), "{refusal:?}");
                    assert_eq!(status.as_deref(), Some("active"));
                    after += 1;
                }
            }
        }
        assert!(before > 0 && after > 0, "both orders came about: {before} and {after}");
    })
    .await;
}
