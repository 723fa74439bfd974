//! Block, deletion, change of role and a new password act on the very next request, at every endpoint (SE-02, SE-04).

use super::{caller, listed, sessions};
use crate::endpoints::ask;
use crate::endpoints::reviewed::{FUNCTIONS, Needs, PAGES, Sample};
use crate::support::browser::Browser;
use crate::support::databases::both;
use crate::support::people::PASSWORD;
use crate::support::site::TestSite;
use usher::domain::error::UseCaseError;
use usher::domain::id::UserId;
use usher::domain::user::UserAction;
use usher::server::use_cases::{Visitor, deletion, passwords, places, users};

/// Somebody signed in as main administrator, and ids for the fields of what they call.
async fn somebody(site: &TestSite, at: usize) -> (UserId, Browser, Sample) {
    let user = site.add_active("Viktor", &format!("viktor{at}@acme.by"), "main_administrator").await;
    let browser = Browser::signed_in(&site.app, &user).await;
    let person = site.add_active("Olga", &format!("olga{at}@acme.by"), "employee").await;
    let sample = Sample { person, unit: site.company.id.clone(), ..Sample::of_nothing(site) };
    (user, browser, sample)
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_blocked_is_out_at_the_next_request_to_every_endpoint_and_stays_out_after_unblocking() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let anna = caller(&site.anna);
        for (at, function) in FUNCTIONS.iter().enumerate() {
            let (user, mut browser, sample) = somebody(&site, at).await;
            assert_eq!(browser.ask_shown("/me").await.status.as_u16(), 200, "signed in");
            let cookies = browser.cookies.clone();
            users::block(&site.app, &anna, &user, "").await.expect("blocked");
            let answer = ask(&mut browser, function, &sample).await;
            assert_eq!(
                (answer.status.as_u16(), answer.refusal()),
                (401, Some(UseCaseError::SignInFirst)),
                "{}",
                function.path
            );
            assert_eq!((sessions(&site, &user).await, listed(&site, &user).await.as_deref()), (0, Some("blocked")));
            users::unblock(&site.app, &anna, &user).await.expect("unblocked");
            assert_eq!(listed(&site, &user).await.as_deref(), Some("active"));
            browser.cookies = cookies;
            let answer = ask(&mut browser, function, &sample).await;
            assert_eq!(answer.status.as_u16(), 401, "the session does not come back: {}", function.path);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_deleted_is_out_at_the_next_request_to_every_endpoint() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        for (at, function) in FUNCTIONS.iter().enumerate() {
            let (user, mut browser, sample) = somebody(&site, at).await;
            assert_eq!(browser.ask_shown("/me").await.status.as_u16(), 200, "signed in");
            deletion::delete(&site.app, &caller(&site.anna), &user, &format!("viktor{at}@acme.by"))
                .await
                .expect("deleted");
            let answer = ask(&mut browser, function, &sample).await;
            assert_eq!(answer.status.as_u16(), 401, "{}", function.path);
            assert_eq!((sessions(&site, &user).await, listed(&site, &user).await), (0, None));
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_blocked_or_deleted_is_sent_to_the_door_from_every_page() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let anna = caller(&site.anna);
        for (at, (page, _)) in PAGES.iter().enumerate() {
            let (user, mut browser, sample) = somebody(&site, at).await;
            let page = page.replace(":id", sample.person.as_str());
            match at % 2 {
                0 => users::block(&site.app, &anna, &user, "").await.expect("blocked"),
                _ => deletion::delete(&site.app, &anna, &user, &format!("viktor{at}@acme.by"))
                    .await
                    .map(drop)
                    .expect("deleted"),
            }
            let answer = browser.get(&page).await;
            assert_eq!(answer.status.as_u16(), 303, "{page}");
            assert!(answer.location().starts_with("/sign-in"), "{page}: {}", answer.location());
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lower_role_acts_at_the_next_request_to_every_endpoint() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let employee = &site.role("employee").id;
        for (at, function) in FUNCTIONS.iter().enumerate() {
            let (user, mut browser, sample) = somebody(&site, at).await;
            places::change(&site.app, &caller(&site.anna), &user, None, employee, None).await.expect("demoted");
            let answer = ask(&mut browser, function, &sample).await;
            match function.needs {
                Needs::SignedIn => assert_ne!(answer.status.as_u16(), 403, "{}", function.path),
                _ => assert_eq!(answer.status.as_u16(), 403, "{} {}", function.path, answer.text()),
            }
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_higher_role_acts_at_the_next_request_too() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let person = site.add_active("Olga", "olga@acme.by", "employee").await;
        let user = site.add_active("Ivan", "ivan@acme.by", "dispatcher").await;
        let mut browser = Browser::signed_in(&site.app, &user).await;
        let block =
            FUNCTIONS.iter().find(|function| function.needs == Needs::AuditAction(UserAction::Block)).expect("block");
        let sample = Sample { person, ..Sample::of_nothing(&site) };
        assert_eq!(ask(&mut browser, block, &sample).await.status.as_u16(), 403);
        let role = &site.role("company_administrator").id;
        places::change(&site.app, &caller(&site.anna), &user, None, role, None).await.expect("promoted");
        assert_eq!(ask(&mut browser, block, &sample).await.status.as_u16(), 200);
    })
    .await;
}

/// SE-04: one's own change keeps this session and ends the others; a reset by link ends them all.
#[tokio::test(flavor = "multi_thread")]
async fn a_new_password_ends_the_other_sessions_at_once() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let user = site.add_with_password("Ivan", "ivan@acme.by", "dispatcher").await;
        let mut mine = Browser::signed_in(&site.app, &user).await;
        let mut others = [Browser::signed_in(&site.app, &user).await, Browser::signed_in(&site.app, &user).await];
        let fields = [("current_password", PASSWORD), ("new_password", "seven green umbrellas")];
        let wrong = [("current_password", "not my password"), fields[1]];
        assert_eq!(mine.call("/api/change-password", &wrong).await.status.as_u16(), 422);
        assert_eq!(sessions(&site, &user).await, 3, "a wrong one changes nothing");
        assert_eq!(mine.call("/api/change-password", &fields).await.status.as_u16(), 200);
        for other in &mut others {
            assert_eq!(other.ask_shown("/me").await.status.as_u16(), 401);
        }
        assert_eq!(mine.ask_shown("/me").await.status.as_u16(), 200);
        assert_eq!(sessions(&site, &user).await, 1);

        passwords::send_reset(&site.app, &caller(&site.anna), &user).await.expect("sent");
        assert_eq!(mine.ask_shown("/me").await.status.as_u16(), 200, "sending alone changes nothing");
        let page = site.reset_page_of(&user).await;
        let link = page.strip_prefix("/reset/").expect("a link");
        passwords::reset(&site.app, link, &"nine yellow kettles".to_string().into(), &Visitor::default())
            .await
            .expect("reset");
        assert_eq!(mine.ask_shown("/me").await.status.as_u16(), 401);
        assert_eq!(sessions(&site, &user).await, 0);
        let again =
            passwords::reset(&site.app, link, &"ten purple ladders up".to_string().into(), &Visitor::default()).await;
        assert!(matches!(again, Err(UseCaseError::DeadLink(_))), "{again:?}");
    })
    .await;
}

/// Rules 92 and 94: the links of whoever is blocked or deleted are dead at once, too.
#[tokio::test(flavor = "multi_thread")]
async fn links_of_the_blocked_and_deleted_are_dead_at_once_and_unblocking_gives_back_what_was() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let anna = caller(&site.anna);
        for state in ["waiting", "expired", "withdrawn"] {
            let invited = site
                .invite_with("Olga", &format!("{state}@acme.by"), |invitation| {
                    if state == "expired" {
                        invitation.expires_at = Some(invitation.created_at);
                    }
                })
                .await;
            if state == "withdrawn" {
                usher::server::use_cases::invitations::withdraw(&site.app, &anna, &invited.invitation)
                    .await
                    .expect("withdrawn");
            }
            assert_eq!(listed(&site, &invited.user).await.as_deref(), Some(state));
            users::block(&site.app, &anna, &invited.user, "").await.expect("blocked");
            assert_eq!(listed(&site, &invited.user).await.as_deref(), Some("blocked"));
            let link = site.link_of(&invited.invitation).await;
            let refused = super::register(&site, &link, "Olga").await;
            assert!(matches!(refused, Err(UseCaseError::DeadLink(_))), "{refused:?}");
            users::unblock(&site.app, &anna, &invited.user).await.expect("unblocked");
            assert_eq!(listed(&site, &invited.user).await.as_deref(), Some(state));
            assert_eq!(super::register(&site, &link, "Olga").await.is_ok(), state == "waiting");
        }
        let invited = site.invite("Petr", "petr@acme.by").await;
        let link = site.link_of(&invited.invitation).await;
        deletion::delete(&site.app, &anna, &invited.user, "petr@acme.by").await.expect("deleted");
        let refused = super::register(&site, &link, "Petr").await;
        assert!(matches!(refused, Err(UseCaseError::DeadLink(_))), "{refused:?}");
    })
    .await;
}
