//! `usher export` and `usher import`: lists of people out of an installation and into it, in somebody's name: what they may see is
//! exported, what they may do is done, and every row is judged as on the page. A whole installation goes by `backup`'s way.

use super::{CliError, backup, parts, say};
use crate::domain::error::{Conflict, FileProblem, Invalid, UseCaseError};
use crate::domain::id::ImportId;
use crate::domain::import::{BatchPolicy, ExistingPeople, FindingKind, ListWish, RowFinding};
use crate::domain::listing::UserQuery;
use crate::domain::validity;
use crate::domain::vocabulary::Vocabulary;
use crate::server::app::App;
use crate::server::config::Config;
use crate::server::jobs;
use crate::server::spreadsheets::{self, SheetError};
use crate::server::table_file::{TableFile, TableFormat};
use crate::server::use_cases::import;
use crate::server::use_cases::{Actor, export, for_person};
use crate::view_models::{ImportView, UnitRef};
use crate::words::Language;
use std::collections::BTreeSet;
use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

/// How many rows with errors are named.
const NAMED: usize = 20;

/// How often it is looked how far an import is.
const LOOK_AGAIN: Duration = Duration::from_millis(200);

#[derive(Debug, clap::Args)]
pub struct ExportTo {
    /// The file that is made: its name ends with .csv or .xlsx; - writes CSV to standard output
    file: PathBuf,
    /// In whose name, by address, phone number or login: what they may see is exported, in their language
    #[arg(long = "as", value_name = "PERSON", required_unless_present = "whole")]
    viewer: Option<String>,
    /// Only whom this list shows, as the address of its page says it: "/users?status=invited&q=north"
    #[arg(long, value_name = "ADDRESS", conflicts_with = "whole")]
    list: Option<String>,
    /// The whole installation with its key, to be brought into another database, of the other kind, too: as `usher backup` does
    #[arg(long)]
    whole: bool,
    /// Overwrite the file when it is there
    #[arg(long)]
    force: bool,
}

#[derive(Debug, clap::Args)]
pub struct ImportFrom {
    /// A CSV, TSV, XLSX or ODS file; with --whole, one that `usher export --whole` or `usher backup` made
    file: PathBuf,
    /// In whose name, by address, phone number or login: what they may not do is not done
    #[arg(long = "as", value_name = "PERSON", required_unless_present = "whole")]
    importer: Option<String>,
    /// The role of every row that names none [default: the usual one]
    #[arg(long, conflicts_with = "whole")]
    role: Option<String>,
    /// The unit of every row that names none, by its name; needed where there are several and the file has no column of units
    /// [default: the first that they may invite to]
    #[arg(long, conflicts_with = "whole")]
    unit: Option<String>,
    /// The sheet of the workbook that is read, by its name [default: the first that looks like a list]
    #[arg(long, value_name = "NAME", conflicts_with = "whole")]
    sheet: Option<String>,
    /// Send invitations; without this, people are only added
    #[arg(long, conflicts_with = "whole")]
    send: bool,
    /// Change those who are there already where the file says otherwise: name, role, unit
    #[arg(long, conflicts_with = "whole")]
    update: bool,
    /// Take nobody as long as one row has an error
    #[arg(long, conflicts_with = "whole")]
    all_or_nothing: bool,
    /// Do it; without this, what would be done is said
    #[arg(long)]
    yes: bool,
    /// The whole installation, into a database without people: as `usher restore` does
    #[arg(long)]
    whole: bool,
}

/// Writes a list of people into a file.
pub async fn export(config: Config, wanted: &ExportTo) -> Result<(), CliError> {
    let ExportTo { file, viewer, list, whole, force } = wanted;
    if *whole {
        return backup::backup(&config, &backup::BackupTo { file: file.clone(), force: *force }).await;
    }
    let format = match file.extension().and_then(|end| end.to_str()).map(str::to_ascii_lowercase) {
        _ if file.as_os_str() == "-" => TableFormat::Csv,
        end => end
            .as_deref()
            .and_then(TableFormat::from_code)
            .ok_or_else(|| format!("{} says no format by its name; let it end with .csv or .xlsx", file.display()))?,
    };
    let mut to = open_for(file, *force)?;
    let app = parts::app(config).await?;
    let done = write_people(&app, viewer.as_deref().unwrap_or_default(), list.as_deref(), format, &mut to).await;
    app.db.close().await;
    let people = done?;
    let said = format!("{people} {} exported", if people == 1 { "person was" } else { "people were" });
    // Standard output is the file.
    if file.as_os_str() == "-" {
        eprintln!("{said}.")
    } else {
        say(&format!("{}: {said}.", file.display()))
    }
    Ok(())
}

/// Where the file goes. What is there is not overwritten unless that is said; only its owner reads it, since it names people.
fn open_for(file: &Path, force: bool) -> Result<Box<dyn Write + Send>, CliError> {
    if file.as_os_str() == "-" {
        return Ok(Box::new(std::io::stdout()));
    }
    if file.exists() && !force {
        return Err(format!("{} is there already; name another file, or overwrite it with --force", file.display()));
    }
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let opened = options.open(file).map_err(|error| format!("{} cannot be made: {error}", file.display()))?;
    Ok(Box::new(opened))
}

async fn write_people(
    app: &App,
    viewer: &str,
    list: Option<&str>,
    format: TableFormat,
    to: &mut (dyn Write + Send),
) -> Result<usize, CliError> {
    let caller = person(app, viewer).await?;
    let query = UserQuery::of_address(list.unwrap_or_default());
    let explain = |refusal: UseCaseError| match refusal {
        UseCaseError::NotFound => "there is no such unit for them; see --list".into(),
        UseCaseError::Denied(_) => format!("{viewer} may see nobody, so nothing can be exported in their name"),
        other => refused(&other),
    };
    let cannot = |error: std::io::Error| format!("the file could not be written: {error}");
    let mut export = export::begin(app, &caller, &query, BTreeSet::new(), Vec::new()).await.map_err(explain)?;
    let title = export.language.users();
    let mut table = TableFile::begin(format, export.language, title, &export.head()).map_err(cannot)?;
    let mut written = 0;
    loop {
        let people = export.next(app, &caller).await.map_err(explain)?;
        if people.is_empty() {
            break;
        }
        written += people.len();
        for cells in people {
            table.row(&cells.each_ref().map(String::as_str)).map_err(cannot)?;
        }
        to.write_all(&table.take()).map_err(cannot)?;
    }
    to.write_all(&table.end().map_err(cannot)?).and_then(|()| to.flush()).map_err(cannot)?;
    Ok(written)
}

/// Reads a list of people; says what would come of it, and does it.
pub async fn import(config: Config, wanted: &ImportFrom) -> Result<(), CliError> {
    if wanted.whole {
        let from = backup::RestoreFrom { file: wanted.file.clone(), yes: wanted.yes, replace: false };
        return backup::restore(&config, &from).await;
    }
    let name = wanted.file.display();
    let mut bytes = Vec::new();
    let read = File::open(&wanted.file).and_then(|mut file| file.read_to_end(&mut bytes));
    read.map_err(|error| format!("{name} cannot be read: {error}"))?;
    let cells = spreadsheets::read(&bytes).map_err(|error| {
        let why = match error {
            SheetError::TooManyRows => "it has more rows than one list may have; cut it into parts",
            SheetError::TooLarge => "it is larger than a list may be; cut it into parts",
            SheetError::OldFormat => "it is in the old format of Excel; save it as .xlsx or .csv",
            SheetError::WebPage => "it is a web page, whatever its name says; save it as .xlsx or .csv",
            SheetError::Pdf => "it is a PDF; take the file from which it was made",
            SheetError::Empty => "nothing stands in it",
            SheetError::Unreadable => "it is damaged, locked, or no table",
        };
        format!("{name} cannot be imported: {why}")
    })?;
    let app = parts::app(config).await?;
    let done = take(&app, wanted, cells).await;
    app.db.close().await;
    done
}

async fn take(app: &App, wanted: &ImportFrom, cells: spreadsheets::SheetCells) -> Result<(), CliError> {
    let caller = person(app, wanted.importer.as_deref().unwrap_or_default()).await?;
    let name = wanted.file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let id = import::open(app, &caller, &name, cells).await.map_err(|refusal| explain(&refusal))?;
    let begun = look_and_begin(app, wanted, &caller, &id).await;
    if begun == Ok(true) {
        let taken = finish(app, &caller, &id).await?;
        let people = if taken == 1 { "person was" } else { "people were" };
        say(&format!("{taken} {people} imported. It can be undone for a day on the page of the import."));
        return Ok(());
    }
    // Nothing is left behind of a list that nobody was taken from.
    let _ = import::forget(app, &caller, &id).await;
    begun.map(drop)
}

/// Says what would come of a list, and begins with it where that is wanted; whether it has begun.
async fn look_and_begin(app: &App, wanted: &ImportFrom, caller: &Actor, id: &ImportId) -> Result<bool, CliError> {
    let mut first = view(app, caller, id).await?;
    if let Some(name) = &wanted.sheet {
        let sheet = sheet_called(&first.sheets, name)?;
        if sheet != first.sheet {
            import::choose_sheet(app, caller, id, sheet).await.map_err(|refusal| explain(&refusal))?;
            first = view(app, caller, id).await?;
        }
    }
    if let Some(name) = first.sheets.get(first.sheet) {
        let names: Vec<String> = first.sheets.iter().map(|name| format!("\"{name}\"")).collect();
        say(&format!("The sheet \"{name}\" is read, of {}; see --sheet.", names.join(", ")));
    }
    let wish = wish(app, wanted, caller, &first).await?;
    import::change(app, caller, id, &wish).await.map_err(|refusal| explain(&refusal))?;
    let view = view(app, caller, id).await?;
    report(&view);
    if !wanted.yes {
        say("Nothing was done. Add --yes to do it.");
        return Ok(false);
    }
    import::run(app, caller, id, &ListWish::default(), "").await.map_err(|refusal| explain(&refusal))?;
    Ok(true)
}

/// Does the jobs of a list to their end; a server that runs meanwhile may do them as well.
async fn finish(app: &App, caller: &Actor, id: &ImportId) -> Result<usize, CliError> {
    let stop = CancellationToken::new();
    let worker = tokio::spawn(jobs::run_every(app.clone(), stop.clone(), LOOK_AGAIN));
    let taken = loop {
        match view(app, caller, id).await {
            Ok(view) => match view.state {
                Some(state) if !state.is_under_way => break Ok(state.taken),
                _ => sleep(LOOK_AGAIN).await,
            },
            Err(trouble) => break Err(trouble),
        }
    };
    stop.cancel();
    let _ = worker.await;
    taken
}

async fn view(app: &App, caller: &Actor, id: &ImportId) -> Result<ImportView, CliError> {
    let page = import::page(app, caller, Some(id), "errors", 0).await.map_err(|refusal| explain(&refusal))?;
    page.view.map(|view| *view).ok_or_else(|| "the list is gone; run it again".into())
}

/// What holds for everybody of the list.
async fn wish(app: &App, wanted: &ImportFrom, caller: &Actor, view: &ImportView) -> Result<ListWish, CliError> {
    let terms = &view.terms;
    let role = match &wanted.role {
        Some(name) => import::role_called(app, caller, name).await.map_err(|refusal| match refusal {
            UseCaseError::Invalid(Invalid::Role) => format!("no role is called \"{name}\"; see --role"),
            other => explain(&other),
        })?,
        None => terms.role.clone(),
    };
    let unit = match &wanted.unit {
        Some(name) => Some(unit_called(&view.units, name)?),
        None if terms.unit.is_none() && view.asks_unit => {
            let names: Vec<&str> = view.units.iter().map(|unit| unit.name.as_str()).collect();
            return Err(format!("the file has no column of units; say which one with --unit: {}", names.join(", ")));
        }
        None => terms.unit.as_ref().map(ToString::to_string),
    };
    let policy = if wanted.all_or_nothing { BatchPolicy::AllOrNothing } else { BatchPolicy::SkipBadRows };
    let existing = if wanted.update { ExistingPeople::Update } else { ExistingPeople::Skip };
    Ok(ListWish {
        columns: view.columns.iter().map(|column| column.holds.map_or("", |holds| holds.code()).into()).collect(),
        role: role.to_string(),
        unit: unit.unwrap_or_default(),
        language: terms.language.clone(),
        personal_text: String::new(),
        valid_for: validity::own_code(terms.valid_for),
        sends: wanted.send,
        policy: policy.code().into(),
        existing: existing.code().into(),
        ..ListWish::default()
    })
}

fn sheet_called(sheets: &[String], name: &str) -> Result<usize, CliError> {
    let wanted = name.trim().to_lowercase();
    sheets.iter().position(|sheet| sheet.trim().to_lowercase() == wanted).ok_or_else(|| match sheets {
        [] => "the file has one sheet only; leave --sheet out".into(),
        _ => format!("there is no sheet \"{name}\"; there are {}", sheets.join(", ")),
    })
}

fn unit_called(units: &[UnitRef], name: &str) -> Result<String, CliError> {
    let wanted = name.trim().to_lowercase();
    let mut found = units.iter().filter(|unit| unit.name.to_lowercase() == wanted);
    match (found.next(), found.next()) {
        (Some(unit), None) => Ok(unit.id.to_string()),
        (Some(_), Some(_)) => Err(format!("several units are called \"{name}\"; let a column of the file say which")),
        (None, _) => Err(format!("there is no unit \"{name}\" to which they may invite; see --unit")),
    }
}

/// What would come of the list.
fn report(view: &ImportView) {
    let words = Language::English;
    let counts = view.counts;
    let said = [
        (counts.ready, words.import_ready(counts.ready)),
        (counts.to_fix, words.import_errors(counts.to_fix)),
        (counts.to_check, words.invite_to_check(counts.to_check)),
        (counts.here, words.import_here(counts.here)),
        (counts.later, words.import_later(counts.later)),
    ];
    let said: Vec<String> = said.into_iter().filter(|(n, _)| *n > 0).map(|(_, said)| said).collect();
    say(&said.join(", "));
    for count in view.kinds.iter().filter(|count| count.kind != FindingKind::Ready) {
        say(&format!("  {} {}", count.rows, words.finding_kind(count.kind)));
    }
    for row in view.rows.iter().take(NAMED) {
        let why = row.finding.as_ref().map(|finding: &RowFinding| words.row_finding(Vocabulary::Plain, finding));
        say(&format!("  row {}: {}", row.line, why.unwrap_or_default()));
    }
}

/// The operator, in somebody's name.
async fn person(app: &App, typed: &str) -> Result<Actor, CliError> {
    for_person(app, typed).await.map_err(|refusal| match refusal {
        UseCaseError::NotFound => {
            format!("nobody signs in as \"{typed}\"; name somebody by address, phone number or login")
        }
        other => explain(&other),
    })
}

fn explain(refusal: &UseCaseError) -> CliError {
    match refusal {
        UseCaseError::SignInFirst | UseCaseError::AccessBlocked => "they have no access themselves; see --as".into(),
        UseCaseError::Denied(_) => "they may not invite anybody; see --as".into(),
        UseCaseError::Conflict(Conflict::OnlyByInvitation) => {
            "here nobody is added without an invitation; send them with --send".into()
        }
        UseCaseError::Conflict(Conflict::ImportHasErrors) => {
            "some rows have errors, and --all-or-nothing takes nobody then".into()
        }
        UseCaseError::Invalid(Invalid::NobodyToImport) => "nobody in the file can be taken".into(),
        UseCaseError::Invalid(Invalid::EmptyList) => "the file has no rows with people in it".into(),
        UseCaseError::Invalid(Invalid::File(FileProblem::TooLarge)) => {
            "this sheet is larger than a list may be; cut it into parts".into()
        }
        UseCaseError::Invalid(Invalid::TooManyToImport { most }) => {
            format!("the file has more than {most} people; cut it into parts")
        }
        other => refused(other),
    }
}

fn refused(refusal: &UseCaseError) -> CliError {
    match refusal {
        UseCaseError::Busy => "the database is busy; try again in a moment".into(),
        UseCaseError::DatabaseAway => "the database does not answer; see that it runs".into(),
        UseCaseError::NoRoom => "there is no room on the disk".into(),
        UseCaseError::SignInFirst | UseCaseError::AccessBlocked => "they have no access themselves; see --as".into(),
        other => format!("it was refused: {}", Language::English.refusal(other)),
    }
}
