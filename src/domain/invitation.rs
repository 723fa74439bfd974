//! An offer of a membership to an address, until a moment. What became of the offer and what became of its message are
//! two histories; the chip of `user::Status` is derived from both.

use super::text::composed;
use super::timestamp::{Duration, Timestamp};
use serde::{Deserialize, Serialize};

/// How soon nobody is reminded again of one invitation.
pub const BETWEEN_REMINDERS: Duration = Duration::days(1);

/// How many times a day one address may be sent its invitation again (IN-15).
pub const RESENDS_PER_HOUR: i64 = 3;

/// The longest personal text, in characters (rule 58).
pub const PERSONAL_TEXT_LIMIT: usize = 500;

/// What became of the newest message of an invitation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Delivery {
    Queued,
    HandedOver,
    Failed,
}

/// What is known of an invitation, as far as it decides a status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvitationFacts {
    /// Missing means ended: fail closed.
    pub expires_at: Option<Timestamp>,
    pub withdrawn_at: Option<Timestamp>,
    /// By whoever was invited.
    pub declined_at: Option<Timestamp>,
    pub accepted_at: Option<Timestamp>,
    /// It offers a role for which a second administrator has not agreed yet (rule 53).
    pub awaits_approval: bool,
    /// The person was added, and nobody has invited them yet (rule 20): there is no message, and no link opens anything.
    pub is_unsent: bool,
    pub delivery: Delivery,
}

impl InvitationFacts {
    /// Decided when the link is used; no cleaner needs to have run (IN-03).
    pub fn has_expired(&self, now: Timestamp) -> bool {
        self.expires_at.is_none_or(|end| now >= end)
    }

    /// Whether it led somebody in, or was taken back.
    pub fn has_ended(&self) -> bool {
        self.accepted_at.is_some() || self.withdrawn_at.is_some()
    }

    /// Whether nobody comes in by it as things stand, and nobody is waited for: it holds nothing in use (H-40). What did not
    /// arrive is over, although its link would open, had somebody copied it; whoever is still to be invited keeps their place.
    pub fn is_over(&self, now: Timestamp) -> bool {
        let is_waited_for = self.awaits_approval || self.is_unsent;
        self.has_ended() || (!is_waited_for && (self.has_expired(now) || self.delivery == Delivery::Failed))
    }
}

/// Why a link does not open its door; each has a next step of its own on the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum DeadLink {
    /// Part of the link is missing, or it was never one of ours.
    Damaged,
    /// A newer message carries a newer link.
    Superseded,
    Used,
    Withdrawn,
    /// Whoever it was sent to said that it is not for them.
    Declined,
    Expired,
    /// The person has been blocked since.
    Blocked,
    /// The person, and with them everything that belonged to the link, was deleted.
    Deleted,
    /// Whoever invited may no longer give this role (IN-04).
    InviterLost,
    /// What is offered was changed, and a second administrator has to agree first.
    AwaitsApproval,
}

/// Why the link of generation `link` is dead, if it is. `is_blocked`: nobody gets in by what it offers, or, once it was used,
/// by what it gave.
pub fn why_dead(
    facts: &InvitationFacts,
    newest: i64,
    link: i64,
    is_blocked: bool,
    inviter_may: bool,
    now: Timestamp,
) -> Option<DeadLink> {
    if facts.accepted_at.is_some() {
        return Some(if is_blocked { DeadLink::Blocked } else { DeadLink::Used });
    }
    if facts.withdrawn_at.is_some() {
        return Some(if facts.declined_at.is_some() { DeadLink::Declined } else { DeadLink::Withdrawn });
    }
    if is_blocked {
        return Some(DeadLink::Blocked);
    }
    match link.cmp(&newest) {
        std::cmp::Ordering::Less => return Some(DeadLink::Superseded),
        std::cmp::Ordering::Greater => return Some(DeadLink::Damaged),
        std::cmp::Ordering::Equal => {}
    }
    if facts.awaits_approval {
        return Some(DeadLink::AwaitsApproval);
    }
    if facts.has_expired(now) {
        return Some(DeadLink::Expired);
    }
    (!inviter_may).then_some(DeadLink::InviterLost)
}

/// Plain text as its writer meant it: composed, no control characters but line breaks, at most [`PERSONAL_TEXT_LIMIT`]
/// characters.
pub fn clean_personal_text(text: &str) -> Result<String, usize> {
    let text = text.replace("\r\n", "\n");
    let clean: String = text.trim().chars().filter(|c| *c == '\n' || !is_unprintable(*c)).collect();
    let clean = composed(&clean);
    match clean.chars().count() {
        n if n > PERSONAL_TEXT_LIMIT => Err(n),
        _ => Ok(clean),
    }
}

/// Control characters, and those that turn the direction of what follows (VA-04).
pub fn is_unprintable(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2028}' | '\u{2029}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(5_000);

    fn open() -> InvitationFacts {
        InvitationFacts {
            expires_at: Some(Timestamp(6_000)),
            withdrawn_at: None,
            declined_at: None,
            accepted_at: None,
            awaits_approval: false,
            is_unsent: false,
            delivery: Delivery::HandedOver,
        }
    }

    #[test]
    fn only_the_newest_link_opens_and_a_future_generation_is_forged() {
        assert_eq!(why_dead(&open(), 2, 2, false, true, NOW), None);
        assert_eq!(why_dead(&open(), 2, 1, false, true, NOW), Some(DeadLink::Superseded));
        assert_eq!(why_dead(&open(), 2, 3, false, true, NOW), Some(DeadLink::Damaged));
    }

    #[test]
    fn a_used_link_says_so_even_after_it_expired() {
        let used = InvitationFacts { accepted_at: Some(NOW), expires_at: None, ..open() };
        assert_eq!(why_dead(&used, 1, 1, false, true, NOW), Some(DeadLink::Used));
        assert_eq!(why_dead(&used, 1, 1, true, true, NOW), Some(DeadLink::Blocked), "signing in would not help");
    }

    #[test]
    fn whoever_declined_is_told_so_and_not_that_somebody_withdrew_it() {
        let declined = InvitationFacts { withdrawn_at: Some(NOW), declined_at: Some(NOW), ..open() };
        assert_eq!(why_dead(&declined, 1, 1, false, true, NOW), Some(DeadLink::Declined));
        let withdrawn = InvitationFacts { declined_at: None, ..declined };
        assert_eq!(why_dead(&withdrawn, 1, 1, false, true, NOW), Some(DeadLink::Withdrawn));
    }

    #[test]
    fn an_inviter_who_lost_the_right_leaves_dead_links() {
        assert_eq!(why_dead(&open(), 1, 1, false, false, NOW), Some(DeadLink::InviterLost));
    }

    #[test]
    fn what_waits_for_approval_opens_nothing() {
        let waiting = InvitationFacts { awaits_approval: true, ..open() };
        assert_eq!(why_dead(&waiting, 1, 1, false, true, NOW), Some(DeadLink::AwaitsApproval));
    }

    #[test]
    fn what_was_never_sent_opens_nothing_and_holds_its_place() {
        let unsent = InvitationFacts { is_unsent: true, expires_at: None, delivery: Delivery::Queued, ..open() };
        assert_eq!(why_dead(&unsent, 1, 1, false, true, NOW), Some(DeadLink::Expired));
        assert!(!unsent.is_over(NOW + Duration::days(999)));
        assert!(InvitationFacts { withdrawn_at: Some(NOW), ..unsent }.is_over(NOW));
    }

    #[test]
    fn personal_text_keeps_its_lines_and_loses_its_tricks() {
        assert_eq!(clean_personal_text(" See you\r\non \u{202e}Monday\u{7} ").as_deref(), Ok("See you\non Monday"));
        assert_eq!(clean_personal_text("cafe\u{200b}\u{301}").as_deref(), Ok("café"));
        assert_eq!(clean_personal_text(&"я".repeat(501)), Err(501));
    }
}
