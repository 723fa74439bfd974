//! What is thought of every row of a list: the dry run. Who stands in a row is read as a paste is read, and judged by the judge of the
//! invite form; nothing is kept here and nobody is taken.

use super::super::invite::{BREATH, FormRow, InviteForm, give_way, judge_list, may_invite_to};
use super::super::{Actor, UseCaseError, require};
use super::compare::{SaidOfPerson, compare};
use crate::domain::id::{RoleId, UnitId};
use crate::domain::import::{ExistingPeople, ImportList, ImportRow, RowFinding};
use crate::domain::paste::{PasteColumn, Pasted, PastedKind, read_cells};
use crate::domain::permission::{Permission, Permissions};
use crate::domain::policy::{Authority, Request, decide};
use crate::domain::role::Role;
use crate::domain::unit::Unit;
use crate::domain::validity;
use crate::server::app::App;
use crate::server::storage::{Tx, roles, units};
use crate::words::Language;
use std::collections::{BTreeMap, HashMap};

/// Where somebody goes, and as what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Meant {
    pub unit: Option<UnitId>,
    pub row: FormRow,
    /// The unit is the row's own word, and not what holds for everybody; with its name.
    pub own_unit: Option<(UnitId, String)>,
}

/// Writes to every row what is thought of it.
pub(super) async fn check(app: &App, caller: &Actor, list: &mut ImportList) -> Result<(), UseCaseError> {
    let meant = read(app, caller, list).await?;
    let mut groups: BTreeMap<Option<UnitId>, Vec<(usize, FormRow)>> = BTreeMap::new();
    let mut said: Vec<(usize, SaidOfPerson)> = Vec::new();
    for (at, meant) in meant.into_iter().enumerate() {
        if let Some(Meant { unit, row, own_unit }) = meant {
            said.push((at, SaidOfPerson { name: row.name.clone(), role: row.role.clone(), unit: own_unit }));
            groups.entry(unit).or_default().push((at, row));
        }
    }
    for (unit, rows) in groups {
        let wish = form_of(list, unit.as_ref());
        let (places, rows): (Vec<usize>, Vec<FormRow>) = rows.into_iter().unzip();
        let verdicts = judge_list(app, caller, &wish, &rows).await?;
        for (at, verdict) in places.into_iter().zip(verdicts) {
            if let Some(row) = list.rows.get_mut(at) {
                row.finding = Some(RowFinding::Judged(verdict));
            }
        }
    }
    match list.terms.existing {
        ExistingPeople::Update => compare(app, caller, list, said).await,
        ExistingPeople::Skip => Ok(()),
    }
}

/// The form that invites those who go to a unit.
pub(super) fn form_of(list: &ImportList, unit: Option<&UnitId>) -> InviteForm {
    let terms = &list.terms;
    InviteForm {
        units: unit.map(ToString::to_string).into_iter().collect(),
        role: terms.role.to_string(),
        language: terms.language.clone(),
        personal_text: terms.personal_text.clone(),
        valid_for: validity::own_code(terms.valid_for),
        only_add: !terms.sends,
        ..InviteForm::default()
    }
}

/// Whom each row means; a row that means nobody says why.
pub(super) async fn read(app: &App, caller: &Actor, list: &mut ImportList) -> Result<Vec<Option<Meant>>, UseCaseError> {
    let mut tx = app.db.read().await?;
    let authority = super::super::authority(app, &mut tx, caller).await?;
    require(&authority, Request::Use(Permission::Invite))?;
    let known = KnownTexts::load(&mut tx, &authority).await?;
    drop(tx);
    let mut seen: HashMap<String, usize> = HashMap::new();
    let mut rows = std::mem::take(&mut list.rows);
    let mut all = Vec::with_capacity(rows.len());
    for (position, row) in rows.iter_mut().enumerate() {
        if position % BREATH == BREATH - 1 {
            give_way().await;
        }
        row.finding = None;
        let meant = if row.is_dropped { None } else { Some(known.read(list, row, &authority, &mut seen)) };
        all.push(match meant {
            Some(Ok(meant)) => Some(meant),
            Some(Err(finding)) => {
                row.finding = Some(finding);
                None
            }
            None => None,
        });
    }
    list.rows = rows;
    Ok(all)
}

/// What the texts of roles and units mean here.
struct KnownTexts {
    roles: Vec<Role>,
    units: Vec<Unit>,
}

impl KnownTexts {
    async fn load(tx: &mut Tx, authority: &Authority) -> Result<Self, UseCaseError> {
        let roles = roles::all(tx).await?;
        let units = within_reach(tx, authority).await?;
        Ok(Self { roles, units })
    }

    fn role(&self, list: &ImportList, text: &str) -> Option<RoleId> {
        if let Some(said) = list.meaning(PasteColumn::Role, text) {
            return self.roles.iter().find(|role| role.id.as_str() == said).map(|role| role.id.clone());
        }
        role_called(&self.roles, text)
    }

    fn unit(&self, list: &ImportList, text: &str) -> Option<&Unit> {
        if let Some(said) = list.meaning(PasteColumn::Unit, text) {
            return self.units.iter().find(|unit| unit.id.as_str() == said);
        }
        let wanted = text.trim().to_lowercase();
        let mut found = self.units.iter().filter(|unit| unit.name.to_lowercase() == wanted);
        found.next().filter(|_| found.next().is_none())
    }

    /// Whom a row means.
    fn read(
        &self,
        list: &ImportList,
        row: &ImportRow,
        authority: &Authority,
        seen: &mut HashMap<String, usize>,
    ) -> Result<Meant, RowFinding> {
        let pasted = person_in(list, row)?;
        let phone = pasted.beside.phone.clone();
        let role = match pasted.beside.role.as_deref().filter(|text| !text.trim().is_empty()) {
            Some(text) => Some(self.role(list, text).ok_or_else(|| RowFinding::UnknownRole { text: text.into() })?),
            None => None,
        };
        let own_unit = match pasted.beside.unit.as_deref().filter(|text| !text.trim().is_empty()) {
            Some(text) => Some(self.unit(list, text).ok_or_else(|| RowFinding::UnknownUnit { text: text.into() })?),
            None => None,
        };
        let unit = match own_unit {
            Some(unit) => Some(unit),
            None => list.terms.unit.as_ref().and_then(|id| self.units.iter().find(|unit| &unit.id == id)),
        };
        let given = role.as_ref().unwrap_or(&list.terms.role);
        let may_give = unit.is_none_or(|unit| {
            decide(authority, Request::Give { unit: &unit.path, role: given, extra: Permissions::NONE }).is_allowed()
        });
        if !may_give {
            return Err(RowFinding::RoleNotYours);
        }
        let form_row = FormRow::imported(pasted, role, row.is_meant);
        if let Some(phone) = phone.filter(|_| form_row.email().is_some())
            && let Err(problem) = phone.number
        {
            let repair = match read_cells(&[phone.typed], &[Some(PasteColumn::Phone)]).into_iter().next() {
                Some(Pasted { kind: PastedKind::Broken { repair, .. }, .. }) => repair,
                _ => None,
            };
            return Err(RowFinding::WrongPhone { problem, repair });
        }
        // Whoever stands in the list twice is taken once: the first row counts.
        if let Some(line) = form_row.addresses().find_map(|address| seen.get(address)) {
            return Err(RowFinding::Repeated { line: *line });
        }
        seen.extend(form_row.addresses().map(|address| (address.to_string(), row.line)));
        Ok(Meant {
            unit: unit.map(|unit| unit.id.clone()),
            row: form_row,
            own_unit: own_unit.map(|unit| (unit.id.clone(), unit.name.clone())),
        })
    }
}

/// The role that is called so, in whatever language; two of one name are asked about.
pub(super) fn role_called(roles: &[Role], name: &str) -> Option<RoleId> {
    let wanted = name.trim().to_lowercase();
    let is_called =
        |role: &&Role| Language::ALL.into_iter().any(|language| language.role_name(role).to_lowercase() == wanted);
    let mut found = roles.iter().filter(is_called);
    found.next().filter(|_| found.next().is_none()).map(|role| role.id.clone())
}

/// The units to which somebody may invite.
pub(in crate::server::use_cases) async fn within_reach(
    tx: &mut Tx,
    authority: &Authority,
) -> Result<Vec<Unit>, UseCaseError> {
    let mut found: Vec<Unit> = Vec::new();
    for path in authority.reach(Permission::Invite) {
        for unit in units::below(tx, path).await? {
            if may_invite_to(authority, &unit) && found.iter().all(|known| known.id != unit.id) {
                found.push(unit);
            }
        }
    }
    Ok(found)
}

/// The one person in a row.
fn person_in(list: &ImportList, row: &ImportRow) -> Result<Pasted, RowFinding> {
    let is_filled = |wanted: PasteColumn| {
        let cells = row.cells.iter().zip(&list.columns).filter(|(_, column)| **column == Some(wanted));
        cells.into_iter().any(|(cell, _)| !cell.trim().is_empty())
    };
    let mut found = read_cells(&row.cells, &list.columns);
    let has_contact = |pasted: &Pasted| !matches!(pasted.kind, PastedKind::Broken { .. });
    if !is_filled(PasteColumn::Email) && !is_filled(PasteColumn::Phone) && !found.iter().any(has_contact) {
        return Err(RowFinding::ContactMissing);
    }
    if found.len() > 1 {
        return Err(RowFinding::SeveralContacts);
    }
    found.pop().ok_or(RowFinding::ContactMissing)
}
