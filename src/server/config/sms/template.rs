//! Texts with `{{placeholders}}`, filled so that a value stays a value: nothing in a message becomes part of the request around it.

use crate::domain::sms::{SmsAlphabet, SmsLength};
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use std::fmt::Write;

/// What may stand in double braces.
const NAMES: [&str; 5] = ["to", "to_digits", "text", "id", "alphabet"];

/// What the placeholders stand for.
pub struct Values<'a> {
    /// The number with its `+`.
    pub to: &'a str,
    pub text: &'a str,
    /// Names the message; the same when it is sent again.
    pub id: &'a str,
}

impl Values<'_> {
    fn of(&self, name: &str) -> Option<&str> {
        Some(match name {
            "to" => self.to,
            "to_digits" => self.to.trim_start_matches('+'),
            "text" => self.text,
            "id" => self.id,
            // As Vonage names it.
            "alphabet" => match SmsLength::of(self.text).alphabet {
                SmsAlphabet::Gsm7 => "text",
                SmsAlphabet::Ucs2 => "unicode",
            },
            _ => return None,
        })
    }
}

/// How a value is written where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Escape {
    /// In the path or the query of an address.
    Query,
    Form,
    /// Within a JSON string.
    Json,
    Xml,
}

impl Escape {
    /// The one of a type of body, where we know how.
    pub fn of_type(kind: &str) -> Option<Self> {
        match kind {
            "application/x-www-form-urlencoded" => Some(Self::Form),
            "application/xml" | "text/xml" => Some(Self::Xml),
            json if json == "application/json" || json.ends_with("+json") => Some(Self::Json),
            _ => None,
        }
    }

    pub fn content_type(self) -> &'static str {
        match self {
            Self::Query | Self::Form => "application/x-www-form-urlencoded",
            Self::Json => "application/json",
            Self::Xml => "application/xml",
        }
    }

    fn write(self, value: &str) -> String {
        match self {
            Self::Query | Self::Form => utf8_percent_encode(value, NON_ALPHANUMERIC).to_string(),
            Self::Json => {
                let quoted = serde_json::Value::from(value).to_string();
                quoted.get(1..quoted.len().saturating_sub(1)).unwrap_or_default().to_string()
            }
            Self::Xml => value.chars().fold(String::new(), |mut xml, letter| {
                match letter {
                    '&' | '<' | '>' | '"' | '\'' | '\n' => drop(write!(xml, "&#{};", u32::from(letter))),
                    // XML has none of the others.
                    control if control.is_control() => {}
                    letter => xml.push(letter),
                }
                xml
            }),
        }
    }
}

/// The text between two pairs of braces, what stands before them and what behind.
fn next(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once("{{")?;
    let (name, behind) = rest.split_once("}}")?;
    Some((before, name.trim(), behind))
}

/// Fills a text. What has no value stays as it is: settings with such a thing are refused.
pub fn fill(text: &str, values: &Values<'_>, escape: Escape) -> String {
    let (mut filled, mut rest) = (String::with_capacity(text.len()), text);
    while let Some((before, name, behind)) = next(rest) {
        filled.push_str(before);
        match values.of(name) {
            Some(value) => filled.push_str(&escape.write(value)),
            None => filled.push_str(&format!("{{{{{name}}}}}")),
        }
        rest = behind;
    }
    filled + rest
}

/// A template as it was given, once every placeholder is one that we know.
///
/// # Errors
/// Which is not. Nothing else of the text is repeated: it may hold a password.
pub fn read_template(text: &str) -> Result<(), String> {
    let mut rest = text;
    while let Some((_, name, behind)) = next(rest) {
        if !NAMES.contains(&name) {
            let name: String = name.chars().take(20).collect();
            let meant = NAMES.into_iter().find(|known| strsim::osa_distance(known, &name) <= 2).unwrap_or("text");
            return Err(format!("has {{{{{name}}}}}, which stands for nothing; did you mean {{{{{meant}}}}}?"));
        }
        rest = behind;
    }
    Ok(())
}

/// A part of a form without its percent signs.
pub fn decoded(part: &str) -> String {
    percent_decode_str(part).decode_utf8_lossy().into_owned()
}

/// A value as a form writes it.
pub fn encoded(value: &str) -> String {
    Escape::Form.write(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn filled(text: &str, value: &str, escape: Escape) -> String {
        fill(text, &Values { to: "+375291234567", text: value, id: "1.2" }, escape)
    }

    #[test]
    fn a_value_stays_a_value() {
        let odd = "a\"b\\c\n&x=1<y>{{to}}";
        let json = filled(r#"{"to": "{{to}}", "text": "{{text}}", "id": "{{id}}"}"#, odd, Escape::Json);
        let read: serde_json::Value = serde_json::from_str(&json).expect("JSON");
        assert_eq!(read, serde_json::json!({"to": "+375291234567", "text": odd, "id": "1.2"}));
        assert_eq!(
            filled("to={{ to }}&d={{to_digits}}&m={{text}}", "я&b", Escape::Form),
            "to=%2B375291234567&d=375291234567&m=%D1%8F%26b"
        );
        assert_eq!(filled("<m>{{text}}</m>", "<b>&\u{1}", Escape::Xml), "<m>&#60;b&#62;&#38;</m>");
        assert_eq!(filled("{{alphabet}} {{text}}", "a", Escape::Xml), "text a");
        assert_eq!(filled("{{alphabet}}", "я", Escape::Form), "unicode");
    }

    #[test]
    fn what_stands_for_nothing_is_named_and_the_rest_is_not_repeated() {
        assert_eq!(read_template("key=hush&to={{to}}&m={{text}}&i={{id}}"), Ok(()));
        let problem = read_template("key=hush&to={{too}}").expect_err("a problem");
        assert!(problem.contains("{{too}}") && problem.contains("{{to}}") && !problem.contains("hush"), "{problem}");
    }

    proptest! {
        #[test]
        fn no_text_breaks_out_of_its_place(text in ".{0,80}") {
            let json = filled(r#"{"t": "{{text}}", "k": 1}"#, &text, Escape::Json);
            let read: serde_json::Value = serde_json::from_str(&json).expect("JSON");
            prop_assert_eq!(&read["t"], &serde_json::Value::from(text.clone()));
            let form = filled("t={{text}}&k=1", &text, Escape::Form);
            prop_assert_eq!(form.matches('&').count(), 1);
            prop_assert_eq!(decoded(form.split('&').next().unwrap_or_default().trim_start_matches("t=")), text.clone());
            let xml = filled("<t>{{text}}</t>", &text, Escape::Xml);
            prop_assert_eq!(xml.matches('<').count(), 2);
        }
    }
}
