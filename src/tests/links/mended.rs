//! Links that were broken or wrapped on their way, and public pages whose names are written otherwise: whoever follows or
//! pastes one comes to the page that is meant, and is never asked to sign in instead (L-08).

use crate::support::browser::Browser;
use crate::support::databases::both;
use crate::support::html::{form_to, tags};
use crate::support::site::TestSite;
use axum::http::StatusCode;
use usher::domain::listing::escape;
use usher::server::use_cases::invitations;

/// One working link of each kind, by the first part of its path.
async fn links(site: &TestSite) -> [(&'static str, String); 3] {
    let olga = site.add_with_password("Olga", "olga@acme.by", "dispatcher").await;
    site.reset(&olga).await;
    let reset = site.reset_page_of(&olga).await.trim_start_matches("/reset/").to_string();
    let ivan = site.invite("Ivan", "ivan@acme.by").await;
    let boris = site.add_active("Boris", "boris@acme.by", "employee").await;
    let day = usher::domain::message::last_day_of_confirmation(site.app.clock.now());
    let confirmation = site.app.key.confirmation_link(&boris, day, "boris@acme.by");
    [("i", site.link_of(&ivan.invitation).await), ("reset", reset), ("confirm", confirmation)]
}

/// Follows what the server answers, as a browser does; where it ends.
async fn follow(browser: &mut Browser, address: &str) -> (String, StatusCode, String) {
    let mut here = address.to_string();
    for _ in 0..5 {
        let answer = browser.get(&here).await;
        if !answer.status.is_redirection() {
            return (here, answer.status, answer.text());
        }
        here = answer.location().to_string();
    }
    panic!("{address} leads round and round");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_that_was_broken_or_wrapped_opens_its_own_page_l_08() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let mut browser = Browser::new(&site.app);
        for (door, secret) in links(&site).await {
            let page = format!("/{door}/{secret}");
            let address = format!("https://users.acme.by{page}");
            let escaped = escape(&address);
            let (head, tail) = secret.split_at(20);
            let big = door.to_uppercase();
            for path in [
                format!("{page}/"),
                format!("{page}%20"),
                format!("{page}%C2%A0"),
                format!("{page}%E2%80%8B"),
                format!("{page}."),
                format!("{page}%3E"),
                format!("{page}="),
                format!("{page}%0D%0A"),
                format!("/{door}/%20{secret}"),
                format!("/{door}/{head}={tail}"),
                format!("/{door}/{head}=%0D%0A{tail}"),
                format!("/{door}/{head}%20{tail}"),
                format!("/{door}/%3C{address}%3E"),
                format!("/{door}/{address}"),
                format!("/{door}/{escaped}"),
                format!("/{door}/https://eur01.safelinks.protection.outlook.com/?url={escaped}&data=05%7C02"),
                format!("/{door}/https://www.google.com/url?q={escaped}&sa=D"),
                format!("/{big}/{secret}"),
                format!("/{big}/{secret}/"),
                format!("//{door}/{secret}"),
            ] {
                let (here, status, text) = follow(&mut browser, &path).await;
                assert_eq!((here.as_str(), status), (page.as_str(), StatusCode::OK), "{path}: {text}");
            }
            for pasted in [
                address.clone(),
                secret.clone(),
                format!("Please open {address}."),
                format!("  <{address}>\r\n"),
                format!("https://users.acme.by/{door}/{head}=\r\n{tail}"),
                format!("https://users.acme.by/{door}/{head}\n> {tail}"),
                format!("https://eur01.safelinks.protection.outlook.com/?url={escaped}&data=05%7C02"),
                format!("https://urldefense.com/v3/__{address}__;!!AbC!dEf$"),
                format!("https://linkprotect.cudasvc.com/url?a={escaped}&c=E,1"),
                address.replace('/', "&#x2F;"),
            ] {
                // With its address, on any of the three pages.
                for field in ["i", "reset", "confirm"].into_iter().filter(|field| *field == door || pasted != secret) {
                    let (here, status, _) = follow(&mut browser, &format!("/{field}?link={}", escape(&pasted))).await;
                    assert_eq!((here.as_str(), status), (page.as_str(), StatusCode::OK), "{pasted} at /{field}");
                }
            }
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_mended_shows_the_field_and_never_the_sign_in_page_l_08() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let all = links(&site).await;
        let employee = site.add_active("Nick", "nick@acme.by", "employee").await;
        for mut browser in [Browser::new(&site.app), Browser::signed_in(&site.app, &employee).await] {
            for (door, secret) in &all {
                let short = &secret[1..];
                for path in [
                    format!("/{door}"),
                    format!("/{door}/"),
                    format!("/{}", door.to_uppercase()),
                    format!("/{door}/{short}"),
                    format!("/{door}/{short}/"),
                    format!("/{}/{short}", door.to_uppercase()),
                    format!("/{door}/x/y/z"),
                    format!("/{door}?link="),
                    format!("/{door}?link={short}"),
                    format!("/{door}?link=https%3A%2F%2Fevil.example%2F"),
                ] {
                    let (here, status, text) = follow(&mut browser, &path).await;
                    // The address on a letter is no broken link: its page asks for the letter's code.
                    let is_of_letters = path.trim_matches('/').eq_ignore_ascii_case("i");
                    let expected = if is_of_letters { StatusCode::OK } else { StatusCode::NOT_FOUND };
                    assert_eq!(status, expected, "{path}");
                    assert!(here.starts_with(&format!("/{door}")), "{path} leads to {here}");
                    let form = form_to(&text, &format!("/{door}"));
                    assert_eq!((form.method.as_str(), form.value("link")), ("get", Some("")), "{path}");
                    assert!(!text.contains("name=\"password\"") && !text.contains(short), "{path}: {text}");
                }
            }
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn public_pages_are_found_however_their_names_are_written_l_08() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let mut browser = Browser::new(&site.app);
        for (asked, page) in [
            ("/sign-in/", "/sign-in"),
            ("/Sign-In", "/sign-in"),
            ("/SIGN-IN/", "/sign-in"),
            ("/sign-in%20", "/sign-in"),
            ("/sign-in.", "/sign-in"),
            ("/Forgot/", "/forgot"),
            ("/forgot/sent/", "/forgot/sent"),
        ] {
            let (here, status, _) = follow(&mut browser, asked).await;
            assert_eq!((here.as_str(), status), (page, StatusCode::OK), "{asked}");
        }
        assert_eq!(follow(&mut browser, "/Set-Up/").await.0, "/sign-in", "it is set up");
        let (here, _, text) = follow(&mut browser, "/Sign-In/?next=%2Fusers%3Fq%3Da").await;
        assert_eq!(here, "/sign-in?next=%2Fusers%3Fq%3Da");
        let next = tags(&text).into_iter().find(|tag| tag.get("name") == Some("next")).expect("a field");
        assert_eq!(next.get("value"), Some("/users?q=a"));
        // Whoever is at work finds the same way by it, too.
        let mut anna = Browser::signed_in(&site.app, &site.anna).await;
        assert_eq!(follow(&mut anna, "/Sign-In/").await.0, "/users");
        assert_eq!(anna.get("/Users").await.status, StatusCode::NOT_FOUND, "a page of the app keeps its name");
    })
    .await;
}

/// A handed link, too, is mended: whoever copied it sends it by any messenger.
#[tokio::test(flavor = "multi_thread")]
async fn a_handed_link_is_mended_like_any_other_l_08() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let ivan = site.invite("Ivan", "ivan@acme.by").await;
        let anna = crate::people::caller(&site.anna);
        let link = invitations::copy_link(&site.app, &anna, &ivan.invitation).await.expect("a link");
        let page = link.trim_start_matches("https://users.acme.by");
        let mut browser = Browser::new(&site.app);
        assert_eq!(follow(&mut browser, &format!("{page}.")).await.0, page);
        assert_eq!(follow(&mut browser, &format!("/i?link={}", escape(&format!("Your link: {link} !")))).await.0, page);
    })
    .await;
}
