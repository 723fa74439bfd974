//! The built-in mailbox: what would leave if there were a mail server, as it would arrive.

mod mail;

pub use mail::mail_page;

use crate::domain::contact::Channel;
use crate::domain::permission::Permission;
use crate::ui::components::{EmptyState, Notice, PageHeader, Tone};
use crate::ui::session::{may_use, viewer, words};
use crate::view_models::MailSummary;
use leptos::prelude::*;

/// The inside of the list.
pub fn page(mails: Vec<MailSummary>) -> AnyView {
    let words = words();
    let inside = match mails.is_empty() {
        true => nothing().into_any(),
        false => view! { <ul class="mail-list">{mails.into_iter().map(row).collect_view()}</ul> }.into_any(),
    };
    let lead = viewer().with_value(|viewer| match () {
        () if viewer.is_demonstration => words.mailbox_lead_demonstration(),
        () if viewer.waits_by == [Channel::Sms] => words.mailbox_lead_texts(),
        () => words.mailbox_lead(),
    });
    view! {
        <PageHeader title=words.mailbox() />
        <Notice tone=Tone::Info>{lead}</Notice>
        {inside}
    }
    .into_any()
}

fn nothing() -> impl IntoView {
    let words = words();
    let invite = may_use(Permission::Invite)
        .then(|| view! { <a class="button primary" href="/users/invite">{words.mailbox_invite()}</a> });
    view! { <EmptyState title=words.mailbox_empty() text=words.mailbox_empty_text()>{invite}</EmptyState> }
}

fn row(mail: MailSummary) -> impl IntoView {
    view! {
        <li>
            <a href=format!("/mailbox/{}", mail.id)>
                <span class="subject">{mail.subject}</span>
                <time class="when" title=mail.when.exact>{mail.when.short}</time>
                <span class="to">{mail.to}</span>
            </a>
        </li>
    }
}
