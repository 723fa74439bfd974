//! Two who invite the same address at the same moment: one invitation, and the second is told (CO-05).

use crate::people::caller;
use crate::support::databases::both;
use crate::support::site::TestSite;
use crate::support::tables::number;
use std::sync::Arc;
use tokio::sync::Barrier;
use tokio::task::JoinSet;
use usher::domain::review::{InviteDraft, Verdict};
use usher::domain::unit::Unit;
use usher::server::use_cases::held;
use usher::server::use_cases::invite::{self, InviteForm};
use usher::values;

fn wish(site: &TestSite, unit: &Unit, addresses: &str) -> InviteForm {
    InviteForm {
        addresses: addresses.into(),
        units: vec![unit.id.to_string()],
        role: site.role("employee").id.to_string(),
        language: "en".into(),
        valid_for: "8h".into(),
        ..InviteForm::default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_who_invite_one_address_one_does_and_the_other_is_told() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let other = site.add_company("ACME South").await;
        let second = site.add_active("Second", "second@acme.by", "main_administrator").await;
        let north = site.add_active("North", "north@acme.by", "company_administrator").await;
        let south = site.add("South", "south@acme.by", "company_administrator", &other, crate::support::crowd::State::Active).await;
        // Two who see all; then two who do not see each other's people.
        let pairs = [[(&site.anna, &site.company), (&second, &site.company)], [(&north, &site.company), (&south, &other)]];
        for round in 0..30 {
            let address = format!("new{round}@acme.by");
            let start = Arc::new(Barrier::new(2));
            let mut racing = JoinSet::new();
            for (inviter, unit) in pairs[round % 2] {
                // The same address, written in two ways.
                let typed = if round % 4 < 2 { address.clone() } else { format!("<{}>", address.to_uppercase()) };
                let (app, by, wish, start) = (site.app.clone(), caller(inviter), wish(&site, unit, &typed), start.clone());
                racing.spawn(async move {
                    start.wait().await;
                    let draft = invite::invite(&app, &by, &wish).await.expect("a draft");
                    held::draft(&app, &by, &draft).await.expect("one's own draft")
                });
            }
            let drafts: Vec<InviteDraft> = racing.join_all().await;
            let sent: usize = drafts.iter().map(|draft| draft.sent.len()).sum();
            let told: Vec<&Verdict> = drafts.iter().flat_map(|draft| &draft.rows).map(|row| &row.verdict).collect();
            // Whoever sees the first one is told; whoever does not gets the answer that anybody's address gets (rule 40).
            let expected = match round % 2 {
                0 => {
                    assert_eq!((sent, told.len()), (1, 1), "{drafts:?}");
                    assert!(matches!(told[0], Verdict::Known { .. }), "{told:?}");
                    1
                }
                _ => {
                    assert_eq!((sent, told.len()), (2, 0), "{drafts:?}");
                    2
                }
            };
            let sql = "select count(*) as n from users where email = $1 and not is_placeholder";
            assert_eq!(number(&site.app.db, sql, &values![&address]).await, 0, "nobody has come in, whoever invites");
            for sql in [
                "select count(*) as n from users where email = $1",
                "select count(*) as n from invitations where address = $1",
                "select count(*) as n from messages m join invitations i on i.id = m.invitation_id where i.address = $1",
                "select count(*) as n from memberships m join users u on u.id = m.user_id where u.email = $1",
                "select count(*) as n from audit_events where action = 'invited' and after = $1",
            ] {
                assert_eq!(number(&site.app.db, sql, &values![&address]).await, expected, "{sql}");
            }
        }
    })
    .await;
}

/// The good rows of both go, and nothing of either is half written, when their lists overlap.
#[tokio::test(flavor = "multi_thread")]
async fn overlapping_lists_invite_everybody_once() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let start = Arc::new(Barrier::new(4));
        let mut racing = JoinSet::new();
        for n in 0..4 {
            // Each list overlaps with the next.
            let list: String = (n * 10..n * 10 + 20).map(|at| format!("person{at}@acme.by\n")).collect();
            let (app, by, wish, start) =
                (site.app.clone(), caller(&site.anna), wish(&site, &site.company, &list), start.clone());
            racing.spawn(async move {
                start.wait().await;
                let draft = invite::invite(&app, &by, &wish).await.expect("a draft");
                held::draft(&app, &by, &draft).await.expect("a draft")
            });
        }
        let drafts = racing.join_all().await;
        let sent: usize = drafts.iter().map(|draft| draft.sent.len()).sum();
        let told: usize = drafts.iter().map(|draft| draft.rows.len()).sum();
        assert_eq!((sent, told), (50, 30));
        for sql in ["select count(*) as n from invitations", "select count(*) as n from messages"] {
            assert_eq!(number(&site.app.db, sql, &[]).await, 50, "{sql}");
        }
        let numbers = "select count(distinct number) as n from users";
        assert_eq!(number(&site.app.db, numbers, &[]).await, 51);
    })
    .await;
}
