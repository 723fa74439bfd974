//! The memory that the program holds while many sign in at once, as the system counts it (H-03).

use super::{Desk, PASSWORD};
use crate::support::databases::leave_out;
use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::thread;
use std::time::Duration;

/// How many sign in at one moment: as many as may wait for a lane, so that none is refused.
const AT_ONCE: usize = 64;

/// How many storms there are at most until every lane has hashed, and how many are measured then.
const MOST_WARM_UPS: usize = 8;
const STORMS: usize = 3;

/// What one hash works in, in KiB.
const BLOCK: u64 = 19 * 1024;

/// How many pages of the system's that is.
const PAGES: u64 = BLOCK / 4;

/// What 64 connections, their pages and the database need besides, in KiB; an unoptimised program needs most of it.
const ROOM: u64 = 40 * 1024;

/// A server that hangs fails the test and does not hold it up.
const SOON: Duration = Duration::from_secs(60);

/// What the system counts of a process at one moment, in KiB but for the faults.
#[derive(Clone, Copy, Debug)]
struct Held {
    /// Of its own, without the files that it maps: of those an unoptimised program has as many as it likes.
    own: u64,
    resident: u64,
    /// The most that was ever resident.
    peak: u64,
    /// How often a page had to be found for it.
    faults: u64,
}

impl Held {
    fn by(process: u32) -> Self {
        let status = fs::read_to_string(format!("/proc/{process}/status")).expect("a process");
        let line = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name)).expect("a line of its memory");
            line.split_whitespace().next().and_then(|number| number.parse().ok()).expect("a number")
        };
        let stat = fs::read_to_string(format!("/proc/{process}/stat")).expect("a process");
        // A name may hold anything, and ends at the last bracket; minflt is the tenth field of all.
        let (_, behind_its_name) = stat.rsplit_once(')').expect("a name");
        let faults = behind_its_name.split_whitespace().nth(7).and_then(|number| number.parse().ok());
        Self {
            own: line("RssAnon:"),
            resident: line("VmRSS:"),
            peak: line("VmHWM:"),
            faults: faults.expect("a number"),
        }
    }
}

/// Gives a wrong password in the name of somebody else each time, from another address, so that no limit stands in the way;
/// whether it was hashed. Whoever has to come again later was not.
fn is_hashed(address: &str, round: usize, n: usize) -> bool {
    let body = format!("username=nobody{round}.{n}%40acme.by&password=quiet+stone+bridge");
    let mut stream = TcpStream::connect(address).expect("a connection");
    stream.set_read_timeout(Some(SOON)).expect("a limit");
    let question = format!(
        "POST /sign-in HTTP/1.0\r\nhost: {address}\r\norigin: http://{address}\r\nsec-fetch-site: same-origin\r\n\
         x-forwarded-for: 10.{round}.0.{n}\r\ncontent-type: application/x-www-form-urlencoded\r\n\
         content-length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(question.as_bytes()).expect("sent");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).expect("an answer");
    answer.get(9..12) == Some(b"422".as_slice())
}

/// Many wrong sign-ins at one moment; how many of them were hashed.
fn storm(address: &str, round: usize) -> u64 {
    thread::scope(|scope| {
        let all: Vec<_> = (0..AT_ONCE).map(|n| scope.spawn(move || is_hashed(address, round, n))).collect();
        all.into_iter().map(|one| u64::from(one.join().expect("an answer"))).sum()
    })
}

/// H-03: each lane takes its block once and hashes in it for good: neither a storm nor many leave more behind.
#[test]
fn the_memory_for_hashing_is_taken_once_h_03() {
    if !Path::new("/proc/self/status").exists() {
        leave_out("the_memory_for_hashing_is_taken_once_h_03, since there is no /proc");
        return;
    }
    let desk = Desk::new().with("USHER_TRUSTED_PROXIES", "1");
    assert_eq!(desk.create_admin(PASSWORD, &["--organisation", "Acme"]).code, Some(0));
    let server = desk.serve();
    let (address, held) = (server.address(), || Held::by(server.child.id()));
    let idle = held();
    let lanes = thread::available_parallelism().map_or(1, |cores| cores.get() as u64);
    let all_lanes = idle.own + lanes * BLOCK;
    // One storm is enough on a few cores; on many it may end before the last lane had its turn.
    let is_warm = (1..=MOST_WARM_UPS).any(|round| {
        assert!(storm(&address, round) > 0, "nobody came in");
        held().own >= all_lanes
    });
    let warm = held();
    let hashed: u64 = (1..=STORMS).map(|storms| storm(&address, MOST_WARM_UPS + storms)).sum();
    let after = held();
    assert!(hashed >= 40, "only {hashed} were hashed");
    // A block for each lane and no more, however many wait. On two cores that is some 60 MiB above an idle program; a block
    // for each who signs in would be 1,200.
    assert!(after.own < all_lanes + ROOM, "{lanes} lanes: {idle:?}, then {after:?}");
    if is_warm {
        assert!(after.resident < warm.resident + BLOCK, "{warm:?}, then {after:?}");
        assert!(after.peak < warm.peak + BLOCK, "given back after all: {warm:?}, then {after:?}");
    }
    let for_each = (after.faults - warm.faults) / hashed;
    // Lanes that had no turn before may take their blocks now.
    let first_time = if is_warm { 0 } else { lanes * PAGES / hashed };
    assert!(
        for_each < PAGES / 4 + first_time,
        "{for_each} pages were found anew for each hash, and a block has {PAGES}"
    );
}
