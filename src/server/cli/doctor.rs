//! `usher doctor`: looks at everything that an installation stands on, and says how to mend what is wrong. It changes
//! nothing that matters. The looking is done in `doctor/`.

mod checks;
mod reach;
mod room;

use super::{CliError, say};
use crate::server::config::Config;
use url::{Host, Url};

/// What a check found.
#[derive(Debug, PartialEq, Eq)]
enum Finding {
    /// All is well, and what was seen.
    Well(String),
    /// It could not be looked at, and why; nothing is wrong for that.
    Skipped(String),
    Problem {
        what: String,
        mend: String,
    },
}

impl Finding {
    fn well(what: impl Into<String>) -> Self {
        Self::Well(what.into())
    }

    fn skipped(why: impl Into<String>) -> Self {
        Self::Skipped(why.into())
    }

    fn problem(what: impl Into<String>, mend: impl Into<String>) -> Self {
        Self::Problem { what: what.into(), mend: mend.into() }
    }

    /// The lines that the operator reads.
    fn report(&self, subject: &str) -> String {
        match self {
            Self::Well(what) => format!("ok       {subject}: {what}"),
            Self::Skipped(why) => format!("skipped  {subject}: {why}"),
            Self::Problem { what, mend } => format!("PROBLEM  {subject}: {what}\n         {mend}"),
        }
    }
}

/// Looks at everything and reports.
///
/// # Errors
/// When there is a problem, so that a script sees it by the exit code.
pub async fn examine(config: &Config) -> Result<(), CliError> {
    let database = checks::OpenedDatabase::open(config).await;
    let findings = [
        ("data folder", checks::data_folder(config)),
        ("room", room::room(config)),
        ("key", checks::key(config, database.has_people().await, database.key_fingerprint().await)),
        ("database", database.finding().await),
        ("its rows", database.rows().await),
        ("clock", checks::clock(database.database()).await),
        ("relay", checks::relay(config).await),
        ("SMS gateway", checks::gateway(config).await),
        ("name server", reach::name_server(config, database.checks_domains().await).await),
        ("sender", checks::sender(config)),
        ("public address", checks::public_address(config)),
        ("its name", reach::name(config).await),
        ("the server", reach::server(config).await),
        ("proxies", reach::proxies(config).await),
    ];
    database.close().await;
    for (subject, finding) in &findings {
        say(&finding.report(subject));
    }
    let problems = findings.iter().filter(|(_, finding)| matches!(finding, Finding::Problem { .. })).count();
    match problems {
        0 => Ok(()),
        1 => Err("1 problem was found".into()),
        more => Err(format!("{more} problems were found")),
    }
}

/// Whether an address leads to the machine itself, so that nobody else can follow it.
pub fn is_near(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback() || address.is_unspecified(),
        Some(Host::Ipv6(address)) => address.is_loopback() || address.is_unspecified(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_near_when_only_this_machine_can_follow_it() {
        let near = |text: &str| is_near(&Url::parse(text).expect("an address"));
        assert!(near("http://localhost:3000") && near("http://127.0.0.1") && near("http://[::1]:3000"));
        assert!(!near("https://acme.by") && !near("http://192.168.0.4"));
    }
}
