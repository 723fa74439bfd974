//! The operator's SMS gateway: any provider that takes a message by one HTTP request. What is sent, and which answers are good,
//! is read from settings here, or comes from a preset; nothing is connected to.

mod preset;
mod rule;
mod template;

pub use preset::SmsPreset;
pub use rule::{SmsJudgement, SmsRule};
pub use template::read_template;

use crate::server::authorities::Authorities;
use secrecy::{ExposeSecret, SecretString};
use template::{Escape, Values, fill};
use url::Url;

/// A gateway as it is asked, whoever runs it.
#[derive(Clone, Debug)]
pub struct SmsGateway {
    pub url: SmsUrl,
    method: &'static str,
    headers: Vec<(String, SecretString)>,
    body: Option<(SecretString, Escape)>,
    pub rule: SmsRule,
    /// Whether it may be in a private network, or on this machine (WB-09).
    pub allows_private: bool,
    /// Who vouches for its certificate.
    pub authorities: Authorities,
    /// Whose way of asking, and of saying later what became of a message.
    pub preset: SmsPreset,
    /// By what it shows that it is the gateway which says so; without it nothing is heard.
    pub callback_secret: Option<SecretString>,
}

/// Where it is, with the placeholders that may stand behind the host.
#[derive(Clone, Debug)]
pub struct SmsUrl {
    template: SecretString,
    pub host: String,
    pub port: u16,
    pub is_encrypted: bool,
    credentials: Option<(String, SecretString)>,
}

/// What is asked of the gateway for one message.
pub struct SmsRequest {
    pub method: &'static str,
    /// Path and query.
    pub target: String,
    pub headers: Vec<(String, String)>,
    /// Name and password, where the address holds them.
    pub credentials: Option<(String, String)>,
    pub body: String,
}

/// The settings that are there; what is missing comes from the preset.
#[derive(Default)]
pub struct SmsParts {
    pub preset: SmsPreset,
    pub method: Option<&'static str>,
    pub headers: Option<Vec<(String, SecretString)>>,
    pub body: Option<SecretString>,
    pub rule: Option<SmsRule>,
    pub allows_private: bool,
    pub authorities: Option<Authorities>,
    pub callback_secret: Option<SecretString>,
}

/// A setting that does not go with the others, by its name, and what is wrong with it.
pub type Mismatch = (&'static str, String);

impl SmsGateway {
    /// Puts the settings together, and tries them on a message.
    ///
    /// # Errors
    /// The setting that is to be mended.
    pub fn new(url: SmsUrl, parts: SmsParts) -> Result<Self, Mismatch> {
        let preset = parts.preset;
        let method = parts.method.unwrap_or("POST");
        let url = preset.address(url).map_err(|problem| ("sms_url", problem))?;
        let (url, fields) = if parts.body.is_none() { preset.fields(url)? } else { (url, None) };
        let headers = parts.headers.unwrap_or_default();
        let body = match parts.body.or(fields) {
            _ if method == "GET" => None,
            Some(body) => {
                let escape = escape_of(&headers, body.expose_secret()).map_err(|problem| ("sms_headers", problem))?;
                Some((body, escape))
            }
            None => None,
        };
        if !url.is_encrypted && !parts.allows_private {
            return Err((
                "sms_url",
                "begins with http://, and messages and passwords would be readable on their way; write https://, or for a \
                 gateway in a network of your own set USHER_SMS_ALLOW_PRIVATE=1"
                    .into(),
            ));
        }
        let gateway = Self {
            url,
            method,
            headers,
            body,
            rule: parts.rule.unwrap_or_else(|| preset.rule()),
            allows_private: parts.allows_private,
            authorities: parts.authorities.unwrap_or_else(Authorities::public),
            preset,
            callback_secret: parts.callback_secret,
        };
        gateway.is_complete()?;
        Ok(gateway)
    }

    /// Whether number and text reach the gateway, and as what it takes them.
    fn is_complete(&self) -> Result<(), Mismatch> {
        let body = self.body.as_ref().map(|(body, _)| body.expose_secret()).unwrap_or_default();
        let place = if self.body.is_some() { "sms_body" } else { "sms_url" };
        let all = format!("{} {body}", self.url.template.expose_secret());
        for (what, names) in [("the number", &["{{to}}", "{{to_digits}}"][..]), ("the text", &["{{text}}"][..])] {
            if !names.iter().any(|name| all.contains(name)) {
                return Err((place, format!("says nowhere where {what} goes; write {} there", names.join(" or "))));
            }
        }
        let request = self.request("+375291234567", "A \"text\" & more\nПривет", "id");
        if let Some((_, Escape::Json)) = &self.body
            && serde_json::from_str::<serde_json::Value>(&request.body).is_err()
        {
            return Err((
                "sms_body",
                "is no JSON once it is filled; write placeholders between quotes: {\"to\": \"{{to}}\"}".into(),
            ));
        }
        Ok(())
    }

    /// The request for one message.
    pub fn request(&self, to: &str, text: &str, id: &str) -> SmsRequest {
        let values = Values { to, text, id };
        let filled = fill(self.url.template.expose_secret(), &values, Escape::Query);
        let target = match Url::parse(&filled) {
            Ok(url) => match url.query() {
                Some(query) => format!("{}?{query}", url.path()),
                None => url.path().to_string(),
            },
            Err(_) => "/".into(),
        };
        let mut headers: Vec<(String, String)> =
            self.headers.iter().map(|(name, value)| (name.clone(), value.expose_secret().to_string())).collect();
        let body = self.body.as_ref().map(|(body, escape)| {
            if !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-type")) {
                headers.push(("Content-Type".into(), escape.content_type().into()));
            }
            fill(body.expose_secret(), &values, *escape)
        });
        let credentials = self.url.credentials.as_ref();
        SmsRequest {
            method: self.method,
            target,
            headers,
            credentials: credentials.map(|(name, password)| (name.clone(), password.expose_secret().to_string())),
            body: body.unwrap_or_default(),
        }
    }

    /// Host and port, for people.
    pub fn name(&self) -> String {
        format!("{}:{}", self.url.host, self.url.port)
    }

    /// All that must never be read in a log or a history, should an answer repeat it.
    pub fn secrets(&self) -> Vec<String> {
        let mut secrets: Vec<String> =
            self.headers.iter().map(|(_, value)| value.expose_secret().to_string()).collect();
        secrets
            .extend(secrets.clone().iter().filter_map(|value| value.split_once(' ').map(|(_, rest)| rest.to_string())));
        secrets.extend(self.callback_secret.iter().map(|secret| secret.expose_secret().to_string()));
        if let Some((name, password)) = &self.url.credentials {
            secrets.extend([name.clone(), password.expose_secret().to_string()]);
        }
        let body = self.body.as_ref().map(|(body, _)| body.expose_secret()).unwrap_or_default();
        let query = self.url.template.expose_secret().split_once('?').map(|(_, query)| query).unwrap_or_default();
        for text in [body, query] {
            for part in text.split(['&', '=', '"', '<', '>', ',', ':', ' ', '\n']) {
                secrets.extend([part.to_string(), template::decoded(part)]);
            }
        }
        secrets.retain(|secret| secret.chars().count() >= 5 && !secret.contains("{{"));
        secrets.sort_unstable_by_key(|secret| std::cmp::Reverse(secret.len()));
        secrets.dedup();
        secrets
    }
}

impl SmsUrl {
    /// Reads `https://user:password@host/path?to={{to}}`. Never repeats the text: it may hold a password.
    ///
    /// # Errors
    /// What is wrong, in words for the operator.
    pub fn parse(text: &str) -> Result<Self, String> {
        const MEND: &str = "write one like https://gateway.example/send";
        let is_clean = !text.chars().any(|letter| letter.is_control() || letter.is_whitespace());
        let sample = fill(text, &Values { to: "1", text: "1", id: "1" }, Escape::Query);
        let url = Url::parse(&sample).ok().filter(|_| is_clean).ok_or_else(|| format!("is not an address; {MEND}"))?;
        let is_encrypted = match url.scheme() {
            "https" => true,
            "http" => false,
            other => return Err(format!("begins with {other}://; {MEND}")),
        };
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or_else(|| format!("names no host; {MEND}"))?;
        let authority = text.split_once("://").map(|(_, rest)| rest.split(['/', '?', '#']).next().unwrap_or_default());
        if authority.is_some_and(|authority| authority.contains("{{")) {
            return Err("has a placeholder before the path, where messages would go to another host".into());
        }
        read_template(text)?;
        let decode = |text: &str| {
            super::percent_decode(text).ok_or("has a user or password that is not percent-encoded text".to_string())
        };
        let credentials = match (url.username(), url.password()) {
            ("", None) => None,
            (user, password) => Some((decode(user)?, decode(password.unwrap_or_default())?.into())),
        };
        Ok(Self {
            template: text.into(),
            host: host.trim_matches(['[', ']']).to_string(),
            port: url.port_or_known_default().unwrap_or(443),
            is_encrypted,
            credentials,
        })
    }
}

/// Reads one header a line, `Name: value`; `\n` stands for a line break where a file of variables can have none.
///
/// # Errors
/// Which line cannot be read; never what stands in it.
pub fn read_headers(text: &str) -> Result<Vec<(String, SecretString)>, String> {
    let text = text.replace("\\n", "\n");
    let mut headers = Vec::new();
    for (at, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let wrong =
            |what: &str| format!("line {} {what}; write one header a line, like Authorization: Bearer …", at + 1);
        let (name, value) = line.split_once(':').ok_or_else(|| wrong("has no colon"))?;
        let (name, value) = (name.trim(), value.trim());
        let is_name =
            !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
        if !is_name || !value.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
            return Err(wrong("is no header"));
        }
        let ours = ["host", "content-length", "transfer-encoding", "connection", "upgrade", "expect", "te", "trailer"];
        if ours.contains(&name.to_lowercase().as_str()) {
            return Err(format!("line {} sets {name}, which Usher sets itself; leave it out", at + 1));
        }
        headers.push((name.to_string(), value.to_string().into()));
    }
    Ok(headers)
}

/// How long a secret is at least by which a gateway shows who it is, in letters.
const SHORTEST_SECRET: usize = 16;

/// # Errors
/// For a secret that could be guessed; it is not repeated.
pub fn read_secret(text: &str) -> Result<SecretString, String> {
    match text.chars().count() >= SHORTEST_SECRET {
        true => Ok(text.to_string().into()),
        false => Err(format!("is shorter than {SHORTEST_SECRET} letters, and could be guessed; write a longer one")),
    }
}

/// # Errors
/// For what is no method by which a gateway is asked.
pub fn read_method(text: &str) -> Result<&'static str, String> {
    let known = ["POST", "GET", "PUT"].into_iter().find(|known| known.eq_ignore_ascii_case(text));
    known.ok_or_else(|| format!("\"{text}\" is no method by which a gateway is asked; write POST, GET or PUT"))
}

/// How placeholders are written in a body: by its type, or by how it begins where no header says it.
fn escape_of(headers: &[(String, SecretString)], body: &str) -> Result<Escape, String> {
    let given = headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-type"));
    let Some((_, given)) = given else {
        return Ok(match body.trim_start().chars().next() {
            Some('{' | '[') if !body.trim_start().starts_with("{{") => Escape::Json,
            Some('<') => Escape::Xml,
            _ => Escape::Form,
        });
    };
    let kind = given.expose_secret().split(';').next().unwrap_or_default().trim().to_lowercase();
    Escape::of_type(&kind).ok_or_else(|| {
        format!(
            "has the type {kind}, in which Usher cannot write a text safely; use application/json, \
             application/x-www-form-urlencoded or application/xml"
        )
    })
}

#[cfg(test)]
mod tests;
