//! What stands on the screen is what is done: every button of the page of a list carries what was chosen and typed on it, sent as a
//! browser without script sends it.

use super::{finish, id_in, platform, seen, upload};
use crate::support::browser::Browser;
use crate::support::crowd::State;
use crate::support::databases::both;
use crate::support::html::{Form, form_to};
use usher::domain::id::{ImportId, UnitId};
use usher::domain::import::RowFinding;
use usher::domain::review::RowCounts;

/// The form of a list as it stands on its page.
async fn form(anna: &mut Browser, id: &ImportId, show: &str) -> Form {
    form_to(&anna.get(&format!("/import?id={id}&show={show}")).await.text(), "/api/import-list")
}

/// Presses a button of the page, and follows to the page that comes next.
async fn press(anna: &mut Browser, id: &ImportId, path: &str, form: &Form, answer: Option<&str>) -> String {
    let mut pairs = form.pairs();
    pairs.extend(answer.map(|answer| ("answer", answer)));
    let answer = anna.post_from(&format!("/import?id={id}"), path, &pairs).await;
    assert!(answer.is_done(), "{answer:?}");
    anna.get(answer.location()).await.text()
}

/// What a page says where something else would be done than it showed before.
const OTHERWISE: &str = "something else will happen than the page showed";

/// What a page says where it showed another list than the one that is there.
const OUTDATED: &str = "Somebody else changed this in between.";

/// What the text of a cell of the page was changed into.
fn corrected(mut form: Form, place: &str, text: &str) -> Form {
    let places: Vec<usize> = (0..form.fields.len()).filter(|at| form.fields[*at].0 == "places[]").collect();
    let nth = places.iter().position(|at| form.fields[*at].1 == place).unwrap_or_else(|| panic!("no cell {place}"));
    let texts: Vec<usize> = (0..form.fields.len()).filter(|at| form.fields[*at].0 == "texts[]").collect();
    form.fields[texts[nth]].1 = text.into();
    form
}

async fn list(anna: &mut Browser, text: &str) -> ImportId {
    id_in(&upload(anna, "people.csv", text.as_bytes()).await)
}

/// The same, to a unit.
async fn list_to(anna: &mut Browser, text: &str, unit: &UnitId) -> ImportId {
    let id = list(anna, text).await;
    let said = form(anna, &id, "").await.with("unit", unit.as_str());
    press(anna, &id, "/api/import-list", &said, None).await;
    id
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_chosen_and_not_checked_again_counts_when_the_list_is_run() {
    both(|db| async {
        let site = platform(db).await;
        let beta = site.add_company("Beta School").await;
        let mut anna = Browser::signed_in(&site.app, &site.anna).await;
        let people = "Name;Email\nVera;vera@acme.by\nLev;lev@acme.by\n";
        let id = list_to(&mut anna, people, &site.company.id).await;
        let page = anna.get(&format!("/import?id={id}")).await.text();
        assert!(page.contains("Import 2 people and send invitations") && page.contains("Import 2 people<"), "{page}");
        // The same verdicts: it is done at once, as the screen says.
        let role = site.role("learning_tutor").id.to_string();
        let chosen = form(&mut anna, &id, "").await.ticked("sends").with("role", &role).with("unit", beta.id.as_str());
        let ran = press(&mut anna, &id, "/api/import-run", &chosen, None).await;
        assert!(seen(&site, &id).await.state.is_some(), "{ran}");
        assert_eq!(finish(&site, &id).await.state.map(|state| state.taken), Some(2));
        assert_eq!(site.number("select count(*) as n from messages").await, 2, "invitations are sent");
        let tutors = "select count(*) as n from memberships m join roles r on r.id = m.role_id join units n on n.id = m.unit_id \
                      where r.key = 'learning_tutor' and n.name = 'Beta School'";
        assert_eq!(site.number(tutors).await, 2);

        // All or nothing counts, and stays chosen.
        let id = list_to(&mut anna, "Name;Email\nMax;max@acme.by\nOlga;olga@\n", &beta.id).await;
        let chosen = form(&mut anna, &id, "").await.with("policy", "all");
        let told = press(&mut anna, &id, "/api/import-run", &chosen, None).await;
        assert!(told.contains("whole or not at all"), "{told}");
        let view = seen(&site, &id).await;
        assert!(view.state.is_none() && view.terms.policy.code() == "all", "{:?}", view.terms);
        // A cell that was corrected, and not saved by its own button: what becomes of it was not shown yet.
        let chosen = corrected(form(&mut anna, &id, "").await, "3-email", "olga@acme.by");
        let told = press(&mut anna, &id, "/api/import-run", &chosen, None).await;
        assert!(told.contains(OTHERWISE), "{told}");
        assert_eq!(seen(&site, &id).await.counts, RowCounts { ready: 2, ..RowCounts::default() });
        assert_eq!(site.number("select count(*) as n from users where email = 'olga@acme.by'").await, 0);
        let shown = form(&mut anna, &id, "").await;
        press(&mut anna, &id, "/api/import-run", &shown, None).await;
        assert_eq!(finish(&site, &id).await.state.map(|state| state.taken), Some(2));
    })
    .await;
}

/// Where there are several units and the list names none, nobody goes anywhere before somebody has said where: one choice above the
/// check. Rows that name a unit of their own keep it, and where there is one unit, or a column of them, nothing is asked.
#[tokio::test(flavor = "multi_thread")]
async fn to_which_unit_a_list_goes_that_names_none_is_asked() {
    both(|db| async {
        let site = platform(db).await;
        let mut anna = Browser::signed_in(&site.app, &site.anna).await;
        let people = "Name;Email\nVera;vera@acme.by\nLev;lev@acme.by\n";
        let only = list(&mut anna, people).await;
        let view = seen(&site, &only).await;
        assert_eq!((view.asks_unit, view.counts.ready), (false, 2), "one unit is no question");

        let beta = site.add_company("Beta School").await;
        let of_columns = list(&mut anna, "Name;Email;Company\nVera;vera@acme.by;Beta School\nLev;lev@acme.by;\n").await;
        let view = seen(&site, &of_columns).await;
        assert_eq!((view.asks_unit, view.counts.ready), (false, 2));

        let id = list(&mut anna, people).await;
        let view = seen(&site, &id).await;
        let missing = Some(RowFinding::UnitMissing);
        assert!(view.asks_unit && view.terms.unit.is_none());
        assert!(view.rows.iter().all(|row| row.finding == missing), "{:?}", view.rows);
        let page = anna.get(&format!("/import?id={id}")).await.text();
        assert!(page.contains("To which unit do they go?") && !page.contains("id=\"run\""), "{page}");
        assert_eq!(page.matches("name=\"unit\"").count(), 1, "one choice");
        let (before, _) = page.split_once("id=\"check\"").expect("the button");
        assert!(before.contains("name=\"unit\""), "above the check");
        let asked = form(&mut anna, &id, "").await;
        assert_eq!(asked.value("unit"), Some(""));
        // Checked again without a word, it is asked still.
        let page = press(&mut anna, &id, "/api/import-list", &asked, None).await;
        assert!(page.contains("The row names no unit."), "{page}");
        let said = form(&mut anna, &id, "").await.with("unit", beta.id.as_str());
        let page = press(&mut anna, &id, "/api/import-list", &said, None).await;
        assert!(page.contains("Import 2 people"), "{page}");
        assert_eq!(form(&mut anna, &id, "").await.value("unit"), Some(beta.id.as_str()), "it stays said");
        let ready = form(&mut anna, &id, "").await;
        press(&mut anna, &id, "/api/import-run", &ready, None).await;
        assert_eq!(finish(&site, &id).await.state.map(|state| state.taken), Some(2));
        let there =
            "select count(*) as n from memberships m join units n on n.id = m.unit_id where n.name = 'Beta School'";
        assert_eq!(site.number(there).await, 2);

        // In a list that is read person by person, a row may name its unit all the same.
        let mixed = list(&mut anna, "Max, max@acme.by, ACME North\n\nMia mia@acme.by\n").await;
        let view = seen(&site, &mixed).await;
        let whole: Vec<bool> = view.rows.iter().map(|row| row.finding == missing).collect();
        assert!(whole.contains(&true), "{:?}", view.rows);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn where_something_else_would_be_done_than_was_shown_the_page_says_so_first() {
    both(|db| async {
        let site = platform(db).await;
        let alpha = site.add_branch("Alpha", &site.company).await;
        let mut anna = Browser::signed_in(&site.app, &site.anna).await;
        site.add("Old Name", "old@acme.by", "learning_learner", &site.company, State::Active).await;
        site.add("Away", "away@acme.by", "learning_learner", &alpha, State::Active).await;
        let text = "Name;Email;Number\nNew Name;old@acme.by;+375291234567\nVera;vera@acme.by;\n";
        for what in ["existing", "everybody", "columns"] {
            let id = list_to(&mut anna, text, &site.company.id).await;
            let mut chosen = form(&mut anna, &id, "").await;
            match what {
                "existing" => chosen = chosen.with("existing", "update"),
                "everybody" => chosen = chosen.ticked("everybody"),
                _ => {
                    let at = chosen.fields.iter().position(|(name, _)| name == "columns[]").expect("columns");
                    chosen.fields[at + 1].1.clear();
                }
            }
            let told = press(&mut anna, &id, "/api/import-run", &chosen, None).await;
            assert!(told.contains(OTHERWISE), "{what}: {told}");
            assert!(seen(&site, &id).await.state.is_none(), "{what}");
        }
        assert_eq!(site.number("select count(*) as n from users where email = 'vera@acme.by'").await, 0);

        // Somebody else changed the list meanwhile, or the same person in another window.
        let id = list_to(&mut anna, text, &site.company.id).await;
        let (one, other) = (form(&mut anna, &id, "").await, form(&mut anna, &id, "").await);
        press(&mut anna, &id, "/api/import-list", &one.ticked("sends"), None).await;
        for path in ["/api/import-run", "/api/import-list"] {
            let told = press(&mut anna, &id, path, &other, None).await;
            assert!(told.contains(OUTDATED), "{path}: {told}");
        }
        let view = seen(&site, &id).await;
        assert!(view.terms.sends && view.state.is_none());
    })
    .await;
}

/// The buttons of rows and kinds carry the rest of the page, too; a text that is too long costs nothing else that was typed.
#[tokio::test(flavor = "multi_thread")]
async fn no_button_of_the_page_loses_what_was_chosen_above_it() {
    both(|db| async {
        let site = platform(db).await;
        let mut anna = Browser::signed_in(&site.app, &site.anna).await;
        let text = "Name;Email\nVera;vera@gmial.com\nLev;lev@\nMax;max@acme.by\n\"Ann\nLee\";ann@acme.by\n";
        for (path, answer) in [
            ("/api/import-row", "3-drop"),
            ("/api/import-row", "2-offer"),
            ("/api/import-row", "2-keep"),
            ("/api/import-row", "3-save"),
            ("/api/import-group", "misspelt-offers"),
            ("/api/import-group", "email-drop"),
            ("/api/import-list", ""),
        ] {
            let id = list(&mut anna, text).await;
            let chosen = form(&mut anna, &id, "all").await.ticked("sends").with("policy", "all");
            let chosen = corrected(chosen, "4-name", "Maxim Kim");
            press(&mut anna, &id, path, &chosen, Some(answer)).await;
            let view = seen(&site, &id).await;
            assert!(view.terms.sends && view.terms.policy.code() == "all", "{path} {answer}");
            let cells = |line: usize| {
                let row = view.rows.iter().find(|row| row.line == line).expect("the row");
                row.cells.iter().map(|(_, text)| text.clone()).collect::<Vec<_>>()
            };
            assert_eq!(cells(4)[0], "Maxim Kim", "{path} {answer}");
            assert!(view.rows.iter().any(|row| row.cells[0].1 == "Ann Lee"), "the lines of a cell stay apart");
            assert_eq!(cells(2)[1] == "vera@gmail.com", answer.contains("offer"), "{path} {answer}");
        }
        let id = list(&mut anna, text).await;
        let long = "x".repeat(501);
        let chosen = corrected(form(&mut anna, &id, "all").await, "3-email", "lev@acme.by").ticked("sends");
        let chosen = chosen.with("personal_text", &long);
        let told = press(&mut anna, &id, "/api/import-list", &chosen, None).await;
        assert!(told.contains(&long), "what was too long stands there still: {told}");
        let view = seen(&site, &id).await;
        assert!(view.terms.sends && view.rows.iter().any(|row| row.cells[1].1 == "lev@acme.by"), "{:?}", view.rows);
    })
    .await;
}
