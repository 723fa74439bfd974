//! Who is not signed in gets 401, or the door; who lacks the right gets 403, whether the button was hidden or not.

use super::reviewed::{FUNCTIONS, Function, Needs, PAGES, Sample};
use crate::support::browser::{Answer, Browser};
use crate::support::databases::both;
use crate::support::pages::read_by;
use crate::support::site::TestSite;
use crate::support::tables::Dump;
use usher::domain::error::UseCaseError;
use usher::domain::permission::Permission;

pub async fn ask(browser: &mut Browser, function: &Function, sample: &Sample) -> Answer {
    let fields = function.filled(sample);
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    match function.method {
        "GET" => browser.ask(function.path, &fields).await,
        _ => browser.call(function.path, &fields).await,
    }
}

/// AZ-08: by script, by plain form, and for every page.
#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_not_signed_in_gets_401_or_the_door() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let person = site.add_active("Ivan", "ivan@acme.by", "employee").await;
        let sample = Sample { person, ..Sample::of_nothing(&site) };
        let before = Dump::of(&site.app.db).await;
        // A cookie of a session that never was counts as none.
        for cookie in [None, Some(usher::server::random::secret())] {
            let mut browser = Browser::new(&site.app);
            browser.address = ([203, 0, 113, if cookie.is_some() { 8 } else { 9 }], 40_000).into();
            browser.cookies.extend(cookie.map(|cookie| ("__Host-usher_session".to_string(), cookie)));
            for function in &FUNCTIONS {
                let answer = ask(&mut browser, function, &sample).await;
                assert_eq!(
                    (answer.status.as_u16(), answer.refusal()),
                    (401, Some(UseCaseError::SignInFirst)),
                    "{}",
                    function.path
                );
                if function.method == "POST" {
                    let fields = function.filled(&sample);
                    let fields: Vec<(&str, &str)> =
                        fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
                    let answer = browser.post_form(function.path, &fields).await;
                    assert_eq!(
                        (answer.status.as_u16(), answer.location()),
                        (303, "/sign-in?next=%2Fusers"),
                        "{}",
                        function.path
                    );
                }
            }
            for (page, _) in PAGES {
                let page = page.replace(":id", sample.person.as_str());
                let answer = browser.get(&page).await;
                let door = match page.as_str() {
                    "/" => "/sign-in".to_string(),
                    page => format!("/sign-in?next={}", page.replace('/', "%2F")),
                };
                assert_eq!((answer.status.as_u16(), answer.location()), (303, door.as_str()), "{page}");
            }
            let answer = browser.get("/mailbox/1/html").await;
            assert_eq!(answer.status.as_u16(), 401);
        }
        before.assert_unchanged(&site.app.db, "a stranger").await;
    })
    .await;
}

/// AZ-09: the page shows no button to those who may not; the call is refused all the same, and nothing changes.
#[tokio::test(flavor = "multi_thread")]
async fn a_call_without_the_right_is_refused_whatever_the_page_shows() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let person = site.add_active("Ivan", "ivan@acme.by", "employee").await;
        let sample = Sample {
            person,
            unit: site.company.id.clone(),
            email: "ivan@acme.by".into(),
            invitation: site.invite("Olga", "olga@acme.by").await.invitation,
            shift: site.add_shift(&site.company).await,
            ..Sample::of_nothing(&site)
        };
        let mut tried = 0;
        for role in ["company_administrator", "dispatcher", "agent_group_manager", "employee"] {
            let viewer = site.add_active("Viewer", &format!("{role}@acme.by"), role).await;
            let mut browser = Browser::signed_in(&site.app, &viewer).await;
            let before = Dump::of(&site.app.db).await;
            for function in &FUNCTIONS {
                let lacks = match function.needs {
                    Needs::SignedIn => false,
                    Needs::Right(permission) => !site.role(role).has(permission),
                    Needs::AuditAction(usher::domain::user::UserAction::See) => role == "employee",
                    Needs::AuditAction(_) => role != "company_administrator",
                };
                if lacks {
                    let answer = ask(&mut browser, function, &sample).await;
                    assert_eq!(answer.status.as_u16(), 403, "{role} {} {}", function.path, answer.text());
                    assert!(matches!(answer.refusal(), Some(UseCaseError::Denied(_))), "{role} {}", function.path);
                    tried += 1;
                }
            }
            before.assert_unchanged(&site.app.db, role).await;
        }
        assert!(tried > 4 * 18, "{tried}");
    })
    .await;
}

/// What a page shows is told to those who may see it, and to nobody else.
#[tokio::test(flavor = "multi_thread")]
async fn the_data_of_a_page_need_what_the_page_needs() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let invited = site.invite("Olga", "olga@acme.by").await;
        let mail = format!("/mailbox/{}", invited.message);
        let card = format!("/users/{}", invited.user);
        let edit = format!("{card}/edit");
        let written = [
            "/audit",
            "/mailbox",
            mail.as_str(),
            "/settings",
            "/settings/roles",
            "/settings/roles/new",
            "/settings/texts",
            "/settings/agreements",
            "/settings/who",
            "/units",
            "/shifts",
            "/shifts/new",
            "/invitations",
            "/users/invite",
            card.as_str(),
            edit.as_str(),
            "/me",
        ];
        for role in &site.roles {
            let viewer = site.add_active("Viewer", &format!("{}@acme.by", role.key), &role.key).await;
            let mut browser = Browser::signed_in(&site.app, &viewer).await;
            for address in written {
                let page = match address {
                    address if address == mail => "/mailbox/:id",
                    address if address == card => "/users/:id",
                    address if address == edit => "/users/:id/edit",
                    address => address,
                };
                let (_, needs) = PAGES.iter().find(|(other, _)| *other == page).expect("a page");
                let may = match needs {
                    Needs::Right(permission) => role.has(*permission),
                    Needs::AuditAction(usher::domain::user::UserAction::See) => role.has(Permission::SeeUsers),
                    Needs::AuditAction(_) => role.has(Permission::EditUsers),
                    Needs::SignedIn => true,
                };
                let answer = browser.ask(read_by(address), &[("address", address)]).await;
                assert_eq!(answer.status.as_u16(), if may { 200 } else { 403 }, "{} {address}", role.key);
                assert!(may || !answer.text().contains("olga@acme.by"));
            }
            for address in ["/users", "", "//evil.example/me", "/me/x", "/api/page", "/../me"] {
                let answer = browser.ask(read_by(address), &[("address", address)]).await;
                assert_eq!(answer.status.as_u16(), 404, "{} {address}", role.key);
            }
        }
    })
    .await;
}
