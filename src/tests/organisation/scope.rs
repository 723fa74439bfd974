//! Whether the invite form asks for units: off, as one likes, or at least one (rules 6, 60).

use super::Chain;
use crate::people::caller;
use crate::support::browser::Browser;
use crate::support::databases::both;
use crate::support::html::{Form, form_to, tags};
use crate::support::tables::Dump;
use usher::domain::error::{Invalid, UseCaseError};
use usher::domain::preset::PRESETS;
use usher::domain::settings::{Settings, UnitField, UnitLevel};
use usher::domain::unit::Unit;
use usher::server::spreadsheets;
use usher::server::storage::settings;
use usher::server::use_cases::{import, users};

async fn ask_for_units(chain: &Chain, unit_field: UnitField) {
    let mut tx = chain.site.app.db.maintain().await.expect("a transaction");
    let before = settings::load(&mut tx).await.expect("a look").expect("settings");
    settings::save(&mut tx, &Settings { unit_field, ..before }).await.expect("settings");
    tx.commit().await.expect("a commit");
}

/// The names of the units into which an address was invited.
async fn invited(chain: &Chain, address: &str, units: &[&Unit]) -> Result<Vec<String>, UseCaseError> {
    let draft = chain.invite(&chain.chief, address, units, "employee").await?;
    let user = &draft.sent.first().expect("sent").user_id;
    let card = users::card(&chain.site.app, &caller(&chain.chief), user).await.expect("a card");
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
        let mut browser = Browser::signed_in(&chain.site.app, &chain.chief).await;
        let mut form = async |query: &str| browser.get(&format!("/users/invite{query}")).await.text();
        let north = format!("id=\"unit-{}\"", chain.north.id);

        ask_for_units(&chain, UnitField::Required).await;
        let before = Dump::of(&chain.site.app.db).await;
        assert_eq!(invited(&chain, "a@acme.by", &[]).await, Err(Invalid::Unit.into()));
        before.assert_unchanged(&chain.site.app.db, "nobody is invited to nowhere").await;
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

/// Where everybody is to be in a part of the company, the company alone is none; and one invitation goes to as many units as it may.
#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_goes_to_the_kinds_and_the_number_of_units_that_are_set() {
    both(|db| async {
        let chain = Chain::found(db).await;
        let below = Settings {
            unit_field: UnitField::Optional,
            unit_level: UnitLevel::BelowCompany,
            ..chain.site.settings().await
        };
        chain.site.save_settings(&below).await;
        let (company, north, south) = (&chain.site.company, &chain.north, &chain.south);
        let before = Dump::of(&chain.site.app.db).await;
        let too_high = || Err(Invalid::UnitTooHigh { name: company.name.clone() }.into());
        assert_eq!(invited(&chain, "a@acme.by", &[company]).await, too_high());
        // Who chooses nothing means the company, too.
        assert_eq!(invited(&chain, "a@acme.by", &[]).await, too_high());
        before.assert_unchanged(&chain.site.app.db, "nobody is invited to the company").await;
        assert_eq!(invited(&chain, "a@acme.by", &[north]).await, Ok(vec!["North".into()]));

        chain.site.save_settings(&Settings { units_at_most: 1, ..below.clone() }).await;
        let refused = invited(&chain, "b@acme.by", &[north, south]).await;
        assert_eq!(refused, Err(Invalid::TooManyUnits { most: 1 }.into()));
        chain.site.save_settings(&Settings { units_at_most: 2, ..below }).await;
        assert_eq!(invited(&chain, "b@acme.by", &[north, south]).await.map(|units| units.len()), Ok(2));

        // A list that names no unit, or the company, has it asked about; nobody is refused as a whole.
        let text = format!("Email;Unit\nc@acme.by;\nd@acme.by;{}\ne@acme.by;North", company.name);
        let cells = spreadsheets::read(text.as_bytes()).expect("cells");
        let chief = caller(&chain.chief);
        let id = import::open(&chain.site.app, &chief, "people.csv", cells).await.expect("a list");
        let page = import::page(&chain.site.app, &chief, Some(&id), "all", 0).await.expect("a page");
        let view = page.view.expect("a list");
        assert_eq!((view.counts.ready, view.counts.to_fix), (1, 2), "{:?}", view.rows);
    })
    .await;
}

/// The units to which the newest invitation of an address leads.
async fn offered(chain: &Chain, address: &str) -> Vec<String> {
    let mut tx = chain.site.app.db.read().await.expect("a connection");
    let sql = "select n.name from memberships m join users u on u.id = m.user_id join units n on n.id = m.unit_id \
               where u.email = $1 order by n.name";
    let rows = tx.rows(sql, &usher::values![address]).await.expect("rows");
    rows.iter().map(|row| row.text("name").expect("a name")).collect()
}

/// W-01: whoever chooses a team does not give the whole school by the way: not on the form as it opens, not opened from the
/// school's own page, not on the page that a look without script leaves, not where nothing was chosen but what is said.
#[tokio::test(flavor = "multi_thread")]
async fn a_unit_that_is_chosen_takes_the_place_of_the_proposed_one() {
    both(|db| async {
        let chain = Chain::found(db).await;
        let mut browser = Browser::signed_in(&chain.site.app, &chain.chief).await;
        let (north, company) = (chain.north.id.to_string(), chain.site.company.id.to_string());
        let open = async |browser: &mut Browser, query: &str| {
            let page = browser.get(&format!("/users/invite{query}")).await.text();
            (form_to(&page, "/api/invite"), page)
        };
        let tick = |mut form: Form, unit: &str, address: &str| {
            form.fields.push(("units[]".into(), unit.into()));
            form.with("addresses", address)
        };
        for unit_field in [UnitField::Optional, UnitField::Required] {
            ask_for_units(&chain, unit_field).await;
            let about = unit_field.code();
            // From the menu, and from the company's page; by script and as a plain form.
            for (at, query) in ["".to_string(), format!("?unit={company}")].iter().enumerate() {
                let (form, page) = open(&mut browser, query).await;
                let wanted: Vec<String> = if at == 0 { Vec::new() } else { vec![company.clone()] };
                assert_eq!(ticked(&page), wanted, "{about}{query}");
                let address = format!("plain{at}.{about}@acme.by");
                let sent = browser.post_form("/api/invite", &tick(form.clone(), &north, &address).pairs()).await;
                assert!(sent.location().contains("draft="), "{}", sent.text());
                assert_eq!(offered(&chain, &address).await, ["North"], "{about}{query} as a plain form");
                let address = format!("script{at}.{about}@acme.by");
                browser.call("/api/invite", &tick(form, &north, &address).pairs()).await;
                assert_eq!(offered(&chain, &address).await, ["North"], "{about}{query} by script");
            }
        }
        ask_for_units(&chain, UnitField::Optional).await;
        for query in ["".to_string(), format!("?unit={company}"), format!("?unit={north}")] {
            // A look first; the page that it leaves knows what was chosen, and what was not.
            let (form, page) = open(&mut browser, &query).await;
            assert!(page.contains("With nothing ticked, people are invited to"), "{page}");
            let look = form.with("addresses", "late@acme.by");
            let look = [look.pairs(), vec![("only_check", "on")]].concat();
            let looked = browser.post_form("/api/invite", &look).await;
            let page = browser.get(looked.location()).await.text();
            let from = query.strip_prefix("?unit=").map(String::from);
            assert_eq!(ticked(&page), from.into_iter().collect::<Vec<_>>(), "{query}");
        }
        let (form, page) = open(&mut browser, "").await;
        assert!(page.contains("people are invited to ACME North"), "{page}");
        let looked = form.with("addresses", "late@acme.by");
        let looked = browser.post_form("/api/invite", &[looked.pairs(), vec![("only_check", "on")]].concat()).await;
        let again = form_to(&browser.get(looked.location()).await.text(), "/api/invite");
        let again = tick(again.clone(), &north, "");
        browser.post_form("/api/invite", &again.pairs()).await;
        assert_eq!(offered(&chain, "late@acme.by").await, ["North"], "chosen after a look");

        let (form, _) = open(&mut browser, "").await;
        browser.post_form("/api/invite", &form.with("addresses", "none@acme.by").pairs()).await;
        assert_eq!(offered(&chain, "none@acme.by").await, ["ACME North"], "as the form says");
    })
    .await;
}

/// W-01: of a unit and a part of it, both chosen by hand, one must be meant; it is asked which.
#[tokio::test(flavor = "multi_thread")]
async fn a_unit_and_a_part_of_it_are_not_both_given_in_silence() {
    both(|db| async {
        let chain = Chain::found(db).await;
        let (north, company) = (&chain.north, &chain.site.company);
        let mut browser = Browser::signed_in(&chain.site.app, &chain.chief).await;
        let page = browser.get("/users/invite").await.text();
        let mut form = form_to(&page, "/api/invite").with("addresses", "both@acme.by").with("proposed", "");
        for unit in [north, company] {
            form.fields.push(("units[]".into(), unit.id.to_string()));
        }
        let before = Dump::of(&chain.site.app.db).await;
        let asked = Invalid::UnitInside { inner: "North".into(), outer: "ACME North".into() };
        let answer = browser.call("/api/invite", &form.pairs()).await;
        assert_eq!(answer.refusal(), Some(asked.clone().into()));
        browser.post_from("/users/invite", "/api/invite", &form.pairs()).await;
        assert_eq!(browser.clone().note().and_then(|note| note.refusal), Some(asked.into()));
        before.assert_unchanged(&chain.site.app.db, "nothing is sent before it is known").await;
        let page = browser.get("/users/invite").await.text();
        assert!(page.contains("“North” is a part of “ACME North”"), "{page}");
        let mut both: Vec<String> = vec![north.id.to_string(), company.id.to_string()];
        let mut stands = ticked(&page);
        both.sort();
        stands.sort();
        assert_eq!(stands, both, "what was ticked stays ticked");
        // Whoever may not give both learns nothing of the other one.
        let nina = crate::people::caller(&chain.admins[0]);
        let refused = chain.invite(&nina.user_id, "both@acme.by", &[north, company], "employee").await;
        assert_eq!(refused, Err(UseCaseError::NotFound));
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
        ("blank", "optional"),
    ];
    assert_eq!(fields, wanted);
}
