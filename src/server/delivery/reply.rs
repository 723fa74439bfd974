//! What a relay's answer, or its silence, means for a message: handed over, put off, or failed. Pure; no connection here.

use crate::domain::message::reply::{Reason, Stage, clean};
use std::time::Duration;

/// What became of one attempt, with the line for the message's history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    HandedOver(String),
    PutOff(String),
    Failed(String),
}

/// What went wrong in a talk with the relay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hitch {
    /// The relay said no.
    Reply { code: u16, text: String },
    /// There was no reply, and why.
    Silence { reason: Reason, text: String },
}

impl Hitch {
    pub fn silence(reason: Reason, text: impl Into<String>) -> Self {
        Self::Silence { reason, text: text.into() }
    }

    /// No answer in time.
    pub fn too_slow(patience: Duration) -> Self {
        Self::silence(Reason::TooSlow, format!("within {} s", patience.as_secs_f32()))
    }

    /// Whether the connection can be used for the next message.
    pub fn leaves_the_connection_usable(&self) -> bool {
        matches!(self, Self::Reply { code, .. } if *code != 421)
    }
}

/// What a hitch at this stage means for the message.
pub fn judge(stage: Stage, hitch: &Hitch) -> Outcome {
    match hitch {
        Hitch::Silence { reason, text } => {
            Outcome::PutOff(clean(&format!("{}: {text} [{}]", reason.mark(), stage.mark())))
        }
        Hitch::Reply { code, text } if stage.is_before_the_person() => {
            // Nothing was said of the person yet: it is for the operator to mend, and then the message goes out.
            let mark = stage.mark();
            let line = clean(&format!("{code} {text}"));
            Outcome::PutOff(format!("{} [{mark}]", line.chars().take(280).collect::<String>()))
        }
        Hitch::Reply { code, text } => {
            let line = clean(&format!("{code} {text}"));
            let is_final = (500..600).contains(code) && !matches!(code, 530 | 534 | 535 | 538);
            if is_final { Outcome::Failed(line) } else { Outcome::PutOff(line) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(stage: Stage, code: u16, text: &str) -> Outcome {
        judge(stage, &Hitch::Reply { code, text: text.into() })
    }

    #[test]
    fn what_a_relay_puts_off_is_tried_again_and_what_it_refuses_has_failed() {
        // FT-07.
        for stage in [Stage::Recipient, Stage::Data, Stage::End] {
            for code in [421, 450, 451, 452, 454] {
                assert_eq!(said(stage, code, "later"), Outcome::PutOff(format!("{code} later")));
            }
            for code in [550, 551, 552, 553, 554, 571] {
                assert_eq!(said(stage, code, "no"), Outcome::Failed(format!("{code} no")));
            }
            assert_eq!(said(stage, 530, "Authenticate first"), Outcome::PutOff("530 Authenticate first".into()));
        }
    }

    #[test]
    fn a_relay_that_refuses_us_fails_nobodys_message() {
        for (stage, mark) in
            [(Stage::Hello, "EHLO"), (Stage::Encrypt, "STARTTLS"), (Stage::SignIn, "AUTH"), (Stage::Sender, "MAIL")]
        {
            let outcome = said(stage, 554, "Go away");
            assert_eq!(outcome, Outcome::PutOff(format!("554 Go away [{mark}]")));
        }
        let Outcome::PutOff(line) = said(Stage::SignIn, 535, &"x".repeat(1_000)) else { panic!("put off") };
        assert_eq!(Reason::of(&line), Some(Reason::SignInRefused));
    }

    #[test]
    fn silence_is_never_final() {
        for reason in [Reason::TooSlow, Reason::Dropped, Reason::Unreachable, Reason::HostUnknown, Reason::NotEncrypted]
        {
            let Outcome::PutOff(line) = judge(Stage::End, &Hitch::silence(reason, "x\r\ny")) else { panic!("put off") };
            assert_eq!(Reason::of(&line), Some(reason), "{line}");
        }
    }
}
