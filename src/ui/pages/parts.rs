//! What several pages show: the chip of a status, the sentences of a history, what can be done to a person.
//! No page of its own, and no reading of data.

mod actions;
mod fix_address;
mod handing;
mod history;
mod link_length;
mod method;
mod own_settings;
pub mod places;
mod proposal;
mod second;

pub use actions::{
    OfferedAction, action_label, actions_for, actions_menu, menu_items, offers_any, why_not, why_not_at, why_not_with,
};
pub use fix_address::{FIX_ADDRESS, fix_address, fix_address_form, may_fix_address};
pub use handing::{LETTERS, ask_hand, hand_buttons, hand_items, handed};
pub use history::{history_entries, people_names, person_name};
pub use link_length::{link_length, validity_choices};
pub use method::method_choice;
pub use own_settings::{own_choice, own_settings};
pub use proposal::{ProposalRow, move_reach};
pub use second::given_by_two;

use crate::domain::permission::Permission;
use crate::domain::user::Status;
use crate::ui::components::{Chip, Tone};
use crate::ui::session::{may_use, status_word, viewer, words};
use crate::view_models::Flash;
use crate::view_models::{FormattedTime, Person};
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
        Status::AwaitingApproval => (Tone::Warn, "lock"),
        Status::Archived => (Tone::Neutral, "archive"),
    }
}

/// Where somebody stands: an icon and a word, and below it until when, if it ends by itself.
#[component]
pub fn StatusChip(status: Status, until: Option<FormattedTime>) -> impl IntoView {
    let words = words();
    view! {
        <StatusMark status=status />
        {until.map(|until| view! { <small title=until.exact>{words.until(&until.short)}</small> })}
    }
}

/// The same in one word.
#[component]
pub fn StatusMark(status: Status) -> impl IntoView {
    let (tone, icon) = look(status);
    view! { <Chip tone=tone icon=icon>{status_word(status)}</Chip> }
}

/// Who proposed what waits, and that it takes another one; nothing where nothing waits.
pub fn waits_for_second(proposed_by: &[Person]) -> Option<impl IntoView + use<>> {
    let text = (!proposed_by.is_empty()).then(|| words().waits_for_second(&people_names(proposed_by)));
    text.map(|text| view! { <p>{text}</p> })
}

/// Whether the viewer looks at people and changes nobody.
pub fn only_looks() -> bool {
    use Permission::{ArchiveUsers, BlockUsers, ChangeRoles, DeleteUsers, EditUsers, Invite, ResetPasswords};
    ![Invite, EditUsers, ChangeRoles, BlockUsers, ArchiveUsers, DeleteUsers, ResetPasswords].into_iter().any(may_use)
}

/// That the viewer only looks, and who makes changes; nothing for everybody else.
#[component]
pub fn ViewOnly() -> impl IntoView {
    only_looks().then(|| {
        let words = words();
        let names = viewer().with_value(|viewer| viewer.administrators.join(", "));
        let text = if names.is_empty() { words.view_only().into() } else { words.view_only_ask(&names) };
        view! { <Chip tone=Tone::Neutral icon="eye">{text}</Chip> }
    })
}

/// What the last plain form left for this page, if it was one of these (paths of server functions). Asked once, by the page
/// itself: whoever leaves the page and comes back finds nothing stale.
pub fn left_by(forms: &[&str]) -> Option<Flash> {
    let note = use_context::<StoredValue<Option<Flash>>>()?;
    let found = note.get_value();
    let seen = found.clone();
    on_cleanup(move || {
        // What was left in the meantime is for the page that comes.
        note.try_update_value(|note| {
            if *note == seen {
                *note = None;
            }
        });
    });
    found.filter(|note| forms.contains(&note.form.as_str()))
}
