//! The letter in its frame: it shows what stands in the form, tells nothing of anybody, writes nothing; and the test of it.

use super::{fields, read, save};
use crate::support::browser::{Answer, Browser};
use crate::support::databases::both;
use crate::support::html::{tags, unescape};
use crate::support::site::TestSite;
use crate::support::smtp::Sink;
use crate::support::tables::Dump;
use usher::domain::mail_text::{MailText, MailTextKind};
use usher::server::delivery::our_words;
use usher::server::storage::settings;
use usher::words::Language;

const INVITE: &str = "/users/invite/letter";
const TEXTS: &str = "/settings/texts/letter";

fn form<'a>(site: &'a TestSite, more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut fields = vec![
        ("addresses", ""),
        ("units[]", site.company.id.as_str()),
        ("role", site.role("dispatcher").id.as_str()),
        ("language", "en"),
        ("valid_for", "72h"),
        ("personal_text", ""),
    ];
    for (name, value) in more {
        fields.retain(|(other, _)| other != name);
        fields.push((name, value));
    }
    fields
}

/// The letters in the frames of an answer: light, then dark.
fn letters(answer: &Answer) -> Vec<String> {
    let html = answer.text();
    let frames = tags(&html).into_iter().filter(|tag| tag.name == "iframe");
    frames
        .map(|frame| {
            assert_eq!(frame.get("sandbox"), Some(""), "nothing runs in it");
            read(frame.get("srcdoc").expect("a letter")).replace("&#x2f;", "/")
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_preview_shows_what_stands_in_the_form_and_leaves_no_trace() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let mut anna = Browser::signed_in(&site.app, &site.anna).await;
        save(&mut anna, &fields("ru", "", "{{name}}, вас ждут: {{role}}.", "")).await;
        let before = Dump::of(&site.app.db).await;
        let text = "See you <b>soon</b>!";
        let typed = "Ivan Petrov <ivan@acme.by>, olga@acme.by";
        let answer = anna.post_form(INVITE, &form(&site, &[("addresses", typed), ("personal_text", text)])).await;
        assert_eq!(answer.status.as_u16(), 200);
        let page = unescape(&answer.text());
        for part in [
            "Anna Petrova invites you to ACME North",
            "Ivan Petrov <ivan@acme.by>",
            "Anna Petrova <anna@acme.by>",
            "nothing was sent",
            "> See you <b>soon</b>!",
        ] {
            assert!(page.contains(part), "{part}: {page}");
        }
        let [light, dark] = letters(&answer).try_into().expect("two looks");
        assert!(light.contains("Hello Ivan Petrov,") && light.contains("See you &lt;b&gt;soon&lt;"), "{light}");
        assert!(light.contains("as Dispatcher") && light.contains("href=\"https://users.acme.by/\""), "{light}");
        assert!(light.contains("@media not all {") && dark.contains("@media all {"), "{dark}");
        assert!(dark.contains("color-scheme: dark") && !dark.contains("prefers-color-scheme"), "{dark}");

        // Rows go before the text field, a row has its own role; and the language is that of the invitation.
        let dispatcher = site.role("employee").id.to_string();
        let row = [
            ("rows[0][typed]", "maria@acme.by"),
            ("rows[0][address]", "maria@acme.by"),
            ("rows[0][name]", "Мария"),
            ("rows[0][role]", dispatcher.as_str()),
            ("addresses", "olga@acme.by"),
            ("language", "ru"),
        ];
        let answer = anna.post_form(INVITE, &form(&site, &row)).await;
        let letter = letters(&answer).remove(0);
        assert!(letter.contains("Мария, вас ждут: Сотрудник.") && letter.contains("lang=\"ru\""), "{letter}");
        // Without an address there is a letter all the same.
        let answer = anna.post_form(INVITE, &form(&site, &[("addresses", "olga@acme")])).await;
        assert!(answer.text().contains("name@example.com"), "{}", answer.text());
        before.assert_unchanged(&site.app.db, "looking at letters").await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_preview_needs_what_inviting_needs_and_tells_of_nobody() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        site.add_active("Somebody Known", "known@acme.by", "employee").await;
        let boss = site.add_active("Boss", "boss@acme.by", "company_administrator").await;
        let employee = site.add_active("Employee", "employee@acme.by", "employee").await;
        let mut boss = Browser::signed_in(&site.app, &boss).await;
        let known = boss.post_form(INVITE, &form(&site, &[("addresses", "known@acme.by")])).await.text();
        let other = boss.post_form(INVITE, &form(&site, &[("addresses", "other@acme.by")])).await.text();
        assert_eq!(known.replace("known@", "other@"), other);

        let top = site.role("main_administrator").id.to_string();
        for (more, status) in [
            ([("units[]", site.company.id.as_str()), ("role", top.as_str())], 403),
            ([("units[]", "0190-nothing"), ("language", "en")], 404),
            ([("units[]", site.root.id.as_str()), ("language", "en")], 404),
            ([("role", "0190-nothing"), ("language", "en")], 422),
            ([("valid_for", "99999h"), ("language", "en")], 422),
            ([("valid_for", "72h"), ("language", "xx")], 422),
            ([("valid_for", "soon"), ("language", "en")], 422),
        ] {
            let answer = boss.post_form(INVITE, &form(&site, &more)).await;
            assert_eq!(answer.status.as_u16(), status, "{more:?}: {}", answer.text());
            assert!(answer.text().contains("class=\"notice") && letters(&answer).is_empty(), "said in words");
        }
        let long = "x".repeat(501);
        let answer = boss.post_form(INVITE, &form(&site, &[("personal_text", &long)])).await;
        assert_eq!(answer.status.as_u16(), 422);
        let mut employee = Browser::signed_in(&site.app, &employee).await;
        assert_eq!(employee.post_form(INVITE, &form(&site, &[])).await.status.as_u16(), 403);
        assert_eq!(Browser::new(&site.app).post_form(INVITE, &form(&site, &[])).await.status.as_u16(), 401);
    })
    .await;
}

/// Shown inside our own pages only, without any script; the letter's own styles are all that it brings.
#[tokio::test(flavor = "multi_thread")]
async fn the_frame_of_a_letter_is_shut_in() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let mut anna = Browser::signed_in(&site.app, &site.anna).await;
        let good = anna.post_form(INVITE, &form(&site, &[])).await;
        let refused = anna.post_form(INVITE, &form(&site, &[("language", "xx")])).await;
        for answer in [good, refused] {
            let header = |name: &str| answer.headers[name].to_str().expect("text").to_string();
            let policy = header("content-security-policy");
            assert!(policy.starts_with("default-src 'none'; ") && !policy.contains("script-src"), "{policy}");
            assert!(policy.contains("frame-ancestors 'self'") && policy.contains("form-action 'none'"), "{policy}");
            assert!(policy.contains("sandbox allow-same-origin") && !policy.contains("allow-scripts"), "{policy}");
            assert_eq!(header("x-frame-options"), "SAMEORIGIN");
            assert_eq!(header("cache-control"), "no-store");
            assert!(!answer.text().contains("<script"));
        }
        // Both forms send their letter into a frame of their own page.
        let find = format!("/users/invite?unit={}", site.company.id);
        for (page, path) in [(find.as_str(), INVITE), ("/settings/texts", TEXTS)] {
            let html = anna.get(page).await.text();
            let all = tags(&html);
            let target = all.iter().find(|tag| tag.get("formaction") == Some(path)).expect("a button");
            let name = target.get("formtarget").expect("a target");
            assert!(all.iter().any(|tag| tag.name == "iframe" && tag.get("name") == Some(name)), "{page}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn words_are_looked_at_and_tried_before_they_are_saved() {
    both(|db| async {
        let sink = Sink::start().await;
        let site = TestSite::furnish(db, Some(&sink.url())).await;
        let mut anna = Browser::signed_in(&site.app, &site.anna).await;
        let typed = fields("ru", "{{organisation}}: {{role}}", "Здравствуйте, {{name}}!", "Войти");
        let before = Dump::of(&site.app.db).await;
        let answer = anna.post_form(TEXTS, &typed).await;
        let letter = letters(&answer).remove(0);
        assert!(letter.contains("Здравствуйте, Anna Petrova!") && letter.contains(">Войти</a>"), "{letter}");
        assert!(letter.contains("Не ждали приглашения?"), "as it would be");
        let refused = anna.post_form(TEXTS, &fields("ru", "{{rol}}", "", "")).await;
        assert_eq!(refused.status.as_u16(), 422);
        assert!(unescape(&refused.text()).contains("Did you mean {{role}}?"), "{}", refused.text());
        before.assert_unchanged(&site.app.db, "looking at words").await;
        assert!(sink.taken().is_empty());

        let send = [&typed[..], &[("send", "on")]].concat();
        let answer = anna.post_form(TEXTS, &send).await;
        assert!(answer.text().contains("A test message is on its way to"), "{}", answer.text());
        let mail = sink.taken().pop().expect("a mail");
        assert_eq!(mail.to, ["anna@acme.by"]);
        assert!(mail.header("Subject").starts_with("ACME North: "), "{}", mail.header("Subject"));
        let text = mail.text();
        assert!(text.contains("Войти:\nhttps://users.acme.by/\n") && !text.contains("/i/"), "{text}");
        assert!(text.contains("Это проверка: никто не приглашён"), "{text}");
        let mut tx = site.app.db.read().await.expect("a connection");
        let told = "select count(*) as n from audit_events where action = 'test_sent'";
        assert_eq!(tx.row(told, &[]).await.expect("a count").number("n").expect("a number"), 1);
        let stored = settings::load(&mut tx).await.expect("a look").expect("settings");
        assert_eq!(stored.invitation_text(Language::Russian), MailText::default(), "trying saves nothing");
        drop(tx);

        // What stands against it is said where the letter would be.
        let quiet = TestSite::furnish_again(site.app.db.clone(), "smtp://127.0.0.1:9").await;
        let mut anna = Browser::signed_in(&quiet.app, &quiet.anna).await;
        let ours = our_words(MailTextKind::Invitation, Language::English);
        let typed = [&fields("en", &ours.subject, "", "")[..], &[("send", "on")]].concat();
        let answer = anna.post_form(TEXTS, &typed).await;
        assert_eq!(answer.status.as_u16(), 424);
        assert!(answer.text().contains("The message was not sent."), "{}", answer.text());
    })
    .await;
}
