//! What the operator wrote, and where: flags, environment, TOML file. Nothing is judged here but the places themselves.

use super::Flags;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::Path;

/// Every setting, by the name that it has in the TOML file.
pub const NAMES: [&str; 21] = [
    "database_url",
    "listen",
    "public_url",
    "smtp_url",
    "smtp_ca_file",
    "sms_url",
    "sms_preset",
    "sms_method",
    "sms_headers",
    "sms_body",
    "sms_ok",
    "sms_allow_private",
    "sms_ca_file",
    "sms_callback_secret",
    "mail_from",
    "data_dir",
    "secret_key_file",
    "trusted_proxies",
    "dns",
    "log",
    "log_format",
];

/// Settings that hold passwords: never repeated in a message, and also taken from a file that the environment names.
const SECRET: [&str; 6] = ["database_url", "smtp_url", "sms_url", "sms_headers", "sms_body", "sms_callback_secret"];

/// The file that is read when none is named.
const USUAL_FILE: &str = "usher.toml";

/// A value as it was written, and where, so that a mistake names the place where it can be mended.
pub struct SourcedValue {
    pub text: String,
    pub place: String,
}

type Layer = BTreeMap<&'static str, SourcedValue>;

/// All that was written; what comes first counts.
pub struct Sources {
    layers: [Layer; 3],
}

impl Sources {
    /// Collects everything that was written, and notes what cannot be read.
    pub fn gather(
        flags: &Flags,
        environment: impl IntoIterator<Item = (OsString, OsString)>,
        mistakes: &mut Vec<String>,
    ) -> Self {
        let environment = ours(environment, mistakes);
        let file = match (&flags.config, environment.get("USHER_CONFIG")) {
            (Some(path), _) | (None, Some(path)) => Some(path.as_str()),
            (None, None) => Path::new(USUAL_FILE).exists().then_some(USUAL_FILE),
        };
        let file = file.map(|path| from_file(path, mistakes)).unwrap_or_default();
        let flags = flags.given().map(|(name, text)| {
            (name, SourcedValue { text: text.clone(), place: format!("--{}", name.replace('_', "-")) })
        });
        Self { layers: [flags.collect(), from_environment(environment, mistakes), file] }
    }

    /// What counts for a setting; an empty flag says "nothing" and hides what the other places say.
    pub fn value(&self, name: &str) -> Option<&SourcedValue> {
        self.layers.iter().find_map(|layer| layer.get(name)).filter(|given| !given.text.is_empty())
    }
}

/// The variables that begin with `USHER_` and are not empty: an empty one is as good as none.
fn ours(
    environment: impl IntoIterator<Item = (OsString, OsString)>,
    mistakes: &mut Vec<String>,
) -> BTreeMap<String, String> {
    let mut ours = BTreeMap::new();
    for (name, value) in environment {
        let Some(name) = name.to_str().filter(|name| name.starts_with("USHER_")) else { continue };
        match value.into_string() {
            Ok(value) if value.trim().is_empty() => {}
            Ok(value) => drop(ours.insert(name.to_string(), value)),
            Err(_) => mistakes.push(format!("{name}: is not UTF-8 text; write it anew")),
        }
    }
    ours
}

fn from_environment(mut environment: BTreeMap<String, String>, mistakes: &mut Vec<String>) -> Layer {
    let mut layer = Layer::new();
    let mut known = vec!["USHER_CONFIG".to_string()];
    for name in NAMES {
        let variable = format!("USHER_{}", name.to_uppercase());
        let by_file = format!("{variable}_FILE");
        let path = SECRET.contains(&name).then(|| environment.remove(&by_file)).flatten();
        match (environment.remove(&variable), path) {
            (Some(_), Some(_)) => mistakes.push(format!("{by_file}: stands beside {variable}; give one of the two")),
            (Some(text), None) => drop(layer.insert(name, SourcedValue { text, place: variable.clone() })),
            (None, Some(path)) => match std::fs::read_to_string(&path) {
                Ok(text) => {
                    let text = text.trim_end_matches(['\r', '\n']).to_string();
                    layer.insert(name, SourcedValue { text, place: format!("{by_file} ({path})") });
                }
                Err(error) => mistakes.push(format!("{by_file}: {path} cannot be read ({error})")),
            },
            (None, None) => {}
        }
        known.extend([variable, by_file]);
    }
    // Others may have reasons for variables of this kind; only what looks like a slip of the pen is a mistake.
    for name in environment.keys().filter(|name| !known.contains(name)) {
        if let Some(meant) = nearest(name, known.iter().map(String::as_str)) {
            mistakes.push(format!("{name}: is not a setting; did you mean {meant}?"));
        }
    }
    layer
}

fn from_file(path: &str, mistakes: &mut Vec<String>) -> Layer {
    let mut layer = Layer::new();
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) => {
            mistakes
                .push(format!("{path}: cannot be read ({error}); name an existing file in --config or USHER_CONFIG"));
            return layer;
        }
    };
    // Read key by key, not into a struct: that would end at the first mistake, and its message quotes the line, which may
    // hold a password.
    let table: toml::Table = match text.parse() {
        Ok(table) => table,
        Err(error) => {
            let error: toml::de::Error = error;
            let line =
                error.span().and_then(|span| text.get(..span.start)).map_or(1, |head| head.lines().count().max(1));
            let problem = error.message();
            mistakes.push(format!("{path}: line {line} cannot be read ({problem}); write name = \"value\""));
            return layer;
        }
    };
    for (key, value) in table {
        let place = format!("{key} in {path}");
        let Some(name) = NAMES.into_iter().find(|name| *name == key) else {
            let hint = nearest(&key, NAMES.into_iter()).map_or_else(
                || format!("the settings are {}", NAMES.join(", ")),
                |meant| format!("did you mean {meant}?"),
            );
            mistakes.push(format!("{place}: is not a setting; {hint}"));
            continue;
        };
        let text = match value {
            toml::Value::String(text) => text.trim().to_string(),
            toml::Value::Integer(number) => number.to_string(),
            _ => {
                mistakes.push(format!("{place}: is not a text; write {name} = \"…\""));
                continue;
            }
        };
        layer.insert(name, SourcedValue { text, place });
    }
    layer
}

/// The known name that differs by a slip or two.
fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    known
        .map(|other| (strsim::damerau_levenshtein(name, other), other))
        .filter(|(distance, _)| *distance <= 2)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, other)| other)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gather(flags: Flags, environment: &[(&str, &str)]) -> (Sources, Vec<String>) {
        let mut mistakes = Vec::new();
        let environment = environment.iter().map(|(name, value)| (name.into(), value.into()));
        let sources = Sources::gather(&flags, environment, &mut mistakes);
        (sources, mistakes)
    }

    fn file(content: &str) -> (String, std::path::PathBuf) {
        let path = std::env::temp_dir().join(format!("usher-{}.toml", crate::server::random::secret()));
        std::fs::write(&path, content).expect("a file");
        (path.display().to_string(), path)
    }

    #[test]
    fn a_flag_counts_before_the_environment_and_that_before_the_file() {
        let (name, path) = file("listen = \"127.0.0.1:1\"\nlog = \"warn\"\ntrusted_proxies = 1\n");
        let environment = [("USHER_CONFIG", name.as_str()), ("USHER_LISTEN", "127.0.0.1:2"), ("USHER_LOG", "debug")];
        let flags = Flags { listen: Some("127.0.0.1:3".into()), ..Flags::default() };
        let (sources, mistakes) = gather(flags, &environment);
        std::fs::remove_file(path).expect("removed");
        assert_eq!(mistakes, Vec::<String>::new());
        let value = |name| sources.value(name).map(|given| given.text.as_str());
        assert_eq!(value("listen"), Some("127.0.0.1:3"));
        assert_eq!(value("log"), Some("debug"));
        assert_eq!(value("trusted_proxies"), Some("1"));
        assert_eq!(value("smtp_url"), None);
    }

    #[test]
    fn an_empty_variable_is_none_and_an_empty_flag_is_nothing() {
        let (name, path) = file("log = \"warn\"\n");
        let environment = [("USHER_CONFIG", name.as_str()), ("USHER_LOG", ""), ("USHER_SMTP_URL", "smtp://relay")];
        let flags = Flags { smtp_url: Some(String::new()), ..Flags::default() };
        let (sources, _) = gather(flags, &environment);
        std::fs::remove_file(path).expect("removed");
        assert_eq!(sources.value("log").map(|given| given.text.as_str()), Some("warn"));
        assert!(sources.value("smtp_url").is_none());
    }

    #[test]
    fn a_secret_may_stand_in_a_file_of_its_own_but_not_twice() {
        let (name, path) = file("smtp://relay.acme.by\n");
        let (sources, mistakes) = gather(Flags::default(), &[("USHER_SMTP_URL_FILE", &name)]);
        assert_eq!(sources.value("smtp_url").map(|given| given.text.as_str()), Some("smtp://relay.acme.by"));
        assert_eq!(mistakes, Vec::<String>::new());
        let (_, mistakes) =
            gather(Flags::default(), &[("USHER_SMTP_URL_FILE", &name), ("USHER_SMTP_URL", "smtp://relay")]);
        std::fs::remove_file(path).expect("removed");
        assert_eq!(mistakes, ["USHER_SMTP_URL_FILE: stands beside USHER_SMTP_URL; give one of the two"]);
    }

    #[test]
    fn unknown_names_are_mistakes_in_the_file_and_slips_of_the_pen_in_the_environment() {
        let (name, path) = file("lisen = \"127.0.0.1:1\"\nlog = true\n");
        let environment = [("USHER_CONFIG", name.as_str()), ("USHER_LISTN", "x"), ("USHER_TEST_POSTGRES_URL", "x")];
        let (_, mistakes) = gather(Flags::default(), &environment);
        std::fs::remove_file(path).expect("removed");
        assert_eq!(
            mistakes,
            [
                format!("lisen in {name}: is not a setting; did you mean listen?"),
                format!("log in {name}: is not a text; write log = \"…\""),
                "USHER_LISTN: is not a setting; did you mean USHER_LISTEN?".into(),
            ]
        );
    }

    #[test]
    fn a_broken_file_is_named_by_line_without_its_content() {
        let (name, path) = file("log = \"info\"\nsmtp_url = smtp://user:hush@relay\n");
        let (_, mistakes) = gather(Flags::default(), &[("USHER_CONFIG", &name)]);
        std::fs::remove_file(path).expect("removed");
        assert!(mistakes[0].starts_with(&format!("{name}: line 2 cannot be read")), "{mistakes:?}");
        assert!(!mistakes[0].contains("hush"), "{mistakes:?}");
    }
}
