//! Many at the same moment: real tasks racing on both databases, and one outcome that a single order of things explains
//! (CO-01 to CO-05).

mod acceptance;
mod administrators;
mod inviters;

use crate::support::site::TestSite;
use usher::server::storage::tx::Value;

/// One number out of the database.
pub async fn count(site: &TestSite, sql: &'static str, values: &[Value]) -> i64 {
    let mut tx = site.app.db.read().await.expect("a connection");
    tx.row(sql, values).await.expect(sql).number("many").expect("a number")
}
