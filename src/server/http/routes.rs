//! Everything that answers, in one table: its path, its methods, and what each of them is. The router is built from the table,
//! and so is whatever has to tell a door from a page: what the limits count, what needs no session, what the log may write.
//! A route can be made here only, and not without saying what it is.

use super::{
    api, assets, changes, downloads, forms, handing, health, import, letters, mail_frame, mobile, pages, public,
    sms_callback,
};
use crate::server::app::App;
use crate::ui::pages::table::page_at;
use axum::Router;
use axum::extract::MatchedPath;
use axum::handler::Handler;
use axum::http::{Method, Request};
use axum::routing::MethodRouter;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// What happens when a method of a route is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Does {
    /// Hands out one of the site's files.
    File,
    /// Tells the operator's watch how the process is.
    Health,
    /// Shows a page, or a document inside one.
    Page,
    /// Reads, for the page's script and whoever is signed in.
    Read,
    /// Writes, for whoever is signed in.
    Write,
    /// Does something for whoever comes.
    Door(Door),
}

/// What can be tried without being signed in, or is tried with a password. Tries are counted for each of them apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Door {
    /// Checks name and password.
    SignIn,
    /// Sends a letter to an address.
    Forgot,
    /// Checks the code of the first visit.
    SetUp,
    /// Checks a link of an invitation.
    Invitation,
    /// Estimates a password for whoever holds a link of an invitation.
    Strength,
    /// Looks up the short link of a text message.
    ShortLink,
    /// Checks a link that sets a password.
    Reset,
    /// Checks a link that confirms an address.
    Confirmation,
    /// Checks the password of whoever is signed in.
    OwnPassword,
    /// Changes what this browser keeps, and nothing else.
    Browser,
    /// Reads, for a program with a token.
    Token,
    /// Checks name and password, or the token of a session, for an app of somebody's own.
    Session,
    /// Hears from the SMS gateway, if it is the gateway.
    Gateway,
    /// Moves the clock of a demonstration.
    Demonstration,
}

/// The server functions that check a secret; all others ask only who is signed in.
const CHECK_A_SECRET: [&str; 1] = ["/api/change-password"];

/// One route.
pub struct Route {
    path: String,
    methods: Vec<(Method, Does)>,
    handlers: MethodRouter<App>,
}

impl Route {
    pub fn at(path: impl Into<String>) -> Self {
        Self { path: path.into(), methods: Vec::new(), handlers: MethodRouter::new() }
    }

    pub fn get<H: Handler<T, App>, T: 'static>(mut self, does: Does, handler: H) -> Self {
        self.handlers = self.handlers.get(handler);
        self.methods.push((Method::GET, does));
        self
    }

    pub fn post<H: Handler<T, App>, T: 'static>(mut self, does: Does, handler: H) -> Self {
        self.handlers = self.handlers.post(handler);
        self.methods.push((Method::POST, does));
        self
    }
}

/// Every route.
fn all() -> impl Iterator<Item = Route> {
    let health = vec![
        Route::at("/health/live").get(Does::Health, health::live),
        Route::at("/health/ready").get(Does::Health, health::ready),
        Route::at("/health/proxies").get(Does::Health, health::proxies),
    ];
    [
        health,
        functions(),
        api::routes(),
        public::routes(),
        mobile::routes(),
        mail_frame::routes(),
        letters::routes(),
        downloads::routes(),
        handing::routes(),
        import::routes(),
        changes::routes(),
        sms_callback::routes(),
        assets::routes(),
    ]
    .into_iter()
    .flatten()
}

/// The server functions, each under its own path; what is called by another method, or does not exist, is answered as
/// theirs.
fn functions() -> Vec<Route> {
    let function = |path: &str, methods| Route {
        path: path.into(),
        methods,
        handlers: MethodRouter::new().get(forms::read).post(forms::write),
    };
    let known = leptos::server_fn::axum::server_fn_paths().map(|(path, method)| {
        let does = match method {
            Method::GET => Does::Read,
            _ if CHECK_A_SECRET.contains(&path) => Does::Door(Door::OwnPassword),
            _ => Does::Write,
        };
        function(path, vec![(method, does)])
    });
    let unknown = function("/api/{*function}", vec![(Method::GET, Does::Read), (Method::POST, Does::Write)]);
    known.chain([unknown]).collect()
}

/// The router; what is in no row is a page of the app, or is not there.
pub fn router() -> Router<App> {
    all().fold(Router::new(), |router, route| router.route(&route.path, route.handlers)).fallback(pages::render)
}

type RouteTable = BTreeMap<String, Vec<(Method, Does)>>;

static TABLE: LazyLock<RouteTable> = LazyLock::new(|| all().map(|route| (route.path, route.methods)).collect());

/// The table itself: by path, as the router writes it, each method with what it is.
pub fn table() -> &'static RouteTable {
    &TABLE
}

/// What a request is about to do; `None` where no row says so. Asked behind the router's choice only.
pub fn of<B>(request: &Request<B>) -> Option<Does> {
    let path = request.extensions().get::<MatchedPath>()?;
    // Whatever can be read can be asked for without its content.
    let method = if *request.method() == Method::HEAD { &Method::GET } else { request.method() };
    let methods = TABLE.get(path.as_str())?;
    methods.iter().find(|(known, _)| known == method).map(|(_, does)| *does)
}

/// Whether a request goes to a path of the API, by whatever method.
pub fn is_of_api<B>(request: &Request<B>) -> bool {
    let methods = request.extensions().get::<MatchedPath>().and_then(|path| TABLE.get(path.as_str()));
    methods.is_some_and(|methods| methods.iter().any(|(_, does)| *does == Does::Door(Door::Token)))
}

/// The path as a log may keep it: the row's, or the page's of the app, never what somebody typed or was given (a link with a
/// slip in it is nearly a link).
pub fn pattern<B>(request: &Request<B>) -> &str {
    match request.extensions().get::<MatchedPath>() {
        Some(path) => path.as_str(),
        None => page_at(request.uri().path()).map_or("unknown", |(page, _)| page.path),
    }
}
