//! `usher token`: tokens of the API for programs that no person looks after, and the list of all there are.

use super::{CliError, parts, say};
use crate::domain::error::{Conflict, Invalid, UseCaseError};
use crate::domain::id::TokenId;
use crate::domain::token::{MOST_TOKENS, NAME_LIMIT};
use crate::server::app::App;
use crate::server::config::Config;
use crate::server::dates;
use crate::server::use_cases::tokens::{self, OwnedToken};
use clap::Subcommand;

/// What is done about tokens.
#[derive(Debug, Subcommand)]
pub enum TokenCommand {
    /// Make a token; it is printed once, alone on standard output
    Create {
        /// Whose it is: it shows what they may see at that moment
        #[arg(long = "for", value_name = "ADDRESS")]
        owner: String,
        /// What it is for, for example the name of the program
        #[arg(long)]
        name: String,
        /// For how many days it works, at most 365
        #[arg(long, default_value = "90")]
        days: String,
    },
    /// List everybody's tokens that work, without their secrets
    List,
    /// End a token at once
    Revoke {
        /// Its id, as `usher token list` names it
        id: String,
    },
}

/// Does what is wanted and says so.
pub async fn token(config: Config, wanted: &TokenCommand) -> Result<(), CliError> {
    let app = parts::app(config).await?;
    let done = run(&app, wanted).await;
    app.db.close().await;
    done.map_err(|refusal| explain(&refusal, wanted))
}

async fn run(app: &App, wanted: &TokenCommand) -> Result<(), UseCaseError> {
    match wanted {
        TokenCommand::Create { owner, name, days } => {
            let made = tokens::make_for(app, owner, name, days).await?;
            say(&made.secret);
            eprintln!("The token works until {}. It is not shown again.", dates::rfc3339(made.token.expires_at));
        }
        TokenCommand::List => {
            for owned in tokens::all(app).await? {
                say(&line(&owned));
            }
        }
        TokenCommand::Revoke { id } => {
            let token = tokens::revoke_any(app, &TokenId::new(id.trim())).await?;
            say(&format!("The token \"{}\" is refused from now on.", token.name));
        }
    }
    Ok(())
}

fn line(owned: &OwnedToken) -> String {
    let OwnedToken { token, owner } = owned;
    let used = token.last_used_at.map_or_else(|| "never".into(), dates::rfc3339);
    let until = dates::rfc3339(token.expires_at);
    format!("{}  {owner}  \"{}\"  last used {used}  until {until}", token.id, token.name)
}

fn explain(refusal: &UseCaseError, wanted: &TokenCommand) -> CliError {
    match (refusal, wanted) {
        (UseCaseError::NotFound, TokenCommand::Create { owner, .. }) => {
            format!("nobody signs in as \"{owner}\"; name somebody by address, phone number or login")
        }
        (UseCaseError::NotFound, _) => "there is no such token; see: usher token list".into(),
        (UseCaseError::Invalid(Invalid::TokenName), _) => {
            format!("a token's name has 1 to {NAME_LIMIT} characters that can be shown; see --name")
        }
        (UseCaseError::Invalid(Invalid::TokenLife), _) => "a token works for 1 to 365 days; see --days".into(),
        (UseCaseError::Conflict(Conflict::TooManyTokens), _) => {
            format!("they have {MOST_TOKENS} tokens already; revoke one: usher token list")
        }
        (UseCaseError::AccessBlocked | UseCaseError::Denied(_), _) => {
            "they may see nobody themselves, so a token of theirs would show nothing".into()
        }
        (UseCaseError::Busy, _) => "the database is busy; try again in a moment".into(),
        (UseCaseError::DatabaseAway, _) => "the database does not answer; see that it runs".into(),
        (UseCaseError::NoRoom, _) => "there is no room on the disk; nothing was changed".into(),
        (other, _) => format!("it was refused ({other:?})"),
    }
}
