//! What pages show, read as the app in the browser reads it. It must not open them as documents: that is `Browser::get`.

use super::browser::{Answer, Browser};
use axum::http::StatusCode;
use usher::domain::id::UserId;
use usher::domain::review::InviteDraft;
use usher::server_fns::invitations::InviteAnswer;
use usher::server_fns::pages::PageAnswer;
use usher::view_models::{InvitationsPage, Mail, MailSummary, PageData, Profile, UserCard};

/// The server function that reads what a page shows.
pub fn read_by(page: &str) -> &'static str {
    match page.starts_with("/users/invite") {
        true => "/api/invite-page",
        false => "/api/page",
    }
}

/// What a page shows, that is shown.
pub fn read<T: serde::de::DeserializeOwned>(answer: &Answer) -> T {
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    serde_json::from_slice(&answer.body).unwrap_or_else(|error| panic!("{error}: {}", answer.text()))
}

impl Browser {
    /// Asks what the page at an address shows.
    pub async fn ask_shown(&mut self, address: &str) -> Answer {
        self.ask(read_by(address), &[("address", address)]).await
    }

    async fn shown(&mut self, address: &str) -> PageData {
        read::<PageAnswer>(&self.ask_shown(address).await).page
    }

    /// *My profile*.
    pub async fn profile(&mut self) -> Profile {
        match self.shown("/me").await {
            PageData::Profile { profile, .. } => *profile,
            other => panic!("{other:?}"),
        }
    }

    /// Somebody's card.
    pub async fn card(&mut self, user: &UserId) -> UserCard {
        match self.shown(&format!("/users/{user}")).await {
            PageData::User(page) => page.card,
            other => panic!("{other:?}"),
        }
    }

    /// The invitations at an address.
    pub async fn invitations(&mut self, address: &str) -> InvitationsPage {
        match self.shown(address).await {
            PageData::Invitations { page, .. } => page,
            other => panic!("{other:?}"),
        }
    }

    /// What stands in an invite form since it was sent.
    pub async fn draft(&mut self, draft: &str) -> InviteDraft {
        let answer = self.ask_shown(&format!("/users/invite?draft={draft}")).await;
        read::<InviteAnswer>(&answer).page.left.expect("a form that was sent").draft
    }

    /// What waits in the built-in mailbox, newest first.
    pub async fn mailbox(&mut self) -> Vec<MailSummary> {
        match self.shown("/mailbox").await {
            PageData::Mailbox(mails) => mails,
            other => panic!("{other:?}"),
        }
    }

    /// The same, opened.
    pub async fn mails(&mut self) -> Vec<Mail> {
        let mut mails = Vec::new();
        for summary in self.mailbox().await {
            match self.shown(&format!("/mailbox/{}", summary.id)).await {
                PageData::Mail { mail, .. } => mails.push(*mail),
                other => panic!("{other:?}"),
            }
        }
        mails
    }
}
