//! People with their passwords, and the links that were made for them.

use super::site::{Invited, TestSite};
use usher::domain::id::{InvitationId, ResetId, TokenId, UserId};
use usher::domain::timestamp::Duration;
use usher::domain::token::PREFIX;
use usher::server::storage::{invitations, tokens, users};
use usher::server::{random, secrets};
use usher::values;

/// A password that no list knows.
pub const PASSWORD: &str = "copper lamp river";

impl TestSite {
    /// Gives somebody the password [`PASSWORD`].
    pub async fn give_password(&self, user: &UserId) {
        let hash = self.app.passwords.hash(&PASSWORD.to_string().into()).await.expect("a hash");
        let mut tx = self.app.db.maintain().await.expect("a transaction");
        users::set_password(&mut tx, user, &hash, self.app.clock.now()).await.expect("a password");
        tx.commit().await.expect("a commit");
    }

    /// Somebody who has registered and can sign in.
    pub async fn add_with_password(&self, name: &str, email: &str, role: &str) -> UserId {
        let user = self.add_active(name, email, role).await;
        self.give_password(&user).await;
        user
    }

    /// A token of somebody, whether they may have one or not.
    pub async fn give_token(&self, user: &UserId) -> String {
        let (secret, now) = (format!("{PREFIX}{}", random::secret()), self.app.clock.now());
        let token = tokens::ApiToken {
            id: TokenId::new(random::id(now)),
            user_id: user.clone(),
            name: "Test".into(),
            created_at: now,
            last_used_at: None,
            expires_at: now + Duration::days(30),
        };
        let mut tx = self.app.db.maintain().await.expect("a transaction");
        tokens::insert(&mut tx, &token, &secrets::hash(&secret)).await.expect("a token");
        tx.commit().await.expect("a commit");
        secret
    }

    /// The secret part of the newest link of an invitation.
    pub async fn link_of(&self, invitation: &InvitationId) -> String {
        let mut tx = self.app.db.read().await.expect("a connection");
        let found = invitations::find(&mut tx, invitation).await.expect("a look").expect("an invitation");
        self.app.key.invitation_link(&found.id, found.generation, found.address.as_str())
    }

    /// The page of the newest link of an invitation.
    pub async fn page_of(&self, invited: &Invited) -> String {
        format!("/i/{}", self.link_of(&invited.invitation).await)
    }

    /// The page of the newest reset link of somebody who has asked for one.
    pub async fn reset_page_of(&self, user: &UserId) -> String {
        let id = self.newest_reset(user).await.expect("a reset");
        let mut tx = self.app.db.read().await.expect("a connection");
        let user = users::find(&mut tx, user).await.expect("a look").expect("the person");
        format!("/reset/{}", self.app.key.reset_link(&id, &user.email.unwrap_or_default()))
    }

    /// The newest reset of somebody.
    pub async fn newest_reset(&self, user: &UserId) -> Option<ResetId> {
        let mut tx = self.app.db.read().await.expect("a connection");
        let sql = "select id from password_resets where user_id = $1 order by id desc limit 1";
        let row = tx.maybe_row(sql, &values![user]).await.expect("a look")?;
        Some(ResetId::new(row.text("id").expect("an id")))
    }

    /// How many messages were ever queued for somebody.
    pub async fn messages_to(&self, user: &UserId) -> i64 {
        let mut tx = self.app.db.read().await.expect("a connection");
        let sql = "select count(*) as many from messages where user_id = $1";
        tx.row(sql, &values![user]).await.expect("a count").number("many").expect("a number")
    }

    /// Puts something into the database that no use case would let in.
    pub async fn tamper(&self, sql: &'static str, values: &[usher::server::storage::tx::Value]) {
        let mut tx = self.app.db.maintain().await.expect("a transaction");
        assert!(tx.execute(sql, values).await.expect(sql) > 0, "no row was changed by: {sql}");
        tx.commit().await.expect("a commit");
    }
}
