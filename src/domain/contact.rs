//! The ways to reach and to name a person, each a type that can only hold a valid value (rules 7–10, 31, 39).
//! It must not look anything up, send anything, or hold sentences for people: every problem is an enum.

mod address;
mod email;
mod letters;
mod mailbox;
mod names;
mod phone;
mod search;

pub use address::{Address, Channel};
pub use email::{Email, EmailProblem, in_letters};
pub use letters::{appearance, is_bidi_control, is_cyrillic, is_unseen, latin_twin};
pub use mailbox::mailbox;
pub use names::{Login, LoginProblem, PersonName, PersonNameProblem};
pub use phone::{CallingCode, DoubtKind, Phone, PhoneDoubt, PhoneProblem};
pub use search::{search_key, search_patterns, search_words};
