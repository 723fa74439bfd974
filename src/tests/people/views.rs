//! Lists that somebody has given a name: their own, and those that others share, each opened within the reach of whoever opens it.

use crate::support::browser::Browser;
use crate::support::crowd::State;
use crate::support::databases::both;
use crate::support::html::{form_to, unescape};
use crate::support::site::TestSite;
use axum::http::StatusCode;

#[tokio::test(flavor = "multi_thread")]
async fn a_list_is_saved_under_a_name_alone_or_for_everybody() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let viktor = site.add_active("Viktor", "viktor@acme.by", "company_administrator").await;
        site.add("Nora", "nora@acme.by", "employee", &site.company, State::Invited).await;
        let other = site.add_company("ACME South").await;
        site.add("Sonia", "sonia@acme.by", "employee", &other, State::Invited).await;
        let mut anna = Browser::signed_in(&site.app, &site.anna).await;
        let mut viktor = Browser::signed_in(&site.app, &viktor).await;

        // From the list to the form that names it, and back, without script.
        let list = anna.get("/users?status=invited&sort=-added").await.text();
        assert!(unescape(&list).contains("/users/views?status=invited&sort=-added"), "{list}");
        let page = "/users/views?status=invited&sort=-added";
        for (name, shared) in [("Who has not come", true), ("Mine alone", false)] {
            let form = form_to(&anna.get(page).await.text(), "/api/save-view").with("name", name);
            let mut fields = form.pairs();
            fields.extend(shared.then_some(("shared", "on")));
            let answer = anna.post_form("/api/save-view", &fields).await;
            assert_eq!(
                (answer.status, answer.location()),
                (StatusCode::SEE_OTHER, "/users?status=invited&sort=-added")
            );
        }
        let list = anna.get("/users?status=invited&sort=-added").await.text();
        assert!(list.contains("Who has not come") && list.contains("Mine alone"), "{list}");
        // What is shared is a name and an address; whom it shows depends on who looks.
        let theirs = viktor.get("/users").await.text();
        assert!(theirs.contains("Who has not come") && !theirs.contains("Mine alone"), "{theirs}");
        let opened = viktor.get("/users?status=invited&sort=-added").await.text();
        assert!(opened.contains("nora@acme.by") && !opened.contains("sonia@acme.by"), "{opened}");

        // Nobody forgets what is another's.
        let page = viktor.get("/users/views").await.text();
        assert!(!page.contains("/api/forget-view"), "{page}");
        let form = form_to(&anna.get("/users/views").await.text(), "/api/forget-view");
        let id = form.value("id").expect("an id").to_string();
        assert_eq!(viktor.call("/api/forget-view", &[("id", &id)]).await.status, StatusCode::NOT_FOUND);
        assert!(anna.call("/api/forget-view", &[("id", &id)]).await.is_done());
        assert!(!viktor.get("/users").await.text().contains("Who has not come"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_view_has_a_name_and_leads_to_a_list_and_nobody_else_saves_one() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let mut anna = Browser::signed_in(&site.app, &site.anna).await;
        for name in ["", "   ", &"x".repeat(41)] {
            let refused = anna.call("/api/save-view", &[("name", name), ("list", "/users")]).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
        }
        // Wherever an address leads, it is kept as that of a list.
        let odd = [("name", "Odd"), ("list", "https://evil.example/?q=a&status=blocked"), ("shared", "on")];
        let answer = anna.post_form("/api/save-view", &odd).await;
        assert_eq!(answer.location(), "/users?q=a&status=blocked");
        assert!(!anna.get("/users").await.text().contains("evil.example"));
        for n in 1..20 {
            assert!(anna.call("/api/save-view", &[("name", &format!("View {n}")), ("list", "/users")]).await.is_done());
        }
        let refused = anna.call("/api/save-view", &[("name", "One more"), ("list", "/users")]).await;
        assert_eq!(refused.status, StatusCode::CONFLICT);
        let employee = site.add_active("Employee", "employee@acme.by", "employee").await;
        let mut employee = Browser::signed_in(&site.app, &employee).await;
        let refused = employee.call("/api/save-view", &[("name", "Mine"), ("list", "/users")]).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        assert_eq!(employee.get("/users/views").await.status, StatusCode::FORBIDDEN);
    })
    .await;
}
