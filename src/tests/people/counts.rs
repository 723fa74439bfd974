//! The lists keep their own copy of the facts: after any sequence of operations it is what the facts say (seeded, and
//! replayable by its seed).

use super::{caller, register};
use crate::support::databases::both;
use crate::support::site::TestSite;
use std::collections::BTreeMap;
use tokio::task::JoinSet;
use usher::domain::error::UseCaseError;
use usher::domain::id::UserId;
use usher::domain::timestamp::Duration;
use usher::server::storage::{memberships, roster};
use usher::server::use_cases::{deletion, invitations, invite, places, users};
use usher::values;

/// A small generator, so that a failure names its seed.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % n as u64) as usize
    }
}

/// How many people by unit, role and status, and the status of each by unit and person.
pub type Lists = (BTreeMap<(String, String, String), i64>, BTreeMap<(String, String), String>);

/// What the facts say: `(unit, role, status)` and how many, and who stands where. Each list is told by what lies within its
/// unit, and by nothing else; of those who share an address it shows one.
pub async fn recounted(site: &TestSite) -> Lists {
    let now = site.app.clock.now();
    let mut tx = site.app.db.read().await.expect("a connection");
    let sql = "select id, email, is_placeholder, number, registered_at from users where deleted_at is null";
    let rows = tx.rows(sql, &[]).await.expect("the facts");
    let (mut counts, mut lines, mut found) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    for row in rows {
        let id = UserId::new(row.text("id").expect("an id"));
        let all = memberships::of_user(&mut tx, &id).await.expect("memberships");
        let mut units: Vec<_> = all.iter().flat_map(|held| held.unit.line().collect::<Vec<_>>()).collect();
        units.sort();
        units.dedup();
        for unit in units {
            let within: Vec<_> =
                all.iter().filter(|held| held.unit.line().any(|above| above == unit)).cloned().collect();
            let status = roster::facts(&mut tx, &within).await.expect("the facts").status(now);
            let address = row.maybe_text("email").expect("an address").unwrap_or_else(|| id.to_string());
            let is_placeholder = row.truth("is_placeholder").expect("a truth");
            let has_come_in = row.maybe_number("registered_at").expect("a moment").is_some();
            let order = (status.before_others(has_come_in), is_placeholder, row.number("number").expect("a number"));
            let one = (order, id.clone(), within[0].role.clone(), status);
            found.entry((unit.to_string(), address)).or_insert_with(Vec::new).push(one);
        }
    }
    for ((unit, _), alike) in found {
        let (_, id, role, status) = alike.into_iter().min_by_key(|one| one.0).expect("somebody");
        lines.insert((unit.clone(), id.to_string()), status.code().to_string());
        *counts.entry((unit, role.to_string(), status.code().to_string())).or_insert(0) += 1;
    }
    (counts, lines)
}

/// What the lists say.
pub async fn listed(site: &TestSite) -> Lists {
    let mut tx = site.app.db.read().await.expect("a connection");
    let sql = "select n.id as unit_id, r.id as role_id, c.status, c.people from roster_counts c \
               join units n on n.number = c.unit join roles r on r.number = c.role where c.people <> 0";
    let rows = tx.rows(sql, &[]).await.expect("counts");
    let text = |row: &usher::server::storage::Row, column: &str| row.text(column).expect("a text");
    let counts = rows
        .iter()
        .map(|row| {
            ((text(row, "unit_id"), text(row, "role_id"), text(row, "status")), row.number("people").expect("a count"))
        })
        .collect();
    let sql = "select n.id as unit_id, u.id as user_id, l.status from roster l \
               join units n on n.number = l.unit join users u on u.number = l.person";
    let rows = tx.rows(sql, &[]).await.expect("the roster");
    let lines = rows.iter().map(|row| ((text(row, "unit_id"), text(row, "user_id")), text(row, "status"))).collect();
    (counts, lines)
}

/// One random operation; what is refused is refused.
async fn operate(
    site: &TestSite,
    dice: &mut Dice,
    crowd: &[(UserId, String)],
    at: usize,
) -> Result<&'static str, UseCaseError> {
    let app = &site.app;
    let anna = caller(&site.anna);
    let role = &site.roles[1 + dice.below(4)];
    let (someone, email) = match crowd.len() {
        0 => (UserId::new("none"), String::new()),
        // Few enough that much happens to each.
        n => crowd[n - 1 - dice.below(n.min(8))].clone(),
    };
    let offer = site.invitation_of(&someone).await;
    match dice.below(10) {
        0 | 1 => {
            let wish = invite::InviteForm {
                addresses: (0..=dice.below(3)).map(|n| format!("p{at}x{n}@acme.by ")).collect(),
                units: vec![site.company.id.to_string()],
                role: role.id.to_string(),
                language: "en".into(),
                valid_for: "8h".into(),
                ..invite::InviteForm::default()
            };
            invite::invite(app, &anna, &wish).await.map(|_| "invite")
        }
        2 => users::block(app, &anna, &someone, "").await.map(|()| "block"),
        3 => {
            let blocked = blocked(site).await;
            if blocked.is_empty() {
                return Ok("nobody to unblock");
            }
            users::unblock(app, &anna, &blocked[dice.below(blocked.len())]).await.map(|()| "unblock")
        }
        4 => {
            // Time passes here: their password is typed again.
            site.sign_in_again(&site.anna).await;
            deletion::delete(app, &anna, &someone, &email).await.map(|_| "delete")
        }
        5 => places::change(app, &anna, &someone, None, &role.id, None).await.map(|_| "change role"),
        6 => invitations::withdraw(app, &anna, &offer).await.map(|_| "withdraw"),
        7 => invitations::resend(app, &anna, &offer).await.map(|_| "resend"),
        8 => {
            invitations::copy_link(app, &anna, &offer).await?;
            // A password costs 20 ms: one in three is enough.
            if dice.below(3) > 0 {
                return Ok("copy link");
            }
            register(site, &site.link_of(&offer).await, "Somebody").await.map(|_| "register")
        }
        _ => {
            app.clock.advance(Duration::hours(dice.below(5) as i64));
            let mut tx = app.db.maintain().await?;
            roster::sweep(&mut tx, app.clock.now()).await?;
            tx.commit().await?;
            Ok("time passes")
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn counts_and_lists_are_what_the_facts_say_after_any_sequence_of_operations() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        for seed in [1, 7, 42] {
            let mut dice = Dice(u64::wrapping_mul(seed, 0x9E37_79B9_7F4A_7C15));
            let mut done: BTreeMap<&str, usize> = BTreeMap::new();
            for step in 0..150 {
                let crowd = crowd(&site).await;
                match operate(&site, &mut dice, &crowd, seed as usize * 1_000 + step).await {
                    Ok(what) => *done.entry(what).or_default() += 1,
                    Err(UseCaseError::Broken { .. } | UseCaseError::Busy) => panic!("seed {seed}, step {step}: broken"),
                    Err(_) => {}
                }
                if step % 10 == 9 {
                    // What has run out is swept a moment later; then the lists agree to the row.
                    let mut tx = site.app.db.maintain().await.expect("a transaction");
                    while roster::sweep(&mut tx, site.app.clock.now()).await.expect("a sweep") > 0 {}
                    tx.commit().await.expect("a commit");
                    assert_eq!(listed(&site).await, recounted(&site).await, "seed {seed}, step {step}: {done:?}");
                }
            }
            done.remove("nobody to unblock");
            assert_eq!(done.len(), 10, "everything happened at least once: {done:?}");
        }
        let mut tx = site.app.db.read().await.expect("a connection");
        let negative = tx.maybe_row("select people from roster_counts where people < $1", &values![0_i64]).await;
        assert!(negative.expect("a look").is_none());
    })
    .await;
}

/// CO-08: eight clients at once; what each of them does follows from its number, in which order it happens does not.
#[tokio::test(flavor = "multi_thread")]
async fn a_random_load_of_eight_clients_breaks_no_invariant_co_08() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let mut clients = JoinSet::new();
        for client in 1..=8_u64 {
            let site = site.clone();
            clients.spawn(async move {
                let mut dice = Dice(client.wrapping_mul(0x9E37_79B9_7F4A_7C15));
                let mut done: BTreeMap<&str, usize> = BTreeMap::new();
                for step in 0..60 {
                    let crowd = crowd(&site).await;
                    match operate(&site, &mut dice, &crowd, client as usize * 1_000 + step).await {
                        Ok(what) => *done.entry(what).or_default() += 1,
                        Err(UseCaseError::Broken { .. }) => panic!("client {client}, step {step}: broken"),
                        Err(_) => {}
                    }
                }
                done
            });
        }
        let mut done: BTreeMap<&str, usize> = BTreeMap::new();
        for (what, often) in clients.join_all().await.into_iter().flatten() {
            *done.entry(what).or_default() += often;
        }
        assert!(done.len() >= 10 && done.values().sum::<usize>() > 100, "{done:?}");
        let mut tx = site.app.db.maintain().await.expect("a transaction");
        while roster::sweep(&mut tx, site.app.clock.now()).await.expect("a sweep") > 0 {}
        tx.commit().await.expect("a commit");
        assert_eq!(listed(&site).await, recounted(&site).await, "{done:?}");
        assert_eq!(site.status(&site.anna).await, "active", "somebody has to be left");
        for (what, sql) in [
            ("counts below nothing", "select count(*) as n from roster_counts where people < 0"),
            (
                "addresses with two accounts",
                "select count(*) as n from (select email from users where registered_at is not null \
                 and deleted_at is null and email is not null group by email having count(*) > 1) twice",
            ),
            (
                "people who are in and never came in",
                "select count(*) as n from memberships m join users u on u.id = m.user_id \
                 where m.active_at is not null and u.registered_at is null and u.deleted_at is null",
            ),
        ] {
            assert_eq!(site.number(sql).await, 0, "{what}: {done:?}");
        }
    })
    .await;
}

async fn blocked(site: &TestSite) -> Vec<UserId> {
    let mut tx = site.app.db.read().await.expect("a connection");
    let sql = "select u.id as user_id from roster r join users u on u.number = r.person \
               where r.unit = (select number from units where id = $1) and r.status = 'blocked' order by u.id";
    let rows = tx.rows(sql, &values![&site.root.id]).await.expect("the roster");
    rows.iter().map(|row| UserId::new(row.text("user_id").expect("an id"))).collect()
}

/// Everybody but Anna, deleted ones too.
async fn crowd(site: &TestSite) -> Vec<(UserId, String)> {
    let mut tx = site.app.db.read().await.expect("a connection");
    let rows = tx
        .rows("select id, email from users where id <> $1 order by number", &values![&site.anna])
        .await
        .expect("people");
    rows.iter()
        .map(|row| {
            (
                UserId::new(row.text("id").expect("an id")),
                row.maybe_text("email").expect("an address").unwrap_or_default(),
            )
        })
        .collect()
}
