//! What people see. Pages are rendered on the server, rows and all, and come alive in the browser; every form works before
//! that and without it. Of the pages before sign-in the registration page is alive, and the field of a new password on two others, by
//! a small build of its own that knows nothing of the app; the rest are rendered once and carry no WebAssembly.

#[cfg(not(feature = "registration"))]
pub mod app;
#[cfg(not(feature = "registration"))]
mod around;
pub mod components;
#[cfg(not(feature = "registration"))]
pub mod forms;
#[cfg(not(feature = "registration"))]
mod help;
#[cfg(not(feature = "registration"))]
mod keys;
pub mod own_consents;
#[cfg(not(feature = "registration"))]
pub mod pages;
#[cfg(not(feature = "registration"))]
mod palette;
pub mod public;
#[cfg(not(feature = "registration"))]
pub mod session;
#[cfg(not(feature = "registration"))]
mod session_ending;
#[cfg(not(feature = "registration"))]
mod sign_in_again;
#[cfg(not(feature = "registration"))]
mod ways;
