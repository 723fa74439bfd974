//! Asking for a security report (rule 67): to read it on its page, which writes nothing, or to have it sent to one's own address, which
//! the history keeps. Who may is who may see the history of somebody whom they may act on.

use super::{Actor, AuditEntry, UseCaseError, outbox, record, scope, users};
use crate::domain::audit::AuditAction;
use crate::domain::contact::{Address, Channel};
use crate::domain::error::Conflict;
use crate::domain::id::{UnitId, UserId};
use crate::domain::message::MessageKind;
use crate::domain::permission::Permission;
use crate::domain::policy::{Authority, Request};
use crate::domain::security_report::ReportSubject;
use crate::domain::timestamp::Timestamp;
use crate::domain::user::{User, UserAction};
use crate::server::app::App;
use crate::server::security_reports::{self, ReportReader, Reported};
use crate::server::storage::{Tx, security_reports as stored, users as people};
use crate::view_models::ReportPage;

/// The report about a person.
///
/// # Errors
/// `NotFound` for whom one does not see, `Denied` for whom one may not act on.
pub async fn of_person(app: &App, caller: &Actor, id: &UserId) -> Result<ReportPage, UseCaseError> {
    let (mut tx, authority) = super::read_as(app, caller).await?;
    show(app, &mut tx, caller, &authority, &ReportSubject::Person(id.clone())).await
}

/// The report about everybody in a unit and below; without one, about everybody whose history one sees.
///
/// # Errors
/// As for the history.
pub async fn of_unit(app: &App, caller: &Actor, unit: Option<&UnitId>) -> Result<ReportPage, UseCaseError> {
    let (mut tx, authority) = super::read_as(app, caller).await?;
    let unit = scope(&mut tx, &authority, Permission::SeeAudit, unit).await?;
    show(app, &mut tx, caller, &authority, &ReportSubject::Unit(unit.id)).await
}

async fn show(
    app: &App,
    tx: &mut Tx,
    caller: &Actor,
    authority: &Authority,
    about: &ReportSubject,
) -> Result<ReportPage, UseCaseError> {
    let language = users::reader_for(tx, caller, app.clock.now()).await?.language;
    let reader = ReportReader::new(app, &super::settings_of(tx).await?, language);
    let report = match security_reports::compose(tx, &reader, authority, about).await? {
        Reported::Report(report) => *report,
        Reported::Hidden => return Err(UseCaseError::NotFound),
        Reported::Refused(denied) => return Err(denied.into()),
    };
    let send_to = own_address(&own(tx, caller).await?).map(|address| address.in_letters());
    Ok(ReportPage { report, send_to })
}

/// Sends the report about a person to whoever asks for it.
///
/// # Errors
/// As [`of_person`]; `Conflict` where the asker has no address of their own, `Rests` where enough went there.
pub async fn send_of_person(app: &App, caller: &Actor, id: &UserId) -> Result<(), UseCaseError> {
    let now = app.clock.now();
    let (mut tx, authority) = super::write_as(app, caller).await?;
    let person = super::target(&mut tx, &authority, UserAction::Report, id, now).await?;
    let line = AuditEntry { actor: caller.by(), subject: Some(id), unit: person.unit(), ..AuditEntry::default() };
    send(app, &mut tx, caller, &ReportSubject::Person(id.clone()), line, now).await?;
    Ok(tx.commit().await?)
}

/// Sends the report about a unit, in the same way.
///
/// # Errors
/// As [`of_unit`] and [`send_of_person`].
pub async fn send_of_unit(app: &App, caller: &Actor, unit: Option<&UnitId>) -> Result<(), UseCaseError> {
    let now = app.clock.now();
    let (mut tx, authority) = super::write_as(app, caller).await?;
    let unit = scope(&mut tx, &authority, Permission::SeeAudit, unit).await?;
    // It tells of people.
    super::require(&authority, Request::Use(Permission::SeeUsers))?;
    let line = AuditEntry { actor: caller.by(), unit: Some(unit.id.clone()), ..AuditEntry::default() };
    send(app, &mut tx, caller, &ReportSubject::Unit(unit.id), line, now).await?;
    Ok(tx.commit().await?)
}

/// Queues the message, within what an address may get and somebody may cause, and writes down who asked for what.
async fn send(
    app: &App,
    tx: &mut Tx,
    caller: &Actor,
    about: &ReportSubject,
    line: AuditEntry<'_>,
    now: Timestamp,
) -> Result<(), UseCaseError> {
    let user = own(tx, caller).await?;
    let address = own_address(&user).ok_or(Conflict::OwnAddressNotConfirmed)?;
    let postage = outbox::postage(app, tx, address.as_str(), Some(&user.id), now).await?;
    let message = outbox::message(app, MessageKind::SecurityReport, (&address, &user.id), postage, now);
    outbox::queue(tx, &message, now).await?;
    stored::insert(tx, &message.id, about).await?;
    record(tx, AuditAction::ReportAsked, line, now).await
}

async fn own(tx: &mut Tx, caller: &Actor) -> Result<User, UseCaseError> {
    people::find(tx, &caller.user_id).await?.ok_or(UseCaseError::SignInFirst)
}

/// Where a report goes: to the asker's own mailbox and nowhere else, once it is known to be theirs.
fn own_address(user: &User) -> Option<Address> {
    user.proven_address().filter(|address| address.channel() != Channel::Sms)
}
