//! The operator's door: which command and which settings. The only place that knows clap; rules are the use cases'.

mod backup;
mod create_admin;
mod doctor;
mod given;
mod ingest_bounce;
mod logging;
mod migrate;
mod parts;
mod people;
mod renew_key;
mod send_test_message;
mod serve;
mod settings;
mod settings_file;
mod token;

use clap::{Args, Parser, Subcommand};
use std::process::ExitCode;

/// Invite people by e-mail, see who has come in, and decide what each may do.
#[derive(Debug, Parser)]
#[command(name = "usher", version, about, after_help = AFTER_HELP)]
struct CommandLine {
    #[command(flatten)]
    flags: Flags,
    #[command(subcommand)]
    command: Option<Command>,
}

const AFTER_HELP: &str = "\
Without a command, `usher` serves.

Every setting can be given as a flag (--public-url), in the environment (USHER_PUBLIC_URL) or in the TOML file
(public_url = \"…\"); the first of these that is there counts. Flags can be seen by everyone on the machine, so give
secrets in the environment, in the file, or by the name of a file that holds one: USHER_SMTP_URL_FILE,
USHER_DATABASE_URL_FILE.";

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the server until it is told to stop
    Serve(serve::ServeOptions),
    /// Make the database, or bring its schema up to this version's
    Migrate,
    /// Make a main administrator; the password is read from standard input
    CreateAdmin(create_admin::NewAdmin),
    /// Check database, relay, public address, clock and key, and say how to mend each
    Doctor,
    /// Write everything, the key included, into one file; the server may run meanwhile
    Backup(backup::BackupTo),
    /// Bring back what `usher backup` wrote; it first says what is there and what would be done
    Restore(backup::RestoreFrom),
    /// Write people into a CSV or XLSX file, or the whole installation with --whole
    Export(people::ExportTo),
    /// Take people from a file, as the page for it does; it first says what would be done
    Import(people::ImportFrom),
    /// Make a new key when the old one is lost or known to somebody: links that were sent stop working
    RenewKey {
        /// Do it, knowing what stops working
        #[arg(long)]
        yes: bool,
    },
    /// Make, list and revoke tokens with which programs read people at /api/v1
    #[command(subcommand)]
    Token(token::TokenCommand),
    /// Write the organisation's settings into a file, or take them from one
    #[command(subcommand)]
    Settings(settings_file::SettingsCommand),
    /// Read a mail that came back, from standard input, into the history of its invitation
    IngestBounce,
    /// Send a message to an address through the relay, to see that it arrives
    SendTestMessage {
        /// To whom
        address: String,
    },
}

/// The settings as flags. All are texts: they are read together with the other places, so that every mistake is named.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Settings")]
struct Flags {
    /// The TOML file with settings (USHER_CONFIG) [default: usher.toml, when it is there]
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<String>,
    /// sqlite:PATH or postgres://user:password@host/name (USHER_DATABASE_URL) [default: usher.db in the data folder]
    #[arg(long, global = true, value_name = "URL")]
    database_url: Option<String>,
    /// Where to listen (USHER_LISTEN) [default: 127.0.0.1:3000]
    #[arg(long, global = true, value_name = "IP:PORT")]
    listen: Option<String>,
    /// The address under which people reach Usher; every link is made of it (USHER_PUBLIC_URL) [default: where it listens]
    #[arg(long, global = true, value_name = "URL")]
    public_url: Option<String>,
    /// smtp://user:password@host:port or smtps://… (USHER_SMTP_URL) [default: none, messages wait in the built-in mailbox]
    #[arg(long, global = true, value_name = "URL")]
    smtp_url: Option<String>,
    /// A PEM file with the authorities that vouch for the relay (USHER_SMTP_CA_FILE) [default: the public ones]
    #[arg(long, global = true, value_name = "FILE")]
    smtp_ca_file: Option<String>,
    /// Where the SMS gateway takes a message, https://… (USHER_SMS_URL) [default: none, SMS wait in the built-in mailbox]
    #[arg(long, global = true, value_name = "URL")]
    sms_url: Option<String>,
    /// How it is asked: json, twilio, vonage or smsc (USHER_SMS_PRESET) [default: json]
    #[arg(long, global = true, value_name = "NAME")]
    sms_preset: Option<String>,
    /// POST, GET or PUT (USHER_SMS_METHOD) [default: POST]
    #[arg(long, global = true, value_name = "METHOD")]
    sms_method: Option<String>,
    /// Further headers, one a line (USHER_SMS_HEADERS) [default: none]
    #[arg(long, global = true, value_name = "LINES")]
    sms_headers: Option<String>,
    /// What is sent, with {{to}}, {{text}} and {{id}} (USHER_SMS_BODY) [default: the preset's]
    #[arg(long, global = true, value_name = "TEMPLATE")]
    sms_body: Option<String>,
    /// Which answers are good (USHER_SMS_OK) [default: the preset's]
    #[arg(long, global = true, value_name = "RULE")]
    sms_ok: Option<String>,
    /// Whether the gateway may be in a private network (USHER_SMS_ALLOW_PRIVATE) [default: 0]
    #[arg(long, global = true, value_name = "0|1")]
    sms_allow_private: Option<String>,
    /// A PEM file with the authorities that vouch for the gateway (USHER_SMS_CA_FILE) [default: the public ones]
    #[arg(long, global = true, value_name = "FILE")]
    sms_ca_file: Option<String>,
    /// What the gateway shows itself by when it reports on a message (USHER_SMS_CALLBACK_SECRET) [default: none, nothing is heard]
    #[arg(long, global = true, value_name = "SECRET")]
    sms_callback_secret: Option<String>,
    /// Who mails are from, as "Name <address>" (USHER_MAIL_FROM) [default: usher@ the host of the public address]
    #[arg(long, global = true, value_name = "SENDER")]
    mail_from: Option<String>,
    /// The folder for everything that Usher keeps (USHER_DATA_DIR) [default: data]
    #[arg(long, global = true, value_name = "FOLDER")]
    data_dir: Option<String>,
    /// The file with the key that links are made with (USHER_SECRET_KEY_FILE) [default: secret.key in the data folder]
    #[arg(long, global = true, value_name = "FILE")]
    secret_key_file: Option<String>,
    /// How many proxies stand in front of Usher (USHER_TRUSTED_PROXIES) [default: 0]
    #[arg(long, global = true, value_name = "NUMBER")]
    trusted_proxies: Option<String>,
    /// The name server that is asked about the domains of invited addresses (USHER_DNS) [default: the system's]
    #[arg(long, global = true, value_name = "IP:PORT")]
    dns: Option<String>,
    /// How much to log: error, warn, info, debug, trace, or by part (USHER_LOG) [default: info]
    #[arg(long, global = true, value_name = "LEVEL")]
    log: Option<String>,
    /// text or json (USHER_LOG_FORMAT) [default: text on a terminal, else json]
    #[arg(long, global = true, value_name = "FORMAT")]
    log_format: Option<String>,
}

impl Flags {
    /// The flags that were given, by the setting's name.
    fn given(&self) -> impl Iterator<Item = (&'static str, &String)> {
        [
            ("database_url", &self.database_url),
            ("listen", &self.listen),
            ("public_url", &self.public_url),
            ("smtp_url", &self.smtp_url),
            ("smtp_ca_file", &self.smtp_ca_file),
            ("sms_url", &self.sms_url),
            ("sms_preset", &self.sms_preset),
            ("sms_method", &self.sms_method),
            ("sms_headers", &self.sms_headers),
            ("sms_body", &self.sms_body),
            ("sms_ok", &self.sms_ok),
            ("sms_allow_private", &self.sms_allow_private),
            ("sms_ca_file", &self.sms_ca_file),
            ("sms_callback_secret", &self.sms_callback_secret),
            ("mail_from", &self.mail_from),
            ("data_dir", &self.data_dir),
            ("secret_key_file", &self.secret_key_file),
            ("trusted_proxies", &self.trusted_proxies),
            ("dns", &self.dns),
            ("log", &self.log),
            ("log_format", &self.log_format),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some((name, value.as_ref()?)))
    }
}

/// Something in the way, in words for the operator: what it is and how to mend it.
type CliError = String;

/// Mistakes in what the operator wrote.
const EXIT_MISTAKES: u8 = 2;

/// The stack of each thread that answers, in bytes: a page is rendered many calls deep, deeper still in a build that is not
/// optimised, and what of it is never touched takes no memory.
const STACK: usize = 8 << 20;

/// Reads the command line and does what it says. 0: done; 1: it could not be done; 2: the settings have mistakes.
pub fn run() -> ExitCode {
    let CommandLine { flags, command } = CommandLine::parse();
    let settings = match settings::read(&flags, std::env::vars_os(), logging::is_terminal()) {
        Ok(settings) => settings,
        Err(mistakes) => {
            let count = mistakes.len();
            eprintln!("usher: {count} {} in the settings:", if count == 1 { "mistake" } else { "mistakes" });
            for mistake in mistakes {
                eprintln!("  {mistake}");
            }
            return ExitCode::from(EXIT_MISTAKES);
        }
    };
    logging::start(&settings);
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().thread_stack_size(STACK).build() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&format!("the system gave no threads to work with ({error})")),
    };
    let config = settings.config;
    let done = runtime.block_on(async {
        match command.unwrap_or(Command::Serve(serve::ServeOptions::default())) {
            Command::Serve(wanted) => serve::serve(config, &wanted).await,
            Command::Migrate => migrate::migrate(&config).await,
            Command::CreateAdmin(wanted) => create_admin::create_admin(config, &wanted).await,
            Command::Settings(wanted) => settings_file::settings(config, &wanted).await,
            Command::Backup(wanted) => backup::backup(&config, &wanted).await,
            Command::Restore(wanted) => backup::restore(&config, &wanted).await,
            Command::Export(wanted) => people::export(config, &wanted).await,
            Command::Import(wanted) => people::import(config, &wanted).await,
            Command::RenewKey { yes } => renew_key::renew_key(&config, yes).await,
            Command::Token(wanted) => token::token(config, &wanted).await,
            Command::IngestBounce => ingest_bounce::ingest_bounce(config).await,
            Command::Doctor => doctor::examine(&config).await,
            Command::SendTestMessage { address } => send_test_message::send_test_message(config, &address).await,
        }
    });
    // Work that is still on a blocking thread (reading standard input) must not hold the process back.
    runtime.shutdown_background();
    done.map_or_else(|trouble| fail(&trouble), |()| ExitCode::SUCCESS)
}

fn fail(trouble: &str) -> ExitCode {
    eprintln!("usher: {trouble}");
    ExitCode::FAILURE
}

/// Writes a line to standard output; whoever closed it does not want it.
fn say(line: &str) {
    use std::io::Write;
    let _ = writeln!(std::io::stdout(), "{line}");
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_well_made_and_offers_every_setting() {
        let command = CommandLine::command();
        command.clone().debug_assert();
        for name in given::NAMES {
            assert!(command.get_arguments().any(|argument| argument.get_id() == name), "{name} has no flag");
        }
    }

    #[test]
    fn settings_may_stand_before_and_behind_the_command() {
        for words in [["usher", "--listen", "[::1]:80", "serve"], ["usher", "serve", "--listen", "[::1]:80"]] {
            let line = CommandLine::try_parse_from(words).expect("a command line");
            assert_eq!(line.flags.given().collect::<Vec<_>>(), [("listen", &"[::1]:80".to_string())]);
        }
    }
}
