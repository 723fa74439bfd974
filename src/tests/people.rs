//! People and what is done to them: what acts on the very next request, what deletion leaves, who may write what, what
//! the history keeps, and whether the lists tell the truth.

mod bin;
mod changes;
mod columns;
pub mod counts;
mod deletion;
mod domains;
mod editing;
mod fixing;
mod history;
mod holding;
mod invitations;
mod judging;
mod kept_history;
mod letters;
mod likeness;
mod looking;
mod next_request;
mod not_invited;
mod paging;
mod phones;
pub mod rounds;
mod row_notes;
mod said;
mod search;
mod spelling;
mod stale;
mod table;
mod views;

use crate::support::people::PASSWORD;
pub use crate::support::site::caller;
use crate::support::site::{STANDING, TestSite};
use usher::domain::error::UseCaseError;
use usher::domain::id::UserId;
use usher::domain::registration::TypedName;
use usher::server::use_cases::{Visitor, accept};
use usher::values;
use usher::words::Language;

/// The status that the users table shows for somebody in this unit; `None` when they are not in its list.
pub async fn listed(site: &TestSite, user: &UserId) -> Option<String> {
    let mut tx = site.app.db.read().await.expect("a connection");
    let sql = "select r.status from roster r join users u on u.number = r.person join units n on n.number = r.unit \
               where u.id = $1 and n.id = $2";
    let row = tx.maybe_row(sql, &values![user, &site.root.id]).await.expect("a look")?;
    Some(row.text("status").expect("a status"))
}

/// How many sessions somebody has, but for the one in which tests let them act.
pub async fn sessions(site: &TestSite, user: &UserId) -> i64 {
    let mut tx = site.app.db.read().await.expect("a connection");
    let sql = "select count(*) as many from sessions where user_id = $1 and device <> $2";
    let row = tx.row(sql, &values![user, STANDING]).await;
    row.expect("a count").number("many").expect("a number")
}

/// Accepts an invitation as its page would.
pub async fn register(site: &TestSite, link: &str, name: &str) -> Result<UserId, UseCaseError> {
    let registration = accept::Registration {
        password_again: String::new().into(),
        name: TypedName { whole: name.into(), ..TypedName::default() },
        phone: String::new(),
        phone_meant: String::new(),
        password: PASSWORD.to_string().into(),
        language: Language::English,
        ticks: Vec::new(),
    };
    let signed_in = accept::register(&site.app, link, None, &registration, &Visitor::default()).await?;
    site.sign_in_again(&signed_in.caller.user_id).await;
    Ok(signed_in.caller.user_id)
}
