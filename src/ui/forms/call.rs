//! The fields of a form on their way to the server, without leaving the page: to the same path as without script. Which page comes
//! next is not known here.

use crate::domain::error::UseCaseError;
use crate::domain::listing::escape;
use crate::server_fns::users::Block;
use leptos::ev::SubmitEvent;
use leptos::form::form_data_from_event;
use leptos::server_fn::client::Client;
use leptos::server_fn::codec::JsonEncoding;
use leptos::server_fn::error::FromServerFnError;
use leptos::server_fn::request::ClientReq;
use leptos::server_fn::response::ClientRes;
use leptos::server_fn::{Bytes, Decodes, ServerFn};
use leptos::web_sys::UrlSearchParams;

const FORM: &str = "application/x-www-form-urlencoded";

/// What a server function answered; nothing has been read of it yet.
pub struct CallAnswer(Bytes);

impl CallAnswer {
    /// The answer as what it is, or nothing where it is something else.
    pub fn read<T>(self) -> Option<T>
    where
        JsonEncoding: Decodes<T>,
    {
        JsonEncoding::decode(self.0).ok()
    }
}

/// The fields of a form as the browser would send them, with the button that was pressed.
pub fn fields_of(event: &SubmitEvent) -> Option<String> {
    let fields = form_data_from_event(event).ok()?;
    let body = UrlSearchParams::new_with_str_sequence_sequence(&fields).ok()?.to_string().as_string()?;
    // The library names the button even where it has no name.
    Some(body.split('&').filter(|field| *field != "=").collect::<Vec<_>>().join("&"))
}

/// The same of names and values.
pub fn encoded(fields: &[(String, String)]) -> String {
    let pair = |(name, value): &(String, String)| format!("{}={}", escape(name), escape(value));
    fields.iter().map(pair).collect::<Vec<_>>().join("&")
}

// All server functions go by the same client and fail alike: which one names its types does not matter.
type Browser = <Block as ServerFn>::Client;
type BrowserRequest = <Browser as Client<UseCaseError>>::Request;
type BrowserResponse = <Browser as Client<UseCaseError>>::Response;

/// Posts fields to a path of ours.
///
/// # Errors
/// `Offline` where nothing was reached; what was refused is in the answer.
pub async fn post(path: &str, accept: &str, fields: String) -> Result<BrowserResponse, UseCaseError> {
    let request: Result<BrowserRequest, UseCaseError> = BrowserRequest::try_new_post(path, FORM, accept, fields);
    <Browser as Client<UseCaseError>>::send(request?).await
}

/// Sends fields to the server function at `path`.
///
/// # Errors
/// What the server function refused; `Offline` where it was not reached.
pub async fn call(path: &str, fields: String) -> Result<CallAnswer, UseCaseError> {
    let answer = post(path, "application/json", fields).await?;
    let is_refused = !(200..300).contains(&ClientRes::<UseCaseError>::status(&answer));
    let body = ClientRes::<UseCaseError>::try_into_bytes(answer).await?;
    if is_refused { Err(UseCaseError::de(body)) } else { Ok(CallAnswer(body)) }
}
