//! The pages before sign-in: plain documents, rendered once, without WebAssembly.
