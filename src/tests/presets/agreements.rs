//! What people agree to, as the booking chain has it: two agreements without which nobody comes in, each with its versions, and
//! information messages, which everybody is free to have (rules 48, 49). What was agreed to is provable, asked again when it
//! changes, and can be taken back.

use super::logins;
use super::office::{Office, SECRET, agree_if_asked, card, page_in};
use crate::support::browser::{Answer, Browser};
use crate::support::databases::both;
use crate::support::html::{Form, form_to};
use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use usher::domain::consent::ConsentKind;
use usher::domain::error::{Conflict, UseCaseError};
use usher::domain::id::UserId;
use usher::domain::preset::{BOOKING, DISPATCH};
use usher::server::app::App;
use usher::values;
use usher::view_models::{ConsentState, PUBLIC_ANSWER, PublicAnswer};
use usher::words::Language;

const SPECIALIST: &str = "booking_specialist";

/// What stands in the table of answers about somebody, oldest first: kind, version, language, whether it is given, and whether
/// it has ended.
async fn kept(app: &App, user: &UserId) -> Vec<String> {
    let sql =
        "select kind, version, language, is_given, ended_at from consents where user_id = $1 order by answered_at, id";
    let mut tx = app.db.read().await.expect("a connection");
    let rows = tx.rows(sql, &values![user]).await.expect("the answers");
    let line = |row: &usher::server::storage::Row| {
        let given = if row.truth("is_given").expect("a truth") { "given" } else { "not given" };
        let ended = row.maybe_number("ended_at").expect("a moment").map_or("", |_| " ended");
        let [kind, language] = ["kind", "language"].map(|column| row.text(column).expect("text"));
        format!("{kind} {} {language} {given}{ended}", row.number("version").expect("a number"))
    };
    rows.iter().map(line).collect()
}

/// An invitation to a specialist, and the page of its letter.
async fn invited(office: &Office, address: &str) -> (UserId, String) {
    let (mut anna, company) = (office.anna.clone(), office.company());
    let user = office.invite_as(&mut anna, &company, address, SPECIALIST).await;
    (user, page_in(&office.letter(address, 1).await))
}

/// The form of the page, filled in but for the boxes.
async fn filled(browser: &mut Browser, page: &str) -> Form {
    let form = form_to(&browser.get(page).await.text(), page);
    form.with("name", "Sonya Lis").with("phone", "+375 29 111-22-33").with("password", SECRET)
}

/// Sends a form as the script of its page does.
async fn send_in_place(browser: &mut Browser, path: &str, fields: &[(&str, &str)]) -> (StatusCode, PublicAnswer) {
    let request = Request::builder()
        .method(Method::POST)
        .uri(path)
        .header(header::ACCEPT, PUBLIC_ANSWER)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::ORIGIN, crate::support::browser::ORIGIN)
        .header("sec-fetch-site", "same-origin");
    let body = Body::from(crate::support::browser::form(fields));
    let answer = browser.send(request.body(body).expect("a request")).await;
    (answer.status, serde_json::from_slice(&answer.body).unwrap_or_else(|_| panic!("{}", answer.text())))
}

/// Publishes a text on its page, in English, and has people asked for it or not.
async fn publish(by: &mut Browser, kind: ConsentKind, text: &str, is_asked: bool) -> Answer {
    let page = format!("/settings/agreements?kind={}", kind.code());
    let mut form = form_to(&by.get(&page).await.text(), "/api/publish-agreement").with("text_en", text);
    form.fields.retain(|(name, _)| name != "is_asked");
    form.fields.extend(is_asked.then(|| ("is_asked".to_string(), "on".to_string())));
    let answer = by.post_from(&page, "/api/publish-agreement", &form.pairs()).await;
    assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, page.as_str()), "{}", answer.text());
    answer
}

fn state(states: &[ConsentState], kind: ConsentKind) -> &ConsentState {
    states.iter().find(|state| state.kind == kind).expect("a state")
}

/// Rules 47, 48: both boxes have their asterisk and their text, and without both nobody comes in, whatever is sent.
#[tokio::test(flavor = "multi_thread")]
async fn nobody_comes_in_without_both_agreements() {
    both(|db| async {
        let office = Office::open(db, &BOOKING).await;
        let (user, page) = invited(&office, "sonya@acme.by").await;
        let mut browser = Browser::new(&office.site.app);
        let shown = browser.get(&page).await.text();
        for kind in [ConsentKind::UserAgreement, ConsentKind::PersonalData] {
            let link = format!("href=\"/agreements/{}/1?language=en\" target=\"_blank\"", kind.code());
            assert!(shown.contains(&link) && shown.contains(Language::Russian.consent_tick(kind)), "{shown}");
        }
        let form = filled(&mut browser, &page).await;
        let must: Vec<_> =
            form.unticked.iter().map(|(name, value, must)| (name.as_str(), value.as_str(), *must)).collect();
        assert_eq!(must, [("user-agreement", "1", true), ("personal-data", "1", true), ("messages", "1", false)]);

        let forged: [&[(&str, &str)]; 7] = [
            &[],
            &[("personal-data", "1")],
            &[("user-agreement", "2"), ("personal-data", "1")],
            &[("user-agreement", "0"), ("personal-data", "1")],
            &[("user-agreement", "on"), ("personal-data", "1")],
            &[("user-agreement", "1")],
            &[("user-agreement", "1"), ("messages", "1")],
        ];
        for (at, boxes) in forged.iter().enumerate() {
            let missing = if at < 5 { ConsentKind::UserAgreement } else { ConsentKind::PersonalData };
            let sent = [form.pairs(), boxes.to_vec()].concat();
            let answer = browser.post_form(&page, &sent).await;
            let html = answer.text();
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{boxes:?}: {html}");
            let why = Language::English.not_agreed(missing);
            assert!(html.contains(&format!("href=\"#{}\"", missing.code())) && html.contains("data-tried"), "{html}");
            assert!(html.contains(why) && html.contains("value=\"Sonya Lis\""), "{html}");
            let (status, said) = send_in_place(&mut browser, &page, &sent).await;
            let PublicAnswer::Refused(refusal) = said else { panic!("{said:?}") };
            assert_eq!((status.as_u16(), refusal.field.as_deref()), (422, Some(missing.code())), "{boxes:?}");
            assert_eq!(refusal.said.get(Language::English), why);
        }
        assert!(kept(&office.site.app, &user).await.is_empty() && !browser.has_session());
        // What was ticked stays ticked on the page that refuses.
        let refused = browser.post_form(&page, &[form.pairs(), vec![("personal-data", "1")]].concat()).await.text();
        assert_eq!(form_to(&refused, &page).value("personal-data"), Some("1"));
        assert_eq!(form_to(&refused, &page).value("user-agreement"), None);

        let agreed = form.with_what_must_be_ticked();
        let answer = browser.post_form(&page, &agreed.pairs()).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
        assert_eq!(browser.get("/").await.status, StatusCode::OK);
        let expected = ["user-agreement 1 en given", "personal-data 1 en given", "messages 1 en not given"];
        assert_eq!(kept(&office.site.app, &user).await, expected);
        office.close().await;
    })
    .await;
}

/// Rule 49: information messages are never ticked beforehand, and the answer is kept either way, with its version, its language,
/// its moment and its line in the history; it is changed in one's own profile.
#[tokio::test(flavor = "multi_thread")]
async fn messages_are_a_free_choice_that_is_kept_either_way() {
    both(|db| async {
        let office = Office::open(db, &BOOKING).await;
        let (user, page) = invited(&office, "sonya@acme.by").await;
        let mut browser = Browser::new(&office.site.app);
        browser.post_form("/language", &[("language", "ru"), ("back", &page)]).await;
        let form = filled(&mut browser, &page).await.with_what_must_be_ticked().ticked("messages");
        assert_eq!(browser.post_form(&page, &form.pairs()).await.status, StatusCode::SEE_OTHER);
        let app = &office.site.app;
        let given = ["user-agreement 1 ru given", "personal-data 1 ru given", "messages 1 ru given"];
        assert_eq!(kept(app, &user).await, given);

        let mut anna = office.anna.clone();
        let seen = card(&mut anna, &user).await;
        assert!(state(&seen.consents, ConsentKind::Messages).is_given());
        let answer = state(&seen.consents, ConsentKind::UserAgreement).answer.clone().expect("an answer");
        assert_eq!((answer.version, answer.language, answer.is_given), (1, Language::Russian, true));
        let html = anna.get(&format!("/users/{user}")).await.text();
        let agreed = "Sonya Lis agreed: User agreement, version 1 (Русский)";
        assert!(html.contains(agreed) && html.contains("Sonya Lis agreed: Information messages, version 1"), "{html}");

        let own = browser.get("/me").await.text();
        assert!(own.contains(Language::Russian.own_want_no_messages()), "{own}");
        let answer = browser.post_from("/me", "/api/choose-messages", &[]).await;
        assert_eq!(answer.location(), "/me");
        let own = browser.get("/me").await.text();
        let form = form_to(&own, "/api/choose-messages");
        assert_eq!(form.buttons, [("wanted".to_string(), "on".to_string())]);
        assert_eq!(kept(app, &user).await[2..], ["messages 1 ru given ended", "messages 1 ru not given"]);
        // The same once more is no other answer.
        browser.post_from("/me", "/api/choose-messages", &[]).await;
        assert_eq!(kept(app, &user).await.len(), 4);
        browser.post_from("/me", "/api/choose-messages", &[("wanted", "on")]).await;
        assert_eq!(kept(app, &user).await[3..], ["messages 1 ru not given ended", "messages 1 ru given"]);
        office.close().await;
    })
    .await;
}

/// Rule 48: each version of a text has a page that everybody may read; what was agreed to stays readable.
#[tokio::test(flavor = "multi_thread")]
async fn every_version_of_a_text_is_there_to_be_read() {
    both(|db| async {
        let office = Office::open(db, &BOOKING).await;
        let mut anyone = Browser::new(&office.site.app);
        let sample = anyone.get("/agreements/user-agreement/1").await;
        assert_eq!(sample.status, StatusCode::OK);
        assert!(sample.text().contains("SAMPLE. Replace this text") && sample.text().contains("Version 1"));
        let russian = anyone.get("/agreements/personal-data?language=ru").await.text();
        assert!(russian.contains("ОБРАЗЕЦ.") && russian.contains("lang=\"ru\""), "{russian}");

        let mut anna = office.anna.clone();
        publish(&mut anna, ConsentKind::UserAgreement, "One & <b>two</b>.\n\nThree.", true).await;
        let newest = anyone.get("/agreements/user-agreement").await.text();
        assert!(newest.contains("One &amp; &lt;b&gt;two&lt;/b&gt;.</p>") && newest.contains("Version 2"), "{newest}");
        let first = anyone.get("/agreements/user-agreement/1").await.text();
        assert!(first.contains("SAMPLE.") && first.contains(Language::English.consent_is_old()), "{first}");
        for nothing in
            ["user-agreement/3", "user-agreement/0", "user-agreement/-1", "user-agreement/x", "terms", "terms/1"]
        {
            let answer = anyone.get(&format!("/agreements/{nothing}")).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{nothing}");
        }
        // The page of the settings lists who published what, newest first.
        let listed = anna.get("/settings/agreements").await.text();
        let places =
            ["Version 2", "Version 1"].map(|version| listed.find(version).unwrap_or_else(|| panic!("{listed}")));
        assert!(places[0] < places[1] && listed.contains("Anna Petrova"), "{listed}");
        // Nothing new is no version.
        publish(&mut anna, ConsentKind::UserAgreement, "One & <b>two</b>.\r\n\r\n\r\nThree. ", true).await;
        assert_eq!(anyone.get("/agreements/user-agreement/3").await.status, StatusCode::NOT_FOUND);
        let audit = anna.get("/audit").await.text();
        assert!(audit.contains("published a text: User agreement, version 2"), "{audit}");
        office.close().await;
    })
    .await;
}

/// Rule 48: who agreed to another version is asked on their next page, in between; nothing else opens, and nothing is lost. The
/// author is not asked, and a program with a token goes on.
#[tokio::test(flavor = "multi_thread")]
async fn a_new_version_is_asked_of_everybody_on_their_next_page() {
    both(|db| async {
        let mut office = Office::open(db, &BOOKING).await;
        let company = office.company();
        let (chief, mut olga) =
            office.hire("Olga Chief", "olga@acme.by", "booking_chain_administrator", &company).await;
        let (app, mut anna) = (office.site.app.clone(), office.anna.clone());
        olga.token = Some(office.site.give_token(&chief).await);
        assert_eq!(olga.get("/users?q=a").await.status, StatusCode::OK);
        publish(&mut anna, ConsentKind::PersonalData, "What is new.", true).await;
        assert_eq!(anna.get("/users").await.status, StatusCode::OK, "whoever wrote it");

        let next = olga.get("/users?q=a").await;
        assert_eq!((next.status, next.location()), (StatusCode::SEE_OTHER, "/agreements?next=%2Fusers%3Fq%3Da"));
        // By no other way either.
        let refusal = Some(UseCaseError::Conflict(Conflict::AgreeFirst));
        for (path, fields) in [("/api/choose-language", vec![("language", "ru")]), ("/api/end-other-sessions", vec![])]
        {
            let answer = olga.call(path, &fields).await;
            assert_eq!((answer.status, answer.refusal()), (StatusCode::CONFLICT, refusal.clone()), "{path}");
        }
        let data = olga.ask("/api/page", &[("address", "/me"), ("viewer", "")]).await;
        assert_eq!((data.status, data.refusal()), (StatusCode::CONFLICT, refusal));
        assert_eq!(olga.read_api("/api/v1/users").await.status, StatusCode::OK, "a token is a program's");

        let shown = olga.get(next.location()).await.text();
        assert!(shown.contains("What is new.") && shown.contains("since you agreed to version 1"), "{shown}");
        assert!(!shown.contains("user-agreement") && !shown.contains("\"messages\""), "only what is open: {shown}");
        let form = form_to(&shown, "/agreements");
        for boxes in [vec![], vec![("personal-data", "3")], vec![("user-agreement", "1")]] {
            let answer = olga.post_form("/agreements", &[form.pairs(), boxes].concat()).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert!(answer.text().contains("href=\"#personal-data\""), "{}", answer.text());
        }
        let agreed = form.with_what_must_be_ticked();
        let answer = olga.post_form("/agreements", &agreed.pairs()).await;
        assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/users?q=a"));
        assert_eq!(olga.get("/users?q=a").await.status, StatusCode::OK);
        let lines = kept(&app, &chief).await;
        assert_eq!(
            lines[1..],
            ["personal-data 1 en given ended", "messages 1 en not given", "personal-data 2 en given"]
        );
        // Who owes nothing goes on; who is nobody signs in; and nobody is led away.
        assert_eq!(olga.get("/agreements?next=//evil.example").await.location(), "/");
        let nobody = Browser::new(&app).get("/agreements?next=/users").await;
        assert_eq!(nobody.location(), "/sign-in?next=%2Fusers");

        // Whoever had the page of an invitation open agreed to what stood there, and is asked about the new one.
        let (_, page) = invited(&office, "sonya@acme.by").await;
        let mut sonya = Browser::new(&app);
        let form = filled(&mut sonya, &page).await.with_what_must_be_ticked();
        publish(&mut anna, ConsentKind::UserAgreement, "Newer still.", true).await;
        assert_eq!(sonya.post_form(&page, &form.pairs()).await.status, StatusCode::SEE_OTHER);
        assert!(sonya.get("/").await.location().starts_with("/agreements?"));
        agree_if_asked(&mut sonya).await;
        assert_eq!(sonya.get("/").await.status, StatusCode::OK);
        // Nobody is asked any more.
        publish(&mut anna, ConsentKind::UserAgreement, "Newer still.", false).await;
        publish(&mut anna, ConsentKind::PersonalData, "What is newest.", false).await;
        assert_eq!(olga.get("/users").await.status, StatusCode::OK);
        office.close().await;
    })
    .await;
}

/// Rule 48: what was agreed to can be taken back, and then the account is closed for use until it is agreed to again.
#[tokio::test(flavor = "multi_thread")]
async fn an_agreement_can_be_taken_back_and_closes_the_account() {
    both(|db| async {
        let office = Office::open(db, &BOOKING).await;
        let (user, page) = invited(&office, "sonya@acme.by").await;
        let mut browser = Browser::new(&office.site.app);
        let form = filled(&mut browser, &page).await.with_what_must_be_ticked();
        assert_eq!(browser.post_form(&page, &form.pairs()).await.status, StatusCode::SEE_OTHER);
        let mut phone = office.sign_in("sonya@acme.by").await;
        phone.token = Some(office.site.give_token(&user).await);

        let own = browser.get("/me").await.text();
        assert!(own.contains(Language::English.own_withdraw_closes()), "{own}");
        let kinds = crate::support::html::forms(&own);
        let kinds: Vec<_> = kinds.iter().filter(|form| form.action == "/api/withdraw-agreement").collect();
        assert_eq!(kinds.len(), 2);
        let answer = browser.post_from("/me", "/api/withdraw-agreement", &kinds[0].pairs()).await;
        assert_eq!(answer.location(), "/agreements?next=/me");
        assert!(!phone.is_signed_in().await, "elsewhere the session is over");
        assert_eq!(phone.read_api("/api/v1/users").await.status, StatusCode::NOT_FOUND, "no token is left");
        for path in ["/", "/me", "/shifts"] {
            assert!(browser.get(path).await.location().starts_with("/agreements?next="), "{path}");
        }
        // Nor by the door.
        let (mut again, answer) = office.knock("sonya@acme.by").await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
        assert!(again.get("/").await.location().starts_with("/agreements?next="));
        let mut anna = office.anna.clone();
        let seen = card(&mut anna, &user).await;
        assert!(
            state(&seen.consents, ConsentKind::UserAgreement).answer.as_ref().is_some_and(|a| a.withdrawn.is_some())
        );
        let html = anna.get(&format!("/users/{user}")).await.text();
        assert!(html.contains("Sonya Lis withdrew the agreement: User agreement, version 1"), "{html}");

        let page = browser.get("/agreements?next=/me").await.text();
        let form = form_to(&page, "/agreements").with_what_must_be_ticked();
        assert_eq!(browser.post_form("/agreements", &form.pairs()).await.location(), "/me");
        assert_eq!(browser.get("/me").await.status, StatusCode::OK);
        let lines = kept(&office.site.app, &user).await;
        assert!(lines.contains(&"user-agreement 1 en given ended".to_string()), "{lines:?}");
        assert!(lines.contains(&"user-agreement 1 en given".to_string()), "{lines:?}");
        // There is nothing that others withdraw for them, and nothing twice.
        let refused = anna.call("/api/withdraw-agreement", &[("kind", "user-agreement")]).await;
        assert_eq!(refused.refusal(), Some(UseCaseError::Conflict(Conflict::NothingAgreed)));
        // Erased with its person; the history keeps what was done by whom.
        let form = form_to(&anna.get(&format!("/users/{user}?do=delete")).await.text(), "/api/delete");
        assert!(anna.post_form("/api/delete", &form.pairs()).await.is_done());
        assert!(!kept(&office.site.app, &user).await.is_empty(), "kept in the bin");
        let form = form_to(&anna.get(&format!("/users/{user}?do=delete")).await.text(), "/api/delete");
        let form = form.with("typed", "sonya@acme.by");
        assert!(anna.post_form("/api/delete", &form.pairs()).await.is_done());
        assert!(kept(&office.site.app, &user).await.is_empty());
        office.close().await;
    })
    .await;
}

/// Rules 48, 50, 80: whoever comes in by another way than the page of an invitation agrees in between: with a login that was
/// handed over, by an app of their own, to a second place. Nobody is locked out, however alone they are.
#[tokio::test(flavor = "multi_thread")]
async fn no_other_way_in_leads_round_the_agreements() {
    both(|db| async {
        let office = Office::open(db, &DISPATCH).await;
        let app = office.site.app.clone();
        let (mut anna, boris) = (office.anna.clone(), office.second().await);
        let (_, temporary) = logins::add(&office, &mut anna).await;
        publish(&mut anna, ConsentKind::UserAgreement, "What is agreed to.", true).await;

        let mut phone = Browser::new(&app);
        let first = phone.post_form("/m/sign-in", &[("username", "pavel.lis"), ("password", &temporary)]).await;
        let own = phone.post_form(first.location(), &[("password", SECRET)]).await;
        assert_eq!(own.location(), "/m", "{}", own.text());
        for path in ["/m", "/m/me", "/m/password"] {
            let between = phone.get(path).await;
            assert!(between.location().starts_with("/m/agreements?next=%2Fm"), "{path}: {}", between.location());
        }
        let forged = phone.post_form("/m/me", &[("name", "X"), ("language", "en"), ("version", "1")]).await;
        assert!(forged.location().starts_with("/m/agreements"), "{}", forged.location());
        let sent = serde_json::json!({ "username": "pavel.lis", "password": SECRET }).to_string();
        let sign_in = || {
            let request = Request::builder().method(Method::POST).uri("/api/v1/sessions");
            request.header(header::CONTENT_TYPE, "application/json").body(Body::from(sent.clone())).expect("a request")
        };
        let refused = Browser::new(&app).send(sign_in()).await;
        let said: serde_json::Value = serde_json::from_slice(&refused.body).expect("JSON");
        assert_eq!((refused.status.as_u16(), said["code"].as_str()), (403, Some("agreement_required")), "{said}");
        assert_eq!(said["continue_at"], "https://users.acme.by/m/agreements");
        let form = form_to(&phone.get("/m/agreements?next=/m/me").await.text(), "/m/agreements");
        let none = phone.post_form("/m/agreements", &form.pairs()).await;
        assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
        let agreed = form.with_what_must_be_ticked();
        assert_eq!(phone.post_form("/m/agreements", &agreed.pairs()).await.location(), "/m/me");
        let own = phone.get("/m/me").await.text();
        assert!(own.contains("/agreements/user-agreement/1") && own.contains("action=\"/m/me/agreements\""), "{own}");
        assert_eq!(Browser::new(&app).send(sign_in()).await.status, StatusCode::CREATED);
        let back = phone.post_form("/m/me/agreements", &[("kind", "user-agreement")]).await;
        assert_eq!(back.location(), "/m/me?notice=saved");
        assert!(phone.get("/m/me").await.location().starts_with("/m/agreements"));

        // The other main administrator, who would be alone: the page in between lets everybody pass.
        let mut boris = boris;
        assert!(boris.get("/users").await.location().starts_with("/agreements?"));
        assert!(boris.get("/settings").await.location().starts_with("/agreements?"));
        agree_if_asked(&mut boris).await;
        assert_eq!(boris.get("/settings").await.status, StatusCode::OK);
        office.close().await;
    })
    .await;
}
