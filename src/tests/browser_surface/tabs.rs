//! Two pages open at once in one browser: what a plain form left for the one is shown there and nowhere else, and waits until
//! exactly that page is shown (H-36). The same for what a cookie holds and for what is kept on the server.

use crate::people::caller;
use crate::support::browser::Browser;
use crate::support::databases::both;
use crate::support::pages::read_by;
use crate::support::site::TestSite;
use usher::server::use_cases::shifts;

/// A form on its page, which will be refused; `marker` is what was typed into one of its fields.
struct Tab {
    page: String,
    form: &'static str,
    fields: Vec<(String, String)>,
    marker: String,
}

impl Tab {
    fn new(page: String, form: &'static str, marker: &str, fields: &[(&str, &str)]) -> Self {
        let owned = |(name, value): &(&str, &str)| (name.to_string(), value.to_string());
        Self { page, form, marker: marker.into(), fields: fields.iter().map(owned).collect() }
    }

    async fn send(&self, browser: &mut Browser) {
        let fields: Vec<(&str, &str)> =
            self.fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let answer = browser.post_from(&self.page, self.form, &fields).await;
        assert_eq!((answer.status.as_u16(), answer.location()), (303, self.page.as_str()), "{}", self.form);
    }

    /// Whether the page, as it stands now, holds what was typed here.
    async fn is_shown_on(&self, page: &str, browser: &mut Browser) -> bool {
        browser.get(page).await.text().contains(&self.marker)
    }
}

/// Pages of each kind, two of a kind for two records. `length` makes what is typed too long for its field, and, where it is
/// large, for a cookie.
async fn tabs(site: &TestSite, length: usize) -> Vec<[Tab; 2]> {
    let anna = caller(&site.anna);
    let ivan = site.add_active("Ivan", "ivan@acme.by", "employee").await;
    let olga = site.add_active("Olga", "olga@acme.by", "employee").await;
    let (north, south) = (site.add_branch("North", &site.company).await, site.add_branch("South", &site.company).await);
    let mut plan = Vec::new();
    for title in ["Early", "Late"] {
        let wish = shifts::ShiftForm {
            title: title.into(),
            starts: "2030-01-09T09:00".into(),
            ends: "2030-01-09T17:00".into(),
            version: 0,
        };
        plan.push(shifts::create(&site.app, &anna, &site.company.id, &wish).await.expect("a shift"));
    }
    let long = |marker: &str| format!("{marker} {}", "x".repeat(length));
    let users = [(&ivan, "TYPED-OF-IVAN"), (&olga, "TYPED-OF-OLGA")].map(|(id, marker)| {
        let fields = [
            ("id", id.as_str()),
            ("names", "on"),
            ("name", &long(marker)),
            ("phone", "no number"),
            ("records", "on"),
            ("record", ""),
            ("version", "1"),
        ];
        Tab::new(format!("/users/{id}/edit"), "/api/edit-user", marker, &fields)
    });
    let blocks = [(&ivan, "REASON-FOR-IVAN"), (&olga, "REASON-FOR-OLGA")].map(|(id, marker)| {
        let fields = [("id", id.as_str()), ("reason", &long(marker))];
        Tab::new(format!("/users/{id}?do=block"), "/api/block", marker, &fields)
    });
    let units = [(&north, "NORTH-RENAMED"), (&south, "SOUTH-RENAMED")].map(|(unit, marker)| {
        let fields = [("id", unit.id.as_str()), ("name", &long(marker))];
        Tab::new(format!("/units/{}?do=edit", unit.id), "/api/edit-unit", marker, &fields)
    });
    let roles = [("dispatcher", "DISPATCHER-RENAMED"), ("employee", "EMPLOYEE-RENAMED")].map(|(key, marker)| {
        let id = site.role(key).id.to_string();
        let fields = [("id", id.as_str()), ("name", &long(marker)), ("rank", "1")];
        Tab::new(format!("/settings/roles/{id}"), "/api/save-role", marker, &fields)
    });
    let shifts = [(&plan[0], "EARLY-RENAMED"), (&plan[1], "LATE-RENAMED")].map(|(id, marker)| {
        let fields = [
            ("id", id.as_str()),
            ("title", &long(marker)),
            ("starts", "2030-01-09T09:00"),
            ("ends", "2030-01-09T17:00"),
            ("version", "1"),
        ];
        Tab::new(format!("/shifts/{id}"), "/api/change-shift", marker, &fields)
    });
    let settings = [("en", "WORDS-IN-ENGLISH"), ("ru", "WORDS-IN-RUSSIAN")].map(|(language, marker)| {
        let fields = [("language", language), ("subject", &long(marker)), ("lead", ""), ("button", "")];
        Tab::new(format!("/settings/texts?language={language}"), "/api/change-texts", marker, &fields)
    });
    let invitations = [(&north, "SEE-YOU-IN-THE-NORTH"), (&south, "SEE-YOU-IN-THE-SOUTH")].map(|(unit, marker)| {
        let fields = [
            ("addresses", "new@acme.by"),
            ("units[]", unit.id.as_str()),
            ("role", site.role("employee").id.as_str()),
            ("language", "en"),
            ("valid_for", "72h"),
            ("personal_text", &long(marker)),
        ];
        Tab::new(format!("/users/invite?unit={}", unit.id), "/api/invite", marker, &fields)
    });
    vec![users, blocks, units, roles, shifts, settings, invitations]
}

async fn each_finds_its_own(site: TestSite, length: usize) {
    let mut browser = Browser::signed_in(&site.app, &site.anna).await;
    let colleague = site.add_active("Boris", "boris@acme.by", "main_administrator").await;
    for [one, other] in tabs(&site, length).await {
        // One after the other, each answered before the next: the usual way.
        one.send(&mut browser).await;
        assert!(!one.is_shown_on(&other.page, &mut browser).await, "{} on {}", one.marker, other.page);
        for page in ["/users", "/me", "/settings", "/invitations", "/units", "/shifts"] {
            assert!(!one.is_shown_on(page, &mut browser).await, "{} on {page}", one.marker);
        }
        // Both before either is shown, the other one first.
        other.send(&mut browser).await;
        let of_kept = browser.waiting_notes().iter().filter(|(_, content)| content.starts_with('~')).count();
        assert_eq!(of_kept, if length > 2_700 { 2 } else { 0 }, "{}", one.form);
        assert!(other.is_shown_on(&other.page, &mut browser).await, "{} is lost", other.marker);
        assert!(!other.is_shown_on(&one.page, &mut browser.clone()).await, "{} on {}", other.marker, one.page);
        assert!(one.is_shown_on(&one.page, &mut browser).await, "{} is lost", one.marker);
        assert!(browser.waiting_notes().is_empty(), "what was shown is taken away");
        // Shown once.
        assert!(!one.is_shown_on(&one.page, &mut browser).await && !other.is_shown_on(&other.page, &mut browser).await);

        // A page that its script asks for takes its own as well, and leaves the other's.
        one.send(&mut browser).await;
        other.send(&mut browser).await;
        let inside = browser.ask(read_by(&other.page), &[("address", &other.page)]).await.text();
        assert!(inside.contains(&other.marker) && !inside.contains(&one.marker), "{inside}");
        assert_eq!(browser.waiting_notes().len(), 1);
        assert!(one.is_shown_on(&one.page, &mut browser).await);

        // Who signs in at this browser afterwards finds nothing of it.
        one.send(&mut browser).await;
        let mut next = browser.clone();
        next.sign_in_as(&site.app, &colleague).await;
        assert!(!one.is_shown_on(&one.page, &mut next).await);
        browser.post_form("/sign-out", &[]).await;
        assert!(browser.waiting_notes().is_empty());
        browser.sign_in_as(&site.app, &site.anna).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_tabs_each_finds_what_was_typed_in_it_h_36() {
    both(|db| async { each_finds_its_own(TestSite::furnish(db, None).await, 600).await }).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_tabs_each_finds_its_long_text_h_36() {
    both(|db| async { each_finds_its_own(TestSite::furnish(db, None).await, 9_000).await }).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copied_link_stands_on_the_card_of_its_own_person_only_h_36() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let (ivan, olga) = (site.invite("Ivan", "ivan@acme.by").await, site.invite("Olga", "olga@acme.by").await);
        let mut browser = Browser::signed_in(&site.app, &site.anna).await;
        let cards = [&ivan, &olga].map(|invited| format!("/users/{}", invited.user));
        for (invited, card) in [&ivan, &olga].into_iter().zip(&cards) {
            let fields = [("id", invited.invitation.as_str())];
            let answer = browser.post_from(&format!("{card}?do=copy"), "/api/copy-link", &fields).await;
            assert_eq!(answer.location(), card);
        }
        let shown = |page: String| page.matches("https://users.acme.by/i/").count();
        for page in ["/users", "/invitations", &cards[1].replace("/users/", "/users/0")] {
            assert_eq!(shown(browser.get(page).await.text()), 0, "{page}");
        }
        let (of_olga, of_ivan) = (browser.get(&cards[1]).await.text(), browser.get(&cards[0]).await.text());
        for (page, invited) in [(&of_olga, &olga), (&of_ivan, &ivan)] {
            let link = page.split("https://users.acme.by/i/").nth(1).expect("a link");
            let link: String = link.chars().take_while(|c| c.is_ascii_alphanumeric() || "-_".contains(*c)).collect();
            let id = usher::server::secrets::Link::read(&link).expect("a whole link").id;
            assert_eq!(id, invited.invitation.as_str());
        }
        // A form that claims to stand on another card than that of its record shows nothing there.
        let fields = [("id", ivan.invitation.as_str())];
        browser.post_from(&cards[1], "/api/copy-link", &fields).await;
        assert_eq!(shown(browser.get(&cards[1]).await.text()), 0);
        let fields = [("id", ivan.user.as_str()), ("names", "on"), ("name", ""), ("phone", "FORGED"), ("version", "1")];
        browser.post_from(&format!("{}/edit", cards[1]), "/api/edit-user", &fields).await;
        assert!(!browser.get(&format!("{}/edit", cards[1])).await.text().contains("FORGED"));
    })
    .await;
}

/// However many forms wait for their pages at once, a browser's cookies stay readable for a proxy, and the newest wait.
#[tokio::test(flavor = "multi_thread")]
async fn many_waiting_notes_stay_small_together_h_36() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let mut browser = Browser::signed_in(&site.app, &site.anna).await;
        for number in 0..40 {
            let page = format!("/units/{}?do=edit&q={number}", site.company.id);
            let name = format!("NUMBER-{number} {}", "x".repeat(if number % 3 == 0 { 2_000 } else { 150 }));
            let fields = [("id", site.company.id.as_str()), ("name", name.as_str())];
            browser.post_from(&page, "/api/edit-unit", &fields).await;
            let line: usize = browser.cookies.iter().map(|(name, value)| name.len() + value.len() + 3).sum();
            assert!(line < 8_000 && browser.waiting_notes().len() <= 8, "{line} {}", browser.waiting_notes().len());
            assert!(browser.clone().get(&page).await.text().contains(&format!("NUMBER-{number} ")));
        }
    })
    .await;
}
