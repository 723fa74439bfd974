//! The history: every change writes its line in the same transaction, with who, whom, before and after (DI-02).

use super::{caller, register};
use crate::support::browser::Browser;
use crate::support::databases::both;
use crate::support::people::PASSWORD;
use crate::support::site::TestSite;
use usher::domain::authorization::Surface;
use usher::domain::error::UseCaseError;
use usher::domain::id::UserId;
use usher::domain::registration::TypedName;
use usher::domain::timestamp::Duration;
use usher::server::storage::users as people;
use usher::server::use_cases::sessions::SignInOutcome;
use usher::server::use_cases::{
    Visitor, accept, deletion, invitations, invite, passwords, places, profile, sessions, settings, users,
};

/// A line as the table holds it: action, by whom, about whom, before, after.
type Line = (String, Option<String>, Option<String>, String, String);

/// The same, as a test writes it.
type Expected<'a> = (&'a str, Option<&'a UserId>, Option<&'a UserId>, &'a str, &'a str);

/// Reads what was added since the last look.
struct Reader<'a> {
    site: &'a TestSite,
    read: usize,
}

impl Reader<'_> {
    async fn new_lines(&mut self) -> Vec<Line> {
        let mut tx = self.site.app.db.read().await.expect("a connection");
        let sql = "select action, actor_id, subject_id, before, after from audit_events order by id";
        let rows = tx.rows(sql, &[]).await.expect("the history");
        let line = |row: &usher::server::storage::Row| {
            (
                row.text("action").expect("an action"),
                row.maybe_text("actor_id").expect("an actor"),
                row.maybe_text("subject_id").expect("a subject"),
                row.text("before").expect("before"),
                row.text("after").expect("after"),
            )
        };
        let lines = rows.iter().skip(self.read).map(line).collect();
        self.read = rows.len();
        lines
    }

    /// Exactly these lines were added.
    async fn expect(&mut self, lines: &[Expected<'_>]) {
        let owned = |id: Option<&UserId>| id.map(ToString::to_string);
        let expected: Vec<Line> = lines
            .iter()
            .map(|(action, actor, subject, before, after)| {
                (action.to_string(), owned(*actor), owned(*subject), before.to_string(), after.to_string())
            })
            .collect();
        assert_eq!(self.new_lines().await, expected);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_change_of_a_person_writes_exactly_its_lines_with_before_and_after() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let (app, anna_id) = (&site.app, &site.anna);
        let anna = caller(anna_id);
        let mut history = Reader { site: &site, read: 0 };
        let wish = invite::InviteForm {
            addresses: "ivan@acme.by".into(),
            units: vec![site.company.id.to_string()],
            role: site.role("employee").id.to_string(),
            language: "en".into(),
            valid_for: "8h".into(),
            ..invite::InviteForm::default()
        };
        invite::invite(app, &anna, &invite::InviteForm { only_check: true, ..wish.clone() }).await.expect("a look");
        history.expect(&[]).await;
        invite::invite(app, &anna, &wish).await.expect("invited");
        let mut tx = app.db.read().await.expect("a connection");
        let ivan = people::with_addresses(&mut tx, &["ivan@acme.by"]).await.expect("a look").remove(0).id;
        drop(tx);
        let (by, about) = (Some(anna_id), Some(&ivan));
        history.expect(&[("invited", by, about, "", "ivan@acme.by")]).await;
        invite::invite(app, &anna, &wish).await.expect("known already");
        history.expect(&[]).await;
        users::edit(
            app,
            &anna,
            &ivan,
            &users::Edit { name: Some("Ivan".into()), phone: "+375291234567".into(), version: 1, ..Default::default() },
        )
        .await
        .expect("edited");
        history.expect(&[("renamed", by, about, "", "Ivan"), ("phone_changed", by, about, "", "+375291234567")]).await;
        let (employee, dispatcher) = (&site.role("employee").id, &site.role("dispatcher").id);
        let offer = site.invitation_of(&ivan).await;
        places::change(app, &anna, &ivan, None, dispatcher, None).await.expect("changed");
        history.expect(&[("role_changed", by, about, employee.as_str(), dispatcher.as_str())]).await;
        places::change(app, &anna, &ivan, None, dispatcher, None).await.expect("nothing to do");
        history.expect(&[]).await;
        invitations::resend(app, &anna, &offer).await.expect("sent");
        history.expect(&[("resent", by, about, "", "")]).await;
        invitations::withdraw(app, &anna, &offer).await.expect("withdrawn");
        history.expect(&[("withdrawn", by, about, "", "")]).await;
        assert!(invitations::withdraw(app, &anna, &offer).await.is_err());
        history.expect(&[]).await;
        invitations::resend(app, &anna, &offer).await.expect("sent");
        invitations::copy_link(app, &anna, &offer).await.expect("a link");
        let link = site.link_of(&offer).await;
        history.expect(&[("resent", by, about, "", ""), ("link_copied", by, about, "", "")]).await;
        register(&site, &link, "Ivan Petrov").await.expect("registered");
        // Ivan says otherwise than Anna wrote, and gives no number.
        history
            .expect(&[
                ("accepted", about, about, "", ""),
                ("renamed", about, about, "Ivan", "Ivan Petrov"),
                ("phone_changed", about, about, "+375291234567", ""),
            ])
            .await;
        users::block(app, &anna, &ivan, "left us").await.expect("blocked");
        history.expect(&[("blocked", by, about, "", "left us")]).await;
        users::unblock(app, &anna, &ivan).await.expect("unblocked");
        history.expect(&[("unblocked", by, about, "", "")]).await;
        passwords::send_reset(app, &anna, &ivan).await.expect("sent");
        history.expect(&[("reset_sent", by, about, "", "")]).await;
        deletion::delete(app, &anna, &ivan, "ivan@acme.by").await.expect("deleted");
        history.expect(&[("deleted", by, about, "", "")]).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_change_of_oneself_and_of_the_installation_writes_its_lines() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let app = &site.app;
        let ivan = site.add_with_password("Ivan", "ivan@acme.by", "employee").await;
        let (me, visitor) = (Some(&ivan), Visitor::default());
        let mut history = Reader { site: &site, read: 0 };
        let password = PASSWORD.to_string().into();
        let wrong = sessions::sign_in(
            app,
            "ivan@acme.by",
            &"not the password".to_string().into(),
            false,
            Surface::Panel,
            &visitor,
        )
        .await;
        assert_eq!(wrong.err(), Some(UseCaseError::WrongCredentials));
        history.expect(&[]).await;
        let outcome = sessions::sign_in(app, "Ivan@ACME.by", &password, false, Surface::Panel, &visitor).await;
        let SignInOutcome::In(signed_in) = outcome.expect("signed in") else { panic!("a lasting password") };
        history.expect(&[("signed_in", me, me, "", "")]).await;
        let details = profile::OwnDetails {
            name: TypedName { whole: "Ivan P".into(), ..TypedName::default() },
            phone: "+375291234567".into(),
            language: "ru".into(),
            version: 1,
            ..Default::default()
        };
        profile::change(app, &signed_in.caller, &details).await.expect("changed");
        history
            .expect(&[
                ("renamed", me, me, "Ivan", "Ivan P"),
                ("phone_changed", me, me, "", "+375291234567"),
                ("language_changed", me, me, "en", "ru"),
            ])
            .await;
        sessions::end_other_sessions(app, &signed_in.caller).await.expect("ended");
        history.expect(&[("sessions_ended", me, me, "", "")]).await;
        Browser::signed_in(app, &ivan).await;
        let others = profile::view(app, &signed_in.caller).await.expect("a profile").sessions;
        let other = others.into_iter().find(|session| !session.is_this_one).expect("another session");
        sessions::end_session(app, &signed_in.caller, &other.id).await.expect("ended");
        history.expect(&[("sessions_ended", me, me, "", "")]).await;
        passwords::forget(app, "nobody@acme.by", &Visitor::default()).await.expect("the same answer");
        history.expect(&[]).await;
        passwords::forget(app, "ivan@acme.by", &Visitor::default()).await.expect("the same answer");
        history.expect(&[("reset_asked", None, me, "", "")]).await;
        let page = site.reset_page_of(&ivan).await;
        let link = page.strip_prefix("/reset/").expect("a link");
        passwords::reset(app, link, &"nine yellow kettles".to_string().into(), &Visitor::default())
            .await
            .expect("reset");
        history.expect(&[("password_changed", me, me, "", "")]).await;
        let anna = caller(&site.anna);
        let mut wished = settings::view(app, &anna, "").await.expect("settings").settings;
        settings::change(app, &anna, "", &wished.as_typed()).await.expect("nothing to do");
        history.expect(&[]).await;
        wished.organisation = "ACME College".into();
        settings::change(app, &anna, "", &wished.as_typed()).await.expect("changed");
        let (before, after) = ("organisation=ACME School", "organisation=ACME College");
        history.expect(&[("setting_changed", Some(&site.anna), None, before, after)]).await;
        let invited = site.invite("Olga", "olga@acme.by").await;
        let link = site.link_of(&invited.invitation).await;
        site.pass(Duration::hours(9));
        accept::renew(app, &link).await.expect("a new link");
        history.expect(&[("resent", None, Some(&invited.user), "", "")]).await;
    })
    .await;
}
