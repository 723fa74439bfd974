//! Finds out who is asking, once per request, and hands it on: the cookie's session, the peer's address, the language.

use super::asked::Asked;
use super::routes::{self, Does};
use super::{cookies, forms, language, no_store};
use crate::server::app::App;
use crate::server::use_cases::{Visitor, sessions};
use crate::words::Language;
use axum::body::Body;
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, Request, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum_extra::extract::CookieJar;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};

/// The language that a visitor chose on a page.
pub const LANGUAGE_COOKIE: &str = "usher_language";
/// The theme that a visitor chose.
pub const THEME_COOKIE: &str = "usher_theme";

/// Puts an [`Asked`] into the request's extensions. Files and the operator's watch need none.
pub async fn recognise(State(app): State<App>, mut request: Request<Body>, next: Next) -> Response {
    if matches!(routes::of(&request), Some(Does::File | Does::Health)) {
        return next.run(request).await;
    }
    let jar = CookieJar::from_headers(request.headers());
    let caller = match jar.get(&cookies::session_name(&app)) {
        None => None,
        Some(cookie) => match sessions::recognise(&app, cookie.value()).await {
            Ok(caller) => caller,
            Err(refusal) => return forms::refused(&refusal).into_response(),
        },
    };
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    let visitor = Visitor {
        address: visitor_address(request.headers(), peer, app.config.trusted_proxies),
        device: device(request.headers()),
    };
    let chosen = jar.get(LANGUAGE_COOKIE).and_then(|cookie| Language::from_code(cookie.value()));
    let theme = match jar.get(THEME_COOKIE).map(|cookie| cookie.value()) {
        Some("light") => Some("light"),
        Some("dark") => Some("dark"),
        _ => None,
    };
    let flash = match jar.get(&cookies::flash_name(&app)) {
        Some(cookie) => forms::find_note(&app, caller.as_ref(), cookie.value()).await,
        None => None,
    };
    let asked = Asked {
        caller,
        visitor,
        language: chosen.or_else(|| language::preferred(request.headers())),
        flash,
        theme,
        app,
    };
    request.extensions_mut().insert(asked);
    no_store(next.run(request).await)
}

/// The address by which tries are counted. Only as many entries of `X-Forwarded-For` are believed as there are proxies of
/// ours in front, counted from the end; anything else, and anything unreadable, is the peer itself (RL-01, RL-02).
pub fn visitor_address(headers: &HeaderMap, peer: Option<IpAddr>, trusted_proxies: usize) -> String {
    let peer = peer.map_or_else(|| "unknown".to_string(), line_of);
    if trusted_proxies == 0 {
        return peer;
    }
    let entries: Vec<&str> = headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .collect();
    let place = entries.len().checked_sub(trusted_proxies);
    let named = place.and_then(|place| entries.get(place)).and_then(|entry| entry.parse::<IpAddr>().ok());
    named.map_or(peer, line_of)
}

/// One line to one customer: an IPv4 address, or the /64 within which he gives himself any IPv6 address he likes.
fn line_of(ip: IpAddr) -> String {
    match ip.to_canonical() {
        IpAddr::V4(ip) => ip.to_string(),
        IpAddr::V6(ip) => {
            let [a, b, c, d, ..] = ip.segments();
            format!("{}/64", Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
    }
}

/// Browser and system in a few words, for the list of one's own sessions.
fn device(headers: &HeaderMap) -> String {
    let agent = headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default();
    let first =
        |known: &[(&str, &'static str)]| known.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name);
    let browser = first(&[
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("YaBrowser/", "Yandex"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ]);
    let system = first(&[
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("Linux", "Linux"),
    ]);
    [browser, system].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn forwarded(values: &[&str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append("x-forwarded-for", value.parse().expect("a header"));
        }
        headers
    }

    #[test]
    fn without_trusted_proxies_no_header_moves_anybody_to_another_bucket() {
        let peer = Some("203.0.113.9".parse().expect("an address"));
        for value in ["198.51.100.7", "garbage", "::1, 10.0.0.1"] {
            assert_eq!(visitor_address(&forwarded(&[value]), peer, 0), "203.0.113.9");
        }
    }

    #[test]
    fn whoever_has_many_addresses_of_one_line_is_one_visitor() {
        let at = |address: &str| visitor_address(&HeaderMap::new(), Some(address.parse().expect("an address")), 0);
        assert_eq!(at("2001:db8:1:2::1"), at("2001:db8:1:2:ffff:ffff:ffff:ffff"));
        assert_ne!(at("2001:db8:1:2::1"), at("2001:db8:1:3::1"));
        assert_eq!(at("::ffff:203.0.113.9"), "203.0.113.9");
        assert_eq!(visitor_address(&forwarded(&["2001:db8::7"]), None, 1), "2001:db8::/64");
    }

    #[test]
    fn behind_one_proxy_the_last_entry_counts_and_garbage_is_the_peer() {
        let peer = Some("127.0.0.1".parse().expect("an address"));
        assert_eq!(visitor_address(&forwarded(&["1.1.1.1, 198.51.100.7"]), peer, 1), "198.51.100.7");
        assert_eq!(visitor_address(&forwarded(&["1.1.1.1", "198.51.100.7"]), peer, 1), "198.51.100.7");
        assert_eq!(visitor_address(&forwarded(&["x"]), peer, 1), "127.0.0.1");
        assert_eq!(visitor_address(&HeaderMap::new(), peer, 2), "127.0.0.1");
    }
}
