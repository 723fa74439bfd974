//! The first page says what somebody can do, by what they hold at this moment, and greets whoever has just joined.

use crate::support::browser::Browser;
use crate::support::databases::both;
use crate::support::html::tags;
use crate::support::site::TestSite;
use axum::http::StatusCode;
use std::collections::BTreeSet;
use usher::domain::preset::{LEARNING, PORTAL, SCHOOL};
use usher::ui::pages::table::PAGES;
use usher::values;

/// Where the first page leads from its lists of what can be done and looked at.
fn offered(page: &str) -> BTreeSet<String> {
    let lists: Vec<_> = page.split("class=\"ways").skip(1).filter_map(|rest| rest.split("</section>").next()).collect();
    assert!(!lists.is_empty(), "a list: {page}");
    let links = lists.into_iter().flat_map(tags).filter(|tag| tag.name == "a");
    links.filter_map(|tag| tag.get("href").map(Into::into)).collect()
}

/// A new teacher landed on "Sees: shifts. Changes nothing."
#[tokio::test(flavor = "multi_thread")]
async fn whoever_has_joined_is_greeted_once_and_told_what_they_can_do() {
    both(|db| async {
        let site = TestSite::furnish_as(&SCHOOL, db, None).await;
        let ivan = site.invite("Ivan", "ivan@acme.by").await;
        let mut browser = Browser::new(&site.app);
        let entered = browser.register_at(&site.page_of(&ivan).await).await;
        assert_eq!((entered.status, entered.location()), (StatusCode::SEE_OTHER, "/"));
        let page = browser.get("/").await.text();
        assert!(page.contains("Your account is ready") && page.contains("Teacher"), "{page}");
        assert_eq!(offered(&page), ["/me", "/shifts"].map(String::from).into());
        for word in ["Changes nothing", "Sees:"] {
            assert!(!page.contains(word), "{word}: {page}");
        }
        assert!(!browser.get("/").await.text().contains("Your account is ready"), "greeted again");
        // The same stands on their profile.
        let me = browser.get("/me").await.text();
        assert!(me.contains("Your roles") && me.contains("Teacher"), "{me}");

        // What was given on top of the role counts at once.
        let sql = "update memberships set extra = 'users.see users.invite' where user_id = $1";
        site.tamper(sql, &values![&ivan.user]).await;
        let page = browser.get("/").await.text();
        assert!(page.contains("also: users, invite people"), "{page}");
        assert_eq!(offered(&page), ["/import", "/me", "/shifts", "/users", "/users/invite"].map(String::from).into());
    })
    .await;
}

/// Every role of some kinds of organisation: what is offered opens, and what opens from the first page is offered.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_offered_opens_and_what_is_refused_is_not_offered() {
    for preset in [&SCHOOL, &LEARNING, &PORTAL] {
        both(|db| async move {
            let site = TestSite::furnish_as(preset, db, None).await;
            for role in preset.roles {
                let address = format!("{}@acme.by", role.key.replace('_', "-"));
                let user = match role.is_top {
                    true => site.anna.clone(),
                    false => site.add_active("Olga", &address, role.key).await,
                };
                let mut browser = Browser::signed_in(&site.app, &user).await;
                let offered = offered(&browser.get("/").await.text());
                for page in PAGES.iter().filter(|page| !page.path.contains(':') && page.path != "/") {
                    let answer = browser.get(page.path).await.status;
                    let is_open = answer == StatusCode::OK;
                    let is_offered = offered.contains(page.path);
                    // These are reached from the page above them.
                    let is_below = ["/settings/roles", "/settings/agreements", "/users/views", "/audit/report"];
                    let is_below = is_below.contains(&page.path);
                    assert_eq!(is_offered, is_open && !is_below, "{} {} {answer}", role.key, page.path);
                }
            }
        })
        .await;
    }
}
