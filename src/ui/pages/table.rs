//! Every page of the app: its address, what it is, and in which part of the browser's half it lies. Routes, tests, what a log may
//! write and what a document fetches beforehand are made from this table; what a page shows stands in the page.

use crate::domain::permission::Permission;

/// What a page is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PageKind {
    Start,
    Users,
    Invite,
    AddLogin,
    Bulk,
    Import,
    Views,
    User,
    EditUser,
    Report,
    UnitReport,
    Units,
    Unit,
    MoveUnit,
    Invitations,
    Shifts,
    NewShift,
    Shift,
    Audit,
    Mailbox,
    Mail,
    Settings,
    Roles,
    NewRole,
    Role,
    Texts,
    Agreements,
    WhoMay,
    Profile,
}

/// Which file of the browser's half a page lies in. The one with the frame and the users table comes first, the others when
/// they are needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageGroup {
    Main,
    Invite,
    Rest,
}

impl PageGroup {
    /// The name that the splitter knows it by; the first file has none.
    pub fn code(self) -> Option<&'static str> {
        match self {
            Self::Main => None,
            Self::Invite => Some("invite"),
            Self::Rest => Some("rest"),
        }
    }
}

/// One page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AppPage {
    pub kind: PageKind,
    /// As it stands in addresses; `:id` is one part of any name.
    pub path: &'static str,
    /// The right without which nobody opens it; nothing where that depends on what is asked for, or where everybody may.
    pub needs: Option<Permission>,
    pub group: PageGroup,
}

const fn page(kind: PageKind, path: &'static str, needs: Option<Permission>) -> AppPage {
    let group = match kind {
        PageKind::Users => PageGroup::Main,
        PageKind::Invite => PageGroup::Invite,
        _ => PageGroup::Rest,
    };
    AppPage { kind, path, needs, group }
}

/// Every page.
pub const PAGES: [AppPage; 29] = [
    // What each person can do, they are told there.
    page(PageKind::Start, "/", None),
    page(PageKind::Users, "/users", Some(Permission::SeeUsers)),
    page(PageKind::Invite, "/users/invite", Some(Permission::Invite)),
    page(PageKind::AddLogin, "/users/add-login", Some(Permission::Invite)),
    page(PageKind::Views, "/users/views", Some(Permission::SeeUsers)),
    page(PageKind::Bulk, "/users/many/:id", Some(Permission::SeeUsers)),
    page(PageKind::Import, "/import", Some(Permission::Invite)),
    page(PageKind::User, "/users/:id", None),
    page(PageKind::EditUser, "/users/:id/edit", None),
    page(PageKind::Report, "/users/:id/report", None),
    page(PageKind::Units, "/units", Some(Permission::SeeUnits)),
    page(PageKind::Unit, "/units/:id", Some(Permission::SeeUnits)),
    page(PageKind::MoveUnit, "/units/:id/move", Some(Permission::ManageUnits)),
    page(PageKind::Invitations, "/invitations", Some(Permission::SeeInvitations)),
    // Everybody sees their own shifts there.
    page(PageKind::Shifts, "/shifts", None),
    page(PageKind::NewShift, "/shifts/new", Some(Permission::EditShifts)),
    page(PageKind::Shift, "/shifts/:id", Some(Permission::SeeShifts)),
    page(PageKind::Audit, "/audit", Some(Permission::SeeAudit)),
    page(PageKind::UnitReport, "/audit/report", Some(Permission::SeeAudit)),
    page(PageKind::Mailbox, "/mailbox", Some(Permission::SeeMailbox)),
    page(PageKind::Mail, "/mailbox/:id", Some(Permission::SeeMailbox)),
    page(PageKind::Settings, "/settings", Some(Permission::SeeSettings)),
    page(PageKind::Roles, "/settings/roles", Some(Permission::SeeSettings)),
    page(PageKind::NewRole, "/settings/roles/new", Some(Permission::EditRoles)),
    page(PageKind::Role, "/settings/roles/:id", Some(Permission::SeeSettings)),
    page(PageKind::Texts, "/settings/texts", Some(Permission::ChangeSettings)),
    page(PageKind::Agreements, "/settings/agreements", Some(Permission::ChangeSettings)),
    page(PageKind::WhoMay, "/settings/who", Some(Permission::SeeSettings)),
    page(PageKind::Profile, "/me", None),
];

/// The page to which a path leads, with the part of the path that stands for `:id` (empty where there is none).
pub fn page_at(path: &str) -> Option<(&'static AppPage, &str)> {
    PAGES.iter().find_map(|page| page.id_in(path).map(|id| (page, id)))
}

impl AppPage {
    /// The part of a path that stands for this page's `:id`; nothing when the path leads elsewhere.
    fn id_in<'a>(&self, path: &'a str) -> Option<&'a str> {
        if !path.starts_with('/') {
            return None;
        }
        let (own, asked) = (self.path.trim_matches('/').split('/'), path.trim_matches('/').split('/'));
        if own.clone().count() != asked.clone().count() {
            return None;
        }
        let mut found = "";
        for (part, asked) in own.zip(asked) {
            match part {
                ":id" => found = asked,
                part if part == asked => {}
                _ => return None,
            }
        }
        Some(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_known_by_their_shape() {
        let kind = |path: &str| page_at(path).map(|(page, id)| (page.kind, id.to_string()));
        for (path, wanted, id) in [
            ("/", PageKind::Start, ""),
            ("/users", PageKind::Users, ""),
            ("/users/", PageKind::Users, ""),
            ("/users/invite", PageKind::Invite, ""),
            ("/users/views", PageKind::Views, ""),
            ("/users/many/0190-x", PageKind::Bulk, "0190-x"),
            ("/users/0190-x", PageKind::User, "0190-x"),
            ("/users/0190-x/edit", PageKind::EditUser, "0190-x"),
            ("/settings/roles/new", PageKind::NewRole, ""),
            ("/units/1/move", PageKind::MoveUnit, "1"),
            ("/me", PageKind::Profile, ""),
        ] {
            assert_eq!(kind(path), Some((wanted, id.to_string())), "{path}");
        }
        for other in ["/user", "/users/1/2", "/users/1/edit/x", "/admin", "/me/x", "//x", ""] {
            assert_eq!(kind(other), None, "{other}");
        }
    }

    #[test]
    fn every_kind_has_one_row() {
        for (at, page) in PAGES.iter().enumerate() {
            assert!(PAGES[at + 1..].iter().all(|other| other.kind != page.kind && other.path != page.path), "{page:?}");
        }
    }
}
