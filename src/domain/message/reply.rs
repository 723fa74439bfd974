//! What a line of a message's history means: the relay's own reply, or our mark where there was none. The line is kept
//! as it came; a sentence for people is made of it when somebody reads it, in their language (`words::mail`).

/// The longest line that a history keeps, in characters.
pub const LONGEST: usize = 300;

/// How far the talk with the relay had come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    Connect,
    Hello,
    Encrypt,
    SignIn,
    Sender,
    Recipient,
    Data,
    End,
}

impl Stage {
    /// How a history line names it.
    pub fn mark(self) -> &'static str {
        match self {
            Self::Connect => "connect",
            Self::Hello => "EHLO",
            Self::Encrypt => "STARTTLS",
            Self::SignIn => "AUTH",
            Self::Sender => "MAIL",
            Self::Recipient => "RCPT",
            Self::Data => "DATA",
            Self::End => "end of data",
        }
    }

    /// Whether a refusal here concerns us and the relay. Nothing has been said of the person yet.
    pub fn is_before_the_person(self) -> bool {
        !matches!(self, Self::Recipient | Self::Data | Self::End)
    }
}

/// Why a message did not leave, or not yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    NoSuchMailbox,
    NoSuchDomain,
    MailboxFull,
    MailboxClosed,
    TooBig,
    Unwanted,
    TryLater,
    RelayBusy,
    SignInRefused,
    /// The relay refuses us, before it has heard of anybody.
    RelayRefuses,
    Unreachable,
    HostUnknown,
    TooSlow,
    Dropped,
    NotEncrypted,
    Interrupted,
    BadAddress,
    /// Something broke on our side.
    Broken,
    Refused,
}

/// Our own marks: how a line begins for which no relay gave the words.
const MARKS: [(Reason, &str); 9] = [
    (Reason::Unreachable, "cannot connect"),
    (Reason::HostUnknown, "cannot find"),
    (Reason::TooSlow, "no answer"),
    (Reason::Dropped, "connection lost"),
    (Reason::NotEncrypted, "not encrypted"),
    (Reason::SignInRefused, "cannot sign in"),
    (Reason::Interrupted, "interrupted"),
    (Reason::BadAddress, "no valid address"),
    (Reason::Broken, "internal error"),
];

impl Reason {
    /// The beginning of a line that has no reply of a relay.
    pub fn mark(self) -> &'static str {
        MARKS.iter().find(|(reason, _)| *reason == self).map_or("internal error", |(_, mark)| mark)
    }

    /// What a line of history means; `None` for a line that tells of no trouble.
    pub fn of(line: &str) -> Option<Self> {
        if let Some((reason, _)) = MARKS.iter().find(|(_, mark)| line.starts_with(mark)) {
            return Some(*reason);
        }
        let code: u16 = line.get(..3)?.parse().ok()?;
        if !(400..600).contains(&code) {
            return None;
        }
        let text = line.get(3..).unwrap_or_default().to_lowercase();
        if matches!(code, 530 | 534 | 535 | 538) || text.ends_with("[auth]") {
            return Some(Self::SignInRefused);
        }
        if code >= 500 && ["[connect]", "[ehlo]", "[starttls]", "[mail]"].iter().any(|mark| text.ends_with(mark)) {
            return Some(Self::RelayRefuses);
        }
        Some(match (code, enhanced(&text)) {
            (_, Some((1, 2) | (4, 4))) if code >= 500 => Self::NoSuchDomain,
            (_, Some((1, _))) if code >= 500 => Self::NoSuchMailbox,
            (_, Some((2, 2))) => Self::MailboxFull,
            (_, Some((2, _))) if code >= 500 => Self::MailboxClosed,
            (_, Some((3, 4))) => Self::TooBig,
            (_, Some((7, _))) if code >= 500 => Self::Unwanted,
            (452 | 552, _) => Self::MailboxFull,
            (421, _) => Self::RelayBusy,
            (400..500, _) => Self::TryLater,
            (550 | 551 | 553, _) => Self::NoSuchMailbox,
            (554, _) => Self::Unwanted,
            _ => Self::Refused,
        })
    }
}

/// Subject and detail of an enhanced status code (RFC 3463): `5.1.1` is (1, 1).
fn enhanced(text: &str) -> Option<(u8, u16)> {
    let mut parts = text.split_whitespace().next()?.split('.');
    let class: u8 = parts.next()?.parse().ok()?;
    let (subject, detail) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    (parts.next().is_none() && matches!(class, 4 | 5)).then_some((subject, detail))
}

/// A line fit for a history: its first line, no control characters, at most [`LONGEST`] characters.
pub fn clean(text: &str) -> String {
    let first = text.trim().lines().next().unwrap_or_default();
    first.chars().filter(|c| !crate::domain::invitation::is_unprintable(*c)).take(LONGEST).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reply_has_its_meaning() {
        for (line, reason) in [
            ("550 5.1.1 No such user", Some(Reason::NoSuchMailbox)),
            ("550 user unknown", Some(Reason::NoSuchMailbox)),
            ("550 5.1.2 Bad destination system", Some(Reason::NoSuchDomain)),
            ("550 5.7.1 Message rejected as spam", Some(Reason::Unwanted)),
            ("550 5.2.1 Mailbox disabled", Some(Reason::MailboxClosed)),
            ("452 4.2.2 Over quota", Some(Reason::MailboxFull)),
            ("552 5.2.2 Over quota", Some(Reason::MailboxFull)),
            ("552 5.3.4 Too big", Some(Reason::TooBig)),
            ("421 4.3.2 Shutting down", Some(Reason::RelayBusy)),
            ("450 4.7.1 Greylisted", Some(Reason::TryLater)),
            ("451 Local error", Some(Reason::TryLater)),
            ("535 5.7.8 Bad credentials [AUTH]", Some(Reason::SignInRefused)),
            ("554 No SMTP here [EHLO]", Some(Reason::RelayRefuses)),
            ("553 5.7.1 Sender not owned [MAIL]", Some(Reason::RelayRefuses)),
            ("no answer within 20 s [end of data]", Some(Reason::TooSlow)),
            ("cannot find relay.acme.by", Some(Reason::HostUnknown)),
            ("250 2.0.0 Ok: queued as 4711", None),
            ("55", None),
            ("", None),
            ("ошибка", None),
        ] {
            assert_eq!(Reason::of(line), reason, "{line}");
        }
    }

    #[test]
    fn every_mark_is_read_back() {
        for (reason, mark) in MARKS {
            assert_eq!((Reason::of(mark), reason.mark()), (Some(reason), mark));
        }
    }

    #[test]
    fn a_line_is_one_line_without_tricks_and_not_endless() {
        assert_eq!(clean(" 550 No\u{1b}[31m\t such\u{202e} user\r\n550 more"), "550 No[31m such user");
        assert_eq!(clean(&"я".repeat(1_000)).chars().count(), LONGEST);
    }
}
