//! A demonstration of every kind: people in every state that the kind knows, made by the verbs themselves, and time that can be let
//! pass. Real people and invented ones are never in one database.

use crate::support::browser::Browser;
use crate::support::databases::both;
use crate::support::site::{TestSite, config};
use crate::support::tables::Dump;
use axum::http::StatusCode;
use std::collections::BTreeMap;
use usher::domain::listing::UserQuery;
use usher::domain::preset::{BLANK, BOOKING, DISPATCH, LEARNING, PORTAL, Preset, SCHOOL};
use usher::domain::timestamp::Duration;
use usher::domain::user::Status;
use usher::server::app::App;
use usher::server::clock::Clock;
use usher::server::config::Config;
use usher::server::demonstration::{self, Beginning, NoDemonstration, PASSWORD};
use usher::server::secrets::Key;
use usher::server::storage::{Database, users as people};
use usher::server::upkeep;
use usher::server::use_cases::{Actor, users};

fn app(db: Database) -> App {
    let config = Config { is_demonstration: true, ..config(None) };
    App::new(config, db, Key::from_bytes([7; 32]), Clock::default())
}

async fn owner(app: &App) -> Actor {
    let mut tx = app.db.read().await.expect("a connection");
    let anna = people::find_by_identifier(&mut tx, "anna.linden@linden.example").await.expect("a look").expect("Anna");
    Actor::by_job(anna.id)
}

/// How many people stand where, as the list counts them.
async fn counts(app: &App) -> BTreeMap<String, i64> {
    let page = users::list(app, &owner(app).await, &UserQuery::default()).await.expect("the list");
    let mut there = BTreeMap::new();
    for count in page.counts.iter().filter(|count| count.people > 0) {
        *there.entry(format!("{:?}", count.status)).or_default() += count.people;
    }
    there
}

async fn sign_in(app: &App, username: &str) -> (StatusCode, Browser) {
    let mut browser = Browser::new(app);
    let fields = [("username", username), ("password", PASSWORD), ("next", "/")];
    let answer = browser.post_form("/sign-in", &fields).await;
    (answer.status, browser)
}

async fn shows(preset: &'static Preset, wanted: &'static [Status]) {
    both(|db| async move {
        let app = app(db);
        let began = app.clock.ahead();
        assert_eq!(demonstration::begin(&app, preset).await.expect("a demonstration"), Beginning::Made);
        assert_eq!(app.clock.ahead(), began, "the clock stands where it stood");
        let there = counts(&app).await;
        for status in wanted {
            assert!(there.contains_key(&format!("{status:?}")), "nobody is {status:?}: {there:?}");
        }
        assert!(there.values().sum::<i64>() > 150, "{there:?}");

        // Of every role that people come into, somebody can be looked at from inside.
        let page = Browser::new(&app).get("/demonstration").await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.text());
        let view = demonstration::view(&app, usher::words::Language::English).await.expect("a view");
        assert!(view.accounts.len() >= preset.roles.len().min(3), "{:?}", view.accounts);
        for account in &view.accounts {
            assert!(page.text().contains(&account.username), "{}", page.text());
            let (status, _) = sign_in(&app, &account.username).await;
            assert_eq!(status, StatusCode::SEE_OTHER, "{account:?}");
        }

        // Time passes: what was waited for has run out, and what is due is queued.
        let month = [("minutes", "43200")];
        let passed = Browser::new(&app).post_form("/demonstration", &month).await;
        assert_eq!(passed.status, StatusCode::SEE_OTHER, "{}", passed.text());
        assert_eq!(app.clock.ahead(), Duration(began.0 + Duration::days(30).0));
        upkeep::catch_up(&app).await.expect("upkeep");
        let invited = format!("{:?}", Status::Invited);
        let later = counts(&app).await;
        assert!(
            !later.contains_key(&invited) && later["Expired"] > there.get("Expired").copied().unwrap_or(0),
            "{later:?}"
        );
        for bad in ["0", "-60", "9999999", "soon"] {
            let refused = Browser::new(&app).post_form("/demonstration", &[("minutes", bad)]).await;
            assert!(refused.status.is_client_error(), "{bad}: {}", refused.status);
        }

        // Started again, it goes on where it stood.
        let again = App::new(app.config.clone(), app.db.clone(), Key::from_bytes([7; 32]), Clock::default());
        assert_eq!(demonstration::begin(&again, preset).await.expect("the same"), Beginning::Found);
        assert_eq!(again.clock.ahead(), app.clock.ahead());
    })
    .await;
}

const USUAL: &[Status] = &[
    Status::Active,
    Status::Invited,
    Status::Expired,
    Status::Withdrawn,
    Status::Blocked,
    Status::Archived,
    Status::Failed,
];

/// Where nobody is archived.
const WITHOUT_ARCHIVE: &[Status] =
    &[Status::Active, Status::Invited, Status::Expired, Status::Withdrawn, Status::Blocked, Status::Failed];

#[tokio::test(flavor = "multi_thread")]
async fn a_school_has_people_in_every_state() {
    shows(&SCHOOL, USUAL).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_learning_platform_has_people_who_are_not_invited_yet() {
    shows(&LEARNING, &[Status::Active, Status::Invited, Status::Expired, Status::NotInvited]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chain_has_offers_that_wait_for_the_second_one() {
    shows(&BOOKING, &[Status::Active, Status::Invited, Status::AwaitingApproval]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_portal_has_people_in_every_state() {
    shows(&PORTAL, WITHOUT_ARCHIVE).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dispatch_has_people_who_come_with_a_login() {
    shows(&DISPATCH, WITHOUT_ARCHIVE).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_organisation_of_no_kind_has_people_in_every_state() {
    shows(&BLANK, USUAL).await;
}

/// Whoever has real people can lose nothing by a word on the command line.
#[tokio::test(flavor = "multi_thread")]
async fn real_people_and_invented_ones_are_never_in_one_database() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let before = Dump::of(&site.app.db).await;
        let refused = demonstration::begin(&app(site.app.db.clone()), &SCHOOL).await;
        assert!(matches!(refused, Err(NoDemonstration::RealPeople)), "{refused:?}");
        before.assert_unchanged(&site.app.db, "a refusal").await;
        assert!(!demonstration::is_one(&site.app).await.expect("a look"));
        // Nor can anybody move the clock of an installation.
        let ahead = site.app.clock.ahead();
        for answer in [
            Browser::new(&site.app).get("/demonstration").await,
            Browser::new(&site.app).post_form("/demonstration", &[("minutes", "60")]).await,
        ] {
            assert_eq!(answer.status, StatusCode::NOT_FOUND);
        }
        assert_eq!(site.app.clock.ahead(), ahead);
    })
    .await;
}
