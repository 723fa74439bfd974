//! What stands in another company is answered exactly like what stands nowhere: the same status and the same bytes (TE-01).

use super::reviewed::{FUNCTIONS, Sample};
use super::strangers::ask;
use crate::support::browser::Browser;
use crate::support::crowd::State;
use crate::support::databases::both;
use crate::support::pages::read_by;
use crate::support::site::TestSite;
use crate::support::tables::Dump;
use usher::domain::id::{DraftId, MessageId, SessionId, UserId};
use usher::domain::unit::Unit;
use usher::server::storage::Tx;
use usher::values;

/// The ids of things that somebody of another company has.
async fn sample_of(site: &TestSite, unit: &Unit, person: UserId, email: &str) -> Sample {
    Browser::new(&site.app).sign_in_as(&site.app, &person).await;
    let draft = site.keep_form(&person).await;
    let mut tx = site.app.db.maintain().await.expect("a transaction");
    let session = one(&mut tx, "select id from sessions where user_id = $1", &person).await;
    let message = one(&mut tx, "select id from messages where user_id = $1", &person).await;
    tx.commit().await.expect("a commit");
    let invitation = site.invitation_of(&person).await;
    Sample {
        person,
        email: email.into(),
        unit: unit.id.clone(),
        draft,
        session: SessionId::new(session.expect("a session")),
        message: MessageId::new(message.unwrap_or_default()),
        invitation,
        shift: site.add_shift(unit).await,
        role: site.role("employee").id.to_string(),
        role_id: site.role("dispatcher").id.to_string(),
    }
}

async fn one(tx: &mut Tx, sql: &'static str, person: &UserId) -> Option<String> {
    let row = tx.maybe_row(sql, &values![person]).await.expect("a look")?;
    Some(row.text("id").expect("an id"))
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_in_another_company_answers_like_what_is_nowhere() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let other = site.add_company("ACME South").await;
        let here = site.add_active("Viktor", "viktor@acme.by", "company_administrator").await;
        let mut samples = Vec::new();
        for (at, state) in State::ALL.into_iter().enumerate() {
            for role in ["company_administrator", "employee"] {
                let email = format!("foreign{at}{role}@acme.by").replace('_', "");
                let person = site.add("Foreign", &email, role, &other, state).await;
                samples.push(sample_of(&site, &other, person, &email).await);
            }
        }
        let main = site.add_active("Main", "second@acme.by", "main_administrator").await;
        samples.push(sample_of(&site, &site.root, main, "second@acme.by").await);
        let nothing = Sample::of_nothing(&site);
        let mut browser = Browser::signed_in(&site.app, &here).await;
        let before = Dump::of(&site.app.db).await;
        for function in FUNCTIONS.iter().filter(|function| function.has_ids()) {
            let expected = ask(&mut browser, function, &nothing).await;
            // The roles are not for company administrators at all.
            let is_never_theirs = matches!(function.path, "/api/save-role" | "/api/remove-role");
            let status = if is_never_theirs { 403 } else { 404 };
            assert_eq!(expected.status.as_u16(), status, "{}", function.path);
            for sample in &samples {
                let answer = ask(&mut browser, function, sample).await;
                assert_eq!((answer.status, answer.text()), (expected.status, expected.text()), "{}", function.path);
                assert_eq!(names(&answer.headers), names(&expected.headers), "{}", function.path);
                if function.method == "POST" && !is_never_theirs {
                    plain_forms_agree(&mut browser, function, sample, &nothing).await;
                }
            }
        }
        // Pages carry ids in their address.
        for sample in &samples {
            for (page, other) in written_pages(sample).into_iter().zip(written_pages(&nothing)) {
                let expected = browser.ask(read_by(&other), &[("address", other.as_str())]).await;
                assert_eq!(expected.status.as_u16(), 404, "{other}");
                let answer = browser.ask(read_by(&page), &[("address", page.as_str())]).await;
                assert_eq!((answer.status, answer.text()), (expected.status, expected.text()), "{page}");
            }
        }
        // A page of a list that begins at somebody elsewhere is a page that begins nowhere.
        let mut at = async |id: &UserId| {
            let fields =
                [("q", ""), ("status", ""), ("role", ""), ("sort", ""), ("after", id.as_str()), ("before", "")];
            browser.ask("/api/users", &fields).await.text()
        };
        let expected = at(&nothing.person).await;
        for sample in &samples {
            assert_eq!(at(&sample.person).await, expected);
        }
        before.assert_unchanged(&site.app.db, "acting elsewhere").await;
    })
    .await;
}

/// The pages about what a sample names.
fn written_pages(sample: &Sample) -> Vec<String> {
    let Sample { person, unit, draft, shift, .. } = sample;
    vec![
        format!("/users/{person}"),
        format!("/users/{person}/edit"),
        format!("/users/{person}?do=place"),
        format!("/users/invite?draft={draft}"),
        format!("/units/{unit}"),
        format!("/units/{unit}/move"),
        format!("/shifts/{shift}"),
        format!("/shifts/new?unit={unit}"),
        format!("/shifts?unit={unit}"),
        format!("/invitations?unit={unit}"),
        format!("/audit?unit={unit}"),
    ]
}

async fn plain_forms_agree(browser: &mut Browser, function: &super::reviewed::Function, one: &Sample, other: &Sample) {
    let mut notes = Vec::new();
    for sample in [one, other] {
        let fields = function.filled(sample);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let answer = browser.post_form(function.path, &fields).await;
        let mut note = browser.note().expect("a note");
        // What was sent comes back as it was.
        note.typed.clear();
        note.record.clear();
        notes.push((answer.status.as_u16(), answer.location().to_string(), note));
    }
    assert_eq!(notes[0], notes[1], "{}", function.path);
    assert_eq!(notes[0].2.refusal, Some(usher::domain::error::UseCaseError::NotFound), "{}", function.path);
}

fn names(headers: &axum::http::HeaderMap) -> Vec<String> {
    headers.keys().map(ToString::to_string).collect()
}

/// Unknown ids do not exist for main administrators either.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_nowhere_does_not_exist_for_main_administrators_either() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let mut browser = Browser::signed_in(&site.app, &site.anna).await;
        let before = Dump::of(&site.app.db).await;
        let now = Sample::of_nothing(&site);
        let odd = Sample {
            person: UserId::new("' or 1=1 --"),
            draft: DraftId::new(""),
            session: SessionId::new("\u{0}"),
            ..now.clone()
        };
        for sample in [now, odd] {
            for function in &FUNCTIONS {
                if function.has_ids() {
                    let answer = ask(&mut browser, function, &sample).await;
                    assert_eq!(answer.status.as_u16(), 404, "{} {}", function.path, answer.text());
                }
            }
        }
        before.assert_unchanged(&site.app.db, "asking for nothing").await;
    })
    .await;
}
