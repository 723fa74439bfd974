//! A demonstration: an installation of any kind with invented people in every state, and a clock that can be moved, so that what
//! takes weeks is seen in a minute. Its past is told by the same verbs that people use (`story`), with names from `names`. A
//! database is a demonstration or has real people, never both.

mod names;
mod story;

use super::app::App;
use super::storage::demonstration::{self, Demonstration};
use super::storage::{self, memberships, users};
use super::upkeep;
use crate::domain::error::UseCaseError;
use crate::domain::preset::Preset;
use crate::domain::timestamp::Duration;
use crate::domain::user::User;
use crate::server::dates;
use crate::view_models::{DemonstrationAccount, DemonstrationView};
use crate::words::Language;

/// The password of everybody in it.
pub const PASSWORD: &str = "Copper lamp, river 7";

/// How far the clock can be moved at once.
pub const FARTHEST: Duration = Duration::days(60);

/// Whether a demonstration was made now, or goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Beginning {
    /// It was made now.
    Made,
    /// It was there; its clock goes on where it stood.
    Found,
}

/// Why a database cannot be a demonstration.
#[derive(Debug)]
pub enum NoDemonstration {
    /// There are people who were not invented.
    RealPeople,
    /// It was broken off while it was made.
    Unfinished,
    Refused(UseCaseError),
}

impl From<storage::Error> for NoDemonstration {
    fn from(error: storage::Error) -> Self {
        Self::Refused(error.into())
    }
}

impl From<UseCaseError> for NoDemonstration {
    fn from(refusal: UseCaseError) -> Self {
        Self::Refused(refusal)
    }
}

/// Makes an empty database a demonstration of this kind, or goes on with the one that it is.
///
/// # Errors
/// [`NoDemonstration`] where there are people already, and nothing has been changed.
pub async fn begin(app: &App, preset: &'static Preset) -> Result<Beginning, NoDemonstration> {
    let mut tx = app.db.read().await?;
    let found = demonstration::find(&mut tx).await?;
    let is_anybody_there = users::is_anybody_there(&mut tx).await?;
    drop(tx);
    match found {
        Some(Demonstration { ahead, is_whole: true }) => {
            app.clock.set_ahead(ahead);
            Ok(Beginning::Found)
        }
        Some(Demonstration { is_whole: false, .. }) => Err(NoDemonstration::Unfinished),
        None if is_anybody_there => Err(NoDemonstration::RealPeople),
        None => {
            note(app, false).await?;
            story::tell(app, preset).await?;
            note(app, true).await?;
            Ok(Beginning::Made)
        }
    }
}

/// Whether a database is one.
///
/// # Errors
/// What the database has.
pub async fn is_one(app: &App) -> storage::Result<bool> {
    Ok(demonstration::find(&mut app.db.read().await?).await?.is_some())
}

/// Writes how it stands.
async fn note(app: &App, is_whole: bool) -> storage::Result<()> {
    // Nobody did anything: there is no line about it.
    let mut tx = app.db.maintain().await?;
    demonstration::write(&mut tx, Demonstration { ahead: app.clock.ahead(), is_whole }).await?;
    tx.commit().await
}

/// Moves the clock forward; what is due by then is done before the page comes back.
///
/// # Errors
/// `NotFound` where this is no demonstration; `Unreadable` of a span that leads back or beyond [`FARTHEST`].
pub async fn pass(app: &App, span: Duration) -> Result<(), UseCaseError> {
    if !app.config.is_demonstration {
        return Err(UseCaseError::NotFound);
    }
    if span <= Duration(0) || span > FARTHEST {
        return Err(UseCaseError::Unreadable);
    }
    app.clock.advance(span);
    note(app, true).await?;
    upkeep::catch_up(app).await
}

/// What its page shows: the time there, and of each role somebody as whom one can sign in, of the owners two.
///
/// # Errors
/// `NotFound` where this is no demonstration.
pub async fn view(app: &App, language: Language) -> Result<DemonstrationView, UseCaseError> {
    if !app.config.is_demonstration {
        return Err(UseCaseError::NotFound);
    }
    let now = app.clock.now();
    let mut tx = app.db.read().await?;
    let settings = storage::settings::load(&mut tx).await?.unwrap_or_default();
    let mut accounts = Vec::new();
    for role in storage::roles::all(&mut tx).await? {
        let some = memberships::some_of_role(&mut tx, &role.id, SOME, now).await?;
        let ids: Vec<_> = some.into_iter().map(|(id, _)| id).collect();
        // What takes two is to be seen from both sides.
        let mut most = if role.is_top { 2 } else { 1 };
        for user in users::find_all(&mut tx, &ids).await? {
            let Some(username) = username_of(&user) else { continue };
            if memberships::authority(&mut tx, &user.id).await?.is_some() {
                let name = user.title().to_string();
                accounts.push(DemonstrationAccount { name, role: language.role_name(&role), username });
                most -= 1;
            }
            if most == 0 {
                break;
            }
        }
    }
    Ok(DemonstrationView {
        now: dates::exact(now, &settings.zone, language),
        password: PASSWORD.into(),
        accounts,
        organisation: settings.organisation,
    })
}

/// By what somebody signs in who came in by a link.
fn username_of(user: &User) -> Option<String> {
    user.registered_at?;
    user.email.clone().or_else(|| user.phone.clone())
}

/// Of how many people of a role somebody is looked for who signs in with an address.
const SOME: usize = 20;
