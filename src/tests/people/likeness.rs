//! Addresses that look like somebody's whom the inviter knows are asked about; what the inviter may not see is not
//! betrayed by it.

use super::caller;
use crate::support::crowd::State;
use crate::support::databases::both;
use crate::support::site::TestSite;
use usher::domain::id::UserId;
use usher::domain::review::Verdict;
use usher::server::use_cases::invite::{self, InviteForm};
use usher::server::use_cases::{deletion, held};

/// What is thought of each of these addresses, when somebody invites them to the company.
async fn verdicts(site: &TestSite, inviter: &UserId, addresses: &str, only_check: bool) -> Vec<Verdict> {
    let wish = InviteForm {
        addresses: addresses.into(),
        units: vec![site.company.id.to_string()],
        role: site.role("employee").id.to_string(),
        language: "en".into(),
        valid_for: "72h".into(),
        only_check,
        ..InviteForm::default()
    };
    let draft = invite::invite(&site.app, &caller(inviter), &wish).await.expect("looked at");
    let draft = held::draft(&site.app, &caller(inviter), &draft).await.expect("the draft");
    draft.rows.into_iter().map(|row| row.verdict).collect()
}

fn like(title: &str, address: &str) -> Verdict {
    Verdict::Similar { title: title.into(), address: address.into() }
}

/// Rules 9 and 10.
#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_differs_by_separators_or_by_the_provider_is_asked_about() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        site.add_active("Ivan Petrov", "ivan.petrov@acme.by", "employee").await;
        site.add_active("Olga Shevchenko", "olga_shevchenko@mail.ru", "employee").await;
        site.add_active("Max", "max@mail.ru", "employee").await;
        let gone = site.add_active("Petra Lang", "petra.lang@acme.by", "employee").await;
        deletion::delete(&site.app, &caller(&site.anna), &gone, "petra.lang@acme.by").await.expect("deleted");
        let (ivan, olga) =
            (like("Ivan Petrov", "ivan.petrov@acme.by"), like("Olga Shevchenko", "olga_shevchenko@mail.ru"));
        let cases = [
            ("ivan-petrov@acme.by", ivan.clone()),
            ("IvanPetrov+work@acme.by", ivan),
            ("ivan.petrov@beta.example", Verdict::Ready),
            ("olgashevchenko@mail.ru", olga.clone()),
            ("olga.shevchenko@riseup.net", olga),
            ("olga.shevchenko@acme.by", Verdict::Ready),
            ("m.ax@mail.ru", like("Max", "max@mail.ru")),
            ("max@yandex.ru", Verdict::Ready),
            ("petra-lang@acme.by", Verdict::Ready),
        ];
        for (address, expected) in cases {
            assert_eq!(verdicts(&site, &site.anna, address, true).await, [expected], "{address}");
        }
    })
    .await;
}

/// Two of one form that look alike: the first goes, the second is asked about.
#[tokio::test(flavor = "multi_thread")]
async fn two_addresses_of_one_form_may_look_alike() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let both = "eva.klein@acme.by, eva-klein@acme.by";
        let alike = like("eva.klein@acme.by", "eva.klein@acme.by");
        let rows = verdicts(&site, &site.anna, both, true).await;
        assert_eq!(rows, [Verdict::Ready, alike.clone()], "already when it is looked at");
        assert_eq!(verdicts(&site, &site.anna, both, false).await, [alike]);
    })
    .await;
}

/// Rule 40: nobody learns that somebody outside their reach has nearly the same address.
#[tokio::test(flavor = "multi_thread")]
async fn people_out_of_reach_are_like_nobody() {
    both(|db| async {
        let site = TestSite::furnish(db, None).await;
        let other = site.add_company("ACME South").await;
        let viktor = site.add_active("Viktor", "viktor@acme.by", "company_administrator").await;
        site.add("Ivan Petrov", "ivan.petrov@acme.by", "employee", &other, State::Active).await;
        assert_eq!(verdicts(&site, &viktor, "ivan-petrov@acme.by", true).await, [Verdict::Ready]);
        let to_anna = verdicts(&site, &site.anna, "ivan-petrov@acme.by", true).await;
        assert_eq!(to_anna, [like("Ivan Petrov", "ivan.petrov@acme.by")]);
    })
    .await;
}
