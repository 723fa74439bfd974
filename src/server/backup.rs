//! A whole installation in one file: every row of the database as it was at one moment, and the key. One format for both
//! databases, so that a backup of one can be restored into the other: a line about the backup, for each table a line with its
//! columns and one for each row, all in JSON, and a line with the checksum of everything above it. What a row means is not
//! known here, but for what opens a door: that stays shut. When and where a backup is made or restored is the command's business.

use super::secrets::Key;
use super::storage::copy::{self, CopiedTable};
use super::storage::tx::Value;
use super::storage::{Database, Error, Tx, condition, roster, settings, users};
use crate::domain::text::hex;
use crate::domain::timestamp::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::Path;

/// The version of this format.
const FORMAT: u32 = 1;

/// The longest line that is read: no row is nearly as long.
const LONGEST_LINE: usize = 64 * 1024 * 1024;

/// What opens a door and must not come back: a session that was ended, a link that was used.
const DOORS: [&str; 2] = ["sessions", "password_resets"];

/// What the first line says.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Header {
    usher_backup: u32,
    pub made_at: Timestamp,
    /// Of the program that made it.
    pub version: String,
    pub schema: i64,
    pub organisation: String,
    pub people: i64,
    key: String,
}

impl Header {
    /// The key of the installation.
    pub fn key(&self) -> Option<Key> {
        Key::from_text(&self.key)
    }
}

/// The first line of a table's part.
#[derive(Serialize, Deserialize)]
struct TableLine {
    table: String,
    columns: Vec<String>,
}

/// The last line.
#[derive(Serialize, Deserialize)]
struct EndLine {
    sha256: String,
    rows: u64,
}

/// Why it was not done, in words for the operator.
pub type BackupError = String;

fn storage(error: Error) -> BackupError {
    format!("the database could not do it: {error}")
}

fn file(error: std::io::Error) -> BackupError {
    format!("the file could not be read or written: {error}")
}

/// Passes lines on to the file, and knows the checksum of all that passed.
struct ChecksumWriter<W: Write> {
    to: W,
    seen: Sha256,
}

impl<W: Write> ChecksumWriter<W> {
    fn line(&mut self, line: &impl Serialize) -> Result<(), BackupError> {
        let mut text = serde_json::to_vec(line).map_err(|error| error.to_string())?;
        text.push(b'\n');
        self.seen.update(&text);
        self.to.write_all(&text).map_err(file)
    }
}

/// Writes the database, as it is at this moment, and the key to an open file, and has the disk keep it. How many rows.
///
/// # Errors
/// When the database has another schema than this program's, or the file cannot be written.
pub async fn write(db: &Database, key: &Key, to: &File, now: Timestamp) -> Result<u64, BackupError> {
    let versions = condition::schema_versions(db).await.map_err(storage)?;
    if versions.there != Some(versions.needed) {
        return Err("the database has another version's schema; run usher migrate first".into());
    }
    let mut tx = db.snapshot().await.map_err(storage)?;
    let organisation = settings::load(&mut tx).await.map_err(storage)?.map(|settings| settings.organisation);
    let header = Header {
        usher_backup: FORMAT,
        made_at: now,
        version: env!("CARGO_PKG_VERSION").into(),
        schema: versions.needed,
        organisation: organisation.unwrap_or_default(),
        people: users::count(&mut tx).await.map_err(storage)?,
        key: key.to_text(),
    };
    let mut out = ChecksumWriter { to: BufWriter::new(to), seen: Sha256::new() };
    out.line(&header)?;
    let mut written = 0;
    let tables = copy::tables(&mut tx).await.map_err(storage)?;
    for table in tables.into_iter().filter(|table| !DOORS.contains(&table.name.as_str())) {
        let columns = table.columns().into_iter().map(str::to_string).collect();
        out.line(&TableLine { table: table.name.clone(), columns })?;
        let mut last: Option<Vec<Value>> = None;
        loop {
            let rows = copy::rows(&mut tx, &table, last.as_deref()).await.map_err(storage)?;
            for row in &rows {
                out.line(&row.iter().map(to_json).collect::<Vec<_>>())?;
                written += 1;
            }
            match rows.into_iter().next_back() {
                Some(row) => last = Some(row),
                None => break,
            }
        }
    }
    let end = EndLine { sha256: hex(&out.seen.clone().finalize()), rows: written };
    out.line(&end)?;
    out.to.flush().map_err(file)?;
    to.sync_all().map_err(file)?;
    Ok(written)
}

fn to_json(value: &Value) -> serde_json::Value {
    match value {
        Value::Text(text) => text.clone().into(),
        Value::Number(number) => (*number).into(),
        Value::Truth(truth) => (*truth).into(),
    }
}

/// A text from a file as a terminal may show it.
pub fn shown(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_control()).collect()
}

/// The lines of a file, none of them endless.
struct BoundedLines<R: BufRead>(R);

impl<R: BufRead> BoundedLines<R> {
    fn next(&mut self) -> Result<Option<Vec<u8>>, BackupError> {
        let mut line = Vec::new();
        let limit = u64::try_from(LONGEST_LINE).unwrap_or(u64::MAX);
        let length = std::io::Read::take(&mut self.0, limit).read_until(b'\n', &mut line).map_err(file)?;
        Ok((length > 0).then_some(line))
    }
}

fn open(path: &Path) -> Result<BoundedLines<BufReader<File>>, BackupError> {
    let opened = File::open(path).map_err(|error| format!("{} cannot be opened: {error}", path.display()))?;
    Ok(BoundedLines(BufReader::new(opened)))
}

/// Whether a file begins as a backup does, whole or not.
pub fn is_backup(path: &Path) -> bool {
    let begins = br#"{"usher_backup":"#;
    let mut first = vec![0; begins.len()];
    File::open(path).is_ok_and(|mut file| std::io::Read::read_exact(&mut file, &mut first).is_ok() && first == begins)
}

/// Reads a backup through to its end; what its first line says, once all of it is known to be as it was written.
///
/// # Errors
/// When it is none, is cut off, was changed, or comes from a newer program.
pub fn check(path: &Path) -> Result<Header, BackupError> {
    let name = path.display();
    let mut lines = open(path)?;
    let first = lines.next()?.unwrap_or_default();
    let format: Option<serde_json::Value> = serde_json::from_slice(&first).ok();
    match format.as_ref().and_then(|line| line.get("usher_backup")).and_then(serde_json::Value::as_u64) {
        Some(format) if format == u64::from(FORMAT) => {}
        Some(_) => return Err(format!("{name} was made by a newer Usher; restore it with that one")),
        None => return Err(format!("{name} is not a backup of Usher's")),
    }
    let damaged = |how: &str| format!("{name} is damaged: {how}. Nothing was restored; take another copy of it");
    let header: Header = serde_json::from_slice(&first).map_err(|_| damaged("its first line cannot be read"))?;
    if header.key().is_none() {
        return Err(damaged("its key cannot be read"));
    }
    if header.schema > condition::newest_schema() {
        return Err(format!(
            "{name} was made by Usher {}, which is newer than this one ({}); restore it with that one",
            shown(&header.version),
            env!("CARGO_PKG_VERSION")
        ));
    }
    let mut seen = Sha256::new();
    seen.update(&first);
    let (mut last, mut rows, mut is_known) = (lines.next()?.unwrap_or_default(), 0, true);
    while let Some(line) = lines.next()? {
        seen.update(&last);
        is_known &= last.first() == Some(&b'[') || is_table(&last);
        rows += u64::from(last.first() == Some(&b'['));
        last = line;
    }
    let end: EndLine = serde_json::from_slice(&last).map_err(|_| damaged("it is cut off"))?;
    if end.sha256 != hex(&seen.finalize()) {
        return Err(damaged("something in it was changed"));
    }
    if !is_known || end.rows != rows {
        return Err(damaged("it does not hold what it says"));
    }
    Ok(header)
}

fn is_table(line: &[u8]) -> bool {
    serde_json::from_slice::<TableLine>(line).is_ok_and(|line| copy::is_ours(&line.table))
}

/// Brings all rows of a checked backup into a database without people, in one transaction, and looks that all of them are
/// there. The database must have the schema of the backup.
///
/// # Errors
/// When a row cannot be taken; nothing is changed then.
pub async fn load(path: &Path, header: &Header, db: &Database) -> Result<u64, BackupError> {
    // The history comes with the rest.
    let mut tx = db.maintain().await.map_err(storage)?;
    let tables = copy::tables(&mut tx).await.map_err(storage)?;
    for table in tables.iter().rev() {
        copy::clear(&mut tx, table).await.map_err(storage)?;
    }
    let damaged = || format!("{} does not fit the schema that it names; nothing was restored", path.display());
    let mut lines = open(path)?;
    lines.next()?;
    let (mut table, mut rows, mut loaded): (Option<&CopiedTable>, Vec<Vec<Value>>, u64) = (None, Vec::new(), 0);
    let end = loop {
        let line = lines.next()?.ok_or_else(damaged)?;
        if line.first() == Some(&b'[') {
            let row: Vec<serde_json::Value> = serde_json::from_slice(&line).map_err(|_| damaged())?;
            let table = table.ok_or_else(damaged)?;
            rows.push(table.read_json(row).ok_or_else(damaged)?);
            loaded += 1;
            if rows.len() >= 1_000 {
                copy::insert(&mut tx, table, &rows).await.map_err(storage)?;
                rows.clear();
            }
            continue;
        }
        if let Some(table) = table {
            finish(&mut tx, table, &mut rows).await?;
        }
        if let Ok(end) = serde_json::from_slice::<EndLine>(&line) {
            break end;
        }
        let next: TableLine = serde_json::from_slice(&line).map_err(|_| damaged())?;
        let known = tables.iter().find(|known| known.name == next.table && known.columns() == next.columns);
        table = Some(known.ok_or_else(damaged)?);
    };
    if lines.next()?.is_some() || end.rows != loaded {
        return Err(damaged());
    }
    let mut there = 0;
    for table in &tables {
        there += copy::count(&mut tx, table).await.map_err(storage)?;
    }
    let people = users::count(&mut tx).await.map_err(storage)?;
    if u64::try_from(there).ok() != Some(loaded) || people != header.people {
        return Err("not every row arrived; nothing was restored".into());
    }
    // An older backup has them.
    for table in tables.iter().filter(|table| DOORS.contains(&table.name.as_str())) {
        copy::clear(&mut tx, table).await.map_err(storage)?;
    }
    roster::place_all(&mut tx).await.map_err(storage)?;
    let faults = copy::faults(&mut tx).await.map_err(storage)?;
    if let Some(first) = faults.first() {
        return Err(format!("the restored database would not be sound ({first}); nothing was restored"));
    }
    tx.commit().await.map_err(storage)?;
    Ok(loaded)
}

async fn finish(tx: &mut Tx, table: &CopiedTable, rows: &mut Vec<Vec<Value>>) -> Result<(), BackupError> {
    copy::insert(tx, table, rows).await.map_err(storage)?;
    rows.clear();
    Ok(())
}
