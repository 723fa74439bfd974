//! What a browser, or whoever pretends to be one, can reach: every page and every function for every role, with forged
//! headers, foreign origins, planted markup and planted secrets.

mod addresses;
mod bodies;
mod headers;
mod in_place;
mod kept;
mod markup;
mod names;
mod origins;
mod queries;
mod redirects;
mod secrets;
mod tabs;
mod town;

/// Where an SMS gateway says what became of a message: it sends no forms, and no cookie of a page counts there.
const GATEWAY: &str = "/sms/callback";
