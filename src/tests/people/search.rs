//! The list's search and filters: by name, address, login and phone, in either alphabet, from the first letter on.

use super::caller;
use crate::support::browser::Browser;
use crate::support::crowd::{State, Wanted};
use crate::support::databases::both;
use crate::support::site::TestSite;
use std::time::{Duration, Instant};
use usher::domain::id::UserId;
use usher::domain::listing::{Matching, UserQuery};
use usher::domain::user::Status;
use usher::server::storage::roster;
use usher::server::use_cases::users;

async fn found(site: &TestSite, query: &UserQuery) -> Vec<String> {
    let page = users::list(&site.app, &caller(&site.anna), query).await.expect("a page");
    assert_eq!(page.matching, Matching::Exactly(page.rows.len() as i64), "{query:?}");
    page.rows.into_iter().map(|row| row.email.or(row.login).or(row.phone).unwrap_or_default()).collect()
}

async fn search(site: &TestSite, typed: &str) -> Vec<String> {
    let mut found = found(site, &UserQuery { search: typed.into(), ..UserQuery::default() }).await;
    found.sort();
    found
}

/// Gives somebody a phone and a login, as later doors will.
async fn set(site: &TestSite, user: &UserId, phone: Option<&str>, login: Option<&str>) {
    site.tamper("update users set phone = $2, login = $3 where id = $1", &usher::values![user, phone, login]).await;
    let mut tx = site.app.db.maintain().await.expect("a transaction");
    roster::refresh(&mut tx, std::slice::from_ref(user), site.app.clock.now()).await.expect("the lists");
    tx.commit().await.expect("a commit");
}

/// Rule 84.
#[tokio::test(flavor = "multi_thread")]
async fn people_are_found_by_all_that_is_known_of_them_in_either_alphabet() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let ivan = site.add_active("Иван Петров", "ivan-petrov@acme.by", "employee").await;
        let olga = site.add_active("Olga Шевченко", "o.s@mail.example", "employee").await;
        site.add_active("O'Brien 100%_sure", "under_score.dot-dash@acme.by", "employee").await;
        site.add_active("山田 太郎", "yamada@acme.by", "employee").await;
        set(&site, &ivan, Some("+375291234567"), Some("ivanko")).await;
        set(&site, &olga, Some("+79051111111"), None).await;
        let (i, o, b, y, a) = (
            "ivan-petrov@acme.by",
            "o.s@mail.example",
            "under_score.dot-dash@acme.by",
            "yamada@acme.by",
            "anna@acme.by",
        );
        let cases: [(&str, &[&str]); 30] = [
            ("Петров", &[a, i]),
            ("petrov", &[a, i]),
            ("PETRO", &[a, i]),
            ("етро", &[a, i]),
            ("иван п", &[i]),
            ("п", &[a, i]),
            ("p", &[a, i]),
            ("iv", &[i]),
            ("va", &[]),
            ("ван", &[i]),
            ("ivanko", &[i]),
            ("shev", &[o]),
            ("шев", &[o]),
            ("ольга", &[o]),
            ("ольгу", &[]),
            ("o.s@", &[o]),
            ("os@mail", &[o]),
            ("+375 29 123-45-67", &[i]),
            ("375291", &[i]),
            ("1234567", &[i]),
            ("9051", &[o]),
            ("under-score", &[b]),
            ("underscore.dot_dash", &[b]),
            ("obrien", &[b]),
            ("100", &[b]),
            ("山田", &[y]),
            ("山", &[y]),
            ("_", &[]),
            ("%", &[]),
            ("' or 1=1 --", &[]),
        ];
        for (typed, expected) in cases {
            let mut expected = expected.to_vec();
            expected.sort_unstable();
            assert_eq!(search(&site, typed).await, expected, "{typed:?}");
        }
        for typed in ["-", ".", "_-.", "^", "^^", "%%", "\\", "*"] {
            assert_eq!(search(&site, typed).await, Vec::<String>::new(), "{typed:?}");
        }
        for blank in ["", "  ", "\t"] {
            assert_eq!(search(&site, blank).await.len(), 5, "{blank:?}");
        }
        for odd in ["\u{0}", "a\u{0}b", "\u{202e}", &"я".repeat(5_000), "a b c d e f g h"] {
            users::list(&site.app, &caller(&site.anna), &UserQuery { search: odd.into(), ..UserQuery::default() })
                .await
                .unwrap_or_else(|refusal| panic!("{odd:?}: {refusal:?}"));
        }
    })
    .await;
}

/// DS-06: among many people, whatever is typed is answered soon.
#[tokio::test(flavor = "multi_thread")]
async fn no_text_that_is_looked_for_is_slow_ds_06() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let wanted: Vec<Wanted> = (0..2_000)
            .map(|n| {
                let (name, email) = (format!("Ааааа Аааааа {n} %_%_"), format!("aaaaaaaa{n}@acme.by"));
                Wanted::new(&name, &email, "employee", &site.company, State::Active)
            })
            .collect();
        site.add_all(&wanted).await;
        let mut anna = Browser::signed_in(&site.app, &site.anna).await;
        for typed in [
            "%".repeat(200),
            "_".repeat(200),
            "%_".repeat(100),
            "а".repeat(5_000),
            "a".repeat(200),
            "a ".repeat(2_000),
            "а%а_".repeat(300),
            "\\".repeat(300),
            "\"*\" NEAR(a b) OR ".repeat(60),
            "(a+)+$".repeat(100),
            "e\u{301}\u{302}\u{303}".repeat(500),
            "\u{fdfa}".repeat(500),
        ] {
            let fields =
                [("q", typed.as_str()), ("status", ""), ("role", ""), ("sort", ""), ("after", ""), ("before", "")];
            let begin = Instant::now();
            let answer = anna.ask("/api/users", &fields).await;
            let took = begin.elapsed();
            let start: String = typed.chars().take(8).collect();
            assert!(answer.status == 200 || answer.status.is_client_error(), "{start}: {}", answer.text());
            assert!(took < Duration::from_secs(1), "{start}… took {took:?}");
        }
    })
    .await;
}

/// Rule 84.
#[tokio::test(flavor = "multi_thread")]
async fn filters_narrow_by_status_and_role_and_go_together_with_the_search() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        for role in ["company_administrator", "dispatcher", "employee"] {
            for state in State::ALL {
                let code = state.status().code();
                site.add(&format!("Name {code}"), &format!("{code}-{role}@acme.by"), role, &site.company, state).await;
            }
        }
        for role in ["company_administrator", "dispatcher", "employee"] {
            let role_id = Some(site.role(role).id.clone());
            assert_eq!(found(&site, &UserQuery { role: role_id.clone(), ..UserQuery::default() }).await.len(), 6);
            for state in State::ALL {
                let status = Some(state.status());
                let query = UserQuery { status, role: role_id.clone(), ..UserQuery::default() };
                let email = format!("{}-{role}@acme.by", state.status().code());
                assert_eq!(found(&site, &query).await, [email.as_str()]);
                let both = UserQuery { search: "name".into(), ..query.clone() };
                assert_eq!(found(&site, &both).await, [email.as_str()]);
                let neither = UserQuery { search: "petrova".into(), ..query };
                assert_eq!(found(&site, &neither).await, Vec::<String>::new());
            }
        }
        let blocked = UserQuery { status: Some(Status::Blocked), ..UserQuery::default() };
        assert_eq!(found(&site, &blocked).await.len(), 3);
        let none = UserQuery { status: Some(Status::NotInvited), ..UserQuery::default() };
        assert_eq!(found(&site, &none).await.len(), 0);
    })
    .await;
}

/// TE-01: a company's list and search never show anybody of another one.
#[tokio::test(flavor = "multi_thread")]
async fn the_list_of_a_company_holds_its_own_people_only() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let other = site.add_company("ACME South").await;
        let here = site.add_active("Viktor", "viktor@acme.by", "company_administrator").await;
        site.add("Same Name", "same-here@acme.by", "employee", &site.company, State::Active).await;
        site.add("Same Name", "same-there@acme.by", "employee", &other, State::Active).await;
        for typed in ["", "same", "s", "same-there", "anna"] {
            let query = UserQuery { search: typed.into(), ..UserQuery::default() };
            let page = users::list(&site.app, &caller(&here), &query).await.expect("a page");
            let emails: Vec<String> = page.rows.iter().filter_map(|row| row.email.clone()).collect();
            assert!(
                emails.iter().all(|email| email == "same-here@acme.by" || email == "viktor@acme.by"),
                "{typed}: {emails:?}"
            );
            assert_eq!(page.matching, Matching::Exactly(emails.len() as i64), "{typed}");
            assert_eq!(page.total(), 2);
        }
    })
    .await;
}
