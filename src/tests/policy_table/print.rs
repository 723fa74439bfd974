//! The table as people review it: one block for each viewer.

use super::cells::{Action, Answer, OFFERS, ROLES, SECTIONS, Stands, Target, Viewer, World, actions, columns};
use crate::support::crowd::State;
use std::fmt::Write;
use usher::domain::permission::Permission;

const LEGEND: &str = "\
y  yes
1  sign in first (401)
3  seen, but refused (403)
4  does not exist for this viewer (404)
9  allowed, but not as things stand (409)

Seven letters in a row are the target's states: active, invited, expired, withdrawn, blocked, archived, proposed.
Viewers but the main administrator stand in the own company; `both` is an employee of the own and of the other one.
";

/// The whole table.
pub fn table() -> String {
    let world = World::new();
    let mut text = LEGEND.to_string();
    for viewer in Viewer::all() {
        write!(text, "\n== {}\n\n", viewer.name()).expect("text");
        people(&mut text, &world, viewer);
        text.push('\n');
        row(&mut text, "invite to, as", ROLES.map(short));
        for (name, stands) in OFFERS {
            row(&mut text, name, ROLES.map(|role| world.invites(viewer, stands, role).letter().to_string()));
        }
        text.push('\n');
        let answers = SECTIONS.map(|(name, permission)| format!("{name} {}", world.uses(viewer, permission).letter()));
        row(&mut text, "use", answers);
        text.push_str(&with_a_token(&world, viewer));
    }
    text
}

/// What a token of the viewer opens in the API; whoever holds nothing has none that works.
fn with_a_token(world: &World, viewer: Viewer) -> String {
    let list = world.uses(viewer, Permission::SeeUsers);
    let document = if matches!(viewer, Viewer::Holder(_)) { Answer::Yes } else { Answer::SignIn };
    let (list, document) = (list.letter(), document.letter());
    format!(
        "with a token     GET /api/v1/users {list} GET /api/v1/users/{{id}} as see GET /api/v1/openapi.json {document}\n"
    )
}

fn people(text: &mut String, world: &World, viewer: Viewer) {
    let companies = columns().into_iter().map(|(stands, role)| match stands {
        Stands::Installation => short(role),
        Stands::Own => format!("own:{}", short(role)),
        Stands::Other => format!("oth:{}", short(role)),
        Stands::Both | Stands::Oneself => "both".into(),
    });
    row(text, "", companies.chain(["oneself".into()]));
    for (action, verb) in actions() {
        let name = match action {
            Action::Do(name) => name.to_string(),
            Action::ChangeRole(to) => format!("make them {}", short(to)),
        };
        let answer = |stands, role, state| world.answer(viewer, action, verb, Target { stands, role, state }).letter();
        let cells = columns()
            .into_iter()
            .map(|(stands, role)| State::ALL.map(|state| answer(stands, role, state)).iter().collect());
        let oneself = match viewer {
            Viewer::Holder(role) => answer(Stands::Oneself, role, State::Active),
            _ => Answer::SignIn.letter(),
        };
        row(text, &name, cells.chain([oneself.to_string()]));
    }
}

fn row(text: &mut String, name: &str, cells: impl IntoIterator<Item = String>) {
    let mut line = format!("{name:<16}");
    for cell in cells {
        write!(line, " {cell:<11}").expect("text");
    }
    text.push_str(line.trim_end());
    text.push('\n');
}

fn short(role: &str) -> String {
    role.split('_').next().unwrap_or_default().chars().take(5).collect()
}
