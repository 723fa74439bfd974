//! Everything that decides about rights, read from the tables as they are: who holds what, where, offered by which
//! invitation; and what everybody can do, worked out anew. Nothing in here asks the product's own code.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;
use usher::domain::permission::{Permission, Permissions};
use usher::server::storage::Database;

/// What concerns the installation as a whole: it counts where it is held at the root, nowhere else.
const OF_INSTALLATION: [Permission; 4] =
    [Permission::SeeMailbox, Permission::SeeSettings, Permission::EditRoles, Permission::ChangeSettings];

/// The tables with the columns that a call may change; the first column names the row, or the first two.
const TABLES: [(&str, &[&str]); 16] = [
    ("units", &["id", "parent_id", "kind", "name", "path", "archived_at", "is_closed"]),
    ("roles", &["id", "key", "name", "rank", "permissions", "is_top", "needs_approval", "removed_at"]),
    ("role_assigns", &["role_id", "assignable_id"]),
    (
        "users",
        &[
            "id",
            "name",
            "name_is_own",
            "email",
            "phone",
            "login",
            "is_placeholder",
            "confirmed_at",
            "language",
            "password_hash",
            "registered_at",
            "created_by",
            "version",
            "deleted_at",
        ],
    ),
    (
        "memberships",
        &[
            "id",
            "user_id",
            "unit_id",
            "role_id",
            "extra",
            "invitation_id",
            "active_at",
            "blocked_at",
            "blocked_by",
            "archived_at",
            "archived_by",
        ],
    ),
    (
        "invitations",
        &[
            "id",
            "user_id",
            "address",
            "generation",
            "created_by",
            "expires_at",
            "accepted_at",
            "withdrawn_at",
            "needs_approval",
            "approved_at",
            "approved_by",
            "is_unsent",
        ],
    ),
    ("proposals", &["id", "content", "proposed_by"]),
    ("shifts", &["id", "unit_id", "title", "starts_at", "ends_at", "created_by", "version"]),
    ("shift_people", &["shift_id", "user_id"]),
    ("settings", &["name", "value"]),
    ("sessions", &["id", "user_id"]),
    ("invitation_terms", &["id", "user_id", "language", "personal_text", "role_id", "extra", "place_ids", "typed"]),
    ("invitation_rows", &["id", "terms_id", "typed", "name", "role_id", "contact", "verdict", "invitation_id"]),
    ("password_resets", &["id", "user_id", "used_at"]),
    ("messages", &["id", "user_id", "invitation_id", "generation", "next_try_at", "sent_at", "failed_at"]),
    // That a call was refused is written down (AZ-09); it changes nothing else.
    ("(select max(id) as id, count(*) as lines from audit_events where action <> 'refused') history", &["id", "lines"]),
];

/// A row, column by column; what is not there is an empty text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Line(BTreeMap<&'static str, String>);

impl Line {
    pub fn get(&self, column: &str) -> &str {
        &self.0[column]
    }

    /// Whether something stands there: a moment has come, somebody did it.
    pub fn has(&self, column: &str) -> bool {
        !self.get(column).is_empty()
    }

    pub fn is(&self, column: &str) -> bool {
        matches!(self.get(column), "1" | "true")
    }

    /// Whether a membership gives rights where its unit is open.
    pub fn stands(&self) -> bool {
        self.has("active_at") && !self.has("blocked_at") && !self.has("archived_at")
    }

    /// Extra permissions, or those of a role.
    pub fn permissions(&self, column: &str) -> Permissions {
        Permissions::from_codes(self.get(column))
    }

    /// The columns in which another line is different.
    pub fn differs_in(&self, other: &Self) -> BTreeSet<&'static str> {
        self.0.iter().filter(|(name, value)| other.0[*name] != **value).map(|(name, _)| *name).collect()
    }
}

/// What somebody can do at one unit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Powers {
    pub uses: Permissions,
    pub gives: BTreeSet<String>,
}

impl Powers {
    /// What is in here and not in `other`.
    pub fn beyond(&self, other: &Self) -> Self {
        Self { uses: self.uses.without(other.uses), gives: self.gives.difference(&other.gives).cloned().collect() }
    }

    pub fn are_none(&self) -> bool {
        self.uses.is_empty() && self.gives.is_empty()
    }
}

/// Everybody's powers: person, unit.
pub type Rights = BTreeMap<(String, String), Powers>;

/// The tables at one moment.
#[derive(Clone, Debug)]
pub struct World {
    tables: BTreeMap<&'static str, Vec<Line>>,
    /// Each unit with those from it up to the root.
    lines_up: BTreeMap<String, Vec<String>>,
    rights: OnceLock<Rights>,
}

impl World {
    pub async fn of(db: &Database) -> Self {
        let mut tx = db.read().await.expect("a connection");
        let mut tables = BTreeMap::new();
        for (table, columns) in TABLES {
            let parts: Vec<String> =
                columns.iter().map(|name| format!("coalesce(cast({name} as text), '') as {name}")).collect();
            // A placeholder that became somebody else leaves a row behind for the history; as a person they are gone.
            let only = if table == "users" { " where became is null" } else { "" };
            let sql = format!("select {} from {table}{only}", parts.join(", "));
            let rows = tx.rows(sqlx::AssertSqlSafe(sql), &[]).await.expect(table);
            let text = |row: &usher::server::storage::Row, name: &'static str| (name, row.text(name).expect("a text"));
            let line = |row| Line(columns.iter().map(|name| text(row, name)).collect());
            let mut lines: Vec<Line> = rows.iter().map(line).collect();
            // Ids are made in a growing order, so this is the order in which things were made, on every run.
            lines.sort_by(|one, other| {
                let key = |line: &Line| columns[..2].iter().map(|name| line.0[name].clone()).collect::<Vec<_>>();
                key(one).cmp(&key(other))
            });
            tables.insert(table.split(' ').next_back().unwrap_or(table), lines);
        }
        let lines_up = lines_up(&tables["units"]);
        Self { tables, lines_up, rights: OnceLock::new() }
    }

    /// Everybody's rights at this moment.
    pub fn rights(&self) -> &Rights {
        self.rights.get_or_init(|| self.work_out())
    }

    pub fn all(&self, table: &str) -> &[Line] {
        &self.tables[table]
    }

    pub fn find(&self, table: &str, id: &str) -> Option<&Line> {
        self.all(table).iter().find(|line| line.0.get("id").is_some_and(|own| own == id))
    }

    pub fn role(&self, id: &str) -> &Line {
        self.find("roles", id).expect("a role")
    }

    /// Those that are different in another world: before, after.
    pub fn changes_to<'a>(&'a self, after: &'a Self, table: &str) -> Vec<(Option<&'a Line>, Option<&'a Line>)> {
        let key = |line: &'a Line| line.0.get("id").cloned().unwrap_or_else(|| format!("{line:?}"));
        let by_id = |world: &'a Self| world.all(table).iter().map(|line| (key(line), line)).collect::<BTreeMap<_, _>>();
        let (old, new) = (by_id(self), by_id(after));
        let ids: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
        let both = ids.into_iter().map(|id| (old.get(id).copied(), new.get(id).copied()));
        both.filter(|(before, after)| before != after).collect()
    }

    /// Every change, for a failure's message.
    pub fn differences(&self, after: &Self) -> Vec<String> {
        let of = |table: &&'static str| {
            let changes = self.changes_to(after, table);
            changes.into_iter().map(|(old, new)| format!("{table}: {old:?} -> {new:?}")).collect::<Vec<_>>()
        };
        self.tables.keys().flat_map(of).collect()
    }

    /// What became different, in words that are the same for the like done to somebody else: `names` says what stands for
    /// what; other ids, moments and hashes are only said to be some.
    pub fn effect(&self, after: &Self, names: &[(String, &'static str)]) -> Vec<String> {
        let mut effect = Vec::new();
        for table in self.tables.keys().filter(|table| **table != "history") {
            for (old, new) in self.changes_to(after, table) {
                let columns = old.zip(new).map(|(old, new)| old.differs_in(new));
                let told = new.or(old).into_iter().flat_map(|line| &line.0).filter(|(column, _)| {
                    columns.as_ref().is_none_or(|columns| **column == "id" || columns.contains(*column))
                });
                let told: Vec<String> =
                    told.map(|(column, value)| format!("{column}={}", without_chance(value, names))).collect();
                effect.push(format!("{table} {}{} {}", old.is_some(), new.is_some(), told.join(", ")));
            }
        }
        effect.sort();
        effect
    }

    /// The units from this one up to the root.
    pub fn line_up(&self, unit: &str) -> Vec<&str> {
        self.lines_up.get(unit).into_iter().flatten().map(String::as_str).collect()
    }

    pub fn reaches(&self, above: &str, unit: &str) -> bool {
        self.line_up(unit).contains(&above)
    }

    pub fn is_closed(&self, unit: &str) -> bool {
        self.line_up(unit).iter().any(|above| self.find("units", above).is_some_and(|unit| unit.has("archived_at")))
    }

    pub fn root(&self) -> &str {
        self.all("units").iter().find(|unit| !unit.has("parent_id")).expect("the root").get("id")
    }

    pub fn held_by(&self, user: &str) -> impl Iterator<Item = &Line> {
        self.all("memberships").iter().filter(move |held| held.get("user_id") == user)
    }

    /// What somebody holds that gives rights at this moment.
    pub fn active_of(&self, user: &str) -> Vec<&Line> {
        self.held_by(user).filter(|held| held.stands() && !self.is_closed(held.get("unit_id"))).collect()
    }

    /// The roles that holders of this one may give.
    pub fn assigned_by(&self, role: &str) -> BTreeSet<String> {
        let mut all = self.could_assign(role);
        all.retain(|role| !self.role(role).has("removed_at"));
        all
    }

    /// The same, and those that they could give until they were removed.
    pub fn could_assign(&self, role: &str) -> BTreeSet<String> {
        let pairs = self.all("role_assigns").iter().filter(|pair| pair.get("role_id") == role);
        pairs.map(|pair| pair.get("assignable_id").to_string()).collect()
    }

    /// Whether a membership is an offer by an invitation that is over: accepted, withdrawn, run out, or not delivered (H-40).
    pub fn is_old_offer(&self, held: &Line, now: i64) -> bool {
        let Some(invitation) = self.find("invitations", held.get("invitation_id")) else {
            return !held.has("active_at");
        };
        let of_newest = |message: &&Line| {
            message.get("invitation_id") == invitation.get("id")
                && message.get("generation") == invitation.get("generation")
        };
        let has_failed = |message: &Line| message.has("failed_at") && !message.has("sent_at");
        let waits = invitation.is("is_unsent") || invitation.is("needs_approval") && !invitation.has("approved_at");
        let ends = invitation.get("expires_at").parse::<i64>().unwrap_or(0);
        let is_over = ends <= now || self.all("messages").iter().filter(of_newest).any(has_failed);
        let has_ended = invitation.has("accepted_at") || invitation.has("withdrawn_at");
        !held.has("active_at") && (has_ended || !waits && is_over)
    }

    /// What a membership lets its holder see and use.
    pub fn permissions_of(&self, held: &Line) -> Permissions {
        let all = self.role(held.get("role_id")).permissions("permissions").union(held.permissions("extra"));
        if held.get("unit_id") == self.root() { all } else { all.without(OF_INSTALLATION.into_iter().collect()) }
    }

    /// Whether one membership, with `permission`, stands over what is held or offered by another one: it reaches the place,
    /// and its holder could have given the role and the extra permissions. Nobody is above main administrators but they.
    pub fn stands_over(&self, by: &Line, permission: Permission, other: &Line) -> bool {
        let (mine, theirs) = (by.get("role_id"), other.get("role_id"));
        let is_equal_at_the_top = mine == theirs && self.role(mine).is("is_top");
        self.permissions_of(by).has(permission)
            && self.reaches(by.get("unit_id"), other.get("unit_id"))
            && (is_equal_at_the_top || self.could_assign(mine).contains(theirs))
            && self.permissions_of(by).covers(other.permissions("extra"))
    }

    /// Whether somebody could have given a person what that person holds, and has the right to this deed there.
    pub fn commands(&self, user: &str, permission: Permission, other: &Line) -> bool {
        self.active_of(user).into_iter().any(|by| self.stands_over(by, permission, other))
    }

    /// Whether somebody may give this role with these extra permissions at this unit.
    pub fn may_give(&self, user: &str, permission: Permission, offered: &Line) -> bool {
        offered.get("unit_id") != self.root()
            && self.active_of(user).into_iter().any(|by| {
                self.permissions_of(by).has(permission)
                    && self.reaches(by.get("unit_id"), offered.get("unit_id"))
                    && self.assigned_by(by.get("role_id")).contains(offered.get("role_id"))
                    && self.permissions_of(by).covers(offered.permissions("extra"))
            })
    }

    /// Whether a role takes two as it is: its box is ticked, or its holders give one whose box is.
    fn is_two(&self, role: &Line) -> bool {
        let gives = [Permission::Invite, Permission::ChangeRoles];
        let gives = gives.into_iter().any(|permission| role.permissions("permissions").has(permission));
        let ticked = |id: &String| self.role(id).is("needs_approval") && !self.role(id).has("removed_at");
        role.is("needs_approval") && !role.has("removed_at")
            || gives && self.assigned_by(role.get("id")).iter().any(ticked)
    }

    /// What a role with these extra permissions lets do below the root: to use something, or to use it on holders of a role.
    fn can(&self, role: &Line, extra: Permissions) -> BTreeSet<(Permission, String)> {
        use Permission::{
            ArchiveUsers, BlockUsers, ChangeRoles, DeleteUsers, EditUsers, Invite, ManageUnits, ResetPasswords,
        };
        let on_people =
            [Invite, EditUsers, ChangeRoles, BlockUsers, ArchiveUsers, DeleteUsers, ResetPasswords, ManageUnits];
        let uses = role.permissions("permissions").union(extra).without(OF_INSTALLATION.into_iter().collect());
        let mut can = BTreeSet::new();
        for permission in uses.iter() {
            can.insert((permission, String::new()));
            if on_people.contains(&permission) {
                can.extend(self.assigned_by(role.get("id")).into_iter().map(|other| (permission, other)));
            }
        }
        can
    }

    /// What is given by two only: what nobody can do whose role one gives.
    pub fn of_two(&self) -> BTreeSet<(Permission, String)> {
        let is_two = |role: &&Line| role.is("is_top") || self.is_two(role);
        let standing = self.all("roles").iter().filter(|role| !role.has("removed_at"));
        let (two, one): (Vec<&Line>, Vec<&Line>) = standing.partition(is_two);
        if two.iter().all(|role| !role.is("needs_approval")) {
            return BTreeSet::new();
        }
        let of = |some: &[&Line]| -> BTreeSet<_> {
            some.iter().flat_map(|role| self.can(role, Permissions::NONE)).collect()
        };
        of(&two).difference(&of(&one)).cloned().collect()
    }

    /// Whether it takes two to give the role of this membership, and whether it does to give what is extra there.
    pub fn takes_two(&self, held: &Line) -> (bool, bool) {
        let (role, of_two) = (self.role(held.get("role_id")), self.of_two());
        let own = self.can(role, Permissions::NONE);
        let all = self.can(role, held.permissions("extra"));
        let extra = all.difference(&own).any(|can| of_two.contains(can));
        (self.is_two(role) || !own.is_disjoint(&of_two), extra)
    }

    /// Whether it takes two to make this of that, at one place.
    pub fn takes_two_to_change(&self, old: &Line, new: &Line) -> bool {
        let role = |held: &Line| self.role(held.get("role_id"));
        let can = |held: &Line| self.can(role(held), held.permissions("extra"));
        let is_more =
            old.get("role_id") != new.get("role_id") || !old.permissions("extra").covers(new.permissions("extra"));
        let of_two = self.of_two();
        self.is_two(role(new)) && is_more || can(new).difference(&can(old)).any(|can| of_two.contains(can))
    }

    /// Whether a permission of somebody reaches a unit.
    pub fn uses(&self, user: &str, permission: Permission, unit: &str) -> bool {
        let reaches = |by: &&Line| self.reaches(by.get("unit_id"), unit) && self.permissions_of(by).has(permission);
        self.active_of(user).iter().any(reaches)
    }

    /// What an invitation still offers.
    pub fn offered_by(&self, invitation: &str) -> Vec<&Line> {
        let all = self.all("memberships").iter();
        all.filter(|held| held.get("invitation_id") == invitation && !held.has("active_at")).collect()
    }

    pub fn powers(&self, user: &str, unit: &str) -> Powers {
        self.rights().get(&(user.to_string(), unit.to_string())).cloned().unwrap_or_default()
    }

    fn work_out(&self) -> Rights {
        let mut rights = Rights::new();
        let closed: BTreeSet<&str> =
            self.all("units").iter().map(|unit| unit.get("id")).filter(|id| self.is_closed(id)).collect();
        let lines: Vec<(&str, Vec<&str>)> =
            self.all("units").iter().map(|unit| (unit.get("id"), self.line_up(unit.get("id")))).collect();
        let is_open = |held: &&Line| held.stands() && !closed.contains(held.get("unit_id"));
        for held in self.all("memberships").iter().filter(is_open) {
            let (user, at) = (held.get("user_id"), held.get("unit_id"));
            let (uses, gives) = (self.permissions_of(held), self.assigned_by(held.get("role_id")));
            for (unit, _) in lines.iter().filter(|(unit, line)| line.contains(&at) && !closed.contains(unit)) {
                let powers = rights.entry((user.to_string(), unit.to_string())).or_default();
                powers.uses = powers.uses.union(uses);
                powers.gives.extend(gives.iter().cloned());
            }
        }
        rights
    }
}

fn lines_up(units: &[Line]) -> BTreeMap<String, Vec<String>> {
    let above: BTreeMap<&str, &str> = units.iter().map(|unit| (unit.get("id"), unit.get("parent_id"))).collect();
    let line = |from: &str| {
        let (mut line, mut at) = (Vec::new(), from);
        while let Some(next) = above.get(at) {
            assert!(line.len() < 50, "a unit stands below itself: {from}");
            line.push(at.to_string());
            at = next;
        }
        line
    };
    above.keys().map(|unit| (unit.to_string(), line(unit))).collect()
}

/// A value without what differs from one time to the next.
fn without_chance(value: &str, names: &[(String, &'static str)]) -> String {
    if value.starts_with("$argon2") {
        return "(a hash)".into();
    }
    let mut text = value.to_string();
    for (name, stands_for) in names.iter().filter(|(name, _)| !name.is_empty()) {
        text = text.replace(name, stands_for);
    }
    let mut plain = String::new();
    for word in text.split_inclusive(|c: char| !c.is_ascii_alphanumeric() && c != '-') {
        let bare = word.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
        let is_id = bare.len() == 36 && bare.matches('-').count() == 4;
        let is_moment = bare.len() == 13 && bare.bytes().all(|byte| byte.is_ascii_digit());
        let told = if is_id {
            "(an id)"
        } else if is_moment {
            "(then)"
        } else {
            bare
        };
        plain.push_str(told);
        plain.push_str(&word[bare.len()..]);
    }
    plain
}
