//! What a browser, or whoever pretends to be one, can reach: every page and every function for every role, with forged
//! headers, foreign origins, planted markup and planted secrets.

mod addresses;
mod bodies;
mod headers;
mod markup;
mod names;
mod origins;
mod redirects;
mod queries;
mod secrets;
mod town;
