//! The roles of every preset at the places of a small tree, printed: a company with two branches, and another company.
//! What HTTP answers is compared for one preset (`http.rs`); all of them ask the same function.

use super::cells::Answer;
use std::fmt::Write;
use usher::domain::id::{RoleId, UnitId, UserId};
use usher::domain::permission::{Permission, Permissions};
use usher::domain::policy::{Ask, Authority, Holding, Place, decide};
use usher::domain::preset::{PRESETS, Preset};
use usher::domain::role::Role;
use usher::domain::unit::UnitPath;
use usher::domain::user::Verb;

const LEGEND: &str = "\
y  yes
3  seen, but refused (403)
4  does not exist for this viewer (404)

One letter for each role of the preset as it stands in the headings, highest first.
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

    fn below(&self) -> [(&'static str, &UnitPath); 4] {
        [("company", &self.company), ("north", &self.north), ("south", &self.south), ("other company", &self.other)]
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
        let places = if role.is_top { vec![("the top", &tree.top)] } else { tree.below()[..2].to_vec() };
        let sections = role.permissions.to_codes();
        let two = if role.needs_approval { "; takes two" } else { "" };
        write!(text, "\n{} ({sections}{two})\n", role.key).expect("text");
        for (name, unit) in places {
            holder(text, name, unit, role, &roles, tree);
        }
    }
}

fn holder(text: &mut String, name: &str, unit: &UnitPath, role: &Role, roles: &[Role], tree: &Tree) {
    let holding = Holding { unit: unit.clone(), role: role.clone(), extra: Permissions::NONE };
    let authority = Authority { user_id: UserId::new("viewer"), holdings: vec![holding] };
    let heading = format!("  at {name}");
    let columns: Vec<&str> = tree.below().iter().map(|(name, _)| *name).collect();
    line(text, &heading, "top", columns.iter().map(|name| (*name).to_string()));
    let target = UserId::new("target");
    let (top, others): (Vec<&Role>, Vec<&Role>) = roles.iter().partition(|role| role.is_top);
    let cell = |ask: &dyn Fn(&UnitPath, &Role) -> Answer, unit: &UnitPath, roles: &[&Role]| -> String {
        roles.iter().map(|role| ask(unit, role).letter()).collect()
    };
    let mut row = |name: &str, ask: &dyn Fn(&UnitPath, &Role) -> Answer| {
        let below = tree.below().map(|(_, unit)| cell(ask, unit, &others));
        line(text, &format!("    {name}"), &cell(ask, &tree.top, &top), below);
    };
    for (name, verb) in [
        ("see", Verb::See),
        ("edit", Verb::Edit),
        ("change role", Verb::ChangeRole),
        ("block", Verb::Block),
        ("archive", Verb::Archive),
        ("delete", Verb::Delete),
        ("reset password", Verb::ResetPassword),
        ("withdraw", Verb::Withdraw),
    ] {
        row(name, &|unit, role| {
            let places = [Place { unit: unit.clone(), role: role.id.clone(), extra: Permissions::NONE }];
            decide(&authority, Ask::Do { verb, user_id: &target, places: &places }).into()
        });
    }
    row("invite as", &|unit, role| {
        decide(&authority, Ask::Give { unit, role: &role.id, extra: Permissions::NONE }).into()
    });
    for (name, permission) in [("manage units", Permission::ManageUnits), ("edit shifts", Permission::EditShifts)] {
        let answer = |unit: &UnitPath| Answer::from(decide(&authority, Ask::UseAt(permission, unit))).letter();
        let below = tree.below().map(|(_, unit)| answer(unit).to_string());
        line(text, &format!("    {name}"), &answer(&tree.top).to_string(), below);
    }
}

fn line(text: &mut String, name: &str, top: &str, below: impl IntoIterator<Item = String>) {
    let mut line = format!("{name:<20} {top:<4}");
    for cell in below {
        write!(line, " {cell:<14}").expect("text");
    }
    text.push_str(line.trim_end());
    text.push('\n');
}
