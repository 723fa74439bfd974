//! What several letters say alike: how they greet, how they name people and the installation, whom one may ask.

use super::letter::{inert, one_line};
use crate::domain::settings::Settings;
use crate::domain::user::User;
use crate::server::app::App;
use crate::words::Language;

/// How a letter begins.
pub fn hello(language: Language, name: &str) -> String {
    match inert(&one_line(name)).as_str() {
        "" => language.mail_hello().to_string(),
        name => language.mail_hello_to(name),
    }
}

/// Whom one may ask, where that is said.
pub fn questions(settings: &Settings, language: Language) -> Vec<String> {
    let contact = one_line(&settings.support_contact);
    if contact.is_empty() { Vec::new() } else { vec![language.mail_questions(&contact)] }
}

/// `Anna Petrova (anna@acme.by)`; the name was typed by its owner, the address is known to us.
pub fn name_and_address(user: &User) -> String {
    let name = inert(&one_line(&user.name));
    match user.address() {
        Some(address) if name.is_empty() => address.in_letters(),
        Some(address) => format!("{name} ({})", address.in_letters()),
        None => inert(user.title()),
    }
}

/// What the installation calls itself; before it has a name, its host.
pub fn installation_name(app: &App, settings: &Settings) -> String {
    let name = one_line(&settings.organisation);
    if name.is_empty() { app.config.public_url.host_str().unwrap_or_default().to_string() } else { name }
}
