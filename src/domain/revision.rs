//! How something was when a page showed it, in a few letters. A form carries them back, so that an action that was decided on one
//! state of things is not done on another (CO-06). Who compares, and with what, is the use case's to say.

use serde::{Deserialize, Serialize};
use std::fmt::Debug;
use std::hash::{DefaultHasher, Hash, Hasher};

/// A state of something; equal to another one as long as nothing of it has changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Revision(String);

impl Revision {
    /// Of everything that `what` says of itself. It keeps nobody from guessing it, and it need not: whoever guesses it only
    /// gives up being told of another's change.
    pub fn of(what: &impl Debug) -> Self {
        let mut hasher = DefaultHasher::new();
        format!("{what:?}").hash(&mut hasher);
        Self(format!("{:016x}", hasher.finish()))
    }

    /// What a form carries; nothing where it carries none.
    pub fn read(text: &str) -> Option<Self> {
        Some(text.trim()).filter(|text| !text.is_empty()).map(|text| Self(text.into()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_revision_comes_back_from_a_form_as_it_was_and_differs_when_anything_does() {
        let one = Revision::of(&("Dispatcher", 30, true));
        assert_eq!(Revision::read(&format!(" {} ", one.as_str())), Some(one.clone()));
        assert_eq!(Revision::of(&("Dispatcher", 30, true)), one);
        assert_ne!(Revision::of(&("Dispatcher", 30, false)), one);
        assert_eq!(Revision::read("  "), None);
    }
}
