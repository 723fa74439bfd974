//! Registering with a link: once, as the one who was invited, with nothing but a name, a phone and a password (IN-02, IN-05,
//! IN-06, IN-13).

use super::FILLED_IN;
use crate::support::browser::Browser;
use crate::support::databases::both;
use crate::support::html::{form_to, forms};
use crate::support::people::PASSWORD;
use crate::support::site::TestSite;
use crate::support::tables::Dump;
use axum::http::StatusCode;
use usher::values;

#[tokio::test(flavor = "multi_thread")]
async fn a_link_works_once_and_its_second_use_does_nothing_in_02() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let ivan = site.invite("Ivan", "ivan@acme.by").await;
        let page = site.page_of(&ivan).await;
        let mut first = Browser::new(&site.app);
        let answer = first.register_at(&page).await;
        assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/"));
        assert!(first.has_session());
        assert_eq!(site.status(&ivan.user).await, "active");

        let before = Dump::of(&site.app.db).await;
        let mut second = first.stranger(1);
        for fields in [FILLED_IN, [("name", "Mallory"), ("phone", "+375291234567"), ("password", "quiet stone bridge")]]
        {
            assert_eq!(second.post_form(&page, &fields).await.status, StatusCode::GONE);
        }
        assert_eq!(second.get(&page).await.status, StatusCode::GONE);
        assert_eq!(second.post_form(&format!("{page}/renew"), &[]).await.status, StatusCode::GONE);
        assert_eq!(second.post_form(&format!("{page}/opened"), &[]).await.status, StatusCode::GONE);
        assert!(!second.has_session());
        before.assert_unchanged(&site.app.db, "a second use").await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_in_the_form_changes_address_role_or_company_in_05() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let ivan = site.invite("Ivan", "ivan@acme.by").await;
        let page = site.page_of(&ivan).await;
        let top = site.role("main_administrator").id.as_str().to_string();
        let (root, anna) = (site.root.id.as_str().to_string(), site.anna.as_str().to_string());
        let forged = [
            ("email", "mallory@evil.example"),
            ("address", "mallory@evil.example"),
            ("role", top.as_str()),
            ("role_id", top.as_str()),
            ("unit", root.as_str()),
            ("unit_id", root.as_str()),
            ("company", "Evil"),
            ("user_id", anna.as_str()),
            ("id", anna.as_str()),
            ("language", "ru"),
            ("invitation_id", "0"),
            ("is_top", "true"),
            ("extra", "users.see"),
            ("expires_at", "99999999999999"),
            ("next", "https://evil.example/"),
            ("name[]", "x"),
        ];
        let before = Dump::of(&site.app.db).await;
        let mut visitor = Browser::new(&site.app);
        for (number, field) in (1..).zip(forged) {
            let mut visitor = visitor.stranger(number);
            let fields = [FILLED_IN.as_slice(), &[field]].concat();
            assert_eq!(visitor.post_form(&page, &fields).await.status, StatusCode::UNPROCESSABLE_ENTITY, "{field:?}");
            let twice = [FILLED_IN.as_slice(), &[FILLED_IN[0]]].concat();
            assert_eq!(visitor.post_form(&page, &twice).await.status, StatusCode::UNPROCESSABLE_ENTITY, "a name twice");
            assert!(!visitor.has_session());
        }
        for missing in FILLED_IN {
            let fields: Vec<_> = FILLED_IN.into_iter().filter(|field| *field != missing).collect();
            let answer = visitor.post_form(&page, &fields).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "without {missing:?}");
        }
        before.assert_unchanged(&site.app.db, "a forged field").await;

        // What browsers send along for their password managers is not read, and neither is the query.
        let fields = [FILLED_IN.as_slice(), &[("username", "mallory@evil.example")]].concat();
        let answer =
            visitor.post_form(&format!("{page}?email=mallory@evil.example&role={top}&unit={root}"), &fields).await;
        assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/"));
        let mut tx = site.app.db.read().await.expect("a connection");
        let sql = "select u.email, u.language, m.role_id, m.unit_id, m.extra from users u \
                   join memberships m on m.user_id = u.id where u.id = $1";
        let row = tx.row(sql, &values![&ivan.user]).await.expect("one membership");
        let held = ["email", "language", "role_id", "unit_id", "extra"].map(|column| row.text(column).expect("a text"));
        let role = site.role("employee").id.as_str();
        assert_eq!(held, ["ivan@acme.by", "en", role, site.company.id.as_str(), ""]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_else_who_is_signed_in_is_asked_and_never_joined_in_06() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let olga = site.add_with_password("Olga", "olga@acme.by", "dispatcher").await;
        let ivan = site.invite("Ivan", "ivan@acme.by").await;
        let page = site.page_of(&ivan).await;
        let mut browser = Browser::signed_in(&site.app, &olga).await;
        let before = Dump::of(&site.app.db).await;

        let shown = browser.get(&page).await;
        assert_eq!(shown.status, StatusCode::OK);
        let html = shown.text();
        assert!(html.contains("ivan@acme.by") && html.contains("olga@acme.by"), "{html}");
        assert!(forms(&html).iter().all(|form| form.action != page && form.value("password").is_none()), "{html}");
        let answer = browser.register_at(&page).await;
        assert_eq!(answer.status, StatusCode::CONFLICT);
        before.assert_unchanged(&site.app.db, "a form of somebody else").await;
        assert_eq!(browser.ask_shown("/me").await.status, StatusCode::OK, "still Olga");

        // The choice: sign out and come back to the same page.
        let choice = form_to(&html, "/sign-out");
        let left = browser.post_form("/sign-out", &choice.pairs()).await;
        assert_eq!((left.status, left.location()), (StatusCode::SEE_OTHER, page.as_str()));
        assert!(!browser.has_session());
        assert_eq!(browser.register_at(&page).await.status, StatusCode::SEE_OTHER);
        assert_eq!(site.status(&ivan.user).await, "active");
        assert_eq!(site.status(&olga).await, "active");
    })
    .await;
}

/// Before the first credential there is one way in, and that is the invitation.
#[tokio::test(flavor = "multi_thread")]
async fn only_the_invitation_gives_an_account_its_first_password_in_13() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let ivan = site.invite("Ivan", "ivan@acme.by").await;
        let mut visitor = Browser::new(&site.app);
        let before = Dump::of(&site.app.db).await;
        for password in ["", "-", PASSWORD, "null"] {
            let answer = visitor.post_form("/sign-in", &[("username", "ivan@acme.by"), ("password", password)]).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{password:?}");
        }
        let answer = visitor.post_form("/forgot", &[("email", "ivan@acme.by")]).await;
        assert_eq!(answer.location(), "/forgot/sent");
        let mut anna = Browser::signed_in(&site.app, &site.anna).await;
        let answer = anna.call("/api/reset-password", &[("id", ivan.user.as_str())]).await;
        assert_eq!(answer.status, StatusCode::CONFLICT, "{}", answer.text());
        assert!(site.newest_reset(&ivan.user).await.is_none());
        assert_eq!(site.messages_to(&ivan.user).await, 1);
        let changes = before.changes_to(&Dump::of(&site.app.db).await);
        let others: Vec<_> =
            changes.iter().filter(|line| !line.contains("attempts:") && !line.contains("sessions:")).collect();
        assert!(others.is_empty(), "{others:#?}");

        // A reset that was made all the same opens nothing.
        site.reset(&ivan.user).await;
        let page = site.reset_page_of(&ivan.user).await;
        assert_eq!(visitor.post_form(&page, &[("password", PASSWORD)]).await.status, StatusCode::GONE);
        assert_eq!(site.status(&ivan.user).await, "waiting");
        assert_eq!(visitor.register_at(&site.page_of(&ivan).await).await.status, StatusCode::SEE_OTHER);
        let answer =
            visitor.stranger(2).post_form("/sign-in", &[("username", "ivan@acme.by"), ("password", PASSWORD)]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
    })
    .await;
}

/// IN-07: between the steps of an acceptance a browser keeps nothing that could be changed or taken; the link alone counts, and
/// nothing that is sent along with it.
#[tokio::test(flavor = "multi_thread")]
async fn no_browser_keeps_anything_between_the_steps_of_an_acceptance_in_07() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let ivan = site.invite("Ivan", "ivan@acme.by").await;
        let page = site.page_of(&ivan).await;
        let mut browser = Browser::new(&site.app);
        assert_eq!(browser.get(&page).await.status, StatusCode::OK);
        let weak = browser.post_form(&page, &[("name", "Ivan"), ("phone", ""), ("password", "short")]).await;
        assert_eq!(weak.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(browser.post_form(&format!("{page}/opened"), &[]).await.status.as_u16() / 100, 2);
        assert!(browser.cookies.is_empty(), "{:?}", browser.cookies);
        // Nor is anything believed that looks as if it had been kept.
        for name in ["__Host-usher_session", "__Host-usher_invitation", "__Host-usher_pending", "invitation"] {
            browser.cookies.insert(name.into(), page.trim_start_matches("/i/").into());
        }
        for path in ["/i/x", "/users", "/me"] {
            let answer = browser.get(path).await;
            assert!(!answer.status.is_success(), "{path}: {}", answer.status);
        }
        assert_eq!(browser.register_at(&page).await.status, StatusCode::SEE_OTHER);
        assert_eq!(browser.stranger(1).register_at(&page).await.status, StatusCode::GONE);
    })
    .await;
}

/// AU-06: a field that is left out, with what stands in the others.
#[tokio::test(flavor = "multi_thread")]
async fn a_step_with_a_field_left_out_changes_nothing_au_06() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let ivan = site.invite("Ivan", "ivan@acme.by").await;
        let olga = site.add_with_password("Olga", "olga@acme.by", "dispatcher").await;
        site.reset(&olga).await;
        let (register, reset) = (site.page_of(&ivan).await, site.reset_page_of(&olga).await);
        let before = Dump::of(&site.app.db).await;
        for (page, fields) in [
            (&register, &[][..]),
            (&register, &[("name", "Ivan"), ("phone", "")][..]),
            (&register, &[("phone", ""), ("password", PASSWORD)][..]),
            (&register, &[("name", ""), ("phone", ""), ("password", PASSWORD)][..]),
            (&register, &[("name", "Ivan"), ("phone", ""), ("password", "")][..]),
            (&reset, &[][..]),
            (&reset, &[("password", "")][..]),
            (&reset, &[("password_again", "quiet stone bridge")][..]),
        ] {
            let mut browser = Browser::new(&site.app);
            let answer = browser.post_form(page, fields).await;
            assert!(answer.status.is_client_error(), "{page} {fields:?}: {}", answer.status);
            assert!(!browser.has_session());
            before.assert_unchanged(&site.app.db, &format!("{page} with {fields:?}")).await;
        }
        // With all of them it works, so it was for what was missing.
        assert_eq!(Browser::new(&site.app).register_at(&register).await.status, StatusCode::SEE_OTHER);
        let new = [("password", "quiet stone bridge")];
        assert_eq!(Browser::new(&site.app).post_form(&reset, &new).await.status, StatusCode::SEE_OTHER);
    })
    .await;
}

/// A mark of direction comes along from other programs, unseen: the name is taken without it, and nobody is sent back for it.
#[tokio::test(flavor = "multi_thread")]
async fn a_name_with_a_mark_of_direction_in_it_is_kept_without_it() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        for (number, (typed, kept)) in
            [("محمد\u{200f} علي", "محمد علي"), ("\u{200e}Ivan\u{202a} Ivanov\u{202c}", "Ivan Ivanov")]
                .into_iter()
                .enumerate()
        {
            let ivan = site.invite("Ivan", &format!("ivan{number}@acme.by")).await;
            let mut browser = Browser::new(&site.app);
            let fields = [("name", typed), ("phone", ""), ("password", PASSWORD), ("password_again", PASSWORD)];
            let answer = browser.post_form(&site.page_of(&ivan).await, &fields).await;
            assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
            assert_eq!(browser.profile().await.name, kept);
        }
    })
    .await;
}
