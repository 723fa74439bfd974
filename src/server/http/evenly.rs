//! Answers that leave on the beat. Where the work differs a little for what one may not know (rule 40, H-28), the time of the
//! answer must not tell. What is worked out is none of this file's concern.

use std::pin::pin;
use std::time::Duration;
use tokio::time::{MissedTickBehavior, interval};

/// Long against any difference that is to be hidden, short for whoever waits.
const BEAT: Duration = Duration::from_millis(20);

/// Does the work, and gives what came of it at the next beat. Beats are counted from the beginning.
pub async fn evenly<T>(work: impl Future<Output = T>) -> T {
    let mut beats = interval(BEAT);
    beats.set_missed_tick_behavior(MissedTickBehavior::Skip);
    let mut work = pin!(work);
    loop {
        tokio::select! {
            biased;
            // Also those that passed meanwhile: the answer waits for one that is still to come.
            _ = beats.tick() => {}
            done = &mut work => {
                beats.tick().await;
                return done;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Instant;
    use tokio::time::sleep;

    #[tokio::test]
    async fn an_answer_leaves_on_the_beat_however_long_the_work_took() {
        for (work, beats) in [(0, 1), (1, 1), (12, 1), (27, 2), (70, 4)] {
            let begin = Instant::now();
            let done = evenly(async {
                sleep(Duration::from_millis(work)).await;
                work
            });
            assert_eq!(done.await, work);
            // On a busy machine it may be a later one.
            let took = begin.elapsed();
            assert!(took >= BEAT * beats, "{work} ms: {took:?}");
        }
    }
}
