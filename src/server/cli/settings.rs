//! From what the operator wrote to validated settings: every mistake at once, each with the way to mend it.
//! What each value means later is `config`'s. Nothing is looked up here, and nothing opened but the files of the relay's and the
//! gateway's authorities.

use super::Flags;
use super::given::{SourcedValue, Sources};
use super::logging::Format;
use crate::domain::contact::{Email, is_bidi_control};
use crate::server::authorities::Authorities;
use crate::server::config::{
    Config, Relay, Sender, SmsGateway, SmsParts, SmsPreset, SmsRule, SmsUrl, read_headers, read_method, read_secret,
    read_template,
};
use secrecy::SecretString;
use std::ffi::OsString;
use std::fs::File;
use std::io::Read;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use url::{Host, Url};

/// The settings of this run.
#[derive(Debug)]
pub struct RunSettings {
    pub config: Config,
    /// What is logged: a level, or levels by part.
    pub log: String,
    pub log_format: Format,
}

/// Where mails come from when nobody said so and the public address is no mail domain.
const LOCAL_SENDER: &str = "usher@localhost.localdomain";

const USUAL_LISTEN: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 3000);

/// Nobody has more proxies in a row; a larger number would trust what strangers write.
const MOST_PROXIES: usize = 16;

/// Reads the settings from flags, environment and file.
///
/// # Errors
/// All mistakes, one line each.
pub fn read(
    flags: &Flags,
    environment: impl IntoIterator<Item = (OsString, OsString)>,
    is_terminal: bool,
) -> Result<RunSettings, Vec<String>> {
    let mut mistakes = Vec::new();
    let sources = Sources::gather(flags, environment, &mut mistakes);
    let mut take = Checks { sources: &sources, mistakes: &mut mistakes };

    let listen = take.value("listen", listen).unwrap_or(USUAL_LISTEN);
    let public_url =
        take.value("public_url", public_url).or_else(|| Url::parse(&format!("http://{}", near(listen))).ok());
    let data_dir = take.value("data_dir", path).unwrap_or_else(|| "data".into());
    let database_url = take.value("database_url", database_url).unwrap_or_else(|| usual_database(&data_dir).into());
    let key_file = take.value("secret_key_file", path).unwrap_or_else(|| data_dir.join("secret.key"));
    let relay = take.value("smtp_url", |text| {
        Relay::parse(&text.to_string().into()).map_err(|problem| {
            format!("{problem}; write smtp://user:password@host:587 or smtps://user:password@host:465")
        })
    });
    let authorities = take.value("smtp_ca_file", authorities);
    let relay = match (relay, authorities) {
        (Some(relay), Some(authorities)) => Some(Relay { authorities, ..relay }),
        (relay, _) => relay,
    };
    let sms = sms(&mut take);
    let mail_from = take.value("mail_from", sender).or_else(|| usual_sender(public_url.as_ref()));
    let trusted_proxies = take.value("trusted_proxies", trusted_proxies).unwrap_or_default();
    let dns = take.value("dns", dns);
    let log = take.value("log", log).unwrap_or_else(|| "info".into());
    let usual_format = if is_terminal { Format::Text } else { Format::Json };
    let log_format = take.value("log_format", log_format).unwrap_or(usual_format);

    match (public_url, mail_from) {
        (Some(public_url), Some(mail_from)) if mistakes.is_empty() => Ok(RunSettings {
            config: Config {
                listen,
                public_url,
                database_url,
                data_dir,
                key_file,
                relay,
                sms,
                mail_from,
                trusted_proxies,
                dns,
                is_demonstration: false,
            },
            log,
            log_format,
        }),
        _ => Err(mistakes),
    }
}

struct Checks<'a> {
    sources: &'a Sources,
    mistakes: &'a mut Vec<String>,
}

impl Checks<'_> {
    /// The value as it was given and understood; `None` when it was not given, or is noted as a mistake.
    fn value<T>(&mut self, name: &str, understand: impl FnOnce(&str) -> Result<T, String>) -> Option<T> {
        let SourcedValue { text, place } = self.sources.value(name)?;
        understand(text.trim()).map_err(|problem| self.mistakes.push(format!("{place}: {problem}"))).ok()
    }

    /// Notes what is wrong with a value once it is seen beside others.
    fn mistake(&mut self, name: &str, problem: &str) {
        let place = self.sources.value(name).map(|given| given.place.clone());
        let place = place.unwrap_or_else(|| format!("USHER_{}", name.to_uppercase()));
        self.mistakes.push(format!("{place}: {problem}"));
    }
}

/// The SMS gateway, if its address is given. What else is given for it, without that, was meant for something.
fn sms(take: &mut Checks<'_>) -> Option<SmsGateway> {
    let before = take.mistakes.len();
    let url = take.value("sms_url", SmsUrl::parse);
    let parts = SmsParts {
        preset: take.value("sms_preset", SmsPreset::read).unwrap_or_default(),
        method: take.value("sms_method", read_method),
        headers: take.value("sms_headers", read_headers),
        body: take.value("sms_body", |text| read_template(text).map(|()| text.to_string().into())),
        rule: take.value("sms_ok", SmsRule::parse),
        allows_private: take.value("sms_allow_private", switch).unwrap_or_default(),
        authorities: take.value("sms_ca_file", authorities),
        callback_secret: take.value("sms_callback_secret", read_secret),
    };
    if take.mistakes.len() > before {
        return None;
    }
    let Some(url) = url else {
        for name in
            ["sms_preset", "sms_method", "sms_headers", "sms_body", "sms_ok", "sms_ca_file", "sms_callback_secret"]
        {
            if let Some(SourcedValue { place, .. }) = take.sources.value(name) {
                take.mistakes.push(format!("{place}: belongs to an SMS gateway, and none is named; set USHER_SMS_URL"));
            }
        }
        return None;
    };
    SmsGateway::new(url, parts).map_err(|(name, problem)| take.mistake(name, &problem)).ok()
}

fn switch(text: &str) -> Result<bool, String> {
    match text.to_lowercase().as_str() {
        "1" | "true" | "yes" => Ok(true),
        "0" | "false" | "no" => Ok(false),
        _ => Err(format!("\"{text}\" is neither yes nor no; write 1 or 0")),
    }
}

fn listen(text: &str) -> Result<SocketAddr, String> {
    let port = text.rsplit(':').next().and_then(|port| port.parse::<u16>().ok()).unwrap_or(3000);
    text.parse().map_err(|_| {
        format!(
            "\"{text}\" is not an IP address with a port; write 127.0.0.1:{port} (this machine only) or 0.0.0.0:{port} \
             (every network)"
        )
    })
}

/// The address by which a browser on this machine reaches what listens there.
fn near(listen: SocketAddr) -> String {
    if listen.ip().is_unspecified() { format!("localhost:{}", listen.port()) } else { listen.to_string() }
}

fn public_url(text: &str) -> Result<Url, String> {
    let bare = text.trim_start_matches('/');
    let is_near = bare.starts_with("localhost") || bare.starts_with("127.") || bare.starts_with('[');
    let guess = format!("{}://{bare}", if is_near { "http" } else { "https" });
    let not_an_address = || format!("\"{text}\" is not an address; write {guess}");
    if !text.contains("://") {
        let is_good_guess = Url::parse(&guess).is_ok_and(|url| url.has_host());
        return Err(if is_good_guess { not_an_address() } else { no_address(text) });
    }
    let url = Url::parse(text).map_err(|_| no_address(text))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(format!("\"{text}\" begins with {}://; write https://", url.scheme()));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("holds a user or password; leave them out".into());
    }
    if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
        let root = url.origin().ascii_serialization();
        return Err(format!("\"{text}\" goes on behind the host, but Usher has its host to itself; write {root}"));
    }
    Ok(url)
}

fn no_address(text: &str) -> String {
    format!("\"{text}\" is not an address; write one like https://usher.acme.by")
}

fn path(text: &str) -> Result<PathBuf, String> {
    if text.contains('\0') { Err("is not a path".into()) } else { Ok(text.into()) }
}

/// The longest file of authorities: all public ones together take a quarter of a megabyte.
const MOST_AUTHORITIES: u64 = 4 << 20;

/// Reads the file now, so that what is wrong with it is named with the other mistakes.
fn authorities(text: &str) -> Result<Authorities, String> {
    let cannot = |error: std::io::Error| format!("{text} cannot be read ({error})");
    let mut pem = Vec::new();
    File::open(path(text)?).map_err(cannot)?.take(MOST_AUTHORITIES + 1).read_to_end(&mut pem).map_err(cannot)?;
    if pem.len() as u64 > MOST_AUTHORITIES {
        return Err(format!("{text} is too long for a file of certificates"));
    }
    Authorities::parse(&pem).map_err(|problem| format!("{text} {problem}"))
}

fn usual_database(data_dir: &Path) -> String {
    let path = data_dir.join("usher.db").display().to_string();
    // `%` and `?` have a meaning in the address of a database.
    format!("sqlite:{}", path.replace('%', "%25").replace('?', "%3f"))
}

/// Never repeats the text: it may hold a password.
fn database_url(text: &str) -> Result<SecretString, String> {
    const MEND: &str = "write sqlite:PATH or postgres://user:password@host/name";
    if let Some(path) = text.strip_prefix("sqlite:") {
        if path.trim_start_matches('/').is_empty() || path.starts_with('?') {
            return Err(format!("names no file; {MEND}"));
        }
        if path.contains(":memory:") || path.contains("mode=memory") {
            return Err(format!("is a database in memory, which would be lost at every stop; {MEND}"));
        }
        return Ok(text.into());
    }
    if text.starts_with("postgres://") || text.starts_with("postgresql://") {
        Url::parse(text).map_err(|error| {
            format!("is not an address ({error}); {MEND}, and in the password %40 for @, %2F for /, %3A for :")
        })?;
        return Ok(text.into());
    }
    Err(format!("is not the address of a database that Usher knows; {MEND}"))
}

/// Reads `Name <address>` or an address. The name is everything before the last `<`; between double quotes, `\"` and `\\` stand
/// for themselves, as in a mail.
fn sender(text: &str) -> Result<Sender, String> {
    const MEND: &str = "write one like Usher <usher@acme.by>";
    let text = text.trim();
    let (name, address) = match text.strip_suffix('>').and_then(|text| text.rsplit_once('<')) {
        Some((name, address)) => (unquoted(name.trim()), address),
        None => (String::new(), text),
    };
    let is_address = |word: &str| Email::parse(word.trim_matches(['<', '>'])).is_ok();
    if name.split([' ', ',', ';']).any(is_address) || address.matches('@').count() > 1 {
        return Err(format!("names two addresses, and mails come from one; {MEND}"));
    }
    // Both would break out of the line in which the name stands; an encoded word would become something else there.
    let is_odd = |letter: char| letter.is_control() || is_bidi_control(letter);
    if name.chars().any(is_odd) || name.contains("=?") || name.chars().count() > 100 {
        return Err(format!("the name cannot stand in a mail; {MEND}"));
    }
    let address = Email::parse(address).map_err(|_| format!("\"{address}\" is not an e-mail address; {MEND}"))?;
    Ok(Sender { name: (!name.is_empty()).then_some(name), address })
}

/// A name without the quotes that stand around all of it, and with what is escaped in them as it is meant.
fn unquoted(name: &str) -> String {
    let Some(inner) = name.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) else { return name.into() };
    let mut plain = String::with_capacity(inner.len());
    let mut letters = inner.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => plain.extend(letters.next()),
            // The quotes belong to parts of the name, not to all of it.
            '"' => return name.into(),
            _ => plain.push(letter),
        }
    }
    plain.trim().into()
}

/// `usher@` the host of the public address, or a local one.
fn usual_sender(public_url: Option<&Url>) -> Option<Sender> {
    let host = match public_url.and_then(Url::host) {
        Some(Host::Domain(host)) => host.to_string(),
        _ => String::new(),
    };
    let address = Email::parse(&format!("usher@{host}")).or_else(|_| Email::parse(LOCAL_SENDER)).ok()?;
    // Without a name of the operator's, messages come from the organisation.
    Some(Sender { name: None, address })
}

/// Whether nobody chose the sender and it could not be made from the public address: no relay elsewhere will take it.
pub fn is_local_sender(sender: &Sender) -> bool {
    sender.address.as_str() == LOCAL_SENDER
}

fn trusted_proxies(text: &str) -> Result<usize, String> {
    let number = text.parse().ok().filter(|number| *number <= MOST_PROXIES);
    number.ok_or_else(|| {
        format!("\"{text}\" is not a number of proxies; write 0 without a proxy, 1 behind one (at most {MOST_PROXIES})")
    })
}

/// Only an address: the server that answers for names cannot be found by its own.
fn dns(text: &str) -> Result<SocketAddr, String> {
    let bare = text.trim_matches(['[', ']']).parse::<IpAddr>().map(|ip| SocketAddr::new(ip, 53));
    text.parse().or(bare).map_err(|_| {
        format!("\"{text}\" is not the IP address of a name server; write one like 192.0.2.53 or 192.0.2.53:53")
    })
}

fn log(text: &str) -> Result<String, String> {
    let is_one_word = text.chars().all(char::is_alphanumeric);
    let is_level = matches!(text.to_lowercase().as_str(), "off" | "error" | "warn" | "info" | "debug" | "trace");
    if is_level || (!is_one_word && super::logging::filter(text).is_ok()) {
        return Ok(text.to_string());
    }
    Err(format!("\"{text}\" is not a log level; write error, warn, info, debug or trace, or by part: warn,usher=debug"))
}

fn log_format(text: &str) -> Result<Format, String> {
    match text {
        "text" => Ok(Format::Text),
        "json" => Ok(Format::Json),
        _ => Err(format!("\"{text}\" is not a log format; write text or json")),
    }
}

#[cfg(test)]
mod tests;
