//! Links and addresses of public pages that came back otherwise than they were written: where what was meant is clear, the
//! visitor is sent there. Nothing is opened here; the page that is meant looks at the link as at any other.

use super::visit::asked_for;
use crate::domain::contact::is_unseen;
use crate::domain::link::{LinkKind, is_whole, mend, mend_marked};
use crate::domain::listing::escape;
use axum::http::Uri;
use axum::response::{IntoResponse, Redirect, Response};
use percent_encoding::percent_decode_str;

/// The pages that can be asked for by name, without anything behind it.
const NAMED: [&str; 8] = ["sign-in", "set-up", "forgot", "forgot/sent", "i", "s", "reset", "confirm"];

/// The way to the page of a link that does not stand in the address as it was written; nothing where it does, or where none
/// can be found in it.
pub fn way(kind: LinkKind, uri: &Uri) -> Option<Response> {
    let whole = uri.path_and_query()?.as_str();
    let behind = whole.trim_start_matches('/').split_once('/').map(|(_, behind)| behind)?;
    let (path, _) = behind.split_once('?').unwrap_or((behind, ""));
    if is_whole(&percent_decode_str(path).decode_utf8_lossy()) {
        return None;
    }
    let (kind, secret) = mend(behind, kind)?;
    Some(Redirect::to(&kind.path(&secret)).into_response())
}

/// The way to the page of a link that was pasted into the field.
pub fn pasted(kind: LinkKind, query: Option<&str>) -> Option<Response> {
    let (kind, secret) = mend(&asked_for(query, "link")?, kind)?;
    Some(Redirect::to(&kind.path(&secret)).into_response())
}

/// The way to the public page that is meant by an address which is none: in capitals, with something behind it. Nobody who
/// follows a link to one of them is asked to sign in instead.
pub fn astray(uri: &Uri) -> Option<Response> {
    let path = percent_decode_str(uri.path()).decode_utf8_lossy();
    let is_around = |letter: char| {
        letter.is_whitespace() || is_unseen(letter) || letter == '/' || "<>()[]{}.,;:!?\"'«»".contains(letter)
    };
    let name = path.trim_matches(is_around).to_lowercase();
    if NAMED.contains(&name.as_str()) {
        let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
        return Some(Redirect::to(&format!("/{name}{query}")).into_response());
    }
    let path = path.trim_start_matches(is_around);
    let first = path.split('/').next()?.trim();
    if let Some((_, code)) = path.split_once('/').filter(|_| first.eq_ignore_ascii_case("s")) {
        return Some(Redirect::to(&format!("/s/{}", escape(code.trim_matches(is_around)))).into_response());
    }
    let whole = || uri.path_and_query().map(|whole| whole.as_str());
    let page = match LinkKind::from_segment(first) {
        Some(kind) => {
            let found = mend(whole()?, kind);
            // Said to be damaged, and not asked for as if nothing had been there.
            let asked = || format!("/{}?link=", kind.segment());
            found.map_or_else(asked, |(kind, secret)| kind.path(&secret))
        }
        // A link with its address, or with what a filter made of it, behind the address of this server. What is searched
        // for on a page of the app is a query, and none of a visitor's business.
        None => {
            let is_address = first.to_lowercase().starts_with("http");
            let (kind, secret) = mend_marked(if is_address { whole()? } else { uri.path() })?;
            kind.path(&secret)
        }
    };
    Some(Redirect::to(&page).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::header;

    const SECRET: &str = "AaIDBa2rcAeS7Uq-8tdcqQABXVNpQ8Fy8wI5M2fKPl_XsQ";

    fn to(response: Option<Response>) -> String {
        let to = response.and_then(|response| response.headers().get(header::LOCATION).cloned());
        to.map(|to| to.to_str().expect("text").to_string()).unwrap_or_default()
    }

    fn uri(text: &str) -> Uri {
        text.replace("{}", SECRET).parse().expect("an address")
    }

    #[test]
    fn public_pages_are_found_however_their_names_are_written_l_08() {
        for (asked, page) in [
            ("/sign-in/", "/sign-in"),
            ("/Sign-In", "/sign-in"),
            ("/SIGN-IN/?next=%2Fusers", "/sign-in?next=%2Fusers"),
            ("/sign-in%20", "/sign-in"),
            ("/sign-in.", "/sign-in"),
            ("//forgot//", "/forgot"),
            ("/Forgot/Sent/", "/forgot/sent"),
            ("/Set-Up", "/set-up"),
            ("/I", "/i"),
            ("/s/", "/s"),
            ("/S/abcDEF", "/s/abcDEF"),
            ("//s/abcDEF.", "/s/abcDEF"),
            ("/reset/", "/reset"),
            ("/Confirm/", "/confirm"),
            ("/I/garbage", "/i?link="),
            ("/users", ""),
            ("/", ""),
            ("/inventory", ""),
            ("/resetting/x", ""),
        ] {
            assert_eq!(to(astray(&uri(asked))), page, "{asked}");
        }
        for asked in ["/I/{}", "/i/{}/", "/%69/{}", "//i/{}", "/i//{}", "/I/{}%20."] {
            assert_eq!(to(astray(&uri(asked))), format!("/i/{SECRET}"), "{asked}");
        }
        assert_eq!(to(astray(&uri("/RESET/{}/"))), format!("/reset/{SECRET}"));
        for asked in [
            "/https://users.acme.by/reset/{}",
            "/https%3A%2F%2Fusers.acme.by%2Freset%2F{}",
            "/https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fa.by%2Freset%2F{}&data=05",
            "/users.acme.by/reset/{}",
            "/Sign-In/reset/{}",
        ] {
            assert_eq!(to(astray(&uri(asked))), format!("/reset/{SECRET}"), "{asked}");
        }
        for asked in ["/users?q=https://users.acme.by/reset/{}", "/users/{}", "/{}", "/x/y/{}"] {
            assert_eq!(to(astray(&uri(asked))), "", "{asked}");
        }
    }

    #[test]
    fn a_link_that_stands_as_it_was_written_is_left_alone_l_08() {
        assert!(way(LinkKind::Invitation, &uri("/i/{}")).is_none());
        assert!(way(LinkKind::Invitation, &uri("/i/{}?account=1")).is_none());
        assert!(way(LinkKind::Reset, &uri("/reset/x")).is_none());
        assert_eq!(to(way(LinkKind::Reset, &uri("/reset/{}="))), format!("/reset/{SECRET}"));
        let wrapped = "/i/https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Facme.by%2Fi%2F{}&data=05";
        assert_eq!(to(way(LinkKind::Invitation, &uri(wrapped))), format!("/i/{SECRET}"));
        assert_eq!(
            to(pasted(
                LinkKind::Confirmation,
                Some("link=https%3A%2F%2Fa%2FI%2FAaIDBa2rcAeS7Uq-8tdcqQABXVNpQ8Fy8wI5M2fKPl_XsQ")
            )),
            format!("/i/{SECRET}")
        );
    }
}
