//! One's own tokens of the API.

use crate::domain::error::UseCaseError;
use crate::domain::id::TokenId;
use leptos::prelude::*;

/// Makes a token and hands its secret over: it is shown once.
#[server(prefix = "/api", endpoint = "make-token")]
pub async fn make_token(name: String, days: String) -> Result<String, UseCaseError> {
    use crate::server::{http::asked, use_cases::tokens};
    let (app, caller) = asked::signed_in()?;
    let made = tokens::make(&app, &caller, &name, &days).await;
    asked::answer(made.map(|made| made.secret))
}

/// Ends one of one's own tokens.
#[server(prefix = "/api", endpoint = "revoke-token")]
pub async fn revoke_token(id: TokenId) -> Result<(), UseCaseError> {
    use crate::server::{http::asked, use_cases::tokens};
    let (app, caller) = asked::signed_in()?;
    asked::answer_and_go(tokens::revoke(&app, &caller, &id).await, "/me")
}
