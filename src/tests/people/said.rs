//! What a list says of roles, units and numbers beside name and address, where the server reads it: a browser without script
//! sends the text field. It is used, or asked about, and nothing of it goes in silence.

use super::caller;
use crate::support::browser::Browser;
use crate::support::databases::both;
use crate::support::html::{Form, form_to};
use crate::support::site::TestSite;
use usher::domain::contact::PhoneProblem;
use usher::domain::id::UnitId;
use usher::domain::paste::{PasteProblem, SheetDamage};
use usher::domain::review::{InviteDraft, Verdict, WishedRow};
use usher::server::use_cases::invite::{self, InviteForm};

/// People whose addresses look like nobody else's.
const NAMES: [&str; 7] = ["ada.king", "boris", "kirill", "maria", "oleg.lis", "sveta", "tikhon"];

/// The form of a unit with a text in its field.
async fn form_with(by: &mut Browser, unit: &UnitId, text: &str) -> Form {
    let page = by.get(&format!("/users/invite?unit={unit}")).await.text();
    form_to(&page, "/api/invite").with("addresses", text)
}

/// What came of a form, and the page of it.
async fn sent(by: &mut Browser, form: &Form) -> (InviteDraft, String) {
    let answer = by.post_form("/api/invite", &form.pairs()).await;
    let (_, id) = answer.location().split_once("draft=").unwrap_or_else(|| panic!("{}", answer.text()));
    let id = id.to_string();
    let page = by.get(&format!("/users/invite?draft={id}")).await.text();
    (by.draft(&id).await, page)
}

async fn looked(by: &mut Browser, unit: &UnitId, text: &str) -> (InviteDraft, String) {
    let form = form_with(by, unit, text).await.pressed("only_check");
    sent(by, &form).await
}

/// The role in which somebody was invited.
async fn role_of(site: &TestSite, draft: &InviteDraft) -> String {
    let mut tx = site.app.db.read().await.expect("a connection");
    let sql = "select role_id from memberships where user_id = $1";
    let row = tx.row(sql, &usher::values![&draft.sent[0].user_id]).await.expect("a membership");
    row.text("role_id").expect("a role")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_that_a_list_says_is_given_without_script_too() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let mut anna = Browser::signed_in(&site.app, &site.anna).await;
        let dispatcher = site.role("dispatcher").id.clone();
        for (nth, text) in [
            "Name;E-mail;Role\nAda King;{}@mill.example;Dispatcher",
            "Ivan;{}@mill.example;Dispatcher",
            "Иван Петров;{}@mill.example;Диспетчер",
            "Почта;Имя;Роль\n{}@mill.example;Иван;диспетчер",
            "Name\tE-mail\tRole\nAda\t{}@mill.example\tDISPATCHER",
            "Dispatchers:\nKim Lee {}@mill.example",
            "Kim Lee, dispatcher, {}@mill.example",
        ]
        .into_iter()
        .enumerate()
        {
            let text = text.replace("{}", NAMES[nth]);
            let (draft, _) = looked(&mut anna, &site.company.id, &text).await;
            let row = &draft.rows[0];
            assert_eq!((&row.verdict, row.role.as_ref()), (&Verdict::Ready, Some(&dispatcher)), "{text}");
            let form = form_with(&mut anna, &site.company.id, &text).await;
            let (draft, page) = sent(&mut anna, &form).await;
            assert!(draft.rows.is_empty(), "{text}: {page}");
            assert_eq!(role_of(&site, &draft).await, dispatcher.as_str(), "{text}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_that_nobody_knows_is_asked_about_with_and_without_script() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let mut anna = Browser::signed_in(&site.app, &site.anna).await;
        let (dispatcher, employee) = (site.role("dispatcher").id.clone(), site.role("employee").id.clone());
        for (nth, role) in ["Boss", "Astronaut", "Disponent", "Начальник"].into_iter().enumerate() {
            let text = format!("Name;E-mail;Role\nIvan Roth;{}@mill.example;{role}", NAMES[nth]);
            let form = form_with(&mut anna, &site.company.id, &text).await.with("role", employee.as_str());
            let (draft, page) = sent(&mut anna, &form).await;
            assert!(draft.sent.is_empty(), "nobody goes with another role than the list says: {draft:?}");
            assert_eq!(draft.rows[0].verdict, Verdict::OtherRole { text: role.into() });
            assert!(page.contains(&format!("The list says the role “{role}”")), "{page}");
            // As it stands, it is asked about again; then it is answered, in either way.
            let (draft, page) = sent(&mut anna, &form_to(&page, "/api/invite")).await;
            assert_eq!(draft.rows[0].verdict, Verdict::OtherRole { text: role.into() });
            let form = form_to(&page, "/api/invite");
            let (form, given) = match nth % 2 {
                0 => (form.ticked("rows[0][address]"), &employee),
                _ => (form.with("rows[0][role]", dispatcher.as_str()), &dispatcher),
            };
            let (draft, page) = sent(&mut anna, &form).await;
            assert_eq!(draft.sent.len(), 1, "{page}");
            assert_eq!(role_of(&site, &draft).await, given.as_str());
        }
        // With script, what was read goes with the row.
        let row = |said_role: &str, asked: Option<&str>| WishedRow {
            typed: "kim@mill.example".into(),
            address: asked.map(|_| "kim@mill.example".into()),
            asked: asked.map(String::from),
            said_role: said_role.into(),
            ..WishedRow::default()
        };
        let rows = vec![row("Boss", None), row("Boss", Some("on")), row("Boss", Some("role")), row("Диспетчер", None)];
        let wish = InviteForm { rows, units: vec![site.company.id.to_string()], ..InviteForm::default() };
        let judged = invite::judge_rows(&site.app, &caller(&site.anna), &wish).await.expect("judged");
        let asks = Verdict::OtherRole { text: "Boss".into() };
        assert_eq!(judged[..3], [asks.clone(), asks, Verdict::Ready]);
        assert!(!matches!(judged[3], Verdict::OtherRole { .. }), "{judged:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_unit_that_a_list_says_is_asked_about_where_the_form_invites_elsewhere() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let mut anna = Browser::signed_in(&site.app, &site.anna).await;
        let sales = site.add_branch("Sales", &site.company).await;
        for (nth, text) in [
            "Name;E-mail;Role;Unit\nAda King;{}@mill.example;Dispatcher;Sales",
            "Имя;Почта;Отдел\nАда;{}@mill.example;SALES",
            "Sales\nAnn Lee {}@mill.example",
        ]
        .into_iter()
        .enumerate()
        {
            let text = text.replace("{}", NAMES[nth]);
            let (draft, _) = looked(&mut anna, &sales.id, &text).await;
            assert_eq!(draft.rows[0].verdict, Verdict::Ready, "{text}");
            let (draft, page) = looked(&mut anna, &site.company.id, &text).await;
            assert!(matches!(draft.rows[0].verdict, Verdict::OtherUnit { .. }), "{text}: {draft:?}");
            assert!(page.contains("The list says the unit “"), "{page}");
            let form = form_to(&page, "/api/invite").ticked("rows[0][address]");
            let (draft, page) = sent(&mut anna, &form).await;
            assert_eq!(draft.sent.len(), 1, "{page}");
        }
        let (draft, _) = looked(&mut anna, &sales.id, "Name;E-mail;Unit\nAda;x@mill.example;Warehouse").await;
        assert_eq!(draft.rows[0].verdict, Verdict::OtherUnit { text: "Warehouse".into() });
        // First the role, then the unit; an answer to one is none to the other.
        let both = "Name;E-mail;Role;Unit\nAda;y@mill.example;Boss;Warehouse";
        let (draft, page) = looked(&mut anna, &sales.id, both).await;
        assert_eq!(draft.rows[0].verdict, Verdict::OtherRole { text: "Boss".into() });
        let (draft, page) = sent(&mut anna, &form_to(&page, "/api/invite").ticked("rows[0][address]")).await;
        assert_eq!(draft.rows[0].verdict, Verdict::OtherUnit { text: "Warehouse".into() }, "{page}");
        let (draft, page) = sent(&mut anna, &form_to(&page, "/api/invite").ticked("rows[0][address]")).await;
        assert_eq!(draft.sent.len(), 1, "{page}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_beside_an_address_is_asked_about_with_what_was_meant() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let mut anna = Browser::signed_in(&site.app, &site.anna).await;
        for (nth, (text, offer)) in [
            ("Петров Пётр, 8 (044) 765-43-21, {}@mail.ru", Some("+375447654321")),
            ("{}@mail.ru 89051111119", Some("+79051111119")),
            ("{}@mail.ru, 8-912-345-67-89", Some("+79123456789")),
            ("{}@mail.ru 0171 7654321", None),
            ("{}@acme.example;80291234567", Some("+375291234567")),
            ("{}@acme.example;291234567", None),
            ("Name;E-mail;Phone\nIvan;{}@acme.example;3.75291E+11", None),
        ]
        .into_iter()
        .enumerate()
        {
            let text = text.replace("{}", NAMES[nth]);
            let form = form_with(&mut anna, &site.company.id, &text).await;
            let (draft, page) = sent(&mut anna, &form).await;
            assert!(draft.sent.is_empty(), "{text}: {draft:?}");
            let Verdict::Broken { problem, repair } = &draft.rows[0].verdict else { panic!("{text}: {draft:?}") };
            assert_eq!(repair.as_deref(), offer, "{text}");
            match problem {
                PasteProblem::Spreadsheet(damage) => assert_eq!(*damage, SheetDamage::Shortened, "{text}"),
                problem => assert!(
                    matches!(problem, PasteProblem::Phone(PhoneProblem::CountryCodeMissing { .. })),
                    "{text}: {problem:?}"
                ),
            }
            let form = form_to(&page, "/api/invite");
            // Chosen, typed, or left out.
            let form = match offer {
                Some(_) => form.ticked("rows[0][number]"),
                None if nth % 2 == 0 => form.with("rows[0][phone]", ""),
                None => form.with("rows[0][phone]", &format!("+37529765432{nth}")),
            };
            let (draft, page) = sent(&mut anna, &form).await;
            assert_eq!(draft.sent.len(), 1, "{text}: {page}");
            assert!(draft.sent[0].address.starts_with(NAMES[nth]), "{draft:?}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_read_and_not_used_is_shown_without_script() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let mut anna = Browser::signed_in(&site.app, &site.anna).await;
        for (text, shown) in [
            ("n3@acme.example (до 1 мая)", "n3@acme.example: до 1 мая"),
            ("please add: n4@acme.example", "n4@acme.example: please add"),
            ("Anna Kim <n5@acme.example>\nOlga Lis <n5@acme.example>", "n5@acme.example: Olga Lis"),
            ("Name;E-mail;Login\nAnna;n6@acme.example;akim", "n6@acme.example: akim"),
            ("n7@acme.example +375291234567 доб. 12", "n7@acme.example: доб. 12"),
        ] {
            for button in ["only_check", ""] {
                let form = form_with(&mut anna, &site.company.id, text).await;
                let form = if button.is_empty() { form } else { form.pressed(button) };
                let (draft, page) = sent(&mut anna, &form).await;
                assert_eq!(draft.unused, [shown], "{text}");
                assert!(page.contains("Read, and not used here") && page.contains(shown), "{text}: {page}");
            }
        }
    })
    .await;
}
