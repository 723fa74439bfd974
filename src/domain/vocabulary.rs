//! In which words an organisation speaks of where somebody stands. There is one state machine (`user::Status`) and one set of
//! words for each kind of organisation that has words of its own; the words themselves are in `words`.

use super::preset::{DISPATCH, LEARNING, PORTAL, SCHOOL};
use serde::{Deserialize, Serialize};

/// Whose words they are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Vocabulary {
    /// Everybody who has no words of their own.
    #[default]
    Plain,
    School,
    /// Rule 34: invited is who got the invitation.
    Learning,
    /// Rule 63: invited is whoever has not accepted, whatever became of the message.
    Portal,
    Dispatch,
}

impl Vocabulary {
    pub const ALL: [Self; 5] = [Self::Plain, Self::School, Self::Learning, Self::Portal, Self::Dispatch];

    /// Of the installation that was set up with a preset.
    pub fn of_preset(key: &str) -> Self {
        [
            (SCHOOL.key, Self::School),
            (LEARNING.key, Self::Learning),
            (PORTAL.key, Self::Portal),
            (DISPATCH.key, Self::Dispatch),
        ]
        .into_iter()
        .find_map(|(known, words)| (known == key).then_some(words))
        .unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::preset::PRESETS;

    #[test]
    fn every_preset_has_words() {
        let own = PRESETS.iter().filter(|preset| Vocabulary::of_preset(preset.key) != Vocabulary::Plain);
        assert_eq!(own.count(), Vocabulary::ALL.len() - 1);
        assert_eq!(Vocabulary::of_preset("unheard of"), Vocabulary::Plain);
    }
}
