//! What stopped a session with the relay, and what that means for the message: put off or failed, and for which reason. Pure; no
//! connection here. Stages and codes are SMTP's and stay in here: the rest of the program knows outcomes.

use crate::domain::message::outcome::{DeliveryOutcome, DeliveryReason};
use std::time::Duration;

/// How far the session had come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SmtpStage {
    Connect,
    Hello,
    Encrypt,
    SignIn,
    Sender,
    Recipient,
    Data,
    /// The message is being written; without its end nobody takes it.
    Body,
    /// All of it is written.
    End,
}

impl SmtpStage {
    /// How the words in a history name it.
    fn mark(self) -> &'static str {
        match self {
            Self::Connect => "connect",
            Self::Hello => "EHLO",
            Self::Encrypt => "STARTTLS",
            Self::SignIn => "AUTH",
            Self::Sender => "MAIL",
            Self::Recipient => "RCPT",
            Self::Data => "DATA",
            Self::Body => "message",
            Self::End => "end of data",
        }
    }

    /// Whether a refusal here concerns us and the relay. Nothing has been said of the person yet.
    fn is_before_the_person(self) -> bool {
        !matches!(self, Self::Recipient | Self::Data | Self::Body | Self::End)
    }
}

/// What went wrong in a session with the relay, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SmtpError {
    /// The relay said no.
    Reply { stage: SmtpStage, code: u16, text: String },
    /// There was no reply, and why.
    Silence { stage: SmtpStage, reason: DeliveryReason, text: String },
}

impl SmtpError {
    pub fn silence(stage: SmtpStage, reason: DeliveryReason, text: impl Into<String>) -> Self {
        Self::Silence { stage, reason, text: text.into() }
    }

    /// No answer in time.
    pub fn too_slow(stage: SmtpStage, patience: Duration) -> Self {
        Self::silence(stage, DeliveryReason::TooSlow, format!("within {} s", patience.as_secs_f32()))
    }

    pub fn stage(&self) -> SmtpStage {
        let (Self::Reply { stage, .. } | Self::Silence { stage, .. }) = self;
        *stage
    }

    /// The relay's reply code, where it replied.
    pub fn code(&self) -> Option<u16> {
        match self {
            Self::Reply { code, .. } => Some(*code),
            Self::Silence { .. } => None,
        }
    }

    /// Whether the connection can be used for the next message.
    pub fn leaves_the_connection_usable(&self) -> bool {
        self.code().is_some_and(|code| code != 421)
    }

    /// Why the message did not leave.
    pub fn reason(&self) -> DeliveryReason {
        match self {
            Self::Silence { stage: SmtpStage::End, .. } => DeliveryReason::NoAnswer,
            Self::Silence { reason, .. } => *reason,
            Self::Reply { code, .. } if is_about_signing_in(*code) => DeliveryReason::SignInRefused,
            Self::Reply { stage: SmtpStage::SignIn, .. } => DeliveryReason::SignInRefused,
            Self::Reply { stage, code: 500.., .. } if stage.is_before_the_person() => DeliveryReason::RelayRefuses,
            Self::Reply { code, text, .. } => reason_of(*code, text),
        }
    }

    /// The relay's words, or what was wrong; and where, unless it is the usual place.
    pub fn words(&self) -> String {
        let mark = self.stage().mark();
        match self {
            Self::Silence { text, .. } => format!("{text} [{mark}]"),
            Self::Reply { stage, code, text } if stage.is_before_the_person() => {
                let line: String = format!("{code} {text}").chars().take(280).collect();
                format!("{line} [{mark}]")
            }
            Self::Reply { code, text, .. } => format!("{code} {text}"),
        }
    }

    /// What it means for the message. Before anything was said of the person it is for the operator to mend, and then the
    /// message goes out.
    pub fn outcome(&self) -> DeliveryOutcome {
        let is_final = match self {
            Self::Silence { stage: SmtpStage::End, .. } => return DeliveryOutcome::unanswered(&self.words()),
            Self::Silence { .. } => false,
            Self::Reply { stage, code, .. } => {
                !stage.is_before_the_person() && (500..600).contains(code) && !is_about_signing_in(*code)
            }
        };
        if is_final {
            DeliveryOutcome::failed(self.reason(), &self.words())
        } else {
            DeliveryOutcome::put_off(self.reason(), &self.words())
        }
    }
}

/// The codes by which relays ask for a password, or refuse one.
fn is_about_signing_in(code: u16) -> bool {
    matches!(code, 530 | 534 | 535 | 538)
}

/// What a final or passing reply says of the message: by its enhanced status code (RFC 3463) where it has one, else by its code (RFC 5321).
pub fn reason_of(code: u16, text: &str) -> DeliveryReason {
    match (code, enhanced(text)) {
        (500.., Some((1, 2) | (4, 4))) => DeliveryReason::NoSuchDomain,
        (500.., Some((1, _))) => DeliveryReason::NoSuchRecipient,
        (_, Some((2, 2))) => DeliveryReason::RecipientFull,
        (500.., Some((2, _))) => DeliveryReason::RecipientClosed,
        (_, Some((3, 4))) => DeliveryReason::TooBig,
        (500.., Some((7, _))) => DeliveryReason::Unwanted,
        (452 | 552, _) => DeliveryReason::RecipientFull,
        (421, _) => DeliveryReason::RelayBusy,
        (400..500, _) => DeliveryReason::TryLater,
        (550 | 551 | 553, _) => DeliveryReason::NoSuchRecipient,
        (554, _) => DeliveryReason::Unwanted,
        _ => DeliveryReason::Refused,
    }
}

/// Subject and detail of an enhanced status code: `5.1.1` is (1, 1).
fn enhanced(text: &str) -> Option<(u8, u16)> {
    let mut parts = text.split_whitespace().next()?.split('.');
    let class: u8 = parts.next()?.parse().ok()?;
    let (subject, detail) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    (parts.next().is_none() && matches!(class, 4 | 5)).then_some((subject, detail))
}

#[cfg(test)]
mod tests {
    use super::*;
    use DeliveryReason::*;

    fn said(stage: SmtpStage, code: u16, text: &str) -> SmtpError {
        SmtpError::Reply { stage, code, text: text.into() }
    }

    #[test]
    fn what_a_relay_puts_off_is_tried_again_and_what_it_refuses_has_failed() {
        // FT-07.
        for stage in [SmtpStage::Recipient, SmtpStage::Data, SmtpStage::End] {
            for (code, reason) in [(421, RelayBusy), (450, TryLater), (451, TryLater), (452, RecipientFull)] {
                let outcome = said(stage, code, "later").outcome();
                assert_eq!(outcome, DeliveryOutcome::put_off(reason, &format!("{code} later")));
            }
            for (code, reason) in [
                (550, NoSuchRecipient),
                (551, NoSuchRecipient),
                (552, RecipientFull),
                (553, NoSuchRecipient),
                (554, Unwanted),
                (571, Refused),
            ] {
                let outcome = said(stage, code, "no").outcome();
                assert_eq!(outcome, DeliveryOutcome::failed(reason, &format!("{code} no")));
            }
            let outcome = said(stage, 530, "Authenticate first").outcome();
            assert_eq!(outcome, DeliveryOutcome::put_off(SignInRefused, "530 Authenticate first"));
        }
    }

    #[test]
    fn a_relay_that_refuses_us_fails_nobodys_message() {
        for (stage, reason, mark) in [
            (SmtpStage::Hello, RelayRefuses, "EHLO"),
            (SmtpStage::Encrypt, RelayRefuses, "STARTTLS"),
            (SmtpStage::SignIn, SignInRefused, "AUTH"),
            (SmtpStage::Sender, RelayRefuses, "MAIL"),
        ] {
            let outcome = said(stage, 554, "Go away").outcome();
            assert_eq!(outcome, DeliveryOutcome::put_off(reason, &format!("554 Go away [{mark}]")));
        }
        let long = said(SmtpStage::SignIn, 535, &"x".repeat(1_000)).outcome();
        let DeliveryOutcome::PutOff { reason: SignInRefused, words, .. } = long else { panic!("{long:?}") };
        assert!(words.ends_with("x [AUTH]") && words.len() <= 300, "{words}");
    }

    #[test]
    fn silence_is_never_final() {
        for reason in [TooSlow, Dropped, Unreachable, HostUnknown, NotEncrypted] {
            for stage in [SmtpStage::Connect, SmtpStage::Sender, SmtpStage::Data, SmtpStage::Body] {
                let outcome = SmtpError::silence(stage, reason, "x\r\ny").outcome();
                assert_eq!(outcome, DeliveryOutcome::put_off(reason, "x"));
            }
            let outcome = SmtpError::silence(SmtpStage::End, reason, "x\r\ny").outcome();
            assert_eq!(outcome, DeliveryOutcome::unanswered("x"), "it may have left");
        }
    }

    #[test]
    fn every_reply_has_its_meaning() {
        use SmtpStage::{Hello, Recipient, Sender, SignIn};
        for (stage, code, text, reason) in [
            (Recipient, 550, "5.1.1 No such user", NoSuchRecipient),
            (Recipient, 550, "user unknown", NoSuchRecipient),
            (Recipient, 550, "5.1.2 Bad destination system", NoSuchDomain),
            (Recipient, 550, "5.7.1 Message rejected as spam", Unwanted),
            (Recipient, 550, "5.2.1 Mailbox disabled", RecipientClosed),
            (Recipient, 452, "4.2.2 Over quota", RecipientFull),
            (Recipient, 552, "5.2.2 Over quota", RecipientFull),
            (Recipient, 552, "5.3.4 Too big", TooBig),
            (Recipient, 421, "4.3.2 Shutting down", RelayBusy),
            (Recipient, 450, "4.7.1 Greylisted", TryLater),
            (Recipient, 451, "Local error", TryLater),
            (SignIn, 535, "5.7.8 Bad credentials", SignInRefused),
            (SignIn, 454, "4.7.0 Try later", SignInRefused),
            (Hello, 554, "No SMTP here", RelayRefuses),
            (Hello, 421, "Busy", RelayBusy),
            (Sender, 553, "5.7.1 Sender not owned", RelayRefuses),
            (Recipient, 571, "", Refused),
            (Recipient, 550, "5.1", NoSuchRecipient),
            (Recipient, 554, "5.1.1.1 Odd", Unwanted),
            (Recipient, 554, "ошибка", Unwanted),
        ] {
            assert_eq!(said(stage, code, text).reason(), reason, "{code} {text}");
        }
    }
}
