//! How what a list is asked for stands in the address of its page: written, escaped and read. It must not know which lists there are.

use super::Cursor;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// What stands in an address as it is.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// Percent-encodes what has a meaning in an address.
pub fn escape(text: &str) -> String {
    utf8_percent_encode(text, PLAIN).to_string()
}

/// The names and values of a query, each decoded exactly once; the one reader of every query.
pub fn query_pairs(query: &str) -> Vec<(String, String)> {
    let decode = |text: &str| {
        let spaced = text.replace('+', " ");
        percent_decode_str(&spaced).decode_utf8_lossy().into_owned()
    };
    let pairs = query.trim_start_matches('?').split('&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (decode(name), decode(value)))
        .collect()
}

/// The first value of this name in a query.
pub fn query_value(query: &str, name: &str) -> Option<String> {
    query_pairs(query).into_iter().find(|(known, _)| known == name).map(|(_, value)| value)
}

/// The query of an address while it is written. What is empty has no place in it.
#[derive(Default)]
pub(super) struct WrittenQuery(Vec<String>);

impl WrittenQuery {
    pub(super) fn add(&mut self, name: &str, value: &str) {
        if !value.is_empty() {
            self.0.push(format!("{name}={}", escape(value)));
        }
    }

    /// As [`Cursor::read`] reads it.
    pub(super) fn add_cursor(&mut self, from: &Cursor) {
        match from {
            Cursor::Start => {}
            Cursor::After(id) => self.add("after", id),
            Cursor::Before(id) => self.add("before", id),
        }
    }

    /// The address that asks a page for this.
    pub(super) fn at(self, path: &str) -> String {
        if self.0.is_empty() { path.into() } else { format!("{path}?{}", self.0.join("&")) }
    }
}

/// The longest that somebody is asked to have waited, in days.
const MOST_DAYS: i64 = 3_650;

/// A number of days, as an address writes it.
pub(super) fn read_days(text: &str) -> Option<i64> {
    text.trim().parse().ok().filter(|days| (1..=MOST_DAYS).contains(days))
}

/// How an address writes it.
pub(super) fn days_text(days: Option<i64>) -> String {
    days.map(|days| days.to_string()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_decoded_exactly_once_l_05() {
        let pairs = query_pairs("?q=%2525&&plus=a+b%2Bc&bare&half=%4&cyrillic=%D0%9C%d0%b8&=x&q=two");
        let expected = [
            ("q", "%25"),
            ("plus", "a b+c"),
            ("bare", ""),
            ("half", "%4"),
            ("cyrillic", "Ми"),
            ("", "x"),
            ("q", "two"),
        ];
        assert_eq!(pairs, expected.map(|(name, value)| (name.to_string(), value.to_string())));
    }

    proptest::proptest! {
        #[test]
        fn whatever_is_escaped_is_read_as_it_was(text in ".{0,40}") {
            let pairs = query_pairs(&format!("a={}", escape(&text)));
            proptest::prop_assert_eq!(pairs, [("a".to_string(), text)]);
        }
    }
}
