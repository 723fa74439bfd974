//! Links that are not quite ours: all of them open nothing, say the same, and cost nothing (IN-01, IN-08).

use super::without_nonce;
use crate::support::browser::{Answer, Browser};
use crate::support::databases::both;
use crate::support::site::TestSite;
use crate::support::tables::Dump;
use axum::http::StatusCode;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use std::collections::BTreeSet;
use usher::domain::id::{InvitationId, ResetId};

/// Every link that differs from this one in a bit, in a letter's case, in length or in the way it is written.
fn mutants_of(link: &str) -> BTreeSet<String> {
    let bytes = URL_SAFE_NO_PAD.decode(link).expect("one of ours");
    let mut mutants = BTreeSet::new();
    for bit in 0..bytes.len() * 8 {
        let mut changed = bytes.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        mutants.insert(URL_SAFE_NO_PAD.encode(changed));
    }
    for at in 0..link.len() {
        mutants.insert(link[..at].to_string());
        mutants.insert(link[at..].to_string());
        let (head, tail) = link.split_at(at);
        let (letter, rest) = tail.split_at(1);
        let other = if letter.to_ascii_lowercase() == letter {
            letter.to_ascii_uppercase()
        } else {
            letter.to_ascii_lowercase()
        };
        mutants.insert(format!("{head}{other}{rest}"));
        mutants.insert(format!("{head}{rest}"));
    }
    // The four bits that the last letter does not need.
    for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".chars() {
        mutants.insert(format!("{}{letter}", &link[..link.len() - 1]));
        mutants.insert(format!("{link}{letter}"));
    }
    for written in [STANDARD.encode(&bytes), STANDARD_NO_PAD.encode(&bytes), URL_SAFE.encode(&bytes)] {
        mutants.insert(written.replace('/', "%2F").replace('+', "%2B").replace('=', "%3D"));
    }
    mutants.insert(format!("{link}{link}"));
    mutants.insert(bytes.iter().map(|byte| format!("{byte:02x}")).collect());
    // Whole, with something around it that no letter of it can be: nothing of it is changed (L-08).
    mutants.retain(|mutant| !WRAPPED.iter().any(|around| mutant == &around.replace("{}", link)));
    mutants.remove(link);
    mutants.remove("");
    mutants
}

/// What messages and mail programs leave around a link.
const WRAPPED: [&str; 13] =
    ["%20{}", "{}%20", "{}%00", "{}.", "{}%0A", "{}=", "{}==", "{}%3D", "{}%3D%3D", "'{}'", "{}/", "%3C{}%3E", "{}/x"];

/// A link with something around it leads to the link itself, whatever that is worth; and that by looking only.
#[tokio::test(flavor = "multi_thread")]
async fn what_stands_around_a_link_is_taken_off_and_opens_nothing_more_in_01() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let ivan = site.invite("Ivan", "ivan@acme.by").await;
        let link = site.link_of(&ivan.invitation).await;
        let mut visitor = Browser::new(&site.app);
        let before = Dump::of(&site.app.db).await;
        for (secret, status) in [(link.clone(), StatusCode::OK), (link.chars().rev().collect(), StatusCode::NOT_FOUND)]
        {
            for (number, around) in (100..).zip(WRAPPED) {
                let wrapped = format!("/i/{}", around.replace("{}", &secret));
                let answer = visitor.get(&wrapped).await;
                assert_eq!(
                    (answer.status, answer.location()),
                    (StatusCode::SEE_OTHER, format!("/i/{secret}").as_str()),
                    "{wrapped}"
                );
                assert_eq!(visitor.get(answer.location()).await.status, status, "{wrapped}");
                let mut robot = visitor.stranger(number);
                let sent = robot.register_at(&wrapped).await.status;
                assert!(sent.is_client_error() && !robot.has_session(), "{wrapped}: {sent}");
            }
        }
        before.assert_unchanged(&site.app.db, "a wrapped link").await;
    })
    .await;
}

fn says_the_same(one: &str, what: &str, other: &Answer) {
    assert_eq!(other.status, StatusCode::NOT_FOUND, "{what}");
    assert_eq!(without_nonce(other), one, "{what}");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_changed_link_opens_anything_and_all_get_the_same_answer_in_01() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let ivan = site.invite("Ivan", "ivan@acme.by").await;
        let olga = site.invite("Olga", "olga@acme.by").await;
        let (link, other) = (site.link_of(&ivan.invitation).await, site.link_of(&olga.invitation).await);
        let mut visitor = Browser::new(&site.app);
        assert_eq!(visitor.get(&format!("/i/{link}")).await.status, StatusCode::OK);

        let mut mutants = mutants_of(&link);
        assert!(mutants.len() > 500, "{}", mutants.len());
        // One's row with another's seal, and the same seal in another generation.
        let (one, another) =
            (URL_SAFE_NO_PAD.decode(&link).expect("ours"), URL_SAFE_NO_PAD.decode(&other).expect("ours"));
        mutants.insert(URL_SAFE_NO_PAD.encode([&one[..18], &another[18..]].concat()));
        mutants.insert(URL_SAFE_NO_PAD.encode([&another[..16], &one[16..]].concat()));
        mutants.insert(URL_SAFE_NO_PAD.encode([&one[..16], &[0, 0], &one[18..]].concat()));
        // The seal of another purpose, and of another address.
        mutants.insert(site.app.key.reset_link(&ResetId::new(ivan.invitation.as_str()), "ivan@acme.by"));
        mutants.insert(site.app.key.invitation_link(&ivan.invitation, 1, "olga@acme.by"));
        mutants.insert(site.app.key.invitation_link(&ivan.invitation, 2, "ivan@acme.by"));
        mutants.insert(site.app.key.invitation_link(&InvitationId::new(ivan.user.as_str()), 1, "ivan@acme.by"));

        let before = Dump::of(&site.app.db).await;
        let same = without_nonce(&visitor.get("/i/nothing").await);
        for (number, mutant) in mutants.iter().enumerate() {
            says_the_same(&same, mutant, &visitor.get(&format!("/i/{mutant}")).await);
            // Each of these from another address, or the limit would answer.
            let mut robot = visitor.stranger(u16::try_from(number).expect("a small number"));
            says_the_same(&same, mutant, &robot.register_at(&format!("/i/{mutant}")).await);
            assert!(!robot.has_session(), "{mutant}");
        }
        before.assert_unchanged(&site.app.db, "a changed link").await;
        assert_eq!(visitor.register_at(&format!("/i/{link}")).await.status, StatusCode::SEE_OTHER);
    })
    .await;
}

/// Each link at each door but its own.
#[tokio::test(flavor = "multi_thread")]
async fn a_link_opens_no_door_but_its_own_in_08() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let ivan = site.invite("Ivan", "ivan@acme.by").await;
        let olga = site.add_with_password("Olga", "olga@acme.by", "dispatcher").await;
        site.reset(&olga).await;
        let invitation = site.link_of(&ivan.invitation).await;
        let reset = site.reset_page_of(&olga).await.trim_start_matches("/reset/").to_string();
        let (id, reset_id) = (ivan.invitation.as_str(), site.newest_reset(&olga).await.expect("a reset"));
        let key = &site.app.key;
        let at_reset = [
            invitation.clone(),
            key.reset_link(&ResetId::new(id), "ivan@acme.by"),
            key.invitation_link(&InvitationId::new(reset_id.as_str()), 1, "olga@acme.by"),
        ];
        let at_invitation = [
            reset.clone(),
            key.reset_link(&ResetId::new(id), "ivan@acme.by"),
            key.invitation_link(&InvitationId::new(reset_id.as_str()), 1, "olga@acme.by"),
        ];
        let mut visitor = Browser::new(&site.app);
        let before = Dump::of(&site.app.db).await;
        for link in at_reset {
            let page = format!("/reset/{link}");
            assert_eq!(visitor.get(&page).await.status, StatusCode::NOT_FOUND, "{page}");
            let answer = visitor.post_form(&page, &[("password", "quiet stone bridge")]).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{page}");
        }
        for link in at_invitation {
            let page = format!("/i/{link}");
            assert_eq!(visitor.get(&page).await.status, StatusCode::NOT_FOUND, "{page}");
            assert_eq!(visitor.register_at(&page).await.status, StatusCode::NOT_FOUND, "{page}");
            for action in ["renew", "opened"] {
                let answer = visitor.post_form(&format!("{page}/{action}"), &[]).await;
                assert_eq!(answer.status, StatusCode::NOT_FOUND, "{page}/{action}");
            }
        }
        for password in [&invitation, &reset] {
            for username in ["ivan@acme.by", "olga@acme.by", invitation.as_str(), reset.as_str()] {
                let mut visitor = visitor.stranger(1);
                let answer = visitor.post_form("/sign-in", &[("username", username), ("password", password)]).await;
                assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{username}");
                visitor.cookies.insert("__Host-usher_session".into(), (*password).clone());
                assert_eq!(visitor.ask_shown("/me").await.status, StatusCode::UNAUTHORIZED);
            }
        }
        site.tamper("delete from attempts where tries > $1", &usher::values![0_i64]).await;
        before.assert_unchanged(&site.app.db, "a link at the wrong door").await;
        assert_eq!(visitor.get(&format!("/i/{invitation}")).await.status, StatusCode::OK);
        assert_eq!(visitor.get(&format!("/reset/{reset}")).await.status, StatusCode::OK);
    })
    .await;
}
