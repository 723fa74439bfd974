//! People who are known already: the inviter learns nothing, the link asks for their account, nobody joins by accident.

use super::Chain;
use crate::people::caller;
use crate::support::browser::Browser;
use crate::support::crowd::State;
use crate::support::databases::both;
use crate::support::people::PASSWORD;
use axum::http::StatusCode;
use usher::domain::audit::AuditAction;
use usher::domain::error::Conflict;
use usher::domain::id::{InvitationId, UserId};
use usher::domain::review::InviteDraft;
use usher::domain::user::Status;
use usher::server::use_cases::{deletion, invitations, users, who};
use usher::values;
use usher::view_models::{Happening, HistoryLine, UserSummary};
use usher::words::Language;

/// What an inviter gets told, without the ids that chance makes.
fn told(draft: &InviteDraft) -> String {
    let mut draft = draft.clone();
    for row in &mut draft.sent {
        row.user_id = UserId::new("somebody");
        row.invitation = InvitationId::new("something");
    }
    format!("{draft:?}")
        .replace("known@acme.by", "address")
        .replace("unknown@acme.by", "address")
        .replace("unaddress", "address")
}

async fn link_to(chain: &Chain, draft: &InviteDraft) -> String {
    let invitation = chain.site.invitation_of(&draft.sent[0].user_id).await;
    format!("/i/{}", chain.site.link_of(&invitation).await)
}

/// Rule 40, TE-01: known and unknown get the same answer, and the list shows no more than the invitation says.
#[tokio::test(flavor = "multi_thread")]
async fn an_inviter_learns_nothing_of_somebody_whom_others_know() {
    both(|db| async {
        let chain = Chain::found(db).await;
        let known = chain.site.add("Secret Name", "known@acme.by", "employee", &chain.south, State::Active).await;
        chain
            .site
            .tamper("update users set phone = '+375291112233', phone_signs_in = true where id = $1", &values![&known])
            .await;
        let nina = &chain.admins[0];
        let of_known = chain.invite(nina, "known@acme.by", &[&chain.north], "employee").await.expect("sent");
        let of_nobody = chain.invite(nina, "unknown@acme.by", &[&chain.north], "employee").await.expect("sent");
        assert_eq!(told(&of_known), told(&of_nobody));
        let placeholder = of_known.sent[0].user_id.clone();
        assert_ne!(placeholder, known);
        let page = chain.list(nina, None).await.expect("a list");
        let row = page.rows.iter().find(|row| row.id == placeholder).expect("the invited one");
        assert_eq!((row.name.as_str(), row.phone.as_deref(), row.elsewhere), ("", None, false));
        let card = users::card(&chain.site.app, &caller(nina), &placeholder).await.expect("a card");
        assert!(!format!("{card:?}").contains("Secret") && !format!("{card:?}").contains("375291112233"));
        for needle in ["secret", "3752911", "known@acme.by"] {
            let query = usher::domain::listing::UserQuery { search: needle.into(), ..Default::default() };
            let found = users::list(&chain.site.app, &caller(nina), &query).await.expect("a list").rows.len();
            // `unknown@` holds the same letters.
            assert_eq!(found, if needle.contains('@') { 2 } else { 0 }, "{needle}");
        }
        assert!(users::card(&chain.site.app, &caller(nina), &known).await.is_err());
        // Whoever sees both sees the person.
        let anna = caller(&chain.site.anna);
        let about = who::may(&chain.site.app, &anna, usher::domain::user::UserAction::Block, "known@acme.by");
        assert_eq!(about.await.expect("an answer").person.expect("the person").id, known);
    })
    .await;
}

/// Rules 45, 46, 50: the link shows a sign-in form, wrong passwords do nothing, the right one joins; one person after all.
#[tokio::test(flavor = "multi_thread")]
async fn somebody_who_has_an_account_signs_in_to_join() {
    both(|db| async {
        let chain = Chain::found(db).await;
        let known = chain.site.add("Olga", "known@acme.by", "employee", &chain.south, State::Active).await;
        chain.site.give_password(&known).await;
        let draft = chain.invite(&chain.admins[0], "known@acme.by", &[&chain.north], "dispatcher").await.expect("sent");
        let (placeholder, link) = (draft.sent[0].user_id.clone(), link_to(&chain, &draft).await);
        let mut browser = Browser::new(&chain.site.app);
        let page = browser.get(&link).await;
        assert_eq!(page.status, StatusCode::OK);
        let text = page.text();
        assert!(text.contains(&format!("{link}/join")) && text.contains("current-password"), "{text}");
        assert!(!text.contains("Olga") && !text.contains("new-password"), "nothing of the account is told");
        // The form of a new person does not serve.
        assert_eq!(browser.register_at(&link).await.status, StatusCode::CONFLICT);
        let join = format!("{link}/join");
        let wrong = browser.post_form(&join, &[("password", "quiet stone bridge")]).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(browser.post_form(&join, &[]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(!browser.has_session() && chain.authority(&known).await.expect("something").holdings.len() == 1);

        let joined = browser.post_form(&join, &[("username", "x"), ("password", PASSWORD)]).await;
        assert_eq!(joined.status, StatusCode::SEE_OTHER, "{}", joined.text());
        assert!(browser.is_signed_in().await);
        assert_eq!(chain.authority(&known).await.expect("something").holdings.len(), 2);
        // The inviter now sees the person instead of the placeholder, with the history of the invitation.
        assert!(users::card(&chain.site.app, &caller(&chain.admins[0]), &placeholder).await.is_err());
        let card = users::card(&chain.site.app, &caller(&chain.admins[0]), &known).await.expect("a card");
        assert_eq!((card.user.name.as_str(), card.user.held.len(), card.user.elsewhere), ("Olga", 1, true));
        assert!(card.history.len() >= 2, "{:?}", card.history);
        assert_eq!(browser.get(&link).await.status, StatusCode::GONE, "spent");
    })
    .await;
}

/// Whoever has an account may have got an invitation that is not for them: they say so, signed in or not, and keep what they have.
#[tokio::test(flavor = "multi_thread")]
async fn somebody_who_has_an_account_says_that_an_invitation_is_not_for_them() {
    both(|db| async {
        let chain = Chain::found(db).await;
        let app = &chain.site.app;
        let known = chain.site.add("Olga", "known@acme.by", "employee", &chain.south, State::Active).await;
        chain.site.give_password(&known).await;
        for is_signed_in in [false, true] {
            let draft = chain.invite(&chain.admins[0], "known@acme.by", &[&chain.north], "dispatcher").await;
            let draft = draft.expect("sent");
            let (placeholder, link) = (draft.sent[0].user_id.clone(), link_to(&chain, &draft).await);
            let mut browser = match is_signed_in {
                true => Browser::signed_in(app, &known).await,
                false => Browser::new(app),
            };
            let decline = format!("{link}/decline");
            let page = browser.get(&link).await.text();
            assert!(page.contains(&format!("{link}/join")) && page.contains(&decline), "{page}");
            let asked = browser.get(&decline).await.text();
            assert!(!asked.contains("Olga"), "nothing of the account is told: {asked}");
            let before = users::card(app, &caller(&chain.admins[1]), &known).await.expect("a card");
            let done = browser.post_form(&decline, &[]).await;
            assert!(done.text().contains(Language::English.declined_thanks()), "{}", done.text());
            // What they have stays, and so does their session; the offer is over, and whoever invited reads why.
            let after = users::card(app, &caller(&chain.admins[1]), &known).await.expect("a card");
            assert_eq!((after.user.held, after.user.status), (before.user.held, before.user.status));
            assert_eq!(browser.is_signed_in().await, is_signed_in);
            assert_eq!(chain.authority(&known).await.expect("something").holdings.len(), 1);
            assert_eq!(browser.get(&link).await.status, StatusCode::GONE);
            assert_eq!(
                browser.post_form(&format!("{link}/join"), &[("password", PASSWORD)]).await.status,
                StatusCode::GONE
            );
            let card = users::card(app, &caller(&chain.admins[0]), &placeholder).await.expect("a card");
            let happened = |line: &HistoryLine| line.happening == Happening::AuditAction(AuditAction::Declined);
            assert_eq!(
                (card.user.status, card.history.iter().filter(|line| happened(line)).count()),
                (Status::Withdrawn, 1)
            );
            deletion::delete(app, &caller(&chain.admins[0]), &placeholder, "known@acme.by").await.expect("forgotten");
        }
    })
    .await;
}

/// IN-06: signed in as the person, one press; signed in as somebody else, a choice, and the link is not spent.
#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_signed_in_joins_by_a_press_and_nobody_else_by_accident() {
    both(|db| async {
        let chain = Chain::found(db).await;
        let known = chain.site.add("Olga", "known@acme.by", "employee", &chain.south, State::Active).await;
        let draft = chain.invite(&chain.admins[0], "known@acme.by", &[&chain.north], "employee").await.expect("sent");
        let link = link_to(&chain, &draft).await;
        let mut other = Browser::signed_in(&chain.site.app, &chain.employees[1]).await;
        let page = other.get(&link).await;
        assert!(page.text().contains("known@acme.by") && page.text().contains("/sign-out"), "a choice");
        assert_eq!(other.post_form(&format!("{link}/join"), &[]).await.status, StatusCode::CONFLICT);
        assert_eq!(
            other.post_form(&format!("{link}/join"), &[("password", PASSWORD)]).await.status,
            StatusCode::CONFLICT
        );

        let mut olga = Browser::signed_in(&chain.site.app, &known).await;
        let page = olga.get(&link).await.text();
        assert!(page.contains(&format!("{link}/join")) && !page.contains("type=\"password\""), "{page}");
        assert_eq!(chain.authority(&known).await.expect("something").holdings.len(), 1, "looking joins nobody");
        assert_eq!(olga.post_form(&format!("{link}/join"), &[]).await.status, StatusCode::SEE_OTHER);
        assert_eq!(chain.authority(&known).await.expect("something").holdings.len(), 2);
        assert_eq!(olga.post_form(&format!("{link}/join"), &[]).await.status, StatusCode::GONE);
    })
    .await;
}

/// Two inviters who do not see each other invite one address that nobody has: whichever link comes first makes the account,
/// the other one asks for it.
#[tokio::test(flavor = "multi_thread")]
async fn two_invitations_of_one_address_make_one_person() {
    both(|db| async {
        let chain = Chain::found(db).await;
        let first = chain.invite(&chain.admins[0], "new@acme.by", &[&chain.north], "employee").await.expect("sent");
        let second = chain.invite(&chain.admins[1], "new@acme.by", &[&chain.south], "employee").await.expect("sent");
        let links = [link_to(&chain, &first).await, link_to(&chain, &second).await];
        // By the link of the second inviter, who knows only a placeholder.
        let mut browser = Browser::new(&chain.site.app);
        assert_eq!(browser.register_at(&links[1]).await.status, StatusCode::SEE_OTHER);
        assert_eq!(browser.post_form(&format!("{}/join", links[0]), &[]).await.status, StatusCode::SEE_OTHER);
        let mut tx = chain.site.app.db.read().await.expect("a connection");
        let row = tx.row("select count(*) as n from users where email = 'new@acme.by'", &[]).await.expect("a count");
        assert_eq!(row.number("n").expect("a number"), 1);
        drop(tx);
        for admin in &chain.admins {
            assert!(chain.names(admin, None).await.contains(&"Ivan Ivanov".to_string()));
        }
    })
    .await;
}

/// Whoever comes in by the link of a message has shown that the address is theirs; one that was handed over lets nobody in.
#[tokio::test(flavor = "multi_thread")]
async fn only_a_mailed_link_lets_in_and_confirms_the_address() {
    both(|db| async {
        let chain = Chain::found(db).await;
        let (app, nina) = (&chain.site.app, caller(&chain.admins[0]));
        let draft = chain.invite(&chain.admins[0], "new@acme.by", &[&chain.north], "employee").await.expect("sent");
        let user = draft.sent[0].user_id.clone();
        let invitation = chain.site.invitation_of(&user).await;
        let handed = invitations::copy_link(app, &nina, &invitation).await.expect("a link");
        let handed = handed.rsplit('/').next().expect("a link");
        let refused = crate::people::register(&chain.site, handed, "Somebody").await;
        assert_eq!(refused, Err(Conflict::CodeFirst.into()));
        let mailed = chain.site.link_of(&invitation).await;
        crate::people::register(&chain.site, &mailed, "Somebody").await.expect("registered");
        assert!(users::card(app, &nina, &user).await.expect("a card").is_confirmed);
    })
    .await;
}

/// Rule 40: a number that somebody has is taken for whom others know just as for whom nobody knows.
#[tokio::test(flavor = "multi_thread")]
async fn a_taken_number_is_taken_for_known_and_unknown() {
    both(|db| async {
        let chain = Chain::found(db).await;
        chain.site.add("Secret Name", "known@acme.by", "employee", &chain.south, State::Active).await;
        let (app, nina) = (&chain.site.app, &chain.admins[0]);
        let taken = "update users set phone = '+375291112233', phone_signs_in = true where id = $1";
        chain.site.tamper(taken, &values![&chain.employees[0]]).await;
        for address in ["known@acme.by", "unknown@acme.by"] {
            let draft = chain.invite(nina, address, &[&chain.north], "employee").await.expect("sent");
            let edit = users::Edit {
                name: Some("Somebody".into()),
                phone: "+375 29 111 22 33".into(),
                version: 1,
                ..Default::default()
            };
            let refused = users::edit(app, &caller(nina), &draft.sent[0].user_id, &edit).await;
            assert_eq!(refused, Err(Conflict::PhoneTaken.into()), "{address}");
        }
    })
    .await;
}

/// H-27: what one branch writes about somebody, and who brought them there, is no other branch's to read.
#[tokio::test(flavor = "multi_thread")]
async fn a_branch_sees_its_own_record_of_somebody_and_who_invited_them_there() {
    both(|db| async {
        let chain = Chain::found(db).await;
        let app = &chain.site.app;
        let (nina, sven) = (&chain.admins[0], &chain.admins[1]);
        let draft = chain.invite(sven, "known@acme.by", &[&chain.south], "employee").await.expect("sent");
        let known = draft.sent[0].user_id.clone();
        let edit =
            |record: &str, version| users::Edit { record: Some(record.into()), version, ..users::Edit::default() };
        users::edit(app, &caller(sven), &known, &edit("https://south.example/12", 1)).await.expect("written");
        chain.site.pass(usher::domain::timestamp::Duration::hours(3));
        crate::people::register(&chain.site, &chain.site.link_of(&draft.sent[0].invitation).await, "Olga")
            .await
            .expect("registered");
        let draft = chain.invite(nina, "known@acme.by", &[&chain.north], "employee").await.expect("sent");
        let mut olga = Browser::signed_in(app, &known).await;
        let joined = olga.post_form(&format!("{}/join", link_to(&chain, &draft).await), &[]).await;
        assert_eq!(joined.status, StatusCode::SEE_OTHER, "{}", joined.text());

        let card = async |who: &UserId| users::card(app, &caller(who), &known).await.expect("a card");
        let (north, south, whole) = (card(nina).await, card(sven).await, card(&chain.site.anna).await);
        assert_eq!((north.record, south.record), (None, Some("https://south.example/12".into())));
        assert_eq!(north.created_by.expect("somebody").id, *nina);
        assert_eq!(south.created_by.expect("somebody").id, *sven);
        let at = |user: &UserSummary| user.added.as_ref().map(|added| added.at);
        assert!(at(&north.user) > at(&south.user) && at(&south.user).is_some() && at(&whole.user) == at(&south.user));
        let row = chain.list(nina, None).await.expect("a list").rows.into_iter().find(|row| row.id == known);
        assert_eq!(at(&row.expect("the row")), at(&north.user));
    })
    .await;
}
