//! What may come of a call, written from the five sentences alone: what everybody could do before and after it is compared,
//! and every difference has to be one that whoever called could have made. It knows nothing of the policy's code.

use super::calls::Call;
use super::world::{Line, Powers, World};
use std::collections::{BTreeMap, BTreeSet};
use usher::domain::permission::Permission;

/// A call that was done.
pub struct AuditAction<'a> {
    pub at: usize,
    pub actor: &'a str,
    pub call: &'a Call,
    pub before: &'a World,
    pub after: &'a World,
    pub now: i64,
}

/// What the oracle remembers from call to call.
#[derive(Default)]
pub struct Ledger {
    /// By whom what is offered was given, and when anything of it last: membership to whoever gave the role, and the extra
    /// permissions.
    given: BTreeMap<String, (String, String, usize)>,
    /// Who said yes to an invitation, and when.
    approved: BTreeMap<String, (String, usize)>,
    /// Ids that were there once and are no more.
    gone: BTreeSet<String>,
}

/// What is wrong with a deed.
struct Wrongs(Vec<String>);

impl Wrongs {
    fn unless(&mut self, is_right: bool, what: impl FnOnce() -> String) {
        if !is_right {
            self.0.push(what());
        }
    }
}

impl Ledger {
    /// Everything that is wrong with what was done; remembers what later calls are judged by.
    pub fn judge(&mut self, deed: &AuditAction<'_>) -> Vec<String> {
        let mut wrongs = Wrongs(Vec::new());
        if deed.call.verb == "accept" {
            self.accepted(deed, &mut wrongs);
        } else {
            let is_somebody = !deed.before.active_of(deed.actor).is_empty();
            wrongs.unless(is_somebody, || "done by somebody who holds nothing".into());
        }
        deed.standing(&mut wrongs);
        deed.memberships(&mut wrongs);
        deed.targets(&mut wrongs);
        deed.invitations(&mut wrongs);
        deed.rights(&mut wrongs);
        super::parts::roles(deed, &mut |is_right, what| wrongs.unless(is_right, || what));
        super::parts::units(deed, &mut |is_right, what| wrongs.unless(is_right, || what));
        super::parts::people(deed, &mut |is_right, what| wrongs.unless(is_right, || what));
        super::parts::rest(deed, &mut |is_right, what| wrongs.unless(is_right, || what));
        self.remember(deed, &mut wrongs);
        wrongs.0
    }

    /// Whoever invited could still give all of it; what takes two, two different people gave (rule 53, IN-04).
    fn accepted(&self, deed: &AuditAction<'_>, wrongs: &mut Wrongs) {
        let AuditAction { before, after, .. } = deed;
        let id = deed.call.field("id");
        let invitation = before.find("invitations", id).expect("an invitation");
        let inviter = invitation.get("created_by");
        let is_open = !invitation.has("accepted_at") && !invitation.has("withdrawn_at");
        wrongs.unless(is_open, || "accepted once more, or after it was withdrawn".into());
        let ends = invitation.get("expires_at").parse::<i64>().unwrap_or(0);
        wrongs.unless(ends > deed.now, || "accepted after its end".into());
        let offered = before.offered_by(id);
        wrongs.unless(!offered.is_empty(), || "nothing was offered".into());
        for offer in &offered {
            let may = before.may_give(inviter, Permission::Invite, offer) && !before.is_closed(offer.get("unit_id"));
            wrongs.unless(may, || format!("{inviter} could not give {offer:?} any more"));
            if before.takes_two(offer) == (false, false) {
                continue;
            }
            let given_at = self.given.get(offer.get("id")).map(|(.., at)| *at).unwrap_or_default();
            let agreed = self.approved.get(id).is_some_and(|(second, at)| {
                let is_other = !self.first_of(before, offer).contains(&second.as_str());
                *at > given_at && is_other && invitation.get("approved_by") == second
            });
            wrongs.unless(agreed, || format!("nobody else agreed to {offer:?} of {invitation:?}"));
        }
        let taken = after.find("invitations", id).expect("an invitation");
        let person = after.find("users", taken.get("user_id"));
        let is_theirs = person.is_some_and(|person| person.get("email") == invitation.get("address"));
        wrongs.unless(is_theirs, || format!("{person:?} took what was offered to {invitation:?}"));
        wrongs.unless(taken.has("accepted_at"), || "accepted, and the invitation knows nothing of it".into());
    }

    /// Whoever gave a part of this that takes two.
    fn first_of(&self, world: &World, offer: &Line) -> Vec<&str> {
        let (by_role, by_extra) = world.takes_two(offer);
        let Some((role, extra, _)) = self.given.get(offer.get("id")) else { return Vec::new() };
        let parts = [(by_role, role), (by_extra, extra)];
        parts.into_iter().filter(|(takes, _)| *takes).map(|(_, who)| who.as_str()).collect()
    }

    fn remember(&mut self, deed: &AuditAction<'_>, wrongs: &mut Wrongs) {
        let AuditAction { before, after, at, actor, call, .. } = deed;
        for table in ["users", "units", "roles", "memberships", "invitations"] {
            for (old, new) in before.changes_to(after, table) {
                match (old, new) {
                    (Some(old), None) => drop(self.gone.insert(old.get("id").into())),
                    (None, Some(new)) => {
                        wrongs.unless(!self.gone.contains(new.get("id")), || format!("an id came back: {new:?}"));
                    }
                    _ => {}
                }
            }
        }
        for (old, new) in before.changes_to(after, "memberships") {
            let Some(new) = new.filter(|new| !new.has("active_at")) else { continue };
            let gives = |column| old.is_none_or(|old| old.get(column) != new.get(column));
            let (role, extra) = (gives("role_id"), gives("extra"));
            if role || extra {
                let given = self.given.entry(new.get("id").into()).or_default();
                given.2 = *at;
                if role {
                    given.0 = actor.to_string();
                }
                if extra {
                    given.1 = actor.to_string();
                }
            }
        }
        if call.verb == "approve" {
            for offer in after.offered_by(call.field("id")) {
                let is_first = self.first_of(after, offer).contains(actor);
                wrongs.unless(!is_first, || format!("agreed to what they gave themselves: {offer:?}"));
            }
            self.approved.insert(call.field("id").into(), (actor.to_string(), *at));
        }
    }
}

/// The permission that a deed on a person, or on an invitation, needs.
fn needed_for(verb: &str) -> Option<Permission> {
    Some(match verb {
        "change-role" => Permission::ChangeRoles,
        "block" | "unblock" => Permission::BlockUsers,
        "archive" | "bring-back" | "remove-place" => Permission::ArchiveUsers,
        "delete" => Permission::DeleteUsers,
        "edit-user" => Permission::EditUsers,
        "reset-password" => Permission::ResetPasswords,
        "request-report" => Permission::SeeAudit,
        "invite" | "add-place" | "approve" | "resend" | "remind" | "withdraw" | "copy-link" | "hand-over"
        | "take-back" => Permission::Invite,
        _ => return None,
    })
}

impl AuditAction<'_> {
    /// What somebody else proposed, who the first one is: for a call by which somebody agrees to it.
    fn agreed(&self) -> Option<(&str, &str)> {
        let proposal = self.before.find("proposals", self.call.field("id")).filter(|_| self.call.verb == "agree")?;
        Some((proposal.get("content"), proposal.get("proposed_by"))).filter(|(_, first)| first != &self.actor)
    }

    /// Whether a row carries, or has carried, other offers than the one that is accepted: then somebody sees it who has not been
    /// accepted, and it is nobody's but theirs (rule 40).
    pub fn is_shared(&self, user: &str) -> bool {
        let id = self.call.field("id");
        let other = |column: &'static str| move |line: &&Line| line.get("user_id") == user && line.get(column) != id;
        self.before.all("memberships").iter().any(|held| other("invitation_id")(&held))
            || self.before.all("invitations").iter().any(|one| other("id")(&one))
    }

    /// The one who took what was offered.
    pub fn taker(&self) -> Option<&str> {
        let invitation = self.after.find("invitations", self.call.field("id"))?;
        (self.call.verb == "accept").then(|| invitation.get("user_id"))
    }

    /// What holds at all times, whatever is called.
    fn standing(&self, wrongs: &mut Wrongs) {
        let after = self.after;
        for unit in after.all("units") {
            let mut line = after.line_up(unit.get("id"));
            line.reverse();
            wrongs.unless(unit.get("path") == format!("{}/", line.join("/")), || format!("a wrong path: {unit:?}"));
            wrongs.unless(unit.is("is_closed") == after.is_closed(unit.get("id")), || format!("open or not: {unit:?}"));
        }
        let is_top = |held: &Line| after.role(held.get("role_id")).is("is_top");
        for held in after.all("memberships").iter().filter(|held| is_top(held)) {
            wrongs.unless(held.get("unit_id") == after.root(), || format!("the top role below the root: {held:?}"));
        }
        let is_there = |user: &str| after.find("users", user).is_some_and(|user| !user.has("deleted_at"));
        let main = after.all("memberships").iter().filter(|held| is_top(held) && held.stands());
        wrongs.unless(main.filter(|held| is_there(held.get("user_id"))).count() > 0, || {
            "nobody is left at the top".into()
        });
        // Of one address there is one person, made by an acceptance; everything else is what inviters know of it.
        let mut addresses = BTreeSet::new();
        for user in after.all("users").iter().filter(|user| !user.has("deleted_at")) {
            let (is_placeholder, has_come_in) = (user.is("is_placeholder"), user.has("registered_at"));
            wrongs.unless(is_placeholder != has_come_in, || format!("neither a person nor a placeholder: {user:?}"));
            let is_bare = !["password_hash", "confirmed_at"].iter().any(|column| user.has(column));
            let holds = after.held_by(user.get("id")).any(|held| held.has("active_at"));
            wrongs.unless(!is_placeholder || is_bare && !holds && !user.is("name_is_own"), || {
                format!("a placeholder knows more than an inviter: {user:?}")
            });
            let is_first = is_placeholder || addresses.insert(user.get("email"));
            wrongs.unless(is_first, || format!("a second person of one address: {user:?}"));
        }
        for giver in after.all("roles") {
            let gives = after.assigned_by(giver.get("id"));
            for given in gives.iter().map(|given| after.role(given)) {
                let covers = giver.permissions("permissions").covers(given.permissions("permissions"));
                let on = after.assigned_by(given.get("id"));
                wrongs.unless(covers && on.is_subset(&gives) && !given.is("is_top"), || {
                    format!("{giver:?} gives more than it holds: {given:?}")
                });
            }
        }
    }

    /// Every membership that came, went or changed: by the right verb, on its target, never on oneself, only where whoever
    /// called could have given it.
    fn memberships(&self, wrongs: &mut Wrongs) {
        let AuditAction { before, after, actor, call, .. } = self;
        let verb = call.verb;
        let commands =
            |held: &Line| needed_for(verb).is_some_and(|permission| before.commands(actor, permission, held));
        let is_target = |held: &Line| call.whom() == Some(held.get("user_id"));
        for (old, new) in before.changes_to(after, "memberships") {
            let is_right = match (verb, old, new) {
                ("invite", None, Some(new)) => {
                    // On a row that was there before only where the inviter sees it (rule 40).
                    let whom = new.get("user_id");
                    let sees =
                        before.held_by(whom).any(|held| before.uses(actor, Permission::SeeUsers, held.get("unit_id")));
                    let may_know = before.find("users", whom).is_none() || sees;
                    let is_own = |invitation: &Line| invitation.get("created_by") == *actor;
                    !new.has("active_at")
                        && may_know
                        && before.may_give(actor, Permission::Invite, new)
                        && !before.is_closed(new.get("unit_id"))
                        && before.find("invitations", new.get("invitation_id")).is_none()
                        && after.find("invitations", new.get("invitation_id")).is_some_and(is_own)
                }
                ("add-place", None, Some(new)) => {
                    let takes_two = before.takes_two(new) != (false, false);
                    let is_active = !before.active_of(new.get("user_id")).is_empty();
                    is_target(new)
                        && before.may_give(actor, Permission::Invite, new)
                        && !before.is_closed(new.get("unit_id"))
                        && (!new.has("active_at") || is_active && !takes_two)
                }
                // Two who could each have given it.
                ("agree", None, Some(new)) => self.agreed().is_some_and(|(content, first)| {
                    let gives = |who| before.may_give(who, Permission::Invite, new);
                    let is_meant = content.starts_with("{\"Add\"") && content.contains(new.get("user_id"));
                    is_meant && gives(self.actor) && gives(first) && !before.is_closed(new.get("unit_id"))
                }),
                ("remove-place", Some(old), None) => {
                    is_target(old) && call.field("unit") == old.get("unit_id") && commands(old)
                }
                ("delete", Some(old), None) => is_target(old) && commands(old),
                ("take-back", Some(old), None) => !old.has("active_at") && commands(old),
                // What is left of an offer that is over makes room for the next one.
                ("invite", Some(old), None) => {
                    let is_offered_again =
                        |new: &&Line| ["user_id", "unit_id"].iter().all(|column| new.get(column) == old.get(column));
                    before.is_old_offer(old, self.now)
                        && after.all("memberships").iter().any(|new| is_offered_again(&new))
                }
                ("add-place", Some(old), None) => {
                    is_target(old) && call.field("unit") == old.get("unit_id") && before.is_old_offer(old, self.now)
                }
                // They stand there already, by the account that the address belongs to.
                ("accept", Some(old), None) => {
                    let is_of_this = !old.has("active_at") && old.get("invitation_id") == call.field("id");
                    let stands = |taker| before.held_by(taker).any(|held| held.get("unit_id") == old.get("unit_id"));
                    is_of_this && self.taker().is_some_and(stands)
                }
                (_, Some(old), Some(new)) => self.is_rightly_changed(old, new, is_target(old) && commands(old)),
                _ => false,
            };
            wrongs.unless(is_right, || format!("a membership: {old:?} -> {new:?}"));
            let is_own = old.or(new).is_some_and(|held| held.get("user_id") == *actor);
            // Whoever invites themselves gains nothing that they do not have there, and takes it like anybody else.
            wrongs.unless(["accept", "invite"].contains(&verb) || !is_own, || {
                format!("on themselves: {old:?} -> {new:?}")
            });
        }
    }

    fn is_rightly_changed(&self, old: &Line, new: &Line, is_commanded: bool) -> bool {
        let changed = old.differs_in(new);
        let only = |columns: &[&str]| changed.iter().all(|column| columns.contains(column));
        let (before, actor) = (self.before, self.actor);
        let ends = |at: &str| !old.has(at) && new.has(at);
        let returns = |at: &str| old.has(at) && !new.has(at);
        match self.call.verb {
            "change-role" => {
                only(&["role_id", "extra"])
                    && is_commanded
                    && ["", old.get("unit_id")].contains(&self.call.field("unit"))
                    && before.commands(actor, Permission::ChangeRoles, new)
                    && !(old.has("active_at") && before.takes_two_to_change(old, new))
            }
            "agree" => self.agreed().is_some_and(|(content, first)| {
                let changes =
                    |who| [old, new].into_iter().all(|held| before.commands(who, Permission::ChangeRoles, held));
                let is_meant = content.starts_with("{\"Change\"") && content.contains(old.get("user_id"));
                only(&["role_id", "extra"]) && is_meant && changes(actor) && changes(first)
            }),
            "block" => {
                let is_theirs = new.get("blocked_by") == actor;
                only(&["blocked_at", "blocked_by"]) && is_commanded && is_theirs && ends("blocked_at")
            }
            "unblock" => only(&["blocked_at", "blocked_by"]) && is_commanded && returns("blocked_at"),
            "archive" | "remove-place" => only(&["archived_at", "archived_by"]) && is_commanded && ends("archived_at"),
            "bring-back" => only(&["archived_at", "archived_by"]) && is_commanded && returns("archived_at"),
            "accept" => {
                let is_of_this = old.get("invitation_id") == self.call.field("id") && ends("active_at");
                only(&["active_at", "user_id"]) && is_of_this && self.taker() == Some(new.get("user_id"))
            }
            _ => false,
        }
    }

    /// Deeds on a whole person, or on an invitation with all that it offers: seen, never oneself, all of it in command.
    fn targets(&self, wrongs: &mut Wrongs) {
        let AuditAction { before, after, actor, call, .. } = self;
        let Some(permission) = needed_for(call.verb) else { return };
        if let Some(whom) = call.whom() {
            let is_seen =
                before.held_by(whom).any(|held| before.uses(actor, Permission::SeeUsers, held.get("unit_id")));
            wrongs.unless(is_seen && whom != *actor, || "on themselves, or on somebody whom they do not see".into());
            if ["add-place", "edit-user", "delete", "reset-password"].contains(&call.verb) {
                let all = before.held_by(whom).all(|held| before.commands(actor, permission, held));
                wrongs.unless(all, || "on somebody who stands in part outside the actor's command".into());
            }
        }
        if let Some(id) = call.invitation() {
            let of_this = |held: &&Line| held.get("invitation_id") == id;
            let open = before.offered_by(id);
            let asked = if open.is_empty() { before.all("memberships").iter().filter(of_this).collect() } else { open };
            let all =
                asked.iter().all(|held| before.commands(actor, permission, held) && held.get("user_id") != *actor);
            wrongs.unless(all && !asked.is_empty(), || "on an invitation that offers more than they could".into());
            if ["approve", "resend"].contains(&call.verb) {
                let gives = after.offered_by(id).iter().all(|offer| before.may_give(actor, permission, offer));
                wrongs.unless(gives, || "lets go what they could not give".into());
            }
        }
    }

    fn invitations(&self, wrongs: &mut Wrongs) {
        let AuditAction { before, after, actor, call, .. } = self;
        let verb = call.verb;
        for (old, new) in before.changes_to(after, "invitations") {
            let Some(new) = new else {
                wrongs.unless(false, || format!("an invitation is gone: {old:?}"));
                continue;
            };
            let offered = after.offered_by(new.get("id"));
            let takes_two = offered.iter().any(|offer| after.takes_two(offer) != (false, false));
            let awaits = new.is("needs_approval") && !new.has("approved_at");
            let Some(old) = old else {
                let is_fresh = new.get("created_by") == *actor && !new.has("accepted_at") && !new.has("approved_at");
                wrongs.unless(verb == "invite" && is_fresh && awaits == takes_two, || format!("made: {new:?}"));
                continue;
            };
            let changed = old.differs_in(new);
            let gives = || offered.iter().all(|offer| after.may_give(actor, Permission::Invite, offer));
            let is_right = changed.iter().all(|column| match *column {
                "created_by" => new.get("created_by") == *actor && gives(),
                "approved_by" | "approved_at" if new.has("approved_at") => {
                    verb == "approve" && new.get("approved_by") == *actor && *actor != old.get("user_id")
                }
                "approved_by" | "approved_at" => true,
                "needs_approval" => awaits || !takes_two,
                "withdrawn_at" if new.has("withdrawn_at") => ["withdraw", "take-back", "delete"].contains(&verb),
                "withdrawn_at" => verb == "resend",
                "accepted_at" => verb == "accept" && call.field("id") == new.get("id"),
                "user_id" => verb == "accept",
                "address" => ["delete", "take-back"].contains(&verb),
                // What waited goes on, once it takes one.
                "generation" | "expires_at" if ["save-role", "remove-role", "agree"].contains(&verb) => {
                    old.is("needs_approval") && !new.is("needs_approval")
                }
                "generation" | "expires_at" => {
                    ["approve", "resend", "change-role", "add-place", "remove-place"].contains(&verb)
                }
                _ => false,
            });
            wrongs.unless(is_right, || format!("an invitation: {old:?} -> {new:?}"));
        }
    }

    /// Whatever somebody gained, somebody with authority gave who held it there; whatever they lost, somebody took who may.
    fn rights(&self, wrongs: &mut Wrongs) {
        let AuditAction { before, after, actor, call, .. } = self;
        let keys: BTreeSet<_> = before.rights().keys().chain(after.rights().keys()).collect();
        for (user, unit) in keys {
            let (had, has) = (before.powers(user, unit), after.powers(user, unit));
            let (gained, lost) = (has.beyond(&had), had.beyond(&has));
            if !gained.are_none() {
                wrongs.unless(self.may_gain(user, unit, &gained), || format!("{user} gained {gained:?} at {unit}"));
            }
            if !lost.are_none() {
                let may = match call.verb {
                    "change-role" | "remove-place" | "block" | "archive" | "delete" => call.whom() == Some(user),
                    // Who may do these is asked of each role, unit and membership.
                    "move-unit" | "archive-unit" | "save-role" | "remove-role" | "agree" => true,
                    _ => false,
                };
                wrongs.unless(may, || format!("{user} lost {lost:?} at {unit}"));
            }
            let is_of_the_whole = call.verb.ends_with("-unit") && call.verb != "move-unit"
                || ["save-role", "remove-role", "agree", "accept"].contains(&call.verb);
            let is_changed = !gained.are_none() || !lost.are_none();
            wrongs.unless(user != actor || !is_changed || is_of_the_whole, || {
                format!("their own rights: gained {gained:?}, lost {lost:?} at {unit}")
            });
        }
    }

    fn may_gain(&self, user: &str, unit: &str, gained: &Powers) -> bool {
        let AuditAction { before, after, actor, call, .. } = self;
        let within = |powers: &Powers| gained.beyond(powers).are_none();
        let parent = |unit: &str| after.find("units", unit).map(|unit| unit.get("parent_id")).unwrap_or_default();
        match call.verb {
            "accept" => {
                let inviter = before.find("invitations", call.field("id")).map(|one| one.get("created_by"));
                self.taker() == Some(user) && inviter.is_some_and(|inviter| within(&before.powers(inviter, unit)))
            }
            "change-role" | "add-place" | "unblock" | "bring-back" => {
                call.whom() == Some(user) && within(&before.powers(actor, unit))
            }
            "move-unit" => within(&before.powers(actor, unit)),
            // Whoever stands above reaches what is made, or opened, below.
            "create-unit" => within(&before.powers(user, parent(unit))),
            "bring-back-unit" => {
                let opened = call.field("id");
                within(&after.powers(user, parent(opened))) || within(&after.powers(actor, unit))
            }
            // Of roles it is what saving one is; of a person, they are the one that is meant.
            "agree" if self.agreed().is_some_and(|(content, _)| content.contains("\"user\"")) => {
                self.agreed().is_some_and(|(content, _)| content.contains(user)) && within(&before.powers(actor, unit))
            }
            "save-role" | "agree" => {
                let mut own = before.powers(actor, unit);
                let is_new = |role: &&Line| before.find("roles", role.get("id")).is_none();
                own.gives.extend(after.all("roles").iter().filter(is_new).map(|role| role.get("id").to_string()));
                within(&own)
            }
            _ => false,
        }
    }
}
