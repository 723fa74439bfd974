//! Reading a page of the users list: narrowed, searched, in any order, from any place. How a search is answered depends on
//! how many it finds: few are fetched from the index and sorted, many turn up soon when the list is walked in its order.

use super::{Page, RosterRow, refresh};
use crate::domain::contact::search_patterns;
use crate::domain::id::{RoleId, UnitId, UserId};
use crate::domain::listing::{COUNTED, Count, Cursor, HeldRole, PAGE, Sort, UserQuery};
use crate::domain::membership::Standing;
use crate::domain::permission::Permissions;
use crate::domain::policy::Place;
use crate::domain::timestamp::Timestamp;
use crate::domain::user::Status;
use crate::server::storage::memberships::Membership;
use crate::server::storage::tx::DatabaseKind;
use crate::server::storage::{Result, Row, Statement, Tx, keys, memberships, unfinished, units};

/// How many people are looked at one by one without a second thought: a few milliseconds.
const SHORT: i64 = 8_000;

/// How many found people are fetched and sorted without a second thought.
const FEW: i64 = 2_000;

/// How far a list is walked in the hope of a page: as long again.
const FAR: i64 = 4_000;

/// How a list is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// In its order; nothing is searched.
    Plain,
    /// In its order, looking each person's words up.
    Walk,
    /// From the search index; then sorted, unless the order is the index's own.
    Hits,
    /// The same in the order of names: SQLite's second index has it, Postgres sorts what it finds. Either way somebody's row is
    /// looked up only as long as the page is not full.
    HitsByName,
}

/// The list of a unit as somebody asked for it.
pub struct List<'a> {
    kind: DatabaseKind,
    unit: &'a UnitId,
    query: &'a UserQuery,
    /// What a person's words must hold, all of it.
    pieces: Vec<String>,
    /// How many people of the unit stand in the status and the role, before anything is searched.
    people: i64,
    /// With both filters, that one finds the people which leaves fewer; the other is only checked.
    is_role_rarer: bool,
    /// Some lines are still to be written anew: whether somebody stands in the list is asked of what they hold.
    asks_the_facts: bool,
}

impl<'a> List<'a> {
    pub fn new(kind: DatabaseKind, unit: &'a UnitId, query: &'a UserQuery, counts: &[Count]) -> Self {
        // Who has left stands in no list but that of those who left (rule 1).
        let is_status = |count: &&Count| match query.status {
            Some(status) => status == count.status,
            None => count.status != Status::Archived,
        };
        let is_role = |count: &&Count| query.role.as_ref().is_none_or(|role| role == &count.role);
        let of_status: i64 = counts.iter().filter(is_status).map(|count| count.people).sum();
        let of_role: i64 = counts.iter().filter(is_role).map(|count| count.people).sum();
        Self {
            kind,
            unit,
            query,
            pieces: search_patterns(&query.search)
                .iter()
                .map(|pattern| pattern.trim_matches('%').to_string())
                .collect(),
            people: counts.iter().filter(is_status).filter(is_role).map(|count| count.people).sum(),
            is_role_rarer: of_role < of_status,
            asks_the_facts: false,
        }
    }

    /// The same while lines are still to be written anew: none is shown of whom the unit has nobody any more.
    pub fn asking_the_facts(self) -> Self {
        Self { asks_the_facts: true, ..self }
    }

    /// Whether the person of a line holds something within the unit that is not over, or nothing but what is.
    fn stands(&self, statement: &mut Statement) {
        // Counted, not asked for: Postgres would begin with the units instead.
        let within = "(select count(*) from users h join memberships o on o.user_id = h.id join units b on b.id = o.unit_id \
                      join units l on l.id = $1 where h.number = r.person and b.path >= l.path and b.path < l.path || '~'";
        let open = format!("{within} and o.archived_at is null and not b.is_closed)");
        match self.query.status {
            Some(Status::Archived) => {
                statement.and(&format!("{open} = 0"));
                statement.and(&format!("{within}) > 0"));
            }
            _ => statement.and(&format!("{open} > 0")),
        }
    }

    fn is_by_name(&self) -> bool {
        matches!(self.query.sort, Sort::Name | Sort::NameDown)
    }

    /// Whether the order in which rows are read runs downwards. Going back is going forth in the other order, and turning
    /// the page round at the end.
    fn is_down(&self) -> bool {
        let is_down = matches!(self.query.sort, Sort::NameDown | Sort::Added);
        is_down != matches!(self.query.from, Cursor::Before(_))
    }

    /// The condition under which the index finds a person. SQLite's says exactly what `like` would.
    fn found(&self, statement: &mut Statement, way: Way) {
        match self.kind {
            DatabaseKind::Sqlite => {
                let phrases: Vec<String> = self.pieces.iter().map(|piece| format!("\"{piece}\"")).collect();
                let at = statement.bind(phrases.join(" AND "));
                let index = if way == Way::HitsByName { "user_search_by_name" } else { "user_search" };
                statement.and(&format!("s.{index} match {at}"));
            }
            DatabaseKind::Postgres => {
                for piece in &self.pieces {
                    let at = statement.bind(format!("%{piece}%"));
                    statement.and(&format!("s.haystack like {at}"));
                }
            }
        }
    }

    /// The same, looked up for one person.
    fn held(&self, statement: &mut Statement) {
        let position = if self.kind == DatabaseKind::Sqlite { "instr" } else { "strpos" };
        for piece in &self.pieces {
            let at = statement.bind(piece);
            statement.and(&format!("{position}(w.haystack, {at}) > 0"));
        }
    }

    /// How many people of the whole installation the search finds, counted a little further than [`FEW`].
    pub fn hits(&self) -> Statement {
        let mut statement = Statement {
            sql: "select count(*) as n from (select 1 as one from user_search s where 1 = 1".into(),
            values: vec![],
        };
        self.found(&mut statement, Way::Hits);
        let at = statement.bind(FEW + 1);
        statement.push(&format!(" limit {at}) found"));
        statement
    }

    /// `select … from … where …`, filters and search included; `$1` is the unit.
    fn select(&self, what: &str, way: Way) -> Statement {
        let list = "(select number from units where id = $1)";
        let mut statement = Statement::new(format!("select {what} from "));
        statement.bind(self.unit);
        match way {
            Way::Plain => statement.push("roster r"),
            Way::Walk => {
                statement.push("roster r");
                statement.look_up(self.kind, "search_words w", "w.person = r.person");
            }
            Way::Hits => {
                statement.push("user_search s");
                statement.look_up(self.kind, "roster r", &format!("r.unit = {list} and r.person = s.rowid"));
            }
            Way::HitsByName if self.kind == DatabaseKind::Postgres => {
                statement.push("(select s.rowid, s.name_key from user_search s where true");
                self.found(&mut statement, way);
                statement.push(&format!(" order by {} offset 0) s", self.order(way)));
                statement.look_up(self.kind, "roster r", &format!("r.unit = {list} and r.person = s.rowid"));
            }
            Way::HitsByName => {
                statement.push("user_search_by_name s");
                statement.look_up(self.kind, "user_search_place o", "o.place = s.rowid");
                statement.look_up(self.kind, "roster r", &format!("r.unit = {list} and r.person = o.person"));
            }
        }
        statement.push(&format!(" where r.unit = {list}"));
        let has_both = self.query.status.is_some() && self.query.role.is_some();
        if let Some(status) = self.query.status {
            let at = statement.bind(status.code());
            let column = if has_both && self.is_role_rarer { "r.status || ''" } else { "r.status" };
            statement.and(&format!("{column} = {at}"));
        }
        if self.query.status.is_none() {
            let at = statement.bind(false);
            statement.and(&format!("r.is_archived = {at}"));
        }
        if let Some(role) = &self.query.role {
            let at = statement.bind(role);
            let column = if has_both && !self.is_role_rarer { "r.role + 0" } else { "r.role" };
            statement.and(&format!("{column} = (select number from roles where id = {at})"));
        }
        if self.asks_the_facts {
            self.stands(&mut statement);
        }
        match way {
            Way::Plain => {}
            Way::Walk => self.held(&mut statement),
            Way::HitsByName if self.kind == DatabaseKind::Postgres => {}
            Way::Hits | Way::HitsByName => self.found(&mut statement, way),
        }
        statement
    }

    /// What stands behind the place where the page begins.
    fn seek(&self, statement: &mut Statement, way: Way) {
        let (Cursor::After(id) | Cursor::Before(id)) = &self.query.from else { return };
        let at = statement.bind(id);
        let than = if self.is_down() { "<" } else { ">" };
        if way == Way::HitsByName && self.kind == DatabaseKind::Sqlite {
            statement.and(&format!(
                "s.rowid {than} (select h.place from users f join roster c on c.person = f.number \
                 join user_search_place h on h.person = f.number \
                 where f.id = {at} and c.unit = (select number from units where id = $1))"
            ));
        } else if self.is_by_name() {
            statement.and(&format!(
                "(r.name_key, r.person) {than} (select c.name_key, c.person from users f join roster c \
                 on c.person = f.number where f.id = {at} and c.unit = (select number from units where id = $1))"
            ));
        } else {
            let number = if way == Way::Hits { "s.rowid" } else { "r.person" };
            statement.and(&format!("{number} {than} (select number from users where id = {at})"));
        }
    }

    fn order(&self, way: Way) -> String {
        let direction = if self.is_down() { "desc" } else { "asc" };
        match way {
            Way::HitsByName if self.kind == DatabaseKind::Postgres => {
                format!("s.name_key {direction}, s.rowid {direction}")
            }
            Way::HitsByName => format!("s.rowid {direction}"),
            _ if self.is_by_name() => format!("r.name_key {direction}, r.person {direction}"),
            // Sorted: Postgres would read all words in the order of people, in the hope of a page soon.
            Way::Hits if self.kind == DatabaseKind::Postgres => format!("s.rowid + 0 {direction}"),
            Way::Hits => format!("s.rowid {direction}"),
            _ => format!("r.person {direction}"),
        }
    }

    /// The row at which a walk ends, if the list is longer.
    fn end_of_walk(&self) -> Statement {
        let mut statement = self.select("r.name_key, r.person", Way::Plain);
        self.seek(&mut statement, Way::Plain);
        let at = statement.bind(FAR);
        statement.push(&format!(" order by {} limit 1 offset {at}", self.order(Way::Plain)));
        statement
    }

    /// The rows of a page, and one more where there is another; not beyond `end`.
    fn rows(&self, way: Way, end: Option<(&str, i64)>) -> Statement {
        let mut statement = self.select("r.person, r.status, r.status_until, r.name_key", way);
        self.seek(&mut statement, way);
        if let Some((name_key, person)) = end {
            let than = if self.is_down() { ">" } else { "<" };
            if self.is_by_name() {
                let (name_key, person) = (statement.bind(name_key), statement.bind(person));
                statement.and(&format!("(r.name_key, r.person) {than} ({name_key}, {person})"));
            } else {
                let person = statement.bind(person);
                statement.and(&format!("r.person {than} {person}"));
            }
        }
        let limit = statement.bind(PAGE + 1);
        let direction = if self.is_down() { "desc" } else { "asc" };
        let by_name = if self.is_by_name() { format!("p.name_key {direction}, ") } else { String::new() };
        statement.sql = format!(
            "select p.person, p.status, p.status_until, u.id, u.name, u.email, u.phone, u.login, u.created_at, u.last_seen_at, \
             m.id as membership_id, m.unit_id, m.role_id, m.extra, m.created_at as since, m.active_at, m.blocked_at, m.archived_at, n.path, n.name as unit_name, n.is_closed \
             from ({} order by {} limit {limit}) p \
             cross join users u cross join memberships m cross join units n \
             where u.number = p.person and m.user_id = u.id and n.id = m.unit_id \
             order by {by_name}p.person {direction}, m.id",
            statement.sql,
            self.order(way)
        );
        statement
    }

    /// How many people are on all pages together, counted a little further than [`COUNTED`].
    fn count(&self, way: Way) -> Statement {
        let mut statement = self.select("1 as one", way);
        let limit = statement.bind(COUNTED + 1);
        statement.sql = format!("select count(*) as n from ({} limit {limit}) found", statement.sql);
        statement
    }

    /// Every statement by which this list may be read, for whoever looks at their plans.
    pub fn statements(&self) -> Vec<Statement> {
        if self.pieces.is_empty() {
            return vec![self.rows(Way::Plain, None)];
        }
        let end = Some(("", 0)).filter(|_| self.is_by_name() || self.kind == DatabaseKind::Postgres);
        let ways = [Way::Walk, Way::Hits];
        let mut all = vec![self.hits(), self.end_of_walk(), self.rows(Way::Walk, end)];
        all.extend(self.pages());
        all.extend(ways.map(|way| self.count(way)));
        all
    }

    /// The ways in which a page of a search may be read; all of them give the same.
    pub fn pages(&self) -> Vec<Statement> {
        let by_name = [Way::HitsByName].into_iter().filter(|_| self.is_by_name());
        [Way::Walk, Way::Hits].into_iter().chain(by_name).map(|way| self.rows(way, None)).collect()
    }

    /// The lines of a page, and one more where there is another.
    async fn lines(&self, tx: &mut Tx, way: Way) -> Result<Vec<RosterRow>> {
        read_lines(&self.rows(way, None).rows(tx).await?)
    }

    /// The same where many are found in a long list: a page's worth of them will soon turn up, unless it is just the
    /// search by which the list is sorted.
    async fn lines_of_many(&self, tx: &mut Tx) -> Result<Vec<RosterRow>> {
        let end = self.end_of_walk().rows(tx).await?;
        let Some(end) = end.first() else { return self.lines(tx, Way::Walk).await };
        let (name_key, person) = (end.text("name_key")?, end.number("person")?);
        let lines = read_lines(&self.rows(Way::Walk, Some((&name_key, person))).rows(tx).await?)?;
        match () {
            () if lines.len() > PAGE => Ok(lines),
            () if self.is_by_name() && keys::are_made(tx).await? => self.lines(tx, Way::HitsByName).await,
            () => self.lines(tx, Way::Hits).await,
        }
    }
}

/// A page of the list of a unit, whose counts are known.
pub async fn page(tx: &mut Tx, unit: &UnitId, query: &UserQuery, counts: &[Count], now: Timestamp) -> Result<Page> {
    let list = List::new(tx.kind(), unit, query, counts);
    let list = if unfinished::is_any(tx).await? { list.asking_the_facts() } else { list };
    let hits = if list.pieces.is_empty() { 0 } else { list.hits().number(tx).await? };
    let are_many = hits > FEW;
    let way = match () {
        () if list.pieces.is_empty() => Way::Plain,
        () if list.people <= hits || are_many && list.people <= SHORT => Way::Walk,
        () => Way::Hits,
    };
    let mut lines = match way {
        Way::Hits if hits == 0 => Vec::new(),
        // SQLite's indexes give what they find in the order of numbers or of names, and stop when the page is full.
        Way::Hits
            if are_many && list.kind == DatabaseKind::Sqlite && list.is_by_name() && keys::are_made(tx).await? =>
        {
            list.lines(tx, Way::HitsByName).await?
        }
        Way::Hits if are_many && (list.is_by_name() || list.kind == DatabaseKind::Postgres) => {
            list.lines_of_many(tx).await?
        }
        way => list.lines(tx, way).await?,
    };
    let has_more = lines.len() > PAGE;
    let matching = match way {
        // The counts know it already.
        Way::Plain if !list.asks_the_facts => Some(list.people),
        _ if query.from == Cursor::Start && !has_more => i64::try_from(lines.len()).ok(),
        way => Some(list.count(way).number(tx).await?).filter(|n| *n <= COUNTED),
    };
    lines.truncate(PAGE);
    let is_back = matches!(query.from, Cursor::Before(_));
    if is_back {
        lines.reverse();
    }
    let has_previous = if is_back { has_more } else { query.from != Cursor::Start };
    let previous = lines.first().filter(|_| has_previous).map(|line| line.id.clone());
    let next = lines.last().filter(|_| is_back || has_more).map(|line| line.id.clone());
    if list.asks_the_facts {
        refresh::correct(tx, unit, query, &mut lines, now).await?;
    }
    add_offers(tx, &mut lines, now).await?;
    Ok(Page { lines, previous, next, matching })
}

/// Adds what is offered to those who share an address with somebody of the page: one look, however long the list is.
async fn add_offers(tx: &mut Tx, lines: &mut [RosterRow], now: Timestamp) -> Result<()> {
    let addresses: Vec<&str> = lines.iter().filter_map(|line| line.email.as_deref()).collect();
    let offers = memberships::offered_to_shadows(tx, &addresses, now).await?;
    for line in lines {
        let is_of_line =
            |address: &str, offer: &Membership| line.email.as_deref() == Some(address) && offer.user_id != line.id;
        let of_line = offers.iter().filter(|(address, offer)| is_of_line(address, offer));
        line.also_offered = of_line.map(|(_, offer)| offer.held()).collect();
    }
    Ok(())
}

/// One line for each person; whoever holds several places comes in several rows.
fn read_lines(rows: &[Row]) -> Result<Vec<RosterRow>> {
    let mut lines: Vec<RosterRow> = Vec::with_capacity(PAGE + 1);
    for row in rows {
        let id = UserId::new(row.text("id")?);
        let place = Place {
            unit: units::read_path(row)?,
            role: RoleId::new(row.text("role_id")?),
            extra: row.of("memberships", "membership_id", |row| row.code("extra", Permissions::read))?,
        };
        let is_set = |column| row.maybe_number(column).map(|at| at.is_some());
        let is_closed = row.truth("is_closed")?;
        let is_archived = is_set("archived_at")? || is_closed;
        let standing = Standing::of(is_set("active_at")?, is_set("blocked_at")?, is_archived);
        let held = HeldRole {
            place,
            unit: row.text("unit_name")?,
            standing,
            since: Timestamp(row.number("since")?),
            is_closed,
        };
        match lines.last_mut() {
            Some(line) if line.id == id => line.held.push(held),
            _ => lines.push(RosterRow {
                id,
                name: row.text("name")?,
                email: row.maybe_text("email")?,
                phone: row.maybe_text("phone")?,
                login: row.maybe_text("login")?,
                held: vec![held],
                also_offered: Vec::new(),
                status: row.of("roster", "person", |row| row.code("status", Status::from_code))?,
                until: row.maybe_number("status_until")?.map(Timestamp),
                created_at: Timestamp(row.number("created_at")?),
                last_seen_at: row.maybe_number("last_seen_at")?.map(Timestamp),
            }),
        }
    }
    Ok(lines)
}
