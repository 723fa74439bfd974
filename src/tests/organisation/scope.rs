//! Whether the invite form asks for units: off, as one likes, or at least one (rules 6, 60).

use super::Chain;
use crate::people::caller;
use crate::support::browser::Browser;
use crate::support::databases::both;
use crate::support::html::tags;
use crate::support::tables::Dump;
use usher::domain::preset::PRESETS;
use usher::domain::refusal::{Invalid, Refusal};
use usher::domain::settings::{Settings, UnitField};
use usher::domain::unit::Unit;
use usher::server::storage::settings;
use usher::server::use_cases::users;

async fn ask_for_units(chain: &Chain, unit_field: UnitField) {
    let mut tx = chain.house.app.db.write().await.expect("a transaction");
    let before = settings::load(&mut tx).await.expect("a look").expect("settings");
    settings::save(&mut tx, &Settings { unit_field, ..before }).await.expect("settings");
    tx.commit().await.expect("a commit");
}

/// The names of the units into which an address was invited.
async fn invited(chain: &Chain, address: &str, units: &[&Unit]) -> Result<Vec<String>, Refusal> {
    let draft = chain.invite(&chain.chief, address, units, "employee").await?;
    let user = &draft.sent.first().expect("sent").user_id;
    let card = users::card(&chain.house.app, &caller(&chain.chief), user).await.expect("a card");
    Ok(card.user.held.into_iter().map(|held| held.unit).collect())
}

/// The units that are ticked in a form.
fn ticked(page: &str) -> Vec<String> {
    let ticks = tags(page).into_iter().filter(|tag| tag.get("name") == Some("units[]") && tag.get("checked").is_some());
    ticks.filter_map(|tag| tag.get("value").map(String::from)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn at_least_one_unit_is_chosen_where_the_setting_says_so_and_elsewhere_the_first_is_meant() {
    both(|db| async {
        let chain = Chain::found(db).await;
        let mut browser = Browser::signed_in(&chain.house.app, &chain.chief).await;
        let mut form = async |query: &str| browser.get(&format!("/users/invite{query}")).await.text();
        let north = format!("id=\"unit-{}\"", chain.north.id);

        ask_for_units(&chain, UnitField::Required).await;
        let before = Dump::of(&chain.house.app.db).await;
        assert_eq!(invited(&chain, "a@acme.by", &[]).await, Err(Invalid::Unit.into()));
        before.assert_unchanged(&chain.house.app.db, "nobody is invited to nowhere").await;
        assert_eq!(invited(&chain, "a@acme.by", &[&chain.north]).await, Ok(vec!["North".into()]));
        let page = form("").await;
        assert!(page.contains(&north) && ticked(&page).is_empty(), "none is proposed: {page}");
        let page = form(&format!("?unit={}", chain.north.id)).await;
        let of_north = vec![chain.north.id.to_string()];
        assert_eq!(ticked(&page), of_north, "but the one from whose page the form was opened");

        ask_for_units(&chain, UnitField::Optional).await;
        assert_eq!(invited(&chain, "b@acme.by", &[]).await, Ok(vec!["ACME North".into()]), "the company");
        assert_eq!(invited(&chain, "c@acme.by", &[&chain.south]).await, Ok(vec!["South".into()]));
        assert!(form("").await.contains(&north));

        ask_for_units(&chain, UnitField::Off).await;
        assert_eq!(invited(&chain, "d@acme.by", &[]).await, Ok(vec!["ACME North".into()]));
        assert!(!form("").await.contains(&north), "nobody is asked");
        let page = form(&format!("?unit={}", chain.north.id)).await;
        let hidden = format!("name=\"units[]\" value=\"{}\"", chain.north.id);
        assert!(page.contains(&hidden) && !page.contains(&north), "the unit's own page still counts");
    })
    .await;
}

#[test]
fn every_preset_says_whether_units_are_asked_for() {
    let fields: Vec<_> = PRESETS.iter().map(|preset| (preset.key, preset.settings().unit_field.code())).collect();
    let wanted = [
        ("dispatch", "optional"),
        ("school", "optional"),
        ("learning", "off"),
        ("booking", "required"),
        ("portal", "required"),
    ];
    assert_eq!(fields, wanted);
}
