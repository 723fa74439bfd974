//! What can be said about a list before it is run: what its columns hold, what holds for everybody, what a text means, and what is to
//! become of a row or of all rows of a kind. After each of it every row is looked at anew.

use super::super::{Actor, UseCaseError};
use super::{check_and_save, own_open};
use crate::domain::error::{Conflict, Invalid};
use crate::domain::id::{ImportId, RoleId, UnitId};
use crate::domain::import::{BatchPolicy, ExistingPeople, FindingKind, ImportList, ImportRow, TextMeaning};
use crate::domain::invitation::clean_personal_text;
use crate::domain::paste::PasteColumn;
use crate::domain::validity;
use crate::server::app::App;
use crate::server::use_cases::settings_of;
use crate::words::Language;

/// What the form of a list carries, as chosen.
#[derive(Clone, Debug, Default)]
pub struct ListWish {
    /// The codes of what the columns hold, in their order; empty for what is not read.
    pub columns: Vec<String>,
    pub role: String,
    pub unit: String,
    pub language: String,
    pub personal_text: String,
    /// As `domain::validity` reads it; nothing is as usual.
    pub valid_for: String,
    pub sends: bool,
    pub policy: String,
    /// What becomes of those who are there already.
    pub existing: String,
    /// The list names everybody of its unit.
    pub is_everybody: bool,
    /// Texts of roles with the ids of what they mean, and of units, one after the other.
    pub role_texts: Vec<String>,
    pub role_ids: Vec<String>,
    pub unit_texts: Vec<String>,
    pub unit_ids: Vec<String>,
}

/// Takes what was said about a list as a whole.
///
/// # Errors
/// The first field that cannot be taken as it is; `ImportStarted` when its people are being taken.
pub async fn change(app: &App, caller: &Actor, id: &ImportId, wish: &ListWish) -> Result<(), UseCaseError> {
    let mut stored = own_open(app, caller, id).await?;
    let list = &mut stored.list;
    for (at, code) in wish.columns.iter().enumerate() {
        if let Some(column) = list.columns.get_mut(at) {
            *column = PasteColumn::from_code(code);
        }
    }
    let mut tx = app.db.read().await?;
    let adds_people = settings_of(&mut tx).await?.adds_people;
    drop(tx);
    if !wish.sends && !adds_people {
        return Err(Conflict::OnlyByInvitation.into());
    }
    let terms = &mut list.terms;
    terms.role = RoleId::new(&wish.role);
    terms.unit = Some(&wish.unit).filter(|unit| !unit.is_empty()).map(UnitId::new);
    terms.language = Language::from_code(&wish.language).ok_or(Invalid::Language)?.code().into();
    terms.personal_text =
        clean_personal_text(&wish.personal_text).map_err(|characters| Invalid::PersonalTextTooLong { characters })?;
    terms.valid_for = validity::read_own(&wish.valid_for)?;
    terms.sends = wish.sends;
    terms.policy = BatchPolicy::from_code(&wish.policy).unwrap_or_default();
    terms.existing = ExistingPeople::from_code(&wish.existing).unwrap_or_default();
    terms.is_everybody = wish.is_everybody;
    // What cannot be taken for everybody is said before anything is looked at.
    super::super::invite::terms(&super::check::form_of(list, None))?;
    take_meanings(list, PasteColumn::Role, &wish.role_texts, &wish.role_ids);
    take_meanings(list, PasteColumn::Unit, &wish.unit_texts, &wish.unit_ids);
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

/// What is to become of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RowAnswer {
    /// Other texts in some of its cells: column and text.
    Save(Vec<(PasteColumn, String)>),
    /// It is meant as it is, whatever is asked about it.
    Keep,
    Drop,
    PutBack,
}

/// Mends a row, known by its line.
///
/// # Errors
/// `NotFound` when there is no such row.
pub async fn change_row(
    app: &App,
    caller: &Actor,
    id: &ImportId,
    line: usize,
    answer: RowAnswer,
) -> Result<(), UseCaseError> {
    let mut stored = own_open(app, caller, id).await?;
    let list = &mut stored.list;
    if let RowAnswer::Save(texts) = &answer {
        for (column, text) in texts {
            // A column that is not there yet is made for a text only.
            let at = match list.column(*column) {
                None if text.trim().is_empty() => continue,
                None => list.column_or_new(*column),
                Some(at) => at,
            };
            if let Some(row) = list.row_mut(line) {
                row.put(at, text);
            }
        }
    }
    let row = list.row_mut(line).ok_or(UseCaseError::NotFound)?;
    match answer {
        RowAnswer::Save(_) => (row.is_meant, row.is_dropped) = (false, false),
        RowAnswer::Keep => row.is_meant = true,
        RowAnswer::Drop => row.is_dropped = true,
        RowAnswer::PutBack => row.is_dropped = false,
    }
    check_and_save(app, caller, stored).await
}

/// What is to become of all rows of a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GroupAnswer {
    /// What is offered stands in their cells from now on.
    UseOffers,
    /// They are meant as they are.
    KeepAll,
    DropAll,
}

/// Mends all rows of a kind at once.
///
/// # Errors
/// `ImportStarted` when the list's people are being taken.
pub async fn change_group(
    app: &App,
    caller: &Actor,
    id: &ImportId,
    kind: FindingKind,
    answer: GroupAnswer,
) -> Result<(), UseCaseError> {
    let mut stored = own_open(app, caller, id).await?;
    let list = &mut stored.list;
    let columns = [PasteColumn::Email, PasteColumn::Phone].map(|column| (column, list.column(column)));
    let is_of = |row: &ImportRow| !row.is_dropped && row.finding.as_ref().is_some_and(|found| found.kind() == kind);
    for row in list.rows.iter_mut().filter(|row| is_of(row)) {
        match answer {
            GroupAnswer::KeepAll => row.is_meant = row.finding.as_ref().is_some_and(|found| found.asks()),
            GroupAnswer::DropAll => row.is_dropped = true,
            GroupAnswer::UseOffers => {
                let offer = row.finding.as_ref().and_then(|found| found.offer());
                let offer = offer.map(|(text, column)| (text.to_owned(), column));
                let at =
                    |wanted: PasteColumn| columns.iter().find(|(column, _)| *column == wanted).and_then(|(_, at)| *at);
                // A number may stand in the column of addresses, and an address in that of numbers.
                if let Some((text, column)) = offer
                    && let Some(at) = at(column).or_else(|| columns.iter().find_map(|(_, at)| *at))
                {
                    row.put(at, &text);
                }
            }
        }
    }
    check_and_save(app, caller, stored).await
}
