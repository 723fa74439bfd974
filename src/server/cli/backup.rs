//! `usher backup FILE` and `usher restore FILE`: an installation taken away as one file, while it runs, and brought back. What
//! the file is made of stands in `server::backup`.

use super::{CliError, parts, say};
use crate::domain::timestamp::Timestamp;
use crate::server::backup::{self, Header};
use crate::server::clock::Clock;
use crate::server::config::Config;
use crate::server::secrets::Key;
use crate::server::storage::{Database, condition, settings, users};
use crate::server::{dates, random};
use crate::words::Language;
use std::fs::{File, OpenOptions};
use std::path::{Path, PathBuf};

/// Where to and from, and what may be overwritten.
#[derive(Debug, clap::Args)]
pub struct BackupTo {
    /// The file that is made; only its owner can read it, since it holds the key
    pub file: PathBuf,
    /// Overwrite the file when it is there
    #[arg(long)]
    pub force: bool,
}

#[derive(Debug, clap::Args)]
pub struct RestoreFrom {
    /// A file that `usher backup` made
    pub file: PathBuf,
    /// Do it; without this, what would be done is said
    #[arg(long)]
    pub yes: bool,
    /// Put it in the place of an SQLite database in which there are people; that one is kept under another name
    #[arg(long)]
    pub replace: bool,
}

/// Writes a backup beside its place, reads it back, and puts it there.
pub async fn backup(config: &Config, wanted: &BackupTo) -> Result<(), CliError> {
    let BackupTo { file, force } = wanted;
    may_be_overwritten(file, *force)?;
    if parts::sqlite_file(config).is_some_and(|database| !database.exists()) {
        return Err(format!(
            "{} is not there; see USHER_DATABASE_URL and USHER_DATA_DIR",
            parts::database_name(config)
        ));
    }
    let db = parts::open(config).await?;
    let key = own_key(config, &db).await?;
    // A name of its own: two backups at one moment leave each other's alone.
    let part = beside(file, &format!("part-{}", random::typed_code().to_lowercase()));
    let made = write(&db, &key, &part).await;
    db.close().await;
    let done = made.and_then(|rows| {
        let header = backup::check(&part)?;
        std::fs::rename(&part, file).map_err(|error| format!("{} cannot be made: {error}", file.display()))?;
        keep_name(file);
        Ok((rows, header))
    });
    let (rows, header) = done.inspect_err(|_| {
        let _ = std::fs::remove_file(&part);
    })?;
    say(&format!("{}: {}, {rows} rows, read back and sound.", file.display(), about(&header)));
    say("It holds the key: who can read it can make links. Keep it where only you can.");
    Ok(())
}

/// What is there already may be an older backup, or nothing yet; nothing else is worth less than a backup.
fn may_be_overwritten(file: &Path, force: bool) -> Result<(), CliError> {
    let name = file.display();
    match std::fs::metadata(file) {
        Err(_) => Ok(()),
        Ok(_) if !force => Err(format!("{name} is there already; name another file, or overwrite it with --force")),
        Ok(there) if there.is_file() && (there.len() == 0 || backup::is_backup(file)) => Ok(()),
        Ok(_) => Err(format!("{name} is no backup of Usher's, and is not overwritten; name another file")),
    }
}

async fn write(db: &Database, key: &Key, part: &Path) -> Result<u64, CliError> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(part).map_err(|error| format!("{} cannot be made: {error}", part.display()))?;
    backup::write(db, key, &file, Clock::default().now()).await
}

/// The key with which the database is used.
async fn own_key(config: &Config, db: &Database) -> Result<Key, CliError> {
    let path = config.key_file.display();
    let key = parts::read_key(config)?.ok_or_else(|| {
        format!("the key file {path} is missing, and a backup without it is none; see USHER_SECRET_KEY_FILE")
    })?;
    let unreadable = |error| format!("{} cannot be read: {error}", parts::database_name(config));
    let known = settings::key_fingerprint(&mut db.read().await.map_err(unreadable)?).await.map_err(unreadable)?;
    if known.is_some_and(|known| known != key.fingerprint()) {
        return Err(format!("the key in {path} is not the one with which this database is used; see usher doctor"));
    }
    Ok(key)
}

/// Brings a backup back: looks at everything first, says it, and does it only when that is wanted.
pub async fn restore(config: &Config, wanted: &RestoreFrom) -> Result<(), CliError> {
    let header = backup::check(&wanted.file)?;
    let key = header.key().ok_or("the backup has no key")?;
    let name = parts::database_name(config);
    let _alone = if wanted.yes { parts::alone(config).await? } else { None };
    let target = Destination::look(config).await?;
    say(&format!("{}: {}.", wanted.file.display(), about(&header)));
    say(&match &target {
        Destination::Nothing => format!("{name} is not there yet and will be made."),
        Destination::Empty(_) => format!("{name} is there, without people, and will be filled."),
        Destination::People(count, organisation) => {
            format!("{name} is there: {organisation}, {count} people. All of that would be replaced.")
        }
    });
    if let (Destination::People(..), None) = (&target, parts::sqlite_file(config)) {
        return Err(format!(
            "nothing is written over people in {name}: restore into an empty database, and name that one"
        ));
    }
    if matches!(target, Destination::People(..)) && !wanted.replace {
        return Err("to put the backup in its place: --replace; what is there is kept under another name".into());
    }
    if !wanted.yes {
        return Err("nothing was done yet; to do it: --yes".into());
    }
    let rows = match parts::sqlite_file(config) {
        Some(file) => restore_file(config, &wanted.file, &header, &file).await?,
        None => restore_into(config, &wanted.file, &header, &target).await?,
    };
    put_key(config, &key)?;
    say(&format!("Restored: {rows} rows, and the key in {}. Start Usher.", config.key_file.display()));
    say(
        "Everybody signs in again, and links for a new password that were sent have ended. All else is as it was then: \
         invitations that were withdrawn since are open again, and messages that waited will leave.",
    );
    Ok(())
}

/// What stands where the backup is to go.
enum Destination {
    Nothing,
    /// A database without people, of this schema if it has one.
    Empty(Option<i64>),
    /// How many, and of which organisation.
    People(i64, String),
}

impl Destination {
    async fn look(config: &Config) -> Result<Self, CliError> {
        if parts::sqlite_file(config).is_some_and(|file| !file.exists()) {
            return Ok(Self::Nothing);
        }
        let name = parts::database_name(config);
        let unreadable = |error| format!("{name} cannot be read: {error}");
        let db = parts::open(config).await?;
        if condition::is_of_others(&db).await.map_err(unreadable)? {
            return Err(format!("{name} holds another program's tables; name a database of Usher's own"));
        }
        let versions = condition::schema_versions(&db).await.map_err(unreadable)?;
        let mut target = Self::Empty(versions.there);
        if versions.there.is_some() {
            let mut tx = db.read().await.map_err(unreadable)?;
            if users::is_anybody_there(&mut tx).await.map_err(unreadable)? {
                let organisation = settings::load(&mut tx).await.ok().flatten().map(|settings| settings.organisation);
                let count = users::count(&mut tx).await.map_err(unreadable)?;
                target = Self::People(count, organisation.unwrap_or_else(|| "an organisation".into()));
            }
        }
        db.close().await;
        Ok(target)
    }
}

/// Makes a new file beside the place, and puts it there when all of it is sound; what was there is kept.
async fn restore_file(config: &Config, from: &Path, header: &Header, place: &Path) -> Result<u64, CliError> {
    parts::make_folders(config)?;
    let part = beside(place, "restoring");
    for ending in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(with_ending(&part, ending));
    }
    parts::make_database_file(&part)?;
    let url =
        format!("sqlite:{}", part.display().to_string().replace('%', "%25").replace('?', "%3f").replace('#', "%23"));
    let rows = fill(&url, from, header).await.inspect_err(|_| {
        for ending in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(with_ending(&part, ending));
        }
    })?;
    let mark = random::typed_code().to_lowercase();
    let moved = |error| format!("{} cannot be moved: {error}", place.display());
    for ending in ["-wal", "-shm", ""] {
        let old = with_ending(place, ending);
        if old.exists() {
            let kept = with_ending(&beside(place, &format!("before-restore-{mark}")), ending);
            std::fs::rename(&old, &kept).map_err(moved)?;
            if ending.is_empty() {
                say(&format!("What was there is kept in {}.", kept.display()));
            }
        }
    }
    std::fs::rename(&part, place).map_err(moved)?;
    keep_name(place);
    Ok(rows)
}

/// Fills an empty database in its place; one transaction.
async fn restore_into(config: &Config, from: &Path, header: &Header, target: &Destination) -> Result<u64, CliError> {
    if let Destination::Empty(Some(there)) = target
        && *there != header.schema
    {
        return Err("the database was made by another version than the backup: restore into an empty one".into());
    }
    use secrecy::ExposeSecret;
    fill(config.database_url.expose_secret(), from, header).await
}

async fn fill(url: &str, from: &Path, header: &Header) -> Result<u64, CliError> {
    let failed = |error| format!("the database could not be made: {error}");
    let db = Database::open(url).await.map_err(failed)?;
    let filled = async {
        db.migrate_up_to(header.schema).await.map_err(failed)?;
        let rows = backup::load(from, header, &db).await?;
        db.migrate().await.map_err(failed)?;
        Ok(rows)
    }
    .await;
    db.close().await;
    filled
}

/// Puts the backup's key where the installation reads it; another one that was there is kept.
fn put_key(config: &Config, key: &Key) -> Result<(), CliError> {
    let path = &config.key_file;
    if parts::read_key(config).is_ok_and(|there| there.is_some_and(|there| there.fingerprint() == key.fingerprint())) {
        return Ok(());
    }
    let failed = |error: std::io::Error| {
        format!("the rows are restored, but the key could not be put into {}: {error}", path.display())
    };
    if path.exists() {
        let kept = beside(path, &format!("before-restore-{}", random::typed_code().to_lowercase()));
        std::fs::rename(path, &kept).map_err(failed)?;
        say(&format!("The key that was there is kept in {}.", kept.display()));
    }
    key.write(path).map_err(failed)
}

fn about(header: &Header) -> String {
    let Header { organisation, people, made_at, version, .. } = header;
    let organisation = if organisation.is_empty() { "not set up yet" } else { organisation };
    let (organisation, version) = (backup::shown(organisation), backup::shown(version));
    format!("{organisation}, {people} people, as of {}, Usher {version}", moment(*made_at))
}

fn moment(at: Timestamp) -> String {
    dates::exact(at, "UTC", Language::English)
}

/// `data/usher.db` with `part` is `data/usher.db.part`.
fn beside(path: &Path, ending: &str) -> PathBuf {
    with_ending(path, &format!(".{ending}"))
}

fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_os_string();
    name.push(ending);
    name.into()
}

/// Has the disk keep that a file has this name; a file system that cannot says so, and has nothing to keep.
fn keep_name(file: &Path) {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if let Ok(folder) = File::open(folder) {
        let _ = folder.sync_all();
    }
}
