//! The program between its network and the people: proxies in front of it, and clients that hold on to their connections.

use super::{Desk, Running};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Asks a server for a page, by hand; the status.
fn ask(address: &str, path: &str, headers: &[&str]) -> String {
    let mut stream = TcpStream::connect(address).expect("connected");
    let headers: String = headers.iter().map(|header| format!("{header}\r\n")).collect();
    let question = format!("GET {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n{headers}\r\n");
    stream.write_all(question.as_bytes()).expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    answer
}

/// A server that may have few files open, and so few connections.
fn with_few_places(desk: &Desk) -> Running {
    let mut command = Command::new("sh");
    let program = format!("ulimit -n 256 && exec {}", env!("CARGO_BIN_EXE_usher"));
    command.args(["-c", &program]).current_dir(&desk.folder).env_clear().envs(desk.environment.iter().cloned());
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    Desk::started(command)
}

/// H-12: what a proxy adds and what is set do not fit: the log says so once, and the doctor too.
#[test]
fn a_wrong_number_of_proxies_is_said_in_the_log_and_by_the_doctor_h_12() {
    let mine = "x-forwarded-for: 198.51.100.7";
    for (trusted, headers, words) in [
        ("0", [mine], Some("no proxy is trusted")),
        ("1", ["x-other: x"], Some("comes short or not at all")),
        ("2", [mine], Some("comes short or not at all")),
        ("1", ["x-forwarded-for: unknown"], Some("is no address")),
        ("1", ["x-forwarded-for: 198.51.100.7, 10.0.0.2"], Some("one more proxy")),
        ("1", ["x-forwarded-for: 198.51.100.7:4711"], None),
        ("1", ["x-forwarded-for: \"[2001:db8::1]:4711\""], None),
        ("2", ["x-forwarded-for: 198.51.100.7, 10.0.0.2"], None),
        ("0", ["x-other: x"], None),
    ] {
        let desk = Desk::new().with("USHER_TRUSTED_PROXIES", trusted).with("USHER_LOG_FORMAT", "text");
        let server = desk.serve();
        let doctor = || desk.run(&["doctor", "--listen", &server.address()]);
        assert!(doctor().output.contains("skipped  proxies: no request has come"), "{}", doctor().output);
        for _ in 0..3 {
            ask(&server.address(), "/sign-in", &headers);
        }
        // A balancer's watch says nothing of visitors, and nobody else is told what was seen.
        ask(&server.address(), "/health/live", &[]);
        assert!(ask(&server.address(), "/health/proxies", &[mine]).starts_with("HTTP/1.1 404"));
        let said = doctor().output;
        let log = server.stop().errors;
        let lines = log.lines().filter(|line| line.contains("X-Forwarded-For")).count();
        match words {
            Some(words) => {
                assert!(said.contains("PROBLEM  proxies: X-Forwarded-For") && said.contains(words), "{words}: {said}");
                assert!(said.contains(&format!("USHER_TRUSTED_PROXIES={trusted} does not fit")), "{said}");
                assert!(
                    lines == 1 && log.contains(words) && log.contains("USHER_TRUSTED_PROXIES"),
                    "{lines} lines: {log}"
                );
            }
            None => {
                assert!(said.contains("ok       proxies: X-Forwarded-For fits"), "{headers:?}: {said}");
                assert_eq!(lines, 0, "{log}");
            }
        }
    }
}

/// A connection from one of this machine's own addresses.
async fn connect(from: [u8; 4], to: &str) -> std::io::Result<TcpStream> {
    let socket = tokio::net::TcpSocket::new_v4()?;
    socket.bind(SocketAddr::from((from, 0)))?;
    let stream = socket.connect(to.parse().expect("an address")).await?.into_std()?;
    stream.set_nonblocking(false)?;
    stream.set_read_timeout(Some(Duration::from_secs(2)))?;
    Ok(stream)
}

/// Asks on a connection; whether there was an answer, and after how long.
fn is_served(mut stream: TcpStream, address: &str) -> (bool, Duration) {
    let asked = Instant::now();
    let question = format!("GET /sign-in HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n");
    let mut answer = [0; 12];
    let is_answered = stream.write_all(question.as_bytes()).is_ok() && stream.read_exact(&mut answer).is_ok();
    (is_answered && answer.starts_with(b"HTTP/1.1 "), asked.elapsed())
}

/// H-08, DS-03: whoever opens hundreds of connections and says nothing, or little, or sends a body that never ends, takes nobody
/// else's place, though the process has few files.
#[tokio::test(flavor = "multi_thread")]
async fn slow_connections_of_one_address_shut_out_nobody_else_h_08() {
    for (name, said) in [
        ("nothing", ""),
        ("a part of a head", "GET /sign-in HTTP/1.1\r\nhost: {address}\r\nx"),
        ("empty lines", "\r\n\r\n\r\n"),
        (
            "a body without an end",
            "POST /sign-in HTTP/1.1\r\nhost: {address}\r\norigin: http://{address}\r\n\
             content-type: application/x-www-form-urlencoded\r\ncontent-length: 1000\r\n\r\na",
        ),
    ] {
        let desk = Desk::new();
        let server = with_few_places(&desk);
        let address = server.address();
        let said = said.replace("{address}", &address);
        let mut slow = Vec::new();
        for _ in 0..400 {
            if let Ok(mut stream) = connect([127, 0, 0, 1], &address).await {
                let _ = stream.write_all(said.as_bytes());
                slow.push(stream);
            }
        }
        for other in 2..22 {
            let stream = connect([127, 0, 0, other], &address).await.expect("connected");
            let (is_served, took) = is_served(stream, &address);
            assert!(is_served && took < Duration::from_secs(1), "{name}: 127.0.0.{other}: {is_served} after {took:?}");
        }
        // Whoever comes from the same address and says what it wants, too.
        let same = is_served(connect([127, 0, 0, 1], &address).await.expect("connected"), &address);
        assert!(same.0, "{name}: {same:?}");
        drop(slow);
        let ended = server.stop();
        assert!(!ended.errors.contains("Too many open files"), "{name}: {}", ended.errors);
    }
}

/// H-08, DS-03: many addresses together hold every place with bodies that do not come, asked for or not, and with answered
/// connections that say nothing more: whoever comes is served all the same, and so is an upload that goes on slowly.
#[tokio::test(flavor = "multi_thread")]
async fn half_bodies_from_many_addresses_shut_out_nobody_h_08() {
    let head = |address: &str, length: usize, more: &str| {
        format!(
            "POST /api/sign-out HTTP/1.1\r\nhost: {address}\r\norigin: http://{address}\r\n\
             content-type: application/x-www-form-urlencoded\r\ncontent-length: {length}\r\n{more}\r\n"
        )
    };
    for (name, lines, each) in
        [("half bodies", 5, 32), ("half bodies", 59, 12), ("bodies that were asked for", 59, 12), ("answered", 59, 12)]
    {
        // Whoever says nothing for a second gives their place up, and a busy machine may keep either side from it that long; not
        // three times over.
        let (mut is_through, mut lost) = (false, Vec::new());
        while !is_through {
            assert!(lost.len() < 3, "{name} from {lines}: {lost:?}");
            let desk = Desk::new();
            let server = with_few_places(&desk);
            let address = server.address();
            // It begins before all of them, and goes on to its end meanwhile.
            let mut upload = connect([127, 0, 1, 1], &address).await.expect("connected");
            let body = format!("username=nobody&password={}", "x".repeat(4_000));
            upload.write_all(head(&address, body.len(), "connection: close\r\n").as_bytes()).expect("sent");
            upload.set_read_timeout(Some(Duration::from_secs(20))).expect("a limit");
            let uploading = std::thread::spawn(move || {
                let mut longest = Duration::ZERO;
                for part in body.as_bytes().chunks(100) {
                    let began = Instant::now();
                    std::thread::sleep(Duration::from_millis(100));
                    longest = longest.max(began.elapsed());
                    if let Err(error) = upload.write_all(part) {
                        return Err((error, longest));
                    }
                }
                let mut answer = String::new();
                upload.read_to_string(&mut answer).map(|_| answer).map_err(|error| (error, longest))
            });
            let said = match name {
                "half bodies" => head(&address, 500, "") + "a",
                "bodies that were asked for" => head(&address, 500, "expect: 100-continue\r\n"),
                _ => format!("GET /health/live HTTP/1.1\r\nhost: {address}\r\n\r\n"),
            };
            let mut slow = Vec::new();
            for line in 0..lines {
                for _ in 0..each {
                    if let Ok(mut stream) = connect([127, 0, 2, 1 + line], &address).await {
                        let _ = stream.write_all(said.as_bytes());
                        slow.push(stream);
                    }
                }
            }
            for other in 2..22 {
                let stream = connect([127, 0, 0, other], &address).await.expect("connected");
                let (is_served, took) = is_served(stream, &address);
                assert!(
                    is_served && took < Duration::from_millis(1_500),
                    "{name} from {lines}: 127.0.0.{other}: {is_served} after {took:?}"
                );
            }
            match uploading.join().expect("an upload") {
                Ok(answer) => {
                    assert!(answer.starts_with("HTTP/1.1 4"), "{name} from {lines}: {answer}");
                    is_through = true;
                }
                Err((error, longest)) => lost.push(format!("{error}; at most {longest:?} between its parts")),
            }
            drop(slow);
            let ended = server.stop();
            assert!(!ended.errors.contains("Too many open files"), "{name}: {}", ended.errors);
        }
    }
}

/// Whoever says nothing is let go after ten seconds, and so is whoever says it a letter at a time.
#[test]
fn a_head_that_does_not_come_is_not_waited_for_h_08() {
    let desk = Desk::new();
    let server = desk.serve();
    let began = Instant::now();
    let mut silent = TcpStream::connect(server.address()).expect("connected");
    silent.set_read_timeout(Some(Duration::from_secs(15))).expect("a limit");
    assert!(matches!(silent.read(&mut [0; 1]), Ok(0) | Err(_)) && began.elapsed() < Duration::from_secs(12));
    let began = Instant::now();
    let mut slow = TcpStream::connect(server.address()).expect("connected");
    slow.set_read_timeout(Some(Duration::from_millis(500))).expect("a limit");
    let is_gone = (0..30).any(|_| {
        let is_shut = slow.write_all(b"x").is_err();
        is_shut || slow.read(&mut [0; 64]).is_ok_and(|bytes| bytes <= 64) || began.elapsed() > Duration::from_secs(13)
    });
    assert!(is_gone && began.elapsed() < Duration::from_secs(13), "{:?}", began.elapsed());
}
