//! The statements by which a page of the users list is read: narrowed, searched, in any order, from any place, and in which
//! ways. Which of them is taken when is decided in `page`; what the search index is asked for, in `needle`.

use super::needle::Needle;
use crate::domain::id::UnitId;
use crate::domain::listing::{COUNTED, ColumnSearch, Count, Cursor, SortKey, UserQuery};
use crate::domain::user::Status;
use crate::server::storage::tx::DatabaseKind;
use crate::server::storage::{Result, Statement, Tx};

/// How a list is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way<'a> {
    /// In its order; nothing is searched.
    Plain,
    /// In its order, looking each person's words up.
    Walk,
    /// From the search index; then sorted, unless the order is the index's own.
    Hits,
    /// The same in the order of names: SQLite's second index has it, Postgres sorts what it finds. Either way somebody's row is
    /// looked up only as long as the page is not full.
    HitsByName,
    /// Of these people only, by their numbers with commas between them; then sorted.
    Among(&'a str),
}

/// One of two filters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum By {
    Status,
    Role,
}

/// How many people are looked at, and where that begins: at the beginning of the list, or where the page begins.
#[derive(Clone, Copy, Debug)]
struct Far {
    most: i64,
    is_of_page: bool,
}

/// The list of a unit as somebody asked for it.
pub struct List<'a> {
    pub(super) kind: DatabaseKind,
    unit: &'a UnitId,
    pub(super) query: &'a UserQuery,
    /// By what people are searched.
    pub(super) needle: Needle,
    /// How many people of the unit stand in the status and the role, before anything is searched.
    pub(super) people: i64,
    /// The same by each filter alone. With both, that one finds the people which leaves fewer; the other is only checked.
    of_status: i64,
    of_role: i64,
    /// Some lines are still to be written anew: whether somebody stands in the list is asked of what they hold.
    pub(super) asks_the_facts: bool,
    /// Only those with this number or a smaller one: who was added before.
    pub(super) up_to: Option<i64>,
}

/// Everything that is looked for, wherever.
fn searched(query: &UserQuery) -> String {
    let [name, email, phone, login] = query.columns.texts();
    let all = [query.search.clone(), name.into(), email.into(), digits(phone), login.into()];
    all.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" ")
}

/// A number however it is written.
fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// How a word may stand in a column: a name as people write it, a number in digits, all else in small letters.
fn as_stored(column: &str, word: &str) -> Vec<String> {
    let small = word.to_lowercase();
    match column {
        "name" => {
            let mut letters = small.chars();
            let begins: String = letters.next().map(|first| first.to_uppercase().collect()).unwrap_or_default();
            let mut all = vec![word.to_string(), format!("{begins}{}", letters.as_str()), word.to_uppercase(), small];
            all.sort();
            all.dedup();
            all
        }
        "phone" => vec![word.to_string()],
        _ => vec![small],
    }
}

impl<'a> List<'a> {
    pub fn new(kind: DatabaseKind, unit: &'a UnitId, query: &'a UserQuery, counts: &[Count]) -> Self {
        let is_status = |count: &&Count| query.takes(count.status);
        let is_role = |count: &&Count| query.role.as_ref().is_none_or(|role| role == &count.role);
        let of_status: i64 = counts.iter().filter(is_status).map(|count| count.people).sum();
        let of_role: i64 = counts.iter().filter(is_role).map(|count| count.people).sum();
        Self {
            kind,
            unit,
            query,
            // The index knows nothing of columns: what is looked for in one of them is first of all looked for.
            needle: Needle::of(&searched(query)),
            people: counts.iter().filter(is_status).filter(is_role).map(|count| count.people).sum(),
            of_status,
            of_role,
            asks_the_facts: false,
            up_to: None,
        }
    }

    /// The same while lines are still to be written anew: none is shown of whom the unit has nobody any more.
    pub fn asking_the_facts(self) -> Self {
        Self { asks_the_facts: true, ..self }
    }

    /// The same of those only who were added when the one of this number was, or before.
    pub fn up_to(self, number: Option<i64>) -> Self {
        Self { up_to: number, ..self }
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

    /// How many people each filter alone leaves, fewer of them first, where the list has both.
    pub(super) fn sides(&self) -> Option<(i64, i64)> {
        let has_both = self.query.status.is_some() && self.query.role.is_some();
        has_both.then_some((self.of_status.min(self.of_role), self.of_status.max(self.of_role)))
    }

    /// Whether its order is that of names; within a part of equal roles, or of one status, it is.
    pub(super) fn is_by_name(&self) -> bool {
        self.key_column() == Some("name_key")
    }

    /// By what it is sorted before people's numbers; by these alone where there is nothing.
    fn key_column(&self) -> Option<&'static str> {
        match self.query.sort.key() {
            SortKey::Name | SortKey::Role | SortKey::Status => Some("name_key"),
            SortKey::Seen => Some("seen_day"),
            SortKey::Added => None,
        }
    }

    /// In which way the index gives people in the order of the list, where it has such an order.
    pub(super) fn in_order(&self) -> Option<Way<'static>> {
        match self.key_column() {
            None => Some(Way::Hits),
            Some("name_key") => Some(Way::HitsByName),
            Some(_) => None,
        }
    }

    /// Whether the order in which rows are read runs downwards. Going back is going forth in the other order, and turning
    /// the page round at the end.
    fn is_down(&self) -> bool {
        self.query.sort.is_down() != matches!(self.query.from, Cursor::Before(_))
    }

    /// The condition under which the index finds a person. What SQLite's is not asked for, [`Self::held`] looks up; Postgres has
    /// the words beside it.
    fn found(&self, statement: &mut Statement, way: Way<'_>) {
        match self.kind {
            DatabaseKind::Sqlite => {
                let at = statement.bind(self.needle.question());
                let index = if way == Way::HitsByName { "user_search_by_name" } else { "user_search" };
                statement.and(&format!("s.{index} match {at}"));
            }
            DatabaseKind::Postgres => {
                for asked in &self.needle.asked {
                    let at = statement.bind(format!("%{asked}%"));
                    statement.and(&format!("s.haystack like {at}"));
                }
                for word in &self.needle.rest {
                    let at = statement.bind(word);
                    statement.and(&format!("strpos(s.haystack, {at}) > 0"));
                }
            }
        }
    }

    /// What of the needle is looked up for one person at a time.
    fn looked_up(&self, way: Way<'_>) -> &[String] {
        match way {
            Way::Plain => &[],
            Way::Walk => &self.needle.words,
            // The words stand in the index.
            _ if self.kind == DatabaseKind::Postgres => &[],
            Way::Hits | Way::HitsByName | Way::Among(_) => &self.needle.rest,
        }
    }

    /// Whether whoever the index finds is what was searched, with nothing left to be looked up.
    pub(super) fn finds_exactly(&self) -> bool {
        self.looked_up(Way::Among("")).is_empty() && self.query.columns.is_empty()
    }

    /// The conditions under which a person's columns hold what is looked for in each of them.
    fn in_columns(&self, statement: &mut Statement) {
        let position = if self.kind == DatabaseKind::Sqlite { "instr" } else { "strpos" };
        for (column, text) in ColumnSearch::NAMES.into_iter().zip(self.query.columns.texts()) {
            let whole = digits(text);
            if column == "phone" && whole.is_empty() && !text.is_empty() {
                // Nobody's number has no digit.
                statement.and("1 = 0");
            }
            let words: Vec<&str> = if column == "phone" { vec![&whole] } else { text.split_whitespace().collect() };
            for word in words.into_iter().filter(|word| !word.is_empty()) {
                let any: Vec<String> = as_stored(column, word)
                    .into_iter()
                    .map(|text| format!("{position}(c.{column}, {}) > 0", statement.bind(text)))
                    .collect();
                statement.and(&format!("({})", any.join(" or ")));
            }
        }
    }

    /// The condition under which a person's words hold that.
    fn held(&self, statement: &mut Statement, way: Way<'_>) {
        let position = if self.kind == DatabaseKind::Sqlite { "instr" } else { "strpos" };
        for word in self.looked_up(way) {
            let at = statement.bind(word);
            statement.and(&format!("{position}(w.haystack, {at}) > 0"));
        }
    }

    /// How many people of the whole installation the index finds, counted as far as `most` and one more.
    pub(super) fn hits(&self, most: i64) -> Statement {
        let mut statement = Statement {
            sql: "select count(*) as n from (select 1 as one from user_search s where 1 = 1".into(),
            values: vec![],
        };
        self.found(&mut statement, Way::Hits);
        let at = statement.bind(most + 1);
        statement.push(&format!(" limit {at}) found"));
        statement
    }

    /// Whom the index finds, by their numbers, in their order: `most` of them and one more, in one text.
    pub(super) fn numbers_found(&self, most: i64) -> Statement {
        let mut statement = Statement {
            sql: format!(
                "select {} as people from (select s.rowid as person from user_search s where 1 = 1",
                self.all()
            ),
            values: vec![],
        };
        self.found(&mut statement, Way::Hits);
        let at = statement.bind(most + 1);
        let in_order = if self.kind == DatabaseKind::Sqlite { " order by s.rowid" } else { "" };
        statement.push(&format!("{in_order} limit {at}) found"));
        statement
    }

    /// Who stands in the list, in its order, before anything is searched: so many of them and one more, in one text.
    pub(super) fn numbers_listed(&self, most: i64) -> Statement {
        let statement = self.select("r.person", Way::Plain, None);
        self.numbers_of(statement, most)
    }

    /// The same of those whom the status alone leaves, or the role alone: the index of one knows nothing of the other.
    pub(super) fn numbers_by(&self, filter: By, most: i64) -> Statement {
        let mut statement = Statement::new("select r.person from roster r");
        statement.bind(self.unit);
        statement.push(" where r.unit = (select number from units where id = $1)");
        match filter {
            By::Status => {
                let at = statement.bind(self.query.status.map(Status::code));
                statement.and(&format!("r.status = {at}"));
            }
            By::Role => {
                let is_archived = statement.bind(self.query.status == Some(Status::Archived));
                statement.and(&format!("r.is_archived = {is_archived}"));
                let role = statement.bind(self.query.role.as_ref());
                statement.and(&format!("r.role = (select number from roles where id = {role})"));
            }
        }
        if let Some(number) = self.up_to {
            let at = statement.bind(number);
            statement.and(&format!("r.person <= {at}"));
        }
        self.numbers_of(statement, most)
    }

    fn numbers_of(&self, mut statement: Statement, most: i64) -> Statement {
        let at = statement.bind(most + 1);
        statement.sql = format!(
            "select {} as people from ({} order by {} limit {at}) found",
            self.all(),
            statement.sql,
            self.order(Way::Plain)
        );
        statement
    }

    /// All numbers of people as one text: a row for each would cost more than finding them.
    fn all(&self) -> &'static str {
        match self.kind {
            DatabaseKind::Sqlite => "group_concat(found.person)",
            DatabaseKind::Postgres => "string_agg(found.person::text, ',')",
        }
    }

    /// The filters; `$1` is the unit.
    fn filter(&self, statement: &mut Statement) {
        statement.push(" where r.unit = (select number from units where id = $1)");
        let has_both = self.query.status.is_some() && self.query.role.is_some();
        if let Some(status) = self.query.status {
            let at = statement.bind(status.code());
            let column = if has_both && self.of_role < self.of_status { "r.status || ''" } else { "r.status" };
            statement.and(&format!("{column} = {at}"));
        }
        if self.query.status.is_none() {
            let at = statement.bind(false);
            statement.and(&format!("r.is_archived = {at}"));
        }
        if let Some(role) = &self.query.role {
            let at = statement.bind(role);
            let column = if has_both && self.of_role >= self.of_status { "r.role + 0" } else { "r.role" };
            statement.and(&format!("{column} = (select number from roles where id = {at})"));
        }
        if let Some(number) = self.up_to {
            let at = statement.bind(number);
            statement.and(&format!("r.person <= {at}"));
        }
        if self.asks_the_facts {
            self.stands(statement);
        }
    }

    /// `select … from … where …`, filters and search included; `$1` is the unit. With `far`, only so many people are looked at.
    fn select(&self, what: &str, way: Way<'_>, far: Option<Far>) -> Statement {
        let list = "(select number from units where id = $1)";
        let mut statement = Statement::new(format!("select {what} from "));
        statement.bind(self.unit);
        let mut person = "r.person";
        let is_postgres = self.kind == DatabaseKind::Postgres;
        let is_sorted_first = is_postgres && (way == Way::HitsByName || self.key_column().is_none());
        let is_part = is_postgres && way == Way::Walk && far.is_some();
        match (way, far) {
            // It goes through the part in its order, and stops when the page is full.
            (Way::Walk, Some(far)) if is_part => {
                let columns =
                    "r.unit, r.person, r.role, r.status, r.is_archived, r.status_until, r.name_key, r.seen_day";
                statement.push(&format!("(select {columns} from roster r"));
                self.part(&mut statement, way, far);
                let most = statement.bind(far.most);
                statement.push(&format!(" limit {most}) r"));
            }
            (Way::Plain | Way::Walk, _) => statement.push("roster r"),
            // Sorted before anything is looked up.
            (Way::Hits | Way::HitsByName, _) if is_sorted_first => {
                statement.push("(select s.rowid, s.rowid + 0 as number, s.name_key from user_search s where 1 = 1");
                self.found(&mut statement, way);
                let order = self.order(way).replace("s.number", "s.rowid + 0");
                statement.push(&format!(" order by {order} offset 0) s"));
                person = "s.rowid";
            }
            (Way::Hits, _) => {
                statement.push("user_search s");
                person = "s.rowid";
            }
            (Way::HitsByName, _) => {
                statement.push("user_search_by_name s cross join user_search_place o on o.place = s.rowid");
                person = "o.person";
            }
            (Way::Among(people), _) => {
                let at = statement.bind(people);
                statement.push(&match self.kind {
                    DatabaseKind::Sqlite => format!("(select value as person from json_each('[' || {at} || ']')) s"),
                    DatabaseKind::Postgres => {
                        format!("(select unnest(string_to_array({at}, ',')::bigint[]) as person) s")
                    }
                });
                person = "s.person";
            }
        }
        if person != "r.person" {
            statement.look_up(self.kind, "roster r", &format!("r.unit = {list} and r.person = {person}"));
        }
        if !self.looked_up(way).is_empty() {
            statement.look_up(self.kind, "search_words w", &format!("w.person = {person}"));
        }
        if !self.query.columns.is_empty() {
            statement.look_up(self.kind, "users c", &format!("c.number = {person}"));
        }
        match is_part {
            true => statement.push(" where 1 = 1"),
            false => self.filter(&mut statement),
        }
        self.held(&mut statement, way);
        self.in_columns(&mut statement);
        if matches!(way, Way::Hits | Way::HitsByName) && !is_sorted_first {
            self.found(&mut statement, way);
        }
        if let Some(far) = far.filter(|_| !is_postgres) {
            self.end(&mut statement, way, far);
        }
        statement
    }

    /// Which people are looked at, in their order: those of the list, or those whom the index finds.
    fn part(&self, statement: &mut Statement, way: Way<'_>, far: Far) {
        match way {
            Way::Hits | Way::HitsByName => {
                statement.push(" where 1 = 1");
                self.found(statement, way);
            }
            _ => self.filter(statement),
        }
        if far.is_of_page {
            self.seek(statement, way);
        }
        let direction = if self.is_down() { "desc" } else { "asc" };
        statement.push(&match way {
            Way::Hits => format!(" order by s.rowid {direction}"),
            _ => format!(" order by {}", self.order(way)),
        });
    }

    /// Up to whom the part goes: read first and said as a bound, since SQLite would go through the whole part otherwise.
    fn end(&self, statement: &mut Statement, way: Way<'_>, far: Far) {
        let (table, columns): (_, &[&str]) = match (way, self.key_column()) {
            (Way::Hits, _) => ("user_search s", &["s.rowid"]),
            (Way::HitsByName, _) => ("user_search_by_name s", &["s.rowid"]),
            (_, Some("name_key")) => ("roster r", &["r.name_key", "r.person"]),
            (_, Some(_)) => ("roster r", &["r.seen_day", "r.person"]),
            _ => ("roster r", &["r.person"]),
        };
        let than = if self.is_down() { ">" } else { "<" };
        statement.and(&format!("({}) {than} (", columns.join(", ")));
        for (nth, column) in columns.iter().enumerate() {
            statement.push(if nth == 0 { "coalesce((" } else { ", coalesce((" });
            statement.push(&format!("select {column} from {table}"));
            self.part(statement, way, far);
            // Where the part has no end, all there are.
            let all = match (*column == "r.name_key", self.is_down()) {
                (true, true) => statement.bind(""),
                (true, false) => statement.bind("\u{10ffff}"),
                (false, true) => statement.bind(i64::MIN),
                (false, false) => statement.bind(i64::MAX),
            };
            let most = statement.bind(far.most);
            statement.push(&format!(" limit 1 offset {most}), {all})"));
        }
        statement.push(")");
    }

    /// What stands behind the place where the page begins.
    fn seek(&self, statement: &mut Statement, way: Way<'_>) {
        let (Cursor::After(id) | Cursor::Before(id)) = &self.query.from else { return };
        let at = statement.bind(id);
        let than = if self.is_down() { "<" } else { ">" };
        if way == Way::HitsByName && self.kind == DatabaseKind::Sqlite {
            statement.and(&format!(
                "s.rowid {than} (select h.place from users f join roster c on c.person = f.number \
                 join user_search_place h on h.person = f.number \
                 where f.id = {at} and c.unit = (select number from units where id = $1))"
            ));
        } else if let Some(key) = self.key_column() {
            statement.and(&format!(
                "(r.{key}, r.person) {than} (select c.{key}, c.person from users f join roster c \
                 on c.person = f.number where f.id = {at} and c.unit = (select number from units where id = $1))"
            ));
        } else {
            let number = if way == Way::Hits { "s.rowid" } else { "r.person" };
            statement.and(&format!("{number} {than} (select number from users where id = {at})"));
        }
    }

    fn order(&self, way: Way<'_>) -> String {
        let direction = if self.is_down() { "desc" } else { "asc" };
        match (way, self.key_column()) {
            (Way::HitsByName, _) if self.kind == DatabaseKind::Postgres => {
                format!("s.name_key {direction}, s.rowid {direction}")
            }
            (Way::HitsByName, _) => format!("s.rowid {direction}"),
            (_, Some(key)) => format!("r.{key} {direction}, r.person {direction}"),
            // Not the key itself: Postgres would read all words in the order of people, in the hope of a page soon.
            (Way::Hits, None) if self.kind == DatabaseKind::Postgres => format!("s.number {direction}"),
            (Way::Hits, None) => format!("s.rowid {direction}"),
            _ => format!("r.person {direction}"),
        }
    }

    /// The rows of a page, and one more where there is another; with `far`, only as many as there are among so many people.
    pub(super) fn rows(&self, way: Way<'_>, far: Option<i64>) -> Statement {
        let far = far.map(|most| Far { most, is_of_page: true });
        let mut statement = self.select("r.person, r.status, r.status_until, r.name_key, r.seen_day", way, far);
        self.seek(&mut statement, way);
        let limit = statement.bind(self.query.size.rows() + 1);
        let direction = if self.is_down() { "desc" } else { "asc" };
        let by_key = self.key_column().map(|key| format!("p.{key} {direction}, ")).unwrap_or_default();
        statement.sql = format!(
            "select p.person, p.status, \
             coalesce(p.status_until, case when p.status = 'archived' then u.erase_at end) as status_until, p.name_key, p.seen_day, u.id, u.name, u.email, u.phone, u.login, u.created_at, u.last_seen_at, \
             m.id as membership_id, m.unit_id, m.role_id, m.extra, m.created_at as since, m.active_at, m.blocked_at, m.archived_at, n.path, n.name as unit_name, n.is_closed \
             from ({} order by {} limit {limit}) p \
             cross join users u cross join memberships m cross join units n \
             where u.number = p.person and m.user_id = u.id and n.id = m.unit_id \
             order by {by_key}p.person {direction}, m.id",
            statement.sql,
            self.order(way)
        );
        statement
    }

    /// How many people are on all pages together, counted a little further than [`COUNTED`]; with `far`, of so many people only.
    pub(super) fn count(&self, way: Way<'_>, far: Option<i64>) -> Statement {
        let far = far.map(|most| Far { most, is_of_page: false });
        let mut statement = self.select("1 as one", way, far);
        let limit = statement.bind(COUNTED + 1);
        statement.sql = format!("select count(*) as n from ({} limit {limit}) found", statement.sql);
        statement
    }

    /// Every statement by which this list may be read, for whoever looks at their plans.
    pub fn statements(&self) -> Vec<Statement> {
        if self.needle.words.is_empty() {
            return vec![self.rows(Way::Plain, None), self.count(Way::Plain, None)];
        }
        let (some, few) = (1_000, Way::Among("1,2,3"));
        let mut all =
            vec![self.needle.sample(self.kind), self.hits(some), self.numbers_found(some), self.numbers_listed(some)];
        if self.sides().is_some() {
            all.extend([By::Status, By::Role].map(|filter| self.numbers_by(filter, some)));
        }
        if self.kind == DatabaseKind::Sqlite {
            all.extend(self.in_order().map(|way| self.rows(way, Some(some))));
            all.push(self.count(Way::Hits, Some(some)));
        }
        all.extend([self.rows(Way::Walk, Some(some)), self.count(Way::Walk, Some(some))]);
        all.extend(self.pages());
        all.extend([Way::Walk, Way::Hits, few].map(|way| self.count(way, None)));
        all.push(self.rows(few, None));
        all
    }

    /// The ways in which a page of a search may be read; all of them give the same.
    pub fn pages(&self) -> Vec<Statement> {
        let by_name = [Way::HitsByName].into_iter().filter(|_| self.is_by_name());
        [Way::Walk, Way::Hits].into_iter().chain(by_name).map(|way| self.rows(way, None)).collect()
    }

    /// The same with the index asked for no more than what few have of the needle.
    pub async fn choosing(mut self, tx: &mut Tx) -> Result<Self> {
        self.needle.choose(tx).await?;
        Ok(self)
    }
}
