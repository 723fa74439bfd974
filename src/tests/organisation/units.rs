//! The tree: what one sees of it, and making, renaming, moving, archiving and bringing back.

use super::Chain;
use crate::people::caller;
use crate::support::crowd::State;
use crate::support::databases::both;
use crate::support::tables::Dump;
use usher::domain::error::{Conflict, Invalid, UseCaseError};
use usher::domain::id::UnitId;
use usher::domain::permission::Permission;
use usher::domain::policy::Denied;
use usher::domain::settings::OwnSettings;
use usher::domain::unit::DEEPEST;
use usher::server::use_cases::{places, units, users};
use usher::view_models::{MoveReach, SomeHolders};

/// Rules 53, 55, 60: everybody sees their part of the tree, and no more of it; counts and lists agree.
#[tokio::test(flavor = "multi_thread")]
async fn everybody_sees_their_part_of_the_tree_and_the_counts_agree() {
    both(|db| async {
        let chain = Chain::found(db).await;
        let (north, south, company) = (&chain.north.id, &chain.south.id, &chain.site.company.id);
        assert_eq!(chain.names(&chain.admins[0], None).await, ["Nick North", "Nina North"]);
        assert_eq!(chain.names(&chain.admins[1], None).await, ["Sam South", "Sue South"]);
        let everybody = ["Chief", "Nick North", "Nina North", "Sam South", "Sue South"];
        assert_eq!(chain.names(&chain.chief, None).await, everybody);
        assert_eq!(chain.names(&chain.chief, Some(north)).await, ["Nick North", "Nina North"]);
        assert_eq!(chain.names(&chain.site.anna, Some(company)).await, everybody);
        // What lies above or beside one's part does not exist.
        for elsewhere in [south, company, &chain.site.root.id, &UnitId::new("nowhere")] {
            let refused = chain.list(&chain.admins[0], Some(elsewhere)).await.map(drop);
            assert_eq!(refused, Err(UseCaseError::NotFound), "{elsewhere}");
        }
        let page = units::page(&chain.site.app, &caller(&chain.admins[0]), None, "").await.expect("a page");
        assert_eq!((page.unit.name.as_str(), page.above.len()), ("North", 0));
        let page = units::page(&chain.site.app, &caller(&chain.chief), None, "sou").await.expect("a page");
        let found: Vec<&str> = page.rows.iter().map(|row| row.unit.name.as_str()).collect();
        assert_eq!((found, page.rows[0].people), (vec!["South"], 2));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn units_are_made_and_renamed_within_reach_to_any_depth() {
    both(|db| async {
        let chain = Chain::found(db).await;
        let (app, nina) = (&chain.site.app, caller(&chain.admins[0]));
        let mut below = chain.north.id.clone();
        for depth in 0..12 {
            below = units::create(app, &nina, &below, "team", &format!(" Team  {depth} ")).await.expect("a unit");
        }
        let page = units::page(app, &nina, Some(&below), "").await.expect("a page");
        assert_eq!((page.unit.name.as_str(), page.above.len()), ("Team 11", 12));
        units::edit(app, &nina, &below, "Deep down", OwnSettings::default()).await.expect("renamed");
        let before = Dump::of(&app.db).await;
        let create =
            async |by: &_, unit: &UnitId, kind: &str, name: &str| units::create(app, by, unit, kind, name).await;
        assert_eq!(create(&nina, &chain.south.id, "team", "X").await, Err(UseCaseError::NotFound));
        assert_eq!(create(&nina, &chain.site.company.id, "team", "X").await, Err(UseCaseError::NotFound));
        assert_eq!(create(&nina, &chain.north.id, "team", " ").await, Err(Invalid::UnitName.into()));
        assert_eq!(create(&nina, &chain.north.id, "installation", "X").await, Err(Invalid::Unit.into()));
        // L-16.
        for twin in [
            "team 0",
            "TEAM\u{a0} 0",
            "T\u{435}am 0",
            "Те\u{430}m 0",
            "Ｔｅａｍ ０",
            "Team O",
            "Team \u{41e}",
            "\u{3a4}eam 0.",
        ] {
            let taken = UseCaseError::NameTaken { name: "Team 0".into() };
            assert_eq!(create(&nina, &chain.north.id, "team", twin).await, Err(taken), "{twin}");
        }
        let nick = caller(&chain.employees[0]);
        assert_eq!(create(&nick, &chain.north.id, "team", "X").await, Err(Denied::NotInRole.into()));
        assert_eq!(
            units::edit(app, &nina, &chain.south.id, "Mine", OwnSettings::default()).await,
            Err(UseCaseError::NotFound)
        );
        before.assert_unchanged(&app.db, "what was refused").await;
    })
    .await;
}

/// A move gives those above the new place rights, and takes them from those above the old one: it says so first.
#[tokio::test(flavor = "multi_thread")]
async fn a_move_says_whom_it_affects_and_takes_lists_and_rights_with_it() {
    both(|db| async {
        let chain = Chain::found(db).await;
        let (app, anna, chief) = (&chain.site.app, caller(&chain.site.anna), caller(&chain.chief));
        let team = units::create(app, &chief, &chain.north.id, "team", "Night").await.expect("a unit");
        let role = chain.role("employee");
        places::add(app, &chief, &chain.employees[0], &team, &role, Default::default()).await.expect("added");
        // The company's administrator gives no administrators, so they cannot give one this team.
        let page = units::move_page(app, &chief, &team, Some(&chain.south.id), "").await.expect("a page");
        let means = page.to.expect("what it means");
        let administrator = chain.site.role("company_administrator").id.clone();
        let one = |name: &str| SomeHolders { some: vec![(name.into(), vec![administrator.clone()])], all: 1 };
        let reach = MoveReach { gain: one("Sam South"), lose: one("Nina North"), may_gain: SomeHolders::default() };
        assert_eq!(means.reach, reach);
        assert_eq!(means.may, Err(Denied::MoreThanYours.into()));
        let refused = units::relocate(app, &chief, &team, &chain.south.id).await;
        assert_eq!(refused, Err(Denied::MoreThanYours.into()));
        // What somebody does not see has no name and no people for them, whatever they write into the address.
        for unseen in [&chain.south.id, &chain.site.root.id] {
            let nina = caller(&chain.admins[0]);
            let page = units::move_page(app, &nina, &team, Some(unseen), "").await;
            assert_eq!(page.map(drop), Err(UseCaseError::NotFound));
        }
        let refused = units::relocate(app, &anna, &chain.north.id, &team).await;
        assert_eq!(refused, Err(Conflict::UnitIntoItself.into()));

        units::relocate(app, &anna, &team, &chain.south.id).await.expect("moved");
        assert_eq!(chain.names(&chain.admins[1], None).await, ["Nick North", "Sam South", "Sue South"]);
        assert_eq!(chain.names(&chain.admins[0], None).await, ["Nick North", "Nina North"], "Nick stands in both now");
        assert_eq!(chain.list(&chain.admins[0], Some(&team)).await.map(drop), Err(UseCaseError::NotFound));
        assert_eq!(chain.names(&chain.admins[1], Some(&team)).await, ["Nick North"]);
        assert_eq!(chain.names(&chain.chief, None).await.len(), 5);
    })
    .await;
}

/// H-31: what is offered above a place, blocked or archived there counts as soon as somebody takes it up or gives it back, so a
/// move below it asks the same as below what is held.
#[tokio::test(flavor = "multi_thread")]
async fn a_move_and_a_closing_count_what_is_only_offered_blocked_or_archived() {
    both(|db| async {
        let chain = Chain::found(db).await;
        let (app, anna, chief) = (&chain.site.app, caller(&chain.site.anna), caller(&chain.chief));
        let plain = chain.site.add_branch("Plain", &chain.site.company).await;
        let more_than = UseCaseError::from(Denied::MoreThanYours);
        for (at, state) in State::ALL.into_iter().enumerate() {
            let name = format!("Zoe {at}");
            let west = chain.site.add_branch(&format!("West {at}"), &chain.site.company).await;
            let email = format!("zoe{at}@acme.by");
            let zoe = chain.site.add(&name, &email, "company_administrator", &west, state).await;
            let team = units::create(app, &chief, &plain.id, "team", &format!("Team {at}")).await.expect("a unit");
            let page = units::move_page(app, &chief, &team, Some(&west.id), "").await.expect("a page");
            let means = page.to.expect("what it means");
            let nobody = SomeHolders::default();
            let zoe_alone =
                SomeHolders { some: vec![(name, vec![chain.site.role("company_administrator").id.clone()])], all: 1 };
            let (gain, may_gain) = if state == State::Active { (zoe_alone, nobody) } else { (nobody, zoe_alone) };
            let reach = MoveReach { gain, may_gain, lose: SomeHolders::default() };
            assert_eq!((means.reach, means.may), (reach, Err(more_than.clone())), "{state:?}");
            assert_eq!(units::relocate(app, &chief, &team, &west.id).await, Err(more_than.clone()), "into {state:?}");
            // Away from there is no other matter: whoever comes in one day would have had it.
            let inner = units::create(app, &chief, &west.id, "team", "Inner").await.expect("a unit");
            assert_eq!(
                units::relocate(app, &chief, &inner, &plain.id).await,
                Err(more_than.clone()),
                "out of {state:?}"
            );
            // What is over is nothing that a closing could take, or an opening give back (H-40).
            let is_over = matches!(state, State::Expired | State::Withdrawn);
            let closes: Result<(), UseCaseError> = if is_over { Ok(()) } else { Err(Denied::NotAbove.into()) };
            assert_eq!(units::archive(app, &chief, &west.id, true).await, closes, "over {state:?}");
            if is_over {
                units::archive(app, &chief, &west.id, false).await.expect("opened");
            }
            // Somebody who could have given it moves, and closes.
            units::relocate(app, &anna, &team, &west.id).await.expect("moved");
            units::archive(app, &anna, &west.id, true).await.expect("closed");
            if !is_over {
                assert_eq!(units::archive(app, &chief, &west.id, false).await, Err(Denied::NotAbove.into()));
            }
            units::archive(app, &anna, &west.id, false).await.expect("opened");
            assert_eq!(chain.site.status(&zoe).await, state.status().code());
        }
        // An extra permission counts like a role, whoever has it and however it stands.
        let east = chain.site.add_branch("East", &chain.site.company).await;
        let extra = usher::domain::permission::Permissions::from_iter([Permission::ChangeSettings]);
        let eva = chain.site.add("Eva", "eva@acme.by", "employee", &east, State::Blocked).await;
        let sql = "update memberships set extra = $2 where user_id = $1";
        app.db.touch(sql, &usher::values![&eva, extra.to_codes()]).await.expect("an extra permission");
        let team = units::create(app, &chief, &plain.id, "team", "Team").await.expect("a unit");
        assert_eq!(units::relocate(app, &chief, &team, &east.id).await, Err(more_than));
    })
    .await;
}

/// H-06: a tree has sixteen levels; what would be deeper is refused in words, whoever makes or moves it. Deeper trees from
/// before stay usable.
#[tokio::test(flavor = "multi_thread")]
async fn a_tree_grows_no_deeper_than_sixteen_levels_and_a_deeper_one_stays_usable() {
    both(|db| async {
        let chain = Chain::found(db).await;
        let (app, anna) = (&chain.site.app, caller(&chain.site.anna));
        let too_deep = UseCaseError::from(Conflict::UnitTooDeep);
        assert!(usher::words::Language::English.refusal(&too_deep).contains(&DEEPEST.to_string()));
        let mut line = vec![chain.north.clone()];
        let mut below = chain.north.id.clone();
        for level in 4..=DEEPEST {
            below = units::create(app, &anna, &below, "team", &format!("Level {level}")).await.expect("a unit");
        }
        assert_eq!(units::create(app, &anna, &below, "team", "One more").await, Err(too_deep.clone()));
        let page = units::page(app, &anna, Some(&below), "").await.expect("a page");
        assert_eq!(page.may_create, Err(too_deep.clone()));
        // A subtree counts with its own levels.
        let two = units::create(app, &anna, &chain.south.id, "team", "Two").await.expect("a unit");
        units::create(app, &anna, &two, "team", "levels").await.expect("a unit");
        let above = page.above.last().expect("a unit above").id.clone();
        assert_eq!(units::relocate(app, &anna, &two, &above).await, Err(too_deep.clone()));
        assert_eq!(units::relocate(app, &anna, &two, &below).await, Err(too_deep.clone()));
        let page = units::move_page(app, &anna, &two, Some(&above), "").await.expect("a page");
        assert_eq!(page.to.expect("what it means").may, Err(too_deep.clone()));
        let higher = units::page(app, &anna, Some(&above), "").await.expect("a page").above.pop().expect("a unit").id;
        units::relocate(app, &anna, &two, &higher).await.expect("moved");

        // From before there was a limit.
        for level in 4..=DEEPEST + 4 {
            let next = chain.site.add_branch(&format!("Old {level}"), line.last().expect("a unit")).await;
            line.push(next);
        }
        let last = line.last().expect("a unit");
        let olga = chain.site.add("Olga", "olga@acme.by", "employee", last, State::Active).await;
        assert_eq!(chain.names(&chain.site.anna, Some(&last.id)).await, ["Olga"]);
        units::edit(app, &anna, &last.id, "Deep down", OwnSettings::default()).await.expect("renamed");
        assert_eq!(units::create(app, &anna, &last.id, "team", "X").await, Err(too_deep.clone()));
        units::archive(app, &anna, &line[1].id, true).await.expect("closed");
        units::archive(app, &anna, &line[1].id, false).await.expect("opened");
        assert_eq!(chain.site.status(&olga).await, "active");
        // It may move to where it fits, and not to where it does not.
        assert_eq!(units::relocate(app, &anna, &line[1].id, &chain.south.id).await, Err(too_deep));
        units::relocate(app, &anna, &line[6].id, &chain.site.company.id).await.expect("moved up");
        assert_eq!(chain.names(&chain.site.anna, Some(&line[6].id)).await, ["Olga"]);
        assert_eq!(chain.names(&chain.site.anna, Some(&line[5].id)).await, Vec::<String>::new());
    })
    .await;
}

/// AZ-06: what is held in an archived unit counts for nothing, and counts again when it is brought back.
#[tokio::test(flavor = "multi_thread")]
async fn an_archived_unit_shuts_its_people_out_and_gives_everything_back() {
    both(|db| async {
        let chain = Chain::found(db).await;
        let (app, anna) = (&chain.site.app, caller(&chain.site.anna));
        let role = chain.role("employee");
        places::add(app, &caller(&chain.chief), &chain.employees[0], &chain.south.id, &role, Default::default())
            .await
            .expect("added");
        let invited = chain.invite(&chain.admins[0], "new@acme.by", &[&chain.north], "employee").await.expect("sent");
        let link = chain.site.link_of(&chain.site.invitation_of(&invited.sent[0].user_id).await).await;
        let page = units::page(app, &anna, Some(&chain.north.id), "").await.expect("a page");
        assert_eq!((page.shut_out, page.open_invitations), (1, 1), "Nina; Nick also stands in the south");
        // Nobody closes a unit over somebody on whom they may not act, or over themselves.
        let refused = units::archive(app, &caller(&chain.chief), &chain.north.id, true).await;
        assert_eq!(refused, Err(Denied::NotAbove.into()));
        assert!(units::archive(app, &caller(&chain.admins[0]), &chain.north.id, true).await.is_err());

        units::archive(app, &anna, &chain.north.id, true).await.expect("archived");
        assert!(
            chain.authority(&chain.admins[0]).await.is_none() && chain.authority(&chain.employees[0]).await.is_some()
        );
        assert_eq!(chain.names(&chain.chief, Some(&chain.north.id)).await, Vec::<String>::new());
        assert_eq!(chain.site.status(&chain.admins[0]).await, "archived");
        assert_eq!(chain.site.status(&chain.employees[0]).await, "active");
        let refused = crate::people::register(&chain.site, &link, "New").await;
        assert!(matches!(refused, Err(UseCaseError::DeadLink(_))), "{refused:?}");
        let refused = chain.invite(&chain.chief, "other@acme.by", &[&chain.north], "employee").await;
        assert_eq!(refused.map(drop), Err(Conflict::UnitClosed.into()));
        let refused = users::bring_back(app, &anna, &chain.admins[0]).await;
        assert_eq!(refused, Err(Conflict::UnitClosed.into()), "it is the unit that has to come back");
        assert_eq!(units::archive(app, &anna, &chain.north.id, true).await, Err(Conflict::UnitClosed.into()));
        let refused = units::relocate(app, &anna, &chain.north.id, &chain.site.root.id).await;
        assert_eq!(refused, Err(Conflict::UnitClosed.into()), "a move brings nobody back");

        units::archive(app, &anna, &chain.north.id, false).await.expect("back");
        assert!(chain.authority(&chain.admins[0]).await.is_some());
        assert_eq!(chain.site.status(&chain.admins[0]).await, "active");
        assert!(crate::people::register(&chain.site, &link, "New").await.is_ok());
    })
    .await;
}
