//! Handing an invitation over when no message gets there (rule 11): by which ways, and what is handed. Whoever comes in by it has not
//! shown that the address is theirs, whatever the way (H-22).

use super::coded::coded;
use serde::{Deserialize, Serialize};

coded! {
    /// How a link is handed over, beside being copied.
    /// Its code is how addresses of pages, forms and the history write it.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
    pub enum HandWay {
        /// Shown on the screen, for the camera of a phone.
        Qr = "qr",
        /// In a text that goes by some other messenger.
        Share = "share",
        /// On paper.
        Letter = "letter",
    }
}

/// How many letters are printed at once.
pub const MOST_LETTERS: usize = 200;

/// What was handed over, as it travels to the page that shows it: a text, so that a plain form may carry it, too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandedLink {
    pub way: HandWay,
    pub link: String,
    /// The text to be sent, in one line.
    pub text: String,
    /// The address of the picture that a camera reads; it holds all of it.
    pub picture: String,
}

impl HandedLink {
    /// The parts in lines of their own.
    pub fn to_text(&self) -> String {
        let Self { way, link, text, picture } = self;
        format!("{}\n{link}\n{text}\n{picture}", way.code())
    }

    /// `None` of a text that is none of these, such as the bare link that was copied.
    pub fn read(text: &str) -> Option<Self> {
        let mut parts = text.splitn(4, '\n');
        let way = HandWay::from_code(parts.next()?)?;
        let (link, text, picture) = (parts.next()?.into(), parts.next()?.into(), parts.next()?.into());
        Some(Self { way, link, text, picture })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_handed_over_is_read_as_it_was_written() {
        for way in HandWay::ALL {
            let handed = HandedLink {
                way,
                link: "https://a.by/i/x".into(),
                text: "Come in: https://a.by/i/x".into(),
                picture: "data:image/svg+xml;base64,PHN2Zz4=".into(),
            };
            assert_eq!(HandedLink::read(&handed.to_text()), Some(handed));
            assert_eq!(HandWay::from_code(way.code()), Some(way));
        }
        for other in ["", "https://a.by/i/x", "qr", "qr\nx", "pigeon\na\nb\nc"] {
            assert_eq!(HandedLink::read(other), None, "{other}");
        }
    }
}
