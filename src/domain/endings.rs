//! How people leave an organisation: which ends it has, and what takes each of them back. Who may do it is the policy's; how long
//! the bin keeps people is `deletion`'s.

use super::error::Conflict;
use super::settings::Settings;
use super::user::UserAction;

/// The ends that an organisation has beside taking access away, which every one has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Endings {
    /// Whoever leaves can be archived (rule 1). A client portal deactivates, and a dispatch blocks or deletes (rules 63, 92).
    pub archives: bool,
    /// Whoever is deleted lies in a bin first.
    pub has_bin: bool,
}

impl Endings {
    /// What stands against an action here, whoever it is done to.
    pub fn why_not(self, action: UserAction) -> Option<Conflict> {
        (action == UserAction::Archive && !self.archives).then_some(Conflict::NobodyIsArchived)
    }

    /// The action that takes this one back by itself, where there is one.
    pub fn taken_back_by(self, action: UserAction) -> Option<UserAction> {
        let back = match action {
            UserAction::Block => UserAction::Unblock,
            UserAction::Unblock => UserAction::Block,
            UserAction::Archive => UserAction::BringBack,
            UserAction::Delete if self.has_bin => UserAction::BringBack,
            UserAction::BringBack => UserAction::Archive,
            _ => return None,
        };
        Some(back).filter(|back| self.why_not(*back).is_none())
    }
}

impl Settings {
    pub fn endings(&self) -> Endings {
        Endings { archives: self.archives_people, has_bin: self.bin_days > 0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_takes_an_end_back_is_itself_an_action_of_the_organisation() {
        for (archives, has_bin) in [(true, true), (true, false), (false, true), (false, false)] {
            let endings = Endings { archives, has_bin };
            for action in UserAction::ALL {
                let back = endings.taken_back_by(action);
                assert!(back.is_none_or(|back| endings.why_not(back).is_none()), "{endings:?} {action:?}");
            }
            assert_eq!(endings.why_not(UserAction::Archive).is_none(), archives);
            assert_eq!(endings.why_not(UserAction::Delete), None);
            assert_eq!(endings.taken_back_by(UserAction::Delete).is_some(), has_bin);
        }
    }
}
