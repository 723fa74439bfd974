//! People by the hundred thousand, written straight into the tables of a furnished site, as the use cases and
//! `roster::refresh` would have left them; [`verify`] asks `refresh` itself. No dice: the same number gives the same people.

use std::collections::{BTreeMap, HashMap};
use usher::domain::address_guard::skeleton;
use usher::domain::contact::{Email, search_key, search_words};
use usher::domain::id::{RoleId, UnitId, UserId};
use usher::domain::invitation::{Delivery, InvitationFacts};
use usher::domain::membership::{MembershipFacts, Standing};
use usher::domain::role::Role;
use usher::domain::settings::OwnSettings;
use usher::domain::timestamp::{Duration, Timestamp};
use usher::domain::unit::{Unit, UnitKind};
use usher::domain::user::{Status, User};
use usher::server::app::App;
use usher::server::storage::tx::{DatabaseKind, Value};
use usher::server::storage::{Tx, keys, roster, units};
use usher::values;
use usher::words::Language;

/// Over how many companies the people are spread, and over how many branches of each: a thousand units to stand in.
pub const COMPANIES: usize = 20;
pub const BRANCHES: usize = 50;

/// The one person whom a rare needle finds.
pub const RARE: &str = "Zbigniew Quuxinsky";

/// How many rows one statement writes, and how many people one transaction.
const ROWS: usize = 500;
const CHUNK: usize = 10_000;

const FIRST: &str = "\
    Иван Анна Пётр Мария Сергей Ольга Алексей Наталья Дмитрий Елена Андрей Татьяна Михаил Ирина Николай Светлана \
    Владимир Юлия Павел Екатерина Артём Дарья Максим Алёна Виктор Галина Игорь Людмила Олег Вера Роман Полина Юрий \
    Ксения Константин Алина James Mary John Emma Robert Olivia Thomas Sophia Daniel Laura Peter Julia Lukas Anna \
    Jonas Lena Felix Marie Paul Clara Jean Chloé Luc Zoë Marek Zofia Łukasz Ivan";

const LAST: &str = "\
    Иванов Смирнов Кузнецов Попов Васильев Петров Соколов Михайлов Новиков Фёдоров Морозов Волков Алексеев Лебедев \
    Семёнов Егоров Павлов Козлов Степанов Николаев Орлов Андреев Макаров Никитин Захаров Зайцев Соловьёв Борисов \
    Яковлев Григорьев Романов Воробьёв Ковальчук Шевченко Бондаренко Ткаченко Лукашенок Янковский Щукин Жуков \
    Цветков Чернов Шаповалов Юдин Рыжков Быков Ефимов Гусев Smith Johnson Williams Brown Jones Miller Davis Wilson \
    Anderson Taylor Moore Jackson Martin Thompson White Harris Clark Lewis Walker Hall Young King Wright Müller \
    Schmidt Schneider Fischer Weber Wagner Becker Hoffmann Schäfer Koch Dubois Laurent Lefèvre Moreau Girard \
    Kowalski Nowak Wiśniewski Zieliński O'Brien Murphy Kelly Rossi Ferrari Petersen";

/// Numbers that look thrown (splitmix64).
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end as u64).unwrap_or_default()
    }

    /// A UUIDv7; `n` keeps the order within a millisecond.
    fn id(&mut self, at: Timestamp, n: usize) -> String {
        let (high, low) = (at.0 >> 16, at.0 & 0xffff);
        let tail = self.next() & 0xffff_ffff_ffff;
        format!("{high:08x}-{low:04x}-7{:03x}-{:04x}-{tail:012x}", n & 0xfff, 0x8000 | (self.next() & 0x3fff))
    }
}

/// Rows on their way into a table.
struct Load {
    table: &'static str,
    columns: &'static str,
    width: usize,
    values: Vec<Value>,
}

impl Load {
    fn new(table: &'static str, columns: &'static str) -> Self {
        Self { table, columns, width: columns.split(',').count(), values: Vec::new() }
    }

    fn add(&mut self, row: impl IntoIterator<Item = Value>) {
        self.values.extend(row);
        assert_eq!(self.values.len() % self.width, 0, "a row of {}", self.table);
    }

    async fn write(&mut self, tx: &mut Tx) {
        let kind = tx.kind();
        // SQLite looks `$1` up by its name among all others, which takes long in a statement with thousands of them.
        let place = |at: usize| if kind == DatabaseKind::Sqlite { "?".to_string() } else { format!("${at}") };
        for part in self.values.chunks(ROWS * self.width) {
            let places: Vec<String> = (1..=part.len()).map(place).collect();
            let rows: Vec<String> = places.chunks(self.width).map(|row| format!("({})", row.join(","))).collect();
            let sql = format!("insert into {} ({}) values {}", self.table, self.columns, rows.join(","));
            tx.execute(sqlx::AssertSqlSafe(sql), part).await.expect("rows");
        }
        self.values.clear();
    }
}

/// Where the people go, and who invited them.
pub struct Plan<'a> {
    pub app: &'a App,
    pub root: &'a Unit,
    pub roles: &'a [Role],
    pub inviter: &'a UserId,
    /// What everybody's password hashes to.
    pub password_hash: &'a str,
}

/// Adds units and `count` people to a furnished site; the companies, each with its branches behind it.
pub async fn add(plan: &Plan<'_>, count: usize) -> Vec<Vec<Unit>> {
    let db = &plan.app.db;
    let in_a_hurry = ["pragma synchronous = off", "pragma cache_size = -262144"];
    let as_usual = ["pragma synchronous = full", "pragma cache_size = -4096"];
    for pragma in in_a_hurry.iter().filter(|_| db.kind() == DatabaseKind::Sqlite) {
        db.touch(pragma, &[]).await.expect("a setting");
    }
    let companies = add_in_chunks(plan, count).await;
    for pragma in as_usual.iter().filter(|_| db.kind() == DatabaseKind::Sqlite) {
        db.touch(pragma, &[]).await.expect("a setting");
    }
    companies
}

async fn add_in_chunks(plan: &Plan<'_>, count: usize) -> Vec<Vec<Unit>> {
    let mut dice = Dice::new(7);
    let now = plan.app.clock.now();
    let mut tx = plan.app.db.maintain().await.expect("a transaction");
    let mut companies = Vec::new();
    for n in 1..=COMPANIES {
        let id = UnitId::new(dice.id(now, n));
        let path = plan.root.path.child(&id);
        let unit = |id, kind, name, path| Unit {
            id,
            kind,
            name,
            path,
            is_archived: false,
            is_closed: false,
            own: OwnSettings::default(),
        };
        let company = unit(id, UnitKind::Company, format!("Company {n:02}"), path);
        units::insert(&mut tx, &company, Some(&plan.root.id), now).await.expect("a company");
        let mut all = vec![company];
        for m in 1..=BRANCHES {
            let id = UnitId::new(dice.id(now, n * BRANCHES + m));
            let path = all[0].path.child(&id);
            let branch = unit(id, UnitKind::Branch, format!("Branch {n:02}.{m:02}"), path);
            units::insert(&mut tx, &branch, Some(&all[0].id), now).await.expect("a branch");
            all.push(branch);
        }
        companies.push(all);
    }
    let newest = tx.row("select max(number) as n from users", &[]).await.expect("a row").number("n").expect("a number");
    let mut numbers = HashMap::new();
    for row in tx.rows("select id, number from units union all select id, number from roles", &[]).await.expect("rows")
    {
        numbers.insert(row.text("id").expect("text"), row.number("number").expect("a number"));
    }
    tx.commit().await.expect("a commit");

    let db_kind = plan.app.db.kind();
    let mut writing = Writing {
        plan,
        companies,
        dice,
        now,
        firsts: FIRST.split_whitespace().collect(),
        lasts: LAST.split_whitespace().collect(),
        twins: HashMap::new(),
        numbers,
        counts: BTreeMap::new(),
        loads: loads(db_kind),
    };
    for from in (0..count).step_by(CHUNK) {
        let mut tx = plan.app.db.maintain().await.expect("a transaction");
        for n in from..(from + CHUNK).min(count) {
            writing.person(n, count, newest);
        }
        for load in &mut writing.loads {
            load.write(&mut tx).await;
        }
        tx.commit().await.expect("a commit");
    }
    let mut tx = plan.app.db.maintain().await.expect("a transaction");
    for ((unit, role, status), people) in &writing.counts {
        let sql = "insert into roster_counts (unit, role, status, people) values ($1, $2, $3, $4) \
                   on conflict (unit, role, status) do update set people = roster_counts.people + excluded.people";
        tx.execute(sql, &values![*unit, *role, status.code(), *people]).await.expect("counts");
    }
    roster::place_all(&mut tx).await.expect("places");
    keys::note_made(&mut tx).await.expect("a note");
    roster::refresh_statistics(&mut tx).await.expect("statistics");
    tx.commit().await.expect("a commit");
    writing.companies
}

fn loads(kind: DatabaseKind) -> [Load; 8] {
    let words = if kind == DatabaseKind::Postgres { "rowid, haystack, name_key" } else { "rowid, haystack" };
    [
        Load::new(
            "users",
            "id, number, name, name_is_own, email, phone, login, language, password_hash, password_changed_at, \
             registered_at, last_seen_at, seen_day, created_at, created_by, changed_at, version, is_placeholder, email_skeleton",
        ),
        Load::new(
            "invitations",
            "id, user_id, channel, address, language, personal_text, generation, valid_for, created_at, created_by, \
             renewed_at, expires_at, opened_at, accepted_at, withdrawn_at, needs_approval",
        ),
        Load::new(
            "memberships",
            "id, user_id, unit_id, role_id, extra, invitation_id, created_at, active_at, blocked_at, blocked_by, \
             block_reason",
        ),
        Load::new(
            "messages",
            "id, kind, channel, user_id, invitation_id, generation, header_id, created_at, next_try_at, attempts, \
             lease_number, sent_at, failed_at",
        ),
        Load::new("message_events", "id, message_id, at, kind, detail"),
        Load::new("audit_events", "id, at, actor_id, action, subject_id, unit_id, before, after"),
        Load::new("roster", "unit, person, role, status, is_archived, status_until, name_key, seen_day"),
        Load::new("user_search", words),
    ]
}

struct Writing<'a> {
    plan: &'a Plan<'a>,
    companies: Vec<Vec<Unit>>,
    dice: Dice,
    now: Timestamp,
    firsts: Vec<&'static str>,
    lasts: Vec<&'static str>,
    /// How many have had an address already.
    twins: HashMap<String, usize>,
    /// The numbers of units and roles.
    numbers: HashMap<String, i64>,
    counts: BTreeMap<(i64, i64, Status), i64>,
    loads: [Load; 8],
}

impl Writing<'_> {
    fn role(&self, key: &str) -> RoleId {
        self.plan.roles.iter().find(|role| role.key == key).expect("a role of the preset").id.clone()
    }

    /// The `n`th of `count` people, added over two years.
    fn person(&mut self, n: usize, count: usize, newest: i64) {
        let dice = &mut self.dice;
        let ago = Duration::days(730).0 / count as i64 * (count - n) as i64;
        let created = Timestamp(self.now.0 - ago);
        let name = if n == count / 2 {
            RARE.to_string()
        } else {
            // Short lists of names make twins, as there are; the first names of a list are frequent ones.
            let (firsts, lasts) = (&self.firsts, &self.lasts);
            let first = firsts[dice.below(firsts.len())];
            let last = lasts[dice.below(lasts.len()).min(dice.below(lasts.len()))];
            let is_feminine = last.ends_with('в') && first.ends_with(['а', 'я']);
            format!("{first} {last}{}", if is_feminine { "а" } else { "" })
        };
        let wanted = match dice.below(100) {
            0..80 => Status::Active,
            80..88 => Status::Invited,
            88..91 => Status::Expired,
            91..93 => Status::Failed,
            93..95 => Status::Waiting,
            95..98 => Status::Withdrawn,
            _ => Status::Blocked,
        };
        let role = match dice.below(1_000) {
            0..3 => "company_administrator",
            3..33 => "dispatcher",
            33..53 => "agent_group_manager",
            _ => "employee",
        };
        let company = dice.below(COMPANIES);
        let local = search_words(&name).join(".");
        let twin = self.twins.entry(local.clone()).or_default();
        *twin += 1;
        let address = format!("{local}{twin}@company{:02}.example", company + 1);
        let has_registered = matches!(wanted, Status::Active | Status::Blocked);
        let registered = has_registered.then(|| created + Duration::minutes(30));
        let is_russian = name.chars().next().is_some_and(|letter| letter.is_alphabetic() && letter > '\u{400}');
        let seen = registered.map(|at| Timestamp(at.0 + ago / 2));
        let user = User {
            id: UserId::new(self.dice.id(created, n)),
            number: newest + 1 + n as i64,
            // A tenth of those who have not registered are known by their address only.
            name: if has_registered || !n.is_multiple_of(10) { name } else { String::new() },
            name_is_own: has_registered,
            email: Some(address.clone()),
            phone: (n % 5 < 2).then(|| format!("+37529{:07}", n * 7 % 10_000_000)),
            login: n.is_multiple_of(20).then(|| format!("{local}-{n}")),
            is_placeholder: !has_registered,
            confirmed_at: None,
            unconfirmed_email: None,
            phone_confirmed_at: None,
            language: if is_russian { Language::Russian } else { Language::English },
            registered_at: registered,
            password_changed_at: registered,
            last_seen_at: seen,
            seen_day: seen.map_or(0, |at| at.0 / 86_400_000),
            created_at: created,
            created_by: Some(self.plan.inviter.clone()),
            changed_at: registered.unwrap_or(created),
            version: 1,
        };
        self.write_user(&user);
        self.write_rest(&user, wanted, &self.role(role), company, n);
    }

    fn write_user(&mut self, user: &User) {
        self.loads[0].add(values![
            &user.id,
            user.number,
            &user.name,
            user.name_is_own,
            user.email.as_deref(),
            user.phone.as_deref(),
            user.login.as_deref(),
            user.language.code(),
            user.registered_at.map(|_| self.plan.password_hash),
            user.password_changed_at,
            user.registered_at,
            user.last_seen_at,
            user.seen_day,
            user.created_at,
            user.created_by.as_ref(),
            user.changed_at,
            user.version,
            user.is_placeholder,
            user.email.as_deref().and_then(|email| Email::parse(email).ok()).map(|email| skeleton(&email)),
        ]);
        let parts: Vec<&str> =
            [Some(user.name.as_str()), user.email.as_deref(), user.login.as_deref(), user.phone.as_deref()]
                .into_iter()
                .flatten()
                .collect();
        let key = (self.loads[7].width == 3).then(|| roster::name_key(user).into());
        self.loads[7].add(values![user.number, search_key(&parts)].into_iter().chain(key));
    }

    fn write_rest(&mut self, user: &User, wanted: Status, role: &RoleId, company: usize, n: usize) {
        let (created, now, inviter) = (user.created_at, self.now, self.plan.inviter);
        let expires = match wanted {
            Status::Invited | Status::Waiting | Status::Failed => {
                now + Duration::hours(24 + self.dice.below(700) as i64)
            }
            _ => created + Duration::hours(8).min(Duration((now.0 - created.0) / 2)),
        };
        let withdrawn = (wanted == Status::Withdrawn).then(|| created + Duration::seconds(60));
        let invitation = self.dice.id(created, n);
        self.loads[1].add(values![
            &invitation,
            &user.id,
            "email",
            user.email.as_deref(),
            user.language.code(),
            "",
            1_i64,
            expires - created,
            created,
            inviter,
            created,
            Some(expires),
            user.registered_at,
            user.registered_at,
            withdrawn,
            false,
        ]);
        let (message, is_waiting) = (self.dice.id(created, n), wanted == Status::Waiting);
        let failed = (wanted == Status::Failed).then_some(created + Duration::seconds(2));
        let sent = (!is_waiting && failed.is_none()).then_some(created + Duration::seconds(2));
        self.loads[3].add(values![
            &message,
            "invitation",
            "email",
            &user.id,
            &invitation,
            1_i64,
            format!("<{invitation}.1@users.acme.by>"),
            created,
            is_waiting.then_some(now + Duration::days(1)),
            1_i64,
            1_i64,
            sent,
            failed,
        ]);
        let (queued, ended) = (self.dice.id(created, n), self.dice.id(created + Duration::seconds(2), n));
        self.loads[4].add(values![&queued, &message, created, "queued", ""]);
        let (kind, words) = match wanted {
            Status::Waiting => ("put_off", "450 4.2.0 Try again later"),
            Status::Failed => ("failed", "550 5.1.1 No such user"),
            _ => ("handed_over", "250 2.0.0 Ok: queued"),
        };
        self.loads[4].add(values![&ended, &message, created + Duration::seconds(2), kind, words]);
        // Half of the administrators stand at the company itself, everybody else in one of its branches.
        let place = match self
            .plan
            .roles
            .iter()
            .any(|one| &one.id == role && one.key == "company_administrator" && n.is_multiple_of(2))
        {
            true => 0,
            false => 1 + self.dice.below(BRANCHES),
        };
        let unit = &self.companies[company][place].id;
        let event = self.dice.id(created, n);
        self.loads[5].add(values![&event, created, inviter, "invited", &user.id, unit, "", user.email.as_deref()]);
        if let Some(at) = user.registered_at {
            let event = self.dice.id(at, n);
            self.loads[5].add(values![&event, at, &user.id, "accepted", &user.id, unit, "", ""]);
        }

        let blocked = (wanted == Status::Blocked).then_some(now);
        let mut places = vec![(company, place)];
        // A few work in two companies.
        if n.is_multiple_of(50) {
            places.push(((company + 1) % COMPANIES, 1 + n % BRANCHES));
        }
        for (nth, (company, place)) in places.iter().enumerate() {
            let id = self.dice.id(created + Duration(nth as i64), n);
            self.loads[2].add(values![
                &id,
                &user.id,
                &self.companies[*company][*place].id,
                role,
                "",
                Some(invitation.as_str()),
                created,
                user.registered_at,
                blocked,
                blocked.map(|_| inviter),
                blocked.map(|_| ""),
            ]);
        }
        let delivery = match (sent, failed) {
            (Some(_), _) => Delivery::HandedOver,
            (None, Some(_)) => Delivery::Failed,
            (None, None) => Delivery::Queued,
        };
        let standing = Standing::of(user.registered_at.is_some(), blocked.is_some(), false);
        let facts = MembershipFacts {
            standings: vec![standing],
            invitation: user.registered_at.is_none().then_some(InvitationFacts {
                is_unsent: false,
                expires_at: Some(expires),
                withdrawn_at: withdrawn,
                declined_at: None,
                accepted_at: user.registered_at,
                awaits_approval: false,
                delivery,
            }),
        };
        let (status, until, key) = (facts.status(now), facts.holds_until(now), roster::name_key(user));
        assert_eq!(status, wanted);
        let mut lists: Vec<i64> = vec![self.numbers[self.plan.root.id.as_str()]];
        for (company, place) in &places {
            let company = &self.companies[*company];
            lists.extend([&company[0], &company[*place]].map(|unit| self.numbers[unit.id.as_str()]));
        }
        lists.sort_unstable();
        lists.dedup();
        for unit in lists {
            let role = self.numbers[role.as_str()];
            self.loads[6].add(values![unit, user.number, role, status.code(), false, until, &key, user.seen_day]);
            *self.counts.entry((unit, role, status)).or_default() += 1;
        }
    }
}

/// Everything that the lists hold about some people, as text.
async fn lists_of(tx: &mut Tx, people: &[UserId]) -> Vec<String> {
    let mut lines = Vec::new();
    for id in people {
        let sql = "select r.unit, r.role, r.status, coalesce(r.status_until, 0) as until, r.name_key, r.seen_day from roster r \
                   join users u on u.number = r.person where u.id = $1 order by r.unit";
        for row in tx.rows(sql, &values![id]).await.expect("rows") {
            let text = |column| row.text(column).expect("text");
            let number = |column| row.number(column).expect("a number");
            let (unit, role, until) = (number("unit"), number("role"), number("until"));
            lines.push(format!("{id} {unit} {role} {} {until} {}", text("status"), text("name_key")));
        }
        let sql = "select w.haystack from search_words w join users u on u.number = w.person where u.id = $1";
        let row = tx.row(sql, &values![id]).await.expect("a row");
        lines.push(format!("{id} {}", row.text("haystack").expect("text")));
    }
    let sql = "select unit, role, status, people from roster_counts where people > 0 order by 1, 2, 3";
    for row in tx.rows(sql, &[]).await.expect("rows") {
        let number = |column| row.number(column).expect("a number");
        let (unit, role, people) = (number("unit"), number("role"), number("people"));
        lines.push(format!("{unit} {role} {} {people}", row.text("status").expect("text")));
    }
    lines
}

/// Whether `roster::refresh` would have written the same about a sample of 200; changes nothing.
pub async fn verify(app: &App, count: usize) {
    let mut tx = app.db.maintain().await.expect("a transaction");
    let mut people = Vec::new();
    for n in 0..200.min(count) {
        let number = 2 + n * count / 200.min(count);
        let row = tx.row("select id from users where number = $1", &values![number]).await.expect("a person");
        people.push(UserId::new(row.text("id").expect("text")));
    }
    let generated = lists_of(&mut tx, &people).await;
    roster::refresh(&mut tx, &people, app.clock.now()).await.expect("the lists");
    assert_eq!(generated, lists_of(&mut tx, &people).await, "the generator and `roster::refresh` differ");
    let ours = match tx.kind() {
        DatabaseKind::Sqlite => "SQLite",
        DatabaseKind::Postgres => "Postgres",
    };
    println!("{ours}: {} of {count} generated people are as `roster::refresh` writes them", people.len());
}
