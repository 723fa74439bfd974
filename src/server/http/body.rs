//! The body of a request: read once, before anything is done for it, whole and never larger than it may be (DS-01). Whoever
//! sent too much is told how much it was and how much fits.

use super::forms::{is_safe, refused};
use crate::domain::error::UseCaseError;
use axum::body::{Body, Bytes, HttpBody};
use axum::http::{HeaderMap, Request, header};
use axum::middleware::Next;
use axum::response::Response;
use std::future::poll_fn;
use std::pin::Pin;
use std::time::Duration;
use tokio::time::timeout;

/// The largest body that is taken, in bytes, but for a list of people.
pub const LARGEST: usize = 256 * 1024;

/// The largest of a form in which people are invited, in bytes: ten thousand addresses with their names.
pub const LARGEST_LIST: usize = 1024 * 1024;

/// The largest form with a file of people, in bytes: ten thousand rows of a workbook, with room to spare.
pub const LARGEST_FILE: usize = 4 * 1024 * 1024;

/// The forms that may be as large, each by its path: the same form is sent, looked at as a letter, and taken back; the page of a
/// list that is imported, with the cells of fifty rows; and the texts that people agree to.
const LARGE: [&str; 10] = [
    "/api/publish-agreement",
    "/api/import-group",
    "/api/import-list",
    "/api/import-row",
    "/api/import-run",
    "/api/invite",
    "/api/judge-rows",
    "/api/take-back",
    "/api/send-now",
    "/users/invite/letter",
];

/// How large the body of a request to this path may be, in bytes.
pub fn largest(path: &str) -> usize {
    match path {
        super::import::PATH => LARGEST_FILE,
        path if LARGE.contains(&path) => LARGEST_LIST,
        _ => LARGEST,
    }
}

/// How much more is read and thrown away, and for how long. A connection that is closed while its client still sends breaks
/// off, and with it the answer that says why.
const THROWN_AWAY: usize = 512 * 1024;
const DISCARD_TIMEOUT: Duration = Duration::from_secs(3);

/// Reads the body before the request goes on: no try is counted, no session looked up, no work begun for half of one.
pub async fn read_whole(request: Request<Body>, next: Next) -> Response {
    if is_safe(request.method()) {
        return next.run(request).await;
    }
    let (parts, mut body) = request.into_parts();
    let (size, most) = (size_of(&parts.headers), largest(parts.uri.path()));
    let whole = match size {
        Some(size) if size > most as u64 => Err(UseCaseError::TooLarge { size: Some(size), most: most as u64 }),
        _ => read(&mut body, most).await,
    };
    match whole {
        Ok(whole) => next.run(Request::from_parts(parts, Body::from(whole))).await,
        Err(refusal) => {
            let _ = timeout(DISCARD_TIMEOUT, throw_away(&mut body)).await;
            refused(&refusal)
        }
    }
}

/// The size that a request announces, in bytes; one that comes in pieces announces none.
fn size_of(headers: &HeaderMap) -> Option<u64> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

async fn read(body: &mut Body, most: usize) -> Result<Vec<u8>, UseCaseError> {
    let mut whole = Vec::new();
    while let Some(piece) = next_piece(body).await {
        let piece = piece.map_err(|_| UseCaseError::Unreadable)?;
        if whole.len() + piece.len() > most {
            return Err(UseCaseError::TooLarge { size: None, most: most as u64 });
        }
        whole.extend_from_slice(&piece);
    }
    Ok(whole)
}

async fn throw_away(body: &mut Body) {
    let mut left = THROWN_AWAY;
    while let Some(Ok(piece)) = next_piece(body).await {
        left = left.saturating_sub(piece.len());
        if left == 0 {
            return;
        }
    }
}

async fn next_piece(body: &mut Body) -> Option<Result<Bytes, axum::Error>> {
    loop {
        match poll_fn(|context| Pin::new(&mut *body).poll_frame(context)).await? {
            // What is no data is a trailer, which nobody reads.
            Ok(frame) => {
                if let Ok(data) = frame.into_data() {
                    return Some(Ok(data));
                }
            }
            Err(error) => return Some(Err(error)),
        }
    }
}
