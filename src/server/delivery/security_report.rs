//! The mail that carries a security report to whoever asked for it: what the page of the report says, as things stand when it leaves.

use super::letter::{Letter, LetterSection, inert_sentence};
use super::render::{Draft, RenderError, to_own_address};
use crate::domain::security_report::ReportSubject;
use crate::domain::settings::Settings;
use crate::domain::user::User;
use crate::server::app::App;
use crate::server::security_reports::{ReportReader, Reported, compose};
use crate::server::storage::messages::Message;
use crate::server::storage::{Tx, memberships, security_reports as stored};
use crate::view_models::SecurityReport;
use crate::words::Language;

/// The letter; `None` when whoever asked may not know it any more, or has no address of their own.
pub async fn security_report(
    tx: &mut Tx,
    app: &App,
    settings: &Settings,
    message: &Message,
    asker: &User,
) -> Result<Option<Draft>, RenderError> {
    let Some(address) = asker.proven_address() else { return Ok(None) };
    let Some(about) = stored::find(tx, &message.id).await? else { return Ok(None) };
    let Some(authority) = memberships::authority(tx, &asker.id).await? else { return Ok(None) };
    let language = asker.language;
    let reader = ReportReader::new(app, settings, language);
    let Reported::Report(report) = compose(tx, &reader, &authority, &about).await? else { return Ok(None) };
    let link = match &report.about {
        ReportSubject::Person(id) => app.config.link(&format!("/users/{id}/report")),
        ReportSubject::Unit(id) => app.config.link(&format!("/audit/report?unit={id}")),
    };
    let letter = letter(language, &report, link);
    let text = letter.subject.clone();
    Ok(Some(to_own_address(asker, address, language, settings, letter, text)))
}

fn letter(language: Language, report: &SecurityReport, link: String) -> Letter {
    let named = report.people.iter().map(|person| {
        let findings: Vec<String> = person.findings.iter().map(|line| inert_sentence(line)).collect();
        format!("{}: {}", inert_sentence(&person.title), findings.join(" "))
    });
    let findings: Vec<String> = report.findings.iter().map(|line| inert_sentence(line)).chain(named).collect();
    let count = i64::try_from(findings.len()).unwrap_or(i64::MAX);
    let preheader = match findings.first() {
        Some(_) => language.mail_report_preheader(&language.figure(count)),
        None => language.report_clear().to_string(),
    };
    let first = LetterSection {
        title: language.report_findings().into(),
        lines: if findings.is_empty() { vec![language.report_clear().into()] } else { findings },
    };
    let known = report.sections.iter().map(|section| LetterSection {
        title: section.title.clone(),
        lines: section.lines.iter().map(|line| inert_sentence(line)).collect(),
    });
    let beside = report.beside.iter().map(|line| inert_sentence(line));
    Letter {
        subject: report.title.clone(),
        preheader,
        lead: std::iter::once(report.lead.clone()).chain(beside).collect(),
        sections: std::iter::once(first).chain(known).collect(),
        button: Some((language.mail_report_button().into(), link)),
        ignore: language.mail_report_ignore(),
        ..Letter::default()
    }
}
