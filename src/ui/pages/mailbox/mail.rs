//! One message as it would arrive: its HTML in a frame that may run nothing, its text, and its link.

use crate::ui::components::{Fact, Facts, Icon, PageHeader, Tab, Tabs};
use crate::ui::session::words;
use crate::view_models::Mail;
use leptos::prelude::*;

/// What the frame of a message may do: open the link that somebody clicks, and nothing else.
const SANDBOX: &str = "allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation";

/// The inside of the page of a message.
pub fn mail_page(mail: Mail, shows_text: bool) -> AnyView {
    let words = words();
    let Mail { summary, from, text, .. } = mail;
    let address = format!("/mailbox/{}", summary.id);
    let link = link_in(&text);
    let is_text = summary.length.is_some();
    let part = match shows_text || is_text {
        true => view! { <pre>{text}</pre> }.into_any(),
        false => {
            let title = words.mailbox_frame(&summary.subject);
            view! { <iframe src=format!("{address}/html") title=title sandbox=SANDBOX></iframe> }.into_any()
        }
    };
    let tab = |href: String, label: &'static str, current| Tab { href, label: label.into(), current, count: None };
    let tabs = vec![
        tab(address.clone(), words.mailbox_html(), !shows_text),
        tab(format!("{address}?part=text"), words.mailbox_text(), shows_text),
    ];
    view! {
        <a class="back" href="/mailbox"><Icon name="chevron-left" />{words.mailbox()}</a>
        <PageHeader title=if is_text { words.mailbox_sms().to_string() } else { summary.subject } />
        {(!is_text).then(|| view! { <Tabs items=tabs label=words.mailbox_parts() /> })}
        <article class="mail-frame">
            <header>
                <Facts>
                    {(!is_text).then(|| view! { <Fact label=words.mailbox_from() value=from /> })}
                    <Fact label=words.mailbox_to() value=summary.to />
                    <Fact label=words.mailbox_when() value=summary.when.exact />
                    {summary.length.map(|length| view! { <Fact label=words.mailbox_length() value=words.sms_length(length) /> })}
                </Facts>
            </header>
            {part}
            {link.map(|link| view! {
                <footer>
                    <a class="button primary" href=link rel="external"><Icon name="link" />{words.mailbox_open_link()}</a>
                    <span class="muted">{words.mailbox_open_hint()}</span>
                </footer>
            })}
        </article>
    }
    .into_any()
}

/// The way to the one link of a message, within this installation; what people wrote themselves is never taken for it.
fn link_in(text: &str) -> Option<String> {
    // A text message is one line, and all of its words but the link are ours or made harmless.
    let alone = |line: &str| line.starts_with("http") && !line.contains(' ');
    let lines = text.lines().filter(|line| alone(line) || text.lines().count() == 1);
    let mut paths = lines.flat_map(str::split_whitespace).filter(|word| alone(word)).filter_map(|word| {
        let (_, rest) = word.split_once("://")?;
        rest.split_once('/').map(|(_, path)| path)
    });
    let is_ours = |path: &&str| ["i/", "s/", "reset/"].iter().any(|start| path.starts_with(start));
    paths.rfind(is_ours).map(|path| format!("/{path}"))
}

#[cfg(test)]
mod tests {
    use super::link_in;

    #[test]
    fn the_link_of_a_message_leads_to_this_installation() {
        let text = "Hello,\n\nAnna writes:\n> http://evil.example/i/x\n\nAccept invitation:\nhttps://users.acme.by/i/7Kf2\n\nUntil Friday.\n";
        assert_eq!(link_in(text).as_deref(), Some("/i/7Kf2"));
        assert_eq!(link_in("ACME: register by Friday: https://users.acme.by/s/7Kf2").as_deref(), Some("/s/7Kf2"));
        assert_eq!(link_in("Hello,\nhttps://evil.example/page\n"), None);
    }
}
