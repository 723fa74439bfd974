//! Between a request's head and its body there is time: whoever signed out, got another password, was blocked or ran out
//! of time meanwhile does nothing any more (H-20, SE-02, CO-04). For every call and every form behind a session.

use super::reviewed::{FUNCTIONS, Function, ROUTES, Sample};
use crate::support::browser::{Answer, Browser, ORIGIN, form};
use crate::support::databases::both;
use crate::support::site::{TestSite, caller};
use crate::support::tables::Dump;
use axum::body::Body;
use axum::http::{Method, Request, header};
use std::future::Future;
use std::io::Cursor;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, ready};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::io::ReaderStream;
use usher::domain::authorization::Surface;
use usher::domain::contact::{Address, Channel};
use usher::domain::error::UseCaseError;
use usher::domain::id::{InvitationId, MembershipId, SessionId, UserId};
use usher::domain::invitation::Delivery;
use usher::domain::permission::Permissions;
use usher::domain::timestamp::Duration;
use usher::domain::unit::Unit;
use usher::server::storage::invitations::Invitation;
use usher::server::storage::memberships::NewMembership;
use usher::server::storage::{invitations, memberships};
use usher::server::use_cases::{Visitor, audit, mailbox, notes, passwords, profile, sessions, settings, users};
use usher::server::{http, random};
use usher::words::Language;

/// The ways in which a session ends while its request is on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ending {
    /// It does not: to see that the request would have done something.
    None,
    SignOut,
    Reset,
    Block,
    Expiry,
}

/// Longer than a session lives that nobody keeps.
const LONG: Duration = Duration::hours(13);

/// An installation with somebody who may do everything, and whose session ends.
#[derive(Clone)]
struct Scene {
    site: TestSite,
    boss: UserId,
    sample: Sample,
    /// The page of an invitation to them, at another company.
    page: String,
}

impl Scene {
    async fn new(site: TestSite) -> Self {
        let boss = site.add_with_password("Boss", "boss@acme.by", "main_administrator").await;
        let other = site.add_company("ACME South").await;
        let page = offer(&site, &boss, "boss@acme.by", &other).await;
        let invited = site.invite("Olga", "olga@acme.by").await;
        let draft = site.keep_form(&boss).await;
        let sample = Sample {
            person: site.add_active("Ivan", "ivan@acme.by", "employee").await,
            email: "ivan@acme.by".into(),
            unit: site.add_branch("ACME Branch", &site.company).await.id,
            draft,
            session: SessionId::new(boss.as_str()),
            message: invited.message,
            invitation: invited.invitation,
            shift: site.add_shift(&site.company).await,
            role: site.role("dispatcher").id.to_string(),
            role_id: site.role("agent_group_manager").id.to_string(),
        };
        Self { site, boss, sample, page }
    }

    async fn end(&self, ending: Ending, secret: &str) {
        let app = &self.site.app;
        match ending {
            Ending::None => {}
            Ending::SignOut => {
                let caller = sessions::recognise(app, secret, Surface::Panel, true)
                    .await
                    .expect("a look")
                    .expect("a session")
                    .caller;
                sessions::sign_out(app, &caller).await.expect("signed out");
            }
            Ending::Reset => {
                self.site.reset(&self.boss).await;
                let page = self.site.reset_page_of(&self.boss).await;
                let link = page.trim_start_matches("/reset/");
                passwords::reset(app, link, &"quiet stone bridge".to_string().into(), &Visitor::default())
                    .await
                    .expect("reset");
            }
            Ending::Block => users::block(app, &caller(&self.site.anna), &self.boss, "").await.expect("blocked"),
            Ending::Expiry => app.clock.advance(LONG),
        }
    }

    async fn mend(&self, ending: Ending) {
        let app = &self.site.app;
        match ending {
            Ending::Block => users::unblock(app, &caller(&self.site.anna), &self.boss).await.expect("unblocked"),
            Ending::Expiry => app.clock.advance(Duration(-LONG.0)),
            _ => {}
        }
    }

    /// Sends a head, ends the session, then sends the body; fails when the database is another after that.
    async fn send(&self, ending: Ending, path: &str, accept: &str, body: String) -> Answer {
        let mut browser = Browser::signed_in(&self.site.app, &self.boss).await;
        let secret = browser.cookies["__Host-usher_session"].clone();
        let before = Arc::new(Mutex::new(None));
        let between = {
            let (scene, before) = (self.clone(), before.clone());
            async move {
                scene.end(ending, &secret).await;
                let dump = Dump::of(&scene.site.app.db).await;
                *before.lock().expect("a dump") = Some(dump);
            }
        };
        let late = Late { between: Some(Box::pin(between)), body: Cursor::new(body.into_bytes()) };
        let request = Request::builder()
            .method(Method::POST)
            .uri(path)
            .header(header::ACCEPT, accept)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::ORIGIN, ORIGIN)
            .header(header::REFERER, format!("{ORIGIN}/users"))
            .header("sec-fetch-site", "same-origin");
        let answer = browser.send(request.body(Body::from_stream(ReaderStream::new(late))).expect("a request")).await;
        let before = before.lock().expect("a dump").take();
        let before = before.unwrap_or_else(|| panic!("{path}: the body was never read"));
        if ending != Ending::None {
            before.assert_unchanged(&self.site.app.db, &format!("{path} after {ending:?}")).await;
        }
        self.mend(ending).await;
        answer
    }

    fn body_of(&self, function: &Function) -> String {
        let fields = function.filled(&self.sample);
        form(&fields.iter().map(|(name, value)| (*name, value.as_str())).collect::<Vec<_>>())
    }
}

/// An offer to somebody who has an account; its page.
async fn offer(site: &TestSite, to: &UserId, address: &str, unit: &Unit) -> String {
    let now = site.app.clock.now();
    let invitation = Invitation {
        id: InvitationId::new(random::id(now)),
        user_id: to.clone(),
        address: Address::stored(Channel::Email, address),
        address_mark: None,
        other: None,
        other_mark: None,
        language: Language::English,
        personal_text: String::new(),
        generation: 1,
        valid_for: Duration::days(7),
        created_at: now,
        created_by: Some(site.anna.clone()),
        invited_by: None,
        renewed_at: now,
        extended_at: None,
        expires_at: Some(now + Duration::days(7)),
        opened_at: None,
        accepted_at: None,
        withdrawn_at: None,
        declined_at: None,
        replaced_by: None,
        remind_at: None,
        reminded_at: None,
        needs_approval: false,
        approved_at: None,
        is_unsent: false,
        delivery: Delivery::Queued,
    };
    let mut tx = site.app.db.maintain().await.expect("a transaction");
    invitations::insert(&mut tx, &invitation).await.expect("an invitation");
    let membership = NewMembership {
        id: MembershipId::new(random::id(now)),
        user_id: to,
        unit_id: &unit.id,
        role: &site.role("employee").id,
        extra: Permissions::NONE,
        by: Some(&site.anna),
        invitation: Some(&invitation.id),
        active_at: None,
    };
    memberships::insert(&mut tx, &membership, now).await.expect("a membership");
    tx.commit().await.expect("a commit");
    format!("/i/{}", site.link_of(&invitation.id).await)
}

/// A body that comes only after something else has happened.
struct Late {
    between: Option<Pin<Box<dyn Future<Output = ()> + Send>>>,
    body: Cursor<Vec<u8>>,
}

impl AsyncRead for Late {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<std::io::Result<()>> {
        if let Some(between) = &mut self.between {
            ready!(between.as_mut().poll(cx));
            self.between = None;
        }
        Pin::new(&mut self.body).poll_read(cx, buf)
    }
}

const SCRIPT: &str = "application/json";
const PAGE: &str = "text/html,*/*;q=0.8";

fn writes() -> impl Iterator<Item = &'static Function> {
    FUNCTIONS.iter().filter(|function| function.method == "POST")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_whose_session_ends_before_its_body_comes_does_nothing_h_20() {
    both(|db| async {
        let scene = Scene::new(TestSite::furnish(db, None).await).await;
        for function in writes() {
            for ending in [Ending::SignOut, Ending::Reset, Ending::Block, Ending::Expiry] {
                let answer = scene.send(ending, function.path, SCRIPT, scene.body_of(function)).await;
                let what = (answer.status.as_u16(), answer.refusal());
                assert_eq!(what, (401, Some(UseCaseError::SignInFirst)), "{} after {ending:?}", function.path);
            }
        }
        // The same calls in a session that runs on; they change what others need, so each has an installation of its own
        // in the other tests, and here only the door is asked about.
        for function in writes() {
            let answer = scene.send(Ending::None, function.path, SCRIPT, scene.body_of(function)).await;
            assert_ne!(answer.status.as_u16(), 401, "{}", function.path);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plain_form_whose_session_ends_before_its_body_comes_leads_to_the_door_h_20() {
    both(|db| async {
        let scene = Scene::new(TestSite::furnish(db, None).await).await;
        for function in writes() {
            for ending in [Ending::SignOut, Ending::Block, Ending::Expiry] {
                let answer = scene.send(ending, function.path, PAGE, scene.body_of(function)).await;
                let what = (answer.status.as_u16(), answer.location());
                assert_eq!(what, (303, "/sign-in?next=%2Fusers"), "{} after {ending:?}", function.path);
            }
        }
    })
    .await;
}

/// Routes that take a form from people who are not signed in: what a session would add is not used there.
const OPEN: [&str; 15] = [
    "/set-up",
    "/sign-in",
    "/forgot",
    "/reset/{*link}",
    "/own-password/{*link}",
    "/m/sign-in",
    "/confirm/{*link}",
    "/i/{link}",
    "/i/{link}/send-code",
    "/i/{link}/code",
    "/i/{link}/renew",
    "/i/{link}/decline",
    "/i/{link}/opened",
    "/i/{link}/strength",
    "/i/{link}/{*rest}",
];

#[tokio::test(flavor = "multi_thread")]
async fn every_other_form_behind_a_session_asks_for_it_behind_its_body_h_20() {
    both(|db| async {
        let scene = Scene::new(TestSite::furnish(db, None).await).await;
        let cookies_of_ones_own = ["/language", "/theme"];
        let routes = ROUTES.iter().filter(|(path, methods, _)| {
            methods.contains("POST") && !OPEN.contains(path) && !cookies_of_ones_own.contains(path)
        });
        for (path, ..) in routes {
            let invite = ("addresses=new%40acme.by&role={role}&language=en&valid_for=8h", 401);
            let (body, status) = match *path {
                // Tried in the tests above.
                "/api/{*function}" => continue,
                // Whoever is out has what they wanted.
                "/sign-out" | "/m/sign-out" => ("", 303),
                // They have a session of their own, which a test of the dispatch system ends.
                "/m/me" | "/m/password" | "/m/agreements" | "/m/me/agreements" => continue,
                "/api/v1/sessions" | "/api/v1/sessions/end" => continue,
                // The gateway has none; nor is one asked for where everybody is invented.
                "/sms/callback" | "/demonstration" => continue,
                // Whoever is out is asked for the password, as anybody else who holds the link.
                "/i/{link}/join" => ("", 422),
                "/users/invite/letter" => invite,
                "/users/letters" => ("id=none", 401),
                "/agreements" => ("user-agreement=1", 401),
                "/users/export" => ("list=%2Fusers", 401),
                "/import/file" => ("cells=new%40acme.by", 401),
                "/settings/texts/letter" => ("language=en&subject=Hello&send=1", 401),
                other => panic!("{other}: say here what it does when the session ends before its body comes"),
            };
            let link = scene.page.trim_start_matches("/i/");
            let path = path.replace("{link}", link);
            let body = body.replace("{role}", &scene.sample.role);
            for ending in [Ending::SignOut, Ending::Reset, Ending::Block, Ending::Expiry] {
                // What is offered to somebody is blocked with them: the link says so.
                let is_shut = ending == Ending::Block && path.ends_with("/join");
                let status = if is_shut { 410 } else { status };
                for accept in [PAGE, SCRIPT] {
                    let answer = scene.send(ending, &path, accept, body.clone()).await;
                    assert_eq!(answer.status.as_u16(), status, "{path} after {ending:?}: {}", answer.text());
                }
            }
        }
        let joined = scene.send(Ending::None, &format!("{}/join", scene.page), PAGE, String::new()).await;
        assert_eq!((joined.status.as_u16(), joined.location()), (303, "/"), "a session that runs on joins");
    })
    .await;
}

/// What is looked at is asked for in the same way.
#[tokio::test(flavor = "multi_thread")]
async fn whoever_has_signed_out_sees_nothing_either_h_20() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let (app, anna) = (&site.app, caller(&site.anna));
        let draft = notes::keep(app, &anna, r#"{"form":"/api/x"}"#).await.expect("kept");
        assert!(profile::view(app, &anna).await.is_ok() && notes::find(app, &anna, &draft).await.is_ok());
        sessions::sign_out(app, &anna).await.expect("signed out");
        let gone = Some(UseCaseError::SignInFirst);
        assert_eq!(profile::view(app, &anna).await.err(), gone);
        assert_eq!(users::viewer(app, &anna).await.err(), gone);
        assert_eq!(users::list(app, &anna, &Default::default()).await.err(), gone);
        assert_eq!(users::card(app, &anna, &site.anna).await.err(), gone);
        assert_eq!(settings::view(app, &anna, "").await.err(), gone);
        assert_eq!(mailbox::list(app, &anna).await.err(), gone);
        assert_eq!(notes::find(app, &anna, &draft).await.err(), gone);
        assert_eq!(sessions::landing_page(app, &anna).await.err(), gone);
        let from = usher::domain::listing::Cursor::Start;
        assert_eq!(audit::list(app, &anna, None, &from).await.err(), gone);
        // Somebody else's session is none of one's own.
        let olga = site.add_active("Olga", "olga@acme.by", "dispatcher").await;
        site.sign_in_again(&site.anna).await;
        let borrowed = usher::server::use_cases::Actor { user_id: site.anna.clone(), ..caller(&olga) };
        assert_eq!(profile::view(app, &borrowed).await.err(), gone);
    })
    .await;
}

/// The same over a real connection: a head, then a pause in which somebody else acts, then the body.
#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_comes_late_over_a_connection_does_nothing_h_20() {
    both(|db| async {
        let scene = Scene::new(TestSite::furnish(db, None).await).await;
        let app = &scene.site.app;
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let router = http::router(app.clone()).into_make_service_with_connect_info::<std::net::SocketAddr>();
        let server = tokio::spawn(async move { axum::serve(listener, router).await });
        for ending in [Ending::SignOut, Ending::Reset, Ending::Block, Ending::None] {
            let browser = Browser::signed_in(app, &scene.boss).await;
            let secret = browser.cookies["__Host-usher_session"].clone();
            let body = form(&[("id", scene.sample.person.as_str()), ("reason", "")]);
            let head = format!(
                "POST /api/block HTTP/1.1\r\nhost: users.acme.by\r\norigin: {ORIGIN}\r\nsec-fetch-site: same-origin\r\n\
                 content-type: application/x-www-form-urlencoded\r\ncookie: __Host-usher_session={secret}\r\n\
                 content-length: {}\r\nconnection: close\r\n\r\n",
                body.len()
            );
            let mut connection = TcpStream::connect(address).await.expect("a connection");
            connection.write_all(head.as_bytes()).await.expect("a head");
            tokio::time::sleep(std::time::Duration::from_millis(200)).await;
            scene.end(ending, &secret).await;
            let before = Dump::of(&app.db).await;
            connection.write_all(body.as_bytes()).await.expect("a body");
            let mut answer = String::new();
            connection.read_to_string(&mut answer).await.expect("an answer");
            let status = if ending == Ending::None { "200" } else { "401" };
            assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{ending:?}: {answer}");
            if ending != Ending::None {
                before.assert_unchanged(&app.db, &format!("{ending:?}")).await;
            }
            scene.mend(ending).await;
        }
        server.abort();
    })
    .await;
}
