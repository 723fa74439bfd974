//! `usher ingest-bounce`: a mail that came back, from standard input, as a mail server's alias or a filter gives it. What it says
//! stands in the invitation's history then. Nothing is sent, and a mail that says nothing about ours is no mistake: a mail server
//! would answer it with another bounce.

use super::{CliError, parts, say};
use crate::server::config::Config;
use crate::server::delivery::{LARGEST_REPORT, read_report};
use crate::server::use_cases::bounces;
use std::io::Read;

/// Reads the mail and says what was made of it.
pub async fn ingest_bounce(config: Config) -> Result<(), CliError> {
    let mut mail = Vec::new();
    let most = u64::try_from(LARGEST_REPORT).unwrap_or(u64::MAX);
    let read = std::io::stdin().take(most).read_to_end(&mut mail);
    read.map_err(|error| format!("the mail could not be read ({error})"))?;
    let Some(report) = read_report(&mail) else {
        say("This is no report about a mail that came back; nothing was changed.");
        return Ok(());
    };
    let app = parts::app(config).await?;
    let noted = bounces::note(&app, &report).await;
    app.db.close().await;
    let is_new = noted.map_err(|refusal| format!("the report could not be kept ({refusal:?})"))?;
    say(if is_new {
        "The report stands in the history of its message."
    } else {
        "The report is about no message of ours, or was known; nothing was changed."
    });
    Ok(())
}
