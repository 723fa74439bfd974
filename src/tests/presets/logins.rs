//! People with a login and no address, as the dispatch system has them (rules 76, 79–81, 85, 87): added with a temporary password
//! that is shown once, at work on the page for phones and nowhere else.

use super::office::{Office, card, refused, row};
use crate::support::browser::{Answer, Browser};
use crate::support::databases::both;
use crate::support::html::{Form, form_to};
use crate::support::site::caller;
use crate::support::tables::Dump;
use axum::http::StatusCode;
use usher::domain::error::{Conflict, Invalid, UseCaseError};
use usher::domain::id::UserId;
use usher::domain::preset::{BOOKING, DISPATCH, LEARNING};
use usher::domain::settings::Settings;
use usher::domain::timestamp::Duration;
use usher::domain::user::Status;
use usher::server::use_cases::logins::{self, LoginForm};

const LASTING: &str = "seven green umbrellas";
const MOBILE: &str = "__Host-usher_mobile";

/// The form as it stands on its page, for Pavel.
async fn form_of(by: &mut Browser, role: &str) -> Form {
    let page = by.get("/users/add-login").await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text());
    form_to(&page.text(), "/api/add-login")
        .with("last_name", "Lis")
        .with("first_name", "Pavel")
        .with("login", " Pavel.Lis ")
        .with("phone", "+375 29 111-22-33")
        .with("role", role)
}

/// The temporary password on a card, where it is shown.
fn shown(page: &str) -> Option<String> {
    let (_, rest) = page.split_once("id=\"slip-password\"")?;
    let (_, rest) = rest.split_once('>')?;
    rest.split_once('<').map(|(password, _)| password.to_string())
}

/// Adds Pavel as the preset's form proposes, and reads the slip.
pub(super) async fn add(office: &Office, by: &mut Browser) -> (UserId, String) {
    let form = form_of(by, &office.role("employee")).await;
    let answer = by.post_form("/api/add-login", &form.pairs()).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    let page = answer.location().to_string();
    let id = page.strip_prefix("/users/").unwrap_or_else(|| panic!("{page}: {:?}", by.note())).to_string();
    let slip = by.get(&page).await.text();
    let password = shown(&slip).unwrap_or_else(|| panic!("no slip: {slip}"));
    assert!(slip.contains("https://users.acme.by/m") && slip.contains("pavel.lis"), "{slip}");
    assert_eq!(shown(&by.get(&page).await.text()), None, "it is shown once");
    (UserId::new(id), password)
}

async fn knock(browser: &mut Browser, door: &str, login: &str, password: &str) -> Answer {
    browser.post_form(door, &[("username", login), ("password", password)]).await
}

/// Signs in with a temporary password and chooses the lasting one.
async fn come_in(office: &Office, temporary: &str) -> Browser {
    let mut phone = Browser::new(&office.site.app);
    // Copied with what stood behind it.
    let page = knock(&mut phone, "/m/sign-in", "pavel.lis", &format!("{temporary} \n")).await.location().to_string();
    assert!(page.starts_with("/own-password/"), "{page}");
    let answer = phone.post_form(&page, &[("password", LASTING)]).await;
    assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/m"), "{}", answer.text());
    phone
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_with_a_login_sets_a_lasting_password_first_and_works_on_the_page_for_phones() {
    both(|db| async {
        let office = Office::open(db, &DISPATCH).await;
        let mut anna = office.anna.clone();
        assert!(anna.get("/users/invite").await.text().contains("href=\"/users/add-login\""), "the method is asked");
        let (user, temporary) = add(&office, &mut anna).await;
        let there = row(&mut anna, &user).await.expect("listed at once");
        assert_eq!((there.status, there.name.as_str()), (Status::Active, "Pavel Lis"));
        assert_eq!((there.login.as_deref(), there.email), (Some("pavel.lis"), None));
        assert_eq!(there.phone.as_deref(), Some("+375291112233"));
        let page = anna.get(&format!("/users/{user}")).await.text();
        for said in ["Login and password", "page for phones only", "has not been used yet"] {
            assert!(page.contains(said), "{said}: {page}");
        }
        assert!(!Dump::of(&office.site.app.db).await.holds(&temporary), "kept as a hash alone");

        // The panel sends them on, and the phone asks for a lasting password first, however often.
        let mut phone = Browser::new(&office.site.app);
        let panel = knock(&mut phone, "/sign-in", "pavel.lis", &temporary).await;
        assert_eq!(panel.status, StatusCode::FORBIDDEN);
        assert!(panel.text().contains("href=\"/m/sign-in\"") && !phone.has_session(), "{}", panel.text());
        let mut page = String::new();
        for login in ["pavel.lis", " PAVEL.LIS "] {
            let answer = knock(&mut phone, "/m/sign-in", login, &temporary).await;
            page = answer.location().to_string();
            assert!(page.starts_with("/own-password/"), "{page}");
            assert!(!phone.cookies.contains_key(MOBILE) && !phone.has_session());
            assert_eq!(phone.get("/m").await.location(), "/m/sign-in");
        }
        assert_eq!(phone.get(&page).await.status, StatusCode::OK);
        for refused in ["", "short", "pavel.lis", &temporary] {
            let answer = phone.post_form(&page, &[("password", refused)]).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{refused}");
        }
        for other in ["/reset/", "/i/", "/confirm/"] {
            let elsewhere = page.replace("/own-password/", other);
            assert_eq!(phone.get(&elsewhere).await.status, StatusCode::NOT_FOUND, "{elsewhere}");
        }
        let answer = phone.post_form(&page, &[("password", LASTING)]).await;
        assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/m"), "{}", answer.text());

        let home = phone.get("/m").await;
        assert_eq!(home.status, StatusCode::OK);
        assert!(home.text().contains("/mobile.webmanifest") && home.text().contains("Pavel Lis"), "{}", home.text());
        for used in [&page, &page] {
            assert!(phone.get(used).await.location().starts_with("/m/sign-in"), "the link has ended");
        }
        let mut other = Browser::new(&office.site.app);
        assert_eq!(knock(&mut other, "/m/sign-in", "pavel.lis", &temporary).await.status.as_u16(), 422);
        assert_eq!(knock(&mut other, "/m/sign-in", "pavel.lis", LASTING).await.location(), "/m");
        let panel = knock(&mut other, "/sign-in", "pavel.lis", LASTING).await;
        assert!(panel.status == StatusCode::FORBIDDEN && !other.has_session());

        // One's own things are to be had there, and nothing of the panel by the same session.
        let form = form_to(&phone.get("/m/me").await.text(), "/m/me");
        let form = form.with("first_name", "Pavel Petrovich").with("last_name", "Lis");
        assert_eq!(phone.post_form("/m/me", &form.pairs()).await.location(), "/m/me?notice=saved");
        assert_eq!(row(&mut anna, &user).await.expect("listed").name, "Pavel Petrovich Lis");
        let wrong = [("current_password", "not this one"), ("password", "eight blue umbrellas")];
        assert_eq!(phone.post_form("/m/password", &wrong).await.status.as_u16(), 422);
        let right = [("current_password", LASTING), ("password", "eight blue umbrellas")];
        assert_eq!(phone.post_form("/m/password", &right).await.location(), "/m/me?notice=password");
        assert_eq!(other.get("/m").await.location(), "/m/sign-in", "other devices are signed out");
        assert_eq!(phone.get("/m").await.status, StatusCode::OK);
        let secret = phone.cookies[MOBILE].clone();
        phone.cookies.insert("__Host-usher_session".into(), secret);
        for call in ["/api/change-profile", "/api/end-other-sessions", "/api/change-password"] {
            assert_eq!(phone.call(call, &[]).await.status, StatusCode::UNAUTHORIZED, "{call}");
        }
        assert!(phone.get("/me").await.location().starts_with("/sign-in"));

        // A block acts on the next request.
        let id = user.to_string();
        assert!(anna.call("/api/block", &[("id", &id)]).await.is_done());
        assert_eq!(phone.get("/m").await.location(), "/m/sign-in");
        let door = knock(&mut Browser::new(&office.site.app), "/m/sign-in", "pavel.lis", "eight blue umbrellas").await;
        assert_eq!(door.status, StatusCode::FORBIDDEN);
        office.close().await;
    })
    .await;
}

/// Whoever was given a login and has not come in yet is told from those who have, in the list itself.
#[tokio::test(flavor = "multi_thread")]
async fn a_login_that_never_signed_in_says_so_in_its_row() {
    both(|db| async {
        let office = Office::open(db, &DISPATCH).await;
        let mut anna = office.anna.clone();
        let (pavel, temporary) = add(&office, &mut anna).await;
        let says = async |anna: &mut Browser| {
            let page = anna.get("/users").await.text();
            let at = page.find(&format!("href=\"/users/{pavel}\"")).unwrap_or_else(|| panic!("no row: {page}"));
            let row = page[at..].split("</tr>").next().expect("a row").to_string();
            (row.contains("Has not come in yet"), page.matches("Has not come in yet").count())
        };
        assert_eq!(says(&mut anna).await, (true, 1), "and of nobody else");
        come_in(&office, &temporary).await.get("/m").await;
        assert_eq!(says(&mut anna).await, (false, 0));
    })
    .await;
}

/// Rule 87, AU-09.
#[tokio::test(flavor = "multi_thread")]
async fn a_temporary_password_ends_after_a_day_and_a_new_one_is_copied_from_the_card() {
    both(|db| async {
        let office = Office::open(db, &DISPATCH).await;
        let mut anna = office.anna.clone();
        let (user, first) = add(&office, &mut anna).await;
        let mut phone = Browser::new(&office.site.app);
        office.site.pass(Duration::minutes(24 * 60 - 5));
        let early = knock(&mut phone, "/m/sign-in", "pavel.lis", &first).await;
        let page = early.location().to_string();
        assert!(page.starts_with("/own-password/"), "{}", early.text());
        office.site.pass(Duration::minutes(6));
        let late = knock(&mut phone, "/m/sign-in", "pavel.lis", &first).await;
        assert!(late.status == StatusCode::FORBIDDEN && late.text().contains("no longer valid"), "{}", late.text());
        assert!(phone.post_form(&page, &[("password", LASTING)]).await.location().starts_with("/m/sign-in"));

        let mut anna = office.sign_in("anna@acme.by").await;
        assert!(anna.get(&format!("/users/{user}")).await.text().contains("was not used and has ended"));
        let asked = anna.get(&format!("/users/{user}?do=reset")).await.text();
        assert!(asked.contains("Make and copy password"), "{asked}");
        let form = form_to(&asked, "/api/reset-password");
        assert_eq!(anna.post_form("/api/reset-password", &form.pairs()).await.status, StatusCode::SEE_OTHER);
        let card_page = format!("/users/{user}");
        let second = shown(&anna.get(&card_page).await.text()).expect("a slip");
        assert_ne!(first, second);
        assert_eq!(shown(&anna.get(&card_page).await.text()), None);
        assert!(!Dump::of(&office.site.app.db).await.holds(&second));
        let mut phone = come_in(&office, &second).await;

        // Once more, while somebody is signed in: they are out at once, and have to choose again.
        let answer = anna.call("/api/reset-password", &[("id", user.as_str())]).await;
        let third: String = serde_json::from_slice(&answer.body).expect("a password");
        assert_eq!(phone.get("/m").await.location(), "/m/sign-in");
        assert_eq!(knock(&mut phone, "/m/sign-in", "pavel.lis", LASTING).await.status.as_u16(), 422);
        come_in(&office, &third).await;
        let history = card(&mut anna, &user).await.history;
        assert!(history.len() >= 4 && !serde_json::to_string(&history).expect("a text").contains(&third));
        office.close().await;
    })
    .await;
}

/// Rules 82, 88 and their like hold for people with a login as for all others, whatever a request says.
#[tokio::test(flavor = "multi_thread")]
async fn nobody_adds_with_a_login_whom_they_could_not_invite() {
    both(|db| async {
        let mut office = Office::open(db, &DISPATCH).await;
        let company = office.company();
        let (_, mut chief) = office.hire("Olga Chief", "olga@acme.by", "company_administrator", &company).await;
        let (_, mut looker) = office.hire("Dina Look", "dina@acme.by", "dispatcher", &company).await;
        let roles = ["main_administrator", "company_administrator", "employee"].map(|role| office.role(role));
        let unit = company.to_string();
        let of = |role: &str, unit: &str, login: &str| {
            vec![
                ("last_name", "Lis".to_string()),
                ("first_name", "Pavel".into()),
                ("login", login.into()),
                ("unit", unit.into()),
                ("role", role.into()),
                ("language", "en".into()),
            ]
        };
        fn pairs<'a>(fields: &'a [(&'static str, String)]) -> Vec<(&'a str, &'a str)> {
            fields.iter().map(|(name, value)| (*name, value.as_str())).collect()
        }
        for role in &roles[..2] {
            refused(&mut chief, "/api/add-login", &pairs(&of(role, &unit, "pavel")), 403).await;
        }
        refused(&mut looker, "/api/add-login", &pairs(&of(&roles[2], &unit, "pavel")), 403).await;
        refused(&mut chief, "/api/add-login", &pairs(&of(&roles[2], "no-such-unit", "pavel")), 404).await;
        refused(&mut chief, "/api/add-login", &pairs(&of("no-such-role", &unit, "pavel")), 422).await;
        assert_eq!(looker.get("/users/add-login").await.status, StatusCode::FORBIDDEN);
        assert!(chief.call("/api/add-login", &pairs(&of(&roles[2], &unit, "Pavel.Lis"))).await.is_done());

        // Logins are compared in one form, and none is mixed up with another (rule 10).
        for (login, status) in [
            ("PAVEL.LIS", 409),
            ("pavel_lis", 409),
            ("pavellis", 409),
            ("pavel.l1s", 409),
            ("раvel", 422),
            ("pavel@acme.by", 422),
            ("+375291112233", 422),
            ("a", 422),
            ("", 422),
        ] {
            refused(&mut chief, "/api/add-login", &pairs(&of(&roles[2], &unit, login)), status).await;
        }
        for missing in ["last_name", "first_name"] {
            let mut fields = of(&roles[2], &unit, "other.login");
            fields.retain(|(name, _)| *name != missing);
            fields.push((missing, " ".into()));
            refused(&mut chief, "/api/add-login", &pairs(&fields), 422).await;
        }

        // A company administrator copies no password of somebody above them.
        let mut anna = office.sign_in("anna@acme.by").await;
        let above = of(&roles[1], &unit, "second.chief");
        assert!(anna.call("/api/add-login", &pairs(&above)).await.is_done());
        let list = super::office::list(&mut anna, "", "").await;
        let above =
            list.rows.iter().find(|row| row.login.as_deref() == Some("second.chief")).expect("listed").id.clone();
        refused(&mut chief, "/api/reset-password", &[("id", above.as_str())], 403).await;

        let before = office.site.settings().await;
        office.site.save_settings(&Settings { hands_over: false, ..before }).await;
        refused(&mut chief, "/api/add-login", &pairs(&of(&roles[2], &unit, "third.one")), 409).await;
        assert_eq!(chief.get("/users/add-login").await.status, StatusCode::CONFLICT);
        assert!(!chief.get("/users/invite").await.text().contains("/users/add-login"));
        office.close().await;
    })
    .await;
}

/// Rule 53: what two give together is not handed over by one; and where the settings say nothing, nobody is.
#[tokio::test(flavor = "multi_thread")]
async fn what_two_give_is_not_handed_over_and_other_presets_hand_over_nothing() {
    both(|db| async {
        let office = Office::open(db, &BOOKING).await;
        assert!(!LEARNING.settings().hands_over && !office.site.settings().await.hands_over);
        let before = office.site.settings().await;
        office.site.save_settings(&Settings { hands_over: true, ..before }).await;
        let mut anna = office.anna.clone();
        let (company, agreed) = (office.company().to_string(), office.role("booking_branch_administrator"));
        let usual = office.role("booking_specialist");
        let fields =
            |role: &'static str| [("last_name", "Lis"), ("first_name", "Pavel"), ("login", role), ("language", "ru")];
        let mut forged = fields("pavel").to_vec();
        forged.extend([("unit", company.as_str()), ("role", agreed.as_str())]);
        refused(&mut anna, "/api/add-login", &forged, 409).await;
        let mut fine = fields("pavel").to_vec();
        fine.extend([("unit", company.as_str()), ("role", usual.as_str())]);
        assert!(anna.call("/api/add-login", &fine).await.is_done());
        let list = super::office::list(&mut anna, "", "").await;
        assert!(list.rows.iter().any(|row| row.name == "Lis Pavel"), "as Russian writes it");
        // A company decides it for itself.
        let says = async |hands_over: &str| {
            let mut anna = office.anna.clone();
            let page = anna.get(&format!("/units/{company}?do=edit")).await.text();
            let form = form_to(&page, "/api/edit-unit").with("hands_over", hands_over);
            assert!(anna.call("/api/edit-unit", &form.pairs()).await.is_done());
        };
        let second = |login: &'static str| {
            let mut fields = fields(login).to_vec();
            fields.extend([("unit", company.as_str()), ("role", usual.as_str())]);
            fields
        };
        says("false").await;
        refused(&mut anna, "/api/add-login", &second("second"), 409).await;
        assert_eq!(anna.get("/users/add-login").await.status, StatusCode::CONFLICT);
        let before = office.site.settings().await;
        office.site.save_settings(&Settings { hands_over: false, ..before }).await;
        says("true").await;
        assert!(anna.call("/api/add-login", &second("third")).await.is_done());
        assert!(anna.get("/users/invite").await.text().contains("/users/add-login"));
        office.close().await;
    })
    .await;
}

/// H-29: whoever adds a login learns whether one is taken, so every try counts, also one that comes to nothing. What is refused
/// before anybody's names are looked at does not, nor do another administrator's tries.
#[tokio::test(flavor = "multi_thread")]
async fn a_login_that_is_refused_counts_like_one_that_is_added() {
    both(|db| async {
        let mut office = Office::open(db, &DISPATCH).await;
        let company = office.company();
        let (chief, mut chiefs) = office.hire("Olga Chief", "olga@acme.by", "company_administrator", &company).await;
        let (second, _) = office.hire("Boris Chief", "boris@acme.by", "company_administrator", &company).await;
        let form = |login: &str| LoginForm {
            last_name: "Lis".into(),
            first_name: "Pavel".into(),
            login: login.into(),
            unit: company.to_string(),
            role: office.role("employee"),
            language: "en".into(),
            ..LoginForm::default()
        };
        let app = &office.site.app;
        let add = async |by: &UserId, form: &LoginForm| logins::add(app, &caller(by), form).await.map(drop);
        office.site.sign_in_again(&chief).await;
        office.site.sign_in_again(&second).await;

        // Nothing about other people's names is said by these.
        for _ in 0..130 {
            let unreadable = add(&chief, &form("раvel")).await;
            assert!(matches!(unreadable, Err(UseCaseError::Invalid(Invalid::Login(_)))), "{unreadable:?}");
            let above = LoginForm { role: office.role("company_administrator"), ..form("pavel") };
            assert!(matches!(add(&chief, &above).await, Err(UseCaseError::Denied(_))));
        }
        assert_eq!(add(&chief, &form("pavel.lis")).await, Ok(()));
        for n in 1..120 {
            let (login, refusal) = match n % 2 {
                0 => ("PAVEL.LIS", Conflict::LoginTaken),
                _ => ("pavel_lis", Conflict::LoginLooksTaken),
            };
            assert_eq!(add(&chief, &form(login)).await, Err(refusal.into()), "try {n}");
        }
        // Used up: from now on the answer is the same of a free one and a taken one.
        for login in ["pavel.lis", "free.one"] {
            let answer = add(&chief, &form(login)).await;
            assert!(
                matches!(answer, Err(UseCaseError::TooMany { seconds }) if (1..=3600).contains(&seconds)),
                "{login}: {answer:?}"
            );
        }
        let page = form_of(&mut chiefs, &office.role("employee")).await.with("login", "free.one");
        let answer = chiefs.call("/api/add-login", &page.pairs()).await;
        assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS, "{}", answer.text());
        assert_eq!(add(&second, &form("free.one")).await, Ok(()), "another one's tries are theirs");

        office.site.pass(Duration::minutes(61));
        assert_eq!(add(&chief, &form("free.one")).await, Err(Conflict::LoginTaken.into()));
        assert_eq!(add(&chief, &form("free.two")).await, Ok(()));
        office.close().await;
    })
    .await;
}
