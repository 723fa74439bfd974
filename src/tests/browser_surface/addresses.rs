//! Links are built from the configured address and from nothing that a request says (ML-01, ML-02).

use super::town::{PLAIN, Town};
use crate::support::browser::{Answer, Browser, ORIGIN, form};
use crate::support::databases::both;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode};

const EVIL: &str = "evil.example";

/// Everything by which a request can lie about the host; `Host` and `Origin` stay ours, or the request would be refused.
async fn send(browser: &mut Browser, path: &str, fields: &[(&str, &str)]) -> Answer {
    send_to(browser, "users.acme.by", path, fields).await
}

async fn send_to(browser: &mut Browser, host: &str, path: &str, fields: &[(&str, &str)]) -> Answer {
    let request = Request::builder()
        .method(Method::POST)
        .uri(path)
        .header("host", host)
        .header("x-forwarded-host", EVIL)
        .header("x-forwarded-proto", "http")
        .header("x-forwarded-server", EVIL)
        .header("x-forwarded-port", "1")
        .header("x-original-url", format!("https://{EVIL}/"))
        .header("x-host", EVIL)
        .header("forwarded", format!("host={EVIL};proto=http"))
        .header("referer", format!("https://{EVIL}/"))
        .header("origin", ORIGIN)
        .header("sec-fetch-site", "same-origin")
        .header("accept", "text/html")
        .header("content-type", "application/x-www-form-urlencoded");
    browser.send(request.body(Body::from(form(fields))).expect("a request")).await
}

#[tokio::test(flavor = "multi_thread")]
async fn no_forged_header_changes_a_link_or_an_address_ml_01_ml_02() {
    both(|db| async {
        let mut town = Town::settle(db, None, PLAIN).await;
        let (unit, role) =
            (town.site.company.id.as_str().to_string(), town.site.role("employee").id.as_str().to_string());
        let invited = town.invited.invitation.as_str().to_string();
        let renewal = format!("{}/renew", town.site.page_of(&town.expired).await);
        let anna = town.anna();
        let before = anna.mails().await.len();
        let invite = [
            ("addresses", "forged@acme.by"),
            ("unit", unit.as_str()),
            ("role", role.as_str()),
            ("language", "en"),
            ("valid_for", "8h"),
        ];
        for (path, fields) in [
            ("/api/invite", invite.to_vec()),
            (
                "/api/resend",
                vec![("id", invited.as_str()), ("email", "mallory@evil.example"), ("address", "mallory@evil.example")],
            ),
            ("/forgot", vec![("email", "company_administrator@acme.by")]),
            (renewal.as_str(), vec![]),
        ] {
            let elsewhere = send_to(anna, EVIL, path, &fields).await;
            assert_eq!(elsewhere.status, StatusCode::MISDIRECTED_REQUEST, "{path}");
            assert!(!elsewhere.text().contains(EVIL), "{path}");
            let answer = send(anna, path, &fields).await;
            assert!(answer.status.is_success() || answer.status.is_redirection(), "{path}: {}", answer.status);
            assert!(!answer.text().contains(EVIL) && !answer.location().contains(EVIL), "{path}");
        }
        let mails = anna.mails().await;
        assert!(mails.len() > before + 2, "{} mails", mails.len());
        for mail in &mails {
            for text in [&mail.text, &mail.html, &mail.from, &mail.summary.to, &mail.summary.subject] {
                assert!(!text.contains("evil"), "{text}");
            }
            assert!(mail.text.contains("https://users.acme.by/"), "{}", mail.text);
            assert!(
                mail.text.matches("://").count() == mail.text.matches("https://users.acme.by/").count(),
                "{}",
                mail.text
            );
        }
        // One address, the stored one: neither a list nor a second field makes another.
        for fields in [
            vec![("email", "company_administrator@acme.by,mallory@evil.example")],
            vec![("email", "company_administrator@acme.by"), ("email", "mallory@evil.example")],
            vec![("email[]", "company_administrator@acme.by"), ("email[]", "mallory@evil.example")],
            vec![("email", "company_administrator@acme.by\r\nBcc: mallory@evil.example")],
            vec![("email", "company_administrator@acme.by mallory@evil.example")],
        ] {
            let answer = send(anna, "/forgot", &fields).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{fields:?}");
        }
        let copied = send(anna, "/api/copy-link", &[("id", &invited)]).await;
        assert_eq!(copied.location(), "/", "a Referer elsewhere is no page of ours");
        let copied = anna.call("/api/copy-link", &[("id", &invited)]).await;
        assert!(copied.text().starts_with("\"https://users.acme.by/i/"), "{}", copied.text());
        // A page that is read under another name says nothing of that name.
        let request = Request::builder()
            .uri("/users")
            .header("host", EVIL)
            .header("x-forwarded-host", EVIL)
            .header("accept", "text/html");
        let page = anna.send(request.body(Body::empty()).expect("a request")).await;
        assert_eq!(page.status, StatusCode::MISDIRECTED_REQUEST);
        assert!(!page.text().contains(EVIL));
    })
    .await;
}
