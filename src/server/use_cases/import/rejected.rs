//! The rows of a list that were not taken, as a file with the reason of each: mended there, it is imported as it is.

use super::super::{Actor, UseCaseError, users};
use super::own;
use super::show::ImportProgress;
use crate::domain::id::ImportId;
use crate::domain::import::{FindingKind, RowFinding};
use crate::domain::vocabulary::Vocabulary;
use crate::server::app::App;
use crate::server::table_file::{TableFile, TableFormat};

/// The rows that were not taken, with their reasons in the caller's language.
pub async fn rejected(app: &App, caller: &Actor, id: &ImportId) -> Result<Vec<u8>, UseCaseError> {
    let now = app.clock.now();
    let mut tx = app.db.read().await?;
    let (_, mut stored) = own(app, &mut tx, caller, id, now).await?;
    let language = users::reader_for(&mut tx, caller, now).await?.language;
    let vocabulary = Vocabulary::of_preset(&super::super::settings_of(&mut tx).await?.preset);
    ImportProgress::load(&mut tx, &mut stored).await?;
    drop(tx);
    let list = stored.list;
    let width = list.columns.len().max(list.heads.len());
    let mut heads: Vec<String> = list.heads.clone();
    if heads.is_empty() {
        // A file without heads gets those that this reader knows.
        heads = list
            .columns
            .iter()
            .map(|column| column.map(|column| language.import_column(column)).unwrap_or_default().to_string())
            .collect();
    }
    heads.resize(width, String::new());
    heads.push(language.import_reason().into());
    let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
    let too_large = |_| UseCaseError::NoRoom;
    let title = language.import_title();
    let mut file = TableFile::begin(TableFormat::Csv, language, title, &heads).map_err(too_large)?;
    let mut made = file.take();
    for row in list.rows {
        let reason = match &row.finding {
            _ if row.is_dropped => language.import_left_out().into(),
            // What they mean is said on the page; in a file there is no such place.
            Some(found @ (RowFinding::UnknownRole { text } | RowFinding::UnknownUnit { text })) => {
                format!("{}: {text}", language.finding_kind(found.kind()))
            }
            Some(finding) if !matches!(finding.kind(), FindingKind::Ready | FindingKind::Joins) => {
                language.row_finding(vocabulary, finding)
            }
            _ => continue,
        };
        let mut cells = row.cells;
        cells.resize(width, String::new());
        cells.push(reason);
        file.row(&cells.iter().map(String::as_str).collect::<Vec<_>>()).map_err(too_large)?;
        made.extend(file.take());
    }
    made.extend(file.end().map_err(too_large)?);
    Ok(made)
}
