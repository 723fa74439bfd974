//! The tree of units: one unit with those below it, what can be done with it, and the questions before it is done.

pub mod picker;
mod place;

pub use place::move_page;

use crate::domain::error::{Conflict, Invalid, UseCaseError};
use crate::domain::listing::Count;
use crate::domain::permission::Permission;
use crate::domain::preset::Preset;
use crate::domain::proposal::ProposalOutcome;
use crate::domain::unit::UnitKind;
use crate::server_fns::organisation::{ArchiveUnit, BringBackUnit, CreateUnit, EditUnit, MoveUnit};
use crate::ui::components::{
    Chip, Choice, Dialog, DialogActions, EmptyState, Field, Icon, Notice, PageHeader, SearchField, SelectField, Tab,
    Tabs, Tone,
};
use crate::ui::forms::plain::{Note, PlainAnswer, revision_field};
use crate::ui::pages::parts::ProposalRow;
use crate::ui::pages::parts::own_settings;
use crate::ui::session::{may_use, viewer, words};
use crate::view_models::{UnitPage, UnitRow};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

fn field_of(refusal: &UseCaseError) -> &'static str {
    match refusal {
        UseCaseError::Invalid(Invalid::UnitName) | UseCaseError::NameTaken { .. } => "name",
        UseCaseError::Invalid(Invalid::Unit) => "kind",
        UseCaseError::Invalid(Invalid::Validity) => "valid_for",
        _ => "",
    }
}

/// What the installation's preset calls a kind of unit.
fn kind_name(kind: UnitKind) -> &'static str {
    viewer().with_value(|viewer| viewer.language.unit_kind_name(kind, &viewer.preset))
}

/// What was done to a unit, by the form that did it.
fn done_to(form: &str, page: &UnitPage) -> String {
    let words = words();
    match (form, page.above.last()) {
        (MoveUnit::PATH, Some(parent)) => words.unit_moved(&parent.name),
        (ArchiveUnit::PATH, _) => words.unit_archived().into(),
        (BringBackUnit::PATH, _) => words.unit_brought_back().into(),
        _ => words.unit_saved().into(),
    }
}

/// A unit and those below it; `question` is what its address asks.
pub fn page(page: UnitPage, question: &str) -> AnyView {
    let words = words();
    let name = page.unit.name.clone();
    let here = format!("/units/{}", page.unit.id);
    let people = Count::people_here(&page.counts);
    let state = match (page.is_archived, page.is_closed) {
        (true, _) => Some(words.unit_is_archived()),
        (_, true) => Some(words.unit_is_closed()),
        _ => None,
    };
    let state = state.map(|word| view! { <Chip tone=Tone::Warn icon="archive">{word}</Chip> });
    let tabs = vec![
        Tab { href: here.clone(), label: words.unit_overview().into(), current: true, count: None },
        Tab {
            href: format!("/users?unit={}", page.unit.id),
            label: words.users().into(),
            current: false,
            count: Some(words.figure(people)),
        },
    ];
    let waiting: Vec<_> = page.waiting.iter().cloned().map(|row| view! { <ProposalRow row=row /> }).collect();
    let waiting = (!waiting.is_empty()).then(|| view! { <ul class="stack tight">{waiting}</ul> });
    let tabs = may_use(Permission::SeeUsers).then(|| view! { <Tabs items=tabs label=words.views() /> });
    // At this unit, not anywhere.
    let invites = viewer().with_value(|viewer| viewer.authority.reaches(Permission::Invite, &page.path));
    let invite = (invites && !page.is_closed && !page.path.is_root()).then(|| {
        view! {
            <a class="button primary" href=format!("/users/invite?unit={}", page.unit.id)>
                <Icon name="plus" />
                {words.invite_people()}
            </a>
        }
    });
    let action = |may: bool, href: String, icon: &'static str, word: &'static str| {
        may.then(|| view! { <a class="button" href=href data-noscroll=""><Icon name=icon />{word}</a> })
    };
    let (closes, opens) = (!page.is_archived, page.is_archived);
    let actions = (
        action(
            viewer().with_value(|viewer| viewer.authority.reaches(Permission::SeeAudit, &page.path)),
            format!("/audit/report?unit={}", page.unit.id),
            "shield",
            words.security_report(),
        ),
        action(page.may_rename.is_ok(), format!("{here}?do=edit"), "pencil", words.edit()),
        action(page.may_move.is_ok(), format!("{here}/move"), "send", words.move_it()),
        action(page.may_close.is_ok() && closes, format!("{here}?do=archive"), "archive", words.archive()),
        action(page.may_close.is_ok() && opens, format!("{here}?do=back"), "undo", words.bring_back()),
    );
    let notes = [EditUnit::PATH, MoveUnit::PATH, ArchiveUnit::PATH, BringBackUnit::PATH].map(|path| {
        let note = Note::about(path, field_of);
        let done = match note.outcome() {
            Some(ProposalOutcome::Proposed) => words.move_proposed().to_string(),
            Some(ProposalOutcome::DecidedAlone) => words.decided_alone().into(),
            Some(ProposalOutcome::Done) | None => done_to(path, &page),
        };
        view! { <PlainAnswer note=note done=done /> }
    });
    view! {
        {way(&page)}
        <PageHeader title=name lead=words.units_lead()>
            {state}
            {invite}
            {actions}
        </PageHeader>
        {tabs}
        {notes}
        {waiting}
        {below(&page)}
        {create(&page)}
        {ask(question, &page, people, &here)}
    }
    .into_any()
}

/// The units above, from the top of the viewer's reach.
fn way(page: &UnitPage) -> impl IntoView + use<> {
    let steps = page
        .above
        .iter()
        .map(|unit| view! { <a href=format!("/units/{}", unit.id)>{unit.name.clone()}</a> " › " })
        .collect_view();
    view! { <nav class="way muted" aria-label=words().units()>{steps} <span>{kind_name(page.unit.kind)}</span></nav> }
}

/// The units below, and a search among all of them.
fn below(page: &UnitPage) -> impl IntoView + use<> {
    let words = words();
    let here = format!("/units/{}", page.unit.id);
    let search = (!page.rows.is_empty() || !page.search.is_empty()).then(|| {
        view! {
            <form class="filters" role="search" method="get" action=here>
                <SearchField
                    name="q"
                    value=page.search.clone()
                    label=words.units_search()
                    placeholder=words.units_search()
                />
                <button class="button">{words.search()}</button>
            </form>
        }
    });
    let list = match page.rows.is_empty() {
        true => {
            let title = if page.search.is_empty() { words.units_none() } else { words.units_none_found() };
            view! { <EmptyState title=title icon="building" /> }.into_any()
        }
        false => {
            let rows = page.rows.iter().map(row).collect_view();
            view! {
                <table class="table">
                    <caption class="visually-hidden">{words.unit_below()}</caption>
                    <thead>
                        <tr>
                            <th scope="col">{words.unit_name()}</th>
                            <th scope="col">{words.unit_kind()}</th>
                            <th scope="col">{words.unit_people()}</th>
                            <th scope="col">{words.unit_below()}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            }
            .into_any()
        }
    };
    view! {
        {search}
        {list}
        {page.has_more.then(|| view! { <p class="muted">{words.units_more()}</p> })}
    }
}

fn row(row: &UnitRow) -> impl IntoView + use<> {
    let words = words();
    let archived = row
        .is_archived
        .then(|| view! { " " <Chip tone=Tone::Neutral icon="archive">{words.unit_is_archived()}</Chip> });
    view! {
        <tr>
            <th scope="row"><a href=format!("/units/{}", row.unit.id)>{row.unit.name.clone()}</a>{archived}</th>
            <td data-label=words.unit_kind()>{kind_name(row.unit.kind)}</td>
            <td data-label=words.unit_people()>{row.people.to_string()}</td>
            <td data-label=words.unit_below()>{row.below.to_string()}</td>
        </tr>
    }
}

/// The form of a unit to be, for whoever may add one here.
fn create(page: &UnitPage) -> Option<AnyView> {
    let words = words();
    let note = Note::about(CreateUnit::PATH, field_of);
    if let Err(refusal @ UseCaseError::Conflict(Conflict::UnitTooDeep)) = &page.may_create {
        let why = words.refusal(refusal);
        return Some(view! { <Notice tone=Tone::Info>{why}</Notice> }.into_any());
    }
    page.may_create.is_ok().then(|| {
        let preset = viewer().with_value(|viewer| Preset::from_key(&viewer.preset));
        let usual = preset.map(|preset| preset.kinds).unwrap_or_default();
        // Below the installation stand companies; below these what the preset names first, and whatever else there is.
        let first: &[UnitKind] = if page.path.is_root() { &[UnitKind::Company] } else { usual };
        let mut kinds: Vec<UnitKind> = first.to_vec();
        // A team beside the company would be a part of nothing, and nobody of the company would see it.
        let others = UnitKind::ALL.into_iter().filter(|kind| *kind != UnitKind::Installation && !page.path.is_root());
        kinds.extend(others.filter(|kind| !first.contains(kind)));
        let parts = page.path.is_root().then(|| view! { <p class="hint">{words.units_parts_hint()}</p> });
        let choices: Vec<Choice> = kinds.iter().map(|kind| Choice::new(kind.code(), kind_name(*kind))).collect();
        let selected = note.typed_or("kind", kinds.first().map(|kind| kind.code()).unwrap_or_default());
        view! {
            <section class="card form-width" aria-labelledby="create">
                <h2 id="create">{words.create_unit()}</h2>
                {parts}
                <PlainAnswer note=note.clone() done=words.unit_saved() />
                <form class="stack" method="post" action=CreateUnit::PATH>
                    <input type="hidden" name="below" value=page.unit.id.to_string() />
                    <Field
                        label=words.unit_name()
                        name="name"
                        value=note.typed_or("name", "")
                        error=note.error("name")
                        autocomplete="off"
                        required=true
                    />
                    <SelectField label=words.unit_kind() name="kind" choices=choices selected=selected error=note.error("kind") />
                    <div class="actions">
                        <button class="button primary">{words.do_create_unit()}</button>
                    </div>
                </form>
            </section>
        }
        .into_any()
    })
}

/// What is asked before a unit is edited, archived or brought back.
fn ask(question: &str, page: &UnitPage, people: i64, here: &str) -> Option<AnyView> {
    let words = words();
    let name = page.unit.name.as_str();
    let (id, back) = (page.unit.id.to_string(), here.to_string());
    let (may, title, text, form, button, class) = match question {
        "edit" => {
            let button = words.save().to_string();
            (&page.may_rename, words.edit_unit(name), String::new(), EditUnit::PATH, button, "button primary")
        }
        "archive" => {
            let text = words.archive_unit_means(people, page.shut_out, page.open_invitations);
            let button = words.do_archive_unit(name);
            (&page.may_close, words.archive_unit(name), text, ArchiveUnit::PATH, button, "button danger")
        }
        "back" => {
            let text = words.bring_back_unit_means().to_string();
            let button = words.do_bring_back_unit(name);
            (&page.may_close, words.bring_back_unit(name), text, BringBackUnit::PATH, button, "button primary")
        }
        _ => return None,
    };
    if let Err(refusal) = may {
        let why = words.refusal(refusal);
        return Some(view! { <Notice tone=Tone::Warn>{why}</Notice> }.into_any());
    }
    let note = Note::about(form, field_of);
    let revision = revision_field(&page.revision);
    let field = (question == "edit").then(|| {
        view! {
            <Field
                label=words.unit_name()
                name="name"
                id="new-name"
                value=note.typed_or("name", name)
                hint=note.hint_or("name", name, name, "")
                error=note.error("name")
                autocomplete="off"
                required=true
            />
            {(!page.path.is_root()).then(|| own_settings(&note, &page.own, &page.usual))}
        }
    });
    Some(
        view! {
            <Dialog id="question" title=title text=text>
                <form method="post" action=form>
                    <input type="hidden" name="id" value=id />
                    {revision}
                    {field}
                    <DialogActions cancel_href=back cancel=words.cancel()>
                        <button class=class>{button}</button>
                    </DialogActions>
                </form>
            </Dialog>
        }
        .into_any(),
    )
}
