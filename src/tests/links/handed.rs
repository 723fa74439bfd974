//! A link that was handed over (H-22): whoever holds it, and whoever handed it, learns nothing of the address; it makes no
//! account, but asks for the code that goes to the mailbox.

use super::{FILLED_IN, without_nonce};
use crate::organisation::Chain;
use crate::people::caller;
use crate::support::browser::{Answer, Browser};
use crate::support::crowd::State;
use crate::support::databases::both;
use crate::support::people::PASSWORD;
use crate::support::site::TestSite;
use crate::support::tables::Dump;
use axum::http::StatusCode;
use usher::domain::id::UserId;
use usher::domain::timestamp::Duration;
use usher::server::use_cases::{deletion, invitations, mailbox, users};
use usher::values;

/// The path of a link that an administrator copied.
async fn handed(site: &TestSite, by: &UserId, user: &UserId) -> String {
    let id = site.invitation_of(user).await;
    let link = invitations::copy_link(&site.app, &caller(by), &id).await.expect("a link");
    link.trim_start_matches("https://users.acme.by").to_string()
}

/// The texts of the messages with a code to an address, newest first.
async fn letters(site: &TestSite, address: &str) -> Vec<String> {
    let anna = caller(&site.anna);
    let mails = mailbox::list(&site.app, &anna).await.expect("the mailbox");
    let mut texts = Vec::new();
    for mail in mails.iter().filter(|mail| mail.to.contains(address)) {
        if ["Your code", "Ваш код"].iter().any(|start| mail.subject.starts_with(start)) {
            texts.push(mailbox::read(&site.app, &anna, &mail.id).await.expect("the mail").text);
        }
    }
    texts
}

/// The code in a message: two groups of four digits in a line of their own.
fn code_in(text: &str) -> String {
    let is_code = |line: &&str| {
        line.len() == 9 && line.split(' ').all(|part| part.len() == 4 && part.bytes().all(|b| b.is_ascii_digit()))
    };
    text.lines().map(str::trim).find(is_code).unwrap_or_else(|| panic!("no code: {text}")).to_string()
}

fn another(code: &str) -> String {
    code.chars().map(|c| if c == ' ' { c } else { char::from(b'0' + (c as u8 - b'0' + 1) % 10) }).collect()
}

/// All headers of an answer, but for those that differ each time.
fn headers(answer: &Answer) -> String {
    let mut lines: Vec<String> = answer
        .headers
        .iter()
        .filter(|(name, _)| !["content-security-policy", "x-request-id"].contains(&name.as_str()))
        .map(|(name, value)| format!("{name}: {}", String::from_utf8_lossy(value.as_bytes())))
        .collect();
    lines.sort();
    lines.join("\n")
}

async fn ask(browser: &mut Browser, page: &str) -> Answer {
    browser.post_form(&format!("{page}/send-code"), &[]).await
}

async fn give(browser: &mut Browser, page: &str, code: &str) -> Answer {
    browser.post_form(&format!("{page}/code"), &[("code", code)]).await
}

/// AU-06: the whole way, also with the plain form of the register page sent to such a link, which leaves out the code.
#[tokio::test(flavor = "multi_thread")]
async fn a_handed_link_makes_an_account_after_the_code_from_the_mailbox() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let ivan = site.invite("Ivan", "ivan@acme.by").await;
        let page = handed(&site, &site.anna, &ivan.user).await;
        let mut phone = Browser::new(&site.app);
        let shown = phone.get(&page).await;
        assert_eq!(shown.status, StatusCode::OK);
        assert!(!shown.text().contains("name=\"password\""), "nothing to fill in yet: {}", shown.text());
        let before = Dump::of(&site.app.db).await;
        phone.get(&format!("{page}?code=sent")).await;
        before.assert_unchanged(&site.app.db, "looking").await;

        let answer = phone.register_at(&page).await;
        let sent = format!("{page}?code=sent");
        assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, sent.as_str()));
        assert!(!phone.has_session(), "no account");
        let card = users::card(&site.app, &caller(&site.anna), &ivan.user).await.expect("a card");
        assert!(card.user.status.is_pending(), "{card:?}");
        let text = phone.get(&sent).await.text();
        assert!(text.contains("name=\"code\"") && text.contains("built-in mailbox"), "how to go on: {text}");
        let letter = letters(&site, "ivan@acme.by").await.remove(0);
        let code = code_in(&letter);

        let wrong = give(&mut phone, &page, &another(&code)).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(wrong.text().contains("not the code") && wrong.text().contains("name=\"code\""), "{}", wrong.text());
        // Another browser, and another way of writing it.
        let mut laptop = Browser::new(&site.app);
        let opened = give(&mut laptop, &page, &format!(" {} ", code.replace(' ', "-"))).await;
        assert_eq!(opened.status, StatusCode::SEE_OTHER, "{}", opened.text());
        let genuine = opened.location().to_string();
        assert_eq!(genuine, site.page_of(&ivan).await);
        assert!(letter.contains(&genuine), "the message has the link itself, too: {letter}");
        let entered = laptop.register_at(&genuine).await;
        assert_eq!(entered.status, StatusCode::SEE_OTHER, "{}", entered.text());
        assert!(laptop.has_session());
        let card = users::card(&site.app, &caller(&site.anna), &ivan.user).await.expect("a card");
        assert!(card.is_confirmed && !card.is_unproven);
        // Back, or loaded again: it is used.
        assert_eq!(phone.get(&sent).await.status, StatusCode::GONE);
        assert_eq!(give(&mut phone, &page, &code).await.status, StatusCode::GONE);
        assert_eq!(ask(&mut phone, &page).await.status, StatusCode::GONE);
    })
    .await;
}

/// The text without times of day: a minute may pass between two answers.
fn without_minutes(text: &str) -> String {
    let digit = |at: usize| text.as_bytes().get(at).is_some_and(u8::is_ascii_digit);
    let is_time = |at: &usize| digit(at.wrapping_sub(2)) && digit(at.wrapping_sub(1)) && digit(at + 1) && digit(at + 2);
    let mut plain = text.to_string();
    for (at, _) in text.match_indices(':').filter(|(at, _)| is_time(at)) {
        plain.replace_range(at - 2..at + 3, "HH:MM");
    }
    plain
}

/// Rule 40: every page and every answer is the same for an address that has an account and for one that nobody knows, to a
/// stranger and to whoever copied the link; with the inviter's own number, which is taken, and with any other.
#[tokio::test(flavor = "multi_thread")]
async fn a_handed_link_does_not_tell_whether_the_address_has_an_account() {
    both(|db| async {
        let chain = Chain::found(db).await;
        let (site, nina) = (&chain.site, &chain.admins[0]);
        let number = "+375291112233";
        site.tamper("update users set phone = $2, phone_signs_in = true where id = $1", &values![nina, number]).await;
        let known = site.add("Secret Name", "known@acme.by", "employee", &chain.south, State::Active).await;
        site.give_password(&known).await;
        // What else went to the address is not told either: somebody asks for a new password for it.
        for _ in 0..3 {
            Browser::new(&site.app).post_form("/forgot", &[("email", "known@acme.by")]).await;
        }
        let mut answers = Vec::new();
        for address in ["known@acme.by", "fresh@acme.by"] {
            let draft = chain.invite(nina, address, &[&chain.north], "employee").await.expect("sent");
            let page = handed(site, nina, &draft.sent[0].user_id).await;
            let mut said = Vec::new();
            for mut browser in [Browser::new(&site.app), Browser::signed_in(&site.app, nina).await] {
                let weak = [FILLED_IN[0], FILLED_IN[1], ("password", "short")];
                let taken = [FILLED_IN[0], ("phone", number), FILLED_IN[2]];
                let rubbish = [("name", ""), ("phone", "x"), ("password", "")];
                let mut all = vec![browser.get(&page).await, browser.get(&format!("{page}?account=1")).await];
                for form in [&weak[..], &taken[..], &rubbish[..], &FILLED_IN[..]] {
                    all.push(browser.post_form(&page, form).await);
                }
                all.push(browser.get(&format!("{page}?code=sent")).await);
                all.push(ask(&mut browser, &page).await);
                for _ in 0..11 {
                    all.push(give(&mut browser, &page, "1234 5678").await);
                }
                all.push(browser.post_form(&format!("{page}/join"), &[("password", "quiet stone bridge")]).await);
                all.push(browser.post_form(&format!("{page}/join"), &[]).await);
                for answer in all {
                    let text = without_nonce(&answer).replace(&page, "PAGE").replace(address, "ADDRESS");
                    let text = without_minutes(&text.replace("k…n@", "MASKED@").replace("f…h@", "MASKED@"));
                    let headers = headers(&answer).replace(&page, "PAGE");
                    said.push(format!("{}\n{headers}\n{text}", answer.status));
                }
            }
            answers.push(said);
        }
        for (of_known, of_fresh) in answers[0].iter().zip(&answers[1]) {
            assert_eq!(of_known, of_fresh);
        }
        assert!(answers[0].iter().any(|said| said.starts_with("429")), "tries are limited");
    })
    .await;
}

/// Whoever has an account gives its password, as before; or proves the mailbox and is asked for it there.
#[tokio::test(flavor = "multi_thread")]
async fn whoever_has_an_account_joins_by_a_handed_link() {
    both(|db| async {
        let chain = Chain::found(db).await;
        let (site, nina) = (&chain.site, &chain.admins[0]);
        let password = [("password", PASSWORD)];
        for (address, has_code) in [("one@acme.by", false), ("two@acme.by", true)] {
            let known = site.add("Known", address, "employee", &chain.south, State::Active).await;
            site.give_password(&known).await;
            let draft = chain.invite(nina, address, &[&chain.north], "employee").await.expect("sent");
            let mut page = handed(site, nina, &draft.sent[0].user_id).await;
            let mut browser = Browser::new(&site.app);
            if has_code {
                ask(&mut browser, &page).await;
                let code = code_in(&letters(site, address).await[0]);
                page = give(&mut browser, &page, &code).await.location().to_string();
                assert!(
                    browser.get(&page).await.text().contains("current-password"),
                    "known to whoever has the mailbox"
                );
            }
            let joined = browser.post_form(&format!("{page}/join"), &password).await;
            assert_eq!(joined.status, StatusCode::SEE_OTHER, "{}", joined.text());
            assert_eq!(chain.authority(&known).await.expect("something").holdings.len(), 2);
        }
    })
    .await;
}

/// H-24: an account that nobody has shown to be the address's own joins by a handed link only after the code, signed in or not.
#[tokio::test(flavor = "multi_thread")]
async fn an_unproven_account_joins_after_the_code_only() {
    both(|db| async {
        let chain = Chain::found(db).await;
        let (site, nina) = (&chain.site, &chain.admins[0]);
        let address = "director@acme.by";
        let old = site.add("The director", address, "employee", &chain.south, State::Active).await;
        site.give_password(&old).await;
        site.tamper("update users set created_by = $2 where id = $1", &values![&old, &site.anna]).await;
        let draft = chain.invite(nina, address, &[&chain.north], "employee").await.expect("sent");
        let page = handed(site, nina, &draft.sent[0].user_id).await;
        let mut signed_in = Browser::signed_in(&site.app, &old).await;
        for (browser, fields) in
            [(&mut signed_in, &[][..]), (&mut Browser::new(&site.app), &[("password", PASSWORD)][..])]
        {
            let refused = browser.post_form(&format!("{page}/join"), fields).await;
            assert_eq!(refused.status, StatusCode::CONFLICT, "{}", refused.text());
            assert!(refused.text().contains("/send-code"), "{}", refused.text());
        }
        assert_eq!(chain.authority(&old).await.expect("something").holdings.len(), 1);
        ask(&mut signed_in, &page).await;
        let code = code_in(&letters(site, address).await[0]);
        let genuine = give(&mut signed_in, &page, &code).await.location().to_string();
        let joined = signed_in.post_form(&format!("{genuine}/join"), &[]).await;
        assert_eq!(joined.status, StatusCode::SEE_OTHER, "{}", joined.text());
        assert_eq!(chain.authority(&old).await.expect("both").holdings.len(), 2);
    })
    .await;
}

/// AU-06, AU-08: codes are none before they are asked for, run out, are sent a few times an hour, are guessed at ten times and no
/// more, and end with what they open.
#[tokio::test(flavor = "multi_thread")]
async fn codes_run_out_and_are_limited() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let anna = caller(&site.anna);
        let ivan = site.invite("Ivan", "ivan@acme.by").await;
        let page = handed(&site, &site.anna, &ivan.user).await;
        let mut browser = Browser::new(&site.app);
        assert_eq!(give(&mut browser, &page, "").await.status, StatusCode::UNPROCESSABLE_ENTITY, "none was asked for");
        ask(&mut browser, &page).await;
        let first = code_in(&letters(&site, "ivan@acme.by").await[0]);
        site.pass(Duration::minutes(30));
        assert_eq!(give(&mut browser, &page, &first).await.status, StatusCode::SEE_OTHER, "half an hour is enough");
        site.pass(Duration::minutes(31));
        let late = give(&mut browser, &page, &first).await;
        assert!(late.status == StatusCode::UNPROCESSABLE_ENTITY && late.text().contains("expired"), "{}", late.text());
        assert!(letters(&site, "ivan@acme.by").await.is_empty(), "nor does the message leave any more");
        for asked in 0..5 {
            let expected = if asked < 3 { StatusCode::SEE_OTHER } else { StatusCode::TOO_MANY_REQUESTS };
            assert_eq!(ask(&mut browser, &page).await.status, expected, "{asked}");
        }
        // One page, one code: several messages say the same, and each of them works.
        let all = letters(&site, "ivan@acme.by").await;
        assert_eq!(all.len(), 3);
        let codes: Vec<String> = all.iter().map(|text| code_in(text)).collect();
        assert!(codes.iter().all(|code| code == &codes[0] && code != &first));
        for _ in 0..10 {
            give(&mut browser, &page, &another(&codes[0])).await;
        }
        let shut = give(&mut browser, &page, &codes[0]).await;
        assert_eq!(shut.status, StatusCode::TOO_MANY_REQUESTS, "also the right one waits then");
        assert_eq!(
            browser.get(&site.page_of(&ivan).await).await.status,
            StatusCode::OK,
            "the message's own link does not"
        );
        site.pass(Duration::minutes(61));
        assert_eq!(ask(&mut browser, &page).await.status, StatusCode::SEE_OTHER);
        let code = code_in(&letters(&site, "ivan@acme.by").await[0]);

        // Of another invitation it opens nothing, nor after a newer link, nor a withdrawal.
        let olga = site.invite("Olga", "olga@acme.by").await;
        let of_olga = handed(&site, &site.anna, &olga.user).await;
        assert_eq!(give(&mut browser, &of_olga, &code).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        invitations::resend(&site.app, &anna, &ivan.invitation).await.expect("sent again");
        assert_eq!(give(&mut browser, &page, &code).await.status, StatusCode::GONE);
        let newest = handed(&site, &site.anna, &ivan.user).await;
        assert_eq!(give(&mut browser, &newest, &code).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        // To one address strangers have only a few messages sent in a day; it is said like any other.
        assert_eq!(ask(&mut browser, &newest).await.status, StatusCode::SEE_OTHER);
        assert!(letters(&site, "ivan@acme.by").await.is_empty());
        ask(&mut browser, &of_olga).await;
        let code = code_in(&letters(&site, "olga@acme.by").await[0]);
        invitations::withdraw(&site.app, &anna, &olga.invitation).await.expect("withdrawn");
        assert_eq!(give(&mut browser, &of_olga, &code).await.status, StatusCode::GONE);
        assert!(letters(&site, "olga@acme.by").await.is_empty());

        // Forged and damaged links do nothing.
        let before = Dump::of(&site.app.db).await;
        for wrong in ["/i/x".to_string(), format!("{page}A"), page[..page.len() - 1].to_string()] {
            assert_eq!(ask(&mut browser, &wrong).await.status, StatusCode::NOT_FOUND, "{wrong}");
            assert_eq!(give(&mut browser, &wrong, &code).await.status, StatusCode::NOT_FOUND, "{wrong}");
        }
        before.assert_unchanged(&site.app.db, "what was forged").await;
    })
    .await;
}

/// Whatever ended the offer, no code is sent for it any more, none that was sent leaves or opens it; a code from before works
/// again where the offer does.
#[tokio::test(flavor = "multi_thread")]
async fn a_code_opens_nothing_that_is_over() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let anna = caller(&site.anna);
        let boris = site.add_active("Boris", "boris@acme.by", "company_administrator").await;
        for ended in ["blocked", "inviter", "deleted", "expired"] {
            let address = format!("{ended}@acme.by");
            let ivan = site.invite_with("Ivan", &address, |new| new.created_by = Some(boris.clone())).await;
            let page = handed(&site, &site.anna, &ivan.user).await;
            let mut browser = Browser::new(&site.app);
            ask(&mut browser, &page).await;
            let code = code_in(&letters(&site, &address).await[0]);
            match ended {
                "blocked" => users::block(&site.app, &anna, &ivan.user, "").await.expect("blocked"),
                "inviter" => users::block(&site.app, &anna, &boris, "").await.expect("blocked"),
                "deleted" => deletion::delete(&site.app, &anna, &ivan.user, &address).await.map(drop).expect("deleted"),
                _ => site.pass(Duration::days(40)),
            }
            let before = Dump::of(&site.app.db).await;
            assert_eq!(give(&mut browser, &page, &code).await.status, StatusCode::GONE, "{ended}");
            assert_eq!(give(&mut browser, &page, &another(&code)).await.status, StatusCode::GONE, "{ended}");
            assert_eq!(ask(&mut browser, &page).await.status, StatusCode::GONE, "{ended}");
            assert_eq!(browser.register_at(&page).await.status, StatusCode::GONE, "{ended}");
            before.assert_unchanged(&site.app.db, ended).await;
            let waiting = letters(&site, &address).await;
            assert!(waiting.is_empty() || ended == "inviter", "{ended}: {waiting:?}");
            match ended {
                "blocked" => users::unblock(&site.app, &anna, &ivan.user).await.expect("unblocked"),
                "inviter" => users::unblock(&site.app, &anna, &boris).await.expect("unblocked"),
                _ => continue,
            }
            assert_eq!(give(&mut browser, &page, &code).await.status, StatusCode::SEE_OTHER, "{ended}");
        }
    })
    .await;
}

/// In Russian, too; and what the inviter reads of the invitation does not tell that a code was asked for.
#[tokio::test(flavor = "multi_thread")]
async fn the_code_speaks_the_language_of_the_invitation() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let ivan = site
            .invite_with("Иван", "ivan@acme.by", |invitation| invitation.language = usher::words::Language::Russian)
            .await;
        let page = handed(&site, &site.anna, &ivan.user).await;
        let mut browser = Browser::new(&site.app);
        assert!(browser.get(&page).await.text().contains("Создать код"), "nothing leaves here");
        let lines = site.history(&ivan.invitation).await;
        ask(&mut browser, &page).await;
        assert!(browser.get(&format!("{page}?code=sent")).await.text().contains("ждёт здесь"));
        let letter = letters(&site, "ivan@acme.by").await.remove(0);
        assert!(letter.contains("Введите"), "{letter}");
        assert_eq!(site.history(&ivan.invitation).await, lines);
        assert_eq!(give(&mut browser, &page, &code_in(&letter)).await.status, StatusCode::SEE_OTHER);
    })
    .await;
}
