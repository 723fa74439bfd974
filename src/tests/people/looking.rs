//! Looking at many addresses and inviting them: as many statements for two hundred as for one, but for the chunks in which they
//! are asked, and everybody is answered while others look too (H-05); as many for somebody known elsewhere as for nobody (H-28).

use super::caller;
use crate::support::crowd::{State, Wanted};
use crate::support::databases::both;
use crate::support::site::TestSite;
use usher::domain::id::DraftId;
use usher::domain::review::{MOST_AT_ONCE, Verdict};
use usher::domain::unit::DEEPEST;
use usher::server::use_cases::invite::{self, InviteForm};
use usher::server::use_cases::{Actor, held};

/// How many lists of a hundred each of the questions about addresses takes for two hundred, beyond that for one: who has them,
/// what these hold and are offered, who looks alike, what was written to them; and the draft with its names.
const MORE_FOR_TWO_HUNDRED: u64 = 5 + 4;

/// The most that a look asks, however many the addresses are.
const MOST_TO_LOOK: u64 = 30;

/// The most that two hundred invitations ask, in some ten transactions: each holds the writer for a few dozen statements.
const MOST_TO_SEND: u64 = 770;

fn wish(site: &TestSite, addresses: &[String], only_check: bool) -> InviteForm {
    InviteForm {
        addresses: addresses.join("\n"),
        units: vec![site.company.id.to_string()],
        role: site.role("employee").id.to_string(),
        language: "en".into(),
        valid_for: "8h".into(),
        only_check,
        ..InviteForm::default()
    }
}

async fn cost(site: &TestSite, by: &Actor, wish: &InviteForm) -> (DraftId, u64) {
    site.app.db.meter().reset();
    let id = invite::invite(&site.app, by, wish).await.expect("a draft");
    (id, site.app.db.meter().statements())
}

/// Addresses of every sort: of nobody, at a public provider with a long name, of people of the company in every state, of people
/// who stand elsewhere, and such as look like one of these.
async fn all_sorts(site: &TestSite) -> Vec<String> {
    let elsewhere = site.add_company("ACME South").await;
    let mut wanted = Vec::new();
    for n in 0..40 {
        let state = State::ALL[n % State::ALL.len()];
        wanted.push(Wanted::new("", &format!("known.{n}@acme.by"), "employee", &site.company, state));
        wanted.push(Wanted::new("", &format!("elsewhere.{n}@acme.by"), "employee", &elsewhere, State::Active));
        wanted.push(Wanted::new("", &format!("alike.person{n}@gmail.com"), "employee", &site.company, State::Active));
    }
    site.add_all(&wanted).await;
    let sorts = [
        "known.{}@acme.by",
        "elsewhere.{}@acme.by",
        "alike_person{}@mail.ru",
        "new{}@guests.example",
        "a.long.name{}@gmail.com",
    ];
    let of = |sort: &'static str| (0..40).map(move |n| sort.replace("{}", &n.to_string()));
    sorts.into_iter().flat_map(of).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_look_at_two_hundred_addresses_asks_no_more_than_a_look_at_one_but_for_the_chunks() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let all = all_sorts(&site).await;
        assert_eq!(all.len(), MOST_AT_ONCE);
        let viktor = caller(&site.add_active("Viktor", "viktor@acme.by", "company_administrator").await);
        let (_, one) = cost(&site, &viktor, &wish(&site, &all[..1], true)).await;
        let (id, many) = cost(&site, &viktor, &wish(&site, &all, true)).await;
        assert!(many <= MOST_TO_LOOK && many <= one + MORE_FOR_TWO_HUNDRED, "{one} for one, {many} for all");
        let rows = held::draft(&site.app, &viktor, &id).await.expect("the draft").rows;
        let of = |what: &dyn Fn(&Verdict) -> bool| rows.iter().filter(|row| what(&row.verdict)).count();
        assert_eq!(of(&|verdict| matches!(verdict, Verdict::Known { .. })), 40, "{rows:?}");
        assert_eq!(of(&|verdict| matches!(verdict, Verdict::Similar { .. })), 40, "{rows:?}");
        assert_eq!(of(&|verdict| matches!(verdict, Verdict::Ready)), 120, "{rows:?}");

        // Whether somebody is known to others cannot be told by what is asked, of one or of many.
        for n in [1, 40] {
            let (_, elsewhere) = cost(&site, &viktor, &wish(&site, &all[40..40 + n], true)).await;
            let (_, nobody) = cost(&site, &viktor, &wish(&site, &all[120..120 + n], true)).await;
            assert_eq!(elsewhere, nobody, "of {n}");
        }
    })
    .await;
}

/// H-05: while thirty look at two hundred addresses each, everybody is answered, and so is whoever writes meanwhile.
#[tokio::test(flavor = "multi_thread")]
async fn thirty_looks_at_two_hundred_addresses_at_once_are_all_answered() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let all = all_sorts(&site).await;
        let looks: Vec<_> = (0..30)
            .map(|_| {
                let (site, wish) = (site.clone(), wish(&site, &all, true));
                tokio::spawn(async move { invite::invite(&site.app, &caller(&site.anna), &wish).await.map(drop) })
            })
            .collect();
        let (_, asked) = cost(&site, &caller(&site.anna), &wish(&site, &["kim@acme.by".into()], false)).await;
        assert!(asked > 0);
        for look in looks {
            assert_eq!(look.await.expect("a look"), Ok(()));
        }
    })
    .await;
}

/// H-06: two hundred at once, at the end of the deepest tree there is: the statements do not grow with the people one by one.
#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_are_invited_and_taken_back_in_a_few_statements_each() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let mut unit = site.company.clone();
        for level in 3..=DEEPEST {
            unit = site.add_branch(&format!("Level {level}"), &unit).await;
        }
        let all: Vec<String> = (0..MOST_AT_ONCE).map(|n| format!("Person {n} <person{n}@guests.example>")).collect();
        let anna = caller(&site.anna);
        let mut settings = site.settings().await;
        settings.hold = usher::domain::timestamp::Duration::seconds(30);
        site.save_settings(&settings).await;
        let wish = InviteForm { units: vec![unit.id.to_string()], ..wish(&site, &all, false) };
        let (id, asked) = cost(&site, &anna, &wish).await;
        assert!(asked <= MOST_TO_SEND, "{asked} statements");
        let draft = held::draft(&site.app, &anna, &id).await.expect("the draft");
        assert_eq!((draft.sent.len(), draft.rows.len()), (MOST_AT_ONCE, 0));
        assert_eq!(draft.sent[7].address, "person7@guests.example", "in the order in which they were typed");
        assert_eq!(site.status(&draft.sent[199].user_id).await, "waiting");

        site.app.db.meter().reset();
        held::take_back(&site.app, &anna, &id, "").await.expect("taken back");
        let asked = site.app.db.meter().statements();
        assert!(asked <= MOST_TO_SEND, "{asked} statements");
        let draft = held::draft(&site.app, &anna, &id).await.expect("the draft");
        assert_eq!((draft.sent.len(), draft.rows.len()), (0, MOST_AT_ONCE));
        assert_eq!(draft.rows[7].typed, "person7@guests.example");
    })
    .await;
}
