//! Letters in whatever form they come: kept in one, and found as people type them.

use super::caller;
use crate::support::browser::Browser;
use crate::support::databases::both;
use crate::support::house::House;
use usher::domain::id::UserId;
use usher::domain::listing::UserQuery;
use usher::server::use_cases::{shifts, units, users};
use usher::values;

async fn search(house: &House, typed: &str) -> Vec<String> {
    let query = UserQuery { search: typed.into(), ..UserQuery::default() };
    let page = users::list(&house.app, &caller(&house.anna), &query).await.expect("a page");
    page.rows.into_iter().map(|row| row.email.unwrap_or_default()).collect()
}

/// L-01: whoever is searched for is found, however the letters were typed, by whom, and on which keyboard.
#[tokio::test(flavor = "multi_thread")]
async fn people_are_found_in_whatever_form_their_letters_were_typed() {
    both(|db| async {
        let house = House::furnish(db, None).await;
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
            house.add_active(name, email, "employee").await;
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
                assert_eq!(search(&house, needle).await, [email], "{needle}");
            }
        }
        assert_eq!(search(&house, "андреи").await, Vec::<String>::new());
    })
    .await;
}

/// L-01: what is kept is composed, wherever somebody types: the same name typed anew is no change.
#[tokio::test(flavor = "multi_thread")]
async fn names_and_titles_are_kept_composed() {
    both(|db| async {
        let house = House::furnish(db, None).await;
        let by = caller(&house.anna);
        let ivan = house.add_active("Ivan", "ivan@acme.by", "employee").await;
        let mut browser = Browser::signed_in(&house.app, &house.anna).await;
        let rename = async |browser: &mut Browser, name: &str, version: &str| {
            let fields = [("id", ivan.as_str()), ("name", name), ("phone", ""), ("version", version)];
            browser.call("/api/edit-user", &fields).await.status.as_u16()
        };
        assert_eq!(rename(&mut browser, "Андре\u{438}\u{306}", "1").await, 200);
        let kept = async |table: &str, column: &str, id: &str| {
            let mut tx = house.app.db.read().await.expect("a connection");
            let sql = sqlx::AssertSqlSafe(format!("select {column} as kept from {table} where id = $1"));
            tx.row(sql, &values![id]).await.expect("a row").text("kept").expect("a text")
        };
        assert_eq!(kept("users", "name", ivan.as_str()).await, "Андрей");
        let unit = units::create(&house.app, &by, &house.company.id, "team", "C\u{30c}ech").await.expect("a unit");
        assert_eq!(kept("units", "name", unit.as_str()).await, "Čech");
        units::rename(&house.app, &by, &unit, "Cafe\u{301}").await.expect("a name");
        assert_eq!(kept("units", "name", unit.as_str()).await, "Café");
        let invited = house.invite("", "new@acme.by").await;
        let link = house.link_of(&invited.invitation).await;
        let registered: UserId = super::register(&house, &link, "Zoe\u{308}").await.expect("registered");
        assert_eq!(kept("users", "name", registered.as_str()).await, "Zoë");
        let wish = shifts::Wish {
            title: "Cafe\u{301}".into(),
            starts: "2030-01-01T09:00".into(),
            ends: "2030-01-01T10:00".into(),
            version: 0,
        };
        let shift = shifts::create(&house.app, &by, &house.company.id, &wish).await.expect("a shift");
        assert_eq!(kept("shifts", "title", shift.as_str()).await, "Café");
    })
    .await;
}
