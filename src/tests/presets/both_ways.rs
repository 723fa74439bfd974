//! Invitations that go to an e-mail address and to a number: what ends one link ends the other, each message is counted, and an
//! address and a number are one person's.

use super::office::{Office, SECRET, answer, card, carried, done, page_in, row};
use crate::support::browser::Browser;
use crate::support::databases::both;
use crate::support::gateway::SmsSink;
use crate::support::html::form_to;
use crate::support::smtp::{Answer, Stage};
use crate::support::tables::Dump;
use axum::http::StatusCode;
use usher::domain::id::UserId;
use usher::domain::onboarding::InvitationCarries;
use usher::domain::preset::{BOOKING, LEARNING};
use usher::domain::review::{InviteDraft, Verdict};
use usher::domain::settings::{InvitesBy, ResendMode, Settings};
use usher::domain::timestamp::Duration;
use usher::domain::user::Status;
use usher::server::storage::{Database, users};

const LENA: &str = "Lena Lis <lena@acme.by> +375 29 123-45-67";
const NUMBER: &str = "+375291234567";

/// A learning platform with a gateway, whose invitations carry links.
async fn platform(db: Database, gateway: &SmsSink) -> Office {
    let office = Office::open_with(db, &LEARNING, Some(gateway)).await;
    set(&office, |settings| settings.carries = InvitationCarries::Link).await;
    office
}

async fn set(office: &Office, change: impl FnOnce(&mut Settings)) {
    let mut settings = office.site.settings().await;
    change(&mut settings);
    office.site.save_settings(&settings).await;
}

async fn invite(office: &Office, pasted: &str) -> InviteDraft {
    office.invite(&mut office.anna.clone(), &office.company(), pasted, |form| form).await
}

/// Where the link of a text message leads in the end.
async fn page_of_text(office: &Office, text: &str) -> String {
    let link = text.split_whitespace().find_map(|word| word.strip_prefix("https://users.acme.by")).expect("a link");
    assert!(link.starts_with("/s/"), "{text}");
    Browser::new(&office.site.app).get(link).await.location().to_string()
}

async fn status_of(office: &Office, page: &str) -> StatusCode {
    Browser::new(&office.site.app).get(page).await.status
}

/// How many messages were counted.
async fn counted(office: &Office) -> i64 {
    let mut tx = office.site.app.db.read().await.expect("a connection");
    tx.row("select count(*) as n from letters", &[]).await.expect("a look").number("n").expect("a number")
}

/// Rule 23, with links: each message has a link of its own; sent again, withdrawn and declined, both end.
#[tokio::test(flavor = "multi_thread")]
async fn what_ends_one_of_the_two_links_ends_the_other() {
    both(|db| async {
        let gateway = SmsSink::start().await;
        let office = platform(db, &gateway).await;
        let mut anna = office.anna.clone();
        let before = counted(&office).await;
        let user = invite(&office, LENA).await.sent[0].user_id.clone();
        assert_eq!(counted(&office).await - before, 2, "each message is counted");
        let pages = async |nth: usize| {
            let text = office.text(&gateway, NUMBER, nth).await;
            [page_in(&office.letter("lena@acme.by", nth).await), page_of_text(&office, &text).await]
        };
        let first = pages(1).await;
        assert_ne!(first[0], first[1]);
        for page in &first {
            assert_eq!(status_of(&office, page).await, StatusCode::OK);
        }
        answer(&mut anna, &format!("/users/{user}?do=resend"), "/api/resend", &[]).await;
        let second = pages(2).await;
        for (old, new) in first.iter().zip(&second) {
            assert_eq!(
                (status_of(&office, old).await, status_of(&office, new).await),
                (StatusCode::GONE, StatusCode::OK)
            );
        }
        answer(&mut anna, &format!("/users/{user}?do=withdraw"), "/api/withdraw", &[]).await;
        for page in &second {
            assert_eq!(status_of(&office, page).await, StatusCode::GONE);
        }
        answer(&mut anna, &format!("/users/{user}?do=resend"), "/api/resend", &[]).await;
        let third = pages(3).await;
        let decline = format!("{}/decline", third[1]);
        let told = Browser::new(&office.site.app).post_form(&decline, &[]).await;
        assert_eq!(told.status, StatusCode::OK, "{}", told.text());
        assert_eq!(status_of(&office, &third[0]).await, StatusCode::GONE);

        // Put right, the address takes the place of the old one, and the number stays.
        let id = office.site.invitation_of(&user).await;
        answer(&mut anna, &format!("/users/{user}?do=resend"), "/api/resend", &[]).await;
        let wrong = page_in(&office.letter("lena@acme.by", 4).await);
        let right = page_of_text(&office, &office.text(&gateway, NUMBER, 4).await).await;
        office.site.pass(Duration::hours(2));
        let mut anna = office.sign_in("anna@acme.by").await;
        let fixed = [("id", id.as_str()), ("email", "lena.lis@acme.by")];
        let done = anna.call("/api/fix-address", &fixed).await;
        assert!(done.is_done(), "{}", done.text());
        let letter = office.letter("lena.lis@acme.by", 1).await;
        let text = office.text(&gateway, NUMBER, 5).await;
        // Whoever holds the number reads that something newer came; whoever has the wrong address learns of no other.
        let told = Browser::new(&office.site.app).get(&right).await;
        assert!(told.status == StatusCode::GONE && told.text().contains("There is a newer link"), "{}", told.text());
        let told = Browser::new(&office.site.app).get(&wrong).await;
        assert!(told.status == StatusCode::GONE && !told.text().contains("newer"), "{}", told.text());
        let page = page_of_text(&office, &text).await;
        office.register_at(&page, "Lena Lis").await;
        assert_eq!(status_of(&office, &page_in(&letter)).await, StatusCode::GONE);
        // Deleted, nothing of either address is left, and the links are known for what they were.
        let user = person_of(&office, NUMBER).await;
        for _ in ["into the bin", "for good"] {
            assert!(anna.call("/api/delete", &[("id", user.as_str()), ("typed", NUMBER)]).await.is_done());
        }
        let dump = Dump::of(&office.site.app.db).await;
        for gone in ["lena.lis@acme.by", NUMBER] {
            assert!(!dump.holds(gone), "{gone} is left");
        }
        assert_eq!(status_of(&office, &page).await, StatusCode::GONE);
        assert_eq!(status_of(&office, &page_in(&letter)).await, StatusCode::GONE);
        office.close().await;
    })
    .await;
}

/// Taken back while it is held, nothing leaves by either way, and the row stands in the form with both.
#[tokio::test(flavor = "multi_thread")]
async fn taken_back_neither_message_leaves_and_the_row_keeps_the_number() {
    both(|db| async {
        let gateway = SmsSink::start().await;
        let office = platform(db, &gateway).await;
        let mut anna = office.anna.clone();
        let page = anna.get("/users/invite").await.text();
        let form = form_to(&page, "/api/invite").with("addresses", LENA);
        let sent = anna.post_form("/api/invite", &form.pairs()).await;
        let (_, id) = sent.location().split_once("draft=").expect("a result");
        let id = id.to_string();
        assert!(anna.call("/api/take-back", &[("id", id.as_str())]).await.is_done());
        let draft = anna.draft(&id).await;
        let row = &draft.rows[0];
        assert_eq!((row.typed.as_str(), row.phone.as_deref()), ("lena@acme.by", Some(NUMBER)));
        // The form as it stands goes to both.
        let page = anna.get(&format!("/users/invite?draft={id}")).await.text();
        assert!(page.contains(NUMBER), "{page}");
        let form = form_to(&page, "/api/invite");
        let answer = anna.post_form("/api/invite", &form.pairs()).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
        office.text(&gateway, NUMBER, 1).await;
        office.letter("lena@acme.by", 1).await;
        assert_eq!(gateway.asked().len(), 1);
        office.close().await;
    })
    .await;
}

/// Rule 23 and rule 25: which of the two it is, is the installation's to say, and an acceptance by one address says nothing of
/// the other.
#[tokio::test(flavor = "multi_thread")]
async fn the_settings_say_which_way_an_invitation_goes() {
    both(|db| async {
        let gateway = SmsSink::start().await;
        let office = platform(db, &gateway).await;
        let ways = [
            (InvitesBy::MailOnly, true, false),
            (InvitesBy::MailOrSms, true, false),
            (InvitesBy::SmsOrMail, false, true),
            (InvitesBy::Both, true, true),
        ];
        for (n, (ways, by_mail, by_sms)) in ways.into_iter().enumerate() {
            set(&office, |settings| settings.invites_by = ways).await;
            let (email, number) = (format!("lena{n}@acme.by"), format!("+37529123450{n}"));
            let user = invite(&office, &format!("<{email}> {number}")).await.sent[0].user_id.clone();
            if by_mail {
                office.letter(&email, 1).await;
            }
            if by_sms {
                office.text(&gateway, &number, 1).await;
            }
            office.until_status(&user, "invited").await;
            let letters = office.sink.taken().iter().filter(|mail| mail.to == [email.as_str()]).count();
            let texts = gateway.texts_to(&number).len();
            assert_eq!((letters, texts), (usize::from(by_mail), usize::from(by_sms)), "{ways:?}");
            let known = row(&mut office.anna.clone(), &user).await.expect("listed");
            assert_eq!((known.email, known.phone), (Some(email), Some(number)), "both are kept: {ways:?}");
        }
        // Confined to e-mail since, what was only sent by SMS is not sent again by it.
        set(&office, |settings| settings.invites_by = InvitesBy::SmsOrMail).await;
        let user = invite(&office, "+375 29 123-45-09").await.sent[0].user_id.clone();
        office.text(&gateway, "+375291234509", 1).await;
        set(&office, |settings| settings.invites_by = InvitesBy::MailOnly).await;
        let id = office.site.invitation_of(&user).await;
        let again = office.anna.clone().call("/api/resend", &[("id", id.as_str())]).await;
        assert_eq!(again.status, StatusCode::CONFLICT, "{}", again.text());
        office.close().await;
    })
    .await;
}

/// One address failed and the other got through: the person is invited, and not an error. Both failed: an error.
#[tokio::test(flavor = "multi_thread")]
async fn somebody_is_reached_by_whichever_way_gets_through() {
    both(|db| async {
        let gateway = SmsSink::start().await;
        let office = platform(db, &gateway).await;
        office.sink.follow(|now| match now.stage {
            Stage::Recipient if now.to.contains("lost") => Answer::Say("550 5.1.1 No such user"),
            _ => Answer::Usual,
        });
        let user = invite(&office, "<lost@acme.by> +375 29 123-45-67").await.sent[0].user_id.clone();
        office.text(&gateway, NUMBER, 1).await;
        office.until_status(&user, "invited").await;
        crate::support::until("the letter failed", || async {
            let id = office.site.invitation_of(&user).await;
            office.site.history(&id).await.iter().any(|(event, _)| event.is_failure())
        })
        .await;
        assert_eq!(office.site.status(&user).await, "invited");
        gateway.script(|_, _| crate::support::gateway::Reply::says(400, "no"));
        let both = invite(&office, "<gone.lost@acme.by> +375 29 123-45-68").await.sent[0].user_id.clone();
        office.site.pass(Duration::seconds(11));
        office.until_status(&both, "error").await;
        office.close().await;
    })
    .await;
}

/// Rule 42: name and number or address, one or several; rule 43: whoever is here is known by a number as by an address. A number
/// of somebody else is asked about, and what is no number is said.
#[tokio::test(flavor = "multi_thread")]
async fn an_address_and_a_number_are_one_persons_rule_42() {
    both(|db| async {
        let gateway = SmsSink::start().await;
        let office = Office::open_with(db, &BOOKING, Some(&gateway)).await;
        set(&office, |settings| settings.invites_by = InvitesBy::Both).await;
        let mut anna = office.anna.clone();
        let north = office.found(&mut anna, "Branch North", &office.company()).await;
        let south = office.found(&mut anna, "Branch South", &office.company()).await;
        let several = "Vera +375 29 111-11-11\nOleg <oleg@acme.by>\nLena <lena@acme.by> +375 29 123-45-67";
        let draft = office.invite(&mut anna, &north, several, |form| form).await;
        let sent: Vec<_> = draft.sent.iter().map(|row| (row.address.as_str(), row.other.as_deref())).collect();
        assert_eq!(sent, [("+375291111111", None), ("oleg@acme.by", None), ("lena@acme.by", Some(NUMBER))]);
        let lena = draft.sent[2].user_id.clone();

        // Elsewhere they are known by either; where they are, they are there already.
        let verdict = async |unit, pasted: &str| {
            let draft = office.invite(&mut anna.clone(), unit, pasted, |form| form.pressed("only_check")).await;
            draft.rows[0].verdict.clone()
        };
        for known in ["lena@acme.by", NUMBER, "<lena@acme.by> +375291234567"] {
            let found = verdict(&south, known).await;
            assert!(matches!(&found, Verdict::Joins { user_id, .. } if *user_id == lena), "{known}: {found:?}");
            let found = verdict(&north, known).await;
            assert!(matches!(&found, Verdict::Known { user_id, .. } if *user_id == lena), "{known}: {found:?}");
        }
        // Another address with the same number may be a sister's: it is asked, and answered it goes without the number.
        for other in ["<lena.new@acme.by> +375291234567", "Mila Lis <mila@acme.by> +375291234567"] {
            for unit in [&south, &north] {
                let found = verdict(unit, other).await;
                assert!(
                    matches!(&found, Verdict::SameNumber { address, .. } if address == "lena@acme.by"),
                    "{other}: {found:?}"
                );
            }
        }
        let role = office.role("booking_specialist");
        let meant = [
            ("rows[0][typed]", "mila@acme.by"),
            ("rows[0][address]", "mila@acme.by"),
            ("rows[0][name]", "Mila Lis"),
            ("rows[0][phone]", NUMBER),
            ("rows[0][asked]", "on"),
            ("units[]", south.as_str()),
            ("role", role.as_str()),
            ("language", "en"),
            ("valid_for", ""),
        ];
        let mut again = anna.clone();
        let done = again.post_form("/api/invite", &meant).await;
        let (_, id) = done.location().split_once("draft=").expect("a result");
        let draft = again.draft(id).await;
        assert_eq!(
            (draft.sent[0].address.as_str(), draft.sent[0].other.as_deref()),
            ("mila@acme.by", None),
            "{draft:?}"
        );
        assert_ne!(draft.sent[0].user_id, lena);
        // The address is Oleg's, and the number Lena's.
        let mixed = verdict(&south, "<oleg@acme.by> +375291234567").await;
        assert!(matches!(&mixed, Verdict::Known { user_id, .. } if *user_id == lena), "{mixed:?}");
        // Two people of a form with one number.
        let draft = office
            .invite(&mut anna, &north, "<a@acme.by> +375 29 222-22-22\n<b@acme.by> +375 29 222-22-22", |form| form)
            .await;
        assert_eq!(draft.sent.len(), 1);
        assert!(
            matches!(&draft.rows[0].verdict, Verdict::SameNumber { address, .. } if address == "a@acme.by"),
            "{draft:?}"
        );

        // In the row's own field: a number without its country stays, and says so.
        let role = office.role("booking_specialist");
        let fields = |phone: &'static str| {
            vec![
                ("rows[0][typed]", "mark@acme.by"),
                ("rows[0][address]", "mark@acme.by"),
                ("rows[0][name]", "Mark"),
                ("rows[0][phone]", phone),
                ("units[]", north.as_str()),
                ("role", role.as_str()),
                ("language", "en"),
                ("valid_for", "72h"),
            ]
        };
        let refused = anna.post_form("/api/invite", &fields("9051111111")).await;
        let (_, id) = refused.location().split_once("draft=").expect("a result");
        let draft = anna.draft(id).await;
        assert!(matches!(draft.rows[0].verdict, Verdict::Broken { .. }) && draft.sent.is_empty(), "{draft:?}");
        assert_eq!(draft.rows[0].phone.as_deref(), Some("9051111111"), "nothing typed is lost");
        let taken = anna.post_form("/api/invite", &fields("79051111111")).await;
        let (_, id) = taken.location().split_once("draft=").expect("a result");
        let draft = anna.draft(id).await;
        assert_eq!(draft.sent[0].other.as_deref(), Some("+79051111111"), "{draft:?}");
        office.text(&gateway, "+79051111111", 1).await;
        office.close().await;
    })
    .await;
}

/// Whoever has an account joins with it by either link; strangers' numbers beside their address are not written to.
#[tokio::test(flavor = "multi_thread")]
async fn somebody_with_an_account_joins_by_their_own_number_and_by_no_other() {
    both(|db| async {
        let gateway = SmsSink::start().await;
        let office = Office::open_with(db, &BOOKING, Some(&gateway)).await;
        set(&office, |settings| settings.invites_by = InvitesBy::Both).await;
        let mut anna = office.anna.clone();
        let north = office.found(&mut anna, "Branch North", &office.company()).await;
        let south = office.found(&mut anna, "Branch South", &office.company()).await;
        let lena = office.invite(&mut anna, &north, LENA, |form| form).await.sent[0].user_id.clone();
        let letter = office.letter("lena@acme.by", 1).await;
        office.register_at(&page_in(&letter), "Lena").await;
        office.text(&gateway, NUMBER, 1).await;
        assert!(!card(&mut anna, &lena).await.is_phone_confirmed);

        // Another number than theirs is nobody's to whom this goes.
        let draft = office.invite(&mut anna, &south, "<lena@acme.by> +375 29 999-99-99", |form| form).await;
        assert_eq!((draft.sent[0].user_id.clone(), draft.sent[0].other.clone()), (lena.clone(), None));
        office.letter("lena@acme.by", 2).await;
        assert!(gateway.texts_to("+375299999999").is_empty());
        let id = office.site.invitation_of(&lena).await;
        assert!(anna.call("/api/withdraw", &[("id", id.as_str())]).await.is_done());

        let east = office.found(&mut anna, "Branch East", &office.company()).await;
        office.invite(&mut anna, &east, LENA, |form| form).await;
        let text = office.text(&gateway, NUMBER, 2).await;
        office.letter("lena@acme.by", 3).await;
        let page = page_of_text(&office, &text).await;
        let mut phone = Browser::new(&office.site.app);
        let shown = phone.get(&page).await.text();
        let join = form_to(&shown, &format!("{page}/join")).with("password", SECRET);
        let joined = phone.post_form(&join.action, &join.pairs()).await;
        assert_eq!(joined.status, StatusCode::SEE_OTHER, "{}", joined.text());
        let shown = card(&mut anna, &lena).await;
        assert!(shown.is_phone_confirmed && shown.user.status == Status::Active, "{shown:?}");
        office.close().await;
    })
    .await;
}

/// Nobody takes somebody else's address by a number of their own (H-22): it names nobody before its owner says so.
#[tokio::test(flavor = "multi_thread")]
async fn an_address_beside_a_number_keeps_nobody_from_their_own_account() {
    both(|db| async {
        let gateway = SmsSink::start().await;
        let office = platform(db, &gateway).await;
        set(&office, |settings| settings.invites_by = InvitesBy::SmsOrMail).await;
        let squatter = invite(&office, "<victim@acme.by> +375 29 123-45-67").await.sent[0].user_id.clone();
        let page = page_of_text(&office, &office.text(&gateway, NUMBER, 1).await).await;
        office.register_at(&page, "Squatter").await;
        let asked = page_in(&office.letter("victim@acme.by", 1).await);
        assert!(asked.starts_with("/confirm/"), "{asked}");

        // From where nobody sees the squatter, the address is nobody's.
        let victim = office.site.invite_with("Victim", "victim@acme.by", |_| {}).await;
        let page = office.site.page_of(&victim).await;
        office.register_at(&page, "Victim").await;
        office.sign_in("victim@acme.by").await;
        office.sign_in(NUMBER).await;
        let late = Browser::new(&office.site.app).post_form(&asked, &[]).await;
        assert!(late.status.is_client_error(), "{}", late.status);
        assert_eq!(users_of(&office, "victim@acme.by").await, 1);
        assert!(card(&mut office.anna.clone(), &squatter).await.unconfirmed_email.is_some());
        office.close().await;
    })
    .await;
}

async fn person_of(office: &Office, address: &str) -> UserId {
    let mut tx = office.site.app.db.read().await.expect("a connection");
    users::with_addresses(&mut tx, &[address]).await.expect("a look").remove(0).id
}

async fn users_of(office: &Office, email: &str) -> i64 {
    let mut tx = office.site.app.db.read().await.expect("a connection");
    let sql = "select count(*) as n from users where email = $1 and not is_placeholder";
    tx.row(sql, &usher::values![email]).await.expect("a look").number("n").expect("a number")
}

/// Sent again, the link goes with the old one, or is the same one with a new end, as the settings say.
#[tokio::test(flavor = "multi_thread")]
async fn sent_again_a_link_is_replaced_or_goes_on_as_the_settings_say() {
    both(|db| async {
        let gateway = SmsSink::start().await;
        let office = platform(db, &gateway).await;
        let mut anna = office.anna.clone();
        let user = invite(&office, LENA).await.sent[0].user_id.clone();
        let first = page_in(&office.letter("lena@acme.by", 1).await);
        answer(&mut anna, &format!("/users/{user}?do=resend"), "/api/resend", &[]).await;
        let second = page_in(&office.letter("lena@acme.by", 2).await);
        assert_ne!(first, second, "by default a newer one takes its place");
        assert_eq!(status_of(&office, &first).await, StatusCode::GONE);

        // Nobody is reminded meanwhile: each letter is one that somebody asked for.
        set(&office, |settings| {
            settings.resends = ResendMode::Extend;
            settings.remind_before = Duration(0);
        })
        .await;
        office.site.pass(Duration::days(5));
        let mut anna = office.sign_in("anna@acme.by").await;
        assert!(anna.get(&format!("/users/{user}?do=resend")).await.text().contains("The same invitation"));
        answer(&mut anna, &format!("/users/{user}?do=resend"), "/api/resend", &[]).await;
        let letter = office.letter("lena@acme.by", 3).await;
        let text = office.text(&gateway, NUMBER, 3).await;
        assert_eq!(page_in(&letter), second, "the same link");
        assert_eq!(page_of_text(&office, &text).await, page_of_text(&office, &gateway.texts_to(NUMBER)[1]).await);
        let ids: std::collections::BTreeSet<String> =
            office.sink.taken().iter().map(|mail| mail.message_id()).collect();
        assert_eq!(ids.len(), office.sink.taken().len(), "each message has a name of its own");
        // It works on beyond its first end, and says on the card that it was sent again.
        office.site.pass(Duration::days(5));
        assert_eq!(status_of(&office, &second).await, StatusCode::OK);
        // Past its end the holder has the same one go on, too.
        office.site.pass(Duration::days(3));
        assert_eq!(status_of(&office, &second).await, StatusCode::GONE);
        let renew = Browser::new(&office.site.app).post_form(&format!("{second}/renew"), &[]).await;
        assert!(renew.status.is_success() || renew.status.is_redirection(), "{}", renew.text());
        assert_eq!(page_in(&office.letter("lena@acme.by", 4).await), second);
        assert_eq!(status_of(&office, &second).await, StatusCode::OK);
        // What was withdrawn stays dead.
        let mut anna = office.sign_in("anna@acme.by").await;
        let id = office.site.invitation_of(&user).await;
        let id = [("id", id.as_str())];
        assert!(anna.call("/api/withdraw", &id).await.is_done());
        assert!(anna.call("/api/resend", &id).await.is_done());
        let newest = page_in(&office.letter("lena@acme.by", 5).await);
        assert_ne!(newest, second);
        assert_eq!(status_of(&office, &second).await, StatusCode::GONE);
        office.register_at(&newest, "Lena Lis").await;
        office.close().await;
    })
    .await;
}

/// An e-mail that is refused for good, or comes back, is followed by an SMS where the settings say so; the inviter is told both.
#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_arrive_by_e_mail_goes_by_sms_where_the_settings_say_so() {
    both(|db| async {
        let gateway = SmsSink::start().await;
        let office = platform(db, &gateway).await;
        set(&office, |settings| settings.invites_by = InvitesBy::MailOrSms).await;
        office.sink.follow(|now| match now.stage {
            Stage::Recipient if now.to.contains("lost") => Answer::Say("550 5.1.1 No such user"),
            _ => Answer::Usual,
        });
        let first = invite(&office, "<lost@acme.by> +375 29 123-45-67").await.sent[0].user_id.clone();
        office.site.pass(Duration::seconds(11));
        office.until_status(&first, "error").await;
        assert!(gateway.asked().is_empty(), "nobody said so");

        set(&office, |settings| settings.fails_over = true).await;
        let second = invite(&office, "<gone.lost@acme.by> +375 29 123-45-68").await.sent[0].user_id.clone();
        let text = office.text(&gateway, "+375291234568", 1).await;
        office.until_status(&second, "invited").await;
        let mut anna = office.anna.clone();
        let card = anna.get(&format!("/users/{second}")).await.text();
        assert!(card.contains("sent by SMS instead"), "{card}");
        office.site.pass(Duration::seconds(61));
        crate::support::until("Anna is told", || async {
            let told = office.sink.taken().into_iter().filter(|mail| mail.to == ["anna@acme.by"]);
            told.map(|mail| mail.text()).any(|text| text.contains("went by SMS instead"))
        })
        .await;
        assert_eq!(gateway.texts_to("+375291234568").len(), 1, "once");
        let page = page_of_text(&office, &text).await;
        office.register_at(&page, "Lost and found").await;
        // A company decides it for itself.
        let unit = office.company();
        let company = format!("/units/{unit}?do=edit");
        let form =
            form_to(&office.anna.clone().get(&company).await.text(), "/api/edit-unit").with("fails_over", "false");
        done(&mut office.anna.clone(), "/api/edit-unit", &form).await;
        let not = invite(&office, "<not.lost@acme.by> +375 29 123-45-70").await.sent[0].user_id.clone();
        office.site.pass(Duration::seconds(11));
        office.until_status(&not, "error").await;
        office.site.pass(Duration::seconds(61));
        assert!(gateway.texts_to("+375291234570").is_empty());
        set(&office, |settings| settings.fails_over = false).await;
        let form =
            form_to(&office.anna.clone().get(&company).await.text(), "/api/edit-unit").with("fails_over", "true");
        done(&mut office.anna.clone(), "/api/edit-unit", &form).await;
        invite(&office, "<yes.lost@acme.by> +375 29 123-45-71").await;
        office.text(&gateway, "+375291234571", 1).await;
        // Confined to e-mail, nothing goes by SMS.
        set(&office, |settings| settings.invites_by = InvitesBy::MailOnly).await;
        let third = invite(&office, "<third.lost@acme.by> +375 29 123-45-69").await.sent[0].user_id.clone();
        office.site.pass(Duration::seconds(11));
        office.until_status(&third, "error").await;
        office.site.pass(Duration::seconds(61));
        assert!(gateway.texts_to("+375291234569").is_empty());
        office.close().await;
    })
    .await;
}

/// Rule 28: a number beside an address in an imported list is written to as well.
#[tokio::test(flavor = "multi_thread")]
async fn whoever_was_only_added_is_invited_by_both_once_somebody_sends_it() {
    both(|db| async {
        let gateway = SmsSink::start().await;
        let office = platform(db, &gateway).await;
        let mut anna = office.anna.clone();
        let add = office.invite(&mut anna, &office.company(), LENA, |form| form.pressed("only_add")).await;
        let user: UserId = add.sent[0].user_id.clone();
        assert_eq!(row(&mut anna, &user).await.expect("listed").status, Status::NotInvited);
        answer(&mut anna, &format!("/users/{user}?do=resend"), "/api/resend", &[]).await;
        let letter = office.letter("lena@acme.by", 1).await;
        assert!(carried(&letter).is_none());
        office.text(&gateway, NUMBER, 1).await;
        office.close().await;
    })
    .await;
}
