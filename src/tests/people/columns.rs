//! What is looked for in one column stands in that column, and in no other (rule 22).

use super::caller;
use crate::support::crowd::{State, Wanted};
use crate::support::databases::both;
use crate::support::site::TestSite;
use usher::domain::listing::{ColumnSearch, Sort, UserQuery};
use usher::domain::user::Status;
use usher::server::use_cases::users;

async fn found(site: &TestSite, query: &UserQuery) -> Vec<String> {
    let page = users::list(&site.app, &caller(&site.anna), query).await.expect("a page");
    let mut names: Vec<String> = page.rows.into_iter().map(|row| row.name).collect();
    names.sort();
    names
}

#[tokio::test(flavor = "multi_thread")]
async fn the_table_is_searched_column_by_column() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        for crowd in [0, 300] {
            let others: Vec<Wanted> = (0..crowd)
                .map(|n| {
                    let email = format!("somebody{n}@crowd.example");
                    Wanted::new(&format!("Petrov {n}"), &email, "employee", &site.company, State::Active)
                })
                .collect();
            site.add_all(&others).await;
            if crowd == 0 {
                site.add("Petra Adams", "adams@acme.by", "employee", &site.company, State::Active).await;
                let ada =
                    site.add("Ada Lovelace", "petra-1@guests.example", "employee", &site.company, State::Active).await;
                site.add("Пётр Кац", "katz@guests.example", "employee", &site.company, State::Blocked).await;
                let mut tx = site.app.db.maintain().await.expect("a transaction");
                tx.execute("update users set phone = '+375291234567' where id = $1", &usher::values![&ada])
                    .await
                    .expect("a number");
                tx.touch(&ada, site.app.clock.now());
                tx.commit().await.expect("a commit");
            }
            let of = |name: &str, email: &str, phone: &str| ColumnSearch {
                name: name.into(),
                email: email.into(),
                phone: phone.into(),
                login: String::new(),
            };
            for sort in Sort::ALL {
                let ask = |columns: ColumnSearch| UserQuery { columns, sort, ..UserQuery::default() };
                for (columns, names) in [
                    (of("petra", "", ""), vec!["Petra Adams"]),
                    (of("PETRA", "", ""), vec!["Petra Adams"]),
                    (of("", "petra", ""), vec!["Ada Lovelace"]),
                    (of("", "Petra-1@", ""), vec!["Ada Lovelace"]),
                    (of("adams petra", "acme.by", ""), vec!["Petra Adams"]),
                    (of("adams", "guests", ""), vec![]),
                    (of("кац", "", ""), vec!["Пётр Кац"]),
                    (of("", "", "+375 29"), vec!["Ada Lovelace"]),
                    (of("", "guests.example", ""), vec!["Ada Lovelace", "Пётр Кац"]),
                ] {
                    assert_eq!(found(&site, &ask(columns.clone())).await, names, "{columns:?} {sort:?} of {crowd}");
                }
                let both = UserQuery { search: "ada".into(), ..ask(of("", "acme", "")) };
                assert_eq!(
                    found(&site, &both).await,
                    ["Petra Adams"],
                    "adams is found by ada, and its address by acme"
                );
                let blocked = UserQuery { status: Some(Status::Blocked), ..ask(of("", "guests", "")) };
                assert_eq!(found(&site, &blocked).await, ["Пётр Кац"]);
            }
        }
    })
    .await;
}
