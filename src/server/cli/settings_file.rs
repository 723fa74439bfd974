//! `usher settings`: what the organisation decides for itself, as a file that can be kept, compared and brought to another
//! installation. What the operator decides (addresses, keys) is not in it.

use super::{CliError, parts, say};
use crate::domain::consent::ConsentKind;
use crate::domain::error::UseCaseError;
use crate::domain::mail_text::{MailText, MailTextKind, TextPart};
use crate::domain::settings::{Setting, SettingKind, Settings};
use crate::server::app::App;
use crate::server::config::Config;
use crate::server::use_cases::decisions::{self, Agreement, Decisions};
use crate::words::Language;
use clap::Subcommand;
use std::fmt::Write;
use std::path::PathBuf;
use toml::{Table, Value};

/// What is done about the settings.
#[derive(Debug, Subcommand)]
pub enum SettingsCommand {
    /// Print all settings, the organisation's own texts and its agreements as TOML
    Export,
    /// Change what a file names to what it says; all else stays
    Apply {
        /// A file as `usher settings export` prints it
        file: PathBuf,
        /// Only say what would change
        #[arg(long)]
        dry_run: bool,
    },
}

/// The tables behind the settings: what messages say in the organisation's own words, and what people are asked to agree to.
const TEXTS: &str = "texts";
const AGREEMENTS: &str = "agreements";
const ASKED: &str = "asked";

/// How much of a text is shown of a change.
const GLANCE: usize = 60;

/// Does what is wanted and says so.
pub async fn settings(config: Config, wanted: &SettingsCommand) -> Result<(), CliError> {
    let app = parts::app(config).await?;
    let done = run(&app, wanted).await;
    app.db.close().await;
    done
}

async fn run(app: &App, wanted: &SettingsCommand) -> Result<(), CliError> {
    let refused = |refusal| format!("nothing was changed: {}", Language::English.refusal(&refusal));
    match wanted {
        SettingsCommand::Export => say(written(&decisions::current(app).await.map_err(refused)?).trim_end()),
        SettingsCommand::Apply { file, dry_run } => {
            let text = std::fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
            let wished = read(&text).map_err(|mistakes| format!("{}:\n  {}", file.display(), mistakes.join("\n  ")))?;
            let changed = decisions::apply(app, &wished, *dry_run).await.map_err(refused)?;
            for (name, old, new) in &changed {
                say(&format!("{name}: {} -> {}", shown(old), shown(new)));
            }
            match (changed.len(), dry_run) {
                (0, _) => say("Nothing differs."),
                (1, false) => say("1 setting was changed."),
                (n, false) => say(&format!("{n} settings were changed.")),
                (n, true) => say(&format!("{n} would change. Nothing was changed.")),
            }
        }
    }
    Ok(())
}

fn shown(value: &str) -> String {
    if value.is_empty() {
        return "(nothing)".into();
    }
    let line = value.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(GLANCE) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

/// The settings, each below a line that says what it is and what it may hold; then the texts, then the agreements.
fn written(decided: &Decisions) -> String {
    let words = Language::English;
    let mut text =
        String::from("# The settings of an Usher installation. Bring them back with: usher settings apply FILE\n");
    for setting in Setting::ALL {
        let Some(value) = decided.settings.get(setting.code()) else { continue };
        let may = match setting.kind() {
            SettingKind::OneOf(codes) => format!(": {}", codes.join(", ")),
            SettingKind::Language => format!(": {}", Language::ALL.map(Language::code).join(", ")),
            SettingKind::Length => ", in minutes, hours or days: 45m, 36h, 21d".into(),
            _ => String::new(),
        };
        let value = match setting.kind() {
            SettingKind::Tick | SettingKind::Number => value.clone(),
            _ => Value::String(value.clone()).to_string(),
        };
        // Writing into a text cannot fail.
        let _ = write!(text, "\n# {}{may}\n{} = {value}\n", words.setting(setting), setting.code());
    }
    let tables = tables(decided);
    if !tables.is_empty() {
        text.push_str("\n# What messages say in words of one's own, and what people are asked to agree to\n");
        text.push_str(&toml::to_string_pretty(&tables).unwrap_or_default());
    }
    text
}

fn tables(decided: &Decisions) -> Table {
    let mut tables = Table::new();
    let mut put = |way: [&str; 2], name: &str, value: Value| {
        let first = tables.entry(way[0]).or_insert_with(|| Value::Table(Table::new()));
        let second = first.as_table_mut().map(|all| all.entry(way[1]).or_insert_with(|| Value::Table(Table::new())));
        if let Some(table) = second.and_then(Value::as_table_mut) {
            table.insert(name.into(), value);
        }
    };
    for (kind, language, text) in &decided.texts {
        let said = TextPart::ALL.into_iter().filter(|part| !text.part(*part).is_empty());
        let said = said.map(|part| (part.code().to_string(), Value::String(text.part(part).into())));
        put([TEXTS, kind.code()], language.code(), Value::Table(said.collect()));
    }
    for agreement in &decided.agreements {
        let way = [AGREEMENTS, agreement.kind.code()];
        put(way, ASKED, Value::Boolean(agreement.is_asked));
        for (language, words) in &agreement.words {
            put(way, language.code(), Value::String(words.clone()));
        }
    }
    tables
}

/// What a file decides.
///
/// # Errors
/// Every mistake, a line each.
fn read(text: &str) -> Result<Decisions, Vec<String>> {
    let table: Table = text.parse().map_err(|error: toml::de::Error| vec![error.to_string()])?;
    let mut reading = FileReading::default();
    for (name, value) in table {
        match (name.as_str(), value) {
            (TEXTS, Value::Table(texts)) => reading.texts(texts),
            (AGREEMENTS, Value::Table(agreements)) => reading.agreements(agreements),
            (_, value) => reading.setting(name, value),
        }
    }
    if reading.mistakes.is_empty() { Ok(reading.decided) } else { Err(reading.mistakes) }
}

/// What was read so far, and what could not be.
#[derive(Debug, Default)]
struct FileReading {
    decided: Decisions,
    mistakes: Vec<String>,
}

impl FileReading {
    fn mistake(&mut self, name: &str, what: impl AsRef<str>) {
        self.mistakes.push(format!("{name}: {}", what.as_ref()));
    }

    fn setting(&mut self, name: String, value: Value) {
        let text = match value {
            Value::String(text) => Some(text),
            Value::Boolean(is_so) => Some(is_so.to_string()),
            Value::Integer(number) => Some(number.to_string()),
            _ => None,
        };
        let Some(setting) = Setting::from_code(&name) else {
            return self.mistake(&name, "there is no such setting");
        };
        let Some(text) = text else {
            return self.mistake(&name, "write a text, a number, true or false");
        };
        if let Err(refusal) = setting.write(&mut Settings::default(), &text) {
            // A page offers what can be said; here it has to be named.
            let why = match (&refusal, setting.kind()) {
                (UseCaseError::Unreadable, SettingKind::OneOf(codes)) => format!("write one of {}", codes.join(", ")),
                (UseCaseError::Unreadable, _) => "write true or false".to_string(),
                _ => Language::English.refusal(&refusal).to_string(),
            };
            self.mistake(&name, format!("{text}: {why}"));
        }
        self.decided.settings.insert(name, text);
    }

    fn texts(&mut self, texts: Table) {
        for (code, languages) in texts {
            let name = format!("{TEXTS}.{code}");
            let (Some(kind), Value::Table(languages)) = (MailTextKind::from_code(&code), languages) else {
                self.mistake(&name, "there is no such message");
                continue;
            };
            for (code, parts) in languages {
                let name = format!("{name}.{code}");
                let (Some(language), Value::Table(parts)) = (Language::from_code(&code), parts) else {
                    self.mistake(&name, "there is no such language");
                    continue;
                };
                let mut text = MailText::default();
                for (code, value) in parts {
                    let part = TextPart::from_code(&code);
                    match (part, value) {
                        (Some(part), Value::String(value)) => *text.part_mut(part) = value,
                        (Some(_), _) => self.mistake(&format!("{name}.{code}"), "write a text"),
                        (None, _) => self.mistake(&format!("{name}.{code}"), "a message has no such part"),
                    }
                }
                if let Err((part, problem)) = text.checked_for(kind) {
                    let why = Language::English.mail_text_problem(part, &problem);
                    self.mistake(&format!("{name}.{}", part.code()), why);
                }
                self.decided.texts.push((kind, language, text));
            }
        }
    }

    fn agreements(&mut self, agreements: Table) {
        for (code, fields) in agreements {
            let name = format!("{AGREEMENTS}.{code}");
            let (Some(kind), Value::Table(fields)) = (ConsentKind::from_code(&code), fields) else {
                self.mistake(&name, "there is no such agreement");
                continue;
            };
            let mut agreement = Agreement { kind, words: Vec::new(), is_asked: false };
            for (code, value) in fields {
                match (Language::from_code(&code), value) {
                    (None, Value::Boolean(is_asked)) if code == ASKED => agreement.is_asked = is_asked,
                    (Some(language), Value::String(words)) => agreement.words.push((language, words)),
                    _ => self.mistake(
                        &format!("{name}.{code}"),
                        "write asked = true or false, and a text for each language",
                    ),
                }
            }
            self.decided.agreements.push(agreement);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::preset::PRESETS;

    #[test]
    fn what_is_written_is_read_and_means_the_same() {
        for preset in PRESETS {
            let settings = Settings { organisation: "ACME \"North\" \\ #1".into(), ..preset.settings() };
            let text = MailText {
                subject: "Join '''us'''".into(),
                lead: "One\n\n\"Two\" \\ three".into(),
                ..MailText::default()
            };
            let words = vec![(Language::English, "Be kind.\n\nAlways.".to_string()), (Language::Russian, "Да".into())];
            let decided = Decisions {
                settings: settings.as_typed(),
                texts: vec![(MailTextKind::Reminder, Language::Russian, text)],
                agreements: vec![Agreement { kind: ConsentKind::PersonalData, words, is_asked: true }],
            };
            assert_eq!(read(&written(&decided)), Ok(decided));
        }
    }

    #[test]
    fn every_mistake_of_a_file_is_named() {
        let mistakes =
            read("zone = [1]\nmin_length = 3\nvalid_for_days = 3\nplans_shifts = true").expect_err("mistakes");
        assert_eq!(mistakes.len(), 3, "{mistakes:?}");
        assert!(read("organisation = ").is_err());
        let mistakes = read("texts = 1\n[agreements.terms]\nen = \"x\"\n[agreements.messages]\nasked = 1\n");
        assert_eq!(mistakes.map_err(|all| all.len()), Err(3));
        let texts = "[texts.letter.en]\nlead = \"x\"\n[texts.reset]\nfr = {}\n[texts.reset.en]\nfoot = \"x\"\nlead = \"{{role}}\"\n";
        assert_eq!(read(texts).map_err(|all| all.len()), Err(4));
    }
}
