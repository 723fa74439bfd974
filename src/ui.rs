//! What people see. Pages are rendered on the server, rows and all, and come alive in the browser; every form works before
//! that and without it. The pages before sign-in are rendered once and carry no WebAssembly.

pub mod app;
mod around;
pub mod components;
pub mod forms;
mod help;
mod keys;
pub mod pages;
mod palette;
pub mod public;
pub mod session;
mod sign_in_again;
