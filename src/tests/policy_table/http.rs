//! The cells over HTTP: every cell by script and by plain form, on both databases. What is refused must leave the whole
//! database as it was; what is allowed must leave exactly one line of history.

use super::calls::{Call, Person, Way};
use super::cells::{Action, Answer, OFFERS, ROLES, SECTIONS, Stands, Target, Viewer, World, actions, targets};
use crate::support::browser::Browser;
use crate::support::crowd::{State, Wanted};
use crate::support::databases::both;
use crate::support::site::TestSite;
use crate::support::tables::Dump;
use std::collections::{BTreeMap, BTreeSet};
use usher::domain::id::{InvitationId, UnitId, UserId};
use usher::domain::unit::Unit;
use usher::server::http;
use usher::server::storage::Database;
use usher::values;

/// Something that is asked over HTTP, with the answer that the policy gives.
struct Asked {
    viewer: Viewer,
    what: String,
    call: Call,
    answer: Answer,
    /// Whom the history must name afterwards, and in how many lines.
    trace: Option<(UserId, i64)>,
}

/// An installation with two companies, and a browser for each viewer.
struct Stage {
    site: TestSite,
    other: Unit,
    branch: Unit,
    world: World,
    viewers: BTreeMap<Viewer, (UserId, Browser)>,
}

#[tokio::test(flavor = "multi_thread")]
async fn every_cell_is_answered_alike_by_script_by_form_and_by_the_policy() {
    both(|db| async {
        let stage = Stage::set(db).await;
        let unchanging = stage.cells(false).await;
        let before = Dump::of(&stage.site.app.db).await;
        let mut differing = stage.compare(&unchanging).await;
        before.assert_unchanged(&stage.site.app.db, "what was refused, or only looked at,").await;
        let changing = stage.cells(true).await;
        differing.extend(stage.compare(&changing).await);
        assert!(differing.is_empty(), "{} cells differ: {differing:#?}", differing.len());
        stage.see_traces(&changing).await;
        // Eight viewers, nineteen deeds, seventy targets, two ways; and the rest.
        assert!(unchanging.len() + changing.len() > 20_000, "{} + {}", unchanging.len(), changing.len());
    })
    .await;
}

impl Stage {
    async fn set(db: Database) -> Self {
        let site = TestSite::furnish(db, None).await;
        let other = site.add_company("ACME South").await;
        let branch = site.add_branch("ACME North, first branch", &site.company).await;
        let router = http::router(site.app.clone());
        let mut viewers = BTreeMap::new();
        for (at, viewer) in Viewer::all().into_iter().enumerate() {
            let (role, state) = match viewer {
                Viewer::Holder(role) => (role, State::Active),
                Viewer::Nobody => (ROLES[4], State::Active),
                Viewer::Pending => (ROLES[0], State::Invited),
                Viewer::Blocked => (ROLES[0], State::Blocked),
            };
            let unit = if role == ROLES[0] { &site.root } else { &site.company };
            let id = site.add("Viewer", &format!("viewer{at}@acme.by"), role, unit, state).await;
            let mut browser = Browser::on(router.clone());
            if viewer != Viewer::Nobody {
                browser.token = Some(site.give_token(&id).await);
                browser.sign_in_as(&site.app, &id).await;
            }
            viewers.insert(viewer, (id, browser));
        }
        Self { site, other, branch, world: World::new(), viewers }
    }

    /// The cells whose answer leaves things as they are, which share their targets; or those that change something, each
    /// with a target of its own.
    async fn cells(&self, changing: bool) -> Vec<(Asked, Way)> {
        let mut asked = self.deeds(changing).await;
        asked.extend(self.offers(changing));
        for (name, permission) in SECTIONS {
            for viewer in Viewer::all() {
                let (call, answer) = (Call::open(name), self.world.uses(viewer, permission));
                let changes = call.page.is_none() && answer == Answer::Yes;
                if changes == changing {
                    let ways = Way::ALL.into_iter().filter(|way| *way != Way::Token || name == "users list");
                    asked.extend(ways.map(|way| {
                        (Asked { viewer, what: name.into(), call: call.clone(), answer, trace: None }, way)
                    }));
                }
            }
        }
        asked
    }

    async fn deeds(&self, changing: bool) -> Vec<(Asked, Way)> {
        let mut cells = Vec::new();
        for viewer in Viewer::all() {
            let oneself = match viewer {
                Viewer::Holder(role) => Some(Target { stands: Stands::Oneself, role, state: State::Active }),
                _ => None,
            };
            for (action, verb) in actions() {
                for target in targets().into_iter().chain(oneself) {
                    let answer = self.world.answer(viewer, action, verb, target);
                    let changes = answer == Answer::Yes && !action.only_reads();
                    if changes == changing {
                        let ways = Way::ALL.into_iter().filter(|way| *way != Way::Token || action == Action::Do("see"));
                        cells.extend(ways.map(|way| (viewer, action, verb, target, answer, way)));
                    }
                }
            }
        }
        let people = self.people(cells.iter().map(|(.., target, _, _)| *target), changing).await;
        let invitations = self.invitations().await;
        let mut asked = Vec::new();
        for (at, (viewer, action, verb, target, answer, way)) in cells.into_iter().enumerate() {
            let (id, email) = match target.stands {
                Stands::Oneself => (self.viewers[&viewer].0.clone(), String::new()),
                _ if changing => people[at].1.clone(),
                _ => people.iter().find(|(other, _)| *other == target).expect("a target").1.clone(),
            };
            let changes = i64::from(action != Action::ChangeRole(target.role));
            let trace = changing.then(|| (id.clone(), changes));
            let unit = match (target.stands, target.role) {
                (Stands::Oneself, role) if role == ROLES[0] => self.site.root.id.clone(),
                (stands, _) => self.units(stands).remove(0),
            };
            let none = || InvitationId::new("none");
            let person = Person {
                email,
                unit,
                branch: self.branch.id.clone(),
                invitation: invitations.get(&id).cloned().unwrap_or_else(none),
                id: id.clone(),
            };
            let call = Call::on(&person, action, verb, &self.site.roles);
            asked.push((Asked { viewer, what: format!("{action:?} {target:?}"), call, answer, trace }, way));
        }
        asked
    }

    /// Makes the targets: one for each cell, or one of each kind.
    async fn people(&self, targets: impl Iterator<Item = Target>, each: bool) -> Vec<(Target, (UserId, String))> {
        let mut kinds = BTreeSet::new();
        let targets: Vec<Target> =
            targets.filter(|target| target.stands != Stands::Oneself && (each || kinds.insert(*target))).collect();
        let wanted: Vec<Wanted> = targets
            .iter()
            .enumerate()
            .map(|(at, target)| Wanted {
                name: String::new(),
                email: format!("target{at}-{each}@acme.by"),
                role: target.role.into(),
                units: self.units(target.stands),
                state: target.state,
            })
            .collect();
        let ids = self.site.add_all(&wanted).await;
        targets.into_iter().zip(ids.into_iter().zip(wanted.into_iter().map(|wanted| wanted.email))).collect()
    }

    /// Everybody's invitation.
    async fn invitations(&self) -> BTreeMap<UserId, InvitationId> {
        let mut tx = self.site.app.db.read().await.expect("a connection");
        let rows = tx.rows("select user_id, id from invitations", &[]).await.expect("the invitations");
        let text = |row: &usher::server::storage::Row, column: &str| row.text(column).expect("an id");
        rows.iter().map(|row| (UserId::new(text(row, "user_id")), InvitationId::new(text(row, "id")))).collect()
    }

    fn units(&self, stands: Stands) -> Vec<UnitId> {
        match stands {
            Stands::Installation => vec![self.site.root.id.clone()],
            Stands::Own | Stands::Oneself => vec![self.site.company.id.clone()],
            Stands::Other => vec![self.other.id.clone()],
            Stands::Both => vec![self.site.company.id.clone(), self.other.id.clone()],
        }
    }

    fn offers(&self, changing: bool) -> Vec<(Asked, Way)> {
        let mut asked = Vec::new();
        for viewer in Viewer::all() {
            for (name, stands) in OFFERS {
                for role in ROLES {
                    let answer = self.world.invites(viewer, stands, role);
                    if (answer == Answer::Yes) != changing {
                        continue;
                    }
                    let unit = self.units(stands).remove(0);
                    for way in [Way::Script, Way::Plain] {
                        let address = format!("new{}{}{changing}@acme.by", viewer.name().len(), asked.len())
                            .replace([' ', ','], "");
                        let call = Call::invite(&address, &unit, self.site.role(role));
                        asked.push((
                            Asked { viewer, what: format!("invite to {name} as {role}"), call, answer, trace: None },
                            way,
                        ));
                    }
                }
            }
        }
        asked
    }

    /// Asks everything, each viewer in their own browser at the same time; what differs from the policy.
    async fn compare(&self, cells: &[(Asked, Way)]) -> Vec<String> {
        let mut tasks = tokio::task::JoinSet::new();
        for (viewer, (_, browser)) in &self.viewers {
            let mut browser = browser.clone();
            let mine = cells.iter().filter(|(asked, _)| asked.viewer == *viewer);
            let mine: Vec<_> =
                mine.map(|(asked, way)| (asked.call.clone(), *way, asked.answer, asked.what.clone())).collect();
            let name = viewer.name();
            tasks.spawn(async move {
                let mut differing = Vec::new();
                for (at, (call, way, expected, what)) in (0_u32..).zip(mine) {
                    if way == Way::Token {
                        // Wrong tokens are counted by address.
                        browser.address = (std::net::Ipv4Addr::from(0x0a00_0000 + at), 40_000).into();
                    }
                    let answer = call.send(&mut browser, way).await;
                    if answer != Ok(expected) {
                        differing.push(format!("{name}: {what}, {way:?}: {answer:?} instead of {expected:?}"));
                    }
                }
                differing
            });
        }
        tasks.join_all().await.concat()
    }

    /// What was allowed happened: the history names each target once (DI-02), and everybody invited is there.
    async fn see_traces(&self, cells: &[(Asked, Way)]) {
        let mut tx = self.site.app.db.read().await.expect("a connection");
        let rows = tx.rows(
            "select subject_id, count(*) as lines from audit_events where subject_id is not null group by subject_id",
            &[],
        );
        let rows = rows.await.expect("the history");
        let lines: BTreeMap<String, i64> = rows
            .iter()
            .map(|row| (row.text("subject_id").expect("an id"), row.number("lines").expect("a count")))
            .collect();
        for (asked, way) in cells {
            if let Some((id, expected)) = &asked.trace {
                let found = lines.get(id.as_str()).copied().unwrap_or_default();
                assert_eq!(found, *expected, "{}: {}, {way:?}", asked.viewer.name(), asked.what);
            }
            if let Some((_, address)) = asked.call.fields.iter().find(|(name, _)| *name == "addresses") {
                let row =
                    tx.maybe_row("select id from users where email = $1", &values![address]).await.expect("a look");
                assert!(row.is_some(), "{}: {}, {way:?}", asked.viewer.name(), asked.what);
            }
        }
    }
}
