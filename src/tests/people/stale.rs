//! Two tabs: what was decided on one state of things is not done on another. Every form that changes something carries how the
//! thing was when its page was shown (CO-06), and a colleague's newer decision is never undone in silence.

use super::caller;
use crate::support::browser::Browser;
use crate::support::crowd::State;
use crate::support::databases::both;
use crate::support::html::{Form, form_to, forms};
use crate::support::site::TestSite;
use crate::support::tables::Dump;
use usher::domain::error::{Conflict, UseCaseError};
use usher::domain::id::UserId;
use usher::domain::permission::Permissions;
use usher::server::use_cases::{invitations, places, users};

/// A form of a page, as it stands in a tab that stays open.
async fn opened(browser: &mut Browser, page: &str, action: &str) -> Form {
    form_to(&browser.get(page).await.text(), action)
}

/// What a form of an old tab is answered, as a plain form and by script; nothing may be changed by it.
async fn answered(site: &TestSite, browser: &mut Browser, form: &Form) -> UseCaseError {
    assert!(form.value("revision").is_some_and(|it| !it.is_empty()), "{} names no state", form.action);
    let before = Dump::of(&site.app.db).await;
    let answer = browser.call(&form.action, &form.pairs()).await;
    assert_eq!(answer.status.as_u16(), 409, "{}: {}", form.action, answer.text());
    let by_script = answer.refusal().expect("a refusal");
    browser.post_form(&form.action, &form.pairs()).await;
    let plain = browser.clone().note().and_then(|note| note.refusal);
    assert_eq!(plain, Some(by_script.clone()), "{}", form.action);
    before.assert_unchanged(&site.app.db, &form.action).await;
    by_script
}

/// H-38: *Resend* from a list that was opened before a colleague withdrew does not revive the invitation; nor does anything else
/// that was decided before a colleague decided otherwise.
#[tokio::test(flavor = "multi_thread")]
async fn a_colleagues_newer_word_about_an_invitation_stands() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let (app, anna) = (&site.app, caller(&site.anna));
        let boris = site.add_active("Boris", "boris@acme.by", "main_administrator").await;
        let mut browser = Browser::signed_in(app, &boris).await;
        let withdraw = async |user: &UserId| {
            let id = site.invitation_of(user).await;
            invitations::withdraw(app, &anna, &id).await.expect("withdrawn");
        };
        let changed = UseCaseError::from(Conflict::InvitationChanged);

        let first = site.invite("First", "first@guests.example").await;
        let (list, card) = ("/invitations", format!("/users/{}", first.user));
        let mut old = vec![opened(&mut browser, list, "/api/resend").await];
        old.push(opened(&mut browser, list, "/api/copy-link").await);
        old.push(opened(&mut browser, &format!("{card}?do=resend"), "/api/resend").await);
        old.push(opened(&mut browser, &card, "/api/copy-link").await);
        let unsent = opened(&mut browser, &format!("{card}?do=withdraw"), "/api/withdraw").await;
        withdraw(&first.user).await;
        for form in &old {
            let refusal = answered(&site, &mut browser, form).await;
            let wanted = if form.action == "/api/resend" { changed.clone() } else { Conflict::LinkEnded.into() };
            assert_eq!(refusal, wanted, "{}", form.action);
        }
        assert_eq!(answered(&site, &mut browser, &unsent).await, Conflict::AlreadyWithdrawn.into());
        assert_eq!(site.status(&first.user).await, "withdrawn");
        // It is said, and the page shows how it stands.
        let old = opened(&mut browser, "/invitations?status=withdrawn", "/api/resend").await;
        browser.post_form("/api/resend", &old.pairs()).await;
        assert_eq!(browser.note().and_then(|note| note.refusal), None, "decided on what is there, it is done");
        assert_eq!(site.status(&first.user).await, "waiting");

        // Sent again by a colleague: the link in that letter is not ended by an older page.
        let resend = opened(&mut browser, &format!("{card}?do=resend"), "/api/resend").await;
        let withdraw_old = opened(&mut browser, &format!("{card}?do=withdraw"), "/api/withdraw").await;
        invitations::resend(app, &anna, &first.invitation).await.expect("sent again");
        assert_eq!(answered(&site, &mut browser, &resend).await, changed);
        assert_eq!(answered(&site, &mut browser, &withdraw_old).await, changed);
        // Another role in it meanwhile.
        let resend = opened(&mut browser, &format!("{card}?do=resend"), "/api/resend").await;
        let role = site.role("dispatcher").id.clone();
        places::change(app, &anna, &first.user, None, &role, None).await.expect("changed");
        assert_eq!(answered(&site, &mut browser, &resend).await, changed);

        // What a second administrator agrees to is what that one has read.
        let proposed = site.add("", "proposed@acme.by", "dispatcher", &site.company, State::Proposed).await;
        let approve = opened(&mut browser, "/invitations?status=awaiting_approval", "/api/approve").await;
        let more: Permissions = [usher::domain::permission::Permission::SeeAudit].into_iter().collect();
        places::change(app, &anna, &proposed, None, &role, Some(more)).await.ok();
        let refusal = answered(&site, &mut browser, &approve).await;
        assert!([changed, Conflict::NothingToApprove.into()].contains(&refusal), "{refusal:?}");
    })
    .await;
}

/// H-38: the same for what somebody holds.
#[tokio::test(flavor = "multi_thread")]
async fn a_colleagues_newer_word_about_somebodys_access_stands() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let (app, anna) = (&site.app, caller(&site.anna));
        let boris = site.add_active("Boris", "boris@acme.by", "main_administrator").await;
        let branch = site.add_branch("Branch", &site.company).await;
        let mut browser = Browser::signed_in(app, &boris).await;
        let ivan = site.add_active("Ivan", "ivan@acme.by", "employee").await;
        let card = format!("/users/{ivan}");
        let changed = UseCaseError::from(Conflict::AccessChanged);
        let role = |key: &str| site.role(key).id.clone();
        let actions = [
            ("role", "/api/change-role"),
            ("place", "/api/add-place"),
            ("remove", "/api/remove-place"),
            ("block", "/api/block"),
            ("archive", "/api/archive"),
            ("delete", "/api/delete"),
        ];
        let mut old = Vec::new();
        for (question, action) in actions {
            let mut form = opened(&mut browser, &format!("{card}?do={question}"), action).await;
            match question {
                "place" => {
                    form.fields.push(("unit".into(), branch.id.to_string()));
                    form.fields.push(("role".into(), role("employee").to_string()));
                }
                "role" => form = form.with("role", role("employee").as_str()),
                "delete" => form = form.with("typed", "ivan@acme.by"),
                _ => {}
            }
            old.push(form);
        }
        places::change(app, &anna, &ivan, None, &role("dispatcher"), None).await.expect("changed");
        for form in &old {
            assert_eq!(answered(&site, &mut browser, form).await, changed, "{}", form.action);
        }
        // The question is asked again, of what is there now, with what was typed.
        browser
            .post_from(
                &format!("{card}?do=block"),
                "/api/block",
                &[("id", ivan.as_str()), ("revision", "old"), ("reason", "Left")],
            )
            .await;
        let asked = browser.get(&format!("{card}?do=block")).await.text();
        assert!(asked.contains("changed this person&#x27;s access") || asked.contains("changed this person's access"));
        assert!(asked.contains("Left"), "what was typed stays: {asked}");
        let form = form_to(&asked, "/api/block");
        browser.post_from(&format!("{card}?do=block"), "/api/block", &form.pairs()).await;
        assert_eq!(site.status(&ivan).await, "blocked");

        // *Undo* of a block, after a colleague has unblocked and blocked anew for another reason.
        let undo = opened(&mut browser, &card, "/api/unblock").await;
        users::unblock(app, &anna, &ivan).await.expect("unblocked");
        users::block(app, &anna, &ivan, "Fired").await.expect("blocked");
        assert_eq!(answered(&site, &mut browser, &undo).await, changed);
        let unblock = opened(&mut browser, &format!("{card}?do=unblock"), "/api/unblock").await;
        let archive = opened(&mut browser, &format!("{card}?do=archive"), "/api/archive").await;
        users::archive(app, &anna, &ivan).await.expect("archived");
        let back = opened(&mut browser, &format!("{card}?do=back"), "/api/bring-back").await;
        assert_eq!(answered(&site, &mut browser, &unblock).await, Conflict::Archived.into());
        assert_eq!(answered(&site, &mut browser, &archive).await, Conflict::AlreadyArchived.into());
        users::bring_back(app, &anna, &ivan).await.expect("back");
        users::archive(app, &anna, &ivan).await.expect("archived again");
        assert_eq!(answered(&site, &mut browser, &back).await, changed);
    })
    .await;
}

/// H-37: settings, texts, roles, units and shifts: an old tab does not overwrite a newer save; it is said in words, what was
/// typed stays, and beside it stands what is stored now.
#[tokio::test(flavor = "multi_thread")]
async fn an_old_tab_overwrites_no_newer_save() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let boris = site.add_active("Boris", "boris@acme.by", "main_administrator").await;
        let mut here = Browser::signed_in(&site.app, &boris).await;
        let mut there = Browser::signed_in(&site.app, &site.anna).await;
        let branch = site.add_branch("Branch", &site.company).await;
        let shift = site.add_shift(&site.company).await;
        let dispatcher = &site.role("dispatcher").id;
        let role = format!("/settings/roles/{dispatcher}");
        let unit = format!("/units/{}?do=edit", branch.id);
        let cases = [
            ("/settings".to_string(), "/api/change-settings", "support_contact", "Ask Anna", "Ask Boris"),
            ("/settings/texts?language=en".into(), "/api/change-texts", "subject", "By Anna", "By Boris"),
            (role.clone(), "/api/save-role", "name", "By Anna", "By Boris"),
            (unit, "/api/edit-unit", "name", "By Anna", "By Boris"),
            (format!("/shifts/{shift}"), "/api/change-shift", "title", "By Anna", "By Boris"),
        ];
        for (page, action, field, first, second) in &cases {
            let old = opened(&mut here, page, action).await.with(field, second);
            let new = opened(&mut there, page, action).await.with(field, first);
            there.post_from(page, action, &new.pairs()).await;
            assert_eq!(there.note().and_then(|note| note.refusal), None, "{page}");
            let by_script = here.call(action, &old.pairs()).await;
            assert_eq!(by_script.refusal(), Some(Conflict::ChangedMeanwhile.into()), "{page}: {}", by_script.text());
            here.post_from(page, action, &old.pairs()).await;
            let again = here.get(page).await.text();
            assert!(again.contains("Somebody else changed this in between"), "{page}: {again}");
            let again = (form_to(&again, action), again);
            assert_eq!(again.0.value(field), Some(*second), "{page}: what was typed stays");
            assert!(
                again.1.contains(&format!("Stored now: {first}")),
                "{page}: and what is stored is said: {}",
                again.1
            );
            here.post_from(page, action, &again.0.pairs()).await;
            assert_eq!(here.note().and_then(|note| note.refusal), None, "{page}: decided on what is there");
            assert_eq!(opened(&mut there, page, action).await.value(field), Some(*second), "{page}");
        }

        // A permission that a colleague took away does not come back with an old tab.
        let old = opened(&mut here, &role, "/api/save-role").await;
        let mut less = opened(&mut there, &role, "/api/save-role").await;
        less.fields.retain(|(_, value)| value != "users.see");
        there.post_from(&role, "/api/save-role", &less.pairs()).await;
        assert_eq!(there.note().and_then(|note| note.refusal), None);
        assert_eq!(answered(&site, &mut here, &old).await, Conflict::ChangedMeanwhile.into());
        here.post_from(&role, "/api/save-role", &old.pairs()).await;
        let again = here.get(&role).await.text();
        assert!(again.contains("Stored now: No"), "the box says how it stands: {again}");

        // What ends something, and what moves it.
        let move_to = format!("/units/{}/move?to={}", branch.id, site.root.id);
        let shift_page = format!("/shifts/{shift}?do=remove");
        let restore = opened(&mut here, "/settings/texts?language=en", "/api/change-texts").await;
        let old = [
            opened(&mut here, &format!("/units/{}?do=archive", branch.id), "/api/archive-unit").await,
            opened(&mut here, &move_to, "/api/move-unit").await,
            opened(&mut here, &shift_page, "/api/remove-shift").await,
            Form { action: "/api/restore-texts".into(), ..restore },
        ];
        for (page, action, field, _, _) in cases.iter().filter(|case| !case.1.contains("role")) {
            let new = opened(&mut there, page, action).await.with(field, "Newer");
            there.post_from(page, action, &new.pairs()).await;
            assert_eq!(there.note().and_then(|note| note.refusal), None, "{page}");
        }
        for form in &old {
            assert_eq!(answered(&site, &mut here, form).await, Conflict::ChangedMeanwhile.into(), "{}", form.action);
        }
    })
    .await;
}

/// Every form that changes what others can change names a state; a new one that does not is noticed here.
#[tokio::test(flavor = "multi_thread")]
async fn every_form_that_changes_something_names_a_state() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let mut browser = Browser::signed_in(&site.app, &site.anna).await;
        let invited = site.invite("New", "new@guests.example").await;
        let active = site.add_active("Ivan", "ivan@acme.by", "employee").await;
        let branch = site.add_branch("Branch", &site.company).await;
        let shift = site.add_shift(&site.company).await;
        let role = &site.role("employee").id;
        let mut pages: Vec<String> =
            ["/settings", "/settings/texts", "/invitations", "/me"].map(String::from).into_iter().collect();
        pages.extend([
            format!("/settings/roles/{role}"),
            format!("/shifts/{shift}"),
            format!("/shifts/{shift}?do=remove"),
        ]);
        pages.push(format!("/units/{}/move?to={}", branch.id, site.root.id));
        pages.extend(["edit", "archive"].map(|question| format!("/units/{}?do={question}", branch.id)));
        for user in [&invited.user, &active] {
            pages.push(format!("/users/{user}/edit"));
            let all = ["", "role", "place", "remove", "block", "archive", "delete", "resend", "withdraw", "copy"];
            pages.extend(all.map(|question| format!("/users/{user}?do={question}")));
        }
        // What makes something new, what concerns nobody else, and what is done alike however things stand.
        const FREE: [&str; 11] = [
            "/sign-out",
            "/api/choose-language",
            "/api/make-token",
            "/api/revoke-token",
            "/api/change-password",
            "/api/end-session",
            "/api/end-other-sessions",
            "/api/send-test",
            "/api/create-unit",
            "/api/join-shift",
            "/api/leave-shift",
        ];
        let mut seen = 0;
        for page in pages {
            for form in forms(&browser.get(&page).await.text()) {
                if form.method == "get" || FREE.contains(&form.action.as_str()) || !form.action.starts_with("/api/") {
                    continue;
                }
                seen += 1;
                let names =
                    ["revision", "version"].iter().any(|name| form.value(name).is_some_and(|it| !it.is_empty()));
                assert!(names, "{page}: {} names no state", form.action);
            }
        }
        assert!(seen > 20, "{seen}");
    })
    .await;
}
