//! What people see. Pages are rendered on the server, rows and all, and come alive in the browser; every form works before
//! that and without it. The pages before sign-in are rendered once and carry no WebAssembly.

pub mod app;
pub mod components;
pub mod forms;
pub mod pages;
pub mod public;
pub mod session;
