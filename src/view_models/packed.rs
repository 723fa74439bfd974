//! The users table on its way to the browser: tuples instead of named fields, and every unit and role said once. A page of
//! fifty rows is read in the browser before anything moves, so each of its bytes counts. No page knows of this shape.

use super::{FormattedTime, UnitRef, UserSummary, UsersPage};
use crate::domain::id::{RoleId, UserId};
use crate::domain::job::OwnJob;
use crate::domain::listing::{Count, HeldRole, Matching};
use crate::domain::membership::Standing;
use crate::domain::permission::Permissions;
use crate::domain::policy::Place;
use crate::domain::table_layout::TableLayout;
use crate::domain::timestamp::Timestamp;
use crate::domain::unit::UnitPath;
use crate::domain::user::Status;
use serde::{Deserialize, Serialize};

/// A moment and its short words.
type PackedTime = (Timestamp, String);

/// Unit and role by their places in the lists of the page; extra permissions, standing by its place in [`STANDINGS`], since when, and
/// 1 where it is closed.
type PackedPlace = (usize, usize, Permissions, usize, Timestamp, u8);

const STANDINGS: [Standing; 4] = [Standing::Active, Standing::Offered, Standing::Blocked, Standing::Archived];

/// Name, e-mail, phone and login, a line each: none of them has a line break, and what is not there is empty.
type PackedNames = String;

#[derive(Serialize, Deserialize)]
struct PackedRow(
    UserId,
    PackedNames,
    Vec<PackedPlace>,
    Vec<PackedPlace>,
    /// 1 where they stand elsewhere, too.
    u8,
    /// By its place among all of them.
    usize,
    Option<PackedTime>,
    Option<PackedTime>,
    Option<PackedTime>,
    /// Most rows have none, and end before it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    Option<String>,
);

/// What a page of the table is written as.
#[derive(Serialize, Deserialize)]
pub(super) struct PackedPage {
    units: Vec<(UnitPath, String)>,
    roles: Vec<RoleId>,
    rows: Vec<PackedRow>,
    counts: Vec<(Status, usize, i64)>,
    previous: Option<UserId>,
    next: Option<UserId>,
    unit: UnitRef,
    matching: Matching,
    archived: Option<Matching>,
    layout: TableLayout,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    views: Vec<(String, String)>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    jobs: Vec<OwnJob>,
}

/// A page that names a unit or a role which it does not carry.
#[derive(Debug)]
pub(super) struct NotInPage;

impl std::fmt::Display for NotInPage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a row names a unit or a role that the page does not carry")
    }
}

/// The place of a thing in a list, which gets it if it has it not.
fn place_in<T: PartialEq>(list: &mut Vec<T>, thing: T) -> usize {
    list.iter().position(|known| *known == thing).unwrap_or_else(|| {
        list.push(thing);
        list.len() - 1
    })
}

/// The place of a thing in a list that has all of its kind.
fn nth_of<T: PartialEq>(list: &[T], thing: &T) -> usize {
    list.iter().position(|known| known == thing).unwrap_or(list.len())
}

fn pack_time(time: FormattedTime) -> PackedTime {
    (time.at, time.short)
}

fn unpack_time((at, short): PackedTime) -> FormattedTime {
    FormattedTime { at, short, exact: String::new() }
}

impl From<UsersPage> for PackedPage {
    fn from(page: UsersPage) -> Self {
        let (mut units, mut roles) = (Vec::new(), Vec::new());
        let mut pack = |held: Vec<HeldRole>| -> Vec<PackedPlace> {
            let one = |held: HeldRole| {
                let Place { unit, role, extra } = held.place;
                let (unit, role) = (place_in(&mut units, (unit, held.unit)), place_in(&mut roles, role));
                (unit, role, extra, nth_of(&STANDINGS, &held.standing), held.since, u8::from(held.is_closed))
            };
            held.into_iter().map(one).collect()
        };
        let rows = page.rows.into_iter().map(|row| {
            PackedRow(
                row.id,
                [Some(row.name), row.email, row.phone, row.login].map(Option::unwrap_or_default).join("\n"),
                pack(row.held),
                pack(row.also_offered),
                u8::from(row.elsewhere),
                nth_of(&Status::ALL, &row.status),
                row.until.map(pack_time),
                row.added.map(pack_time),
                row.last_seen.map(pack_time),
                row.note,
            )
        });
        let rows = rows.collect();
        let counts =
            page.counts.into_iter().map(|count| (count.status, place_in(&mut roles, count.role), count.people));
        Self {
            rows,
            counts: counts.collect(),
            previous: page.previous,
            next: page.next,
            unit: page.unit,
            matching: page.matching,
            archived: page.archived,
            layout: page.layout,
            views: page.views,
            jobs: page.jobs,
            units,
            roles,
        }
    }
}

impl TryFrom<PackedPage> for UsersPage {
    type Error = NotInPage;

    fn try_from(packed: PackedPage) -> Result<Self, NotInPage> {
        let PackedPage { units, roles, .. } = packed;
        let role_at = |role: usize| roles.get(role).cloned().ok_or(NotInPage);
        let unpack = |places: Vec<PackedPlace>| -> Result<Vec<HeldRole>, NotInPage> {
            let one = |(unit, role, extra, standing, since, is_closed): PackedPlace| {
                let (path, name) = units.get(unit).cloned().ok_or(NotInPage)?;
                let place = Place { unit: path, role: role_at(role)?, extra };
                let standing = STANDINGS.get(standing).copied().ok_or(NotInPage)?;
                Ok(HeldRole { place, unit: name, standing, since, is_closed: is_closed != 0 })
            };
            places.into_iter().map(one).collect()
        };
        let row = |PackedRow(id, names, held, also_offered, elsewhere, status, until, added, last_seen, note)| {
            let mut parts = names.split('\n').map(String::from);
            let name = parts.next().unwrap_or_default();
            let mut part = || parts.next().filter(|part| !part.is_empty());
            let (email, phone, login) = (part(), part(), part());
            Ok(UserSummary {
                id,
                name,
                email,
                phone,
                login,
                held: unpack(held)?,
                also_offered: unpack(also_offered)?,
                elsewhere: elsewhere != 0,
                status: Status::ALL.get(status).copied().ok_or(NotInPage)?,
                until: until.map(unpack_time),
                added: added.map(unpack_time),
                last_seen: last_seen.map(unpack_time),
                note,
            })
        };
        let count = |(status, role, people)| Ok(Count { status, role: role_at(role)?, people });
        Ok(Self {
            rows: packed.rows.into_iter().map(row).collect::<Result<_, _>>()?,
            counts: packed.counts.into_iter().map(count).collect::<Result<_, _>>()?,
            previous: packed.previous,
            next: packed.next,
            unit: packed.unit,
            matching: packed.matching,
            archived: packed.archived,
            layout: packed.layout,
            views: packed.views,
            jobs: packed.jobs,
        })
    }
}
