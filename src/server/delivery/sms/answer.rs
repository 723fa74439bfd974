//! What a gateway's answer means for the message, and which words of it may stand in a history: none that the operator or the
//! message keeps secret. Pure.

use super::exchange::Answer;
use crate::domain::message::outcome::{DeliveryOutcome, DeliveryReason};
use crate::domain::timestamp::Duration;
use crate::server::config::{SmsJudgement, SmsRule};

/// How much of an answer the history keeps, in characters.
const MOST_WORDS: usize = 200;

/// What became of the message. `unsaid` are texts that must not be repeated.
pub fn outcome(answer: &Answer, rule: &SmsRule, unsaid: &[String]) -> DeliveryOutcome {
    use DeliveryReason::*;
    let words = words(answer, unsaid);
    let put_off =
        |reason| DeliveryOutcome::put_off(reason, &words).not_before(answer.retry_after.map(Duration::seconds));
    let failed = |reason| DeliveryOutcome::failed(reason, &words);
    match answer.status {
        status if rule.takes_status(status) => match rule.judge(&answer.body, answer.is_whole) {
            SmsJudgement::Taken(Some(id)) => {
                let id = cleaned(&id, unsaid);
                DeliveryOutcome::accepted(&format!("{status} {id}")).named(&id)
            }
            SmsJudgement::Taken(None) => DeliveryOutcome::accepted(&status.to_string()),
            SmsJudgement::Later => put_off(TryLater),
            SmsJudgement::Refused => failed(Refused),
            // The gateway has it: to ask again could send it twice.
            SmsJudgement::Unclear => failed(UnclearAnswer),
        },
        // A success that the operator does not take for one.
        200..=299 => failed(UnclearAnswer),
        401 | 403 | 407 => put_off(SignInRefused),
        408 | 425 | 429 => put_off(RelayBusy),
        // Nothing stands there that takes messages, it moved, or wants to be paid: for the operator to mend.
        300..=399 | 402 | 404 | 405 | 406 | 410 | 411 | 414 | 415 | 421 | 426 | 428 | 431 => put_off(RelayRefuses),
        // Somebody between us and the gateway gave up waiting: the gateway has it.
        504 | 524 => DeliveryOutcome::unanswered(&words),
        413 => failed(TooBig),
        400..=499 => failed(Refused),
        _ => put_off(TryLater),
    }
}

/// The status, and the beginning of what was said.
fn words(answer: &Answer, unsaid: &[String]) -> String {
    let said = String::from_utf8_lossy(&answer.body);
    // A page for people says nothing in its first lines.
    let said = if said.trim_start().starts_with('<') { String::new() } else { cleaned(&said, unsaid) };
    format!("{} {said}", answer.status).trim_end().to_string()
}

/// A text in one line without what must not be repeated.
fn cleaned(text: &str, unsaid: &[String]) -> String {
    let mut line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    for secret in unsaid {
        line = line.replace(secret.as_str(), "…");
    }
    line.chars().take(MOST_WORDS).collect()
}

/// The words of a message that would give something away: its links, whole and as JSON writes them, and its numbers.
pub fn words_of(text: &str) -> Vec<String> {
    let mut secret = Vec::new();
    for word in text.split_whitespace().filter(|word| word.contains("://") || word.len() >= 8) {
        secret.extend([word.to_string(), word.replace('/', "\\/")]);
        // The part that opens something, however it is written.
        secret.extend(word.rsplit(['/', '=']).next().filter(|last| last.len() >= 8).map(String::from));
    }
    secret
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, body: &str) -> Answer {
        Answer { status, retry_after: None, body: body.into(), is_whole: true }
    }

    #[test]
    fn what_can_be_mended_or_passes_is_tried_again_and_what_is_refused_has_failed() {
        use DeliveryReason::*;
        let rule = SmsRule::parse("2xx id=/id").expect("a rule");
        for (status, reason) in [
            (301, RelayRefuses),
            (302, RelayRefuses),
            (307, RelayRefuses),
            (401, SignInRefused),
            (402, RelayRefuses),
            (403, SignInRefused),
            (404, RelayRefuses),
            (405, RelayRefuses),
            (408, RelayBusy),
            (429, RelayBusy),
            (500, TryLater),
            (502, TryLater),
            (503, TryLater),
            (599, TryLater),
            (999, TryLater),
        ] {
            let expected = DeliveryOutcome::put_off(reason, &format!("{status} why"));
            assert_eq!(outcome(&answer(status, "why"), &rule, &[]), expected, "{status}");
        }
        for (status, reason) in [(400, Refused), (413, TooBig), (422, Refused), (409, Refused)] {
            let expected = DeliveryOutcome::failed(reason, &format!("{status} why"));
            assert_eq!(outcome(&answer(status, "why"), &rule, &[]), expected, "{status}");
        }
        for status in [504, 524] {
            let expected = DeliveryOutcome::unanswered(&format!("{status} why"));
            assert_eq!(outcome(&answer(status, "why"), &rule, &[]), expected, "{status}");
        }
        assert_eq!(
            outcome(&answer(201, r#"{"id": "SM7"}"#), &rule, &[]),
            DeliveryOutcome::accepted("201 SM7").named("SM7")
        );
        let strict = SmsRule::parse("200 /ok=true").expect("a rule");
        for odd in [answer(202, r#"{"ok": true}"#), answer(200, "<html>"), answer(200, "")] {
            let DeliveryOutcome::Failed { reason: UnclearAnswer, .. } = outcome(&odd, &strict, &[]) else {
                panic!("{odd:?}");
            };
        }
    }

    #[test]
    fn a_gateway_says_how_long_it_wants_to_be_left_alone() {
        let busy = Answer { retry_after: Some(420), ..answer(429, "") };
        let DeliveryOutcome::PutOff { wait, .. } = outcome(&busy, &SmsRule::default(), &[]) else { panic!() };
        assert_eq!(wait, Some(Duration::seconds(420)));
    }

    #[test]
    fn nothing_secret_is_repeated() {
        let text = "ACME: register https://u.acme.by/s/aBcDeFgH_12 now, code 12345678";
        let mut unsaid = words_of(text);
        unsaid.push("hush-hush".into());
        let body = format!("Bad key hush-hush for {text} and https:\\/\\/u.acme.by\\/s\\/aBcDeFgH_12 and aBcDeFgH_12");
        let DeliveryOutcome::Failed { words, .. } = outcome(&answer(400, &body), &SmsRule::default(), &unsaid) else {
            panic!();
        };
        for secret in ["hush", "aBcDeFgH", "12345678"] {
            assert!(!words.contains(secret), "{words}");
        }
        assert!(words.starts_with("400 Bad key …"), "{words}");
    }
}
