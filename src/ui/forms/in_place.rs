//! A plain form that is sent without leaving its page: to the same path, with the same fields as without script.

use crate::domain::error::UseCaseError;
use crate::domain::listing::escape;
use crate::server_fns::users::Block;
use leptos::ev::SubmitEvent;
use leptos::form::form_data_from_event;
use leptos::server_fn::ServerFn;
use leptos::server_fn::client::Client;
use leptos::server_fn::codec::JsonEncoding;
use leptos::server_fn::error::FromServerFnError;
use leptos::server_fn::request::ClientReq;
use leptos::server_fn::response::ClientRes;
use leptos::server_fn::{Bytes, Decodes};
use leptos::web_sys::UrlSearchParams;

/// What a server function answered; nothing has been read of it yet.
pub struct FormAnswer(Bytes);

impl FormAnswer {
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
    UrlSearchParams::new_with_str_sequence_sequence(&fields).ok()?.to_string().as_string()
}

/// The same of names and values.
pub fn encoded(fields: &[(String, String)]) -> String {
    let pair = |(name, value): &(String, String)| format!("{}={}", escape(name), escape(value));
    fields.iter().map(pair).collect::<Vec<_>>().join("&")
}

/// Sends fields to the server function at `path`.
///
/// # Errors
/// What the server function refused; `Offline` where it was not reached.
pub async fn send(path: &str, fields: String) -> Result<FormAnswer, UseCaseError> {
    // All server functions go by the same client and fail alike: which one names its types does not matter.
    type Browser = <Block as ServerFn>::Client;
    type Request = <Browser as Client<UseCaseError>>::Request;
    let form = "application/x-www-form-urlencoded";
    let request: Result<Request, UseCaseError> = Request::try_new_post(path, form, "application/json", fields);
    let answer = <Browser as Client<UseCaseError>>::send(request?).await?;
    let is_refused = !(200..300).contains(&ClientRes::<UseCaseError>::status(&answer));
    let body = ClientRes::<UseCaseError>::try_into_bytes(answer).await?;
    if is_refused { Err(UseCaseError::de(body)) } else { Ok(FormAnswer(body)) }
}
