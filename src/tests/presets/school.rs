//! The school: teams, administrators who invite, links of three days, and an archive for whoever leaves.

use super::journey::Way;
use super::office::{Office, answer, card, is_listed_as, list, page_in, refused, row};
use super::walls::{Gives, Walls};
use crate::support::browser::Browser;
use crate::support::databases::both;
use axum::http::StatusCode;
use usher::domain::listing::HeldRole;
use usher::domain::preset::SCHOOL;
use usher::domain::timestamp::Duration;
use usher::domain::user::Status;

const WAY: Way = Way {
    unit: "Blue team",
    administrator: "school_administrator",
    usual: "school_teacher",
    hours: 72,
    start: "/shifts",
};

#[tokio::test(flavor = "multi_thread")]
async fn a_teacher_comes_into_a_team_of_the_school() {
    both(|db| async {
        let mut office = Office::open(db, &SCHOOL).await;
        let mut arrived = WAY.walk(&mut office).await;
        assert_eq!(arrived.browser.ask_shown(&format!("/users/{}", arrived.user)).await.status, 403);
        office.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn coordinators_and_teachers_of_a_school_write_nothing_about_people() {
    let gives: Gives = &[
        ("school_owner", &["school_administrator", "school_coordinator", "school_teacher"]),
        ("school_administrator", &["school_coordinator", "school_teacher"]),
    ];
    let walls = Walls {
        preset: &SCHOOL,
        only_look: &["school_coordinator"],
        without_users: &["school_teacher"],
        invites: gives,
        changes: gives,
    };
    walls.stand().await;
}

/// Rule 1: whoever leaves is out of sight and cannot come in; brought back they are what they were, where they were.
#[tokio::test(flavor = "multi_thread")]
async fn the_archive_of_a_school_keeps_role_and_teams() {
    both(|db| async {
        let mut office = Office::open(db, &SCHOOL).await;
        let (company, mut anna) = (office.company(), office.anna.clone());
        let blue = office.found(&mut anna, "Blue team", &company).await;
        let red = office.found(&mut anna, "Red team", &company).await.to_string();
        let (_, mut chief) = office.hire("Olga Chief", "olga@acme.by", "school_administrator", &company).await;
        let role = office.role("school_coordinator");
        let draft = office
            .invite(&mut chief, &blue, "tanya@acme.by", |form| {
                let mut form = form.with("role", &role);
                form.fields.push(("units[]".into(), red.clone()));
                form
            })
            .await;
        let tanya = draft.sent[0].user_id.clone();
        let letter = office.letter("tanya@acme.by", 1).await;
        let mut browser = office.register(&letter, "Tanya Leaves").await;
        let before = row(&mut chief, &tanya).await.expect("listed");
        assert_eq!((before.status, before.held.len()), (Status::Active, 2));

        let page = format!("/users/{tanya}");
        answer(&mut chief, &format!("{page}?do=archive"), "/api/archive", &[]).await;
        assert!(row(&mut chief, &tanya).await.is_none(), "hidden at first");
        assert!(!chief.get("/users").await.text().contains("Tanya Leaves"));
        let archived = list(&mut chief, "", "archived").await.rows;
        assert_eq!((archived.len(), archived[0].status), (1, Status::Archived));
        let places = |held: &[HeldRole]| -> Vec<_> {
            let mut all: Vec<_> = held.iter().map(|held| (held.unit.clone(), held.place.role.to_string())).collect();
            all.sort();
            all
        };
        assert_eq!(places(&archived[0].held), places(&before.held), "role and teams are kept");
        assert!(!browser.is_signed_in().await, "out at once");
        let (mut outside, shut) = office.knock("tanya@acme.by").await;
        assert!(!shut.status.is_redirection() && !outside.is_signed_in().await, "{}", shut.status);

        // What is taken back within minutes nobody has noticed, and nobody is told of it.
        office.site.pass(Duration::minutes(11));
        answer(&mut chief, &format!("{page}?do=back"), "/api/bring-back", &[]).await;
        let after = row(&mut chief, &tanya).await.expect("listed again");
        assert_eq!((after.status, places(&after.held)), (Status::Active, places(&before.held)));
        assert_eq!((after.name, after.email), (before.name, before.email));
        let told = office.letter("tanya@acme.by", 2).await;
        assert!(told.text().contains("again") && told.text().contains("/sign-in"), "{}", told.text());
        let mut again = office.sign_in("tanya@acme.by").await;
        assert_eq!(again.get("/users").await.status, StatusCode::OK, "a coordinator looks at people");
        office.close().await;
    })
    .await;
}

/// Rules 3, 4: on the list, one press away. Below the rank of an administrator there is no button, and the way behind it is
/// shut.
#[tokio::test(flavor = "multi_thread")]
async fn only_administrators_of_a_school_have_the_button_that_invites() {
    both(|db| async {
        let mut office = Office::open(db, &SCHOOL).await;
        let company = office.company();
        let (_, mut chief) = office.hire("Olga Chief", "olga@acme.by", "school_administrator", &company).await;
        let (_, mut corin) = office.hire("Corin", "corin@acme.by", "school_coordinator", &company).await;
        let (unit, role) = (company.to_string(), office.role("school_teacher"));
        let button = async |browser: &mut Browser| browser.get("/users").await.text().contains("href=\"/users/invite");
        assert!(button(&mut office.anna.clone()).await && button(&mut chief).await);
        assert!(!button(&mut corin).await);
        assert_eq!(corin.get("/users/invite").await.status, StatusCode::FORBIDDEN);
        let fields = [
            ("addresses", "somebody@acme.by"),
            ("unit", &unit),
            ("role", &role),
            ("language", "en"),
            ("valid_for", "72h"),
        ];
        refused(&mut corin, "/api/invite", &fields, 403).await;
        office.close().await;
    })
    .await;
}

/// Rules 16–18: three days to the minute; afterwards it is sent again from the card, with another link.
#[tokio::test(flavor = "multi_thread")]
async fn a_link_of_a_school_works_for_three_days_and_is_sent_again_from_the_card() {
    both(|db| async {
        let office = Office::open(db, &SCHOOL).await;
        let (company, mut anna) = (office.company(), office.anna.clone());
        let user = office.invite_as(&mut anna, &company, "tanya@acme.by", "school_teacher").await;
        let first = office.letter("tanya@acme.by", 1).await;
        let mut visitor = Browser::new(&office.site.app);
        office.site.pass(Duration::minutes(72 * 60 - 2));
        assert_eq!(visitor.get(&page_in(&first)).await.status, StatusCode::OK);
        office.site.pass(Duration::minutes(3));
        assert_eq!(visitor.get(&page_in(&first)).await.status, StatusCode::GONE);

        let mut anna = office.sign_in("anna@acme.by").await;
        assert_eq!(card(&mut anna, &user).await.user.status, Status::Expired);
        answer(&mut anna, &format!("/users/{user}?do=resend"), "/api/resend", &[]).await;
        let second = office.letter("tanya@acme.by", 2).await;
        assert_ne!(page_in(&first), page_in(&second));
        assert_eq!(visitor.get(&page_in(&first)).await.status, StatusCode::GONE);
        office.register(&second, "Tanya Late").await;
        assert!(is_listed_as(&mut anna, &user, Status::Active).await);
        office.close().await;
    })
    .await;
}
