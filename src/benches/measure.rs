//! How long something takes, again and again: the middle and the hundredth worst of it, as lines of a table.

use std::time::{Duration, Instant};

/// What many rounds took.
#[derive(Clone, Copy, Debug)]
pub struct Figure {
    pub p50: Duration,
    pub p99: Duration,
}

impl Figure {
    pub fn of(mut times: Vec<Duration>) -> Self {
        times.sort();
        let at = |part: usize| times[(times.len() * part / 100).min(times.len() - 1)];
        Self { p50: at(50), p99: at(99) }
    }
}

/// Milliseconds with three digits that mean something.
pub fn ms(time: Duration) -> String {
    let ms = time.as_secs_f64() * 1_000.0;
    match ms {
        ms if ms < 10.0 => format!("{ms:.2}"),
        ms if ms < 100.0 => format!("{ms:.1}"),
        ms => format!("{ms:.0}"),
    }
}

/// A heading with its columns.
pub fn heading(text: &str) {
    println!("\n{text:<72} {:>9} {:>9}", "p50 ms", "p99 ms");
    println!("{}", "-".repeat(92));
}

/// A line of the table.
pub fn line(what: &str, figure: Figure) -> Figure {
    println!("{what:<72} {:>9} {:>9}", ms(figure.p50), ms(figure.p99));
    figure
}

/// A line whose figure is no time.
pub fn note(what: &str, figure: &str) {
    println!("{what:<72} {figure:>19}");
}

/// Does something `rounds` times, after a few that do not count.
pub async fn rounds(rounds: usize, mut work: impl AsyncFnMut(usize)) -> Figure {
    let before = (rounds / 20).clamp(2, 20);
    let mut times = Vec::with_capacity(rounds);
    for round in 0..before + rounds {
        let begin = Instant::now();
        work(round).await;
        if round >= before {
            times.push(begin.elapsed());
        }
    }
    Figure::of(times)
}

/// Which part of these times lies before this one; of those that are equal, half.
pub fn place_in(times: &[Duration], one: &Duration) -> f64 {
    let points = times.iter().map(|other| match other.cmp(one) {
        std::cmp::Ordering::Less => 1.0,
        std::cmp::Ordering::Equal => 0.5,
        std::cmp::Ordering::Greater => 0.0,
    });
    points.sum::<f64>() / times.len() as f64
}
