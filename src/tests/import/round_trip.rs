//! A list that was taken away and is brought back as it is changes nobody: in every kind of organisation, as either file, in
//! either language, whether those who are there are left as they are or changed where the list says otherwise.

use super::seen;
use crate::support::crowd::{State, Wanted};
use crate::support::databases::both;
use crate::support::site::{TestSite, caller};
use std::collections::BTreeSet;
use usher::domain::id::{ImportId, UserId};
use usher::domain::import::{ExistingPeople, FindingKind, ListWish, RowFinding};
use usher::domain::listing::{UserQuery, query_value};
use usher::domain::preset::PRESETS;
use usher::domain::review::Verdict;
use usher::domain::unit::Unit;
use usher::server::spreadsheets;
use usher::server::storage::roster;
use usher::server::table_file::{TableFile, TableFormat};
use usher::server::use_cases::{export, import};
use usher::values;
use usher::words::Language;

/// In which language somebody reads.
async fn reads(site: &TestSite, id: &UserId, language: Language) {
    let mut tx = site.app.db.maintain().await.expect("a transaction");
    let sql = "update users set language = $2 where id = $1";
    tx.execute(sql, &values![id, language.code()]).await.expect("a language");
    tx.commit().await.expect("a commit");
}

/// People of every role in every state, in one unit and in several, with and without a number, a name or an address.
async fn fill(site: &TestSite) -> Vec<UserId> {
    // As the set-up makes them: the installation and its first company have one name.
    let same = "update units set name = (select name from units where parent_id is null) where id = $1";
    site.tamper(same, &values![&site.company.id]).await;
    let sales = site.add_branch("Sales", &site.company).await;
    let emea = site.add_branch("Sales, EMEA", &site.company).await;
    let far = site.add_company("North branch").await;
    let again = site.add_branch("Sales", &far).await;
    let mut wanted = Vec::new();
    for (nth, role) in site.roles.iter().enumerate() {
        for (at, state) in State::ALL.into_iter().enumerate() {
            let units: &[&Unit] = match at % 4 {
                0 => &[&sales],
                1 => &[&emea, &far],
                2 => &[&site.company],
                _ => &[&sales, &again],
            };
            let name = match at % 4 {
                0 => format!("Person {nth} {at}"),
                1 => String::new(),
                2 => format!("О'Хара-{} Анна", ["Ким", "Лис"][nth % 2]),
                _ => format!("Tom Teacher {nth}"),
            };
            let email = format!("p{nth}x{at}@guests.example");
            let one = Wanted::new(&name, &email, &role.key, units[0], state);
            wanted.push(Wanted { units: units.iter().map(|unit| unit.id.clone()).collect(), ..one });
        }
    }
    let people = site.add_all(&wanted).await;
    let now = usher::server::clock::Clock::now(&site.app.clock);
    let mut tx = site.app.db.maintain().await.expect("a transaction");
    for (nth, id) in people.iter().enumerate() {
        if nth % 3 == 0 {
            let phone = format!("+37529{:07}", 1_234_000 + nth);
            tx.execute("update users set phone = $2 where id = $1", &values![id, phone]).await.expect("a number");
        }
    }
    // Somebody who holds two roles, somebody who is known by a number alone, and one by a login.
    let [second, third] = [7, 14].map(|at| people[at % people.len()].clone());
    let other = &site.roles[site.roles.len() - 1].id;
    let sql = "update memberships set role_id = $2 where user_id = $1 and unit_id = $3";
    tx.execute(sql, &values![&people[1], other, &far.id]).await.expect("another role");
    let sql = "update users set email = null, phone = '+375291112233' where id = $1";
    tx.execute(sql, &values![&second]).await.expect("a number alone");
    let sql = "update users set email = null, phone = null, login = 'kim.lis' where id = $1";
    tx.execute(sql, &values![&third]).await.expect("a login alone");
    roster::refresh(&mut tx, &people, now).await.expect("the lists");
    tx.commit().await.expect("a commit");
    people
}

/// What somebody takes away.
async fn taken_away(site: &TestSite, by: &UserId, list: &str, format: TableFormat) -> Vec<u8> {
    let query = UserQuery::read(|name| query_value(list, name));
    let by = caller(by);
    let begun = export::begin(&site.app, &by, &query, BTreeSet::new(), Vec::new());
    let mut export = begun.await.expect("an export");
    let mut file = TableFile::begin(format, export.language, "People", &export.head()).expect("a beginning");
    let mut bytes = file.take();
    loop {
        let people = export.next(&site.app, &by).await.expect("people");
        if people.is_empty() {
            break;
        }
        for cells in people {
            file.row(&cells.each_ref().map(String::as_str)).expect("a row");
        }
        bytes.extend(file.take());
    }
    bytes.extend(file.end().expect("an end"));
    bytes
}

/// Brings a file back, and says what would become of its people.
async fn brought_back(site: &TestSite, by: &UserId, file: &[u8], existing: ExistingPeople) -> (ImportId, Vec<String>) {
    let cells = spreadsheets::read(file).expect("cells");
    let id = import::open(&site.app, &caller(by), "users", cells).await.expect("a list");
    let page = async || {
        *import::page(&site.app, &caller(by), Some(&id), "all", 0).await.expect("a page").view.expect("a list")
    };
    let view = page().await;
    let said = ListWish { existing: existing.code().into(), ..super::lists::wish(&view) };
    import::change(&site.app, &caller(by), &id, &said).await.expect("said");
    let view = page().await;
    let others =
        view.rows.iter().filter(|row| row.finding.as_ref().map(RowFinding::kind) != Some(FindingKind::AlreadyHere));
    let others: Vec<String> = others.map(|row| format!("{row:?}")).collect();
    assert_eq!(view.counts.here, view.counts.all(), "{:?} {others:?} {:?}", view.kinds, view.columns);
    (id, others)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_that_is_brought_back_as_it_was_taken_away_changes_nobody() {
    for preset in PRESETS {
        both(move |db| async move {
            let site = TestSite::furnish_as(preset, db, None).await;
            let people = fill(&site).await;
            let sent = site.number("select count(*) as n from messages").await;
            for language in Language::ALL {
                reads(&site, &site.anna, language).await;
                for list in ["", "status=archived"] {
                    for format in TableFormat::ALL {
                        let file = taken_away(&site, &site.anna, list, format).await;
                        for existing in ExistingPeople::ALL {
                            let (_, others) = brought_back(&site, &site.anna, &file, existing).await;
                            let none: Vec<String> = Vec::new();
                            assert_eq!(others, none, "{} {language:?} {format:?} {existing:?}", preset.key);
                        }
                    }
                }
            }
            assert!(people.len() >= State::ALL.len());
            assert_eq!(site.number("select count(*) as n from messages").await, sent);
        })
        .await;
    }
}

/// Several units in one cell are several places; whoever has some of them is asked to join the others.
#[tokio::test(flavor = "multi_thread")]
async fn several_units_in_one_cell_are_several_places() {
    both(|db| async {
        let site = super::platform(db).await;
        let sales = site.add_branch("Sales", &site.company).await;
        site.add_branch("Sales, EMEA", &site.company).await;
        site.add("There", "there@acme.by", "learning_learner", &sales, State::Active).await;
        let text = "Name\tEmail\tUnits\n\
                    New One\tone@acme.by\tSales, EMEA; Sales\n\
                    New Two\ttwo@acme.by\tSales, EMEA\n\
                    There\tthere@acme.by\tSales; Sales, EMEA\n\
                    Lost\tlost@acme.by\tSales, Moon\n\
                    Both\tboth@acme.by\tACME North, Sales\n";
        let id = super::open(&site, text).await.expect("a list");
        let view = seen(&site, &id).await;
        let finding = |line: usize| view.rows.iter().find(|row| row.line == line).and_then(|row| row.finding.clone());
        assert!(matches!(finding(4), Some(RowFinding::Judged(Verdict::Joins { .. }))), "{:?}", finding(4));
        assert_eq!(finding(5), Some(RowFinding::UnknownUnit { text: "Moon".into() }));
        // A unit and a part of it: which is meant, nobody knows.
        assert_eq!(finding(6), Some(RowFinding::UnknownUnit { text: "ACME North, Sales".into() }));
        let view = super::run(&site, &id).await;
        assert_eq!(view.state.map(|state| state.taken), Some(3));
        let held = async |email: &'static str| {
            let mut tx = site.app.db.read().await.expect("a connection");
            let sql = "select n.name as name from memberships m join units n on n.id = m.unit_id join users u on u.id = m.user_id \
                       where u.email = $1 order by n.name";
            let rows = tx.rows(sql, &values![email]).await.expect("places");
            rows.iter().map(|row| row.text("name").expect("a name")).collect::<Vec<_>>()
        };
        assert_eq!(held("one@acme.by").await, ["Sales", "Sales, EMEA"]);
        assert_eq!(held("two@acme.by").await, ["Sales, EMEA"]);
        assert_eq!(held("there@acme.by").await, ["Sales", "Sales, EMEA"]);
    })
    .await;
}

/// Whoever is there just as the row says is there, also where whoever imports may give neither the role nor the unit; of whom they do not
/// see they learn nothing.
#[tokio::test(flavor = "multi_thread")]
async fn whoever_has_what_a_row_says_is_there_and_nobody_learns_of_others() {
    both(|db| async {
        let site = super::platform(db).await;
        let viktor = site.add_active("Viktor", "viktor@acme.by", "learning_administrator").await;
        let far = site.add_company("Far away").await;
        site.add("Boss", "boss@acme.by", "learning_super_administrator", &site.company, State::Active).await;
        site.add("Elsewhere", "else@acme.by", "learning_learner", &far, State::Active).await;
        let text = "Name;Email;Role;Unit\n\
                    Boss;boss@acme.by;Super administrator;ACME North\n\
                    Boss;boss@acme.by;Super administrator;\n\
                    Elsewhere;else@acme.by;Learner;Far away\n\
                    Nobody;nobody@acme.by;Learner;Far away\n\
                    Boss;boss@acme.by;Super administrator;Far away\n";
        let rows: Vec<&str> = text.lines().collect();
        let mut found = Vec::new();
        for row in &rows[1..] {
            let cells = spreadsheets::read(format!("{}\n{row}\n", rows[0]).as_bytes()).expect("cells");
            let id = import::open(&site.app, &caller(&viktor), "people.csv", cells).await.expect("a list");
            let page = import::page(&site.app, &caller(&viktor), Some(&id), "all", 0).await.expect("a page");
            found.push(page.view.expect("a list").rows[0].finding.clone().map(|finding| finding.kind()));
        }
        assert_eq!(found[..2], [Some(FindingKind::AlreadyHere); 2]);
        assert_eq!(found[2..4], [Some(FindingKind::UnknownUnit); 2], "the same for nobody as for somebody unseen");
        assert!(matches!(found[4], Some(FindingKind::UnknownUnit | FindingKind::RoleNotYours)), "{found:?}");
    })
    .await;
}
