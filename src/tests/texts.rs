//! Rule 13: what an invitation says in the organisation's own words, on its way through the relay; the letter that is looked
//! at before anything is sent; the test of it to oneself.

mod preview;

use crate::delivery::Running;
use crate::support::browser::{Answer, Browser};
use crate::support::databases::both;
use crate::support::html::{form_to, unescape};
use crate::support::site::{Invited, TestSite};
use crate::support::smtp::{Received, Sink};
use crate::support::tables::Dump;
use crate::support::until;
use usher::domain::error::{Invalid, UseCaseError};
use usher::domain::mail_text::{MailTextKind, TextPart, TextProblem, Variable};
use usher::server::storage::Database;
use usher::words::Language;

const CHANGE: &str = "/api/change-texts";
const RESTORE: &str = "/api/restore-texts";

/// The fields of the form of the texts.
fn fields<'a>(language: &'a str, subject: &'a str, lead: &'a str, button: &'a str) -> [(&'a str, &'a str); 4] {
    [("language", language), ("subject", subject), ("lead", lead), ("button", button)]
}

async fn save(anna: &mut Browser, fields: &[(&str, &str)]) -> Answer {
    let answer = anna.call(CHANGE, fields).await;
    assert!(answer.is_done(), "{}", answer.text());
    answer
}

/// The page of the texts.
async fn page(browser: &mut Browser, language: &str) -> String {
    let address = format!("/settings/texts?language={language}");
    browser.get(&address).await.text()
}

/// What the relay gets for an invitation.
async fn arrive(site: &TestSite, sink: &Sink, invited: &Invited) -> Received {
    let worker = Running::start(site);
    until("it is invited", || async { site.status(&invited.user).await == "invited" }).await;
    worker.end().await;
    let to = format!("<{}@users.acme.by>", invited.message);
    sink.taken().into_iter().find(|mail| mail.message_id() == to).expect("the mail")
}

async fn furnish(db: Database, sink: &Sink) -> (TestSite, Browser) {
    let site = TestSite::furnish(db, Some(&sink.url())).await;
    let anna = Browser::signed_in(&site.app, &site.anna).await;
    (site, anna)
}

/// The marks that keep addresses from being clicked are not read by people.
fn read(text: &str) -> String {
    text.replace('\u{200c}', "")
}

#[tokio::test(flavor = "multi_thread")]
async fn own_words_arrive_in_their_language_and_ours_come_back() {
    both(|db| async {
        let sink = Sink::start().await;
        let (site, mut anna) = furnish(db, &sink).await;
        let subject = "{{role}} in {{unit}}: {{ Inviter }} waits";
        save(&mut anna, &fields("en", subject, "Dear {{name}},\r\n\r\n{{inviter}} wants you.", "Come in")).await;
        save(&mut anna, &fields("ru", "{{organisation}} ждёт", "Добро пожаловать в {{organisation}}!", "")).await;

        let ivan = site.invite("Ivan", "ivan@acme.by").await;
        let mail = arrive(&site, &sink, &ivan).await;
        assert_eq!(mail.header("Subject"), "Employee in ACME North: Anna Petrova waits");
        let text = read(&mail.text());
        assert!(text.contains("Dear Ivan,\nAnna Petrova (anna@acme.by) wants you.\n"), "{text}");
        assert!(text.contains("Come in:\nhttps://users.acme.by/i/") && !text.contains("Accept invitation"), "{text}");
        assert!(read(&mail.html()).contains(">Come in</a>"));
        // What is ours stands whatever they say.
        assert!(text.contains("The link works once, until") && text.contains("Not expecting this?"), "{text}");

        let olga = site.invite_with("Ольга", "olga@acme.by", |new| new.language = Language::Russian).await;
        let mail = arrive(&site, &sink, &olga).await;
        assert_eq!(mail.header("Subject"), "ACME North ждёт");
        let text = mail.text();
        assert!(text.contains("Добро пожаловать в ACME North!") && text.contains("Принять приглашение:"), "{text}");

        // Each language has its own way back.
        let answer = anna.call(RESTORE, &[("language", "en")]).await;
        assert_eq!(answer.location(), "/settings/texts?language=en");
        let pyotr = site.invite("Pyotr", "pyotr@acme.by").await;
        let mail = arrive(&site, &sink, &pyotr).await;
        assert_eq!(mail.header("Subject"), "Anna Petrova invites you to ACME North");
        assert!(mail.text().contains("Anna Petrova (anna@acme.by) invites you to ACME North as Employee."));
        let vera = site.invite_with("Вера", "vera@acme.by", |new| new.language = Language::Russian).await;
        assert_eq!(arrive(&site, &sink, &vera).await.header("Subject"), "ACME North ждёт");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_history_says_who_changed_which_words() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let mut anna = Browser::signed_in(&site.app, &site.anna).await;
        save(&mut anna, &fields("ru", "Тема \"раз\"", "Один\nДва", "")).await;
        save(&mut anna, &fields("ru", "", "Один\nДва", "")).await;
        let before = Dump::of(&site.app.db).await;
        // Saving what stands, ours or not, changes nothing and is no event.
        let shown = page(&mut anna, "ru").await;
        assert!(shown.contains("Restore our words") && shown.contains("Один\nДва"), "{shown}");
        save(
            &mut anna,
            &fields("ru", "{{inviter}} приглашает вас в «{{organisation}}»", "Один\nДва", "Принять приглашение"),
        )
        .await;
        before.assert_unchanged(&site.app.db, "saving what stands").await;
        let audit = unescape(&anna.get("/audit").await.text());
        for line in [
            "changed “Invitation e-mail, subject (Русский)”: our words → Тема \"раз\"",
            "changed “Invitation e-mail, opening (Русский)”: our words → Один Два",
            "changed “Invitation e-mail, subject (Русский)”: Тема \"раз\" → our words",
        ] {
            assert!(audit.contains(line), "{line}: {audit}");
        }
        // The form of the other settings leaves the words alone.
        let settings = [
            ("organisation", "ACME College"),
            ("language", "en"),
            ("zone", "UTC"),
            ("valid_for", "8h"),
            ("hold_seconds", "0"),
            ("letters_a_day", "2000"),
            ("min_length", "12"),
            ("name_policy", "user-wins"),
        ];
        assert!(anna.call("/api/change-settings", &settings).await.is_done());
        assert!(page(&mut anna, "ru").await.contains("Один\nДва"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_variable_is_refused_with_the_one_that_was_meant_and_nothing_typed_is_lost() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let mut anna = Browser::signed_in(&site.app, &site.anna).await;
        let before = Dump::of(&site.app.db).await;
        let lead = "я".repeat(900) + " {{inviterr}}";
        let typed = fields("ru", "Тема {{role}}", &lead, "Жмите");
        let answer = anna.call(CHANGE, &typed).await;
        let problem = TextProblem::Unknown { typed: "inviterr".into(), nearest: Some(Variable::Inviter) };
        let refusal = UseCaseError::Invalid(Invalid::MailText { part: TextPart::Lead, problem });
        assert_eq!((answer.status.as_u16(), answer.refusal()), (422, Some(refusal)));

        // The same by a plain form: beside the field, with all that was typed.
        let shown_on = "/settings/texts?language=ru";
        assert_eq!(anna.post_from(shown_on, CHANGE, &typed).await.status.as_u16(), 303);
        let shown = unescape(&anna.get(shown_on).await.text());
        assert!(shown.contains("There is no variable {{inviterr}}. Did you mean {{inviter}}?"), "{shown}");
        for text in [lead.as_str(), "Тема {{role}}", "Жмите"] {
            assert!(shown.contains(text), "{text}");
        }
        for (text, problem) in [
            ("{{role", "{{ is not closed"),
            ("{{x}}", "These exist: {{inviter}}, {{organisation}}, {{unit}}, {{role}}, {{until}}, {{name}}"),
            (
                "Dear {name}",
                "“{name}” would stand in every e-mail as it is. A variable has two braces on each side: {{name}}",
            ),
            ("Dear %имя%", "each side: {{inviter}}, {{organisation}}, {{unit}}, {{role}}, {{until}}, {{name}}"),
            (&"x".repeat(121), "is 121 characters long; at most 120 fit"),
        ] {
            let answer = anna.call(CHANGE, &fields("en", text, "", "")).await;
            let said = answer.refusal().map(|refusal| Language::English.refusal(&refusal)).unwrap_or_default();
            assert!(said.contains(problem), "{said}");
        }
        assert_eq!(anna.call(CHANGE, &fields("xx", "", "", "")).await.status.as_u16(), 422);
        before.assert_unchanged(&site.app.db, "what was refused").await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn markup_and_addresses_in_own_words_stay_text() {
    both(|db| async {
        let sink = Sink::start().await;
        let (site, mut anna) = furnish(db, &sink).await;
        let text = "<a href=\"http://evil.example\">{{name}}</a> http://evil.example";
        save(&mut anna, &fields("en", "Bcc: evil@evil.example {{name}}", text, "<b>http://evil.example</b>")).await;
        let ivan = site.invite("{{role}} <i>", "ivan@acme.by").await;
        let mail = arrive(&site, &sink, &ivan).await;
        assert_eq!(read(&mail.header("Subject")), "Bcc: evil@evil.example {{role}} <i>");
        assert!(!mail.header("Subject").contains("evil.example"), "nothing in it is a link");
        assert!(mail.headers("Bcc").is_empty());
        let html = mail.html();
        let links: Vec<String> = html
            .split("href=\"")
            .skip(1)
            .map(|rest| rest.split('"').next().unwrap_or_default().replace("&#x2f;", "/"))
            .collect();
        assert!(links.len() == 2 && links.iter().all(|link| link.starts_with("https://users.acme.by/i/")), "{links:?}");
        let body = html.split("</title>").last().unwrap_or_default();
        assert!(!body.contains("evil.example") && !body.contains("http:&#x2f;&#x2f;evil"), "{body}");
        assert!(!html.contains("<b>") && !html.contains("<i>") && html.contains("&lt;b&gt;"), "{html}");
        let text = mail.text();
        assert!(!text.contains("http://evil") && !text.contains("evil.example"), "{text}");
        assert!(read(&text).contains("{{role}} <i></a> http://evil.example"), "{text}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_may_not_change_settings_changes_no_words_and_sees_none() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        for role in ["company_administrator", "dispatcher", "agent_group_manager", "employee"] {
            let user = site.add_active("Somebody", &format!("{role}@acme.by"), role).await;
            let mut browser = Browser::signed_in(&site.app, &user).await;
            let before = Dump::of(&site.app.db).await;
            let typed = fields("en", "Mine", "", "");
            for (path, typed) in [(CHANGE, &typed[..]), (RESTORE, &typed[..1]), ("/settings/texts/letter", &typed[..])]
            {
                assert_eq!(browser.call(path, typed).await.status.as_u16(), 403, "{role} {path}");
            }
            let read = browser.ask("/api/page", &[("address", "/settings/texts")]).await;
            assert_eq!(read.status.as_u16(), 403, "{role}");
            let settings = browser.get("/settings").await.text();
            assert!(!settings.contains("/settings/texts"), "{role}");
            before.assert_unchanged(&site.app.db, role).await;
        }
        let mut anna = Browser::signed_in(&site.app, &site.anna).await;
        assert!(anna.get("/settings").await.text().contains("href=\"/settings/texts\""));
        assert!(page(&mut anna, "en").await.contains("{{inviter}} invites you to {{organisation}}"));
    })
    .await;
}

/// The other messages have words of their own, too; each version can be brought back.
#[tokio::test(flavor = "multi_thread")]
async fn reminders_resets_and_notices_say_it_in_own_words_and_versions_come_back() {
    both(|db| async {
        let sink = Sink::start().await;
        let (site, mut anna) = furnish(db, &sink).await;
        let of = |kind: &'static str, subject: &'static str, lead: &'static str| {
            [("kind", kind), ("language", "en"), ("subject", subject), ("lead", lead), ("button", "Go")]
        };
        save(&mut anna, &of("reset", "New key for {{name}}", "{{address}} asked at {{organisation}}.")).await;
        save(&mut anna, &of("reminder", "Still open: {{organisation}}", "Dear {{name}}, {{inviter}} waits.")).await;
        let refused = anna.call(CHANGE, &of("reset", "As {{role}}", "")).await.refusal();
        let problem = TextProblem::Elsewhere { variable: Variable::Role, kind: MailTextKind::Reset };
        assert_eq!(refused, Some(UseCaseError::Invalid(Invalid::MailText { part: TextPart::Subject, problem })));

        let olga = site.add_active("Olga", "olga@acme.by", "dispatcher").await;
        site.reset(&olga).await;
        let worker = Running::start(&site);
        until("it has left", || async { sink.taken().len() == 1 }).await;
        let mail = sink.taken().remove(0);
        assert_eq!(mail.header("Subject"), "New key for Olga");
        let text = read(&mail.text());
        assert!(text.contains("olga@acme.by asked at ACME School.") && text.contains("Go:\nhttps://"), "{text}");
        assert!(text.contains("Not you? Ignore this message"), "what is ours stands: {text}");
        worker.end().await;

        let shown = anna.get("/settings/texts?kind=reset&language=en").await.text();
        assert!(
            shown.contains("stands now") && shown.contains("{{address}}") && !shown.contains("{{role}}"),
            "{shown}"
        );
        save(&mut anna, &of("reset", "Another", "")).await;
        let shown = anna.get("/settings/texts?kind=reset&language=en").await.text();
        let form = form_to(&shown[shown.find("Versions").expect("versions")..], RESTORE);
        let version = form.value("version").expect("a version").to_string();
        let back = anna.call(RESTORE, &[("kind", "reset"), ("language", "en"), ("version", &version)]).await;
        assert!(back.is_done(), "{}", back.text());
        let shown = anna.get("/settings/texts?kind=reset&language=en").await.text();
        assert!(shown.contains("value=\"New key for {{name}}\""), "{shown}");
        let other = [("kind", "notice"), ("language", "en"), ("version", version.as_str())];
        assert_eq!(anna.call(RESTORE, &other).await.status.as_u16(), 404, "a version of another message");
        let audit = unescape(&anna.get("/audit").await.text());
        assert!(
            audit.contains("changed “New password, subject (English)”: our words → New key for {{name}}"),
            "{audit}"
        );
    })
    .await;
}
