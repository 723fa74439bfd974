//! What a security report says, in sentences: the page shows them, and the mail carries the same.

use crate::domain::id::UserId;
use crate::domain::security_report::ReportSubject;
use serde::{Deserialize, Serialize};

/// A report, in the language of whoever reads it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecurityReport {
    pub about: ReportSubject,
    pub title: String,
    /// As of when, and about how many.
    pub lead: String,
    /// What calls for a look, the gravest first.
    pub findings: Vec<String>,
    /// Of a unit: whom something calls for a look at.
    pub people: Vec<ReportedPerson>,
    /// How many more there are of them, and who is not in it.
    pub beside: Vec<String>,
    pub sections: Vec<ReportSection>,
}

/// Somebody in a report about many.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportedPerson {
    pub id: UserId,
    pub title: String,
    pub findings: Vec<String>,
}

/// What is known of one thing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportSection {
    pub title: String,
    pub lines: Vec<String>,
}

/// The page of a report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportPage {
    pub report: SecurityReport,
    /// Where it goes by mail; nothing where the reader has no address of their own that was seen to work.
    pub send_to: Option<String>,
}
