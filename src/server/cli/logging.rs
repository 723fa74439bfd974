//! The log: to standard error, as text or JSON, one line for each event whatever is in it. No secret and no full address
//! belongs into an event; here the libraries that would write such are kept quiet.

use super::settings::RunSettings;
use std::borrow::Cow;
use std::io::{IsTerminal, Stderr, Write};
use tracing::Level;
use tracing_subscriber::filter::{ParseError, filter_fn};
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer};

/// How a line of the log is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// For people.
    Text,
    /// For programs that collect logs.
    Json,
}

/// How much these may say at most: below, they write whole requests and statements, with cookies and addresses in them.
const TALKATIVE: [(&str, Level); 7] = [
    ("h2", Level::INFO),
    ("hyper", Level::INFO),
    ("hyper_util", Level::INFO),
    ("rustls", Level::INFO),
    ("server_fn", Level::INFO),
    // Its notices are Postgres's chatter.
    ("sqlx", Level::WARN),
    ("tower_http", Level::INFO),
];

/// Whether the log goes to somebody's screen.
pub fn is_terminal() -> bool {
    std::io::stderr().is_terminal()
}

/// What passes at a level, or at levels by part (`warn,usher=debug`).
pub fn filter(levels: &str) -> Result<EnvFilter, ParseError> {
    EnvFilter::builder().parse(levels)
}

/// Whether an event of this part and level can hold a secret, whatever the operator wants to see.
fn is_discreet(part: &str, level: &Level) -> bool {
    let root = part.split("::").next().unwrap_or_default();
    TALKATIVE.iter().all(|(name, most)| *name != root || level <= most)
}

/// Starts the log. A second start, in a test, changes nothing.
pub fn start(settings: &RunSettings) {
    let events = tracing_subscriber::fmt::layer().with_writer(OneLineEach);
    let events = match settings.log_format {
        Format::Json => events.json().flatten_event(true).with_current_span(true).with_span_list(false).boxed(),
        Format::Text => {
            let in_colour = is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
            events.with_target(false).with_ansi(in_colour).boxed()
        }
    };
    let _ = tracing_subscriber::registry()
        .with(filter(&settings.log).unwrap_or_default())
        .with(filter_fn(|event| is_discreet(event.target(), event.level())))
        .with(events)
        .try_init();
    log_panics();
}

/// A panic is logged by its place only: its words may repeat what somebody typed.
fn log_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(%place, "the program broke down here");
    }));
}

/// Standard error, with every event on one line (VA-08).
struct OneLineEach;

/// One event's writer.
struct OneLine(Stderr);

impl MakeWriter<'_> for OneLineEach {
    type Writer = OneLine;

    fn make_writer(&self) -> OneLine {
        OneLine(std::io::stderr())
    }
}

impl Write for OneLine {
    // An event arrives here whole, with a line break at its end.
    fn write(&mut self, event: &[u8]) -> std::io::Result<usize> {
        let text = String::from_utf8_lossy(event);
        self.0.write_all(one_line(&text).as_bytes())?;
        Ok(event.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.0.flush()
    }
}

/// The event with everything escaped that would break the line or turn the direction of writing. In JSON such characters
/// can only stand inside texts, where `\u2028` means the same.
fn one_line(event: &str) -> Cow<'_, str> {
    let (body, end) = event.strip_suffix('\n').map_or((event, ""), |body| (body, "\n"));
    if !body.contains(breaks_the_line) {
        return Cow::Borrowed(event);
    }
    let mut line = String::with_capacity(event.len() + 16);
    for letter in body.chars() {
        if breaks_the_line(letter) {
            line.push_str(&format!("\\u{:04x}", u32::from(letter)));
        } else {
            line.push(letter);
        }
    }
    line.push_str(end);
    Cow::Owned(line)
}

/// ESC is left alone: colours are made of it, and the formatter escapes it in what others wrote.
fn breaks_the_line(letter: char) -> bool {
    (letter.is_control() && letter != '\u{1b}' && letter != '\t')
        || matches!(letter, '\u{2028}' | '\u{2029}')
        || crate::domain::contact::is_bidi_control(letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// VA-08.
    #[test]
    fn an_event_stays_on_one_line_whatever_was_typed() {
        assert_eq!(one_line("all is well\n"), "all is well\n");
        assert_eq!(one_line("a\r\nb\u{2028}c\u{85}d\u{202e}e\n"), "a\\u000d\\u000ab\\u2028c\\u0085d\\u202ee\n");
    }

    #[test]
    fn talkative_libraries_stay_quiet_at_every_level() {
        assert!(!is_discreet("h2::codec::framed_read", &Level::DEBUG));
        assert!(is_discreet("h2::codec::framed_read", &Level::WARN));
        assert!(is_discreet("usher::server::http", &Level::TRACE));
    }
}
