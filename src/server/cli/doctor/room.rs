//! The check of how much room is left where the data lies.

use super::super::parts;
use super::Finding;
use crate::server::config::Config;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Below this a busy day may fill the disk.
const LOW: u64 = 200 * MEGABYTE;
const MEGABYTE: u64 = 1_000_000;

/// How much is free in the data folder, and in that of the database file.
pub fn room(config: &Config) -> Finding {
    let file = parts::sqlite_file(config);
    let folders: Vec<PathBuf> = [Some(config.data_dir.clone()), file.as_deref().and_then(Path::parent).map(Into::into)]
        .into_iter()
        .flatten()
        .filter(|folder| folder.exists())
        .collect();
    let mut least: Option<(u64, &PathBuf)> = None;
    for folder in &folders {
        match free(folder) {
            Ok(free) if least.is_none_or(|(known, _)| free < known) => least = Some((free, folder)),
            Ok(_) => {}
            Err(error) => return Finding::skipped(format!("{} did not say: {error}", folder.display())),
        }
    }
    match least {
        Some((free, folder)) => judge(free, folder),
        None => Finding::skipped(format!("{} is not there yet", config.data_dir.display())),
    }
}

/// What an ordinary user of the system may still write there, in bytes: what POSIX' `df` says.
///
/// # Errors
/// When there is no `df`, or it says nothing of this folder.
fn free(folder: &Path) -> Result<u64, String> {
    let said = Command::new("df").env("LC_ALL", "C").arg("-Pk").arg(folder).output();
    let said = said.map_err(|error| format!("df: {error}"))?;
    if !said.status.success() {
        return Err(String::from_utf8_lossy(&said.stderr).trim().to_string());
    }
    read(&String::from_utf8_lossy(&said.stdout)).ok_or_else(|| "df says it in another form".into())
}

/// The fourth column of the second line, in units of 1,024 bytes. Whatever stands before it may have spaces, so it is found
/// by the column behind it: how full it is, in percent.
fn read(said: &str) -> Option<u64> {
    let columns: Vec<&str> = said.lines().nth(1)?.split_whitespace().collect();
    let full = columns.iter().position(|column| {
        column.strip_suffix('%').is_some_and(|number| !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()))
    })?;
    columns.get(full.checked_sub(1)?)?.parse::<u64>().ok()?.checked_mul(1_024)
}

fn judge(free: u64, folder: &Path) -> Finding {
    let (amount, name) = (in_words(free), folder.display());
    if free < LOW {
        return Finding::problem(
            format!("only {amount} are free in {name}"),
            "Make room: on a full disk nothing can be changed, and everything that would change something is answered \
             with 503.",
        );
    }
    Finding::well(format!("{amount} are free in {name}"))
}

fn in_words(bytes: u64) -> String {
    match bytes / MEGABYTE {
        megabytes @ ..10_000 => format!("{megabytes} MB"),
        megabytes => format!("{} GB", megabytes / 1_000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn little_room_is_a_problem_before_there_is_none() {
        let found = |free| judge(free, Path::new("data"));
        assert_eq!(found(75_123_456_789), Finding::well("75 GB are free in data"));
        assert_eq!(found(LOW), Finding::well("200 MB are free in data"));
        for low in [0, 1, LOW - 1] {
            assert!(matches!(found(low), Finding::Problem { what, .. } if what.starts_with("only ")), "{low}");
        }
    }

    #[test]
    fn a_folder_says_how_much_is_free_in_it() {
        assert!(free(&std::env::temp_dir()).is_ok_and(|free| free > 0));
        assert!(free(Path::new("/nowhere")).is_err());
    }

    #[test]
    fn what_df_says_is_read_whatever_the_file_system_is_called() {
        let heads = "Filesystem 1024-blocks Used Available Capacity Mounted on\n";
        for (line, free) in [
            ("tmpfs 12288 12288 0 100% /data", Some(0)),
            ("/dev/sda1 100 25 75 25% /a folder/at 5%", Some(76_800)),
            ("//a server/share 100 25 75 25% /data", Some(76_800)),
            ("overlay - - - - /data", None),
            ("overlay 1 1 x 1% /data", None),
            ("", None),
        ] {
            assert_eq!(read(&format!("{heads}{line}\n")), free, "{line}");
        }
        assert_eq!(read(""), None);
    }
}
