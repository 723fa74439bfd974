//! What an organisation says in its own words in a message: the subject, the opening, the button, and the text message in its place,
//! with variables in double braces (rule 13). Checked when they are saved, filled when a letter is written; a value is never read as a
//! text again.

use super::coded::coded;
use super::invitation::is_unprintable;
use super::text::one_line;
use crate::words::Language;
use serde::{Deserialize, Serialize};

/// The words of one language; what is empty is said in ours.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct MailText {
    pub subject: String,
    /// Each line is a paragraph.
    pub lead: String,
    pub button: String,
    /// What a text message says, where the message goes to a number; the link stands behind it.
    pub sms: String,
}

coded! {
    /// Which message it is.
    /// Its code is how the database, addresses of pages and the history write it.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
    pub enum MailTextKind {
        #[default]
        Invitation = "invitation",
        Reminder = "reminder",
        /// The link that sets a new password.
        Reset = "reset",
        /// What an inviter is told of people who were not reached.
        Notice = "notice",
    }
}

impl MailTextKind {
    /// The page on which its words stand in a language.
    pub fn address(self, language: Language) -> String {
        match self {
            Self::Invitation => format!("/settings/texts?language={}", language.code()),
            kind => format!("/settings/texts?kind={}&language={}", kind.code(), language.code()),
        }
    }

    /// What may stand in its words.
    pub fn variables(self) -> &'static [Variable] {
        use Variable::{Address, Inviter, Name, Organisation, Role, Unit, Until};
        match self {
            Self::Invitation | Self::Reminder => &[Inviter, Organisation, Unit, Role, Until, Name],
            Self::Reset => &[Organisation, Until, Name, Address],
            Self::Notice => &[Organisation, Name],
        }
    }
}

coded! {
    /// One of the four.
    /// Its code is how forms and the history write it.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
    pub enum TextPart {
        Subject = "subject",
        Lead = "lead",
        Button = "button",
        Sms = "sms",
    }
}

impl TextPart {
    /// The longest text, in characters.
    pub fn limit(self) -> usize {
        match self {
            Self::Subject => 120,
            Self::Lead => 1_000,
            Self::Button => 40,
            // The link stands behind it.
            Self::Sms => 140,
        }
    }
}

coded! {
    /// What may stand in double braces.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
    pub enum Variable {
        /// Who invites; in the opening with the address.
        Inviter = "inviter",
        /// The company, and the unit within it where it is a smaller one.
        Organisation = "organisation",
        /// The unit alone.
        Unit = "unit",
        Role = "role",
        /// When the link ends.
        Until = "until",
        /// Who gets it; the address, where no name is known.
        Name = "name",
        /// Where it goes.
        Address = "address",
    }
}

impl Variable {
    /// As it stands in a text.
    pub fn in_braces(self) -> String {
        format!("{{{{{}}}}}", self.code())
    }

    /// The one that was typed, in capitals or not.
    fn typed(name: &str) -> Option<Self> {
        Self::from_code(&name.to_ascii_lowercase())
    }

    /// The one that was probably meant.
    fn nearest(typed: &str) -> Option<Self> {
        let typed = typed.to_lowercase();
        let likeness = |variable: &Self| strsim::normalized_damerau_levenshtein(&typed, variable.code());
        let best = Self::ALL.into_iter().max_by(|one, other| likeness(one).total_cmp(&likeness(other)));
        best.filter(|variable| likeness(variable) >= 0.6)
    }
}

/// Why a text cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TextProblem {
    TooLong {
        characters: usize,
    },
    /// `{{` without its `}}`.
    Unclosed,
    Unknown {
        typed: String,
        nearest: Option<Variable>,
    },
    /// It stands for nothing in a message of this kind.
    Elsewhere {
        variable: Variable,
        kind: MailTextKind,
    },
    /// A variable as other programs write it: `{name}`, `%name%`; here it would leave as it is.
    Miswritten {
        typed: String,
        meant: Option<Variable>,
    },
}

/// How much of an unknown variable is repeated.
const REPEATED: usize = 40;

/// What other programs write before and behind the name of a variable, besides braces.
const SIGNS_BEFORE: &str = "%$#@[<|\u{ff05}\u{ff3b}\u{ff1c}\u{3010}\u{ab}\u{2039}";
const SIGNS_BEHIND: &str = "%$#@]>|\u{ff05}\u{ff3d}\u{ff1e}\u{3011}\u{bb}\u{203a}";

impl MailText {
    pub fn part(&self, part: TextPart) -> &str {
        match part {
            TextPart::Subject => &self.subject,
            TextPart::Lead => &self.lead,
            TextPart::Button => &self.button,
            TextPart::Sms => &self.sms,
        }
    }

    pub fn part_mut(&mut self, part: TextPart) -> &mut String {
        match part {
            TextPart::Subject => &mut self.subject,
            TextPart::Lead => &mut self.lead,
            TextPart::Button => &mut self.button,
            TextPart::Sms => &mut self.sms,
        }
    }

    /// Whether nothing in it is the organisation's own.
    pub fn is_empty(&self) -> bool {
        TextPart::ALL.iter().all(|part| self.part(*part).is_empty())
    }

    /// The same words without control characters and without space around them, if they can be taken.
    ///
    /// # Errors
    /// The first part that cannot, and why.
    pub fn checked(&self) -> Result<Self, (TextPart, TextProblem)> {
        let mut checked = Self::default();
        for part in TextPart::ALL {
            let text = tidied(part, self.part(part));
            check(part, &text).and_then(|()| look_for_miswritten(&text)).map_err(|problem| (part, problem))?;
            *checked.part_mut(part) = text;
        }
        Ok(checked)
    }

    /// The same for a message of a kind, in which only some variables stand for anything.
    ///
    /// # Errors
    /// As [`Self::checked`].
    pub fn checked_for(&self, kind: MailTextKind) -> Result<Self, (TextPart, TextProblem)> {
        let checked = self.checked()?;
        for part in TextPart::ALL {
            for piece in pieces(checked.part(part)).map_err(|problem| (part, problem))? {
                match piece {
                    TextPiece::Value(variable) if !kind.variables().contains(&variable) => {
                        return Err((part, TextProblem::Elsewhere { variable, kind }));
                    }
                    TextPiece::Value(_) | TextPiece::Words(_) => {}
                }
            }
        }
        Ok(checked)
    }

    /// Whether what stands can be filled. What looks like a variable of another program is asked about when it is typed; a
    /// text that was taken once goes on as it is.
    pub fn can_be_filled(&self) -> bool {
        TextPart::ALL.iter().all(|part| check(*part, &tidied(*part, self.part(*part))).is_ok())
    }
}

/// No control characters, no tricks with direction; line breaks in the opening only.
fn tidied(part: TextPart, text: &str) -> String {
    let line = |line: &str| {
        let spaced: String = line.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).collect();
        let clean: String = spaced.chars().filter(|c| !is_unprintable(*c)).collect();
        one_line(&clean)
    };
    match part {
        TextPart::Lead => text.lines().map(line).collect::<Vec<_>>().join("\n").trim().to_string(),
        TextPart::Subject | TextPart::Button | TextPart::Sms => line(text),
    }
}

fn check(part: TextPart, text: &str) -> Result<(), TextProblem> {
    let characters = text.chars().count();
    if characters > part.limit() {
        return Err(TextProblem::TooLong { characters });
    }
    pieces(text).map(drop)
}

/// Braces stand around variables and nothing else, and a variable's name between other signs was meant as one.
fn look_for_miswritten(text: &str) -> Result<(), TextProblem> {
    for piece in pieces(text)? {
        let TextPiece::Words(words) = piece else { continue };
        if let Some(typed) = stray_brace(words).or_else(|| signed_name(words)) {
            let name = typed.trim_matches(|c: char| !c.is_alphanumeric());
            let meant = Variable::typed(name).or_else(|| Variable::nearest(name));
            return Err(TextProblem::Miswritten { typed: typed.chars().take(REPEATED).collect(), meant });
        }
    }
    Ok(())
}

/// The first brace with what it stands around, if any.
fn stray_brace(words: &str) -> Option<String> {
    let is_opening = |c: char| matches!(c, '{' | '\u{ff5b}');
    let is_closing = |c: char| matches!(c, '}' | '\u{ff5d}');
    let line = words.lines().find(|line| line.contains(|c| is_opening(c) || is_closing(c)))?;
    let (before, brace) = line.split_at(line.find(|c| is_opening(c) || is_closing(c))?);
    // Up to the end of the braces that close, or of the first word.
    let closed = brace.find(is_closing).map(|at| {
        let behind = brace.get(at..).unwrap_or_default();
        at + behind.find(|c| !is_closing(c)).unwrap_or(behind.len())
    });
    let bare = brace.trim_start_matches(is_opening);
    let word = brace.len() - bare.len() + bare.find(char::is_whitespace).unwrap_or(bare.len());
    let typed = brace.get(..closed.unwrap_or(word)).unwrap_or(brace);
    // One that only closes belongs to the word before it.
    let word_before = before.rsplit(char::is_whitespace).next().unwrap_or_default();
    Some(if brace.starts_with(is_closing) { format!("{word_before}{typed}") } else { typed.to_string() })
}

/// The first name of a variable that stands between signs (`%name%`, `[name]`, `<name>`), or behind a dollar sign; and any
/// word between two percent signs. With the signs.
fn signed_name(words: &str) -> Option<String> {
    let letters: Vec<char> = words.chars().collect();
    let is_of_name = |c: &char| c.is_alphanumeric() || *c == '_';
    let mut at = 0;
    while let Some(begin) = (at..letters.len()).find(|at| letters.get(*at).is_some_and(is_of_name)) {
        let end = (begin..letters.len()).find(|at| !letters.get(*at).is_some_and(is_of_name)).unwrap_or(letters.len());
        at = end;
        let name: String = letters.get(begin..end).unwrap_or_default().iter().collect();
        let is_blank = |c: &&char| matches!(c, ' ' | '=' | '(');
        let (head, tail) = (letters.get(..begin).unwrap_or_default(), letters.get(end..).unwrap_or_default());
        let gap = head.iter().rev().take_while(is_blank).count();
        let gap_behind = tail.iter().take_while(|c| **c == ' ').count();
        let before = head.iter().rev().nth(gap).copied().filter(|c| SIGNS_BEFORE.contains(*c));
        let behind = tail.get(gap_behind).copied().filter(|c| SIGNS_BEHIND.contains(*c));
        let is_known = Variable::typed(&name).is_some();
        let is_between = before.is_some() && behind.is_some();
        let is_after_a_sign = matches!(before, Some('$' | '%')) && head.iter().rev().take(gap).all(|c| *c == '(');
        let is_in_percents = gap + gap_behind == 0 && before == Some('%') && behind == Some('%');
        let is_word = !name.contains(|c: char| c.is_numeric());
        if (is_known && (is_between || is_after_a_sign)) || (is_in_percents && is_word) {
            let from = begin - gap - usize::from(before.is_some());
            let to = if is_between { end + gap_behind + 1 } else { end };
            return letters.get(from..to).map(|typed| typed.iter().collect());
        }
    }
    None
}

/// What a text is made of.
enum TextPiece<'a> {
    Words(&'a str),
    Value(Variable),
}

fn pieces(text: &str) -> Result<Vec<TextPiece<'_>>, TextProblem> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((words, after)) = rest.split_once("{{") {
        let (typed, behind) = after.split_once("}}").ok_or(TextProblem::Unclosed)?;
        if typed.contains("{{") || typed.contains('\n') {
            return Err(TextProblem::Unclosed);
        }
        let typed = typed.trim();
        let Some(variable) = Variable::typed(typed) else {
            let nearest = Variable::nearest(typed);
            return Err(TextProblem::Unknown { typed: typed.chars().take(REPEATED).collect(), nearest });
        };
        pieces.extend([TextPiece::Words(words), TextPiece::Value(variable)]);
        rest = behind;
    }
    pieces.push(TextPiece::Words(rest));
    Ok(pieces)
}

/// The text with its values, each put in once: what is in a value is not looked through. `None` for a text that is empty,
/// or that no check would have let pass.
pub fn fill(text: &str, value: impl Fn(Variable) -> String) -> Option<String> {
    if text.is_empty() {
        return None;
    }
    let pieces = pieces(text).ok()?;
    let filled = pieces.into_iter().map(|piece| match piece {
        TextPiece::Words(words) => words.to_string(),
        TextPiece::Value(variable) => value(variable),
    });
    Some(filled.collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn subject(text: &str) -> Result<String, TextProblem> {
        let text = MailText { subject: text.into(), ..MailText::default() };
        text.checked().map(|text| text.subject).map_err(|(part, problem)| {
            assert_eq!(part, TextPart::Subject);
            problem
        })
    }

    fn unknown(typed: &str) -> Option<Variable> {
        match subject(&format!("a {{{{{typed}}}}} b")) {
            Err(TextProblem::Unknown { typed: said, nearest }) => {
                assert_eq!(said, typed.trim());
                nearest
            }
            other => panic!("{typed}: {other:?}"),
        }
    }

    #[test]
    fn a_variable_stands_only_in_the_messages_for_which_it_stands_for_something() {
        for kind in MailTextKind::ALL {
            assert_eq!(MailTextKind::from_code(kind.code()), Some(kind));
            for variable in Variable::ALL {
                let text = MailText { sms: format!("a {}", variable.in_braces()), ..MailText::default() };
                let expected = match kind.variables().contains(&variable) {
                    true => Ok(text.clone()),
                    false => Err((TextPart::Sms, TextProblem::Elsewhere { variable, kind })),
                };
                assert_eq!(text.checked_for(kind), expected, "{kind:?} {variable:?}");
            }
        }
    }

    #[test]
    fn whoever_mistypes_a_variable_hears_which_was_meant() {
        for (typed, meant) in [
            ("inviterr", Variable::Inviter),
            ("invter", Variable::Inviter),
            ("organization", Variable::Organisation),
            ("roel", Variable::Role),
            (" untill ", Variable::Until),
            ("Names", Variable::Name),
            ("unti", Variable::Until),
            ("{inviter", Variable::Inviter),
        ] {
            assert_eq!(unknown(typed), Some(meant), "{typed}");
        }
        for typed in ["", "password", "x", "приглашающий"] {
            assert_eq!(unknown(typed), None, "{typed}");
        }
    }

    #[test]
    fn every_variable_is_taken_with_spaces_and_capitals_too() {
        for variable in Variable::ALL {
            assert!(subject(&variable.in_braces()).is_ok());
            assert!(subject(&format!("{{{{ {} }}}}", variable.code().to_uppercase())).is_ok());
        }
    }

    #[test]
    fn braces_that_are_not_closed_are_refused() {
        for text in ["{{", "{{inviter", "{{inviter} x", "{{inviter and {{role}}"] {
            assert_eq!(subject(text), Err(TextProblem::Unclosed), "{text}");
        }
    }

    /// Rule 13: what would leave as it was typed, although a variable was meant, is refused with what to write; whatever
    /// stands in a letter without meaning one is taken.
    #[test]
    fn a_variable_written_as_in_other_programs_is_refused() {
        let miswritten = |text: &str| match subject(text) {
            Err(TextProblem::Miswritten { typed, meant }) => (typed, meant),
            other => panic!("{text}: {other:?}"),
        };
        for (text, typed) in [
            ("Dear {name}", "{name}"),
            ("Dear { name }, hello", "{ name }"),
            ("Dear {name}}", "{name}}"),
            ("Dear name}}", "name}}"),
            ("Dear {name, hello", "{name,"),
            ("Dear {Names}", "{Names}"),
            ("Dear ${name}", "{name}"),
            ("Dear %{name}", "{name}"),
            ("Dear #{name}", "{name}"),
            ("Dear {{role}} {name}", "{name}"),
            ("Dear \u{ff5b}\u{ff5b}name\u{ff5d}\u{ff5d}", "\u{ff5b}\u{ff5b}name\u{ff5d}\u{ff5d}"),
            ("Dear %name%", "%name%"),
            ("Dear %NAME%!", "%NAME%"),
            ("Dear % name %", "% name %"),
            ("Dear %name", "%name"),
            ("Dear %(name)s", "%(name"),
            ("Dear $name", "$name"),
            ("Dear $name$", "$name$"),
            ("Dear #name#", "#name#"),
            ("Dear @name@", "@name@"),
            ("Dear [name]", "[name]"),
            ("Dear [[ name ]]", "[ name ]"),
            ("Dear <name>", "<name>"),
            ("Dear <%= name %>", "%= name %"),
            ("Dear *|NAME|*", "|NAME|"),
            ("Dear \u{ab}name\u{bb}", "\u{ab}name\u{bb}"),
        ] {
            assert_eq!(miswritten(text), (typed.to_string(), Some(Variable::Name)), "{text}");
        }
        for text in ["Dear {имя}", "Dear %имя%", "{}", "}} {", "a { b } c }}", "Dear %first_name%"] {
            assert_eq!(miswritten(text).1, None, "{text}");
        }
        for text in [
            "Sign in with your name and role",
            "100% yours until 50%",
            "5% or 10% off",
            "Your name [as in your passport] (name)",
            "#1 team, #2 unit",
            "write to @acme until May",
            "Name: Anna <anna>",
            "1 < 2 and role > 3",
            "Role | Unit",
            "a $5 voucher",
            "«ACME» ждёт вас",
        ] {
            assert_eq!(subject(text).as_deref(), Ok(text));
        }
        // What stands already is not touched.
        let stands = MailText { subject: "Dear {name}".into(), ..MailText::default() };
        assert!(stands.can_be_filled() && stands.checked().is_err());
        assert_eq!(fill(&stands.subject, |_| "x".into()).as_deref(), Some("Dear {name}"));
    }

    #[test]
    fn each_part_has_its_length_and_only_the_opening_has_lines() {
        for part in TextPart::ALL {
            let mut text = MailText::default();
            *text.part_mut(part) = "я".repeat(part.limit());
            assert!(text.checked().is_ok());
            text.part_mut(part).push('я');
            let characters = part.limit() + 1;
            assert_eq!(text.checked(), Err((part, TextProblem::TooLong { characters })));
        }
        let odd = " Hello\r\nBcc: x\u{202e}\t\u{0} y ".to_string();
        let text = MailText { subject: odd.clone(), lead: odd.clone(), button: odd.clone(), sms: odd };
        let clean = text.checked().expect("a text");
        assert_eq!((clean.subject.as_str(), clean.lead.as_str()), ("Hello Bcc: x y", "Hello\nBcc: x y"));
        assert_eq!((&clean.button, &clean.sms), (&clean.subject, &clean.subject));
    }

    #[test]
    fn a_value_is_put_in_once_and_never_looked_through() {
        let filled = fill("{{name}}: {{ role }}", |variable| match variable {
            Variable::Name => "{{role}}".into(),
            _ => "{{name}} }} {{".into(),
        });
        assert_eq!(filled.as_deref(), Some("{{role}}: {{name}} }} {{"));
        assert_eq!(fill("", |_| "x".into()), None);
        assert_eq!(fill("{{nobody}}", |_| "x".into()), None);
    }

    proptest! {
        #[test]
        fn nothing_that_can_be_typed_breaks_the_check_or_the_filling(
            text in "(\\PC|[{}\n\r\t ]|\\{\\{role\\}\\}){0,60}", value in "(\\PC|[{}]){0,20}"
        ) {
            let typed = MailText { subject: text.clone(), lead: text.clone(), button: text.clone(), sms: text.clone() };
            if let Ok(checked) = typed.checked() {
                // What was taken once is taken again as it is.
                prop_assert_eq!(checked.checked(), Ok(checked.clone()));
                for part in TextPart::ALL {
                    let text = checked.part(part);
                    prop_assert!(text.chars().count() <= part.limit());
                    prop_assert_eq!(fill(text, |_| value.clone()).is_none(), text.is_empty());
                }
                prop_assert!([&checked.subject, &checked.button, &checked.sms].iter().all(|text| !text.contains('\n')));
            }
            let _ = fill(&text, |_| value.clone());
        }

        #[test]
        fn a_text_without_braces_is_filled_with_itself(text in "[^{}]{1,80}") {
            prop_assert_eq!(fill(&text, |_| "x".into()), Some(text));
        }
    }
}
