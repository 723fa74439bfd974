//! What arrives: the words in both languages, the headers, and personal text that stays text (ML-01, ML-04, ML-05).

use super::Running;
use crate::support::databases::both;
use crate::support::site::{Invited, TestSite};
use crate::support::smtp::{Received, Sink};
use crate::support::until;
use usher::domain::timestamp::Timestamp;
use usher::server::storage::{settings, users};
use usher::values;
use usher::words::Language;

/// Fri 20 Nov 2026, 18:00 in Minsk.
const FRIDAY: Timestamp = Timestamp(1_795_186_800_000);

/// The mail that the relay gets for an invitation.
async fn arrive(site: &TestSite, sink: &Sink, ivan: &Invited) -> Received {
    let worker = Running::start(site);
    until("it is invited", || async { site.status(&ivan.user).await == "invited" }).await;
    worker.end().await;
    let to = format!("<{}@users.acme.by>", ivan.message);
    sink.taken().into_iter().find(|mail| mail.message_id() == to).expect("the mail")
}

/// The letters as they are read stand beside the tests, checked in.
fn check(name: &str, letter: &str) {
    insta::with_settings!({
        snapshot_path => "../snapshots",
        prepend_module_to_snapshot => false,
        omit_expression => true,
    }, {
        insta::assert_snapshot!(format!("mail_{name}"), letter);
    });
}

/// The link's secret is another one in every run.
fn without_secret(text: &str, path: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(path) {
        let end = after.find(|c: char| !(c.is_ascii_alphanumeric() || "-_".contains(c))).unwrap_or(after.len());
        assert_eq!(end, 46, "34 bytes of link");
        out.push_str(before);
        out.push_str(path);
        out.push('…');
        rest = &after[end..];
    }
    out + rest
}

/// Puts the clock a little before the moment at which the invitations of these tests end.
async fn on_friday(db: usher::server::storage::Database, relay: &str) -> TestSite {
    let site = TestSite::furnish(db, Some(relay)).await;
    let ahead = Timestamp(FRIDAY.0 - 3_600_000) - site.app.clock.now();
    site.app.clock.advance(ahead);
    site
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_says_who_invites_to_what_as_what_and_until_when() {
    both(|db| async {
        let sink = Sink::start().await;
        let site = on_friday(db, &sink.url()).await;
        let text = "See you on Monday!\nBring: passport, http://evil.example & <b>tea</b>.";
        for (language, name, snapshot) in
            [(Language::English, "Ivan Ivanov", "invitation_en"), (Language::Russian, "", "invitation_ru")]
        {
            let ivan = site
                .invite_with(name, &format!("ivan.{}@acme.by", language.code()), |new| {
                    new.language = language;
                    new.expires_at = Some(FRIDAY);
                    new.personal_text = text.into();
                })
                .await;
            let mail = arrive(&site, &sink, &ivan).await;
            let head = ["From", "To", "Reply-To", "Subject", "Auto-Submitted", "Content-Language"]
                .map(|name| format!("{name}: {}", mail.header(name)))
                .join("\n");
            let plain = without_secret(&mail.text(), "https://users.acme.by/i/");
            check(snapshot, &format!("{head}\n\n{plain}"));

            let html = mail.html();
            assert!(html.contains("&lt;b&gt;tea&lt;") && !html.contains("<b>tea"), "{html}");
            assert!(!html.contains("evil.example") && !html.contains("http:&#x2f;&#x2f;evil"), "{html}");
            assert!(html.contains(&format!("<html lang=\"{}\"", language.code())));
            // One button and the plain address, both ours, both the same (ML-01).
            let links: Vec<String> = html
                .split("href=\"")
                .skip(1)
                .map(|rest| rest.split('"').next().unwrap_or_default().replace("&#x2f;", "/"))
                .collect();
            assert_eq!(links.len(), 2);
            assert!(links[0] == links[1] && mail.text().contains(&links[0]), "{links:?}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_reset_works_an_hour_and_says_so() {
    both(|db| async {
        let sink = Sink::start().await;
        let site = on_friday(db, &sink.url()).await;
        let olga = site.add_active("Ольга", "olga@acme.by", "dispatcher").await;
        let mut tx = site.app.db.maintain().await.expect("a transaction");
        let mut user = users::find(&mut tx, &olga).await.expect("a look").expect("Olga");
        user.language = Language::Russian;
        users::update(&mut tx, &user, site.app.clock.now()).await.expect("done");
        let mut values = settings::load(&mut tx).await.expect("a look").expect("settings");
        values.support_contact = "help@acme.by, +375 17 000-00-00".into();
        settings::save(&mut tx, &values).await.expect("done");
        tx.commit().await.expect("a commit");
        // To the minute: the clock runs on while the test does.
        let message = site.reset(&olga).await;
        let mut tx = site.app.db.maintain().await.expect("a transaction");
        let sql = "update password_resets set expires_at = $2 where user_id = $1";
        tx.execute(sql, &values![&olga, FRIDAY]).await.expect("done");
        tx.commit().await.expect("a commit");
        let worker = Running::start(&site);
        until("it has left", || async { sink.taken().len() == 1 }).await;
        worker.end().await;
        let mail = sink.taken().pop().expect("a mail");
        assert_eq!(mail.message_id(), format!("<{message}@users.acme.by>"));
        let plain = without_secret(&mail.text(), "https://users.acme.by/reset/");
        check("reset_ru", &format!("Subject: {}\n\n{plain}", mail.header("Subject")));
    })
    .await;
}

/// AU-07: no reset link for who has none to use, and none that has ended.
#[tokio::test(flavor = "multi_thread")]
async fn a_reset_that_ended_never_leaves() {
    both(|db| async {
        let sink = Sink::start().await;
        let site = TestSite::furnish(db, Some(&sink.url())).await;
        let now = site.app.clock.now();
        for (number, sql) in [
            "update password_resets set used_at = $2 where user_id = $1",
            "update password_resets set expires_at = $2 where user_id = $1",
            "update password_resets set expires_at = null where user_id = $1 and $2 > 0",
            "update memberships set blocked_at = $2 where user_id = $1",
            "update users set registered_at = null where id = $1 and $2 > 0",
            "update users set deleted_at = $2, name = '', email = null, email_skeleton = null, password_hash = null \
             where id = $1",
        ]
        .into_iter()
        .enumerate()
        {
            let olga = site.add_active("Olga", &format!("olga{number}@acme.by"), "dispatcher").await;
            site.reset(&olga).await;
            let mut tx = site.app.db.maintain().await.expect("a transaction");
            tx.execute(sql, &values![&olga, now]).await.expect("done");
            tx.commit().await.expect("a commit");
        }
        let last = site.add_active("Olga", "olga@acme.by", "dispatcher").await;
        site.reset(&last).await;
        let worker = Running::start(&site);
        until("the sound one has left", || async { sink.taken().len() == 1 }).await;
        worker.end().await;
        assert_eq!(sink.received()[0].to, ["olga@acme.by"]);
    })
    .await;
}

/// ML-05.
#[tokio::test(flavor = "multi_thread")]
async fn every_mail_carries_the_headers_of_a_machine_that_writes_once() {
    both(|db| async {
        let sink = Sink::start().await;
        let site = on_friday(db, &sink.url()).await;
        let ivan = site.invite("Ivan", "ivan@acme.by").await;
        let mail = arrive(&site, &sink, &ivan).await;
        assert_eq!(mail.from, "people@acme.by");
        assert!(mail.header("Date").starts_with("Fri, 20 Nov 2026 14:0"), "{}", mail.header("Date"));
        assert!(mail.header("Content-Type").starts_with("multipart/alternative; boundary="));
        assert!(mail.headers("List-Unsubscribe").is_empty() && mail.headers("Bcc").is_empty());
        assert!(mail.raw.is_ascii() && mail.raw.lines().all(|line| line.len() <= 998));
        assert!(mail.html().len() < 102 * 1024 && mail.text().len() > 200);
        let (text, html) = (mail.raw.find("text/plain"), mail.raw.find("text/html"));
        assert!(text < html, "the better part stands last");
    })
    .await;
}

/// W-20: one true sentence for each place; the organisation's own opening is whole; without a name of the operator's the
/// organisation is the sender.
#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_to_two_places_says_one_true_sentence_for_each() {
    both(|db| async {
        let sink = Sink::start().await;
        let mut site = on_friday(db, &sink.url()).await;
        site.change_config(|config| config.mail_from.name = None);
        let east = site.add_company("Client East").await;
        let anna = crate::people::caller(&site.anna);
        let wish = usher::server::use_cases::invite::InviteForm {
            addresses: "Ivan <ivan@acme.by>".into(),
            units: vec![site.company.id.to_string(), east.id.to_string()],
            role: site.role("employee").id.to_string(),
            language: "en".into(),
            valid_for: "72h".into(),
            ..Default::default()
        };
        usher::server::use_cases::invite::invite(&site.app, &anna, &wish).await.expect("invited");
        let mut tx = site.app.db.maintain().await.expect("a transaction");
        let mut values = settings::load(&mut tx).await.expect("a look").expect("settings");
        values.invitation_texts = vec![(
            Language::Russian,
            usher::domain::mail_text::MailText {
                lead: "Добрый день!\nЖдём вас.".into(), ..Default::default()
            },
        )];
        settings::save(&mut tx, &values).await.expect("done");
        tx.commit().await.expect("a commit");
        let own = usher::server::use_cases::invite::InviteForm {
            addresses: "Olga <olga@acme.by>".into(),
            language: "ru".into(),
            units: vec![east.id.to_string()],
            ..wish
        };
        usher::server::use_cases::invite::invite(&site.app, &anna, &own).await.expect("invited");
        let worker = Running::start(&site);
        until("both have left", || async { sink.taken().len() == 2 }).await;
        worker.end().await;
        let taken = sink.taken();
        let to = |address: &str| taken.iter().find(|mail| mail.to == [address]).expect("the mail");
        let ivan = to("ivan@acme.by");
        assert!(ivan.header("From").contains("ACME School"), "{}", ivan.header("From"));
        assert_eq!(ivan.header("Subject"), "Anna Petrova invites you to ACME School");
        let text = ivan.text();
        for sentence in ["invites you to ACME North as Employee.", "You are also invited to Client East as Employee."] {
            assert_eq!(text.matches(sentence).count(), 1, "{text}");
        }
        assert!(!text.contains("Employee, "), "{text}");
        let own = to("olga@acme.by").text();
        assert!(own.starts_with("Добрый день!") && !own.contains("Здравствуйте"), "{own}");
        assert!(!to("olga@acme.by").html().contains("Здравствуйте"));
    })
    .await;
}

/// ML-03, ML-04: mail programs make links of what looks like one in a subject, too. Whoever is called like an address of the web still
/// invites, under a name that nobody can press; an ordinary name stands as it is.
#[tokio::test(flavor = "multi_thread")]
async fn no_name_puts_a_link_into_a_subject() {
    both(|db| async {
        let sink = Sink::start().await;
        let site = TestSite::furnish(db, Some(&sink.url())).await;
        let shapes = [
            "https://evil.example/win",
            "HTTPS://EVIL.EXAMPLE/win",
            "Prize https://evil.example",
            "Prize (http://evil.example/a)",
            "<https://evil.example>",
            "[Prize](https://evil.example)",
            "www.evil.example",
            "WWW.Evil.Example",
            "evil.example",
            "Anna (evil.example/win)",
            "evil.example: Anna",
            "claim@evil.example",
            "mailto:claim@evil.example",
            "ev\u{200b}il.example",
            "evil\u{ff0e}example",
            "злой.рф",
        ];
        let ordinary = ["Anna Petrova", "Anna P. Petrova", "ACME Ltd.", "O'Brien & Sons, No. 9"];
        let mut number = 0;
        for is_inviter in [true, false] {
            for name in shapes.into_iter().chain(ordinary) {
                let sql = match is_inviter {
                    true => "update users set name = $2 where id = $1",
                    false => "update units set name = $2 where id = $1",
                };
                let whose = if is_inviter { site.anna.as_str() } else { site.company.id.as_str() };
                site.tamper(sql, &values![whose, name]).await;
                number += 1;
                let ivan = site.invite("Ivan", &format!("ivan{number}@acme.by")).await;
                let mail = arrive(&site, &sink, &ivan).await;
                let subject = mail.header("Subject");
                // As whoever makes links of it sees it.
                let plain: String = subject.chars().filter(|c| !matches!(c, '\u{2066}'..='\u{2069}')).collect();
                if ordinary.contains(&name) {
                    assert!(plain.contains(name), "{name}: {subject}");
                    continue;
                }
                let letters: Vec<char> = plain.chars().collect();
                let joins = letters.windows(3).any(|part| {
                    let [before, sign, after] = part else { return false };
                    before.is_alphanumeric() && matches!(sign, '.' | '\u{ff0e}' | '@') && after.is_alphanumeric()
                });
                assert!(!joins && !plain.contains("://"), "{name}: {subject:?}");
            }
            site.tamper("update users set name = 'Anna Petrova' where id = $1", &values![&site.anna]).await;
        }
    })
    .await;
}
