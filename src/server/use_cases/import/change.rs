//! What can be said about a list before it is run: what its columns hold, what holds for everybody, what a text means, and what is to
//! become of a row or of all rows of a kind. After each of it every row is looked at anew.

use super::super::{Actor, UseCaseError};
use super::reading::read_again;
use super::{check_and_save, own_open};
use crate::domain::coded::coded;
use crate::domain::error::{Conflict, Invalid};
use crate::domain::id::{ImportId, RoleId, UnitId};
use crate::domain::import::{
    BatchPolicy, ExistingPeople, FindingKind, ImportList, ImportRow, ListReading, ListWish, TextMeaning,
};
use crate::domain::invitation::clean_personal_text;
use crate::domain::paste::PasteColumn;
use crate::domain::user::UserAction;
use crate::domain::validity;
use crate::server::app::App;
use crate::server::storage::imports::StoredImport;
use crate::server::use_cases::settings_of;
use crate::words::Language;

/// Whether the page of which something is carried showed this version of the list.
///
/// # Errors
/// `ChangedMeanwhile` where it did not.
pub(super) fn is_current(stored: &StoredImport, wish: &ListWish) -> Result<(), UseCaseError> {
    if wish.is_outdated(stored.version) { Err(Conflict::ChangedMeanwhile.into()) } else { Ok(()) }
}

/// Takes over what the page of a list carries: the cells that were corrected, and what holds for the whole list.
///
/// # Errors
/// The first field that cannot be taken as it is; the others are taken.
pub(super) async fn take(app: &App, stored: &mut StoredImport, wish: &ListWish) -> Result<(), UseCaseError> {
    let list = &mut stored.list;
    let shown = list.sheet;
    // They stand in the columns that the page showed.
    list.take_cells(wish);
    if !wish.says_terms() {
        return Ok(());
    }
    let sheet = wish.sheet.parse().unwrap_or(list.sheet);
    if sheet != list.sheet {
        list.choose_sheet(sheet)?;
    }
    let reading = ListReading::of(wish);
    let is_as_before = reading == list.reading || !list.can_be_read_again();
    if !is_as_before {
        read_again(list, &reading).await?;
    }
    // The columns of another sheet, or of another reading, were not shown.
    let columns = if sheet == shown && is_as_before { wish.columns.iter() } else { [].iter() };
    for (at, code) in columns.enumerate() {
        if let Some(column) = list.columns.get_mut(at) {
            // What the form cannot name is what it was, unless something else was said.
            let unnamed = column.filter(|column| !PasteColumn::CHOICES.contains(column));
            *column = PasteColumn::from_code(code).or(unnamed);
        }
    }
    take_meanings(list, PasteColumn::Role, &wish.role_texts, &wish.role_ids);
    take_meanings(list, PasteColumn::Unit, &wish.unit_texts, &wish.unit_ids);
    let terms = &mut list.terms;
    terms.role = RoleId::new(&wish.role);
    terms.unit = UnitId::given(&wish.unit);
    terms.policy = BatchPolicy::from_code(&wish.policy).unwrap_or_default();
    terms.existing = ExistingPeople::from_code(&wish.existing).unwrap_or_default();
    terms.is_everybody = wish.is_everybody;
    let mut tx = app.db.read().await?;
    let settings = settings_of(&mut tx).await?;
    drop(tx);
    if let Some(conflict) = settings.endings().why_not(UserAction::Archive).filter(|_| wish.is_everybody) {
        return Err(conflict.into());
    }
    let adds_people = settings.adds_people;
    terms.sends = wish.sends || !adds_people;
    if !wish.sends && !adds_people {
        return Err(Conflict::OnlyByInvitation.into());
    }
    terms.language = Language::from_code(&wish.language).ok_or(Invalid::Language)?.code().into();
    terms.valid_for = validity::read_own(&wish.valid_for)?;
    terms.personal_text =
        clean_personal_text(&wish.personal_text).map_err(|characters| Invalid::PersonalTextTooLong { characters })?;
    Ok(())
}

/// Takes what was said about a list.
///
/// # Errors
/// As [`is_current`] and [`take`]; `ImportStarted` when its people are being taken.
pub async fn change(app: &App, caller: &Actor, id: &ImportId, wish: &ListWish) -> Result<(), UseCaseError> {
    let mut stored = own_open(app, caller, id).await?;
    is_current(&stored, wish)?;
    let taken = take(app, &mut stored, wish).await;
    check_and_save(app, caller, stored).await?;
    taken
}

/// Reads another sheet of the workbook.
///
/// # Errors
/// Where nobody stands in it, or it is too large.
pub async fn choose_sheet(app: &App, caller: &Actor, id: &ImportId, sheet: usize) -> Result<(), UseCaseError> {
    let mut stored = own_open(app, caller, id).await?;
    stored.list.choose_sheet(sheet)?;
    check_and_save(app, caller, stored).await
}

/// Notes what texts mean; an empty id takes what was said back.
fn take_meanings(list: &mut ImportList, column: PasteColumn, texts: &[String], ids: &[String]) {
    for (text, id) in texts.iter().zip(ids) {
        let is_same = |one: &TextMeaning| one.column == column && one.text.to_lowercase() == text.to_lowercase();
        list.meanings.retain(|one| !is_same(one));
        if !id.is_empty() {
            list.meanings.push(TextMeaning { column, text: text.clone(), id: id.clone() });
        }
    }
}

coded! {
    /// What is to become of a row.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum RowAnswer {
        /// It is as it was corrected, and no longer left out.
        Save = "save",
        /// What is offered stands in its cell from now on.
        UseOffer = "offer",
        /// It is meant as it is, whatever is asked about it.
        Keep = "keep",
        Drop = "drop",
        PutBack = "back",
    }
}

/// Mends a row, known by its line; what else the page carries is taken over.
///
/// # Errors
/// `NotFound` when there is no such row.
pub async fn change_row(
    app: &App,
    caller: &Actor,
    id: &ImportId,
    wish: &ListWish,
    line: usize,
    answer: RowAnswer,
) -> Result<(), UseCaseError> {
    let mut stored = own_open(app, caller, id).await?;
    is_current(&stored, wish)?;
    let taken = take(app, &mut stored, wish).await;
    let list = &mut stored.list;
    let columns = contact_columns(list, list.rows.iter().find(|row| row.line == line).ok_or(UseCaseError::NotFound)?);
    let row = list.row_mut(line).ok_or(UseCaseError::NotFound)?;
    match answer {
        RowAnswer::Save => (row.is_meant, row.is_dropped) = (false, false),
        RowAnswer::UseOffer => {
            use_offer(row, columns);
            (row.is_meant, row.is_dropped) = (false, false);
        }
        RowAnswer::Keep => row.is_meant = true,
        RowAnswer::Drop => row.is_dropped = true,
        RowAnswer::PutBack => row.is_dropped = false,
    }
    check_and_save(app, caller, stored).await?;
    taken
}

/// Where the address of a row stands, and its number.
fn contact_columns(list: &ImportList, row: &ImportRow) -> [(PasteColumn, Option<usize>); 2] {
    [PasteColumn::Email, PasteColumn::Phone].map(|column| (column, list.place_of(row, column)))
}

/// Puts what is offered into its cell. A number may stand in the column of addresses, and an address in that of numbers.
fn use_offer(row: &mut ImportRow, columns: [(PasteColumn, Option<usize>); 2]) {
    let offer = row.finding.as_ref().and_then(|found| found.offer());
    let offer = offer.map(|(text, column)| (text.to_owned(), column));
    let at = |wanted: PasteColumn| columns.iter().find(|(column, _)| *column == wanted).and_then(|(_, at)| *at);
    if let Some((text, column)) = offer
        && let Some(at) = at(column).or_else(|| columns.iter().find_map(|(_, at)| *at))
    {
        row.put(at, &text);
    }
}

coded! {
    /// What is to become of all rows of a kind.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum GroupAnswer {
        /// What is offered stands in their cells from now on.
        UseOffers = "offers",
        /// They are meant as they are.
        KeepAll = "keep",
        DropAll = "drop",
    }
}

/// Mends all rows of a kind at once.
///
/// # Errors
/// `ImportStarted` when the list's people are being taken.
pub async fn change_group(
    app: &App,
    caller: &Actor,
    id: &ImportId,
    wish: &ListWish,
    kind: FindingKind,
    answer: GroupAnswer,
) -> Result<(), UseCaseError> {
    let mut stored = own_open(app, caller, id).await?;
    is_current(&stored, wish)?;
    let taken = take(app, &mut stored, wish).await;
    let list = &mut stored.list;
    let columns: Vec<_> = list.rows.iter().map(|row| contact_columns(list, row)).collect();
    let is_of = |row: &ImportRow| !row.is_dropped && row.finding.as_ref().is_some_and(|found| found.kind() == kind);
    for (row, columns) in list.rows.iter_mut().zip(columns).filter(|(row, _)| is_of(row)) {
        match answer {
            GroupAnswer::KeepAll => row.is_meant = row.finding.as_ref().is_some_and(|found| found.asks()),
            GroupAnswer::DropAll => row.is_dropped = true,
            GroupAnswer::UseOffers => use_offer(row, columns),
        }
    }
    check_and_save(app, caller, stored).await?;
    taken
}
