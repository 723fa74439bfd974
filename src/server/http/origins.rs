//! Under which names this installation is visited, and from where something may be sent to it (WB-01, H-32). Nothing is ever
//! built from these names: they are compared with what the operator has set.

use super::forms::is_safe;
use super::routes::{self, Does, Door};
use crate::domain::error::UseCaseError;
use crate::server::app::App;
use crate::server::config::Config;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, Request, header};
use axum::middleware::Next;
use axum::response::Response;
use std::net::IpAddr;
use url::{Host, Origin, Url};

/// Refuses what was asked of another name, so that no name that somebody else points here is one of ours. The operator's
/// watch asks by whatever name it likes.
pub async fn only_by_our_name(State(app): State<App>, request: Request<Body>, next: Next) -> Response {
    let is_ours = names_in(&request).iter().all(|name| name.as_deref().is_some_and(|name| is_ours(&app.config, name)));
    if is_ours || routes::of(&request) == Some(Does::Health) {
        return next.run(request).await;
    }
    super::public::refusal_page(&request, &UseCaseError::OtherName { address: app.config.origin() })
}

/// Nothing but a page of ours may change anything. Browsers say from where a request comes (`Sec-Fetch-Site`, over https and
/// on the machine itself); one that does not has to name our address as its origin.
pub async fn only_from_here(State(app): State<App>, request: Request<Body>, next: Next) -> Response {
    // An app of one's own has no page and no cookie, and a gateway neither: they act by what they send alone.
    let is_app = matches!(routes::of(&request), Some(Does::Door(Door::Session | Door::Gateway)));
    if is_safe(request.method()) || is_app || comes_from_here(&app.config, &request) {
        return next.run(request).await;
    }
    super::forms::refused(&UseCaseError::CrossSite)
}

fn comes_from_here(config: &Config, request: &Request<Body>) -> bool {
    let (Ok(site), Ok(origin)) = (said(request.headers(), "sec-fetch-site"), said(request.headers(), "origin")) else {
        return false;
    };
    let is_ours = origin.is_some_and(|origin| {
        origins(config, request).iter().any(|ours| ours.is_tuple() && ours.ascii_serialization() == origin)
    });
    match site {
        Some("same-origin") => is_ours || matches!(origin, None | Some("null")),
        None => is_ours,
        Some(_) => false,
    }
}

/// What a header says that may stand there once. What stands there twice, or cannot be read, is somebody's trick.
fn said<'a>(headers: &'a HeaderMap, name: &'static str) -> Result<Option<&'a str>, ()> {
    let mut values = headers.get_all(HeaderName::from_static(name)).iter();
    let first = values.next().map(|value| value.to_str().map_err(|_| ())).transpose()?;
    if values.next().is_some() { Err(()) } else { Ok(first) }
}

/// The origins of our pages, as this visitor sees them: the public one, and over http the name under which they came.
fn origins(config: &Config, request: &Request<Body>) -> Vec<Origin> {
    let mut ours = vec![config.public_url.origin()];
    if !config.is_https() {
        let names = names_in(request).into_iter().flatten().filter(|name| is_ours(config, name));
        ours.extend(names.filter_map(|name| Some(visited(config, &name)?.origin())));
    }
    ours
}

/// Whether a page is one of ours, by its address.
pub fn is_page_of_ours(config: &Config, request: &Request<Body>, page: &Url) -> bool {
    let origin = page.origin();
    origin.is_tuple() && origins(config, request).contains(&origin)
}

/// The names and ports that a request says it is for, `None` where one cannot be read: a whole address in its first line
/// and the `Host` header. Programs of the last century say none.
fn names_in(request: &Request<Body>) -> Vec<Option<String>> {
    let in_address = request.uri().authority().map(|authority| Some(authority.to_string()));
    let in_headers = request.headers().get_all(header::HOST).iter().map(|name| name.to_str().ok().map(String::from));
    in_address.into_iter().chain(in_headers).collect()
}

/// An address of this name, if it is a name and a port and nothing else.
fn visited(config: &Config, name: &str) -> Option<Url> {
    let is_plain =
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_:[]".contains(&byte));
    Url::parse(&format!("{}://{name}/", config.public_url.scheme())).ok().filter(|_| is_plain)
}

/// Whether a name is one of ours: the public address, and over http also the address at which the server listens, and this
/// machine's own names, at the same port. A proxy may have left the port out.
fn is_ours(config: &Config, name: &str) -> bool {
    let Some(url) = visited(config, name) else { return false };
    let public = &config.public_url;
    if url.host() == public.host() && (url.port_or_known_default() == public.port_or_known_default() || !has_port(name))
    {
        return true;
    }
    let port = url.port_or_known_default();
    let is_at_our_port = port == Some(config.listen.port()) || port == public.port_or_known_default();
    !config.is_https() && is_at_our_port && url.host().is_some_and(|host| leads_here(config, &host))
}

fn has_port(name: &str) -> bool {
    name.rsplit_once(':').is_some_and(|(_, port)| port.bytes().all(|byte| byte.is_ascii_digit()))
}

fn leads_here(config: &Config, host: &Host<&str>) -> bool {
    let ip: IpAddr = match host {
        Host::Domain(name) => return *name == "localhost",
        Host::Ipv4(ip) => (*ip).into(),
        Host::Ipv6(ip) => (*ip).into(),
    };
    let listens_at = config.listen.ip();
    // Where it listens at every address of the machine, each of them is right; none can be somebody else's name.
    ip.is_loopback() || listens_at.is_unspecified() || ip.to_canonical() == listens_at.to_canonical()
}
