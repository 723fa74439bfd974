//! An address: a channel, and how somebody is reached there. Only the channel's own part of the delivery takes its text apart;
//! everybody else keeps it, compares it, and shows it.

use super::email::{Email, EmailProblem, in_letters};
use serde::{Deserialize, Serialize};

/// Which way a message goes. E-mail is the first; an SMS gateway takes its place beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Channel {
    Email,
}

impl Channel {
    pub const ALL: [Self; 1] = [Self::Email];

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|channel| channel.code() == code)
    }

    pub fn code(self) -> &'static str {
        match self {
            Self::Email => "email",
        }
    }
}

/// Where a message goes. It may be what a row holds: whether it can be written to, [`Address::is_sound`] says.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Address {
    channel: Channel,
    text: String,
}

impl Address {
    /// As it stands in a row. Of somebody who was deleted the text is empty.
    pub fn stored(channel: Channel, text: impl Into<String>) -> Self {
        Self { channel, text: text.into() }
    }

    /// Reads an address as somebody typed it, and brings it to its canonical form (VA-01).
    ///
    /// # Errors
    /// Why it is none (VA-02).
    pub fn parse(typed: &str) -> Result<Self, EmailProblem> {
        Email::parse(typed).map(Self::from)
    }

    /// The address at which a user is written to, where they have one.
    pub(in crate::domain) fn of_user(email: Option<&str>) -> Option<Self> {
        email.map(|email| Self::stored(Channel::Email, email))
    }

    pub fn channel(&self) -> Channel {
        self.channel
    }

    /// The canonical text, by which addresses are compared, looked up and counted.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether a message can go there: the text is an address of its channel, in canonical form. What would only become one by
    /// being mended is none of ours.
    pub fn is_sound(&self) -> bool {
        match self.channel {
            Channel::Email => self.email().is_some(),
        }
    }

    /// As people read it (L-04).
    pub fn in_letters(&self) -> String {
        in_letters(&self.text)
    }

    /// For public pages and logs: enough to be known by whose it is. Nothing where it is not sound.
    pub fn masked(&self) -> Option<String> {
        match self.channel {
            Channel::Email => self.email().map(|email| email.masked()),
        }
    }

    /// The same for whoever delivers e-mail; nothing where it is not sound.
    pub fn email(&self) -> Option<Email> {
        Email::parse(&self.text).ok().filter(|email| email.as_str() == self.text)
    }
}

impl From<Email> for Address {
    fn from(email: Email) -> Self {
        Self { channel: Channel::Email, text: email.into() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_channel_is_read_back_by_its_code() {
        for channel in Channel::ALL {
            assert_eq!(Channel::from_code(channel.code()), Some(channel));
        }
        for other in ["", "EMAIL", "sms", "email "] {
            assert_eq!(Channel::from_code(other), None, "{other:?}");
        }
    }

    #[test]
    fn what_stands_in_a_row_is_an_address_only_in_its_canonical_form() {
        let address = Address::parse(" Ivan.Petrov@ПОЧТА.рф ").expect("an address");
        assert_eq!((address.channel(), address.as_str()), (Channel::Email, "ivan.petrov@xn--80a1acny.xn--p1ai"));
        assert_eq!(address.in_letters(), "ivan.petrov@почта.рф");
        assert_eq!(address.masked().as_deref(), Some("i…v@почта.рф"));
        assert_eq!(Address::stored(Channel::Email, address.as_str()), address);
        assert!(address.is_sound());
        for odd in [
            "",
            "Ivan@acme.by",
            " ivan@acme.by",
            "ivan@acme.by, olga@acme.by",
            "ivan@acme.by\r\nRCPT TO:<x@acme.by>",
            "ivan@почта.рф",
            "+375291234567",
        ] {
            let stored = Address::stored(Channel::Email, odd);
            assert_eq!((stored.is_sound(), stored.masked(), stored.email()), (false, None, None), "{odd:?}");
            assert_eq!(stored.as_str(), odd);
        }
    }
}
