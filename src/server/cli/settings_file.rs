//! `usher settings`: what the organisation decides for itself, as a file that can be kept, compared and brought to another
//! installation. What the operator decides (addresses, keys) is not in it.

use super::{CliError, parts, say};
use crate::domain::settings::{Setting, SettingKind, Settings};
use crate::server::app::App;
use crate::server::config::Config;
use crate::server::use_cases::settings;
use crate::words::Language;
use clap::Subcommand;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::PathBuf;

/// What is done about the settings.
#[derive(Debug, Subcommand)]
pub enum SettingsCommand {
    /// Print all settings as TOML
    Export,
    /// Change the settings to those of a file; what it does not name stays
    Apply {
        /// A file as `usher settings export` prints it
        file: PathBuf,
        /// Only say what would change
        #[arg(long)]
        dry_run: bool,
    },
}

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
        SettingsCommand::Export => say(written(&settings::current(app).await.map_err(refused)?).trim_end()),
        SettingsCommand::Apply { file, dry_run } => {
            let text = std::fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
            let typed = read(&text).map_err(|mistakes| format!("{}:\n  {}", file.display(), mistakes.join("\n  ")))?;
            let changed = settings::apply(app, &typed, *dry_run).await.map_err(refused)?;
            for (setting, old, new) in &changed {
                say(&format!("{}: {} -> {}", setting.code(), shown(old), shown(new)));
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

fn shown(value: &str) -> &str {
    if value.is_empty() { "(nothing)" } else { value }
}

/// All of them, each below a line that says what it is and what it may hold.
fn written(settings: &Settings) -> String {
    let words = Language::English;
    let mut text =
        String::from("# The settings of an Usher installation. Bring them back with: usher settings apply FILE\n");
    for setting in Setting::ALL {
        let may = match setting.kind() {
            SettingKind::OneOf(codes) => format!(": {}", codes.join(", ")),
            SettingKind::Language => format!(": {}", Language::ALL.map(Language::code).join(", ")),
            SettingKind::Length => ", in minutes, hours or days: 45m, 36h, 21d".into(),
            _ => String::new(),
        };
        let value = setting.read(settings);
        let value = match setting.kind() {
            SettingKind::Tick | SettingKind::Number => value,
            _ => toml::Value::String(value).to_string(),
        };
        // Writing into a text cannot fail.
        let _ = write!(text, "\n# {}{may}\n{} = {value}\n", words.setting(setting), setting.code());
    }
    text
}

/// What a file says, by the name of each setting.
///
/// # Errors
/// Every mistake, a line each.
fn read(text: &str) -> Result<BTreeMap<String, String>, Vec<String>> {
    let table: toml::Table = text.parse().map_err(|error: toml::de::Error| vec![error.to_string()])?;
    let (mut typed, mut mistakes) = (BTreeMap::new(), Vec::new());
    for (name, value) in table {
        let text = match value {
            toml::Value::String(text) => Some(text),
            toml::Value::Boolean(is_so) => Some(is_so.to_string()),
            toml::Value::Integer(number) => Some(number.to_string()),
            _ => None,
        };
        let Some(setting) = Setting::from_code(&name) else {
            mistakes.push(format!("{name}: there is no such setting"));
            continue;
        };
        let Some(text) = text else {
            mistakes.push(format!("{name}: write a text, a number, true or false"));
            continue;
        };
        if let Err(refusal) = setting.write(&mut Settings::default(), &text) {
            mistakes.push(format!("{name}: {text}: {}", Language::English.refusal(&refusal)));
        }
        typed.insert(name, text);
    }
    if mistakes.is_empty() { Ok(typed) } else { Err(mistakes) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::preset::PRESETS;

    #[test]
    fn what_is_written_is_read_and_means_the_same() {
        for preset in PRESETS {
            let settings = Settings { organisation: "ACME \"North\" \\ #1".into(), ..preset.settings() };
            assert_eq!(read(&written(&settings)), Ok(settings.as_typed()));
        }
    }

    #[test]
    fn every_mistake_of_a_file_is_named() {
        let mistakes =
            read("zone = [1]\nmin_length = 3\nvalid_for_days = 3\nplans_shifts = true").expect_err("mistakes");
        assert_eq!(mistakes.len(), 3, "{mistakes:?}");
        assert!(read("organisation = ").is_err());
    }
}
