//! Counters of wrong tries that fade with time. Those that are still under way hold a place; where all places are held, the
//! next one waits until it is known whether they were right.

use super::super::routes::Door;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::Notify;
use tokio::sync::futures::OwnedNotified;

/// After how long a wrong try is forgiven; the next one before it counts after that.
const FORGIVEN: Duration = Duration::from_secs(2);

/// How many places are remembered before those with the fewest tries are forgotten.
const MOST_REMEMBERED: usize = 100_000;

type Subject = (Door, String);

/// The counters of everybody.
#[derive(Clone, Debug, Default)]
pub struct Buckets(Arc<Mutex<HashMap<Subject, Bucket>>>);

#[derive(Debug)]
struct Bucket {
    /// When all wrong tries are forgiven.
    clean_at: Instant,
    under_way: u32,
    /// Rung when one under way has come to its end.
    ended: Arc<Notify>,
}

/// What somebody gets who wants to try.
#[derive(Debug)]
pub enum Taken {
    Ticket(Ticket),
    /// Not before so long has passed.
    NotBefore(Duration),
}

/// A try under way. It counts as wrong, also when its request broke off, unless it is given back.
#[derive(Debug)]
#[must_use]
pub struct Ticket {
    buckets: Buckets,
    subject: Subject,
    counts: bool,
}

/// What a bucket answers at once.
enum Admission {
    Go,
    Wait(OwnedNotified),
    Not(Duration),
}

impl Bucket {
    fn new(now: Instant) -> Self {
        Self { clean_at: now, under_way: 0, ended: Arc::default() }
    }

    fn take(&mut self, most: u32, now: Instant) -> Admission {
        let full = FORGIVEN * most;
        let wrong = self.clean_at.saturating_duration_since(now);
        if wrong + FORGIVEN > full {
            return Admission::Not(wrong + FORGIVEN - full);
        }
        if wrong + FORGIVEN * (self.under_way + 1) > full {
            return Admission::Wait(Arc::clone(&self.ended).notified_owned());
        }
        self.under_way += 1;
        Admission::Go
    }

    fn end(&mut self, counts: bool, now: Instant) {
        self.under_way = self.under_way.saturating_sub(1);
        if counts {
            self.clean_at = self.clean_at.max(now) + FORGIVEN;
        }
        self.ended.notify_waiters();
    }

    fn is_clean(&self, now: Instant) -> bool {
        self.under_way == 0 && self.clean_at <= now
    }
}

impl Buckets {
    fn all(&self) -> MutexGuard<'_, HashMap<Subject, Bucket>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets one try of a subject in, if there are not `most` wrong ones; waits for those under way.
    pub async fn take(&self, subject: Subject, most: u32) -> Taken {
        loop {
            let answer = {
                let now = Instant::now();
                let mut all = self.all();
                if all.len() >= MOST_REMEMBERED && !all.contains_key(&subject) {
                    forget(&mut all, now);
                }
                all.entry(subject.clone()).or_insert_with(|| Bucket::new(now)).take(most, now)
            };
            match answer {
                Admission::Go => return Taken::Ticket(Ticket { buckets: self.clone(), subject, counts: true }),
                Admission::Not(wait) => return Taken::NotBefore(wait),
                Admission::Wait(ended) => ended.await,
            }
        }
    }
}

/// Makes room: for whatever is clean, else for the half with the fewest wrong tries.
fn forget(all: &mut HashMap<Subject, Bucket>, now: Instant) {
    all.retain(|_, bucket| !bucket.is_clean(now));
    if all.len() < MOST_REMEMBERED {
        return;
    }
    let mut ends: Vec<Instant> = all.values().map(|bucket| bucket.clean_at).collect();
    let middle = ends.len() / 2;
    let (_, middle, _) = ends.select_nth_unstable(middle);
    let middle = *middle;
    all.retain(|_, bucket| bucket.under_way > 0 || bucket.clean_at > middle);
}

impl Ticket {
    /// It was right, or no try at all.
    pub fn give_back(mut self) {
        self.counts = false;
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        if let Some(bucket) = self.buckets.all().get_mut(&self.subject) {
            bucket.end(self.counts, Instant::now());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOST: u32 = 30;

    fn subject(name: &str) -> Subject {
        (Door::SignIn, name.into())
    }

    async fn is_let_in(buckets: &Buckets, name: &str) -> bool {
        matches!(buckets.take(subject(name), MOST).await, Taken::Ticket(_))
    }

    #[tokio::test]
    async fn wrong_tries_fill_a_bucket_and_right_ones_do_not() {
        let buckets = Buckets::default();
        for _ in 0..100 {
            match buckets.take(subject("a"), MOST).await {
                Taken::Ticket(ticket) => ticket.give_back(),
                Taken::NotBefore(wait) => panic!("{wait:?}"),
            }
        }
        for _ in 0..MOST {
            assert!(is_let_in(&buckets, "a").await);
        }
        let Taken::NotBefore(wait) = buckets.take(subject("a"), MOST).await else { panic!("one more than fits") };
        assert!(wait <= FORGIVEN, "{wait:?}");
        assert!(is_let_in(&buckets, "b").await, "somebody else");
        assert!(matches!(buckets.take((Door::Forgot, "a".into()), MOST).await, Taken::Ticket(_)), "another door");
        assert!(matches!(buckets.take(subject("a"), 4 * MOST).await, Taken::Ticket(_)), "more fits");
    }

    #[test]
    fn a_wrong_try_is_forgiven_after_a_while_and_all_of_them_after_a_minute() {
        let start = Instant::now();
        let mut bucket = Bucket::new(start);
        for _ in 0..MOST {
            assert!(matches!(bucket.take(MOST, start), Admission::Go));
            bucket.end(true, start);
        }
        let later = start + FORGIVEN - Duration::from_millis(1);
        assert!(matches!(bucket.take(MOST, later), Admission::Not(wait) if wait == Duration::from_millis(1)));
        assert!(matches!(bucket.take(MOST, start + FORGIVEN), Admission::Go));
        bucket.end(false, start + FORGIVEN);
        assert!(!bucket.is_clean(start + Duration::from_secs(59)) && bucket.is_clean(start + Duration::from_secs(60)));
    }

    /// H-10, H-11: at one moment no more wrong ones get through than one after the other, and right ones all do.
    #[tokio::test]
    async fn those_who_come_at_one_moment_wait_for_one_another() {
        for (is_right, expected) in [(false, MOST), (true, 200)] {
            let buckets = Buckets::default();
            let mut tasks = tokio::task::JoinSet::new();
            for _ in 0..200 {
                let buckets = buckets.clone();
                tasks.spawn(async move {
                    let Taken::Ticket(ticket) = buckets.take(subject("a"), MOST).await else { return 0 };
                    tokio::time::sleep(Duration::from_millis(5)).await;
                    if is_right {
                        ticket.give_back();
                    }
                    1
                });
            }
            let through: u32 = tasks.join_all().await.into_iter().sum();
            assert_eq!(through, expected, "right: {is_right}");
        }
    }

    #[tokio::test]
    async fn a_flood_of_places_forgets_those_with_few_tries_first() {
        let buckets = Buckets::default();
        for _ in 0..MOST {
            assert!(is_let_in(&buckets, "victim").await);
        }
        for number in 0..MOST_REMEMBERED + 10 {
            assert!(is_let_in(&buckets, &number.to_string()).await);
        }
        assert!(!is_let_in(&buckets, "victim").await, "remembered through the flood");
        assert!(buckets.all().len() <= MOST_REMEMBERED);
    }
}
