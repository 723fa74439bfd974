//! How the API says no: RFC 9457, with a code that does not change. The sentences are for whoever writes the program, in English.

use crate::domain::error::UseCaseError;
use crate::server::http::status::status_of;
use axum::Json;
use axum::body::to_bytes;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

const MEDIA_TYPE: &str = "application/problem+json";

/// The largest body of a refusal that is read.
const LARGEST_REFUSAL: usize = 16 * 1024;

/// Why a request was not answered.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Problem {
    /// Always `about:blank`: the status and the code say what it is.
    #[serde(rename = "type")]
    kind: &'static str,
    /// The status in words.
    title: &'static str,
    status: u16,
    /// What is wrong, for programs.
    #[schema(example = "invalid_parameter")]
    code: &'static str,
    /// What is wrong and how to go on, for people.
    #[schema(value_type = String)]
    detail: Box<str>,
    /// The parameter that cannot be taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    parameter: Option<Box<str>>,
    /// The page on which the person goes on, in a browser.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(ignore)]
    continue_at: Option<Box<str>>,
    /// Seconds after which the same may succeed.
    #[serde(skip)]
    retry_after: Option<u32>,
    /// What the limits ask about.
    #[serde(skip)]
    refusal: Option<Box<UseCaseError>>,
}

impl Problem {
    fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Self {
        Self {
            kind: "about:blank",
            title: status.canonical_reason().unwrap_or_default(),
            status: status.as_u16(),
            code,
            detail: detail.into().into_boxed_str(),
            parameter: None,
            continue_at: None,
            retry_after: None,
            refusal: None,
        }
    }

    /// A parameter that cannot be taken as it is, and why.
    pub fn parameter(name: &str, why: &str) -> Self {
        let name: String = name.chars().take(60).collect();
        let detail = format!("The parameter “{name}” cannot be taken. {why}");
        Self { parameter: Some(name.into()), ..Self::new(StatusCode::BAD_REQUEST, "invalid_parameter", detail) }
    }

    /// A body that cannot be taken as it is, and why.
    pub fn body(why: &str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "invalid_body", why)
    }

    /// The password was right, and something has to be done in a browser first.
    pub fn go_on(code: &'static str, page: &str) -> Self {
        let detail = "The password was right. Open the page of continue_at in a browser first, then sign in again.";
        Self { continue_at: Some(page.into()), ..Self::new(StatusCode::FORBIDDEN, code, detail) }
    }

    /// Why nobody was signed in.
    pub fn of_sign_in(refusal: &UseCaseError) -> Self {
        let problem = match refusal {
            UseCaseError::WrongCredentials => {
                let detail = "The name, the password or both are not right.";
                Self::new(StatusCode::UNAUTHORIZED, "wrong_credentials", detail)
            }
            UseCaseError::AccessBlocked => {
                Self::new(StatusCode::FORBIDDEN, "access_blocked", "This person has no access any more.")
            }
            UseCaseError::TemporaryPasswordEnded => {
                let detail = "The temporary password is no longer valid: an administrator makes a new one.";
                Self::new(StatusCode::FORBIDDEN, "temporary_password_ended", detail)
            }
            UseCaseError::TooMany { seconds } => {
                let detail = format!("Too many tries. Try again in {seconds} s.");
                Self::new(StatusCode::TOO_MANY_REQUESTS, "too_many_requests", detail)
            }
            other => return Self::from(other),
        };
        let retry_after = refusal.retry_after().and_then(in_seconds);
        Self { retry_after, refusal: Some(Box::new(refusal.clone())), ..problem }
    }

    pub fn not_found() -> Self {
        let detail = "There is nothing of this address or id within the reach of the token.";
        Self::new(StatusCode::NOT_FOUND, "not_found", detail)
    }

    pub fn wrong_method() -> Self {
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", "The API only reads: use GET.")
    }

    /// A token that has made too many requests.
    pub fn too_fast(seconds: i64) -> Self {
        let detail = format!("This token has made too many requests. Go on in {seconds} s.");
        let problem = Self::new(StatusCode::TOO_MANY_REQUESTS, "too_many_requests", detail);
        Self { retry_after: in_seconds(seconds), ..problem }
    }

    /// What became of a request that something before the API answered.
    fn of_status(status: StatusCode) -> Self {
        let detail = match status {
            StatusCode::PAYLOAD_TOO_LARGE => "The body of the request is larger than anything that is taken here.",
            _ => status.canonical_reason().unwrap_or("The request could not be answered."),
        };
        let code = match status {
            StatusCode::PAYLOAD_TOO_LARGE => "too_large",
            StatusCode::SERVICE_UNAVAILABLE => "unavailable",
            _ if status.is_server_error() => "internal_error",
            _ => "bad_request",
        };
        Self::new(status, code, detail)
    }

    /// The parameter that it names.
    #[cfg(test)]
    pub fn named(&self) -> Option<&str> {
        self.parameter.as_deref()
    }
}

impl From<&UseCaseError> for Problem {
    fn from(refusal: &UseCaseError) -> Self {
        let status = status_of(refusal);
        let problem = match refusal {
            UseCaseError::SignInFirst => Self::new(
                StatusCode::UNAUTHORIZED,
                "unauthorized",
                "Send a token in one header: Authorization: Bearer usher_…",
            ),
            UseCaseError::WrongCredentials => Self::new(
                StatusCode::UNAUTHORIZED,
                "unauthorized",
                "This token does not work: it was mistyped, revoked or has ended, or its owner has no access any more.",
            ),
            UseCaseError::NotFound | UseCaseError::PersonGone { .. } => Self::not_found(),
            UseCaseError::Denied(_) => Self::new(
                status,
                "forbidden",
                "The owner of the token may not see people. Their role has to include it.",
            ),
            UseCaseError::TooMany { seconds } => Self::new(
                status,
                "too_many_requests",
                format!("Too many tokens from this address did not work. Try again in {seconds} s."),
            ),
            UseCaseError::OtherName { address } => Self::new(
                status,
                "misdirected_request",
                format!("This installation is reached at {address} and by no other name."),
            ),
            UseCaseError::Broken { incident } => Self::new(
                status,
                "internal_error",
                format!("Something broke on our side. The server's log knows it as {incident}."),
            ),
            UseCaseError::NoRoom => Self::new(
                status,
                "no_room",
                "The server has no room left on its disk, and nothing was changed. Whoever runs it has to make some.",
            ),
            _ if status == StatusCode::SERVICE_UNAVAILABLE => Self::new(
                status,
                "unavailable",
                "The server or its database has too much to do. Try again in a moment.",
            ),
            _ => Self::of_status(status),
        };
        let retry_after = refusal.retry_after().and_then(in_seconds);
        Self { retry_after, refusal: Some(Box::new(refusal.clone())), ..problem }
    }
}

impl IntoResponse for Problem {
    fn into_response(mut self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let refusal = self.refusal.take();
        let mut response = (status, Json(&self)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
        match status {
            StatusCode::UNAUTHORIZED => {
                headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
            }
            StatusCode::METHOD_NOT_ALLOWED => {
                headers.insert(header::ALLOW, HeaderValue::from_static("GET, HEAD"));
            }
            _ => {}
        }
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        if let Some(refusal) = refusal {
            response.extensions_mut().insert(*refusal);
        }
        response
    }
}

/// As a header says it.
fn in_seconds(seconds: i64) -> Option<u32> {
    u32::try_from(seconds).ok()
}

fn is_problem(headers: &HeaderMap) -> bool {
    headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind == MEDIA_TYPE)
}

/// The answer itself, or the problem that it means: what stands before the API says no in words of its own.
pub async fn instead_of(response: Response) -> Response {
    let status = response.status();
    if !(status.is_client_error() || status.is_server_error()) || is_problem(response.headers()) {
        return response;
    }
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, LARGEST_REFUSAL).await.unwrap_or_default();
    match serde_json::from_slice::<UseCaseError>(&body) {
        Ok(refusal) => Problem::from(&refusal),
        Err(_) => Problem::of_status(parts.status),
    }
    .into_response()
}
