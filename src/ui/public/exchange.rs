//! What the registration page asks of the server without leaving: plain forms, sent by script. On the server nothing is sent.

use leptos::web_sys::HtmlFormElement;
use serde::de::DeserializeOwned;

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoAnswer {
    /// The server was not reached.
    Unreached,
    /// It said something that the script does not understand.
    Unreadable,
}

/// Fields as a form sends them.
pub fn fields(pairs: &[(&str, &str)]) -> String {
    use crate::domain::listing::escape;
    let pairs: Vec<String> = pairs.iter().map(|(name, value)| format!("{name}={}", escape(value))).collect();
    pairs.join("&")
}

/// The fields as the browser would send them.
#[cfg(feature = "hydrate")]
pub fn body_of(form: &HtmlFormElement) -> Option<String> {
    let fields = web_sys::FormData::new_with_form(form).ok()?;
    web_sys::UrlSearchParams::new_with_str_sequence_sequence(&fields).ok()?.to_string().as_string()
}

#[cfg(not(feature = "hydrate"))]
pub fn body_of(_: &HtmlFormElement) -> Option<String> {
    None
}

/// Sends a form and reads the answer.
pub async fn send<T: DeserializeOwned>(path: &str, body: String) -> Result<T, NoAnswer> {
    let text = post(path, body).await?;
    serde_json::from_str(&text).map_err(|_| NoAnswer::Unreadable)
}

#[cfg(feature = "hydrate")]
async fn post(path: &str, body: String) -> Result<String, NoAnswer> {
    use crate::view_models::PUBLIC_ANSWER;
    use wasm_bindgen::{JsCast, JsValue};
    use wasm_bindgen_futures::JsFuture;
    use web_sys::{Headers, RequestInit, Response};
    let unreadable = |_: JsValue| NoAnswer::Unreadable;
    let headers = Headers::new().map_err(unreadable)?;
    headers.set("accept", PUBLIC_ANSWER).map_err(unreadable)?;
    headers.set("content-type", "application/x-www-form-urlencoded").map_err(unreadable)?;
    let request = RequestInit::new();
    request.set_method("POST");
    request.set_headers(&headers);
    request.set_body(&JsValue::from_str(&body));
    let answer = leptos::prelude::window().fetch_with_str_and_init(path, &request);
    let answer = JsFuture::from(answer).await.map_err(|_| NoAnswer::Unreached)?;
    let answer: Response = answer.dyn_into().map_err(unreadable)?;
    let text = answer.text().map_err(unreadable)?;
    JsFuture::from(text).await.map_err(|_| NoAnswer::Unreached)?.as_string().ok_or(NoAnswer::Unreadable)
}

#[cfg(not(feature = "hydrate"))]
async fn post(_: &str, _: String) -> Result<String, NoAnswer> {
    Err(NoAnswer::Unreached)
}
