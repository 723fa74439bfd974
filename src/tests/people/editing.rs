//! Who may write what of a person: the name that they gave, the phone, nothing of the address (rules 89–91, CO-06).

use super::caller;
use crate::support::browser::{Answer, Browser};
use crate::support::crowd::State;
use crate::support::databases::both;
use crate::support::site::TestSite;
use crate::support::tables::Dump;
use usher::domain::error::{Conflict, Invalid, UseCaseError};
use usher::domain::id::UserId;
use usher::domain::settings::Settings;
use usher::domain::user::{NamePolicy, User};
use usher::server::storage::{settings, users as people};
use usher::server::use_cases::users;

async fn person(site: &TestSite, id: &UserId) -> User {
    let mut tx = site.app.db.read().await.expect("a connection");
    people::find(&mut tx, id).await.expect("a look").expect("the person")
}

/// What Anna's card of somebody says of their record.
async fn record_of(site: &TestSite, id: &UserId) -> Option<String> {
    users::card(&site.app, &caller(&site.anna), id).await.expect("the card").record
}

async fn edit(browser: &mut Browser, id: &UserId, fields: &[(&str, &str)]) -> Answer {
    let fields: Vec<(&str, &str)> = [("id", id.as_str())].into_iter().chain(fields.iter().copied()).collect();
    browser.call("/api/edit-user", &fields).await
}

/// Rule 89: what the person entered no administrator overwrites, also not with a forged post.
#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_the_person_gave_cannot_be_overwritten() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let invited = site.invite("Given", "ivan@acme.by").await;
        let link = site.link_of(&invited.invitation).await;
        let mut browser = Browser::signed_in(&site.app, &site.anna).await;
        let named = [("name", "Corrected"), ("phone", ""), ("version", "1")];
        assert_eq!(edit(&mut browser, &invited.user, &named).await.status.as_u16(), 200, "before acceptance it can");
        assert_eq!(person(&site, &invited.user).await.name, "Corrected");
        super::register(&site, &link, "Иван Петров").await.expect("registered");
        let mine = person(&site, &invited.user).await;
        let version = mine.version.to_string();
        assert_eq!((mine.name.as_str(), mine.name_is_own), ("Иван Петров", true));

        let before = Dump::of(&site.app.db).await;
        let refused = Some(UseCaseError::Conflict(Conflict::NameIsOwn));
        for name in ["Overwritten", ".", "иван петров"] {
            let fields = [("name", name), ("phone", "+375291234567"), ("version", version.as_str())];
            let answer = edit(&mut browser, &invited.user, &fields).await;
            assert_eq!((answer.status.as_u16(), answer.refusal()), (409, refused.clone()), "{name}");
            let form: Vec<(&str, &str)> = [("id", invited.user.as_str())].into_iter().chain(fields).collect();
            browser.post_form("/api/edit-user", &form).await;
            assert_eq!(browser.note().expect("a note").refusal, refused);
        }
        before.assert_unchanged(&site.app.db, "a forged post").await;

        // The phone can be changed (rule 90), without the name, with an empty one, and with it as it stands.
        for (phone, fields) in [
            ("+375291234567", vec![]),
            ("+375291234568", vec![("name", "")]),
            ("+375291234569", vec![("name", "Иван Петров")]),
        ] {
            let version = person(&site, &invited.user).await.version.to_string();
            let fields = [fields, vec![("phone", phone), ("version", version.as_str())]].concat();
            assert_eq!(edit(&mut browser, &invited.user, &fields).await.status.as_u16(), 200);
            let now = person(&site, &invited.user).await;
            assert_eq!((now.name.as_str(), now.name_is_own, now.phone.as_deref()), ("Иван Петров", true, Some(phone)));
        }
    })
    .await;
}

/// Rule 90: a phone is kept as people dial it abroad, belongs to one person, and can be taken away.
#[tokio::test(flavor = "multi_thread")]
async fn a_phone_is_normalised_belongs_to_one_and_can_be_taken_away() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let ivan = site.add_active("Ivan", "ivan@acme.by", "employee").await;
        let olga = site.add_active("Olga", "olga@acme.by", "employee").await;
        let mut browser = Browser::signed_in(&site.app, &site.anna).await;
        let answer = edit(&mut browser, &ivan, &[("phone", " +375 (29) 123-45-67 "), ("version", "1")]).await;
        assert_eq!(answer.status.as_u16(), 200);
        assert_eq!(person(&site, &ivan).await.phone.as_deref(), Some("+375291234567"));
        let answer = edit(&mut browser, &olga, &[("phone", "375291234567"), ("version", "1")]).await;
        assert_eq!(answer.refusal(), Some(UseCaseError::Conflict(Conflict::PhoneTaken)));
        for bad in ["9051111111", "+", "+dwPAA;phone-context=AA", "letters", "+3752912345671234567890"] {
            let answer = edit(&mut browser, &olga, &[("phone", bad), ("version", "1")]).await;
            assert_eq!(answer.status.as_u16(), 422, "{bad}");
            assert!(matches!(answer.refusal(), Some(UseCaseError::Invalid(Invalid::Phone(_)))), "{bad}");
        }
        assert_eq!(person(&site, &olga).await.phone, None);
        let answer = edit(&mut browser, &ivan, &[("phone", ""), ("version", "2")]).await;
        assert_eq!((answer.status.as_u16(), person(&site, &ivan).await.phone), (200, None));
        let answer = edit(&mut browser, &olga, &[("phone", "375291234567"), ("version", "1")]).await;
        assert_eq!(answer.status.as_u16(), 200, "free again");
    })
    .await;
}

/// Rule 91: e-mail and login are not in the form, and not taken from it.
#[tokio::test(flavor = "multi_thread")]
async fn no_field_of_the_form_changes_the_address_the_role_or_the_rights() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let ivan = site.add("Ivan", "ivan@acme.by", "employee", &site.company, State::Active).await;
        let mut browser = Browser::signed_in(&site.app, &site.anna).await;
        let main = site.role("main_administrator").id.to_string();
        let forged = [
            ("phone", "+375291234567"),
            ("version", "1"),
            ("email", "taken-over@evil.example"),
            ("login", "root"),
            ("role", main.as_str()),
            ("role_id", main.as_str()),
            ("name_is_own", "false"),
            ("number", "1"),
            ("is_blocked", "true"),
            ("unit", site.root.id.as_str()),
        ];
        let before = Dump::of(&site.app.db).await;
        let user = person(&site, &ivan).await;
        let answer = edit(&mut browser, &ivan, &forged).await;
        assert!(matches!(answer.status.as_u16(), 200 | 400 | 422), "{} {}", answer.status, answer.text());
        let now = person(&site, &ivan).await;
        assert_eq!(User { phone: user.phone.clone(), version: user.version, changed_at: user.changed_at, ..now }, user);
        let changes = before.changes_to(&Dump::of(&site.app.db).await);
        let elsewhere = |row: &&String| {
            ["memberships", "invitations", "sessions", "roles"].iter().any(|table| row[2..].starts_with(table))
        };
        assert_eq!(changes.iter().filter(elsewhere).count(), 0, "{changes:?}");
        assert!(!changes.iter().any(|row| row.contains("evil.example")), "{changes:?}");

        // One's own page takes as little.
        let mut own = Browser::signed_in(&site.app, &ivan).await;
        let version = person(&site, &ivan).await.version.to_string();
        let mine = [("name", "Ivan"), ("phone", ""), ("language", "ru"), ("version", version.as_str())];
        let fields: Vec<(&str, &str)> = mine.into_iter().chain(forged.into_iter().skip(2)).collect();
        own.call("/api/change-profile", &fields).await;
        let now = person(&site, &ivan).await;
        assert_eq!((now.email.as_deref(), now.login, now.number), (Some("ivan@acme.by"), None, user.number));
        assert_eq!(
            own.ask(
                "/api/users",
                &[("q", ""), ("status", ""), ("role", ""), ("sort", ""), ("after", ""), ("before", "")]
            )
            .await
            .status
            .as_u16(),
            403
        );
    })
    .await;
}

/// CO-06: two edits that began with the same version: the second is told, and nothing of it is written.
#[tokio::test(flavor = "multi_thread")]
async fn of_two_edits_from_the_same_beginning_the_second_is_told() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let ivan = site.add_active("", "ivan@acme.by", "employee").await;
        let edit = |name: &str, version| users::Edit {
            name: Some(name.into()),
            phone: String::new(),
            version,
            ..Default::default()
        };
        let (app, anna) = (&site.app, caller(&site.anna));
        users::edit(app, &anna, &ivan, &edit("First", 1)).await.expect("the first");
        let before = Dump::of(&app.db).await;
        for version in [1, 0, -1, 3, i64::MAX] {
            let refused = users::edit(app, &anna, &ivan, &edit("Second", version)).await;
            assert_eq!(refused, Err(UseCaseError::Conflict(Conflict::ChangedMeanwhile)), "{version}");
        }
        before.assert_unchanged(&app.db, "an edit of an old version").await;
        // What changes the person elsewhere counts as well.
        users::block(app, &anna, &ivan, "").await.expect("blocked");
        let refused = users::edit(app, &anna, &ivan, &edit("Second", 2)).await;
        assert_eq!(refused, Err(UseCaseError::Conflict(Conflict::ChangedMeanwhile)));
        // An edit that changes nothing counts no version and writes no history.
        let before = Dump::of(&app.db).await;
        users::edit(app, &anna, &ivan, &edit("First", 3)).await.expect("nothing to do");
        before.assert_unchanged(&app.db, "an edit of nothing").await;

        let mut racing = tokio::task::JoinSet::new();
        for n in 0..8 {
            let (app, anna, ivan, edit) = (app.clone(), anna.clone(), ivan.clone(), edit(&format!("Racer {n}"), 3));
            racing.spawn(async move { users::edit(&app, &anna, &ivan, &edit).await });
        }
        let done = racing.join_all().await;
        assert_eq!(done.iter().filter(|result| result.is_ok()).count(), 1, "{done:?}");
        let told =
            done.iter().filter(|result| **result == Err(UseCaseError::Conflict(Conflict::ChangedMeanwhile))).count();
        assert_eq!((told, person(&site, &ivan).await.version), (7, 4));
    })
    .await;
}

/// Rules 2, 37: a person may point to the organisation's own record of this employee.
#[tokio::test(flavor = "multi_thread")]
async fn a_person_may_point_to_a_record_of_the_employee() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let ivan = site.add_active("Ivan", "ivan@acme.by", "employee").await;
        let mut browser = Browser::signed_in(&site.app, &site.anna).await;
        let mut write = async |record: Option<&str>| {
            let version = person(&site, &ivan).await.version.to_string();
            let mut fields = vec![("name", "Ivan"), ("phone", ""), ("version", version.as_str())];
            fields.extend(record.map(|_| ("records", "on")));
            fields.extend(record.map(|record| ("record", record)));
            let answer = edit(&mut browser, &ivan, &fields).await;
            (answer.status.as_u16(), record_of(&site, &ivan).await)
        };
        let page = "https://hr.acme.by/people/12?tab=a&b";
        assert_eq!(write(Some("  No.\u{202e} 12 ")).await, (200, Some("No. 12".into())));
        assert_eq!(write(None).await, (200, Some("No. 12".into())), "a form without the field keeps it");
        assert_eq!(write(Some(&"x".repeat(201))).await, (422, Some("No. 12".into())));
        assert_eq!(write(Some("javascript:alert(1)")).await.0, 200);
        assert!(!browser.get(&format!("/users/{ivan}")).await.text().contains("href=\"javascript"));
        let mut browser = Browser::signed_in(&site.app, &site.anna).await;
        let version = person(&site, &ivan).await.version.to_string();
        let fields = [("id", ivan.as_str()), ("phone", ""), ("version", version.as_str()), ("record", page)];
        assert!(browser.post_form("/api/edit-user", &fields).await.status.is_redirection());
        let card = browser.get(&format!("/users/{ivan}")).await.text();
        assert!(card.contains("href=\"https://hr.acme.by/people/12?tab=a&amp;b\""), "{card}");
        assert!(card.contains("changed the employee record of Ivan"), "{card}");
        let version = person(&site, &ivan).await.version.to_string();
        let fields =
            [("id", ivan.as_str()), ("phone", ""), ("version", version.as_str()), ("records", "on"), ("record", "")];
        browser.post_form("/api/edit-user", &fields).await;
        assert_eq!(record_of(&site, &ivan).await, None);
    })
    .await;
}

/// Without script, what was typed comes back with the refusal, however much it is; to whoever typed it and nobody else.
#[tokio::test(flavor = "multi_thread")]
async fn a_long_text_survives_a_refused_form_without_script() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let mut browser = Browser::signed_in(&site.app, &site.anna).await;
        let addresses: Vec<String> = (0..300).map(|n| format!("somebody.number{n}@acme.by")).collect();
        let addresses = addresses.join("\n");
        let fields = [
            ("addresses", addresses.as_str()),
            ("role", "no-such-role"),
            ("language", "en"),
            ("valid_for", "72h"),
            ("units[]", site.company.id.as_str()),
        ];
        let answer = browser.post_from("/users/invite", "/api/invite", &fields).await;
        assert!(answer.status.is_redirection());
        let (name, cookie) = browser.waiting_notes().pop().expect("a note");
        let page = browser.get("/users/invite").await.text();
        assert!(page.contains("somebody.number0@acme.by") && page.contains("somebody.number299@acme.by"), "{cookie}");
        let id = cookie.trim_start_matches('~');
        assert_ne!(id, cookie, "it is kept on the server");
        assert_eq!(browser.get(&format!("/users/invite?draft={id}")).await.status.as_u16(), 404, "and is no draft");
        let other = site.add_active("Other", "other@acme.by", "company_administrator").await;
        let mut thief = Browser::signed_in(&site.app, &other).await;
        thief.cookies.insert(name, cookie);
        assert!(!thief.get("/users/invite").await.text().contains("somebody.number0@acme.by"));
    })
    .await;
}

/// The page offers the field that the server takes, under each of the settings (rules 66, 89).
#[tokio::test(flavor = "multi_thread")]
async fn the_name_can_be_written_on_the_page_where_the_settings_let_it() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let given = site.add_active("Given", "given@acme.by", "employee").await;
        let own = site.add_active("Own", "own@acme.by", "employee").await;
        site.tamper("update users set name_is_own = $2 where id = $1", &usher::values![&given, false]).await;
        site.tamper("update users set name_is_own = $2 where id = $1", &usher::values![&own, true]).await;
        let mut browser = Browser::signed_in(&site.app, &site.anna).await;
        for (policy, takes_given, takes_own) in [
            (NamePolicy::Administrator, true, true),
            (NamePolicy::UserWins, true, false),
            (NamePolicy::UserOnly, false, false),
        ] {
            let mut tx = site.app.db.maintain().await.expect("a transaction");
            let before = settings::load(&mut tx).await.expect("a look").expect("settings");
            settings::save(&mut tx, &Settings { name_policy: policy, ..before }).await.expect("settings");
            tx.commit().await.expect("a commit");
            for (user, takes) in [(&given, takes_given), (&own, takes_own)] {
                let page = browser.get(&format!("/users/{user}/edit")).await.text();
                assert_eq!(page.contains("name=\"names\""), takes, "{policy:?}");
                let version = person(&site, user).await.version.to_string();
                let fields = [("names", "on"), ("name", "Another"), ("phone", ""), ("version", version.as_str())];
                let status = edit(&mut browser, user, &fields).await.status.as_u16();
                assert_eq!(status == 200, takes, "{policy:?}");
                site.tamper("update users set name = 'Before' where id = $1", &usher::values![user]).await;
            }
        }
    })
    .await;
}
