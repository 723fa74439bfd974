//! Letters on paper that hand invitations over, one on a page: what the browser prints. No script is needed; nothing of it is
//! compiled for the browser.

use crate::ui::components::Icon;
use crate::view_models::PrintedLetter;
use crate::words::Language;
use leptos::prelude::*;

/// What surrounds the letters.
#[derive(Clone, Copy, Debug)]
pub struct LettersFrame<'a> {
    /// Of whoever prints them.
    pub language: Language,
    pub style: &'a str,
    pub script: &'a str,
    pub nonce: &'a str,
}

/// The document of some letters.
pub fn letters_document(around: LettersFrame<'_>, letters: Vec<PrintedLetter>) -> String {
    let LettersFrame { language, style, script, nonce } = around;
    let page = view! {
        <html lang=language.code()>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <title>{language.letter_page_title()}</title>
                <link rel="stylesheet" href=style.to_string() />
                <script nonce=nonce.to_string() src=script.to_string() defer=true></script>
            </head>
            <body class="paper">
                <main>
                    <div class="toolbar">
                        <h1>{language.letter_page_title()}</h1>
                        <button type="button" class="button primary by-script" data-print="">
                            <Icon name="download" />
                            {language.letter_print()}
                        </button>
                    </div>
                    {letters.into_iter().map(letter).collect_view()}
                </main>
            </body>
        </html>
    };
    format!("<!DOCTYPE html>{}", page.to_html().replace("<!>", ""))
}

fn letter(letter: PrintedLetter) -> impl IntoView {
    let words = letter.language;
    let hello = match letter.name.as_str() {
        "" => words.letter_hello_nameless().to_string(),
        name => words.letter_hello(name),
    };
    let offers = letter.offers.into_iter().map(|offer| view! { <li>{offer}</li> }).collect_view();
    view! {
        <article class="paper-letter" lang=words.code()>
            <h2>{words.letter_heading(&letter.organisation)}</h2>
            <p>{hello}</p>
            <p>{words.letter_invites(&letter.inviter, &letter.organisation)}</p>
            <ul>{offers}</ul>
            <p>{words.letter_how()}</p>
            <div class="qr"><img src=letter.picture alt=words.qr_label() width="240" height="240" /></div>
            <p class="mono">{letter.link}</p>
            <p>{words.letter_code_how(&letter.code_page)}</p>
            <p class="mono code">{letter.code}</p>
            <p>{words.letter_next(&letter.address)}</p>
            <p>{words.letter_until(&letter.until)}</p>
        </article>
    }
}
