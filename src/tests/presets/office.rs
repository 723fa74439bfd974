//! An organisation that somebody set up on its first page, with a relay of ours, and what people do there with a browser.

use crate::delivery::{QUICK, Running};
use crate::support::browser::{Answer, Browser};
use crate::support::gateway::SmsSink;
use crate::support::html::{Form, form_to, unescape};
use crate::support::pages::read;
use crate::support::site::{TestSite, config};
use crate::support::smtp::{Received, Sink};
use crate::support::until;
use axum::http::StatusCode;
use usher::domain::contact::Channel;
use usher::domain::id::{UnitId, UserId};
use usher::domain::preset::Preset;
use usher::domain::registration::{NameFields, PhoneField};
use usher::domain::review::InviteDraft;
use usher::domain::timestamp::Duration;
use usher::domain::user::Status;
use usher::server::app::App;
use usher::server::clock::Clock;
use usher::server::config::Config;
use usher::server::delivery::worker::Timing;
use usher::server::http::status::status_of;
use usher::server::secrets::Key;
use usher::server::storage::Database;
use usher::server::use_cases::set_up;
use usher::view_models::{UserCard, UserSummary, UsersPage};

/// A password that every preset takes.
pub const SECRET: &str = "Copper-7-lamp-river";

/// Long enough for a relay of ours beside all other tests: what it took and was not heard to take is sent again.
const PATIENT: Timing = Timing { reply_timeout: std::time::Duration::from_secs(10), ..QUICK };

/// What an organisation and its units are called.
pub const NAME: &str = "ACME Works";

pub struct Office {
    pub site: TestSite,
    pub sink: Sink,
    /// Anna's, who set it up.
    pub anna: Browser,
    worker: Running,
}

impl Office {
    /// Sets up an empty installation on its first page.
    pub async fn open(db: Database, preset: &'static Preset) -> Self {
        Self::open_with(db, preset, None).await
    }

    /// The same with a gateway for text messages, where there is one.
    pub async fn open_with(db: Database, preset: &'static Preset, gateway: Option<&SmsSink>) -> Self {
        let sink = Sink::start().await;
        let config = Config { sms: gateway.map(SmsSink::gateway), ..config(Some(&sink.url())) };
        let app = App::new(config, db, Key::from_bytes([7; 32]), Clock::default());
        let mut anna = Browser::new(&app);
        let form = form_to(&anna.get("/set-up").await.text(), "/set-up")
            .with("code", &app.set_up_code)
            .with("name", "Anna Petrova")
            .with("email", "anna@acme.by")
            .with("password", SECRET)
            .with("organisation", NAME)
            .with("preset", preset.key)
            .with("zone", "Europe/Minsk");
        let answer = anna.post_form("/set-up", &form.pairs()).await;
        assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/users"), "{}", answer.text());
        let site = TestSite::of(app).await;
        assert_eq!(site.preset.key, preset.key);
        let worker = Running::at(&site, PATIENT);
        Self { site, sink, anna, worker }
    }

    /// Shuts the doors; nothing is at work when the database goes.
    pub async fn close(self) {
        self.worker.end().await;
    }

    /// A second one with the top role; nobody makes one but the operator.
    pub async fn second(&self) -> Browser {
        let secret = SECRET.to_string().into();
        let made = set_up::create_administrator(&self.site.app, "Boris Second", "boris@acme.by", &secret, None).await;
        made.expect("a second one");
        self.sign_in("boris@acme.by").await
    }

    /// Makes a unit on the page of the one above it, of the kind that the page proposes.
    pub async fn found(&self, by: &mut Browser, name: &str, below: &UnitId) -> UnitId {
        let page = format!("/units/{below}");
        let form = form_to(&by.get(&page).await.text(), "/api/create-unit").with("name", name);
        assert_eq!(form.value("kind"), Some(self.site.preset.kinds[0].code()));
        done(by, "/api/create-unit", &form).await;
        let mut tx = self.site.app.db.read().await.expect("a connection");
        let row = tx.row("select id from units where name = $1", &usher::values![name]).await.expect("the unit");
        UnitId::new(row.text("id").expect("an id"))
    }

    /// Invites with the form as it stands on the page opened from a unit, but for the addresses and what `change` says.
    pub async fn invite(
        &self,
        by: &mut Browser,
        unit: &UnitId,
        addresses: &str,
        change: impl FnOnce(Form) -> Form,
    ) -> InviteDraft {
        let page = by.get(&format!("/users/invite?unit={unit}")).await;
        assert_eq!(page.status, StatusCode::OK);
        let form = change(form_to(&page.text(), "/api/invite").with("addresses", addresses));
        let answer = done(by, "/api/invite", &form).await;
        let (_, draft) = answer.location().split_once("/users/invite?draft=").expect("a result");
        by.draft(draft).await
    }

    /// Invites one person to a role.
    pub async fn invite_as(&self, by: &mut Browser, unit: &UnitId, address: &str, role: &str) -> UserId {
        let role = self.role(role);
        let draft = self.invite(by, unit, address, |form| form.with("role", &role)).await;
        assert!(draft.rows.is_empty(), "{:?}", draft.rows);
        draft.sent[0].user_id.clone()
    }

    /// Lets time pass until what was just sent leaves, and reads the letter: the so many-th one to this address.
    pub async fn letter(&self, address: &str, number: usize) -> Received {
        self.site.pass(Duration::seconds(11));
        let to = |mail: &Received| mail.to == [address];
        until(&format!("letter {number} to {address}"), || async {
            self.sink.taken().iter().filter(|mail| to(mail)).count() >= number
        })
        .await;
        self.written_down(Channel::Email).await;
        let letters: Vec<Received> = self.sink.taken().into_iter().filter(to).collect();
        assert_eq!(letters.len(), number, "letters to {address}");
        letters[number - 1].clone()
    }

    /// The same for a text message.
    pub async fn text(&self, gateway: &SmsSink, number: &str, nth: usize) -> String {
        self.site.pass(Duration::seconds(11));
        until(&format!("SMS {nth} to {number}"), || async { gateway.texts_to(number).len() >= nth }).await;
        self.written_down(Channel::Sms).await;
        let texts = gateway.texts_to(number);
        assert_eq!(texts.len(), nth, "SMS to {number}: {texts:?}");
        texts[nth - 1].clone()
    }

    /// Waits until what a relay or gateway has taken is written down as sent: when days pass before, it is taken for lost and sent again.
    async fn written_down(&self, channel: Channel) {
        until("what left is written down", || async {
            let mut tx = self.site.app.db.read().await.expect("a connection");
            let sql = "select count(*) as n from messages where channel = $1 and lease_until is not null and next_try_at is not null";
            tx.row(sql, &usher::values![channel.code()]).await.expect("a look").number("n").expect("a number") == 0
        })
        .await;
    }

    /// Waits until the lists say this of somebody.
    pub async fn until_status(&self, user: &UserId, status: &str) {
        until(&format!("they are {status}"), || async { self.site.status(user).await == status }).await;
    }

    /// Opens the page of a letter, fills in what it asks for and sends it; the browser in which it was done.
    pub async fn register(&self, letter: &Received, name: &str) -> Browser {
        let page = self.page_of(letter).await;
        self.register_at(&page, name).await
    }

    /// Fills in what a page asks for that somebody was led to, and sends it; the browser in which it was done.
    pub async fn register_at(&self, page: &str, name: &str) -> Browser {
        let mut browser = Browser::new(&self.site.app);
        let shown = browser.get(page).await;
        assert_eq!(shown.status, StatusCode::OK, "{}", shown.text());
        let mut form = form_to(&shown.text(), page).with("password", SECRET);
        let fields = self.site.settings().await.registration;
        form = match (fields.name, name.rsplit_once(' ')) {
            (NameFields::One, _) => form.with("name", name),
            (NameFields::FirstAndLast, Some((first, last))) => form.with("first_name", first).with("last_name", last),
            (NameFields::FirstAndLast, None) => panic!("{name} has no last name"),
        };
        if fields.repeats_password {
            form = form.with("password_again", SECRET);
        }
        if fields.phone == PhoneField::Required && form.value("phone") == Some("") {
            form = form.with("phone", "+375 29 555-44-33");
        }
        form = form.with_what_must_be_ticked();
        let answer = browser.post_form(page, &form.pairs()).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
        browser
    }

    /// Where a letter leads: by its link, or by signing in with what it carries.
    pub async fn page_of(&self, letter: &Received) -> String {
        let Some((name, password)) = carried(letter) else { return page_in(letter) };
        assert_eq!(page_in(letter), "/sign-in");
        let mut browser = Browser::new(&self.site.app);
        let answer = browser.post_form("/sign-in", &[("username", &name), ("password", &password)]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
        assert!(!browser.has_session(), "it opens the page of the invitation, and nothing else");
        answer.location().to_string()
    }

    /// Tries the door with the password of all.
    pub async fn knock(&self, address: &str) -> (Browser, Answer) {
        let mut browser = Browser::new(&self.site.app);
        let form = form_to(&browser.get("/sign-in").await.text(), "/sign-in")
            .with("username", address)
            .with("password", SECRET);
        let answer = browser.post_form("/sign-in", &form.pairs()).await;
        (browser, answer)
    }

    /// Signs in at the door.
    pub async fn sign_in(&self, address: &str) -> Browser {
        let (mut browser, answer) = self.knock(address).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
        agree_if_asked(&mut browser).await;
        assert!(browser.is_signed_in().await);
        browser
    }

    /// Has Anna invite somebody to a role, and a second one agree where it takes two; in the end they are signed in.
    pub async fn hire(&mut self, name: &str, address: &str, role: &str, unit: &UnitId) -> (UserId, Browser) {
        let mut anna = self.anna.clone();
        let user = self.invite_as(&mut anna, unit, address, role).await;
        if self.site.role(role).needs_approval {
            let mut second = match self.knock("boris@acme.by").await {
                (mut browser, answer) if answer.status == StatusCode::SEE_OTHER => {
                    agree_if_asked(&mut browser).await;
                    browser
                }
                _ => self.second().await,
            };
            answer(&mut second, &format!("/users/{user}?do=approve"), "/api/approve", &[]).await;
        }
        let letter = self.letter(address, 1).await;
        let browser = self.register(&letter, name).await;
        (user, browser)
    }

    /// The id of a role, as forms carry it.
    pub fn role(&self, key: &str) -> String {
        self.site.role(key).id.to_string()
    }

    pub fn company(&self) -> UnitId {
        self.site.company.id.clone()
    }
}

/// Sends a form of a page and sees that it was done.
pub async fn done(by: &mut Browser, path: &str, form: &Form) -> Answer {
    let answer = by.post_form(path, &form.pairs()).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}: {}", answer.text());
    let refusal = by.note().and_then(|note| note.refusal);
    assert_eq!(refusal, None, "{path} with {:?}", form.pairs());
    answer
}

/// Agrees to what stands between somebody and their pages, if something does.
pub async fn agree_if_asked(by: &mut Browser) {
    let first = by.get("/").await;
    if !first.location().starts_with("/agreements?") {
        return;
    }
    let form = form_to(&by.get(first.location()).await.text(), "/agreements").with_what_must_be_ticked();
    let answer = by.post_form("/agreements", &form.pairs()).await;
    assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/"), "{}", answer.text());
}

/// Opens a page and sends its form, with these fields filled in.
pub async fn answer(by: &mut Browser, page: &str, path: &str, fields: &[(&str, &str)]) -> Answer {
    let html = by.get(page).await.text();
    let form = fields.iter().fold(form_to(&html, path), |form, (name, value)| form.with(name, value));
    done(by, path, &form).await
}

/// Both ways of asking for the same are refused with this status.
pub async fn refused(by: &mut Browser, path: &str, fields: &[(&str, &str)], status: u16) {
    let answer = by.call(path, fields).await;
    assert_eq!(answer.status.as_u16(), status, "{path} {fields:?}: {}", answer.text());
    let answer = by.post_form(path, fields).await;
    let refusal = by.note().and_then(|note| note.refusal).map(|refusal| status_of(&refusal).as_u16());
    assert_eq!((answer.status, refusal), (StatusCode::SEE_OTHER, Some(status)), "{path} {fields:?}, as a form");
}

/// The user name and the one-time password in a letter, if it carries some; its two halves agree on them.
pub fn carried(letter: &Received) -> Option<(String, String)> {
    let text = letter.text();
    let line = |label: &str| {
        let (_, rest) = text.split_once(label)?;
        rest.split_whitespace().next().map(String::from)
    };
    let found = (line("User name: ")?, line("One-time password: ")?);
    assert!(letter.html().contains(&found.1), "{}", letter.html());
    Some(found)
}

/// Where the link of a letter leads; its two halves agree on it.
pub fn page_in(letter: &Received) -> String {
    let text = letter.text();
    let (_, rest) = text.split_once("https://users.acme.by").unwrap_or_else(|| panic!("no link in {text}"));
    let path = rest.split_whitespace().next().expect("a path").to_string();
    let html = unescape(&letter.html());
    assert!(html.contains(&format!("https://users.acme.by{path}\"")), "{html}");
    path
}

/// The list as somebody sees it.
pub async fn list(by: &mut Browser, unit: &str, status: &str) -> UsersPage {
    let fields =
        [("q", ""), ("status", status), ("role", ""), ("sort", ""), ("after", ""), ("before", ""), ("unit", unit)];
    read(&by.ask("/api/users", &fields).await)
}

/// Somebody's row in the list that is shown at first.
pub async fn row(by: &mut Browser, user: &UserId) -> Option<UserSummary> {
    list(by, "", "").await.rows.into_iter().find(|row| &row.id == user)
}

/// Somebody's card.
pub async fn card(by: &mut Browser, user: &UserId) -> UserCard {
    by.card(user).await
}

/// Whether somebody stands in the first list with this status.
pub async fn is_listed_as(by: &mut Browser, user: &UserId, status: Status) -> bool {
    row(by, user).await.is_some_and(|row| row.status == status)
}
