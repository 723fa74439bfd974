//! `usher renew-key`: a new key, for the day when the old one is lost or known to somebody. Links that were sent stop working;
//! nothing else does it.

use super::{CliError, parts, say};
use crate::server::config::Config;
use crate::server::secrets::Key;
use crate::server::storage::settings;

/// Makes a new key; the file that was there is kept beside it.
///
/// # Errors
/// When the operator has not said `--yes`, with what would stop working; and whatever stands in the way.
pub async fn renew_key(config: &Config, is_meant: bool) -> Result<(), CliError> {
    // One that runs would go on making links with the old key.
    let _alone = if is_meant { parts::alone(config).await? } else { None };
    let db = parts::database(config).await?;
    let (name, path) = (parts::database_name(config), &config.key_file);
    let unreadable = |error| format!("{name} cannot be read: {error}");
    // The operator's own, at the machine: the program starts with the new key and notes which it has.
    let mut tx = db.maintain().await.map_err(unreadable)?;
    let links = parts::open_links(&mut tx).await.map_err(unreadable)?;
    if !is_meant {
        return Err(format!(
            "with a new key {links}. People with an open invitation would have to be sent it again. If that is \
                            meant: usher renew-key --yes"
        ));
    }
    let kept = path.with_extension(format!("key.before-{}", crate::server::random::typed_code().to_lowercase()));
    let is_there = path.exists();
    if is_there {
        std::fs::rename(path, &kept).map_err(|error| format!("{} cannot be moved: {error}", path.display()))?;
    }
    let key = Key::make(path).map_err(|error| format!("{} cannot be made: {error}", path.display()))?;
    settings::change_key(&mut tx, &key.fingerprint()).await.map_err(unreadable)?;
    tx.commit().await.map_err(unreadable)?;
    db.close().await;
    say(&format!("There is a new key in {}.", path.display()));
    if is_there {
        say(&format!("The old one is in {}.", kept.display()));
    }
    say("Start Usher, and send open invitations again.");
    Ok(())
}
