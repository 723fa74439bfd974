//! The tree: what one sees of it, and making, renaming, moving, archiving and bringing back.

use super::Chain;
use crate::people::caller;
use crate::support::databases::both;
use crate::support::tables::Dump;
use usher::domain::id::UnitId;
use usher::domain::policy::Denied;
use usher::domain::refusal::{Conflict, Invalid, Refusal};
use usher::server::use_cases::{places, units, users};

/// Rules 53, 55, 60: everybody sees his part of the tree, and no more of it; counts and lists agree.
#[tokio::test(flavor = "multi_thread")]
async fn everybody_sees_his_part_of_the_tree_and_the_counts_agree() {
    both(|db| async {
        let chain = Chain::found(db).await;
        let (north, south, company) = (&chain.north.id, &chain.south.id, &chain.house.company.id);
        assert_eq!(chain.names(&chain.admins[0], None).await, ["Nick North", "Nina North"]);
        assert_eq!(chain.names(&chain.admins[1], None).await, ["Sam South", "Sue South"]);
        let everybody = ["Chief", "Nick North", "Nina North", "Sam South", "Sue South"];
        assert_eq!(chain.names(&chain.chief, None).await, everybody);
        assert_eq!(chain.names(&chain.chief, Some(north)).await, ["Nick North", "Nina North"]);
        assert_eq!(chain.names(&chain.house.anna, Some(company)).await, everybody);
        // What lies above or beside one's part does not exist.
        for elsewhere in [south, company, &chain.house.root.id, &UnitId::new("nowhere")] {
            let refused = chain.list(&chain.admins[0], Some(elsewhere)).await.map(drop);
            assert_eq!(refused, Err(Refusal::NotFound), "{elsewhere}");
        }
        let page = units::page(&chain.house.app, &caller(&chain.admins[0]), None, "").await.expect("a page");
        assert_eq!((page.unit.name.as_str(), page.above.len()), ("North", 0));
        let page = units::page(&chain.house.app, &caller(&chain.chief), None, "sou").await.expect("a page");
        let found: Vec<&str> = page.rows.iter().map(|row| row.unit.name.as_str()).collect();
        assert_eq!((found, page.rows[0].people), (vec!["South"], 2));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn units_are_made_and_renamed_within_reach_to_any_depth() {
    both(|db| async {
        let chain = Chain::found(db).await;
        let (app, nina) = (&chain.house.app, caller(&chain.admins[0]));
        let mut below = chain.north.id.clone();
        for depth in 0..12 {
            below = units::create(app, &nina, &below, "team", &format!(" Team  {depth} ")).await.expect("a unit");
        }
        let page = units::page(app, &nina, Some(&below), "").await.expect("a page");
        assert_eq!((page.unit.name.as_str(), page.above.len()), ("Team 11", 12));
        units::rename(app, &nina, &below, "Deep down").await.expect("renamed");
        let before = Dump::of(&app.db).await;
        let create =
            async |by: &_, unit: &UnitId, kind: &str, name: &str| units::create(app, by, unit, kind, name).await;
        assert_eq!(create(&nina, &chain.south.id, "team", "X").await, Err(Refusal::NotFound));
        assert_eq!(create(&nina, &chain.house.company.id, "team", "X").await, Err(Refusal::NotFound));
        assert_eq!(create(&nina, &chain.north.id, "team", " ").await, Err(Invalid::UnitName.into()));
        assert_eq!(create(&nina, &chain.north.id, "installation", "X").await, Err(Invalid::Unit.into()));
        // L-16.
        for twin in ["team 0", "TEAM\u{a0} 0", "T\u{435}am 0"] {
            let taken = Refusal::NameTaken { name: "Team 0".into() };
            assert_eq!(create(&nina, &chain.north.id, "team", twin).await, Err(taken), "{twin}");
        }
        let nick = caller(&chain.employees[0]);
        assert_eq!(create(&nick, &chain.north.id, "team", "X").await, Err(Denied::NotYourPart.into()));
        assert_eq!(units::rename(app, &nina, &chain.south.id, "Mine").await, Err(Refusal::NotFound));
        before.assert_unchanged(&app.db, "what was refused").await;
    })
    .await;
}

/// A move gives those above the new place rights, and takes them from those above the old one: it says so first.
#[tokio::test(flavor = "multi_thread")]
async fn a_move_says_whom_it_affects_and_takes_lists_and_rights_with_it() {
    both(|db| async {
        let chain = Chain::found(db).await;
        let (app, anna, chief) = (&chain.house.app, caller(&chain.house.anna), caller(&chain.chief));
        let team = units::create(app, &chief, &chain.north.id, "team", "Night").await.expect("a unit");
        let role = chain.role("employee");
        places::add(app, &chief, &chain.employees[0], &team, &role, Default::default()).await.expect("added");
        // The company's administrator gives no administrators, so he cannot give one this team.
        let page = units::move_page(app, &chief, &team, Some(&chain.south.id), "").await.expect("a page");
        let means = page.to.expect("what it means");
        assert_eq!((means.gain, means.lose), ((vec!["Sam South".into()], 1), (vec!["Nina North".into()], 1)));
        assert_eq!(means.may, Err(Denied::MoreThanYours.into()));
        let refused = units::relocate(app, &chief, &team, &chain.south.id).await;
        assert_eq!(refused, Err(Denied::MoreThanYours.into()));
        // What somebody does not see has no name and no people for him, whatever he writes into the address.
        for unseen in [&chain.south.id, &chain.house.root.id] {
            let nina = caller(&chain.admins[0]);
            let page = units::move_page(app, &nina, &team, Some(unseen), "").await;
            assert_eq!(page.map(drop), Err(Refusal::NotFound));
        }
        let refused = units::relocate(app, &anna, &chain.north.id, &team).await;
        assert_eq!(refused, Err(Conflict::UnitIntoItself.into()));

        units::relocate(app, &anna, &team, &chain.south.id).await.expect("moved");
        assert_eq!(chain.names(&chain.admins[1], None).await, ["Nick North", "Sam South", "Sue South"]);
        assert_eq!(chain.names(&chain.admins[0], None).await, ["Nick North", "Nina North"], "he stands in both now");
        assert_eq!(chain.list(&chain.admins[0], Some(&team)).await.map(drop), Err(Refusal::NotFound));
        assert_eq!(chain.names(&chain.admins[1], Some(&team)).await, ["Nick North"]);
        assert_eq!(chain.names(&chain.chief, None).await.len(), 5);
    })
    .await;
}

/// AZ-06: what is held in an archived unit counts for nothing, and counts again when it is brought back.
#[tokio::test(flavor = "multi_thread")]
async fn an_archived_unit_shuts_its_people_out_and_gives_everything_back() {
    both(|db| async {
        let chain = Chain::found(db).await;
        let (app, anna) = (&chain.house.app, caller(&chain.house.anna));
        let role = chain.role("employee");
        places::add(app, &caller(&chain.chief), &chain.employees[0], &chain.south.id, &role, Default::default())
            .await
            .expect("added");
        let invited = chain.invite(&chain.admins[0], "new@acme.by", &[&chain.north], "employee").await.expect("sent");
        let link = chain.house.link_of(&chain.house.invitation_of(&invited.sent[0].user_id).await).await;
        let page = units::page(app, &anna, Some(&chain.north.id), "").await.expect("a page");
        assert_eq!((page.shut_out, page.open_invitations), (1, 1), "Nina; Nick also stands in the south");
        // Nobody closes a unit over somebody on whom he may not act, or over himself.
        let refused = units::archive(app, &caller(&chain.chief), &chain.north.id, true).await;
        assert_eq!(refused, Err(Denied::NotAbove.into()));
        assert!(units::archive(app, &caller(&chain.admins[0]), &chain.north.id, true).await.is_err());

        units::archive(app, &anna, &chain.north.id, true).await.expect("archived");
        assert!(
            chain.authority(&chain.admins[0]).await.is_none() && chain.authority(&chain.employees[0]).await.is_some()
        );
        assert_eq!(chain.names(&chain.chief, Some(&chain.north.id)).await, Vec::<String>::new());
        assert_eq!(chain.house.status(&chain.admins[0]).await, "archived");
        assert_eq!(chain.house.status(&chain.employees[0]).await, "active");
        let refused = crate::people::register(&chain.house, &link, "New").await;
        assert!(matches!(refused, Err(Refusal::DeadLink(_))), "{refused:?}");
        let refused = chain.invite(&chain.chief, "other@acme.by", &[&chain.north], "employee").await;
        assert_eq!(refused.map(drop), Err(Conflict::UnitClosed.into()));
        let refused = users::bring_back(app, &anna, &chain.admins[0]).await;
        assert_eq!(refused, Err(Conflict::UnitClosed.into()), "it is the unit that has to come back");
        assert_eq!(units::archive(app, &anna, &chain.north.id, true).await, Err(Conflict::UnitClosed.into()));
        let refused = units::relocate(app, &anna, &chain.north.id, &chain.house.root.id).await;
        assert_eq!(refused, Err(Conflict::UnitClosed.into()), "a move brings nobody back");

        units::archive(app, &anna, &chain.north.id, false).await.expect("back");
        assert!(chain.authority(&chain.admins[0]).await.is_some());
        assert_eq!(chain.house.status(&chain.admins[0]).await, "active");
        assert!(crate::people::register(&chain.house, &link, "New").await.is_ok());
    })
    .await;
}
