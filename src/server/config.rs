//! What the operator decides: addresses, files, the relay. Values and their validation; where they come from is `cli`'s.

mod sms;

pub use sms::{
    SmsGateway, SmsJudgement, SmsParts, SmsPreset, SmsRequest, SmsRule, SmsUrl, read_headers, read_method, read_secret,
    read_template,
};

use super::authorities::Authorities;
use percent_encoding::percent_decode_str;
use secrecy::{ExposeSecret, SecretString};
use std::borrow::Cow;
use std::net::SocketAddr;
use std::path::PathBuf;
use url::Url;

/// Validated settings of the process.
#[derive(Clone, Debug)]
pub struct Config {
    pub listen: SocketAddr,
    /// The address under which people reach this installation; the only source of every link (ML-01).
    pub public_url: Url,
    pub database_url: SecretString,
    pub data_dir: PathBuf,
    pub key_file: PathBuf,
    /// `None`: messages wait in the built-in mailbox.
    pub relay: Option<Relay>,
    /// `None`: SMS wait in the built-in mailbox.
    pub sms: Option<SmsGateway>,
    pub mail_from: Sender,
    /// How many proxies stand in front and add to `X-Forwarded-For`; 0 trusts nobody (RL-01).
    pub trusted_proxies: usize,
    /// The name server that is asked about the domains of invited addresses; `None`: the system's.
    pub dns: Option<SocketAddr>,
    /// Whether its people are invented and its clock can be moved (`demonstration`).
    pub is_demonstration: bool,
}

/// The relay's address, taken apart.
#[derive(Clone, Debug)]
pub struct Relay {
    pub host: String,
    pub port: u16,
    pub security: Security,
    pub credentials: Option<(String, SecretString)>,
    /// Who vouches for its certificate.
    pub authorities: Authorities,
}

/// How the connection to the relay is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Security {
    /// TLS from the first byte (`smtps://`).
    Tls,
    /// STARTTLS, and no mail without it (`smtp://` to anything but this machine).
    StartTls,
    /// Plain text: only to this machine itself, or when `?tls=none` says so.
    Plain,
}

/// Who every mail is from: `Name <address>` or an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sender {
    pub name: Option<String>,
    pub address: crate::domain::contact::Email,
}

impl Config {
    /// Whether cookies can be `__Host-` and `Secure`: the public address is https.
    pub fn is_https(&self) -> bool {
        self.public_url.scheme() == "https"
    }

    /// `scheme://host[:port]` of the public address, as `Origin` writes it.
    pub fn origin(&self) -> String {
        self.public_url.origin().ascii_serialization()
    }

    /// An absolute link to a path of ours.
    pub fn link(&self, path: &str) -> String {
        format!("{}{path}", self.public_url.as_str().trim_end_matches('/'))
    }
}

impl Relay {
    /// Reads `smtp://user:pass@host:port`, `smtps://…`; the problem in words for the operator.
    pub fn parse(text: &SecretString) -> Result<Self, String> {
        let url = Url::parse(text.expose_secret()).map_err(|error| format!("is not an address ({error})"))?;
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or("names no host")?.to_string();
        let wants_plain = url.query_pairs().any(|(name, value)| name == "tls" && value == "none");
        let is_local = matches!(host.as_str(), "localhost" | "127.0.0.1" | "[::1]");
        let (security, usual_port) = match url.scheme() {
            "smtps" => (Security::Tls, 465),
            "smtp" if is_local || wants_plain => (Security::Plain, 25),
            "smtp" => (Security::StartTls, 587),
            other => return Err(format!("begins with {other}://, where smtp:// or smtps:// is needed")),
        };
        let decode = |text: &str| {
            percent_decode(text).ok_or_else(|| "has a user or password that is not percent-encoded text".to_string())
        };
        let credentials = match (url.username(), url.password()) {
            ("", None) => None,
            (user, password) => Some((decode(user)?, decode(password.unwrap_or_default())?.into())),
        };
        Ok(Self {
            host: host.trim_matches(['[', ']']).to_string(),
            port: url.port().unwrap_or(usual_port),
            security,
            credentials,
            authorities: Authorities::public(),
        })
    }

    /// Host and port, for people.
    pub fn name(&self) -> String {
        format!("{}:{}", self.host, self.port)
    }
}

/// `%41` becomes `A`; `None` when it is not percent-encoded text. A `%` by itself was not meant as one of these, and the
/// operator hears of it.
pub(super) fn percent_decode(text: &str) -> Option<String> {
    let is_code = |rest: &str| rest.as_bytes().get(..2).is_some_and(|hex| hex.iter().all(u8::is_ascii_hexdigit));
    let decoded = percent_decode_str(text).decode_utf8().ok();
    decoded.filter(|_| text.split('%').skip(1).all(is_code)).map(Cow::into_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Relay, String> {
        Relay::parse(&text.to_string().into())
    }

    #[test]
    fn a_relay_elsewhere_is_never_spoken_to_in_plain_text_unless_asked() {
        assert_eq!(parse("smtp://relay.acme.by").expect("a relay").security, Security::StartTls);
        assert_eq!(parse("smtps://relay.acme.by").expect("a relay").security, Security::Tls);
        assert_eq!(parse("smtp://relay.acme.by?tls=none").expect("a relay").security, Security::Plain);
        assert_eq!(parse("smtp://127.0.0.1:2525").expect("a relay").security, Security::Plain);
        assert!(parse("http://relay.acme.by").is_err());
    }

    #[test]
    fn user_and_password_may_hold_any_character() {
        let relay = parse("smtps://us%40er:p%3Ass@relay.acme.by:2465").expect("a relay");
        let (user, password) = relay.credentials.expect("credentials");
        assert_eq!((user.as_str(), password.expose_secret(), relay.port), ("us@er", "p:ss", 2465));
    }

    #[test]
    fn a_percent_sign_that_begins_no_code_is_a_mistake_and_not_a_password() {
        for bad in ["100%", "p%zz", "p%4", "p%+1", "p%-1", "p% 1", "p%ff"] {
            let problem = parse(&format!("smtp://user:{bad}@relay.acme.by")).expect_err(bad);
            assert!(problem.contains("percent-encoded") && !problem.contains(bad), "{bad}: {problem}");
        }
        let (_, password) =
            parse("smtp://user:100%25%D0%B6@relay.acme.by").expect("a relay").credentials.expect("both");
        assert_eq!(password.expose_secret(), "100%ж");
    }
}
