//! Who holds which connection, and who has to give one up: no address takes the places of all others, and whoever holds one
//! without saying anything gives it up first (H-08). Nothing is known here of sockets.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio_util::sync::CancellationToken;

/// What a connection is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// The head of its first request has not come, or only in part.
    Silent,
    /// It has been answered, and says nothing.
    Idle,
    /// A request is being read, worked on or answered.
    Busy,
}

/// How long an answered connection has been quiet before it is no longer taken for one whose answer is still on its way.
const QUIET: Duration = Duration::from_secs(5);

/// How many connections one line of the network may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    /// That have said nothing yet.
    pub silent: usize,
    pub all: usize,
}

impl Share {
    /// The share of each line where there are so many places: a quarter of them, and of silent ones at most 64.
    pub fn of(places: usize) -> Self {
        let all = (places / 4).max(16);
        Self { silent: (all / 2).min(64), all }
    }
}

/// All connections, by line.
#[derive(Clone, Debug)]
pub struct Seats {
    lines: Arc<Mutex<HashMap<String, BTreeMap<u64, Held>>>>,
    /// `None` behind a proxy of ours, which brings everybody.
    share: Option<Share>,
    next: Arc<std::sync::atomic::AtomicU64>,
}

#[derive(Debug)]
struct Held {
    state: State,
    since: Instant,
    given_up: CancellationToken,
}

/// The place of one connection.
#[derive(Debug)]
pub struct Seat {
    seats: Seats,
    line: String,
    id: u64,
    /// Cancelled when somebody else gets the place.
    pub given_up: CancellationToken,
}

impl Seats {
    pub fn new(share: Option<Share>) -> Self {
        Self { lines: Arc::default(), share, next: Arc::default() }
    }

    fn lines(&self) -> MutexGuard<'_, HashMap<String, BTreeMap<u64, Held>>> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A place for one more connection of a line; if it holds its share, that of its oldest silent or idle one. `None` where all
    /// of them are at work.
    pub fn take(&self, line: String, now: Instant) -> Option<Seat> {
        let mut lines = self.lines();
        let held = lines.entry(line.clone()).or_default();
        if let Some(share) = self.share {
            let silent = held.values().filter(|held| held.state == State::Silent).count();
            if silent >= share.silent {
                give_up_one(held, &[State::Silent], now);
            }
            if held.len() >= share.all && !give_up_one(held, &[State::Silent, State::Idle], now) {
                return None;
            }
        }
        let id = self.next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let given_up = CancellationToken::new();
        held.insert(id, Held { state: State::Silent, since: now, given_up: given_up.clone() });
        Some(Seat { seats: self.clone(), line, id, given_up })
    }

    /// Frees a place when all are taken: of the line that holds the most silent or idle ones.
    pub fn make_room(&self, now: Instant) {
        let mut lines = self.lines();
        for state in [State::Silent, State::Idle] {
            let holds = |held: &BTreeMap<u64, Held>| held.values().filter(|held| held.may_go(state, now)).count();
            let most = lines.values_mut().max_by_key(|held| holds(held));
            if most.is_some_and(|held| give_up_one(held, &[state], now)) {
                return;
            }
        }
    }
}

impl Held {
    fn may_go(&self, state: State, now: Instant) -> bool {
        let is_over = state != State::Idle || now.saturating_duration_since(self.since) >= QUIET;
        self.state == state && is_over
    }
}

/// Gives up the oldest connection in the first of these states in which there is one.
fn give_up_one(held: &mut BTreeMap<u64, Held>, states: &[State], now: Instant) -> bool {
    let oldest = states.iter().find_map(|state| {
        let may_go = held.iter().filter(|(_, held)| held.may_go(*state, now));
        may_go.min_by_key(|(_, held)| held.since).map(|(id, _)| *id)
    });
    let gone = oldest.and_then(|id| held.remove(&id));
    gone.as_ref().inspect(|gone| gone.given_up.cancel()).is_some()
}

impl Seat {
    /// Notes what the connection does from now on.
    pub fn is(&self, state: State) {
        if let Some(held) = self.seats.lines().get_mut(&self.line).and_then(|held| held.get_mut(&self.id)) {
            (held.state, held.since) = (state, Instant::now());
        }
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut lines = self.seats.lines();
        if let Some(held) = lines.get_mut(&self.line) {
            held.remove(&self.id);
            if held.is_empty() {
                lines.remove(&self.line);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHARE: Share = Share { silent: 2, all: 4 };

    fn gone(seats: &[Seat]) -> Vec<usize> {
        (0..seats.len()).filter(|at| seats[*at].given_up.is_cancelled()).collect()
    }

    #[test]
    fn the_share_of_a_line_follows_the_number_of_places() {
        assert_eq!(Share::of(128), Share { silent: 16, all: 32 });
        assert_eq!(Share::of(8_192), Share { silent: 64, all: 2_048 });
        assert_eq!(Share::of(1), Share { silent: 8, all: 16 });
    }

    #[test]
    fn the_oldest_silent_one_of_the_same_line_goes_first() {
        let seats = Seats::new(Some(SHARE));
        let now = Instant::now();
        let take =
            |line: &str, after: u64| seats.take(line.into(), now + Duration::from_millis(after)).expect("a place");
        let other = take("b", 0);
        let mine = [take("a", 1), take("a", 2), take("a", 3), take("a", 4)];
        assert_eq!(gone(&mine), [0, 1]);
        assert!(!other.given_up.is_cancelled());
        // Those that ask for something are no longer silent.
        mine[2].is(State::Busy);
        mine[3].is(State::Busy);
        let more = [take("a", 5), take("a", 6)];
        for busy in &more {
            busy.is(State::Busy);
        }
        assert_eq!(gone(&mine), [0, 1]);
        assert!(seats.take("a".into(), now).is_none(), "all at work");
        assert!(seats.take("b".into(), now).is_some(), "and another line has its own share");
        drop(more);
        assert!(seats.take("a".into(), now).is_some());
    }

    #[test]
    fn whoever_was_answered_a_while_ago_goes_and_whoever_reads_an_answer_stays() {
        let seats = Seats::new(Some(Share { silent: 2, all: 2 }));
        let now = Instant::now();
        let read = [seats.take("a".into(), now).expect("a place"), seats.take("a".into(), now).expect("a place")];
        for seat in &read {
            seat.is(State::Idle);
        }
        assert!(seats.take("a".into(), now).is_none());
        assert!(seats.take("a".into(), now + QUIET * 2).is_some());
        assert_eq!(gone(&read).len(), 1);
    }

    #[test]
    fn when_all_places_are_taken_the_greediest_line_gives_one_up() {
        let seats = Seats::new(None);
        let now = Instant::now();
        let one = seats.take("a".into(), now).expect("a place");
        let many: Vec<Seat> = (0..100).map(|_| seats.take("b".into(), now).expect("a place")).collect();
        seats.make_room(now);
        assert!(!one.given_up.is_cancelled());
        assert_eq!(gone(&many).len(), 1);
        many.iter().for_each(|seat| seat.is(State::Busy));
        one.is(State::Busy);
        seats.make_room(now);
        assert!(!one.given_up.is_cancelled() && gone(&many).len() == 1, "nobody at work is cut off");
    }
}
