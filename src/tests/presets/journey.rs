//! What is the same everywhere: from the first page to somebody at work in a unit of the preset's kind.

use super::office::{NAME, Office, row};
use crate::support::browser::Browser;
use crate::support::html::form_to;
use axum::http::StatusCode;
use usher::domain::id::{UnitId, UserId};
use usher::domain::timestamp::Duration;
use usher::domain::user::Status;
use usher::domain::vocabulary::Vocabulary;
use usher::words::Language;

/// What differs.
pub struct Way {
    /// What the unit is called.
    pub unit: &'static str,
    /// The role below the top one.
    pub administrator: &'static str,
    /// The role to which most are invited.
    pub usual: &'static str,
    /// For how long a link works.
    pub hours: i64,
    /// Where somebody with the usual role begins.
    pub start: &'static str,
}

/// Who is there in the end.
pub struct Arrived {
    pub unit: UnitId,
    /// Of the administrator of the company.
    pub chief: Browser,
    pub user: UserId,
    /// Of somebody with the usual role.
    pub browser: Browser,
}

impl Way {
    /// The administrator is hired, invites to the unit from its page, and the invited person arrives.
    pub async fn walk(&self, office: &mut Office) -> Arrived {
        let words = Language::English;
        let vocabulary = Vocabulary::of_preset(&office.site.settings().await.preset);
        let (company, mut anna) = (office.company(), office.anna.clone());
        let unit = office.found(&mut anna, self.unit, &company).await;
        let (_, mut chief) = office.hire("Olga Chief", "olga@acme.by", self.administrator, &company).await;

        // Unit, role and time stand in the form as the preset proposes them.
        let page = chief.get(&format!("/users/invite?unit={unit}")).await.text();
        let form = form_to(&page, "/api/invite");
        let usual = office.role(self.usual);
        assert_eq!(form.value("role"), Some(usual.as_str()));
        assert_eq!(form.value("units[]"), Some(unit.as_str()));
        assert_eq!(form.value("valid_for"), Some(""));
        assert!(page.contains(&words.invite_as_usual(&words.span(Duration::hours(self.hours)))), "{page}");
        let draft = office.invite(&mut chief, &unit, "ivan@acme.by", |form| form).await;
        let user = draft.sent[0].user_id.clone();
        let waiting = row(&mut chief, &user).await.expect("they are listed at once");
        assert_eq!((waiting.status, waiting.title()), (Status::Waiting, "ivan@acme.by"));

        let letter = office.letter("ivan@acme.by", 1).await;
        let role = words.role_name(office.site.role(self.usual));
        let text = letter.text();
        assert!(
            text.contains(&format!("Olga Chief (olga@acme.by) invites you to {NAME}, {} as {role}", self.unit)),
            "{text}"
        );
        assert!(letter.header("Subject").contains("Olga Chief"), "{}", letter.header("Subject"));
        assert!(letter.html().contains(&role) && letter.html().contains(self.unit), "{}", letter.html());
        office.until_status(&user, "invited").await;
        let invited = row(&mut chief, &user).await.expect("listed");
        assert_eq!(invited.status, Status::Invited);
        let until = invited.until.expect("an end").at;
        let left = (until - office.site.app.clock.now()).as_seconds_up();
        let whole = Duration::hours(self.hours).as_seconds_up();
        assert!((whole - 60..=whole).contains(&left), "{left} of {whole} seconds are left");

        let page = office.page_of(&letter).await;
        let mut first = office.register(&letter, "Ivan Ivanov").await;
        assert_eq!(first.get("/").await.status, StatusCode::OK, "the first page");
        assert_eq!(first.get(&page).await.status, StatusCode::GONE, "the link works once");
        let mut browser = office.sign_in("ivan@acme.by").await;
        assert_eq!(browser.get(self.start).await.status, StatusCode::OK);

        let there = row(&mut chief, &user).await.expect("the same row");
        assert_eq!((there.status, there.name.as_str()), (Status::Active, "Ivan Ivanov"));
        let held: Vec<_> = there.held.iter().map(|held| (held.unit.as_str(), held.place.role.to_string())).collect();
        assert_eq!(held, [(self.unit, usual)]);
        let page = chief.get(&format!("/users?unit={unit}")).await.text();
        for shown in ["Ivan Ivanov", words.status(vocabulary, Status::Active), &role] {
            assert!(page.contains(shown), "{shown} does not stand in {page}");
        }
        Arrived { unit, chief, user, browser }
    }
}
