//! What the page of a list shows: what was read, what is thought of it, and how far it is.

use super::super::{Actor, UseCaseError, invite, users};
use super::check::within_reach;
use super::compare::{MissingPeople, missing};
use super::own;
use crate::domain::bulk::BulkOutcome;
use crate::domain::id::{ImportId, UserId};
use crate::domain::import::{FindingKind, ImportList, ImportRow, MOST_ROWS, RowFinding, asks_about_gone, in_one_line};
use crate::domain::job::JobKind;
use crate::domain::paste::PasteColumn;
use crate::domain::review::{RoundStop, RowCounts, RowKind, RowOutcome};
use crate::server::app::App;
use crate::server::storage::imports::{self, StoredImport};
use crate::server::storage::{Tx, import_changes, invite_rows, jobs, rounds};
use crate::view_models::{
    AskedText, GonePeople, ImportColumn, ImportPage, ImportRowView, ImportState, ImportSummary, ImportView, KindCount,
};
use std::collections::{BTreeMap, HashMap};

/// How many rows a page shows.
const PAGE_ROWS: usize = 50;

/// How many texts are asked about at a time, and how many units are offered for them.
const MOST_TEXTS: usize = 50;
const MOST_UNITS: usize = 500;

/// How many of those are named who do not stand in a list that names everybody.
const MOST_GONE: usize = 50;

/// How many cells of a column are shown.
const SAMPLES: usize = 3;

/// The page of importing; of one list where `id` names it, its rows by `filter` from the row `start` on.
pub async fn page(
    app: &App,
    caller: &Actor,
    id: Option<&ImportId>,
    filter: &str,
    start: usize,
) -> Result<ImportPage, UseCaseError> {
    let options = invite::options(app, caller, None, "").await?;
    let now = app.clock.now();
    let mut tx = app.db.read().await?;
    let reader = users::reader_for(&mut tx, caller, now).await?;
    let Some(id) = id else {
        let mut lists = Vec::new();
        for entry in imports::of_user(&mut tx, &caller.user_id, now).await? {
            if let Some(stored) = imports::find(&mut tx, &entry.id, &caller.user_id, now).await? {
                let opened = reader.when(entry.created_at);
                lists.push(ImportSummary { id: entry.id, name: stored.list.name, opened });
            }
        }
        return Ok(ImportPage { options, lists, view: None });
    };
    // Before what it does is read: a job that ends in between is shown once more, and not as one that did nothing.
    let is_undoing = jobs::is_any_about(&mut tx, JobKind::ImportUndo, id.as_str()).await?;
    let (authority, mut stored) = own(app, &mut tx, caller, id, now).await?;
    let progress = ImportProgress::load(&mut tx, &mut stored).await?;
    let mut units = within_reach(&mut tx, &authority).await?;
    units.truncate(MOST_UNITS);
    let state = stored.started_at.map(|_| ImportState {
        done: progress.done,
        all: progress.all,
        taken: progress.taken,
        changed: progress.changed,
        is_under_way: progress.is_under_way || is_undoing,
        is_undoing,
        is_cut_off: progress.is_cut_off,
        stopped: progress.stopped,
        is_undone: stored.undone_at.is_some(),
        until: reader.when(stored.kept_until),
    });
    let list = stored.list;
    let gone = match state {
        None if list.terms.is_everybody => {
            let MissingPeople { gone, of, invited } = missing(&mut tx, &authority, &list, now).await?;
            let first = gone.iter().take(MOST_GONE).cloned().collect();
            Some(GonePeople { people: gone.len(), asks: asks_about_gone(gone.len(), of), first, invited })
        }
        _ => None,
    };
    // Where nothing is to be mended, everybody is shown: who is asked to join, too.
    let filter = match filter {
        "" if !list.rows.iter().any(|row| is_shown(row, "")) => "all",
        filter => filter,
    };
    let shown: Vec<&ImportRow> = list.rows.iter().filter(|row| is_shown(row, filter)).collect();
    let mut counts = RowCounts::default();
    for row in list.rows.iter().filter(|row| !row.is_dropped) {
        counts.add(row.finding.as_ref().map_or(RowKind::Later, |finding| finding.kind().row_kind()), 1);
    }
    let view = ImportView {
        id: id.clone(),
        version: stored.version,
        name: list.name.clone(),
        sheets: list.sheets.iter().filter(|_| list.sheets.len() > 1).map(|sheet| sheet.name.clone()).collect(),
        sheet: list.sheet,
        reads_people: list.reads_people,
        encoding: list.encoding.clone(),
        delimiter: list.delimiter,
        is_text: !list.file.is_empty(),
        can_be_read_again: list.can_be_read_again(),
        reading: list.reading.clone(),
        aside: list.aside.iter().filter(|line| !line.is_empty()).take(10).cloned().collect(),
        columns: columns(&list),
        asked: asked(&list),
        asks_unit: list.asks_unit(units.len()),
        units: units.iter().map(users::unit_ref).collect(),
        counts,
        left_out: list.rows.iter().filter(|row| row.is_dropped).count(),
        gone,
        kinds: kinds(&list),
        matching: shown.len(),
        rows: shown.iter().skip(start).take(PAGE_ROWS).map(|row| row_view(&list, row)).collect(),
        filter: filter.into(),
        start,
        state,
        terms: list.terms,
    };
    Ok(ImportPage { options, lists: Vec::new(), view: Some(Box::new(view)) })
}

fn is_shown(row: &ImportRow, filter: &str) -> bool {
    let kind = row.finding.as_ref().map(RowFinding::kind);
    match filter {
        "out" => row.is_dropped,
        _ if row.is_dropped => filter == "all",
        "all" => true,
        "check" => kind.is_some_and(|kind| kind.row_kind() == RowKind::ToCheck),
        "errors" => kind.is_some_and(|kind| kind.row_kind() == RowKind::ToFix),
        "" => kind.is_some_and(|kind| matches!(kind.row_kind(), RowKind::ToCheck | RowKind::ToFix)),
        code => kind.is_some() && kind == FindingKind::from_code(code),
    }
}

fn columns(list: &ImportList) -> Vec<ImportColumn> {
    let column = |(at, holds): (usize, &Option<PasteColumn>)| {
        let filled = list.rows.iter().filter_map(|row| row.cells.get(at)).filter(|cell| !cell.is_empty());
        let short = |cell: &String| cell.chars().take(40).collect();
        ImportColumn {
            head: list.heads.get(at).cloned().unwrap_or_default(),
            holds: *holds,
            samples: filled.take(SAMPLES).map(short).collect(),
        }
    };
    list.columns.iter().enumerate().map(column).collect()
}

fn asked(list: &ImportList) -> Vec<AskedText> {
    let mut found: BTreeMap<(PasteColumn, String), AskedText> = BTreeMap::new();
    for one in &list.meanings {
        let text = AskedText { column: one.column, text: one.text.clone(), rows: 0, id: one.id.clone() };
        found.insert((one.column, one.text.to_lowercase()), text);
    }
    for row in list.rows.iter().filter(|row| !row.is_dropped) {
        let (column, text) = match &row.finding {
            Some(RowFinding::UnknownRole { text }) => (PasteColumn::Role, text),
            Some(RowFinding::UnknownUnit { text }) => (PasteColumn::Unit, text),
            _ => continue,
        };
        let new = || AskedText { column, text: text.trim().to_owned(), rows: 0, id: String::new() };
        found.entry((column, text.trim().to_lowercase())).or_insert_with(new).rows += 1;
    }
    found.into_values().take(MOST_TEXTS).collect()
}

fn kinds(list: &ImportList) -> Vec<KindCount> {
    let mut found: BTreeMap<FindingKind, KindCount> = BTreeMap::new();
    for finding in list.rows.iter().filter(|row| !row.is_dropped).filter_map(|row| row.finding.as_ref()) {
        let kind = finding.kind();
        let new = || KindCount { kind, rows: 0, offers: 0, asks: false };
        let count = found.entry(kind).or_insert_with(new);
        count.rows += 1;
        count.offers += usize::from(finding.offer().is_some());
        count.asks |= finding.asks();
    }
    found.into_values().filter(|count| count.kind != FindingKind::Ready).collect()
}

fn row_view(list: &ImportList, row: &ImportRow) -> ImportRowView {
    let cell = |column: PasteColumn| {
        let at = list.place_of(row, column);
        let text = at.and_then(|at| row.cells.get(at)).map(|cell| in_one_line(cell)).unwrap_or_default();
        (at.is_some() || column == PasteColumn::Email).then_some((column, text))
    };
    ImportRowView {
        line: row.line,
        cells: PasteColumn::CHOICES.into_iter().filter_map(cell).collect(),
        finding: row.finding.clone(),
        is_dropped: row.is_dropped,
    }
}

/// How far the rounds of a list are.
#[derive(Default)]
pub(super) struct ImportProgress {
    pub done: usize,
    pub all: usize,
    pub taken: usize,
    /// Of whom something was changed who were there; they count as taken.
    pub changed: usize,
    pub is_under_way: bool,
    pub is_cut_off: bool,
    pub stopped: Option<RoundStop>,
}

impl ImportProgress {
    /// Looks at the rounds, and writes to the rows what came of them.
    pub async fn load(tx: &mut Tx, stored: &mut StoredImport) -> Result<Self, UseCaseError> {
        let mut progress = Self::default();
        let mut came: HashMap<usize, RowFinding> = HashMap::new();
        for round in &stored.list.rounds {
            progress.all += round.lines.len();
            let Some(begun) = rounds::find(tx, &round.id).await? else {
                progress.is_cut_off = true;
                continue;
            };
            let is_at_work = jobs::is_any_about(tx, JobKind::InviteRound, round.id.as_str()).await?;
            let counted = invite_rows::count(tx, &round.id).await?;
            progress.taken += counted.invited;
            progress.done += counted.invited + counted.aside.all();
            progress.is_under_way |= is_at_work;
            progress.stopped = progress.stopped.or(begun.stopped);
            for row in invite_rows::left(tx, &round.id).await? {
                let line = usize::try_from(row.position).ok().and_then(|at| round.lines.get(at)).copied();
                match (line, row.outcome) {
                    (Some(line), RowOutcome::Aside(verdict)) => drop(came.insert(line, RowFinding::Judged(verdict))),
                    (Some(line), RowOutcome::ToCome) if !is_at_work => drop(came.insert(line, RowFinding::NotReached)),
                    _ => {}
                }
            }
        }
        // As above: asked before they are counted.
        progress.is_under_way |= jobs::is_any_about(tx, JobKind::ImportChanges, stored.id.as_str()).await?;
        for (outcome, people) in import_changes::tally(tx, &stored.id).await? {
            let people = usize::try_from(people).unwrap_or_default();
            progress.all += people;
            progress.done += if outcome == BulkOutcome::Ready { 0 } else { people };
            progress.changed += if matches!(outcome, BulkOutcome::Done | BulkOutcome::Proposed) { people } else { 0 };
        }
        progress.taken += progress.changed;
        let failed: HashMap<UserId, Option<String>> =
            import_changes::failed(tx, &stored.id, MOST_ROWS).await?.into_iter().collect();
        for row in &mut stored.list.rows {
            if let Some(RowFinding::Differs { user_id, title, .. }) = &row.finding
                && let Some(refusal) = failed.get(user_id)
            {
                let refusal = refusal.as_deref().and_then(|text| serde_json::from_str(text).ok());
                row.finding = Some(RowFinding::NotChangeable {
                    user_id: user_id.clone(),
                    title: title.clone(),
                    refusal: refusal.unwrap_or(UseCaseError::NotFound),
                });
            }
            if let Some(finding) = came.remove(&row.line) {
                row.finding = Some(finding);
            }
        }
        Ok(progress)
    }
}
