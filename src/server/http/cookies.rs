//! Our cookies: the session's, the notes for the next pages, the language, the theme, and the mark of a browser in which
//! somebody signed in. Every one of them is read and written here and nowhere else: names, lifetimes and protection, in one
//! place (WB-06).
//!
//! Cookies belong to a host, whatever its port. So that two installations on one host leave each other's alone, the names
//! carry the port of the public address; only that of https itself goes without saying.

use crate::domain::authorization::Surface;
use crate::domain::id::UserId;
use crate::domain::timestamp::Duration;
use crate::server::app::App;
use crate::server::use_cases::sessions::SignedIn;
use crate::words::Language;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Request, header};
use axum::middleware::Next;
use axum::response::{IntoResponseParts, Response, ResponseParts};
use axum_extra::extract::cookie::{Cookie, SameSite};
use std::convert::Infallible;
use url::Url;

/// How long a note waits for its page.
const NOTE_AGE: Duration = Duration::minutes(1);

/// How long a choice of language or theme is kept.
const CHOICE_AGE: Duration = Duration::days(365);

/// How many sessions' secrets of one request are looked up.
const MOST_SESSIONS: usize = 4;

/// How long a browser is known in which somebody signed in.
const MARK_AGE: Duration = Duration::days(365);

/// What a browser sent of ours, as far as it can be read. Whatever else stands among the cookies is somebody else's, and
/// makes no difference however it is written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OwnCookies {
    /// The session's secret; of several, as another program of the host may have set one of the same name, each is asked.
    pub sessions: Vec<String>,
    /// The same of the mobile surface, which has a session of its own.
    pub mobile: Vec<String>,
    /// The language that the visitor chose.
    pub language: Option<Language>,
    /// `light` or `dark`, when chosen.
    pub theme: Option<&'static str>,
    /// The mark of a browser in which somebody signed in; whether it is one of ours is not looked at yet.
    mark: Option<String>,
    /// The notes that wait, each with its name and content; the oldest first, as browsers send them.
    pub notes: Vec<(String, String)>,
}

impl OwnCookies {
    /// Reads the cookies of a request: bytes, since a foreign one may hold any, and each by itself.
    pub fn of(address: &Url, headers: &HeaderMap) -> Self {
        let [session, mobile, language, theme, mark, note] =
            ["session", "mobile", "language", "theme", "mark", "note"].map(|what| name(address, what));
        let note = format!("{note}.");
        let mut own = Self::default();
        for (name, value) in pairs(headers) {
            if name == session {
                if own.sessions.len() < MOST_SESSIONS {
                    own.sessions.push(value.into());
                }
            } else if name == mobile {
                if own.mobile.len() < MOST_SESSIONS {
                    own.mobile.push(value.into());
                }
            } else if name == language {
                own.language = own.language.or_else(|| Language::from_code(value));
            } else if name == theme {
                own.theme = own.theme.or_else(|| ["light", "dark"].into_iter().find(|theme| *theme == value));
            } else if name == mark {
                own.mark.get_or_insert_with(|| value.into());
            } else if let Some(of) = name.strip_prefix(&note)
                && own.notes.iter().all(|(known, _)| known != of)
            {
                own.notes.push((of.into(), value.into()));
            }
        }
        own
    }

    /// The mark that we gave to this browser.
    pub fn mark(&self, app: &App) -> Option<&str> {
        self.mark.as_deref().filter(|mark| app.key.made_mark(mark))
    }

    /// The note of this name.
    pub fn note(&self, of: &str) -> Option<&str> {
        self.notes.iter().find(|(name, _)| name == of).map(|(_, value)| value.as_str())
    }
}

/// The cookies of a request, without those that cannot be ours: all our values are plain letters.
fn pairs(headers: &HeaderMap) -> impl Iterator<Item = (&str, &str)> {
    let lines = headers.get_all(header::COOKIE).into_iter();
    lines.flat_map(|line| line.as_bytes().split(|byte| *byte == b';')).filter_map(|pair| {
        let (name, value) = std::str::from_utf8(pair).ok()?.trim().split_once('=')?;
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'~' | b'.');
        (!value.is_empty() && value.bytes().all(is_plain)).then_some((name, value))
    })
}

/// Puts the [`OwnCookies`] into the request's extensions.
pub async fn read(State(app): State<App>, mut request: Request<Body>, next: Next) -> Response {
    let own = OwnCookies::of(&app.config.public_url, request.headers());
    request.extensions_mut().insert(own);
    next.run(request).await
}

/// Over https the browser itself guards the name: no subdomain can set it, no path narrows it.
fn name(address: &Url, what: &str) -> String {
    match (address.scheme() == "https", address.port()) {
        (true, None) => format!("__Host-usher_{what}"),
        (true, Some(port)) => format!("__Host-usher_{what}_{port}"),
        (false, port) => format!("usher_{what}_{}", port.unwrap_or(80)),
    }
}

/// A cookie for the browser: part of any answer.
#[must_use]
pub struct SetCookie(Cookie<'static>);

impl SetCookie {
    /// `None` keeps it until the browser is closed.
    fn new(app: &App, name: String, value: String, keep_for: Option<Duration>) -> Self {
        let mut cookie = Cookie::new(name, value);
        cookie.set_path("/");
        cookie.set_http_only(true);
        cookie.set_same_site(SameSite::Lax);
        cookie.set_secure(app.config.is_https());
        if let Some(span) = keep_for {
            cookie.set_max_age(time::Duration::milliseconds(span.0));
        }
        Self(cookie)
    }

    fn gone(app: &App, name: String) -> Self {
        Self::new(app, name, String::new(), Some(Duration(0)))
    }

    /// As a header; nothing of ours cannot be one.
    pub fn header(&self) -> Option<(HeaderName, HeaderValue)> {
        HeaderValue::from_str(&self.0.to_string()).ok().map(|value| (header::SET_COOKIE, value))
    }

    /// Adds it to an answer that is there already.
    pub fn add_to(&self, headers: &mut HeaderMap) {
        if let Some((name, value)) = self.header() {
            headers.append(name, value);
        }
    }
}

impl IntoResponseParts for SetCookie {
    type Error = Infallible;

    fn into_response_parts(self, mut parts: ResponseParts) -> Result<ResponseParts, Infallible> {
        self.add_to(parts.headers_mut());
        Ok(parts)
    }
}

/// A session that has just begun.
pub fn session(app: &App, signed_in: SignedIn) -> SetCookie {
    let what = session_of(signed_in.caller.surface());
    SetCookie::new(app, name(&app.config.public_url, what), signed_in.secret, signed_in.keep_for)
}

/// Takes the session of a surface away.
pub fn no_session(app: &App, surface: Surface) -> SetCookie {
    SetCookie::gone(app, name(&app.config.public_url, session_of(surface)))
}

fn session_of(surface: Surface) -> &'static str {
    match surface {
        Surface::Panel => "session",
        Surface::Mobile => "mobile",
    }
}

/// The mark of a browser in which this person signed in: its tries are counted apart from those of strangers at the same
/// address. It opens nothing and names nobody.
pub fn mark(app: &App, person: &UserId) -> SetCookie {
    SetCookie::new(app, name(&app.config.public_url, "mark"), app.key.mark(person), Some(MARK_AGE))
}

/// A note for the page whose name is `of`.
pub fn note(app: &App, of: &str, content: String) -> SetCookie {
    SetCookie::new(app, format!("{}.{of}", name(&app.config.public_url, "note")), content, Some(NOTE_AGE))
}

/// Takes a note away.
pub fn no_note(app: &App, of: &str) -> SetCookie {
    SetCookie::gone(app, format!("{}.{of}", name(&app.config.public_url, "note")))
}

/// The language of the pages before sign-in.
pub fn language(app: &App, language: Language) -> SetCookie {
    SetCookie::new(app, name(&app.config.public_url, "language"), language.code().into(), Some(CHOICE_AGE))
}

/// The theme of all pages; `None` is that of the system.
pub fn theme(app: &App, theme: Option<&'static str>) -> SetCookie {
    let name = name(&app.config.public_url, "theme");
    match theme {
        Some(theme) => SetCookie::new(app, name, theme.into(), Some(CHOICE_AGE)),
        None => SetCookie::gone(app, name),
    }
}

/// The cookies that an answer sets, for the answer that goes out in its place.
pub fn hand_on(from: &HeaderMap, to: &mut HeaderMap) {
    for cookie in from.get_all(header::SET_COOKIE) {
        to.append(header::SET_COOKIE, cookie.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn url(address: &str) -> Url {
        Url::parse(address).expect("an address")
    }

    fn read(address: &str, lines: &[&[u8]]) -> OwnCookies {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(header::COOKIE, HeaderValue::from_bytes(line).expect("a header"));
        }
        OwnCookies::of(&url(address), &headers)
    }

    #[test]
    fn two_installations_on_one_host_have_different_names_h_14() {
        let addresses = [
            "http://acme.by",
            "http://acme.by:8080",
            "http://acme.by:8081",
            "https://acme.by",
            "https://acme.by:8443",
            "https://acme.by:9443",
        ];
        for what in ["session", "mobile", "note", "language", "theme", "mark"] {
            let names: std::collections::BTreeSet<_> =
                addresses.iter().map(|address| name(&url(address), what)).collect();
            assert_eq!(names.len(), addresses.len(), "{names:?}");
        }
        assert_eq!(name(&url("https://acme.by"), "session"), "__Host-usher_session");
        assert_eq!(name(&url("http://acme.by:8080"), "session"), "usher_session_8080");
        let two = read(
            "http://acme.by:8081",
            &[b"usher_session_8080=theirs; usher_session_8081=ours; usher_note_8080.k=theirs; usher_note_8081.k=ours"],
        );
        assert_eq!(two.sessions, ["ours"]);
        assert_eq!(two.notes, [("k".to_string(), "ours".to_string())]);
    }

    #[test]
    fn what_cannot_be_read_is_passed_over_and_nothing_else_h_13() {
        let ours: &[u8] = b"__Host-usher_session=secret-1_; __Host-usher_language=ru; __Host-usher_theme=dark";
        for foreign in [
            "city=Минск".as_bytes(),
            b"city=\xcc\xe8\xed\xf1\xea",
            b"lonely",
            b"=",
            b"=nameless",
            b"empty=",
            b"quoted=\"a; b\"",
            b";;; ;",
            b"__Host-usher_session",
            b"__Host-usher_session=",
            b"__Host-usher_session=\"quoted\"",
            b"__Host-usher_session=\xd0\x9c",
            b"__Host-usher_theme=neon",
            b"a=b=c; {\"json\":[1,2]}=%zz",
            "x".repeat(20_000).as_bytes(),
        ] {
            for lines in [vec![foreign, ours], vec![ours, foreign]] {
                let joined = lines.join(&b"; "[..]);
                for read in [read("https://acme.by", &lines), read("https://acme.by", &[joined.as_slice()])] {
                    assert_eq!(
                        read.sessions.first().map(String::as_str),
                        Some("secret-1_"),
                        "{}",
                        String::from_utf8_lossy(foreign)
                    );
                    assert_eq!((read.language, read.theme), (Some(Language::Russian), Some("dark")));
                }
            }
        }
    }

    proptest! {
        #[test]
        fn no_foreign_cookie_hides_ours(before in "[^\r\n\0]{0,40}", after in "[^\r\n\0]{0,40}") {
            let line = format!("{before}; __Host-usher_session=ours; {after}");
            if let Ok(line) = HeaderValue::from_bytes(line.as_bytes()) {
                let mut headers = HeaderMap::new();
                headers.insert(header::COOKIE, line);
                let own = OwnCookies::of(&url("https://acme.by"), &headers);
                prop_assert_eq!(own.sessions.first().map(String::as_str), Some("ours"));
            }
        }
    }
}
