//! A link that an administrator handed over was seen by others than whoever has the mailbox. It makes no account and tells
//! nothing of one: it has a code sent to the invitation's address, and whoever types the code gets the genuine link, as if they
//! had opened that message. From there on everything is as with any invitation.

use super::accept::{FoundLink, still_open};
use super::{UseCaseError, header_id, outbox};
use crate::domain::message::{CODES_AN_HOUR, CodeFit, Lane, MessageKind, WRONG_CODES_AN_HOUR, code_window, judge_code};
use crate::domain::timestamp::{Duration, Timestamp};
use crate::server::app::App;
use crate::server::secrets;
use crate::server::storage::messages::NewMessage;
use crate::server::storage::{Tx, attempts};
use subtle::ConstantTimeEq;

/// Counts one more of something about an invitation in an hour.
///
/// # Errors
/// `TooMany` when there were `most`.
async fn room_for(tx: &mut Tx, subject: &str, most: i64, now: Timestamp) -> Result<(), UseCaseError> {
    let (so_far, until) = attempts::so_far(tx, subject, now).await?;
    match so_far < most {
        true => Ok(()),
        false => Err(UseCaseError::TooMany { seconds: (until - now).as_seconds_up() }),
    }
}

/// What a link opens, if it was handed over; `None` of a genuine one. Asked with a look first: a forged one never gets as far
/// as the writer.
async fn handed(app: &App, tx: &mut Tx, link: &str, now: Timestamp) -> Result<Option<FoundLink>, UseCaseError> {
    Ok(Some(still_open(app, tx, link, now).await?).filter(|found| found.is_handed))
}

fn subject(what: &str, found: &FoundLink) -> String {
    format!("{what} {}", secrets::hash(found.invitation.id.as_str()))
}

/// Sends a code to the address of a link that was handed over; of a genuine link, nothing. The same is done and said whoever has
/// the address, and whether the message goes or the address has had enough of them (rule 40).
///
/// # Errors
/// `TooMany` after a few in an hour; why the link is dead.
pub async fn send_code(app: &App, link: &str) -> Result<(), UseCaseError> {
    let now = app.clock.now();
    if handed(app, &mut app.db.read().await?, link, now).await?.is_none() {
        return Ok(());
    }
    let mut tx = app.db.write().await?;
    let Some(found) = handed(app, &mut tx, link, now).await? else { return Ok(()) };
    let invitation = &found.invitation;
    let asked = subject("codes", &found);
    room_for(&mut tx, &asked, CODES_AN_HOUR, now).await?;
    attempts::count_in(&mut tx, &asked, Duration::hours(1), now).await?;
    match outbox::postage(app, &mut tx, found.via.as_str(), None, now).await {
        Ok(postage) => {
            let id = outbox::new_id(now);
            let message = NewMessage {
                header_id: header_id(app, &format!("{id}.code")),
                id,
                kind: MessageKind::Code,
                channel: found.via.channel(),
                user_id: &invitation.user_id,
                invitation_id: Some(&invitation.id),
                reset_id: None,
                generation: code_window(now),
                due_at: now,
                lane: Lane::Urgent,
                postage,
            };
            outbox::queue(&mut tx, &message, now).await?;
        }
        Err(UseCaseError::Rests(_)) => {}
        Err(refusal) => return Err(refusal),
    }
    tx.commit().await?;
    Ok(())
}

/// The genuine link, for whoever types the code that was sent to its address.
///
/// # Errors
/// `WrongMailCode`, `MailCodeExpired`; `TooMany` after some of those in an hour; why the link is dead.
pub async fn prove(app: &App, link: &str, typed: &str) -> Result<String, UseCaseError> {
    let now = app.clock.now();
    if handed(app, &mut app.db.read().await?, link, now).await?.is_none() {
        return Ok(link.into());
    }
    let mut tx = app.db.write().await?;
    let Some(found) = handed(app, &mut tx, link, now).await? else { return Ok(link.into()) };
    let invitation = &found.invitation;
    let wrong = subject("wrong codes", &found);
    room_for(&mut tx, &wrong, WRONG_CODES_AN_HOUR, now).await?;
    // However it was broken up.
    let typed: String = typed.chars().filter(char::is_ascii_alphanumeric).collect();
    let fit = judge_code(now, |window| {
        let code = app.key.invitation_code(&invitation.id, invitation.generation, window, found.via.as_str());
        code.as_bytes().ct_eq(typed.as_bytes()).into()
    });
    let refusal = match fit {
        CodeFit::Right => {
            attempts::forget(&mut tx, &wrong).await?;
            tx.commit().await?;
            return Ok(app.key.invitation_link(&invitation.id, invitation.generation, found.via.as_str()));
        }
        CodeFit::Expired => UseCaseError::MailCodeExpired,
        CodeFit::Wrong => UseCaseError::WrongMailCode,
    };
    attempts::count_in(&mut tx, &wrong, Duration::hours(1), now).await?;
    tx.commit().await?;
    Err(refusal)
}
