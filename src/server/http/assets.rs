//! The site's files, inside the binary: scripts, styles, WebAssembly, icons, each compressed when it was built. Their
//! addresses carry the build's mark, so that browsers keep them for good and never mix two versions.

use super::routes::{Does, Route};
use crate::domain::text::hex;
use axum::body::Body;
use axum::extract::{Path, RawQuery};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rust_embed::{Embed, EmbeddedFile};
use std::sync::LazyLock;

#[derive(Embed)]
#[folder = "target/site"]
#[allow_missing = true]
struct Site;

/// The names of the files outside `/pkg/`.
const LOOSE: [&str; 6] = ["usher.js", "door.js", "icons.svg", "favicon.svg", "site.webmanifest", "mobile.webmanifest"];

pub fn routes() -> Vec<Route> {
    // A page of an earlier version that is still open asks for files that are no more: what they were is not what stands here now.
    let packed = |Path((mark, name)): Path<(String, String)>, headers: HeaderMap| async move {
        match mark == *MARK {
            true => serve(&format!("pkg/{name}"), true, &headers),
            false => StatusCode::NOT_FOUND.into_response(),
        }
    };
    let loose = LOOSE.into_iter().map(|name| {
        let answer = move |query: RawQuery, headers: HeaderMap| async move {
            let is_marked = query.0.is_some_and(|query| query.starts_with("v="));
            serve(name, is_marked, &headers)
        };
        Route::at(format!("/{name}")).get(Does::File, answer)
    });
    [Route::at("/pkg/{mark}/{name}").get(Does::File, packed)].into_iter().chain(loose).collect()
}

/// The build's mark: the first characters of a hash over all files.
pub static MARK: LazyLock<String> = LazyLock::new(|| {
    use sha2::{Digest, Sha256};
    let mut names: Vec<_> = Site::iter().collect();
    names.sort();
    let mut all = Sha256::new();
    for name in names {
        if let Some(file) = Site::get(&name) {
            all.update(name.as_bytes());
            all.update(file.metadata.sha256_hash());
        }
    }
    hex(&all.finalize()[..6])
});

fn serve(name: &str, is_marked: bool, headers: &HeaderMap) -> Response {
    let accepts = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let takes_brotli = accepts.split(',').any(|part| part.split(';').next().is_some_and(|kind| kind.trim() == "br"));
    let small = if takes_brotli { Site::get(&format!("{name}.br")) } else { None };
    let (file, is_small) = match small {
        Some(file) => (file, true),
        None => match Site::get(name).filter(|_| !name.ends_with(".br")) {
            Some(file) => (file, false),
            None => return StatusCode::NOT_FOUND.into_response(),
        },
    };
    respond(name, file, is_small, is_marked, headers)
}

fn respond(name: &str, file: EmbeddedFile, is_small: bool, is_marked: bool, headers: &HeaderMap) -> Response {
    let mark = format!("\"{}{}\"", MARK.as_str(), if is_small { "-br" } else { "" });
    let mut response = if headers.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == mark.as_bytes()) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        Response::new(Body::from(file.data))
    };
    // Without the build's mark the address stays the same in the next version: ask again, which costs no bytes.
    let keep = match is_marked {
        // While one develops, files change under the running program.
        _ if cfg!(debug_assertions) => "no-store",
        true => "public, max-age=31536000, immutable",
        false => "public, no-cache",
    };
    let answer = response.headers_mut();
    answer.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind_of(name)));
    answer.insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
    answer.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if is_small {
        answer.insert(header::CONTENT_ENCODING, HeaderValue::from_static("br"));
    }
    if let Ok(mark) = HeaderValue::from_str(&mark) {
        answer.insert(header::ETAG, mark);
    }
    response
}

fn kind_of(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "webmanifest" => "application/manifest+json",
        _ => "application/octet-stream",
    }
}

/// The address of a file of this build. The mark stands in the path of what lies in `/pkg/`: these files name one another by
/// their place beside each other.
pub fn address(path: &str) -> String {
    match path.strip_prefix("/pkg/") {
        Some(name) => format!("/pkg/{}/{name}", MARK.as_str()),
        None => format!("{path}?v={}", MARK.as_str()),
    }
}

/// The addresses of the files of a group of pages, as the splitter noted them: per line the group, then its files.
pub fn chunks_of(group: &str) -> Vec<String> {
    let Some(noted) = Site::get("pkg/split.txt") else { return Vec::new() };
    let noted = String::from_utf8_lossy(&noted.data).into_owned();
    let line = noted.lines().find_map(|line| line.strip_prefix(group)?.strip_prefix(' '));
    line.into_iter().flat_map(str::split_whitespace).map(|file| address(&format!("/pkg/{file}.wasm"))).collect()
}
