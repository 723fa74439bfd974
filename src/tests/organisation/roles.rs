//! The role editor: bounded by the editor's own rights, acting at once, and never leaving a role that gives too much.

use super::Chain;
use crate::people::caller;
use crate::support::browser::Browser;
use crate::support::databases::both;
use crate::support::html::{Tag, tags};
use crate::support::tables::Dump;
use usher::domain::error::{Conflict, Invalid, UseCaseError};
use usher::domain::id::RoleId;
use usher::domain::permission::{Permission, Permissions};
use usher::domain::policy::{Authority, Denied, Holding};
use usher::domain::role::{self, Role, RoleRefused, RoleWish};
use usher::domain::user::UserAction;
use usher::server::http::status::status_of;
use usher::server::storage::roles as stored;
use usher::server::use_cases::{places, roles, who};
use usher::words::Language;

fn with(role: &Role, permission: Permission) -> RoleWish {
    RoleWish { permissions: role.permissions.union([permission].into_iter().collect()), ..RoleWish::from(role) }
}

/// Rules 38, 52: roles are the installation's own; a change acts on the very next request.
#[tokio::test(flavor = "multi_thread")]
async fn roles_are_made_changed_and_removed_and_act_at_once() {
    both(|db| async {
        let chain = Chain::found(db).await;
        let (app, anna) = (&chain.site.app, caller(&chain.site.anna));
        let mut browser = Browser::signed_in(app, &chain.employees[0]).await;
        assert_eq!(browser.get("/users").await.status.as_u16(), 403);
        let employee = chain.site.role("employee");
        let seen = with(employee, Permission::SeeUsers);
        roles::save(app, &anna, Some(&employee.id), &seen).await.expect("saved");
        assert_eq!(browser.get("/users").await.status.as_u16(), 200);

        let trainee = RoleWish { name: "Trainee".into(), rank: 3, ..RoleWish::default() };
        let id = roles::save(app, &anna, None, &trainee).await.expect("made").id;
        let mut tx = app.db.read().await.expect("a connection");
        let all = stored::all(&mut tx).await.expect("the roles");
        drop(tx);
        assert!(all.iter().find(|role| role.is_top).expect("the top role").may_assign.contains(&id));
        places::change(app, &anna, &chain.employees[0], None, &id, None).await.expect("given");
        assert_eq!(roles::remove(app, &anna, &id).await, Err(Conflict::RoleInUse.into()));
        places::change(app, &anna, &chain.employees[0], None, &employee.id, None).await.expect("given");
        roles::remove(app, &anna, &id).await.expect("removed");
        assert_eq!(roles::remove(app, &anna, &id).await, Err(RoleRefused::Unknown.into()));
        let nameless = RoleWish { rank: 3, ..RoleWish::default() };
        assert_eq!(roles::save(app, &anna, None, &nameless).await, Err(Invalid::RoleName.into()));
    })
    .await;
}

/// AZ-03: nobody widens their own role, gives what they lack, or edits the installation's roles from a part of it.
#[tokio::test(flavor = "multi_thread")]
async fn editing_is_bounded_by_the_editors_own_rights() {
    both(|db| async {
        let chain = Chain::found(db).await;
        let (app, anna, chief) = (&chain.site.app, caller(&chain.site.anna), caller(&chain.chief));
        let admin = chain.site.role("company_administrator");
        let seen = with(admin, Permission::SeeSettings);
        let permissions = [Permission::SeeSettings].into_iter().collect();
        let of_installation = RoleRefused::OfInstallation { permissions };
        assert_eq!(roles::save(app, &anna, Some(&admin.id), &seen).await, Err(of_installation.into()));
        let before = Dump::of(&app.db).await;
        for role in &chain.site.roles {
            assert_eq!(
                roles::save(app, &chief, Some(&role.id), &RoleWish::from(role)).await,
                Err(Denied::NotInRole.into())
            );
        }
        let top = chain.site.role("main_administrator");
        let less = RoleWish { permissions: Permissions::NONE, ..RoleWish::from(top) };
        roles::save(app, &anna, Some(&top.id), &less).await.expect("only the name of the top role is taken");
        let dispatcher = chain.site.role("dispatcher");
        let too_much = RoleGives { role: admin, permission: Permission::SeeUsers };
        assert_eq!(
            roles::save(app, &anna, Some(&admin.id), &too_much.without()).await,
            Err(RoleRefused::GivesPermissions {
                giver: admin.into(),
                given: dispatcher.into(),
                lacks: [Permission::SeeUsers].into_iter().collect(),
            }
            .into())
        );
        let loops = RoleWish { may_assign: vec![admin.id.clone()], ..RoleWish::from(dispatcher) };
        assert_eq!(
            roles::save(app, &anna, Some(&dispatcher.id), &loops).await,
            Err(RoleRefused::GivesRank { giver: dispatcher.into(), given: admin.into() }.into())
        );
        let unknown = roles::save(app, &anna, Some(&RoleId::new("none")), &RoleWish::from(dispatcher)).await;
        assert_eq!(unknown, Err(RoleRefused::Unknown.into()));
        before.assert_unchanged(&app.db, "what was refused").await;
    })
    .await;
}

struct RoleGives<'a> {
    role: &'a Role,
    permission: Permission,
}

impl RoleGives<'_> {
    fn without(&self) -> RoleWish {
        let one: Permissions = [self.permission].into_iter().collect();
        RoleWish { permissions: self.role.permissions.without(one), ..RoleWish::from(self.role) }
    }
}

/// Rule 70: who can do this to somebody, and why, is asked of the policy itself.
#[tokio::test(flavor = "multi_thread")]
async fn who_can_do_what_to_whom_is_answered_with_the_reason() {
    both(|db| async {
        let chain = Chain::found(db).await;
        let (app, anna) = (&chain.site.app, caller(&chain.site.anna));
        let names = async |action, about: &str| {
            let answer = who::may(app, &anna, action, about).await.expect("an answer");
            answer.found.iter().map(|found| format!("{} in {}", found.person.title, found.unit)).collect::<Vec<_>>()
        };
        let expected = ["Anna Petrova in ACME School", "Chief in ACME North", "Nina North in North"];
        assert_eq!(names(UserAction::Block, "nick.north@acme.by").await, expected);
        assert_eq!(names(UserAction::Block, "chief@acme.by").await, ["Anna Petrova in ACME School"]);
        assert_eq!(names(UserAction::Block, "nobody@acme.by").await, Vec::<String>::new());
        let refused = who::may(app, &caller(&chain.chief), UserAction::Block, "nick.north@acme.by").await;
        assert_eq!(refused.map(drop), Err(Denied::NotInRole.into()));
    })
    .await;
}

/// Without script, a form that was refused stands as it was sent, ticks and all.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_ticked_stays_ticked_when_the_form_of_a_role_is_refused() {
    both(|db| async {
        let chain = Chain::found(db).await;
        let mut browser = Browser::signed_in(&chain.site.app, &chain.site.anna).await;
        let role = chain.role("agent_group_manager");
        let fields = [
            ("role_id", role.as_str()),
            ("unit_name", ""),
            ("rank", "90"),
            ("permissions[]", "units.see"),
            ("needs_approval", "on"),
        ];
        let form = format!("/settings/roles/{role}");
        assert!(browser.post_from(&form, "/api/save-role", &fields).await.status.is_redirection());
        let page = browser.get(&form).await.text();
        let is_ticked = |name: &str, value: &str| {
            let of_it = |tag: &Tag| tag.get("name") == Some(name) && tag.get("value") == Some(value);
            tags(&page).iter().any(|tag| of_it(tag) && tag.get("checked").is_some())
        };
        assert!(is_ticked("permissions[]", "units.see") && is_ticked("needs_approval", "on"), "{page}");
        assert!(!is_ticked("permissions[]", "users.see"), "what was not ticked is not");
    })
    .await;
}

/// L-16: two roles of one appearance cannot be told apart where one is given; the refusal names the other one.
#[tokio::test(flavor = "multi_thread")]
async fn a_role_is_not_called_like_another_one() {
    both(|db| async {
        let chain = Chain::found(db).await;
        let (app, anna) = (&chain.site.app, caller(&chain.site.anna));
        let before = Dump::of(&app.db).await;
        for twin in [
            "Dispatcher",
            " DISPATCHER ",
            "Disp\u{430}tcher",
            "\u{414}испетчер",
            "Ｅmployee",
            "D1spatcher",
            "Dispatcher.",
            "Дис\u{43f}етчер",
            "\u{415}mployee",
        ] {
            let wish = RoleWish { name: twin.into(), rank: 3, ..RoleWish::default() };
            let refused = roles::save(app, &anna, None, &wish).await;
            assert!(
                matches!(&refused, Err(UseCaseError::NameTaken { name }) if !name.is_empty()),
                "{twin}: {refused:?}"
            );
        }
        let employee = chain.site.role("employee");
        let renamed = RoleWish { name: "dispatcher".into(), ..RoleWish::from(employee) };
        let refused = roles::save(app, &anna, Some(&employee.id), &renamed).await;
        assert!(matches!(refused, Err(UseCaseError::NameTaken { .. })), "{refused:?}");
        before.assert_unchanged(&app.db, "what was refused").await;
        roles::save(app, &anna, Some(&employee.id), &RoleWish { name: "Trainee".into(), ..RoleWish::from(employee) })
            .await
            .expect("free");
        roles::save(app, &anna, Some(&employee.id), &RoleWish::from(employee)).await.expect("its own name again");
    })
    .await;
}

/// W-28: whoever is told that a role cannot be so is told which role, which permission, and by which way to get there.
#[tokio::test(flavor = "multi_thread")]
async fn what_stands_in_the_way_of_a_role_is_named_with_a_link_w_28() {
    both(|db| async {
        let chain = Chain::found(db).await;
        let (app, anna) = (&chain.site.app, caller(&chain.site.anna));
        let mut browser = Browser::signed_in(app, &chain.site.anna).await;
        let id = |key: &str| chain.site.role(key).id.clone();
        let (admin, dispatcher, group) = (id("company_administrator"), id("dispatcher"), id("agent_group_manager"));
        let trainee = RoleWish { name: "Trainee".into(), rank: 3, ..RoleWish::default() };
        let trainee = roles::save(app, &anna, None, &trainee).await.expect("made").id;
        let mut refused = async |role: &RoleId, fields: &[(&str, &str)]| {
            let form = format!("/settings/roles/{role}");
            let fields: Vec<_> = [("id", role.as_str()), ("name", "")].iter().chain(fields).copied().collect();
            assert!(browser.post_from(&form, "/api/save-role", &fields).await.status.is_redirection());
            browser.get(&form).await.text()
        };
        let names = |page: &str, sentence: &str, roles: &[&RoleId]| {
            assert!(page.contains(sentence), "{sentence} does not stand in {page}");
            for role in roles {
                assert!(page.contains(&format!("<li><a href=\"/settings/roles/{role}\"")), "{role} has no link: {page}");
            }
        };
        // The company administrator does not assign the new role, which the main one alone made.
        let page = refused(&dispatcher, &[("rank", "30"), ("permissions[]", "users.see"), ("assigns[]", trainee.as_str())]).await;
        names(
            &page,
            "“Company administrator” may assign “Dispatcher”, which assigns what “Company administrator” does not: “Trainee”. Add “Trainee” to what",
            &[&admin, &dispatcher, &trainee],
        );
        let fields = [("rank", "40"), ("permissions[]", "shifts.see"), ("assigns[]", dispatcher.as_str())];
        let page = refused(&admin, &fields).await;
        names(&page, "“Company administrator” may assign “Dispatcher”, which has more: ", &[&admin, &dispatcher]);
        let page = refused(&group, &[("rank", "20"), ("assigns[]", dispatcher.as_str())]).await;
        names(&page, "and “Dispatcher” does not. Change the order of the two", &[&group, &dispatcher]);
        let page = refused(&group, &[("rank", "50")]).await;
        names(&page, "stand below yours, “Main administrator”: its order is 49 at most", &[&chain.site.top().id]);
        let page = refused(&group, &[("rank", "20"), ("permissions[]", "settings.see")]).await;
        names(&page, "Only the highest role has this: ", &[]);

        let gone = browser.get("/settings/roles/none").await;
        assert_eq!(gone.status.as_u16(), 404);
        let text = gone.text();
        assert!(text.contains("There is no such role") && text.contains("href=\"/settings/roles\""), "{text}");
        let top = chain.site.top();
        let removed = browser.call("/api/remove-role", &[("id", top.id.as_str())]).await.refusal();
        assert_eq!(removed, Some(RoleRefused::Top { role: top.into() }.into()));
    })
    .await;
}

/// W-28: the same for whoever may edit roles, and holds less than what is edited.
#[tokio::test(flavor = "multi_thread")]
async fn an_editor_is_told_what_their_own_role_lacks_w_28() {
    both(|db| async {
        let chain = Chain::found(db).await;
        let all = &chain.site.roles;
        let own = chain.site.role("company_administrator");
        let holding = Holding {
            unit: chain.site.root.path.clone(),
            role: own.clone(),
            extra: [Permission::EditRoles].into_iter().collect(),
        };
        let editor = Authority { user_id: chain.chief.clone(), holdings: vec![holding] };
        let said = |id: &RoleId, wish: &RoleWish| {
            let refusal = role::edit(&editor, all, id, wish).expect_err("refused");
            assert_eq!(status_of(&refusal).as_u16(), 403);
            [Language::English, Language::Russian].map(|language| language.refusal(&refusal))
        };
        let (top, dispatcher) = (chain.site.top(), chain.site.role("dispatcher"));
        for (id, wish, expected) in [
            (
                &own.id,
                RoleWish::from(own),
                ["“Company administrator” is your own role", "«Администратор компании» — ваша"],
            ),
            (
                &top.id,
                RoleWish::from(top),
                ["Your role “Company administrator” does not assign “Main administrator”", "«Главный администратор»"],
            ),
            (
                &dispatcher.id,
                with(dispatcher, Permission::ChangeSettings),
                ["does not have this itself: ", "этого нет: "],
            ),
            (
                &dispatcher.id,
                RoleWish { may_assign: vec![own.id.clone()], ..RoleWish::from(dispatcher) },
                ["does not assign “Company administrator” itself", "сама не назначает «Администратор компании»"],
            ),
            (
                &dispatcher.id,
                RoleWish { rank: 40, ..RoleWish::from(dispatcher) },
                ["order is 39 at most", "не больше 39"],
            ),
        ] {
            for (sentence, expected) in said(id, &wish).iter().zip(expected) {
                assert!(sentence.contains(expected), "{sentence}");
            }
        }
    })
    .await;
}
