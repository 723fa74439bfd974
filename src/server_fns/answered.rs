//! What a page knows from its document, and what it asks for: both are read by one and the same code. The readers of all pages are a
//! good part of what the browser loads, and with the usual encoding of a resource each of them would be there twice.

use leptos::prelude::Resource;
use leptos::server::codee::{Decoder, Encoder};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::future::Future;

/// JSON, read from bytes as [`server_fn::codec::JsonEncoding`] reads it.
pub struct AsSent;

impl<T: Serialize> Encoder<T> for AsSent {
    type Error = serde_json::Error;
    type Encoded = String;

    fn encode(answer: &T) -> Result<String, serde_json::Error> {
        serde_json::to_string(answer)
    }
}

impl<T: DeserializeOwned> Decoder<T> for AsSent {
    type Error = serde_json::Error;
    type Encoded = str;

    fn decode(text: &str) -> Result<T, serde_json::Error> {
        serde_json::from_slice(text.as_bytes())
    }
}

/// Asks a read function, and again whenever `source` changes.
pub fn answered<T, S, Asked>(
    source: impl Fn() -> S + Send + Sync + 'static,
    ask: impl Fn(S) -> Asked + Send + Sync + 'static,
) -> Resource<T, AsSent>
where
    T: Serialize + DeserializeOwned + Send + Sync + 'static,
    S: PartialEq + Clone + Send + Sync + 'static,
    Asked: Future<Output = T> + Send + 'static,
{
    Resource::new_with_options(source, ask, false)
}
