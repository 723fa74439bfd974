//! A browser without a window: talks to the whole router, layers and all, keeps cookies, and sends what a real one sends.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use tokio::task::JoinSet;
use tower::ServiceExt;
use usher::domain::error::UseCaseError;
use usher::domain::id::UserId;
use usher::server::app::App;
use usher::server::http;
use usher::server::secrets;
use usher::server::storage::sessions;

/// The public address of every test installation.
pub const ORIGIN: &str = "https://users.acme.by";

/// One browser with its cookies.
#[derive(Clone)]
pub struct Browser {
    router: Router,
    pub cookies: BTreeMap<String, String>,
    pub address: SocketAddr,
    /// What [`Browser::read_api`] asks with.
    pub token: Option<String>,
    /// The cookie of the note that was left last.
    pub(super) newest_note: Option<String>,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// Where a redirect leads.
    pub fn location(&self) -> &str {
        self.headers.get(header::LOCATION).and_then(|to| to.to_str().ok()).unwrap_or_default()
    }

    /// Whether it was done: neither refused nor broken.
    pub fn is_done(&self) -> bool {
        self.status.is_success() || self.status.is_redirection()
    }

    /// The refusal of a server function.
    pub fn refusal(&self) -> Option<UseCaseError> {
        serde_json::from_slice(&self.body).ok()
    }
}

/// A form's body.
pub fn form(fields: &[(&str, &str)]) -> String {
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}

impl Browser {
    pub fn new(app: &App) -> Self {
        Self::on(http::router(app.clone()))
    }

    /// Several browsers on one router share its limits, as real ones do.
    pub fn on(router: Router) -> Self {
        Self {
            router,
            cookies: BTreeMap::new(),
            address: ([203, 0, 113, 7], 40_000).into(),
            token: None,
            newest_note: None,
        }
    }

    /// A browser in which somebody is signed in, without going through the door.
    pub async fn signed_in(app: &App, user: &UserId) -> Self {
        let mut browser = Self::new(app);
        browser.sign_in_as(app, user).await;
        browser
    }

    /// Puts a new session of somebody into the cookies.
    pub async fn sign_in_as(&mut self, app: &App, user: &UserId) {
        let now = app.clock.now();
        let secret = usher::server::random::secret();
        let session = sessions::Session {
            id: usher::domain::id::SessionId::new(usher::server::random::id(now)),
            user_id: user.clone(),
            device: "Test".into(),
            is_kept: false,
            is_mobile: false,
            created_at: now,
            last_seen_at: now,
            expires_at: now + usher::domain::timestamp::Duration::hours(12),
        };
        let mut tx = app.db.maintain().await.expect("a transaction");
        sessions::insert(&mut tx, &session, &secrets::hash(&secret)).await.expect("a session");
        tx.commit().await.expect("a commit");
        self.cookies.insert("__Host-usher_session".into(), secret);
    }

    /// Sends any request; cookies are added, and kept from the answer. Of one that goes on for ever only the head is read.
    pub async fn send(&mut self, request: Request<Body>) -> Answer {
        let (status, headers, body) = self.begin(request).await;
        let goes_on = headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind == "text/event-stream");
        let body = if goes_on { Vec::new() } else { to_bytes(body, usize::MAX).await.expect("a body").to_vec() };
        Answer { status, headers, body }
    }

    /// The same with the body still to be read.
    pub async fn begin(&mut self, mut request: Request<Body>) -> (StatusCode, HeaderMap, Body) {
        let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        if !cookies.is_empty() {
            request.headers_mut().insert(header::COOKIE, cookies.join("; ").parse().expect("a header"));
        }
        request.extensions_mut().insert(ConnectInfo(self.address));
        // In a task of its own, as a connection has one: however deep the test stands, the server has a whole stack. It ends
        // with whoever waits for it.
        let mut task = JoinSet::new();
        task.spawn(self.router.clone().oneshot(request));
        let response = task.join_next().await.expect("a task").expect("no panic").expect("an answer");
        let (parts, body) = response.into_parts();
        for cookie in parts.headers.get_all(header::SET_COOKIE) {
            let cookie = cookie.to_str().expect("text");
            let (name, rest) = cookie.split_once('=').expect("a cookie");
            let value = rest.split(';').next().unwrap_or_default().to_string();
            if value.is_empty() || rest.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                if name.contains("usher_note") {
                    self.newest_note = Some(name.into());
                }
                self.cookies.insert(name.into(), value);
            }
        }
        (parts.status, parts.headers, body)
    }

    /// Asks the API, as a program does.
    pub async fn read_api(&mut self, path: &str) -> Answer {
        let mut request = Request::builder().uri(path);
        if let Some(token) = &self.token {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        self.send(request.body(Body::empty()).expect("a request")).await
    }

    /// Opens a page.
    pub async fn get(&mut self, path: &str) -> Answer {
        let request = Request::builder().uri(path).header(header::ACCEPT, "text/html,*/*;q=0.8");
        self.send(request.body(Body::empty()).expect("a request")).await
    }

    /// Sends a form, as a browser without script does: from a page of ours, expecting a page.
    pub async fn post_form(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.post_from("/users", path, fields).await
    }

    /// Sends a form that stands on this page.
    pub async fn post_from(&mut self, page: &str, path: &str, fields: &[(&str, &str)]) -> Answer {
        let request = Request::builder()
            .method(Method::POST)
            .uri(path)
            .header(header::ACCEPT, "text/html,*/*;q=0.8")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::ORIGIN, ORIGIN)
            .header(header::REFERER, format!("{ORIGIN}{page}"))
            .header("sec-fetch-site", "same-origin");
        self.send(request.body(Body::from(form(fields))).expect("a request")).await
    }

    /// Calls a server function, as the page's script does.
    pub async fn call(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let request = Request::builder()
            .method(Method::POST)
            .uri(path)
            .header(header::ACCEPT, "application/json")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::ORIGIN, ORIGIN)
            .header("sec-fetch-site", "same-origin");
        self.send(request.body(Body::from(form(fields))).expect("a request")).await
    }

    /// Opens a page, or asks a reading server function by its whole address, as the page's script does.
    pub async fn ask_page(&mut self, path: &str) -> Answer {
        let accept = if path.starts_with("/api/") { "application/json" } else { "text/html,*/*;q=0.8" };
        let request = Request::builder().uri(path).header(header::ACCEPT, accept);
        self.send(request.body(Body::empty()).expect("a request")).await
    }

    /// Asks a reading server function, as the page's script does.
    pub async fn ask(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let request =
            Request::builder().uri(format!("{path}?{}", form(fields))).header(header::ACCEPT, "application/json");
        self.send(request.body(Body::empty()).expect("a request")).await
    }
}
