//! Reading the invite form: what is typed or pasted becomes rows, each address once, and what holds for everybody. Nothing is
//! looked up here.

use super::UseCaseError;
use crate::domain::contact::{Address, Channel, Email, EmailProblem, PersonName};
use crate::domain::error::Invalid;
use crate::domain::id::{DraftId, RoleId, UnitId};
use crate::domain::invitation::clean_personal_text;
use crate::domain::paste::{Beside, PasteProblem, Pasted, PastedKind, read_paste};
use crate::domain::permission::Permissions;
use crate::domain::review::{ASKED_ROLE, ASKED_UNIT, MOST_IN_A_FORM, RowOutcome, RowSaid, WishedRow, contact_of};
use crate::domain::timestamp::{Duration, Timestamp};
use crate::domain::typed;
use crate::domain::validity;
use crate::server::random;
use crate::server::storage::invite_rows::InviteRow;
use crate::words::Language;
use std::collections::{BTreeMap, BTreeSet};

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
    /// As `domain::validity` reads it; nothing is as usual.
    pub valid_for: String,
    /// Extra permissions on top of the role (rule 59).
    pub extra: Permissions,
    /// Only look at the rows; send nothing.
    pub only_check: bool,
    /// Have these people known, and invite nobody yet (rule 20).
    pub only_add: bool,
    /// The draft that this form stands on, if what it sent was still held.
    pub after: Option<DraftId>,
    /// The form of which only some rows were shown: the others go with these.
    pub kept: Option<DraftId>,
}

impl InviteForm {
    /// The units that were chosen by hand, each once.
    pub(super) fn chosen(&self) -> BTreeSet<UnitId> {
        self.units.iter().filter_map(UnitId::given).collect()
    }

    pub(super) fn proposed(&self) -> Option<UnitId> {
        UnitId::given(&self.proposed)
    }
}

/// A row on its way: what was typed, and whether a warning has been answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormRow {
    pub pasted: Pasted,
    pub typed: String,
    pub name: String,
    pub role: Option<RoleId>,
    pub is_meant: bool,
    /// A number beside the address: it is the person's. What was typed for one and is none stands as it was typed.
    pub phone: Option<String>,
    pub said: RowSaid,
}

impl FormRow {
    /// Somebody in a row of a file; a row of a form holds what was typed, so it is written as it would be.
    pub fn imported(pasted: Pasted, role: Option<RoleId>, is_meant: bool) -> Self {
        let phone = pasted.number_beside();
        let typed = match &pasted.kind {
            PastedKind::Email(email) => email.as_str().to_string(),
            PastedKind::Phone(phone) => phone.as_str().to_string(),
            PastedKind::Broken { .. } => pasted.typed.clone(),
        };
        Self {
            name: pasted.name.clone().unwrap_or_default(),
            typed,
            role,
            is_meant,
            phone,
            said: RowSaid::default(),
            pasted,
        }
    }

    /// The number beside the address, as one that could be written to.
    pub fn beside(&self) -> Option<Address> {
        Some(Address::stored(Channel::Sms, self.phone.as_deref()?)).filter(Address::is_sound)
    }

    /// The address and the number beside it, as a row holds them.
    pub fn addresses(&self) -> impl Iterator<Item = &str> {
        self.address().into_iter().chain(self.phone.as_deref())
    }

    /// The same as a row holds it.
    pub fn address(&self) -> Option<&str> {
        match &self.pasted.kind {
            PastedKind::Email(email) => Some(email.as_str()),
            PastedKind::Phone(phone) => Some(phone.as_str()),
            PastedKind::Broken { .. } => None,
        }
    }

    /// The e-mail address, if it is one.
    pub fn email(&self) -> Option<&Email> {
        match &self.pasted.kind {
            PastedKind::Email(email) => Some(email),
            _ => None,
        }
    }

    /// As a form keeps it, at its place.
    pub fn kept(&self, position: usize, outcome: RowOutcome, now: Timestamp) -> InviteRow {
        InviteRow {
            id: random::id(now),
            position: i64::try_from(position).unwrap_or(i64::MAX),
            typed: self.typed.clone(),
            name: self.name.clone(),
            role: self.role.clone(),
            is_meant: self.is_meant,
            contact: contact_of(&self.pasted),
            phone: self.phone.clone(),
            said: self.said.clone(),
            outcome,
        }
    }
}

impl From<&InviteRow> for FormRow {
    fn from(kept: &InviteRow) -> Self {
        Self {
            pasted: read_paste(&kept.typed).entries.into_iter().next().unwrap_or_else(|| unread(&kept.typed)),
            typed: kept.typed.clone(),
            name: kept.name.clone(),
            role: kept.role.clone(),
            is_meant: kept.is_meant,
            phone: kept.phone.clone(),
            said: RowSaid { unused: Vec::new(), ..kept.said.clone() },
        }
    }
}

/// What holds for everyone of a form.
pub struct Terms {
    pub personal_text: String,
    /// Nothing is as usual.
    pub valid_for: Option<Duration>,
    pub language: Language,
}

/// Reads the terms of a form.
///
/// # Errors
/// The first field that cannot be taken as it is.
pub fn terms(wish: &InviteForm) -> Result<Terms, UseCaseError> {
    let personal_text =
        clean_personal_text(&wish.personal_text).map_err(|characters| Invalid::PersonalTextTooLong { characters })?;
    let valid_for = validity::read_own(&wish.valid_for)?;
    let language = Language::from_code(&wish.language).ok_or(Invalid::Language)?;
    Ok(Terms { personal_text, valid_for, language })
}

/// What a form came to.
pub(super) struct Read {
    pub rows: Vec<FormRow>,
    /// How many entries were tidied up, and how many repeated another one.
    pub cleaned: usize,
    pub folded: usize,
    /// The lines of the text field that are about nobody: they stay in it.
    pub aside: String,
}

/// What one row of the form came to: one person, or several where several were typed into it.
fn entries_of(wished: &WishedRow) -> impl Iterator<Item = FormRow> + '_ {
    // What is no number stays as it was typed, and is said.
    let field = wished.number.as_deref().unwrap_or(&wished.phone).trim();
    let beside = (!field.is_empty()).then(|| typed::phone(field).map_or_else(|_| field.to_string(), String::from));
    // An address that was typed for a number: the number stands beside it.
    let number = match read_paste(&wished.typed).entries.into_iter().next().map(|pasted| pasted.kind) {
        Some(PastedKind::Phone(phone)) => Some(String::from(phone)),
        _ => None,
    };
    // While a choice is open, what was typed stands.
    let chosen = wished.address.as_deref().map(str::trim).filter(|text| !text.is_empty());
    let is_meant = chosen.is_some() && wished.asked.is_some();
    let role = (!wished.role.is_empty()).then(|| RoleId::new(&wished.role));
    let asked = wished.asked.as_deref().filter(|_| is_meant).unwrap_or_default();
    let said = RowSaid {
        role: Some(wished.said_role.clone()).filter(|text| !text.is_empty()),
        unit: Some(wished.said_unit.clone()).filter(|text| !text.is_empty()),
        unused: Vec::new(),
    };
    read_paste(chosen.unwrap_or(&wished.typed)).entries.into_iter().map(move |pasted| {
        let name = if wished.name.is_empty() { pasted.name.clone().unwrap_or_default() } else { wished.name.clone() };
        let known = beside.clone().or_else(|| pasted.number_beside()).or_else(|| number.clone());
        let own = RowSaid::of(&pasted);
        let is_open = |question: &str| asked != question && asked != ASKED_UNIT;
        let said = RowSaid {
            role: said.role.clone().or(own.role).filter(|_| role.is_none() && is_open(ASKED_ROLE)),
            unit: said.unit.clone().or(own.unit).filter(|_| is_open(ASKED_UNIT)),
            unused: own.unused,
        };
        FormRow {
            typed: pasted.typed.clone(),
            phone: known.filter(|_| pasted.takes_number()),
            said,
            pasted,
            name,
            role: role.clone(),
            is_meant,
        }
    })
}

/// The first of each row, in their order, to be looked at.
pub(super) fn first_entries(rows: &[WishedRow]) -> Vec<FormRow> {
    let first = |wished: &WishedRow| {
        entries_of(wished).next().unwrap_or_else(|| FormRow {
            pasted: unread(&wished.typed),
            typed: wished.typed.clone(),
            name: String::new(),
            role: None,
            is_meant: false,
            phone: None,
            said: RowSaid::default(),
        })
    };
    rows.iter().map(first).collect()
}

/// A text in which nothing was found.
fn unread(typed: &str) -> Pasted {
    Pasted {
        typed: typed.into(),
        name: None,
        rest: Vec::new(),
        kind: PastedKind::Broken { problem: PasteProblem::Email(EmailProblem::NoAt), repair: None },
        beside: Beside::default(),
    }
}

/// The rows of the form, those that were kept and not shown, and what the text field adds to them, each address once.
///
/// # Errors
/// `TooManyToInvite`: nothing is read of a form that does not fit.
pub(super) fn read_rows(wish: &InviteForm, kept: Vec<FormRow>) -> Result<Read, UseCaseError> {
    let mut rows: Vec<FormRow> = Vec::new();
    for wished in wish.rows.iter().filter(|row| row.dropped.is_none()) {
        rows.extend(entries_of(wished));
    }
    rows.extend(kept);
    let paste = read_paste(&wish.addresses);
    if paste.left_out > 0 || paste.unread_bytes > 0 {
        return Err(Invalid::TooManyToInvite { most: MOST_IN_A_FORM }.into());
    }
    rows.extend(paste.entries.into_iter().map(|pasted| FormRow {
        typed: pasted.typed.clone(),
        name: pasted.name.clone().unwrap_or_default(),
        role: None,
        is_meant: false,
        phone: pasted.number_beside(),
        said: RowSaid::of(&pasted),
        pasted,
    }));
    let before = rows.len();
    let rows = each_once(rows);
    if rows.len() > MOST_IN_A_FORM {
        return Err(Invalid::TooManyToInvite { most: MOST_IN_A_FORM }.into());
    }
    Ok(Read { cleaned: paste.cleaned, folded: paste.folded + before - rows.len(), aside: paste.aside.join("\n"), rows })
}

/// The rows, each address once; what the others say otherwise of it is shown with the first.
fn each_once(rows: Vec<FormRow>) -> Vec<FormRow> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let mut out: Vec<FormRow> = Vec::with_capacity(rows.len());
    for row in rows {
        let key = row.address().unwrap_or(&row.typed).to_string();
        match seen.get(&key).and_then(|at| out.get_mut(*at)) {
            Some(first) => {
                let name = Some(row.name).filter(|name| !name.is_empty() && *name != first.name);
                first.said.unused.extend(name);
                first.said.unused.extend(row.said.unused);
            }
            None => {
                seen.insert(key, out.len());
                out.push(row);
            }
        }
    }
    out
}

/// The addresses among the rows, and the numbers beside them.
pub(super) fn addresses(rows: &[FormRow]) -> impl Iterator<Item = &str> {
    rows.iter().flat_map(FormRow::addresses)
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
    let rows = read_rows(wish, Vec::new()).map(|read| read.rows).unwrap_or_default();
    let first = rows.into_iter().find_map(|row| match &row.pasted.kind {
        PastedKind::Email(email) => Some((email.clone(), row)),
        _ => None,
    });
    match first {
        Some((email, row)) => {
            let name = PersonName::of_list(&row.name).map(String::from).unwrap_or_default();
            FirstInvited { email: Some(email), name, role: row.role.unwrap_or(everyone) }
        }
        None => FirstInvited { email: None, name: String::new(), role: everyone },
    }
}
