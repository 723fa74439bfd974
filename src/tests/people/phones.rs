//! L-23: a number that its country does not have is asked about wherever one is typed, and kept by whoever insists. Judged over
//! HTTP, by the pages as a browser without script sends them.

use crate::support::browser::Browser;
use crate::support::databases::both;
use crate::support::html::form_to;
use crate::support::people::PASSWORD;
use crate::support::site::TestSite;
use usher::domain::authorization::SignsInBy;
use usher::domain::contact::{DoubtKind, PhoneProblem};
use usher::domain::error::{Invalid, UseCaseError};
use usher::domain::id::UserId;
use usher::domain::settings::Settings;
use usher::domain::user::User;
use usher::server::storage::users;
use usher::values;

/// A digit short; as it is kept.
const SHORT: (&str, &str) = ("+375 29 123-45-6", "+37529123456");

const WARNING: &str = "This looks too short for a number of Belarus";

async fn person(site: &TestSite, id: &UserId) -> User {
    let mut tx = site.app.db.read().await.expect("a connection");
    users::find(&mut tx, id).await.expect("a look").expect("a person")
}

/// Opens the form of a page, fills it in, sends it, and opens the page anew.
async fn send(browser: &mut Browser, page: &str, action: &str, fields: &[(&str, &str)]) -> String {
    let form = form_to(&browser.get(page).await.text(), action);
    let form = fields.iter().fold(form, |form, (name, value)| form.with(name, value));
    let answer = browser.post_from(page, action, &form.pairs()).await;
    match answer.status.is_redirection() {
        true => browser.get(page).await.text(),
        false => answer.text(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_that_is_a_digit_short_is_asked_about_on_every_form_and_kept_on_the_second_press() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let ivan = site.add_active("Ivan", "ivan@acme.by", "employee").await;
        let mut anna = Browser::signed_in(&site.app, &site.anna).await;
        let mut own = Browser::signed_in(&site.app, &ivan).await;
        let edit = format!("/users/{ivan}/edit");

        let (typed, kept) = SHORT;
        let html = send(&mut anna, &edit, "/api/edit-user", &[("phone", typed)]).await;
        assert!(html.contains(WARNING) && html.contains(typed), "{html}");
        assert_eq!(person(&site, &ivan).await.phone, None, "it asks first");
        // Another number that is short is asked about anew: what was meant is one number.
        let mut form = form_to(&html, "/api/edit-user").with("phone", "+375 29 765-43-2");
        assert_eq!(form.value("phone_meant"), Some(kept));
        anna.post_from(&edit, "/api/edit-user", &form.pairs()).await;
        let html = anna.get(&edit).await.text();
        assert!(html.contains(WARNING), "{html}");
        assert_eq!(person(&site, &ivan).await.phone, None);
        form = form_to(&html, "/api/edit-user");
        assert_eq!(form.value("phone_meant"), Some("+37529765432"));
        anna.post_from(&edit, "/api/edit-user", &form.pairs()).await;
        anna.get(&edit).await;
        assert_eq!(person(&site, &ivan).await.phone.as_deref(), Some("+37529765432"), "the second press");
        // What stands there is not asked about when something else is saved.
        let html = send(&mut anna, &edit, "/api/edit-user", &[("record", "1204")]).await;
        assert!(!html.contains(WARNING), "{html}");

        let html = send(&mut own, "/me", "/api/change-profile", &[("phone", typed)]).await;
        assert!(html.contains(WARNING), "{html}");
        let form = form_to(&html, "/api/change-profile");
        own.post_from("/me", "/api/change-profile", &form.pairs()).await;
        assert_eq!(person(&site, &ivan).await.phone.as_deref(), Some(kept));

        let invited = site.invite("Nina", "nina@acme.by").await;
        let page = site.page_of(&invited).await;
        let mut nina = Browser::new(&site.app);
        // The number that Ivan has would be refused for another reason.
        let fields = [("name", "Nina"), ("phone", "+375 29 333-33-3"), ("password", PASSWORD)];
        let html = send(&mut nina, &page, &page, &fields).await;
        assert!(html.contains(WARNING), "{html}");
        let form = form_to(&html, &page).with("password", PASSWORD);
        assert_eq!(form.value("phone_meant"), Some("+37529333333"));
        let answer = nina.post_from(&page, &page, &form.pairs()).await;
        assert!(answer.status.is_redirection(), "{}", answer.text());
        assert_eq!(person(&site, &invited.user).await.phone.as_deref(), Some("+37529333333"));
    })
    .await;
}

/// Too long, of no use there, of no country; and what is right is never asked about. The script gets the same answer.
#[tokio::test(flavor = "multi_thread")]
async fn a_phone_that_its_country_does_not_have_is_told_by_its_kind() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let ivan = site.add_active("Ivan", "ivan@acme.by", "employee").await;
        let mut anna = Browser::signed_in(&site.app, &site.anna).await;
        for (typed, kind) in [
            ("+375 29 123-45-678", DoubtKind::TooLong),
            ("+375 99 123-45-67", DoubtKind::NotInUse),
            ("+7 905 111-11-1", DoubtKind::TooShort),
            ("00 999 12 345 678", DoubtKind::NoSuchCode),
        ] {
            let version = person(&site, &ivan).await.version.to_string();
            let fields = [("id", ivan.as_str()), ("phone", typed), ("version", version.as_str())];
            let answer = anna.call("/api/edit-user", &fields).await;
            let Some(UseCaseError::Invalid(Invalid::Phone(PhoneProblem::Doubtful { phone, doubt }))) = answer.refusal()
            else {
                panic!("{typed}: {}", answer.text());
            };
            assert_eq!((answer.status.as_u16(), doubt.kind), (422, kind), "{typed}");
            let meant = [&fields[..], &[("phone_meant", phone.as_str())]].concat();
            assert_eq!(anna.call("/api/edit-user", &meant).await.status.as_u16(), 200, "{typed}");
            assert_eq!(person(&site, &ivan).await.phone.as_deref(), Some(phone.as_str()));
        }
        let version = person(&site, &ivan).await.version.to_string();
        let fields = [("id", ivan.as_str()), ("phone", "+48 512 345 678"), ("version", version.as_str())];
        assert_eq!(anna.call("/api/edit-user", &fields).await.status.as_u16(), 200);
        // Nobody insists on what is no number at all.
        let version = person(&site, &ivan).await.version.to_string();
        for none in ["+375", "9051111111", "٣٧٥٢٩١٢٣٤٥٦٧"] {
            let fields = [("id", ivan.as_str()), ("phone", none), ("phone_meant", none), ("version", version.as_str())];
            assert_eq!(anna.call("/api/edit-user", &fields).await.status.as_u16(), 422, "{none}");
        }
    })
    .await;
}

/// By what people sign in, the settings say and the door asks for; who has no address is not shut out by it.
#[tokio::test(flavor = "multi_thread")]
async fn people_sign_in_by_what_the_settings_say() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let ivan = site.add_with_password("Ivan", "ivan@acme.by", "employee").await;
        let olga = site.add_with_password("Olga", "olga@acme.by", "employee").await;
        let mut tx = site.app.db.maintain().await.expect("the writer");
        let sql = "update users set phone = $2, phone_signs_in = $3, login = $4 where id = $1";
        for (user, phone, login) in [(&ivan, "+375291234567", "ivan.p"), (&olga, "+375297654321", "olga.k")] {
            tx.execute(sql, &values![user, phone, true, login]).await.expect("changed");
        }
        let sql =
            "update users set email = null, email_skeleton = null, login = null, login_skeleton = null where id = $1";
        tx.execute(sql, &values![&olga]).await.expect("changed");
        tx.commit().await.expect("kept");
        let comes_in = async |name: &str| {
            let answer =
                Browser::new(&site.app).post_form("/sign-in", &[("username", name), ("password", PASSWORD)]).await;
            answer.status.is_redirection()
        };
        for (by, asked, phone, login) in [
            (SignsInBy::Mail, "E-mail<", false, false),
            (SignsInBy::MailOrPhone, "E-mail or phone<", true, false),
            (SignsInBy::MailOrLogin, "E-mail or login<", false, true),
            (SignsInBy::Any, "E-mail, phone or login<", true, true),
        ] {
            site.save_settings(&Settings { signs_in_by: by, ..site.settings().await }).await;
            let door = Browser::new(&site.app).get("/sign-in").await.text();
            assert!(door.contains(asked), "{by:?}: {door}");
            let came = (comes_in("ivan@acme.by").await, comes_in("+375 29 123-45-67").await, comes_in("ivan.p").await);
            assert_eq!(came, (true, phone, login), "{by:?}");
            assert!(comes_in("+375297654321").await, "{by:?}: there is nothing else");
        }
    })
    .await;
}
