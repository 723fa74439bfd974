//! What stands in the query of an address is decoded exactly once, whoever reads it (L-05).

use crate::people::caller;
use crate::support::browser::Browser;
use crate::support::databases::both;
use crate::support::html::tags;
use crate::support::pages::read_by;
use crate::support::site::TestSite;
use usher::domain::listing::escape;
use usher::server::use_cases::shifts;

/// What people look for, that an address would read otherwise when it is decoded twice or not at all.
const LOOKED_FOR: [&str; 7] = ["%25", "%2525", "100%", "a+b c", "%D0%9C", "&q=x#y", "%zz%"];

/// What stands in the fields of this name.
fn values(page: &str, name: &str) -> Vec<String> {
    let fields = tags(page).into_iter().filter(|tag| tag.name == "input" && tag.get("name") == Some(name));
    fields.map(|tag| tag.get("value").unwrap_or_default().to_string()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_search_field_shows_what_was_looked_for_l_05() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let ivan = site.add_active("Ivan", "ivan@acme.by", "employee").await;
        for number in 0..40 {
            site.add_branch(&format!("Branch {number}"), &site.company).await;
        }
        let wish = shifts::ShiftForm {
            title: "Early".into(),
            starts: "2030-01-09T09:00".into(),
            ends: "2030-01-09T17:00".into(),
            version: 0,
        };
        let shift = shifts::create(&site.app, &caller(&site.anna), &site.company.id, &wish).await.expect("a shift");
        let company = &site.company.id;
        let pages = [
            ("/users".to_string(), "q"),
            (format!("/users?unit={company}"), "q"),
            ("/units".into(), "q"),
            (format!("/units/{company}"), "q"),
            (format!("/units/{company}/move"), "find"),
            (format!("/shifts/{shift}"), "q"),
            ("/users/invite".into(), "find"),
            (format!("/users/{ivan}?do=place"), "find"),
        ];
        let mut browser = Browser::signed_in(&site.app, &site.anna).await;
        for (page, name) in pages {
            for wanted in LOOKED_FOR {
                let sign = if page.contains('?') { '&' } else { '?' };
                for written in [escape(wanted), escape(wanted).replace("%20", "+")] {
                    let address = format!("{page}{sign}{name}={written}");
                    let shown = browser.get(&address).await.text();
                    assert!(
                        values(&shown, name).contains(&wanted.to_string()),
                        "{address}: {:?}",
                        values(&shown, name)
                    );
                    if !page.starts_with("/users?") && page != "/users" {
                        let inside = browser.ask(read_by(&address), &[("address", &address)]).await.text();
                        let as_json = serde_json::to_string(wanted).expect("a text");
                        let is_in_html = values(&inside.replace("\\\"", "\""), name).contains(&wanted.to_string());
                        assert!(inside.contains(&as_json) || is_in_html, "{address} by its script: {inside}");
                    }
                }
            }
        }
        // The way through the door and back.
        let mut stranger = Browser::new(&site.app);
        let door = stranger.get("/users?q=%2525").await.location().to_string();
        let next = values(&stranger.get(&door).await.text(), "next");
        assert_eq!(next, ["/users?q=%2525"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn people_are_found_by_what_an_address_has_to_escape_l_05() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        for (number, name) in
            ["Vat 100%25 x", "%25 Club", "Rate 50% y", "Plus a+b c", "Plain Person"].iter().enumerate()
        {
            site.add_active(name, &format!("p{number}@acme.by"), "employee").await;
        }
        let mut browser = Browser::signed_in(&site.app, &site.anna).await;
        for (wanted, found) in [
            ("100%25", "Vat 100%25 x"),
            ("%25", "%25 Club"),
            ("50%", "Rate 50% y"),
            ("50% y", "Rate 50% y"),
            ("a+b", "Plus a+b c"),
        ] {
            let page = browser.get(&format!("/users?q={}", escape(wanted))).await.text();
            let fields = [("q", wanted), ("status", ""), ("role", ""), ("sort", ""), ("after", ""), ("before", "")];
            let rows = browser.ask("/api/users", &fields).await.text();
            for said in [page, rows] {
                assert!(said.contains(found) && !said.contains("Plain Person"), "{wanted}: {said}");
            }
        }
    })
    .await;
}
