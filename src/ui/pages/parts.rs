//! What several pages show: the chip of a status, the sentences of a history, the way from one person's name to his card.
//! No page of its own, and no reading of data.

mod history;

pub use history::{history_entries, person_name};

use crate::domain::listing::When;
use crate::domain::user::Status;
use crate::ui::components::{Chip, Tone};
use crate::ui::session::words;
use leptos::prelude::*;

/// The tone and the icon of a status; the word is the catalogue's.
fn look(status: Status) -> (Tone, &'static str) {
    match status {
        Status::Active => (Tone::Ok, "check"),
        Status::Invited => (Tone::Info, "mail"),
        Status::Waiting => (Tone::Info, "clock"),
        Status::Failed => (Tone::Error, "x"),
        Status::Expired => (Tone::Warn, "clock"),
        Status::Withdrawn => (Tone::Neutral, "undo"),
        Status::NotInvited => (Tone::Neutral, "dot"),
        Status::Blocked => (Tone::Neutral, "ban"),
    }
}

/// Where somebody stands: an icon and a word, and below it until when, if it ends by itself.
#[component]
pub fn StatusChip(status: Status, until: Option<When>) -> impl IntoView {
    let (tone, icon) = look(status);
    let words = words();
    view! {
        <Chip tone=tone icon=icon>{words.status(status)}</Chip>
        {until.map(|until| view! { <small title=until.exact>{words.until(&until.short)}</small> })}
    }
}
