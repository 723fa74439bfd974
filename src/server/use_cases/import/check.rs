//! What is thought of every row of a list: the dry run. Who stands in a row is read as a paste is read, and judged by the judge of the
//! invite form; nothing is kept here and nobody is taken.

use super::super::invite::{BREATH, FormRow, InviteForm, give_way, judge_list, may_invite_to};
use super::super::{Actor, UseCaseError, require};
use super::compare::{SaidOfPerson, compare};
use super::known::find_known;
use crate::domain::id::{RoleId, UnitId};
use crate::domain::import::{ExistingPeople, ImportList, ImportRow, RowFinding, names_in, unknown_in};
use crate::domain::paste::{PasteColumn, PasteProblem, Pasted, PastedKind, SheetDamage, read_cells};
use crate::domain::permission::{Permission, Permissions};
use crate::domain::policy::{Authority, Request, decide};
use crate::domain::review::{RowRules, Verdict};
use crate::domain::role::Role;
use crate::domain::settings::Settings;
use crate::domain::unit::{Unit, meant_by};
use crate::domain::validity;
use crate::server::app::App;
use crate::server::storage::{Tx, roles, units};
use crate::words::Language;
use std::collections::{BTreeMap, HashMap};

/// Where somebody goes, and as what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Meant {
    pub units: Vec<UnitId>,
    pub row: FormRow,
    pub said: SaidOfPerson,
    /// Why nobody can be taken by the row. Whoever it names may be there nevertheless, just as it says.
    pub obstacle: Option<RowFinding>,
}

/// Writes to every row what is thought of it; whom each means, and where those go who can be taken.
pub(super) async fn check(
    app: &App,
    caller: &Actor,
    list: &mut ImportList,
) -> Result<Vec<Option<Meant>>, UseCaseError> {
    let mut meant = read(app, caller, list).await?;
    let all: Vec<usize> = (0..meant.len()).collect();
    judge(app, caller, list, &meant, &all).await?;
    // Who stands in some of the units that the row names goes to the others.
    let moved = find_known(app, caller, list, &mut meant).await?;
    judge(app, caller, list, &meant, &moved).await?;
    if list.terms.existing == ExistingPeople::Update {
        compare(app, caller, list, &meant).await?;
    }
    Ok(meant)
}

/// Judges some of the rows, those of the same units together.
async fn judge(
    app: &App,
    caller: &Actor,
    list: &mut ImportList,
    meant: &[Option<Meant>],
    places: &[usize],
) -> Result<(), UseCaseError> {
    let mut groups: BTreeMap<&[UnitId], Vec<usize>> = BTreeMap::new();
    for at in places {
        if let Some(Some(Meant { units, obstacle: None, .. })) = meant.get(*at) {
            groups.entry(units).or_default().push(*at);
        }
    }
    for (units, places) in groups {
        let wish = form_of(list, units);
        let row = |at: &usize| meant.get(*at)?.as_ref().map(|meant| meant.row.clone());
        let rows: Vec<FormRow> = places.iter().filter_map(row).collect();
        let verdicts = judge_list(app, caller, &wish, &rows).await?;
        for (at, verdict) in places.into_iter().zip(verdicts) {
            if let Some(row) = list.rows.get_mut(at) {
                row.finding = Some(RowFinding::Judged(verdict));
            }
        }
    }
    Ok(())
}

/// The form that invites those who go to some units.
pub(super) fn form_of(list: &ImportList, units: &[UnitId]) -> InviteForm {
    let terms = &list.terms;
    InviteForm {
        units: units.iter().map(ToString::to_string).collect(),
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
    let (mut tx, authority) = super::super::read_as(app, caller).await?;
    require(&authority, Request::Use(Permission::Invite))?;
    let known = KnownTexts::load(&mut tx, &authority, list).await?;
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
            Some(Ok(meant)) => {
                row.finding = meant.obstacle.clone();
                Some(meant)
            }
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

/// What the texts of roles and units mean here, by the texts in small letters; nothing where one means several.
struct KnownTexts {
    roles: HashMap<String, Option<RoleId>>,
    units: HashMap<String, Option<Unit>>,
    /// Where those go whose row names no unit.
    usual: Option<Unit>,
    rules: RowRules,
    settings: Settings,
}

/// How a text is looked up.
fn key(text: &str) -> String {
    text.trim().to_lowercase()
}

impl KnownTexts {
    async fn load(tx: &mut Tx, authority: &Authority, list: &ImportList) -> Result<Self, UseCaseError> {
        let roles = roles::all(tx).await?;
        let units = within_reach(tx, authority).await?;
        let usual = list.terms.unit.as_ref().and_then(|id| units.iter().find(|unit| &unit.id == id)).cloned();
        let settings = super::super::settings_of(tx).await?;
        let rules = RowRules { calling_code: settings.calling_code.clone(), ..RowRules::default() };
        let mut said = Self { roles: HashMap::new(), units: HashMap::new(), usual, rules, settings };
        for role in &roles {
            let mut names: Vec<String> = Language::ALL.map(|language| key(&language.role_name(role))).into();
            names.dedup();
            for name in names {
                said.roles
                    .entry(name)
                    .and_modify(|known| {
                        known.take_if(|known| *known != role.id);
                    })
                    .or_insert_with(|| Some(role.id.clone()));
            }
        }
        for unit in &units {
            said.units.entry(key(&unit.name)).and_modify(|known| *known = None).or_insert_with(|| Some(unit.clone()));
        }
        for one in &list.meanings {
            if one.column == PasteColumn::Role {
                let role = roles.iter().find(|role| role.id.as_str() == one.id).map(|role| role.id.clone());
                said.roles.insert(key(&one.text), role);
            } else {
                let unit = units.iter().find(|unit| unit.id.as_str() == one.id).cloned();
                said.units.insert(key(&one.text), unit);
            }
        }
        Ok(said)
    }

    fn role(&self, text: &str) -> Option<&RoleId> {
        self.roles.get(&key(text)).and_then(Option::as_ref)
    }

    fn unit(&self, text: &str) -> Option<&Unit> {
        self.units.get(&key(text)).and_then(Option::as_ref)
    }

    /// The units that a cell names.
    ///
    /// # Errors
    /// The text of which nobody knows what it means; the whole cell where one of its units is a part of another.
    fn units(&self, text: &str) -> Result<Vec<Unit>, RowFinding> {
        let is_known = |name: &str| self.unit(name).is_some();
        let unknown = |text: &str| RowFinding::UnknownUnit { text: text.into() };
        let names = names_in(text, is_known).ok_or_else(|| unknown(unknown_in(text, is_known)))?;
        let mut named: Vec<Unit> = names.iter().filter_map(|name| self.unit(name)).cloned().collect();
        named.sort_by(|one, other| one.id.cmp(&other.id));
        named.dedup_by(|one, other| one.id == other.id);
        meant_by(named, None).map_err(|_| unknown(text.trim()))
    }

    /// Whom a row means.
    fn read(
        &self,
        list: &ImportList,
        row: &ImportRow,
        authority: &Authority,
        seen: &mut HashMap<String, usize>,
    ) -> Result<Meant, RowFinding> {
        let cells = list.cells_of(row);
        let pasted = person_in(list, &cells)?;
        let mut obstacle = damage_in(list, &cells);
        if !has_contact(&pasted) && !list.is_filled(&cells, &[PasteColumn::Email, PasteColumn::Phone]) {
            obstacle = Some(RowFinding::ContactMissing);
        }
        // A whole cell knows better than what was read of it: several units stand in it, each with a comma behind it.
        let cell = |column| {
            list.place_of(row, column).and_then(|at| cells.get(at)).map_or("", |cell| without_mark(cell).trim())
        };
        let beside = |text: &Option<String>| text.as_deref().unwrap_or_default().trim().to_owned();
        let (roles, units) = (cell(PasteColumn::Role), cell(PasteColumn::Unit));
        let role_read = beside(&pasted.beside.role);
        let mut role = None;
        if !roles.is_empty() || !role_read.is_empty() {
            role = self.role(roles).or_else(|| self.role(&role_read)).cloned();
            if role.is_none() {
                let text = if roles.is_empty() { &role_read } else { roles };
                obstacle = obstacle.or_else(|| Some(RowFinding::UnknownRole { text: text.into() }));
            }
        }
        let units = if units.is_empty() { beside(&pasted.beside.unit) } else { units.to_owned() };
        let roles = if roles.is_empty() { role_read } else { roles.to_owned() };
        let mut own_units = Vec::new();
        if !units.is_empty() {
            match self.units(&units) {
                Ok(named) => own_units = named,
                Err(finding) => obstacle = obstacle.or(Some(finding)),
            }
        }
        let goes_to: Vec<&Unit> =
            if units.is_empty() { self.usual.iter().collect() } else { own_units.iter().collect() };
        let named: Vec<Unit> = goes_to.iter().map(|unit| (*unit).clone()).collect();
        if units.is_empty() && named.is_empty() {
            obstacle = obstacle.or(Some(RowFinding::UnitMissing));
        } else if self.settings.takes_units(&named).is_err() {
            let names: Vec<&str> = named.iter().map(|unit| unit.name.as_str()).collect();
            obstacle = obstacle.or(Some(RowFinding::UnknownUnit { text: names.join(", ") }));
        }
        let given = role.as_ref().unwrap_or(&list.terms.role);
        let may_give = goes_to.iter().all(|unit| {
            decide(authority, Request::Give { unit: &unit.path, role: given, extra: Permissions::NONE }).is_allowed()
        });
        if !may_give {
            obstacle = obstacle.or(Some(RowFinding::RoleNotYours));
        }
        let goes_to: Vec<UnitId> = goes_to.into_iter().map(|unit| unit.id.clone()).collect();
        let said = SaidOfPerson {
            names: names_of(list, row, &pasted),
            roles,
            role: role.clone(),
            units,
            unit: match &own_units[..] {
                [only] => Some((only.id.clone(), only.name.clone())),
                _ => None,
            },
            login: pasted.beside.login.clone().unwrap_or_default(),
        };
        let phone = pasted.beside.phone.clone();
        let form_row = FormRow::imported(pasted, role, row.is_meant);
        if let Some(phone) = phone.filter(|_| form_row.email().is_some())
            && let Err(problem) = phone.number
        {
            let repair = match read_cells(&[phone.typed], &[Some(PasteColumn::Phone)]).into_iter().next() {
                Some(Pasted { kind: PastedKind::Broken { repair, .. }, .. }) => repair,
                _ => None,
            };
            let repair = self.rules.offer(&problem, repair);
            obstacle = obstacle.or(Some(RowFinding::WrongPhone { problem, repair }));
        }
        // Whoever stands in the list twice is taken once: the first row counts.
        if let Some((address, line)) = form_row.addresses().find_map(|address| Some((address, seen.get(address)?))) {
            return Err(RowFinding::Repeated { line: *line, is_number: !address.contains('@') });
        }
        seen.extend(form_row.addresses().map(|address| (address.to_string(), row.line)));
        Ok(Meant { units: goes_to, row: form_row, said, obstacle })
    }
}

/// What the row calls the person: as it is read, and as it stands in its cell.
fn names_of(list: &ImportList, row: &ImportRow, pasted: &Pasted) -> Vec<String> {
    let at = list.place_of(row, PasteColumn::Name);
    let whole = at.and_then(|at| row.cells.get(at)).map(|cell| without_mark(cell).to_owned());
    pasted.name.iter().cloned().chain(whole).filter(|name| !name.trim().is_empty()).collect()
}

/// A text without the mark that spreadsheets, and we, put before what looks like a formula.
fn without_mark(cell: &str) -> &str {
    cell.strip_prefix('\'').unwrap_or(cell)
}

/// The role that is called so, in whatever language; two of one name are asked about.
pub(super) fn role_called(roles: &[Role], name: &str) -> Option<RoleId> {
    let wanted = key(name);
    let is_called = |role: &&Role| Language::ALL.into_iter().any(|language| key(&language.role_name(role)) == wanted);
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

/// Whether an address or a number was read.
fn has_contact(pasted: &Pasted) -> bool {
    !matches!(pasted.kind, PastedKind::Broken { .. })
}

/// What a spreadsheet's formula left in a cell that is used, where it found nothing.
fn damage_in(list: &ImportList, cells: &[String]) -> Option<RowFinding> {
    let mut used = cells
        .iter()
        .zip(&list.columns)
        .filter(|(_, column)| column.is_some_and(|column| PasteColumn::CHOICES.contains(&column)));
    let is_error = |cell: &str| cell.starts_with('#') && SheetDamage::of_text(cell) == Some(SheetDamage::Formula);
    used.any(|(cell, _)| is_error(cell.trim())).then(|| {
        let problem = PasteProblem::Spreadsheet(SheetDamage::Formula);
        RowFinding::Judged(Verdict::Broken { problem, repair: None })
    })
}

/// The one person in a row.
fn person_in(list: &ImportList, cells: &[String]) -> Result<Pasted, RowFinding> {
    // What a note says of other addresses is not about how to reach them.
    let columns: Vec<Option<PasteColumn>> =
        list.columns.iter().map(|column| column.filter(|column| *column != PasteColumn::Note)).collect();
    let mut found = read_cells(cells, &columns);
    let is_filled = |columns: &[PasteColumn]| list.is_filled(cells, columns);
    let is_anybody =
        found.iter().any(has_contact) || is_filled(&[PasteColumn::Email, PasteColumn::Phone, PasteColumn::Login]);
    if !is_anybody {
        return Err(RowFinding::ContactMissing);
    }
    if found.len() > 1 {
        return Err(RowFinding::SeveralContacts);
    }
    found.pop().ok_or(RowFinding::ContactMissing)
}
