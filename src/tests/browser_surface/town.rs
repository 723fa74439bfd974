//! An installation with somebody in every role and every state, and with texts of our choice wherever people write some;
//! and everything in it that can be looked at.

use crate::support::browser::{Answer, Browser};
use crate::support::site::{Invited, TestSite};
use axum::http::Method;
use std::collections::BTreeSet;
use usher::domain::id::UserId;
use usher::domain::mail_text::MailText;
use usher::domain::settings::Settings;
use usher::domain::timestamp::Duration;
use usher::server::http;
use usher::server::http::assets::address;
use usher::server::storage::{Database, roster, settings};
use usher::ui::pages::table::PAGES;
use usher::values;
use usher::words::Language;

/// The roles, highest first; the last visitor is not signed in.
pub const ROLES: [&str; 5] =
    ["main_administrator", "company_administrator", "dispatcher", "agent_group_manager", "employee"];

/// The texts that people write.
#[derive(Clone, Copy, Debug)]
pub struct Texts {
    pub organisation: &'static str,
    pub company: &'static str,
    pub name: &'static str,
    pub phone: &'static str,
    pub personal: &'static str,
    pub reason: &'static str,
    pub support: &'static str,
    pub device: &'static str,
    pub relay: &'static str,
}

/// Nothing unusual.
pub const PLAIN: Texts = Texts {
    organisation: "ACME School",
    company: "ACME North",
    name: "Maria Lis",
    phone: "+375291234567",
    personal: "See you on Monday!",
    reason: "Left on 20 November",
    support: "help@acme.by",
    device: "Firefox · Linux",
    relay: "450 4.2.1 Busy",
};

/// The installation and who looks at it.
pub struct Town {
    pub site: TestSite,
    /// Role and browser.
    pub visitors: Vec<(&'static str, Browser)>,
    pub active: UserId,
    pub blocked: UserId,
    pub invited: Invited,
    pub expired: Invited,
    /// Drafts, messages and people: what an `id` in an address may be.
    pub ids: Vec<String>,
}

impl Town {
    /// `relay`: messages leave by it, and there is no built-in mailbox.
    pub async fn settle(db: Database, relay: Option<&str>, texts: Texts) -> Self {
        let site = TestSite::furnish(db, relay).await;
        let mut people = vec![site.anna.clone()];
        for role in &ROLES[1..] {
            people.push(site.add_with_password(texts.name, &format!("{role}@acme.by"), role).await);
        }
        let router = http::router(site.app.clone());
        let mut visitors = Vec::new();
        for (role, user) in ROLES.iter().zip(&people) {
            let mut browser = Browser::on(router.clone());
            browser.sign_in_as(&site.app, user).await;
            visitors.push((*role, browser));
        }
        visitors.push(("nobody", Browser::on(router)));
        let active = site.add_with_password(texts.name, "active@acme.by", "dispatcher").await;
        let blocked = site.add_with_password(texts.name, "blocked@acme.by", "dispatcher").await;
        let with_text =
            |new: &mut usher::server::storage::invitations::Invitation| new.personal_text = texts.personal.into();
        let invited = site.invite_with(texts.name, "invited@acme.by", with_text).await;
        let expired = site
            .invite_with(texts.name, "expired@acme.by", |new| {
                with_text(new);
                new.expires_at = Some(new.created_at);
            })
            .await;
        let mut town = Self { site, visitors, active, blocked, invited, expired, ids: Vec::new() };
        town.live(texts).await;
        town.write(texts).await;
        town.ids.extend(people.iter().map(|user| user.as_str().to_string()));
        town
    }

    pub fn anna(&mut self) -> &mut Browser {
        &mut self.visitors[0].1
    }

    /// Some history.
    async fn live(&mut self, texts: Texts) {
        let (active, blocked) = (self.active.as_str().to_string(), self.blocked.as_str().to_string());
        let (invited, invitation) =
            (self.invited.user.as_str().to_string(), self.invited.invitation.as_str().to_string());
        let manager = self.site.role("agent_group_manager").id.as_str().to_string();
        let (unit, role) =
            (self.site.company.id.as_str().to_string(), self.site.role("employee").id.as_str().to_string());
        let gone = self.site.add_active(texts.name, "gone@acme.by", "employee").await;
        let actions: [(&str, Vec<(&str, &str)>); 6] = [
            ("/api/block", vec![("id", &blocked), ("reason", "-")]),
            ("/api/change-role", vec![("id", &active), ("role", &manager)]),
            ("/api/resend", vec![("id", &invitation)]),
            ("/api/reset-password", vec![("id", &active)]),
            ("/api/delete", vec![("id", gone.as_str()), ("typed", "gone@acme.by")]),
            (
                "/api/invite",
                vec![
                    ("addresses", "new@acme.by, broken@, invited@acme.by, active@acme.bi"),
                    ("unit", &unit),
                    ("role", &role),
                    ("language", "en"),
                    ("personal_text", texts.personal),
                    ("valid_for", "8h"),
                ],
            ),
        ];
        for (path, fields) in actions {
            let answer = self.anna().call(path, &fields).await;
            assert!(!answer.status.is_client_error() && !answer.status.is_server_error(), "{path}: {}", answer.text());
            if let Some((_, draft)) = answer.location().split_once("draft=") {
                self.ids.push(draft.to_string());
            }
        }
        assert_eq!(self.ids.len(), 1, "a draft");
        if !self.site.app.has_way(usher::domain::contact::Channel::Email) {
            let mails = self.anna().mailbox().await;
            self.ids.extend(mails.iter().map(|mail| mail.id.as_str().to_string()));
            assert!(self.ids.len() > 3, "mails");
        }
        self.ids.extend([active, blocked, invited, self.expired.user.as_str().to_string()]);
    }

    /// Puts the texts where no form would let all of them in.
    async fn write(&mut self, texts: Texts) {
        let site = &self.site;
        let mut tx = site.app.db.maintain().await.expect("a transaction");
        let values = Settings {
            organisation: texts.organisation.into(),
            support_contact: texts.support.into(),
            zone: "Europe/Minsk".into(),
            hold: Duration(0),
            ..Settings::default()
        };
        // Settings that could not be read again are an error; a subject and a button are too short for all of it.
        let own = MailText { lead: texts.personal.into(), ..MailText::default() };
        let values = values.with_invitation_text(Language::English, own);
        settings::save(&mut tx, &values).await.expect("settings");
        tx.commit().await.expect("a commit");
        site.tamper("update users set name = $1 where deleted_at is null", &values![texts.name]).await;
        site.tamper("update users set phone = $2 where id = $1", &values![&self.active, texts.phone]).await;
        site.tamper("update units set name = $1", &values![texts.company]).await;
        site.tamper("update memberships set block_reason = $1 where blocked_at is not null", &values![texts.reason])
            .await;
        site.tamper("update sessions set device = $1", &values![texts.device]).await;
        site.tamper(
            "update message_events set detail = $1, kind = 'put_off', reason = 'refused'",
            &values![texts.relay],
        )
        .await;
        let blocked = "insert into audit_events (id, at, actor_id, action, subject_id, unit_id, before, after) \
                       select id || 'b', at, actor_id, action, subject_id, unit_id, before, $1 from audit_events \
                       where action = 'blocked'";
        site.tamper(blocked, &values![texts.reason]).await;
        let renamed = "insert into audit_events (id, at, actor_id, action, subject_id, unit_id, before, after) \
                       select id || 'r', at, actor_id, 'renamed', subject_id, unit_id, $1, $2 from audit_events \
                       where action = 'reset_sent'";
        site.tamper(renamed, &values![texts.name, texts.phone]).await;
        let mut tx = site.app.db.maintain().await.expect("a transaction");
        let people =
            [&self.active, &self.blocked, &self.invited.user, &self.expired.user, &site.anna].map(Clone::clone);
        roster::refresh(&mut tx, &people, site.app.clock.now()).await.expect("the lists");
        tx.commit().await.expect("a commit");
    }

    /// Every address that can be looked at: pages, what they read, files; whoever looks may get a refusal.
    pub async fn addresses(&self) -> BTreeSet<String> {
        let mut all: BTreeSet<String> = BTreeSet::new();
        for page in PAGES {
            for id in &self.ids {
                all.insert(page.path.replace(":id", id));
            }
        }
        for id in &self.ids {
            all.insert(format!("/users/invite?draft={id}"));
            all.insert(format!("/mailbox/{id}/html"));
        }
        for person in [&self.active, &self.blocked, &self.invited.user, &self.expired.user] {
            for question in ["block", "unblock", "delete", "role", "reset", "withdraw", "resend", "copy"] {
                all.insert(format!("/users/{}?do={question}", person.as_str()));
            }
        }
        for page in ["/me", "/audit", "/mailbox", "/settings", "/users", "/nowhere"] {
            all.insert(format!("/api/page?address={page}"));
        }
        all.extend(self.ids.iter().map(|id| format!("/api/page?address=/mailbox/{id}")));
        for (path, method) in leptos::server_fn::axum::server_fn_paths() {
            if method == Method::GET {
                let takes_id = path == "/api/user-question";
                let ids = if takes_id { self.ids.as_slice() } else { &self.ids[..1] };
                let rest = "q=&status=&role=&sort=&after=&before=";
                all.extend(ids.iter().map(|id| format!("{path}?id={id}&{rest}")));
            }
        }
        for status in ["active", "blocked", "invited", "waiting", "expired", "error"] {
            all.insert(format!("/users?status={status}"));
            all.insert(format!("/invitations?status={status}"));
        }
        for path in [
            "/",
            "/users?q=acme",
            "/users?q=nobody+at+all&sort=-added",
            "/users?after=x&role=y",
            "/nowhere",
            "/users/0190-nobody",
            "/users/invite?draft=0190-none",
            "/sign-in",
            "/sign-in?next=/users&notice=new-password",
            "/forgot",
            "/forgot/sent",
            "/set-up",
            "/i",
            "/i/none",
            "/i/none/x",
            "/reset/none",
            "/health/live",
            "/health/ready",
            "/.well-known/change-password",
            "/favicon.svg",
            "/icons.svg",
            "/usher.js",
            "/door.js",
            "/site.webmanifest",
            "/pkg/none/usher.js",
            "/pkg/none.js",
            "/pkg/../secret",
            "/robots.txt",
            "/api/none",
            "/api/",
            "/api/block",
            "/users/",
            "/%00",
            "/language",
        ] {
            all.insert(path.into());
        }
        for file in ["usher.css", "usher.js", "none.js"] {
            all.insert(address(&format!("/pkg/{file}")));
        }
        all.insert(self.site.page_of(&self.invited).await);
        all.insert(self.site.page_of(&self.expired).await);
        all.insert(self.site.reset_page_of(&self.active).await);
        all
    }

    /// Looks at everything as everybody.
    pub async fn look_around(&mut self) -> Vec<Look> {
        let addresses = self.addresses().await;
        let mut looks = Vec::new();
        for (role, browser) in &mut self.visitors {
            for address in &addresses {
                let answer = match address.starts_with("/api/") {
                    true => {
                        let (path, query) = address.split_once('?').unwrap_or((address, ""));
                        let fields: Vec<(String, String)> =
                            url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
                        let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
                        browser.ask(path, &fields).await
                    }
                    false => browser.get(address).await,
                };
                looks.push(Look { role, address: address.clone(), answer });
            }
        }
        looks
    }
}

/// What somebody got to see.
pub struct Look {
    pub role: &'static str,
    pub address: String,
    pub answer: Answer,
}

impl Look {
    /// For messages: `employee at /users`.
    pub fn name(&self) -> String {
        format!("{} at {} ({})", self.role, self.address, self.answer.status)
    }

    pub fn header(&self, name: &str) -> &str {
        self.answer.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    pub fn is_page(&self) -> bool {
        self.header("content-type").starts_with("text/html")
    }

    /// What a browser makes a page of.
    pub fn html(&self) -> Option<String> {
        self.is_page().then(|| self.answer.text())
    }
}
