//! The plan of shifts: a week of a unit or of one's own, and one shift with the people in it. Made for a phone as for a desk.

use crate::domain::error::{Invalid, UseCaseError};
use crate::domain::permission::Permission;
use crate::server_fns::organisation::{ChangeShift, CreateShift, JoinShift, LeaveShift, RemoveShift};
use crate::ui::components::{
    Dialog, DialogActions, EmptyState, Field, Icon, Notice, PageHeader, SearchField, Tab, Tabs, Tone,
};
use crate::ui::forms::plain::{Note, PlainAnswer, revision_field};
use crate::ui::pages::parts::person_name;
use crate::ui::session::{may_use, words};
use crate::view_models::{Person, ShiftPage, ShiftRow, ShiftsPage};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

fn field_of(refusal: &UseCaseError) -> &'static str {
    match refusal {
        UseCaseError::Invalid(Invalid::ShiftTitle) => "title",
        UseCaseError::Invalid(Invalid::ShiftTimes | Invalid::TimeSkipped) => "ends",
        _ => "",
    }
}

/// The address of a week of this plan.
fn address(page: &ShiftsPage, week: &str) -> String {
    match &page.unit {
        Some(unit) => format!("/shifts?unit={}&week={week}", unit.id),
        None => format!("/shifts?mine=on&week={week}"),
    }
}

/// The days of the week from the first to the last, with the year.
fn span(page: &ShiftsPage) -> String {
    match (page.days.first(), page.days.last()) {
        (Some((first, ..)), Some((last, date, _))) => {
            words().week_span(first, last, date.split('-').next().unwrap_or_default())
        }
        _ => String::new(),
    }
}

/// A week.
pub fn page(page: ShiftsPage) -> AnyView {
    let words = words();
    let title = page.unit.as_ref().map_or_else(|| words.my_shifts().to_string(), |unit| words.plan_of(&unit.name));
    let tabs = may_use(Permission::SeeShifts).then(|| {
        let plan = Tab {
            href: format!("/shifts?week={}", page.week),
            label: words.shifts().into(),
            current: page.unit.is_some(),
            count: None,
        };
        let mine = Tab {
            href: format!("/shifts?mine=on&week={}", page.week),
            label: words.my_shifts().into(),
            current: page.unit.is_none(),
            count: None,
        };
        view! { <Tabs items=vec![plan, mine] label=words.views() /> }
    });
    let new = page.may_edit.then(|| {
        let unit = page.unit.as_ref().map(|unit| unit.id.to_string()).unwrap_or_default();
        let day = page.days.first().map(|(_, date, _)| date.clone()).unwrap_or_default();
        view! {
            <a class="button primary" href=format!("/shifts/new?unit={unit}&day={day}")>
                <Icon name="plus" />
                {words.new_shift()}
            </a>
        }
    });
    let is_empty = page.days.iter().all(|(.., rows)| rows.is_empty());
    let days = page.days.iter().map(|(heading, date, rows)| day(&page, heading, date, rows)).collect_view();
    let inside = match is_empty && !page.may_edit {
        true => view! { <EmptyState title=words.shifts_none() icon="clock" /> }.into_any(),
        false => view! { <div class="week">{days}</div> }.into_any(),
    };
    view! {
        <PageHeader title=title lead=words.shifts_lead()>{new}</PageHeader>
        {tabs}
        <PlainAnswer note=Note::about(RemoveShift::PATH, field_of) done=words.saved() />
        <nav class="cluster" aria-label=words.weeks()>
            <a class="button small" href=address(&page, &page.previous)>
                <Icon name="chevron-left" />
                {words.previous_week()}
            </a>
            <a class="button small" href=address(&page, &page.this_week)>{words.this_week()}</a>
            <a class="button small" href=address(&page, &page.next)>
                {words.next_week()}
                <Icon name="chevron-right" />
            </a>
            <span class="muted">{span(&page)}</span>
        </nav>
        {inside}
        {page.has_more.then(|| view! { <Notice tone=Tone::Warn>{words.shifts_more()}</Notice> })}
    }
    .into_any()
}

fn day(page: &ShiftsPage, heading: &str, date: &str, rows: &[ShiftRow]) -> impl IntoView + use<> {
    let words = words();
    let add = page.unit.as_ref().filter(|_| page.may_edit).map(|unit| {
        view! {
            <a class="button small quiet icon-only" href=format!("/shifts/new?unit={}&day={date}", unit.id)>
                <Icon name="plus" />
                <span class="visually-hidden">{words.new_shift()} " " {heading.to_string()}</span>
            </a>
        }
    });
    let is_today = page.today == date;
    let unit = page.unit.as_ref().map(|unit| unit.id.clone());
    let shifts = rows.iter().map(|row| shift(row, unit.as_ref() != Some(&row.unit.id))).collect_view();
    let free = rows.is_empty().then(|| view! { <p class="muted">{words.day_free()}</p> });
    view! {
        <section class="day" class:today=is_today aria-label=heading.to_string()>
            <div class="section-head">
                <h2>{heading.to_string()} {is_today.then(|| view! { " "<span class="chip">{words.today()}</span> })}</h2>
                {add}
            </div>
            {free}
            <ul>{shifts}</ul>
        </section>
    }
}

fn shift(row: &ShiftRow, shows_unit: bool) -> impl IntoView + use<> {
    let words = words();
    let names: Vec<String> = row.people.iter().map(person_name).collect();
    let names = if names.is_empty() { words.shift_nobody().to_string() } else { names.join(", ") };
    let title = match may_use(Permission::SeeShifts) {
        true => view! { <a href=format!("/shifts/{}", row.id)>{row.title.clone()}</a> }.into_any(),
        false => view! { <strong>{row.title.clone()}</strong> }.into_any(),
    };
    let unit = shows_unit.then(|| view! { <p class="meta">{row.unit.name.clone()}</p> });
    view! {
        <li class="shift" class:mine=row.is_mine>
            <p class="meta" title=row.starts.exact.clone()>{row.hours.clone()}</p>
            <p>{title}</p>
            {unit}
            <p class="muted">{names}</p>
        </li>
    }
}

/// One shift, or the form of a new one; `question` is what its address asks.
pub fn shift_page(page: ShiftPage, question: &str) -> AnyView {
    let words = words();
    let back = format!("/shifts?unit={}&week={}", page.unit.id, page.week);
    let may_edit = page.shift.as_ref().is_none_or(|shift| shift.may_edit);
    let title = page.shift.as_ref().map_or_else(|| words.new_shift().to_string(), |shift| shift.title.clone());
    let id = page.shift.as_ref().map(|shift| shift.id.to_string());
    let form = if id.is_some() { ChangeShift::PATH } else { CreateShift::PATH };
    let note = Note::about(form, field_of);
    let fields = match may_edit {
        true => edit(&page, &note, form, id.clone()).into_any(),
        false => page
            .shift
            .as_ref()
            .map(|shift| view! { <p>{shift.starts.exact.clone()} " – " {shift.ends.exact.clone()}</p> })
            .into_any(),
    };
    let people = page.shift.as_ref().map(|shift| people(&page, shift, may_edit));
    let remove = id.as_ref().filter(|_| may_edit).map(|id| {
        view! { <a class="button" href=format!("/shifts/{id}?do=remove")><Icon name="trash" />{words.shift_remove()}</a> }
    });
    let dialog = id.clone().filter(|_| question == "remove" && may_edit).map(|id| {
        let revision = page.revision.as_ref().map(revision_field);
        view! {
            <Dialog id="question" title=words.ask_remove_shift(&title) text=words.tell_remove_shift()>
                <form method="post" action=RemoveShift::PATH>
                    <input type="hidden" name="id" value=id.clone() />
                    {revision}
                    <DialogActions cancel_href=format!("/shifts/{id}") cancel=words.cancel()>
                        <button class="button danger">{words.shift_remove()}</button>
                    </DialogActions>
                </form>
            </Dialog>
        }
    });
    let answers = [CreateShift::PATH, JoinShift::PATH, LeaveShift::PATH, RemoveShift::PATH]
        .map(|path| view! { <PlainAnswer note=Note::about(path, |_| "") done=words.saved() /> });
    let answers = page.shift.is_some().then_some(answers);
    view! {
        <a class="back" href=back>
            <Icon name="chevron-left" />
            {page.unit.name.clone()}
        </a>
        <PageHeader title=title.clone() lead=words.shift_zone(&page.zone)>{remove}</PageHeader>
        {answers}
        <PlainAnswer note=note done=words.saved() />
        <div class="columns">{fields} {people}</div>
        {dialog}
    }
    .into_any()
}

fn edit(page: &ShiftPage, note: &Note, form: &'static str, id: Option<String>) -> impl IntoView + use<> {
    let words = words();
    let title = page.shift.as_ref().map(|shift| shift.title.clone()).unwrap_or_default();
    let moment = |is_start: bool| {
        let shift = page.shift.as_ref();
        shift.map(|shift| if is_start { &shift.starts } else { &shift.ends }.exact.clone()).unwrap_or_default()
    };
    let about = match id {
        Some(id) => view! {
            <input type="hidden" name="id" value=id />
            <input type="hidden" name="version" value=page.version.to_string() />
        }
        .into_any(),
        None => view! { <input type="hidden" name="unit" value=page.unit.id.to_string() /> }.into_any(),
    };
    view! {
        <form class="card" method="post" action=form>
            {about}
            <Field
                label=words.shift_title_field()
                name="title"
                value=note.typed_or("title", title.as_str())
                hint=note.hint_or("title", &title, &title, "")
                error=note.error("title")
                autocomplete="off"
                required=true
            />
            <Field
                label=words.shift_starts()
                name="starts"
                kind="datetime-local"
                value=note.typed_or("starts", page.starts.clone())
                hint=note.hint_or("starts", &page.starts, &moment(true), "")
                required=true
            />
            <Field
                label=words.shift_ends()
                name="ends"
                kind="datetime-local"
                value=note.typed_or("ends", page.ends.clone())
                hint=note.hint_or("ends", &page.ends, &moment(false), "")
                error=note.error("ends")
                required=true
            />
            <div class="actions">
                <button class="button primary">{words.save()}</button>
            </div>
        </form>
    }
}

/// Who is in the shift, and who could be.
fn people(page: &ShiftPage, shift: &ShiftRow, may_edit: bool) -> impl IntoView + use<> {
    let words = words();
    let id = shift.id.to_string();
    let action = |person: &Person, path: &'static str, word: &'static str| {
        let name = person_name(person);
        view! {
            <form method="post" action=path>
                <input type="hidden" name="id" value=id.clone() />
                <input type="hidden" name="user" value=person.id.to_string() />
                <button class="button small">{word} <span class="visually-hidden">" " {name}</span></button>
            </form>
        }
    };
    let row = |person: &Person, path: &'static str, word: &'static str| {
        let action = may_edit.then(|| action(person, path, word));
        view! { <li class="section-head"><span>{person_name(person)}</span>{action}</li> }
    };
    let inside = shift.people.iter().map(|person| row(person, LeaveShift::PATH, words.shift_take_out())).collect_view();
    let nobody = shift.people.is_empty().then(|| view! { <p class="muted">{words.shift_nobody()}</p> });
    let search = may_edit.then(|| {
        let found = page
            .candidates
            .iter()
            .filter(|person| !page.has(&person.id))
            .map(|person| row(person, JoinShift::PATH, words.shift_add()))
            .collect_view();
        let none = (!page.search.is_empty() && page.candidates.is_empty())
            .then(|| view! { <p class="muted">{words.shift_none_found()}</p> });
        view! {
            <form class="filters" role="search" method="get" action=format!("/shifts/{id}")>
                <SearchField name="q" value=page.search.clone() label=words.shift_find() placeholder=words.shift_find() />
                <button class="button">{words.search()}</button>
            </form>
            {none}
            <ul class="stack tight">{found}</ul>
        }
    });
    view! {
        <section class="card" aria-labelledby="people">
            <h2 id="people">{words.shift_people()}</h2>
            {nobody}
            <ul class="stack tight">{inside}</ul>
            {search}
        </section>
    }
}
