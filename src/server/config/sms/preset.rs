//! What usual gateways are asked, and what their answers mean. Name and password stand in the address, as for a mail relay, and
//! further fields, such as the sender, in its query.

use super::{Mismatch, SmsRule, SmsUrl, template};
use secrecy::{ExposeSecret, SecretString};

/// Whose way of asking is meant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SmsPreset {
    /// `{"to": "+…", "text": "…", "id": "…"}`, and any 2xx is good: for a gateway of one's own.
    #[default]
    Json,
    Twilio,
    Vonage,
    Smsc,
}

impl SmsPreset {
    const ALL: [(&'static str, Self); 4] =
        [("json", Self::Json), ("twilio", Self::Twilio), ("vonage", Self::Vonage), ("smsc", Self::Smsc)];

    /// # Errors
    /// For a name that is none.
    pub fn read(text: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|(name, _)| name.eq_ignore_ascii_case(text)).map(|(_, preset)| preset);
        found.ok_or_else(|| format!("\"{text}\" is no preset; write json, twilio, vonage or smsc"))
    }

    /// The address with the path at which it takes messages, where only the host was given.
    pub(super) fn address(self, url: SmsUrl) -> Result<SmsUrl, String> {
        const MEND: &str = "write https://NAME:PASSWORD@host/?…";
        let (name, _) = match (self, &url.credentials) {
            (Self::Json, _) => return Ok(url),
            (_, Some(given)) => given.clone(),
            (_, None) => return Err(format!("holds no name and password; {MEND}")),
        };
        let text = url.template.expose_secret();
        let (front, query) = text.split_once('?').map_or((text, None), |(front, query)| (front, Some(query)));
        let authority = front.split_once("://").map_or("", |(_, rest)| rest);
        let has_path = authority.split_once('/').is_some_and(|(_, path)| !path.is_empty());
        let path = match self {
            _ if has_path => return Ok(url),
            Self::Json => return Ok(url),
            Self::Twilio => format!("/2010-04-01/Accounts/{}/Messages.json", template::encoded(&name)),
            Self::Vonage => "/sms/json".into(),
            Self::Smsc => "/sys/send.php".into(),
        };
        let query = query.map(|query| format!("?{query}")).unwrap_or_default();
        let full = format!("{}{path}{query}", front.trim_end_matches('/'));
        Ok(SmsUrl { template: full.into(), ..url })
    }

    /// The body, and the address without what went into it.
    pub(super) fn fields(self, url: SmsUrl) -> Result<(SmsUrl, Option<SecretString>), Mismatch> {
        let text = url.template.expose_secret().to_string();
        let own = match (self, &url.credentials) {
            // What is given in the query may say where everything goes.
            (Self::Json, _) if text.contains("{{text}}") => return Ok((url, None)),
            (Self::Json, _) => {
                return Ok((url, Some(r#"{"to": "{{to}}", "text": "{{text}}", "id": "{{id}}"}"#.to_string().into())));
            }
            (Self::Twilio, _) => "To={{to}}&Body={{text}}".to_string(),
            (Self::Vonage, Some((key, secret))) => format!(
                "api_key={}&api_secret={}&to={{{{to_digits}}}}&text={{{{text}}}}&type={{{{alphabet}}}}&client-ref={{{{id}}}}",
                template::encoded(key),
                template::encoded(secret.expose_secret())
            ),
            (Self::Smsc, Some((login, password))) => format!(
                "login={}&psw={}&phones={{{{to}}}}&mes={{{{text}}}}&charset=utf-8&fmt=3",
                template::encoded(login),
                template::encoded(password.expose_secret())
            ),
            (Self::Vonage | Self::Smsc, None) => return Err(("sms_url", "holds no name and password".into())),
        };
        let (front, query) = text.split_once('?').unwrap_or((&text, ""));
        let more = |field: &str| {
            let (name, value) = field.split_once('=').unwrap_or((field, ""));
            format!("&{}={}", template::encoded(&template::decoded(name)), template::encoded(&template::decoded(value)))
        };
        let further: String = query.split('&').filter(|field| !field.is_empty()).map(more).collect();
        let credentials = if self == Self::Twilio { url.credentials.clone() } else { None };
        Ok((SmsUrl { template: front.into(), credentials, ..url }, Some(format!("{own}{further}").into())))
    }

    /// Which answers are good.
    pub(super) fn rule(self) -> SmsRule {
        let text = match self {
            Self::Json => "2xx id=/id",
            Self::Twilio => "2xx id=/sid",
            // 1: too fast; 4: wrong password; 5: their fault; 9: no money left.
            Self::Vonage => "2xx /messages/0/status=0 later=/messages/0/status=1,4,5,9 id=/messages/0/message-id",
            // 2: wrong password; 3: no money left; 4 and 9: too often.
            Self::Smsc => "2xx !/error_code later=/error_code=2,3,4,9 id=/id",
        };
        SmsRule::parse(text).unwrap_or_default()
    }
}
