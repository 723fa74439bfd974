//! Importing people from a file. A list is opened, looked at and mended as often as its owner likes, and nothing of it is anybody
//! yet; then its people are taken by rounds, as an invite form's are: by the very same judge, by a job. How a file becomes a list
//! stands in `reading`, how rows are judged in `check`, who is there just as the list says in `known`, what it says of others who
//! are there in `compare`, what can be changed about a list in `change`, how it is run and undone in `run`, `apply` and `undo`,
//! what its page shows in `show`.

mod apply;
mod change;
mod check;
mod compare;
mod known;
mod reading;
mod rejected;
mod run;
mod show;
mod undo;

pub use apply::{give_up, go_on};
pub use change::{GroupAnswer, RowAnswer, change, change_group, change_row, choose_sheet};
pub use reading::read_file;
pub use rejected::rejected;
pub use run::run;
pub use show::page;
pub use undo::{go_on_undoing, stop, undo};

use super::{Actor, UseCaseError, require};
use crate::domain::error::{Conflict, Invalid};
use crate::domain::id::{ImportId, RoleId};
use crate::domain::import::{ExistingPeople, ImportTerms, ListReading};
use crate::domain::permission::Permission;
use crate::domain::policy::{Authority, Request};
use crate::domain::timestamp::{Duration, Timestamp};
use crate::server::app::App;
use crate::server::random;
use crate::server::spreadsheets::SheetCells;
use crate::server::storage::imports::{self, StoredImport};
use crate::server::storage::{Tx, roles, users};
use check::check;
pub(super) use check::within_reach;
use reading::list_of;

/// How long a list is kept that is not run, and for how long one that was can be undone.
const KEPT: Duration = Duration::hours(24);

/// How many lists of one person are kept at a time that have not begun, and that have: the oldest go, but none at which a job is.
const MOST_OPEN: usize = 5;
const MOST_BEGUN: usize = 20;

/// Whether the caller may import at all.
///
/// # Errors
/// When they may not.
pub async fn may_import(app: &App, caller: &Actor) -> Result<(), UseCaseError> {
    let (_, authority) = super::read_as(app, caller).await?;
    require(&authority, Request::Use(Permission::Invite))
}

/// Opens a list of the rows of a file: its columns are recognised, every row is looked at, and nothing else happens.
///
/// # Errors
/// `TooManyToImport` for more people than one list may have: then nothing of it is taken; when the caller may not invite.
pub async fn open(app: &App, caller: &Actor, name: &str, cells: SheetCells) -> Result<ImportId, UseCaseError> {
    let now = app.clock.now();
    let (mut tx, authority) = super::read_as(app, caller).await?;
    require(&authority, Request::Use(Permission::Invite))?;
    let terms = first_terms(&mut tx, &authority).await?;
    let units = within_reach(&mut tx, &authority).await?.len();
    drop(tx);
    let mut list = list_of(cells, &ListReading::default(), terms)?;
    if list.asks_unit(units) {
        list.terms.unit = None;
    }
    list.name = name.chars().take(200).collect();
    check(app, caller, &mut list).await?;
    let stored = StoredImport {
        id: ImportId::new(random::id(now)),
        created_at: now,
        kept_until: now + KEPT,
        started_at: None,
        undone_at: None,
        version: 1,
        list,
    };
    let (mut tx, _) = super::write_as(app, caller).await?;
    imports::insert(&mut tx, &caller.user_id, &stored).await?;
    forget_the_oldest(&mut tx, caller, now).await?;
    tx.commit().await?;
    Ok(stored.id)
}

async fn forget_the_oldest(tx: &mut Tx, caller: &Actor, now: Timestamp) -> Result<(), UseCaseError> {
    let lists = imports::of_user(tx, &caller.user_id, now).await?;
    let (begun, open): (Vec<_>, Vec<_>) = lists.into_iter().partition(|list| list.has_begun);
    for old in open.into_iter().skip(MOST_OPEN) {
        imports::remove(tx, &old.id).await?;
    }
    for old in begun.into_iter().skip(MOST_BEGUN) {
        let stored = imports::find(tx, &old.id, &caller.user_id, now).await?;
        if let Some(stored) = stored
            && !undo::is_at_work(tx, &stored).await?
        {
            imports::remove(tx, &old.id).await?;
        }
    }
    Ok(())
}

/// The role that is called so, in whatever language.
///
/// # Errors
/// `Invalid::Role` where none is, or several are.
pub async fn role_called(app: &App, caller: &Actor, name: &str) -> Result<RoleId, UseCaseError> {
    let (mut tx, authority) = super::read_as(app, caller).await?;
    require(&authority, Request::Use(Permission::Invite))?;
    check::role_called(&roles::all(&mut tx).await?, name).ok_or_else(|| Invalid::Role.into())
}

/// What holds for everybody of a new list, until somebody says otherwise.
async fn first_terms(tx: &mut Tx, authority: &Authority) -> Result<ImportTerms, UseCaseError> {
    let (user, settings) = users::find_with_settings(tx, &authority.user_id).await?.ok_or(UseCaseError::SignInFirst)?;
    let mut given: Vec<_> =
        roles::all(tx).await?.into_iter().filter(|role| authority.may_give_somewhere(&role.id)).collect();
    given.sort_by_key(|role| (role.key != settings.preset().usual_role, role.rank));
    let role = given.into_iter().next().map(|role| role.id).ok_or(Invalid::Role)?;
    let unit = super::invite::first_place(tx, authority).await?;
    Ok(ImportTerms {
        role,
        unit,
        language: user.language.code().into(),
        personal_text: String::new(),
        valid_for: None,
        // Where people are known by their invitations only, nobody can be taken without one.
        sends: !settings.adds_people,
        policy: settings.batch_policy,
        existing: ExistingPeople::default(),
        is_everybody: false,
    })
}

/// A list of the caller's own, for somebody who may still invite.
async fn own(
    app: &App,
    tx: &mut Tx,
    caller: &Actor,
    id: &ImportId,
    now: Timestamp,
) -> Result<(Authority, StoredImport), UseCaseError> {
    let authority = super::authority(app, tx, caller).await?;
    require(&authority, Request::Use(Permission::Invite))?;
    let stored = imports::find(tx, id, &caller.user_id, now).await?.ok_or(UseCaseError::NotFound)?;
    Ok((authority, stored))
}

/// The same of one that has not begun.
async fn own_open(app: &App, caller: &Actor, id: &ImportId) -> Result<StoredImport, UseCaseError> {
    let mut tx = app.db.read().await?;
    let (_, stored) = own(app, &mut tx, caller, id, app.clock.now()).await?;
    if stored.started_at.is_some() { Err(Conflict::ImportStarted.into()) } else { Ok(stored) }
}

/// Looks at every row of a list anew and keeps it.
async fn check_and_save(app: &App, caller: &Actor, mut stored: StoredImport) -> Result<(), UseCaseError> {
    check(app, caller, &mut stored.list).await?;
    save(app, caller, &stored).await
}

/// Keeps a list as it is now.
async fn save(app: &App, caller: &Actor, stored: &StoredImport) -> Result<(), UseCaseError> {
    let (mut tx, _) = super::write_as(app, caller).await?;
    if !imports::save(&mut tx, stored).await? {
        return Err(Conflict::ChangedMeanwhile.into());
    }
    Ok(tx.commit().await?)
}

/// Forgets a list of the caller's own; whoever was taken from one stays.
///
/// # Errors
/// `NotFound` when there is no such list; `ImportStarted` while a job is at it.
pub async fn forget(app: &App, caller: &Actor, id: &ImportId) -> Result<(), UseCaseError> {
    let mut tx = app.db.write().await?;
    let (_, stored) = own(app, &mut tx, caller, id, app.clock.now()).await?;
    if undo::is_at_work(&mut tx, &stored).await? {
        return Err(Conflict::ImportStarted.into());
    }
    imports::remove(&mut tx, &stored.id).await?;
    Ok(tx.commit().await?)
}
