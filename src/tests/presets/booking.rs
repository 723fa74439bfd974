//! The booking chain: branches that do not see each other, one person in several of them, addresses that nobody has twice, and
//! administrators who take two.

use super::journey::Way;
use super::office::{Office, SECRET, answer, card, done, is_listed_as, list, page_in, refused, row};
use super::walls::{Gives, Walls};
use crate::support::browser::Browser;
use crate::support::databases::both;
use crate::support::html::{Form, form_to};
use axum::http::StatusCode;
use usher::domain::id::UnitId;
use usher::domain::preset::BOOKING;
use usher::domain::review::Verdict;
use usher::domain::user::Status;

const WAY: Way = Way {
    unit: "Branch North",
    administrator: "booking_chain_administrator",
    usual: "booking_specialist",
    hours: 168,
    start: "/shifts",
};

/// A chain with two branches, an administrator in the north, and the chain's own.
struct Chain {
    office: Office,
    north: UnitId,
    south: UnitId,
    chief: Browser,
    nina: Browser,
}

impl Chain {
    async fn open(db: usher::server::storage::Database) -> Self {
        let mut office = Office::open(db, &BOOKING).await;
        let (company, mut anna) = (office.company(), office.anna.clone());
        let north = office.found(&mut anna, "Branch North", &company).await;
        let south = office.found(&mut anna, "Branch South", &company).await;
        let (_, chief) = office.hire("Olga Chief", "olga@acme.by", "booking_chain_administrator", &company).await;
        let (_, nina) = office.hire("Nina North", "nina@acme.by", "booking_branch_administrator", &north).await;
        Self { office, north, south, chief, nina }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_specialist_comes_into_a_branch_of_the_chain() {
    both(|db| async {
        let mut office = Office::open(db, &BOOKING).await;
        WAY.walk(&mut office).await;
        office.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn accountants_and_specialists_write_nothing_about_people() {
    let walls = Walls {
        preset: &BOOKING,
        only_look: &["booking_accountant"],
        without_users: &["booking_specialist"],
        invites: GIVES,
        changes: GIVES,
    };
    walls.stand().await;
}

const GIVES: Gives = &[
    ("booking_owner", BELOW_THE_OWNER),
    ("booking_chain_administrator", BELOW_THE_CHAIN),
    ("booking_branch_administrator", STAFF),
];
const STAFF: &[&str] = &["booking_accountant", "booking_specialist"];
const BELOW_THE_CHAIN: &[&str] = &["booking_branch_administrator", "booking_accountant", "booking_specialist"];
const BELOW_THE_OWNER: &[&str] =
    &["booking_chain_administrator", "booking_branch_administrator", "booking_accountant", "booking_specialist"];

/// Rule 39: however they are written, an address and a number belong to one person, and strangers do not learn to whom.
#[tokio::test(flavor = "multi_thread")]
async fn an_address_and_a_number_belong_to_one_person_however_they_are_written() {
    both(|db| async {
        let mut chain = Chain::open(db).await;
        let Chain { office, north, nina, .. } = &mut chain;
        let first = office.invite_as(nina, north, "sonya@acme.by", "booking_specialist").await;
        let letter = office.letter("sonya@acme.by", 1).await;
        let mut sonya = Browser::new(&office.site.app);
        let form = form_to(&sonya.get(&page_in(&letter)).await.text(), &page_in(&letter));
        let form = form.with("name", "Sonya").with("phone", "+375 (29) 111-22-33").with("password", SECRET);
        let form = form.with_what_must_be_ticked();
        assert_eq!(sonya.post_form(&page_in(&letter), &form.pairs()).await.status, StatusCode::SEE_OTHER);
        assert_eq!(row(nina, &first).await.expect("listed").phone.as_deref(), Some("+375291112233"));

        let draft = office.invite(nina, north, " Sonya@ACME.By ", |form| form).await;
        assert!(draft.sent.is_empty(), "{:?}", draft.sent);
        let known = &draft.rows[0].verdict;
        assert!(matches!(known, Verdict::Known { user_id, .. } if *user_id == first), "{known:?}");

        for (n, number) in ["375291112233", "+375 29 1112233", "00375-29-111-22-33"].iter().enumerate() {
            let address = format!("mark{n}@acme.by");
            office.invite_as(nina, north, &address, "booking_specialist").await;
            let page = page_in(&office.letter(&address, 1).await);
            let agreed = [("user-agreement", "1"), ("personal-data", "1")];
            let taken =
                [("name", "Mark"), ("phone", *number), ("password", "amber window seven"), agreed[0], agreed[1]];
            let mut mark = Browser::new(&office.site.app);
            let answer = mark.post_form(&page, &taken).await;
            assert_eq!(answer.status, StatusCode::SEE_OTHER, "{number}: {}", answer.text());
            let door = Browser::new(&office.site.app).sign_in(number, "amber window seven").await;
            assert_eq!(door.status, StatusCode::UNPROCESSABLE_ENTITY, "it stays Sonya's");
        }
        let second = office.invite_as(nina, north, "mark@acme.by", "booking_specialist").await;
        let letter = office.letter("mark@acme.by", 1).await;
        let mut mark = office.register(&letter, "Mark").await;
        let version = card(nina, &second).await.version.to_string();
        let id = second.to_string();
        let edit = [("id", id.as_str()), ("phone", "+375 (29) 111.22.33"), ("version", version.as_str())];
        refused(nina, "/api/edit-user", &edit, 409).await;
        let own = mark.get("/me").await.text();
        let form = form_to(&own, "/api/change-profile").with("phone", "+375291112233");
        let pairs = form.pairs();
        assert!(mark.call("/api/change-profile", &pairs).await.is_done());
        // With the number as well as with the address one comes in.
        let (mut browser, answer) = office.knock("+375 29 111 22 33").await;
        assert!(answer.status.is_redirection() && browser.is_signed_in().await, "{}", answer.text());
        chain.office.close().await;
    })
    .await;
}

/// Rules 41, 45, 46, 50, 54: an administrator of one branch joins another one with the account that is there, and leaves the
/// first: one person all the way.
#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_moves_to_another_branch_and_stays_one_person() {
    both(|db| async {
        let mut chain = Chain::open(db).await;
        let Chain { office, north, south, nina, .. } = &mut chain;
        let mut anna = office.anna.clone();
        let nina_id = list(&mut anna, north.as_str(), "").await.rows[0].id.clone();
        let role = office.role("booking_branch_administrator");
        let draft = office.invite(&mut anna, south, "nina@acme.by", |form| form.with("role", &role)).await;
        assert_eq!(draft.sent[0].user_id, nina_id, "no second person");
        let mut boris = office.sign_in("boris@acme.by").await;
        answer(&mut boris, &format!("/users/{nina_id}?do=approve"), "/api/approve", &[]).await;
        let letter = office.letter("nina@acme.by", 2).await;
        let unit = south.to_string();
        assert_eq!(
            nina.get(&format!("/users?unit={unit}")).await.status,
            StatusCode::NOT_FOUND,
            "not before they join"
        );

        let (page, mut browser) = (page_in(&letter), Browser::new(&office.site.app));
        let shown = browser.get(&page).await.text();
        let join = form_to(&shown, &format!("{page}/join"));
        assert!(shown.contains("current-password") && !shown.contains("new-password"), "{shown}");
        let wrong = join.clone().with("password", "Copper-8-lamp-river");
        assert_eq!(browser.post_form(&join.action, &wrong.pairs()).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        let right = join.clone().with("password", SECRET);
        assert_eq!(browser.post_form(&join.action, &right.pairs()).await.status, StatusCode::SEE_OTHER);
        assert_eq!(row(&mut anna, &nina_id).await.expect("listed").held.len(), 2);
        assert_eq!(nina.get(&format!("/users?unit={unit}")).await.status, StatusCode::OK);

        let out = format!("/users/{nina_id}?do=remove&unit={north}");
        answer(&mut anna, &out, "/api/remove-place", &[]).await;
        // Access to a branch ends, as it begins, with the word of two (rule 53).
        assert_eq!(row(&mut anna, &nina_id).await.expect("listed").held.len(), 2);
        answer(&mut boris, &format!("/users/{nina_id}"), "/api/agree", &[]).await;
        let there = row(&mut anna, &nina_id).await.expect("listed");
        let units: Vec<_> = there.held.iter().map(|held| held.unit.as_str()).collect();
        assert_eq!((there.status, units), (Status::Active, vec!["Branch South"]));
        assert_eq!(nina.get(&format!("/users?unit={north}")).await.status, StatusCode::NOT_FOUND);
        let sql = "select count(*) as many from users where email = 'nina@acme.by'";
        let mut tx = office.site.app.db.read().await.expect("a connection");
        assert_eq!(tx.row(sql, &[]).await.expect("a count").number("many").expect("a number"), 1);
        drop(tx);
        chain.office.close().await;
    })
    .await;
}

/// Rule 51: rights are set right after sending, and acceptance takes them as they stand then, with the link that was sent.
#[tokio::test(flavor = "multi_thread")]
async fn rights_changed_while_an_invitation_is_open_are_those_that_count() {
    both(|db| async {
        let mut chain = Chain::open(db).await;
        let Chain { office, north, nina, .. } = &mut chain;
        let sonya = office.invite_as(nina, north, "sonya@acme.by", "booking_accountant").await;
        let letter = office.letter("sonya@acme.by", 1).await;
        let page = nina.get(&format!("/users/{sonya}?do=role")).await.text();
        let mut form = form_to(&page, "/api/change-role").with("role", &office.role("booking_specialist"));
        form.fields.push(("extra[]".into(), "users.see".into()));
        done(nina, "/api/change-role", &form).await;
        let mut browser = office.register(&letter, "Sonya").await;
        let held = row(nina, &sonya).await.expect("listed").held;
        assert_eq!(held[0].place.role.to_string(), office.role("booking_specialist"));
        assert_eq!(held[0].place.extra.to_codes(), "users.see");
        assert_eq!(browser.get("/users").await.status, StatusCode::OK, "a specialist who sees people");
        chain.office.close().await;
    })
    .await;
}

/// Rule 53: nobody makes an administrator alone, whoever they are; the second one is somebody else, who could have given it.
#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_of_the_chain_takes_two() {
    both(|db| async {
        let mut chain = Chain::open(db).await;
        let Chain { office, north, chief, nina, .. } = &mut chain;
        let (mut anna, mut boris) = (office.anna.clone(), office.sign_in("boris@acme.by").await);
        let user = office.invite_as(&mut anna, north, "second@acme.by", "booking_branch_administrator").await;
        let invitation = office.site.invitation_of(&user).await;
        let id = [("id", invitation.as_str())];
        assert!(is_listed_as(&mut anna, &user, Status::AwaitingApproval).await);
        for (by, status) in [(&mut anna, 403), (&mut *nina, 403)] {
            refused(by, "/api/approve", &id, status).await;
        }
        refused(&mut anna, "/api/resend", &id, 409).await;
        refused(&mut anna, "/api/copy-link", &id, 409).await;
        assert_eq!(office.site.messages_to(&user).await, 0, "nothing leaves");
        let early = format!("/i/{}", office.site.link_of(&invitation).await);
        assert_eq!(Browser::new(&office.site.app).get(&early).await.status, StatusCode::GONE);
        // The chain's administrator could have given it: their word is enough.
        answer(chief, &format!("/users/{user}?do=approve"), "/api/approve", &[]).await;
        let letter = office.letter("second@acme.by", 1).await;
        office.register(&letter, "Second One").await;
        assert!(is_listed_as(&mut anna, &user, Status::Active).await);

        // Nor by the way round: somebody who is in is made one by nobody alone.
        let sonya = office.invite_as(nina, north, "sonya@acme.by", "booking_specialist").await;
        let letter = office.letter("sonya@acme.by", 1).await;
        office.register(&letter, "Sonya").await;
        let (id, role) = (sonya.to_string(), office.role("booking_chain_administrator"));
        let page = format!("/users/{sonya}");
        let question = format!("{page}?do=role");
        let form = form_to(&anna.get(&question).await.text(), "/api/change-role").with("role", &role);
        anna.post_from(&question, "/api/change-role", &form.pairs()).await;
        let html = anna.get(&page).await.text();
        assert!(html.contains("Nothing has changed yet"), "{html}");
        let again = anna.call("/api/change-role", &[("id", &id), ("role", &role)]).await;
        assert!(again.is_done() && again.text().contains("Proposed"), "{}", again.text());
        assert!(!anna.get(&page).await.text().contains("/api/agree"), "not by whoever proposed it");
        assert_eq!(
            row(&mut anna, &sonya).await.expect("listed").held[0].place.role.to_string(),
            office.role("booking_specialist")
        );
        let form = form_to(&boris.get(&page).await.text(), "/api/agree");
        boris.post_from(&page, "/api/agree", &form.pairs()).await;
        assert!(boris.get(&page).await.text().contains("Agreed."));
        assert_eq!(row(&mut anna, &sonya).await.expect("listed").held[0].place.role.to_string(), role);
        chain.office.close().await;
    })
    .await;
}

/// H-25: what only administrators can do is given by two, by whichever role and extra permission it comes.
#[tokio::test(flavor = "multi_thread")]
async fn what_only_administrators_can_do_takes_two_by_whichever_role_it_comes() {
    both(|db| async {
        let mut chain = Chain::open(db).await;
        let Chain { office, north, chief, nina, .. } = &mut chain;
        let accountant = office.role("booking_accountant");
        let administrator = office.site.role("booking_branch_administrator").permissions;
        let codes: Vec<String> = administrator.iter().map(|one| one.code().into()).collect();
        let with = |mut form: Form, extra: &[String]| {
            form.fields.extend(extra.iter().map(|code| ("extra[]".to_string(), code.clone())));
            form
        };
        // All of them, each alone, by the form.
        let own = office.site.role("booking_accountant").permissions;
        let mut one_by_one: Vec<Vec<String>> = codes.iter().map(|code| vec![code.clone()]).collect();
        one_by_one.push(codes.clone());
        let mut last = None;
        for (n, extra) in one_by_one.iter().enumerate() {
            let address = format!("acc{n}@acme.by");
            let draft = office.invite(nina, north, &address, |form| with(form.with("role", &accountant), extra)).await;
            let is_common = extra.iter().all(|code| own.to_codes().split(' ').any(|known| known == code));
            assert_eq!(draft.sent[0].awaits_approval, !is_common, "{extra:?}");
            let sent = office.site.messages_to(&draft.sent[0].user_id).await;
            assert_eq!(sent, i64::from(is_common), "{extra:?}");
            last = Some(draft.sent[0].user_id.clone());
        }
        let user = last.expect("the one with all of them");
        let invitation = office.site.invitation_of(&user).await;
        refused(nina, "/api/approve", &[("id", invitation.as_str())], 403).await;
        answer(chief, &format!("/users/{user}?do=approve"), "/api/approve", &[]).await;
        assert_eq!(office.site.messages_to(&user).await, 1);

        // By changing what is offered, with script and without.
        let sonya = office.invite_as(nina, north, "sonya@acme.by", "booking_accountant").await;
        let page = nina.get(&format!("/users/{sonya}?do=role")).await.text();
        let form = with(form_to(&page, "/api/change-role").with("role", &accountant), &["users.invite".into()]);
        done(nina, "/api/change-role", &form).await;
        assert!(is_listed_as(nina, &sonya, Status::AwaitingApproval).await);
        let mark = office.invite_as(nina, north, "mark@acme.by", "booking_accountant").await;
        let id = mark.to_string();
        let fields = [("id", id.as_str()), ("role", &accountant), ("extras", "on"), ("extra[]", "units.manage")];
        refused(nina, "/api/change-role", &fields, 403).await;
        let fields = [("id", id.as_str()), ("role", &accountant), ("extras", "on"), ("extra[]", "users.edit")];
        assert!(nina.call("/api/change-role", &fields).await.is_done());
        assert!(is_listed_as(nina, &mark, Status::AwaitingApproval).await);
        chain.office.close().await;
    })
    .await;
}

/// W-09: what waits for a second one is counted and listed, whether the person has an account in sight already or not.
#[tokio::test(flavor = "multi_thread")]
async fn what_waits_is_listed_for_whoever_is_in_already_too() {
    both(|db| async {
        let mut chain = Chain::open(db).await;
        let Chain { office, north, south, .. } = &mut chain;
        let (mut anna, mut boris) = (office.anna.clone(), office.sign_in("boris@acme.by").await);
        let nina_id = list(&mut anna, north.as_str(), "").await.rows[0].id.clone();
        let role = office.role("booking_branch_administrator");
        let waiting = async |by: &mut Browser, unit: &str| {
            let page = by.invitations(&format!("/invitations?status=awaiting_approval&unit={unit}")).await;
            (page.to_approve, page.rows.into_iter().map(|row| row.address).collect::<Vec<_>>())
        };
        assert_eq!(waiting(&mut boris, "").await, (0, vec![]));
        office.invite(&mut anna, south, "nina@acme.by", |form| form.with("role", &role)).await;
        let draft = office.invite(&mut anna, south, "new@acme.by", |form| form.with("role", &role)).await;
        let (both_of_them, one) =
            (vec!["new@acme.by".to_string(), "nina@acme.by".into()], vec!["nina@acme.by".to_string()]);
        assert_eq!(waiting(&mut boris, "").await, (2, both_of_them.clone()));
        assert_eq!(waiting(&mut boris, south.as_str()).await, (2, both_of_them));
        assert_eq!(waiting(&mut boris, north.as_str()).await, (0, vec![]));
        let page = "/invitations?status=awaiting_approval";
        let html = boris.get(page).await.text();
        assert!(html.contains("nina@acme.by") && html.contains("new@acme.by"), "{html}");
        let new = draft.sent[0].invitation.clone();
        assert!(boris.call("/api/approve", &[("id", new.as_str())]).await.is_done());
        assert_eq!(waiting(&mut boris, "").await, (1, one));
        answer(&mut boris, page, "/api/approve", &[]).await;
        assert_eq!(waiting(&mut boris, "").await, (0, vec![]));
        office.letter("nina@acme.by", 2).await;
        assert!(is_listed_as(&mut anna, &nina_id, Status::Active).await);
        chain.office.close().await;
    })
    .await;
}

/// Rule 54: out of the last branch somebody is archived there, not erased; rule 55: the chain's rights reach its branches, those
/// of a branch do not reach its sister, nor the chain.
#[tokio::test(flavor = "multi_thread")]
async fn rights_of_the_chain_reach_its_branches_and_those_of_a_branch_end_there() {
    both(|db| async {
        let mut chain = Chain::open(db).await;
        let Chain { office, north, south, chief, nina } = &mut chain;
        let mut people = Vec::new();
        for (unit, name) in [(&*north, "nick"), (&*south, "sue")] {
            let user = office.invite_as(chief, unit, &format!("{name}@acme.by"), "booking_specialist").await;
            let letter = office.letter(&format!("{name}@acme.by"), 1).await;
            office.register(&letter, name).await;
            people.push(user);
        }
        let (nick, sue) = (people[0].clone(), people[1].clone());
        for unit in [&*north, &*south] {
            assert!(!list(chief, unit.as_str(), "").await.rows.is_empty(), "the chain sees its branch");
        }
        assert!(row(nina, &nick).await.is_some() && row(nina, &sue).await.is_none());
        assert_eq!(nina.get(&format!("/users/{sue}")).await.status, StatusCode::NOT_FOUND);
        let (id, company, sister) = (sue.to_string(), office.company().to_string(), south.to_string());
        for unit in [&sister, &company] {
            assert_eq!(nina.get(&format!("/users?unit={unit}")).await.status, StatusCode::NOT_FOUND);
            let fields = [
                ("addresses", "more@acme.by"),
                ("unit", unit.as_str()),
                ("role", &office.role("booking_specialist")),
                ("language", "en"),
                ("valid_for", "168h"),
            ];
            refused(nina, "/api/invite", &fields, 404).await;
        }
        refused(nina, "/api/block", &[("id", &id)], 404).await;
        refused(nina, "/api/remove-place", &[("id", &id), ("unit", &sister)], 404).await;
        refused(
            nina,
            "/api/add-place",
            &[("id", &id), ("unit", north.as_str()), ("role", &office.role("booking_specialist"))],
            404,
        )
        .await;

        answer(chief, &format!("/users/{sue}?do=remove&unit={sister}"), "/api/remove-place", &[]).await;
        assert!(row(chief, &sue).await.is_none());
        let left = list(chief, "", "archived").await.rows;
        assert_eq!(left.iter().map(|row| (&row.id, row.name.as_str())).collect::<Vec<_>>(), [(&sue, "sue")]);
        chain.office.close().await;
    })
    .await;
}

/// Rules 40 and 43, by a number: whoever sees its owner is told, and to everybody else it is as good as new.
#[tokio::test(flavor = "multi_thread")]
async fn a_number_known_in_one_branch_tells_another_one_nothing() {
    both(|db| async {
        let mut chain = Chain::open(db).await;
        let Chain { office, north, south, nina, chief } = &mut chain;
        let (sonya, _) = office.hire("Sonya", "sonya@acme.by", "booking_specialist", south).await;
        let sql = "update users set phone = $2, phone_signs_in = true, phone_confirmed_at = 1 where id = $1";
        office.site.tamper(sql, &usher::values![&sonya, "+375291112233"]).await;

        for number in ["+375291112233", "+375291112244"] {
            let draft = office.invite(nina, north, number, |form| form).await;
            assert_eq!((draft.sent.len(), draft.rows.len()), (1, 0), "{number}: {draft:?}");
            assert_ne!(draft.sent[0].user_id, sonya, "the inviter sees a row of their own");
        }
        let draft = office.invite(chief, south, "375 (29) 111-22-33", |form| form).await;
        let known = draft.rows.first().map(|row| row.verdict.clone());
        assert!(matches!(&known, Some(Verdict::Known { user_id, .. }) if *user_id == sonya), "{known:?}");
        chain.office.close().await;
    })
    .await;
}
