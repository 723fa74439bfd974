//! Random trees, roles and memberships, random calls by everybody on everybody (seeded, and replayable by the seed): whatever
//! right somebody gained by a call, whoever called held it there before (AZ-02 to AZ-07, TE-01, TE-02, TE-04, TE-05). The
//! oracle knows nothing of the policy: it compares what everybody holds before and after each call.

use super::Chain;
use crate::people::{caller, register};
use crate::support::databases::both;
use std::collections::{BTreeMap, BTreeSet};
use usher::domain::id::{InvitationId, RoleId, UnitId, UserId};
use usher::domain::permission::{Permission, Permissions};
use usher::domain::refusal::Refusal;
use usher::domain::role::{Role, RoleWish};
use usher::domain::unit::Unit;
use usher::server::storage::{memberships, roles as stored_roles, units as stored_units};
use usher::server::use_cases::{accept, invitations, places, roles, units, users};
use usher::values;

/// A small generator, so that a failure names its seed.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % n.max(1) as u64) as usize
    }

    fn one<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }

    fn permissions(&mut self) -> Permissions {
        (0..self.below(4)).map(|_| *self.one(Permission::ALL)).collect()
    }
}

/// What somebody can do somewhere: use a permission at a unit, or give a role there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Right {
    Use(UnitId, Permission),
    Give(UnitId, RoleId),
}

/// Everybody's rights, unit by unit.
type Rights = BTreeMap<UserId, BTreeSet<Right>>;

/// The world of one moment.
struct World {
    people: Vec<UserId>,
    units: Vec<Unit>,
    roles: Vec<Role>,
    /// Who holds or is offered something, and where.
    held: Vec<(UserId, UnitId)>,
    rights: Rights,
    open: Vec<(InvitationId, UserId)>,
}

async fn look(chain: &Chain) -> World {
    let mut tx = chain.house.app.db.read().await.expect("a connection");
    let root = stored_units::root(&mut tx).await.expect("the root");
    let units = stored_units::below(&mut tx, &root.path).await.expect("the units");
    let roles = stored_roles::all(&mut tx).await.expect("the roles");
    let rows = tx.rows("select id from users where deleted_at is null order by id", &[]).await.expect("people");
    let people: Vec<UserId> = rows.iter().map(|row| UserId::new(row.text("id").expect("an id"))).collect();
    let mut rights = Rights::new();
    for user in &people {
        let mut mine = BTreeSet::new();
        let held = memberships::authority(&mut tx, user).await.expect("a look").map(|all| all.holdings);
        for holding in held.unwrap_or_default() {
            for unit in units.iter().filter(|unit| !unit.is_closed && holding.unit.reaches(&unit.path)) {
                mine.extend(holding.permissions().iter().map(|one| Right::Use(unit.id.clone(), one)));
                mine.extend(holding.role.may_assign.iter().map(|role| Right::Give(unit.id.clone(), role.clone())));
            }
        }
        rights.insert(user.clone(), mine);
    }
    let rows = tx.rows("select user_id, unit_id from memberships order by id", &[]).await.expect("memberships");
    let text = |row: &usher::server::storage::Row, name| row.text(name).expect("a text");
    let held = rows.iter().map(|row| (UserId::new(text(row, "user_id")), UnitId::new(text(row, "unit_id")))).collect();
    let sql = "select id, created_by from invitations where accepted_at is null and withdrawn_at is null order by id";
    let rows = tx.rows(sql, &values![]).await.expect("invitations");
    let open = rows
        .iter()
        .map(|row| {
            let by = row.maybe_text("created_by").expect("a text").unwrap_or_default();
            (InvitationId::new(row.text("id").expect("an id")), UserId::new(by))
        })
        .collect();
    World { people, units, roles, held, rights, open }
}

/// One random call by a random person; who did it, or on whose word it happened.
async fn step(chain: &Chain, world: &World, dice: &mut Dice, at: usize) -> (UserId, &'static str, Result<(), Refusal>) {
    let app = &chain.house.app;
    // Whoever may do something tries more often than whoever may not.
    let able: Vec<&UserId> = world.people.iter().filter(|user| !world.rights[*user].is_empty()).collect();
    let by = match dice.below(4) {
        0 => dice.one(&world.people).clone(),
        1 => chain.house.anna.clone(),
        _ => (*dice.one(&able)).clone(),
    };
    let me = caller(&by);
    let (whom, place) = dice.one(&world.held).clone();
    let (unit, other) = (dice.one(&world.units).clone(), dice.one(&world.units).clone());
    let known = dice.one(&world.roles).clone();
    let role = known.id.clone();
    let extra = dice.permissions();
    let offer = (!world.open.is_empty()).then(|| dice.one(&world.open).clone());
    let (what, done) = match dice.below(18) {
        0..3 => {
            let wish = usher::server::use_cases::invite::Wish {
                addresses: format!("p{}@acme.by", dice.below(12)),
                units: vec![unit.id.to_string(), other.id.to_string()],
                role: role.to_string(),
                language: "en".into(),
                valid_for_hours: 8,
                extra,
                ..Default::default()
            };
            ("invite", usher::server::use_cases::invite::invite(app, &me, &wish).await.map(drop))
        }
        3 => {
            let Some((id, inviter)) = offer else { return (by, "nothing open", Ok(())) };
            let link = chain.house.link_of(&id).await;
            let done = match register(&chain.house, &link, "Somebody").await {
                Err(Refusal::Conflict(_)) => {
                    accept::join(app, &link, Some(&me), None, &Default::default()).await.map(drop)
                }
                other => other.map(drop),
            };
            // What comes of an acceptance, its inviter answers for.
            return (inviter, "accept", done);
        }
        4 => match offer {
            Some((id, _)) => ("approve", invitations::approve(app, &me, &id).await.map(drop)),
            None => ("nothing open", Ok(())),
        },
        5 => match offer {
            Some((id, _)) => ("resend", invitations::resend(app, &me, &id).await.map(drop)),
            None => ("nothing open", Ok(())),
        },
        6 | 7 => ("change", places::change(app, &me, &whom, Some(&place), &role, Some(extra)).await),
        8 | 9 => ("add", places::add(app, &me, &whom, &unit.id, &role, extra).await),
        10 => ("remove", places::remove(app, &me, &whom, &place).await),
        11 => match dice.below(2) {
            0 => ("block", users::block(app, &me, &whom, "").await),
            _ => ("unblock", users::unblock(app, &me, &whom).await),
        },
        12 => match dice.below(2) {
            0 => ("archive", users::archive(app, &me, &whom).await),
            _ => ("bring back", users::bring_back(app, &me, &whom).await),
        },
        13 => ("create unit", units::create(app, &me, &unit.id, "team", &format!("Unit {at}")).await.map(drop)),
        14 | 15 => ("move", units::relocate(app, &me, &unit.id, &other.id).await),
        16 => ("close", units::archive(app, &me, &unit.id, !unit.is_archived).await),
        _ => {
            let is_new = dice.below(3) == 0;
            let more = dice.one(&world.roles).id.clone();
            let mut may_assign = if is_new { Vec::new() } else { known.may_assign.clone() };
            if let Some(at) = may_assign.iter().position(|role| *role == more) {
                may_assign.remove(at);
            } else {
                may_assign.push(more);
            }
            let wish = RoleWish {
                name: format!("Role {at}"),
                rank: if is_new { dice.below(50) as i64 } else { known.rank },
                permissions: if is_new { extra } else { known.permissions.union(extra) },
                may_assign,
                needs_approval: dice.below(8) == 0,
            };
            let id = Some(&role).filter(|_| !is_new);
            ("save role", roles::save(app, &me, id, &wish).await.map(drop))
        }
    };
    (by, what, done)
}

#[tokio::test(flavor = "multi_thread")]
async fn no_sequence_of_calls_gives_anybody_a_right_that_whoever_called_did_not_hold() {
    both(|db| async {
        let chain = Chain::found(db).await;
        let mut dice = Dice(0x5eed_0b5e_55ed);
        let mut done: BTreeMap<&'static str, usize> = BTreeMap::new();
        let mut before = look(&chain).await;
        for at in 0..700 {
            let (by, what, result) = step(&chain, &before, &mut dice, at).await;
            let after = look(&chain).await;
            if result.is_err() {
                assert_eq!(before.rights, after.rights, "{at}: {what} was refused, and changed something");
                before = after;
                continue;
            }
            *done.entry(what).or_default() += 1;
            let own = before.rights.get(&by).cloned().unwrap_or_default();
            let new_roles: Vec<&RoleId> = after
                .roles
                .iter()
                .map(|role| &role.id)
                .filter(|id| before.roles.iter().all(|role| role.id != **id))
                .collect();
            let new_units: Vec<&UnitId> = after
                .units
                .iter()
                .map(|unit| &unit.id)
                .filter(|id| before.units.iter().all(|unit| &&unit.id != id))
                .collect();
            for (user, rights) in &after.rights {
                let had = before.rights.get(user).cloned().unwrap_or_default();
                for right in rights.difference(&had) {
                    let is_new = match right {
                        // A new unit, or one that is open again, is reached by those above it; a new role is given by its maker.
                        Right::Use(unit, _) => new_units.contains(&unit) || what == "close",
                        Right::Give(unit, role) => {
                            new_units.contains(&unit) || new_roles.contains(&role) || what == "close"
                        }
                    };
                    assert!(
                        is_new || own.contains(right),
                        "{at}: by {what}, {user} gained {right:?}, which {by} did not hold"
                    );
                }
            }
            let open = after.units.iter().filter(|unit| !unit.is_closed).count();
            let everything = open * Permission::ALL.len();
            let top = after.rights.values().filter(|rights| rights.len() > everything).count();
            assert!(top > 0, "{at}: {what} left nobody at the top");
            before = after;
        }
        // The dice saw enough of everything.
        for what in [
            "invite",
            "accept",
            "change",
            "add",
            "remove",
            "block",
            "archive",
            "create unit",
            "move",
            "close",
            "save role",
        ] {
            assert!(done.contains_key(what), "{what} was never done: {done:?}");
        }
    })
    .await;
}
