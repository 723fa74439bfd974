//! One mail as bytes: headers, a text part and an HTML part. All of it is ASCII, and the same row gives the same bytes but
//! for the date, so that a repeated hand-over is recognisable.

use crate::server::config::Sender;
use crate::server::delivery::letter::one_line;
use crate::server::delivery::render::Rendered;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart, SinglePart};
use lettre::{Address, Message};
use std::time::{Duration, UNIX_EPOCH};

/// Writes the mail.
pub fn mail(rendered: &Rendered, sender: &Sender, from: Address, to: Address) -> Result<String, String> {
    let id = header_id(&rendered.header_id)?;
    let name = |name: &str| Some(one_line(name)).filter(|name| !name.is_empty());
    let from_name = sender.name.as_deref().unwrap_or(&rendered.from_name);
    let mut builder = Message::builder()
        .from(Mailbox::new(name(from_name), from))
        .to(Mailbox::new(name(&rendered.to_name), to))
        .subject(one_line(&rendered.subject))
        .date(UNIX_EPOCH + Duration::from_millis(u64::try_from(rendered.at.0).unwrap_or_default()))
        .message_id(Some(id.clone()))
        .raw_header(raw("Auto-Submitted", "auto-generated"))
        .raw_header(raw("Content-Language", rendered.language.code()));
    if let Some((their_name, address)) = &rendered.reply_to {
        let address = Address::new(address.local(), address.domain()).map_err(|error| error.to_string())?;
        builder = builder.reply_to(Mailbox::new(name(their_name), address));
    }
    let boundary: String = id.chars().filter(char::is_ascii_alphanumeric).take(40).collect();
    let part = |kind, body: &str| SinglePart::builder().header(kind).body(body.to_string());
    let parts = MultiPart::alternative()
        .boundary(format!("usher-{boundary}"))
        .singlepart(part(ContentType::TEXT_PLAIN, &rendered.text))
        .singlepart(part(ContentType::TEXT_HTML, &rendered.html));
    let message = builder.multipart(parts).map_err(|error| error.to_string())?;
    let bytes = String::from_utf8(message.formatted()).map_err(|_| "the mail is not text".to_string())?;
    if !bytes.is_ascii() {
        return Err("the mail is not ASCII".into());
    }
    Ok(bytes)
}

fn raw(name: &'static str, value: &str) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_string())
}

/// The `Message-ID` in its brackets; it was made by us, but a header is no place for trust.
fn header_id(id: &str) -> Result<String, String> {
    let bare = id.trim_start_matches('<').trim_end_matches('>');
    let is_sound = !bare.is_empty()
        && bare.len() <= 200
        && bare.matches('@').count() == 1
        && bare.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_@[]:".contains(&byte));
    if is_sound { Ok(format!("<{bare}>")) } else { Err("the Message-ID cannot stand in a header".into()) }
}

/// What follows DATA, in one write: dots at the beginning of lines doubled, and the line that ends it.
pub struct Body(pub String);

impl std::fmt::Display for Body {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for line in self.0.trim_end_matches("\r\n").split("\r\n") {
            let dot = if line.starts_with('.') { "." } else { "" };
            write!(f, "{dot}{line}\r\n")?;
        }
        f.write_str(".\r\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_is_a_dot_does_not_end_the_mail() {
        assert_eq!(Body("a\r\n.\r\n..b\r\n\r\n".into()).to_string(), "a\r\n..\r\n...b\r\n.\r\n");
    }

    #[test]
    fn a_message_id_that_breaks_its_line_is_refused() {
        assert_eq!(header_id("abc@users.acme.by").as_deref(), Ok("<abc@users.acme.by>"));
        assert_eq!(header_id("<abc@127.0.0.1>").as_deref(), Ok("<abc@127.0.0.1>"));
        for bad in ["", "abc", "a@b\r\nBcc: x@y.by", "a b@c", "a@b@c"] {
            assert!(header_id(bad).is_err(), "{bad}");
        }
    }
}
