//! Who holds which connection, and who has to give one up: no address takes the places of all others, and whoever holds one
//! without saying anything, or without saying the rest, gives it up first (H-08). Nothing is known here of sockets.

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
    /// The head of a request has come, and the rest of it is waited for.
    Sending,
    /// A request is being worked on or answered.
    Busy,
}

/// Connections in one of these states for so long.
type SeatLimit = (&'static [State], Duration);

/// How long an answered connection has been quiet before it is no longer taken for one whose answer is still on its way.
const QUIET: Duration = Duration::from_secs(5);

/// How long a connection that has said nothing is taken for one that has only just come.
const YOUNG: Duration = Duration::from_millis(500);

/// How long nothing has come of a body that stands still.
const STALLED: Duration = Duration::from_secs(1);

/// Which connections of a line, or of a customer, go when their share is used up, in this order.
const OF_THEIR_OWN: [SeatLimit; 3] =
    [(&[State::Silent], Duration::ZERO), (&[State::Idle], QUIET), (&[State::Sending], Duration::ZERO)];

/// Which connections go when all places are taken, in this order. Where nobody has waited long, it is who holds the most,
/// whatever they are waited for: a crowd that has only just come must not cost the one body that goes on.
const OF_ALL: [SeatLimit; 4] = [
    (&[State::Silent], YOUNG),
    (&[State::Idle], QUIET),
    (&[State::Sending], STALLED),
    (&[State::Silent, State::Idle, State::Sending], Duration::ZERO),
];

/// How many connections one line of the network may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    /// That have said nothing yet.
    pub silent: usize,
    pub all: usize,
    /// All lines of one customer together.
    pub customer: usize,
}

impl Share {
    /// The share of each line where there are so many places: an eighth of them, and of silent ones at most 64; of each
    /// customer a quarter.
    pub fn of(places: usize) -> Self {
        let all = (places / 8).max(8);
        Self { silent: (all / 2).min(64), all, customer: 2 * all }
    }
}

/// From where a connection comes: the customer's network, and the line within it. With IPv4 they are one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Origin {
    pub customer: String,
    pub line: String,
}

/// The connections of a customer, by line.
type SeatsByLine = HashMap<String, BTreeMap<u64, HeldSeat>>;

/// All connections, by customer.
#[derive(Clone, Debug)]
pub struct Seats {
    customers: Arc<Mutex<HashMap<String, SeatsByLine>>>,
    /// `None` behind a proxy of ours, which brings everybody.
    share: Option<Share>,
    next: Arc<std::sync::atomic::AtomicU64>,
}

#[derive(Debug)]
struct HeldSeat {
    state: State,
    since: Instant,
    given_up: CancellationToken,
}

/// The place of one connection.
#[derive(Debug)]
pub struct Seat {
    seats: Seats,
    origin: Origin,
    id: u64,
    /// Cancelled when somebody else gets the place.
    pub given_up: CancellationToken,
}

impl Seats {
    pub fn new(share: Option<Share>) -> Self {
        Self { customers: Arc::default(), share, next: Arc::default() }
    }

    fn customers(&self) -> MutexGuard<'_, HashMap<String, SeatsByLine>> {
        self.customers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A place for one more connection; if its line or customer holds its share, that of the oldest one there that is not at
    /// work. `None` where all of them are.
    pub fn take(&self, origin: Origin, now: Instant) -> Option<Seat> {
        let mut customers = self.customers();
        let lines = customers.entry(origin.customer.clone()).or_default();
        let held = lines.entry(origin.line.clone()).or_default();
        if let Some(share) = self.share {
            let silent = held.values().filter(|held| held.state == State::Silent).count();
            if silent >= share.silent {
                give_up_one(held, &OF_THEIR_OWN[..1], now);
            }
            if held.len() >= share.all && !give_up_one(held, &OF_THEIR_OWN, now) {
                return None;
            }
            let all: usize = lines.values().map(BTreeMap::len).sum();
            if all >= share.customer && !OF_THEIR_OWN.iter().any(|kind| give_up_one_of(lines, *kind, now)) {
                return None;
            }
        }
        let id = self.next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let given_up = CancellationToken::new();
        let held = HeldSeat { state: State::Silent, since: now, given_up: given_up.clone() };
        lines.entry(origin.line.clone()).or_default().insert(id, held);
        Some(Seat { seats: self.clone(), origin, id, given_up })
    }

    /// Frees a place when all are taken: of the customer, and there of the line, that holds the most which are not at work.
    pub fn make_room(&self, now: Instant) {
        let mut customers = self.customers();
        for kind in OF_ALL {
            let most =
                customers.values_mut().max_by_key(|lines| weight(lines.values().flat_map(BTreeMap::values), kind, now));
            if most.is_some_and(|lines| give_up_one_of(lines, kind, now)) {
                return;
            }
        }
    }
}

impl HeldSeat {
    fn is(&self, (states, since): SeatLimit, now: Instant) -> bool {
        states.contains(&self.state) && now.saturating_duration_since(self.since) >= since
    }
}

/// How many connections of a kind there are, and for how long the oldest has been one: of those who hold as many, whoever
/// has done so for longest gives up first.
fn weight<'a>(held: impl Iterator<Item = &'a HeldSeat>, kind: SeatLimit, now: Instant) -> (usize, Duration) {
    let of_it = held.filter(|held| held.is(kind, now)).map(|held| now.saturating_duration_since(held.since));
    of_it.fold((0, Duration::ZERO), |(count, oldest), age| (count + 1, oldest.max(age)))
}

/// Gives up the oldest connection of a kind in the line that holds the most of it.
fn give_up_one_of(lines: &mut SeatsByLine, kind: SeatLimit, now: Instant) -> bool {
    let most = lines.values_mut().max_by_key(|held| weight(held.values(), kind, now));
    most.is_some_and(|held| give_up_one(held, &[kind], now))
}

/// Gives up the oldest connection of the first of these kinds of which there is one.
fn give_up_one(held: &mut BTreeMap<u64, HeldSeat>, kinds: &[SeatLimit], now: Instant) -> bool {
    let oldest = kinds.iter().find_map(|kind| {
        let may_go = held.iter().filter(|(_, held)| held.is(*kind, now));
        may_go.min_by_key(|(_, held)| held.since).map(|(id, _)| *id)
    });
    let gone = oldest.and_then(|id| held.remove(&id));
    gone.as_ref().inspect(|gone| gone.given_up.cancel()).is_some()
}

impl Seat {
    /// Notes what the connection does from now on, or that it goes on with it.
    pub fn is(&self, state: State) {
        let mut customers = self.seats.customers();
        let held = customers.get_mut(&self.origin.customer).and_then(|lines| lines.get_mut(&self.origin.line));
        if let Some(held) = held.and_then(|held| held.get_mut(&self.id)) {
            (held.state, held.since) = (state, Instant::now());
        }
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut customers = self.seats.customers();
        let Some(lines) = customers.get_mut(&self.origin.customer) else { return };
        if let Some(held) = lines.get_mut(&self.origin.line) {
            held.remove(&self.id);
        }
        lines.retain(|_, held| !held.is_empty());
        if lines.is_empty() {
            customers.remove(&self.origin.customer);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHARE: Share = Share { silent: 2, all: 4, customer: 8 };

    fn of(line: &str) -> Origin {
        Origin { customer: line.into(), line: line.into() }
    }

    fn gone(seats: &[Seat]) -> Vec<usize> {
        (0..seats.len()).filter(|at| seats[*at].given_up.is_cancelled()).collect()
    }

    #[test]
    fn the_share_of_a_line_follows_the_number_of_places() {
        assert_eq!(Share::of(128), Share { silent: 8, all: 16, customer: 32 });
        assert_eq!(Share::of(8_192), Share { silent: 64, all: 1_024, customer: 2_048 });
        assert_eq!(Share::of(64), Share { silent: 4, all: 8, customer: 16 });
    }

    #[test]
    fn the_oldest_silent_one_of_the_same_line_goes_first() {
        let seats = Seats::new(Some(SHARE));
        let now = Instant::now();
        let take = |line: &str, after: u64| seats.take(of(line), now + Duration::from_millis(after)).expect("a place");
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
        assert!(seats.take(of("a"), now).is_none(), "all at work");
        assert!(seats.take(of("b"), now).is_some(), "and another line has its own share");
        drop(more);
        assert!(seats.take(of("a"), now).is_some());
    }

    #[test]
    fn whoever_was_answered_a_while_ago_goes_and_whoever_reads_an_answer_stays() {
        let seats = Seats::new(Some(Share { silent: 2, all: 2, customer: 4 }));
        let now = Instant::now();
        let read = [seats.take(of("a"), now).expect("a place"), seats.take(of("a"), now).expect("a place")];
        for seat in &read {
            seat.is(State::Idle);
        }
        assert!(seats.take(of("a"), now).is_none());
        assert!(seats.take(of("a"), now + QUIET * 2).is_some());
        assert_eq!(gone(&read).len(), 1);
    }

    #[test]
    fn when_all_places_are_taken_the_greediest_line_gives_one_up() {
        let seats = Seats::new(None);
        let now = Instant::now();
        let one = seats.take(of("a"), now).expect("a place");
        let many: Vec<Seat> = (0..100).map(|_| seats.take(of("b"), now).expect("a place")).collect();
        seats.make_room(now);
        assert!(!one.given_up.is_cancelled());
        assert_eq!(gone(&many).len(), 1);
        many.iter().for_each(|seat| seat.is(State::Busy));
        one.is(State::Busy);
        seats.make_room(now);
        assert!(!one.given_up.is_cancelled() && gone(&many).len() == 1, "nobody at work is cut off");
    }
    /// H-08: a body that does not come holds its place no longer than a silent connection, and whoever is at work stays.
    #[test]
    fn whoever_is_waited_for_goes_when_nobody_is_silent_or_idle() {
        let seats = Seats::new(None);
        let now = Instant::now();
        let take = |line: &str| seats.take(of(line), now).expect("a place");
        let honest = take("a");
        let stalled: Vec<Seat> = (0..10).map(|_| take("b")).collect();
        let (idle, silent, busy) = (take("c"), take("d"), [take("e"), take("e"), take("e")]);
        honest.is(State::Sending);
        stalled.iter().for_each(|seat| seat.is(State::Sending));
        busy.iter().for_each(|seat| seat.is(State::Busy));
        idle.is(State::Idle);
        // One of them goes on.
        stalled[0].is(State::Sending);
        let later = now + QUIET * 2;
        seats.make_room(later);
        assert!(silent.given_up.is_cancelled() && !idle.given_up.is_cancelled());
        seats.make_room(later);
        assert!(idle.given_up.is_cancelled() && gone(&stalled).is_empty());
        for left in 1..10 {
            seats.make_room(later);
            assert_eq!(
                (gone(&stalled).len(), gone(&stalled).contains(&0)),
                (left, false),
                "the one that goes on goes last"
            );
        }
        assert!(!honest.given_up.is_cancelled(), "of the line that holds the most");
        seats.make_room(later);
        seats.make_room(later);
        assert!(honest.given_up.is_cancelled() && gone(&stalled).len() == 10);
        // Then who was answered a moment ago; never who is at work.
        let young = take("f");
        young.is(State::Idle);
        seats.make_room(Instant::now());
        seats.make_room(Instant::now());
        assert!(young.given_up.is_cancelled() && gone(&busy).is_empty());
    }

    /// H-08: where everybody holds one, whoever has only just come, or goes on, stays.
    #[test]
    fn of_those_who_hold_as_many_whoever_waits_longest_goes() {
        let seats = Seats::new(None);
        let now = Instant::now();
        let after = |millis: u64| now + Duration::from_millis(millis);
        let stalled: Vec<Seat> =
            (0..5_u64).map(|at| seats.take(of(&format!("s{at}")), after(at)).expect("a place")).collect();
        stalled.iter().for_each(|seat| seat.is(State::Sending));
        let upload = seats.take(of("upload"), after(10)).expect("a place");
        std::thread::sleep(Duration::from_millis(2));
        upload.is(State::Sending);
        let newcomer = seats.take(of("new"), after(400)).expect("a place");
        for left in 1..=5 {
            seats.make_room(after(450));
            assert_eq!(gone(&stalled).len(), left);
        }
        assert!(!upload.given_up.is_cancelled() && !newcomer.given_up.is_cancelled());
    }

    /// H-08: answers of a moment ago that fill every place do not cost the one body that goes on.
    #[test]
    fn whoever_holds_most_gives_up_before_the_one_who_goes_on() {
        let seats = Seats::new(None);
        let now = Instant::now();
        let answered: Vec<Seat> = (0..3).map(|_| seats.take(of("a"), now).expect("a place")).collect();
        let upload = seats.take(of("b"), now).expect("a place");
        let newcomer = seats.take(of("c"), now).expect("a place");
        answered.iter().for_each(|seat| seat.is(State::Idle));
        upload.is(State::Sending);
        seats.make_room(Instant::now());
        seats.make_room(Instant::now());
        assert_eq!(gone(&answered).len(), 2);
        assert!(!upload.given_up.is_cancelled() && !newcomer.given_up.is_cancelled());
    }

    /// H-08: nor does a crowd that has connected and whose first words were not read yet.
    #[test]
    fn a_crowd_that_has_only_just_come_does_not_cost_the_one_who_goes_on() {
        let seats = Seats::new(None);
        let now = Instant::now();
        let upload = seats.take(of("upload"), now).expect("a place");
        let crowd: Vec<Seat> = (0..20)
            .flat_map(|line| [line, line])
            .map(|line| seats.take(of(&format!("s{line}")), now).expect("a place"))
            .collect();
        upload.is(State::Sending);
        for left in 1..=20 {
            seats.make_room(Instant::now());
            assert!(!upload.given_up.is_cancelled(), "after {left}");
            assert_eq!(gone(&crowd).len(), left);
        }
    }

    /// H-08: in its own share, too, a body that does not come makes room for who says what they want.
    #[test]
    fn of_a_line_that_holds_its_share_the_one_that_is_waited_for_goes() {
        let seats = Seats::new(Some(SHARE));
        let now = Instant::now();
        let stalled: Vec<Seat> = (0..4)
            .map(|_| seats.take(of("a"), now).expect("a place"))
            .inspect(|seat| seat.is(State::Sending))
            .collect();
        let next = seats.take(of("a"), now).expect("a place");
        assert_eq!(gone(&stalled), [0]);
        next.is(State::Busy);
        assert!(!next.given_up.is_cancelled());
    }

    /// H-08: a customer with ever so many lines has a share for all of them.
    #[test]
    fn the_lines_of_one_customer_share() {
        let seats = Seats::new(Some(SHARE));
        let now = Instant::now();
        let mine = |line: usize| Origin { customer: "x/48".into(), line: format!("{line}/64") };
        let many: Vec<Seat> = (0..40).map(|line| seats.take(mine(line), now).expect("a place")).collect();
        assert_eq!(gone(&many).len(), 40 - SHARE.customer);
        many.iter().for_each(|seat| seat.is(State::Busy));
        assert!(seats.take(mine(99), now).is_none(), "all at work");
        assert!(seats.take(of("b"), now).is_some());
        // When there is no share, the customer with the most lines gives up first.
        let seats = Seats::new(None);
        let one = seats.take(of("b"), now).expect("a place");
        let two = seats.take(of("b"), now).expect("a place");
        let many: Vec<Seat> = (0..3).map(|line| seats.take(mine(line), now).expect("a place")).collect();
        seats.make_room(now);
        assert!(gone(&many).len() == 1 && gone(&[one, two]).is_empty());
    }
}
