//! Looking at the rows of a form without inviting anybody: each gets its verdict, and the form is kept with them.

use super::desk::Desk;
use super::judge::{Facts, Lookalikes};
use super::reading::{FormRow, Read, addresses};
use super::{Actor, Form, UseCaseError, held, require};
use crate::domain::address_guard::suggest;
use crate::domain::id::DraftId;
use crate::domain::permission::Permission;
use crate::domain::policy::Request;
use crate::domain::review::Verdict;
use crate::server::app::App;
use crate::server::random;
use crate::server::use_cases;
use crate::server::use_cases::outbox::SendQuota;
use std::collections::BTreeSet;

/// Looks at all rows while others write; only the draft is written.
pub(super) async fn look(
    app: &App,
    caller: &Actor,
    form: &Form<'_>,
    read: Read,
    unreachable: &BTreeSet<String>,
) -> Result<DraftId, UseCaseError> {
    let now = app.clock.now();
    let mut tx = app.db.read().await?;
    let desk = Desk::load(app, &mut tx, caller, form.wish, &read.rows).await?;
    let facts = Facts::load(&mut tx, &read.rows).await?;
    let mut lookalikes = Lookalikes::load(&mut tx, &read.rows).await?;
    let mut quota = SendQuota::load(app, &mut tx, addresses(&read.rows), Some(&caller.user_id), now).await?;
    let earlier = form.earlier(app, &mut tx, caller, &desk).await?;
    drop(tx);

    let judge = desk.judge(&facts, &mut lookalikes, unreachable, now);
    let mut draft = form.draft(&desk, &read);
    for row in read.rows {
        let (mut verdict, _) = judge.judge(&row);
        if let Some(email) = row.email().filter(|_| verdict.is_ready()) {
            match quota.take(email.as_str()) {
                Ok(_) => judge.lookalikes.note(email, &row.name),
                Err(rest) => verdict = Verdict::Rests(rest),
            }
        }
        draft.rows.push(row.reviewed(verdict));
    }
    draft.goes_on(earlier);
    let id = DraftId::new(random::id(now));
    let mut tx = app.db.write().await?;
    use_cases::authority(app, &mut tx, caller).await?;
    held::keep(&mut tx, caller, &id, &draft, now).await?;
    tx.commit().await?;
    Ok(id)
}

/// The domains of the rows that cannot receive e-mail, where the installation wants that looked up (rule 8). Nothing is
/// held meanwhile, least of all the writer; and only who may invite has anything looked up.
pub(super) async fn unreachable_domains(
    app: &App,
    caller: &Actor,
    rows: &[FormRow],
) -> Result<BTreeSet<String>, UseCaseError> {
    let mut tx = app.db.read().await?;
    if !use_cases::settings_of(&mut tx).await?.checks_domains {
        return Ok(BTreeSet::new());
    }
    let authority = use_cases::authority(app, &mut tx, caller).await?;
    require(&authority, Request::Use(Permission::Invite))?;
    drop(tx);
    // A slip is asked about anyway, and what was answered is not asked about again.
    let domain = |row: &FormRow| {
        let email = row.email().filter(|email| !row.is_meant && suggest(email.domain(), &[]).is_none())?;
        Some(email.domain().to_string())
    };
    Ok(app.mail_domains.that_cannot_receive(&caller.user_id, rows.iter().filter_map(domain).collect()).await)
}
