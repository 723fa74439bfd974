//! The history of everything within one's reach, newest first.

use crate::domain::id::UnitId;
use crate::domain::permission::Permission;
use crate::ui::components::{EmptyState, Icon, PageHeader, Pager, TimelineEntry};
use crate::ui::pages::parts::{history_entries, person_name};
use crate::ui::session::{may_use, words};
use crate::view_models::{AuditPage as Rows, HistoryLine, Person};
use leptos::prelude::*;

/// Its inside: a page of the history; `is_start` when it begins with the newest.
pub fn page(page: Rows, unit: Option<UnitId>, is_start: bool) -> AnyView {
    let words = words();
    let report = match &unit {
        Some(unit) => format!("/audit/report?unit={unit}"),
        None => "/audit/report".into(),
    };
    let inside = if page.rows.is_empty() { nothing(is_start) } else { events(page, unit).into_any() };
    view! {
        <PageHeader title=words.audit() lead=words.audit_lead()>
            <a class="button" href=report><Icon name="shield" />{words.security_report()}</a>
        </PageHeader>
        {inside}
    }
    .into_any()
}

fn nothing(is_start: bool) -> AnyView {
    let words = words();
    match is_start {
        true => {
            view! { <EmptyState title=words.audit_empty() text=words.audit_empty_text() icon="history" /> }.into_any()
        }
        false => view! {
            <EmptyState title=words.audit_no_more() icon="history">
                <a class="button" href="/audit">{words.audit_newest()}</a>
            </EmptyState>
        }
        .into_any(),
    }
}

fn events(page: Rows, unit: Option<UnitId>) -> impl IntoView {
    let words = words();
    let address = move |side: &str, row: String| {
        let unit = unit.as_ref().map(|unit| format!("&unit={unit}")).unwrap_or_default();
        format!("/audit?{side}={row}{unit}")
    };
    let count = words.events(page.rows.len());
    let entries = history_entries(&page.rows);
    let rows = page.rows.into_iter().zip(entries).map(|(line, entry)| row(&line, entry)).collect_view();
    view! {
        <div class="card">
            <ol class="timeline">{rows}</ol>
        </div>
        <Pager
            previous=page.previous.map(|id| address("before", id))
            next=page.next.map(|id| address("after", id))
            summary=count
            previous_label=words.previous_page()
            next_label=words.next_page()
            label=words.audit_pages()
        />
    }
}

/// A line as in every timeline, but that a name in it leads to the person's card.
fn row(line: &HistoryLine, entry: TimelineEntry) -> impl IntoView + use<> {
    let people = [&line.subject, &line.actor];
    let linked = people.into_iter().flatten().find_map(|person| with_link(&entry.text, person));
    let text = linked.unwrap_or_else(|| entry.text.into_any());
    view! {
        <li class=entry.tone.class()>
            <span class="mark"><Icon name=entry.tone.icon() /></span>
            <div class="what">
                <p>{text}</p>
                {entry.detail.map(|detail| view! { <p class="detail">{detail}</p> })}
            </div>
            <time class="when" title=entry.exact>{entry.at}</time>
        </li>
    }
}

/// The sentence with the person's name as a link; nothing when there is no card, or no such name in it.
fn with_link(text: &str, person: &Person) -> Option<AnyView> {
    if person.gone.is_some() || !may_use(Permission::SeeUsers) {
        return None;
    }
    let name = person_name(person);
    let (before, after) = text.rsplit_once(&name)?;
    let (before, after) = (before.to_string(), after.to_string());
    Some(view! { {before}<a href=format!("/users/{}", person.id)>{name}</a>{after} }.into_any())
}
