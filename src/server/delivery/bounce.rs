//! Reports that come back about a mail after a relay took it (RFC 3464): about which of ours, and what became of it. Pure; nothing
//! is written here. Who could send one knows the `Message-ID`, which went to the recipient alone.

use super::email::reason_of;
use crate::domain::message::outcome::{DeliveryReason, LaterOutcome};
use mail_parser::{MessageParser, MessagePart, MimeHeaders, PartType};

/// The largest report that is read, in bytes: a bounce may carry the whole of a mail.
pub const LARGEST_REPORT: usize = 4 * 1024 * 1024;

/// What a report says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeliveryReport {
    /// The `Message-ID` of the mail that it is about, in angle brackets.
    pub header_id: String,
    pub became: LaterOutcome,
}

/// Reads a mail as a report; `None` when it is none, when it does not say about which mail, or when nothing has been decided yet.
pub fn read_report(mail: &[u8]) -> Option<DeliveryReport> {
    let mail = MessageParser::default().parse(mail)?;
    let status = mail.parts.iter().find(|part| is_kind(part, "message", "delivery-status"))?;
    let became = became(std::str::from_utf8(status.contents()).ok()?)?;
    let header_id = mail.parts.iter().find_map(original_id)?;
    Some(DeliveryReport { header_id: format!("<{header_id}>"), became })
}

fn is_kind(part: &MessagePart<'_>, kind: &str, subkind: &str) -> bool {
    part.content_type().is_some_and(|found| {
        found.ctype().eq_ignore_ascii_case(kind) && found.subtype().is_some_and(|sub| sub.eq_ignore_ascii_case(subkind))
    })
}

/// The `Message-ID` of the mail that was sent, which comes back whole or with its headers only.
fn original_id(part: &MessagePart<'_>) -> Option<String> {
    if let PartType::Message(original) = &part.body {
        return original.message_id().map(str::to_string);
    }
    if !is_kind(part, "text", "rfc822-headers") && !is_kind(part, "message", "rfc822-headers") {
        return None;
    }
    let headers = MessageParser::default().parse_headers(part.contents())?;
    headers.message_id().map(str::to_string)
}

/// What the fields of the recipient say. Each of our mails has one.
fn became(status: &str) -> Option<LaterOutcome> {
    let fields = unfolded(status);
    let field = |name: &str| {
        let found = fields.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.trim())
    };
    match field("action")?.to_ascii_lowercase().as_str() {
        "delivered" => Some(LaterOutcome::delivered(field("diagnostic-code").map(said).unwrap_or_default())),
        "failed" => {
            let words = field("diagnostic-code").map(said).unwrap_or_default();
            let status = field("status").and_then(|status| status.split_whitespace().next()).unwrap_or_default();
            Some(LaterOutcome::came_back(reason(status, words), if words.is_empty() { status } else { words }))
        }
        // Delayed, relayed, expanded: nothing is decided.
        _ => None,
    }
}

/// `smtp; 550 5.1.1 No such user`: what stands behind the kind.
fn said(diagnostic: &str) -> &str {
    diagnostic.split_once(';').map_or(diagnostic, |(_, said)| said).trim()
}

/// Why it came back: by its status where that says more than "other", else by the reply that is quoted.
fn reason(status: &str, words: &str) -> DeliveryReason {
    let quoted = words.split(|letter: char| !letter.is_ascii_digit()).next().and_then(|code| code.parse().ok());
    let code = quoted.filter(|code| (400..600).contains(code)).unwrap_or(500);
    let is_vague = status.is_empty() || status.ends_with(".0.0");
    let rest = words.trim_start_matches(|letter: char| letter.is_ascii_digit()).trim_start_matches(['-', ' ']);
    // It is final, however the reply that is quoted began.
    reason_of(code.max(500), if is_vague { rest } else { status })
}

/// The fields of all blocks, with lines that go on joined.
fn unfolded(text: &str) -> Vec<(String, String)> {
    let mut fields: Vec<(String, String)> = Vec::new();
    for line in text.lines() {
        if line.starts_with([' ', '\t']) {
            if let Some((_, value)) = fields.last_mut() {
                value.push(' ');
                value.push_str(line.trim());
            }
        } else if let Some((name, value)) = line.split_once(':') {
            fields.push((name.trim().into(), value.trim().into()));
        }
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// As a relay writes it; `status` are the fields of the recipient, `original` the last part.
    fn report(status: &str, original: &str) -> String {
        format!(
            "From: MAILER-DAEMON@mx.acme.by\r\nTo: usher@acme.by\r\nSubject: Undelivered\r\nMIME-Version: 1.0\r\n\
             Content-Type: multipart/report; report-type=delivery-status; boundary=\"b\"\r\n\r\n\
             --b\r\nContent-Type: text/plain\r\n\r\nSorry, <message-id: <other@elsewhere>>.\r\n\r\n\
             --b\r\nContent-Type: message/delivery-status\r\n\r\n\
             Reporting-MTA: dns; mx.acme.by\r\n\r\nFinal-Recipient: rfc822; ivan@acme.by\r\n{status}\r\n\r\n\
             --b\r\n{original}\r\n--b--\r\n"
        )
    }

    const WHOLE: &str = "Content-Type: message/rfc822\r\n\r\nFrom: usher@acme.by\r\nMessage-ID: <a1.1@users.acme.by>\r\n\
                         Subject: Hello\r\n\r\nText";
    const HEADERS: &str = "Content-Type: text/rfc822-headers\r\n\r\nFrom: usher@acme.by\r\n\
                           Message-Id:\r\n <a1.1@users.acme.by>\r\nSubject: Hello\r\n";

    fn reason_in(status: &str) -> Option<DeliveryReason> {
        match read_report(report(status, WHOLE).as_bytes())?.became {
            LaterOutcome::CameBack { reason, .. } => Some(reason),
            LaterOutcome::Delivered { .. } => None,
        }
    }

    #[test]
    fn a_report_says_about_which_mail_it_is_and_why_it_came_back() {
        let failed =
            "Action: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1\r\n <ivan@acme.by>: No such user";
        for original in [WHOLE, HEADERS] {
            let read = read_report(report(failed, original).as_bytes()).expect("a report");
            assert_eq!(read.header_id, "<a1.1@users.acme.by>");
            let words = "550 5.1.1 <ivan@acme.by>: No such user".to_string();
            assert_eq!(read.became, LaterOutcome::CameBack { reason: DeliveryReason::NoSuchRecipient, words });
        }
        let delivered = read_report(report("Action: delivered\r\nStatus: 2.0.0", HEADERS).as_bytes());
        assert_eq!(delivered.map(|read| read.became), Some(LaterOutcome::delivered("")));
    }

    #[test]
    fn the_reason_is_that_of_the_status_or_of_the_reply_that_is_quoted() {
        for (status, reason) in [
            ("Action: failed\r\nStatus: 5.1.2", DeliveryReason::NoSuchDomain),
            ("Action: failed\r\nStatus: 5.2.2", DeliveryReason::RecipientFull),
            ("Action: failed\r\nStatus: 5.7.1 (blocked)", DeliveryReason::Unwanted),
            ("Action: FAILED\r\nStatus: 5.0.0\r\nDiagnostic-Code: smtp; 552 Full", DeliveryReason::RecipientFull),
            ("Action: failed\r\nStatus: 5.0.0\r\nDiagnostic-Code: x-unix; no route", DeliveryReason::Refused),
            ("Action: failed\r\nStatus: 4.4.7\r\nDiagnostic-Code: smtp; 451 Later", DeliveryReason::Refused),
            ("Action: failed", DeliveryReason::Refused),
        ] {
            assert_eq!(reason_in(status), Some(reason), "{status}");
        }
    }

    #[test]
    fn whatever_is_no_report_or_decides_nothing_is_left_alone() {
        for status in ["Action: delayed\r\nStatus: 4.4.1", "Status: 5.1.1", ""] {
            assert_eq!(read_report(report(status, WHOLE).as_bytes()), None, "{status}");
        }
        let nameless = "Content-Type: text/rfc822-headers\r\n\r\nSubject: Hello\r\n";
        assert_eq!(read_report(report("Action: failed\r\nStatus: 5.1.1", nameless).as_bytes()), None);
        assert_eq!(read_report(b"Subject: I am away until Monday\r\n\r\nHello"), None);
        assert_eq!(read_report(b""), None);
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_without_harm(bytes in proptest::collection::vec(any::<u8>(), 0..600), status in "\\PC{0,80}") {
            let _ = read_report(&bytes);
            let _ = read_report(report(&status, WHOLE).as_bytes());
        }
    }
}
