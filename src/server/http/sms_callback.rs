//! What the SMS gateway says later about a message that it took. Anybody can send it: it is believed when signature or secret are
//! right, and each wrong one is a wrong try at a door. Without a secret there is no such door.

use super::routes::{Does, Door, Route};
use super::status::status_of;
use crate::domain::error::UseCaseError;
use crate::server::app::App;
use crate::server::use_cases::bounces::{self, GatewayCall};
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};

/// Where the gateway sends it.
const PATH: &str = "/sms/callback";

pub fn routes() -> Vec<Route> {
    vec![Route::at(PATH).post(Does::Door(Door::Gateway), hear)]
}

/// Takes in what became of a message. What is about none of ours, or is known, changes nothing and is fine.
async fn hear(State(app): State<App>, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    // As the gateway was told it: by our own name, whatever the request says.
    let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    let call = GatewayCall {
        address: &app.config.link(&format!("{PATH}{query}")),
        signature: text("x-twilio-signature"),
        authorization: text(header::AUTHORIZATION.as_str()),
        body: &body,
    };
    match bounces::hear_gateway(&app, &call).await {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(refusal) => refused(refusal),
    }
}

/// A program is told by the status alone.
fn refused(refusal: UseCaseError) -> Response {
    let status = match refusal {
        UseCaseError::WrongCredentials => StatusCode::FORBIDDEN,
        _ => status_of(&refusal),
    };
    let mut response = status.into_response();
    response.extensions_mut().insert(refusal);
    response
}
