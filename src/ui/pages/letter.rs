//! A letter before it leaves: the part of a form that asks for it, and the document that comes into the frame there. The
//! frame is a target like any other, so all of this works without script; nothing of it is compiled for the browser.

use crate::domain::error::UseCaseError;
use crate::ui::components::{Fact, Facts, Icon, Notice, Tone};
use crate::ui::session::words;
use crate::view_models::MailPreview;
use crate::words::Language;
use leptos::prelude::*;

/// The frame's name, to which the buttons send their form.
pub const FRAME: &str = "letter";

/// What a form unfolds to show its letter: `path` answers with the document for the frame. `usher.js` presses the button as
/// soon as this is opened.
pub fn unfolding(summary: &'static str, hint: &'static str, path: &'static str, more: Option<AnyView>) -> AnyView {
    let words = words();
    view! {
        <details class="letter">
            <summary>{summary}</summary>
            <div class="stack tight">
                <p class="hint">{hint}</p>
                <div class="cluster">
                    <button class="button" formaction=path formtarget=FRAME formnovalidate=true>
                        <Icon name="eye" />
                        <span>{words.preview_show()}</span>
                    </button>
                    {more}
                </div>
                <iframe name=FRAME title=words.preview_window()></iframe>
            </div>
        </details>
    }
    .into_any()
}

/// What surrounds the letter in its frame.
#[derive(Clone, Copy, Debug)]
pub struct LetterFrame<'a> {
    pub language: Language,
    pub theme: Option<&'static str>,
    pub style: &'a str,
}

/// The document of a letter, or of why there is none.
pub fn document(around: LetterFrame<'_>, letter: Result<MailPreview, UseCaseError>) -> String {
    let LetterFrame { language, theme, style } = around;
    let (title, inside) = match letter {
        Ok(letter) => (letter.subject.clone(), looks(language, letter)),
        Err(refusal) => {
            let title = language.refusal_title(&refusal);
            let why = language.refusal(&refusal);
            (title.to_string(), view! { <Notice tone=Tone::Error alert=true title=title>{why}</Notice> }.into_any())
        }
    };
    let page = view! {
        <html lang=language.code() data-theme=theme>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <title>{title}</title>
                <link rel="stylesheet" href=style.to_string() />
            </head>
            <body class="letter-looks">{inside}</body>
        </html>
    };
    format!("<!DOCTYPE html>{}", page.to_html().replace("<!>", ""))
}

/// The letter as it looks in several places, of which one is shown at a time.
fn looks(language: Language, letter: MailPreview) -> AnyView {
    let sent = language.test_sent(&letter.to);
    let said = match letter.is_sent {
        true => view! { <Notice tone=Tone::Ok>{sent}</Notice> }.into_any(),
        false => view! { <Notice tone=Tone::Info>{language.preview_nothing_sent()}</Notice> }.into_any(),
    };
    let all = [
        ("desktop", language.preview_desktop()),
        ("phone", language.preview_phone()),
        ("dark", language.preview_dark()),
        ("text", language.preview_text()),
    ];
    let choices = all.map(|(look, label)| {
        view! {
            <label>
                <input type="radio" name="look" value=look checked=look == "desktop" />
                {label}
            </label>
        }
    });
    let frame = |is_dark: bool, label: &str| {
        let class = if is_dark { "is-dark" } else { "is-light" };
        let html = in_scheme(&letter.html, is_dark);
        // Nothing runs in it, and nothing in it leads anywhere.
        view! { <iframe class=class sandbox="" srcdoc=html title=language.preview_letter(label)></iframe> }
    };
    let sms = letter.sms.clone().map(|(text, length)| {
        view! {
            <section class="stack tight">
                <h2>{language.preview_sms()}</h2>
                <p class="mono">{text}</p>
                <p class="hint">{language.sms_length(length)}</p>
            </section>
        }
    });
    view! {
        {said}
        <Facts>
            <Fact label=language.text_subject() value=letter.subject.clone() />
            <Fact label=language.mailbox_from() value=letter.from.clone() />
            <Fact label=language.mailbox_to() value=letter.to.clone() />
            <Fact label=language.preview_reply_to() value=letter.reply_to.clone() />
        </Facts>
        <div class="looks" role="radiogroup" aria-label=language.preview_look()>{choices.collect_view()}</div>
        {frame(false, language.preview_desktop())}
        {frame(true, language.preview_dark())}
        <pre>{letter.text.clone()}</pre>
        {sms}
    }
    .into_any()
}

/// The letter as one scheme shows it, whatever the reader's own is.
pub fn in_scheme(html: &str, is_dark: bool) -> String {
    let (query, scheme) = if is_dark { ("@media all", "dark") } else { ("@media not all", "light") };
    html.replace("@media (prefers-color-scheme: dark)", query)
        .replace("color-scheme: light dark", &format!("color-scheme: {scheme}"))
        .replace("content=\"light dark\"", &format!("content=\"{scheme}\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letter() -> MailPreview {
        MailPreview {
            from: "ACME".into(),
            to: "Ivan <ivan@acme.by>".into(),
            reply_to: None,
            subject: "</title><script>alert(1)</script>".into(),
            text: "</pre><script>alert(2)</script>".into(),
            html: "<html><head><style>:root { color-scheme: light dark; } @media (prefers-color-scheme: dark) { a {} }\
                   </style></head><body>\"&quot;'></iframe><script>alert(3)</script></body></html>"
                .into(),
            sms: None,
            is_sent: false,
        }
    }

    fn written(letter: Result<MailPreview, UseCaseError>) -> String {
        let owner = Owner::new();
        owner.with(|| {
            document(LetterFrame { language: Language::English, theme: Some("dark"), style: "/x.css" }, letter)
        })
    }

    #[test]
    fn whatever_is_in_a_letter_stays_in_its_frame() {
        let html = written(Ok(letter()));
        assert!(html.starts_with("<!DOCTYPE html><html lang=\"en\" data-theme=\"dark\""), "{html}");
        assert!(!html.contains("<script"), "{html}");
        assert_eq!(html.matches("<iframe").count(), 2);
        assert_eq!(html.matches("sandbox=\"\"").count(), 2, "{html}");
        assert!(html.contains("&lt;/pre&gt;&lt;script&gt;alert(2)") && html.contains("Only a preview"), "{html}");
    }

    #[test]
    fn a_letter_is_shown_in_either_scheme() {
        let html = letter().html;
        let (light, dark) = (in_scheme(&html, false), in_scheme(&html, true));
        assert!(light.contains("color-scheme: light;") && light.contains("@media not all {"));
        assert!(dark.contains("color-scheme: dark;") && dark.contains("@media all {"));
    }

    #[test]
    fn why_there_is_none_is_said_in_words() {
        let html = written(Err(UseCaseError::NotFound));
        assert!(html.contains("Nothing here") && !html.contains("<iframe"), "{html}");
    }
}
