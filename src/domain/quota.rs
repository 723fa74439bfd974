//! How much of what somebody typed is kept for them on the server, and for how long: the newest, within a number and a size.
//! It must not know what the texts are.

use super::timestamp::Duration;

/// The texts of refused forms: a handful, for as long as somebody may be busy with them.
pub const NOTES: TextQuota = TextQuota { most: 5, bytes: 512 * 1024 };
/// How long such a text is kept.
pub const NOTE_AGE: Duration = Duration::hours(1);
/// How many such texts of one person are taken in an hour. Whoever types does not come near it; a program that sends the
/// largest forms as fast as it can writes no more than this.
pub const NOTES_AN_HOUR: i64 = 60;

/// Kept invite forms: every look at the rows makes one, and several pages may stand open for a day.
pub const DRAFTS: TextQuota = TextQuota { most: 100, bytes: 16 * 1024 * 1024 };

/// Rounds that were sent: their reports stay when somebody looks at other rows, and are as many as one sends in a busy week.
pub const ROUNDS: TextQuota = TextQuota { most: 200, bytes: 32 * 1024 * 1024 };

/// How long is kept at most what somebody began and is not done: an invite form, a round, a deed for many.
pub const UNFINISHED_AGE: Duration = Duration::days(30);

/// How many texts are kept, and how large they may be together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TextQuota {
    pub most: usize,
    pub bytes: i64,
}

impl TextQuota {
    /// Of texts with their sizes in bytes, newest first, those for which there is no room. The newest always has room.
    pub fn beyond<T>(self, newest_first: Vec<(T, i64)>) -> Vec<T> {
        let mut bytes = 0_i64;
        let mut beyond = Vec::new();
        for (place, (text, size)) in newest_first.into_iter().enumerate() {
            bytes = bytes.saturating_add(size);
            if place > 0 && (place >= self.most || bytes > self.bytes) {
                beyond.push(text);
            }
        }
        beyond
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_oldest_go_by_number_and_by_size() {
        let quota = TextQuota { most: 3, bytes: 10 };
        let texts = |sizes: &[i64]| sizes.iter().copied().enumerate().collect::<Vec<_>>();
        assert_eq!(quota.beyond(texts(&[1, 1, 1, 1, 1])), [3, 4]);
        assert_eq!(quota.beyond(texts(&[6, 4, 1])), [2]);
        assert_eq!(quota.beyond(texts(&[6, 5, 1])), [1, 2]);
        assert_eq!(quota.beyond(texts(&[99, 1])), [1]);
        assert_eq!(quota.beyond(texts(&[99])), [0; 0]);
    }

    proptest! {
        #[test]
        fn what_stays_fits(sizes in prop::collection::vec(0_i64..200_000, 0..12)) {
            let texts: Vec<(usize, i64)> = sizes.iter().copied().enumerate().collect();
            let gone = NOTES.beyond(texts);
            let stays: Vec<i64> =
                sizes.iter().enumerate().filter(|(at, _)| !gone.contains(at)).map(|(_, size)| *size).collect();
            prop_assert!(stays.len() <= NOTES.most && stays.iter().sum::<i64>() <= NOTES.bytes);
        }
    }
}
