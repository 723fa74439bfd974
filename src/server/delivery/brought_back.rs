//! What somebody is told who was brought back from the archive: that they have access again, and where they sign in.

use super::letter::{Letter, inert};
use super::render::{Draft, to_own_address};
use super::sentences::installation_name;
use super::wording;
use crate::domain::settings::Settings;
use crate::domain::user::User;
use crate::server::app::App;
use crate::server::storage::{Result, Tx, memberships};

/// The letter; `None` when they have no access by now, or no address that is known to be theirs.
pub async fn brought_back(tx: &mut Tx, app: &App, settings: &Settings, user: &User) -> Result<Option<Draft>> {
    let Some(address) = user.proven_address() else { return Ok(None) };
    if memberships::authority(tx, &user.id).await?.is_none() {
        return Ok(None);
    }
    let language = user.language;
    let organisation = installation_name(app, settings);
    let (name, link) = (inert(&organisation), app.config.link("/sign-in"));
    let text = wording::brought_back(language, &organisation, &link);
    let letter = Letter {
        subject: language.mail_back_subject(&organisation),
        preheader: language.mail_back_lead(&name),
        lead: vec![language.mail_back_lead(&name)],
        button: Some((language.sign_in().into(), link)),
        ignore: language.mail_back_ignore(),
        ..Letter::default()
    };
    Ok(Some(to_own_address(user, address, language, settings, letter, text)))
}
