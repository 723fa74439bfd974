//! Our cookies: the session's, the note for the next page, and the mark of a browser in which somebody signed in. Names, lifetimes and protection, in one place (WB-06).

use crate::domain::moment::Span;
use crate::server::app::App;
use axum::http::HeaderMap;
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::{Cookie, SameSite};

/// Over https the browser itself guards the name: no subdomain can set it, no path narrows it.
fn name(app: &App, plain: &'static str) -> String {
    if app.config.is_https() { format!("__Host-{plain}") } else { plain.to_string() }
}

pub fn session_name(app: &App) -> String {
    name(app, "usher_session")
}

pub fn flash_name(app: &App) -> String {
    name(app, "usher_note")
}

fn cookie(app: &App, name: String, value: String, keep_for: Option<Span>) -> Cookie<'static> {
    let mut cookie = Cookie::new(name, value);
    cookie.set_path("/");
    cookie.set_http_only(true);
    cookie.set_same_site(SameSite::Lax);
    cookie.set_secure(app.config.is_https());
    if let Some(span) = keep_for {
        cookie.set_max_age(time::Duration::milliseconds(span.0));
    }
    cookie
}

/// The session's cookie; `None` keeps it until the browser is closed.
pub fn session(app: &App, secret: String, keep_for: Option<Span>) -> Cookie<'static> {
    cookie(app, session_name(app), secret, keep_for)
}

/// The note for the next page: a minute at most.
pub fn flash(app: &App, content: String) -> Cookie<'static> {
    cookie(app, flash_name(app), content, Some(Span::minutes(1)))
}

fn mark_name(app: &App) -> String {
    name(app, "usher_mark")
}

/// The mark of a browser in which somebody signed in: its tries are counted apart from those of strangers at the same
/// address. It opens nothing and names nobody.
pub fn mark(app: &App, mark: String) -> Cookie<'static> {
    cookie(app, mark_name(app), mark, Some(Span::days(365)))
}

/// The mark that we gave to this browser.
pub fn find_mark(app: &App, headers: &HeaderMap) -> Option<String> {
    let jar = CookieJar::from_headers(headers);
    jar.get(&mark_name(app)).filter(|mark| app.key.made_mark(mark.value())).map(|mark| mark.value().to_string())
}

/// Takes a cookie away.
pub fn gone(app: &App, name: String) -> Cookie<'static> {
    cookie(app, name, String::new(), Some(Span(0)))
}
