//! The threads on which everything expensive about passwords is done: as many as the machine has cores, each with memory for
//! hashing that it takes once and keeps, so that a storm of sign-ins neither grows the process nor holds up anything else.

use crate::domain::error::UseCaseError;
use crate::server::use_cases::broken;
use argon2::{Algorithm, Argon2, Block, Params, Version};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{Semaphore, oneshot};

/// How many may wait for a lane; each holds next to nothing until its turn. Beyond that people are told to try again.
const MOST_WAITING: usize = 64;

/// Something to be done on a lane.
type Job = Box<dyn FnOnce(&mut Memory) + Send>;

/// The lanes, and the way to them. They end when the last of its clones is gone.
#[derive(Clone)]
pub struct Lanes {
    jobs: Sender<Job>,
    /// One for each lane: whoever has one finds a lane idle.
    places: Arc<Semaphore>,
    waiting: Arc<AtomicUsize>,
}

/// Counts somebody as waiting as long as it lives: also when whoever waits goes away.
struct Waiting<'a>(&'a AtomicUsize);

impl<'a> Waiting<'a> {
    /// `None` when too many wait already.
    fn begin(count: &'a AtomicUsize) -> Option<Self> {
        // Counted first, so that many at one moment cannot all see room; the guard gives it back.
        let waiting = Self(count);
        (count.fetch_add(1, Ordering::Relaxed) < MOST_WAITING).then_some(waiting)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Lanes {
    /// As many as the machine has cores.
    pub fn new() -> Self {
        let (jobs, queue) = channel();
        let queue = Arc::new(Mutex::new(queue));
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        let start = |lane: &usize| {
            let (queue, name) = (queue.clone(), format!("password-{lane}"));
            std::thread::Builder::new().name(name).spawn(move || work(&queue)).is_ok()
        };
        let lanes = (0..cores).filter(start).count();
        let places = Arc::new(Semaphore::new(lanes));
        if lanes == 0 {
            tracing::error!("the system gives no thread for hashing passwords");
            places.close();
        }
        Self { jobs, places, waiting: Arc::default() }
    }

    /// Does something on a lane when its turn comes.
    ///
    /// # Errors
    /// `Busy` when too many wait already; `Broken` when what was to be done broke down, and the lane goes on.
    pub async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Memory) -> T + Send + 'static,
    ) -> Result<T, UseCaseError> {
        let waiting = Waiting::begin(&self.waiting).ok_or(UseCaseError::Busy)?;
        let place = self.places.clone().acquire_owned().await.map_err(|_| UseCaseError::Busy)?;
        drop(waiting);
        let (tell, told) = oneshot::channel();
        let job = move |memory: &mut Memory| {
            // Taken along, so that the place is free when the work is done or has broken down, and not before: also when
            // nobody waits for the answer any more.
            let place = place;
            let done = work(memory);
            drop(place);
            let _ = tell.send(done);
        };
        self.jobs.send(Box::new(job)).map_err(|_| UseCaseError::Busy)?;
        told.await.map_err(|_| broken(&"the work on a password broke down"))
    }
}

/// The life of a lane.
fn work(queue: &Mutex<Receiver<Job>>) {
    let mut memory = Memory::default();
    loop {
        let next = queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(job) = next else { return };
        // The panic hook has logged where; whoever waits learns it by the answer that does not come.
        let _ = catch_unwind(AssertUnwindSafe(|| job(&mut memory)));
    }
}

/// What a lane hashes in. Empty until the first hash, then as large as that needed, and never given back: an allocator that
/// gets blocks of this size again and again keeps them all (H-03).
#[derive(Default)]
pub struct Memory(Vec<Block>);

impl Memory {
    /// Argon2 over a password. `None` when the parameters are impossible.
    pub fn hash(
        &mut self,
        (algorithm, version, params): (Algorithm, Version, Params),
        password: &str,
        salt: &[u8],
        out: &mut [u8],
    ) -> Option<()> {
        let blocks = params.block_count();
        if self.0.len() < blocks {
            // Both at once would be more than either.
            self.0 = Vec::new();
            self.0 = vec![Block::new(); blocks];
        }
        let argon2 = Argon2::new(algorithm, version, params);
        argon2.hash_password_into_with_memory(password.as_bytes(), salt, out, &mut self.0).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;
    use tokio::time::{sleep, timeout};

    const SOON: Duration = Duration::from_secs(20);

    /// All lanes at work until the sender is dropped.
    async fn held_up(lanes: &Lanes) -> Sender<()> {
        let (open, gate) = channel::<()>();
        let gate = Arc::new(Mutex::new(gate));
        for _ in 0..lanes.places.available_permits() {
            let (lanes, gate) = (lanes.clone(), gate.clone());
            tokio::spawn(async move { lanes.run(move |_| gate.lock().is_ok_and(|gate| gate.recv().is_ok())).await });
        }
        while lanes.places.available_permits() > 0 {
            sleep(Duration::from_millis(1)).await;
        }
        open
    }

    #[tokio::test]
    async fn so_many_may_wait_and_who_goes_away_frees_a_place_at_once() {
        let lanes = Lanes::new();
        let open = held_up(&lanes).await;
        let wait = || {
            tokio::spawn({
                let lanes = lanes.clone();
                async move { lanes.run(|_| ()).await }
            })
        };
        let mut all: Vec<_> = (0..MOST_WAITING).map(|_| wait()).collect();
        while lanes.waiting.load(Ordering::Relaxed) < MOST_WAITING {
            sleep(Duration::from_millis(1)).await;
        }
        assert_eq!(wait().await.expect("a task"), Err(UseCaseError::Busy));
        assert_eq!(lanes.waiting.load(Ordering::Relaxed), MOST_WAITING, "who is refused does not wait");
        for gone in all.drain(..10) {
            gone.abort();
            assert!(gone.await.is_err());
        }
        assert_eq!(lanes.waiting.load(Ordering::Relaxed), MOST_WAITING - 10);
        all.extend((0..10).map(|_| wait()));
        drop(open);
        for one in all {
            assert_eq!(timeout(SOON, one).await.expect("soon").expect("a task"), Ok(()));
        }
        assert_eq!(lanes.waiting.load(Ordering::Relaxed), 0);
    }

    #[tokio::test]
    async fn work_that_nobody_waits_for_any_more_gives_its_place_back_when_it_ends() {
        let lanes = Lanes::new();
        let places = lanes.places.available_permits();
        let (open, gate) = channel::<()>();
        let left = tokio::spawn({
            let lanes = lanes.clone();
            async move { lanes.run(move |_| gate.recv().is_ok()).await }
        });
        while lanes.places.available_permits() == places {
            sleep(Duration::from_millis(1)).await;
        }
        left.abort();
        let _ = left.await;
        assert_eq!(lanes.places.available_permits(), places - 1, "a lane at work takes nothing else");
        drop(open);
        let all_free = async {
            while lanes.places.available_permits() < places {
                sleep(Duration::from_millis(1)).await
            }
        };
        timeout(SOON, all_free).await.expect("the place back");
    }

    #[tokio::test]
    async fn a_lane_outlives_whatever_breaks_down_on_it() {
        let lanes = Lanes::new();
        let places = lanes.places.available_permits();
        for _ in 0..3 * places {
            let broken = timeout(SOON, lanes.run(|_| -> () { panic!("on purpose") })).await.expect("an answer");
            assert!(matches!(broken, Err(UseCaseError::Broken { .. })), "{broken:?}");
        }
        let all: Vec<_> = (0..MOST_WAITING).map(|n| lanes.run(move |_| n)).collect();
        for (n, one) in all.into_iter().enumerate() {
            assert_eq!(timeout(SOON, one).await.expect("soon"), Ok(n));
        }
        assert_eq!(lanes.places.available_permits(), places);
    }
}
