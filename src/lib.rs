//! Usher: an organisation invites its people, sees who has come in, and decides what each may do.
//!
//! The map. Data flows from the doors inwards; what stands further in never knows what stands further out.
//!
//! | part | what it is | what it must never do |
//! |--|--|--|
//! | [`domain`] | the rules, each once, pure; the server and the browser ask the same functions | I/O, async, clocks, chance |
//! | [`view_models`] | what pages show, as it travels to the browser, times already in words | decide anything |
//! | [`words`] | every sentence, English and Russian | decide anything |
//! | [`ui`] | pages and their parts, rendered on the server, alive in the browser | know the server |
//! | [`server_fns`] | what the browser may ask of the server: three to five lines each | hold a rule |
//! | `server::use_cases` | one function per action: begin, load, ask the policy, change, record, commit | know HTTP, SQL or SMTP |
//! | `server::storage` | the tables, one SQL text for SQLite and Postgres | decide |
//! | `server::delivery` | the outbox's worker, mails and the relay | decide who gets what |
//! | `server::passwords` | hashes and the strength of passwords, in a bounded pool | know who somebody is |
//! | `server::spreadsheets` | the rows of files as other programs write them | know what a row means |
//! | `server::security_reports` | what a security report says, from the history | decide who may read it |
//! | `server::demonstration` | an installation with invented people and a clock that can be moved | touch one with real people |
//! | `server::config` | what the operator sets in the environment | hold a setting of the organisation |
//! | `server::upkeep` | what a large change left to do, what ran out, what is forgotten | send, or be needed by a rule |
//! | `server::jobs` | what goes on when its request is answered | know what a job is about |
//! | `server::http` | routes, sessions, headers, limits | know a table |
//! | `server::cli` | the operator's door | hold a rule |

#![doc = include_str!("architecture.md")]

pub mod domain;
#[cfg(feature = "ssr")]
pub mod server;
pub mod server_fns;
pub mod ui;
pub mod view_models;
pub mod words;

/// Brings the pages that the server rendered to life.
#[cfg(all(feature = "hydrate", not(feature = "registration")))]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    leptos::mount::hydrate_lazy(ui::app::App);
}

/// The same for the pages before sign-in, which have a build of their own.
#[cfg(feature = "registration")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    use leptos::prelude::*;
    use ui::public::{NewPassword, PLACE, RegistrationPage, known_page};
    use view_models::KnownPage;
    use wasm_bindgen::JsCast;
    match (known_page(), document().body(), document().get_element_by_id(PLACE)) {
        (Some(KnownPage::Registration(page)), Some(body), _) => {
            leptos::mount::hydrate_from(body, move || view! { <RegistrationPage view=*page /> }).forget();
        }
        (Some(KnownPage::NewPassword(page)), _, Some(place)) => {
            leptos::mount::hydrate_from(place.unchecked_into(), move || view! { <NewPassword view=page /> }).forget();
        }
        _ => {}
    }
}
