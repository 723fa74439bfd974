//! The list taken away: everybody whom it shows, as far as whoever takes it sees them, a part at a time. What a file looks like is not
//! known here.

use super::directory::DirectoryEntry;
use super::{Actor, AuditEntry, UseCaseError, record, scope, seen, signed_in_lately, users};
use crate::domain::audit::AuditAction;
use crate::domain::bulk::MOST_NAMED;
use crate::domain::contact::in_letters;
use crate::domain::error::Invalid;
use crate::domain::id::{UnitId, UserId};
use crate::domain::listing::{Count, Cursor, PageSize, UserQuery};
use crate::domain::permission::Permission;
use crate::domain::policy::Authority;
use crate::domain::role::Role;
use crate::domain::timestamp::Timestamp;
use crate::domain::user::UserAction;
use crate::domain::vocabulary::Vocabulary;
use crate::server::app::App;
use crate::server::dates;
use crate::server::storage::{Tx, roles, roster};
use crate::words::Language;
use std::collections::BTreeSet;

/// How many cells somebody has.
pub const COLUMNS: usize = 9;

/// Who is still to come.
enum StillToCome {
    /// Those of a list, from a place on.
    List(Box<UserQuery>),
    Named(Vec<UserId>),
    Nobody,
}

/// A list on its way out.
pub struct Export {
    rest: StillToCome,
    /// Those of the list who are left out.
    but: BTreeSet<UserId>,
    unit: UnitId,
    counts: Vec<Count>,
    roles: Vec<Role>,
    zone: String,
    vocabulary: Vocabulary,
    pub language: Language,
}

/// Begins to take away those of a list but some, or only these people where some are named, and writes down who did.
///
/// # Errors
/// `NotFound` for a unit out of reach; `Denied` for whoever may see nobody.
pub async fn begin(
    app: &App,
    caller: &Actor,
    query: &UserQuery,
    but: BTreeSet<UserId>,
    named: Vec<UserId>,
) -> Result<Export, UseCaseError> {
    let now = app.clock.now();
    let (mut tx, authority) = super::write_as(app, caller).await?;
    let unit = scope(&mut tx, &authority, Permission::SeeUsers, query.unit.as_ref()).await?;
    if named.len() > MOST_NAMED {
        return Err(Invalid::TooManyAtOnce { most: MOST_NAMED }.into());
    }
    signed_in_lately(&mut tx, caller, now).await?;
    let reader = users::reader_for(&mut tx, caller, now).await?;
    let counts = roster::counts(&mut tx, &unit.id).await?;
    let roles = roles::known(&mut tx).await?;
    let vocabulary = Vocabulary::of_preset(&super::settings_of(&mut tx).await?.preset);
    let line = AuditEntry { actor: caller.by(), unit: Some(unit.id.clone()), ..AuditEntry::default() };
    record(&mut tx, AuditAction::Exported, line, now).await?;
    tx.commit().await?;
    let rest = match named.is_empty() {
        true => StillToCome::List(Box::new(UserQuery { size: PageSize::of_a_walk(), ..query.from_start() })),
        false => StillToCome::Named(named),
    };
    Ok(Export { rest, but, unit: unit.id, counts, roles, zone: reader.zone, vocabulary, language: reader.language })
}

impl Export {
    /// What the cells are called.
    pub fn head(&self) -> [&'static str; COLUMNS] {
        let words = self.language;
        [
            words.column_name(),
            words.email(),
            words.phone(),
            words.login(),
            words.role(),
            words.units(),
            words.column_status(),
            words.column_added(),
            words.column_last_seen(),
        ]
    }

    /// The next people, and nobody at the end. Whether whoever takes the list away still may is asked anew.
    ///
    /// # Errors
    /// As soon as they may not.
    pub async fn next(&mut self, app: &App, caller: &Actor) -> Result<Vec<[String; COLUMNS]>, UseCaseError> {
        let now = app.clock.now();
        let (mut tx, authority) = super::read_as(app, caller).await?;
        scope(&mut tx, &authority, Permission::SeeUsers, Some(&self.unit)).await?;
        loop {
            let (entries, rest) = match std::mem::replace(&mut self.rest, StillToCome::Nobody) {
                StillToCome::Nobody => return Ok(Vec::new()),
                StillToCome::Named(people) => {
                    (self.named(&mut tx, &authority, &people, now).await?, StillToCome::Nobody)
                }
                StillToCome::List(mut query) => {
                    let page = roster::page(&mut tx, &self.unit, &query, &self.counts, now).await?;
                    let rest = page.next.map(|last| {
                        query.from = Cursor::After(last.to_string());
                        StillToCome::List(query)
                    });
                    let entries = page.lines.into_iter().map(|line| DirectoryEntry::of_line(line, &authority, now));
                    // Who is not seen any more is left out, while lines are still to be written anew.
                    (
                        entries.filter(|entry| !entry.held.is_empty() && !self.but.contains(&entry.id)).collect(),
                        rest.unwrap_or(StillToCome::Nobody),
                    )
                }
            };
            self.rest = rest;
            let cells: Vec<_> = entries.iter().map(|entry| self.cells(entry)).collect();
            if !cells.is_empty() || matches!(self.rest, StillToCome::Nobody) {
                return Ok(cells);
            }
        }
    }

    async fn named(
        &self,
        tx: &mut Tx,
        authority: &Authority,
        people: &[UserId],
        now: Timestamp,
    ) -> Result<Vec<DirectoryEntry>, UseCaseError> {
        let mut entries = Vec::new();
        for id in people {
            match seen(tx, authority, UserAction::See, id, now).await {
                Ok(person) => entries.push(DirectoryEntry::of_person(&person, &[], &[], now)),
                // As if they were not there.
                Err(UseCaseError::NotFound) => {}
                Err(other) => return Err(other),
            }
        }
        Ok(entries)
    }

    fn cells(&self, entry: &DirectoryEntry) -> [String; COLUMNS] {
        let words = self.language;
        let text = |field: &Option<String>| field.clone().unwrap_or_default();
        let day = |moment: Timestamp| dates::local(moment, &self.zone).chars().take(10).collect::<String>();
        let joined = |all: Vec<String>| {
            let mut each: Vec<String> = Vec::new();
            all.into_iter().for_each(|one| {
                if !one.is_empty() && !each.contains(&one) {
                    each.push(one);
                }
            });
            each.join(", ")
        };
        let role = |id| self.roles.iter().find(|role| &role.id == id).map(|role| words.role_name(role));
        let held = || entry.held.iter();
        [
            entry.name.clone(),
            entry.email.as_deref().map(in_letters).unwrap_or_default(),
            text(&entry.phone),
            text(&entry.login),
            joined(held().filter_map(|held| role(&held.place.role)).collect()),
            joined(held().map(|held| held.unit.clone()).collect()),
            words.status(self.vocabulary, entry.status).to_string(),
            day(entry.added_at),
            entry.last_seen_at.map(day).unwrap_or_default(),
        ]
    }
}
