//! A random installation to begin with: one of the five presets, a tree of one to four levels, people in every state with
//! places in several units, closed units, a second main administrator perhaps.

use super::dice::Dice;
use crate::support::crowd::{State, Wanted};
use crate::support::site::TestSite;
use usher::domain::agreement::{RoleGrant, takes_two};
use usher::domain::id::{MembershipId, UserId};
use usher::domain::permission::Permissions;
use usher::domain::preset::{PRESETS, Preset};
use usher::domain::role::Role;
use usher::domain::settings::{LONGEST_HOLD, Settings};
use usher::domain::unit::Unit;
use usher::server::random;
use usher::server::storage::memberships::NewMembership;
use usher::server::storage::{Database, memberships, roster, settings, units};

/// How many people there are besides Anna.
const PEOPLE: usize = 16;

/// Messages can be taken back for as long as it goes.
pub fn first_settings(preset: &Preset) -> Settings {
    Settings {
        organisation: "ACME".into(),
        preset: preset.key.into(),
        zone: "Europe/Minsk".into(),
        hold: LONGEST_HOLD,
        ..Settings::default()
    }
}

/// Furnishes an empty database with a preset.
pub async fn furnish(db: Database, preset: &'static Preset) -> TestSite {
    let site = TestSite::furnish_as(preset, db, None).await;
    let mut tx = site.app.db.maintain().await.expect("a transaction");
    settings::save(&mut tx, &first_settings(preset)).await.expect("settings");
    tx.commit().await.expect("a commit");
    site
}

pub async fn found(db: Database, seed: u64, dice: &mut Dice) -> TestSite {
    // Seeds that follow one another go through all presets.
    let site = furnish(db, PRESETS[(seed % PRESETS.len() as u64) as usize]).await;
    let tree = grow(&site, dice).await;
    if dice.hits(2) {
        let top = site.roles[0].key.clone();
        site.add("Second", "second@acme.by", &top, &site.root, State::Active).await;
    }
    let mut people = Vec::new();
    for at in 0..PEOPLE {
        people.push(settle(&site, &tree, at, dice).await);
    }
    for _ in 0..dice.below(3) {
        close(&site, dice.one(&tree[1..]), &people).await;
    }
    site
}

/// One or two companies, and below them up to three more levels.
async fn grow(site: &TestSite, dice: &mut Dice) -> Vec<Unit> {
    let deepest = 1 + dice.below(4);
    let mut tree = vec![site.company.clone(), site.add_company("Unit 1").await];
    for at in 2..4 + dice.below(5) {
        let below: Vec<Unit> = tree
            .iter()
            .filter(|unit| unit.path.line().count() <= deepest)
            .cloned()
            .chain([site.root.clone()])
            .collect();
        let above = dice.one(&below).clone();
        tree.push(site.add_branch(&format!("Unit {at}"), &above).await);
    }
    tree
}

/// A person in some state, in one unit or in several, with a role of its own in each.
async fn settle(site: &TestSite, tree: &[Unit], at: usize, dice: &mut Dice) -> UserId {
    let (role, unit) = (dice.one(&site.roles[1..]).clone(), dice.one(tree).clone());
    let mut state = if dice.hits(2) { State::Active } else { *dice.one(&State::ALL) };
    let is_offer = matches!(state, State::Invited | State::Expired | State::Withdrawn | State::Proposed);
    let takes = |role: &Role, extra: Permissions| takes_two(RoleGrant { role, extra }, &site.roles);
    if is_offer {
        let two = takes(&role, Permissions::NONE);
        state = if two {
            State::Proposed
        } else if state == State::Proposed {
            State::Invited
        } else {
            state
        };
    }
    let wanted = Wanted::new(&format!("Person {at}"), &format!("p{at}@acme.by"), &role.key, &unit, state);
    let person = site.add_all(&[wanted]).await.remove(0);
    // What is offered takes two as a whole, so the rest of an offer takes one.
    let is_one = |role: &&Role| !is_offer || !takes(role, Permissions::NONE);
    let others: Vec<&Role> = site.roles[1..].iter().filter(is_one).collect();
    let mut stands = vec![unit.id];
    for _ in 0..dice.below(3) {
        if others.is_empty() {
            break;
        }
        let (unit, role, extra) = (dice.one(tree), *dice.one(&others), dice.permissions(2).below_the_root());
        let extra = if is_offer && takes(role, extra) { Permissions::NONE } else { extra };
        if !stands.contains(&unit.id) {
            stands.push(unit.id.clone());
            place(site, &person, unit, role, extra.without(role.permissions), is_offer, dice).await;
        }
    }
    person
}

async fn place(
    site: &TestSite,
    person: &UserId,
    unit: &Unit,
    role: &Role,
    extra: Permissions,
    is_offer: bool,
    dice: &mut Dice,
) {
    let now = site.app.clock.now();
    let invitation = site.invitation_of(person).await;
    let mut tx = site.app.db.maintain().await.expect("a transaction");
    let membership = NewMembership {
        id: MembershipId::new(random::id(now)),
        user_id: person,
        unit_id: &unit.id,
        role: &role.id,
        extra,
        by: Some(&site.anna),
        invitation: Some(&invitation),
        active_at: (!is_offer).then_some(now),
    };
    memberships::insert(&mut tx, &membership, now).await.expect("a membership");
    match dice.below(5) {
        0 => memberships::block(&mut tx, &membership.id, &site.anna, "", now).await.expect("a block"),
        1 => memberships::archive(&mut tx, &membership.id, Some(&site.anna), now).await.expect("archived"),
        _ => {}
    }
    roster::refresh(&mut tx, std::slice::from_ref(person), now).await.expect("the lists");
    tx.commit().await.expect("a commit");
}

async fn close(site: &TestSite, unit: &Unit, people: &[UserId]) {
    let now = site.app.clock.now();
    let mut tx = site.app.db.maintain().await.expect("a transaction");
    let unit = units::find(&mut tx, &unit.id).await.expect("a look").expect("a unit");
    units::archive(&mut tx, &Unit { is_archived: true, ..unit }, Some(now)).await.expect("archived");
    roster::refresh(&mut tx, people, now).await.expect("the lists");
    tx.commit().await.expect("a commit");
}
