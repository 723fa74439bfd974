//! How people leave: where an organisation has no archive, nothing offers one, and nothing archives anybody.

use crate::bulk::{ask, named, start};
use crate::support::browser::Browser;
use crate::support::crowd::State;
use crate::support::databases::both;
use crate::support::site::{TestSite, caller};
use crate::support::tables::Dump;
use usher::domain::error::Conflict;
use usher::domain::preset::PRESETS;
use usher::domain::settings::Settings;
use usher::domain::user::UserAction;
use usher::server::use_cases::users;

/// Rules 1, 63, 92, 94.
#[test]
fn a_portal_deactivates_and_a_dispatch_blocks_while_the_others_archive() {
    let archives: Vec<&str> = PRESETS.iter().filter(|preset| preset.archives_people).map(|preset| preset.key).collect();
    assert_eq!(archives, ["school", "learning", "booking", "blank"]);
    assert!(Settings::default().endings().archives, "what was written before there was a choice goes on");
}

#[tokio::test(flavor = "multi_thread")]
async fn where_nobody_is_archived_nothing_offers_it_and_whoever_is_archived_comes_back() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let [kept, left] = &crate::bulk::people(&site, 2, State::Active).await[..] else { panic!("two") };
        let anna = caller(&site.anna);
        users::archive(&site.app, &anna, left).await.expect("archived");
        let many = ask(&site, &site.anna, &named(UserAction::Archive, &[kept])).await.expect("asked before");
        let mut browser = Browser::signed_in(&site.app, &site.anna).await;
        let archive_of = |html: &str| html.contains("do=archive") || html.contains("value=\"archive\"");
        for page in ["/users".to_string(), format!("/users/{kept}")] {
            assert!(archive_of(&browser.get(&page).await.text()), "{page}");
        }
        site.save_settings(&Settings { archives_people: false, ..site.settings().await }).await;
        for page in ["/users".to_string(), format!("/users/{kept}")] {
            assert!(!archive_of(&browser.get(&page).await.text()), "{page}");
        }
        let asked = browser.get(&format!("/users/{kept}?do=archive")).await.text();
        assert!(asked.contains("Nobody is archived in this organisation") && !asked.contains("\"/api/archive\""));
        let before = Dump::of(&site.app.db).await;
        let refused = Err(Conflict::NobodyIsArchived.into());
        assert_eq!(users::archive(&site.app, &anna, kept).await, refused);
        assert_eq!(start(&site, &site.anna, &many, "1").await, refused);
        before.assert_unchanged(&site.app.db, "an archive that is not there").await;
        users::bring_back(&site.app, &anna, left).await.expect("back");
        users::block(&site.app, &anna, kept, "").await.expect("shut out");
    })
    .await;
}
