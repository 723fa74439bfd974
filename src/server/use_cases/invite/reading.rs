//! Reading the invite form: what is typed or pasted becomes rows, each address once, and what holds for everybody. Nothing is
//! looked up here.

use super::UseCaseError;
use crate::domain::contact::{Email, PersonName};
use crate::domain::error::Invalid;
use crate::domain::id::{DraftId, RoleId, UnitId};
use crate::domain::invitation::{LONGEST, SHORTEST, clean_personal_text};
use crate::domain::paste::{Pasted, PastedKind, read_paste};
use crate::domain::permission::Permissions;
use crate::domain::review::{MOST_AT_ONCE, ReviewRow, Verdict, WishedRow};
use crate::domain::timestamp::Duration;
use crate::words::Language;
use std::collections::BTreeSet;

/// What the invite form carries, as typed.
#[derive(Clone, Debug, Default)]
pub struct InviteForm {
    /// The text field: any number of addresses.
    pub addresses: String,
    pub rows: Vec<WishedRow>,
    /// Ids of units, one or several.
    pub units: Vec<String>,
    /// The unit that the form proposed, whether it stands among those or not; empty when it proposed none.
    pub proposed: String,
    pub role: String,
    pub language: String,
    pub personal_text: String,
    pub valid_for_hours: i64,
    /// Extra permissions on top of the role (rule 59).
    pub extra: Permissions,
    /// Only look at the rows; send nothing.
    pub only_check: bool,
    /// The draft that this form stands on, if what it sent was still held.
    pub after: Option<DraftId>,
}

impl InviteForm {
    /// The units that were chosen by hand, each once.
    pub(super) fn chosen(&self) -> BTreeSet<UnitId> {
        self.units.iter().filter(|id| !id.is_empty()).map(UnitId::new).collect()
    }

    pub(super) fn proposed(&self) -> Option<UnitId> {
        Some(&self.proposed).filter(|id| !id.is_empty()).map(UnitId::new)
    }
}

/// A row on its way: what was typed, and whether a warning has been answered.
#[derive(Clone)]
pub(super) struct FormRow {
    pub pasted: Pasted,
    pub typed: String,
    pub name: String,
    pub role: Option<RoleId>,
    pub is_meant: bool,
}

impl FormRow {
    /// The address, if it is one.
    pub fn email(&self) -> Option<&Email> {
        match &self.pasted.kind {
            PastedKind::Email(email) => Some(email),
            _ => None,
        }
    }

    pub fn reviewed(self, verdict: Verdict) -> ReviewRow {
        ReviewRow { typed: self.typed, name: self.name, role: self.role, verdict }
    }
}

/// What holds for everyone of a form.
pub struct Terms {
    pub personal_text: String,
    pub valid_for: Duration,
    pub language: Language,
}

/// Reads the terms of a form.
///
/// # Errors
/// The first field that cannot be taken as it is.
pub fn terms(wish: &InviteForm) -> Result<Terms, UseCaseError> {
    let personal_text =
        clean_personal_text(&wish.personal_text).map_err(|characters| Invalid::PersonalTextTooLong { characters })?;
    let valid_for = Duration::hours(wish.valid_for_hours);
    if !(SHORTEST..=LONGEST).contains(&valid_for) {
        return Err(Invalid::Validity.into());
    }
    let language = Language::from_code(&wish.language).ok_or(Invalid::Language)?;
    Ok(Terms { personal_text, valid_for, language })
}

/// What a form came to.
pub(super) struct Read {
    pub rows: Vec<FormRow>,
    pub cleaned: usize,
    pub folded: usize,
    pub left_out: usize,
    /// What was left out, as it was typed.
    pub rest: String,
}

/// The rows of the form and what the text field adds to them, each address once.
pub(super) fn read_rows(wish: &InviteForm) -> Read {
    let mut rows: Vec<FormRow> = Vec::new();
    let mut seen = BTreeSet::new();
    let role_of = |text: &str| (!text.is_empty()).then(|| RoleId::new(text));
    for wished in wish.rows.iter().filter(|row| row.dropped.is_none()) {
        // While a choice is open, what was typed stands.
        let chosen = wished.address.as_deref().map(str::trim).filter(|text| !text.is_empty());
        let is_meant = chosen.is_some() && wished.asked.is_some();
        let paste = read_paste(chosen.unwrap_or(&wished.typed));
        for pasted in paste.entries {
            let name =
                if wished.name.is_empty() { pasted.name.clone().unwrap_or_default() } else { wished.name.clone() };
            let typed = pasted.typed.clone();
            rows.push(FormRow { pasted, typed, name, role: role_of(&wished.role), is_meant });
        }
    }
    let paste = read_paste(&wish.addresses);
    rows.extend(paste.entries.into_iter().map(|pasted| FormRow {
        typed: pasted.typed.clone(),
        name: pasted.name.clone().unwrap_or_default(),
        role: None,
        is_meant: false,
        pasted,
    }));
    let before = rows.len();
    rows.retain(|row| match &row.pasted.kind {
        PastedKind::Email(email) => seen.insert(email.as_str().to_string()),
        _ => seen.insert(row.typed.clone()),
    });
    let folded = paste.folded + before - rows.len();
    let beyond = rows.split_off(rows.len().min(MOST_AT_ONCE));
    let line = |row: &FormRow| match row.name.as_str() {
        "" => row.typed.clone(),
        name => format!("{name} <{}>", row.typed),
    };
    Read {
        left_out: paste.left_out + beyond.len(),
        rest: beyond.iter().map(line).collect::<Vec<_>>().join("\n"),
        rows,
        cleaned: paste.cleaned,
        folded,
    }
}

/// The addresses among the rows.
pub(super) fn addresses(rows: &[FormRow]) -> impl Iterator<Item = &str> {
    rows.iter().filter_map(|row| row.email().map(Email::as_str))
}

/// The first of a form to whom a letter could go.
pub struct FirstInvited {
    pub email: Option<Email>,
    pub name: String,
    pub role: RoleId,
}

/// Reads the form as `invite` does; without an address that could be written to, what holds for everyone.
pub fn first_invited(wish: &InviteForm) -> FirstInvited {
    let everyone = RoleId::new(&wish.role);
    let first = read_rows(wish).rows.into_iter().find_map(|row| match &row.pasted.kind {
        PastedKind::Email(email) => Some((email.clone(), row)),
        _ => None,
    });
    match first {
        Some((email, row)) => {
            let name = PersonName::parse(&row.name).map(|name| name.as_str().to_string()).unwrap_or_default();
            FirstInvited { email: Some(email), name, role: row.role.unwrap_or(everyone) }
        }
        None => FirstInvited { email: None, name: String::new(), role: everyone },
    }
}
