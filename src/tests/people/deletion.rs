//! Deletion: nothing personal is left in any table, the history keeps a number, the address is free again (PR-01, rule 94).

use super::{caller, listed, register};
use crate::support::browser::Browser;
use crate::support::crowd::State;
use crate::support::databases::both;
use crate::support::people::PASSWORD;
use crate::support::site::TestSite;
use crate::support::tables::Dump;
use usher::domain::audit::AuditAction;
use usher::domain::error::{Conflict, UseCaseError};
use usher::domain::id::DraftId;
use usher::domain::listing::Cursor;
use usher::domain::policy::Denied;
use usher::domain::registration::TypedName;
use usher::domain::user::Status;
use usher::server::storage::{terms, users as people};
use usher::server::use_cases::{audit, deletion, held, invitations, invite, passwords, places, profile, users};
use usher::view_models::Happening;

/// Words that stand nowhere else; each gets into the tables by another way.
const CANARIES: [&str; 10] = [
    "canary-address@acme.by",
    "Canary Given",
    "Canary Own",
    "Canary Third",
    "375291110001",
    "375291110002",
    "canary text for you",
    "canary reason",
    "canary-address",
    "anary",
];

#[tokio::test(flavor = "multi_thread")]
async fn nothing_personal_is_left_of_whoever_is_deleted_and_the_address_can_be_invited_anew() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let (app, anna) = (&site.app, caller(&site.anna));
        let wish = invite::InviteForm {
            addresses: "Canary Given <canary-address@acme.by>".into(),
            units: vec![site.company.id.to_string()],
            role: site.role("dispatcher").id.to_string(),
            language: "en".into(),
            personal_text: "canary text for you".into(),
            valid_for: "8h".into(),
            ..invite::InviteForm::default()
        };
        invite::invite(app, &anna, &wish).await.expect("invited");
        let mut tx = app.db.read().await.expect("a connection");
        let user = people::with_addresses(&mut tx, &["canary-address@acme.by"]).await.expect("a look").remove(0);
        drop(tx);
        users::edit(
            app,
            &anna,
            &user.id,
            &users::Edit {
                name: Some("Canary Third".into()),
                phone: "+375291110001".into(),
                version: 1,
                ..Default::default()
            },
        )
        .await
        .expect("edited");
        let offer = site.invitation_of(&user.id).await;
        invitations::copy_link(app, &anna, &offer).await.expect("a link");
        let link = site.link_of(&offer).await;
        register(&site, &link, "Canary Own").await.expect("registered");
        let mut browser = Browser::signed_in(app, &user.id).await;
        let details = profile::OwnDetails {
            name: TypedName { whole: "Canary Own".into(), ..TypedName::default() },
            phone: "+375291110002".into(),
            language: "ru".into(),
            version: 3,
            ..Default::default()
        };
        profile::change(app, &caller(&user.id), &details).await.expect("changed");
        let mistaken = [("current_password", "wrong one"), ("new_password", PASSWORD)];
        browser.post_form("/api/change-password", &mistaken).await;
        passwords::send_reset(app, &anna, &user.id).await.expect("sent");
        users::block(app, &anna, &user.id, "canary reason").await.expect("blocked");
        let full = Dump::of(&app.db).await;
        for canary in CANARIES {
            assert!(full.holds(canary), "planted: {canary}");
        }

        let refused = deletion::delete(app, &anna, &user.id, "anary").await;
        assert_eq!(refused, Err(UseCaseError::Conflict(Conflict::NotConfirmed)));
        full.assert_unchanged(&app.db, "a deletion that was not confirmed").await;
        deletion::delete(app, &anna, &user.id, " Canary-Address@ACME.by ").await.expect("deleted");
        let left = Dump::of(&app.db).await;
        for canary in CANARIES {
            let rows: Vec<String> =
                full.changes_to(&left).into_iter().filter(|row| row.starts_with('+') && row.contains(canary)).collect();
            assert!(!left.holds(canary), "{canary} is left: {rows:?}");
        }
        assert_eq!(listed(&site, &user.id).await, None);
        let gone = users::card(app, &anna, &user.id).await.err();
        assert!(
            matches!(&gone, Some(UseCaseError::PersonGone { by: Some(by), .. }) if by == "Anna Petrova"),
            "{gone:?}"
        );
        let page = Browser::signed_in(app, &site.anna).await.get(&format!("/users/{}", user.id)).await;
        assert!(page.status.as_u16() == 404 && page.text().contains("This person was deleted on"), "{}", page.text());
        let stranger = site.add_active("Elsewhere", "elsewhere@acme.by", "employee").await;
        assert_eq!(users::card(app, &caller(&stranger), &user.id).await.err(), Some(Denied::NotInRole.into()));
        keeps_the_number(&site, user.number).await;

        invite::invite(app, &anna, &wish).await.expect("invited anew");
        let mut tx = app.db.read().await.expect("a connection");
        let next = people::with_addresses(&mut tx, &["canary-address@acme.by"]).await.expect("a look").remove(0);
        drop(tx);
        assert!(next.id != user.id && next.number > user.number, "ids and numbers are never used again (TE-05)");
        assert_eq!(users::card(app, &anna, &next.id).await.expect("a card").user.status, Status::Waiting);
    })
    .await;
}

/// H-30: whoever is deleted is taken out of the drafts that name them, and nobody else is: no letter of an address stands
/// for others, and no draft of anybody is lost.
#[tokio::test(flavor = "multi_thread")]
async fn a_deletion_takes_one_person_out_of_everybodys_drafts_and_nobody_else() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let (app, anna) = (&site.app, caller(&site.anna));
        let other = site.add_company("ACME South").await;
        let viktor = site.add("Viktor", "viktor@acme.by", "company_administrator", &other, State::Active).await;
        let viktor = caller(&viktor);
        let draft = async |by: &_, addresses: &str, only_check| {
            let unit = if by == &anna { &site.company } else { &other };
            let wish = invite::InviteForm {
                addresses: addresses.into(),
                units: vec![unit.id.to_string()],
                role: site.role("employee").id.to_string(),
                language: "en".into(),
                valid_for: "8h".into(),
                only_check,
                ..invite::InviteForm::default()
            };
            invite::invite(app, by, &wish).await.expect("a draft")
        };
        let rows = async |by: &_, id: &DraftId| {
            let found = held::draft(app, by, id).await.map(|draft| (draft.rows, draft.sent.len(), draft.rest));
            found.map(|(rows, sent, rest)| (rows.into_iter().map(|row| row.typed).collect::<Vec<_>>(), sent, rest))
        };
        let partners = ["eve@partner.example", "x%y@partner.example", "a_b@partner.example", "o'b@partner.example"];
        let theirs = draft(&viktor, &partners.join(", "), true).await;
        let before = rows(&viktor, &theirs).await.expect("the draft");
        assert_eq!(before.0.len(), partners.len());
        for address in ["%@partner.example", "_@partner.example", "a_b@acme.by", "o'brien@acme.by", "x*y+z@acme.by"] {
            let looked = draft(&anna, &format!("{address}, kim@acme.by"), true).await;
            let lonely = draft(&anna, &address.to_uppercase(), true).await;
            let sent = draft(&anna, address, false).await;
            let made = held::draft(app, &anna, &sent).await.expect("the draft");
            let person = made.sent.first().unwrap_or_else(|| panic!("{address} was not sent: {:?}", made.rows));
            let again = draft(&viktor, &format!("{address}, {}", partners[0]), true).await;
            deletion::delete(app, &anna, &person.user_id, address).await.expect("deleted");
            assert_eq!(rows(&anna, &looked).await.expect("the draft").0, ["kim@acme.by"], "{address}");
            assert_eq!(rows(&viktor, &again).await.expect("the draft").0, [partners[0]], "{address}");
            // What was about nobody else is gone.
            for gone in [&lonely, &sent] {
                assert_eq!(rows(&anna, gone).await.err(), Some(UseCaseError::NotFound), "{address}");
            }
            assert_eq!(rows(&viktor, &theirs).await, Ok(before.clone()), "{address}");
            let left = Dump::of(&app.db).await;
            assert!(!left.holds(&format!("\"{address}\"")) && !left.holds(&address.to_uppercase()), "{address}");
        }
        // Whoever was typed before there was anybody of this address.
        let old = draft(&viktor, "old@acme.by, kim@acme.by", true).await;
        let olga = site.add("Olga", "old@acme.by", "employee", &site.company, State::Active).await;
        deletion::delete(app, &anna, &olga, "old@acme.by").await.expect("deleted");
        assert_eq!(rows(&viktor, &old).await.expect("the draft").0, ["kim@acme.by"]);
        // Whoever is deleted leaves no draft of their own.
        let own = draft(&viktor, "kim@acme.by", true).await;
        deletion::delete(app, &anna, &viktor.user_id, "viktor@acme.by").await.expect("deleted");
        let mut tx = app.db.read().await.expect("a connection");
        let now = app.clock.now();
        assert_eq!(terms::find(&mut tx, &own, &viktor.user_id, now).await.expect("a look"), None);
    })
    .await;
}

/// The history still says that somebody was there, what was done to them and when; only by their number.
async fn keeps_the_number(site: &TestSite, number: i64) {
    let page = audit::list(&site.app, &caller(&site.anna), None, &Cursor::Start).await.expect("the history");
    let about: Vec<_> =
        page.rows.iter().filter(|line| line.subject.as_ref().is_some_and(|who| who.gone == Some(number))).collect();
    for line in &about {
        let subject = line.subject.as_ref().expect("a subject");
        assert!(subject.title.is_empty(), "{subject:?}");
    }
    let actions: Vec<&Happening> = about.iter().map(|line| &line.happening).collect();
    for action in [
        AuditAction::Invited,
        AuditAction::Renamed,
        AuditAction::PhoneChanged,
        AuditAction::LinkCopied,
        AuditAction::Accepted,
        AuditAction::Blocked,
        AuditAction::Deleted,
    ] {
        assert!(actions.contains(&&Happening::AuditAction(action)), "{action:?} in {actions:?}");
    }
}

/// AZ-03, rule 95: nobody does any of this to themselves, and one main administrator alone cannot be got rid of.
#[tokio::test(flavor = "multi_thread")]
async fn nobody_blocks_deletes_demotes_or_resets_themselves() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let second = site.add_active("Second", "second@acme.by", "main_administrator").await;
        let admin = site.add_active("Viktor", "viktor@acme.by", "company_administrator").await;
        let before = Dump::of(&site.app.db).await;
        for (user, email) in [(&site.anna, "anna@acme.by"), (&second, "second@acme.by"), (&admin, "viktor@acme.by")] {
            let (app, me) = (&site.app, caller(user));
            let yourself = Err(UseCaseError::Denied(usher::domain::policy::Denied::Yourself));
            assert_eq!(users::block(app, &me, user, "").await, yourself);
            assert_eq!(users::unblock(app, &me, user).await, yourself);
            assert_eq!(deletion::delete(app, &me, user, email).await.map(drop), yourself);
            assert_eq!(passwords::send_reset(app, &me, user).await, yourself);
            for role in &site.roles {
                assert_eq!(places::change(app, &me, user, None, &role.id, None).await.map(drop), yourself);
            }
        }
        before.assert_unchanged(&site.app.db, "acting on oneself").await;
    })
    .await;
}
