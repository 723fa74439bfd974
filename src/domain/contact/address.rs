//! An address: a channel, and how somebody is reached there. Only the channel's own part of the delivery takes its text apart;
//! everybody else keeps it, compares it, and shows it.

use super::email::{Email, EmailProblem, in_letters};
use super::phone::Phone;
use crate::domain::coded::coded;
use serde::{Deserialize, Serialize};

coded! {
    /// Which way a message goes.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
    pub enum Channel {
        #[default]
        Email = "email",
        /// To a telephone number, through the operator's gateway.
        Sms = "sms",
    }
}

impl Channel {
    /// The other one of the two.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::Email => Self::Sms,
            Self::Sms => Self::Email,
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

    /// The address at which a user is written to, where they have one: their e-mail address, else their number.
    pub(in crate::domain) fn of_user(email: Option<&str>, phone: Option<&str>) -> Option<Self> {
        let by = |channel| move |text| Self::stored(channel, text);
        email.map(by(Channel::Email)).or_else(|| phone.map(by(Channel::Sms)))
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
            Channel::Sms => self.phone().is_some(),
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
            Channel::Sms => self.phone().map(|phone| phone.masked()),
        }
    }

    /// The same for whoever delivers e-mail; nothing where it is not sound.
    pub fn email(&self) -> Option<Email> {
        let email = Email::parse(&self.text).ok().filter(|email| email.as_str() == self.text);
        email.filter(|_| self.channel == Channel::Email)
    }

    /// The same for whoever delivers SMS.
    pub fn phone(&self) -> Option<Phone> {
        let phone = Phone::parse(&self.text).ok().filter(|phone| phone.as_str() == self.text);
        phone.filter(|_| self.channel == Channel::Sms)
    }
}

impl From<Phone> for Address {
    fn from(phone: Phone) -> Self {
        Self { channel: Channel::Sms, text: phone.into() }
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
        for other in ["", "EMAIL", "SMS", "email "] {
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

    #[test]
    fn a_number_is_an_address_of_its_own_channel_only() {
        let address =
            Address::from(Phone::parse("8 905 111-11-11").or_else(|_| Phone::parse("79051111111")).expect("a number"));
        assert_eq!((address.channel(), address.as_str()), (Channel::Sms, "+79051111111"));
        assert_eq!((address.masked().as_deref(), address.in_letters()), (Some("+790…11"), "+79051111111".into()));
        assert!(address.is_sound() && address.phone().is_some() && address.email().is_none());
        for odd in
            ["", "79051111111", "+7 905 111-11-11", "ivan@acme.by", "+79051111111,+79052222222", "+79051111111\n"]
        {
            let stored = Address::stored(Channel::Sms, odd);
            assert_eq!((stored.is_sound(), stored.masked(), stored.phone()), (false, None, None), "{odd:?}");
        }
    }
}
