//! Whether the files of an SQLite database still lie where they were opened. Whoever removes or replaces them under a running
//! program leaves it with files that nobody finds again: what it writes then is lost when it ends.

use super::error::{Error, Result};
use std::fs::Metadata;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

/// By what a file is known, whatever its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct FileIdentity {
    device: u64,
    number: u64,
}

impl FileIdentity {
    /// `None` where nothing lies there.
    fn at(path: &Path) -> Option<Self> {
        std::fs::metadata(path).ok().map(|metadata| Self::of(&metadata))
    }

    #[cfg(unix)]
    fn of(metadata: &Metadata) -> Self {
        use std::os::unix::fs::MetadataExt;
        Self { device: metadata.dev(), number: metadata.ino() }
    }

    /// Elsewhere a file that is open can be neither removed nor replaced.
    #[cfg(not(unix))]
    fn of(_: &Metadata) -> Self {
        Self { device: 0, number: 0 }
    }
}

/// The database's file and its log, as they were opened.
#[derive(Debug)]
pub struct Whereabouts {
    file: PathBuf,
    log: PathBuf,
    opened: Option<FileIdentity>,
    /// SQLite makes the log anew when nobody has the database open.
    opened_log: Mutex<Option<FileIdentity>>,
}

impl Whereabouts {
    /// Of a database that is open.
    pub fn of(file: &Path) -> Self {
        let mut log = file.as_os_str().to_os_string();
        log.push("-wal");
        let whereabouts =
            Self { file: file.into(), log: log.into(), opened: FileIdentity::at(file), opened_log: Mutex::default() };
        whereabouts.note_log();
        whereabouts
    }

    /// To be called when a connection that writes was opened: as long as it is, the log stays the same.
    pub fn note_log(&self) {
        if let Ok(mut log) = self.opened_log.lock() {
            *log = FileIdentity::at(&self.log);
        }
    }

    /// # Errors
    /// `Gone` when a file is not there, or is another one.
    pub fn are_kept(&self) -> Result<()> {
        let log = self.opened_log.lock().map_or(None, |log| *log);
        let is_kept = FileIdentity::at(&self.file) == self.opened
            && log.is_none_or(|log| FileIdentity::at(&self.log) == Some(log));
        if is_kept { Ok(()) } else { Err(Error::Gone) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[cfg(unix)]
    #[test]
    fn files_that_are_gone_or_others_are_noticed_and_those_that_come_back_too() {
        let folder = std::env::temp_dir().join(format!("usher-whereabouts-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("a folder");
        let [file, log, aside] = ["a.db", "a.db-wal", "aside"].map(|name| folder.join(name));
        fs::write(&file, "a").expect("written");
        let there = Whereabouts::of(&file);
        assert!(there.are_kept().is_ok());
        // A log that was not there yet may come.
        fs::write(&log, "b").expect("written");
        assert!(there.are_kept().is_ok());
        there.note_log();
        for path in [&file, &log] {
            let before = fs::read(path).expect("a file");
            fs::rename(path, &aside).expect("moved");
            assert!(matches!(there.are_kept(), Err(Error::Gone)), "{path:?} is gone");
            fs::write(path, &before).expect("written");
            assert!(matches!(there.are_kept(), Err(Error::Gone)), "a copy of {path:?}");
            fs::rename(&aside, path).expect("moved back");
            fs::write(path, "more").expect("written");
            assert!(there.are_kept().is_ok(), "{path:?}");
        }
        fs::remove_dir_all(folder).expect("removed");
        assert!(matches!(there.are_kept(), Err(Error::Gone)));
    }
}
