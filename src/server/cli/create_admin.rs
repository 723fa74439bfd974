//! `usher create-admin`: a main administrator from the command line, for the first one and for the day when nobody can
//! get in any more. The password comes from standard input only: arguments can be seen by everyone on the machine.

use super::{CliError, parts, say};
use crate::domain::error::{Conflict, Invalid, UseCaseError};
use crate::domain::password::{LONGEST, PasswordProblem};
use crate::server::config::Config;
use crate::server::storage::users;
use crate::server::use_cases::set_up;
use clap::Args;
use secrecy::{ExposeSecret, SecretString};
use std::io::{BufRead, IsTerminal};
use std::process::{Command, Stdio};

/// Who becomes a main administrator.
#[derive(Debug, Args)]
pub struct NewAdmin {
    /// The address to sign in with
    #[arg(long, value_name = "ADDRESS")]
    email: String,
    /// The name that others see
    #[arg(long)]
    name: String,
    /// The organisation's name, when Usher has not been set up yet
    #[arg(long, value_name = "NAME")]
    organisation: Option<String>,
}

/// Makes the administrator and says so.
pub async fn create_admin(config: Config, wanted: &NewAdmin) -> Result<(), CliError> {
    let app = parts::app(config).await?;
    let mut tx = app.db.read().await.map_err(|error| error.to_string())?;
    let is_set_up = users::is_anybody_there(&mut tx).await.map_err(|error| error.to_string())?;
    drop(tx);
    // Asked before the password is: nobody likes to type it twice.
    if !is_set_up && wanted.organisation.is_none() {
        return Err("nobody is there yet; name the organisation too: --organisation \"Acme Logistics\"".into());
    }
    if is_set_up && wanted.organisation.is_some() {
        return Err("Usher has been set up already and its organisation has a name; leave --organisation out".into());
    }
    let password = ask_password().await?;
    let organisation = wanted.organisation.as_deref();
    let made = set_up::create_administrator(&app, &wanted.name, &wanted.email, &password, organisation).await;
    app.db.close().await;
    made.map_err(|refusal| explain(&refusal, wanted))?;
    say(&format!("{} is a main administrator now and signs in at {}.", wanted.email, app.config.link("/sign-in")));
    Ok(())
}

fn explain(refusal: &UseCaseError, wanted: &NewAdmin) -> CliError {
    let NewAdmin { email, name, .. } = wanted;
    match refusal {
        UseCaseError::Invalid(Invalid::Email(_)) => {
            format!("\"{email}\" is not an e-mail address; write one like olga@acme.by")
        }
        UseCaseError::Invalid(Invalid::Name(_)) => {
            format!("\"{}\" is not a name; write 1 to 200 letters without control characters", name.escape_debug())
        }
        UseCaseError::Invalid(Invalid::OrganisationName) => {
            "the organisation's name must have 1 to 100 characters; see --organisation".into()
        }
        UseCaseError::Invalid(Invalid::Password(problem)) => format!("the password {}", explain_password(*problem)),
        UseCaseError::Conflict(Conflict::EmailTaken) => {
            format!("somebody with the address {email} is there already; take another address, or change their role")
        }
        UseCaseError::AlreadySetUp => {
            "somebody has just set Usher up; run the command again without --organisation".into()
        }
        UseCaseError::Busy => "the database is busy; try again in a moment".into(),
        UseCaseError::DatabaseAway => "the database does not answer; see that it runs".into(),
        UseCaseError::NoRoom => "there is no room on the disk; nothing was changed".into(),
        other => format!("it was refused ({other:?})"),
    }
}

fn explain_password(problem: PasswordProblem) -> String {
    match problem {
        PasswordProblem::TooShort { min } => format!("is too short; take {min} characters or more"),
        PasswordProblem::TooLong => format!("is too long; take at most {LONGEST} bytes"),
        PasswordProblem::Guessable => {
            "is easy to guess: common, or made of the name or address; take a few unrelated words".into()
        }
        PasswordProblem::NeedsUpper => "needs a capital letter".into(),
        PasswordProblem::NeedsLower => "needs a small letter".into(),
        PasswordProblem::NeedsDigit => "needs a digit".into(),
        PasswordProblem::NeedsSpecial => "needs a character that is neither letter nor digit".into(),
    }
}

/// The password from standard input: at a terminal asked for twice and not shown, otherwise the first line.
async fn ask_password() -> Result<SecretString, CliError> {
    if !std::io::stdin().is_terminal() {
        return read_line(std::io::stdin().lock());
    }
    let _hidden = Hidden::begin();
    let typed = tokio::task::spawn_blocking(|| {
        eprint!("Password: ");
        let first = read_line(std::io::stdin().lock())?;
        eprint!("\nOnce more: ");
        let second = read_line(std::io::stdin().lock())?;
        eprintln!();
        Ok::<_, CliError>((first, second))
    });
    let (first, second) = tokio::select! {
        typed = typed => typed.map_err(|error| error.to_string())??,
        _ = tokio::signal::ctrl_c() => return Err("stopped; nothing was changed".into()),
    };
    if first.expose_secret() != second.expose_secret() {
        return Err("the two passwords differ; run the command again".into());
    }
    Ok(first)
}

/// One line without its end; nothing else is taken away from a password (AU-03).
fn read_line(input: impl BufRead) -> Result<SecretString, CliError> {
    let mut line = String::new();
    // A little more than the longest password, so that one that is too long is refused and not cut.
    let most = u64::try_from(LONGEST).unwrap_or(u64::MAX).saturating_add(16);
    input
        .take(most)
        .read_line(&mut line)
        .map_err(|error| format!("the password could not be read from standard input: {error}"))?;
    let line = line.strip_suffix('\n').unwrap_or(&line);
    let line = line.strip_suffix('\r').unwrap_or(line);
    if line.is_empty() {
        return Err("standard input holds no password; for example: usher create-admin … < password.txt".into());
    }
    Ok(line.into())
}

/// While it lives, the terminal does not show what is typed.
struct Hidden;

impl Hidden {
    fn begin() -> Self {
        set_echo("-echo");
        Self
    }
}

impl Drop for Hidden {
    fn drop(&mut self) {
        set_echo("echo");
    }
}

fn set_echo(how: &str) {
    // Not by a library: rpassword reads in a thread of its own, and whoever breaks off there is left with a terminal that shows
    // nothing. Where there is no `stty`, the password is seen while it is typed; that is no reason to refuse.
    let _ = Command::new("stty").arg(how).stderr(Stdio::null()).status();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_one_line_with_all_its_blanks() {
        let read = |text: &str| read_line(text.as_bytes()).map(|password| password.expose_secret().to_string());
        assert_eq!(read(" copper lamp \r\nmore"), Ok(" copper lamp ".into()));
        assert_eq!(read("copper"), Ok("copper".into()));
        assert!(read("\n").is_err());
        assert!(read("").is_err());
        let long = "x".repeat(LONGEST + 1);
        assert_eq!(read(&long), Ok(long));
    }
}
