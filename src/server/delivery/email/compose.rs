//! One mail as bytes: headers, a text part and an HTML part. All of it is ASCII, and the same row gives the same bytes but
//! for the date, so that a repeated hand-over is recognisable.

use crate::domain::contact::Email;
use crate::server::config::Sender;
use crate::server::delivery::letter::{one_line, one_line_of_sentence};
use crate::server::delivery::render::Rendered;
use crate::words::isolated;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart, SinglePart};
use lettre::{Address, Message};
use std::time::{Duration, UNIX_EPOCH};

/// Writes the mail.
pub fn mail(rendered: &Rendered, to: &Email, sender: &Sender) -> Result<String, String> {
    let id = header_id(&rendered.header_id)?;
    let from_name = sender.name.as_deref().unwrap_or(&rendered.from_name);
    let mut builder = Message::builder()
        .from(mailbox(from_name, &sender.address)?)
        .to(mailbox(&rendered.to_name, to)?)
        .subject(one_line_of_sentence(&rendered.subject))
        .date(UNIX_EPOCH + Duration::from_millis(u64::try_from(rendered.at.0).unwrap_or_default()))
        .message_id(Some(id.clone()))
        .raw_header(raw("Auto-Submitted", "auto-generated"))
        .raw_header(raw("Content-Language", rendered.language.code()));
    // An answer goes by the same way, or by none.
    if let Some((their_name, address)) = &rendered.reply_to
        && let Some(email) = address.email()
    {
        builder = builder.reply_to(mailbox(their_name, &email)?);
    }
    let boundary: String = id.chars().filter(char::is_ascii_alphanumeric).take(40).collect();
    let part = |kind, body: &str| SinglePart::builder().header(kind).body(body.to_string());
    let parts = MultiPart::alternative()
        .boundary(format!("usher-{boundary}"))
        .singlepart(part(ContentType::TEXT_PLAIN, &rendered.text))
        .singlepart(part(ContentType::TEXT_HTML, &rendered.html));
    let message = builder.multipart(parts).map_err(|error| error.to_string())?;
    let bytes = String::from_utf8(message.formatted()).map_err(|_| "the mail is not text".to_string())?;
    if bytes.is_ascii() { Ok(bytes) } else { Err("the mail is not ASCII".into()) }
}

/// lettre panics on a name with a line break; it never gets one. A name that is read from right to left does not turn the
/// address that mail programs show behind it (L-06).
fn mailbox(name: &str, email: &Email) -> Result<Mailbox, String> {
    let address = Address::new(email.local(), email.domain()).map_err(|error| error.to_string())?;
    let name = Some(one_line(name)).filter(|name| !name.is_empty());
    Ok(Mailbox::new(name.map(|name| isolated(&name).into_owned()), address))
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

/// What follows DATA: dots at the beginning of lines doubled, and the line that ends it.
pub fn body(mail: &str) -> String {
    let mut out = String::with_capacity(mail.len() + 64);
    for line in mail.trim_end_matches("\r\n").split("\r\n") {
        if line.starts_with('.') {
            out.push('.');
        }
        out.push_str(line);
        out.push_str("\r\n");
    }
    out.push_str(".\r\n");
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_is_a_dot_does_not_end_the_mail() {
        assert_eq!(body("a\r\n.\r\n..b\r\n\r\n"), "a\r\n..\r\n...b\r\n.\r\n");
    }

    /// L-11: whatever the name holds, the header has one sender, and the name is whole.
    #[test]
    fn a_senders_name_is_quoted_as_it_must_be() {
        let address = Email::parse("people@acme.by").expect("an address");
        for name in ["Team, Billing \"A\"", "A; B: C", "back\\slash", "(comment) here", "a <b> c", "Школа, №1", "a@b"]
        {
            let mailbox = mailbox(name, &address).expect("a mailbox");
            let mail = Message::builder().from(mailbox.clone()).to(mailbox).body(String::new()).expect("a mail");
            let text = String::from_utf8(mail.formatted()).expect("text");
            let from = text.lines().find(|line| line.starts_with("From: ")).expect("a sender");
            let from = &from["From: ".len()..];
            // An encoded word holds nothing that could be read as an address.
            let is_encoded = from.starts_with("=?utf-8?");
            let read = if is_encoded { from.rsplit(' ').next().expect("the address") } else { from };
            let all: Vec<Mailbox> = read.parse::<lettre::message::Mailboxes>().expect(from).into_iter().collect();
            assert_eq!(all.len(), 1, "{from}");
            assert_eq!(all[0].email.to_string(), "people@acme.by", "{from}");
            assert!(is_encoded || all[0].name.as_deref() == Some(name), "{from}");
        }
    }

    /// L-06.
    #[test]
    fn a_senders_name_turns_nothing_around_it() {
        let address = Email::parse("people@acme.by").expect("an address");
        let name = |name: &str| mailbox(name, &address).expect("a mailbox").name;
        assert_eq!(name("\u{5d0}\u{5d1} 77").as_deref(), Some("\u{2068}\u{5d0}\u{5d1} 77\u{2069}"));
        assert_eq!(name("\u{2069}\u{645}\u{202e}").as_deref(), Some("\u{2068}\u{645}\u{2069}"));
        assert_eq!(name("Anna 77").as_deref(), Some("Anna 77"));
        assert_eq!(name("\u{2068}\u{2069}"), None);
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
