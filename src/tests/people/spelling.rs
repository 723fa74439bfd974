//! Letters in whatever form they come: kept in one, found as people type them, sorted as people read them.

use super::caller;
use crate::support::browser::Browser;
use crate::support::databases::{both, both_of_version};
use crate::support::site::TestSite;
use usher::domain::id::UserId;
use usher::domain::listing::{Sort, UserQuery};
use usher::domain::settings::OwnSettings;
use usher::server::storage::keys;
use usher::server::use_cases::{invite, shifts, units, users};
use usher::values;

async fn search(site: &TestSite, typed: &str) -> Vec<String> {
    let query = UserQuery { search: typed.into(), ..UserQuery::default() };
    let page = users::list(&site.app, &caller(&site.anna), &query).await.expect("a page");
    page.rows.into_iter().map(|row| row.email.unwrap_or_default()).collect()
}

/// L-01: whoever is searched for is found, however the letters were typed, by whom, and on which keyboard.
#[tokio::test(flavor = "multi_thread")]
async fn people_are_found_in_whatever_form_their_letters_were_typed() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        for (name, email) in [
            ("Андре\u{438}\u{306}", "a@acme.by"),
            ("Nguyễn Thị Ắnh", "n@acme.by"),
            ("Γιώργος Παπαδόπουλος", "g@acme.by"),
            ("Þóra Ægisdóttir", "t@acme.by"),
            ("ﬁona Ｗｉｄｅ O\u{2bc}Brien", "f@acme.by"),
            ("İbrahim Işık-Łoś", "i@acme.by"),
            ("Weiß", "w@acme.by"),
            ("გიორგი", "k@acme.by"),
            ("مُحَمَّد", "m@acme.by"),
            ("שָׁלוֹם", "s@acme.by"),
            ("\u{1112}\u{1161}\u{11ab}국", "h@acme.by"),
            ("हिन्दी", "d@acme.by"),
            ("Пошта", "info@xn--80a1acny.xn--p1ai"),
            ("Maß", "max@xn--mawerk-cta.example"),
        ] {
            site.add_active(name, email, "employee").await;
        }
        for (email, needles) in [
            ("a@acme.by", vec!["Андрей", "андре\u{438}\u{306}", "andrey", "дрей"]),
            ("n@acme.by", vec!["nguyen", "Nguyê\u{303}n", "anh", "thi anh"]),
            ("g@acme.by", vec!["γιωργος", "ΓΙΏΡΓΟΣ", "παπαδοπουλος"]),
            ("t@acme.by", vec!["thora", "Þóra", "aegis", "ægis"]),
            ("f@acme.by", vec!["fiona", "wide", "ｗｉｄｅ", "obrien", "O'Brien", "O\u{2019}Brien", "o\u{2bc}b"]),
            ("i@acme.by", vec!["ibrahim", "İBRAHİM", "isik", "IŞIK", "los", "łoś"]),
            ("w@acme.by", vec!["weiss", "WEISS", "WEIẞ", "weiß"]),
            ("k@acme.by", vec!["გიორგი", "ᲒᲘᲝᲠᲒᲘ"]),
            ("m@acme.by", vec!["محمد", "مُحَمَّد"]),
            ("s@acme.by", vec!["שלום", "שָׁלוֹם"]),
            ("h@acme.by", vec!["한국", "\u{1112}\u{1161}\u{11ab}국", "한"]),
            ("d@acme.by", vec!["हिन्दी"]),
            // L-04: the domain in letters, and as it is stored.
            ("info@почта.рф", vec!["почта.рф", "info@почта", "pochta", "xn--80a1acny"]),
            ("max@maßwerk.example", vec!["maßwerk", "masswerk", "max@maßwerk.example", "xn--mawerk-cta"]),
        ] {
            for needle in needles {
                assert_eq!(search(&site, needle).await, [email], "{needle}");
            }
        }
        assert_eq!(search(&site, "андреи").await, Vec::<String>::new());
    })
    .await;
}

/// L-01: what is kept is composed, wherever somebody types: the same name typed anew is no change.
#[tokio::test(flavor = "multi_thread")]
async fn names_and_titles_are_kept_composed() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let by = caller(&site.anna);
        let ivan = site.add_active("Ivan", "ivan@acme.by", "employee").await;
        let mut browser = Browser::signed_in(&site.app, &site.anna).await;
        let rename = async |browser: &mut Browser, name: &str, version: &str| {
            let fields = [("id", ivan.as_str()), ("name", name), ("phone", ""), ("version", version)];
            browser.call("/api/edit-user", &fields).await.status.as_u16()
        };
        assert_eq!(rename(&mut browser, "Андре\u{438}\u{306}", "1").await, 200);
        let kept = async |table: &str, column: &str, id: &str| {
            let mut tx = site.app.db.read().await.expect("a connection");
            let sql = sqlx::AssertSqlSafe(format!("select {column} as kept from {table} where id = $1"));
            tx.row(sql, &values![id]).await.expect("a row").text("kept").expect("a text")
        };
        assert_eq!(kept("users", "name", ivan.as_str()).await, "Андрей");
        let unit = units::create(&site.app, &by, &site.company.id, "team", "C\u{30c}ech").await.expect("a unit");
        assert_eq!(kept("units", "name", unit.as_str()).await, "Čech");
        units::edit(&site.app, &by, &unit, "Cafe\u{301}", OwnSettings::default()).await.expect("a name");
        assert_eq!(kept("units", "name", unit.as_str()).await, "Café");
        let invited = site.invite("", "new@acme.by").await;
        let link = site.link_of(&invited.invitation).await;
        let registered: UserId = super::register(&site, &link, "Zoe\u{308}").await.expect("registered");
        assert_eq!(kept("users", "name", registered.as_str()).await, "Zoë");
        let wish = shifts::ShiftForm {
            title: "Cafe\u{301}".into(),
            starts: "2030-01-01T09:00".into(),
            ends: "2030-01-01T10:00".into(),
            version: 0,
        };
        let shift = shifts::create(&site.app, &by, &site.company.id, &wish).await.expect("a shift");
        assert_eq!(kept("shifts", "title", shift.as_str()).await, "Café");
    })
    .await;
}

/// How people sort, capitals and small letters alike, marks beside their letters, each alphabet in its order.
const SORTED: [&str; 20] = [
    "adam",
    "Anna Petrova",
    "Ärlig",
    "Arlo",
    "Boris",
    "čech",
    "Cecil",
    "Čermák",
    "echo",
    "Éva",
    "Zoe",
    "zulu",
    "Адам",
    "ежов",
    "Ёлкин",
    "Елтышев",
    "Іван",
    "Уладзімір",
    "Ўладзя",
    "Яраслаў",
];

/// L-02: the list sorts as people read names, both ways, on both databases; with units it is the same.
#[tokio::test(flavor = "multi_thread")]
async fn people_and_units_sort_as_people_read_their_names() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let by = caller(&site.anna);
        // Added in another order than that of their names.
        let mut turned: Vec<&str> = SORTED.to_vec();
        turned.sort_unstable_by_key(|name| std::cmp::Reverse(name.len() * 7 % 10));
        for (at, name) in turned.iter().enumerate() {
            if *name != "Anna Petrova" {
                site.add_active(name, &format!("p{at}@acme.by"), "employee").await;
            }
            units::create(&site.app, &by, &site.company.id, "team", name).await.expect("a unit");
        }
        let listed = async |sort| {
            let query = UserQuery { sort, ..UserQuery::default() };
            let page = users::list(&site.app, &by, &query).await.expect("a page");
            page.rows.into_iter().map(|row| row.name).collect::<Vec<_>>()
        };
        assert_eq!(listed(Sort::Name).await, SORTED);
        let mut down = listed(Sort::NameDown).await;
        down.reverse();
        assert_eq!(down, SORTED);
        let page = async |search: &str| {
            let page = units::page(&site.app, &by, Some(&site.company.id), search).await.expect("a page");
            page.rows.into_iter().map(|row| row.unit.name).collect::<Vec<_>>()
        };
        assert_eq!(page("").await, SORTED);
        // Found as people are: in either alphabet, without marks, in the order of their names.
        assert_eq!(page("CE").await, ["čech", "Cecil", "Čermák"]);
        assert_eq!(page("uladz").await, ["Уладзімір", "Ўладзя"]);
        let offered = async |search: &str| {
            let options = invite::options(&site.app, &by, None, search).await.expect("options");
            options.units.found.into_iter().map(|choice| choice.unit.name).collect::<Vec<_>>()
        };
        assert_eq!(offered("ce").await, ["čech", "Cecil", "Čermák"]);
        let all = offered("").await;
        assert_eq!(all.iter().filter(|name| SORTED.contains(&name.as_str())).collect::<Vec<_>>(), SORTED);
        assert_eq!(page("Cermak").await, ["Čermák"]);
        assert_eq!(page("--").await, Vec::<String>::new());
    })
    .await;
}

/// L-01, L-02: a database that an older version wrote comes along, a part at a time, and is not gone through again.
#[tokio::test(flavor = "multi_thread")]
async fn an_old_database_gets_the_keys_and_the_names_of_this_version() {
    both_of_version(2, |db| async move {
        let mut tx = db.maintain().await.expect("a transaction");
        let rows = [
            "insert into settings (name, value) values ('settings', '{\"organisation\":\"Cafe\u{301}\",\"language\":\"English\"}')",
            "insert into roles (id, number, key, name, rank, permissions, is_top, needs_approval) \
             values ('role', 1, '', 'Cafe\u{301}', 1, '', false, false)",
            "insert into units (id, number, kind, name, path, created_at, is_closed) \
             values ('root', 1, 'installation', 'Root', 'root/', 0, false)",
        ];
        for sql in rows {
            tx.execute(sql, &[]).await.expect(sql);
        }
        for (at, name) in ["Zulu", "C\u{30c}ech", "cecil", "Ärlig"].into_iter().enumerate() {
            let sql = "insert into units (id, number, parent_id, kind, name, path, created_at, is_closed) \
                       values ($1, $2, 'root', 'company', $3, $4, 0, false)";
            let id = format!("unit{at}");
            tx.execute(sql, &values![&id, at + 2, name, format!("root/{id}/")]).await.expect("a unit");
        }
        const MANY: usize = 1_203;
        let names = ["Андре\u{438}\u{306}", "Zulu", "Яраслаў", "Іван", "Ärlig", "adam"];
        for at in 0..MANY {
            let (id, number, name) = (format!("user{at:04}"), at + 1, names.get(at).copied().unwrap_or("Nobody"));
            let sql = "insert into users (id, number, name, name_is_own, email, is_shadow, language, created_at, changed_at, \
                       version) values ($1, $2, $3, false, $4, false, 'en', 0, 0, 1)";
            tx.execute(sql, &values![&id, number, name, format!("{id}@acme.by")]).await.expect("a user");
            let sql = "insert into roster (unit, person, role, status, is_archived, name_key) \
                       values (1, $1, 1, 'active', false, $2)";
            tx.execute(sql, &values![number, name.to_lowercase()]).await.expect("a row");
            let sql = "insert into user_search (rowid, haystack) values ($1, $2)";
            tx.execute(sql, &values![number, format!("^^{name}")]).await.expect("words");
        }
        tx.commit().await.expect("a commit");

        db.migrate().await.expect("this version's schema");
        keys::renew(&db).await.expect("keys");
        let mut tx = db.read().await.expect("a connection");
        let texts = async |tx: &mut usher::server::storage::Tx, sql: &'static str| {
            let rows = tx.rows(sql, &[]).await.expect(sql);
            rows.iter().map(|row| row.text("it").expect("a text")).collect::<Vec<_>>()
        };
        let sorted = "select u.name as it from roster r join users u on u.number = r.person where u.name <> 'Nobody' \
                      order by r.name_key, r.person";
        assert_eq!(texts(&mut tx, sorted).await, ["adam", "Ärlig", "Zulu", "Андрей", "Іван", "Яраслаў"]);
        let units = "select name as it from units where id <> 'root' order by name_key, id";
        assert_eq!(texts(&mut tx, units).await, ["Ärlig", "Čech", "cecil", "Zulu"]);
        assert_eq!(texts(&mut tx, "select haystack as it from units where id = 'unit1'").await, ["^^cech"]);
        assert_eq!(texts(&mut tx, "select name as it from roles").await, ["Café"]);
        let words = "select haystack as it from search_words where person in (1, 1203) order by person";
        assert_eq!(texts(&mut tx, words).await, ["^^andrey ^^user0000@acmeby", "^^nobody ^^user1202@acmeby"]);
        let settings = usher::server::storage::settings::load(&mut tx).await.expect("a look").expect("settings");
        assert_eq!(settings.organisation, "Café");
        let done = "select value as it from settings where name = 'keys'";
        let fingerprint = texts(&mut tx, done).await;
        drop(tx);

        // Made by the same rules, nothing is touched; by others, all; from where it was broken off.
        let spoil = async |value: Option<&str>| {
            let mut tx = db.maintain().await.expect("a transaction");
            tx.execute("update roster set name_key = 'old'", &[]).await.expect("old keys");
            if let Some(value) = value {
                let sql = "update settings set value = $1 where name = 'keys'";
                tx.execute(sql, &values![value]).await.expect("a value");
            }
            tx.commit().await.expect("a commit");
            keys::renew(&db).await.expect("keys");
            let mut tx = db.read().await.expect("a connection");
            let sql = "select count(*) as n from roster where name_key = 'old'";
            tx.row(sql, &[]).await.expect("a count").number("n").expect("a number")
        };
        assert_eq!(spoil(None).await, MANY as i64);
        assert_eq!(spoil(Some(&format!("{} people 700", fingerprint[0]))).await, 700);
        assert_eq!(spoil(Some("others people 700")).await, 0);
        let mut tx = db.read().await.expect("a connection");
        assert_eq!(texts(&mut tx, done).await, fingerprint);
    })
    .await;
}
