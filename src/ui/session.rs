//! Who is signed in, in which language the page speaks, and what the policy lets this person do: the same function that the
//! server asks decides what is shown.

use crate::domain::endings::Endings;
use crate::domain::error::UseCaseError;
use crate::domain::listing::HeldRole;
use crate::domain::membership::Standing;
use crate::domain::permission::Permission;
use crate::domain::policy::{Request, decide};
use crate::domain::role::Role;
use crate::domain::user::Status;
use crate::domain::vocabulary::Vocabulary;
use crate::server_fns::answered::AsSent;
use crate::view_models::Flash;
use crate::view_models::{UserSummary, Viewer};
use crate::words::Language;
use leptos::prelude::*;
use leptos::server::SharedValue;
use serde::{Deserialize, Serialize};

/// What the server knew when it rendered the page; the browser reads it from there.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PageContext {
    pub viewer: Viewer,
    /// By what the browser says what it knows of the viewer.
    pub mark: String,
    pub flash: Option<Flash>,
    /// Why the page of the address is not shown at all, where that was known before it was rendered.
    pub refused: Option<UseCaseError>,
    /// How long the session goes on if nothing else is asked through it.
    pub seconds_left: i64,
}

/// Why the page that is rendered first is not shown.
#[derive(Clone, Debug)]
struct RefusedAtFirst(Option<UseCaseError>);

/// Takes the page's context from the server, or from what the server wrote into the page.
pub fn provide_session() {
    let context = SharedValue::<_, AsSent>::new_with_encoding(use_context::<PageContext>).into_inner();
    if let Some(context) = context {
        provide_context(StoredValue::new(context.viewer));
        provide_context(ViewerMark(RwSignal::new(context.mark)));
        provide_context(StoredValue::new(context.flash));
        provide_context(StoredValue::new(RefusedAtFirst(context.refused)));
        provide_context(SecondsLeft(context.seconds_left));
    }
}

/// What the document knew of the end of the session.
#[derive(Clone, Copy, Debug)]
struct SecondsLeft(i64);

/// How long the session goes on, as far as the document knew.
pub fn seconds_left() -> i64 {
    use_context::<SecondsLeft>().map_or(0, |left| left.0)
}

/// Whoever is signed in. Every page of the app is rendered for somebody.
pub fn viewer() -> StoredValue<Viewer> {
    expect_context::<StoredValue<Viewer>>()
}

/// By what the browser says what it knows of the viewer; changes when something about them does.
#[derive(Clone, Copy, Debug)]
struct ViewerMark(RwSignal<String>);

/// The mark of what is known of the viewer.
pub fn viewer_mark() -> String {
    use_context::<ViewerMark>().map(|mark| mark.0.get_untracked()).unwrap_or_default()
}

/// Runs what is shown of the viewer again when something about them changes.
pub fn track_viewer() {
    if let Some(mark) = use_context::<ViewerMark>() {
        mark.0.track();
    }
}

/// From now on the viewer reads another language; `mark` is that of what is known of them then.
pub fn speak(language: Language, mark: String) {
    viewer().update_value(|viewer| viewer.language = language);
    if let Some(known) = use_context::<ViewerMark>() {
        known.0.set(mark);
    }
}

/// Takes in what came with a page's data: whoever looks, where that is news, and what a form left for the page.
pub fn page_came(news: Option<(Box<Viewer>, String)>, flash: Option<Flash>) {
    if let (Some((viewer, mark)), Some(known)) = (news, use_context::<ViewerMark>()) {
        self::viewer().set_value(*viewer);
        known.0.set(mark);
    }
    if let (Some(flash), Some(left)) = (flash, use_context::<StoredValue<Option<Flash>>>()) {
        left.set_value(Some(flash));
    }
}

/// Why the page that is rendered first is not shown; asked once, by that page, as the next one is another.
pub fn refused_at_first() -> Option<UseCaseError> {
    let refused = use_context::<StoredValue<RefusedAtFirst>>()?;
    refused.try_update_value(|refused| refused.0.take()).flatten()
}

/// The words of the page's language: `words().sign_in()`.
pub fn words() -> Language {
    use_context::<StoredValue<Viewer>>().map(|viewer| viewer.with_value(|viewer| viewer.language)).unwrap_or_default()
}

/// The word of where somebody stands, as this organisation says it.
pub fn status_word(status: Status) -> &'static str {
    words().status(vocabulary(), status)
}

/// In whose words this organisation speaks.
pub fn vocabulary() -> Vocabulary {
    let viewer = use_context::<StoredValue<Viewer>>();
    viewer.map(|viewer| viewer.with_value(|viewer| Vocabulary::of_preset(&viewer.preset))).unwrap_or_default()
}

/// Whether this organisation's pages speak of a permission: not of one about a section that is switched off.
pub fn speaks_of(permission: &Permission) -> bool {
    viewer().with_value(|viewer| viewer.plans_shifts) || permission.section() != Permission::SeeShifts
}

/// How people leave this organisation.
pub fn endings() -> Endings {
    viewer().with_value(Viewer::endings)
}

/// Whether the person may see a section or use a function.
pub fn may_use(permission: Permission) -> bool {
    viewer().with_value(|viewer| decide(&viewer.authority, Request::Use(permission)).is_allowed())
}

/// The roles that the person may give somewhere, highest first.
pub fn assignable_roles() -> Vec<Role> {
    viewer().with_value(|viewer| {
        viewer.roles.iter().filter(|role| viewer.authority.may_give_somewhere(&role.id)).cloned().collect()
    })
}

/// The name of the role that a person shows in a list: the highest one that counts.
pub fn role_name_of(user: &UserSummary) -> String {
    viewer().with_value(|viewer| {
        let ended = |held: &&HeldRole| held.standing == Standing::Archived;
        let rank = |held: &&HeldRole| viewer.role(&held.place.role).map_or(0, |role| role.rank);
        let highest = user.held.iter().max_by_key(|held| (!ended(held), rank(held)));
        let role = highest.and_then(|held| viewer.role(&held.place.role));
        role.map(|role| viewer.language.role_name(role)).unwrap_or_default()
    })
}

/// What is said once an invitation was sent again: the settings say what became of its link.
pub fn now_resent() -> &'static str {
    match viewer().with_value(|viewer| viewer.extends_links) {
        true => words().now_resent_same(),
        false => words().now_resent(),
    }
}
