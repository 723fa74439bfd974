//! How somebody signs in, and into what: the authorization method (rules 76, 79, 85). Whoever has an e-mail address or came in
//! by their number reaches the panel and the mobile surface; whoever has a login alone, the mobile surface only.

use super::timestamp::Duration;
use serde::{Deserialize, Serialize};

/// How long a temporary password opens the page for a lasting one (AU-09).
pub const TEMPORARY_FOR: Duration = Duration::hours(24);

/// By what a person is told apart when they sign in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum AuthorizationMethod {
    Mail,
    Phone,
    Login,
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

    /// How the API writes it.
    pub fn code(self) -> &'static str {
        match self {
            Self::Mail => "email",
            Self::Phone => "phone",
            Self::Login => "login",
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
