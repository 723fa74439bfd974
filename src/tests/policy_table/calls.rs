//! How a cell is asked over HTTP: the call of the page's script and the plain form of the same, and what either answers.

use super::cells::{Action, Answer};
use crate::support::browser::Browser;
use crate::support::pages::read_by;
use usher::domain::id::{InvitationId, UnitId, UserId};
use usher::domain::role::Role;
use usher::domain::user::UserAction;
use usher::server::http::status::status_of;

/// The ways in which is asked: the two of a browser (AZ-05), and a program's with a token, for what there is in the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    Script,
    Plain,
    Token,
}

impl Way {
    pub const ALL: [Self; 3] = [Self::Script, Self::Plain, Self::Token];
}

/// Somebody on whom is acted, and what calls need to know of them.
#[derive(Clone, Debug)]
pub struct Person {
    pub id: UserId,
    pub email: String,
    pub invitation: InvitationId,
    /// The first unit where they stand.
    pub unit: UnitId,
    /// The unit to which they may be added.
    pub branch: UnitId,
}

/// One request, in both ways.
#[derive(Clone, Debug)]
pub struct Call {
    pub path: &'static str,
    pub fields: Vec<(&'static str, String)>,
    /// The page that shows the same, for a call that only reads.
    pub page: Option<String>,
}

impl Call {
    fn write(path: &'static str, fields: Vec<(&'static str, String)>) -> Self {
        Self { path, fields, page: None }
    }

    fn read(path: &'static str, fields: Vec<(&'static str, String)>, page: String) -> Self {
        Self { path, fields, page: Some(page) }
    }

    /// What a page shows.
    fn written(page: &str) -> Self {
        Self::read(read_by(page), vec![("address", page.to_string())], page.into())
    }

    /// Something done to a person; `roles` are the preset's, highest first.
    pub fn on(person: &Person, action: Action, verb: UserAction, roles: &[Role]) -> Self {
        let Person { id: person, email, invitation, unit, branch } = person;
        let id = ("id", person.to_string());
        let offer = ("id", invitation.to_string());
        let lowest = || roles.last().expect("a role").id.to_string();
        match verb {
            UserAction::See => Self::written(&format!("/users/{person}")),
            UserAction::Edit => {
                let more = [
                    ("names", "on".into()),
                    ("name", "Another Name".into()),
                    ("phone", String::new()),
                    ("version", "1".into()),
                ];
                Self::write("/api/edit-user", [vec![id], more.into()].concat())
            }
            UserAction::ChangeRole => {
                let Action::ChangeRole(to) = action else { panic!("a role to give") };
                let role = roles.iter().find(|role| role.key == to).expect("a role").id.to_string();
                Self::write("/api/change-role", vec![id, ("role", role), ("unit", unit.to_string())])
            }
            UserAction::AddPlace => {
                Self::write("/api/add-place", vec![id, ("unit", branch.to_string()), ("role", lowest())])
            }
            UserAction::RemovePlace => Self::write("/api/remove-place", vec![id, ("unit", unit.to_string())]),
            UserAction::Archive => Self::write("/api/archive", vec![id]),
            UserAction::BringBack => Self::write("/api/bring-back", vec![id]),
            UserAction::Approve => Self::write("/api/approve", vec![offer]),
            UserAction::Block => Self::write("/api/block", vec![id]),
            UserAction::Unblock => Self::write("/api/unblock", vec![id]),
            UserAction::Delete => Self::write("/api/delete", vec![id, ("typed", email.clone())]),
            UserAction::ResetPassword => Self::write("/api/reset-password", vec![id]),
            // Sending it asks the same; how often that may be is limited, and has a test of its own.
            UserAction::Report => Self::written(&format!("/users/{person}/report")),
            UserAction::Remind => Self::write("/api/remind", vec![offer]),
            UserAction::Resend => Self::write("/api/resend", vec![offer]),
            UserAction::Withdraw => Self::write("/api/withdraw", vec![offer]),
            UserAction::CopyLink => Self::write("/api/copy-link", vec![offer]),
        }
    }

    /// An invitation of one address.
    pub fn invite(address: &str, unit: &UnitId, role: &Role) -> Self {
        let fields = vec![
            ("addresses", address.to_string()),
            ("unit", unit.to_string()),
            ("role", role.id.to_string()),
            ("language", "en".into()),
            ("valid_for", "8h".into()),
        ];
        Self::write("/api/invite", fields)
    }

    /// A section or a function without a target, by its name in the table.
    pub fn open(section: &str) -> Self {
        let empty = |names: &[&'static str]| names.iter().map(|name| (*name, String::new())).collect();
        let list = ["q", "status", "role", "sort", "after", "before"];
        match section {
            "users list" => Self::read("/api/users", empty(&list), "/users".into()),
            "invitations" => Self::written("/invitations"),
            "units" => Self::written("/units"),
            "roles" => Self::written("/settings/roles"),
            "audit" => Self::written("/audit"),
            "mailbox" => Self::written("/mailbox"),
            "settings" => Self::written("/settings"),
            "invite form" => Self::written("/users/invite"),
            "change settings" => {
                let fields = [
                    ("organisation", "ACME School"),
                    ("language", "en"),
                    ("zone", "Europe/Minsk"),
                    ("valid_for", "8h"),
                    ("hold_seconds", "0"),
                    ("letters_a_day", "2000"),
                    ("min_length", "12"),
                    ("name_policy", "user-wins"),
                ];
                Self::write("/api/change-settings", fields.map(|(name, value)| (name, value.to_string())).into())
            }
            other => panic!("no call for {other}"),
        }
    }

    /// Asks, and says what came of it; `Err` is an answer that no cell can have.
    pub async fn send(&self, browser: &mut Browser, way: Way) -> Result<Answer, String> {
        let fields: Vec<(&str, &str)> = self.fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        match (way, &self.page) {
            (Way::Script, page) => {
                let answer = match page {
                    Some(_) => browser.ask(self.path, &fields).await,
                    None => browser.call(self.path, &fields).await,
                };
                let status = answer.status.as_u16();
                match answer.refusal() {
                    Some(refusal) if status >= 400 && status_of(&refusal).as_u16() == status => of_status(status),
                    _ if status == 200 => Ok(Answer::Yes),
                    _ => Err(format!("{status} {}", answer.text())),
                }
            }
            (Way::Plain, Some(page)) => {
                let answer = browser.get(page).await;
                match answer.status.as_u16() {
                    303 if answer.location().starts_with("/sign-in?next=") => Ok(Answer::SignIn),
                    status => of_status(status),
                }
            }
            (Way::Token, _) => {
                let page = self.page.as_deref().unwrap_or_default();
                let answer = browser.read_api(&format!("/api/v1{page}")).await;
                of_status(answer.status.as_u16())
            }
            (Way::Plain, None) => {
                let answer = browser.post_form(self.path, &fields).await;
                let note = browser.note();
                if answer.status.as_u16() != 303 {
                    return Err(format!("{} {}", answer.status, answer.text()));
                }
                if answer.location().starts_with("/sign-in?next=") {
                    return Ok(Answer::SignIn);
                }
                let flash = note.ok_or("a redirect without a note")?;
                flash.refusal.map_or(Ok(Answer::Yes), |refusal| of_status(status_of(&refusal).as_u16()))
            }
        }
    }
}

fn of_status(status: u16) -> Result<Answer, String> {
    let all = [Answer::Yes, Answer::SignIn, Answer::Refused, Answer::Hidden, Answer::Conflict];
    all.into_iter().find(|answer| answer.status() == status).ok_or(format!("{status}"))
}
