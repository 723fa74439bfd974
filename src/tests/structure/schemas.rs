//! One schema, written for two databases: the same migrations by name, and table by table the same columns, keys and
//! indexes on the live databases.

use super::source::root;
use crate::support::databases::{Scratch, both_of_version};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use usher::server::storage::tx::DatabaseKind;
use usher::server::storage::{Database, Row, Tx, keys, settings};

/// The search index is each database's own: a virtual table here, a table with a trigram index there.
const OWN: &str = "user_search";

/// A schema, as far as both databases can say it.
#[derive(Debug, Default, PartialEq, Eq)]
struct Schema {
    /// `users.email`: type, whether it may be empty, its place in the primary key.
    columns: BTreeMap<String, String>,
    /// By name: table, columns in order, whether unique, whether partial.
    indexes: BTreeMap<String, String>,
    /// `memberships.unit_id → units.id`.
    references: BTreeSet<String>,
    /// On which tables rows are guarded, and against what: `audit_events update`.
    guards: BTreeSet<String>,
}

async fn rows(tx: &mut Tx, sql: &'static str) -> Vec<Row> {
    tx.rows(sql, &[]).await.expect(sql)
}

fn text(row: &Row, column: &str) -> String {
    row.text(column).expect(column)
}

fn number(row: &Row, column: &str) -> i64 {
    row.number(column).expect(column)
}

fn is_ours(table: &str) -> bool {
    !table.starts_with(OWN) && !table.starts_with("_sqlx") && !table.starts_with("sqlite_")
}

impl Schema {
    fn read_columns(&mut self, rows: &[Row]) {
        for row in rows.iter().filter(|row| is_ours(&text(row, "of"))) {
            let (kind, empty) = (text(row, "kind").to_lowercase(), number(row, "is_required") == 0);
            let line = format!("{kind}{} key {}", if empty { " or nothing" } else { "" }, number(row, "key_place"));
            self.columns.insert(format!("{}.{}", text(row, "of"), text(row, "name")), line);
        }
    }

    fn read_indexes(&mut self, rows: &[Row]) {
        for row in rows.iter().filter(|row| is_ours(&text(row, "of"))) {
            let kind = if number(row, "is_unique") == 1 { "unique " } else { "" };
            let part = if number(row, "is_partial") == 1 { " partial" } else { "" };
            let line = self.indexes.entry(text(row, "name")).or_insert(format!("{kind}{}{part}:", text(row, "of")));
            line.push(' ');
            line.push_str(&text(row, "column_name"));
        }
    }

    fn read_guards(&mut self, rows: &[Row]) {
        let both = rows.iter().filter(|row| matches!(text(row, "event").as_str(), "update" | "delete"));
        self.guards.extend(both.map(|row| format!("{} {}", text(row, "of"), text(row, "event"))));
    }

    fn read_references(&mut self, rows: &[Row]) {
        for row in rows {
            let (from, to) = (format!("{}.{}", text(row, "of"), text(row, "name")), text(row, "target"));
            self.references.insert(format!("{from} -> {to}"));
        }
    }
}

async fn of_sqlite(tx: &mut Tx) -> Schema {
    let mut schema = Schema::default();
    let sql = "select t.name as of, c.name as name, c.type as kind, max(c.\"notnull\", c.pk > 0) as is_required, c.pk as key_place \
               from sqlite_master t join pragma_table_info(t.name) c where t.type = 'table'";
    schema.read_columns(&rows(tx, sql).await);
    let sql = "select t.name as of, i.name as name, i.\"unique\" as is_unique, i.partial as is_partial, c.name as column_name \
               from sqlite_master t join pragma_index_list(t.name) i join pragma_index_info(i.name) c \
               where t.type = 'table' and i.origin = 'c' order by i.name, c.seqno";
    schema.read_indexes(&rows(tx, sql).await);
    let sql = "select t.name as of, f.\"from\" as name, f.\"table\" || '.' || f.\"to\" as target \
               from sqlite_master t join pragma_foreign_key_list(t.name) f where t.type = 'table'";
    schema.read_references(&rows(tx, sql).await);
    // Its statement says against what it guards; an insert that replaces is the other database's update.
    let sql = "select tbl_name as of, case when sql like '%before update%' then 'update' when sql like '%before delete%' then 'delete' \
               else 'other' end as event from sqlite_master where type = 'trigger'";
    schema.read_guards(&rows(tx, sql).await);
    schema
}

async fn of_postgres(tx: &mut Tx) -> Schema {
    let mut schema = Schema::default();
    let sql = "select t.relname::text as of, a.attname::text as name, format_type(a.atttypid, a.atttypmod) as kind, \
               a.attnotnull::int::bigint as is_required, \
               coalesce(array_position(k.conkey, a.attnum), 0)::bigint as key_place \
               from pg_class t join pg_namespace n on n.oid = t.relnamespace and n.nspname = 'public' \
               join pg_attribute a on a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped \
               left join pg_constraint k on k.conrelid = t.oid and k.contype = 'p' where t.relkind = 'r'";
    schema.read_columns(&rows(tx, sql).await);
    let sql = "select t.relname::text as of, x.relname::text as name, i.indisunique::int::bigint as is_unique, \
               (i.indpred is not null)::int::bigint as is_partial, a.attname::text as column_name \
               from pg_index i join pg_class t on t.oid = i.indrelid join pg_class x on x.oid = i.indexrelid \
               join pg_namespace n on n.oid = t.relnamespace and n.nspname = 'public' \
               cross join lateral unnest(i.indkey) with ordinality as c (number, place) \
               join pg_attribute a on a.attrelid = t.oid and a.attnum = c.number \
               where not i.indisprimary order by x.relname, c.place";
    schema.read_indexes(&rows(tx, sql).await);
    let sql = "select t.relname::text as of, a.attname::text as name, o.relname::text || '.' || b.attname::text as target \
               from pg_constraint k join pg_class t on t.oid = k.conrelid join pg_class o on o.oid = k.confrelid \
               join pg_attribute a on a.attrelid = t.oid and a.attnum = k.conkey[1] \
               join pg_attribute b on b.attrelid = o.oid and b.attnum = k.confkey[1] where k.contype = 'f'";
    schema.read_references(&rows(tx, sql).await);
    let sql = "select distinct event_object_table::text as of, lower(event_manipulation)::text as event \
               from information_schema.triggers where trigger_schema = 'public'";
    schema.read_guards(&rows(tx, sql).await);
    schema
}

fn names_in(folder: &str) -> BTreeSet<String> {
    let entries = fs::read_dir(root().join(folder)).expect(folder);
    entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect()
}

#[test]
fn both_databases_have_the_same_migrations_by_name() {
    let names = names_in("migrations/sqlite");
    assert!(!names.is_empty());
    assert_eq!(names, names_in("migrations/postgres"));
}

#[tokio::test]
async fn the_two_schemas_agree_table_by_table_column_by_column_and_index_by_index() {
    let Some(postgres) = Scratch::postgres().await else { return };
    let sqlite = Scratch::sqlite().await;
    let one = of_sqlite(&mut sqlite.db.read().await.expect("a connection")).await;
    let other = of_postgres(&mut postgres.db.read().await.expect("a connection")).await;
    sqlite.remove().await;
    postgres.remove().await;
    assert!(one.columns.len() > 80 && one.indexes.len() > 20 && one.references.len() > 15, "{one:#?}");
    assert_eq!(one.columns, other.columns);
    assert_eq!(one.indexes, other.indexes);
    assert_eq!(one.references, other.references);
    assert!(one.guards.len() >= 2, "{:?}", one.guards);
    assert_eq!(one.guards, other.guards);
}

/// The step that makes two tables, and is stopped between them.
const HALTED: i64 = 35;

/// The numbers of all migrations.
fn versions() -> Vec<i64> {
    names_in("migrations/sqlite").iter().map(|name| name[..4].parse().expect("a number")).collect()
}

async fn run(db: &Database, statements: &[&'static str]) {
    let mut tx = db.maintain().await.expect("a transaction");
    for sql in statements {
        tx.execute(*sql, &[]).await.expect(sql);
    }
    tx.commit().await.expect("a commit");
}

async fn schema(db: &Database) -> Schema {
    let mut tx = db.read().await.expect("a connection");
    match db.kind() {
        DatabaseKind::Sqlite => of_sqlite(&mut tx).await,
        DatabaseKind::Postgres => of_postgres(&mut tx).await,
    }
}

/// DI-04: people of the second schema come along through every later one, and each of these may be where a program stopped; in one
/// step it stops half-way, which leaves nothing of that step.
#[tokio::test(flavor = "multi_thread")]
async fn every_older_schema_comes_to_todays_with_its_data_also_after_an_interruption_di_04() {
    both_of_version(2, |db| async move {
        run(
            &db,
            &[
                "insert into settings (name, value) values ('settings', '{\"organisation\":\"ACME\",\"language\":\"English\"}')",
                "insert into roles (id, number, key, name, rank, permissions, is_top, needs_approval) \
                 values ('role', 1, '', 'Guest', 1, '', false, false)",
                "insert into units (id, number, kind, name, path, created_at, is_closed) \
                 values ('root', 1, 'installation', 'Root', 'root/', 0, false)",
                "insert into users (id, number, name, name_is_own, email, is_shadow, language, created_at, changed_at, version) \
                 values ('ivan', 1, 'Ivan', true, 'ivan@acme.by', false, 'en', 0, 0, 1)",
                "insert into users (id, number, name, name_is_own, email, is_shadow, language, created_at, changed_at, version) \
                 values ('olga', 2, 'Olga', false, 'olga@acme.by', false, 'en', 0, 0, 1)",
                "insert into roster (unit, person, role, status, is_archived, name_key) values (1, 1, 1, 'active', false, 'ivan')",
                "insert into user_search (rowid, haystack) values (1, '^^ivan')",
            ],
        )
        .await;
        for version in versions().into_iter().filter(|version| *version > 2) {
            if version == HALTED {
                run(&db, &["create table bulk_rows (id text)"]).await;
                assert!(db.migrate_up_to(version).await.is_err(), "its second table is in the way");
                let mut tx = db.read().await.expect("a connection");
                assert!(tx.rows("select id from bulk_runs", &[]).await.is_err(), "its first table is there");
                drop(tx);
                run(&db, &["drop table bulk_rows"]).await;
            }
            db.migrate_up_to(version).await.unwrap_or_else(|error| panic!("to {version}: {error}"));
        }
        db.migrate().await.expect("nothing is left to do");
        keys::renew(&db).await.expect("keys");
        let fresh = Scratch::of(db.kind()).await;
        let (grown, new) = (schema(&db).await, schema(&fresh.db).await);
        fresh.remove().await;
        assert_eq!(grown.columns, new.columns);
        assert_eq!(grown.indexes, new.indexes);
        assert_eq!(grown.references, new.references);
        assert_eq!(grown.guards, new.guards);
        let mut tx = db.read().await.expect("a connection");
        let people = tx.rows("select name || ' ' || email as it from users order by number", &[]).await.expect("people");
        let people: Vec<String> = people.iter().map(|row| text(row, "it")).collect();
        assert_eq!(people, ["Ivan ivan@acme.by", "Olga olga@acme.by"]);
        let settings = settings::load(&mut tx).await.expect("a look").expect("settings");
        assert_eq!(settings.organisation, "ACME");
    })
    .await;
}
