//! Files that are made while they are taken away: the list of people, the report of one action for many. Each part is asked for
//! anew, as whoever takes it may have been shut out in between; then the file ends there.

use super::routes::{Does, Route};
use super::{forms, letters, no_store};
use crate::domain::bulk::ticked_people;
use crate::domain::error::UseCaseError;
use crate::domain::id::BulkId;
use crate::domain::listing::UserQuery;
use crate::server::app::App;
use crate::server::table_file::{TableFile, TableFormat};
use crate::server::use_cases::Actor;
use crate::server::use_cases::bulk::{self, ReportLine, ReportPlace};
use crate::server::use_cases::export::{self, Export};
use crate::words::Language;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{Request, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use std::collections::BTreeMap;
use tokio::io::{AsyncWriteExt, DuplexStream, duplex};
use tokio_util::io::ReaderStream;

/// How much of a file waits for a slow reader.
const PIPE: usize = 64 * 1024;

pub fn routes() -> Vec<Route> {
    vec![
        // A line of history is written: so it is no GET.
        Route::at("/users/export").post(Does::Write, export),
        Route::at("/users/many/{id}/report.csv").get(Does::Page, report),
    ]
}

/// A file that `write` goes on writing while it is read.
pub fn file<F>(name: &str, format: TableFormat, write: impl FnOnce(DuplexStream) -> F) -> Response
where
    F: Future<Output = Result<(), Cut>> + Send + 'static,
{
    let (ours, theirs) = duplex(PIPE);
    let writing = write(ours);
    tokio::spawn(async move {
        if let Err(Cut::Refused(refusal)) = writing.await {
            tracing::warn!(?refusal, "a file that was taken away ended before its end");
        }
    });
    let headers = [
        (header::CONTENT_TYPE, format.content_type().to_string()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}.{}\"", format.code())),
        // Packed, its beginning would wait for more of it.
        (header::CONTENT_ENCODING, "identity".to_string()),
    ];
    no_store((headers, Body::from_stream(ReaderStream::with_capacity(theirs, PIPE))).into_response())
}

/// Why a file ended before its end.
pub enum Cut {
    /// Whoever took it has gone.
    Gone,
    Refused(UseCaseError),
}

impl From<std::io::Error> for Cut {
    fn from(_: std::io::Error) -> Self {
        Self::Gone
    }
}

impl From<UseCaseError> for Cut {
    fn from(refusal: UseCaseError) -> Self {
        Self::Refused(refusal)
    }
}

/// What the form of an export carries: the list, and whose rows of it were ticked.
#[derive(Deserialize)]
struct ExportForm {
    #[serde(default)]
    list: String,
    #[serde(default)]
    all: Option<String>,
    #[serde(default)]
    but: BTreeMap<String, String>,
    #[serde(default)]
    who: BTreeMap<String, String>,
    /// As what it is taken away; a file of values where nothing is said.
    #[serde(default, rename = "as")]
    format: String,
}

async fn export(State(app): State<App>, request: Request<Body>) -> Response {
    let mut list = String::new();
    let begun = async {
        let (asked, form) = letters::read::<ExportForm>(request).await?;
        let caller = asked.caller.ok_or(UseCaseError::SignInFirst)?;
        let form = form?;
        list.clone_from(&form.list);
        let format = TableFormat::from_code(&form.format).unwrap_or_default();
        let query = UserQuery::of_address(&form.list);
        let named = if form.all.is_some() { Vec::new() } else { ticked_people(form.who) };
        let but = ticked_people(form.but);
        let begun = export::begin(&app, &caller, &query, but, named).await;
        forms::note_if_denied(&app, &caller, "/users/export", &begun).await;
        Ok((caller, begun?, format))
    };
    match begun.await {
        Ok((caller, export, format)) => file("users", format, |line| write_list(app, caller, export, format, line)),
        Err(UseCaseError::PasswordFirst) => forms::to_type_password(&forms::local_path(&list)),
        Err(refusal) => forms::refused(&refusal),
    }
}

async fn write_list(
    app: App,
    caller: Actor,
    mut export: Export,
    format: TableFormat,
    mut file: DuplexStream,
) -> Result<(), Cut> {
    let mut table = TableFile::begin(format, export.language, export.language.users(), &export.head())?;
    file.write_all(&table.take()).await?;
    loop {
        let people = export.next(&app, &caller).await?;
        if people.is_empty() {
            file.write_all(&table.end()?).await?;
            return Ok(());
        }
        for cells in people {
            table.row(&cells.each_ref().map(String::as_str))?;
        }
        file.write_all(&table.take()).await?;
    }
}

async fn report(State(app): State<App>, Path(id): Path<String>, request: Request<Body>) -> Response {
    let Some(caller) = forms::asked(&request).and_then(|asked| asked.caller) else {
        return forms::refused(&UseCaseError::SignInFirst);
    };
    let id = BulkId::new(id);
    match bulk::report(&app, &caller, &id, ReportPlace::START).await {
        Ok(first) => file("report", TableFormat::Csv, |line| write_report(app, caller, id, first, line)),
        Err(refusal) => forms::refused(&refusal),
    }
}

async fn write_report(
    app: App,
    caller: Actor,
    id: BulkId,
    (mut lines, mut next, language): (Vec<ReportLine>, Option<ReportPlace>, Language),
    mut file: DuplexStream,
) -> Result<(), Cut> {
    let head = [language.column_name(), language.bulk_sign_in_name(), language.bulk_outcome(), language.bulk_why()];
    let mut table = TableFile::begin(TableFormat::Csv, language, language.bulk_outcome(), &head)?;
    file.write_all(&table.take()).await?;
    loop {
        for line in &lines {
            let why = line.refusal.as_ref().map(|refusal| language.refusal(refusal)).unwrap_or_default();
            let cells = [&line.name, &line.identifier, language.bulk_outcome_of(line.outcome), &why];
            table.row(&cells)?;
        }
        file.write_all(&table.take()).await?;
        let Some(place) = next else { return Ok(()) };
        (lines, next, _) = bulk::report(&app, &caller, &id, place).await?;
    }
}
