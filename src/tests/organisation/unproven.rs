//! An account whose address nobody has confirmed, from the time when a handed link made one at once: nothing more is given to
//! it, it is offered by a letter to the address (H-24).

use super::Chain;
use crate::people::caller;
use crate::support::browser::Browser;
use crate::support::crowd::State;
use crate::support::databases::both;
use crate::support::people::PASSWORD;
use crate::support::tables::Dump;
use axum::http::StatusCode;
use usher::domain::error::{Conflict, UseCaseError};
use usher::domain::id::{RoleId, UserId};
use usher::domain::permission::{Permission, Permissions};
use usher::domain::user::Status;
use usher::server::use_cases::{mailbox, places, shifts, users};
use usher::values;

const ADDRESS: &str = "director@acme.by";

/// "The director" of whom nobody knows whether they are.
async fn unproven(chain: &Chain) -> UserId {
    let user = chain.site.add("The director", ADDRESS, "employee", &chain.north, State::Active).await;
    chain.site.give_password(&user).await;
    let sql = "update users set created_by = $2, confirmed_at = null where id = $1";
    chain.site.tamper(sql, &values![&user, &chain.site.anna]).await;
    user
}

/// H-24: a further place.
#[tokio::test(flavor = "multi_thread")]
async fn a_place_is_only_offered_to_an_address_that_is_not_confirmed() {
    both(|db| async {
        let chain = Chain::found(db).await;
        let (app, anna, user) = (&chain.site.app, caller(&chain.site.anna), unproven(&chain).await);
        let administrator = chain.role("company_administrator");
        let add = async |role: &RoleId| places::add(app, &anna, &user, &chain.south.id, role, Permissions::NONE).await;
        add(&administrator).await.expect("offered");
        let authority = chain.authority(&user).await.expect("what was there");
        assert_eq!(authority.holdings.len(), 1, "nothing was given");
        assert!(!authority.has(Permission::SeeUsers));
        let card = users::card(app, &anna, &user).await.expect("a card");
        assert!(card.is_unproven && card.invitations.len() == 1 && card.user.status == Status::Active);
        let mails = mailbox::list(app, &anna).await.expect("the mailbox");
        assert!(mails.iter().any(|mail| mail.to.contains(ADDRESS)), "a letter: {mails:?}");
        assert_eq!(add(&administrator).await, Err(Conflict::AlreadyThere.into()), "it is offered already");

        // Whoever reads that mailbox takes it, and has shown that the address is theirs.
        let link = chain.site.link_of(&chain.site.invitation_of(&user).await).await;
        let mut browser = Browser::new(app);
        let joined = browser.post_form(&format!("/i/{link}/join"), &[("password", PASSWORD)]).await;
        assert_eq!(joined.status, StatusCode::SEE_OTHER, "{}", joined.text());
        assert_eq!(chain.authority(&user).await.expect("both").holdings.len(), 2);
        assert!(!users::card(app, &anna, &user).await.expect("a card").is_unproven);
    })
    .await;
}

/// H-24: another role, extra permissions, a shift; what gives nothing is free.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_more_is_given_to_an_address_that_is_not_confirmed() {
    both(|db| async {
        let chain = Chain::found(db).await;
        let (app, anna, user) = (&chain.site.app, caller(&chain.site.anna), unproven(&chain).await);
        let shift = chain.site.add_shift(&chain.north).await;
        let change = async |role: &str, extra: &[Permission]| {
            let extra = extra.iter().copied().collect();
            places::change(app, &anna, &user, None, &chain.role(role), Some(extra)).await.map(drop)
        };
        let not_confirmed: Result<(), UseCaseError> = Err(Conflict::AddressNotConfirmed.into());
        let before = Dump::of(&app.db).await;
        assert_eq!(change("dispatcher", &[]).await, not_confirmed);
        assert_eq!(change("company_administrator", &[]).await, not_confirmed);
        assert_eq!(change("employee", &[Permission::SeeUsers]).await, not_confirmed);
        assert_eq!(shifts::assign(app, &anna, &shift, &user, true).await, not_confirmed);
        before.assert_unchanged(&app.db, "what was refused").await;

        // What they have can be taken.
        let sql = "update memberships set extra = 'users.see shifts.edit', role_id = $2 where user_id = $1";
        chain.site.tamper(sql, &values![&user, &chain.role("dispatcher")]).await;
        assert_eq!(change("dispatcher", &[Permission::SeeAudit]).await, not_confirmed, "one for another");
        change("dispatcher", &[]).await.expect("less");
        change("employee", &[]).await.expect("a lower role");

        // Once the address is confirmed, all of it goes.
        chain.site.tamper("update users set confirmed_at = 1 where id = $1", &values![&user]).await;
        change("dispatcher", &[]).await.expect("given");
        shifts::assign(app, &anna, &shift, &user, true).await.expect("in the shift");
    })
    .await;
}
