//! What the commands need before they can begin: folder, database, key, and the whole `App`. Every failure in plain words.

use super::Trouble;
use crate::server::app::App;
use crate::server::clock::Clock;
use crate::server::config::{Config, percent_decode};
use crate::server::secrets::Key;
use crate::server::storage::{Database, Error};
use secrecy::ExposeSecret;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use url::Url;

/// Everything, ready: the database open with this version's schema, and the key.
pub async fn app(config: Config) -> Result<App, Trouble> {
    let db = database(&config).await?;
    let key = key(&config)?;
    Ok(App::new(config, db, key, Clock::default()))
}

/// The database, open, with this version's schema.
pub async fn database(config: &Config) -> Result<Database, Trouble> {
    make_folder(&config.data_dir)?;
    if let Some(file) = sqlite_file(config) {
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

/// The database as it is.
pub async fn open(config: &Config) -> Result<Database, Trouble> {
    let name = database_name(config);
    Database::open(config.database_url.expose_secret()).await.map_err(|error| match error {
        Error::Busy => {
            format!("{name} cannot be reached or is busy; see that it runs and that USHER_DATABASE_URL names it")
        }
        error => format!("{name} cannot be opened: {error}; see USHER_DATABASE_URL"),
    })
}

/// The key; made at the first start.
pub fn key(config: &Config) -> Result<Key, Trouble> {
    let path = config.key_file.display();
    Key::read_or_make(&config.key_file).map_err(|error| match error.kind() {
        ErrorKind::InvalidData => format!(
            "{path} does not hold a key of Usher's; put the right file back. Without it links that were already sent stop \
             working: then remove the file, and a new one is made"
        ),
        _ => format!("the key file {path} cannot be read or made: {error}; see USHER_SECRET_KEY_FILE"),
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

fn make_folder(path: &Path) -> Result<(), Trouble> {
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
fn make_database_file(path: &Path) -> Result<(), Trouble> {
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
    use super::super::{Flags, settings};
    use super::*;

    fn config(database_url: &str) -> Config {
        settings::read(&Flags::default(), [("USHER_DATABASE_URL".into(), database_url.into())], false)
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
