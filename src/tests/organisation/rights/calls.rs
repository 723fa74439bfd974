//! Random calls: which verb, on whom, with which values, forged ones among them; and how a call is sent, as the page's script
//! does and as a plain form.

use super::dice::Dice;
use super::world::{Line, World};
use crate::support::browser::Browser;
use usher::domain::error::UseCaseError;
use usher::domain::permission::Permissions;
use usher::server::http::status::status_of;

/// The two ways in which a browser asks (AZ-05).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    Script,
    Plain,
}

impl Way {
    pub fn other(self) -> Self {
        if self == Self::Script { Self::Plain } else { Self::Script }
    }
}

/// One call of a server function.
#[derive(Clone, Debug)]
pub struct Call {
    pub verb: &'static str,
    pub fields: Vec<(String, String)>,
}

/// The verbs, each as often as it is worth trying.
const VERBS: [(&str, usize); 33] = [
    ("invite", 5),
    ("approve", 12),
    ("agree", 6),
    ("resend", 5),
    ("withdraw", 4),
    ("copy-link", 3),
    ("take-back", 3),
    ("send-now", 1),
    ("change-role", 6),
    ("add-place", 5),
    ("remove-place", 2),
    ("block", 3),
    ("unblock", 3),
    ("archive", 2),
    ("bring-back", 3),
    ("delete", 2),
    ("edit-user", 4),
    ("reset-password", 2),
    ("create-unit", 1),
    ("edit-unit", 1),
    ("move-unit", 4),
    ("archive-unit", 2),
    ("bring-back-unit", 2),
    ("save-role", 4),
    ("remove-role", 2),
    ("create-shift", 2),
    ("change-shift", 2),
    ("remove-shift", 2),
    ("join-shift", 3),
    ("leave-shift", 2),
    ("change-settings", 1),
    ("send-test", 1),
    ("end-other-sessions", 1),
];

impl Call {
    pub fn new(verb: &'static str, fields: &[(&str, &str)]) -> Self {
        let fields = fields.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect();
        Self { verb, fields }
    }

    pub fn field(&self, name: &str) -> &str {
        self.fields.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value.as_str())
    }

    fn with(mut self, name: &str, values: impl IntoIterator<Item = impl ToString>) -> Self {
        self.fields.extend(values.into_iter().map(|value| (name.to_string(), value.to_string())));
        self
    }

    /// Whom the call names as the one on whom is acted.
    pub fn whom(&self) -> Option<&str> {
        const ON_PEOPLE: [&str; 10] = [
            "change-role",
            "add-place",
            "remove-place",
            "block",
            "unblock",
            "archive",
            "bring-back",
            "delete",
            "edit-user",
            "reset-password",
        ];
        ON_PEOPLE.contains(&self.verb).then(|| self.field("id"))
    }

    /// Which invitation it names.
    pub fn invitation(&self) -> Option<&str> {
        ["approve", "resend", "withdraw", "copy-link"].contains(&self.verb).then(|| self.field("id"))
    }

    /// Sends it; the refusal, if it was not done.
    pub async fn send(&self, browser: &mut Browser, way: Way) -> Result<(), UseCaseError> {
        let path = format!("/api/{}", self.verb);
        let fields: Vec<(&str, &str)> =
            self.fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        if way == Way::Script {
            let answer = browser.call(&path, &fields).await;
            return match answer.status.as_u16() {
                200 => Ok(()),
                status => {
                    let refusal = answer.refusal().unwrap_or_else(|| panic!("{self:?}: {status} {}", answer.text()));
                    assert_eq!(status_of(&refusal).as_u16(), status, "{self:?}: {refusal:?}");
                    Err(refusal)
                }
            };
        }
        let answer = browser.post_form(&path, &fields).await;
        let note = browser.note();
        assert_eq!(answer.status.as_u16(), 303, "{self:?}: {}", answer.text());
        if answer.location().starts_with("/sign-in?next=") {
            return Err(UseCaseError::SignInFirst);
        }
        note.unwrap_or_else(|| panic!("{self:?}: a redirect without a note")).refusal.map_or(Ok(()), Err)
    }
}

/// What is tried next.
pub fn verb(dice: &mut Dice) -> &'static str {
    let mut at = dice.below(VERBS.iter().map(|(_, weight)| weight).sum());
    for (verb, weight) in VERBS {
        if at < weight {
            return verb;
        }
        at -= weight;
    }
    VERBS[0].0
}

/// Chooses what an actor tries. What is within their rights is tried more often than what is not.
pub struct Chooser<'a> {
    pub world: &'a World,
    pub actor: &'a str,
    pub dice: &'a mut Dice,
    pub at: usize,
}

impl Chooser<'_> {
    /// Something forged instead of an id: nothing, nonsense, the id of a thing of another kind.
    fn perhaps_forged(&mut self, id: &str) -> String {
        if !self.dice.hits(20) {
            return id.into();
        }
        let of_another_kind = self.dice.one(self.world.all("roles")).get("id");
        let choices = ["", "nobody", "' or 1=1 --", of_another_kind, self.actor, self.world.root()];
        self.dice.one(&choices).to_string()
    }

    fn gives_at(&self, unit: &str, role: &str) -> bool {
        self.world.powers(self.actor, unit).gives.contains(role)
    }

    /// One of some lines; more often one that suits.
    fn pick<'w>(&mut self, all: &[&'w Line], suits: impl Fn(&Line) -> bool) -> Option<&'w Line> {
        let suitable: Vec<&Line> = all.iter().copied().filter(|line| suits(line)).collect();
        let from = if suitable.is_empty() || self.dice.hits(4) { all } else { &suitable };
        (!from.is_empty()).then(|| *self.dice.one(from))
    }

    /// Something that somebody holds or is offered.
    fn held(&mut self, suits: impl Fn(&Line) -> bool) -> (String, String) {
        let world = self.world;
        let all: Vec<&Line> = world.all("memberships").iter().collect();
        let near: Vec<&Line> =
            all.iter().copied().filter(|held| self.gives_at(held.get("unit_id"), held.get("role_id"))).collect();
        let from = if near.is_empty() || self.dice.hits(4) { all } else { near };
        let held = self.pick(&from, suits).expect("somebody");
        (held.get("user_id").into(), held.get("unit_id").into())
    }

    fn unit(&mut self) -> String {
        let world = self.world;
        let all: Vec<&Line> = world.all("units").iter().collect();
        let near = |unit: &Line| !world.powers(self.actor, unit.get("id")).are_none();
        let suitable: Vec<&Line> = all.iter().copied().filter(|unit| near(unit)).collect();
        let from = if suitable.is_empty() || self.dice.hits(4) { all } else { suitable };
        let id = self.dice.one(&from).get("id");
        self.perhaps_forged(id)
    }

    pub fn role_for(&mut self, unit: &str) -> String {
        let all: Vec<&Line> = self.world.all("roles").iter().collect();
        let suitable: Vec<&Line> = all.iter().copied().filter(|role| self.gives_at(unit, role.get("id"))).collect();
        let from = if suitable.is_empty() || self.dice.hits(4) { all } else { suitable };
        let id = self.dice.one(&from).get("id");
        self.perhaps_forged(id)
    }

    /// Extra permissions: mostly none, else some that the actor holds at the unit, or any.
    fn extra(&mut self, unit: &str) -> Vec<&'static str> {
        let any = self.dice.permissions(2);
        let own: Permissions = self.world.powers(self.actor, unit).uses;
        match self.dice.below(4) {
            0 => any.iter().map(|one| one.code()).collect(),
            1 => any.iter().filter(|one| own.has(*one)).map(|one| one.code()).collect(),
            _ => Vec::new(),
        }
    }

    fn open_invitation(&mut self, suits: impl Fn(&Line) -> bool) -> String {
        let all: Vec<&Line> =
            self.world.all("invitations").iter().filter(|invitation| !invitation.has("accepted_at")).collect();
        let id = self.pick(&all, suits).map_or("", |invitation| invitation.get("id"));
        self.perhaps_forged(id)
    }

    fn draft(&mut self) -> String {
        let actor = self.actor;
        let all: Vec<&Line> = self.world.all("invitation_terms").iter().rev().take(6).collect();
        self.pick(&all, |draft| draft.get("user_id") == actor).map_or("", |draft| draft.get("id")).into()
    }

    fn shift(&mut self) -> String {
        let all: Vec<&Line> = self.world.all("shifts").iter().collect();
        let (world, actor) = (self.world, self.actor);
        let id = self.pick(&all, |shift| !world.powers(actor, shift.get("unit_id")).are_none());
        self.perhaps_forged(id.map_or("", |shift| shift.get("id")))
    }

    pub fn call(&mut self, verb: &'static str) -> Call {
        match verb {
            "invite" => self.invite(),
            "approve" => {
                let id = self.open_invitation(|one| one.is("needs_approval") && !one.has("approved_at"));
                Call::new(verb, &[("id", &id)])
            }
            "agree" => {
                let (actor, all) = (self.actor, self.world.all("proposals").iter().collect::<Vec<_>>());
                let id = self.pick(&all, |one| one.get("proposed_by") != actor).map_or("", |one| one.get("id"));
                let id = self.perhaps_forged(id);
                Call::new(verb, &[("id", &id)])
            }
            "resend" | "withdraw" | "copy-link" => {
                let id = self.open_invitation(|_| true);
                Call::new(verb, &[("id", &id)])
            }
            "take-back" | "send-now" => Call::new(verb, &[("id", &self.draft())]),
            "change-role" => self.change_role(),
            "add-place" => {
                let (whom, _) = self.held(|held| held.stands() || !held.has("active_at"));
                let unit = self.unit();
                let (role, extra) = (self.role_for(&unit), self.extra(&unit));
                let whom = self.perhaps_forged(&whom);
                Call::new(verb, &[("id", &whom), ("unit", &unit), ("role", &role)]).with("extra[]", extra)
            }
            "remove-place" => {
                let (whom, unit) = self.held(|_| true);
                Call::new(verb, &[("id", &whom), ("unit", &self.perhaps_forged(&unit))])
            }
            "unblock" | "bring-back" => {
                let ended = if verb == "unblock" { "blocked_at" } else { "archived_at" };
                let (whom, _) = self.held(|held| held.has(ended));
                Call::new(verb, &[("id", &self.perhaps_forged(&whom))])
            }
            "block" | "archive" | "reset-password" => {
                let (whom, _) = self.held(Line::stands);
                Call::new(verb, &[("id", &self.perhaps_forged(&whom))])
            }
            "delete" | "edit-user" => self.change_person(verb),
            "save-role" | "remove-role" => self.change_roles(verb),
            "change-settings" => {
                let length = format!("{}h", 1 + self.dice.below(40));
                let fields = [
                    ("organisation", "ACME"),
                    ("language", "en"),
                    ("zone", "Europe/Minsk"),
                    ("valid_for", &length),
                    ("hold_seconds", "600"),
                    ("letters_a_day", "2000"),
                    ("min_length", "12"),
                    ("name_policy", "user-wins"),
                ];
                Call::new(verb, &fields)
            }
            "send-test" | "end-other-sessions" => Call::new(verb, &[]),
            _ if verb.ends_with("unit") => self.change_unit(verb),
            _ => self.change_shift(verb),
        }
    }

    pub fn invite(&mut self) -> Call {
        let unit = self.unit();
        let (role, extra) = (self.role_for(&unit), self.extra(&unit));
        let more: Vec<String> = if self.dice.hits(3) { vec![self.unit()] } else { Vec::new() };
        let address = format!("p{}@acme.by", self.dice.below(30));
        let fields = [
            ("addresses", address.as_str()),
            ("unit", &unit),
            ("role", &role),
            ("language", "en"),
            ("valid_for", "8h"),
        ];
        Call::new("invite", &fields).with("units[]", more).with("extra[]", extra)
    }

    fn change_role(&mut self) -> Call {
        let (whom, place) = self.held(|held| !held.has("archived_at"));
        let (role, extra) = (self.role_for(&place), self.extra(&place));
        let (whom, unit) = (self.perhaps_forged(&whom), self.perhaps_forged(&place));
        let call = Call::new("change-role", &[("id", &whom), ("unit", &unit), ("role", &role)]);
        if self.dice.hits(2) { call.with("extras", ["on"]).with("extra[]", extra) } else { call }
    }

    fn change_person(&mut self, verb: &'static str) -> Call {
        let (whom, _) = self.held(|_| true);
        let person = self.world.find("users", &whom).expect("a person");
        let whom = self.perhaps_forged(&whom);
        match verb {
            "delete" => Call::new(verb, &[("id", &whom), ("typed", person.get("email"))]),
            _ => {
                let name = format!("Name {}", self.at);
                let fields =
                    [("id", whom.as_str()), ("name", &name), ("phone", ""), ("version", person.get("version"))];
                Call::new(verb, &fields)
            }
        }
    }

    fn change_unit(&mut self, verb: &'static str) -> Call {
        let (id, to, name) = (self.unit(), self.unit(), format!("Unit {}", 100 + self.at));
        match verb {
            "create-unit" => Call::new(verb, &[("below", &id), ("kind", "team"), ("name", &name)]),
            "edit-unit" => Call::new(verb, &[("id", &id), ("name", &name)]),
            "move-unit" => Call::new(verb, &[("id", &id), ("to", &to)]),
            "bring-back-unit" => {
                let all: Vec<&Line> = self.world.all("units").iter().collect();
                let id = self.pick(&all, |unit| unit.has("archived_at")).expect("a unit").get("id");
                Call::new(verb, &[("id", id)])
            }
            _ => Call::new(verb, &[("id", &id)]),
        }
    }

    /// A new role, or one with a little more or less than before.
    fn change_roles(&mut self, verb: &'static str) -> Call {
        let known: Vec<&Line> = self.world.all("roles").iter().collect();
        let role = self.pick(&known, |role| !role.is("is_top")).expect("a role");
        let id = self.perhaps_forged(role.get("id"));
        if verb == "remove-role" {
            let is_held =
                |role: &Line| self.world.all("memberships").iter().any(|held| held.get("role_id") == role.get("id"));
            let unheld: Vec<&Line> = known.iter().copied().filter(|role| !is_held(role)).collect();
            let id = if unheld.is_empty() { id } else { self.dice.one(&unheld).get("id").to_string() };
            return Call::new(verb, &[("id", &id)]);
        }
        let is_new = self.dice.hits(3) && known.len() < 12;
        let name = format!("Role {}", self.at);
        let mut assigns = if is_new { Default::default() } else { self.world.assigned_by(&id) };
        let more = self.dice.one(&known).get("id").to_string();
        if self.dice.hits(2) && !assigns.remove(&more) {
            assigns.insert(more);
        }
        let change = self.dice.permissions(2).below_the_root();
        let before = if is_new { Permissions::NONE } else { role.permissions("permissions") };
        let permissions = if self.dice.hits(3) { before.without(change) } else { before.union(change) };
        let rank = if is_new { (1 + self.dice.below(52)).to_string() } else { role.get("rank").to_string() };
        let id = if is_new { String::new() } else { id };
        let mut call = Call::new(verb, &[("id", &id), ("name", &name), ("rank", &rank)])
            .with("permissions[]", permissions.iter().map(|one| one.code()))
            .with("assigns[]", assigns);
        if self.dice.hits(6) || role.is("needs_approval") && !self.dice.hits(4) {
            call = call.with("needs_approval", ["on"]);
        }
        call
    }

    fn change_shift(&mut self, verb: &'static str) -> Call {
        let (id, unit) = (self.shift(), self.unit());
        let version = self.world.find("shifts", &id).map_or("1", |shift| shift.get("version"));
        let times = [("title", "Front desk"), ("starts", "2030-01-07T09:00"), ("ends", "2030-01-07T17:00")];
        match verb {
            "create-shift" => Call::new(verb, &[&[("unit", unit.as_str())][..], &times[..]].concat()),
            "change-shift" => Call::new(verb, &[&[("id", id.as_str()), ("version", version)][..], &times[..]].concat()),
            "remove-shift" => Call::new(verb, &[("id", &id)]),
            _ => {
                let at = self.world.find("shifts", &id).map(|shift| shift.get("unit_id")).unwrap_or_default();
                let all: Vec<&Line> = self.world.all("memberships").iter().collect();
                let world = self.world;
                let whom = self.pick(&all, |held| held.stands() && world.reaches(at, held.get("unit_id")));
                let whom = whom.map_or("", |held| held.get("user_id"));
                Call::new(verb, &[("id", &id), ("user", whom)])
            }
        }
    }
}
