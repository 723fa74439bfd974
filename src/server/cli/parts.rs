//! What the commands need before they can begin: folder, database, key, and the whole `App`. Every failure in plain words.

use super::CliError;
use crate::server::app::App;
use crate::server::clock::Clock;
use crate::server::config::{Config, percent_decode};
use crate::server::secrets::Key;
use crate::server::storage::{Database, Error, Tx, condition, invitations, settings, users};
use secrecy::ExposeSecret;
use std::fs::{File, TryLockError};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::time::sleep;
use url::Url;

/// Everything, ready: the database open with this version's schema, and the key.
pub async fn app(config: Config) -> Result<App, CliError> {
    let db = database(&config).await?;
    let key = key(&config, &db).await?;
    Ok(App::new(config, db, key, Clock::default()))
}

/// The database, open, with this version's schema.
pub async fn database(config: &Config) -> Result<Database, CliError> {
    make_folder(&config.data_dir)?;
    if let Some(file) = sqlite_file(config) {
        if is_lost(config, &file) {
            let (key, name) = (config.key_file.display(), database_name(config));
            return Err(format!(
                "{name} is missing or empty, and the key file {key} says that there was one. Put the database back, for example with \
                 usher restore FILE --yes, or name it in USHER_DATABASE_URL. Only where a new installation is meant to begin: move the \
                 key file away first"
            ));
        }
        make_database_file(&file)?;
    }
    let db = open(config).await?;
    let name = database_name(config);
    db.migrate().await.map_err(|error| match error {
        Error::Migration(cause) => format!(
            "the schema of {name} could not be brought up to date: {cause}. A database that a newer Usher has used needs \
             that Usher"
        ),
        error => format!("the schema of {name} could not be brought up to date: {error}; start again in a moment"),
    })?;
    Ok(db)
}

/// Whether the file of an SQLite database is missing, or holds nothing, where there is a key: the key is made after the database and
/// lives as long. A new, empty installation would begin beside it without a word.
pub fn is_lost(config: &Config, file: &Path) -> bool {
    let is_empty = |path: &Path| std::fs::metadata(path).map_or(true, |metadata| metadata.len() == 0);
    let mut log = file.as_os_str().to_os_string();
    log.push("-wal");
    config.key_file.exists() && is_empty(file) && is_empty(Path::new(&log))
}

/// The folders in which the installation keeps its files.
pub fn make_folders(config: &Config) -> Result<(), CliError> {
    make_folder(&config.data_dir)
}

/// The file by which a server and whoever wants the database for themselves know of each other: a lock on it, which ends with
/// the process. It lies beside the database, so that it is the same from whatever folder Usher is run.
fn lock_file(database: &Path) -> Result<File, CliError> {
    let place = std::fs::canonicalize(database).unwrap_or_else(|_| database.to_path_buf());
    if let Some(folder) = place.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        make_folder(folder)?;
    }
    let mut name = place.into_os_string();
    name.push(".lock");
    let path = PathBuf::from(name);
    let file = File::options().create(true).truncate(false).write(true).open(&path);
    file.map_err(|error| format!("{} cannot be made: {error}", path.display()))
}

/// How often it is looked whether somebody uses a Postgres database, and how long after each look: a session lives a moment
/// longer than the program that had it.
const LOOKS: usize = 20;
const BETWEEN_LOOKS: Duration = Duration::from_millis(100);

/// Says that a server uses the database, as long as this is held. Postgres knows by itself who uses it.
///
/// # Errors
/// While a backup is being restored there.
pub fn in_use(config: &Config) -> Result<Option<File>, CliError> {
    let Some(database) = sqlite_file(config) else { return Ok(None) };
    let file = lock_file(&database)?;
    match file.try_lock_shared() {
        Err(TryLockError::WouldBlock) => Err(format!(
            "a backup is being restored into {}, or its key is being renewed; start again after it",
            database.display()
        )),
        // Some network file systems know no locks; nothing else depends on them.
        _ => Ok(Some(file)),
    }
}

/// Says that nobody else uses the database, as long as this is held. Asked before this process opens it.
///
/// # Errors
/// While a server, or one of its commands, uses it.
pub async fn alone(config: &Config) -> Result<Option<File>, CliError> {
    let name = database_name(config);
    let in_use = || format!("Usher runs with {name}; stop it first");
    let Some(database) = sqlite_file(config) else {
        for _ in 0..LOOKS {
            let others = condition::others_on_postgres(config.database_url.expose_secret()).await;
            if others.map_err(|error| format!("{name} cannot be asked who uses it: {error}"))? == 0 {
                return Ok(None);
            }
            sleep(BETWEEN_LOOKS).await;
        }
        return Err(in_use());
    };
    let file = lock_file(&database)?;
    match file.try_lock() {
        Err(TryLockError::WouldBlock) => Err(in_use()),
        _ => Ok(Some(file)),
    }
}

/// The database as it is.
pub async fn open(config: &Config) -> Result<Database, CliError> {
    let name = database_name(config);
    Database::open(config.database_url.expose_secret()).await.map_err(|error| match error {
        Error::Busy | Error::Away => {
            format!("{name} cannot be reached or is busy; see that it runs and that USHER_DATABASE_URL names it")
        }
        error => format!("{name} cannot be opened: {error}; see USHER_DATABASE_URL"),
    })
}

/// The key with which this database has been used; made, and its fingerprint written, at the first start.
///
/// # Errors
/// When the file is missing or holds another key: links that were sent would stop working without a word. A new key is made
/// by `usher renew-key` alone.
async fn key(config: &Config, db: &Database) -> Result<Key, CliError> {
    let (path, name) = (config.key_file.display(), database_name(config));
    let unreadable = |error| format!("{name} cannot be read: {error}");
    // A start of the program: it notes which key it has.
    let mut tx = db.maintain().await.map_err(unreadable)?;
    let known = settings::key_fingerprint(&mut tx).await.map_err(unreadable)?;
    let is_used = known.is_some() || users::is_anybody_there(&mut tx).await.map_err(unreadable)?;
    let key = match read_key(config)? {
        Some(key) => key,
        None if is_used => {
            let links = open_links(&mut tx).await.map_err(unreadable)?;
            return Err(format!(
                "the key file {path} is missing, and {name} has been used with one: {links}. Put the file back, from the backup \
                 for example, or name it in USHER_SECRET_KEY_FILE. Only where it is lost for good: usher renew-key"
            ));
        }
        None => Key::make(&config.key_file)
            .map_err(|error| format!("the key file {path} cannot be made: {error}; see USHER_SECRET_KEY_FILE"))?,
    };
    let adopted = settings::adopt_key(&mut tx, &key.fingerprint()).await.map_err(unreadable)?;
    if adopted != key.fingerprint() {
        let links = open_links(&mut tx).await.map_err(unreadable)?;
        return Err(format!(
            "the key in {path} is not the one with which {name} is used: {links}. Put the right file back, or name it in \
             USHER_SECRET_KEY_FILE; where several processes share a database, each needs a copy of the same file. Only where \
             the right key is lost for good: usher renew-key"
        ));
    }
    tx.commit().await.map_err(unreadable)?;
    Ok(key)
}

/// What stops working with another key.
pub async fn open_links(tx: &mut Tx) -> Result<String, Error> {
    Ok(match invitations::open_ones(tx).await? {
        0 => "no invitation is open, but reset links that were sent would stop working".into(),
        1 => "the link of 1 open invitation would stop working".into(),
        many => format!("the links of {many} open invitations would stop working"),
    })
}

/// The key in the file, if there is one.
pub fn read_key(config: &Config) -> Result<Option<Key>, CliError> {
    let path = config.key_file.display();
    Key::read(&config.key_file).map_err(|error| match error.kind() {
        ErrorKind::InvalidData => format!(
            "{path} does not hold a key of Usher's; put the right file back, from the backup for example. Only where it is \
             lost for good: move this file away and run usher renew-key"
        ),
        _ => format!("the key file {path} cannot be read: {error}; see USHER_SECRET_KEY_FILE"),
    })
}

/// The file of an SQLite database; `None` for Postgres.
pub fn sqlite_file(config: &Config) -> Option<PathBuf> {
    let path = config.database_url.expose_secret().strip_prefix("sqlite:")?;
    let path = path.strip_prefix("//").unwrap_or(path);
    let path = path.split('?').next().unwrap_or_default();
    Some(percent_decode(path).unwrap_or_else(|| path.to_string()).into())
}

/// The database's name for people: without the password.
pub fn database_name(config: &Config) -> String {
    if let Some(file) = sqlite_file(config) {
        return format!("the SQLite database {}", file.display());
    }
    let place = Url::parse(config.database_url.expose_secret()).ok();
    let host = place.as_ref().and_then(Url::host_str).filter(|host| !host.is_empty()).unwrap_or("localhost");
    let port = place.as_ref().and_then(Url::port).unwrap_or(5432);
    let name = place.as_ref().map_or("", |place| place.path().trim_start_matches('/'));
    format!("the Postgres database {name} at {host}:{port}")
}

fn make_folder(path: &Path) -> Result<(), CliError> {
    let mut maker = std::fs::DirBuilder::new();
    maker.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut maker, 0o700);
    maker.create(path).map_err(|error| {
        format!(
            "the folder {} cannot be made: {error}; choose another in USHER_DATA_DIR or make it by hand",
            path.display()
        )
    })
}

/// SQLite would make the file readable for everybody; the files that it makes beside it later get this one's mode.
pub fn make_database_file(path: &Path) -> Result<(), CliError> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        make_folder(folder)?;
    }
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => {
            Err(format!("the database file {} cannot be made: {error}; see USHER_DATABASE_URL", path.display()))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Flags, settings as given};
    use super::*;

    fn config(database_url: &str) -> Config {
        given::read(&Flags::default(), [("USHER_DATABASE_URL".into(), database_url.into())], false)
            .expect("settings")
            .config
    }

    #[test]
    fn a_database_is_named_without_its_password() {
        let name = database_name(&config("postgres://usher:hush@db.acme.by/people?sslmode=require"));
        assert_eq!(name, "the Postgres database people at db.acme.by:5432");
        assert_eq!(database_name(&config("sqlite:///srv/a%20b.db")), "the SQLite database /srv/a b.db");
    }
}
