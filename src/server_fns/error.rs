//! The one typed error on the wire: a [`UseCaseError`]. What the transport itself has to say becomes one too.

use crate::domain::error::UseCaseError;
use server_fn::codec::JsonEncoding;
use server_fn::error::{FromServerFnError, ServerFnErrorErr};

impl FromServerFnError for UseCaseError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Request(_) | ServerFnErrorErr::Response(_) => Self::Offline,
            ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) => Self::Unreadable,
            // The answer of something in between, a proxy before a server that restarts.
            ServerFnErrorErr::Deserialization(_) => Self::Busy,
            _ => Self::Broken { incident: String::new() },
        }
    }
}
