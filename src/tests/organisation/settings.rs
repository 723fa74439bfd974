//! What the organisation decides for itself: part by part, and a section that is switched off.

use crate::support::browser::Browser;
use crate::support::databases::both;
use crate::support::html::{form_to, unescape};
use crate::support::site::TestSite;
use crate::support::tables::Dump;
use axum::http::StatusCode;
use std::sync::atomic::{AtomicUsize, Ordering};
use usher::domain::error::{Conflict, Invalid, UseCaseError};
use usher::domain::preset::{PORTAL, PRESETS};
use usher::domain::settings::Settings;
use usher::domain::timestamp::Duration;

const CHANGE: &str = "/api/change-settings";

#[tokio::test(flavor = "multi_thread")]
async fn a_part_of_the_settings_is_saved_alone_and_each_change_is_said_in_words() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let mut anna = Browser::signed_in(&site.app, &site.anna).await;
        let page = anna.get("/settings").await.text();
        let passwords = page.split("value=\"passwords\"").nth(1).expect("the part");
        assert!(!passwords.split("</form>").next().expect("its form").contains("name=\"zone\""), "{passwords}");
        let revision = form_to(&page, CHANGE).value("revision").expect("a revision").to_string();
        let saved = [
            ("id", "passwords"),
            ("revision", &revision),
            ("min_length", "14"),
            ("signs_in_by", "email"),
            ("classes", "on"),
        ];
        anna.post_from("/settings", CHANGE, &saved).await;
        assert_eq!(anna.note().and_then(|note| note.refusal), None);
        let after = site.settings().await;
        assert_eq!((after.password.min_length, after.password.classes), (14, true));
        assert!(after.plans_shifts, "a tick of another part stays");
        // What belongs to another part is not taken, whatever is sent with it.
        let before = Dump::of(&site.app.db).await;
        let by = ("signs_in_by", "email");
        let slipped = [("id", "passwords"), ("min_length", "14"), by, ("classes", "on"), ("organisation", "Mine")];
        assert!(anna.call(CHANGE, &slipped).await.is_done());
        before.assert_unchanged(&site.app.db, "nothing of this part").await;
        for (name, typed, why) in [
            ("hold_seconds", "a minute", Invalid::Hold.into()),
            ("valid_for", "2161h", Invalid::Validity.into()),
            ("name_policy", "whoever", UseCaseError::Unreadable),
            ("zone", "Mars/Olympus", Invalid::Zone.into()),
        ] {
            assert_eq!(anna.call(CHANGE, &[(name, typed)]).await.refusal(), Some(why), "{name}");
        }
        let unknown = anna.call(CHANGE, &[("id", "everything"), ("min_length", "8")]).await;
        assert_eq!(unknown.refusal(), Some(UseCaseError::Unreadable));
        before.assert_unchanged(&site.app.db, "what was refused").await;
        let audit = unescape(&anna.get("/audit").await.text());
        assert!(audit.contains("“Minimum length of passwords”: 12 → 14"), "{audit}");
        assert!(audit.contains("other characters”: No → Yes"), "{audit}");
    })
    .await;
}

/// The installation says how long links work, a unit says otherwise for itself and below, a role for whoever is given it, and
/// whoever invites for this time; ten minutes are the least, ninety days the most.
#[tokio::test(flavor = "multi_thread")]
async fn a_unit_and_a_role_say_how_long_links_work_and_whoever_invites_says_it_last() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let mut anna = Browser::signed_in(&site.app, &site.anna).await;
        let role = site.role("employee").id.to_string();
        let driver = site.role("dispatcher").id.to_string();
        let unit = site.company.id.to_string();
        let invited = AtomicUsize::new(0);
        let lasts = async |anna: &mut Browser, role: &str, length: &str| {
            let address = format!("number{}@acme.by", invited.fetch_add(1, Ordering::Relaxed));
            let form = [
                ("addresses", address.as_str()),
                ("units[]", &unit),
                ("role", role),
                ("language", "en"),
                ("valid_for", length),
            ];
            assert!(anna.call("/api/invite", &form).await.is_done());
            let mut tx = site.app.db.read().await.expect("a connection");
            let sql = "select valid_for, expires_at - renewed_at as runs from invitations where address = $1";
            let row = tx.row(sql, &usher::values![&address]).await.expect("invited");
            let (length, runs) = (row.number("valid_for").expect("a length"), row.number("runs").expect("an end"));
            assert_eq!(length, runs);
            Duration(length)
        };
        assert_eq!(lasts(&mut anna, &role, "").await, Duration::hours(8), "as the installation says");
        let page = format!("/units/{unit}?do=edit");
        let form = form_to(&anna.get(&page).await.text(), "/api/edit-unit");
        assert_eq!(form.value("valid_for"), Some(""));
        for wrong in ["9m", "91d", "soon", "72"] {
            let refused = anna.call("/api/edit-unit", &form.clone().with("valid_for", wrong).pairs()).await;
            assert_eq!(refused.refusal(), Some(Invalid::Validity.into()), "{wrong}");
        }
        let form = form.with("valid_for", "45 min");
        assert!(anna.call("/api/edit-unit", &form.pairs()).await.is_done());
        assert!(anna.get(&page).await.text().contains("value=\"45m\""));
        assert_eq!(lasts(&mut anna, &role, "").await, Duration::minutes(45), "as the unit says");
        let stale = anna.call("/api/edit-unit", &form.with("valid_for", "1h").pairs()).await;
        assert_eq!(stale.refusal(), Some(Conflict::ChangedMeanwhile.into()));

        let edit = form_to(&anna.get(&format!("/settings/roles/{driver}")).await.text(), "/api/save-role");
        assert!(anna.call("/api/save-role", &edit.with("valid_for", "10m").pairs()).await.is_done());
        assert_eq!(lasts(&mut anna, &driver, "").await, Duration::minutes(10), "as the role says");
        assert_eq!(lasts(&mut anna, &role, "").await, Duration::minutes(45), "another one");
        assert_eq!(lasts(&mut anna, &driver, "21d").await, Duration::days(21), "as whoever invites says");
        let page = unescape(&anna.get(&format!("/users/invite?unit={unit}")).await.text());
        assert!(page.contains("As usual: 45 minutes") && page.contains(": 10 minutes."), "{page}");
        let audit = unescape(&anna.get("/audit").await.text());
        assert!(audit.contains("“How long a link works” for ACME North: as usual → 45 minutes"), "{audit}");
        // Of the installation itself its settings say it.
        let root = format!("/units/{}", site.root.id);
        let form = form_to(&anna.get(&format!("{root}?do=edit")).await.text(), "/api/edit-unit");
        assert_eq!(form.value("valid_for"), None);
    })
    .await;
}

/// Sections that an organisation does not need do not stand there, and cannot be reached by whoever knows their address.
#[tokio::test(flavor = "multi_thread")]
async fn where_no_shifts_are_planned_nothing_speaks_of_them() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let shift = site.add_shift(&site.company).await;
        let mut anna = Browser::signed_in(&site.app, &site.anna).await;
        assert!(anna.get("/users").await.text().contains("href=\"/shifts\""));
        let settings = site.settings().await;
        site.save_settings(&Settings { plans_shifts: false, ..settings.clone() }).await;
        for page in ["/", "/users", "/settings/roles/new", "/settings/who"] {
            let shown = anna.get(page).await.text();
            assert!(!shown.contains("/shifts") && !shown.contains("shifts.edit"), "{page}: {shown}");
        }
        let before = Dump::of(&site.app.db).await;
        for page in ["/shifts".to_string(), format!("/shifts/{shift}"), "/shifts/new".into()] {
            assert_eq!(anna.get(&page).await.status, StatusCode::NOT_FOUND, "{page}");
        }
        let removed = anna.call("/api/remove-shift", &[("id", &shift.to_string())]).await;
        assert_eq!(removed.refusal(), Some(UseCaseError::NotFound));
        before.assert_unchanged(&site.app.db, "a plan that is not there").await;
        // What a role may do there is not lost when the role is saved meanwhile.
        let dispatcher = &site.role("dispatcher").id;
        let page = format!("/settings/roles/{dispatcher}");
        let form = form_to(&anna.get(&page).await.text(), "/api/save-role").with("name", "Desk");
        anna.post_from(&page, "/api/save-role", &form.pairs()).await;
        assert_eq!(anna.note().and_then(|note| note.refusal), None);
        site.save_settings(&settings).await;
        let form = form_to(&anna.get(&page).await.text(), "/api/save-role");
        assert!(form.fields.iter().any(|(_, value)| value == "shifts.see"), "{form:?}");
        assert_eq!(anna.get("/shifts").await.status, StatusCode::OK, "and the plan is there again");
    })
    .await;
}

/// Changing the preset says what would change before anything does.
#[tokio::test(flavor = "multi_thread")]
async fn another_kind_of_organisation_is_looked_at_first_and_changes_its_settings_and_words() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let mut anna = Browser::signed_in(&site.app, &site.anna).await;
        let own = site.settings().await;
        site.save_settings(&Settings { support_contact: "Room 4".into(), ..own }).await;
        let before = Dump::of(&site.app.db).await;
        let page = unescape(&anna.get("/settings?preset=portal").await.text());
        let change =
            page.split("id=\"would-change\"").nth(1).and_then(|rest| rest.split("</form>").next()).expect("it");
        for line in ["How long a link works", "8 hours → 21 days", "Plan shifts", "Yes → No", "sent invitations stay"]
        {
            assert!(change.contains(line), "{line}: {change}");
        }
        assert!(!change.contains("Support contact"), "what every kind decides for itself stays: {change}");
        before.assert_unchanged(&site.app.db, "a look").await;
        for odd in ["/settings?preset=dispatch", "/settings?preset=castle", "/settings"] {
            assert!(!anna.get(odd).await.text().contains("/api/change-preset"), "{odd}");
        }
        // What such an organisation has people agree to is named; whoever reads it turns it on.
        let asked = async |kind: &str| anna.clone().get(&format!("/settings?preset={kind}")).await.text();
        let agreement = "href=\"/settings/agreements?kind=user-agreement\"";
        assert!(asked("booking").await.contains(agreement) && !asked("portal").await.contains(agreement));
        let form = form_to(&page, "/api/change-preset");
        let unknown = anna.call("/api/change-preset", &[("preset", "castle")]).await;
        assert_eq!(unknown.refusal(), Some(Invalid::Preset.into()));
        before.assert_unchanged(&site.app.db, "a kind that does not exist").await;
        anna.post_from("/settings?preset=portal", "/api/change-preset", &form.pairs()).await;
        assert_eq!(anna.note().and_then(|note| note.refusal), None);
        let after = site.settings().await;
        assert_eq!(
            (after.preset.as_str(), after.plans_shifts, after.support_contact.as_str()),
            ("portal", false, "Room 4")
        );
        assert_eq!(after.invitation_valid_for, PORTAL.invitation_valid_for);
        let audit = unescape(&anna.get("/audit").await.text());
        assert!(audit.contains("“Kind of organisation”: Dispatch → Client portal"), "{audit}");
        // The old page was about other settings.
        let old = anna.call("/api/change-preset", &form.pairs()).await;
        assert_eq!(old.refusal(), Some(Conflict::ChangedMeanwhile.into()));
        let coordinator = site.add_active("Boris", "boris@acme.by", "dispatcher").await;
        let mut boris = Browser::signed_in(&site.app, &coordinator).await;
        let refused = boris.call("/api/change-preset", &[("preset", "school")]).await;
        assert!(matches!(refused.refusal(), Some(UseCaseError::Denied(_))), "{}", refused.text());
    })
    .await;
}

#[test]
fn only_those_who_plan_shifts_start_with_a_plan() {
    let with: Vec<&str> = PRESETS.iter().filter(|preset| preset.plans_shifts).map(|preset| preset.key).collect();
    assert_eq!(with, ["dispatch", "school", "booking"]);
    for preset in PRESETS.iter().filter(|preset| !preset.plans_shifts) {
        let speaks = preset.roles.iter().filter(|role| !role.is_top);
        let mut codes = speaks.flat_map(|role| role.permissions).map(|permission| permission.code());
        assert!(codes.all(|code| !code.starts_with("shifts")), "{}", preset.key);
    }
    assert!(!PORTAL.settings().plans_shifts);
}
