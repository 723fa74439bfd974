//! H-16: what cannot be read is an error that names table, column and id. Nothing is guessed in its place, nothing is
//! written over it, and `doctor` finds it.

use crate::delivery::Running;
use crate::support::browser::{Answer, Browser};
use crate::support::databases::both;
use crate::support::people::PASSWORD;
use crate::support::site::{Invited, TestSite, caller};
use crate::support::smtp::Sink;
use crate::support::tables::Dump;
use crate::support::until;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use std::collections::BTreeSet;
use usher::domain::error::UseCaseError;
use usher::domain::id::{DraftId, JobId, ProposalId};
use usher::domain::job::JobKind;
use usher::domain::proposal::ProposedChange;
use usher::server::storage::messages::MessageEvent;
use usher::server::storage::proposals::Proposal;
use usher::server::storage::tx::{DatabaseKind, Value};
use usher::server::storage::{Corrupt, Database, jobs, look_through, proposals, roster};
use usher::server::use_cases::{import, notes, settings};
use usher::server::{random, spreadsheets, use_cases::invite};
use usher::values;

/// A place where a code, a path or a text with fields stands; how its row is found; values that nobody can read; a page or
/// a call that needs it.
struct Place {
    table: &'static str,
    column: &'static str,
    key: &'static str,
    /// Which row: a condition.
    row: &'static str,
    bad: &'static [&'static str],
    asked: &'static str,
}

const CODES: &[&str] = &["", "nonsense", "Team ", "1", "EN", "ACTIVE", "school_oner"];
const LISTS: &[&str] =
    &["nonsense", "users.see users.fly", "users.see,users.edit", "USERS.SEE", "users.see\u{a0}users.edit"];
const USERS: &str = "/api/users?q=&status=&role=&sort=&after=&before=";
const INVITATIONS: &str = "/api/page?address=/invitations";

const DRAFT: &str = "/api/invite-page?address=/users/invite%3Fdraft%3D{draft}";

const OF_INVITATION: &str = "message_id in (select id from messages where invitation_id is not null)";

const AT_ROOT: &str = "unit = (select number from units where parent_id is null) and people > 0";

const PLACES: &[Place] = &[
    Place { table: "units", column: "kind", key: "id", row: "parent_id is null", bad: CODES, asked: USERS },
    Place {
        table: "units",
        column: "path",
        key: "id",
        row: "parent_id is null",
        bad: &["", "/", "nonsense", "nonsense/", "/x/"],
        asked: USERS,
    },
    Place { table: "roles", column: "permissions", key: "id", row: "is_top", bad: LISTS, asked: USERS },
    Place { table: "roles", column: "key", key: "id", row: "is_top", bad: &["nonsense", " ", "Main"], asked: USERS },
    Place { table: "users", column: "language", key: "id", row: "email = 'anna@acme.by'", bad: CODES, asked: USERS },
    Place { table: "invitations", column: "language", key: "id", row: "1 = 1", bad: CODES, asked: INVITATIONS },
    Place { table: "invitations", column: "channel", key: "id", row: "1 = 1", bad: CODES, asked: INVITATIONS },
    Place { table: "memberships", column: "extra", key: "id", row: "active_at is null", bad: LISTS, asked: USERS },
    Place {
        table: "messages",
        column: "kind",
        key: "id",
        row: "1 = 1",
        bad: CODES,
        asked: "/api/page?address=/mailbox",
    },
    Place {
        table: "messages",
        column: "channel",
        key: "id",
        row: "1 = 1",
        bad: CODES,
        asked: "/api/page?address=/mailbox",
    },
    Place { table: "message_events", column: "kind", key: "id", row: OF_INVITATION, bad: CODES, asked: INVITATIONS },
    Place {
        table: "message_events",
        column: "reason",
        key: "id",
        row: "reason is not null",
        bad: CODES,
        asked: INVITATIONS,
    },
    Place {
        table: "audit_events",
        column: "action",
        key: "id",
        row: "1 = 1",
        bad: CODES,
        asked: "/api/page?address=/audit",
    },
    Place { table: "invitation_terms", column: "language", key: "id", row: "1 = 1", bad: CODES, asked: DRAFT },
    Place { table: "invitation_terms", column: "extra", key: "id", row: "1 = 1", bad: LISTS, asked: DRAFT },
    Place { table: "invitation_terms", column: "channel", key: "id", row: "1 = 1", bad: CODES, asked: DRAFT },
    Place {
        table: "invitation_rows",
        column: "verdict",
        key: "id",
        row: "verdict is not null",
        bad: CODES,
        asked: DRAFT,
    },
    Place { table: "table_layouts", column: "hidden", key: "user_id", row: "1 = 1", bad: LISTS, asked: USERS },
    Place { table: "roster", column: "status", key: "person", row: "1 = 1", bad: CODES, asked: USERS },
    Place { table: "roster_counts", column: "status", key: "unit", row: AT_ROOT, bad: CODES, asked: USERS },
];

/// What is no hash of ours, though some of it looks like one: another scheme, no salt, no output, cut off, or more work than the
/// machine has memory and time for.
const NO_HASHES: &[&str] = &[
    "",
    "-",
    "nonsense",
    "$2b$12$R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMUW",
    "$argon2id$v=19$m=19456,t=2,p=1",
    "$argon2id$v=19$m=19456,t=2,p=1$bm90IHZlcnkgc2FsdHk",
    "$argon2id$v=99$m=19456,t=2,p=1$bm90IHZlcnkgc2FsdHk$Y29wcGVyIGxhbXAgcml2ZXI",
    "$argon2id$v=19$m=0,t=0,p=0$bm90IHZlcnkgc2FsdHk$Y29wcGVyIGxhbXAgcml2ZXI",
    "$argon2id$v=19$m=99999999,t=2,p=1$bm90IHZlcnkgc2FsdHk$Y29wcGVyIGxhbXAgcml2ZXI",
    "$argon2id$v=19$m=4294967295,t=2,p=1$bm90IHZlcnkgc2FsdHk$Y29wcGVyIGxhbXAgcml2ZXI",
    "$argon2id$v=19$m=19456,t=4294967295,p=1$bm90IHZlcnkgc2FsdHk$Y29wcGVyIGxhbXAgcml2ZXI",
    "$argon2id$v=19$m=262144,t=2,p=16000$bm90IHZlcnkgc2FsdHk$Y29wcGVyIGxhbXAgcml2ZXI",
    " $argon2id$v=19$m=19456,t=2,p=1$bm90IHZlcnkgc2FsdHk$Y29wcGVyIGxhbXAgcml2ZXI",
];

/// What stands in the settings, what of it cannot be read, and how that place is called.
const SETTINGS: &[(&str, &str)] = &[
    ("", "value"),
    ("null", "value"),
    ("[]", "value"),
    ("{", "value"),
    (r#"{"organisation":"ACME"} x"#, "value"),
    (r#"{"organisation":null}"#, "value.organisation"),
    (r#"{"organisation":"ACME","preset":"nonsense"}"#, "value.preset"),
    (r#"{"preset":7}"#, "value.preset"),
    (r#"{"language":"Klingon"}"#, "value.language"),
    (r#"{"zone":"Atlantis/Nowhere"}"#, "value.zone"),
    (r#"{"invitation_valid_for":"a week"}"#, "value.invitation_valid_for"),
    (r#"{"hold":null}"#, "value.hold"),
    (r#"{"hold":1.5}"#, "value.hold"),
    (r#"{"password":{"min_length":-1}}"#, "value.password"),
    (r#"{"password":[]}"#, "value.password"),
    (r#"{"name_policy":"Everybody"}"#, "value.name_policy"),
    (r#"{"unit_field":""}"#, "value.unit_field"),
    (r#"{"checks_domains":"yes"}"#, "value.checks_domains"),
    (r#"{"invitation_texts":[["English",{"subject":"{{nobody}}"}]]}"#, "value.invitation_texts"),
    (r#"{"invitation_texts":[["Klingon",{}]]}"#, "value.invitation_texts"),
];

/// Asks as the page's script does.
async fn ask(browser: &mut Browser, path: &str) -> Answer {
    let request = Request::builder().uri(path).header(header::ACCEPT, "application/json");
    browser.send(request.body(Body::empty()).expect("a request")).await
}

/// The statements that take the guards off the history and off the people.
fn without_their_guards(db: &Database) -> Vec<String> {
    let guards =
        [("audit_events_unchanged", "audit_events"), ("users_updated_erased", "users"), ("users_kept_apart", "users")];
    let drop = |(guard, table): &(&str, &str)| match db.kind() {
        DatabaseKind::Sqlite => format!("drop trigger {guard}"),
        DatabaseKind::Postgres => format!("drop trigger {guard} on {table}"),
    };
    guards.iter().map(drop).collect()
}

struct Scene {
    site: TestSite,
    invited: Invited,
    draft: DraftId,
    browser: Browser,
}

impl Scene {
    async fn new(db: Database) -> Self {
        let mut site = TestSite::furnish(db, None).await;
        let invited = site.invite("Olga", "olga@acme.by").await;
        let anna = crate::support::site::caller(&site.anna);
        let wish = invite::InviteForm {
            addresses: "petr@acme.by, broken@".into(),
            units: vec![site.company.id.to_string()],
            role: site.role("employee").id.to_string(),
            language: "en".into(),
            valid_for: "8h".into(),
            ..invite::InviteForm::default()
        };
        let draft = invite::invite(&site.app, &anna, &wish).await.expect("invited");
        let mut tx = site.app.db.maintain().await.expect("a transaction");
        let proposal = Proposal {
            id: ProposalId::new(usher::server::random::id(site.app.clock.now())),
            wish: ProposedChange::RemoveRole { role: site.role("employee").id.clone() },
            base: String::new(),
            proposed_by: site.anna.clone(),
            created_at: site.app.clock.now(),
        };
        proposals::insert(&mut tx, &proposal).await.expect("proposed");
        let (job, now) = (JobId::new(random::id(site.app.clock.now())), site.app.clock.now());
        jobs::insert(&mut tx, &job, JobKind::InviteRound, "nothing", &site.anna, now, now).await.expect("a job");
        tx.commit().await.expect("a commit");
        notes::keep(&site.app, &anna, r#"{"form":"/api/invite"}"#).await.expect("kept");
        site.reset(&site.anna).await;
        site.add_shift(&site.company).await;
        let mut browser = Browser::signed_in(&site.app, &site.anna).await;
        // A wrong password is counted.
        browser.stranger(1).post_form("/sign-in", &[("username", "anna@acme.by"), ("password", "wrong")]).await;
        site.change_config(|_| {});
        browser.get("/users").await;
        browser.call("/api/choose-table-layout", &[("columns[]", "role")]).await;
        let scene = Self { site, invited, draft, browser };
        let put_off = format!(
            "insert into message_events (id, message_id, at, kind, reason, detail) \
             select id || 'x', message_id, at, 'put_off', 'try_later', '450 Later' from message_events where {OF_INVITATION}"
        );
        scene.tell(put_off, &[]).await;
        // The history and the people refuse some changes (H-39); a broken disk asks nobody.
        for guard in without_their_guards(scene.db()) {
            scene.tell(guard, &[]).await;
        }
        scene
    }

    fn db(&self) -> &Database {
        &self.site.app.db
    }

    async fn tell(&self, sql: String, values: &[Value]) {
        let mut tx = self.db().maintain().await.expect("a transaction");
        tx.execute(sqlx::AssertSqlSafe(sql.clone()), values).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
        tx.commit().await.expect("a commit");
    }

    async fn text(&self, sql: String, values: &[Value]) -> String {
        let mut tx = self.db().read().await.expect("a connection");
        tx.row(sqlx::AssertSqlSafe(sql), values).await.expect("a row").text("it").expect("a text")
    }

    async fn found(&self) -> Vec<Corrupt> {
        look_through(&mut self.db().read().await.expect("a connection"), 50).await.expect("looked through")
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_that_nobody_knows_is_an_error_with_its_place_and_never_another_code_h_16() {
    both(|db| async {
        let mut scene = Scene::new(db).await;
        assert_eq!(scene.found().await, []);
        let whole = Dump::of(scene.db()).await;
        for Place { table, column, key, row, bad, asked } in PLACES {
            let asked = asked.replace("{draft}", scene.draft.as_str());
            assert_eq!(ask(&mut scene.browser, &asked).await.status, StatusCode::OK, "{asked} while all is well");
            let sql = format!("select cast({key} as text) as it from {table} where {row} order by {key} desc limit 1");
            let id = scene.text(sql, &[]).await;
            let these = format!("cast({key} as text) = $1 and {row}");
            let before =
                scene.text(format!("select {column} as it from {table} where {these} limit 1"), &values![&id]).await;
            for value in *bad {
                if !can_stand_there(table, column, value) {
                    continue;
                }
                let sql = format!("update {table} set {column} = $2 where {these} and {column} = $3");
                scene.tell(sql, &values![&id, *value, &before]).await;
                let found = scene.found().await;
                let place = Corrupt { table, column: (*column).into(), id: id.clone() };
                assert!(found.contains(&place), "{table}.{column} = {value:?}: {found:?}");
                for place in &found {
                    let words = place.to_string();
                    assert!(value.len() < 3 || !words.contains(value), "the content is told: {words}");
                }
                let answer = ask(&mut scene.browser, &asked).await;
                let refusal = answer.refusal();
                assert!(
                    matches!(refusal, Some(UseCaseError::Broken { .. })),
                    "{table}.{column} = {value:?}: {refusal:?}"
                );
                assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
                let sql = format!("update {table} set {column} = $3 where {these} and {column} = $2");
                scene.tell(sql, &values![&id, *value, &before]).await;
            }
        }
        whole.assert_unchanged(scene.db(), "looking at what cannot be read").await;
        assert_eq!(scene.found().await, []);
    })
    .await;
}

/// A role that no preset brought has no key.
fn can_stand_there(table: &str, column: &str, value: &str) -> bool {
    !matches!((table, column, value), ("roles", "key", ""))
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_that_cannot_be_read_never_become_defaults_and_are_not_written_over_h_16() {
    both(|db| async {
        let mut scene = Scene::new(db).await;
        let sql = || "select value as it from settings".to_string();
        let before = scene.text(sql(), &[]).await;
        let anna = crate::support::site::caller(&scene.site.anna);
        let wished = settings::view(&scene.site.app, &anna, "").await.expect("the settings").settings.as_typed();
        let mut stranger = scene.browser.stranger(2);
        for (bad, column) in SETTINGS {
            scene.tell("update settings set value = $1".into(), &values![*bad]).await;
            let place = Corrupt { table: "settings", column: (*column).into(), id: "settings".into() };
            assert_eq!(scene.found().await, [place], "{bad}");
            for page in ["/users", "/settings", "/me"] {
                let answer = scene.browser.get(page).await;
                assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR, "{page} with {bad}");
                assert!(!answer.text().contains("Klingon") && !answer.text().contains("Atlantis"));
            }
            assert_eq!(stranger.get("/sign-in").await.status, StatusCode::INTERNAL_SERVER_ERROR, "{bad}");
            assert_eq!(stranger.get("/health/ready").await.status, StatusCode::SERVICE_UNAVAILABLE, "{bad}");
            let changed = settings::change(&scene.site.app, &anna, "", &wished).await;
            assert!(matches!(changed, Err(UseCaseError::Broken { .. })), "{bad}: {changed:?}");
            assert_eq!(scene.text(sql(), &[]).await, *bad, "written over");
        }
        // Gone is not readable either, where there are people.
        scene.tell("delete from settings".into(), &[]).await;
        assert_eq!(scene.browser.get("/users").await.status, StatusCode::INTERNAL_SERVER_ERROR);
        assert!(matches!(
            settings::change(&scene.site.app, &anna, "", &wished).await,
            Err(UseCaseError::Broken { .. })
        ));
        // What another version knew, and what it did not, is no fault.
        let other = r#"{"organisation":"ACME","zone":"Europe/Minsk","something_newer":{"a":[1]}}"#;
        scene.tell("insert into settings (name, value) values ('settings', $1)".into(), &values![other]).await;
        assert_eq!(scene.found().await, []);
        assert_eq!(scene.browser.get("/users").await.status, StatusCode::OK);
        scene.tell("update settings set value = $1".into(), &values![&before]).await;
        assert_eq!(settings::view(&scene.site.app, &anna, "").await.expect("the settings").settings.as_typed(), wished);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_that_cannot_be_read_is_an_incident_and_never_a_wrong_one_h_16() {
    both(|db| async {
        let scene = Scene::new(db).await;
        scene.site.give_password(&scene.site.anna).await;
        let id = scene.site.anna.to_string();
        let sql = || "select password_hash as it from users where id = $1".to_string();
        let whole = scene.text(sql(), &values![&id]).await;
        let sign_in = async |at: u16| scene.browser.stranger(at).sign_in("anna@acme.by", PASSWORD).await.status;
        assert_eq!(sign_in(10).await, StatusCode::SEE_OTHER);
        for (at, bad) in (11..).zip(NO_HASHES) {
            scene.tell("update users set password_hash = $2 where id = $1".into(), &values![&id, *bad]).await;
            let place = Corrupt { table: "users", column: "password_hash".into(), id: id.clone() };
            assert_eq!(scene.found().await, [place], "{bad}");
            assert_eq!(sign_in(at).await, StatusCode::INTERNAL_SERVER_ERROR, "{bad}");
            // Whoever is signed in works on, but changes no password with it.
            let mut inside = scene.browser.clone();
            assert_eq!(inside.get("/users").await.status, StatusCode::OK, "{bad}");
            let fields = [("current_password", PASSWORD), ("new_password", "velvet stone garden")];
            let changed = inside.call("/api/change-password", &fields).await.refusal();
            assert!(matches!(changed, Some(UseCaseError::Broken { .. })), "{bad}: {changed:?}");
            assert_eq!(scene.text(sql(), &values![&id]).await, *bad, "written over");
        }
        scene.tell("update users set password_hash = $2 where id = $1".into(), &values![&id, &whole]).await;
        assert_eq!(sign_in(40).await, StatusCode::SEE_OTHER);
    })
    .await;
}

/// An address, a number or a login that is none, or not as it is compared, is nobody's: the doctor names it. Nothing is guessed
/// in its place, so the pages show it as it is.
#[tokio::test(flavor = "multi_thread")]
async fn an_identifier_that_is_none_is_found_h_16() {
    const WRONG: &[(&str, &str, &[&str])] = &[
        (
            "users",
            "email",
            &["", "abc", "not an address", "anna@", "Anna@acme.by", " anna@acme.by", "anna@acme.by\n", "a@b@acme.by"],
        ),
        (
            "users",
            "phone",
            &["", "abc", "375291234567", "+375 29 123-45-67", "+", "+37529123456789012", "anna@acme.by"],
        ),
        ("users", "login", &["", "ab", "Anna", "anna petrova", "anna@acme.by", "+375291234567", "ivаn"]),
        ("invitations", "address", &["abc", "not an address", "Olga@acme.by", "olga@acme.by "]),
    ];
    both(|db| async {
        let mut scene = Scene::new(db).await;
        for (column, sound) in [("phone", "+375291234567"), ("login", "anna-petrova")] {
            let sql = format!("update users set {column} = $2 where id = $1");
            scene.tell(sql, &values![&scene.site.anna, sound]).await;
        }
        assert_eq!(scene.found().await, []);
        for (table, column, wrong) in WRONG {
            let id = match *table {
                "users" => scene.site.anna.to_string(),
                _ => scene.invited.invitation.to_string(),
            };
            let before = scene.text(format!("select {column} as it from {table} where id = $1"), &values![&id]).await;
            for value in *wrong {
                let sql = || format!("update {table} set {column} = $2 where id = $1");
                scene.tell(sql(), &values![&id, *value]).await;
                let place = Corrupt { table, column: (*column).into(), id: id.clone() };
                assert_eq!(scene.found().await, [place], "{table}.{column} = {value:?}");
                scene.tell(sql(), &values![&id, &before]).await;
            }
        }
        assert_eq!(scene.found().await, []);
        assert_eq!(ask(&mut scene.browser, USERS).await.status, StatusCode::OK);
    })
    .await;
}

/// Columns that no reader reads, and why that is right.
const UNREAD: &[(&str, &str, &str)] = &[
    ("sessions", "secret_hash", "looked up by, never read back"),
    ("api_tokens", "secret_hash", "the same"),
    ("invitations", "approved_by", "for whoever looks into the table; a reference, which the database keeps right"),
    ("memberships", "archived_by", "the same"),
    ("shifts", "created_by", "the same"),
    ("units", "created_at", "read by the doctor alone"),
    ("units", "haystack", "made from the name, looked up by, never read back"),
    ("units", "name_key", "the same"),
    ("roster", "*", "made from the other tables with every change"),
    ("roster_counts", "*", "the same"),
    ("heartbeat", "*", "written to see whether anything can be written"),
    ("role_assigns", "*", "references, which the database keeps right"),
    ("shift_people", "*", "the same"),
    ("users", "became", "joined by, never read back"),
    ("users", "phone_signs_in", "asked of the database alone"),
];

/// SQLite keeps anything in any column; Postgres has types of its own.
#[tokio::test(flavor = "multi_thread")]
async fn a_value_of_another_type_is_found_in_every_column_h_16() {
    both(|db| async {
        if db.kind() != DatabaseKind::Sqlite {
            // There the same statement is refused, whatever it would put there.
            let mut tx = db.maintain().await.expect("a transaction");
            assert!(tx.execute("update messages set attempts = 'x'", &[]).await.is_err());
            return;
        }
        let scene = Scene::new(db).await;
        scene.site.give_token(&scene.site.anna).await;
        let cells = spreadsheets::read(b"Vera Orlova;vera@acme.by\n").expect("cells");
        import::open(&scene.site.app, &caller(&scene.site.anna), "", cells).await.expect("a list");
        let left = "insert into unfinished (work, subject, after) values ('unit', 'nowhere', '')";
        scene.tell(left.into(), &[]).await;
        let untold = "insert into to_tell (invitation_id, inviter_id, untold_since) \
                      select id, created_by, 1 from invitations where created_by is not null limit 1";
        scene.tell(untold.into(), &[]).await;
        let about = "insert into security_reports (message_id, about_user) select m.id, m.user_id from messages m limit 1";
        scene.tell(about.into(), &[]).await;
        let words = "insert into own_texts (id, kind, language, subject, lead, button, sms, created_at, created_by) \
                     select 'text', 'reset', 'en', 'a', 'b', 'c', 'd', 1, id from users limit 1";
        scene.tell(words.into(), &[]).await;
        let (anna, long) = (scene.site.anna.as_str(), "99999999999999");
        for left in [
            format!(
                "insert into consent_texts (id, kind, version, words, is_asked, created_at, created_by) \
                 values ('text', 'messages', 1, '[[\"English\",\"Words\"]]', true, 1, '{anna}')"
            ),
            format!(
                "insert into consents (id, user_id, kind, version, language, is_given, answered_at, ended_at) \
                 values ('answer', '{anna}', 'messages', 1, 'en', true, 1, 2)"
            ),
            format!(
                "insert into bulk_runs (id, user_id, created_at, kept_until, action, state, reason, role_id, meant, held_until) \
                 values ('run', '{anna}', 1, {long}, 'block', 'asked', '', 'x', 'active', 1)"
            ),
            "insert into bulk_rows (id, run_id, position, person, status, outcome, refusal) \
             values ('row', 'run', 0, 1, 'active', 'failed', '\"NotFound\"')"
                .to_string(),
            "insert into import_changes (id, import_id, position, user_id, changes, outcome, refusal) \
             select 'change', id, 0, user_id, '[]', 'failed', '\"NotFound\"' from imports limit 1"
                .to_string(),
            format!(
                "insert into saved_views (id, user_id, name, address, is_shared, created_at) \
                 values ('view', '{anna}', 'Waiting', '/users', true, 1)"
            ),
        ] {
            scene.tell(left, &[]).await;
        }
        let sql = "select t.name || ' ' || c.name as it from sqlite_master t join pragma_table_info(t.name) c \
                   where t.type = 'table' and t.name not like 'user_search%' and t.name not like '\\_sqlx%' escape '\\' \
                   and t.name not like 'sqlite\\_%' escape '\\' order by 1";
        let rows = scene.db().read().await.expect("a connection").rows(sql, &[]).await.expect("the columns");
        let columns: BTreeSet<String> = rows.iter().map(|row| row.text("it").expect("a column")).collect();
        let mut tried = 0;
        for column in &columns {
            let (table, column) = column.split_once(' ').expect("a table and a column");
            let is_unread = |of: &&(&str, &str, &str)| of.0 == table && matches!(of.1, "*" | _ if of.1 == "*" || of.1 == column);
            if UNREAD.iter().any(|of| is_unread(&of)) {
                continue;
            }
            let place = format!("{table}.{column}");
            let key = match table {
                "attempts" | "unfinished" => "subject",
                "settings" => "name",
                "table_layouts" => "user_id",
                "to_tell" => "invitation_id",
                "security_reports" => "message_id",
                _ => "id",
            };
            let row = format!("{key} = (select {key} from {table} order by {key} limit 1)");
            let mut tx = scene.db().maintain().await.expect("a transaction");
            // Nothing of this is kept: it is looked through in the transaction itself, by the same readers.
            let sql = format!("update {table} set {column} = x'ff00fe' where {row}");
            match tx.execute(sqlx::AssertSqlSafe(sql), &[]).await {
                Ok(changed) => assert_eq!(changed, 1, "{place} has no row to try it on"),
                // A reference or a key: the database itself says no.
                Err(error) => {
                    assert!(error.to_string().contains("FOREIGN KEY"), "{place}: {error}");
                    continue;
                }
            }
            let found = look_through(&mut tx, 50).await.expect("looked through");
            let is_named = found.iter().any(|one| one.table == table && one.column.starts_with(column));
            assert!(is_named, "{place}: {found:?}");
            tried += 1;
        }
        assert!(tried > 60, "{tried}");
        assert_eq!(scene.found().await, []);
    })
    .await;
}

/// A message that cannot be read is none of another kind; it is set aside with a reason, and the others leave.
#[tokio::test(flavor = "multi_thread")]
async fn a_message_of_an_unknown_kind_or_channel_is_set_aside_and_the_others_leave_h_16() {
    both(|db| async {
        let sink = Sink::start().await;
        let site = TestSite::furnish(db, Some(&sink.url())).await;
        let strange = site.invite("Ivan", "ivan@acme.by").await;
        let elsewhere = site.invite("Petr", "petr@acme.by").await;
        let olga = site.invite("Olga", "olga@acme.by").await;
        site.tamper("update messages set kind = 'pigeon' where id = $1", &values![&strange.message]).await;
        site.tamper("update messages set channel = 'pigeon' where id = $1", &values![&elsewhere.message]).await;
        let worker = Running::start(&site);
        until("the sound one has left", || async { site.status(&olga.user).await == "invited" }).await;
        for (set_aside, column) in [(&strange, "kind"), (&elsewhere, "channel")] {
            until("it is set aside", || async { site.status(&set_aside.user).await == "error" }).await;
            let history = site.history(&set_aside.invitation).await;
            assert_eq!(history.last(), Some(&(MessageEvent::Failed, column.to_string())));
        }
        worker.end().await;
        assert_eq!(sink.received().len(), 1);
        assert_eq!(sink.received()[0].to, ["olga@acme.by"]);
    })
    .await;
}

/// The lists: whoever cannot be read keeps nobody else's invitation from being shown as over.
#[tokio::test(flavor = "multi_thread")]
async fn somebody_who_cannot_be_read_stands_in_nobodys_way_in_the_lists_h_16() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let mut people = Vec::new();
        for name in ["Ivan", "Nina", "Olga", "Petr"] {
            people.push(site.invite(name, &format!("{}@acme.by", name.to_lowercase())).await);
        }
        site.app.clock.advance(usher::domain::timestamp::Duration::hours(9));
        site.tamper("update users set language = 'xx' where id = $1", &values![&people[1].user]).await;
        let mut tx = site.app.db.maintain().await.expect("a transaction");
        let mut swept = 0;
        loop {
            match roster::sweep(&mut tx, site.app.clock.now()).await.expect("a sweep") {
                0 => break,
                some => swept += some,
            }
        }
        tx.commit().await.expect("a commit");
        assert_eq!(swept, 3);
        let mut tx = site.app.db.read().await.expect("a connection");
        let sql = "select distinct u.name, r.status from roster r join users u on u.number = r.person \
                   where u.email <> 'anna@acme.by' order by u.name";
        let rows = tx.rows(sql, &[]).await.expect("rows");
        let shown: Vec<String> = rows
            .iter()
            .map(|row| format!("{} {}", row.text("name").expect("a name"), row.text("status").expect("a status")))
            .collect();
        assert_eq!(shown.iter().filter(|one| one.ends_with(" expired")).count(), 3, "{shown:?}");
        assert!(shown.iter().any(|one| one.starts_with("Nina ") && !one.ends_with("expired")), "{shown:?}");
    })
    .await;
}

/// What stands among the kept forms and is broken is nobody's empty form.
#[tokio::test(flavor = "multi_thread")]
async fn a_kept_form_that_cannot_be_read_is_not_an_empty_one_h_16() {
    both(|db| async {
        let scene = Scene::new(db).await;
        let anna = crate::support::site::caller(&scene.site.anna);
        let draft = scene.site.keep_form(&scene.site.anna).await;
        scene.tell("update invitation_terms set extra = 'everything' where id = $1".into(), &values![&draft]).await;
        let taken = usher::server::use_cases::held::take_back(&scene.site.app, &anna, &draft, "").await;
        assert!(matches!(taken, Err(UseCaseError::Broken { .. })), "{taken:?}");
        assert_eq!(
            scene.found().await,
            [Corrupt { table: "invitation_terms", column: "extra".into(), id: draft.to_string() }]
        );
        assert_eq!(scene.site.status(&scene.invited.user).await, "waiting");
    })
    .await;
}
