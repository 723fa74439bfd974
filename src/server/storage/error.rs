//! What went wrong in the database, in the few ways that make a difference, and what that means for the connection.

use super::corrupt::Corrupt;
use sqlx::migrate::MigrateError;

/// Why the database did not do it.
#[derive(Debug)]
pub enum Error {
    /// A unique index stands against it; its name, alike on both databases (`users_email`).
    Taken(String),
    /// The database is busy at this moment.
    Busy,
    /// The database does not answer.
    Away,
    /// There is no room on the disk; nothing was written.
    Full,
    /// What lies below the database could not be read or written: the disk, its rights, the file itself.
    Failing(sqlx::Error),
    /// The same while a change was being committed: it may have been kept.
    Unsure(String),
    /// The database's file was removed, or another one lies in its place: what would be written would be lost.
    Gone,
    /// Rows of this table were changed and no line of the history says so; nothing was kept.
    Unrecorded(String),
    /// Something that stands in a row cannot be read.
    Corrupt(Corrupt),
    Other(sqlx::Error),
    Migration(MigrateError),
}

impl Error {
    /// Whether the same may succeed a moment later, without anybody changing anything here.
    pub fn passes(&self) -> bool {
        matches!(self, Self::Busy | Self::Away | Self::Full | Self::Failing(_) | Self::Unsure(_) | Self::Gone)
    }

    /// Whether the connection is thrown away on which this happened: what it has in its memory may not be so any more.
    pub(super) fn hurts(&self) -> bool {
        matches!(self, Self::Away | Self::Full | Self::Failing(_) | Self::Unsure(_))
    }

    /// The same as the end of a commit: only of a full disk it is known that nothing was kept.
    pub(super) fn of_commit(self) -> Self {
        match self {
            Self::Failing(_) | Self::Away => Self::Unsure(self.to_string()),
            other => other,
        }
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Taken(index) => write!(f, "the unique index {index} stands against it"),
            Self::Busy => f.write_str("the database is busy"),
            Self::Away => f.write_str("the database does not answer"),
            Self::Full => f.write_str("there is no room on the disk"),
            Self::Failing(error) => write!(f, "the database cannot read or write: {error}"),
            Self::Unsure(error) => write!(f, "whether a change was kept is not known: {error}"),
            Self::Gone => f.write_str(
                "the database's file was removed, or another one lies in its place: what would be written would be lost. Stop \
                 Usher, put the file or a backup there, and start it again",
            ),
            Self::Unrecorded(table) => write!(f, "rows of {table} were changed without a line in the history"),
            Self::Corrupt(place) => write!(f, "{place}"),
            Self::Other(error) => write!(f, "{error}"),
            Self::Migration(error) => write!(f, "{error}"),
        }
    }
}

impl std::error::Error for Error {}

pub type Result<T> = std::result::Result<T, Error>;

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed => return Self::Busy,
            sqlx::Error::Io(_) | sqlx::Error::Tls(_) => return Self::Away,
            sqlx::Error::Protocol(_) | sqlx::Error::WorkerCrashed => return Self::Failing(error),
            _ => {}
        }
        let Some(database) = error.as_database_error() else {
            return Self::Other(error);
        };
        if database.is_unique_violation() {
            // SQLite names the columns in its message only: "UNIQUE constraint failed: users.email".
            let index = database.constraint().map_or_else(
                || {
                    let columns = database.message().rsplit(": ").next().unwrap_or_default();
                    columns.split(", ").next().unwrap_or_default().replace('.', "_")
                },
                str::to_string,
            );
            return Self::Taken(index);
        }
        let code = database.code().unwrap_or_default();
        match kind_of(&code) {
            Some(StorageErrorKind::Busy) => Self::Busy,
            Some(StorageErrorKind::Away) => Self::Away,
            Some(StorageErrorKind::Full) => Self::Full,
            Some(StorageErrorKind::Failing) => Self::Failing(error),
            None => Self::Other(error),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum StorageErrorKind {
    Busy,
    Away,
    Full,
    Failing,
}

/// What a code of either database says of the database itself. SQLite's are numbers below 10,000, whose lowest byte is what
/// counts here; Postgres has five characters.
fn kind_of(code: &str) -> Option<StorageErrorKind> {
    if code.len() < 5 {
        return match code.parse::<u16>().ok()? & 0xff {
            // BUSY, LOCKED
            5 | 6 => Some(StorageErrorKind::Busy),
            // FULL
            13 => Some(StorageErrorKind::Full),
            // NOMEM, READONLY, IOERR, CORRUPT, CANTOPEN, PROTOCOL (of locks), NOTADB
            7 | 8 | 10 | 11 | 14 | 15 | 26 => Some(StorageErrorKind::Failing),
            _ => None,
        };
    }
    match code {
        // A lock that is not available, a deadlock, a serialization failure, a statement that was cancelled, too many
        // connections.
        "55P03" | "40P01" | "40001" | "57014" | "53300" => Some(StorageErrorKind::Busy),
        // Shutdown, crash, starting up, left open for too long; everything about connections.
        "57P01" | "57P02" | "57P03" | "25P03" => Some(StorageErrorKind::Away),
        "53100" => Some(StorageErrorKind::Full),
        // Read-only; damaged data.
        "25006" | "XX001" | "XX002" => Some(StorageErrorKind::Failing),
        _ if code.starts_with("08") => Some(StorageErrorKind::Away),
        // Other resources that ran out, and the system below.
        _ if code.starts_with("53") || code.starts_with("58") => Some(StorageErrorKind::Failing),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_both_databases_say_what_is_wrong_below_them() {
        // SQLITE_IOERR_FSYNC, _WRITE, _SHMSIZE, _IN_PAGE; READONLY_DBMOVED; CORRUPT_VTAB; CANTOPEN_ISDIR; NOTADB
        for code in
            ["1034", "778", "4874", "8714", "10", "1032", "267", "526", "26", "58030", "25006", "XX001", "53200"]
        {
            assert_eq!(kind_of(code), Some(StorageErrorKind::Failing), "{code}");
        }
        for code in ["5", "6", "261", "517", "773", "262", "55P03", "40P01", "53300"] {
            assert_eq!(kind_of(code), Some(StorageErrorKind::Busy), "{code}");
        }
        for code in ["57P01", "57P03", "08006", "08P01"] {
            assert_eq!(kind_of(code), Some(StorageErrorKind::Away), "{code}");
        }
        assert_eq!((kind_of("13"), kind_of("53100")), (Some(StorageErrorKind::Full), Some(StorageErrorKind::Full)));
        // A constraint, an error of SQL, an unknown column: ours.
        for code in ["787", "19", "1", "42703", "23503", "", "x"] {
            assert_eq!(kind_of(code), None, "{code}");
        }
    }
}
