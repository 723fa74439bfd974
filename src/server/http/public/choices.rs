//! The language of the pages before sign-in and the theme of all pages: kept in the browser, in cookies that say nothing
//! about anybody.

use super::super::asked::RequestContext;
use super::super::cookies;
use super::super::forms::local_path;
use super::page::Bare;
use super::visit::Posted;
use crate::domain::error::Invalid;
use crate::words::Language;
use axum::Extension;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LanguageForm {
    language: String,
    back: String,
}

/// Shows the page again in another language.
pub async fn language(
    Extension(asked): Extension<RequestContext>,
    bare: Bare,
    Posted(form): Posted<LanguageForm>,
) -> Response {
    let Some(language) = Language::from_code(&form.language) else {
        return bare.refused(&Invalid::Language.into());
    };
    (cookies::language(&asked.app, language), Redirect::to(&local_path(&form.back))).into_response()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ThemeForm {
    theme: Theme,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Theme {
    System,
    Light,
    Dark,
}

/// Shows the page again in another theme.
pub async fn theme(
    Extension(asked): Extension<RequestContext>,
    headers: HeaderMap,
    Posted(form): Posted<ThemeForm>,
) -> Response {
    let chosen = match form.theme {
        Theme::System => None,
        Theme::Light => Some("light"),
        Theme::Dark => Some("dark"),
    };
    (cookies::theme(&asked.app, chosen), Redirect::to(&page_before(&headers))).into_response()
}

/// The path of the page that sent the form. Forms of other sites have been refused already; a path stays with us anyway.
fn page_before(headers: &HeaderMap) -> String {
    let referer = headers.get(header::REFERER).and_then(|referer| referer.to_str().ok());
    let Some(url) = referer.and_then(|referer| url::Url::parse(referer).ok()) else { return "/".into() };
    let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
    local_path(&format!("{}{query}", url.path()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_back_is_a_path_of_ours_whatever_the_referer_says() {
        let back = |referer: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::REFERER, referer.parse().expect("a header"));
            page_before(&headers)
        };
        assert_eq!(back("https://users.acme.by/users?q=a"), "/users?q=a");
        assert_eq!(back("https://evil.example//evil.example"), "/");
        assert_eq!(back("javascript:alert(1)"), "/");
        assert_eq!(back("rubbish"), "/");
        assert_eq!(page_before(&HeaderMap::new()), "/");
    }
}
