//! The cells of the table: who does what to whom, and the answer that the policy gives. Pure; the HTTP half asks here
//! what it must see.

use crate::support::crowd::State;
use usher::domain::id::{RoleId, UnitId, UserId};
use usher::domain::permission::{Permission, Permissions};
use usher::domain::policy::{Authority, Decision, Holding, Place, Request, decide};
use usher::domain::preset::DISPATCH;
use usher::domain::role::Role;
use usher::domain::unit::UnitPath;
use usher::domain::user::{Status, UserAction};

/// The roles of the preset, highest first.
pub const ROLES: [&str; 5] =
    ["main_administrator", "company_administrator", "dispatcher", "agent_group_manager", "employee"];

/// Who asks. The last two are main administrators who have not accepted yet, and who are blocked (AZ-06).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Viewer {
    Holder(&'static str),
    Nobody,
    Pending,
    Blocked,
}

impl Viewer {
    pub fn all() -> Vec<Self> {
        ROLES.into_iter().map(Self::Holder).chain([Self::Nobody, Self::Pending, Self::Blocked]).collect()
    }

    pub fn name(self) -> String {
        match self {
            Self::Holder(role) => role.into(),
            Self::Nobody => "nobody signed in".into(),
            Self::Pending => "main_administrator, not accepted yet".into(),
            Self::Blocked => "main_administrator, blocked".into(),
        }
    }
}

/// What is done to a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Action {
    Do(&'static str),
    ChangeRole(&'static str),
}

impl Action {
    /// Whether it only looks.
    pub fn only_reads(self) -> bool {
        matches!(self, Self::Do("see" | "security report"))
    }
}

/// Every verb of the product; a change of role stands once for each role.
pub fn actions() -> Vec<(Action, UserAction)> {
    let mut all = Vec::new();
    for verb in UserAction::ALL {
        match verb {
            UserAction::ChangeRole => all.extend(ROLES.map(|role| (Action::ChangeRole(role), verb))),
            other => all.push((Action::Do(word(other)), other)),
        }
    }
    all
}

/// What the tables call it.
pub fn word(verb: UserAction) -> &'static str {
    match verb {
        UserAction::See => "see",
        UserAction::Edit => "edit",
        UserAction::ChangeRole => "change role",
        UserAction::Block => "block",
        UserAction::Unblock => "unblock",
        UserAction::Delete => "delete",
        UserAction::ResetPassword => "reset password",
        UserAction::Resend => "resend",
        UserAction::Remind => "remind",
        UserAction::Withdraw => "withdraw",
        UserAction::CopyLink => "copy link",
        UserAction::AddPlace => "add a unit",
        UserAction::RemovePlace => "remove",
        UserAction::Archive => "archive",
        UserAction::BringBack => "bring back",
        UserAction::Approve => "approve",
        UserAction::Report => "security report",
    }
}

/// Where the target stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stands {
    Installation,
    Own,
    Other,
    /// In both companies (TE-05).
    Both,
    /// It is the viewer.
    Oneself,
}

/// On whom is acted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Target {
    pub stands: Stands,
    pub role: &'static str,
    pub state: State,
}

/// The columns of the table: main administrators stand at the installation, everybody else in a company.
pub fn columns() -> Vec<(Stands, &'static str)> {
    let in_companies =
        [Stands::Own, Stands::Other].into_iter().flat_map(|stands| ROLES[1..].iter().map(move |role| (stands, *role)));
    std::iter::once((Stands::Installation, ROLES[0])).chain(in_companies).chain([(Stands::Both, ROLES[4])]).collect()
}

/// Every target but the viewer.
pub fn targets() -> Vec<Target> {
    let of = |(stands, role)| State::ALL.map(|state| Target { stands, role, state });
    columns().into_iter().flat_map(of).collect()
}

/// The functions and sections that have no person as their target.
pub const SECTIONS: [(&str, Permission); 9] = [
    ("users list", Permission::SeeUsers),
    ("units", Permission::SeeUnits),
    ("roles", Permission::SeeSettings),
    ("invitations", Permission::SeeInvitations),
    ("audit", Permission::SeeAudit),
    ("mailbox", Permission::SeeMailbox),
    ("settings", Permission::SeeSettings),
    ("change settings", Permission::ChangeSettings),
    ("invite form", Permission::Invite),
];

/// Where somebody may be invited to.
pub const OFFERS: [(&str, Stands); 3] =
    [("own company", Stands::Own), ("other company", Stands::Other), ("installation", Stands::Installation)];

/// What comes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Answer {
    Yes,
    SignIn,
    Refused,
    Hidden,
    Conflict,
}

impl Answer {
    pub fn letter(self) -> char {
        match self {
            Self::Yes => 'y',
            Self::SignIn => '1',
            Self::Refused => '3',
            Self::Hidden => '4',
            Self::Conflict => '9',
        }
    }

    pub fn status(self) -> u16 {
        match self {
            Self::Yes => 200,
            Self::SignIn => 401,
            Self::Refused => 403,
            Self::Hidden => 404,
            Self::Conflict => 409,
        }
    }
}

impl From<Decision> for Answer {
    fn from(decision: Decision) -> Self {
        match decision {
            Decision::Allowed => Self::Yes,
            Decision::Hidden => Self::Hidden,
            Decision::Refused(_) => Self::Refused,
        }
    }
}

/// Two companies below one installation, and the preset's roles: enough to ask the policy.
pub struct World {
    root: UnitPath,
    own: UnitPath,
    other: UnitPath,
    /// Below the own company: the unit to which people are added.
    branch: UnitPath,
    roles: Vec<Role>,
}

impl World {
    pub fn new() -> Self {
        let root = UnitPath::root(&UnitId::new("root"));
        let (own, other) = (root.child(&UnitId::new("own")), root.child(&UnitId::new("other")));
        let branch = own.child(&UnitId::new("branch"));
        Self { root, own, other, branch, roles: DISPATCH.roles_with(|key| RoleId::new(key)) }
    }

    fn role(&self, key: &str) -> &Role {
        self.roles.iter().find(|role| role.key == key).expect("a role of the preset")
    }

    fn unit(&self, stands: Stands, role: &str) -> Vec<UnitPath> {
        match stands {
            Stands::Installation => vec![self.root.clone()],
            Stands::Own => vec![self.own.clone()],
            Stands::Other => vec![self.other.clone()],
            Stands::Both => vec![self.own.clone(), self.other.clone()],
            Stands::Oneself => vec![if self.role(role).is_top { self.root.clone() } else { self.own.clone() }],
        }
    }

    /// Pending and blocked memberships carry nothing.
    fn authority(&self, viewer: Viewer) -> Option<Authority> {
        let Viewer::Holder(key) = viewer else { return None };
        let unit = self.unit(Stands::Oneself, key).remove(0);
        let holding = Holding { unit, role: self.role(key).clone(), extra: Permissions::default() };
        Some(Authority { user_id: UserId::new("viewer"), holdings: vec![holding] })
    }

    /// What somebody gets who does this to somebody; what concerns one place, to the first one of it.
    pub fn answer(&self, viewer: Viewer, action: Action, verb: UserAction, target: Target) -> Answer {
        let Some(authority) = self.authority(viewer) else { return Answer::SignIn };
        let user_id = UserId::new(if target.stands == Stands::Oneself { "viewer" } else { "target" });
        let role = |key: &str| self.role(key).id.clone();
        let place = |unit| Place { unit, role: role(target.role), extra: Permissions::NONE };
        let places: Vec<Place> = self.unit(target.stands, target.role).into_iter().map(place).collect();
        let is_one_place = matches!(verb, UserAction::ChangeRole | UserAction::RemovePlace);
        let mut asks = Vec::new();
        if is_one_place {
            // Whom one does not see has no places.
            asks.push(Request::Do { action: UserAction::See, user_id: &user_id, places: &places });
            if decide(&authority, asks[0]).is_allowed() && !authority.reaches(Permission::SeeUsers, &places[0].unit) {
                return Answer::Hidden;
            }
        }
        let asked = if is_one_place { &places[..1] } else { &places[..] };
        asks.push(Request::Do { action: verb, user_id: &user_id, places: asked });
        let last = asks.len() - 1;
        let is_offer = matches!(target.state, State::Invited | State::Expired | State::Withdrawn | State::Proposed);
        let to: RoleId;
        let employee = role("employee");
        let anna = UserId::new("anna");
        match action {
            Action::ChangeRole(key) => {
                to = role(key);
                let extra = Permissions::NONE;
                asks.push(Request::Change { user_id: &user_id, place: &places[0], to: &to, extra });
            }
            Action::Do("add a unit") => {
                asks.push(Request::Give { unit: &self.branch, role: &employee, extra: Permissions::NONE });
            }
            Action::Do("approve") => {
                asks.push(Request::Approve {
                    user_id: &user_id,
                    proposers: std::slice::from_ref(&anna),
                    places: &places,
                });
            }
            _ => {}
        }
        for (at, ask) in asks.into_iter().enumerate() {
            match Answer::from(decide(&authority, ask)) {
                Answer::Yes if at == last => {
                    let status = target.state.status();
                    // An invitation that was accepted is over, whatever became of the person later.
                    let is_over =
                        verb.is_about_an_invitation() && matches!(target.state, State::Active | State::Archived);
                    let status = if is_over { Status::Active } else { status };
                    if verb.suits(status).is_err() {
                        return Answer::Conflict;
                    }
                }
                Answer::Yes => {}
                no => return no,
            }
        }
        match verb {
            // Who sends an invitation again offers the role again.
            UserAction::Resend => {
                let gives = |place: &Place| {
                    decide(&authority, Request::Give { unit: &place.unit, role: &place.role, extra: place.extra })
                };
                places.iter().map(gives).map(Answer::from).find(|no| *no != Answer::Yes).unwrap_or(Answer::Yes)
            }
            // The link stands for whoever sent it: here a main administrator, who may no longer make another one.
            UserAction::Remind => {
                let sender = self.authority(Viewer::Holder(ROLES[0])).expect("an authority");
                let gives = |place: &Place| {
                    decide(&sender, Request::Give { unit: &place.unit, role: &place.role, extra: place.extra })
                };
                let still_stands = places.iter().map(gives).all(|answer| answer.is_allowed());
                if still_stands { Answer::Yes } else { Answer::Conflict }
            }
            // An invitation that offers nothing else is withdrawn instead.
            UserAction::RemovePlace if is_offer && places.len() == 1 => Answer::Conflict,
            // Nobody who is blocked everywhere gets anything more.
            UserAction::AddPlace if target.state == State::Blocked => Answer::Conflict,
            _ => Answer::Yes,
        }
    }

    /// What somebody gets who invites.
    pub fn invites(&self, viewer: Viewer, stands: Stands, role: &str) -> Answer {
        let Some(authority) = self.authority(viewer) else { return Answer::SignIn };
        let unit = self.unit(stands, role).remove(0);
        decide(&authority, Request::Give { unit: &unit, role: &self.role(role).id, extra: Permissions::NONE }).into()
    }

    /// What somebody gets who opens a section or uses a function.
    pub fn uses(&self, viewer: Viewer, permission: Permission) -> Answer {
        self.authority(viewer).map_or(Answer::SignIn, |authority| decide(&authority, Request::Use(permission)).into())
    }
}
