//! What a page shows to whoever may not open it: the reason, and nothing of the page (W-06). Every page is opened by holders of
//! every single permission, with and without the sight of people, as a page and as the script asks for it.

use super::reviewed::{Needs, PAGES};
use crate::support::browser::Browser;
use crate::support::crowd::State;
use crate::support::databases::both;
use crate::support::html::{forms, tags};
use crate::support::pages::read_by;
use crate::support::site::TestSite;
use std::collections::BTreeSet;
use usher::domain::error::UseCaseError;
use usher::domain::id::RoleId;
use usher::domain::permission::{Permission, Permissions};
use usher::domain::role::Role;
use usher::domain::user::UserAction;
use usher::server::storage::roles;
use usher::values;
use usher::words::Language;

/// A role for each single permission, for each together with the sight of people, for none and for all that counts below
/// the root. Each may give the employee's role.
fn roles(site: &TestSite) -> Vec<Role> {
    let sees: Permissions = [Permission::SeeUsers].into_iter().collect();
    let all: Permissions = Permission::ALL.into_iter().collect();
    let mut sets: BTreeSet<String> = [Permissions::NONE, sees, all.below_the_root()].map(Permissions::to_codes).into();
    for one in Permission::ALL {
        let one: Permissions = [one].into_iter().collect();
        sets.extend([one, one.union(sees)].map(Permissions::to_codes));
    }
    let role = |(at, codes): (usize, String)| Role {
        id: RoleId::new(format!("role-{at}")),
        key: String::new(),
        name: format!("Rolename{at}"),
        rank: 20,
        permissions: Permissions::from_codes(&codes),
        may_assign: vec![site.role("employee").id.clone()],
        gave: Vec::new(),
        is_removed: false,
        is_top: false,
        needs_approval: false,
        losing_takes_two: false,
        valid_for: None,
        carries: None,
    };
    sets.into_iter().enumerate().map(role).collect()
}

/// Whether what an address names is of the viewer's own company, of another one, or not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Where {
    Here,
    Elsewhere,
    Nowhere,
}

/// The status that a page must have, worked out from the reviewed list: refused where the role has no part in it or no part in
/// changing it, not there where it is not seen.
fn expected(page: &str, needs: Needs, what: Where, has: Permissions) -> u16 {
    let has = has.below_the_root();
    let sight = match page {
        page if page.starts_with("/users/:id") => Some(Permission::SeeUsers),
        page if page.starts_with("/units/:id") => Some(Permission::SeeUnits),
        "/shifts/:id" => Some(Permission::SeeShifts),
        // A question is its asker's alone, and nobody here has asked one.
        "/users/many/:id" => return if has.has(Permission::SeeUsers) { 404 } else { 403 },
        _ => None,
    };
    let needed = match needs {
        Needs::SignedIn => return 200,
        Needs::Right(permission) => permission,
        Needs::AuditAction(UserAction::See) => Permission::SeeUsers,
        Needs::AuditAction(UserAction::Report) => Permission::SeeAudit,
        Needs::AuditAction(_) => Permission::EditUsers,
    };
    match sight {
        Some(sight) if !has.has(sight) => 403,
        Some(_) if what != Where::Here => 404,
        _ if !has.has(needed) => 403,
        // Nobody moves the unit in which they stand.
        _ if page == "/units/:id/move" => 403,
        _ => 200,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_somebody_may_not_open_shows_why_and_nothing_else() {
    both(|db| async {
        let mut site = TestSite::furnish(db, None).await;
        let made = roles(&site);
        let mut tx = site.app.db.maintain().await.expect("a transaction");
        roles::insert(&mut tx, &made).await.expect("roles");
        tx.commit().await.expect("a commit");
        site.roles.extend(made.clone());
        let other = site.add_company("Foreignunit").await;
        let team = site.add_branch("Hometeam", &site.company).await;
        let here = site.add("Homeperson", "homeperson@acme.by", "employee", &team, State::Active).await;
        let there = site.add("Foreignperson", "foreignperson@acme.by", "employee", &other, State::Active).await;
        let shifts = [site.add_shift(&site.company).await, site.add_shift(&other).await];
        let words = Language::English;
        let mut wrong = Vec::new();
        for role in &made {
            let email = format!("{}@acme.by", role.id);
            let viewer = site.add_active("Viewer", &email, "employee").await;
            site.tamper("update memberships set role_id = $2 where user_id = $1", &values![&viewer, &role.id]).await;
            let mut browser = Browser::signed_in(&site.app, &viewer).await;
            for (page, needs) in PAGES {
                let all = [Where::Here, Where::Elsewhere, Where::Nowhere];
                let has_id = page.contains(":id");
                for what in all.into_iter().filter(|what| has_id || *what == Where::Here) {
                    let pick = |here: &str, there: &str| match what {
                        Where::Here => here.to_string(),
                        Where::Elsewhere => there.to_string(),
                        Where::Nowhere => "0190-nothing".into(),
                    };
                    let id = match page {
                        page if page.starts_with("/users/") => pick(here.as_str(), there.as_str()),
                        page if page.starts_with("/units/") => pick(site.company.id.as_str(), other.id.as_str()),
                        page if page.starts_with("/shifts/") => pick(shifts[0].as_str(), shifts[1].as_str()),
                        page if page.starts_with("/settings/roles/") => pick(made[0].id.as_str(), made[1].id.as_str()),
                        _ => "0190-nothing".into(),
                    };
                    let address = page.replace(":id", &id);
                    let status = expected(page, needs, what, role.permissions);
                    let scene = format!("{} opens {address} ({what:?})", role.permissions.to_codes());
                    let seen = look(&mut browser, &address, role).await;
                    if seen.status != status {
                        wrong.push(format!("{scene}: {} instead of {status}", seen.status));
                    }
                    if status != 200 {
                        wrong.extend(seen.shown.into_iter().map(|shown| format!("{scene}: shows {shown}")));
                    } else if seen.title == words.refusal_title(&UseCaseError::NotFound) {
                        wrong.push(format!("{scene}: {}", seen.title));
                    }
                }
            }
            // The list of a unit that is elsewhere, or nowhere.
            for unit in [other.id.as_str(), "0190-nothing"] {
                let status = if role.permissions.has(Permission::SeeUsers) { 404 } else { 403 };
                let seen = look(&mut browser, &format!("/users?unit={unit}"), role).await;
                let scene = format!("{} opens the list of {unit}", role.permissions.to_codes());
                if seen.status != status {
                    wrong.push(format!("{scene}: {} instead of {status}", seen.status));
                }
                wrong.extend(seen.shown.into_iter().map(|shown| format!("{scene}: shows {shown}")));
            }
        }
        assert!(wrong.is_empty(), "{} are wrong:\n{}", wrong.len(), wrong.join("\n"));
    })
    .await;
}

/// The forms around every page.
const OF_THE_FRAME: [&str; 3] = ["/sign-out", "/theme", "/api/choose-language"];

/// What a viewer gets at an address.
struct Seen {
    status: u16,
    title: String,
    /// What of it does not belong on a page that is refused.
    shown: Vec<String>,
}

async fn look(browser: &mut Browser, address: &str, role: &Role) -> Seen {
    let page = browser.get(address).await;
    let (status, html) = (page.status.as_u16(), page.text());
    let title = html.split_once("<title>").and_then(|(_, rest)| rest.split_once("</title>")).map_or("", |(it, _)| it);
    let title = title.split(" · ").next().unwrap_or_default().to_string();
    let mut shown = Vec::new();
    let mut note = |is_wrong: bool, what: &str| {
        if is_wrong {
            shown.push(what.to_string());
        }
    };
    let tags = tags(&html);
    note(tags.iter().any(|tag| tag.get("role") == Some("search")), "a search");
    note(tags.iter().any(|tag| ["select", "table", "textarea"].contains(&tag.name.as_str())), "a table or a choice");
    note(forms(&html).iter().any(|form| !OF_THE_FRAME.contains(&form.action.as_str())), "a form");
    note(html.contains("class=\"tabs\"") || html.contains("class=\"filters\""), "counts or filters");
    let visible = without_scripts(&html);
    // In what travels beside the page stand the roles, for those only who see them on another page.
    let is_blind = role.permissions.below_the_root().iter().all(|one| {
        use Permission::{Invite, SeeAudit, SeeInvitations, SeeUsers};
        ![SeeUsers, SeeInvitations, SeeAudit, Invite].contains(&one)
    });
    let text = if is_blind { &html } else { &visible };
    let others = text
        .replace(&format!("{}\\\"", role.name), "")
        .replace(&format!("{}\"", role.name), "")
        .replace(&format!("{}<", role.name), "");
    note(others.contains("Rolename") || text.contains("Company administrator"), "names of roles");
    note(["Foreignunit", "Foreignperson", "foreignperson"].iter().any(|name| html.contains(name)), "what is elsewhere");
    note(["Homeperson", "homeperson@"].iter().any(|name| html.contains(name)), "a person");
    note(visible.contains("You can look, but not change this") && !may_look(address, role), "that one can look");

    // What the page's script gets of the same.
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    let answer = match path {
        "/users" => {
            let unit = query.strip_prefix("unit=").unwrap_or_default();
            let empty = ["q", "status", "role", "sort", "after", "before"].map(|name| (name, ""));
            browser.ask("/api/users", &[empty.as_slice(), &[("unit", unit)]].concat()).await
        }
        _ => browser.ask(read_by(address), &[("address", address)]).await,
    };
    if answer.status.as_u16() != status {
        shown.push(format!("another status to the script: {}", answer.status));
    }
    match answer.refusal() {
        None if status >= 400 => shown.push(format!("to the script: {}", answer.text())),
        Some(refusal) if status >= 400 => {
            let words = Language::English;
            if title != words.refusal_title(&refusal) {
                shown.push(format!("the title {title}"));
            }
            if !visible.contains(&words.refusal(&refusal)) {
                shown.push(format!("not the reason {:?}", words.refusal(&refusal)));
            }
        }
        _ => {}
    }
    Seen { status, title, shown }
}

/// Whether somebody sees what an address names, and only may not change it.
fn may_look(address: &str, role: &Role) -> bool {
    let sight = match address {
        address if address.starts_with("/users/") => Permission::SeeUsers,
        address if address.starts_with("/units/") => Permission::SeeUnits,
        address if address.starts_with("/shifts/") => Permission::SeeShifts,
        _ => return false,
    };
    role.permissions.has(sight)
}

fn without_scripts(html: &str) -> String {
    let mut parts = html.split("<script");
    let first = parts.next().unwrap_or_default().to_string();
    parts.filter_map(|part| part.split_once("</script>")).fold(first, |text, (_, rest)| text + rest)
}
