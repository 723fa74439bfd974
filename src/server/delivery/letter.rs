//! A letter: sentences in their order, and the two forms in which they leave, plain text and HTML. The sentences come from
//! the words catalogue; a template holds only their places. What people wrote themselves is escaped and never clickable.

use crate::domain::invitation::is_unprintable;
use crate::words::{FIRST_STRONG_ISOLATE, Language, POP_ISOLATE};
use minijinja::syntax::SyntaxConfig;
use minijinja::{Environment, Error, Value, context};
use std::sync::LazyLock;

/// The parts of a letter, in the order in which they are read.
#[derive(Default)]
pub struct Letter {
    pub language: Language,
    pub subject: String,
    /// What a mail program shows beside the subject.
    pub preheader: String,
    pub hello: String,
    pub lead: Vec<String>,
    /// What is told under headings of their own.
    pub sections: Vec<LetterSection>,
    /// Somebody's own words: who says it, and what.
    pub quote: Option<(String, String)>,
    /// What the one button says, and where it leads.
    pub button: Option<(String, String)>,
    pub until: String,
    pub ignore: &'static str,
    pub footer: Vec<String>,
}

/// A heading, and the lines below it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LetterSection {
    pub title: String,
    pub lines: Vec<String>,
}

static TEMPLATES: LazyLock<Result<Environment<'static>, Error>> = LazyLock::new(|| {
    let mut templates = Environment::new();
    let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).keep_trailing_newline(true).build()?;
    templates.set_syntax(syntax);
    // The ending of the name decides what is escaped: `.html` is, `.txt` is not.
    templates.add_template("layout.html", include_str!("templates/layout.html"))?;
    templates.add_template("letter.html", include_str!("templates/letter.html"))?;
    templates.add_template("letter.txt", include_str!("templates/letter.txt"))?;
    Ok(templates)
});

impl Letter {
    /// The letter as plain text and as HTML.
    pub fn write(&self) -> Result<(String, String), String> {
        let templates = TEMPLATES.as_ref().map_err(|error| format!("{error:#}"))?;
        let quote = self.quote.as_ref().map_or(Value::from(()), |(heading, text)| {
            let lines: Vec<Value> = text.lines().map(|line| Value::from(inert(line))).collect();
            context! { heading => heading.as_str(), lines => lines }
        });
        let button = self
            .button
            .as_ref()
            .map_or(Value::from(()), |(label, link)| context! { label => label.as_str(), link => link.as_str() });
        let values = |lines: &[String]| lines.iter().map(|line| Value::from(line.as_str())).collect::<Vec<_>>();
        let section =
            |section: &LetterSection| context! { title => section.title.as_str(), lines => values(&section.lines) };
        let sections: Vec<Value> = self.sections.iter().map(section).collect();
        let parts = context! {
            lang => self.language.code(),
            subject => self.subject.as_str(),
            preheader => self.preheader.as_str(),
            hello => self.hello.as_str(),
            lead => values(&self.lead),
            sections => sections,
            quote => quote,
            button => button,
            link_alone => self.language.mail_link_alone(),
            until => self.until.as_str(),
            ignore => self.ignore,
            footer => values(&self.footer),
        };
        let fill = |name: &str| -> Result<String, String> {
            let template = templates.get_template(name).map_err(|error| format!("{error:#}"))?;
            template.render(&parts).map_err(|error| format!("{error:#}"))
        };
        Ok((fill("letter.txt")?, fill("letter.html")?))
    }
}

/// A text fit for one line of a header: no control characters, no tricks with direction, not endless (ML-03); and nothing in
/// it is a word in a header's encoding, which mail programs would take for something else: `=?` and `?=` are broken up.
pub fn one_line(text: &str) -> String {
    line_of(text, |c| !is_unprintable(c))
}

/// The same for a sentence into which texts were put: each of them keeps its direction to itself (L-06), and none that
/// was cut off turns what comes after. Nor does a mail program make a link of anything in it (ML-04).
pub fn one_line_of_sentence(sentence: &str) -> String {
    closed(&without_links(line_of(sentence, |c| !is_unprintable(c) || is_isolate(c)).chars().collect()))
}

fn line_of(text: &str, is_kept: impl Fn(char) -> bool) -> String {
    let plain: String = text.chars().map(|c| if c.is_whitespace() || c.is_control() { ' ' } else { c }).collect();
    let clean: String = plain.chars().filter(|c| is_kept(*c)).collect();
    let short: Vec<&str> = clean.split_whitespace().collect();
    let line: String = short.join(" ").chars().take(120).collect();
    line.replace("=?", "= ?").replace("?=", "? =")
}

/// The two marks between which our sentences put a text that is read from right to left.
fn is_isolate(c: char) -> bool {
    matches!(c, FIRST_STRONG_ISOLATE | POP_ISOLATE)
}

/// Every isolate that begins ends, and none ends that did not begin.
fn closed(text: &str) -> String {
    let mut open = 0_usize;
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            FIRST_STRONG_ISOLATE => open += 1,
            POP_ISOLATE if open == 0 => continue,
            POP_ISOLATE => open -= 1,
            _ => {}
        }
        out.push(letter);
    }
    out.extend(std::iter::repeat_n(POP_ISOLATE, open));
    out
}

/// The same text, but no mail program makes a link of anything in it (ML-04): an invisible non-joiner stands inside
/// whatever looks like an address. Links in our letters lead only to ourselves.
pub fn inert(text: &str) -> String {
    without_links(text.chars().filter(|c| !is_unprintable(*c)).collect())
}

/// The same for a sentence into which texts were put; see [`one_line_of_sentence`].
pub fn inert_sentence(sentence: &str) -> String {
    closed(&without_links(sentence.chars().filter(|c| !is_unprintable(*c) || is_isolate(*c)).collect()))
}

fn without_links(clean: Vec<char>) -> String {
    let mut out = String::with_capacity(2 * clean.len());
    for (at, letter) in clean.iter().enumerate() {
        let next = clean.get(at + 1).copied().unwrap_or(' ');
        // Wide signs stand for the narrow ones.
        let joins = matches!((letter, next), ('.' | '\u{ff0e}' | '\u{3002}' | '\u{ff61}', n) if n.is_alphanumeric())
            || (*letter == ':' && next == '/')
            || matches!(letter, '@' | '\u{ff20}');
        out.push(*letter);
        if joins {
            out.push('\u{200c}');
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letter(text: &str) -> Letter {
        Letter {
            language: Language::English,
            subject: "Subject".into(),
            preheader: "Preheader".into(),
            hello: "Hello".into(),
            lead: vec!["Lead".into()],
            sections: Vec::new(),
            quote: Some(("Anna writes:".into(), text.into())),
            button: Some(("Press".into(), "https://users.acme.by/i/x-Y_z".into())),
            until: "Until then.".into(),
            ignore: "Ignore.",
            footer: Vec::new(),
        }
    }

    #[test]
    fn what_somebody_wrote_is_escaped_and_never_a_link() {
        let (text, html) =
            letter("<img src=x onerror=alert(1)> & \"you\"\n[b](http://evil.example)").write().expect("a letter");
        assert!(!html.contains("<img") && html.contains("&lt;img src=x onerror=alert(1)&gt;"), "{html}");
        assert!(!html.contains("http://evil") && !text.contains("http://evil") && !text.contains("evil.example"));
        let links: Vec<&str> = html.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        assert_eq!(links.len(), 2, "{html}");
        assert!(links.iter().all(|link| link.replace("&#x2f;", "/") == "https://users.acme.by/i/x-Y_z"), "{links:?}");
    }

    #[test]
    fn the_html_keeps_the_rules_of_mail_programs() {
        let (_, html) = letter(&"я\n".repeat(250)).write().expect("a letter");
        assert!(html.len() < 102 * 1024, "{}", html.len());
        assert_eq!(html.matches("<table").count(), html.matches("<table role=\"presentation\"").count());
        assert!(
            html.contains("lang=\"en\"") && html.contains("content=\"light dark\"") && html.contains("max-width:600px")
        );
        for size in html.split("font-size:").skip(1) {
            let number: u32 =
                size.chars().take_while(char::is_ascii_digit).collect::<String>().parse().expect("a size");
            assert!(number >= 16, "{number}px");
        }
    }

    #[test]
    fn a_header_is_one_line() {
        assert_eq!(one_line(" Ivan\r\nBcc: evil@example.com\u{202e} \u{0}x"), "Ivan Bcc: evil@example.com x");
        assert_eq!(one_line(&"я".repeat(500)).chars().count(), 120);
    }

    /// L-06: the isolates of our sentences stay, in pairs; whatever else turns a direction is gone.
    #[test]
    fn a_sentence_keeps_its_isolates_and_they_are_whole() {
        let name = "\u{645}\u{631}\u{64a}\u{645} 77";
        let subject = Language::English.mail_invitation_subject(name, "ACME School");
        assert_eq!(one_line_of_sentence(&subject), format!("\u{2068}{name}\u{2069} invites you to ACME School"));
        assert_eq!(inert_sentence(&subject), one_line_of_sentence(&subject));
        let long = Language::English.mail_invitation_subject(&name.repeat(40), "ACME School");
        let line = one_line_of_sentence(&long);
        assert!(line.starts_with('\u{2068}') && line.ends_with('\u{2069}'), "{line}");
        for (odd, plain) in [
            ("\u{2069}\u{2069}a", "a"),
            ("\u{2068}a", "\u{2068}a\u{2069}"),
            ("\u{2069}\u{2068}a\u{2069}\u{2069}", "\u{2068}a\u{2069}"),
            ("\u{202e}\u{2067}a\u{2066}\u{200f}", "a"),
        ] {
            assert_eq!(one_line_of_sentence(odd), plain, "{odd:?}");
            assert_eq!(inert_sentence(odd), plain, "{odd:?}");
        }
        assert_eq!(one_line(&subject), format!("{name} invites you to ACME School"), "what people typed has none");
    }

    /// H-34.
    #[test]
    fn no_encoded_word_survives_in_a_header() {
        for text in [
            "=?utf-8?q?=0d=0aBcc:x?=",
            "a =?UTF-8?B?DQpCY2M6IHg=?= b",
            "=?=?=?",
            "??==",
            "=\u{200b}?utf-8?q?x?\u{200b}=",
            "=\r?x?\n=",
        ] {
            let line = one_line(text);
            assert!(!line.contains("=?") && !line.contains("?="), "{text}: {line}");
        }
        assert_eq!(one_line("Really?"), "Really?");
    }

    #[test]
    fn only_what_looks_like_an_address_is_changed() {
        assert_eq!(inert("See you on Monday, 9.00. — Anna"), "See you on Monday, 9.\u{200c}00. — Anna");
        assert_eq!(inert("a@b.by"), "a@\u{200c}b.\u{200c}by");
        assert_eq!(inert("http://x"), "http:\u{200c}//x");
    }
}
