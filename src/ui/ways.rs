//! Where somebody can go and what they can begin there: by the policy, and the same for the palette and for the first page.

use super::keys::sections;
use super::session::{may_use, viewer, vocabulary, words};
use crate::domain::permission::Permission;
use leptos::prelude::WithValue;

/// A page that can be opened, or an action that begins on a page of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NavItem {
    pub label: &'static str,
    /// What it is good for, in a sentence.
    pub meaning: &'static str,
    pub href: &'static str,
    pub icon: &'static str,
    pub is_action: bool,
    /// What the person may do there, function by function.
    pub functions: Vec<&'static str>,
}

/// The pages of the viewer.
pub fn pages() -> Vec<NavItem> {
    let words = words();
    let page = |section: Permission, href: &'static str, icon: &'static str| NavItem {
        label: words.permission_in(vocabulary(), section),
        meaning: words.section_meaning(section),
        href,
        icon,
        is_action: false,
        functions: functions_of(section),
    };
    let of_section = |(_, href, needs): (&str, &'static str, Option<Permission>)| match (href, needs) {
        ("/shifts", _) => {
            let own = NavItem { meaning: words.start_own_shifts(), ..page(Permission::SeeShifts, href, "clock") };
            if may_use(Permission::SeeShifts) { page(Permission::SeeShifts, href, "clock") } else { own }
        }
        (_, Some(section)) => page(section, href, icon_of(section)),
        (_, None) => NavItem {
            label: words.my_profile(),
            meaning: words.start_profile(),
            href,
            icon: "user",
            is_action: false,
            functions: Vec::new(),
        },
    };
    let mailbox = viewer().with_value(|viewer| viewer.has_mailbox) && may_use(Permission::SeeMailbox);
    let mailbox = mailbox.then(|| page(Permission::SeeMailbox, "/mailbox", "inbox"));
    sections().map(of_section).chain(mailbox).collect()
}

fn icon_of(section: Permission) -> &'static str {
    match section {
        Permission::SeeUnits => "building",
        Permission::SeeInvitations => "mail",
        Permission::SeeAudit => "history",
        Permission::SeeSettings => "settings",
        _ => "users",
    }
}

fn functions_of(section: Permission) -> Vec<&'static str> {
    let words = words();
    let is_of = |one: &&Permission| !one.is_section() && one.section() == section && may_use(**one);
    Permission::ALL.iter().filter(is_of).map(|one| words.permission_in(vocabulary(), *one)).collect()
}

/// What the viewer can begin.
pub fn actions() -> Vec<NavItem> {
    let words = words();
    let all = [
        (Permission::Invite, words.invite_people(), words.start_invite(), "/users/invite", "plus"),
        (Permission::Invite, words.import_title(), words.start_import(), "/import", "plus"),
        (Permission::EditShifts, words.new_shift(), words.start_new_shift(), "/shifts/new", "clock"),
        (Permission::EditRoles, words.new_role(), words.start_new_role(), "/settings/roles/new", "shield"),
        (Permission::ChangeSettings, words.texts_title(), words.start_texts(), "/settings/texts", "mail"),
        (Permission::SeeSettings, words.who_may_title(), words.start_who(), "/settings/who", "search"),
    ];
    let plans_shifts = viewer().with_value(|viewer| viewer.plans_shifts);
    let open =
        all.into_iter().filter(|(needs, ..)| may_use(*needs) && (plans_shifts || *needs != Permission::EditShifts));
    open.map(|(_, label, meaning, href, icon)| NavItem {
        label,
        meaning,
        href,
        icon,
        is_action: true,
        functions: Vec::new(),
    })
    .collect()
}
