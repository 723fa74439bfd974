//! The client portal: clients, several units in one invitation, a text of one's own, extra permissions, links of 21 days,
//! and passwords of four kinds of characters.

use super::journey::Way;
use super::office::{Office, SECRET, answer, card, is_listed_as, page_in, refused, row};
use super::walls::Walls;
use crate::support::browser::Browser;
use crate::support::databases::both;
use crate::support::html::form_to;
use axum::http::StatusCode;
use usher::domain::permission::{Permission, Permissions};
use usher::domain::preset::PORTAL;
use usher::domain::settings::Settings;
use usher::domain::timestamp::Duration;
use usher::domain::user::Status;

const WAY: Way =
    Way { unit: "Client One", administrator: "portal_manager", usual: "portal_client", hours: 504, start: "/me" };

/// Rules 56, 60, 62, too: the form from the unit's page knows the unit, and the row is the same before and after.
#[tokio::test(flavor = "multi_thread")]
async fn a_client_user_comes_into_a_client_of_the_portal() {
    both(|db| async {
        let mut office = Office::open(db, &PORTAL).await;
        let mut arrived = WAY.walk(&mut office).await;
        let page = arrived.chief.get(&format!("/units/{}", arrived.unit)).await.text();
        assert!(page.contains(&format!("/users/invite?unit={}", arrived.unit)), "{page}");
        office.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_advisor_gives_clients_only_and_a_client_user_nothing() {
    let walls = Walls {
        preset: &PORTAL,
        only_look: &[],
        without_users: &["portal_client"],
        invites: &[
            ("portal_administrator", &["portal_manager", "portal_advisor", "portal_client"]),
            ("portal_manager", &["portal_advisor", "portal_client"]),
            ("portal_advisor", &["portal_client"]),
        ],
        changes: &[
            ("portal_administrator", &["portal_manager", "portal_advisor", "portal_client"]),
            ("portal_manager", &["portal_advisor", "portal_client"]),
        ],
    };
    walls.stand().await;
}

/// Rules 58, 60, 68: one invitation to two clients, with a text that stays text; what was written about the person is proposed
/// to them, and their word stands.
#[tokio::test(flavor = "multi_thread")]
async fn one_invitation_leads_to_several_clients_with_a_text_of_ones_own() {
    both(|db| async {
        let office = Office::open(db, &PORTAL).await;
        let (company, mut anna) = (office.company(), office.anna.clone());
        let one = office.found(&mut anna, "Client One", &company).await;
        let two = office.found(&mut anna, "Client Two", &company).await.to_string();
        let text = "Welcome, <b>Carl</b>!";
        let draft = office
            .invite(&mut anna, &one, "Carl Klient <carl@acme.by>", |form| {
                let mut form = form.with("personal_text", text);
                form.fields.push(("units[]".into(), two.clone()));
                form
            })
            .await;
        let carl = draft.sent[0].user_id.clone();
        let letter = office.letter("carl@acme.by", 1).await;
        for unit in ["Client One", "Client Two"] {
            assert!(letter.text().contains(unit) && letter.html().contains(unit), "{}", letter.text());
        }
        assert!(letter.text().contains(text), "{}", letter.text());
        assert!(letter.html().contains("&lt;b&gt;Carl") && !letter.html().contains("<b>Carl"), "{}", letter.html());

        let mut visitor = Browser::new(&office.site.app);
        let page = page_in(&letter);
        let shown = visitor.get(&page).await.text();
        let form = form_to(&shown, &page);
        assert_eq!((form.value("name"), form.value("username")), (Some("Carl Klient"), Some("carl@acme.by")));
        let form = form.with("name", "Karl Client").with("phone", "+375 29 111-22-33").with("password", SECRET);
        assert_eq!(visitor.post_form(&page, &form.pairs()).await.status, StatusCode::SEE_OTHER);
        let there = row(&mut anna, &carl).await.expect("listed");
        assert_eq!((there.name.as_str(), there.phone.as_deref()), ("Karl Client", Some("+375291112233")));
        let mut units: Vec<_> = there.held.iter().map(|held| held.unit.as_str()).collect();
        units.sort_unstable();
        assert_eq!((there.status, units), (Status::Active, vec!["Client One", "Client Two"]));
        office.close().await;
    })
    .await;
}

/// Rule 60: at least one.
#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_invited_to_no_unit_at_all() {
    both(|db| async {
        let office = Office::open(db, &PORTAL).await;
        let (mut anna, role) = (office.anna.clone(), office.role("portal_client"));
        let fields = [("addresses", "carl@acme.by"), ("role", &role), ("language", "en"), ("valid_for", "504h")];
        refused(&mut anna, "/api/invite", &fields, 422).await;
        assert_eq!(super::office::list(&mut anna, "", "").await.rows.len(), 1, "Anna alone");
        office.close().await;
    })
    .await;
}

/// Rule 59: what is given on top of a role is held by whoever gives it, when inviting and later.
#[tokio::test(flavor = "multi_thread")]
async fn extra_permissions_are_never_more_than_the_givers_own() {
    both(|db| async {
        let mut office = Office::open(db, &PORTAL).await;
        let company = office.company();
        let (_, mut chief) = office.hire("Olga Chief", "olga@acme.by", "portal_manager", &company).await;
        let (_, mut ada) = office.hire("Ada Advisor", "ada@acme.by", "portal_advisor", &company).await;
        let (unit, role) = (company.to_string(), office.role("portal_client"));
        let invite = |address: &'static str, extra: &'static str| {
            [
                ("addresses", address.to_string()),
                ("unit", unit.clone()),
                ("role", role.clone()),
                ("language", "en".into()),
                ("valid_for", "504h".into()),
                ("extra[]", extra.into()),
            ]
        };
        // An advisor blocks nobody; and nobody gives what concerns the installation.
        let too_much = [(&mut ada, "users.block"), (&mut chief, "settings.change"), (&mut office.anna, "mailbox.see")];
        for (giver, extra) in too_much {
            let fields = invite("more@acme.by", extra);
            let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
            refused(giver, "/api/invite", &fields, 403).await;
        }
        let draft = office
            .invite(&mut ada, &company, "carl@acme.by", |mut form| {
                form.fields.push(("extra[]".into(), "users.see".into()));
                form
            })
            .await;
        let carl = draft.sent[0].user_id.clone();
        let letter = office.letter("carl@acme.by", 1).await;
        let mut browser = office.register(&letter, "Carl Klient").await;
        let held = row(&mut chief, &carl).await.expect("listed").held;
        let sees: Permissions = [Permission::SeeUsers].into_iter().collect();
        assert_eq!(held[0].place.extra, sees);
        assert_eq!(browser.get("/users").await.status, StatusCode::OK, "Carl sees people now");
        assert!(row(&mut browser, &carl).await.is_some());

        let id = carl.to_string();
        let change = |extra: &'static str| {
            [("id", id.clone()), ("role", role.clone()), ("extras", "on".into()), ("extra[]", extra.into())]
        };
        for (giver, extra) in [(&mut ada, "users.see"), (&mut chief, "roles.edit"), (&mut browser, "users.block")] {
            let fields = change(extra);
            let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
            refused(giver, "/api/change-role", &fields, 403).await;
        }
        assert_eq!(row(&mut chief, &carl).await.expect("listed").held[0].place.extra, sees);
        // Whoever holds it gives it, and takes it back.
        for (extra, expected) in [("users.block", vec![Permission::BlockUsers]), ("", vec![])] {
            let fields = change(extra);
            let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
            let answer = chief.call("/api/change-role", &fields).await;
            assert!(answer.is_done(), "{}", answer.text());
            let held = row(&mut chief, &carl).await.expect("listed").held;
            assert_eq!(held[0].place.extra, expected.into_iter().collect());
        }
        assert_eq!(browser.get("/users").await.status, StatusCode::FORBIDDEN);
        office.close().await;
    })
    .await;
}

/// Rules 61, 65: 21 days; then it is sent again from the menu. Rule 64: cancelled, the link opens nothing; only whoever is not
/// in yet can be cancelled.
#[tokio::test(flavor = "multi_thread")]
async fn a_link_of_the_portal_works_for_21_days_unless_it_is_cancelled() {
    both(|db| async {
        let office = Office::open(db, &PORTAL).await;
        let (company, mut anna) = (office.company(), office.anna.clone());
        // At some hours a reminder would go before the end, and be taken for the next letter.
        let before = office.site.settings().await;
        office.site.save_settings(&Settings { remind_before: Duration::days(0), ..before }).await;
        let user = office.invite_as(&mut anna, &company, "carl@acme.by", "portal_client").await;
        let first = office.letter("carl@acme.by", 1).await;
        let mut visitor = Browser::new(&office.site.app);
        office.site.pass(Duration::minutes(21 * 24 * 60 - 2));
        assert_eq!(visitor.get(&page_in(&first)).await.status, StatusCode::OK);
        office.site.pass(Duration::minutes(3));
        assert_eq!(visitor.get(&page_in(&first)).await.status, StatusCode::GONE);

        let mut anna = office.sign_in("anna@acme.by").await;
        let page = format!("/users/{user}");
        answer(&mut anna, &format!("{page}?do=resend"), "/api/resend", &[]).await;
        let second = office.letter("carl@acme.by", 2).await;
        assert_eq!(visitor.get(&page_in(&second)).await.status, StatusCode::OK);
        office.until_status(&user, "invited").await;
        answer(&mut anna, &format!("{page}?do=withdraw"), "/api/withdraw", &[]).await;
        assert_eq!(visitor.get(&page_in(&second)).await.status, StatusCode::GONE);
        let form = [("name", "Carl"), ("phone", ""), ("password", SECRET)];
        assert_eq!(visitor.post_form(&page_in(&second), &form).await.status, StatusCode::GONE);
        assert!(is_listed_as(&mut anna, &user, Status::Withdrawn).await);

        answer(&mut anna, &format!("{page}?do=resend"), "/api/resend", &[]).await;
        let third = office.letter("carl@acme.by", 3).await;
        office.register(&third, "Carl Klient").await;
        let invitation = office.site.invitation_of(&user).await;
        refused(&mut anna, "/api/withdraw", &[("id", invitation.as_str())], 409).await;
        assert!(is_listed_as(&mut anna, &user, Status::Active).await);
        office.close().await;
    })
    .await;
}

/// Rules 66, 69, 86: a manager edits, deactivates, resets and deletes; every new password has the four kinds of characters.
#[tokio::test(flavor = "multi_thread")]
async fn a_manager_uses_the_whole_menu_and_passwords_have_four_kinds_of_characters() {
    both(|db| async {
        let mut office = Office::open(db, &PORTAL).await;
        let mut arrived = WAY.walk(&mut office).await;
        let (chief, user) = (&mut arrived.chief, &arrived.user);
        let page = format!("/users/{user}");
        answer(chief, &format!("{page}/edit"), "/api/edit-user", &[("phone", "+375 29 111-22-33")]).await;
        let version = card(chief, user).await.version.to_string();
        let edit = [
            ("id", user.as_str()),
            ("names", "on"),
            ("name", "Ivan Renamed"),
            ("phone", "+375291112233"),
            ("version", version.as_str()),
        ];
        let renamed = chief.call("/api/edit-user", &edit).await;
        assert!(renamed.is_done(), "{}", renamed.text());
        assert_eq!(card(chief, user).await.user.title(), "Ivan Renamed", "the administrator's word counts here");

        answer(chief, &format!("{page}?do=reset"), "/api/reset-password", &[]).await;
        let letter = office.letter("ivan@acme.by", 2).await;
        let reset = page_in(&letter);
        assert!(reset.starts_with("/reset/"), "{reset}");
        let mut visitor = Browser::new(&office.site.app);
        for weak in ["Kru7-os", "krugo7-s", "KRUGO7-S", "Krugox-s", "Krugo7xs"] {
            let answer = visitor.post_form(&reset, &[("password", weak)]).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{weak}");
        }
        assert_eq!(visitor.post_form(&reset, &[("password", "Krugo7-s")]).await.status, StatusCode::SEE_OTHER);
        assert!(!office.knock("ivan@acme.by").await.1.status.is_redirection(), "the old one is over");
        let mut browser = Browser::new(&office.site.app);
        let typed = [("username", "ivan@acme.by"), ("password", "Krugo7-s")];
        assert_eq!(browser.post_form("/sign-in", &typed).await.status, StatusCode::SEE_OTHER);

        // In the portal's own word, wherever it is said.
        for asked in [page.clone(), format!("{page}?do=block")] {
            let text = chief.get(&asked).await.text();
            assert!(text.contains("Deactivate"), "{asked}: {text}");
            assert!(!text.contains("Block<") && !text.contains("Block Ivan"), "{asked}: {text}");
        }
        answer(chief, &format!("{page}?do=block"), "/api/block", &[]).await;
        assert!(chief.get(&format!("{page}?do=unblock")).await.text().contains("Reactivate Ivan Renamed?"));
        assert!(!browser.is_signed_in().await && is_listed_as(chief, user, Status::Blocked).await);
        // Into the bin first, where nothing is asked, and then for good.
        answer(chief, &format!("{page}?do=delete"), "/api/delete", &[]).await;
        assert!(row(chief, user).await.is_none());
        assert!(chief.get(&page).await.text().contains("Name and addresses are erased on"));
        let wrong = [("id", user.as_str()), ("typed", "somebody@acme.by")];
        refused(chief, "/api/delete", &wrong, 409).await;
        answer(chief, &format!("{page}?do=delete"), "/api/delete", &[("typed", "ivan@acme.by")]).await;
        assert!(row(chief, user).await.is_none());
        assert_eq!(chief.get(&page).await.status, StatusCode::NOT_FOUND);
        office.close().await;
    })
    .await;
}

/// Rule 67: a manager reads the security report about somebody on its page, and has it sent to their own address. An advisor may
/// not, nor may anybody about themselves or about whom they do not see.
#[tokio::test(flavor = "multi_thread")]
async fn a_manager_has_a_security_report_sent_to_themselves_and_an_advisor_may_not() {
    both(|db| async {
        let mut office = Office::open(db, &PORTAL).await;
        let mut arrived = WAY.walk(&mut office).await;
        let company = office.company();
        let (ada_id, mut ada) = office.hire("Ada Advisor", "ada@acme.by", "portal_advisor", &company).await;
        let (chief, user) = (&mut arrived.chief, &arrived.user);
        let mut guesser = Browser::new(&office.site.app);
        for _ in 0..3 {
            let typed = [("username", "ivan@acme.by"), ("password", "Wrong-7-lamp-river")];
            assert_eq!(guesser.post_form("/sign-in", &typed).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        }
        let report = format!("/users/{user}/report");
        let page = chief.get(&report).await;
        assert_eq!(page.status, StatusCode::OK);
        let said = ["Security report: ", "3 failed attempts since the last sign-in.", "Their own, set", "Client One"];
        assert!(said.iter().all(|said| page.text().contains(said)), "{}", page.text());

        // From the menu of the row, which asks first; then from the page of the report.
        answer(chief, &format!("/users/{user}?do=report"), "/api/request-report", &[]).await;
        let letter = office.letter("olga@acme.by", 2).await;
        assert!(letter.header("Subject").starts_with("Security report: "), "{}", letter.header("Subject"));
        for half in [letter.text(), letter.html()] {
            assert!(half.contains("3 failed attempts since the last sign-in."), "{half}");
            assert!(half.contains("Client One") && !half.contains(SECRET) && !half.contains("$argon2"), "{half}");
        }
        assert!(letter.text().contains(&format!("https://users.acme.by{report}")), "{}", letter.text());
        let history = chief.get("/audit").await.text();
        assert!(history.contains("Olga Chief asked for a security report about"), "{history}");

        // The whole of what they see: whom something calls for a look at, by name.
        let all = chief.get("/audit/report").await.text();
        assert!(all.contains("Not in it, being you or above you: 1.") && all.contains(&report), "{all}");
        answer(chief, "/audit/report", "/api/request-unit-report", &[]).await;
        let second = office.letter("olga@acme.by", 3).await;
        assert!(second.text().contains("3 failed attempts since the last sign-in."), "{}", second.text());

        // Enough has gone to this address for an hour.
        answer(chief, &report, "/api/request-report", &[]).await;
        answer(chief, &report, "/api/request-report", &[]).await;
        refused(chief, "/api/request-report", &[("id", user.as_str())], 429).await;

        for (by, whom, status) in [(&mut ada, user, 403), (&mut arrived.browser, &ada_id, 403)] {
            refused(by, "/api/request-report", &[("id", whom.as_str())], status).await;
            assert_eq!(by.get(&format!("/users/{whom}/report")).await.status, StatusCode::FORBIDDEN);
        }
        refused(&mut ada, "/api/request-unit-report", &[("unit", company.as_str())], 403).await;
        assert!(!ada.get(&format!("/users/{user}")).await.text().contains("?do=report"), "no button either");
        office.close().await;
    })
    .await;
}
