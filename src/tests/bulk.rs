//! One action for many people: who is selected, who is passed over and why, and that it is done to each exactly once, whatever
//! happens meanwhile.

mod asked;
mod done;
mod exported;
mod undone;
mod units;

use crate::people::caller;
use crate::support::crowd::{State, Wanted};
use crate::support::site::TestSite;
use std::collections::BTreeSet;
use usher::domain::error::UseCaseError;
use usher::domain::id::{BulkId, UserId};
use usher::domain::listing::UserQuery;
use usher::domain::user::{Status, UserAction};
use usher::server::use_cases::bulk::{self, BulkTerms, BulkWish};
use usher::view_models::BulkPage;

/// So many people of a company in a state.
pub async fn people(site: &TestSite, n: usize, state: State) -> Vec<UserId> {
    let wanted: Vec<Wanted> = (0..n)
        .map(|n| {
            let email = format!("person{n}.{}@guests.example", state.status().code());
            Wanted::new(&format!("Person {n:04}"), &email, "employee", &site.company, state)
        })
        .collect();
    site.add_all(&wanted).await
}

pub fn named(action: UserAction, who: &[&UserId]) -> BulkWish {
    let who = who.iter().map(ToString::to_string).collect();
    BulkWish { action, who, all: None, waited_for: None, but: BTreeSet::new(), of: None }
}

pub fn all_of(action: UserAction, status: Option<Status>) -> BulkWish {
    let query = UserQuery { status, ..UserQuery::default() };
    BulkWish { all: Some(query), ..named(action, &[]) }
}

pub async fn ask(site: &TestSite, user: &UserId, wish: &BulkWish) -> Result<BulkId, UseCaseError> {
    bulk::ask(&site.app, &caller(user), wish).await
}

pub async fn look(site: &TestSite, user: &UserId, id: &BulkId) -> BulkPage {
    bulk::page(&site.app, &caller(user), id, "/users".into()).await.expect("a page")
}

pub async fn start(site: &TestSite, user: &UserId, id: &BulkId, number: &str) -> Result<(), UseCaseError> {
    let terms = BulkTerms { number: number.into(), ..BulkTerms::default() };
    bulk::start(&site.app, &caller(user), id, &terms).await
}

/// How many lines of history say this.
pub async fn lines(site: &TestSite, action: &str) -> i64 {
    let sql = "select count(*) as n from audit_events where action = $1";
    let mut tx = site.app.db.read().await.expect("a connection");
    tx.row(sql, &usher::values![action]).await.expect("a count").number("n").expect("a number")
}
