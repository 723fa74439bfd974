//! The dispatch system: five roles, links of eight hours, who gives which role to whom, names that are people's own, and shifts
//! that a block empties.

use super::journey::Way;
use super::office::{Office, answer, card, done, is_listed_as, page_in, refused, row};
use super::walls::{Gives, Walls};
use crate::support::browser::Browser;
use crate::support::databases::both;
use crate::support::html::{form_to, tags};
use axum::http::StatusCode;
use usher::domain::id::{ShiftId, UserId};
use usher::domain::preset::DISPATCH;
use usher::domain::timestamp::Duration;
use usher::domain::user::Status;
use usher::server::storage::shifts;
use usher::words::Language;

const WAY: Way =
    Way { unit: "Branch North", administrator: "company_administrator", usual: "employee", hours: 8, start: "/me" };

#[tokio::test(flavor = "multi_thread")]
async fn an_employee_comes_into_a_branch_of_the_dispatch_system() {
    both(|db| async {
        let mut office = Office::open(db, &DISPATCH).await;
        let mut arrived = WAY.walk(&mut office).await;
        // Rule 75: no tab, and nothing behind it.
        assert!(!arrived.browser.get("/me").await.text().contains("href=\"/users\""));
        assert_eq!(arrived.browser.get("/users").await.status, StatusCode::FORBIDDEN);
        office.close().await;
    })
    .await;
}

/// Rules 73–75, 82, 88, 95.
#[tokio::test(flavor = "multi_thread")]
async fn dispatchers_and_agent_group_managers_only_look_and_employees_do_not() {
    let gives: Gives = &[
        ("main_administrator", &["company_administrator", "dispatcher", "agent_group_manager", "employee"]),
        ("company_administrator", &["dispatcher", "agent_group_manager", "employee"]),
    ];
    let walls = Walls {
        preset: &DISPATCH,
        only_look: &["dispatcher", "agent_group_manager"],
        without_users: &["employee"],
        invites: gives,
        changes: gives,
    };
    walls.stand().await;
}

/// The roles that a page's form offers.
fn offered(html: &str) -> Vec<String> {
    let radios = tags(html).into_iter().filter(|tag| tag.name == "input" && tag.get("name") == Some("role"));
    radios.filter_map(|tag| tag.get("value").map(String::from)).collect()
}

/// Rules 72, 82, 83, 88: what the forms offer to each of the two who give roles; the top role stands in none of them.
#[tokio::test(flavor = "multi_thread")]
async fn the_forms_offer_each_administrator_the_roles_below_their_own() {
    both(|db| async {
        let mut office = Office::open(db, &DISPATCH).await;
        let mut arrived = WAY.walk(&mut office).await;
        let below = ["company_administrator", "dispatcher", "agent_group_manager", "employee"];
        let ids: Vec<String> = below.iter().map(|key| office.role(key)).collect();
        for (by, roles) in [(&mut office.anna, &ids[..]), (&mut arrived.chief, &ids[1..])] {
            for page in ["/users/invite".to_string(), format!("/users/{}?do=role", arrived.user)] {
                assert_eq!(offered(&by.get(&page).await.text()), roles, "{page}");
            }
        }
        let names: Vec<String> = office.site.roles.iter().map(|role| Language::Russian.role_name(role)).collect();
        let russian =
            ["Главный администратор", "Администратор компании", "Диспетчер", "Менеджер группы агентов", "Сотрудник"];
        assert_eq!(names, russian);
        office.close().await;
    })
    .await;
}

/// Rule 78: eight hours; then it is sent again from the card, or asked for by whoever has the old link.
#[tokio::test(flavor = "multi_thread")]
async fn a_link_of_the_dispatch_system_works_for_eight_hours_and_is_sent_again_from_the_card() {
    both(|db| async {
        let office = Office::open(db, &DISPATCH).await;
        let (company, mut anna) = (office.company(), office.anna.clone());
        let user = office.invite_as(&mut anna, &company, "ivan@acme.by", "employee").await;
        let first = office.letter("ivan@acme.by", 1).await;
        let mut visitor = Browser::new(&office.site.app);
        office.site.pass(Duration::minutes(8 * 60 - 2));
        assert_eq!(visitor.get(&page_in(&first)).await.status, StatusCode::OK);
        office.site.pass(Duration::minutes(3));
        let dead = visitor.get(&page_in(&first)).await;
        assert_eq!(dead.status, StatusCode::GONE);

        let mut anna = office.sign_in("anna@acme.by").await;
        assert_eq!(card(&mut anna, &user).await.user.status, Status::Expired);
        answer(&mut anna, &format!("/users/{user}?do=resend"), "/api/resend", &[]).await;
        let second = office.letter("ivan@acme.by", 2).await;
        office.site.pass(Duration::hours(9));
        let renew = form_to(&visitor.get(&page_in(&second)).await.text(), &format!("{}/renew", page_in(&second)));
        assert_eq!(visitor.post_form(&renew.action, &renew.pairs()).await.status, StatusCode::OK);
        let third = office.letter("ivan@acme.by", 3).await;
        office.register(&third, "Ivan Ivanov").await;
        let mut anna = office.sign_in("anna@acme.by").await;
        assert!(is_listed_as(&mut anna, &user, Status::Active).await);
        office.close().await;
    })
    .await;
}

/// Rules 85, 89–91: the name only until its owner wrote it, the number always, the address never.
#[tokio::test(flavor = "multi_thread")]
async fn a_name_is_its_owners_a_number_is_edited_and_an_address_stays() {
    both(|db| async {
        let mut office = Office::open(db, &DISPATCH).await;
        let company = office.company();
        let (_, mut chief) = office.hire("Olga Chief", "olga@acme.by", "company_administrator", &company).await;
        let user = office.invite_as(&mut chief, &company, "ivan@acme.by", "dispatcher").await;
        let edit = format!("/users/{user}/edit");
        answer(&mut chief, &edit, "/api/edit-user", &[("name", "Ivan Proposed"), ("phone", "")]).await;
        assert_eq!(row(&mut chief, &user).await.expect("listed").name, "Ivan Proposed");
        let letter = office.letter("ivan@acme.by", 1).await;
        office.register(&letter, "Ivan Ivanov").await;

        let html = chief.get(&edit).await.text();
        let form = form_to(&html, "/api/edit-user");
        assert!(form.value("name").is_none() && form.value("email").is_none(), "{:?}", form.fields);
        let id = user.to_string();
        let version = form.value("version").expect("a version").to_string();
        let forged = [
            ("id", id.as_str()),
            ("names", "on"),
            ("name", "Somebody Else"),
            ("phone", ""),
            ("version", version.as_str()),
        ];
        refused(&mut chief, "/api/edit-user", &forged, 409).await;
        let form = form.with("phone", "8 (029) 111-22-33");
        let odd = form.pairs();
        refused(&mut chief, "/api/edit-user", &odd, 422).await;
        let mut form = form.with("phone", "+375 (29) 111-22-33");
        for (name, value) in [("email", "mallory@acme.by"), ("login", "mallory")] {
            form.fields.push((name.into(), value.into()));
        }
        // Whether such a field is passed over or refused: nothing comes of it.
        chief.post_form("/api/edit-user", &form.pairs()).await;
        chief.note();
        answer(&mut chief, &edit, "/api/edit-user", &[("phone", "+375 (29) 111-22-33")]).await;
        let there = row(&mut chief, &user).await.expect("listed");
        assert_eq!(
            (there.name.as_str(), there.email.as_deref(), there.phone.as_deref(), there.login.as_deref()),
            ("Ivan Ivanov", Some("ivan@acme.by"), Some("+375291112233"), None)
        );
        office.close().await;
    })
    .await;
}

async fn people_of(office: &Office, shift: &ShiftId) -> Vec<UserId> {
    let mut tx = office.site.app.db.read().await.expect("a connection");
    let found = shifts::find(&mut tx, shift).await.expect("a look").expect("the shift");
    found.people
}

/// Rules 92–94: a block ends sessions and empties shifts at once and keeps the data; unblocking brings nobody back into a
/// shift; a deletion is for good.
#[tokio::test(flavor = "multi_thread")]
async fn a_block_shuts_out_at_once_and_a_deletion_is_for_good() {
    both(|db| async {
        let mut office = Office::open(db, &DISPATCH).await;
        let mut arrived = WAY.walk(&mut office).await;
        let (chief, user, browser) = (&mut arrived.chief, &arrived.user, &mut arrived.browser);
        let shift = office.site.add_shift(&office.site.company).await;
        let (id, place) = (user.to_string(), shift.to_string());
        let joined = chief.call("/api/join-shift", &[("id", &place), ("user", &id)]).await;
        assert!(joined.is_done(), "{}", joined.text());
        assert_eq!(people_of(&office, &shift).await, std::slice::from_ref(user));

        let page = format!("/users/{user}");
        answer(chief, &format!("{page}?do=block"), "/api/block", &[("reason", "Lost the phone")]).await;
        assert!(!browser.is_signed_in().await, "on the very next request");
        assert!(!office.knock("ivan@acme.by").await.1.status.is_redirection());
        assert!(people_of(&office, &shift).await.is_empty());
        let blocked = row(chief, user).await.expect("kept");
        assert_eq!((blocked.status, blocked.name.as_str(), blocked.held.len()), (Status::Blocked, "Ivan Ivanov", 1));

        let html = chief.get(&format!("{page}?do=unblock")).await.text();
        done(chief, "/api/unblock", &form_to(&html, "/api/unblock")).await;
        assert!(is_listed_as(chief, user, Status::Active).await && people_of(&office, &shift).await.is_empty());
        office.sign_in("ivan@acme.by").await;

        refused(chief, "/api/delete", &[("id", &id), ("typed", "ivan")], 409).await;
        answer(chief, &format!("{page}?do=delete"), "/api/delete", &[("typed", "ivan@acme.by")]).await;
        assert!(row(chief, user).await.is_none());
        for path in ["/api/unblock", "/api/bring-back"] {
            refused(chief, path, &[("id", &id)], 404).await;
        }
        assert!(!office.knock("ivan@acme.by").await.1.status.is_redirection());
        office.close().await;
    })
    .await;
}
