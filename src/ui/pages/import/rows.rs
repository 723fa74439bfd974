//! The rows of a list by what is thought of them, each with its fields: mended, kept as it is, or left out.

use crate::domain::id::RoleId;
use crate::domain::import::{PersonChange, RowCell, RowFinding};
use crate::domain::paste::PasteColumn;
use crate::domain::review::RowKind;
use crate::server_fns::import::ImportRow;
use crate::ui::components::{Chip, EmptyState, Field, FieldsOf, Pager, Tab, Tabs, Tone};
use crate::ui::session::{viewer, vocabulary, words};
use crate::view_models::{ImportRowView, ImportView};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

/// How many rows a page has, as the server gives them.
const PAGE_ROWS: usize = 50;

/// The rows that the filter finds.
pub fn rows(view: &ImportView) -> impl IntoView + use<> {
    let words = words();
    let id = view.id.to_string();
    let open = view.counts.to_fix + view.counts.to_check;
    let tab = |filter: &str, label: &'static str, count: Option<usize>| Tab {
        href: format!("/import?id={id}&show={filter}#rows"),
        label: label.into(),
        current: view.filter == filter,
        count: count.filter(|count| *count > 0).map(|count| count.to_string()),
    };
    let tabs = vec![
        tab("", words.import_filter_open(), Some(open)),
        tab("errors", words.import_filter_errors(), Some(view.counts.to_fix)),
        tab("check", words.import_filter_check(), Some(view.counts.to_check)),
        tab("out", words.import_filter_out(), Some(view.left_out)),
        tab("all", words.import_filter_all(), Some(view.counts.all() + view.left_out)),
    ];
    let inside = match view.rows.is_empty() {
        true => view! { <EmptyState title=words.import_no_rows() icon="check" /> }.into_any(),
        false => {
            let rows = view.rows.iter().map(one).collect_view();
            view! { <ol class="import-rows">{rows}</ol> }.into_any()
        }
    };
    let at = |start: usize| format!("/import?id={id}&show={}&from={start}#rows", view.filter);
    let end = view.start + view.rows.len();
    let pager = (view.matching > PAGE_ROWS).then(|| {
        view! {
            <Pager
                previous=(view.start > 0).then(|| at(view.start.saturating_sub(PAGE_ROWS)))
                next=(end < view.matching).then(|| at(end))
                summary=format!("{}–{} / {}", view.start + 1, end, view.matching)
                previous_label=words.previous_page()
                next_label=words.next_page()
                label=words.pages_of_list()
            />
        }
    });
    view! {
        <section class="stack" aria-labelledby="rows">
            <h2 id="rows">{words.import_rows()}</h2>
            <Tabs items=tabs label=words.import_rows() />
            {inside}
            {pager}
        </section>
    }
}

fn one(row: &ImportRowView) -> impl IntoView + use<> {
    let words = words();
    let line = row.line;
    let kind = row.finding.as_ref().map(|finding| finding.kind());
    let (tone, icon) = match kind.map(|kind| kind.row_kind()) {
        _ if row.is_dropped => (Tone::Neutral, "undo"),
        Some(RowKind::Ready) => (Tone::Ok, "check"),
        Some(RowKind::ToFix) => (Tone::Error, "x"),
        Some(RowKind::ToCheck) => (Tone::Warn, "alert"),
        _ => (Tone::Neutral, "dot"),
    };
    let verdict = match &row.finding {
        _ if row.is_dropped => words.import_left_out().to_string(),
        Some(finding) => words.row_finding(vocabulary(), finding),
        None => String::new(),
    };
    let fields = row.cells.iter().cloned().map(|(column, text)| cell(RowCell { line, column }, text)).collect_view();
    let button = |answer: &'static str, label: String, class: &'static str| {
        view! {
            <button class=class formaction=ImportRow::PATH name="answer" value=format!("{line}-{answer}")>
                {label}
            </button>
        }
    };
    let asks = row.finding.as_ref().is_some_and(|finding| finding.asks()) && !row.is_dropped;
    let offer = row
        .finding
        .as_ref()
        .filter(|_| !row.is_dropped)
        .and_then(|finding| finding.offer())
        .map(|(text, _)| view! { <div>{button("offer", words.import_use(text), "button small")}</div> });
    let label = words.import_line(line);
    let changes = match &row.finding {
        Some(RowFinding::Differs { changes, .. }) if !row.is_dropped => Some(changes_of(changes)),
        _ => None,
    };
    view! {
        <li class="import-row">
            <p class="cluster">
                <b>{label.clone()}</b>
                <Chip tone=tone icon=icon>{verdict}</Chip>
            </p>
            {changes}
            {offer}
            <div class="stack tight" role="group" aria-label=label>
                <div class="import-cells">{fields}</div>
                <div class="cluster">
                    {button("save", words.import_save_row().into(), "button small")}
                    {asks.then(|| button("keep", words.import_keep_row().into(), "button small"))}
                    {match row.is_dropped {
                        true => button("back", words.import_put_back().into(), "button small quiet"),
                        false => button("drop", words.import_drop_row().into(), "button small quiet"),
                    }}
                </div>
            </div>
        </li>
    }
}

/// What becomes what about somebody who is there.
fn changes_of(changes: &[PersonChange]) -> impl IntoView + use<> {
    let words = words();
    let role = |id: &RoleId| {
        viewer().with_value(|viewer| viewer.role(id).map(|role| words.role_name(role).to_string())).unwrap_or_default()
    };
    let lines = changes.iter().map(|change| match change {
        PersonChange::Name { before, after } => words.import_becomes(words.full_name(), before, after),
        PersonChange::Role { before, after, .. } => words.import_becomes(words.role(), &role(before), &role(after)),
        PersonChange::Unit { before_name, after_name, role_before, role: given, .. } if role_before == given => {
            words.import_becomes(words.unit(), before_name, after_name)
        }
        PersonChange::Unit { before_name, after_name, role_before, role: given, .. } => words.import_becomes(
            words.unit(),
            &format!("{before_name}, {}", role(role_before)),
            &format!("{after_name}, {}", role(given)),
        ),
        PersonChange::Gone => words.status_archived().into(),
    });
    let lines = lines.map(|line| view! { <li>{line}</li> }).collect_view();
    view! { <ul class="import-changes">{lines}</ul> }
}

fn cell(place: RowCell, text: String) -> impl IntoView {
    let words = words();
    let code = place.code();
    view! {
        <FieldsOf of=(code.clone(), text.clone())>
            <input type="hidden" name="places[]" value=code.clone() />
            <Field
                label=words.import_line_field(words.import_column(place.column), place.line)
                name="texts[]"
                id=format!("cell-{code}")
                value=text.clone()
                mono={matches!(place.column, PasteColumn::Email | PasteColumn::Phone)}
                autocomplete="off"
            />
        </FieldsOf>
    }
}
