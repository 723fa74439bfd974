//! A link that an administrator handed over was seen by others than whoever has the mailbox. It makes no account and tells
//! nothing of one: it has a code sent to the invitation's address, and whoever types the code gets the genuine link, as if they
//! had opened that message. From there on everything is as with any invitation.

use super::accept::{FoundLink, still_open};
use super::tries::CountedTries;
use super::{UseCaseError, outbox};
use crate::domain::message::{CODES_AN_HOUR, CodeFit, MessageKind, WRONG_CODES_AN_HOUR, code_window, judge_code};
use crate::domain::timestamp::Timestamp;
use crate::server::app::App;
use crate::server::secrets;
use crate::server::storage::Tx;
use crate::server::storage::messages::NewMessage;
use subtle::ConstantTimeEq;

/// What a link opens, if it was handed over; `None` of a genuine one. Asked with a look first: a forged one never gets as far
/// as the writer.
async fn handed(app: &App, tx: &mut Tx, link: &str, now: Timestamp) -> Result<Option<FoundLink>, UseCaseError> {
    Ok(Some(still_open(app, tx, link, now).await?).filter(|found| found.is_handed))
}

/// How often something about an invitation is tried in an hour.
fn tries(most: i64, what: &str, found: &FoundLink) -> CountedTries {
    CountedTries::an_hour(most, format!("{what} {}", secrets::hash(found.invitation.id.as_str())))
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
    tries(CODES_AN_HOUR, "codes", &found).count(&mut tx, now).await?;
    match outbox::postage(app, &mut tx, found.via.as_str(), None, now).await {
        Ok(postage) => {
            let message = NewMessage {
                invitation_id: Some(&invitation.id),
                generation: code_window(now),
                ..outbox::message(app, MessageKind::Code, (&found.via, &invitation.user_id), postage, now)
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
    let wrong = tries(WRONG_CODES_AN_HOUR, "wrong codes", &found);
    wrong.count(&mut tx, now).await?;
    // However it was broken up.
    let typed: String = typed.chars().filter(char::is_ascii_alphanumeric).collect();
    let fit = judge_code(now, |window| {
        let code = app.key.invitation_code(&invitation.id, invitation.generation, window, found.via.as_str());
        code.as_bytes().ct_eq(typed.as_bytes()).into()
    });
    let refusal = match fit {
        CodeFit::Right => {
            wrong.forget(&mut tx).await?;
            tx.commit().await?;
            return Ok(app.key.invitation_link(&invitation.id, invitation.generation, found.via.as_str()));
        }
        CodeFit::Expired => UseCaseError::MailCodeExpired,
        CodeFit::Wrong => UseCaseError::WrongMailCode,
    };
    tx.commit().await?;
    Err(refusal)
}
