//! The rows of a form are judged while it is still being filled in: in their order, without a unit, and nothing is kept.

use super::caller;
use crate::support::databases::both;
use crate::support::site::TestSite;
use crate::support::tables::Dump;
use usher::domain::review::{MOST_AT_ONCE, Verdict, WishedRow};
use usher::server::use_cases::invite::{self, InviteForm};

fn typed(text: &str) -> WishedRow {
    WishedRow { typed: text.into(), ..WishedRow::default() }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_row_gets_its_verdict_in_its_place_and_nothing_is_written_w_02() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let ivan = site.add_active("Ivan", "ivan-petrov@acme.by", "employee").await;
        let before = Dump::of(&site.app.db).await;
        let meant =
            WishedRow { address: Some("kim@gmial.com".into()), asked: Some("on".into()), ..typed("kim@gmial.com") };
        let rows = vec![
            typed("new@acme.by"),
            typed("ivan-petrov@acme.by"),
            typed("ivan_petrov@acme.by"),
            typed("olga@gmial.com"),
            meant,
            typed("broken@"),
            typed(""),
        ];
        for units in [Vec::new(), vec![site.company.id.to_string()], vec!["no-such-unit".into()]] {
            let wish = InviteForm { rows: rows.clone(), units: units.clone(), ..InviteForm::default() };
            let judged = invite::judge_rows(&site.app, &caller(&site.anna), &wish).await.expect("judged");
            let [new, here, alike, slip, meant, broken, nothing] = &judged[..] else { panic!("{judged:?}") };
            assert_eq!((new, meant), (&Verdict::Ready, &Verdict::Ready), "{units:?}");
            match here {
                Verdict::Known { user_id, .. } if units.iter().any(|unit| unit == site.company.id.as_str()) => {
                    assert_eq!(user_id, &ivan);
                }
                Verdict::Joins { user_id, .. } => assert_eq!(user_id, &ivan),
                other => panic!("{other:?} at {units:?}"),
            }
            assert!(matches!(alike, Verdict::Similar { address, .. } if address == "ivan-petrov@acme.by"), "{alike:?}");
            assert_eq!(slip, &Verdict::Misspelt { meant: "olga@gmail.com".into() });
            assert!(matches!((broken, nothing), (Verdict::Broken { .. }, Verdict::Broken { .. })), "{judged:?}");
        }
        let many = InviteForm { rows: vec![typed("a@acme.by"); MOST_AT_ONCE + 1], ..InviteForm::default() };
        assert!(invite::judge_rows(&site.app, &caller(&site.anna), &many).await.is_err(), "a part of them at a time");
        before.assert_unchanged(&site.app.db, "looking").await;
    })
    .await;
}
