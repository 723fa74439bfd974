//! Chance, and the ids made of it. Nothing else in the product throws dice.

use crate::domain::timestamp::Timestamp;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use std::sync::atomic::{AtomicU64, Ordering};

/// `N` unguessable bytes. The operating system's generator does not fail on a machine that has started; where it would,
/// nothing may go on, so the process ends.
#[expect(clippy::disallowed_methods, reason = "this is the one place that throws dice")]
pub fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    if getrandom::fill(&mut bytes).is_err() {
        std::process::abort();
    }
    bytes
}

/// 256 unguessable bits as 43 characters that are safe in a cookie and in an address.
pub fn secret() -> String {
    URL_SAFE_NO_PAD.encode(bytes::<32>())
}

/// Letters and digits that are not mistaken for one another, for codes that people type: `K7QM-4WXD`.
pub fn typed_code() -> String {
    const LETTERS: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    let letter = |byte: &u8| char::from(LETTERS[usize::from(byte % 32)]);
    let bytes = bytes::<8>();
    let half = |part: &[u8]| part.iter().map(letter).collect::<String>();
    format!("{}-{}", half(&bytes[..4]), half(&bytes[4..]))
}

/// The last id's time and counter, so that ids of one process always grow, within a millisecond too.
static LAST: AtomicU64 = AtomicU64::new(0);

/// A UUIDv7: ids sort in the order in which they were made.
pub fn id(now: Timestamp) -> String {
    let floor = u64::try_from(now.0).unwrap_or_default() << 12;
    let mut tick = floor;
    let _ = LAST.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |last| {
        tick = floor.max(last + 1);
        Some(tick)
    });
    let mut tail = bytes::<10>();
    // The counter stands right behind the version nibble, before the random part.
    tail[0] = ((tick >> 8) & 0x0f) as u8;
    tail[1] = (tick & 0xff) as u8;
    uuid::Builder::from_unix_timestamp_millis(tick >> 12, &tail).into_uuid().to_string()
}

/// What stands before every id made at a moment or later, and behind every older one.
pub fn first_id_at(moment: Timestamp) -> String {
    let millis = u64::try_from(moment.0).unwrap_or_default();
    uuid::Builder::from_unix_timestamp_millis(millis, &[0; 10]).into_uuid().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_grow_within_a_millisecond_and_when_the_clock_goes_back() {
        let mut before = id(Timestamp(1_700_000_000_000));
        for n in 0..10_000 {
            let next = id(Timestamp(1_700_000_000_000 - n % 7));
            assert!(next > before, "{next} after {before}");
            before = next;
        }
    }
}
