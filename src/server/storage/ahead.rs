//! What stands further ahead than anything is ever put: the clock was ahead when it was written, and was set back since. It is
//! brought as near as the longest delay of its kind, counted from now, so that nothing waits, is shut or stays open for years
//! (H-15). The ends of invitations and links are promises that people were told, and stay.

use super::{Database, Result};
use crate::domain::authorization::{REMEMBERED, SESSION_KEPT};
use crate::domain::job::LEASE as JOB_LEASE;
use crate::domain::message::{LEASE, LONGEST_WAIT};
use crate::domain::quota::UNFINISHED_AGE;
use crate::domain::timestamp::{Duration, Timestamp};
use crate::values;

/// What is written while this looks, here or by another process whose clock is a little ahead, is not far.
const A_LITTLE: Duration = Duration::minutes(2);

/// Brings everything near that stands too far ahead. Each statement is a transaction of its own; mostly they find nothing.
pub async fn bring_near(db: &Database, now: Timestamp) -> Result<()> {
    let none = Duration(0);
    // How far ahead each may stand, and where it stands afterwards.
    for (statement, most, then) in [
        ("update messages set next_try_at = $1 where next_try_at > $2", LONGEST_WAIT, LONGEST_WAIT),
        ("update messages set lease_until = $1 where lease_until > $2", LEASE, none),
        ("update jobs set next_try_at = $1 where next_try_at > $2", LONGEST_WAIT, none),
        ("update jobs set lease_until = $1 where lease_until > $2", JOB_LEASE, none),
        ("update invitation_terms set kept_until = $1 where kept_until > $2", UNFINISHED_AGE, UNFINISHED_AGE),
        ("update attempts set ends_at = $1 where ends_at > $2", REMEMBERED, none),
        ("update letters set at = $1 where at > $2", none, none),
        ("update api_tokens set last_used_at = $1 where last_used_at > $2", none, none),
        ("update sessions set last_seen_at = $1 where last_seen_at > $2", none, none),
        ("update sessions set expires_at = $1 where expires_at > $2", SESSION_KEPT, SESSION_KEPT),
    ] {
        db.touch(statement, &values![now + then, now + most + A_LITTLE]).await?;
    }
    Ok(())
}
