//! How much of what is typed is kept on the server, and for how long (H-04).

use crate::people::caller;
use crate::support::browser::Browser;
use crate::support::databases::both;
use crate::support::site::TestSite;
use usher::domain::id::UserId;
use usher::domain::quota::{DRAFTS, NOTES, NOTES_AN_HOUR};
use usher::domain::timestamp::{Duration, Timestamp};
use usher::server::storage::notes as stored;
use usher::server::use_cases::invite::{self, InviteForm};
use usher::server::use_cases::notes;
use usher::values;

/// How many texts of somebody are kept, and how large they are together.
async fn kept(site: &TestSite, table: &'static str, user: &UserId) -> (i64, i64) {
    let sql = match table {
        "notes" => {
            "select count(*) as many, cast(coalesce(sum(octet_length(content)), 0) as bigint) as bytes from notes where user_id = $1"
        }
        _ => {
            "select count(*) as many, cast(coalesce(sum(bytes), 0) as bigint) as bytes from invitation_terms where user_id = $1"
        }
    };
    let mut tx = site.app.db.read().await.expect("a connection");
    let row = tx.row(sql, &values![user]).await.expect("a count");
    (row.number("many").expect("a number"), row.number("bytes").expect("a number"))
}

#[tokio::test(flavor = "multi_thread")]
async fn long_texts_of_refused_forms_have_a_quota_for_each_person_and_an_hour_h_04() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let ivan = site.add_active("Ivan", "ivan@acme.by", "employee").await;
        let olga = site.add_active("Olga", "olga@acme.by", "employee").await;
        let mut browser = Browser::signed_in(&site.app, &ivan).await;
        let mut olgas = Browser::signed_in(&site.app, &olga).await;
        let send = async |browser: &mut Browser, number: usize, length: usize| {
            let name = format!("NUMBER-{number} {}", "x".repeat(length));
            let fields = [("name", name.as_str()), ("phone", ""), ("language", "en"), ("version", "1")];
            assert_eq!(browser.post_from("/me", "/api/change-profile", &fields).await.status.as_u16(), 303);
        };
        send(&mut olgas, 0, 50_000).await;
        for number in 0..200 {
            send(&mut browser, number, if number < 10 { 5_000 } else { 120_000 }).await;
            let (many, bytes) = kept(&site, "notes", &ivan).await;
            assert!(many <= 5 && bytes <= 512 * 1024, "{number}: {many} texts, {bytes} bytes");
            if i64::try_from(number).expect("small") < NOTES_AN_HOUR {
                assert!(browser.clone().get("/me").await.text().contains(&format!("NUMBER-{number} ")), "{number}");
            }
        }
        let tries =
            "select cast(sum(tries) as bigint) as many from attempts where subject like 'notes %' and tries > $1";
        let row = site.app.db.read().await.expect("a connection").row(tries, &values![1_i64]).await.expect("a count");
        assert_eq!(
            row.number("many").expect("a number"),
            NOTES_AN_HOUR,
            "what is sent faster than typed is not written"
        );
        assert_eq!(kept(&site, "notes", &olga).await.0, 1, "of others nothing goes");
        assert!(olgas.clone().get("/me").await.text().contains("NUMBER-0 "));

        // After the hour it is not found, and then it is gone.
        site.app.clock.advance(Duration(Duration::hours(1).0 + 1));
        assert!(!olgas.get("/me").await.text().contains("NUMBER-0 "));
        let before = Timestamp(site.app.clock.now().0 - Duration::hours(1).0);
        stored::sweep(&site.app.db, before).await.expect("swept");
        assert_eq!((kept(&site, "notes", &olga).await.0, kept(&site, "notes", &ivan).await.0), (0, 0));
        // And there is room again.
        send(&mut browser, 7, 120_000).await;
        assert!(browser.get("/me").await.text().contains("NUMBER-7 "));
    })
    .await;
}

/// Drafts of invitations are no texts of refused forms: neither takes the other's room, and those of a long day stay.
#[tokio::test(flavor = "multi_thread")]
async fn drafts_of_invitations_have_a_quota_of_their_own_h_04() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let anna = caller(&site.anna);
        let wish = |addresses: String| InviteForm {
            addresses,
            units: vec![site.company.id.to_string()],
            role: site.role("employee").id.to_string(),
            language: "en".into(),
            valid_for: "72h".into(),
            only_check: true,
            ..InviteForm::default()
        };
        let mut first = None;
        for number in 0..DRAFTS.most {
            let draft = invite::invite(&site.app, &anna, &wish(format!("number{number}@acme.by"))).await.expect("kept");
            first.get_or_insert(draft);
        }
        for _ in 0..NOTES.most + 2 {
            notes::keep(&site.app, &anna, &"x".repeat(100_000)).await.expect("kept");
        }
        let first = first.expect("a draft");
        usher::server::use_cases::held::draft(&site.app, &anna, &first).await.expect("the first of the day stays");
        // Large ones: the newest stay.
        let large = |number: usize| {
            let name = "Somebody ".repeat(220);
            let lines: Vec<String> = (0..400).map(|n| format!("{name} <somebody.{n}.of.{number}@acme.by>")).collect();
            lines.join("\n")
        };
        for number in 0..24 {
            let draft = invite::invite(&site.app, &anna, &wish(large(number))).await.expect("kept");
            let (many, bytes) = kept(&site, "forms", &site.anna).await;
            assert!(many <= 100 && bytes <= DRAFTS.bytes, "{many} forms, {bytes} bytes");
            usher::server::use_cases::held::draft(&site.app, &anna, &draft).await.expect("the newest");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_person_stands_in_no_kept_text_of_others_pr_01() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let ivan = site.add_active("Ivan", "ivan@acme.by", "employee").await;
        let anna = caller(&site.anna);
        for content in [format!("about {ivan}"), "about IVAN@acme.by".into(), "about nobody".into()] {
            notes::keep(&site.app, &anna, &content).await.expect("kept");
        }
        notes::keep(&site.app, &caller(&ivan), "their own").await.expect("kept");
        usher::server::use_cases::deletion::delete(&site.app, &anna, &ivan, "ivan@acme.by").await.expect("deleted");
        assert_eq!(kept(&site, "notes", &site.anna).await.0, 1);
        assert_eq!(kept(&site, "notes", &ivan).await.0, 0);
    })
    .await;
}
