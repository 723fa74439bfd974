//! The main job by SMS: somebody is invited by their number alone, gets a text message through a gateway, registers by its short
//! link, signs in with the number, and stands as active in the table. And what may go wrong on that way.

use super::{fill_in, listed};
use crate::support::browser::Browser;
use crate::support::databases::both;
use crate::support::gateway::{Reply, SmsSink};
use crate::support::html::form_to;
use crate::support::people::PASSWORD;
use crate::support::site::TestSite;
use crate::support::until;
use axum::http::StatusCode;
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use usher::domain::onboarding::InvitationCarries;
use usher::domain::preset::LEARNING;
use usher::domain::settings::{InvitesBy, Settings};
use usher::domain::sms::SmsLength;
use usher::server::delivery::worker::{self, Timing};
use usher::server::storage::Database;

const TYPED: &str = "+375 29 123-45-67";
const NUMBER: &str = "+375291234567";

/// A learning platform with a gateway, and somebody who invites there.
struct Platform {
    site: TestSite,
    sink: SmsSink,
    anna: Browser,
    stop: CancellationToken,
}

impl Platform {
    async fn open(db: Database, has_gateway: bool) -> Self {
        let mut site = TestSite::furnish_as(&LEARNING, db, None).await;
        let sink = SmsSink::start().await;
        if has_gateway {
            site.change_config(|config| config.sms = Some(sink.gateway()));
        }
        let (stop, timing) =
            (CancellationToken::new(), Timing { interval: Duration::from_millis(100), ..Timing::default() });
        tokio::spawn(worker::run_at(site.app.clone(), stop.clone(), timing));
        // Here they carry links.
        let before = site.settings().await;
        site.save_settings(&Settings { carries: InvitationCarries::Link, ..before }).await;
        let anna = Browser::signed_in(&site.app, &site.anna).await;
        Self { site, sink, anna, stop }
    }

    /// Sends the invite form with this in its field; the page that it leads to.
    async fn invite(&mut self, addresses: &str) -> String {
        let sent = fill_in(&mut self.anna, "/users/invite", "/api/invite", &[("addresses", addresses)]).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text());
        self.anna.get(sent.location()).await.text()
    }

    /// The text of the message that came as the `nth`, from 1.
    async fn message(&self, nth: usize) -> (String, String) {
        until("a message came", || async { self.sink.asked().len() >= nth }).await;
        let asked = self.sink.asked().swap_remove(nth - 1);
        (asked.field("to"), asked.field("text"))
    }

    /// Who stands in the table under a number.
    async fn person(&self, number: &str) -> usher::domain::id::UserId {
        let mut tx = self.site.app.db.read().await.expect("a connection");
        let found = usher::server::storage::users::with_addresses(&mut tx, &[number]).await.expect("a look");
        found.first().expect("somebody").id.clone()
    }
}

/// The short link of a message, as a path.
fn path_in(text: &str) -> String {
    let link = text.split_whitespace().find_map(|word| word.strip_prefix("https://users.acme.by"));
    link.unwrap_or_else(|| panic!("no link in {text}")).to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_is_invited_by_a_number_and_comes_in_by_the_link_of_the_sms() {
    both(|db| async {
        let mut platform = Platform::open(db, true).await;
        let told = platform.invite(&format!("Vera Orlova {TYPED}")).await;
        assert!(told.contains(NUMBER), "the page does not say who was invited");
        let (to, text) = platform.message(1).await;
        assert_eq!(to, NUMBER);
        assert!(text.contains("Anna Petrova") && text.contains("ACME North"), "{text}");
        assert_eq!(SmsLength::of(&text).parts, 1, "{text}");
        assert!(path_in(&text).starts_with("/s/"), "{text}");
        until("the table says invited", || {
            let mut anna = platform.anna.clone();
            async move { listed(&mut anna, "invited", "Vera Orlova").await }
        })
        .await;

        // Looked at, also by robots, it is not spent.
        let mut vera = Browser::new(&platform.site.app);
        for _ in 0..5 {
            assert_eq!(Browser::new(&platform.site.app).get(&path_in(&text)).await.status, StatusCode::SEE_OTHER);
        }
        let page = vera.get(&path_in(&text)).await.location().to_string();
        assert!(page.starts_with("/i/"), "{page}");
        let shown = vera.get(&page).await;
        assert_eq!(shown.status, StatusCode::OK);
        let form = form_to(&shown.text(), &page);
        assert_eq!(
            (form.value("username"), form.value("phone")),
            (Some(NUMBER), Some("")),
            "the number is the sign-in"
        );
        // Another number in the form changes nothing (IN-05).
        let fields = [("name", "Vera Orlova"), ("phone", "+375 29 999-99-99"), ("password", PASSWORD)];
        let done = vera.post_form(&page, &fields).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text());
        assert!(listed(&mut platform.anna, "active", "Vera Orlova").await);

        let mut elsewhere = Browser::new(&platform.site.app);
        assert_eq!(elsewhere.sign_in("375 (29) 123 45 67", PASSWORD).await.status, StatusCode::SEE_OTHER);
        let wrong = Browser::new(&platform.site.app).sign_in("+375 29 999-99-99", PASSWORD).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        let again = Browser::new(&platform.site.app).get(&page).await;
        assert_eq!(again.status, StatusCode::GONE, "it was used");

        // Whoever is here is found by the number, as typed by anybody.
        let told = platform.invite("00375 29 1234567").await;
        assert!(told.contains("Already here") && told.contains("Vera Orlova"), "{told}");
        platform.stop.cancel();
    })
    .await;
}

/// Rule 17 and rule 44, by SMS.
#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_by_sms_is_sent_again_put_right_and_withdrawn() {
    both(|db| async {
        let mut platform = Platform::open(db, true).await;
        platform.invite(&format!("Vera {TYPED}")).await;
        let first = path_in(&platform.message(1).await.1);
        let invitation = platform.site.invitation_of(&platform.person(NUMBER).await).await;
        let id = [("id", invitation.as_str())];
        assert_eq!(platform.anna.call("/api/resend", &id).await.status, StatusCode::OK);
        let second = path_in(&platform.message(2).await.1);
        assert_ne!(first, second);
        let mut vera = Browser::new(&platform.site.app);
        let old = vera.get(&first).await.location().to_string();
        assert_eq!(vera.get(&old).await.status, StatusCode::GONE, "a newer one was sent");

        let right = [("id", invitation.as_str()), ("email", "+375 29 765-43-21")];
        let put_right = platform.anna.call("/api/fix-address", &right).await;
        assert!(put_right.is_done(), "{}", put_right.text());
        let (to, text) = platform.message(3).await;
        assert_eq!(to, "+375297654321");
        let dead = vera.get(&second).await.location().to_string();
        assert_eq!(vera.get(&dead).await.status, StatusCode::GONE);

        let newer = platform.site.invitation_of(&platform.person("+375297654321").await).await;
        assert_eq!(platform.anna.call("/api/withdraw", &[("id", newer.as_str())]).await.status, StatusCode::OK);
        let withdrawn = vera.get(&path_in(&text)).await.location().to_string();
        assert_eq!(vera.get(&withdrawn).await.status, StatusCode::GONE);
        platform.stop.cancel();
    })
    .await;
}

/// A number that the gateway refuses is an error of its row, in words, and nobody is said to be invited.
#[tokio::test(flavor = "multi_thread")]
async fn a_number_that_the_gateway_refuses_is_an_error_and_never_invited() {
    both(|db| async {
        let mut platform = Platform::open(db, true).await;
        platform.sink.script(|_, _| Reply::says(400, r#"{"message": "unknown subscriber"}"#));
        platform.invite(&format!("Vera Orlova {TYPED}")).await;
        until("the table says error", || {
            let mut anna = platform.anna.clone();
            async move { listed(&mut anna, "error", "Vera Orlova").await }
        })
        .await;
        let card = platform.anna.get(&format!("/users/{}", platform.person(NUMBER).await)).await.text();
        assert!(card.contains("The SMS gateway refuses the message. Check the number."), "{card}");
        assert!(card.contains("unknown subscriber"), "the gateway's words are kept");
        platform.stop.cancel();
    })
    .await;
}

/// Rules 29 to 31: each thing that is wrong with a number has words of its own, and the way to put it right.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_a_number_is_said_and_nothing_is_guessed() {
    both(|db| async {
        let mut platform = Platform::open(db, true).await;
        for (typed, words) in [
            ("9051111111", "country code"),
            ("8 905 111-11-11", "Use +79051111111"),
            ("+375 29 123-45-6", "too short"),
            ("+375 29 12", "too short"),
        ] {
            let told = platform.invite(typed).await;
            assert!(told.contains(words), "{typed}: {told}");
        }
        assert_eq!(platform.sink.asked().len(), 0);
        platform.invite("79051111111").await;
        assert_eq!(platform.message(1).await.0, "+79051111111");
        platform.stop.cancel();
    })
    .await;
}

/// Whoever only writes a number about themselves does not get what is sent to it, nor keeps it from whose it is (H-29's kind).
#[tokio::test(flavor = "multi_thread")]
async fn a_number_that_somebody_only_wrote_down_is_its_owners_once_they_come_in() {
    both(|db| async {
        let platform = Platform::open(db, true).await;
        let squatter = platform.site.add_with_password("Squatter", "squatter@acme.by", "learning_learner").await;
        platform
            .site
            .tamper(
                "update users set phone = $2, phone_signs_in = true where id = $1",
                &usher::values![&squatter, "+375297654321"],
            )
            .await;
        assert!(Browser::new(&platform.site.app).sign_in("+375297654321", PASSWORD).await.is_done());
        // The inviter sees the squatter and is told; they say that it is somebody else by writing to an address, or here: from
        // where nobody sees the squatter.
        let away = platform.site.invite_with("Vera", "vera@acme.by", |_| {}).await;
        platform
            .site
            .tamper(
                "update users set email = null, email_skeleton = null, phone = $2 where id = $1",
                &usher::values![&away.user, "+375297654321"],
            )
            .await;
        platform
            .site
            .tamper(
                "update invitations set channel = 'sms', address = $2 where id = $1",
                &usher::values![&away.invitation, "+375297654321"],
            )
            .await;
        let link = platform.site.app.key.invitation_link(&away.invitation, 1, "+375297654321");
        let page = format!("/i/{link}");
        let mut vera = Browser::new(&platform.site.app);
        let shown = vera.get(&page).await.text();
        let form = form_to(&shown, &page).with("name", "Vera").with("password", "amber window seven");
        let done = vera.post_form(&page, &form.pairs()).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text());
        assert!(Browser::new(&platform.site.app).sign_in("+375297654321", "amber window seven").await.is_done());
        let lost = Browser::new(&platform.site.app).sign_in("+375297654321", PASSWORD).await;
        assert_eq!(lost.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(Browser::new(&platform.site.app).sign_in("squatter@acme.by", PASSWORD).await.is_done());
        platform.stop.cancel();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_gateway_an_sms_waits_in_the_mailbox_with_its_length() {
    both(|db| async {
        let mut platform = Platform::open(db, false).await;
        platform.invite(&format!("Vera {TYPED}")).await;
        let list = platform.anna.get("/mailbox").await.text();
        assert!(list.contains(NUMBER) && list.contains("/s/"), "{list}");
        let at = list.find("href=\"/mailbox/").expect("a message") + "href=\"".len();
        let page = list[at..].split('"').next().expect("its page");
        let message = platform.anna.get(page).await.text();
        assert!(message.contains("1 SMS part") && message.contains("Open the link"), "{message}");
        platform.stop.cancel();
    })
    .await;
}

/// A forgotten password, by SMS: the link goes to the number with which somebody signs in, and shows that it is theirs.
#[tokio::test(flavor = "multi_thread")]
async fn a_forgotten_password_is_set_anew_by_the_link_of_an_sms() {
    both(|db| async {
        let mut platform = Platform::open(db, true).await;
        platform.invite(&format!("Vera Orlova {TYPED}")).await;
        let mut vera = Browser::new(&platform.site.app);
        let page = vera.get(&path_in(&platform.message(1).await.1)).await.location().to_string();
        let fields = [("name", "Vera Orlova"), ("phone", ""), ("password", PASSWORD)];
        assert_eq!(vera.post_form(&page, &fields).await.status, StatusCode::SEE_OTHER);

        let mut elsewhere = Browser::new(&platform.site.app);
        let asked = elsewhere.post_form("/forgot", &[("email", "375 29 1234567")]).await;
        assert!(asked.status.is_redirection() || asked.status.is_success(), "{}", asked.text());
        let (to, text) = platform.message(2).await;
        assert_eq!((to.as_str(), SmsLength::of(&text).parts), (NUMBER, 1), "{text}");
        let door = path_in(&text);
        assert!(door.starts_with("/reset/"), "{text}");
        let shown = elsewhere.get(&door).await;
        assert!(shown.status == StatusCode::OK && shown.text().contains(NUMBER), "{}", shown.text());
        let done = elsewhere.post_form(&door, &[("password", "quiet stone bridge")]).await;
        assert!(done.status.is_success() || done.status.is_redirection(), "{}", done.text());
        assert_eq!(elsewhere.get(&door).await.status, StatusCode::GONE, "once");
        let old = Browser::new(&platform.site.app).sign_in(NUMBER, PASSWORD).await;
        assert_eq!(old.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(Browser::new(&platform.site.app).sign_in(NUMBER, "quiet stone bridge").await.is_done());
        platform.stop.cancel();
    })
    .await;
}

/// A link that was handed over asks for the code that goes to the number (H-22), and only with it makes the account.
#[tokio::test(flavor = "multi_thread")]
async fn a_handed_link_of_a_number_asks_for_the_code_of_an_sms() {
    both(|db| async {
        let mut platform = Platform::open(db, true).await;
        platform.invite(&format!("Vera Orlova {TYPED}")).await;
        let genuine = path_in(&platform.message(1).await.1);
        let invitation = platform.site.invitation_of(&platform.person(NUMBER).await).await;
        let handed = platform.site.app.key.handed_invitation_link(&invitation, 1, NUMBER);
        let page = format!("/i/{handed}");
        let mut vera = Browser::new(&platform.site.app);
        let shown = vera.get(&page).await;
        assert!(!shown.text().contains("name=\"password\""), "nothing to fill in yet: {}", shown.text());
        vera.post_form(&format!("{page}/send-code"), &[]).await;
        let (to, text) = platform.message(2).await;
        assert_eq!(to, NUMBER);
        assert!(!text.contains("/s/") && !text.contains("/i/"), "{text}");
        let is_code = |word: &&str| word.len() == 8 && word.bytes().all(|byte| byte.is_ascii_digit());
        let code = text.split(|c: char| !c.is_ascii_alphanumeric()).find(is_code).unwrap_or_else(|| panic!("{text}"));
        let wrong = vera.post_form(&format!("{page}/code"), &[("code", "00000000")]).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        let opened = vera.post_form(&format!("{page}/code"), &[("code", code)]).await;
        assert_eq!(opened.status, StatusCode::SEE_OTHER, "{}", opened.text());
        let own = opened.location().to_string();
        assert_eq!(own, Browser::new(&platform.site.app).get(&genuine).await.location());
        let fields = [("name", "Vera Orlova"), ("phone", ""), ("password", PASSWORD)];
        assert_eq!(vera.post_form(&own, &fields).await.status, StatusCode::SEE_OTHER);
        let card = platform.anna.card(&platform.person(NUMBER).await).await;
        assert!(card.is_phone_confirmed, "{card:?}");
        assert_eq!(vera.get(&page).await.status, StatusCode::GONE);
        platform.stop.cancel();
    })
    .await;
}

/// IN-14: a short link is a try at a door; whoever guesses is slowed down, and whoever has one is not.
#[tokio::test(flavor = "multi_thread")]
async fn whoever_guesses_short_links_is_slowed_down() {
    both(|db| async {
        let platform = Platform::open(db, true).await;
        let mut robot = Browser::new(&platform.site.app);
        let mut statuses = Vec::new();
        for n in 0..40 {
            statuses.push(robot.get(&format!("/s/AZ-srcAe{n:012}")).await.status);
        }
        assert_eq!(statuses[0], StatusCode::NOT_FOUND);
        assert_eq!(statuses[39], StatusCode::TOO_MANY_REQUESTS, "{statuses:?}");
        platform.stop.cancel();
    })
    .await;
}

/// Rule 25: confined to e-mail, a number waits for an address, and the gateway hears of nothing.
#[tokio::test(flavor = "multi_thread")]
async fn confined_to_e_mail_nobody_is_invited_by_a_number() {
    both(|db| async {
        let mut platform = Platform::open(db, true).await;
        let before = platform.site.settings().await;
        platform.site.save_settings(&Settings { invites_by: InvitesBy::MailOnly, ..before }).await;
        let told = platform.invite(&format!("Vera {TYPED}")).await;
        assert!(told.contains("Invitations go by e-mail"), "{told}");
        assert_eq!(platform.sink.asked().len(), 0);
        platform.stop.cancel();
    })
    .await;
}

/// Rule 24, by SMS: the message carries the number as the user name, and a one-time password.
#[tokio::test(flavor = "multi_thread")]
async fn a_text_message_carries_a_user_name_and_a_one_time_password() {
    both(|db| async {
        let mut platform = Platform::open(db, true).await;
        let before = platform.site.settings().await;
        platform.site.save_settings(&Settings { carries: InvitationCarries::Credentials, ..before }).await;
        platform.invite(&format!("Vera Orlova {TYPED}")).await;
        let (_, text) = platform.message(1).await;
        assert!(text.contains(NUMBER) && !text.contains("/s/") && text.contains("/sign-in"), "{text}");
        assert_eq!(SmsLength::of(&text).parts, 1, "{text}");
        let password = text.split_whitespace().find(|word| word.matches('-').count() == 4).expect("a password");
        let mut vera = Browser::new(&platform.site.app);
        let page = vera.sign_in(TYPED, password).await.location().to_string();
        assert!(page.starts_with("/i/"), "{page}");
        let done = vera.post_form(&page, &[("name", "Vera Orlova"), ("phone", ""), ("password", PASSWORD)]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text());
        assert!(listed(&mut platform.anna, "active", "Vera Orlova").await);
        platform.stop.cancel();
    })
    .await;
}

/// ML-04: a phone offers to call whatever looks like a number, and a message of ours is believed. An inviter who is called like a number
/// is not named; whoever has a number in their name as people have them is.
#[tokio::test(flavor = "multi_thread")]
async fn no_inviters_name_puts_a_number_into_a_text_message() {
    both(|db| async {
        let mut platform = Platform::open(db, true).await;
        let shapes = [
            "88005553535",
            "Bank +7 800 555-35-35",
            "Bank (8-800) 555.35.35",
            "Call 8 8 0 0 5 5 5 3 5 3 5 now",
            "8/800/555/35/35",
            "8\u{200b}800\u{200b}555\u{200b}35\u{200b}35",
            "Bank \u{ff18}\u{ff18}\u{ff10}\u{ff10}\u{ff15}\u{ff15}\u{ff15}\u{ff13}\u{ff15}",
            "Bank \u{668}\u{668}\u{660}\u{660}\u{665}\u{665}\u{665}",
            "Bank \u{6f8}\u{6f8}\u{6f0}\u{6f0}\u{6f5}\u{6f5}\u{6f5}",
            "Bank \u{2460}\u{2461}\u{2462}\u{2463}\u{2464}\u{2465}",
            "Bank ⁸⁸⁰⁰⁵⁵⁵",
        ];
        let anna = platform.site.anna.clone();
        let call = "update users set name = $2 where id = $1";
        let mut nth = 0;
        // Ours, and the organisation's own words.
        for own in ["", "{{inviter}} waits for you until {{until}}."] {
            if !own.is_empty() {
                let fields = [("language", "en"), ("subject", ""), ("lead", ""), ("button", ""), ("sms", own)];
                let saved = platform.anna.call("/api/change-texts", &fields).await;
                assert!(saved.is_done(), "{}", saved.text());
            }
            platform.site.tamper(call, &usher::values![&anna, "Anna Petrova 2"]).await;
            nth += 1;
            let ordinary = invite_one(&mut platform, nth).await;
            assert!(ordinary.contains("Anna Petrova 2"), "{ordinary}");
            for shape in shapes {
                platform.site.tamper(call, &usher::values![&anna, shape]).await;
                nth += 1;
                let text = invite_one(&mut platform, nth).await;
                // What is not said in the ordinary message; a minute may have passed since.
                let added = text.split_whitespace().filter(|word| !ordinary.contains(word));
                let digits = added.flat_map(str::chars).filter(|letter| letter.is_numeric()).count();
                assert!(digits < 5, "{shape}: {text} | {ordinary}");
                assert!(own.is_empty() || text.contains("waits for you"), "{text}");
            }
        }
        platform.stop.cancel();
    })
    .await;
}

/// Invites the so many-th one, and answers the text that they get, without its link.
async fn invite_one(platform: &mut Platform, nth: usize) -> String {
    let number = format!("+37529{:07}", 3_000_000 + nth);
    platform.invite(&number).await;
    let (to, text) = platform.message(nth).await;
    assert_eq!(to, number);
    text.split_whitespace().filter(|word| !word.contains("://")).collect::<Vec<_>>().join(" ")
}
