//! The checks that look at this machine: folder, key, database, clock, relay, SMS gateway, sender, public address.
//! None of them changes or makes anything that stays, but for the row that shows that the database can be written to.

use super::super::{parts, settings};
use super::{Finding, is_near};
use crate::domain::timestamp::Timestamp;
use crate::server::clock::Clock;
use crate::server::config::Config;
use crate::server::secrets::Key;
use crate::server::storage::{Corrupt, Database, Unfit, condition, look_through, settings as stored, users};
use crate::server::{delivery, random};
use std::io::ErrorKind;
use std::path::Path;

/// How many places are named that cannot be read.
const MOST_NAMED: usize = 20;

/// How far the database's clock may be from ours.
const DRIFT: i64 = 5_000;

/// 2025-01-01 and 2100-01-01: a clock outside was never set.
const SANE: std::ops::Range<i64> = 1_735_689_600_000..4_102_444_800_000;

/// The database as far as it could be opened without making it.
pub enum OpenedDatabase {
    /// Nothing has been made yet.
    NotYet,
    /// It is missing, and there was one of this name.
    Lost(String),
    /// It is open, and has this name.
    Open(Database, String),
    /// It could not be opened, and why.
    Closed(String),
}

impl OpenedDatabase {
    /// Opens the database, unless that would make it.
    pub async fn open(config: &Config) -> Self {
        if let Some(file) = parts::sqlite_file(config) {
            if parts::is_lost(config, &file) {
                return Self::Lost(parts::database_name(config));
            }
            if !file.exists() {
                return Self::NotYet;
            }
        }
        match parts::open(config).await {
            Ok(db) => Self::Open(db, parts::database_name(config)),
            Err(trouble) => Self::Closed(trouble),
        }
    }

    /// The database, when it is open.
    pub fn database(&self) -> Option<&Database> {
        if let Self::Open(db, _) = self { Some(db) } else { None }
    }

    /// Whether Usher has been set up; `false` too when it cannot be seen.
    pub async fn has_people(&self) -> bool {
        let Some(db) = self.database() else { return false };
        let Ok(mut tx) = db.read().await else { return false };
        users::is_anybody_there(&mut tx).await.unwrap_or(false)
    }

    /// By what the database knows the key; `None` too when it cannot be seen.
    pub async fn key_fingerprint(&self) -> Option<String> {
        let mut tx = self.database()?.read().await.ok()?;
        stored::key_fingerprint(&mut tx).await.ok()?
    }

    /// Whether the installation asks for the domains of invited addresses; `false` too when it cannot be seen.
    pub async fn checks_domains(&self) -> bool {
        let Some(db) = self.database() else { return false };
        let Ok(mut tx) = db.read().await else { return false };
        stored::load(&mut tx).await.is_ok_and(|settings| settings.is_some_and(|settings| settings.checks_domains))
    }

    /// Whether it can be reached and has this version's schema.
    pub async fn finding(&self) -> Finding {
        let (db, name) = match self {
            Self::NotYet => return Finding::skipped("it is not there yet; the first start makes it"),
            Self::Lost(name) => {
                return Finding::problem(
                    format!("{name} is missing or empty, and there is a key that was used with it"),
                    "Put it back from the backup: usher restore FILE --yes. Where a new installation is meant to begin, move the key away.",
                );
            }
            Self::Closed(trouble) => {
                return Finding::problem(trouble, "Start it, or correct the address, user and password.");
            }
            Self::Open(db, name) => (db, name),
        };
        match condition::schema_versions(db).await {
            Ok(versions) if versions.there == Some(versions.needed) => match db.unfit(Clock::default().now()).await {
                None => Finding::well(format!("{name}, schema {}", versions.needed)),
                Some(unfit) => unwritable(name, unfit),
            },
            Ok(versions) if versions.there.is_some_and(|there| there > versions.needed) => Finding::problem(
                format!("{name} was used by a newer Usher"),
                "Run that version; an older one must not write into it.",
            ),
            Ok(versions) => Finding::problem(
                format!("{name} has schema {}, and {} is needed", versions.there.unwrap_or(0), versions.needed),
                "Run: usher migrate (usher serve does it too).",
            ),
            Err(error) => Finding::problem(
                format!("{name} cannot be read: {error}"),
                "See that the user may read and write it, and that the disk is not full.",
            ),
        }
    }

    /// Whether everything in it can be read.
    pub async fn rows(&self) -> Finding {
        let Some(db) = self.database() else { return Finding::skipped("the database is not open") };
        match condition::schema_versions(db).await {
            Ok(versions) if versions.there == Some(versions.needed) => {}
            _ => return Finding::skipped("the database has another schema"),
        }
        let found = async { look_through(&mut db.read().await?, MOST_NAMED + 1).await };
        match found.await {
            Ok(found) if found.is_empty() => Finding::well("all of them can be read"),
            Ok(found) => unreadable(&found),
            Err(error) => Finding::problem(
                format!("they cannot be looked through: {error}"),
                "See that the user may read the database.",
            ),
        }
    }

    /// Lets go of the database.
    pub async fn close(&self) {
        if let Some(db) = self.database() {
            db.close().await;
        }
    }
}

/// What stands against writing into a database that can be read.
fn unwritable(name: &str, unfit: Unfit) -> Finding {
    match unfit {
        Unfit::Away => Finding::problem(format!("{name} does not answer"), "See that it runs."),
        Unfit::Full => {
            Finding::problem(format!("there is no room for {name}"), "Make room: until then nothing can be changed.")
        }
        Unfit::Gone => Finding::problem(format!("{name} was removed just now"), "Put it back from the backup."),
        Unfit::Failing => Finding::problem(
            format!("{name} can be read and not be written to"),
            "See that it is not set to read only (Postgres: default_transaction_read_only, a standby), and that Usher's user may \
             write into it.",
        ),
    }
}

/// The places that cannot be read, each by table, column and id.
fn unreadable(found: &[Corrupt]) -> Finding {
    let named: Vec<String> = found.iter().take(MOST_NAMED).map(|place| format!("\n         {place}")).collect();
    let more = if found.len() > MOST_NAMED { "\n         and more" } else { "" };
    Finding::problem(
        format!("something in them cannot be read{}{more}", named.concat()),
        "Nothing is guessed in its place: what needs it is answered with an incident. Put it back from a backup, or \
         correct it in the database.",
    )
}

/// The folder is there and can be written to.
pub fn data_folder(config: &Config) -> Finding {
    let folder = &config.data_dir;
    let name = folder.display();
    if !folder.exists() {
        return Finding::skipped(format!("{name} is not there yet; the first start makes it"));
    }
    let trial = folder.join(format!(".doctor-{}", random::typed_code()));
    let written = std::fs::write(&trial, b"trial");
    let _ = std::fs::remove_file(&trial);
    match written {
        Ok(()) => Finding::well(format!("{name} can be written to")),
        Err(error) if error.kind() == ErrorKind::StorageFull => Finding::problem(
            format!("there is no room in {name}"),
            "Make room: until then nothing can be changed, and everything that would change something is answered with 503.",
        ),
        Err(error) => Finding::problem(
            format!("nothing can be written into {name}: {error}"),
            format!("Give it to the user that runs Usher: chown -R usher {name}"),
        ),
    }
}

/// The key can be read, by its owner only.
pub fn key(config: &Config, has_people: bool, known: Option<String>) -> Finding {
    let path = &config.key_file;
    let name = path.display();
    if !path.exists() {
        return if has_people || known.is_some() {
            Finding::problem(
                format!("{name} is missing, and the database has been used with it"),
                "Put it back from the backup; where it is lost for good, usher renew-key makes another, and no link that was sent works.",
            )
        } else {
            Finding::skipped(format!("{name} is not there yet; the first start makes it"))
        };
    }
    let fingerprint = match Key::read(path) {
        Ok(key) => key.map(|key| key.fingerprint()),
        Err(error) => {
            return Finding::problem(
                format!("{name} cannot be used: {error}"),
                "Put the right file back, or give it to the user that runs Usher.",
            );
        }
    };
    if known.is_some() && known != fingerprint {
        return Finding::problem(
            format!("{name} holds another key than the one with which the database is used"),
            "Put the right file back from the backup, or name it in USHER_SECRET_KEY_FILE; where it is lost: usher renew-key.",
        );
    }
    match open_to_others(path) {
        Some(mode) => Finding::problem(
            format!("others on this machine can get at {name} (mode {mode:04o})"),
            format!("Run: chmod 600 {name}"),
        ),
        None => Finding::well(format!("{name} is only its owner's")),
    }
}

/// The mode of a file that is not only its owner's.
#[cfg(unix)]
fn open_to_others(path: &Path) -> Option<u32> {
    use std::os::unix::fs::PermissionsExt;
    let mode = std::fs::metadata(path).ok()?.permissions().mode() & 0o7777;
    (mode & 0o077 != 0).then_some(mode)
}

#[cfg(not(unix))]
fn open_to_others(_: &Path) -> Option<u32> {
    None
}

/// The clock has been set, and the database's agrees.
pub async fn clock(db: Option<&Database>) -> Finding {
    let clock = Clock::default();
    let now = clock.now();
    if !SANE.contains(&now.0) {
        return Finding::problem(
            "the machine's clock shows a year that cannot be",
            "Set it, for example with: timedatectl set-ntp true. Links would end at the wrong moment.",
        );
    }
    let theirs = match db {
        Some(db) => condition::time(db).await,
        None => Ok(None),
    };
    match theirs {
        Ok(Some(theirs)) => drift(clock.now(), theirs),
        Ok(None) => Finding::well("it has been set"),
        Err(error) => Finding::skipped(format!("the database did not say its time ({error})")),
    }
}

fn drift(ours: Timestamp, theirs: Timestamp) -> Finding {
    let apart = (ours - theirs).0.abs();
    if apart > DRIFT {
        return Finding::problem(
            format!("the database's clock is {} s away from this machine's", apart / 1_000),
            "Let both take their time from the network: timedatectl set-ntp true.",
        );
    }
    Finding::well("it has been set, and the database's agrees")
}

/// The relay takes us, with the credentials that we have.
pub async fn relay(config: &Config) -> Finding {
    if config.relay.is_none() {
        return Finding::well("none is set; messages wait in the built-in mailbox (USHER_SMTP_URL sets one)");
    }
    match delivery::check_relay(config).await {
        Ok(answer) => Finding::well(answer),
        Err(problem) => Finding::problem(
            problem,
            "See USHER_SMTP_URL: host, port, user and password, smtp:// or smtps://. If an authority of your own signed the \
                 relay's certificate, name it in USHER_SMTP_CA_FILE.",
        ),
    }
}

/// The SMS gateway can be reached; nothing is sent.
pub async fn gateway(config: &Config) -> Finding {
    if config.sms.is_none() {
        return Finding::well("none is set; SMS wait in the built-in mailbox (USHER_SMS_URL sets one)");
    }
    match delivery::check_gateway(config).await {
        Ok(answer) => Finding::well(answer),
        Err(problem) => Finding::problem(
            problem,
            "See USHER_SMS_URL: host and port, https:// or http://. If an authority of your own signed the gateway's certificate, \
                 name it in USHER_SMS_CA_FILE.",
        ),
    }
}

/// Mails come from an address that relays accept.
pub fn sender(config: &Config) -> Finding {
    let address = config.mail_from.address.as_str();
    if config.relay.is_some() && settings::is_local_sender(&config.mail_from) {
        return Finding::problem(
            format!("mails would come from {address}, which is nobody's address"),
            "Set USHER_MAIL_FROM, for example: Usher <usher@acme.by>",
        );
    }
    Finding::well(format!("mails come from {address}"))
}

/// The public address suits the place where the server listens.
pub fn public_address(config: &Config) -> Finding {
    let url = &config.public_url;
    let is_far = !is_near(url);
    if !is_far && !config.listen.ip().is_loopback() {
        return Finding::problem(
            format!("{url} leads everybody to their own machine, so nobody can open an invitation"),
            "Set USHER_PUBLIC_URL to the address that people type, for example https://usher.acme.by",
        );
    }
    if is_far && !config.is_https() {
        return Finding::problem(
            format!("{url} is not https: passwords and sessions travel in the clear"),
            "Put a proxy with a certificate in front and write https:// in USHER_PUBLIC_URL.",
        );
    }
    if config.is_https() && config.trusted_proxies == 0 {
        return Finding::problem(
            format!("{url} is https, so a proxy stands in front, but none is trusted: all people look like one"),
            "Set USHER_TRUSTED_PROXIES to the number of proxies in front, usually 1.",
        );
    }
    Finding::well(if is_far { format!("{url}") } else { format!("{url}, for this machine only") })
}

#[cfg(test)]
mod tests {
    use super::super::super::Flags;
    use super::*;

    fn config(environment: &[(&str, &str)]) -> Config {
        let environment = environment.iter().map(|(name, value)| (name.into(), value.into()));
        settings::read(&Flags::default(), environment, false).expect("settings").config
    }

    fn is_problem(finding: &Finding) -> bool {
        matches!(finding, Finding::Problem { .. })
    }

    #[test]
    fn a_public_address_must_lead_people_here_and_keep_their_secrets() {
        let found = |url, listen, proxies| {
            let environment = [("USHER_PUBLIC_URL", url), ("USHER_LISTEN", listen), ("USHER_TRUSTED_PROXIES", proxies)];
            is_problem(&public_address(&config(&environment)))
        };
        assert!(!found("http://127.0.0.1:3000", "127.0.0.1:3000", "0"));
        assert!(!found("https://usher.acme.by", "127.0.0.1:3000", "1"));
        assert!(found("https://usher.acme.by", "127.0.0.1:3000", "0"));
        assert!(found("http://usher.acme.by", "0.0.0.0:80", "0"));
        assert!(found("http://localhost:3000", "0.0.0.0:3000", "0"));
    }

    #[test]
    fn the_clocks_may_differ_by_five_seconds() {
        assert!(!is_problem(&drift(Timestamp(10_000), Timestamp(15_000))));
        assert!(is_problem(&drift(Timestamp(15_001), Timestamp(10_000))));
    }

    #[cfg(unix)]
    #[test]
    fn a_key_that_others_can_read_is_a_problem_and_a_lost_one_too() {
        use std::os::unix::fs::PermissionsExt;
        let folder = std::env::temp_dir().join(format!("usher-{}", random::secret()));
        let config = config(&[("USHER_DATA_DIR", &folder.display().to_string())]);
        assert!(!is_problem(&key(&config, false, None)));
        assert!(is_problem(&key(&config, true, None)));
        Key::make(&config.key_file).expect("a key");
        assert!(!is_problem(&key(&config, true, None)));
        std::fs::set_permissions(&config.key_file, std::fs::Permissions::from_mode(0o644)).expect("changed");
        assert!(is_problem(&key(&config, true, None)));
        std::fs::remove_dir_all(folder).expect("removed");
    }
}
