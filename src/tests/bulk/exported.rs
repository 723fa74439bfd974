//! The list taken away as a file: exactly those whom it shows, within one's reach, in cells that are never formulas (VA-07).

use super::people;
use crate::support::browser::{Answer, Browser};
use crate::support::crowd::State;
use crate::support::databases::both;
use crate::support::site::TestSite;
use usher::server::spreadsheets;

async fn export(browser: &mut Browser, fields: &[(&str, &str)]) -> Answer {
    browser.post_form("/users/export", fields).await
}

fn names(answer: &Answer) -> Vec<String> {
    let text = answer.text();
    let file = text.strip_prefix('\u{feff}').expect("the mark by which a spreadsheet knows its letters");
    let mut reader = csv::Reader::from_reader(file.as_bytes());
    reader.records().map(|row| row.expect("a row")[0].to_string()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_holds_whom_the_list_shows_and_nobody_else() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let other = site.add_company("ACME South").await;
        // More than are read at once.
        people(&site, 1_100, State::Active).await;
        people(&site, 2, State::Invited).await;
        site.add("There", "there@acme.by", "employee", &other, State::Active).await;
        site.add("Gone", "gone@acme.by", "employee", &site.company, State::Archived).await;
        let viktor = site.add_active("Viktor", "viktor@acme.by", "company_administrator").await;
        let mut viktor = Browser::signed_in(&site.app, &viktor).await;
        let all = export(&mut viktor, &[("list", "/users")]).await;
        assert_eq!(all.headers["content-type"], "text/csv; charset=utf-8");
        assert!(all.headers["content-disposition"].to_str().is_ok_and(|name| name.contains("users.csv")));
        let all = names(&all);
        assert_eq!(all.len(), 1_103);
        assert!(!all.iter().any(|name| ["There", "Gone", "Anna Petrova"].contains(&name.as_str())), "{all:?}");
        let some = names(&export(&mut viktor, &[("list", "/users?status=invited&sort=-name")]).await);
        assert_eq!(some, ["Person 0001", "Person 0000"]);
        let found = names(&export(&mut viktor, &[("list", "/users?q=person+0042")]).await);
        assert_eq!(found, ["Person 0042"]);
        let elsewhere = export(&mut viktor, &[("list", &format!("/users?unit={}", other.id))]).await;
        assert_eq!(elsewhere.status.as_u16(), 404);
    })
    .await;
}

/// VA-07: a workbook has the same people in the same columns, each cell a text that stands as it was written.
#[tokio::test(flavor = "multi_thread")]
async fn the_list_is_taken_away_as_a_workbook_too() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        people(&site, 1_100, State::Active).await;
        site.add("=HYPERLINK(\"http://evil\")", "evil@acme.by", "employee", &site.company, State::Invited).await;
        let mut anna = Browser::signed_in(&site.app, &site.anna).await;
        let answer = export(&mut anna, &[("list", "/users?sort=added"), ("as", "xlsx")]).await;
        let header = |name: &str| answer.headers[name].to_str().expect("text").to_string();
        assert!(header("content-type").contains("spreadsheetml"), "{}", header("content-type"));
        assert!(header("content-disposition").contains("users.xlsx"));
        let rows = spreadsheets::read(&answer.body).expect("a workbook").sheets.swap_remove(0).rows;
        assert_eq!(rows.len(), 1_103);
        assert_eq!(rows[0][..4], ["Name", "E-mail", "Phone", "Login"]);
        assert_eq!(rows[1_102][0], "=HYPERLINK(\"http://evil\")");
        // What nobody knows is a file of values.
        let other = export(&mut anna, &[("list", "/users"), ("as", "docx")]).await;
        assert_eq!(other.headers["content-type"], "text/csv; charset=utf-8");
        assert_eq!(super::lines(&site, "exported").await, 2);
    })
    .await;
}

/// Those whose rows were ticked, as far as they are seen.
#[tokio::test(flavor = "multi_thread")]
async fn a_selection_is_exported_without_whoever_is_out_of_reach() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let other = site.add_company("ACME South").await;
        let here = people(&site, 3, State::Active).await;
        let there = site.add("There", "there@acme.by", "employee", &other, State::Active).await;
        let viktor = site.add_active("Viktor", "viktor@acme.by", "company_administrator").await;
        let mut viktor = Browser::signed_in(&site.app, &viktor).await;
        let of = |id: &str| format!("who[.{id}]");
        let (one, two, none) = (of(here[0].as_str()), of(there.as_str()), of("0190-nobody"));
        let some = export(&mut viktor, &[(&one, "on"), (&two, "on"), (&none, "on"), ("list", "/users")]).await;
        assert_eq!(names(&some), ["Person 0000"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cell_is_never_a_formula_and_who_took_the_list_away_is_written_down() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        site.add("=HYPERLINK(\"http://evil\")", "evil@acme.by", "employee", &site.company, State::Active).await;
        site.add("Ольга; Ким", "olga@acme.by", "employee", &site.company, State::Active).await;
        let mut anna = Browser::signed_in(&site.app, &site.anna).await;
        let text = export(&mut anna, &[("list", "/users")]).await.text();
        assert!(text.contains("\"'=HYPERLINK(\"\"http://evil\"\")\"") && text.contains("\"Ольга; Ким\""), "{text}");
        assert!(text.contains("\"evil@acme.by\"") && text.contains("\"Employee\"") && text.contains("\"Active\""));
        assert_eq!(super::lines(&site, "exported").await, 1);
        let history = anna.get("/audit").await.text();
        assert!(history.contains("exported the list of people"), "{history}");
        // In Russian, with what a Russian spreadsheet expects between cells.
        let mut tx = site.app.db.maintain().await.expect("a transaction");
        tx.execute("update users set language = 'ru' where id = $1", &usher::values![&site.anna]).await.expect("ru");
        tx.commit().await.expect("a commit");
        let text = export(&mut anna, &[("list", "/users")]).await.text();
        assert!(text.starts_with("\u{feff}\"Имя\";\"Почта\";"), "{text}");
    })
    .await;
}

/// AZ-09: whoever sees nobody takes nobody away; whoever is not signed in, nothing.
#[tokio::test(flavor = "multi_thread")]
async fn whoever_sees_nobody_exports_nobody() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let employee = site.add_active("Employee", "employee@acme.by", "employee").await;
        let mut browser = Browser::signed_in(&site.app, &employee).await;
        let answer = export(&mut browser, &[("list", "/users")]).await;
        assert_eq!(answer.status.as_u16(), 403);
        assert_eq!(super::lines(&site, "exported").await, 0);
        let answer = export(&mut Browser::new(&site.app), &[("list", "/users")]).await;
        assert_eq!(answer.status.as_u16(), 401);
    })
    .await;
}
