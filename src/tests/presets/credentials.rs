//! Invitations that carry a user name and a one-time password, as the learning platform has them (rule 24).

use super::office::{Office, SECRET, answer, carried, done, list, page_in, row};
use crate::support::browser::{Answer, Browser};
use crate::support::databases::both;
use crate::support::html::{form_to, unescape};
use crate::support::tables::Dump;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use usher::domain::id::UnitId;
use usher::domain::onboarding::InvitationCarries;
use usher::domain::preset::{LEARNING, PRESETS, SCHOOL};
use usher::domain::settings::Settings;
use usher::domain::timestamp::Duration;
use usher::domain::user::Status;

async fn knock(office: &Office, name: &str, password: &str) -> (Browser, Answer) {
    let mut browser = Browser::new(&office.site.app);
    let answer = browser.post_form("/sign-in", &[("username", name), ("password", password)]).await;
    (browser, answer)
}

/// AU-08: it is used up by the password that takes its place.
#[tokio::test(flavor = "multi_thread")]
async fn a_one_time_password_opens_the_invitation_alone_and_gives_way_to_ones_own() {
    both(|db| async {
        let office = Office::open(db, &LEARNING).await;
        let (company, mut anna) = (office.company(), office.anna.clone());
        let user = office.invite_as(&mut anna, &company, "lena@acme.by", "learning_learner").await;
        let letter = office.letter("lena@acme.by", 1).await;
        let (name, password) = carried(&letter).expect("both");
        assert_eq!((name.as_str(), page_in(&letter).as_str()), ("lena@acme.by", "/sign-in"));
        assert!(!letter.text().contains("/i/") && !letter.html().contains("/i/"), "it is no link");
        assert!(!Dump::of(&office.site.app.db).await.holds(&password), "nothing in the database opens the door");

        // However it was typed; and nothing near it.
        for typed in [password.clone(), format!(" {} ", password.to_uppercase()), password.replace('-', " ")] {
            let (browser, answer) = knock(&office, " LENA@acme.by ", &typed).await;
            assert!(answer.location().starts_with("/i/") && !browser.has_session(), "{typed}: {}", answer.text());
        }
        for wrong in [format!("{password}0"), password.chars().rev().collect(), String::from("copper")] {
            assert_eq!(knock(&office, "lena@acme.by", &wrong).await.1.status.as_u16(), 422, "{wrong}");
        }
        assert_eq!(knock(&office, "other@acme.by", &password).await.1.status.as_u16(), 422);
        assert_ne!(row(&mut anna, &user).await.expect("listed").status, Status::Active, "not before the change");

        // The page takes another password than that one, and then it is over.
        let page = office.page_of(&letter).await;
        let mut browser = Browser::new(&office.site.app);
        let html = browser.get(&page).await.text();
        assert!(html.contains("Now set a password of your own."), "{html}");
        let form = form_to(&html, &page).with("name", "Lena Lis");
        let same = form.clone().with("password", &password);
        assert_eq!(browser.post_form(&page, &same.pairs()).await.status.as_u16(), 422);
        let own = form.with("password", SECRET);
        assert_eq!(browser.post_form(&page, &own.pairs()).await.status, StatusCode::SEE_OTHER);
        assert_eq!(row(&mut anna, &user).await.expect("listed").status, Status::Active);
        let (mut late, again) = knock(&office, "lena@acme.by", &password).await;
        assert_eq!(late.get(again.location()).await.status, StatusCode::GONE);
        office.sign_in("lena@acme.by").await;
        office.close().await;
    })
    .await;
}

/// AU-08: an earlier one is none any more.
#[tokio::test(flavor = "multi_thread")]
async fn a_one_time_password_ends_with_its_invitation_and_with_every_newer_one() {
    both(|db| async {
        let office = Office::open(db, &LEARNING).await;
        // A reminder would carry the same password once more.
        let settings = Settings { remind_before: Duration(0), ..office.site.settings().await };
        office.site.save_settings(&settings).await;
        let (company, mut anna) = (office.company(), office.anna.clone());
        let user = office.invite_as(&mut anna, &company, "lena@acme.by", "learning_learner").await;
        let (_, first) = carried(&office.letter("lena@acme.by", 1).await).expect("both");
        office.site.pass(Duration::minutes(72 * 60 - 5));
        assert!(knock(&office, "lena@acme.by", &first).await.1.location().starts_with("/i/"));
        office.site.pass(Duration::minutes(6));
        // The invitation ends with it, and its page says how to get a new one.
        let (mut browser, late) = knock(&office, "lena@acme.by", &first).await;
        let ended = browser.get(late.location()).await;
        assert!(ended.status == StatusCode::GONE && ended.text().contains("/renew"), "{}", ended.text());

        let mut anna = office.sign_in("anna@acme.by").await;
        answer(&mut anna, &format!("/users/{user}?do=resend"), "/api/resend", &[]).await;
        let (_, second) = carried(&office.letter("lena@acme.by", 2).await).expect("both");
        assert_ne!(first, second);
        assert_eq!(knock(&office, "lena@acme.by", &first).await.1.status.as_u16(), 422);
        assert!(knock(&office, "lena@acme.by", &second).await.1.location().starts_with("/i/"));

        // Withdrawn, it says so; and where invitations carry links again, it opens nothing at once.
        answer(&mut anna, &format!("/users/{user}?do=withdraw"), "/api/withdraw", &[]).await;
        let (mut browser, gone) = knock(&office, "lena@acme.by", &second).await;
        assert_eq!(browser.get(gone.location()).await.status, StatusCode::GONE);
        let before = office.site.settings().await;
        office.site.save_settings(&Settings { carries: InvitationCarries::Link, ..before }).await;
        assert_eq!(knock(&office, "lena@acme.by", &second).await.1.status.as_u16(), 422);
        let other = office.invite_as(&mut anna, &company, "mila@acme.by", "learning_learner").await;
        let letter = office.letter("mila@acme.by", 1).await;
        assert!(carried(&letter).is_none() && page_in(&letter).starts_with("/i/"));
        assert!(list(&mut anna, "", "").await.rows.iter().any(|row| row.id == other));
        let presets = PRESETS.map(|preset| (preset.key, preset.settings().carries == InvitationCarries::Credentials));
        assert!(presets.iter().all(|(key, carries)| *carries == (*key == "learning")), "{presets:?}");
        office.close().await;
    })
    .await;
}

/// What an app is answered that signs in with a one-time password.
async fn knock_as_app(office: &Office, name: &str, password: &str) -> (u16, String) {
    let body = serde_json::json!({ "username": name, "password": password });
    let request = Request::builder().method(Method::POST).uri("/api/v1/sessions");
    let request = request.header(header::CONTENT_TYPE, "application/json").body(Body::from(body.to_string()));
    let answer = Browser::new(&office.site.app).send(request.expect("a request")).await;
    (answer.status.as_u16(), answer.text())
}

/// AU-08: an app has no page that says what became of it, so one that is spent or withdrawn is as wrong as any other.
#[tokio::test(flavor = "multi_thread")]
async fn a_one_time_password_that_is_over_is_a_wrong_one_to_an_app() {
    both(|db| async {
        let office = Office::open(db, &LEARNING).await;
        let (company, mut anna) = (office.company(), office.anna.clone());
        let lena = office.invite_as(&mut anna, &company, "lena@acme.by", "learning_learner").await;
        office.invite_as(&mut anna, &company, "mila@acme.by", "learning_learner").await;
        let wrong = knock_as_app(&office, "lena@acme.by", "copper-lamp-river-swan-100").await;
        assert!(wrong.0 == 401 && wrong.1.contains("wrong_credentials"), "{wrong:?}");
        let (_, withdrawn) = carried(&office.letter("lena@acme.by", 1).await).expect("both");
        let letter = office.letter("mila@acme.by", 1).await;
        let (_, spent) = carried(&letter).expect("both");
        for (name, password) in [("lena@acme.by", &withdrawn), ("mila@acme.by", &spent)] {
            let open = knock_as_app(&office, name, password).await;
            assert!(open.0 == 403 && open.1.contains("invitation_open"), "{open:?}");
        }
        answer(&mut anna, &format!("/users/{lena}?do=withdraw"), "/api/withdraw", &[]).await;
        office.register(&letter, "Mila Lis").await;
        for (name, password) in [("lena@acme.by", &withdrawn), ("mila@acme.by", &spent)] {
            assert_eq!(knock_as_app(&office, name, password).await, wrong, "{name}");
        }
        office.close().await;
    })
    .await;
}

/// What a unit decides for itself, through the form on its page.
async fn decide(anna: &mut Browser, unit: &UnitId, name: &str, value: &str) {
    let page = format!("/units/{unit}?do=edit");
    let form = form_to(&anna.get(&page).await.text(), "/api/edit-unit").with(name, value);
    done(anna, "/api/edit-unit", &form).await;
}

/// A company or a role may carry another thing than the installation; where an invitation would carry both, it is a link.
#[tokio::test(flavor = "multi_thread")]
async fn a_company_or_a_role_carries_a_password_where_the_installation_carries_links() {
    both(|db| async {
        let office = Office::open(db, &SCHOOL).await;
        let (company, mut anna) = (office.company(), office.anna.clone());
        decide(&mut anna, &company, "carries", "credentials").await;
        let shown = anna.get(&format!("/users/invite?unit={company}")).await.text();
        assert!(shown.contains("As usual: 3 days"), "no longer than its password: {shown}");
        let lena = office.invite_as(&mut anna, &company, "lena@acme.by", "school_teacher").await;
        let (name, password) = carried(&office.letter("lena@acme.by", 1).await).expect("both");
        assert!(knock(&office, &name, &password).await.1.location().starts_with("/i/"));
        // What is below it does as it does; decided again, a link; and of two that differ, a link.
        let team = office.found(&mut anna, "Blue team", &company).await;
        office.invite_as(&mut anna, &team, "mila@acme.by", "school_teacher").await;
        assert!(carried(&office.letter("mila@acme.by", 1).await).is_some());
        decide(&mut anna, &team, "carries", "link").await;
        office.invite_as(&mut anna, &team, "nina@acme.by", "school_teacher").await;
        assert!(carried(&office.letter("nina@acme.by", 1).await).is_none());
        // As usual again, what was sent opens nothing; a role counts everywhere.
        decide(&mut anna, &company, "carries", "").await;
        assert_eq!(knock(&office, &name, &password).await.1.status.as_u16(), 422);
        let page = format!("/settings/roles/{}", office.role("school_teacher"));
        let form = form_to(&anna.get(&page).await.text(), "/api/save-role").with("carries", "credentials");
        done(&mut anna, "/api/save-role", &form).await;
        assert!(knock(&office, &name, &password).await.1.location().starts_with("/i/"));
        let history = unescape(&anna.get("/audit").await.text());
        for told in ["as usual → User name and one-time password", "→ User name and one-time password"] {
            assert!(history.contains(told), "{told}: {history}");
        }
        assert_ne!(row(&mut anna, &lena).await.expect("listed").status, Status::Active);
        office.close().await;
    })
    .await;
}

/// Rights are asked again where the invitation is accepted (IN-04), and wrong tries are counted as at any door (AU-08).
#[tokio::test(flavor = "multi_thread")]
async fn whoever_lost_the_right_to_invite_lets_nobody_in_and_guesses_are_counted() {
    both(|db| async {
        let mut office = Office::open(db, &LEARNING).await;
        let company = office.company();
        let (chief_id, mut chief) = office.hire("Olga Chief", "olga@acme.by", "learning_administrator", &company).await;
        office.invite_as(&mut chief, &company, "lena@acme.by", "learning_learner").await;
        let (_, password) = carried(&office.letter("lena@acme.by", 1).await).expect("both");
        let mut anna = office.sign_in("anna@acme.by").await;
        assert!(anna.call("/api/block", &[("id", chief_id.as_str())]).await.is_done());
        let (mut browser, answer) = knock(&office, "lena@acme.by", &password).await;
        assert_eq!(browser.get(answer.location()).await.status, StatusCode::GONE);
        for _ in 0..10 {
            assert_eq!(knock(&office, "lena@acme.by", "copper-lamp-river-swan-100").await.1.status.as_u16(), 422);
        }
        assert_eq!(knock(&office, "lena@acme.by", &password).await.1.status, StatusCode::TOO_MANY_REQUESTS);
        office.close().await;
    })
    .await;
}
