//! The page on which people are imported from a file: choosing it, saying what its columns hold, mending its rows, running it, and what
//! came of it. All of it are plain forms, so that it works alike without script.

mod columns;
mod report;
mod rows;

use crate::domain::error::{Invalid, UseCaseError};
use crate::domain::import::{BatchPolicy, FindingKind, MOST_ROWS};
use crate::domain::listing::UserQuery;
use crate::domain::review::{RowCounts, RowKind};
use crate::server_fns::import::{ImportForget, ImportGroup, ImportList, ImportRow, ImportRun};
use crate::ui::components::{Field, Icon, Notice, PageHeader, TextField, Tone};
use crate::ui::forms::plain::{Note, PlainAnswer};
use crate::ui::session::words;
use crate::view_models::{GonePeople, ImportPage, ImportSummary, ImportView, InviteOptions};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

/// Where the form with the file goes: no server function, since a file is no field.
const FILE_FORM: &str = "/import/file";

/// The inside of the page.
pub fn page(page: ImportPage) -> AnyView {
    let words = words();
    let ImportPage { options, lists, view } = page;
    let inside = match view {
        None => first(&lists).into_any(),
        Some(view) if view.state.is_some() => report::report(*view).into_any(),
        Some(view) => open(&view, &options).into_any(),
    };
    view! {
        <a class="back" href="/users">
            <Icon name="chevron-left" />
            {words.users()}
        </a>
        <PageHeader title=words.import_title() lead=words.import_lead() />
        {inside}
    }
    .into_any()
}

/// A list that has not begun: one form, so that every button carries all that stands on the page.
fn open(view: &ImportView, options: &InviteOptions) -> impl IntoView + use<> {
    view! {
        <form class="stack import-list" method="post" action=ImportList::PATH autocomplete="off">
            <input type="hidden" name="id" value=view.id.to_string() />
            <input type="hidden" name="version" value=view.version />
            {columns::columns(view, options)}
            {checked(view)}
            {rows::rows(view)}
            {end(view)}
        </form>
    }
}

/// Choosing a file, or pasting rows.
fn first(lists: &[ImportSummary]) -> impl IntoView + use<> {
    let words = words();
    let field_of = |refusal: &UseCaseError| match refusal {
        UseCaseError::Invalid(Invalid::File(_) | Invalid::TooManyToImport { .. } | Invalid::EmptyList) => "file",
        _ => "",
    };
    let note = Note::about(FILE_FORM, field_of);
    let kept = lists
        .iter()
        .map(|list| {
            let name = if list.name.is_empty() { words.import_pasted().to_string() } else { list.name.clone() };
            view! {
                <li>
                    <a href=format!("/import?id={}", list.id)>{name}</a>
                    " "
                    <small class="muted" title=list.opened.exact.clone()>{words.import_opened(&list.opened.short)}</small>
                </li>
            }
        })
        .collect_view();
    let kept = (!lists.is_empty()).then(|| {
        view! {
            <section class="card" aria-labelledby="lists">
                <h2 id="lists">{words.import_open_lists()}</h2>
                <ul>{kept}</ul>
            </section>
        }
    });
    view! {
        <PlainAnswer note=note done="" />
        <form class="stack form-width card" method="post" action=FILE_FORM enctype="multipart/form-data">
            <div class="field">
                <label for="file">{words.import_file()}</label>
                <p class="hint" id="file-hint">{words.import_file_hint(&words.figure(MOST_ROWS))}</p>
                <input
                    class="input"
                    type="file"
                    id="file"
                    name="file"
                    accept=".csv,.tsv,.txt,.xlsx,.ods"
                    aria-describedby="file-hint"
                />
            </div>
            <TextField label=words.import_cells() name="cells" hint=words.import_cells_hint() rows=4 mono=true />
            <div class="actions">
                <button class="button primary">
                    <Icon name="eye" />
                    {words.import_read()}
                </button>
                <a class="button" href="/users">{words.cancel()}</a>
            </div>
        </form>
        {kept}
    }
}

/// What would happen: the counts, and the findings by what mends them.
fn checked(view: &ImportView) -> impl IntoView + use<> {
    let words = words();
    let RowCounts { ready, to_check, to_fix, here, later } = view.counts;
    let counts = [
        (ready, words.import_ready(ready)),
        (to_fix, words.import_errors(to_fix)),
        (to_check, words.invite_to_check(to_check)),
        (here, words.import_here(here)),
        (later, words.import_later(later)),
        (view.left_out, words.import_out(view.left_out)),
    ];
    let counts: Vec<String> = counts.into_iter().filter(|(n, _)| *n > 0).map(|(_, said)| said).collect();
    let kinds = view
        .kinds
        .iter()
        .map(|count| {
            let (id, kind) = (view.id.to_string(), count.kind);
            let button = |answer: &'static str, label: String| {
                let answer = format!("{}-{answer}", kind.code());
                view! {
                    <button class="button small" formaction=ImportGroup::PATH name="answer" value=answer>
                        {label}
                    </button>
                }
            };
            // Whoever is ready is taken: there is nothing to be mended. To join is more than a list may have meant.
            let drop = (kind.row_kind() != RowKind::Ready || kind == FindingKind::Joins)
                .then(|| button("drop", words.import_drop_all(&words.figure(count.rows))));
            let offers =
                (count.offers > 0).then(|| button("offers", words.import_use_all(&words.figure(count.offers))));
            let keep = count.asks.then(|| button("keep", words.import_keep_all(&words.figure(count.rows))));
            let show = format!("/import?id={id}&show={}#rows", kind.code());
            view! {
                <li class="stack tight">
                    <p>
                        <b>{count.rows}</b>
                        " "
                        {words.finding_kind(kind)}
                    </p>
                    <div class="cluster" role="group" aria-label=words.finding_kind(kind)>
                        {offers}
                        {keep}
                        {drop}
                        <a class="button small quiet" href=show>
                            {words.import_show_rows()}
                        </a>
                    </div>
                </li>
            }
        })
        .collect_view();
    let note = |path| Note::about(path, columns::field_of);
    view! {
        <section class="card stack" aria-labelledby="result" id="checked">
            <h2 id="result">{words.import_result()}</h2>
            <PlainAnswer note=note(ImportRun::PATH) done="" />
            <PlainAnswer note=note(ImportGroup::PATH) done=words.import_checked() />
            <PlainAnswer note=note(ImportRow::PATH) done=words.import_checked() />
            <p id="counts">{counts.join(" · ")}</p>
            <p class="muted">{words.import_nothing_yet()}</p>
            <ul class="import-kinds">{kinds}</ul>
            {view.gone.as_ref().map(|people| gone(people, view))}
        </section>
    }
}

/// Whoever does not stand in a list that names everybody.
fn gone(gone: &GonePeople, view: &ImportView) -> impl IntoView + use<> {
    let words = words();
    let first = gone
        .first
        .iter()
        .map(|(id, title)| view! { <li><a href=format!("/users/{id}")>{title.clone()}</a></li> })
        .collect_view();
    // The whole company, where that is what was chosen.
    let unit = view.units.iter().find(|unit| Some(&unit.id) == view.terms.unit.as_ref());
    let unit = unit.map(|unit| format!(" ({})", unit.name));
    let invited = (gone.invited > 0).then(|| {
        let query = UserQuery { unit: view.terms.unit.clone(), ..UserQuery::default() };
        view! { <p class="muted">{words.import_gone_invited(gone.invited)} " " <a href=query.address()>{words.users()}</a></p> }
    });
    view! {
        <details id="gone">
            <summary>{words.import_gone(gone.people)}{unit}</summary>
            <ul>{first}</ul>
        </details>
        {invited}
    }
}

/// The end of the page: taking those who are ready, the file of the others, discarding all of it.
fn end(view: &ImportView) -> impl IntoView + use<> {
    let words = words();
    let ready = view.counts.ready;
    let others = view.counts.all() - ready + view.left_out;
    let rejected = (others > 0).then(|| rejected_link(view.id.as_str()));
    let archives = view.gone.as_ref().is_some_and(|gone| gone.people > 0);
    // Which of the two is true, the box above says, and style with it: without script, too.
    let (added, sent) = match archives {
        true => (words.import_run_gone().to_string(), words.import_run_gone_and_send().to_string()),
        false => (words.import_run(ready), words.import_run_and_send(ready)),
    };
    let asked = view.gone.as_ref().filter(|gone| gone.asks).map(|gone| {
        let label = words.import_type_gone(&words.figure(gone.people));
        view! { <Field label=label name="gone" id="gone-number" inputmode="numeric" autocomplete="off" /> }
    });
    let stands_against = view.counts.to_fix + view.counts.to_check + view.counts.later;
    let run = match () {
        () if view.terms.policy == BatchPolicy::AllOrNothing && stands_against > 0 => {
            view! { <p class="muted" id="not-run">{words.import_all_or_nothing(stands_against)}</p> }.into_any()
        }
        () if ready == 0 && !archives => {
            view! { <p class="muted" id="not-run">{words.import_nobody_ready()}</p> }.into_any()
        }
        () => view! {
            <button class="button primary" id="run" formaction=ImportRun::PATH>
                <Icon name="check" />
                <span class="when-added">{added}</span>
                <span class="when-sent">{sent}</span>
            </button>
        }
        .into_any(),
    };
    view! {
        <div class="actions sticky bar">
            {asked}
            {run}
            {rejected}
            <button class="button quiet" formaction=ImportForget::PATH formnovalidate=true>
                {words.import_forget()}
            </button>
        </div>
    }
}

/// The way to the file of what was not taken.
fn rejected_link(id: &str) -> impl IntoView + use<> {
    let words = words();
    view! {
        <a class="button" href=format!("/import/rejected?id={id}") rel="external" title=words.import_rejected_hint() download="">
            {words.import_rejected()}
        </a>
    }
}

/// A box that says something has to be known.
fn said(tone: Tone, text: &'static str) -> impl IntoView {
    view! { <Notice tone=tone>{text}</Notice> }
}
