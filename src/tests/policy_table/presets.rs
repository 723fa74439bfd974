//! The roles of every preset at the places of a small tree, printed: a company with two branches, and another company.
//! What HTTP answers is compared for one preset (`http.rs`); all of them ask the same function.

use super::cells::{Answer, word};
use std::fmt::Write;
use usher::domain::id::{RoleId, UnitId, UserId};
use usher::domain::permission::{Permission, Permissions};
use usher::domain::policy::{Authority, Holding, Place, Request, decide};
use usher::domain::preset::{PRESETS, Preset};
use usher::domain::role::Role;
use usher::domain::unit::UnitPath;
use usher::domain::user::UserAction;

const LEGEND: &str = "\
y  yes
3  seen, but refused (403)
4  does not exist for this viewer (404)

One letter for each role of the preset as it stands in the headings, highest first: the top role at the top, the others at
the company, its branches north and south, and the other company; `two` holds the lowest role in north and in south, `self`
is the holder of the role. What has the same answers everywhere stands in one line.
";

/// Where somebody stands, or on whom is acted.
struct Tree {
    top: UnitPath,
    company: UnitPath,
    north: UnitPath,
    south: UnitPath,
    other: UnitPath,
}

impl Tree {
    fn new() -> Self {
        let at = |path: &UnitPath, name: &str| path.child(&UnitId::new(name));
        let top = UnitPath::root(&UnitId::new("top"));
        let company = at(&top, "company");
        let (north, south) = (at(&company, "north"), at(&company, "south"));
        Self { other: at(&top, "other"), top, company, north, south }
    }

    fn below(&self) -> [&UnitPath; 4] {
        [&self.company, &self.north, &self.south, &self.other]
    }
}

/// The whole table.
pub fn table() -> String {
    let mut text = LEGEND.to_string();
    for preset in PRESETS {
        print(&mut text, preset, &Tree::new());
    }
    text
}

fn print(text: &mut String, preset: &Preset, tree: &Tree) {
    let roles = preset.roles_with(|key| RoleId::new(key));
    let keys: Vec<&str> = roles.iter().map(|role| role.key.as_str()).collect();
    write!(text, "\n==== {}: {}\n", preset.key, keys.join(", ")).expect("text");
    for role in &roles {
        let places = match role.is_top {
            true => vec![("the top", &tree.top)],
            false => vec![("company", &tree.company), ("north", &tree.north)],
        };
        let sections = role.permissions.to_codes();
        let two = match (role.needs_approval, role.losing_takes_two) {
            (true, true) => "; two give it and take it away",
            (true, false) => "; takes two",
            (false, true) => "; two take it away",
            (false, false) => "",
        };
        write!(text, "\n{} ({sections}{two})\n", role.key).expect("text");
        for (name, unit) in places {
            holder(text, name, unit, role, &roles, tree);
        }
    }
}

fn holder(text: &mut String, name: &str, unit: &UnitPath, role: &Role, roles: &[Role], tree: &Tree) {
    let holding = Holding { unit: unit.clone(), role: role.clone(), extra: Permissions::NONE };
    let viewer = Viewer { authority: Authority { user_id: UserId::new("viewer"), holdings: vec![holding] } };
    let (top, others): (Vec<&Role>, Vec<&Role>) = roles.iter().partition(|role| role.is_top);
    let lowest = others.last().expect("a role below the top").id.clone();
    let mut rows = Vec::new();
    for verb in UserAction::ALL {
        let one = |unit: &UnitPath, role: &Role| viewer.does(verb, "target", &[at(unit, &role.id)]);
        let both = viewer.does(verb, "target", &[at(&tree.north, &lowest), at(&tree.south, &lowest)]);
        let oneself = viewer.does(verb, "viewer", &[at(unit, &role.id)]);
        let mut cells = cells(tree, &top, &others, one);
        cells.extend([both.letter().to_string(), oneself.letter().to_string()]);
        rows.push((word(verb).to_string(), cells));
    }
    // What is held at the top is the top role; who changes it is not this table's to say.
    for to in roles {
        let one = |unit: &UnitPath, role: &Role| viewer.makes(&at(unit, &role.id), &to.id);
        let mut cells = cells(tree, &top, &others, one);
        cells[0].clear();
        rows.push((format!("make them {}", to.key), cells));
    }
    rows.push(("invite as".into(), cells(tree, &top, &others, |unit, role| viewer.gives(unit, &role.id))));
    for (name, permission) in [("manage units", Permission::ManageUnits), ("edit shifts", Permission::EditShifts)] {
        let one = |unit: &UnitPath, _: &Role| viewer.uses(permission, unit);
        rows.push((name.into(), cells(tree, &top, &others[..1], one)));
    }
    line(
        text,
        &format!("  at {name}"),
        &["top", "company", "north", "south", "other", "two", "self"].map(String::from),
        "",
    );
    for (names, cells) in alike(rows) {
        line(text, "", &cells, &names.join(", "));
    }
}

/// What has the same answers everywhere stands in one line, where the first of it would.
fn alike(rows: Vec<(String, Vec<String>)>) -> Vec<(Vec<String>, Vec<String>)> {
    let mut groups: Vec<(Vec<String>, Vec<String>)> = Vec::new();
    for (name, cells) in rows {
        match groups.iter_mut().find(|(_, other)| *other == cells) {
            Some((names, _)) => names.push(name),
            None => groups.push((vec![name], cells)),
        }
    }
    groups
}

fn at(unit: &UnitPath, role: &RoleId) -> Place {
    Place { unit: unit.clone(), role: role.clone(), extra: Permissions::NONE }
}

/// The answers at the top, then at each unit below it.
fn cells(tree: &Tree, top: &[&Role], others: &[&Role], one: impl Fn(&UnitPath, &Role) -> Answer) -> Vec<String> {
    let cell = |unit: &UnitPath, roles: &[&Role]| roles.iter().map(|role| one(unit, role).letter()).collect();
    std::iter::once(cell(&tree.top, top)).chain(tree.below().map(|unit| cell(unit, others))).collect()
}

/// Somebody who holds one role at one unit.
struct Viewer {
    authority: Authority,
}

impl Viewer {
    fn does(&self, verb: UserAction, to: &str, places: &[Place]) -> Answer {
        let (user_id, proposer) = (UserId::new(to), UserId::new("proposer"));
        let done = decide(&self.authority, Request::Do { action: verb, user_id: &user_id, places });
        if !done.is_allowed() {
            return done.into();
        }
        match verb {
            UserAction::Approve => decide(
                &self.authority,
                Request::Approve { user_id: &user_id, proposers: std::slice::from_ref(&proposer), places },
            )
            .into(),
            // Who sends an invitation again offers the role again.
            UserAction::Resend => {
                let gives = |place: &Place| self.gives(&place.unit, &place.role);
                places.iter().map(gives).find(|no| *no != Answer::Yes).unwrap_or(Answer::Yes)
            }
            _ => done.into(),
        }
    }

    fn makes(&self, place: &Place, to: &RoleId) -> Answer {
        let user_id = UserId::new("target");
        decide(&self.authority, Request::Change { user_id: &user_id, place, to, extra: Permissions::NONE }).into()
    }

    fn gives(&self, unit: &UnitPath, role: &RoleId) -> Answer {
        decide(&self.authority, Request::Give { unit, role, extra: Permissions::NONE }).into()
    }

    fn uses(&self, permission: Permission, unit: &UnitPath) -> Answer {
        decide(&self.authority, Request::UseAt(permission, unit)).into()
    }
}

fn line(text: &mut String, name: &str, cells: &[String], what: &str) {
    let mut line = format!("{name:<12}");
    for column in 0..7 {
        write!(line, " {:<7}", cells.get(column).map_or("", String::as_str)).expect("text");
    }
    write!(line, "  {what}").expect("text");
    text.push_str(line.trim_end());
    text.push('\n');
}
