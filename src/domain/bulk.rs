//! One action for many people: which actions there are, whom each passes over and why, when the number of people is typed before
//! it is done, and what became of each. Where a selection is kept, and who does the work, is not known here.

use super::agreement;
use super::coded::coded;
use super::endings::Endings;
use super::error::{Conflict, UseCaseError};
use super::id::{BulkId, InvitationId, RoleId, UnitId, UserId};
use super::listing::{HeldRole, InvitationQuery, UserQuery};
use super::membership::Standing;
use super::message::Rest;
use super::permission::Permissions;
use super::policy::{Authority, Denied, Place, Request, decide, needed_for};
use super::role::Role;
use super::timestamp::Timestamp;
use super::user::{Status, UserAction};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What can be done to many at once.
pub const BULK_ACTIONS: [UserAction; 10] = [
    UserAction::Resend,
    UserAction::Remind,
    UserAction::Withdraw,
    UserAction::ChangeRole,
    UserAction::AddPlace,
    UserAction::Block,
    UserAction::Unblock,
    UserAction::Archive,
    UserAction::BringBack,
    UserAction::Delete,
];

/// The most people that are selected at once.
pub const MOST_SELECTED: usize = 100_000;

/// The most people whom a form names one by one.
pub const MOST_NAMED: usize = 1_000;

/// So many people, or fewer, are dealt with before the form is answered.
pub const SOON: i64 = 50;

/// From so many people on, such an action asks for their number.
const NUMBER_FROM: i64 = 10;

/// Among whom a round of invitations goes, each switched on by itself, and whether it is from the start (rule 27): those not invited
/// yet, those who have not come in, those whom the last message missed; and whose message is on its way, or was withdrawn.
pub const ROUND_GROUPS: [(&[Status], bool); 5] = [
    (&[Status::NotInvited], true),
    (&[Status::Invited, Status::Expired], true),
    (&[Status::Failed], true),
    (&[Status::Waiting], false),
    (&[Status::Withdrawn], false),
];

/// The ids of the rows that a form names: a dot before each keeps it from being read as a number.
pub fn ticked_rows(fields: impl IntoIterator<Item = String>) -> Vec<String> {
    fields.into_iter().map(|field| field.strip_prefix('.').map(String::from).unwrap_or(field)).collect()
}

/// The people whom a form names by their rows.
pub fn ticked_people<C: FromIterator<UserId>>(fields: BTreeMap<String, String>) -> C {
    ticked_rows(fields.into_keys()).into_iter().map(UserId::new).collect()
}

/// An action for many by its code.
pub fn bulk_action(code: &str) -> Option<UserAction> {
    UserAction::from_code(code).filter(|action| BULK_ACTIONS.contains(action))
}

/// The page of a run, with the list from which its people were selected: the way back leads there.
pub fn run_address(id: &BulkId, list: &str) -> String {
    let (list, which) = match InvitationQuery::of_address(list) {
        Some(query) => (query.address(), "from=invitations"),
        None => (UserQuery::of_address(list).address(), ""),
    };
    let query = list.split_once('?').map_or("", |(_, query)| query);
    match [which, query].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("&") {
        none if none.is_empty() => format!("/users/many/{id}"),
        query => format!("/users/many/{id}?{query}"),
    }
}

/// The list from which the people of a run were selected, by the parameters of its page.
pub fn list_of_run(get: impl Fn(&str) -> Option<String>) -> String {
    match get("from").as_deref() {
        Some("invitations") => InvitationQuery::read(get).address(),
        _ => UserQuery::read(get).address(),
    }
}

/// What is done to somebody of this status in a round: whose link has ended, or who never got it, is not reminded of it but gets a new
/// one.
pub fn in_round(action: UserAction, status: Status) -> UserAction {
    match (action, status) {
        (UserAction::Remind, Status::Expired | Status::Failed) => UserAction::Resend,
        (action, _) => action,
    }
}

/// By which action one that was done to many is taken back, where something does: by another one, or, where no action does, by itself
/// with what was kept of each ([`BulkBefore`]).
pub fn taken_back_by(endings: Endings, action: UserAction) -> Option<UserAction> {
    if is_kept_of_each(action) { Some(action) } else { endings.taken_back_by(action) }
}

/// Whether it is written down of each what they had before.
pub fn is_kept_of_each(action: UserAction) -> bool {
    matches!(action, UserAction::ChangeRole | UserAction::AddPlace | UserAction::Withdraw)
}

/// What is asked of the policy for an action, or for taking it back by what was kept of each: whoever was brought in goes out of the
/// unit, what was withdrawn is offered again.
pub fn asked_for(action: UserAction, takes_back: bool) -> UserAction {
    match action {
        UserAction::AddPlace if takes_back => UserAction::RemovePlace,
        UserAction::Withdraw if takes_back => UserAction::Resend,
        other => other,
    }
}

/// What somebody had before something was done to them among many, as far as it takes that to give it back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum BulkBefore {
    Role {
        unit: UnitId,
        role: RoleId,
        extra: Permissions,
    },
    /// They were not in this unit; of the one that they left, everything.
    Place {
        added: UnitId,
        left: Option<LeftPlace>,
    },
    /// These invitations ended at that moment; `agreed`: a second administrator had agreed to one of them, whose word ended with it.
    Invitations {
        ids: Vec<InvitationId>,
        ended_at: Timestamp,
        agreed: bool,
    },
}

/// A place that somebody left.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftPlace {
    pub unit: UnitId,
    pub role: RoleId,
    pub extra: Permissions,
    pub record: Option<String>,
    pub created_at: Timestamp,
    pub active_at: Option<Timestamp>,
}

/// Whether the number of people is typed before this is done to so many: where it shuts people out, or is not undone by one button.
/// What cannot be undone at all always asks; what gives back what people had does not.
pub fn asks_for_number(action: UserAction, takes_back: bool, people: i64) -> bool {
    match action {
        _ if takes_back => false,
        UserAction::Delete => true,
        UserAction::Block | UserAction::Archive | UserAction::ChangeRole | UserAction::AddPlace => {
            people >= NUMBER_FROM
        }
        _ => false,
    }
}

/// A number as somebody types it, with or without its thousands apart.
pub fn read_number(typed: &str) -> Option<i64> {
    let digits: String = typed.chars().filter(|c| !c.is_whitespace() && !matches!(c, ',' | '.' | '\'' | '’')).collect();
    Some(digits).filter(|digits| digits.chars().all(|c| c.is_ascii_digit())).and_then(|digits| digits.parse().ok())
}

/// Somebody as a list shows them, as far as it decides what can be done to them.
#[derive(Clone, Copy, Debug)]
pub struct ListedPerson<'a> {
    pub id: &'a UserId,
    /// What they hold or are offered within the reach of whoever acts.
    pub held: &'a [HeldRole],
    /// They stand somewhere else, too.
    pub elsewhere: bool,
    pub status: Status,
    /// There is an address or a number to write to.
    pub can_be_written_to: bool,
    /// The same by the ways by which people are invited.
    pub can_be_invited: bool,
}

/// Why somebody cannot do this to this person as things stand: what the server would say. `roles` are all that a place may name.
pub fn why_not(
    action: UserAction,
    authority: &Authority,
    roles: &[Role],
    person: &ListedPerson<'_>,
) -> Option<UseCaseError> {
    let refusal =
        |places: &[Place]| UseCaseError::of(decide(authority, Request::Do { action, user_id: person.id, places }));
    let all: Vec<Place> = person.held.iter().map(|held| held.place.clone()).collect();
    let offered = |held: &&HeldRole| held.standing == Standing::Offered;
    let places: Vec<Place> = match action {
        // About one place; one that can be changed is enough to ask which.
        UserAction::ChangeRole => {
            let mut refused = None;
            for place in all {
                match refusal(&[place]) {
                    None => return action.suits(person.status).err().map(UseCaseError::Conflict),
                    no => refused = no,
                }
            }
            return refused.or(Some(UseCaseError::NotFound));
        }
        action if action.is_about_an_invitation() => {
            person.held.iter().filter(offered).map(|held| held.place.clone()).collect()
        }
        _ => all.clone(),
    };
    if let Some(no) = refusal(if places.is_empty() { &all } else { &places }) {
        return Some(no);
    }
    if action.is_about_everything() && !action.is_about_an_invitation() && person.elsewhere {
        return Some(UseCaseError::Denied(Denied::NotAbove));
    }
    let is_reached = |held: &&HeldRole| authority.reaches(needed_for(action), &held.place.unit);
    let of_role = |held: &HeldRole| Some((held.standing, roles.iter().find(|role| role.id == held.place.role)?));
    if let Some(conflict) = agreement::stands_against(action, person.held.iter().filter(is_reached).filter_map(of_role))
    {
        return Some(UseCaseError::Conflict(conflict));
    }
    if action.is_about_access() {
        // What is archived with its unit comes back with it.
        let can_change = |held: &&HeldRole| is_reached(held) && (action != UserAction::BringBack || !held.is_closed);
        let standings = person.held.iter().filter(can_change).map(|held| held.standing);
        return action.suits_some(person.status, standings).err().map(UseCaseError::Conflict);
    }
    let conflict = match action {
        UserAction::ResetPassword if !person.can_be_written_to => Some(Conflict::NoEmail),
        UserAction::Resend | UserAction::Remind if !person.can_be_invited => Some(Conflict::NoEmail),
        _ => None,
    };
    action.suits(person.status).err().or(conflict).map(UseCaseError::Conflict)
}

/// The same of one among many, to whom it is done, or of whom it is taken back: nobody is asked which place of theirs is meant.
pub fn why_not_in_bulk(
    (action, takes_back): (UserAction, bool),
    authority: &Authority,
    roles: &[Role],
    person: &ListedPerson<'_>,
) -> Option<UseCaseError> {
    if takes_back {
        // Which place it is, was kept.
        return why_not(asked_for(action, true), authority, roles, person);
    }
    let is_one = person.held.iter().filter(|held| held.standing != Standing::Archived).count() == 1;
    let action = in_round(action, person.status);
    why_not(action, authority, roles, person).or_else(|| {
        (matches!(action, UserAction::ChangeRole | UserAction::AddPlace) && !is_one)
            .then_some(UseCaseError::Conflict(Conflict::SeveralPlaces))
    })
}

coded! {
    /// What became of somebody who was selected.
    /// Its code is what the table keeps.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
    pub enum BulkOutcome {
        /// It was to be done and was not.
        Failed = "failed",
        /// It is to be done.
        Ready = "ready",
        /// It waits for a second administrator (rule 53).
        Proposed = "proposed",
        Done = "done",
        /// It made no sense, or was not allowed, when it was asked for.
        PassedOver = "passed_over",
    }
}

coded! {
    /// How far it is.
    /// Its code is what the table keeps.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
    pub enum BulkState {
        /// Not all who were selected have been written down yet.
        Collecting = "collecting",
        /// It is asked whether it is meant.
        Asked = "asked",
        /// A job is at it, or will be.
        UnderWay = "under_way",
        Over = "over",
        /// Somebody stopped it, or whoever asked for it may not do it any more: the rest was not done.
        Stopped = "stopped",
    }
}

/// A refusal as it is kept beside somebody's row: the same for all of whom the same holds, and with nobody's name in it.
pub fn kept_refusal(refusal: UseCaseError) -> UseCaseError {
    const HOUR: i64 = 3_600;
    let in_hours = |seconds: i64| (seconds.max(1) + HOUR - 1) / HOUR * HOUR;
    match refusal {
        UseCaseError::PersonGone { .. } => UseCaseError::NotFound,
        UseCaseError::TooMany { seconds } => UseCaseError::TooMany { seconds: in_hours(seconds) },
        UseCaseError::Rests(Rest::Address { seconds }) => {
            UseCaseError::Rests(Rest::Address { seconds: in_hours(seconds) })
        }
        UseCaseError::Rests(Rest::Inviter { seconds }) => {
            UseCaseError::Rests(Rest::Inviter { seconds: in_hours(seconds) })
        }
        other => other,
    }
}

/// Whether a refusal is about one person: then the others go on.
pub fn is_about_one(refusal: &UseCaseError) -> bool {
    !matches!(
        refusal,
        UseCaseError::SignInFirst
            | UseCaseError::Busy
            | UseCaseError::DatabaseAway
            | UseCaseError::NoRoom
            | UseCaseError::StorageFails
            | UseCaseError::Unsure
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_read_however_its_thousands_stand_apart() {
        for typed in ["1234", " 1 234 ", "1,234", "1.234", "1\u{a0}234", "1\u{202f}234", "1'234"] {
            assert_eq!(read_number(typed), Some(1_234), "{typed}");
        }
        for typed in ["", " ", "twelve", "-5", "1e3", "12 people", "99999999999999999999"] {
            assert_eq!(read_number(typed), None, "{typed}");
        }
    }

    #[test]
    fn what_shuts_ten_people_out_asks_for_their_number_and_a_deletion_always_does() {
        for action in BULK_ACTIONS {
            let asks = [1, 9, 10, 500].map(|people| asks_for_number(action, false, people));
            let expected = match action {
                UserAction::Delete => [true; 4],
                UserAction::Block | UserAction::Archive | UserAction::ChangeRole | UserAction::AddPlace => {
                    [false, false, true, true]
                }
                _ => [false; 4],
            };
            assert_eq!(asks, expected, "{action:?}");
            assert!(!asks_for_number(action, true, 500), "{action:?}");
        }
    }

    #[test]
    fn whatever_is_done_to_many_can_be_taken_back_but_for_what_left_and_what_is_erased() {
        for (archives, has_bin) in [(true, true), (true, false), (false, true), (false, false)] {
            let endings = Endings { archives, has_bin };
            for action in BULK_ACTIONS {
                let is_final = match action {
                    UserAction::Resend | UserAction::Remind => true,
                    UserAction::Delete => !has_bin,
                    UserAction::BringBack => !archives,
                    _ => false,
                };
                assert_eq!(taken_back_by(endings, action).is_none(), is_final, "{action:?} {endings:?}");
            }
        }
    }

    #[test]
    fn codes_are_read_as_they_are_written() {
        for outcome in BulkOutcome::ALL {
            assert_eq!(BulkOutcome::from_code(outcome.code()), Some(outcome));
        }
        for state in BulkState::ALL {
            assert_eq!(BulkState::from_code(state.code()), Some(state));
        }
        for action in BULK_ACTIONS {
            assert_eq!(bulk_action(action.code()), Some(action));
        }
        assert_eq!(bulk_action(UserAction::ResetPassword.code()), None);
    }

    #[test]
    fn the_way_back_from_a_run_leads_to_the_list_from_which_it_came() {
        let id = BulkId::new("r");
        for list in ["/users", "/users?q=anna&sort=-name", "/invitations", "/invitations?status=expired&older=7"] {
            let address = run_address(&id, list);
            let query = address.split_once('?').map_or("", |(_, query)| query);
            assert_eq!(list_of_run(|name| crate::domain::listing::query_value(query, name)), list, "{address}");
        }
        assert_eq!(run_address(&id, "https://elsewhere.example/invitations?older=7"), "/users/many/r");
    }

    #[test]
    fn what_is_kept_of_a_refusal_is_the_same_for_all() {
        for seconds in [1, 59, 3_599, 3_600] {
            assert_eq!(kept_refusal(UseCaseError::TooMany { seconds }), UseCaseError::TooMany { seconds: 3_600 });
        }
        let gone = UseCaseError::PersonGone { when: "today".into(), by: Some("Anna".into()) };
        assert_eq!(kept_refusal(gone), UseCaseError::NotFound);
    }
}
