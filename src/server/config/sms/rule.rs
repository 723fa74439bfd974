//! Which answers of a gateway are good: its status, and what stands at a place of its JSON (RFC 6901), as the operator or a preset
//! says it: `2xx /messages/0/status=0 later=/messages/0/status=1,5 id=/messages/0/message-id`.

use serde_json::Value;

/// The rule.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SmsRule {
    /// The first and the last status of each range; none given means 200 to 299.
    statuses: Vec<(u16, u16)>,
    terms: Vec<Term>,
    later: Vec<(String, Vec<String>)>,
    id: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Term {
    Is(String, String),
    Has(String),
    HasNot(String),
    /// The answer begins with this.
    Begins(String),
}

/// What an answer with a good status means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SmsJudgement {
    /// Taken, and under which name of the provider's.
    Taken(Option<String>),
    /// Not now.
    Later,
    Refused,
    /// It is not what was agreed, so that nothing is known.
    Unclear,
}

impl SmsRule {
    /// # Errors
    /// Which word cannot be read.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut rule = Self::default();
        for word in text.split_whitespace() {
            let wrong = || {
                format!(
                    "\"{word}\" cannot be read; write statuses (2xx, 200,202), places in the answer (/status=0, /id, !/error), \
                     text=OK, later=/status=1,5, id=/id"
                )
            };
            if let Some(place) = word.strip_prefix("id=").filter(|place| place.starts_with('/')) {
                rule.id = Some(place.into());
            } else if let Some(later) = word.strip_prefix("later=/") {
                let (place, values) = later.split_once('=').ok_or_else(wrong)?;
                rule.later.push((format!("/{place}"), values.split(',').map(String::from).collect()));
            } else if let Some(start) = word.strip_prefix("text=") {
                rule.terms.push(Term::Begins(start.into()));
            } else if let Some(place) = word.strip_prefix('!').filter(|place| place.starts_with('/')) {
                rule.terms.push(Term::HasNot(place.into()));
            } else if word.starts_with('/') {
                rule.terms.push(match word.split_once('=') {
                    Some((place, value)) => Term::Is(place.into(), value.into()),
                    None => Term::Has(word.into()),
                });
            } else {
                for status in word.split(',') {
                    rule.statuses.push(range(status).ok_or_else(wrong)?);
                }
            }
        }
        Ok(rule)
    }

    /// Whether a status is good.
    pub fn takes_status(&self, status: u16) -> bool {
        match self.statuses.as_slice() {
            [] => (200..300).contains(&status),
            some => some.iter().any(|(first, last)| (*first..=*last).contains(&status)),
        }
    }

    /// What an answer with a good status says; `is_whole` is false where the end of it did not come, or was not waited for.
    pub fn judge(&self, body: &[u8], is_whole: bool) -> SmsJudgement {
        let json = serde_json::from_slice::<Value>(body).ok().filter(|_| is_whole);
        let at = |place: &String| json.as_ref().and_then(|json| json.pointer(place)).map(as_text);
        if self.later.iter().any(|(place, values)| at(place).is_some_and(|found| values.contains(&found))) {
            return SmsJudgement::Later;
        }
        let needs_json = self.terms.iter().any(|term| !matches!(term, Term::Begins(_)));
        if needs_json && json.is_none() {
            return SmsJudgement::Unclear;
        }
        let holds = |term: &Term| match term {
            Term::Is(place, value) => at(place).as_ref() == Some(value),
            Term::Has(place) => at(place).is_some(),
            Term::HasNot(place) => at(place).is_none(),
            Term::Begins(start) => body.trim_ascii_start().starts_with(start.as_bytes()),
        };
        match self.terms.iter().all(holds) {
            true => SmsJudgement::Taken(self.id.as_ref().and_then(at)),
            false => SmsJudgement::Refused,
        }
    }
}

/// `2xx` is 200 to 299, `202` itself.
fn range(word: &str) -> Option<(u16, u16)> {
    if let Some(hundred) = word.strip_suffix("xx") {
        let hundred: u16 = hundred.parse().ok().filter(|hundred| (2..=2).contains(hundred))?;
        return Some((hundred * 100, hundred * 100 + 99));
    }
    // What is no success by HTTP is none by whatever is written here.
    let status: u16 = word.parse().ok().filter(|status| (200..300).contains(status))?;
    Some((status, status))
}

fn as_text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use SmsJudgement::*;

    fn judge(rule: &str, body: &str) -> SmsJudgement {
        SmsRule::parse(rule).expect("a rule").judge(body.as_bytes(), true)
    }

    #[test]
    fn an_answer_is_judged_by_what_stands_in_it() {
        let vonage = "2xx /messages/0/status=0 later=/messages/0/status=1,5 id=/messages/0/message-id";
        let id = |id: &str| Taken(Some(id.into()));
        for (rule, body, expected) in [
            ("2xx", "", Taken(None)),
            ("2xx", "<html>", Taken(None)),
            ("2xx id=/id", r#"{"id": 7}"#, id("7")),
            ("2xx id=/id", "no JSON", Taken(None)),
            (vonage, r#"{"messages": [{"status": "0", "message-id": "A1"}]}"#, id("A1")),
            (vonage, r#"{"messages": [{"status": "1"}]}"#, Later),
            (vonage, r#"{"messages": [{"status": "6"}]}"#, Refused),
            (vonage, r#"{"messages": []}"#, Refused),
            (vonage, "Bad gateway", Unclear),
            ("!/error_code id=/id", r#"{"id": 1, "cnt": 1}"#, id("1")),
            ("!/error_code", r#"{"error_code": 7}"#, Refused),
            ("!/error_code", "", Unclear),
            ("/ok", r#"{"ok": null}"#, Taken(None)),
            ("text=OK", " OK: 12", Taken(None)),
            ("text=OK", "ERROR", Refused),
        ] {
            assert_eq!(judge(rule, body), expected, "{rule}: {body}");
        }
        let cut = SmsRule::parse("/id").expect("a rule").judge(br#"{"id": 1}"#, false);
        assert_eq!(cut, Unclear, "what was cut off says nothing");
    }

    #[test]
    fn only_successes_are_good_statuses() {
        let takes = |rule: &str, status| SmsRule::parse(rule).expect("a rule").takes_status(status);
        assert!(takes("", 200) && takes("", 299) && !takes("", 302) && takes("2xx", 204));
        assert!(takes("200,202", 202) && !takes("200,202", 201));
        for wrong in ["3xx", "4xx", "500", "2x", "abc", "id", "later=status", "=1"] {
            assert!(SmsRule::parse(wrong).is_err(), "{wrong}");
        }
    }
}
