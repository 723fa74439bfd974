//! How somebody signs in, and into what: the authorization method (rules 76, 79, 85). Whoever has an e-mail address or came in
//! by their number reaches the panel and the mobile surface; whoever has a login alone, the mobile surface only.

use super::coded::coded;
use super::timestamp::Duration;
use serde::{Deserialize, Serialize};

/// How long a session lives without a request on somebody's own device: the longest that one is put ahead.
pub const SESSION_KEPT: Duration = Duration::days(30);

/// How long an address is remembered at which an account came in: the longest that anything is counted.
pub const REMEMBERED: Duration = Duration::days(90);

/// How long a temporary password opens the page for a lasting one (AU-09).
pub const TEMPORARY_FOR: Duration = Duration::hours(24);

coded! {
    /// By what a person is told apart when they sign in; the API writes the codes.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
    pub enum AuthorizationMethod {
        Mail = "email",
        Phone = "phone",
        Login = "login",
    }
}

impl AuthorizationMethod {
    /// Of somebody with these identifiers.
    pub fn of(email: Option<&str>, login: Option<&str>) -> Self {
        match (email, login) {
            (Some(_), _) => Self::Mail,
            (None, Some(_)) => Self::Login,
            (None, None) => Self::Phone,
        }
    }

    /// Whether it opens a surface: with a login alone, only that of phones (rule 79).
    pub fn opens(self, surface: Surface) -> bool {
        self != Self::Login || surface == Surface::Mobile
    }

    /// Where somebody works who came in just now.
    pub fn first_surface(self) -> Surface {
        if self.opens(Surface::Panel) { Surface::Panel } else { Surface::Mobile }
    }
}

coded! {
    /// By what people are known when they sign in. Whoever has no e-mail address signs in by what there is.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
    pub enum SignsInBy {
        Mail = "email",
        MailOrPhone = "email_or_phone",
        MailOrLogin = "email_or_login",
        #[default]
        Any = "any",
    }
}

impl SignsInBy {
    /// Whether this, in its one form, is somebody's name at the door who has an e-mail address or not.
    pub fn takes(self, identifier: &str, has_email: bool) -> bool {
        let is_known = match identifier {
            email if email.contains('@') => true,
            phone if phone.starts_with('+') => matches!(self, Self::MailOrPhone | Self::Any),
            _ => matches!(self, Self::MailOrLogin | Self::Any),
        };
        is_known || !has_email
    }
}

/// What one signs in to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Surface {
    /// Everything, within one's rights.
    Panel,
    /// One's own things: profile, shifts, password.
    Mobile,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_sign_in_by_what_is_set_and_nobody_is_shut_out_by_it() {
        for (by, phone, login) in [
            (SignsInBy::Mail, false, false),
            (SignsInBy::MailOrPhone, true, false),
            (SignsInBy::MailOrLogin, false, true),
            (SignsInBy::Any, true, true),
        ] {
            assert_eq!(SignsInBy::from_code(by.code()), Some(by));
            assert!(by.takes("olga@acme.by", true), "{by:?}");
            assert_eq!((by.takes("+375291234567", true), by.takes("olga", true)), (phone, login), "{by:?}");
            assert!(by.takes("+375291234567", false) && by.takes("olga", false), "{by:?}");
        }
    }

    #[test]
    fn a_login_alone_opens_the_mobile_surface_and_not_the_panel() {
        use AuthorizationMethod::{Login, Mail, Phone};
        assert_eq!(AuthorizationMethod::of(Some("a@acme.by"), Some("anna")), Mail);
        assert_eq!(AuthorizationMethod::of(None, Some("anna")), Login);
        assert_eq!(AuthorizationMethod::of(None, None), Phone);
        for method in [Mail, Phone, Login] {
            assert!(method.opens(Surface::Mobile), "{method:?}");
            assert_eq!(method.opens(Surface::Panel), method != Login, "{method:?}");
            assert!(method.opens(method.first_surface()), "{method:?}");
        }
    }
}
