//! A security report on its page: what calls for a look first, then everything that is known; and the way to have it by mail.

use crate::domain::security_report::ReportSubject;
use crate::server_fns::security_reports::{RequestReport, RequestUnitReport};
use crate::ui::components::{Icon, Notice, PageHeader, Tone};
use crate::ui::forms::plain::{Note, PlainAnswer};
use crate::ui::session::words;
use crate::view_models::{ReportPage, ReportSection, ReportedPerson, SecurityReport};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

/// The inside of the page.
pub fn page(page: ReportPage) -> AnyView {
    let words = words();
    let ReportPage { report, send_to } = page;
    let (back, label) = match &report.about {
        ReportSubject::Person(id) => (format!("/users/{id}"), words.back_to_card()),
        ReportSubject::Unit(_) => ("/audit".to_string(), words.audit()),
    };
    let said = [RequestReport::PATH, RequestUnitReport::PATH]
        .map(|path| view! { <PlainAnswer note=Note::about(path, |_| "") done=words.report_on_its_way() /> });
    let send = send_to.map(|address| send(&report.about, address));
    let no_address = send.is_none().then(|| view! { <p class="muted">{words.report_no_address()}</p> });
    let sections = report.sections.iter().cloned().map(section).collect_view();
    view! {
        <a class="back" href=back><Icon name="chevron-left" />{label}</a>
        <PageHeader title=report.title.clone() lead=report.lead.clone()>{send}</PageHeader>
        {said}
        {no_address}
        {findings(&report)}
        <div class="columns">{sections}</div>
    }
    .into_any()
}

/// The form by which it is sent to whoever reads it.
fn send(about: &ReportSubject, address: String) -> impl IntoView + use<> {
    let words = words();
    let (form, field, id) = match about {
        ReportSubject::Person(id) => (RequestReport::PATH, "id", id.to_string()),
        ReportSubject::Unit(id) => (RequestUnitReport::PATH, "unit", id.to_string()),
    };
    view! {
        <form method="post" action=form>
            <input type="hidden" name=field value=id />
            <button class="button primary" title=address>
                <Icon name="mail" />
                {words.do_report()}
            </button>
        </form>
    }
}

fn findings(report: &SecurityReport) -> impl IntoView + use<> {
    let words = words();
    let beside = report.beside.iter().map(|line| view! { <p class="muted">{line.clone()}</p> }).collect_view();
    if report.findings.is_empty() && report.people.is_empty() {
        return view! { <Notice tone=Tone::Ok>{words.report_clear()}</Notice> {beside} }.into_any();
    }
    let lines = report.findings.iter().map(|line| view! { <li>{line.clone()}</li> }).collect_view();
    let people = report.people.iter().map(person).collect_view();
    view! {
        <Notice tone=Tone::Warn title=words.report_findings()>
            <ul>{lines} {people}</ul>
        </Notice>
        {beside}
    }
    .into_any()
}

fn person(person: &ReportedPerson) -> impl IntoView + use<> {
    let href = format!("/users/{}/report", person.id);
    view! { <li><a href=href>{person.title.clone()}</a> ": " {person.findings.join(" ")}</li> }
}

fn section(section: ReportSection) -> impl IntoView {
    let lines = section.lines.into_iter().map(|line| view! { <li>{line}</li> }).collect_view();
    view! {
        <section class="card">
            <h2>{section.title}</h2>
            <ul class="stack tight">{lines}</ul>
        </section>
    }
}
