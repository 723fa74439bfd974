//! What can be done to a person, as links: every action that needs a word of confirmation asks for it on the person's card,
//! at an address of its own.

use crate::domain::bulk::{self, ListedPerson};
use crate::domain::error::{Conflict, UseCaseError};
use crate::domain::id::UserId;
use crate::domain::listing::HeldRole;
use crate::domain::membership::Standing;
use crate::domain::policy::{Denied, Place, Request, decide};
use crate::domain::user::{Status, UserAction};
use crate::ui::components::{Menu, MenuDivider, MenuLink};
use crate::ui::session::{endings, viewer, vocabulary, words};
use crate::view_models::{OpenOffer, UserSummary};
use leptos::prelude::*;

/// Each action with its way from the card's address and its icon, in groups: the person, the invitation, access, the end.
const DEEDS: [(UserAction, &str, &str, u8); 15] = [
    (UserAction::Edit, "/edit", "pencil", 0),
    (UserAction::ChangeRole, "?do=role", "shield", 0),
    (UserAction::AddPlace, "?do=place", "building", 0),
    (UserAction::Approve, "?do=approve", "check", 1),
    (UserAction::Resend, "?do=resend", "send", 1),
    (UserAction::Remind, "?do=remind", "clock", 1),
    (UserAction::CopyLink, "?do=copy", "link", 1),
    (UserAction::Withdraw, "?do=withdraw", "undo", 1),
    (UserAction::ResetPassword, "?do=reset", "key", 2),
    (UserAction::Report, "?do=report", "shield", 2),
    (UserAction::Block, "?do=block", "ban", 3),
    (UserAction::Unblock, "?do=unblock", "check", 3),
    (UserAction::Archive, "?do=archive", "archive", 3),
    (UserAction::BringBack, "?do=back", "undo", 3),
    (UserAction::Delete, "?do=delete", "trash", 3),
];

/// An action that the viewer may do to somebody: its question's address, and how a menu shows it.
pub struct OfferedAction {
    pub action: UserAction,
    pub href: String,
    pub icon: &'static str,
    /// Those of one group stand together.
    pub group: u8,
    pub label: &'static str,
}

/// What the viewer may do to this person as things stand, of these actions.
pub fn actions_for(user: &UserSummary, wanted: &[UserAction]) -> Vec<OfferedAction> {
    DEEDS
        .into_iter()
        .filter(|(action, ..)| wanted.contains(action) && why_not(*action, user).is_none())
        .map(|(action, way, icon, group)| OfferedAction {
            action,
            href: format!("/users/{}{way}", user.id),
            icon,
            group,
            label: action_label(action, user.status),
        })
        .collect()
}

/// What the button or the menu item of an action says: whoever was only added is invited, and not again (rule 20).
pub fn action_label(action: UserAction, status: Status) -> &'static str {
    match (action, status) {
        (UserAction::Resend, Status::NotInvited) => words().do_invite(),
        _ => words().action_in(vocabulary(), action),
    }
}

/// Why the viewer cannot do this to this person as things stand: what the server would say.
pub fn why_not(action: UserAction, user: &UserSummary) -> Option<UseCaseError> {
    if let Some(conflict) = endings().why_not(action) {
        return Some(conflict.into());
    }
    let person = ListedPerson {
        id: &user.id,
        held: &user.held,
        elsewhere: user.elsewhere,
        status: user.status,
        can_be_written_to: user.email.is_some() || user.phone.is_some() || user.login.is_some(),
        // By which ways is the server's to say.
        can_be_invited: true,
    };
    viewer().with_value(|viewer| bulk::why_not(action, &viewer.authority, &viewer.roles, &person))
}

/// The same for one place of the person.
pub fn why_not_at(action: UserAction, user: &UserSummary, held: &HeldRole) -> Option<UseCaseError> {
    if let Some(no) = decision(action, user, std::slice::from_ref(&held.place)) {
        return Some(no);
    }
    if held.standing == Standing::Archived {
        return Some(UseCaseError::Conflict(Conflict::Archived));
    }
    action.suits(user.status).err().map(UseCaseError::Conflict)
}

/// The same for one invitation of the person.
pub fn why_not_with(action: UserAction, offer: &OpenOffer) -> Option<UseCaseError> {
    let (user_id, places) = (&offer.user_id, offer.held.iter().map(|held| held.place.clone()).collect::<Vec<_>>());
    let proposers: Vec<UserId> = offer.proposed_by.iter().map(|person| person.id.clone()).collect();
    let ask = match action {
        UserAction::Approve if !offer.proposed_by.is_empty() => {
            Request::Approve { user_id, proposers: &proposers, places: &places }
        }
        _ => Request::Do { action, user_id, places: &places },
    };
    if let Some(no) = refusal(ask) {
        return Some(no);
    }
    if offer.elsewhere {
        return Some(UseCaseError::Denied(Denied::NotAbove));
    }
    // The link of one that nobody got may have ended, too.
    if action == UserAction::CopyLink && offer.status == Status::Failed && !offer.has_end {
        return Some(Conflict::LinkEnded.into());
    }
    action.suits(offer.status).err().map(UseCaseError::Conflict)
}

fn decision(action: UserAction, user: &UserSummary, places: &[Place]) -> Option<UseCaseError> {
    refusal(Request::Do { action, user_id: &user.id, places })
}

fn refusal(ask: Request<'_>) -> Option<UseCaseError> {
    UseCaseError::of(viewer().with_value(|viewer| decide(&viewer.authority, ask)))
}

/// Whether the viewer may do anything of this to the person.
pub fn offers_any(user: &UserSummary, wanted: &[UserAction]) -> bool {
    wanted.iter().any(|action| why_not(*action, user).is_none())
}

/// The ⋯ menu of a person with these actions; none where nothing may be done.
pub fn actions_menu(user: &UserSummary, wanted: &[UserAction]) -> impl IntoView + use<> {
    let actions = actions_for(user, wanted);
    let (id, label) = (format!("do-{}", user.id), words().more_actions(user.title()));
    (!actions.is_empty()).then(|| view! { <Menu id=id label=label>{menu_items(actions, None)}</Menu> })
}

/// Actions as items of a menu, a line between their groups; `group` is the one of what stands above them.
pub fn menu_items(actions: Vec<OfferedAction>, mut group: Option<u8>) -> impl IntoView + use<> {
    let item = |OfferedAction { action, href, icon, group: of, label }| {
        let is_new = group.replace(of).is_some_and(|before| before != of);
        view! {
            {is_new.then(|| view! { <MenuDivider /> })}
            <MenuLink href=href icon=icon danger={action == UserAction::Delete}>{label}</MenuLink>
        }
    };
    actions.into_iter().map(item).collect_view()
}
